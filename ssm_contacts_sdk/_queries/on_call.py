"""Reads who is on call and who takes over, from as few pages of shifts as possible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Union

from attrs import define, field, frozen

from ssm_contacts_sdk._errors import ContactsError
from ssm_contacts_sdk._models.contacts import ContactRecord, ContactType
from ssm_contacts_sdk._models.plans import ContactTarget
from ssm_contacts_sdk._models.rotations import Shift
from ssm_contacts_sdk._oncall.account_snapshot import targets_of
from ssm_contacts_sdk._oncall.assignment import OnCallAssignment, missing_at, year_after
from ssm_contacts_sdk._oncall.on_call import OnCall
from ssm_contacts_sdk._queries.account_reader import AccountReader
from ssm_contacts_sdk._resources.listing import LARGEST_PAGE, ListingPage
from ssm_contacts_sdk._resources.rotations import Rotations
from ssm_contacts_sdk._service_errors import ResourceNotFoundError, concerns_one_resource

_FIRST_PAGE = 100
"""The size of the first page of a rotation's shifts: usually enough to know who takes over."""
_MOST_FURTHER_PAGES = 16
"""How many more pages are read, for all rotations together: 16,384 shifts if they are full.

A year of one rotation with a hand-off every hour has 9 pages.
"""


@frozen(kw_only=True)
class AssignmentSource:
    """A rotation, or a contact that an escalation plan names: an assignment without its shifts."""

    rotation_arn: str | None = None
    schedule_arn: str | None = None
    target_arn: str | None = None
    stage_index: int | None = None
    person_arn: str | None = None
    """The person whom an escalation plan names."""
    error: ContactsError | None = None
    """Why the contact that an escalation plan names could not be read."""


def sources_of(reader: AccountReader, contact: ContactRecord) -> list[AssignmentSource]:
    """Return where people are on call in an on-call schedule or an escalation plan."""
    if contact.type == ContactType.ONCALL_SCHEDULE:
        return list(_sources_of_schedule(contact))
    return list(_sources_of_escalation(reader, contact))


def _sources_of_schedule(
    schedule: ContactRecord, *, target_arn: str | None = None, stage_index: int | None = None
) -> Iterator[AssignmentSource]:
    # AWS does not document that a plan names each rotation once. A repeated one counts once.
    for rotation_arn in dict.fromkeys(schedule.plan.rotation_ids or ()):
        yield AssignmentSource(
            rotation_arn=rotation_arn,
            schedule_arn=schedule.arn,
            target_arn=target_arn,
            stage_index=stage_index,
        )


def _sources_of_escalation(
    reader: AccountReader, escalation: ContactRecord
) -> Iterator[AssignmentSource]:
    for index, target in targets_of(escalation):
        if not isinstance(target, ContactTarget):
            continue
        arn = target.contact_id
        contact = reader.contact(arn)
        error = reader.error("contact", arn)
        if error is not None:
            yield AssignmentSource(target_arn=arn, stage_index=index, error=error)
        elif contact is None:
            continue
        elif contact.type == ContactType.ONCALL_SCHEDULE:
            yield from _sources_of_schedule(contact, target_arn=arn, stage_index=index)
        elif contact.type == ContactType.PERSONAL:
            yield AssignmentSource(target_arn=arn, stage_index=index, person_arn=contact.arn)


@frozen
class _NamedContact:
    """A contact that an escalation plan names: a person, or one that could not be read."""

    source: AssignmentSource

    def assignment(self) -> OnCallAssignment:
        person = self.source.person_arn
        return OnCallAssignment(
            contact_ids=() if person is None else (person,),
            target_arn=self.source.target_arn,
            stage_index=self.source.stage_index,
            error=self.source.error,
        )


@define
class _RotationShifts:
    """The shifts of a rotation from `at` on, read page by page."""

    source: AssignmentSource
    at: datetime
    pages: Iterator[ListingPage[Shift]]
    shifts: list[Shift] = field(factory=list[Shift], init=False)
    examined_until: datetime | None = field(default=None, init=False)
    error: ContactsError | None = field(default=None, init=False)
    has_more: bool = field(default=True, init=False)

    def read_page(self) -> None:
        """Read the next page."""
        # The rotation that the caller asks for must exist and be readable. Those of a schedule
        # need not: the others can be reported.
        must_exist = self.source.schedule_arn is None and self.examined_until is None
        try:
            page = next(self.pages)
        except ResourceNotFoundError:
            if must_exist:
                raise
            self._finish()
            return
        except ContactsError as error:
            if must_exist or not concerns_one_resource(error):
                raise
            self.has_more, self.error = False, error.with_traceback(None)
            return
        self.shifts += page.items
        if page.next_token is None:
            self._finish()
            return
        # Shifts come in the order of their start, so all that start before the last one are known.
        last = max((shift.start_time for shift in page.items), default=self.at)
        self.examined_until = max(self.examined_until or self.at, last)

    def _finish(self) -> None:
        self.has_more, self.examined_until = False, year_after(self.at)

    def assignment(self) -> OnCallAssignment:
        """Return the assignment, as far as its shifts have been read."""
        at, source = self.at, self.source
        shifts = tuple(shift for shift in self.shifts if shift.end_time > at)
        current = [shift for shift in shifts if shift.start_time <= at]
        later = (shift for shift in shifts if shift.start_time > at and shift.contact_ids)
        return OnCallAssignment(
            contact_ids=tuple(dict.fromkeys(arn for shift in current for arn in shift.contact_ids)),
            rotation_arn=source.rotation_arn,
            schedule_arn=source.schedule_arn,
            target_arn=source.target_arn,
            stage_index=source.stage_index,
            shift=current[-1] if current else None,
            next_shift=next(later, None),
            shifts=shifts,
            examined_until=self.examined_until,
            error=self.error,
        )


_Assignments = Union[_NamedContact, _RotationShifts]


def read_on_call(
    rotations: Rotations, sources: Iterable[AssignmentSource], at: datetime, changes: int
) -> OnCall:
    """Return who is on call at `at`, with `changes` changes if there are so many.

    It reads the first page of each rotation. It reads up to 16 more pages in all: those that hold
    the next shift of each rotation, and the changes of the people who are engaged first.
    """
    reading = [_started(rotations, source, at) for source in sources]
    left = _MOST_FURTHER_PAGES
    while True:
        on_call = OnCall(at=at, assignments=tuple(each.assignment() for each in reading))
        incomplete = _incomplete(reading, on_call, changes)
        if incomplete is None or not left:
            return on_call
        incomplete.read_page()
        left -= 1


def _started(rotations: Rotations, source: AssignmentSource, at: datetime) -> _Assignments:
    if source.rotation_arn is None:
        return _NamedContact(source)
    shifts = _RotationShifts(source, at, _pages(rotations, source.rotation_arn, at))
    shifts.read_page()
    return shifts


def _pages(rotations: Rotations, arn: str, at: datetime) -> Iterator[ListingPage[Shift]]:
    # This is a generator so that the ARN is checked when the first page is read.
    def pages_from(page_size: int, next_token: str | None = None) -> Iterator[ListingPage[Shift]]:
        return rotations.shifts(
            arn,
            # The service takes whole seconds, and could round up.
            start_time=at.replace(microsecond=0),
            end_time=year_after(at),
            page_size=page_size,
            next_token=next_token,
        ).by_page()

    first = next(pages_from(_FIRST_PAGE))
    yield first
    if first.next_token is not None:
        yield from pages_from(LARGEST_PAGE, first.next_token)


def _incomplete(
    reading: Sequence[_Assignments], on_call: OnCall, changes: int
) -> _RotationShifts | None:
    """Return the rotation of which another page is needed."""
    unfinished = [each for each in reading if isinstance(each, _RotationShifts) and each.has_more]
    for rotation in unfinished:
        # Until a next shift is known, the end of the current one may be unknown too.
        if rotation.assignment().next_shift is None:
            return rotation
    if len(on_call.upcoming(changes)) == changes:
        return None
    missing = [
        each.rotation_arn for each in missing_at(on_call.assignments, on_call.examined_until)
    ]
    return next((each for each in unfinished if each.source.rotation_arn in missing), None)
