"""What differs between the declarations of this package and a model of AWS's.

It compares the members, the types, the limits, the patterns and the words of everything that the
operations send and return.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Mapping as AbstractMapping
from datetime import datetime, time
from importlib import import_module
from pkgutil import iter_modules
from typing import Annotated, Any, cast, get_args, get_origin

import attrs
from botocore.model import (
    ListShape,
    MapShape,
    OperationModel,
    ServiceModel,
    Shape,
    StringShape,
    StructureShape,
)

from ssm_contacts_sdk import _models
from ssm_contacts_sdk._models.arns import Arn
from ssm_contacts_sdk._operations import Argument, Operation
from ssm_contacts_sdk._resources.table import OPERATIONS
from ssm_contacts_sdk._schema.constraints import Between
from ssm_contacts_sdk._schema.converters import OpenEnum
from ssm_contacts_sdk._schema.descriptions import constraints_of
from ssm_contacts_sdk._schema.fields import (
    Field,
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
    "ChannelRecord as GetContactChannelResult.type: AWS requires it, and it may be absent",
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
        f"OverrideRecord as GetRotationOverrideResult.{field}: AWS does not require it, and its "
        "absence is not declared"
        for field in ("rotation_arn", "id", "new_contact_ids", "start_time", "end_time")
    ),
    "ContactPolicy as GetContactPolicyResult.text: AWS does not require it, and its absence is "
    "not declared",
    # AWS's CloudFormation reference: one kind of hand-off, so a list of it is not empty.
    "Recurrence.daily_settings: least 1, and AWS has None",
    "Recurrence.weekly_settings: least 1, and AWS has None",
    "Recurrence.monthly_settings: least 1, and AWS has None",
    # The model has one list of ARNs for responses, with fewer than a rotation can have.
    "OverrideRecord as GetRotationOverrideResult.new_contact_ids: most 30, and AWS has 25",
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
    # An empty token or prefix, a page without items and a request that changes nothing.
    *(
        f"{operation.method}({name}): least 1, and AWS has None"
        for operation in OPERATIONS.values()
        for name in ("idempotency_token", "next_token", "page_size")
        if name in operation.arguments
    ),
    "tags.add(tags): least 1, and AWS has None",
    "tags.remove(keys): least 1, and AWS has None",
    # The tags of a resource are at most as many as one may add.
    "tags.list(): AWS has limits of the list: {'min': 0, 'max': 50}",
    # As for the class.
    "channels.create: AWS requires Type, and it may be absent",
}

TYPES: Mapping[Any, set[str]] = {
    bool: {"boolean"},
    int: {"integer"},
    str: {"string"},
    datetime: {"timestamp"},
    time: {"structure"},
    # Keys and values.
    AbstractMapping: {"list"},
}
# What other structures than those of a class return in any case.
RETURNED: Mapping[str, set[str]] = {
    "CreateContact": {"ContactArn"},
    "CreateContactChannel": {"ContactChannelArn"},
    "CreateRotation": {"RotationArn"},
    "CreateRotationOverride": {"RotationOverrideId"},
    "StartEngagement": {"EngagementArn"},
}
# Structures with one member, which AWS requires.
NOT_EMPTY = {"ShiftDetails"}
# The parts of a time of day.
TIME: Mapping[str, Any] = {
    "HourOfDay": Annotated[int, Between(0, 23)],
    "MinuteOfHour": Annotated[int, Between(0, 59)],
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
    found = {
        difference
        for kind in kinds()
        for shape in shapes_of(kind)
        for difference in _of_kind(kind, service.shape_for(shape), _name(kind, shape))
    }
    for name in sorted(set(service.operation_names) ^ OPERATIONS.keys()):
        found.add(f"{name}: it is either not declared, or not in AWS's model")
    for name in sorted(set(service.operation_names) & OPERATIONS.keys()):
        found |= set(_of_operation(OPERATIONS[name], service.operation_model(name)))
    return found


def _name(kind: type[Value], shape: str) -> str:
    is_first = shape == shapes_of(kind)[0]
    return kind.__name__ if is_first else f"{kind.__name__} as {shape}"


def shapes_of(kind: type[Value]) -> list[str]:
    """Return the names of the structures that are read or written as a class."""
    also = ALSO.get(kind.__name__)
    return [cast("Any", kind)._aws_shape, *([also] if also else [])]


def _of_operation(operation: Operation[Any], model: OperationModel) -> Iterator[str]:
    yield from _of_input(operation, cast("StructureShape", model.input_shape))
    yield from _of_output(operation, cast("StructureShape", model.output_shape))


def _of_input(operation: Operation[Any], shape: StructureShape) -> Iterator[str]:
    declared, always = set[str](), set[str]()
    for name, argument in operation.arguments.items():
        where = f"{operation.method}({name})"
        if not argument.member:
            if shape.name not in shapes_of(argument.annotation):
                yield f"{where}: AWS has the structure {shape.name}"
            fields = fields_of(argument.annotation)
            declared |= {aws_path(field)[0] for field in fields}
            always |= {aws_path(f)[0] for f in fields if absent_value(f) is attrs.NOTHING}
            continue
        member = _at(shape, argument.member)
        declared.add(argument.member.partition(".")[0])
        if _is_always_sent(argument):
            always.add(argument.member)
        if member is None:
            yield f"{where}: {argument.member} is not in AWS's model"
        else:
            yield from _of_member(where, argument.annotation, member)
            if "." in argument.member:
                yield from _of_shared_structure(operation, shape, argument.member)
    for name in sorted(shape.members.keys() - declared):
        yield f"{operation.method}: {name} is not declared"
    for name in sorted(set(shape.required_members) - always):
        yield f"{operation.method}: AWS requires {name}, and it may be absent"
    for name in sorted({each for each in always if "." not in each} - set(shape.required_members)):
        yield f"{operation.method}: AWS does not require {name}, and it is always sent"


def _at(shape: Shape | None, path: str) -> Shape | None:
    for each in path.split("."):
        if not isinstance(shape, StructureShape):
            return None
        shape = shape.members.get(each)
    return shape


def _is_always_sent(argument: Argument) -> bool:
    # False, and an empty list of structures, are not sent.
    bare = bare_type(argument.annotation)
    is_left_out = bare is bool or (get_origin(bare) is tuple and _is_value(get_args(bare)[0]))
    return not is_left_out and (not argument.is_optional or argument.is_filled_in)


def _is_value(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Value)


def _of_shared_structure(
    operation: Operation[Any], shape: StructureShape, member: str
) -> Iterator[str]:
    """Compare the members of a structure that consists of several arguments."""
    outer = member.partition(".")[0]
    structure = cast("StructureShape", shape.members[outer])
    paths = [argument.member for argument in operation.arguments.values()]
    declared = {path.partition(".")[2] for path in paths if path.startswith(f"{outer}.")}
    for name in sorted(declared ^ structure.members.keys()):
        yield f"{operation.method}: {outer}.{name} is either not declared, or not in AWS's model"
    for name in sorted(structure.required_members):
        yield f"{operation.method}: AWS requires {outer}.{name}"


def _of_output(operation: Operation[Any], shape: StructureShape) -> Iterator[str]:
    where, members = f"{operation.method}()", dict(shape.members)
    if operation.is_paged:
        token = members.pop("NextToken", None)
        if token is None or token.type_name != "string":
            yield f"{where}: NextToken is not a str in AWS's model"
        if "NextToken" in shape.required_members:
            yield f"{where}: AWS requires NextToken"
    if operation.list_member:
        yield from _of_list(where, operation, shape)
        members.pop(operation.list_member, None)
    elif operation.kind is not None:
        yield from _of_result(where, operation, shape)
        members = {}
    for name in sorted(members):
        yield f"{where}: {name} is not declared"


def _of_list(where: str, operation: Operation[Any], shape: StructureShape) -> Iterator[str]:
    assert operation.kind is not None
    items = shape.members.get(operation.list_member)
    if not isinstance(items, ListShape):
        yield f"{where}: {operation.list_member} is not a list in AWS's model"
    elif items.member.name not in shapes_of(operation.kind):
        yield f"{where}: AWS has a list of {items.member.name}"
    elif items.metadata:
        yield f"{where}: AWS has limits of the list: {items.metadata}"
    is_required = operation.list_member in shape.required_members
    if is_required != operation.is_list_required:
        yield f"{where}: the list is required: {is_required} in AWS's model"


def _of_result(where: str, operation: Operation[Any], shape: StructureShape) -> Iterator[str]:
    assert operation.kind is not None
    fields = {aws_path(field)[0]: field for field in fields_of(operation.kind)}
    for name in sorted(shape.members.keys() & fields.keys()):
        member = _at(shape, ".".join(aws_path(fields[name])))
        # The comparison of the class names a member that is missing.
        if member is not None:
            yield from _of_type(f"{where}.{name}", fields[name].type, member)
    # The service need not return what was sent.
    sent = {argument.member for argument in operation.arguments.values()}
    for name in sorted(shape.members.keys() - fields.keys() - sent):
        yield f"{where}: {name} is not declared"
    if shape.name not in shapes_of(operation.kind):
        required = RETURNED.get(operation.name, set())
        for name in sorted(required ^ set(shape.required_members)):
            yield f"{where}: {name} is required in one of both"


def _of_kind(kind: type[Value], shape: Shape, title: str) -> Iterator[str]:
    if not isinstance(shape, StructureShape):
        yield f"{title}: AWS has a {shape.type_name}"
        return
    fields = {aws_path(field)[0]: field for field in fields_of(kind)}
    arguments, added = ARGUMENTS.get(shape.name, set()), ADDED.get(shape.name, set())
    for name in sorted(shape.members.keys() - fields.keys() - arguments):
        yield f"{title}: {name} is not declared"
    for name in sorted((fields.keys() - added | arguments) - shape.members.keys()):
        yield f"{title}: {name} is not in AWS's model"
    if shape.name.endswith("Result"):
        for name in sorted(arguments & set(shape.required_members)):
            yield f"{title}: AWS requires {name}"
    for name in sorted(fields.keys() & shape.members.keys()):
        yield from _of_field(f"{title}.{fields[name].name}", fields[name], shape)


def _of_field(where: str, field: Field, shape: StructureShape) -> Iterator[str]:
    path = aws_path(field)
    is_required = path[0] in shape.required_members
    may_be_absent = absent_value(field) is not attrs.NOTHING
    if is_required and may_be_absent:
        yield f"{where}: AWS requires it, and it may be absent"
    if not is_required and not may_be_absent:
        yield f"{where}: AWS does not require it, and its absence is not declared"
    member = _at(shape, ".".join(path))
    if member is None:
        yield f"{where}: {'.'.join(path)} is not in AWS's model"
        return
    if len(path) > 1:
        yield from _of_wrapper(where, cast("StructureShape", shape.members[path[0]]))
    yield from _of_member(where, field.type, member)


def _of_wrapper(where: str, wrapper: StructureShape) -> Iterator[str]:
    """Compare a structure of which only one member is read or written."""
    if len(wrapper.members) > 1:
        yield f"{where}: {wrapper.name} has the members {sorted(wrapper.members)}"
    if bool(wrapper.required_members) != (wrapper.name in NOT_EMPTY):
        yield f"{where}: AWS requires {wrapper.required_members} of {wrapper.name}"


def _of_member(where: str, annotation: Any, member: Shape) -> Iterator[str]:
    annotation = without_none(annotation)
    if wrong := list(_of_type(where, annotation, member)):
        yield from wrong
        return
    yield from _of_limits(where, annotation, member)
    bare = bare_type(annotation)
    unions = [each for each in metadata_of(annotation) if isinstance(each, OneOf)]
    if unions:
        yield from _of_union(where, unions[0], cast("StructureShape", member))
    elif bare is time:
        yield from _of_time(where, cast("StructureShape", member))
    elif isinstance(member, (ListShape, MapShape)):
        yield from _of_items(where, annotation, member)
    elif isinstance(member, StringShape) and (member.enum or _is_enum(bare)):
        words = sorted(bare.__members__) if _is_enum(bare) else []
        if words != sorted(member.enum):
            yield f"{where}: {words}, and AWS has {sorted(member.enum)}"


def _of_union(where: str, union: OneOf, member: StructureShape) -> Iterator[str]:
    declared, actual = set(union.members), set(member.members)
    if declared != actual:
        yield f"{where}: one of {sorted(declared)}, and AWS has {sorted(actual)}"
    if member.required_members:
        yield f"{where}: AWS requires {member.required_members}"


def _of_items(where: str, annotation: Any, member: ListShape | MapShape) -> Iterator[str]:
    bare = bare_type(annotation)
    if isinstance(member, MapShape):
        (key,) = (each.field for each in metadata_of(annotation) if isinstance(each, KeyedBy))
        entry = {field.name: field.type for field in fields_of(get_args(bare)[0])}
        yield from _of_member(f"{where}.key", entry.pop(key), member.key)
        ((_, value),) = entry.items()
        yield from _of_member(f"{where}.value", value, member.value)
    elif get_origin(bare) is tuple:
        yield from _of_member(f"{where}[]", get_args(bare)[0], member.member)
    elif member.member.name != "Tag":
        # The class of keys and values is only declared for this comparison.
        yield f"{where}: AWS has a list of {member.member.name}"


def _of_time(where: str, member: StructureShape) -> Iterator[str]:
    for name in sorted(member.members.keys() ^ TIME.keys()):
        yield f"{where}.{name} is in one of both"
    for name in sorted(set(member.required_members) ^ TIME.keys()):
        yield f"{where}.{name} is required in one of both"
    for name in sorted(member.members.keys() & TIME.keys()):
        yield from _of_member(f"{where}.{name}", TIME[name], member.members[name])


def _is_enum(bare: Any) -> bool:
    return isinstance(bare, type) and issubclass(bare, OpenEnum)


def _of_type(where: str, annotation: Any, member: Shape) -> Iterator[str]:
    bare = bare_type(without_none(annotation))
    if any(isinstance(each, OneOf) for each in metadata_of(without_none(annotation))):
        expected = {"structure"}
    elif _is_value(bare):
        expected = {"structure"}
        if member.type_name == "structure" and member.name not in shapes_of(bare):
            yield f"{where}: {bare.__name__}, and AWS has the structure {member.name}"
    elif any(isinstance(each, KeyedBy) for each in metadata_of(without_none(annotation))):
        expected = {"map"}
    elif get_origin(bare) is tuple:
        expected = {"list"}
    elif _is_enum(bare):
        expected = {"string"}
    else:
        expected = TYPES[get_origin(bare) or bare]
    if member.type_name not in expected:
        yield f"{where}: {bare}, and AWS has a {member.type_name}"


def _of_limits(where: str, annotation: Any, member: Shape) -> Iterator[str]:
    """Yield the differing limits of the value itself; a smallest length of 0 is no limit."""
    metadata: Mapping[str, Any] = cast("Any", member).metadata
    constraints = list(constraints_of(annotation))

    def limits(name: str) -> list[Any]:
        return [limit for each in constraints if (limit := getattr(each, name, None))]

    declared: dict[str, Any] = {
        "least": max(limits("least"), default=None),
        "most": min(limits("most"), default=None),
        "pattern": next(iter(limits("aws_pattern")), None),
    }
    actual = {
        "least": metadata.get("min") or None,
        "most": metadata.get("max"),
        "pattern": metadata.get("pattern"),
    }
    for limit, value in declared.items():
        if value != actual[limit]:
            yield f"{where}: {limit} {value!r}, and AWS has {actual[limit]!r}"
