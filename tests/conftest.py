from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from sentinels import has_left_the_package, private_values_in, recorded_of, texts_of

from ssm_contacts_sdk import ContactsClient
from ssm_contacts_sdk._errors import ContactsError
from ssm_contacts_sdk.local import LocalService


@pytest.fixture
def service() -> LocalService:
    return LocalService()


@pytest.fixture
def client(service: LocalService) -> ContactsClient:
    """Return a client that waits on the service's clock, which takes no time."""
    return service.client()


@pytest.fixture(autouse=True)
def nothing_private_is_shown(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """Fail a test that creates an error or a log line with a private value.

    That includes what error reporters record: the variables in the frames of the package.
    """
    errors: list[ContactsError] = []

    def new(cls: type[ContactsError], *args: Any, **_: Any) -> ContactsError:
        # Some are subclasses of other built-in exceptions, which have their own constructors.
        error = super(ContactsError, cls).__new__(cls, *args)
        errors.append(error)
        return error

    monkeypatch.setattr(ContactsError, "__new__", new)
    caplog.set_level(logging.DEBUG, logger="ssm_contacts_sdk")
    yield
    # `caplog.records` would be those of the teardown, which has begun.
    logged = [logging.Formatter().format(record) for record in caplog.get_records("call")]
    shown = [*logged, *(text for error in errors for text in texts_of(error))]
    assert private_values_in(*shown) == []
    recorded = [
        text for error in errors if has_left_the_package(error) for text in recorded_of(error)
    ]
    assert private_values_in(*recorded) == []
