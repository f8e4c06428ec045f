"""The messages of errors."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ssm_contacts_sdk import FollowTimeoutError


@pytest.mark.parametrize(
    ("timeout", "within"),
    [
        (timedelta(), ""),
        (timedelta(microseconds=1), " within 1e-06 s"),
        (timedelta(seconds=59), " within 59 s"),
        (timedelta(minutes=1), " within 1 min"),
        (timedelta(minutes=59, seconds=59.5), " within 59 min 59.5 s"),
        (timedelta(hours=1), " within 1 h"),
        (timedelta(hours=23, minutes=59), " within 23 h 59 min"),
        (timedelta(days=1), " within 1 d"),
        (timedelta(days=2, seconds=1), " within 2 d 1 s"),
    ],
)
def test_a_timeout_is_shown_in_its_units(timeout: timedelta, within: str) -> None:
    error = FollowTimeoutError("an engagement", timeout)
    assert str(error) == f"an engagement has not ended{within}: follow it again"
