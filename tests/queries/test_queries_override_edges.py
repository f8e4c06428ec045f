"""Overrides that begin and end exactly where something else does, as the service reports them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import pytest
from attrs import evolve
from override_edges import EDGE_CASES, EdgeCase, on_call_in
from rotation_calendars import Row, rows

from ssm_contacts_sdk import (
    Contact,
    ContactRecord,
    ContactsClient,
    ContactType,
    Gap,
    Override,
    Rotation,
    RotationRecord,
    Shift,
)


@pytest.fixture
def people(client: ContactsClient) -> dict[str, ContactRecord]:
    return {
        name: client.contacts.create(Contact(alias=name.lower(), type=ContactType.PERSONAL))
        for name in "ABCX"
    }


def rotation(
    client: ContactsClient, people: dict[str, ContactRecord], case: EdgeCase
) -> RotationRecord:
    return client.rotations.create(
        Rotation(
            name="web",
            contact_ids=[people[name] for name in "ABC"],
            start_time=case.start,
            time_zone_id=case.zone,
            recurrence=case.recurrence,
        )
    )


def letters(arns: Iterable[str]) -> tuple[str, ...]:
    return tuple(arn[-1].upper() for arn in arns)


def rows_of(shifts: Iterable[Shift]) -> list[Row]:
    """Return the rows of shifts, with the letters of people in place of their ARNs."""
    return rows(
        evolve(
            shift,
            contact_ids=letters(shift.contact_ids),
            overridden_contact_ids=None
            if shift.overridden_contact_ids is None
            else letters(shift.overridden_contact_ids),
        )
        for shift in shifts
    )


def gaps_between(found: list[Row], since: datetime, until: datetime) -> tuple[Gap, ...]:
    edges = [since, *(edge for _, *bounds in found for edge in bounds), until]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return tuple(Gap(start_time=start, end_time=end) for start, end in pairs if start < end)


@pytest.mark.parametrize("case", EDGE_CASES, ids=lambda case: case.name)
def test_shifts_calendars_and_who_is_on_call_agree_on_every_edge(
    client: ContactsClient, people: dict[str, ContactRecord], case: EdgeCase
) -> None:
    web = rotation(client, people, case)
    since, until = case.window
    for start, end in [(since, case.edges[0]), *case.spans_on_edges]:
        expected = case.expected((start, end))
        override = client.overrides.create(
            web, Override(new_contact_ids=[people["X"]], start_time=start, end_time=end)
        )
        listed = client.rotations.shifts(web, start_time=since, end_time=until)
        assert rows_of(listed) == expected
        calendar = client.calendar(web, since=since, until=until)
        assert rows_of(calendar.lanes[0].shifts) == expected
        assert calendar.gaps == gaps_between(expected, since, until)
        for edge in (start, end):
            on_call = client.on_call(web, at=edge)
            assert letters(on_call.contact_ids) == on_call_in(expected, edge)
        client.overrides.delete(web, override.id)
