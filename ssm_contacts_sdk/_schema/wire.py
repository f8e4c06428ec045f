"""Converts values to boto3's keyword arguments, and boto3's responses to values.

Writing leaves out what means the same as its absence, and nothing else. Reading is tolerant: no
rule of this package rejects what the service sends, and a word that AWS added later is read too.
But a member that AWS's model requires must be present, and a target must be of one of the two known
kinds. Otherwise the whole response is rejected: a plan that was read in part must never be written
back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import time
from operator import attrgetter
from typing import Any, Protocol, TypeAlias, TypeVar, Union, cast, get_args, get_origin

from cattrs.gen import (
    make_dict_unstructure_fn_from_attrs,  # pyright: ignore[reportUnknownVariableType]
    override,
)

import ssm_contacts_sdk as sdk
from ssm_contacts_sdk._errors import ResponseDecodeError
from ssm_contacts_sdk._privacy import hides_arguments
from ssm_contacts_sdk._public import public
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
from ssm_contacts_sdk._schema.reading import CONVERTER, UNREADABLE, Read, Readers, UnreadableError
from ssm_contacts_sdk._schema.times import HandOffTime
from ssm_contacts_sdk._schema.values import Value, writing_hook
from ssm_contacts_sdk._schema.violations import raise_violations, violation

Write: TypeAlias = Callable[[Any], Any]
"""Returns what boto3 accepts for a part of a value."""

# freezegun and similar libraries replace the class of this module.
_TIME = bare_type(HandOffTime)


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
        # The same as `value`, which calls two functions.
        return attrgetter("_value_")
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
        CONVERTER,
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


Writable: TypeAlias = Union[
    "sdk.Channel",
    "sdk.ChannelTarget",
    "sdk.Contact",
    "sdk.ContactPolicy",
    "sdk.ContactSummary",
    "sdk.ContactTarget",
    "sdk.CoverageTime",
    "sdk.EngagementSummary",
    "sdk.MonthlySetting",
    "sdk.Override",
    "sdk.PageSummary",
    "sdk.Plan",
    "sdk.PreviewOverride",
    "sdk.Receipt",
    "sdk.Recurrence",
    "sdk.Resolution",
    "sdk.Rotation",
    "sdk.RotationSummary",
    "sdk.Shift",
    "sdk.Stage",
    "sdk.WeeklySetting",
]
"""The values that the service sends or accepts, and the classes that are derived from them."""

Readable = TypeVar("Readable", bound=Writable)
_T = TypeVar("_T", bound=Value)
_Item_co = TypeVar("_Item_co", covariant=True)

_quick = Readers(explains=False)
_explaining = Readers(explains=True)


class ReadItems(Protocol[_Item_co]):
    """Reads a list of a response. The members in `known` are added to each item."""

    def __call__(
        self, response: Mapping[str, Any], known: Mapping[str, Any] | None = None
    ) -> tuple[_Item_co, ...]: ...


@public
@hides_arguments
def to_kwargs(value: Writable) -> dict[str, object]:
    """Return what boto3 accepts for `value`: plain dicts and lists, with AWS's names.

    For a contact, a channel or a rotation, these are the arguments of the create operation. For a
    record, which has ARNs, they are what the get operation returns.

    >>> from ssm_contacts_sdk import Plan
    >>> to_kwargs(Plan()), to_kwargs(Plan.on_call())
    ({'Stages': []}, {'RotationIds': []})

    Args:
        value: a value of this package that the service sends or accepts, such as a `Contact`.

    Raises:
        InvalidValueError: `value` is none of the service's values.
    """
    _check_kind("to_kwargs", "value", type(value))
    return writer_of(type(value))(value)


@public
@hides_arguments
def from_response(kind: type[Readable], response: Mapping[str, object]) -> Readable:
    """Return `response`, such as what boto3 returns for ``get_contact``, as a value.

    >>> from ssm_contacts_sdk import Plan
    >>> from_response(Plan, {"Stages": [{"DurationInMinutes": 5, "Targets": []}]})
    Plan(stages=(Stage(duration_in_minutes=5, targets=()),), rotation_ids=None)

    Args:
        kind: the class of the value, such as `ContactRecord`.
        response: a dict with AWS's names. Unknown members are ignored.

    Raises:
        ResponseDecodeError: a member that AWS's model requires is missing, or one has another type,
            or a target is of no known kind. Its `path` is that of the member.
        InvalidValueError: `kind` is none of the classes of the service's values.
    """
    _check_kind("from_response", "kind", kind)
    return reader_of(kind)(response)


def _check_kind(subject: str, path: str, kind: object) -> None:
    if not (isinstance(kind, type) and issubclass(kind, Value) and hasattr(kind, "_aws_shape")):
        rule = "must be one of the service's values, such as Contact, Plan or ChannelRecord"
        raise_violations(subject, violation("wrong_type", rule, path))


@cached
def reader_of(kind: type[_T]) -> Callable[[Mapping[str, Any]], _T]:
    """Return the function that reads a `kind`. It raises `ResponseDecodeError`."""
    return _reporting(_quick.of_kind(kind), lambda: _explaining.of_kind(kind))


@cached
def items_reader_of(kind: type[_T], member: str, *, required: bool = True) -> ReadItems[_T]:
    """Return the function that reads the list `member` of a response.

    If it is not `required`, its absence means an empty list.
    """
    annotation = tuple[kind, ...]  # type: ignore[valid-type]
    read_list = _reporting(_quick.of(annotation), lambda: _explaining.of(annotation), member)

    def read(response: Mapping[str, Any], known: Mapping[str, Any] | None = None) -> tuple[_T, ...]:
        given = response.get(member)
        if given is None:
            if required:
                raise ResponseDecodeError("is missing", path=member)
            return ()
        if known and isinstance(given, list):
            given = [_with_known(item, known) for item in cast("list[object]", given)]
        return cast("tuple[_T, ...]", read_list(given))

    return read


def _with_known(item: object, known: Mapping[str, Any]) -> object:
    if not isinstance(item, Mapping):
        return item
    return {**known, **cast("Mapping[str, Any]", item)}


def _reporting(
    read: Read, explaining: Callable[[], Read], member: str = ""
) -> Callable[[Any], Any]:
    """Return `read`, whose errors have the path of the member that cannot be read."""

    def read_or_report(given: Any) -> Any:
        try:
            return read(given, None)
        except UNREADABLE:
            pass
        try:
            return explaining()(given, None)
        except UnreadableError as error:
            found = error.under(member) if member else error
            raise ResponseDecodeError(found.problem, path=found.path or None) from None

    return read_or_report


def writer_of(kind: type[_T]) -> Callable[[_T], dict[str, object]]:
    """Return the function that writes the fields of a `kind`, also those of a subclass of it."""
    return kind_writer(kind)
