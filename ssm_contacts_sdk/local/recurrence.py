"""What a rotation's recurrence and time zone are held to, beyond their shapes.

Our assumptions: how often a hand-off is named, the hours of coverage, and whether more people are
to be on call than there are, are not judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from ssm_contacts_sdk.local.refusals import invalid

SETTINGS = ("DailySettings", "WeeklySettings", "MonthlySettings")


def recurrence_fault(recurrence: Mapping[str, Any]) -> str | None:
    """The rule that a recurrence breaks, or None.

    Our assumption: a list without hand-offs is refused as none at all would be.
    """
    given = [recurrence[name] for name in SETTINGS if name in recurrence]
    if len(given) == 1 and given[0]:
        return None
    return f"must have hand-offs in exactly one of {', '.join(SETTINGS)}"


def time_zone_fault(time_zone_id: str) -> str | None:
    """The rule that the name of a time zone breaks, or None.

    Our assumption: the zones are those of this machine's database. Nothing is looked for under a
    name that is not one of theirs.
    """
    known = time_zone_id in _time_zones()
    return None if known else "must be the IANA name of a time zone that is known here"


def check_recurrence(recurrence: Mapping[str, Any]) -> None:
    """Refuse a recurrence that breaks a rule."""
    rule = recurrence_fault(recurrence)
    if rule is not None:
        raise invalid(f"Recurrence {rule}")


def check_time_zone(time_zone_id: str) -> None:
    """Refuse what is no time zone."""
    rule = time_zone_fault(time_zone_id)
    if rule is not None:
        raise invalid(f"TimeZoneId {rule}")


@cache
def _time_zones() -> frozenset[str]:
    # Read from disk once a process, when the first rotation is made: it takes a while.
    return frozenset(available_timezones())
