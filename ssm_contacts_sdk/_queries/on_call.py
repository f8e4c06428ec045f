"""Reads who is on call and who takes over, from as few pages of shifts as possible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from attrs import evolve

from ssm_contacts_sdk._errors import ContactsError
from ssm_contacts_sdk._models.arguments import LARGEST_PAGE
from ssm_contacts_sdk._models.contacts import ContactRecord, ContactType
from ssm_contacts_sdk._models.plans import ContactTarget
from ssm_contacts_sdk._models.rotations import Shift
from ssm_contacts_sdk._oncall.account_snapshot import targets_of
from ssm_contacts_sdk._oncall.assignment import OnCallAssignment, missing_at, year_after
from ssm_contacts_sdk._oncall.on_call import OnCall
from ssm_contacts_sdk._queries.account_reader import AccountReader
from ssm_contacts_sdk._resources.listing import ListingPage
from ssm_contacts_sdk._resources.rotations import Rotations
from ssm_contacts_sdk._service_errors import ResourceNotFoundError, concerns_one_resource

_FIRST_PAGE = 100
"""The size of the first page of a rotation's shifts: usually enough to know who takes over."""
_MOST_FURTHER_PAGES = 16
"""How many more pages are read, for all rotations together: 16,384 shifts if they are full.

A year of one rotation with a hand-off every hour has 9 pages.
"""


def unread_assignments(reader: AccountReader, contact: ContactRecord) -> list[OnCallAssignment]:
    """Return the assignments of an on-call schedule or an escalation plan, without shifts."""
    if contact.type == ContactType.ONCALL_SCHEDULE:
        return list(_of_schedule(contact))
    return list(_of_escalation(reader, contact))


def _of_schedule(
    schedule: ContactRecord, *, target_arn: str | None = None, stage_index: int | None = None
) -> Iterator[OnCallAssignment]:
    # AWS does not document that a plan names each rotation once. A repeated one counts once.
    for rotation_arn in dict.fromkeys(schedule.plan.rotation_ids or ()):
        yield OnCallAssignment(
            contact_ids=(),
            rotation_arn=rotation_arn,
            schedule_arn=schedule.arn,
            target_arn=target_arn,
            stage_index=stage_index,
        )


def _of_escalation(reader: AccountReader, escalation: ContactRecord) -> Iterator[OnCallAssignment]:
    for index, target in targets_of(escalation):
        if not isinstance(target, ContactTarget):
            continue
        arn = target.contact_id
        contact = reader.contact(arn)
        error = reader.error("contact", arn)
        if contact is not None and contact.type == ContactType.ONCALL_SCHEDULE:
            yield from _of_schedule(contact, target_arn=arn, stage_index=index)
        elif contact is not None and contact.type == ContactType.PERSONAL:
            yield OnCallAssignment(contact_ids=(contact.arn,), target_arn=arn, stage_index=index)
        elif error is not None:
            yield OnCallAssignment(contact_ids=(), target_arn=arn, stage_index=index, error=error)


def read_on_call(
    rotations: Rotations, assignments: Iterable[OnCallAssignment], at: datetime, changes: int
) -> OnCall:
    """Return who is on call at `at`, with up to `changes` later changes.

    It reads the first page of each rotation. Then it reads up to 16 more pages in all: those with
    the next shift of each rotation, and with the changes of the people who are engaged first.
    """
    readers = [_AssignmentReader(rotations, each, at) for each in assignments]
    for reader in readers:
        reader.read_page()
    left = _MOST_FURTHER_PAGES
    while True:
        on_call = OnCall(at=at, assignments=tuple(each.assignment() for each in readers))
        incomplete = _incomplete(readers, on_call, changes)
        if incomplete is None or not left:
            return on_call
        incomplete.read_page()
        left -= 1


class _AssignmentReader:
    """Reads the shifts of an assignment from `at` on, page by page, if it has a rotation."""

    def __init__(self, rotations: Rotations, unread: OnCallAssignment, at: datetime) -> None:
        self.rotation_arn = unread.rotation_arn
        self.has_more = self.rotation_arn is not None
        self._unread = unread
        self._at = at
        self._pages = _pages(rotations, self.rotation_arn, at)
        self._shifts: list[Shift] = []
        self._examined_until: datetime | None = None
        self._error: ContactsError | None = None

    def read_page(self) -> None:
        """Read the next page, if there is one."""
        if not self.has_more:
            return
        # The rotation that the caller queries must exist and be readable. One of several need not:
        # the others can be reported.
        is_target = self._unread.schedule_arn is None and self._examined_until is None
        try:
            page = next(self._pages)
        except ResourceNotFoundError:
            if is_target:
                raise
            self._finish()
            return
        except ContactsError as error:
            if is_target or not concerns_one_resource(error):
                raise
            self.has_more, self._error = False, error.with_traceback(None)
            return
        self._shifts += page.items
        if page.next_token is None:
            self._finish()
            return
        # Shifts come in the order of their start, so all that start before the last one are known.
        last = max((shift.start_time for shift in page.items), default=self._at)
        self._examined_until = max(self._examined_until or self._at, last)

    def _finish(self) -> None:
        self.has_more, self._examined_until = False, year_after(self._at)

    def assignment(self) -> OnCallAssignment:
        """Return the assignment, as far as its shifts have been read."""
        if self.rotation_arn is None:
            return self._unread
        at = self._at
        shifts = tuple(shift for shift in self._shifts if shift.end_time > at)
        current = [shift for shift in shifts if shift.start_time <= at]
        later = (shift for shift in shifts if shift.start_time > at and shift.contact_ids)
        return evolve(
            self._unread,
            contact_ids=tuple(dict.fromkeys(arn for shift in current for arn in shift.contact_ids)),
            shift=current[-1] if current else None,
            next_shift=next(later, None),
            shifts=shifts,
            examined_until=self._examined_until,
            error=self._error,
        )


def _pages(rotations: Rotations, arn: str | None, at: datetime) -> Iterator[ListingPage[Shift]]:
    # This is a generator so that the ARN is checked when the first page is read.
    if arn is None:
        return

    def pages_from(page_size: int, next_token: str | None = None) -> Iterator[ListingPage[Shift]]:
        return rotations.shifts(
            arn,
            # The service accepts whole seconds only, and could round up.
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
    readers: Sequence[_AssignmentReader], on_call: OnCall, changes: int
) -> _AssignmentReader | None:
    """Return the reader of a rotation of which another page is needed."""
    unfinished = [reader for reader in readers if reader.has_more]
    for reader in unfinished:
        # Until a next shift is known, the end of the current one may be unknown too.
        if reader.assignment().next_shift is None:
            return reader
    if len(on_call.upcoming(changes)) == changes:
        return None
    missing = missing_at(on_call.assignments, on_call.examined_until)
    arns = [assignment.rotation_arn for assignment in missing]
    return next((reader for reader in unfinished if reader.rotation_arn in arns), None)
