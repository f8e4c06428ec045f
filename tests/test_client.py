from __future__ import annotations

import copy
import json
import logging
import pickle
import re
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path
from shutil import copytree
from socket import create_server
from typing import Any, ClassVar, NoReturn, cast
from unittest.mock import AsyncMock, MagicMock

import boto3
import botocore
import pytest
from arns import contact_arn, engagement_arn
from botocore.client import BaseClient
from botocore.config import Config
from botocore.credentials import CredentialProvider
from botocore.exceptions import EndpointConnectionError
from botocore.session import Session
from botocore.stub import Stubber
from botocore_data import read_once
from clocks import StoppedClock
from moto import mock_aws
from sentinels import CODE, TOKEN

import ssm_contacts_sdk
from ssm_contacts_sdk import (
    ConfigurationError,
    Contact,
    ContactsClient,
    ContactsError,
    ContactType,
    CredentialsError,
    InvalidValueError,
    NotPicklableError,
    RetryPolicy,
    StackedRetriesWarning,
    ThrottlingError,
    TransportError,
)
from ssm_contacts_sdk.local import LocalService, delay, lost_response, raw_response, throttle

AKUA = Contact(alias="akuam", type=ContactType.PERSONAL)
ARN = contact_arn("akuam")
ENGAGEMENT = engagement_arn("akuam")
SESSION = boto3.session.Session(region_name="us-east-2")
CONFIG = """
[default]
region = eu-west-1

[profile other]
region = eu-north-1

[profile nowhere]
output = json
"""
CREDENTIALS = """
[default]
aws_access_key_id = x
aws_secret_access_key = y
"""


@pytest.fixture(autouse=True)
def sessions_share_data(monkeypatch: pytest.MonkeyPatch) -> None:
    read_once(monkeypatch)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """Configure two Regions and credentials, and remove all AWS variables."""
    import os

    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    (tmp_path / "config").write_text(CONFIG)
    (tmp_path / "credentials").write_text(CREDENTIALS)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return monkeypatch


WAYS: dict[str, Callable[[], ContactsClient]] = {
    "own": lambda: ContactsClient(region_name="us-east-2"),
    "session": lambda: ContactsClient(session=boto3.session.Session(region_name="us-east-2")),
    "endpoint": lambda: ContactsClient(region_name="us-east-2", endpoint_url="http://127.0.0.1:1"),
    "local": lambda: LocalService().client(),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
def test_every_client_sends_the_attempts_of_its_policy_and_no_more(
    machine: pytest.MonkeyPatch, way: str, mode: str
) -> None:
    machine.setenv("AWS_MAX_ATTEMPTS", "7")
    machine.setenv("AWS_RETRY_MODE", mode)
    service = LocalService()
    client = WAYS[way]().with_options(retry=RetryPolicy(attempts=5), clock=service.clock)
    service.connect(client.boto3_client)
    service.faults.add(throttle(), times=None)
    with pytest.raises(ThrottlingError):
        client.contacts.create(AKUA, idempotency_token=TOKEN)
    assert [request.body["IdempotencyToken"] for request in service.requests] == [TOKEN] * 5


@pytest.mark.parametrize("way", ["own", "session", "endpoint"])
def test_the_user_agent_has_this_package_once(machine: pytest.MonkeyPatch, way: str) -> None:
    seen: list[str] = []

    def record_agent(request: Any, **_: object) -> None:
        agent = request.headers["User-Agent"]
        seen.append(agent.decode() if isinstance(agent, bytes) else agent)

    client = WAYS[way]()
    LocalService().connect(client.boto3_client)
    client.boto3_client.meta.events.register_first(
        "before-send.ssm-contacts", cast("Any", record_agent)
    )
    list(client.contacts.list())
    (agent,) = seen
    assert agent.endswith(f" ssm-contacts-sdk/{ssm_contacts_sdk.__version__}")
    assert agent.count("ssm-contacts-sdk") == 1
    assert re.match(r"Boto(core|3)/", agent)


def test_the_user_agent_includes_an_application_id(machine: pytest.MonkeyPatch) -> None:
    machine.setenv("AWS_SDK_UA_APP_ID", "pager")
    config: Any = ContactsClient(region_name="us-east-2").boto3_client.meta.config
    assert config.user_agent_extra == f"ssm-contacts-sdk/{ssm_contacts_sdk.__version__}"
    assert config.user_agent_appid == "pager"


@pytest.mark.parametrize("session", [None, boto3.Session(region_name="us-east-2")])
def test_a_region_and_an_endpoint_that_are_passed_replace_those_of_the_session(
    session: Any,
) -> None:
    endpoint = "https://contacts.example.com"
    client = ContactsClient(session=session, region_name="eu-west-1", endpoint_url=endpoint)
    assert client.boto3_client.meta.region_name == "eu-west-1"
    assert client.boto3_client.meta.endpoint_url == endpoint


def test_the_region_is_the_one_that_boto3_finds(machine: pytest.MonkeyPatch) -> None:
    def region(**settings: Any) -> str:
        return ContactsClient(**settings).boto3_client.meta.region_name

    assert region() == "eu-west-1"
    assert region(profile_name="other") == "eu-north-1"
    assert region(profile_name="other", region_name="us-east-1") == "us-east-1"
    machine.setenv("AWS_PROFILE", "other")
    assert region() == "eu-north-1"
    machine.setenv("AWS_DEFAULT_REGION", "us-west-2")
    assert region() == "us-west-2"
    assert region(session=boto3.session.Session(region_name="sa-east-1")) == "sa-east-1"
    assert repr(ContactsClient()) == (
        "ContactsClient(region_name='us-west-2', "
        "endpoint_url='https://ssm-contacts.us-west-2.amazonaws.com')"
    )


def test_the_default_session_of_boto3_is_used_if_there_is_one(
    machine: pytest.MonkeyPatch,
) -> None:
    machine.setattr(boto3, "DEFAULT_SESSION", boto3.session.Session(region_name="sa-east-1"))
    assert ContactsClient().boto3_client.meta.region_name == "sa-east-1"
    other = ContactsClient(profile_name="other")
    assert other.boto3_client.meta.region_name == "eu-north-1"


def test_the_endpoint_is_the_one_that_boto3_finds(machine: pytest.MonkeyPatch) -> None:
    machine.setenv("AWS_ENDPOINT_URL_SSM_CONTACTS", "http://127.0.0.1:4583")
    assert ContactsClient().boto3_client.meta.endpoint_url == "http://127.0.0.1:4583"
    given = ContactsClient(endpoint_url="http://127.0.0.1:1")
    assert given.boto3_client.meta.endpoint_url == "http://127.0.0.1:1"


def test_the_services_are_not_listed_to_create_a_client(machine: pytest.MonkeyPatch) -> None:
    listed: list[object] = []
    machine.setattr("botocore.loaders.Loader.list_available_services", listed.append)
    ContactsClient(region_name="us-east-2")
    ContactsClient(profile_name="other")
    assert listed == []


@pytest.mark.parametrize("way", ["own", "session"])
def test_the_data_path_of_botocore_is_used(
    machine: pytest.MonkeyPatch, tmp_path: Path, way: str
) -> None:
    data = Path(botocore.__file__).parent / "data" / "ssm-contacts" / "2021-05-03"
    other = tmp_path / "ssm-contacts" / "2099-01-01"
    copytree(data, other)
    model = Session().get_component("data_loader").load_service_model("ssm-contacts", "service-2")
    (other / "service-2.json.gz").unlink(missing_ok=True)
    metadata = {**model["metadata"], "apiVersion": "2099-01-01"}
    (other / "service-2.json").write_text(json.dumps({**model, "metadata": metadata}))
    machine.setenv("AWS_DATA_PATH", str(tmp_path))
    session = boto3.session.Session() if way == "session" else None
    client = ContactsClient(session=session)
    assert client.boto3_client.meta.service_model.api_version == "2099-01-01"


def test_a_missing_region_is_a_configuration_error(machine: pytest.MonkeyPatch) -> None:
    machine.setenv("AWS_PROFILE", "nowhere")
    with pytest.raises(ConfigurationError, match="pass region_name=..., or set AWS_DEFAULT_REG"):
        ContactsClient()


def test_a_missing_profile_is_a_configuration_error(machine: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError, match="there is no AWS profile 'nobody': pass"):
        ContactsClient(profile_name="nobody")


@pytest.mark.parametrize(
    "settings", [{"region_name": "us east"}, {"endpoint_url": "not a url"}, {"region_name": "!"}]
)
def test_an_invalid_region_or_endpoint_is_a_configuration_error(
    machine: pytest.MonkeyPatch, settings: Any
) -> None:
    with pytest.raises(ConfigurationError, match="check region_name, endpoint_url"):
        ContactsClient(**settings)


def test_a_broken_configuration_file_is_a_configuration_error(
    machine: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "config").write_text("[[[")
    with pytest.raises(ConfigurationError, match="ConfigParseError"):
        ContactsClient(region_name="us-east-2")


def test_missing_credentials_are_a_credentials_error(
    machine: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "credentials").write_text("")
    client = ContactsClient(region_name="us-east-2", retry=RetryPolicy.none())
    LocalService().connect(client.boto3_client)
    with pytest.raises(CredentialsError, match="no AWS credentials: set AWS_PROFILE, or AWS_ACC"):
        client.contacts.get(ARN)


def test_incomplete_credentials_are_a_credentials_error(
    machine: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "credentials").write_text("[default]\naws_access_key_id = x\n")
    with pytest.raises(CredentialsError, match="PartialCredentialsError"):
        ContactsClient(region_name="us-east-2").contacts.get(ARN)


def test_an_endpoint_without_a_server_is_a_transport_error(machine: pytest.MonkeyPatch) -> None:
    clock = StoppedClock()
    client = ContactsClient(
        region_name="us-east-2",
        # No server can use this port.
        endpoint_url="http://127.0.0.1:1",
        retry=RetryPolicy(attempts=3),
        clock=clock,
    )
    with pytest.raises(TransportError, match="cannot be reached") as caught:
        client.contacts.create(AKUA)
    assert (caught.value.attempts, caught.value.outcome_unknown) == (3, False)
    assert len(clock.waits) == 2
    assert caught.value.__cause__ is not None


@pytest.mark.parametrize("host", ["127.0.0.1:1", "no host"])
def test_no_message_contains_the_password_of_an_endpoint(
    machine: pytest.MonkeyPatch, host: str
) -> None:
    with pytest.raises(ContactsError) as caught:
        ContactsClient(
            region_name="us-east-2",
            endpoint_url=f"http://akua:{CODE}@{host}",
            retry=RetryPolicy.none(),
        ).contacts.create(AKUA)
    assert f"http://[redacted]@{host}" in str(caught.value)
    assert caught.value.__cause__ is None


def test_the_repr_of_a_client_hides_the_password_of_its_endpoint(
    machine: pytest.MonkeyPatch,
) -> None:
    client = ContactsClient(region_name="us-east-2", endpoint_url=f"http://akua:{CODE}@localhost")
    assert repr(client) == (
        "ContactsClient(region_name='us-east-2', endpoint_url='http://[redacted]@localhost')"
    )


def raw_client(**config: Any) -> Any:
    return Session().create_client(
        "ssm-contacts",
        region_name="us-east-2",
        aws_access_key_id="x",
        aws_secret_access_key="y",
        config=Config(**config),
    )


@pytest.mark.parametrize(
    "retries", [{}, {"retries": {"max_attempts": 2}}, {"retries": {"mode": "adaptive"}}]
)
def test_a_boto3_client_that_retries_causes_one_warning(
    machine: pytest.MonkeyPatch, retries: Any
) -> None:
    raw = raw_client(**retries)
    with pytest.warns(StackedRetriesWarning, match="total_max_attempts") as caught:
        client = ContactsClient(boto3_client=raw)
    assert len(caught) == 1
    assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        client.with_options(retry=RetryPolicy.none())


@pytest.mark.parametrize("retries", [{"total_max_attempts": 1}, {"max_attempts": 0}])
def test_a_boto3_client_that_does_not_retry_causes_no_warning(
    machine: pytest.MonkeyPatch, retries: Any
) -> None:
    raw = raw_client(retries=retries)
    client = ContactsClient(boto3_client=raw)
    assert client.boto3_client is raw


def other_service() -> Any:
    return Session().create_client(cast("Any", "ssm-incidents"), region_name="us-east-2")


def asynchronous() -> Any:
    """Return a client as aiobotocore creates it: of a subclass, whose calls are coroutines."""

    class AioBaseClient(BaseClient):
        async def __aenter__(self) -> None: ...

        async def _make_api_call(self, operation_name: str, api_params: object) -> None: ...

    client = raw_client(retries={"total_max_attempts": 1})
    client.__class__ = type("SSMContacts", (AioBaseClient, client.__class__), {})
    return client


def named_mock() -> Any:
    mock = MagicMock()
    mock.meta.service_model.service_name = "ssm-contacts"
    return mock


NO_CLIENTS: dict[str, tuple[Callable[[], object], str]] = {
    "an object": (object, "object: create one with boto3.client.'ssm-contacts'"),
    "a name": (lambda: "ssm-contacts", "str: create one"),
    "a number": (lambda: 7, "int: create one"),
    "another service": (other_service, "a client of ssm-incidents\\)$"),
    "a class": (lambda: raw_client().__class__, "the class SSMContacts: create a client"),
    "a session": (lambda: SESSION, "Session: create one"),
    "a session of botocore": (Session, "Session: create one"),
    "a resource": (
        lambda: cast("Any", SESSION).resource("sqs"),
        "sqs.ServiceResource: create one",
    ),
    "a Stubber": (
        lambda: Stubber(raw_client()),
        "Stubber: create one .* Stubber with such a client",
    ),
    "a mock": (MagicMock, "MagicMock: create one .* for tests, use ContactsClient.local"),
    "a mock of a client": (lambda: MagicMock(spec=raw_client()), "MagicMock: create one"),
    "a mock with the name": (named_mock, "MagicMock: create one"),
    "a coroutine's mock": (AsyncMock, "AsyncMock: create one"),
    "an asynchronous client": (asynchronous, "an asynchronous one of aioboto3 or aiobotocore"),
}


@pytest.mark.parametrize("kind", NO_CLIENTS)
def test_another_object_is_rejected_as_boto3_client(machine: pytest.MonkeyPatch, kind: str) -> None:
    create, reported = NO_CLIENTS[kind]
    wrong: Any = create()
    message = rf"boto3_client must be a boto3 client of ssm-contacts \(got {reported}"
    with pytest.raises(ConfigurationError, match=message):
        ContactsClient(boto3_client=wrong)


class Proxy:
    """Forwards everything to a client, as tracers do."""

    def __init__(self, client: object) -> None:
        self._client = client

    def __getattr__(self, name: str) -> object:
        return getattr(self._client, name)


def test_a_proxy_object_of_a_boto3_client_is_accepted(service: LocalService) -> None:
    proxy: Any = Proxy(service.boto3_client())
    assert ContactsClient(boto3_client=proxy).contacts.create(AKUA).arn == ARN


class AioSession:
    """A session like that of aioboto3."""

    def client(self, *_: object, **__: object) -> object:
        raise AssertionError("not to be called")


AioSession.__module__ = "aioboto3.session"


class OddSession:
    def client(self, *_: object, **__: object) -> object:
        return object()


@pytest.mark.parametrize(
    ("session", "message"),
    [
        (AioSession(), r"session must be a session of boto3 \(got an asynchronous one"),
        (OddSession(), r"session must create clients of ssm-contacts \(got object"),
    ],
)
def test_a_session_that_creates_other_objects_is_rejected(session: Any, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        ContactsClient(session=session, region_name="us-east-2")


@pytest.mark.parametrize(
    ("invalid", "path", "code"),
    [
        ({"region_name": 7}, "region_name", "wrong_type"),
        ({"region_name": ""}, "region_name", "too_short"),
        ({"retry": 3}, "retry", "wrong_type"),
        ({"boto3_client": 1, "region_name": "us-east-2"}, "region_name", "conflict"),
        ({"session": "prod"}, "session", "wrong_type"),
        ({"boto3_client": 1, "session": SESSION}, "session", "conflict"),
        ({"session": SESSION, "profile_name": "x"}, "profile_name", "conflict"),
        ({"connect_timeout": 0}, "connect_timeout", "too_small"),
        ({"read_timeout": "5"}, "read_timeout", "wrong_type"),
        ({"read_timeout": timedelta(days=1, seconds=1)}, "read_timeout", "too_large"),
    ],
)
def test_invalid_arguments_are_rejected(invalid: Any, path: str, code: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        ContactsClient(**invalid)
    assert caught.value.subject == "ContactsClient"
    assert [(each.path, each.code) for each in caught.value.violations] == [(path, code)]


def test_all_violations_are_reported_at_once() -> None:
    everything: Any = {"region_name": 7, "retry": 3, "clock": 3, "read_timeout": -1}
    with pytest.raises(InvalidValueError) as caught:
        ContactsClient(**everything)
    assert str(caught.value) == (
        "ContactsClient: region_name must be a str (got int); "
        "retry must be a RetryPolicy (got int); "
        "clock must be a Clock, with the methods now, monotonic and sleep, none of which is async "
        "(got int); "
        "read_timeout must be more than 0 seconds and at most 1 day (got -1 seconds)"
    )


def test_a_copy_shares_the_boto3_client_but_not_the_policy(service: LocalService) -> None:
    client = service.client()
    service.faults.add(throttle(), times=2)
    without_retries = client.with_options(retry=RetryPolicy.none())
    assert without_retries.boto3_client is client.boto3_client
    with pytest.raises(ThrottlingError):
        without_retries.contacts.create(AKUA)
    client.contacts.create(AKUA)
    assert len(service.requests) == 3


@pytest.mark.parametrize(
    ("option", "value", "code"),
    [
        ("retry", 3, "wrong_type"),
        ("clock", 3, "wrong_type"),
        ("connect_timeout", -1, "too_small"),
        ("read_timeout", float("nan"), "too_small"),
    ],
)
def test_an_invalid_option_of_a_copy_is_rejected(
    client: ContactsClient, option: str, value: Any, code: str
) -> None:
    with pytest.raises(InvalidValueError) as caught:
        client.with_options(**{option: value})
    assert caught.value.subject == "ContactsClient.with_options"
    assert [(each.path, each.code) for each in caught.value.violations] == [(option, code)]


def test_a_subclass_and_its_attributes_are_copied(service: LocalService) -> None:
    class Ours(ContactsClient):
        team = "none"

    client = Ours(boto3_client=service.boto3_client())
    client.team = "web"
    copied = client.with_options(retry=RetryPolicy.none())
    assert isinstance(copied, Ours)
    assert copied.team == copy.copy(client).team == "web"


# Timeouts


def timeouts_of(client: ContactsClient) -> tuple[float, float]:
    """Return the timeouts that the boto3 client reports and its connections use."""
    raw: Any = client.boto3_client
    session, config = raw._endpoint.http_session, raw.meta.config
    used = session._manager.connection_pool_kw["timeout"]
    # This one is for connections to proxies.
    assert session._timeout is used
    assert (used.connect_timeout, used.read_timeout) == (
        config.connect_timeout,
        config.read_timeout,
    )
    return config.connect_timeout, config.read_timeout


@pytest.mark.parametrize("way", ["own", "session", "profile", "boto3 client"])
def test_timeouts_are_arguments_of_the_client(machine: pytest.MonkeyPatch, way: str) -> None:
    ways: dict[str, dict[str, Any]] = {
        "own": {},
        "session": {"session": SESSION},
        "profile": {"profile_name": "other"},
        "boto3 client": {"boto3_client": raw_client(retries={"total_max_attempts": 1})},
    }
    settings = ways[way]
    default = (60, 60) if way == "boto3 client" else (5, 15)
    assert timeouts_of(ContactsClient(**settings)) == default
    assert timeouts_of(ContactsClient(**settings, read_timeout=2.5)) == (default[0], 2.5)
    client = ContactsClient(**settings, connect_timeout=timedelta(milliseconds=100), read_timeout=3)
    assert timeouts_of(client) == (0.1, 3)


def test_a_copy_with_other_timeouts_changes_only_those(machine: pytest.MonkeyPatch) -> None:
    client = ContactsClient(region_name="us-east-2", connect_timeout=1)
    short = client.with_options(read_timeout=timedelta(seconds=2))
    assert timeouts_of(short) == (1, 2)
    other = short.with_options(connect_timeout=3)
    assert timeouts_of(other) == (3, 2)
    assert timeouts_of(other.with_options(read_timeout=4)) == (3, 4)
    assert timeouts_of(other.with_options(connect_timeout=4)) == (4, 2)
    assert timeouts_of(short.with_options(retry=RetryPolicy.none())) == (1, 2)
    assert timeouts_of(copy.copy(short)) == (1, 2)
    assert timeouts_of(client) == (1, 15)


def test_copies_with_equal_timeouts_share_a_boto3_client(machine: pytest.MonkeyPatch) -> None:
    client = ContactsClient(region_name="us-east-2")
    short = client.with_options(read_timeout=2)
    assert short.boto3_client is client.with_options(read_timeout=2.0).boto3_client
    assert short.boto3_client is not client.boto3_client
    assert short.with_options(read_timeout=15).boto3_client is client.boto3_client
    for seconds in range(3, 11):
        client.with_options(read_timeout=seconds)
    # Only the connections of the last pairs of timeouts stay open.
    assert client.with_options(read_timeout=2).boto3_client is not short.boto3_client


def test_a_read_timeout_ends_an_attempt(service: LocalService) -> None:
    client = service.client(retry=RetryPolicy.none())
    service.faults.add(delay(10), times=None)
    assert list(client.contacts.list()) == []
    started = service.clock.monotonic()
    with pytest.raises(TransportError, match="ReadTimeoutError") as caught:
        client.with_options(read_timeout=2).contacts.create(AKUA)
    assert caught.value.outcome_unknown
    assert service.clock.monotonic() - started == 2
    assert list(client.contacts.list()) != []


def test_a_response_at_the_end_of_the_read_timeout_is_in_time(service: LocalService) -> None:
    client = service.client(retry=RetryPolicy.none()).with_options(read_timeout=2)
    service.faults.add(delay(2))
    started = service.clock.monotonic()
    assert list(client.contacts.list()) == []
    assert service.clock.monotonic() - started == 2


def test_a_read_timeout_is_that_of_the_socket(machine: pytest.MonkeyPatch) -> None:
    with create_server(("127.0.0.1", 0)) as silent:
        client = ContactsClient(
            endpoint_url=f"http://127.0.0.1:{silent.getsockname()[1]}", retry=RetryPolicy.none()
        )
        short = client.with_options(read_timeout=0.01)
        with pytest.raises(TransportError, match="ReadTimeoutError") as caught:
            short.contacts.create(AKUA)
        assert caught.value.outcome_unknown


def test_a_copy_with_other_timeouts_shares_handlers_that_are_registered_later(
    service: LocalService, machine: pytest.MonkeyPatch
) -> None:
    client = ContactsClient(region_name="us-east-2")
    short = client.with_options(read_timeout=2)
    service.connect(client.boto3_client)
    assert short.contacts.create(AKUA).arn == ARN
    other = LocalService()
    other.connect(short.boto3_client)
    assert list(client.contacts.list()) == []


def test_a_copy_with_other_timeouts_uses_the_same_proxies(machine: pytest.MonkeyPatch) -> None:
    machine.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    machine.setenv("https_proxy", "http://127.0.0.1:1")
    client = ContactsClient(region_name="us-east-2", retry=RetryPolicy.none())
    with pytest.raises(TransportError, match="ProxyConnectionError"):
        client.with_options(read_timeout=2).contacts.get(ARN)


def test_the_timeouts_of_another_http_session_cannot_be_changed(service: LocalService) -> None:
    raw: Any = service.boto3_client()
    raw._endpoint.http_session = object()
    client = ContactsClient(boto3_client=raw)
    with pytest.raises(ConfigurationError, match="another HTTP session .* where it is created"):
        client.with_options(read_timeout=7)


@pytest.mark.parametrize("option", ["connect_timeout", "read_timeout"])
def test_the_timeouts_of_a_proxy_object_cannot_be_changed(
    service: LocalService, option: str
) -> None:
    changed: dict[str, Any] = {option: 2}
    proxy: Any = Proxy(service.boto3_client())
    client = ContactsClient(boto3_client=proxy)
    changes: list[Callable[[], object]] = [
        lambda: client.with_options(**changed),
        lambda: ContactsClient(boto3_client=proxy, **changed),
    ]
    for change in changes:
        with pytest.raises(ConfigurationError, match="is a Proxy and not .* where it is created"):
            change()
    assert list(client.with_options(retry=RetryPolicy.none()).contacts.list()) == []


def test_closing_a_client_closes_also_copies_that_are_not_among_the_latest(
    machine: pytest.MonkeyPatch,
) -> None:
    closed: list[str] = []
    client = ContactsClient()
    short = client.with_options(read_timeout=2)
    session = cast("Any", short.boto3_client)._endpoint.http_session
    machine.setattr(session, "close", lambda: closed.append("copy"))
    for seconds in range(3, 12):
        client.with_options(read_timeout=seconds)
    client.close()
    assert closed == ["copy"]


def test_closing_a_client_closes_the_connections_of_its_copies(machine: pytest.MonkeyPatch) -> None:
    raw = raw_client(retries={"total_max_attempts": 1})
    for settings in ({}, {"boto3_client": raw}):
        closed: list[str] = []
        client = ContactsClient(**settings)
        short = client.with_options(read_timeout=2)
        for name, each in {"original": client, "copy": short}.items():
            session = cast("Any", each.boto3_client)._endpoint.http_session
            machine.setattr(session, "close", partial(closed.append, name))
        client.close()
        assert closed == (["copy"] if settings else ["copy", "original"])


def test_call_accepts_and_returns_what_boto3_does(
    service: LocalService, client: ContactsClient
) -> None:
    service.faults.add(lost_response(), times=2)
    made = client.call("create_contact", Alias="akuam", Type="PERSONAL", Plan={"Stages": []})
    assert made["ContactArn"] == ARN
    assert len({request.body["IdempotencyToken"] for request in service.requests}) == 1
    client.call(
        "create_contact", Alias="b", Type="PERSONAL", Plan={"Stages": []}, IdempotencyToken=TOKEN
    )
    assert service.requests[-1].body["IdempotencyToken"] == TOKEN
    assert client.call("get_contact", ContactId=ARN)["Plan"] == {"Stages": []}


@pytest.mark.parametrize("method", ["create_channel", "CreateContact", "", "meta", "close", 7])
def test_call_rejects_unknown_operations(client: ContactsClient, method: Any) -> None:
    with pytest.raises(InvalidValueError, match="ContactsClient.call: method must be"):
        client.call(method)


def test_arguments_that_botocore_rejects_are_violations(client: ContactsClient) -> None:
    with pytest.raises(InvalidValueError) as caught:
        client.call("create_contact", Alias=7, Nonsense=1, Plan={"Stages": [{"Targets": 3}]})
    violations = [str(violation) for violation in caught.value.violations]
    # The list depends on the version of botocore.
    unknown = "input.Nonsense is unknown: must be one of Alias, DisplayName, Type, Plan, Tags, "
    assert violations.pop(1).startswith(unknown)
    assert violations == [
        "input.Type must be passed",
        "Alias must have a valid type",
        "Plan.Stages[0].DurationInMinutes must be passed",
        "Plan.Stages[0].Targets must have a valid type",
    ]


def test_a_client_closes_only_a_boto3_client_that_it_created(machine: pytest.MonkeyPatch) -> None:
    closed: list[str] = []

    def watched(name: str, client: ContactsClient) -> ContactsClient:
        raw: Any = client.boto3_client
        machine.setattr(raw, "close", lambda: closed.append(name))
        return client

    with watched("own", ContactsClient()) as own:
        assert isinstance(own, ContactsClient)
    raw = raw_client(retries={"total_max_attempts": 1})
    with watched("injected", ContactsClient(boto3_client=raw)):
        pass
    watched("copy", ContactsClient().with_options(retry=RetryPolicy.none())).close()
    assert closed == ["own", "copy"]


def test_a_closed_client_still_works(service: LocalService, machine: pytest.MonkeyPatch) -> None:
    client = ContactsClient(region_name="us-east-2")
    service.connect(client.boto3_client)
    client.close()
    assert list(client.contacts.list()) == []


def test_threads_can_create_clients_from_one_session(machine: pytest.MonkeyPatch) -> None:
    session = boto3.session.Session(region_name="us-east-2")

    def make(_: int) -> ContactsClient:
        return ContactsClient(session=session)

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(make, range(24)))
    assert {client.boto3_client.meta.region_name for client in made} == {"us-east-2"}


def test_the_default_pool_is_large_and_the_default_timeouts_fit_the_deadline(
    machine: pytest.MonkeyPatch,
) -> None:
    config: Any = ContactsClient().boto3_client.meta.config
    assert config.max_pool_connections == 50
    assert config.read_timeout + config.connect_timeout < RetryPolicy().deadline


@pytest.mark.parametrize("make", [ContactsClient, ContactsClient.local])
def test_botocore_decides_nothing_about_retries(
    make: Callable[[], ContactsClient], machine: pytest.MonkeyPatch
) -> None:
    events = make().boto3_client.meta.events
    assert events.emit("needs-retry.ssm-contacts.GetContact") == []


def test_a_boto3_client_with_another_http_session_closes_its_connections_first(
    machine: pytest.MonkeyPatch,
) -> None:
    """It may have been inherited in a fork, and its connections can only be closed."""

    class OtherSession:
        done: ClassVar[list[str]] = []

        def close(self) -> None:
            self.done.append("close")

        def send(self, request: object) -> NoReturn:
            self.done.append("send")
            raise EndpointConnectionError(endpoint_url="other")

    raw = raw_client(retries={"total_max_attempts": 1})
    raw._endpoint.http_session = OtherSession()
    client = ContactsClient(boto3_client=raw, retry=RetryPolicy.none())
    for _ in range(2):
        with pytest.raises(TransportError, match="other cannot be reached"):
            client.contacts.get(ARN)
    assert OtherSession.done == ["close", "send", "send"]


def test_a_stubbed_boto3_client_is_accepted() -> None:
    raw = raw_client(retries={"total_max_attempts": 1})
    client = ContactsClient(boto3_client=raw)
    with Stubber(raw) as stub:
        stub.add_response("create_contact", {"ContactArn": ARN})
        assert client.contacts.create(AKUA).arn == ARN
        stub.add_client_error("get_contact", "ThrottlingException", http_status_code=400)
        stub.add_response(
            "get_contact",
            {"ContactArn": ARN, "Alias": "akuam", "Type": "PERSONAL", "Plan": {}},
        )
        other = client.with_options(retry=RetryPolicy(base_delay=0))
        assert other.contacts.get(ARN).alias == "akuam"


def test_local_clients_are_empty_and_independent() -> None:
    one, other = ContactsClient.local(), ContactsClient.local()
    assert one.contacts.create(AKUA).arn == ARN
    assert list(other.contacts.list()) == []


def test_a_local_client_works_together_with_moto() -> None:
    with mock_aws():
        client = ContactsClient.local()
        client.contacts.create(AKUA)
        assert client.contacts.get(ARN).alias == "akuam"


KEYS = '"Version": 1, "AccessKeyId": "x", "SecretAccessKey": "y", "SessionToken": "z"'
EXPIRED = '"Expiration": "2001-01-01T00:00:00Z"'
PRINTS = {
    "no JSON": f"echo {CODE}",
    "nothing": "true",
    "truncated JSON": f"""echo '{{"Version": 1, "AccessKeyId": "{CODE}'""",
    "null": "echo null",
    "a list": f"""echo '["{CODE}"]'""",
    "another version": f"""echo '{{"Version": 2, "AccessKeyId": "{CODE}"}}'""",
    "incomplete credentials": f"""echo '{{"Version": 1, "AccessKeyId": "{CODE}"}}'""",
    "an invalid Expiration": f"""echo '{{{KEYS}, "Expiration": "{CODE}"}}'""",
    "bytes that are not UTF-8": rf"printf '\377\376{CODE}'",
    "an error": f"sh -c 'echo {CODE} >&2; exit 3'",
    "not there": f"/nowhere/to/be/found {CODE}",
    "not executable": f"/dev/null {CODE}",
}
FROM_THE_PROCESS = "from the credential_process of the profile .*: run its command in a shell"


@pytest.mark.parametrize("prints", PRINTS)
@pytest.mark.parametrize("way", ["own", "profile", "session"])
def test_a_failed_credential_process_is_a_credentials_error_and_not_repeated(
    machine: pytest.MonkeyPatch, tmp_path: Path, prints: str, way: str
) -> None:
    settings = f"region = us-east-2\ncredential_process = {PRINTS[prints]}\n"
    (tmp_path / "credentials").write_text("")
    (tmp_path / "config").write_text(f"[default]\n{settings}[profile p]\n{settings}")
    ways: dict[str, Callable[[], ContactsClient]] = {
        "own": ContactsClient,
        "profile": lambda: ContactsClient(profile_name="p"),
        "session": lambda: ContactsClient(session=boto3.session.Session(profile_name="p")),
    }
    # privacy_guard searches all messages for the output of the process.
    with pytest.raises(CredentialsError, match=FROM_THE_PROCESS):
        ways[way]()


@pytest.mark.parametrize("prints", PRINTS)
def test_credentials_that_a_call_cannot_renew_are_a_credentials_error(
    machine: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture, prints: str
) -> None:
    """The first credentials of the process are expired, so the call runs it again."""
    # botocore logs the error output of the process.
    caplog.set_level(logging.CRITICAL, logger="botocore.credentials")
    process = tmp_path / "process"
    expired = f"{KEYS}, {EXPIRED}"
    process.write_text(
        f"#!/bin/sh\nif [ -e {process}.again ]; then\n{PRINTS[prints]}\n"
        f"else\ntouch {process}.again\necho '{{{expired}}}'\nfi\n"
    )
    process.chmod(0o700)
    (tmp_path / "credentials").write_text(f"[default]\ncredential_process = {process}\n")
    client = ContactsClient(endpoint_url="http://127.0.0.1:1", retry=RetryPolicy.none())
    with pytest.raises(CredentialsError, match=FROM_THE_PROCESS):
        client.contacts.get(ARN)


def test_renewed_credentials_that_are_expired_are_reported_as_expired(
    machine: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    prints = f"echo '{{{KEYS}, {EXPIRED}}}'"
    (tmp_path / "credentials").write_text(f"[default]\ncredential_process = {prints}\n")
    client = ContactsClient(endpoint_url="http://127.0.0.1:1", retry=RetryPolicy.none())
    with pytest.raises(CredentialsError, match="of the profile are still expired after"):
        client.contacts.get(ARN)


# boto3 reports some when it creates the client, and some in the first call.
PROVIDERS = {
    "a missing login": """
sso_start_url = https://example.awsapps.com/start
sso_region = us-east-2
sso_account_id = 111122223333
sso_role_name = Responder
""",
    "a missing login of a session": """
sso_session = s
sso_account_id = 111122223333
sso_role_name = Responder

[sso-session s]
sso_region = us-east-2
sso_start_url = https://example.awsapps.com/start
""",
    "a missing token file": """
role_arn = arn:aws:iam::111122223333:role/Responder
web_identity_token_file = /nowhere/to/be/found
""",
    "a token file that is a directory": """
role_arn = arn:aws:iam::111122223333:role/Responder
web_identity_token_file = /
""",
}


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_missing_login_or_token_file_is_a_credentials_error(
    machine: pytest.MonkeyPatch, tmp_path: Path, provider: str
) -> None:
    machine.setenv("HOME", str(tmp_path))
    (tmp_path / "credentials").write_text("")
    (tmp_path / "config").write_text(f"[default]\nregion = us-east-2{PROVIDERS[provider]}")
    with pytest.raises(CredentialsError, match="aws sso login"):
        ContactsClient(retry=RetryPolicy.none()).contacts.get(ARN)


class BrokenProvider(CredentialProvider):
    METHOD = "broken"

    def load(self) -> NoReturn:
        raise KeyError("of the user's own provider")


def test_the_error_of_a_users_own_provider_is_the_cause_of_a_credentials_error(
    machine: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "credentials").write_text("")
    session: Any = Session()
    session.get_component("credential_provider").providers.insert(0, BrokenProvider())
    with pytest.raises(CredentialsError, match="from broken .KeyError.: set AWS") as caught:
        ContactsClient(session=boto3.session.Session(botocore_session=session))
    assert isinstance(caught.value.__cause__, KeyError)


def test_the_cause_names_a_missing_program(machine: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "credentials").write_text("[default]\ncredential_process = /nowhere/at/all\n")
    with pytest.raises(CredentialsError) as caught:
        ContactsClient()
    assert "/nowhere/at/all" in str(caught.value.__cause__)


ROLE = "[default]\nregion = us-east-2\nrole_arn = arn:aws:iam::111122223333:role/Responder\n"


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ("[[[", "ConfigParseError"),
        (f"{ROLE}source_profile = nobody\n", "nobody"),
        (f"{ROLE}source_profile = default\ncredential_source = Environment\n", "default"),
    ],
    ids=["broken", "no source profile", "two sources"],
)
def test_an_invalid_profile_is_a_configuration_error(
    machine: pytest.MonkeyPatch, tmp_path: Path, config: str, message: str
) -> None:
    (tmp_path / "credentials").write_text("")
    (tmp_path / "config").write_text(config)
    with pytest.raises(ConfigurationError, match=message) as caught:
        ContactsClient()
    assert type(caught.value) is ConfigurationError


def test_no_message_contains_a_secret_that_is_invalid_in_a_header(
    machine: pytest.MonkeyPatch,
) -> None:
    machine.setenv("AWS_ACCESS_KEY_ID", "x")
    machine.setenv("AWS_SECRET_ACCESS_KEY", "y")
    machine.setenv("AWS_SESSION_TOKEN", TOKEN + "\n")
    client = ContactsClient(region_name="us-east-2", endpoint_url="http://127.0.0.1:1")
    # privacy_guard searches all messages for the token.
    with pytest.raises((ConfigurationError, TransportError)) as caught:
        client.contacts.get(ARN)
    assert TOKEN not in str(caught.value)


def test_a_stub_with_other_parameters_reports_nothing_private() -> None:
    raw = raw_client(retries={"total_max_attempts": 1})
    with Stubber(raw) as stub:
        stub.add_response("create_contact", {"ContactArn": ARN}, {"Alias": "other"})
        with pytest.raises(ConfigurationError, match="StubAssertionError"):
            ContactsClient(boto3_client=raw).contacts.create(AKUA, idempotency_token=TOKEN)


@pytest.mark.parametrize("instant", [float("inf"), 10**400], ids=["inf", "huge"])
def test_an_instant_that_cannot_be_encoded_is_rejected(instant: float) -> None:
    client = ContactsClient.local()
    with pytest.raises(InvalidValueError, match="ListEngagements: input "):
        client.call("list_engagements", TimeRangeValue={"StartTime": instant})


@pytest.mark.parametrize("status", [200, 400, 500])
@pytest.mark.parametrize("body", [b"null", b'{"__type": {}}', b'{"__type": "X", "Message": 7}'])
def test_no_response_raises_an_exception_of_botocore(status: int, body: bytes) -> None:
    service = LocalService()
    for request_id in (True, False):
        service.faults.clear()
        effect = raw_response(status, body, "application/x-amz-json-1.1", request_id=request_id)
        service.faults.add(effect, times=None)
        with pytest.raises(ContactsError):
            service.client().contacts.get(ARN)


def test_a_copy_of_a_local_client_waits_on_the_services_clock(
    service: LocalService,
) -> None:
    service.faults.add(throttle(retry_after_seconds=30))
    other = service.client().with_options(retry=RetryPolicy(deadline=60.0))
    assert list(other.contacts.list()) == []
    assert service.clock.monotonic() >= 30


PARTS: dict[str, Callable[[ContactsClient], object]] = {
    "the client": lambda client: client,
    "a copy": lambda client: client.with_options(retry=RetryPolicy.none()),
    "its contacts": lambda client: client.contacts,
    "its engagements": lambda client: client.engagements,
    "something that holds it": lambda client: {"client": [client]},
    "a method": lambda client: client.contacts.get,
    "a list": lambda client: client.contacts.list(),
    "the items of a list": lambda client: iter(client.contacts.list()),
    "the pages of a list": lambda client: client.contacts.list().by_page(),
    "an engagement that is followed": lambda client: client.engagements.follow(ENGAGEMENT),
}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("whose", ["local", "ours"])
def test_pickling_a_client_is_an_error_that_explains_what_to_do(
    machine: pytest.MonkeyPatch, part: str, whose: str
) -> None:
    client = ContactsClient.local() if whose == "local" else ContactsClient()
    value = PARTS[part](client)
    ways: list[Callable[[object], object]] = [copy.deepcopy]
    ways += [partial(pickle.dumps, protocol=each) for each in range(pickle.HIGHEST_PROTOCOL + 1)]
    for way in ways:
        with pytest.raises(
            NotPicklableError, match="create a client in the other process"
        ) as caught:
            way(value)
        assert isinstance(caught.value, TypeError)


def test_a_shallow_copy_has_the_same_connections_and_policy(
    service: LocalService,
) -> None:
    client = service.client(retry=RetryPolicy(attempts=2))
    twin = copy.copy(client)
    assert twin.boto3_client is client.boto3_client
    service.faults.add(throttle(), times=None)
    with pytest.raises(ThrottlingError, match="after 2 attempts"):
        twin.contacts.get(ARN)
    assert copy.copy(client.contacts) is not client.contacts
