"""The rules of an audit, and accounts with and without their problems."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from account_snapshots import (
    OVERRIDE_ID,
    SINCE,
    UNTIL,
    arn,
    calendar,
    channel,
    escalation,
    hour,
    override,
    person,
    read,
    schedule,
    shift,
    stage,
    to_channel,
    to_contact,
)
from arns import contact_arn
from attrs import evolve, fields_dict
from audit_cases import (
    AKUA,
    ERROR,
    INFO,
    MARY,
    UNREACHABLE,
    WARNING,
    WEB,
    WITH_FINDING,
    WITHOUT_FINDING,
    Account,
    Case,
)
from hypothesis import given
from hypothesis import strategies as st
from sentinels import OTHER_PHONE, PHONE

from ssm_contacts_sdk import (
    ChannelRecord,
    ContactRecord,
    ContactTarget,
    ContactType,
    Finding,
    Plan,
    RotationRecord,
    Severity,
    Shift,
    ShiftType,
    Stage,
)
from ssm_contacts_sdk._oncall.audit.account import audit
from ssm_contacts_sdk._oncall.audit.findings import RULES
from ssm_contacts_sdk._oncall.gaps import gaps_between, subtract
from ssm_contacts_sdk._schema.values import trusted_constructor

UTC = timezone.utc
ROOT = Path(__file__).parents[2]


def audited(account: Account) -> tuple[Finding, ...]:
    return audit(read(*account), SINCE, UNTIL)


def found(account: Account, rule: str) -> list[Finding]:
    return [finding for finding in audited(account) if finding.rule == rule]


@pytest.mark.parametrize("case", WITH_FINDING, ids=lambda case: f"{case.rule}: {case.resource}")
def test_a_rule_finds_a_problem(case: Case) -> None:
    (finding,) = found(case.account, case.rule)
    assert finding.severity is case.severity
    assert finding.resource == arn(case.resource)
    assert finding.text == case.text
    assert finding.advice.endswith((".", "?"))


UNAFFECTED = [(rule, account) for rule, accounts in WITHOUT_FINDING.items() for account in accounts]


@pytest.mark.parametrize(("rule", "account"), UNAFFECTED, ids=[rule for rule, _ in UNAFFECTED])
def test_a_rule_finds_nothing_in_an_account_without_its_problem(
    rule: str, account: Account
) -> None:
    assert found(account, rule) == []


def test_every_rule_has_cases_and_a_paragraph_in_the_docs() -> None:
    assert sorted(set(RULES)) == list(RULES)
    assert {case.rule for case in WITH_FINDING} == set(RULES)
    assert set(WITHOUT_FINDING) == set(RULES)
    page = (ROOT / "docs" / "audit.md").read_text()
    assert sorted(re.findall(r"^\*\*`([a-z-]+)`\*\*", page, re.MULTILINE)) == list(RULES)


def test_the_docs_have_the_severities_of_each_rule() -> None:
    page = (ROOT / "docs" / "audit.md").read_text()
    severities: dict[str, set[str]] = {}
    for case in WITH_FINDING:
        severities.setdefault(case.rule, set()).add(str(case.severity))
    written = re.findall(r"^\*\*`([a-z-]+)`\*\* \(([a-z ]+)\)", page, re.MULTILINE)
    assert {rule: set(words.split(" or ")) for rule, words in written} == severities


def test_an_account_without_problems_has_no_findings() -> None:
    whole = [*WEB, escalation("e", stage(5, to_contact("akua")), stage(0, to_contact("s")))]
    assert audited(whole) == audited([]) == ()


def test_findings_are_sorted_by_severity_rule_and_resource() -> None:
    findings = audited([account for case in WITH_FINDING for account in case.account])
    keys = [(-list(Severity).index(each.severity), each.rule, each.resource) for each in findings]
    assert keys == sorted(keys)
    assert findings[0].severity == "error"
    assert findings[-1].severity == "info"


def summaries(account: Account) -> list[tuple[str, str, str]]:
    return [(each.rule, each.resource, each.text) for each in audited(account)]


def test_findings_do_not_depend_on_the_order_of_reading() -> None:
    for case in WITH_FINDING:
        assert summaries(case.account) == summaries(case.account[::-1])


def test_one_problem_of_a_channel_is_one_finding() -> None:
    unreachable: Account = [
        person("a", stage(5, to_channel("a/1"), to_channel("a/9"))),
        channel("a/1", activated=False),
    ]
    (finding,) = audited(unreachable)
    assert finding.rule == "unreachable-person"


BOB = person("bob", stage(5, to_channel("akua/1")))


def test_a_channel_of_another_person_does_not_reach_somebody() -> None:
    account: Account = [
        *AKUA,
        BOB,
        calendar("r", "bob akua"),
        schedule("s", "r"),
        escalation("dead", stage(5, to_contact("bob"), to_contact("s"))),
        escalation("endless", stage(5, to_contact("bob"), to_contact("akua", essential=False))),
    ]
    assert [(each.rule, each.resource) for each in audited(account)] == [
        ("unreachable-escalation", arn("contact/dead")),
        ("unreachable-on-call", arn("rotation/r")),
        ("unreachable-person", arn("contact/bob")),
        ("nothing-essential", arn("contact/endless")),
    ]


def test_a_channel_of_another_person_does_not_make_up_for_a_deleted_one() -> None:
    stages = stage(5, to_channel("a/1"), to_channel("a/9")), stage(5, to_channel("akua/1"))
    (finding,) = found([AKUA, person("a", *stages), channel("a/1")], "deleted-channel")
    assert finding.severity is ERROR


@pytest.mark.parametrize(
    ("account", "advice"),
    [
        ([UNREACHABLE], "Create a channel, activate it, and add it to the plan."),
        ([UNREACHABLE, channel("dora/1")], 'Add "sms 1" to the plan.'),
        ([AKUA, BOB, channel("bob/1")], 'Add "sms 1" to the plan.'),
        (
            [UNREACHABLE, channel("dora/1", activated=False), channel("dora/2", activated=False)],
            'Activate "sms 1" or "sms 2", and add it to the plan.',
        ),
        (
            [
                person("dora", stage(5, to_channel("dora/1"))),
                channel("dora/1", activated=False),
                channel("dora/2", activated=False),
            ],
            'Activate "sms 1".',
        ),
    ],
)
def test_the_advice_for_an_unreachable_person_is_the_nearest_step(
    account: Account, advice: str
) -> None:
    (finding,) = found(account, "unreachable-person")
    assert finding.advice == advice


def test_a_finding_about_gaps_has_their_intervals() -> None:
    shifts = [shift("akua", -5, 5), shift("mary akua", 7, 9), shift("", 9, 10), shift("mary", 8, 9)]
    account: Account = [AKUA, MARY, calendar("r", "akua mary", shifts), schedule("s", "r")]
    (gaps,) = found(account, "nobody-on-call")
    assert gaps.intervals == ((hour(5), hour(7)), (hour(9), UNTIL))
    (nothing,) = found([schedule("s")], "schedule-without-rotations")
    assert nothing.intervals == ((SINCE, UNTIL),)


def test_an_empty_override_is_reported_for_the_schedule_or_for_the_rotation() -> None:
    (case,) = (case for case in WITH_FINDING if case.rule == "empty-override")
    (emptied,) = found(case.account, "empty-override")
    (gap,) = (
        each for each in found(case.account, "nobody-on-call") if each.resource == arn("contact/t")
    )
    assert gap.intervals == ((hour(24), hour(30)),)
    assert emptied.intervals == ((hour(30), hour(48)),)
    assert emptied.advice == (
        f"Delete the override {OVERRIDE_ID} of {arn('rotation/r')}, or create an override "
        "with people instead."
    )
    assert gap.advice == emptied.advice


def test_gaps_without_an_override_need_people() -> None:
    shifts = [shift("akua", 0, 24), shift("", 24, 26, instead_of="mary")]
    overrides = [override("r", "", 24, 25), override("r", "", 25, 26)]
    rotation = calendar("r", "akua mary", shifts, overrides)
    account: Account = [AKUA, MARY, rotation, schedule("s", "r")]
    (gap,) = found(account, "nobody-on-call")
    assert gap.advice == (
        f"Delete the overrides {OVERRIDE_ID} and {OVERRIDE_ID} of {arn('rotation/r')}, or create "
        "overrides with people instead. "
        "Add people for the other hours: longer coverage, or another rotation."
    )


# From 9 March, when Los Angeles has changed its clock, until 30 March, when Berlin has.
SPRING = datetime(2025, 3, 1, tzinfo=UTC)
WEST, EAST = "America/Los_Angeles", "Europe/Berlin"


def gap_text(
    *zones: str,
    starts: str = "08:00",
    since: datetime = SPRING,
    kind: ShiftType = ShiftType.REGULAR,
    started: datetime | None = datetime(2025, 1, 1, tzinfo=UTC),
) -> str:
    """Return the text about the gaps of a schedule of two rotations in forty days.

    The first is on call from 12:00 until 23:00 in its zone, the other for 14 hours from `starts`.
    """
    west, east = zones
    begin, minute = map(int, starts.split(":"))
    before: list[Shift] = []
    after: list[Shift] = []
    for number in range(-1, 41):
        day = since + timedelta(days=number)
        # As instants: the difference of two times in one zone ignores changes of the clock.
        begins = day.replace(hour=12, minute=0, tzinfo=ZoneInfo(west)).astimezone(UTC)
        ends = day.replace(hour=23, minute=0, tzinfo=ZoneInfo(west)).astimezone(UTC)
        before.append(
            Shift(
                contact_ids=[arn("contact/akua")],
                start_time=begins,
                end_time=ends,
                type=ShiftType.REGULAR,
            )
        )
        # If the shift of this day is over, the next one is the one of the next day.
        morning = day.replace(hour=begin, minute=minute, tzinfo=ZoneInfo(east))
        later = morning + timedelta(days=1 if morning < begins else 0)
        starting = later.astimezone(UTC)
        after.append(
            Shift(
                contact_ids=[arn("contact/mary")],
                start_time=starting,
                end_time=starting + timedelta(hours=14),
                type=kind,
                overridden_contact_ids=None if kind == ShiftType.REGULAR else [],
            )
        )
    calendars = [
        evolve(each, rotation=evolve(each.rotation, time_zone_id=zone, start_time=started))
        for each, zone in zip(
            (calendar("west", "akua mary", before), calendar("east", "mary akua", after)),
            zones,
            strict=True,
        )
    ]
    account = read(AKUA, MARY, *calendars, schedule("s", "west", "east"))
    findings = audit(account, since + timedelta(days=1), since + timedelta(days=39))
    return " ".join(each.text for each in findings if each.rule == "nobody-on-call")


APART = "clocks are changed on different days in America/Los_Angeles and Europe/Berlin"


def test_clocks_are_the_cause_of_gaps_only_where_they_make_them() -> None:
    assert gap_text(WEST, EAST).endswith(
        "in 20 gaps of 20 hours in all, the first of them from 2025-03-10T06:00:00Z until "
        f"2025-03-10T07:00:00Z; {APART}."
    )
    # There is a gap of half an hour at any time of the year.
    text = gap_text(WEST, EAST, starts="08:30")
    assert "in 38 gaps of" in text
    assert "clocks" not in text
    autumn = datetime(2025, 10, 10, tzinfo=UTC)
    assert "in 8 gaps of 8 hours in all, the first of them from 2025-10-26T06:00:00Z" in (
        gap_text(WEST, EAST, since=autumn)
    )
    # In summer there is no gap.
    assert gap_text(WEST, EAST, since=datetime(2025, 5, 1, tzinfo=UTC)) == ""
    # Here there is a gap at any time except in that week.
    text = gap_text(EAST, WEST, starts="15:00", since=autumn)
    assert "Nobody is on call" in text
    assert "clocks" not in text


def test_clocks_are_not_the_cause_of_gaps_with_another_edge() -> None:
    assert APART in gap_text(WEST, EAST)
    # A rotation that begins on one of these days did not exist before.
    begun = datetime(2025, 3, 20, 7, 0, tzinfo=UTC)
    assert "in 9 gaps of 9 hours in all" in gap_text(WEST, EAST, started=begun)
    # If the start of a rotation is not known, it is assumed to have existed.
    assert gap_text(WEST, EAST, started=None) == gap_text(WEST, EAST)
    # The edges of an override do not follow the clock.
    assert "clocks" not in gap_text(WEST, EAST, kind=ShiftType.OVERRIDDEN)


@pytest.mark.parametrize(
    ("west", "east", "starts"),
    [
        # Only one zone changes its clock, or neither does, or both at the same instant.
        (WEST, "Asia/Tokyo", "16:00"),
        ("America/Phoenix", "Asia/Tokyo", "16:00"),
        ("Europe/Paris", EAST, "23:30"),
        # One clock is put forward when the other is put back.
        (EAST, "Australia/Sydney", "09:00"),
    ],
)
def test_zones_that_change_their_clocks_together_are_not_the_cause(
    west: str, east: str, starts: str
) -> None:
    assert "clocks" not in gap_text(west, east, starts=starts)


@pytest.mark.parametrize("year", [1, 9999])
def test_gaps_are_found_in_the_first_and_last_years(year: int) -> None:
    since = datetime(year, 11, 1, tzinfo=UTC) if year > 1 else datetime(1, 1, 3, tzinfo=UTC)
    until = since + timedelta(days=30)
    people = [arn("contact/akua")]
    shifts = [
        Shift(contact_ids=people, start_time=since + day, end_time=since + day + timedelta(hours=1))
        for day in (timedelta(days=1), timedelta(days=2))
    ]
    account = read(AKUA, MARY, calendar("r", "akua mary", shifts), schedule("s", "r"))
    (gap,) = (each for each in audit(account, since, until) if each.rule == "nobody-on-call")
    assert len(gap.intervals) == 3


def somewhere(rotation: RotationRecord, zone: str) -> RotationRecord:
    """Return a record without validation, as if it was read."""
    values = {name: getattr(rotation, name) for name in fields_dict(RotationRecord)}
    return trusted_constructor(RotationRecord)(**{**values, "time_zone_id": zone})


def test_a_time_zone_may_be_unknown_to_this_machine() -> None:
    first, second = shift("akua", 1, 5), shift("mary", 6, 720)
    rotations = [calendar("r", "akua mary", [first]), calendar("q", "mary akua", [second])]
    rotations = [
        evolve(each, rotation=somewhere(each.rotation, "Mars/Olympus")) for each in rotations
    ]
    (gap,) = found([AKUA, MARY, *rotations, schedule("s", "r", "q")], "nobody-on-call")
    assert gap.intervals == ((hour(0), hour(1)), (hour(5), hour(6)))


def test_the_advice_about_a_shared_number_names_the_channels_with_their_arns() -> None:
    shared: Account = [
        [person("a", stage(5, to_channel("a/1"))), channel("a/1", address=PHONE)],
        [person("b", stage(5, to_channel("b/1"))), channel("b/1", address=PHONE)],
    ]
    (finding,) = found(shared, "shared-phone-number")
    assert finding.advice == (
        "Find out whose number it is, and correct the others: "
        f'"sms 1" ({arn("contact-channel/a/1")}) and "sms 1" ({arn("contact-channel/b/1")}).'
    )


def test_no_finding_contains_an_address() -> None:
    address = OTHER_PHONE
    for case in WITH_FINDING:
        account = [
            [evolve(each, delivery_address=address) if isinstance(each, ChannelRecord) else each]
            for records in case.account
            for each in (records if isinstance(records, list) else [records])
        ]
        texts = " ".join(f"{finding}{finding!r}" for finding in audited([*account]))
        assert texts
        assert address[-7:] not in texts


def test_a_printed_finding_has_three_lines_with_any_names() -> None:
    named = person("a", name="Akua\u2028Mansa")
    assert str(audited([named])[0]) == (
        "error: No page would reach Akua Mansa: their plan has no channels.\n"
        "    Create a channel, activate it, and add it to the plan.\n"
        f"    {contact_arn('a')} (unreachable-person)"
    )
    assert "reach a: " in audited([person("a", name=" ")])[0].text
    lines = calendar("web", "a b")
    lines = evolve(lines, rotation=evolve(lines.rotation, name="web\nand more"))
    (finding,) = found([lines], "rotation-in-no-schedule")
    assert '"web and more"' in str(finding)
    for case in WITH_FINDING:
        assert all(len(str(finding).splitlines()) == 3 for finding in audited(case.account))


def test_a_target_may_have_an_empty_arn() -> None:
    nothing = trusted_constructor(ContactTarget)(contact_id="", is_essential=True)
    read_stage = trusted_constructor(Stage)(
        duration_in_minutes=5, targets=(nothing, to_contact("akua"))
    )
    (finding,) = found([AKUA, escalation("e", read_stage)], "misplaced-target")
    assert finding.text.startswith('Nobody is engaged for "nothing" in stage 1')


def test_unknown_types_of_contacts_are_ignored() -> None:
    robot = trusted_constructor(ContactRecord)(
        alias="r", display_name=None, type=ContactType("ROBOT"), plan=Plan(), arn=arn("contact/r")
    )
    assert audited([robot, escalation("e", stage(5, to_contact("r")))]) == ()


def test_severities_are_ordered() -> None:
    assert sorted([ERROR, INFO, WARNING]) == [INFO, WARNING, ERROR]
    assert max(INFO, ERROR, WARNING) is ERROR
    assert INFO < WARNING <= ERROR
    assert ERROR > WARNING >= INFO
    assert WARNING <= "warning"
    assert not INFO > WARNING
    assert not ERROR <= WARNING
    assert f"{WARNING}" == str(WARNING) == WARNING == "warning"
    assert Severity("info") is INFO
    assert ERROR > "info"
    assert "info" < ERROR  # noqa: SIM300 - not the order of the words
    assert WARNING >= "warning"
    with pytest.raises(ValueError, match="fatal"):
        assert ERROR > "fatal"


@pytest.mark.parametrize("compare", [operator.lt, operator.le, operator.gt, operator.ge])
@pytest.mark.parametrize("other", [5, None])
def test_a_severity_is_compared_only_with_severities_and_their_words(
    compare: Callable[[Any, Any], bool], other: object
) -> None:
    with pytest.raises(TypeError, match="not supported between"):
        compare(ERROR, other)


hours = st.integers(-5, 50)


@given(st.lists(st.tuples(st.sampled_from(["", "akua"]), hours, hours), max_size=12))
def test_gaps_are_the_hours_without_people(shifts_of: list[tuple[str, int, int]]) -> None:
    shifts = [shift(person, start, end) for person, start, end in shifts_of]
    gaps = gaps_between(shifts, SINCE, hour(45))
    within = {hour(number) for number in range(45) if any(a <= hour(number) < b for a, b in gaps)}
    taken = {number for person, start, end in shifts_of if person for number in range(start, end)}
    assert within == {hour(number) for number in range(45)} - {hour(number) for number in taken}
    assert all(a < b for a, b in gaps)
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(gaps))


@given(st.lists(hours, unique=True, max_size=12), hours, st.integers(0, 40))
def test_subtract_returns_the_parts_of_an_interval_in_no_other(
    ends: list[int], start: int, length: int
) -> None:
    gaps = [(a, b) for a, b in zip(sorted(ends)[::2], sorted(ends)[1::2], strict=False)]
    left = list(
        subtract((hour(start), hour(start + length)), [(hour(a), hour(b)) for a, b in gaps])
    )
    whole = set(range(start, start + length))
    expected = whole.difference(*(range(a, b) for a, b in gaps))
    assert {n for n in whole if any(a <= hour(n) < b for a, b in left)} == expected
    assert all(a < b for a, b in left)


@pytest.mark.parametrize(("first", "last"), [(-5, 0), (720, 721)])
def test_a_shift_that_only_touches_the_audited_time_is_not_in_it(first: int, last: int) -> None:
    always = shift("akua", 0, 720)
    outside = shift("dora", first, last)
    account: Account = [AKUA, UNREACHABLE, calendar("r", "akua", [always, outside])]
    assert found(account, "unreachable-on-call") == []
    inside = evolve(outside, start_time=hour(first + 1), end_time=hour(last + 1))
    earlier = evolve(outside, start_time=hour(first - 1), end_time=hour(last - 1))
    both = [
        found([AKUA, UNREACHABLE, calendar("r", "akua", [each])], "unreachable-on-call")
        for each in (inside, earlier)
    ]
    # Moved by an hour, one of them is inside.
    assert sum(map(len, both)) == 1


def test_an_empty_override_beside_the_hours_without_people_is_not_their_cause() -> None:
    shifts = [shift("akua", 0, 24), shift("", 24, 25, instead_of="akua"), shift("akua", 25, 720)]
    overrides = [override("r", "", 23, 24), override("r", "", 25, 26)]
    (finding,) = found([AKUA, calendar("r", "akua", shifts, overrides)], "empty-override")
    # Neither of the two overlaps the hour, so the advice names none.
    assert OVERRIDE_ID not in finding.advice
    both = [override("r", "", 24, 25), *overrides]
    (named,) = found([AKUA, calendar("r", "akua", shifts, both)], "empty-override")
    assert named.advice.count(OVERRIDE_ID) == 1
