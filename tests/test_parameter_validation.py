"""botocore validates the parameters of direct calls, and not those that were checked before."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import Any

import boto3
import pytest
from arns import contact_arn
from botocore.config import Config
from botocore.exceptions import ClientError, ParamValidationError
from botocore.stub import Stubber
from botocore.validate import ParamValidator
from botocore_data import read_once

from ssm_contacts_sdk import (
    Contact,
    ContactsClient,
    ContactType,
    InvalidValueError,
    Plan,
    PreviewOverride,
    Recurrence,
    ResponseDecodeError,
    RetryPolicy,
    Stage,
)
from ssm_contacts_sdk.local import LocalService, raw_response, throttle

PERSON = Contact(alias="akuam", type=ContactType.PERSONAL)
ENGAGING = Contact(
    alias="bo",
    type=ContactType.PERSONAL,
    plan=Plan(stages=[Stage(duration_in_minutes=5, targets=[])]),
)
WRONG = {"Alias": 7, "Nonsense": 1, "Plan": {"Stages": [{"Targets": 3}]}}
VALID: dict[str, object] = {"Alias": "kwame", "Type": "PERSONAL", "Plan": {"Stages": []}}


@pytest.fixture(autouse=True)
def _machine(monkeypatch: pytest.MonkeyPatch) -> None:
    read_once(monkeypatch)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")


def boto3_client() -> Any:
    session: Any = boto3.Session(region_name="us-east-2")
    config = Config(retries={"mode": "standard", "total_max_attempts": 1})
    return session.client("ssm-contacts", config=config)


def own(service: LocalService) -> ContactsClient:
    client = ContactsClient(region_name="us-east-2", retry=RetryPolicy.none())
    service.connect(client.boto3_client)
    return client


def of_a_session(service: LocalService) -> ContactsClient:
    session = boto3.Session(region_name="us-east-2")
    service.connect(session)
    return ContactsClient(session=session)


def embedded(service: LocalService) -> ContactsClient:
    return service.client()


def copied(service: LocalService) -> ContactsClient:
    return own(service).with_options(read_timeout=2)


CREATED = pytest.mark.parametrize("create", [own, of_a_session, embedded, copied])
Create = Callable[[LocalService], ContactsClient]


@pytest.fixture
def validated(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The input shapes of the requests that botocore validates."""
    shapes: list[str] = []
    validate = ParamValidator.validate

    def record(self: ParamValidator, params: Any, shape: Any) -> Any:
        shapes.append(shape.name)
        return validate(self, params, shape)

    monkeypatch.setattr(ParamValidator, "validate", record)
    return shapes


@CREATED
def test_checked_requests_are_not_validated_again(
    service: LocalService, create: Create, validated: list[str]
) -> None:
    client = create(service)
    service.faults.add(throttle(), times=1)
    retrying = client.with_options(retry=RetryPolicy(base_delay=0, max_delay=0))
    akua = retrying.contacts.create(PERSON, tags={"team": "web"})
    assert client.contacts.get(akua).alias == "akuam"
    client.contacts.update(akua, plan=ENGAGING.plan)
    assert len(list(client.contacts.list())) == 1
    assert validated == []


def text_of(call: Callable[[], object]) -> str:
    with pytest.raises(ParamValidationError) as caught:
        call()
    return str(caught.value)


def direct_calls(client: Any) -> list[Callable[[], object]]:
    pages = client.get_paginator("list_contacts")
    return [
        partial(client.create_contact, **WRONG),
        partial(client.get_contact),
        lambda: list(pages.paginate(Type=7)),
        partial(client.generate_presigned_url, "create_contact", Params=WRONG),
    ]


@CREATED
def test_direct_calls_are_validated_with_the_texts_of_botocore(
    service: LocalService, create: Create
) -> None:
    plain = boto3_client()
    expected = [text_of(call) for call in direct_calls(plain)]
    assert [text_of(call) for call in direct_calls(create(service).boto3_client)] == expected
    assert service.requests == ()


@CREATED
def test_call_validates_its_arguments(service: LocalService, create: Create) -> None:
    with pytest.raises(InvalidValueError, match=re.escape("Alias must have a valid type")):
        create(service).call("create_contact", **WRONG)
    assert service.requests == ()


def add_unknown(params: dict[str, Any], **_: object) -> None:
    params["Nonsense"] = 1


def remove_type(params: dict[str, Any], **_: object) -> None:
    del params["Type"]


def other_type(params: dict[str, Any], **_: object) -> None:
    params["Alias"] = 7


def other_type_inside(params: dict[str, Any], **_: object) -> None:
    params["Plan"]["Stages"][0]["DurationInMinutes"] = 5.0


def add_inside(params: dict[str, Any], **_: object) -> None:
    params["Plan"]["Stages"].append({})


def other_parameters(params: dict[str, Any], **_: object) -> Any:
    return {**params, "Plan": []}


CHANGES = pytest.mark.parametrize(
    ("change", "path"),
    [
        (add_unknown, "input.Nonsense"),
        (remove_type, "input.Type"),
        (other_type, "Alias"),
        (other_type_inside, "Plan.Stages[0].DurationInMinutes"),
        (add_inside, "Plan.Stages[1].DurationInMinutes"),
    ],
)


@CREATED
@CHANGES
@pytest.mark.parametrize(
    "event",
    [
        "provide-client-params.ssm-contacts.CreateContact",
        "before-parameter-build.ssm-contacts",
        "before-parameter-build",
    ],
)
def test_what_a_handler_breaks_in_a_checked_request_is_found(
    service: LocalService, create: Create, change: Callable[..., Any], path: str, event: str
) -> None:
    client = create(service)
    client.boto3_client.meta.events.register_last(event, change)
    with pytest.raises(InvalidValueError) as caught:
        client.contacts.create(ENGAGING)
    assert caught.value.violations[0].path == path
    assert service.requests == ()


@CREATED
def test_other_parameters_of_a_handler_are_validated(service: LocalService, create: Create) -> None:
    client = create(service)
    events = client.boto3_client.meta.events
    events.register("provide-client-params.ssm-contacts", other_parameters)
    with pytest.raises(InvalidValueError, match="Plan must have a valid type"):
        client.contacts.create(ENGAGING)
    assert service.requests == ()


@CREATED
def test_a_direct_call_inside_of_a_call_is_validated(service: LocalService, create: Create) -> None:
    client = create(service)
    aws: Any = client.boto3_client
    texts: list[str] = []

    def call_directly(**_: object) -> None:
        aws.meta.events.unregister("before-call.ssm-contacts", call_directly)
        texts.append(text_of(partial(aws.create_contact, **WRONG)))
        aws.create_contact(**VALID)

    aws.meta.events.register("before-call.ssm-contacts", call_directly)
    client.contacts.create(PERSON)
    assert len(texts) == 1
    assert [each.body["Alias"] for each in service.requests] == ["kwame", "akuam"]


def test_a_direct_call_of_another_thread_is_validated_during_a_call(service: LocalService) -> None:
    client = service.client()
    aws: Any = client.boto3_client
    is_calling, may_end = Event(), Event()

    def wait(**_: object) -> None:
        is_calling.set()
        assert may_end.wait(60)

    aws.meta.events.register("before-call.ssm-contacts.CreateContact", wait)
    thread = Thread(target=client.contacts.create, args=(PERSON,))
    thread.start()
    assert is_calling.wait(60)
    try:
        text_of(partial(aws.create_contact, **WRONG))
    finally:
        may_end.set()
        thread.join()
    assert [each.operation for each in service.requests] == ["CreateContact"]


def test_a_token_of_the_service_is_checked_before_it_is_sent(
    service: LocalService, validated: list[str]
) -> None:
    client = service.client()
    page = b'{"Contacts": [], "NextToken": 7}'
    service.faults.add(raw_response(200, page, "application/x-amz-json-1.1", request_id=True))
    with pytest.raises(ResponseDecodeError, match="NextToken: must be a str"):
        list(client.contacts.list())
    for alias in ("a", "b"):
        client.contacts.create(Contact(alias=alias, type=ContactType.PERSONAL))
    assert len(list(client.contacts.list(page_size=1))) == 2
    assert validated == []


def test_instants_inside_of_structures_are_validated(
    service: LocalService, validated: list[str]
) -> None:
    """An instant in a structure cannot be compared with what it was."""
    start = datetime(2025, 1, 6, tzinfo=timezone.utc)
    end = start + timedelta(days=1)
    shifts = service.client().rotations.preview_shifts(
        members=["akua"],
        time_zone_id="UTC",
        recurrence=Recurrence.daily("09:00"),
        overrides=[PreviewOverride(new_members=["bo"], start_time=start, end_time=end)],
        start_time=start,
        end_time=end,
    )
    assert len(list(shifts)) > 0
    assert set(validated) == {"ListPreviewRotationShiftsRequest"}


def test_the_setting_of_a_configuration_file_is_respected(
    service: LocalService, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, validated: list[str]
) -> None:
    path = tmp_path / "config"
    path.write_text("[default]\nparameter_validation = false\n", encoding="utf-8")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(path))
    client = own(service)
    aws: Any = client.boto3_client
    aws.create_contact(**VALID)
    with pytest.raises(ClientError, match="SerializationException"):
        aws.get_contact(ContactId=7)
    client.contacts.create(PERSON)
    assert validated == []


def test_a_boto3_client_that_is_passed_validates_as_before(
    service: LocalService, validated: list[str]
) -> None:
    aws = boto3_client()
    service.connect(aws)
    ContactsClient(boto3_client=aws).contacts.create(PERSON)
    assert validated == ["CreateContactRequest"]


@CREATED
def test_a_stubbed_client_compares_what_is_sent(service: LocalService, create: Create) -> None:
    client = create(service)
    with Stubber(client.boto3_client) as stubber:
        stubber.add_response(
            "get_contact",
            {"ContactArn": contact_arn("a"), "Alias": "a", "Type": "PERSONAL", "Plan": {}},
            {"ContactId": contact_arn("a")},
        )
        assert client.contacts.get(contact_arn("a")).alias == "a"
        with pytest.raises(ParamValidationError):
            stubber.add_response("get_contact", {}, {"ContactId": 7})
