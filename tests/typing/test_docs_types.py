"""Both type checkers accept the code of the README and of the docs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
CODE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return a file with the code of each page."""
    within = tmp_path_factory.mktemp("docs")
    made: list[str] = []
    for page in PAGES:
        file = within / f"{page.stem.replace('-', '_').lower()}.py"
        file.write_text("".join(CODE.findall(page.read_text(encoding="utf-8"))), encoding="utf-8")
        made.append(str(file))
    (within / "pyrightconfig.json").write_text('{"typeCheckingMode": "standard"}', "utf-8")
    return made


def output_of(*command: str, within: str) -> str:
    done = subprocess.run(  # noqa: S603 - our own tools
        [sys.executable, "-m", *command], cwd=within, capture_output=True, text=True, check=False
    )
    return "" if done.returncode == 0 else f"{done.stdout}\n{done.stderr}"


def test_mypy_accepts_the_code_of_the_docs(files: list[str]) -> None:
    within = str(Path(files[0]).parent)
    assert output_of("mypy", "--strict", "--config-file=", *files, within=within) == ""


def test_pyright_accepts_the_code_of_the_docs(files: list[str]) -> None:
    within = str(Path(files[0]).parent)
    assert output_of("pyright", "--pythonpath", sys.executable, within=within) == ""
