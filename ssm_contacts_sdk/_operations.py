"""The declaration of an operation of the service, and what follows from it.

An `Operation` declares the name of the operation, what repeating it does, what each argument of the
method is in the request, and what the response is. From it follow the check of the arguments, the
request, the result, the page of a list, the tables in docs/operations.md, and the comparison with
botocore's model in tests/test_operations.py.

Each of the 39 operations is declared once, beside its resource in `ssm_contacts_sdk._resources`: a
module of one resource then loads the values of that resource only. `_resources.table` is all of
them. The checks of an operation are made when it is first used.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from functools import cached_property
from os import urandom
from typing import Any, Generic, TypeAlias, TypeVar

from attrs import field, frozen

from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._schema.values import Value, check_of
from ssm_contacts_sdk._schema.violations import Check, raise_violations

R = TypeVar("R")
R_co = TypeVar("R_co", covariant=True)

Response: TypeAlias = Mapping[str, Any]
"""What boto3 returns, unchanged."""
Arguments: TypeAlias = Mapping[str, Any]
"""The arguments of a method, by name."""
Result: TypeAlias = Callable[[Arguments, Response], R]
"""Makes the result of a call from the arguments that were sent and from the response."""

TOKEN_MEMBER = "IdempotencyToken"  # noqa: S105 - a name


class Repeat(Enum):
    """What repeating a request does when the first one may have been carried out."""

    READS = "reads"
    """Reads again. May be repeated."""
    CREATES = "creates"
    """Creates once for each token. May be repeated with the same token."""
    SETS = "sets"
    """Sets the same state again. May be repeated."""
    DELETES = "deletes"
    """May be repeated; a not-found then means that an earlier request has deleted it."""
    ACTS = "acts"
    """Acts again, or fails the second time. Must not be repeated."""


@frozen
class Argument:
    """One argument of a method: what it is in the request, its rules, and how it is written."""

    member: str
    """AWS's name. ``A.B`` is the member B of the structure A. It is empty if the argument is a
    value whose fields are the members of the request."""
    annotation: Any
    """The type of what is checked and sent, with its constraints."""
    convert: Callable[[Any], Any] | None = None
    """Converts what a caller may pass, such as a record, to that type."""
    write: Callable[[Any], Any] | None = None
    """Converts it to what boto3 accepts. What is written as None is not sent."""
    is_optional: bool = False
    is_filled_in: bool = False
    """Whether the method finds out a value that AWS requires if the caller passes none."""


class Rule:
    """A rule about several arguments of an operation.

    Args:
        *arguments: the names of the arguments. The rule is only checked if none of them breaks a
            rule of its own; their parts may break some.
        description: the rule in words, for the documentation.
        check: returns the violations of these arguments. It is called with what the caller passed.
    """

    def __init__(
        self, *arguments: str, description: str, check: Callable[..., Iterable[Violation]]
    ) -> None:
        self.arguments = arguments
        self.description = description
        self.check = check


@frozen(slots=False, eq=False)
class Operation(Generic[R_co]):
    """One operation. `R_co` is the type of what a call of it returns."""

    name: str
    """AWS's name, such as ``CreateContact``."""
    method: str
    """The method of this package, such as ``contacts.create``. Errors name it."""
    repeat: Repeat
    arguments: Mapping[str, Argument] = field(repr=False)
    result: Result[R_co] = field(repr=False)
    kind: type[Value] | None = None
    """The class of the result, or of the items of a list."""
    list_member: str = ""
    """AWS's name of the list in the response, if there is one."""
    is_list_required: bool = False
    """Whether AWS's model requires the list in the response."""
    rules: tuple[Rule, ...] = field(default=(), repr=False)

    @cached_property
    def boto3_name(self) -> str:
        """boto3's name, such as ``create_contact``."""
        return re.sub(r"(?<!^)(?=[A-Z])", "_", self.name).lower()

    @cached_property
    def takes_token(self) -> bool:
        """Whether the request has an idempotency token."""
        return self.repeat is Repeat.CREATES

    @property
    def changes_state(self) -> bool:
        """Whether it is more than a read."""
        return self.repeat is not Repeat.READS

    @property
    def is_repeatable(self) -> bool:
        """Whether repeating it is safe, even if the first request was carried out."""
        return self.repeat is not Repeat.ACTS

    @property
    def is_paged(self) -> bool:
        """Whether the response is one page of a list."""
        return "next_token" in self.arguments

    @cached_property
    def _checks(self) -> tuple[tuple[str, Argument, Check], ...]:
        return tuple(
            (name, argument, check_of(argument.annotation))
            for name, argument in self.arguments.items()
        )

    def checked(self, passed: Arguments) -> dict[str, Any]:
        """Return the arguments as they are sent, without those that are left out.

        Raises:
            InvalidValueError: with every rule that the arguments break.
        """
        checked: dict[str, Any] = {}
        broken: set[str] = set()
        found: list[Violation] = []
        for name, argument, check in self._checks:
            value = passed[name]
            if value is None and argument.is_optional:
                continue
            if argument.convert is not None:
                value = argument.convert(value)
            if violations := check(value):
                if any(not each.path for each in violations):
                    broken.add(name)
                found += [each.under(name) for each in violations]
            checked[name] = value
        for rule in self.rules:
            if broken.isdisjoint(rule.arguments):
                found += rule.check(*[passed[name] for name in rule.arguments])
        if found:
            raise_violations(self.method, found)
        return checked

    def kwargs(self, checked: Arguments) -> dict[str, Any]:
        """Return the keyword arguments of the boto3 method for checked arguments.

        An idempotency token is added if the operation takes one and none is passed: all attempts
        of a call must send the same token.
        """
        kwargs: dict[str, Any] = {}
        for name, value in checked.items():
            argument = self.arguments[name]
            written = value if argument.write is None else argument.write(value)
            if not argument.member:
                kwargs |= written
            elif written is not None:
                outer, _, inner = argument.member.partition(".")
                if inner:
                    kwargs.setdefault(outer, {})[inner] = written
                else:
                    kwargs[outer] = written
        return self.with_token(kwargs)

    def with_token(self, kwargs: dict[str, Any]) -> dict[str, Any]:
        """Add an idempotency token to keyword arguments that need one, and return them."""
        if self.takes_token and kwargs.get(TOKEN_MEMBER) is None:
            # 128 random bits, as hexadecimal digits. A UUID would take five times as long.
            kwargs[TOKEN_MEMBER] = urandom(16).hex()
        return kwargs
