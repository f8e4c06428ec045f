from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from arns import PREFIX, contact_arn, rotation_arn
from attrs import evolve
from rejecting import Wrong, assert_rejected

from ssm_contacts_sdk import (
    AmbiguousNameError,
    Contact,
    ContactRecord,
    ContactsClient,
    ContactType,
    InvalidValueError,
    Override,
    Plan,
    PreviewOverride,
    Recurrence,
    ResourceNotFoundError,
    Rotation,
    RotationRecord,
    RotationSummary,
    Shift,
    ShiftType,
    ValidationError,
)
from ssm_contacts_sdk.local import LocalService, lost_response, service_error

AKUA = contact_arn("akuam")
GONE = rotation_arn("gone")
START = datetime(2025, 1, 6, 8, 0, tzinfo=timezone.utc)
NAIVE = datetime(2025, 1, 6, 8, 0)  # noqa: DTZ001 - that is what is wrong with it
WEEKLY = Recurrence.weekly(("MON", "09:00"), coverage={"MON": [("08:00", "17:00")]})


@pytest.fixture
def people(client: ContactsClient) -> list[ContactRecord]:
    return [
        client.contacts.create(Contact(alias=alias, type=ContactType.PERSONAL))
        for alias in ("akuam", "alejr")
    ]


@pytest.fixture
def described(people: list[ContactRecord]) -> Rotation:
    return Rotation(
        name="web",
        contact_ids=people,
        start_time=START,
        time_zone_id="Europe/Berlin",
        recurrence=WEEKLY,
    )


@pytest.fixture
def web(client: ContactsClient, described: Rotation) -> RotationRecord:
    return client.rotations.create(described)


def bodies(service: LocalService, operation: str) -> list[dict[str, Any]]:
    return [dict(each.body) for each in service.requests if each.operation == operation]


def test_create_returns_what_was_sent_with_its_arn_and_sends_one_request(
    service: LocalService, client: ContactsClient, described: Rotation
) -> None:
    before = len(service.requests)
    web = client.rotations.create(described, tags={"team": "web"})
    assert len(service.requests) == before + 1
    assert web.arn.startswith(f"{PREFIX}rotation/")
    assert evolve(described) == Rotation(
        name=web.name,
        contact_ids=web.contact_ids,
        start_time=web.start_time,
        time_zone_id=web.time_zone_id,
        recurrence=web.recurrence,
    )
    assert client.rotations.get(web) == web
    assert client.tags.list(web) == {"team": "web"}


def test_create_sends_a_token_that_boto3_would_not_send(
    service: LocalService, client: ContactsClient, described: Rotation
) -> None:
    service.faults.add(lost_response(), operation="CreateRotation", times=2)
    web = client.rotations.create(described)
    tokens = {each["IdempotencyToken"] for each in bodies(service, "CreateRotation")}
    assert len(bodies(service, "CreateRotation")) == 3
    assert len(tokens) == 1
    assert [each.arn for each in client.rotations.list()] == [web.arn]


def test_create_ignores_the_arn_of_a_record(client: ContactsClient, web: RotationRecord) -> None:
    assert client.rotations.create(web).arn != web.arn


def test_fractions_of_a_second_are_not_sent(client: ContactsClient, described: Rotation) -> None:
    summer = datetime(2025, 7, 1, 9, 0, 0, 123456, tzinfo=ZoneInfo("America/New_York"))
    web = client.rotations.create(evolve(described, start_time=summer))
    assert web.start_time == datetime(2025, 7, 1, 13, 0, tzinfo=timezone.utc)
    assert client.rotations.get(web) == web
    client.rotations.update(web, start_time=summer + timedelta(days=1))
    next_day = datetime(2025, 7, 2, 13, 0, tzinfo=timezone.utc)
    assert client.rotations.get(web).start_time == next_day


def test_a_rotation_without_a_start_time_is_read_without_one(
    service: LocalService, client: ContactsClient, described: Rotation
) -> None:
    web = client.rotations.create(evolve(described, start_time=None))
    (body,) = bodies(service, "CreateRotation")
    assert "StartTime" not in body
    assert web.start_time is None
    assert client.rotations.get(web) == web
    assert [each.start_time for each in client.rotations.list()] == [None]


def test_a_record_without_a_start_time_can_be_updated_and_created(
    client: ContactsClient, described: Rotation
) -> None:
    web = client.rotations.create(evolve(described, start_time=None))
    client.rotations.update(web, start_time=web.start_time, contact_ids=[AKUA])
    assert client.rotations.get(web) == evolve(web, contact_ids=[AKUA])
    client.rotations.update(web, start_time=START)
    assert client.rotations.get(web).start_time == START
    again = client.rotations.create(web)
    assert (again.arn != web.arn, again.start_time) == (True, None)


def test_queries_work_for_a_rotation_without_a_start_time(
    service: LocalService, client: ContactsClient, described: Rotation
) -> None:
    always = Recurrence.weekly(("MON", "09:00"))
    web = client.rotations.create(evolve(described, start_time=None, recurrence=always))
    plan = Plan.on_call(web)
    schedule = client.contacts.create(
        Contact(alias="oncall", type=ContactType.ONCALL_SCHEDULE, plan=plan)
    )
    now = service.clock.now()
    assert client.on_call(schedule, at=now).contact_ids == (AKUA,)
    (lane,) = client.calendar(schedule, since=now).lanes
    assert lane.shifts[0].start_time == now
    assert client.preview(schedule, at=now).start == now
    assert {finding.rule for finding in client.audit()} == {
        "unreachable-on-call",
        "unreachable-person",
    }


def test_a_rotation_can_be_added_to_a_schedule(client: ContactsClient, web: RotationRecord) -> None:
    schedule = client.contacts.create(
        Contact(alias="oncall", type=ContactType.ONCALL_SCHEDULE, plan=Plan.on_call(web))
    )
    assert client.contacts.get(schedule).plan.rotation_ids == (web.arn,)
    (summary,) = client.rotations.list()
    assert Plan.on_call(summary) == schedule.plan
    client.rotations.delete(web)
    assert client.contacts.get(schedule).plan.rotation_ids == ()


def test_an_update_without_a_recurrence_reads_the_current_one(
    service: LocalService, client: ContactsClient, web: RotationRecord
) -> None:
    client.rotations.update(web, contact_ids=[AKUA], time_zone_id="UTC")
    assert [each.operation for each in service.requests[-2:]] == ["GetRotation", "UpdateRotation"]
    (body,) = bodies(service, "UpdateRotation")
    assert body.keys() == {"RotationId", "ContactIds", "TimeZoneId", "Recurrence"}
    assert client.rotations.get(web) == evolve(web, contact_ids=[AKUA], time_zone_id="UTC")


def test_an_update_with_a_recurrence_reads_nothing(
    service: LocalService, client: ContactsClient, web: RotationRecord
) -> None:
    daily = Recurrence.daily("08:00", time(20, 0), multiplier=2, on_call=2)
    client.rotations.update(web.arn, recurrence=daily, start_time=START + timedelta(days=1))
    assert bodies(service, "GetRotation") == []
    updated = client.rotations.get(web)
    assert (updated.recurrence, updated.start_time) == (daily, START + timedelta(days=1))


def test_an_update_sends_back_the_unchanged_recurrence_of_the_service(
    service: LocalService, client: ContactsClient, web: RotationRecord
) -> None:
    # A user cannot build this value, but the service can store it.
    recurrence: dict[str, Any] = {
        "DailySettings": [{"HourOfDay": 9, "MinuteOfHour": 0}],
        "NumberOfOnCalls": 1,
        "RecurrenceMultiplier": 1,
        "ShiftCoverages": {"SUN": [], "MON": [{"Start": {"HourOfDay": 1, "MinuteOfHour": 2}}]},
    }
    client.call("update_rotation", RotationId=web.arn, Recurrence=recurrence)
    client.rotations.update(web, time_zone_id="UTC")
    assert bodies(service, "UpdateRotation")[-1]["Recurrence"] == recurrence


def test_a_rotation_that_does_not_exist_is_not_found(client: ContactsClient) -> None:
    for act in (
        lambda: client.rotations.get(GONE),
        lambda: client.rotations.delete(GONE),
        lambda: client.rotations.update(GONE, recurrence=WEEKLY),
        lambda: client.rotations.update(GONE, time_zone_id="UTC"),
    ):
        with pytest.raises(ResourceNotFoundError) as caught:
            act()
        assert caught.value.resource_id == GONE


def test_a_list_returns_all_members_that_the_service_sends(
    client: ContactsClient, web: RotationRecord, described: Rotation
) -> None:
    other = client.rotations.create(evolve(described, name="api"))
    assert list(client.rotations.list(name_prefix="we", page_size=1)) == [
        RotationSummary(
            arn=web.arn,
            name="web",
            contact_ids=web.contact_ids,
            start_time=START,
            time_zone_id="Europe/Berlin",
            recurrence=WEEKLY,
        )
    ]
    assert {each.arn for each in client.rotations.list()} == {web.arn, other.arn}


SHIFTS: dict[str, Any] = {"end_time": START}
PREVIEW: dict[str, Any] = {
    "members": ["a"],
    "time_zone_id": "UTC",
    "recurrence": WEEKLY,
    "end_time": START,
}
WRONG: Wrong = [
    (
        "rotations.create",
        ({},),
        {"tags": 1},
        [("rotation", "wrong_type"), ("tags", "wrong_type")],
    ),
    ("rotations.get", (AKUA,), {}, [("rotation", "wrong_kind_of_arn")]),
    ("rotations.delete", ("web",), {}, [("rotation", "not_an_arn")]),
    ("rotations.update", (GONE,), {}, [("", "missing")]),
    (
        "rotations.update",
        (AKUA,),
        {"contact_ids": [], "start_time": NAIVE, "time_zone_id": "PST", "recurrence": "daily"},
        [
            ("rotation", "wrong_kind_of_arn"),
            ("contact_ids", "too_few"),
            ("start_time", "no_time_zone"),
            ("time_zone_id", "unknown_time_zone"),
            ("recurrence", "wrong_type"),
        ],
    ),
    (
        "rotations.list",
        (),
        {"name_prefix": "!", "page_size": 0},
        [("name_prefix", "wrong_characters"), ("page_size", "too_small")],
    ),
    (
        "rotations.shifts",
        (GONE,),
        {"start_time": START, "end_time": START, "next_token": ""},
        [("next_token", "too_short"), ("end_time", "conflict")],
    ),
    (
        "rotations.shifts",
        (AKUA,),
        {"end_time": NAIVE},
        [("rotation", "wrong_kind_of_arn"), ("end_time", "no_time_zone")],
    ),
    (
        "rotations.preview_shifts",
        (),
        PREVIEW
        | {
            "members": [],
            "time_zone_id": 7,
            "recurrence": None,
            "start_time": START + timedelta(days=1),
            "rotation_start_time": NAIVE,
            "overrides": [{}],
        },
        [
            ("members", "too_few"),
            ("time_zone_id", "wrong_type"),
            ("recurrence", "wrong_type"),
            ("rotation_start_time", "no_time_zone"),
            ("overrides[0]", "wrong_type"),
            ("end_time", "conflict"),
        ],
    ),
]


@pytest.mark.parametrize(("method", "arguments", "named", "expected"), WRONG)
def test_all_violations_are_raised_at_once_and_nothing_is_sent(
    method: str,
    arguments: tuple[Any, ...],
    named: dict[str, Any],
    expected: list[tuple[str, str]],
) -> None:
    assert_rejected(method, arguments, named, expected)


def on_call(shifts: Iterable[Shift]) -> list[tuple[str, float, float]]:
    """Return who is on call, for whom, and the hours of start and end after START."""
    return [
        (
            " ".join(arn.rpartition("/")[2] for arn in shift.contact_ids)
            + "".join(f" for {arn}" for arn in shift.overridden_contact_ids or ()),
            (shift.start_time - START) / timedelta(hours=1),
            (shift.end_time - START) / timedelta(hours=1),
        )
        for shift in shifts
    ]


def test_a_preview_is_sent_with_the_names_of_aws_and_read(
    service: LocalService, client: ContactsClient
) -> None:
    noon = START + timedelta(hours=4)
    override = PreviewOverride(
        new_members=["b"], start_time=noon, end_time=noon + timedelta(hours=1)
    )
    window: dict[str, Any] = {
        "start_time": START - timedelta(1),
        "end_time": START + timedelta(7),
    }
    preview = client.rotations.preview_shifts(
        **PREVIEW | window, overrides=[override], rotation_start_time=START
    )
    assert on_call(preview) == [
        ("a", 0, 1),
        ("a", 1, 4),
        ("b for a", 4, 5),
        ("a", 5, 9),
    ]
    assert service.requests[-1].body == {
        "RotationStartTime": START.timestamp(),
        "StartTime": START.timestamp() - 86400,
        "EndTime": START.timestamp() + 7 * 86400,
        "Members": ["a"],
        "TimeZoneId": "UTC",
        "Recurrence": {
            "WeeklySettings": [
                {"DayOfWeek": "MON", "HandOffTime": {"HourOfDay": 9, "MinuteOfHour": 0}}
            ],
            "NumberOfOnCalls": 1,
            "RecurrenceMultiplier": 1,
            "ShiftCoverages": {
                "MON": [
                    {
                        "Start": {"HourOfDay": 8, "MinuteOfHour": 0},
                        "End": {"HourOfDay": 17, "MinuteOfHour": 0},
                    }
                ]
            },
        },
        "Overrides": [
            {
                "NewMembers": ["b"],
                "StartTime": noon.timestamp(),
                "EndTime": noon.timestamp() + 3600,
            }
        ],
    }


def test_a_preview_of_a_rotation_equals_its_later_shifts(
    client: ContactsClient, described: Rotation, web: RotationRecord
) -> None:
    end_time = START + timedelta(days=60)
    preview = client.rotations.preview_shifts(
        members=described.contact_ids,
        time_zone_id=described.time_zone_id,
        recurrence=described.recurrence,
        rotation_start_time=described.start_time,
        end_time=end_time,
    )
    shifts = list(client.rotations.shifts(web, end_time=end_time))
    assert shifts == list(preview)
    assert len(shifts) > 8


def test_the_shifts_of_a_rotation_are_read(
    service: LocalService, client: ContactsClient, web: RotationRecord
) -> None:
    week = timedelta(days=7)
    shifts = client.rotations.shifts(web, start_time=START, end_time=START + 2 * week)
    # It starts at nine in Berlin, at a hand-off, an hour after the covered hours begin.
    assert on_call(shifts) == [
        ("akuam", 0, 8),
        ("akuam", 167, 168),
        ("alejr", 168, 176),
        ("alejr", 335, 336),
    ]
    assert service.requests[-1].body == {
        "RotationId": web.arn,
        "StartTime": START.timestamp(),
        "EndTime": (START + 2 * week).timestamp(),
    }


def test_an_override_is_among_the_shifts(client: ContactsClient, web: RotationRecord) -> None:
    override = client.overrides.create(
        web,
        Override(
            new_contact_ids=[contact_arn("alejr")],
            start_time=START + timedelta(hours=2),
            end_time=START + timedelta(hours=3),
        ),
    )
    window: dict[str, Any] = {"start_time": START, "end_time": START + timedelta(1)}
    replaced = Shift(
        contact_ids=override.new_contact_ids,
        start_time=override.start_time,
        end_time=override.end_time,
        type=ShiftType.OVERRIDDEN,
        overridden_contact_ids=[AKUA],
    )
    before, during, after = client.rotations.shifts(web, **window)
    assert during == replaced
    assert (before.end_time, after.start_time) == (override.start_time, override.end_time)
    client.overrides.delete(web, override)
    assert on_call(client.rotations.shifts(web, **window)) == [("akuam", 0, 8)]


def test_the_shifts_of_a_rotation_that_does_not_exist_are_not_found(
    service: LocalService, client: ContactsClient
) -> None:
    message = f"Invalid value provided - Invalid resource Arn {GONE}"
    with pytest.raises(ResourceNotFoundError) as caught:
        next(client.rotations.shifts(GONE, end_time=START + timedelta(1)))
    assert (caught.value.code, caught.value.message) == ("ValidationException", message)
    service.faults.add(service_error("ValidationException", message))
    with pytest.raises(ValidationError):
        client.contacts.get(AKUA)


def test_shifts_are_read_page_by_page(
    service: LocalService, client: ContactsClient, people: list[ContactRecord]
) -> None:
    service.clock.advance(seconds=0.5)
    # It starts now, and half a second later.
    web = client.call(
        "create_rotation",
        Name="web",
        ContactIds=[each.arn for each in people],
        TimeZoneId="UTC",
        Recurrence={
            "DailySettings": [{"HourOfDay": 9, "MinuteOfHour": 0}],
            "NumberOfOnCalls": 1,
            "RecurrenceMultiplier": 1,
        },
    )["RotationArn"]
    started = service.clock.now()
    end_time = started.replace(microsecond=0) + timedelta(days=2)
    shifts = client.rotations.shifts(web, end_time=end_time, page_size=1)
    first, second = list(shifts)
    assert first == Shift(
        contact_ids=[AKUA],
        start_time=started,
        end_time=started.replace(microsecond=0) + timedelta(days=1),
        type=ShiftType.REGULAR,
    )
    assert (second.start_time, second.end_time) == (first.end_time, end_time)
    tokens = [body.get("NextToken") for body in bodies(service, "ListRotationShifts")]
    assert [token is None for token in tokens] == [True, False]
    page = next(iter(client.rotations.shifts(web, end_time=end_time, page_size=1).by_page()))
    assert page.next_token is not None
    rest = client.rotations.shifts(web, end_time=end_time, next_token=page.next_token)
    assert [*page.items, *rest] == [first, second]


# Find by name


def test_find_returns_the_rotation_with_the_whole_name(
    client: ContactsClient, described: Rotation, web: RotationRecord
) -> None:
    nights = client.rotations.create(evolve(described, name="web nights"))
    assert client.rotations.find("web") == web
    assert client.rotations.find("web nights") == nights
    assert client.rotations.find("we") is None


def test_find_reports_all_rotations_that_have_the_name(
    client: ContactsClient, described: Rotation, web: RotationRecord
) -> None:
    other = client.rotations.create(described)
    with pytest.raises(AmbiguousNameError) as caught:
        client.rotations.find("web")
    assert caught.value.name == "web"
    assert set(caught.value.arns) == {web.arn, other.arn}


@pytest.mark.parametrize("wrong", ["", "web!", "w" * 256, None, 7])
def test_find_takes_a_name(service: LocalService, client: ContactsClient, wrong: Any) -> None:
    with pytest.raises(InvalidValueError) as caught:
        client.rotations.find(wrong)
    assert [each.path for each in caught.value.violations] == ["name"]
    assert service.requests == ()
