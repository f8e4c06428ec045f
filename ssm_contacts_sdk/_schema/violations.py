"""Violations: how a check returns them, and how they are raised."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from typing import Any, TypeAlias

from ssm_contacts_sdk._errors import InvalidValueError, Violation, ViolationCode

Check: TypeAlias = Callable[[Any], Sequence[Violation]]
"""A function that returns the violations of a value; an empty sequence for a valid value.

The paths begin at the value: the path of the value itself is empty.
"""

# A longer number may be a code or a phone number, and Python cannot print the longest.
_LARGEST_SHOWN = 9_999


def violation(code: ViolationCode, rule: str, path: str = "") -> tuple[Violation, ...]:
    """Return one violation, in the form in which a check returns it.

    >>> violation("too_small", "must be at least 1")
    (Violation(path='', rule='must be at least 1', code='too_small'),)
    """
    return (Violation(path, rule, code),)


def wrong_type(
    expected: str, value: object, path: str = "", hint: str = ""
) -> tuple[Violation, ...]:
    """Return the violation of a value of another type than `expected`.

    >>> wrong_type("a str", 5)[0].rule
    'must be a str (got int)'
    """
    return violation("wrong_type", f"must be {expected} (got {type(value).__name__}){hint}", path)


def under(path: str, violations: Iterable[Violation]) -> Sequence[Violation]:
    """Return the violations with `path` in front of their own paths.

    >>> [each.path for each in under("plan", violation("missing", "is missing", "stages[0]"))]
    ['plan.stages[0]']
    """
    return [each.under(path) for each in violations]


def shown(number: int) -> str:
    """Return the end of a message that shows `number`; an empty str if it may be private.

    >>> shown(75), shown(15005550199)
    (' (got 75)', '')
    """
    return f" (got {number})" if abs(number) <= _LARGEST_SHOWN else ""


def with_article(name: str) -> str:
    """Return `name` with its indefinite article.

    >>> with_article("int"), with_article("str")
    ('an int', 'a str')
    """
    return f"{'an' if name[0] in 'AEIOUaeiou' else 'a'} {name}"


def raise_violations(subject: str, *groups: Iterable[Violation]) -> None:
    """Raise one `InvalidValueError` with all the violations, if there are any."""
    if found := tuple(chain(*groups)):
        raise InvalidValueError(subject, found)
