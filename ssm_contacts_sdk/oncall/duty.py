"""Who is on call at an instant, until when, and who is next."""

from __future__ import annotations

from datetime import datetime

from attrs import frozen

from ssm_contacts_sdk.model.rotations import Shift


@frozen(kw_only=True)
class Duty:
    """Who is on call at one place: in a rotation, or by the name in an escalation plan.

    Attributes:
        contact_ids: the ARNs of the people; nobody, if it is empty.
        rotation_arn: the rotation; None for a person whom an escalation plan names.
        schedule_arn: the on-call schedule through which the rotation was come to, if one was.
        stage_index: the stage of the escalation plan, from 0, if one was asked for.
        shift: the shift that it is now; None outside of all shifts, and without a rotation.
        next_shift: the next one with somebody in it, if there is one within a year.
    """

    contact_ids: tuple[str, ...]
    rotation_arn: str | None = None
    schedule_arn: str | None = None
    stage_index: int | None = None
    shift: Shift | None = None
    next_shift: Shift | None = None

    @property
    def until(self) -> datetime | None:
        """When this changes: the end of the shift, or the beginning of the next one."""
        if self.shift is not None:
            return self.shift.end_time
        return None if self.next_shift is None else self.next_shift.start_time


@frozen(kw_only=True)
class OnCall:
    """Who is on call at an instant, place by place.

    Attributes:
        at: the instant.
        duties: one for each rotation, and for each person whom an escalation plan names.
    """

    at: datetime
    duties: tuple[Duty, ...]

    @property
    def contact_ids(self) -> tuple[str, ...]:
        """The ARNs of all who are on call, each once, in the order of the duties."""
        return tuple(dict.fromkeys(arn for duty in self.duties for arn in duty.contact_ids))

    @property
    def until(self) -> datetime | None:
        """When the first of the duties changes."""
        return min((duty.until for duty in self.duties if duty.until is not None), default=None)
