"""A made-up team for the examples that need one: Berlin by day, San Francisco by night.

It is no example by itself. The people take weekly turns, in Berlin from 08:00 to 17:00 and in San
Francisco from 08:00 to 23:00, so that somebody is on call around the clock, it seems: clocks are
put forward on different days. One of them has never activated a channel for calls.
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
    """What the examples look at."""

    schedule: ContactRecord
    """Whoever is on call for the checkout."""
    escalation: ContactRecord
    """They first, then the head of the team."""


def move_in(service: LocalService) -> Team:
    """Create the team on an embedded service, by the same calls as on AWS."""
    with service.client() as client:
        akua = hire(service, client, "akuam", "Akua Mansa", "+15005550101")
        jonas = hire(service, client, "jonasw", "Jonas Weber", "+15005550102")
        alejandro = hire(service, client, "alejr", "Alejandro Rosalez", "+15005550103")
        maya = hire(service, client, "mayac", "Maya Chen", "+15005550104", activates=False)
        ana = hire(service, client, "anasi", "Ana Carolina Silva", "+15005550105")
        berlin = client.rotations.create(
            Rotation(
                name="checkout-berlin",
                contact_ids=[akua, jonas],
                start_time=two_weeks_ago(service, "Europe/Berlin"),
                time_zone_id="Europe/Berlin",
                recurrence=weekly("08:00", "17:00"),
            )
        )
        overseas = client.rotations.create(
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
                plan=Plan.on_call(berlin, overseas),
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


def hire(
    service: LocalService,
    client: ContactsClient,
    alias: str,
    name: str,
    phone: str,
    *,
    activates: bool = True,
) -> ContactRecord:
    """Somebody who gets an SMS at once, and a call five minutes later."""
    person = client.contacts.create(
        Contact(alias=alias, display_name=name, type=ContactType.PERSONAL)
    )
    sms = client.channels.create(person, Channel.sms(f"{alias} sms", phone))
    voice = client.channels.create(person, Channel.voice(f"{alias} voice", phone))
    client.channels.activate(sms, service.code_for(sms))
    if activates:
        client.channels.activate(voice, service.code_for(voice))
    plan = Plan.engagement().stage(minutes=5).channel(sms).stage(minutes=5).channel(voice)
    client.contacts.update(person, plan=plan.build())
    return person


def two_weeks_ago(service: LocalService, zone: str) -> datetime:
    """The Monday two weeks ago, at 08:00: a hand-off, so that the first turn is a whole week."""
    now = service.clock.now().astimezone(ZoneInfo(zone))
    monday = now - timedelta(days=now.weekday() + 14)
    return monday.replace(hour=8, minute=0)


def weekly(start: str, end: str) -> Recurrence:
    """On call every day from start to end, for a week from Monday."""
    hours = [(start, end)]
    return Recurrence.weekly((DayOfWeek.MON, start), coverage=dict.fromkeys(DayOfWeek, hours))
