"""Durations: a timedelta, or a number of seconds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from math import isfinite
from typing import TypeAlias, cast

from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._schema.violations import violation, wrong_type

Duration: TypeAlias = timedelta | float
"""How long something takes: a timedelta, or a number of seconds."""

NO_TIME = timedelta(0)

_UNITS = (
    (timedelta(days=1), "day"),
    (timedelta(hours=1), "hour"),
    (timedelta(minutes=1), "minute"),
)


def as_timedelta(duration: Duration) -> timedelta:
    """Return a duration as a timedelta, and anything else unchanged.

    >>> as_timedelta(90), as_timedelta(timedelta(hours=1))
    (datetime.timedelta(seconds=90), datetime.timedelta(seconds=3600))
    """
    if isinstance(duration, timedelta) or any(duration_violations(duration, least=timedelta.min)):
        return cast("timedelta", duration)
    return timedelta(seconds=duration)


def as_seconds(duration: Duration) -> float:
    """Return a duration as a number of seconds, and anything else unchanged.

    >>> as_seconds(90), as_seconds(timedelta(hours=1))
    (90, 3600.0)
    """
    return duration.total_seconds() if isinstance(duration, timedelta) else duration


def duration_violations(
    value: object,
    path: str = "",
    *,
    least: timedelta = NO_TIME,
    most: timedelta = timedelta.max,
    is_positive: bool = False,
) -> Sequence[Violation]:
    """Return what is wrong with `value` as a duration.

    Args:
        value: what should be a duration.
        path: where the value is.
        least: the shortest duration.
        most: the longest duration.
        is_positive: whether the duration must be longer than `least`.

    >>> [each.rule for each in duration_violations(-1)]
    ['must be at least 0 seconds (got -1)']
    >>> hour = timedelta(hours=1)
    >>> [each.rule for each in duration_violations(2 * hour, least=timedelta(seconds=1), most=hour)]
    ['must be between 1 second and 1 hour (got 7200)']
    """
    if isinstance(value, bool) or not isinstance(value, (timedelta, int, float)):
        return wrong_type("a timedelta or a number of seconds", value, path)
    if isinstance(value, float) and not isfinite(value):
        return violation("wrong_format", "must be a finite number of seconds", path)
    try:
        duration = value if isinstance(value, timedelta) else timedelta(seconds=value)
        is_short = duration < least or (is_positive and duration == least)
        is_valid = not is_short and duration <= most
    except OverflowError:
        is_short, is_valid = as_seconds(value) < 0, False
    if is_valid:
        return ()
    if is_short or most < timedelta.max:
        limits = _limits(least, most, is_positive=is_positive)
    else:
        limits = f"at most {most.days} days"
    rule = f"must be {limits}{_shown(value)}"
    return violation("too_small" if is_short else "too_large", rule, path)


def _shown(value: Duration) -> str:
    try:
        return f" (got {as_seconds(value):g})"
    except OverflowError:
        # Python cannot write an int of any length as a float.
        return ""


def _limits(least: timedelta, most: timedelta, *, is_positive: bool) -> str:
    if is_positive:
        longer = f"longer than {_in_words(least)}"
        return longer if most == timedelta.max else f"{longer} and at most {_in_words(most)}"
    if most == timedelta.max:
        return f"at least {_in_words(least)}"
    return f"between {_in_words(least)} and {_in_words(most)}"


def _in_words(duration: timedelta) -> str:
    for unit, name in _UNITS:
        count, rest = divmod(duration, unit)
        if count and not rest:
            return _counted(count, name)
    return _counted(duration.total_seconds(), "second")


def _counted(count: float, unit: str) -> str:
    return f"{count:g} {unit}{'' if count == 1 else 's'}"
