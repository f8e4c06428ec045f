"""Errors of calls: which one is raised for an exception of botocore."""

from __future__ import annotations

import re
from collections.abc import Mapping

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    NoRegionError,
    ParamValidationError,
    ProfileNotFound,
)
from botocore.parsers import ResponseParserError

from ssm_contacts_sdk._configuration_errors import (
    CREDENTIALS_ERRORS,
    CREDENTIALS_MODULES,
    LOGIN_ERRORS,
    MODULES_OF_BOTOCORE,
    NO_RESPONSE,
    SET_CREDENTIALS,
    configuration_error,
    credentials_service_error,
    modules_of,
    provider_error,
    renewal_problem,
    with_cause,
)
from ssm_contacts_sdk._errors import (
    ConfigurationError,
    ContactsError,
    CredentialsError,
    InvalidValueError,
    ResponseDecodeError,
    Violation,
    ViolationCode,
)
from ssm_contacts_sdk._redaction import redactor, without_password
from ssm_contacts_sdk._service_errors import (
    AccessDeniedError,
    AccountNotOnboardedError,
    ConflictError,
    DataEncryptionError,
    InternalServerError,
    ResourceNotFoundError,
    ServiceError,
    ServiceQuotaExceededError,
    ThrottlingError,
    TransportError,
    ValidationError,
)

_CLASSES: Mapping[str, type[ServiceError]] = {
    "AccessDeniedException": AccessDeniedError,
    "ConflictException": ConflictError,
    "DataEncryptionException": DataEncryptionError,
    "InternalServerException": InternalServerError,
    "ResourceNotFoundException": ResourceNotFoundError,
    # A member has the wrong JSON type.
    "SerializationException": ValidationError,
    "ServiceQuotaExceededException": ServiceQuotaExceededError,
    "ThrottlingException": ThrottlingError,
    "ValidationException": ValidationError,
    # Responses of AWS's front ends, before the request reaches the service.
    "Throttling": ThrottlingError,
    "ThrottledException": ThrottlingError,
    "RequestLimitExceeded": ThrottlingError,
    "RequestThrottled": ThrottlingError,
    "RequestThrottledException": ThrottlingError,
    "TooManyRequestsException": ThrottlingError,
}
_REJECTED_CREDENTIALS = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "IncompleteSignatureException",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "RequestExpired",
        "RequestTimeTooSkewed",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
# AWS's message, as several tools report it that ran in such an account.
_NOT_ONBOARDED = "Account not found for the request"
# AWS's message for some operations on a missing rotation, in place of a ResourceNotFoundException.
_NO_SUCH_ROTATION = "Invalid resource Arn"
# The failures of proxies are not among them: the whole request may have been sent before.
_NEVER_SENT = (ConnectTimeoutError, EndpointConnectionError)
_NOT_TRUSTED = "CERTIFICATE_VERIFY_FAILED"
_TOO_MANY_REQUESTS, _SERVER_FAILED = 429, 500


def translate(error: Exception, operation: str, sent: Mapping[str, object]) -> ContactsError | None:
    """Return the error of this package for an exception that boto3 raised during a call.

    Its cause is set only if botocore's message cannot repeat the request. None is returned for an
    exception of other code, such as an event handler of the user.
    """
    if isinstance(error, ClientError):
        return _error_of_response(error, operation, sent)
    if isinstance(error, ParamValidationError):
        return InvalidValueError(operation, param_violations(str(error.kwargs.get("report", ""))))
    if isinstance(error, NO_RESPONSE):
        return _no_response_error(error, operation)
    if isinstance(error, BotoCoreError):
        return _call_configuration_error(error)
    return _python_error(error, operation)


def unreadable_response(operation: str, problem: str) -> ResponseDecodeError:
    """Return the error of a response that does not show the outcome of the request."""
    error = ResponseDecodeError(problem, operation=operation)
    error.outcome_unknown = True
    return error


def _call_configuration_error(error: BotoCoreError) -> ConfigurationError:
    kind = type(error).__name__
    known = isinstance(error, (*CREDENTIALS_ERRORS, NoRegionError, ProfileNotFound))
    if known or kind.startswith(LOGIN_ERRORS):
        return configuration_error(error)
    # The message of an unknown exception may contain values of the request.
    return ConfigurationError(
        f"boto3 cannot send this request ({kind}): check the settings of the client"
    )


def _python_error(error: Exception, operation: str) -> ContactsError | None:
    """Return the error for one of Python's own exceptions that botocore lets pass."""
    modules = modules_of(error)
    if isinstance(error, ResponseParserError) or "botocore.parsers" in modules:
        return unreadable_response(operation, "botocore cannot parse it")
    kind = type(error).__name__
    if "botocore.validate" in modules or "botocore.serialize" in modules:
        rule = f"cannot be sent ({kind})"
        return InvalidValueError(operation, [Violation("input", rule, "not_encodable")])
    if not CREDENTIALS_MODULES.isdisjoint(modules):
        return provider_error(error, modules)
    if not modules or not modules[-1].startswith(MODULES_OF_BOTOCORE):
        # An exception of other code, such as an event handler of the user.
        return None
    if "botocore.endpoint" in modules:
        return unreadable_response(operation, "botocore cannot parse it")
    return None


def param_violations(report: str) -> tuple[Violation, ...]:
    """Return the violations in botocore's report about a request, without the values.

    >>> param_violations('Missing required parameter in input: "Alias"')
    (Violation(path='input.Alias', rule='must be passed', code='missing'),)
    """
    lines = report.splitlines()
    found = tuple(violation for violation in map(_param_violation, lines) if violation)
    return found or (Violation("input", "must fit botocore's model of it", "wrong_format"),)


def _error_of_response(
    error: ClientError, operation: str, sent: Mapping[str, object]
) -> ContactsError:
    if error.operation_name != operation:
        return with_cause(credentials_service_error(error, operation), error)
    redact, code = redactor(sent), str(error.response.get("Error", {}).get("Code"))
    # botocore uses the HTTP status as the code if the response has none. Then the response does not
    # come from the service.
    is_foreign = code.isdecimal()
    message = _FOREIGN if is_foreign else None
    plain = ServiceError(error.response, operation, redact=redact, message=message)
    if code in _REJECTED_CREDENTIALS:
        return CredentialsError(
            f"{operation}: AWS rejects the credentials ({code}): "
            f"{SET_CREDENTIALS}; if they are right, check this machine's clock",
            operation=operation,
            code=code,
            request_id=plain.request_id,
        )
    kind = _CLASSES.get(code, ServiceError)
    if plain.http_status == _TOO_MANY_REQUESTS:
        kind = ThrottlingError
    elif is_foreign and plain.http_status >= _SERVER_FAILED:
        problem = f"a proxy or gateway responded with HTTP {plain.http_status}"
        return TransportError(operation, problem, outcome_unknown=True)
    elif kind is ValidationError and _NOT_ONBOARDED in str(error):
        kind = AccountNotOnboardedError
    elif kind is ValidationError and "Rotation" in operation and _NO_SUCH_ROTATION in str(error):
        kind = ResourceNotFoundError
    rejected = kind(error.response, operation, redact=redact, message=message)
    if isinstance(rejected, ResourceNotFoundError) and rejected.resource_id is None:
        _add_rotation(rejected, sent)
    return rejected


_FOREIGN = "a proxy or gateway responded in place of the service"


def _add_rotation(error: ResourceNotFoundError, sent: Mapping[str, object]) -> None:
    """Set which rotation is missing: a ``ValidationException`` has no member for it."""
    arn = sent.get("RotationId")
    if isinstance(arn, str) and arn.startswith("arn:"):
        error.resource_id, error.resource_type = arn, "rotation"


def _no_response_error(error: BotoCoreError, operation: str) -> ContactsError:
    kind, cause = type(error).__name__, error.kwargs.get("error")
    if _NOT_TRUSTED in str(error):
        return ConfigurationError(
            "the certificate of the endpoint is not trusted: check endpoint_url and AWS_CA_BUNDLE"
        )
    if type(error) is HTTPClientError and isinstance(cause, (OSError, ValueError)):
        # Its message may contain a header, and so a secret.
        return ConfigurationError(
            f"the request cannot be created ({type(cause).__name__}): check AWS_CA_BUNDLE, the "
            "proxy, and whether the credentials contain a character such as a line break"
        )
    problem = renewal_problem(error)
    if problem is None and isinstance(error, _NEVER_SENT):
        where = without_password(str(error.kwargs.get("endpoint_url")))
        problem = f"{where} cannot be reached ({kind}): check region_name and endpoint_url"
    if problem is None:
        failed = TransportError(operation, f"the response was lost ({kind})", outcome_unknown=True)
    else:
        failed = TransportError(operation, problem, outcome_unknown=False)
    return failed if type(error) is HTTPClientError else with_cause(failed, error)


_NAME = r"([A-Za-z][A-Za-z0-9_.\[\]]*)"
_MISSING = re.compile(rf'Missing required parameter in {_NAME}: "{_NAME}"')
_UNKNOWN = re.compile(rf'Unknown parameter in {_NAME}: "{_NAME}", must be one of: ([A-Za-z, ]*)')
_INVALID = re.compile(rf"Invalid (type|length|range) for parameter {_NAME}, value: ")


def _param_violation(line: str) -> Violation | None:
    if match := _MISSING.fullmatch(line):
        return Violation(f"{match[1]}.{match[2]}", "must be passed", "missing")
    if match := _UNKNOWN.fullmatch(line):
        rule = f"is unknown: must be one of {match[3]}"
        return Violation(f"{match[1]}.{match[2]}", rule, "unknown_choice")
    if match := _INVALID.match(line):
        code: ViolationCode = "wrong_type" if match[1] == "type" else "wrong_format"
        return Violation(match[2], f"must have a valid {match[1]}", code)
    return None
