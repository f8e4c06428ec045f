"""The whole of botocore's model against the typed face: 39 operations, each member, each error.

A member that AWS adds to a newer botocore fails here, by name, and nowhere else.
"""

from __future__ import annotations

import inspect
from datetime import timedelta
from typing import Any, get_type_hints

import attrs
import pytest
from botocore.model import ListShape, MapShape, Shape, StructureShape
from strategies import AWS

import ssm_contacts_sdk
from ssm_contacts_sdk import (
    Channel,
    ChannelRecord,
    ChannelTarget,
    Contact,
    ContactPolicy,
    ContactRecord,
    ContactsClient,
    ContactSummary,
    ContactTarget,
    ContactType,
    CoverageTime,
    Engagement,
    EngagementSummary,
    MonthlySetting,
    Override,
    OverrideRecord,
    Page,
    PageSummary,
    Plan,
    PreviewOverride,
    Receipt,
    Recurrence,
    Resolution,
    Rotation,
    RotationRecord,
    RotationSummary,
    ServiceError,
    Shift,
    Stage,
    WeeklySetting,
)
from ssm_contacts_sdk._models.tags import Tag
from ssm_contacts_sdk._operations import OPERATIONS
from ssm_contacts_sdk._wire.names import aws_name
from ssm_contacts_sdk.local import LocalService

METHODS = {
    "AcceptPage": "pages.accept",
    "ActivateContactChannel": "channels.activate",
    "CreateContact": "contacts.create",
    "CreateContactChannel": "channels.create",
    "CreateRotation": "rotations.create",
    "CreateRotationOverride": "overrides.create",
    "DeactivateContactChannel": "channels.deactivate",
    "DeleteContact": "contacts.delete",
    "DeleteContactChannel": "channels.delete",
    "DeleteRotation": "rotations.delete",
    "DeleteRotationOverride": "overrides.delete",
    "DescribeEngagement": "engagements.describe",
    "DescribePage": "pages.describe",
    "GetContact": "contacts.get",
    "GetContactChannel": "channels.get",
    "GetContactPolicy": "contacts.get_policy",
    "GetRotation": "rotations.get",
    "GetRotationOverride": "overrides.get",
    "ListContactChannels": "channels.list",
    "ListContacts": "contacts.list",
    "ListEngagements": "engagements.list",
    "ListPageReceipts": "pages.receipts",
    "ListPageResolutions": "pages.resolutions",
    "ListPagesByContact": "pages.list_by_contact",
    "ListPagesByEngagement": "pages.list_by_engagement",
    "ListPreviewRotationShifts": "rotations.preview_shifts",
    "ListRotationOverrides": "overrides.list",
    "ListRotationShifts": "rotations.shifts",
    "ListRotations": "rotations.list",
    "ListTagsForResource": "tags.list",
    "PutContactPolicy": "contacts.put_policy",
    "SendActivationCode": "channels.send_activation_code",
    "StartEngagement": "engagements.start",
    "StopEngagement": "engagements.stop",
    "TagResource": "tags.add",
    "UntagResource": "tags.remove",
    "UpdateContact": "contacts.update",
    "UpdateContactChannel": "channels.update",
    "UpdateRotation": "rotations.update",
}

# What a parameter is to AWS, where its name is not simply AWS's in our spelling.
PARAMETERS: dict[str, set[str]] = {
    "channel": {"ContactChannelId"},
    "code": {"AcceptCode", "ActivationCode"},
    "code_validation": {"AcceptCodeValidation"},
    "contact": {"ContactArn", "ContactId"},
    "end_time": {"EndTime", "TimeRangeValue"},
    "engagement": {"EngagementId"},
    "keys": {"TagKeys"},
    "name_prefix": {"RotationNamePrefix"},
    "override": {"RotationOverrideId"},
    "page": {"PageId"},
    "page_size": {"MaxResults"},
    "resource": {"ResourceARN"},
    "rotation": {"RotationId"},
    "type": {"AcceptType", "Type"},
}
STRUCTURES: dict[str, type] = {
    "ChannelTargetInfo": ChannelTarget,
    "Contact": ContactSummary,
    "ContactChannel": ChannelRecord,
    "ContactTargetInfo": ContactTarget,
    "CoverageTime": CoverageTime,
    "Engagement": EngagementSummary,
    "MonthlySetting": MonthlySetting,
    "Page": PageSummary,
    "Plan": Plan,
    "PreviewOverride": PreviewOverride,
    "Receipt": Receipt,
    "RecurrenceSettings": Recurrence,
    "ResolutionContact": Resolution,
    "Rotation": RotationSummary,
    "RotationOverride": OverrideRecord,
    "RotationShift": Shift,
    "Stage": Stage,
    "Tag": Tag,
    "WeeklySetting": WeeklySetting,
}
# Structures that are part of a field, and the members of them that the field stands for.
PARTS_OF_FIELDS = {
    "ContactChannelAddress": {"SimpleAddress"},
    "HandOffTime": {"HourOfDay", "MinuteOfHour"},
    "ShiftDetails": {"OverriddenContactIds"},
    "Target": {"ChannelTargetInfo", "ContactTargetInfo"},
    "TimeRange": {"EndTime", "StartTime"},
}
RESULTS: dict[str, type] = {
    "CreateContact": ContactRecord,
    "CreateContactChannel": ChannelRecord,
    "CreateRotation": RotationRecord,
    "CreateRotationOverride": OverrideRecord,
    "DescribeEngagement": Engagement,
    "DescribePage": Page,
    "GetContact": ContactRecord,
    "GetContactChannel": ChannelRecord,
    "GetContactPolicy": ContactPolicy,
    "GetRotation": RotationRecord,
    "GetRotationOverride": OverrideRecord,
    "StartEngagement": Engagement,
}
CLIENT = ContactsClient.local()


def method(operation: str) -> Any:
    noun, _, verb = METHODS[operation].partition(".")
    return getattr(getattr(CLIENT, noun), verb)


def members(kind: type) -> set[str]:
    """AWS's names for the fields of a value."""
    fields: tuple[attrs.Attribute[Any], ...] = attrs.fields(kind)
    return {aws_name(kind, field.name) for field in fields}


def in_aws_spelling(name: str) -> str:
    return "".join(word.capitalize() for word in name.split("_"))


def input_of(operation: str) -> set[str]:
    shape = AWS.operation_model(operation).input_shape
    return set() if shape is None else set(shape.members)


def output_of(operation: str) -> dict[str, Shape]:
    shape = AWS.operation_model(operation).output_shape
    return {} if shape is None else dict(shape.members)


def test_there_is_one_method_for_each_operation() -> None:
    assert METHODS.keys() == OPERATIONS.keys() == set(AWS.operation_names)
    assert len(set(METHODS.values())) == len(METHODS) == 39
    nouns = {each.partition(".")[0] for each in METHODS.values()}
    reachable = {
        f"{noun}.{verb}"
        for noun in nouns
        for verb, _ in inspect.getmembers(getattr(CLIENT, noun), inspect.ismethod)
        if not verb.startswith("_")
    }
    # Of several operations.
    made_of_others = {"engagements.follow"}
    assert reachable - made_of_others == set(METHODS.values())


def test_every_method_is_carried_out_by_the_embedded_service(
    service: LocalService, client: ContactsClient
) -> None:
    daily, now = Recurrence.daily("09:00"), service.clock.now()
    tomorrow = now + timedelta(days=1)
    akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
    sms = client.channels.create(akua, Channel.sms("sms", "+15005550199"))
    client.channels.send_activation_code(sms)
    client.channels.activate(sms, service.code_for(sms))
    client.channels.update(sms, name="pager")
    client.contacts.update(akua, plan=Plan.engagement().stage(minutes=5).channel(sms).build())
    policy = ContactPolicy('{"Statement": []}')
    client.contacts.put_policy(akua, policy)
    client.tags.add(akua, {"team": "web"})
    client.tags.remove(akua, ["team"])

    rotation = client.rotations.create(
        Rotation(
            name="web", contact_ids=[akua], start_time=now, time_zone_id="UTC", recurrence=daily
        )
    )
    client.rotations.update(rotation, recurrence=daily)
    override = client.overrides.create(
        rotation, Override(new_contact_ids=[], start_time=now, end_time=tomorrow)
    )
    preview = client.rotations.preview_shifts(
        members=["a"], time_zone_id="UTC", recurrence=daily, end_time=tomorrow
    )

    engagement = client.engagements.start(akua, sender="cli", subject="s", content="c")
    page = next(client.pages.list_by_engagement(engagement))
    client.pages.accept(page, service.code_for(sms))
    client.engagements.stop(engagement)

    for found in (
        client.contacts.list(),
        client.channels.list(akua),
        client.rotations.list(),
        client.rotations.shifts(rotation, end_time=tomorrow),
        client.overrides.list(rotation, start_time=now, end_time=tomorrow),
        client.engagements.list(),
        client.pages.list_by_contact(akua),
        client.pages.receipts(page),
        client.pages.resolutions(page),
        preview,
    ):
        assert list(found)
    assert client.contacts.get(akua).arn == akua.arn
    assert client.contacts.get_policy(akua) == policy
    assert client.channels.get(sms).name == "pager"
    assert client.rotations.get(rotation).recurrence == daily
    assert client.overrides.get(rotation, override).new_contact_ids == ()
    assert client.engagements.describe(engagement).stop_time == now
    assert client.pages.describe(page).read_time == now
    assert client.tags.list(akua) == {}

    client.overrides.delete(rotation, override)
    client.rotations.delete(rotation)
    client.channels.deactivate(sms)
    client.channels.delete(sms)
    client.contacts.delete(akua)
    assert {request.operation for request in service.requests} == OPERATIONS.keys()
    assert {request.status for request in service.requests} == {200}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_docstring_of_a_method_names_its_operation(operation: str) -> None:
    first_paragraph = (inspect.getdoc(method(operation)) or "").partition("\n\n")[0]
    assert f"({operation})" in " ".join(first_paragraph.split())


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_input_member_has_a_typed_parameter_or_field(operation: str) -> None:
    taken: set[str] = set()
    for name, hint in get_type_hints(method(operation)).items():
        assert hint is not Any
        taken |= PARAMETERS.get(name, set()) | {in_aws_spelling(name)}
        if hint in (Contact, Channel, Rotation, Override, ContactPolicy):
            taken |= members(hint)
    assert input_of(operation) - taken == set()


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_output_member_has_a_typed_attribute(operation: str) -> None:
    there = set(output_of(operation))
    if operation in RESULTS:
        # What was asked for need not be told again.
        asked = input_of(operation)
        assert there - members(RESULTS[operation]) - asked == set()
    elif operation.startswith("List"):
        (items,) = there - {"NextToken"}
        shape = output_of(operation)[items]
        assert isinstance(shape, ListShape)
        assert shape.member.name in STRUCTURES
    else:
        assert there == set()


def structures() -> dict[str, StructureShape]:
    """Every structure that a request or an answer has inside of it."""
    found: dict[str, StructureShape] = {}

    def walk(shape: Shape | None) -> None:
        if isinstance(shape, ListShape):
            walk(shape.member)
        elif isinstance(shape, MapShape):
            walk(shape.value)
        elif isinstance(shape, StructureShape) and shape.name not in found:
            found[shape.name] = shape
            for member in shape.members.values():
                walk(member)

    for name in OPERATIONS:
        model = AWS.operation_model(name)
        for shape in (model.input_shape, model.output_shape):
            for member in () if shape is None else shape.members.values():
                walk(member)
    return found


@pytest.mark.parametrize("name", structures())
def test_every_member_of_a_structure_has_a_typed_field(name: str) -> None:
    known = PARTS_OF_FIELDS[name] if name in PARTS_OF_FIELDS else members(STRUCTURES[name])
    assert set(structures()[name].members) - known == set()


def test_no_structure_is_known_that_is_not_there() -> None:
    assert STRUCTURES.keys() | PARTS_OF_FIELDS.keys() == structures().keys()


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_modelled_error_is_a_class(operation: str) -> None:
    shapes: Any = AWS.operation_model(operation).error_shapes
    for shape in shapes:
        kind = getattr(ssm_contacts_sdk, shape.name.replace("Exception", "Error"))
        assert issubclass(kind, ServiceError)


ERROR_MEMBERS = {
    "DependentEntities": "dependents",
    "Fields": "fields",
    "Message": "message",
    "QuotaCode": "quota_code",
    "Reason": "reason",
    "ResourceId": "resource_id",
    "ResourceType": "resource_type",
    "RetryAfterSeconds": "retry_after",
    "ServiceCode": "service_code",
}


def errors() -> dict[str, StructureShape]:
    """Every error that an operation lists."""
    found: dict[str, StructureShape] = {}
    for name in OPERATIONS:
        shapes: Any = AWS.operation_model(name).error_shapes
        found |= {shape.name: shape for shape in shapes}
    return found


@pytest.mark.parametrize("name", errors())
def test_every_member_of_an_error_is_an_attribute(name: str) -> None:
    kind: type[ServiceError] = getattr(ssm_contacts_sdk, name.replace("Exception", "Error"))
    there = vars(kind({}, "GetContact"))
    assert {m for m in errors()[name].members if ERROR_MEMBERS.get(m) not in there} == set()


@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_is_paged_is_what_botocore_pages(operation: str) -> None:
    paged = "NextToken" in output_of(operation)
    assert OPERATIONS[operation].is_paged == paged
    assert ("next_token" in inspect.signature(method(operation)).parameters) == paged
