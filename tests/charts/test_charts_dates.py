from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from ssm_contacts_sdk._charts.dates import format_duration, format_instant

MONDAY = datetime(2025, 1, 6, 9, 0, tzinfo=timezone.utc)
BERLIN = ZoneInfo("Europe/Berlin")


def test_instants_are_local_even_at_the_end_of_year_9999() -> None:
    assert format_instant(MONDAY.replace(second=5), BERLIN) == "Mon 6 Jan 2025 10:00:05"
    end = datetime.max.replace(tzinfo=timezone.utc)
    assert format_instant(end, BERLIN) == "Fri 31 Dec 9999 23:59:59"


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(seconds=90), "1 min 30 s"),
        (timedelta(days=7), "7 d"),
        (timedelta(days=1, minutes=30), "1 d 30 min"),
    ],
)
def test_durations_have_their_two_largest_units(length: timedelta, text: str) -> None:
    assert format_duration(length) == text
