"""Errors of configurations and credentials: which one is raised for an exception of botocore."""

from __future__ import annotations

from collections.abc import Sequence
from traceback import walk_tb
from typing import TypeVar

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    HTTPClientError,
    IncompleteReadError,
    MetadataRetrievalError,
    NoAuthTokenError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
    RefreshWithMFAUnsupportedError,
    SSOError,
    TokenRetrievalError,
    UnknownCredentialError,
)
from botocore.exceptions import ConnectionError as BotocoreConnectionError

from ssm_contacts_sdk._errors import ConfigurationError, ContactsError, CredentialsError
from ssm_contacts_sdk._redaction import without_password

E = TypeVar("E", bound=ContactsError)

CREDENTIALS_ERRORS = (
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
LOGIN_ERRORS = "Login"
SET_CREDENTIALS = (
    "set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in (`aws sso login`)"
)

NO_RESPONSE = (HTTPClientError, BotocoreConnectionError, IncompleteReadError)


def with_cause(error: E, cause: Exception) -> E:
    """Set the cause of `error`, unless the cause's message has a password, and return `error`."""
    # The message of a cause cannot be redacted.
    if without_password(str(cause)) == str(cause):
        error.__cause__ = cause
    return error


def modules_of(error: Exception) -> list[str]:
    """Return the names of the modules that an exception passed through, outermost first."""
    return [str(frame.f_globals.get("__name__")) for frame, _ in walk_tb(error.__traceback__)]


CREDENTIALS_MODULES = frozenset({"botocore.credentials", "botocore.tokens"})
# botocore itself, and the modules with which it parses what credential providers return.
MODULES_OF_BOTOCORE = ("botocore.", "dateutil.", "json", "six", "subprocess")


def provider_error(error: Exception, modules: Sequence[str]) -> CredentialsError:
    """Return the error for a credential provider that raised one of Python's own exceptions."""
    kind, provider = type(error).__name__, _provider(error)
    failed = CredentialsError(
        f"boto3 cannot get credentials{_from(provider)} ({kind}): {_advice(provider)}"
    )
    if isinstance(error, RuntimeError) and modules[-1] in CREDENTIALS_MODULES:
        # botocore raises a RuntimeError only if credentials are expired after it has renewed them.
        failed = CredentialsError(
            f"the AWS credentials{_from(provider)} are still expired after they were renewed: "
            f"{_advice(provider)}"
        )
    if isinstance(error, OSError) or not modules[-1].startswith(MODULES_OF_BOTOCORE):
        # Its message contains the name of a file or program, or a provider of the user raised it.
        with_cause(failed, error)
    # Other messages may repeat what the provider returned, such as a secret.
    return failed


def renewal_problem(error: Exception) -> str | None:
    """Return what failed if boto3 was renewing credentials, and not sending the request itself."""
    if CREDENTIALS_MODULES.isdisjoint(modules_of(error)):
        return None
    credentials = f"the AWS credentials{_from(_provider(error))}"
    return f"{credentials} cannot be renewed ({type(error).__name__})"


def creation_error(error: Exception) -> ConfigurationError:
    """Return the error for an exception that boto3 raised while it created a client.

    Its cause is set unless the message of `error` may repeat what a credential provider returned.
    """
    if isinstance(error, ConfigurationError):
        return error
    if isinstance(error, ClientError):
        return with_cause(credentials_service_error(error, None), error)
    modules = modules_of(error)
    of_provider = not CREDENTIALS_MODULES.isdisjoint(modules)
    if of_provider and not isinstance(error, BotoCoreError):
        return provider_error(error, modules)
    is_unavailable = of_provider and isinstance(error, NO_RESPONSE)
    failed = _unavailable(error) if is_unavailable else configuration_error(error)
    # The message of this one contains the output of a credential_process.
    return failed if isinstance(error, CredentialRetrievalError) else with_cause(failed, error)


def _unavailable(error: Exception) -> CredentialsError:
    kind, provider = type(error).__name__, _provider(error)
    problem = f"the AWS credentials{_from(provider)} are incomplete, expired or unavailable"
    return CredentialsError(f"{problem} ({kind}): {_advice(provider)}")


def _provider(error: Exception) -> str | None:
    """Return botocore's name of the failed provider, such as ``custom-process``, if it is known."""
    for frame, _ in reversed(list(walk_tb(error.__traceback__))):
        owner = frame.f_locals.get("self")
        name = getattr(owner, "METHOD", None)
        if name is None and frame.f_globals.get("__name__") in CREDENTIALS_MODULES:
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
    return SET_CREDENTIALS


def configuration_error(error: Exception) -> ConfigurationError:
    """Return the error for a configuration with which boto3 cannot create a client or call."""
    kind = type(error).__name__
    if isinstance(error, NoCredentialsError):
        return CredentialsError(f"there are no AWS credentials: {SET_CREDENTIALS}")
    if isinstance(error, CREDENTIALS_ERRORS) or kind.startswith(LOGIN_ERRORS):
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


def credentials_service_error(error: ClientError, operation: str | None) -> CredentialsError:
    """Return the error for an error response of another service, such as STS, for credentials."""
    return CredentialsError(
        f"{error.operation_name}, which boto3 calls for credentials, failed: {SET_CREDENTIALS}",
        operation=operation,
    )
