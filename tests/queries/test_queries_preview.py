from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

import pytest
from arns import contact_arn
from sentinels import phone_number

from ssm_contacts_sdk import (
    Channel,
    Contact,
    ContactRecord,
    ContactsClient,
    ContactType,
    InvalidValueError,
    Plan,
    Recurrence,
    ResourceNotFoundError,
    Rotation,
)
from ssm_contacts_sdk._oncall.assumptions import OnCallAssumptions
from ssm_contacts_sdk._oncall.timeline import Timeline
from ssm_contacts_sdk._oncall.timeline_events import PageSent
from ssm_contacts_sdk.local import LocalService
from ssm_contacts_sdk.local._clock import DEFAULT_START


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


@pytest.fixture
def people(service: LocalService, client: ContactsClient) -> dict[str, ContactRecord]:
    """Return three people who get an SMS at once and a call 5 minutes later."""
    return {alias: person(service, client, alias) for alias in ("akuam", "alejr", "anasi")}


def person(service: LocalService, client: ContactsClient, alias: str) -> ContactRecord:
    record = client.contacts.create(Contact(alias=alias, type=ContactType.PERSONAL))
    sms = client.channels.create(record, Channel.sms("sms", phone_number(101)))
    voice = client.channels.create(record, Channel.voice("voice", phone_number(101)))
    for channel in (sms, voice):
        client.channels.activate(channel, service.code_for(channel))
    plan = Plan.engagement().stage(minutes=5).channel(sms).stage(minutes=5).channel(voice).build()
    client.contacts.update(record, plan=plan)
    return client.contacts.get(record)


@pytest.fixture
def escalation(client: ContactsClient, people: dict[str, ContactRecord]) -> ContactRecord:
    """Return the escalation plan of AWS's examples."""
    plan = (
        Plan.escalation()
        .stage(minutes=5)
        .contact(people["akuam"], essential=True)
        .stage(minutes=5)
        .contact(people["alejr"], essential=False)
        .stage(minutes=0)
        .contact(people["anasi"], essential=False)
        .build()
    )
    return client.contacts.create(Contact(alias="all", type=ContactType.ESCALATION, plan=plan))


def pages_of(timeline: Timeline) -> list[tuple[float, str]]:
    return [
        (
            sent.offset / minutes(1),
            f"{sent.channel_arn.split('/')[1]} {timeline.name_of(sent.channel_arn)}",
        )
        for sent in timeline.sends
    ]


def test_if_nobody_acknowledges_everything_is_tried(
    client: ContactsClient, escalation: ContactRecord
) -> None:
    timeline = client.preview(escalation)
    assert pages_of(timeline) == [
        (0, "akuam sms"),
        (5, "akuam voice"),
        (5, "alejr sms"),
        (10, "alejr voice"),
        (10, "anasi sms"),
        (15, "anasi voice"),
    ]
    assert timeline.outcome == "everything_tried"
    assert timeline.end == DEFAULT_START + minutes(20)


def test_each_page_has_its_path_and_whether_it_is_essential(
    client: ContactsClient, escalation: ContactRecord
) -> None:
    first, _, second, *_ = client.preview(escalation).sends
    assert [(step.contact_arn, step.type, step.stage_index) for step in second.path] == [
        (escalation.arn, ContactType.ESCALATION, None),
        (contact_arn("alejr"), ContactType.PERSONAL, 1),
    ]
    assert (first.would_end, second.would_end) == (True, False)
    assert (first.at, second.at) == (DEFAULT_START, DEFAULT_START + minutes(5))
    assert (first.stage_index, second.stage_index) == (0, 0)


def test_an_essential_acknowledgement_ends_the_timeline(
    client: ContactsClient, escalation: ContactRecord, people: dict[str, ContactRecord]
) -> None:
    timeline = client.preview(escalation, acknowledge={people["akuam"]: minutes(3)})
    assert pages_of(timeline) == [(0, "akuam sms")]
    assert (timeline.outcome, timeline.end) == ("acknowledged", DEFAULT_START + minutes(3))
    (acknowledged,) = timeline.acknowledgements
    assert (acknowledged.offset, acknowledged.ends) == (minutes(3), True)


def test_another_acknowledgement_ends_only_the_plan_of_its_person(
    client: ContactsClient, escalation: ContactRecord
) -> None:
    timeline = client.preview(escalation, acknowledge={contact_arn("alejr"): minutes(7)})
    assert [sent for sent in pages_of(timeline) if "alejr" in sent[1]] == [(5, "alejr sms")]
    assert timeline.outcome == "everything_tried"
    (acknowledged,) = timeline.acknowledgements
    assert not acknowledged.ends


def test_somebody_who_has_not_been_paged_cannot_acknowledge(
    client: ContactsClient, escalation: ContactRecord
) -> None:
    timeline = client.preview(escalation, acknowledge={contact_arn("anasi"): minutes(9)})
    assert timeline.acknowledgements == ()
    assert len(timeline.sends) == 6
    assert timeline.not_counted == ((contact_arn("anasi"), minutes(9)),)
    not_counted = (
        "The acknowledgement of anasi after 9 min does not count: no page had been sent to them."
    )
    assert not_counted in timeline.summary
    assert not_counted in timeline.to_svg()


def test_an_acknowledgement_counts_from_the_instant_of_the_page_to_before_the_end(
    client: ContactsClient, escalation: ContactRecord, people: dict[str, ContactRecord]
) -> None:
    at_once = client.preview(escalation, acknowledge={people["alejr"]: minutes(5)})
    assert (at_once.not_counted, "does not count" in at_once.summary) == ((), False)
    at_the_end = client.preview(escalation, acknowledge={people["akuam"]: minutes(20)})
    assert at_the_end.not_counted == ((people["akuam"].arn, minutes(20)),)
    assert at_the_end.summary.endswith(
        "The acknowledgement of akuam after 20 min does not count: the engagement was over by then."
    )


def test_an_acknowledgement_after_the_one_that_ends_the_engagement_does_not_count(
    client: ContactsClient, escalation: ContactRecord, people: dict[str, ContactRecord]
) -> None:
    both = {people["alejr"]: minutes(7), people["akuam"]: minutes(6)}
    timeline = client.preview(escalation, acknowledge=both)
    assert timeline.not_counted == ((people["alejr"].arn, minutes(7)),)
    assert timeline.summary.endswith(
        "The acknowledgement of alejr after 7 min does not count: the engagement was over by then."
    )


def test_an_acknowledgement_at_the_horizon_does_not_count(
    client: ContactsClient, escalation: ContactRecord, people: dict[str, ContactRecord]
) -> None:
    at_horizon = {people["akuam"]: minutes(4)}
    timeline = client.preview(escalation, acknowledge=at_horizon, horizon=minutes(4))
    assert timeline.not_counted == ((people["akuam"].arn, minutes(4)),)
    assert timeline.summary.endswith("does not count: this preview stops before it.")


def test_a_person_on_call_in_a_schedule_can_acknowledge(
    client: ContactsClient, people: dict[str, ContactRecord]
) -> None:
    rotation = client.rotations.create(
        Rotation(
            name="web",
            contact_ids=[people["akuam"], people["alejr"]],
            start_time=DEFAULT_START,
            time_zone_id="UTC",
            recurrence=Recurrence.daily("09:00"),
        )
    )
    schedule = client.contacts.create(
        Contact(alias="web", type=ContactType.ONCALL_SCHEDULE, plan=Plan.on_call(rotation))
    )
    plan = Plan.escalation().stage(minutes=9).contact(schedule, essential=True).build()
    timeline = client.preview(plan, acknowledge={schedule: minutes(4)})
    assert (timeline.outcome, timeline.end) == ("acknowledged", DEFAULT_START + minutes(4))
    assert timeline.not_counted == ()


def test_the_timeline_ends_at_the_horizon(
    client: ContactsClient, escalation: ContactRecord
) -> None:
    timeline = client.preview(escalation, horizon=minutes(5))
    assert pages_of(timeline) == [(0, "akuam sms")]
    assert (timeline.outcome, timeline.end) == ("horizon", DEFAULT_START + minutes(5))


def test_a_plan_that_is_not_in_the_account_can_be_previewed(
    client: ContactsClient, people: dict[str, ContactRecord]
) -> None:
    sms, voice = client.channels.list(people["akuam"])
    own = Plan.engagement().stage(minutes=1).channel(voice).stage(minutes=1).channel(sms).build()
    assert pages_of(client.preview(own)) == [(0, "akuam voice"), (1, "akuam sms")]
    both = Plan.escalation().stage(minutes=1).contact(people["alejr"], essential=True).build()
    assert pages_of(client.preview(both)) == [(0, "alejr sms"), (5, "alejr voice")]
    nothing = client.preview(Plan())
    assert (nothing.events, nothing.end) == ((), DEFAULT_START)


def test_the_people_on_call_are_those_at_the_start_of_the_stage(
    client: ContactsClient, people: dict[str, ContactRecord]
) -> None:
    rotation = client.rotations.create(
        Rotation(
            name="web",
            contact_ids=[people["akuam"], people["alejr"]],
            start_time=DEFAULT_START,
            time_zone_id="UTC",
            recurrence=Recurrence.daily("09:00"),
        )
    )
    schedule = client.contacts.create(
        Contact(alias="web", type=ContactType.ONCALL_SCHEDULE, plan=Plan.on_call(rotation))
    )
    plan = Plan.escalation().stage(minutes=30).contact(people["anasi"], essential=True)
    plan = plan.stage(minutes=1).contact(schedule, essential=True)
    before_hand_off = DEFAULT_START + timedelta(days=1) - minutes(20)
    timeline = client.preview(plan.build(), at=before_hand_off)
    assert pages_of(timeline)[-2:] == [(30, "alejr sms"), (35, "alejr voice")]
    assert [step.type.value for step in timeline.sends[-1].path] == [
        "ESCALATION",
        "ONCALL_SCHEDULE",
        "PERSONAL",
    ]
    alone = client.preview(Plan.on_call(rotation), at=DEFAULT_START)
    assert pages_of(alone) == [(0, "akuam sms"), (5, "akuam voice")]


def reasons(timeline: Timeline) -> Sequence[tuple[str, str]]:
    return [(timeline.name_of(skipped.arn), skipped.reason) for skipped in timeline.skipped]


def test_a_skipped_target_has_a_reason(
    client: ContactsClient, people: dict[str, ContactRecord], escalation: ContactRecord
) -> None:
    sms, voice = client.channels.list(people["akuam"])
    client.channels.deactivate(sms)
    client.channels.delete(voice)
    empty = client.contacts.create(
        Contact(alias="empty", type=ContactType.ONCALL_SCHEDULE, plan=Plan.on_call())
    )
    client.contacts.delete(people["anasi"])
    plan = Plan.escalation().stage(minutes=1)
    for contact in (people["akuam"], people["anasi"], empty, escalation):
        plan = plan.contact(contact, essential=True)
    timeline = client.preview(plan.build())
    assert reasons(timeline) == [
        ("anasi", "deleted"),
        ("empty", "nobody_on_call"),
        ("all", "nested"),
        ("sms", "not_activated"),
        (voice.arn.rpartition("/")[2], "deleted"),
    ]
    assert timeline.sends == ()


def test_a_target_of_the_wrong_kind_is_skipped(
    service: LocalService, client: ContactsClient, people: dict[str, ContactRecord]
) -> None:
    sms, _ = client.channels.list(people["akuam"])
    by_channel = {"ChannelTargetInfo": {"ContactChannelId": sms.arn}}
    by_contact = {"ContactTargetInfo": {"ContactId": people["alejr"].arn, "IsEssential": True}}
    for alias, kind in (("mixed", "ESCALATION"), ("odd", "PERSONAL")):
        stage = {"DurationInMinutes": 1, "Targets": [by_channel, by_contact]}
        service.load_resources(
            {
                "ContactArn": contact_arn(alias),
                "Alias": alias,
                "Type": kind,
                "Plan": {"Stages": [stage]},
            }
        )
    assert reasons(client.preview(contact_arn("mixed"))) == [("sms", "wrong_kind")]
    assert reasons(client.preview(contact_arn("odd"))) == [("alejr", "wrong_kind")]


def test_the_stages_have_their_ends(client: ContactsClient, escalation: ContactRecord) -> None:
    timeline = client.preview(escalation)
    stages = [
        (stage.stage_index, stage.offset / minutes(1), (stage.until - stage.at) / minutes(1))
        for stage in timeline.stages
        if len(stage.path) == 1
    ]
    assert stages == [(0, 0, 5), (1, 5, 5), (2, 10, 0)]


def test_the_events_are_in_order(client: ContactsClient, escalation: ContactRecord) -> None:
    events = client.preview(escalation).events
    assert list(events) == sorted(events, key=lambda event: event.at)
    assert isinstance(events[2], PageSent)


def test_the_assumptions_about_aws_are_options(
    client: ContactsClient, escalation: ContactRecord
) -> None:
    timeline = client.preview(
        escalation, assumptions=OnCallAssumptions(engagement_end="last_stage")
    )
    assert timeline.end == DEFAULT_START + minutes(10)


def test_each_resource_is_read_once(
    service: LocalService, client: ContactsClient, escalation: ContactRecord
) -> None:
    before = len(service.requests)
    client.preview(escalation)
    requests = [(request.operation, str(request.body)) for request in service.requests[before:]]
    assert len(set(requests)) == len(requests)
    assert len(requests) == 7  # the plan, three people, and their channels


def test_the_channels_of_a_person_on_two_paths_are_listed_once(
    client: ContactsClient, service: LocalService, people: dict[str, ContactRecord]
) -> None:
    akua = people["akuam"]
    web = client.rotations.create(
        Rotation(
            name="web",
            contact_ids=[akua],
            start_time=DEFAULT_START,
            time_zone_id="UTC",
            recurrence=Recurrence.daily("09:00"),
        )
    )
    on_call_schedule = client.contacts.create(
        Contact(alias="primary", type=ContactType.ONCALL_SCHEDULE, plan=Plan.on_call(web))
    )
    plan = (
        Plan.escalation()
        .stage(minutes=5)
        .contact(akua, essential=True)
        .stage(minutes=5)
        .contact(on_call_schedule, essential=False)
        .contact(akua, essential=False)
        .build()
    )
    before = len(service.requests)
    client.preview(plan)
    requests = [request.operation for request in service.requests[before:]]
    assert requests.count("ListContactChannels") == 1


def test_a_target_that_does_not_exist_is_the_error_of_the_service(client: ContactsClient) -> None:
    with pytest.raises(ResourceNotFoundError):
        client.preview(contact_arn("nobody"))


@pytest.mark.parametrize(
    ("arguments", "path", "code"),
    [
        ({"target": "all"}, "target", "not_an_arn"),
        ({"target": Plan.escalation()}, "target", "wrong_type"),
        ({"at": DEFAULT_START.replace(tzinfo=None)}, "at", "no_time_zone"),
        ({"acknowledge": [1]}, "acknowledge", "wrong_type"),
        ({"acknowledge": {"akuam": minutes(3)}}, "acknowledge[0].key", "not_an_arn"),
        ({"acknowledge": {contact_arn("a"): None}}, "acknowledge[0].value", "wrong_type"),
        ({"acknowledge": {contact_arn("a"): "3"}}, "acknowledge[0].value", "wrong_type"),
        ({"acknowledge": {contact_arn("a"): minutes(-3)}}, "acknowledge[0].value", "too_small"),
        ({"horizon": "5"}, "horizon", "wrong_type"),
        ({"horizon": -1}, "horizon", "too_small"),
        ({"horizon": minutes(-1)}, "horizon", "too_small"),
        ({"assumptions": "none"}, "assumptions", "wrong_type"),
    ],
)
def test_invalid_arguments_are_rejected_before_a_request(
    service: LocalService,
    client: ContactsClient,
    arguments: dict[str, object],
    path: str,
    code: str,
) -> None:
    with pytest.raises(InvalidValueError) as caught:
        client.preview(**cast("Any", {"target": contact_arn("all"), **arguments}))
    assert [(each.path, each.code) for each in caught.value.violations] == [(path, code)]
    assert service.requests == ()


def test_a_builder_is_not_a_plan_yet(client: ContactsClient) -> None:
    builder: Any = Plan.escalation().stage(minutes=5)
    with pytest.raises(InvalidValueError) as caught:
        client.preview(builder)
    assert str(caught.value) == (
        "preview: target must be a contact or a Plan (got EscalationStage): call .build()"
    )


def test_an_earlier_acknowledgement_ends_the_timeline_at_the_essential_stage(
    client: ContactsClient, people: dict[str, ContactRecord]
) -> None:
    plan = Plan.escalation().stage(minutes=5).contact(people["akuam"], essential=False)
    plan = plan.stage(minutes=5).contact(people["akuam"], essential=True)
    plan = plan.stage(minutes=5).contact(people["alejr"], essential=True)
    timeline = client.preview(plan.build(), acknowledge={people["akuam"]: minutes(2)})
    assert pages_of(timeline) == [(0, "akuam sms")]
    assert (timeline.outcome, timeline.end) == ("acknowledged", DEFAULT_START + minutes(5))
    assert "an essential contact is engaged who has already acknowledged" in timeline.to_text(
        width=200
    )
    assert timeline.to_svg().startswith("<svg")


def test_the_longest_durations_are_accepted(
    client: ContactsClient, escalation: ContactRecord, people: dict[str, ContactRecord]
) -> None:
    longest = timedelta.max
    timeline = client.preview(escalation, acknowledge={people["akuam"]: longest}, horizon=longest)
    assert timeline.outcome == "everything_tried"
    assert timeline.not_counted == ((people["akuam"].arn, longest),)


def test_durations_can_be_numbers_of_seconds(
    client: ContactsClient, escalation: ContactRecord, people: dict[str, ContactRecord]
) -> None:
    akua = people["akuam"]
    timeline = client.preview(escalation, acknowledge={akua: 90}, horizon=240.5)
    assert timeline == client.preview(
        escalation,
        acknowledge={akua: timedelta(seconds=90)},
        horizon=timedelta(minutes=4, milliseconds=500),
    )
    assert timeline != client.preview(escalation, acknowledge={akua: 90}, horizon=1)


def test_contacts_of_another_account_are_not_requested(
    service: LocalService, client: ContactsClient, people: dict[str, ContactRecord]
) -> None:
    elsewhere = people["akuam"].arn.replace("111122223333", "444455556666")
    stages = [
        {
            "DurationInMinutes": 5,
            "Targets": [{"ContactTargetInfo": {"ContactId": arn, "IsEssential": True}}],
        }
        for arn in (elsewhere, people["alejr"].arn)
    ]
    # The service rejects such a plan in a request.
    both = {"ContactArn": contact_arn("both"), "Alias": "both", "Type": "ESCALATION"}
    service.load_resources({**both, "Plan": {"Stages": stages}})
    timeline = client.preview(both["ContactArn"])
    assert [skipped.arn for skipped in timeline.skipped] == [elsewhere]
    assert pages_of(timeline)[0] == (5, "alejr sms")
    assert elsewhere not in {request.body.get("ContactId") for request in service.requests}


def test_an_empty_target_is_skipped(
    service: LocalService, client: ContactsClient, people: dict[str, ContactRecord]
) -> None:
    targets = [
        {"ContactTargetInfo": {"IsEssential": True}},
        {"ContactTargetInfo": {"ContactId": people["alejr"].arn, "IsEssential": True}},
    ]
    service.load_resources(
        {
            "ContactArn": contact_arn("odd"),
            "Alias": "odd",
            "Type": "ESCALATION",
            "Plan": {"Stages": [{"DurationInMinutes": 5, "Targets": targets}]},
        }
    )
    assert pages_of(client.preview(contact_arn("odd")))[0] == (0, "alejr sms")
    assert client.on_call(contact_arn("odd")).contact_ids == (people["alejr"].arn,)
