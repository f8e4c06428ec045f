from __future__ import annotations

import os
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
from moto import mock_aws

from ssm_contacts_sdk._errors import ConfigurationError
from ssm_contacts_sdk.local import LocalService

if TYPE_CHECKING:
    from mypy_boto3_ssm_contacts import SSMContactsClient


@pytest.fixture(autouse=True)
def bare_machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No AWS settings and no credentials, and boto3 as it was when it was imported."""
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
    made: SSMContactsClient = client
    return made


def account_of(maker: Any) -> str:
    """The account that STS answers with, which moto stands in for."""
    account: str = maker.client("sts").get_caller_identity()["Account"]
    return account


def is_answered_by(service: LocalService, client: SSMContactsClient) -> bool:
    """Whether the service answers a client. If not, moto does, in AWS's place and with an error."""
    before = len(service.requests)
    with mock_aws(), suppress(ClientError):
        client.list_contacts()
    return len(service.requests) > before


def is_left_alone(client: SSMContactsClient) -> bool:
    """Whether a client signs what it sends, for which there are no credentials here."""
    try:
        client.list_contacts()
    except NoCredentialsError:
        return True
    return False


# What a session makes


@pytest.mark.parametrize("of", [of_boto3, of_botocore])
def test_what_a_connected_session_makes_is_answered(
    service: LocalService, of: Callable[..., SSMContactsClient]
) -> None:
    session = Session() if of is of_botocore else boto3.session.Session()
    service.connect(session)
    client = of(session)
    arn = client.create_contact(Alias="akuam", Type="PERSONAL", Plan={})["ContactArn"]
    assert client.get_contact(ContactId=arn)["Alias"] == "akuam"
    assert [request.operation for request in service.requests] == ["CreateContact", "GetContact"]


def test_what_a_session_made_before_is_not_answered(service: LocalService) -> None:
    session = Session()
    client = of_botocore(session)
    service.connect(session)
    assert is_left_alone(client)
    assert is_left_alone(of_botocore())


def test_the_service_that_a_session_was_connected_to_last_answers(service: LocalService) -> None:
    session, other = Session(), LocalService()
    other.connect(session)
    first = of_botocore(session)
    service.connect(session)
    assert is_answered_by(service, of_botocore(session))
    assert is_answered_by(other, first)
    assert len(service.requests) == len(other.requests) == 1


def test_a_client_of_a_connected_session_can_be_connected_to_another(
    service: LocalService,
) -> None:
    session, other = Session(), LocalService()
    other.connect(session)
    client = of_botocore(session)
    service.connect(client)
    assert is_answered_by(service, client)
    assert other.requests == ()


def test_sessions_make_clients_of_other_services_as_ever(service: LocalService) -> None:
    session = boto3.session.Session()
    service.connect(session)
    with mock_aws():
        assert account_of(session) == "123456789012"
    assert service.requests == ()


def test_the_typed_client_can_be_made_from_a_connected_session(service: LocalService) -> None:
    from ssm_contacts_sdk import ContactsClient

    session = boto3.session.Session()
    service.connect(session)
    assert list(ContactsClient(session=session).contacts.list()) == []
    assert len(service.requests) == 1


@pytest.mark.parametrize("wrong", [None, "ssm-contacts", boto3])
def test_what_is_no_client_and_no_session_is_refused(service: LocalService, wrong: Any) -> None:
    with pytest.raises(ConfigurationError, match="connect needs a client or a session of boto3"):
        service.connect(wrong)


class AioBaseClient(BaseClient):
    """What aiobotocore makes its clients of: a subclass of botocore's that returns coroutines."""

    async def _make_api_call(self, operation_name: str, api_params: object) -> None: ...


def aio(session: Session) -> Session:
    """A session that makes its clients of that class, as aiobotocore's does."""

    def bind(base_classes: list[type], **_: object) -> None:
        base_classes[-1:] = [AioBaseClient]

    session.get_component("event_emitter").register_first(
        "creating-client-class.ssm-contacts", bind
    )
    return session


ASYNCHRONOUS = "answers clients of boto3, not asynchronous ones .* LocalService.serve"


def test_an_asynchronous_client_is_not_connected(service: LocalService) -> None:
    client = of_botocore(aio(Session()))
    assert isinstance(client, AioBaseClient)
    with pytest.raises(ConfigurationError, match=ASYNCHRONOUS):
        service.connect(client)


def test_an_asynchronous_client_is_not_made_by_a_connected_session(service: LocalService) -> None:
    session = aio(Session())
    service.connect(session)
    with pytest.raises(ConfigurationError, match=ASYNCHRONOUS):
        of_botocore(session)


def test_an_asynchronous_client_is_not_made_where_every_client_is_answered(
    service: LocalService,
) -> None:
    with service.patch_all_clients():
        session = aio(Session())
        with pytest.raises(ConfigurationError, match=ASYNCHRONOUS):
            of_botocore(session)


def test_that_there_is_no_region_is_still_botocores_own_error(
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
def test_whatever_would_reach_aws_is_answered(
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
def test_a_client_with_an_endpoint_of_its_own_is_left_alone(
    service: LocalService, monkeypatch: pytest.MonkeyPatch, url: str, variable: str | None
) -> None:
    settings: dict[str, Any] = {}
    if variable is None:
        settings["endpoint_url"] = url
    else:
        monkeypatch.setenv(variable, url)
    session = Session()
    service.connect(session)
    assert is_left_alone(of_botocore(session, **settings))
    with service.patch_all_clients():
        assert is_left_alone(of_boto3(**settings))
    assert service.requests == ()


# Clients that other code makes


def test_every_client_that_is_made_meanwhile_is_answered(service: LocalService) -> None:
    from ssm_contacts_sdk import ContactsClient

    with service.patch_all_clients() as entered:
        of_boto3().list_contacts()
        of_boto3(boto3.session.Session()).list_contacts()
        of_botocore().list_contacts()
        list(ContactsClient().contacts.list())
    assert entered is service
    assert [request.operation for request in service.requests] == ["ListContacts"] * 4


def test_a_caught_client_is_answered_also_afterwards(service: LocalService) -> None:
    with service.patch_all_clients():
        client = of_boto3()
        arn = client.create_contact(Alias="akuam", Type="PERSONAL", Plan={})["ContactArn"]
    assert client.get_contact(ContactId=arn)["Alias"] == "akuam"
    with LocalService().patch_all_clients():
        assert client.get_contact(ContactId=arn)["Alias"] == "akuam"


def test_what_is_made_afterwards_is_not_answered(service: LocalService) -> None:
    with service.patch_all_clients():
        kept, default = Session(), of_boto3()
    assert is_answered_by(service, default)
    # boto3's default session was made by the client above, and is still there.
    assert boto3.DEFAULT_SESSION is not None
    for client in (of_boto3(), of_boto3(boto3.session.Session()), of_botocore(kept)):
        assert is_left_alone(client)


def test_what_was_made_before_is_not_answered(service: LocalService) -> None:
    client, session = of_boto3(), Session()
    with service.patch_all_clients():
        assert is_left_alone(client)
        assert is_left_alone(of_botocore(session))


def test_the_default_session_that_is_there_already_is_caught_too(service: LocalService) -> None:
    boto3.setup_default_session()
    with service.patch_all_clients():
        client = of_boto3()
    assert is_answered_by(service, client)
    assert is_left_alone(of_boto3())


def test_an_exception_ends_it_as_well(service: LocalService) -> None:
    with pytest.raises(KeyError), service.patch_all_clients():
        raise KeyError
    assert is_left_alone(of_boto3())


def test_a_function_can_be_decorated_with_it(service: LocalService) -> None:
    @service.patch_all_clients()
    def contacts() -> list[Any]:
        return of_boto3().list_contacts()["Contacts"]

    assert contacts() == contacts() == []
    assert len(service.requests) == 2


def test_of_two_services_the_one_that_began_last_answers(service: LocalService) -> None:
    inner = LocalService()
    with service.patch_all_clients():
        session = Session()
        first = of_boto3()
        with inner.patch_all_clients():
            assert is_answered_by(inner, of_boto3())
            assert is_answered_by(inner, of_botocore(session))
            assert is_answered_by(service, first)
        assert is_answered_by(service, of_boto3())
        assert is_answered_by(service, of_botocore(session))
    assert (len(service.requests), len(inner.requests)) == (3, 2)


def test_they_may_end_in_any_order(service: LocalService) -> None:
    other = LocalService()
    with ExitStack() as first, ExitStack() as second:
        first.enter_context(service.patch_all_clients())
        second.enter_context(other.patch_all_clients())
        first.close()
        assert is_answered_by(other, of_boto3())
        first.enter_context(service.patch_all_clients())
        second.close()
        assert is_answered_by(service, of_boto3())
    assert is_left_alone(of_boto3())
    assert (len(service.requests), len(other.requests)) == (1, 1)


def test_one_service_may_do_it_twice_at_once(service: LocalService) -> None:
    with service.patch_all_clients():
        with service.patch_all_clients():
            assert is_answered_by(service, of_boto3())
        assert is_answered_by(service, of_boto3())
    assert len(service.requests) == 2


def test_a_session_that_is_connected_meanwhile_stays_connected(service: LocalService) -> None:
    other = LocalService()
    with service.patch_all_clients():
        session = Session()
        other.connect(session)
        assert is_answered_by(other, of_botocore(session))
    assert is_answered_by(other, of_botocore(session))
    assert service.requests == ()


def test_a_services_own_client_is_its_own_wherever_it_is_made(service: LocalService) -> None:
    with LocalService().patch_all_clients():
        assert is_answered_by(service, service.boto3_client())


def test_threads_may_make_clients_while_services_come_and_go(service: LocalService) -> None:
    def make(number: int) -> int:
        own = LocalService()
        with own.patch_all_clients():
            of_botocore().list_contacts()
        return len(own.requests)

    with service.patch_all_clients(), ThreadPoolExecutor(4) as pool:
        answered = sum(pool.map(make, range(8)))
        assert is_answered_by(service, of_botocore())
    # Another thread's service may have begun last: none was sent to AWS or answered twice.
    assert answered + len(service.requests) <= 9


# Beneath moto


def test_it_may_begin_within_motos(service: LocalService) -> None:
    with mock_aws():
        with service.patch_all_clients():
            client = of_boto3()
            client.list_contacts()
            assert account_of(boto3) == "123456789012"
        client.list_contacts()
        assert not is_answered_by(service, of_boto3())
    client.list_contacts()
    assert is_left_alone(of_boto3())
    assert len(service.requests) == 3


def test_it_may_begin_around_motos(service: LocalService) -> None:
    boto3.setup_default_session()
    with service.patch_all_clients():
        with mock_aws():
            client = of_boto3()
            client.list_contacts()
            assert account_of(boto3) == "123456789012"
        client.list_contacts()
        of_boto3().list_contacts()
    assert len(service.requests) == 3
    assert is_left_alone(of_boto3())


def test_it_may_end_before_motos_although_it_began_before(service: LocalService) -> None:
    boto3.setup_default_session()
    with ExitStack() as ours, ExitStack() as motos:
        ours.enter_context(service.patch_all_clients())
        motos.enter_context(mock_aws())
        client = of_boto3()
        ours.close()
        client.list_contacts()
        assert not is_answered_by(service, of_boto3())
    assert is_left_alone(of_boto3())
    assert len(service.requests) == 1
