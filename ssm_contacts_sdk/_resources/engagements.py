"""``client.engagements``: engaging people, escalation plans and on-call schedules."""

from __future__ import annotations

from datetime import datetime, timedelta

from ssm_contacts_sdk._clock import Clock
from ssm_contacts_sdk._durations import Duration, as_timedelta
from ssm_contacts_sdk._models.arns import ContactArn, EngagementArn, arn_of
from ssm_contacts_sdk._models.contacts import ContactRef
from ssm_contacts_sdk._models.engagements import (
    Content,
    Engagement,
    EngagementRef,
    EngagementSummary,
    IncidentId,
    Sender,
    StopReason,
    Subject,
)
from ssm_contacts_sdk._operations import Arguments, Repeat, Response
from ssm_contacts_sdk._privacy import hides_all_arguments
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._resources.contacts import Contacts
from ssm_contacts_sdk._resources.declarations import (
    ENDS_AFTER_START,
    PAGE_SIZE,
    changes,
    creates,
    gets,
    instant,
    lists,
    plain,
    reference,
    str_in,
)
from ssm_contacts_sdk._resources.following.following import Following, follow_violations
from ssm_contacts_sdk._resources.following.plan_end import EndFinder
from ssm_contacts_sdk._resources.listing import Listing
from ssm_contacts_sdk._resources.pages import Pages
from ssm_contacts_sdk._resources.resource import Resource
from ssm_contacts_sdk._resources.rotations import Rotations
from ssm_contacts_sdk._schema.values import check_of, trusted_constructor
from ssm_contacts_sdk._schema.violations import raise_violations, under
from ssm_contacts_sdk._transport import Transport


def _started(arguments: Arguments, response: Response) -> Engagement:
    sent = {name: value for name, value in arguments.items() if name != "contact"}
    return trusted_constructor(Engagement)(
        arn=str_in(response, "EngagementArn"), contact_arn=arguments["contact"], **sent
    )


_ENGAGEMENT = reference("EngagementId", EngagementArn)

START = creates(
    "StartEngagement",
    "engagements.start",
    _started,
    Engagement,
    contact=reference("ContactId", ContactArn),
    sender=plain("Sender", Sender),
    subject=plain("Subject", Subject),
    content=plain("Content", Content),
    public_subject=plain("PublicSubject", Subject, optional=True),
    public_content=plain("PublicContent", Content, optional=True),
    incident_id=plain("IncidentId", IncidentId, optional=True),
)
STOP = changes(
    "StopEngagement",
    "engagements.stop",
    Repeat.SETS,
    engagement=_ENGAGEMENT,
    reason=plain("Reason", StopReason, optional=True),
)
DESCRIBE = gets("DescribeEngagement", "engagements.describe", Engagement, engagement=_ENGAGEMENT)
LIST = lists(
    "ListEngagements",
    "engagements.list",
    EngagementSummary,
    "Engagements",
    required=True,
    incident_id=plain("IncidentId", IncidentId, optional=True),
    start_time=instant("TimeRangeValue.StartTime", optional=True),
    end_time=instant("TimeRangeValue.EndTime", optional=True),
    page_size=PAGE_SIZE,
    rules=(ENDS_AFTER_START,),
)


@public
@hides_all_arguments
class Engagements(Resource):
    """Engaging people, escalation plans and on-call schedules.

    Every method may raise `ServiceError` and its subclasses, `TransportError`,
    `ResponseDecodeError` and `ConfigurationError`, in addition to the errors listed below.
    """

    def __init__(self, transport: Transport, clock: Clock) -> None:
        super().__init__(transport)
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
        r"""Engage a contact, so that **people are paged** (StartEngagement).

        >>> from ssm_contacts_sdk import Contact, ContactsClient, ContactType
        >>> client = ContactsClient.local()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> texts = {"sender": "cli", "subject": "down", "content": "the web shop is down"}
        >>> engagement = client.engagements.start(akua, **texts)
        >>> engagement.contact_arn == akua.arn
        True

        Args:
            contact: a person, an escalation plan or an on-call schedule, by record, summary or
                ARN.
            sender: who starts the engagement: at most 255 letters ``a`` to ``z``, digits, white
                space and ``\ _ @ # % * + = : ? . / ! -`` (AWS's model).
            subject: the subject on voice and e-mail channels, 1 to 2,048 characters.
            content: the message on voice and e-mail channels, 1 to 8,192 characters.
            public_subject: the subject on SMS channels, which are not secure.
            public_content: the message on SMS channels, which are not secure.
            incident_id: the ARN of the incident, at most 1,024 characters.
            idempotency_token: 1 to 2,048 characters. Calls with the same token start one
                engagement. By default each call has a new token, which all its attempts share.

        Returns:
            The engagement: what was sent, with the ARN that the service assigned. Its times are
            None.

        Raises:
            InvalidValueError: an argument breaks a rule; nobody was paged.
            ResourceNotFoundError: the contact does not exist.
            DataEncryptionError: the service cannot use its KMS key.
        """
        request = self._request(
            START,
            contact=contact,
            sender=sender,
            subject=subject,
            content=content,
            public_subject=public_subject,
            public_content=public_content,
            incident_id=incident_id,
            idempotency_token=idempotency_token,
        )
        del subject, content, public_subject, public_content, idempotency_token
        return self._send(request)

    def stop(self, engagement: EngagementRef, *, reason: str | None = None) -> None:
        """Stop an engagement: no more people are paged (StopEngagement).

        Pages that were sent are not withdrawn.

        >>> from ssm_contacts_sdk import Contact, ContactsClient, ContactType
        >>> client = ContactsClient.local()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> texts = {"sender": "cli", "subject": "down", "content": "the web shop is down"}
        >>> engagement = client.engagements.start(akua, **texts)
        >>> client.engagements.stop(engagement, reason="false alarm")
        >>> client.engagements.describe(engagement).stop_time is None
        False

        Args:
            engagement: its record, summary or ARN.
            reason: the reason, at most 255 characters.

        Raises:
            InvalidValueError: an argument breaks a rule.
            ResourceNotFoundError: the engagement does not exist.
        """
        request = self._request(STOP, engagement=engagement, reason=reason)
        del reason
        self._send(request)

    def describe(self, engagement: EngagementRef) -> Engagement:
        """Return an engagement with its message (DescribeEngagement).

        >>> from ssm_contacts_sdk import Contact, ContactsClient, ContactType
        >>> client = ContactsClient.local()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> texts = {"sender": "cli", "subject": "down", "content": "the web shop is down"}
        >>> engagement = client.engagements.start(akua, **texts)
        >>> client.engagements.describe(engagement).content
        'the web shop is down'

        Args:
            engagement: its record, summary or ARN.

        Raises:
            InvalidValueError: `engagement` is not the ARN of an engagement.
            ResourceNotFoundError: the engagement does not exist.
            DataEncryptionError: the service cannot use its KMS key.
        """
        return self._run(DESCRIBE, engagement=engagement)

    def list(
        self,
        *,
        incident_id: str | None = None,
        start_time: datetime | None = None,
        end_time: datetime | None = None,
        page_size: int | None = None,
        next_token: str | None = None,
    ) -> Listing[EngagementSummary]:
        """Return the engagements of the account, which are read lazily (ListEngagements).

        >>> from ssm_contacts_sdk import Contact, ContactsClient, ContactType
        >>> client = ContactsClient.local()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> texts = {"sender": "cli", "subject": "down", "content": "the web shop is down"}
        >>> engagement = client.engagements.start(akua, **texts)
        >>> [each.arn == engagement.arn for each in client.engagements.list()]
        [True]

        Args:
            incident_id: only engagements of this incident, by its ARN, at most 1,024 characters.
            start_time: only engagements that began at this time or later, with a time zone.
            end_time: only engagements that began until this time, with a time zone.
            page_size: the number of engagements to request at a time, 1 to 1,024. By default the
                service decides.
            next_token: the `next_token` of a page of an earlier list with the same filters. The
                list starts after that page.

        Returns:
            A `Listing` of summaries, without messages; its `by_page` returns whole pages.

        Raises:
            InvalidValueError: an argument breaks a rule.
        """
        return self._listing(
            LIST,
            incident_id=incident_id,
            start_time=start_time,
            end_time=end_time,
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
        * "acknowledged": a page was read, and either this person is essential in the plan, or no
          escalation plan is involved.
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
        raise_violations(
            "engagements.follow",
            under("engagement", check_of(EngagementArn)(arn)),
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
