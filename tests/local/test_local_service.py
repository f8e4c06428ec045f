from __future__ import annotations

import ast
import copy
import json
import os
import pickle
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from arns import contact_arn
from botocore import xform_name
from botocore.session import Session
from moto import mock_aws
from rejecting import violations_of
from sentinels import PHONE

from ssm_contacts_sdk import local
from ssm_contacts_sdk._errors import ConfigurationError, InvalidValueError, NotPicklableError
from ssm_contacts_sdk.local import LocalClock, LocalService, Quotas, lost_response, unreachable
from ssm_contacts_sdk.local._contract import contract
from ssm_contacts_sdk.local._effects import RequestLost, ResponseLost
from ssm_contacts_sdk.local._handlers import HANDLERS

if TYPE_CHECKING:
    from mypy_boto3_ssm_contacts import SSMContactsClient

ARN = contact_arn("akuam")
PERSON = b'{"Alias": "akuam", "Type": "PERSONAL", "Plan": {"Stages": []}}'


def handle(service: LocalService, operation: str, body: bytes = b"{}") -> tuple[int, Any]:
    response = service.handle(f"SSMContacts.{operation}", {}, body)
    return response.status, json.loads(response.body)


def test_every_public_name_is_exported_once() -> None:
    assert len(set(local.__all__)) == len(local.__all__)
    assert set(local.__all__) <= set(dir(local))


def test_every_response_has_a_request_id_and_aws_content_type(service: LocalService) -> None:
    good = service.handle("SSMContacts.ListContacts", {}, b"{}")
    bad = service.handle("SSMContacts.GetContact", {}, b"{}")
    for response in (good, bad):
        assert response.headers["Content-Type"] == "application/x-amz-json-1.1"
        assert len(response.headers["x-amzn-RequestId"]) == 36
    assert good.headers["x-amzn-RequestId"] != bad.headers["x-amzn-RequestId"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b'{"Alias": NaN}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"MaxResults": ' + b"9" * 5000 + b"}",
    ],
)
def test_a_body_must_be_a_json_object(service: LocalService, body: bytes) -> None:
    status, said = handle(service, "CreateContact", body)
    assert (status, said["__type"]) == (400, "SerializationException")
    assert [request.body for request in service.requests] == [{}]


@pytest.mark.skipif(
    not hasattr(sys, "set_int_max_str_digits"), reason="this Python has no limit to lift"
)
@pytest.mark.parametrize(("digits", "error"), [(4_300, "Validation"), (4_301, "Serialization")])
def test_a_number_of_too_many_digits_is_rejected(
    service: LocalService, digits: int, error: str
) -> None:
    before = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        _, said = handle(service, "ListContacts", b'{"MaxResults": %s}' % (b"9" * digits))
    finally:
        sys.set_int_max_str_digits(before)
    assert said["__type"] == f"{error}Exception"


@pytest.mark.parametrize(
    "target", ["", "GetContact", "SSMContacts.", "SSMContacts.Nope", "Other.GetContact"]
)
def test_an_unknown_target_is_rejected(service: LocalService, target: str) -> None:
    service.faults.add(unreachable(), times=None)
    response = service.handle(target, {}, b"{")
    assert response.status == 400
    assert json.loads(response.body)["__type"] == "UnknownOperationException"


OPERATIONS = frozenset(Session().get_service_model("ssm-contacts").operation_names)


def test_every_operation_of_botocores_model_has_a_handler() -> None:
    assert len(OPERATIONS) == 39
    assert HANDLERS.keys() == contract().operations == OPERATIONS
    assert len(set(HANDLERS.values())) == 39


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_every_operation_succeeds_or_is_rejected_for_a_reason(
    service: LocalService, operation: str
) -> None:
    status, said = handle(service, operation)
    assert (status, said.get("__type")) in {(200, None), (400, "ValidationException")}


def test_every_operation_is_called_by_name_in_the_tests_of_the_handlers() -> None:
    # This reads the source of the tests, so that it works when it runs alone.
    sources = sorted((Path(__file__).parent / "handlers").glob("test_*.py"))
    called = {
        node.attr
        for source in sources
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == "aws"
    }
    assert {xform_name(operation) for operation in OPERATIONS} <= called


def test_the_tests_client_uses_both_transports(
    service: LocalService, aws: SSMContactsClient, transport: str
) -> None:
    aws.list_contacts()
    assert [request.operation for request in service.requests] == ["ListContacts"]
    assert aws.meta.endpoint_url.startswith("http://127.0.0.1:") == (transport == "http")


def test_requests_are_recorded_oldest_first(service: LocalService) -> None:
    aws = service.boto3_client()
    aws.list_contacts(MaxResults=7)
    service.clock.advance(minutes=5)
    service.handle("SSMContacts.GetContact", {"Amz-Sdk-Request": "attempt=2; max=5"}, b"{}")
    first, second = service.requests
    assert (first.operation, first.status, first.attempt) == ("ListContacts", 200, 1)
    assert first.body == {"MaxResults": 7}
    assert first.invocation_id is not None
    assert (second.operation, second.status, second.attempt) == ("GetContact", 400, 2)
    assert second.invocation_id is None
    assert second.received_at - first.received_at == timedelta(minutes=5)


@pytest.mark.parametrize(
    ("header", "attempt"),
    [
        ("attempt=999999999", 999_999_999),
        ("attempt=1000000000", None),
        ("attempt=2x", None),
        ("reattempt=2", None),
        ("max=5;attempt=2 ;ttl=1", 2),
    ],
)
def test_the_attempt_is_a_number_of_up_to_nine_digits(
    service: LocalService, header: str, attempt: int | None
) -> None:
    service.handle("SSMContacts.ListContacts", {"amz-sdk-request": header}, b"{}")
    assert service.requests[-1].attempt == attempt


def test_the_repr_of_a_request_has_no_private_values(service: LocalService) -> None:
    service.handle("SSMContacts.CreateContact", {}, PERSON)
    (request,) = service.requests
    assert request.body["Alias"] == "akuam"
    assert request.attempt is None
    assert "akuam" not in repr(request)
    response = service.handle("SSMContacts.ListContacts", {}, b"{}")
    assert "akuam" not in repr(response)


def test_the_seed_determines_ids_and_codes(akua: str, sms: str) -> None:
    body = json.dumps(
        {
            "ContactId": akua,
            "Name": "n",
            "Type": "SMS",
            "DeliveryAddress": {"SimpleAddress": PHONE},
        }
    ).encode()
    created: list[str] = []
    for seed in (0, 1):
        service = LocalService(seed=seed)
        handle(service, "CreateContact", PERSON)
        created.append(handle(service, "CreateContactChannel", body)[1]["ContactChannelArn"])
    assert created[0] == sms != created[1]


def test_a_reset_restarts_everything_but_the_clock(
    service: LocalService, aws: SSMContactsClient, sms: str
) -> None:
    service.faults.add(unreachable(), times=None)
    service.clock.advance(hours=1)
    before = service.clock.now()
    code = service.outbox[0].code
    service.reset()
    assert (service.requests, service.outbox, service.clock.now()) == ((), (), before)
    # The client is still connected, and ids start again.
    assert aws.list_contacts()["Contacts"] == []
    arn = aws.create_contact(Alias="akuam", Type="PERSONAL", Plan={})["ContactArn"]
    again = aws.create_contact_channel(
        ContactId=arn,
        Name="n",
        Type="SMS",
        DeliveryAddress={"SimpleAddress": PHONE},
    )
    assert again["ContactChannelArn"] == sms
    assert service.outbox[0].code == code


@pytest.mark.parametrize(
    ("region", "partition"),
    [("eu-north-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")],
)
def test_arns_have_account_region_and_partition(region: str, partition: str) -> None:
    service = LocalService(account_id="444455556666", region_name=region)
    aws = service.boto3_client()
    arn = aws.create_contact(Alias="a", Type="PERSONAL", Plan={})["ContactArn"]
    assert arn == f"arn:{partition}:ssm-contacts:{region}:444455556666:contact/a"
    assert aws.meta.region_name == region
    assert repr(service) == f"LocalService(444455556666, {region})"


@pytest.mark.parametrize("region", ["a", "a1", "1-a", "a" * 63])
def test_the_name_of_a_region_may_be_any_label_of_a_host_name(region: str) -> None:
    service = LocalService(region_name=region)
    arn = service.boto3_client().create_contact(Alias="a", Type="PERSONAL", Plan={})["ContactArn"]
    assert arn == f"arn:aws:ssm-contacts:{region}:111122223333:contact/a"


@pytest.mark.parametrize("region", ["-", "-a", "a-", "A", "a.b", "a_b", "a" * 64])
def test_what_is_no_label_of_a_host_name_is_no_region(region: str) -> None:
    assert violations_of(lambda: LocalService(region_name=region)) == [
        ("region_name", "wrong_format")
    ]


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ({"account_id": "1"}, "account_id"),
        ({"account_id": "1111222233334"}, "account_id"),
        ({"region_name": "us east"}, "region_name"),
        ({"region_name": ""}, "region_name"),
    ],
)
def test_invalid_accounts_and_regions_are_rejected(wrong: Any, path: str) -> None:
    assert violations_of(lambda: LocalService(**wrong)) == [(path, "wrong_format")]


@pytest.mark.parametrize(
    ("wrong", "code"), [(-1, "too_small"), (True, "wrong_type"), ("1", "wrong_type")]
)
def test_a_quota_must_be_an_int_of_at_least_0(wrong: Any, code: str) -> None:
    expected = [("contacts", code), ("rotations", code)]
    assert violations_of(lambda: Quotas(contacts=wrong, rotations=wrong)) == expected


def test_the_clock_can_be_shared() -> None:
    clock = LocalClock()
    assert LocalService(clock=clock).clock is LocalService(clock=clock).clock


def test_a_client_needs_no_settings_of_the_machine(
    service: LocalService, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    assert service.boto3_client().list_contacts()["Contacts"] == []


def test_a_client_ignores_the_settings_of_the_machine(
    service: LocalService, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    broken = tmp_path / "config"
    broken.write_text("[[[ not a configuration")
    for name, value in {
        "AWS_PROFILE": "not-there",
        "AWS_CONFIG_FILE": str(broken),
        "AWS_SHARED_CREDENTIALS_FILE": str(broken),
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_ENDPOINT_URL_SSM_CONTACTS": "http://127.0.0.1:9",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_DEFAULTS_MODE": "auto",
        "AWS_MAX_ATTEMPTS": "9",
        "AWS_RETRY_MODE": "adaptive",
    }.items():
        monkeypatch.setenv(name, value)
    aws = service.boto3_client()
    assert aws.list_contacts()["Contacts"] == []
    assert aws.meta.region_name == "us-east-2"
    assert aws.meta.endpoint_url == "https://embedded.invalid"


def test_a_client_does_not_retry(service: LocalService) -> None:
    service.faults.add(local.throttle(), times=None)
    aws = service.boto3_client()
    with pytest.raises(aws.exceptions.ThrottlingException):
        aws.list_contacts()
    assert len(service.requests) == 1


def test_a_client_works_within_mock_aws(service: LocalService, aws: SSMContactsClient) -> None:
    with mock_aws():
        inside = service.boto3_client()
        arn = inside.create_contact(Alias="a", Type="PERSONAL", Plan={})["ContactArn"]
        assert aws.get_contact(ContactId=arn)["Alias"] == "a"
        with pytest.raises(inside.exceptions.ResourceNotFoundException):
            inside.get_contact(ContactId=arn + "x")
    assert inside.get_contact(ContactId=arn)["Alias"] == "a"


def foreign(name: str = "ssm-contacts") -> SSMContactsClient:
    client = Session().create_client(
        cast("Any", name),
        region_name="us-east-2",
        aws_access_key_id="x",
        aws_secret_access_key="x",
    )
    return cast("SSMContactsClient", client)


def test_another_client_can_be_connected(service: LocalService) -> None:
    client = foreign()
    service.connect(client)
    client.create_contact(Alias="a", Type="PERSONAL", Plan={})
    assert service.requests[0].operation == "CreateContact"


def test_the_last_connection_of_a_client_applies(service: LocalService) -> None:
    client, other = foreign(), LocalService()
    service.connect(client)
    other.connect(client)
    other.connect(client)
    client.list_contacts()
    assert (len(service.requests), len(other.requests)) == (0, 1)


def test_a_client_of_another_service_is_rejected(service: LocalService) -> None:
    with pytest.raises(ConfigurationError, match="got ssm-incidents"):
        service.connect(foreign("ssm-incidents"))


def test_handle_raises_if_there_is_no_response(service: LocalService) -> None:
    service.faults.add(unreachable())
    service.faults.add(lost_response(), times=2)
    with pytest.raises(RequestLost):
        handle(service, "CreateContact", PERSON)
    with pytest.raises(ResponseLost):
        handle(service, "CreateContact", PERSON)
    assert handle(service, "GetContact", json.dumps({"ContactId": ARN}).encode())[0] == 200


def test_threads_share_one_service(service: LocalService, aws: SSMContactsClient) -> None:
    def create(number: int) -> str:
        return aws.create_contact(Alias=f"a{number % 40}", Type="PERSONAL", Plan={})["ContactArn"]

    def attempt(number: int) -> bool:
        try:
            create(number)
        except aws.exceptions.ConflictException:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        created = list(pool.map(attempt, range(80)))
    assert sum(created) == 40
    assert len(service.requests) == 80


def test_a_typed_client_waits_on_the_services_clock(service: LocalService) -> None:
    service.faults.add(unreachable(), times=2)
    client = service.client()
    assert list(client.contacts.list()) == []
    assert service.clock.monotonic() > 0


def test_a_client_with_a_policy_waits_on_the_services_clock(service: LocalService) -> None:
    from ssm_contacts_sdk import RetryPolicy

    seen: list[float] = []
    service.faults.add(local.throttle(retry_after_seconds=40))
    client = service.client(retry=RetryPolicy(on_retry=lambda retry: seen.append(retry.wait_for)))
    list(client.contacts.list())
    assert seen == [40] == [service.clock.monotonic()]


def test_code_for_returns_the_last_code_of_a_channel(
    service: LocalService, aws: SSMContactsClient, sms: str
) -> None:
    first = service.code_for(sms)
    aws.send_activation_code(ContactChannelId=sms)
    assert [message.code for message in service.outbox] == [first, service.code_for(sms)]
    assert first != service.code_for(sms)
    with pytest.raises(
        InvalidValueError,
        match="channel must be the record or ARN of a channel that was sent a code",
    ):
        service.code_for(sms + "x")


def test_a_retry_policy_of_one_attempt_is_one_attempt(service: LocalService) -> None:
    from ssm_contacts_sdk import RetryPolicy, TransportError

    service.faults.add(unreachable())
    client = service.client(retry=RetryPolicy.none())
    with pytest.raises(TransportError):
        list(client.contacts.list())
    assert service.clock.monotonic() == 0


def test_handle_rejects_arguments_of_the_wrong_type(service: LocalService) -> None:
    wrong: dict[str, Any] = {"target": b"SSMContacts.ListContacts", "headers": [], "body": "{}"}
    expected = [(name, "wrong_type") for name in wrong]
    assert violations_of(lambda: service.handle(**wrong)) == expected
    assert service.requests == ()


def test_arguments_of_the_wrong_type_are_reported_at_once() -> None:
    wrong: dict[str, Any] = {
        "account_id": 111122223333,
        "region_name": None,
        "clock": 5,
        "seed": "a",
        "quotas": {},
        "rates": {"CreateContact": 1},
        "assumptions": "none",
    }
    expected = [(name, "wrong_type") for name in wrong]
    assert violations_of(lambda: LocalService(**wrong)) == expected


@pytest.mark.parametrize("way", [pickle.dumps, copy.deepcopy, copy.copy])
def test_a_service_cannot_be_pickled_or_copied(
    service: LocalService, way: Callable[[object], object]
) -> None:
    with pytest.raises(NotPicklableError, match="over HTTP .LocalService.serve., or restore its"):
        way({"service": service} if way is not copy.copy else service)


def test_a_snapshot_can_be_pickled_and_restored_in_another_service(service: LocalService) -> None:
    assert handle(service, "CreateContact", PERSON)[0] == 200
    other = LocalService()
    other.restore(pickle.loads(pickle.dumps(service.snapshot())))  # noqa: S301 - our own
    assert handle(other, "ListContacts") == handle(service, "ListContacts")
    assert handle(other, "ListContacts")[1]["Contacts"][0]["Alias"] == "akuam"
