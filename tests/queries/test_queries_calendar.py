"""`client.calendar`, on the embedded service."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta, timezone
from functools import partial
from itertools import product
from typing import Any

import pytest
from arns import PREFIX, contact_arn, rotation_arn
from attrs import evolve
from work import count_calls

from ssm_contacts_sdk import (
    Contact,
    ContactRecord,
    ContactsClient,
    ContactType,
    InvalidValueError,
    Override,
    Plan,
    Recurrence,
    ResourceNotFoundError,
    Rotation,
    RotationRecord,
    Shift,
    ShiftType,
)
from ssm_contacts_sdk._oncall.calendar import OnCallCalendar
from ssm_contacts_sdk._oncall.gaps import Gap
from ssm_contacts_sdk.local import LocalService

MONDAY = datetime(2025, 1, 6, 9, 0, tzinfo=timezone.utc)
DAY = timedelta(days=1)


def person(client: ContactsClient, alias: str, name: str | None = None) -> ContactRecord:
    return client.contacts.create(
        Contact(alias=alias, display_name=name, type=ContactType.PERSONAL)
    )


@pytest.fixture
def people(client: ContactsClient) -> list[ContactRecord]:
    return [person(client, "akuam", "Akua Mansa"), person(client, "marym")]


@pytest.fixture
def web(client: ContactsClient, people: list[ContactRecord]) -> RotationRecord:
    return rotation(client, "web", people)


def rotation(
    client: ContactsClient, name: str, people: list[ContactRecord], zone: str = "UTC"
) -> RotationRecord:
    return client.rotations.create(
        Rotation(
            name=name,
            contact_ids=people,
            start_time=MONDAY,
            time_zone_id=zone,
            recurrence=Recurrence.weekly(("MON", "09:00")),
        )
    )


def schedule(client: ContactsClient, *rotations: RotationRecord) -> ContactRecord:
    plan = Plan.on_call(*rotations)
    return client.contacts.create(
        Contact(
            alias="primary", display_name="Primary", type=ContactType.ONCALL_SCHEDULE, plan=plan
        )
    )


def test_the_work_of_a_calendar_is_linear_in_its_length(
    client: ContactsClient, people: list[ContactRecord]
) -> None:
    quarters = [time(hour, minute) for hour, minute in product(range(24), (0, 15, 30, 45))]
    dense = client.rotations.create(
        Rotation(
            name="dense",
            contact_ids=people,
            start_time=MONDAY,
            time_zone_id="UTC",
            recurrence=Recurrence.daily(*quarters),
        )
    )

    def list_in_pages(days: int) -> list[Shift]:
        end = MONDAY + days * DAY
        return list(client.rotations.shifts(dense, start_time=MONDAY, end_time=end, page_size=100))

    def draw(days: int) -> OnCallCalendar:
        return client.calendar(dense, since=MONDAY, until=MONDAY + days * DAY)

    # The first needs 10 and 20 pages. The second needs 2 and 4 pages of the largest size.
    for read, days in ((list_in_pages, 10), (draw, 20)):
        # The first call fills caches.
        read(1)
        assert count_calls(partial(read, 2 * days)) < 2.2 * count_calls(partial(read, days))


def test_the_default_calendar_is_28_days_from_now(
    client: ContactsClient, service: LocalService, web: RotationRecord, people: list[ContactRecord]
) -> None:
    service.clock.advance(seconds=90.5)
    calendar = client.calendar(web)
    assert calendar.name == "web"
    assert calendar.since == MONDAY + timedelta(seconds=90)
    assert calendar.until - calendar.since == 28 * DAY
    assert calendar.now == MONDAY + timedelta(seconds=90.5)
    (lane,) = calendar.lanes
    assert (lane.name, lane.time_zone_id, lane.rotation_arn) == ("web", "UTC", web.arn)
    akua, mary = (each.arn for each in people)
    assert [each.contact_ids for each in lane.shifts] == [(akua,), (mary,)] * 2 + [(akua,)]
    assert calendar.gaps == ()


def test_the_shifts_are_those_of_the_service(
    client: ContactsClient, web: RotationRecord, people: list[ContactRecord]
) -> None:
    client.overrides.create(
        web, Override(new_contact_ids=[], start_time=MONDAY + DAY, end_time=MONDAY + 2 * DAY)
    )
    calendar = client.calendar(web.arn, since=MONDAY + DAY, until=MONDAY + 10 * DAY)
    shifts = client.rotations.shifts(web, start_time=MONDAY + DAY, end_time=MONDAY + 10 * DAY)
    (lane,) = calendar.lanes
    assert lane.shifts == tuple(shifts)
    assert [each.type for each in lane.overrides] == [ShiftType.OVERRIDDEN]
    assert calendar.gaps == (Gap(start_time=MONDAY + DAY, end_time=MONDAY + 2 * DAY),)


def test_a_schedule_has_a_lane_for_each_rotation(
    client: ContactsClient, web: RotationRecord, people: list[ContactRecord]
) -> None:
    night = rotation(client, "night", people[1:], "Europe/Berlin")
    calendar = client.calendar(schedule(client, web, night), since=MONDAY)
    assert calendar.name == "Primary"
    assert [each.name for each in calendar.lanes] == ["web", "night"]
    assert [each.time_zone_id for each in calendar.lanes] == ["UTC", "Europe/Berlin"]


def test_people_have_their_display_names_or_aliases(
    client: ContactsClient, web: RotationRecord, people: list[ContactRecord]
) -> None:
    calendar = client.calendar(web)
    assert [calendar.name_of(each.arn) for each in people] == ["Akua Mansa", "marym"]


def test_a_person_who_was_deleted_has_the_alias_as_the_name(
    client: ContactsClient,
    web: RotationRecord,
    people: list[ContactRecord],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    get = client.contacts.get

    def another(arn: str) -> ContactRecord:
        return get(f"{arn}x")

    monkeypatch.setattr(client.contacts, "get", another)
    calendar = client.calendar(web)
    assert calendar.names == {}
    assert [calendar.name_of(each.arn) for each in people] == ["akuam", "marym"]
    assert "marym" in calendar.to_text()


def test_a_rotation_that_a_schedule_names_twice_has_one_lane(
    client: ContactsClient, service: LocalService, web: RotationRecord
) -> None:
    arn = contact_arn("primary")
    twice = {"RotationIds": [web.arn, web.arn]}
    service.load_resources(
        {"ContactArn": arn, "Alias": "primary", "Type": "ONCALL_SCHEDULE", "Plan": twice},
    )
    assert [lane.rotation_arn for lane in client.calendar(arn).lanes] == [web.arn]


def test_each_resource_is_read_once(
    client: ContactsClient,
    service: LocalService,
    web: RotationRecord,
    people: list[ContactRecord],
) -> None:
    both = schedule(client, web, rotation(client, "night", people))
    before = len(service.requests)
    client.calendar(both)
    client.calendar(web)
    made = Counter(request.operation for request in service.requests[before:])
    assert made == {"GetContact": 5, "GetRotation": 3, "ListRotationShifts": 3}


def test_a_deleted_rotation_is_a_lane_without_shifts(
    client: ContactsClient, service: LocalService, web: RotationRecord
) -> None:
    on_call_schedule = schedule(client, web)
    gone = evolve(on_call_schedule.plan, rotation_ids=(f"{web.arn}x",))
    service.load_resources(
        {
            "ContactArn": on_call_schedule.arn,
            "Alias": "primary",
            "Type": "ONCALL_SCHEDULE",
            "Plan": {"RotationIds": list(gone.rotation_ids or ())},
        }
    )
    (lane,) = client.calendar(on_call_schedule).lanes
    assert lane.shifts == ()
    assert lane.time_zone_id is None
    assert lane.name == f"{web.arn}x".rpartition("/")[2]


@pytest.mark.parametrize("kind", [ContactType.PERSONAL, ContactType.ESCALATION])
def test_a_person_and_a_plan_have_no_calendar(client: ContactsClient, kind: ContactType) -> None:
    contact = client.contacts.create(Contact(alias="a", type=kind))
    with pytest.raises(InvalidValueError) as caught:
        client.calendar(contact)
    got = "a person" if kind is ContactType.PERSONAL else "an escalation plan"
    assert str(caught.value) == (
        f"calendar: target must be a rotation or an on-call schedule (got {got})"
    )
    (violation,) = caught.value.violations
    assert (violation.path, violation.code) == ("target", "wrong_type")


@pytest.mark.parametrize("kind", ["rotation", "contact"])
def test_a_target_that_does_not_exist_is_not_found(client: ContactsClient, kind: str) -> None:
    with pytest.raises(ResourceNotFoundError):
        client.calendar(f"{PREFIX}{kind}/nothing")


@pytest.mark.parametrize(
    ("arguments", "violations"),
    [
        ({"target": 7}, {("target", "wrong_type")}),
        ({"target": "web"}, {("target", "not_an_arn")}),
        # The missing time zone is the subject.
        ({"since": datetime(2025, 1, 6)}, {("since", "no_time_zone")}),  # noqa: DTZ001
        ({"since": "now", "until": 7}, {("since", "wrong_type"), ("until", "wrong_type")}),
        ({"since": MONDAY, "until": MONDAY}, {("until", "conflict")}),
        ({"since": MONDAY, "until": MONDAY - DAY}, {("until", "conflict")}),
        ({"since": MONDAY, "until": MONDAY + 367 * DAY}, {("until", "too_large")}),
        ({"since": datetime(1, 1, 2, tzinfo=timezone.utc)}, {("since", "too_small")}),
        ({"since": datetime(9999, 12, 30, tzinfo=timezone.utc)}, {("since", "too_large")}),
        ({"since": datetime(9998, 12, 30, tzinfo=timezone.utc)}, {("until", "too_large")}),
        ({"until": datetime.max.replace(tzinfo=timezone.utc)}, {("until", "too_large")}),
        (
            {"target": 7, "since": datetime(1, 1, 2, tzinfo=timezone.utc), "until": 7},
            {("target", "wrong_type"), ("since", "too_small"), ("until", "wrong_type")},
        ),
    ],
)
def test_invalid_arguments_are_rejected_before_a_request(
    client: ContactsClient,
    service: LocalService,
    arguments: dict[str, Any],
    violations: set[tuple[str, str]],
) -> None:
    target = rotation_arn("web")
    calendar: Any = client.calendar
    with pytest.raises(InvalidValueError) as caught:
        calendar(**{"target": target, **arguments})
    assert {(each.path, each.code) for each in caught.value.violations} == violations
    assert service.requests == ()


def test_the_longest_calendar_has_366_days(client: ContactsClient, web: RotationRecord) -> None:
    calendar = client.calendar(web, since=MONDAY, until=MONDAY + 366 * DAY)
    assert len(calendar.lanes[0].shifts) == 53


def test_fractions_of_seconds_are_not_gaps(client: ContactsClient, web: RotationRecord) -> None:
    tick = timedelta(microseconds=1)
    calendar = client.calendar(web, since=MONDAY + tick, until=MONDAY + DAY + tick)
    assert (calendar.since, calendar.until) == (MONDAY, MONDAY + DAY + timedelta(seconds=1))
    assert calendar.gaps == ()


def test_a_calendar_has_its_target_and_its_file_has_the_gaps(
    client: ContactsClient, web: RotationRecord
) -> None:
    """The target is its ARN: a schedule without rotations has nothing else that is unique."""
    one, other = (
        client.contacts.create(
            Contact(
                alias=alias,
                display_name="Web",
                type=ContactType.ONCALL_SCHEDULE,
                plan=Plan.on_call(),
            )
        )
        for alias in ("one", "other")
    )
    assert client.calendar(web, since=MONDAY).arn == web.arn
    assert client.calendar(one, since=MONDAY).arn == one.arn
    first, second = (client.calendar(each, since=MONDAY).to_ics() for each in (one, other))
    assert b"SUMMARY:Nobody on call: Web" in first
    assert first != second
