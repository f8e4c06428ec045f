"""Checks follow from annotations: constraints, open enumerations, parts and lists of values."""

import copy
import pickle
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from functools import partial
from typing import Annotated, Any, Optional, Union
from unicodedata import category

import pytest
from attrs import evolve, field, frozen
from hypothesis import given
from hypothesis import strategies as st
from sentinels import CODE, PHONE

from ssm_contacts_sdk import (
    ActivationStatus,
    ChannelTarget,
    ChannelType,
    ContactsError,
    ContactTarget,
    ContactType,
    InvalidValueError,
    Plan,
    Stage,
    Violation,
)
from ssm_contacts_sdk._schema.constraints import Between, Count, Text, compiled
from ssm_contacts_sdk._schema.converters import OpenEnum, as_choice, as_tuple
from ssm_contacts_sdk._schema.values import (
    Value,
    check_of,
    record_of,
    rule,
    trusted_constructor,
    violations_of,
)
from ssm_contacts_sdk._schema.violations import raise_violations, violation

ENUMS: list[type[OpenEnum]] = [ContactType, ChannelType, ActivationStatus]


def pickled(protocol: int, value: object) -> Any:
    return pickle.loads(pickle.dumps(value, protocol))  # noqa: S301 - our own


ROUND_TRIPS: list[Callable[[Any], Any]] = [
    copy.copy,
    copy.deepcopy,
    *(partial(pickled, protocol) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)),
]


def found(annotation: Any, value: object) -> list[tuple[str, str]]:
    return [(each.path, each.code) for each in check_of(annotation)(value)]


def rules(annotation: Any, value: object) -> list[str]:
    return [each.rule for each in check_of(annotation)(value)]


# Errors and violations --------------------------------------------------------------------------

ODD = Violation("a", "is odd", "wrong_format")
EVEN = Violation("b", "is even", "wrong_format")


def test_nothing_is_raised_without_violations() -> None:
    raise_violations("Plan", [])
    raise_violations("Plan", iter(()))


def test_all_violations_are_in_one_error() -> None:
    with pytest.raises(InvalidValueError) as caught:
        raise_violations("Plan", iter([ODD]), [EVEN])
    assert caught.value.subject == "Plan"
    assert caught.value.violations == (ODD, EVEN)
    assert str(caught.value) == "Plan: a is odd; b is even"


def test_an_invalid_value_error_is_a_value_error_and_an_error_of_the_package() -> None:
    error = InvalidValueError("Stage", [ODD])
    assert isinstance(error, ContactsError)
    assert isinstance(error, ValueError)


@pytest.mark.parametrize("round_trip", ROUND_TRIPS)
def test_an_invalid_value_error_survives_pickling_and_copying(
    round_trip: Callable[[Any], Any],
) -> None:
    with pytest.raises(InvalidValueError) as caught:
        Stage(duration_in_minutes=31)
    again = round_trip(caught.value)
    assert type(again) is InvalidValueError
    assert again is not caught.value
    assert str(again) == "Stage: duration_in_minutes must be between 0 and 30 (got 31)"
    assert again.subject == "Stage"
    expected = violation("too_large", "must be between 0 and 30 (got 31)", "duration_in_minutes")
    assert again.violations == expected


@pytest.mark.parametrize(
    ("path", "parent", "expected"),
    [
        ("targets[0]", "stages[2]", "stages[2].targets[0]"),
        ("[0].value", "tags", "tags[0].value"),
        ("", "alias", "alias"),
    ],
)
def test_under_puts_the_parent_in_front_of_the_path(path: str, parent: str, expected: str) -> None:
    before = Violation(path, "is odd", "conflict")
    assert before.under(parent) == Violation(expected, "is odd", "conflict")
    assert before == Violation(path, "is odd", "conflict")


# Str --------------------------------------------------------------------------------------------

WORD = Annotated[str, Text(2, 4, "^[a-c]*$", "may contain only the letters a to c")]


@pytest.mark.parametrize("text", ["ab", "abc", "aaaa"])
def test_a_str_of_the_right_length_and_characters_is_valid(text: str) -> None:
    assert found(WORD, text) == []


@pytest.mark.parametrize("length", [0, 1, 5, 1000])
def test_a_message_names_the_length_of_a_str_that_is_too_short_or_too_long(length: int) -> None:
    assert found(WORD, "a" * length) == [("", "too_short" if length < 2 else "too_long")]
    assert rules(WORD, "a" * length) == [f"must have 2 to 4 characters (got {length})"]


@pytest.mark.parametrize("text", ["dd", "aA", "ab\n", "\nab", "a b", "aá", "a\u0430", "ab\0"])
def test_a_str_may_contain_only_what_the_pattern_matches(text: str) -> None:
    assert found(WORD, text) == [("", "wrong_characters")]
    assert rules(WORD, text) == ["may contain only the letters a to c"]


def test_a_str_can_break_both_rules() -> None:
    assert found(WORD, "d") == [("", "too_short"), ("", "wrong_characters")]


@pytest.mark.parametrize(
    ("value", "name"),
    [(None, "NoneType"), (12, "int"), (True, "bool"), (b"ab", "bytes"), ({}, "dict"), ([], "list")],
)
def test_a_message_names_the_type_of_a_value_that_is_not_a_str(value: object, name: str) -> None:
    assert found(WORD, value) == [("", "wrong_type")]
    assert rules(WORD, value) == [f"must be a str (got {name})"]


def test_a_pattern_is_of_ascii_characters_and_matches_the_whole_str() -> None:
    digits = compiled(r"^\d+$").fullmatch
    assert digits("123")
    for text in ("", "12\n", " 12", "12a", "\u0661\u0662", "\uff11"):
        assert not digits(text)


def test_a_pattern_that_is_not_checked_is_only_declared() -> None:
    declared = Text(0, 9, "^[a-c]*$", checks_pattern=False)
    assert found(Annotated[str, declared], "xyz") == []
    assert declared.aws_pattern == "^[a-c]*$"


NAME = compiled(r"^[\p{L}\p{Z}\p{N}_.\-]*$").fullmatch
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
    assert NAME(text)


@pytest.mark.parametrize("text", NOT_LETTERS)
def test_controls_signs_and_lone_marks_are_neither_letters_nor_spaces(text: str) -> None:
    assert not NAME(text)
    assert not NAME(f"Akua{text}")
    assert not NAME(f"{text}Akua")


def test_a_letter_with_an_accent_is_one_character_and_not_a_letter_with_a_mark() -> None:
    assert NAME("é")
    assert not NAME("e\u0301")


def test_a_class_of_letters_is_that_of_unicode_for_every_character() -> None:
    wrong = [
        character
        for character in map(chr, range(sys.maxunicode + 1))
        if bool(NAME(character)) != (category(character)[0] in "LZN" or character in "_.-")
    ]
    assert wrong == []


# Int --------------------------------------------------------------------------------------------

SMALL = Annotated[int, Between(3, 5)]


@pytest.mark.parametrize("value", [3, 4, 5])
def test_an_int_in_range_is_valid(value: int) -> None:
    assert found(SMALL, value) == []


@pytest.mark.parametrize("value", [2, 6, 0, -1, 9_999, -9_999], ids=lambda value: f"{value}")
def test_a_message_shows_an_int_that_is_out_of_range(value: int) -> None:
    assert found(SMALL, value) == [("", "too_small" if value < 3 else "too_large")]
    assert rules(SMALL, value) == [f"must be between 3 and 5 (got {value})"]
    assert rules(Annotated[int, Between(1)], 0) == ["must be at least 1 (got 0)"]


@pytest.mark.parametrize(
    "value",
    [10_000, -10_000, int(CODE), int(PHONE), 10**5_000, -(10**5_000)],
    ids=["big", "small", "code", "phone", "huge", "tiny"],
)
def test_a_message_never_shows_an_int_as_long_as_a_phone_number(value: int) -> None:
    assert rules(SMALL, value) == ["must be between 3 and 5"]


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
def test_a_message_names_the_type_of_a_value_that_is_not_an_int(value: object, name: str) -> None:
    assert found(SMALL, value) == [("", "wrong_type")]
    assert rules(SMALL, value) == [f"must be an int (got {name})"]


@given(st.integers(), st.integers(), st.integers())
def test_exactly_the_ints_of_the_range_are_valid(value: int, a: int, b: int) -> None:
    least, most = sorted((a, b))
    assert bool(Between(least, most).check(value)) == (value not in range(least, most + 1))


@pytest.mark.parametrize("value", [True, False])
def test_a_bool_is_a_bool(value: object) -> None:
    assert found(bool, value) == []


@pytest.mark.parametrize("value", [0, 1, None, "True"])
def test_nothing_else_is_a_bool(value: object) -> None:
    assert found(bool, value) == [("", "wrong_type")]


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


def test_a_known_str_becomes_its_member_and_other_values_are_unchanged() -> None:
    plain: Any = "SMS"
    assert as_choice(ChannelType, plain) is ChannelType.SMS
    left: list[Any] = [ChannelType.SMS, ContactType.PERSONAL, None, 5, OtherEnum.SMS, {}]
    for value in left:
        assert as_choice(ChannelType, value) is value


@pytest.mark.parametrize("member", list(ChannelType))
def test_a_known_word_is_a_choice(member: ChannelType) -> None:
    assert found(ChannelType, member) == []


@pytest.mark.parametrize("word", ["FAX", "", "sms", PHONE])
def test_an_unknown_word_is_rejected_and_not_repeated(word: str) -> None:
    assert found(ChannelType, ChannelType(word)) == [("", "unknown_choice")]
    assert rules(ChannelType, ChannelType(word)) == ["must be one of SMS, VOICE, EMAIL"]


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
def test_a_value_of_another_type_is_not_a_choice(value: object, name: str) -> None:
    assert found(ChannelType, value) == [("", "wrong_type")]
    assert rules(ChannelType, value) == [f"must be a ChannelType (got {name})"]


# Parts, optional values and lists ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "name"), [(None, "NoneType"), ({}, "dict"), ("", "str"), (Stage, "type")]
)
def test_a_message_names_all_the_types_that_a_part_may_have(value: object, name: str) -> None:
    assert rules(Stage, value) == [f"must be a Stage (got {name})"]
    both = "must be a ChannelTarget or a ContactTarget"
    assert rules(Union[ChannelTarget, ContactTarget], value) == [f"{both} (got {name})"]


def test_a_builder_in_place_of_a_plan_is_rejected_with_a_hint() -> None:
    rule_of_it = "must be a Plan (got EngagementPlan): call .build()"
    assert rules(Plan, Plan.engagement()) == [rule_of_it]


def test_a_valid_part_has_no_violations() -> None:
    assert found(Stage, Stage(duration_in_minutes=1)) == []


OPTIONAL: list[Any] = [Annotated[int | None, Between(3, 5)], Optional[SMALL]]


@pytest.mark.parametrize("annotation", OPTIONAL)
def test_a_constraint_applies_to_an_optional_value_in_both_spellings(annotation: Any) -> None:
    assert found(annotation, None) == []
    assert found(annotation, 4) == []
    assert found(annotation, 6) == [("", "too_large")]
    assert found(annotation, "4") == [("", "wrong_type")]


def test_the_items_of_a_list_are_named_by_their_index() -> None:
    annotation = Annotated[tuple[Annotated[int, Between(3, 5)], ...], Count(1, 3, "numbers")]
    assert found(annotation, (3, 4)) == []
    assert found(annotation, (3, 9, "x")) == [("[1]", "too_large"), ("[2]", "wrong_type")]
    assert found(annotation, ()) == [("", "too_few")]
    assert found(annotation, (3, 3, 3, 9)) == [("", "too_many"), ("[3]", "too_large")]
    assert rules(annotation, (3,) * 4) == ["must have 1 to 3 numbers (got 4)"]
    assert rules(annotation, 5) == ["must be a list of numbers (got int)"]
    assert rules(tuple[Stage, ...], None) == ["must be a list of Stage (got NoneType)"]
    assert rules(Annotated[tuple[int, ...], Count(1, items="hand-offs")], ()) == [
        "must have at least 1 hand-off (got 0)"
    ]


@pytest.mark.parametrize(
    "values", [[1, 2], (1, 2), iter([1, 2]), (n for n in (1, 2)), reversed([2, 1]), map(int, "12")]
)
def test_lists_tuples_and_iterators_become_tuples(values: Any) -> None:
    assert as_tuple(values) == (1, 2)


@pytest.mark.parametrize("values", ["12", b"12", {1: 2}, {1, 2}, deque([1, 2]), None, 5, range(2)])
def test_a_value_that_is_not_a_list_is_unchanged_so_that_the_check_rejects_it(values: Any) -> None:
    assert as_tuple(values) is values


# Values -----------------------------------------------------------------------------------------


def _inner_kept(value: object) -> Any:
    return value


@frozen(kw_only=True)
class Inner(Value):
    number: Annotated[int, Between(0, 9)] = 5


@frozen(kw_only=True)
class Outer(Value):
    first: int
    second: int = field(default=2, converter=_inner_kept)
    inner: Inner = Inner()
    inners: tuple[Inner, ...] = ()

    @rule("first", "second")
    def _rises(self) -> Iterator[Violation]:
        if self.second < self.first:
            yield from violation("conflict", "must not be less than first", "second")

    @rule("inner")
    def _inner_is_not_seven(self) -> Sequence[Violation]:
        return violation("conflict", "must not be 7", "inner") if self.inner.number == 7 else ()


@frozen(kw_only=True)
class Extended(Outer):
    last: int

    @rule()
    def _rises(self) -> Iterator[Violation]:
        return iter(())


def codes(make: Callable[..., object], **given_fields: object) -> list[tuple[str, str]]:
    with pytest.raises(InvalidValueError) as caught:
        make(**given_fields)
    return [(each.path, each.code) for each in caught.value.violations]


def test_a_rule_is_checked_only_if_its_fields_are_valid() -> None:
    assert codes(Outer, first=3) == [("second", "conflict")]
    assert codes(Outer, first="3") == [("first", "wrong_type")]
    assert codes(Outer, first=3, inner=Inner(number=7)) == [
        ("second", "conflict"),
        ("inner", "conflict"),
    ]


def test_violations_are_in_the_order_of_the_fields() -> None:
    assert codes(Outer, first=3, inners=5) == [("second", "conflict"), ("inners", "wrong_type")]


def test_a_rule_of_a_subclass_replaces_that_of_its_base() -> None:
    assert Extended(first=3, last=4).second == 2
    assert codes(Extended, first=1, last=None) == [("last", "wrong_type")]


def test_a_trusted_constructor_neither_checks_nor_converts() -> None:
    made: Any = trusted_constructor(Outer)(first="x", inner=None)
    assert (made.first, made.second, made.inner, made.inners) == ("x", 2, None, ())
    with pytest.raises(TypeError):
        trusted_constructor(Outer)()
    with pytest.raises(TypeError):
        trusted_constructor(Outer)(first=1, mistyped=2)


def test_the_frames_of_a_trusted_constructor_belong_to_the_package() -> None:
    # Error reporters show no variables of such frames: see _privacy.
    constructor: Any = trusted_constructor(Inner)
    assert constructor.__globals__["__name__"].startswith("ssm_contacts_sdk.")


def test_a_value_that_was_read_is_checked_as_a_part_and_when_it_is_sent() -> None:
    read = trusted_constructor(Inner)(number=10)
    assert codes(Outer, first=1, inner=read) == [("inner.number", "too_large")]
    assert codes(Outer, first=1, inners=(Inner(), read)) == [("inners[1].number", "too_large")]
    assert found(Inner, read) == [("number", "too_large")]


class _Counted(Between):
    calls = 0

    def check(self, value: Any, /) -> Sequence[Violation]:
        self.calls += 1
        return super().check(value)


COUNTED = _Counted(0, 9)


@frozen(kw_only=True)
class CountedInner(Value):
    number: Annotated[int, COUNTED] = 5


def test_a_value_is_not_checked_again_after_it_passed() -> None:
    built, read = CountedInner(), trusted_constructor(CountedInner)(number=1)
    assert violations_of(read) == ()
    calls = COUNTED.calls
    assert calls > 0
    for value in (built, read):
        assert violations_of(value) == ()
        assert found(tuple[CountedInner, ...], (value, value)) == []
    assert COUNTED.calls == calls
    assert violations_of(CountedInner(number=2)) == ()
    assert COUNTED.calls == calls + 1


@pytest.mark.parametrize("round_trip", [copy.copy, copy.deepcopy, evolve])
def test_a_copy_is_checked_like_the_value_itself(round_trip: Callable[[Any], Any]) -> None:
    assert violations_of(round_trip(Inner())) == ()
    wrong = trusted_constructor(Inner)(number=10)
    if round_trip is evolve:
        assert codes(lambda: evolve(wrong)) == [("number", "too_large")]
    else:
        assert found(Inner, round_trip(wrong)) == [("number", "too_large")]


def test_a_record_has_the_fields_of_the_value_that_was_sent_and_others() -> None:
    sent = Outer(first=1, second=7)
    record = record_of(Extended, sent, last=9)
    assert record == Extended(first=1, second=7, last=9)
    assert record_of(Extended, record, last=10).last == 10
