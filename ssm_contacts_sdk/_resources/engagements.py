"""``client.engagements``: calling a contact, an escalation or a schedule to help."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from ssm_contacts_sdk._clock import Clock
from ssm_contacts_sdk._durations import Duration, as_timedelta
from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._models.arns import CONTACT, ENGAGEMENT, arn_of, arn_violations
from ssm_contacts_sdk._models.contacts import ContactRef
from ssm_contacts_sdk._models.engagements import (
    CONTENT,
    INCIDENT_ID,
    SENDER,
    STOP_REASON,
    SUBJECT,
    Engagement,
    EngagementRef,
    EngagementSummary,
)
from ssm_contacts_sdk._models.rules import check
from ssm_contacts_sdk._models.times import instant_violations, interval_violations
from ssm_contacts_sdk._privacy import hides_all_arguments
from ssm_contacts_sdk._resources.arguments import checked_arn, given, token_violations
from ssm_contacts_sdk._resources.contacts import Contacts
from ssm_contacts_sdk._resources.following.following import Following, follow_violations
from ssm_contacts_sdk._resources.following.plan_end import EndFinder
from ssm_contacts_sdk._resources.listing import Listing, listing, paging_violations
from ssm_contacts_sdk._resources.pages import Pages
from ssm_contacts_sdk._resources.rotations import Rotations
from ssm_contacts_sdk._transport import Request, Response, Transport, discard
from ssm_contacts_sdk._wire import from_response, items_of


@hides_all_arguments
class Engagements:
    """Calling a person, an escalation or a schedule to help.

    Every method may raise `ServiceError` and its kin, `TransportError`, `ResponseDecodeError` and
    `ConfigurationError`; what is said below comes on top.
    """

    def __init__(self, transport: Transport, clock: Clock) -> None:
        self._transport = transport
        self._clock = clock

    def start(
        self,
        contact: ContactRef,
        *,
        sender: str,
        subject: str,
        content: str,
        public_subject: str | None = None,
        public_content: str | None = None,
        incident_id: str | None = None,
        idempotency_token: str | None = None,
    ) -> Engagement:
        r"""Engage a contact: **people will be paged** (StartEngagement).

        Args:
            contact: whom, by its record, summary or ARN: a person, an escalation or a schedule.
            sender: who asks, at most 255 letters ``a`` to ``z``, digits, white space and
                ``\ _ @ # % * + = : ? . / ! -`` (AWS's model).
            subject: what voice and e-mail say it is about, 1 to 2,048 characters.
            content: what voice and e-mail say, 1 to 8,192 characters.
            public_subject: what SMS, which is not secure, says it is about.
            public_content: what SMS, which is not secure, says.
            incident_id: the ARN of the incident that it is for, at most 1,024 characters.
            idempotency_token: 1 to 2,048 characters. The same token engages once; left out, each
                call has a new one, which all its attempts share.

        Returns:
            What was sent, with the ARN that the service gave it; its times are not known yet.

        Raises:
            InvalidValueError: an argument that breaks a rule; nobody was paged.
            ResourceNotFoundError: there is no such contact.
            DataEncryptionError: the service cannot use its KMS key.
        """
        texts = given(
            Sender=sender,
            Subject=subject,
            Content=content,
            PublicSubject=public_subject,
            PublicContent=public_content,
            IncidentId=incident_id,
        )
        start = _start(arn_of(contact), texts, idempotency_token)
        del subject, content, public_subject, public_content, idempotency_token, texts
        return self._transport.send(start)

    def stop(self, engagement: EngagementRef, *, reason: str | None = None) -> None:
        """Engage nobody further (StopEngagement). Those who were paged stay paged.

        Args:
            engagement: its record, summary or ARN.
            reason: why, at most 255 characters.

        Raises:
            InvalidValueError: an argument that breaks a rule.
            ResourceNotFoundError: there is no such engagement.
        """
        arn = arn_of(engagement)
        check("engagements.stop", _stop_violations(arn, reason))
        stop = Request.of("StopEngagement", given(EngagementId=arn, Reason=reason), discard)
        del reason
        self._transport.send(stop)

    def describe(self, engagement: EngagementRef) -> Engagement:
        """Read an engagement (DescribeEngagement).

        Args:
            engagement: its record, summary or ARN.

        Raises:
            InvalidValueError: `engagement` is not an engagement's ARN.
            ResourceNotFoundError: there is no such engagement.
            DataEncryptionError: the service cannot use its KMS key.
        """
        arn = checked_arn("engagements.describe", "engagement", engagement, ENGAGEMENT)
        return self._transport.send(
            Request.of("DescribeEngagement", {"EngagementId": arn}, _read_engagement)
        )

    def list(
        self,
        *,
        incident_id: str | None = None,
        start_time: datetime | None = None,
        end_time: datetime | None = None,
        page_size: int | None = None,
        next_token: str | None = None,
    ) -> Listing[EngagementSummary]:
        """List the engagements of the account, lazily (ListEngagements).

        Args:
            incident_id: only those of this incident, by its ARN, at most 1,024 characters.
            start_time: only those that began from then on, with a time zone.
            end_time: only those that began until then, with a time zone.
            page_size: 1 to 1,024 engagements are asked for at a time; the service decides when
                left out.
            next_token: where an earlier list with the same filters stopped.

        Returns:
            A `Listing` of summaries, without texts; its `by_page` gives whole pages.

        Raises:
            InvalidValueError: an argument that breaks a rule.
        """
        check(
            "engagements.list",
            _list_violations(incident_id, start_time, end_time),
            paging_violations(page_size, next_token),
        )
        time_range = given(StartTime=start_time, EndTime=end_time)
        return listing(
            self._transport,
            "ListEngagements",
            given(IncidentId=incident_id, TimeRangeValue=time_range or None),
            _read_summaries,
            page_size=page_size,
            next_token=next_token,
        )

    def follow(
        self,
        engagement: EngagementRef,
        *,
        timeout: Duration | None = timedelta(hours=1),
        interval: Duration = timedelta(seconds=5),
        grace: Duration = timedelta(minutes=5),
    ) -> Following:
        """Return the events of an engagement, past and future, until it is over.

        Each event is returned once, in the order of its time as far as that is known:

        * `PageEvent`: a page was sent on a channel, could not be sent, was delivered, or was read.
        * `EngagementEscalated`: the engagement has reached somebody else.
        * `PlanUnknown`: the plan does not determine when the engagement is over (see below).
        * `FollowEnded`, always the last event: why the engagement is not followed any more.

        The reasons of `FollowEnded` are:

        * "stopped": the service reports a StopTime (`EngagementStopped`). AWS seems to set it for
          StopEngagement only, so this package concludes the other ends from the plan.
        * "acknowledged": a page was read, and either the plan says that this person is essential,
          or no escalation plan is involved.
        * "plan_completed": everybody in the plan has been tried, nobody essential has
          acknowledged, and `grace` has passed since.
        * "timeout": the engagement is not over at the timeout. After this event the iterator
          raises `FollowTimeoutError`.

        To conclude the end, it reads the plan of the contact, the contacts that the plan names,
        and who is on call (GetContact and ListRotationShifts): once at the beginning, and once
        before it returns the end. If they cannot be read, or the plan has changed, there is a
        `PlanUnknown` event, and only a StopTime or the timeout ends the iteration.

        It sends no request before the first event is needed. Then it polls the service
        (DescribeEngagement, ListPagesByEngagement, ListPageReceipts and ListPageResolutions), and
        waits on the client's clock between polls.

        >>> from ssm_contacts_sdk import Contact, ContactsClient, ContactType
        >>> client = ContactsClient.local()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> texts = {"sender": "cli", "subject": "down", "content": "down"}
        >>> for event in client.engagements.follow(client.engagements.start(akua, **texts)):
        ...     print(type(event).__name__, event.reason, event.source)
        FollowEnded plan_completed client

        Args:
            engagement: its record, summary or ARN. It may have ended long ago.
            timeout: how long to follow it after the first event is needed, as a timedelta or in
                seconds; None for no limit.
            interval: the time between polls, as a timedelta or in seconds: 1 second to 1 hour. It
                respects the request rates that AWS publishes: if there are many pages, it reads
                the receipts of the unchanged ones in turn.
            grace: how long to wait for an acknowledgement after everybody has been tried, as a
                timedelta or in seconds. The last stage of a plan can have 0 minutes, and people
                need time to respond.

        Returns:
            An iterator of events. It can be continued after an error, and no event is lost.

        Raises:
            InvalidValueError: an argument is invalid.
            FollowTimeoutError: after its last event, if the engagement is not over at the timeout.
            ResourceNotFoundError: while iterating, if the engagement or one of its pages does not
                exist.
        """
        arn = arn_of(engagement)
        check(
            "engagements.follow",
            arn_violations("engagement", arn, ENGAGEMENT),
            follow_violations(timeout, interval, grace),
        )
        return Following(
            arn,
            self.describe,
            Pages(self._transport),
            self._clock,
            EndFinder(Contacts(self._transport), Rotations(self._transport), as_timedelta(grace)),
            timeout=None if timeout is None else as_timedelta(timeout),
            interval=as_timedelta(interval),
        )


def _read_engagement(response: Response) -> Engagement:
    return from_response(Engagement, response)


def _read_summaries(response: Response) -> tuple[EngagementSummary, ...]:
    return items_of(EngagementSummary, response, "Engagements")


_TEXTS = {
    "Sender": ("sender", SENDER),
    "Subject": ("subject", SUBJECT),
    "Content": ("content", CONTENT),
    "PublicSubject": ("public_subject", SUBJECT),
    "PublicContent": ("public_content", CONTENT),
    "IncidentId": ("incident_id", INCIDENT_ID),
}
_NEEDED = ("Sender", "Subject", "Content")


def _start(contact: str, texts: Mapping[str, object], token: str | None) -> Request[Engagement]:
    check("engagements.start", _start_violations(contact, texts, token))

    def read(response: Response) -> Engagement:
        return from_response(Engagement, {**response, **texts, "ContactArn": contact})

    return Request.of("StartEngagement", {"ContactId": contact, **texts}, read, token)


def _start_violations(
    arn: object, texts: Mapping[str, object], token: object
) -> Iterator[Violation]:
    yield from arn_violations("contact", arn, CONTACT)
    for member, (name, rule) in _TEXTS.items():
        if member in texts or member in _NEEDED:
            yield from rule.violations(name, texts.get(member))
    yield from token_violations(token)


def _stop_violations(arn: object, reason: object) -> Iterator[Violation]:
    yield from arn_violations("engagement", arn, ENGAGEMENT)
    if reason is not None:
        yield from STOP_REASON.violations("reason", reason)


def _list_violations(
    incident_id: object, start_time: object, end_time: object
) -> Iterator[Violation]:
    if incident_id is not None:
        yield from INCIDENT_ID.violations("incident_id", incident_id)
    for name, instant in (("start_time", start_time), ("end_time", end_time)):
        if instant is not None:
            yield from instant_violations(name, instant)
    yield from interval_violations("end_time", start_time, end_time)
