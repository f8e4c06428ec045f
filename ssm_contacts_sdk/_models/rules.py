"""The rules that a value is held to, and the base class that holds it to them.

A rule yields a `Violation` for each thing that is wrong, and never the
value itself: it may be somebody's phone number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, TypeVar, cast
from unicodedata import category

import attrs
from attrs import evolve, frozen

from ssm_contacts_sdk._errors import InvalidValueError, Violation
from ssm_contacts_sdk._schema.enums import OpenEnum
from ssm_contacts_sdk._schema.values import Value, trusted_constructor, violations_of

_T = TypeVar("_T")

# A longer number may be somebody's code or telephone, and Python refuses to print the longest.
_LARGEST_SHOWN = 9_999


def check(subject: str, *violations: Iterable[Violation]) -> None:
    """Raise one `InvalidValueError` for all the violations, if there are any."""
    if found := tuple(chain(*violations)):
        raise InvalidValueError(subject, found)


class Checked(Value):
    """A value with its rules in `violations`, until its fields declare them."""

    __slots__ = ()

    def violations(self) -> Iterator[Violation]:
        """What is wrong with this value, by field."""
        raise NotImplementedError


_Value = TypeVar("_Value", bound=Value)


def unchecked(kind: type[_Value], *parts: object) -> _Value:
    """A value of these parts, past the checks and converters of its constructor."""
    names = [field.name for field in attrs.fields(cast("Any", kind))]
    return trusted_constructor(kind)(**dict(zip(names, parts, strict=True)))


_Choice = TypeVar("_Choice", bound=OpenEnum)


@frozen
class TextRule:
    """A text's length in characters, and the characters it may hold."""

    least: int
    most: int
    allowed: str
    """Completes "may hold only ..."."""
    allows: Callable[[str], object]

    def violations(self, path: str, value: object) -> Iterator[Violation]:
        """What is wrong with `value` as such a text."""
        if not isinstance(value, str):
            yield wrong_type(path, "a text", value)
            return
        if not self.least <= len(value) <= self.most:
            yield Violation(
                path, f"must have {self.least} to {self.most} characters, and has {len(value)}"
            )
        # No more than that much: a text of any length is refused at once.
        if not self.allows(value[: self.most + 1]):
            yield Violation(path, f"may hold only {self.allowed}")


def matching(pattern: str) -> Callable[[str], object]:
    """A test for whole texts, in ASCII as AWS's model means its patterns."""
    return re.compile(pattern, re.ASCII).fullmatch


# What AWS's model lets tokens and the keys of tags hold.
fits_a_token = matching(r"[\\/a-zA-Z0-9_+=\-]*")


def letters_spaces_digits_and(others: str) -> Callable[[str], bool]:
    r"""A test for the model's ``[\p{L}\p{Z}\p{N}...]*``: the letters of every script.

    >>> letters_spaces_digits_and("_.-")("Łucja Nowak-Ωmega 3"), letters_spaces_digits_and("")("\t")
    (True, False)
    """
    return lambda text: all(c in others or category(c)[0] in "LZN" for c in text)


def whole_number_violations(
    path: str, value: object, least: int, most: int | None
) -> Iterator[Violation]:
    """What is wrong with `value` as a whole number from `least` to `most`, if there is a most."""
    if not isinstance(value, int) or isinstance(value, bool):
        yield wrong_type(path, "a whole number", value)
    elif value < least or (most is not None and value > most):
        limits = f"at least {least}" if most is None else f"{least} to {most}"
        shown = f", and is {value}" if abs(value) <= _LARGEST_SHOWN else ""
        yield Violation(path, f"must be {limits}{shown}")


def choice_violations(path: str, value: object, choices: type[OpenEnum]) -> Iterator[Violation]:
    """What is wrong with `value` as one of the known members of an open enumeration."""
    if not isinstance(value, choices):
        yield wrong_type(path, _a(choices), value)
    elif not value.is_known:
        yield Violation(path, f"must be one of {', '.join(choices.__members__)}")


def part_violations(
    path: str, value: object, kinds: tuple[type[Value], ...]
) -> Iterator[Violation]:
    """What is wrong with `value` as a part of another value, its own violations included."""
    if not isinstance(value, kinds):
        wrong = wrong_type(path, " or ".join(map(_a, kinds)), value)
        # The likeliest slip: a builder is no plan yet.
        yield (
            evolve(wrong, rule=f"{wrong.rule}: call .build()") if hasattr(value, "build") else wrong
        )
        return
    for violation in violations_of(value):
        yield violation.under(path)


def _a(kind: type) -> str:
    return f"{'an' if kind.__name__[0] in 'AEIOU' else 'a'} {kind.__name__}"


def list_violations(
    path: str,
    values: object,
    wanted: str,
    item_violations: Callable[[str, object], Iterator[Violation]],
    *,
    least: int = 0,
    most: int | None = None,
) -> Iterator[Violation]:
    """What is wrong with `values` as a list of `least` to `most` of what is `wanted`."""
    if not isinstance(values, tuple):
        yield wrong_type(path, f"a list of {wanted}", values)
        return
    items = cast("tuple[object, ...]", values)
    if len(items) < least or (most is not None and len(items) > most):
        limits = f"at least {least}" if most is None else f"{least} to {most}"
        yield Violation(path, f"must have {limits} {wanted}, and has {len(items)}")
    for index, item in enumerate(items):
        yield from item_violations(f"{path}[{index}]", item)


def parts_violations(path: str, values: object, kind: type[Value]) -> Iterator[Violation]:
    """What is wrong with `values` as a list of such parts, their own violations included."""
    return list_violations(
        path,
        values,
        f"{kind.__name__}s",
        lambda place, value: part_violations(place, value, (kind,)),
    )


def wrong_type(path: str, wanted: str, value: object) -> Violation:
    """The violation of a value of another type, by the names of both."""
    return Violation(path, f"must be {wanted}, not {type(value).__name__}", "wrong_type")


def as_tuple(values: Iterable[_T]) -> tuple[_T, ...]:
    """A converter: any list becomes a tuple; what is no list is left for the check to name."""
    if isinstance(values, (list, tuple, Iterator)):
        return tuple(values)
    return cast("tuple[_T, ...]", values)


def as_choice(kind: type[_Choice], value: _Choice) -> _Choice:
    """For a converter: the plain text ``"SMS"`` is taken for `ChannelType.SMS`."""
    return kind(value) if type(value) is str else value
