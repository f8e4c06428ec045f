"""The connections of boto3 clients: their timeouts, and to which process they belong."""

import os
from collections import OrderedDict
from collections.abc import Iterator
from copy import copy
from datetime import timedelta
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from attrs import frozen
from botocore.client import BaseClient
from botocore.hooks import BaseEventHooks

from ssm_contacts_sdk import _boto3_types as boto3_types
from ssm_contacts_sdk._durations import duration_violations
from ssm_contacts_sdk._errors import ConfigurationError, Violation
from ssm_contacts_sdk._loader import SERVICE_NAME
from ssm_contacts_sdk._locks import fork_safe_lock

# The timeout of a socket is some 24 days at most.
_LONGEST_TIMEOUT = timedelta(days=1)


@frozen
class Timeouts:
    """How many seconds an attempt waits for the network. None: as long as the boto3 client does."""

    connect: float | None = None
    read: float | None = None


def timeout_violations(**timeouts: object) -> Iterator[Violation]:
    """Yield the violations of timeouts, by the name of the argument. None is allowed."""
    for name, value in timeouts.items():
        if value is not None:
            yield from duration_violations(name, value, most=_LONGEST_TIMEOUT, is_exclusive=True)


class Boto3Clients:
    """The boto3 client of a `ContactsClient`, and its copies with other timeouts.

    A copy has connections of its own, because botocore sets timeouts for a whole pool of
    connections. It shares everything else with the original: credentials, endpoint and event
    handlers, also those that are registered later. Threads may share this object.
    """

    # The connections of these copies stay open, although no client uses them.
    _MOST_LATEST = 8

    def __init__(self, boto3_client: "boto3_types.SSMContactsClient", *, is_owned: bool) -> None:
        self._original = boto3_client
        self._is_owned = is_owned
        self._latest: OrderedDict[Timeouts, boto3_types.SSMContactsClient] = OrderedDict()
        self._copies: WeakSet[boto3_types.SSMContactsClient] = WeakSet()
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
            client = self._latest.pop(resolved, None) or _copy_with(self._original, resolved)
            self._latest[resolved] = client
            self._copies.add(client)
            if len(self._latest) > self._MOST_LATEST:
                self._latest.popitem(last=False)
            return client

    def close(self) -> None:
        """Close the connections, except those of a boto3 client that a user passed."""
        with self._lock:
            copies = list(self._copies)
        for each in copies:
            each.close()
        if self._is_owned:
            self._original.close()


def _copy_with(original: "boto3_types.SSMContactsClient", timeouts: Timeouts) -> Any:
    """Return a copy of a boto3 client with connections of its own and these timeouts."""
    if not issubclass(type(original), BaseClient):
        raise _fixed_timeouts(f"is a {type(original).__name__} and not a client of boto3")
    # copy.copy fails: it calls `__getattr__` of a client that has no attributes yet.
    client: Any = object.__new__(type(original))
    client.__dict__.update(original.__dict__)
    config = copy(client.meta.config)
    config.connect_timeout, config.read_timeout = timeouts.connect, timeouts.read
    client._client_config = config  # noqa: SLF001 - botocore has no public way to copy a client
    client.meta = copy(client.meta)
    client.meta._client_config = config  # noqa: SLF001
    client._endpoint = endpoint = copy(client._endpoint)  # noqa: SLF001
    try:
        endpoint.http_session = _without_connections(endpoint.http_session, timeouts)
    except AttributeError:
        # It is not a session of botocore, or one of a later version.
        kind = type(endpoint.http_session).__name__
        raise _fixed_timeouts(f"has another HTTP session than botocore's ({kind})") from None
    own_connections(client, is_new=True)
    return client


def _fixed_timeouts(why: str) -> ConfigurationError:
    return ConfigurationError(
        f"connect_timeout and read_timeout cannot be changed for this boto3_client, which {why}: "
        "set them where it is created"
    )


# This event comes before a request is signed, which may need a replaced lock of the credentials.
_BEGINS = f"before-parameter-build.{SERVICE_NAME}"
_OWNER_ID = "ssm_contacts_sdk._connections"


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
        """Add a client whose connections are checked from now on."""
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
            # It is not a session of botocore, or one of a later version.
            inherited.close()
        if is_inherited:
            # It stays open: to close it, a lock is acquired, and another thread of the parent may
            # have held that lock during the fork.
            self._inherited.append(inherited)
        credentials = client._request_signer._credentials  # noqa: SLF001
        if hasattr(credentials, "_refresh_lock"):
            # Another thread of the parent may have held this lock, too.
            credentials._refresh_lock = Lock()  # noqa: SLF001


# The keys are the event handlers of a client, which its copies share.
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
