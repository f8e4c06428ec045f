"""Values to boto3's keyword arguments, and boto3's answers to values.

Writing leaves out what is None and nothing else: an empty list of stages is something that the
service wants to see. Reading is tolerant: no rule of this package refuses what the service sends,
and a word that AWS added later is kept. But what it must have sent must be there, and a target
must be one of the two known kinds, or the whole answer is refused: a half-read plan must never be
written back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar, Union, cast, get_args

from cattrs import Converter

from ssm_contacts_sdk._errors import ResponseDecodeError, Violation
from ssm_contacts_sdk._models.channels import Channel
from ssm_contacts_sdk._models.contacts import Contact, ContactSummary
from ssm_contacts_sdk._models.engagements import (
    EngagementSummary,
    PageSummary,
    Receipt,
    Resolution,
)
from ssm_contacts_sdk._models.plans import ChannelTarget, ContactTarget, Plan, Stage
from ssm_contacts_sdk._models.policies import ContactPolicy
from ssm_contacts_sdk._models.recurrence import Recurrence
from ssm_contacts_sdk._models.rotations import (
    Override,
    PreviewOverride,
    Rotation,
    RotationSummary,
    Shift,
)
from ssm_contacts_sdk._models.rules import check
from ssm_contacts_sdk._models.tags import Tag
from ssm_contacts_sdk._privacy import hides_arguments
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._wire.reading import UnreadableError, read_list, register_readers, structure
from ssm_contacts_sdk._wire.writing import register_writers

Writable = Union[
    Channel,
    ChannelTarget,
    Contact,
    ContactPolicy,
    ContactSummary,
    ContactTarget,
    EngagementSummary,
    Override,
    PageSummary,
    Plan,
    PreviewOverride,
    Receipt,
    Recurrence,
    Resolution,
    Rotation,
    RotationSummary,
    Shift,
    Stage,
    Tag,
]
"""What has a form on the wire, their records and fuller kinds included."""

Readable = TypeVar("Readable", bound=Writable)

# The only converter of the package; nothing is registered on it later.
_converter = Converter(unstruct_collection_overrides={tuple: list})
register_readers(_converter)
register_writers(_converter)


@public
@hides_arguments
def to_kwargs(value: Writable) -> dict[str, object]:
    """What boto3 takes for `value`: plain dicts and lists, in AWS's spelling.

    Of a contact, a channel or a rotation, what the create operation takes; of a record, with its
    ARNs, what the get operation gives.

    >>> from ssm_contacts_sdk import Plan
    >>> to_kwargs(Plan()), to_kwargs(Plan.on_call())
    ({'Stages': []}, {'RotationIds': []})

    Raises:
        InvalidValueError: `value` is nothing that the service knows.
    """
    check("to_kwargs", _kind_violations("value", type(value)))
    return written_as(type(value), value)


@public
@hides_arguments
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
    check("from_response", _kind_violations("kind", kind))
    try:
        value: Readable = _converter.structure(response, kind)
    except UnreadableError as error:
        raise ResponseDecodeError(error.problem, path=error.path or None) from None
    return value


def items_of(
    kind: type[Readable],
    response: Mapping[str, object],
    name: str,
    *,
    always_there: bool = True,
    known: Mapping[str, object] | None = None,
) -> tuple[Readable, ...]:
    """Read the list `name` of `response`, which AWS's model may let the service leave out.

    `known` are members that go without saying in every item.

    Raises:
        ResponseDecodeError: it is no list, or one of its items cannot be read.
    """
    given = response.get(name)
    if given is None and not always_there:
        return ()
    if given is None:
        raise ResponseDecodeError("it is missing", path=name)
    hook = _converter.get_structure_hook(kind)

    def read(item: object) -> object:
        return hook({**known, **structure(item)} if known else item, kind)

    try:
        items = read_list(read, given)
    except UnreadableError as error:
        raise ResponseDecodeError(error.problem, path=error.within(name).path) from None
    return cast("tuple[Readable, ...]", items)


def written_as(kind: type[Writable], value: Writable) -> dict[str, object]:
    """What boto3 takes for the part of `value` that is a `kind`: of a record, no ARNs."""
    written: dict[str, object] = _converter.unstructure(value, unstructure_as=kind)
    return written


def _kind_violations(path: str, kind: object) -> Iterator[Violation]:
    if not (isinstance(kind, type) and issubclass(kind, get_args(Writable))):
        yield Violation(
            path, "must be of the service's values, such as Contact, Plan or ChannelRecord"
        )
