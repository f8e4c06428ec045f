"""Our checks and the embedded service accept and reject the same values, at every edge.

The service validates by botocore's model alone, so this compares two implementations of AWS's
rules. Each member of a request takes values around its limits: one item or character too few, the
smallest and the largest number, one too many, each character of ASCII and some others, each word.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any, cast, get_args, get_origin

import pytest
from arns import channel_arn, contact_arn, engagement_arn, page_arn, rotation_arn
from attrs import frozen
from botocore.model import ListShape, Shape, StringShape, StructureShape
from strategies import AWS

from ssm_contacts_sdk._resources.table import OPERATIONS
from ssm_contacts_sdk._schema.converters import OpenEnum
from ssm_contacts_sdk._schema.fields import (
    KeyedBy,
    OneOf,
    aws_path,
    bare_type,
    fields_of,
    metadata_of,
    without_none,
)
from ssm_contacts_sdk._schema.values import Value, check_of
from ssm_contacts_sdk.local._contract import Shapes
from ssm_contacts_sdk.local._validation import Violations

SHAPES = Shapes()
CHARACTERS = [*map(chr, range(128)), *"éßΩǅʰ字３²Ⅷ_\u0301\u00a0\u2028\u3000🚨\u200b\ud800"]
# A legal value of each pattern that is more than a set of characters.
EXAMPLES = {
    "SsmContactsArn": [
        contact_arn("a"),
        channel_arn("a"),
        rotation_arn("a"),
        engagement_arn("a"),
        page_arn("a"),
    ],
    "AmazonResourceName": [contact_arn("a")],
    "Uuid": ["6b0e3a2b-1d9c-4b57-9d3c-3c1d0a1f0a11"],
    "TimeZoneId": ["UTC"],
}
# The zones that exist, and the kinds of ARN that have tags: our checks know more than AWS's model.
STRICTER = {"AmazonResourceName", "TimeZoneId"}
# A page without items, an empty token, and a request that changes nothing have no use.
NOT_EMPTY = {"IdempotencyToken", "MaxResults", "PaginationToken", "TagKeyList"}
# Patterns that are not checked here, because they are of something that AWS creates or parses.
LAXER = {"IncidentId", "Policy"}


@frozen
class Member:
    """A member of requests: our annotation, and AWS's shape."""

    annotation: Any
    shape: Shape

    def is_accepted_by_us(self, value: object) -> bool:
        kind = bare_type(self.annotation)
        if isinstance(kind, type) and issubclass(kind, OpenEnum):
            value = kind(value)
        return not check_of(self.annotation)(value)

    def is_accepted_by_the_service(self, value: object) -> bool:
        violations = Violations(most=1)
        sent = value
        if isinstance(value, tuple):
            sent = list(cast("tuple[object, ...]", value))
        SHAPES.of(self.shape)(sent, (), violations)
        return violations.count == 0


def members() -> Iterator[tuple[str, Member]]:
    """Yield every member of a request, and the items and members of which it consists."""
    for operation in OPERATIONS.values():
        shape = AWS.operation_model(operation.name).input_shape
        assert shape is not None
        for name, argument in operation.arguments.items():
            inner = at(shape, argument.member.split(".") if argument.member else [])
            yield from parts(f"{operation.method}({name})", argument.annotation, inner)


def at(shape: Shape, path: list[str]) -> Shape:
    for each in path:
        shape = cast("StructureShape", shape).members[each]
    return shape


def parts(where: str, annotation: Any, shape: Shape) -> Iterator[tuple[str, Member]]:
    annotation = without_none(annotation)
    bare = bare_type(annotation)
    unions = [each for each in metadata_of(annotation) if isinstance(each, OneOf)]
    if unions:
        for name, kind in unions[0].members.items():
            yield from parts(f"{where}.{name}", kind, at(shape, [name]))
    elif isinstance(bare, type) and issubclass(bare, Value):
        for field in fields_of(bare):
            inner = at(shape, list(aws_path(field)))
            yield from parts(f"{where}.{field.name}", field.type, inner)
    elif any(isinstance(each, KeyedBy) for each in metadata_of(annotation)):
        return
    elif get_origin(bare) is tuple:
        assert isinstance(shape, ListShape)
        if isinstance(shape.member, StringShape):
            yield where, Member(annotation, shape)
        yield from parts(f"{where}[]", get_args(bare)[0], shape.member)
    # In Python 3.10, a generic alias is a type too.
    elif bare not in {bool, datetime, time} and isinstance(bare, type) and not get_args(bare):
        yield where, Member(annotation, shape)


def cases(member: Member) -> list[Any]:
    """Return the values at the edges of a member."""
    shape, limits = member.shape, cast("Any", member.shape).metadata
    edges = [edge for edge in (limits.get("min", 0), limits.get("max")) if edge is not None]
    sizes = sorted({size for edge in edges for size in (edge - 1, edge, edge + 1)})
    if shape.type_name == "integer":
        return sizes
    sizes = [size for size in sizes if size >= 0]
    if isinstance(shape, ListShape):
        return [items(member, size) for size in sizes]
    if cast("StringShape", shape).enum:
        words = cast("StringShape", shape).enum
        return [*words, *map(str.lower, words), *(f"{word}S" for word in words), ""]
    text = legal_text(member)
    # Characters come in the middle, at the end, and alone: a pattern may treat these differently.
    several = [text + "\n", *(text + each for each in CHARACTERS)]
    if shape.name not in EXAMPLES:
        several += [each * max(1, limits.get("min", 1)) for each in CHARACTERS]
        several += [each + text for each in CHARACTERS]
    return [text, *(of_length(text, size) for size in sizes), *several]


def of_length(text: str, size: int) -> str:
    return text[:size].ljust(size, text[-1])


def legal_text(member: Member) -> str:
    shape = member.shape
    least: int = max(1, cast("Any", shape).metadata.get("min", 1))
    texts = EXAMPLES.get(shape.name, ["1" * least])
    return next(text for text in texts if member.is_accepted_by_us(text))


def items(member: Member, size: int) -> tuple[Any, ...]:
    item = without_none(get_args(bare_type(member.annotation))[0])
    inner = Member(item, cast("ListShape", member.shape).member)
    return (legal_text(inner),) * size


MEMBERS = dict(members())


def is_intended(member: Member, value: Any) -> bool:
    """Return whether only one of both accepts a value for a reason that is listed above."""
    name = member.shape.name
    if member.is_accepted_by_us(value):
        return name in LAXER
    # Our pattern of a name is that of one line.
    is_of_lines = name == "Member" and "\n" in value
    return name in STRICTER or is_of_lines or (name in NOT_EMPTY and not value)


def test_the_members_of_all_requests_are_compared() -> None:
    assert len(MEMBERS) > 100
    operations = {where.partition("(")[0] for where in MEMBERS}
    assert operations == {operation.method for operation in OPERATIONS.values()}
    assert {
        "contacts.create(contact).alias",
        "contacts.create(contact).plan.stages[].duration_in_minutes",
        "contacts.create(contact).plan.stages[].targets[].ChannelTargetInfo.contact_channel_id",
        "rotations.create(rotation).contact_ids[]",
        "rotations.create(rotation).recurrence.monthly_settings[].day_of_month",
        "channels.update(delivery_address)",
        "pages.accept(type)",
    } <= MEMBERS.keys()


@pytest.mark.parametrize("where", MEMBERS)
def test_we_and_the_service_accept_the_same_values(where: str) -> None:
    member = MEMBERS[where]
    compared = [
        (value, member.is_accepted_by_us(value), member.is_accepted_by_the_service(value))
        for value in cases(member)
    ]
    # There are values that both accept, and values that both reject.
    assert {(True, True), (False, False)} <= {(us, service) for _, us, service in compared}
    differing = [value for value, us, service in compared if us != service]
    assert [value for value in differing if not is_intended(member, value)] == []


def test_tags_have_the_same_limits() -> None:
    tags = OPERATIONS["CreateContact"].arguments["tags"].annotation
    for count, is_accepted in [(50, True), (51, False)]:
        many = {f"k{number}": "v" for number in range(count)}
        assert (not check_of(tags)(many)) is is_accepted
        assert accepted_tags(many) is is_accepted
    for key, value in [*((each, "v") for each in TAG_TEXTS), *(("k", each) for each in TAG_TEXTS)]:
        assert (not check_of(tags)({key: value})) is accepted_tags({key: value}), (key, value)


TAG_TEXTS = [
    *CHARACTERS,
    *(f"k{each}" for each in CHARACTERS),
    *("k" * size for size in (0, 1, 128, 129, 256, 257)),
]


def accepted_tags(tags: dict[str, str]) -> bool:
    shape = at(cast("Shape", AWS.operation_model("CreateContact").input_shape), ["Tags"])
    sent = tuple({"Key": key, "Value": value} for key, value in tags.items())
    return Member(None, shape).is_accepted_by_the_service(sent)
