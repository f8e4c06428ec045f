"""Values to boto3's keyword arguments, and boto3's answers to values.

Writing leaves out what is None and nothing else: an empty list of stages is something that the
service wants to see. Reading is tolerant: no rule of this package refuses what the service sends,
and a word that AWS added later is kept. But what it must have sent must be there, and a target
must be one of the two known kinds, or the whole answer is refused: a half-read plan must never be
written back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from operator import attrgetter
from typing import Any, TypeVar, Union, cast, get_args, get_origin

import attrs
from attrs import Attribute, frozen
from cattrs import Converter
from cattrs.gen import make_dict_unstructure_fn, override

from ssm_contacts_sdk.errors import Fault, ResponseDecodeError
from ssm_contacts_sdk.model.channels import Channel, ChannelRecord, ChannelType
from ssm_contacts_sdk.model.contacts import Contact, ContactRecord, ContactSummary, ContactType
from ssm_contacts_sdk.model.plans import ChannelTarget, ContactTarget, Plan, Stage, Target
from ssm_contacts_sdk.model.rules import Checked, OpenEnum, check

Writable = Union[Contact, ContactSummary, Plan, Stage, ChannelTarget, ContactTarget, Channel]
"""What has a form on the wire. A record is a contact or a channel too."""

Readable = TypeVar("Readable", bound=Writable)


def to_kwargs(value: Writable) -> dict[str, object]:
    """What boto3 takes for `value`: plain dicts and lists, in AWS's spelling.

    Of a contact or a channel, what the create operation takes; of a record, with its ARNs, what
    the get operation gives.

    >>> from ssm_contacts_sdk import Plan
    >>> to_kwargs(Plan()), to_kwargs(Plan.on_call())
    ({'Stages': []}, {'RotationIds': []})

    Raises:
        InvalidValueError: `value` is nothing that the service knows.
    """
    check("to_kwargs", _kind_faults("value", type(value)))
    return written_as(type(value), value)


def from_response(kind: type[Readable], response: Mapping[str, object]) -> Readable:
    """Read `response`, such as boto3's answer to ``get_contact``, as a value.

    >>> from ssm_contacts_sdk import Plan
    >>> from_response(Plan, {"Stages": [{"DurationInMinutes": 5, "Targets": []}]})
    Plan(stages=(Stage(duration_in_minutes=5, targets=()),), rotation_ids=None)

    Raises:
        ResponseDecodeError: a member that the service always sends is missing or of another type,
            or a target is of no known kind. Its `path` says where.
        InvalidValueError: `kind` is no class of values that the service sends.
    """
    check("from_response", _kind_faults("kind", kind))
    try:
        value: Readable = _converter.structure(response, kind)
    except _UnreadableError as error:
        raise ResponseDecodeError(error.problem, path=error.path or None) from None
    return value


def items_of(
    kind: type[Readable], response: Mapping[str, object], name: str, *, always_there: bool = True
) -> tuple[Readable, ...]:
    """Read the list `name` of `response`, which AWS's model may let the service leave out.

    Raises:
        ResponseDecodeError: it is no list, or one of its items cannot be read.
    """
    given = response.get(name)
    if given is None and not always_there:
        return ()
    try:
        if given is None:
            raise _UnreadableError("it is missing")
        items = _read_list(_reader_of(kind), given)
    except _UnreadableError as error:
        raise ResponseDecodeError(error.problem, path=error.within(name).path) from None
    return cast("tuple[Readable, ...]", items)


def written_as(kind: type[Writable], value: Writable) -> dict[str, object]:
    """What boto3 takes for the part of `value` that is a `kind`: of a record, no ARNs."""
    written: dict[str, object] = _converter.unstructure(value, unstructure_as=kind)
    return written


def _kind_faults(path: str, kind: object) -> Iterator[Fault]:
    if not (isinstance(kind, type) and issubclass(kind, get_args(Writable))):
        known = ", ".join(each.__name__ for each in get_args(Writable))
        yield Fault(path, f"must be one of {known}, or a record of one")


class _UnreadableError(Exception):
    """Collects the path on its way up."""

    def __init__(self, problem: str, path: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.path = path

    def within(self, part: str) -> _UnreadableError:
        separator = "" if not self.path or self.path.startswith("[") else "."
        return _UnreadableError(self.problem, f"{part}{separator}{self.path}")


# AWS's names where they are not simply the field's in its spelling.
_NAMES: Mapping[tuple[type, str], str] = {
    (ContactRecord, "arn"): "ContactArn",
    (ContactSummary, "arn"): "ContactArn",
    (ChannelRecord, "arn"): "ContactChannelArn",
}
# What AWS's model lets the service leave out, besides the fields that may be None.
_WHEN_LEFT_OUT: Mapping[tuple[type, str], object] = {
    (ChannelRecord, "type"): ChannelType(""),
    (ContactTarget, "contact_id"): "",
    (Plan, "stages"): (),
}
_ABSENT = object()


def _name(kind: type, field: str) -> str:
    return _NAMES.get((kind, field), "".join(word.capitalize() for word in field.split("_")))


def _writer(kind: Any) -> Callable[[Any], dict[str, object]]:
    attrs.resolve_types(kind)
    overrides: dict[str, Any] = {
        field.name: override(
            rename=_name(kind, field.name),
            omit_if_default=field.default is None,
            unstruct_hook=_write_address if field.name == _ADDRESS else None,
        )
        for field in attrs.fields(kind)
    }
    write = make_dict_unstructure_fn(kind, _converter, **overrides)
    left_out = [
        (field, _name(kind, field), absent)
        for (owner, field), absent in _WHEN_LEFT_OUT.items()
        if owner is kind
    ]
    if not left_out:
        return write

    def write_what_is_there(value: object) -> dict[str, object]:
        written = write(value)
        for field, name, absent in left_out:
            if getattr(value, field) == absent:
                del written[name]
        return written

    return write_what_is_there


@frozen
class _Member:
    """How one field is read."""

    fill: Callable[[object, object], None]
    """Sets the slot, which a frozen value's own attribute does not let."""
    name: str
    read: Callable[[object], object]
    absent: object


def _reader(kind: Any) -> Callable[[object, object], Checked]:
    """Reads a `kind` by filling its slots, past the checks of its constructor.

    attrs.validators.disabled() would be no way: it switches the checks off in every thread.
    """
    attrs.resolve_types(kind)
    new = object.__new__
    members = [_member(kind, field) for field in attrs.fields(kind)]

    def read(given: object, _: object) -> Checked:
        answer = _structure(given)
        value: Checked = new(kind)
        for member in members:
            part = answer.get(member.name)
            if part is None:
                part = member.absent
                if part is _ABSENT:
                    raise _UnreadableError("it is missing", member.name)
            else:
                try:
                    part = member.read(part)
                except _UnreadableError as error:
                    raise error.within(member.name) from None
            member.fill(value, part)
        return value

    return read


def _member(kind: type, field: Attribute[Any]) -> _Member:
    return _Member(
        fill=getattr(kind, field.name).__set__,
        name=_name(kind, field.name),
        read=_read_address if field.name == _ADDRESS else _reader_of(field.type),
        absent=_WHEN_LEFT_OUT.get((kind, field.name), None if field.default is None else _ABSENT),
    )


def _reader_of(kind: Any) -> Callable[[object], object]:
    """Reads what a field of this type holds."""
    if kind in _PLAIN_READERS:
        return _PLAIN_READERS[kind]
    choices = [each for each in get_args(kind) if each not in (type(None), Ellipsis)]
    if get_origin(kind) is tuple:
        return partial(_read_list, _reader_of(choices[0]))
    if len(choices) == 1:
        return _reader_of(choices[0])
    if _is_a(OpenEnum)(kind):
        # A word that nobody knows yet is a value too; what is no word is not.
        return lambda given: kind(_read_text(given))
    hook = _converter.get_structure_hook(kind)
    return lambda given: hook(given, kind)


def _structure(given: object) -> Mapping[str, object]:
    if not isinstance(given, Mapping):
        raise _UnreadableError(f"it is no structure but a {type(given).__name__}")
    return cast("Mapping[str, object]", given)


def _read_list(read: Callable[[object], object], given: object) -> tuple[object, ...]:
    if not isinstance(given, list):
        raise _UnreadableError(f"it is no list but a {type(given).__name__}")
    items: list[object] = []
    for index, item in enumerate(cast("list[object]", given)):
        try:
            items.append(read(item))
        except _UnreadableError as error:
            raise error.within(f"[{index}]") from None
    return tuple(items)


def _read_plain(kind: type, called: str) -> Callable[[object], object]:
    def read(given: object) -> object:
        # Exactly: Python's bool is an int too.
        if type(given) is not kind:
            raise _UnreadableError(f"it is no {called} but a {type(given).__name__}")
        return given

    return read


_read_text = _read_plain(str, "text")
_PLAIN_READERS: Mapping[Any, Callable[[object], object]] = {
    str: _read_text,
    int: _read_plain(int, "whole number"),
    bool: _read_plain(bool, "truth value"),
}


# An address stands in a structure of its own, which has no other member.
_ADDRESS = "delivery_address"


def _write_address(address: str) -> dict[str, object]:
    return {"SimpleAddress": address}


def _read_address(given: object) -> object:
    answer = _structure(given)
    address = answer.get("SimpleAddress")
    if address is None:
        raise _UnreadableError("it is missing", "SimpleAddress")
    return _read_text(address)


_ARMS: Mapping[str, type[Target]] = {
    "ChannelTargetInfo": ChannelTarget,
    "ContactTargetInfo": ContactTarget,
}


def _write_target(target: Target) -> dict[str, object]:
    arm = "ChannelTargetInfo" if isinstance(target, ChannelTarget) else "ContactTargetInfo"
    return {arm: _converter.unstructure(target)}


def _read_target(given: object, _: object) -> Target:
    answer = _structure(given)
    arms = [arm for arm in _ARMS if answer.get(arm) is not None]
    if len(arms) != 1:
        which = "both a channel and a contact" if arms else "neither a channel nor a contact"
        raise _UnreadableError(f"the target is {which}")
    (arm,) = arms
    try:
        target: Target = _converter.structure(answer[arm], _ARMS[arm])
    except _UnreadableError as error:
        raise error.within(arm) from None
    return target


def _write_plan(plan: Plan) -> dict[str, object]:
    written = _write_both_arms(plan)
    if plan.rotation_ids is None:
        return {"Stages": [], **written}
    # A schedule is refused for a list of stages, even an empty one.
    return written


def _read_plan(given: object, kind: object) -> Plan:
    plan = cast("Plan", _read_both_arms(given, kind))
    # The service may send the arm that the plan does not have as an empty list.
    return _with_rotations(plan, None) if plan.stages and plan.rotation_ids == () else plan


def _read_contact(
    read: Callable[[object, object], Checked], given: object, kind: object
) -> Contact:
    contact = cast("Contact", read(given, kind))
    plan = contact.plan
    if not plan.stages and not plan.rotation_ids:
        # Both arms are empty: which one the plan has follows from the contact's type.
        scheduled = contact.type == ContactType.ONCALL_SCHEDULE
        object.__setattr__(contact, "plan", _with_rotations(plan, () if scheduled else None))
    return contact


def _with_rotations(plan: Plan, rotation_ids: tuple[str, ...] | None) -> Plan:
    changed = object.__new__(Plan)
    object.__setattr__(changed, "stages", plan.stages)
    object.__setattr__(changed, "rotation_ids", rotation_ids)
    return changed


def _optional_word(kind: Any) -> bool:
    return any(map(_is_a(OpenEnum), get_args(kind)))


def _is_a(base: type) -> Callable[[Any], bool]:
    return lambda kind: isinstance(kind, type) and issubclass(kind, base)


_converter = Converter(unstruct_collection_overrides={tuple: list})
# By the base class: cattrs would take a word for the plain text that it is too.
_converter.register_unstructure_hook(OpenEnum, attrgetter("value"))
_converter.register_unstructure_hook_func(_optional_word, attrgetter("value"))
_converter.register_structure_hook(Target, _read_target)
_converter.register_unstructure_hook(Target, _write_target)
_converter.register_structure_hook_factory(_is_a(Checked), _reader)
_converter.register_unstructure_hook_factory(_is_a(Checked), _writer)
_read_both_arms, _write_both_arms = _reader(Plan), _writer(Plan)
_converter.register_structure_hook(Plan, _read_plan)
_converter.register_unstructure_hook(Plan, _write_plan)
for _kind in (Contact, ContactRecord):
    _converter.register_structure_hook(_kind, partial(_read_contact, _reader(_kind)))
