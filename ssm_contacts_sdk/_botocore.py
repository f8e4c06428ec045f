"""boto3 clients: how they are created, and which ones are accepted."""

import sys
import warnings
from inspect import iscoroutinefunction
from typing import cast

from botocore.config import Config
from botocore.hooks import BaseEventHooks
from botocore.session import Session

from ssm_contacts_sdk import _boto3_types as boto3_types
from ssm_contacts_sdk._configuration_errors import creation_error
from ssm_contacts_sdk._connections import Timeouts
from ssm_contacts_sdk._errors import ConfigurationError, StackedRetriesWarning
from ssm_contacts_sdk._loader import SERVICE_NAME, ServiceLoader
from ssm_contacts_sdk._locks import fork_safe_lock
from ssm_contacts_sdk._needless_work import leave_out_needless_work
from ssm_contacts_sdk._version import __version__

_USER_AGENT = f"ssm-contacts-sdk/{__version__}"
# More threads than this would wait for each other's connections.
_MOST_CONNECTIONS = 50
# botocore's default of 60 seconds is longer than the default deadline of all attempts.
CONNECT_SECONDS, READ_SECONDS = 5.0, 15.0
_ASYNCHRONOUS = "an asynchronous one of aioboto3 or aiobotocore: create it with boto3"

# Threads may share a botocore session, which cannot create clients in two threads at once.
_creating = fork_safe_lock()


def create_boto3_client(
    session: "boto3_types.Boto3Session | None",
    profile_name: str | None,
    region_name: str | None,
    endpoint_url: str | None,
    timeouts: Timeouts,
) -> "boto3_types.SSMContactsClient":
    """Return a new boto3 client that does not retry.

    Raises:
        ConfigurationError: boto3 cannot create a client with these settings.
    """
    if session is None and profile_name is None:
        session = _default_session()
    if is_asynchronous(session):
        raise ConfigurationError(f"session must be a session of boto3 (got {_ASYNCHRONOUS})")
    try:
        with _creating:
            return _create(session, profile_name, region_name, endpoint_url, timeouts)
    except Exception as error:  # noqa: BLE001 - raised below, as an error of this package
        # botocore raises whatever a broken configuration causes: FileNotFoundError, ...
        failed = creation_error(error)
    # Raised outside of the except clause: otherwise botocore's error, whose text may repeat a
    # secret, would be its context.
    raise failed from failed.__cause__


def _create(
    session: "boto3_types.Boto3Session | None",
    profile_name: str | None,
    region_name: str | None,
    endpoint_url: str | None,
    timeouts: Timeouts,
) -> "boto3_types.SSMContactsClient":
    if session is not None:
        created = session.client(  # pyright: ignore[reportUnknownMemberType]
            SERVICE_NAME,
            region_name=region_name,
            endpoint_url=endpoint_url,
            config=_config(timeouts),
        )
        if (found := _client_problem(created)) is not None:
            raise ConfigurationError(f"session must create clients of {SERVICE_NAME} (got {found})")
    else:
        # It is created in half the time of a boto3 session.
        own = Session(profile=profile_name)
        loader = ServiceLoader(own.get_config_variable("data_path"))
        own.register_component("data_loader", loader)
        created = cast(
            "boto3_types.SSMContactsClient",
            own.create_client(
                SERVICE_NAME,
                region_name=region_name,
                endpoint_url=endpoint_url,
                config=_config(timeouts),
            ),
        )
    leave_out_needless_work(created)
    return created


def _default_session() -> "boto3_types.Boto3Session | None":
    # The session of boto3.setup_default_session, if the program has called it.
    boto3_module = sys.modules.get("boto3")
    return getattr(boto3_module, "DEFAULT_SESSION", None)


def _config(timeouts: Timeouts) -> Config:
    return Config(
        # The only retries are those of this package. Set here, it also overrides AWS_MAX_ATTEMPTS.
        retries={"mode": "standard", "total_max_attempts": 1},
        max_pool_connections=_MOST_CONNECTIONS,
        connect_timeout=CONNECT_SECONDS if timeouts.connect is None else timeouts.connect,
        read_timeout=READ_SECONDS if timeouts.read is None else timeouts.read,
        user_agent_extra=_USER_AGENT,
    )


def is_asynchronous(value: object) -> bool:
    """Return whether this is a client, a session or a class of aiobotocore or aioboto3.

    Their clients are subclasses of botocore's, but return coroutines.
    """
    kind: type = value if isinstance(value, type) else type(value)
    packages = {base.__module__.partition(".")[0] for base in kind.__mro__}
    method = getattr(kind, "_make_api_call", None)
    return not packages.isdisjoint({"aioboto3", "aiobotocore"}) or iscoroutinefunction(method)


def inspect_boto3_client(boto3_client: "boto3_types.SSMContactsClient", stacklevel: int) -> None:
    """Check a boto3 client that a user passed, and warn if it retries.

    Raises:
        ConfigurationError: it is not a client of this service that can be called.
    """
    if (found := _client_problem(boto3_client)) is not None:
        raise ConfigurationError(
            f"boto3_client must be a boto3 client of {SERVICE_NAME} (got {found})"
        )
    retries: dict[str, object] = getattr(boto3_client.meta.config, "retries", None) or {}
    if retries.get("total_max_attempts") != 1:
        warnings.warn(
            "this boto3 client retries, so each attempt of this package may send several requests: "
            'create it with Config(retries={"mode": "standard", "total_max_attempts": 1})',
            StackedRetriesWarning,
            stacklevel=stacklevel + 1,
        )


def _client_problem(value: object) -> str | None:
    """Return what `value` is, if it is not a client of this service; otherwise None.

    It checks what calls need. So a proxy that forwards everything to a client is accepted.
    """
    if isinstance(value, type):
        return f"the class {value.__name__}: create a client"
    if is_asynchronous(value):
        return _ASYNCHRONOUS
    meta = getattr(value, "meta", None)
    service = getattr(getattr(meta, "service_model", None), "service_name", None)
    events = getattr(meta, "events", None)
    if isinstance(service, str) and isinstance(events, BaseEventHooks):
        return None if service == SERVICE_NAME else f"a client of {service}"
    return (
        f"{type(value).__name__}: create one with boto3.client({SERVICE_NAME!r}); for tests, use "
        "ContactsClient.local(), or botocore's Stubber with such a client"
    )
