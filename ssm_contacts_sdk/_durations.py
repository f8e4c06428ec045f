"""Lengths of time in arguments: what is accepted, how it is checked and converted."""

from datetime import timedelta
from typing import Union

from ssm_contacts_sdk._errors import Violation, ViolationCode

Duration = Union[timedelta, float]
"""A length of time: a `timedelta`, or a number of seconds."""

LONGEST_DURATION = timedelta(seconds=10**9)
"""The longest duration where no other limit is documented: some 30 years."""

# A longer number may be a code or a phone number.
_LARGEST_SHOWN = 9_999
_ZERO = timedelta(0)
_UNITS = (
    (timedelta(days=1), "day"),
    (timedelta(hours=1), "hour"),
    (timedelta(minutes=1), "minute"),
    (timedelta(seconds=1), "second"),
)


def as_seconds(value: Duration) -> float:
    """Return a duration as a number of seconds.

    >>> as_seconds(timedelta(minutes=1)), as_seconds(2.5)
    (60.0, 2.5)
    """
    return value.total_seconds() if isinstance(value, timedelta) else value


def as_timedelta(value: Duration) -> timedelta:
    """Return a duration as a `timedelta`, rounded to microseconds.

    >>> as_timedelta(90), as_timedelta(timedelta(days=1))
    (datetime.timedelta(seconds=90), datetime.timedelta(days=1))
    """
    try:
        return value if isinstance(value, timedelta) else timedelta(seconds=value)
    except OverflowError:
        # As a number of seconds, `timedelta.max` is rounded up.
        return timedelta.max


def duration_violations(
    path: str,
    value: object,
    *,
    least: timedelta = _ZERO,
    most: timedelta = LONGEST_DURATION,
    is_exclusive: bool = False,
) -> tuple[Violation, ...]:
    """Return the violations of `value`: it must be a duration from `least` to `most`.

    >>> duration_violations("timeout", "5")[0].rule
    'must be a timedelta or a number of seconds (got str)'
    >>> limits = {"least": timedelta(seconds=1), "most": timedelta(hours=1)}
    >>> duration_violations("interval", 0.5, **limits)[0].rule
    'must be between 1 second and 1 hour (got 0.5 seconds)'

    Args:
        path: the argument.
        value: what was passed as the argument.
        least: the shortest duration.
        most: the longest duration.
        is_exclusive: whether the duration must be longer than `least`.
    """
    if not isinstance(value, (timedelta, int, float)) or isinstance(value, bool):
        rule = f"must be a timedelta or a number of seconds (got {type(value).__name__})"
        return (Violation(path, rule, "wrong_type"),)
    seconds, shortest, longest = as_seconds(value), least.total_seconds(), most.total_seconds()
    # A comparison with NaN is False, so NaN is rejected too.
    if (shortest < seconds if is_exclusive else shortest <= seconds) and seconds <= longest:
        return ()
    code: ViolationCode = "too_large" if seconds > longest else "too_small"
    rule = _rule(code, least, most, is_exclusive=is_exclusive)
    return (Violation(path, f"must be {rule}{_shown(value)}", code),)


def _rule(code: ViolationCode, least: timedelta, most: timedelta, *, is_exclusive: bool) -> str:
    lower = f"{'more than' if is_exclusive else 'at least'} {_in_words(least)}"
    if most >= LONGEST_DURATION:
        return f"at most {_in_words(most)}" if code == "too_large" else lower
    if is_exclusive:
        return f"{lower} and at most {_in_words(most)}"
    return f"between {_in_words(least)} and {_in_words(most)}"


def _shown(value: Duration) -> str:
    if isinstance(value, timedelta):
        return f" (got {_in_words(value)})"
    return f" (got {_count(value, 'second')})" if not abs(value) > _LARGEST_SHOWN else ""


def _in_words(duration: timedelta) -> str:
    """Return a duration in the largest unit of which it is a multiple."""
    for unit, name in _UNITS:
        if duration and not duration % unit:
            return _count(duration // unit, name)
    return _count(duration.total_seconds(), "second")


def _count(number: float, unit: str) -> str:
    return f"{number:,.10g} {unit}{'' if number == 1 else 's'}"
