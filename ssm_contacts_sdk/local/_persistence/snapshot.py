"""The state as JSON, for a snapshot or a state file, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, cast

import attrs
from cattrs.preconf.json import make_converter
from cattrs.strategies import configure_tagged_union

from ssm_contacts_sdk._models.plans import ChannelTarget, Plan
from ssm_contacts_sdk._oncall.simulation import Due
from ssm_contacts_sdk.local._persistence.format import SCHEDULER, SavedState
from ssm_contacts_sdk.local._records import ScheduledEvent
from ssm_contacts_sdk.local._state import State
from ssm_contacts_sdk.local._tokens import FirstUse, digest
from ssm_contacts_sdk.local._values import (
    plan_from_json,
    plan_to_json,
    target_from_json,
    target_to_json,
)

# Members that are calculated again, or that are options of the service.
_NOT_SAVED = frozenset(
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


def saved_state(state: State) -> SavedState:
    """Return all that the service keeps, as it is now."""
    text = json.dumps(state_members(state))
    return SavedState(state.account.account_id, state.account.region_name, text)


def state_members(state: State) -> dict[str, Any]:
    """Return the members of a state as JSON."""
    return {
        _key(name): _CONVERTER.unstructure(getattr(state, name), kind)
        for name, kind in _SAVED.items()
    }


def to_json(value: object) -> Any:
    """Return a value of the state as JSON."""
    return _CONVERTER.unstructure(value)


def restore_members(members: Mapping[str, Any], state: State) -> None:
    """Set the members of an empty state to those that `state_members` returned."""
    for name, kind in _SAVED.items():
        setattr(state, name, _CONVERTER.structure(members[_key(name)], kind))
    state.index_channels()


def _key(name: str) -> str:
    """Return the key in a state file of an attribute of the state."""
    return SCHEDULER if name == "scheduler" else name


_CONVERTER = make_converter()
_CONVERTER.register_unstructure_hook(Plan, plan_to_json)
_CONVERTER.register_structure_hook(Plan, lambda words, _: plan_from_json(words))
_CONVERTER.register_unstructure_hook(ChannelTarget, target_to_json)
_CONVERTER.register_structure_hook(ChannelTarget, lambda words, _: target_from_json(words))
# After the types that the union contains.
configure_tagged_union(cast("Any", Due), _CONVERTER)


def _event_words(event: ScheduledEvent) -> list[Any]:
    return [*event[:3], _CONVERTER.unstructure(event.due, Due)]


def _event_of(words: list[Any], _: object) -> ScheduledEvent:
    at, number, engagement_arn, due = words
    return ScheduledEvent(at, number, engagement_arn, _CONVERTER.structure(due, cast("Any", Due)))


def _first_use_words(use: FirstUse) -> dict[str, Any]:
    return {"asked": use.digest, "answered": _CONVERTER.unstructure(use.result)}


def _first_use_of(words: Mapping[str, Any], _: object) -> FirstUse:
    asked: str | Mapping[str, Any] = words["asked"]
    # Format 1 contains the whole request.
    return FirstUse(asked if isinstance(asked, str) else digest(asked), words["answered"])


_CONVERTER.register_unstructure_hook(FirstUse, _first_use_words)
_CONVERTER.register_structure_hook(FirstUse, _first_use_of)
_CONVERTER.register_unstructure_hook(ScheduledEvent, _event_words)
_CONVERTER.register_structure_hook(ScheduledEvent, _event_of)

_SAVED: Mapping[str, Any] = {
    each.name: each.type
    for each in attrs.fields(attrs.resolve_types(State))
    if each.name not in _NOT_SAVED
}
"""The members of the state that are saved, with their types."""
