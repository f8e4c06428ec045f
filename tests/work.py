"""The work of a call as a number of function calls, which does not depend on the machine."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable


def count_calls(call: Callable[[], object]) -> int:
    """Return how many functions are called in this thread while `call` runs."""
    count = 0

    def counted(_: object, event: str, __: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before, collects = sys.getprofile(), gc.isenabled()
    # The garbage collector calls functions too, such as a callback of hypothesis.
    gc.disable()
    sys.setprofile(counted)
    try:
        call()
    finally:
        sys.setprofile(before)
        if collects:
            gc.enable()
    return count
