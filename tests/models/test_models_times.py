from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sentinels import CODE, EMAIL, PHONE
from strategies import instants, times_of_day

from ssm_contacts_sdk import Violation
from ssm_contacts_sdk._schema.times import (
    HandOffTime,
    Instant,
    TimeZoneId,
    as_instant,
    as_instant_or_none,
    as_time_of_day,
    interval_violations,
)
from ssm_contacts_sdk._schema.values import check_of

BERLIN = ZoneInfo("Europe/Berlin")
TOKYO = ZoneInfo("Asia/Tokyo")
NOON = datetime(2025, 1, 6, 12, 0, tzinfo=timezone.utc)
NAIVE = datetime(2025, 1, 6, 12, 0)  # noqa: DTZ001 - that is what is tested

NO_TIME = "wrong_format"
NO_ZONE = "no_time_zone"
UNKNOWN_ZONE = "unknown_time_zone"
TOO_EARLY = [("", "conflict")]


class Nowhere(tzinfo):
    """A time zone without an offset, which tzinfo allows."""

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        return None

    def dst(self, dt: datetime | None) -> timedelta | None:
        return None

    def tzname(self, dt: datetime | None) -> str | None:
        return None


def found_in(violations: Any) -> list[tuple[str, str]]:
    found: list[Violation] = list(violations)
    return [(violation.path, violation.code) for violation in found]


# Times of day -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("00:00", time(0, 0)),
        ("00:59", time(0, 59)),
        ("09:00", time(9, 0)),
        ("19:05", time(19, 5)),
        ("20:00", time(20, 0)),
        ("23:59", time(23, 59)),
    ],
)
def test_a_str_of_hour_and_minute_is_a_time_of_day(text: str, at: time) -> None:
    read = as_time_of_day(text)
    assert read == at
    assert read.tzinfo is None
    assert found_in(check_of(HandOffTime)(read)) == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "9:00",
        "09:0",
        "9",
        "0900",
        "009:00",
        "09:000",
        "24:00",
        "29:00",
        "30:00",
        "09:60",
        "09:99",
        "-1:00",
        "09:00 ",
        " 09:00",
        "09:00\n",
        "09:00:00",
        "09.00",
        "9:00 AM",
        "09:00Z",
        "09:00+01:00",
        "\u0660\u0669:\u0660\u0660",
        "09:0\u0660",
        "\uff10\uff19:00",
        "noon",
        PHONE,
        CODE,
        EMAIL,
    ],
)
def test_no_other_str_is_a_time_of_day(text: str) -> None:
    assert as_time_of_day(text) == text
    assert found_in(check_of(HandOffTime)(as_time_of_day(text))) == [("", NO_TIME)]


@given(times_of_day)
def test_every_minute_of_a_day_can_be_a_str(at: time) -> None:
    assert as_time_of_day(f"{at:%H:%M}") == at
    assert as_time_of_day(at) is at


@given(st.text())
def test_as_time_of_day_converts_a_str_completely_or_returns_it_unchanged(text: str) -> None:
    read: Any = as_time_of_day(text)
    if isinstance(read, time):
        assert f"{read:%H:%M}" == text
    else:
        assert found_in(check_of(HandOffTime)(read)) == [("", NO_TIME)]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "NoneType"),
        (9, "int"),
        (True, "bool"),
        (9.5, "float"),
        ({"HourOfDay": 9, "MinuteOfHour": 0}, "dict"),
        ((9, 0), "tuple"),
        (["09:00"], "list"),
        (b"09:00", "bytes"),
        (NOON, "datetime"),
        (date(2025, 1, 6), "date"),
        (timedelta(hours=9), "timedelta"),
    ],
)
def test_a_value_that_is_not_a_time_of_day_is_rejected(value: Any, name: str) -> None:
    assert as_time_of_day(value) is value
    assert found_in(check_of(HandOffTime)(value)) == [("", "wrong_type")]


@pytest.mark.parametrize("at", [time(9, 0), time(0, 0), time(23, 59), time(9, 0, fold=1)])
def test_a_whole_minute_is_a_time_of_day(at: time) -> None:
    assert found_in(check_of(HandOffTime)(at)) == []


@pytest.mark.parametrize("at", [time(9, 0, 1), time(9, 0, 59), time(9, 0, 0, 1), time.max])
def test_a_time_of_day_has_no_seconds(at: time) -> None:
    assert found_in(check_of(HandOffTime)(at)) == [("", "wrong_format")]


@pytest.mark.parametrize("zone", [timezone.utc, BERLIN, Nowhere()])
def test_a_time_of_day_must_not_have_a_time_zone(zone: tzinfo) -> None:
    expected = ("", "wrong_format")
    assert found_in(check_of(HandOffTime)(time(9, 0, tzinfo=zone))) == [expected]
    assert found_in(check_of(HandOffTime)(time(9, 0, 30, tzinfo=zone))) == [
        expected,
        ("", "wrong_format"),
    ]


# Instants -----------------------------------------------------------------------------------------


@given(instants)
def test_a_datetime_with_a_zone_is_an_instant(at: datetime) -> None:
    assert found_in(check_of(Instant)(at)) == []


@pytest.mark.parametrize(
    "at",
    [NAIVE, NAIVE.replace(fold=1), NAIVE.replace(year=1), NAIVE.replace(tzinfo=Nowhere())],
)
def test_a_naive_datetime_is_not_an_instant(at: datetime) -> None:
    assert found_in(check_of(Instant)(at)) == [("", NO_ZONE)]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "NoneType"),
        (1736164800, "int"),
        (True, "bool"),
        (1736164800.5, "float"),
        ("2025-01-06T12:00:00Z", "str"),
        (PHONE, "str"),
        ({}, "dict"),
        (date(2025, 1, 6), "date"),
        (time(12, 0), "time"),
        (timedelta(1), "timedelta"),
    ],
)
def test_a_value_that_is_not_a_datetime_is_rejected(value: object, name: str) -> None:
    assert found_in(check_of(Instant)(value)) == [("", "wrong_type")]


EDGES = [
    datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1))),
    datetime(9999, 12, 31, 23, 30, tzinfo=timezone(timedelta(hours=-1))),
]


@pytest.mark.parametrize("at", EDGES)
def test_an_instant_is_one_of_the_years_that_python_has_in_utc_too(at: datetime) -> None:
    assert as_instant(at) is at
    expected = ("", "too_small" if at.year == 1 else "too_large")
    assert found_in(check_of(Instant)(at)) == [expected]
    assert found_in(interval_violations(at, NOON)) == []
    assert found_in(interval_violations(NOON, at)) == []


@given(instants)
def test_an_instant_is_stored_in_utc(at: datetime) -> None:
    for stored in (as_instant(at), as_instant_or_none(at)):
        assert stored == at
        assert stored is not None
        assert stored.tzinfo is timezone.utc


def test_each_of_the_repeated_hours_is_a_separate_instant() -> None:
    summer = datetime(2025, 10, 26, 2, 30, tzinfo=BERLIN)
    assert as_instant(summer) == datetime(2025, 10, 26, 0, 30, tzinfo=timezone.utc)
    winter = summer.replace(fold=1)
    assert as_instant(winter) == datetime(2025, 10, 26, 1, 30, tzinfo=timezone.utc)
    assert found_in(interval_violations(summer, winter)) == []
    assert found_in(interval_violations(winter, summer)) == TOO_EARLY


@pytest.mark.parametrize("value", [None, 5, "2025-01-06", NAIVE, date(2025, 1, 6), {}])
def test_as_instant_returns_what_is_not_an_instant_unchanged(value: Any) -> None:
    assert as_instant(value) is value
    assert as_instant_or_none(value) is value


# Intervals ----------------------------------------------------------------------------------------


def test_an_interval_ends_after_its_start() -> None:
    assert found_in(interval_violations(NOON, NOON + timedelta(microseconds=1))) == []
    assert found_in(interval_violations(NOON, NOON)) == TOO_EARLY
    assert found_in(interval_violations(NOON, NOON - timedelta(microseconds=1))) == TOO_EARLY


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        # The same instant in two time zones.
        (NOON, NOON.astimezone(TOKYO), TOO_EARLY),
        (NOON.astimezone(BERLIN), NOON.astimezone(TOKYO), TOO_EARLY),
        # The end is later, although its clock shows an earlier time.
        (
            datetime(2025, 1, 6, 12, 0, tzinfo=TOKYO),
            datetime(2025, 1, 6, 11, 0, tzinfo=BERLIN),
            [],
        ),
        # Its clock shows a later time, but it is earlier.
        (
            datetime(2025, 1, 6, 12, 0, tzinfo=BERLIN),
            datetime(2025, 1, 6, 19, 59, tzinfo=TOKYO),
            TOO_EARLY,
        ),
    ],
)
def test_the_ends_are_compared_as_instants_and_not_by_their_clocks(
    start: datetime, end: datetime, expected: list[tuple[str, str]]
) -> None:
    assert found_in(interval_violations(start, end)) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        # 02:30 in summer time, then 02:15 in winter time: 45 minutes.
        (
            datetime(2025, 10, 26, 2, 30, tzinfo=BERLIN),
            datetime(2025, 10, 26, 2, 15, fold=1, tzinfo=BERLIN),
            [],
        ),
        # 02:30 in winter time, then 02:45 in summer time: 45 minutes back.
        (
            datetime(2025, 10, 26, 2, 30, fold=1, tzinfo=BERLIN),
            datetime(2025, 10, 26, 2, 45, tzinfo=BERLIN),
            TOO_EARLY,
        ),
    ],
)
def test_ends_in_the_repeated_hour_are_instants(
    start: datetime, end: datetime, expected: list[tuple[str, str]]
) -> None:
    assert found_in(interval_violations(start, end)) == expected


@given(instants, instants)
def test_of_two_instants_one_at_most_can_be_the_end(one: datetime, other: datetime) -> None:
    judged = [interval_violations(*ends) for ends in ((one, other), (other, one))]
    same = one.astimezone(timezone.utc) == other.astimezone(timezone.utc)
    assert [list(violations) == [] for violations in judged].count(True) == (0 if same else 1)


@pytest.mark.parametrize("wrong", [None, 5, "2025-01-06", NAIVE, date(2025, 1, 6), {}])
def test_an_invalid_end_is_not_reported_for_the_interval_too(wrong: object) -> None:
    assert found_in(interval_violations(NOON, wrong)) == []
    assert found_in(interval_violations(wrong, NOON)) == []
    assert found_in(interval_violations(wrong, wrong)) == []


# Time zones ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Asia/Kathmandu", "Etc/GMT-5"],
)
def test_a_time_zone_is_an_iana_name(name: str) -> None:
    assert found_in(check_of(TimeZoneId)(name)) == []


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "PST",
        "EDT",
        "Berlin",
        "Europe",
        "Europe/",
        "Europe/Bonn",
        "europe/berlin",
        "Europe/Berlin ",
        "Europe/Berlin\n",
        "Europe\\Berlin",
        "Europe/../Europe/Berlin",
        "./Europe/Berlin",
        "../etc/passwd",
        "/etc/passwd",
        "/usr/share/zoneinfo/Europe/Berlin",
        "posix/Europe/Berlin",
        "UTC+2",
        "+02:00",
        "Europe/Berlin\0",
        "\ud800",
        "x" * 100_000,
        PHONE,
        EMAIL,
    ],
)
def test_no_other_str_is_a_time_zone(name: str) -> None:
    assert found_in(check_of(TimeZoneId)(name)) == [("", UNKNOWN_ZONE)]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "NoneType"),
        (1, "int"),
        (True, "bool"),
        ({}, "dict"),
        ([], "list"),
        (b"UTC", "bytes"),
        (timezone.utc, "timezone"),
        (BERLIN, "ZoneInfo"),
    ],
)
def test_a_time_zone_that_is_not_a_str_is_rejected(value: object, name: str) -> None:
    assert found_in(check_of(TimeZoneId)(value)) == [("", "wrong_type")]


@pytest.mark.parametrize("name", ["localtime", "Factory", "posixrules"])
def test_a_setting_of_the_machine_is_not_a_time_zone(name: str) -> None:
    assert found_in(check_of(TimeZoneId)(name)) == [("", UNKNOWN_ZONE)]


@pytest.mark.parametrize("name", ["Etc/GMT+5", "Etc/GMT+0", "GMT+0"])
def test_a_time_zone_that_aws_rejects_is_rejected_before_it_is_sent(name: str) -> None:
    assert found_in(check_of(TimeZoneId)(name)) == [("", "wrong_characters")]


def test_the_rule_of_a_time_zone_that_aws_rejects_says_what_to_use() -> None:
    (found,) = check_of(TimeZoneId)("Etc/GMT+5")
    assert found.rule == (
        "must contain only letters, digits, white space and : _ - . / (AWS's model): choose the "
        "time zone of a place, such as America/Panama for Etc/GMT+5"
    )


@pytest.mark.parametrize("short", ["9:00", "9:0", "09:0"])
def test_a_time_of_day_with_too_few_digits_is_told_its_form(short: str) -> None:
    (found,) = check_of(HandOffTime)(short)
    assert found.rule == ('must have two digits for the hour and two for the minute, as in "09:00"')


@pytest.mark.parametrize("other", ["9", "009:00", "09:000", "nine", "9:60:00", "a9:00"])
def test_another_str_than_a_time_of_day_is_told_what_one_is(other: str) -> None:
    (found,) = check_of(HandOffTime)(other)
    assert found.rule == 'must be a time of day, such as time(9, 0) or "09:00"'
