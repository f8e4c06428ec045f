"""Times of day, instants and time zones, as rotations and engagements use them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, time, timezone
from functools import cache
from zoneinfo import available_timezones

from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._models.rules import wrong_type

# AWS's pattern for a TimeZoneId, less the backslash, which no name has.
_AWS_ZONE = re.compile(r"[:a-zA-Z0-9_\-\s./]{1,255}").fullmatch
# Entries of a database that mean another thing on another machine: its own setting, the absence of
# one, and copies with other rules.
_NO_PLACE = re.compile(r"localtime|Factory|posixrules|(posix|right)(/.*)?").fullmatch
_TIME_OF_DAY = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


def as_time_of_day(value: time | str) -> time:
    """For a converter: the plain text ``"09:00"`` is taken for a time of day.

    >>> as_time_of_day("09:00")
    datetime.time(9, 0)
    """
    match = _TIME_OF_DAY.fullmatch(value) if isinstance(value, str) else None
    # What is no time of day is left for the check to name.
    return value if match is None else time(int(match[1]), int(match[2]))  # type: ignore[return-value]


def time_of_day_violations(path: str, value: object) -> Iterator[Violation]:
    """What is wrong with `value` as an hour and a minute on the clock of the rotation's zone."""
    if isinstance(value, str):
        yield Violation(path, 'must be a time of day, such as time(9, 0) or "09:00"')
    elif not isinstance(value, time):
        yield wrong_type(path, "a time of day", value)
    else:
        if value.tzinfo is not None:
            yield Violation(path, "must have no time zone: the rotation's own holds")
        if value.second or value.microsecond:
            yield Violation(path, "must be a whole minute")


def as_instant(value: datetime) -> datetime:
    """For a converter: the instant in UTC, where equal ones are equal and later ones are later.

    Python compares two datetimes of one zone by that zone's clock, which is put back in autumn.

    >>> from zoneinfo import ZoneInfo
    >>> as_instant(datetime(2025, 7, 1, 9, 0, tzinfo=ZoneInfo("Europe/Berlin")))
    datetime.datetime(2025, 7, 1, 7, 0, tzinfo=datetime.timezone.utc)
    """
    in_utc = _in_utc(value)
    # What is no instant is left for the check to name.
    return value if in_utc is None else in_utc


def as_instant_or_none(value: datetime | None) -> datetime | None:
    """The same for a field that may be None."""
    return None if value is None else as_instant(value)


def _in_utc(value: object) -> datetime | None:
    if not isinstance(value, datetime) or value.utcoffset() is None:
        return None
    try:
        return value.astimezone(timezone.utc)
    except OverflowError:
        return None


def instant_violations(path: str, value: object) -> Iterator[Violation]:
    """What is wrong with `value` as a date and time that is the same all over the world."""
    if not isinstance(value, datetime):
        yield wrong_type(path, "a datetime", value)
    elif value.utcoffset() is None:
        yield Violation(
            path,
            "must have a time zone: a naive datetime is another instant elsewhere",
            "no_time_zone",
        )
    elif _in_utc(value) is None:
        yield Violation(path, "must lie in the years 1 to 9999 in UTC too")


def interval_violations(path: str, start: object, end: object) -> Iterator[Violation]:
    """Whether an interval, both of whose ends are instants, ends before it begins."""
    begun, ended = _in_utc(start), _in_utc(end)
    # What is no instant is told of that one.
    if begun is not None and ended is not None and ended <= begun:
        yield Violation(path, "must be after the start")


def time_zone_violations(path: str, value: object) -> Iterator[Violation]:
    """What is wrong with `value` as the IANA name of a time zone.

    AWS takes no zone without rules for daylight saving, such as ``PST`` (its user guide), and no
    name with a ``+``, such as ``Etc/GMT+5`` (its model).
    """
    if not isinstance(value, str):
        yield wrong_type(path, "the name of a time zone", value)
    elif value in _time_zones() and not _AWS_ZONE(value):
        yield Violation(
            path,
            "must contain only letters, digits, white space and : _ - . / (AWS's model): choose "
            "the time zone of a place, such as America/Panama for Etc/GMT+5",
        )
    elif value not in _time_zones():
        yield Violation(
            path,
            "must be a time zone that this machine knows by its IANA name, such as "
            "Europe/Berlin (without a database: pip install tzdata)",
        )


@cache
def _time_zones() -> frozenset[str]:
    # Read from disk once a process: the database does not change while it runs.
    return frozenset(name for name in available_timezones() if not _NO_PLACE(name))
