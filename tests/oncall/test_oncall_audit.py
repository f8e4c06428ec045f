"""What an audit finds, and what it does not."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import pytest
from accounts import (
    OVERRIDE_ID,
    SINCE,
    UNTIL,
    arn,
    calendar,
    call,
    channel,
    escalation,
    hour,
    override,
    page,
    person,
    read,
    schedule,
    shift,
    stage,
)
from attrs import evolve
from audit_cases import AKUA, DEAF, ERROR, FIRES, INFO, MARY, SILENT, WARNING, WEB, Account, Case
from hypothesis import given
from hypothesis import strategies as st

from ssm_contacts_sdk import (
    ChannelRecord,
    ContactRecord,
    ContactTarget,
    ContactType,
    Finding,
    Plan,
    Severity,
    Stage,
)
from ssm_contacts_sdk.model.rules import unchecked
from ssm_contacts_sdk.oncall.audit import audit
from ssm_contacts_sdk.oncall.audited import gaps_between, left_of
from ssm_contacts_sdk.oncall.findings import RULES

ROOT = Path(__file__).parents[2]


def audited(account: Account) -> tuple[Finding, ...]:
    return audit(read(*account), SINCE, UNTIL)


def found(account: Account, rule: str) -> list[Finding]:
    return [finding for finding in audited(account) if finding.rule == rule]


@pytest.mark.parametrize("case", FIRES, ids=lambda case: f"{case.rule}: {case.resource}")
def test_a_rule_finds_what_is_wrong(case: Case) -> None:
    (finding,) = found(case.account, case.rule)
    assert finding.severity is case.severity
    assert finding.resource == arn(case.resource)
    assert finding.text == case.text
    assert finding.advice.endswith((".", "?"))


QUIET = [(rule, account) for rule, accounts in SILENT.items() for account in accounts]


@pytest.mark.parametrize(("rule", "account"), QUIET, ids=[rule for rule, _ in QUIET])
def test_a_rule_finds_nothing_where_nothing_is_wrong(rule: str, account: Account) -> None:
    assert found(account, rule) == []


def test_every_rule_has_its_accounts_and_its_paragraph() -> None:
    assert sorted(set(RULES)) == list(RULES)
    assert {case.rule for case in FIRES} == set(RULES)
    assert set(SILENT) == set(RULES)
    told = (ROOT / "docs" / "audit.md").read_text()
    assert sorted(re.findall(r"^\*\*`([a-z-]+)`\*\*", told, re.MULTILINE)) == list(RULES)


def test_the_docs_tell_the_severities_that_there_are() -> None:
    told = (ROOT / "docs" / "audit.md").read_text()
    severities: dict[str, set[str]] = {}
    for case in FIRES:
        severities.setdefault(case.rule, set()).add(str(case.severity))
    written = re.findall(r"^\*\*`([a-z-]+)`\*\* \(([a-z ]+)\)", told, re.MULTILINE)
    assert {rule: set(words.split(" or ")) for rule, words in written} == severities


def test_nothing_is_wrong_with_an_account_in_which_nothing_is() -> None:
    whole = [*WEB, escalation("e", stage(5, call("akua")), stage(0, call("s")))]
    assert audited(whole) == audited([]) == ()


def test_the_worst_comes_first_and_then_it_goes_by_rule_and_resource() -> None:
    findings = audited([account for case in FIRES for account in case.account])
    keys = [(-list(Severity).index(each.severity), each.rule, each.resource) for each in findings]
    assert keys == sorted(keys)
    assert findings[0].severity == "error"
    assert findings[-1].severity == "info"


def told(account: Account) -> list[tuple[str, str, str]]:
    return [(each.rule, each.resource, each.text) for each in audited(account)]


def test_an_audit_does_not_depend_on_the_order_in_which_things_were_read() -> None:
    for case in FIRES:
        assert told(case.account) == told(case.account[::-1])


def test_one_channel_that_is_wrong_is_told_once() -> None:
    unreachable: Account = [
        person("a", stage(5, page("a/1"), page("a/9"))),
        channel("a/1", activated=False),
    ]
    (finding,) = audited(unreachable)
    assert finding.rule == "unreachable-person"


@pytest.mark.parametrize(
    ("account", "advice"),
    [
        ([DEAF], "Create a channel, activate it, and put it into the plan."),
        ([DEAF, channel("deaf/1")], 'Put "sms 1" into the plan.'),
        (
            [DEAF, channel("deaf/1", activated=False), channel("deaf/2", activated=False)],
            'Activate "sms 1" or "sms 2", and put it into the plan.',
        ),
        (
            [
                person("deaf", stage(5, page("deaf/1"))),
                channel("deaf/1", activated=False),
                channel("deaf/2", activated=False),
            ],
            'Activate "sms 1".',
        ),
    ],
)
def test_what_helps_a_person_is_said(account: Account, advice: str) -> None:
    (finding,) = found(account, "unreachable-person")
    assert finding.advice == advice


def test_a_gap_has_its_instants() -> None:
    shifts = [shift("akua", -5, 5), shift("mary akua", 7, 9), shift("", 9, 10), shift("mary", 8, 9)]
    account: Account = [AKUA, MARY, calendar("r", "akua mary", shifts), schedule("s", "r")]
    (gaps,) = found(account, "nobody-on-call")
    assert gaps.intervals == ((hour(5), hour(7)), (hour(9), UNTIL))
    (nothing,) = found([schedule("s")], "schedule-without-rotations")
    assert nothing.intervals == ((SINCE, UNTIL),)


def test_hours_that_an_override_empties_are_told_with_the_schedule_or_with_the_rotation() -> None:
    (case,) = (case for case in FIRES if case.rule == "empty-override")
    (emptied,) = found(case.account, "empty-override")
    (gap,) = (
        each for each in found(case.account, "nobody-on-call") if each.resource == arn("contact/t")
    )
    assert gap.intervals == ((hour(24), hour(30)),)
    assert emptied.intervals == ((hour(30), hour(48)),)
    instead = f"Delete the override {OVERRIDE_ID}, or make one with people in its place."
    assert gap.advice == emptied.advice == instead


def test_hours_that_no_override_empties_need_people() -> None:
    shifts = [shift("akua", 0, 24), shift("", 24, 26, instead_of="mary")]
    overrides = [override("r", "", 24, 25), override("r", "", 25, 26)]
    rotation = calendar("r", "akua mary", shifts, overrides)
    account: Account = [AKUA, MARY, rotation, schedule("s", "r")]
    (gap,) = found(account, "nobody-on-call")
    assert gap.advice == (
        f"Delete the overrides {OVERRIDE_ID} and {OVERRIDE_ID}, or make others with people in "
        "their place. Add people for these hours: longer coverage, or another rotation."
    )


def test_no_text_holds_an_address() -> None:
    address = "+15005550123"
    for case in FIRES:
        account = [
            [evolve(each, delivery_address=address) if isinstance(each, ChannelRecord) else each]
            for records in case.account
            for each in (records if isinstance(records, list) else [records])
        ]
        texts = " ".join(f"{finding}{finding!r}" for finding in audited([*account]))
        assert texts
        assert "5550123" not in texts


def test_a_finding_reads_as_one_line_whatever_the_names_are() -> None:
    named = person("a", name="Akua\u2028Mansa")
    assert str(audited([named])[0]) == (
        "error unreachable-person: No page would reach Akua Mansa: their plan has no channels. "
        "Create a channel, activate it, and put it into the plan. "
        "(arn:aws:ssm-contacts:us-east-2:111122223333:contact/a)"
    )
    assert "reach a: " in audited([person("a", name=" ")])[0].text
    lines = calendar("web", "a b")
    lines = evolve(lines, rotation=evolve(lines.rotation, name="web\nand more"))
    (finding,) = found([lines], "rotation-in-no-schedule")
    assert '"web and more"' in str(finding)


def test_a_target_may_name_nothing() -> None:
    nothing = unchecked(ContactTarget, "", True)
    read_stage = unchecked(Stage, 5, (nothing, call("akua")))
    (finding,) = found([AKUA, escalation("e", read_stage)], "misplaced-target")
    assert finding.text.startswith('Nobody is engaged for "nothing" in stage 1')


def test_other_kinds_of_contacts_are_let_be() -> None:
    robot = unchecked(ContactRecord, "r", None, ContactType("ROBOT"), Plan(), arn("contact/r"))
    assert audited([robot, escalation("e", stage(5, call("r")))]) == ()


def test_severities_are_compared_by_how_bad_they_are() -> None:
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


hours = st.integers(-5, 50)


@given(st.lists(st.tuples(st.sampled_from(["", "akua"]), hours, hours), max_size=12))
def test_gaps_are_the_hours_that_nobody_has(told: list[tuple[str, int, int]]) -> None:
    shifts = [shift(who, start, end) for who, start, end in told]
    gaps = gaps_between(shifts, SINCE, hour(45))
    within = {hour(number) for number in range(45) if any(a <= hour(number) < b for a, b in gaps)}
    taken = {number for who, start, end in told if who for number in range(start, end)}
    assert within == {hour(number) for number in range(45)} - {hour(number) for number in taken}
    assert all(a < b for a, b in gaps)
    assert all(earlier[1] <= later[0] for earlier, later in pairwise(gaps))


@given(st.lists(hours, unique=True, max_size=12), hours, st.integers(0, 40))
def test_what_is_left_of_an_interval_is_what_no_gap_has(
    ends: list[int], start: int, length: int
) -> None:
    gaps = [(a, b) for a, b in zip(sorted(ends)[::2], sorted(ends)[1::2], strict=False)]
    left = list(left_of((hour(start), hour(start + length)), [(hour(a), hour(b)) for a, b in gaps]))
    whole = set(range(start, start + length))
    expected = whole.difference(*(range(a, b) for a, b in gaps))
    assert {n for n in whole if any(a <= hour(n) < b for a, b in left)} == expected
    assert all(a < b for a, b in left)
