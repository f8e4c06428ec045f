"""Who is on call at an instant, until when, and who is next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from attrs import field, frozen

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
        next_shift: the next one of this rotation with somebody in it, if there is one within a
            year. It may be the same person's, as after a night that is not covered.
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

    def people_at(self, at: datetime) -> tuple[str, ...]:
        """Who is on call here at an instant up to the end of the next shift."""
        if self.rotation_arn is None:
            return self.contact_ids
        for shift in (self.shift, self.next_shift):
            if shift is not None and shift.start_time <= at < shift.end_time:
                return shift.contact_ids
        return ()


@frozen(kw_only=True)
class OnCallChange:
    """Others are on call from an instant on."""

    at: datetime
    contact_ids: tuple[str, ...]


@frozen(kw_only=True)
class OnCall:
    """Who is on call at an instant, place by place. Printed, it is a line for each.

    Attributes:
        at: the instant.
        duties: one for each rotation, and for each person whom an escalation plan names.
        names: what people call the contacts and rotations in it, by ARN.
    """

    at: datetime
    duties: tuple[Duty, ...]
    names: Mapping[str, str] = field(factory=dict[str, str], repr=False)

    @property
    def contact_ids(self) -> tuple[str, ...]:
        """The ARNs of all who are on call, each once.

        For an escalation plan they are of all its stages; see `engaged_first`.
        """
        return _people(self.duties, self.at)

    @property
    def engaged_first(self) -> tuple[str, ...]:
        """The ARNs of those whom a page would reach first: of the first stage with anybody in it.

        Of a rotation or a schedule they are all who are on call.
        """
        return _people(self._first_duties, self.at)

    @property
    def until(self) -> datetime | None:
        """When the first of the duties changes."""
        return min((duty.until for duty in self.duties if duty.until is not None), default=None)

    @property
    def next_change(self) -> OnCallChange | None:
        """Who takes over from those who are engaged first, over all rotations together, and when.

        None if nobody else is on call within what is known: each rotation's next shift.
        """
        duties = self._first_duties
        now = set(self.engaged_first)
        ends = [duty.next_shift.end_time for duty in duties if duty.next_shift is not None]
        shifts = [shift for duty in duties for shift in (duty.shift, duty.next_shift) if shift]
        instants = sorted({at for shift in shifts for at in (shift.start_time, shift.end_time)})
        for at in instants:
            if self.at < at < min(ends, default=at):
                people = _people(duties, at)
                if people and set(people) != now:
                    return OnCallChange(at=at, contact_ids=people)
        return None

    def name_of(self, arn: str) -> str:
        """What people call a contact or a rotation."""
        return self.names.get(arn, arn.rpartition("/")[2])

    @property
    def _first_duties(self) -> tuple[Duty, ...]:
        stages = [duty.stage_index for duty in self.duties if duty.contact_ids]
        first = min((stage for stage in stages if stage is not None), default=None)
        return tuple(duty for duty in self.duties if duty.stage_index in (None, first))

    def __str__(self) -> str:
        lines = [f"On call at {_told(self.at)}:", *map(self._line, self.duties)]
        change = self.next_change
        if change is not None:
            lines.append(f"Next: {self._names(change.contact_ids)} from {_told(change.at)}")
        return "\n".join(lines)

    def _line(self, duty: Duty) -> str:
        stage = "" if duty.stage_index is None else f"stage {duty.stage_index + 1}, "
        if duty.rotation_arn is None:
            return f"  {stage}always: {self._names(duty.contact_ids)}"
        until = "" if duty.until is None else f" until {_told(duty.until)}"
        return f"  {stage}{self.name_of(duty.rotation_arn)}: {self._names(duty.contact_ids)}{until}"

    def _names(self, arns: Sequence[str]) -> str:
        return ", ".join(map(self.name_of, arns)) or "nobody"


def _people(duties: Sequence[Duty], at: datetime) -> tuple[str, ...]:
    return tuple(dict.fromkeys(arn for duty in duties for arn in duty.people_at(at)))


def _told(at: datetime) -> str:
    return f"{at:%a %Y-%m-%d %H:%M} UTC"
