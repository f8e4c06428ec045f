from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from arns import PREFIX, channel_arn, contact_arn, engagement_arn, page_arn
from attrs import evolve
from rejecting import Wrong, assert_rejected
from scenarios import over_at
from sentinels import CODE, PHONE, SUBJECT

from ssm_contacts_sdk import (
    AcceptCodeValidation,
    AcceptType,
    Channel,
    ChannelRecord,
    Contact,
    ContactRecord,
    ContactsClient,
    ContactType,
    Engagement,
    EngagementSummary,
    Page,
    PageSummary,
    Plan,
    Receipt,
    ReceiptType,
    Resolution,
    ResourceNotFoundError,
    TransportError,
    ValidationError,
)
from ssm_contacts_sdk.local import Assumptions, LocalService, lost_response
from ssm_contacts_sdk.local._clock import DEFAULT_START

AKUA = contact_arn("akuam")
SMS = channel_arn("akuam")
ENGAGEMENT = engagement_arn("akuam")
PAGE = page_arn("akuam")
START = DEFAULT_START + timedelta(milliseconds=151)
NAIVE = datetime(2025, 1, 6, 8, 0)  # noqa: DTZ001 - that is what is wrong with it
TEXTS: dict[str, Any] = {"sender": "cli", "subject": SUBJECT, "content": SUBJECT}


def last_body(service: LocalService) -> dict[str, Any]:
    return dict(service.requests[-1].body)


def bodies_of(service: LocalService, operation: str) -> list[dict[str, Any]]:
    return [dict(each.body) for each in service.requests if each.operation == operation]


def paged(service: LocalService) -> list[str]:
    """Return the ARNs of the channels that were paged."""
    return [message.channel_arn for message in service.outbox if message.kind == "page"]


def code_of(service: LocalService, page: PageSummary) -> str:
    """Return the code on the phone."""
    return next(str(each.code) for each in service.outbox if each.page_arn == page.arn)


@pytest.fixture
def akua(service: LocalService, client: ContactsClient) -> ContactRecord:
    """Return a person who is paged by SMS, and then has five minutes."""
    service.clock.advance(seconds=0.151)
    akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
    sms = client.channels.create(akua, Channel.sms("sms", PHONE))
    client.channels.activate(sms, service.code_for(sms))
    client.contacts.update(akua, plan=Plan.engagement().stage(minutes=5).channel(sms).build())
    return akua


@pytest.fixture
def sms(client: ContactsClient, akua: ContactRecord) -> ChannelRecord:
    return next(client.channels.list(akua))


@pytest.fixture
def engagement(client: ContactsClient, akua: ContactRecord) -> Engagement:
    return client.engagements.start(akua, **TEXTS)


@pytest.fixture
def page(client: ContactsClient, engagement: Engagement) -> PageSummary:
    return next(client.pages.list_by_engagement(engagement))


# Engagements


def test_start_returns_what_was_sent_with_its_arn_and_sends_one_request(
    service: LocalService, client: ContactsClient, akua: ContactRecord
) -> None:
    before = len(service.requests)
    engagement = client.engagements.start(akua, **TEXTS)
    assert len(service.requests) == before + 1
    assert engagement == Engagement(arn=engagement.arn, contact_arn=AKUA, **TEXTS)
    assert engagement.arn.startswith(f"{PREFIX}engagement/akuam/")
    assert SUBJECT not in repr(engagement)
    body = last_body(service)
    assert len(body.pop("IdempotencyToken")) == 32
    assert body == {"ContactId": AKUA, "Sender": "cli", "Subject": SUBJECT, "Content": SUBJECT}
    assert client.engagements.describe(engagement) == evolve(engagement, start_time=START)


def test_the_message_for_sms_is_sent_separately(
    service: LocalService, client: ContactsClient, akua: ContactRecord
) -> None:
    engagement = client.engagements.start(
        akua, **TEXTS, public_subject="look", public_content="mail", incident_id="i"
    )
    body = last_body(service)
    assert (body["PublicSubject"], body["PublicContent"]) == ("look", "mail")
    assert body["IncidentId"] == "i"
    assert (engagement.public_subject, engagement.incident_id) == ("look", "i")
    assert client.engagements.describe(engagement) == evolve(engagement, start_time=START)
    message = service.outbox[-1]
    assert (message.subject, message.content) == ("look", "mail")


def test_a_start_whose_response_is_lost_is_repeated_with_its_token_and_pages_once(
    service: LocalService, client: ContactsClient, akua: ContactRecord, sms: ChannelRecord
) -> None:
    service.faults.add(lost_response(), operation="StartEngagement", times=2)
    engagement = client.engagements.start(akua, **TEXTS)
    bodies = bodies_of(service, "StartEngagement")
    assert len(bodies) == 3
    assert len({each["IdempotencyToken"] for each in bodies}) == 1
    assert [each.arn for each in client.engagements.list()] == [engagement.arn]
    assert paged(service) == [sms.arn]


def test_an_engagement_is_described_listed_and_stopped(
    service: LocalService, client: ContactsClient, akua: ContactRecord, engagement: Engagement
) -> None:
    described = client.engagements.describe(engagement.arn)
    assert (described.subject, described.start_time, described.stop_time) == (SUBJECT, START, None)
    incident = client.engagements.start(akua, **TEXTS, incident_id="i")
    # Older boto3 drops fractions of a second from what is sent.
    since, until = DEFAULT_START, DEFAULT_START.replace(day=19)
    listed = list(client.engagements.list(incident_id="i", start_time=since, end_time=until))
    assert listed == [
        EngagementSummary(
            arn=incident.arn, contact_arn=AKUA, sender="cli", incident_id="i", start_time=START
        )
    ]
    assert last_body(service) == {
        "IncidentId": "i",
        "TimeRangeValue": {"StartTime": since.timestamp(), "EndTime": until.timestamp()},
    }
    service.clock.advance(minutes=1)
    client.engagements.stop(listed[0], reason="solved")
    assert last_body(service) == {"EngagementId": incident.arn, "Reason": "solved"}
    # The newest engagement is first.
    assert list(client.engagements.list()) == [
        evolve(listed[0], stop_time=START + timedelta(minutes=1)),
        EngagementSummary(
            arn=engagement.arn, contact_arn=AKUA, sender="cli", start_time=START, stop_time=None
        ),
    ]


def test_a_list_without_a_range_sends_none(
    service: LocalService, client: ContactsClient, engagement: Engagement
) -> None:
    assert [each.arn for each in client.engagements.list()] == [engagement.arn]
    assert last_body(service) == {}


def test_engagements_are_listed_in_pages_that_can_be_resumed(
    service: LocalService, client: ContactsClient, akua: ContactRecord
) -> None:
    made = [client.engagements.start(akua, **TEXTS).arn for _ in range(3)]
    first = next(iter(client.engagements.list(page_size=2).by_page()))
    rest = client.engagements.list(page_size=2, next_token=first.next_token)
    assert [each.arn for each in (*first.items, *rest)] == made[::-1]


def test_an_engagement_that_does_not_exist_is_not_found(client: ContactsClient) -> None:
    for act in (
        lambda: client.engagements.describe(ENGAGEMENT),
        lambda: client.engagements.stop(ENGAGEMENT),
        lambda: next(client.pages.list_by_engagement(ENGAGEMENT)),
    ):
        with pytest.raises(ResourceNotFoundError) as caught:
            act()
        assert (caught.value.resource_id, caught.value.resource_type) == (ENGAGEMENT, "engagement")


# Pages


def test_pages_are_described_and_listed(
    service: LocalService, client: ContactsClient, engagement: Engagement, page: PageSummary
) -> None:
    assert page == PageSummary(
        arn=page.arn,
        engagement_arn=engagement.arn,
        contact_arn=AKUA,
        sender="cli",
        sent_time=START,
    )
    described = client.pages.describe(page)
    assert described == Page(
        arn=page.arn,
        engagement_arn=engagement.arn,
        contact_arn=AKUA,
        sender="cli",
        sent_time=START,
        subject=SUBJECT,
        content=SUBJECT,
    )
    assert SUBJECT not in repr(described)
    assert list(client.pages.list_by_contact(AKUA, page_size=7)) == [page]
    assert last_body(service) == {"ContactId": AKUA, "MaxResults": 7}
    assert list(client.pages.list_by_engagement(engagement.arn)) == [page]
    assert last_body(service) == {"EngagementId": engagement.arn}


def test_a_page_that_does_not_exist_is_not_found(client: ContactsClient) -> None:
    for act in (
        lambda: client.pages.describe(PAGE),
        lambda: client.pages.accept(PAGE, CODE),
        lambda: next(client.pages.receipts(PAGE)),
        lambda: next(client.pages.resolutions(PAGE)),
    ):
        with pytest.raises(ResourceNotFoundError) as caught:
            act()
        assert (caught.value.resource_id, caught.value.resource_type) == (PAGE, "page")


def test_receipts_are_read(
    service: LocalService, client: ContactsClient, page: PageSummary, sms: ChannelRecord
) -> None:
    client.pages.accept(page, CODE, code_validation=AcceptCodeValidation.IGNORE)
    delivered, read, sent = client.pages.receipts(page, page_size=2)
    assert delivered == Receipt(
        channel_arn=sms.arn, type=ReceiptType.DELIVERED, info=CODE, time=START
    )
    assert read == evolve(delivered, type=ReceiptType.READ)
    assert CODE not in repr(read)
    assert (sent.channel_arn, sent.type, sent.time) == (sms.arn, ReceiptType.SENT, START)
    tokens = [body.get("NextToken") for body in bodies_of(service, "ListPageReceipts")]
    assert [token is None for token in tokens] == [True, False]


@pytest.mark.parametrize("page_size", [50, 1])
def test_resolutions_are_read_also_in_pages(page_size: int) -> None:
    service = LocalService(assumptions=Assumptions(page_size=page_size))
    client = service.client()
    akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
    sms = client.channels.create(akua, Channel.sms("sms", PHONE))
    client.channels.activate(sms, service.code_for(sms))
    client.contacts.update(akua, plan=Plan.engagement().stage(minutes=5).channel(sms).build())
    escalation = client.contacts.create(
        Contact(
            alias="escalation",
            type=ContactType.ESCALATION,
            plan=Plan.escalation().stage(minutes=5).contact(akua, essential=True).build(),
        )
    )
    engagement = client.engagements.start(escalation, **TEXTS)
    page = next(client.pages.list_by_engagement(engagement))
    assert list(client.pages.resolutions(page)) == [
        Resolution(contact_arn=escalation.arn, type=ContactType.ESCALATION),
        Resolution(contact_arn=AKUA, type=ContactType.PERSONAL, stage_index=0),
    ]
    bodies = bodies_of(service, "ListPageResolutions")
    assert bodies[0] == {"PageId": page.arn}
    assert len(bodies) == (2 if page_size == 1 else 1)


def test_a_page_is_accepted(
    service: LocalService, client: ContactsClient, engagement: Engagement, page: PageSummary
) -> None:
    code = code_of(service, page)
    service.clock.advance(minutes=1)
    client.pages.accept(page, code)
    assert last_body(service) == {"PageId": page.arn, "AcceptType": "READ", "AcceptCode": code}
    then = START + timedelta(minutes=1)
    listed = next(client.pages.list_by_contact(AKUA))
    assert listed == evolve(page, delivery_time=then, read_time=then)
    # An acknowledgement stops the plan, but the service does not report it.
    assert client.engagements.describe(engagement).stop_time is None
    assert over_at(service, engagement) == then


def test_a_page_is_accepted_with_all_arguments(
    service: LocalService, client: ContactsClient, page: PageSummary, sms: ChannelRecord
) -> None:
    code = code_of(service, page)
    client.pages.accept(
        page.arn,
        code,
        type=AcceptType.DELIVERED,
        channel=sms,
        note="on it",
        code_validation=AcceptCodeValidation.ENFORCE,
    )
    assert last_body(service) == {
        "PageId": page.arn,
        "ContactChannelId": sms.arn,
        "AcceptType": "DELIVERED",
        "Note": "on it",
        "AcceptCode": code,
        "AcceptCodeValidation": "ENFORCE",
    }
    described = client.pages.describe(page)
    assert (described.delivery_time, described.read_time) == (START, None)


def test_a_wrong_code_is_rejected_and_not_repeated(
    client: ContactsClient, page: PageSummary
) -> None:
    with pytest.raises(ValidationError) as caught:
        client.pages.accept(page, CODE, code_validation=AcceptCodeValidation.ENFORCE)
    assert CODE not in str(caught.value)
    assert client.pages.describe(page).read_time is None


def test_an_acceptance_whose_response_is_lost_is_not_repeated(
    service: LocalService, client: ContactsClient, page: PageSummary
) -> None:
    code = code_of(service, page)
    service.faults.add(lost_response(), operation="AcceptPage", times=None)
    with pytest.raises(
        TransportError, match="the outcome is unknown: check the resource before"
    ) as caught:
        client.pages.accept(page, code)
    assert caught.value.attempts == len(bodies_of(service, "AcceptPage")) == 1
    # The request was carried out.
    assert client.pages.describe(page).read_time == START


WRONG: Wrong = [
    (
        "engagements.start",
        (SMS,),
        {
            "sender": "ü",
            "subject": "",
            "content": None,
            "public_subject": 7,
            "incident_id": "i" * 1025,
        },
        [
            ("contact", "wrong_kind_of_arn"),
            ("sender", "wrong_characters"),
            ("subject", "too_short"),
            ("content", "wrong_type"),
            ("public_subject", "wrong_type"),
            ("incident_id", "too_long"),
        ],
    ),
    (
        "engagements.stop",
        (AKUA,),
        {"reason": "x" * 256},
        [("engagement", "wrong_kind_of_arn"), ("reason", "too_long")],
    ),
    ("engagements.describe", (PAGE,), {}, [("engagement", "wrong_kind_of_arn")]),
    (
        "engagements.list",
        (),
        {"start_time": NAIVE, "incident_id": 7, "page_size": 0},
        [
            ("incident_id", "wrong_type"),
            ("start_time", "no_time_zone"),
            ("page_size", "too_small"),
        ],
    ),
    (
        "engagements.list",
        (),
        {"start_time": START, "end_time": START},
        [("end_time", "conflict")],
    ),
    ("pages.describe", (AKUA,), {}, [("page", "wrong_kind_of_arn")]),
    (
        "pages.list_by_contact",
        (PAGE,),
        {"page_size": 0},
        [("contact", "wrong_kind_of_arn"), ("page_size", "too_small")],
    ),
    ("pages.list_by_engagement", (PAGE,), {}, [("engagement", "wrong_kind_of_arn")]),
    (
        "pages.receipts",
        (AKUA,),
        {"next_token": ""},
        [("page", "wrong_kind_of_arn"), ("next_token", "too_short")],
    ),
    ("pages.resolutions", (7,), {}, [("page", "wrong_type")]),
    (
        "pages.accept",
        (AKUA, "12345"),
        {"type": "SEEN", "channel": AKUA, "note": "", "code_validation": 7},
        [
            ("page", "wrong_kind_of_arn"),
            ("code", "too_short"),
            ("type", "unknown_choice"),
            ("channel", "wrong_kind_of_arn"),
            ("note", "too_short"),
            ("code_validation", "wrong_type"),
        ],
    ),
]


@pytest.mark.parametrize(("method", "arguments", "named", "expected"), WRONG)
def test_all_violations_are_raised_at_once_and_nothing_is_sent(
    method: str,
    arguments: tuple[Any, ...],
    named: dict[str, Any],
    expected: list[tuple[str, str]],
) -> None:
    assert_rejected(method, arguments, named, expected)
