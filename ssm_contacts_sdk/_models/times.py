"""The old names of `_schema.times`, until their users use the new ones."""

from __future__ import annotations

from collections.abc import Iterator

from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._schema.times import (
    HandOffTime,
    Instant,
    TimeZoneId,
    as_instant,
    as_instant_or_none,
    as_time_of_day,
)
from ssm_contacts_sdk._schema.times import interval_violations as _interval_violations
from ssm_contacts_sdk._schema.values import check_of

__all__ = [
    "as_instant",
    "as_instant_or_none",
    "as_time_of_day",
    "instant_violations",
    "interval_violations",
    "time_of_day_violations",
    "time_zone_violations",
]


def time_of_day_violations(path: str, value: object) -> Iterator[Violation]:
    return (each.under(path) for each in check_of(HandOffTime)(value))


def instant_violations(path: str, value: object) -> Iterator[Violation]:
    return (each.under(path) for each in check_of(Instant)(value))


def interval_violations(path: str, start: object, end: object) -> Iterator[Violation]:
    return iter(_interval_violations(start, end, path))


def time_zone_violations(path: str, value: object) -> Iterator[Violation]:
    return (each.under(path) for each in check_of(TimeZoneId)(value))
