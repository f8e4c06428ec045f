"""What has changed in a service's state since it was last written to its file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, cast, overload

from attrs import define, field

Path = tuple[str, ...]
"""Where a value is: the name of a member of the state, then the keys that lead to it."""

_Value = TypeVar("_Value")
_Default = TypeVar("_Default")
_ABSENT = object()


@define
class Changes:
    """The keys that were set or removed since the last `clear`.

    Removals come before additions when they are written, so both keep the order of a dict.
    """

    removed: dict[Path, None] = field(factory=dict[Path, None])
    changed: dict[Path, None] = field(factory=dict[Path, None])

    def set(self, path: Path) -> None:
        """Note that a value was added or replaced."""
        self.changed.setdefault(path)

    def remove(self, path: Path) -> None:
        """Note that a value was removed."""
        self.changed.pop(path, None)
        self.removed[path] = None

    def clear(self) -> None:
        """Forget all changes: they are written."""
        self.removed.clear()
        self.changed.clear()


class Table(dict[str, _Value]):
    """A dict that notes which keys change, once `track` was called. It may contain tables.

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
        """Note all changes in `changes` from now on, as those of the values at `path`."""
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
                # Its first key is noted, and leads through it.
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


def _table(value: Any) -> Any:
    return Table(cast("dict[str, Any]", value)) if type(value) is dict else value
