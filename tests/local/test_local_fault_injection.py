from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from arns import contact_arn
from botocore.config import Config
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    ReadTimeoutError,
)
from botocore.session import Session
from rejecting import violations_of

from ssm_contacts_sdk import (
    ContactsClient,
    ContactsError,
    InvalidValueError,
    RetryPolicy,
    TransportError,
    _error_mapping,
)
from ssm_contacts_sdk.local import (
    Effect,
    LocalService,
    connection_reset,
    delay,
    internal_error,
    lost_response,
    not_onboarded,
    raw_response,
    service_error,
    throttle,
    unreachable,
)

if TYPE_CHECKING:
    from mypy_boto3_ssm_contacts import SSMContactsClient

Rejected = Callable[..., dict[str, Any]]
PERSON: dict[str, Any] = {"Alias": "akuam", "Type": "PERSONAL", "Plan": {"Stages": []}}


def test_the_repr_of_faults_counts_what_each_rule_selected_and_hit(
    service: LocalService,
) -> None:
    service.faults.add(throttle(), operation="ListContacts")
    service.faults.add(throttle(), nth=5)
    client = service.client()
    assert list(client.contacts.list()) == []
    expected = "ListContacts: 1 of 2 requests hit, any operation: 0 of 2 requests hit"
    assert repr(service.faults) == f"Faults({expected})"


def test_a_throttled_request_does_nothing(
    service: LocalService, aws: SSMContactsClient, rejected: Rejected
) -> None:
    service.faults.add(throttle(retry_after_seconds=3))
    error = rejected(aws.create_contact, **PERSON)
    assert error["Code"] == "ThrottlingException"
    assert error["RetryAfterSeconds"] == 3
    assert error["QuotaCode"] == "L-53EDA07E"
    assert error["ServiceCode"] == "ssm-contacts"
    assert error["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert error["ResponseMetadata"]["HTTPHeaders"]["x-amz-retry-after"] == "3000"
    assert aws.list_contacts()["Contacts"] == []


def test_a_throttle_without_retry_after(
    service: LocalService, aws: SSMContactsClient, rejected: Rejected
) -> None:
    service.faults.add(throttle())
    error = rejected(aws.list_contacts)
    assert error["QuotaCode"] == "L-DBEB7593"
    assert "RetryAfterSeconds" not in error
    assert "x-amz-retry-after" not in error["ResponseMetadata"]["HTTPHeaders"]


def test_an_internal_error_is_a_500(
    service: LocalService, aws: SSMContactsClient, rejected: Rejected
) -> None:
    service.faults.add(internal_error(retry_after_seconds=1))
    error = rejected(aws.create_contact, **PERSON)
    assert error["Code"] == "InternalServerException"
    assert error["RetryAfterSeconds"] == 1
    assert error["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert [request.status for request in service.requests] == [500]


def test_an_internal_error_after_the_commit(
    service: LocalService, aws: SSMContactsClient, rejected: Rejected
) -> None:
    service.faults.add(internal_error(2, commit=True))
    error = rejected(aws.create_contact, **PERSON)
    assert error["Code"] == "InternalServerException"
    assert error["RetryAfterSeconds"] == 2
    assert [contact["Alias"] for contact in aws.list_contacts()["Contacts"]] == ["akuam"]
    assert [request.status for request in service.requests] == [200, 200]


def test_any_error_of_the_service_can_be_injected(
    service: LocalService, aws: SSMContactsClient, rejected: Rejected
) -> None:
    members: dict[str, Any] = {
        "ResourceId": "arn",
        "ResourceType": "contact",
        "DependentEntities": [],
    }
    service.faults.add(service_error("ConflictException", "in use", members))
    error = rejected(aws.create_contact, **PERSON)
    assert (error["Code"], error["Message"]) == ("ConflictException", "in use")
    assert error["DependentEntities"] == []
    service.faults.add(service_error("AccessDeniedException", "not authorized"))
    assert rejected(aws.create_contact, **PERSON)["Code"] == "AccessDeniedException"


def test_not_onboarded_rejects_every_operation(
    service: LocalService, aws: SSMContactsClient, rejected: Rejected
) -> None:
    service.faults.add(not_onboarded(), times=None)
    for _ in range(3):
        error = rejected(aws.list_contacts)
        assert error["Code"] == "ValidationException"
        assert error["Message"] == "Invalid value provided - Account not found for the request"


def test_a_request_with_a_lost_response_was_carried_out(
    service: LocalService, aws: SSMContactsClient
) -> None:
    service.faults.add(lost_response())
    with pytest.raises(ReadTimeoutError):
        aws.create_contact(**PERSON)
    assert [contact["Alias"] for contact in aws.list_contacts()["Contacts"]] == ["akuam"]
    assert [request.status for request in service.requests] == [200, 200]


def test_a_repeated_token_after_a_lost_response_creates_once(
    service: LocalService, aws: SSMContactsClient
) -> None:
    service.faults.add(lost_response())
    with pytest.raises(ReadTimeoutError):
        aws.create_contact(**PERSON, IdempotencyToken="t")
    assert aws.create_contact(**PERSON, IdempotencyToken="t")["ContactArn"].endswith("/akuam")
    assert len(aws.list_contacts()["Contacts"]) == 1


def test_a_connection_reset_after_the_commit(service: LocalService, aws: SSMContactsClient) -> None:
    service.faults.add(connection_reset())
    with pytest.raises(ConnectionClosedError):
        aws.create_contact(**PERSON)
    assert [contact["Alias"] for contact in aws.list_contacts()["Contacts"]] == ["akuam"]


@pytest.mark.parametrize("effect", [lost_response(commit=False), connection_reset(commit=False)])
def test_no_response_without_a_commit(
    service: LocalService, aws: SSMContactsClient, effect: Effect
) -> None:
    service.faults.add(effect)
    with pytest.raises((ReadTimeoutError, ConnectionClosedError)):
        aws.create_contact(**PERSON)
    assert aws.list_contacts()["Contacts"] == []
    assert [request.status for request in service.requests] == [500, 200]


@pytest.mark.parametrize(
    "effect", [lost_response(), connection_reset(), internal_error(commit=True)]
)
def test_a_typed_client_retries_and_gets_the_committed_result(
    service: LocalService, effect: Effect
) -> None:
    from ssm_contacts_sdk import Contact, ContactType

    service.faults.add(effect)
    client = service.client()
    client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
    assert [request.operation for request in service.requests] == ["CreateContact"] * 2
    assert len(list(client.contacts.list())) == 1


def test_a_typed_client_reports_an_unknown_outcome_after_a_reset(service: LocalService) -> None:
    from ssm_contacts_sdk import Contact, ContactType, RetryPolicy, TransportError

    service.faults.add(connection_reset())
    client = service.client(retry=RetryPolicy.none())
    with pytest.raises(TransportError) as caught:
        client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
    assert caught.value.outcome_unknown


def test_a_delayed_response_moves_the_services_clock(
    service: LocalService, aws: SSMContactsClient
) -> None:
    service.faults.add(delay(12.5))
    aws.create_contact(**PERSON)
    assert service.clock.monotonic() == 12.5
    assert service.requests[0].received_at < service.clock.now()
    aws.list_contacts()
    assert service.clock.monotonic() == 12.5


def client_with(service: LocalService, **config: Any) -> SSMContactsClient:
    """Create a connected client with these settings."""
    client: Any = Session().create_client(
        "ssm-contacts",
        region_name="us-east-2",
        aws_access_key_id="x",
        aws_secret_access_key="x",
        config=Config(**config),
    )
    service.connect(client)
    connected: SSMContactsClient = client
    return connected


def test_a_delay_beyond_the_read_timeout_is_a_timeout(
    service: LocalService,
) -> None:
    aws = client_with(service, read_timeout=20, retries={"total_max_attempts": 1})
    service.faults.add(delay(20))
    service.faults.add(delay(20.5), nth=2)
    aws.list_contacts()
    assert service.clock.monotonic() == 20
    with pytest.raises(ReadTimeoutError):
        aws.create_contact(**PERSON)
    assert service.clock.monotonic() == 40
    assert len(aws.list_contacts()["Contacts"]) == 1


def test_a_client_of_the_service_has_the_timeouts_of_a_client_of_aws(
    service: LocalService,
) -> None:
    client = service.client(retry=RetryPolicy.none())
    on_aws: Any = ContactsClient(region_name="us-east-2").boto3_client.meta.config
    config: Any = client.boto3_client.meta.config
    assert (config.connect_timeout, config.read_timeout) == (5, 15)
    assert (on_aws.connect_timeout, on_aws.read_timeout) == (5, 15)
    service.faults.add(delay(15))
    assert client.contacts.list().first() is None
    service.faults.add(delay(15.5))
    with pytest.raises(TransportError):
        client.contacts.list().first()
    assert service.clock.monotonic() == 30


def test_a_client_without_a_read_timeout_waits_for_any_delay(service: LocalService) -> None:
    aws = client_with(service, read_timeout=None)
    service.faults.add(delay(86_400))
    aws.list_contacts()
    assert service.clock.monotonic() == 86_400


def test_an_unreachable_service_receives_nothing(
    service: LocalService, aws: SSMContactsClient
) -> None:
    service.faults.add(unreachable())
    with pytest.raises(EndpointConnectionError):
        aws.create_contact(**PERSON)
    assert service.requests == ()
    assert aws.list_contacts()["Contacts"] == []


@pytest.mark.parametrize("commit", [True, False])
def test_a_raw_response_replaces_the_response(
    service: LocalService, aws: SSMContactsClient, commit: bool
) -> None:
    service.faults.add(raw_response(502, b"<html>", commit=commit))
    with pytest.raises(ClientError) as caught:
        aws.create_contact(**PERSON)
    response: Any = caught.value.response
    metadata = response["ResponseMetadata"]
    assert metadata["HTTPStatusCode"] == 502
    assert metadata["HTTPHeaders"] == {"content-type": "text/html"}
    assert len(aws.list_contacts()["Contacts"]) == int(commit)


def test_a_raw_response_can_look_like_one_of_aws(
    service: LocalService, aws: SSMContactsClient
) -> None:
    service.faults.add(raw_response(200, b"{}", "application/x-amz-json-1.1", request_id=True))
    result: Any = aws.get_contact(ContactId=contact_arn("a"))
    assert len(result["ResponseMetadata"]["RequestId"]) == 36
    assert "Alias" not in result


def test_a_rule_selects_an_operation_and_a_range_of_requests(
    service: LocalService, aws: SSMContactsClient, rejected: Rejected
) -> None:
    service.faults.add(throttle(), operation="ListContacts", nth=2, times=2)
    aws.create_contact(**PERSON)
    aws.list_contacts()
    assert rejected(aws.list_contacts)["Code"] == "ThrottlingException"
    assert rejected(aws.list_contacts)["Code"] == "ThrottlingException"
    aws.list_contacts()


def test_the_rule_that_was_added_first_applies(
    service: LocalService, aws: SSMContactsClient, rejected: Rejected
) -> None:
    service.faults.add(throttle())
    service.faults.add(internal_error(), times=2)
    codes = [rejected(aws.list_contacts)["Code"] for _ in range(2)]
    assert codes == ["ThrottlingException", "InternalServerException"]
    aws.list_contacts()


def hit_by(service: LocalService, aws: SSMContactsClient, requests: int = 200) -> list[bool]:
    """Return which of that many requests were throttled."""
    before = len(service.requests)
    for _ in range(requests):
        try:
            aws.list_contacts()
        except aws.exceptions.ThrottlingException:
            continue
    return [request.status == 400 for request in service.requests[before:]]


def test_a_probability_hits_a_share_and_the_same_requests_in_every_run(
    service: LocalService, aws: SSMContactsClient
) -> None:
    service.faults.add(throttle(), probability=0.25)
    hit = hit_by(service, aws)
    assert 25 <= sum(hit) <= 75
    service.reset()
    service.faults.add(throttle(), probability=0.25)
    assert hit_by(service, aws) == hit
    other = LocalService(seed=1)
    other.faults.add(throttle(), probability=0.25)
    assert hit_by(other, other.boto3_client()) != hit


def test_rules_with_a_probability_draw_independently(
    service: LocalService, aws: SSMContactsClient
) -> None:
    service.faults.add(throttle(), operation="GetContact", probability=0.5)
    service.faults.add(throttle(), operation="ListContacts", probability=0.5)
    second = hit_by(service, aws, 50)
    service.faults.clear()
    service.faults.add(throttle(), probability=0.5)
    assert hit_by(service, aws, 50) != second


def test_a_probability_with_times_and_nth(service: LocalService, aws: SSMContactsClient) -> None:
    service.faults.add(throttle(), probability=0.5, times=3, nth=11)
    hit = hit_by(service, aws)
    assert sum(hit) == 3
    assert not any(hit[:10])


@pytest.mark.parametrize("probability", [0, 1])
def test_a_probability_of_zero_or_one(
    service: LocalService, aws: SSMContactsClient, probability: int
) -> None:
    service.faults.add(throttle(), probability=probability)
    assert hit_by(service, aws, 20) == [bool(probability)] * 20


def test_a_rule_can_select_one_attempt_of_every_call(
    service: LocalService, monkeypatch: pytest.MonkeyPatch
) -> None:
    # botocore sleeps here before its own retries.
    monkeypatch.setattr("botocore.endpoint.time.sleep", service.clock.sleep)
    aws = client_with(service, retries={"mode": "standard", "total_max_attempts": 3})
    service.faults.add(throttle(), attempt=1, times=None)
    aws.list_contacts()
    aws.list_contacts()
    assert [request.attempt for request in service.requests] == [1, 2, 1, 2]
    assert [request.status for request in service.requests] == [400, 200, 400, 200]


def test_a_request_without_an_attempt_matches_no_rule_for_an_attempt(
    service: LocalService,
) -> None:
    service.faults.add(unreachable(), attempt=1)
    assert service.handle("SSMContacts.ListContacts", {}, b"{}").status == 200


def test_cleared_rules_do_nothing(service: LocalService, aws: SSMContactsClient) -> None:
    service.faults.add(unreachable(), times=None)
    service.faults.clear()
    aws.list_contacts()


@pytest.mark.parametrize(
    ("rule", "violation"),
    [
        ({"operation": "create_contact"}, ("operation", "unknown_choice")),
        ({"operation": 1}, ("operation", "wrong_type")),
        ({"times": 0}, ("times", "too_small")),
        ({"nth": 0}, ("nth", "too_small")),
        ({"nth": "1"}, ("nth", "wrong_type")),
        ({"attempt": 0}, ("attempt", "too_small")),
        ({"probability": -0.1}, ("probability", "too_small")),
        ({"probability": 1.1}, ("probability", "too_large")),
        ({"probability": float("nan")}, ("probability", "too_large")),
        ({"probability": "0.5"}, ("probability", "wrong_type")),
    ],
)
def test_a_rule_that_could_never_hit_is_invalid(
    service: LocalService, rule: dict[str, Any], violation: tuple[str, str]
) -> None:
    assert violations_of(lambda: service.faults.add(throttle(), **rule)) == [violation]


def test_all_violations_of_a_rule_are_reported_at_once(service: LocalService) -> None:
    forgotten: Any = throttle
    assert violations_of(
        lambda: service.faults.add(
            forgotten, operation="x", attempt=0, nth=0, probability=2, times=0
        )
    ) == [
        ("effect", "wrong_type"),
        ("operation", "unknown_choice"),
        ("attempt", "too_small"),
        ("nth", "too_small"),
        ("times", "too_small"),
        ("probability", "too_large"),
    ]


TEXT: Any = "{}"
FIVE: Any = 5


@pytest.mark.parametrize(
    ("make", "violation"),
    [
        (lambda: throttle(-1), ("retry_after_seconds", "too_small")),
        (lambda: internal_error(-1), ("retry_after_seconds", "too_small")),
        (lambda: delay(-1), ("duration", "too_small")),
        (lambda: delay(timedelta(days=1, seconds=1)), ("duration", "too_large")),
        (lambda: delay(float("inf")), ("duration", "too_large")),
        (lambda: delay(float("nan")), ("duration", "too_small")),
        (lambda: delay(TEXT), ("duration", "wrong_type")),
        (lambda: raw_response(99, b""), ("status", "too_small")),
        (lambda: raw_response(600, b""), ("status", "too_large")),
        (lambda: raw_response(200, TEXT), ("body", "wrong_type")),
        (lambda: raw_response(200, b"", FIVE), ("content_type", "wrong_type")),
        (lambda: service_error("ConflictException", FIVE), ("message", "wrong_type")),
        (lambda: service_error("NoSuchException", "y"), ("code", "unknown_choice")),
        (lambda: service_error("conflictexception", "y"), ("code", "unknown_choice")),
        (
            lambda: service_error("ConflictException", "y", {"ResourceId": object()}),
            ("members", "wrong_type"),
        ),
    ],
)
def test_an_effect_with_wrong_arguments_is_invalid(
    make: Callable[[], object], violation: tuple[str, str]
) -> None:
    assert violations_of(make) == [violation]


def test_an_unknown_error_code_is_reported_with_the_known_ones(aws: SSMContactsClient) -> None:
    with pytest.raises(InvalidValueError) as caught:
        service_error("AccesDeniedException", "not authorized")
    message = str(caught.value)
    assert "(got 'AccesDeniedException')" in message
    model: Any = aws.meta.service_model
    for code in [*(shape.name for shape in model.error_shapes), "ExpiredTokenException"]:
        assert code in message
        service_error(code, "not authorized")


def test_every_code_that_a_client_knows_can_be_injected(service: LocalService) -> None:
    client = service.client(retry=RetryPolicy.none())
    known: Any = _error_mapping
    for code in [*known._CLASSES, *known._REJECTED_CREDENTIALS]:
        service.faults.add(service_error(code, "no"))
        with pytest.raises(ContactsError) as caught:
            client.contacts.list().first()
        assert getattr(caught.value, "code", None) == code


def test_a_delay_can_be_a_timedelta(service: LocalService) -> None:
    service.faults.add(delay(timedelta(days=1)))
    assert service.handle("SSMContacts.ListContacts", {}, b"{}").delay == 86_400.0
