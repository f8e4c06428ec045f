"""Who is engaged once, twice or not at all, and what ends an engagement."""

from __future__ import annotations

import signal
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from types import FrameType
from typing import Any

import pytest
from arns import channel_arn, contact_arn, rotation_arn
from scenarios import Scenario, stage, to_channel, to_contact

from ssm_contacts_sdk._oncall.schedule import shifts as shifts_room
from ssm_contacts_sdk._oncall.timeline_events import PageSent
from ssm_contacts_sdk.local import Assumptions, LocalClock, LocalService

PATIENCE = 10.0
YEAR_9000 = datetime(9000, 1, 1, tzinfo=timezone.utc)
YEAR_2 = datetime(2, 1, 1, tzinfo=timezone.utc)
TWICE_A_DAY = [{"HourOfDay": hour, "MinuteOfHour": 0} for hour in (9, 21)]
A_DAY = timedelta(days=1)


@contextmanager
def an_end() -> Generator[None]:
    """Fail a test that would never end, where the system can."""

    def fail(number: int, frame: FrameType | None) -> None:
        # Not an Exception, which the service would turn into a response.
        pytest.fail("there is no end to it")

    if not hasattr(signal, "setitimer"):
        yield
        return
    before = signal.signal(signal.SIGALRM, fail)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture
def scenario(service: LocalService) -> Scenario:
    return Scenario(service)


@pytest.fixture
def ending() -> Iterator[None]:
    with an_end():
        yield


def sends_of_preview(scenario: Scenario, what: str, **acknowledge: float) -> list[tuple[int, str]]:
    """Return who is paged in which minute by a preview with these acknowledgements."""
    result = scenario.client.preview(
        what,
        acknowledge={
            contact_arn(alias): timedelta(minutes=minute) for alias, minute in acknowledge.items()
        },
    )
    return [_of_preview(send) for send in result.sends]


def _of_preview(send: PageSent) -> tuple[int, str]:
    return send.offset // timedelta(minutes=1), send.path[-1].contact_arn.rpartition("/")[2]


# A contact on call that is no longer a person


@pytest.fixture
def with_anasi_on_call(scenario: Scenario) -> Scenario:
    """A scenario in which Ana is on call by an override and was then deleted."""
    for alias in ("akuam", "anasi"):
        scenario.person(alias, 5)
    scenario.override(scenario.rotation("web", "akuam"), "anasi", until=scenario.since + A_DAY)
    scenario.schedule("web")
    scenario.client.contacts.delete(contact_arn("anasi"))
    return scenario


@pytest.mark.usefixtures("ending")
@pytest.mark.parametrize("kind", ["ESCALATION", "ONCALL_SCHEDULE"])
def test_a_non_person_with_the_alias_of_somebody_on_call_is_skipped(
    with_anasi_on_call: Scenario, kind: str
) -> None:
    scenario = with_anasi_on_call
    if kind == "ESCALATION":
        scenario.escalation(stage(5, to_contact("schedule")), alias="anasi")
    else:
        scenario.schedule("web", alias="anasi")
    engagement = scenario.engage(contact_arn("schedule"))
    assert scenario.skipped() == ["contact/anasi: is of a type that this plan does not allow"]
    assert scenario.ended_after(engagement) == 0
    result = scenario.client.preview(contact_arn("schedule"))
    assert [(each.arn, each.reason) for each in result.skipped] == [
        (contact_arn("anasi"), "wrong_kind")
    ]
    assert (result.sends, result.end) == ((), scenario.since)


@pytest.mark.usefixtures("ending")
@pytest.mark.parametrize("kind", ["ESCALATION", "ONCALL_SCHEDULE"])
def test_a_skipped_non_person_does_not_affect_the_others_on_call(
    with_anasi_on_call: Scenario, kind: str
) -> None:
    scenario = with_anasi_on_call
    if kind == "ESCALATION":
        scenario.escalation(stage(5, to_contact("schedule")), alias="anasi")
    else:
        scenario.schedule("web", alias="anasi")
    scenario.rotation("backup", "akuam")
    scenario.schedule("web", "backup")
    everybody = scenario.escalation(stage(5, to_contact("schedule")), stage(0, to_contact("akuam")))
    scenario.engage(everybody)
    assert scenario.sends() == [(0, "akuam")] == sends_of_preview(scenario, everybody)[:1]


def test_another_person_with_the_alias_of_somebody_on_call_is_paged(
    with_anasi_on_call: Scenario,
) -> None:
    with_anasi_on_call.person("anasi", 5)
    with_anasi_on_call.engage(contact_arn("schedule"))
    assert with_anasi_on_call.sends() == [(0, "anasi")]


# Rotations with distant times


def test_an_override_without_an_end_is_calculated_quickly(scenario: Scenario) -> None:
    for alias in ("akuam", "alejr", "anasi"):
        scenario.person(alias, 5)
    rotation = scenario.rotation("web", "akuam", "alejr")
    scenario.override(rotation, "anasi", since=scenario.since + timedelta(hours=1), until=YEAR_9000)
    since, until = scenario.since, scenario.since + 2 * A_DAY
    first, second = scenario.client.rotations.shifts(rotation, start_time=since, end_time=until)
    assert first.contact_ids == (contact_arn("akuam"),)
    assert (first.start_time, first.end_time) == (since, since + timedelta(hours=1))
    assert second.contact_ids == (contact_arn("anasi"),)
    assert (second.start_time, second.end_time) == (since + timedelta(hours=1), YEAR_9000)
    assert second.overridden_contact_ids == (contact_arn("akuam"), contact_arn("alejr"))
    schedule = scenario.schedule("web")
    scenario.engage(schedule)
    scenario.service.clock.advance(days=30)
    scenario.engage(schedule)
    assert scenario.sends() == [(0, "akuam"), (30 * 24 * 60, "anasi")]
    assert scenario.client.on_call(schedule).contact_ids == (contact_arn("anasi"),)
    assert sends_of_preview(scenario, schedule) == [(0, "anasi")]


def test_an_endless_override_without_people_is_calculated_quickly(scenario: Scenario) -> None:
    scenario.person("akuam", 5)
    rotation = scenario.rotation("web", "akuam")
    scenario.override(rotation, until=YEAR_9000)
    engagement = scenario.engage(scenario.schedule("web"))
    assert scenario.skipped() == ["contact/schedule: nobody is on call"]
    assert scenario.ended_after(engagement) == 0
    assert scenario.client.on_call(rotation).contact_ids == ()


def test_a_rotation_that_started_long_ago_has_people_on_call(scenario: Scenario) -> None:
    for alias in ("akuam", "alejr"):
        scenario.person(alias, 5)
    scenario.rotation("old", "akuam", "alejr", start=YEAR_2, DailySettings=TWICE_A_DAY)
    turn = 2 * ((scenario.since - YEAR_2) // A_DAY)
    scenario.engage(scenario.schedule("old"))
    # The first shift starts at midnight, and the second at 09:00.
    assert scenario.sends() == [(0, ("akuam", "alejr")[(turn + 1) % 2])]


@pytest.fixture
def seldom(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Return a recurrence with too many hand-offs before anybody is on call."""
    monkeypatch.setattr(shifts_room, "MOST_HAND_OFFS", 1_000)
    minute = [{"Start": {"HourOfDay": 12, "MinuteOfHour": 0}}]
    minute[0]["End"] = {"HourOfDay": 12, "MinuteOfHour": 1}
    return {
        "DailySettings": [{"HourOfDay": at // 60, "MinuteOfHour": at % 60} for at in range(1440)],
        "ShiftCoverages": {"SUN": minute},
    }


def test_a_rotation_with_too_many_hand_offs_has_nobody_on_call_and_later_stages_run(
    scenario: Scenario, seldom: dict[str, Any]
) -> None:
    for alias in ("akuam", "alejr"):
        scenario.person(alias, 5)
    scenario.rotation("old", "akuam", **seldom)
    scenario.schedule("old")
    everybody = scenario.escalation(stage(5, to_contact("schedule")), stage(0, to_contact("alejr")))
    engagement = scenario.engage(everybody)
    assert scenario.skipped() == ["contact/schedule: nobody is on call"]
    scenario.wait(60)
    assert scenario.sends() == [(5, "alejr")]
    assert scenario.ended_after(engagement) == 10


def test_too_many_hand_offs_do_not_affect_other_rotations_of_the_schedule(
    scenario: Scenario, seldom: dict[str, Any]
) -> None:
    for alias in ("akuam", "alejr"):
        scenario.person(alias, 5)
    scenario.rotation("old", "akuam", **seldom)
    scenario.rotation("new", "alejr")
    scenario.engage(scenario.schedule("old", "new"))
    assert scenario.sends() == [(0, "alejr")]


def test_a_rotation_twice_in_a_schedule_is_engaged_once(scenario: Scenario) -> None:
    scenario.person("akuam", 5)
    rotation = scenario.rotation("web", "akuam")
    aws = scenario.service.boto3_client()
    twice: Any = {"RotationIds": [rotation, rotation]}
    created = aws.create_contact(Alias="twice", Type="ONCALL_SCHEDULE", Plan=twice)
    assert aws.get_contact(ContactId=created["ContactArn"])["Plan"] == twice
    scenario.engage(created["ContactArn"])
    assert scenario.sends() == [(0, "akuam")]
    assert sends_of_preview(scenario, created["ContactArn"]) == [(0, "akuam")]
    assert scenario.client.on_call(created["ContactArn"]).contact_ids == (contact_arn("akuam"),)


def test_an_unknown_rotation_has_nobody_on_call(scenario: Scenario) -> None:
    scenario.person("akuam", 5)
    scenario.rotation("web", "akuam")
    scenario.engage(scenario.schedule("gone", "web"))
    assert scenario.sends() == [(0, "akuam")]
    engagement = scenario.engage(scenario.schedule("gone", alias="other"))
    assert scenario.skipped() == ["contact/other: nobody is on call"]
    assert scenario.ended_after(engagement) == 0


# Essential contacts on several paths


@pytest.fixture
def essential_later(scenario: Scenario) -> str:
    """An escalation plan in which Akua is essential in the second stage, but not in the first."""
    for alias, minutes in (("akuam", (20,)), ("alejr", (0,))):
        scenario.person(alias, *minutes)
    return scenario.escalation(
        stage(5, to_contact("akuam", essential=False)),
        stage(5, to_contact("akuam")),
        stage(5, to_contact("alejr")),
    )


def test_an_acknowledgement_before_the_essential_stage_ends_the_engagement_at_that_stage(
    scenario: Scenario, essential_later: str
) -> None:
    engagement = scenario.engage(essential_later)
    scenario.wait(3)
    scenario.acknowledge("akuam")
    assert scenario.ended_after(engagement) is None
    scenario.wait(60)
    assert scenario.ended_after(engagement) == 5
    assert scenario.sends() == [(0, "akuam")]
    assert scenario.skipped() == ["contact/akuam: has already acknowledged"]


def test_a_preview_agrees_on_an_early_acknowledgement(
    scenario: Scenario, essential_later: str
) -> None:
    at = {contact_arn("akuam"): timedelta(minutes=3)}
    result = scenario.client.preview(essential_later, acknowledge=at)
    assert (result.outcome, result.end - result.start) == ("acknowledged", timedelta(minutes=5))
    assert [_of_preview(send) for send in result.sends] == [(0, "akuam")]
    assert [each.ends for each in result.acknowledgements] == [False]


@pytest.mark.parametrize("number", [0, 1])
def test_either_page_of_a_person_who_is_essential_on_one_path_ends_the_engagement(
    scenario: Scenario, essential_later: str, number: int
) -> None:
    engagement = scenario.engage(essential_later)
    scenario.wait(6)
    scenario.acknowledge("akuam", number)
    assert scenario.ended_after(engagement) == 6
    scenario.wait(60)
    assert scenario.sends() == [(0, "akuam"), (5, "akuam")]


def test_a_preview_agrees_on_a_person_who_is_essential_on_one_of_two_paths(
    scenario: Scenario, essential_later: str
) -> None:
    at = {contact_arn("akuam"): timedelta(minutes=6)}
    result = scenario.client.preview(essential_later, acknowledge=at)
    assert (result.outcome, result.end - result.start) == ("acknowledged", timedelta(minutes=6))
    assert [_of_preview(send) for send in result.sends] == [(0, "akuam"), (5, "akuam")]
    # When the first page is sent, nothing else is open that its acknowledgement could end.
    assert [send.would_end for send in result.sends] == [False, True]


def test_a_person_on_call_in_a_schedule_that_is_not_essential_does_not_end_the_engagement(
    scenario: Scenario,
) -> None:
    for alias in ("akuam", "alejr"):
        scenario.person(alias, 5)
    scenario.rotation("web", "akuam")
    scenario.schedule("web")
    everybody = scenario.escalation(
        stage(5, to_contact("schedule", essential=False)), stage(0, to_contact("alejr"))
    )
    scenario.engage(everybody)
    scenario.acknowledge("akuam")
    scenario.wait(60)
    assert scenario.sends() == [(0, "akuam"), (5, "alejr")]
    assert sends_of_preview(scenario, everybody, akuam=0) == [(0, "akuam"), (5, "alejr")]


# Contacts that are reached twice


def test_a_person_twice_in_a_stage_is_engaged_once(scenario: Scenario) -> None:
    scenario.person("akuam", 5)
    twice = scenario.escalation(stage(5, to_contact("akuam"), to_contact("akuam")))
    scenario.engage(twice)
    assert scenario.sends() == [(0, "akuam")] == sends_of_preview(scenario, twice)


def test_a_person_on_call_in_two_rotations_of_a_schedule_is_engaged_once(
    scenario: Scenario,
) -> None:
    scenario.person("akuam", 5)
    for name in ("web", "backup"):
        scenario.rotation(name, "akuam")
    scenario.engage(scenario.schedule("web", "backup"))
    assert scenario.sends() == [(0, "akuam")]


def test_a_person_who_has_acknowledged_is_not_engaged_again(scenario: Scenario) -> None:
    scenario.person("akuam", 1)
    later = scenario.escalation(
        stage(5, to_contact("akuam", essential=False)),
        stage(5, to_contact("akuam", essential=False)),
    )
    engagement = scenario.engage(later)
    scenario.acknowledge("akuam")
    scenario.wait(60)
    assert scenario.sends() == [(0, "akuam")] == sends_of_preview(scenario, later, akuam=0)[:1]
    assert scenario.skipped() == ["contact/akuam: has already acknowledged"]
    assert scenario.ended_after(engagement) == 10


def test_a_person_who_acknowledges_is_not_paged_again_on_any_path(scenario: Scenario) -> None:
    scenario.person("akuam", 5, 5, 5)
    both = scenario.escalation(
        stage(3, to_contact("akuam", essential=False)),
        stage(3, to_contact("akuam", essential=False)),
    )
    engagement = scenario.engage(both)
    scenario.wait(4)
    scenario.acknowledge("akuam")
    scenario.wait(60)
    assert scenario.sends() == [(0, "akuam"), (3, "akuam")]
    assert scenario.ended_after(engagement) == 6
    assert sends_of_preview(scenario, both, akuam=4) == [(0, "akuam"), (3, "akuam")]


# The end


@pytest.mark.parametrize("service", [Assumptions(engagement_end="last_stage")], indirect=True)
def test_the_last_stage_of_a_persons_plan_does_not_end_the_escalation(scenario: Scenario) -> None:
    for alias in ("akuam", "alejr"):
        scenario.person(alias, 1)
    engagement = scenario.engage(
        scenario.escalation(stage(5, to_contact("akuam")), stage(5, to_contact("alejr")))
    )
    scenario.wait(60)
    assert scenario.sends() == [(0, "akuam"), (5, "alejr")]
    assert scenario.ended_after(engagement) == 10


def test_a_page_is_not_sent_again_at_the_end_of_its_stage(scenario: Scenario) -> None:
    akua = scenario.person("akuam", 4, 4, retry=2)
    scenario.service.delivery.fail(channel_arn("akuam", 1))
    scenario.engage(akua)
    scenario.wait(60)
    assert scenario.receipts("akuam") == [(0, "ERROR"), (2, "ERROR"), (4, "SENT")]


def test_stages_longer_than_the_calendar_last_to_its_end() -> None:
    # Ten minutes before the end of the calendar.
    near = datetime(9999, 12, 31, 23, 50, tzinfo=timezone.utc)
    scenario = Scenario(LocalService(clock=LocalClock(near)))
    akua = scenario.person("akuam", 5, 30, 5, retry=20)
    scenario.service.delivery.fail(channel_arn("akuam", 2))
    scenario.engage(akua)
    scenario.service.clock.advance(minutes=9)
    assert scenario.sends() == [(0, "akuam")]
    scenario.service.clock.move_to(datetime.max.replace(tzinfo=timezone.utc))
    assert [each.channel_arn for each in scenario.sent()] == [
        channel_arn("akuam", 1),
        channel_arn("akuam", 3),
    ]
    assert [note.text for note in scenario.service.journal][-1].endswith(" has ended")


# Order and times


def test_events_of_the_same_instant_run_in_the_order_in_which_they_were_scheduled(
    scenario: Scenario,
) -> None:
    people = ["akuam", "alejr", "anasi", "luis"]
    for alias in people:
        scenario.person(alias, 5, 5)
    everybody = scenario.escalation(stage(0, *map(to_contact, people)))
    scenario.engage(everybody)
    scenario.wait(60)
    assert scenario.sends() == [(minute, alias) for minute in (0, 5) for alias in people]
    assert sends_of_preview(scenario, everybody) == scenario.sends()


def test_a_page_that_was_never_sent_has_no_sent_time(scenario: Scenario) -> None:
    akua = scenario.person("akuam", 5)
    scenario.service.delivery.fail(channel_arn("akuam"))
    scenario.engage(akua)
    (only,) = scenario.pages("akuam")
    assert only.sent_time is None
    assert scenario.receipts("akuam") == [(0, "ERROR")]


def test_a_page_keeps_its_sent_time_when_it_cannot_be_sent_again(scenario: Scenario) -> None:
    akua = scenario.person("akuam", 5, 5)
    scenario.service.delivery.fail(channel_arn("akuam", 2))
    scenario.engage(akua)
    scenario.wait(60)
    (only,) = scenario.pages("akuam")
    assert only.sent_time == scenario.since
    assert scenario.receipts("akuam") == [(0, "SENT"), (5, "ERROR")]


def test_immediate_events_belong_to_the_request_that_started_the_engagement(
    scenario: Scenario,
) -> None:
    engagement = scenario.engage(scenario.person("akuam", 0))
    # The page was sent, and a plan without a duration is over.
    started = scenario.service.requests[-1]
    assert len(scenario.service.journal) == started.entries_after == started.entries_before + 3
    assert scenario.service.transcript(skip=len(scenario.service.requests)) == ""
    assert scenario.ended_after(engagement) == 0


def test_a_rotation_in_the_plan_of_a_person_engages_nobody(scenario: Scenario) -> None:
    scenario.person("alejr", 5)
    scenario.rotation("web", "alejr")
    akua = scenario.person("akuam", 5)
    stages, rotations = [stage(5, to_channel("akuam"))], [rotation_arn("web")]
    scenario.contact("akuam", "PERSONAL", Stages=stages, RotationIds=rotations)
    scenario.engage(akua)
    scenario.wait(60)
    assert scenario.sends() == [(0, "akuam")]
