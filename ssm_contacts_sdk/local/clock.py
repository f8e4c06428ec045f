"""Time that moves when it is told to."""

from __future__ import annotations

import math
from datetime import datetime, timedelta, timezone
from threading import Lock

from ssm_contacts_sdk.errors import Fault, InvalidValueError

DEFAULT_START = datetime(2025, 1, 6, 9, 0, tzinfo=timezone.utc)
"""Where a clock stands that is not told otherwise: a Monday morning, the same in every run."""


class LocalClock:
    """A clock that stands still until it is moved, and sleeps by moving.

    It is passed to whatever needs the time; nothing patches Python's own clock.

    >>> clock = LocalClock()
    >>> clock.advance(minutes=5)
    >>> clock.sleep(2.5)
    >>> clock.now().isoformat(), clock.monotonic()
    ('2025-01-06T09:05:02.500000+00:00', 302.5)
    """

    def __init__(self, start: datetime = DEFAULT_START) -> None:
        if start.utcoffset() is None:
            raise InvalidValueError("LocalClock", [Fault("start", "must have a time zone")])
        self._start = self._now = start.astimezone(timezone.utc)
        self._elapsed = 0.0
        self._lock = Lock()

    def __repr__(self) -> str:
        return f"LocalClock({self.now().isoformat()})"

    def now(self) -> datetime:
        """The date and time, in UTC."""
        return self._now

    def monotonic(self) -> float:
        """The seconds since the clock was made."""
        return self._elapsed

    def sleep(self, seconds: float) -> None:
        """Let `seconds` go by, and return at once. A `sleep` for a retry policy."""
        self._move("seconds", seconds)

    def advance(
        self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0
    ) -> None:
        """Move the clock on. It does not go back."""
        parts = {"days": days, "hours": hours, "minutes": minutes, "seconds": seconds}
        for name, amount in parts.items():
            _refuse_unless_forward(name, amount)
        self._move("advance", ((days * 24 + hours) * 60 + minutes) * 60 + seconds)

    def _move(self, name: str, seconds: float) -> None:
        _refuse_unless_forward(name, seconds)
        with self._lock:
            elapsed = self._elapsed + seconds
            try:
                # From the start, not from now: sums of small steps would drift.
                self._now = self._start + timedelta(seconds=elapsed)
            except OverflowError:
                faults = [Fault(name, "must not lead beyond the year 9999")]
                raise InvalidValueError("LocalClock", faults) from None
            self._elapsed = elapsed


def _refuse_unless_forward(name: str, amount: float) -> None:
    if not (math.isfinite(amount) and amount >= 0):
        raise InvalidValueError("LocalClock", [Fault(name, "must be a number of at least 0")])
