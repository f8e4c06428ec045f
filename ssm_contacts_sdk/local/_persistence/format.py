"""The format of a state file: a snapshot, and a record for each later change.

The first value is the snapshot, one JSON object. `LocalService.save` writes nothing else. A service
that persists its state in a file adds a line for each change::

    1 5d0f0c0f3b8c9a57 [["set", ["contacts", "arn:..."], {...}], ["set", ["now"], 1736154000.0]]

A line consists of its version, a checksum of everything up to its end, and the changes. A line
without an end was not written completely, so it is ignored: its request got no response.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any, NoReturn, cast

from attrs import define, field, frozen

from ssm_contacts_sdk._errors import StateFileError
from ssm_contacts_sdk.local._ids import Account

_FORMAT = "ssm_contacts_sdk.local"
_VERSION = 2
"""The version of the snapshot. Increase it when the content changes."""
_READABLE = (1, _VERSION)
_RECORD_VERSION = 1
"""The version of the lines after the snapshot."""

_MEMBERS = ("account_id", "region_name", "kept", "check")
_MOST_DIGITS = 17
_DAMAGED = "it is damaged: remove it, or restore a copy"

SCHEDULER = "timetable"
"""The key of the scheduler, as earlier versions wrote it."""

Change = list[Any]
"""One change as JSON: its kind, the path of the value, and the new value."""


@frozen
class SavedState:
    """The state of a service at some time, as text. `repr` omits the text, which is private."""

    account_id: str
    region_name: str
    text: str = field(repr=False)

    def belongs_to(self, account: Account) -> bool:
        """Return whether it is the state of this account and Region."""
        return (self.account_id, self.region_name) == (account.account_id, account.region_name)


@frozen
class Content:
    """The content of a state file."""

    saved: SavedState
    checksum: str
    """The checksum of the snapshot and all complete lines. The next line continues it."""
    length: int
    """The size of the snapshot and of all complete lines, in bytes. The rest is to be ignored."""
    snapshot_length: int
    """The size of the snapshot, in bytes."""


def snapshot_bytes(saved: SavedState) -> tuple[bytes, str]:
    """Return the content of a file with a snapshot alone, and its checksum."""
    checksum = _checksum(saved.text)
    members = (saved.account_id, saved.region_name, saved.text, checksum)
    envelope = {"format": _FORMAT, "version": _VERSION, **dict(zip(_MEMBERS, members, strict=True))}
    return json.dumps(envelope).encode(), checksum


def record_bytes(changes: Sequence[Change], checksum: str) -> tuple[bytes, str]:
    """Return the line for `changes`, and the checksum that continues `checksum` with it."""
    text = json.dumps(changes)
    checksum = _checksum(checksum, text)
    return f"{_RECORD_VERSION} {checksum} {text}\n".encode(), checksum


def read_content(path: Path, data: bytes) -> Content:
    """Return the content of the file at `path`, whose bytes are `data`.

    Raises:
        StateFileError: it is damaged, of a later version, or no state file.
    """
    try:
        return _content(path, data)
    except StateFileError:
        raise
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, MemoryError):
        # Without a cause, which may contain private values of the file.
        raise StateFileError(path, _DAMAGED) from None


def damaged(path: Path) -> StateFileError:
    """Return the error for a file whose content is not valid."""
    return StateFileError(path, _DAMAGED)


def parse(text: str) -> Any:
    """Return the value of a JSON text. Numbers must be finite, and keys unique.

    Raises:
        ValueError: the text is not such JSON.
        RecursionError: it is nested too deeply.
    """
    return _JSON.decode(text)


def _content(path: Path, data: bytes) -> Content:
    text = data.decode()
    start = len(text) - len(text.lstrip(" \t\r\n"))
    envelope, end = _JSON.raw_decode(text, start)
    saved, checksum = _snapshot(path, envelope)
    snapshot_length = len(text[:end].encode())
    lines = _complete_lines(text[end:])
    replay = _Replay(saved.text)
    for line in lines[1:]:
        checksum, changes = _record(path, line, checksum)
        replay.apply(changes)
    return Content(
        saved=SavedState(saved.account_id, saved.region_name, replay.text()),
        checksum=checksum,
        length=snapshot_length + sum(len(line.encode()) + 1 for line in lines),
        snapshot_length=snapshot_length,
    )


def _complete_lines(rest: str) -> list[str]:
    """Return the rest of the snapshot's line, and the following lines that have an end."""
    first, *others = rest.split("\n")
    if first.strip():
        raise ValueError(_FORMAT)
    return [first, *others[:-1]] if others else []


def _snapshot(path: Path, read: object) -> tuple[SavedState, str]:
    envelope = cast("dict[str, object]", read) if isinstance(read, dict) else {}
    if envelope.get("format") != _FORMAT:
        raise StateFileError(path, "it is not a state file of the local service")
    version = envelope.get("version")
    _reject_later(path, version, _VERSION)
    account_id, region_name, text, checksum = map(envelope.get, _MEMBERS)
    if (
        type(version) is int
        and version in _READABLE
        and isinstance(account_id, str)
        and isinstance(region_name, str)
        and isinstance(text, str)
        and isinstance(checksum, str)
        and checksum == _checksum(text)
    ):
        return SavedState(account_id, region_name, text), checksum
    raise ValueError(_FORMAT)


def _record(path: Path, line: str, before: str) -> tuple[str, list[Change]]:
    version, checksum, text = line.split(" ", 2)
    if version.isdecimal() and len(version) <= _MOST_DIGITS:
        _reject_later(path, int(version), _RECORD_VERSION)
    if version != str(_RECORD_VERSION) or checksum != _checksum(before, text):
        raise ValueError(_FORMAT)
    return checksum, parse(text)


def _reject_later(path: Path, version: object, ours: int) -> None:
    if isinstance(version, int) and version > ours:
        raise StateFileError(
            path, f"a later version of ssm_contacts_sdk wrote it (format {version}): use that one"
        )


@define
class _Replay:
    """The members of a snapshot, to which changes are applied in their order."""

    _text: str = field(repr=False)
    _members: dict[str, Any] | None = field(default=None, repr=False)
    _finished: set[int] = field(factory=set[int])
    """The numbers of the scheduled events that have run."""

    def apply(self, changes: Iterable[Change]) -> None:
        for change in changes:
            self._apply(*change)

    def text(self) -> str:
        if self._members is None:
            return self._text
        scheduler = self._members[SCHEDULER]
        left = [entry for entry in scheduler["entries"] if entry[1] not in self._finished]
        scheduler["entries"] = sorted(left, key=lambda entry: (entry[0], entry[1]))
        return json.dumps(self._members)

    def _apply(self, kind: str, path: Sequence[str], value: Any = None) -> None:
        if self._members is None:
            self._members = cast("dict[str, Any]", parse(self._text))
        if not path:
            if kind != "set" or not isinstance(value, dict):
                raise ValueError(kind)
            self._members, self._finished = cast("dict[str, Any]", value), set()
        elif kind == "over":
            self._finished.update(value)
        else:
            *parents, last = path
            parent = self._members
            for key in parents:
                parent = parent.setdefault(key, {})
            if kind == "set":
                parent[last] = value
            elif kind == "remove":
                parent.pop(last, None)
            elif kind == "add":
                parent[last].extend(value)
            elif kind == "drop":
                del parent[last][:value]
            else:
                raise ValueError(kind)


def _checksum(*texts: str) -> str:
    digest = blake2b(digest_size=16)
    for text in texts:
        digest.update(text.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError(_FORMAT)
    return members


def _int(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        raise ValueError(_FORMAT)
    return int(text)


def _float(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(_FORMAT)
    return number


def _reject_constant(name: str) -> NoReturn:
    # Python reads NaN and Infinity, which are not JSON.
    raise ValueError(name)


_JSON = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_int, parse_float=_float, parse_constant=_reject_constant
)
