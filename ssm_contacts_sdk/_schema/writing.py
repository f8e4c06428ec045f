"""Writes values as boto3 accepts them, by functions that follow from the declarations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import time
from operator import attrgetter
from typing import Any, TypeAlias, get_args, get_origin

from cattrs import Converter
from cattrs.gen import (
    make_dict_unstructure_fn_from_attrs,  # pyright: ignore[reportUnknownVariableType]
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
    cached,
    declaring_class,
    fields_of,
    metadata_of,
    without_none,
)
from ssm_contacts_sdk._schema.times import HandOffTime
from ssm_contacts_sdk._schema.values import Value, writing_hook

Write: TypeAlias = Callable[[Any], Any]
"""Returns what boto3 accepts for a part of a value."""

# freezegun and similar libraries replace the class of this module.
_TIME = bare_type(HandOffTime)
# Nothing is registered on it: it is an argument of the function that generates functions.
_converter = Converter()


def writer(annotation: Any) -> Write | None:
    """Return the function that writes what `annotation` declares; None if it is sent unchanged."""
    annotation = without_none(annotation)
    for each in metadata_of(annotation):
        if isinstance(each, OneOf):
            return _one_of(each)
    bare = bare_type(annotation)
    if get_origin(bare) is tuple:
        item = get_args(bare)[0]
        keys = [each.field for each in metadata_of(annotation) if isinstance(each, KeyedBy)]
        return _map(item, keys[0]) if keys else _items(item)
    if issubclass(bare, OpenEnum):
        return attrgetter("value")
    if issubclass(bare, Value):
        return kind_writer(bare)
    return _write_time if bare is _TIME else None


@cached
def kind_writer(kind: type[Any]) -> Write:
    """Return the function that writes the fields of a `kind`.

    It leaves out what means the same as its absence, and nothing else. For example, the service
    requires an empty list of stages.
    """
    fields = fields_of(kind)
    overrides: dict[str, Any] = {
        field.name: override(
            rename=aws_path(field)[0], omit_if_default=True, unstruct_hook=_hook(field)
        )
        for field in fields
    }
    write = make_dict_unstructure_fn_from_attrs(
        [_as_sent(field) for field in fields],
        kind,
        _converter,
        _cattrs_use_linecache=False,
        **overrides,
    )
    hook = writing_hook(kind)
    return write if hook is None else lambda value: hook(value, write(value))


def _as_sent(field: Field) -> Field:
    # cattrs writes a str unchanged, and without a call.
    return field.evolve(type=str, default=absent_value(field), converter=None, init=True)


def _hook(field: Field) -> Write | None:
    write = writer(field.type)
    _, *member = aws_path(field)
    return _only_member(member[0], write) if member else write


def _only_member(name: str, write: Write | None) -> Write:
    """Write a structure with one member."""
    return lambda value: {name: value if write is None else write(value)}


def _items(item: Any) -> Write:
    write = writer(item)
    return list if write is None else lambda values: [write(value) for value in values]


def _map(item: type[Any], key_field: str) -> Write:
    types = {field.name: field.type for field in fields_of(item)}
    write_key = writer(types.pop(key_field))
    ((value_field, value_type),) = types.items()
    write_value = writer(value_type)

    def write(values: tuple[Any, ...]) -> Mapping[Any, Any]:
        return {
            _written(write_key, getattr(each, key_field)): _written(
                write_value, getattr(each, value_field)
            )
            for each in values
        }

    return write


def _written(write: Write | None, value: Any) -> Any:
    return value if write is None else write(value)


def _one_of(union: OneOf) -> Write:
    writers = {kind: (name, kind_writer(kind)) for name, kind in union.members.items()}

    def write(value: object) -> dict[str, Any]:
        name, write_value = writers[declaring_class(type(value))]
        return {name: write_value(value)}

    return write


def _write_time(at: time) -> dict[str, int]:
    return {"HourOfDay": at.hour, "MinuteOfHour": at.minute}
