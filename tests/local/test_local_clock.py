from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import Any

import pytest
from rejecting import violations_of

from ssm_contacts_sdk._errors import InvalidValueError
from ssm_contacts_sdk.local import LocalClock


class Real:
    """Real time that the test sets."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


NINE = datetime(2025, 3, 1, 9, tzinfo=timezone.utc)


def test_a_clock_moves_only_when_it_is_moved() -> None:
    clock = LocalClock(NINE)
    assert clock.now() == clock.now() == NINE
    assert clock.monotonic() == 0.0


def test_sleep_and_advance_move_a_clock() -> None:
    clock = LocalClock(NINE)
    clock.sleep(0.1)
    clock.sleep(timedelta(seconds=0.2))
    clock.advance(days=1, hours=2, minutes=3, seconds=4)
    assert clock.now() == NINE + timedelta(days=1, hours=2, minutes=3, seconds=4.3)
    assert clock.monotonic() == pytest.approx(93784.3)


@pytest.mark.parametrize("duration", [timedelta(minutes=5), 300, 300.0])
def test_advance_accepts_a_duration(duration: timedelta | float) -> None:
    clock = LocalClock(NINE)
    clock.advance(duration)
    assert clock.now() == NINE + timedelta(minutes=5)
    clock.advance(duration, minutes=1)
    assert clock.now() == NINE + timedelta(minutes=11)


def test_now_is_in_utc() -> None:
    clock = LocalClock(datetime(2025, 3, 1, 11, tzinfo=timezone(timedelta(hours=2))))
    assert clock.now() == NINE
    assert clock.now().tzinfo is timezone.utc
    assert repr(clock) == "LocalClock(2025-03-01T09:00:00+00:00)"


def test_a_start_must_have_a_time_zone() -> None:
    naive = NINE.replace(tzinfo=None)
    assert violations_of(lambda: LocalClock(naive)) == [("start", "no_time_zone")]
    wrong: Any = "2025-03-01"
    assert violations_of(lambda: LocalClock(wrong)) == [("start", "wrong_type")]


@pytest.mark.parametrize(
    ("amount", "code"),
    [
        (-1, "too_small"),
        (-0.001, "too_small"),
        (float("nan"), "too_small"),
        (float("inf"), "too_large"),
        ("1", "wrong_type"),
        (True, "wrong_type"),
        (None, "wrong_type"),
    ],
)
def test_a_clock_moves_by_finite_numbers_of_at_least_0_only(amount: Any, code: str) -> None:
    clock = LocalClock(NINE)
    for move in (clock.sleep, clock.advance):
        assert violations_of(partial(move, amount)) == [("duration", code)]
    # A positive sum does not matter.
    wrong = partial(clock.advance, days=1, hours=amount, minutes=amount)
    assert violations_of(wrong) == [("hours", code), ("minutes", code)]
    assert clock.now() == NINE


def test_a_negative_timedelta_does_not_move_a_clock() -> None:
    clock = LocalClock(NINE)
    back = timedelta(seconds=-1)
    for move in (clock.sleep, clock.advance):
        assert violations_of(partial(move, back)) == [("duration", "too_small")]
    assert clock.now() == NINE


@pytest.mark.parametrize("duration", [1e12, 1e300, timedelta.max])
def test_a_clock_does_not_move_beyond_the_year_9999(duration: timedelta | float) -> None:
    clock = LocalClock(NINE)
    assert violations_of(partial(clock.sleep, duration)) == [("duration", "too_large")]
    assert violations_of(partial(clock.advance, days=1e8)) == [("duration", "too_large")]
    assert clock.monotonic() == 0.0
    clock.advance(days=365 * 1000)
    assert clock.now().year == 3024


def test_no_step_is_lost_when_threads_move_a_clock() -> None:
    clock = LocalClock(NINE)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(clock.sleep, [1.0] * 2000))
    assert clock.monotonic() == 2000.0


def test_a_clock_with_a_speed_runs_by_itself() -> None:
    real = Real()
    clock = LocalClock(NINE, speed=60, real=real)
    assert (clock.now(), clock.monotonic()) == (NINE, 0.0)
    real.seconds += 2.5
    assert clock.monotonic() == 150.0
    assert clock.now() == NINE + timedelta(seconds=150)


def test_a_running_clock_can_be_moved() -> None:
    real = Real()
    clock = LocalClock(NINE, speed=2, real=real)
    real.seconds += 1
    clock.sleep(10)
    clock.advance(minutes=1)
    real.seconds += 1
    assert clock.now() == NINE + timedelta(seconds=74)
    assert clock.monotonic() == 74.0


def test_a_clock_reads_real_time_only_if_it_runs() -> None:
    real = Real()
    clock = LocalClock(NINE, real=real)
    real.seconds += 1
    assert (clock.now(), clock.monotonic()) == (NINE, 0.0)


def test_a_clock_never_goes_back_even_if_real_time_does() -> None:
    real = Real()
    clock = LocalClock(NINE, speed=1, real=real)
    real.seconds += 5
    assert clock.monotonic() == 5.0
    real.seconds -= 3
    assert clock.monotonic() == 5.0
    real.seconds += 4
    assert clock.monotonic() == 6.0


def test_a_clock_stops_at_the_end_of_the_calendar() -> None:
    real = Real()
    clock = LocalClock(NINE, speed=1e308, real=real)
    real.seconds += 1e9
    assert clock.now() == clock.now() == NINE.replace(9999, 12, 31, 23, 59, 59)
    with pytest.raises(InvalidValueError, match="year 9999"):
        clock.sleep(1)


def test_real_time_is_pythons_monotonic_time_by_default() -> None:
    clock = LocalClock(speed=1e6)
    first, second = clock.monotonic(), clock.monotonic()
    assert 0 <= first <= second


@pytest.mark.parametrize(
    ("speed", "code"),
    [
        (-1, "too_small"),
        (float("nan"), "too_small"),
        (float("inf"), "too_large"),
        ("1", "wrong_type"),
    ],
)
def test_a_speed_must_be_a_finite_number_of_at_least_0(speed: Any, code: str) -> None:
    create = partial(LocalClock, NINE.replace(tzinfo=None), speed=speed)
    assert violations_of(create) == [("start", "no_time_zone"), ("speed", code)]


def test_real_time_must_be_callable() -> None:
    wrong: Any = 5
    assert violations_of(lambda: LocalClock(real=wrong)) == [("real", "wrong_type")]


def test_return_to_sets_the_date_but_not_the_monotonic_time() -> None:
    clock = LocalClock(NINE)
    clock.advance(hours=3)
    clock.return_to(NINE + timedelta(hours=1))
    assert clock.now() == NINE + timedelta(hours=1)
    assert clock.monotonic() == 3 * 3600
    clock.advance(hours=1)
    assert clock.now() == NINE + timedelta(hours=2)
    assert clock.monotonic() == 4 * 3600


def test_move_to_accepts_an_instant_of_any_time_zone() -> None:
    clock = LocalClock(NINE)
    clock.advance(seconds=0.1)
    clock.move_to(datetime(2025, 3, 1, 12, 30, tzinfo=timezone(timedelta(hours=2))))
    assert clock.now() == NINE + timedelta(hours=1, minutes=30)
    assert clock.now().tzinfo is timezone.utc
    assert clock.monotonic() == 5400.0
    clock.move_to(clock.now())
    assert clock.monotonic() == 5400.0
    clock.sleep(1)
    assert clock.now() == NINE + timedelta(hours=1, minutes=30, seconds=1)


def test_move_to_is_exact() -> None:
    clock = LocalClock(datetime(2, 1, 1, tzinfo=timezone.utc))
    for year in range(1000, 10000, 1000):
        then = datetime(year, 7, 1, 1, 2, 3, 456789, tzinfo=timezone.utc)
        clock.move_to(then)
        assert clock.now() == then


def test_move_to_does_not_move_a_clock_back() -> None:
    clock = LocalClock(NINE)
    rule = "instant must not be before 2025-03-01T09:00:00+00:00, the clock's time"
    with pytest.raises(InvalidValueError, match=re.escape(rule)):
        clock.move_to(NINE - timedelta(microseconds=1))
    assert (clock.now(), clock.monotonic()) == (NINE, 0.0)


def test_move_to_does_not_move_a_running_clock_back() -> None:
    real = Real()
    clock = LocalClock(NINE, speed=60, real=real)
    real.seconds += 1
    with pytest.raises(InvalidValueError, match="2025-03-01T09:01:00"):
        clock.move_to(NINE + timedelta(seconds=59))
    clock.move_to(NINE + timedelta(seconds=61))
    real.seconds += 1
    assert clock.now() == NINE + timedelta(seconds=121)
    assert clock.monotonic() == 121.0


def test_an_instant_must_have_a_time_zone() -> None:
    clock = LocalClock(NINE)
    naive = NINE.replace(tzinfo=None)
    later = naive + timedelta(days=1)
    assert violations_of(lambda: clock.move_to(later)) == [("instant", "no_time_zone")]
    assert violations_of(lambda: clock.return_to(naive)) == [("now", "no_time_zone")]
    assert (clock.now(), clock.monotonic()) == (NINE, 0.0)


def test_a_clock_that_was_moved_stops_at_the_end_of_the_calendar() -> None:
    real = Real()
    clock = LocalClock(NINE, speed=1, real=real)
    last = datetime.max.replace(tzinfo=timezone.utc)
    clock.move_to(last)
    real.seconds += 10
    assert clock.now() == last


@pytest.mark.parametrize(
    ("instant", "code"),
    [
        (datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))), "too_large"),
        (datetime.min.replace(tzinfo=timezone(timedelta(hours=1))), "too_small"),
    ],
)
def test_an_instant_must_be_in_the_calendar_in_utc_too(instant: datetime, code: str) -> None:
    clock = LocalClock(NINE)
    assert violations_of(lambda: clock.move_to(instant)) == [("instant", code)]
    assert violations_of(lambda: clock.return_to(instant)) == [("now", code)]
    assert violations_of(lambda: LocalClock(instant)) == [("start", code)]


def test_a_clock_runs_from_the_date_of_a_snapshot() -> None:
    real = Real()
    clock = LocalClock(NINE, speed=1, real=real)
    real.seconds += 100
    clock.return_to(NINE)
    real.seconds += 1
    assert (clock.now(), clock.monotonic()) == (NINE + timedelta(seconds=1), 101.0)


def test_a_clock_can_be_moved_to_the_last_second_of_the_year_9999() -> None:
    clock = LocalClock(datetime(9999, 12, 31, 23, 59, tzinfo=timezone.utc))
    clock.advance(seconds=59)
    assert clock.now() == datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone.utc)
    assert violations_of(lambda: clock.advance(seconds=1)) == [("duration", "too_large")]
