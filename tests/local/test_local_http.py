from __future__ import annotations

import json
import os
import random
import shlex
import signal
import socket
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, suppress
from time import monotonic
from typing import TYPE_CHECKING, Any, cast, final

import boto3
import pytest
from attrs import define, field, frozen
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError
from sentinels import PHONE

from ssm_contacts_sdk import (
    Contact,
    ContactsClient,
    ContactType,
    RetryPolicy,
    TransportError,
)
from ssm_contacts_sdk._errors import ConfigurationError
from ssm_contacts_sdk.local import LocalService, Response, lost_response, raw_response, unreachable
from ssm_contacts_sdk.local._effects import ConnectionReset, RequestLost, ResponseLost
from ssm_contacts_sdk.local._server import connection
from ssm_contacts_sdk.local._server.connection import Connection, Limits, ServerContext
from ssm_contacts_sdk.local._server.http import LocalServer, serve

if TYPE_CHECKING:
    from mypy_boto3_ssm_contacts import SSMContactsClient

PERSON: dict[str, Any] = {"Alias": "akuam", "Type": "PERSONAL", "Plan": {"Stages": []}}
GOOD = b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\n{}"
PATIENCE = 10.0


@define
class Echo:
    """A request handler that responds with the request, and records it."""

    requests: list[tuple[str, Mapping[str, str], bytes]] = field(
        factory=list[tuple[str, Mapping[str, str], bytes]]
    )
    threads: set[int] = field(factory=set[int])
    delay: float = 0.0
    error: Exception | None = None
    reached: threading.Event = field(factory=threading.Event)

    def handle(self, target: str, headers: Mapping[str, str], body: bytes) -> Response:
        self.requests.append((target, headers, body))
        self.threads.add(threading.get_ident())
        self.reached.set()
        if self.error:
            raise self.error
        return Response(200, {"x-amzn-RequestId": "r", "X-Echo": target}, body, delay=self.delay)

    def wait(self, seconds: float) -> None:
        raise AssertionError


@frozen
class HttpResponse:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def code(self) -> str:
        return str(json.loads(self.body)["__type"])


@final
class TcpConnection:
    """A TCP connection from which HTTP responses are read."""

    def __init__(self, server: LocalServer) -> None:
        self.socket = socket.create_connection((server.host, server.port), timeout=PATIENCE)
        self.read = b""

    def __enter__(self) -> TcpConnection:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, data: bytes, *, end: bool = False) -> None:
        self.socket.sendall(data)
        if end:
            self.socket.shutdown(socket.SHUT_WR)

    def receive(self) -> bool:
        data = self.socket.recv(65536)
        self.read += data
        return bool(data)

    def response(self, *, without_body: bool = False) -> HttpResponse:
        while b"\r\n\r\n" not in self.read:
            assert self.receive(), "the server closed the connection"
        head, _, self.read = self.read.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        length = 0 if without_body else int(headers.get("Content-Length", 0))
        while len(self.read) < length:
            assert self.receive(), "the server closed the connection"
        body, self.read = self.read[:length], self.read[length:]
        return HttpResponse(int(first.split(" ")[1]), headers, body)

    def is_closed(self) -> bool:
        """Return whether the server sends nothing more and closes the connection."""
        try:
            return not self.read and not self.receive()
        except ConnectionResetError:
            return not self.read


def exchange(server: LocalServer, data: bytes, *, end: bool = False) -> HttpResponse:
    """Send `data`, and return the response, after which the server must close the connection."""
    with TcpConnection(server) as conn:
        conn.send(data, end=end)
        response = conn.response()
        assert conn.is_closed()
        return response


def send_forever(conn: TcpConnection) -> None:
    while True:
        conn.send(b"x" * 65536)


def request(*headers: str, first: str = "POST / HTTP/1.1", body: str = "{}") -> bytes:
    """Return a request with these headers, and a correct Host unless there is one."""
    lines = [first, *headers]
    if not any(header.lower().startswith("host") for header in headers):
        lines.insert(1, "Host: localhost")
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def boto3_for(server: LocalServer, **settings: Any) -> SSMContactsClient:
    config = Config(retries={"mode": "standard", "total_max_attempts": 1}, proxies={}, **settings)
    # Its type is a union of the clients of all services.
    session: Any = boto3.session.Session()
    client: SSMContactsClient = session.client(
        "ssm-contacts",
        region_name="us-east-2",
        endpoint_url=server.url,
        aws_access_key_id="a",
        aws_secret_access_key="b",
        config=config,
    )
    return client


@pytest.fixture(autouse=True)
def nothing_is_printed(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Check that nothing is printed, whatever is sent."""
    yield
    assert capfd.readouterr() == ("", "")


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
def server(echo: Echo) -> Iterator[LocalServer]:
    with serve(echo) as server:
        yield server


@pytest.fixture
def http_client(service: LocalService) -> Iterator[SSMContactsClient]:
    """A client that calls the service over HTTP."""
    with serve(service) as server:
        client = boto3_for(server)
        yield client
        client.close()


# Clients


def test_boto3_calls_the_service(http_client: SSMContactsClient, service: LocalService) -> None:
    akua = http_client.create_contact(**PERSON)["ContactArn"]
    assert http_client.get_contact(ContactId=akua)["Alias"] == "akuam"
    with pytest.raises(ClientError) as caught:
        http_client.get_contact(ContactId=akua + "x")
    response: dict[str, Any] = {**caught.value.response}
    assert response["Error"]["Code"] == "ResourceNotFoundException"
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert [request.attempt for request in service.requests] == [1, 1, 1]


def test_the_environment_is_all_that_boto3_needs(
    service: LocalService, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serve(service, region_name="eu-west-1") as server:
        for name, value in server.environment.items():
            monkeypatch.setenv(name, value)
        session: Any = boto3.session.Session()
        client = session.client("ssm-contacts")
        assert client.meta.endpoint_url == server.url == f"http://127.0.0.1:{server.port}"
        assert client.meta.region_name == "eu-west-1"
        assert client.list_contacts()["Contacts"] == []
        client.close()


def test_the_environment_can_be_exported_to_a_shell(server: LocalServer) -> None:
    lines = [shlex.split(line) for line in server.exports().splitlines()]
    assert {word for word, _ in lines} == {"export"}
    assert dict(pair.split("=", 1) for _, pair in lines) == server.environment
    assert repr(server) == f"LocalServer({server.url})"
    with pytest.raises(TypeError):
        cast("dict[str, str]", server.environment)["AWS_REGION"] = "eu-west-1"


def test_boto3_reuses_its_connection(server: LocalServer, echo: Echo) -> None:
    client = boto3_for(server)
    for _ in range(3):
        client.list_contacts()
    assert len(echo.requests) == 3
    assert len(echo.threads) == 1
    client.close()


def test_the_handler_receives_what_was_sent(server: LocalServer, echo: Echo) -> None:
    body = '{"Ä": "字"}'.encode()
    length = f"content-LENGTH:{len(body)}"
    with TcpConnection(server) as conn:
        head = request("host: LOCALHOST:1", length, "x-amz-target: \tA.B ", "X-E: é", body="")
        conn.send(head + body)
        data = conn.response()
    assert (data.status, data.body, data.headers["X-Echo"]) == (200, body, "A.B")
    ((target, headers, sent),) = echo.requests
    assert (target, sent) == ("A.B", body)
    assert headers["x-e"].encode("latin-1").decode() == "é"
    assert {"host", "content-length"} < set(headers)


def test_repeated_headers_are_joined(server: LocalServer, echo: Echo) -> None:
    with TcpConnection(server) as conn:
        conn.send(request("X-A: 1", "x-a: 2", "X-Empty:", "Content-Length: 2"))
        conn.response()
    assert echo.requests[0][1]["x-a"] == "1, 2"
    assert not echo.requests[0][1]["x-empty"]


def test_a_response_is_sent_in_one_piece(server: LocalServer) -> None:
    with TcpConnection(server) as conn:
        conn.send(GOOD)
        assert conn.receive()
        assert conn.response().body == b"{}"


def test_one_connection_serves_many_requests(server: LocalServer, echo: Echo) -> None:
    with TcpConnection(server) as conn:
        for _ in range(3):
            conn.send(GOOD)
            response = conn.response()
            assert "Connection" not in response.headers
            assert "Server" not in response.headers
    assert len(echo.threads) == 1


def test_pipelined_requests_are_handled_in_turn(server: LocalServer, echo: Echo) -> None:
    two = [request("Content-Length: 5", body=f'"{n:03}"') for n in range(2)]
    with TcpConnection(server) as conn:
        # Old clients send an additional empty line after a body.
        conn.send(b"\r\n".join(two))
        assert [conn.response().body for _ in two] == [b'"000"', b'"001"']
    assert len(echo.requests) == 2


def test_a_request_can_arrive_in_pieces(server: LocalServer) -> None:
    with TcpConnection(server) as conn:
        conn.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for at in range(len(GOOD)):
            conn.send(GOOD[at : at + 1])
        assert conn.response().body == b"{}"


def test_a_request_can_be_split_anywhere(monkeypatch: pytest.MonkeyPatch, echo: Echo) -> None:
    with serve(echo, limits=Limits(request_seconds=1.0)) as server:
        for at in range(1, len(GOOD)):
            # All of it has arrived: the size of a read decides where it is split.
            monkeypatch.setattr(connection, "_CHUNK_BYTES", at)
            with TcpConnection(server) as conn:
                conn.send(GOOD)
                assert conn.response().body == b"{}"


@pytest.mark.parametrize(
    ("first", "headers"),
    [
        ("POST / HTTP/1.1", ["Connection: Close"]),
        ("POST / HTTP/1.1", ["Connection: x, close"]),
        ("POST / HTTP/1.0", []),
        ("POST / HTTP/1.0", ["Connection: keep-alive"]),
    ],
)
def test_the_server_closes_the_connection_on_request(
    server: LocalServer, first: str, headers: list[str]
) -> None:
    response = exchange(server, request("Content-Length: 2", *headers, first=first))
    assert response.status == 200
    assert response.headers["Connection"] == "close"


def test_an_expected_100_continue_is_sent(server: LocalServer) -> None:
    head = request("Content-Length: 2", "Expect: 100-Continue", body="")
    with TcpConnection(server) as conn:
        conn.send(head)
        assert conn.response().status == 100
        conn.send(b"{}")
        assert conn.response().body == b"{}"
        # No 100 is sent if the body has already arrived.
        conn.send(head + b"{}")
        assert conn.response().status == 200
    assert exchange(server, request("Content-Length: 2", "Expect: more")).status == 400
    assert (
        exchange(server, request("Content-Length: 9999999", "Expect: 100-continue")).status == 400
    )


# Malformed requests

HTTP, LENGTH, BIG, HOST = (
    "UnknownOperationException",
    "SerializationException",
    "ValidationException",
    "AccessDeniedException",
)
LONG = "x" * 40_000
MALFORMED: dict[str, tuple[str, bytes]] = {
    "get": (HTTP, request(first="GET / HTTP/1.1")),
    "options": (HTTP, request("Origin: http://a", first="OPTIONS / HTTP/1.1")),
    "lower-case method": (HTTP, request("Content-Length: 2", first="post / HTTP/1.1")),
    "other path": (HTTP, request("Content-Length: 2", first="POST /x HTTP/1.1")),
    "query": (HTTP, request("Content-Length: 2", first="POST /?x HTTP/1.1")),
    "absolute form": (HTTP, request("Content-Length: 2", first="POST http://a/ HTTP/1.1")),
    "connect": (HTTP, request(first="CONNECT a:443 HTTP/1.1")),
    "no version": (HTTP, request(first="POST /")),
    "http 2": (HTTP, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    "unknown version": (HTTP, request("Content-Length: 2", first="POST / HTTP/1.2")),
    "two spaces": (HTTP, request("Content-Length: 2", first="POST  / HTTP/1.1")),
    "no request conn": (HTTP, b"Host: localhost\r\nContent-Length: 2\r\n\r\n{}"),
    "without_body conn feeds": (HTTP, GOOD.replace(b"\r\n", b"\n")),
    "one without_body conn feed": (HTTP, GOOD.replace(b"\r\nContent", b"\nContent")),
    "without_body carriage return": (HTTP, request("X-A: 1\rX-B: 2", "Content-Length: 2")),
    "nul": (HTTP, request("X-A: \0", "Content-Length: 2")),
    "folded header": (HTTP, request("X-A: 1", " 2", "Content-Length: 2")),
    "space before the colon": (HTTP, request("Content-Length : 2")),
    "no colon": (HTTP, request("Content-Length: 2", "X-A")),
    "no name": (HTTP, request("Content-Length: 2", ": x")),
    "unicode name": (HTTP, request("Content-Length: 2", "X-Ä: 1")),
    "tls": (HTTP, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
    "other expectation": (HTTP, request("Content-Length: 2", "Expect: x")),
    "no length": (LENGTH, request()),
    "empty length": (LENGTH, request("Content-Length:")),
    "negative length": (LENGTH, request("Content-Length: -1")),
    "signed length": (LENGTH, request("Content-Length: +2")),
    "hexadecimal length": (LENGTH, request("Content-Length: 0x2")),
    "underscored length": (LENGTH, request("Content-Length: 0_2")),
    "fullwidth length": (LENGTH, request("Content-Length: \uff12")),
    "superscript length": (LENGTH, request("Content-Length: ²")),
    "endless length": (LENGTH, request("Content-Length: " + "9" * 5000)),
    "list of lengths": (LENGTH, request("Content-Length: 2, 2")),
    "doubled length": (LENGTH, request("Content-Length: 2", "content-length: 2")),
    "two lengths": (LENGTH, request("Content-Length: 2", "Content-Length: 40")),
    "chunked": (LENGTH, request("Transfer-Encoding: chunked", body="2\r\n{}\r\n0\r\n\r\n")),
    "smuggling": (
        LENGTH,
        request(
            "Content-Length: 4",
            "Transfer-Encoding: chunked",
            body="0\r\n\r\n" + GOOD.decode(),
        ),
    ),
    "smuggling, hidden": (HTTP, request("Content-Length: 2", "Transfer-Encoding\t: chunked")),
    "identity": (LENGTH, request("Content-Length: 2", "Transfer-Encoding: identity")),
    "large head": (LENGTH, request("Content-Length: 2", f"X-A: {LONG}")),
    "endless request conn": (LENGTH, LONG.encode()),
    "many headers": (LENGTH, request(*(f"X-{n}: 1" for n in range(101)))),
    "large body": (BIG, request("Content-Length: 1048577", body="x" * 1048577)),
    "announced large body": (BIG, request("Content-Length: 999999999999")),
    "no host": (HOST, GOOD.replace(b"Host: 127.0.0.1\r\n", b"")),
    "empty host": (HOST, request("Host:", "Content-Length: 2")),
    "two hosts": (HOST, request("Host: localhost", "Host: evil", "Content-Length: 2")),
    "the same host twice": (HOST, request("Host: ::1", "Host: ::1", "Content-Length: 2")),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_requests_are_rejected(server: LocalServer, echo: Echo, name: str) -> None:
    code, data = MALFORMED[name]
    # Data behind the request must not be read as the next request.
    response = exchange(server, data + GOOD)
    assert (response.status, response.code) == (400, code)
    assert json.loads(response.body)["Message"]
    assert response.headers["Content-Type"] == "application/x-amz-json-1.1"
    assert response.headers["x-amzn-RequestId"]
    assert response.headers["Connection"] == "close"
    assert not [header for header in response.headers if header.startswith("Access-Control")]
    assert echo.requests == []
    with TcpConnection(server) as conn:
        conn.send(GOOD)
        assert conn.response().status == 200


def test_head_is_rejected_without_a_body(server: LocalServer) -> None:
    with TcpConnection(server) as conn:
        conn.send(request(first="HEAD / HTTP/1.1", body=""))
        response = conn.response(without_body=True)
        assert response.status == 400
        assert int(response.headers["Content-Length"]) > 0
        assert conn.is_closed()


def test_the_number_of_headers_is_limited(echo: Echo) -> None:
    more = [f"X-{number}: 1" for number in range(8)]
    with serve(echo, limits=Limits(headers=10)) as server:
        with TcpConnection(server) as conn:
            conn.send(request("Content-Length: 2", *more))
            assert conn.response().status == 200
        rejected = exchange(server, request("Content-Length: 2", *more, "X-A: 1"))
        assert (rejected.status, rejected.code) == (400, LENGTH)
        assert b"more than 10 headers" in rejected.body


def test_the_size_of_the_head_is_limited(echo: Echo) -> None:
    head = request("Content-Length: 2", body="")
    with serve(echo, limits=Limits(head_bytes=len(head))) as server:
        with TcpConnection(server) as conn:
            conn.send(head + b"{}")
            assert conn.response().status == 200
        rejected = exchange(server, request("Content-Length: 2 ", body=""))
        assert (rejected.status, rejected.code) == (400, LENGTH)
        assert f"larger than {len(head)} bytes".encode() in rejected.body


def test_the_largest_policy_fits(server: LocalServer) -> None:
    with TcpConnection(server) as conn:
        conn.send(request("Content-Length: 1048576", body="x" * 1048576))
        assert len(conn.response().body) == 1048576


def test_the_server_survives_garbage(server: LocalServer, echo: Echo) -> None:
    rng = random.Random(0)  # noqa: S311
    for _ in range(60):
        garbage = bytes(rng.choices(rng.randbytes(8) + b"\r\n: ", k=rng.randrange(200)))
        with TcpConnection(server) as conn:
            conn.send(garbage, end=True)
            if garbage.strip(b"\r\n"):
                assert conn.response().status == 400
            assert conn.is_closed()
    mangled = [GOOD[:at] + bytes([rng.randrange(256)]) + GOOD[at + 1 :] for at in range(len(GOOD))]
    for each in mangled:
        with TcpConnection(server) as conn:
            conn.send(each, end=True)
            assert conn.response().status in {200, 400}
    echo.requests.clear()
    with TcpConnection(server) as conn:
        conn.send(GOOD)
        assert conn.response().status == 200


@pytest.mark.parametrize(
    "host",
    ["localhost", "LocalHost:80", "127.0.0.1:9", "10.0.0.7", "[::1]", "[::1]:4583", "box.test:1"],
)
def test_addresses_and_allowed_names_are_allowed_hosts(echo: Echo, host: str) -> None:
    with serve(echo, allowed_hosts=["Box.test"]) as server, TcpConnection(server) as conn:
        conn.send(request(f"Host: {host}", "Content-Length: 2"))
        assert conn.response().status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.test",
        "evil.test:80",
        "localhost.evil.test",
        "127.0.0.1.evil.test",
        "localhost.",
        "localhost@evil.test",
        "localhost, evil.test",
        "localhost/",
        "http://localhost",
        "localhost:80:80",
        "localhost:x",
        "0x7f.1",
        "127.1",
        "[localhost]",
        "[127.0.0.1",
        "::1",
        "bOX.tEST",
        "ⅼocalhost",
    ],
)
def test_other_host_names_are_rejected(server: LocalServer, echo: Echo, host: str) -> None:
    response = exchange(server, request(f"Host: {host}", "Content-Length: 2"))
    assert (response.status, response.code) == (400, "AccessDeniedException")
    assert host not in response.body.decode()
    assert echo.requests == []


# Clients that are slow or gone


@pytest.mark.parametrize("sent", [5, len(GOOD) - 1])
def test_a_slow_request_times_out(echo: Echo, sent: int) -> None:
    with serve(echo, limits=Limits(request_seconds=0.2)) as server, TcpConnection(server) as conn:
        conn.socket.settimeout(0.02)
        start = monotonic()
        conn.send(GOOD[:sent])
        while not conn.read:
            # Bytes keep arriving, but never the last one.
            assert monotonic() - start < PATIENCE
            try:
                assert conn.receive()
            except TimeoutError:
                conn.send(b"" if sent > 5 else b"x")
        conn.socket.settimeout(PATIENCE)
        assert conn.response().code == "SerializationException"
        assert conn.is_closed()
    assert echo.requests == []


def test_an_idle_connection_is_closed(echo: Echo) -> None:
    with serve(echo, limits=Limits(idle_seconds=0.1)) as server:
        with TcpConnection(server) as conn:
            assert conn.is_closed()
        with TcpConnection(server) as conn:
            conn.send(GOOD)
            assert conn.response().status == 200
            conn.send(b"\r\n")
            assert conn.is_closed()


def test_a_client_that_keeps_sending_after_a_rejection_is_disconnected(echo: Echo) -> None:
    with serve(echo, limits=Limits(drain_seconds=0.1)) as server, TcpConnection(server) as conn:
        conn.send(request(first="GET / HTTP/1.1"))
        assert conn.response().status == 400
        # The server has ended sending, and soon stops reading.
        assert conn.is_closed()
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            send_forever(conn)


def test_a_half_closed_connection_gets_its_response(server: LocalServer) -> None:
    with TcpConnection(server) as conn:
        conn.send(GOOD, end=True)
        assert conn.response().status == 200
        assert conn.is_closed()
    for sent in (1, 20, len(GOOD) - 1):
        assert exchange(server, GOOD[:sent], end=True).code in {HTTP, LENGTH}
    with TcpConnection(server) as conn:
        conn.send(b"", end=True)
        assert conn.is_closed()


def test_a_client_that_disconnects_does_not_affect_others(server: LocalServer, echo: Echo) -> None:
    for sent in (GOOD, GOOD[:20], b""):
        with TcpConnection(server) as conn:
            conn.send(sent)
    with TcpConnection(server) as conn:
        conn.send(GOOD)
        assert conn.response().status == 200


def test_many_connections_are_served_at_once(server: LocalServer, echo: Echo) -> None:
    with ExitStack() as stack:
        lines = [stack.enter_context(TcpConnection(server)) for _ in range(100)]
        for conn in lines:
            conn.send(GOOD[:-1])
        for conn in reversed(lines):
            conn.send(GOOD[-1:])
            assert conn.response().status == 200
    assert len(echo.requests) == 100


def status_of(conn: TcpConnection, data: bytes = GOOD) -> int:
    conn.send(data)
    return conn.response().status


def settle(server: Any, *, between: int = 0, within: int = 0) -> None:
    """Wait until this many connections wait between two requests, and within one.

    A response arrives shortly before its connection waits again.
    """
    deadline = monotonic() + PATIENCE
    while waiting_in(server) != {False: between, True: within}:
        assert monotonic() < deadline


def waiting_in(server: Any) -> dict[bool, int]:
    waits = [each.waiting for each, _ in list(server._listener._open.values())]
    known = [each.is_within_request for each in waits if each is not None]
    return {within: known.count(within) for within in (False, True)}


def test_a_new_connection_replaces_the_one_that_has_waited_longest(echo: Echo) -> None:
    with ExitStack() as stack:
        server = stack.enter_context(serve(echo, limits=Limits(connections=3)))
        one, two, three = (stack.enter_context(TcpConnection(server)) for _ in range(3))
        # They start to wait for the next request in this order.
        for conn in (three, one, two):
            assert status_of(conn) == 200
            settle(server, between=3)
        four = stack.enter_context(TcpConnection(server))
        assert status_of(four) == 200
        assert three.is_closed()
        settle(server, between=3)
        five = stack.enter_context(TcpConnection(server))
        assert status_of(five) == 200
        assert one.is_closed()
        for conn in (two, four, five):
            assert status_of(conn) == 200


def test_silent_connections_do_not_lock_others_out(echo: Echo) -> None:
    with ExitStack() as stack:
        server = stack.enter_context(serve(echo, limits=Limits(connections=5)))
        silent = [stack.enter_context(TcpConnection(server)) for _ in range(20)]
        with TcpConnection(server) as conn:
            assert status_of(conn) == 200
        assert all(each.is_closed() for each in silent[:15])
    assert len(echo.requests) == 1


def test_an_idle_connection_is_dropped_before_one_within_a_request(echo: Echo) -> None:
    with ExitStack() as stack:
        server = stack.enter_context(serve(echo, limits=Limits(connections=2)))
        slow, idle = (stack.enter_context(TcpConnection(server)) for _ in range(2))
        assert status_of(slow, GOOD + GOOD[:9]) == 200
        assert status_of(idle) == 200
        settle(server, between=1, within=1)
        with TcpConnection(server) as conn:
            assert status_of(conn) == 200
            assert idle.is_closed()
            assert status_of(slow, GOOD[9:]) == 200


def test_incomplete_requests_do_not_lock_others_out(echo: Echo) -> None:
    with ExitStack() as stack:
        server = stack.enter_context(serve(echo, limits=Limits(connections=2)))
        slow = [stack.enter_context(TcpConnection(server)) for _ in range(2)]
        for number, conn in enumerate(slow, 1):
            assert status_of(conn, GOOD + GOOD[:9]) == 200
            settle(server, between=2 - number, within=number)
        with TcpConnection(server) as conn:
            assert status_of(conn) == 200
        assert slow[0].is_closed()
    # The incomplete requests were not handled.
    assert len(echo.requests) == 3


def test_a_connection_that_handles_a_request_is_not_replaced(echo: Echo) -> None:
    go_on = threading.Event()

    class Slow(Echo):
        def handle(self, target: str, headers: Mapping[str, str], body: bytes) -> Response:
            self.reached.set()
            assert go_on.wait(PATIENCE)
            return super().handle(target, headers, body)

    slow = Slow()
    with serve(slow, limits=Limits(connections=1)) as server, TcpConnection(server) as conn:
        conn.send(GOOD)
        assert slow.reached.wait(PATIENCE)
        with TcpConnection(server) as late:
            assert late.is_closed()
        go_on.set()
        assert conn.response().status == 200


def test_a_connection_that_handles_a_request_cannot_be_dropped(echo: Echo) -> None:
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        client = stack.enter_context(socket.create_connection(listener.getsockname()))
        conn = stack.enter_context(listener.accept()[0])
        dropped: list[bool] = []

        class Impatient(Echo):
            def handle(self, target: str, headers: Mapping[str, str], body: bytes) -> Response:
                dropped.append(handling.drop())
                return super().handle(target, headers, body)

        handling = Connection(conn, ServerContext(Impatient(), frozenset(), Limits()))
        client.sendall(GOOD)
        client.shutdown(socket.SHUT_WR)
        handling.serve()
        assert dropped == [False]
        assert client.recv(65536).startswith(b"HTTP/1.1 200 ")


def test_a_request_on_a_dropped_connection_is_not_handled(
    echo: Echo,
) -> None:
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        client = stack.enter_context(socket.create_connection(listener.getsockname()))
        conn = stack.enter_context(listener.accept()[0])
        waiting = Connection(conn, ServerContext(echo, frozenset(), Limits()))
        client.sendall(GOOD)
        # It has arrived, but is not read yet.
        assert conn.recv(len(GOOD), socket.MSG_PEEK) == GOOD
        assert waiting.drop()
        with suppress(OSError):
            waiting.serve()
        assert echo.requests == []


@pytest.mark.parametrize(
    "headers",
    [
        [],
        ["Authorization: AWS4-HMAC-SHA256 Credential=nobody, Signature=0"],
        ["Authorization: Basic eA==", "X-Amz-Date: yesterday"],
        ["Content-Type: application/x-amz-json-1.1"],
        ["Content-Type: application/x-amz-json-1.0"],
        ["Content-Type: text/html; charset=utf-16"],
        ["X-Amz-Content-Sha256: 0", "X-Amz-Security-Token: expired"],
    ],
)
def test_signatures_and_the_content_type_are_not_checked(
    service: LocalService, headers: list[str]
) -> None:
    target = "X-Amz-Target: SSMContacts.ListContacts"
    with serve(service) as server, TcpConnection(server) as conn:
        conn.send(request(target, "Content-Length: 2", *headers))
        response = conn.response()
    assert (response.status, json.loads(response.body)) == (200, {"Contacts": []})


ALLOWED_ORIGINS = [
    "http://localhost",
    "http://LOCALHOST:3000",
    "https://localhost:8443",
    "http://127.0.0.1:5173",
    "http://127.0.0.2",
    "http://[::1]:3000",
    "http://box.test",
]
OTHER_ORIGINS = [
    "null",
    "",
    "https://evil.test",
    "https://localhost.evil.test",
    "https://evil.test:4583",
    "http://10.0.0.7",
    "http://[fe80::1]",
    "http://127.0.0.1.evil.test",
    "http://localhost@evil.test",
    "http://localhost/",
    "http://localhost, https://evil.test",
    "chrome-extension://localhost",
    "file://localhost",
    "localhost",
    "http://",
    "http://127.1",
    "http://[127.0.0.1]:x",
]


@pytest.mark.parametrize("origin", ALLOWED_ORIGINS)
def test_web_pages_of_this_machine_are_allowed(echo: Echo, origin: str) -> None:
    with serve(echo, allowed_hosts=["Box.test"]) as server, TcpConnection(server) as conn:
        assert status_of(conn, request(f"Origin: {origin}", "Content-Length: 2")) == 200


@pytest.mark.parametrize("origin", OTHER_ORIGINS)
def test_other_web_pages_are_rejected(server: LocalServer, echo: Echo, origin: str) -> None:
    # Browsers send such a request of any page without a preflight.
    headers = [f"Origin: {origin}", "Content-Type: text/plain", "Content-Length: 2"]
    response = exchange(server, request(*headers))
    assert (response.status, response.code) == (400, "AccessDeniedException")
    assert "evil" not in response.body.decode()
    assert not [header for header in response.headers if header.startswith("Access-Control")]
    assert echo.requests == []


def test_two_origins_are_rejected(server: LocalServer, echo: Echo) -> None:
    two = ["Origin: http://localhost", "Origin: http://localhost", "Content-Length: 2"]
    assert exchange(server, request(*two)).code == "AccessDeniedException"
    assert echo.requests == []


# Effects and errors of the handler


@pytest.mark.parametrize("error", [RequestLost(), ConnectionReset()])
def test_a_reset_resets_the_connection(server: LocalServer, echo: Echo, error: Exception) -> None:
    echo.error = error
    with TcpConnection(server) as conn:
        conn.send(GOOD)
        with pytest.raises(ConnectionResetError):
            conn.receive()


def test_boto3_reports_an_unreachable_service(
    http_client: SSMContactsClient, service: LocalService
) -> None:
    service.faults.add(unreachable())
    with pytest.raises(ConnectionClosedError):
        http_client.create_contact(**PERSON)
    assert http_client.list_contacts()["Contacts"] == []


@pytest.mark.parametrize("is_over_http", [True, False])
def test_an_unreachable_service_over_http_leaves_the_outcome_unknown(
    http_client: SSMContactsClient, service: LocalService, *, is_over_http: bool
) -> None:
    service.faults.add(unreachable())
    boto3_client = http_client if is_over_http else service.boto3_client()
    client = ContactsClient(boto3_client=boto3_client, retry=RetryPolicy.none())
    with pytest.raises(TransportError) as caught:
        client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
    # The connection was accepted, so a client cannot know whether the request arrived.
    assert caught.value.outcome_unknown is is_over_http
    assert http_client.list_contacts()["Contacts"] == []


def test_boto3_reports_a_lost_response_as_a_timeout(service: LocalService) -> None:
    service.faults.add(lost_response())
    with serve(service) as server:
        client = boto3_for(server, read_timeout=0.3)
        with pytest.raises(ReadTimeoutError):
            client.create_contact(**PERSON)
        assert [each["Alias"] for each in client.list_contacts()["Contacts"]] == ["akuam"]
        client.close()


def test_a_client_waits_for_a_lost_response_until_the_server_stops(echo: Echo) -> None:
    echo.error = ResponseLost()
    with serve(echo) as server, TcpConnection(server) as conn:
        conn.send(GOOD)
        assert echo.reached.wait(PATIENCE)
        start = monotonic()
        server.close()
        assert conn.is_closed()
        assert monotonic() - start < 1.0


def test_a_connection_with_a_lost_response_is_closed_in_the_end(echo: Echo) -> None:
    echo.error = ResponseLost()
    with (
        serve(echo, limits=Limits(lost_response_seconds=0.05)) as server,
        TcpConnection(server) as conn,
    ):
        conn.send(GOOD)
        assert conn.is_closed()


def test_a_delayed_response_arrives_late(server: LocalServer, echo: Echo) -> None:
    echo.delay = 0.15
    with TcpConnection(server) as conn:
        start = monotonic()
        conn.send(GOOD)
        assert conn.response().status == 200
        assert monotonic() - start >= 0.15


def test_a_delay_ends_when_the_server_stops(echo: Echo) -> None:
    echo.delay = 60.0
    with serve(echo) as server, TcpConnection(server) as conn:
        conn.send(GOOD)
        assert echo.reached.wait(PATIENCE)
        server.close()
        assert conn.is_closed()


def test_a_delay_ends_when_the_client_disconnects(server: LocalServer, echo: Echo) -> None:
    echo.delay = 3600.0
    with TcpConnection(server) as conn:
        conn.send(GOOD)
        assert echo.reached.wait(PATIENCE)
    (handling,) = (each for each in threading.enumerate() if each.ident in echo.threads)
    handling.join(PATIENCE)
    assert not handling.is_alive()


@pytest.mark.parametrize("sent", [GOOD, GOOD[:1], GOOD[:-1]], ids=["all", "first", "not last"])
def test_data_sent_during_a_delay_is_the_next_request(
    server: LocalServer, echo: Echo, sent: bytes
) -> None:
    # Long enough for several checks of whether the client is still connected.
    echo.delay = 0.3
    with TcpConnection(server) as conn:
        conn.send(GOOD)
        assert echo.reached.wait(PATIENCE)
        conn.send(sent)
        assert conn.response().body == b"{}"
        echo.delay = 0.0
        conn.send(GOOD[len(sent) :])
        assert conn.response().body == b"{}"
    assert [body for _, _, body in echo.requests] == [b"{}", b"{}"]


def test_pipelined_requests_survive_a_delay(server: LocalServer, echo: Echo) -> None:
    echo.delay = 0.05
    with TcpConnection(server) as conn:
        conn.send(GOOD * 3)
        assert [conn.response().status for _ in range(3)] == [200] * 3


def test_an_exception_of_the_handler_is_reported_without_private_values(
    server: LocalServer, echo: Echo
) -> None:
    echo.error = KeyError(PHONE)
    with TcpConnection(server) as conn:
        conn.send(GOOD)
        response = conn.response()
        assert (response.status, response.code) == (500, "InternalServerException")
        assert b"KeyError in test_local_http.py, line " in response.body
        assert PHONE.encode() not in response.body
        echo.error = None
        conn.send(GOOD)
        assert conn.response().status == 200


def test_a_raw_response_is_one_response(
    service: LocalService, http_client: SSMContactsClient
) -> None:
    service.faults.add(raw_response(502, b"<html>", "text/html\r\nX-A: 1\r\n\r\n\u5b57"))
    with pytest.raises(ClientError) as caught:
        http_client.list_contacts()
    response: dict[str, Any] = {**caught.value.response}
    seen = response["ResponseMetadata"]
    assert seen["HTTPStatusCode"] == 502
    assert "x-a" not in seen["HTTPHeaders"]
    # This status has no body, so the next response must not start with it.
    service.faults.add(raw_response(204, b"<html>", request_id=True))
    assert http_client.list_contacts()["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert http_client.list_contacts()["Contacts"] == []


# The server


def test_the_server_closes(echo: Echo) -> None:
    before = set(threading.enumerate())
    server = serve(echo)
    with TcpConnection(server) as idle, TcpConnection(server) as busy:
        idle.send(GOOD)
        assert idle.response().status == 200
        busy.send(GOOD[:9])
        server.close()
        server.close()
        assert idle.is_closed()
        assert busy.is_closed()
    assert set(threading.enumerate()) <= before
    with pytest.raises(ConnectionRefusedError):
        TcpConnection(server)
    # The port is free again at once.
    with serve(echo, port=server.port) as again:
        assert again.port == server.port


def test_a_response_in_progress_is_sent_when_the_server_stops(echo: Echo) -> None:
    go_on = threading.Event()

    class Slow(Echo):
        def handle(self, target: str, headers: Mapping[str, str], body: bytes) -> Response:
            self.reached.set()
            assert go_on.wait(PATIENCE)
            return super().handle(target, headers, body)

    slow = Slow()
    server = serve(slow)
    with TcpConnection(server) as conn:
        conn.send(GOOD)
        assert slow.reached.wait(PATIENCE)
        closing = threading.Thread(target=server.close)
        closing.start()
        go_on.set()
        assert conn.response().status == 200
        closing.join(PATIENCE)
        assert not closing.is_alive()


def test_a_closing_server_sends_responses_before_it_disconnects(
    monkeypatch: pytest.MonkeyPatch, echo: Echo
) -> None:
    shut = threading.Event()
    shutdown = socket.socket.shutdown

    class Slow(Echo):
        def handle(self, target: str, headers: Mapping[str, str], body: bytes) -> Response:
            self.reached.set()
            # Wait until the server has started to close this connection.
            assert shut.wait(PATIENCE)
            return super().handle(target, headers, body)

    def noted(conn: socket.socket, how: int) -> None:
        shutdown(conn, how)
        shut.set()

    slow = Slow()
    server = serve(slow)
    with TcpConnection(server) as conn:
        conn.send(GOOD)
        assert slow.reached.wait(PATIENCE)
        monkeypatch.setattr(socket.socket, "shutdown", noted)
        server.close()
        assert conn.response().status == 200
        assert conn.is_closed()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here")
def test_closing_the_server_in_a_fork_does_not_affect_the_parent(server: LocalServer) -> None:
    with TcpConnection(server) as conn:
        conn.send(GOOD)
        assert conn.response().status == 200
        reader, writer = socket.socketpair()
        with reader, writer, warnings.catch_warnings():
            # Python warns of forks with threads, which this test needs.
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
            if not child:
                server.close()
                server.close()
                writer.sendall(b"closed")
                os._exit(0)
            reader.settimeout(PATIENCE)
            try:
                assert reader.recv(6) == b"closed"
            finally:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
        for each in (conn, TcpConnection(server)):
            with each:
                each.send(GOOD)
                assert each.response().status == 200


def test_two_servers_cannot_use_one_port(server: LocalServer, echo: Echo) -> None:
    with pytest.raises(ConfigurationError, match=f"port {server.port}: ") as caught:
        serve(echo, port=server.port)
    assert isinstance(caught.value.__cause__, OSError)
    with pytest.raises(ConfigurationError):
        serve(echo, host="0.0.0.0", port=server.port, open_to_network=True)  # noqa: S104


@pytest.mark.parametrize("host", ["0.0.0.0", "", "::", "10.0.0.1", "example.test"])  # noqa: S104
def test_only_loopback_is_allowed_by_default(echo: Echo, host: str) -> None:
    with pytest.raises(ConfigurationError, match="open_to_network=True"):
        serve(echo, host=host)


def test_open_to_network_allows_other_addresses(echo: Echo) -> None:
    with serve(echo, host="0.0.0.0", open_to_network=True) as server:  # noqa: S104
        assert server.host == "0.0.0.0"  # noqa: S104
        assert server.url == f"http://127.0.0.1:{server.port}"
        response = exchange(server, request("Host: box.test", "Content-Length: 2"))
        assert response.code == "AccessDeniedException"


def test_localhost_is_127_0_0_1(echo: Echo) -> None:
    with serve(echo, host="localhost") as server:
        assert server.url == f"http://127.0.0.1:{server.port}"


def test_ipv6_loopback_is_allowed(echo: Echo) -> None:
    try:
        server = serve(echo, host="::1")
    except ConfigurationError:
        pytest.skip("no IPv6 here")
    with server, TcpConnection(server) as conn:
        assert server.url == f"http://[::1]:{server.port}"
        conn.send(GOOD)
        assert conn.response().status == 200


WRONG: list[Callable[[Echo], LocalServer]] = [
    lambda core: serve(core, port=-1),
    lambda core: serve(core, port=65536),
    lambda core: serve(core, port=cast("int", "80")),
    lambda core: serve(core, host=cast("str", 5)),
    lambda core: serve(core, allowed_hosts=cast("list[str]", [5])),
    lambda core: serve(core, allowed_hosts=cast("list[str]", 5)),
    lambda core: serve(core, allowed_hosts="box.test"),
    lambda _: LocalService().serve(allowed_hosts="box"),
    lambda _: LocalService().serve(allowed_hosts=cast("list[str]", None)),
    lambda core: serve(core, allowed_hosts=["*"]),
    lambda core: serve(core, allowed_hosts=["http://box"]),
    lambda core: serve(core, allowed_hosts=["box:80"]),
    lambda core: serve(core, host="no such host", open_to_network=True),
    lambda core: serve(core, host="a..b", open_to_network=True),
    # Reserved for documentation.
    lambda core: serve(core, host="192.0.2.1", open_to_network=True),
]


@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_arguments_of_serve_are_configuration_errors(
    echo: Echo, wrong: Callable[[Echo], LocalServer]
) -> None:
    with pytest.raises(ConfigurationError):
        wrong(echo)
