"""What a snapshot of an account returns at the edges of shifts."""

from __future__ import annotations

from datetime import timedelta

from arns import rotation_arn
from rotation_calendars import at

from ssm_contacts_sdk._oncall.account_snapshot import AccountSnapshot
from ssm_contacts_sdk._oncall.schedule.segments import regular_shift

START, MIDDLE, END = (at(f"2025-01-0{day} 00:00") for day in (6, 7, 8))
A_MICROSECOND = timedelta(microseconds=1)


def test_a_shift_begins_at_its_first_instant_and_is_over_at_its_end() -> None:
    first, second = regular_shift(("a",), START, MIDDLE), regular_shift(("b",), MIDDLE, END)
    snapshot = AccountSnapshot(shifts={rotation_arn("r"): [first, second]})
    expected = {
        START - A_MICROSECOND: None,
        START: first,
        MIDDLE - A_MICROSECOND: first,
        MIDDLE: second,
        END - A_MICROSECOND: second,
        END: None,
    }
    assert {each: snapshot.shift_at(rotation_arn("r"), each) for each in expected} == expected
