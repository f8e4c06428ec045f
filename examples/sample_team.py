"""A sample team for the other examples: Berlin by day, San Francisco by night.

It is not an example by itself. The people take weekly turns: in Berlin from 08:00 to 17:00, in San
Francisco from 08:00 to 23:00. This seems to cover all hours, but the two zones start daylight
saving time on different days. One person has never activated a channel for calls.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from attrs import frozen

from ssm_contacts_sdk import (
    Channel,
    Contact,
    ContactRecord,
    ContactsClient,
    ContactType,
    DayOfWeek,
    Plan,
    Recurrence,
    Rotation,
)
from ssm_contacts_sdk.local import LocalService


@frozen
class Team:
    """The contacts that the examples use."""

    schedule: ContactRecord
    """The on-call schedule of the checkout."""
    escalation: ContactRecord
    """The people on call, then the head of the team."""


def create_team(service: LocalService) -> Team:
    """Create the team on an embedded service, with the same calls as on AWS."""
    with service.client() as client:
        akua = create_person(service, client, "akuam", "Akua Mansa", "+15005550101")
        jonas = create_person(service, client, "jonasw", "Jonas Weber", "+15005550102")
        alejandro = create_person(service, client, "alejr", "Alejandro Rosalez", "+15005550103")
        maya = create_person(
            service, client, "mayac", "Maya Chen", "+15005550104", activates_voice=False
        )
        ana = create_person(service, client, "anasi", "Ana Carolina Silva", "+15005550105")
        berlin = client.rotations.create(
            Rotation(
                name="checkout-berlin",
                contact_ids=[akua, jonas],
                start_time=two_weeks_ago(service, "Europe/Berlin"),
                time_zone_id="Europe/Berlin",
                recurrence=weekly("08:00", "17:00"),
            )
        )
        san_francisco = client.rotations.create(
            Rotation(
                name="checkout-san-francisco",
                contact_ids=[alejandro, maya],
                start_time=two_weeks_ago(service, "America/Los_Angeles"),
                time_zone_id="America/Los_Angeles",
                recurrence=weekly("08:00", "23:00"),
            )
        )
        schedule = client.contacts.create(
            Contact(
                alias="checkout-on-call",
                display_name="Checkout on call",
                type=ContactType.ONCALL_SCHEDULE,
                plan=Plan.on_call(berlin, san_francisco),
            )
        )
        plan = Plan.escalation().stage(minutes=10).contact(schedule, essential=True)
        escalation = client.contacts.create(
            Contact(
                alias="checkout",
                display_name="Checkout",
                type=ContactType.ESCALATION,
                plan=plan.stage(minutes=10).contact(ana, essential=True).build(),
            )
        )
    return Team(schedule, escalation)


def create_person(
    service: LocalService,
    client: ContactsClient,
    alias: str,
    name: str,
    phone: str,
    *,
    activates_voice: bool = True,
) -> ContactRecord:
    """Create a person who gets an SMS at once, and a call 5 minutes later."""
    person = client.contacts.create(
        Contact(alias=alias, display_name=name, type=ContactType.PERSONAL)
    )
    sms = client.channels.create(person, Channel.sms(f"{alias} sms", phone))
    voice = client.channels.create(person, Channel.voice(f"{alias} voice", phone))
    client.channels.activate(sms, service.code_for(sms))
    if activates_voice:
        client.channels.activate(voice, service.code_for(voice))
    plan = Plan.engagement().stage(minutes=5).channel(sms).stage(minutes=5).channel(voice)
    client.contacts.update(person, plan=plan.build())
    return person


def two_weeks_ago(service: LocalService, zone: str) -> datetime:
    """Return the Monday two weeks ago at 08:00: a hand-off, so that the first turn is complete."""
    now = service.clock.now().astimezone(ZoneInfo(zone))
    monday = now - timedelta(days=now.weekday() + 14)
    return monday.replace(hour=8, minute=0)


def weekly(start: str, end: str) -> Recurrence:
    """Return turns of a week from Monday, with people on call every day from start to end."""
    hours = [(start, end)]
    return Recurrence.weekly((DayOfWeek.MON, start), coverage=dict.fromkeys(DayOfWeek, hours))
