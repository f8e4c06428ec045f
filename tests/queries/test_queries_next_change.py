"""Who takes over: `OnCall.next_change` and `OnCall.upcoming`."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta, timezone
from itertools import product
from typing import Any

import pytest
from amounts import amount
from arns import contact_arn, rotation_arn
from hypothesis import given, settings
from hypothesis import strategies as st

from ssm_contacts_sdk import (
    Contact,
    ContactRecord,
    ContactsClient,
    ContactType,
    InvalidValueError,
    OnCall,
    OnCallAssignment,
    OnCallChange,
    Override,
    Plan,
    Recurrence,
    Rotation,
    RotationRecord,
    Shift,
)
from ssm_contacts_sdk.local import Assumptions, LocalService, raw_response

UTC = timezone.utc
A_DAY = timedelta(days=1)
A_YEAR = 366 * A_DAY
MONDAY = datetime(2025, 1, 6, 8, 0, tzinfo=UTC)
TEN = MONDAY + timedelta(hours=2)
WEEKDAYS = ("MON", "TUE", "WED", "THU", "FRI")
OFFICE_HOURS: dict[Any, Any] = {day: [("08:00", "18:00")] for day in WEEKDAYS}
WEEKLY = Recurrence.weekly(("MON", "08:00"))
EVERY_MINUTE = Recurrence.daily(*(time(*each) for each in product(range(24), range(60))))


@pytest.fixture
def people(client: ContactsClient) -> dict[str, ContactRecord]:
    return create_people(client)


def create_people(client: ContactsClient) -> dict[str, ContactRecord]:
    return {
        alias: client.contacts.create(Contact(alias=alias, type=ContactType.PERSONAL))
        for alias in ("akua", "bea", "chen")
    }


def rotation(
    client: ContactsClient,
    people: dict[str, ContactRecord],
    members: str,
    recurrence: Recurrence = WEEKLY,
    name: str = "web",
) -> RotationRecord:
    return client.rotations.create(
        Rotation(
            name=name,
            contact_ids=[people[alias] for alias in members.split()],
            start_time=MONDAY,
            time_zone_id="UTC",
            recurrence=recurrence,
        )
    )


def schedule(client: ContactsClient, *rotations: RotationRecord) -> ContactRecord:
    plan = Plan.on_call(*rotations)
    return client.contacts.create(Contact(alias="s", type=ContactType.ONCALL_SCHEDULE, plan=plan))


def with_aliases(changes: Sequence[OnCallChange]) -> list[tuple[datetime, str]]:
    """Return when people change, and the aliases of the people from then on."""
    return [
        (each.at, " ".join(sorted(arn.rpartition("/")[2] for arn in each.contact_ids)))
        for each in changes
    ]


def next_of(on_call: OnCall) -> tuple[datetime, str] | None:
    return None if on_call.next_change is None else with_aliases([on_call.next_change])[0]


# Further shifts of the same people ----------------------------------------------------------------


def test_further_shifts_of_the_same_person_are_not_changes(
    client: ContactsClient, people: dict[str, ContactRecord]
) -> None:
    recurrence = Recurrence.weekly(("MON", "08:00"), coverage=OFFICE_HOURS)
    on_call = client.on_call(rotation(client, people, "akua bea", recurrence), at=TEN)
    assert next_of(on_call) == (MONDAY + 7 * A_DAY, "bea")
    assert str(on_call).splitlines() == [
        "On call at Mon 2025-01-06 10:00 UTC:",
        "  web: akua until Mon 2025-01-06 18:00 UTC",
        "Nobody from Mon 2025-01-06 18:00 UTC until Tue 2025-01-07 08:00 UTC",
        "Next: bea from Mon 2025-01-13 08:00 UTC",
    ]


def test_adjacent_overrides_of_one_person_are_one_period(
    client: ContactsClient, people: dict[str, ContactRecord]
) -> None:
    web = rotation(client, people, "akua bea")
    for day in (0, 1):
        begin = MONDAY + day * A_DAY
        override = Override(
            new_contact_ids=[people["chen"]], start_time=begin, end_time=begin + A_DAY
        )
        client.overrides.create(web, override)
    assert next_of(client.on_call(web, at=TEN)) == (MONDAY + 2 * A_DAY, "akua")


def test_hand_offs_of_a_rotation_with_one_person_are_not_changes(
    client: ContactsClient, people: dict[str, ContactRecord]
) -> None:
    alone = rotation(client, people, "chen", Recurrence.daily("08:00"), "alone")
    on_call = client.on_call(schedule(client, alone, rotation(client, people, "akua bea")), at=TEN)
    assert with_aliases(on_call.upcoming(2)) == [
        (MONDAY + 7 * A_DAY, "bea chen"),
        (MONDAY + 14 * A_DAY, "akua chen"),
    ]


def test_two_turns_of_one_person_in_a_row_are_not_a_change(
    client: ContactsClient, people: dict[str, ContactRecord]
) -> None:
    web = rotation(client, people, "akua akua bea")
    assert with_aliases(client.on_call(web, at=TEN).upcoming(2)) == [
        (MONDAY + 14 * A_DAY, "bea"),
        (MONDAY + 21 * A_DAY, "akua"),
    ]


def test_an_additional_person_is_one_change_and_their_end_another(
    client: ContactsClient, people: dict[str, ContactRecord]
) -> None:
    noon = Recurrence.daily("12:00", coverage={day: [("12:00", "13:00")] for day in WEEKDAYS})
    both = schedule(
        client,
        rotation(client, people, "akua", WEEKLY, "all"),
        rotation(client, people, "bea", noon, "noon"),
    )
    assert with_aliases(client.on_call(both, at=TEN).upcoming(2)) == [
        (MONDAY + timedelta(hours=4), "akua bea"),
        (MONDAY + timedelta(hours=5), "akua"),
    ]


def test_a_person_who_comes_on_call_in_an_earlier_stage_takes_over(
    client: ContactsClient, people: dict[str, ContactRecord]
) -> None:
    recurrence = Recurrence.weekly(("MON", "08:00"), coverage=OFFICE_HOURS)
    by_day = schedule(client, rotation(client, people, "akua bea", recurrence))
    plan = Plan.escalation().stage(minutes=5).contact(by_day, essential=True)
    plan = plan.stage(minutes=5).contact(people["chen"], essential=True)
    target = client.contacts.create(
        Contact(alias="all", type=ContactType.ESCALATION, plan=plan.build())
    )
    evening = MONDAY + timedelta(hours=10)
    night = client.on_call(target, at=evening + timedelta(hours=1))
    assert night.engaged_first == (people["chen"].arn,)
    assert with_aliases(night.upcoming(2)) == [(MONDAY + A_DAY, "akua"), (evening + A_DAY, "chen")]
    assert next_of(client.on_call(target, at=TEN)) == (evening, "chen")
    day = client.on_call(target, at=TEN, changes=1000)
    # There is no gap in whom a page reaches first.
    assert day.upcoming(1000) == day.upcoming(1000, gaps=True)
    assert day.covers_a_year


# Gaps ---------------------------------------------------------------------------------------------


def test_gaps_are_changes_on_request(
    client: ContactsClient, people: dict[str, ContactRecord]
) -> None:
    recurrence = Recurrence.weekly(("MON", "08:00"), coverage=OFFICE_HOURS)
    on_call = client.on_call(rotation(client, people, "akua bea", recurrence), at=TEN)
    evening = MONDAY + timedelta(hours=10)
    assert with_aliases(on_call.upcoming(3, gaps=True)) == [
        (evening, ""),
        (MONDAY + A_DAY, "akua"),
        (evening + A_DAY, ""),
    ]
    assert with_aliases(on_call.upcoming(1)) == [next_of(on_call)]


def test_an_override_that_leaves_nobody_is_a_gap_and_not_a_change(
    client: ContactsClient, people: dict[str, ContactRecord]
) -> None:
    web = rotation(client, people, "akua bea")
    begin = MONDAY + A_DAY
    client.overrides.create(
        web, Override(new_contact_ids=[], start_time=begin, end_time=begin + A_DAY)
    )
    on_call = client.on_call(web, at=TEN)
    assert next_of(on_call) == (MONDAY + 7 * A_DAY, "bea")
    assert with_aliases(on_call.upcoming(2, gaps=True)) == [(begin, ""), (begin + A_DAY, "akua")]


# How many shifts are read -------------------------------------------------------------------------


@pytest.mark.parametrize("size", [60, pytest.param(1024, marks=pytest.mark.long)])
def test_nobody_within_a_year_differs_from_not_examined(
    service: LocalService, client: ContactsClient, people: dict[str, ContactRecord], size: int
) -> None:
    on_call = client.on_call(rotation(client, people, "akua"), at=TEN)
    assert (on_call.next_change, on_call.covers_a_year) == (None, True)
    assert on_call.examined_until == TEN + A_YEAR
    assert str(on_call).splitlines()[-1] == "Next: nobody else within a year"

    dense = rotation(client, people, "bea", EVERY_MINUTE, "dense")
    before = len(service.requests)
    requested = in_pages_of(client, size)
    on_call = client.on_call(dense, at=TEN)
    assert requested == [100] + [1024] * 16
    # The first page, 16 more, and the names of the rotation and of the person
    assert len(service.requests) - before == 1 + 16 + 2
    assert (on_call.next_change, on_call.covers_a_year) == (None, False)
    # All shifts are known until the last one starts.
    until = TEN + timedelta(minutes=min(size, 100) + 16 * size - 1)
    assert on_call.examined_until == until
    assert str(on_call).splitlines()[-1] == (
        f"Next: nobody else until {until:%a %Y-%m-%d %H:%M} UTC, not examined after that"
    )


def test_one_page_is_read_of_a_rotation_with_very_many_hand_offs(
    service: LocalService, client: ContactsClient, people: dict[str, ContactRecord]
) -> None:
    dense = rotation(client, people, "akua bea", EVERY_MINUTE)
    before = len(service.requests)
    on_call = client.on_call(dense, at=TEN)
    requests = [each.operation for each in service.requests[before:]]
    assert requests.count("ListRotationShifts") == 1
    assert next_of(on_call) == (TEN + timedelta(minutes=1), "bea")


def test_as_many_changes_are_found_as_are_requested(
    service: LocalService, client: ContactsClient, people: dict[str, ContactRecord]
) -> None:
    web = rotation(client, people, "akua bea")
    in_pages_of(client, 3)
    assert len(client.on_call(web, at=TEN).upcoming(20)) == 1
    before = len(service.requests)
    on_call = client.on_call(web, at=TEN, changes=20)
    requests = [each.operation for each in service.requests[before:]]
    assert with_aliases(on_call.upcoming(20)) == [
        (MONDAY + (week + 1) * 7 * A_DAY, "akua" if week % 2 else "bea") for week in range(20)
    ]
    # 21 shifts and one more: the next page can start with a shift at the time of the last one.
    assert requests.count("ListRotationShifts") == 8


def test_the_people_of_all_requested_changes_have_names(
    client: ContactsClient, people: dict[str, ContactRecord]
) -> None:
    client.contacts.update(people["chen"], display_name="Chen Li")
    web = rotation(client, people, "akua bea chen")
    assert client.on_call(web, at=TEN).name_of(people["chen"].arn) == "chen"
    assert client.on_call(web, at=TEN, changes=2).name_of(people["chen"].arn) == "Chen Li"


def test_a_change_within_a_year_is_found_and_a_later_one_is_not(
    client: ContactsClient, people: dict[str, ContactRecord]
) -> None:
    web = rotation(client, people, "akua bea", Recurrence.monthly((6, "08:00"), multiplier=12))
    handed_over = datetime(2026, 1, 6, 8, 0, tzinfo=UTC)
    assert next_of(client.on_call(web, at=handed_over - A_YEAR + A_DAY)) == (handed_over, "bea")
    early = client.on_call(web, at=handed_over + A_DAY - timedelta(days=365))
    assert next_of(early) == (handed_over, "bea")
    late = client.on_call(web, at=handed_over + A_DAY)
    assert next_of(late) == (datetime(2027, 1, 6, 8, 0, tzinfo=UTC), "akua")
    two_years = rotation(
        client, people, "akua bea", Recurrence.monthly((6, "08:00"), multiplier=24), "slow"
    )
    on_call = client.on_call(two_years, at=TEN)
    assert (on_call.next_change, on_call.covers_a_year) == (None, True)


def test_the_result_is_a_value_that_sends_no_requests(
    service: LocalService, client: ContactsClient, people: dict[str, ContactRecord]
) -> None:
    on_call = client.on_call(rotation(client, people, "akua bea"), at=TEN)
    before = len(service.requests)
    again = pickle.loads(pickle.dumps(on_call))  # noqa: S301 - made here
    assert again == on_call
    assert again.upcoming(60) == on_call.upcoming(60)
    assert len(on_call.upcoming(60)) == 52
    assert len(service.requests) == before


def test_an_assignment_without_shifts_has_its_current_and_next_shift() -> None:
    shifts = [
        Shift(
            contact_ids=[contact_arn(alias)],
            start_time=MONDAY + day * A_DAY,
            end_time=MONDAY + (day + 1) * A_DAY,
        )
        for day, alias in enumerate(("akua", "bea"))
    ]
    assignment = OnCallAssignment(
        contact_ids=shifts[0].contact_ids,
        rotation_arn=rotation_arn("web"),
        shift=shifts[0],
        next_shift=shifts[1],
    )
    on_call = OnCall(at=TEN, assignments=(assignment,))
    assert next_of(on_call) == (MONDAY + A_DAY, "bea")
    assert on_call.examined_until == MONDAY + 2 * A_DAY
    assert assignment.people_at(MONDAY + A_DAY) == shifts[1].contact_ids
    with pytest.raises(InvalidValueError) as caught:
        assignment.people_at(MONDAY.replace(tzinfo=None))
    (violation,) = caught.value.violations
    assert (violation.path, violation.code) == ("at", "no_time_zone")


@pytest.mark.parametrize("count", [0, -1, 1001, True, 1.0, None])
def test_invalid_numbers_of_changes_are_rejected(
    service: LocalService, client: ContactsClient, count: Any
) -> None:
    with pytest.raises(InvalidValueError, match="on_call: changes must be"):
        client.on_call(rotation_arn("web"), changes=count)
    with pytest.raises(InvalidValueError, match="OnCall.upcoming: count must be"):
        OnCall(at=TEN, assignments=()).upcoming(count)
    assert service.requests == ()


# Against all shifts of a year ---------------------------------------------------------------------


def in_pages_of(client: ContactsClient, size: int) -> list[int]:
    """Make the service return smaller pages than requested, as it may; return what is requested."""
    requested: list[int] = []

    def shrink(params: dict[str, Any], **_: object) -> None:
        requested.append(params["MaxResults"])
        params["MaxResults"] = min(size, params["MaxResults"])

    events = client.boto3_client.meta.events
    events.register("provide-client-params.ssm-contacts.ListRotationShifts", shrink)
    return requested


@st.composite
def recurrences(draw: st.DrawFn) -> Recurrence:
    coverage: Any = draw(
        st.sampled_from(
            [None, None, OFFICE_HOURS, {"TUE": [("09:00", "10:00"), ("12:00", "09:00")]}]
        )
    )
    more: dict[str, Any] = {"multiplier": draw(st.integers(1, 3)), "coverage": coverage}
    kind = draw(st.sampled_from(["daily", "weekly", "monthly"]))
    if kind == "daily":
        hours = st.lists(st.sampled_from(["00:00", "08:00", "17:30"]), min_size=1, unique=True)
        return Recurrence.daily(*draw(hours), **more)
    if kind == "weekly":
        days: Any = draw(st.lists(st.sampled_from(WEEKDAYS), min_size=1, unique=True))
        return Recurrence.weekly(*((day, "08:00") for day in days), **more)
    return Recurrence.monthly((draw(st.integers(1, 31)), "08:00"), **more)


hours = st.integers(-48, 24 * 40).map(lambda number: MONDAY + timedelta(hours=number))


@settings(max_examples=amount(quick=10, long=30))
@given(
    data=st.data(), at=hours, changes=st.integers(1, 60), page=st.sampled_from([2, 7, 100, 1024])
)
def test_the_changes_are_those_of_all_shifts_of_the_year(
    data: st.DataObject, at: datetime, changes: int, page: int
) -> None:
    assumptions = Assumptions(
        shift_bounds=data.draw(st.sampled_from(["whole", "clipped"])),
        uncovered_time=data.draw(st.sampled_from(["no_shift", "empty_shift"])),
    )
    service = LocalService(assumptions=assumptions)
    client = service.client()
    people = create_people(client)
    members = st.lists(st.sampled_from([*people]), min_size=1, max_size=4).map(" ".join)
    rotations = [
        rotation(client, people, data.draw(members), data.draw(recurrences()), f"r{number}")
        for number in range(data.draw(st.integers(1, 3)))
    ]
    for _ in range(data.draw(st.integers(0, 4))):
        begin = MONDAY + timedelta(hours=data.draw(st.integers(0, 24 * 20)))
        override = Override(
            new_contact_ids=[
                people[each] for each in data.draw(st.sets(st.sampled_from([*people])))
            ],
            start_time=begin,
            end_time=begin + timedelta(hours=data.draw(st.integers(1, 100))),
        )
        client.overrides.create(data.draw(st.sampled_from(rotations)), override)
    # All rotations are in one schedule, or each has its own schedule and stage.
    is_staged = data.draw(st.booleans())
    target = escalation(client, *rotations) if is_staged else schedule(client, *rotations)
    shifts = [
        tuple(client.rotations.shifts(each, start_time=at, end_time=at + A_YEAR))
        for each in rotations
    ]
    year = Year([[each] for each in shifts] if is_staged else [shifts], at)
    in_pages_of(client, page)
    before = len(service.requests)
    on_call = client.on_call(target, at=at, changes=changes)
    requests = [each.operation for each in service.requests[before:]].count("ListRotationShifts")

    assert set(on_call.engaged_first) == year.engaged_first(at)
    until = on_call.examined_until
    known = [each for each in year.changes() if each[0] < until]
    assert of_sets(on_call.upcoming(1000, gaps=True)) == known[:1000]
    taken_over = list(take_overs(known, year.engaged_first(at)))
    assert of_sets(on_call.upcoming(1000)) == taken_over[:1000]
    assert on_call.next_change == next(iter(on_call.upcoming(1)), None)
    # All requested changes are found, within the limit of requests.
    is_enough = len(taken_over) >= changes or on_call.covers_a_year
    assert is_enough or requests == len(rotations) + 16
    assert requests <= len(rotations) + 16


def escalation(client: ContactsClient, *rotations: RotationRecord) -> ContactRecord:
    plan = Plan.escalation()
    for number, each in enumerate(rotations):
        one = client.contacts.create(
            Contact(alias=f"s{number}", type=ContactType.ONCALL_SCHEDULE, plan=Plan.on_call(each))
        )
        plan = plan.stage(minutes=5).contact(one, essential=True)
    return client.contacts.create(
        Contact(alias="all", type=ContactType.ESCALATION, plan=plan.build())
    )


Change = tuple[datetime, frozenset[str]]


class Year:
    """All shifts of a year, by stage and rotation."""

    def __init__(self, stages: Sequence[Sequence[Sequence[Shift]]], since: datetime) -> None:
        self.since = since
        self.stages = [[shift for each in stage for shift in each] for stage in stages]
        self.by_day: list[dict[date, list[Shift]]] = [{} for _ in stages]
        for stage, days in zip(self.stages, self.by_day, strict=True):
            for shift in stage:
                for number in range((shift.end_time - shift.start_time).days + 2):
                    day = (shift.start_time + number * A_DAY).date()
                    days.setdefault(day, []).append(shift)

    def engaged_first(self, at: datetime) -> frozenset[str]:
        """Return the people on call at an instant in the first stage with anybody on call."""
        for days in self.by_day:
            now = [
                shift
                for shift in days.get(at.date(), ())
                if shift.start_time <= at < shift.end_time
            ]
            people = frozenset(arn for shift in now for arn in shift.contact_ids)
            if people:
                return people
        return frozenset()

    def changes(self) -> Iterator[Change]:
        """Return when the engaged people change, examined at the start and end of each shift."""
        shifts = [shift for stage in self.stages for shift in stage]
        edges = {at for shift in shifts for at in (shift.start_time, shift.end_time)}
        before = self.engaged_first(self.since)
        for at in sorted(edge for edge in edges if self.since < edge < self.since + A_YEAR):
            now = self.engaged_first(at)
            if now != before:
                yield at, now
            before = now


def take_overs(changes: Sequence[Change], now: frozenset[str]) -> Iterator[Change]:
    """Return the changes after which other people than the last ones are on call."""
    last = now
    for at, people in changes:
        if people and people != last:
            yield at, people
            last = people


def of_sets(changes: Sequence[OnCallChange]) -> list[Change]:
    return [(each.at, frozenset(each.contact_ids)) for each in changes]


@pytest.mark.parametrize(("days", "pages"), [(99, 1), (100, 1), (101, 2)])
def test_a_page_that_is_exactly_full_is_the_last_one(
    service: LocalService, client: ContactsClient, days: int, pages: int
) -> None:
    people = [
        client.contacts.create(Contact(alias=alias, type=ContactType.PERSONAL)) for alias in "ab"
    ]
    web = client.rotations.create(
        Rotation(
            name="web",
            contact_ids=people,
            start_time=datetime(9998, 1, 1, tzinfo=timezone.utc),
            time_zone_id="UTC",
            recurrence=Recurrence.daily("00:00"),
        )
    )
    # Shifts are read until the last day of the service; each day is a shift.
    last = datetime(9998, 12, 31, tzinfo=timezone.utc)
    before = len(service.requests)
    on_call = client.on_call(web, at=last - days * A_DAY, changes=1000)
    lists = [each for each in service.requests[before:] if each.operation == "ListRotationShifts"]
    assert len(lists) == pages
    assert (on_call.examined_until, on_call.covers_a_year) == (last, True)
    assert len(on_call.upcoming(1000)) == days - 1


def test_a_page_without_shifts_is_not_the_last_one(
    service: LocalService, client: ContactsClient, people: dict[str, ContactRecord]
) -> None:
    web = rotation(client, people, "akua bea")
    empty = json.dumps({"RotationShifts": [], "NextToken": "more"}).encode()
    effect = raw_response(
        200, empty, content_type="application/x-amz-json-1.1", request_id=True, commit=False
    )
    service.faults.add(effect, operation="ListRotationShifts", nth=1)

    def forget_token(params: dict[str, object], **_: object) -> None:
        # The service does not know the token of that page.
        if params.get("NextToken") == "more":
            del params["NextToken"]

    events = client.boto3_client.meta.events
    events.register("provide-client-params.ssm-contacts.ListRotationShifts", forget_token)
    at = client.on_call(web, at=TEN)
    assert at.contact_ids == (people["akua"].arn,)
    assert at.next_change is not None
