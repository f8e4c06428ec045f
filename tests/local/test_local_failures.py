"""Failures of the service itself, injected or not, and delayed responses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pytest
from rejecting import violations_of
from sentinels import PHONE, private_values_in

from ssm_contacts_sdk.local import LocalService, delay, service_error
from ssm_contacts_sdk.local._handlers import contacts
from ssm_contacts_sdk.local._state import State

if TYPE_CHECKING:
    from mypy_boto3_ssm_contacts import SSMContactsClient

Rejected = Callable[..., dict[str, Any]]


def test_an_exception_in_a_handler_is_an_internal_error_without_its_text(
    service: LocalService,
    aws: SSMContactsClient,
    akua: str,
    rejected: Rejected,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(contact: object) -> str:
        raise KeyError(PHONE)

    with monkeypatch.context() as broke:
        broke.setattr(contacts, "_summary", broken)
        rejection = rejected(aws.get_contact, ContactId=akua)
    assert rejection["Code"] == "InternalServerException"
    assert rejection["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert len(rejection["ResponseMetadata"]["RequestId"]) == 36
    assert rejection["Message"].startswith(
        "The embedded service has a bug: KeyError in test_local_failures.py, line "
    )
    assert private_values_in(str(rejection)) == []
    request = service.requests[-1]
    assert (request.operation, request.status, request.error) == (
        "GetContact",
        500,
        "InternalServerException",
    )
    assert service.transcript().endswith("GetContact  contact/akuam  500  InternalServerException")
    assert aws.get_contact(ContactId=akua)["Alias"] == "akuam"
    assert service.requests[-1].status == 200


def test_an_exception_in_a_due_event_is_an_internal_error_too(
    service: LocalService,
    aws: SSMContactsClient,
    paged_by_sms: str,
    rejected: Rejected,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(state: State, arn: str) -> bool:
        raise ZeroDivisionError(PHONE)

    arguments: Mapping[str, Any] = {
        "ContactId": paged_by_sms,
        "Sender": "cli",
        "Subject": "s",
        "Content": "c",
    }
    with monkeypatch.context() as broke:
        broke.setattr(State, "has_channel", broken)
        rejection = rejected(aws.start_engagement, **arguments)
    assert rejection["Code"] == "InternalServerException"
    assert private_values_in(str(rejection)) == []
    aws.start_engagement(**arguments)
    assert [each.kind for each in service.outbox] == ["activation", "page"]


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("InternalServerException", 500),
        ("ThrottlingException", 400),
        ("ServiceUnavailable", 503),
    ],
)
def test_a_service_error_has_the_status_of_its_code(
    service: LocalService, aws: SSMContactsClient, rejected: Rejected, code: str, status: int
) -> None:
    service.faults.add(service_error(code, "no", {"RetryAfterSeconds": 5}))
    rejection = rejected(aws.list_contacts)
    assert (rejection["Code"], rejection["Message"]) == (code, "no")
    assert rejection["ResponseMetadata"]["HTTPStatusCode"] == status
    assert service.requests[-1].status == status
    assert aws.list_contacts()["Contacts"] == []


@pytest.mark.parametrize("seconds", [-0.001, 86_400.001, 1e300, float("inf"), float("nan")])
def test_a_delay_must_be_between_zero_and_a_day(seconds: float) -> None:
    ((path, code),) = violations_of(lambda: delay(seconds))
    assert path == "duration"
    assert code in {"too_small", "too_large"}


@pytest.mark.parametrize("seconds", [0, 86_400])
def test_a_delay_can_be_zero_or_a_day(service: LocalService, seconds: float) -> None:
    service.faults.add(delay(seconds))
    response = service.handle("SSMContacts.ListContacts", {}, b"{}")
    assert (response.status, response.delay) == (200, seconds)


def test_request_ids_are_unique(
    service: LocalService, aws: SSMContactsClient, akua: str, sms: str, rotation: str
) -> None:
    requested = {
        aws.list_contacts()["ResponseMetadata"]["RequestId"],
        aws.get_contact(ContactId=akua)["ResponseMetadata"]["RequestId"],
        aws.get_rotation(RotationId=rotation)["ResponseMetadata"]["RequestId"],
        *(
            service.handle("SSMContacts.ListContacts", {}, b"{}").headers["x-amzn-RequestId"]
            for _ in range(5)
        ),
    }
    assert len(requested) == 8
    again = LocalService()
    first = [
        again.handle("SSMContacts.ListContacts", {}, b"{}").headers["x-amzn-RequestId"]
        for _ in range(20)
    ]
    assert requested <= {*first}
    assert {*first}.isdisjoint(arn.rpartition("/")[2] for arn in (sms, rotation))


def test_a_reset_ends_failures_of_delivery(
    service: LocalService, aws: SSMContactsClient, engagement: str, sms: str
) -> None:
    service.delivery.fail(sms)
    service.reset()
    arn = aws.create_contact(Alias="akuam", Type="PERSONAL", Plan={})["ContactArn"]
    again = aws.create_contact_channel(
        ContactId=arn,
        Name="akuas sms",
        Type="SMS",
        DeliveryAddress={"SimpleAddress": PHONE},
    )["ContactChannelArn"]
    # The same seed leads to the same ARN.
    assert again == sms
    aws.activate_contact_channel(ContactChannelId=sms, ActivationCode=service.code_for(sms))
    target: Any = {"ChannelTargetInfo": {"ContactChannelId": sms}}
    aws.update_contact(
        ContactId=arn, Plan={"Stages": [{"DurationInMinutes": 1, "Targets": [target]}]}
    )
    aws.start_engagement(ContactId=arn, Sender="cli", Subject="s", Content="c")
    assert [each.kind for each in service.outbox] == ["activation", "page"]
