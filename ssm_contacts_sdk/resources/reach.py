"""Reads what a plan leads to, or a whole account, and nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta, timezone
from typing import TypeVar

from attrs import define, field

from ssm_contacts_sdk.model.arns import is_of_account
from ssm_contacts_sdk.model.channels import ChannelRecord
from ssm_contacts_sdk.model.contacts import ContactRecord, ContactType
from ssm_contacts_sdk.model.plans import ChannelTarget, ContactTarget, Plan
from ssm_contacts_sdk.model.rotations import OverrideRecord, RotationRecord, Shift
from ssm_contacts_sdk.oncall.duty import Duty
from ssm_contacts_sdk.oncall.reach import Reach, targets_of
from ssm_contacts_sdk.resources.channels import Channels
from ssm_contacts_sdk.resources.contacts import Contacts
from ssm_contacts_sdk.resources.overrides import Overrides
from ssm_contacts_sdk.resources.rotations import Rotations
from ssm_contacts_sdk.service_errors import ResourceNotFoundError

_T = TypeVar("_T")

_A_YEAR = timedelta(days=366)
_A_MINUTE = timedelta(minutes=1)
# As far as the embedded service takes times.
_LATEST = datetime(9998, 12, 31, tzinfo=timezone.utc)


@define
class Reader:
    """What was read so far. A None is a thing that is not there."""

    contacts: Contacts
    channels: Channels
    rotations: Rotations
    overrides: Overrides
    _owner: str | None = field(default=None, init=False)
    """The ARN of the contact whose account is read, if that is known."""
    _contacts: dict[str, ContactRecord | None] = field(
        factory=dict[str, "ContactRecord | None"], init=False
    )
    _channels: dict[str, ChannelRecord | None] = field(
        factory=dict[str, "ChannelRecord | None"], init=False
    )
    _listed: set[str] = field(factory=set[str], init=False)
    _rotations: dict[str, RotationRecord | None] = field(
        factory=dict[str, "RotationRecord | None"], init=False
    )
    _overrides: dict[str, tuple[OverrideRecord, ...]] = field(
        factory=dict[str, "tuple[OverrideRecord, ...]"], init=False
    )
    _shifts: dict[str, tuple[Shift, ...]] = field(
        factory=dict[str, "tuple[Shift, ...]"], init=False
    )

    def reach(self) -> Reach:
        """All that was read and is there."""
        return Reach(
            contacts=_there(self._contacts),
            channels=_there(self._channels),
            rotations=_there(self._rotations),
            overrides=dict(self._overrides),
            shifts=dict(self._shifts),
        )

    def contact(self, arn: str) -> ContactRecord | None:
        """A contact, if it is there."""
        return _once(self._contacts, arn, self.contacts.get) if self._is_here(arn) else None

    def follow(self, contact: ContactRecord, start: datetime) -> None:
        """Read all that a contact leads to that is engaged at `start`."""
        self._contacts[contact.arn] = contact
        self._owner = contact.arn
        if contact.type == ContactType.PERSONAL:
            self.read_channels(contact)
        else:
            self.follow_plan(contact.plan, start)

    def follow_plan(self, plan: Plan, start: datetime) -> None:
        """Read all that a plan leads to which begins at `start`."""
        waits = timedelta(minutes=sum(stage.duration_in_minutes for stage in plan.stages))
        until = start + waits + _A_MINUTE
        for arn in plan.rotation_ids or ():
            self._follow_rotation(arn, start, until)
        for stage in plan.stages:
            for target in stage.targets:
                if isinstance(target, ContactTarget):
                    self._follow_contact(target.contact_id, start, until)
                else:
                    self._channel(target.contact_channel_id)

    def _follow_contact(self, arn: str, since: datetime, until: datetime) -> None:
        contact = self.contact(arn)
        if contact is None or contact.type == ContactType.ESCALATION:
            # An escalation plan within another engages nobody, and could lead back to itself.
            return
        for rotation_arn in contact.plan.rotation_ids or ():
            self._follow_rotation(rotation_arn, since, until)
        if contact.type == ContactType.PERSONAL:
            self.read_channels(contact)

    def _follow_rotation(self, arn: str, since: datetime, until: datetime) -> None:
        for shift in self.read_shifts(arn, since, until):
            for arn_of_person in shift.contact_ids:
                person = self.contact(arn_of_person)
                if person is not None and person.type == ContactType.PERSONAL:
                    self.read_channels(person)

    def read_channels(self, person: ContactRecord) -> None:
        """Read a person's channels, and what else the person's plan names."""
        if person.arn in self._listed:
            return
        self._listed.add(person.arn)
        for channel in _if_there(self.channels.list(person)):
            self._channels[channel.arn] = channel
        for _, target in targets_of(person):
            if isinstance(target, ChannelTarget) and is_of_account(
                target.contact_channel_id, person.arn
            ):
                self._channel(target.contact_channel_id)

    def _is_here(self, arn: str) -> bool:
        """Whether to ask for it at all.

        AWS's model lets a target name nothing, and what another account has would be refused,
        whether it is there or not.
        """
        return bool(arn) and (self._owner is None or is_of_account(arn, self._owner))

    def _channel(self, arn: str) -> None:
        if self._is_here(arn):
            _once(self._channels, arn, self.channels.get)

    def read_shifts(self, arn: str, since: datetime, until: datetime) -> tuple[Shift, ...]:
        """Read the shifts of a rotation, once; none, if it is not there."""
        if arn not in self._shifts and self._is_here(arn):
            # In whole seconds: to ask for part of one may be to ask for the next.
            since = since.replace(microsecond=0)
            shifts = self.rotations.shifts(arn, start_time=since, end_time=until)
            self._shifts[arn] = tuple(_if_there(shifts))
        return self._shifts.get(arn, ())

    def rotation(self, arn: str) -> RotationRecord | None:
        """A rotation, if it is there."""
        return _once(self._rotations, arn, self.rotations.get)

    def read_account(self, since: datetime, until: datetime) -> None:
        """Read everything: each contact, channel and rotation, and what holds in that time."""
        for summary in self.contacts.list():
            contact = self.contact(summary.arn)
            if contact is not None and contact.type == ContactType.PERSONAL:
                self.read_channels(contact)
        for rotation in self.rotations.list():
            if self.rotation(rotation.arn) is not None:
                self.read_shifts(rotation.arn, since, until)
                found = self.overrides.list(rotation, start_time=since, end_time=until)
                self._overrides[rotation.arn] = tuple(_if_there(found))

    def duty(
        self, rotation_arn: str, at: datetime, schedule_arn: str | None, stage_index: int | None
    ) -> Duty:
        """Who is on call in a rotation, and who is next."""
        now: Shift | None = None
        following: Shift | None = None
        # Page by page: it is seldom that more than the first is needed.
        since = at.replace(microsecond=0)
        shifts: Iterator[Shift] = self.rotations.shifts(
            rotation_arn, start_time=since, end_time=_a_year_from(since)
        )
        if schedule_arn is not None:
            # A schedule may name a rotation that is not there, and has others.
            shifts = _if_there(shifts)
        for shift in shifts:
            if shift.start_time > at and shift.contact_ids:
                following = shift
                break
            if shift.start_time <= at < shift.end_time:
                now = shift
        return Duty(
            contact_ids=() if now is None else now.contact_ids,
            rotation_arn=rotation_arn,
            schedule_arn=schedule_arn,
            stage_index=stage_index,
            shift=now,
            next_shift=following,
        )

    def names_in(self, duties: Iterable[Duty]) -> dict[str, str]:
        """What people call those in `duties`, and their rotations."""
        for duty in duties:
            if duty.rotation_arn is not None and self._is_here(duty.rotation_arn):
                self.rotation(duty.rotation_arn)
            shifts = [shift for shift in (duty.shift, duty.next_shift) if shift is not None]
            for arn in {
                *duty.contact_ids,
                *(each for shift in shifts for each in shift.contact_ids),
            }:
                self.contact(arn)
        reach = self.reach()
        return {arn: reach.name_of(arn) for arn in (*reach.contacts, *reach.rotations)}


def _a_year_from(at: datetime) -> datetime:
    return at + min(_A_YEAR, max(_LATEST - at, _A_MINUTE))


def _once(found: dict[str, _T | None], arn: str, get: Callable[[str], _T]) -> _T | None:
    """What is there, asked for when it is first wanted; None if it is not."""
    if arn not in found:
        try:
            found[arn] = get(arn)
        except ResourceNotFoundError:
            found[arn] = None
    return found[arn]


def _there(found: dict[str, _T | None]) -> dict[str, _T]:
    return {arn: value for arn, value in found.items() if value is not None}


def _if_there(found: Iterator[_T]) -> Iterator[_T]:
    try:
        yield from found
    except ResourceNotFoundError:
        # It has been deleted since its name was read.
        return
