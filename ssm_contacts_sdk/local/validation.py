"""The shapes of botocore's service model as functions that judge a value.

A shape is compiled once, into a closure that collects everything that is wrong, in the order of
the model, and returns the value without what the service does not look at: unknown members and
members that are null.

Our assumptions: a member of the wrong type is a violation like any other (some AWS services call
it unreadable instead), codes are not repeated in the text as other refused values are, an integer
has 32 bits, and a timestamp is kept to the millisecond and is of the years 2 to 9998, so that it is
a date in every time zone.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any, cast

from attrs import field, frozen
from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

from ssm_contacts_sdk.local.patterns import compile_pattern

Path = tuple["str | int", ...]
Check = Callable[[object, Path, "list[Violation]"], Any]

_NOT_REPEATED = frozenset({"AcceptCode", "ActivationCode"})
_MISSING = "Member must not be null"
_EARLIEST = datetime(2, 1, 1, tzinfo=timezone.utc).timestamp()
_LATEST = datetime(9999, 1, 1, tzinfo=timezone.utc).timestamp()


class MapKey(str):
    """A part of a path that is a key which the caller chose, not a member of the model."""

    __slots__ = ()


@frozen
class Violation:
    """One constraint that one value does not satisfy."""

    path: Path
    value: object = field(repr=False)
    rule: str
    shown: bool = True

    @property
    def member(self) -> str:
        """Where it stands, as AWS writes it.

        >>> Violation(("Plan", "Stages", 0, "Targets"), None, _MISSING).member
        'plan.stages.1.member.targets'
        """
        return ".".join(map(_as_aws_writes, self.path))

    @property
    def place(self) -> str:
        """Where it stands, as Python would write it.

        >>> Violation(("Plan", "Stages", 0, "Targets"), None, _MISSING).place
        'Plan.Stages[0].Targets'
        """
        return "".join(
            f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.path
        ).removeprefix(".")

    @property
    def message(self) -> str:
        """All of it in AWS's style, which repeats the refused value."""
        value = f"'{_echo(self.value)}'" if self.shown else "(hidden)"
        if self.value is None:
            value = "null"
        return f"Value {value} at '{self.member}' failed to satisfy constraint: {self.rule}"


class Checks:
    """Compiles shapes, each once, and keeps them."""

    def __init__(self) -> None:
        self._kept: dict[str, Check] = {}

    def of(self, shape: Shape) -> Check:
        """The function that judges values of `shape`."""
        check = self._kept.get(shape.name)
        if check is None:
            check = self._kept[shape.name] = self._compile(shape)
        return check

    def _compile(self, shape: Shape) -> Check:
        if isinstance(shape, StructureShape):
            return self._structure(shape)
        if isinstance(shape, ListShape):
            return self._list(shape)
        if isinstance(shape, MapShape):
            return self._map(shape)
        if isinstance(shape, StringShape):
            return _string(shape)
        compilers = {"integer": _integer, "boolean": _boolean, "timestamp": _timestamp}
        return compilers[shape.type_name](shape)

    def _structure(self, shape: StructureShape) -> Check:
        required = frozenset(shape.required_members)
        members = [
            (name, self.of(member), name in required) for name, member in shape.members.items()
        ]

        def check(value: object, path: Path, found: list[Violation]) -> object:
            if not isinstance(value, dict):
                found.append(Violation(path, value, "Member must be a structure"))
                return value
            given = cast("dict[str, object]", value)
            kept: dict[str, object] = {}
            for name, judge, needed in members:
                member = given.get(name)
                if member is not None:
                    kept[name] = judge(member, (*path, name), found)
                elif needed:
                    found.append(Violation((*path, name), None, _MISSING))
            return kept

        return check

    def _list(self, shape: ListShape) -> Check:
        judge = self.of(shape.member)
        limits = _limits(shape, "length")

        def check(value: object, path: Path, found: list[Violation]) -> object:
            if not isinstance(value, list):
                found.append(Violation(path, value, "Member must be a list"))
                return value
            items = cast("list[object]", value)
            found.extend(Violation(path, items, rule) for rule in limits(len(items)))
            kept: list[object] = []
            for index, item in enumerate(items):
                if item is None:
                    found.append(Violation((*path, index), None, _MISSING))
                else:
                    kept.append(judge(item, (*path, index), found))
            return kept

        return check

    def _map(self, shape: MapShape) -> Check:
        judge_key, judge_value = self.of(shape.key), self.of(shape.value)

        def check(value: object, path: Path, found: list[Violation]) -> object:
            if not isinstance(value, dict):
                found.append(Violation(path, value, "Member must be a map"))
                return value
            kept: dict[object, object] = {}
            for key, item in cast("dict[object, object]", value).items():
                judge_key(key, (*path, "key"), found)
                if item is not None:
                    kept[key] = judge_value(item, (*path, MapKey(key)), found)
            return kept

        return check


def _string(shape: StringShape) -> Check:
    allowed = list(shape.enum)
    limits = _limits(shape, "length")
    pattern = shape.metadata.get("pattern")
    fits = None if pattern is None else compile_pattern(str(pattern))
    shown = shape.name not in _NOT_REPEATED

    def check(value: object, path: Path, found: list[Violation]) -> object:
        if not isinstance(value, str):
            found.append(Violation(path, value, "Member must be a string", shown))
            return value
        found.extend(Violation(path, value, rule, shown) for rule in limits(len(value)))
        if fits is not None and not fits(value):
            rule = f"Member must satisfy regular expression pattern: {pattern}"
            found.append(Violation(path, value, rule, shown))
        if allowed and value not in allowed:
            rule = f"Member must satisfy enum value set: [{', '.join(allowed)}]"
            found.append(Violation(path, value, rule, shown))
        return value

    return check


def _integer(shape: Shape) -> Check:
    limits = _limits(shape, "value", widest=2**31 - 1)

    def check(value: object, path: Path, found: list[Violation]) -> object:
        # Python's bool is an int; JSON's true is no number.
        if not isinstance(value, int) or isinstance(value, bool):
            found.append(Violation(path, value, "Member must be an integer"))
        else:
            found.extend(Violation(path, value, rule) for rule in limits(value))
        return value

    return check


def _boolean(_: Shape) -> Check:
    def check(value: object, path: Path, found: list[Violation]) -> object:
        if not isinstance(value, bool):
            found.append(Violation(path, value, "Member must be a boolean"))
        return value

    return check


def _timestamp(_: Shape) -> Check:
    def check(value: object, path: Path, found: list[Violation]) -> object:
        seconds = _epoch_seconds(value)
        if seconds is not None and _EARLIEST <= seconds < _LATEST:
            return round(float(seconds), 3)
        rule = "Member must be a timestamp in epoch seconds"
        if seconds is not None:
            rule = "Member must be of the years 2 to 9998"
        elif isinstance(value, datetime):
            rule = "Member must be a datetime with a time zone"
        found.append(Violation(path, value, rule))
        return value

    return check


def _epoch_seconds(value: object) -> float | None:
    """The seconds that `value` is, or None if it is no instant."""
    if isinstance(value, datetime):
        # botocore's answers have datetimes, and the service can be filled with them.
        return None if value.utcoffset() is None else value.timestamp()
    if isinstance(value, int):
        return None if isinstance(value, bool) else value
    return value if isinstance(value, float) and math.isfinite(value) else None


def _limits(shape: Shape, what: str, widest: int | None = None) -> Callable[[int], list[str]]:
    least = cast("int | None", shape.metadata.get("min"))
    most = cast("int | None", shape.metadata.get("max", widest))

    def broken(size: int) -> list[str]:
        if least is not None and size < least:
            return [f"Member must have {what} greater than or equal to {least}"]
        if most is not None and size > most:
            return [f"Member must have {what} less than or equal to {most}"]
        return []

    return broken


def _as_aws_writes(part: str | int) -> str:
    if isinstance(part, int):
        # AWS counts from one, and calls an item of a list a member.
        return f"{part + 1}.member"
    return part if isinstance(part, MapKey) else part[:1].lower() + part[1:]


def _echo(value: object) -> str:
    if isinstance(value, str):
        return value
    try:
        return json.dumps(value)
    except RecursionError:
        return "..."
