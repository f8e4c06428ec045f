"""A client with rates sends its requests no faster, and slower after the service throttled one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise
from threading import Barrier
from typing import Any

import pytest
from arns import contact_arn
from rejecting import violations_of

from ssm_contacts_sdk import (
    Contact,
    ContactsClient,
    Rates,
    RetryPolicy,
    SystemClock,
    ThrottlingError,
)
from ssm_contacts_sdk.local import LocalService, lost_response, throttle

ONE_SECOND = timedelta(seconds=1)


def paced(
    service: LocalService, rates: Rates | None = None, retry: RetryPolicy | None = None
) -> ContactsClient:
    return service.client(retry=retry).with_options(rates=Rates() if rates is None else rates)


def create(client: ContactsClient, *numbers: int) -> None:
    for number in numbers:
        client.contacts.create(Contact(alias=f"person{number}", type="PERSONAL"))


def waits(service: LocalService) -> list[float]:
    """Return the seconds between the requests that the service received."""
    instants = [request.received_at for request in service.requests]
    return [(later - earlier).total_seconds() for earlier, later in pairwise(instants)]


def statuses(service: LocalService) -> list[int]:
    return [request.status for request in service.requests]


@pytest.fixture
def service() -> LocalService:
    return LocalService(rates=Rates())


# The rates


def test_a_client_without_rates_does_not_wait(service: LocalService) -> None:
    client = service.client(retry=RetryPolicy.none())
    create(client, 1)
    with pytest.raises(ThrottlingError):
        create(client, 2)
    assert waits(service) == [0]


def test_requests_wait_until_their_rate_admits_them(service: LocalService) -> None:
    create(paced(service), *range(5))
    assert statuses(service) == [200] * 5
    # One per second, and one hundredth slower.
    assert waits(service) == pytest.approx([1 / 0.99] * 4)


def test_requests_that_come_later_do_not_wait(service: LocalService) -> None:
    client = paced(service)
    create(client, 1)
    service.clock.advance(seconds=5)
    create(client, 2)
    assert waits(service) == [5]
    # The time that was not used is not made up for.
    create(client, 3)
    assert waits(service)[1] == pytest.approx(1 / 0.99)


def test_operations_wait_only_for_those_of_their_bucket(service: LocalService) -> None:
    client = paced(service)
    create(client, 1)
    arn = contact_arn("person1")
    client.contacts.get(arn)
    list(client.contacts.list())
    assert waits(service) == [0, 0]
    client.contacts.update(arn, display_name="Akua Mansa")
    client.contacts.delete(arn)
    assert waits(service)[2:] == pytest.approx([1 / 0.99] * 2)


def test_the_pages_of_a_list_are_paced() -> None:
    service = LocalService()
    create(service.client(), *range(5))
    assert len(list(paced(service).contacts.list(page_size=1))) == 5
    assert waits(service)[5:] == pytest.approx([1 / 0.99 / 20] * 4, rel=0.001)


def test_calls_by_the_name_of_an_operation_are_paced_and_direct_ones_are_not(
    service: LocalService,
) -> None:
    client = paced(service, retry=RetryPolicy.none())
    create(client, 1)
    client.call("delete_contact", ContactId=contact_arn("person1"))
    assert waits(service) == pytest.approx([1 / 0.99])
    error = client.boto3_client.exceptions.ThrottlingException
    with pytest.raises(error):
        client.boto3_client.delete_contact(ContactId=contact_arn("person1"))


def test_other_rates_can_be_used() -> None:
    service = LocalService()
    create(paced(service, Rates(mutations_per_second=4)), *range(3))
    assert waits(service) == pytest.approx([0.25 / 0.99] * 2, rel=0.001)


# Sharing


def test_threads_share_the_rates_of_a_client() -> None:
    # It does not throttle: on its clock, the wait of one thread is also time for the others.
    service = LocalService()
    client = paced(service)
    started = service.clock.monotonic()
    with ThreadPoolExecutor(12) as threads:
        done = [threads.submit(create, client, number) for number in range(36)]
    assert [each.exception() for each in done] == [None] * 36
    # Each thread alone would wait for 2 of its 3 requests.
    assert service.clock.monotonic() - started >= 35 / 0.99


def test_copies_share_the_rates_of_a_client(service: LocalService) -> None:
    client = paced(service)
    create(client, 1)
    create(client.with_options(retry=RetryPolicy.none(), read_timeout=2), 2)
    create(client, 3)
    assert statuses(service) == [200] * 3


def test_a_copy_can_have_other_rates_or_none() -> None:
    service = LocalService()
    client = paced(service)
    create(client.with_options(rates=Rates(mutations_per_second=2)), 1, 2)
    create(client.with_options(rates=Rates.none()), 3, 4)
    assert waits(service) == pytest.approx([0.5 / 0.99, 0, 0])
    create(client, 5, 6)
    assert waits(service)[3:] == pytest.approx([0, 1 / 0.99])


def test_a_copy_with_another_clock_waits_on_that_clock(service: LocalService) -> None:
    slept: list[float] = []

    class Counting(SystemClock):
        def sleep(self, seconds: float, /) -> None:
            slept.append(seconds)
            service.clock.sleep(seconds)

        def monotonic(self) -> float:
            return service.clock.monotonic()

    create(paced(service).with_options(clock=Counting()), 1, 2)
    assert slept == pytest.approx([1 / 0.99])


@pytest.mark.parametrize("wrong", [1, 1.0, {"GetContact": 1}, "1", Rates])
def test_rates_must_be_rates(wrong: Any) -> None:
    expected = [("rates", "wrong_type")]
    assert violations_of(lambda: ContactsClient(region_name="us-east-2", rates=wrong)) == expected
    client = ContactsClient.local()
    assert violations_of(lambda: client.with_options(rates=wrong)) == expected


# A service that throttles all the same


def test_a_throttled_request_is_repeated_and_the_rate_is_halved() -> None:
    service = LocalService()
    client = paced(service, retry=RetryPolicy(base_delay=0))
    service.faults.add(throttle(), nth=2)
    create(client, *range(4))
    assert statuses(service) == [200, 400, 200, 200, 200]
    assert waits(service) == pytest.approx([1 / 0.99, *[2 / 0.99] * 3], rel=0.02)


def test_the_rate_recovers_by_a_tenth_in_each_minute() -> None:
    service = LocalService()
    client = paced(service, retry=RetryPolicy(base_delay=0))
    service.faults.add(throttle())
    create(client, 0)
    found: list[float] = []
    for minute in range(1, 7):
        service.clock.advance(minutes=1)
        create(client, 2 * minute, 2 * minute + 1)
        found.append(1 / 0.99 / waits(service)[-1])
    # It also recovers while a request waits.
    assert found == pytest.approx([0.6, 0.7, 0.8, 0.9, 1, 1], rel=0.02)


def test_the_rate_is_halved_again_for_each_later_throttling_down_to_a_limit() -> None:
    service = LocalService()
    client = paced(service, Rates(mutations_per_second=20), RetryPolicy(base_delay=0, attempts=8))
    service.faults.add(throttle(), times=7)
    create(client, 0)
    expected = [0.1, 0.2, 0.4, 0.8, 1.6, 1.6, 1.6]
    assert waits(service) == pytest.approx(expected, rel=0.1)


def test_a_wait_that_the_service_requests_holds_all_requests_of_the_bucket() -> None:
    service = LocalService()
    client = paced(service, retry=RetryPolicy.none())
    service.faults.add(throttle(retry_after_seconds=30))
    with pytest.raises(ThrottlingError):
        create(client, 1)
    list(client.contacts.list())
    create(client, 2)
    assert waits(service) == pytest.approx([0, 30])


def test_a_requested_wait_that_is_shorter_than_that_of_the_rate_has_no_effect() -> None:
    service = LocalService()
    client = paced(service, retry=RetryPolicy.none())
    service.faults.add(throttle(retry_after_seconds=0))
    with pytest.raises(ThrottlingError):
        create(client, 1)
    create(client, 2)
    assert waits(service) == pytest.approx([1 / 0.99])


def test_requests_that_were_in_flight_together_halve_the_rate_once() -> None:
    service = LocalService()
    client = paced(service, Rates(mutations_per_second=1000), RetryPolicy.none())
    in_flight = Barrier(4)

    def wait_for_the_others(**_: object) -> None:
        in_flight.wait(30)

    events = client.boto3_client.meta.events
    events.register_first("before-send.ssm-contacts", wait_for_the_others)
    service.faults.add(throttle(), times=4)
    with ThreadPoolExecutor(4) as threads:
        calls = [threads.submit(create, client, number) for number in range(4)]
    assert [type(call.exception()) for call in calls] == [ThrottlingError] * 4
    events.unregister("before-send.ssm-contacts", wait_for_the_others)
    create(client, 5, 6)
    assert waits(service)[-1] == pytest.approx(2 / 990, rel=0.01)


# The deadline, and interrupted waits


def test_the_deadline_does_not_limit_the_waits_for_a_rate() -> None:
    service = LocalService()
    client = paced(service, Rates(mutations_per_second=0.01), RetryPolicy(deadline=5, base_delay=0))
    service.faults.add(lost_response(), times=3)
    create(client, 1)
    assert len(service.requests) == 4
    assert waits(service) == pytest.approx([100 / 0.99] * 3)


def test_an_error_of_the_clock_ends_the_call_and_not_the_client(service: LocalService) -> None:
    class Interrupted(SystemClock):
        def sleep(self, seconds: float, /) -> None:
            raise KeyboardInterrupt

        def monotonic(self) -> float:
            return service.clock.monotonic()

    client = paced(service).with_options(clock=Interrupted())
    create(client, 1)
    with pytest.raises(KeyboardInterrupt):
        create(client, 2)
    service.clock.advance(seconds=3)
    create(client, 3)
    assert statuses(service) == [200] * 2
