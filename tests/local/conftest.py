from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, cast

import pytest
from attrs import define, field
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.session import Session
from sentinels import PHONE

from ssm_contacts_sdk.local import LocalService, Response
from ssm_contacts_sdk.local._contract import contract
from ssm_contacts_sdk.local._server.http import serve

if TYPE_CHECKING:
    from mypy_boto3_ssm_contacts import SSMContactsClient

TRANSPORTS = ["in-process", "http"]
# Effects differ between transports; test_local_http.py tests those over HTTP.
IN_PROCESS_ONLY = "test_local_fault_injection"


@define
class Current:
    """The service that the server calls: that of the current test."""

    service: LocalService = field(factory=LocalService)

    def handle(self, target: str, headers: Mapping[str, str], body: bytes) -> Response:
        return self.service.handle(target, headers, body)


@pytest.fixture
def service(request: pytest.FixtureRequest) -> LocalService:
    """A service, with the assumptions that the test is parametrized with, if it is."""
    return LocalService(assumptions=getattr(request, "param", None))


# Creating a client takes longer than most tests, so all tests share one for each transport.


@pytest.fixture(scope="session")
def in_process() -> SSMContactsClient:
    return LocalService().boto3_client()


@pytest.fixture(scope="session")
def over_http() -> Iterator[tuple[SSMContactsClient, Current]]:
    current = Current()
    session = Session()
    session.register_component("data_loader", contract().loader)
    with serve(current) as server:
        created = session.create_client(
            "ssm-contacts",
            region_name="us-east-2",
            endpoint_url=server.url,
            aws_access_key_id="local",
            aws_secret_access_key="local",
            config=Config(retries={"mode": "standard", "total_max_attempts": 1}, proxies={}),
        )
        client = cast("SSMContactsClient", created)
        yield client, current
        client.close()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "transport" in metafunc.fixturenames and metafunc.definition.path.stem != IN_PROCESS_ONLY:
        metafunc.parametrize("transport", TRANSPORTS, indirect=True)


@pytest.fixture
def transport(request: pytest.FixtureRequest) -> str:
    return str(getattr(request, "param", TRANSPORTS[0]))


@pytest.fixture
def aws(request: pytest.FixtureRequest, service: LocalService, transport: str) -> SSMContactsClient:
    """A boto3 client of the service, over each transport."""
    if transport == "http":
        client, current = request.getfixturevalue("over_http")
        current.service = service
    else:
        client = request.getfixturevalue("in_process")
        service.connect(client)
    return cast("SSMContactsClient", client)


@pytest.fixture
def rejected() -> Callable[..., dict[str, Any]]:
    """Return a function that makes a call which must fail, and returns the error's members."""

    def call(method: Callable[..., object], **arguments: object) -> dict[str, Any]:
        with pytest.raises(ClientError) as caught:
            method(**arguments)
        response: dict[str, Any] = {**caught.value.response}
        return {**response, **response["Error"]}

    return call


@pytest.fixture
def akua(aws: SSMContactsClient) -> str:
    """The ARN of a person without a plan."""
    created = aws.create_contact(Alias="akuam", Type="PERSONAL", Plan={"Stages": []})
    return created["ContactArn"]


@pytest.fixture
def sms(aws: SSMContactsClient, akua: str) -> str:
    """The ARN of Akua's phone, to which a code has been sent."""
    created = aws.create_contact_channel(
        ContactId=akua,
        Name="akuas sms",
        Type="SMS",
        DeliveryAddress={"SimpleAddress": PHONE},
    )
    return created["ContactChannelArn"]


@pytest.fixture
def rotation(aws: SSMContactsClient, akua: str) -> str:
    """The ARN of a rotation whose only member is Akua."""
    created = aws.create_rotation(
        Name="web",
        ContactIds=[akua],
        TimeZoneId="Europe/Berlin",
        Recurrence={
            "NumberOfOnCalls": 1,
            "RecurrenceMultiplier": 1,
            "DailySettings": [{"HourOfDay": 9, "MinuteOfHour": 0}],
        },
    )
    return created["RotationArn"]


@pytest.fixture
def paged_by_sms(service: LocalService, aws: SSMContactsClient, akua: str, sms: str) -> str:
    """The ARN of Akua, whose plan is one stage of five minutes with her activated phone."""
    aws.activate_contact_channel(ContactChannelId=sms, ActivationCode=service.code_for(sms))
    target: Any = {"ChannelTargetInfo": {"ContactChannelId": sms, "RetryIntervalInMinutes": 1}}
    aws.update_contact(
        ContactId=akua, Plan={"Stages": [{"DurationInMinutes": 5, "Targets": [target]}]}
    )
    return akua


@pytest.fixture
def engagement(aws: SSMContactsClient, paged_by_sms: str) -> str:
    """The ARN of an engagement of Akua that has just started."""
    started = aws.start_engagement(
        ContactId=paged_by_sms, Sender="cloudwatch", Subject="disk", Content="The disk is full."
    )
    return started["EngagementArn"]


@pytest.fixture
def page(aws: SSMContactsClient, engagement: str) -> str:
    """The ARN of the page that was sent to Akua's phone."""
    (only,) = aws.list_pages_by_engagement(EngagementId=engagement)["Pages"]
    return only["PageArn"]
