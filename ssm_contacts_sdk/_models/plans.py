"""Plans: who or what is engaged, stage after stage, and the builders that create plans.

A plan without an open stage and an open stage are builders of different types. Only an open stage
has `channel` or `contact`, so type checkers report a target outside a stage. Each method returns a
new builder and does not change the old one: two plans can begin with the same stages.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NoReturn, TypeVar, Union, final

from attrs import evolve, field, frozen

# In annotations: `sdk.ContactRef` is loaded when it is first used.
import ssm_contacts_sdk as sdk
from ssm_contacts_sdk._errors import InvalidValueError, Violation
from ssm_contacts_sdk._models.arns import (
    ChannelArn,
    ContactArn,
    RotationArn,
    arn_of,
    arns_or_none,
)
from ssm_contacts_sdk._privacy import hides_all_arguments
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._schema.constraints import Between, Count
from ssm_contacts_sdk._schema.converters import as_tuple
from ssm_contacts_sdk._schema.fields import OneOf, WhenAbsent
from ssm_contacts_sdk._schema.values import (
    Value,
    after_reading,
    after_writing,
    check_of,
    rule,
    trusted_constructor,
)
from ssm_contacts_sdk._schema.violations import raise_violations, under, violation

_StageMinutes = Annotated[int, Between(0, 30)]


def _channel_arn(ref: "sdk.ChannelRef") -> str:
    return arn_of(ref)


def _contact_arn(ref: "sdk.ContactRef") -> str:
    return arn_of(ref)


@public
@final
@frozen(kw_only=True)
class ChannelTarget(Value):
    """A contact channel to page, in a stage of a person's engagement plan.

    Args:
        contact_channel_id: the channel's record or ARN.
        retry_interval_in_minutes: 0 to 60 minutes before a page that could not be sent is sent
            again (AWS's model). With None, the service decides.

    Raises:
        InvalidValueError: with every rule that is broken.

    >>> sms = "arn:aws:ssm-contacts:us-east-2:111122223333:contact-channel/akuam/beb25840"
    >>> ChannelTarget(contact_channel_id=sms, retry_interval_in_minutes=1).retry_interval_in_minutes
    1
    """

    _aws_shape: ClassVar[str] = "ChannelTargetInfo"
    contact_channel_id: ChannelArn = field(converter=_channel_arn)
    retry_interval_in_minutes: Annotated[int, Between(0, 60)] | None = None


@public
@final
@frozen(kw_only=True)
class ContactTarget(Value):
    """A person or an on-call schedule to engage, in a stage of an escalation plan.

    Args:
        contact_id: the contact's record, summary or ARN. It is empty only if the service leaves it
            out, as AWS's model allows.
        is_essential: whether this contact's acknowledgement stops the plan.

    Raises:
        InvalidValueError: with every rule that is broken.

    >>> akuam = "arn:aws:ssm-contacts:us-east-2:111122223333:contact/akuam"
    >>> ContactTarget(contact_id=akuam, is_essential=True).is_essential
    True
    """

    _aws_shape: ClassVar[str] = "ContactTargetInfo"
    contact_id: Annotated[ContactArn, WhenAbsent("")] = field(converter=_contact_arn)
    is_essential: bool


Target = Union[ChannelTarget, ContactTarget]
"""What a stage engages: a channel or a contact."""

_Target = Annotated[Target, OneOf(ChannelTargetInfo=ChannelTarget, ContactTargetInfo=ContactTarget)]


def _targets(values: Iterable[Target]) -> tuple[Target, ...]:
    return as_tuple(values)


@public
@frozen(kw_only=True)
class Stage(Value):
    """A step of a plan: all its targets are engaged at once, then the next stage waits.

    Args:
        duration_in_minutes: 0 to 30 minutes until the next stage; 0 only with a target (AWS's
            model).
        targets: channels in a person's plan, contacts in an escalation plan. A stage without
            targets only waits.

    Raises:
        InvalidValueError: with every rule that is broken.

    >>> Stage(duration_in_minutes=5).targets
    ()
    """

    _aws_shape: ClassVar[str] = "Stage"
    duration_in_minutes: _StageMinutes
    targets: tuple[_Target, ...] = field(default=(), converter=_targets)

    @rule("duration_in_minutes", "targets")
    def _waits_or_engages(self) -> Sequence[Violation]:
        return _violations_of_idle_stage(self.duration_in_minutes, self.targets)


def _violations_of_idle_stage(minutes: int, targets: Sequence[Target]) -> Sequence[Violation]:
    if minutes or targets:
        return ()
    problem = "must be at least 1 in a stage without targets (got 0)"
    return violation("too_small", problem, "duration_in_minutes")


def _stages(values: Iterable[Stage]) -> tuple[Stage, ...]:
    return as_tuple(values)


def _rotation_arns(refs: "Iterable[sdk.RotationRef] | None") -> tuple[str, ...] | None:
    return arns_or_none(refs)


@public
@hides_all_arguments
@frozen(kw_only=True)
class Plan(Value):
    """A person's engagement plan, an escalation plan, or the rotations of an on-call schedule.

    `Plan.engagement()`, `Plan.escalation()` and `Plan.on_call()` are the shortest ways to create
    one. A plan with neither stages nor rotations is valid: it engages nobody yet.

    Args:
        stages: the stages in their order. AWS's quota of 10 stages can be raised and is not checked
            here.
        rotation_ids: at most 25 rotations (AWS's model), by record, summary or ARN, and only
            without stages. It is None, not an empty list, in the plan of a person and in an
            escalation plan.

    Raises:
        InvalidValueError: with every rule that is broken.

    >>> Plan(stages=[Stage(duration_in_minutes=5)]).rotation_ids is None
    True
    """

    _aws_shape: ClassVar[str] = "Plan"
    stages: Annotated[tuple[Stage, ...], WhenAbsent(())] = field(default=(), converter=_stages)
    rotation_ids: Annotated[tuple[RotationArn, ...] | None, Count(0, 25, "rotations")] = field(
        default=None, converter=_rotation_arns
    )

    @rule("stages")
    def _either_stages_or_rotations(self) -> Sequence[Violation]:
        if not (self.stages and isinstance(self.rotation_ids, tuple)):
            return ()
        problem = "cannot be combined with stages: a plan has either stages or rotations"
        return violation("conflict", problem, "rotation_ids")

    @after_reading
    def _without_empty_rotations(self) -> "Plan":
        # The service may send an empty list of rotations for a plan of stages.
        if self.stages and self.rotation_ids == ():
            return trusted_constructor(Plan)(stages=self.stages)
        return self

    @after_writing
    def _with_stages(self, written: dict[str, Any]) -> dict[str, Any]:
        # The service requires the list of stages of a person, even an empty one, and rejects it in
        # the plan of a schedule.
        return {"Stages": [], **written} if self.rotation_ids is None else written

    @staticmethod
    def engagement() -> "EngagementPlan":
        """Return a builder of a person's engagement plan: stages of channels.

        >>> sms = "arn:aws:ssm-contacts:us-east-2:111122223333:contact-channel/akuam/beb25840"
        >>> plan = Plan.engagement().stage(minutes=5).channel(sms, retry_minutes=1).build()
        >>> plan.stages[0].duration_in_minutes
        5
        """
        return EngagementPlan()

    @staticmethod
    def escalation() -> "EscalationPlan":
        """Return a builder of an escalation plan: stages of people and on-call schedules.

        >>> akuam = "arn:aws:ssm-contacts:us-east-2:111122223333:contact/akuam"
        >>> plan = Plan.escalation().stage(minutes=5).contact(akuam, essential=True).build()
        >>> plan.stages[0].targets[0].is_essential
        True
        """
        return EscalationPlan()

    @staticmethod
    def on_call(*rotations: "sdk.RotationRef") -> "Plan":
        """Return the plan of an on-call schedule with these rotations, or with none yet.

        >>> Plan.on_call().rotation_ids
        ()

        Args:
            *rotations: at most 25 rotations (AWS's model), by record, summary or ARN.

        Raises:
            InvalidValueError: one of them is not a rotation, or there are too many.
        """
        return Plan(rotation_ids=rotations)


@frozen
class _OpenStage:
    minutes: int
    targets: tuple[Target, ...] = ()


_HINTS = {
    "channel": "only an open stage of a person's plan has it: Plan.engagement().stage(minutes=...)",
    "contact": "only an open stage of an escalation has it: Plan.escalation().stage(minutes=...)",
}


@hides_all_arguments
@frozen
class _PlanBuilder:
    # It is not an argument: `_next` creates every builder but the first.
    _stages: tuple[_OpenStage, ...] = field(default=(), init=False)

    if not TYPE_CHECKING:  # pragma: no branch - only a type checker does not enter here
        # For callers without a type checker: the message names the builder that has the method.
        def __getattr__(self, name: str) -> NoReturn:
            hint = _HINTS.get(name)
            plain = f"{type(self).__name__!r} object has no attribute {name!r}"
            raise AttributeError(plain if hint is None else f"{plain}: {hint}")

    def build(self) -> Plan:
        """Return the plan so far.

        Raises:
            InvalidValueError: a stage of 0 minutes has no target.
        """
        raise_violations("Plan", self._violations_of_idle_stages())
        return Plan(
            stages=[
                Stage(duration_in_minutes=stage.minutes, targets=stage.targets)
                for stage in self._stages
            ]
        )

    def _violations_of_idle_stages(self) -> Iterator[Violation]:
        for index, stage in enumerate(self._stages):
            for each in _violations_of_idle_stage(stage.minutes, stage.targets):
                yield each.under(f"plan.stages[{index}]")

    def _opened(self, minutes: int) -> tuple[_OpenStage, ...]:
        path = f"plan.stages[{len(self._stages)}].duration_in_minutes"
        raise_violations("Plan", under(path, check_of(_StageMinutes)(minutes)))
        return (*self._stages, _OpenStage(minutes))

    def _target_path(self) -> str:
        return f"plan.stages[{len(self._stages) - 1}].targets[{len(self._stages[-1].targets)}]"

    def _added(self, target: Target) -> tuple[_OpenStage, ...]:
        *before, last = self._stages
        return (*before, evolve(last, targets=(*last.targets, target)))


_BuilderT = TypeVar("_BuilderT", bound=_PlanBuilder)


@public
@hides_all_arguments
@frozen
class EngagementPlan(_PlanBuilder):
    """A builder of a person's plan. `Plan.engagement()` returns one without stages."""

    def stage(self, *, minutes: int) -> "EngagementStage":
        """Return a builder of the same plan with one more stage, which is open.

        Args:
            minutes: 0 to 30 minutes until the next stage; 0 only with a channel (AWS's model).

        Raises:
            InvalidValueError: `minutes` is out of range.
        """
        return _next(EngagementStage, self._opened(minutes))


@public
@hides_all_arguments
@final
@frozen
class EngagementStage(EngagementPlan):
    """A builder of a person's plan with an open stage. `EngagementPlan.stage` returns one."""

    def __attrs_post_init__(self) -> None:
        raise _no_stage_is_open(self, "Plan.engagement()")

    def channel(
        self, channel: "sdk.ChannelRef", *, retry_minutes: int | None = None
    ) -> "EngagementStage":
        """Return the same builder with one more channel in the open stage.

        Args:
            channel: the channel to page when the stage begins, by record or ARN.
            retry_minutes: 0 to 60 minutes before a page that could not be sent is sent again. With
                None, the service decides.

        Raises:
            InvalidValueError: `channel` is not a channel, or `retry_minutes` is out of range.
        """
        try:
            target = ChannelTarget(
                contact_channel_id=channel, retry_interval_in_minutes=retry_minutes
            )
        except InvalidValueError as error:
            raise _in_plan(error, self._target_path()) from None
        return _next(EngagementStage, self._added(target))


@public
@hides_all_arguments
@frozen
class EscalationPlan(_PlanBuilder):
    """A builder of an escalation plan. `Plan.escalation()` returns one without stages."""

    def stage(self, *, minutes: int) -> "EscalationStage":
        """Return a builder of the same plan with one more stage, which is open.

        Args:
            minutes: 0 to 30 minutes until the next stage; 0 only with a contact (AWS's model).

        Raises:
            InvalidValueError: `minutes` is out of range.
        """
        return _next(EscalationStage, self._opened(minutes))


@public
@hides_all_arguments
@final
@frozen
class EscalationStage(EscalationPlan):
    """A builder of an escalation plan with an open stage. `EscalationPlan.stage` returns one."""

    def __attrs_post_init__(self) -> None:
        raise _no_stage_is_open(self, "Plan.escalation()")

    def contact(self, contact: "sdk.ContactRef", *, essential: bool) -> "EscalationStage":
        """Return the same builder with one more contact in the open stage.

        Args:
            contact: the person or on-call schedule to engage when the stage begins, by record,
                summary or ARN.
            essential: whether the acknowledgement of this contact stops the plan.

        Raises:
            InvalidValueError: `contact` is not a contact, or `essential` is not a bool.
        """
        try:
            target = ContactTarget(contact_id=contact, is_essential=essential)
        except InvalidValueError as error:
            raise _in_plan(error, self._target_path()) from None
        return _next(EscalationStage, self._added(target))


def _next(kind: type[_BuilderT], stages: tuple[_OpenStage, ...]) -> _BuilderT:
    draft = object.__new__(kind)
    object.__setattr__(draft, "_stages", stages)
    return draft


def _no_stage_is_open(stage: _PlanBuilder, start: str) -> InvalidValueError:
    problem = f"must be opened by {start}.stage(minutes=...)"
    return InvalidValueError(type(stage).__name__, violation("missing", problem, "stage"))


def _in_plan(error: InvalidValueError, path: str) -> InvalidValueError:
    return InvalidValueError("Plan", (violation.under(path) for violation in error.violations))
