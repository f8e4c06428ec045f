"""`client.audit`, on the embedded service."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from amounts import amount
from arns import channel_arn, contact_arn, rotation_arn
from hypothesis import given, settings
from hypothesis import strategies as st
from random_accounts import PEOPLE, RandomAccount
from sentinels import phone_number

from ssm_contacts_sdk import (
    Contact,
    ContactsClient,
    ContactTarget,
    ContactType,
    Finding,
    InvalidValueError,
    Override,
    Plan,
    Recurrence,
    Rotation,
    Severity,
    Shift,
)
from ssm_contacts_sdk.local import Assumptions, LocalClock, LocalService, service_error

UTC = timezone.utc
A_DAY = timedelta(days=1)
A_MINUTE = timedelta(minutes=1)


def found(findings: tuple[Finding, ...], rule: str) -> dict[str, Finding]:
    """Return the findings of a rule by resource: at most one each."""
    reported = [finding for finding in findings if finding.rule == rule]
    assert len({finding.resource for finding in reported}) == len(reported)
    return {finding.resource: finding for finding in reported}


def person(client: ContactsClient, alias: str) -> str:
    return client.contacts.create(Contact(alias=alias, type=ContactType.PERSONAL)).arn


def schedule(client: ContactsClient, *rotations: str) -> str:
    plan = Plan.on_call(*rotations)
    return client.contacts.create(
        Contact(alias="s", type=ContactType.ONCALL_SCHEDULE, plan=plan)
    ).arn


# Findings -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("horizon", "code"),
    [
        (timedelta(0), "too_small"),
        (-A_DAY, "too_small"),
        (timedelta.min, "too_small"),
        (366 * A_DAY + timedelta.resolution, "too_large"),
        (timedelta.max, "too_large"),
    ],
)
def test_a_horizon_that_is_too_short_or_too_long_is_rejected(
    client: ContactsClient, service: LocalService, horizon: timedelta, code: str
) -> None:
    with pytest.raises(InvalidValueError) as caught:
        client.audit(horizon=horizon)
    assert [(each.path, each.code) for each in caught.value.violations] == [("horizon", code)]
    assert service.requests == ()


@pytest.mark.parametrize("horizon", [True, None, "30 days", datetime(2025, 1, 6, tzinfo=UTC)])
def test_a_horizon_that_is_no_duration_is_rejected(client: ContactsClient, horizon: Any) -> None:
    with pytest.raises(InvalidValueError) as caught:
        client.audit(horizon=horizon)
    assert str(caught.value) == (
        f"audit: horizon must be a timedelta or a number of seconds (got {type(horizon).__name__})"
    )


@pytest.mark.parametrize("horizon", [timedelta.resolution, A_DAY, 366 * A_DAY, 0.5, 3600])
def test_an_empty_account_has_no_findings(
    client: ContactsClient, horizon: timedelta | float
) -> None:
    assert client.audit(horizon=horizon) == ()


def test_an_audit_checks_the_next_thirty_days_by_default(
    client: ContactsClient, service: LocalService
) -> None:
    empty = schedule(client)
    since = service.clock.now()
    assert client.audit()[0].intervals == ((since, since + 30 * A_DAY),)
    assert client.audit(horizon=A_DAY)[0].intervals == ((since, since + A_DAY),)
    assert client.audit()[0].resource == empty


def test_an_audit_continues_after_a_resource_was_deleted_during_it(
    client: ContactsClient, service: LocalService
) -> None:
    client.rotations.create(rotation(person(client, "akua")))
    for operation in ("ListContactChannels", "ListRotationOverrides"):
        service.faults.add(
            service_error("ResourceNotFoundException", "gone", GONE), operation=operation
        )
    assert [each.rule for each in client.audit()] == [
        "unreachable-on-call",
        "unreachable-person",
        "rotation-of-one",
        "rotation-in-no-schedule",
    ]
    service.faults.add(
        service_error("ResourceNotFoundException", "gone", GONE), operation="GetRotation"
    )
    assert [each.rule for each in client.audit()] == ["unreachable-person"]


GONE = {"ResourceId": "r", "ResourceType": "ROTATION"}


def test_a_channel_of_another_account_is_not_requested(
    client: ContactsClient, service: LocalService
) -> None:
    theirs = "arn:aws:ssm-contacts:us-east-2:444455556666:contact-channel/z/1"
    plan = Plan.engagement().stage(minutes=5).channel(theirs).build()
    client.contacts.update(person(client, "akua"), plan=plan)
    assert [each.rule for each in client.audit()] == ["unreachable-person"]
    assert "GetContactChannel" not in {request.operation for request in service.requests}


# Gaps ---------------------------------------------------------------------------------------------


def rotation(*people: str, name: str = "web", start: datetime | None = None) -> Rotation:
    return Rotation(
        name=name,
        contact_ids=people,
        start_time=start or datetime(2025, 1, 1, 9, 0, tzinfo=UTC),
        time_zone_id="UTC",
        recurrence=Recurrence.daily("09:00"),
    )


def test_a_fraction_of_a_second_is_not_a_gap(client: ContactsClient, service: LocalService) -> None:
    web = client.rotations.create(rotation(person(client, "akua"), person(client, "mary")))
    schedule(client, web.arn)
    service.clock.advance(seconds=0.5)
    # It ends half a second after the hand-off.
    assert gaps(client, A_DAY) == gaps(client, A_DAY + timedelta(seconds=0.5)) == ()
    assert gaps(client, timedelta.resolution) == ()


def gaps(client: ContactsClient, horizon: timedelta) -> tuple[tuple[datetime, datetime], ...]:
    reported = [each for each in client.audit(horizon=horizon) if each.rule == "nobody-on-call"]
    return tuple(interval for finding in reported for interval in finding.intervals)


DUBLIN = [(day, [("08:00", "20:00")]) for day in ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")]
ANGELES = [(day, [("12:00", "00:00")]) for day, _ in DUBLIN]


def test_a_gap_between_the_clock_changes_of_two_zones_is_exact() -> None:
    """For three weeks in March, the difference from Los Angeles to Dublin is an hour less."""
    service = LocalService(clock=LocalClock(datetime(2026, 3, 1, 8, 0, tzinfo=UTC)))
    client = service.client()
    people = [person(client, alias) for alias in ("akua", "mary", "alej", "zhang")]
    europe = Rotation(
        name="europe",
        contact_ids=people[:2],
        start_time=datetime(2026, 1, 1, tzinfo=UTC),
        time_zone_id="Europe/Dublin",
        recurrence=Recurrence.daily("08:00", coverage=dict(DUBLIN)),
    )
    america = Rotation(
        name="america",
        contact_ids=people[2:],
        start_time=datetime(2026, 1, 1, tzinfo=UTC),
        time_zone_id="America/Los_Angeles",
        recurrence=Recurrence.daily("12:00", coverage=dict(ANGELES)),
    )
    schedule(client, *(client.rotations.create(each).arn for each in (europe, america)))
    # From 9 March, the coverage of Los Angeles ends an hour early for Dublin, until clocks change
    # in Dublin on 29 March.
    expected = [
        (datetime(2026, 3, day, 7, 0, tzinfo=UTC), datetime(2026, 3, day, 8, 0, tzinfo=UTC))
        for day in range(9, 29)
    ]
    assert list(gaps(client, 45 * A_DAY)) == expected


def test_gaps_are_reported_by_cause() -> None:
    """Clocks change on different days, and an override leaves nobody on call."""
    service = LocalService(clock=LocalClock(datetime(2026, 3, 1, 8, 0, tzinfo=UTC)))
    client = service.client()
    people = [person(client, alias) for alias in ("akua", "mary", "alej", "zhang")]
    started = datetime(2026, 1, 1, tzinfo=UTC)
    europe = client.rotations.create(
        Rotation(
            name="europe",
            contact_ids=people[:2],
            start_time=started,
            time_zone_id="Europe/Dublin",
            recurrence=Recurrence.daily("08:00", coverage=dict(DUBLIN)),
        )
    )
    america = client.rotations.create(
        Rotation(
            name="america",
            contact_ids=people[2:],
            start_time=started,
            time_zone_id="America/Los_Angeles",
            recurrence=Recurrence.daily("12:00", coverage=dict(ANGELES)),
        )
    )
    schedule(client, europe.arn, america.arn)
    noon = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
    nobody = client.overrides.create(
        europe, Override(new_contact_ids=[], start_time=noon, end_time=noon + timedelta(hours=3))
    )
    (gap,) = found(client.audit(horizon=45 * A_DAY), "nobody-on-call").values()
    assert len(gap.intervals) == 21
    assert gap.text == (
        'Nobody is on call in the schedule "s" in 21 gaps of 23 hours in all, the first of them '
        "from 2026-03-09T07:00:00Z until 2026-03-09T08:00:00Z: "
        "from 2026-03-20T12:00:00Z until 2026-03-20T15:00:00Z because an override leaves nobody "
        'on call in "europe"; in 20 gaps of 20 hours in all, the first of them from '
        "2026-03-09T07:00:00Z until 2026-03-09T08:00:00Z, because clocks are changed on different "
        "days in America/Los_Angeles and Europe/Dublin."
    )
    assert gap.advice == (
        f"Delete the override {nobody.id} of {europe.arn}, or create an override with people "
        "instead. "
        f'Let the hours of "america" ({america.arn}) end 60 minutes later, or those of "europe" '
        f"({europe.arn}) begin 60 minutes earlier."
    )
    # The advice removes the gaps.
    client.overrides.delete(europe, nobody.id)
    earlier = [(day, [("07:00", "20:00")]) for day, _ in DUBLIN]
    client.rotations.update(
        europe, recurrence=Recurrence.daily("07:00", coverage=dict(earlier)), start_time=started
    )
    assert gaps(client, 45 * A_DAY) == ()


def test_an_override_can_leave_nobody_or_a_deleted_person_on_call(
    client: ContactsClient, service: LocalService
) -> None:
    start = service.clock.now()
    akua, mary, old = (person(client, alias) for alias in ("akua", "mary", "old"))
    web = client.rotations.create(rotation(akua, mary))
    db = client.rotations.create(rotation(akua, mary, name="db"))
    web_schedule = schedule(client, web.arn)

    def override(who: list[str], day: int) -> Override:
        since = start + day * A_DAY
        return Override(new_contact_ids=who, start_time=since, end_time=since + A_DAY)

    nobody = client.overrides.create(web, override([], 2))
    client.overrides.create(db, override([], 3))
    gone = client.overrides.create(web, override([old], 5))
    client.contacts.delete(old)
    # After the horizon
    client.overrides.create(web, override([], 12))
    findings = client.audit(horizon=10 * A_DAY)
    gap = found(findings, "nobody-on-call")[web_schedule]
    assert gap.intervals == ((start + 2 * A_DAY, start + 3 * A_DAY),)
    assert nobody.id in gap.advice
    emptied = found(findings, "empty-override")
    assert emptied.keys() == {db.arn}
    assert emptied[db.arn].intervals == ((start + 3 * A_DAY, start + 4 * A_DAY),)
    of_deleted = found(findings, "override-of-deleted")[web.arn]
    assert of_deleted.severity is Severity.ERROR
    assert gone.id in of_deleted.advice


def test_somebody_on_call_whose_contact_is_an_escalation_plan_now_is_unreachable(
    client: ContactsClient, service: LocalService
) -> None:
    start = service.clock.now()
    web = client.rotations.create(rotation(person(client, "akua"), person(client, "mary")))
    schedule(client, web.arn)
    guest = person(client, "guest")
    until = start + A_DAY
    client.overrides.create(
        web, Override(new_contact_ids=[guest], start_time=start, end_time=until)
    )
    client.contacts.delete(guest)
    escalation = Contact(alias="guest", type=ContactType.ESCALATION, plan=Plan.escalation().build())
    assert client.contacts.create(escalation).arn == guest
    findings = client.audit(horizon=10 * A_DAY)
    # The members have no channels.
    unreachable = [each.text for each in findings if each.rule == "unreachable-on-call"]
    assert [text.split(",")[0] for text in unreachable] == [
        f"No page would reach {name}" for name in ('"guest"', "akua", "mary")
    ]
    assert found(findings, "override-of-deleted") == {}


# Findings and simulations -------------------------------------------------------------------------

seeds = st.integers(0, 10**9)
assumptions = st.builds(
    Assumptions,
    turn_advance=st.sampled_from(["number_on_call", "one"]),
    uncovered_time=st.sampled_from(["no_shift", "empty_shift"]),
    shift_bounds=st.sampled_from(["whole", "clipped"]),
    overlapping_overrides=st.sampled_from(["latest_created", "earliest_created"]),
)


@settings(max_examples=amount(quick=10, long=25))
@given(seed=seeds, passed=st.integers(0, 3000))
def test_an_unreachable_person_gets_no_page_on_their_own_channels(seed: int, passed: int) -> None:
    service = LocalService()
    RandomAccount.of(seed).load_into(service)
    service.clock.advance(minutes=passed)
    client = service.client()
    findings = client.audit(horizon=2 * A_DAY)
    unreachable = found(findings, "unreachable-person").keys()
    silent = {contact_arn(alias) for alias in PEOPLE if not is_paged(client, alias)}
    assert unreachable == silent
    # A shift pages no escalation plan: the guest may have become one.
    silent |= {each.arn for each in client.contacts.list(type=ContactType.ESCALATION)}
    for rotation, shifts in shifts_of(client, service, 2 * A_DAY).items():
        reported = {arn for shift in shifts for arn in shift.contact_ids} & silent
        on_call = [
            finding
            for finding in findings
            if (finding.rule, finding.resource) == ("unreachable-on-call", rotation)
        ]
        assert len(on_call) == len(reported)


def is_paged(client: ContactsClient, alias: str) -> bool:
    own = {channel.arn for channel in client.channels.list(contact_arn(alias))}
    return any(sent.channel_arn in own for sent in client.preview(contact_arn(alias)).sends)


def shifts_of(
    client: ContactsClient, service: LocalService, span: timedelta
) -> dict[str, list[Shift]]:
    since = service.clock.now()
    return {
        each.arn: list(client.rotations.shifts(each, start_time=since, end_time=since + span))
        for each in client.rotations.list()
    }


@settings(max_examples=amount(quick=10, long=25))
@given(seed=seeds, times=st.lists(st.integers(0, 2 * 1440), min_size=3, max_size=3))
def test_an_unreachable_escalation_pages_nobody_at_any_time(seed: int, times: list[int]) -> None:
    service = LocalService()
    RandomAccount.of(seed).load_into(service)
    client = service.client()
    findings = client.audit(horizon=3 * A_DAY)
    dead = contact_arn("e") in found(findings, "unreachable-escalation")
    reached = {contact_arn(alias) for alias in PEOPLE} - found(
        findings, "unreachable-person"
    ).keys()
    targets = [
        target.contact_id
        for stage in client.contacts.get(contact_arn("e")).plan.stages
        for target in stage.targets
        if isinstance(target, ContactTarget)
    ]
    for minutes in times:
        at = service.clock.now() + minutes * A_MINUTE
        sends = client.preview(contact_arn("e"), at=at).sends
        if dead:
            assert sends == ()
        if reached & {*targets}:
            assert sends


@settings(max_examples=amount(quick=10, long=25))
@given(
    seed=seeds,
    passed=st.integers(0, 3000),
    chosen=assumptions,
    minutes=st.lists(st.integers(0, 3 * 1440 - 1), min_size=4, max_size=4),
)
def test_gaps_are_the_times_when_nobody_is_on_call(
    seed: int, passed: int, chosen: Assumptions, minutes: list[int]
) -> None:
    service = LocalService(assumptions=chosen)
    RandomAccount.of(seed).load_into(service)
    service.clock.advance(minutes=passed)
    client = service.client()
    since = service.clock.now()
    reported = found(client.audit(horizon=3 * A_DAY), "nobody-on-call")
    for schedule_arn in (contact_arn("s0"), contact_arn("s1")):
        intervals = reported[schedule_arn].intervals if schedule_arn in reported else ()
        ends = [end for interval in intervals for end in interval]
        # Errors are most likely at the ends of gaps and just before.
        instants = {since + number * A_MINUTE for number in minutes}
        instants |= {each for end in ends[:6] for each in (end - A_MINUTE, end)}
        for at in instants:
            if since <= at < since + 3 * A_DAY:
                nobody = any(start <= at < end for start, end in intervals)
                assert (client.on_call(schedule_arn, at=at).contact_ids == ()) == nobody


@settings(max_examples=amount(quick=5, long=15))
@given(seed=seeds, horizon=st.timedeltas(timedelta.resolution, 40 * A_DAY))
def test_a_repeated_audit_has_the_same_findings_and_changes_nothing(
    seed: int, horizon: timedelta
) -> None:
    service = LocalService()
    RandomAccount.of(seed).load_into(service)
    before = service.snapshot()
    findings = service.client().audit(horizon=horizon)
    assert service.client().audit(horizon=horizon) == findings
    assert service.snapshot().state == before.state
    reported = [
        (-list(Severity).index(each.severity), each.rule, each.resource) for each in findings
    ]
    assert reported == sorted(reported)
    for finding in findings:
        assert len(str(finding).splitlines()) == 3
        assert "+1500" not in repr(finding)


# A large account ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("people", "rules"),
    [
        (70, ["deleted-channel"]),
        pytest.param(970, ["deleted-channel", "near-quota"], marks=pytest.mark.long),
    ],
)
def test_each_resource_of_a_large_account_is_read_once(
    client: ContactsClient, service: LocalService, people: int, rules: list[str]
) -> None:
    load(service, people=people, escalations=20, rotations=20)
    findings = client.audit()
    requests = Counter(request.operation for request in service.requests)
    assert requests == {
        "ListContacts": 1,
        "GetContact": people + 30,
        "ListContactChannels": people,
        # The plan of the last person names a deleted channel twice.
        "GetContactChannel": 1,
        "ListRotations": 1,
        "GetRotation": 20,
        "ListRotationShifts": 20,
        "ListRotationOverrides": 20,
    }
    bodies = {(each.operation, json.dumps(each.body, sort_keys=True)) for each in service.requests}
    assert len(bodies) == len(service.requests)
    assert [each.rule for each in findings] == rules


def load(service: LocalService, *, people: int, escalations: int, rotations: int) -> None:
    """Load people, rotations, escalation plans, and half as many schedules as rotations."""
    resources: list[dict[str, Any]] = []
    for number in range(people):
        alias = f"p{number}"
        channel = channel_arn(alias)
        stages = [stage({"ChannelTargetInfo": {"ContactChannelId": channel}})]
        if number == people - 1:
            deleted = {"ChannelTargetInfo": {"ContactChannelId": f"{channel}0"}}
            stages += [stage(deleted), stage(deleted)]
        resources += [
            a_contact(alias, "PERSONAL", Stages=stages),
            {
                "ContactArn": contact_arn(alias),
                "ContactChannelArn": channel,
                "Name": "sms",
                "Type": "SMS",
                "DeliveryAddress": {"SimpleAddress": phone_number(number)},
                "ActivationStatus": "ACTIVATED",
            },
        ]
    resources += [
        {
            "RotationArn": rotation_arn(f"r{number}"),
            "Name": f"r{number}",
            "ContactIds": [contact_arn(f"p{each}") for each in range(30)],
            "StartTime": datetime(2025, 1, 1, tzinfo=UTC),
            "TimeZoneId": "Europe/Berlin",
            "Recurrence": {
                "NumberOfOnCalls": 1,
                "RecurrenceMultiplier": 1,
                "DailySettings": [{"HourOfDay": 9, "MinuteOfHour": 0}],
            },
        }
        for number in range(rotations)
    ]
    for number in range(rotations // 2):
        arns = [rotation_arn(f"r{2 * number}"), rotation_arn(f"r{2 * number + 1}")]
        resources.append(a_contact(f"s{number}", "ONCALL_SCHEDULE", RotationIds=arns))
    for number in range(escalations):
        targets = [
            {"ContactTargetInfo": {"ContactId": contact_arn(alias), "IsEssential": True}}
            for alias in ("p0", "s0")
        ]
        resources.append(a_contact(f"e{number}", "ESCALATION", Stages=[stage(*targets)]))
    service.load_resources(*resources)


def a_contact(alias: str, kind: str, **plan: object) -> dict[str, Any]:
    return {"ContactArn": contact_arn(alias), "Alias": alias, "Type": kind, "Plan": plan}


def stage(*targets: object) -> dict[str, Any]:
    return {"DurationInMinutes": 5, "Targets": list(targets)}
