"""How a client waits, and which time it goes by."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Protocol

from attrs import frozen

from ssm_contacts_sdk._models.rules import check
from ssm_contacts_sdk._models.times import instant_violations


class Clock(Protocol):
    """A clock that a client reads and waits on, such as `ssm_contacts_sdk.local.LocalClock`."""

    def now(self) -> datetime:
        """Return the date and time, with a time zone."""
        ...

    def monotonic(self) -> float:
        """Return seconds from any start. They never go back."""
        ...

    def sleep(self, seconds: float, /) -> None:
        """Wait for so many seconds of this clock."""
        ...


@frozen
class Waiting:
    """How a client waits, and which time it goes by."""

    sleep: Callable[[float], None]
    """Waits for so many seconds."""
    clock: Callable[[], float]
    """Returns seconds from any start. They never go back."""
    now: Callable[[], datetime]
    """Returns the date and time, with a time zone."""


def waiting_on(clock: Clock | Callable[[], datetime] | None) -> Waiting:
    """Return how to wait on `clock`; in real time if it is only a function, or None."""
    if clock is None:
        return _REAL_TIME
    if callable(clock):
        return Waiting(_REAL_TIME.sleep, _REAL_TIME.clock, _checked(clock))
    return Waiting(clock.sleep, clock.monotonic, _checked(clock.now))


def _checked(now: Callable[[], datetime]) -> Callable[[], datetime]:
    """Return `now` with a check of what it returns, which only its calls can show."""

    def checked() -> datetime:
        at = now()
        check("ContactsClient", instant_violations("clock()", at))
        return at

    return checked


def is_clock(value: object) -> bool:
    """Return whether `value` has all methods of a `Clock`."""
    return all(callable(getattr(value, name, None)) for name in ("now", "monotonic", "sleep"))


# Python's functions are looked up in each call: gevent and tests replace them at any time.
def _sleep(seconds: float) -> None:
    time.sleep(seconds)


def _monotonic() -> float:
    return time.monotonic()


def _now() -> datetime:
    return datetime.now(timezone.utc)


_REAL_TIME = Waiting(_sleep, _monotonic, _now)
