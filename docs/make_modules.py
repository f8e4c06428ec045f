"""Write the map of the modules in docs/architecture.md, from the first lines of their docstrings.

``python docs/make_modules.py`` writes it, and the tests compare it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "ssm_contacts_sdk"
PAGE = ROOT / "docs" / "architecture.md"

_REGION = re.compile(r"(?<=<!-- modules -->\n).*(?=<!-- end of modules -->)", re.DOTALL)


def page() -> str:
    """Return the text of the page with a map of the modules as they are."""
    written, maps = _REGION.subn(lambda _: "".join(_tables()), PAGE.read_text(encoding="utf-8"))
    if maps != 1:
        message = f"{PAGE.name} must have <!-- modules --> and <!-- end of modules --> (got {maps})"
        raise ValueError(message)
    return written


def _tables() -> Iterator[str]:
    """Yield a table for each folder, the lowest layer first."""
    folders = {path.parent for path in PACKAGE.rglob("*.py")}
    for folder in sorted(folders, key=lambda path: (_height(path), str(path))):
        modules = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
        name = folder.relative_to(ROOT).as_posix()
        yield f"\n### `{name}`\n\n{_first_line(folder / '__init__.py')}\n\n"
        yield "| module | subject |\n|---|---|\n"
        for path in sorted(modules, key=lambda path: (_height(path), path.name)):
            yield f"| `{path.name}` | {_first_line(path).removesuffix('.')} |\n"
    yield "\n"


@lru_cache(maxsize=1)
def _layers() -> list[str]:
    """Return the modules of the layers in pyproject.toml, the lowest first."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    layers = text.split("layers = [")[1].split("]")[0]
    return [name.removeprefix("ssm_contacts_sdk.") for name in re.findall('"(.*)"', layers)][::-1]


def _height(path: Path) -> int:
    parts = path.relative_to(PACKAGE).parts
    top = parts[0].removesuffix(".py") if parts else ""
    layers = _layers()
    return layers.index(top) if top in layers else -1


def _first_line(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return docstring.split("\n")[0]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
