from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone

import pytest

from ssm_contacts_sdk.errors import InvalidValueError
from ssm_contacts_sdk.local import LocalClock

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
