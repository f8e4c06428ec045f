from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import ClientError, NoCredentialsError, NoRegionError
from botocore.handlers import BUILTIN_HANDLERS
from botocore.session import Session
from botocore_data import read_once
from moto import mock_aws

from ssm_contacts_sdk._errors import ConfigurationError
from ssm_contacts_sdk.local import LocalService

if TYPE_CHECKING:
    from mypy_boto3_ssm_contacts import SSMContactsClient


@pytest.fixture(autouse=True)
def bare_machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Remove AWS settings and credentials, and reset boto3 to its state after import."""
    read_once(monkeypatch)
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-2")
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)
    before = list(BUILTIN_HANDLERS)
    yield
    assert before == BUILTIN_HANDLERS


def of_boto3(session: boto3.session.Session | None = None, **settings: Any) -> SSMContactsClient:
    maker: Any = boto3 if session is None else session
    client: SSMContactsClient = maker.client("ssm-contacts", **settings)
    return client


def of_botocore(session: Session | None = None, **settings: Any) -> SSMContactsClient:
    client: Any = (session or Session()).create_client("ssm-contacts", **settings)
    created: SSMContactsClient = client
    return created


def account_of(maker: Any) -> str:
    """Return the account that STS, mocked by moto, reports."""
    account: str = maker.client("sts").get_caller_identity()["Account"]
    return account


def calls_service(service: LocalService, client: SSMContactsClient) -> bool:
    """Return whether a client calls the service. If not, moto responds with an error."""
    before = len(service.requests)
    with mock_aws(), suppress(ClientError):
        client.list_contacts()
    return len(service.requests) > before


def calls_aws(client: SSMContactsClient) -> bool:
    """Return whether a client signs its requests, for which the tests have no credentials."""
    try:
        client.list_contacts()
    except NoCredentialsError:
        return True
    return False


# Sessions


@pytest.mark.parametrize("of", [of_boto3, of_botocore])
def test_clients_of_a_connected_session_call_the_service(
    service: LocalService, of: Callable[..., SSMContactsClient]
) -> None:
    session = Session() if of is of_botocore else boto3.session.Session()
    service.connect(session)
    client = of(session)
    arn = client.create_contact(Alias="akuam", Type="PERSONAL", Plan={})["ContactArn"]
    assert client.get_contact(ContactId=arn)["Alias"] == "akuam"
    assert [request.operation for request in service.requests] == ["CreateContact", "GetContact"]


def test_clients_created_before_their_session_was_connected_call_aws(service: LocalService) -> None:
    session = Session()
    client = of_botocore(session)
    service.connect(session)
    assert calls_aws(client)
    assert calls_aws(of_botocore())


def test_the_last_connection_of_a_session_applies_to_new_clients(service: LocalService) -> None:
    session, other = Session(), LocalService()
    other.connect(session)
    first = of_botocore(session)
    service.connect(session)
    assert calls_service(service, of_botocore(session))
    assert calls_service(other, first)
    assert len(service.requests) == len(other.requests) == 1


def test_a_client_of_a_connected_session_can_be_connected_to_another_service(
    service: LocalService,
) -> None:
    session, other = Session(), LocalService()
    other.connect(session)
    client = of_botocore(session)
    service.connect(client)
    assert calls_service(service, client)
    assert other.requests == ()


def test_a_connected_session_creates_unchanged_clients_of_other_services(
    service: LocalService,
) -> None:
    session = boto3.session.Session()
    service.connect(session)
    with mock_aws():
        assert account_of(session) == "123456789012"
    assert service.requests == ()


def test_a_typed_client_can_use_a_connected_session(service: LocalService) -> None:
    from ssm_contacts_sdk import ContactsClient

    session = boto3.session.Session()
    service.connect(session)
    assert list(ContactsClient(session=session).contacts.list()) == []
    assert len(service.requests) == 1


@pytest.mark.parametrize("wrong", [None, "ssm-contacts", boto3])
def test_connect_rejects_other_objects(service: LocalService, wrong: Any) -> None:
    with pytest.raises(ConfigurationError, match="must be a client or a session of boto3"):
        service.connect(wrong)


class AioBaseClient(BaseClient):
    """The base class of aiobotocore's clients, whose methods return coroutines."""

    async def _make_api_call(self, operation_name: str, api_params: object) -> None: ...


def aio(session: Session) -> Session:
    """Make a session create its clients from that class, as aiobotocore does."""

    def bind(base_classes: list[type], **_: object) -> None:
        base_classes[-1:] = [AioBaseClient]

    session.get_component("event_emitter").register_first(
        "creating-client-class.ssm-contacts", bind
    )
    return session


ASYNCHRONOUS = "supports clients of boto3, but not the asynchronous .*LocalService.serve"


def test_connect_rejects_an_asynchronous_client(service: LocalService) -> None:
    client = of_botocore(aio(Session()))
    assert isinstance(client, AioBaseClient)
    with pytest.raises(ConfigurationError, match=ASYNCHRONOUS):
        service.connect(client)


def test_a_connected_session_creates_no_asynchronous_client(service: LocalService) -> None:
    session = aio(Session())
    service.connect(session)
    with pytest.raises(ConfigurationError, match=ASYNCHRONOUS):
        of_botocore(session)


def test_no_asynchronous_client_is_created_while_all_clients_are_patched(
    service: LocalService,
) -> None:
    with service.patch_all_clients():
        session = aio(Session())
        with pytest.raises(ConfigurationError, match=ASYNCHRONOUS):
            of_botocore(session)


def test_a_missing_region_is_botocores_error(
    service: LocalService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    with service.patch_all_clients(), pytest.raises(NoRegionError):
        of_boto3()


# Endpoints


@pytest.mark.parametrize(
    "settings",
    [
        {"region_name": "eu-west-1"},
        {"region_name": "cn-north-1"},
        {"region_name": "us-gov-west-1"},
        {"region_name": "us-iso-east-1"},
        {"config": Config(use_fips_endpoint=True)},
        {"config": Config(use_dualstack_endpoint=True)},
        {"use_ssl": False},
        {"endpoint_url": "https://ssm-contacts.us-east-2.amazonaws.com"},
        {"endpoint_url": "https://vpce-0a-1b.ssm-contacts.us-east-2.vpce.amazonaws.com"},
    ],
)
def test_clients_of_every_aws_endpoint_call_the_service(
    service: LocalService, settings: dict[str, Any]
) -> None:
    with service.patch_all_clients():
        client = of_boto3(**settings)
    client.list_contacts()
    assert len(service.requests) == 1


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9",
        "http://localhost:4566",
        "https://ssm-contacts.example.com",
        "https://ssm-contacts.amazonaws.com.example.com",
        "https://mine.execute-api.us-east-2.amazonaws.com",
    ],
)
@pytest.mark.parametrize("variable", [None, "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SSM_CONTACTS"])
def test_a_client_with_an_endpoint_url_is_not_connected(
    service: LocalService, monkeypatch: pytest.MonkeyPatch, url: str, variable: str | None
) -> None:
    settings: dict[str, Any] = {}
    if variable is None:
        settings["endpoint_url"] = url
    else:
        monkeypatch.setenv(variable, url)
    session = Session()
    service.connect(session)
    assert calls_aws(of_botocore(session, **settings))
    with service.patch_all_clients():
        assert calls_aws(of_boto3(**settings))
    assert service.requests == ()


# Clients that other code creates


def test_every_client_created_during_a_patch_calls_the_service(service: LocalService) -> None:
    from ssm_contacts_sdk import ContactsClient

    with service.patch_all_clients() as entered:
        of_boto3().list_contacts()
        of_boto3(boto3.session.Session()).list_contacts()
        of_botocore().list_contacts()
        list(ContactsClient().contacts.list())
    assert entered is service
    assert [request.operation for request in service.requests] == ["ListContacts"] * 4


def test_clients_can_be_patched_before_boto3_is_imported(
    service: LocalService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "boto3")
    with service.patch_all_clients():
        of_botocore().list_contacts()
    assert "boto3" not in sys.modules
    assert [request.operation for request in service.requests] == ["ListContacts"]


def test_a_patched_client_stays_connected_afterwards(service: LocalService) -> None:
    with service.patch_all_clients():
        client = of_boto3()
        arn = client.create_contact(Alias="akuam", Type="PERSONAL", Plan={})["ContactArn"]
    assert client.get_contact(ContactId=arn)["Alias"] == "akuam"
    with LocalService().patch_all_clients():
        assert client.get_contact(ContactId=arn)["Alias"] == "akuam"


def test_clients_created_after_a_patch_call_aws(service: LocalService) -> None:
    with service.patch_all_clients():
        session, default = Session(), of_boto3()
    assert calls_service(service, default)
    # The default session of boto3, which the client above created, still exists.
    assert boto3.DEFAULT_SESSION is not None
    for client in (of_boto3(), of_boto3(boto3.session.Session()), of_botocore(session)):
        assert calls_aws(client)


def test_clients_created_before_a_patch_call_aws(service: LocalService) -> None:
    client, session = of_boto3(), Session()
    with service.patch_all_clients():
        assert calls_aws(client)
        assert calls_aws(of_botocore(session))


def test_an_existing_default_session_is_patched(service: LocalService) -> None:
    boto3.setup_default_session()
    with service.patch_all_clients():
        client = of_boto3()
    assert calls_service(service, client)
    assert calls_aws(of_boto3())


def test_an_exception_ends_a_patch(service: LocalService) -> None:
    with pytest.raises(KeyError), service.patch_all_clients():
        raise KeyError
    assert calls_aws(of_boto3())


def test_patch_all_clients_can_decorate_a_function(service: LocalService) -> None:
    @service.patch_all_clients()
    def contacts() -> list[Any]:
        return of_boto3().list_contacts()["Contacts"]

    assert contacts() == contacts() == []
    assert len(service.requests) == 2


def test_the_patch_that_began_last_connects_new_clients(service: LocalService) -> None:
    inner = LocalService()
    with service.patch_all_clients():
        session = Session()
        first = of_boto3()
        with inner.patch_all_clients():
            assert calls_service(inner, of_boto3())
            assert calls_service(inner, of_botocore(session))
            assert calls_service(service, first)
        assert calls_service(service, of_boto3())
        assert calls_service(service, of_botocore(session))
    assert (len(service.requests), len(inner.requests)) == (3, 2)


def test_patches_can_end_in_any_order(service: LocalService) -> None:
    other = LocalService()
    with ExitStack() as first, ExitStack() as second:
        first.enter_context(service.patch_all_clients())
        second.enter_context(other.patch_all_clients())
        first.close()
        assert calls_service(other, of_boto3())
        first.enter_context(service.patch_all_clients())
        second.close()
        assert calls_service(service, of_boto3())
    assert calls_aws(of_boto3())
    assert (len(service.requests), len(other.requests)) == (1, 1)


def test_a_service_can_patch_twice_at_once(service: LocalService) -> None:
    with service.patch_all_clients():
        with service.patch_all_clients():
            assert calls_service(service, of_boto3())
        assert calls_service(service, of_boto3())
    assert len(service.requests) == 2


def test_a_session_connected_during_a_patch_stays_connected(service: LocalService) -> None:
    other = LocalService()
    with service.patch_all_clients():
        session = Session()
        other.connect(session)
        assert calls_service(other, of_botocore(session))
    assert calls_service(other, of_botocore(session))
    assert service.requests == ()


def test_a_services_own_client_is_not_patched(service: LocalService) -> None:
    with LocalService().patch_all_clients():
        assert calls_service(service, service.boto3_client())


def test_threads_create_clients_while_patches_begin_and_end(service: LocalService) -> None:
    def make(number: int) -> int:
        own = LocalService()
        with own.patch_all_clients():
            of_botocore().list_contacts()
        return len(own.requests)

    with service.patch_all_clients(), ThreadPoolExecutor(4) as pool:
        handled = sum(pool.map(make, range(8)))
        assert calls_service(service, of_botocore())
    # Another thread's patch may be the last: no request was sent to AWS or handled twice.
    assert handled + len(service.requests) <= 9


# Together with moto


def test_a_patch_within_mock_aws(service: LocalService) -> None:
    with mock_aws():
        with service.patch_all_clients():
            client = of_boto3()
            client.list_contacts()
            assert account_of(boto3) == "123456789012"
        client.list_contacts()
        assert not calls_service(service, of_boto3())
    client.list_contacts()
    assert calls_aws(of_boto3())
    assert len(service.requests) == 3


def test_a_patch_around_mock_aws(service: LocalService) -> None:
    boto3.setup_default_session()
    with service.patch_all_clients():
        with mock_aws():
            client = of_boto3()
            client.list_contacts()
            assert account_of(boto3) == "123456789012"
        client.list_contacts()
        of_boto3().list_contacts()
    assert len(service.requests) == 3
    assert calls_aws(of_boto3())


def test_a_patch_that_begins_and_ends_before_mock_aws(service: LocalService) -> None:
    boto3.setup_default_session()
    with ExitStack() as ours, ExitStack() as motos:
        ours.enter_context(service.patch_all_clients())
        motos.enter_context(mock_aws())
        client = of_boto3()
        ours.close()
        client.list_contacts()
        assert not calls_service(service, of_boto3())
    assert calls_aws(of_boto3())
    assert len(service.requests) == 1
