from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import attrs
import pytest
from arns import channel_arn, contact_arn, rotation_arn
from hypothesis import given
from hypothesis import strategies as st
from sentinels import PHONE

from ssm_contacts_sdk import (
    ChannelTarget,
    ChannelType,
    Contact,
    ContactRecord,
    ContactSummary,
    ContactTarget,
    ContactType,
    Plan,
    Stage,
    from_response,
)

Rejected = Callable[..., list[tuple[str, str]]]
AKUA = contact_arn("akuam")
SMS = channel_arn("akuam", "beb25840")
SHIFT = rotation_arn("r1")

ALIAS_LETTERS = "wrong_characters"
NAME_LETTERS = "wrong_characters"
NO_ROTATIONS = "misplaced"
ONLY_CHANNELS = "misplaced"
ONLY_CONTACTS = "misplaced"

CHANNEL = ChannelTarget(contact_channel_id=SMS)
CONTACT = ContactTarget(contact_id=AKUA, is_essential=True)
CHANNELS = Plan(stages=[Stage(duration_in_minutes=5, targets=[CHANNEL])])
CONTACTS = Plan(stages=[Stage(duration_in_minutes=5, targets=[CONTACT])])
WAITING = Plan(stages=[Stage(duration_in_minutes=5)])
ROTATIONS = Plan(rotation_ids=[SHIFT])

RECORDS: list[Any] = [partial(ContactRecord, arn=AKUA), partial(ContactSummary, arn=AKUA)]
each_kind = pytest.mark.parametrize(
    "kind", [Contact, *RECORDS], ids=["Contact", "ContactRecord", "ContactSummary"]
)
each_described_kind = pytest.mark.parametrize(
    "kind", [Contact, RECORDS[0]], ids=["Contact", "ContactRecord"]
)


@pytest.mark.parametrize("alias", ["a", "0", "_", "-", "akuam", "web-team_2", "a" * 255])
@each_kind
def test_an_alias_is_of_lower_case_letters_digits_and_two_signs(kind: Any, alias: str) -> None:
    assert kind(alias=alias, type=ContactType.PERSONAL).alias == alias


@pytest.mark.parametrize("length", [0, 256, 5000])
@each_kind
def test_an_alias_has_1_to_255_characters(rejected: Rejected, kind: Any, length: int) -> None:
    assert rejected(kind, alias="a" * length, type=ContactType.PERSONAL) == [
        ("alias", "too_long" if length else "too_short")
    ]


@pytest.mark.parametrize(
    "alias",
    [
        "Akuam",
        "akua m",
        "akuam\n",
        "\nakuam",
        "akua.m",
        "akua@m",
        "åkua",
        "\u0430kuam",
        "\uff41",
        "\u0661",
        "akuam\0",
        "🔥",
        PHONE,
    ],
)
@each_kind
def test_an_alias_may_contain_nothing_else(rejected: Rejected, kind: Any, alias: str) -> None:
    assert rejected(kind, alias=alias, type=ContactType.PERSONAL) == [("alias", ALIAS_LETTERS)]


@given(st.text("abcdefghijklmnopqrstuvwxyz0123456789_-", min_size=1, max_size=255))
def test_every_str_of_such_letters_is_an_alias(alias: str) -> None:
    assert Contact(alias=alias, type=ContactType.PERSONAL).alias == alias


@given(
    before=st.text("az09_-", max_size=5),
    other=st.characters().filter(lambda c: c not in "abcdefghijklmnopqrstuvwxyz0123456789_-"),
    after=st.text("az09_-", max_size=5),
)
def test_one_other_character_anywhere_in_an_alias_is_rejected(
    rejected: Rejected, before: str, other: str, after: str
) -> None:
    alias = before + other + after
    assert rejected(Contact, alias=alias, type=ContactType.PERSONAL) == [("alias", ALIAS_LETTERS)]


@pytest.mark.parametrize(
    "name",
    [
        None,
        "",
        "A",
        "Akua Mansa",
        "Łucja Nowak-Ωmega 3",
        "Ирина Петрова",
        "山田 太郎",
        "김민준",
        "محمد",
        "a_b.c-d",
        "a\u00a0b",
        "é" * 255,
        "𠮷" * 255,
    ],
)
@each_kind
def test_a_display_name_may_contain_letters_of_every_script(kind: Any, name: str | None) -> None:
    made = kind(alias="akuam", display_name=name, type=ContactType.PERSONAL)
    assert made.display_name == name


@each_kind
def test_a_display_name_is_optional(kind: Any) -> None:
    assert kind(alias="akuam", type=ContactType.PERSONAL).display_name is None


@pytest.mark.parametrize(
    "name", ["a\n", "a\tb", "a+b", "a@b", "it's", "a/b", "e\u0301", "🔥", PHONE]
)
@each_kind
def test_a_display_name_may_contain_nothing_else(rejected: Rejected, kind: Any, name: str) -> None:
    arguments: Any = {"alias": "akuam", "display_name": name, "type": ContactType.PERSONAL}
    assert rejected(kind, **arguments) == [("display_name", NAME_LETTERS)]


@each_kind
def test_a_display_name_has_at_most_255_characters(rejected: Rejected, kind: Any) -> None:
    arguments: Any = {"alias": "akuam", "display_name": "ł" * 256, "type": ContactType.PERSONAL}
    assert rejected(kind, **arguments) == [("display_name", "too_long")]


@given(st.text(st.characters(categories=["L", "Z", "N"], include_characters="_.-"), max_size=255))
def test_every_str_of_letters_is_a_display_name(name: str) -> None:
    contact = Contact(alias="akuam", display_name=name, type=ContactType.PERSONAL)
    assert contact.display_name == name


@pytest.mark.parametrize("contact_type", list(ContactType))
@each_kind
def test_a_type_may_be_a_plain_str(kind: Any, contact_type: ContactType) -> None:
    assert kind(alias="akuam", type=contact_type.value).type is contact_type
    assert kind(alias="akuam", type=contact_type).type is contact_type


@pytest.mark.parametrize("word", ["ROBOT", "personal", "", ContactType("ROBOT"), PHONE])
@each_kind
def test_a_type_that_is_not_known_can_be_read_and_not_written(
    rejected: Rejected, kind: Any, word: Any
) -> None:
    assert rejected(kind, alias="akuam", type=word) == [("type", "unknown_choice")]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "NoneType"),
        (5, "int"),
        (True, "bool"),
        ({}, "dict"),
        (ChannelType.SMS, "ChannelType"),
    ],
)
@each_kind
def test_a_type_of_another_type_is_rejected(
    rejected: Rejected, kind: Any, value: Any, name: str
) -> None:
    assert rejected(kind, alias="akuam", type=value) == [("type", "wrong_type")]


@pytest.mark.parametrize(
    ("value", "name"),
    [(None, "NoneType"), (5, "int"), (True, "bool"), (["a"], "list"), ({}, "dict")],
)
@each_kind
def test_an_alias_of_another_type_is_rejected(
    rejected: Rejected, kind: Any, value: Any, name: str
) -> None:
    assert rejected(kind, alias=value, type=ContactType.PERSONAL) == [("alias", "wrong_type")]


@pytest.mark.parametrize(("value", "name"), [(5, "int"), (False, "bool"), ({}, "dict")])
@each_kind
def test_a_display_name_of_another_type_is_rejected(
    rejected: Rejected, kind: Any, value: Any, name: str
) -> None:
    arguments: Any = {"alias": "akuam", "display_name": value, "type": ContactType.PERSONAL}
    assert rejected(kind, **arguments) == [("display_name", "wrong_type")]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "NoneType"),
        ([], "list"),
        ({"Stages": []}, "dict"),
        (Stage(duration_in_minutes=1), "Stage"),
        (Plan.engagement(), "EngagementPlan: call .build()"),
    ],
)
@pytest.mark.parametrize("contact_type", list(ContactType))
@each_described_kind
def test_a_plan_of_another_type_is_rejected(
    rejected: Rejected,
    kind: Any,
    contact_type: ContactType,
    value: Any,
    name: str,
) -> None:
    assert rejected(kind, alias="akuam", type=contact_type, plan=value) == [("plan", "wrong_type")]


@each_described_kind
def test_the_default_plan_is_an_empty_one_of_the_right_kind(kind: Any) -> None:
    for contact_type in (ContactType.PERSONAL, ContactType.ESCALATION, "PERSONAL", "ESCALATION"):
        plan = kind(alias="akuam", type=contact_type).plan
        assert (plan.stages, plan.rotation_ids) == ((), None)
    for contact_type in (ContactType.ONCALL_SCHEDULE, "ONCALL_SCHEDULE"):
        plan = kind(alias="akuam", type=contact_type).plan
        assert (plan.stages, plan.rotation_ids) == ((), ())


@pytest.mark.parametrize(
    ("contact_type", "plan"),
    [
        (ContactType.PERSONAL, CHANNELS),
        (ContactType.PERSONAL, WAITING),
        (ContactType.PERSONAL, Plan()),
        (ContactType.ESCALATION, CONTACTS),
        (ContactType.ESCALATION, WAITING),
        (ContactType.ESCALATION, Plan()),
        (ContactType.ONCALL_SCHEDULE, ROTATIONS),
        (ContactType.ONCALL_SCHEDULE, Plan.on_call()),
    ],
)
@each_described_kind
def test_a_plan_of_the_right_kind_is_accepted_unchanged(
    kind: Any, contact_type: ContactType, plan: Plan
) -> None:
    assert kind(alias="akuam", type=contact_type, plan=plan).plan is plan


@pytest.mark.parametrize(
    ("contact_type", "plan", "violations"),
    [
        (ContactType.PERSONAL, CONTACTS, [("plan.stages[0].targets[0]", ONLY_CHANNELS)]),
        (ContactType.ESCALATION, CHANNELS, [("plan.stages[0].targets[0]", ONLY_CONTACTS)]),
        (
            ContactType.PERSONAL,
            ROTATIONS,
            [("plan.rotation_ids", "misplaced")],
        ),
        (
            ContactType.PERSONAL,
            Plan.on_call(),
            [("plan.rotation_ids", "misplaced")],
        ),
        (
            ContactType.ESCALATION,
            Plan.on_call(SHIFT),
            [("plan.rotation_ids", "misplaced")],
        ),
        (ContactType.ONCALL_SCHEDULE, Plan(), [("plan", NO_ROTATIONS)]),
        (ContactType.ONCALL_SCHEDULE, WAITING, [("plan", NO_ROTATIONS)]),
        (ContactType.ONCALL_SCHEDULE, CHANNELS, [("plan", NO_ROTATIONS)]),
        (ContactType.ONCALL_SCHEDULE, CONTACTS, [("plan", NO_ROTATIONS)]),
    ],
)
@each_described_kind
def test_a_plan_of_another_kind_is_rejected(
    rejected: Rejected,
    kind: Any,
    contact_type: ContactType,
    plan: Plan,
    violations: list[tuple[str, str]],
) -> None:
    assert rejected(kind, alias="akuam", type=contact_type, plan=plan) == violations


def test_each_misplaced_target_is_named_by_its_path(rejected: Rejected) -> None:
    mixed = Plan(
        stages=[
            Stage(duration_in_minutes=1, targets=[CHANNEL, CONTACT]),
            Stage(duration_in_minutes=1),
            Stage(duration_in_minutes=1, targets=[CONTACT, CHANNEL, CONTACT]),
        ]
    )
    assert rejected(Contact, alias="a", type=ContactType.PERSONAL, plan=mixed) == [
        ("plan.stages[0].targets[1]", ONLY_CHANNELS),
        ("plan.stages[2].targets[0]", ONLY_CHANNELS),
        ("plan.stages[2].targets[2]", ONLY_CHANNELS),
    ]
    assert rejected(Contact, alias="a", type=ContactType.ESCALATION, plan=mixed) == [
        ("plan.stages[0].targets[0]", ONLY_CONTACTS),
        ("plan.stages[2].targets[1]", ONLY_CONTACTS),
    ]


def test_targets_are_not_checked_with_an_unknown_type(rejected: Rejected) -> None:
    arguments: Any = {"alias": "akuam", "type": "ROBOT", "plan": CONTACTS}
    assert [path for path, _ in rejected(Contact, **arguments)] == ["type"]


def test_all_violations_of_a_contact_are_reported_at_once(rejected: Rejected) -> None:
    arguments: Any = {
        "alias": "Akua M" * 50,
        "display_name": "\n",
        "type": "ESCALATION",
        "plan": CHANNELS,
        "arn": SMS,
    }
    assert rejected(ContactRecord, **arguments) == [
        ("alias", "too_long"),
        ("alias", ALIAS_LETTERS),
        ("display_name", NAME_LETTERS),
        ("plan.stages[0].targets[0]", ONLY_CONTACTS),
        ("arn", "wrong_kind_of_arn"),
    ]
    assert rejected(ContactSummary, arn="akuam", alias=None, display_name=5, type=None) == [
        (
            "arn",
            "not_an_arn",
        ),
        ("alias", "wrong_type"),
        ("display_name", "wrong_type"),
        ("type", "wrong_type"),
    ]


def test_a_plan_that_was_read_is_checked_as_a_part_of_a_contact(rejected: Rejected) -> None:
    targets: list[Any] = [
        {"ChannelTargetInfo": {"ContactChannelId": "sms"}},
        {"ContactTargetInfo": {"IsEssential": True}},
    ]
    stages: list[Any] = [
        {"DurationInMinutes": 31, "Targets": []},
        {"DurationInMinutes": 1, "Targets": targets},
    ]
    read = from_response(Plan, {"Stages": stages})
    violations = rejected(Contact, alias="akuam", type=ContactType.PERSONAL, plan=read)
    assert violations[0] == ("plan.stages[0].duration_in_minutes", "too_large")
    assert [path for path, _ in violations[1:]] == [
        "plan.stages[1].targets[0].contact_channel_id",
        "plan.stages[1].targets[1].contact_id",
        "plan.stages[1].targets[1]",
    ]


@pytest.mark.parametrize("kind", [ContactRecord, ContactSummary])
@pytest.mark.parametrize("arn", [SMS, SHIFT, "akuam", "", None])
def test_a_record_has_the_arn_of_a_contact(rejected: Rejected, kind: Any, arn: Any) -> None:
    (violation,) = rejected(kind, alias="akuam", type=ContactType.PERSONAL, arn=arn)
    assert violation[0] == "arn"


@pytest.mark.parametrize("kind", [ContactRecord, ContactSummary])
def test_a_record_requires_an_arn(kind: Any) -> None:
    with pytest.raises(TypeError, match="'arn'"):
        kind(alias="akuam", type=ContactType.PERSONAL)


def test_a_record_is_a_contact_and_a_summary_is_none() -> None:
    record = ContactRecord(alias="akuam", type=ContactType.PERSONAL, arn=AKUA)
    summary = ContactSummary(alias="akuam", type=ContactType.PERSONAL, arn=AKUA)
    assert isinstance(record, Contact)
    assert not isinstance(summary, Contact)


def test_a_changed_type_is_checked_with_the_plan(rejected: Rejected) -> None:
    person = Contact(alias="akuam", type=ContactType.PERSONAL)
    escalation = attrs.evolve(person, type=ContactType.ESCALATION)
    assert escalation == Contact(alias="akuam", type=ContactType.ESCALATION)
    assert rejected(attrs.evolve, person, type=ContactType.ONCALL_SCHEDULE) == [
        ("plan", NO_ROTATIONS)
    ]
    assert person.type is ContactType.PERSONAL


def test_a_contact_has_a_repr_with_all_its_fields() -> None:
    contact = Contact(alias="akuam", display_name="Akua Mansa", type=ContactType.PERSONAL)
    assert repr(contact) == (
        "Contact(alias='akuam', display_name='Akua Mansa', "
        "type=<ContactType.PERSONAL: 'PERSONAL'>, plan=Plan(stages=(), rotation_ids=None))"
    )
