"""boto3 clients: creating, inspecting and copying them, and their connections after a fork."""

import os
import sys
import warnings
from collections import OrderedDict
from collections.abc import Callable, Iterator
from copy import copy
from datetime import timedelta
from inspect import iscoroutinefunction
from threading import Lock
from typing import Any, Final, cast
from weakref import WeakKeyDictionary

from attrs import frozen
from botocore.client import BaseClient
from botocore.config import Config
from botocore.hooks import BaseEventHooks
from botocore.session import Session

from ssm_contacts_sdk import _boto3_types as boto3_types
from ssm_contacts_sdk._durations import duration_violations
from ssm_contacts_sdk._error_mapping import not_created
from ssm_contacts_sdk._errors import ConfigurationError, StackedRetriesWarning, Violation
from ssm_contacts_sdk._locks import fork_safe_lock
from ssm_contacts_sdk._version import __version__

SERVICE_NAME: Final = "ssm-contacts"
_USER_AGENT = f"ssm-contacts-sdk/{__version__}"
# More threads than this would wait for each other's connections.
_MOST_CONNECTIONS = 50
# botocore's default of 60 seconds is longer than the default deadline of all attempts.
_CONNECT_SECONDS, _READ_SECONDS = 5.0, 15.0
# A socket takes some 24 days at most.
_LONGEST_TIMEOUT = timedelta(days=1)
_ASYNCHRONOUS = "an asynchronous one of aioboto3 or aiobotocore: create it with boto3"

# Threads may share a botocore session, which cannot create clients in two threads at once.
_creating = fork_safe_lock()


@frozen
class Timeouts:
    """How long an attempt waits for the network, in seconds. None is the boto3 client's own."""

    connect: float | None = None
    read: float | None = None


def timeout_violations(**timeouts: object) -> Iterator[Violation]:
    """Return what is wrong with timeouts, by the name of the argument. None is allowed."""
    for name, value in timeouts.items():
        if value is not None:
            yield from duration_violations(name, value, most=_LONGEST_TIMEOUT, is_exclusive=True)


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
        failed = not_created(error)
    # Not in the except clause: botocore's text may repeat a secret, and would be the context.
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
            config=_config(timeouts, user_agent_extra=_USER_AGENT),
        )
        if (found := _client_problem(created)) is not None:
            raise ConfigurationError(f"session must create clients of {SERVICE_NAME} (got {found})")
        return created
    # A boto3 session consists of a botocore session, which is created in half the time.
    own = Session(profile=profile_name)
    _list_services_lazily(own)
    client = own.create_client(
        SERVICE_NAME,
        region_name=region_name,
        endpoint_url=endpoint_url,
        config=_config(timeouts, **_user_agent(own)),
    )
    return cast("boto3_types.SSMContactsClient", client)


class _ServiceNames:
    """The names of all services, which are only listed to look for another name than this one.

    botocore lists the directories of all services to reject unknown names. That would take a third
    of the time that a client takes to create. Credential providers create clients of others.
    """

    def __init__(self, list_all: Callable[[], list[str]]) -> None:
        self._list_all = list_all

    def __contains__(self, name: object) -> bool:
        return name == SERVICE_NAME or name in self._list_all()

    def __iter__(self) -> Iterator[str]:
        return iter(self._list_all())


def _list_services_lazily(session: Session) -> None:
    loader: Any = session.get_component("data_loader")
    list_all = loader.list_available_services

    def list_available_services(type_name: str) -> _ServiceNames:
        return _ServiceNames(lambda: list_all(type_name))

    loader.list_available_services = list_available_services


def _default_session() -> "boto3_types.Boto3Session | None":
    # The session of boto3.setup_default_session, if the program has called it.
    boto3_module = sys.modules.get("boto3")
    return getattr(boto3_module, "DEFAULT_SESSION", None)


def _config(timeouts: Timeouts, **user_agent: str) -> Config:
    return Config(
        # The only retries are those of this package. Set here, it also beats AWS_MAX_ATTEMPTS.
        retries={"mode": "standard", "total_max_attempts": 1},
        max_pool_connections=_MOST_CONNECTIONS,
        connect_timeout=_CONNECT_SECONDS if timeouts.connect is None else timeouts.connect,
        read_timeout=_READ_SECONDS if timeouts.read is None else timeouts.read,
        **user_agent,  # type: ignore[arg-type]
    )


def _user_agent(session: Session) -> dict[str, str]:
    if session.get_config_variable("user_agent_appid"):
        return {"user_agent_extra": _USER_AGENT}
    # With a fixed user agent, botocore does not build one twice for each request.
    return {"user_agent": f"{session.user_agent()} {_USER_AGENT}"}


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


class Boto3Clients:
    """The boto3 client of a `ContactsClient`, and its copies with other timeouts.

    A copy has connections of its own, because botocore sets timeouts for a whole pool of
    connections. It shares everything else with the original: credentials, endpoint and event
    handlers, also those that are registered later. Threads may share this object.
    """

    # Connections of the copies that were used last stay open for the next call.
    _MOST_COPIES = 8

    def __init__(self, boto3_client: "boto3_types.SSMContactsClient", *, is_owned: bool) -> None:
        self._original = boto3_client
        self._is_owned = is_owned
        self._copies: OrderedDict[Timeouts, boto3_types.SSMContactsClient] = OrderedDict()
        self._lock = fork_safe_lock()
        own_connections(boto3_client, is_new=is_owned)

    def with_timeouts(self, timeouts: Timeouts) -> "boto3_types.SSMContactsClient":
        """Return the boto3 client that has these timeouts.

        Raises:
            ConfigurationError: the timeouts of a boto3 client that a user passed cannot be changed.
        """
        config: Any = self._original.meta.config
        resolved = Timeouts(
            config.connect_timeout if timeouts.connect is None else timeouts.connect,
            config.read_timeout if timeouts.read is None else timeouts.read,
        )
        if resolved == Timeouts(config.connect_timeout, config.read_timeout):
            return self._original
        with self._lock:
            found = self._copies.pop(resolved, None)
            self._copies[resolved] = client = found or _copy_with(self._original, resolved)
            if len(self._copies) > self._MOST_COPIES:
                self._copies.popitem(last=False)
            return client

    def close(self) -> None:
        """Close the connections, except those of a boto3 client that a user passed."""
        with self._lock:
            copies = list(self._copies.values())
        for each in copies:
            each.close()
        if self._is_owned:
            self._original.close()


def _copy_with(original: "boto3_types.SSMContactsClient", timeouts: Timeouts) -> Any:
    """Return a copy of a boto3 client with connections of its own and these timeouts."""
    if not issubclass(type(original), BaseClient):
        raise ConfigurationError(
            "connect_timeout and read_timeout cannot be changed for this boto3_client, which is a "
            f"{type(original).__name__} and not a client of boto3: set them where it is created"
        )
    # Not copy.copy: it looks for methods that a client without attributes cannot look up.
    client: Any = object.__new__(type(original))
    client.__dict__.update(original.__dict__)
    config = copy(client.meta.config)
    config.connect_timeout, config.read_timeout = timeouts.connect, timeouts.read
    client._client_config = config  # noqa: SLF001 - botocore has no public way to copy a client
    client.meta = copy(client.meta)
    client.meta._client_config = config  # noqa: SLF001
    client._endpoint = endpoint = copy(client._endpoint)  # noqa: SLF001
    endpoint.http_session = _without_connections(endpoint.http_session, timeouts)
    own_connections(client, is_new=True)
    return client


# Before a request is signed: a lock of the credentials may have to be replaced, too.
_BEGINS = f"before-parameter-build.{SERVICE_NAME}"
_OWNER_ID = "ssm_contacts_sdk._botocore"


def own_connections(boto3_client: "boto3_types.SSMContactsClient", *, is_new: bool) -> None:
    """Make a boto3 client use only connections that were opened in the current process.

    After a fork, parent and children would write to the same connections, and read each other's
    responses.

    Args:
        boto3_client: the client. To pass it again has no effect.
        is_new: whether it was just created. Another client may have been created before a fork, so
            it starts with new connections.
    """
    events = boto3_client.meta.events
    with _owners_lock:
        owner = _owners.get(events)
        if owner is None:
            owner = _owners[events] = _ConnectionOwner()
            events.register(_BEGINS, owner.check_process, unique_id=_OWNER_ID)
    owner.add(boto3_client, is_new=is_new)


class _ConnectionOwner:
    """The process that opened the connections of the clients that share their event handlers.

    Threads may share it.
    """

    def __init__(self) -> None:
        self._pids: WeakKeyDictionary[object, int | None] = WeakKeyDictionary()
        self._checked_pid: int | None = None
        self._inherited: list[object] = []
        self._lock = fork_safe_lock()

    def add(self, client: object, *, is_new: bool) -> None:
        """Check the connections of this client, too."""
        with self._lock:
            if client not in self._pids:
                self._pids[client] = os.getpid() if is_new else None
                self._checked_pid = None

    def check_process(self, **_: object) -> None:
        """Replace the connections that were opened in another process."""
        pid = os.getpid()
        if pid == self._checked_pid:
            return
        with self._lock:
            for client, owner in list(self._pids.items()):
                if owner != pid:
                    self._replace_connections(client, is_inherited=owner is not None)
                    self._pids[client] = pid
            self._checked_pid = pid

    def _replace_connections(self, client: Any, *, is_inherited: bool) -> None:
        endpoint = client._endpoint  # noqa: SLF001 - botocore has no public way to it
        inherited = endpoint.http_session
        try:
            endpoint.http_session = _without_connections(inherited)
        except AttributeError:
            # Not botocore's own session, or that of a later version.
            inherited.close()
        if is_inherited:
            # It stays open: to close it takes locks that another thread of the parent may have
            # held during the fork.
            self._inherited.append(inherited)
        credentials = client._request_signer._credentials  # noqa: SLF001
        if hasattr(credentials, "_refresh_lock"):
            # For the same reason.
            credentials._refresh_lock = Lock()  # noqa: SLF001


# By the event handlers of a client, which its copies share.
_owners: WeakKeyDictionary[BaseEventHooks, _ConnectionOwner] = WeakKeyDictionary()
_owners_lock = fork_safe_lock()


def _without_connections(session: Any, timeouts: Timeouts | None = None) -> Any:
    """Return a copy of botocore's HTTP session with the same settings and no connection."""
    new = copy(session)
    manager = session._manager  # noqa: SLF001
    settings = dict(manager.connection_pool_kw)
    if timeouts is not None:
        from urllib3.util import Timeout  # noqa: PLC0415 - botocore has loaded it

        timeout = Timeout(connect=timeouts.connect, read=timeouts.read)
        # The first is for connections to proxies, which are created when they are needed.
        new._timeout = settings["timeout"] = timeout  # noqa: SLF001
    new._manager = type(manager)(**settings)  # noqa: SLF001
    new._manager.pool_classes_by_scheme = manager.pool_classes_by_scheme  # noqa: SLF001
    new._proxy_managers = {}  # noqa: SLF001
    return new
