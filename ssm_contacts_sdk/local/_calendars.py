"""The calendars of the rotations that are kept."""

from __future__ import annotations

from ssm_contacts_sdk._oncall.schedule.shifts import Calendar
from ssm_contacts_sdk.local._records import Rotation
from ssm_contacts_sdk.local._state import State
from ssm_contacts_sdk.local._values import instant, override_of, recurrence_of


def calendar_of(state: State, rotation: Rotation) -> Calendar:
    """A rotation's calendar, with its overrides."""
    return Calendar(
        members=tuple(rotation.contact_ids),
        start_time=instant(rotation.start),
        time_zone_id=rotation.time_zone_id,
        recurrence=recurrence_of(rotation.recurrence),
        overrides=tuple(
            override_of(each.contact_ids, each.start, each.end)
            for each in state.overrides_of(rotation.arn)
        ),
    )
