"""What a state must be like before a service goes on with it.

A file may be damaged, or made by hand, and still have a valid check. Whatever would fail later, in
the middle of a request or of an engagement, is found here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from heapq import heapify
from typing import Any, cast
from zoneinfo import ZoneInfo

from ssm_contacts_sdk._models.plans import ChannelTarget, ContactTarget
from ssm_contacts_sdk._oncall.simulation import SendDue, StageDue
from ssm_contacts_sdk.local._contract import contract
from ssm_contacts_sdk.local._records import (
    Channel,
    Contact,
    Engagement,
    Page,
    Rotation,
    ScheduledEvent,
)
from ssm_contacts_sdk.local._rules import recurrence_violation
from ssm_contacts_sdk.local._state import State
from ssm_contacts_sdk.local._values import instant

_MOST_MINUTES = 2**31 - 1
_CHANNEL_TYPES = {"SMS", "VOICE", "EMAIL"}


def check_members(given: Mapping[str, Any], again: Mapping[str, Any]) -> None:
    """Refuse JSON that was read as something else than it says.

    Args:
        given: The members of the state, as they stand in the file.
        again: The same members, written anew from what was read. There may be more: those that
            an earlier version did not have.

    Raises:
        ValueError: A value has another type, or is unknown.
    """
    # An earlier version kept the whole request with a token, and not its digest.
    names = given.keys() - {"tokens"}
    _require(all(name in again and _is_same(given[name], again[name]) for name in names))


def check_state(state: State) -> None:
    """Refuse a state in which a request or an engagement would fail.

    Raises:
        ValueError: A value is out of range, or names something that is absent.
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
            (answered,) = use.answered.values()
            _require(isinstance(answered, str))


def _check_numbers(state: State) -> None:
    ids, scheduler = state.ids, state.scheduler
    # Ids are drawn from its bytes.
    str(ids.seed).encode()
    _require(min(ids.uuids, ids.codes, ids.message_ids, scheduler.count, state.numbered) >= 0)
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
    asked = {"Alias": "a", "Type": contact.type, "Plan": contact.plan}
    _check_shape("CreateContact", asked)


def _check_rotation(rotation: Rotation) -> None:
    asked = {
        "Name": "a",
        "ContactIds": list(rotation.contact_ids),
        "TimeZoneId": "UTC",
        "Recurrence": rotation.recurrence,
    }
    _check_shape("CreateRotation", asked)
    _require(recurrence_violation(rotation.recurrence) is None)
    # One that is not in this machine's database cannot be calculated with.
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
    # It is made without validation, so its members may be anything.
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


def _check_shape(operation: str, asked: Mapping[str, object]) -> None:
    kept, found = contract().validate_request(operation, asked)
    # What is null or unknown in a request is left out when it is kept.
    _require(found.wrong_type is None and not found.count and kept == asked)


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
        # A set has no order.
        return sorted(map(str, items)) == sorted(map(str, others))
    return len(items) == len(others) and all(map(_is_same, items, others))


def _require(is_so: bool) -> None:  # noqa: FBT001 - the condition itself
    if not is_so:
        raise ValueError("the state")
