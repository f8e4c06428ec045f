"""botocore's exceptions, told in our own family, with nothing in them that is private."""

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
    # A member of the wrong JSON type: as with any refused request, repeating it cannot help.
    "SerializationException": ValidationError,
    "ServiceQuotaExceededException": ServiceQuotaExceededError,
    "ThrottlingException": ThrottlingError,
    "ValidationException": ValidationError,
    # What AWS's front ends answer before the service is asked.
    "Throttling": ThrottlingError,
    "ThrottledException": ThrottlingError,
    "RequestLimitExceeded": ThrottlingError,
    "RequestThrottled": ThrottlingError,
    "RequestThrottledException": ThrottlingError,
    "TooManyRequestsException": ThrottlingError,
}
_REFUSED_CREDENTIALS = frozenset(
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
# AWS's own words, as several tools that ran in such an account report them.
_NOT_ONBOARDED = "Account not found for the request"
# Some calls about a rotation that is not there are refused so, and not with a not-found.
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
# By name: only newer botocore has the errors of `aws login`.
_LOGIN_ERRORS = "Login"
_SET_CREDENTIALS = (
    "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in (`aws sso login`)"
)

# Not a proxy's failure: it may come after the whole request has left.
_NEVER_SENT = (ConnectTimeoutError, EndpointConnectionError)
_NO_ANSWER = (HTTPClientError, NoConnectionError, IncompleteReadError)
_NOT_TRUSTED = "CERTIFICATE_VERIFY_FAILED"
_TOO_MANY_REQUESTS, _SERVER_FAILED = 429, 500


def translate(error: Exception, operation: str, sent: Mapping[str, object]) -> ContactsError | None:
    """What `error`, raised while boto3 made a call, is in our family.

    Its cause is set only where botocore's own text cannot repeat what was sent. None for what is
    nobody's to translate, such as the error of a user's own event handler.
    """
    if isinstance(error, ClientError):
        return _refused(error, operation, sent)
    if isinstance(error, ParamValidationError):
        return InvalidValueError(operation, param_violations(str(error.kwargs.get("report", ""))))
    if isinstance(error, _NO_ANSWER):
        return _unanswered(error, operation)
    if isinstance(error, BotoCoreError):
        return _misconfigured_call(error)
    return _stumbled(error, operation)


def unreadable(operation: str, problem: str) -> ResponseDecodeError:
    """An answer that tells nothing of what became of the request."""
    error = ResponseDecodeError(problem, operation=operation)
    error.outcome_unknown = True
    return error


_USER_OF_URL = re.compile(r"(?<=//)[^/\s\"']*@")


def without_password(text: str) -> str:
    """Return `text` without the user and password that a URL in it may have.

    >>> without_password("http://user:password@localhost:4583")
    'http://[redacted]@localhost:4583'
    """
    return _USER_OF_URL.sub("[redacted]@", text)


def _caused_by(cause: Exception, error: E) -> E:
    # The text of a cause cannot be changed.
    if without_password(str(cause)) == str(cause):
        error.__cause__ = cause
    return error


def _misconfigured_call(error: BotoCoreError) -> ConfigurationError:
    kind = type(error).__name__
    known = isinstance(error, (*_CREDENTIALS_ERRORS, NoRegionError, ProfileNotFound))
    if known or kind.startswith(_LOGIN_ERRORS):
        return misconfigured(error)
    # Of what is not known, the text may hold what was sent.
    return ConfigurationError(
        f"boto3 cannot make this call ({kind}): check how the client was made"
    )


def _stumbled(error: Exception, operation: str) -> ContactsError | None:
    """What a bare exception of Python's is that botocore let out."""
    rooms = _rooms(error)
    if isinstance(error, ResponseParserError) or "botocore.parsers" in rooms:
        return unreadable(operation, "botocore cannot parse it")
    kind = type(error).__name__
    if "botocore.validate" in rooms or "botocore.serialize" in rooms:
        return InvalidValueError(operation, [Violation("input", f"cannot be sent ({kind})")])
    if not rooms or not rooms[-1].startswith(_BOTOCORES_OWN):
        # A user's own event handler, for one.
        return None
    if not _CREDENTIALS_ROOMS.isdisjoint(rooms):
        return _broken_provider(error, rooms)
    if "botocore.endpoint" in rooms:
        return unreadable(operation, "botocore cannot parse it")
    return None


def _rooms(error: Exception) -> list[str]:
    """The names of the modules that an exception came through, the outermost first."""
    return [str(frame.f_globals.get("__name__")) for frame, _ in walk_tb(error.__traceback__)]


_CREDENTIALS_ROOMS = frozenset({"botocore.credentials", "botocore.tokens"})
# botocore itself, and what it reads the answers of credential providers with.
_BOTOCORES_OWN = ("botocore.", "dateutil.", "json", "six", "subprocess")


def _broken_provider(error: Exception, rooms: Sequence[str]) -> CredentialsError:
    """The error of a credential provider that raised an exception of Python's."""
    kind, provider = type(error).__name__, _provider(error)
    told = CredentialsError(
        f"boto3 cannot get credentials{_from(provider)} ({kind}): {_advice(provider)}"
    )
    if isinstance(error, RuntimeError) and rooms[-1] in _CREDENTIALS_ROOMS:
        # botocore raises one in a single place, after it has renewed credentials.
        told = CredentialsError(
            f"the AWS credentials{_from(provider)} are still expired after they were renewed: "
            f"{_advice(provider)}"
        )
    if isinstance(error, OSError) or not rooms[-1].startswith(_BOTOCORES_OWN):
        # It names a file or a program, or is of a provider of the user's own.
        _caused_by(error, told)
    # The text of any other may repeat what the provider gave, such as a secret.
    return told


def not_made(error: Exception) -> ConfigurationError:
    """What kept botocore from making a client.

    Its cause is set unless the text of `error` may repeat what a credential provider printed.
    """
    if isinstance(error, ConfigurationError):
        return error
    if isinstance(error, ClientError):
        return _caused_by(error, _refused_on_the_way(error, None))
    rooms = _rooms(error)
    of_provider = not _CREDENTIALS_ROOMS.isdisjoint(rooms)
    if of_provider and not isinstance(error, BotoCoreError):
        return _broken_provider(error, rooms)
    is_lost = of_provider and isinstance(error, _NO_ANSWER)
    told = _out_of_reach(error) if is_lost else misconfigured(error)
    # The text of this one has what a credential_process printed.
    return told if isinstance(error, CredentialRetrievalError) else _caused_by(error, told)


def _out_of_reach(error: Exception) -> CredentialsError:
    kind, provider = type(error).__name__, _provider(error)
    text = f"the AWS credentials{_from(provider)} are incomplete, expired or out of reach"
    return CredentialsError(f"{text} ({kind}): {_advice(provider)}")


def _provider(error: Exception) -> str | None:
    """Return botocore's name of the provider that failed, such as ``custom-process``, if known."""
    for frame, _ in reversed(list(walk_tb(error.__traceback__))):
        owner = frame.f_locals.get("self")
        name = getattr(owner, "METHOD", None)
        if name is None and frame.f_globals.get("__name__") in _CREDENTIALS_ROOMS:
            # Credentials that renew themselves keep the name of the provider that made them.
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
    """What kept botocore from making a client, or from signing a request with it."""
    kind = type(error).__name__
    if isinstance(error, NoCredentialsError):
        return CredentialsError(f"there are no AWS credentials: {_SET_CREDENTIALS}")
    if isinstance(error, _CREDENTIALS_ERRORS) or kind.startswith(_LOGIN_ERRORS):
        return _out_of_reach(error)
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
        f"boto3 cannot work with this configuration: {without_password(str(error))} ({kind}): "
        "check region_name, "
        "endpoint_url, and the files and AWS_ variables that boto3 reads"
    )


def param_violations(report: str) -> tuple[Violation, ...]:
    """What botocore's own check of a request found, without the values that it repeats.

    >>> found = param_violations('Missing required parameter in input: "Alias"')
    >>> [str(violation) for violation in found]
    ['input.Alias is missing']
    """
    found = tuple(violation for violation in map(_param_fault, report.splitlines()) if violation)
    return found or (Violation("input", "is not what this operation takes"),)


def redactor(sent: Mapping[str, object]) -> Callable[[str], str]:
    """A function that takes out of the service's words what it repeats of the private values sent.

    >>> redact = redactor({"DeliveryAddress": {"SimpleAddress": "+15005550199"}})
    >>> redact("ContactChannelAddress(simpleAddress=+15005550199) is invalid")
    'ContactChannelAddress(simpleAddress=[redacted]) is invalid'
    """
    spellings = {
        spelling
        for value in _private_values(sent)
        for spelling in (value, *(json.dumps(value, ensure_ascii=a)[1:-1] for a in (True, False)))
    }
    # The longest first: one may be a part of another. Short ones only as words of their own.
    patterns = [
        re.escape(text) if len(text) >= _SURE_LENGTH else rf"(?<!\w){re.escape(text)}(?!\w)"
        for text in sorted(spellings, key=len, reverse=True)
    ]
    private = re.compile("|".join([*patterns, r"(?<=simpleAddress=)[^)]*"]))
    return lambda text: private.sub("[redacted]", text)


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
                    # Of a telephone number, also without its plus.
                    yield value.lstrip("+")
            else:
                yield from _private_values(value)
    elif isinstance(sent, (list, tuple)):
        # botocore takes a tuple for a list.
        for item in cast("Iterable[object]", sent):
            yield from _private_values(item)


def _refused_on_the_way(error: ClientError, operation: str | None) -> CredentialsError:
    # boto3 asked another service, such as STS for fresh credentials.
    return CredentialsError(
        f"{error.operation_name}, by which boto3 gets credentials, was refused: {_SET_CREDENTIALS}",
        operation=operation,
    )


def _refused(error: ClientError, operation: str, sent: Mapping[str, object]) -> ContactsError:
    if error.operation_name != operation:
        return _caused_by(error, _refused_on_the_way(error, operation))
    redact, code = redactor(sent), str(error.response.get("Error", {}).get("Code"))
    # botocore takes the status for a code when the answer holds none: it is not the service's.
    foreign = code.isdecimal()
    own_words = _NOT_THE_SERVICES_WORDS if foreign else None
    plain = ServiceError(error.response, operation, redact=redact, message=own_words)
    if code in _REFUSED_CREDENTIALS:
        return CredentialsError(
            f"{operation}: AWS does not accept the credentials ({code}): "
            f"{_SET_CREDENTIALS}; if they are right, check this machine's clock",
            operation=operation,
            code=code,
            request_id=plain.request_id,
        )
    kind = _CLASSES.get(code, ServiceError)
    if plain.http_status == _TOO_MANY_REQUESTS:
        kind = ThrottlingError
    elif foreign and plain.http_status >= _SERVER_FAILED:
        problem = f"something on the way answered with HTTP {plain.http_status}"
        return TransportError(operation, problem, outcome_unknown=True)
    elif kind is ValidationError and _NOT_ONBOARDED in str(error):
        kind = AccountNotOnboardedError
    elif kind is ValidationError and "Rotation" in operation and _NO_SUCH_ROTATION in str(error):
        kind = ResourceNotFoundError
    refused = kind(error.response, operation, redact=redact, message=own_words)
    if isinstance(refused, ResourceNotFoundError) and refused.resource_id is None:
        _add_the_rotation(refused, sent)
    return refused


_NOT_THE_SERVICES_WORDS = "something on the way to the service answered in its place"


def _add_the_rotation(error: ResourceNotFoundError, sent: Mapping[str, object]) -> None:
    """Say which rotation is not there: a `ValidationException` has no member for that."""
    arn = sent.get("RotationId")
    if isinstance(arn, str) and arn.startswith("arn:"):
        error.resource_id, error.resource_type = arn, "rotation"


def _unanswered(error: BotoCoreError, operation: str) -> ContactsError:
    kind, cause = type(error).__name__, error.kwargs.get("error")
    if isinstance(error, _NEVER_SENT):
        where = without_password(str(error.kwargs.get("endpoint_url")))
        problem = f"{where} cannot be reached ({kind}): check region_name and endpoint_url"
        never = TransportError(operation, problem, outcome_unknown=False)
        return _caused_by(error, never)
    if _NOT_TRUSTED in str(error):
        return ConfigurationError(
            "the certificate of the endpoint is not trusted: check endpoint_url and AWS_CA_BUNDLE"
        )
    if type(error) is HTTPClientError and isinstance(cause, (OSError, ValueError)):
        # Its text may hold a header, and so a secret.
        return ConfigurationError(
            f"the request cannot be made ({type(cause).__name__}): check AWS_CA_BUNDLE, the proxy "
            "and the credentials for what has no place there, such as the end of a line"
        )
    lost = TransportError(operation, f"the answer was lost ({kind})", outcome_unknown=True)
    return lost if type(error) is HTTPClientError else _caused_by(error, lost)


_NAME = r"([A-Za-z][A-Za-z0-9_.\[\]]*)"
_MISSING = re.compile(rf'Missing required parameter in {_NAME}: "{_NAME}"')
_UNKNOWN = re.compile(rf'Unknown parameter in {_NAME}: "{_NAME}", must be one of: ([A-Za-z, ]*)')
_INVALID = re.compile(rf"Invalid (type|length|range) for parameter {_NAME}, value: ")


def _param_fault(line: str) -> Violation | None:
    if match := _MISSING.fullmatch(line):
        return Violation(f"{match[1]}.{match[2]}", "is missing")
    if match := _UNKNOWN.fullmatch(line):
        return Violation(f"{match[1]}.{match[2]}", f"is unknown: must be one of {match[3]}")
    if match := _INVALID.match(line):
        return Violation(match[2], f"has an invalid {match[1]}")
    return None
