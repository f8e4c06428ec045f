"""Plans, written down in the order in which they will happen.

Each phase is a type: only an open stage has `channel` or `contact`, so a plan that makes no sense
is an error in the editor. Every step gives a new builder, and leaves the old one as it was: two
plans can share a beginning.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NoReturn, TypeVar, final

from attrs import evolve, field, frozen

from ssm_contacts_sdk._errors import InvalidValueError, Violation
from ssm_contacts_sdk._models.channels import ChannelRef
from ssm_contacts_sdk._models.contacts import ContactRef
from ssm_contacts_sdk._models.plans import ChannelTarget, ContactTarget, Plan, Stage, Target
from ssm_contacts_sdk._models.rules import check, whole_number_violations
from ssm_contacts_sdk._privacy import hides_all_arguments
from ssm_contacts_sdk._public import public


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
class _Draft:
    # Not an argument: every builder but the first comes from another one.
    _stages: tuple[_OpenStage, ...] = field(default=(), init=False)

    if not TYPE_CHECKING:  # pragma: no branch - a type checker is all that gets past it
        # For who uses no type checker: the phases say what has no place where.
        def __getattr__(self, name: str) -> NoReturn:
            hint = _HINTS.get(name)
            plain = f"{type(self).__name__!r} object has no attribute {name!r}"
            raise AttributeError(plain if hint is None else f"{plain}: {hint}")

    def build(self) -> Plan:
        """The plan so far.

        Raises:
            InvalidValueError: a stage of 0 minutes has no target.
        """
        check("Plan", self._stages_that_do_nothing())
        return Plan(
            stages=[
                Stage(duration_in_minutes=stage.minutes, targets=stage.targets)
                for stage in self._stages
            ]
        )

    def _stages_that_do_nothing(self) -> Iterator[Violation]:
        for index, stage in enumerate(self._stages):
            if stage.minutes == 0 and not stage.targets:
                yield Violation(
                    f"plan.stages[{index}].duration_in_minutes",
                    "may be 0 only in a stage with a target",
                )

    def _opened(self, minutes: int) -> tuple[_OpenStage, ...]:
        path = f"plan.stages[{len(self._stages)}].duration_in_minutes"
        check("Plan", whole_number_violations(path, minutes, 0, 30))
        return (*self._stages, _OpenStage(minutes))

    def _target_path(self) -> str:
        return f"plan.stages[{len(self._stages) - 1}].targets[{len(self._stages[-1].targets)}]"

    def _added(self, target: Target) -> tuple[_OpenStage, ...]:
        *before, last = self._stages
        return (*before, evolve(last, targets=(*last.targets, target)))


_Phase = TypeVar("_Phase", bound=_Draft)


@public
@hides_all_arguments
@frozen
class EngagementPlan(_Draft):
    """A person's plan, before or between its stages. Start one with `Plan.engagement()`."""

    def stage(self, *, minutes: int) -> EngagementStage:
        """Open a stage that lasts 0 to 30 minutes; 0 only with a channel in it.

        Raises:
            InvalidValueError: the minutes are out of range.
        """
        return _next(EngagementStage, self._opened(minutes))


@public
@hides_all_arguments
@final
@frozen
class EngagementStage(EngagementPlan):
    """An open stage of a person's plan. `EngagementPlan.stage` opens one."""

    def __attrs_post_init__(self) -> None:
        raise _no_stage_is_open(self, "Plan.engagement()")

    def channel(self, channel: ChannelRef, *, retry_minutes: int | None = None) -> EngagementStage:
        """Page this channel, a record or an ARN, when the stage begins.

        Args:
            channel: what to page.
            retry_minutes: 0 to 60 minutes before a page that could not be sent is sent again.

        Raises:
            InvalidValueError: it is no channel, or the minutes are out of range.
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
class EscalationPlan(_Draft):
    """An escalation plan, before or between its stages. Start one with `Plan.escalation()`."""

    def stage(self, *, minutes: int) -> EscalationStage:
        """Open a stage that lasts 0 to 30 minutes; 0 only with a contact in it.

        Raises:
            InvalidValueError: the minutes are out of range.
        """
        return _next(EscalationStage, self._opened(minutes))


@public
@hides_all_arguments
@final
@frozen
class EscalationStage(EscalationPlan):
    """An open stage of an escalation plan. `EscalationPlan.stage` opens one."""

    def __attrs_post_init__(self) -> None:
        raise _no_stage_is_open(self, "Plan.escalation()")

    def contact(self, contact: ContactRef, *, essential: bool) -> EscalationStage:
        """Engage this person or on-call schedule, a record or an ARN, when the stage begins.

        Args:
            contact: whom to engage.
            essential: whether their acknowledgement stops the plan.

        Raises:
            InvalidValueError: it is no contact, or `essential` is no bool.
        """
        try:
            target = ContactTarget(contact_id=contact, is_essential=essential)
        except InvalidValueError as error:
            raise _in_plan(error, self._target_path()) from None
        return _next(EscalationStage, self._added(target))


def _next(kind: type[_Phase], stages: tuple[_OpenStage, ...]) -> _Phase:
    draft = object.__new__(kind)
    object.__setattr__(draft, "_stages", stages)
    return draft


def _no_stage_is_open(stage: _Draft, start: str) -> InvalidValueError:
    rule = f"is not open: begin with {start}.stage(minutes=...)"
    return InvalidValueError(type(stage).__name__, [Violation("stage", rule)])


def _in_plan(error: InvalidValueError, path: str) -> InvalidValueError:
    return InvalidValueError("Plan", (violation.under(path) for violation in error.violations))
