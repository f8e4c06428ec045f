"""Where the ticks of an axis stand, and what they are called."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, tzinfo
from math import ceil

from attrs import evolve

from ssm_contacts_sdk._charts.chart import Tick
from ssm_contacts_sdk._charts.dates import MONTHS, day, short_day

_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 720, 1440, 2880, 10_080)
_MOST_STEPS = 16
_ONE_DAY = timedelta(days=1)
_SIX_HOURS = timedelta(hours=6)
_CLOSER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
_FEW_DAYS, _SOME_DAYS, _MANY_DAYS = 3, 12, 45
_MANY_WEEKS = 20
_SATURDAY = 5


def minute_ticks(minutes: float) -> tuple[Tick, ...]:
    """Ticks for so many minutes, the first of which is 0.

    >>> [tick.label for tick in minute_ticks(20)]
    ['0', '2', '4', '6', '8', '10', '12', '14', '16', '18', '20']
    """
    step = next((step for step in _STEPS if minutes / step <= _MOST_STEPS), None)
    if step is None:
        step = ceil(minutes / _MOST_STEPS)
    return tuple(Tick(at=at, label=str(at)) for at in range(0, int(minutes) + 1, step))


def day_ticks(since: datetime, until: datetime, zone: tzinfo) -> tuple[Tick, ...]:
    """Ticks in seconds for a stretch of time: hours, days, weeks or months, as there is room."""
    first, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    days = (last - first).days
    if days < _FEW_DAYS:
        minor = _hours(since, until, zone)
        major = _ticks(_days(first, last), zone, day)
    elif days < _SOME_DAYS:
        minor = _ticks(_days(first, last), zone, day)
        major = _ticks(_months(first, last), zone, _month)
    elif days < _MANY_DAYS:
        minor = _ticks(_days(first, last), zone, lambda each: str(each.day))
        major = _ticks(_weeks(first, last), zone, day)
    elif days < _MANY_WEEKS * 7:
        minor = _ticks(_weeks(first, last), zone, short_day)
        major = _ticks(_months(first, last), zone, _month)
    else:
        minor = _ticks(_months(first, last), zone, lambda each: MONTHS[each.month - 1][:3])
        major = _ticks(_years(first, last), zone, lambda each: str(each.year))
    return (*(evolve(tick, is_major=True) for tick in major), *minor)


def weekends(since: datetime, until: datetime, zone: tzinfo) -> tuple[tuple[float, float], ...]:
    """The Saturdays and Sundays, in seconds, if there are few enough to be seen."""
    first, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    if (last - first).days >= _MANY_DAYS:
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
    yield from _days_where(lambda each: each.weekday() == 0, first, last)


def _months(first: date, last: date) -> Iterator[date]:
    yield from _days_where(lambda each: each.day == 1, first, last)


def _years(first: date, last: date) -> Iterator[date]:
    yield from _days_where(lambda each: (each.month, each.day) == (1, 1), first, last)


def _days_where(holds: Callable[[date], bool], first: date, last: date) -> Iterator[date]:
    """The days for which it holds, and the first one, whose stretch has begun before."""
    for each in _days(first, last):
        if each == first or holds(each):
            yield each


def _month(of: date) -> str:
    return f"{MONTHS[of.month - 1]} {of.year}"


def _ticks(days: Iterator[date], zone: tzinfo, label: Callable[[date], str]) -> list[Tick]:
    found = [(_midnight(each, zone), label(each)) for each in days]
    ends = [at for at, _ in found[1:]]
    # The last one goes on to the end of the chart, wherever that is.
    ends.append(float("inf"))
    return [Tick(at=at, label=text, until=end) for (at, text), end in zip(found, ends, strict=True)]


def _hours(since: datetime, until: datetime, zone: tzinfo) -> list[Tick]:
    """Ticks every six hours, or closer for part of a day."""
    step = next((step for step in _CLOSER if until - since <= _MOST_STEPS * step), _SIX_HOURS)
    count = _ONE_DAY // step
    first, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    return [
        Tick(at=at.timestamp(), label=f"{at:%H:%M}")
        for each in _days(first, last)
        for number in range(count)
        # By the clock of the zone: adding does not count the hour that it is put forward or back.
        for at in (datetime(each.year, each.month, each.day, tzinfo=zone) + number * step,)
    ]
