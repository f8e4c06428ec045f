from __future__ import annotations

import logging
from collections.abc import Iterator
from traceback import format_exception
from typing import Any

import pytest
from sentinels import PRIVATE

from ssm_contacts_sdk import ContactsClient
from ssm_contacts_sdk.errors import ContactsError
from ssm_contacts_sdk.local import LocalService


@pytest.fixture
def service() -> LocalService:
    return LocalService()


@pytest.fixture
def client(service: LocalService) -> ContactsClient:
    """A client whose retries wait on the service's clock, so not at all."""
    return service.client()


@pytest.fixture(autouse=True)
def nothing_private_is_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """Fails the test that made an error or a log line with a private value in it."""
    made: list[ContactsError] = []

    def new(cls: type[ContactsError], *args: Any, **_: Any) -> ContactsError:
        error = Exception.__new__(cls, *args)
        made.append(error)
        return error

    monkeypatch.setattr(ContactsError, "__new__", new)
    caplog.set_level(logging.DEBUG, logger="ssm_contacts_sdk")
    yield
    told = [caplog.text]
    for error in made:
        told += [str(error), repr(error), "".join(format_exception(error))]
    for text in told:
        assert not [private for private in PRIVATE if private in text]
