"""Measure the cost of a state file for each change, as ratios to a service without one.

Run it with ``python tests/benchmarks/state_files.py``. It creates contacts with their channels,
in-process and over HTTP. The last lines show that the cost of a change does not grow with the
number of contacts, and what it would cost to write the whole state each time.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import ExitStack
from http.client import HTTPConnection
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from ssm_contacts_sdk.local import LocalService, Quotas
from ssm_contacts_sdk.local._server.http import serve

ROUNDS, CALLS, MANY = 15, 60, 4_000


def main() -> None:
    """Print the ratios."""
    with TemporaryDirectory() as folder, ExitStack() as stack:
        plain, persisted, flushed = (LocalService(quotas=Quotas.none()) for _ in range(3))
        stack.enter_context(persisted.persist(Path(folder, "persisted.json")))
        flushed_file = Path(folder, "flushed.json")
        stack.enter_context(flushed.persist(flushed_file))
        descriptor = os.open(flushed_file, os.O_RDONLY)
        stack.callback(os.close, descriptor)

        def flush(target: str, body: bytes) -> None:
            flushed.handle(target, {}, body)
            os.fsync(descriptor)

        over_http_calls: list[Callable[[str, bytes], object]] = []
        for service in (plain, persisted):
            server = stack.enter_context(serve(service))
            over_http_calls.append(over_http(HTTPConnection(server.host, server.port)))
        compare("in-process", creating(plain), {"with a file": creating(persisted)})
        compare(
            "over HTTP", creating(over_http_calls[0]), {"with a file": creating(over_http_calls[1])}
        )
        compare("reading, in-process", reading(plain), {"with a file": reading(persisted)})
        compare("in-process", creating(plain), {"flushed to the disk": creating(flush)})
        saved = Path(folder, "saved.json")
        for size in range(0, MANY + 1, MANY // 4):
            many = LocalService(quotas=Quotas.none())
            call = creating(many)
            for _ in range(size):
                call()
            many.save(saved)
            start = perf_counter()
            many.save(saved)
            whole = perf_counter() - start
            with many.persist(Path(folder, f"{size}.json")):
                start = perf_counter()
                for _ in range(CALLS):
                    call()
                each = (perf_counter() - start) / CALLS
            more = f"{1e6 * each:.0f} us for one more"
            print(f"{size} contacts: {more}, {1e3 * whole:.1f} ms to save all")


def over_http(connection: HTTPConnection) -> Callable[[str, bytes], object]:
    """Return a function that sends a request over HTTP."""

    def send(target: str, body: bytes) -> None:
        connection.request("POST", "/", body, {"X-Amz-Target": target})
        connection.getresponse().read()

    return send


def sender(to: LocalService | Callable[[str, bytes], object]) -> Callable[[str, bytes], object]:
    """Return a function that sends a request to a service or function."""
    if isinstance(to, LocalService):
        return lambda target, body: to.handle(target, {}, body)
    return to


def creating(to: LocalService | Callable[[str, bytes], object]) -> Callable[[], None]:
    """Return a function that creates one more contact with a channel."""
    send, numbers = sender(to), count()
    prefix = f"c{id(send):x}"
    arn = f"arn:aws:ssm-contacts:us-east-2:111122223333:contact/{prefix}"

    def call() -> None:
        number = next(numbers)
        alias = f"{prefix}n{number}"
        plan: dict[str, list[object]] = {"Stages": []}
        contact = {"Alias": alias, "Type": "PERSONAL", "Plan": plan, "IdempotencyToken": alias}
        send("SSMContacts.CreateContact", json.dumps(contact).encode())
        channel = {
            "ContactId": f"{arn}n{number}",
            "Name": "sms",
            "Type": "SMS",
            "DeliveryAddress": {"SimpleAddress": "+15005550199"},
        }
        send("SSMContacts.CreateContactChannel", json.dumps(channel).encode())

    return call


def reading(service: LocalService) -> Callable[[], None]:
    """Return a function that reads an empty list."""

    def call() -> None:
        service.handle("SSMContacts.ListRotations", {}, b"{}")

    return call


def compare(name: str, plain: Callable[[], None], others: dict[str, Callable[[], None]]) -> None:
    """Print the ratios of calls to `plain`, timed in turns so that other load affects all."""
    times: dict[str, list[float]] = {each: [] for each in ("plain", *others)}
    for _ in range(ROUNDS):
        for each, call in {"plain": plain, **others}.items():
            start = perf_counter()
            for _ in range(CALLS):
                call()
            times[each].append(perf_counter() - start)
    for each in others:
        ratio = median(a / b for a, b in zip(times[each], times["plain"], strict=True))
        more = median(a - b for a, b in zip(times[each], times["plain"], strict=True)) / CALLS
        print(f"{name}, {each}: {ratio:.2f} of none, {1e6 * more:.0f} us more")


if __name__ == "__main__":
    main()
