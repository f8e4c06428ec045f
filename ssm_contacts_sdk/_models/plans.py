"""Plans: who or what is engaged, stage after stage."""

from collections.abc import Iterable, Iterator
from typing import Optional, Union

from attrs import field, frozen

# As annotations name what is loaded when it is asked for: `sdk.EngagementPlan`.
import ssm_contacts_sdk as sdk
from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._models.arns import CHANNEL, CONTACT, ROTATION, arn_of, arn_violations
from ssm_contacts_sdk._models.rules import (
    Checked,
    as_tuple,
    part_violations,
    whole_number_violations,
    wrong_type,
)
from ssm_contacts_sdk._privacy import hides_all_arguments
from ssm_contacts_sdk._public import public

_MOST_ROTATIONS = 25


def _channel_arn(ref: "sdk.ChannelRef") -> str:
    return arn_of(ref)


def _contact_arn(ref: "sdk.ContactRef") -> str:
    return arn_of(ref)


@public
@frozen(kw_only=True)
class ChannelTarget(Checked):
    """A contact channel to be paged: what the stages of a person's engagement plan hold.

    Args:
        contact_channel_id: the channel's record or ARN.
        retry_interval_in_minutes: 0 to 60 minutes before a page that could not be sent is sent
            again (AWS's model); None leaves it to the service.
    """

    contact_channel_id: str = field(converter=_channel_arn)
    retry_interval_in_minutes: int | None = None

    def violations(self) -> Iterator[Violation]:
        yield from arn_violations("contact_channel_id", self.contact_channel_id, CHANNEL)
        if self.retry_interval_in_minutes is not None:
            yield from whole_number_violations(
                "retry_interval_in_minutes", self.retry_interval_in_minutes, 0, 60
            )


@public
@frozen(kw_only=True)
class ContactTarget(Checked):
    """A person or an on-call schedule to be engaged: what an escalation plan's stages hold.

    Args:
        contact_id: the contact's record or ARN. Empty only where the service leaves it out, as
            AWS's model allows it to.
        is_essential: whether this contact's acknowledgement stops the plan.
    """

    contact_id: str = field(converter=_contact_arn)
    is_essential: bool

    def violations(self) -> Iterator[Violation]:
        yield from arn_violations("contact_id", self.contact_id, CONTACT)
        if not isinstance(self.is_essential, bool):
            yield wrong_type("is_essential", "True or False", self.is_essential)


Target = Union[ChannelTarget, ContactTarget]
"""What a stage engages: one or the other, never both."""


def _targets(values: Iterable[Target]) -> tuple[Target, ...]:
    return as_tuple(values)


@public
@frozen(kw_only=True)
class Stage(Checked):
    """A step of a plan: all its targets are engaged at once, then the next stage waits.

    Args:
        duration_in_minutes: 0 to 30 minutes until the next stage; 0 only with a target (AWS's
            model).
        targets: channels in a person's plan, contacts in an escalation plan. An empty stage only
            waits.
    """

    duration_in_minutes: int
    targets: tuple[Target, ...] = field(default=(), converter=_targets)

    def violations(self) -> Iterator[Violation]:
        minutes = list(
            whole_number_violations("duration_in_minutes", self.duration_in_minutes, 0, 30)
        )
        yield from minutes
        if not isinstance(self.targets, tuple):
            yield wrong_type("targets", "a list of targets", self.targets)
            return
        for index, target in enumerate(self.targets):
            yield from part_violations(f"targets[{index}]", target, (ChannelTarget, ContactTarget))
        if self.duration_in_minutes == 0 and not (minutes or self.targets):
            yield Violation("duration_in_minutes", "may be 0 only in a stage with a target")


def _stages(values: Iterable[Stage]) -> tuple[Stage, ...]:
    return as_tuple(values)


def _rotation_arns(refs: "Iterable[sdk.RotationRef] | None") -> tuple[str, ...] | None:
    arns = None if refs is None else as_tuple(refs)
    return tuple(map(arn_of, arns)) if isinstance(arns, tuple) else arns


@public
@hides_all_arguments
@frozen(kw_only=True)
class Plan(Checked):
    """A person's engagement plan, an escalation plan, or the rotations of an on-call schedule.

    Written most easily with `Plan.engagement()`, `Plan.escalation()` and `Plan.on_call()`. A plan
    with neither stages nor rotations is legal: it engages nobody yet.

    Args:
        stages: in their order. AWS's quota of 10 stages can be raised and is not checked here.
        rotation_ids: at most 25 rotations (AWS's model), and only without stages. None, not an
            empty list, in the plan of a person or an escalation.
    """

    stages: tuple[Stage, ...] = field(default=(), converter=_stages)
    rotation_ids: Optional[tuple[str, ...]] = field(default=None, converter=_rotation_arns)

    def violations(self) -> Iterator[Violation]:
        if isinstance(self.stages, tuple):
            for index, stage in enumerate(self.stages):
                yield from part_violations(f"stages[{index}]", stage, (Stage,))
        else:
            yield wrong_type("stages", "a list of stages", self.stages)
        if self.rotation_ids is None:
            return
        if not isinstance(self.rotation_ids, tuple):
            yield wrong_type("rotation_ids", "a list of ARNs", self.rotation_ids)
            return
        if isinstance(self.stages, tuple) and self.stages:
            yield Violation(
                "rotation_ids", "cannot stand beside stages: a plan has one or the other"
            )
        if len(self.rotation_ids) > _MOST_ROTATIONS:
            yield Violation(
                "rotation_ids",
                f"may hold at most {_MOST_ROTATIONS} rotations, and holds {len(self.rotation_ids)}",
            )
        for index, arn in enumerate(self.rotation_ids):
            yield from arn_violations(f"rotation_ids[{index}]", arn, ROTATION)

    @staticmethod
    def engagement() -> "sdk.EngagementPlan":
        """Start a person's engagement plan: stages of channels.

        >>> sms = "arn:aws:ssm-contacts:us-east-2:111122223333:contact-channel/akuam/beb25840"
        >>> plan = Plan.engagement().stage(minutes=5).channel(sms, retry_minutes=1).build()
        >>> plan.stages[0].duration_in_minutes
        5
        """
        from ssm_contacts_sdk._models.builders import EngagementPlan  # noqa: PLC0415 - it needs Plan

        return EngagementPlan()

    @staticmethod
    def escalation() -> "sdk.EscalationPlan":
        """Start an escalation plan: stages of people and on-call schedules.

        >>> akuam = "arn:aws:ssm-contacts:us-east-2:111122223333:contact/akuam"
        >>> plan = Plan.escalation().stage(minutes=5).contact(akuam, essential=True).build()
        >>> plan.stages[0].targets[0].is_essential
        True
        """
        from ssm_contacts_sdk._models.builders import EscalationPlan  # noqa: PLC0415 - it needs Plan

        return EscalationPlan()

    @staticmethod
    def on_call(*rotations: "sdk.RotationRef") -> "Plan":
        """The plan of an on-call schedule: its rotations, which may be none yet.

        >>> Plan.on_call().rotation_ids
        ()
        """
        return Plan(rotation_ids=rotations)
