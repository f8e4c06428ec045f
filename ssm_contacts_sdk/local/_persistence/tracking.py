"""Tracking of changes in the state, for the records of a state file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar, cast, overload

from attrs import define, field

from ssm_contacts_sdk.local._persistence.format import SCHEDULER, Change
from ssm_contacts_sdk.local._requests import Tokens
from ssm_contacts_sdk.local._state import State

Path = tuple[str, ...]
"""The path to a value: the name of a member of the state, then keys."""

_Value = TypeVar("_Value")
_Default = TypeVar("_Default")
_ABSENT = object()

_TOKENS: Path = ("tokens", "used")
_TABLES: tuple[Path, ...] = (
    _TOKENS,
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
"""If nothing else changes, the time is written again after this many seconds."""


@define
class Changes:
    """The keys that were set or removed since the last `clear`.

    Removals are written before additions. So a dict keeps its order when the changes are replayed.
    """

    removed: dict[Path, None] = field(factory=dict[Path, None])
    changed: dict[Path, None] = field(factory=dict[Path, None])

    def set(self, path: Path) -> None:
        """Record that a value was added or replaced."""
        self.changed.setdefault(path)

    def remove(self, path: Path) -> None:
        """Record that a value was removed."""
        self.changed.pop(path, None)
        self.removed[path] = None

    def clear(self) -> None:
        """Remove all changes from the record, after they were written."""
        self.removed.clear()
        self.changed.clear()


class Table(dict[str, _Value]):
    """A dict that records which keys change, once `track` was called. It may contain tables.

    >>> table = Table({"a": 1, "b": 2})
    >>> changes = Changes()
    >>> table.track(changes, ("counts",))
    >>> table["c"] = table.pop("a")
    >>> list(changes.removed), list(changes.changed)
    ([('counts', 'a')], [('counts', 'c')])
    """

    def __init__(self, items: Mapping[str, _Value] | Iterable[tuple[str, _Value]] = ()) -> None:
        super().__init__(items)
        self._changes: Changes | None = None
        self._path: Path = ()

    @classmethod
    def of(cls, items: Mapping[str, Any]) -> Table[Any]:
        """Return a table of `items`, in which each dict is a table as well."""
        return Table({key: _table(value) for key, value in items.items()})

    def track(self, changes: Changes, path: Path) -> None:
        """Record all later changes in `changes`, as those of the values at `path`."""
        self._changes, self._path = changes, path
        for key, value in self.items():
            if isinstance(value, Table):
                cast("Table[Any]", value).track(changes, (*path, key))

    def __setitem__(self, key: str, value: _Value) -> None:
        super().__setitem__(key, value)
        if self._changes is None:
            return
        path = (*self._path, key)
        if isinstance(value, Table):
            inner = cast("Table[Any]", value)
            inner.track(self._changes, path)
            if not inner:
                # The path of its first key contains this one.
                return
        self._changes.set(path)

    def __delitem__(self, key: str) -> None:
        super().__delitem__(key)
        if self._changes is not None:
            self._changes.remove((*self._path, key))

    @overload
    def pop(self, key: str, /) -> _Value: ...
    @overload
    def pop(self, key: str, default: _Value, /) -> _Value: ...
    @overload
    def pop(self, key: str, default: _Default, /) -> _Value | _Default: ...
    def pop(self, key: str, default: Any = _ABSENT, /) -> Any:
        """Remove a key, and return its value."""
        if key not in self and default is not _ABSENT:
            return default
        value = self[key]
        del self[key]
        return value

    def setdefault(self, key: str, default: Any = None, /) -> Any:
        """Return the value of a key, which is added if it is absent. A dict becomes a table."""
        if key not in self:
            self[key] = _table(default)
        return self[key]

    def update(self, *items: Any, **named: _Value) -> None:
        """Set several keys."""
        for key, value in dict(*items, **named).items():
            self[key] = value

    def clear(self) -> None:
        """Remove all keys."""
        for key in list(self):
            del self[key]


class Tracker:
    """Records what changes in a state after the tracker was created.

    Args:
        state: the state, which must be in the file as it is now. Its dicts become tables.
        to_json: returns the JSON of a value of the state.
    """

    def __init__(self, state: State, to_json: Callable[[Any], Any]) -> None:
        self._state = state
        self._to_json = to_json
        self._changes = Changes()
        for path in _TABLES:
            table = Table.of(_value(state, path))
            table.track(self._changes, path)
            if path == _TOKENS:
                state.tokens = Tokens(table)
            else:
                setattr(state, path[0], table)
        state.scheduler.is_tracked = True
        self._numbers = self._numbers_now()
        self._taken = len(state.ids.taken)
        self._lists = {name: _length_and_last(getattr(state, name)) for name in _LISTS}
        self._now = state.now

    def take(self, *, with_time: bool = False) -> list[Change]:
        """Return the changes since the last call as one record, which may be empty.

        Args:
            with_time: whether to include the time if nothing else has changed.
        """
        changes = [*self._of_tables(), *self._of_lists(), *self._of_scheduler(), *self._of_ids()]
        if changes or (with_time and self._state.now != self._now):
            changes += self._time()
        return changes

    def take_time(self) -> list[Change]:
        """Return a record of the time alone, if the last record is older than a minute."""
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
            new = _items_after(items, last)
            dropped = length - (len(items) - len(new))
            if dropped:
                yield ["drop", [name], dropped]
            if new:
                yield ["add", [name], [self._to_json(item) for item in new]]
            if dropped or new:
                self._lists[name] = _length_and_last(items)

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
    """Return whether a value is still in its table, and the value; None if it is not."""
    table = next(each for each in _TABLES if path[: len(each)] == each)
    value = _value(state, table)
    for key in path[len(table) :]:
        if key not in value:
            return False, None
        value = value[key]
    return True, value


def _length_and_last(items: Sequence[Any]) -> tuple[int, Any]:
    return len(items), items[-1] if items else None


def _items_after(items: Sequence[Any], last: Any) -> list[Any]:
    """Return the items after `last`; all items if `last` is not among them."""
    new: list[Any] = []
    for item in reversed(items):
        if item is last:
            break
        new.append(item)
    return new[::-1]


def _table(value: Any) -> Any:
    return Table(cast("dict[str, Any]", value)) if type(value) is dict else value
