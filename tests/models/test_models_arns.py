from __future__ import annotations

import time
import timeit
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sentinels import EMAIL, PHONE

from ssm_contacts_sdk import (
    ActivationStatus,
    ChannelRecord,
    ChannelTarget,
    ChannelType,
    Contact,
    ContactRecord,
    ContactSummary,
    ContactTarget,
    ContactType,
    Plan,
)
from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._models.arns import (
    ChannelArn,
    ContactArn,
    RotationArn,
    arn_of,
)
from ssm_contacts_sdk._schema.values import check_of

Rejected = Callable[..., list[tuple[str, str]]]
PREFIX = "arn:aws:ssm-contacts:us-east-2:111122223333:"
AKUA = f"{PREFIX}contact/akuam"
SMS = f"{PREFIX}contact-channel/akuam/beb25840"
SHIFT = f"{PREFIX}rotation/r1"

RECORD = ContactRecord(alias="akuam", type=ContactType.PERSONAL, arn=AKUA)
SUMMARY = ContactSummary(alias="akuam", type=ContactType.PERSONAL, arn=AKUA)
CHANNEL_RECORD = ChannelRecord(
    name="akuas sms",
    type=ChannelType.SMS,
    delivery_address=PHONE,
    arn=SMS,
    contact_arn=AKUA,
    activation_status=ActivationStatus.ACTIVATED,
)


CONTACT, CHANNEL, ROTATION = "contact", "contact-channel", "rotation"
ANNOTATIONS: dict[str, Any] = {CONTACT: ContactArn, CHANNEL: ChannelArn, ROTATION: RotationArn}


def violations(value: object, expected_kind: str = CONTACT) -> list[Violation]:
    return list(check_of(ANNOTATIONS[expected_kind])(value))


def codes(value: object, expected_kind: str = CONTACT) -> list[str]:
    found = violations(value, expected_kind)
    assert all(violation.path == "" for violation in found)
    return [violation.code for violation in found]


@pytest.mark.parametrize(
    ("arn", "expected_kind"),
    [
        (AKUA, CONTACT),
        (SMS, CHANNEL),
        (SHIFT, ROTATION),
        (f"{PREFIX}contactchannel/akuam/1", CHANNEL),
        (f"{PREFIX}device/akuam/1", CHANNEL),
        (f"{PREFIX}contact/a_b-c.d+e=f,g@h/i:j", CONTACT),
    ],
)
def test_an_arn_of_the_expected_kind_is_accepted(arn: str, expected_kind: str) -> None:
    assert codes(arn, expected_kind) == []


@pytest.mark.parametrize(
    "partition", ["aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-eusc", "aws-new-2"]
)
def test_unknown_partitions_are_left_to_the_service(partition: str) -> None:
    assert codes(f"arn:{partition}:ssm-contacts:somewhere-1:111122223333:contact/a") == []


@pytest.mark.parametrize("expected_kind", [CONTACT, CHANNEL, ROTATION])
@pytest.mark.parametrize(
    ("resource", "kind"),
    [
        ("contact/akuam", CONTACT),
        ("contact-channel/akuam/1", CHANNEL),
        ("contactchannel/akuam/1", CHANNEL),
        ("device/akuam/1", CHANNEL),
        ("rotation/r1", ROTATION),
        ("engagement/akuam/1", "engagement"),
        ("page/akuam/1", "page"),
        ("contact", CONTACT),
        ("page", "page"),
    ],
)
def test_an_arn_of_another_kind_is_rejected_and_the_message_names_both_kinds(
    resource: str, kind: str, expected_kind: str
) -> None:
    found = violations(PREFIX + resource, expected_kind)
    if kind == expected_kind:
        assert not found
        return
    article = "an" if kind == "engagement" else "a"
    rule = f"must be the ARN of a {expected_kind} (got that of {article} {kind})"
    assert found == [Violation("", rule, "wrong_kind_of_arn")]


@pytest.mark.parametrize("expected_kind", [CONTACT, CHANNEL, ROTATION])
@pytest.mark.parametrize("resource", ["squad/web", "contacts/akuam", "Contact/akuam", "x", ""])
def test_an_unknown_kind_is_left_to_the_service(resource: str, expected_kind: str) -> None:
    assert codes(PREFIX + resource, expected_kind) == []


@pytest.mark.parametrize("expected_kind", [CONTACT, CHANNEL, ROTATION])
@pytest.mark.parametrize(
    "text",
    [
        "akuam",
        "Akua Mansa",
        "contact/akuam",
        "arn",
        "arn:aws:ssm-contacts:us-east-2:111122223333",
        "arn:aws:ssm-contacts:us-east-2:contact/akuam",
        "arn:aws:ssm-contacts:us-east-2::contact/akuam",
        "arn:aws:ssm-contacts:us-east-2:1111x:contact/akuam",
        "arn:aws:ssm-contacts:us-east-2:\u0661\u0662:contact/akuam",
        "arn:aws:ssm-contacts:us east 2:111122223333:contact/akuam",
        "arn:aws:ssm:us-east-2:111122223333:contact/akuam",
        "arn:aws:sns:us-east-2:111122223333:akuam",
        "arn:aws-:ssm-contacts:us-east-2:111122223333:contact/akuam",
        "arn:awscn:ssm-contacts:us-east-2:111122223333:contact/akuam",
        "arn:gcp:ssm-contacts:us-east-2:111122223333:contact/akuam",
        "ARN:AWS:SSM-CONTACTS:us-east-2:111122223333:contact/akuam",
        f" {AKUA}",
        f"{AKUA} ",
        f"{AKUA}\n",
        f"\n{AKUA}",
        f"{AKUA}\0",
        f"{PREFIX}contact/åkua",
        f"{PREFIX}contact/a b",
        f"{PREFIX}contact/a*",
    ],
)
def test_an_alias_a_name_and_any_other_str_is_not_an_arn(text: str, expected_kind: str) -> None:
    assert codes(text, expected_kind) == ["not_an_arn"]


def padded(length: int) -> str:
    return AKUA + "a" * (length - len(AKUA))


@pytest.mark.parametrize("length", [2047, 2048])
def test_an_arn_may_have_2048_characters(length: int) -> None:
    assert codes(padded(length)) == []


@pytest.mark.parametrize("text", ["", padded(2049), padded(100_000), "a" * 2049])
def test_an_arn_may_be_neither_empty_nor_longer(text: str) -> None:
    assert codes(text) == ["too_long" if text else "too_short"]


def test_a_str_of_one_character_is_long_enough_and_not_an_arn() -> None:
    assert codes("a") == ["not_an_arn"]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "NoneType"),
        (5, "int"),
        (True, "bool"),
        (AKUA.encode(), "bytes"),
        ({"arn": 1}, "dict"),
    ],
)
@pytest.mark.parametrize("expected_kind", [CONTACT, CHANNEL, ROTATION])
def test_a_value_of_another_type_is_rejected_by_its_type(
    value: object, name: str, expected_kind: str
) -> None:
    assert violations(value, expected_kind) == [
        Violation(
            "", f"must be the ARN of a {expected_kind}, or its record (got {name})", "wrong_type"
        )
    ]


@pytest.mark.parametrize(
    ("ref", "arn"), [(RECORD, AKUA), (SUMMARY, AKUA), (CHANNEL_RECORD, SMS), (AKUA, AKUA), ("", "")]
)
def test_arn_of_a_record_is_its_arn(ref: object, arn: str) -> None:
    assert arn_of(ref) == arn


@pytest.mark.parametrize("ref", [None, 5, {}, Plan()])
def test_arn_of_returns_a_value_without_an_arn_unchanged(ref: object) -> None:
    assert arn_of(ref) is ref


@pytest.mark.parametrize("contact", [RECORD, SUMMARY, AKUA])
def test_a_target_accepts_a_contact_as_record_summary_or_arn(contact: Any) -> None:
    assert ContactTarget(contact_id=contact, is_essential=True).contact_id == AKUA


@pytest.mark.parametrize("channel", [CHANNEL_RECORD, SMS])
def test_a_target_accepts_a_channel_as_record_or_arn(channel: Any) -> None:
    assert ChannelTarget(contact_channel_id=channel).contact_channel_id == SMS


def test_the_record_of_another_kind_is_rejected_like_its_arn(rejected: Rejected) -> None:
    assert rejected(ContactTarget, contact_id=CHANNEL_RECORD, is_essential=True) == [
        ("contact_id", "wrong_kind_of_arn")
    ]
    for contact in (RECORD, SUMMARY):
        assert rejected(ChannelTarget, contact_channel_id=contact) == [
            ("contact_channel_id", "wrong_kind_of_arn")
        ]
        assert rejected(Plan, rotation_ids=[SHIFT, contact]) == [
            ("rotation_ids[1]", "wrong_kind_of_arn")
        ]


def test_a_contact_that_was_not_created_yet_is_rejected_with_a_hint(rejected: Rejected) -> None:
    contact = Contact(alias="akuam", type=ContactType.PERSONAL)
    assert rejected(ContactTarget, contact_id=contact, is_essential=True) == [
        ("contact_id", "wrong_type")
    ]
    assert violations(contact)[0].rule.endswith("(got Contact): create it first")


@pytest.mark.parametrize("private", [PHONE, EMAIL, f"{AKUA} {PHONE}", f"{AKUA}/{EMAIL}\n"])
def test_a_message_never_repeats_a_str_that_is_not_an_arn(private: str) -> None:
    (found,) = violations(private)
    assert found.code == "not_an_arn"
    assert PHONE not in found.rule
    assert EMAIL not in found.rule


@given(
    st.from_regex(
        r"arn:aws(-[a-z0-9]{1,5}){0,2}:ssm-contacts:[a-z0-9-]{0,12}:[0-9]{1,12}:"
        r"contact(/[A-Za-z0-9_+=,.@:-]{0,20}){1,4}",
        fullmatch=True,
    ),
    st.sampled_from([CONTACT, CHANNEL, ROTATION]),
)
def test_an_arn_of_a_contact_is_accepted_for_a_contact_only(arn: str, expected_kind: str) -> None:
    assert (codes(arn, expected_kind) == []) == (expected_kind == CONTACT)


@given(st.text(max_size=40))
def test_a_str_without_the_services_name_is_not_an_arn(text: str) -> None:
    expected = "not_an_arn" if text else "too_short"
    assert codes(text) == [expected]


def cpu_time(text: str) -> float:
    def judge() -> object:
        return violations(text)

    least = time.get_clock_info("process_time").resolution
    return max(least, min(timeit.repeat(judge, timer=time.process_time, number=50, repeat=5)))


def filled(start: str, middle: str, end: str) -> str:
    """Return a str of nearly 2,000 characters."""
    return start + middle * ((2000 - len(start) - len(end)) // len(middle)) + end


@pytest.mark.parametrize(
    "hostile",
    [
        filled(PREFIX, "a", "!"),
        filled(PREFIX, "a:", "!"),
        filled(PREFIX, "contact/", "\n"),
        filled("arn:aws", "-a", "!"),
        filled("arn:aws", "-", ""),
        filled("arn:aws:ssm-contacts:", "a", "!"),
        filled("arn:aws:ssm-contacts:", ":", "!"),
        filled("arn:aws:ssm-contacts:", "1:", "!"),
        filled("arn:aws:ssm-contacts:a:", "1", "!"),
        filled("", "arn:", ""),
        filled("", AKUA, "!"),
        filled("", "\0", ""),
    ],
)
def test_a_hostile_str_is_checked_as_fast_as_an_arn_of_its_length(hostile: str) -> None:
    assert 1990 <= len(hostile) <= 2000 or AKUA in hostile
    assert codes(hostile) == ["not_an_arn"]
    # A pattern that backtracks over the whole str needs thousands of times as long, or never ends.
    assert cpu_time(hostile) < 200 * cpu_time(padded(2000))
