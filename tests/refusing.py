"""Wrong arguments, which a method tells of all at once, with nothing sent."""

from __future__ import annotations

from operator import attrgetter
from typing import Any

import pytest

from ssm_contacts_sdk import ContactsClient, InvalidValueError
from ssm_contacts_sdk.local import LocalService

Wrong = list[tuple[str, tuple[Any, ...], dict[str, Any], list[str]]]
"""A method of the client, its arguments, and how each of the violations begins."""


def assert_refused(
    method: str, arguments: tuple[Any, ...], named: dict[str, Any], told: list[str]
) -> None:
    """The method refuses its arguments with these violations, and has sent nothing."""
    service = LocalService()
    client: ContactsClient = service.client()
    act = attrgetter(method)(client)
    with pytest.raises(InvalidValueError) as caught:
        act(*arguments, **named)
    assert caught.value.subject == method
    violations = [str(violation) for violation in caught.value.violations]
    assert len(violations) == len(told)
    assert all(
        violation.startswith(start) for violation, start in zip(violations, told, strict=True)
    )
    assert service.requests == ()
