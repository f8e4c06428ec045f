"""Wrong arguments: a method reports all violations at once, and sends nothing."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any

import pytest

from ssm_contacts_sdk import ContactsClient, InvalidValueError
from ssm_contacts_sdk.local import LocalService

Wrong = list[tuple[str, tuple[Any, ...], dict[str, Any], list[tuple[str, str]]]]
"""A method of the client, its arguments, and path and code of each violation."""


def broken(error: InvalidValueError) -> list[tuple[str, str]]:
    """Return path and code of each violation."""
    return [(each.path, each.code) for each in error.violations]


def violations_of(call: Callable[[], object]) -> list[tuple[str, str]]:
    """Return path and code of each violation of the error that a call raises."""
    with pytest.raises(InvalidValueError) as caught:
        call()
    return broken(caught.value)


def assert_rejected(
    method: str, arguments: tuple[Any, ...], named: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    """Assert that the method raises an error with these violations, and sends nothing."""
    service = LocalService()
    client: ContactsClient = service.client()
    call = attrgetter(method)(client)
    with pytest.raises(InvalidValueError) as caught:
        call(*arguments, **named)
    assert caught.value.subject == method
    assert broken(caught.value) == found
    assert service.requests == ()
