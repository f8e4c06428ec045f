"""Which error of this package is raised for an exception of botocore, without private values."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from traceback import walk_tb
from typing import TypeVar, cast

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    EndpointConnectionError,
    HTTPClientError,
    IncompleteReadError,
    MetadataRetrievalError,
    NoAuthTokenError,
    NoCredentialsError,
    NoRegionError,
    ParamValidationError,
    PartialCredentialsError,
    ProfileNotFound,
    RefreshWithMFAUnsupportedError,
    SSOError,
    TokenRetrievalError,
    UnknownCredentialError,
)
from botocore.exceptions import ConnectionError as NoConnectionError
from botocore.parsers import ResponseParserError

from ssm_contacts_sdk._errors import (
    ConfigurationError,
    ContactsError,
    CredentialsError,
    InvalidValueError,
    ResponseDecodeError,
    Violation,
    ViolationCode,
)
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

E = TypeVar("E", bound=ContactsError)

_CLASSES: Mapping[str, type[ServiceError]] = {
    "AccessDeniedException": AccessDeniedError,
    "ConflictException": ConflictError,
    "DataEncryptionException": DataEncryptionError,
    "InternalServerException": InternalServerError,
    "ResourceNotFoundException": ResourceNotFoundError,
    # A member of the wrong JSON type.
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

_CREDENTIALS_ERRORS = (
    CredentialRetrievalError,
    MetadataRetrievalError,
    NoAuthTokenError,
    NoCredentialsError,
    PartialCredentialsError,
    RefreshWithMFAUnsupportedError,
    SSOError,
    TokenRetrievalError,
    UnknownCredentialError,
)
# A prefix of names: only newer versions of botocore have the errors of `aws login`.
_LOGIN_ERRORS = "Login"
_SET_CREDENTIALS = (
    "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in (`aws sso login`)"
)

# Without the failures of proxies: the whole request may have been sent before.
_NEVER_SENT = (ConnectTimeoutError, EndpointConnectionError)
_NO_RESPONSE = (HTTPClientError, NoConnectionError, IncompleteReadError)
_NOT_TRUSTED = "CERTIFICATE_VERIFY_FAILED"
_TOO_MANY_REQUESTS, _SERVER_FAILED = 429, 500


def translate(error: Exception, operation: str, sent: Mapping[str, object]) -> ContactsError | None:
    """Return the error of this package for an exception that boto3 raised during a call.

    Its cause is set only if botocore's message cannot repeat the request. None is returned for an
    exception of other code, such as an event handler of the user.
    """
    if isinstance(error, ClientError):
        return _rejected(error, operation, sent)
    if isinstance(error, ParamValidationError):
        return InvalidValueError(operation, param_violations(str(error.kwargs.get("report", ""))))
    if isinstance(error, _NO_RESPONSE):
        return _without_response(error, operation)
    if isinstance(error, BotoCoreError):
        return _misconfigured_call(error)
    return _python_error(error, operation)


def unreadable(operation: str, problem: str) -> ResponseDecodeError:
    """Return the error of a response that does not show the outcome of the request."""
    error = ResponseDecodeError(problem, operation=operation)
    error.outcome_unknown = True
    return error


_USER_OF_URL = re.compile(r"(?<=//)[^/\s\"']*@")


def without_password(text: str) -> str:
    """Return `text` without the users and passwords of the URLs in it.

    >>> without_password("http://user:password@localhost:4583")
    'http://[redacted]@localhost:4583'
    """
    return _USER_OF_URL.sub("[redacted]@", text)


def _caused_by(cause: Exception, error: E) -> E:
    # The message of a cause cannot be redacted.
    if without_password(str(cause)) == str(cause):
        error.__cause__ = cause
    return error


def _misconfigured_call(error: BotoCoreError) -> ConfigurationError:
    kind = type(error).__name__
    known = isinstance(error, (*_CREDENTIALS_ERRORS, NoRegionError, ProfileNotFound))
    if known or kind.startswith(_LOGIN_ERRORS):
        return misconfigured(error)
    # The message of an unknown exception may contain values of the request.
    return ConfigurationError(
        f"boto3 cannot send this request ({kind}): check the settings of the client"
    )


def _python_error(error: Exception, operation: str) -> ContactsError | None:
    """Return the error for one of Python's own exceptions that botocore lets pass."""
    modules = _modules(error)
    if isinstance(error, ResponseParserError) or "botocore.parsers" in modules:
        return unreadable(operation, "botocore cannot parse it")
    kind = type(error).__name__
    if "botocore.validate" in modules or "botocore.serialize" in modules:
        rule = f"cannot be sent ({kind})"
        return InvalidValueError(operation, [Violation("input", rule, "not_encodable")])
    if not modules or not modules[-1].startswith(_MODULES_OF_BOTOCORE):
        # For example, of an event handler of the user.
        return None
    if not _CREDENTIALS_MODULES.isdisjoint(modules):
        return _failed_provider(error, modules)
    if "botocore.endpoint" in modules:
        return unreadable(operation, "botocore cannot parse it")
    return None


def _modules(error: Exception) -> list[str]:
    """Return the names of the modules that an exception passed through, outermost first."""
    return [str(frame.f_globals.get("__name__")) for frame, _ in walk_tb(error.__traceback__)]


_CREDENTIALS_MODULES = frozenset({"botocore.credentials", "botocore.tokens"})
# botocore itself, and the modules with which it parses what credential providers return.
_MODULES_OF_BOTOCORE = ("botocore.", "dateutil.", "json", "six", "subprocess")


def _failed_provider(error: Exception, modules: Sequence[str]) -> CredentialsError:
    """Return the error for a credential provider that raised one of Python's own exceptions."""
    kind, provider = type(error).__name__, _provider(error)
    failed = CredentialsError(
        f"boto3 cannot get credentials{_from(provider)} ({kind}): {_advice(provider)}"
    )
    if isinstance(error, RuntimeError) and modules[-1] in _CREDENTIALS_MODULES:
        # botocore raises it in a single place, after it has renewed credentials.
        failed = CredentialsError(
            f"the AWS credentials{_from(provider)} are still expired after they were renewed: "
            f"{_advice(provider)}"
        )
    if isinstance(error, OSError) or not modules[-1].startswith(_MODULES_OF_BOTOCORE):
        # Its message names a file or a program, or it is raised by a provider of the user.
        _caused_by(error, failed)
    # Other messages may repeat what the provider returned, such as a secret.
    return failed


def not_created(error: Exception) -> ConfigurationError:
    """Return the error for an exception that boto3 raised while it created a client.

    Its cause is set unless the message of `error` may repeat what a credential provider returned.
    """
    if isinstance(error, ConfigurationError):
        return error
    if isinstance(error, ClientError):
        return _caused_by(error, _rejected_by_provider(error, None))
    modules = _modules(error)
    of_provider = not _CREDENTIALS_MODULES.isdisjoint(modules)
    if of_provider and not isinstance(error, BotoCoreError):
        return _failed_provider(error, modules)
    is_unavailable = of_provider and isinstance(error, _NO_RESPONSE)
    failed = _unavailable(error) if is_unavailable else misconfigured(error)
    # The message of this one contains the output of a credential_process.
    return failed if isinstance(error, CredentialRetrievalError) else _caused_by(error, failed)


def _unavailable(error: Exception) -> CredentialsError:
    kind, provider = type(error).__name__, _provider(error)
    problem = f"the AWS credentials{_from(provider)} are incomplete, expired or unavailable"
    return CredentialsError(f"{problem} ({kind}): {_advice(provider)}")


def _provider(error: Exception) -> str | None:
    """Return botocore's name of the failed provider, such as ``custom-process``, if it is known."""
    for frame, _ in reversed(list(walk_tb(error.__traceback__))):
        owner = frame.f_locals.get("self")
        name = getattr(owner, "METHOD", None)
        if name is None and frame.f_globals.get("__name__") in _CREDENTIALS_MODULES:
            # Credentials that are renewed have the name of their provider.
            name = getattr(owner, "method", None)
        if isinstance(name, str):
            return name
    return None


_PROCESS = "custom-process"


def _from(provider: str | None) -> str:
    if provider == _PROCESS:
        return " from the credential_process of the profile"
    return f" from {provider}" if provider else ""


def _advice(provider: str | None) -> str:
    if provider == _PROCESS:
        return (
            "run its command in a shell: it must exit with status 0 and print JSON with Version 1, "
            "AccessKeyId, SecretAccessKey and, if they expire, an Expiration in the future"
        )
    return _SET_CREDENTIALS


def misconfigured(error: Exception) -> ConfigurationError:
    """Return the error for a configuration with which boto3 cannot create a client or call."""
    kind = type(error).__name__
    if isinstance(error, NoCredentialsError):
        return CredentialsError(f"there are no AWS credentials: {_SET_CREDENTIALS}")
    if isinstance(error, _CREDENTIALS_ERRORS) or kind.startswith(_LOGIN_ERRORS):
        return _unavailable(error)
    if isinstance(error, NoRegionError):
        return ConfigurationError(
            "there is no Region: pass region_name=..., or set AWS_DEFAULT_REGION (boto3 does not "
            "read AWS_REGION) or the profile's region"
        )
    if isinstance(error, ProfileNotFound):
        return ConfigurationError(
            f"there is no AWS profile {error.kwargs.get('profile')!r}: pass profile_name=... or "
            "set AWS_PROFILE to one that `aws configure list-profiles` shows"
        )
    return ConfigurationError(
        f"boto3 cannot use this configuration: {without_password(str(error))} ({kind}): check "
        "region_name, endpoint_url, and the files and AWS_ variables that boto3 reads"
    )


def param_violations(report: str) -> tuple[Violation, ...]:
    """Return the violations in botocore's report about a request, without the values.

    >>> param_violations('Missing required parameter in input: "Alias"')
    (Violation(path='input.Alias', rule='must be passed', code='missing'),)
    """
    lines = report.splitlines()
    found = tuple(violation for violation in map(_param_violation, lines) if violation)
    return found or (Violation("input", "must fit botocore's model of it", "wrong_format"),)


def redactor(sent: Mapping[str, object]) -> Callable[[str], str]:
    """Return a function that removes the private values of a request from messages of the service.

    >>> redact = redactor({"DeliveryAddress": {"SimpleAddress": "+15005550199"}})
    >>> redact("ContactChannelAddress(simpleAddress=+15005550199) is invalid")
    'ContactChannelAddress(simpleAddress=[redacted]) is invalid'
    """
    spellings = {
        spelling
        for value in _private_values(sent)
        for spelling in (value, *(json.dumps(value, ensure_ascii=a)[1:-1] for a in (True, False)))
    }
    # The longest first, because one may be a part of another. Short ones only as whole words.
    patterns = [
        re.escape(value) if len(value) >= _SURE_LENGTH else rf"(?<!\w){re.escape(value)}(?!\w)"
        for value in sorted(spellings, key=len, reverse=True)
    ]
    private = re.compile("|".join([*patterns, r"(?<=simpleAddress=)[^)]*"]))
    return lambda message: private.sub("[redacted]", message)


_PRIVATE_MEMBERS = frozenset(
    {
        "AcceptCode",
        "ActivationCode",
        "Content",
        "IdempotencyToken",
        "Note",
        "PublicContent",
        "PublicSubject",
        "Reason",
        "SimpleAddress",
        "Subject",
    }
)
_SURE_LENGTH = 5


def _private_values(sent: object) -> Iterator[str]:
    if isinstance(sent, Mapping):
        for name, value in cast("Mapping[object, object]", sent).items():
            if name in _PRIVATE_MEMBERS and isinstance(value, str) and value:
                yield value
                if len(value) > _SURE_LENGTH:
                    # A phone number also without its plus sign.
                    yield value.lstrip("+")
            else:
                yield from _private_values(value)
    elif isinstance(sent, (list, tuple)):
        # botocore accepts a tuple as a list.
        for item in cast("Iterable[object]", sent):
            yield from _private_values(item)


def _rejected_by_provider(error: ClientError, operation: str | None) -> CredentialsError:
    # boto3 called another service, such as STS for new credentials.
    return CredentialsError(
        f"{error.operation_name}, which boto3 calls for credentials, failed: {_SET_CREDENTIALS}",
        operation=operation,
    )


def _rejected(error: ClientError, operation: str, sent: Mapping[str, object]) -> ContactsError:
    if error.operation_name != operation:
        return _caused_by(error, _rejected_by_provider(error, operation))
    redact, code = redactor(sent), str(error.response.get("Error", {}).get("Code"))
    # botocore uses the HTTP status as the code if the response has none: it is not the service's.
    is_foreign = code.isdecimal()
    message = _FOREIGN if is_foreign else None
    plain = ServiceError(error.response, operation, redact=redact, message=message)
    if code in _REJECTED_CREDENTIALS:
        return CredentialsError(
            f"{operation}: AWS rejects the credentials ({code}): "
            f"{_SET_CREDENTIALS}; if they are right, check this machine's clock",
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


def _without_response(error: BotoCoreError, operation: str) -> ContactsError:
    kind, cause = type(error).__name__, error.kwargs.get("error")
    if isinstance(error, _NEVER_SENT):
        where = without_password(str(error.kwargs.get("endpoint_url")))
        problem = f"{where} cannot be reached ({kind}): check region_name and endpoint_url"
        never_sent = TransportError(operation, problem, outcome_unknown=False)
        return _caused_by(error, never_sent)
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
    lost = TransportError(operation, f"the response was lost ({kind})", outcome_unknown=True)
    return lost if type(error) is HTTPClientError else _caused_by(error, lost)


_NAME = r"([A-Za-z][A-Za-z0-9_.\[\]]*)"
_MISSING = re.compile(rf'Missing required parameter in {_NAME}: "{_NAME}"')
_UNKNOWN = re.compile(rf'Unknown parameter in {_NAME}: "{_NAME}", must be one of: ([A-Za-z, ]*)')
_INVALID = re.compile(rf"Invalid (type|length|range) for parameter {_NAME}, value: ")


def _param_violation(line: str) -> Violation | None:
    if match := _MISSING.fullmatch(line):
        return Violation(f"{match[1]}.{match[2]}", "must be passed", "missing")
    if match := _UNKNOWN.fullmatch(line):
        return Violation(f"{match[1]}.{match[2]}", f"must be one of {match[3]}", "unknown_choice")
    if match := _INVALID.match(line):
        code: ViolationCode = "wrong_type" if match[1] == "type" else "wrong_format"
        return Violation(match[2], f"must have a valid {match[1]}", code)
    return None
