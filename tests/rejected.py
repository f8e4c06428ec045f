"""The violations of an InvalidValueError, for tests that compare codes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ssm_contacts_sdk import InvalidValueError


def violations_of(act: Callable[[], object]) -> list[tuple[str, str]]:
    """Return path and code of each violation of the error that `act` raises."""
    with pytest.raises(InvalidValueError) as caught:
        act()
    return [(violation.path, violation.code) for violation in caught.value.violations]
