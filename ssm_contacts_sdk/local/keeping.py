"""All that a service keeps as text, for a snapshot or a file, and back."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, cast

import attrs
from attrs import field, frozen
from cattrs.preconf.json import make_converter
from cattrs.strategies import configure_tagged_union

from ssm_contacts_sdk.errors import StateFileError
from ssm_contacts_sdk.local.arns import Account
from ssm_contacts_sdk.local.state import State
from ssm_contacts_sdk.local.timetable import Entry
from ssm_contacts_sdk.local.tokens import FirstUse, digest
from ssm_contacts_sdk.local.values import plan_of, plan_words, target_of, target_words
from ssm_contacts_sdk.model.plans import ChannelTarget, Plan
from ssm_contacts_sdk.oncall.engaging import Due

_FORMAT = "ssm_contacts_sdk.local"
_VERSION = 2
"""To be raised by whoever changes what is kept."""

_READABLE = (1, _VERSION)

_MEMBERS = ("account_id", "region_name", "kept", "check")

# What is worked out anew, or belongs to the service and not to what it keeps.
_NOT_KEPT = frozenset(
    {
        "account",
        "assumptions",
        "quotas",
        "pages",
        "carrier",
        "history_limit",
        "notes_dropped",
        "_of_contact",
    }
)


@frozen
class Kept:
    """What a service kept at some time, and whose it is. `repr` leaves it out: it is private."""

    account_id: str
    region_name: str
    text: str = field(repr=False)

    def belongs_to(self, account: Account) -> bool:
        """Whether it can be put back into a service of this account and Region."""
        return (self.account_id, self.region_name) == (account.account_id, account.region_name)


def kept(state: State) -> Kept:
    """All that the service keeps now."""
    members = {
        name: _CONVERTER.unstructure(getattr(state, name), kind) for name, kind in _KEPT.items()
    }
    text = json.dumps(members)
    return Kept(state.account.account_id, state.account.region_name, text)


def put_back(text: str, state: State) -> None:
    """Put what was kept into a state that is still empty.

    Raises:
        ValueError: It is not what this version writes.
    """
    members = json.loads(text)
    try:
        for name, kind in _KEPT.items():
            setattr(state, name, _CONVERTER.structure(members[name], kind))
    except Exception:  # noqa: BLE001 - whatever a damaged file leads to
        # cattrs tells what it found, which may be somebody's address.
        raise ValueError(_FORMAT) from None
    state.index_channels()


def save(found: Kept, path: Path) -> None:
    """Write to a file, which is as it was until it is all written. Only its owner can read it.

    Raises:
        StateFileError: It cannot be written.
    """
    members = (found.account_id, found.region_name, found.text, _check(found.text))
    envelope = {"format": _FORMAT, "version": _VERSION, **dict(zip(_MEMBERS, members, strict=True))}
    try:
        # Through links, so that they stay.
        place = Path(os.path.realpath(path))
        # Made for the owner alone, and beside the file, so that it can take its place at once.
        with NamedTemporaryFile(
            "w", encoding="utf-8", dir=place.parent, prefix=f".{place.name}.", delete=False
        ) as file:
            try:
                json.dump(envelope, file)
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).replace(place)
            except BaseException:
                Path(file.name).unlink(missing_ok=True)
                raise
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "no such name can be"
        raise StateFileError(path, f"it cannot be written ({why}): choose another place") from error


def load(path: Path) -> Kept:
    """Read a file that `save` wrote, and leave it as it is.

    Raises:
        StateFileError: It cannot be read, is damaged, or is of a later version.
    """
    try:
        read: object = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        problem = f"it cannot be read ({error.strerror})"
        raise StateFileError(path, problem) from error
    except (ValueError, RecursionError):
        raise StateFileError(path, _DAMAGED) from None
    envelope = cast("dict[str, object]", read) if isinstance(read, dict) else {}
    if envelope.get("format") != _FORMAT:
        raise StateFileError(path, "it is no state of the local service")
    version = envelope.get("version")
    if isinstance(version, int) and version > _VERSION:
        raise StateFileError(
            path, f"a later version of ssm_contacts_sdk wrote it (format {version}): use that one"
        )
    account_id, region_name, text, check = map(envelope.get, _MEMBERS)
    if (
        version in _READABLE
        and isinstance(account_id, str)
        and isinstance(region_name, str)
        and isinstance(text, str)
        and check == _check(text)
    ):
        return Kept(account_id, region_name, text)
    raise StateFileError(path, _DAMAGED)


_DAMAGED = "it is damaged: remove it, or put back a copy"


def _check(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


_CONVERTER = make_converter()
_CONVERTER.register_unstructure_hook(Plan, plan_words)
_CONVERTER.register_structure_hook(Plan, lambda words, _: plan_of(words))
_CONVERTER.register_unstructure_hook(ChannelTarget, target_words)
_CONVERTER.register_structure_hook(ChannelTarget, lambda words, _: target_of(words))
# After what stands in them.
configure_tagged_union(cast("Any", Due), _CONVERTER)


def _entry_words(entry: Entry) -> list[Any]:
    return [*entry[:3], _CONVERTER.unstructure(entry.due, Due)]


def _entry_of(words: list[Any], _: object) -> Entry:
    at, number, engagement_arn, due = words
    return Entry(at, number, engagement_arn, _CONVERTER.structure(due, cast("Any", Due)))


def _first_use_of(words: Mapping[str, Any], _: object) -> FirstUse:
    asked: str | Mapping[str, Any] = words["asked"]
    # Format 1 kept the whole request.
    return FirstUse(asked if isinstance(asked, str) else digest(asked), words["answered"])


_CONVERTER.register_structure_hook(FirstUse, _first_use_of)
_CONVERTER.register_unstructure_hook(Entry, _entry_words)
_CONVERTER.register_structure_hook(Entry, _entry_of)

_KEPT: Mapping[str, Any] = {
    each.name: each.type
    for each in attrs.fields(attrs.resolve_types(State))
    if each.name not in _NOT_KEPT
}
