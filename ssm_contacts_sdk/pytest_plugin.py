"""Fixtures of pytest for code that talks to ``ssm-contacts``.

pytest finds them by itself where this package is installed. Nothing of the package is loaded before
a test asks for one.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ssm_contacts_sdk.client import ContactsClient
    from ssm_contacts_sdk.local import LocalClock, LocalService

_SERVICE: pytest.StashKey[LocalService] = pytest.StashKey()


@pytest.fixture
def contacts_service(request: pytest.FixtureRequest) -> LocalService:
    """AWS's ``ssm-contacts``, embedded, new for each test.

    When the test fails, what was asked of the service is shown. Write a fixture of this name
    yourself to have one with other settings, and hand it to `show_requests`.
    """
    from ssm_contacts_sdk.local import LocalService  # noqa: PLC0415 - see the module

    service = LocalService()
    show_requests(request.node, service)
    return service


@pytest.fixture
def contacts_client(contacts_service: LocalService) -> Iterator[ContactsClient]:
    """A client of this package that `contacts_service` answers. Its retries take no time."""
    with contacts_service.client() as client:
        yield client


@pytest.fixture
def contacts_clock(contacts_service: LocalService) -> LocalClock:
    """The clock of `contacts_service`, which stands still until it is moved."""
    return contacts_service.clock


@pytest.fixture
def contacts_everywhere(
    contacts_service: LocalService, monkeypatch: pytest.MonkeyPatch
) -> Iterator[LocalService]:
    """`contacts_service`, for clients too that the tested code makes with boto3 by itself.

    They find a Region and credentials in the environment, for boto3 wants some.
    """
    for name, value in (
        ("AWS_ACCESS_KEY_ID", "local"),
        ("AWS_SECRET_ACCESS_KEY", "local"),
        ("AWS_DEFAULT_REGION", contacts_service.region_name),
    ):
        monkeypatch.setenv(name, value)
    with contacts_service.answering():
        yield contacts_service


def show_requests(node: pytest.Item, service: LocalService) -> None:
    """Show what was asked of `service` if the test `node` fails.

    For fixtures of your own: ``show_requests(request.node, service)``.
    """
    node.stash[_SERVICE] = service


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add the transcript to the report of a failed test."""
    report = yield
    service = item.stash.get(_SERVICE, None)
    if report.failed and service is not None:
        report.sections.append(("Requests to ssm-contacts", service.transcript()))
    return report
