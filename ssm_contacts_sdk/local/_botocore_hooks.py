"""In-process requests: hooks on botocore's events that send them to the embedded service.

botocore still builds, signs and parses everything. Only the sending is replaced.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from threading import local
from typing import Any, Protocol, cast
from urllib.parse import urlsplit

from botocore import UNSIGNED
from botocore.awsrequest import AWSPreparedRequest, AWSRequest, AWSResponse
from botocore.client import BaseClient
from botocore.compat import HTTPHeaders
from botocore.config import Config
from botocore.exceptions import (
    ConnectionClosedError,
    EndpointConnectionError,
    ReadTimeoutError,
)
from botocore.hooks import BaseEventHooks
from botocore.session import Session

from ssm_contacts_sdk import _boto3_types as boto3_types
from ssm_contacts_sdk._botocore import is_asynchronous
from ssm_contacts_sdk._errors import ConfigurationError
from ssm_contacts_sdk._loader import SERVICE_NAME
from ssm_contacts_sdk._privacy import hides_arguments
from ssm_contacts_sdk.local._contract import contract
from ssm_contacts_sdk.local._effects import ConnectionReset, RequestLost, ResponseLost
from ssm_contacts_sdk.local._responses import RequestHandler
from ssm_contacts_sdk.local._sessions import new_session

CREATING_CLIENT = f"creating-client-class.{SERVICE_NAME}"
# The event of this service only. Its handlers run before those of moto, which listens to the
# general event and responds with a 404 to services that it does not know.
_BEFORE_SEND = f"before-send.{SERVICE_NAME}"
_REQUEST_CREATED = f"request-created.{SERVICE_NAME}"
_CHOOSE_SIGNER = f"choose-signer.{SERVICE_NAME}"
# Each event emitter has at most one handler with each of these ids.
_SEND_ID = "ssm_contacts_sdk.local responds"
_TIMEOUT_ID = "ssm_contacts_sdk.local records the timeout"
_SIGNER_ID = "ssm_contacts_sdk.local does not sign"
_BIND_ID = "ssm_contacts_sdk.local binds"
_ASYNCHRONOUS = (
    "in-process, the embedded service supports clients of boto3, but not the asynchronous clients "
    "of aioboto3 and aiobotocore: let these call it over HTTP (LocalService.serve)"
)


class InProcessHandler(RequestHandler, Protocol):
    """What responds to in-process requests."""

    def wait(self, seconds: float) -> None:
        """Move the service's clock forward."""
        ...


def new_boto3_client(region_name: str, **timeouts: float) -> boto3_types.SSMContactsClient:
    """Return a new boto3 client that does not depend on the machine's AWS settings.

    It does not retry, and has credentials that nothing checks.

    Args:
        region_name: the Region.
        timeouts: ``connect_timeout`` and ``read_timeout``, where botocore's defaults do not apply.
    """
    client = new_session().create_client(
        SERVICE_NAME,
        region_name=region_name,
        # In a repr or an error, this URL cannot be mistaken for AWS.
        endpoint_url="https://embedded.invalid",
        aws_access_key_id="local",
        aws_secret_access_key="local",  # noqa: S106 - nothing checks it
        config=Config(
            retries={"mode": "standard", "total_max_attempts": 1},
            max_pool_connections=64,
            # Nothing is sent, so the settings of the machine need not be searched for proxies.
            proxies={},
            user_agent_extra="lib/ssm_contacts_sdk.local",
            **timeouts,  # type: ignore[arg-type]
        ),
    )
    return cast("boto3_types.SSMContactsClient", client)


def connect(
    target: boto3_types.SSMContactsClient | boto3_types.Boto3Session | Session,
    handler: InProcessHandler,
) -> None:
    """Connect a client, or the clients that a session creates from now on, to `handler`.

    Clients of a session that have an endpoint of their own are not connected.

    Raises:
        ConfigurationError: the target is neither a client of ``ssm-contacts`` nor a session.
    """
    if is_asynchronous(target):
        raise ConfigurationError(_ASYNCHRONOUS)
    if isinstance(target, BaseClient):
        connect_client(target, handler)
        return
    events = getattr(target, "events", None)
    if isinstance(target, Session):
        events = target.get_component("event_emitter")
    if not isinstance(events, BaseEventHooks):
        kind = type(target).__name__
        raise ConfigurationError(f"target must be a client or a session of boto3 (got {kind})")

    def bind(base_classes: list[type], **_: object) -> None:
        bind_new_client(handler, base_classes)

    events.unregister(CREATING_CLIENT, unique_id=_BIND_ID)
    events.register(CREATING_CLIENT, bind, unique_id=_BIND_ID)


def connect_client(
    client: boto3_types.SSMContactsClient | BaseClient, handler: InProcessHandler
) -> None:
    """Send the requests of `client` to `handler`, in place of an earlier handler.

    Raises:
        ConfigurationError: the client is of another service.
    """
    service_name = client.meta.service_model.service_name
    if service_name != SERVICE_NAME:
        raise ConfigurationError(f"target must be a client of {SERVICE_NAME} (got {service_name})")
    # A client and its copies with other timeouts share their event handlers, and the event of
    # sending does not say which of them sends.
    thread = local()

    def record_timeout(request: AWSRequest, **_: object) -> None:
        thread.read_timeout = request.context["client_config"].read_timeout

    def send(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        return respond(request, handler, getattr(thread, "read_timeout", None))

    events = client.meta.events
    events.unregister(_REQUEST_CREATED, unique_id=_TIMEOUT_ID)
    events.register(_REQUEST_CREATED, record_timeout, unique_id=_TIMEOUT_ID)
    events.unregister(_BEFORE_SEND, unique_id=_SEND_ID)
    # The stubs of botocore allow handlers no result, but this event uses it as the response.
    send_handler = cast("Callable[..., None]", send)
    events.register(_BEFORE_SEND, send_handler, unique_id=_SEND_ID)


def bind_new_client(handler: InProcessHandler, base_classes: list[type]) -> None:
    """Connect a client to `handler` while botocore creates it.

    Args:
        handler: what responds to the client.
        base_classes: the base classes of the new client, from botocore's event.

    Raises:
        ConfigurationError: the client is an asynchronous one.
    """
    if any(map(is_asynchronous, base_classes)):
        raise ConfigurationError(_ASYNCHRONOUS)
    base_classes.insert(0, _connected_to(handler))


def _connected_to(handler: InProcessHandler) -> type[BaseClient]:
    """Return a base class whose clients are connected to `handler` from the beginning."""

    class Connected(BaseClient):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            if is_aws_endpoint(self.meta.endpoint_url):
                connect_client(self, handler)
                self.meta.events.register(_CHOOSE_SIGNER, _unsigned, unique_id=_SIGNER_ID)

    return Connected


def _unsigned(**_: object) -> Any:
    # Nothing checks the signature, so the client needs no credentials.
    return UNSIGNED


@hides_arguments
def respond(
    request: AWSPreparedRequest, handler: InProcessHandler, read_timeout: float | None
) -> AWSResponse:
    """Return the response of `handler` as botocore's HTTP session would.

    Raises:
        EndpointConnectionError: the request is lost.
        ReadTimeoutError: the response is lost, or delayed beyond `read_timeout`.
        ConnectionClosedError: the connection is reset.
    """
    headers = {name: _text(value) for name, value in request.headers.items()}
    target = next((v for name, v in headers.items() if name.lower() == "x-amz-target"), "")
    url = str(request.url)
    try:
        response = handler.handle(target, headers, _bytes(request.body))
    except RequestLost:
        raise EndpointConnectionError(endpoint_url=url, error="unreachable") from None
    except ResponseLost:
        raise ReadTimeoutError(endpoint_url=url) from None
    except ConnectionReset:
        raise ConnectionClosedError(endpoint_url=url, request=request, error="reset") from None
    _wait(handler, response.delay, read_timeout, url)
    sent = HTTPHeaders.from_pairs(list(response.headers.items()))
    return AWSResponse(url, response.status, sent, Stream(response.body))


def _wait(handler: InProcessHandler, seconds: float, read_timeout: float | None, url: str) -> None:
    if read_timeout is not None and seconds > read_timeout:
        handler.wait(read_timeout)
        raise ReadTimeoutError(endpoint_url=url)
    if seconds:
        handler.wait(seconds)


def is_aws_endpoint(url: str) -> bool:
    """Return whether an endpoint is AWS's own for this service, in any Region."""
    host = urlsplit(url).hostname or ""
    names = {SERVICE_NAME, f"{SERVICE_NAME}-fips"}
    return not names.isdisjoint(host.split(".")) and host.endswith(_aws_domains())


@cache
def _aws_domains() -> tuple[str, ...]:
    partitions = cast("dict[str, Any]", contract().loader.load_data("partitions"))
    outputs = [partition["outputs"] for partition in partitions["partitions"]]
    return tuple(
        f".{each[suffix]}" for each in outputs for suffix in ("dnsSuffix", "dualStackDnsSuffix")
    )


class Stream(BytesIO):
    """The body of a response, with the method of urllib3 that AWSResponse calls."""

    def stream(self) -> Iterator[bytes]:
        yield self.read()


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _bytes(body: object) -> bytes:
    return body if isinstance(body, bytes) else str(body or "").encode()
