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
    return f"{_DAYS[of.weekday()]} {short_day(of)}"


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
    seconds = f":{local.second:02}" if local.second else ""
    return f"{day(local)} {local.year} {local.hour:02}:{local.minute:02}{seconds}"


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
