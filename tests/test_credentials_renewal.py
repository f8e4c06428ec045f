"""Credentials that break after the client was created, and other things that break in a call."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import boto3
import botocore.session
import pytest
from arns import contact_arn
from attrs import define, field
from botocore.credentials import RefreshableCredentials
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    HTTPClientError,
    MetadataRetrievalError,
    ReadTimeoutError,
    SSLError,
    UnauthorizedSSOTokenError,
)
from botocore_data import read_once
from clocks import ChangedClock
from sentinels import CODE, PHONE, TOKEN

from ssm_contacts_sdk import (
    Channel,
    ConfigurationError,
    Contact,
    ContactsClient,
    ContactType,
    CredentialsError,
    TransportError,
)
from ssm_contacts_sdk.local import LocalService

AKUA = Contact(alias="akuam", type=ContactType.PERSONAL)
IMDS = "http://169.254.169.254/latest/meta-data/iam/security-credentials/"


@pytest.fixture(autouse=True)
def sessions_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read_once(monkeypatch)


@pytest.fixture(autouse=True)
def botocore_logs_no_renewals(caplog: pytest.LogCaptureFixture) -> None:
    """Leave out botocore's warnings, which contain the messages of its exceptions."""
    caplog.set_level(logging.CRITICAL, logger="botocore.credentials")


@define
class Renewal:
    """Credentials that boto3 renews before each request, until they are broken."""

    method: str = "sso"
    """botocore's name of the provider."""
    broken: Callable[[], dict[str, str]] | None = None
    count: int = 0
    service: LocalService = field(factory=LocalService)

    def renew(self) -> dict[str, str]:
        self.count += 1
        if self.broken is not None:
            return self.broken()
        expires = datetime.now(timezone.utc) + timedelta(minutes=5)
        # botocore insists on renewed credentials in the last ten minutes.
        return {
            "access_key": "AKIA0",
            "secret_key": CODE,
            "token": TOKEN,
            "expiry_time": expires.isoformat(),
        }

    def client(self) -> ContactsClient:
        session: Any = botocore.session.Session()
        credentials = RefreshableCredentials.create_from_metadata(
            self.renew(), self.renew, self.method
        )
        session._credentials = credentials
        ours = boto3.session.Session(botocore_session=session, region_name="us-east-2")
        client = ContactsClient(session=ours, clock=self.service.clock)
        self.service.connect(client.boto3_client)
        return client

    def break_with(self, error: Exception) -> None:
        """Let the next renewal fail, and count from there."""

        def fail() -> dict[str, str]:
            raise error

        self.broken, self.count = fail, 0


DENIED = ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "AssumeRole")
FAILURES: list[tuple[str, Exception, str]] = [
    ("sso", UnauthorizedSSOTokenError(), r"from sso are .*unavailable.*aws sso login"),
    ("iam-role", MetadataRetrievalError(error_msg=CODE), "from iam-role are .*unavailable"),
    ("custom-process", CredentialRetrievalError(provider="p", error_msg=CODE), "run its command"),
    ("assume-role", DENIED, "AssumeRole, which boto3 calls for credentials, failed"),
    ("their-own", OSError("disk"), r"cannot get credentials from their-own \(OSError\)"),
]


@pytest.mark.parametrize(("method", "error", "message"), FAILURES)
def test_credentials_that_break_are_a_credentials_error_and_not_repeated(
    method: str, error: Exception, message: str
) -> None:
    renewal = Renewal(method)
    client = renewal.client()
    client.contacts.create(AKUA)
    renewal.break_with(error)
    with pytest.raises(CredentialsError, match=message) as caught:
        client.contacts.update(contact_arn("akuam"), display_name="Akua")
    assert (caught.value.attempts, caught.value.outcome_unknown) == (1, False)
    assert (renewal.count, len(renewal.service.requests)) == (1, 1)
    # The client works again when the credentials do.
    renewal.broken = None
    assert client.contacts.get(contact_arn("akuam")).alias == "akuam"


@pytest.mark.parametrize("answer", [{}, {"access_key": CODE}])
def test_incomplete_credentials_are_a_credentials_error(answer: dict[str, str]) -> None:
    renewal = Renewal("iam-role")
    client = renewal.client()
    renewal.broken = lambda: answer
    with pytest.raises(CredentialsError, match=r"from iam-role are incomplete") as caught:
        client.contacts.create(AKUA)
    assert caught.value.attempts == 1
    assert renewal.service.requests == ()


@pytest.mark.parametrize(
    "error",
    [
        EndpointConnectionError(endpoint_url=IMDS),
        ConnectTimeoutError(endpoint_url=IMDS),
        ReadTimeoutError(endpoint_url=IMDS),
        HTTPClientError(error=RuntimeError(CODE)),
    ],
)
def test_a_provider_that_is_not_reached_is_repeated_and_nothing_was_sent(error: Exception) -> None:
    renewal = Renewal("iam-role")
    client = renewal.client()
    sms = contact_arn("akuam").replace(":contact/", ":contact-channel/") + "/1"
    renewal.break_with(error)
    with pytest.raises(TransportError) as caught:
        # Repeating it is only safe if it was not sent: each request sends another code.
        client.channels.send_activation_code(sms)
    problem = f"the AWS credentials from iam-role cannot be renewed ({type(error).__name__})"
    assert (caught.value.problem, caught.value.outcome_unknown) == (problem, False)
    assert (caught.value.attempts, renewal.count) == (5, 5)
    assert renewal.service.requests == ()


def test_an_untrusted_provider_is_a_configuration_error() -> None:
    renewal = Renewal()
    client = renewal.client()
    renewal.break_with(
        SSLError(endpoint_url="https://sso", error=OSError("CERTIFICATE_VERIFY_FAILED"))
    )
    with pytest.raises(ConfigurationError, match="AWS_CA_BUNDLE"):
        client.contacts.create(AKUA)
    assert renewal.count == 1


def test_an_endpoint_that_cannot_be_resolved_in_a_call_is_a_configuration_error() -> None:
    renewal = Renewal()
    client = renewal.client()

    def break_endpoint(builtins: dict[str, object], **_: object) -> None:
        # The rules of AWS's endpoints do not allow both.
        builtins |= {"AWS::UseFIPS": True, "SDK::Endpoint": "http://127.0.0.1:1"}

    client.boto3_client.meta.events.register(
        "before-endpoint-resolution.ssm-contacts", break_endpoint
    )
    with pytest.raises(ConfigurationError) as caught:
        client.channels.create(contact_arn("akuam"), Channel.sms("sms", PHONE))
    assert "boto3 cannot send this request" in str(caught.value)
    assert renewal.service.requests == ()


class ClockBrokeError(Exception):
    """An error of a user's clock."""


@pytest.mark.parametrize("reads", [1, 2])
def test_the_error_of_a_clock_that_breaks_in_a_call_is_raised_unchanged(reads: int) -> None:
    renewal = Renewal()
    left = [0.0] * (reads - 1)

    def monotonic() -> float:
        if not left:
            raise ClockBrokeError
        return left.pop()

    clock = ChangedClock(renewal.service.clock, monotonic=monotonic)
    client = renewal.client().with_options(clock=clock)
    renewal.break_with(EndpointConnectionError(endpoint_url=IMDS))
    with pytest.raises(ClockBrokeError):
        client.contacts.create(AKUA)
    assert renewal.service.requests == ()
