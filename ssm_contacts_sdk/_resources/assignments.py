"""Reads who is on call in rotations, and who takes over, as few pages as that needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Union

from attrs import define, field, frozen

from ssm_contacts_sdk._errors import ContactsError
from ssm_contacts_sdk._models.rotations import Shift
from ssm_contacts_sdk._oncall.assignment import OnCall, OnCallAssignment, missing_at, year_after
from ssm_contacts_sdk._resources.listing import LARGEST_PAGE, ListingPage
from ssm_contacts_sdk._resources.rotations import Rotations
from ssm_contacts_sdk._resources.unreadable import concerns_one_resource
from ssm_contacts_sdk._service_errors import ResourceNotFoundError

_FIRST_PAGE = 100
"""How many shifts of each rotation are asked for first: mostly enough to know who takes over."""
_MOST_FURTHER_PAGES = 16
"""How many pages are read besides the first one of each rotation: 16,384 shifts if they are full.

A year of one rotation with a hand-off every hour is 9 of them.
"""


@frozen(kw_only=True)
class Place:
    """Where somebody is on call: what an assignment says of it besides the shifts."""

    rotation_arn: str | None = None
    schedule_arn: str | None = None
    target_arn: str | None = None
    stage_index: int | None = None
    person_arn: str | None = None
    """The person whom an escalation plan names."""
    error: ContactsError | None = None
    """Why the contact that an escalation plan names could not be read."""


@frozen
class _Named:
    """A contact that an escalation plan names: a person, or one that could not be read."""

    place: Place

    def assignment(self) -> OnCallAssignment:
        person = self.place.person_arn
        return OnCallAssignment(
            contact_ids=() if person is None else (person,),
            target_arn=self.place.target_arn,
            stage_index=self.place.stage_index,
            error=self.place.error,
        )


@define
class _Rotation:
    """The shifts of a rotation from an instant on, read page by page."""

    place: Place
    at: datetime
    pages: Iterator[ListingPage[Shift]]
    shifts: list[Shift] = field(factory=list[Shift], init=False)
    examined_until: datetime | None = field(default=None, init=False)
    error: ContactsError | None = field(default=None, init=False)
    has_more: bool = field(default=True, init=False)

    def read_on(self) -> None:
        """Read another page."""
        # Whom the caller asked for has to be there; a schedule's other rotations can be told.
        is_target = self.place.schedule_arn is None
        is_first = self.examined_until is None
        try:
            page = next(self.pages)
        except ResourceNotFoundError:
            if is_target and is_first:
                raise
            self._stop()
            return
        except ContactsError as error:
            if (is_target and is_first) or not concerns_one_resource(error):
                raise
            self.has_more, self.error = False, error.with_traceback(None)
            return
        self.shifts += page.items
        if page.next_token is None:
            self._stop()
            return
        # The rest begins no earlier than the last one that was read.
        last = max((shift.start_time for shift in page.items), default=self.at)
        self.examined_until = max(self.examined_until or self.at, last)

    def _stop(self) -> None:
        self.has_more, self.examined_until = False, year_after(self.at)

    def assignment(self) -> OnCallAssignment:
        """What is known so far."""
        at, place = self.at, self.place
        shifts = tuple(shift for shift in self.shifts if shift.end_time > at)
        now = [shift for shift in shifts if shift.start_time <= at]
        later = (shift for shift in shifts if shift.start_time > at and shift.contact_ids)
        return OnCallAssignment(
            contact_ids=tuple(dict.fromkeys(arn for shift in now for arn in shift.contact_ids)),
            rotation_arn=place.rotation_arn,
            schedule_arn=place.schedule_arn,
            target_arn=place.target_arn,
            stage_index=place.stage_index,
            shift=now[-1] if now else None,
            next_shift=next(later, None),
            shifts=shifts,
            examined_until=self.examined_until,
            error=self.error,
        )


_Reading = Union[_Named, _Rotation]


def read_on_call(
    rotations: Rotations, places: Iterable[Place], at: datetime, changes: int
) -> OnCall:
    """Read who is on call at `at`, and as many changes as are asked for, if there are so many.

    The first page of each rotation is read, and up to 16 others together: those that are needed to
    know the next shift of each rotation, and the changes of those who are engaged first.
    """
    reading = [_read_at(rotations, place, at) for place in places]
    left = _MOST_FURTHER_PAGES
    while True:
        answer = OnCall(at=at, assignments=tuple(each.assignment() for each in reading))
        wanted = _wanted(reading, answer, changes)
        if wanted is None or not left:
            return answer
        wanted.read_on()
        left -= 1


def _read_at(rotations: Rotations, place: Place, at: datetime) -> _Reading:
    if place.rotation_arn is None:
        return _Named(place)
    rotation = _Rotation(place, at, _pages(rotations, place.rotation_arn, at))
    rotation.read_on()
    return rotation


def _pages(rotations: Rotations, arn: str, at: datetime) -> Iterator[ListingPage[Shift]]:
    # A generator: so an ARN of another kind is rejected when the first page is read.
    def listed(page_size: int, next_token: str | None = None) -> Iterator[ListingPage[Shift]]:
        return rotations.shifts(
            arn,
            # In whole seconds: to ask for part of one may be to ask for the next.
            start_time=at.replace(microsecond=0),
            end_time=year_after(at),
            page_size=page_size,
            next_token=next_token,
        ).by_page()

    first = next(listed(_FIRST_PAGE))
    yield first
    if first.next_token is not None:
        yield from listed(LARGEST_PAGE, first.next_token)


def _wanted(reading: Sequence[_Reading], answer: OnCall, changes: int) -> _Rotation | None:
    """The rotation of which another page is needed."""
    unfinished = [each for each in reading if isinstance(each, _Rotation) and each.has_more]
    for rotation in unfinished:
        # As long as there is no next shift, it may also be unknown whose shift it is.
        if rotation.assignment().next_shift is None:
            return rotation
    if len(answer.upcoming(changes)) == changes:
        return None
    missing = [
        assignment.rotation_arn
        for assignment in missing_at(answer.assignments, answer.examined_until)
    ]
    return next((each for each in unfinished if each.place.rotation_arn in missing), None)
