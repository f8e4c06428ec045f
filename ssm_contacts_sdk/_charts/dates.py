"""Dates and durations as text, and the ticks of a time axis.

The text is the same on every machine: it does not depend on the locale.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, tzinfo
from math import ceil, inf

from attrs import evolve

from ssm_contacts_sdk._charts.chart import Tick

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_SATURDAY = 5
_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))

_MAX_TICKS = 16
_MINUTE_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 720, 1440, 2880, 10_080)
_ONE_DAY = timedelta(days=1)
_SIX_HOURS = timedelta(hours=6)
_SHORTER_STEPS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
# An axis of fewer days has ticks for hours, days, days and weeks, or weeks and months; a longer one
# has ticks for months and years.
_HOURS_BELOW, _DAYS_BELOW, _WEEKS_BELOW, _MONTHS_BELOW = 3, 12, 45, 140


def weekday(of: date) -> str:
    """Return the day of the week.

    >>> weekday(date(2025, 1, 6))
    'Mon'
    """
    return _DAYS[of.weekday()]


def format_instant(at: datetime, zone: tzinfo) -> str:
    """Return the date and time of an instant in a time zone.

    >>> from datetime import timezone
    >>> format_instant(datetime(2025, 1, 6, 9, 0, tzinfo=timezone.utc), timezone.utc)
    'Mon 6 Jan 2025 09:00'
    """
    local = in_zone(at, zone)
    return f"{_day(local)} {local.year} {_time_of_day(local)}"


def format_interval(start: datetime, end: datetime, zone: tzinfo) -> str:
    """Return the start and end of an interval in a time zone; one date if it is the same day.

    >>> from datetime import timezone
    >>> nine = datetime(2025, 1, 6, 9, 0, tzinfo=timezone.utc)
    >>> format_interval(nine, nine + timedelta(hours=8), timezone.utc)
    'Mon 6 Jan 2025 09:00 to 17:00'
    """
    first, last = in_zone(start, zone), in_zone(end, zone)
    is_one_day = first.date() == last.date()
    until = _time_of_day(last) if is_one_day else format_instant(end, zone)
    return f"{format_instant(start, zone)} to {until}"


def format_hours(start: datetime, end: datetime, zone: tzinfo) -> str:
    """Return the times of day of an interval in a time zone, without dates.

    >>> from datetime import timezone
    >>> nine = datetime(2025, 1, 6, 9, 0, tzinfo=timezone.utc)
    >>> format_hours(nine, nine + timedelta(hours=8), timezone.utc)
    '09:00 to 17:00'
    """
    return f"{_time_of_day(in_zone(start, zone))} to {_time_of_day(in_zone(end, zone))}"


def format_days(first: datetime, last: datetime, zone: tzinfo) -> str:
    """Return the first and the last day in a time zone; a month or year that is the same, once.

    >>> from datetime import timezone
    >>> monday = datetime(2025, 1, 6, tzinfo=timezone.utc)
    >>> format_days(monday, monday + timedelta(days=7), timezone.utc)
    '6 to 13 January 2025'
    >>> format_days(monday, monday + timedelta(days=27), timezone.utc)
    '6 January to 2 February 2025'
    >>> format_days(monday - timedelta(days=7), monday, timezone.utc)
    '30 December 2024 to 6 January 2025'
    """
    start, end = in_zone(first, zone), in_zone(last, zone)
    begin = str(start.day)
    if (start.year, start.month) != (end.year, end.month):
        begin += f" {_MONTHS[start.month - 1]}"
    if start.year != end.year:
        begin += f" {start.year}"
    return f"{begin} to {end.day} {_month_and_year(end)}"


def format_duration(length: timedelta) -> str:
    """Return a duration in its two largest units.

    >>> format_duration(timedelta(days=1, hours=2, minutes=3)), format_duration(timedelta(0))
    ('1 d 2 h', '0 min')
    """
    left = int(length.total_seconds())
    parts: list[str] = []
    for name, size in _UNITS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {name}")
    return " ".join(parts[:2]) or "0 min"


def in_zone(at: datetime, zone: tzinfo) -> datetime:
    """Return an instant in a time zone; unchanged if its year there would not be 1 to 9999."""
    try:
        return at.astimezone(zone)
    except OverflowError:
        return at


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
        major = _ticks(_days(first, last), zone, _day)
    elif days < _DAYS_BELOW:
        minor = _ticks(_days(first, last), zone, _day)
        major = _ticks(_months(first, last), zone, _month_and_year)
    elif days < _WEEKS_BELOW:
        minor = _ticks(_days(first, last), zone, lambda each: str(each.day))
        major = _ticks(_weeks(first, last), zone, _day)
    elif days < _MONTHS_BELOW:
        minor = _ticks(_weeks(first, last), zone, _day_of_month)
        major = _ticks(_months(first, last), zone, _month_and_year)
    else:
        minor = _ticks(_months(first, last), zone, _short_month)
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


def _day(of: date) -> str:
    return f"{weekday(of)} {_day_of_month(of)}"


def _day_of_month(of: date) -> str:
    return f"{of.day} {_short_month(of)}"


def _short_month(of: date) -> str:
    return _MONTHS[of.month - 1][:3]


def _month_and_year(of: date) -> str:
    return f"{_MONTHS[of.month - 1]} {of.year}"


def _time_of_day(local: datetime) -> str:
    seconds = f":{local.second:02}" if local.second else ""
    return f"{local.hour:02}:{local.minute:02}{seconds}"


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
