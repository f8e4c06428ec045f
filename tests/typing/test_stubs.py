"""The keys and the words of the TypedDicts of mypy-boto3-ssm-contacts are those of the values."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from mypy_boto3_ssm_contacts import literals
from stub_uses import FULL, typed_dict

from ssm_contacts_sdk import (
    AcceptCodeValidation,
    AcceptType,
    ActivationStatus,
    ChannelType,
    ContactType,
    DayOfWeek,
    ReceiptType,
    ShiftType,
)

# Members that are arguments of a method, and not fields of a value.
ARGUMENTS = {
    "CreateContactRequest": {"IdempotencyToken", "Tags"},
    "CreateContactChannelRequest": {"DeferActivation", "IdempotencyToken"},
    "CreateRotationRequest": {"IdempotencyToken", "Tags"},
    "CreateRotationOverrideRequest": {"IdempotencyToken"},
}
WORDS = {
    AcceptCodeValidation: literals.AcceptCodeValidationType,
    AcceptType: literals.AcceptTypeType,
    ActivationStatus: literals.ActivationStatusType,
    ChannelType: literals.ChannelTypeType,
    ContactType: literals.ContactTypeType,
    DayOfWeek: literals.DayOfWeekType,
    ReceiptType: literals.ReceiptTypeType,
    ShiftType: literals.ShiftTypeType,
}


@pytest.mark.parametrize("words", WORDS)
def test_every_literal_is_a_word_and_every_word_a_literal(words: Any) -> None:
    assert {word.value for word in words} == set(get_args(WORDS[words]))


@pytest.mark.parametrize("name", sorted({name for name, _ in FULL}))
def test_every_key_of_the_stubs_is_written_or_an_argument(name: str) -> None:
    written = {key for other, each in FULL if other == name for key in each}
    keys = set(typed_dict(name).__annotations__)
    assert keys == written | ARGUMENTS.get(name, set())
