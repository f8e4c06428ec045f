"""Ids and codes that look random and are the same in every run."""

from __future__ import annotations

from hashlib import blake2b
from uuid import UUID

from attrs import define, field

_CODES = 10**6


@define(eq=False)
class Ids:
    """A stream of ids and codes that the seed alone decides, in which no id comes twice.

    What stands at a place of it is worked out of the seed and the place, so its attributes are all
    that is to be kept of it to go on with it later.

    >>> Ids(0).uuid() == Ids(0).uuid()
    True
    """

    seed: int | str
    uuids: int = field(default=0, kw_only=True)
    """How many ids were drawn."""
    codes: int = field(default=0, kw_only=True)
    """How many codes were drawn."""
    message_ids: int = field(default=0, kw_only=True)
    """How many ids of messages were drawn."""
    taken: set[str] = field(factory=set[str], kw_only=True)
    """The ids that came from outside."""

    def uuid(self) -> str:
        """An id that was neither given nor taken before."""
        while True:
            self.uuids += 1
            drawn = str(UUID(bytes=self._bytes("uuid", self.uuids), version=4))
            if drawn not in self.taken:
                return drawn

    def take(self, used: str) -> None:
        """Never give `used`: it came from outside, perhaps from a service with the same seed."""
        self.taken.add(used)

    def code(self, *, unlike: str | None = None) -> str:
        """Six digits, and not the code that they replace."""
        while True:
            self.codes += 1
            drawn = f"{int.from_bytes(self._bytes('code', self.codes), 'big') % _CODES:06d}"
            if drawn != unlike:
                return drawn

    def message_id(self) -> str:
        """Return the id of a message that was sent: SM and 32 hexadecimal digits."""
        self.message_ids += 1
        return f"SM{self._bytes('message', self.message_ids).hex()}"

    def _bytes(self, kind: str, number: int) -> bytes:
        return blake2b(f"{self.seed!r} {kind} {number}".encode(), digest_size=16).digest()
