"""AWS's rules for requests, compiled from botocore's service model.

A shape is compiled once, into a function that collects all violations in the order of the model,
and returns the value without what the service ignores: unknown members and members that are null.
The service validates requests by these functions alone.

Our assumptions: an integer has 32 bits and no fraction. A timestamp is rounded to milliseconds, and
lies in the years 2 to 9998, so that it is a date in every time zone.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timezone
from functools import cache
from typing import Any, cast
from unicodedata import category

from botocore.model import ListShape, MapShape, ServiceModel, Shape, StringShape, StructureShape

from ssm_contacts_sdk._dates import FIRST_YEAR, LAST_YEAR
from ssm_contacts_sdk._errors import Violation, ViolationCode
from ssm_contacts_sdk._loader import SERVICE_NAME, ServiceLoader
from ssm_contacts_sdk.local._arguments import wrong_type
from ssm_contacts_sdk.local._validation import MISSING, MOST_VIOLATIONS, MapKey, Path, Violations

Check = Callable[[object, Path, Violations], Any]
"""Adds the violations of a value, and returns the part of it that the service reads."""

# The texts of violations do not repeat these values.
_PRIVATE_SHAPES = frozenset({"AcceptCode", "ActivationCode"})
# The order in which AWS lists these words differs from that of its model.
_ORDER_OF_WORDS = {"ChannelType": ("SMS", "EMAIL", "VOICE")}
_EARLIEST = datetime(FIRST_YEAR, 1, 1, tzinfo=timezone.utc).timestamp()
_LATEST = datetime(LAST_YEAR + 1, 1, 1, tzinfo=timezone.utc).timestamp()
_CATEGORIES = re.compile(r"\^\[((?:\\p\{[A-Z]\})+)(.+)\]\*\$")
_NESTED_REPEAT = re.compile(r"\((\[(?:[^\]\\]|\\.)*\])\+\)\*")


class Contract:
    """The operations of the service, with the checks of their requests and responses."""

    def __init__(self) -> None:
        self.loader = ServiceLoader()
        """Reads botocore's files, once for all clients that share it."""
        model = self.loader.load_service_model(SERVICE_NAME, "service-2")
        self._model = ServiceModel(cast("Mapping[str, Any]", model), SERVICE_NAME)
        self._shapes = Shapes()
        self.operations = frozenset(self._model.operation_names)
        """The names of all operations, in AWS's spelling."""
        self.target_prefix = f"{self._model.metadata['targetPrefix']}."
        """The beginning of the target header, before the name of the operation."""
        self.error_codes = frozenset(shape.name for shape in self._model.error_shapes)
        """The codes of all errors that the model lists."""

    def has_error(self, operation: str, code: str) -> bool:
        """Return whether the model lists the error `code` for an operation."""
        shapes = self._model.operation_model(operation).error_shapes
        return any(shape.name == code for shape in shapes)

    def validate_request(
        self, operation: str, body: Mapping[str, object]
    ) -> tuple[dict[str, Any], Violations]:
        """Return the members that the operation reads, and the first violations.

        Args:
            operation: the name of the operation, in AWS's spelling.
            body: the members of the request.
        """
        shape = self._model.operation_model(operation).input_shape
        return self._validate(shape, body, (), MOST_VIOLATIONS)

    def validate_response(
        self, operation: str, body: Mapping[str, object], path: Path
    ) -> tuple[dict[str, Any], Violations]:
        """Return the members of a response of the operation, and all violations.

        Args:
            operation: the operation.
            body: the members of the response.
            path: the path of `body`, for the violations.
        """
        shape = self._model.operation_model(operation).output_shape
        return self._validate(shape, body, path, sys.maxsize)

    def _validate(
        self, shape: StructureShape | None, body: Mapping[str, object], path: Path, most: int
    ) -> tuple[dict[str, Any], Violations]:
        violations = Violations(most)
        # botocore's type allows None; every operation of this service has both shapes.
        members = self._shapes.of(cast("StructureShape", shape))(dict(body), path, violations)
        return members, violations


@cache
def contract() -> Contract:
    """Return the contract, which is read once per process."""
    return Contract()


def operation_violations(
    path: str, operation: object, *, optional: bool = False
) -> Iterator[Violation]:
    """Yield the violation of a value that is not the name of an operation.

    >>> [each.code for each in operation_violations("operation", "create_contact")]
    ['unknown_choice']
    """
    if operation is None and optional:
        return
    if not isinstance(operation, str):
        yield wrong_type(path, "a str or None" if optional else "a str", operation)
    elif operation not in contract().operations:
        rule = f"must be an operation in AWS's spelling, such as CreateContact (got {operation!r})"
        yield Violation(path, rule, "unknown_choice")


class Shapes:
    """The checks of shapes, each compiled when it is first used."""

    def __init__(self) -> None:
        self._compiled: dict[str, Check] = {}

    def of(self, shape: Shape) -> Check:
        """Return the check of a shape."""
        check = self._compiled.get(shape.name)
        if check is None:
            check = self._compiled[shape.name] = self._compile(shape)
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

        def check(value: object, path: Path, violations: Violations) -> object:
            if not isinstance(value, dict):
                violations.add_wrong_type(path, value, "a structure")
                return value
            given = cast("dict[str, object]", value)
            kept: dict[str, object] = {}
            for name, check_member, needed in members:
                member = given.get(name)
                if member is not None:
                    kept[name] = check_member(member, (*path, name), violations)
                elif needed:
                    violations.add((*path, name), None, MISSING, "missing")
            return kept

        return check

    def _list(self, shape: ListShape) -> Check:
        check_member = self.of(shape.member)
        limits = _limits(shape, "length", ("too_few", "too_many"))

        def check(value: object, path: Path, violations: Violations) -> object:
            if not isinstance(value, list):
                violations.add_wrong_type(path, value, "a list")
                return value
            items = cast("list[object]", value)
            for rule, code in limits(len(items)):
                violations.add(path, items, rule, code)
            kept: list[object] = []
            for index, item in enumerate(items):
                if item is None:
                    violations.add((*path, index), None, MISSING, "missing")
                else:
                    kept.append(check_member(item, (*path, index), violations))
            return kept

        return check

    def _map(self, shape: MapShape) -> Check:
        check_key, check_value = self.of(shape.key), self.of(shape.value)

        def check(value: object, path: Path, violations: Violations) -> object:
            if not isinstance(value, dict):
                violations.add_wrong_type(path, value, "a map")
                return value
            kept: dict[object, object] = {}
            for key, item in cast("dict[object, object]", value).items():
                check_key(key, (*path, "key"), violations)
                if item is not None:
                    kept[key] = check_value(item, (*path, MapKey(key)), violations)
            return kept

        return check


def _string(shape: StringShape) -> Check:
    allowed = _in_order(shape)
    limits = _limits(shape, "length", ("too_short", "too_long"))
    pattern = shape.metadata.get("pattern")
    matches = None if pattern is None else compile_pattern(str(pattern))
    shown = shape.name not in _PRIVATE_SHAPES

    def check(value: object, path: Path, violations: Violations) -> object:
        if not isinstance(value, str):
            violations.add_wrong_type(path, value, "a string", shown=shown)
            return value
        for rule, code in limits(len(value)):
            violations.add(path, value, rule, code, shown=shown)
        if matches is not None and not matches(value):
            rule = f"Member must satisfy regular expression pattern: {pattern}"
            violations.add(path, value, rule, "wrong_characters", shown=shown)
        if allowed and value not in allowed:
            rule = f"Member must satisfy enum value set: [{', '.join(allowed)}]"
            violations.add(path, value, rule, "unknown_choice", shown=shown)
        return value

    return check


def _in_order(shape: StringShape) -> list[str]:
    """Return the words of an enumeration in the order of AWS's texts, as far as it is known."""
    words = list(shape.enum)
    seen = [word for word in _ORDER_OF_WORDS.get(shape.name, ()) if word in words]
    return [*seen, *(word for word in words if word not in seen)]


def _integer(shape: Shape) -> Check:
    limits = _limits(shape, "value", ("too_small", "too_large"), widest=2**31 - 1)

    def check(value: object, path: Path, violations: Violations) -> object:
        # In Python, a bool is an int. In JSON, it is not a number.
        if not isinstance(value, int) or isinstance(value, bool):
            violations.add_wrong_type(path, value, "an integer")
        else:
            for rule, code in limits(value):
                violations.add(path, value, rule, code)
        return value

    return check


def _boolean(_: Shape) -> Check:
    def check(value: object, path: Path, violations: Violations) -> object:
        if not isinstance(value, bool):
            violations.add_wrong_type(path, value, "a boolean")
        return value

    return check


def _timestamp(_: Shape) -> Check:
    def check(value: object, path: Path, violations: Violations) -> object:
        seconds = _epoch_seconds(value)
        if seconds is not None and _EARLIEST <= seconds < _LATEST:
            return round(float(seconds), 3)
        if seconds is not None:
            rule = "Member must be of the years 2 to 9998"
            code: ViolationCode = "too_small" if seconds < _EARLIEST else "too_large"
            violations.add(path, value, rule, code)
        elif isinstance(value, datetime):
            violations.add_wrong_type(path, value, "a datetime with a time zone")
        else:
            violations.add_wrong_type(path, value, "a timestamp in epoch seconds")
        return value

    return check


def _epoch_seconds(value: object) -> float | None:
    """Return the epoch seconds of an instant, or None if `value` is something else."""
    if isinstance(value, datetime):
        # Resources that are loaded can come from botocore, which reads times as datetimes.
        return None if value.utcoffset() is None else value.timestamp()
    if isinstance(value, int):
        return None if isinstance(value, bool) else value
    return value if isinstance(value, float) and math.isfinite(value) else None


def _limits(
    shape: Shape,
    quantity: str,
    codes: tuple[ViolationCode, ViolationCode],
    widest: int | None = None,
) -> Callable[[int], Sequence[tuple[str, ViolationCode]]]:
    """Return a function that returns the limit that a size breaks, with its code, if any."""
    least = cast("int | None", shape.metadata.get("min"))
    most = cast("int | None", shape.metadata.get("max", widest))
    below = f"Member must have {quantity} greater than or equal to {least}"
    above = f"Member must have {quantity} less than or equal to {most}"

    def broken(size: int) -> Sequence[tuple[str, ViolationCode]]:
        if least is not None and size < least:
            return [(below, codes[0])]
        return [(above, codes[1])] if most is not None and size > most else ()

    return broken


def compile_pattern(pattern: str) -> Callable[[str], bool]:
    r"""Return a function that returns whether a whole str matches a pattern of the model.

    The patterns are written for Java. In Python some do not compile, one takes a minute for 30
    characters, and all allow a newline at the end.

    >>> matches = compile_pattern(r"^[\p{L}\p{Z}\p{N}_.\-]*$")
    >>> matches("Akua Mansa"), matches("Akua!")
    (True, False)
    """
    by_category = _CATEGORIES.fullmatch(pattern)
    if by_category is not None:
        return _matches_categories(by_category[1], by_category[2])
    # ([X]+)* means [X]*, but can match a str in exponentially many ways.
    linear = _NESTED_REPEAT.sub(r"\1*", pattern)
    # Our assumption: a dot matches a newline too. Otherwise no policy could have several lines.
    match = re.compile(linear, re.ASCII | re.DOTALL).fullmatch
    return lambda text: match(text) is not None


def _matches_categories(names: str, rest: str) -> Callable[[str], bool]:
    # Python's re has no \p{L}. Compiling it as a class of characters would be slower than
    # everything else together.
    letters = frozenset(re.findall(r"[A-Z]", names))
    others = frozenset(character for character in map(chr, range(128)) if _is_in(character, rest))

    def matches(text: str) -> bool:
        return all(c in others or category(c)[0] in letters for c in text)

    return matches


def _is_in(character: str, characters: str) -> bool:
    return re.fullmatch(f"[{characters}]", character, re.ASCII) is not None
