"""Signal handlers and other code that run during a request, in the same thread."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import pytest
from sentinels import PHONE, phone_number

from ssm_contacts_sdk import (
    Channel,
    Contact,
    ContactsClient,
    ContactType,
    Plan,
    ReentrantCallError,
    RetryPolicy,
    ThrottlingError,
)
from ssm_contacts_sdk.local import LocalClock, LocalService, Snapshot, throttle
from ssm_contacts_sdk.local import _fault_injection as faults
from ssm_contacts_sdk.local._clock import DEFAULT_START
from ssm_contacts_sdk.local._journal import Delivery

PATIENCE = 20.0
T = TypeVar("T")


def in_time(work: Callable[[], T]) -> T:
    """Return the result of `work`, run in another thread, so that a deadlock fails the test."""
    done: list[T] = []
    failed: list[BaseException] = []

    def run() -> None:
        try:
            done.append(work())
        except BaseException as error:  # noqa: BLE001 - it is raised in the test
            failed.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    assert not thread.is_alive(), "it waits for itself"
    if failed:
        raise failed[0]
    return done[0]


class Interrupting(LocalClock):
    """A clock that runs `handler` while the service reads the time of a request."""

    handler: Callable[[], object] | None = None

    def now(self) -> datetime:
        handler, self.handler = self.handler, None
        if handler is not None:
            handler()
        return super().now()


LOOKS: dict[str, Callable[[LocalService], object]] = {
    "requests": lambda service: service.requests,
    "requests_received": lambda service: service.requests_received,
    "outbox": lambda service: service.outbox,
    "journal": lambda service: service.journal,
    "journal_since": lambda service: service.journal_since(0),
    "transcript": lambda service: service.transcript(),
    "code_for": lambda service: service.code_for(service.outbox[0].channel_arn),
    "the clock": lambda service: service.clock.monotonic(),
    "faults": lambda service: service.faults.clear(),
    "a new fault": lambda service: service.faults.add(throttle(), operation="ListRotations"),
    "delivery": lambda service: service.delivery.fail("arn"),
    "repr": repr,
}


@pytest.mark.parametrize("look", LOOKS)
def test_a_signal_handler_can_read_the_service_during_a_request(look: str) -> None:
    clock = Interrupting()
    service = LocalService(clock=clock)
    client = service.client()
    akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
    client.channels.create(akua, Channel.sms("phone", PHONE))
    seen: list[object] = []
    clock.handler = lambda: seen.append(LOOKS[look](service))
    assert in_time(lambda: client.contacts.get(akua)).alias == "akuam"
    assert len(seen) == 1


CALLS: dict[str, Callable[[LocalService, Snapshot], object]] = {
    "a request": lambda service, _: service.handle("SSMContacts.ListContacts", {}, b"{}"),
    "a client": lambda service, _: list(service.client().contacts.list()),
    "reset": lambda service, _: service.reset(),
    "snapshot": lambda service, _: service.snapshot(),
    "restore": lambda service, snapshot: service.restore(snapshot),
    "load_resources": lambda service, _: service.load_resources(),
    "reply": lambda service, _: service.reply("arn", "x"),
}


@pytest.mark.parametrize("call", CALLS)
def test_a_signal_handler_cannot_call_the_service_during_a_request(call: str) -> None:
    clock = Interrupting()
    service = LocalService(clock=clock)
    client = service.client()
    akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
    snapshot = service.snapshot()
    rejected: list[str] = []

    def handler() -> None:
        with pytest.raises(ReentrantCallError) as caught:
            CALLS[call](service, snapshot)
        rejected.append(str(caught.value))

    clock.handler = handler
    assert in_time(lambda: client.contacts.get(akua)).alias == "akuam"
    (text,) = rejected
    assert "set a flag in the handler" in text
    # Afterwards, it can.
    CALLS["a request"](service, snapshot)


def test_a_reentrant_call_reaches_the_caller() -> None:
    clock = Interrupting()
    service = LocalService(clock=clock)
    client = service.client()
    clock.handler = lambda: client.contacts.get("arn:aws:ssm-contacts:us-east-2:1:contact/a")
    with pytest.raises(ReentrantCallError):
        in_time(lambda: list(client.contacts.list()))
    assert list(client.contacts.list()) == []


def test_other_threads_wait_for_the_response() -> None:
    clock = Interrupting()
    service = LocalService(clock=clock)
    client = service.client()
    order: list[str] = []

    def other() -> None:
        list(client.contacts.list())
        order.append("other")

    def handler() -> None:
        threads.append(threading.Thread(target=other, daemon=True))
        threads[0].start()
        threads[0].join(0.2)
        order.append("handler")

    threads: list[threading.Thread] = []
    clock.handler = handler
    in_time(lambda: list(client.rotations.list()))
    threads[0].join(PATIENCE)
    assert order == ["handler", "other"]
    assert [request.operation for request in service.requests] == ["ListRotations", "ListContacts"]


MOVES: dict[str, Callable[[LocalClock], object]] = {
    "now": lambda clock: clock.now(),
    "monotonic": lambda clock: clock.monotonic(),
    "advance": lambda clock: clock.advance(seconds=5),
    "move_to": lambda clock: clock.move_to(DEFAULT_START + timedelta(seconds=20)),
    "return_to": lambda clock: clock.return_to(DEFAULT_START + timedelta(seconds=20)),
}


@pytest.mark.parametrize("outer", MOVES)
@pytest.mark.parametrize("inner", MOVES)
def test_a_clock_that_is_interrupted_loses_no_time(outer: str, inner: str) -> None:
    interruptions = [inner]
    second = 0.0

    def real() -> float:
        # The clock calls this during each read and each move.
        if second and interruptions:
            MOVES[interruptions.pop()](clock)
        return second

    clock = LocalClock(speed=1, real=real)
    second = 1.0
    in_time(lambda: MOVES[outer](clock))
    assert interruptions == []
    # The second that passed counts once, and so does each move.
    moved = [name for name in (inner, outer) if name not in ("now", "monotonic")]
    seconds = 1.0
    for name in moved:
        seconds = seconds + 5 if name == "advance" else 20.0
    assert (clock.now() - DEFAULT_START).total_seconds() == seconds


def test_a_rule_can_be_added_while_another_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    service = LocalService()

    class Interrupted(Random):
        def random(self) -> float:
            service.faults.add(throttle(), operation="ListRotations")
            return 0.0

    monkeypatch.setattr(faults, "Random", Interrupted)
    service.faults.add(throttle(), operation="ListContacts", probability=1.0)
    client = service.client().with_options(retry=RetryPolicy.none())
    for call in (client.contacts.list, client.rotations.list):
        with pytest.raises(ThrottlingError):
            in_time(lambda call=call: list(call()))  # type: ignore[misc]


def paged_by_three_phones(service: LocalService, client: ContactsClient, alias: str) -> None:
    person = client.contacts.create(Contact(alias=alias, type=ContactType.PERSONAL))
    stages = Plan.engagement()
    for number in range(3):
        sms = client.channels.create(
            person, Channel.sms(f"sms {number}", phone_number(190 + number))
        )
        client.channels.activate(sms, service.code_for(sms))
        stages = stages.stage(minutes=5).channel(sms)
    client.contacts.update(person, plan=stages.build())
    client.engagements.start(person, sender="s", subject="s", content="c")


def test_reading_the_service_during_a_send_runs_no_due_events(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    service = LocalService()
    client = service.client()
    paged_by_three_phones(service, client, "akuam")
    service.clock.advance(minutes=1)
    paged_by_three_phones(service, client, "alejr")
    delivers = Delivery.delivers
    looked: list[int] = []

    def interrupted(delivery: Delivery, arn: str) -> bool:
        looked.append(len(service.outbox))
        return delivers(delivery, arn)

    monkeypatch.setattr(Delivery, "delivers", interrupted)
    service.clock.advance(minutes=20)
    in_time(lambda: service.outbox)
    pages = [message for message in service.outbox if message.kind == "page"]
    assert [(page.alias, page.sent_at.minute) for page in pages] == [
        ("akuam", 0),
        ("alejr", 1),
        ("akuam", 5),
        ("alejr", 6),
        ("akuam", 10),
        ("alejr", 11),
    ]
    # Each read returned all earlier messages, and no later ones.
    assert looked == [8, 9, 10, 11]


def test_a_call_during_a_send_is_reentrant(monkeypatch: pytest.MonkeyPatch) -> None:
    service = LocalService()
    client = service.client()
    paged_by_three_phones(service, client, "akuam")
    (akua,) = client.contacts.list()

    def calling(delivery: Delivery, arn: str) -> bool:
        service.handle("SSMContacts.ListContacts", {}, b"{}")
        raise AssertionError

    monkeypatch.setattr(Delivery, "delivers", calling)
    # The page is sent within this request.
    plan = Plan.engagement().stage(minutes=5)
    for channel in client.channels.list(akua):
        plan = plan.channel(channel)
    client.contacts.update(akua, plan=plan.build())
    with pytest.raises(ReentrantCallError):
        in_time(lambda: client.engagements.start(akua, sender="s", subject="s", content="c"))


PROGRAM = """
import signal
from ssm_contacts_sdk import Contact, ContactType
from ssm_contacts_sdk.local import LocalService

service = LocalService()
client = service.client()
looks = []

def look(*_):
    looks.append((service.requests, service.outbox, service.clock.now()))
    if service.requests_received < COUNT:
        signal.setitimer(signal.ITIMER_REAL, 0.0002)

signal.signal(signal.SIGALRM, look)
signal.setitimer(signal.ITIMER_REAL, 0.0002)
for number in range(COUNT):
    client.contacts.create(Contact(alias=f"a{number}", type=ContactType.PERSONAL))
signal.setitimer(signal.ITIMER_REAL, 0)
assert len(service.requests) == COUNT
print(len(looks) > COUNT / 10)
"""


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there are no timers here")
def test_a_real_signal_handler_can_read_at_any_time() -> None:
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", PROGRAM.replace("COUNT", "150")],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")


def test_a_server_can_be_closed_by_a_handler_that_interrupts_its_close(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server: Any = LocalService().serve()
    listener = server._listener
    stop = listener.stop

    def interrupted() -> None:
        server.close()
        stop()

    monkeypatch.setattr(listener, "stop", interrupted)
    in_time(server.close)
    in_time(server.close)
