"""Scenarios of engagements: people, plans and schedules, and the pages minute by minute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from arns import channel_arn, contact_arn, rotation_arn
from attrs import define, field
from sentinels import phone_number

from ssm_contacts_sdk import AcceptType, ContactsClient, Engagement, PageSummary
from ssm_contacts_sdk.local import LocalService, Message
from ssm_contacts_sdk.local._clock import DEFAULT_START

NINE: Mapping[str, int] = {"HourOfDay": 9, "MinuteOfHour": 0}


def stage(minutes: int, *targets: Mapping[str, Any]) -> dict[str, Any]:
    return {"DurationInMinutes": minutes, "Targets": list(targets)}


def to_contact(alias: str, *, essential: bool = True) -> dict[str, Any]:
    """Return a contact as a target."""
    return {"ContactTargetInfo": {"ContactId": contact_arn(alias), "IsEssential": essential}}


def to_channel(alias: str, number: int = 1, *, retry: int = 0) -> dict[str, Any]:
    """Return a channel of a person as a target."""
    info = {"ContactChannelId": channel_arn(alias, number), "RetryIntervalInMinutes": retry}
    return {"ChannelTargetInfo": info}


def minute_of(instant: datetime, since: datetime = DEFAULT_START) -> int:
    minutes, rest = divmod(instant - since, timedelta(minutes=1))
    assert rest == timedelta(0)
    return minutes


def over_at(service: LocalService, engagement: Engagement) -> datetime | None:
    """Return when an engagement ended, whatever sets its StopTime."""
    text = f"{engagement.arn.split(':', 5)[-1]} has ended"
    times = [entry.at for entry in service.journal if entry.text == text]
    assert len(times) <= 1
    return times[0] if times else None


@define
class Scenario:
    """A service with people whose phones are activated, and their engagements."""

    service: LocalService = field(factory=LocalService)
    client: ContactsClient = field(init=False)
    since: datetime = field(init=False)
    """Minutes are counted from this instant."""

    def __attrs_post_init__(self) -> None:
        self.client = self.service.client()
        self.since = self.service.clock.now()

    def contact(self, alias: str, kind: str, **plan: Sequence[object]) -> str:
        """Load a contact with any plan, and return its ARN."""
        arn = contact_arn(alias)
        self.service.load_resources({"ContactArn": arn, "Alias": alias, "Type": kind, "Plan": plan})
        return arn

    def person(self, alias: str, *minutes: int, retry: int = 0) -> str:
        """Load a person with a stage of each duration, with a channel each; return the ARN."""
        numbers = range(1, len(minutes) + 1)
        stages = [
            stage(wait, to_channel(alias, number, retry=retry))
            for number, wait in zip(numbers, minutes, strict=True)
        ]
        arn = self.contact(alias, "PERSONAL", Stages=stages)
        for number in numbers:
            self.channel(alias, number)
        return arn

    def channel(self, alias: str, number: int) -> None:
        digits = sum(map(ord, alias)) % 100
        channel: dict[str, Any] = {
            "ContactArn": contact_arn(alias),
            "ContactChannelArn": channel_arn(alias, number),
            "Name": f"{alias} {number}",
            "Type": "SMS",
            "DeliveryAddress": {"SimpleAddress": phone_number(100 * digits + number)},
            "ActivationStatus": "ACTIVATED",
        }
        self.service.load_resources(channel)

    def escalation(self, *stages: Mapping[str, Any], alias: str = "escalation") -> str:
        return self.contact(alias, "ESCALATION", Stages=list(stages))

    def rotation(self, name: str, *people: str, start: datetime | None = None, **more: Any) -> str:
        """Load a rotation with daily hand-offs at 09:00 UTC, and return its ARN."""
        recurrence = {"NumberOfOnCalls": 1, "RecurrenceMultiplier": 1, "DailySettings": [NINE]}
        rotation: dict[str, Any] = {
            "RotationArn": rotation_arn(name),
            "Name": name,
            "ContactIds": list(map(contact_arn, people)),
            "StartTime": self.since if start is None else start,
            "TimeZoneId": "UTC",
            "Recurrence": {**recurrence, **more},
        }
        self.service.load_resources(rotation)
        return rotation_arn(name)

    def schedule(self, *rotations: str, alias: str = "schedule") -> str:
        """Load an on-call schedule, and return its ARN."""
        return self.contact(
            alias, "ONCALL_SCHEDULE", RotationIds=list(map(rotation_arn, rotations))
        )

    def override(
        self, rotation: str, *people: str, until: datetime, since: datetime | None = None
    ) -> None:
        self.service.boto3_client().create_rotation_override(
            RotationId=rotation,
            NewContactIds=list(map(contact_arn, people)),
            StartTime=self.since if since is None else since,
            EndTime=until,
        )

    def engage(self, contact: str) -> Engagement:
        return self.client.engagements.start(
            contact, sender="cloudwatch", subject="disk", content="The disk is full."
        )

    def wait(self, minutes: float) -> None:
        self.service.clock.advance(minutes=minutes)

    def pages(self, alias: str) -> list[PageSummary]:
        """Return the pages of a person, the oldest first."""
        return [*self.client.pages.list_by_contact(contact_arn(alias))][::-1]

    def acknowledge(self, alias: str, number: int = 0) -> None:
        """Accept a page of a person as read, by default the first."""
        read = self.pages(alias)[number]
        codes = [each.code for each in self.sent() if each.page_arn == read.arn]
        assert codes[0] is not None
        self.client.pages.accept(read, codes[0], type=AcceptType.READ)

    def sent(self) -> list[Message]:
        return [message for message in self.service.outbox if message.kind == "page"]

    def sends(self) -> list[tuple[int, str]]:
        """Return the minute and the person of each page."""
        return [(minute_of(each.sent_at, self.since), each.alias) for each in self.sent()]

    def receipts(self, alias: str) -> list[tuple[int, str]]:
        """Return the minute and the type of each receipt of a person's first page."""
        (first, *_) = self.pages(alias)
        result = self.client.pages.receipts(first)
        return sorted((minute_of(each.time, self.since), str(each.type)) for each in result)

    def skipped(self) -> list[str]:
        """Return who was skipped, and why."""
        starts = "skipped "
        texts = [entry.text for entry in self.service.journal]
        return [text.removeprefix(starts) for text in texts if text.startswith(starts)]

    def ended_after(self, engagement: Engagement) -> int | None:
        """Return when the engagement ends, whatever sets its StopTime."""
        over = over_at(self.service, engagement)
        return None if over is None else minute_of(over, self.since)
