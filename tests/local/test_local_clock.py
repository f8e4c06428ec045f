from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest

from ssm_contacts_sdk._errors import InvalidValueError
from ssm_contacts_sdk.local import LocalClock


class Real:
    """Real time, as a test would have it."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


NINE = datetime(2025, 3, 1, 9, tzinfo=timezone.utc)


def test_stands_still_until_it_is_moved() -> None:
    clock = LocalClock(NINE)
    assert clock.now() == clock.now() == NINE
    assert clock.monotonic() == 0.0


def test_is_moved_by_sleeping_and_by_advancing() -> None:
    clock = LocalClock(NINE)
    clock.sleep(0.1)
    clock.sleep(0.2)
    clock.advance(days=1, hours=2, minutes=3, seconds=4)
    assert clock.now() == NINE + timedelta(days=1, hours=2, minutes=3, seconds=4.3)
    assert clock.monotonic() == pytest.approx(93784.3)


def test_tells_the_time_in_utc() -> None:
    clock = LocalClock(datetime(2025, 3, 1, 11, tzinfo=timezone(timedelta(hours=2))))
    assert clock.now() == NINE
    assert clock.now().tzinfo is timezone.utc
    assert repr(clock) == "LocalClock(2025-03-01T09:00:00+00:00)"


def test_refuses_a_start_without_a_time_zone() -> None:
    with pytest.raises(InvalidValueError, match="start must have a time zone"):
        LocalClock(NINE.replace(tzinfo=None))


@pytest.mark.parametrize("amount", [-1, -0.001, float("nan"), float("inf")])
def test_does_not_go_back_or_to_nowhere(amount: float) -> None:
    clock = LocalClock(NINE)
    with pytest.raises(InvalidValueError, match="seconds must be"):
        clock.sleep(amount)
    # Not even where the sum would go forward.
    with pytest.raises(InvalidValueError, match="minutes must be"):
        clock.advance(minutes=amount, days=1)
    assert clock.now() == NINE


@pytest.mark.parametrize("amount", [1e12, 1e300])
def test_does_not_leave_the_calendar(amount: float) -> None:
    clock = LocalClock(NINE)
    with pytest.raises(InvalidValueError, match="year 9999"):
        clock.sleep(amount)
    assert clock.monotonic() == 0.0


def test_loses_no_step_when_threads_move_it() -> None:
    clock = LocalClock(NINE)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(clock.sleep, [1.0] * 2000))
    assert clock.monotonic() == 2000.0


def test_runs_by_itself_as_many_times_as_fast_as_real_time() -> None:
    real = Real()
    clock = LocalClock(NINE, speed=60, real=real)
    assert (clock.now(), clock.monotonic()) == (NINE, 0.0)
    real.seconds += 2.5
    assert clock.monotonic() == 150.0
    assert clock.now() == NINE + timedelta(seconds=150)


def test_jumps_also_while_it_runs() -> None:
    real = Real()
    clock = LocalClock(NINE, speed=2, real=real)
    real.seconds += 1
    clock.sleep(10)
    clock.advance(minutes=1)
    real.seconds += 1
    assert clock.now() == NINE + timedelta(seconds=74)
    assert clock.monotonic() == 74.0


def test_does_not_look_at_real_time_unless_it_runs() -> None:
    real = Real()
    clock = LocalClock(NINE, real=real)
    real.seconds += 1
    assert (clock.now(), clock.monotonic()) == (NINE, 0.0)


def test_never_goes_back_even_if_real_time_does() -> None:
    real = Real()
    clock = LocalClock(NINE, speed=1, real=real)
    real.seconds += 5
    assert clock.monotonic() == 5.0
    real.seconds -= 3
    assert clock.monotonic() == 5.0
    real.seconds += 4
    assert clock.monotonic() == 6.0


def test_stands_still_at_the_end_of_the_calendar() -> None:
    real = Real()
    clock = LocalClock(NINE, speed=1e308, real=real)
    real.seconds += 1e9
    assert clock.now() == clock.now() == NINE.replace(9999, 12, 31, 23, 59, 59)
    with pytest.raises(InvalidValueError, match="year 9999"):
        clock.sleep(1)


def test_runs_on_pythons_own_clock() -> None:
    clock = LocalClock(speed=1e6)
    first, second = clock.monotonic(), clock.monotonic()
    assert 0 <= first <= second


@pytest.mark.parametrize("speed", [-1, float("nan"), float("inf")])
def test_refuses_a_speed_that_leads_back_or_to_nowhere(speed: float) -> None:
    with pytest.raises(InvalidValueError) as caught:
        LocalClock(NINE.replace(tzinfo=None), speed=speed)
    assert [fault.path for fault in caught.value.violations] == ["start", "speed"]


def test_shows_the_date_of_a_snapshot_while_its_seconds_go_on() -> None:
    clock = LocalClock(NINE)
    clock.advance(hours=3)
    clock.return_to(NINE + timedelta(hours=1))
    assert clock.now() == NINE + timedelta(hours=1)
    assert clock.monotonic() == 3 * 3600
    clock.advance(hours=1)
    assert clock.now() == NINE + timedelta(hours=2)
    assert clock.monotonic() == 4 * 3600


def test_is_moved_to_an_instant_of_any_zone() -> None:
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


def test_shows_the_very_instant_that_it_is_moved_to() -> None:
    clock = LocalClock(datetime(2, 1, 1, tzinfo=timezone.utc))
    for year in range(1000, 10000, 1000):
        then = datetime(year, 7, 1, 1, 2, 3, 456789, tzinfo=timezone.utc)
        clock.move_to(then)
        assert clock.now() == then


def test_is_not_moved_to_an_instant_before() -> None:
    clock = LocalClock(NINE)
    rule = "instant must not be before 2025-03-01T09:00:00+00:00, which the clock shows"
    with pytest.raises(InvalidValueError, match=re.escape(rule)):
        clock.move_to(NINE - timedelta(microseconds=1))
    assert (clock.now(), clock.monotonic()) == (NINE, 0.0)


def test_is_not_moved_to_an_instant_that_it_has_run_past() -> None:
    real = Real()
    clock = LocalClock(NINE, speed=60, real=real)
    real.seconds += 1
    with pytest.raises(InvalidValueError, match="2025-03-01T09:01:00"):
        clock.move_to(NINE + timedelta(seconds=59))
    clock.move_to(NINE + timedelta(seconds=61))
    real.seconds += 1
    assert clock.now() == NINE + timedelta(seconds=121)
    assert clock.monotonic() == 121.0


def test_takes_no_date_without_a_time_zone() -> None:
    clock = LocalClock(NINE)
    naive = NINE.replace(tzinfo=None)
    with pytest.raises(InvalidValueError, match="instant must have a time zone"):
        clock.move_to(naive + timedelta(days=1))
    with pytest.raises(InvalidValueError, match="now must have a time zone"):
        clock.return_to(naive)
    assert (clock.now(), clock.monotonic()) == (NINE, 0.0)


def test_stands_still_at_the_end_of_the_calendar_that_it_was_moved_to() -> None:
    real = Real()
    clock = LocalClock(NINE, speed=1, real=real)
    last = datetime.max.replace(tzinfo=timezone.utc)
    clock.move_to(last)
    real.seconds += 10
    assert clock.now() == last


@pytest.mark.parametrize(
    "instant",
    [
        datetime.max.replace(tzinfo=timezone(timedelta(hours=-1))),
        datetime.min.replace(tzinfo=timezone(timedelta(hours=1))),
    ],
)
def test_takes_no_instant_that_utc_cannot_tell(instant: datetime) -> None:
    clock = LocalClock(NINE)
    for take in (clock.move_to, clock.return_to, LocalClock):
        with pytest.raises(InvalidValueError, match="must lie in the years 1 to 9999 in UTC"):
            take(instant)


def test_runs_on_from_the_date_of_a_snapshot() -> None:
    real = Real()
    clock = LocalClock(NINE, speed=1, real=real)
    real.seconds += 100
    clock.return_to(NINE)
    real.seconds += 1
    assert (clock.now(), clock.monotonic()) == (NINE + timedelta(seconds=1), 101.0)
