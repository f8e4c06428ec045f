"""How following an engagement ends: by the service's StopTime, or concluded from the plan."""

from __future__ import annotations

import json
import pickle
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from amounts import amount
from arns import contact_arn, engagement_arn, rotation_arn
from clocks import ChangedClock
from followed_engagements import events_despite_errors
from scenarios import Scenario, stage, to_channel, to_contact

from ssm_contacts_sdk import (
    AcceptType,
    AccessDeniedError,
    AccountNotOnboardedError,
    Engagement,
    EngagementEvent,
    EngagementStopped,
    FollowEnded,
    Following,
    FollowTimeoutError,
    PageEvent,
    Plan,
    PlanUnknown,
    RetryPolicy,
)
from ssm_contacts_sdk.local import (
    Assumptions,
    LocalService,
    internal_error,
    not_onboarded,
    raw_response,
    service_error,
)
from ssm_contacts_sdk.local._clock import DEFAULT_START

UNKNOWN = engagement_arn("akuam")
AN_HOUR = timedelta(hours=1)
IS_LONG = amount(quick=0, long=1) > 0
INTERVAL = timedelta(seconds=30 if IS_LONG else 60)
TIMEOUT = timedelta(minutes=60 if IS_LONG else 20)


@pytest.fixture
def scenario() -> Scenario:
    return Scenario()


@pytest.fixture
def escalation(scenario: Scenario) -> str:
    """Akua is essential, Alejandro is not, Ana is essential. Ana's stage has 0 minutes."""
    for alias, minutes in (("akuam", 5), ("alejr", 5), ("anasi", 0)):
        scenario.person(alias, minutes)
    return scenario.escalation(
        stage(5, to_contact("akuam")),
        stage(5, to_contact("alejr", essential=False)),
        stage(0, to_contact("anasi")),
    )


def after(minutes: float) -> Any:
    return DEFAULT_START + timedelta(minutes=minutes)


def last_of(events: Iterator[EngagementEvent]) -> FollowEnded:
    """Return the last event, which is the only `FollowEnded`."""
    *others, last = events
    assert isinstance(last, FollowEnded)
    assert not any(isinstance(each, FollowEnded) for each in others)
    return last


def events_until_the_timeout(following: Following) -> list[EngagementEvent]:
    events: list[EngagementEvent] = []
    with pytest.raises(FollowTimeoutError):
        events.extend(following)
    return events


def follow(scenario: Scenario, engagement: Engagement, **more: Any) -> Following:
    defaults: Any = {"timeout": TIMEOUT, "interval": INTERVAL}
    return scenario.client.engagements.follow(engagement, **{**defaults, **more})


# By StopTime


@pytest.mark.parametrize(("assumption", "minutes"), [("everything_tried", 10), ("last_stage", 10)])
def test_a_stop_time_that_the_service_sets_ends_the_iteration(
    assumption: Any, minutes: int
) -> None:
    scenario = Scenario(LocalService(assumptions=Assumptions(engagement_end=assumption)))
    for alias in ("akuam", "alejr"):
        scenario.person(alias, 0)
    plan = (stage(5, to_contact("akuam")), stage(5, to_contact("alejr")))
    last = last_of(follow(scenario, scenario.engage(scenario.escalation(*plan))))
    assert isinstance(last, EngagementStopped)
    assert (last.reason, last.source, last.at) == ("stopped", "service", after(minutes))
    assert last.engagement.stop_time == last.at
    # The end is reported at once, and not after the grace time.
    assert scenario.service.clock.now() < after(minutes + 1)


def test_a_stop_during_the_grace_time_ends_the_iteration(scenario: Scenario) -> None:
    engagement = scenario.engage(scenario.person("akuam", 5))
    following = follow(scenario, engagement)
    next(following)
    scenario.wait(7)
    scenario.client.engagements.stop(engagement)
    last = last_of(following)
    assert (last.reason, last.at) == ("stopped", engagement_stop(scenario, engagement))


def engagement_stop(scenario: Scenario, engagement: Engagement) -> Any:
    return scenario.client.engagements.describe(engagement).stop_time


# By an acknowledgement


def test_the_acknowledgement_of_an_essential_person_ends_the_iteration(
    scenario: Scenario, escalation: str
) -> None:
    engagement = scenario.engage(escalation)
    following = follow(scenario, engagement)
    next(following)
    scenario.wait(3)
    scenario.acknowledge("akuam")
    then = scenario.service.clock.now()
    last = last_of(following)
    assert (last.reason, last.source, last.at) == ("acknowledged", "client", then)
    assert last.page == scenario.pages("akuam")[0]
    assert engagement_stop(scenario, engagement) is None
    assert scenario.service.clock.now() < then + timedelta(minutes=1)


def test_the_acknowledgement_of_another_person_is_an_event_and_not_the_end(
    scenario: Scenario, escalation: str
) -> None:
    following = follow(scenario, scenario.engage(escalation))
    next(following)
    scenario.wait(6)
    scenario.acknowledge("alejr")
    *others, last = following
    assert isinstance(last, FollowEnded)
    assert (last.reason, last.at) == ("plan_completed", after(10))
    assert [each.at for each in others if isinstance(each, PageEvent) and each.type == "READ"]


def test_a_delivered_page_is_not_the_end(scenario: Scenario, escalation: str) -> None:
    following = follow(scenario, scenario.engage(escalation))
    next(following)
    scenario.client.pages.accept(scenario.pages("akuam")[0], "123456", type=AcceptType.DELIVERED)
    assert last_of(following).reason == "plan_completed"


def test_the_acknowledgement_of_a_person_who_is_engaged_directly_is_the_end(
    scenario: Scenario,
) -> None:
    following = follow(scenario, scenario.engage(scenario.person("akuam", 5, 5, 5)))
    next(following)
    scenario.wait(6)
    scenario.acknowledge("akuam")
    last = last_of(following)
    assert (last.reason, last.at, last.page) == (
        "acknowledged",
        after(6),
        scenario.pages("akuam")[0],
    )


def test_so_is_that_of_a_person_on_call_in_a_schedule_that_is_engaged_directly(
    scenario: Scenario,
) -> None:
    for alias in ("akuam", "alejr"):
        scenario.person(alias, 5, 5)
    scenario.rotation("first", "akuam")
    scenario.rotation("second", "alejr")
    following = follow(scenario, scenario.engage(scenario.schedule("first", "second")))
    next(following)
    scenario.wait(2)
    scenario.acknowledge("alejr")
    then = scenario.service.clock.now()
    last = last_of(following)
    assert (last.reason, last.at, last.page) == ("acknowledged", then, scenario.pages("alejr")[0])


@pytest.mark.parametrize("essential", [True, False])
def test_a_person_on_call_acknowledges_for_the_schedule_in_an_escalation_plan(
    scenario: Scenario, *, essential: bool
) -> None:
    scenario.person("akuam", 5)
    scenario.rotation("first", "akuam")
    scenario.schedule("first")
    plan = (stage(5, to_contact("schedule", essential=essential)), stage(5))
    following = follow(scenario, scenario.engage(scenario.escalation(*plan)))
    next(following)
    scenario.wait(1)
    scenario.acknowledge("akuam")
    last = last_of(following)
    expected = ("acknowledged", after(1)) if essential else ("plan_completed", after(10))
    assert (last.reason, last.at) == expected


@pytest.mark.parametrize("first_stage_index", [0, 1])
def test_if_a_later_stage_has_the_same_person_as_essential_the_end_is_there(
    first_stage_index: Any,
) -> None:
    scenario = Scenario(LocalService(assumptions=Assumptions(first_stage_index=first_stage_index)))
    scenario.person("akuam", 5)
    plan = (
        stage(5, to_contact("akuam", essential=False)),
        stage(5, to_contact("akuam")),
        stage(30),
    )
    following = follow(scenario, scenario.engage(scenario.escalation(*plan)))
    next(following)
    scenario.wait(1)
    scenario.acknowledge("akuam")
    last = last_of(following)
    assert (last.reason, last.at, last.page) == (
        "acknowledged",
        after(5),
        scenario.pages("akuam")[0],
    )
    assert after(5) <= scenario.service.clock.now() < after(6)


@pytest.mark.parametrize("first_stage_index", [0, 1])
def test_the_stage_of_the_page_decides_whether_the_person_is_essential(
    first_stage_index: Any,
) -> None:
    scenario = Scenario(LocalService(assumptions=Assumptions(first_stage_index=first_stage_index)))
    scenario.person("akuam", 1)
    plan = (
        stage(5, to_contact("akuam")),
        stage(5, to_contact("akuam", essential=False)),
        stage(30),
    )
    engagement = scenario.engage(scenario.escalation(*plan))
    following = follow(scenario, engagement, timeout=AN_HOUR)
    next(following)
    scenario.wait(7)
    # The page of the first stage has ended. That of the second stage is not essential.
    scenario.acknowledge("akuam", 1)
    assert last_of(following).reason == "plan_completed"
    assert scenario.ended_after(engagement) == 40


def test_if_the_stage_of_a_page_is_uncertain_the_person_is_not_essential(
    scenario: Scenario,
) -> None:
    """Nobody is paged in the first stage, so AWS may count from 0 or from 1."""
    scenario.person("akuam", 1)
    essential, other = to_contact("akuam"), to_contact("akuam", essential=False)
    engagement = scenario.engage(
        scenario.escalation(stage(5), stage(5, essential), stage(5, other))
    )
    following = follow(scenario, engagement)
    next(following)
    scenario.wait(7)
    scenario.acknowledge("akuam", 1)
    last = last_of(following)
    assert (last.reason, last.at) == ("plan_completed", after(15))
    assert scenario.ended_after(engagement) == 15


def test_a_page_of_the_first_stage_shows_how_the_service_counts(scenario: Scenario) -> None:
    scenario.person("akuam", 1)
    essential, other = to_contact("akuam"), to_contact("akuam", essential=False)
    engagement = scenario.engage(
        scenario.escalation(stage(5, other), stage(5, essential), stage(30))
    )
    following = follow(scenario, engagement)
    next(following)
    scenario.wait(7)
    scenario.acknowledge("akuam", 1)
    last = last_of(following)
    assert (last.reason, last.at, last.page) == (
        "acknowledged",
        after(7),
        scenario.pages("akuam")[1],
    )
    assert scenario.ended_after(engagement) == 7


def test_an_acknowledgement_during_the_grace_time_counts(
    scenario: Scenario, escalation: str
) -> None:
    engagement = scenario.engage(escalation)
    following = follow(scenario, engagement, grace=timedelta(minutes=30), timeout=AN_HOUR)
    next(following)
    scenario.wait(25)
    scenario.acknowledge("anasi")
    last = last_of(following)
    assert (last.reason, last.at) == ("acknowledged", after(25))


def test_during_the_grace_time_only_essential_people_count(
    scenario: Scenario, escalation: str
) -> None:
    following = follow(
        scenario, scenario.engage(escalation), grace=timedelta(minutes=30), timeout=AN_HOUR
    )
    next(following)
    scenario.wait(25)
    scenario.acknowledge("alejr")
    last = last_of(following)
    assert (last.reason, last.at) == ("plan_completed", after(10))
    assert scenario.service.clock.now() >= after(40)


def test_a_slow_clock_does_not_hide_an_acknowledgement(scenario: Scenario, escalation: str) -> None:
    service = scenario.service
    slow_clock = ChangedClock(service.clock, now=lambda: service.clock.now() - timedelta(hours=1))
    slow = service.client().with_options(clock=slow_clock)
    following = slow.engagements.follow(scenario.engage(escalation), interval=30)
    scenario.wait(3)
    scenario.acknowledge("akuam")
    last = last_of(following)
    assert (last.reason, last.at) == ("acknowledged", after(3))
    assert service.clock.now() < after(4)


# By the completed plan


@pytest.mark.parametrize("minutes", [0, 1, 30])
def test_the_grace_time_starts_when_everybody_has_been_tried(
    scenario: Scenario, escalation: str, minutes: int
) -> None:
    engagement = scenario.engage(escalation)
    grace = timedelta(minutes=minutes)
    last = last_of(follow(scenario, engagement, grace=grace, timeout=AN_HOUR))
    assert (last.reason, last.source, last.at) == ("plan_completed", "client", after(10))
    assert last.page is None
    assert after(10 + minutes) <= scenario.service.clock.now() < after(11 + minutes)


def test_the_plans_of_people_can_last_longer_than_the_escalation(scenario: Scenario) -> None:
    scenario.person("akuam", 5, 5, 5)
    engagement = scenario.engage(scenario.escalation(stage(1, to_contact("akuam"))))
    assert last_of(follow(scenario, engagement)).at == after(15)


def test_an_engagement_that_reaches_nobody_is_over_at_once(scenario: Scenario) -> None:
    last = last_of(follow(scenario, scenario.engage(scenario.person("akuam"))))
    assert (last.reason, last.at) == ("plan_completed", DEFAULT_START)


def test_the_end_of_an_old_engagement_is_found_at_the_first_poll(
    scenario: Scenario, escalation: str
) -> None:
    engagement = scenario.engage(escalation)
    scenario.wait(3)
    scenario.acknowledge("akuam")
    scenario.wait(60 * 24)
    last = last_of(follow(scenario, engagement))
    assert (last.reason, last.at) == ("acknowledged", after(3))
    requests = Counter(each.operation for each in scenario.service.requests)
    assert (requests["DescribeEngagement"], requests["GetContact"]) == (1, 4)


def test_targets_that_do_not_exist_are_left_out(scenario: Scenario) -> None:
    scenario.person("akuam", 5)
    plan = (stage(5, to_contact("nobody"), to_channel("akuam")), stage(5, to_contact("akuam")))
    last = last_of(follow(scenario, scenario.engage(scenario.escalation(*plan))))
    assert (last.reason, last.at) == ("plan_completed", after(10))


def test_contacts_of_another_account_are_left_out_and_not_requested(scenario: Scenario) -> None:
    scenario.person("akuam", 5)
    elsewhere = contact_arn("akuam").replace("111122223333", "444455556666")
    theirs = {"ContactTargetInfo": {"ContactId": elsewhere, "IsEssential": True}}
    nobody = {"ContactTargetInfo": {"IsEssential": True}}
    plan = (stage(5, theirs, nobody), stage(5, to_contact("akuam")))
    last = last_of(follow(scenario, scenario.engage(scenario.escalation(*plan))))
    assert (last.reason, last.at) == ("plan_completed", after(10))
    requested = {each.body.get("ContactId") for each in scenario.service.requests}
    assert requested == {None, contact_arn("escalation"), contact_arn("akuam")}


def test_a_rotation_that_does_not_exist_engages_nobody(scenario: Scenario) -> None:
    last = last_of(follow(scenario, scenario.engage(scenario.schedule("gone"))))
    assert (last.reason, last.at) == ("plan_completed", DEFAULT_START)


# Reading the plan


def test_each_contact_is_read_at_the_first_poll_and_at_the_end(
    scenario: Scenario, escalation: str
) -> None:
    engagement = scenario.engage(escalation)
    sent = len(scenario.service.requests)
    list(follow(scenario, engagement))
    reads = Counter(
        each.body["ContactId"]
        for each in scenario.service.requests[sent:]
        if each.operation == "GetContact"
    )
    everybody = map(contact_arn, ("escalation", "akuam", "alejr", "anasi"))
    assert reads == dict.fromkeys(everybody, 2)
    operations = {each.operation for each in scenario.service.requests[sent:]}
    assert operations == {
        "DescribeEngagement",
        "GetContact",
        "ListPageReceipts",
        "ListPageResolutions",
        "ListPagesByEngagement",
    }


def test_a_changed_display_name_is_not_a_changed_plan(scenario: Scenario, escalation: str) -> None:
    following = follow(scenario, scenario.engage(escalation))
    next(following)
    scenario.client.contacts.update(contact_arn("akuam"), display_name="Akua Mansa")
    assert last_of(following).reason == "plan_completed"


def denied(action: str) -> Any:
    return service_error("AccessDeniedException", f"not authorized to perform {action}", {})


@pytest.mark.parametrize("operation", ["GetContact", "ListRotationShifts"])
def test_a_plan_that_cannot_be_read_is_reported_once_and_has_no_end(
    scenario: Scenario, operation: str
) -> None:
    scenario.person("akuam", 5)
    scenario.rotation("first", "akuam")
    scenario.service.faults.add(denied(operation), operation=operation, times=None)
    engagement = scenario.engage(scenario.schedule("first"))
    following = follow(scenario, engagement)
    *_, unknown = (next(following) for _ in range(3))
    assert isinstance(unknown, PlanUnknown)
    assert (unknown.reason, unknown.at) == ("unreadable", DEFAULT_START)
    assert isinstance(unknown.error, AccessDeniedError)
    assert unknown.error.operation == operation
    assert pickle.loads(pickle.dumps(unknown)) == unknown  # noqa: S301 - made here
    scenario.acknowledge("akuam")
    *others, last = events_until_the_timeout(following)
    assert [each.type for each in others if isinstance(each, PageEvent)] == ["DELIVERED", "READ"]
    assert not any(isinstance(each, PlanUnknown) for each in others)
    assert isinstance(last, FollowEnded)
    assert (last.reason, last.at) == ("timeout", DEFAULT_START + TIMEOUT)
    rejected = [each for each in scenario.service.requests if each.operation == operation]
    assert len(rejected) == 1


def test_a_stop_time_ends_the_iteration_when_the_plan_cannot_be_read(scenario: Scenario) -> None:
    scenario.service.faults.add(denied("GetContact"), operation="GetContact", times=None)
    engagement = scenario.engage(scenario.person("akuam", 5))
    following = follow(scenario, engagement)
    assert any(isinstance(next(following), PlanUnknown) for _ in range(2))
    scenario.client.engagements.stop(engagement)
    assert isinstance(last_of(following), EngagementStopped)


def test_a_deleted_contact_has_no_plan(scenario: Scenario) -> None:
    engagement = scenario.engage(scenario.person("akuam", 5))
    scenario.client.contacts.delete(contact_arn("akuam"))
    events = events_until_the_timeout(follow(scenario, engagement))
    assert unknown_in(events) == ["deleted"]


def unknown_in(events: list[EngagementEvent]) -> list[str]:
    return [each.reason for each in events if isinstance(each, PlanUnknown)]


CHANGES = {
    "longer": Plan.escalation().stage(minutes=30).contact(contact_arn("akuam"), essential=True),
    "not essential": Plan.escalation()
    .stage(minutes=5)
    .contact(contact_arn("akuam"), essential=False)
    .stage(minutes=5)
    .contact(contact_arn("alejr"), essential=False)
    .stage(minutes=0)
    .contact(contact_arn("anasi"), essential=True),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("acknowledges", [True, False])
def test_a_plan_that_has_changed_has_no_end(
    scenario: Scenario, escalation: str, change: str, *, acknowledges: bool
) -> None:
    following = follow(scenario, scenario.engage(escalation))
    next(following)
    scenario.client.contacts.update(escalation, plan=CHANGES[change].build())
    if acknowledges:
        scenario.acknowledge("akuam")
    events = events_until_the_timeout(following)
    assert unknown_in(events) == ["changed"]


def test_neither_has_one_that_changed_before_it_was_read(
    scenario: Scenario, escalation: str
) -> None:
    engagement = scenario.engage(escalation)
    scenario.client.contacts.update(escalation, plan=Plan.escalation().build())
    scenario.wait(60)
    events = events_until_the_timeout(follow(scenario, engagement))
    assert unknown_in(events) == ["changed"]
    # The other events are returned all the same.
    assert sum(isinstance(each, PageEvent) for each in events) == 3


def test_a_change_of_the_plan_of_a_person_is_a_change_of_the_plan(
    scenario: Scenario, escalation: str
) -> None:
    following = follow(scenario, scenario.engage(escalation))
    next(following)
    plan = Plan.engagement().stage(minutes=30).build()
    scenario.client.contacts.update(contact_arn("anasi"), plan=plan)
    assert unknown_in(events_until_the_timeout(following)) == ["changed"]


def test_a_change_of_the_people_on_call_is_a_change_of_the_plan(scenario: Scenario) -> None:
    for alias, minutes in (("akuam", 5), ("alejr", 9)):
        scenario.person(alias, minutes)
    scenario.rotation("first", "akuam")
    following = follow(scenario, scenario.engage(scenario.schedule("first")))
    next(following)
    scenario.override(
        rotation_arn("first"),
        "alejr",
        since=scenario.since,
        until=scenario.since + timedelta(hours=1),
    )
    assert unknown_in(events_until_the_timeout(following)) == ["changed"]


def test_an_engagement_without_a_start_time_has_no_known_end(scenario: Scenario) -> None:
    engagement = scenario.engage(scenario.person("akuam", 5))
    response = {
        "EngagementArn": engagement.arn,
        "ContactArn": engagement.contact_arn,
        "Sender": "s",
        "Subject": "s",
        "Content": "c",
    }
    body = json.dumps(response).encode()
    answer = raw_response(200, body, "application/x-amz-json-1.1", request_id=True)
    scenario.service.faults.add(answer, operation="DescribeEngagement", times=None)
    assert unknown_in(events_until_the_timeout(follow(scenario, engagement))) == ["no_start_time"]


@pytest.mark.parametrize("nth", [1, 2, 5, 6])
def test_a_plan_that_cannot_be_read_temporarily_is_read_at_the_next_poll(
    scenario: Scenario, escalation: str, nth: int
) -> None:
    """The first poll reads four contacts; the others are read before the end."""
    scenario.service.faults.add(internal_error(), operation="GetContact", nth=nth, times=2)
    client = scenario.client.with_options(retry=RetryPolicy.none())
    following = client.engagements.follow(scenario.engage(escalation), interval=60)
    events, errors = events_despite_errors(following)
    assert errors == 2
    assert events[-1].at == after(10)
    assert Counter(type(each).__name__ for each in events) == {
        "PageEvent": 3,
        "EngagementEscalated": 2,
        "FollowEnded": 1,
    }


def test_an_account_without_incident_manager_is_an_error(
    scenario: Scenario,
) -> None:
    engagement = scenario.engage(scenario.person("akuam", 5))
    scenario.service.faults.add(not_onboarded(), operation="GetContact")
    with pytest.raises(AccountNotOnboardedError):
        list(follow(scenario, engagement))


def test_the_error_of_an_unreadable_plan_is_not_shown(scenario: Scenario) -> None:
    scenario.service.faults.add(denied("GetContact"), operation="GetContact", times=None)
    engagement = scenario.engage(scenario.person("akuam", 5))
    events = events_until_the_timeout(follow(scenario, engagement))
    (unknown,) = (each for each in events if isinstance(each, PlanUnknown))
    assert unknown.error is not None
    assert unknown.error.__traceback__ is None
    assert "not authorized" not in repr(events)
    assert "The disk is full." not in repr(events)
