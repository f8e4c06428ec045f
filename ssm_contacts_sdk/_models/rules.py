"""The old names of `_schema`, until their users use the new ones."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Annotated, Any, TypeVar, Union, cast

import attrs
from attrs import frozen

from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._schema import violations as _violations
from ssm_contacts_sdk._schema.constraints import Between, Count, compiled
from ssm_contacts_sdk._schema.converters import as_choice, as_tuple
from ssm_contacts_sdk._schema.enums import OpenEnum
from ssm_contacts_sdk._schema.values import Value as Checked
from ssm_contacts_sdk._schema.values import check_of, trusted_constructor
from ssm_contacts_sdk._schema.violations import raise_violations as check

__all__ = [
    "Checked",
    "OldRule",
    "OpenEnum",
    "TextRule",
    "as_choice",
    "as_tuple",
    "check",
    "choice_violations",
    "fits_a_token",
    "letters_spaces_digits_and",
    "list_violations",
    "matching",
    "part_violations",
    "parts_violations",
    "unchecked",
    "whole_number_violations",
    "wrong_type",
]

_Value = TypeVar("_Value", bound=Checked)


def unchecked(kind: type[_Value], *parts: object) -> _Value:
    names = [field.name for field in attrs.fields(cast("Any", kind))]
    return trusted_constructor(kind)(**dict(zip(names, parts, strict=True)))


@frozen
class TextRule:
    least: int
    most: int
    allowed: str
    allows: Callable[[str], object]

    def violations(self, path: str, value: object) -> Iterator[Violation]:
        if not isinstance(value, str):
            yield wrong_type(path, "a str", value)
            return
        length = len(value)
        if not self.least <= length <= self.most:
            rule = f"must have {self.least} to {self.most} characters (got {length})"
            yield Violation(path, rule, "too_short" if length < self.least else "too_long")
        if not self.allows(value[: self.most + 1]):
            yield Violation(path, f"may contain only {self.allowed}", "wrong_characters")


class OldRule:
    def __init__(self, annotation: Any) -> None:
        self._annotation = annotation

    def violations(self, path: str, value: object) -> Iterator[Violation]:
        return _under(path, self._annotation, value)


def matching(pattern: str) -> Callable[[str], object]:
    return compiled(pattern).fullmatch


fits_a_token = matching(r"[\\/a-zA-Z0-9_+=\-]*")


def letters_spaces_digits_and(others: str) -> Callable[[str], object]:
    escaped = others.replace("-", r"\-")
    return matching(rf"[\p{{L}}\p{{Z}}\p{{N}}{escaped}]*")


def _under(path: str, annotation: Any, value: object) -> Iterator[Violation]:
    return (each.under(path) for each in check_of(annotation)(value))


def whole_number_violations(
    path: str, value: object, least: int, most: int | None
) -> Iterator[Violation]:
    return _under(path, _int_between(least, most), value)


@cache
def _int_between(least: int, most: int | None) -> Any:
    return Annotated[int, Between(least, most)]


def choice_violations(path: str, value: object, choices: type[OpenEnum]) -> Iterator[Violation]:
    return _under(path, choices, value)


def part_violations(
    path: str, value: object, kinds: tuple[type[Checked], ...]
) -> Iterator[Violation]:
    return _under(path, Union[kinds], value)


def list_violations(
    path: str,
    values: object,
    wanted: str,
    item_violations: Callable[[str, object], Iterator[Violation]],
    *,
    least: int = 0,
    most: int | None = None,
) -> Iterator[Violation]:
    if not isinstance(values, tuple):
        yield wrong_type(path, f"a list of {wanted}", values)
        return
    for each in Count(least, most, wanted).check(cast("tuple[object, ...]", values)):
        yield each.under(path)
    for index, item in enumerate(cast("tuple[object, ...]", values)):
        yield from item_violations(f"{path}[{index}]", item)


def parts_violations(path: str, values: object, kind: type[Checked]) -> Iterator[Violation]:
    return _under(path, tuple[kind, ...], values)  # type: ignore[valid-type]


def wrong_type(path: str, wanted: str, value: object) -> Violation:
    return _violations.wrong_type(wanted, value, path)[0]
