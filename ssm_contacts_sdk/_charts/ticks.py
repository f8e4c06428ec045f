"""The ticks of a time axis, and its weekends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, tzinfo
from math import ceil, inf

from attrs import evolve

from ssm_contacts_sdk._charts.chart import Tick
from ssm_contacts_sdk._charts.dates import (
    format_day,
    format_month,
    format_short_day,
    format_short_month,
)

_MAX_TICKS = 16
_MINUTE_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 720, 1440, 2880, 10_080)
_ONE_DAY = timedelta(days=1)
_SIX_HOURS = timedelta(hours=6)
_SHORTER_STEPS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
# An axis of fewer days has ticks for hours, days, days and weeks, or weeks and months; a longer one
# has ticks for months and years.
_HOURS_BELOW, _DAYS_BELOW, _WEEKS_BELOW, _MONTHS_BELOW = 3, 12, 45, 140
_SATURDAY = 5


def minute_ticks(minutes: float) -> tuple[Tick, ...]:
    """Return the ticks of an axis of minutes that begins at 0.

    >>> [tick.label for tick in minute_ticks(20)]
    ['0', '2', '4', '6', '8', '10', '12', '14', '16', '18', '20']
    """
    step = next((step for step in _MINUTE_STEPS if minutes / step <= _MAX_TICKS), None)
    if step is None:
        step = ceil(minutes / _MAX_TICKS)
    return tuple(Tick(at=at, label=str(at)) for at in range(0, int(minutes) + 1, step))


def day_ticks(since: datetime, until: datetime, zone: tzinfo) -> tuple[Tick, ...]:
    """Return the ticks of an axis of POSIX timestamps: hours, days, weeks or months that fit."""
    first, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    days = (last - first).days
    if days < _HOURS_BELOW:
        minor = _hour_ticks(since, until, zone)
        major = _ticks(_days(first, last), zone, format_day)
    elif days < _DAYS_BELOW:
        minor = _ticks(_days(first, last), zone, format_day)
        major = _ticks(_months(first, last), zone, format_month)
    elif days < _WEEKS_BELOW:
        minor = _ticks(_days(first, last), zone, lambda each: str(each.day))
        major = _ticks(_weeks(first, last), zone, format_day)
    elif days < _MONTHS_BELOW:
        minor = _ticks(_weeks(first, last), zone, format_short_day)
        major = _ticks(_months(first, last), zone, format_month)
    else:
        minor = _ticks(_months(first, last), zone, format_short_month)
        major = _ticks(_years(first, last), zone, lambda each: str(each.year))
    return (*(evolve(tick, is_major=True) for tick in major), *minor)


def weekends(since: datetime, until: datetime, zone: tzinfo) -> tuple[tuple[float, float], ...]:
    """Return the Saturdays and Sundays as timestamps; none if there are too many to be visible."""
    first, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    if (last - first).days >= _WEEKS_BELOW:
        return ()
    return tuple(
        (_midnight(each, zone), _midnight(each + _ONE_DAY, zone))
        for each in _days(first, last)
        if each.weekday() >= _SATURDAY
    )


def _midnight(of: date, zone: tzinfo) -> float:
    return datetime(of.year, of.month, of.day, tzinfo=zone).timestamp()


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _weeks(first: date, last: date) -> Iterator[date]:
    return _first_and(lambda each: each.weekday() == 0, first, last)


def _months(first: date, last: date) -> Iterator[date]:
    return _first_and(lambda each: each.day == 1, first, last)


def _years(first: date, last: date) -> Iterator[date]:
    return _first_and(lambda each: (each.month, each.day) == (1, 1), first, last)


def _first_and(begins: Callable[[date], bool], first: date, last: date) -> Iterator[date]:
    """Yield the days on which a week, month or year begins, and before them the first day."""
    for each in _days(first, last):
        if each == first or begins(each):
            yield each


def _ticks(days: Iterator[date], zone: tzinfo, label: Callable[[date], str]) -> list[Tick]:
    starts = [(_midnight(each, zone), label(each)) for each in days]
    # The last interval continues to the end of the chart, wherever that is.
    ends = [*(at for at, _ in starts[1:]), inf]
    return [
        Tick(at=at, label=text, until=end) for (at, text), end in zip(starts, ends, strict=True)
    ]


def _hour_ticks(since: datetime, until: datetime, zone: tzinfo) -> list[Tick]:
    """Return ticks every six hours, or at shorter steps for a part of a day."""
    length = until - since
    step = next((step for step in _SHORTER_STEPS if length <= _MAX_TICKS * step), _SIX_HOURS)
    first, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    return [
        Tick(at=at.timestamp(), label=f"{at:%H:%M}")
        for each in _days(first, last)
        for number in range(_ONE_DAY // step)
        # In local time: the sum does not count the hour that a change of the clock adds or skips.
        for at in (datetime(each.year, each.month, each.day, tzinfo=zone) + number * step,)
    ]
