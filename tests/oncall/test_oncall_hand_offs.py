"""Hand-offs, and whose turn it is after them. The expected shifts are written by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from rotation_calendars import at, between, calendar, chain, row

from ssm_contacts_sdk._models.recurrence import Recurrence
from ssm_contacts_sdk._models.recurrence_parts import DayOfWeek, MonthlySetting, WeeklySetting
from ssm_contacts_sdk._oncall.assumptions import OnCallAssumptions
from ssm_contacts_sdk._oncall.schedule.shifts import RotationCalendar, shifts
from ssm_contacts_sdk._schema.times import as_time_of_day
from ssm_contacts_sdk._schema.values import trusted_constructor

AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)


def length(of: RotationCalendar) -> timedelta:
    """Return the length of the first shift."""
    first = next(shifts(of, of.start_time, of.start_time + timedelta(days=1)))
    assert first.start_time == of.start_time
    return first.end_time - first.start_time


# The clock is put forward and back ----------------------------------------------------------------


def test_a_skipped_time_is_moved_later_on_that_day_only() -> None:
    chicago = calendar(Recurrence.daily("02:30"), "2020-03-06 02:30-06:00", "America/Chicago")
    assert between(chicago, "2020-03-06 02:30-06:00", "2020-03-09 02:30-05:00") == chain(
        "ABC",
        "2020-03-06 02:30-06:00",
        "2020-03-07 02:30-06:00",
        "2020-03-08 03:30-05:00",
        "2020-03-09 02:30-05:00",
    )


def test_a_repeated_time_is_the_first_one() -> None:
    chicago = calendar(Recurrence.daily("01:30"), "2020-10-31 01:30-05:00", "America/Chicago")
    assert between(chicago, "2020-10-31 01:30-05:00", "2020-11-02 01:30-06:00") == chain(
        "AB", "2020-10-31 01:30-05:00", "2020-11-01 01:30-05:00", "2020-11-02 01:30-06:00"
    )


def test_a_repeated_time_is_the_second_one_if_assumed() -> None:
    chicago = calendar(Recurrence.daily("01:30"), "2020-10-31 01:30-05:00", "America/Chicago")
    second = OnCallAssumptions(repeated_hour="second")
    assert between(chicago, "2020-10-31 01:30-05:00", "2020-11-02 01:30-06:00", second) == chain(
        "AB", "2020-10-31 01:30-05:00", "2020-11-01 01:30-06:00", "2020-11-02 01:30-06:00"
    )


def test_a_skipped_time_is_moved_later_with_either_assumption() -> None:
    chicago = calendar(Recurrence.daily("02:30"), "2020-03-07 02:30-06:00", "America/Chicago")
    second = OnCallAssumptions(repeated_hour="second")
    assert between(chicago, "2020-03-07 02:30-06:00", "2020-03-09 02:30-05:00", second) == chain(
        "AB", "2020-03-07 02:30-06:00", "2020-03-08 03:30-05:00", "2020-03-09 02:30-05:00"
    )


def test_a_skipped_half_hour_moves_times_by_half_an_hour() -> None:
    lord_howe = calendar(Recurrence.daily("02:15"), "2020-10-03 02:15+10:30", "Australia/Lord_Howe")
    assert between(lord_howe, "2020-10-03 02:15+10:30", "2020-10-05 02:15+11:00") == chain(
        "AB", "2020-10-03 02:15+10:30", "2020-10-04 02:45+11:00", "2020-10-05 02:15+11:00"
    )


def test_a_repeated_half_hour_makes_a_day_of_24_and_a_half_hours() -> None:
    lord_howe = calendar(Recurrence.daily("02:00"), "2021-04-03 02:00+11:00", "Australia/Lord_Howe")
    assert length(lord_howe) == 24.5 * AN_HOUR


@pytest.mark.parametrize(
    ("recurrence", "start", "expected"),
    [
        (Recurrence.weekly(("FRI", "08:00")), "2017-03-10 08:00-06:00", 7 * A_DAY - AN_HOUR),
        (Recurrence.weekly(("SAT", "08:00")), "2017-11-04 08:00-05:00", 7 * A_DAY + AN_HOUR),
        (Recurrence.daily("08:00"), "2017-03-11 08:00-06:00", 23 * AN_HOUR),
        (Recurrence.daily("08:00"), "2017-11-04 08:00-05:00", 25 * AN_HOUR),
        (Recurrence.monthly((1, "08:00")), "2017-03-01 08:00-06:00", 31 * A_DAY - AN_HOUR),
        (
            Recurrence.monthly((1, "08:00"), multiplier=2),
            "2017-11-01 08:00-05:00",
            61 * A_DAY + AN_HOUR,
        ),
    ],
)
def test_shifts_across_a_change_of_the_clock_are_an_hour_shorter_or_longer(
    recurrence: Recurrence, start: str, expected: timedelta
) -> None:
    assert length(calendar(recurrence, start, "America/Chicago")) == expected


def test_monthly_hand_offs_keep_their_time_of_day_across_changes_of_the_clock() -> None:
    chicago = calendar(
        Recurrence.monthly((1, "01:30")), "2020-10-01 01:30-05:00", "America/Chicago"
    )
    assert between(chicago, "2020-10-01 01:30-05:00", "2021-01-01 01:30-06:00") == chain(
        "ABC",
        "2020-10-01 01:30-05:00",
        "2020-11-01 01:30-05:00",
        "2020-12-01 01:30-06:00",
        "2021-01-01 01:30-06:00",
    )


def test_weekly_shifts_are_adjacent_across_a_change_of_the_clock() -> None:
    central = calendar(Recurrence.weekly(("SUN", "01:30")), "2016-10-30 01:30-05:00", "US/Central")
    assert between(central, "2016-10-30 01:30-05:00", "2016-11-13 01:30-06:00") == chain(
        "AB", "2016-10-30 01:30-05:00", "2016-11-06 01:30-05:00", "2016-11-13 01:30-06:00"
    )


def test_a_skipped_day_has_no_hand_off_and_no_turn() -> None:
    apia = calendar(Recurrence.daily("09:00"), "2011-12-28 09:00-10:00", "Pacific/Apia")
    assert between(apia, "2011-12-28 09:00-10:00", "2012-01-01 09:00+14:00") == chain(
        "ABC",
        "2011-12-28 09:00-10:00",
        "2011-12-29 09:00-10:00",
        "2011-12-31 09:00+14:00",
        "2012-01-01 09:00+14:00",
    )


def test_the_hand_offs_of_a_skipped_day_do_not_mix_with_those_of_the_next() -> None:
    apia = calendar(Recurrence.daily("09:00", "21:00"), "2011-12-29 09:00-10:00", "Pacific/Apia")
    assert between(apia, "2011-12-29 09:00-10:00", "2012-01-01 09:00+14:00") == chain(
        "ABCA",
        "2011-12-29 09:00-10:00",
        "2011-12-29 21:00-10:00",
        "2011-12-31 09:00+14:00",
        "2011-12-31 21:00+14:00",
        "2012-01-01 09:00+14:00",
    )


def test_a_hand_off_at_a_skipped_midnight_is_at_one() -> None:
    santiago = calendar(Recurrence.daily("00:00"), "2026-09-05 00:00-04:00", "America/Santiago")
    assert between(santiago, "2026-09-05 00:00-04:00", "2026-09-07 00:00-03:00") == chain(
        "AB", "2026-09-05 00:00-04:00", "2026-09-06 01:00-03:00", "2026-09-07 00:00-03:00"
    )


def test_hand_offs_are_in_order_also_if_one_is_moved() -> None:
    chicago = calendar(
        Recurrence.daily("02:30", "03:15"), "2020-03-07 03:15-06:00", "America/Chicago"
    )
    assert between(chicago, "2020-03-07 03:15-06:00", "2020-03-09 02:30-05:00") == chain(
        "ABC",
        "2020-03-07 03:15-06:00",
        "2020-03-08 03:15-05:00",
        "2020-03-08 03:30-05:00",
        "2020-03-09 02:30-05:00",
    )


def test_hand_offs_at_the_same_instant_are_one() -> None:
    chicago = calendar(
        Recurrence.daily("02:30", "03:30"), "2020-03-07 03:30-06:00", "America/Chicago"
    )
    assert between(chicago, "2020-03-07 03:30-06:00", "2020-03-09 02:30-05:00") == chain(
        "AB", "2020-03-07 03:30-06:00", "2020-03-08 03:30-05:00", "2020-03-09 02:30-05:00"
    )


# Months -------------------------------------------------------------------------------------------


def test_day_31_is_the_last_day_of_shorter_months() -> None:
    monthly = calendar(Recurrence.monthly((31, "12:00")), "2021-01-31 12:00", members="ABCDE")
    assert between(monthly, "2021-01-31 12:00", "2021-05-31 12:00") == chain(
        "ABCD",
        "2021-01-31 12:00",
        "2021-02-28 12:00",
        "2021-03-31 12:00",
        "2021-04-30 12:00",
        "2021-05-31 12:00",
    )


def test_shorter_months_have_no_hand_off_if_assumed() -> None:
    monthly = calendar(Recurrence.monthly((31, "12:00")), "2021-01-31 12:00")
    skip = OnCallAssumptions(short_months="skip")
    assert between(monthly, "2021-01-31 12:00", "2021-05-31 12:00", skip) == chain(
        "AB", "2021-01-31 12:00", "2021-03-31 12:00", "2021-05-31 12:00"
    )


def test_the_first_hand_off_may_be_months_away_if_short_months_are_skipped() -> None:
    monthly = calendar(Recurrence.monthly((30, "12:00")), "2021-02-01 00:00")
    skip = OnCallAssumptions(short_months="skip")
    assert between(monthly, "2021-02-01 00:00", "2021-03-31 00:00", skip) == chain(
        "AB", "2021-02-01 00:00", "2021-03-30 12:00", "2021-04-30 12:00"
    )


def test_a_leap_day_is_the_last_day_of_its_february() -> None:
    monthly = calendar(Recurrence.monthly((29, "12:00")), "2024-01-29 12:00")
    assert between(monthly, "2024-01-29 12:00", "2024-03-29 12:00") == chain(
        "AB", "2024-01-29 12:00", "2024-02-29 12:00", "2024-03-29 12:00"
    )
    assert between(monthly, "2025-02-28 12:00", "2025-02-28 12:01")[0][1] == at("2025-02-28 12:00")


def test_two_days_on_the_last_day_of_a_month_are_one_hand_off() -> None:
    monthly = calendar(Recurrence.monthly((30, "12:00"), (31, "12:00")), "2021-01-31 12:00")
    assert between(monthly, "2021-01-31 12:00", "2021-03-30 12:00") == chain(
        "AB", "2021-01-31 12:00", "2021-02-28 12:00", "2021-03-30 12:00"
    )


def test_a_month_may_have_two_hand_offs_in_any_order() -> None:
    monthly = calendar(Recurrence.monthly((20, "08:00"), (13, "12:34")), "2025-01-13 12:34")
    assert between(monthly, "2025-01-13 12:34", "2025-02-20 08:00") == chain(
        "ABC", "2025-01-13 12:34", "2025-01-20 08:00", "2025-02-13 12:34", "2025-02-20 08:00"
    )


# Turns --------------------------------------------------------------------------------------------


def test_the_first_shift_begins_at_the_start_and_ends_at_the_first_hand_off_after_it() -> None:
    weekly = calendar(Recurrence.weekly(("WED", "04:25"), ("FRI", "15:57")), "2023-07-20 02:21")
    assert between(weekly, "2023-07-01 00:00", "2023-07-28 15:57") == chain(
        "ABC", "2023-07-20 02:21", "2023-07-21 15:57", "2023-07-26 04:25", "2023-07-28 15:57"
    )


def test_the_time_before_the_first_hand_off_comes_before_the_first_turn_if_assumed() -> None:
    sydney = calendar(
        Recurrence.weekly(("WED", "04:25"), ("FRI", "15:57")),
        "2023-07-20 02:21:49+00:00",
        "Australia/Sydney",
    )
    first_hand_off = OnCallAssumptions(first_turn="first_hand_off")
    assert between(sydney, "2023-07-01 00:00", "2023-08-02 04:25+10:00", first_hand_off) == chain(
        "AABC",
        "2023-07-20 02:21:49+00:00",
        "2023-07-21 15:57+10:00",
        "2023-07-26 04:25+10:00",
        "2023-07-28 15:57+10:00",
        "2023-08-02 04:25+10:00",
    )


@pytest.mark.parametrize("first_turn", ["first_hand_off", "start"])
def test_a_start_at_a_hand_off_begins_the_first_shift_with_either_assumption(
    first_turn: str,
) -> None:
    daily = calendar(Recurrence.daily("09:00"), "2025-01-06 09:00")
    assumptions = OnCallAssumptions(first_turn=first_turn)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    assert between(daily, "2025-01-06 00:00", "2025-01-08 09:00", assumptions) == chain(
        "AB", "2025-01-06 09:00", "2025-01-07 09:00", "2025-01-08 09:00"
    )


def test_a_multiplier_of_two_makes_shifts_of_two_days() -> None:
    daily = calendar(Recurrence.daily("09:00", multiplier=2), "2025-01-06 09:00")
    assert between(daily, "2025-01-06 00:00", "2025-01-10 09:00") == chain(
        "AB", "2025-01-06 09:00", "2025-01-08 09:00", "2025-01-10 09:00"
    )


def test_every_second_week_has_all_its_hand_offs() -> None:
    weekly = calendar(
        Recurrence.weekly(("MON", "09:00"), ("THU", "09:00"), multiplier=2), "2025-01-08 00:00"
    )
    assert between(weekly, "2025-01-08 00:00", "2025-02-03 09:00") == chain(
        "ABCA",
        "2025-01-08 00:00",
        "2025-01-09 09:00",
        "2025-01-20 09:00",
        "2025-01-23 09:00",
        "2025-02-03 09:00",
    )


def test_every_second_hand_off_counts_if_assumed() -> None:
    weekly = calendar(
        Recurrence.weekly(("MON", "09:00"), ("THU", "09:00"), multiplier=2), "2025-01-08 00:00"
    )
    by_hand_offs = OnCallAssumptions(multiplied="hand_offs")
    assert between(weekly, "2025-01-08 00:00", "2025-01-23 09:00", by_hand_offs) == chain(
        "ABC", "2025-01-08 00:00", "2025-01-09 09:00", "2025-01-16 09:00", "2025-01-23 09:00"
    )


def test_a_shift_may_last_years() -> None:
    monthly = calendar(Recurrence.monthly((31, "09:00"), multiplier=100), "2024-02-01 00:00")
    assert between(monthly, "2024-02-01 00:00", "2032-07-01 00:00") == chain(
        "ABC", "2024-02-01 00:00", "2024-02-29 09:00", "2032-06-30 09:00", "2040-10-31 09:00"
    )


def test_every_nth_hand_off_is_counted_over_centuries() -> None:
    every_100th = OnCallAssumptions(multiplied="hand_offs")
    daily = calendar(Recurrence.daily("09:00", multiplier=100), "2025-01-06 09:00")
    (turn,) = between(daily, "2299-01-01 00:00", "2299-01-01 00:01", every_100th)
    assert turn == row("B", "2298-10-22 09:00", "2299-01-30 09:00")
    assert (turn[1] - at("2025-01-06 09:00")) // A_DAY == 1000 * 100
    assert "ABC"[1000 % 3] == "B"


def test_members_are_on_call_in_order_and_then_again() -> None:
    daily = calendar(Recurrence.daily("09:00"), "2025-01-06 09:00", members="ABCD")
    found = between(daily, "2025-01-06 09:00", "2025-01-12 09:00")
    assert "".join(people for people, _, _ in found) == "ABCDAB"


def test_a_single_member_has_all_shifts() -> None:
    daily = calendar(Recurrence.daily("09:00"), "2025-01-06 09:00", members="A")
    assert between(daily, "2025-01-06 09:00", "2025-01-08 09:00") == chain(
        "AA", "2025-01-06 09:00", "2025-01-07 09:00", "2025-01-08 09:00"
    )


def test_a_member_may_be_in_the_sequence_twice() -> None:
    daily = calendar(Recurrence.daily("09:00"), "2025-01-06 09:00", members="AAB")
    found = between(daily, "2025-01-06 09:00", "2025-01-11 09:00")
    assert "".join(people for people, _, _ in found) == "AABAA"


@pytest.mark.parametrize(
    ("members", "together", "by_number", "by_one"),
    [
        ("ABCDE", 2, ["AB", "CD", "EA", "BC"], ["AB", "BC", "CD", "DE"]),
        ("ABC", 3, ["ABC", "ABC", "ABC", "ABC"], ["ABC", "BCA", "CAB", "ABC"]),
        ("AB", 3, ["AB", "BA", "AB", "BA"], ["AB", "BA", "AB", "BA"]),
        ("AAB", 2, ["A", "BA", "AB", "A"], ["A", "AB", "BA", "A"]),
        ("", 1, ["", "", "", ""], ["", "", "", ""]),
        ("ABC", 10**9, ["ABC", "BCA", "CAB", "ABC"], ["ABC", "BCA", "CAB", "ABC"]),
    ],
)
def test_with_several_on_call_the_next_shift_advances_by_all_or_by_one(
    members: str, together: int, by_number: list[str], by_one: list[str]
) -> None:
    daily = calendar(
        Recurrence.daily("09:00", on_call=together), "2025-01-06 09:00", members=members
    )
    one = OnCallAssumptions(turn_advance="one")
    window = "2025-01-06 09:00", "2025-01-10 09:00"
    assert [people for people, _, _ in between(daily, *window)] == by_number
    assert [people for people, _, _ in between(daily, *window, one)] == by_one


def test_a_removed_member_leaves_the_turn_to_the_next() -> None:
    now = "2025-01-07 12:00", "2025-01-07 12:01"
    four = calendar(Recurrence.daily("09:00"), "2025-01-06 09:00", members="ABCD")
    without_b = calendar(Recurrence.daily("09:00"), "2025-01-06 09:00", members="ACD")
    assert between(four, *now) == [row("B", "2025-01-07 09:00", "2025-01-08 09:00")]
    assert between(without_b, *now) == [row("C", "2025-01-07 09:00", "2025-01-08 09:00")]


def test_members_added_in_the_first_round_do_not_change_who_is_on_call() -> None:
    now = "2025-01-07 12:00", "2025-01-07 12:01"
    for members in ("AB", "ABC", "ABCDEFG"):
        more = calendar(Recurrence.daily("09:00"), "2025-01-06 09:00", members=members)
        assert between(more, *now) == [row("B", "2025-01-07 09:00", "2025-01-08 09:00")]


def test_the_sequence_begins_again_after_the_last_member() -> None:
    daily = calendar(Recurrence.daily("09:00"), "2025-01-06 09:00")
    found = between(daily, "2025-01-08 09:00", "2025-01-10 09:00")
    assert "".join(people for people, _, _ in found) == "CA"


# Recurrences that were read without validation ----------------------------------------------------

NINE = as_time_of_day("09:00")
NO_DAY = trusted_constructor(WeeklySetting)(day_of_week=DayOfWeek("NEWDAY"), hand_off_time=NINE)
NO_DAY_OF_A_MONTH = (
    trusted_constructor(MonthlySetting)(day_of_month=0, hand_off_time=NINE),
    trusted_constructor(MonthlySetting)(day_of_month=32, hand_off_time=NINE),
)


def read(
    daily: object = None, weekly: object = None, monthly: object = None, multiplier: int = 1
) -> Recurrence:
    return trusted_constructor(Recurrence)(
        daily_settings=daily,
        weekly_settings=weekly,
        monthly_settings=monthly,
        number_of_on_calls=1,
        recurrence_multiplier=multiplier,
        shift_coverages=None,
    )


@pytest.mark.parametrize(
    "recurrence",
    [read(), read((), (), ()), read(weekly=(NO_DAY,)), read(monthly=NO_DAY_OF_A_MONTH)],
)
def test_without_a_hand_off_there_is_no_shift(recurrence: Recurrence) -> None:
    never = calendar(recurrence, "2025-01-06 09:00")
    assert between(never, "2025-01-01 00:00", "9999-01-01 00:00") == []


def test_days_that_do_not_exist_are_ignored() -> None:
    weekly = calendar(read(weekly=(NO_DAY, WeeklySetting("MON", "09:00"))), "2025-01-06 09:00")
    assert between(weekly, "2025-01-06 09:00", "2025-01-13 09:00") == chain(
        "A", "2025-01-06 09:00", "2025-01-13 09:00"
    )
    monthly = calendar(
        read(monthly=(*NO_DAY_OF_A_MONTH, MonthlySetting(6, "09:00"))), "2025-01-06 09:00"
    )
    assert between(monthly, "2025-01-06 09:00", "2025-02-06 09:00") == chain(
        "A", "2025-01-06 09:00", "2025-02-06 09:00"
    )


@pytest.mark.parametrize("multiplied", ["periods", "hand_offs"])
def test_a_multiplier_below_one_is_one(multiplied: str) -> None:
    daily = calendar(read(daily=(NINE,), multiplier=0), "2025-01-06 09:00")
    assumptions = OnCallAssumptions(multiplied=multiplied)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    assert between(daily, "2025-01-06 09:00", "2025-01-07 09:00", assumptions) == chain(
        "A", "2025-01-06 09:00", "2025-01-07 09:00"
    )
