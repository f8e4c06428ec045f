"""The ways in which requests come to the service."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Protocol, cast

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import EndpointConnectionError, ReadTimeoutError

from ssm_contacts_sdk.errors import ConfigurationError
from ssm_contacts_sdk.local.contract import SERVICE_NAME
from ssm_contacts_sdk.local.effects import AnswerLost, NeverArrived

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from botocore.awsrequest import AWSPreparedRequest
    from mypy_boto3_ssm_contacts import SSMContactsClient

    from ssm_contacts_sdk.local.answers import Answer

# The service's own event, not the general one: its handlers are asked before moto's, which
# answers whatever it does not know with a 404.
_EVENT = f"before-send.{SERVICE_NAME}"
_HANDLER_ID = "ssm_contacts_sdk.local"


class Core(Protocol):
    """What a door leads to."""

    def handle(self, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer one request."""
        ...


def open_in_process(client: SSMContactsClient, core: Core) -> None:
    """Let `core` answer what `client` would send; botocore still builds, signs and parses it."""
    if client.meta.service_model.service_name != SERVICE_NAME:
        text = f"A client of {client.meta.service_model.service_name} is none of {SERVICE_NAME}."
        raise ConfigurationError(text)

    def answer(request: AWSPreparedRequest, **_: object) -> AWSResponse:
        headers = {name: _text(value) for name, value in request.headers.items()}
        target = next((v for name, v in headers.items() if name.lower() == "x-amz-target"), "")
        url = str(request.url)
        try:
            answered = core.handle(target, headers, _bytes(request.body))
        except NeverArrived:
            raise EndpointConnectionError(endpoint_url=url, error="unreachable") from None
        except AnswerLost:
            raise ReadTimeoutError(endpoint_url=url) from None
        sent = HTTPHeaders.from_pairs(list(answered.headers.items()))
        return AWSResponse(url, answered.status, sent, Stream(answered.body))

    # The last service that a client is connected to is the one that answers.
    client.meta.events.unregister(_EVENT, unique_id=_HANDLER_ID)
    # The type that botocore's stubs ask for allows no answer, though this event wants one.
    handler = cast("Callable[..., None]", answer)
    client.meta.events.register(_EVENT, handler, unique_id=_HANDLER_ID)


class Stream(BytesIO):
    """What AWSResponse reads: urllib3's way to hand out a body in pieces."""

    def stream(self) -> Iterator[bytes]:
        yield self.read()


def _text(value: object) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _bytes(body: object) -> bytes:
    return body if isinstance(body, bytes) else str(body or "").encode()
