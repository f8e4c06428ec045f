from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta, timezone
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any

import pytest
from arns import contact_arn, rotation_arn
from botocore.exceptions import ParamValidationError
from work import count_calls

from ssm_contacts_sdk._oncall.schedule import shifts as shifts_room
from ssm_contacts_sdk.local import Assumptions, LocalService
from ssm_contacts_sdk.local._clock import DEFAULT_START

if TYPE_CHECKING:
    from mypy_boto3_ssm_contacts import SSMContactsClient

Rejected = Callable[..., dict[str, Any]]
Row = tuple[str, int, int]
GONE = rotation_arn("gone")
NINE: Any = {"HourOfDay": 9, "MinuteOfHour": 0}
DAILY: Any = {"NumberOfOnCalls": 1, "RecurrenceMultiplier": 1, "DailySettings": [NINE]}
FAR_AHEAD = datetime(9998, 12, 31, tzinfo=timezone.utc)


def after(hours: float) -> datetime:
    """Return the time that many hours after the clock's start, which is nine o'clock."""
    return DEFAULT_START + timedelta(hours=hours)


def hours(at: datetime) -> int:
    whole, rest = divmod(at - DEFAULT_START, timedelta(hours=1))
    assert rest == timedelta(0)
    return whole


def rows(shifts: Iterable[Any]) -> list[Row]:
    """Return who is on call, from which hour to which; in overrides also the replaced people."""
    return [(_people(each), hours(each["StartTime"]), hours(each["EndTime"])) for each in shifts]


def _people(shift: Any) -> str:
    people = _names(shift["ContactIds"])
    if shift["Type"] == "REGULAR":
        assert "ShiftDetails" not in shift
        return people
    assert shift["Type"] == "OVERRIDDEN"
    return f"{people} for {_names(shift['ShiftDetails']['OverriddenContactIds'])}"


def _names(arns: Sequence[str]) -> str:
    return " ".join(arn.rpartition("/")[2] for arn in arns) or "nobody"


def rows_of_minutes(page: Any) -> list[tuple[str, int]]:
    """Return who is on call for a minute, from which hour on."""
    shifts = page["RotationShifts"]
    assert {each["EndTime"] - each["StartTime"] for each in shifts} == {timedelta(minutes=1)}
    return [(_people(each), hours(each["StartTime"])) for each in shifts]


@pytest.fixture
def turns(aws: SSMContactsClient, akua: str) -> str:
    """The ARN of a rotation of Akua and Alejandro with daily hand-offs at nine o'clock."""
    alejandro = aws.create_contact(Alias="alejr", Type="PERSONAL", Plan={})["ContactArn"]
    created = aws.create_rotation(
        Name="web",
        ContactIds=[akua, alejandro],
        StartTime=DEFAULT_START,
        TimeZoneId="UTC",
        Recurrence=DAILY,
    )
    return created["RotationArn"]


def listed(
    aws: SSMContactsClient, rotation: str, since: float, until: float, **more: Any
) -> list[Row]:
    response = aws.list_rotation_shifts(
        RotationId=rotation, StartTime=after(since), EndTime=after(until), **more
    )
    assert "NextToken" not in response
    return rows(response["RotationShifts"])


def override(
    aws: SSMContactsClient, rotation: str, since: float, until: float, *people: str
) -> str:
    created = aws.create_rotation_override(
        RotationId=rotation,
        NewContactIds=[contact_arn(alias) for alias in people],
        StartTime=after(since),
        EndTime=after(until),
    )
    return created["RotationOverrideId"]


# Shifts of a rotation


def test_a_shift_has_contacts_times_and_a_type(
    aws: SSMContactsClient, turns: str, akua: str
) -> None:
    (shift,) = aws.list_rotation_shifts(RotationId=turns, EndTime=after(24))["RotationShifts"]
    assert shift == {
        "ContactIds": [akua],
        "StartTime": after(0),
        "EndTime": after(24),
        "Type": "REGULAR",
    }


def test_an_overridden_shift_has_the_replaced_contacts(
    aws: SSMContactsClient, turns: str, akua: str
) -> None:
    override(aws, turns, 1, 2, "alejr")
    response = aws.list_rotation_shifts(RotationId=turns, StartTime=after(1), EndTime=after(2))
    assert response["RotationShifts"] == [
        {
            "ContactIds": [contact_arn("alejr")],
            "StartTime": after(1),
            "EndTime": after(2),
            "Type": "OVERRIDDEN",
            "ShiftDetails": {"OverriddenContactIds": [akua]},
        }
    ]


def test_members_take_turns(aws: SSMContactsClient, turns: str) -> None:
    assert listed(aws, turns, 0, 96) == [
        ("akuam", 0, 24),
        ("alejr", 24, 48),
        ("akuam", 48, 72),
        ("alejr", 72, 96),
    ]


FIRST, SECOND = ("akuam", 0, 24), ("alejr", 24, 48)


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        (-48, -24, []),
        (-1, 0, []),
        (-1, 0.001, [FIRST]),
        (0, 24, [FIRST]),
        (1, 2, [FIRST]),
        (23.999, 24, [FIRST]),
        (23.999, 24.001, [FIRST, SECOND]),
        (24, 25, [SECOND]),
        (-100, 25, [FIRST, SECOND]),
    ],
)
def test_shifts_that_overlap_the_time_are_returned_whole(
    aws: SSMContactsClient, turns: str, since: float, until: float, found: list[Row]
) -> None:
    assert listed(aws, turns, since, until) == found


def test_the_default_start_is_now(
    service: LocalService, aws: SSMContactsClient, turns: str, rejected: Rejected
) -> None:
    service.clock.advance(hours=25)
    response = aws.list_rotation_shifts(RotationId=turns, EndTime=after(50))
    assert rows(response["RotationShifts"]) == [("alejr", 24, 48), ("akuam", 48, 72)]
    # A time that ends now is empty.
    for end in (24, 25):
        error = rejected(aws.list_rotation_shifts, RotationId=turns, EndTime=after(end))
        assert error["Message"] == "Invalid value provided - EndTime must be after StartTime"


@pytest.mark.parametrize("end", [0, -1])
def test_the_requested_time_must_end_after_it_starts(
    aws: SSMContactsClient, turns: str, rejected: Rejected, end: float
) -> None:
    request = {"RotationId": turns, "StartTime": after(0), "EndTime": after(end)}
    error = rejected(aws.list_rotation_shifts, **request)
    assert (error["Code"], error["Reason"]) == ("ValidationException", "OTHER")
    assert error["Message"] == "Invalid value provided - EndTime must be after StartTime"


def test_the_shifts_of_an_unknown_rotation_are_an_invalid_value(
    aws: SSMContactsClient, akua: str, turns: str, rejected: Rejected
) -> None:
    aws.delete_rotation(RotationId=turns)
    for arn in (GONE, turns, turns.replace("us-east-2", "us-west-2"), akua):
        error = rejected(aws.list_rotation_shifts, RotationId=arn, EndTime=after(1))
        assert (error["Code"], error["Reason"]) == ("ValidationException", "OTHER")
        assert error["Message"] == f"Invalid value provided - Invalid resource Arn {arn}"


def test_an_end_is_required(aws: SSMContactsClient, turns: str) -> None:
    request: Any = {"RotationId": turns}
    with pytest.raises(ParamValidationError, match="EndTime"):
        aws.list_rotation_shifts(**request)


def test_an_updated_rotation_has_other_shifts(
    aws: SSMContactsClient, akua: str, turns: str
) -> None:
    twelve: Any = {**DAILY, "DailySettings": [NINE, {"HourOfDay": 21, "MinuteOfHour": 0}]}
    aws.update_rotation(RotationId=turns, ContactIds=[akua], Recurrence=twelve)
    assert listed(aws, turns, 0, 24) == [("akuam", 0, 12), ("akuam", 12, 24)]


def test_hand_offs_follow_the_clock_of_the_time_zone(aws: SSMContactsClient, rotation: str) -> None:
    # Nine o'clock in Berlin is an hour before nine o'clock UTC, when the rotation starts.
    assert listed(aws, rotation, 0, 24) == [("akuam", 0, 23), ("akuam", 23, 47)]


def test_hours_that_are_not_covered_have_no_shift(aws: SSMContactsClient, turns: str) -> None:
    day = [{"Start": NINE, "End": {"HourOfDay": 17, "MinuteOfHour": 0}}]
    covered: Any = {**DAILY, "ShiftCoverages": {"MON": day, "WED": day}}
    aws.update_rotation(RotationId=turns, Recurrence=covered)
    assert listed(aws, turns, 0, 168) == [("akuam", 0, 8), ("akuam", 48, 56)]


def test_an_override_splits_the_shifts_around_it(aws: SSMContactsClient, turns: str) -> None:
    aws.create_contact(Alias="anasi", Type="PERSONAL", Plan={})
    created = override(aws, turns, 20, 30, "anasi")
    assert listed(aws, turns, 0, 48) == [
        ("akuam", 0, 20),
        ("anasi for akuam alejr", 20, 30),
        ("alejr", 30, 48),
    ]
    aws.delete_rotation_override(RotationId=turns, RotationOverrideId=created)
    assert listed(aws, turns, 0, 48) == [FIRST, SECOND]


def test_an_override_without_people_is_a_shift_without_people(
    aws: SSMContactsClient, turns: str
) -> None:
    override(aws, turns, 4, 5)
    shifts = aws.list_rotation_shifts(RotationId=turns, StartTime=after(4), EndTime=after(5))
    assert rows(shifts["RotationShifts"]) == [("nobody for akuam", 4, 5)]
    assert shifts["RotationShifts"][0].get("ContactIds") == []


def test_an_override_before_the_rotation_starts_replaces_nobody(
    aws: SSMContactsClient, turns: str
) -> None:
    override(aws, turns, -4, -3, "akuam")
    assert listed(aws, turns, -10, 1) == [("akuam for nobody", -4, -3), FIRST]


def test_the_override_that_was_created_later_counts(aws: SSMContactsClient, turns: str) -> None:
    override(aws, turns, 2, 6, "alejr")
    override(aws, turns, 4, 8)
    assert listed(aws, turns, 2, 8) == [("alejr for akuam", 2, 4), ("nobody for akuam", 4, 8)]


def test_times_are_returned_in_milliseconds(
    service: LocalService, aws: SSMContactsClient, akua: str
) -> None:
    service.clock.advance(seconds=0.3014)
    rotation = aws.create_rotation(
        Name="web", ContactIds=[akua], TimeZoneId="UTC", Recurrence=DAILY
    )["RotationArn"]
    (shift,) = aws.list_rotation_shifts(RotationId=rotation, EndTime=after(1))["RotationShifts"]
    assert shift["StartTime"] == after(0) + timedelta(seconds=0.301)
    preview = preview_of(aws, EndTime=after(1))
    assert preview["RotationShifts"][0]["StartTime"] == shift["StartTime"]


@pytest.fixture
def busy(aws: SSMContactsClient, turns: str) -> str:
    """The ARN of a rotation with overrides in its first sixty days."""
    for day in range(0, 60, 7):
        override(aws, turns, day * 24 + 20, day * 24 + 30, "akuam")
        override(aws, turns, day * 24 + 40, day * 24 + 41)
    return turns


@pytest.mark.parametrize("size", [1, 7, 50, 78, 1024])
def test_pages_of_any_size_are_one_list(aws: SSMContactsClient, busy: str, size: int) -> None:
    request: Any = {"RotationId": busy, "StartTime": after(0), "EndTime": after(60 * 24)}
    whole = aws.list_rotation_shifts(**request, MaxResults=1024)["RotationShifts"]
    paginator = aws.get_paginator("list_rotation_shifts")
    found = [
        list(page["RotationShifts"])
        for page in paginator.paginate(**request, PaginationConfig={"PageSize": size})
    ]
    assert list(chain.from_iterable(found)) == whole
    assert len(found) == -(-len(whole) // size)
    assert [each["StartTime"] for each in whole[1:]] == [each["EndTime"] for each in whole[:-1]]


def test_an_override_of_several_shifts_is_one_shift_with_all_replaced_contacts(
    aws: SSMContactsClient, turns: str
) -> None:
    aws.create_contact(Alias="anasi", Type="PERSONAL", Plan={})
    override(aws, turns, 30, 80, "anasi")
    # They are in the order of their shifts, also if the requested time starts within.
    expected = ("anasi for alejr akuam", 30, 80)
    request: Any = {"RotationId": turns, "EndTime": after(96)}
    shifts = aws.list_rotation_shifts(**request, StartTime=after(0))["RotationShifts"]
    assert rows(shifts) == [FIRST, ("alejr", 24, 30), expected, ("alejr", 80, 96)]
    within = aws.list_rotation_shifts(**request, StartTime=after(50))["RotationShifts"]
    assert rows(within) == [expected, ("alejr", 80, 96)]


def test_the_shifts_of_other_members_are_counted_from_the_start(
    aws: SSMContactsClient, service: LocalService, turns: str
) -> None:
    service.clock.advance(days=1)
    request: Any = {"RotationId": turns, "StartTime": after(0), "EndTime": after(72)}
    before = aws.list_rotation_shifts(**request)["RotationShifts"]
    assert rows(before) == [("akuam", 0, 24), ("alejr", 24, 48), ("akuam", 48, 72)]
    mary = aws.create_contact(Alias="marym", Type="PERSONAL", Plan={})["ContactArn"]
    people = [contact_arn("alejr"), mary, contact_arn("akuam")]
    aws.update_rotation(RotationId=turns, ContactIds=people, Recurrence=DAILY)
    # Now Mary is on call instead of Alejandro, and the past day is Alejandro's.
    after_it = aws.list_rotation_shifts(**request)["RotationShifts"]
    assert rows(after_it) == [("alejr", 0, 24), ("marym", 24, 48), ("akuam", 48, 72)]


def test_a_page_has_fifty_shifts_by_default(aws: SSMContactsClient, turns: str) -> None:
    request: Any = {"RotationId": turns, "EndTime": after(60 * 24)}
    pages: list[dict[str, Any]] = [{}, {"MaxResults": 0}]
    for more in pages:
        response: Any = aws.list_rotation_shifts(**request, **more)
        assert len(response["RotationShifts"]) == 50
        rest = aws.list_rotation_shifts(**request, **more, NextToken=response["NextToken"])
        assert len(rest["RotationShifts"]) == 10


def test_a_page_token_is_valid_a_day_later(
    service: LocalService, aws: SSMContactsClient, turns: str
) -> None:
    request: Any = {"RotationId": turns, "EndTime": after(96), "MaxResults": 1}
    first: Any = aws.list_rotation_shifts(**request)
    service.clock.advance(days=1)
    second = aws.list_rotation_shifts(**request, NextToken=first["NextToken"])
    assert rows(second["RotationShifts"]) == [SECOND]


@pytest.mark.parametrize("hours_later", [1, 30, 60, 24 * 365])
def test_all_pages_use_the_time_of_the_first(
    service: LocalService, aws: SSMContactsClient, turns: str, hours_later: int
) -> None:
    request: Any = {"RotationId": turns, "EndTime": after(96), "MaxResults": 1}
    at_once: Any = {**request, "MaxResults": 9}
    expected = rows(aws.list_rotation_shifts(**at_once)["RotationShifts"])
    assert len(expected) == 4
    pages: list[Any] = [aws.list_rotation_shifts(**request)]
    while "NextToken" in pages[-1]:
        service.clock.advance(hours=hours_later)
        pages.append(aws.list_rotation_shifts(**request, NextToken=pages[-1]["NextToken"]))
    assert [row for page in pages for row in rows(page["RotationShifts"])] == expected


def test_all_pages_of_a_preview_use_the_time_of_the_first(
    service: LocalService, aws: SSMContactsClient
) -> None:
    service.clock.advance(hours=1)
    expected = previewed(aws, EndTime=after(72))
    assert expected == [("Akua", 1, 24), ("Mary", 24, 48), ("Akua", 48, 72)]
    response = preview_of(aws, EndTime=after(72), MaxResults=1)
    found = rows(response["RotationShifts"])
    while "NextToken" in response:
        # A rotation that started later would have other first shifts.
        service.clock.advance(hours=24)
        token = response["NextToken"]
        response = preview_of(aws, EndTime=after(72), MaxResults=1, NextToken=token)
        found += rows(response["RotationShifts"])
    assert found == expected


@pytest.mark.parametrize("service", [Assumptions(shift_bounds="clipped")], indirect=True)
def test_the_first_page_decides_where_shifts_are_clipped(
    service: LocalService, aws: SSMContactsClient, turns: str
) -> None:
    service.clock.advance(hours=30)
    request: Any = {"RotationId": turns, "EndTime": after(60), "MaxResults": 1}
    first: Any = aws.list_rotation_shifts(**request)
    assert rows(first["RotationShifts"]) == [("alejr", 30, 48)]
    service.clock.advance(hours=25)
    second = aws.list_rotation_shifts(**request, NextToken=first["NextToken"])
    assert rows(second["RotationShifts"]) == [("akuam", 48, 60)]


def test_a_later_page_costs_no_more_than_an_early_one(
    service: LocalService, aws: SSMContactsClient, turns: str
) -> None:
    hours = [{"HourOfDay": hour, "MinuteOfHour": 0} for hour in range(24)]
    hourly: Any = {**DAILY, "DailySettings": hours}
    aws.update_rotation(RotationId=turns, Recurrence=hourly)
    override(aws, turns, 100, 500, "alejr")
    end = after(24 * 300).timestamp()
    request = {"RotationId": turns, "EndTime": end, "MaxResults": 100}
    responses: list[dict[str, Any]] = [{"RotationShifts": []}]

    def next_page() -> None:
        token = {"NextToken": responses[-1]["NextToken"]} if "NextToken" in responses[-1] else {}
        body = json.dumps({**request, **token}).encode()
        responses.append(
            json.loads(service.handle("SSMContacts.ListRotationShifts", {}, body).body)
        )

    works: list[int] = []
    while len(responses) == 1 or "NextToken" in responses[-1]:
        works.append(count_calls(next_page))
    starts = [shift["StartTime"] for response in responses for shift in response["RotationShifts"]]
    # 7,200 hours, 400 of which the override makes one shift.
    assert len(starts) == len({*starts}) == 7_200 - 400 + 1
    assert len(works) == 69
    # The last page is not full.
    assert max(works[10:-1]) < 1.1 * min(works[10:-1])


def test_a_page_token_is_valid_for_its_own_query_only(
    aws: SSMContactsClient, turns: str, rotation: str, rejected: Rejected
) -> None:
    request: Any = {"RotationId": turns, "StartTime": after(0), "EndTime": after(96)}
    first: Any = aws.list_rotation_shifts(**request, MaxResults=1)
    for changed in ({"EndTime": after(95)}, {"StartTime": after(1)}, {"RotationId": rotation}):
        error = rejected(
            aws.list_rotation_shifts, **{**request, **changed, "NextToken": first["NextToken"]}
        )
        assert error["Code"] == "ValidationException"
        assert "NextToken" in error["Message"]


def test_a_very_distant_time_has_shifts(aws: SSMContactsClient, turns: str) -> None:
    request: Any = {
        "RotationId": turns,
        "StartTime": FAR_AHEAD - timedelta(1),
        "EndTime": FAR_AHEAD,
    }
    shifts = aws.list_rotation_shifts(**request)["RotationShifts"]
    days = (FAR_AHEAD - DEFAULT_START) // timedelta(days=1)
    assert rows(shifts) == [
        (("akuam", "alejr")[number % 2], 24 * number, 24 * number + 24)
        for number in (days - 1, days)
    ]


def test_a_page_with_too_many_hand_offs_in_uncovered_hours_is_rejected(
    aws: SSMContactsClient, rejected: Rejected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shifts_room, "MOST_HAND_OFFS", 30_000)
    each_minute = [{"HourOfDay": at // 60, "MinuteOfHour": at % 60} for at in range(1440)]
    noon: Any = [{"Start": {"HourOfDay": 12, "MinuteOfHour": 0}}]
    noon[0]["End"] = {"HourOfDay": 12, "MinuteOfHour": 1}
    recurrence = {**DAILY, "DailySettings": each_minute, "ShiftCoverages": {"MON": noon}}
    request: Any = {
        "Members": ["Akua"],
        "TimeZoneId": "UTC",
        "Recurrence": recurrence,
        "StartTime": after(0),
        "EndTime": after(24 * 365),
    }
    error = rejected(aws.list_preview_rotation_shifts, **request)
    assert (error["Code"], error["Reason"]) == ("ValidationException", "OTHER")
    expected = "Invalid value provided - EndTime is too many hand-offs after StartTime"
    assert error["Message"] == expected
    # Smaller pages succeed.
    request["MaxResults"] = 1
    page: Any = aws.list_preview_rotation_shifts(**request)
    again = aws.list_preview_rotation_shifts(**request, NextToken=page["NextToken"])
    assert rows_of_minutes(page) + rows_of_minutes(again) == [("Akua", 3), ("Akua", 7 * 24 + 3)]


def test_the_last_shift_ends_on_a_date_that_clients_can_read(
    aws: SSMContactsClient,
) -> None:
    seldom = {
        "NumberOfOnCalls": 1,
        "RecurrenceMultiplier": 100,
        "MonthlySettings": [{"DayOfMonth": 1, "HandOffTime": NINE}],
    }
    response = preview_of(
        aws,
        Recurrence=seldom,
        RotationStartTime=FAR_AHEAD - timedelta(days=800),
        StartTime=FAR_AHEAD - timedelta(days=1),
        EndTime=FAR_AHEAD,
    )
    (shift,) = response["RotationShifts"]
    assert shift["EndTime"] >= FAR_AHEAD


# Shifts of a preview


def preview_of(aws: SSMContactsClient, **more: Any) -> Any:
    request: Any = {"Members": ["Akua", "Mary"], "TimeZoneId": "UTC", "Recurrence": DAILY}
    return aws.list_preview_rotation_shifts(**{**request, **more})


def previewed(aws: SSMContactsClient, **more: Any) -> list[Row]:
    return rows(preview_of(aws, **more)["RotationShifts"])


def test_a_preview_has_the_same_shifts_as_the_rotation(
    aws: SSMContactsClient, akua: str, turns: str
) -> None:
    override(aws, turns, 20, 30, "alejr")
    got: Any = aws.get_rotation(RotationId=turns)
    window: Any = {"StartTime": after(-48), "EndTime": after(480)}
    alejandro = got["ContactIds"][1]
    preview = preview_of(
        aws,
        **window,
        Members=got["ContactIds"],
        RotationStartTime=got["StartTime"],
        Overrides=[
            {"NewMembers": [alejandro], "StartTime": after(20), "EndTime": after(30)},
        ],
    )
    result = aws.list_rotation_shifts(RotationId=turns, **window)
    assert preview["RotationShifts"] == result["RotationShifts"]


def test_members_of_a_preview_are_any_strings(
    service: LocalService, aws: SSMContactsClient
) -> None:
    members = ["Akua Mansa", "字", contact_arn("nobody"), "x" * 512]
    shifts = preview_of(aws, Members=members, EndTime=after(96))["RotationShifts"]
    assert [each["ContactIds"] for each in shifts] == [[member] for member in members]
    assert aws.list_rotations()["Rotations"] == []
    assert [each.operation for each in service.requests] == [
        "ListPreviewRotationShifts",
        "ListRotations",
    ]


def test_a_preview_starts_now_by_default(service: LocalService, aws: SSMContactsClient) -> None:
    service.clock.advance(hours=1)
    assert previewed(aws, EndTime=after(30)) == [("Akua", 1, 24), ("Mary", 24, 48)]


def test_the_rotation_and_the_requested_time_have_different_starts(
    aws: SSMContactsClient,
) -> None:
    result = previewed(
        aws, RotationStartTime=after(0), StartTime=after(30), EndTime=after(72), MaxResults=9
    )
    assert result == [("Mary", 24, 48), ("Akua", 48, 72)]
    assert previewed(aws, RotationStartTime=after(80), EndTime=after(72)) == []


def test_a_preview_with_overrides(aws: SSMContactsClient) -> None:
    overrides: Any = [
        {"NewMembers": ["Luis", "Ana"], "StartTime": after(20), "EndTime": after(30)},
        {"StartTime": after(40), "EndTime": after(44)},
        {"NewMembers": [], "StartTime": after(42), "EndTime": after(43)},
    ]
    result = previewed(aws, RotationStartTime=after(0), EndTime=after(48), Overrides=overrides)
    assert result == [
        ("Akua", 0, 20),
        ("Luis Ana for Akua Mary", 20, 30),
        ("Mary", 30, 40),
        ("nobody for Mary", 40, 42),
        ("nobody for Mary", 42, 43),
        ("nobody for Mary", 43, 44),
        ("Mary", 44, 48),
    ]


def test_the_override_later_in_the_list_counts(aws: SSMContactsClient) -> None:
    overrides: Any = [
        {"NewMembers": ["Luis"], "StartTime": after(4), "EndTime": after(8)},
        {"NewMembers": ["Ana"], "StartTime": after(2), "EndTime": after(6)},
    ]
    result = previewed(aws, StartTime=after(2), EndTime=after(8), Overrides=overrides)
    assert result == [("Ana for Akua", 2, 6), ("Luis for Akua", 6, 8)]


@pytest.mark.parametrize(
    "incomplete",
    [
        {},
        {"NewMembers": ["Luis"]},
        {"NewMembers": ["Luis"], "StartTime": after(1)},
        {"NewMembers": ["Luis"], "EndTime": after(1)},
        {"NewMembers": ["Luis"], "StartTime": after(2), "EndTime": after(1)},
        {"NewMembers": ["Luis"], "StartTime": after(2), "EndTime": after(2)},
    ],
)
def test_an_override_without_both_times_is_ignored(aws: SSMContactsClient, incomplete: Any) -> None:
    assert previewed(aws, EndTime=after(24), Overrides=[incomplete]) == [("Akua", 0, 24)]


@pytest.mark.parametrize("zone", ["PST", "Mars/Olympus", "../UTC", "europe/berlin"])
def test_an_unknown_time_zone_is_rejected(
    aws: SSMContactsClient, rejected: Rejected, zone: str
) -> None:
    request: Any = {
        "Members": ["Akua"],
        "TimeZoneId": zone,
        "Recurrence": DAILY,
        "EndTime": after(1),
    }
    error = rejected(aws.list_preview_rotation_shifts, **request)
    assert (error["Code"], error["Reason"]) == ("ValidationException", "OTHER")
    assert error["Message"].startswith("Invalid value provided - TimeZoneId must be")


def test_a_day_that_a_zone_skips_has_no_hand_off_and_skips_no_member(
    aws: SSMContactsClient,
) -> None:
    # Pacific/Apia went from 29 to 31 December 2011, ten hours behind UTC and 14 ahead of it.
    west, east = timezone(timedelta(hours=-10)), timezone(timedelta(hours=14))
    starts = [
        datetime(2011, 12, 28, 9, 0, tzinfo=west),
        datetime(2011, 12, 29, 9, 0, tzinfo=west),
        datetime(2011, 12, 31, 9, 0, tzinfo=east),
        datetime(2012, 1, 1, 9, 0, tzinfo=east),
    ]
    request: Any = {"Members": ["Akua", "Mary", "Luis"], "TimeZoneId": "Pacific/Apia"}
    window: Any = {"StartTime": starts[0], "EndTime": starts[-1]}
    response = preview_of(aws, **request, **window, RotationStartTime=starts[0])
    result = [
        (shift["ContactIds"], shift["StartTime"], shift["EndTime"])
        for shift in response["RotationShifts"]
    ]
    assert result == [
        ([name], *ends) for name, ends in zip(request["Members"], pairwise(starts), strict=True)
    ]


def test_empty_lists_of_hand_offs_are_removed_from_a_preview(aws: SSMContactsClient) -> None:
    recurrence: Any = {**DAILY, "WeeklySettings": [], "MonthlySettings": []}
    assert previewed(aws, EndTime=after(48), Recurrence=recurrence) == [
        ("Akua", 0, 24),
        ("Mary", 24, 48),
    ]


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"DailySettings": []},
        {"DailySettings": [], "WeeklySettings": [], "MonthlySettings": []},
        {
            "DailySettings": [NINE],
            "MonthlySettings": [{"DayOfMonth": 1, "HandOffTime": NINE}],
        },
    ],
)
def test_a_recurrence_has_one_kind_of_hand_off(
    aws: SSMContactsClient, rejected: Rejected, settings: dict[str, Any]
) -> None:
    request: Any = {
        "Members": ["Akua"],
        "TimeZoneId": "UTC",
        "Recurrence": {"NumberOfOnCalls": 1, "RecurrenceMultiplier": 1, **settings},
        "EndTime": after(1),
    }
    error = rejected(aws.list_preview_rotation_shifts, **request)
    assert (error["Code"], error["Reason"]) == ("ValidationException", "OTHER")
    assert "exactly one of DailySettings, WeeklySettings, MonthlySettings" in error["Message"]


@pytest.mark.parametrize(
    ("member", "changed"),
    [
        ("members", {"Members": ["Akua"] * 31}),
        ("members", {"Members": [" "]}),
        ("members", {"Members": ["x" * 513]}),
        ("recurrence", {"Recurrence": {**DAILY, "RecurrenceMultiplier": 101}}),
        ("recurrence", {"Recurrence": {**DAILY, "DailySettings": [{**NINE, "HourOfDay": 24}]}}),
        ("overrides", {"Overrides": [{"NewMembers": ["Akua"] * 31}]}),
        ("endTime", {"EndTime": datetime(9999, 1, 2, tzinfo=timezone.utc)}),
    ],
)
def test_an_invalid_preview_is_rejected(
    aws: SSMContactsClient, rejected: Rejected, member: str, changed: dict[str, Any]
) -> None:
    request: Any = {
        "Members": ["Akua"],
        "TimeZoneId": "UTC",
        "Recurrence": DAILY,
        "EndTime": after(1),
        **changed,
    }
    error = rejected(aws.list_preview_rotation_shifts, **request)
    assert (error["Code"], error["Reason"]) == ("ValidationException", "FIELD_VALIDATION_FAILED")
    assert [each["Name"].partition(".")[0] for each in error["Fields"]] == [member]


@pytest.mark.parametrize("end", [0, -1])
def test_the_time_of_a_preview_must_end_after_it_starts(
    aws: SSMContactsClient, rejected: Rejected, end: float
) -> None:
    for more in ({"StartTime": after(0)}, {}):
        error = rejected(preview_of, aws=aws, EndTime=after(end), **more)
        assert error["Message"] == "Invalid value provided - EndTime must be after StartTime"


@pytest.mark.parametrize("size", [1, 7, 60, 1024])
def test_a_preview_in_pages_of_any_size(aws: SSMContactsClient, size: int) -> None:
    request: Any = {
        "Members": ["Akua", "Mary"],
        "TimeZoneId": "America/New_York",
        "Recurrence": DAILY,
        # Including the day in March that is an hour shorter.
        "EndTime": after(70 * 24),
        "Overrides": [{"NewMembers": ["Luis"], "StartTime": after(20), "EndTime": after(30)}],
    }
    whole = aws.list_preview_rotation_shifts(**request, MaxResults=1024)["RotationShifts"]
    assert len(whole) > 70
    paginator = aws.get_paginator("list_preview_rotation_shifts")
    found = [
        list(page["RotationShifts"])
        for page in paginator.paginate(**request, PaginationConfig={"PageSize": size})
    ]
    assert list(chain.from_iterable(found)) == whole
    assert len(found) == -(-len(whole) // size)


def test_several_people_are_on_call_together(aws: SSMContactsClient) -> None:
    result = previewed(
        aws,
        Members=["a", "b", "c"],
        Recurrence={**DAILY, "NumberOfOnCalls": 2},
        EndTime=after(72),
    )
    assert result == [("a b", 0, 24), ("c a", 24, 48), ("b c", 48, 72)]


def test_more_on_call_than_members_is_everybody(aws: SSMContactsClient) -> None:
    recurrence = {**DAILY, "NumberOfOnCalls": 9}
    assert previewed(aws, Recurrence=recurrence, EndTime=after(24)) == [("Akua Mary", 0, 24)]
