"""The words in which findings are told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from ssm_contacts_sdk._errors import ContactsError
from ssm_contacts_sdk._oncall.gaps import Interval

_MOST_NAMES = 5
_AN_HOUR = timedelta(hours=1)


def listed(words: Iterable[str], conjunction: str = "and") -> str:
    """Words in a row, the first of them if there are many.

    >>> listed(["a"]), listed("abc"), listed("abcdefgh", "or")
    ('a', 'a, b and c', 'a, b, c, d, e or 3 more')
    """
    told = list(words)
    if len(told) > _MOST_NAMES:
        told[_MOST_NAMES:] = [f"{len(told) - _MOST_NAMES} more"]
    return f" {conjunction} ".join([", ".join(told[:-1]), told[-1]] if told[1:] else told)


def quoted(name: str) -> str:
    """A name that could be any words."""
    return f'"{name}"'


def one_line(name: str) -> str:
    """A name without the line breaks that AWS allows in some."""
    return " ".join(name.split())


def stages(indices: Iterable[int]) -> str:
    """Stages by their numbers, which begin at 1 for people.

    >>> stages([0]), stages([1, 3])
    ('stage 1', 'stages 2 and 4')
    """
    numbers = [str(index + 1) for index in dict.fromkeys(indices)]
    return f"stage{'s' if numbers[1:] else ''} {listed(numbers)}"


def minutes(count: int) -> str:
    """A number of minutes."""
    return f"{count} minute{'' if count == 1 else 's'}"


def instant(at: datetime) -> str:
    """An instant in UTC, to the second."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def span(interval: Interval) -> str:
    """From when until when."""
    start, end = interval
    return f"from {instant(start)} until {instant(end)}"


def spans(intervals: Sequence[Interval], what: str) -> str:
    """An interval, or how many there are, how long they last, and the first of them."""
    if not intervals[1:]:
        return span(intervals[0])
    hours = sum((end - start for start, end in intervals), timedelta()) / _AN_HOUR
    count = f"{len(intervals):,} {what} of {round(hours, 2):,.10g} hours in all"
    return f"in {count}, the first of them {span(intervals[0])}"


def not_read(error: ContactsError) -> str:
    """That something could not be read, with the code of the service's error.

    The service's own words are left out: they may name the caller.

    >>> not_read(ContactsError("no"))
    'could not be read (ContactsError)'
    """
    code: object = getattr(error, "code", None)
    return f"could not be read ({code if isinstance(code, str) else type(error).__name__})"
