"""Reads what a plan leads to, or a whole account, and nothing twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from attrs import define, evolve, field

from ssm_contacts_sdk._errors import ContactsError
from ssm_contacts_sdk._models.arns import is_of_account
from ssm_contacts_sdk._models.channels import ChannelRecord
from ssm_contacts_sdk._models.contacts import ContactRecord, ContactType
from ssm_contacts_sdk._models.plans import ChannelTarget, ContactTarget, Plan
from ssm_contacts_sdk._models.rotations import OverrideRecord, RotationRecord, Shift
from ssm_contacts_sdk._oncall.account_snapshot import (
    AccountSnapshot,
    SnapshotPart,
    Summary,
    targets_of,
)
from ssm_contacts_sdk._oncall.assignment import OnCall
from ssm_contacts_sdk._resources.channels import Channels
from ssm_contacts_sdk._resources.contacts import Contacts
from ssm_contacts_sdk._resources.listing import LARGEST_PAGE
from ssm_contacts_sdk._resources.overrides import Overrides
from ssm_contacts_sdk._resources.rotations import Rotations
from ssm_contacts_sdk._resources.unreadable import concerns_one_resource
from ssm_contacts_sdk._service_errors import ResourceNotFoundError

_T = TypeVar("_T")

_A_MINUTE = timedelta(minutes=1)


@define
class Reader:
    """What was read so far. A None is a thing that is not there, or `unreadable`."""

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
    _unreadable: dict[tuple[SnapshotPart, str], ContactsError] = field(
        factory=dict[tuple[SnapshotPart, str], ContactsError], init=False
    )
    _summaries: dict[str, Summary] = field(factory=dict[str, Summary], init=False)

    def snapshot(self) -> AccountSnapshot:
        """All that was read and is there."""
        return AccountSnapshot(
            contacts=_there(self._contacts),
            channels=_there(self._channels),
            rotations=_there(self._rotations),
            overrides=dict(self._overrides),
            shifts=dict(self._shifts),
            unreadable=dict(self._unreadable),
            summaries=dict(self._summaries),
        )

    def error(self, part: SnapshotPart, arn: str) -> ContactsError | None:
        """Why the service did not let this be read, if it did not."""
        return self._unreadable.get((part, arn))

    def contact(self, arn: str) -> ContactRecord | None:
        """A contact, if it is there and can be read."""
        if not self._is_here(arn):
            return None
        return self._once("contact", self._contacts, arn, self.contacts.get)

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
        if self.error("shifts", arn) is not None:
            # Only for its name: people are told which rotation could not be read.
            self.rotation(arn)

    def read_channels(self, person: ContactRecord) -> None:
        """Read a person's channels, and what else the person's plan names."""
        if person.arn in self._listed:
            return
        self._listed.add(person.arn)
        listed = self._read_list(
            "channels", person.arn, lambda: self.channels.list(person, page_size=LARGEST_PAGE)
        )
        for channel in listed:
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
            self._once("channel", self._channels, arn, self.channels.get)

    def read_shifts(self, arn: str, since: datetime, until: datetime) -> tuple[Shift, ...]:
        """Read the shifts of a rotation, once; none, if it is not there or cannot be read."""
        if arn not in self._shifts and self._is_here(arn):
            self._shifts[arn] = self._read_list(
                "shifts",
                arn,
                # In whole seconds: to ask for part of one may be to ask for the next.
                lambda: self.rotations.shifts(
                    arn,
                    start_time=since.replace(microsecond=0),
                    end_time=until,
                    page_size=LARGEST_PAGE,
                ),
            )
        return self._shifts.get(arn, ())

    def rotation(self, arn: str) -> RotationRecord | None:
        """A rotation, if it is there and can be read."""
        return self._once("rotation", self._rotations, arn, self.rotations.get)

    def read_account(self, since: datetime, until: datetime) -> None:
        """Read everything: each contact, channel and rotation, and what holds in that time."""
        # Without this list there is nothing to report, so its error is the caller's.
        summaries = tuple(self.contacts.list(page_size=LARGEST_PAGE))
        self._summaries |= {summary.arn: summary for summary in summaries}
        for summary in summaries:
            contact = self.contact(summary.arn)
            if contact is not None and contact.type == ContactType.PERSONAL:
                self.read_channels(contact)
        for arn in self._all_rotations():
            if self.rotation(arn) is not None or ("rotation", arn) in self._unreadable:
                self.read_shifts(arn, since, until)
                self._read_overrides(arn, since, until)

    def _all_rotations(self) -> Iterable[str]:
        """The ARNs of the rotations in the list; without a list, of those that schedules name."""
        if not self._contacts:
            return [rotation.arn for rotation in self.rotations.list(page_size=LARGEST_PAGE)]
        everything = f"{min(self._contacts).partition(':contact/')[0]}:rotation/*"
        listed = self._read_list(
            "rotations", everything, lambda: self.rotations.list(page_size=LARGEST_PAGE)
        )
        self._summaries |= {rotation.arn: rotation for rotation in listed}
        arns = dict.fromkeys(rotation.arn for rotation in listed)
        if ("rotations", everything) in self._unreadable:
            contacts = [contact for contact in self._contacts.values() if contact is not None]
            for contact in contacts:
                named = contact.plan.rotation_ids or ()
                arns |= dict.fromkeys(arn for arn in named if is_of_account(arn, contact.arn))
        return arns

    def _read_overrides(self, arn: str, since: datetime, until: datetime) -> None:
        self._overrides[arn] = self._read_list(
            "overrides",
            arn,
            lambda: self.overrides.list(
                arn, start_time=since, end_time=until, page_size=LARGEST_PAGE
            ),
        )

    def read_names(self, answer: OnCall, changes: int) -> OnCall:
        """Read what people call those in an answer, and their rotations."""
        people: dict[str, None] = {}
        for assignment in answer.assignments:
            if assignment.rotation_arn is not None and self._is_here(assignment.rotation_arn):
                self.rotation(assignment.rotation_arn)
            shifts = [
                shift for shift in (assignment.shift, assignment.next_shift) if shift is not None
            ]
            for ids in (assignment.contact_ids, *(shift.contact_ids for shift in shifts)):
                people |= dict.fromkeys(ids)
        for change in answer.upcoming(changes):
            people |= dict.fromkeys(change.contact_ids)
        for arn in people:
            self.contact(arn)
        snapshot = self.snapshot()
        names = {arn: snapshot.name_of(arn) for arn in (*snapshot.contacts, *snapshot.rotations)}
        return evolve(answer, names=names)

    def _once(
        self, part: SnapshotPart, found: dict[str, _T | None], arn: str, get: Callable[[str], _T]
    ) -> _T | None:
        """The resource, read when first wanted; None if it does not exist or is unreadable."""
        if arn not in found:
            found[arn] = self._read(part, arn, lambda: get(arn))
        return found[arn]

    def _read_list(
        self, part: SnapshotPart, arn: str, ask: Callable[[], Iterable[_T]]
    ) -> tuple[_T, ...]:
        """A whole list; nothing, if what it belongs to is not there or a part is unreadable."""
        return self._read(part, arn, lambda: tuple(ask())) or ()

    def _read(self, part: SnapshotPart, arn: str, ask: Callable[[], _T]) -> _T | None:
        try:
            return ask()
        except ResourceNotFoundError:
            # It has been deleted since its name was read, or a plan names what is not there.
            return None
        except ContactsError as error:
            if not concerns_one_resource(error):
                raise
            # The traceback would keep all that was read, and what was sent.
            self._unreadable[part, arn] = error.with_traceback(None)
            return None


def _there(found: dict[str, _T | None]) -> dict[str, _T]:
    return {arn: value for arn, value in found.items() if value is not None}
