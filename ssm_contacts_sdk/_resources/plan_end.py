"""Reads the plan of an engagement, to conclude when the engagement is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NoReturn

from attrs import define, field, frozen

from ssm_contacts_sdk._errors import ContactsError, InvalidValueError
from ssm_contacts_sdk._models.arns import is_of_account
from ssm_contacts_sdk._models.contacts import ContactType
from ssm_contacts_sdk._models.engagements import Engagement
from ssm_contacts_sdk._models.events import PlanUnknownReason
from ssm_contacts_sdk._models.plans import Plan
from ssm_contacts_sdk._models.rotations import Shift
from ssm_contacts_sdk._oncall.account_snapshot import AccountSnapshot
from ssm_contacts_sdk._oncall.engagement_end import (
    Directory,
    EngagementEnd,
    PagedPerson,
    engagement_end,
)
from ssm_contacts_sdk._oncall.simulation import after
from ssm_contacts_sdk._resources.contacts import Contacts
from ssm_contacts_sdk._resources.rotations import Rotations
from ssm_contacts_sdk._resources.unreadable import concerns_one_resource
from ssm_contacts_sdk._service_errors import ResourceNotFoundError

_A_MINUTE = timedelta(minutes=1)


class PlanUnknownError(Exception):
    """The plan does not tell when the engagement is over."""

    reason: PlanUnknownReason
    error: ContactsError | None

    def __init__(self, reason: PlanUnknownReason, error: ContactsError | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.error = error


@frozen
class Conclusion:
    """The engagement is over, as far as its plan tells.

    Attributes:
        at: since when.
        acknowledged: the person whose acknowledgement is the end; None if everything was tried.
    """

    at: datetime
    acknowledged: PagedPerson | None


@define
class PlanEnd:
    """The plan of one engagement, read when it is first asked about.

    Before it concludes anything, it reads the plan again: one that was changed tells nothing, for
    AWS does not say whether an engagement that is under way follows the change.
    """

    contacts: Contacts
    rotations: Rotations
    grace: timedelta
    _first: _Plan | None = field(default=None, init=False)
    _again: _Plan | None = field(default=None, init=False)
    _seen: PagedPerson | None = field(default=None, init=False)

    def conclude(
        self, engagement: Engagement, people: Sequence[PagedPerson], now: datetime
    ) -> Conclusion | None:
        """Return why the engagement is over; None if it goes on.

        Raises:
            PlanUnknownError: The plan cannot tell.
            ContactsError: The plan could not be read this time.
        """
        is_new = self._first is None
        if self._first is None:
            self._first = self._plan()
        end = self._first.end(engagement, people)
        found = self._due(end, now)
        if found is None or is_new:
            return found
        if self._again is None:
            self._again = self._plan()
        if self._again.end(engagement, people) != end:
            raise PlanUnknownError("changed")
        return found

    def _due(self, end: EngagementEnd, now: datetime) -> Conclusion | None:
        if end.unexpected:
            raise PlanUnknownError("changed")
        person, at = end.acknowledged, end.acknowledged_at
        if person is None or at is None:
            over = now >= after(end.at, self.grace)
            return Conclusion(end.at, None) if over else None
        # By a clock that is late, what was read lies ahead: the next look is soon enough.
        was_seen = person == self._seen and at == person.read_at
        self._seen = person
        return Conclusion(at, person) if at <= now or was_seen else None

    def _plan(self) -> _Plan:
        return _Plan(self.contacts, self.rotations)


@frozen
class _Party:
    type: ContactType
    plan: Plan


@define
class _Plan:
    """A plan and all that it leads to, each read once, when it is needed."""

    contacts: Contacts
    rotations: Rotations
    _contacts: dict[str, _Party | None] = field(factory=dict[str, "_Party | None"], init=False)
    _shifts: dict[tuple[str, datetime], tuple[Shift, ...]] = field(
        factory=dict[tuple[str, datetime], "tuple[Shift, ...]"], init=False
    )
    _people: Sequence[PagedPerson] = field(default=(), init=False)
    _end: EngagementEnd | None = field(default=None, init=False)

    def end(self, engagement: Engagement, people: Sequence[PagedPerson]) -> EngagementEnd:
        """Return when an engagement of it is over, by those who are paged."""
        if engagement.start_time is None:
            raise PlanUnknownError("no_start_time")
        if self._contact(engagement.contact_arn) is None:
            raise PlanUnknownError("deleted")
        # Most looks have no news.
        if self._end is None or people != self._people:

            def contact(arn: str) -> _Party | None:
                # What another account has would be refused, whether it is there or not.
                return self._contact(arn) if is_of_account(arn, engagement.contact_arn) else None

            directory = Directory(contact, self._on_call)
            self._end = engagement_end(
                engagement.contact_arn, engagement.start_time, directory, people
            )
            self._people = people
        return self._end

    def _contact(self, arn: str) -> _Party | None:
        if arn not in self._contacts:
            try:
                contact = self.contacts.get(arn)
                self._contacts[arn] = _Party(contact.type, contact.plan)
            except (ResourceNotFoundError, InvalidValueError):
                # A plan keeps the name of what was deleted, and AWS's model lets it name nothing.
                self._contacts[arn] = None
            except ContactsError as error:
                _give_up(error)
        return self._contacts[arn]

    def _on_call(self, rotation_arns: Sequence[str], at: datetime) -> Sequence[str]:
        shifts = {arn: self._shifts_at(arn, at) for arn in rotation_arns}
        return AccountSnapshot(shifts=shifts).on_call(rotation_arns, at)

    def _shifts_at(self, arn: str, at: datetime) -> tuple[Shift, ...]:
        if (arn, at) not in self._shifts:
            # In whole seconds: to ask for part of one may be to ask for the next.
            since = at.replace(microsecond=0)
            try:
                listed = self.rotations.shifts(
                    arn, start_time=since, end_time=after(since, _A_MINUTE)
                )
                self._shifts[arn, at] = tuple(listed)
            except (ResourceNotFoundError, InvalidValueError):
                self._shifts[arn, at] = ()
            except ContactsError as error:
                _give_up(error)
        return self._shifts[arn, at]


def _give_up(error: ContactsError) -> NoReturn:
    """Raise that the plan is unknown; or the error, if it concerns more than one resource.

    After that one, such as a throttled request, whoever goes on following reads on.
    """
    if not concerns_one_resource(error):
        raise error
    # The traceback would keep what was sent.
    raise PlanUnknownError("refused", error.with_traceback(None)) from None
