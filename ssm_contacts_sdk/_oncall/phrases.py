"""Phrases of which the texts of findings, timelines and calendars consist."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from ssm_contacts_sdk._dates import Interval
from ssm_contacts_sdk._errors import ContactsError

_MOST_NAMES = 5
_HOUR = timedelta(hours=1)


def listed(
    words: Iterable[str], conjunction: str = "and", *, most: int | None = _MOST_NAMES
) -> str:
    """Return words as a list in a sentence; of more than `most` words, only the first ones.

    >>> listed(["a"]), listed("abc"), listed("abcdefgh", "or")
    ('a', 'a, b and c', 'a, b, c, d, e or 3 more')
    """
    items = list(words)
    if most is not None and len(items) > most:
        items[most:] = [f"{len(items) - most} more"]
    return f" {conjunction} ".join([", ".join(items[:-1]), items[-1]] if items[1:] else items)


def quoted(name: str) -> str:
    """Return a name in quotation marks, for names that may consist of any words."""
    return f'"{name}"'


def without_line_breaks(name: str) -> str:
    """Return a name with spaces in place of line breaks, which AWS allows in some names."""
    return " ".join(name.split())


def capitalized(sentence: str) -> str:
    """Return a sentence that begins with a capital letter.

    >>> capitalized("the plan of Akua Mansa")
    'The plan of Akua Mansa'
    """
    return f"{sentence[:1].upper()}{sentence[1:]}"


def stages(indices: Iterable[int]) -> str:
    """Return stages by their numbers, which begin at 1 for people.

    >>> stages([0]), stages([1, 3])
    ('stage 1', 'stages 2 and 4')
    """
    numbers = [str(index + 1) for index in dict.fromkeys(indices)]
    return f"stage{'s' if numbers[1:] else ''} {listed(numbers)}"


def minutes(count: int) -> str:
    """Return a number of minutes."""
    return f"{count} minute{'' if count == 1 else 's'}"


def instant(at: datetime) -> str:
    """Return an instant in UTC, to the second."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def from_until(interval: Interval) -> str:
    """Return the start and the end of an interval."""
    start, end = interval
    return f"from {instant(start)} until {instant(end)}"


def in_intervals(intervals: Sequence[Interval], name: str) -> str:
    """Return the only interval, or how many there are, their total length and the first of them."""
    if not intervals[1:]:
        return from_until(intervals[0])
    hours = sum((end - start for start, end in intervals), timedelta()) / _HOUR
    count = f"{len(intervals):,} {name} of {round(hours, 2):,.10g} hours in all"
    return f"in {count}, the first of them {from_until(intervals[0])}"


def not_read(error: ContactsError) -> str:
    """Return that something could not be read, with the code of the service's error.

    The message of the error is left out: it may contain the caller's role.

    >>> not_read(ContactsError("no"))
    'could not be read (ContactsError)'
    """
    code: object = getattr(error, "code", None)
    return f"could not be read ({code if isinstance(code, str) else type(error).__name__})"
