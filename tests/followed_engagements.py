"""Engagements that tests follow: their contacts, and their events as tuples."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Any

from arns import channel_arn, contact_arn, engagement_arn, rotation_arn
from sentinels import SUBJECT, phone_number

from ssm_contacts_sdk import (
    ContactsClient,
    EngagementEscalated,
    EngagementEvent,
    FollowEnded,
    Following,
    InternalServerError,
    PageEvent,
    PlanUnknown,
)
from ssm_contacts_sdk.local import LocalService
from ssm_contacts_sdk.local._clock import DEFAULT_START

AKUA, ALEJANDRO, ANA = (contact_arn(alias) for alias in ("akuam", "alejr", "anasi"))
ESCALATION, SCHEDULE = contact_arn("example_escalation"), contact_arn("on_call")
ROTATION = rotation_arn("r")
UNKNOWN = engagement_arn("akuam")
TEXTS: dict[str, Any] = {"sender": "cli", "subject": SUBJECT, "content": SUBJECT}


# Each poll costs some requests. Only tests of polls need the shorter interval of the default.
INTERVAL = timedelta(seconds=30)


def channel(person: str, number: int = 0) -> str:
    return channel_arn(person.rpartition("/")[2], number)


def to_channel(arn: str) -> Mapping[str, Any]:
    return {"ChannelTargetInfo": {"ContactChannelId": arn, "RetryIntervalInMinutes": 1}}


def to_contact(arn: str, *, essential: bool = False) -> Mapping[str, Any]:
    return {"ContactTargetInfo": {"ContactId": arn, "IsEssential": essential}}


def contact(arn: str, kind: str, **plan: object) -> Mapping[str, Any]:
    alias = arn.rpartition("/")[2]
    return {"ContactArn": arn, "Alias": alias, "Type": kind, "Plan": plan}


def stage(minutes: int, *targets: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"DurationInMinutes": minutes, "Targets": list(targets)}


def person(arn: str, *, channels: int = 1, minutes: int = 5) -> Iterator[Mapping[str, Any]]:
    """Yield a person with so many channels, each in its own stage, and the channels."""
    arns = [channel(arn, number) for number in range(channels)]
    yield contact(arn, "PERSONAL", Stages=[stage(minutes, to_channel(each)) for each in arns])
    for each in arns:
        yield {
            "ContactArn": arn,
            "ContactChannelArn": each,
            "Name": "sms",
            "Type": "SMS",
            "DeliveryAddress": {"SimpleAddress": phone_number(6)},
            "ActivationStatus": "ACTIVATED",
        }


def load_team(service: LocalService) -> None:
    """Load the people and the escalation plan of AWS's examples, and an on-call schedule."""
    service.load_resources(
        *person(AKUA, channels=3),
        *person(ALEJANDRO),
        *person(ANA),
        contact(
            ESCALATION,
            "ESCALATION",
            Stages=[
                stage(5, to_contact(AKUA, essential=True)),
                stage(5, to_contact(ALEJANDRO)),
                stage(0, to_contact(ANA)),
            ],
        ),
        contact(SCHEDULE, "ONCALL_SCHEDULE", RotationIds=[ROTATION]),
        {
            "RotationArn": ROTATION,
            "Name": "r",
            "ContactIds": [ANA],
            "StartTime": DEFAULT_START - timedelta(days=1),
            "TimeZoneId": "Europe/Berlin",
            "Recurrence": {
                "NumberOfOnCalls": 1,
                "RecurrenceMultiplier": 1,
                "DailySettings": [{"HourOfDay": 9, "MinuteOfHour": 0}],
            },
        },
    )


def summary_of(event: EngagementEvent) -> tuple[str, str, str]:
    """Return the time since the start, what happened, and to whom."""
    at = str(event.at - DEFAULT_START).partition(".")[0]
    match event:
        case PageEvent():
            return at, event.type.value, (event.channel_arn or "").partition("/")[2]
        case EngagementEscalated():
            return at, f"stage {event.stage_index}", event.contact_arn.partition("/")[2]
        case FollowEnded():
            return at, event.reason, ""
        case PlanUnknown():
            return at, f"plan {event.reason}", ""


def summaries_of(events: Iterable[EngagementEvent]) -> list[tuple[str, str, str]]:
    return [summary_of(event) for event in events]


def start_and_follow(client: ContactsClient, contact_arn: str) -> Following:
    return client.engagements.follow(
        client.engagements.start(contact_arn, **TEXTS), interval=INTERVAL
    )


def events_despite_errors(following: Following) -> tuple[list[EngagementEvent], int]:
    """Return the events until the end, and how many polls failed before it."""
    events: list[EngagementEvent] = []
    errors = 0
    while not (events and isinstance(events[-1], FollowEnded)):
        try:
            events.append(next(following))
        except InternalServerError:
            errors += 1
    return events, errors


def code_of(service: LocalService, page_arn: str) -> str:
    """Return the code of a page from the message that was sent."""
    return next(str(each.code) for each in service.outbox if each.page_arn == page_arn)


def times(service: LocalService, operation: str) -> list[float]:
    """Return when requests of an operation were received, in seconds since the start."""
    return [
        (each.received_at - DEFAULT_START).total_seconds()
        for each in service.requests
        if each.operation == operation
    ]


def closest(moments: list[float]) -> float:
    return min((after - before for before, after in pairwise(moments)), default=math.inf)


ALL_EVENTS = [
    ("0:00:00", "SENT", "akuam/0"),
    ("0:05:00", "SENT", "akuam/1"),
    ("0:05:00", "stage 1", "alejr"),
    ("0:05:00", "SENT", "alejr/0"),
    ("0:10:00", "SENT", "akuam/2"),
    ("0:10:00", "stage 2", "anasi"),
    ("0:10:00", "SENT", "anasi/0"),
    ("0:15:00", "plan_completed", ""),
]
