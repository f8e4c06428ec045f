from __future__ import annotations

from typing import Any

import pytest
from arns import channel_arn, contact_arn
from attrs import evolve
from rejecting import Wrong, assert_rejected, broken
from sentinels import CODE, EMAIL, OTHER_PHONE, PHONE

from ssm_contacts_sdk import (
    ActivationStatus,
    Channel,
    ChannelRecord,
    ConflictError,
    Contact,
    ContactRecord,
    ContactsClient,
    ContactType,
    InvalidValueError,
    ResourceNotFoundError,
    ValidationError,
)
from ssm_contacts_sdk.local import LocalService

AKUA = contact_arn("akuam")
GONE = channel_arn("akuam", "beb25840-5ac8-4644-95cc-7a8de390fa65")


@pytest.fixture
def akua(client: ContactsClient) -> ContactRecord:
    return client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))


@pytest.fixture
def sms(client: ContactsClient, akua: ContactRecord) -> ChannelRecord:
    return client.channels.create(akua, Channel.sms("akuas sms", PHONE))


def code(service: LocalService) -> str:
    sent = service.outbox[-1].code
    assert sent is not None
    return sent


@pytest.mark.parametrize(
    "channel",
    [
        Channel.sms("akuas sms", PHONE),
        Channel.voice("akuas phone", PHONE),
        Channel.email("akuas mail", EMAIL),
    ],
    ids=lambda channel: channel.type.value,
)
def test_create_returns_what_was_sent_with_its_arn_and_sends_one_request(
    service: LocalService, client: ContactsClient, akua: ContactRecord, channel: Channel
) -> None:
    record = client.channels.create(akua, channel)
    assert len(service.requests) == 2
    assert record.contact_arn == akua.arn
    assert record.activation_status is ActivationStatus.NOT_ACTIVATED
    assert (record.name, record.type) == (channel.name, channel.type)
    assert record.delivery_address == channel.delivery_address
    assert client.channels.get(record) == record
    assert "DeferActivation" not in service.requests[1].body
    assert service.outbox[0].address == channel.delivery_address


def test_activation_can_be_deferred(
    service: LocalService, client: ContactsClient, akua: ContactRecord
) -> None:
    sms = client.channels.create(akua, Channel.sms("sms", PHONE), defer_activation=True)
    assert service.requests[-1].body["DeferActivation"] is True
    assert service.outbox == ()
    client.channels.send_activation_code(sms)
    client.channels.activate(sms, code(service))
    assert client.channels.get(sms).activation_status is ActivationStatus.ACTIVATED


def test_a_channel_is_activated_and_deactivated(
    service: LocalService, client: ContactsClient, sms: ChannelRecord
) -> None:
    client.channels.activate(sms.arn, code(service))
    assert client.channels.get(sms).activation_status is ActivationStatus.ACTIVATED
    client.channels.deactivate(sms)
    assert client.channels.get(sms.arn).activation_status is ActivationStatus.NOT_ACTIVATED


def test_the_service_rejects_a_wrong_code(
    service: LocalService, client: ContactsClient, sms: ChannelRecord
) -> None:
    with pytest.raises(ValidationError, match="does not match"):
        client.channels.activate(sms, CODE)
    assert service.requests[-1].body["ActivationCode"] == CODE


def test_a_number_that_exists_already_is_a_conflict(
    client: ContactsClient, akua: ContactRecord, sms: ChannelRecord
) -> None:
    with pytest.raises(ConflictError) as caught:
        client.channels.create(akua, Channel.sms("again", PHONE))
    assert (caught.value.resource_id, caught.value.resource_type) == (sms.arn, "contact-channel")
    client.channels.create(akua, Channel.voice("the same phone", PHONE))


def test_create_ignores_the_arns_and_the_status_of_a_record(
    service: LocalService, client: ContactsClient, akua: ContactRecord, sms: ChannelRecord
) -> None:
    again = client.channels.create(akua, evolve(sms, delivery_address=OTHER_PHONE))
    assert again.arn != sms.arn
    assert service.requests[-1].body.keys() == {
        "ContactId",
        "Name",
        "Type",
        "DeliveryAddress",
        "IdempotencyToken",
    }


def test_the_channels_of_a_person_are_listed(
    client: ContactsClient, akua: ContactRecord, sms: ChannelRecord
) -> None:
    email = client.channels.create(akua.arn, Channel.email("akuas mail", EMAIL))
    assert list(client.channels.list(akua)) == [sms, email]
    assert list(client.channels.list(akua.arn, page_size=1)) == [sms, email]


def test_a_channel_that_does_not_exist_is_not_found(client: ContactsClient) -> None:
    for act in (
        client.channels.get,
        client.channels.deactivate,
        client.channels.send_activation_code,
    ):
        with pytest.raises(ResourceNotFoundError) as caught:
            act(GONE)
        assert caught.value.resource_id == GONE
    listing = client.channels.list(AKUA)
    with pytest.raises(ResourceNotFoundError):
        next(listing)


def test_the_repr_of_a_channel_does_not_show_its_address(sms: ChannelRecord) -> None:
    assert PHONE not in repr(sms)
    assert sms.delivery_address == PHONE


WRONG: Wrong = [
    (
        "channels.create",
        ("akuam", PHONE),
        {"defer_activation": 1, "idempotency_token": 7},
        [
            ("contact", "not_an_arn"),
            ("channel", "wrong_type"),
            ("defer_activation", "wrong_type"),
            ("idempotency_token", "wrong_type"),
        ],
    ),
    ("channels.get", (AKUA,), {}, [("channel", "wrong_kind_of_arn")]),
    ("channels.deactivate", ("akuas sms",), {}, [("channel", "not_an_arn")]),
    ("channels.send_activation_code", (None,), {}, [("channel", "wrong_type")]),
    ("channels.activate", (GONE, "12345"), {}, [("code", "too_short")]),
    ("channels.activate", (GONE, "12345678901"), {}, [("code", "too_long")]),
    ("channels.activate", (GONE, "12345a"), {}, [("code", "wrong_characters")]),
    ("channels.activate", (GONE, "١٢٣٤٥٦"), {}, [("code", "wrong_characters")]),
    ("channels.activate", (GONE, 123456), {}, [("code", "wrong_type")]),
    (
        "channels.activate",
        (AKUA, ""),
        {},
        [("channel", "wrong_kind_of_arn"), ("code", "too_short")],
    ),
    (
        "channels.list",
        (GONE,),
        {"page_size": 1025},
        [("contact", "wrong_kind_of_arn"), ("page_size", "too_large")],
    ),
    ("channels.update", (GONE,), {}, [("", "missing")]),
    ("channels.update", (GONE,), {"name": ""}, [("name", "too_short")]),
    ("channels.update", (GONE,), {"delivery_address": ""}, [("delivery_address", "too_short")]),
]


@pytest.mark.parametrize(("method", "arguments", "named", "expected"), WRONG)
def test_all_violations_are_raised_at_once_and_nothing_is_sent(
    method: str,
    arguments: tuple[Any, ...],
    named: dict[str, Any],
    expected: list[tuple[str, str]],
) -> None:
    assert_rejected(method, arguments, named, expected)


def test_update_changes_only_the_arguments_that_are_passed(
    service: LocalService, client: ContactsClient, sms: ChannelRecord
) -> None:
    client.channels.update(sms, name="akuas phone")
    assert service.requests[-1].body == {"ContactChannelId": sms.arn, "Name": "akuas phone"}
    client.channels.update(sms.arn, delivery_address=OTHER_PHONE)
    read = client.channels.get(sms)
    assert (read.name, read.delivery_address) == ("akuas phone", OTHER_PHONE)


@pytest.mark.parametrize(
    ("changed", "violation"),
    [
        ({}, ("", "missing")),
        ({"name": ""}, ("name", "too_short")),
        ({"delivery_address": EMAIL}, ("delivery_address", "wrong_format")),
        # The address is not also compared with the type of the channel.
        ({"delivery_address": 5}, ("delivery_address", "wrong_type")),
        ({"delivery_address": ""}, ("delivery_address", "too_short")),
    ],
)
def test_an_update_that_breaks_a_rule_is_rejected(
    client: ContactsClient, sms: ChannelRecord, changed: Any, violation: tuple[str, str]
) -> None:
    with pytest.raises(InvalidValueError) as caught:
        client.channels.update(sms, **changed)
    assert broken(caught.value) == [violation]


def test_delete_deletes_a_channel(client: ContactsClient, sms: ChannelRecord) -> None:
    client.channels.delete(sms)
    with pytest.raises(ResourceNotFoundError):
        client.channels.get(sms)
