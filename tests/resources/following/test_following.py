"""`client.engagements.follow`: the events, the timeout, and errors."""

from __future__ import annotations

import copy
import pickle
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import islice
from typing import Any, cast

import pytest
from amounts import amount
from arns import channel_arn
from attrs import frozen
from followed_engagements import (
    AKUA,
    ALEJANDRO,
    ALL_EVENTS,
    ESCALATION,
    INTERVAL,
    TEXTS,
    UNKNOWN,
    channel,
    closest,
    code_of,
    events_despite_errors,
    person,
    summaries_of,
    summary_of,
    times,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from random_accounts import RandomAccount
from sentinels import SUBJECT

from ssm_contacts_sdk import (
    AcceptType,
    ContactsClient,
    ContactsError,
    ContactType,
    Engagement,
    EngagementEscalated,
    EngagementEvent,
    EngagementStopped,
    FollowEnded,
    FollowTimeoutError,
    InternalServerError,
    InvalidValueError,
    PageEvent,
    ReceiptType,
    ResourceNotFoundError,
    RetryPolicy,
)
from ssm_contacts_sdk.local import (
    Assumptions,
    LocalService,
    internal_error,
    service_error,
)
from ssm_contacts_sdk.local._clock import DEFAULT_START

GRACE = timedelta(minutes=5)


@pytest.mark.parametrize("seconds", [pytest.param(5, marks=pytest.mark.long), 30])
def test_an_unacknowledged_escalation_is_followed_until_its_plan_is_completed(
    service: LocalService, client: ContactsClient, engagement: Engagement, seconds: float
) -> None:
    events = list(client.engagements.follow(engagement, interval=seconds))
    assert summaries_of(events) == ALL_EVENTS
    assert [each.at for each in events] == sorted(each.at for each in events)
    over = DEFAULT_START + timedelta(minutes=15)
    assert over + GRACE <= service.clock.now() < over + GRACE + timedelta(minutes=1)


def test_events_have_their_attributes(client: ContactsClient, engagement: Engagement) -> None:
    first, *others = client.engagements.follow(engagement.arn, interval=INTERVAL)
    assert isinstance(first, PageEvent)
    assert (first.at, first.type) == (DEFAULT_START, ReceiptType.SENT)
    assert first.page.sent_time == DEFAULT_START
    assert (first.contact_arn, first.page.contact_arn) == (AKUA, AKUA)
    assert (first.channel_arn, first.stage_index) == (channel(AKUA), 0)
    assert first.schedule_arn is None
    assert [step.contact_arn for step in first.path] == [ESCALATION, AKUA]
    assert first.info is not None
    assert first.info not in repr(first)
    escalated = next(each for each in others if isinstance(each, EngagementEscalated))
    assert (escalated.contact_arn, escalated.stage_index) == (ALEJANDRO, 1)
    assert [step.type for step in escalated.path] == [ContactType.ESCALATION, ContactType.PERSONAL]
    *_, last = others
    assert isinstance(last, FollowEnded)
    assert not isinstance(last, EngagementStopped)
    assert (last.source, last.page) == ("client", None)
    assert last.engagement == client.engagements.describe(engagement)
    assert last.engagement.subject == SUBJECT
    assert SUBJECT not in repr([first, *others])


def test_an_acknowledgement_within_the_loop_ends_the_iteration(
    service: LocalService, client: ContactsClient, engagement: Engagement
) -> None:
    events: list[EngagementEvent] = []
    for event in client.engagements.follow(engagement, interval=INTERVAL):
        events.append(event)
        if isinstance(event, PageEvent) and event.channel_arn == channel(AKUA, 1):
            client.pages.accept(event.page, code_of(service, event.page.arn))
    assert summaries_of(events) == [
        *ALL_EVENTS[:4],
        ("0:05:01", "DELIVERED", "akuam/1"),
        ("0:05:01", "READ", "akuam/1"),
        ("0:05:01", "acknowledged", ""),
    ]
    read, last = events[-2:]
    assert isinstance(read, PageEvent)
    assert read.page.read_time == read.at
    assert isinstance(last, FollowEnded)
    assert (last.page, last.source) == (read.page, "client")


def test_acknowledgements_of_people_who_are_not_essential_do_not_end_the_iteration(
    service: LocalService, client: ContactsClient, engagement: Engagement
) -> None:
    events: list[EngagementEvent] = []
    for event in client.engagements.follow(engagement, interval=INTERVAL):
        events.append(event)
        if isinstance(event, EngagementEscalated):
            code = code_of(service, event.page.arn)
            client.pages.accept(event.page, code, type=AcceptType.DELIVERED)
            client.pages.accept(event.page, code)
    kinds = Counter(kind for _, kind, _ in summaries_of(events))
    pages = {"SENT": 5, "DELIVERED": 2, "READ": 2}
    assert kinds == {**pages, "stage 1": 1, "stage 2": 1, "plan_completed": 1}


def test_an_engagement_that_another_client_stops_is_over(
    service: LocalService, client: ContactsClient, engagement: Engagement
) -> None:
    somebody_else = service.client()
    events: list[EngagementEvent] = []
    for event in client.engagements.follow(engagement, interval=INTERVAL):
        events.append(event)
        if isinstance(event, EngagementEscalated):
            somebody_else.engagements.stop(engagement)
    assert summaries_of(events) == [*ALL_EVENTS[:4], ("0:05:01", "stopped", "")]
    last = events[-1]
    assert isinstance(last, EngagementStopped)
    assert (last.source, last.at) == ("service", last.engagement.stop_time)


def test_the_events_of_an_ended_engagement_are_returned_at_once(
    service: LocalService, client: ContactsClient, engagement: Engagement
) -> None:
    service.clock.advance(hours=1)
    page = next(client.pages.list_by_engagement(engagement))
    client.pages.accept(page, code_of(service, page.arn))
    before, sent = service.clock.now(), len(service.requests)
    following = client.engagements.follow(engagement, interval=INTERVAL)
    assert len(service.requests) == sent
    # Events after the end are returned before the event that is the end.
    assert summaries_of(following) == [
        *ALL_EVENTS[:-1],
        ("1:00:00", "DELIVERED", "anasi/0"),
        ("1:00:00", "READ", "anasi/0"),
        ALL_EVENTS[-1],
    ]
    assert service.clock.now() - before < timedelta(seconds=5)
    sent = len(service.requests)
    assert list(following) == []
    assert len(service.requests) == sent


def test_an_engagement_that_is_not_over_at_the_timeout_is_an_error(
    service: LocalService, client: ContactsClient, engagement: Engagement
) -> None:
    following = client.engagements.follow(
        engagement, timeout=timedelta(minutes=5, seconds=2), interval=INTERVAL
    )
    events: list[EngagementEvent] = []
    with pytest.raises(FollowTimeoutError, match="has not ended within 5 min 2 s: ") as caught:
        events.extend(following)
    assert caught.value.engagement_arn == engagement.arn
    assert caught.value.timeout == timedelta(minutes=5, seconds=2)
    assert isinstance(caught.value, (ContactsError, TimeoutError))
    for error in (pickle.loads(pickle.dumps(caught.value)), copy.copy(caught.value)):  # noqa: S301
        assert (type(error), str(error)) == (FollowTimeoutError, str(caught.value))
        assert vars(error) == vars(caught.value)
    *_, last = events
    assert isinstance(last, FollowEnded)
    assert (last.reason, last.source, last.page) == ("timeout", "client", None)
    assert last.at - DEFAULT_START >= timedelta(minutes=5, seconds=2)
    # The last poll is at the timeout, and the error is permanent.
    with pytest.raises(FollowTimeoutError):
        next(following)
    # Another iterator starts with the past events.
    assert summaries_of(client.engagements.follow(engagement, interval=INTERVAL)) == ALL_EVENTS


def test_the_events_of_the_last_poll_come_before_the_timeout(
    service: LocalService, client: ContactsClient, engagement: Engagement
) -> None:
    timeout = timedelta(minutes=5, seconds=2)
    following = client.engagements.follow(
        engagement, timeout=timeout, interval=timedelta(seconds=3600)
    )
    *others, last = summaries_of(islice(following, 5))
    assert (others, last[1]) == (ALL_EVENTS[:4], "timeout")
    with pytest.raises(FollowTimeoutError):
        next(following)
    assert service.clock.now() - DEFAULT_START < timedelta(minutes=5, seconds=6)


def test_a_late_caller_receives_the_events_before_the_timeout_is_applied(
    service: LocalService, client: ContactsClient, engagement: Engagement
) -> None:
    following = client.engagements.follow(engagement, interval=INTERVAL)
    first = next(following)
    service.clock.advance(hours=2)
    assert summaries_of([first, *following]) == ALL_EVENTS


def test_a_failed_last_poll_is_repeated_when_the_iteration_continues(
    service: LocalService, client: ContactsClient, engagement: Engagement
) -> None:
    service.faults.add(internal_error(), operation="ListPageReceipts", nth=2, times=2)
    single_attempt = client.with_options(retry=RetryPolicy.none())
    timeout = timedelta(minutes=5, seconds=2)
    following = single_attempt.engagements.follow(
        engagement, timeout=timeout, interval=timedelta(seconds=3600)
    )
    assert summary_of(next(following)) == ALL_EVENTS[0]
    with pytest.raises(InternalServerError):
        next(following)
    failed = service.clock.now()
    with pytest.raises(InternalServerError):
        next(following)
    # The poll is not repeated before the interval has passed.
    assert service.clock.now() - failed >= timedelta(hours=1)
    assert summaries_of(following) == ALL_EVENTS[1:]


def test_a_timeout_of_0_seconds_polls_once(client: ContactsClient, engagement: Engagement) -> None:
    following = client.engagements.follow(engagement, timeout=timedelta(0))
    assert summary_of(next(following)) == ALL_EVENTS[0]
    assert summary_of(next(following)) == ("0:00:00", "timeout", "")
    with pytest.raises(FollowTimeoutError, match=r"/[0-9a-f-]+ has not ended: follow it again$"):
        next(following)


def test_the_repr_has_the_engagement_and_no_message_text(
    client: ContactsClient, engagement: Engagement
) -> None:
    following = client.engagements.follow(engagement, interval=INTERVAL)
    assert repr(following) == f"Following({engagement.arn!r})"
    list(following)
    assert SUBJECT not in repr(following)


@pytest.mark.parametrize(
    ("timeout", "words"),
    [
        (timedelta(minutes=12), "12 min"),
        (timedelta(hours=1), "1 h"),
        (timedelta(days=2, minutes=1), "2 d 1 min"),
        (timedelta(seconds=0.5), "0.5 s"),
        (timedelta(hours=1, seconds=1), "1 h 1 s"),
    ],
)
def test_the_message_has_the_timeout_in_words(timeout: timedelta, words: str) -> None:
    assert str(FollowTimeoutError(UNKNOWN, timeout)) == (
        f"{UNKNOWN} has not ended within {words}: follow it again"
    )


def test_without_a_timeout_a_long_engagement_is_followed_to_its_end(client: ContactsClient) -> None:
    service = LocalService()
    service.load_resources(
        *person(AKUA, minutes=30, channels=10),
    )
    client = service.client()
    engagement = client.engagements.start(AKUA, **TEXTS)
    events = client.engagements.follow(engagement, timeout=None, interval=timedelta(minutes=10))
    assert summaries_of(events)[-1] == ("5:00:00", "plan_completed", "")


def test_two_clients_can_follow_one_engagement(
    service: LocalService, client: ContactsClient, engagement: Engagement
) -> None:
    one, other = (
        client.engagements.follow(engagement, interval=INTERVAL),
        service.client().engagements.follow(engagement, interval=timedelta(seconds=37)),
    )
    both = [
        (summary_of(first), summary_of(second)) for first, second in zip(one, other, strict=True)
    ]
    assert both == [(each, each) for each in ALL_EVENTS]


def test_after_an_error_the_iteration_continues_without_a_lost_event(
    service: LocalService, client: ContactsClient, engagement: Engagement
) -> None:
    service.faults.add(internal_error(), probability=0.3)
    following = client.with_options(retry=RetryPolicy.none()).engagements.follow(
        engagement, interval=INTERVAL
    )
    events, errors = events_despite_errors(following)
    assert errors > 10
    assert summaries_of(events) == ALL_EVENTS


def test_an_engagement_or_page_that_does_not_exist_is_not_found(
    service: LocalService, client: ContactsClient, engagement: Engagement
) -> None:
    with pytest.raises(ResourceNotFoundError) as caught:
        next(client.engagements.follow(UNKNOWN))
    assert caught.value.resource_id == UNKNOWN
    members = {"ResourceId": "p", "ResourceType": "page"}
    gone = service_error("ResourceNotFoundException", "gone", members)
    for operation in ("ListPageResolutions", "ListPageReceipts"):
        service.faults.add(gone, operation=operation)
        with pytest.raises(ResourceNotFoundError) as caught:
            next(client.engagements.follow(engagement, interval=INTERVAL))
        assert caught.value.resource_type == "page"


@frozen
class Acknowledger:
    """Acknowledges some pages of a running engagement."""

    service: LocalService
    client: ContactsClient
    decides: Callable[[], bool]

    def handle(self, event: EngagementEvent) -> None:
        if isinstance(event, PageEvent) and event.type == ReceiptType.SENT and self.decides():
            engagement = self.client.engagements.describe(event.page.engagement_arn)
            if engagement.stop_time is None:
                self.client.pages.accept(event.page, code_of(self.service, event.page.arn))


def accepted_after_the_last_poll(service: LocalService) -> set[str]:
    """Return the pages that were unacknowledged at the last poll and acknowledged after it."""
    polls = [
        number
        for number, request in enumerate(service.requests)
        if request.operation in {"ListPageReceipts", "ListPagesByEngagement"}
    ]
    accepts = [
        (number, request.body["PageId"])
        for number, request in enumerate(service.requests)
        if request.operation == "AcceptPage"
    ]
    before = {page for number, page in accepts if number < polls[-1]}
    return {page for number, page in accepts if number > polls[-1]} - before


@settings(max_examples=amount(quick=10, long=50))
@given(
    seed=st.integers(0, 10**9),
    start=st.integers(0, 3000),
    interval=st.sampled_from([timedelta(seconds=20), timedelta(minutes=1), timedelta(minutes=10)]),
    acknowledges=st.sampled_from([0.0, 0.2]),
    resend=st.sampled_from(["after_failure", "until_acknowledged"]),
    engagement_end=st.sampled_from(["only_stopped", "everything_tried"]),
    first_stage_index=st.sampled_from([0, 1]),
)
def test_every_event_of_any_engagement_is_returned_once_and_in_order(
    seed: int,
    start: int,
    interval: timedelta,
    acknowledges: float,
    resend: Any,
    engagement_end: Any,
    first_stage_index: Any,
) -> None:
    service = LocalService(
        assumptions=Assumptions(
            resend=resend, engagement_end=engagement_end, first_stage_index=first_stage_index
        )
    )
    account = RandomAccount.of(seed)
    account.load_into(service)
    random = account.random
    for number in range(2):
        if random.random() < 0.5:
            arn = channel_arn(f"p{random.randrange(4)}", number)
            service.delivery.fail(arn, times=random.choice([1, 3, None]))
    service.clock.advance(minutes=start)
    client = service.client()
    engagement = client.engagements.start(account.contact_to_engage(), **TEXTS)
    acknowledger = Acknowledger(service, client, lambda: random.random() < acknowledges)
    events: list[EngagementEvent] = []
    for event in client.engagements.follow(engagement, interval=interval, timeout=None):
        events.append(event)
        acknowledger.handle(event)
    assert closest(times(service, "ListPageReceipts")) > 0.999
    assert closest(times(service, "ListPagesByEngagement")) > 0.499

    *others, last = events
    assert isinstance(last, FollowEnded)
    assert last.engagement == client.engagements.describe(engagement)
    assert [each.at for each in others] == sorted(each.at for each in others)
    sent = [each for each in others if isinstance(each, PageEvent) and each.type == "SENT"]
    assert Counter((each.at, each.page.arn, each.channel_arn) for each in sent) == Counter(
        (each.sent_at, each.page_arn, each.channel_arn) for each in service.outbox
    )
    # There is no poll while the last events are returned.
    too_late = accepted_after_the_last_poll(service)
    recorded = Counter(
        (page.arn, receipt.type, receipt.time)
        for page in client.pages.list_by_engagement(engagement)
        for receipt in client.pages.receipts(page)
        if page.arn not in too_late or receipt.type in {"SENT", "ERROR"}
    )
    assert recorded == Counter(
        (each.page.arn, each.type, each.at) for each in others if isinstance(each, PageEvent)
    )
    escalated = [each.page.arn for each in others if isinstance(each, EngagementEscalated)]
    assert len(set(escalated)) == len(escalated)

    # The end is that of the service, or an acknowledgement during the grace time.
    (ended,) = (each.at for each in service.journal if each.text.endswith("has ended"))
    if engagement_end == "everything_tried":
        assert (last.reason, last.at) == ("stopped", ended)
    elif last.reason == "plan_completed":
        assert last.at == ended
    else:
        assert last.reason == "acknowledged"
        assert last.page is not None
        assert last.page.read_time is not None
        assert last.at == max(ended, last.page.read_time)
    paged = len(service.outbox)
    service.clock.advance(days=1)
    assert len(service.outbox) == paged


@pytest.mark.parametrize(
    ("arguments", "violations"),
    [
        ({"engagement": AKUA}, [("engagement", "wrong_kind_of_arn")]),
        (
            {"timeout": "60", "interval": None, "grace": None},
            [("timeout", "wrong_type"), ("interval", "wrong_type"), ("grace", "wrong_type")],
        ),
        (
            {"timeout": -1, "interval": timedelta(seconds=0.9), "grace": timedelta(seconds=-1)},
            [("timeout", "too_small"), ("interval", "too_small"), ("grace", "too_small")],
        ),
        ({"interval": timedelta(hours=2)}, [("interval", "too_large")]),
        ({"interval": True}, [("interval", "wrong_type")]),
    ],
)
def test_invalid_arguments_are_reported_together_and_nothing_is_sent(
    service: LocalService, arguments: dict[str, Any], violations: list[tuple[str, str]]
) -> None:
    with pytest.raises(InvalidValueError) as caught:
        service.client().engagements.follow(**cast("Any", {"engagement": UNKNOWN, **arguments}))
    assert caught.value.subject == "engagements.follow"
    assert [(each.path, each.code) for each in caught.value.violations] == violations
    assert service.requests == ()


def test_durations_can_be_numbers_of_seconds(
    service: LocalService, client: ContactsClient, engagement: Engagement
) -> None:
    following = client.engagements.follow(engagement, timeout=1200, interval=30.5, grace=60)
    assert summaries_of(following) == ALL_EVENTS
    over = DEFAULT_START + timedelta(minutes=15)
    assert over + timedelta(seconds=60) <= service.clock.now() < over + timedelta(seconds=92)
    polls = times(service, "DescribeEngagement")
    assert closest(polls[1:]) == 30.5
    with pytest.raises(FollowTimeoutError) as caught:
        list(client.engagements.follow(client.engagements.start(AKUA, **TEXTS), timeout=2.5))
    assert caught.value.timeout == timedelta(seconds=2.5)
