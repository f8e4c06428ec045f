"""Plain dicts and lists to values, past the rules that hold for who builds one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time
from functools import partial
from typing import Any, Union, cast, get_args, get_origin

import attrs
from attrs import Attribute, frozen
from cattrs import Converter

from ssm_contacts_sdk._models.contacts import Contact, ContactRecord, ContactType
from ssm_contacts_sdk._models.plans import ChannelTarget, ContactTarget, Plan, Target
from ssm_contacts_sdk._models.recurrence import (
    CoverageTime,
    DayOfWeek,
    Recurrence,
    ShiftCoverage,
    in_week_order,
)
from ssm_contacts_sdk._models.rules import Checked, unchecked
from ssm_contacts_sdk._models.times import as_instant, instant_violations
from ssm_contacts_sdk._schema.enums import OpenEnum
from ssm_contacts_sdk._wire.names import WHEN_LEFT_OUT, aws_name, resolve_types

Read = Callable[[object], object]


class UnreadableError(Exception):
    """What cannot be read. It collects the path on its way up."""

    def __init__(self, problem: str, path: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.path = path

    def within(self, part: str) -> UnreadableError:
        """The same, seen from one level further out."""
        separator = "" if not self.path or self.path.startswith("[") else "."
        return UnreadableError(self.problem, f"{part}{separator}{self.path}")


def register_readers(converter: Converter) -> None:
    """Teach the converter to read every value of the model."""
    converter.register_structure_hook(Target, partial(_read_target, converter))
    converter.register_structure_hook_factory(_is_value, partial(_reader, converter))
    read_both_arms = _reader(converter, Plan)
    converter.register_structure_hook(Plan, partial(_read_plan, read_both_arms))
    read_all_arms = _reader(converter, Recurrence)
    converter.register_structure_hook(Recurrence, partial(_read_recurrence, read_all_arms))
    for kind in (Contact, ContactRecord):
        converter.register_structure_hook(kind, partial(_read_contact, _reader(converter, kind)))


def read_list(read: Read, given: object) -> tuple[object, ...]:
    """Read each item of a list."""
    if not isinstance(given, list):
        raise UnreadableError(f"it is no list but a {type(given).__name__}")
    items: list[object] = []
    for index, item in enumerate(cast("list[object]", given)):
        try:
            items.append(read(item))
        except UnreadableError as error:
            raise error.within(f"[{index}]") from None
    return tuple(items)


def structure(given: object) -> Mapping[str, object]:
    """What is a structure, as one."""
    if not isinstance(given, Mapping):
        raise UnreadableError(f"it is no structure but a {type(given).__name__}")
    return cast("Mapping[str, object]", given)


def _is_value(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Checked)


def _is_word(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, OpenEnum)


_ABSENT = object()


@frozen
class _Member:
    """How one field is read."""

    fill: Callable[[object, object], None]
    """Sets the slot, which a frozen value's own attribute does not let."""
    name: str
    read: Read
    absent: object


def _reader(converter: Converter, kind: Any) -> Callable[[object, object], Checked]:
    """Reads a `kind` by filling its slots, past the checks of its constructor.

    attrs.validators.disabled() would be no way: it switches the checks off in every thread.
    """
    resolve_types(kind)
    new = object.__new__
    members = [_member(converter, kind, field) for field in attrs.fields(kind)]

    def read(given: object, _: object) -> Checked:
        answer = structure(given)
        value: Checked = new(kind)
        for member in members:
            part = answer.get(member.name)
            if part is None:
                part = member.absent
                if part is _ABSENT:
                    raise UnreadableError("it is missing", member.name)
            else:
                try:
                    part = member.read(part)
                except UnreadableError as error:
                    raise error.within(member.name) from None
            member.fill(value, part)
        return value

    return read


def _member(converter: Converter, kind: type, field: Attribute[Any]) -> _Member:
    optional = type(None) in get_args(field.type)
    read = _SPECIAL.get(field.name) or _reader_of(converter, field.type)
    return _Member(
        fill=getattr(kind, field.name).__set__,
        name=aws_name(kind, field.name),
        read=read,
        absent=WHEN_LEFT_OUT.get((kind, field.name), None if optional else _ABSENT),
    )


def _reader_of(converter: Converter, kind: Any) -> Read:
    """Reads what a field of this type holds."""
    if kind in _PLAIN_READERS:
        return _PLAIN_READERS[kind]
    choices = [each for each in get_args(kind) if each not in (type(None), Ellipsis)]
    if get_origin(kind) is tuple:
        return partial(read_list, _reader_of(converter, choices[0]))
    if len(choices) == 1:
        return _reader_of(converter, choices[0])
    if _is_word(kind):
        # A word that nobody knows yet is a value too; what is no word is not.
        return lambda given: kind(_read_text(given))
    hook = converter.get_structure_hook(kind)
    return lambda given: hook(given, kind)


def _read_plain(kind: type, called: str) -> Read:
    def read(given: object) -> object:
        # Exactly: Python's bool is an int too.
        if type(given) is not kind:
            raise UnreadableError(f"it is no {called} but a {type(given).__name__}")
        return given

    return read


_read_text = _read_plain(str, "text")
_read_whole_number = _read_plain(int, "whole number")


def _read_instant(given: object) -> datetime:
    # botocore has made it one already.
    if any(instant_violations("", given)):
        raise UnreadableError(f"it is no datetime with a zone but a {type(given).__name__}")
    return as_instant(cast("datetime", given))


def _read_time(given: object) -> time:
    answer = structure(given)
    parts: dict[str, int] = {}
    for name, most in (("HourOfDay", 23), ("MinuteOfHour", 59)):
        part = answer.get(name)
        if part is None:
            raise UnreadableError("it is missing", name)
        try:
            number = cast("int", _read_whole_number(part))
        except UnreadableError as error:
            raise error.within(name) from None
        if not 0 <= number <= most:
            # datetime.time has no place for it.
            raise UnreadableError(f"it must be 0 to {most}", name)
        parts[name] = number
    return time(parts["HourOfDay"], parts["MinuteOfHour"])


_PLAIN_READERS: Mapping[Any, Read] = {
    str: _read_text,
    int: _read_whole_number,
    bool: _read_plain(bool, "truth value"),
    datetime: _read_instant,
    time: _read_time,
}


def _read_address(given: object) -> object:
    address = structure(given).get("SimpleAddress")
    if address is None:
        raise UnreadableError("it is missing", "SimpleAddress")
    try:
        return _read_text(address)
    except UnreadableError as error:
        raise error.within("SimpleAddress") from None


def _read_shift_details(given: object) -> object:
    contact_ids = structure(given).get("OverriddenContactIds")
    if contact_ids is None:
        raise UnreadableError("it is missing", "OverriddenContactIds")
    try:
        return read_list(_read_text, contact_ids)
    except UnreadableError as error:
        raise error.within("OverriddenContactIds") from None


def _read_coverages(given: object) -> object:
    coverages: list[ShiftCoverage] = []
    for day, times in structure(given).items():
        try:
            coverages.append(
                unchecked(ShiftCoverage, DayOfWeek(day), read_list(_read_hours, times))
            )
        except UnreadableError as error:
            raise error.within(f"[{day}]") from None
    # As the constructor has them: the service has no order of days.
    return in_week_order(coverages)


def _read_hours(given: object) -> CoverageTime:
    answer = structure(given)
    ends: list[time | None] = []
    for name in ("Start", "End"):
        end = answer.get(name)
        try:
            ends.append(None if end is None else _read_time(end))
        except UnreadableError as error:
            raise error.within(name) from None
    return unchecked(CoverageTime, *ends)


_SPECIAL: Mapping[str, Read] = {
    "delivery_address": _read_address,
    "overridden_contact_ids": _read_shift_details,
    "shift_coverages": _read_coverages,
}

_ARMS: Mapping[str, type[Union[ChannelTarget, ContactTarget]]] = {
    "ChannelTargetInfo": ChannelTarget,
    "ContactTargetInfo": ContactTarget,
}


def _read_target(converter: Converter, given: object, _: object) -> Target:
    answer = structure(given)
    arms = [arm for arm in _ARMS if answer.get(arm) is not None]
    if len(arms) != 1:
        which = "both a channel and a contact" if arms else "neither a channel nor a contact"
        raise UnreadableError(f"the target is {which}")
    (arm,) = arms
    try:
        target: Target = converter.structure(answer[arm], _ARMS[arm])
    except UnreadableError as error:
        raise error.within(arm) from None
    return target


def _read_plan(
    read_both_arms: Callable[[object, object], Checked], given: object, kind: object
) -> Plan:
    plan = cast("Plan", read_both_arms(given, kind))
    # The service may send the arm that the plan does not have as an empty list.
    if plan.stages and plan.rotation_ids == ():
        return unchecked(Plan, plan.stages, None)
    return plan


_HAND_OFFS = ("daily_settings", "weekly_settings", "monthly_settings")


def _read_recurrence(
    read_all_arms: Callable[[object, object], Checked], given: object, kind: object
) -> Recurrence:
    recurrence = cast("Recurrence", read_all_arms(given, kind))
    arms = [getattr(recurrence, name) for name in _HAND_OFFS]
    if any(arms):
        # As with plans: an empty list is an arm that the recurrence does not have.
        for name, arm in zip(_HAND_OFFS, arms, strict=True):
            object.__setattr__(recurrence, name, arm or None)
    return recurrence


def _read_contact(
    read: Callable[[object, object], Checked], given: object, kind: object
) -> Contact:
    contact = cast("Contact", read(given, kind))
    plan = contact.plan
    if not plan.stages and not plan.rotation_ids:
        # Both arms are empty: which one the plan has follows from the contact's type.
        scheduled = contact.type == ContactType.ONCALL_SCHEDULE
        object.__setattr__(contact, "plan", unchecked(Plan, (), () if scheduled else None))
    return contact
