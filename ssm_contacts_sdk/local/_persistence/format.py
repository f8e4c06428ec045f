"""What a state file contains: a snapshot, and records of what has changed since.

The first value is the snapshot, one JSON object. `LocalService.save` writes nothing else. A service
that is kept in a file adds a line for each change to it::

    1 5d0f0c0f3b8c9a57 [["set", ["contacts", "arn:..."], {...}], ["set", ["now"], 1736154000.0]]

These are the version of the line, a check of the line and all before it, and what has changed. A
line without an end was not written completely, so it is left out, as it was never acknowledged.
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
"""Of the snapshot. To be raised when what it contains changes."""
_READABLE = (1, _VERSION)
_RECORD_VERSION = 1
"""Of the lines behind the snapshot."""

_MEMBERS = ("account_id", "region_name", "kept", "check")
_MOST_DIGITS = 17
_DAMAGED = "it is damaged: remove it, or restore a copy"

SCHEDULER = "timetable"
"""The key of the scheduler, as earlier versions wrote it."""

Change = list[Any]
"""One change, as JSON: what is done, the path to where, and with what."""


@frozen
class Kept:
    """What a service kept at some time, and whose it is. `repr` leaves it out: it is private."""

    account_id: str
    region_name: str
    text: str = field(repr=False)

    def belongs_to(self, account: Account) -> bool:
        """Whether it can be put back into a service of this account and Region."""
        return (self.account_id, self.region_name) == (account.account_id, account.region_name)


@frozen
class Content:
    """The content of a state file."""

    kept: Kept
    check: str
    """Of the snapshot and all complete lines, for the next line to continue from."""
    length: int
    """How many bytes they take; what comes behind was not written completely."""
    snapshot_length: int
    """How many of these are the snapshot."""


def snapshot_bytes(kept: Kept) -> tuple[bytes, str]:
    """Return the content of a file with a snapshot alone, and its check."""
    check = _check(kept.text)
    members = (kept.account_id, kept.region_name, kept.text, check)
    envelope = {"format": _FORMAT, "version": _VERSION, **dict(zip(_MEMBERS, members, strict=True))}
    return json.dumps(envelope).encode(), check


def record_bytes(changes: Sequence[Change], check: str) -> tuple[bytes, str]:
    """Return the line for `changes` behind what has this `check`, and the check of them all."""
    text = json.dumps(changes)
    check = _check(check, text)
    return f"{_RECORD_VERSION} {check} {text}\n".encode(), check


def read_content(path: Path, data: bytes) -> Content:
    """Return the content of the file at `path`, whose bytes are `data`.

    Raises:
        StateFileError: It is damaged, of a later version, or no state file.
    """
    try:
        return _content(path, data)
    except StateFileError:
        raise
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError, MemoryError):
        # Without a cause: it may name what the file contains.
        raise StateFileError(path, _DAMAGED) from None


def damaged(path: Path) -> StateFileError:
    """Return the error for a file that does not contain what it must."""
    return StateFileError(path, _DAMAGED)


def parse(text: str) -> Any:
    """Return the value of a JSON text. Numbers must be finite, and keys unique.

    Raises:
        ValueError: It is no such text.
        RecursionError: It is nested too deeply.
    """
    return _JSON.decode(text)


def _content(path: Path, data: bytes) -> Content:
    text = data.decode()
    start = len(text) - len(text.lstrip(" \t\r\n"))
    envelope, end = _JSON.raw_decode(text, start)
    kept, check = _snapshot(path, envelope)
    snapshot_length = len(text[:end].encode())
    lines = _complete_lines(text[end:])
    replay = _Replay(kept.text)
    for line in lines[1:]:
        check, changes = _record(path, line, check)
        replay.apply(changes)
    return Content(
        kept=Kept(kept.account_id, kept.region_name, replay.text()),
        check=check,
        length=snapshot_length + sum(len(line.encode()) + 1 for line in lines),
        snapshot_length=snapshot_length,
    )


def _complete_lines(rest: str) -> list[str]:
    """Return the rest of the snapshot's line, and the lines behind it that have an end."""
    first, *others = rest.split("\n")
    if first.strip():
        raise ValueError(_FORMAT)
    return [first, *others[:-1]] if others else []


def _snapshot(path: Path, read: object) -> tuple[Kept, str]:
    envelope = cast("dict[str, object]", read) if isinstance(read, dict) else {}
    if envelope.get("format") != _FORMAT:
        raise StateFileError(path, "it is no state of the local service")
    version = envelope.get("version")
    _refuse_later(path, version, _VERSION)
    account_id, region_name, text, check = map(envelope.get, _MEMBERS)
    if (
        type(version) is int
        and version in _READABLE
        and isinstance(account_id, str)
        and isinstance(region_name, str)
        and isinstance(text, str)
        and isinstance(check, str)
        and check == _check(text)
    ):
        return Kept(account_id, region_name, text), check
    raise ValueError(_FORMAT)


def _record(path: Path, line: str, before: str) -> tuple[str, list[Change]]:
    version, check, text = line.split(" ", 2)
    if version.isdecimal() and len(version) <= _MOST_DIGITS:
        _refuse_later(path, int(version), _RECORD_VERSION)
    if version != str(_RECORD_VERSION) or check != _check(before, text):
        raise ValueError(_FORMAT)
    return check, parse(text)


def _refuse_later(path: Path, version: object, ours: int) -> None:
    if isinstance(version, int) and version > ours:
        raise StateFileError(
            path, f"a later version of ssm_contacts_sdk wrote it (format {version}): use that one"
        )


@define
class _Replay:
    """A snapshot's members, in which changes are made one after the other."""

    _text: str = field(repr=False)
    _members: dict[str, Any] | None = field(default=None, repr=False)
    _done: set[int] = field(factory=set[int])
    """The numbers of the scheduled events that are done."""

    def apply(self, changes: Iterable[Change]) -> None:
        for change in changes:
            self._apply(*change)

    def text(self) -> str:
        if self._members is None:
            return self._text
        scheduler = self._members[SCHEDULER]
        left = [entry for entry in scheduler["entries"] if entry[1] not in self._done]
        scheduler["entries"] = sorted(left, key=lambda entry: (entry[0], entry[1]))
        return json.dumps(self._members)

    def _apply(self, kind: str, path: Sequence[str], value: Any = None) -> None:
        if self._members is None:
            self._members = cast("dict[str, Any]", parse(self._text))
        if not path:
            if kind != "set" or not isinstance(value, dict):
                raise ValueError(kind)
            self._members, self._done = cast("dict[str, Any]", value), set()
        elif kind == "over":
            self._done.update(value)
        else:
            *way, last = path
            place = self._members
            for key in way:
                place = place.setdefault(key, {})
            if kind == "set":
                place[last] = value
            elif kind == "remove":
                place.pop(last, None)
            elif kind == "add":
                place[last].extend(value)
            elif kind == "drop":
                del place[last][:value]
            else:
                raise ValueError(kind)


def _check(*texts: str) -> str:
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


def _no_constant(name: str) -> NoReturn:
    # Python reads NaN and Infinity, which are no JSON.
    raise ValueError(name)


_JSON = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_int, parse_float=_float, parse_constant=_no_constant
)
