"""Instants between two milliseconds, and the end of the calendar."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from arns import channel_arn, contact_arn
from scenarios import Scenario

from ssm_contacts_sdk.local import LocalClock, LocalService

MAX = datetime.max.replace(tzinfo=timezone.utc)
# The years of the times that the service accepts.
LAST_YEAR, NO_YEAR = (datetime(year, 1, 1, tzinfo=timezone.utc) for year in (9998, 9999))
NINE: Any = {"HourOfDay": 9, "MinuteOfHour": 0}


def request(service: LocalService, operation: str, **body: Any) -> Any:
    # Without botocore, which cannot read such dates in every time zone.
    response = service.handle(f"SSMContacts.{operation}", {}, json.dumps(body).encode())
    assert response.status == 200, response.body
    return json.loads(response.body)


@pytest.mark.parametrize("short", [0.0004, 0.0001, 0.000001])
def test_events_due_in_less_than_a_millisecond_do_not_run_yet(short: float) -> None:
    scenario = Scenario()
    scenario.engage(scenario.person("akuam", 5, 5))
    due = scenario.since + timedelta(minutes=5)
    scenario.service.clock.move_to(due - timedelta(seconds=short))
    assert scenario.sends() == [(0, "akuam")]
    assert all(entry.at <= scenario.service.clock.now() for entry in scenario.service.journal)
    scenario.service.clock.move_to(due)
    assert scenario.sends() == [(0, "akuam"), (5, "akuam")]


def test_no_event_is_later_than_the_clock() -> None:
    now = datetime(2025, 1, 6, 9, 4, 59, 999_600, tzinfo=timezone.utc)
    service = LocalService(clock=LocalClock(now))
    scenario = Scenario(service)
    scenario.engage(scenario.person("akuam", 5))
    (sent,) = service.outbox
    assert sent.sent_at == now.replace(microsecond=999_000)


@pytest.mark.parametrize("before", [timedelta(), timedelta(milliseconds=1), timedelta(minutes=1)])
def test_the_service_works_at_the_end_of_the_calendar(before: timedelta) -> None:
    scenario = Scenario(LocalService(clock=LocalClock(MAX - before)))
    service = scenario.service
    scenario.person("akuam", 5, 5, retry=1)
    assert service.journal == ()
    started = request(
        service,
        "StartEngagement",
        ContactId=contact_arn("akuam"),
        Sender="cli",
        Subject="s",
        Content="c",
    )
    result = request(service, "DescribeEngagement", EngagementId=started["EngagementArn"])
    assert result["StartTime"] == pytest.approx((MAX - before).timestamp(), abs=0.002)
    service.clock.move_to(MAX)
    assert [each.channel_arn for each in service.outbox] == [
        channel_arn("akuam", 1),
        channel_arn("akuam", 2),
    ]
    again = LocalService()
    again.restore(service.snapshot())
    assert again.outbox == service.outbox


def test_the_end_of_the_last_shift_is_a_valid_time() -> None:
    scenario = Scenario(LocalService(clock=LocalClock(LAST_YEAR)))
    scenario.person("akuam", 5)
    seldom = [{"DayOfMonth": 1, "HandOffTime": NINE}]
    rotation = scenario.rotation(
        "web", "akuam", DailySettings=[], MonthlySettings=seldom, RecurrenceMultiplier=100
    )
    window: dict[str, Any] = {
        "RotationId": rotation,
        "StartTime": (LAST_YEAR + timedelta(days=1)).timestamp(),
        "EndTime": (LAST_YEAR + timedelta(days=2)).timestamp(),
    }
    (last,) = request(scenario.service, "ListRotationShifts", **window)["RotationShifts"]
    assert last["EndTime"] == (NO_YEAR - timedelta(milliseconds=1)).timestamp()
    window["EndTime"] = last["EndTime"]
    assert request(scenario.service, "ListRotationShifts", **window)["RotationShifts"] == [last]


@pytest.mark.parametrize("year", [2025, 2100, 3000])
def test_instants_in_whole_milliseconds_are_returned_unchanged(year: int) -> None:
    for millisecond in range(1, 1000, 90):
        start = datetime(year, 1, 6, 9, 0, 0, millisecond * 1000, tzinfo=timezone.utc)
        scenario = Scenario(LocalService(clock=LocalClock(start)))
        scenario.engage(scenario.person("akuam", 5, 5))
        scenario.service.clock.move_to(start + timedelta(minutes=5))
        assert [message.sent_at for message in scenario.service.outbox] == [
            start,
            start + timedelta(minutes=5),
        ]
