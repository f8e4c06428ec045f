"""Write docs/pictures with the embedded service: ``python docs/make_pictures.py``.

The tests compare the files with what it would write.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path

from ssm_contacts_sdk import (
    Channel,
    ChannelRecord,
    Contact,
    ContactRecord,
    ContactType,
    OnCallCalendar,
    Override,
    Plan,
    Recurrence,
    Rotation,
    Timeline,
)
from ssm_contacts_sdk.local import LocalService

PICTURES = Path(__file__).parent / "pictures"
MONDAY = datetime(2025, 1, 6, 8, 0, tzinfo=timezone.utc)
PEOPLE = {
    "akuam": "Akua Mansa",
    "alejr": "Alejandro Rosalez",
    "janer": "Jane Roe",
    "marym": "Mary Major",
    "nikkiw": "Nikki Wolf",
}


class Team:
    """An embedded service with five people, two rotations, a schedule and an escalation plan."""

    def __init__(self) -> None:
        self.service = LocalService()
        self.client = self.service.client()
        self.people = {alias: self._person(alias, name) for alias, name in PEOPLE.items()}
        week = self.client.rotations.create(
            Rotation(
                name="business hours",
                contact_ids=[self.people[alias] for alias in ("akuam", "alejr", "janer")],
                start_time=MONDAY,
                time_zone_id="Europe/Berlin",
                recurrence=Recurrence.weekly(("MON", "09:00")),
            )
        )
        nights = self.client.rotations.create(
            Rotation(
                name="second line",
                contact_ids=[self.people[alias] for alias in ("marym", "nikkiw", "akuam")],
                start_time=MONDAY + timedelta(days=2),
                time_zone_id="Europe/Berlin",
                recurrence=Recurrence.weekly(("WED", "09:00"), ("FRI", "18:00")),
            )
        )
        for rotation, people, day, days in (
            (week, ["nikkiw"], 8, 3),
            (week, [], 17, 2),
            (nights, [], 17, 2),
        ):
            start = MONDAY + timedelta(days=day)
            self.client.overrides.create(
                rotation,
                Override(
                    new_contact_ids=[self.people[alias] for alias in people],
                    start_time=start,
                    end_time=start + timedelta(days=days),
                ),
            )
        self.schedule = self.client.contacts.create(
            Contact(
                alias="web-on-call",
                display_name="Web on call",
                type=ContactType.ONCALL_SCHEDULE,
                plan=Plan.on_call(week, nights),
            )
        )
        self.escalation = self.client.contacts.create(
            Contact(
                alias="web",
                display_name="Web is down",
                type=ContactType.ESCALATION,
                plan=Plan.escalation()
                .stage(minutes=10)
                .contact(self.schedule, essential=True)
                .stage(minutes=10)
                .contact(self.people["marym"], essential=True)
                .contact(self.people["janer"], essential=False)
                .build(),
            )
        )

    def _person(self, alias: str, name: str) -> ContactRecord:
        """Create a person with two channels: text message and call. Mary's call is inactive."""
        described = Contact(alias=alias, display_name=name, type=ContactType.PERSONAL)
        person = self.client.contacts.create(described)
        phone = "+15005550199"
        sms = self._channel(person, Channel.sms("text message", phone))
        voice = self._channel(person, Channel.voice("call", phone))
        plan = (
            Plan.engagement()
            .stage(minutes=5)
            .channel(sms, retry_minutes=1)
            .stage(minutes=5)
            .channel(voice, retry_minutes=1)
            .build()
        )
        self.client.contacts.update(person, plan=plan)
        return person

    def _channel(self, person: ContactRecord, channel: Channel) -> ChannelRecord:
        record = self.client.channels.create(person, channel)
        if (person.alias, channel.name) != ("marym", "call"):
            self.client.channels.activate(record, self.service.code_for(record))
        return record

    def escalation_timeline(self) -> Timeline:
        """Return a preview in which Mary acknowledges and Akua does not."""
        return self.client.preview(
            self.escalation,
            at=MONDAY + timedelta(hours=3),
            acknowledge={self.people["marym"]: timedelta(minutes=13)},
        )

    def month(self) -> OnCallCalendar:
        """Return four weeks of the schedule, of which nine days are over."""
        self.service.clock.advance(days=9)
        return self.client.calendar(self.schedule, since=MONDAY, until=MONDAY + timedelta(days=28))


def pictures() -> Mapping[str, str]:
    """Return the pictures by the names of their files."""
    team = Team()
    return {
        "escalation.svg": team.escalation_timeline().to_svg(),
        "calendar.svg": team.month().to_svg(),
    }


if __name__ == "__main__":
    PICTURES.mkdir(exist_ok=True)
    for name, picture in pictures().items():
        (PICTURES / name).write_text(picture, encoding="utf-8", newline="\n")
