"""Assumptions about what AWS does not document."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from ssm_contacts_sdk._errors import InvalidValueError
from ssm_contacts_sdk._oncall.assumptions import OnCallAssumptions

OPTIONS = [field.name for field in attrs.fields(OnCallAssumptions)]


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("given", ["something", "", None, 1, ["first"]])
def test_an_option_must_be_one_of_its_choices(option: str, given: Any) -> None:
    options: dict[str, Any] = {option: given}
    with pytest.raises(InvalidValueError) as caught:
        OnCallAssumptions(**options)
    (violation,) = caught.value.violations
    assert violation.path == option
    assert violation.rule.startswith("must be one of ")
    assert repr(getattr(OnCallAssumptions(), option)) in violation.rule
