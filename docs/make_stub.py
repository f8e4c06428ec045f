"""Write ssm_contacts_sdk/__init__.pyi, from which type checkers know the public names.

The names are those of `ssm_contacts_sdk/__init__.py`, which Python loads when they are first used.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "ssm_contacts_sdk"
STUB = PACKAGE / "__init__.pyi"

_HEAD = "# Written by docs/make_stub.py from __init__.py.\n"


def public_names() -> Mapping[str, Sequence[str]]:
    """Return the public names by the private module that defines them."""
    source = ast.parse((PACKAGE / "__init__.py").read_text(encoding="utf-8"))
    (value,) = [
        each.value
        for each in source.body
        if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == "_PUBLIC_NAMES"
    ]
    names: Mapping[str, Sequence[str]] = ast.literal_eval(value)
    return names


def stub(names: Mapping[str, Sequence[str]]) -> str:
    """Return the text of the stub for these names."""
    imports = [
        f"from ssm_contacts_sdk.{module} import (\n{_lines(names[module])})\n"
        for module in sorted(names)
    ]
    exported = _lines(f'"{name}"' for each in names.values() for name in each)
    return f"{_HEAD}\n{''.join(imports)}\n__all__ = [\n{exported}]\n"


def _lines(items: Iterable[str]) -> str:
    return "".join(f"    {item},\n" for item in sorted(items))


if __name__ == "__main__":
    STUB.write_text(stub(public_names()), encoding="utf-8")
