"""The shapes of botocore's service model as functions that judge a value.

A shape is compiled once, into a closure that collects everything that is wrong, in the order of
the model, and returns the value without what the service does not look at: unknown members and
members that are null.

A member of the wrong JSON type is reported apart from the violations: AWS's JSON services cannot
even read such a request.

Our assumptions: codes are not repeated in the text as other refused values are, a long value is cut
off there, an integer has 32 bits and no fraction, and a timestamp is kept to the millisecond and is
of the years 2 to 9998, so that it is a date in every time zone.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any, cast

from attrs import define, field, frozen
from botocore.model import ListShape, MapShape, Shape, StringShape, StructureShape

from ssm_contacts_sdk.local._patterns import compile_pattern

Path = tuple["str | int", ...]
Check = Callable[[object, Path, "Findings"], Any]

MOST_VIOLATIONS = 100
"""How many violations of one request are kept; further ones are counted."""

_NOT_REPEATED = frozenset({"AcceptCode", "ActivationCode"})
_MISSING = "Member must not be null"
_LONGEST_ECHO = 1_000
# AWS was seen to list these words in another order than its model does.
_ORDER_OF_WORDS = {"ChannelType": ("SMS", "EMAIL", "VOICE")}
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


@define
class Findings:
    """What is wrong with one value, in the order of the model.

    A request of 1 MiB can break hundreds of thousands of constraints: only the first ones are
    kept.
    """

    most: int
    violations: list[Violation] = field(factory=list[Violation], init=False)
    """The first `most` of them; a member of the wrong type is one too."""
    count: int = field(default=0, init=False)
    """How many there are altogether."""
    wrong_type: Violation | None = field(default=None, init=False)
    """The first member of the wrong type, if there is one."""

    def add(self, path: Path, value: object, rule: str, *, shown: bool = True) -> None:
        """A value does not satisfy a constraint."""
        self.count += 1
        if len(self.violations) < self.most:
            self.violations.append(Violation(path, value, rule, shown))

    def add_wrong_type(self, path: Path, value: object, kind: str, *, shown: bool = True) -> None:
        """A value is of another type than the model's, which is called `kind`."""
        rule = f"Member must be {kind}"
        if self.wrong_type is None:
            self.wrong_type = Violation(path, value, rule, shown)
        self.add(path, value, rule, shown=shown)


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

        def check(value: object, path: Path, found: Findings) -> object:
            if not isinstance(value, dict):
                found.add_wrong_type(path, value, "a structure")
                return value
            given = cast("dict[str, object]", value)
            kept: dict[str, object] = {}
            for name, judge, needed in members:
                member = given.get(name)
                if member is not None:
                    kept[name] = judge(member, (*path, name), found)
                elif needed:
                    found.add((*path, name), None, _MISSING)
            return kept

        return check

    def _list(self, shape: ListShape) -> Check:
        judge = self.of(shape.member)
        limits = _limits(shape, "length")

        def check(value: object, path: Path, found: Findings) -> object:
            if not isinstance(value, list):
                found.add_wrong_type(path, value, "a list")
                return value
            items = cast("list[object]", value)
            for rule in limits(len(items)):
                found.add(path, items, rule)
            kept: list[object] = []
            for index, item in enumerate(items):
                if item is None:
                    found.add((*path, index), None, _MISSING)
                else:
                    kept.append(judge(item, (*path, index), found))
            return kept

        return check

    def _map(self, shape: MapShape) -> Check:
        judge_key, judge_value = self.of(shape.key), self.of(shape.value)

        def check(value: object, path: Path, found: Findings) -> object:
            if not isinstance(value, dict):
                found.add_wrong_type(path, value, "a map")
                return value
            kept: dict[object, object] = {}
            for key, item in cast("dict[object, object]", value).items():
                judge_key(key, (*path, "key"), found)
                if item is not None:
                    kept[key] = judge_value(item, (*path, MapKey(key)), found)
            return kept

        return check


def _string(shape: StringShape) -> Check:
    allowed = _in_order(shape)
    limits = _limits(shape, "length")
    pattern = shape.metadata.get("pattern")
    fits = None if pattern is None else compile_pattern(str(pattern))
    shown = shape.name not in _NOT_REPEATED

    def check(value: object, path: Path, found: Findings) -> object:
        if not isinstance(value, str):
            found.add_wrong_type(path, value, "a string", shown=shown)
            return value
        for rule in limits(len(value)):
            found.add(path, value, rule, shown=shown)
        if fits is not None and not fits(value):
            rule = f"Member must satisfy regular expression pattern: {pattern}"
            found.add(path, value, rule, shown=shown)
        if allowed and value not in allowed:
            rule = f"Member must satisfy enum value set: [{', '.join(allowed)}]"
            found.add(path, value, rule, shown=shown)
        return value

    return check


def _in_order(shape: StringShape) -> list[str]:
    """The words of an enumeration, as AWS's texts list them; those it is not known of come last."""
    words = list(shape.enum)
    seen = [word for word in _ORDER_OF_WORDS.get(shape.name, ()) if word in words]
    return [*seen, *(word for word in words if word not in seen)]


def _integer(shape: Shape) -> Check:
    limits = _limits(shape, "value", widest=2**31 - 1)

    def check(value: object, path: Path, found: Findings) -> object:
        # Python's bool is an int; JSON's true is no number.
        if not isinstance(value, int) or isinstance(value, bool):
            found.add_wrong_type(path, value, "an integer")
        else:
            for rule in limits(value):
                found.add(path, value, rule)
        return value

    return check


def _boolean(_: Shape) -> Check:
    def check(value: object, path: Path, found: Findings) -> object:
        if not isinstance(value, bool):
            found.add_wrong_type(path, value, "a boolean")
        return value

    return check


def _timestamp(_: Shape) -> Check:
    def check(value: object, path: Path, found: Findings) -> object:
        seconds = _epoch_seconds(value)
        if seconds is not None and _EARLIEST <= seconds < _LATEST:
            return round(float(seconds), 3)
        if seconds is not None:
            found.add(path, value, "Member must be of the years 2 to 9998")
        elif isinstance(value, datetime):
            found.add_wrong_type(path, value, "a datetime with a time zone")
        else:
            found.add_wrong_type(path, value, "a timestamp in epoch seconds")
        return value

    return check


def _epoch_seconds(value: object) -> float | None:
    """The seconds that `value` is, or None if it is no instant."""
    if isinstance(value, datetime):
        # botocore's answers have datetimes, and the resources that are loaded can have them.
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


def kind_of(value: object) -> str:
    """What JSON calls the type of `value`, with its article.

    >>> kind_of("a"), kind_of({}), kind_of(True), kind_of(1.5)
    ('a string', 'an object', 'a boolean', 'a number')
    """
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, str):
        return "a string"
    if isinstance(value, dict):
        return "an object"
    return "an array" if isinstance(value, list) else "a number"


def _echo(value: object) -> str:
    text = value if isinstance(value, str) else _beginning_of_json(value)
    return text if len(text) <= _LONGEST_ECHO else f"{text[:_LONGEST_ECHO]}..."


def _beginning_of_json(value: object) -> str:
    """The JSON of `value`, or enough of it to be cut off: a list can have 400,000 items."""
    text = ""
    try:
        for piece in json.JSONEncoder().iterencode(value):
            text += piece
            if len(text) > _LONGEST_ECHO:
                break
    except RecursionError:
        return "..."
    return text
