"""How following an engagement ends: what the service says, and what is concluded from the plan."""

from __future__ import annotations

import json
import pickle
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from clocks import ChangedClock
from crews import Crew, call, contact_arn, page, rotation_arn, stage
from refusing import Wrong, assert_refused

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
    InternalServerError,
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

UNKNOWN = "arn:aws:ssm-contacts:us-east-2:111122223333:engagement/akuam/1"
AN_HOUR = timedelta(hours=1)


@pytest.fixture
def crew() -> Crew:
    return Crew()


@pytest.fixture
def escalation(crew: Crew) -> str:
    """Akua is essential, then Alejandro is not, then Ana is; she has no time of her own."""
    for alias, minutes in (("akuam", 5), ("alejr", 5), ("anasi", 0)):
        crew.person(alias, minutes)
    return crew.escalation(
        stage(5, call("akuam")), stage(5, call("alejr", essential=False)), stage(0, call("anasi"))
    )


def after(minutes: float) -> Any:
    return DEFAULT_START + timedelta(minutes=minutes)


def last_of(events: Iterator[EngagementEvent]) -> FollowEnded:
    """The last event, which is the only one of its kind."""
    *others, last = events
    assert isinstance(last, FollowEnded)
    assert not any(isinstance(each, FollowEnded) for each in others)
    return last


def until_the_timeout(following: Following) -> list[EngagementEvent]:
    events: list[EngagementEvent] = []
    with pytest.raises(FollowTimeoutError):
        events.extend(following)
    return events


def follow(crew: Crew, engagement: Engagement, **more: Any) -> Following:
    seldom: Any = {"timeout": AN_HOUR, "interval": timedelta(seconds=30)}
    return crew.client.engagements.follow(engagement, **{**seldom, **more})


# What the service says


@pytest.mark.parametrize(("assumption", "minutes"), [("everything_tried", 10), ("last_stage", 10)])
def test_a_stop_time_that_the_service_sets_by_itself_is_what_counts(
    assumption: Any, minutes: int
) -> None:
    crew = Crew(LocalService(assumptions=Assumptions(engagement_end=assumption)))
    for alias in ("akuam", "alejr"):
        crew.person(alias, 0)
    plan = (stage(5, call("akuam")), stage(5, call("alejr")))
    last = last_of(follow(crew, crew.engage(crew.escalation(*plan))))
    assert isinstance(last, EngagementStopped)
    assert (last.reason, last.source, last.at) == ("stopped", "service", after(minutes))
    assert last.engagement.stop_time == last.at
    # And it says so at once, and not after the time of grace.
    assert crew.service.clock.now() < after(minutes + 1)


def test_a_stop_in_the_time_of_grace_is_what_counts(crew: Crew) -> None:
    engagement = crew.engage(crew.person("akuam", 5))
    following = follow(crew, engagement)
    next(following)
    crew.wait(7)
    crew.client.engagements.stop(engagement)
    last = last_of(following)
    assert (last.reason, last.at) == ("stopped", engagement_stop(crew, engagement))


def engagement_stop(crew: Crew, engagement: Engagement) -> Any:
    return crew.client.engagements.describe(engagement).stop_time


# What an acknowledgement means


def test_the_acknowledgement_of_an_essential_person_is_the_end(crew: Crew, escalation: str) -> None:
    engagement = crew.engage(escalation)
    following = follow(crew, engagement)
    next(following)
    crew.wait(3)
    crew.acknowledge("akuam")
    then = crew.service.clock.now()
    last = last_of(following)
    assert (last.reason, last.source, last.at) == ("acknowledged", "client", then)
    assert last.page == crew.pages("akuam")[0]
    assert engagement_stop(crew, engagement) is None
    assert crew.service.clock.now() < then + timedelta(minutes=1)


def test_one_that_is_not_essential_is_told_and_is_not_the_end(crew: Crew, escalation: str) -> None:
    following = follow(crew, crew.engage(escalation))
    next(following)
    crew.wait(6)
    crew.acknowledge("alejr")
    *others, last = following
    assert isinstance(last, FollowEnded)
    assert (last.reason, last.at) == ("plan_completed", after(10))
    assert [each.at for each in others if isinstance(each, PageEvent) and each.type == "READ"]


def test_that_a_page_was_delivered_is_not_the_end(crew: Crew, escalation: str) -> None:
    following = follow(crew, crew.engage(escalation))
    next(following)
    crew.client.pages.accept(crew.pages("akuam")[0], "123456", type=AcceptType.DELIVERED)
    assert last_of(following).reason == "plan_completed"


def test_whoever_is_engaged_directly_ends_it_by_acknowledging(crew: Crew) -> None:
    following = follow(crew, crew.engage(crew.person("akuam", 5, 5, 5)))
    next(following)
    crew.wait(6)
    crew.acknowledge("akuam")
    last = last_of(following)
    assert (last.reason, last.at, last.page) == ("acknowledged", after(6), crew.pages("akuam")[0])


def test_so_does_whoever_is_on_call_in_a_schedule_that_is_engaged_directly(crew: Crew) -> None:
    for alias in ("akuam", "alejr"):
        crew.person(alias, 5, 5)
    crew.rotation("first", "akuam")
    crew.rotation("second", "alejr")
    following = follow(crew, crew.engage(crew.schedule("first", "second")))
    next(following)
    crew.wait(2)
    crew.acknowledge("alejr")
    then = crew.service.clock.now()
    last = last_of(following)
    assert (last.reason, last.at, last.page) == ("acknowledged", then, crew.pages("alejr")[0])


@pytest.mark.parametrize("essential", [True, False])
def test_whoever_is_on_call_acknowledges_for_the_schedule_that_an_escalation_names(
    crew: Crew, *, essential: bool
) -> None:
    crew.person("akuam", 5)
    crew.rotation("first", "akuam")
    crew.schedule("first")
    plan = (stage(5, call("schedule", essential=essential)), stage(5))
    following = follow(crew, crew.engage(crew.escalation(*plan)))
    next(following)
    crew.wait(1)
    crew.acknowledge("akuam")
    last = last_of(following)
    expected = ("acknowledged", after(1)) if essential else ("plan_completed", after(10))
    assert (last.reason, last.at) == expected


@pytest.mark.parametrize("first_stage_index", [0, 1])
def test_where_a_later_stage_calls_the_person_essential_it_ends_there(
    first_stage_index: Any,
) -> None:
    crew = Crew(LocalService(assumptions=Assumptions(first_stage_index=first_stage_index)))
    crew.person("akuam", 5)
    plan = (stage(5, call("akuam", essential=False)), stage(5, call("akuam")), stage(30))
    following = follow(crew, crew.engage(crew.escalation(*plan)))
    next(following)
    crew.wait(1)
    crew.acknowledge("akuam")
    last = last_of(following)
    assert (last.reason, last.at, last.page) == ("acknowledged", after(5), crew.pages("akuam")[0])
    assert after(5) <= crew.service.clock.now() < after(6)


@pytest.mark.parametrize("first_stage_index", [0, 1])
def test_of_two_stages_with_one_person_the_right_one_counts(first_stage_index: Any) -> None:
    crew = Crew(LocalService(assumptions=Assumptions(first_stage_index=first_stage_index)))
    crew.person("akuam", 1)
    plan = (stage(5, call("akuam")), stage(5, call("akuam", essential=False)), stage(30))
    engagement = crew.engage(crew.escalation(*plan))
    following = follow(crew, engagement)
    next(following)
    crew.wait(7)
    # Her page of the first stage is over; the service goes on after that of the second.
    crew.acknowledge("akuam", 1)
    assert last_of(following).reason == "plan_completed"
    assert crew.ended_after(engagement) == 40


def test_where_the_stage_of_a_page_is_not_certain_the_one_that_is_not_essential_counts(
    crew: Crew,
) -> None:
    """Nobody is paged in the first stage, so AWS may count from 0 or from 1."""
    crew.person("akuam", 1)
    essential, other = call("akuam"), call("akuam", essential=False)
    engagement = crew.engage(crew.escalation(stage(5), stage(5, essential), stage(5, other)))
    following = follow(crew, engagement)
    next(following)
    crew.wait(7)
    crew.acknowledge("akuam", 1)
    last = last_of(following)
    assert (last.reason, last.at) == ("plan_completed", after(15))
    assert crew.ended_after(engagement) == 15


def test_a_page_of_the_first_stage_tells_how_the_service_counts(crew: Crew) -> None:
    crew.person("akuam", 1)
    essential, other = call("akuam"), call("akuam", essential=False)
    engagement = crew.engage(crew.escalation(stage(5, other), stage(5, essential), stage(30)))
    following = follow(crew, engagement)
    next(following)
    crew.wait(7)
    crew.acknowledge("akuam", 1)
    last = last_of(following)
    assert (last.reason, last.at, last.page) == ("acknowledged", after(7), crew.pages("akuam")[1])
    assert crew.ended_after(engagement) == 7


def test_an_acknowledgement_after_everybody_was_tried_still_counts(
    crew: Crew, escalation: str
) -> None:
    engagement = crew.engage(escalation)
    following = follow(crew, engagement, grace=timedelta(minutes=30))
    next(following)
    crew.wait(25)
    crew.acknowledge("anasi")
    last = last_of(following)
    assert (last.reason, last.at) == ("acknowledged", after(25))


def test_one_that_is_not_essential_does_not_even_then(crew: Crew, escalation: str) -> None:
    following = follow(crew, crew.engage(escalation), grace=timedelta(minutes=30))
    next(following)
    crew.wait(25)
    crew.acknowledge("alejr")
    last = last_of(following)
    assert (last.reason, last.at) == ("plan_completed", after(10))
    assert crew.service.clock.now() >= after(40)


def test_a_clock_that_is_late_does_not_hide_an_acknowledgement(crew: Crew, escalation: str) -> None:
    service = crew.service
    an_hour_late = ChangedClock(service.clock, now=lambda: service.clock.now() - timedelta(hours=1))
    late = service.client().with_options(clock=an_hour_late)
    following = late.engagements.follow(crew.engage(escalation))
    crew.wait(3)
    crew.acknowledge("akuam")
    last = last_of(following)
    assert (last.reason, last.at) == ("acknowledged", after(3))
    assert service.clock.now() < after(4)


# When everything was tried


@pytest.mark.parametrize("minutes", [0, 1, 30])
def test_after_everything_was_tried_there_is_a_time_of_grace(
    crew: Crew, escalation: str, minutes: int
) -> None:
    last = last_of(follow(crew, crew.engage(escalation), grace=timedelta(minutes=minutes)))
    assert (last.reason, last.source, last.at) == ("plan_completed", "client", after(10))
    assert last.page is None
    assert after(10 + minutes) <= crew.service.clock.now() < after(11 + minutes)


def test_the_plans_of_people_run_on_beside_the_escalation(crew: Crew) -> None:
    crew.person("akuam", 5, 5, 5)
    engagement = crew.engage(crew.escalation(stage(1, call("akuam"))))
    assert last_of(follow(crew, engagement)).at == after(15)


def test_what_reaches_nobody_is_over_at_once(crew: Crew) -> None:
    last = last_of(follow(crew, crew.engage(crew.person("akuam"))))
    assert (last.reason, last.at) == ("plan_completed", DEFAULT_START)


def test_one_that_was_over_long_ago_is_concluded_at_the_first_look(
    crew: Crew, escalation: str
) -> None:
    engagement = crew.engage(escalation)
    crew.wait(3)
    crew.acknowledge("akuam")
    crew.wait(60 * 24)
    last = last_of(follow(crew, engagement))
    assert (last.reason, last.at) == ("acknowledged", after(3))
    requests = Counter(each.operation for each in crew.service.requests)
    assert (requests["DescribeEngagement"], requests["GetContact"]) == (1, 4)


def test_what_a_plan_names_and_is_not_there_is_left_out(crew: Crew) -> None:
    crew.person("akuam", 5)
    plan = (stage(5, call("nobody"), page("akuam")), stage(5, call("akuam")))
    last = last_of(follow(crew, crew.engage(crew.escalation(*plan))))
    assert (last.reason, last.at) == ("plan_completed", after(10))


def test_somebody_of_another_account_is_left_out_and_not_asked_for(crew: Crew) -> None:
    crew.person("akuam", 5)
    elsewhere = contact_arn("akuam").replace("111122223333", "444455556666")
    theirs = {"ContactTargetInfo": {"ContactId": elsewhere, "IsEssential": True}}
    nobody = {"ContactTargetInfo": {"IsEssential": True}}
    plan = (stage(5, theirs, nobody), stage(5, call("akuam")))
    last = last_of(follow(crew, crew.engage(crew.escalation(*plan))))
    assert (last.reason, last.at) == ("plan_completed", after(10))
    asked = {each.body.get("ContactId") for each in crew.service.requests}
    assert asked == {None, contact_arn("escalation"), contact_arn("akuam")}


def test_a_rotation_that_is_not_there_engages_nobody(crew: Crew) -> None:
    last = last_of(follow(crew, crew.engage(crew.schedule("gone"))))
    assert (last.reason, last.at) == ("plan_completed", DEFAULT_START)


# What is read of the plan


def test_each_contact_is_read_once_at_first_and_once_at_the_end(
    crew: Crew, escalation: str
) -> None:
    engagement = crew.engage(escalation)
    asked = len(crew.service.requests)
    list(follow(crew, engagement))
    reads = Counter(
        each.body["ContactId"]
        for each in crew.service.requests[asked:]
        if each.operation == "GetContact"
    )
    everybody = map(contact_arn, ("escalation", "akuam", "alejr", "anasi"))
    assert reads == dict.fromkeys(everybody, 2)
    operations = {each.operation for each in crew.service.requests[asked:]}
    assert operations == {
        "DescribeEngagement",
        "GetContact",
        "ListPageReceipts",
        "ListPageResolutions",
        "ListPagesByEngagement",
    }


def test_another_name_is_no_other_plan(crew: Crew, escalation: str) -> None:
    following = follow(crew, crew.engage(escalation))
    next(following)
    crew.client.contacts.update(contact_arn("akuam"), display_name="Akua Mansa")
    assert last_of(following).reason == "plan_completed"


def denied(action: str) -> Any:
    return service_error("AccessDeniedException", f"not authorized to perform {action}", {})


@pytest.mark.parametrize("operation", ["GetContact", "ListRotationShifts"])
def test_a_plan_that_is_refused_concludes_nothing_and_it_is_told_once(
    crew: Crew, operation: str
) -> None:
    crew.person("akuam", 5)
    crew.rotation("first", "akuam")
    crew.service.faults.add(denied(operation), operation=operation, times=None)
    engagement = crew.engage(crew.schedule("first"))
    following = follow(crew, engagement)
    *_, unknown = (next(following) for _ in range(3))
    assert isinstance(unknown, PlanUnknown)
    assert (unknown.reason, unknown.at) == ("refused", DEFAULT_START)
    assert isinstance(unknown.error, AccessDeniedError)
    assert unknown.error.operation == operation
    assert pickle.loads(pickle.dumps(unknown)) == unknown  # noqa: S301 - made here
    crew.acknowledge("akuam")
    *others, last = until_the_timeout(following)
    assert [each.type for each in others if isinstance(each, PageEvent)] == ["DELIVERED", "READ"]
    assert not any(isinstance(each, PlanUnknown) for each in others)
    assert isinstance(last, FollowEnded)
    assert (last.reason, last.at) == ("timeout", DEFAULT_START + AN_HOUR)
    refused = [each for each in crew.service.requests if each.operation == operation]
    assert len(refused) == 1


def test_but_the_service_still_says_when_it_is_stopped(crew: Crew) -> None:
    crew.service.faults.add(denied("GetContact"), operation="GetContact", times=None)
    engagement = crew.engage(crew.person("akuam", 5))
    following = follow(crew, engagement)
    assert any(isinstance(next(following), PlanUnknown) for _ in range(2))
    crew.client.engagements.stop(engagement)
    assert isinstance(last_of(following), EngagementStopped)


def test_somebody_who_is_deleted_has_no_plan_any_more(crew: Crew) -> None:
    engagement = crew.engage(crew.person("akuam", 5))
    crew.client.contacts.delete(contact_arn("akuam"))
    events = until_the_timeout(follow(crew, engagement))
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
def test_a_plan_that_was_changed_meanwhile_concludes_nothing(
    crew: Crew, escalation: str, change: str, *, acknowledges: bool
) -> None:
    following = follow(crew, crew.engage(escalation))
    next(following)
    crew.client.contacts.update(escalation, plan=CHANGES[change].build())
    if acknowledges:
        crew.acknowledge("akuam")
    events = until_the_timeout(following)
    assert unknown_in(events) == ["changed"]


def test_nor_does_one_that_was_changed_before_it_was_read(crew: Crew, escalation: str) -> None:
    engagement = crew.engage(escalation)
    crew.client.contacts.update(escalation, plan=Plan.escalation().build())
    crew.wait(60)
    events = until_the_timeout(follow(crew, engagement))
    assert unknown_in(events) == ["changed"]
    # What happened is told all the same.
    assert sum(isinstance(each, PageEvent) for each in events) == 3


def test_a_plan_of_somebody_whom_it_leads_to_is_a_part_of_it(crew: Crew, escalation: str) -> None:
    following = follow(crew, crew.engage(escalation))
    next(following)
    plan = Plan.engagement().stage(minutes=30).build()
    crew.client.contacts.update(contact_arn("anasi"), plan=plan)
    assert unknown_in(until_the_timeout(following)) == ["changed"]


def test_people_to_whom_a_changed_rotation_leads_are_another_plan(crew: Crew) -> None:
    for alias, minutes in (("akuam", 5), ("alejr", 9)):
        crew.person(alias, minutes)
    crew.rotation("first", "akuam")
    following = follow(crew, crew.engage(crew.schedule("first")))
    next(following)
    crew.override(
        rotation_arn("first"), "alejr", since=crew.since, until=crew.since + timedelta(hours=1)
    )
    assert unknown_in(until_the_timeout(following)) == ["changed"]


def test_an_engagement_without_a_start_concludes_nothing(crew: Crew) -> None:
    engagement = crew.engage(crew.person("akuam", 5))
    told = {
        "EngagementArn": engagement.arn,
        "ContactArn": engagement.contact_arn,
        "Sender": "s",
        "Subject": "s",
        "Content": "c",
    }
    body = json.dumps(told).encode()
    answer = raw_response(200, body, "application/x-amz-json-1.1", request_id=True)
    crew.service.faults.add(answer, operation="DescribeEngagement", times=None)
    assert unknown_in(until_the_timeout(follow(crew, engagement))) == ["no_start_time"]


@pytest.mark.parametrize("nth", [1, 2, 5, 6])
def test_a_plan_that_cannot_be_read_for_now_is_read_by_who_goes_on(
    crew: Crew, escalation: str, nth: int
) -> None:
    """The first four are the first reading, the others that before the end."""
    crew.service.faults.add(internal_error(), operation="GetContact", nth=nth, times=2)
    client = crew.client.with_options(retry=RetryPolicy.none())
    following = client.engagements.follow(crew.engage(escalation))
    events: list[EngagementEvent] = []
    errors = 0
    while not (events and isinstance(events[-1], FollowEnded)):
        try:
            events.append(next(following))
        except InternalServerError:
            errors += 1
    assert errors == 2
    assert events[-1].at == after(10)
    assert Counter(type(each).__name__ for each in events) == {
        "PageEvent": 3,
        "EngagementEscalated": 2,
        "FollowEnded": 1,
    }


def test_an_account_without_incident_manager_is_an_error_and_no_plan_that_is_unknown(
    crew: Crew,
) -> None:
    engagement = crew.engage(crew.person("akuam", 5))
    crew.service.faults.add(not_onboarded(), operation="GetContact")
    with pytest.raises(AccountNotOnboardedError):
        list(follow(crew, engagement))


def test_what_the_plan_says_is_not_shown(crew: Crew) -> None:
    crew.service.faults.add(denied("GetContact"), operation="GetContact", times=None)
    engagement = crew.engage(crew.person("akuam", 5))
    events = until_the_timeout(follow(crew, engagement))
    (unknown,) = (each for each in events if isinstance(each, PlanUnknown))
    assert unknown.error is not None
    assert unknown.error.__traceback__ is None
    assert "not authorized" not in repr(events)
    assert "The disk is full." not in repr(events)


WRONG: Wrong = [
    ("engagements.follow", (UNKNOWN,), {"grace": 300}, ["grace must be a timedelta, not int"]),
    (
        "engagements.follow",
        (UNKNOWN,),
        {"grace": timedelta(seconds=-1), "timeout": 1, "interval": None},
        [
            "grace must be at least 0 seconds (got -1)",
            "timeout must be a timedelta or None, not int",
            "interval must be a timedelta, not None",
        ],
    ),
]


@pytest.mark.parametrize(("method", "arguments", "named", "violations"), WRONG)
def test_wrong_arguments_are_told_all_at_once_and_nothing_is_sent(
    method: str, arguments: tuple[Any, ...], named: dict[str, Any], violations: list[str]
) -> None:
    assert_refused(method, arguments, named, violations)
