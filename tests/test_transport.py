from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from socket import create_server
from threading import Thread
from traceback import extract_tb
from typing import Any

import pytest
from arns import contact_arn
from botocore.exceptions import EndpointConnectionError
from clocks import StoppedClock
from sentinels import CODE, EMAIL, PHONE, TOKEN

from ssm_contacts_sdk import (
    Channel,
    ConflictError,
    Contact,
    ContactsClient,
    ContactsError,
    ContactType,
    CredentialsError,
    InternalServerError,
    InvalidValueError,
    ResourceNotFoundError,
    ResponseDecodeError,
    RetryDetails,
    RetryPolicy,
    ThrottlingError,
    TransportError,
)
from ssm_contacts_sdk._resources.table import OPERATIONS
from ssm_contacts_sdk._transport import Request
from ssm_contacts_sdk.local import (
    Effect,
    LocalService,
    internal_error,
    lost_response,
    raw_response,
    service_error,
    throttle,
    unreachable,
)

AKUA = Contact(alias="akuam", type=ContactType.PERSONAL)
ARN = contact_arn("akuam")


class OwnError(Exception):
    """An error of a user's code."""


def tokens(service: LocalService) -> list[str]:
    return [request.body["IdempotencyToken"] for request in service.requests]


def test_each_call_has_its_own_token(service: LocalService, client: ContactsClient) -> None:
    client.contacts.create(AKUA)
    client.contacts.create(Contact(alias="alejr", type=ContactType.PERSONAL))
    first, second = tokens(service)
    assert len(first) == len(second) == 32
    assert first != second


def test_all_attempts_of_a_call_have_the_same_token(
    service: LocalService, client: ContactsClient
) -> None:
    service.faults.add(throttle(), times=4)
    client.contacts.create(AKUA)
    assert len(tokens(service)) == 5
    assert len(set(tokens(service))) == 1


def test_a_passed_token_is_used(service: LocalService, client: ContactsClient) -> None:
    akua = client.contacts.create(AKUA, idempotency_token=TOKEN)
    client.channels.create(akua, Channel.sms("akuas sms", PHONE), idempotency_token=TOKEN)
    assert tokens(service) == [TOKEN, TOKEN]


def test_the_token_is_an_attribute_of_the_error_and_not_in_its_message(
    service: LocalService, client: ContactsClient
) -> None:
    service.faults.add(internal_error(), times=None)
    with pytest.raises(InternalServerError) as caught:
        client.contacts.create(AKUA)
    assert [caught.value.idempotency_token] * 5 == tokens(service)
    assert caught.value.attempts == 5
    assert str(caught.value.idempotency_token) not in str(caught.value)
    # With the token, the same create succeeds.
    service.faults.clear()
    client.contacts.create(AKUA, idempotency_token=caught.value.idempotency_token)
    assert len(set(tokens(service))) == 1


def test_a_create_whose_response_is_lost_creates_once(
    service: LocalService, client: ContactsClient
) -> None:
    service.faults.add(lost_response(), times=2)
    akua = client.contacts.create(AKUA)
    assert akua.arn == ARN
    assert [contact.arn for contact in client.contacts.list()] == [ARN]
    service.faults.add(lost_response())
    sms = client.channels.create(akua, Channel.sms("akuas sms", PHONE))
    assert [channel.arn for channel in client.channels.list(akua)] == [sms.arn]
    assert len(service.outbox) == 1


def test_a_delete_whose_response_is_lost_succeeds(
    service: LocalService, client: ContactsClient
) -> None:
    client.contacts.create(AKUA)
    service.faults.add(lost_response())
    client.contacts.delete(ARN)
    assert [request.status for request in service.requests] == [200, 200, 400]
    assert list(client.contacts.list()) == []


def test_deleting_a_missing_resource_is_an_error(client: ContactsClient) -> None:
    with pytest.raises(ResourceNotFoundError):
        client.contacts.delete(ARN)


@pytest.mark.parametrize("harmless", [throttle, unreachable])
def test_deleting_a_missing_resource_after_an_attempt_that_did_nothing_is_an_error(
    service: LocalService, client: ContactsClient, harmless: Callable[[], Any]
) -> None:
    # The first request cannot have deleted it, so the response to the second one counts.
    service.faults.add(harmless())
    with pytest.raises(ResourceNotFoundError) as caught:
        client.contacts.delete(ARN)
    assert caught.value.attempts == 2
    assert not caught.value.outcome_unknown


def test_the_outcome_is_unknown_if_an_earlier_response_was_lost(
    service: LocalService, client: ContactsClient
) -> None:
    service.faults.add(lost_response())
    service.faults.add(throttle(3600), nth=2)
    with pytest.raises(ThrottlingError, match="to repeat the call safely") as caught:
        client.contacts.create(AKUA)
    assert caught.value.outcome_unknown
    assert client.contacts.get(ARN).alias == "akuam"


def test_the_outcome_of_a_rejected_request_is_known(
    service: LocalService, client: ContactsClient
) -> None:
    client.contacts.create(AKUA)
    with pytest.raises(ConflictError) as caught:
        client.contacts.create(AKUA)
    assert not caught.value.outcome_unknown
    assert "the outcome is unknown" not in str(caught.value)


def test_the_outcome_of_a_read_is_known_even_if_its_response_is_lost(
    service: LocalService, client: ContactsClient
) -> None:
    service.faults.add(lost_response(), times=None)
    with pytest.raises(TransportError, match=r"\[nothing was changed\]") as caught:
        client.contacts.get(ARN)
    assert (caught.value.attempts, caught.value.outcome_unknown) == (5, False)
    assert caught.value.idempotency_token is None


GARBAGE = [
    b"<html>Please log in</html>",
    b"",
    b"[]",
    b"null",
    b"7",
    b'{"Contacts": [{"Alias"',
    b"\xff\xfe",
]


@pytest.mark.parametrize("body", GARBAGE)
@pytest.mark.parametrize("content_type", ["text/html", "application/x-amz-json-1.1"])
@pytest.mark.parametrize("request_id", [False, True])
def test_a_success_that_does_not_come_from_the_service_is_an_error(
    service: LocalService,
    client: ContactsClient,
    body: bytes,
    content_type: str,
    request_id: bool,
) -> None:
    service.faults.add(raw_response(200, body, content_type, request_id=request_id), times=None)
    for act in (
        lambda: client.contacts.create(AKUA),
        lambda: client.contacts.update(ARN, display_name="Akua"),
    ):
        with pytest.raises(ResponseDecodeError, match="the response cannot be read") as caught:
            act()
        assert caught.value.outcome_unknown
        assert caught.value.attempts == 5
    for read in (lambda: client.contacts.get(ARN), lambda: list(client.contacts.list())):
        with pytest.raises(ResponseDecodeError) as caught:
            read()
        assert not caught.value.outcome_unknown


def test_a_create_whose_response_is_a_page_of_a_proxy_creates_once(
    service: LocalService, client: ContactsClient
) -> None:
    service.faults.add(raw_response(200, b"<html>"))
    assert client.contacts.create(AKUA).arn == ARN
    assert len(list(client.contacts.list())) == 1


def test_a_response_without_a_required_member_cannot_be_read(
    service: LocalService, client: ContactsClient
) -> None:
    json = "application/x-amz-json-1.1"
    service.faults.add(raw_response(200, b"{}", json, request_id=True))
    with pytest.raises(ResponseDecodeError) as caught:
        client.contacts.create(AKUA, idempotency_token=TOKEN)
    error = caught.value
    assert (error.operation, error.path, error.problem) == (
        "CreateContact",
        "ContactArn",
        "is missing",
    )
    assert (error.attempts, error.idempotency_token) == (1, TOKEN)
    assert error.request_id is not None
    assert error.outcome_unknown


@pytest.mark.parametrize("body", [b"<html>Bad Gateway</html>", b"", b"{}", b"[]"])
def test_an_error_of_a_gateway_is_a_lost_response(
    service: LocalService, client: ContactsClient, body: bytes
) -> None:
    service.faults.add(raw_response(502, body), times=None)
    with pytest.raises(ContactsError) as caught:
        client.contacts.create(AKUA)
    error = caught.value
    assert isinstance(error, (TransportError, ResponseDecodeError))
    assert error.outcome_unknown
    service.faults.clear()
    service.faults.add(raw_response(502, b"<html>Bad Gateway</html>"))
    token = error.idempotency_token
    assert client.contacts.create(AKUA, idempotency_token=token).arn == ARN


def test_another_activation_code_can_be_sent_after_a_wrong_one(
    service: LocalService, client: ContactsClient
) -> None:
    akua = client.contacts.create(AKUA)
    email = client.channels.create(akua, Channel.email("akuas mail", EMAIL))
    with pytest.raises(Exception, match="Activation code does not match"):
        client.channels.activate(email, CODE)
    code = service.outbox[0].code
    assert code is not None
    client.channels.activate(email, code)
    assert client.channels.get(email).activation_status == "ACTIVATED"


def test_the_error_of_a_users_event_handler_is_raised_unchanged(
    client: ContactsClient,
) -> None:
    def fail(**_: object) -> None:
        raise OwnError

    client.boto3_client.meta.events.register("before-call.ssm-contacts", fail)
    with pytest.raises(OwnError):
        client.contacts.get(ARN)


@pytest.mark.parametrize("error", [OwnError(), InvalidValueError("contacts.get", [])])
def test_the_error_of_an_event_handler_is_not_repeated_after_a_lost_response(
    service: LocalService, client: ContactsClient, error: Exception
) -> None:
    calls: list[object] = []

    def fail_later(**_: object) -> None:
        calls.append(None)
        if len(calls) > 1:
            raise error

    client.boto3_client.meta.events.register("before-call.ssm-contacts", fail_later)
    service.faults.add(lost_response())
    with pytest.raises(type(error)):
        client.contacts.create(AKUA)
    assert len(calls) == 2


def test_threads_share_a_client(service: LocalService, client: ContactsClient) -> None:
    service.faults.add(throttle(), times=20)
    service.faults.add(lost_response(), nth=21, times=20)

    # The threads share one client.
    policy = RetryPolicy(attempts=100, deadline=1e9)
    retrying = client.with_options(retry=policy, clock=StoppedClock())

    def create(number: int) -> str:
        return retrying.contacts.create(
            Contact(alias=f"a{number}", type=ContactType.PERSONAL)
        ).alias

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(create, range(60)))
    assert sorted(made) == sorted(contact.alias for contact in client.contacts.list())
    by_alias: dict[str, set[str]] = {}
    for request in service.requests:
        if request.operation == "CreateContact":
            by_alias.setdefault(request.body["Alias"], set()).add(request.body["IdempotencyToken"])
    assert all(len(each) == 1 for each in by_alias.values())
    assert len({token for each in by_alias.values() for token in each}) == 60


def test_a_call_with_invalid_arguments_sends_nothing(
    service: LocalService, client: ContactsClient
) -> None:
    with pytest.raises(InvalidValueError):
        client.contacts.get("akuam")
    assert service.requests == ()


def test_an_update_of_a_resource_that_was_deleted_between_attempts_is_not_found(
    service: LocalService, client: ContactsClient
) -> None:
    client.contacts.create(AKUA)

    def delete(_: RetryDetails) -> None:
        service.boto3_client().delete_contact(ContactId=ARN)

    service.faults.add(lost_response(), operation="UpdateContact")
    hooked = service.client(retry=RetryPolicy(on_retry=delete))
    with pytest.raises(ResourceNotFoundError) as caught:
        hooked.contacts.update(ARN, display_name="Akua")
    # The first request may have been carried out.
    assert (caught.value.attempts, caught.value.outcome_unknown) == (2, True)


def test_json_without_a_request_id_is_no_success(
    service: LocalService, client: ContactsClient
) -> None:
    body = b'{"ContactArn": "arn:of:somebody:else"}'
    service.faults.add(raw_response(200, body, "application/json"), times=None)
    with pytest.raises(ResponseDecodeError, match="does not come from the service"):
        client.contacts.create(AKUA)


def test_a_traceback_does_not_show_the_retry_loop(
    service: LocalService, client: ContactsClient
) -> None:
    service.faults.add(unreachable(), times=None)
    with pytest.raises(TransportError) as caught:
        client.contacts.get(ARN)
    files = [Path(frame.filename).name for frame in extract_tb(caught.value.__traceback__)]
    assert files == [
        "test_transport.py",
        "_privacy.py",
        "contacts.py",
        "resource.py",
        "_transport.py",
    ]
    assert isinstance(caught.value.__cause__, EndpointConnectionError)


def test_the_repr_of_a_request_hides_its_arguments() -> None:
    kwargs = {"Content": CODE, "IdempotencyToken": TOKEN}
    request = Request(OPERATIONS["StartEngagement"], kwargs, dict)
    shown = repr(request)
    assert request.token == TOKEN
    assert "StartEngagement" in shown
    assert CODE not in shown
    assert TOKEN not in shown


@pytest.mark.parametrize(
    "answer",
    [
        raw_response(200, b"<html>"),
        raw_response(200, b"{}"),
        raw_response(200, b"{", request_id=True),
    ],
)
def test_the_error_of_an_unreadable_response_names_the_operation(
    service: LocalService, client: ContactsClient, answer: Effect
) -> None:
    service.faults.add(answer, times=None)
    with pytest.raises(ResponseDecodeError) as caught:
        client.contacts.create(AKUA)
    assert caught.value.operation == "CreateContact"
    assert caught.value.outcome_unknown


def test_an_error_of_the_client_that_on_retry_raises_is_not_changed(
    service: LocalService, client: ContactsClient
) -> None:
    akua = client.contacts.create(AKUA)

    def look(_: RetryDetails) -> None:
        client.contacts.get(ARN + "x")

    hooked = service.client(retry=RetryPolicy(on_retry=look))
    service.faults.add(internal_error(), operation="DeleteContact")
    with pytest.raises(ResourceNotFoundError) as caught:
        hooked.contacts.delete(akua)
    assert caught.value.operation == "GetContact"
    assert (caught.value.attempts, caught.value.outcome_unknown) == (1, False)
    assert client.contacts.get(akua) == akua


def test_an_error_of_expired_credentials_has_the_token_of_an_earlier_attempt(
    service: LocalService, client: ContactsClient
) -> None:
    service.faults.add(lost_response())
    service.faults.add(service_error("ExpiredTokenException", "expired"), nth=2)
    with pytest.raises(CredentialsError, match="to repeat the call safely") as caught:
        client.contacts.create(AKUA)
    error = caught.value
    assert (error.attempts, error.outcome_unknown) == (2, True)
    assert client.contacts.create(AKUA, idempotency_token=error.idempotency_token).arn == ARN
    assert len(list(client.contacts.list())) == 1


def test_the_outcome_of_a_throttled_request_is_known_with_any_status(
    service: LocalService, client: ContactsClient
) -> None:
    body = b'{"__type": "ThrottlingException", "Message": "slower"}'
    json_type = "application/x-amz-json-1.1"
    service.faults.add(raw_response(503, body, json_type, request_id=True, commit=False))
    with pytest.raises(ResourceNotFoundError) as caught:
        client.contacts.delete(ARN)
    assert caught.value.attempts == 2
    assert not caught.value.outcome_unknown


def test_on_retry_receives_the_completed_error(service: LocalService) -> None:
    messages: list[str] = []
    hooked = service.client(
        retry=RetryPolicy(attempts=3, on_retry=lambda retry: messages.append(str(retry.cause)))
    )
    service.faults.add(lost_response(), times=None)
    with pytest.raises(TransportError):
        hooked.contacts.get(ARN)
    assert ["the outcome is unknown" in message for message in messages] == [False, False]
    assert "after 2 attempts" in messages[1]


class Connection(Thread):
    """A server that reads one request per connection, and closes it without a response."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.requests = 0
        self._socket = create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def run(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                connection.recv(65536)
                self.requests += 1

    def close(self) -> None:
        self._socket.close()


@pytest.mark.parametrize("through_a_proxy", [False, True])
def test_a_connection_that_ends_after_the_request_is_a_lost_response(
    monkeypatch: pytest.MonkeyPatch, through_a_proxy: bool
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "y")
    server = Connection()
    server.start()
    endpoint = server.url
    if through_a_proxy:
        endpoint = "http://ssm-contacts.invalid"
        for name in ("http_proxy", "HTTP_PROXY"):
            monkeypatch.setenv(name, server.url)
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
    client = ContactsClient(region_name="us-east-2", endpoint_url=endpoint)
    with pytest.raises(TransportError) as caught:
        client.channels.send_activation_code(ARN.replace("contact/", "contact-channel/") + "/1")
    assert (caught.value.attempts, caught.value.outcome_unknown) == (1, True)
    server.close()
