"""The declarations of values are compared with AWS's model, as the installed botocore has it.

Each intended difference is listed here with its reason. For any other difference a test fails, and
names what AWS changed: a new member, a changed limit, pattern or word, a member that became
required. The last tests change a copy of the model in each of these ways.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, cast, get_args, get_origin

import attrs
import pytest
from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, ServiceModel, Shape, StringShape, StructureShape

import ssm_contacts_sdk
from ssm_contacts_sdk import _models
from ssm_contacts_sdk._models.arns import Arn
from ssm_contacts_sdk._schema.converters import OpenEnum
from ssm_contacts_sdk._schema.descriptions import constraints_of
from ssm_contacts_sdk._schema.fields import (
    KeyedBy,
    OneOf,
    absent_value,
    aws_path,
    bare_type,
    fields_of,
    metadata_of,
    without_none,
)
from ssm_contacts_sdk._schema.values import Value

MODEL: dict[str, Any] = Loader().load_service_model("ssm-contacts", "service-2")

# Members of requests that are arguments of a method, and not fields of a value.
ARGUMENTS = {
    "CreateContactRequest": {"IdempotencyToken", "Tags"},
    "CreateContactChannelRequest": {"ContactId", "DeferActivation", "IdempotencyToken"},
    "CreateRotationRequest": {"IdempotencyToken", "Tags"},
    "CreateRotationOverrideRequest": {"IdempotencyToken", "RotationId"},
    "GetContactPolicyResult": {"ContactArn"},
    "PutContactPolicyRequest": {"ContactArn"},
}
# Other structures that are read as one of the classes.
ALSO = {
    "ChannelRecord": "GetContactChannelResult",
    "ContactPolicy": "GetContactPolicyResult",
    "OverrideRecord": "GetRotationOverrideResult",
}
# The items of a list do not contain the ARN of their rotation.
ADDED = {"RotationOverride": {"RotationArn"}}
# Intended differences, and their reasons.
MEANT = {
    # One class for the request, the record and the items of a list, which may leave more out.
    "Channel.type: AWS requires it, and it may be absent",
    "ChannelRecord.type: AWS requires it, and it may be absent",
    "ChannelRecord.activation_status: AWS requires it, and it may be absent",
    "OverrideRecord.create_time: AWS requires it, and it may be absent",
    # The service leaves it out of a rotation that was created without one.
    "RotationRecord.start_time: AWS requires it, and it may be absent",
    # A tag without a key, or a preview's override without its end, has no use.
    "Tag.key: AWS does not require it, and its absence is not declared",
    "PreviewOverride.new_members: AWS does not require it, and its absence is not declared",
    "PreviewOverride.start_time: AWS does not require it, and its absence is not declared",
    "PreviewOverride.end_time: AWS does not require it, and its absence is not declared",
    # GetRotationOverride and GetContactPolicy require nothing in AWS's model.
    *(
        f"OverrideRecord.{field}: AWS does not require it, and its absence is not declared"
        for field in ("rotation_arn", "id", "new_contact_ids", "start_time", "end_time")
    ),
    "ContactPolicy.text: AWS does not require it, and its absence is not declared",
    # AWS's CloudFormation reference: one kind of hand-off, so a list of it is not empty.
    "Recurrence.daily_settings: least 1, and AWS has None",
    "Recurrence.weekly_settings: least 1, and AWS has None",
    "Recurrence.monthly_settings: least 1, and AWS has None",
    # The model has one list of ARNs for responses, with fewer than a rotation can have.
    "OverrideRecord.new_contact_ids: most 30, and AWS has 25",
    "RotationSummary.contact_ids: most 30, and AWS has 25",
    "Shift.contact_ids: most 30, and AWS has 25",
    "Shift.overridden_contact_ids: most 30, and AWS has 25",
    # The members of a preview's shifts are not ARNs.
    *(
        f"Shift.{field}[]: {difference}"
        for field in ("contact_ids", "overridden_contact_ids")
        for difference in (
            "most 512, and AWS has 2048",
            rf"pattern '.*\\S.*', and AWS has {Arn.aws_pattern!r}",
        )
    ),
}


def kinds() -> Iterator[type[Value]]:
    """Yield every class of values that has a structure of AWS's."""
    for module in iter_modules(_models.__path__, "ssm_contacts_sdk._models."):
        members: dict[str, Any] = vars(import_module(module.name))
        for member in list(members.values()):
            if isinstance(member, type) and "_aws_shape" in vars(member):
                yield member


def differences(model: Mapping[str, Any]) -> set[str]:
    """Return what differs between the declarations and `model`."""
    service = ServiceModel(model, "ssm-contacts")
    shapes = [(kind, cast("Any", kind)._aws_shape) for kind in kinds()]
    shapes += [(kind, ALSO[kind.__name__]) for kind in kinds() if kind.__name__ in ALSO]
    return {
        difference
        for kind, shape in shapes
        for difference in _of_kind(kind, service.shape_for(shape))
    }


def _of_kind(kind: type[Value], shape: Shape) -> Iterator[str]:
    assert isinstance(shape, StructureShape)
    fields = {aws_path(field)[0]: field for field in fields_of(kind)}
    arguments, added = ARGUMENTS.get(shape.name, set()), ADDED.get(shape.name, set())
    for name in sorted(shape.members.keys() - fields.keys() - arguments):
        yield f"{kind.__name__}: {name} is not declared"
    for name in sorted(fields.keys() - shape.members.keys() - added):
        yield f"{kind.__name__}: {name} is not in AWS's model"
    for name in sorted(fields.keys() & shape.members.keys()):
        field, where = fields[name], f"{kind.__name__}.{fields[name].name}"
        may_be_absent = absent_value(field) is not attrs.NOTHING
        if name in shape.required_members and may_be_absent:
            yield f"{where}: AWS requires it, and it may be absent"
        if name not in shape.required_members and not may_be_absent:
            yield f"{where}: AWS does not require it, and its absence is not declared"
        member = shape.members[name]
        for inner in aws_path(field)[1:]:
            member = cast("StructureShape", member).members[inner]
        yield from _of_member(where, field.type, member)


def _of_member(where: str, annotation: Any, member: Shape) -> Iterator[str]:
    annotation = without_none(annotation)
    yield from _of_limits(where, annotation, member)
    unions = [each for each in metadata_of(annotation) if isinstance(each, OneOf)]
    bare = bare_type(annotation)
    if unions:
        declared, actual = set(unions[0].members), set(cast("StructureShape", member).members)
        if declared != actual:
            yield f"{where}: one of {sorted(declared)}, and AWS has {sorted(actual)}"
    elif isinstance(member, MapShape):
        assert any(isinstance(each, KeyedBy) for each in metadata_of(annotation))
    elif isinstance(member, ListShape):
        assert get_origin(bare) is tuple
        yield from _of_member(f"{where}[]", get_args(bare)[0], member.member)
    elif isinstance(member, StringShape) and member.enum:
        assert issubclass(bare, OpenEnum)
        if sorted(bare.__members__) != sorted(member.enum):
            yield f"{where}: {sorted(bare.__members__)}, and AWS has {sorted(member.enum)}"


def _of_limits(where: str, annotation: Any, member: Shape) -> Iterator[str]:
    """Yield the differing limits of the value itself; a smallest length of 0 is no limit."""
    metadata: Mapping[str, Any] = cast("Any", member).metadata
    declared: dict[str, Any] = {"least": None, "most": None, "pattern": None}
    for each in constraints_of(annotation):
        declared["least"] = getattr(each, "least", None) or None
        declared["most"] = getattr(each, "most", None)
        declared["pattern"] = getattr(each, "aws_pattern", None)
    actual = {
        "least": metadata.get("min") or None,
        "most": metadata.get("max"),
        "pattern": metadata.get("pattern"),
    }
    for limit, value in declared.items():
        if value != actual[limit]:
            yield f"{where}: {limit} {value!r}, and AWS has {actual[limit]!r}"


def test_the_declarations_differ_from_the_model_only_where_it_is_intended() -> None:
    assert differences(MODEL) == MEANT


def test_every_public_class_of_values_is_compared() -> None:
    public = {getattr(ssm_contacts_sdk, name) for name in ssm_contacts_sdk.__all__}
    values = {
        each
        for each in public
        if isinstance(each, type) and issubclass(each, Value) and _is_of_the_models(each)
    }
    # ShiftCoverage is an entry of a map, which has no structure of its own.
    assert {each.__name__ for each in values - set(kinds())} == {"ShiftCoverage"}


def _is_of_the_models(kind: type) -> bool:
    return any(
        kind.__name__ in vars(import_module(module.name))
        for module in iter_modules(_models.__path__, "ssm_contacts_sdk._models.")
    )


def _new_member(shapes: dict[str, Any]) -> None:
    shapes["Stage"]["members"]["Colour"] = {"shape": "Subject"}


def _removed_member(shapes: dict[str, Any]) -> None:
    del shapes["Page"]["members"]["ReadTime"]


def _required_member(shapes: dict[str, Any]) -> None:
    shapes["CreateContactRequest"]["required"].append("DisplayName")


def _optional_member(shapes: dict[str, Any]) -> None:
    shapes["ResolutionContact"]["required"].remove("Type")


def _limit(shapes: dict[str, Any]) -> None:
    shapes["StageDurationInMins"]["max"] = 60


def _length(shapes: dict[str, Any]) -> None:
    shapes["ContactAlias"]["min"] = 2


def _count(shapes: dict[str, Any]) -> None:
    shapes["RotationContactsArnList"]["max"] = 40


def _pattern(shapes: dict[str, Any]) -> None:
    shapes["ContactAlias"]["pattern"] = r"^[a-z0-9_\-.]*$"


def _pattern_that_is_not_checked(shapes: dict[str, Any]) -> None:
    shapes["Policy"]["pattern"] = r".*\S\S.*"


def _word(shapes: dict[str, Any]) -> None:
    shapes["ChannelType"]["enum"].append("PUSH")


def _target(shapes: dict[str, Any]) -> None:
    shapes["Target"]["members"]["TeamTargetInfo"] = {"shape": "ContactTargetInfo"}


CHANGES: list[tuple[Callable[[dict[str, Any]], None], str]] = [
    (_new_member, "Stage: Colour is not declared"),
    (_removed_member, "PageSummary: ReadTime is not in AWS's model"),
    (_required_member, "Contact.display_name: AWS requires it, and it may be absent"),
    (
        _optional_member,
        "Resolution.type: AWS does not require it, and its absence is not declared",
    ),
    (_limit, "Stage.duration_in_minutes: most 30, and AWS has 60"),
    (_length, "ContactSummary.alias: least 1, and AWS has 2"),
    (_count, "Rotation.contact_ids: most 30, and AWS has 40"),
    (
        _pattern,
        r"Contact.alias: pattern '^[a-z0-9_\\-]*$', and AWS has '^[a-z0-9_\\-.]*$'",
    ),
    (
        _pattern_that_is_not_checked,
        r"ContactPolicy.text: pattern '.*\\S.*', and AWS has '.*\\S\\S.*'",
    ),
    (
        _word,
        "Channel.type: ['EMAIL', 'SMS', 'VOICE'], and AWS has ['EMAIL', 'PUSH', 'SMS', 'VOICE']",
    ),
    (
        _target,
        "Stage.targets[]: one of ['ChannelTargetInfo', 'ContactTargetInfo'], and AWS has "
        "['ChannelTargetInfo', 'ContactTargetInfo', 'TeamTargetInfo']",
    ),
]


@pytest.mark.parametrize(
    ("change", "expected"), CHANGES, ids=[each.__name__.strip("_") for each, _ in CHANGES]
)
def test_a_changed_model_is_named(change: Callable[[dict[str, Any]], None], expected: str) -> None:
    model = copy.deepcopy(MODEL)
    change(model["shapes"])
    assert expected in differences(model) - MEANT
