"""All 39 operations in the embedded service, and the structures and errors of botocore's model.

The arguments and results of the operations are compared with the model in test_operations.py.
"""

from __future__ import annotations

import inspect
from datetime import timedelta
from typing import Any

import pytest
from botocore.model import ListShape, MapShape, Shape, StructureShape
from sentinels import PHONE
from strategies import AWS

import ssm_contacts_sdk
from ssm_contacts_sdk import (
    Channel,
    ChannelRecord,
    ChannelTarget,
    Contact,
    ContactPolicy,
    ContactsClient,
    ContactSummary,
    ContactTarget,
    ContactType,
    CoverageTime,
    EngagementSummary,
    MonthlySetting,
    Override,
    OverrideRecord,
    PageSummary,
    Plan,
    PreviewOverride,
    Receipt,
    Recurrence,
    Resolution,
    Rotation,
    RotationSummary,
    ServiceError,
    Shift,
    Stage,
    WeeklySetting,
)
from ssm_contacts_sdk._models.arguments import Tag
from ssm_contacts_sdk._resources.table import OPERATIONS
from ssm_contacts_sdk._schema.fields import aws_path, fields_of
from ssm_contacts_sdk.local import LocalService

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
# Structures that are a part of a field, and those of their members that the field consists of.
PARTS_OF_FIELDS = {
    "ContactChannelAddress": {"SimpleAddress"},
    "HandOffTime": {"HourOfDay", "MinuteOfHour"},
    "ShiftDetails": {"OverriddenContactIds"},
    "Target": {"ChannelTargetInfo", "ContactTargetInfo"},
    "TimeRange": {"EndTime", "StartTime"},
}
CLIENT = ContactsClient.local()


def members(kind: type) -> set[str]:
    """Return AWS's names for the fields of a value."""
    return {aws_path(field)[0] for field in fields_of(kind)}


def test_every_public_method_of_a_resource_is_an_operation() -> None:
    methods = {
        f"{resource}.{name}"
        for resource in {each.method.partition(".")[0] for each in OPERATIONS.values()}
        for name, _ in inspect.getmembers(getattr(CLIENT, resource), inspect.ismethod)
        if not name.startswith("_")
    }
    of_several_operations = {"contacts.find", "engagements.follow", "rotations.find"}
    assert methods - of_several_operations == {each.method for each in OPERATIONS.values()}


def test_every_method_works_with_the_embedded_service(
    service: LocalService, client: ContactsClient
) -> None:
    daily, now = Recurrence.daily("09:00"), service.clock.now()
    tomorrow = now + timedelta(days=1)
    akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
    sms = client.channels.create(akua, Channel.sms("sms", PHONE))
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


def structures() -> dict[str, StructureShape]:
    """Return every structure within requests and responses."""
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


def test_every_known_structure_is_in_the_model() -> None:
    assert STRUCTURES.keys() | PARTS_OF_FIELDS.keys() == structures().keys()


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_error_of_the_model_is_a_class(operation: str) -> None:
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
    """Return every error of an operation in the model."""
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
