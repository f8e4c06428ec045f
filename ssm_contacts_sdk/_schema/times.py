"""Times of day, instants and time zones, as rotations and engagements use them."""

import re
from collections.abc import Sequence
from datetime import datetime, time, timezone
from functools import cache
from typing import Annotated, TypeAlias, cast

from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._schema.constraints import Constraint, compiled
from ssm_contacts_sdk._schema.violations import violation, wrong_type

# Entries of a database that have another meaning on another machine: its own setting, the absence
# of one, and copies with other rules.
_NO_PLACE = re.compile(r"localtime|Factory|posixrules|(posix|right)(/.*)?").fullmatch
_TIME_OF_DAY = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_TOO_FEW_DIGITS = re.compile("[0-9]:[0-9]{1,2}|[0-9]{2}:[0-9]").fullmatch


def as_time_of_day(value: time | str) -> time:
    """Return a str such as ``"09:00"`` as a time of day, and any other value unchanged.

    >>> as_time_of_day("09:00")
    datetime.time(9, 0)
    """
    match = _TIME_OF_DAY.fullmatch(value) if isinstance(value, str) else None
    return cast("time", value) if match is None else time(int(match[1]), int(match[2]))


class WholeMinute(Constraint):
    """A time of day in whole minutes, without a time zone of its own."""

    expected = 'a time of day, such as time(9, 0) or "09:00"'

    def check_type(self, value: object, kind: type) -> Sequence[Violation]:
        if not isinstance(value, str):
            return wrong_type("a time of day", value)
        if value == "24:00":
            rule = 'must be "00:00" for midnight (got "24:00")'
        elif _TOO_FEW_DIGITS(value):
            rule = 'must have two digits for the hour and two for the minute, as in "09:00"'
        else:
            rule = f"must be {self.expected}"
        return violation("wrong_format", rule)

    def check(self, value: time, /) -> Sequence[Violation]:
        found: tuple[Violation, ...] = ()
        if value.tzinfo is not None:
            rule = "must have no time zone: that of the rotation is used"
            found += violation("wrong_format", rule)
        if value.second or value.microsecond:
            found += violation("wrong_format", "must be a whole minute")
        return found

    def describe(self) -> str:
        return self.expected


def as_instant(value: datetime) -> datetime:
    """Return the same instant in UTC, where equal instants are equal and later ones are later.

    Python compares two datetimes of one zone by that zone's clock, which is set back in autumn.

    >>> from zoneinfo import ZoneInfo
    >>> as_instant(datetime(2025, 7, 1, 9, 0, tzinfo=ZoneInfo("Europe/Berlin")))
    datetime.datetime(2025, 7, 1, 7, 0, tzinfo=datetime.timezone.utc)
    """
    in_utc = _in_utc(value)
    return value if in_utc is None else in_utc


def as_instant_or_none(value: datetime | None) -> datetime | None:
    """Return the same as `as_instant`, or None for None."""
    return None if value is None else as_instant(value)


def _in_utc(value: object) -> datetime | None:
    if not isinstance(value, datetime) or value.utcoffset() is None:
        return None
    try:
        return value.astimezone(timezone.utc)
    except OverflowError:
        return None


class HasTimeZone(Constraint):
    """A datetime with a time zone, which has a date in UTC."""

    expected = "a datetime"

    def check(self, value: datetime, /) -> Sequence[Violation]:
        if value.utcoffset() is None:
            rule = "must have a time zone, such as tzinfo=timezone.utc (got a naive datetime)"
            return violation("no_time_zone", rule)
        if _in_utc(value) is None:
            rule = "must be in the years 1 to 9999 in UTC too"
            return violation("too_small" if value.year == 1 else "too_large", rule)
        return ()

    def describe(self) -> str:
        return "a datetime with a time zone"


def interval_violations(start: object, end: object, path: str = "") -> tuple[Violation, ...]:
    """Return the violation of an interval that does not end after its start.

    It returns none if one of them is not an instant: its own check reports that.
    """
    start_in_utc, end_in_utc = _in_utc(start), _in_utc(end)
    if start_in_utc is None or end_in_utc is None or end_in_utc > start_in_utc:
        return ()
    return violation("conflict", "must be after start_time", path)


class TimeZoneName(Constraint):
    """The IANA name of a time zone that this machine knows.

    AWS rejects zones without rules for daylight saving time, such as ``PST`` (its user guide), and
    names with a ``+``, such as ``Etc/GMT+5`` (its model).
    """

    expected = "the name of a time zone"
    least = 1
    most = 255
    aws_pattern = r"^[:a-zA-Z0-9_\-\s\.\\/]*$"

    def check(self, value: str, /) -> Sequence[Violation]:
        if value not in _time_zones():
            rule = (
                "must be a time zone that this machine knows by its IANA name, such as "
                "Europe/Berlin (without a database: pip install tzdata)"
            )
            return violation("unknown_time_zone", rule)
        if not _fits_aws(value):
            rule = (
                "must contain only letters, digits, white space and : _ - . / (AWS's model): "
                "choose the time zone of a place, such as America/Panama for Etc/GMT+5"
            )
            return violation("wrong_characters", rule)
        return ()

    def describe(self) -> str:
        return "the IANA name of a time zone, without a +"


@cache
def _time_zones() -> frozenset[str]:
    # Loaded here, because few calls have a time zone.
    from zoneinfo import available_timezones  # noqa: PLC0415

    # Read from the disk once in each process.
    return frozenset(name for name in available_timezones() if not _NO_PLACE(name))


@cache
def _fits_aws(name: str) -> bool:
    return compiled(TimeZoneName.aws_pattern).fullmatch(name) is not None


Instant: TypeAlias = Annotated[datetime, HasTimeZone()]
TimeZoneId: TypeAlias = Annotated[str, TimeZoneName()]
HandOffTime: TypeAlias = Annotated[time, WholeMinute()]
