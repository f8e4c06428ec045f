"""Ids and codes that look random and are the same in every run."""

from __future__ import annotations

from random import Random
from uuid import UUID


class Ids:
    """A stream of ids and codes that the seed alone decides, in which no id comes twice.

    >>> Ids(0).uuid() == Ids(0).uuid()
    True
    """

    def __init__(self, seed: int | str) -> None:
        self._random = Random(seed)  # noqa: S311 - to be the same each time is the point
        self._taken: set[str] = set()

    def uuid(self) -> str:
        """An id that was neither given nor taken before."""
        while True:
            drawn = str(UUID(int=self._random.getrandbits(128), version=4))
            if drawn not in self._taken:
                return drawn

    def take(self, used: str) -> None:
        """Never give `used`: it came from outside, perhaps from a service with the same seed."""
        self._taken.add(used)

    def code(self, *, unlike: str | None = None) -> str:
        """Six digits, and not the code that they replace."""
        while True:
            drawn = f"{self._random.randrange(10**6):06d}"
            if drawn != unlike:
                return drawn
