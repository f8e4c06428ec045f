from __future__ import annotations

from collections.abc import Callable

import pytest

from ssm_contacts_sdk import InvalidValueError


@pytest.fixture(scope="session")
def rejected() -> Callable[..., list[tuple[str, str]]]:
    """Return a function that returns path and code of each violation of a call."""

    def call(make: Callable[..., object], *args: object, **given: object) -> list[tuple[str, str]]:
        with pytest.raises(InvalidValueError) as caught:
            make(*args, **given)
        error = caught.value
        rules = "; ".join(f"{violation.path} {violation.rule}" for violation in error.violations)
        assert str(error) == f"{error.subject}: {rules}"
        return [(violation.path, violation.code) for violation in error.violations]

    return call
