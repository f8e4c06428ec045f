"""Functions that declare operations: their arguments, their rules and their results."""

from __future__ import annotations

import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from ssm_contacts_sdk._errors import ResponseDecodeError, Violation
from ssm_contacts_sdk._models.arguments import IdempotencyToken, NextToken, PageSize
from ssm_contacts_sdk._models.arns import arn_of, arns_of
from ssm_contacts_sdk._operations import (
    TOKEN_MEMBER,
    Argument,
    Arguments,
    Operation,
    Repeat,
    Response,
    Result,
    Rule,
)
from ssm_contacts_sdk._resources.listing import ListingPage
from ssm_contacts_sdk._schema.converters import OpenEnum, as_choice, as_tuple
from ssm_contacts_sdk._schema.fields import fields_of as attributes_of
from ssm_contacts_sdk._schema.times import Instant, as_instant, interval_violations
from ssm_contacts_sdk._schema.values import Value, record_of
from ssm_contacts_sdk._schema.violations import violation
from ssm_contacts_sdk._schema.wire import items_reader_of, kind_writer, reader_of

V = TypeVar("V", bound=Value)
R = TypeVar("R")


# Arguments


def plain(member: str, annotation: Any, *, optional: bool = False) -> Argument:
    """Declare an argument that is sent unchanged, such as a str."""
    return Argument(member, annotation, is_optional=optional)


def reference(member: str, arn: Any, *, optional: bool = False) -> Argument:
    """Declare a reference: a record, a summary or an ARN. `arn` is the type of the ARN."""
    return Argument(member, arn, arn_of, is_optional=optional)


def references(member: str, arns: Any, *, optional: bool = False) -> Argument:
    """Declare a list of references."""
    return Argument(member, arns, arns_of, list, is_optional=optional)


def items(member: str, annotation: Any, *, write: Callable[[Any], Any] = list) -> Argument:
    """Declare a list, which may be any iterable."""
    return Argument(member, annotation, as_tuple, write)


def choice(member: str, kind: type[OpenEnum], *, optional: bool = False) -> Argument:
    """Declare a choice: a member of an enumeration, or its value as a str."""
    return Argument(member, kind, partial(as_choice, kind), _word, is_optional=optional)


def flag(member: str) -> Argument:
    """Declare a bool that is False by default, and then not sent."""
    return Argument(member, bool, None, _true_or_none)


def instant(member: str, *, optional: bool = False, whole_seconds: bool = False) -> Argument:
    """Declare a datetime with a time zone.

    Args:
        member: AWS's name.
        optional: whether it may be None.
        whole_seconds: whether fractions of a second are dropped, as older versions of boto3 do.
    """
    convert = _as_instant_in_whole_seconds if whole_seconds else as_instant
    return Argument(member, Instant, convert, is_optional=optional)


def structure(
    member: str, kind: type[Value], *, optional: bool = False, filled_in: bool = False
) -> Argument:
    """Declare a value that is one member of the request."""
    return Argument(member, kind, None, written_as(kind), optional, filled_in)


def structures(member: str, kind: type[Value]) -> Argument:
    """Declare a list of values. An empty one is not sent."""
    write = written_as(kind)

    def write_all(values: Iterable[Any]) -> list[dict[str, object]] | None:
        return [write(value) for value in values] or None

    return Argument(member, types.GenericAlias(tuple, (kind, ...)), as_tuple, write_all)


def fields_of(kind: type[Value], convert: Callable[[Any], Any] | None = None) -> Argument:
    """Declare a value whose fields are the members of the request; of a record, not its ARNs."""
    return Argument("", kind, convert, written_as(kind))


def written_as(kind: type[Value]) -> Callable[[Any], dict[str, object]]:
    """Return a function that writes the fields of a `kind`."""

    def write(value: Any) -> dict[str, object]:
        written: dict[str, object] = kind_writer(kind)(value)
        return written

    return write


def key_value_list(member: str, annotation: Any, *, optional: bool = False) -> Argument:
    """Declare a mapping that is a list of keys and values in the request, such as tags."""
    return Argument(member, annotation, None, _keys_and_values, optional)


def _keys_and_values(tags: Mapping[str, str]) -> list[dict[str, str]] | None:
    # An empty list is not sent.
    return [{"Key": key, "Value": value} for key, value in tags.items()] or None


def in_whole_seconds(value: Any) -> Any:
    """Return an instant, or a value with its instants, without fractions of a second."""
    if isinstance(value, datetime):
        return value.replace(microsecond=0)
    if not isinstance(value, Value):
        return value
    parts = {each.name: getattr(value, each.name) for each in attributes_of(type(value))}
    changed = {
        name: part.replace(microsecond=0)
        for name, part in parts.items()
        if isinstance(part, datetime) and part.microsecond
    }
    return record_of(type(value), value, **changed) if changed else value


def _as_instant_in_whole_seconds(value: Any) -> Any:
    return in_whole_seconds(as_instant(value))


def _true_or_none(value: bool) -> bool | None:  # noqa: FBT001 - an argument that is written
    return value or None


def _word(value: OpenEnum) -> str:
    return str(value.value)


_TOKEN = plain(TOKEN_MEMBER, IdempotencyToken, optional=True)
PAGE_SIZE = plain("MaxResults", PageSize, optional=True)
NEXT_TOKEN = plain("NextToken", NextToken, optional=True)


# Rules


def at_least_one_of(*names: str) -> Rule:
    """Declare that a call must pass at least one of these optional arguments."""
    first, second, *others = names
    choices = f"at least one of {', '.join(names)}" if others else f"{first}, {second} or both"

    def check(*values: object) -> Sequence[Violation]:
        if any(value is not None for value in values):
            return ()
        return violation("missing", f"nothing to update: pass {choices}")

    return Rule(*names, description="at least one of them", check=check)


def _ends_after_start(start_time: object, end_time: object) -> Sequence[Violation]:
    return interval_violations(start_time, end_time, "end_time")


ENDS_AFTER_START = Rule(
    "start_time", "end_time", description="the end is after the start", check=_ends_after_start
)


# Operations


def creates(
    name: str, method: str, result: Result[R], kind: type[Value], /, **arguments: Argument
) -> Operation[R]:
    """Declare an operation that creates something, once for each idempotency token."""
    arguments["idempotency_token"] = _TOKEN
    return Operation(name, method, Repeat.CREATES, arguments, result, kind)


def gets(name: str, method: str, kind: type[V], /, **arguments: Argument) -> Operation[V]:
    """Declare an operation whose response is read as a `kind`."""

    def read(_: Arguments, response: Response) -> V:
        return reader_of(kind)(response)

    return Operation(name, method, Repeat.READS, arguments, read, kind)


def lists(
    name: str,
    method: str,
    kind: type[V],
    member: str,
    /,
    *,
    required: bool = False,
    known: Callable[[Arguments], Mapping[str, object]] | None = None,
    rules: tuple[Rule, ...] = (),
    **arguments: Argument,
) -> Operation[ListingPage[V]]:
    """Declare an operation whose response is a page of a list.

    Args:
        name: AWS's name.
        method: the method of this package.
        kind: the class of the items.
        member: AWS's name of the list in the response.
        required: whether AWS's model requires the list in the response.
        known: returns members of the arguments that are added to every item.
        rules: the rules about several arguments.
        **arguments: the arguments.
    """

    def read(checked: Arguments, response: Response) -> ListingPage[V]:
        token = response.get("NextToken")
        if token is not None and not isinstance(token, str):
            raise ResponseDecodeError("must be a str", path="NextToken")
        read_items = items_reader_of(kind, member, required=required)
        found = read_items(response, None if known is None else known(checked))
        # Some services end a list with an empty token.
        return ListingPage(found, token or None)

    arguments["next_token"] = NEXT_TOKEN
    return Operation(name, method, Repeat.READS, arguments, read, kind, member, required, rules)


def changes(
    name: str,
    method: str,
    repeat: Repeat,
    /,
    *,
    rules: tuple[Rule, ...] = (),
    **arguments: Argument,
) -> Operation[None]:
    """Declare an operation whose response has no members."""
    return Operation(name, method, repeat, arguments, _discard, rules=rules)


def _discard(_: Arguments, __: Response) -> None:
    """Discard the response."""


def str_in(response: Response, member: str) -> str:
    """Return a member of a response that must be a str, such as the ARN of what was created."""
    value = response.get(member)
    if not isinstance(value, str):
        problem = "is missing" if value is None else f"must be a str (got {type(value).__name__})"
        raise ResponseDecodeError(problem, path=member)
    return value
