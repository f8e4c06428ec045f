from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from ssm_contacts_sdk._charts.ticks import day_ticks, minute_ticks, weekends

MONDAY = datetime(2025, 1, 6, 9, 0, tzinfo=timezone.utc)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize("minutes", [1, 7, 20, 61, 600, 10_000, 400_000])
def test_minute_ticks_are_at_most_17(minutes: int) -> None:
    ticks = minute_ticks(minutes)
    assert 2 <= len(ticks) <= 17
    assert ticks[0].at == 0
    assert ticks[-1].at <= minutes


@pytest.mark.parametrize(
    ("days", "major", "minor"),
    [
        (1, "Mon 6 Jan", "00:00"),
        (7, "January 2025", "Mon 6 Jan"),
        (28, "Mon 6 Jan", "6"),
        (90, "January 2025", "6 Jan"),
        (365, "2025", "Jan"),
    ],
)
def test_the_steps_of_day_ticks_depend_on_the_length(days: int, major: str, minor: str) -> None:
    ticks = day_ticks(MONDAY, MONDAY + timedelta(days=days), timezone.utc)
    assert next(tick.label for tick in ticks if tick.is_major) == major
    assert next(tick.label for tick in ticks if not tick.is_major) == minor


@pytest.mark.parametrize(
    ("length", "labels"),
    [
        (timedelta(minutes=1), ["09:00", "09:01"]),
        (timedelta(minutes=16), [f"09:{minute:02}" for minute in range(17)]),
        (timedelta(hours=1), [f"09:{minute:02}" for minute in range(0, 60, 5)] + ["10:00"]),
        (timedelta(hours=3), ["09:00", "09:15", "09:30"]),
        (timedelta(hours=8), ["09:00", "10:00", "11:00"]),
        (timedelta(hours=24), ["12:00", "18:00", "00:00", "06:00"]),
    ],
)
def test_a_part_of_a_day_has_ticks_too(length: timedelta, labels: list[str]) -> None:
    ticks = day_ticks(MONDAY, MONDAY + length, timezone.utc)
    inside = [
        tick.label
        for tick in ticks
        if not tick.is_major and MONDAY.timestamp() <= tick.at <= (MONDAY + length).timestamp()
    ]
    assert inside[: len(labels)] == labels
    assert len(inside) <= 17


def test_a_day_with_a_clock_change_has_23_hours() -> None:
    since = datetime(2025, 3, 28, 12, 0, tzinfo=timezone.utc)
    ticks = day_ticks(since, since + timedelta(days=5), BERLIN)
    lengths = {tick.label: tick.until - tick.at for tick in ticks if tick.until}
    assert lengths["Sat 29 Mar"] == 24 * 3600
    assert lengths["Sun 30 Mar"] == 23 * 3600


def test_weekends_are_local_and_omitted_in_a_long_axis() -> None:
    found = weekends(MONDAY, MONDAY + timedelta(days=7), BERLIN)
    assert [datetime.fromtimestamp(start, BERLIN).day for start, _ in found] == [11, 12]
    assert weekends(MONDAY, MONDAY + timedelta(days=50), BERLIN) == ()
