"""`client.engagements.follow`: polls, request rates and clocks."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any, cast

import pytest
from arns import contact_arn
from botocore.config import Config
from botocore.session import Session
from clocks import ChangedClock, StoppedClock
from followed_engagements import (
    AKUA,
    ALEJANDRO,
    ALL_EVENTS,
    ANA,
    ESCALATION,
    INTERVAL,
    TEXTS,
    closest,
    code_of,
    contact,
    load_team,
    person,
    stage,
    start_and_follow,
    summaries_of,
    times,
    to_contact,
)

from ssm_contacts_sdk import (
    Clock,
    ContactsClient,
    Engagement,
    EngagementEscalated,
    EngagementEvent,
    FollowTimeoutError,
    Rates,
    RetryPolicy,
)
from ssm_contacts_sdk.local import (
    Assumptions,
    LocalClock,
    LocalService,
    lost_response,
    throttle,
)


@pytest.mark.parametrize(
    ("people", "minutes", "grace"), [(4, 1, 30), pytest.param(9, 2, 300, marks=pytest.mark.long)]
)
def test_the_request_rates_of_aws_are_respected(people: int, minutes: int, grace: float) -> None:
    service = LocalService(rates=Rates())
    load_team(service)
    many = [contact_arn(f"p{number}") for number in range(people)]
    for each in many:
        service.load_resources(*person(each, minutes=minutes))
    everybody = [to_contact(each) for each in many]
    service.load_resources(contact(ESCALATION, "ESCALATION", Stages=[stage(minutes, *everybody)]))
    client = service.client()
    engagement = client.engagements.start(ESCALATION, **TEXTS)
    following = client.engagements.follow(engagement, interval=1, grace=grace)
    kinds = Counter(kind for _, kind, _ in summaries_of(following))
    assert kinds == {"SENT": people, "plan_completed": 1}
    assert {each.error for each in service.requests} == {None}
    assert closest(times(service, "ListPageReceipts")) > 0.999
    assert closest(times(service, "ListPagesByEngagement")) > 0.499
    assert len(times(service, "ListPageResolutions")) == people
    # The receipts of all pages are read in turn.
    reads = Counter(
        each.body["PageId"] for each in service.requests if each.operation == "ListPageReceipts"
    )
    assert max(reads.values()) - min(reads.values()) <= 1


def test_a_poll_reads_as_many_unchanged_pages_as_there_is_time_for(
    service: LocalService, client: ContactsClient
) -> None:
    many = [contact_arn(f"p{number}") for number in range(5)]
    for each in many:
        service.load_resources(*person(each, minutes=1))
    everybody = [to_contact(each) for each in many]
    service.load_resources(contact(ESCALATION, "ESCALATION", Stages=[stage(1, *everybody)]))
    list(
        client.engagements.follow(
            client.engagements.start(ESCALATION, **TEXTS), interval=2, grace=10
        )
    )
    polls: list[int] = []
    for request in service.requests:
        if request.operation == "DescribeEngagement":
            polls.append(0)
        elif request.operation == "ListPageReceipts":
            polls[-1] += 1
    # The first and the last poll read all pages.
    first, *others, last = polls
    assert (first, set(others), last) == (5, {2}, 5)


def test_long_lists_are_read_page_by_page() -> None:
    service = LocalService(rates=Rates(), assumptions=Assumptions(page_size=1))
    load_team(service)
    client = service.client()
    assert summaries_of(start_and_follow(client, ESCALATION)) == ALL_EVENTS
    assert {each.error for each in service.requests} == {None}


def test_the_receipts_of_a_read_page_are_not_polled(
    service: LocalService, client: ContactsClient, engagement: Engagement
) -> None:
    following = client.engagements.follow(engagement, interval=INTERVAL)
    page = next(each for each in following if isinstance(each, EngagementEscalated)).page
    client.pages.accept(page, code_of(service, page.arn))
    sent = len(service.requests)
    list(client.engagements.follow(engagement, interval=INTERVAL))
    reads = [each for each in service.requests[sent:] if each.operation == "ListPageReceipts"]
    assert sum(each.body["PageId"] == page.arn for each in reads) == 1
    assert len(reads) > 50


def test_events_during_a_poll_wait_for_the_next_poll_to_be_in_order(service: LocalService) -> None:
    many = (AKUA, ALEJANDRO, ANA)
    everybody = stage(5, *(to_contact(each) for each in many))
    service.load_resources(contact(ESCALATION, "ESCALATION", Stages=[everybody]))
    acknowledging = service.client()

    def sleep(seconds: float) -> None:
        """Acknowledge a page whose receipts were read, then those whose receipts were not."""
        service.clock.sleep(seconds)
        reads = [each.body for each in service.requests if each.operation == "ListPageReceipts"]
        if len(reads) == 2 and not times(service, "AcceptPage"):
            pages = list(acknowledging.pages.list_by_engagement(started))
            has_been_read = [page for page in pages if page.arn == reads[0]["PageId"]]
            for page in (*has_been_read, *(page for page in pages if page not in has_been_read)):
                acknowledging.pages.accept(page, code_of(service, page.arn))
                service.clock.advance(seconds=0.01)

    client = service.client().with_options(clock=ChangedClock(service.clock, sleep=sleep))
    started = client.engagements.start(ESCALATION, **TEXTS)
    *others, _ = client.engagements.follow(started, interval=INTERVAL)
    assert [kind for _, kind, _ in summaries_of(others)] == [
        *["SENT"] * 3,
        *["DELIVERED", "READ"] * 3,
    ]
    assert [each.at for each in others] == sorted(each.at for each in others)


def test_polls_that_are_throttled_or_lost_are_repeated(
    service: LocalService, client: ContactsClient, engagement: Engagement
) -> None:
    service.faults.add(throttle(), probability=0.3)
    service.faults.add(lost_response(), probability=0.1)
    persistent = client.with_options(retry=RetryPolicy(attempts=50, deadline=1e6))
    events = summaries_of(
        persistent.engagements.follow(engagement, timeout=None, interval=INTERVAL)
    )
    assert Counter(events) == Counter(ALL_EVENTS)


@pytest.mark.parametrize(
    ("arguments", "polls"), [({"timeout": 60}, 60 // 5 + 1), ({"interval": 600}, 3600 // 600 + 1)]
)
def test_the_timeout_ends_the_iteration_on_a_stopped_clock(
    service: LocalService,
    client: ContactsClient,
    engagement: Engagement,
    arguments: dict[str, float],
    polls: int,
) -> None:
    clock = StoppedClock()
    following = client.with_options(clock=clock).engagements.follow(engagement, **arguments)
    with pytest.raises(FollowTimeoutError):
        list(following)
    assert len(times(service, "DescribeEngagement")) == polls
    assert sum(clock.waits) == arguments.get("timeout", 3600)


def followed_over_http(service: LocalService, clock: Clock) -> list[EngagementEvent]:
    with service.serve() as server:
        made = Session().create_client(
            "ssm-contacts",
            region_name="us-east-2",
            endpoint_url=server.url,
            aws_access_key_id="local",
            aws_secret_access_key="local",
            config=Config(retries={"mode": "standard", "total_max_attempts": 1}, proxies={}),
        )
        client = ContactsClient(boto3_client=cast("Any", made), clock=clock)
        events = client.engagements.follow(
            client.engagements.start(ESCALATION, **TEXTS), interval=timedelta(seconds=60)
        )
        try:
            return list(events)
        finally:
            made.close()


def test_an_engagement_is_followed_over_http_on_the_clock_of_the_service(
    service: LocalService,
) -> None:
    events = followed_over_http(service, service.clock)
    assert summaries_of(events) == ALL_EVENTS


def test_an_engagement_is_followed_over_http_while_the_clock_of_the_service_runs() -> None:
    real = 0.0

    def sleep(seconds: float) -> None:
        nonlocal real
        real += seconds

    # The service's clock is ten times as fast as the real one, which is this test's.
    service = LocalService(clock=LocalClock(speed=10, real=lambda: real))
    load_team(service)
    clock = ChangedClock(service.clock, monotonic=lambda: real, sleep=sleep)
    events = followed_over_http(service, clock)
    assert summaries_of(events) == ALL_EVENTS
    assert 120 <= real < 200
