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
from botocore.exceptions import ConnectionError as NoConnectionError

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

NO_RESPONSE = (HTTPClientError, NoConnectionError, IncompleteReadError)


def caused_by(cause: Exception, error: E) -> E:
    """Set the cause of `error`, unless its message contains a password, and return `error`."""
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


def failed_provider(error: Exception, modules: Sequence[str]) -> CredentialsError:
    """Return the error for a credential provider that raised one of Python's own exceptions."""
    kind, provider = type(error).__name__, _provider(error)
    failed = CredentialsError(
        f"boto3 cannot get credentials{_from(provider)} ({kind}): {_advice(provider)}"
    )
    if isinstance(error, RuntimeError) and modules[-1] in CREDENTIALS_MODULES:
        # botocore raises it in a single place, after it has renewed credentials.
        failed = CredentialsError(
            f"the AWS credentials{_from(provider)} are still expired after they were renewed: "
            f"{_advice(provider)}"
        )
    if isinstance(error, OSError) or not modules[-1].startswith(MODULES_OF_BOTOCORE):
        # Its message names a file or a program, or it is raised by a provider of the user.
        caused_by(error, failed)
    # Other messages may repeat what the provider returned, such as a secret.
    return failed


def not_created(error: Exception) -> ConfigurationError:
    """Return the error for an exception that boto3 raised while it created a client.

    Its cause is set unless the message of `error` may repeat what a credential provider returned.
    """
    if isinstance(error, ConfigurationError):
        return error
    if isinstance(error, ClientError):
        return caused_by(error, rejected_by_provider(error, None))
    modules = modules_of(error)
    of_provider = not CREDENTIALS_MODULES.isdisjoint(modules)
    if of_provider and not isinstance(error, BotoCoreError):
        return failed_provider(error, modules)
    is_unavailable = of_provider and isinstance(error, NO_RESPONSE)
    failed = _unavailable(error) if is_unavailable else misconfigured(error)
    # The message of this one contains the output of a credential_process.
    return failed if isinstance(error, CredentialRetrievalError) else caused_by(error, failed)


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


def misconfigured(error: Exception) -> ConfigurationError:
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


def rejected_by_provider(error: ClientError, operation: str | None) -> CredentialsError:
    """Return the error for an error response of another service to a credential provider."""
    # boto3 called another service, such as STS for new credentials.
    return CredentialsError(
        f"{error.operation_name}, which boto3 calls for credentials, failed: {SET_CREDENTIALS}",
        operation=operation,
    )
