"""Runs of tests on mutated copies of the project."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, NamedTuple, TypedDict

import pytest
from mutation.covering import Covering

# They check stubs and other programs, or they are there for `--long`: no mutant needs them.
LEFT_OUT = ("tests/typing", "tests/clients", "tests/browser", "tests/mutation")
OPTIONS = (
    *("-q", "-p", "no:cacheprovider", "-p", "mutation.plugin"),
    # Of the plugins that are loaded before pytest starts.
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
)
# The other tests may have another name now, so that there is none to run.
PASSED = (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
# A mutant may allocate for ever.
BYTES = 4 << 30

# Its child processes have these modules from the beginning, which saves a second or two of each.
_processes = multiprocessing.get_context("forkserver")
# Not pytest's plugins: a pytest that is started by a test would warn that it cannot rewrite them.
_processes.set_forkserver_preload(
    ["_pytest.fixtures", "_pytest.python", "attrs", "boto3", "botocore.session", "cattrs",
     "pytest", "tenacity"]
)  # fmt: skip


class Verdict(NamedTuple):
    """How the tests ended."""

    outcome: Literal["killed", "time-out", "survived"]
    by: str = ""
    """The first test that failed, or which tests passed."""


class _Recorded(TypedDict):
    """What `plugin.Record` writes."""

    seconds: dict[str, float]
    failed: list[str]


class Tree:
    """A copy of the project, in which a module is mutated and tests are run."""

    def __init__(self, project: Path, folder: Path) -> None:
        self.folder = folder.resolve()
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
            cwd=project, check=True, capture_output=True, text=True,
        )  # fmt: skip
        for name in filter(None, listed.stdout.split("\0")):
            if (project / name).is_file():
                (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(project / name, self.folder / name)
        self._record = self.folder.with_suffix(".record.json")
        self._chosen = self.folder.with_suffix(".tests.json")
        self._output = self.folder.with_suffix(".out")

    @property
    def output(self) -> str:
        """What pytest wrote in the last run."""
        return self._output.read_text(encoding="utf-8", errors="replace")

    def run(self, sources: Mapping[str, str], tests: Sequence[str], seconds: float) -> Verdict:
        """Run tests in their order with mutated sources, until one fails.

        Args:
            sources: the sources by their modules.
            tests: the ids of the tests, and files of which all tests are run.
            seconds: how long they may take.
        """
        before = {module: (self.folder / module).read_bytes() for module in sources}
        try:
            for module, source in sources.items():
                self._write(module, source.encode())
            self._chosen.write_text(json.dumps(tests), encoding="utf-8")
            files = dict.fromkeys(test.partition("::")[0] for test in tests)
            existing = [file for file in files if (self.folder / file).exists()]
            options = [*OPTIONS, "-x", "-n", "0", *existing]
            ended = self._pytest(options, {"MUTATION_TESTS": str(self._chosen)}, seconds)
        finally:
            for module, content in before.items():
                self._write(module, content)
        if ended is None:
            return Verdict("time-out")
        if failed := self._recorded()["failed"]:
            return Verdict("killed", failed[0])
        # With a mutated plugin, pytest itself may fail, after the tests or in place of them.
        return Verdict("survived") if ended in PASSED else Verdict("killed", "pytest")

    def measure(self, jobs: int) -> Covering:
        """Run the whole suite with coverage. A test that fails or is skipped kills no mutant."""
        data = self.folder / ".coverage"
        settings = self.folder / ".coveragerc"
        settings.write_text(f"[run]\nsource = ssm_contacts_sdk\ndata_file = {data}\n")
        ignored = [f"--ignore={folder}" for folder in LEFT_OUT]
        coverage = ["--cov", f"--cov-config={settings}", "--cov-context=test", "--cov-report="]
        self._pytest([*OPTIONS, "-n", str(jobs), *coverage, *ignored], {}, None)
        return Covering.measured(data, self._recorded()["seconds"], self.folder)

    def _recorded(self) -> _Recorded:
        content: _Recorded = json.loads(self._record.read_text(encoding="utf-8"))
        return content

    def _write(self, module: str, content: bytes) -> None:
        path = self.folder / module
        path.write_bytes(content)
        # Python compares a cached module with its source by size and second only.
        for cached in (path.parent / "__pycache__").glob(f"{path.stem}.*"):
            cached.unlink()

    def _pytest(
        self, options: Sequence[str], environment: Mapping[str, str], seconds: float | None
    ) -> int | None:
        """Run pytest in a process of its own, and return its exit code; None if it took longer."""
        self._record.unlink(missing_ok=True)
        environment = {**environment, "MUTATION_RECORD": str(self._record)}
        process = _processes.Process(
            target=_pytest_in, args=(self.folder, options, environment, self._output)
        )
        process.start()
        process.join(seconds)
        ended = not process.is_alive()
        if process.pid and not ended:
            # With the processes that its tests started.
            os.killpg(process.pid, signal.SIGKILL)
        process.join()
        if ended and not self._record.exists():
            raise RuntimeError("The process failed before pytest began")
        return process.exitcode if ended else None


def _pytest_in(
    folder: Path, options: Sequence[str], environment: Mapping[str, str], output: Path
) -> None:
    import resource

    os.setsid()
    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    written = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for stream in (1, 2):
        os.dup2(written, stream)
    os.chdir(folder)
    # The project itself is on the path too, where an installation or the current folder puts it.
    here = Path(__file__).resolve().parents[2]
    others = [each for each in sys.path if each and here not in (p := Path(each), p.parent)]
    paths = [str(folder), str(folder / "tests"), str(folder / "docs")]
    sys.path[:] = [*paths, *others]
    os.environ.update(environment, PYTHONPATH=os.pathsep.join(paths), CI="true")
    import pytest

    # It stays if pytest ends with an error before the first test.
    nothing: _Recorded = {"seconds": {}, "failed": ["conftest.py"]}
    Path(environment["MUTATION_RECORD"]).write_text(json.dumps(nothing), encoding="utf-8")
    os._exit(int(pytest.main(list(options))))
