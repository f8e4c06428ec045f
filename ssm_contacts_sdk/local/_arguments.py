"""Checks of the arguments of the public functions of `ssm_contacts_sdk.local`.

They do not use the package's own declarations of AWS's rules: the embedded service must not be
tested by the code that it tests.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

from ssm_contacts_sdk._errors import InvalidValueError, Violation


def wrong_type(path: str, expected: str, value: object) -> Violation:
    """Return the violation for a value of another type than `expected`.

    >>> str(wrong_type("seed", "an int", "7"))
    'seed must be an int (got str)'
    """
    return Violation(path, f"must be {expected} (got {type(value).__name__})", "wrong_type")


def check(subject: str, violations: Iterable[Violation]) -> None:
    """Raise an InvalidValueError if there are violations.

    Args:
        subject: the class or method whose arguments were checked.
        violations: the violations that were found.

    Raises:
        InvalidValueError: there is at least one violation.
    """
    found = tuple(violations)
    if found:
        raise InvalidValueError(subject, found)


def type_violations(
    path: str, value: object, kind: type, *, optional: bool = False
) -> Iterator[Violation]:
    """Yield the violation of a value that is not of the type `kind`.

    >>> [str(each) for each in type_violations("seed", None, int)]
    ['seed must be an int (got NoneType)']
    """
    # In Python, a bool is an int.
    is_right = isinstance(value, kind) and not (kind is int and isinstance(value, bool))
    if not is_right and not (optional and value is None):
        expected = _with_article(kind.__name__)
        yield wrong_type(path, f"{expected} or None" if optional else expected, value)


def int_violations(
    path: str, value: object, *, least: int, most: int | None = None, optional: bool = False
) -> Iterator[Violation]:
    """Yield the violation of a value that is not an int between `least` and `most`.

    >>> [str(each) for each in int_violations("page_size", 0, least=1, most=1_024)]
    ['page_size must be between 1 and 1024 (got 0)']
    """
    if value is None and optional:
        return
    or_none = " or None" if optional else ""
    if not isinstance(value, int) or isinstance(value, bool):
        yield wrong_type(path, f"an int{or_none}", value)
    elif value < least or (most is not None and value > most):
        limits = f"at least {least}" if most is None else f"between {least} and {most}"
        rule = f"must be {limits}{or_none} (got {value})"
        yield Violation(path, rule, "too_small" if value < least else "too_large")


def number_violations(path: str, value: object) -> Iterator[Violation]:
    """Yield the violation of a value that is not a finite number of at least 0.

    >>> [str(each) for each in number_violations("speed", -1)]
    ['speed must be at least 0 (got -1)']
    """
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        yield wrong_type(path, "a number", value)
    elif not value >= 0:
        yield Violation(path, f"must be at least 0 (got {value})", "too_small")
    elif math.isinf(value):
        yield Violation(path, f"must be finite (got {value})", "too_large")


def as_path(subject: str, path: object) -> Path:
    """Return `path` as a Path.

    Raises:
        InvalidValueError: `path` is neither a str nor os.PathLike.
    """
    if not isinstance(path, (str, os.PathLike)):
        check(subject, [wrong_type("path", "a str or os.PathLike", path)])
    return Path(cast("str | os.PathLike[str]", path))


def _with_article(name: str) -> str:
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"
