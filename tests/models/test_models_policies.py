from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import attrs
import pytest
from arns import PREFIX, channel_arn, contact_arn, engagement_arn, rotation_arn
from hypothesis import given
from hypothesis import strategies as st
from sentinels import EMAIL, PHONE, PRIVATE

from ssm_contacts_sdk import (
    ChannelRecord,
    ChannelType,
    Contact,
    ContactPolicy,
    ContactRecord,
    ContactSummary,
    ContactType,
    InvalidValueError,
)

Rejected = Callable[..., list[tuple[str, str]]]
AKUA = contact_arn("akuam")
SMS = channel_arn("akuam", "beb25840")
OTHER = "222233334444"

EMPTY = ("text", "too_short")
NO_POLICY = ("text", "wrong_format")
TOO_LONG = ("text", "too_long")
NO_ACCOUNT = "wrong_format"


def sharing(contact: Any = AKUA, with_accounts: Any = (OTHER,)) -> ContactPolicy:
    return ContactPolicy.sharing(contact, with_accounts=with_accounts)


def statement(policy: ContactPolicy) -> dict[str, Any]:
    """Return the only statement of a policy."""
    read: dict[str, Any] = json.loads(policy.text)
    assert read.keys() == {"Version", "Statement"}
    assert read["Version"] == "2012-10-17"
    statements: list[dict[str, Any]] = read["Statement"]
    (only,) = statements
    return only


# Texts --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["{}", ' {"Statement": []}\n', '{"Version": "2012-10-17", "Statement": {}}', '{"é": "🔥"}'],
)
def test_any_json_object_is_stored_unchanged(text: str) -> None:
    assert ContactPolicy(text).text == text
    assert ContactPolicy(text=text) == ContactPolicy(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "x",
        "{",
        "{}}",
        "{} {}",
        "{'a': 1}",
        '{"a": 1,}',
        "\ufeff{}",
        "[]",
        '[{"Version": "2012-10-17"}]',
        '"{}"',
        "1",
        "null",
        "true",
        "NaN",
        '{"a": "\n"}',
        "[" * 100_000,
        '{"a":' * 70_000,
        "[" * 100_000 + "]" * 100_000,
        *PRIVATE,
    ],
    ids=lambda text: str(text)[:20],
)
def test_no_other_str_is_a_policy(rejected: Rejected, text: str) -> None:
    assert rejected(ContactPolicy, text) == [NO_POLICY if text else EMPTY]


def padded(length: int) -> str:
    return "{" + " " * (length - 2) + "}"


@pytest.mark.parametrize("length", [2, 394_999, 395_000])
def test_a_policy_has_up_to_395000_characters(length: int) -> None:
    assert len(ContactPolicy(padded(length)).text) == length


@pytest.mark.parametrize(
    "text",
    [padded(395_001), padded(10**6), "[" * 395_001, "é" * 395_001],
    ids=["one", "many", "deep", "letters"],
)
def test_a_longer_policy_is_rejected(rejected: Rejected, text: str) -> None:
    assert rejected(ContactPolicy, text) == [TOO_LONG]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "NoneType"),
        (5, "int"),
        (True, "bool"),
        ({"Statement": []}, "dict"),
        ([], "list"),
        (b"{}", "bytes"),
        (ContactPolicy("{}"), "ContactPolicy"),
    ],
)
def test_a_policy_is_a_str(rejected: Rejected, value: Any, name: str) -> None:
    assert rejected(ContactPolicy, value) == [("text", "wrong_type")]


def test_a_policy_is_checked_again_when_it_is_evolved(rejected: Rejected) -> None:
    policy = sharing()
    assert attrs.evolve(policy, text="{}") == ContactPolicy("{}")
    assert rejected(attrs.evolve, policy, text="[]") == [NO_POLICY]


@given(st.text())
def test_any_str_is_a_json_object_or_rejected(text: str) -> None:
    try:
        policy = ContactPolicy(text)
    except InvalidValueError as error:
        (violation,) = error.violations
        expected = NO_POLICY if text else EMPTY
        assert (violation.path, violation.code) == expected
    else:
        assert isinstance(json.loads(policy.text), dict)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda nested: st.lists(nested, max_size=3) | st.dictionaries(st.text(), nested, max_size=3),
    max_leaves=5,
)


@given(JSON, st.booleans())
def test_every_json_object_is_valid_and_nothing_else(
    rejected: Rejected, value: Any, ensure_ascii: bool
) -> None:
    text = json.dumps(value, ensure_ascii=ensure_ascii)
    if isinstance(value, dict):
        assert json.loads(ContactPolicy(text).text) == value
    else:
        assert rejected(ContactPolicy, text) == [NO_POLICY if text else EMPTY]


# Sharing ------------------------------------------------------------------------------------------


def test_a_contact_is_shared_as_in_the_example_of_aws() -> None:
    assert statement(sharing(with_accounts=[OTHER, "000000000001"])) == {
        "Sid": "ShareContact",
        "Effect": "Allow",
        "Principal": {"AWS": [OTHER, "000000000001"]},
        "Action": [
            "ssm-contacts:GetContact",
            "ssm-contacts:StartEngagement",
            "ssm-contacts:DescribeEngagement",
            "ssm-contacts:ListPagesByEngagement",
            "ssm-contacts:StopEngagement",
        ],
        "Resource": [
            "arn:aws:ssm-contacts:*:111122223333:contact/akuam",
            "arn:aws:ssm-contacts:*:111122223333:engagement/akuam/*",
        ],
    }


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov", "aws-eusc"])
@pytest.mark.parametrize("region", ["us-east-2", "eu-north-1", "cn-north-1", ""])
def test_a_contact_is_shared_in_every_region_of_its_partition(partition: str, region: str) -> None:
    arn = f"arn:{partition}:ssm-contacts:{region}:444455556666:contact/on-call_1"
    assert statement(sharing(arn))["Resource"] == [
        f"arn:{partition}:ssm-contacts:*:444455556666:contact/on-call_1",
        f"arn:{partition}:ssm-contacts:*:444455556666:engagement/on-call_1/*",
    ]


@pytest.mark.parametrize(
    "contact",
    [
        AKUA,
        ContactRecord(alias="akuam", type=ContactType.PERSONAL, arn=AKUA),
        ContactSummary(alias="akuam", type=ContactType.ESCALATION, arn=AKUA),
    ],
)
def test_a_contact_is_shared_by_record_summary_or_arn(contact: Any) -> None:
    assert sharing(contact) == sharing(AKUA)


@pytest.mark.parametrize("gather", [list, tuple, iter])
def test_accounts_may_be_any_list(gather: Any) -> None:
    assert statement(sharing(with_accounts=gather([OTHER])))["Principal"] == {"AWS": [OTHER]}


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "NoneType"),
        (5, "int"),
        (True, "bool"),
        (OTHER, "str"),
        ({OTHER: 1}, "dict"),
        ({OTHER}, "set"),
    ],
)
def test_accounts_are_a_list(rejected: Rejected, value: Any, name: str) -> None:
    assert rejected(sharing, with_accounts=value) == [("with_accounts", "wrong_type")]


def test_a_contact_is_shared_with_at_least_one_account(rejected: Rejected) -> None:
    assert rejected(sharing, with_accounts=[]) == [("with_accounts", "too_few")]


@pytest.mark.parametrize(
    "account",
    [
        "",
        "2222",
        OTHER[1:],
        f"{OTHER}0",
        f"{OTHER}\n",
        f" {OTHER}",
        "2222-3333-4444",
        "22223333444x",
        "\u0661" * 12,
        "\uff11" * 12,
        f"arn:aws:iam::{OTHER}:root",
        "*",
        int(OTHER),
        None,
        True,
        [OTHER],
        OTHER.encode(),
        PHONE,
        EMAIL,
    ],
)
def test_an_account_has_12_digits(rejected: Rejected, account: Any) -> None:
    code = NO_ACCOUNT if isinstance(account, str) else "wrong_type"
    assert rejected(sharing, with_accounts=[OTHER, account]) == [("with_accounts[1]", code)]


def test_the_message_about_an_account_has_the_rule_and_not_the_account() -> None:
    with pytest.raises(InvalidValueError) as caught:
        sharing(with_accounts=["2222"])
    assert str(caught.value).endswith("with_accounts[0] must be the 12 digits of an account's id")


@pytest.mark.parametrize(
    ("contact", "rule"),
    [
        (
            ChannelRecord(
                name="a", type=ChannelType.SMS, delivery_address=PHONE, arn=SMS, contact_arn=AKUA
            ),
            "wrong_kind_of_arn",
        ),
        (rotation_arn("web"), "wrong_kind_of_arn"),
        (engagement_arn("akuam"), "wrong_kind_of_arn"),
        (
            Contact(alias="akuam", type=ContactType.PERSONAL),
            "wrong_type",
        ),
        (None, "wrong_type"),
        ("", "too_short"),
        ("akuam", "not_an_arn"),
        (f"{PREFIX}contact/*", "not_an_arn"),
        (f"{PREFIX}contact/akuam?", "not_an_arn"),
        (PHONE, "not_an_arn"),
    ],
)
def test_only_a_contact_is_shared(rejected: Rejected, contact: Any, rule: str) -> None:
    (violation,) = rejected(sharing, contact)
    assert violation[0] == "contact"
    assert violation[1].startswith(rule)


def test_all_violations_of_sharing_are_reported_at_once(rejected: Rejected) -> None:
    violations = rejected(sharing, SMS, ["1", OTHER, None])
    assert violations == [
        ("contact", "wrong_kind_of_arn"),
        ("with_accounts[0]", NO_ACCOUNT),
        ("with_accounts[2]", "wrong_type"),
    ]
    with pytest.raises(InvalidValueError) as caught:
        sharing(with_accounts=[])
    assert caught.value.subject == "ContactPolicy.sharing"


def test_too_many_accounts_make_a_policy_too_long(rejected: Rejected) -> None:
    assert len(statement(sharing(with_accounts=[OTHER] * 24_000))["Principal"]["AWS"]) == 24_000
    assert rejected(sharing, with_accounts=[OTHER] * 25_000) == [TOO_LONG]


def test_accounts_are_keyword_only() -> None:
    share: Any = ContactPolicy.sharing
    with pytest.raises(TypeError):
        share(AKUA, [OTHER])
    with pytest.raises(TypeError, match="with_accounts"):
        share(AKUA)


def test_a_policy_with_a_number_that_json_does_not_have_is_rejected(rejected: Rejected) -> None:
    assert rejected(ContactPolicy, '{"a": NaN}')[0][0] == "text"


@pytest.mark.parametrize("resource", ["squad/web", "contact"])
def test_sharing_rejects_an_arn_that_is_not_clearly_of_a_contact(
    rejected: Rejected, resource: str
) -> None:
    arn = f"{PREFIX}{resource}"
    assert rejected(ContactPolicy.sharing, arn, with_accounts=["222233334444"]) == [
        ("contact", "wrong_kind_of_arn")
    ]
