"""The numbers of rounds and examples of tests: small by default, and large with ``--long``."""

from __future__ import annotations

_factor = 0


def use_long(factor: int) -> None:
    """Use the long amounts, multiplied by `factor`."""
    global _factor  # noqa: PLW0603 - test modules read it when pytest imports them
    _factor = factor


def amount(*, quick: int, long: int) -> int:
    """Return `quick`, or `long` if pytest runs with ``--long``."""
    return long * _factor if _factor else quick
