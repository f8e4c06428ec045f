from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import attrs
import pytest
from arns import channel_arn, contact_arn
from hypothesis import assume, given
from hypothesis import strategies as st
from sentinels import CODE, EMAIL, OTHER_PHONE, PHONE

from ssm_contacts_sdk import ActivationStatus, Channel, ChannelRecord, ChannelType, ContactType
from ssm_contacts_sdk._models.channels import ActivationCode
from ssm_contacts_sdk._schema.values import check_of

Rejected = Callable[..., list[tuple[str, str]]]
AKUA = contact_arn("akuam")
SMS = channel_arn("akuam", "beb25840")

NAME_LETTERS = ("name", "wrong_characters")
EMPTY = ("delivery_address", "too_short")
TOO_LONG = ("delivery_address", "too_long")
NO_PHONE = (
    "delivery_address",
    "wrong_format",
)
NO_EMAIL = (
    "delivery_address",
    "wrong_format",
)

RECORD: Any = partial(ChannelRecord, arn=SMS, contact_arn=AKUA)
each_kind = pytest.mark.parametrize("kind", [Channel, RECORD], ids=["Channel", "ChannelRecord"])
each_phone_type = pytest.mark.parametrize("channel_type", [ChannelType.SMS, ChannelType.VOICE])


@pytest.mark.parametrize(
    ("channel", "channel_type", "address"),
    [
        (Channel.sms("akuas", PHONE), ChannelType.SMS, PHONE),
        (Channel.voice("akuas", PHONE), ChannelType.VOICE, PHONE),
        (Channel.email("akuas", EMAIL), ChannelType.EMAIL, EMAIL),
    ],
)
def test_each_type_has_a_factory(channel: Channel, channel_type: ChannelType, address: str) -> None:
    assert type(channel) is Channel
    assert channel == Channel(name="akuas", type=channel_type, delivery_address=address)
    assert channel.type is channel_type


@pytest.mark.parametrize("make", [Channel.sms, Channel.voice])
def test_a_factory_checks_as_the_long_one_does(rejected: Rejected, make: Any) -> None:
    assert rejected(make, "", EMAIL) == [
        ("name", "too_short"),
        NO_PHONE,
    ]
    assert rejected(Channel.email, "\n", PHONE) == [NAME_LETTERS, NO_EMAIL]


@pytest.mark.parametrize(
    "name",
    [
        "a",
        "akuas sms",
        "Łucja_1.-",
        "Ирина",
        "山田 太郎",
        "محمد",
        "a\u3000b",
        "é" * 255,
        "𠮷" * 255,
    ],
)
@each_kind
def test_a_name_may_contain_letters_of_every_script(kind: Any, name: str) -> None:
    assert kind(name=name, type=ChannelType.SMS, delivery_address=PHONE).name == name


@pytest.mark.parametrize("name", ["a\n", "a\t", "a@b", "a+b", "it's", "🔥", "e\u0301", "\0", PHONE])
@each_kind
def test_a_name_may_contain_nothing_else(rejected: Rejected, kind: Any, name: str) -> None:
    arguments: Any = {"name": name, "type": ChannelType.SMS, "delivery_address": PHONE}
    assert rejected(kind, **arguments) == [NAME_LETTERS]


@pytest.mark.parametrize("length", [0, 256, 5000])
@each_kind
def test_a_name_has_1_to_255_characters(rejected: Rejected, kind: Any, length: int) -> None:
    arguments: Any = {"name": "a" * length, "type": ChannelType.SMS, "delivery_address": PHONE}
    assert rejected(kind, **arguments) == [("name", "too_long" if length else "too_short")]


@pytest.mark.parametrize(
    "number", [PHONE, OTHER_PHONE, "+12", "+98", "+123456789012345", "+999999999999999"]
)
@each_phone_type
@each_kind
def test_a_phone_number_has_2_to_15_digits_and_a_plus(
    kind: Any, channel_type: ChannelType, number: str
) -> None:
    made = kind(name="a", type=channel_type, delivery_address=number)
    assert made.delivery_address == number


@pytest.mark.parametrize(
    "number",
    [
        "",
        "+",
        "+1",
        "+1234567890123456",
        "+0123456",
        PHONE[1:],
        f"00{PHONE[1:]}",
        f"+{PHONE}",
        f"{PHONE}\n",
        f" {PHONE}",
        f"{PHONE} ",
        f"{PHONE[:5]} {PHONE[5:]}",
        f"{PHONE[:5]}-{PHONE[5:]}",
        f"{PHONE}x1",
        "+\u0661\u0662\u0663\u0664",
        "+1\u0662\u0663\u0664",
        "\uff0b12345",
        EMAIL,
    ],
)
@each_phone_type
@each_kind
def test_a_phone_number_that_is_not_in_e164_form_is_rejected(
    rejected: Rejected, kind: Any, channel_type: ChannelType, number: str
) -> None:
    arguments: Any = {"name": "a", "type": channel_type, "delivery_address": number}
    assert rejected(kind, **arguments) == [NO_PHONE if number else EMPTY]


@given(st.from_regex(r"\+[1-9][0-9]{1,14}", fullmatch=True))
def test_every_number_in_e164_form_is_valid(number: str) -> None:
    assert Channel.sms("a", number).delivery_address == number


@given(st.one_of(st.text(max_size=20), st.from_regex(r"\+?[0-9]*\n?", fullmatch=True)))
def test_no_other_str_is_a_number(rejected: Rejected, text: str) -> None:
    assume(not re.fullmatch(r"\+[1-9][0-9]{1,14}", text))
    assert rejected(Channel.voice, "a", text) == [NO_PHONE if text else EMPTY]


def address(length: int) -> str:
    return "a" * (length - len("@example.com")) + "@example.com"


@pytest.mark.parametrize(
    "text",
    [EMAIL, "a@b", "a@b@c", "@@b", "o'brien+x@example.com", "åkua@exämple.com", address(320)],
)
@each_kind
def test_an_email_address_is_something_at_something(kind: Any, text: str) -> None:
    made = kind(name="a", type=ChannelType.EMAIL, delivery_address=text)
    assert made.delivery_address == text


@pytest.mark.parametrize(
    "text",
    ["", "@", "a@", "@b", "@@", "a@b@", "example.com", PHONE, address(321), "a" * 321, "@" * 5000],
)
@each_kind
def test_an_email_address_of_another_form_is_rejected(
    rejected: Rejected, kind: Any, text: str
) -> None:
    arguments: Any = {"name": "a", "type": ChannelType.EMAIL, "delivery_address": text}
    (found,) = rejected(kind, **arguments)
    assert found == (EMPTY if not text else NO_EMAIL if len(text) <= 320 else TOO_LONG)


@given(st.text(min_size=1, max_size=160), st.text(min_size=1, max_size=159))
def test_any_two_strs_around_an_at_sign_are_an_email_address(local_part: str, domain: str) -> None:
    assume(not domain.endswith("@"))
    text = f"{local_part}@{domain}"
    assert Channel.email("a", text).delivery_address == text


@pytest.mark.parametrize(
    ("value", "name"), [(None, "NoneType"), (int(PHONE), "int"), (True, "bool"), ([PHONE], "list")]
)
@pytest.mark.parametrize("channel_type", list(ChannelType))
@each_kind
def test_an_address_of_another_type_is_rejected(
    rejected: Rejected, kind: Any, channel_type: ChannelType, value: Any, name: str
) -> None:
    arguments: Any = {"name": "a", "type": channel_type, "delivery_address": value}
    assert rejected(kind, **arguments) == [("delivery_address", "wrong_type")]


@pytest.mark.parametrize("channel_type", list(ChannelType))
@each_kind
def test_a_type_may_be_a_plain_str(kind: Any, channel_type: ChannelType) -> None:
    text = EMAIL if channel_type is ChannelType.EMAIL else PHONE
    made = kind(name="a", type=channel_type.value, delivery_address=text)
    assert made.type is channel_type


@pytest.mark.parametrize("word", ["FAX", "sms", "", ChannelType("FAX"), EMAIL])
@pytest.mark.parametrize("text", [PHONE, EMAIL, "anything"])
@each_kind
def test_the_address_is_not_checked_with_an_unknown_type(
    rejected: Rejected, kind: Any, word: Any, text: str
) -> None:
    arguments: Any = {"name": "a", "type": word, "delivery_address": text}
    assert rejected(kind, **arguments) == [("type", "unknown_choice")]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "NoneType"),
        (5, "int"),
        (True, "bool"),
        ({}, "dict"),
        (ContactType.PERSONAL, "ContactType"),
    ],
)
@each_kind
def test_a_type_of_another_type_is_rejected(
    rejected: Rejected, kind: Any, value: Any, name: str
) -> None:
    arguments: Any = {"name": "a", "type": value, "delivery_address": PHONE}
    assert rejected(kind, **arguments) == [("type", "wrong_type")]


@pytest.mark.parametrize(
    ("value", "name"),
    [(None, "NoneType"), (5, "int"), (False, "bool"), ({}, "dict"), (b"a", "bytes")],
)
@each_kind
def test_a_name_of_another_type_is_rejected(
    rejected: Rejected, kind: Any, value: Any, name: str
) -> None:
    arguments: Any = {"name": value, "type": ChannelType.SMS, "delivery_address": PHONE}
    assert rejected(kind, **arguments) == [("name", "wrong_type")]


def test_all_violations_of_a_channel_are_reported_at_once(rejected: Rejected) -> None:
    arguments: Any = {
        "name": "\n" * 256,
        "type": "EMAIL",
        "delivery_address": PHONE,
        "arn": AKUA,
        "contact_arn": SMS,
        "activation_status": "MAYBE",
    }
    assert rejected(ChannelRecord, **arguments) == [
        ("name", "too_long"),
        NAME_LETTERS,
        NO_EMAIL,
        ("arn", "wrong_kind_of_arn"),
        ("contact_arn", "wrong_kind_of_arn"),
        ("activation_status", "unknown_choice"),
    ]


@pytest.mark.parametrize("status", list(ActivationStatus))
def test_a_status_may_be_a_plain_str(status: ActivationStatus) -> None:
    for word in (status, status.value):
        made = RECORD(
            name="a", type=ChannelType.SMS, delivery_address=PHONE, activation_status=word
        )
        assert made.activation_status is status


def test_a_status_is_optional() -> None:
    made = RECORD(name="a", type=ChannelType.SMS, delivery_address=PHONE)
    assert made.activation_status is None


@pytest.mark.parametrize(
    ("value", "rule"),
    [
        ("", "unknown_choice"),
        (ActivationStatus("PENDING"), "unknown_choice"),
    ],
)
def test_a_status_is_a_known_one(rejected: Rejected, value: Any, rule: str) -> None:
    arguments: Any = {
        "name": "a",
        "type": "SMS",
        "delivery_address": PHONE,
        "activation_status": value,
    }
    assert rejected(RECORD, **arguments) == [("activation_status", rule)]


@pytest.mark.parametrize("value", [True, 0, {}, ChannelType.SMS])
def test_a_status_of_another_type_is_rejected(rejected: Rejected, value: Any) -> None:
    arguments: Any = {
        "name": "a",
        "type": "SMS",
        "delivery_address": PHONE,
        "activation_status": value,
    }
    assert rejected(RECORD, **arguments) == [("activation_status", "wrong_type")]


def test_a_record_requires_its_arns() -> None:
    kind: Any = ChannelRecord
    with pytest.raises(TypeError, match="'arn' and 'contact_arn'"):
        kind(name="a", type=ChannelType.SMS, delivery_address=PHONE)


@pytest.mark.parametrize(
    "channel",
    [
        Channel.sms("akuas", PHONE),
        Channel.voice("akuas", PHONE),
        Channel.email("akuas", EMAIL),
        RECORD(name="akuas", type=ChannelType.SMS, delivery_address=PHONE),
        RECORD(name="akuas", type=ChannelType.EMAIL, delivery_address=EMAIL),
    ],
)
def test_an_address_is_never_shown(channel: Channel) -> None:
    for text in (repr(channel), str(channel), f"{channel}", repr([channel]), repr({"a": channel})):
        assert PHONE not in text
        assert EMAIL not in text
        assert PHONE[-4:] not in text
        assert "delivery_address=..." in text


def test_a_channel_has_a_repr_without_its_address() -> None:
    channel = RECORD(name="akuas", type=ChannelType.SMS, delivery_address=PHONE)
    assert repr(channel) == (
        "ChannelRecord(name='akuas', type=<ChannelType.SMS: 'SMS'>, delivery_address=..., "
        f"arn={SMS!r}, contact_arn={AKUA!r}, activation_status=None)"
    )


def test_channels_with_different_addresses_are_not_equal() -> None:
    one, other = Channel.sms("a", PHONE), Channel.sms("a", OTHER_PHONE)
    assert repr(one) == repr(other)
    assert one != other


def test_a_change_of_type_is_checked_with_the_address(rejected: Rejected) -> None:
    sms = Channel.sms("a", PHONE)
    assert attrs.evolve(sms, type=ChannelType.VOICE) == Channel.voice("a", PHONE)
    assert rejected(attrs.evolve, sms, type=ChannelType.EMAIL) == [NO_EMAIL]
    email = Channel.email("a", EMAIL)
    assert rejected(attrs.evolve, email, type=ChannelType.SMS) == [NO_PHONE]
    assert attrs.evolve(email, type=ChannelType.SMS, delivery_address=PHONE) == sms


def code_violations(code: object) -> list[tuple[str, str]]:
    return [("code", violation.code) for violation in check_of(ActivationCode)(code)]


@pytest.mark.parametrize("code", [CODE, "000000", "1234567890"])
def test_a_code_has_6_to_10_digits(code: str) -> None:
    assert code_violations(code) == []


@pytest.mark.parametrize("code", ["", "12345", "12345678901"])
def test_a_code_may_be_neither_shorter_nor_longer(code: str) -> None:
    assert code_violations(code) == [("code", "too_long" if len(code) > 6 else "too_short")]


@pytest.mark.parametrize("code", [f"{CODE}\n", "12 345", "12345a", "-12345", "\u0661" * 6])
def test_a_code_may_contain_only_digits(code: str) -> None:
    assert code_violations(code) == [("code", "wrong_characters")]


@pytest.mark.parametrize(("code", "name"), [(int(CODE), "int"), (None, "NoneType")])
def test_a_code_is_a_str(code: object, name: str) -> None:
    assert code_violations(code) == [("code", "wrong_type")]
