"""The service over HTTP, for clients in other processes and other languages."""

from __future__ import annotations

import os
import shlex
import socket
from collections.abc import Iterable, Mapping
from contextlib import suppress
from ipaddress import ip_address
from operator import itemgetter
from socketserver import BaseRequestHandler, TCPServer
from threading import Lock, Thread, get_ident
from time import monotonic
from types import MappingProxyType, TracebackType
from typing import Union, cast, final

from ssm_contacts_sdk._errors import ConfigurationError
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk.local._responses import RequestHandler
from ssm_contacts_sdk.local._server.connection import Connection, Limits, ServerContext
from ssm_contacts_sdk.local._server.request_head import HOST_NAME

# In socketserver, a request is a TCP connection, or a packet of UDP.
_Request = Union[socket.socket, tuple[bytes, socket.socket]]
_STOP_SECONDS = 1.0
_POLL_SECONDS = 0.02


def serve(
    handler: RequestHandler,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    open_to_network: bool = False,
    allowed_hosts: Iterable[str] = (),
    region_name: str = "us-east-2",
    limits: Limits | None = None,
) -> LocalServer:
    """Serve `handler` over HTTP, in threads that do not keep Python running.

    Args:
        handler: what responds to requests, such as a `LocalService`.
        host: the address to listen on.
        port: the port to listen on; 0 is any free port.
        open_to_network: whether `host` may be an address that other machines can reach. They can
            then read and change everything.
        allowed_hosts: names by which clients may call the server, besides localhost and IP
            addresses. Other names are rejected, because a web page could use them to call it.
        region_name: the Region in the environment for clients.
        limits: how much data, and for how long, the server accepts from one client.

    Raises:
        ConfigurationError: the server cannot listen on the address, or the address is not loopback
            and `open_to_network` is not set.
    """
    if not isinstance(host, str):
        raise ConfigurationError(f"host must be a str (got {type(host).__name__})")
    if not (open_to_network or _is_loopback(host)):
        raise ConfigurationError(
            f"other machines can reach {host or 'an empty host'}, and could read and change "
            "everything: listen on 127.0.0.1, or set open_to_network=True (--open-to-network)"
        )
    names = frozenset({"localhost", *_host_names(allowed_hosts)})
    if not isinstance(port, int) or not 0 <= port <= 65535:  # noqa: PLR2004 - the ports of TCP
        raise ConfigurationError(f"port must be an int between 0 and 65535 (got {port!r})")
    context = ServerContext(handler, names, Limits() if limits is None else limits)
    try:
        listener = _Listener(host, port, context)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "no such address"
        raise ConfigurationError(
            f"cannot listen on {host or 'any address'}, port {port}: {reason}; choose another "
            "(port 0 is any free port)"
        ) from error
    return LocalServer(listener, region_name)


@public
@final
class LocalServer:
    """A service that is served over HTTP, until `close` or the end of the ``with`` block.

    Attributes:
        host: the address that the server listens on.
        port: the port that it listens on.
        url: the URL for clients on this machine.
        environment: the environment variables that boto3, the AWS CLI and the JavaScript SDK need
            to call the server. The credentials are placeholders: nothing checks signatures.
    """

    def __init__(self, listener: TCPServer, region_name: str) -> None:
        # The parameter has a public type. Only `serve` creates servers.
        assert isinstance(listener, _Listener)
        self._listener = listener
        self._pid = os.getpid()
        self._closing_thread: int | None = None
        self.host: str
        self.port: int
        self.host, self.port = listener.socket.getsockname()[:2]
        address = _address_for_clients(self.host)
        self.url: str = f"http://{f'[{address}]' if ':' in address else address}:{self.port}"
        self.environment: Mapping[str, str] = MappingProxyType(
            {
                "AWS_ENDPOINT_URL_SSM_CONTACTS": self.url,
                "AWS_ACCESS_KEY_ID": "local",
                "AWS_SECRET_ACCESS_KEY": "local",
                # The JavaScript SDK reads the first, boto3 and the AWS CLI the second.
                "AWS_REGION": region_name,
                "AWS_DEFAULT_REGION": region_name,
                # A proxy cannot reach this machine's loopback.
                "NO_PROXY": ",".join(dict.fromkeys(("127.0.0.1", "localhost", address))),
            }
        )
        self._thread = Thread(target=listener.serve_forever, args=(_POLL_SECONDS,), daemon=True)
        self._thread.start()

    def __repr__(self) -> str:
        return f"LocalServer({self.url})"

    def __enter__(self) -> LocalServer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def exports(self) -> str:
        """Return the environment as export lines for a shell."""
        return "\n".join(
            f"export {name}={shlex.quote(value)}" for name, value in self.environment.items()
        )

    def close(self) -> None:
        """Stop listening, and end every connection. Closing a closed server does nothing."""
        if os.getpid() != self._pid:
            # A fork has the socket but none of the threads, which its parent ends.
            self._listener.socket.close()
            return
        if self._closing_thread == get_ident():
            # A signal handler interrupted this method, which continues afterwards.
            return
        self._closing_thread = get_ident()
        try:
            self._listener.stop()
            self._thread.join()
        finally:
            self._closing_thread = None


class _Listener(TCPServer):
    # Not an HTTPServer, which adds only a look-up of the machine's name on the network.
    request_queue_size = 128
    # Outside POSIX, this option would let two servers share a port.
    allow_reuse_address = os.name == "posix"

    def __init__(self, host: str, port: int, context: ServerContext) -> None:
        self._context = context
        self._open: dict[socket.socket, tuple[Connection, Thread]] = {}
        self._lock = Lock()
        # The name can also mean ::1, while clients use 127.0.0.1.
        host_or_none = "127.0.0.1" if host == "localhost" else host or None
        found = socket.getaddrinfo(
            host_or_none, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        self.address_family, _, _, _, address = found[0]
        super().__init__((str(address[0]), port), BaseRequestHandler)

    def process_request(self, request: _Request, client_address: object) -> None:
        assert isinstance(request, socket.socket)
        connection = Connection(request, self._context)
        thread = Thread(target=self._serve, args=(request, connection), daemon=True)
        with self._lock:
            is_accepted = len(self._open) < self._context.limits.connections or self._drop_one()
            if is_accepted:
                self._open[request] = (connection, thread)
        if is_accepted:
            thread.start()
        else:
            self.shutdown_request(request)

    def shutdown_request(self, request: _Request) -> None:
        assert isinstance(request, socket.socket)
        with self._lock:
            self._open.pop(request, None)
        super().shutdown_request(request)

    def handle_error(self, request: object, client_address: object) -> None:
        """Print nothing: if no thread could be started, the connection is closed."""

    def stop(self) -> None:
        if self._context.stopping.is_set():
            return
        self._context.stopping.set()
        self.shutdown()
        self.server_close()
        # First stop reading only, so that responses in progress can still be sent.
        for end in (socket.SHUT_RD, socket.SHUT_RDWR):
            with self._lock:
                connections = dict(self._open)
            for sock in connections:
                with suppress(OSError):
                    sock.shutdown(end)
            deadline = monotonic() + _STOP_SECONDS
            for _, thread in connections.values():
                thread.join(max(0.0, deadline - monotonic()))

    def _drop_one(self) -> bool:
        """Drop the connection that has waited longest, and return whether one waits.

        Connections between two requests are dropped before those within one. The caller must have
        acquired the lock.
        """
        waiting = [
            (since, sock)
            for sock, (connection, _) in self._open.items()
            if (since := connection.waiting) is not None
        ]
        for _, sock in sorted(waiting, key=itemgetter(0)):
            if self._open[sock][0].drop():
                del self._open[sock]
                return True
        return False

    def _serve(self, sock: socket.socket, connection: Connection) -> None:
        # The client has closed the connection or does not read: there is nothing to send.
        with suppress(OSError):
            connection.serve()
        self.shutdown_request(sock)


def _host_names(allowed_hosts: object) -> list[str]:
    """Return the names in lower case.

    Raises:
        ConfigurationError: `allowed_hosts` is something else than host names.
    """
    # A str is an iterable too, of its characters.
    if isinstance(allowed_hosts, Iterable) and not isinstance(allowed_hosts, str):
        names = list(cast("Iterable[object]", allowed_hosts))
        found = [
            each.lower() for each in names if isinstance(each, str) and HOST_NAME.fullmatch(each)
        ]
        if len(found) == len(names):
            return found
    raise ConfigurationError(
        "allowed_hosts must be a list of host names, without scheme, port or wildcard"
    )


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _address_for_clients(host: str) -> str:
    """Return the address by which clients on this machine reach a server that listens on `host`."""
    if ip_address(host).is_unspecified:
        return "::1" if ":" in host else "127.0.0.1"
    return host
