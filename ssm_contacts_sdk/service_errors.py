"""The errors of a call: the service said no, or there was no answer.

`ServiceError` is botocore's `ClientError` too, so code that catches that goes on working.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from attrs import frozen
from botocore.exceptions import ClientError

from ssm_contacts_sdk.errors import ContactsError


class ServiceError(ContactsError, ClientError):
    """The service answered with an error. A code that nobody has heard of is this class itself.

    Attributes:
        operation: AWS's name of the operation, such as ``CreateContact``.
        code: the service's own code, such as ``ConflictException``.
        message: the service's own words, less every address, message, code and token.
        request_id: what AWS's support asks for.
        http_status: 400 for every refusal by this service, 5xx when it failed.
        attempts: how many requests were sent.
        idempotency_token: the token that they carried, if the operation takes one.
        response: the whole answer as botocore read it. **Not** redacted.
    """

    advice: ClassVar[str] = ""

    operation: str
    code: str
    message: str
    request_id: str | None
    http_status: int
    attempts: int
    idempotency_token: str | None

    def __init__(self, response: Mapping[str, Any], operation: str, *, message: str) -> None:
        ContactsError.__init__(self, message)
        self.response = response  # type: ignore[assignment]
        self.operation_name = self.operation = operation
        metadata = _mapping(response.get("ResponseMetadata"))
        self.code = _text(_mapping(response.get("Error")).get("Code")) or "Unknown"
        self.message = message
        self.request_id = _text(metadata.get("RequestId"))
        self.http_status = _whole_number(metadata.get("HTTPStatusCode")) or 0
        self.attempts = 1
        self.idempotency_token = None
        self._read(response)

    def _read(self, answer: Mapping[str, Any]) -> None:
        """Take the members that only this kind of error has."""

    @property
    def may_have_been_done(self) -> bool:
        """Whether the request may have been carried out all the same: so after any 5xx."""
        return self.http_status >= 500  # noqa: PLR2004 - HTTP draws this line

    def __str__(self) -> str:
        tried = f" after {self.attempts} attempts" if self.attempts > 1 else ""
        text = f"{self.operation}: {self.code} (HTTP {self.http_status}){tried}: {self.message}"
        return f"{text} [{self.advice}]" if self.advice else text


class AccessDeniedError(ServiceError):
    """The caller may not do this."""

    advice = "grant the caller this operation's ssm-contacts action on this resource"


class DataEncryptionError(ServiceError):
    """The service could not use the KMS key that its data is encrypted with."""

    advice = "check the KMS key of the replication set, and that the caller may use it"


@frozen
class DependentEntity:
    """What stands in the way of a change, such as the rotations that a person is in."""

    relation_type: str
    dependent_resource_ids: tuple[str, ...]


class ConflictError(ServiceError):
    """The alias is taken, the token was used for something else, or others depend on this.

    Attributes:
        resource_id: the ARN of what is in the way.
        resource_type: its kind.
        dependents: the resources that depend on it.
    """

    advice = "look at .resource_id and .dependents for what is in the way"

    resource_id: str | None
    resource_type: str | None
    dependents: tuple[DependentEntity, ...]

    def _read(self, answer: Mapping[str, Any]) -> None:
        self.resource_id = _text(answer.get("ResourceId"))
        self.resource_type = _text(answer.get("ResourceType"))
        self.dependents = tuple(
            DependentEntity(
                _text(entity.get("RelationType")) or "",
                tuple(filter(None, map(_text, _list(entity.get("DependentResourceIds"))))),
            )
            for entity in map(_mapping, _list(answer.get("DependentEntities")))
        )


class InternalServerError(ServiceError):
    """The service failed; the request may have been carried out.

    Attributes:
        retry_after: the seconds that the service asks to wait, if it does.
    """

    advice = "look whether it was done before you repeat it"

    retry_after: int | None

    def _read(self, answer: Mapping[str, Any]) -> None:
        self.retry_after = _seconds(answer)


class ResourceNotFoundError(ServiceError):
    """There is nothing under this ARN in this account and Region.

    Attributes:
        resource_id: the ARN.
        resource_type: its kind.
    """

    advice = "check the ARN, and the account and Region of the client"

    resource_id: str | None
    resource_type: str | None

    def _read(self, answer: Mapping[str, Any]) -> None:
        self.resource_id = _text(answer.get("ResourceId"))
        self.resource_type = _text(answer.get("ResourceType"))


class ServiceQuotaExceededError(ServiceError):
    """A quota of the account is used up.

    Attributes:
        resource_id: the ARN of what would go over it, if the service says.
        resource_type: its kind, if the service says.
        quota_code: the quota, as Service Quotas names it.
        service_code: the service, as Service Quotas names it.
    """

    advice = "remove what is no longer used, or ask Service Quotas for more of .quota_code"

    resource_id: str | None
    resource_type: str | None
    quota_code: str | None
    service_code: str | None

    def _read(self, answer: Mapping[str, Any]) -> None:
        self.resource_id = _text(answer.get("ResourceId"))
        self.resource_type = _text(answer.get("ResourceType"))
        self.quota_code = _text(answer.get("QuotaCode"))
        self.service_code = _text(answer.get("ServiceCode"))


class ThrottlingError(ServiceError):
    """Too many requests; the service did nothing.

    Attributes:
        retry_after: the seconds that the service asks to wait, if it does.
        quota_code: the rate, as Service Quotas names it, if the service says.
        service_code: the service, as Service Quotas names it, if the service says.
    """

    advice = "call less often, or wait longer with RetryPolicy(deadline=...)"

    retry_after: int | None
    quota_code: str | None
    service_code: str | None

    def _read(self, answer: Mapping[str, Any]) -> None:
        self.retry_after = _seconds(answer)
        self.quota_code = _text(answer.get("QuotaCode"))
        self.service_code = _text(answer.get("ServiceCode"))


@frozen
class InvalidField:
    """A member of the request that the service refused, and why."""

    name: str
    message: str


class ValidationError(ServiceError):
    """The service refused the request as it stands.

    Attributes:
        reason: such as ``FIELD_VALIDATION_FAILED``, if the service says.
        fields: the members that it names, if it does.
    """

    advice = "change the request: repeating it cannot help"

    reason: str | None
    fields: tuple[InvalidField, ...]

    def _read(self, answer: Mapping[str, Any]) -> None:
        self.reason = _text(answer.get("Reason"))
        # The words of each field are put in by the translation, which knows what to redact.
        self.fields = tuple(
            InvalidField(_text(named.get("Name")) or "", _text(named.get("Message")) or "")
            for named in map(_mapping, _list(answer.get("Fields")))
        )


class AccountNotOnboardedError(ValidationError):
    """Incident Manager was never set up in this account, so no call can work.

    The service takes no new customers since 7 November 2025: only accounts that had a replication
    set by then can use it.
    """

    advice = (
        "Incident Manager was never set up in this account and Region, and takes no new customers "
        "since 7 November 2025: check the account of your credentials, or use "
        "ContactsClient.local()"
    )


class TransportError(ContactsError):
    """No answer came from the service.

    Attributes:
        operation: AWS's name of the operation.
        problem: what happened.
        attempts: how many requests were tried.
        idempotency_token: the token that they carried, if the operation takes one.
        may_have_been_done: False if none of the last request can have reached the service.
    """

    def __init__(self, operation: str, problem: str, *, may_have_been_done: bool) -> None:
        super().__init__(problem)
        self.operation = operation
        self.problem = problem
        self.may_have_been_done = may_have_been_done
        self.attempts = 1
        self.idempotency_token: str | None = None

    def __str__(self) -> str:
        tried = f" after {self.attempts} attempts" if self.attempts > 1 else ""
        fate = (
            "it may have been done: look before you repeat it"
            if self.may_have_been_done
            else "nothing was sent"
        )
        return f"{self.operation}: no answer{tried}: {self.problem} [{fate}]"


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _whole_number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _seconds(answer: Mapping[str, Any]) -> int | None:
    """What the service asks to wait: in the body, or in the header to which its model binds it."""
    seconds = _whole_number(answer.get("RetryAfterSeconds"))
    if seconds is None:
        headers = _mapping(_mapping(answer.get("ResponseMetadata")).get("HTTPHeaders"))
        header = str(headers.get("retry-after", ""))
        # At most a year's worth of digits: Python will not convert thousands of them.
        seconds = int(header) if header.isdecimal() and len(header) < 9 else None  # noqa: PLR2004
    return seconds if seconds is not None and seconds >= 0 else None
