"""Reads an account, or the part of it that a plan involves, each resource once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from attrs import define, evolve, field

from ssm_contacts_sdk._errors import ContactsError
from ssm_contacts_sdk._models.arguments import LARGEST_PAGE
from ssm_contacts_sdk._models.arns import in_same_account
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
from ssm_contacts_sdk._oncall.on_call import OnCall
from ssm_contacts_sdk._resources.channels import Channels
from ssm_contacts_sdk._resources.contacts import Contacts
from ssm_contacts_sdk._resources.overrides import Overrides
from ssm_contacts_sdk._resources.rotations import Rotations
from ssm_contacts_sdk._service_errors import ResourceNotFoundError, concerns_one_resource

_T = TypeVar("_T")

_A_MINUTE = timedelta(minutes=1)


@define
class AccountReader:
    """Reads contacts, channels and rotations, and stores what it has read.

    None in one of its dicts means that the resource does not exist, or is in `_unreadable`.
    """

    contacts: Contacts
    channels: Channels
    rotations: Rotations
    overrides: Overrides
    _owner: str | None = field(default=None, init=False)
    """The ARN of the contact whose account is read; None while that is unknown."""
    _contacts: dict[str, ContactRecord | None] = field(
        factory=dict[str, "ContactRecord | None"], init=False
    )
    _channels: dict[str, ChannelRecord | None] = field(
        factory=dict[str, "ChannelRecord | None"], init=False
    )
    _people_with_channels: set[str] = field(factory=set[str], init=False)
    """The ARNs of the people whose channels have been listed."""
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
        """Return everything that has been read and exists."""
        return AccountSnapshot(
            contacts=_existing(self._contacts),
            channels=_existing(self._channels),
            rotations=_existing(self._rotations),
            overrides=dict(self._overrides),
            shifts=dict(self._shifts),
            unreadable=dict(self._unreadable),
            summaries=dict(self._summaries),
        )

    def error(self, part: SnapshotPart, arn: str) -> ContactsError | None:
        """Return the error of reading this part; None if there was none, or it was not read."""
        return self._unreadable.get((part, arn))

    def contact(self, arn: str) -> ContactRecord | None:
        """Return a contact; None if it does not exist or cannot be read."""
        if not self._is_in_account(arn):
            return None
        return self._get_once("contact", self._contacts, arn, self.contacts.get)

    def rotation(self, arn: str) -> RotationRecord | None:
        """Return a rotation; None if it does not exist or cannot be read."""
        return self._get_once("rotation", self._rotations, arn, self.rotations.get)

    def read_engagement(self, contact: ContactRecord, start: datetime) -> None:
        """Read everything that an engagement of `contact` involves if it starts at `start`."""
        self._contacts[contact.arn] = contact
        self._owner = contact.arn
        if contact.type == ContactType.PERSONAL:
            self.read_channels(contact)
        else:
            self.read_plan(contact.plan, start)

    def read_plan(self, plan: Plan, start: datetime) -> None:
        """Read everything that `plan` involves if it starts at `start`."""
        length = timedelta(minutes=sum(stage.duration_in_minutes for stage in plan.stages))
        until = start + length + _A_MINUTE
        for arn in plan.rotation_ids or ():
            self._read_people_on_call(arn, start, until)
        for stage in plan.stages:
            for target in stage.targets:
                if isinstance(target, ContactTarget):
                    self._read_target(target.contact_id, start, until)
                else:
                    self._read_channel(target.contact_channel_id)

    def _read_target(self, arn: str, since: datetime, until: datetime) -> None:
        contact = self.contact(arn)
        if contact is None or contact.type == ContactType.ESCALATION:
            # An escalation plan within another engages nobody, and could contain the first.
            return
        for rotation_arn in contact.plan.rotation_ids or ():
            self._read_people_on_call(rotation_arn, since, until)
        if contact.type == ContactType.PERSONAL:
            self.read_channels(contact)

    def _read_people_on_call(self, rotation_arn: str, since: datetime, until: datetime) -> None:
        for shift in self.read_shifts(rotation_arn, since, until):
            for arn in shift.contact_ids:
                person = self.contact(arn)
                if person is not None and person.type == ContactType.PERSONAL:
                    self.read_channels(person)
        if self.error("shifts", rotation_arn) is not None:
            # The report of the error needs the rotation's name.
            self.rotation(rotation_arn)

    def read_channels(self, person: ContactRecord) -> None:
        """Read a person's channels, and those that the person's plan names."""
        if person.arn in self._people_with_channels:
            return
        self._people_with_channels.add(person.arn)
        listed = self._list(
            "channels", person.arn, lambda: self.channels.list(person, page_size=LARGEST_PAGE)
        )
        for channel in listed:
            self._channels[channel.arn] = channel
        for _, target in targets_of(person):
            if isinstance(target, ChannelTarget) and in_same_account(
                target.contact_channel_id, person.arn
            ):
                self._read_channel(target.contact_channel_id)

    def _read_channel(self, arn: str) -> None:
        if self._is_in_account(arn):
            self._get_once("channel", self._channels, arn, self.channels.get)

    def _is_in_account(self, arn: str) -> bool:
        """Return whether `arn` is of the account that is read.

        AWS's model allows an empty ARN in a target. The service denies access to the resources of
        another account, whether they exist or not, so they are not requested.
        """
        return bool(arn) and (self._owner is None or in_same_account(arn, self._owner))

    def read_shifts(self, arn: str, since: datetime, until: datetime) -> tuple[Shift, ...]:
        """Return the shifts of a rotation; none if it does not exist or cannot be read."""
        if arn not in self._shifts and self._is_in_account(arn):
            self._shifts[arn] = self._list(
                "shifts",
                arn,
                lambda: self.rotations.shifts(
                    arn,
                    # The service accepts whole seconds only, and could round up.
                    start_time=since.replace(microsecond=0),
                    end_time=until,
                    page_size=LARGEST_PAGE,
                ),
            )
        return self._shifts.get(arn, ())

    def read_account(self, since: datetime, until: datetime) -> None:
        """Read all contacts, channels and rotations, and the shifts and overrides of a period."""
        # Without this list there is nothing to report, so its error is raised.
        summaries = tuple(self.contacts.list(page_size=LARGEST_PAGE))
        self._summaries |= {summary.arn: summary for summary in summaries}
        for summary in summaries:
            contact = self.contact(summary.arn)
            if contact is not None and contact.type == ContactType.PERSONAL:
                self.read_channels(contact)
        for arn in self._all_rotations():
            if self.rotation(arn) is not None or self.error("rotation", arn) is not None:
                self.read_shifts(arn, since, until)
                self._read_overrides(arn, since, until)

    def _all_rotations(self) -> Iterable[str]:
        """Return the ARNs of all rotations; those that schedules name if they cannot be listed."""
        if not self._contacts:
            return [rotation.arn for rotation in self.rotations.list(page_size=LARGEST_PAGE)]
        all_rotations = f"{min(self._contacts).partition(':contact/')[0]}:rotation/*"
        listed = self._list(
            "rotations", all_rotations, lambda: self.rotations.list(page_size=LARGEST_PAGE)
        )
        self._summaries |= {rotation.arn: rotation for rotation in listed}
        arns = dict.fromkeys(rotation.arn for rotation in listed)
        if self.error("rotations", all_rotations) is not None:
            for contact in _existing(self._contacts).values():
                named = contact.plan.rotation_ids or ()
                arns |= dict.fromkeys(arn for arn in named if in_same_account(arn, contact.arn))
        return arns

    def _read_overrides(self, arn: str, since: datetime, until: datetime) -> None:
        self._overrides[arn] = self._list(
            "overrides",
            arn,
            lambda: self.overrides.list(
                arn, start_time=since, end_time=until, page_size=LARGEST_PAGE
            ),
        )

    def read_names(self, on_call: OnCall, changes: int) -> OnCall:
        """Return `on_call` with the names of its people and rotations."""
        people: dict[str, None] = {}
        for assignment in on_call.assignments:
            if assignment.rotation_arn is not None and self._is_in_account(assignment.rotation_arn):
                self.rotation(assignment.rotation_arn)
            people |= dict.fromkeys(assignment.contact_ids)
            for shift in (assignment.shift, assignment.next_shift):
                people |= dict.fromkeys(() if shift is None else shift.contact_ids)
        for change in on_call.upcoming(changes):
            people |= dict.fromkeys(change.contact_ids)
        for arn in people:
            self.contact(arn)
        snapshot = self.snapshot()
        names = {arn: snapshot.name_of(arn) for arn in (*snapshot.contacts, *snapshot.rotations)}
        return evolve(on_call, names=names)

    def _get_once(
        self, part: SnapshotPart, known: dict[str, _T | None], arn: str, get: Callable[[str], _T]
    ) -> _T | None:
        """Return a resource, read at most once; None if it does not exist or is unreadable."""
        if arn not in known:
            known[arn] = self._read(part, arn, lambda: get(arn))
        return known[arn]

    def _list(
        self, part: SnapshotPart, arn: str, request: Callable[[], Iterable[_T]]
    ) -> tuple[_T, ...]:
        """Return a whole list; nothing if its parent does not exist, or a page is unreadable."""
        return self._read(part, arn, lambda: tuple(request())) or ()

    def _read(self, part: SnapshotPart, arn: str, request: Callable[[], _T]) -> _T | None:
        try:
            return request()
        except ResourceNotFoundError:
            # It was deleted after it was listed, or a plan names a resource that does not exist.
            return None
        except ContactsError as error:
            if not concerns_one_resource(error):
                raise
            # The traceback refers to everything that was read and sent.
            self._unreadable[part, arn] = error.with_traceback(None)
            return None


def _existing(known: dict[str, _T | None]) -> dict[str, _T]:
    return {arn: value for arn, value in known.items() if value is not None}
