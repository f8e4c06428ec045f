"""The clocks of clients: the system clock on AWS, the service's clock with an embedded service."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from arns import rotation_arn
from clocks import ChangedClock, StoppedClock
from sentinels import PHONE

from ssm_contacts_sdk import (
    Channel,
    Contact,
    ContactsClient,
    ContactType,
    FollowTimeoutError,
    InvalidValueError,
    Plan,
    ResourceNotFoundError,
    RetryPolicy,
    SystemClock,
)
from ssm_contacts_sdk.local import LocalClock, LocalService, throttle

AKUA = Contact(alias="akuam", type=ContactType.PERSONAL)
TEXTS: dict[str, Any] = {"sender": "cli", "subject": "down", "content": "down"}
ROOT = Path(__file__).parents[1]
ROTATION = rotation_arn("web")

EMBEDDED: dict[str, Callable[[LocalService], ContactsClient]] = {
    "client": lambda service: service.client(),
    "client with a policy": lambda service: service.client(retry=RetryPolicy(attempts=3)),
    "a copy": lambda service: service.client().with_options(retry=RetryPolicy(attempts=3)),
    "a copy of a copy": lambda service: (
        service.client()
        .with_options(retry=RetryPolicy.none())
        .with_options(retry=RetryPolicy(attempts=3))
    ),
    "the clock is passed": lambda service: ContactsClient(
        boto3_client=service.boto3_client(), clock=service.clock
    ),
}


def fail_if_called(*_: object) -> float:
    raise AssertionError("a test must not wait in real time")


@pytest.mark.parametrize("way", EMBEDDED)
def test_a_local_client_waits_on_the_services_clock_even_if_time_is_patched(
    service: LocalService, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    before = EMBEDDED[way](service)
    monkeypatch.setattr("time.sleep", fail_if_called)
    monkeypatch.setattr("time.monotonic", lambda: 0.0)
    for number, client in enumerate([before, EMBEDDED[way](service)]):
        service.faults.add(throttle(retry_after_seconds=2))
        started = service.clock.monotonic()
        client.contacts.create(Contact(alias=f"a{number}", type=ContactType.PERSONAL))
        assert service.clock.monotonic() - started == 2


def test_a_local_client_follows_on_the_services_clock_even_if_time_is_patched(
    service: LocalService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", fail_if_called)
    client = service.client()
    akua = client.contacts.create(AKUA)
    sms = client.channels.create(akua, Channel.sms("sms", PHONE))
    client.channels.activate(sms, service.code_for(sms))
    plan = Plan.engagement().stage(minutes=30).channel(sms).build()
    client.contacts.update(akua, plan=plan)
    started = client.engagements.start(akua, **TEXTS)
    with pytest.raises(FollowTimeoutError):
        list(client.engagements.follow(started, timeout=timedelta(minutes=7)))
    assert service.clock.monotonic() == 7 * 60


@pytest.mark.parametrize("patched", ["before", "after"])
def test_a_client_of_aws_uses_the_sleep_that_python_has_at_that_moment(
    service: LocalService, monkeypatch: pytest.MonkeyPatch, patched: str
) -> None:
    """gevent and tests replace `time.sleep`, before or after a client is created."""
    waits: list[float] = []
    if patched == "before":
        monkeypatch.setattr("time.sleep", waits.append)
    client = ContactsClient(boto3_client=service.boto3_client(), retry=RetryPolicy(attempts=2))
    if patched == "after":
        monkeypatch.setattr("time.sleep", waits.append)
    service.faults.add(throttle(retry_after_seconds=2))
    client.contacts.create(AKUA)
    assert waits == [2]
    assert service.clock.monotonic() == 0


def test_a_copy_of_a_local_client_can_use_the_sleep_that_python_has_at_that_moment(
    service: LocalService, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = service.client().with_options(clock=SystemClock())
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)
    service.faults.add(throttle(retry_after_seconds=2))
    client.contacts.create(AKUA)
    assert waits == [2]
    assert service.clock.monotonic() == 0


PATCHED_PYTHON = """
import time
waits = []
def sleep(seconds):
    waits.append(seconds)
time.sleep = sleep
from ssm_contacts_sdk import ContactsClient, SystemClock
from ssm_contacts_sdk.local import LocalService, throttle
service = LocalService()
for client, expected in (
    (service.client(), []),
    (ContactsClient(boto3_client=service.boto3_client()), [2]),
    (service.client().with_options(clock=SystemClock()), [2]),
):
    waits.clear()
    service.faults.add(throttle(retry_after_seconds=2))
    list(client.contacts.list())
    print(waits == expected)
"""


def test_python_may_be_patched_before_the_import() -> None:
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", PATCHED_PYTHON],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["True"] * 3


def test_a_clock_that_was_passed_is_used_in_place_of_the_services(service: LocalService) -> None:
    clock = StoppedClock()
    service.faults.add(throttle(retry_after_seconds=40), times=2)
    client = service.client(retry=RetryPolicy(deadline=60)).with_options(clock=clock)
    # The deadline is measured on the client's clock.
    service.clock.advance(hours=1)
    with pytest.raises(Exception, match="after 2 attempts"):
        client.contacts.create(AKUA)
    assert clock.waits == [40]
    assert service.clock.monotonic() == 3600


def test_a_copy_has_the_clock_of_the_original(service: LocalService) -> None:
    clock = StoppedClock()
    client = service.client().with_options(clock=clock)
    service.faults.add(throttle(retry_after_seconds=2))
    list(client.with_options(retry=RetryPolicy(attempts=2)).contacts.list())
    assert clock.waits == [2]


def test_a_client_over_http_can_use_the_services_clock() -> None:
    service = LocalService()
    with service.serve() as server:
        client = ContactsClient(
            boto3_client=_over_http(server.url), retry=RetryPolicy(attempts=2), clock=service.clock
        )
        service.faults.add(throttle(retry_after_seconds=30))
        client.contacts.create(AKUA)
        client.close()
    assert service.clock.monotonic() == 30


def _over_http(url: str) -> Any:
    from botocore.config import Config
    from botocore.session import Session

    return Session().create_client(
        "ssm-contacts",
        region_name="us-east-2",
        endpoint_url=url,
        aws_access_key_id="x",
        aws_secret_access_key="y",
        config=Config(retries={"total_max_attempts": 1}),
    )


class _ClockWithoutSleep:
    def now(self) -> datetime:
        return datetime(2025, 1, 6, tzinfo=timezone.utc)


class _AsynchronousClock(_ClockWithoutSleep):
    def monotonic(self) -> float:
        return 0.0

    async def sleep(self, seconds: float) -> None:
        """Nobody awaits it."""


@pytest.mark.parametrize(
    "clock", [7, "now", _ClockWithoutSleep(), _AsynchronousClock(), LocalClock, lambda: None]
)
def test_an_object_without_the_methods_of_a_clock_is_rejected(
    service: LocalService, clock: Any
) -> None:
    creations: list[Callable[[], ContactsClient]] = [
        lambda: ContactsClient(boto3_client=service.boto3_client(), clock=clock),
        lambda: service.client().with_options(clock=clock),
    ]
    for create in creations:
        with pytest.raises(InvalidValueError) as caught:
            create()
        (violation,) = caught.value.violations
        assert (violation.path, violation.code) == ("clock", "wrong_type")


QUESTIONS: dict[str, Callable[[ContactsClient], object]] = {
    "on_call": lambda client: client.on_call(client.contacts.create(AKUA)),
    "audit": lambda client: client.audit(),
    "follow": lambda client: list(
        client.engagements.follow(
            client.engagements.start(client.contacts.create(AKUA), **TEXTS), timeout=timedelta(0)
        )
    ),
}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(
    ("now", "code"),
    [(datetime(2025, 1, 6), "no_time_zone"), (None, "wrong_type")],  # noqa: DTZ001
)
def test_a_clock_that_returns_no_instant_is_reported_when_it_is_read(
    service: LocalService, question: str, now: Any, code: str
) -> None:
    client = service.client().with_options(clock=ChangedClock(service.clock, now=lambda: now))
    with pytest.raises(InvalidValueError) as caught:
        QUESTIONS[question](client)
    (violation,) = caught.value.violations
    assert caught.value.subject == "ContactsClient"
    assert (violation.path, violation.code) == ("clock.now()", code)


@pytest.mark.parametrize("seconds", [None, "5", timedelta(0)])
def test_a_clock_that_returns_no_number_of_seconds_is_reported_before_a_request(
    service: LocalService, seconds: Any
) -> None:
    clock = ChangedClock(service.clock, monotonic=lambda: seconds)
    client = service.client().with_options(clock=clock)
    with pytest.raises(InvalidValueError) as caught:
        client.contacts.create(AKUA)
    (violation,) = caught.value.violations
    assert (violation.path, violation.code) == ("clock.monotonic()", "wrong_type")
    assert service.requests == ()


DATED: dict[str, Callable[[ContactsClient], object]] = {
    "on_call": lambda client: client.on_call(ROTATION),
    "calendar": lambda client: client.calendar(ROTATION),
    "preview": lambda client: client.preview(Plan()),
    "audit": lambda client: client.audit(),
}


@pytest.mark.parametrize("query", DATED)
def test_a_clock_in_a_year_without_dates_is_named(service: LocalService, query: str) -> None:
    last = datetime.max.replace(tzinfo=timezone.utc)
    client = service.client().with_options(clock=ChangedClock(service.clock, now=lambda: last))
    with pytest.raises(InvalidValueError) as caught:
        DATED[query](client)
    assert caught.value.subject == query
    (violation,) = caught.value.violations
    assert (violation.path, violation.code) == ("clock.now()", "too_large")


def test_a_clock_may_have_any_time_zone(service: LocalService) -> None:
    there = service.clock.now().astimezone(timezone(timedelta(hours=9)))
    client = service.client().with_options(clock=ChangedClock(service.clock, now=lambda: there))
    with pytest.raises(ResourceNotFoundError):
        client.on_call(ROTATION)
    (request, *_) = service.requests
    assert datetime.fromtimestamp(request.body["StartTime"], timezone.utc) == service.clock.now()


def test_a_running_local_clock_uses_the_time_that_python_has_at_that_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = LocalClock(speed=60.0)
    monkeypatch.setattr("time.monotonic", lambda: 10.0**12)
    moved = clock.now()
    assert moved.year > 2026
    assert clock.now() == moved
