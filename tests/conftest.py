from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from sentinels import has_got_out, recorded_of, texts_of, told_by

from ssm_contacts_sdk import ContactsClient
from ssm_contacts_sdk._errors import ContactsError
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
    """Fails the test that made an error or a log line with a private value in it.

    That includes what error reporters record: the variables of the package's frames.
    """
    made: list[ContactsError] = []

    def new(cls: type[ContactsError], *args: Any, **_: Any) -> ContactsError:
        # Some are of other built-in kinds as well, which have a way of their own to be made.
        error = super(ContactsError, cls).__new__(cls, *args)
        made.append(error)
        return error

    monkeypatch.setattr(ContactsError, "__new__", new)
    caplog.set_level(logging.DEBUG, logger="ssm_contacts_sdk")
    yield
    # By now the fixture's own text is that of the teardown.
    logged = [logging.Formatter().format(record) for record in caplog.get_records("call")]
    told = [*logged, *(text for error in made for text in texts_of(error))]
    assert told_by(*told) == []
    recorded = [text for error in made if has_got_out(error) for text in recorded_of(error)]
    assert told_by(*recorded) == []
