"""Reads values from what boto3 returns, by functions that follow from the declarations.

For each class of values cattrs generates a function that reads the fields and calls the trusted
constructor. It does not report which member of a response cannot be read. So such a response is
read again by slower functions, which report the path of the first member that is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time, timedelta
from itertools import repeat
from typing import Any, TypeAlias, cast, get_args, get_origin

import attrs
from cattrs import BaseConverter
from cattrs.gen import (
    make_dict_structure_fn_from_attrs,  # pyright: ignore[reportUnknownVariableType]
    override,
)

from ssm_contacts_sdk._schema.converters import OpenEnum
from ssm_contacts_sdk._schema.fields import (
    Field,
    KeyedBy,
    OneOf,
    absent_value,
    aws_path,
    bare_type,
    fields_of,
    metadata_of,
    without_none,
)
from ssm_contacts_sdk._schema.times import HandOffTime, Instant, as_instant
from ssm_contacts_sdk._schema.values import (
    Value,
    constructor_from_parts,
    reading_hook,
    trusted_constructor,
)
from ssm_contacts_sdk._schema.violations import with_article

Read: TypeAlias = Callable[[Any, Any], Any]
"""Returns what was read from a part of a response. The second argument is for cattrs: a type."""


class UnreadableError(Exception):
    """A part of a response cannot be read. It has the path of the part, and the problem."""

    def __init__(self, problem: str, path: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.path = path

    def under(self, part: str) -> UnreadableError:
        """Return the same error of a structure or list that has `part`."""
        separator = "." if self.path and not self.path.startswith("[") else ""
        return UnreadableError(self.problem, f"{part}{separator}{self.path}")


# What the quick functions raise for a response that they cannot read.
UNREADABLE = (UnreadableError, KeyError, TypeError)

# Nothing is registered on it: it is an argument of the functions that generate functions. A
# `Converter` would be created in ten times the time.
CONVERTER = BaseConverter(detailed_validation=False)


class Readers:
    """The functions that read what annotations declare.

    Args:
        explains: whether an `UnreadableError` has the full path. Such functions are slower.
    """

    def __init__(self, *, explains: bool) -> None:
        self._explains = explains
        self._of_kinds: dict[type, Read] = {}

    def of(self, annotation: Any) -> Read:
        """Return the function that reads what `annotation` declares, other than None."""
        annotation = without_none(annotation)
        for each in metadata_of(annotation):
            if isinstance(each, OneOf):
                return self._one_of(each)
        bare = bare_type(annotation)
        if get_origin(bare) is tuple:
            item = get_args(bare)[0]
            keys = [each.field for each in metadata_of(annotation) if isinstance(each, KeyedBy)]
            return self._map(item, keys[0]) if keys else self._items(self.of(item))
        return self.of_kind(bare) if issubclass(bare, Value) else _plain(bare)

    def of_kind(self, kind: type[Any]) -> Read:
        """Return the function that reads a `kind`."""
        if kind not in self._of_kinds:
            make = self._explaining if self._explains else self._generated
            self._of_kinds[kind] = make(kind)
        return self._of_kinds[kind]

    def _generated(self, kind: type[Any]) -> Read:
        fields = fields_of(kind)
        # The constructor checks the types of these parts: cattrs would call a function for each.
        exact = {field.name: bare for field in fields if (bare := _exact_type(field))}
        overrides: dict[str, Any] = {
            field.name: override(
                rename=aws_path(field)[0],
                struct_hook=None if field.name in exact else self._hook(field),
            )
            for field in fields
        }
        generated = make_dict_structure_fn_from_attrs(
            [_as_sent(field) for field in fields],
            cast("type[Any]", constructor_from_parts(kind, exact, reading_hook(kind))),
            CONVERTER,
            _cattrs_use_linecache=False,
            _cattrs_prefer_attrib_converters=True,
            **overrides,
        )
        if any(absent_value(field) is attrs.NOTHING for field in fields):
            return generated

        # Without a required member, the generated function would accept a str.
        def read(given: Any, _: object) -> Any:
            return generated(given if given.__class__ is dict else _structure(given), _)

        return read

    def _hook(self, field: Field) -> Read:
        read, absent = self._member(field), absent_value(field)
        if absent is attrs.NOTHING:
            return read

        def read_or_absent(given: Any, _: object) -> Any:
            return absent if given is None else read(given, _)

        return read_or_absent

    def _member(self, field: Field) -> Read:
        read = self.of(field.type)
        _, *member = aws_path(field)
        return _only_member(member[0], read) if member else read

    def _explaining(self, kind: type[Any]) -> Read:
        construct = constructor_from_parts(kind, {}, reading_hook(kind))
        members = [
            (field.name, aws_path(field)[0], self._member(field), absent_value(field))
            for field in fields_of(kind)
        ]

        def read(given: Any, _: object) -> Any:
            response = _structure(given)
            parts: dict[str, object] = {}
            for field, name, read_member, absent in members:
                if response.get(name) is not None:
                    parts[field] = _at(name, read_member, response[name])
                elif absent is attrs.NOTHING:
                    raise UnreadableError("is missing", name)
            return construct(**parts)

        return read

    def _items(self, read_item: Read) -> Read:
        def read(given: Any, _: object) -> Any:
            items = given if given.__class__ is list else _list(given)
            return tuple(map(read_item, items, repeat(None)))

        def read_each(given: Any, _: object) -> Any:
            items = enumerate(_list(given))
            return tuple([_at(f"[{index}]", read_item, item) for index, item in items])

        return read_each if self._explains else read

    def _map(self, item: type[Any], key_field: str) -> Read:
        """Read a map as a tuple of items with two fields: the key, and the rest of the item."""
        construct = trusted_constructor(item)
        types = {field.name: field.type for field in fields_of(item)}
        read_key = self.of(types.pop(key_field))
        ((value_field, value_type),) = types.items()
        read_value = self.of(value_type)

        def read(given: Any, _: object) -> Any:
            return tuple(
                construct(
                    **{
                        key_field: _at(f"[{key}]", read_key, key),
                        value_field: _at(f"[{key}]", read_value, value),
                    }
                )
                for key, value in _structure(given).items()
            )

        return read

    def _one_of(self, union: OneOf) -> Read:
        readers = {name: self.of(kind) for name, kind in union.members.items()}

        def read(given: Any, _: object) -> Any:
            response = _structure(given)
            found = [name for name in readers if response.get(name) is not None]
            if len(found) != 1:
                got = "both" if found else "neither"
                raise UnreadableError(f"must have one of {' and '.join(readers)} (got {got})")
            return _at(found[0], readers[found[0]], response[found[0]])

        def read_only_member(given: Any, _: object) -> Any:
            # What the service sends has no other member.
            if given.__class__ is dict and len(given) == 1:
                ((name, part),) = given.items()
                if part is not None and name in readers:
                    return readers[name](part, None)
            return read(given, _)

        return read if self._explains else read_only_member


def _as_sent(field: Field) -> Field:
    """Return the field as the generated function needs it: keyword-only, and of any type.

    Because of the converter, cattrs passes a part without a hook to the constructor unchanged.
    """
    return field.evolve(
        type=object, default=absent_value(field), converter=_unchanged, kw_only=True, init=True
    )


def _unchanged(part: Any) -> Any:
    return part


def _exact_type(field: Field) -> type | None:
    """Return the type of a field if its part of a response is the value itself, or None."""
    bare = bare_type(without_none(field.type))
    is_itself = bare in _EXACT and len(aws_path(field)) == 1
    return bare if is_itself and absent_value(field) in {attrs.NOTHING, None} else None


_EXACT = frozenset({bool, float, int, str})


def _at(part: str, read: Read, given: Any) -> Any:
    try:
        return read(given, None)
    except UnreadableError as error:
        raise error.under(part) from None


def _structure(given: Any) -> Mapping[str, Any]:
    if not isinstance(given, Mapping):
        raise _wrong_type("a structure", given)
    return cast("Mapping[str, Any]", given)


def _list(given: Any) -> Sequence[Any]:
    if not isinstance(given, list):
        raise _wrong_type("a list", given)
    return cast("Sequence[Any]", given)


def _wrong_type(expected: str, given: object) -> UnreadableError:
    return UnreadableError(f"must be {expected} (got {type(given).__name__})")


def _plain(kind: type[Any]) -> Read:
    return _word(kind) if issubclass(kind, OpenEnum) else _TIMES.get(kind) or _exactly(kind)


def _exactly(kind: type) -> Read:
    expected = with_article(kind.__name__)

    def read(given: Any, _: object) -> Any:
        # Not `isinstance`: a bool is an int in Python.
        if type(given) is not kind:
            raise _wrong_type(expected, given)
        return given

    return read


_read_int = _exactly(int)


def _word(kind: type[OpenEnum]) -> Read:
    # A lookup in a dict is five times as fast as `kind(given)`.
    words = {word.value: word for word in kind}

    def read(given: Any, _: object) -> Any:
        if type(given) is not str:
            raise _wrong_type("a str", given)
        # A word that AWS added later is a value too.
        return words.get(given) or kind(given)

    return read


def _only_member(name: str, read: Read) -> Read:
    """Read a structure with one member as that member."""

    def read_member(given: Any, _: object) -> Any:
        member = _structure(given).get(name)
        if member is None:
            raise UnreadableError("is missing", name)
        return _at(name, read, member)

    return read_member


def _read_instant(given: Any, _: object) -> datetime:
    # botocore has parsed it. `as_instant` returns a value that is not an instant unchanged.
    instant = as_instant(given)
    if not isinstance(instant, datetime) or instant.utcoffset() != _UTC_OFFSET:
        raise _wrong_type("a datetime with a time zone", given)
    return instant


_UTC_OFFSET = timedelta(0)
_HIGHEST = {"HourOfDay": 23, "MinuteOfHour": 59}


def _read_time(given: Any, _: object) -> time:
    response = _structure(given)
    parts: list[Any] = []
    for name, most in _HIGHEST.items():
        number = response.get(name)
        if number is None:
            raise UnreadableError("is missing", name)
        if not 0 <= _at(name, _read_int, number) <= most:
            # Python has no such time.
            raise UnreadableError(f"must be between 0 and {most}", name)
        parts.append(number)
    return time(*parts)


# The keys are the classes of the fields: freezegun and similar libraries replace the classes of
# this module.
_TIMES: Mapping[type, Read] = {
    bare_type(Instant): _read_instant,
    bare_type(HandOffTime): _read_time,
}
