"""The transcript never contains text that a caller can choose freely."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from scenarios import NINE
from sentinels import EMAIL, PHONE, SUBJECT, private_values_in

from ssm_contacts_sdk.local import LocalService

if TYPE_CHECKING:
    from mypy_boto3_ssm_contacts import SSMContactsClient

Rejected = Callable[..., dict[str, Any]]
DAILY: Any = {"NumberOfOnCalls": 1, "RecurrenceMultiplier": 1, "DailySettings": [NINE]}


def last_line(service: LocalService) -> str:
    return service.transcript().splitlines()[-1][26:]


@pytest.mark.parametrize("text", [EMAIL, PHONE, SUBJECT, f"{PHONE}\n", "Akua", "a.b", "é", "a b"])
@pytest.mark.parametrize(
    ("operation", "member"),
    [
        ("get_contact", "ContactId"),
        ("get_contact_channel", "ContactChannelId"),
        ("get_contact_policy", "ContactArn"),
        ("get_rotation", "RotationId"),
        ("describe_engagement", "EngagementId"),
        ("describe_page", "PageId"),
        ("list_tags_for_resource", "ResourceARN"),
    ],
)
def test_the_transcript_does_not_repeat_an_invalid_id(
    service: LocalService,
    aws: SSMContactsClient,
    rejected: Rejected,
    operation: str,
    member: str,
    text: str,
) -> None:
    rejected(getattr(aws, operation), **{member: text})
    (request,) = service.requests
    assert last_line(service) == f"{request.operation}  ?  400  {request.error}"
    assert private_values_in(service.transcript()) == []
    service.reset()


def test_the_transcript_does_not_repeat_an_invalid_arn(
    service: LocalService, aws: SSMContactsClient, rejected: Rejected, akua: str
) -> None:
    rejected(aws.get_contact, ContactId=f"{akua} {PHONE}")
    assert last_line(service).split("  ")[1] == "?"
    assert aws.get_contact(ContactId=akua)["Alias"] == "akuam"
    assert last_line(service) == "GetContact  contact/akuam  200"


def test_the_transcript_does_not_repeat_an_invalid_alias(
    service: LocalService, aws: SSMContactsClient, rejected: Rejected
) -> None:
    rejected(aws.create_contact, Alias=EMAIL, Type="PERSONAL", Plan={})
    assert last_line(service) == "CreateContact  ?  400  ValidationException"


def test_the_transcript_does_not_contain_display_names(
    service: LocalService, aws: SSMContactsClient, akua: str
) -> None:
    # A name may contain anything.
    aws.create_rotation(Name="akuas-secret", ContactIds=[akua], TimeZoneId="UTC", Recurrence=DAILY)
    assert last_line(service) == "CreateRotation  200"
    aws.create_contact_channel(
        ContactId=akua,
        Name="akuas-secret",
        Type="SMS",
        DeliveryAddress={"SimpleAddress": PHONE},
    )
    assert "akuas-secret" not in service.transcript()
    assert private_values_in(service.transcript()) == []


def test_the_transcript_does_not_repeat_an_id_that_is_not_a_str(service: LocalService) -> None:
    service.handle("SSMContacts.GetContact", {}, b'{"ContactId": {"a": 1}}')
    assert last_line(service) == "GetContact  ?  400  SerializationException"


def test_the_transcript_cuts_off_long_names(service: LocalService, aws: SSMContactsClient) -> None:
    for length in (120, 121, 255):
        aws.create_contact(Alias="a" * length, Type="PERSONAL", Plan={})
        shown = "a" * 120
        assert last_line(service) == f"CreateContact  {shown}  200"
        service.reset()
