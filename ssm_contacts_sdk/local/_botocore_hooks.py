"""The ways in which requests come to the service."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from io import BytesIO
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

from attrs import define
from botocore import UNSIGNED
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.client import BaseClient
from botocore.compat import HTTPHeaders
from botocore.exceptions import (
    ConnectionClosedError,
    EndpointConnectionError,
    ReadTimeoutError,
)
from botocore.handlers import BUILTIN_HANDLERS
from botocore.hooks import BaseEventHooks
from botocore.session import Session

from ssm_contacts_sdk import _boto3_types as boto3_types
from ssm_contacts_sdk._botocore import is_asynchronous
from ssm_contacts_sdk._errors import ConfigurationError
from ssm_contacts_sdk._locks import fork_safe_lock
from ssm_contacts_sdk._privacy import hides_arguments
from ssm_contacts_sdk.local._contract import SERVICE_NAME, contract
from ssm_contacts_sdk.local._effects import ConnectionReset, RequestLost, ResponseLost
from ssm_contacts_sdk.local._responses import RequestHandler

# The service's own event, not the general one: its handlers are asked before moto's, which
# answers whatever it does not know with a 404.
_SENDING = f"before-send.{SERVICE_NAME}"
_SIGNING = f"choose-signer.{SERVICE_NAME}"
_MAKING = f"creating-client-class.{SERVICE_NAME}"
# Of each, an emitter has one at most.
_ANSWERER = "ssm_contacts_sdk.local answers"
_SIGNER = "ssm_contacts_sdk.local does not sign"
_BINDER = "ssm_contacts_sdk.local binds"
_ASYNCHRONOUS = (
    "within the process the embedded service answers clients of boto3, not asynchronous ones of "
    "aioboto3 or aiobotocore: call it over HTTP, see LocalService.serve"
)


class Core(RequestHandler, Protocol):
    """What the doors within the process lead to."""

    def wait(self, seconds: float) -> None:
        """Let `seconds` go by on the service's clock."""
        ...


def connect(
    target: boto3_types.SSMContactsClient | boto3_types.Boto3Session | Session, core: Core
) -> None:
    """Let `core` answer a client, or those that a session makes from now on.

    Of the session's clients, those with an endpoint of their own are left alone.
    """
    if is_asynchronous(target):
        raise ConfigurationError(_ASYNCHRONOUS)
    if isinstance(target, BaseClient):
        open_in_process(target, core)
        return
    events = getattr(target, "events", None)
    if isinstance(target, Session):
        events = target.get_component("event_emitter")
    if not isinstance(events, BaseEventHooks):
        kind = type(target).__name__
        raise ConfigurationError(f"connect needs a client or a session of boto3, not {kind}")

    def bind(base_classes: list[type], **_: object) -> None:
        _bind_to(core, base_classes)

    events.unregister(_MAKING, unique_id=_BINDER)
    events.register(_MAKING, bind, unique_id=_BINDER)


@contextmanager
def patch_all_clients(core: Core) -> Generator[None]:
    """Let `core` answer every client that anybody makes meanwhile, from then on.

    A client belongs to the core that was the last to begin when it was made, and is bound to it
    for good: it must not find its way to AWS when this is over.
    """
    turn = _Turn(core)
    _new_clients.begin(turn)
    try:
        yield
    finally:
        _new_clients.end(turn)


def open_in_process(client: boto3_types.SSMContactsClient | BaseClient, core: Core) -> None:
    """Let `core` answer what `client` would send; botocore still builds, signs and parses it."""
    if client.meta.service_model.service_name != SERVICE_NAME:
        text = f"A client of {client.meta.service_model.service_name} is none of {SERVICE_NAME}."
        raise ConfigurationError(text)
    # The type that botocore's stubs have for it does not know the timeouts.
    patience: float | None = getattr(client.meta.config, "read_timeout", None)

    def answer(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        return answer_to(request, core, patience)

    # The last service that a client is connected to is the one that answers.
    client.meta.events.unregister(_SENDING, unique_id=_ANSWERER)
    # The type that botocore's stubs ask for allows no answer, though this event wants one.
    handler = cast("Callable[..., None]", answer)
    client.meta.events.register(_SENDING, handler, unique_id=_ANSWERER)


@hides_arguments
def answer_to(request: AWSPreparedRequest, core: Core, patience: float | None) -> AWSResponse:
    """What `core` answers, as botocore wants it; its own exceptions where no answer comes."""
    headers = {name: _text(value) for name, value in request.headers.items()}
    target = next((v for name, v in headers.items() if name.lower() == "x-amz-target"), "")
    url = str(request.url)
    try:
        answered = core.handle(target, headers, _bytes(request.body))
    except RequestLost:
        raise EndpointConnectionError(endpoint_url=url, error="unreachable") from None
    except ResponseLost:
        raise ReadTimeoutError(endpoint_url=url) from None
    except ConnectionReset:
        raise ConnectionClosedError(endpoint_url=url, request=request, error="reset") from None
    _wait(core, answered.delay, patience, url)
    sent = HTTPHeaders.from_pairs(list(answered.headers.items()))
    return AWSResponse(url, answered.status, sent, Stream(answered.body))


def _wait(core: Core, seconds: float, patience: float | None, url: str) -> None:
    if patience is not None and seconds > patience:
        core.wait(patience)
        raise ReadTimeoutError(endpoint_url=url)
    if seconds:
        core.wait(seconds)


@define(eq=False)
class _Turn:
    """One stretch of time in which a core answers new clients."""

    core: Core


class _NewClients:
    """Who answers the clients that are made now, wherever in this process.

    botocore gives every session that is made the handlers in a list of its own; what is added to
    that list is there for as long as anybody's turn lasts.
    """

    def __init__(self) -> None:
        self._turns: list[_Turn] = []
        # The default sessions that this was told to; those that are made meanwhile know it.
        self._told: list[BaseEventHooks] = []
        self._lock = fork_safe_lock()

    def begin(self, turn: _Turn) -> None:
        with self._lock:
            if not self._turns:
                # At the end, where another thread that is reading the list misses nothing.
                BUILTIN_HANDLERS.append((_MAKING, self._bind))
            self._turns.append(turn)
            events = _events_of_the_default_session()
            if events is not None:
                # One that was made in another turn knows it already.
                events.unregister(_MAKING, self._bind)
                events.register(_MAKING, self._bind)
                self._told.append(events)

    def end(self, turn: _Turn) -> None:
        with self._lock:
            # Not always the last one: threads and exit stacks end their turns in any order.
            self._turns.remove(turn)
            if self._turns:
                return
            with suppress(ValueError):
                BUILTIN_HANDLERS.remove((_MAKING, self._bind))
            for events in (*self._told, _events_of_the_default_session()):
                if events is not None:
                    events.unregister(_MAKING, self._bind)
            self._told.clear()

    def _bind(self, base_classes: list[type], **_: object) -> None:
        with self._lock:
            core = self._turns[-1].core if self._turns else None
        # Sessions that were made in somebody's turn ask for ever.
        if core is not None:
            _bind_to(core, base_classes)


_new_clients = _NewClients()


def _bind_to(core: Core, base_classes: list[type]) -> None:
    if any(map(is_asynchronous, base_classes)):
        raise ConfigurationError(_ASYNCHRONOUS)
    base_classes.insert(0, _answered_by(core))


def _answered_by(core: Core) -> type[BaseClient]:
    """What the class of a client is made of, so that `core` answers it from its making on."""

    class Answered(BaseClient):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            if is_of_aws(self.meta.endpoint_url):
                open_in_process(self, core)
                self.meta.events.register(_SIGNING, _unsigned, unique_id=_SIGNER)

    return Answered


def _unsigned(**_: object) -> Any:
    # Nobody looks at the signature, so there need be no credentials.
    return UNSIGNED


def is_of_aws(url: str) -> bool:
    """Whether an endpoint is AWS's for this service, in whatever Region, and not somebody's own."""
    host = urlsplit(url).hostname or ""
    ours = {SERVICE_NAME, f"{SERVICE_NAME}-fips"}
    return not ours.isdisjoint(host.split(".")) and host.endswith(_domains_of_aws())


@cache
def _domains_of_aws() -> tuple[str, ...]:
    read = cast("dict[str, Any]", contract().loader.load_data("partitions"))
    outputs = [partition["outputs"] for partition in read["partitions"]]
    return tuple(
        f".{each[suffix]}" for each in outputs for suffix in ("dnsSuffix", "dualStackDnsSuffix")
    )


def _events_of_the_default_session() -> BaseEventHooks | None:
    # Who has not imported boto3 has none.
    session = getattr(sys.modules.get("boto3"), "DEFAULT_SESSION", None)
    return None if session is None else session.events


class Stream(BytesIO):
    """What AWSResponse reads: urllib3's way to hand out a body in pieces."""

    def stream(self) -> Iterator[bytes]:
        yield self.read()


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _bytes(body: object) -> bytes:
    return body if isinstance(body, bytes) else str(body or "").encode()
