from __future__ import annotations

from collections.abc import Callable

import pytest

from ssm_contacts_sdk import InvalidValueError


@pytest.fixture(scope="session")
def refused() -> Callable[..., list[tuple[str, str]]]:
    """Builds what must be refused, and gives path and rule of each violation."""

    def call(make: Callable[..., object], *args: object, **given: object) -> list[tuple[str, str]]:
        with pytest.raises(InvalidValueError) as caught:
            make(*args, **given)
        error = caught.value
        told = "; ".join(f"{violation.path} {violation.rule}" for violation in error.violations)
        assert str(error) == f"{error.subject}: {told}"
        return [(violation.path, violation.rule) for violation in error.violations]

    return call
