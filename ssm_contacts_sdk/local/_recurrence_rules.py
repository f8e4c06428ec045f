"""What a rotation's recurrence and time zone are held to, beyond their shapes.

Our assumptions: how often a hand-off is named, the hours of coverage, and whether more people are
to be on call than there are, are not judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from ssm_contacts_sdk.local._responses import validation_error

SETTINGS = ("DailySettings", "WeeklySettings", "MonthlySettings")


def without_empty_settings(recurrence: Mapping[str, Any]) -> dict[str, Any]:
    """A recurrence without its empty lists of hand-offs.

    Our assumption: an empty list is the same as none. Terraform sends the two kinds that a rotation
    does not use as empty lists, and AWS accepts them.
    """
    return {name: value for name, value in recurrence.items() if value or name not in SETTINGS}


def recurrence_fault(recurrence: Mapping[str, Any]) -> str | None:
    """The rule that a recurrence breaks, or None."""
    given = [name for name in SETTINGS if recurrence.get(name)]
    if len(given) == 1:
        return None
    return f"must have hand-offs in exactly one of {', '.join(SETTINGS)}"


def time_zone_fault(time_zone_id: str) -> str | None:
    """The rule that the name of a time zone breaks, or None.

    Our assumptions: the zones are those of this machine's database, and what is another thing on
    another machine is none of them, such as ``localtime``. Nothing is looked for under a name that
    is not one of theirs.
    """
    known = time_zone_id in _time_zones()
    return None if known else "must be the IANA name of a time zone that is known here"


def checked_recurrence(recurrence: Mapping[str, Any]) -> dict[str, Any]:
    """The recurrence to keep; a ServiceErrorResponse if it breaks a rule."""
    rule = recurrence_fault(recurrence)
    if rule is not None:
        raise validation_error(f"Recurrence {rule}")
    return without_empty_settings(recurrence)


def check_time_zone(time_zone_id: str) -> None:
    """Refuse what is no time zone."""
    rule = time_zone_fault(time_zone_id)
    if rule is not None:
        raise validation_error(f"TimeZoneId {rule}")


@cache
def _time_zones() -> frozenset[str]:
    # Read from disk once a process, when the first rotation is made: it takes a while.
    names = available_timezones() - {"localtime", "Factory", "posixrules", "posix", "right"}
    return frozenset(name for name in names if not name.startswith(("posix/", "right/")))
