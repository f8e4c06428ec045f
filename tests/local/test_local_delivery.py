"""Failures of delivery apply from the instant at which they are set."""

from __future__ import annotations

import pytest
from crews import Crew, channel_arn

from ssm_contacts_sdk.local import LocalService


@pytest.fixture
def crew(service: LocalService) -> Crew:
    """An engaged person with a stage of five minutes for each of three phones."""
    crew = Crew(service)
    crew.engage(crew.person("akuam", 5, 5, 5))
    return crew


def test_pages_due_before_a_failure_are_delivered(crew: Crew) -> None:
    crew.wait(6)
    for number in (1, 2, 3):
        crew.service.delivery.fail(channel_arn("akuam", number))
    crew.wait(60)
    assert crew.receipts("akuam") == [(0, "SENT"), (5, "SENT"), (10, "ERROR")]


def test_pages_due_before_the_end_of_a_failure_are_not_delivered(crew: Crew) -> None:
    for number in (2, 3):
        crew.service.delivery.fail(channel_arn("akuam", number))
    crew.wait(6)
    crew.service.delivery.clear()
    crew.wait(60)
    assert crew.receipts("akuam") == [(0, "SENT"), (5, "ERROR"), (10, "SENT")]


def test_pages_due_at_the_instant_of_a_failure_are_delivered(crew: Crew) -> None:
    crew.wait(5)
    crew.service.delivery.fail(channel_arn("akuam", 2), times=1)
    crew.wait(60)
    assert crew.receipts("akuam") == [(0, "SENT"), (5, "SENT"), (10, "SENT")]
