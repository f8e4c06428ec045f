"""One HTTP connection: what comes in is read strictly, and answered in turn.

Python's own server reads headers as if they were e-mail: that is slow, and forgives what two
readers may take for two things. Here a request is either plain, or refused.
"""

from __future__ import annotations

import re
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from email.utils import formatdate
from http.client import responses
from ipaddress import ip_address
from struct import pack
from threading import Event, Lock
from time import monotonic
from typing import NamedTuple

from attrs import field, frozen

from ssm_contacts_sdk.local._effects import ConnectionReset, RequestLost, ResponseLost
from ssm_contacts_sdk.local._ids import Ids
from ssm_contacts_sdk.local._responses import (
    RequestHandler,
    Response,
    ServiceErrorResponse,
    internal_server_error,
    serialization_error,
    unknown_operation,
    validation_error,
)

_HEAD_END = re.compile(rb"\n\r?\n")
# What no head holds. A TLS handshake is told from HTTP by it at once.
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_LENGTH = re.compile(r"[0-9]{1,18}")
_HOST = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([0-9A-Za-z._-]+))(?::[0-9]{0,5})?")
_ORIGIN = re.compile(r"https?://(?:\[([0-9A-Fa-f:.]+)\]|([0-9A-Za-z._-]+))(?::[0-9]{1,5})?")
_VERSIONS = ("HTTP/1.1", "HTTP/1.0")
HOST_NAME = re.compile(r"[0-9A-Za-z_-]+(?:\.[0-9A-Za-z_-]+)*")
_WITHOUT_BODY = frozenset({204, 304})
_LINGER_NOT = pack("hh" if sys.platform == "win32" else "ii", 1, 0)
_PIECE = 64 * 1024
_GLANCE_SECONDS = 0.2


@frozen(kw_only=True)
class Limits:
    """How much, and for how long, the server listens to one client."""

    head_bytes: int = 32 * 1024
    headers: int = 100
    body_bytes: int = 1024 * 1024
    connections: int = 512
    """When there are as many, a new one takes the place of the one that has waited longest."""
    request_seconds: float = 10.0
    """For a whole request, from its first byte: whoever sends slowly cannot hold on."""
    idle_seconds: float = 60.0
    """From one request to the next."""
    farewell_seconds: float = 2.0
    """How long what the client still sends is read, and ignored, after its last answer."""
    hold_seconds: float = 120.0
    """How long a client waits for an answer that is lost."""


@frozen
class Terms:
    """What all connections of one server share."""

    core: RequestHandler
    names: frozenset[str]
    """The names, in lower case, by which the server may be called."""
    limits: Limits
    stopping: Event = field(factory=Event)
    # For the door's own refusals: the service never saw these requests.
    ids: Ids = field(factory=lambda: Ids("http"))


@frozen
class _Head:
    method: str
    path: str
    version: str
    # By lower-case name. What came twice is joined by a comma, as HTTP has it, so a second Host
    # or Content-Length makes the first one wrong.
    headers: Mapping[str, str]

    def stays(self) -> bool:
        """Whether the client may send another request."""
        words = self.headers.get("connection", "").lower().split(",")
        return self.version == "HTTP/1.1" and "close" not in map(str.strip, words)


class Waiting(NamedTuple):
    """How long a connection has been waiting for its client; the least one is given up first."""

    is_within_request: bool
    """Whether a part of the next request is there."""
    since: float


class Connection:
    """One client on the line."""

    def __init__(self, line: socket.socket, terms: Terms) -> None:
        self._line = line
        self._terms = terms
        self._limits = terms.limits
        self._read = bytearray()
        self._lock = Lock()
        self._waiting: Waiting | None = Waiting(is_within_request=False, since=monotonic())
        self._is_given_up = False

    @property
    def waiting(self) -> Waiting | None:
        """Since when its client has not sent a whole request; None while one is answered."""
        return self._waiting

    def give_up(self) -> bool:
        """End the connection if it waits for its client, and tell whether it did.

        A request that arrives at the same time is not carried out.
        """
        with self._lock:
            if self._waiting is None:
                return False
            self._is_given_up = True
        with suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)
        return True

    def answer_all(self) -> None:
        """Answer one request after the other, until either side has had enough.

        Raises:
            OSError: The client has hung up, or does not listen.
        """
        self._line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while self._is_called():
            # HEAD is refused, but its answer has no body even so.
            bare = self._read.startswith(b"HEAD ")
            try:
                head, body = self._request()
                self._wait_no_longer()
            except ServiceErrorResponse as error:
                self._wait_no_longer()
                refused = Response.from_error(error, self._terms.ids.uuid())
                self._send(refused, stays=False, bare=bare)
                break
            answer = self._answered(head.headers, body)
            if answer is None or not self._is_patient(answer.delay):
                return
            stays = head.stays()
            waiting = Waiting(is_within_request=False, since=monotonic())
            self._send(answer, stays=stays)
            if not stays:
                break
            self._waiting = waiting
        else:
            return
        # To close with something unread would reset the connection, and the answer be lost.
        self._line.shutdown(socket.SHUT_WR)
        self._ignore(self._limits.farewell_seconds)

    def _wait_no_longer(self) -> None:
        with self._lock:
            if self._is_given_up:
                raise ConnectionAbortedError
            self._waiting = None

    def _is_called(self) -> bool:
        due = monotonic() + self._limits.idle_seconds
        while True:
            # Old clients end a body with an empty line more.
            self._read = self._read.lstrip(b"\r\n")
            if self._read:
                self._waiting = Waiting(is_within_request=True, since=monotonic())
                return True
            came = self._receive(due)
            if not came:
                return False
            self._read += came

    def _request(self) -> tuple[_Head, bytes]:
        due = monotonic() + self._limits.request_seconds
        head = _parsed(self._head(due), self._limits.headers)
        length = self._length(head)
        if "expect" in head.headers and len(self._read) < length:
            self._line.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        while len(self._read) < length:
            self._more(due)
        body = bytes(self._read[:length])
        del self._read[:length]
        return head, body

    def _head(self, due: float) -> str:
        seen = 0
        while True:
            found = _HEAD_END.search(self._read, max(0, seen - 2))
            end = found.end() if found else len(self._read)
            if _CONTROL.search(self._read, seen, end):
                raise unknown_operation("This is no HTTP. The address begins with http, not https.")
            if end > self._limits.head_bytes:
                raise serialization_error(
                    f"The headers are larger than {self._limits.head_bytes:,} bytes."
                )
            if found:
                break
            seen = end
            self._more(due)
        text = self._read[:end].decode("latin-1")
        del self._read[:end]
        return text

    def _length(self, head: _Head) -> int:
        """How long the body is of a request that is fit to be carried out."""
        headers = head.headers
        if not _is_ours(headers.get("host", ""), self._terms.names):
            detail = "The Host header must be localhost, an IP address or a name that was allowed."
            raise ServiceErrorResponse("AccessDeniedException", detail)
        if (head.method, head.path) != ("POST", "/"):
            raise unknown_operation("Every operation is a POST to /.")
        if not _is_own_page(headers.get("origin"), self._terms.names):
            detail = (
                "The Origin header must be of localhost, a loopback address or a name that was "
                "allowed: another web page may not call this service."
            )
            raise ServiceErrorResponse("AccessDeniedException", detail)
        if headers.get("expect", "100-continue").lower() != "100-continue":
            raise unknown_operation("Nothing but 100-continue can be expected.")
        if "transfer-encoding" in headers:
            raise serialization_error(
                "The body must have a Content-Length, and no Transfer-Encoding."
            )
        told = headers.get("content-length", "")
        if not _LENGTH.fullmatch(told):
            raise serialization_error("There must be one Content-Length, a number.")
        if int(told) > self._limits.body_bytes:
            raise validation_error(f"the body is larger than {self._limits.body_bytes:,} bytes")
        return int(told)

    def _more(self, due: float) -> None:
        try:
            came = self._receive(due)
        except TimeoutError:
            seconds = self._limits.request_seconds
            raise serialization_error(
                f"The request was not here whole after {seconds:g} s."
            ) from None
        if not came:
            if self._terms.stopping.is_set():
                raise ConnectionAbortedError
            raise serialization_error("The request ended before it was whole.")
        self._read += came

    def _receive(self, due: float) -> bytes:
        left = due - monotonic()
        if left <= 0:
            raise TimeoutError
        self._line.settimeout(left)
        return self._line.recv(_PIECE)

    def _answered(self, headers: Mapping[str, str], body: bytes) -> Response | None:
        """The answer, or None if the client is to have none."""
        try:
            return self._terms.core.handle(headers.get("x-amz-target", ""), headers, body)
        except (RequestLost, ConnectionReset):
            self._reset()
        except ResponseLost:
            self._ignore(self._limits.hold_seconds)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next request is answered
            return Response.from_error(internal_server_error(error), self._terms.ids.uuid())
        return None

    def _is_patient(self, seconds: float) -> bool:
        """Wait, and tell whether the client is still there and the server goes on."""
        due = monotonic() + seconds
        while (left := due - monotonic()) > 0:
            if self._terms.stopping.wait(min(left, _GLANCE_SECONDS)) or self._has_hung_up():
                return False
        return True

    def _has_hung_up(self) -> bool:
        self._line.setblocking(False)
        try:
            return not self._line.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False

    def _reset(self) -> None:
        self._line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        self._line.close()

    def _ignore(self, seconds: float) -> None:
        """Wait until the client hangs up; the end of the time is a TimeoutError."""
        due = monotonic() + seconds
        while self._receive(due):
            pass

    def _send(self, answer: Response, *, stays: bool, bare: bool = False) -> None:
        head = {"Date": formatdate(usegmt=True), **answer.headers}
        if answer.status not in _WITHOUT_BODY:
            head["Content-Length"] = str(len(answer.body))
        else:
            bare = True
        if not stays:
            head["Connection"] = "close"
        lines = [f"HTTP/1.1 {answer.status} {responses.get(answer.status, '')}"]
        # A test may have put any text into the headers of a raw answer.
        lines += [" ".join(f"{name}: {value}".splitlines()) for name, value in head.items()]
        said = "\r\n".join([*lines, "\r\n"]).encode("latin-1", "replace")
        self._line.settimeout(self._limits.request_seconds)
        # In one piece: the client would wait for the second, and the system for its receipt.
        self._line.sendall(said if bare else said + answer.body)


def _parsed(text: str, most: int) -> _Head:
    if not text.count("\r\n") == text.count("\n") == text.count("\r"):
        raise unknown_operation("Lines of HTTP end with CR LF.")
    first, *lines = text[:-4].split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or words[2] not in _VERSIONS:  # noqa: PLR2004 - method, path, version
        raise unknown_operation("This is no request of HTTP/1.1.")
    if len(lines) > most:
        raise serialization_error(f"There are more than {most} headers.")
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not (colon and _NAME.fullmatch(name)):
            raise unknown_operation("A header is not well formed.")
        name, value = name.lower(), value.strip(" \t")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return _Head(words[0], words[1], words[2], headers)


def _is_ours(host: str, names: frozenset[str]) -> bool:
    """Whether it can only be meant for this server: any other name may lead here by a trick."""
    found = _HOST.fullmatch(host)
    if found is None:
        return False
    if found[2] is not None and found[2].lower() in names:
        return True
    try:
        ip_address(found[1] or found[2])
    except ValueError:
        return False
    return True


def _is_own_page(origin: str | None, names: frozenset[str]) -> bool:
    """Whether a request comes from no web page, or from one of this machine or an allowed name.

    A browser sends some requests of any page without asking the server first, and tells whose page
    it is.
    """
    if origin is None:
        return True
    found = _ORIGIN.fullmatch(origin)
    if found is None:
        return False
    if found[2] is not None and found[2].lower() in names:
        return True
    try:
        return ip_address(found[1] or found[2]).is_loopback
    except ValueError:
        return False
