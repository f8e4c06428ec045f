"""The service's ways to say no.

Messages are in our own words, except for the few texts that AWS is known to send. Where AWS does
not say which error it answers with, the function that makes it says what we assume.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from traceback import extract_tb
from typing import Any

from ssm_contacts_sdk._errors import StateFileError
from ssm_contacts_sdk.local._arns import resource_type
from ssm_contacts_sdk.local._assumptions import Assumptions
from ssm_contacts_sdk.local._quotas import SERVICE_CODE
from ssm_contacts_sdk.local._validation import Findings, Violation, kind_of


class ServiceErrorResponse(Exception):
    """An error answer, raised by whoever finds the reason for it."""

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


def serialization_error(detail: str) -> ServiceErrorResponse:
    """The body is no JSON object, or not one that the operation can read."""
    return ServiceErrorResponse("SerializationException", detail)


def not_written(error: StateFileError) -> ServiceErrorResponse:
    """What the request changed could not be written to the state file, so it is undone."""
    detail = f"The request was not carried out because of the state file: {error.problem}."
    return ServiceErrorResponse("InternalServerException", detail, status=500)


def unknown_operation(detail: str) -> ServiceErrorResponse:
    """The target names nothing that this service does."""
    return ServiceErrorResponse("UnknownOperationException", detail)


def validation_error(detail: str) -> ServiceErrorResponse:
    """A rule of the service is broken, beyond what the shapes of its model can say.

    Our assumption: the reason is OTHER, and no fields are named.
    """
    return ServiceErrorResponse(
        "ValidationException", f"Invalid value provided - {detail}", {"Reason": "OTHER"}
    )


def wrong_code(assumptions: Assumptions, detail: str) -> ServiceErrorResponse:
    """A code is not the one that was sent. The text must not repeat it: it may be right elsewhere.

    It is one of our assumptions which error that is.
    """
    if assumptions.wrong_code == "AccessDeniedException":
        return ServiceErrorResponse("AccessDeniedException", detail)
    return validation_error(detail)


def check_window(asked: Mapping[str, Any]) -> None:
    """Refuse a time that does not end after it starts (our assumption)."""
    if asked["EndTime"] <= asked["StartTime"]:
        raise validation_error("EndTime must be after StartTime")


def wrong_type(violation: Violation) -> ServiceErrorResponse:
    """A member of the body is of another JSON type than in the model.

    AWS's JSON services answer so before they look at anything else. Our assumption: the text.
    """
    rule = violation.rule.removeprefix("Member ")
    return serialization_error(f"{violation.place}: {rule} (got {kind_of(violation.value)})")


def malformed(found: Findings) -> ServiceErrorResponse:
    """The body breaks the shapes of the model, here with what breaks them.

    Our assumptions: each violation is a field as well, and of very many only the first ones are
    listed. AWS is not known to have a limit.
    """
    count, listed = found.count, found.violations
    told = "; ".join(violation.message for violation in listed)
    more = f"; and {count - len(listed)} more" if count > len(listed) else ""
    return ServiceErrorResponse(
        "ValidationException",
        f"{count} validation error{'s' if count > 1 else ''} detected: {told}{more}",
        {
            "Reason": "FIELD_VALIDATION_FAILED",
            "Fields": [
                {"Name": violation.member, "Message": violation.rule} for violation in listed
            ],
        },
    )


def not_found(name: str, kind: str) -> ServiceErrorResponse:
    """There is no resource with this ARN or id in this account and Region."""
    return ServiceErrorResponse(
        "ResourceNotFoundException",
        f"No {kind} has this name in this account and Region.",
        {"ResourceId": name, "ResourceType": kind},
    )


def conflict(message: str, arn: str) -> ServiceErrorResponse:
    """What is asked for does not go together with the resource `arn`."""
    members = {"ResourceId": arn, "ResourceType": resource_type(arn)}
    return ServiceErrorResponse("ConflictException", message, members)


def in_use(arn: str, dependents: Sequence[str]) -> ServiceErrorResponse:
    """The resource `arn` cannot go, because `dependents`, all of one type, need it.

    Our assumption: what relates them to it is called as they are, such as ``rotation``.
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
    """The account would have more than it may."""
    members = {"QuotaCode": quota_code, "ServiceCode": SERVICE_CODE}
    return ServiceErrorResponse("ServiceQuotaExceededException", message, members)


def internal_server_error(error: Exception) -> ServiceErrorResponse:
    """A mistake in the service itself. Where it is, but not its text, which may be private."""
    place = extract_tb(error.__traceback__)[-1]
    where = f"{type(error).__name__} in {Path(place.filename).name}, line {place.lineno}"
    detail = f"The local service has made a mistake: {where}."
    return ServiceErrorResponse("InternalServerException", detail, status=500)
