"""A plugin of pytest, which runs chosen tests in a given order and writes down what they took."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from pathlib import Path

import pytest


class Choice:
    """Runs only the tests in a list, in the order of the list."""

    def __init__(self, tests: list[str]) -> None:
        self._positions = {test: number for number, test in enumerate(tests)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        chosen = [item for item in items if self._position(item) is not None]
        items[:] = sorted(chosen, key=lambda item: self._position(item) or 0)

    def _position(self, item: pytest.Item) -> int | None:
        file = item.nodeid.partition("::")[0]
        return self._positions.get(item.nodeid, self._positions.get(file))


class Record:
    """Writes the seconds of each test that passed into a file, and which test failed first."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._passed: set[str] = set()
        self._failed: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._seconds[report.nodeid] += report.duration
        if report.failed:
            self._failed.append(report.nodeid)
        elif report.when == "call" and report.passed:
            self._passed.add(report.nodeid)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._failed.append(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        if "PYTEST_XDIST_WORKER" in os.environ:
            return
        passed = self._passed.difference(self._failed)
        seconds = {test: self._seconds[test] for test in sorted(passed)}
        content = {"seconds": seconds, "failed": self._failed}
        self._path.write_text(json.dumps(content), encoding="utf-8")


def pytest_configure(config: pytest.Config) -> None:
    if chosen := os.environ.get("MUTATION_TESTS"):
        tests = json.loads(Path(chosen).read_text(encoding="utf-8"))
        config.pluginmanager.register(Choice(tests))
    config.pluginmanager.register(Record(Path(os.environ["MUTATION_RECORD"])))
