"""Each choice accepts a plain str too, and its type lists the values of the enumeration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import pytest

from ssm_contacts_sdk import (
    AcceptCodeValidation,
    AcceptType,
    ActivationStatus,
    Channel,
    ChannelType,
    Contact,
    ContactType,
    DayOfWeek,
    ReceiptType,
    ShiftType,
    WeeklySetting,
)
from ssm_contacts_sdk._models import channels, contacts, engagements, recurrence_parts, rotations
from ssm_contacts_sdk._schema.converters import OpenEnum

WORDS: list[tuple[type[OpenEnum], Any]] = [
    (AcceptCodeValidation, engagements.AcceptCodeValidationName),
    (AcceptType, engagements.AcceptTypeName),
    (ActivationStatus, channels.ActivationStatusName),
    (ChannelType, channels.ChannelTypeName),
    (ContactType, contacts.ContactTypeName),
    (DayOfWeek, recurrence_parts.DayName),
    (ReceiptType, engagements.ReceiptTypeName),
    (ShiftType, rotations.ShiftTypeName),
]


@pytest.mark.parametrize(("enum", "words"), WORDS, ids=[each.__name__ for each, _ in WORDS])
def test_the_type_of_the_plain_words_lists_those_of_the_enumeration(
    enum: type[OpenEnum], words: Any
) -> None:
    assert get_args(words) == tuple(word.value for word in enum)


def test_every_enumeration_of_the_models_has_a_type_of_its_words() -> None:
    assert {enum for enum, _ in WORDS} == {
        each for each in OpenEnum.__subclasses__() if each.__module__ == "ssm_contacts_sdk"
    }


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda: Contact(alias="akuam", type="PERSONAL").type, ContactType.PERSONAL),
        (
            lambda: Channel(name="a", type="EMAIL", delivery_address="a@b").type,
            ChannelType.EMAIL,
        ),
        (lambda: WeeklySetting("MON", "09:00").day_of_week, DayOfWeek.MON),
    ],
)
def test_a_plain_word_becomes_the_member(make: Callable[[], OpenEnum], expected: OpenEnum) -> None:
    assert make() is expected
