from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sentinels import EMAIL, PHONE

from ssm_contacts_sdk import Contact, ContactsClient, ContactType
from ssm_contacts_sdk._models.arguments import Tags
from ssm_contacts_sdk._schema.values import check_of

Rejected = Callable[..., list[tuple[str, str]]]

KEY_LETTERS = ("tags[0].key", "wrong_characters")
VALUE_LETTERS = (
    "tags[0].value",
    "wrong_characters",
)
KEY_ALPHABET = "abcXYZ019\\/_+=-"


def violations(tags: object) -> list[tuple[str, str]]:
    found = (violation.under("tags") for violation in check_of(Tags)(tags))
    return [(violation.path, violation.code) for violation in found]


@pytest.mark.parametrize("count", [0, 1, 49, 50])
def test_a_contact_has_up_to_50_tags(count: int) -> None:
    assert violations({f"key-{number}": "value" for number in range(count)}) == []


@pytest.mark.parametrize("count", [51, 100])
def test_a_contact_has_no_more_tags(count: int) -> None:
    assert violations({f"key-{number}": "value" for number in range(count)}) == [
        ("tags", "too_many")
    ]


@pytest.mark.parametrize("key", ["k", "Team", "cost/centre", "a\\b_c+d=e-f", "0", "k" * 128])
def test_a_key_is_of_letters_digits_and_six_signs(key: str) -> None:
    assert violations({key: "v"}) == []


@pytest.mark.parametrize("length", [0, 129, 1000])
def test_a_key_has_1_to_128_characters(length: int) -> None:
    assert violations({"k" * length: "v"}) == [
        ("tags[0].key", "too_long" if length else "too_short")
    ]


@pytest.mark.parametrize(
    "key", ["a b", "aws:team", "a.b", "a@b", "a\n", "é", "\u0430", "\u0661", "🔥", EMAIL]
)
def test_a_key_may_contain_nothing_else(key: str) -> None:
    assert violations({key: "v"}) == [KEY_LETTERS]


@pytest.mark.parametrize(
    "value",
    [
        "v",
        "Web team 1",
        "Łucja",
        "山田 太郎",
        "محمد",
        "_.:/=+-@",
        EMAIL,
        PHONE,
        "é" * 256,
        "𠮷" * 256,
    ],
)
def test_a_value_is_of_the_letters_of_every_script_and_eight_signs(value: str) -> None:
    assert violations({"k": value}) == []


@pytest.mark.parametrize("length", [0, 257, 1000])
def test_a_value_has_1_to_256_characters(length: int) -> None:
    assert violations({"k": "v" * length}) == [
        ("tags[0].value", "too_long" if length else "too_short")
    ]


@pytest.mark.parametrize("value", ["a\n", "a\tb", "a\\b", "a,b", "it's", "e\u0301", "🔥", "\0"])
def test_a_value_may_contain_nothing_else(value: str) -> None:
    assert violations({"k": value}) == [VALUE_LETTERS]


@pytest.mark.parametrize(
    ("tags", "name"),
    [
        (None, "NoneType"),
        (5, "int"),
        (True, "bool"),
        ("k=v", "str"),
        ([("k", "v")], "list"),
        ([{"Key": "k", "Value": "v"}], "list"),
        ({"k"}, "set"),
    ],
)
def test_tags_are_a_mapping(tags: object, name: str) -> None:
    assert violations(tags) == [("tags", "wrong_type")]


@pytest.mark.parametrize(
    "tags", [{}, {"k": "v"}, MappingProxyType({"k": "v"}), ChainMap({"k": "v"}, {"l": "w"})]
)
def test_tags_are_any_mapping(tags: object) -> None:
    assert violations(tags) == []


def test_keys_and_values_are_strs() -> None:
    assert violations({5: None, None: True, ("k",): {}}) == [
        ("tags[0].key", "wrong_type"),
        ("tags[0].value", "wrong_type"),
        ("tags[1].key", "wrong_type"),
        ("tags[1].value", "wrong_type"),
        ("tags[2].key", "wrong_type"),
        ("tags[2].value", "wrong_type"),
    ]


def test_all_violations_of_tags_are_reported_at_once_by_position() -> None:
    tags = {f"key-{number}": "value" for number in range(49)}
    assert violations({**tags, "a b": "", "c" * 129: "\n"}) == [
        ("tags", "too_many"),
        ("tags[49].key", KEY_LETTERS[1]),
        ("tags[49].value", "too_short"),
        ("tags[50].key", "too_long"),
        ("tags[50].value", VALUE_LETTERS[1]),
    ]


@pytest.mark.parametrize("private", [f"{PHONE}!", f"{EMAIL}!"])
def test_a_tag_that_is_rejected_is_never_repeated(private: str) -> None:
    assert violations({private: private}) == [KEY_LETTERS, VALUE_LETTERS]


@given(
    st.dictionaries(
        st.text(KEY_ALPHABET, min_size=1, max_size=128),
        st.text(
            st.characters(categories=["L", "Z", "N"], include_characters="_.:/=+-@"),
            min_size=1,
            max_size=256,
        ),
        max_size=50,
    )
)
def test_all_tags_of_such_letters_are_valid(tags: dict[str, str]) -> None:
    assert violations(tags) == []


@given(
    st.text(KEY_ALPHABET, max_size=5),
    st.characters(categories=["P", "S", "Z", "C", "M"], exclude_characters=KEY_ALPHABET),
    st.text(KEY_ALPHABET, max_size=5),
)
def test_one_other_character_anywhere_in_a_key_is_rejected(
    before: str, other: str, after: str
) -> None:
    assert violations({before + other + after: "v"}) == [KEY_LETTERS]


def test_a_contact_is_not_created_with_wrong_tags(
    rejected: Rejected, client: ContactsClient
) -> None:
    contact = Contact(alias="akuam", type=ContactType.PERSONAL)
    wrong: Any = {"a b": "v"}
    assert rejected(client.contacts.create, contact, tags=wrong) == [KEY_LETTERS]
    assert list(client.contacts.list()) == []
    assert client.contacts.create(contact, tags={"team": "web"}).alias == "akuam"
