"""All that a service keeps as text, for a snapshot or a file, and back."""

from __future__ import annotations

import json
import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import attrs
from cattrs.preconf.json import make_converter
from cattrs.strategies import configure_tagged_union

from ssm_contacts_sdk._models.plans import ChannelTarget, Plan
from ssm_contacts_sdk._oncall.simulation import Due
from ssm_contacts_sdk.local._persistence.changes import Table
from ssm_contacts_sdk.local._persistence.files import (
    lock,
    open_regular,
    read_all,
    replace,
    state_file_errors,
    target_of_links,
)
from ssm_contacts_sdk.local._persistence.format import (
    SCHEDULER,
    Kept,
    parse,
    read_content,
    snapshot_bytes,
)
from ssm_contacts_sdk.local._persistence.restore import check_members, check_state
from ssm_contacts_sdk.local._records import ScheduledEvent
from ssm_contacts_sdk.local._state import State
from ssm_contacts_sdk.local._tokens import FirstUse, Tokens, digest
from ssm_contacts_sdk.local._values import (
    plan_from_json,
    plan_to_json,
    target_from_json,
    target_to_json,
)

# What is worked out anew, or belongs to the service and not to what it keeps.
_NOT_KEPT = frozenset(
    {
        "account",
        "assumptions",
        "quotas",
        "paginator",
        "delivery",
        "history_limit",
        "entries_dropped",
        "_of_contact",
    }
)


def kept(state: State) -> Kept:
    """All that the service keeps now."""
    return Kept(state.account.account_id, state.account.region_name, json.dumps(members(state)))


def put_back(text: str, state: State) -> None:
    """Put what a snapshot of this process kept into a state that is still empty."""
    _put_members(json.loads(text), state)


def put_back_from_file(text: str, state: State) -> None:
    """Put what a file contains into a state that is still empty.

    Raises:
        ValueError: It is not what this version writes.
    """
    try:
        given = parse(text)
        _put_members(given, state)
        check_members(given, members(state))
        check_state(state)
    except Exception:  # noqa: BLE001 - whatever a damaged file leads to
        # cattrs tells what it found, which may be somebody's address.
        raise ValueError("the state") from None


def members(state: State) -> dict[str, Any]:
    """All that the service keeps now, as JSON."""
    return {
        _key(name): _CONVERTER.unstructure(getattr(state, name), kind)
        for name, kind in _KEPT.items()
    }


def to_json(value: object) -> Any:
    """A value of the state as it is kept."""
    return _CONVERTER.unstructure(value)


def save(found: Kept, path: Path) -> None:
    """Write to a file, which is as it was until it is all written. Only its owner can read it.

    Raises:
        StateFileError: It cannot be written, is no regular file, or a server is using it.
    """
    with state_file_errors(path, "it cannot be written"):
        # Through links, so that they stay.
        place = target_of_links(path)
        with _locked(place):
            os.close(replace(place, snapshot_bytes(found)[0]))


def load(path: Path) -> Kept:
    """Read a file that `save` or a server wrote, and leave it as it is.

    Raises:
        StateFileError: It cannot be read, is damaged, of a later version, or no regular file.
    """
    with state_file_errors(path, "it cannot be read"):
        file = open_regular(path)
        try:
            data = read_all(file)
        finally:
            os.close(file)
    return read_content(path, data).kept


@contextmanager
def _locked(path: Path) -> Generator[None]:
    """Keep servers from a file while it is replaced.

    Raises:
        FileInUseError: A server is using it.
    """
    try:
        file = open_regular(path)
    except OSError:
        # It is not there, or may not be read: it shows later whether it can be replaced.
        yield
        return
    try:
        lock(file)
        yield
    finally:
        os.close(file)


def _put_members(members: Mapping[str, Any], state: State) -> None:
    for name, kind in _KEPT.items():
        value = _CONVERTER.structure(members[_key(name)], kind)
        setattr(state, name, _as_tables(value, getattr(state, name)))
    state.index_channels()


def _key(name: str) -> str:
    """Return the key in a state file of an attribute of the state."""
    return SCHEDULER if name == "scheduler" else name


def _as_tables(value: Any, empty: object) -> Any:
    """Make tables of what was restored as dicts."""
    if isinstance(value, Tokens):
        return Tokens(Table.of(value.used))
    return Table.of(value) if isinstance(empty, Table) else value


_CONVERTER = make_converter()
_CONVERTER.register_unstructure_hook(Plan, plan_to_json)
_CONVERTER.register_structure_hook(Plan, lambda words, _: plan_from_json(words))
_CONVERTER.register_unstructure_hook(ChannelTarget, target_to_json)
_CONVERTER.register_structure_hook(ChannelTarget, lambda words, _: target_from_json(words))
# After what stands in them.
configure_tagged_union(cast("Any", Due), _CONVERTER)


def _event_words(event: ScheduledEvent) -> list[Any]:
    return [*event[:3], _CONVERTER.unstructure(event.due, Due)]


def _event_of(words: list[Any], _: object) -> ScheduledEvent:
    at, number, engagement_arn, due = words
    return ScheduledEvent(at, number, engagement_arn, _CONVERTER.structure(due, cast("Any", Due)))


def _first_use_of(words: Mapping[str, Any], _: object) -> FirstUse:
    asked: str | Mapping[str, Any] = words["asked"]
    # Format 1 kept the whole request.
    return FirstUse(asked if isinstance(asked, str) else digest(asked), words["answered"])


_CONVERTER.register_structure_hook(FirstUse, _first_use_of)
_CONVERTER.register_unstructure_hook(ScheduledEvent, _event_words)
_CONVERTER.register_structure_hook(ScheduledEvent, _event_of)

_KEPT: Mapping[str, Any] = {
    each.name: each.type
    for each in attrs.fields(attrs.resolve_types(State))
    if each.name not in _NOT_KEPT
}
"""What the service keeps."""
