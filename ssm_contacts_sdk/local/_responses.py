"""What the service answers, before any transport carries it."""

import json
from collections.abc import Mapping
from typing import Protocol

from attrs import field, frozen

from ssm_contacts_sdk._public import public
from ssm_contacts_sdk.local._service_errors import ServiceErrorResponse

CONTENT_TYPE = "application/x-amz-json-1.1"


@public
@frozen
class Response:
    """An HTTP answer without HTTP. The body may hold addresses: `repr` leaves it out."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    delay: float = 0.0
    """The seconds that the door lets go by before it answers."""
    error: str | None = None
    """The code of the error that it tells of, if the service itself refused."""

    @classmethod
    def from_result(cls, members: Mapping[str, object], request_id: str) -> "Response":
        """The operation was carried out."""
        return cls(200, _headers(request_id), json.dumps(members).encode())

    @classmethod
    def from_error(cls, error: ServiceErrorResponse, request_id: str) -> "Response":
        """The operation was not carried out."""
        members = {"__type": error.code, "Message": error.message, **error.members}
        headers = {**_headers(request_id), **error.headers}
        body = json.dumps(members).encode()
        return cls(error.status, headers, body, error=error.code)


class RequestHandler(Protocol):
    """What requests are handed to."""

    def handle(self, target: str, headers: Mapping[str, str], body: bytes) -> Response:
        """Answer one request."""
        ...


def _headers(request_id: str) -> dict[str, str]:
    return {"x-amzn-RequestId": request_id, "Content-Type": CONTENT_TYPE}
