from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import TYPE_CHECKING, Any

import pytest
from arns import PREFIX
from sentinels import EMAIL, OTHER_PHONE, PHONE, email_address

from ssm_contacts_sdk.local import LocalService

if TYPE_CHECKING:
    from mypy_boto3_ssm_contacts import SSMContactsClient


Rejected = Callable[..., dict[str, Any]]


def request_for(contact: str, kind: str, address: str, **more: Any) -> Any:
    return {
        "ContactId": contact,
        "Name": "a channel",
        "Type": kind,
        "DeliveryAddress": {"SimpleAddress": address},
        **more,
    }


def activate(service: LocalService, aws: SSMContactsClient, channel: str) -> None:
    code = str(service.outbox[-1].code)
    aws.activate_contact_channel(ContactChannelId=channel, ActivationCode=code)


def status(aws: SSMContactsClient, channel: str) -> str:
    return aws.get_contact_channel(ContactChannelId=channel)["ActivationStatus"]


def test_get_returns_what_create_described(aws: SSMContactsClient, akua: str, sms: str) -> None:
    assert sms.startswith(f"{PREFIX}contact-channel/akuam/")
    got: Any = aws.get_contact_channel(ContactChannelId=sms)
    del got["ResponseMetadata"]
    assert got == {
        "ContactArn": akua,
        "ContactChannelArn": sms,
        "Name": "akuas sms",
        "Type": "SMS",
        "DeliveryAddress": {"SimpleAddress": PHONE},
        "ActivationStatus": "NOT_ACTIVATED",
    }
    assert aws.list_contact_channels(ContactId=akua)["ContactChannels"] == [got]


def test_a_new_channel_is_sent_a_code(service: LocalService, sms: str) -> None:
    service.clock.advance(minutes=1)
    (message,) = service.outbox
    assert message.kind == "activation"
    assert message.channel_arn == sms
    assert message.address == PHONE
    assert message.code is not None
    assert message.code in message.content
    assert message.subject
    assert (service.clock.now() - message.sent_at).total_seconds() == 60


def test_the_repr_of_a_message_has_no_private_values(service: LocalService, sms: str) -> None:
    (message,) = service.outbox
    shown = repr(message)
    assert sms in shown
    for secret in (message.address, message.code, message.subject, message.content):
        assert str(secret) not in shown


def test_the_code_that_was_sent_activates_the_channel(
    service: LocalService, aws: SSMContactsClient, sms: str
) -> None:
    code = str(service.outbox[0].code)
    aws.activate_contact_channel(ContactChannelId=sms, ActivationCode=code)
    assert status(aws, sms) == "ACTIVATED"
    aws.deactivate_contact_channel(ContactChannelId=sms)
    aws.deactivate_contact_channel(ContactChannelId=sms)
    assert status(aws, sms) == "NOT_ACTIVATED"
    aws.activate_contact_channel(ContactChannelId=sms, ActivationCode=code)
    assert status(aws, sms) == "ACTIVATED"


def test_a_wrong_code_is_rejected_and_not_repeated(
    service: LocalService, aws: SSMContactsClient, sms: str, rejected: Rejected
) -> None:
    wrong = "0000000"
    error = rejected(aws.activate_contact_channel, ContactChannelId=sms, ActivationCode=wrong)
    assert error["Code"] == "ValidationException"
    assert wrong not in str(error["Message"])
    assert str(service.outbox[0].code) not in str(error["Message"])
    assert status(aws, sms) == "NOT_ACTIVATED"


def test_a_new_code_replaces_the_old_one(
    service: LocalService, aws: SSMContactsClient, sms: str, rejected: Rejected
) -> None:
    aws.send_activation_code(ContactChannelId=sms)
    old, new = (str(message.code) for message in service.outbox)
    assert old != new
    rejected(aws.activate_contact_channel, ContactChannelId=sms, ActivationCode=old)
    aws.activate_contact_channel(ContactChannelId=sms, ActivationCode=new)
    aws.send_activation_code(ContactChannelId=sms)
    assert status(aws, sms) == "ACTIVATED"


def test_a_deferred_activation_sends_no_code_until_requested(
    service: LocalService, aws: SSMContactsClient, akua: str, rejected: Rejected
) -> None:
    request = request_for(akua, "EMAIL", EMAIL, DeferActivation=True)
    mail = aws.create_contact_channel(**request)["ContactChannelArn"]
    assert list(service.outbox) == []
    rejected(aws.activate_contact_channel, ContactChannelId=mail, ActivationCode="000000")
    aws.send_activation_code(ContactChannelId=mail)
    (message,) = service.outbox
    aws.activate_contact_channel(ContactChannelId=mail, ActivationCode=str(message.code))
    assert status(aws, mail) == "ACTIVATED"


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("SMS", "+12"),
        ("VOICE", "+123456789012345"),
        ("EMAIL", "akua+web@mail.example.com"),
        ("EMAIL", "a@b"),
        ("EMAIL", "zoë@例え.jp"),
    ],
)
def test_valid_addresses_of_each_type(
    aws: SSMContactsClient, akua: str, kind: str, address: str
) -> None:
    arn = aws.create_contact_channel(**request_for(akua, kind, address))["ContactChannelArn"]
    got = aws.get_contact_channel(ContactChannelId=arn)
    assert got["DeliveryAddress"] == {"SimpleAddress": address}


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("VOICE", "12005551212"),
        ("SMS", "+0123456"),
        ("SMS", "+1234567890123456"),
        ("SMS", "+1500555\n"),
        ("SMS", "+١٢٣"),
        ("EMAIL", "12005551212"),
        ("EMAIL", "a@b@c"),
        ("EMAIL", "a @b"),
        ("EMAIL", "@b"),
        ("EMAIL", "a@"),
    ],
)
def test_an_address_of_another_type_is_rejected(
    aws: SSMContactsClient, akua: str, rejected: Rejected, kind: str, address: str
) -> None:
    error = rejected(aws.create_contact_channel, **request_for(akua, kind, address))
    assert error["Code"] == "ValidationException"
    assert error["Message"] == (
        f"Invalid value provided - ContactChannelAddress(simpleAddress={address}) "
        "Contact channel address is invalid"
    )
    assert aws.list_contact_channels(ContactId=akua)["ContactChannels"] == []


def test_a_missing_address_is_rejected(
    aws: SSMContactsClient, akua: str, rejected: Rejected
) -> None:
    request: dict[str, Any] = {**request_for(akua, "SMS", ""), "DeliveryAddress": {}}
    assert "simpleAddress=null" in rejected(aws.create_contact_channel, **request)["Message"]


def test_a_contact_has_an_address_once_for_each_type(
    aws: SSMContactsClient, akua: str, sms: str, rejected: Rejected
) -> None:
    error = rejected(aws.create_contact_channel, **request_for(akua, "SMS", PHONE))
    assert error["Code"] == "ConflictException"
    assert (error["ResourceId"], error["ResourceType"]) == (sms, "contact-channel")
    aws.create_contact_channel(**request_for(akua, "VOICE", PHONE))
    other = aws.create_contact(Alias="other", Type="PERSONAL", Plan={})["ContactArn"]
    aws.create_contact_channel(**request_for(other, "SMS", PHONE))


def test_a_channel_of_an_unknown_contact_is_an_invalid_value(
    aws: SSMContactsClient, akua: str, rejected: Rejected
) -> None:
    error = rejected(aws.create_contact_channel, **request_for(akua + "x", "SMS", PHONE))
    assert error["Code"] == "ValidationException"
    assert error["Message"] == "Invalid value provided - Contact not found for the request"


def test_the_same_token_creates_one_channel_and_sends_one_code(
    service: LocalService, aws: SSMContactsClient, akua: str, rejected: Rejected
) -> None:
    request = request_for(akua, "SMS", PHONE, IdempotencyToken="t")
    first = aws.create_contact_channel(**request)["ContactChannelArn"]
    assert aws.create_contact_channel(**request)["ContactChannelArn"] == first
    assert len(service.outbox) == 1
    error = rejected(aws.create_contact_channel, **{**request, "Name": "another"})
    assert (error["Code"], error["ResourceId"]) == ("ConflictException", first)


def test_a_token_belongs_to_its_operation(aws: SSMContactsClient) -> None:
    arn = aws.create_contact(Alias="a", Type="PERSONAL", Plan={}, IdempotencyToken="t")
    request = request_for(arn["ContactArn"], "SMS", PHONE, IdempotencyToken="t")
    aws.create_contact_channel(**request)


def test_channels_are_listed_oldest_first_in_pages(aws: SSMContactsClient, akua: str) -> None:
    created = [
        aws.create_contact_channel(**request_for(akua, "EMAIL", email_address(name)))
        for name in "cab"
    ]
    pages = aws.get_paginator("list_contact_channels").paginate(
        ContactId=akua, PaginationConfig={"PageSize": 2}
    )
    found = [[each["ContactChannelArn"] for each in page["ContactChannels"]] for page in pages]
    assert [len(page) for page in found] == [2, 1]
    assert list(chain.from_iterable(found)) == [each["ContactChannelArn"] for each in created]


def test_a_channel_can_be_renamed(service: LocalService, aws: SSMContactsClient, sms: str) -> None:
    activate(service, aws, sms)
    aws.update_contact_channel(ContactChannelId=sms, Name="pager")
    aws.update_contact_channel(ContactChannelId=sms)
    got = aws.get_contact_channel(ContactChannelId=sms)
    assert (got["Name"], got["DeliveryAddress"]) == ("pager", {"SimpleAddress": PHONE})
    assert got["ActivationStatus"] == "ACTIVATED"
    assert len(service.outbox) == 1


def test_a_new_address_must_be_activated_again(
    service: LocalService, aws: SSMContactsClient, sms: str, rejected: Rejected
) -> None:
    activate(service, aws, sms)
    new: Any = {"SimpleAddress": OTHER_PHONE}
    aws.update_contact_channel(ContactChannelId=sms, DeliveryAddress=new)
    got = aws.get_contact_channel(ContactChannelId=sms)
    assert (got["Name"], got["DeliveryAddress"]) == ("akuas sms", new)
    assert got["ActivationStatus"] == "NOT_ACTIVATED"
    old, message = service.outbox
    assert message.address == OTHER_PHONE
    rejected(aws.activate_contact_channel, ContactChannelId=sms, ActivationCode=str(old.code))
    activate(service, aws, sms)
    assert status(aws, sms) == "ACTIVATED"


def test_a_new_address_is_sent_a_code_although_the_old_one_was_not(
    service: LocalService, aws: SSMContactsClient, akua: str
) -> None:
    request = request_for(akua, "EMAIL", EMAIL, DeferActivation=True)
    mail = aws.create_contact_channel(**request)["ContactChannelArn"]
    aws.update_contact_channel(ContactChannelId=mail, DeliveryAddress={"SimpleAddress": "a@b"})
    (message,) = service.outbox
    assert message.address == "a@b"


def test_an_update_with_the_same_address_changes_nothing(
    service: LocalService, aws: SSMContactsClient, sms: str
) -> None:
    activate(service, aws, sms)
    same: Any = {"SimpleAddress": PHONE}
    aws.update_contact_channel(ContactChannelId=sms, Name="pager", DeliveryAddress=same)
    assert status(aws, sms) == "ACTIVATED"
    assert len(service.outbox) == 1


@pytest.mark.parametrize("address", [OTHER_PHONE[1:], "a@b", None])
def test_a_new_address_of_another_type_is_rejected(
    service: LocalService, aws: SSMContactsClient, sms: str, rejected: Rejected, address: str | None
) -> None:
    given = {} if address is None else {"SimpleAddress": address}
    error = rejected(
        aws.update_contact_channel, ContactChannelId=sms, Name="pager", DeliveryAddress=given
    )
    assert error["Code"] == "ValidationException"
    assert f"simpleAddress={address or 'null'}" in error["Message"]
    assert aws.get_contact_channel(ContactChannelId=sms)["Name"] == "akuas sms"
    assert len(service.outbox) == 1


def test_a_new_address_of_another_channel_is_rejected(
    service: LocalService, aws: SSMContactsClient, akua: str, sms: str, rejected: Rejected
) -> None:
    other = aws.create_contact_channel(**request_for(akua, "SMS", OTHER_PHONE))
    taken: Any = {"SimpleAddress": PHONE}
    request = {"ContactChannelId": other["ContactChannelArn"], "DeliveryAddress": taken}
    error = rejected(aws.update_contact_channel, **request)
    assert error["Code"] == "ConflictException"
    assert (error["ResourceId"], error["ResourceType"]) == (sms, "contact-channel")
    assert PHONE not in error["Message"]
    voice = aws.create_contact_channel(**request_for(akua, "VOICE", OTHER_PHONE))
    aws.update_contact_channel(ContactChannelId=voice["ContactChannelArn"], DeliveryAddress=taken)


def test_the_address_of_a_deleted_channel_can_be_used_again(
    aws: SSMContactsClient, akua: str, sms: str, rejected: Rejected
) -> None:
    target: Any = {"ChannelTargetInfo": {"ContactChannelId": sms}}
    plan: Any = {"Stages": [{"DurationInMinutes": 0, "Targets": [target]}]}
    aws.update_contact(ContactId=akua, Plan=plan)
    mail = aws.create_contact_channel(**request_for(akua, "EMAIL", "a@b"))["ContactChannelArn"]
    aws.delete_contact_channel(ContactChannelId=sms)
    for method in (aws.get_contact_channel, aws.delete_contact_channel):
        assert rejected(method, ContactChannelId=sms)["Code"] == "ResourceNotFoundException"
    listed = aws.list_contact_channels(ContactId=akua)["ContactChannels"]
    assert [each["ContactChannelArn"] for each in listed] == [mail]
    # The plan keeps the ARN.
    assert aws.get_contact(ContactId=akua)["Plan"] == plan
    again = aws.create_contact_channel(**request_for(akua, "SMS", PHONE))
    assert again["ContactChannelArn"] != sms


@pytest.mark.parametrize(
    ("method", "more"),
    [
        ("get_contact_channel", {}),
        ("update_contact_channel", {"Name": "pager"}),
        ("delete_contact_channel", {}),
        ("activate_contact_channel", {"ActivationCode": "123456"}),
        ("deactivate_contact_channel", {}),
        ("send_activation_code", {}),
    ],
)
def test_an_unknown_channel_is_not_found(
    aws: SSMContactsClient, sms: str, rejected: Rejected, method: str, more: dict[str, str]
) -> None:
    elsewhere = sms.replace("us-east-2", "us-west-2")
    error = rejected(getattr(aws, method), ContactChannelId=elsewhere, **more)
    assert error["Code"] == "ResourceNotFoundException"
    assert (error["ResourceId"], error["ResourceType"]) == (elsewhere, "contact-channel")


@pytest.mark.parametrize("kind", ["ESCALATION", "ONCALL_SCHEDULE"])
def test_escalation_plans_and_schedules_can_have_channels(
    service: LocalService, aws: SSMContactsClient, kind: Any
) -> None:
    arn = aws.create_contact(Alias="team", Type=kind, Plan={})["ContactArn"]
    request: dict[str, Any] = {"Type": "SMS", "DeliveryAddress": {"SimpleAddress": PHONE}}
    created = aws.create_contact_channel(ContactId=arn, Name="phone", **request)[
        "ContactChannelArn"
    ]
    aws.activate_contact_channel(ContactChannelId=created, ActivationCode=service.code_for(created))
    (listed,) = aws.list_contact_channels(ContactId=arn)["ContactChannels"]
    assert (listed["ContactChannelArn"], listed["ActivationStatus"]) == (created, "ACTIVATED")
    # No page is sent to it.
    aws.start_engagement(ContactId=arn, Sender="s", Subject="s", Content="c")
    service.clock.advance(hours=1)
    assert [message.kind for message in service.outbox] == ["activation"]


def test_a_new_code_is_not_the_code_that_it_replaces() -> None:
    # With this seed, the first two codes that are drawn are equal.
    service = LocalService(seed=2610942)
    aws = service.boto3_client()
    akua = aws.create_contact(Alias="akuam", Type="PERSONAL", Plan={})["ContactArn"]
    sms = aws.create_contact_channel(
        ContactId=akua, Name="sms", Type="SMS", DeliveryAddress={"SimpleAddress": PHONE}
    )["ContactChannelArn"]
    aws.send_activation_code(ContactChannelId=sms)
    first, second = (message.code for message in service.outbox)
    assert first != second
