"""Finds the end of an engagement by its plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NoReturn

from attrs import define, field, frozen

from ssm_contacts_sdk._dates import add_time
from ssm_contacts_sdk._errors import ContactsError, InvalidValueError
from ssm_contacts_sdk._models.arns import in_same_account
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
from ssm_contacts_sdk._resources.contacts import Contacts
from ssm_contacts_sdk._resources.rotations import Rotations
from ssm_contacts_sdk._service_errors import ResourceNotFoundError, concerns_one_resource

_A_MINUTE = timedelta(minutes=1)


class PlanUnknownError(Exception):
    """The plan does not determine when the engagement is over."""

    reason: PlanUnknownReason
    error: ContactsError | None

    def __init__(self, reason: PlanUnknownReason, error: ContactsError | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.error = error


@frozen
class FoundEnd:
    """The end of an engagement, by its plan.

    Attributes:
        at: since when the engagement is over.
        acknowledged: the person whose acknowledgement ended it; None if everybody was tried.
    """

    at: datetime
    acknowledged: PagedPerson | None


@define
class EndFinder:
    """Finds the end of one engagement by its plan.

    It reads the plan at the first call, and again before it returns an end. AWS does not document
    whether a running engagement uses a changed plan, so a change makes the end unknown.
    """

    contacts: Contacts
    rotations: Rotations
    grace: timedelta
    _first_plan: _PlanReader | None = field(default=None, init=False)
    _second_plan: _PlanReader | None = field(default=None, init=False)
    _acknowledged: PagedPerson | None = field(default=None, init=False)
    """The person whose acknowledgement was found in the last call."""

    def find(
        self, engagement: Engagement, people: Sequence[PagedPerson], now: datetime
    ) -> FoundEnd | None:
        """Return the end of the engagement; None if it is not over.

        Raises:
            PlanUnknownError: the plan does not determine the end.
            ContactsError: the plan could not be read this time.
        """
        is_first_call = self._first_plan is None
        if self._first_plan is None:
            self._first_plan = self._new_reader()
        end = self._first_plan.end(engagement, people)
        found = self._end_if_reached(end, now)
        if found is None or is_first_call:
            return found
        if self._second_plan is None:
            self._second_plan = self._new_reader()
        if self._second_plan.end(engagement, people) != end:
            raise PlanUnknownError("changed")
        return found

    def _end_if_reached(self, end: EngagementEnd, now: datetime) -> FoundEnd | None:
        if end.unexpected:
            raise PlanUnknownError("changed")
        person, at = end.acknowledged, end.acknowledged_at
        if person is None or at is None:
            return FoundEnd(end.at, None) if now >= add_time(end.at, self.grace) else None
        # If the local clock is slow, the acknowledgement is in its future. The next call returns
        # the end in any case.
        was_seen = person == self._acknowledged and at == person.read_at
        self._acknowledged = person
        return FoundEnd(at, person) if at <= now or was_seen else None

    def _new_reader(self) -> _PlanReader:
        return _PlanReader(self.contacts, self.rotations)


@frozen
class _PlannedContact:
    type: ContactType
    plan: Plan


@define
class _PlanReader:
    """Reads a plan and what it involves, each resource once and only if it is needed."""

    contacts: Contacts
    rotations: Rotations
    _contacts: dict[str, _PlannedContact | None] = field(
        factory=dict[str, "_PlannedContact | None"], init=False
    )
    _shifts: dict[tuple[str, datetime], tuple[Shift, ...]] = field(
        factory=dict[tuple[str, datetime], "tuple[Shift, ...]"], init=False
    )
    _people: Sequence[PagedPerson] = field(default=(), init=False)
    _end: EngagementEnd | None = field(default=None, init=False)

    def end(self, engagement: Engagement, people: Sequence[PagedPerson]) -> EngagementEnd:
        """Return when an engagement is over by this plan and the people who were paged."""
        if engagement.start_time is None:
            raise PlanUnknownError("no_start_time")
        if self._contact(engagement.contact_arn) is None:
            raise PlanUnknownError("deleted")
        # Most polls find nothing new.
        if self._end is None or people != self._people:

            def contact(arn: str) -> _PlannedContact | None:
                # The service denies access to the resources of another account, whether they
                # exist or not.
                return self._contact(arn) if in_same_account(arn, engagement.contact_arn) else None

            directory = Directory(contact, self._on_call)
            self._end = engagement_end(
                engagement.contact_arn, engagement.start_time, directory, people
            )
            self._people = people
        return self._end

    def _contact(self, arn: str) -> _PlannedContact | None:
        if arn not in self._contacts:
            try:
                contact = self.contacts.get(arn)
                self._contacts[arn] = _PlannedContact(contact.type, contact.plan)
            except (ResourceNotFoundError, InvalidValueError):
                # A plan can name a deleted contact, and AWS's model allows an empty ARN.
                self._contacts[arn] = None
            except ContactsError as error:
                _raise_unknown(error)
        return self._contacts[arn]

    def _on_call(self, rotation_arns: Sequence[str], at: datetime) -> Sequence[str]:
        shifts = {arn: self._shifts_at(arn, at) for arn in rotation_arns}
        return AccountSnapshot(shifts=shifts).on_call(rotation_arns, at)

    def _shifts_at(self, arn: str, at: datetime) -> tuple[Shift, ...]:
        if (arn, at) not in self._shifts:
            # The service accepts whole seconds only, and could round up.
            since = at.replace(microsecond=0)
            try:
                listed = self.rotations.shifts(
                    arn, start_time=since, end_time=add_time(since, _A_MINUTE)
                )
                self._shifts[arn, at] = tuple(listed)
            except (ResourceNotFoundError, InvalidValueError):
                self._shifts[arn, at] = ()
            except ContactsError as error:
                _raise_unknown(error)
        return self._shifts[arn, at]


def _raise_unknown(error: ContactsError) -> NoReturn:
    """Raise `PlanUnknownError`; or `error` itself if it concerns more than one resource.

    After the latter, such as a throttled request, the next poll reads the plan again.
    """
    if not concerns_one_resource(error):
        raise error
    # The traceback refers to what was sent.
    raise PlanUnknownError("unreadable", error.with_traceback(None)) from None
