"""A pytest plugin that fails a test if an error or a log line has a private value of `sentinels`.

That includes what error reporters record: the variables in the frames of the package. It is a
plugin, because an automatic fixture is set up again for each test, which takes longer than most
tests.
"""

from __future__ import annotations

import linecache
import logging
from collections.abc import Generator
from typing import Any

import pytest
from sentinels import has_left_the_package, private_values_in, recorded_of, texts_of

from ssm_contacts_sdk._errors import ContactsError


class _Records(logging.Handler):
    """The log records of the current test."""

    def __init__(self) -> None:
        super().__init__()
        self.emitted: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.emitted.append(record)


_records = _Records()
_errors: list[ContactsError] = []


def _new(cls: type[ContactsError], *args: Any, **_: Any) -> ContactsError:
    # Some are subclasses of other built-in exceptions, which have their own constructors.
    error = super(ContactsError, cls).__new__(cls, *args)
    _errors.append(error)
    return error


def _check_no_file(_: str | None = None) -> None: ...


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop() -> Generator[None, object, object]:
    """Keep the errors and the log records of all tests."""
    root, package = logging.getLogger(), logging.getLogger("ssm_contacts_sdk")
    level = package.level
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ContactsError, "__new__", _new)
        package.setLevel(logging.DEBUG)
        root.addHandler(_records)
        try:
            return (yield)
        finally:
            root.removeHandler(_records)
            package.setLevel(level)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown() -> Generator[None, object, object]:
    """Search those of a test after its teardown."""
    try:
        return (yield)
    finally:
        errors, records = _errors[:], _records.emitted[:]
        _errors.clear()
        _records.emitted.clear()
        logged = [logging.Formatter().format(record) for record in records]
        with pytest.MonkeyPatch.context() as patch:
            # No source changes while tests run, so nothing asks for the times of its files.
            patch.setattr(linecache, "checkcache", _check_no_file)
            shown = [*logged, *(text for error in errors for text in texts_of(error))]
        assert private_values_in(*shown) == []
        recorded = [
            text for error in errors if has_left_the_package(error) for text in recorded_of(error)
        ]
        assert private_values_in(*recorded) == []
