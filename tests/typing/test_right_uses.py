"""What type checkers must accept works."""

from __future__ import annotations

import runpy
from collections.abc import Callable
from pathlib import Path
from types import FunctionType

import pytest

RIGHT = Path(__file__).parent / "right_plans.py"
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
