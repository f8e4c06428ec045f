from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest

from ssm_contacts_sdk.errors import InvalidValueError
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
    assert [fault.path for fault in caught.value.faults] == ["start", "speed"]


def test_shows_the_date_of_a_snapshot_while_its_seconds_go_on() -> None:
    clock = LocalClock(NINE)
    clock.advance(hours=3)
    clock.return_to(NINE + timedelta(hours=1))
    assert clock.now() == NINE + timedelta(hours=1)
    assert clock.monotonic() == 3 * 3600
    clock.advance(hours=1)
    assert clock.now() == NINE + timedelta(hours=2)
    assert clock.monotonic() == 4 * 3600


def test_runs_on_from_the_date_of_a_snapshot() -> None:
    real = Real()
    clock = LocalClock(NINE, speed=1, real=real)
    real.seconds += 100
    clock.return_to(NINE)
    real.seconds += 1
    assert (clock.now(), clock.monotonic()) == (NINE + timedelta(seconds=1), 101.0)
