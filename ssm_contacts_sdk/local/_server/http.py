"""The service over HTTP, for clients in other processes and other languages."""

from __future__ import annotations

import os
import shlex
import socket
from collections.abc import Collection, Mapping
from contextlib import suppress
from ipaddress import ip_address
from operator import itemgetter
from socketserver import BaseRequestHandler, TCPServer
from threading import Lock, Thread, get_ident
from time import monotonic
from types import MappingProxyType, TracebackType
from typing import Union, final

from ssm_contacts_sdk._errors import ConfigurationError
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk.local._responses import RequestHandler
from ssm_contacts_sdk.local._server.connection import HOST_NAME, Connection, Limits, Terms

# What socketserver calls a request is TCP's connection, or UDP's packet.
_Requested = Union[socket.socket, tuple[bytes, socket.socket]]
_STOP_SECONDS = 1.0


def serve(
    core: RequestHandler,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    open_to_network: bool = False,
    allowed_hosts: Collection[str] = (),
    region_name: str = "us-east-2",
    limits: Limits | None = None,
) -> LocalServer:
    """Serve `core` over HTTP, in threads that do not keep Python alive.

    Args:
        core: What answers, such as a `LocalService`.
        host: The address to listen on.
        port: 0 is any that is free.
        open_to_network: Whether `host` may be one that other machines reach. Whoever reaches it
            can read and change everything.
        allowed_hosts: Names by which clients may call the server, apart from localhost and IP
            addresses. Other names are refused: a web page could use one of its own to get in.
        region_name: The Region that clients are told.
        limits: How much, and for how long, the server listens to one client.

    Raises:
        ConfigurationError: The address cannot be listened on, or is not loopback and
            `open_to_network` is not set.
    """
    if not (open_to_network or _is_loopback(host)):
        text = (
            f"{host or 'An empty host'} can be reached from other machines, and whoever reaches "
            "it can read and change everything: listen on 127.0.0.1, or allow it with "
            "open_to_network=True (--open-to-network)."
        )
        raise ConfigurationError(text)
    if isinstance(allowed_hosts, str) or not all(map(HOST_NAME.fullmatch, allowed_hosts)):
        text = "allowed_hosts must be a list of host names, without scheme, port or wildcard."
        raise ConfigurationError(text)
    names = frozenset({"localhost", *(name.lower() for name in allowed_hosts)})
    if not 0 <= port <= 65535:  # noqa: PLR2004 - what TCP has
        raise ConfigurationError("port must be 0 to 65535, where 0 is any that is free.")
    terms = Terms(core, names, Limits() if limits is None else limits)
    try:
        listener = _Listener(host, port, terms)
    except (OSError, UnicodeError) as error:
        why = getattr(error, "strerror", None) or "no such address"
        where = f"{host or 'any address'}, port {port}"
        text = f"Cannot listen on {where}: {why}. Choose another; port 0 is any."
        raise ConfigurationError(text) from error
    return LocalServer(listener, region_name)


@public
@final
class LocalServer:
    """A service that is served over HTTP, until `close` or the end of the ``with`` block.

    Attributes:
        host: The address that it listens on.
        port: The port.
        url: Where clients on this machine find it.
        environment: The variables that boto3, the AWS CLI and the JavaScript SDK need to find it.
            The credentials in it are any: requests are signed, and no signature is looked at.
    """

    def __init__(self, listener: _Listener, region_name: str) -> None:
        self._listener = listener
        self._pid = os.getpid()
        self._closing_thread: int | None = None
        self.host: str
        self.port: int
        self.host, self.port = listener.socket.getsockname()[:2]
        reached = _reached(self.host)
        self.url = f"http://{f'[{reached}]' if ':' in reached else reached}:{self.port}"
        self.environment: Mapping[str, str] = MappingProxyType(
            {
                "AWS_ENDPOINT_URL_SSM_CONTACTS": self.url,
                "AWS_ACCESS_KEY_ID": "local",
                "AWS_SECRET_ACCESS_KEY": "local",
                # The JavaScript SDK reads the first, boto3 and the AWS CLI the second.
                "AWS_REGION": region_name,
                "AWS_DEFAULT_REGION": region_name,
                # A proxy could not reach it.
                "NO_PROXY": ",".join(dict.fromkeys(("127.0.0.1", "localhost", reached))),
            }
        )
        # It looks up this often, in seconds, whether it is to stop.
        self._thread = Thread(target=listener.serve_forever, args=(0.02,), daemon=True)
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
        """The environment as lines for a shell."""
        return "\n".join(
            f"export {name}={shlex.quote(value)}" for name, value in self.environment.items()
        )

    def close(self) -> None:
        """Stop listening, and end every connection. To close twice does nothing."""
        if os.getpid() != self._pid:
            # A fork has the socket and none of the threads: they are its parent's to end.
            self._listener.socket.close()
            return
        if self._closing_thread == get_ident():
            # A signal handler interrupted this very call, which goes on when it returns.
            return
        self._closing_thread = get_ident()
        try:
            self._listener.stop()
            self._thread.join()
        finally:
            self._closing_thread = None


class _Listener(TCPServer):
    # Of HTTPServer it would have only the look-up of the machine's own name, on the network.
    request_queue_size = 128
    # Elsewhere than on POSIX it would let two servers share a port.
    allow_reuse_address = os.name == "posix"

    def __init__(self, host: str, port: int, terms: Terms) -> None:
        self._terms = terms
        self._open: dict[socket.socket, tuple[Connection, Thread]] = {}
        self._lock = Lock()
        # The name may mean ::1 as well, and a client look for 127.0.0.1.
        known = "127.0.0.1" if host == "localhost" else host or None
        found = socket.getaddrinfo(known, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        self.address_family, _, _, _, address = found[0]
        super().__init__((str(address[0]), port), BaseRequestHandler)

    def process_request(self, request: _Requested, client_address: object) -> None:
        assert isinstance(request, socket.socket)
        connection = Connection(request, self._terms)
        thread = Thread(target=self._answer, args=(request, connection), daemon=True)
        with self._lock:
            has_room = len(self._open) < self._terms.limits.connections or self._make_room()
            if has_room:
                self._open[request] = (connection, thread)
        if has_room:
            thread.start()
        else:
            self.shutdown_request(request)

    def shutdown_request(self, request: _Requested) -> None:
        assert isinstance(request, socket.socket)
        with self._lock:
            self._open.pop(request, None)
        super().shutdown_request(request)

    def handle_error(self, request: object, client_address: object) -> None:
        """Print nothing: no thread could be started, and the connection is closed."""

    def stop(self) -> None:
        if self._terms.stopping.is_set():
            return
        self._terms.stopping.set()
        self.shutdown()
        self.server_close()
        # First without a word more from clients, so that an answer on its way can still leave.
        for end in (socket.SHUT_RD, socket.SHUT_RDWR):
            with self._lock:
                lines = dict(self._open)
            for line in lines:
                with suppress(OSError):
                    line.shutdown(end)
            due = monotonic() + _STOP_SECONDS
            for _, thread in lines.values():
                thread.join(max(0.0, due - monotonic()))

    def _make_room(self) -> bool:
        """Give up the connection that has waited longest, if one waits. It needs the lock.

        Those that wait between two requests come before those in the middle of one.
        """
        waiting = [
            (since, line)
            for line, (connection, _) in self._open.items()
            if (since := connection.waiting) is not None
        ]
        for _, line in sorted(waiting, key=itemgetter(0)):
            if self._open[line][0].give_up():
                del self._open[line]
                return True
        return False

    def _answer(self, line: socket.socket, connection: Connection) -> None:
        # Who hangs up needs no answer.
        with suppress(OSError):
            connection.answer_all()
        self.shutdown_request(line)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _reached(host: str) -> str:
    """How clients on this machine reach a server that listens on `host`."""
    if ip_address(host).is_unspecified:
        return "::1" if ":" in host else "127.0.0.1"
    return host
