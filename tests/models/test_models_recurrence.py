from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timezone
from itertools import permutations
from types import MappingProxyType
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sentinels import CODE, EMAIL, PHONE
from strategies import recurrences, times_of_day

from ssm_contacts_sdk import (
    CoverageTime,
    DayOfWeek,
    InvalidValueError,
    MonthlySetting,
    Recurrence,
    ShiftCoverage,
    WeeklySetting,
    from_response,
)

Rejected = Callable[..., list[tuple[str, str]]]

NINE = time(9, 0)
FIVE = time(17, 0)
NO_TIME = "wrong_format"
TWO_DIGITS = "wrong_format"
NO_PAIR = "wrong_type"
NO_HOURS = "wrong_type"
NO_LIST_OF_HOURS = "wrong_type"
NO_DAY = "unknown_choice"
NO_NUMBERS: list[tuple[Any, str]] = [
    (None, "NoneType"),
    (True, "bool"),
    (1.0, "float"),
    ("1", "str"),
    ({}, "dict"),
    ([1], "list"),
]
NO_TIMES: list[tuple[Any, str]] = [
    (None, "NoneType"),
    (9, "int"),
    (True, "bool"),
    ({}, "dict"),
    (["09:00"], "list"),
    (datetime(2025, 1, 6, 9, 0, tzinfo=timezone.utc), "datetime"),
]
NO_LISTS: list[tuple[Any, str]] = [
    (5, "int"),
    (True, "bool"),
    ("09:00", "str"),
    (NINE, "time"),
    ({NINE}, "set"),
]
BAD_TIMES: list[tuple[Any, str]] = [
    ("9:00", TWO_DIGITS),
    ("09:0", TWO_DIGITS),
    ("9:0", TWO_DIGITS),
    ("24:00", "wrong_format"),
    ("9:000", NO_TIME),
    ("09:60", NO_TIME),
    ("09:00 ", NO_TIME),
    ("\u0660\u0669:\u0660\u0660", NO_TIME),
    (time(9, 0, 30), "wrong_format"),
    (time(9, 0, 0, 1), "wrong_format"),
    (time(9, 0, tzinfo=timezone.utc), "wrong_format"),
    *((value, "wrong_type") for value, _ in NO_TIMES),
]


def bypassed(kind: type[Any], *parts: object) -> Any:
    """Return a value of these parts without checks, as if it was read."""
    value = object.__new__(kind)
    for field, part in zip(attrs.fields(kind), parts, strict=True):
        object.__setattr__(value, field.name, part)
    return value


# Hand-offs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", list(DayOfWeek))
def test_hands_are_changed_on_any_day_of_the_week(day: DayOfWeek) -> None:
    plain: Any = day.value
    for given_day in (day, plain):
        setting = WeeklySetting(given_day, "09:00")
        assert setting.day_of_week is day
        assert setting.hand_off_time == NINE
        assert setting == WeeklySetting(day_of_week=day, hand_off_time=NINE)


@pytest.mark.parametrize("word", ["", "mon", "MON ", "MONDAY", "0", DayOfWeek("HOLIDAY"), PHONE])
def test_no_other_word_is_a_day(rejected: Rejected, word: Any) -> None:
    expected = [("day_of_week", NO_DAY)]
    assert rejected(WeeklySetting, word, NINE) == expected
    assert rejected(ShiftCoverage, word, []) == expected


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "NoneType"),
        (1, "int"),
        (True, "bool"),
        ({}, "dict"),
        (["MON"], "list"),
        (date(2025, 1, 6), "date"),
    ],
)
def test_a_day_of_another_type_is_rejected(rejected: Rejected, value: Any, name: str) -> None:
    expected = [("day_of_week", "wrong_type")]
    assert rejected(WeeklySetting, value, NINE) == expected
    assert rejected(ShiftCoverage, value, []) == expected


@pytest.mark.parametrize("day", [1, 2, 28, 30, 31])
def test_hands_are_changed_on_any_day_of_the_month(day: int) -> None:
    setting = MonthlySetting(day, "09:00")
    assert setting == MonthlySetting(day_of_month=day, hand_off_time=NINE)
    assert setting.day_of_month == day


@pytest.mark.parametrize("day", [0, -1, 32, 100])
def test_another_day_of_the_month_is_rejected(rejected: Rejected, day: int) -> None:
    expected = [("day_of_month", "too_small" if day < 1 else "too_large")]
    assert rejected(MonthlySetting, day, NINE) == expected


@pytest.mark.parametrize(("value", "name"), NO_NUMBERS)
def test_a_day_of_the_month_is_an_int(rejected: Rejected, value: Any, name: str) -> None:
    expected = [("day_of_month", "wrong_type")]
    assert rejected(MonthlySetting, value, NINE) == expected


@pytest.mark.parametrize(("value", "rule"), BAD_TIMES)
def test_hands_are_changed_at_a_time_of_day(rejected: Rejected, value: Any, rule: str) -> None:
    assert rejected(WeeklySetting, "MON", value) == [("hand_off_time", rule)]
    assert rejected(MonthlySetting, 1, value) == [("hand_off_time", rule)]
    assert rejected(Recurrence, daily_settings=[NINE, value]) == [("daily_settings[1]", rule)]
    # With the short forms, a path begins with the argument.
    assert rejected(Recurrence.daily, "09:00", value) == [("hand_offs[1]", rule)]
    expected = [("hand_offs[1].hand_off_time", rule)]
    assert rejected(Recurrence.weekly, ("MON", NINE), ("TUE", value)) == expected
    assert rejected(Recurrence.monthly, (1, NINE), (2, value)) == expected


# Covered hours ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end"),
    [("08:00", "17:00"), ("00:00", "23:59"), ("17:00", "08:00"), ("09:00", "09:00")],
)
def test_an_end_before_the_start_is_left_to_the_service(start: str, end: str) -> None:
    hours = CoverageTime(start, end)
    assert (hours.start, hours.end) == (time.fromisoformat(start), time.fromisoformat(end))
    assert hours == CoverageTime(start=time.fromisoformat(start), end=time.fromisoformat(end))


@pytest.mark.parametrize(("value", "rule"), BAD_TIMES)
def test_hours_begin_and_end_at_a_time_of_day(rejected: Rejected, value: Any, rule: str) -> None:
    rule = "missing" if value is None else rule
    assert rejected(CoverageTime, value, FIVE) == [("start", rule)]
    assert rejected(CoverageTime, NINE, value) == [("end", rule)]
    assert rejected(CoverageTime, value, value) == [("start", rule), ("end", rule)]


def test_hours_without_an_end_can_be_read_and_not_written(rejected: Rejected) -> None:
    read = from_response(
        Recurrence,
        {
            "NumberOfOnCalls": 1,
            "RecurrenceMultiplier": 1,
            "ShiftCoverages": {"MON": [{"Start": {"HourOfDay": 9, "MinuteOfHour": 0}}]},
        },
    )
    coverages = read.shift_coverages
    assert coverages is not None
    assert coverages[0].coverage_times[0].start == NINE
    assert coverages[0].coverage_times[0].end is None
    assert rejected(Recurrence.daily, "09:00", coverage=coverages) == [
        (
            "coverage[0].coverage_times[0].end",
            "missing",
        )
    ]


@pytest.mark.parametrize("make", [list, tuple, iter])
def test_the_hours_of_a_day_may_be_any_list(make: Callable[[Any], Any]) -> None:
    hours = [CoverageTime("08:00", "12:00"), CoverageTime("13:00", "17:00")]
    assert ShiftCoverage("MON", make(hours)).coverage_times == tuple(hours)
    assert ShiftCoverage("MON", make([])).coverage_times == ()


@pytest.mark.parametrize(("value", "name"), [*NO_LISTS, (None, "NoneType"), ({}, "dict")])
def test_the_hours_of_a_day_are_a_list(rejected: Rejected, value: Any, name: str) -> None:
    assert rejected(ShiftCoverage, "MON", value) == [("coverage_times", "wrong_type")]


def test_each_of_the_hours_is_of_their_kind(rejected: Rejected) -> None:
    half = bypassed(CoverageTime, NINE, None)
    hours: Any = [CoverageTime(NINE, FIVE), ("09:00", "17:00"), None, half]
    assert rejected(ShiftCoverage, "MON", hours) == [
        ("coverage_times[1]", "wrong_type"),
        ("coverage_times[2]", "wrong_type"),
        ("coverage_times[3].end", "missing"),
    ]


def test_all_violations_of_a_setting_are_reported_at_once(rejected: Rejected) -> None:
    assert rejected(WeeklySetting, "mon", "9:00") == [
        ("day_of_week", NO_DAY),
        ("hand_off_time", TWO_DIGITS),
    ]
    assert rejected(MonthlySetting, 32, "9:00") == [
        ("day_of_month", "too_large"),
        ("hand_off_time", TWO_DIGITS),
    ]
    assert rejected(ShiftCoverage, "mon", None) == [
        ("day_of_week", NO_DAY),
        ("coverage_times", "wrong_type"),
    ]


# Recurrences --------------------------------------------------------------------------------------


def test_a_turn_is_one_day_of_one_person_around_the_clock_by_default() -> None:
    recurrence = Recurrence.daily("09:00")
    assert recurrence == Recurrence(daily_settings=[NINE])
    assert recurrence.daily_settings == (NINE,)
    assert (recurrence.weekly_settings, recurrence.monthly_settings) == (None, None)
    assert recurrence.number_of_on_calls == recurrence.recurrence_multiplier == 1
    assert recurrence.shift_coverages is None


def test_each_kind_has_a_factory() -> None:
    hours = ShiftCoverage("MON", [CoverageTime("08:00", "17:00")])
    more: Any = {"number_of_on_calls": 3, "recurrence_multiplier": 2, "shift_coverages": [hours]}
    short: Any = {"on_call": 3, "multiplier": 2, "coverage": {"MON": [("08:00", "17:00")]}}
    assert Recurrence.daily("09:00", FIVE, **short) == Recurrence(
        daily_settings=[NINE, FIVE], **more
    )
    assert Recurrence.weekly(("MON", "09:00"), (DayOfWeek.FRI, FIVE), **short) == Recurrence(
        weekly_settings=[WeeklySetting("MON", NINE), WeeklySetting("FRI", FIVE)], **more
    )
    assert Recurrence.monthly((1, "09:00"), (31, FIVE), **short) == Recurrence(
        monthly_settings=[MonthlySetting(1, NINE), MonthlySetting(31, FIVE)], **more
    )


def test_the_order_of_hand_offs_is_preserved() -> None:
    assert Recurrence.daily("17:00", "09:00").daily_settings == (FIVE, NINE)
    assert Recurrence.daily("17:00", "09:00") != Recurrence.daily("09:00", "17:00")
    weekly = Recurrence.weekly(("FRI", "09:00"), ("MON", "09:00"), ("FRI", "09:00"))
    assert weekly.weekly_settings is not None
    assert [each.day_of_week for each in weekly.weekly_settings] == ["FRI", "MON", "FRI"]


@pytest.mark.parametrize("make", [list, tuple, iter])
def test_hand_offs_may_be_any_list(make: Callable[[Any], Any]) -> None:
    weekly, monthly = WeeklySetting("MON", NINE), MonthlySetting(1, NINE)
    assert Recurrence(daily_settings=make([NINE, "17:00"])).daily_settings == (NINE, FIVE)
    assert Recurrence(weekly_settings=make([weekly])).weekly_settings == (weekly,)
    assert Recurrence(monthly_settings=make([monthly])).monthly_settings == (monthly,)


LEGAL: dict[str, Any] = {
    "daily_settings": [NINE],
    "weekly_settings": [WeeklySetting("MON", NINE)],
    "monthly_settings": [MonthlySetting(1, NINE)],
}
each_hand_off_field = pytest.mark.parametrize("field_name", LEGAL)


@each_hand_off_field
@pytest.mark.parametrize(("value", "name"), [*NO_LISTS, ({}, "dict")])
def test_hand_offs_are_a_list(rejected: Rejected, field_name: str, value: Any, name: str) -> None:
    assert rejected(Recurrence, **{field_name: value}) == [(field_name, "wrong_type")]


@each_hand_off_field
def test_there_is_at_least_one_hand_off(rejected: Rejected, field_name: str) -> None:
    expected = [(field_name, "too_few")]
    assert rejected(Recurrence, **{field_name: []}) == expected
    short: Any = getattr(Recurrence, field_name.partition("_")[0])
    assert rejected(short) == [("hand_offs", "too_few")]


def test_each_hand_off_is_of_the_right_kind(rejected: Rejected) -> None:
    weekly, monthly = LEGAL["weekly_settings"][0], LEGAL["monthly_settings"][0]
    pair: Any = ("MON", "09:00")
    assert rejected(Recurrence, weekly_settings=[weekly, pair, monthly, None, NINE]) == [
        ("weekly_settings[1]", "wrong_type"),
        ("weekly_settings[2]", "wrong_type"),
        ("weekly_settings[3]", "wrong_type"),
        ("weekly_settings[4]", "wrong_type"),
    ]
    assert rejected(Recurrence, monthly_settings=[weekly, monthly]) == [
        ("monthly_settings[0]", "wrong_type")
    ]
    assert rejected(Recurrence, daily_settings=[weekly]) == [("daily_settings[0]", "wrong_type")]


def test_there_is_one_kind_of_hand_off(rejected: Rejected) -> None:
    assert rejected(Recurrence) == [("daily_settings", "missing")]
    names = list(LEGAL)
    for first in names:
        for second in names[names.index(first) + 1 :]:
            arguments = {name: LEGAL[name] for name in (first, second)}
            rule = "conflict"
            assert rejected(Recurrence, **arguments) == [(second, rule)]
    rule = "conflict"
    assert rejected(Recurrence, **LEGAL) == [("weekly_settings", rule), ("monthly_settings", rule)]


@pytest.mark.parametrize("field_name", LEGAL)
def test_empty_lists_of_other_kinds_of_hand_offs_become_none(field_name: str) -> None:
    others: dict[str, Any] = {name: [] for name in LEGAL if name != field_name}
    made = Recurrence(**{field_name: LEGAL[field_name]}, **others)
    assert made == Recurrence(**{field_name: LEGAL[field_name]})
    assert {getattr(made, name) for name in others} == {None}


@pytest.mark.parametrize("count", [1, 2, 3])
def test_empty_lists_alone_are_rejected(rejected: Rejected, count: int) -> None:
    names = list(LEGAL)[:count]
    violations = rejected(Recurrence, **{name: [] for name in names})
    assert [path for path, rule in violations if rule == "too_few"] == names


def test_two_kinds_of_hand_off_are_rejected_beside_an_empty_third(rejected: Rejected) -> None:
    arguments: dict[str, Any] = {**LEGAL, "weekly_settings": []}
    rule = "conflict"
    assert rejected(Recurrence, **arguments) == [("monthly_settings", rule)]


@pytest.mark.parametrize("number", [1, 2, 30, 10**6])
def test_one_person_or_more_are_on_call(number: int) -> None:
    assert Recurrence.daily("09:00", on_call=number).number_of_on_calls == number


@pytest.mark.parametrize("number", [0, -1, -30])
def test_at_least_one_is_on_call(rejected: Rejected, number: int) -> None:
    assert rejected(Recurrence.daily, "09:00", on_call=number) == [("on_call", "too_small")]


@pytest.mark.parametrize("number", [1, 2, 99, 100])
def test_a_turn_lasts_up_to_100_days_weeks_or_months(number: int) -> None:
    recurrence = Recurrence.weekly(("MON", "09:00"), multiplier=number)
    assert recurrence.recurrence_multiplier == number


@pytest.mark.parametrize("number", [0, -1, 101, 1000])
def test_a_turn_lasts_neither_less_nor_longer(rejected: Rejected, number: int) -> None:
    assert rejected(Recurrence.monthly, (1, "09:00"), multiplier=number) == [
        ("multiplier", "too_small" if number < 1 else "too_large")
    ]


@pytest.mark.parametrize(("value", "name"), NO_NUMBERS)
def test_people_and_turns_are_ints(rejected: Rejected, value: Any, name: str) -> None:
    rule = "wrong_type"
    assert rejected(Recurrence.daily, "09:00", on_call=value, multiplier=value) == [
        ("on_call", rule),
        ("multiplier", rule),
    ]


def test_a_number_that_may_be_private_is_not_shown(rejected: Rejected) -> None:
    assert rejected(Recurrence.daily, "09:00", on_call=-int(CODE), multiplier=int(PHONE)) == [
        ("on_call", "too_small"),
        ("multiplier", "too_large"),
    ]


@pytest.mark.parametrize(
    "pair",
    [
        (),
        ("MON",),
        ("MON", "09:00", "17:00"),
        "MON",
        "MO",
        5,
        None,
        {"MON": "09:00", "TUE": "09:00"},
        WeeklySetting("MON", "09:00"),
    ],
)
def test_a_hand_off_of_a_factory_is_a_pair(rejected: Rejected, pair: Any) -> None:
    assert rejected(Recurrence.weekly, ("MON", NINE), pair) == [("hand_offs[1]", NO_PAIR)]
    expected = [("hand_offs[0]", "wrong_type")]
    assert rejected(Recurrence.monthly, pair) == expected


def test_a_hand_off_that_is_not_a_pair_is_reported_as_it_was_passed(rejected: Rejected) -> None:
    assert rejected(Recurrence.weekly, "MON", "09:00") == [
        ("hand_offs[0]", NO_PAIR),
        ("hand_offs[1]", NO_PAIR),
    ]


def test_a_pair_may_be_a_list_too() -> None:
    pair: Any = ["MON", "09:00"]
    assert Recurrence.weekly(pair) == Recurrence.weekly(("MON", "09:00"))


def test_all_violations_of_the_pairs_are_reported_at_once(rejected: Rejected) -> None:
    weekly: list[Any] = [("MON", "9:00"), ("x", 5), ("TUE", "09:00"), ()]
    assert rejected(Recurrence.weekly, *weekly) == [
        ("hand_offs[0].hand_off_time", TWO_DIGITS),
        ("hand_offs[1].day_of_week", NO_DAY),
        ("hand_offs[1].hand_off_time", "wrong_type"),
        ("hand_offs[3]", NO_PAIR),
    ]


def test_all_violations_of_a_factory_are_reported_at_once(rejected: Rejected) -> None:
    hours: Any = {"MON": ("08:00", "20:00"), "TUE": [("8:00", "20:00")], "SUN": None}
    expected = [
        ("coverage[MON]", NO_LIST_OF_HOURS),
        ("coverage[TUE][0].start", TWO_DIGITS),
        ("coverage[SUN]", NO_LIST_OF_HOURS),
    ]
    numbers = [
        ("on_call", "too_small"),
        ("multiplier", "too_small"),
    ]
    arguments: Any = {"coverage": hours, "on_call": 0, "multiplier": 0}
    assert rejected(Recurrence.weekly, "MON", **arguments) == [
        ("hand_offs[0]", NO_PAIR),
        *expected,
        *numbers,
    ]
    assert rejected(Recurrence.daily, **arguments) == [
        *expected,
        ("hand_offs", "too_few"),
        *numbers,
    ]


# Coverage -----------------------------------------------------------------------------------------

MONDAY = ShiftCoverage("MON", [CoverageTime("08:00", "12:00"), CoverageTime("13:00", "17:00")])
TUESDAY = ShiftCoverage("TUE", [CoverageTime("08:00", "17:00")])
SUNDAY = ShiftCoverage("SUN", [])
WEEK = (MONDAY, TUESDAY, SUNDAY)


def covered(coverage: Any) -> Recurrence:
    return Recurrence.daily("09:00", coverage=coverage)


def hours_of(day: ShiftCoverage) -> list[tuple[Any, Any]]:
    return [(hours.start, hours.end) for hours in day.coverage_times]


@pytest.mark.parametrize(
    "coverage",
    [
        [MONDAY, TUESDAY, SUNDAY],
        (MONDAY, TUESDAY, SUNDAY),
        iter([MONDAY, TUESDAY, SUNDAY]),
        {
            "MON": [("08:00", "12:00"), ("13:00", "17:00")],
            "TUE": [("08:00", "17:00")],
            "SUN": [],
        },
        {
            DayOfWeek.SUN: (),
            DayOfWeek.MON: ((time(8, 0), time(12, 0)), ["13:00", time(17, 0)]),
            DayOfWeek.TUE: iter([("08:00", "17:00")]),
        },
        MappingProxyType({day.day_of_week: hours_of(day) for day in WEEK}),
    ],
)
def test_coverage_is_passed_as_values_or_by_day(coverage: Any) -> None:
    assert covered(coverage).shift_coverages == WEEK


def test_days_have_no_order() -> None:
    expected = covered(WEEK)
    for days in permutations(WEEK):
        assert covered(days) == expected
        assert hash(covered(days)) == hash(expected)
        assert covered({day.day_of_week: hours_of(day) for day in days}) == expected


def test_the_hours_of_a_day_preserve_their_order() -> None:
    hours = [("13:00", "17:00"), ("08:00", "12:00")]
    assert covered({"MON": hours}) != covered({"MON": hours[::-1]})


@pytest.mark.parametrize("coverage", [None, {}, [], ()])
def test_without_coverage_all_hours_are_covered(coverage: Any) -> None:
    assert covered(coverage).shift_coverages is None
    assert Recurrence(daily_settings=["09:00"], shift_coverages=coverage).shift_coverages is None


def test_a_day_without_hours_is_sent() -> None:
    assert covered({"MON": []}).shift_coverages == (ShiftCoverage("MON", []),)


def test_a_day_is_named_once(rejected: Rejected) -> None:
    rule = "duplicate"
    assert rejected(covered, [MONDAY, TUESDAY, MONDAY]) == [("coverage", rule.format("MON"))]
    assert rejected(covered, [SUNDAY, *WEEK, *WEEK]) == [
        ("coverage", rule.format(day)) for day in ("MON", "SUN", "TUE")
    ]


@pytest.mark.parametrize(
    ("value", "name"), [*NO_LISTS, (MONDAY, "ShiftCoverage"), ({MONDAY}, "set")]
)
def test_coverage_is_a_list_or_a_mapping(rejected: Rejected, value: Any, name: str) -> None:
    assert rejected(covered, value) == [("coverage", "wrong_type")]


def test_each_covered_day_is_of_its_kind(rejected: Rejected) -> None:
    other_day = bypassed(ShiftCoverage, DayOfWeek("HOLIDAY"), (CoverageTime(NINE, FIVE),))
    assert rejected(covered, [MONDAY, None, ("MON", []), other_day, MONDAY]) == [
        ("coverage[1]", "wrong_type"),
        ("coverage[2]", "wrong_type"),
        ("coverage[3].day_of_week", NO_DAY),
        ("coverage", "duplicate"),
    ]


@pytest.mark.parametrize(
    ("coverage", "path", "rule"),
    [
        ({"MON": None}, "coverage[MON]", NO_LIST_OF_HOURS),
        ({"MON": "08:00"}, "coverage[MON]", NO_LIST_OF_HOURS),
        ({"MON": {"08:00": "17:00"}}, "coverage[MON]", NO_LIST_OF_HOURS),
        ({"MON": ("08:00", "20:00")}, "coverage[MON]", NO_LIST_OF_HOURS),
        ({"MON": [NINE, FIVE]}, "coverage[MON]", NO_LIST_OF_HOURS),
        ({"MON": [MONDAY.coverage_times[0]]}, "coverage[MON]", NO_LIST_OF_HOURS),
        ({DayOfWeek.SAT: [5]}, "coverage[SAT]", NO_LIST_OF_HOURS),
        ({"MON": [("08:00",)]}, "coverage[MON][0]", NO_HOURS),
        ({"MON": [("08:00", "12:00"), "13:00"]}, "coverage[MON][1]", NO_HOURS),
        ({"MON": [("8:00", NINE)]}, "coverage[MON][0].start", TWO_DIGITS),
        ({"MON": [(NINE, None)]}, "coverage[MON][0].end", "missing"),
        ({"mon": []}, "coverage[0].day_of_week", NO_DAY),
        ({DayOfWeek("HOLIDAY"): []}, "coverage[0].day_of_week", NO_DAY),
        ({5: []}, "coverage[0].day_of_week", "wrong_type"),
        ({None: []}, "coverage[0].day_of_week", "wrong_type"),
    ],
)
def test_the_path_of_a_violation_leads_to_the_day_and_the_hours(
    rejected: Rejected, coverage: Any, path: str, rule: str
) -> None:
    assert rejected(covered, coverage) == [(path, rule)]
    # In the constructor, it is a field.
    arguments: Any = {"daily_settings": [NINE], "shift_coverages": coverage}
    assert rejected(Recurrence, **arguments) == [
        (f"shift_{path.replace('coverage', 'coverages')}", rule)
    ]


def test_a_key_that_is_not_a_day_is_not_shown(rejected: Rejected) -> None:
    assert rejected(covered, {PHONE: [(EMAIL, NINE)]}) == [
        ("coverage[0][0].start", NO_TIME),
        ("coverage[0].day_of_week", NO_DAY),
    ]


def test_all_violations_of_the_hours_of_a_day_are_reported_at_once(rejected: Rejected) -> None:
    hours: Any = [("8:00", 5), ("08:00", "17:00"), None, (time(8, 0, 1), "17:00")]
    assert rejected(covered, {"MON": hours}) == [
        ("coverage[MON][0].start", TWO_DIGITS),
        ("coverage[MON][0].end", "wrong_type"),
        ("coverage[MON][2]", NO_HOURS),
        ("coverage[MON][3].start", "wrong_format"),
    ]


def test_all_violations_of_a_recurrence_are_reported_at_once(rejected: Rejected) -> None:
    arguments: Any = {
        "daily_settings": ["9:00", NINE, time(9, 0, 1)],
        "weekly_settings": LEGAL["weekly_settings"],
        "monthly_settings": 5,
        "number_of_on_calls": 0,
        "recurrence_multiplier": 101,
        "shift_coverages": [MONDAY, MONDAY, 5],
    }
    rule = "conflict"
    assert rejected(Recurrence, **arguments) == [
        ("daily_settings[0]", TWO_DIGITS),
        ("daily_settings[2]", "wrong_format"),
        ("weekly_settings", rule),
        ("monthly_settings", "wrong_type"),
        ("monthly_settings", rule),
        ("number_of_on_calls", "too_small"),
        ("recurrence_multiplier", "too_large"),
        ("shift_coverages[2]", "wrong_type"),
        ("shift_coverages", "duplicate"),
    ]


def test_a_recurrence_does_not_change_with_the_list_it_was_built_from() -> None:
    hand_offs, days = [NINE], [MONDAY]
    recurrence = Recurrence(daily_settings=hand_offs, shift_coverages=days)
    hand_offs.append(FIVE)
    days.append(TUESDAY)
    assert recurrence == Recurrence(daily_settings=[NINE], shift_coverages=[MONDAY])


def test_a_recurrence_is_checked_again_when_it_is_evolved(rejected: Rejected) -> None:
    daily = Recurrence.daily("09:00")
    tuesday: Any = {"TUE": [("08:00", "17:00")]}
    assert attrs.evolve(daily, shift_coverages=tuesday) == covered([TUESDAY])
    assert rejected(attrs.evolve, daily, recurrence_multiplier=101) == [
        ("recurrence_multiplier", "too_large")
    ]
    assert rejected(attrs.evolve, daily, weekly_settings=[WeeklySetting("MON", NINE)]) == [
        ("weekly_settings", "conflict")
    ]
    weekly = attrs.evolve(daily, daily_settings=None, weekly_settings=[WeeklySetting("MON", NINE)])
    assert weekly == Recurrence.weekly(("MON", "09:00"))


def test_a_recurrence_has_a_repr_with_all_its_fields() -> None:
    assert repr(Recurrence.weekly(("MON", "09:00"), coverage=[SUNDAY])) == (
        "Recurrence(daily_settings=None, weekly_settings=(WeeklySetting("
        "day_of_week=<DayOfWeek.MON: 'MON'>, hand_off_time=datetime.time(9, 0)),), "
        "monthly_settings=None, number_of_on_calls=1, recurrence_multiplier=1, "
        "shift_coverages=(ShiftCoverage(day_of_week=<DayOfWeek.SUN: 'SUN'>, coverage_times=()),))"
    )


@given(recurrences)
def test_every_recurrence_has_one_kind_of_hand_off_and_its_days_in_order(
    recurrence: Recurrence,
) -> None:
    values = [getattr(recurrence, field_name) for field_name in LEGAL]
    assert [value for value in values if value is not None] == [value for value in values if value]
    assert sum(map(bool, values)) == 1
    days = [each.day_of_week for each in recurrence.shift_coverages or ()]
    assert days == [day for day in DayOfWeek if day in days]
    assert attrs.evolve(recurrence) == recurrence


@given(
    st.integers(-2, 3),
    st.integers(-2, 103),
    st.lists(times_of_day, max_size=2),
    st.dictionaries(st.sampled_from([*DayOfWeek, "mon"]), st.just([("08:00", "17:00")])),
)
def test_a_recurrence_is_valid_if_all_its_parts_are(
    on_call: int, multiplier: int, hand_offs: list[time], coverage: Mapping[Any, Any]
) -> None:
    legal = on_call >= 1 and 1 <= multiplier <= 100 and hand_offs and "mon" not in coverage
    try:
        Recurrence.daily(*hand_offs, on_call=on_call, multiplier=multiplier, coverage=coverage)
    except InvalidValueError:
        assert not legal
    else:
        assert legal


def test_all_violations_are_raised_with_those_of_a_mapping_of_coverages() -> None:
    with pytest.raises(InvalidValueError) as caught:
        Recurrence(
            daily_settings=["25:00"],
            number_of_on_calls=0,
            shift_coverages={"MON": iter([("09:00", "17")]), "nobody": []},
        )
    assert caught.value.subject == "Recurrence"
    assert [(each.path, each.code) for each in caught.value.violations] == [
        ("daily_settings[0]", "wrong_format"),
        ("number_of_on_calls", "too_small"),
        ("shift_coverages[MON][0].end", "wrong_format"),
        ("shift_coverages[1].day_of_week", "unknown_choice"),
    ]
