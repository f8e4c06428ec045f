"""Violations of the service model by a request, and their texts as AWS writes them.

A member of the wrong JSON type is reported separately from the other violations: AWS's JSON
services cannot parse such a request.

Our assumptions: the texts repeat values, except codes, and long values are cut off.
"""

from __future__ import annotations

import json

from attrs import define, field, frozen

from ssm_contacts_sdk._errors import ViolationCode

Path = tuple["str | int", ...]
"""The keys and indexes that lead to a value."""

MOST_VIOLATIONS = 100
"""The number of violations of one request that are kept. All are counted."""

MISSING = "Member must not be null"
_LONGEST_ECHO = 1_000


class MapKey(str):
    """A part of a path that is a key which the caller chose, not a member of the model."""

    __slots__ = ()


@frozen
class ConstraintViolation:
    """A constraint of the model, and a value that does not satisfy it."""

    path: Path
    value: object = field(repr=False)
    rule: str
    code: ViolationCode
    shown: bool = True
    """Whether the message may repeat the value."""

    @property
    def member(self) -> str:
        """The path as AWS writes it.

        >>> path = ("Plan", "Stages", 0, "Targets")
        >>> ConstraintViolation(path, None, MISSING, "missing").member
        'plan.stages.1.member.targets'
        """
        return ".".join(map(_aws_name, self.path))

    @property
    def python_path(self) -> str:
        """The path as Python writes it.

        >>> path = ("Plan", "Stages", 0, "Targets")
        >>> ConstraintViolation(path, None, MISSING, "missing").python_path
        'Plan.Stages[0].Targets'
        """
        return "".join(
            f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.path
        ).removeprefix(".")

    @property
    def message(self) -> str:
        """The violation as AWS writes it, with the value."""
        value = f"'{_echo(self.value)}'" if self.shown else "(hidden)"
        if self.value is None:
            value = "null"
        return f"Value {value} at '{self.member}' failed to satisfy constraint: {self.rule}"


@define
class Violations:
    """The violations of one request or response, in the order of the model.

    A request of 1 MiB can break hundreds of thousands of constraints, so only the first ones are
    kept.
    """

    most: int
    kept: list[ConstraintViolation] = field(factory=list[ConstraintViolation], init=False)
    """The first `most` violations, those of type included."""
    count: int = field(default=0, init=False)
    """The number of all violations."""
    wrong_type: ConstraintViolation | None = field(default=None, init=False)
    """The first violation by a member of the wrong type."""

    def add(
        self, path: Path, value: object, rule: str, code: ViolationCode, *, shown: bool = True
    ) -> None:
        """Add the violation of `rule` by a value."""
        self.count += 1
        if len(self.kept) < self.most:
            self.kept.append(ConstraintViolation(path, value, rule, code, shown))

    def add_wrong_type(self, path: Path, value: object, kind: str, *, shown: bool = True) -> None:
        """Add the violation by a value that is not of the model's type, `kind`."""
        rule = f"Member must be {kind}"
        if self.wrong_type is None:
            self.wrong_type = ConstraintViolation(path, value, rule, "wrong_type", shown)
        self.add(path, value, rule, "wrong_type", shown=shown)


def json_type(value: object) -> str:
    """Return JSON's name of a value's type, with its article.

    >>> json_type("a"), json_type({}), json_type(True), json_type(1.5)
    ('a string', 'an object', 'a boolean', 'a number')
    """
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, str):
        return "a string"
    if isinstance(value, dict):
        return "an object"
    return "an array" if isinstance(value, list) else "a number"


def _aws_name(part: str | int) -> str:
    if isinstance(part, int):
        # AWS counts from one, and calls an item of a list a member.
        return f"{part + 1}.member"
    return part if isinstance(part, MapKey) else part[:1].lower() + part[1:]


def _echo(value: object) -> str:
    text = value if isinstance(value, str) else _beginning_of_json(value)
    return text if len(text) <= _LONGEST_ECHO else f"{text[:_LONGEST_ECHO]}..."


def _beginning_of_json(value: object) -> str:
    """Return the JSON of a value, or as much of it as is shown: a list can have 400,000 items."""
    text = ""
    try:
        for piece in json.JSONEncoder().iterencode(value):
            text += piece
            if len(text) > _LONGEST_ECHO:
                break
    except RecursionError:
        return "..."
    return text
