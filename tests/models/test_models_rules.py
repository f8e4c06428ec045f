from __future__ import annotations

import copy
import pickle
from collections import deque
from collections.abc import Callable, Iterator
from enum import Enum
from functools import partial
from typing import Any

import attrs
import pytest
from attrs.exceptions import FrozenInstanceError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sentinels import CODE, EMAIL, PHONE

from ssm_contacts_sdk import (
    ActivationStatus,
    Channel,
    ChannelRecord,
    ChannelTarget,
    ChannelType,
    Contact,
    ContactRecord,
    ContactsError,
    ContactSummary,
    ContactTarget,
    ContactType,
    InvalidValueError,
    Plan,
    Stage,
    Violation,
)
from ssm_contacts_sdk._models.rules import (
    Checked,
    TextRule,
    as_choice,
    as_tuple,
    check,
    choice_violations,
    letters_spaces_digits_and,
    matching,
    part_violations,
    whole_number_violations,
    wrong_type,
)
from ssm_contacts_sdk._schema.enums import OpenEnum

Refused = Callable[..., list[tuple[str, str]]]
PREFIX = "arn:aws:ssm-contacts:us-east-2:111122223333:"
AKUA = f"{PREFIX}contact/akuam"
SMS = f"{PREFIX}contact-channel/akuam/beb25840"
ROTATION = f"{PREFIX}rotation/r1"
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
ENUMS: list[type[OpenEnum]] = [ContactType, ChannelType, ActivationStatus]


def pickled(protocol: int, value: object) -> Any:
    return pickle.loads(pickle.dumps(value, protocol))  # noqa: S301 - our own


ROUND_TRIPS: list[Callable[[Any], Any]] = [
    copy.copy,
    copy.deepcopy,
    *(partial(pickled, protocol) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)),
]


def rules(violations: Iterator[Violation]) -> list[tuple[str, str]]:
    return [(violation.path, violation.rule) for violation in violations]


# What any value is like ---------------------------------------------------------------------------

MAKERS: list[Callable[[], Checked]] = [
    lambda: ChannelTarget(contact_channel_id=SMS, retry_interval_in_minutes=1),
    lambda: ContactTarget(contact_id=AKUA, is_essential=True),
    lambda: Stage(
        duration_in_minutes=5, targets=[ContactTarget(contact_id=AKUA, is_essential=False)]
    ),
    lambda: Plan(
        stages=[Stage(duration_in_minutes=0, targets=[ChannelTarget(contact_channel_id=SMS)])]
    ),
    lambda: Plan(rotation_ids=[ROTATION]),
    lambda: Contact(alias="akuam", display_name="Akua Mansa", type=ContactType.PERSONAL),
    lambda: ContactRecord(alias="akuam", type=ContactType.ONCALL_SCHEDULE, arn=AKUA),
    lambda: ContactSummary(alias="akuam", type=ContactType.ESCALATION, arn=AKUA),
    lambda: Channel.sms("akuas sms", PHONE),
    lambda: ChannelRecord(
        name="akuas mail",
        type=ChannelType.EMAIL,
        delivery_address=EMAIL,
        arn=SMS,
        contact_arn=AKUA,
        activation_status=ActivationStatus.ACTIVATED,
    ),
]
each_value = pytest.mark.parametrize("make", MAKERS, ids=lambda make: type(make()).__name__)


def fields(value: Checked) -> list[str]:
    kind: Any = type(value)
    return [field.name for field in attrs.fields(kind)]


@each_value
def test_a_value_is_equal_to_its_twin_and_hashes_like_it(make: Callable[[], Checked]) -> None:
    value, twin = make(), make()
    assert value is not twin
    assert value == twin
    assert hash(value) == hash(twin)
    assert {value: 1}[twin] == 1


def test_values_of_different_content_or_kind_are_not_equal() -> None:
    values = [make() for make in MAKERS]
    assert len(set(values)) == len(values)
    contact = Contact(alias="akuam", type=ContactType.PERSONAL)
    record = ContactRecord(alias="akuam", type=ContactType.PERSONAL, arn=AKUA)
    assert contact != record


@each_value
@pytest.mark.parametrize("round_trip", ROUND_TRIPS)
def test_a_value_survives_pickling_and_copying(
    make: Callable[[], Checked], round_trip: Callable[[Any], Any]
) -> None:
    value = make()
    again = round_trip(value)
    assert type(again) is type(value)
    assert again == value
    assert hash(again) == hash(value)
    assert repr(again) == repr(value)


@each_value
def test_a_value_cannot_be_changed(make: Callable[[], Checked]) -> None:
    value = make()
    for name in fields(value):
        with pytest.raises(FrozenInstanceError):
            setattr(value, name, None)
        with pytest.raises(FrozenInstanceError):
            delattr(value, name)
    with pytest.raises(AttributeError):
        setattr(value, "mistyped", None)  # noqa: B010 - a type checker refuses it, as it should
    assert value == make()


@each_value
def test_a_value_has_slots_and_no_dict(make: Callable[[], Checked]) -> None:
    assert not hasattr(make(), "__dict__")


@each_value
def test_a_value_takes_its_fields_by_name_only(make: Callable[[], Checked]) -> None:
    value = make()
    kind: Any = type(value)
    given = {name: getattr(value, name) for name in fields(value)}
    assert kind(**given) == value
    with pytest.raises(TypeError):
        kind(*given.values())
    with pytest.raises(TypeError):
        kind(**given, mistyped=None)


@each_value
def test_a_value_that_is_evolved_without_changes_is_an_equal_one(
    make: Callable[[], Checked],
) -> None:
    value: Any = make()
    again = attrs.evolve(value)
    assert again is not value
    assert again == value


@pytest.mark.parametrize(
    ("make", "field", "wrong", "rule"),
    [
        (MAKERS[0], "retry_interval_in_minutes", 61, "must be 0 to 60, and is 61"),
        (MAKERS[1], "is_essential", None, "must be True or False, not NoneType"),
        (MAKERS[2], "duration_in_minutes", 31, "must be 0 to 30, and is 31"),
        (MAKERS[3], "stages", None, "must be a list of stages, not NoneType"),
        (MAKERS[4], "rotation_ids", 1, "must be a list of ARNs, not int"),
        (MAKERS[5], "alias", "", "must have 1 to 255 characters, and has 0"),
        (MAKERS[6], "arn", SMS, "must be the ARN of a contact, not of a contact-channel"),
        (
            MAKERS[7],
            "display_name",
            "\n",
            "may hold only letters, digits, spaces, _ . and -",
        ),
        (MAKERS[8], "name", "", "must have 1 to 255 characters, and has 0"),
        (MAKERS[9], "contact_arn", SMS, "must be the ARN of a contact, not of a contact-channel"),
    ],
)
def test_a_value_is_checked_again_when_it_is_evolved(
    refused: Refused, make: Callable[[], Checked], field: str, wrong: object, rule: str
) -> None:
    assert refused(attrs.evolve, make(), **{field: wrong}) == [(field, rule)]


@each_value
def test_an_error_names_the_kind_of_value_that_was_refused(make: Callable[[], Checked]) -> None:
    value = make()
    kind: Any = type(value)
    with pytest.raises(InvalidValueError) as caught:
        kind(**dict.fromkeys(fields(value), 1.5))
    assert caught.value.subject == kind.__name__
    assert str(caught.value).startswith(f"{kind.__name__}: ")


@each_value
def test_each_field_of_a_wrong_type_is_named_in_one_error(
    refused: Refused, make: Callable[[], Checked]
) -> None:
    value = make()
    names = fields(value)
    violations = refused(type(value), **dict.fromkeys(names, 1.5))
    found = [path for path, rule in violations if rule.endswith(", not float")]
    assert found == names


NO_ASCII = st.text(st.characters(min_codepoint=128), min_size=1, max_size=20)
ODD: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.binary(),
    NO_ASCII,
    st.lists(NO_ASCII, max_size=3),
    st.dictionaries(NO_ASCII, NO_ASCII, max_size=3),
)


@UNHURRIED
@given(st.data())
@pytest.mark.parametrize("kind", sorted({type(make()) for make in MAKERS}, key=str))
def test_whatever_is_given_is_taken_or_refused_without_being_repeated(
    kind: Any, data: st.DataObject
) -> None:
    given_values = {field.name: data.draw(ODD, label=field.name) for field in attrs.fields(kind)}
    try:
        kind(**given_values)
    except InvalidValueError as error:
        # No rule has a letter in it that is not ASCII, and all texts are of such letters.
        assert str(error).isascii()  # noqa: PT017 - some are taken
        assert repr(error).isascii()  # noqa: PT017 - as above
        assert error.violations  # noqa: PT017 - as above


@pytest.mark.parametrize("secret", [PHONE, EMAIL, CODE])
@each_value
def test_a_refusal_never_repeats_what_was_given(make: Callable[[], Checked], secret: str) -> None:
    value = make()
    kind: Any = type(value)
    for wrong in (secret, f"{secret}\n", [secret], {secret: secret}, secret.encode(), ("", secret)):
        with pytest.raises(InvalidValueError) as caught:
            kind(**dict.fromkeys(fields(value), wrong))
        assert secret not in str(caught.value)
        assert secret not in repr(caught.value)
        assert secret not in repr(caught.value.violations)


def test_a_base_class_has_no_rules_of_its_own() -> None:
    with pytest.raises(NotImplementedError):
        Checked().violations()


# Errors and violations --------------------------------------------------------------------------


def test_nothing_is_raised_where_nothing_is_wrong() -> None:
    check("Plan", [])
    check("Plan", iter(()))


def test_all_faults_are_collected_in_one_error() -> None:
    with pytest.raises(InvalidValueError) as caught:
        check("Plan", iter([Violation("a", "is odd"), Violation("b", "is even")]))
    assert caught.value.subject == "Plan"
    assert caught.value.violations == (Violation("a", "is odd"), Violation("b", "is even"))
    assert str(caught.value) == "Plan: a is odd; b is even"


def test_a_refusal_is_a_value_error_and_an_error_of_the_package() -> None:
    error = InvalidValueError("Stage", [Violation("a", "is odd")])
    assert isinstance(error, ContactsError)
    assert isinstance(error, ValueError)


@pytest.mark.parametrize("round_trip", ROUND_TRIPS)
def test_a_refusal_survives_pickling_and_copying(round_trip: Callable[[Any], Any]) -> None:
    with pytest.raises(InvalidValueError) as caught:
        Stage(duration_in_minutes=31)
    again = round_trip(caught.value)
    assert type(again) is InvalidValueError
    assert again is not caught.value
    assert str(again) == "Stage: duration_in_minutes must be 0 to 30, and is 31"
    assert again.subject == "Stage"
    assert again.violations == (Violation("duration_in_minutes", "must be 0 to 30, and is 31"),)


def test_a_fault_is_seen_from_further_out_and_stays_as_it_was() -> None:
    violation = Violation("targets[0]", "is odd")
    assert violation.under("stages[2]").under("plan") == Violation(
        "plan.stages[2].targets[0]", "is odd"
    )
    assert str(violation) == "targets[0] is odd"


# Texts --------------------------------------------------------------------------------------------

WORD = TextRule(2, 4, "the letters a to c", matching("[a-c]*"))
TOO_SHORT_OR_LONG = "must have 2 to 4 characters, and has {}"
ONLY = ("word", "may hold only the letters a to c")


@pytest.mark.parametrize("text", ["ab", "abc", "aaaa"])
def test_a_text_of_right_length_and_letters_has_no_violations(text: str) -> None:
    assert rules(WORD.violations("word", text)) == []


@pytest.mark.parametrize("length", [0, 1, 5, 1000])
def test_a_text_may_be_neither_too_short_nor_too_long(length: int) -> None:
    expected = [("word", TOO_SHORT_OR_LONG.format(length))]
    assert rules(WORD.violations("word", "a" * length)) == expected


@pytest.mark.parametrize("text", ["dd", "aA", "ab\n", "\nab", "a b", "aá", "a\u0430", "ab\0"])
def test_a_text_may_hold_only_what_its_rule_allows(text: str) -> None:
    assert rules(WORD.violations("word", text)) == [ONLY]


def test_a_text_can_break_both_its_rules() -> None:
    assert rules(WORD.violations("word", "d")) == [("word", TOO_SHORT_OR_LONG.format(1)), ONLY]


@pytest.mark.parametrize(
    ("value", "name"),
    [(None, "NoneType"), (12, "int"), (True, "bool"), (b"ab", "bytes"), ({}, "dict"), ([], "list")],
)
def test_what_is_no_text_is_named_by_its_type(value: object, name: str) -> None:
    assert rules(WORD.violations("word", value)) == [("word", f"must be a text, not {name}")]


def test_a_pattern_means_ascii_and_the_whole_text() -> None:
    digits = matching(r"\d+")
    assert digits("123")
    for text in ("", "12\n", " 12", "12a", "\u0661\u0662", "\uff11"):
        assert not digits(text)


SCRIPTS = [
    "Akua Mansa",
    "Łucja Nowak-Ωmega 3",
    "Åsa Öberg",
    "Ирина Петрова",
    "Γιώργος",
    "山田 太郎",
    "김민준",
    "محمد",
    "שלום",
    "ნინო",
    "สมชาย",
    "አበበ",
    "ⅷ ½ ² ٣",
    "a\u00a0b\u2003c\u3000d",
    "a\u2028b\u2029c",
    "𝒜𠮷",
]
NOT_LETTERS = [
    "\t",
    "\n",
    "\r",
    "\0",
    "\x7f",
    "\u200b",
    "\ud800",
    "🔥",
    "€",
    "!",
    "@",
    "'",
    "\u0301",
]


@pytest.mark.parametrize("text", SCRIPTS)
def test_letters_digits_and_spaces_are_those_of_every_script(text: str) -> None:
    assert letters_spaces_digits_and("-")(text)


@pytest.mark.parametrize("text", NOT_LETTERS)
def test_controls_signs_and_lone_marks_are_neither_letters_nor_spaces(text: str) -> None:
    allows = letters_spaces_digits_and("_.-")
    assert not allows(text)
    assert not allows(f"Akua{text}")
    assert not allows(f"{text}Akua")


def test_a_letter_with_an_accent_is_one_character_and_not_a_letter_with_a_mark() -> None:
    allows = letters_spaces_digits_and("")
    assert allows("é")
    assert not allows("e\u0301")


def test_other_characters_are_allowed_one_by_one() -> None:
    allows = letters_spaces_digits_and("_.-")
    assert allows("")
    assert allows("_.-")
    assert not allows("+")
    assert not letters_spaces_digits_and("")("_")


@UNHURRIED
@given(st.text(st.characters(categories=["L", "Z", "N"])))
def test_every_text_of_letters_spaces_and_digits_is_allowed(text: str) -> None:
    assert letters_spaces_digits_and("")(text)


@UNHURRIED
@given(
    st.text(st.characters(categories=["L", "Z", "N"]), max_size=5),
    st.characters(categories=["C", "M", "P", "S"]),
    st.text(st.characters(categories=["L", "Z", "N"]), max_size=5),
)
def test_one_other_character_anywhere_is_too_many(before: str, other: str, after: str) -> None:
    assert not letters_spaces_digits_and("")(before + other + after)
    assert letters_spaces_digits_and(other)(before + other + after)


# Whole numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [3, 4, 5])
def test_a_whole_number_in_range_has_no_violations(value: int) -> None:
    assert rules(whole_number_violations("n", value, 3, 5)) == []


@pytest.mark.parametrize("value", [2, 6, 0, -1, 9_999, -9_999], ids=lambda value: f"{value}")
def test_a_whole_number_out_of_range_is_shown(value: int) -> None:
    assert rules(whole_number_violations("n", value, 3, 5)) == [
        ("n", f"must be 3 to 5, and is {value}")
    ]


@pytest.mark.parametrize(
    "value",
    [10_000, -10_000, int(CODE), int(PHONE), 10**5_000, -(10**5_000)],
    ids=["big", "small", "code", "phone", "huge", "tiny"],
)
def test_a_number_as_long_as_a_phone_number_is_never_shown(value: int) -> None:
    assert rules(whole_number_violations("n", value, 3, 5)) == [("n", "must be 3 to 5")]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "NoneType"),
        (True, "bool"),
        (False, "bool"),
        (4.0, "float"),
        ("4", "str"),
        (b"4", "bytes"),
        ({}, "dict"),
        ([4], "list"),
    ],
)
def test_what_is_no_whole_number_is_named_by_its_type(value: object, name: str) -> None:
    expected = [("n", f"must be a whole number, not {name}")]
    assert rules(whole_number_violations("n", value, 0, 5)) == expected


@UNHURRIED
@given(st.integers(), st.integers(), st.integers())
def test_exactly_the_whole_numbers_of_the_range_are_taken(value: int, a: int, b: int) -> None:
    least, most = sorted((a, b))
    assert bool(rules(whole_number_violations("n", value, least, most))) == (
        value not in range(least, most + 1)
    )


# Open enumerations --------------------------------------------------------------------------------

MEMBERS = [member for enum in ENUMS for member in enum]
each_enum = pytest.mark.parametrize("enum", ENUMS)


def test_the_words_are_the_services() -> None:
    assert [str(each) for each in ContactType] == ["PERSONAL", "ESCALATION", "ONCALL_SCHEDULE"]
    assert [str(each) for each in ChannelType] == ["SMS", "VOICE", "EMAIL"]
    assert [str(each) for each in ActivationStatus] == ["ACTIVATED", "NOT_ACTIVATED"]


@pytest.mark.parametrize("member", MEMBERS)
def test_a_known_word_is_its_member(member: OpenEnum) -> None:
    assert type(member)(member.value) is member
    assert member.is_known
    assert member == member.value
    assert str(member) == f"{member}" == member.value
    assert repr(member) == f"<{type(member).__name__}.{member.value}: {member.value!r}>"


@pytest.mark.parametrize("word", ["MAUVE", "sms", "PERSONAL ", "", "Ω"])
@each_enum
def test_an_unknown_word_stays_a_value_that_is_not_known(enum: type[OpenEnum], word: str) -> None:
    before = list(enum)
    value = enum(word)
    assert type(value) is enum
    assert isinstance(value, str)
    assert not value.is_known
    assert value == word
    assert (value.name, value.value) == (word, word)
    assert str(value) == f"{value}" == word
    assert "<{}>".format(value) == f"<{word}>"  # noqa: UP032 - format() has a way of its own
    assert list(enum) == before
    assert word not in enum.__members__


@each_enum
def test_an_unknown_word_equals_itself_and_nothing_else(enum: type[OpenEnum]) -> None:
    value = enum("MAUVE")
    assert value == enum("MAUVE")
    assert hash(value) == hash(enum("MAUVE"))
    assert value != enum("RED")
    assert {value: 1}[enum("MAUVE")] == 1
    assert all(value != member for member in enum)


@each_enum
def test_a_word_is_found_by_its_plain_text(enum: type[OpenEnum]) -> None:
    words = [*enum, enum("MAUVE")]
    counts: dict[str, int] = {word: len(word) for word in words}
    assert counts == {str(word): len(word) for word in words}


@pytest.mark.parametrize("round_trip", ROUND_TRIPS)
@pytest.mark.parametrize("word", [*MEMBERS, *(enum("MAUVE") for enum in ENUMS), ChannelType("")])
def test_a_word_survives_pickling_and_copying(
    word: OpenEnum, round_trip: Callable[[Any], Any]
) -> None:
    again = round_trip(word)
    assert type(again) is type(word)
    assert again == word
    assert hash(again) == hash(word)
    assert str(again) == str(word)
    assert again.is_known is word.is_known
    assert (again is word) or not word.is_known


@UNHURRIED
@given(st.text(min_size=1))
@each_enum
def test_any_text_at_all_is_a_word(enum: type[OpenEnum], text: str) -> None:
    word = enum(text)
    assert word == text
    assert str(word) == text
    assert hash(word) == hash(text)
    assert word.is_known == (text in enum.__members__)
    assert pickle.loads(pickle.dumps(word)) == word  # noqa: S301 - our own


@pytest.mark.parametrize("value", [None, 5, True, b"SMS", {}, []])
@each_enum
def test_what_is_no_text_is_no_word(enum: type[OpenEnum], value: Any) -> None:
    with pytest.raises(ValueError, match=f"is not a valid {enum.__name__}"):
        enum(value)


class OtherEnum(str, Enum):
    SMS = "SMS"


class OtherText(str):
    __slots__ = ()


def test_a_plain_text_is_taken_for_its_word_and_everything_else_is_left() -> None:
    plain: Any = "SMS"
    assert as_choice(ChannelType, plain) is ChannelType.SMS
    left: list[Any] = [ChannelType.SMS, ContactType.PERSONAL, None, 5, OtherEnum.SMS, {}]
    for value in left:
        assert as_choice(ChannelType, value) is value


@pytest.mark.parametrize("member", list(ChannelType))
def test_a_known_word_is_a_choice(member: ChannelType) -> None:
    assert rules(choice_violations("type", member, ChannelType)) == []


@pytest.mark.parametrize("word", ["FAX", "", "sms", PHONE])
def test_an_unknown_word_is_no_choice_and_is_not_repeated(word: str) -> None:
    assert rules(choice_violations("type", ChannelType(word), ChannelType)) == [
        ("type", "must be one of SMS, VOICE, EMAIL")
    ]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "NoneType"),
        ("SMS", "str"),
        (OtherText("SMS"), "OtherText"),
        (OtherEnum.SMS, "OtherEnum"),
        (ContactType.PERSONAL, "ContactType"),
        (0, "int"),
        (True, "bool"),
        ({}, "dict"),
    ],
)
def test_what_is_of_another_type_is_no_choice(value: object, name: str) -> None:
    assert rules(choice_violations("type", value, ChannelType)) == [
        ("type", f"must be a ChannelType, not {name}")
    ]


# Parts and lists ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "name"), [(None, "NoneType"), ({}, "dict"), ("", "str"), (Stage, "type")]
)
def test_a_part_of_another_type_is_named_with_all_that_are_wanted(value: object, name: str) -> None:
    assert rules(part_violations("part", value, (Stage,))) == [
        ("part", f"must be a Stage, not {name}")
    ]
    assert rules(part_violations("part", value, (ChannelTarget, ContactTarget))) == [
        ("part", f"must be a ChannelTarget or a ContactTarget, not {name}")
    ]


def test_a_part_that_is_right_has_no_violations() -> None:
    assert rules(part_violations("part", Stage(duration_in_minutes=1), (Stage,))) == []


def test_the_fault_of_a_type_names_both_types() -> None:
    assert wrong_type("a.b", "a text", 5) == Violation(
        "a.b", "must be a text, not int", "wrong_type"
    )


@pytest.mark.parametrize(
    "values", [[1, 2], (1, 2), iter([1, 2]), (n for n in (1, 2)), reversed([2, 1]), map(int, "12")]
)
def test_lists_tuples_and_iterators_become_tuples(values: Any) -> None:
    assert as_tuple(values) == (1, 2)


@pytest.mark.parametrize("values", ["12", b"12", {1: 2}, {1, 2}, deque([1, 2]), None, 5, range(2)])
def test_what_is_no_list_is_left_for_the_check_to_name(values: Any) -> None:
    assert as_tuple(values) is values
