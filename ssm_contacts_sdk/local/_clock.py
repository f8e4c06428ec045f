"""The clock of the embedded service, which a test moves."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone

from attrs import evolve, frozen

from ssm_contacts_sdk._dates import MAX_INSTANT
from ssm_contacts_sdk._durations import Duration, as_seconds, duration_violations
from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._locks import fork_safe_lock
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk.local._arguments import check, number_violations, wrong_type

DEFAULT_START = datetime(2025, 1, 6, 9, 0, tzinfo=timezone.utc)
"""The start of a clock by default: a Monday morning, the same in every run."""

_SUBJECT = "LocalClock"


@public
class LocalClock:
    """A clock for tests: it does not run by itself, and sleeping moves it forward.

    Pass it to all code that needs the time. It does not patch Python's own clock.

    >>> clock = LocalClock()
    >>> clock.advance(minutes=5)
    >>> clock.sleep(2.5)
    >>> clock.now().isoformat(), clock.monotonic()
    ('2025-01-06T09:05:02.500000+00:00', 302.5)

    With a `speed`, it runs by itself: with ``speed=60.0``, a minute passes in each second. Sleeping
    still moves the clock forward and returns at once.

    Args:
        start: the first date and time, with a time zone.
        speed: how many times as fast as real time it runs, at least 0. With 0 it does not run.
        real: returns real time, in seconds from any start; None is `time.monotonic`.

    Raises:
        InvalidValueError: an argument is of the wrong type or out of range.
    """

    def __init__(
        self,
        start: datetime = DEFAULT_START,
        *,
        speed: float = 0.0,
        real: Callable[[], float] | None = None,
    ) -> None:
        violations = [*_instant_violations("start", start), *number_violations("speed", speed)]
        if real is not None and not callable(real):
            violations.append(wrong_type("real", "callable or None", real))
        check(_SUBJECT, violations)
        self._speed = speed
        self._real = _monotonic if real is None else real
        first = self._real() if speed else 0.0
        self._time = _Time(first, 0.0, start.astimezone(timezone.utc), 0.0)
        # A signal handler may read the clock while it interrupts a thread that does the same.
        self._lock = fork_safe_lock()

    def __repr__(self) -> str:
        return f"LocalClock({self.now().isoformat()})"

    def now(self) -> datetime:
        """Return the date and time, in UTC."""
        return self._current().date()

    def monotonic(self) -> float:
        """Return the seconds since the clock was created."""
        return self._current().elapsed

    def sleep(self, duration: Duration, /) -> None:
        """Move the clock forward, as a sleep would, and return at once.

        Args:
            duration: a timedelta or a number of seconds.

        Raises:
            InvalidValueError: the duration is negative, or leads beyond the year 9999.
        """
        self._move("duration", duration)

    def advance(
        self,
        duration: Duration = 0.0,
        /,
        *,
        days: float = 0,
        hours: float = 0,
        minutes: float = 0,
        seconds: float = 0,
    ) -> None:
        """Move the clock forward by the sum of all arguments.

        >>> from datetime import timedelta
        >>> clock = LocalClock()
        >>> clock.advance(timedelta(minutes=5))
        >>> clock.advance(hours=1, minutes=30)
        >>> clock
        LocalClock(2025-01-06T10:35:00+00:00)

        Args:
            duration: a timedelta or a number of seconds.
            days: a number of days of 24 hours.
            hours: a number of hours.
            minutes: a number of minutes.
            seconds: a number of seconds.

        Raises:
            InvalidValueError: an argument is negative, or the sum leads beyond the year 9999.
        """
        amounts = {"days": days, "hours": hours, "minutes": minutes, "seconds": seconds}
        violations = [*_duration_violations("duration", duration)]
        for name, amount in amounts.items():
            violations += number_violations(name, amount)
        check(_SUBJECT, violations)
        more = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
        self._move("duration", as_seconds(duration) + more)

    def move_to(self, instant: datetime) -> None:
        """Move the clock forward to an instant.

        >>> from datetime import datetime, timezone
        >>> clock = LocalClock()
        >>> clock.move_to(datetime(2025, 1, 6, 17, 30, tzinfo=timezone.utc))
        >>> clock
        LocalClock(2025-01-06T17:30:00+00:00)

        Args:
            instant: the new date and time, with a time zone, not before the clock's time.

        Raises:
            InvalidValueError: `instant` is not a datetime, has no time zone, or is before the
                clock's time.
        """
        to = _in_utc("instant", instant)

        def moved(current: _Time) -> _Time:
            now = current.date()
            if to < now:
                rule = f"must not be before {now.isoformat()}, the clock's time"
                check(_SUBJECT, [Violation("instant", rule, "too_small")])
            return current.at(to, current.elapsed + (to - now).total_seconds())

        self._change(moved)

    def return_to(self, now: datetime) -> None:
        """Set the date and time, also to an earlier one. `monotonic` does not change.

        >>> from datetime import datetime, timezone
        >>> clock = LocalClock()
        >>> clock.return_to(datetime(2024, 12, 31, 12, 0, tzinfo=timezone.utc))
        >>> clock
        LocalClock(2024-12-31T12:00:00+00:00)

        Args:
            now: the new date and time, with a time zone.

        Raises:
            InvalidValueError: `now` is not a datetime, or has no time zone.
        """
        to = _in_utc("now", now)
        self._change(lambda current: current.at(to, current.elapsed))

    def _current(self) -> _Time:
        return self._change(lambda current: current) if self._speed else self._time

    def _move(self, path: str, duration: Duration) -> None:
        check(_SUBJECT, _duration_violations(path, duration))
        seconds = as_seconds(duration)

        def moved(current: _Time) -> _Time:
            if current.elapsed + seconds > current.last():
                rule = "must not lead beyond the year 9999"
                check(_SUBJECT, [Violation(path, rule, "too_large")])
            return evolve(current, elapsed=current.elapsed + seconds)

        self._change(moved)

    def _change(self, change: Callable[[_Time], _Time]) -> _Time:
        """Add the real time that has passed, then apply a change."""
        with self._lock:
            while True:
                before = self._time
                after = change(before.run(self._real(), self._speed) if self._speed else before)
                # A signal handler may have moved the clock in between.
                if self._time is before:
                    self._time = after
                    return after


@frozen
class _Time:
    """The time of a clock."""

    real: float
    """The latest real time that was read."""
    elapsed: float
    """The seconds since the clock was created."""
    start: datetime
    """The date and time at which `elapsed` was `started_at`.

    The date is calculated from it, because adding many small steps would lose precision.
    """
    started_at: float
    """The value of `elapsed` at `start`, in seconds."""

    def run(self, real: float, speed: float) -> _Time:
        passed = max(real - self.real, 0.0) * speed
        elapsed = min(self.elapsed + passed, self.last())
        return evolve(self, real=max(real, self.real), elapsed=elapsed)

    def at(self, date: datetime, elapsed: float) -> _Time:
        return _Time(self.real, elapsed, date, elapsed)

    def date(self) -> datetime:
        return self.start + timedelta(seconds=self.elapsed - self.started_at)

    def last(self) -> float:
        """Return the largest value of `elapsed`, at the end of the year 9999."""
        return self.started_at + (MAX_INSTANT - self.start) // timedelta(seconds=1)


def _monotonic() -> float:
    # Not `time.monotonic` itself, because a test may replace it at any time.
    return time.monotonic()


def _instant_violations(path: str, instant: object) -> Iterator[Violation]:
    if not isinstance(instant, datetime):
        yield wrong_type(path, "a datetime with a time zone", instant)
    elif instant.utcoffset() is None:
        yield Violation(path, "must have a time zone", "no_time_zone")
    else:
        try:
            instant.astimezone(timezone.utc)
        except OverflowError:
            rule = "must be in the years 1 to 9999 in UTC too"
            yield Violation(path, rule, "too_small" if instant.year == 1 else "too_large")


def _duration_violations(path: str, duration: object) -> Iterator[Violation]:
    for violation in duration_violations(path, duration):
        # The calendar alone limits a clock, not the longest duration of other arguments.
        if violation.code != "too_large":
            yield violation


def _in_utc(path: str, instant: datetime) -> datetime:
    check(_SUBJECT, _instant_violations(path, instant))
    return instant.astimezone(timezone.utc)
