"""Dates and spans in words. They are the same on every machine, whatever its language is."""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

MONTHS = (
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
_SECONDS = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))


def day(of: date) -> str:
    """A day within a year.

    >>> day(date(2025, 1, 6))
    'Mon 6 Jan'
    """
    return f"{weekday(of)} {short_day(of)}"


def weekday(of: date) -> str:
    """The day of the week.

    >>> weekday(date(2025, 1, 6))
    'Mon'
    """
    return _DAYS[of.weekday()]


def short_day(of: date) -> str:
    """The same without the day of the week.

    >>> short_day(date(2025, 1, 6))
    '6 Jan'
    """
    return f"{of.day} {MONTHS[of.month - 1][:3]}"


def moment(at: datetime, zone: tzinfo) -> str:
    """An instant by the clock of a zone.

    >>> from datetime import timezone
    >>> moment(datetime(2025, 1, 6, 9, 0, tzinfo=timezone.utc), timezone.utc)
    'Mon 6 Jan 2025 09:00'
    """
    local = in_zone(at, zone)
    return f"{day(local)} {local.year} {_clock(local)}"


def interval(start: datetime, end: datetime, zone: tzinfo) -> str:
    """From when to when by the clock of a zone, the date once if it is one day.

    >>> from datetime import timezone
    >>> nine = datetime(2025, 1, 6, 9, 0, tzinfo=timezone.utc)
    >>> interval(nine, nine + timedelta(hours=8), timezone.utc)
    'Mon 6 Jan 2025 09:00 to 17:00'
    """
    first, last = in_zone(start, zone), in_zone(end, zone)
    ends = _clock(last) if first.date() == last.date() else moment(end, zone)
    return f"{moment(start, zone)} to {ends}"


def times_of_day(start: datetime, end: datetime, zone: tzinfo) -> str:
    """From when to when on a day whose date is told elsewhere.

    >>> from datetime import timezone
    >>> nine = datetime(2025, 1, 6, 9, 0, tzinfo=timezone.utc)
    >>> times_of_day(nine, nine + timedelta(hours=8), timezone.utc)
    '09:00 to 17:00'
    """
    return f"{_clock(in_zone(start, zone))} to {_clock(in_zone(end, zone))}"


def days(first: datetime, last: datetime, zone: tzinfo) -> str:
    """From which day to which, what they have in common once.

    >>> from datetime import timezone
    >>> monday = datetime(2025, 1, 6, tzinfo=timezone.utc)
    >>> days(monday, monday + timedelta(days=7), timezone.utc)
    '6 to 13 January 2025'
    >>> days(monday, monday + timedelta(days=27), timezone.utc)
    '6 January to 2 February 2025'
    >>> days(monday - timedelta(days=7), monday, timezone.utc)
    '30 December 2024 to 6 January 2025'
    """
    start, end = in_zone(first, zone), in_zone(last, zone)
    begins = str(start.day)
    if (start.year, start.month) != (end.year, end.month):
        begins += f" {MONTHS[start.month - 1]}"
    if start.year != end.year:
        begins += f" {start.year}"
    return f"{begins} to {end.day} {MONTHS[end.month - 1]} {end.year}"


def in_zone(at: datetime, zone: tzinfo) -> datetime:
    """The same instant by the clock of a zone; by its own where the years end."""
    try:
        return at.astimezone(zone)
    except OverflowError:
        return at


def span(length: timedelta) -> str:
    """How long something lasts, in its two largest parts.

    >>> span(timedelta(days=1, hours=2, minutes=3)), span(timedelta(0))
    ('1 d 2 h', '0 min')
    """
    left = int(length.total_seconds())
    parts: list[str] = []
    for name, size in _SECONDS:
        count, left = divmod(left, size)
        if count:
            parts.append(f"{count} {name}")
    return " ".join(parts[:2]) or "0 min"


def _clock(local: datetime) -> str:
    seconds = f":{local.second:02}" if local.second else ""
    return f"{local.hour:02}:{local.minute:02}{seconds}"
