"""mypy and pyright accept the right uses and the code of the docs, and reject the wrong uses.

All files are in one folder, so that each checker runs once.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from stub_uses import LINES

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
CODE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
HEAD_OF_STUB_USES = """\
from datetime import datetime, timezone
from mypy_boto3_ssm_contacts import type_defs as T
AT = datetime(2025, 1, 6, tzinfo=timezone.utc)
"""

Line = tuple[str, int]
"""The name of a file, and the number of a line."""


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """Return the code of each file, which is in the current folder."""
    stub_uses = [f"def use_{n}() -> None: {line}\n" for n, (line, _) in enumerate(LINES)]
    files = {f"docs_{page.stem.replace('-', '_').lower()}.py": code_of(page) for page in PAGES}
    files["stub_uses.py"] = HEAD_OF_STUB_USES + "".join(stub_uses).replace(repr(object), "object")
    for name in ("right_plans.py", "wrong_plans.py"):
        files[name] = (HERE / name).read_text(encoding="utf-8")
    for name, code in files.items():
        (tmp_path / name).write_text(code, encoding="utf-8")
    return files


def code_of(page: Path) -> str:
    # Readers of the docs may use pyright's default, which is less strict.
    blocks = CODE.findall(page.read_text(encoding="utf-8"))
    return "".join(["# pyright: standard\n", *blocks])


def wrong_lines(files: dict[str, str]) -> set[Line]:
    """Return the lines that must be rejected."""
    marked = [
        ("wrong_plans.py", number)
        for number, line in enumerate(files["wrong_plans.py"].splitlines(), 1)
        if line.endswith("# wrong")
    ]
    first = HEAD_OF_STUB_USES.count("\n") + 1
    of_stubs = [
        ("stub_uses.py", number)
        for number, (_, accepted) in enumerate(LINES, first)
        if not accepted
    ]
    assert len(marked) >= 12
    assert len(of_stubs) > len(LINES) / 2
    return {*marked, *of_stubs}


def run(*command: str, within: Path) -> str:
    done = subprocess.run(  # noqa: S603 - our own tools
        [sys.executable, "-m", *command],
        cwd=within,
        env={**os.environ, "MYPYPATH": str(ROOT / "tests")},
        capture_output=True,
        text=True,
        check=False,
    )
    # With 0 and 1, the checker has finished. With another status, it has failed.
    assert done.returncode in (0, 1), f"{done.stdout}\n{done.stderr}"
    return done.stdout


def mypy(within: Path) -> set[Line]:
    """Return the lines that mypy rejects."""
    options = ("--strict", "--python-version=3.10", "--config-file=", "--no-incremental")
    output = run("mypy", *options, "--output=json", ".", within=within)
    errors: list[dict[str, Any]] = [json.loads(line) for line in output.splitlines()]
    return {(each["file"], each["line"]) for each in errors if each["severity"] == "error"}


def pyright(within: Path) -> set[Line]:
    """Return the lines that pyright rejects."""
    configuration = {
        "typeCheckingMode": "strict",
        "pythonVersion": "3.10",
        "extraPaths": [str(ROOT / "tests")],
    }
    (within / "pyrightconfig.json").write_text(json.dumps(configuration), encoding="utf-8")
    output = run("pyright", "--outputjson", "--pythonpath", sys.executable, within=within)
    report: dict[str, Any] = json.loads(output)
    assert report["summary"]["filesAnalyzed"] == len(list(within.glob("*.py")))
    return {
        (Path(each["file"]).name, each["range"]["start"]["line"] + 1)
        for each in report["generalDiagnostics"]
        if each["severity"] == "error"
    }


@pytest.mark.parametrize("checker", [mypy, pyright], ids=lambda checker: checker.__name__)
def test_exactly_the_wrong_lines_are_rejected(
    checker: Callable[[Path], set[Line]], files: dict[str, str], tmp_path: Path
) -> None:
    rejected, wrong = checker(tmp_path), wrong_lines(files)

    def code(lines: set[Line]) -> dict[Line, str]:
        return {(file, number): files[file].splitlines()[number - 1] for file, number in lines}

    accepted_wrongly, rejected_wrongly = code(wrong - rejected), code(rejected - wrong)
    assert (accepted_wrongly, rejected_wrongly) == ({}, {})
