"""The embedded service rejects everything that a value rejects for a rule of AWS's model.

The service validates by botocore's model alone, so this compares two implementations of its rules.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from arns import contact_arn
from botocore.exceptions import ClientError, ParamValidationError
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sentinels import PHONE
from strategies import channel_arns, channel_names, contact_names, rotation_arns, tags

from ssm_contacts_sdk import (
    Channel,
    ChannelTarget,
    ChannelType,
    Contact,
    ContactsClient,
    ContactTarget,
    ContactType,
    InvalidValueError,
    Plan,
    ResourceNotFoundError,
    Stage,
)
from ssm_contacts_sdk.local import LocalService

SERVICE = LocalService()
CLIENT = SERVICE.client()
AWS: Any = SERVICE.boto3_client()
PERSON = contact_arn("p")
STRANGE = st.text(max_size=300) | st.text("a-z_ .!\n\x00Aé", max_size=300)
NOT_ARNS = st.sampled_from(
    ["", "akuam", "arn:aws:ssm-contacts", "arn:aws:ssm:us-east-2:1:contact/a", PERSON + "!", "é"]
) | st.text(max_size=40)


def rejected_by_the_service(method: Callable[..., object], **arguments: object) -> bool:
    try:
        method(**arguments)
    except (ClientError, ParamValidationError):
        return True
    return False


@pytest.fixture(autouse=True)
def _empty() -> None:
    SERVICE.reset()


@settings(deadline=None)
@given(alias=STRANGE, name=STRANGE | contact_names, kind=st.sampled_from([*ContactType]) | STRANGE)
def test_contacts(alias: str, name: str, kind: str) -> None:
    SERVICE.reset()
    try:
        Contact(alias=alias, display_name=name, type=ContactType(kind))
    except InvalidValueError:
        plan: Any = {} if kind == "ONCALL_SCHEDULE" else {"Stages": []}
        assert rejected_by_the_service(
            AWS.create_contact, Alias=alias, DisplayName=name, Type=str(kind), Plan=plan
        )


@settings(deadline=None)
@given(
    minutes=st.integers(-2, 40),
    retry=st.none() | st.integers(-2, 70),
    arn=channel_arns | NOT_ARNS,
    with_target=st.booleans(),
)
def test_stages_and_targets_of_a_person(
    minutes: int, retry: int | None, arn: str, with_target: bool
) -> None:
    SERVICE.reset()
    info: dict[str, Any] = {"ContactChannelId": arn}
    if retry is not None:
        info["RetryIntervalInMinutes"] = retry
    targets = [{"ChannelTargetInfo": info}] if with_target else []
    plan = {"Stages": [{"DurationInMinutes": minutes, "Targets": targets}]}
    try:
        target = ChannelTarget(contact_channel_id=arn, retry_interval_in_minutes=retry)
        Stage(duration_in_minutes=minutes, targets=[target] if with_target else [])
    except InvalidValueError as error:
        assume(with_target or error.subject == "Stage")
        assert rejected_by_the_service(
            AWS.create_contact, Alias="akuam", Type="PERSONAL", Plan=plan
        )


@settings(deadline=None)
@given(arn=NOT_ARNS)
def test_targets_of_an_escalation(arn: str) -> None:
    SERVICE.reset()
    target = {"ContactTargetInfo": {"ContactId": arn, "IsEssential": True}}
    plan = {"Stages": [{"DurationInMinutes": 1, "Targets": [target]}]}
    try:
        ContactTarget(contact_id=arn, is_essential=True)
    except InvalidValueError:
        assert rejected_by_the_service(AWS.create_contact, Alias="a", Type="ESCALATION", Plan=plan)


@settings(deadline=None)
@given(rotations=st.lists(rotation_arns, max_size=30) | st.lists(NOT_ARNS, max_size=3))
def test_rotations_of_a_schedule(rotations: list[str]) -> None:
    SERVICE.reset()
    try:
        Plan.on_call(*rotations)
    except InvalidValueError:
        assert rejected_by_the_service(
            AWS.create_contact, Alias="a", Type="ONCALL_SCHEDULE", Plan={"RotationIds": rotations}
        )


@settings(deadline=None)
@given(
    name=STRANGE | channel_names,
    kind=st.sampled_from([*ChannelType]) | STRANGE,
    address=st.text(max_size=40) | st.sampled_from([PHONE, "a@b", "+0", "12005551212"]),
)
def test_channels(name: str, kind: str, address: str) -> None:
    SERVICE.reset()
    CLIENT.contacts.create(Contact(alias="p", type=ContactType.PERSONAL))
    try:
        Channel(name=name, type=ChannelType(kind), delivery_address=address)
    except InvalidValueError:
        assert rejected_by_the_service(
            AWS.create_contact_channel,
            ContactId=PERSON,
            Name=name,
            Type=str(kind),
            DeliveryAddress={"SimpleAddress": address},
        )


@settings(deadline=None)
@given(st.dictionaries(STRANGE, STRANGE, max_size=3) | tags)
def test_tags(given_tags: dict[str, str]) -> None:
    SERVICE.reset()
    try:
        CLIENT.contacts.create(Contact(alias="a", type=ContactType.PERSONAL), tags=given_tags)
    except InvalidValueError:
        assert SERVICE.requests == ()
        assert rejected_by_the_service(
            AWS.create_contact,
            Alias="a",
            Type="PERSONAL",
            Plan={},
            Tags=[{"Key": key, "Value": value} for key, value in given_tags.items()],
        )


@settings(deadline=None)
@given(code=st.text("0123456789x", max_size=12) | st.text(max_size=12))
def test_activation_codes(code: str) -> None:
    channel = PERSON.replace(":contact/", ":contact-channel/") + "/1"
    try:
        CLIENT.channels.activate(channel, code)
    except InvalidValueError:
        assert rejected_by_the_service(
            AWS.activate_contact_channel, ContactChannelId=channel, ActivationCode=code
        )
    except ResourceNotFoundError:
        # This proves that the code could be sent.
        assert SERVICE.requests


def test_fifty_one_tags_are_rejected_by_both(client: ContactsClient) -> None:
    many = {f"k{number}": "v" for number in range(51)}
    with pytest.raises(InvalidValueError, match="at most 50 tags .got 51"):
        client.contacts.create(Contact(alias="a", type=ContactType.PERSONAL), tags=many)
    assert rejected_by_the_service(
        AWS.create_contact,
        Alias="a",
        Type="PERSONAL",
        Plan={},
        Tags=[{"Key": key, "Value": value} for key, value in many.items()],
    )
