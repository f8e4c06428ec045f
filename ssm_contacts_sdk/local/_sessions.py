"""botocore sessions that do not depend on the machine's AWS settings."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from copy import copy
from types import MappingProxyType
from typing import Any

from attrs import frozen
from botocore.handlers import BUILTIN_HANDLERS, REGISTER_FIRST, REGISTER_LAST
from botocore.hooks import EventAliaser, HierarchicalEmitter
from botocore.session import Session

from ssm_contacts_sdk._loader import SERVICE_NAME
from ssm_contacts_sdk.local._contract import contract

# With a missing profile or a damaged file, botocore would fail. The defaults mode "auto" would
# query the network for a Region.
_WITHOUT_MACHINE_SETTINGS: Mapping[str, object] = MappingProxyType(
    {
        "profile": None,
        "config_file": os.devnull,
        "credentials_file": os.devnull,
        "defaults_mode": "legacy",
    }
)


def new_session() -> Session:
    """Return a new session. All sessions share botocore's data files, which are read once."""
    session = Session(event_hooks=_emitters.new(), include_builtin_handlers=False)
    # In the config store, because `set_config_variable` of the session ignores None.
    settings = session.get_component("config_store")
    for name, value in _WITHOUT_MACHINE_SETTINGS.items():
        settings.set_config_variable(name, value)
    session.register_component("data_loader", contract().loader)
    return session


@frozen
class _Original:
    """An event emitter that is only copied, and botocore's handlers that it has."""

    emitter: HierarchicalEmitter
    handlers: tuple[Any, ...]


class _Emitters:
    """Makes event emitters with botocore's handlers.

    To register these takes most of the time in which a session is created. To copy an emitter takes
    little, and less if it has only the handlers of this service. botocore copies it for each
    client, too.
    """

    def __init__(self) -> None:
        self._original: _Original | None = None

    def new(self) -> HierarchicalEmitter:
        """Return a new emitter."""
        # Other libraries, such as moto, add handlers to botocore's list, and so do patches.
        handlers = tuple(BUILTIN_HANDLERS)
        original = self._original
        if original is None or original.handlers != handlers:
            # Several threads may do this at once: each uses its own.
            used = [handler for handler in handlers if _is_used(handler[0])]
            original = self._original = _Original(_emitter_with(used), handlers)
        return copy(original.emitter)


def _is_used(event: str) -> bool:
    """Return whether clients of this service can emit an event, and not only those of another."""
    parts = event.split(".")
    # The second part is the service, or the third one where clients document themselves.
    service = parts[2:3] if parts[0] == "docs" else parts[1:2]
    return service in ([], ["*"], [SERVICE_NAME])


def _emitter_with(handlers: Sequence[Any]) -> HierarchicalEmitter:
    """Return an emitter with handlers, which are registered as a session of botocore does."""
    emitter = HierarchicalEmitter()
    aliaser = EventAliaser(emitter)
    for name, handler, *position in handlers:
        register = aliaser.register
        if position == [REGISTER_FIRST]:
            register = aliaser.register_first
        if position == [REGISTER_LAST]:
            register = aliaser.register_last
        register(name, handler)
    return emitter


_emitters = _Emitters()
