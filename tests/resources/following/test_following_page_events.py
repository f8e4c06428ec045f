"""`client.engagements.follow`: the events of a page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from followed_engagements import (
    ALEJANDRO,
    ANA,
    ESCALATION,
    INTERVAL,
    SCHEDULE,
    channel,
    code_of,
    load_team,
    start_and_follow,
    summaries_of,
    summary_of,
)

from ssm_contacts_sdk import (
    ContactsClient,
    ContactType,
    Engagement,
    EngagementEscalated,
    PageEvent,
    Resolution,
)
from ssm_contacts_sdk._models.events import stage_of
from ssm_contacts_sdk.local import (
    Assumptions,
    Effect,
    LocalService,
    raw_response,
)
from ssm_contacts_sdk.local._clock import DEFAULT_START


def test_each_failed_attempt_to_send_a_page_is_an_event(
    service: LocalService, client: ContactsClient
) -> None:
    service.delivery.fail(channel(ALEJANDRO), times=2)
    events = list(start_and_follow(client, ALEJANDRO))
    assert summaries_of(events) == [
        ("0:00:00", "ERROR", "alejr/0"),
        ("0:01:00", "ERROR", "alejr/0"),
        ("0:02:00", "SENT", "alejr/0"),
        ("0:05:00", "plan_completed", ""),
    ]
    failed, *_ = events
    assert isinstance(failed, PageEvent)
    assert failed.page.sent_time is None
    assert failed.info == "The message could not be sent."


def receipts(*these: Mapping[str, Any]) -> Effect:
    body = json.dumps({"Receipts": these}).encode()
    return raw_response(200, body, "application/x-amz-json-1.1", request_id=True)


@pytest.mark.parametrize("times", [1, 2, None])
def test_a_page_time_without_a_receipt_is_an_event(
    service: LocalService, client: ContactsClient, times: int | None
) -> None:
    service.faults.add(receipts(), operation="ListPageReceipts", times=times)
    following = start_and_follow(client, ALEJANDRO)
    first = next(following)
    assert summary_of(first) == ("0:00:00", "SENT", "")
    assert isinstance(first, PageEvent)
    client.pages.accept(first.page, code_of(service, first.page.arn))
    kinds = [kind for _, kind, _ in summaries_of(following)]
    assert kinds == ["DELIVERED", "READ", "acknowledged"]


@pytest.mark.parametrize("late", [0, 1])
@pytest.mark.parametrize("apart", [timedelta(milliseconds=20), timedelta(milliseconds=-20)])
def test_a_receipt_and_a_page_time_that_differ_a_little_are_one_event(
    service: LocalService, client: ContactsClient, apart: timedelta, late: int
) -> None:
    at = (DEFAULT_START + apart).timestamp()
    sent = receipts({"ReceiptType": "SENT", "ReceiptTime": at})
    if late:
        service.faults.add(receipts(), operation="ListPageReceipts", times=late)
    service.faults.add(sent, operation="ListPageReceipts", nth=late + 1, times=None)
    events = start_and_follow(client, ALEJANDRO)
    assert [kind for _, kind, _ in summaries_of(events)] == ["SENT", "plan_completed"]


def test_a_receipt_of_another_time_is_another_event(
    service: LocalService, client: ContactsClient
) -> None:
    at = (DEFAULT_START + timedelta(seconds=2)).timestamp()
    service.faults.add(receipts(), operation="ListPageReceipts")
    sent = receipts({"ReceiptType": "SENT", "ReceiptTime": at})
    service.faults.add(sent, operation="ListPageReceipts", nth=2, times=None)
    events = start_and_follow(client, ALEJANDRO)
    assert summaries_of(events) == [
        ("0:00:00", "SENT", ""),
        ("0:00:02", "SENT", ""),
        ("0:05:00", "plan_completed", ""),
    ]


def test_receipts_that_are_missing_for_some_polls_are_not_repeated(
    service: LocalService, client: ContactsClient
) -> None:
    service.faults.add(receipts(), operation="ListPageReceipts", nth=3, times=4)
    events = start_and_follow(client, ALEJANDRO)
    assert [kind for _, kind, _ in summaries_of(events)] == ["SENT", "plan_completed"]


def test_a_receipt_of_an_unknown_type_is_an_event(
    service: LocalService, client: ContactsClient, engagement: Engagement
) -> None:
    snooze = {"ReceiptType": "SNOOZED", "ReceiptTime": DEFAULT_START.timestamp()}
    service.faults.add(receipts(snooze), operation="ListPageReceipts")
    following = client.engagements.follow(engagement, interval=INTERVAL)
    sent, snoozed = next(following), next(following)
    assert (summary_of(sent)[1], summary_of(snoozed)[1]) == ("SENT", "SNOOZED")
    assert isinstance(snoozed, PageEvent)
    assert not snoozed.type.is_known


def test_reaching_the_person_on_call_in_a_schedule_is_an_escalation(client: ContactsClient) -> None:
    events = start_and_follow(client, SCHEDULE)
    first = next(events)
    assert isinstance(first, EngagementEscalated)
    assert (first.contact_arn, first.schedule_arn, first.stage_index) == (ANA, SCHEDULE, None)
    assert summaries_of(events) == [
        ("0:00:00", "SENT", "anasi/0"),
        ("0:05:00", "plan_completed", ""),
    ]


def test_the_stage_of_a_path_is_the_one_nearest_to_the_person() -> None:
    path = [
        Resolution(contact_arn=ESCALATION, type=ContactType.ESCALATION, stage_index=1),
        Resolution(contact_arn=SCHEDULE, type=ContactType.ONCALL_SCHEDULE, stage_index=2),
        Resolution(contact_arn=ANA, type=ContactType.PERSONAL, stage_index=None),
    ]
    assert stage_of(path) == 2


@pytest.mark.parametrize("first_stage_index", [0, 1])
def test_the_first_stage_is_recognized_if_it_is_0_or_1(
    first_stage_index: Any,
) -> None:
    service = LocalService(assumptions=Assumptions(first_stage_index=first_stage_index))
    load_team(service)
    client = service.client()
    events = start_and_follow(client, ESCALATION)
    escalated = [each.contact_arn for each in events if isinstance(each, EngagementEscalated)]
    assert escalated == [ALEJANDRO, ANA]
