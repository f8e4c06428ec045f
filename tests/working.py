"""How much work a call is, counted: it does not depend on how fast the machine is."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable


def work_of(call: Callable[[], object]) -> int:
    """How many functions are called in this thread while `call` runs."""
    count = 0

    def counted(_: object, event: str, __: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before, collects = sys.getprofile(), gc.isenabled()
    # What the garbage collector calls, such as hypothesis' clock of it, is no work of the call.
    gc.disable()
    sys.setprofile(counted)
    try:
        call()
    finally:
        sys.setprofile(before)
        if collects:
            gc.enable()
    return count
