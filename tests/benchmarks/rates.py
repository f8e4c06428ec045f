"""Measure how much of a published rate each way to read uses, and how often it is throttled.

``python tests/benchmarks/rates.py`` reads one contact many times from the embedded service, over
HTTP and with AWS's rates. Each response arrives 50 milliseconds late, as from another continent. It
prints the reads per second as a share of the rate, and the share of the requests that the service
throttled. An error is a read that failed after all retries. It takes about two minutes.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import Any

import boto3
from botocore.config import Config
from calls import REGION, use_credentials

from ssm_contacts_sdk import Contact, ContactsClient, Rates
from ssm_contacts_sdk.local import LocalClock, LocalService, delay

READS, ROUND_TRIP = 400, 0.05


def main() -> None:
    """Print a line for each way."""
    use_credentials()
    rate = Rates().of("GetContact")
    assert rate is not None
    print(f"{READS} reads at {rate:g} per second: share of the rate, throttled requests, errors")
    measure("boto3, one after the other", rate, 1, boto3_reads("legacy"))
    for mode in ("standard", "adaptive"):
        measure(f"boto3, 16 threads, {mode} retries", rate, 16, boto3_reads(mode))
    measure("ContactsClient, 16 threads", rate, 16, typed_reads(None))
    measure("ContactsClient(rates=Rates()), 16 threads", rate, 16, typed_reads(Rates()))


Read = Callable[[str], object]


def boto3_reads(mode: Any) -> Callable[[str], Read]:
    """Return a function that makes the call of a boto3 client."""

    def connect(url: str) -> Read:
        config = Config(retries={"mode": mode}, max_pool_connections=16)
        client: Any = boto3.client(  # pyright: ignore[reportUnknownMemberType]
            "ssm-contacts", region_name=REGION, endpoint_url=url, config=config
        )
        return lambda arn: client.get_contact(ContactId=arn)

    return connect


def typed_reads(rates: Rates | None) -> Callable[[str], Read]:
    """Return a function that makes the call of a typed client."""
    return lambda url: (
        ContactsClient(region_name=REGION, endpoint_url=url, rates=rates).contacts.get
    )


def measure(name: str, rate: float, threads: int, connect: Callable[[str], Read]) -> None:
    """Print what one way to read achieves on a new service."""
    service = LocalService(clock=LocalClock(speed=1), rates=Rates())
    akua = service.client().contacts.create(Contact(alias="akuam", type="PERSONAL"))
    service.faults.add(delay(ROUND_TRIP), times=None)
    with service.serve() as server:
        read = connect(server.url)
        # What a new bucket admits at once does not count.
        for _ in range(int(rate)):
            read(akua.arn)
        before, started = len(service.requests), monotonic()
        with ThreadPoolExecutor(threads) as pool:
            done = [pool.submit(read, akua.arn) for _ in range(READS)]
        seconds = monotonic() - started
        errors = sum(each.exception() is not None for each in done)
        requests = service.requests[before:]
    throttled = sum(request.status != 200 for request in requests) / len(requests)
    share = (READS - errors) / seconds / rate
    print(f"{name:45}{share:7.1%} {throttled:7.1%} {errors:5}", flush=True)


if __name__ == "__main__":
    main()
