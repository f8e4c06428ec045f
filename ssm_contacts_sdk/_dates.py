"""Intervals of time, and the first and last dates that calculations use."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

Interval = tuple[datetime, datetime]
"""A start and an end; the end is not part of the interval."""

MIN_INSTANT = datetime.min.replace(tzinfo=timezone.utc)
"""The first instant that Python has: a Monday, and the first day of a month."""
MAX_INSTANT = datetime.max.replace(tzinfo=timezone.utc)
"""The last instant that Python has."""

FIRST_YEAR, LAST_YEAR = 2, 9998
"""The first and the last year that every time zone has, and that the embedded service accepts."""

EARLIEST = datetime(1, 2, 5, tzinfo=timezone.utc)
LATEST = datetime(9999, 12, 1, tzinfo=timezone.utc)
"""Python has every date that is at most a month and a time zone's offset away from these."""


def add_time(at: datetime, duration: timedelta) -> datetime:
    """Return the instant `duration` after `at`, or the last instant that Python has."""
    try:
        return at + duration
    except OverflowError:
        return MAX_INSTANT
