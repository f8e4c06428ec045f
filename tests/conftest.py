from __future__ import annotations

import gc
import os
from collections.abc import Generator
from pathlib import Path

import amounts
import pytest
from hypothesis import HealthCheck, settings

from ssm_contacts_sdk import ContactsClient
from ssm_contacts_sdk.local import LocalService

pytest_plugins = ["privacy_guard"]


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    parser.addoption("--long", action="store_true", help="run the long tests too")
    parser.addoption(
        "--long-factor",
        type=int,
        default=1,
        metavar="N",
        help="with --long: run N times as many rounds and examples",
    )
    if not pluginmanager.hasplugin("xdist"):
        for option in ("--numprocesses", "--dist"):
            parser.addoption(option, help="has no effect: pytest-xdist is not loaded")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """Run the suite and folders on all cores, but files and single tests in this process."""
    return None if all(Path(each).is_dir() for each in config.args) else 0


def pytest_configure(config: pytest.Config) -> None:
    factor: int = config.option.long_factor
    lenient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    # Quick tests draw the same examples each time, so that none fails by chance. Long ones draw
    # new examples, but not in CI.
    settings.register_profile("quick", lenient, derandomize=True, max_examples=20)
    settings.register_profile(
        "long", lenient, derandomize="CI" in os.environ, max_examples=100 * factor
    )
    if config.option.long:
        amounts.use_long(factor)
    settings.load_profile("long" if config.option.long else "quick")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Collect garbage seldom: full collections were a fifth of the time of the tests.

    Collected tests stay until the end, so no collection examines them.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(10_000, 20, 20)
        gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(nextitem: pytest.Item | None) -> None:
    """Collect all garbage once, after the last test: it fails if one of them left a file open."""
    if nextitem is None:
        gc.collect()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    timeout = 10 * config.option.long_factor * float(config.getini("timeout"))
    for item in items:
        if config.option.long:
            item.add_marker(pytest.mark.timeout(timeout))
        elif item.get_closest_marker("long"):
            item.add_marker(pytest.mark.skip(reason="takes long: run it with --long"))


@pytest.fixture
def service() -> LocalService:
    return LocalService()


@pytest.fixture
def client(service: LocalService) -> ContactsClient:
    """Return a client that waits on the service's clock, which takes no time."""
    return service.client()
