"""Responses of the service, and the errors among them, before a transport sends them.

The messages of errors are ours, except for the few that AWS is known to send. Where AWS does not
document which error it returns, the docstring of the function states our assumption.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from traceback import extract_tb
from typing import Any, Protocol

from attrs import field, frozen

from ssm_contacts_sdk._errors import StateFileError
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk.local._assumptions import Assumptions
from ssm_contacts_sdk.local._ids import resource_type
from ssm_contacts_sdk.local._limits import SERVICE_CODE
from ssm_contacts_sdk.local._validation import ConstraintViolation, Violations, json_type

CONTENT_TYPE = "application/x-amz-json-1.1"


class ServiceErrorResponse(Exception):
    """An error that the service responds with: raised where a request must be rejected."""

    def __init__(
        self,
        code: str,
        message: str,
        members: Mapping[str, object] | None = None,
        *,
        status: int = 400,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.members: Mapping[str, object] = {} if members is None else members
        self.status = status
        self.headers: Mapping[str, str] = {} if headers is None else headers


@public
@frozen
class Response:
    """An HTTP response of the service, from `LocalService.handle`.

    Its `repr` omits the body, which may contain addresses.
    """

    status: int
    """The HTTP status."""
    headers: Mapping[str, str]
    """The headers, by their names as they are sent."""
    body: bytes = field(repr=False)
    """The body: JSON, unless a fault replaced it."""
    delay: float = 0.0
    """The seconds for which the transport delays the response."""
    error: str | None = None
    """The code of the error, if the service itself rejected the request."""

    @classmethod
    def from_result(cls, members: Mapping[str, object], request_id: str) -> "Response":
        """Return the response to a request that was carried out."""
        return cls(200, _headers(request_id), json.dumps(members).encode())


def error_response(error: ServiceErrorResponse, request_id: str) -> Response:
    """Return the response to a request that was rejected."""
    members = {"__type": error.code, "Message": error.message, **error.members}
    headers = {**_headers(request_id), **error.headers}
    return Response(error.status, headers, json.dumps(members).encode(), error=error.code)


class RequestHandler(Protocol):
    """What a transport passes requests to."""

    def handle(self, target: str, headers: Mapping[str, str], body: bytes) -> Response:
        """Return the response to one request."""
        ...


def serialization_error(detail: str) -> ServiceErrorResponse:
    """Return the error for a body that is not the JSON object which the operation expects."""
    return ServiceErrorResponse("SerializationException", detail)


def not_written(error: StateFileError) -> ServiceErrorResponse:
    """Return the error for a request that was undone because the state file cannot be written."""
    detail = f"The request was not carried out because of the state file: {error.problem}."
    return ServiceErrorResponse("InternalServerException", detail, status=500)


def unknown_operation(detail: str) -> ServiceErrorResponse:
    """Return the error for a target that names no operation."""
    return ServiceErrorResponse("UnknownOperationException", detail)


def validation_error(detail: str) -> ServiceErrorResponse:
    """Return the error for a rule of the service that its model does not contain.

    Our assumption: the reason is OTHER, and no fields are named.
    """
    return ServiceErrorResponse(
        "ValidationException", f"Invalid value provided - {detail}", {"Reason": "OTHER"}
    )


def wrong_code(assumptions: Assumptions, detail: str) -> ServiceErrorResponse:
    """Return the error for a wrong code; which error that is, is one of our assumptions.

    The message must not contain the code, which may be the right one for another channel.
    """
    if assumptions.wrong_code == "AccessDeniedException":
        return ServiceErrorResponse("AccessDeniedException", detail)
    return validation_error(detail)


def check_window(members: Mapping[str, Any]) -> None:
    """Reject an EndTime that is not after the StartTime (our assumption)."""
    if members["EndTime"] <= members["StartTime"]:
        raise validation_error("EndTime must be after StartTime")


def wrong_type(violation: ConstraintViolation) -> ServiceErrorResponse:
    """Return the error for a member whose JSON type differs from the model's.

    AWS's JSON services check the types before anything else. Our assumption: the message.
    """
    rule = violation.rule.removeprefix("Member ")
    kind = json_type(violation.value)
    return serialization_error(f"{violation.python_path}: {rule} (got {kind})")


def constraint_error(violations: Violations) -> ServiceErrorResponse:
    """Return the error for a request that violates constraints of the model.

    Our assumptions: each violation is one of the fields, and only the first violations are listed.
    AWS is not known to have a limit.
    """
    count, listed = violations.count, violations.kept
    messages = "; ".join(violation.message for violation in listed)
    more = f"; and {count - len(listed)} more" if count > len(listed) else ""
    return ServiceErrorResponse(
        "ValidationException",
        f"{count} validation error{'s' if count > 1 else ''} detected: {messages}{more}",
        {
            "Reason": "FIELD_VALIDATION_FAILED",
            "Fields": [
                {"Name": violation.member, "Message": violation.rule} for violation in listed
            ],
        },
    )


def not_found(name: str, kind: str) -> ServiceErrorResponse:
    """Return the error for an ARN or id that names no resource of this account and Region."""
    return ServiceErrorResponse(
        "ResourceNotFoundException",
        f"No {kind} has this name in this account and Region.",
        {"ResourceId": name, "ResourceType": kind},
    )


def conflict(message: str, arn: str) -> ServiceErrorResponse:
    """Return the error for a request that conflicts with the resource `arn`."""
    members = {"ResourceId": arn, "ResourceType": resource_type(arn)}
    return ServiceErrorResponse("ConflictException", message, members)


def in_use(arn: str, dependents: Sequence[str]) -> ServiceErrorResponse:
    """Return the error for the deletion of a resource that `dependents`, of one type, need.

    Our assumption: the RelationType is the type of the dependents, such as ``rotation``.
    """
    members = {
        "ResourceId": arn,
        "ResourceType": resource_type(arn),
        "DependentEntities": [
            {
                "RelationType": resource_type(dependents[0]),
                "DependentResourceIds": list(dependents),
            }
        ],
    }
    return ServiceErrorResponse("ConflictException", "The resource is in use.", members)


def quota_exceeded(message: str, quota_code: str) -> ServiceErrorResponse:
    """Return the error for a request that would exceed a quota."""
    members = {"QuotaCode": quota_code, "ServiceCode": SERVICE_CODE}
    return ServiceErrorResponse("ServiceQuotaExceededException", message, members)


def internal_server_error(error: Exception) -> ServiceErrorResponse:
    """Return the error for a bug of the service, with its place.

    The text of the exception is left out, because it may contain private values.
    """
    place = extract_tb(error.__traceback__)[-1]
    where = f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}"
    detail = f"The embedded service has a bug: {where}."
    return ServiceErrorResponse("InternalServerException", detail, status=500)


def _headers(request_id: str) -> dict[str, str]:
    return {"x-amzn-RequestId": request_id, "Content-Type": CONTENT_TYPE}
