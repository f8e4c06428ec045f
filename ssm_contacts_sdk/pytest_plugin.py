"""Fixtures of pytest for code that talks to ``ssm-contacts``.

pytest finds them by itself where this package is installed. Nothing of the package is loaded before
a test asks for one.

pytest loads this module in every project that has the package installed, so an import that fails
would stop a whole test suite. When it is loaded, it uses only what pytest 6.2 and pluggy 0.12
have: `pytest.fixture`, and `pytest.hookimpl` with ``hookwrapper``.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    import pluggy

    from ssm_contacts_sdk._client import ContactsClient
    from ssm_contacts_sdk.local import LocalClock, LocalService
    from ssm_contacts_sdk.local._patching import Relay

# Attributes of the test's node: pytest has a stash for this only since 7.0.
_SERVICE = "_ssm_contacts_service"
# How many requests the fixtures made.
_SET_UP = "_ssm_contacts_set_up"


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
def contacts_patch_all_clients(
    contacts_service: LocalService,
    monkeypatch: pytest.MonkeyPatch,
    _contacts_relay: Relay,
) -> Iterator[LocalService]:
    """`contacts_service`, for clients too that the tested code makes with boto3 by itself.

    It does not matter when they are made: at the import of a module, in the test, or in a test
    before. None of them reaches AWS meanwhile. They find a Region and credentials in the
    environment, for boto3 wants some, and no endpoint.
    """
    from ssm_contacts_sdk.local._patching import patch_every_client  # noqa: PLC0415 - see above

    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SSM_CONTACTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    monkeypatch.setenv("AWS_DEFAULT_REGION", contacts_service.region_name)
    with patch_every_client(contacts_service, _contacts_relay):
        yield contacts_service


@pytest.fixture(scope="session")
def _contacts_relay() -> Relay:
    """What answers clients that the tested code keeps from one test to the next."""
    from ssm_contacts_sdk.local._patching import Relay  # noqa: PLC0415 - see the module

    return Relay()


def show_requests(node: pytest.Item, service: LocalService) -> None:
    """Show what was asked of `service` if the test `node` fails.

    For fixtures of your own: ``show_requests(request.node, service)``.
    """
    setattr(node, _SERVICE, service)


@pytest.hookimpl(hookwrapper=True)  # pluggy before 1.2 has no `wrapper`
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pluggy.Result[pytest.TestReport], None]:
    """Add the transcript to the report of a failed test."""
    outcome = yield
    service: LocalService | None = getattr(item, _SERVICE, None)
    # A wrapper of this style must not raise what the report itself raised.
    if service is None or outcome.excinfo is not None:
        return
    report = outcome.get_result()
    if report.when == "setup" and report.passed:
        setattr(item, _SET_UP, service.requests_received)
    if report.failed:
        set_up: int = getattr(item, _SET_UP, 0)
        title = "ssm-contacts" if not set_up else f"ssm-contacts, after {set_up} of the set-up"
        report.sections.append((f"Requests to {title}", service.transcript(skip=set_up)))
