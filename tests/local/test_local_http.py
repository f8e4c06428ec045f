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
    """A core that answers with what it was asked, and notes it."""

    asked: list[tuple[str, Mapping[str, str], bytes]] = field(
        factory=list[tuple[str, Mapping[str, str], bytes]]
    )
    threads: set[int] = field(factory=set[int])
    delay: float = 0.0
    fails: Exception | None = None
    reached: threading.Event = field(factory=threading.Event)

    def handle(self, target: str, headers: Mapping[str, str], body: bytes) -> Response:
        self.asked.append((target, headers, body))
        self.threads.add(threading.get_ident())
        self.reached.set()
        if self.fails:
            raise self.fails
        return Response(200, {"x-amzn-RequestId": "r", "X-Echo": target}, body, delay=self.delay)

    def wait(self, seconds: float) -> None:
        raise AssertionError


@frozen
class Said:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def code(self) -> str:
        return str(json.loads(self.body)["__type"])


@final
class Line:
    """A TCP connection, and answers read from it."""

    def __init__(self, server: LocalServer) -> None:
        self.socket = socket.create_connection((server.host, server.port), timeout=PATIENCE)
        self.read = b""

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, said: bytes, *, end: bool = False) -> None:
        self.socket.sendall(said)
        if end:
            self.socket.shutdown(socket.SHUT_WR)

    def more(self) -> bool:
        came = self.socket.recv(65536)
        self.read += came
        return bool(came)

    def answer(self, *, bare: bool = False) -> Said:
        while b"\r\n\r\n" not in self.read:
            assert self.more(), "the server hung up"
        head, _, self.read = self.read.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines)
        length = 0 if bare else int(headers.get("Content-Length", 0))
        while len(self.read) < length:
            assert self.more(), "the server hung up"
        body, self.read = self.read[:length], self.read[length:]
        return Said(int(first.split(" ")[1]), headers, body)

    def is_over(self) -> bool:
        """Whether nothing more comes, and the server hangs up."""
        try:
            return not self.read and not self.more()
        except ConnectionResetError:
            return not self.read


def once(server: LocalServer, said: bytes, *, end: bool = False) -> Said:
    """The one answer to what is sent, after which the server hangs up."""
    with Line(server) as line:
        line.send(said, end=end)
        answer = line.answer()
        assert line.is_over()
        return answer


def send_for_ever(line: Line) -> None:
    while True:
        line.send(b"x" * 65536)


def request(*headers: str, first: str = "POST / HTTP/1.1", body: str = "{}") -> bytes:
    """A request whose headers are all given, apart from a Host that is right."""
    lines = [first, *headers]
    if not any(header.lower().startswith("host") for header in headers):
        lines.insert(1, "Host: localhost")
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def boto3_for(server: LocalServer, **settings: Any) -> SSMContactsClient:
    config = Config(retries={"mode": "standard", "total_max_attempts": 1}, proxies={}, **settings)
    # Its type is the sum of all services' clients.
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
def silence(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Whatever is sent, nothing is printed."""
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
def far(service: LocalService) -> Iterator[SSMContactsClient]:
    """A client that reaches the service over HTTP."""
    with serve(service) as server:
        client = boto3_for(server)
        yield client
        client.close()


# Clients


def test_boto3_speaks_to_the_service(far: SSMContactsClient, service: LocalService) -> None:
    akua = far.create_contact(**PERSON)["ContactArn"]
    assert far.get_contact(ContactId=akua)["Alias"] == "akuam"
    with pytest.raises(ClientError) as caught:
        far.get_contact(ContactId=akua + "x")
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


def test_boto3_keeps_its_connection(server: LocalServer, echo: Echo) -> None:
    client = boto3_for(server)
    for _ in range(3):
        client.list_contacts()
    assert len(echo.asked) == 3
    assert len(echo.threads) == 1
    client.close()


def test_what_is_asked_comes_through_as_it_was_sent(server: LocalServer, echo: Echo) -> None:
    body = '{"Ä": "字"}'.encode()
    length = f"content-LENGTH:{len(body)}"
    with Line(server) as line:
        head = request("host: LOCALHOST:1", length, "x-amz-target: \tA.B ", "X-E: é", body="")
        line.send(head + body)
        said = line.answer()
    assert (said.status, said.body, said.headers["X-Echo"]) == (200, body, "A.B")
    ((target, headers, sent),) = echo.asked
    assert (target, sent) == ("A.B", body)
    assert headers["x-e"].encode("latin-1").decode() == "é"
    assert {"host", "content-length"} < set(headers)


def test_a_header_that_comes_twice_is_joined(server: LocalServer, echo: Echo) -> None:
    with Line(server) as line:
        line.send(request("X-A: 1", "x-a: 2", "X-Empty:", "Content-Length: 2"))
        line.answer()
    assert echo.asked[0][1]["x-a"] == "1, 2"
    assert not echo.asked[0][1]["x-empty"]


def test_an_answer_is_one_piece(server: LocalServer) -> None:
    with Line(server) as line:
        line.send(GOOD)
        assert line.more()
        assert line.answer().body == b"{}"


def test_one_connection_serves_many_requests(server: LocalServer, echo: Echo) -> None:
    with Line(server) as line:
        for _ in range(3):
            line.send(GOOD)
            answer = line.answer()
            assert "Connection" not in answer.headers
            assert "Server" not in answer.headers
    assert len(echo.threads) == 1


def test_requests_that_are_sent_together_are_answered_in_turn(
    server: LocalServer, echo: Echo
) -> None:
    two = [request("Content-Length: 5", body=f'"{n:03}"') for n in range(2)]
    with Line(server) as line:
        # Old clients end a body with an empty line more.
        line.send(b"\r\n".join(two))
        assert [line.answer().body for _ in two] == [b'"000"', b'"001"']
    assert len(echo.asked) == 2


def test_a_request_that_comes_in_pieces_is_one(server: LocalServer) -> None:
    with Line(server) as line:
        line.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for at in range(len(GOOD)):
            line.send(GOOD[at : at + 1])
        assert line.answer().body == b"{}"


def test_a_request_may_be_read_in_two_pieces_wherever_they_are_parted(
    monkeypatch: pytest.MonkeyPatch, echo: Echo
) -> None:
    with serve(echo, limits=Limits(request_seconds=1.0)) as server:
        for at in range(1, len(GOOD)):
            # It is there as a whole: how much is read at once decides where it is parted.
            monkeypatch.setattr(connection, "_CHUNK_BYTES", at)
            with Line(server) as line:
                line.send(GOOD)
                assert line.answer().body == b"{}"


@pytest.mark.parametrize(
    ("first", "headers"),
    [
        ("POST / HTTP/1.1", ["Connection: Close"]),
        ("POST / HTTP/1.1", ["Connection: x, close"]),
        ("POST / HTTP/1.0", []),
        ("POST / HTTP/1.0", ["Connection: keep-alive"]),
    ],
)
def test_the_server_hangs_up_when_the_client_wants_it(
    server: LocalServer, first: str, headers: list[str]
) -> None:
    answer = once(server, request("Content-Length: 2", *headers, first=first))
    assert answer.status == 200
    assert answer.headers["Connection"] == "close"


def test_the_body_is_waited_for_when_it_is_announced(server: LocalServer) -> None:
    head = request("Content-Length: 2", "Expect: 100-Continue", body="")
    with Line(server) as line:
        line.send(head)
        assert line.answer().status == 100
        line.send(b"{}")
        assert line.answer().body == b"{}"
        # Who sends the body at once does not wait to be asked for it.
        line.send(head + b"{}")
        assert line.answer().status == 200
    assert once(server, request("Content-Length: 2", "Expect: more")).status == 400
    assert once(server, request("Content-Length: 9999999", "Expect: 100-continue")).status == 400


# What is refused

HTTP, LENGTH, BIG, HOST = (
    "UnknownOperationException",
    "SerializationException",
    "ValidationException",
    "AccessDeniedException",
)
LONG = "x" * 40_000
REFUSED: dict[str, tuple[str, bytes]] = {
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
    "no request line": (HTTP, b"Host: localhost\r\nContent-Length: 2\r\n\r\n{}"),
    "bare line feeds": (HTTP, GOOD.replace(b"\r\n", b"\n")),
    "one bare line feed": (HTTP, GOOD.replace(b"\r\nContent", b"\nContent")),
    "bare carriage return": (HTTP, request("X-A: 1\rX-B: 2", "Content-Length: 2")),
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
    "endless request line": (LENGTH, LONG.encode()),
    "many headers": (LENGTH, request(*(f"X-{n}: 1" for n in range(101)))),
    "large body": (BIG, request("Content-Length: 1048577", body="x" * 1048577)),
    "announced large body": (BIG, request("Content-Length: 999999999999")),
    "no host": (HOST, GOOD.replace(b"Host: 127.0.0.1\r\n", b"")),
    "empty host": (HOST, request("Host:", "Content-Length: 2")),
    "two hosts": (HOST, request("Host: localhost", "Host: evil", "Content-Length: 2")),
    "the same host twice": (HOST, request("Host: ::1", "Host: ::1", "Content-Length: 2")),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_malformed_is_refused(server: LocalServer, echo: Echo, name: str) -> None:
    code, said = REFUSED[name]
    # Even with more behind it, which must not be taken for the next request.
    answer = once(server, said + GOOD)
    assert (answer.status, answer.code) == (400, code)
    assert json.loads(answer.body)["Message"]
    assert answer.headers["Content-Type"] == "application/x-amz-json-1.1"
    assert answer.headers["x-amzn-RequestId"]
    assert answer.headers["Connection"] == "close"
    assert not [header for header in answer.headers if header.startswith("Access-Control")]
    assert echo.asked == []
    with Line(server) as line:
        line.send(GOOD)
        assert line.answer().status == 200


def test_head_is_refused_without_a_body(server: LocalServer) -> None:
    with Line(server) as line:
        line.send(request(first="HEAD / HTTP/1.1", body=""))
        answer = line.answer(bare=True)
        assert answer.status == 400
        assert int(answer.headers["Content-Length"]) > 0
        assert line.is_over()


def test_there_may_be_as_many_headers_as_the_limit_says_and_not_one_more(echo: Echo) -> None:
    more = [f"X-{number}: 1" for number in range(8)]
    with serve(echo, limits=Limits(headers=10)) as server:
        with Line(server) as line:
            line.send(request("Content-Length: 2", *more))
            assert line.answer().status == 200
        refused = once(server, request("Content-Length: 2", *more, "X-A: 1"))
        assert (refused.status, refused.code) == (400, LENGTH)
        assert b"more than 10 headers" in refused.body


def test_the_largest_policy_fits(server: LocalServer) -> None:
    with Line(server) as line:
        line.send(request("Content-Length: 1048576", body="x" * 1048576))
        assert len(line.answer().body) == 1048576


def test_garbage_is_answered_or_not_but_the_server_goes_on(server: LocalServer, echo: Echo) -> None:
    drawn = random.Random(0)  # noqa: S311
    for _ in range(60):
        garbage = bytes(drawn.choices(drawn.randbytes(8) + b"\r\n: ", k=drawn.randrange(200)))
        with Line(server) as line:
            line.send(garbage, end=True)
            if garbage.strip(b"\r\n"):
                assert line.answer().status == 400
            assert line.is_over()
    mangled = [
        GOOD[:at] + bytes([drawn.randrange(256)]) + GOOD[at + 1 :] for at in range(len(GOOD))
    ]
    for each in mangled:
        with Line(server) as line:
            line.send(each, end=True)
            assert line.answer().status in {200, 400}
    echo.asked.clear()
    with Line(server) as line:
        line.send(GOOD)
        assert line.answer().status == 200


@pytest.mark.parametrize(
    "host",
    ["localhost", "LocalHost:80", "127.0.0.1:9", "10.0.0.7", "[::1]", "[::1]:4583", "box.test:1"],
)
def test_the_server_may_be_called_by_address_and_by_names_it_knows(echo: Echo, host: str) -> None:
    with serve(echo, allowed_hosts=["Box.test"]) as server, Line(server) as line:
        line.send(request(f"Host: {host}", "Content-Length: 2"))
        assert line.answer().status == 200


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
def test_the_server_may_not_be_called_by_any_other_name(
    server: LocalServer, echo: Echo, host: str
) -> None:
    answer = once(server, request(f"Host: {host}", "Content-Length: 2"))
    assert (answer.status, answer.code) == (400, "AccessDeniedException")
    assert host not in answer.body.decode()
    assert echo.asked == []


# Clients that are slow, or gone


@pytest.mark.parametrize("sent", [5, len(GOOD) - 1])
def test_who_sends_slowly_cannot_hold_on(echo: Echo, sent: int) -> None:
    with serve(echo, limits=Limits(request_seconds=0.2)) as server, Line(server) as line:
        line.socket.settimeout(0.02)
        begun = monotonic()
        line.send(GOOD[:sent])
        while not line.read:
            # Something comes all the time, though never the end.
            assert monotonic() - begun < PATIENCE
            try:
                assert line.more()
            except TimeoutError:
                line.send(b"" if sent > 5 else b"x")
        line.socket.settimeout(PATIENCE)
        assert line.answer().code == "SerializationException"
        assert line.is_over()
    assert echo.asked == []


def test_who_says_nothing_is_left_without_an_answer(echo: Echo) -> None:
    with serve(echo, limits=Limits(idle_seconds=0.1)) as server:
        with Line(server) as line:
            assert line.is_over()
        with Line(server) as line:
            line.send(GOOD)
            assert line.answer().status == 200
            line.send(b"\r\n")
            assert line.is_over()


def test_who_goes_on_sending_after_a_refusal_is_left(echo: Echo) -> None:
    with serve(echo, limits=Limits(drain_seconds=0.1)) as server, Line(server) as line:
        line.send(request(first="GET / HTTP/1.1"))
        assert line.answer().status == 400
        # The server has stopped to send, and stops to listen.
        assert line.is_over()
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            send_for_ever(line)


def test_a_client_that_ends_its_half_still_gets_its_answer(server: LocalServer) -> None:
    with Line(server) as line:
        line.send(GOOD, end=True)
        assert line.answer().status == 200
        assert line.is_over()
    for sent in (1, 20, len(GOOD) - 1):
        assert once(server, GOOD[:sent], end=True).code in {HTTP, LENGTH}
    with Line(server) as line:
        line.send(b"", end=True)
        assert line.is_over()


def test_a_client_that_hangs_up_harms_nobody(server: LocalServer, echo: Echo) -> None:
    for sent in (GOOD, GOOD[:20], b""):
        with Line(server) as line:
            line.send(sent)
    with Line(server) as line:
        line.send(GOOD)
        assert line.answer().status == 200


def test_many_connections_are_served_at_once(server: LocalServer, echo: Echo) -> None:
    with ExitStack() as stack:
        lines = [stack.enter_context(Line(server)) for _ in range(100)]
        for line in lines:
            line.send(GOOD[:-1])
        for line in reversed(lines):
            line.send(GOOD[-1:])
            assert line.answer().status == 200
    assert len(echo.asked) == 100


def asked(line: Line, said: bytes = GOOD) -> int:
    line.send(said)
    return line.answer().status


def settle(server: Any, *, between: int = 0, within: int = 0) -> None:
    """Wait until so many connections wait for their clients: an answer arrives a bit before.

    Some wait between two requests, and some within one.
    """
    deadline = monotonic() + PATIENCE
    while waiting_in(server) != {False: between, True: within}:
        assert monotonic() < deadline


def waiting_in(server: Any) -> dict[bool, int]:
    waits = [each.waiting for each, _ in list(server._listener._open.values())]
    known = [each.is_within_request for each in waits if each is not None]
    return {within: known.count(within) for within in (False, True)}


def test_a_new_connection_takes_the_place_of_the_one_that_has_waited_longest(echo: Echo) -> None:
    with ExitStack() as stack:
        server = stack.enter_context(serve(echo, limits=Limits(connections=3)))
        one, two, three = (stack.enter_context(Line(server)) for _ in range(3))
        # In this order they begin to wait for the next request.
        for line in (three, one, two):
            assert asked(line) == 200
            settle(server, between=3)
        four = stack.enter_context(Line(server))
        assert asked(four) == 200
        assert three.is_over()
        settle(server, between=3)
        five = stack.enter_context(Line(server))
        assert asked(five) == 200
        assert one.is_over()
        for line in (two, four, five):
            assert asked(line) == 200


def test_who_says_nothing_does_not_shut_others_out(echo: Echo) -> None:
    with ExitStack() as stack:
        server = stack.enter_context(serve(echo, limits=Limits(connections=5)))
        silent = [stack.enter_context(Line(server)) for _ in range(20)]
        with Line(server) as line:
            assert asked(line) == 200
        assert all(each.is_over() for each in silent[:15])
    assert len(echo.asked) == 1


def test_who_waits_between_requests_goes_before_who_is_in_the_middle_of_one(echo: Echo) -> None:
    with ExitStack() as stack:
        server = stack.enter_context(serve(echo, limits=Limits(connections=2)))
        slow, idle = (stack.enter_context(Line(server)) for _ in range(2))
        assert asked(slow, GOOD + GOOD[:9]) == 200
        assert asked(idle) == 200
        settle(server, between=1, within=1)
        with Line(server) as line:
            assert asked(line) == 200
            assert idle.is_over()
            assert asked(slow, GOOD[9:]) == 200


def test_who_sends_half_a_request_does_not_shut_others_out_either(echo: Echo) -> None:
    with ExitStack() as stack:
        server = stack.enter_context(serve(echo, limits=Limits(connections=2)))
        slow = [stack.enter_context(Line(server)) for _ in range(2)]
        for number, line in enumerate(slow, 1):
            assert asked(line, GOOD + GOOD[:9]) == 200
            settle(server, between=2 - number, within=number)
        with Line(server) as line:
            assert asked(line) == 200
        assert slow[0].is_over()
    # What came in half was not carried out.
    assert len(echo.asked) == 3


def test_who_is_answered_is_never_given_up(echo: Echo) -> None:
    go_on = threading.Event()

    class Slow(Echo):
        def handle(self, target: str, headers: Mapping[str, str], body: bytes) -> Response:
            self.reached.set()
            assert go_on.wait(PATIENCE)
            return super().handle(target, headers, body)

    slow = Slow()
    with serve(slow, limits=Limits(connections=1)) as server, Line(server) as line:
        line.send(GOOD)
        assert slow.reached.wait(PATIENCE)
        with Line(server) as late:
            assert late.is_over()
        go_on.set()
        assert line.answer().status == 200


def test_a_connection_in_the_middle_of_an_answer_cannot_be_given_up(echo: Echo) -> None:
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        client = stack.enter_context(socket.create_connection(listener.getsockname()))
        line = stack.enter_context(listener.accept()[0])
        given_up: list[bool] = []

        class Impatient(Echo):
            def handle(self, target: str, headers: Mapping[str, str], body: bytes) -> Response:
                given_up.append(answering.drop())
                return super().handle(target, headers, body)

        answering = Connection(line, ServerContext(Impatient(), frozenset(), Limits()))
        client.sendall(GOOD)
        client.shutdown(socket.SHUT_WR)
        answering.serve()
        assert given_up == [False]
        assert client.recv(65536).startswith(b"HTTP/1.1 200 ")


def test_a_request_that_arrives_as_its_connection_is_given_up_is_not_carried_out(
    echo: Echo,
) -> None:
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        client = stack.enter_context(socket.create_connection(listener.getsockname()))
        line = stack.enter_context(listener.accept()[0])
        waiting = Connection(line, ServerContext(echo, frozenset(), Limits()))
        client.sendall(GOOD)
        # It is there, and not yet read.
        assert line.recv(len(GOOD), socket.MSG_PEEK) == GOOD
        assert waiting.drop()
        with suppress(OSError):
            waiting.serve()
        assert echo.asked == []


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
def test_signatures_and_the_content_type_are_not_looked_at(
    service: LocalService, headers: list[str]
) -> None:
    target = "X-Amz-Target: SSMContacts.ListContacts"
    with serve(service) as server, Line(server) as line:
        line.send(request(target, "Content-Length: 2", *headers))
        answer = line.answer()
    assert (answer.status, json.loads(answer.body)) == (200, {"Contacts": []})


OWN_PAGES = [
    "http://localhost",
    "http://LOCALHOST:3000",
    "https://localhost:8443",
    "http://127.0.0.1:5173",
    "http://127.0.0.2",
    "http://[::1]:3000",
    "http://box.test",
]
FOREIGN_PAGES = [
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


@pytest.mark.parametrize("origin", OWN_PAGES)
def test_a_page_of_this_machine_may_call(echo: Echo, origin: str) -> None:
    with serve(echo, allowed_hosts=["Box.test"]) as server, Line(server) as line:
        assert asked(line, request(f"Origin: {origin}", "Content-Length: 2")) == 200


@pytest.mark.parametrize("origin", FOREIGN_PAGES)
def test_another_web_page_may_not_call(server: LocalServer, echo: Echo, origin: str) -> None:
    # As a browser sends it of any page, without asking the server first.
    headers = [f"Origin: {origin}", "Content-Type: text/plain", "Content-Length: 2"]
    answer = once(server, request(*headers))
    assert (answer.status, answer.code) == (400, "AccessDeniedException")
    assert "evil" not in answer.body.decode()
    assert not [header for header in answer.headers if header.startswith("Access-Control")]
    assert echo.asked == []


def test_a_page_that_names_two_origins_may_not_call(server: LocalServer, echo: Echo) -> None:
    two = ["Origin: http://localhost", "Origin: http://localhost", "Content-Length: 2"]
    assert once(server, request(*two)).code == "AccessDeniedException"
    assert echo.asked == []


# What the core does


@pytest.mark.parametrize("error", [RequestLost(), ConnectionReset()])
def test_a_broken_connection_is_one(server: LocalServer, echo: Echo, error: Exception) -> None:
    echo.fails = error
    with Line(server) as line:
        line.send(GOOD)
        with pytest.raises(ConnectionResetError):
            line.more()


def test_boto3_sees_a_service_that_cannot_be_reached(
    far: SSMContactsClient, service: LocalService
) -> None:
    service.faults.add(unreachable())
    with pytest.raises(ConnectionClosedError):
        far.create_contact(**PERSON)
    assert far.list_contacts()["Contacts"] == []


@pytest.mark.parametrize("is_over_http", [True, False])
def test_a_service_that_cannot_be_reached_over_http_is_a_connection_that_breaks_off(
    far: SSMContactsClient, service: LocalService, *, is_over_http: bool
) -> None:
    service.faults.add(unreachable())
    boto3_client = far if is_over_http else service.boto3_client()
    client = ContactsClient(boto3_client=boto3_client, retry=RetryPolicy.none())
    with pytest.raises(TransportError) as caught:
        client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
    # The connection was accepted, so a client cannot know whether the request arrived.
    assert caught.value.outcome_unknown is is_over_http
    assert far.list_contacts()["Contacts"] == []


def test_boto3_sees_a_lost_answer_as_a_timeout(service: LocalService) -> None:
    service.faults.add(lost_response())
    with serve(service) as server:
        client = boto3_for(server, read_timeout=0.3)
        with pytest.raises(ReadTimeoutError):
            client.create_contact(**PERSON)
        assert [each["Alias"] for each in client.list_contacts()["Contacts"]] == ["akuam"]
        client.close()


def test_a_lost_answer_is_waited_for_until_the_server_stops(echo: Echo) -> None:
    echo.fails = ResponseLost()
    with serve(echo) as server, Line(server) as line:
        line.send(GOOD)
        assert echo.reached.wait(PATIENCE)
        begun = monotonic()
        server.close()
        assert line.is_over()
        assert monotonic() - begun < 1.0


def test_a_lost_answer_is_not_waited_for_for_ever(echo: Echo) -> None:
    echo.fails = ResponseLost()
    with serve(echo, limits=Limits(hold_seconds=0.05)) as server, Line(server) as line:
        line.send(GOOD)
        assert line.is_over()


def test_a_delay_goes_by(server: LocalServer, echo: Echo) -> None:
    echo.delay = 0.15
    with Line(server) as line:
        begun = monotonic()
        line.send(GOOD)
        assert line.answer().status == 200
        assert monotonic() - begun >= 0.15


def test_a_delay_ends_with_the_server(echo: Echo) -> None:
    echo.delay = 60.0
    with serve(echo) as server, Line(server) as line:
        line.send(GOOD)
        assert echo.reached.wait(PATIENCE)
        server.close()
        assert line.is_over()


def test_a_client_that_hangs_up_in_a_delay_is_not_waited_for(
    server: LocalServer, echo: Echo
) -> None:
    echo.delay = 3600.0
    with Line(server) as line:
        line.send(GOOD)
        assert echo.reached.wait(PATIENCE)
    (answering,) = (each for each in threading.enumerate() if each.ident in echo.threads)
    answering.join(PATIENCE)
    assert not answering.is_alive()


@pytest.mark.parametrize("sent", [GOOD, GOOD[:1], GOOD[:-1]], ids=["all", "first", "not last"])
def test_what_is_sent_in_a_delay_is_the_next_request(
    server: LocalServer, echo: Echo, sent: bytes
) -> None:
    # Long enough for more than one look at whether the client is still there.
    echo.delay = 0.3
    with Line(server) as line:
        line.send(GOOD)
        assert echo.reached.wait(PATIENCE)
        line.send(sent)
        assert line.answer().body == b"{}"
        echo.delay = 0.0
        line.send(GOOD[len(sent) :])
        assert line.answer().body == b"{}"
    assert [body for _, _, body in echo.asked] == [b"{}", b"{}"]


def test_requests_that_are_sent_together_survive_a_delay(server: LocalServer, echo: Echo) -> None:
    echo.delay = 0.05
    with Line(server) as line:
        line.send(GOOD * 3)
        assert [line.answer().status for _ in range(3)] == [200] * 3


def test_a_mistake_of_the_core_is_told_without_what_is_private(
    server: LocalServer, echo: Echo
) -> None:
    echo.fails = KeyError(PHONE)
    with Line(server) as line:
        line.send(GOOD)
        answer = line.answer()
        assert (answer.status, answer.code) == (500, "InternalServerException")
        assert b"KeyError in test_local_http.py, line " in answer.body
        assert PHONE.encode() not in answer.body
        echo.fails = None
        line.send(GOOD)
        assert line.answer().status == 200


def test_what_stands_in_the_place_of_an_answer_stays_one_answer(
    service: LocalService, far: SSMContactsClient
) -> None:
    service.faults.add(raw_response(502, b"<html>", "text/html\r\nX-A: 1\r\n\r\n\u5b57"))
    with pytest.raises(ClientError) as caught:
        far.list_contacts()
    response: dict[str, Any] = {**caught.value.response}
    seen = response["ResponseMetadata"]
    assert seen["HTTPStatusCode"] == 502
    assert "x-a" not in seen["HTTPHeaders"]
    # No body goes with this status, and the next answer begins where it should.
    service.faults.add(raw_response(204, b"<html>", request_id=True))
    assert far.list_contacts()["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert far.list_contacts()["Contacts"] == []


# The server itself


def test_the_server_ends(echo: Echo) -> None:
    before = set(threading.enumerate())
    server = serve(echo)
    with Line(server) as idle, Line(server) as busy:
        idle.send(GOOD)
        assert idle.answer().status == 200
        busy.send(GOOD[:9])
        server.close()
        server.close()
        assert idle.is_over()
        assert busy.is_over()
    assert set(threading.enumerate()) <= before
    with pytest.raises(ConnectionRefusedError):
        Line(server)
    # The port is free again at once.
    with serve(echo, port=server.port) as again:
        assert again.port == server.port


def test_an_answer_on_its_way_still_leaves_when_the_server_stops(echo: Echo) -> None:
    go_on = threading.Event()

    class Slow(Echo):
        def handle(self, target: str, headers: Mapping[str, str], body: bytes) -> Response:
            self.reached.set()
            assert go_on.wait(PATIENCE)
            return super().handle(target, headers, body)

    slow = Slow()
    server = serve(slow)
    with Line(server) as line:
        line.send(GOOD)
        assert slow.reached.wait(PATIENCE)
        closing = threading.Thread(target=server.close)
        closing.start()
        go_on.set()
        assert line.answer().status == 200
        closing.join(PATIENCE)
        assert not closing.is_alive()


def test_a_server_that_stops_first_lets_its_answers_leave(
    monkeypatch: pytest.MonkeyPatch, echo: Echo
) -> None:
    shut = threading.Event()
    shutdown = socket.socket.shutdown

    class Slow(Echo):
        def handle(self, target: str, headers: Mapping[str, str], body: bytes) -> Response:
            self.reached.set()
            # Until the server has begun to end this very connection.
            assert shut.wait(PATIENCE)
            return super().handle(target, headers, body)

    def noted(line: socket.socket, how: int) -> None:
        shutdown(line, how)
        shut.set()

    slow = Slow()
    server = serve(slow)
    with Line(server) as line:
        line.send(GOOD)
        assert slow.reached.wait(PATIENCE)
        monkeypatch.setattr(socket.socket, "shutdown", noted)
        server.close()
        assert line.answer().status == 200
        assert line.is_over()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks here")
def test_a_fork_that_closes_the_server_leaves_it_to_its_parent(server: LocalServer) -> None:
    with Line(server) as line:
        line.send(GOOD)
        assert line.answer().status == 200
        heard, told = socket.socketpair()
        with heard, told, warnings.catch_warnings():
            # Of a fork with threads, which is what this is about.
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
            if not child:
                server.close()
                server.close()
                told.sendall(b"closed")
                os._exit(0)
            heard.settimeout(PATIENCE)
            try:
                assert heard.recv(6) == b"closed"
            finally:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
        for each in (line, Line(server)):
            with each:
                each.send(GOOD)
                assert each.answer().status == 200


def test_two_servers_do_not_share_a_port(server: LocalServer, echo: Echo) -> None:
    with pytest.raises(ConfigurationError, match=f"port {server.port}: ") as caught:
        serve(echo, port=server.port)
    assert isinstance(caught.value.__cause__, OSError)
    with pytest.raises(ConfigurationError):
        serve(echo, host="0.0.0.0", port=server.port, open_to_network=True)  # noqa: S104


@pytest.mark.parametrize("host", ["0.0.0.0", "", "::", "10.0.0.1", "example.test"])  # noqa: S104
def test_only_loopback_is_listened_on_unless_it_is_said(echo: Echo, host: str) -> None:
    with pytest.raises(ConfigurationError, match="open_to_network=True"):
        serve(echo, host=host)


def test_the_network_can_be_let_in(echo: Echo) -> None:
    with serve(echo, host="0.0.0.0", open_to_network=True) as server:  # noqa: S104
        assert server.host == "0.0.0.0"  # noqa: S104
        assert server.url == f"http://127.0.0.1:{server.port}"
        answer = once(server, request("Host: box.test", "Content-Length: 2"))
        assert answer.code == "AccessDeniedException"


def test_localhost_is_the_address_that_clients_look_for(echo: Echo) -> None:
    with serve(echo, host="localhost") as server:
        assert server.url == f"http://127.0.0.1:{server.port}"


def test_the_other_loopback_will_do(echo: Echo) -> None:
    try:
        server = serve(echo, host="::1")
    except ConfigurationError:
        pytest.skip("no IPv6 here")
    with server, Line(server) as line:
        assert server.url == f"http://[::1]:{server.port}"
        line.send(GOOD)
        assert line.answer().status == 200


WRONG: list[Callable[[Echo], LocalServer]] = [
    lambda core: serve(core, port=-1),
    lambda core: serve(core, port=65536),
    lambda core: serve(core, allowed_hosts="box.test"),
    lambda core: serve(core, allowed_hosts=["*"]),
    lambda core: serve(core, allowed_hosts=["http://box"]),
    lambda core: serve(core, allowed_hosts=["box:80"]),
    lambda core: serve(core, host="no such host", open_to_network=True),
    lambda core: serve(core, host="a..b", open_to_network=True),
    # Kept for documentation: it is nobody's.
    lambda core: serve(core, host="192.0.2.1", open_to_network=True),
]


@pytest.mark.parametrize("wrong", WRONG)
def test_what_cannot_be_served_is_said(echo: Echo, wrong: Callable[[Echo], LocalServer]) -> None:
    with pytest.raises(ConfigurationError):
        wrong(echo)
