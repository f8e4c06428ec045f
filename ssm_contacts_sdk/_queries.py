"""What people really want to know: who is on call, who will be paged, and who would not be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from math import ceil
from typing import Union, cast

# Calendars, timelines and findings come with much more, such as pictures: a method loads what it
# returns, and annotations name it as `sdk.Timeline`, which is loaded when it is asked for.
import ssm_contacts_sdk as sdk
from ssm_contacts_sdk._errors import InvalidValueError, Violation
from ssm_contacts_sdk._models.arns import CONTACT, ROTATION, arn_of, arn_violations
from ssm_contacts_sdk._models.contacts import ContactRecord, ContactRef, ContactSummary, ContactType
from ssm_contacts_sdk._models.plans import Plan
from ssm_contacts_sdk._models.rotations import RotationRecord, RotationRef, RotationSummary
from ssm_contacts_sdk._models.rules import (
    check,
    part_violations,
    whole_number_violations,
    wrong_type,
)
from ssm_contacts_sdk._models.times import as_instant, instant_violations
from ssm_contacts_sdk._oncall.assignment import MOST_CHANGES, OnCall
from ssm_contacts_sdk._oncall.assumptions import OnCallAssumptions
from ssm_contacts_sdk._oncall.simulation import after
from ssm_contacts_sdk._privacy import hides_all_arguments
from ssm_contacts_sdk._resources.account_reader import Reader
from ssm_contacts_sdk._resources.assignments import Place, read_on_call
from ssm_contacts_sdk._resources.channels import Channels
from ssm_contacts_sdk._resources.contacts import Contacts
from ssm_contacts_sdk._resources.overrides import Overrides
from ssm_contacts_sdk._resources.rotations import Rotations

OnCallRef = Union[ContactRef, RotationRef]
"""What somebody can be on call for: a rotation, an on-call schedule or an escalation plan."""

_NO_PERSON = "must be a rotation, an on-call schedule or an escalation plan, not a person"

Acknowledgements = Union[
    Mapping[ContactRecord, timedelta], Mapping[ContactSummary, timedelta], Mapping[str, timedelta]
]
"""Who acknowledges, and how long after the start: people by their records, summaries or ARNs."""

_LONGEST_AUDIT = timedelta(days=366)
_USUAL_CALENDAR, _LONGEST_CALENDAR = timedelta(days=28), timedelta(days=366)
_A_SECOND = timedelta(seconds=1)
# Outside of these years the clocks of some zones show none.
_FIRST_YEAR, _LAST_YEAR = 2, 9998


@hides_all_arguments
class Foresight:
    """Questions that take several calls to answer. None of them changes anything."""

    contacts: Contacts
    """People, escalation plans and on-call schedules."""
    channels: Channels
    """The phones and mailboxes through which people are reached."""
    rotations: Rotations
    """People who take turns, and their shifts."""
    overrides: Overrides
    """Other people for a part of a rotation's time."""
    _now: Callable[[], datetime]

    def on_call(self, what: OnCallRef, at: datetime | None = None, *, changes: int = 1) -> OnCall:
        """Return who is on call, through which rotation and shift, until when, and who takes over.

        The shifts are those of the service, overrides included. They are read page by page, for
        366 days at most, until `changes` changes are known: `OnCall.examined_until` is how far,
        and `OnCall.covers_a_year` whether that is all.

        A rotation or contact that the service does not let be read (see docs/audit.md) is an
        assignment with an `error`; the others are reported.

        >>> from ssm_contacts_sdk import Contact, ContactsClient, ContactType, Plan
        >>> client = ContactsClient.local()
        >>> nobody = Contact(alias="web", type=ContactType.ONCALL_SCHEDULE, plan=Plan.on_call())
        >>> client.on_call(client.contacts.create(nobody)).contact_ids
        ()

        Args:
            what: a rotation, an on-call schedule or an escalation plan, by record, summary or
                ARN.
            at: when, with a time zone; now when left out.
            changes: for how many changes to look, for `OnCall.upcoming`: 1 to 1,000. The first
                100 shifts of each rotation are read in any case, and at most 16 further pages of
                up to 1,024.

        Raises:
            InvalidValueError: an argument that breaks a rule, or `what` is a person.
            ResourceNotFoundError: there is no such contact or rotation.
        """
        arn = arn_of(what)
        check(
            "on_call",
            _on_call_violations(what, arn),
            _at_violations(at),
            whole_number_violations("changes", changes, 1, MOST_CHANGES),
        )
        when = as_instant(self._now() if at is None else at)
        check("on_call", _year_violations("at", when))
        reader = self._reader()
        if any(arn_violations("what", arn, CONTACT)):
            places: Iterable[Place] = [Place(rotation_arn=arn)]
        else:
            contact = self.contacts.get(arn)
            if contact.type == ContactType.PERSONAL:
                raise InvalidValueError("on_call", [Violation("what", _NO_PERSON)])
            if contact.type == ContactType.ONCALL_SCHEDULE:
                places = _places_of_schedule(arn, contact.plan)
            else:
                places = _places_of_escalation(reader, contact.plan)
        answer = read_on_call(self.rotations, places, when, changes)
        return reader.read_names(answer, changes)

    def preview(
        self,
        what: ContactRef | Plan,
        at: datetime | None = None,
        *,
        acknowledge: Acknowledgements | None = None,
        horizon: timedelta | None = None,
        assumptions: OnCallAssumptions | None = None,
    ) -> sdk.Timeline:
        """Tell who would be paged, and when, if somebody were engaged.

        Nothing is sent. What AWS does not say of plans is `assumptions`; the embedded service
        does just what a preview tells. What the service does not let be read is an entry with the
        reason "unreadable" and the error: see `Timeline.unreadable`.

        >>> from ssm_contacts_sdk import ContactsClient, Plan
        >>> channel = "arn:aws:ssm-contacts:us-east-2:111122223333:contact-channel/akuam/1"
        >>> plan = Plan.engagement().stage(minutes=5).channel(channel).build()
        >>> timeline = ContactsClient.local().preview(plan)
        >>> [(skipped.reason, str(skipped.offset)) for skipped in timeline.skipped]
        [('deleted', '0:00:00')]

        Args:
            what: a person, an escalation plan or an on-call schedule, by record, summary or ARN;
                or a plan that exists nowhere yet.
            at: when the engagement would start, with a time zone; now when left out.
            acknowledge: who would acknowledge, and how long after the start: a person, or whoever
                is on call in a schedule. Somebody who has not been paged by then does not:
                `Timeline.not_counted` tells.
            horizon: how long after the start to stop looking; to the end when left out.
            assumptions: how plans are read where AWS does not say.

        Raises:
            InvalidValueError: an argument that breaks a rule.
            ResourceNotFoundError: there is no such contact.
        """
        from ssm_contacts_sdk._oncall.timeline import timeline  # noqa: PLC0415 - as above

        given: Acknowledgements = {} if acknowledge is None else acknowledge
        check(
            "preview",
            _preview_violations(what),
            _at_violations(at),
            _acknowledge_violations(given),
            () if horizon is None else _span_violations("horizon", horizon),
            _assumptions_violations(assumptions),
        )
        start = as_instant(self._now() if at is None else at)
        check("preview", _year_violations("at", start))
        reader = self._reader()
        if isinstance(what, Plan):
            reader.follow_plan(what, start)
            root: str | Plan = what
        else:
            root = arn_of(what)
            reader.follow(self.contacts.get(root), start)
        return timeline(
            root,
            reader.snapshot(),
            start,
            acknowledge={arn_of(person): offset for person, offset in given.items()},
            horizon=horizon,
            assumptions=OnCallAssumptions() if assumptions is None else assumptions,
        )

    def audit(self, horizon: timedelta = timedelta(days=30)) -> tuple[sdk.Finding, ...]:
        """Read the whole account, and tell who would not be reached and when nobody is on call.

        Nothing is read twice: two calls for each person, one for every other contact, and three
        for each rotation, beside the lists and their pages.

        What the service does not let be read is a finding of the rule ``unreadable``, with the
        error. Errors that would affect every further request are raised (see docs/audit.md).

        >>> from ssm_contacts_sdk import Contact, ContactsClient, ContactType
        >>> client = ContactsClient.local()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> for finding in client.audit():
        ...     print(finding.severity, finding.text)
        error No page would reach akuam: their plan has no channels.

        Args:
            horizon: how far from now to look for gaps, overrides, and at who is on call: at most
                366 days.

        Returns:
            What was found: errors first, then by rule and resource.

        Raises:
            InvalidValueError: `horizon` is not a span of time, or not one of that length.
        """
        from ssm_contacts_sdk._oncall.audit.rules import audit  # noqa: PLC0415 - as above

        check("audit", _horizon_violations(horizon))
        # The service is asked in whole seconds: part of one would look like a gap.
        since = as_instant(self._now()).replace(microsecond=0)
        check("audit", _year_violations("clock", since))
        until = since + timedelta(seconds=ceil(horizon / timedelta(seconds=1)))
        check("audit", _year_violations("horizon", until))
        reader = self._reader()
        reader.read_account(since, until)
        return audit(reader.snapshot(), since, until)

    def calendar(
        self,
        what: OnCallRef,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> sdk.OnCallCalendar:
        """Tell who is on call in a stretch of time: to look at, to draw, and to subscribe to.

        The shifts are those that the service tells, overrides included. Every person's name is
        read, once. A rotation whose shifts the service does not give is a lane with an `error`.

        >>> from datetime import datetime, timezone
        >>> from ssm_contacts_sdk import Contact, ContactsClient, ContactType, Plan
        >>> client = ContactsClient.local()
        >>> nobody = Contact(alias="web", type=ContactType.ONCALL_SCHEDULE, plan=Plan.on_call())
        >>> monday = datetime(2025, 1, 6, tzinfo=timezone.utc)
        >>> calendar = client.calendar(client.contacts.create(nobody), monday)
        >>> [str(gap.duration) for gap in calendar.gaps]
        ['28 days, 0:00:00']

        Args:
            what: a rotation or an on-call schedule, by record, summary or ARN.
            since: from when, with a time zone; from now when left out. Part of a second is left
                out.
            until: until when, with a time zone; 28 days later when left out, and at most 366.

        Raises:
            InvalidValueError: an argument that breaks a rule, or `what` is neither.
            ResourceNotFoundError: there is no such contact or rotation.
        """
        from ssm_contacts_sdk._oncall.calendar import OnCallCalendar  # noqa: PLC0415 - as above

        arn = arn_of(what)
        check(
            "calendar",
            _on_call_violations(what, arn),
            _at_violations(since, "since"),
            _at_violations(until, "until"),
        )
        now = as_instant(self._now())
        # The service is asked in whole seconds: part of one would look like a gap.
        start = (now if since is None else as_instant(since)).replace(microsecond=0)
        check("calendar", _year_violations("since", start))
        end = start + _USUAL_CALENDAR if until is None else _in_whole_seconds(as_instant(until))
        check("calendar", _length_violations(start, end), _year_violations("until", end))
        reader = self._reader()
        if any(arn_violations("what", arn, CONTACT)):
            # If it is not there, the service says so the second time.
            rotation = reader.rotation(arn) or self.rotations.get(arn)
            name, arns = rotation.name, [arn]
        else:
            contact = self.contacts.get(arn)
            if contact.type != ContactType.ONCALL_SCHEDULE:
                rule = "must be a rotation or an on-call schedule"
                raise InvalidValueError("calendar", [Violation("what", rule)])
            name = contact.display_name or contact.alias
            arns = list(dict.fromkeys(contact.plan.rotation_ids or ()))
        lanes = tuple(_lane(reader, each, start, end) for each in arns)
        people = dict.fromkeys(arn for lane in lanes for arn in _people_of(lane))
        contacts = {arn: reader.contact(arn) for arn in people}
        return OnCallCalendar(
            name=name,
            since=start,
            until=end,
            lanes=lanes,
            names={
                arn: contact.display_name or contact.alias
                for arn, contact in contacts.items()
                if contact is not None
            },
            now=now,
            arn=arn,
        )

    def _reader(self) -> Reader:
        return Reader(self.contacts, self.channels, self.rotations, self.overrides)


def _lane(reader: Reader, arn: str, since: datetime, until: datetime) -> sdk.CalendarLane:
    from ssm_contacts_sdk._oncall.calendar import CalendarLane  # noqa: PLC0415 - as above

    rotation = reader.rotation(arn)
    rotation_error = reader.error("rotation", arn)
    is_there = rotation is not None or rotation_error is not None
    return CalendarLane(
        rotation_arn=arn,
        name=arn.rpartition("/")[2] if rotation is None else rotation.name,
        time_zone_id=None if rotation is None else rotation.time_zone_id,
        shifts=reader.read_shifts(arn, since, until) if is_there else (),
        error=reader.error("shifts", arn),
        rotation_error=rotation_error,
    )


def _people_of(lane: sdk.CalendarLane) -> Iterator[str]:
    for shift in lane.shifts:
        yield from shift.contact_ids
        yield from shift.overridden_contact_ids or ()


def _in_whole_seconds(at: datetime) -> datetime:
    """Not earlier."""
    whole = at.replace(microsecond=0)
    return whole if whole == at else after(whole, _A_SECOND)


def _places_of_schedule(
    schedule_arn: str,
    plan: Plan,
    *,
    target_arn: str | None = None,
    stage_index: int | None = None,
) -> Iterator[Place]:
    # AWS does not say that a plan names each rotation once, and twice is no more than once.
    for rotation_arn in dict.fromkeys(plan.rotation_ids or ()):
        yield Place(
            rotation_arn=rotation_arn,
            schedule_arn=schedule_arn,
            target_arn=target_arn,
            stage_index=stage_index,
        )


def _places_of_escalation(reader: Reader, plan: Plan) -> Iterator[Place]:
    for index, stage in enumerate(plan.stages):
        for target in stage.targets:
            arn: str | None = getattr(target, "contact_id", None)
            contact = None if arn is None else reader.contact(arn)
            if arn is None:
                continue
            error = reader.error("contact", arn)
            if error is not None:
                yield Place(target_arn=arn, stage_index=index, error=error)
            elif contact is None:
                continue
            elif contact.type == ContactType.ONCALL_SCHEDULE:
                yield from _places_of_schedule(
                    contact.arn, contact.plan, target_arn=arn, stage_index=index
                )
            elif contact.type == ContactType.PERSONAL:
                yield Place(target_arn=arn, stage_index=index, person_arn=contact.arn)


def _on_call_violations(what: object, arn: object) -> Iterator[Violation]:
    if isinstance(what, (RotationRecord, RotationSummary)):
        yield from arn_violations("what", arn, ROTATION)
    # A rotation's ARN is one, and so is a contact's: only both refusing it is a violation.
    elif any(arn_violations("what", arn, CONTACT)) and any(arn_violations("what", arn, ROTATION)):
        yield Violation(
            "what",
            "must be a rotation or a contact: its record, its summary or its full ARN "
            "(arn:aws:ssm-contacts:REGION:ACCOUNT:contact/...), not an alias or a name",
        )


def _preview_violations(what: object) -> Iterator[Violation]:
    if isinstance(what, Plan):
        yield from part_violations("what", what, (Plan,))
    else:
        yield from arn_violations("what", arn_of(what), CONTACT)


def _assumptions_violations(assumptions: object) -> Iterator[Violation]:
    if assumptions is not None and not isinstance(assumptions, OnCallAssumptions):
        yield wrong_type("assumptions", "an OnCallAssumptions", assumptions)


def _at_violations(at: object, path: str = "at") -> Iterator[Violation]:
    if at is not None:
        yield from instant_violations(path, at)


def _year_violations(path: str, at: datetime) -> Iterator[Violation]:
    if not _FIRST_YEAR <= at.year <= _LAST_YEAR:
        yield Violation(path, f"must lie in the years {_FIRST_YEAR} to {_LAST_YEAR}")


def _length_violations(since: datetime, until: datetime) -> Iterator[Violation]:
    if until <= since:
        yield Violation("until", "must be after since")
    elif until - since > _LONGEST_CALENDAR:
        yield Violation("until", "must be at most 366 days after since")


def _acknowledge_violations(given: object) -> Iterator[Violation]:
    if not isinstance(given, Mapping):
        yield wrong_type("acknowledge", "a mapping of contacts to timedeltas", given)
        return
    for person, offset in cast("Mapping[object, object]", given).items():
        yield from arn_violations("acknowledge", arn_of(person), CONTACT)
        yield from _span_violations("acknowledge", offset)


def _span_violations(path: str, span: object) -> Iterator[Violation]:
    if not isinstance(span, timedelta):
        yield wrong_type(path, "a timedelta", span)
    elif span < timedelta(0):
        yield Violation(path, "must not be negative")


def _horizon_violations(horizon: object) -> Iterator[Violation]:
    if not isinstance(horizon, timedelta):
        yield wrong_type("horizon", "a timedelta", horizon)
    elif not timedelta(0) < horizon <= _LONGEST_AUDIT:
        yield Violation("horizon", "must be longer than nothing, and at most 366 days")
