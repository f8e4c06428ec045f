"""Fixtures of pytest for code that calls ``ssm-contacts``.

pytest finds them automatically where this package is installed. The package itself is imported only
when a test uses a fixture.

pytest imports this module in every project that has the package installed, so an import that fails
would stop a whole test suite. On import, it therefore uses only what pytest 6.2 and pluggy 0.12
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

# Attributes of the test's node. pytest has a stash for such data only since 7.0.
_SERVICE = "_ssm_contacts_service"
_SET_UP_REQUESTS = "_ssm_contacts_set_up_requests"


@pytest.fixture
def contacts_service(request: pytest.FixtureRequest) -> LocalService:
    """A new embedded ``ssm-contacts`` for each test.

    If the test fails, its report shows the requests to the service. For a service with other
    settings, define a fixture of the same name, and call `show_requests` in it.
    """
    from ssm_contacts_sdk.local import LocalService  # noqa: PLC0415 - see the module

    service = LocalService()
    show_requests(request.node, service)
    return service


@pytest.fixture
def contacts_client(contacts_service: LocalService) -> Iterator[ContactsClient]:
    """A client of this package that calls `contacts_service`. Its retries take no real time."""
    with contacts_service.client() as client:
        yield client


@pytest.fixture
def contacts_clock(contacts_service: LocalService) -> LocalClock:
    """The clock of `contacts_service`, which does not move until the test moves it."""
    return contacts_service.clock


@pytest.fixture
def contacts_patch_all_clients(
    contacts_service: LocalService,
    monkeypatch: pytest.MonkeyPatch,
    _contacts_relay: Relay,
) -> Iterator[LocalService]:
    """`contacts_service`, connected to every client that the tested code creates with boto3.

    It does not matter when a client is created: on import of a module, in this test or in an
    earlier one. During the test, no client calls AWS. The environment has a Region and credentials,
    which boto3 requires, and no endpoint.
    """
    from ssm_contacts_sdk.local._patching import patch_every_client  # noqa: PLC0415 - see the module

    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SSM_CONTACTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    monkeypatch.setenv("AWS_DEFAULT_REGION", contacts_service.region_name)
    with patch_every_client(contacts_service, _contacts_relay):
        yield contacts_service


@pytest.fixture(scope="session")
def _contacts_relay() -> Relay:
    """Responds to clients that the tested code uses in several tests."""
    from ssm_contacts_sdk.local._patching import Relay  # noqa: PLC0415 - see the module

    return Relay()


def show_requests(node: pytest.Item, service: LocalService) -> None:
    """Show the requests to `service` in the report if the test `node` fails.

    For your own fixtures: ``show_requests(request.node, service)``.
    """
    setattr(node, _SERVICE, service)


@pytest.hookimpl(hookwrapper=True)  # pluggy before 1.2 has no `wrapper`
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pluggy.Result[pytest.TestReport], None]:
    """Add the service's transcript to the report of a failed test."""
    outcome = yield
    service: LocalService | None = getattr(item, _SERVICE, None)
    # A wrapper of this style must not raise the error that the report itself raised.
    if service is None or outcome.excinfo is not None:
        return
    report = outcome.get_result()
    if report.when == "setup" and report.passed:
        setattr(item, _SET_UP_REQUESTS, service.requests_received)
    if report.failed:
        set_up: int = getattr(item, _SET_UP_REQUESTS, 0)
        title = "Requests to ssm-contacts" + (f", after {set_up} in the set-up" if set_up else "")
        report.sections.append((title, service.transcript(skip=set_up)))
