"""Time that moves when it is told to."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from threading import Lock

from ssm_contacts_sdk.errors import Fault, InvalidValueError

DEFAULT_START = datetime(2025, 1, 6, 9, 0, tzinfo=timezone.utc)
"""Where a clock stands that is not told otherwise: a Monday morning, the same in every run."""

_END = datetime.max.replace(tzinfo=timezone.utc)


class LocalClock:
    """A clock that stands still until it is moved, and sleeps by moving.

    It is passed to whatever needs the time; nothing patches Python's own clock.

    >>> clock = LocalClock()
    >>> clock.advance(minutes=5)
    >>> clock.sleep(2.5)
    >>> clock.now().isoformat(), clock.monotonic()
    ('2025-01-06T09:05:02.500000+00:00', 302.5)

    With a `speed` it runs by itself as well, ``speed=60.0`` a minute in a second. Sleeping moves
    it all the same and takes no time, so whoever sleeps sees it jump ahead.

    Args:
        start: Where it begins, with a time zone.
        speed: How many times as fast as real time it runs; 0 is not at all.
        real: Real time, in seconds from any start; None is `time.monotonic`.
    """

    def __init__(
        self,
        start: datetime = DEFAULT_START,
        *,
        speed: float = 0.0,
        real: Callable[[], float] | None = None,
    ) -> None:
        faults = [*_instant_faults("start", start)]
        if not _is_forward(speed):
            faults.append(Fault("speed", "must be a number of at least 0"))
        if faults:
            raise InvalidValueError("LocalClock", faults)
        self._speed = speed
        self._real = _monotonic if real is None else real
        self._last_real = self._real() if speed else 0.0
        self._elapsed = 0.0
        # The date is counted from there: sums of small steps would drift.
        self._start = start.astimezone(timezone.utc)
        self._started_at = 0.0
        self._lock = Lock()

    def __repr__(self) -> str:
        return f"LocalClock({self.now().isoformat()})"

    def now(self) -> datetime:
        """The date and time, in UTC."""
        with self._lock:
            self._run()
            return self._date()

    def monotonic(self) -> float:
        """The seconds since the clock was made."""
        with self._lock:
            self._run()
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

    def move_to(self, instant: datetime) -> None:
        """Move the clock on to an instant. It does not go back.

        >>> clock = LocalClock()
        >>> clock.move_to(datetime(2025, 1, 6, 17, 30, tzinfo=timezone.utc))
        >>> clock
        LocalClock(2025-01-06T17:30:00+00:00)

        Raises:
            InvalidValueError: The instant has no time zone, or the clock is past it.
        """
        to = _in_utc("instant", instant)
        with self._lock:
            self._run()
            now = self._date()
            if to < now:
                rule = f"must not be before {now.isoformat()}, which the clock shows"
                raise InvalidValueError("LocalClock", [Fault("instant", rule)])
            self._elapsed += (to - now).total_seconds()
            self._show(to)

    def return_to(self, now: datetime) -> None:
        """Show another date, even one before. The seconds since the clock was made go on.

        Raises:
            InvalidValueError: The date has no time zone.
        """
        to = _in_utc("now", now)
        with self._lock:
            self._run()
            self._show(to)

    def _run(self) -> None:
        """Catch up with real time. It and what follows need the lock."""
        if not self._speed:
            return
        real = self._real()
        ran = max(real - self._last_real, 0.0) * self._speed
        self._last_real = max(real, self._last_real)
        self._elapsed = min(self._elapsed + ran, self._last())

    def _move(self, name: str, seconds: float) -> None:
        _refuse_unless_forward(name, seconds)
        with self._lock:
            self._run()
            if self._elapsed + seconds > self._last():
                faults = [Fault(name, "must not lead beyond the year 9999")]
                raise InvalidValueError("LocalClock", faults)
            self._elapsed += seconds

    def _show(self, date: datetime) -> None:
        self._start = date
        self._started_at = self._elapsed

    def _date(self) -> datetime:
        return self._start + timedelta(seconds=self._elapsed - self._started_at)

    def _last(self) -> float:
        """Where the calendar ends: a clock that runs stands still there."""
        return self._started_at + (_END - self._start) // timedelta(seconds=1)


def _monotonic() -> float:
    # Looked up in each call: a test may replace it at any time.
    return time.monotonic()


def _instant_faults(name: str, instant: datetime) -> Iterator[Fault]:
    if instant.utcoffset() is None:
        yield Fault(name, "must have a time zone")
        return
    try:
        instant.astimezone(timezone.utc)
    except OverflowError:
        yield Fault(name, "must lie in the years 1 to 9999 in UTC too")


def _in_utc(name: str, instant: datetime) -> datetime:
    if faults := [*_instant_faults(name, instant)]:
        raise InvalidValueError("LocalClock", faults)
    return instant.astimezone(timezone.utc)


def _is_forward(amount: float) -> bool:
    return math.isfinite(amount) and amount >= 0


def _refuse_unless_forward(name: str, amount: float) -> None:
    if not _is_forward(amount):
        raise InvalidValueError("LocalClock", [Fault(name, "must be a number of at least 0")])
