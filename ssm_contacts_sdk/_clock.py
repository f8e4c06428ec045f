"""The clock on which a client waits, and which returns the current time."""

import time
from datetime import datetime, timezone
from inspect import iscoroutinefunction
from typing import Protocol, cast

from attrs import frozen

from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._schema.times import Instant, as_instant
from ssm_contacts_sdk._schema.values import check_of
from ssm_contacts_sdk._schema.violations import raise_violations, under, wrong_type

_METHODS = ("now", "monotonic", "sleep")


@public
class Clock(Protocol):
    """The time as a client needs it: pass an object with these methods as `clock`.

    `SystemClock` is the default. `ssm_contacts_sdk.local.LocalClock` is the clock of an embedded
    service, which tests move.
    """

    def now(self) -> datetime:
        """Return the date and time, in UTC or with another time zone."""
        ...

    def monotonic(self) -> float:
        """Return the seconds since a fixed point in the past. They never decrease."""
        ...

    def sleep(self, seconds: float, /) -> None:
        """Wait until `seconds` have passed on this clock.

        Args:
            seconds: the number of seconds, at least 0.
        """
        ...


@public
class SystemClock:
    """The clock of this machine.

    Each call uses the functions that Python's `time` and `datetime` have at that moment. So it
    follows gevent, freezegun and tests that replace them.

    A subclass can replace one of its methods:

    >>> from datetime import datetime, timezone
    >>> from ssm_contacts_sdk import ContactsClient, SystemClock
    >>> class NewYear(SystemClock):
    ...     def now(self) -> datetime:
    ...         return datetime(2026, 1, 1, tzinfo=timezone.utc)
    >>> client = ContactsClient.local().with_options(clock=NewYear())
    """

    def now(self) -> datetime:
        """Return the date and time in UTC."""
        return datetime.now(timezone.utc)

    def monotonic(self) -> float:
        """Return `time.monotonic()`."""
        return time.monotonic()

    def sleep(self, seconds: float, /) -> None:
        """Call `time.sleep(seconds)`.

        Args:
            seconds: the number of seconds, at least 0.
        """
        time.sleep(seconds)

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


def checked_clock(clock: Clock) -> Clock:
    """Return a clock whose answers are checked, if a user may have written it."""
    return clock if type(clock) is SystemClock else _CheckedClock(clock)


@frozen
class _CheckedClock:
    """A clock that a user passed. What `now` and `monotonic` return is checked at each call."""

    clock: Clock

    def now(self) -> datetime:
        """Return the date and time in UTC.

        Raises:
            InvalidValueError: the clock does not return an instant.
        """
        at = self.clock.now()
        violations = check_of(Instant)(at)
        raise_violations("ContactsClient", under("clock.now()", violations))
        return as_instant(at)

    def monotonic(self) -> float:
        """Return the seconds of the clock.

        Raises:
            InvalidValueError: the clock does not return a number.
        """
        seconds = self.clock.monotonic()
        if not isinstance(cast("object", seconds), (int, float)):
            raise_violations("ContactsClient", wrong_type("a float", seconds, "clock.monotonic()"))
        return seconds

    def sleep(self, seconds: float, /) -> None:
        """Wait on the clock."""
        self.clock.sleep(seconds)


def is_clock(value: object) -> bool:
    """Return whether `value` has the methods of a `Clock`, none of which is asynchronous.

    >>> is_clock(SystemClock()), is_clock(SystemClock), is_clock(time)
    (True, False, False)
    """
    if isinstance(value, type):
        return False
    methods = [getattr(value, name, None) for name in _METHODS]
    # Nobody would await a coroutine: the client would not wait at all.
    return all(callable(each) and not iscoroutinefunction(each) for each in methods)
