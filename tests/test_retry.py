from __future__ import annotations

import itertools
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

import pytest
from amounts import amount
from any_errors import any_error
from arns import contact_arn
from attrs.exceptions import FrozenInstanceError
from clocks import ChangedClock, StoppedClock
from hypothesis import given
from hypothesis import strategies as st
from sentinels import PHONE

from ssm_contacts_sdk import (
    AccessDeniedError,
    Channel,
    Clock,
    Contact,
    ContactsClient,
    ContactType,
    InternalServerError,
    InvalidValueError,
    RetryDetails,
    RetryPolicy,
    ServiceError,
    ThrottlingError,
    TransportError,
)
from ssm_contacts_sdk.local import (
    LocalService,
    internal_error,
    lost_response,
    raw_response,
    service_error,
    throttle,
    unreachable,
)

AKUA = Contact(alias="akuam", type=ContactType.PERSONAL)
NOBODY = contact_arn("nobody")


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


def client_on(clock: Clock, service: LocalService, **policy: Any) -> ContactsClient:
    """Return a client of the service with this policy, which waits on `clock`."""
    return service.client(retry=RetryPolicy(**policy)).with_options(clock=clock)


def sent(service: LocalService) -> list[str]:
    return [request.operation for request in service.requests]


@pytest.mark.parametrize("attempts", [1, 2, 5])
def test_a_throttled_call_has_the_attempts_of_the_policy(
    service: LocalService, clock: StoppedClock, attempts: int
) -> None:
    service.faults.add(throttle(), times=None)
    client = client_on(clock, service, attempts=attempts)
    with pytest.raises(ThrottlingError) as caught:
        client.contacts.create(AKUA)
    assert len(service.requests) == attempts == caught.value.attempts
    assert len(clock.waits) == attempts - 1


def test_the_delay_doubles_up_to_the_maximum(service: LocalService, clock: StoppedClock) -> None:
    service.faults.add(throttle(), times=None)
    client = client_on(clock, service, attempts=6, base_delay=1, max_delay=5, random=lambda: 1.0)
    with pytest.raises(ThrottlingError):
        client.contacts.create(AKUA)
    assert clock.waits == [1, 2, 4, 5, 5]


def test_half_of_the_delay_is_random(service: LocalService, clock: StoppedClock) -> None:
    service.faults.add(throttle(), times=None)
    chance = itertools.cycle([0.0, 0.5, 1.0])
    client = client_on(
        clock, service, attempts=4, base_delay=8, max_delay=8, random=lambda: next(chance)
    )
    with pytest.raises(ThrottlingError):
        client.contacts.create(AKUA)
    assert clock.waits == [4, 6, 8]


def test_the_client_waits_exactly_as_long_as_the_service_requests(
    service: LocalService, clock: StoppedClock
) -> None:
    service.faults.add(throttle(retry_after_seconds=3))
    client_on(clock, service).contacts.create(AKUA)
    assert clock.waits == [3]


def test_a_failing_service_can_request_a_wait_too(
    service: LocalService, clock: StoppedClock
) -> None:
    service.faults.add(internal_error(retry_after_seconds=7))
    client_on(clock, service).contacts.create(AKUA)
    assert clock.waits == [7]


def test_a_wait_that_does_not_fit_the_deadline_ends_the_call(
    service: LocalService, clock: StoppedClock
) -> None:
    service.faults.add(throttle(retry_after_seconds=3600))
    with pytest.raises(ThrottlingError) as caught:
        client_on(clock, service).contacts.create(AKUA)
    assert caught.value.retry_after == 3600
    assert clock.waits == []
    assert len(service.requests) == 1


def test_a_request_for_an_extremely_long_wait_ends_the_call(
    service: LocalService, clock: StoppedClock
) -> None:
    service.faults.add(service_error("ThrottlingException", "", {"RetryAfterSeconds": 10**400}))
    with pytest.raises(ThrottlingError):
        client_on(clock, service).contacts.create(AKUA)
    assert clock.waits == []


def test_the_deadline_includes_waits_on_a_stopped_clock(
    service: LocalService, clock: StoppedClock
) -> None:
    service.faults.add(throttle(retry_after_seconds=4), times=None)
    with pytest.raises(ThrottlingError):
        client_on(clock, service, attempts=50, deadline=10).contacts.create(AKUA)
    assert clock.waits == [4, 4]


def test_the_deadline_is_measured_on_the_clock(service: LocalService, clock: StoppedClock) -> None:
    service.faults.add(throttle(retry_after_seconds=0), times=None)
    ticking = ChangedClock(clock, monotonic=itertools.count(0, 4).__next__)
    client = client_on(ticking, service, attempts=50, deadline=20)
    with pytest.raises(ThrottlingError):
        client.contacts.create(AKUA)
    assert 1 < len(service.requests) < 6


def test_a_call_ends_on_a_clock_that_goes_back(service: LocalService, clock: StoppedClock) -> None:
    service.faults.add(throttle(retry_after_seconds=10), times=None)
    backwards = ChangedClock(clock, monotonic=itertools.count(0, -1000).__next__)
    client = client_on(backwards, service, attempts=50)
    with pytest.raises(ThrottlingError):
        client.contacts.create(AKUA)
    assert clock.waits == [10] * 4


# All examples of a property share it, because to create a client is slow.
SHARED = LocalService()
SHARED_CLIENT = SHARED.client()


@given(
    attempts=st.integers(1, 8),
    requested=st.lists(st.none() | st.integers(0, 60), min_size=8, max_size=8),
    deadline=st.floats(0, 120),
    chance=st.floats(0, 1),
)
def test_no_call_waits_beyond_its_deadline_or_sends_more_than_its_attempts(
    attempts: int, requested: list[int | None], deadline: float, chance: float
) -> None:
    SHARED.reset()
    for nth, seconds in enumerate(requested, start=1):
        SHARED.faults.add(throttle(seconds), nth=nth)
    clock = StoppedClock()
    policy = RetryPolicy(attempts=attempts, deadline=deadline, random=lambda: chance)
    with pytest.raises(ThrottlingError):
        SHARED_CLIENT.with_options(retry=policy, clock=clock).contacts.create(AKUA)
    assert len(SHARED.requests) == len(clock.waits) + 1 <= attempts
    assert sum(clock.waits) <= deadline


def test_a_request_that_never_arrived_is_repeated_for_every_operation(
    service: LocalService, clock: StoppedClock
) -> None:
    client = client_on(clock, service)
    akua = client.contacts.create(AKUA)
    sms = client.channels.create(akua, Channel.sms("akuas sms", PHONE))
    service.faults.add(unreachable(), times=2)
    client.channels.send_activation_code(sms)
    assert len(clock.waits) == 2
    assert len(service.outbox) == 2


def test_a_throttled_request_is_repeated_for_every_operation(
    service: LocalService, clock: StoppedClock
) -> None:
    client = client_on(clock, service)
    akua = client.contacts.create(AKUA)
    sms = client.channels.create(akua, Channel.sms("akuas sms", PHONE))
    service.faults.add(throttle())
    client.channels.send_activation_code(sms)
    assert len(service.outbox) == 2


LOST = [
    lost_response(),
    internal_error(),
    raw_response(502, b"<html>"),
    raw_response(200, b"<html>"),
]


@pytest.mark.parametrize("effect", LOST, ids=["lost", "500", "502", "200"])
def test_a_code_is_not_sent_again_if_the_outcome_is_unknown(
    service: LocalService, client: ContactsClient, effect: Any
) -> None:
    akua = client.contacts.create(AKUA)
    sms = client.channels.create(akua, Channel.sms("akuas sms", PHONE))
    service.faults.add(effect, times=None)
    acts: list[Callable[[], None]] = [
        lambda: client.channels.send_activation_code(sms),
        lambda: client.channels.activate(sms, "123456"),
    ]
    for act in acts:
        before = len(service.requests)
        with pytest.raises(
            Exception, match="the outcome is unknown: check the resource before"
        ) as caught:
            act()
        error: Any = caught.value
        assert (error.attempts, error.outcome_unknown) == (1, True)
        assert len(service.requests) == before + 1


@pytest.mark.parametrize("effect", LOST, ids=["lost", "500", "502", "200"])
def test_an_update_is_repeated_if_the_outcome_is_unknown(
    service: LocalService, client: ContactsClient, effect: Any
) -> None:
    akua = client.contacts.create(AKUA)
    service.faults.add(effect, times=3)
    client.contacts.update(akua, display_name="Akua Mansa")
    assert client.contacts.get(akua).display_name == "Akua Mansa"
    assert sent(service).count("UpdateContact") == 4


def test_a_rejected_request_is_not_repeated(service: LocalService, clock: StoppedClock) -> None:
    client = client_on(clock, service)
    with pytest.raises(ServiceError):
        client.contacts.get(NOBODY)
    service.faults.add(service_error("AccessDeniedException", "no"))
    with pytest.raises(AccessDeniedError):
        client.contacts.get(NOBODY)
    service.faults.add(any_error("BrandNewException", "no"))
    with pytest.raises(ServiceError):
        client.contacts.get(NOBODY)
    assert len(service.requests) == 3
    assert clock.waits == []


def test_on_retry_receives_the_details_before_each_wait(
    service: LocalService, clock: StoppedClock
) -> None:
    retries: list[RetryDetails] = []
    service.faults.add(throttle(retry_after_seconds=2))
    service.faults.add(internal_error(), nth=2)
    client = client_on(clock, service, on_retry=retries.append, base_delay=1, random=lambda: 1.0)
    client.contacts.create(AKUA)
    first, second = retries
    assert (first.operation, first.attempt, first.wait_for, first.elapsed) == (
        "CreateContact",
        1,
        2,
        0,
    )
    assert isinstance(first.cause, ThrottlingError)
    assert (second.attempt, second.wait_for, second.elapsed) == (2, 2, 2)
    assert isinstance(second.cause, InternalServerError)
    with pytest.raises(FrozenInstanceError):
        first.attempt = 7  # type: ignore[misc]


def test_an_error_of_on_retry_ends_the_call(service: LocalService, clock: StoppedClock) -> None:
    class EnoughError(Exception):
        pass

    def enough(_: RetryDetails) -> None:
        raise EnoughError

    service.faults.add(throttle(), times=None)
    with pytest.raises(EnoughError):
        client_on(clock, service, on_retry=enough).contacts.create(AKUA)
    assert len(service.requests) == 1


def test_on_retry_may_use_the_same_client(service: LocalService, clock: StoppedClock) -> None:
    seen: list[int] = []

    def list_contacts(details: RetryDetails) -> None:
        if details.operation == "CreateContact":
            seen.append(len(list(client.contacts.list())))

    client = client_on(clock, service, on_retry=list_contacts)
    service.faults.add(lost_response(), operation="CreateContact", times=2)
    service.faults.add(throttle(), operation="ListContacts")
    client.contacts.create(AKUA)
    assert seen == [1, 1]
    assert sent(service).count("CreateContact") == 3


def test_a_retry_is_logged_in_one_line(
    service: LocalService, clock: StoppedClock, caplog: pytest.LogCaptureFixture
) -> None:
    service.faults.add(throttle(retry_after_seconds=3))
    client_on(clock, service).contacts.create(AKUA)
    assert [(record.name, record.levelname, record.getMessage()) for record in caplog.records] == [
        (
            "ssm_contacts_sdk.retry",
            "INFO",
            "CreateContact: attempt 1 failed (ThrottlingError); the next one is in 3 s",
        )
    ]


def test_the_policy_none_makes_one_attempt(service: LocalService) -> None:
    service.faults.add(unreachable())
    with pytest.raises(TransportError):
        service.client(retry=RetryPolicy.none()).contacts.create(AKUA)
    assert RetryPolicy.none() == RetryPolicy(attempts=1)


async def report_later(_: RetryDetails) -> None:
    """Nobody awaits it."""


def test_an_asynchronous_hook_is_told_what_it_must_be() -> None:
    hook: Any = report_later
    with pytest.raises(InvalidValueError, match="on_retry must be callable and not async"):
        RetryPolicy(on_retry=hook)


def test_a_single_attempt_needs_no_delay(service: LocalService, clock: StoppedClock) -> None:
    client = client_on(clock, service, attempts=1, random=lambda: 1 / 0)
    service.faults.add(throttle())
    with pytest.raises(ThrottlingError):
        client.contacts.list().first()


@pytest.mark.parametrize(
    ("invalid", "violations"),
    [
        ({"attempts": 0}, [("attempts", "too_small")]),
        ({"attempts": 1001}, [("attempts", "too_large")]),
        ({"attempts": True}, [("attempts", "wrong_type")]),
        ({"deadline": -1}, [("deadline", "too_small")]),
        ({"deadline": timedelta(seconds=-1)}, [("deadline", "too_small")]),
        ({"deadline": float("nan")}, [("deadline", "too_small")]),
        ({"base_delay": float("inf")}, [("base_delay", "too_large")]),
        ({"max_delay": "1"}, [("max_delay", "wrong_type")]),
        ({"max_delay": 10**400}, [("max_delay", "too_large")]),
        ({"random": None}, [("random", "wrong_type")]),
        ({"on_retry": 1}, [("on_retry", "wrong_type")]),
        ({"on_retry": report_later}, [("on_retry", "wrong_type")]),
        ({"attempts": 0, "deadline": -1}, [("attempts", "too_small"), ("deadline", "too_small")]),
    ],
)
def test_an_invalid_policy_is_rejected(invalid: Any, violations: list[tuple[str, str]]) -> None:
    with pytest.raises(InvalidValueError) as caught:
        RetryPolicy(**invalid)
    assert caught.value.subject == "RetryPolicy"
    assert [(each.path, each.code) for each in caught.value.violations] == violations


def test_the_message_of_an_invalid_policy_has_the_limits() -> None:
    with pytest.raises(InvalidValueError) as caught:
        RetryPolicy(attempts=1001, on_retry=cast("Any", 7))
    assert str(caught.value) == (
        "RetryPolicy: attempts must be between 1 and 1000 (got 1001); "
        "on_retry must be callable (got int)"
    )


def test_a_duration_of_a_policy_is_a_timedelta_or_seconds() -> None:
    durations = {"deadline": 60, "base_delay": 0.25, "max_delay": 2}
    in_seconds = RetryPolicy(**cast("Any", durations))
    assert in_seconds == RetryPolicy(
        deadline=timedelta(minutes=1),
        base_delay=timedelta(milliseconds=250),
        max_delay=timedelta(seconds=2),
    )
    assert (in_seconds.deadline, in_seconds.base_delay, in_seconds.max_delay) == (60, 0.25, 2)


def test_a_wait_may_end_at_the_deadline(service: LocalService, clock: StoppedClock) -> None:
    service.faults.add(throttle(retry_after_seconds=45))
    client_on(clock, service, deadline=45).contacts.create(AKUA)
    assert clock.waits == [45]


def test_a_call_can_have_a_thousand_attempts(service: LocalService, clock: StoppedClock) -> None:
    service.faults.add(throttle(), times=None)
    # A call within a call for each attempt would need more frames than Python has.
    attempts = min(1000, amount(quick=200, long=1000))
    client = client_on(clock, service, attempts=attempts, deadline=1e9, base_delay=1e6, max_delay=1)
    with pytest.raises(ThrottlingError):
        client.contacts.create(AKUA)
    assert len(clock.waits) == attempts - 1


LOADED = """
import sys
from ssm_contacts_sdk import ContactsClient, Contact, ContactType, ResourceNotFoundError
from ssm_contacts_sdk import RetryPolicy, ThrottlingError
from ssm_contacts_sdk.local import LocalService, throttle
service = LocalService()
client = service.client()
akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
client.contacts.delete(akua)
try:
    client.contacts.get(akua)
except ResourceNotFoundError:
    print("tenacity" in sys.modules)
service.faults.add(throttle(), times=2)
try:
    client.with_options(retry=RetryPolicy.none()).contacts.list().first()
except ThrottlingError:
    print("tenacity" in sys.modules)
print(len(list(client.contacts.list())), "tenacity" in sys.modules)
"""


def test_tenacity_is_imported_only_when_a_call_is_repeated() -> None:
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["False", "False", "0 True"]
