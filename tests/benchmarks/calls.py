"""Measure what a call costs, as a ratio to the same call through plain boto3.

``python tests/benchmarks/calls.py`` prints each ratio with its goal, and ``starts.py`` does so for
new programs and clients. A function responds before a request is sent (`answers`), so a ratio is
that of everything else. Each round makes some calls of both clients in turn and compares their CPU
time, so that other load affects both. The ratio is the median of the rounds.

The plain client is that of most programs: ``boto3.client("ssm-contacts")`` with its defaults. Only
the client that is passed as `boto3_client` is compared to one with its own settings: it does not
retry, as the documentation recommends.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import count
from statistics import median
from time import process_time
from typing import Any

import boto3
from answers import ARN, CONTACTS, PAGE_SIZE, answer
from botocore.config import Config

from ssm_contacts_sdk import Contact, ContactsClient

REGION = "us-east-2"
ROUNDS, CALLS = 100, 20
LISTS = 25


def main() -> None:
    """Print the ratios."""
    use_credentials()
    plain = boto3_client()
    client = ContactsClient(region_name=REGION)
    answer(client.boto3_client)
    show("create", compare(creates(plain), typed_creates(client)), 0.95)
    show("get", compare(gets(plain), typed_gets(client)), 1.03)
    lists = compare(lists_all(plain), typed_lists_all(client), rounds=LISTS, calls=1)
    show(f"a list of {CONTACTS} in pages of {PAGE_SIZE}", lists, 1.08)
    once = Config(retries={"mode": "standard", "total_max_attempts": 1})
    plain, passed = boto3_client(once), boto3_client(once)
    client = ContactsClient(boto3_client=passed)
    show("create, boto3_client passed", compare(creates(plain), typed_creates(client)), 1.10)
    show("get, boto3_client passed", compare(gets(plain), typed_gets(client)), 1.10)


def use_credentials() -> None:
    """Set credentials, with which requests are signed; no response depends on them."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        os.environ.setdefault(name, "benchmark")


def boto3_client(config: Config | None = None) -> Any:
    """Return a plain boto3 client."""
    client: Any = boto3.client(  # pyright: ignore[reportUnknownMemberType]
        "ssm-contacts", region_name=REGION, config=config
    )
    return answer(client)


def creates(plain: Any) -> Callable[[], object]:
    """Return a function that creates one more contact."""
    numbers = count()
    return lambda: plain.create_contact(
        Alias=f"akuam{next(numbers)}",
        DisplayName="Akua Mansa",
        Type="PERSONAL",
        Plan={"Stages": []},
    )


def typed_creates(client: ContactsClient) -> Callable[[], object]:
    """Return a function that creates one more contact."""
    numbers = count()
    return lambda: client.contacts.create(
        Contact(alias=f"akuam{next(numbers)}", display_name="Akua Mansa", type="PERSONAL")
    )


def gets(plain: Any) -> Callable[[], object]:
    """Return a function that reads a contact with a plan of three stages."""
    return lambda: plain.get_contact(ContactId=ARN)


def typed_gets(client: ContactsClient) -> Callable[[], object]:
    """Return a function that reads a contact with a plan of three stages."""
    return lambda: client.contacts.get(ARN)


def lists_all(plain: Any) -> Callable[[], object]:
    """Return a function that reads all contacts."""
    paginator = plain.get_paginator("list_contacts")

    def call() -> int:
        pages = paginator.paginate(PaginationConfig={"PageSize": PAGE_SIZE})
        return sum(1 for page in pages for _ in page["Contacts"])

    return call


def typed_lists_all(client: ContactsClient) -> Callable[[], object]:
    """Return a function that reads all contacts."""
    return lambda: sum(1 for _ in client.contacts.list(page_size=PAGE_SIZE))


def compare(
    plain: Callable[[], object],
    typed: Callable[[], object],
    *,
    rounds: int = ROUNDS,
    calls: int = CALLS,
) -> float:
    """Return the median ratio of the CPU times of some calls, measured in turns."""
    plain()
    typed()
    ratios: list[float] = []
    for _ in range(rounds):
        seconds = [cpu_seconds(each, calls) for each in (plain, typed)]
        ratios.append(seconds[1] / seconds[0])
    return median(ratios)


def cpu_seconds(call: Callable[[], object], calls: int) -> float:
    """Return the CPU time of some calls."""
    start = process_time()
    for _ in range(calls):
        call()
    return process_time() - start


def show(name: str, measured: float, goal: float, unit: str = "of plain boto3") -> None:
    """Print a line of the table."""
    outcome = "met" if measured <= goal else "missed"
    print(f"{name:36}{measured:6.2f} {unit:15} goal {goal:.2f}: {outcome}", flush=True)


if __name__ == "__main__":
    main()
