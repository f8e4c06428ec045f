"""One HTTP connection: reads requests and sends their responses in turn."""

from __future__ import annotations

import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from email.utils import formatdate
from http.client import responses
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
    error_response,
    internal_server_error,
    serialization_error,
)
from ssm_contacts_sdk.local._server.request_head import Head, find_head_end, parse_head

_STATUSES_WITHOUT_BODY = frozenset({204, 304})
# With SO_LINGER of 0 seconds, closing a socket resets the connection.
_NO_LINGER = pack("hh" if sys.platform == "win32" else "ii", 1, 0)
_CHUNK_BYTES = 64 * 1024
_POLL_SECONDS = 0.2


@frozen(kw_only=True)
class Limits:
    """How much data, and for how long, the server accepts from one client."""

    head_bytes: int = 32 * 1024
    headers: int = 100
    body_bytes: int = 1024 * 1024
    connections: int = 512
    """A further connection replaces the one that has waited longest for its client."""
    request_seconds: float = 10.0
    """For a whole request, from its first byte, so that no slow client occupies a connection."""
    idle_seconds: float = 60.0
    """From one request to the next."""
    drain_seconds: float = 2.0
    """How long the server reads and ignores data after its last response."""
    lost_response_seconds: float = 120.0
    """How long the connection stays open after a response was lost."""


@frozen
class ServerContext:
    """What all connections of one server share."""

    handler: RequestHandler
    host_names: frozenset[str]
    """The names, in lower case, by which clients may call the server."""
    limits: Limits
    stopping: Event = field(factory=Event)
    # For requests that are rejected here, before the service receives them.
    ids: Ids = field(factory=lambda: Ids("http"))


class Waiting(NamedTuple):
    """Since when a connection waits for its client. The smallest one is dropped first."""

    is_within_request: bool
    """Whether a part of the next request has arrived."""
    since: float


class Connection:
    """The connection of one client."""

    def __init__(self, sock: socket.socket, context: ServerContext) -> None:
        self._socket = sock
        self._context = context
        self._limits = context.limits
        self._buffer = bytearray()
        self._lock = Lock()
        self._waiting: Waiting | None = Waiting(is_within_request=False, since=monotonic())
        self._is_dropped = False

    @property
    def waiting(self) -> Waiting | None:
        """Since when the connection waits for a request; None while it handles one."""
        return self._waiting

    def drop(self) -> bool:
        """End the connection if it waits for its client, and return whether it did.

        A request that arrives at the same time is not handled.
        """
        with self._lock:
            if self._waiting is None:
                return False
            self._is_dropped = True
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        return True

    def serve(self) -> None:
        """Handle one request after the other, until the client or the server ends the connection.

        Raises:
            OSError: the client has closed the connection, or does not read.
        """
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while self._wait_for_request():
            # HEAD is rejected, but its response must have no body.
            without_body = self._buffer.startswith(b"HEAD ")
            try:
                head, body = self._read_request()
                self._stop_waiting()
            except ServiceErrorResponse as error:
                self._stop_waiting()
                rejected = error_response(error, self._context.ids.uuid())
                self._send(rejected, keep_alive=False, without_body=without_body)
                break
            response = self._handle(head.headers, body)
            if response is None or not self._delay(response.delay):
                return
            keep_alive = head.keeps_connection()
            waiting = Waiting(is_within_request=False, since=monotonic())
            self._send(response, keep_alive=keep_alive)
            if not keep_alive:
                break
            self._waiting = waiting
        else:
            return
        # Closing a socket with unread data would reset the connection and lose the response.
        self._socket.shutdown(socket.SHUT_WR)
        self._drain(self._limits.drain_seconds)

    def _stop_waiting(self) -> None:
        with self._lock:
            if self._is_dropped:
                raise ConnectionAbortedError
            self._waiting = None

    def _wait_for_request(self) -> bool:
        """Return True when a request begins, and False when the client closes the connection."""
        deadline = monotonic() + self._limits.idle_seconds
        while True:
            # Old clients send an additional empty line after a body.
            self._buffer = self._buffer.lstrip(b"\r\n")
            if self._buffer:
                self._waiting = Waiting(is_within_request=True, since=monotonic())
                return True
            data = self._receive(deadline)
            if not data:
                return False
            self._buffer += data

    def _read_request(self) -> tuple[Head, bytes]:
        deadline = monotonic() + self._limits.request_seconds
        head = parse_head(self._read_head(deadline), self._limits.headers)
        length = head.body_length(self._context.host_names, self._limits.body_bytes)
        if "expect" in head.headers and len(self._buffer) < length:
            self._socket.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        while len(self._buffer) < length:
            self._receive_more(deadline)
        body = bytes(self._buffer[:length])
        del self._buffer[:length]
        return head, body

    def _read_head(self, deadline: float) -> str:
        searched = 0
        while (end := find_head_end(self._buffer, searched, self._limits.head_bytes)) is None:
            searched = len(self._buffer)
            self._receive_more(deadline)
        text = self._buffer[:end].decode("latin-1")
        del self._buffer[:end]
        return text

    def _receive_more(self, deadline: float) -> None:
        try:
            data = self._receive(deadline)
        except TimeoutError:
            seconds = self._limits.request_seconds
            raise serialization_error(f"The request was incomplete after {seconds:g} s.") from None
        if not data:
            if self._context.stopping.is_set():
                raise ConnectionAbortedError
            raise serialization_error("The request ended before it was complete.")
        self._buffer += data

    def _receive(self, deadline: float) -> bytes:
        left = deadline - monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(left)
        return self._socket.recv(_CHUNK_BYTES)

    def _handle(self, headers: Mapping[str, str], body: bytes) -> Response | None:
        """Return the response, or None if the client must not get one."""
        try:
            return self._context.handler.handle(headers.get("x-amz-target", ""), headers, body)
        except (RequestLost, ConnectionReset):
            self._reset()
        except ResponseLost:
            self._drain(self._limits.lost_response_seconds)
        except Exception as error:  # noqa: BLE001 - the connection must survive any mistake
            return error_response(internal_server_error(error), self._context.ids.uuid())
        return None

    def _delay(self, seconds: float) -> bool:
        """Wait, and return False if the client closes the connection or the server stops."""
        deadline = monotonic() + seconds
        while (left := deadline - monotonic()) > 0:
            if self._context.stopping.wait(min(left, _POLL_SECONDS)) or self._is_closed_by_client():
                return False
        return True

    def _is_closed_by_client(self) -> bool:
        self._socket.setblocking(False)
        try:
            return not self._socket.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return False

    def _reset(self) -> None:
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self._socket.close()

    def _drain(self, seconds: float) -> None:
        """Ignore data until the client closes the connection.

        Raises:
            TimeoutError: the client does not close it within `seconds`.
        """
        deadline = monotonic() + seconds
        while self._receive(deadline):
            pass

    def _send(self, response: Response, *, keep_alive: bool, without_body: bool = False) -> None:
        headers = {"Date": formatdate(usegmt=True), **response.headers}
        if response.status in _STATUSES_WITHOUT_BODY:
            without_body = True
        else:
            headers["Content-Length"] = str(len(response.body))
        if not keep_alive:
            headers["Connection"] = "close"
        lines = [f"HTTP/1.1 {response.status} {responses.get(response.status, '')}"]
        # The headers of a raw_response can contain any characters.
        lines += [" ".join(f"{name}: {value}".splitlines()) for name, value in headers.items()]
        head = "\r\n".join([*lines, "\r\n"]).encode("latin-1", "replace")
        self._socket.settimeout(self._limits.request_seconds)
        # In one call: with two, the system delays the second until the first is acknowledged.
        self._socket.sendall(head if without_body else head + response.body)
