from __future__ import annotations

import json
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from shutil import copy
from types import FunctionType
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
RIGHT = HERE / "right_plans.py"
WRONG = HERE / "wrong_plans.py"

Lines = dict[str, set[int]]
"""The lines with errors, by the name of their file."""


def run(*command: str, within: Path) -> str:
    done = subprocess.run(  # noqa: S603 - our own tools
        [sys.executable, "-m", *command], cwd=within, capture_output=True, text=True, check=False
    )
    # With 0 and 1, the checker has finished. With another status, it has failed.
    assert done.returncode in (0, 1), f"{done.stdout}\n{done.stderr}"
    return done.stdout


def mypy(_: Path) -> Lines:
    """Return the errors of mypy with the configuration of the project.

    Files that are passed are checked even if the configuration excludes them.
    """
    output = run("mypy", "--strict", "--output", "json", str(RIGHT), str(WRONG), within=ROOT)
    found: Lines = {}
    for line in output.splitlines():
        error: dict[str, Any] = json.loads(line)
        if error["severity"] == "error":
            found.setdefault(Path(error["file"]).name, set()).add(error["line"])
    return found


def pyright(elsewhere: Path) -> Lines:
    """Return the errors of pyright for copies of the files.

    pyright does not check files that the project excludes, even if they are passed.
    """
    for file in (RIGHT, WRONG):
        copy(file, elsewhere)
    configuration = {
        "typeCheckingMode": "strict",
        "pythonVersion": "3.10",
        "extraPaths": [str(ROOT), str(ROOT / "tests")],
    }
    (elsewhere / "pyrightconfig.json").write_text(json.dumps(configuration), encoding="utf-8")
    output = run(
        *("pyright", "--outputjson", "--pythonpath", sys.executable, "--project", str(elsewhere)),
        within=elsewhere,
    )
    report: dict[str, Any] = json.loads(output)
    assert report["summary"]["filesAnalyzed"] == len((RIGHT, WRONG))
    found: Lines = {}
    for error in report["generalDiagnostics"]:
        line = error["range"]["start"]["line"] + 1
        found.setdefault(Path(error["file"]).name, set()).add(line)
    return found


@pytest.fixture(scope="module", params=[mypy, pyright], ids=lambda checker: checker.__name__)
def rejected(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Lines:
    checker: Callable[[Path], Lines] = request.param
    return checker(tmp_path_factory.mktemp("typing"))


def marked() -> dict[int, str]:
    lines = WRONG.read_text(encoding="utf-8").splitlines()
    return {
        number: line.strip() for number, line in enumerate(lines, 1) if line.endswith("# wrong")
    }


def test_what_is_right_is_accepted(rejected: Lines) -> None:
    assert rejected.get(RIGHT.name, set()) == set()


def test_exactly_the_wrong_lines_are_rejected(rejected: Lines) -> None:
    found = rejected.get(WRONG.name, set())
    assert {line: text for line, text in marked().items() if line not in found} == {}
    assert found - marked().keys() == set()


def test_every_wrong_use_is_marked() -> None:
    assert len(marked()) >= 12


USES = [
    pytest.param(use, id=name)
    for name, use in runpy.run_path(str(RIGHT)).items()
    if isinstance(use, FunctionType)
    and use.__module__ == "<run_path>"
    and use.__code__.co_argcount == 0
]


@pytest.mark.parametrize("use", USES)
def test_what_is_right_works(use: Callable[[], None]) -> None:
    use()
