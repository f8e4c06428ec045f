"""The state as JSON, for a snapshot or a state file, and back.

A file may be damaged or edited, and still have a valid checksum. Therefore everything is checked
that would otherwise make a later request or engagement fail.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from heapq import heapify
from typing import Any, cast, get_origin
from zoneinfo import ZoneInfo

import attrs
from cattrs.preconf.json import make_converter
from cattrs.strategies import configure_tagged_union

from ssm_contacts_sdk._models.plans import ChannelTarget, ContactTarget, Plan
from ssm_contacts_sdk._oncall.simulation import Due, SendDue, StageDue
from ssm_contacts_sdk.local._contract import contract
from ssm_contacts_sdk.local._persistence.format import SCHEDULER, SavedState, parse
from ssm_contacts_sdk.local._records import (
    Channel,
    Contact,
    Engagement,
    Page,
    Rotation,
    ScheduledEvent,
)
from ssm_contacts_sdk.local._requests import FirstUse, digest
from ssm_contacts_sdk.local._rules import recurrence_violation
from ssm_contacts_sdk.local._state import State
from ssm_contacts_sdk.local._values import (
    instant,
    plan_from_json,
    plan_to_json,
    target_from_json,
    target_to_json,
)

_MOST_MINUTES = 2**31 - 1
_CHANNEL_TYPES = {"SMS", "VOICE", "EMAIL"}

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
    """Return the current state, in the form in which it is saved."""
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
    """Set the members of an empty state to the members that `state_members` returned."""
    for name, kind in _SAVED.items():
        setattr(state, name, _CONVERTER.structure(members[_key(name)], kind))
    state.index_channels()


def restore_from_file(text: str, state: State) -> None:
    """Restore an empty state from the text of a file.

    Raises:
        ValueError: this version does not write such a text.
    """
    try:
        members = parse(text)
        restore_members(members, state)
        _check_members(members, state_members(state))
        _check_state(state)
    except Exception:  # noqa: BLE001 - a damaged file can cause any error
        # The text of the error may contain an address.
        raise ValueError("the state") from None


def _key(name: str) -> str:
    """Return the key in a state file of an attribute of the state."""
    return SCHEDULER if name == "scheduler" else name


def _is_set(kind: object) -> bool:
    origin: object = get_origin(kind)
    return origin is set


_CONVERTER = make_converter()
# The order of a set differs from process to process, but the file must not.
_CONVERTER.register_unstructure_hook_func(_is_set, sorted)
_CONVERTER.register_unstructure_hook(Plan, plan_to_json)
_CONVERTER.register_structure_hook(Plan, lambda value, _: plan_from_json(value))
_CONVERTER.register_unstructure_hook(ChannelTarget, target_to_json)
_CONVERTER.register_structure_hook(ChannelTarget, lambda value, _: target_from_json(value))
# After the types that the union contains.
configure_tagged_union(cast("Any", Due), _CONVERTER)


def _event_to_json(event: ScheduledEvent) -> list[Any]:
    return [*event[:3], _CONVERTER.unstructure(event.due, Due)]


def _event_from_json(value: list[Any], _: object) -> ScheduledEvent:
    at, number, engagement_arn, due = value
    return ScheduledEvent(at, number, engagement_arn, _CONVERTER.structure(due, cast("Any", Due)))


def _first_use_to_json(use: FirstUse) -> dict[str, Any]:
    return {"asked": use.digest, "answered": _CONVERTER.unstructure(use.result)}


def _first_use_from_json(value: Mapping[str, Any], _: object) -> FirstUse:
    request: str | Mapping[str, Any] = value["asked"]
    # Format 1 contains the whole request.
    return FirstUse(request if isinstance(request, str) else digest(request), value["answered"])


_CONVERTER.register_unstructure_hook(FirstUse, _first_use_to_json)
_CONVERTER.register_structure_hook(FirstUse, _first_use_from_json)
_CONVERTER.register_unstructure_hook(ScheduledEvent, _event_to_json)
_CONVERTER.register_structure_hook(ScheduledEvent, _event_from_json)

_SAVED: Mapping[str, Any] = {
    each.name: each.type
    for each in attrs.fields(attrs.resolve_types(State))
    if each.name not in _NOT_SAVED
}
"""The members of the state that are saved, with their types."""


def _check_members(given: Mapping[str, Any], written: Mapping[str, Any]) -> None:
    """Reject members that were not read exactly as they are in the file.

    Args:
        given: the members of the state, as they are in the file.
        written: the same members, written again after they were read. There may be more: those
            that an earlier version did not have.

    Raises:
        ValueError: a value has another type, or is unknown.
    """
    # An earlier version kept the whole request of a token, not its digest.
    names = given.keys() - {"tokens"}
    _require(all(name in written and _is_same(given[name], written[name]) for name in names))


def _check_state(state: State) -> None:
    """Reject a state in which a request or an engagement would fail.

    Raises:
        ValueError: a value is out of range, or a resource does not exist.
    """
    _check_numbers(state)
    _check_keys(state)
    for contact in state.contacts.values():
        _check_contact(state, contact)
    for channel in state.channels().values():
        _require(channel.type in _CHANNEL_TYPES and channel.contact_arn in state.contacts)
    for rotation in state.rotations.values():
        _check_rotation(rotation)
    for engagement in state.engagements.values():
        _check_engagement(state, engagement)
    for page in state.pages_sent.values():
        _check_page(state, page)
    for event in state.scheduler.entries:
        _check_event(state, event)
    heapify(state.scheduler.entries)
    for at in (*(each.sent_at for each in state.outbox), *(each.at for each in state.journal)):
        _require(at.utcoffset() is not None)
    for uses in state.tokens.used.values():
        for use in uses.values():
            (arn,) = use.result.values()
            _require(isinstance(arn, str))


def _check_numbers(state: State) -> None:
    ids, scheduler = state.ids, state.scheduler
    # Ids are calculated from its bytes.
    str(ids.seed).encode()
    _require(min(ids.uuids, ids.codes, ids.message_ids, scheduler.count, state.channels_added) >= 0)
    numbers = [event.number for event in scheduler.entries]
    _require(len(set(numbers)) == len(numbers) and max(numbers, default=0) <= scheduler.count)
    _check_times(state.now)


def _check_keys(state: State) -> None:
    tables: Sequence[Mapping[str, Contact | Channel | Rotation | Engagement | Page]] = (
        state.contacts,
        state.channels(),
        state.rotations,
        state.engagements,
        state.pages_sent,
    )
    for table in tables:
        _require(all(key == value.arn for key, value in table.items()))
    for rotation_arn, overrides in state.overrides().items():
        for override_id, override in overrides.items():
            _require((rotation_arn, override_id) == (override.rotation_arn, override.id))
            _check_times(override.start, override.end, override.created)


def _check_contact(state: State, contact: Contact) -> None:
    _require(contact.arn == state.account.contact_arn(contact.alias))
    members = {"Alias": "a", "Type": contact.type, "Plan": contact.plan}
    _check_shape("CreateContact", members)


def _check_rotation(rotation: Rotation) -> None:
    members = {
        "Name": "a",
        "ContactIds": list(rotation.contact_ids),
        "TimeZoneId": "UTC",
        "Recurrence": rotation.recurrence,
    }
    _check_shape("CreateRotation", members)
    _require(recurrence_violation(rotation.recurrence) is None)
    # It must be in the time zone database of this machine.
    ZoneInfo(rotation.time_zone_id)
    _check_times(rotation.start)


def _check_engagement(state: State, engagement: Engagement) -> None:
    _require(all(arn in state.pages_sent for arn in engagement.pages))
    _require({"Subject", "Content"} <= engagement.text.keys())
    _require(all(engagement.progress.open))
    _check_times(engagement.start, engagement.stop)


def _check_page(state: State, page: Page) -> None:
    _require(page.engagement_arn in state.engagements and len(page.path) > 0)
    _check_times(page.sent, page.delivered, page.read, *(each.time for each in page.receipts))


def _check_event(state: State, event: ScheduledEvent) -> None:
    _require(event.engagement_arn in state.engagements and len(event.due.path) > 0)
    # cattrs does not convert it, because an event is written as a list.
    _require(type(event.at) in {int, float})
    _check_times(event.at)
    due = event.due
    if isinstance(due, StageDue):
        _require(0 <= due.index < len(due.plan.stages))
        for stage in due.plan.stages:
            _check_minutes(stage.duration_in_minutes)
            for target in stage.targets:
                _check_target(target)
    elif isinstance(due, SendDue):
        _check_target(due.target)
        _require(due.until.utcoffset() is not None)


def _check_target(target: object) -> None:
    # It is created without validation, so its members may have any type.
    if isinstance(target, ContactTarget):
        _require(isinstance(target.contact_id, str) and isinstance(target.is_essential, bool))
    else:
        channel = cast("ChannelTarget", target)
        _require(isinstance(channel.contact_channel_id, str))
        if channel.retry_interval_in_minutes is not None:
            _check_minutes(channel.retry_interval_in_minutes)


def _check_minutes(minutes: object) -> None:
    _require(type(minutes) is int and 0 <= minutes <= _MOST_MINUTES)


def _check_times(*times: float | None) -> None:
    for at in times:
        if at is not None:
            instant(at)


def _check_shape(operation: str, members: Mapping[str, object]) -> None:
    read, violations = contract().validate_request(operation, members)
    # The service omits members that are null or unknown, so they cannot be in its state.
    _require(violations.count == 0 and read == members)


def _is_same(one: object, other: object) -> bool:
    if isinstance(one, dict):
        members = cast("dict[str, object]", one)
        others = cast("dict[str, object]", other)
        return isinstance(other, dict) and all(
            key in others and _is_same(value, others[key]) for key, value in members.items()
        )
    if isinstance(one, list):
        return _are_same(cast("list[object]", one), other)
    is_bool = isinstance(one, bool), isinstance(other, bool)
    return one == other and is_bool[0] == is_bool[1]


def _are_same(items: list[object], other: object) -> bool:
    if not isinstance(other, (list, tuple)):
        return False
    others = cast("Sequence[object]", other)
    if all(isinstance(item, str) for item in (*items, *others)):
        # They may be a set, which has no order.
        return sorted(map(str, items)) == sorted(map(str, others))
    return len(items) == len(others) and all(map(_is_same, items, others))


def _require(condition: bool) -> None:  # noqa: FBT001 - it is the only argument
    if not condition:
        raise ValueError("the state")
