"""A client's connections belong to the process that opened them."""

from __future__ import annotations

import os
from copy import copy
from inspect import iscoroutinefunction
from threading import Lock
from typing import Any
from weakref import ref

from ssm_contacts_sdk import _boto3_types as boto3_types

# Before a request is signed: a lock of the credentials may have to be renewed, too.
_BEGINS = "before-parameter-build.ssm-contacts"
_OWNER = "ssm_contacts_sdk._botocore"


def own_connections(boto3_client: boto3_types.SSMContactsClient, *, is_new: bool) -> None:
    """Let a boto3 client use only connections that were opened in the process that it calls in.

    After a fork, parent and children would write to the same connections, and read each other's
    answers.

    Args:
        boto3_client: the client. It is looked after only once, however often this is called.
        is_new: whether it was made just now. Another client may have been inherited in a fork, so
            it starts with new connections.
    """
    owner = _Owner(boto3_client, os.getpid() if is_new else None)
    boto3_client.meta.events.register(_BEGINS, owner.look, unique_id=_OWNER)


def is_asynchronous(value: object) -> bool:
    """Return whether this is a client, a session or a class of aiobotocore or aioboto3.

    Their clients are subclasses of botocore's, but return coroutines.
    """
    kind: type = value if isinstance(value, type) else type(value)
    packages = {base.__module__.partition(".")[0] for base in kind.__mro__}
    method = getattr(kind, "_make_api_call", None)
    return not packages.isdisjoint({"aioboto3", "aiobotocore"}) or iscoroutinefunction(method)


class _Owner:
    """The process to which a client's connections belong. Threads may share it."""

    def __init__(self, boto3_client: boto3_types.SSMContactsClient, pid: int | None) -> None:
        self._boto3_client = ref(boto3_client)
        self._pid = pid
        self._inherited: list[object] = []

    def look(self, **_: object) -> None:
        """Renew the connections if this is another process."""
        pid = os.getpid()
        if pid == self._pid:
            return
        # Two threads may both do this: then each has new connections.
        self._renew(self._boto3_client())
        self._pid = pid

    def _renew(self, client: Any) -> None:
        endpoint = client._endpoint  # noqa: SLF001 - botocore has no public way to it
        inherited = endpoint.http_session
        try:
            endpoint.http_session = _without_connections(inherited)
        except AttributeError:
            # Not botocore's own session, or that of a later version.
            inherited.close()
        if self._pid is not None:
            # Kept as it is, and open: to close it takes locks, which another thread of the parent
            # may have held during the fork.
            self._inherited.append(inherited)
        credentials = client._request_signer._credentials  # noqa: SLF001
        if hasattr(credentials, "_refresh_lock"):
            # For the same reason.
            credentials._refresh_lock = Lock()  # noqa: SLF001


def _without_connections(session: Any) -> Any:
    """Return a copy of botocore's HTTP session with the same settings and no connection."""
    fresh = copy(session)
    manager = session._manager  # noqa: SLF001
    fresh._manager = type(manager)(**manager.connection_pool_kw)  # noqa: SLF001
    fresh._manager.pool_classes_by_scheme = manager.pool_classes_by_scheme  # noqa: SLF001
    # Those to proxies are made when they are needed.
    fresh._proxy_managers = {}  # noqa: SLF001
    return fresh
