from __future__ import annotations

import math
from datetime import timedelta

import pytest

from ssm_contacts_sdk._schema.durations import as_seconds, as_timedelta, duration_violations

A_SECOND, AN_HOUR = timedelta(seconds=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("duration", "seconds"),
    [(0, 0), (1.5, 1.5), (timedelta(minutes=2), 120), (timedelta.max, None)],
)
def test_a_duration_is_a_timedelta_or_seconds(
    duration: timedelta | float, seconds: float | None
) -> None:
    assert duration_violations(duration) == ()
    assert as_timedelta(duration) == (
        timedelta.max if seconds is None else timedelta(seconds=seconds)
    )
    assert as_seconds(duration) == (timedelta.max.total_seconds() if seconds is None else seconds)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (None, "wrong_type"),
        ("5", "wrong_type"),
        (True, "wrong_type"),
        (math.nan, "wrong_format"),
        (math.inf, "wrong_format"),
        (-1, "too_small"),
        (timedelta(seconds=-1), "too_small"),
        (-1e300, "too_small"),
        (1e300, "too_large"),
        (10**400, "too_large"),
        (-(10**400), "too_small"),
    ],
)
def test_other_values_are_rejected_and_not_converted(value: object, code: str) -> None:
    (violation,) = duration_violations(value, "timeout")
    assert (violation.path, violation.code) == ("timeout", code)
    assert code == "too_small" or as_timedelta(value) is value  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        (0.5, "must be between 1 second and 1 hour (got 0.5)"),
        (3601, "must be between 1 second and 1 hour (got 3601)"),
        (2 * AN_HOUR, "must be between 1 second and 1 hour (got 7200)"),
    ],
)
def test_the_limits_are_named(value: timedelta | float, rule: str) -> None:
    (violation,) = duration_violations(value, least=A_SECOND, most=AN_HOUR)
    assert violation.rule == rule
    assert duration_violations(A_SECOND, least=A_SECOND, most=AN_HOUR) == ()
    assert duration_violations(AN_HOUR, least=A_SECOND, most=AN_HOUR) == ()


def test_the_shortest_positive_duration_is_longer_than_the_least() -> None:
    (violation,) = duration_violations(0, is_positive=True)
    assert violation.rule == "must be longer than 0 seconds (got 0)"
    assert duration_violations(timedelta.resolution, is_positive=True) == ()


def test_a_number_of_seconds_that_no_timedelta_can_hold_is_too_large() -> None:
    (violation,) = duration_violations(1e15)
    assert violation.rule == "must be at most 999999999 days (got 1e+15)"
