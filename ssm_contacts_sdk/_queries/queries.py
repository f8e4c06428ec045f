"""The queries: who is on call, who would be paged, and where a page would reach nobody."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from typing import TYPE_CHECKING

from attrs import frozen

from ssm_contacts_sdk._clock import Clock
from ssm_contacts_sdk._dates import add_time
from ssm_contacts_sdk._durations import Duration, as_seconds, as_timedelta
from ssm_contacts_sdk._errors import InvalidValueError, Violation
from ssm_contacts_sdk._models.arns import arn_of
from ssm_contacts_sdk._models.contacts import ContactRef, ContactType
from ssm_contacts_sdk._models.plans import Plan
from ssm_contacts_sdk._oncall.assignment import OnCallAssignment
from ssm_contacts_sdk._oncall.assumptions import OnCallAssumptions
from ssm_contacts_sdk._oncall.on_call import OnCall
from ssm_contacts_sdk._queries.account_reader import AccountReader
from ssm_contacts_sdk._queries.arguments import (
    Acknowledgements,
    OnCallRef,
    audit_violations,
    calendar_length_violations,
    calendar_violations,
    is_contact,
    on_call_violations,
    preview_violations,
    year_violations,
)
from ssm_contacts_sdk._queries.on_call import read_on_call, unread_assignments
from ssm_contacts_sdk._resources.channels import Channels
from ssm_contacts_sdk._resources.contacts import Contacts
from ssm_contacts_sdk._resources.overrides import Overrides
from ssm_contacts_sdk._resources.rotations import Rotations
from ssm_contacts_sdk._schema.times import as_instant
from ssm_contacts_sdk._schema.violations import raise_violations

if TYPE_CHECKING:
    from ssm_contacts_sdk._oncall.audit.findings import Finding
    from ssm_contacts_sdk._oncall.calendar import OnCallCalendar
    from ssm_contacts_sdk._oncall.timeline import Timeline

_USUAL_CALENDAR = timedelta(days=28)
_A_SECOND = timedelta(seconds=1)


@frozen
class Queries:
    """Queries about an account, which need several requests. They change nothing.

    `ContactsClient` has a method for each query, which documents it. Calendars, timelines and
    findings are imported by the query that returns them: their modules also draw them.
    """

    contacts: Contacts
    channels: Channels
    rotations: Rotations
    overrides: Overrides
    clock: Clock

    def on_call(self, target: OnCallRef, *, at: datetime | None, changes: int) -> OnCall:
        """Return who is on call at `at`; see `ContactsClient.on_call`."""
        raise_violations("on_call", on_call_violations(target, at, changes))
        when = self._now("on_call") if at is None else as_instant(at)
        arn, reader = arn_of(target), self._reader()
        if is_contact(arn):
            contact = self.contacts.get(arn)
            if contact.type == ContactType.PERSONAL:
                rule = (
                    "must be a rotation, an on-call schedule or an escalation plan (got a person)"
                )
                raise InvalidValueError("on_call", [Violation("target", rule, "wrong_type")])
            unread = unread_assignments(reader, contact)
        else:
            unread = [OnCallAssignment(contact_ids=(), rotation_arn=arn)]
        on_call = read_on_call(self.rotations, unread, when, changes)
        return reader.read_names(on_call, changes)

    def preview(
        self,
        target: ContactRef | Plan,
        *,
        at: datetime | None,
        acknowledge: Acknowledgements | None,
        horizon: Duration | None,
        assumptions: OnCallAssumptions | None,
    ) -> Timeline:
        """Return who would be paged, and when; see `ContactsClient.preview`."""
        from ssm_contacts_sdk._oncall.preview import preview  # noqa: PLC0415 - see the class

        raise_violations(
            "preview", preview_violations(target, at, acknowledge, horizon, assumptions)
        )
        start = self._now("preview") if at is None else as_instant(at)
        offsets: Acknowledgements = {} if acknowledge is None else acknowledge
        reader = self._reader()
        if isinstance(target, Plan):
            reader.read_plan(target, start)
            root: str | Plan = target
        else:
            root = arn_of(target)
            reader.read_engagement(self.contacts.get(root), start)
        return preview(
            root,
            reader.snapshot(),
            start,
            acknowledge={arn_of(each): as_timedelta(offset) for each, offset in offsets.items()},
            horizon=None if horizon is None else as_timedelta(horizon),
            assumptions=OnCallAssumptions() if assumptions is None else assumptions,
        )

    def audit(self, horizon: Duration) -> tuple[Finding, ...]:
        """Return the problems of the whole account; see `ContactsClient.audit`."""
        from ssm_contacts_sdk._oncall.audit.account import audit  # noqa: PLC0415 - see the class

        raise_violations("audit", audit_violations(horizon))
        since = _in_whole_seconds(self._now("audit"))
        until = since + timedelta(seconds=ceil(as_seconds(horizon)))
        raise_violations("audit", year_violations("horizon", until))
        reader = self._reader()
        reader.read_account(since, until)
        return audit(reader.snapshot(), since, until)

    def calendar(
        self, target: OnCallRef, *, since: datetime | None, until: datetime | None
    ) -> OnCallCalendar:
        """Return who is on call between two instants; see `ContactsClient.calendar`."""
        from ssm_contacts_sdk._queries.calendar import read_calendar  # noqa: PLC0415 - see the class

        raise_violations("calendar", calendar_violations(target, since, until))
        now = self._now("calendar")
        start = _in_whole_seconds(now if since is None else as_instant(since))
        end = start + _USUAL_CALENDAR if until is None else _rounded_up(as_instant(until))
        raise_violations(
            "calendar", calendar_length_violations(start, end), year_violations("until", end)
        )
        return read_calendar(self._reader(), arn_of(target), start, end, now)

    def _now(self, query: str) -> datetime:
        now = as_instant(self.clock.now())
        raise_violations(query, year_violations("clock.now()", now))
        return now

    def _reader(self) -> AccountReader:
        return AccountReader(self.contacts, self.channels, self.rotations, self.overrides)


# The service accepts whole seconds only. A part of a second would look like a gap at the edge.
def _in_whole_seconds(at: datetime) -> datetime:
    return at.replace(microsecond=0)


def _rounded_up(at: datetime) -> datetime:
    whole = _in_whole_seconds(at)
    return whole if whole == at else add_time(whole, _A_SECOND)
