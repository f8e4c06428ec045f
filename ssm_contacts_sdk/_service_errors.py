"""The errors of a call: an error response of the service, or no response.

`ServiceError` is a subclass of botocore's `ClientError`, so code that catches that keeps working.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Union, cast

from attrs import frozen
from botocore.exceptions import ClientError

from ssm_contacts_sdk._errors import (
    Attempted,
    ContactsError,
    InvalidValueError,
    ResponseDecodeError,
)
from ssm_contacts_sdk._public import public

# Nine digits are some 30 years. Python does not convert thousands of digits.
_SECONDS = re.compile("[0-9]{1,9}")
# No phone number, e-mail address or sentence has this form, so such a code can be shown.
_CODE = re.compile("[A-Za-z][A-Za-z0-9.]*")


@public
class ServiceError(Attempted, ContactsError, ClientError):
    """The service responded with an error. The class itself is raised for an unknown code.

    Attributes:
        operation: AWS's name of the operation, such as ``CreateContact``.
        code: the code of the error, such as ``ConflictException``.
        message: the message of the service, without addresses, texts of pages, codes and tokens.
            All other attributes are redacted, too, except `response`.
        request_id: the id of the request, for AWS Support.
        http_status: the HTTP status: 400 for rejected requests, 5xx for failures of the service.
        attempts: the number of requests.
        idempotency_token: the idempotency token of all requests, if the operation has one.
        outcome_unknown: whether a request may have been carried out although the call failed, as
            after any 5xx. False for reads.
        response: the whole response as botocore parsed it. **Not** redacted.
    """

    _default_advice: ClassVar[str] = ""

    operation: str
    code: str
    message: str
    request_id: str | None
    http_status: int

    def __init__(
        self,
        response: Mapping[str, Any],
        operation: str,
        *,
        redact: Callable[[str], str] = str,
        message: str | None = None,
    ) -> None:
        error = _mapping(response.get("Error"))
        self.message = redact(_str(error.get("Message")) or "") if message is None else message
        ContactsError.__init__(self, self.message)
        self.response = response  # type: ignore[assignment]
        self.operation_name = self.operation = operation
        metadata = _mapping(response.get("ResponseMetadata"))
        code = _str(error.get("Code")) or "Unknown"
        self.code = code if code.isdecimal() or _CODE.fullmatch(code) else redact(code)
        self.request_id = _redacted(metadata.get("RequestId"), redact)
        self.http_status = _int(metadata.get("HTTPStatusCode")) or 0
        self.outcome_unknown: bool = self.http_status >= 500  # noqa: PLR2004 - HTTP's server errors
        self._read(response, redact)

    def _read(self, response: Mapping[str, Any], redact: Callable[[str], str]) -> None:
        """Read the members of the response that only this class has."""

    def _advice(self) -> str:
        """Return what to do, in a few words."""
        return self._default_advice

    def __str__(self) -> str:
        what = f"{self.code} (HTTP {self.http_status}){self._attempts_note()}: {self.message}"
        advice = f" [{self._advice()}]" if self._advice() else ""
        return f"{self.operation}: {what}{advice}{self._outcome_note()}"


@public
class AccessDeniedError(ServiceError):
    """The caller is not allowed to use this operation on this resource."""

    _default_advice = "allow the caller this operation's ssm-contacts action on this resource"


@public
class DataEncryptionError(ServiceError):
    """The service cannot use the KMS key that encrypts its data."""

    _default_advice = "check the KMS key of the replication set, and whether the caller may use it"


@public
@frozen
class DependentEntity:
    """Resources that depend on the resource in conflict, such as the rotations of a person."""

    relation_type: str
    """How they depend on it, in the service's words, such as ``rotation``."""
    dependent_resource_ids: tuple[str, ...]
    """Their ARNs."""

    def __str__(self) -> str:
        relation = f" ({self.relation_type})" if self.relation_type else ""
        return f"{', '.join(self.dependent_resource_ids)}{relation}"


@public
class ConflictError(ServiceError):
    """The alias or the token is in use already, or other resources depend on this one.

    Attributes:
        resource_id: the ARN of the resource in conflict: the one that exists already, or the one
            that others depend on.
        resource_type: its type, such as ``contact``.
        dependents: the other resources that depend on it, without the resource itself.
    """

    _default_advice = "the service does not report what is in conflict"

    resource_id: str | None
    resource_type: str | None
    dependents: tuple[DependentEntity, ...]

    def _advice(self) -> str:
        which = _resource_name(self)
        if self.dependents:
            users = ", ".join(map(str, self.dependents))
            return f"{which or 'the resource'} is used by {users}: change or delete these first"
        return f"the resource in conflict is {which}" if which else self._default_advice

    def _read(self, response: Mapping[str, Any], redact: Callable[[str], str]) -> None:
        _read_resource(self, response, redact)
        dependents = (
            DependentEntity(
                _redacted(entity.get("RelationType"), redact) or "",
                tuple(
                    each
                    for listed in _list(entity.get("DependentResourceIds"))
                    if (each := _redacted(listed, redact)) and each != self.resource_id
                ),
            )
            for entity in map(_mapping, _list(response.get("DependentEntities")))
        )
        self.dependents = tuple(each for each in dependents if each.dependent_resource_ids)


@public
class InternalServerError(ServiceError):
    """The service failed. The request may have been carried out.

    Attributes:
        retry_after: how many seconds to wait, if the service reports it.
    """

    retry_after: int | None

    def _advice(self) -> str:
        return _wait_note(self.retry_after)

    def _read(self, response: Mapping[str, Any], redact: Callable[[str], str]) -> None:
        self.retry_after = _seconds(response)


@public
class ResourceNotFoundError(ServiceError):
    """There is no resource with this ARN in this account and Region.

    For some operations on a missing rotation, the service responds with a ``ValidationException``.
    Then `code` and `message` are those of that exception.

    Attributes:
        resource_id: the ARN, if the service reports it or the request has a single one.
        resource_type: its type, such as ``contact``, if it is known.
    """

    _default_advice = "check the ARN, and the account and Region of the client"

    resource_id: str | None
    resource_type: str | None

    def _advice(self) -> str:
        which = _resource_name(self)
        return f"not found: {which}; {self._default_advice}" if which else self._default_advice

    def _read(self, response: Mapping[str, Any], redact: Callable[[str], str]) -> None:
        _read_resource(self, response, redact)


@public
class ServiceQuotaExceededError(ServiceError):
    """The request would exceed a quota of the account.

    Attributes:
        resource_id: the ARN of the resource that exceeds the quota, if the service reports it.
        resource_type: its type, if the service reports it.
        quota_code: the code of the quota in Service Quotas.
        service_code: the code of the service in Service Quotas.
    """

    resource_id: str | None
    resource_type: str | None
    quota_code: str | None
    service_code: str | None

    def _advice(self) -> str:
        which = _resource_name(self)
        over = f"over the quota: {which}; " if which else ""
        quota = _quota_name(self) or "the quota"
        return f"{over}delete what is no longer used, or ask Service Quotas to raise {quota}"

    def _read(self, response: Mapping[str, Any], redact: Callable[[str], str]) -> None:
        _read_resource(self, response, redact)
        _read_quota(self, response, redact)


@public
class ThrottlingError(ServiceError):
    """There are too many requests. The service did nothing.

    Attributes:
        retry_after: how many seconds to wait, if the service reports it.
        quota_code: the code of the rate quota in Service Quotas, if the service reports it.
        service_code: the code of the service in Service Quotas, if the service reports it.
    """

    _default_advice = "call less often, or wait longer with RetryPolicy(attempts=..., deadline=...)"

    retry_after: int | None
    quota_code: str | None
    service_code: str | None

    def _advice(self) -> str:
        rate = _quota_name(self)
        known = (
            _wait_note(self.retry_after),
            f"the rate is {rate}" if rate else "",
            self._default_advice,
        )
        return "; ".join(filter(None, known))

    def _read(self, response: Mapping[str, Any], redact: Callable[[str], str]) -> None:
        # The service did nothing, whatever the status is.
        self.outcome_unknown = False
        self.retry_after = _seconds(response)
        _read_quota(self, response, redact)


@public
@frozen
class InvalidField:
    """A member of the request that the service rejected, and why."""

    name: str
    """The member, in AWS's spelling."""
    message: str
    """Why the service rejected it; empty if the service does not report that."""


@public
class ValidationError(ServiceError):
    """The service rejected the request as invalid, or cannot read it.

    `code` is ``ValidationException``, or ``SerializationException`` if the service cannot read the
    request, for example because it has a str in place of an int. The latter has no `fields`.

    Attributes:
        reason: such as ``FIELD_VALIDATION_FAILED``, if the service reports it.
        fields: the members that the service rejects, if it reports them.
    """

    _default_advice = "change the request: repeating it does not help"

    reason: str | None
    fields: tuple[InvalidField, ...]

    def _advice(self) -> str:
        # The message often contains them already.
        fields = [
            f"{field.name}: {field.message}" if field.message else field.name
            for field in self.fields
            if (field.message or field.name) not in self.message
        ]
        return "; ".join([*fields, self._default_advice])

    def _read(self, response: Mapping[str, Any], redact: Callable[[str], str]) -> None:
        self.reason = _redacted(response.get("Reason"), redact)
        self.fields = tuple(
            InvalidField(
                _redacted(named.get("Name"), redact) or "",
                _redacted(named.get("Message"), redact) or "",
            )
            for named in map(_mapping, _list(response.get("Fields")))
        )


@public
class AccountNotOnboardedError(ValidationError):
    """Incident Manager was never set up in this account, so no call can succeed.

    The service is closed to new customers since 7 November 2025: only accounts that had a
    replication set by then can use it.
    """

    _default_advice = (
        "Incident Manager was never set up in this account and Region, and is closed to new "
        "customers since 7 November 2025: check the account of your credentials, or use "
        "ContactsClient.local()"
    )


@public
class TransportError(Attempted, ContactsError):
    """There is no response from the service.

    Attributes:
        operation: AWS's name of the operation.
        problem: what happened.
        attempts: the number of requests.
        idempotency_token: the idempotency token of all requests, if the operation has one.
        outcome_unknown: whether a request may have changed something.
    """

    operation: str
    problem: str

    def __init__(self, operation: str, problem: str, *, outcome_unknown: bool) -> None:
        super().__init__(problem)
        self.operation = operation
        self.problem = problem
        self.outcome_unknown = outcome_unknown

    def __str__(self) -> str:
        outcome = self._outcome_note() or " [nothing was changed]"
        return f"{self.operation}: no response{self._attempts_note()}: {self.problem}{outcome}"


def _mapping(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def _str(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _redacted(value: object, redact: Callable[[str], str]) -> str | None:
    """Return a str of the response, without the private values of the request that it repeats."""
    return redact(value) if isinstance(value, str) else None


_WithResource = Union[ConflictError, ResourceNotFoundError, ServiceQuotaExceededError]
_WithQuota = Union[ServiceQuotaExceededError, ThrottlingError]


def _read_resource(
    error: _WithResource, response: Mapping[str, Any], redact: Callable[[str], str]
) -> None:
    error.resource_id = _redacted(response.get("ResourceId"), redact)
    error.resource_type = _redacted(response.get("ResourceType"), redact)


def _read_quota(
    error: _WithQuota, response: Mapping[str, Any], redact: Callable[[str], str]
) -> None:
    error.quota_code = _redacted(response.get("QuotaCode"), redact)
    error.service_code = _redacted(response.get("ServiceCode"), redact)


def _resource_name(error: _WithResource) -> str:
    """Return the resource of an error, such as ``contact arn:...``; empty if it is unknown."""
    return " ".join(filter(None, (error.resource_type, error.resource_id)))


def _quota_name(error: _WithQuota) -> str:
    """Return the quota of an error, with its code; empty if it is unknown."""
    if error.quota_code is None:
        return ""
    return f"quota {error.quota_code}" + (f" of {error.service_code}" if error.service_code else "")


def _wait_note(seconds: int | None) -> str:
    return "" if seconds is None else f"wait {seconds} s"


def _int(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _seconds(response: Mapping[str, Any]) -> int | None:
    """Return how long to wait: from the body, or from the header to which AWS's model binds it."""
    seconds = _int(response.get("RetryAfterSeconds"))
    if seconds is None:
        headers = _mapping(_mapping(response.get("ResponseMetadata")).get("HTTPHeaders"))
        header = str(headers.get("retry-after", ""))
        seconds = int(header) if _SECONDS.fullmatch(header) else None
    return seconds if seconds is not None and seconds >= 0 else None


_CONCERN_ONE_RESOURCE = (
    AccessDeniedError,
    ConflictError,
    DataEncryptionError,
    ValidationError,
    # A response with one record that this package cannot read.
    ResponseDecodeError,
    # A plan can name a resource by the ARN of another kind, which is rejected before a request.
    InvalidValueError,
)


def concerns_one_resource(error: ContactsError) -> bool:
    """Return whether `error` means that one resource cannot be read, but others may be.

    The service denies access to the resource, cannot decrypt it, or cannot calculate its shifts.
    Throttling, failures of the service or the connection, invalid credentials, and an account
    without Incident Manager are different: they affect every further request as well.
    """
    return isinstance(error, _CONCERN_ONE_RESOURCE) and not isinstance(
        error, AccountNotOnboardedError
    )
