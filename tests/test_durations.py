from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sentinels import PHONE

from ssm_contacts_sdk._durations import (
    LONGEST_DURATION,
    as_seconds,
    as_timedelta,
    duration_violations,
)

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("value", "seconds"), [(2, 2), (0.25, 0.25), (timedelta(minutes=1, milliseconds=500), 60.5)]
)
def test_a_duration_is_a_timedelta_or_seconds(value: Any, seconds: float) -> None:
    assert as_seconds(value) == seconds
    assert as_timedelta(value) == timedelta(seconds=seconds)
    assert duration_violations("timeout", value) == ()


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "wrong_type"),
        ("1", "wrong_type"),
        (True, "wrong_type"),
        (-1, "too_small"),
        (timedelta(microseconds=-1), "too_small"),
        (float("nan"), "too_small"),
        (float("inf"), "too_large"),
        (10**400, "too_large"),
        (timedelta.max, "too_large"),
    ],
)
def test_other_values_are_no_durations(value: Any, code: str) -> None:
    (violation,) = duration_violations("timeout", value)
    assert (violation.path, violation.code) == ("timeout", code)


@pytest.mark.parametrize(
    ("value", "codes"),
    [
        (1, []),
        (SECOND, []),
        (3600, []),
        (HOUR, []),
        (0.999, ["too_small"]),
        (timedelta(hours=1, microseconds=1), ["too_large"]),
    ],
)
def test_the_limits_are_allowed(value: Any, codes: list[str]) -> None:
    found = duration_violations("interval", value, least=SECOND, most=HOUR)
    assert [violation.code for violation in found] == codes


def test_an_exclusive_limit_is_not_allowed() -> None:
    (violation,) = duration_violations("horizon", 0, most=HOUR, is_exclusive=True)
    assert violation.code == "too_small"
    assert duration_violations("horizon", 1e-6, most=HOUR, is_exclusive=True) == ()


@pytest.mark.parametrize(
    ("value", "limits", "rule"),
    [
        (-1, {}, "must be at least 0 seconds (got -1 seconds)"),
        (timedelta(minutes=-1), {}, "must be at least 0 seconds (got -1 minutes)"),
        (1e12, {}, "must be at most 1,000,000,000 seconds"),
        (0, {"most": HOUR, "is_exclusive": True}, "must be more than 0 seconds and at most 1 hour"),
        (7200, {"least": SECOND, "most": HOUR}, "must be between 1 second and 1 hour (got 7,200"),
    ],
)
def test_a_rule_has_the_limits_in_words(value: Any, limits: Any, rule: str) -> None:
    (violation,) = duration_violations("timeout", value, **limits)
    assert violation.rule.startswith(rule)


def test_a_long_number_may_be_private_and_is_not_shown() -> None:
    (violation,) = duration_violations("timeout", int(PHONE))
    assert "(got" not in violation.rule


def test_the_longest_timedelta_can_be_a_number_of_seconds() -> None:
    longest = timedelta.max.total_seconds()
    assert duration_violations("horizon", longest, most=timedelta.max) == ()
    assert as_timedelta(longest) == timedelta.max


def test_the_longest_duration_can_be_added_to_a_date() -> None:
    assert duration_violations("timeout", LONGEST_DURATION) == ()
