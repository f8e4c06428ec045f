"""Time that moves when it is told to."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone

from attrs import evolve, frozen

from ssm_contacts_sdk._errors import InvalidValueError, Violation
from ssm_contacts_sdk._locks import fork_safe_lock
from ssm_contacts_sdk._public import public

DEFAULT_START = datetime(2025, 1, 6, 9, 0, tzinfo=timezone.utc)
"""Where a clock stands that is not told otherwise: a Monday morning, the same in every run."""

_END = datetime.max.replace(tzinfo=timezone.utc)


@public
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
        violations = [*_instant_violations("start", start)]
        if not _is_forward(speed):
            violations.append(Violation("speed", "must be a number of at least 0"))
        if violations:
            raise InvalidValueError("LocalClock", violations)
        self._speed = speed
        self._real = _monotonic if real is None else real
        first = self._real() if speed else 0.0
        self._shown = _Shown(first, 0.0, start.astimezone(timezone.utc), 0.0)
        # A signal handler may look at the clock while the thread that it interrupts does.
        self._lock = fork_safe_lock()

    def __repr__(self) -> str:
        return f"LocalClock({self.now().isoformat()})"

    def now(self) -> datetime:
        """The date and time, in UTC."""
        return self._run().date()

    def monotonic(self) -> float:
        """The seconds since the clock was made."""
        return self._run().elapsed

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

        >>> from datetime import datetime, timezone
        >>> clock = LocalClock()
        >>> clock.move_to(datetime(2025, 1, 6, 17, 30, tzinfo=timezone.utc))
        >>> clock
        LocalClock(2025-01-06T17:30:00+00:00)

        Raises:
            InvalidValueError: The instant has no time zone, or the clock is past it.
        """
        to = _in_utc("instant", instant)

        def moved(shown: _Shown) -> _Shown:
            now = shown.date()
            if to < now:
                rule = f"must not be before {now.isoformat()}, which the clock shows"
                raise InvalidValueError("LocalClock", [Violation("instant", rule)])
            return shown.at(to, shown.elapsed + (to - now).total_seconds())

        self._change(moved)

    def return_to(self, now: datetime) -> None:
        """Show another date, even one before. The seconds since the clock was made go on.

        Raises:
            InvalidValueError: The date has no time zone.
        """
        to = _in_utc("now", now)
        self._change(lambda shown: shown.at(to, shown.elapsed))

    def _run(self) -> _Shown:
        """Catch up with real time."""
        return self._change(lambda shown: shown) if self._speed else self._shown

    def _move(self, name: str, seconds: float) -> None:
        _refuse_unless_forward(name, seconds)

        def moved(shown: _Shown) -> _Shown:
            if shown.elapsed + seconds > shown.last():
                violations = [Violation(name, "must not lead beyond the year 9999")]
                raise InvalidValueError("LocalClock", violations)
            return evolve(shown, elapsed=shown.elapsed + seconds)

        self._change(moved)

    def _change(self, change: Callable[[_Shown], _Shown]) -> _Shown:
        """Catch up with real time, and make a change to what the clock shows then."""
        with self._lock:
            while True:
                before = self._shown
                after = change(before.run(self._real(), self._speed) if self._speed else before)
                # A signal handler may have moved the clock in between.
                if self._shown is before:
                    self._shown = after
                    return after


@frozen
class _Shown:
    """What a clock shows at some time."""

    real: float
    """The latest real time that it has seen."""
    elapsed: float
    """The seconds since it was made."""
    start: datetime
    """The date is counted from there: sums of small steps would drift."""
    started_at: float
    """What was elapsed then."""

    def run(self, real: float, speed: float) -> _Shown:
        ran = max(real - self.real, 0.0) * speed
        elapsed = min(self.elapsed + ran, self.last())
        return evolve(self, real=max(real, self.real), elapsed=elapsed)

    def at(self, date: datetime, elapsed: float) -> _Shown:
        return _Shown(self.real, elapsed, date, elapsed)

    def date(self) -> datetime:
        return self.start + timedelta(seconds=self.elapsed - self.started_at)

    def last(self) -> float:
        """Where the calendar ends: a clock that runs stands still there."""
        return self.started_at + (_END - self.start) // timedelta(seconds=1)


def _monotonic() -> float:
    # Looked up in each call: a test may replace it at any time.
    return time.monotonic()


def _instant_violations(name: str, instant: datetime) -> Iterator[Violation]:
    if instant.utcoffset() is None:
        yield Violation(name, "must have a time zone")
        return
    try:
        instant.astimezone(timezone.utc)
    except OverflowError:
        yield Violation(name, "must lie in the years 1 to 9999 in UTC too")


def _in_utc(name: str, instant: datetime) -> datetime:
    if violations := [*_instant_violations(name, instant)]:
        raise InvalidValueError("LocalClock", violations)
    return instant.astimezone(timezone.utc)


def _is_forward(amount: float) -> bool:
    return math.isfinite(amount) and amount >= 0


def _refuse_unless_forward(name: str, amount: float) -> None:
    if not _is_forward(amount):
        raise InvalidValueError("LocalClock", [Violation(name, "must be a number of at least 0")])
