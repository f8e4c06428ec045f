"""The errors of a call: the service said no, or there was no answer.

`ServiceError` is botocore's `ClientError` too, so code that catches that goes on working.
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

# Some decades' worth of digits: Python will not convert thousands of them.
_SECONDS = re.compile("[0-9]{1,9}")
# No phone number, address or sentence has this form, so such a code is shown as it is.
_CODE = re.compile("[A-Za-z][A-Za-z0-9.]*")


@public
class ServiceError(Attempted, ContactsError, ClientError):
    """The service answered with an error. A code that nobody has heard of is this class itself.

    Attributes:
        operation: AWS's name of the operation, such as ``CreateContact``.
        code: the service's own code, such as ``ConflictException``.
        message: the service's own words, less every address, message, code and token. This holds
            for all other attributes too, except `response`.
        request_id: what AWS's support asks for.
        http_status: 400 for every refusal by this service, 5xx when it failed.
        attempts: how many requests were sent.
        idempotency_token: the token that they carried, if the operation takes one.
        outcome_unknown: whether one of them may have been carried out all the same, as after
            any 5xx. False for reads.
        response: the whole answer as botocore read it. **Not** redacted.
    """

    advice: ClassVar[str] = ""

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
        self.message = redact(_text(error.get("Message")) or "") if message is None else message
        ContactsError.__init__(self, self.message)
        self.response = response  # type: ignore[assignment]
        self.operation_name = self.operation = operation
        metadata = _mapping(response.get("ResponseMetadata"))
        code = _text(error.get("Code")) or "Unknown"
        self.code = code if code.isdecimal() or _CODE.fullmatch(code) else redact(code)
        self.request_id = _said(metadata.get("RequestId"), redact)
        self.http_status = _whole_number(metadata.get("HTTPStatusCode")) or 0
        self.outcome_unknown = self.http_status >= 500  # noqa: PLR2004 - HTTP draws this line
        self._read(response, redact)

    def _read(self, answer: Mapping[str, Any], redact: Callable[[str], str]) -> None:
        """Take the members that only this kind of error has."""

    def _advice(self) -> str:
        """What to do about it, in a few words."""
        return self.advice

    def __str__(self) -> str:
        said = f"{self.code} (HTTP {self.http_status}){self._tried()}: {self.message}"
        advice = f" [{self._advice()}]" if self._advice() else ""
        return f"{self.operation}: {said}{advice}{self._doubt()}"


@public
class AccessDeniedError(ServiceError):
    """The caller may not do this."""

    advice = "grant the caller this operation's ssm-contacts action on this resource"


@public
class DataEncryptionError(ServiceError):
    """The service could not use the KMS key that its data is encrypted with."""

    advice = "check the KMS key of the replication set, and that the caller may use it"


@public
@frozen
class DependentEntity:
    """Resources that depend on the one in conflict, such as the rotations of a person."""

    relation_type: str
    dependent_resource_ids: tuple[str, ...]

    def __str__(self) -> str:
        relation = f" ({self.relation_type})" if self.relation_type else ""
        return f"{', '.join(self.dependent_resource_ids)}{relation}"


@public
class ConflictError(ServiceError):
    """The alias is taken, the token was used for something else, or others depend on this.

    Attributes:
        resource_id: the ARN of the resource in conflict: the one that exists already, or the one
            that others depend on.
        resource_type: its kind, such as ``contact``.
        dependents: the other resources that depend on it. The resource itself is never among them.
    """

    advice = "the service does not say what is in conflict"

    resource_id: str | None
    resource_type: str | None
    dependents: tuple[DependentEntity, ...]

    def _advice(self) -> str:
        which = _which(self)
        if self.dependents:
            users = ", ".join(map(str, self.dependents))
            return f"{which or 'the resource'} is used by {users}: change or delete these first"
        return f"the resource in conflict is {which}" if which else self.advice

    def _read(self, answer: Mapping[str, Any], redact: Callable[[str], str]) -> None:
        _read_resource(self, answer, redact)
        dependents = (
            DependentEntity(
                _said(entity.get("RelationType"), redact) or "",
                tuple(
                    each
                    for listed in _list(entity.get("DependentResourceIds"))
                    if (each := _said(listed, redact)) and each != self.resource_id
                ),
            )
            for entity in map(_mapping, _list(answer.get("DependentEntities")))
        )
        self.dependents = tuple(each for each in dependents if each.dependent_resource_ids)


@public
class InternalServerError(ServiceError):
    """The service failed; the request may have been carried out.

    Attributes:
        retry_after: the seconds that the service asks to wait, if it does.
    """

    retry_after: int | None

    def _advice(self) -> str:
        return _wait(self.retry_after)

    def _read(self, answer: Mapping[str, Any], redact: Callable[[str], str]) -> None:
        self.retry_after = _seconds(answer)


@public
class ResourceNotFoundError(ServiceError):
    """There is nothing under this ARN in this account and Region.

    The service says a ``ValidationException`` in some calls about a rotation that is not there;
    `code` and `message` are then that one's.

    Attributes:
        resource_id: the ARN, if the service reports it, or if only one can be meant.
        resource_type: its kind, such as ``contact``, if that is known.
    """

    advice = "check the ARN, and the account and Region of the client"

    resource_id: str | None
    resource_type: str | None

    def _advice(self) -> str:
        which = _which(self)
        return f"not found: {which}; {self.advice}" if which else self.advice

    def _read(self, answer: Mapping[str, Any], redact: Callable[[str], str]) -> None:
        _read_resource(self, answer, redact)


@public
class ServiceQuotaExceededError(ServiceError):
    """A quota of the account is used up.

    Attributes:
        resource_id: the ARN of what would go over it, if the service says.
        resource_type: its kind, if the service says.
        quota_code: the quota, as Service Quotas names it.
        service_code: the service, as Service Quotas names it.
    """

    resource_id: str | None
    resource_type: str | None
    quota_code: str | None
    service_code: str | None

    def _advice(self) -> str:
        which = _which(self)
        over = f"over the quota: {which}; " if which else ""
        quota = _quota(self) or "the quota"
        return f"{over}delete what is no longer used, or ask Service Quotas to raise {quota}"

    def _read(self, answer: Mapping[str, Any], redact: Callable[[str], str]) -> None:
        _read_resource(self, answer, redact)
        _read_quota(self, answer, redact)


@public
class ThrottlingError(ServiceError):
    """Too many requests; the service did nothing.

    Attributes:
        retry_after: the seconds that the service asks to wait, if it does.
        quota_code: the rate, as Service Quotas names it, if the service says.
        service_code: the service, as Service Quotas names it, if the service says.
    """

    advice = "call less often, or wait longer with RetryPolicy(attempts=..., deadline=...)"

    retry_after: int | None
    quota_code: str | None
    service_code: str | None

    def _advice(self) -> str:
        rate = _quota(self)
        known = (_wait(self.retry_after), f"the rate is {rate}" if rate else "", self.advice)
        return "; ".join(filter(None, known))

    def _read(self, answer: Mapping[str, Any], redact: Callable[[str], str]) -> None:
        # The service did nothing, whatever the status says.
        self.outcome_unknown = False
        self.retry_after = _seconds(answer)
        _read_quota(self, answer, redact)


@public
@frozen
class InvalidField:
    """A member of the request that the service refused, and why."""

    name: str
    message: str


@public
class ValidationError(ServiceError):
    """The service refused the request as it stands.

    `code` is ``ValidationException``, or ``SerializationException`` if the service could not read
    the request, such as a text where a number belongs; that one names no fields.

    Attributes:
        reason: such as ``FIELD_VALIDATION_FAILED``, if the service says.
        fields: the members that it names, if it does.
    """

    advice = "change the request: repeating it cannot help"

    reason: str | None
    fields: tuple[InvalidField, ...]

    def _advice(self) -> str:
        # Often the message has all of it, and it need not be read twice.
        fields = [
            f"{field.name}: {field.message}" if field.message else field.name
            for field in self.fields
            if (field.message or field.name) not in self.message
        ]
        return "; ".join([*fields, self.advice])

    def _read(self, answer: Mapping[str, Any], redact: Callable[[str], str]) -> None:
        self.reason = _said(answer.get("Reason"), redact)
        self.fields = tuple(
            InvalidField(
                _said(named.get("Name"), redact) or "", _said(named.get("Message"), redact) or ""
            )
            for named in map(_mapping, _list(answer.get("Fields")))
        )


@public
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


@public
class TransportError(Attempted, ContactsError):
    """No answer came from the service.

    Attributes:
        operation: AWS's name of the operation.
        problem: what happened.
        attempts: how many requests were tried.
        idempotency_token: the token that they carried, if the operation takes one.
        outcome_unknown: False if none of them can have changed anything.
    """

    operation: str
    problem: str

    def __init__(self, operation: str, problem: str, *, outcome_unknown: bool) -> None:
        super().__init__(problem)
        self.operation = operation
        self.problem = problem
        self.outcome_unknown = outcome_unknown

    def __str__(self) -> str:
        doubt = self._doubt() or " [nothing was changed]"
        return f"{self.operation}: no answer{self._tried()}: {self.problem}{doubt}"


def _mapping(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _said(value: object, redact: Callable[[str], str]) -> str | None:
    """A text of the service's, without what it repeats of the private values that were sent."""
    return redact(value) if isinstance(value, str) else None


_Resourceful = Union[ConflictError, ResourceNotFoundError, ServiceQuotaExceededError]
_Limited = Union[ServiceQuotaExceededError, ThrottlingError]


def _read_resource(
    error: _Resourceful, answer: Mapping[str, Any], redact: Callable[[str], str]
) -> None:
    error.resource_id = _said(answer.get("ResourceId"), redact)
    error.resource_type = _said(answer.get("ResourceType"), redact)


def _read_quota(error: _Limited, answer: Mapping[str, Any], redact: Callable[[str], str]) -> None:
    error.quota_code = _said(answer.get("QuotaCode"), redact)
    error.service_code = _said(answer.get("ServiceCode"), redact)


def _which(error: _Resourceful) -> str:
    """The resource that an error is about, such as ``contact arn:...``; empty if it is unknown."""
    return " ".join(filter(None, (error.resource_type, error.resource_id)))


def _quota(error: _Limited) -> str:
    """The quota as Service Quotas names it; empty if it is unknown."""
    if error.quota_code is None:
        return ""
    return f"quota {error.quota_code}" + (f" of {error.service_code}" if error.service_code else "")


def _wait(seconds: int | None) -> str:
    return "" if seconds is None else f"the service asks to wait {seconds} s"


def _whole_number(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _seconds(answer: Mapping[str, Any]) -> int | None:
    """What the service asks to wait: in the body, or in the header to which its model binds it."""
    seconds = _whole_number(answer.get("RetryAfterSeconds"))
    if seconds is None:
        headers = _mapping(_mapping(answer.get("ResponseMetadata")).get("HTTPHeaders"))
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
