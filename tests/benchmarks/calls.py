"""Measure the time of a call, as a ratio to the same call through plain boto3.

Run it with ``python tests/benchmarks/calls.py``. One embedded service responds to both calls, and
its time is a part of both.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from statistics import median
from time import perf_counter
from typing import Any

from botocore.config import Config
from botocore.session import Session

from ssm_contacts_sdk import Channel, Contact, ContactsClient, ContactType, Plan
from ssm_contacts_sdk.local import LocalService, Quotas

ROUNDS, CALLS = 15, 60


def main() -> None:
    """Print the ratios."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        # boto3 needs credentials to sign requests, and the service does not check them.
        os.environ.setdefault(name, "benchmark")
    service = LocalService(quotas=Quotas.none())
    client = ContactsClient(region_name="us-east-2")
    service.connect(client.boto3_client)
    plain: Any = Session().create_client(
        "ssm-contacts",
        region_name="us-east-2",
        config=Config(retries={"mode": "standard", "total_max_attempts": 1}),
    )
    service.connect(plain)
    akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
    plan = Plan.engagement()
    for number in range(3):
        sms = client.channels.create(akua, Channel.sms("sms", f"+1500555010{number}"))
        plan = plan.stage(minutes=5).channel(sms, retry_minutes=1)
    client.contacts.update(akua, plan=plan.build())
    for number in range(1000):
        client.contacts.create(Contact(alias=f"c{number}", type=ContactType.PERSONAL))

    def plain_list() -> None:
        pages = plain.get_paginator("list_contacts").paginate(PaginationConfig={"PageSize": 100})
        for page in pages:
            for _ in page["Contacts"]:
                pass

    def typed_list() -> None:
        for _ in client.contacts.list(page_size=100):
            pass

    compare(
        "get_contact",
        lambda: plain.get_contact(ContactId=akua.arn),
        lambda: client.contacts.get(akua),
    )
    compare("a list of 1,000", plain_list, typed_list, calls=2)
    # Last, because it makes the list longer than 1,000.
    compare_create(plain, client)
    compare_imports("import of the package, compared to import boto3", "ssm_contacts_sdk", "boto3")


def compare_create(plain: Any, client: ContactsClient) -> None:
    """Print the ratio of the times to create a contact."""
    numbers = count()

    def plain_create() -> None:
        alias = f"plain{next(numbers)}"
        plain.create_contact(Alias=alias, Type="PERSONAL", Plan={"Stages": []})

    def typed_create() -> None:
        alias = f"typed{next(numbers)}"
        client.contacts.create(Contact(alias=alias, type=ContactType.PERSONAL))

    compare("create_contact", plain_create, typed_create)


def compare(
    name: str, plain: Callable[[], object], typed: Callable[[], object], calls: int = CALLS
) -> None:
    """Print the ratio of two calls, timed in turns so that other load affects both."""
    ratios: list[float] = []
    for _ in range(ROUNDS):
        times = [seconds(each, calls) for each in (plain, typed)]
        ratios.append(times[1] / times[0])
    print(f"{name}: {median(ratios):.2f} of plain boto3")


def seconds(call: Callable[[], object], calls: int) -> float:
    """Return how many seconds some calls take."""
    start = perf_counter()
    for _ in range(calls):
        call()
    return perf_counter() - start


def compare_imports(name: str, ours: str, theirs: str) -> None:
    """Print the ratio of the times of two imports, each in a new Python process."""
    startup = median(run("") for _ in range(ROUNDS))
    times = [median(run(f"import {each}") for _ in range(ROUNDS)) for each in (ours, theirs)]
    print(f"{name}: {(times[0] - startup) / (times[1] - startup):.2f}")


def run(code: str) -> float:
    """Return how many seconds a new Python process needs to run some code."""
    return seconds(lambda: subprocess.run([sys.executable, "-c", code], check=True), 1)


if __name__ == "__main__":
    main()
