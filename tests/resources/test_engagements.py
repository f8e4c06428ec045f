"""The embedded service does not carry out engagements yet: it is made to answer what AWS would."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import pytest
from refusing import Wrong, assert_refused
from sentinels import CODE, SUBJECT

from ssm_contacts_sdk import (
    AcceptCodeValidation,
    AcceptType,
    ContactsClient,
    ContactType,
    Engagement,
    EngagementSummary,
    Page,
    PageSummary,
    Receipt,
    ReceiptType,
    Resolution,
    TransportError,
)
from ssm_contacts_sdk.local import LocalService, lost_answer, raw_answer

ACCOUNT = "arn:aws:ssm-contacts:us-east-2:111122223333"
AKUA = f"{ACCOUNT}:contact/akuam"
SMS = f"{ACCOUNT}:contact-channel/akuam/1"
ENGAGEMENT = f"{ACCOUNT}:engagement/akuam/1"
PAGE = f"{ACCOUNT}:page/akuam/1"
JSON = "application/x-amz-json-1.1"
START = datetime(2021, 5, 18, 18, 25, 41, 151000, tzinfo=timezone.utc)
NAIVE = datetime(2025, 1, 6, 8, 0)  # noqa: DTZ001 - that is what is wrong with it
TEXTS: dict[str, Any] = {"sender": "cli", "subject": SUBJECT, "content": SUBJECT}


def answer(service: LocalService, operation: str, **members: Any) -> None:
    body = json.dumps(members).encode()
    service.faults.add(raw_answer(200, body, JSON, request_id=True), operation=operation)


def last_body(service: LocalService) -> dict[str, Any]:
    return dict(service.requests[-1].body)


def test_start_gives_what_was_sent_with_the_arn(
    service: LocalService, client: ContactsClient
) -> None:
    answer(service, "StartEngagement", EngagementArn=ENGAGEMENT)
    engagement = client.engagements.start(AKUA, **TEXTS)
    assert engagement == Engagement(arn=ENGAGEMENT, contact_arn=AKUA, **TEXTS)
    assert SUBJECT not in repr(engagement)
    body = last_body(service)
    assert len(body.pop("IdempotencyToken")) == 36
    assert body == {"ContactId": AKUA, "Sender": "cli", "Subject": SUBJECT, "Content": SUBJECT}


def test_what_is_for_sms_is_sent_apart(service: LocalService, client: ContactsClient) -> None:
    answer(service, "StartEngagement", EngagementArn=ENGAGEMENT)
    engagement = client.engagements.start(
        AKUA, **TEXTS, public_subject="look", public_content="mail", incident_id="i"
    )
    body = last_body(service)
    assert (body["PublicSubject"], body["PublicContent"]) == ("look", "mail")
    assert body["IncidentId"] == "i"
    assert (engagement.public_subject, engagement.incident_id) == ("look", "i")


def test_a_start_whose_answer_is_lost_is_repeated_with_its_token(
    service: LocalService, client: ContactsClient
) -> None:
    service.faults.add(lost_answer(), operation="StartEngagement", times=2)
    service.faults.add(
        raw_answer(200, json.dumps({"EngagementArn": ENGAGEMENT}).encode(), JSON, request_id=True),
        operation="StartEngagement",
        nth=3,
    )
    assert client.engagements.start(AKUA, **TEXTS).arn == ENGAGEMENT
    assert len({each.body["IdempotencyToken"] for each in service.requests}) == 1
    assert len(service.requests) == 3


def test_an_engagement_is_described_listed_and_stopped(
    service: LocalService, client: ContactsClient
) -> None:
    told = {"EngagementArn": ENGAGEMENT, "ContactArn": AKUA, "Sender": "cli"}
    answer(
        service,
        "DescribeEngagement",
        **told,
        Subject=SUBJECT,
        Content=SUBJECT,
        StartTime=START.timestamp(),
    )
    described = client.engagements.describe(ENGAGEMENT)
    assert (described.subject, described.start_time, described.stop_time) == (SUBJECT, START, None)
    answer(service, "ListEngagements", Engagements=[told | {"StopTime": START.timestamp()}])
    # Older boto3 drops fractions of a second from what is sent.
    since, until = START.replace(microsecond=0), START.replace(day=19, microsecond=0)
    listed = list(client.engagements.list(incident_id="i", start_time=since, end_time=until))
    assert listed == [
        EngagementSummary(arn=ENGAGEMENT, contact_arn=AKUA, sender="cli", stop_time=START)
    ]
    body = last_body(service)
    assert body["IncidentId"] == "i"
    assert body["TimeRangeValue"] == {
        "StartTime": since.timestamp(),
        "EndTime": until.timestamp(),
    }
    answer(service, "StopEngagement")
    client.engagements.stop(listed[0], reason="solved")
    assert last_body(service) == {"EngagementId": ENGAGEMENT, "Reason": "solved"}


def test_a_list_without_a_range_sends_none(service: LocalService, client: ContactsClient) -> None:
    answer(service, "ListEngagements", Engagements=[])
    assert list(client.engagements.list()) == []
    assert last_body(service) == {}


TOLD: dict[str, Any] = {
    "PageArn": PAGE,
    "EngagementArn": ENGAGEMENT,
    "ContactArn": AKUA,
    "Sender": "cli",
    "SentTime": START.timestamp(),
}
SUMMARY = PageSummary(
    arn=PAGE, engagement_arn=ENGAGEMENT, contact_arn=AKUA, sender="cli", sent_time=START
)


def test_pages_are_described_and_listed(service: LocalService, client: ContactsClient) -> None:
    answer(service, "DescribePage", **TOLD, Subject=SUBJECT, Content=SUBJECT)
    assert client.pages.describe(SUMMARY) == Page(
        arn=PAGE,
        engagement_arn=ENGAGEMENT,
        contact_arn=AKUA,
        sender="cli",
        sent_time=START,
        subject=SUBJECT,
        content=SUBJECT,
    )
    answer(service, "ListPagesByContact", Pages=[TOLD])
    assert list(client.pages.list_by_contact(AKUA, page_size=7)) == [SUMMARY]
    assert last_body(service) == {"ContactId": AKUA, "MaxResults": 7}
    answer(service, "ListPagesByEngagement", Pages=[TOLD])
    assert list(client.pages.list_by_engagement(ENGAGEMENT)) == [SUMMARY]
    assert last_body(service) == {"EngagementId": ENGAGEMENT}


def test_receipts_and_resolutions_are_read(service: LocalService, client: ContactsClient) -> None:
    receipt = {"ReceiptType": "READ", "ReceiptTime": START.timestamp(), "ReceiptInfo": CODE}
    answer(service, "ListPageReceipts", Receipts=[receipt | {"ContactChannelArn": SMS}])
    (read,) = client.pages.receipts(PAGE)
    assert read == Receipt(channel_arn=SMS, type=ReceiptType.READ, info=CODE, time=START)
    assert CODE not in repr(read)
    answer(
        service,
        "ListPageResolutions",
        PageResolutions=[{"ContactArn": AKUA, "Type": "PERSONAL", "StageIndex": 0}],
    )
    assert list(client.pages.resolutions(PAGE)) == [
        Resolution(contact_arn=AKUA, type=ContactType.PERSONAL, stage_index=0)
    ]
    assert last_body(service) == {"PageId": PAGE}


def test_a_page_is_accepted(service: LocalService, client: ContactsClient) -> None:
    answer(service, "AcceptPage")
    client.pages.accept(SUMMARY, CODE)
    assert last_body(service) == {"PageId": PAGE, "AcceptType": "READ", "AcceptCode": CODE}
    answer(service, "AcceptPage")
    client.pages.accept(
        PAGE,
        CODE,
        type=AcceptType.DELIVERED,
        channel=SMS,
        note="on it",
        code_validation=AcceptCodeValidation.ENFORCE,
    )
    assert last_body(service) == {
        "PageId": PAGE,
        "ContactChannelId": SMS,
        "AcceptType": "DELIVERED",
        "Note": "on it",
        "AcceptCode": CODE,
        "AcceptCodeValidation": "ENFORCE",
    }


def test_a_page_is_not_accepted_twice(service: LocalService, client: ContactsClient) -> None:
    service.faults.add(lost_answer(), times=None)
    with pytest.raises(TransportError, match="it may have been done: look before") as caught:
        client.pages.accept(PAGE, CODE)
    assert caught.value.attempts == len(service.requests) == 1


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
            "contact must be the ARN of a contact, not of a contact-channel",
            "sender may hold only",
            "subject must have 1 to 2048 characters, and has 0",
            "content must be a text, not NoneType",
            "public_subject must be a text, not int",
            "incident_id must have 0 to 1024 characters, and has 1025",
        ],
    ),
    ("engagements.stop", (AKUA,), {"reason": "x" * 256}, ["engagement must be", "reason must hav"]),
    (
        "engagements.describe",
        (PAGE,),
        {},
        ["engagement must be the ARN of an engagement, not"],
    ),
    (
        "engagements.list",
        (),
        {"start_time": NAIVE, "incident_id": 7, "page_size": 0},
        ["incident_id must be a text", "start_time must have a time zone", "page_size must be"],
    ),
    ("engagements.list", (), {"start_time": START, "end_time": START}, ["end_time must be after"]),
    ("pages.describe", (AKUA,), {}, ["page must be the ARN of a page, not of a contact"]),
    ("pages.list_by_contact", (PAGE,), {"page_size": 0}, ["contact must be", "page_size must be"]),
    ("pages.list_by_engagement", (PAGE,), {}, ["engagement must be the ARN of an engagement"]),
    (
        "pages.receipts",
        (AKUA,),
        {"next_token": ""},
        ["page must be the ARN", "next_token must"],
    ),
    ("pages.resolutions", (7,), {}, ["page must be the ARN of a page, or its record, not int"]),
    (
        "pages.accept",
        (AKUA, "12345"),
        {"type": "SEEN", "channel": AKUA, "note": "", "code_validation": 7},
        [
            "page must be the ARN of a page, not of a contact",
            "code must have 6 to 10 characters, and has 5",
            "type must be one of DELIVERED, READ",
            "channel must be the ARN of a contact-channel, not of a contact",
            "note must have 1 to 2048 characters, and has 0",
            "code_validation must be an AcceptCodeValidation, not int",
        ],
    ),
]


@pytest.mark.parametrize(("method", "arguments", "named", "told"), WRONG)
def test_wrong_arguments_are_all_told_at_once_and_nothing_is_sent(
    method: str, arguments: tuple[Any, ...], named: dict[str, Any], told: list[str]
) -> None:
    assert_refused(method, arguments, named, told)
