"""Work of botocore that has no effect is left out of our clients, and nothing else changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import boto3
import pytest
from arns import contact_arn
from botocore.awsrequest import AWSResponse
from botocore.loaders import Loader
from botocore_data import read_once

from ssm_contacts_sdk import ContactsClient, RetryPolicy

AKUA = contact_arn("akuam")
SETTINGS: dict[str, dict[str, str]] = {
    "defaults": {},
    "FIPS": {"AWS_USE_FIPS_ENDPOINT": "true"},
    "dual stack": {"AWS_USE_DUALSTACK_ENDPOINT": "true"},
    "both": {"AWS_USE_FIPS_ENDPOINT": "true", "AWS_USE_DUALSTACK_ENDPOINT": "true"},
    "an endpoint": {"AWS_ENDPOINT_URL_SSM_CONTACTS": "https://contacts.example.com:8443/path"},
}


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    read_once(monkeypatch)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    return monkeypatch


def plain(region: str) -> Any:
    session: Any = boto3.Session(region_name=region)
    return session.client("ssm-contacts")


def own(region: str) -> Any:
    return ContactsClient(region_name=region, retry=RetryPolicy.none()).boto3_client


def of_a_session(region: str) -> Any:
    session = boto3.Session(region_name=region)
    return ContactsClient(session=session, retry=RetryPolicy.none()).boto3_client


CREATED = pytest.mark.parametrize("create", [own, of_a_session])


class _Empty(AWSResponse):
    @property
    def content(self) -> bytes:
        return b"{}"


def urls(boto3_client: Any, *, calls: int = 2) -> list[str]:
    """Return the addresses of some calls. Nothing is sent."""
    found: list[str] = []

    def respond(request: Any, **_: object) -> AWSResponse:
        found.append(request.url)
        return _Empty(request.url, 200, cast("Any", {}), cast("Any", None))

    boto3_client.meta.events.register("before-send.ssm-contacts", respond)
    for _ in range(calls):
        boto3_client.get_contact(ContactId=AKUA)
        boto3_client.list_contacts()
    return found


@CREATED
@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("region", ["us-east-2", "eu-west-1", "us-gov-west-1", "cn-north-1"])
def test_every_call_goes_where_boto3_sends_it(
    machine: pytest.MonkeyPatch, create: Any, settings: str, region: str
) -> None:
    for name, value in SETTINGS[settings].items():
        machine.setenv(name, value)
    assert urls(create(region)) == urls(plain(region))


@CREATED
def test_a_handler_can_change_the_endpoint_of_one_call(create: Any) -> None:
    def move(builtins: dict[str, object], model: Any, **_: object) -> None:
        if model.name == "ListContacts":
            builtins["AWS::Region"] = "eu-west-1"

    boto3_client = create("us-east-2")
    boto3_client.meta.events.register("before-endpoint-resolution.ssm-contacts", move)
    here, there = (
        f"https://ssm-contacts.{region}.amazonaws.com/" for region in ("us-east-2", "eu-west-1")
    )
    assert urls(boto3_client) == [here, there, here, there]


@CREATED
def test_a_model_can_bind_a_part_of_the_endpoint_to_an_operation(
    machine: pytest.MonkeyPatch, tmp_path: Path, create: Any
) -> None:
    model = Loader().load_service_model("ssm-contacts", "service-2")
    operation = model["operations"]["ListContacts"]
    bound = {**operation, "staticContextParams": {"Region": {"value": "eu-west-1"}}}
    model = {**model, "operations": {**model["operations"], "ListContacts": bound}}
    folder = tmp_path / "ssm-contacts" / "2021-05-03"
    folder.mkdir(parents=True)
    (folder / "service-2.json").write_text(json.dumps(model), encoding="utf-8")
    machine.setenv("AWS_DATA_PATH", str(tmp_path))
    found = urls(create("us-east-2"))
    assert found == urls(plain("us-east-2"))
    assert len(set(found)) == 2


def test_no_operation_of_the_service_has_a_part_of_the_endpoint() -> None:
    service = plain("us-east-2").meta.service_model
    assert not service.client_context_parameters
    for name in service.operation_names:
        operation = service.operation_model(name)
        assert not operation.static_context_parameters
        assert not operation.context_parameters
        assert not getattr(operation, "operation_context_parameters", None)
