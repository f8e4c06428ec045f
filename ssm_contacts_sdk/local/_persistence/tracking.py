"""What changed in a service's state, as the records that a state file has for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, cast

from ssm_contacts_sdk.local._persistence.changes import Changes, Path, Table
from ssm_contacts_sdk.local._persistence.format import SCHEDULER, Change
from ssm_contacts_sdk.local._state import State

_TABLES: tuple[Path, ...] = (
    ("tokens", "used"),
    ("contacts",),
    ("rotations",),
    ("tags",),
    ("policies",),
    ("engagements",),
    ("pages_sent",),
    ("_overrides",),
    ("_channels",),
)
_LISTS = ("outbox", "journal")
_NUMBERS: tuple[Path, ...] = (
    ("ids", "seed"),
    ("ids", "uuids"),
    ("ids", "codes"),
    ("ids", "message_ids"),
    (SCHEDULER, "count"),
    ("_numbered",),
)
_TIME_SECONDS = 60.0
"""If nothing else changes, the time is written when it is this much later."""


class Tracker:
    """Notes what changes in a state, from the moment when this is made.

    Args:
        state: The state, all of which is written at this moment.
        to_json: What makes JSON of a value of the state.
    """

    def __init__(self, state: State, to_json: Callable[[Any], Any]) -> None:
        self._state = state
        self._to_json = to_json
        self._changes = Changes()
        for path in _TABLES:
            cast("Table[Any]", _value(state, path)).track(self._changes, path)
        state.scheduler.is_tracked = True
        self._numbers = self._numbers_now()
        self._taken = len(state.ids.taken)
        self._lists = {name: _mark(getattr(state, name)) for name in _LISTS}
        self._now = state.now

    def take(self, *, with_time: bool = False) -> list[Change]:
        """Return what changed since the last call, as one record; empty if nothing did.

        Args:
            with_time: Whether the time is written even if nothing else has changed.
        """
        changes = [*self._of_tables(), *self._of_lists(), *self._of_scheduler(), *self._of_ids()]
        if changes or (with_time and self._state.now != self._now):
            changes += self._time()
        return changes

    def take_time(self) -> list[Change]:
        """Return a record of the time alone, if a minute has passed since the last record."""
        is_later = abs(self._state.now - self._now) >= _TIME_SECONDS
        return self._time() if is_later else []

    def _time(self) -> list[Change]:
        self._now = self._state.now
        return [["set", ["now"], self._now]]

    def _of_tables(self) -> list[Change]:
        removed: list[Change] = [["remove", [*path]] for path in self._changes.removed]
        changed: list[Change] = []
        for path in self._changes.changed:
            found, value = _find(self._state, path)
            if found:
                changed.append(["set", [*path], self._to_json(value)])
        self._changes.clear()
        return [*removed, *changed]

    def _of_lists(self) -> Iterable[Change]:
        for name in _LISTS:
            items: list[Any] = getattr(self._state, name)
            length, last = self._lists[name]
            new = _behind(items, last)
            dropped = length - (len(items) - len(new))
            if dropped:
                yield ["drop", [name], dropped]
            if new:
                yield ["add", [name], [self._to_json(item) for item in new]]
            if dropped or new:
                self._lists[name] = _mark(items)

    def _of_scheduler(self) -> Iterable[Change]:
        added, taken = self._state.scheduler.take_changes()
        if added:
            yield ["add", [SCHEDULER, "entries"], [self._to_json(event) for event in added]]
        if taken:
            yield ["over", [SCHEDULER], taken]

    def _of_ids(self) -> Iterable[Change]:
        before, self._numbers = self._numbers, self._numbers_now()
        for path, old, new in zip(_NUMBERS, before, self._numbers, strict=True):
            if old != new:
                yield ["set", [*path], new]
        taken = self._state.ids.taken
        if len(taken) != self._taken:
            self._taken = len(taken)
            yield ["set", ["ids", "taken"], sorted(taken)]

    def _numbers_now(self) -> Sequence[Any]:
        return [_value(self._state, path) for path in _NUMBERS]


def _value(state: State, path: Path) -> Any:
    value: Any = state
    for name in path:
        value = getattr(value, "scheduler" if name == SCHEDULER else name)
    return value


def _find(state: State, path: Path) -> tuple[bool, Any]:
    """Whether a value is in its table still, and the value."""
    table = next(each for each in _TABLES if path[: len(each)] == each)
    value = _value(state, table)
    for key in path[len(table) :]:
        if key not in value:
            return False, None
        value = value[key]
    return True, value


def _mark(items: Sequence[Any]) -> tuple[int, Any]:
    return len(items), items[-1] if items else None


def _behind(items: Sequence[Any], last: Any) -> list[Any]:
    """The items behind `last`; all if it is not there any more."""
    new: list[Any] = []
    for item in reversed(items):
        if item is last:
            break
        new.append(item)
    return new[::-1]
