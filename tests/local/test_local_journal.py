"""Messages, and failures of their delivery, which apply from the instant at which they are set."""

from __future__ import annotations

from typing import Any

import pytest
from arns import channel_arn
from rejecting import violations_of
from scenarios import Scenario
from sentinels import email_address

from ssm_contacts_sdk import Channel, Contact, ContactsClient, ContactType, Plan
from ssm_contacts_sdk.local import LocalService


@pytest.fixture
def scenario(service: LocalService) -> Scenario:
    """An engaged person with a stage of five minutes for each of three phones."""
    scenario = Scenario(service)
    scenario.engage(scenario.person("akuam", 5, 5, 5))
    return scenario


def test_pages_due_before_a_failure_are_delivered(scenario: Scenario) -> None:
    scenario.wait(6)
    for number in (1, 2, 3):
        scenario.service.delivery.fail(channel_arn("akuam", number))
    scenario.wait(60)
    assert scenario.receipts("akuam") == [(0, "SENT"), (5, "SENT"), (10, "ERROR")]


def test_pages_due_before_the_end_of_a_failure_are_not_delivered(scenario: Scenario) -> None:
    for number in (2, 3):
        scenario.service.delivery.fail(channel_arn("akuam", number))
    scenario.wait(6)
    scenario.service.delivery.clear()
    scenario.wait(60)
    assert scenario.receipts("akuam") == [(0, "SENT"), (5, "ERROR"), (10, "SENT")]


def test_pages_due_at_the_instant_of_a_failure_are_delivered(scenario: Scenario) -> None:
    scenario.wait(5)
    scenario.service.delivery.fail(channel_arn("akuam", 2), times=1)
    scenario.wait(60)
    assert scenario.receipts("akuam") == [(0, "SENT"), (5, "SENT"), (10, "SENT")]


@pytest.mark.parametrize(
    ("times", "code"),
    [(0, "too_small"), (-1, "too_small"), ("1", "wrong_type"), (1.5, "wrong_type")],
)
def test_the_number_of_failures_must_be_a_positive_int(
    service: LocalService, times: Any, code: str
) -> None:
    assert violations_of(lambda: service.delivery.fail(channel_arn("akuam"), times=times)) == [
        ("times", code)
    ]


def test_a_message_has_the_alias_of_its_person(
    service: LocalService, client: ContactsClient
) -> None:
    for alias in ("akuam", "contact-channel"):
        person = client.contacts.create(Contact(alias=alias, type=ContactType.PERSONAL))
        email = client.channels.create(person, Channel.email("mail", email_address(alias)))
        client.channels.activate(email, service.code_for(email))
        plan = Plan.engagement().stage(minutes=0).channel(email).build()
        client.contacts.update(person, plan=plan)
        client.engagements.start(person, sender="me", subject="disk", content="full")
    assert [(message.kind, message.alias) for message in service.outbox] == [
        ("activation", "akuam"),
        ("page", "akuam"),
        ("activation", "contact-channel"),
        ("page", "contact-channel"),
    ]
