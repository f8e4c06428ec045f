"""Policies, waits and clocks at their limits."""

from __future__ import annotations

from datetime import timedelta
from itertools import chain, repeat
from math import inf, nan
from typing import Any

import pytest
from clocks import ChangedClock, StoppedClock

from ssm_contacts_sdk import (
    Clock,
    Contact,
    ContactsClient,
    ContactType,
    InvalidValueError,
    RetryPolicy,
    ThrottlingError,
)
from ssm_contacts_sdk.local import LocalService, throttle

AKUA = Contact(alias="akuam", type=ContactType.PERSONAL)
LONGEST = 10**9


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


def client_on(clock: Clock, service: LocalService, **policy: Any) -> ContactsClient:
    return service.client(retry=RetryPolicy(**policy)).with_options(clock=clock)


@pytest.mark.parametrize("name", ["deadline", "base_delay", "max_delay"])
def test_the_limits_of_a_duration_are_allowed(name: str) -> None:
    for allowed in (0, timedelta(0), LONGEST, timedelta(seconds=LONGEST)):
        assert getattr(RetryPolicy(**{name: allowed}), name) in (0, LONGEST)  # type: ignore[arg-type]
    for rejected in (-1e-9, LONGEST + 1e-3, timedelta(seconds=LONGEST, microseconds=1), -inf, inf):
        with pytest.raises(InvalidValueError):
            RetryPolicy(**{name: rejected})  # type: ignore[arg-type]


@pytest.mark.parametrize("attempts", [1, 2, 5])
def test_a_call_has_exactly_its_attempts(
    service: LocalService, clock: StoppedClock, attempts: int
) -> None:
    client = client_on(clock, service, attempts=attempts, deadline=LONGEST)
    service.faults.add(throttle(), times=attempts - 1) if attempts > 1 else None
    assert client.contacts.create(AKUA).alias == "akuam"
    service.faults.add(throttle(), times=attempts)
    with pytest.raises(ThrottlingError) as caught:
        client.contacts.list().first()
    assert caught.value.attempts == attempts
    assert len(clock.waits) == 2 * (attempts - 1)


def test_the_first_and_the_largest_number_of_attempts_are_allowed() -> None:
    assert [RetryPolicy(attempts=each).attempts for each in (1, 1000)] == [1, 1000]


def test_a_service_that_requests_no_wait_gets_the_request_at_once(
    service: LocalService, clock: StoppedClock
) -> None:
    service.faults.add(throttle(retry_after_seconds=0), times=2)
    client_on(clock, service, deadline=0).contacts.create(AKUA)
    assert clock.waits == [0, 0]


@pytest.mark.parametrize("delays", [{"base_delay": 0}, {"max_delay": 0}])
def test_without_a_delay_a_deadline_of_no_time_is_kept(
    service: LocalService, clock: StoppedClock, delays: dict[str, float]
) -> None:
    service.faults.add(throttle(), times=4)
    client_on(clock, service, deadline=0, **delays).contacts.create(AKUA)
    assert clock.waits == [0, 0, 0, 0]


@pytest.mark.parametrize(("deadline", "waits"), [(11, [3]), (10.999, [])])
def test_a_wait_may_end_exactly_at_the_deadline_after_a_slow_attempt(
    service: LocalService, clock: StoppedClock, deadline: float, waits: list[float]
) -> None:
    service.faults.add(throttle(retry_after_seconds=3))
    # The first attempt takes eight seconds.
    slow = ChangedClock(clock, monotonic=chain([0.0], repeat(8.0)).__next__)
    client = client_on(slow, service, deadline=deadline)
    if waits:
        client.contacts.create(AKUA)
    else:
        with pytest.raises(ThrottlingError):
            client.contacts.create(AKUA)
    assert clock.waits == waits


@pytest.mark.parametrize(
    "wait", [LONGEST, LONGEST + 1, 10**400], ids=["longest", "longer", "endless"]
)
def test_a_wait_that_the_service_requests_is_never_shortened(
    service: LocalService, clock: StoppedClock, wait: int
) -> None:
    service.faults.add(throttle(retry_after_seconds=wait))
    client = client_on(clock, service, deadline=LONGEST)
    if wait == LONGEST:
        client.contacts.create(AKUA)
        assert clock.waits == [LONGEST]
    else:
        with pytest.raises(ThrottlingError):
            client.contacts.create(AKUA)
        assert clock.waits == []


@pytest.mark.parametrize("later", [nan, inf, -inf])
@pytest.mark.parametrize("start", [0.0, nan, inf, -inf])
def test_a_call_ends_on_a_clock_that_is_nowhere(
    service: LocalService, clock: StoppedClock, start: float, later: float
) -> None:
    service.faults.add(throttle(retry_after_seconds=10), times=None)
    lost = ChangedClock(clock, monotonic=chain([start], repeat(later)).__next__)
    with pytest.raises(ThrottlingError) as caught:
        client_on(lost, service, attempts=50, deadline=45).contacts.create(AKUA)
    # Four waits of ten seconds fit the deadline, unless an infinite time has passed.
    has_passed = later - start == inf
    assert caught.value.attempts == (1 if has_passed else 5)
    assert clock.waits == ([] if has_passed else [10] * 4)


def test_a_call_ends_before_a_wait_that_is_not_a_number(
    service: LocalService, clock: StoppedClock
) -> None:
    service.faults.add(throttle(), times=1)
    with pytest.raises(ThrottlingError) as caught:
        client_on(clock, service, random=lambda: nan).contacts.create(AKUA)
    assert caught.value.attempts == 1
    assert clock.waits == []
