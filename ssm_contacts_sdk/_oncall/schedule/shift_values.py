"""Shifts that were calculated: built past the checks, and in less time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import attrs

from ssm_contacts_sdk._models.rotations import Shift, ShiftType

# The slots themselves, which a frozen value's own attributes do not let one fill.
_FILL: list[Callable[[Shift, object], None]] = [
    getattr(Shift, field.name).__set__ for field in attrs.fields(Shift)
]
_contact_ids, _start_time, _end_time, _type, _overridden_contact_ids = _FILL
_new: Any = object.__new__


def regular(contact_ids: tuple[str, ...], start: datetime, end: datetime) -> Shift:
    """A shift as the rotation has it."""
    shift: Shift = _new(Shift)
    _contact_ids(shift, contact_ids)
    _start_time(shift, start)
    _end_time(shift, end)
    _type(shift, ShiftType.REGULAR)
    _overridden_contact_ids(shift, None)
    return shift


def overridden(
    contact_ids: tuple[str, ...], start: datetime, end: datetime, replaced: tuple[str, ...]
) -> Shift:
    """An override's shift, instead of those whose turn it would have been."""
    shift = regular(contact_ids, start, end)
    _type(shift, ShiftType.OVERRIDDEN)
    _overridden_contact_ids(shift, replaced)
    return shift
