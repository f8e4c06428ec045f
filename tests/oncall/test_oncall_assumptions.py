"""Assumptions about what AWS does not document."""

from __future__ import annotations

from typing import Any, get_args

import attrs
import pytest

from ssm_contacts_sdk import InvalidValueError, OnCallAssumptions
from ssm_contacts_sdk.local import Assumptions

OPTIONS = {field.name: get_args(field.type) for field in attrs.fields(OnCallAssumptions)}


@pytest.mark.parametrize("option", OPTIONS)
def test_an_option_may_be_each_of_its_choices(option: str) -> None:
    assert getattr(OnCallAssumptions(), option) == OPTIONS[option][0]
    for choice in OPTIONS[option]:
        options: dict[str, Any] = {option: choice}
        assert getattr(OnCallAssumptions(**options), option) == choice


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("given", ["something", "", None, 1, ["first"]])
def test_an_option_must_be_one_of_its_choices(option: str, given: Any) -> None:
    options: dict[str, Any] = {option: given}
    with pytest.raises(InvalidValueError) as caught:
        OnCallAssumptions(**options)
    (violation,) = caught.value.violations
    assert (violation.path, violation.code) == (option, "unknown_choice")
    assert all(repr(choice) in violation.rule for choice in OPTIONS[option])


@pytest.mark.parametrize(("option", "given"), [("first_stage_index", True), ("first_region", 1)])
def test_an_equal_value_of_another_type_is_not_a_choice(option: str, given: Any) -> None:
    options: dict[str, Any] = {option: given}
    with pytest.raises(InvalidValueError) as caught:
        Assumptions(**options)
    assert [(each.path, each.code) for each in caught.value.violations] == [
        (option, "unknown_choice")
    ]
