"""What a state file costs for each change, as ratios to a service without one, in one run.

Run it with ``python tests/benchmarks/state_files.py``. Contacts are created with their channels,
in-process and over HTTP. The last lines show that the cost for each does not grow with their
number, and what it would be to write the whole state each time.
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
    with TemporaryDirectory() as home, ExitStack() as stack:
        plain, kept, flushed = (LocalService(quotas=Quotas.none()) for _ in range(3))
        stack.enter_context(kept.persist(Path(home, "kept.json")))
        flushed_file = Path(home, "flushed.json")
        stack.enter_context(flushed.persist(flushed_file))
        descriptor = os.open(flushed_file, os.O_RDONLY)
        stack.callback(os.close, descriptor)

        def flush(target: str, body: bytes) -> None:
            flushed.handle(target, {}, body)
            os.fsync(descriptor)

        far: list[Callable[[str, bytes], object]] = []
        for service in (plain, kept):
            server = stack.enter_context(serve(service))
            far.append(over_http(HTTPConnection(server.host, server.port)))
        compare("in-process", creating(plain), {"with a file": creating(kept)})
        compare("over HTTP", creating(far[0]), {"with a file": creating(far[1])})
        compare("reading, in-process", reading(plain), {"with a file": reading(kept)})
        compare("in-process", creating(plain), {"flushed to the disk": creating(flush)})
        saved = Path(home, "saved.json")
        for size in range(0, MANY + 1, MANY // 4):
            many = LocalService(quotas=Quotas.none())
            act = creating(many)
            for _ in range(size):
                act()
            many.save(saved)
            begun = perf_counter()
            many.save(saved)
            whole = perf_counter() - begun
            with many.persist(Path(home, f"{size}.json")):
                begun = perf_counter()
                for _ in range(CALLS):
                    act()
                each = (perf_counter() - begun) / CALLS
            more = f"{1e6 * each:.0f} us for one more"
            print(f"{size} contacts: {more}, {1e3 * whole:.1f} ms to save all")


def over_http(connection: HTTPConnection) -> Callable[[str, bytes], object]:
    """What sends a request over HTTP."""

    def send(target: str, body: bytes) -> None:
        connection.request("POST", "/", body, {"X-Amz-Target": target})
        connection.getresponse().read()

    return send


def sender(to: LocalService | Callable[[str, bytes], object]) -> Callable[[str, bytes], object]:
    """What sends a request, by whatever way."""
    if isinstance(to, LocalService):
        return lambda target, body: to.handle(target, {}, body)
    return to


def creating(to: LocalService | Callable[[str, bytes], object]) -> Callable[[], None]:
    """What creates another contact, with a channel."""
    send, numbers = sender(to), count()
    prefix = f"c{id(send):x}"
    arn = f"arn:aws:ssm-contacts:us-east-2:111122223333:contact/{prefix}"

    def act() -> None:
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

    return act


def reading(service: LocalService) -> Callable[[], None]:
    """What reads a list without a row."""

    def act() -> None:
        service.handle("SSMContacts.ListRotations", {}, b"{}")

    return act


def compare(name: str, plain: Callable[[], None], others: dict[str, Callable[[], None]]) -> None:
    """Time them in turns, so that a noisy neighbour disturbs all."""
    taken: dict[str, list[float]] = {each: [] for each in ("plain", *others)}
    for _ in range(ROUNDS):
        for each, act in {"plain": plain, **others}.items():
            begun = perf_counter()
            for _ in range(CALLS):
                act()
            taken[each].append(perf_counter() - begun)
    for each in others:
        ratio = median(a / b for a, b in zip(taken[each], taken["plain"], strict=True))
        more = median(a - b for a, b in zip(taken[each], taken["plain"], strict=True)) / CALLS
        print(f"{name}, {each}: {ratio:.2f} of none, {1e6 * more:.0f} us more")


if __name__ == "__main__":
    main()
