"""Clients that other code creates: botocore is patched so that the service responds to them."""

from __future__ import annotations

import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from typing import Protocol

from attrs import define
from botocore.awsrequest import AWSPreparedRequest, AWSRequest, AWSResponse
from botocore.handlers import BUILTIN_HANDLERS
from botocore.hooks import BaseEventHooks
from botocore.httpsession import URLLib3Session

from ssm_contacts_sdk._errors import ConfigurationError
from ssm_contacts_sdk._locks import fork_safe_lock
from ssm_contacts_sdk.local._botocore_hooks import (
    CREATING_CLIENT,
    InProcessHandler,
    bind_new_client,
    is_aws_endpoint,
    respond,
)
from ssm_contacts_sdk.local._clock import LocalClock
from ssm_contacts_sdk.local._responses import RequestHandler, Response


class Service(RequestHandler, Protocol):
    """What a `Relay` needs of a `LocalService`."""

    @property
    def clock(self) -> LocalClock:
        """The service's clock."""
        ...


@contextmanager
def patch_new_clients(handler: InProcessHandler) -> Generator[None]:
    """Connect every client that is created while this is active to `handler`.

    If several are active, the one that was entered last connects new clients. A connected client
    stays connected: when the patch ends, it must not start to call AWS.
    """
    patch = _Patch(handler)
    _new_clients.add(patch)
    try:
        yield
    finally:
        _new_clients.remove(patch)


@define(eq=False)
class _Patch:
    """One active patch. Each is a different object, even of the same handler."""

    handler: InProcessHandler


class _NewClients:
    """The active patches of this process.

    botocore copies a list of handlers into every new session. While a patch is active, that list
    contains a handler of ours.
    """

    def __init__(self) -> None:
        self._patches: list[_Patch] = []
        # The default sessions that got the handler later. Newer ones have copied it.
        self._default_sessions: list[BaseEventHooks] = []
        self._lock = fork_safe_lock()

    def add(self, patch: _Patch) -> None:
        with self._lock:
            if not self._patches:
                # At the end, so that a thread that is iterating over the list skips nothing.
                BUILTIN_HANDLERS.append((CREATING_CLIENT, self._bind))
            self._patches.append(patch)
            events = _default_session_events()
            if events is not None:
                # A session that was created during another patch already has the handler.
                events.unregister(CREATING_CLIENT, self._bind)
                events.register(CREATING_CLIENT, self._bind)
                self._default_sessions.append(events)

    def remove(self, patch: _Patch) -> None:
        with self._lock:
            # Not always the last one: threads and exit stacks can end patches in any order.
            self._patches.remove(patch)
            if self._patches:
                return
            with suppress(ValueError):
                BUILTIN_HANDLERS.remove((CREATING_CLIENT, self._bind))
            for events in (*self._default_sessions, _default_session_events()):
                if events is not None:
                    events.unregister(CREATING_CLIENT, self._bind)
            self._default_sessions.clear()

    def _bind(self, base_classes: list[type], **_: object) -> None:
        with self._lock:
            handler = self._patches[-1].handler if self._patches else None
        # Sessions that were created during a patch keep the handler after it.
        if handler is not None:
            bind_new_client(handler, base_classes)


_new_clients = _NewClients()


def _default_session_events() -> BaseEventHooks | None:
    # Without an import of boto3 there is no default session.
    session = getattr(sys.modules.get("boto3"), "DEFAULT_SESSION", None)
    return None if session is None else session.events


class Relay:
    """Forwards requests to the service of the current test.

    The tested code may use a client for several tests. Each test's service responds to it during
    that test, and AWS never does.
    """

    def __init__(self) -> None:
        self._service: Service | None = None

    @contextmanager
    def to(self, service: Service) -> Generator[None]:
        """Forward to `service` while this is active."""
        before, self._service = self._service, service
        try:
            yield
        finally:
            self._service = before

    def handle(self, target: str, headers: Mapping[str, str], body: bytes) -> Response:
        """Return the response of the current service."""
        return self._current().handle(target, headers, body)

    def wait(self, seconds: float) -> None:
        """Move the clock of the current service forward."""
        self._current().clock.sleep(seconds)

    def _current(self) -> Service:
        if self._service is None:
            raise ConfigurationError(
                "this client was created in a test with contacts_patch_all_clients and is used "
                "outside of such a test: no service is active that could respond to it"
            )
        return self._service


@contextmanager
def patch_every_client(service: Service, relay: Relay) -> Generator[None]:
    """Connect every client to `service` while this is active, also existing clients.

    New clients stay connected to `relay`. The requests of existing clients are intercepted where
    botocore sends them, until this ends.
    """
    send = URLLib3Session.send

    def intercept(session: URLLib3Session, request: AWSRequest | AWSPreparedRequest) -> AWSResponse:
        if isinstance(request, AWSPreparedRequest) and is_aws_endpoint(request.url):
            return respond(request, relay, None)
        return send(session, request)

    with relay.to(service), patch_new_clients(relay):
        URLLib3Session.send = intercept  # type: ignore[method-assign, assignment]
        try:
            yield
        finally:
            URLLib3Session.send = send  # type: ignore[method-assign]
