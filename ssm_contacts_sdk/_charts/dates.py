"""Dates and durations as text, which does not depend on the locale."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

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
_UNITS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def weekday(of: date) -> str:
    """Return the day of the week.

    >>> weekday(date(2025, 1, 6))
    'Mon'
    """
    return _DAYS[of.weekday()]


def format_day(of: date) -> str:
    """Return the day of the week, the day and the month.

    >>> format_day(date(2025, 1, 6))
    'Mon 6 Jan'
    """
    return f"{weekday(of)} {format_short_day(of)}"


def format_short_day(of: date) -> str:
    """Return the day and the month.

    >>> format_short_day(date(2025, 1, 6))
    '6 Jan'
    """
    return f"{of.day} {format_short_month(of)}"


def format_short_month(of: date) -> str:
    """Return the month, shortened.

    >>> format_short_month(date(2025, 1, 6))
    'Jan'
    """
    return _MONTHS[of.month - 1][:3]


def format_month(of: date) -> str:
    """Return the month and the year.

    >>> format_month(date(2025, 1, 6))
    'January 2025'
    """
    return f"{_MONTHS[of.month - 1]} {of.year}"


def format_instant(at: datetime, zone: tzinfo) -> str:
    """Return the date and time of an instant in a time zone.

    >>> from datetime import timezone
    >>> format_instant(datetime(2025, 1, 6, 9, 0, tzinfo=timezone.utc), timezone.utc)
    'Mon 6 Jan 2025 09:00'
    """
    local = in_zone(at, zone)
    return f"{format_day(local)} {local.year} {_time_of_day(local)}"


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
    return f"{begin} to {end.day} {format_month(end)}"


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


def _time_of_day(local: datetime) -> str:
    seconds = f":{local.second:02}" if local.second else ""
    return f"{local.hour:02}:{local.minute:02}{seconds}"
