"""The fields of a class in words, as the tables of the documentation have them."""

from __future__ import annotations

from pathlib import Path

import make_fields
import pytest

from ssm_contacts_sdk import Channel, ContactTarget, Plan, Stage
from ssm_contacts_sdk._schema.descriptions import FieldDescription, describe


def test_a_field_is_described_by_name_type_rule_and_whether_it_is_required() -> None:
    assert describe(Stage) == [
        FieldDescription(
            "duration_in_minutes", "DurationInMinutes", "int", "between 0 and 30", is_required=True
        ),
        FieldDescription(
            "targets", "Targets", "list of ChannelTarget or ContactTarget", "", is_required=False
        ),
    ]
    assert describe(Plan)[1] == FieldDescription(
        "rotation_ids",
        "RotationIds",
        "list of str, or None",
        "at most 25 rotations; each the ARN of a rotation",
        is_required=False,
    )


def test_a_field_of_a_structure_with_one_member_has_the_names_of_both() -> None:
    assert describe(Channel)[2].aws_name == "DeliveryAddress.SimpleAddress"


def test_the_words_of_a_choice_are_its_rule() -> None:
    assert describe(Channel)[1].rule == "one of SMS, VOICE, EMAIL"
    assert [field.is_required for field in describe(ContactTarget)] == [True, True]


@pytest.mark.parametrize("page", make_fields.pages(), ids=lambda page: page.name)
def test_the_tables_of_the_pages_are_those_of_the_declarations(page: Path) -> None:
    written = page.read_text(encoding="utf-8")
    assert make_fields.written(written) == written, "run python docs/make_fields.py"


def test_each_value_that_users_describe_has_a_table() -> None:
    tables = [
        name
        for page in make_fields.pages()
        for name, _ in make_fields.TABLE.findall(page.read_text(encoding="utf-8"))
    ]
    assert sorted(tables) == [
        *("Channel", "ChannelTarget", "Contact", "ContactTarget", "MonthlySetting", "Override"),
        *("Plan", "Recurrence", "Rotation", "ShiftCoverage", "Stage", "WeeklySetting"),
    ]
