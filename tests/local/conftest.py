from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from ssm_contacts_sdk.local import LocalService

if TYPE_CHECKING:
    from mypy_boto3_ssm_contacts import SSMContactsClient


@pytest.fixture
def aws(service: LocalService) -> SSMContactsClient:
    return service.boto3_client()


@pytest.fixture
def refused() -> Callable[..., dict[str, Any]]:
    """Makes a call that must be refused, and gives the members of the error answer."""

    def call(method: Callable[..., object], **asked: object) -> dict[str, Any]:
        with pytest.raises(ClientError) as caught:
            method(**asked)
        response: dict[str, Any] = {**caught.value.response}
        return {**response, **response["Error"]}

    return call


@pytest.fixture
def akua(aws: SSMContactsClient) -> str:
    """The ARN of a person without a plan."""
    made = aws.create_contact(Alias="akuam", Type="PERSONAL", Plan={"Stages": []})
    return made["ContactArn"]


@pytest.fixture
def sms(aws: SSMContactsClient, akua: str) -> str:
    """The ARN of Akua's telephone, to which a code has been sent."""
    made = aws.create_contact_channel(
        ContactId=akua,
        Name="akuas sms",
        Type="SMS",
        DeliveryAddress={"SimpleAddress": "+15005550199"},
    )
    return made["ContactChannelArn"]


@pytest.fixture
def rotation(aws: SSMContactsClient, akua: str) -> str:
    """The ARN of a rotation in which Akua is alone."""
    made = aws.create_rotation(
        Name="web",
        ContactIds=[akua],
        TimeZoneId="Europe/Berlin",
        Recurrence={
            "NumberOfOnCalls": 1,
            "RecurrenceMultiplier": 1,
            "DailySettings": [{"HourOfDay": 9, "MinuteOfHour": 0}],
        },
    )
    return made["RotationArn"]
