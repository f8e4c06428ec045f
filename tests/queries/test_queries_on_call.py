from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from arns import contact_arn, page_arn, rotation_arn

from ssm_contacts_sdk import (
    Contact,
    ContactRecord,
    ContactsClient,
    ContactType,
    InvalidValueError,
    OnCall,
    OnCallAssignment,
    Override,
    Plan,
    Recurrence,
    ResourceNotFoundError,
    Rotation,
    RotationRecord,
)
from ssm_contacts_sdk.local import LocalService
from ssm_contacts_sdk.local._clock import DEFAULT_START

HOUR = timedelta(hours=1)


@pytest.fixture
def akua(client: ContactsClient) -> ContactRecord:
    return client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))


@pytest.fixture
def mary(client: ContactsClient) -> ContactRecord:
    return client.contacts.create(Contact(alias="maryj", type=ContactType.PERSONAL))


@pytest.fixture
def web(client: ContactsClient, akua: ContactRecord, mary: ContactRecord) -> RotationRecord:
    """Return a rotation of Akua and Mary with turns of a day from 09:00, when the clock starts."""
    return rotation(client, "web", akua, mary)


def rotation(
    client: ContactsClient, name: str, *people: ContactRecord, **how: Any
) -> RotationRecord:
    return client.rotations.create(
        Rotation(
            name=name,
            contact_ids=people,
            start_time=DEFAULT_START,
            time_zone_id="UTC",
            recurrence=Recurrence.daily("09:00", **how),
        )
    )


def schedule(client: ContactsClient, alias: str, *rotations: RotationRecord) -> ContactRecord:
    plan = Plan.on_call(*rotations)
    return client.contacts.create(Contact(alias=alias, type=ContactType.ONCALL_SCHEDULE, plan=plan))


def test_a_rotation_has_the_person_the_shift_and_the_next_shift(
    client: ContactsClient, web: RotationRecord, akua: ContactRecord, mary: ContactRecord
) -> None:
    (assignment,) = client.on_call(web).assignments
    assert assignment.contact_ids == (akua.arn,)
    assert assignment.rotation_arn == web.arn
    assert assignment.until == DEFAULT_START + 24 * HOUR
    assert assignment.next_shift is not None
    assert assignment.next_shift.contact_ids == (mary.arn,)


def test_a_rotation_that_a_schedule_names_twice_is_one_assignment(
    client: ContactsClient, web: RotationRecord, akua: ContactRecord
) -> None:
    on_call = client.on_call(schedule(client, "both", web, web))
    assert [assignment.contact_ids for assignment in on_call.assignments] == [(akua.arn,)]
    assert str(on_call).count("akuam until") == 1


def test_the_default_time_is_that_of_the_clients_clock(
    service: LocalService, client: ContactsClient, web: RotationRecord, mary: ContactRecord
) -> None:
    service.clock.advance(days=1)
    on_call = client.on_call(web)
    assert (on_call.at, on_call.contact_ids) == (service.clock.now(), (mary.arn,))


def test_another_time_can_be_queried(
    client: ContactsClient, web: RotationRecord, akua: ContactRecord, mary: ContactRecord
) -> None:
    results = [client.on_call(web.arn, at=DEFAULT_START + day * 24 * HOUR) for day in range(3)]
    assert [each.contact_ids for each in results] == [(akua.arn,), (mary.arn,), (akua.arn,)]


def test_the_instant_of_a_hand_off_belongs_to_the_new_shift(
    client: ContactsClient, web: RotationRecord, mary: ContactRecord
) -> None:
    at = (DEFAULT_START + 24 * HOUR).astimezone(timezone(timedelta(hours=-8)))
    assert client.on_call(web, at=at).contact_ids == (mary.arn,)


def test_an_override_is_included(
    client: ContactsClient, web: RotationRecord, akua: ContactRecord, mary: ContactRecord
) -> None:
    override = Override(
        new_contact_ids=[mary], start_time=DEFAULT_START, end_time=DEFAULT_START + HOUR
    )
    client.overrides.create(web, override)
    (assignment,) = client.on_call(web).assignments
    assert assignment.contact_ids == (mary.arn,)
    assert assignment.until == DEFAULT_START + HOUR
    assert assignment.shift is not None
    assert assignment.shift.overridden_contact_ids == (akua.arn,)
    assert assignment.next_shift is not None
    assert assignment.next_shift.contact_ids == (akua.arn,)


def test_an_override_that_leaves_nobody_has_the_next_shift(
    client: ContactsClient, web: RotationRecord, akua: ContactRecord
) -> None:
    override = Override(new_contact_ids=[], start_time=DEFAULT_START, end_time=DEFAULT_START + HOUR)
    client.overrides.create(web, override)
    (assignment,) = client.on_call(web).assignments
    assert (assignment.contact_ids, assignment.until) == ((), DEFAULT_START + HOUR)
    assert assignment.next_shift is not None
    assert assignment.next_shift.contact_ids == (akua.arn,)


def test_outside_of_the_coverage_nobody_is_on_call_until_it_starts(
    client: ContactsClient, akua: ContactRecord
) -> None:
    web = rotation(client, "web", akua, coverage={"TUE": [("08:00", "17:00")]})
    (assignment,) = client.on_call(web).assignments
    assert (assignment.contact_ids, assignment.shift) == ((), None)
    assert assignment.until == datetime(2025, 1, 7, 8, 0, tzinfo=timezone.utc)


def test_a_rotation_that_has_not_started_has_a_next_shift(
    client: ContactsClient, web: RotationRecord, akua: ContactRecord
) -> None:
    (assignment,) = client.on_call(web, at=DEFAULT_START - HOUR).assignments
    assert (assignment.contact_ids, assignment.until) == ((), DEFAULT_START)
    assert assignment.next_shift is not None
    assert assignment.next_shift.contact_ids == (akua.arn,)


def test_a_schedule_has_an_assignment_for_each_rotation(
    client: ContactsClient, web: RotationRecord, akua: ContactRecord, mary: ContactRecord
) -> None:
    late = rotation(client, "late", mary, akua)
    around = schedule(client, "around", web, late)
    on_call = client.on_call(around)
    assert [assignment.rotation_arn for assignment in on_call.assignments] == [web.arn, late.arn]
    assert {assignment.schedule_arn for assignment in on_call.assignments} == {around.arn}
    assert on_call.contact_ids == (akua.arn, mary.arn)
    assert on_call.until == DEFAULT_START + 24 * HOUR


def test_a_person_who_is_on_call_twice_is_returned_once(
    client: ContactsClient, web: RotationRecord, akua: ContactRecord
) -> None:
    other = rotation(client, "other", akua)
    assert client.on_call(schedule(client, "both", web, other)).contact_ids == (akua.arn,)


def test_an_escalation_plan_has_assignments_by_stage(
    client: ContactsClient, web: RotationRecord, akua: ContactRecord, mary: ContactRecord
) -> None:
    around = schedule(client, "around", web)
    gone = client.contacts.create(Contact(alias="gone", type=ContactType.PERSONAL))
    plan = (
        Plan.escalation()
        .stage(minutes=5)
        .contact(around, essential=True)
        .stage(minutes=5)
        .contact(gone, essential=True)
        .contact(mary, essential=False)
        .build()
    )
    escalation = client.contacts.create(
        Contact(alias="all", type=ContactType.ESCALATION, plan=plan)
    )
    client.contacts.delete(gone)
    on_call = client.on_call(escalation)
    results = [
        (assignment.stage_index, assignment.contact_ids, assignment.rotation_arn)
        for assignment in on_call.assignments
    ]
    assert results == [(0, (akua.arn,), web.arn), (1, (mary.arn,), None)]
    # The schedule is both what the plan names and what contains the rotation.
    assert [(each.target_arn, each.schedule_arn) for each in on_call.assignments] == [
        (around.arn, around.arn),
        (mary.arn, None),
    ]


def test_an_escalation_plan_that_names_itself_is_not_followed_endlessly(
    service: LocalService, client: ContactsClient
) -> None:
    arn = contact_arn("loop")
    target = {"ContactTargetInfo": {"ContactId": arn, "IsEssential": True}}
    stage = {"DurationInMinutes": 1, "Targets": [target]}
    service.load_resources(
        {"ContactArn": arn, "Alias": "loop", "Type": "ESCALATION", "Plan": {"Stages": [stage]}}
    )
    assert client.on_call(arn).assignments == ()
    assert [skipped.reason for skipped in client.preview(arn).skipped] == ["nested"]


def test_a_person_has_no_on_call_people(client: ContactsClient, akua: ContactRecord) -> None:
    with pytest.raises(InvalidValueError) as caught:
        client.on_call(akua)
    assert str(caught.value) == (
        "on_call: target must be a rotation, an on-call schedule or an escalation plan "
        "(got a person)"
    )
    (violation,) = caught.value.violations
    assert (violation.path, violation.code) == ("target", "wrong_type")


@pytest.mark.parametrize(
    ("arguments", "path", "code"),
    [
        ({"target": "akuam"}, "target", "not_an_arn"),
        ({"target": 5}, "target", "wrong_type"),
        ({"target": page_arn("akuam")}, "target", "wrong_kind_of_arn"),
        ({"at": DEFAULT_START.replace(tzinfo=None)}, "at", "no_time_zone"),
        ({"at": "now"}, "at", "wrong_type"),
        ({"at": datetime(1, 1, 2, tzinfo=timezone.utc)}, "at", "too_small"),
        ({"at": datetime(9999, 12, 30, tzinfo=timezone.utc)}, "at", "too_large"),
    ],
)
def test_invalid_arguments_are_rejected_before_a_request(
    service: LocalService,
    client: ContactsClient,
    arguments: dict[str, Any],
    path: str,
    code: str,
) -> None:
    on_call: Any = client.on_call
    with pytest.raises(InvalidValueError) as caught:
        on_call(**{"target": rotation_arn("1"), **arguments})
    assert [(each.path, each.code) for each in caught.value.violations] == [(path, code)]
    assert service.requests == ()


def test_all_violations_are_raised_at_once(client: ContactsClient) -> None:
    on_call: Any = client.on_call
    preview: Any = client.preview
    late = datetime(9999, 12, 30, tzinfo=timezone.utc)
    for call, others in ((on_call, {"changes": 0}), (preview, {"horizon": -1})):
        with pytest.raises(InvalidValueError) as caught:
            call("web", at=late, **others)
        found = [(each.path, each.code) for each in caught.value.violations]
        assert found == [
            ("target", "not_an_arn"),
            ("at", "too_large"),
            (*others, "too_small"),
        ]


def test_a_target_that_does_not_exist_is_the_error_of_the_service(client: ContactsClient) -> None:
    for arn in (contact_arn("nobody"), rotation_arn("nobody")):
        with pytest.raises(ResourceNotFoundError):
            client.on_call(arn)


def test_each_resource_is_read_once(
    service: LocalService, client: ContactsClient, web: RotationRecord
) -> None:
    around = schedule(client, "around", web, rotation(client, "more", *client_people(client)))
    before = len(service.requests)
    client.on_call(around)
    requests = [(request.operation, str(request.body)) for request in service.requests[before:]]
    assert len(set(requests)) == len(requests)
    # The schedule, the shifts and names of two rotations, and the names of two people
    assert len(requests) == 7


def client_people(client: ContactsClient) -> list[ContactRecord]:
    return [client.contacts.get(contact_arn(alias)) for alias in ("akuam", "maryj")]


def test_the_next_change_is_that_of_all_rotations_together(
    client: ContactsClient, akua: ContactRecord, mary: ContactRecord
) -> None:
    east = rotation(client, "east", akua, coverage=hours("06:00", "12:00"))
    west = rotation(client, "west", mary, coverage=hours("12:00", "20:00"))
    around = client.on_call(schedule(client, "around", east, west))
    assert around.contact_ids == (akua.arn,)
    # The next shift of her rotation is hers again, tomorrow.
    assert around.assignments[0].next_shift is not None
    assert around.assignments[0].next_shift.contact_ids == (akua.arn,)
    change = around.next_change
    assert change is not None
    assert (change.at, change.contact_ids) == (DEFAULT_START + 3 * HOUR, (mary.arn,))


def hours(start: str, end: str) -> dict[str, list[tuple[str, str]]]:
    return {day: [(start, end)] for day in ("MON", "TUE", "WED")}


def test_without_other_people_there_is_no_change(
    client: ContactsClient, akua: ContactRecord
) -> None:
    assert client.on_call(rotation(client, "alone", akua)).next_change is None


def test_the_next_change_after_a_gap_has_the_next_people(
    client: ContactsClient, akua: ContactRecord
) -> None:
    web = rotation(client, "web", akua, coverage={"TUE": [("08:00", "17:00")]})
    change = client.on_call(web).next_change
    assert change is not None
    assert (change.at, change.contact_ids) == (
        datetime(2025, 1, 7, 8, 0, tzinfo=timezone.utc),
        (akua.arn,),
    )


def test_the_first_stage_with_anybody_on_call_is_engaged_first(
    client: ContactsClient, web: RotationRecord, akua: ContactRecord, mary: ContactRecord
) -> None:
    nobody = schedule(client, "nobody")
    around = schedule(client, "around", web)
    plan = (
        Plan.escalation()
        .stage(minutes=5)
        .contact(nobody, essential=True)
        .stage(minutes=5)
        .contact(around, essential=True)
        .stage(minutes=5)
        .contact(mary, essential=True)
        .build()
    )
    on_call = client.on_call(
        client.contacts.create(Contact(alias="all", type=ContactType.ESCALATION, plan=plan))
    )
    assert on_call.engaged_first == (akua.arn,)
    assert on_call.contact_ids == (akua.arn, mary.arn)
    change = on_call.next_change
    assert change is not None
    assert change.contact_ids == (mary.arn,)


def test_each_assignment_prints_as_a_line(
    client: ContactsClient, web: RotationRecord, mary: ContactRecord
) -> None:
    client.contacts.update(mary, display_name="Mary Major")
    around = schedule(client, "around", web)
    plan = Plan.escalation().stage(minutes=5).contact(around, essential=True)
    plan = plan.stage(minutes=5).contact(mary, essential=False)
    on_call = client.on_call(
        client.contacts.create(Contact(alias="all", type=ContactType.ESCALATION, plan=plan.build()))
    )
    assert str(on_call).splitlines() == [
        "On call at Mon 2025-01-06 09:00 UTC:",
        "  stage 1, web: akuam until Tue 2025-01-07 09:00 UTC",
        "  stage 2, always: Mary Major",
        "Next: Mary Major from Tue 2025-01-07 09:00 UTC",
    ]
    assert str(client.on_call(schedule(client, "empty"))) == "On call at Mon 2025-01-06 09:00 UTC:"


def test_a_deleted_person_has_the_alias_as_the_name(
    service: LocalService, client: ContactsClient, web: RotationRecord
) -> None:
    on_call = client.on_call(web)
    assert on_call.name_of(contact_arn("gone")) == "gone"


def test_the_last_possible_time_can_be_queried(client: ContactsClient, akua: ContactRecord) -> None:
    seldom = client.rotations.create(
        Rotation(
            name="seldom",
            contact_ids=[akua],
            start_time=DEFAULT_START,
            time_zone_id="UTC",
            recurrence=Recurrence.monthly((1, "09:00"), multiplier=100),
        )
    )
    at = datetime(9998, 6, 1, tzinfo=timezone.utc)
    assert client.on_call(seldom, at=at).contact_ids == (akua.arn,)


def test_a_rotation_that_does_not_exist_does_not_hide_the_others(
    service: LocalService, client: ContactsClient, web: RotationRecord, akua: ContactRecord
) -> None:
    arns = [rotation_arn("gone"), web.arn]
    service.load_resources(
        {
            "ContactArn": contact_arn("around"),
            "Alias": "around",
            "Type": "ONCALL_SCHEDULE",
            "Plan": {"RotationIds": arns},
        }
    )
    on_call = client.on_call(contact_arn("around"))
    assert [assignment.rotation_arn for assignment in on_call.assignments] == arns
    assert on_call.contact_ids == (akua.arn,)


@pytest.mark.parametrize("microseconds", [1, 499, 500, 501, 999_999])
def test_just_before_a_hand_off_the_previous_person_is_on_call(
    client: ContactsClient, web: RotationRecord, akua: ContactRecord, microseconds: int
) -> None:
    at = DEFAULT_START + 24 * HOUR - timedelta(microseconds=microseconds)
    assert client.on_call(web, at=at).contact_ids == (akua.arn,)


@pytest.mark.parametrize("year", [1, 9999])
def test_a_year_that_the_service_rejects_is_rejected_before_a_request(
    service: LocalService, client: ContactsClient, year: int
) -> None:
    at = datetime(year, 6, 1, tzinfo=timezone.utc)
    for query in (client.on_call, client.preview):
        with pytest.raises(InvalidValueError) as caught:
            query(contact_arn("all"), at=at)
        (violation,) = caught.value.violations
        assert (violation.path, violation.code) == ("at", "too_small" if year == 1 else "too_large")
    assert service.requests == ()


def test_the_printed_text_is_english_and_keeps_its_lines(
    client: ContactsClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The language of the machine and line breaks in names make no difference."""
    in_english = time.strftime

    def in_another_language(form: str, of: time.struct_time) -> str:
        return in_english(form.replace("%a", "Łun"), of)

    monkeypatch.setattr("time.strftime", in_another_language)
    assert f"{datetime(2025, 1, 6):%a}" == "Łun"  # noqa: DTZ001 - a day is enough
    on_call = OnCall(
        at=datetime(2025, 1, 6, 9, 0, tzinfo=timezone.utc),
        assignments=(
            OnCallAssignment(contact_ids=(contact_arn("akuam"),), rotation_arn=rotation_arn("web")),
        ),
        names={
            contact_arn("akuam"): "Akua\u2028 Mansa\x1b[2J",
            rotation_arn("web"): "web\nnight",
        },
    )
    assert str(on_call).splitlines()[:2] == [
        "On call at Mon 2025-01-06 09:00 UTC:",
        "  web night: Akua Mansa [2J",
    ]
