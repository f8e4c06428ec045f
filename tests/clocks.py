"""Clocks for tests of code that waits."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ssm_contacts_sdk import Clock
from ssm_contacts_sdk.local._clock import DEFAULT_START


class StoppedClock:
    """A clock that does not run, and records the waits that were requested."""

    def __init__(self) -> None:
        self.waits: list[float] = []

    def now(self) -> datetime:
        return DEFAULT_START

    def monotonic(self) -> float:
        return 0.0

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)


class ChangedClock:
    """Another clock with some of its methods replaced."""

    def __init__(
        self,
        clock: Clock,
        *,
        now: Callable[[], datetime] | None = None,
        monotonic: Callable[[], float] | None = None,
        sleep: Callable[[float], None] | None = None,
    ) -> None:
        self.now = clock.now if now is None else now
        self.monotonic = clock.monotonic if monotonic is None else monotonic
        self._sleep = clock.sleep if sleep is None else sleep

    def sleep(self, seconds: float) -> None:
        self._sleep(seconds)
