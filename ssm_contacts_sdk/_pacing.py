"""Requests that wait until their rate admits them, so that the service need not throttle them."""

from __future__ import annotations

from typing import NamedTuple

from ssm_contacts_sdk._clock import Clock
from ssm_contacts_sdk._locks import fork_safe_lock
from ssm_contacts_sdk._rates import Rates

# Requests that are sent at regular intervals do not arrive so. Without a margin, some would arrive
# too early.
_MARGIN = 0.01
_SLOWEST = 1 / 32
_RECOVERED_PER_MINUTE = 0.1


class Permit(NamedTuple):
    """A request may be sent."""

    at: float
    """The instant on the clock from which it may be sent."""
    waited: float
    """The seconds that it waited for that instant."""


class Pacer:
    """Delays the requests of one client so that they keep to `rates`. Threads may share it.

    The requests of a bucket are sent at regular intervals, in the order in which they ask: the
    number of requests that AWS accepts at once is undocumented. If the service throttles a request
    all the same, because another program uses the same account, the bucket is used at half the rate
    from then on, and at a tenth of the full rate more after each minute.
    """

    def __init__(self, rates: Rates, clock: Clock) -> None:
        self.rates = rates
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}
        for bucket in rates.buckets:
            if bucket.per_second is not None:
                paced = _Bucket(bucket.per_second)
                self._buckets.update(dict.fromkeys(bucket.operations, paced))

    def is_for(self, rates: Rates, clock: Clock) -> bool:
        """Return whether it keeps to these rates, on this clock."""
        return self.rates == rates and self._clock == clock

    def wait(self, operation: str) -> Permit:
        """Wait until a request of an operation, in AWS's spelling, may be sent."""
        now = self._clock.monotonic()
        bucket = self._buckets.get(operation)
        if bucket is None:
            return Permit(now, 0.0)
        at = bucket.reserve(now)
        if at > now:
            self._clock.sleep(at - now)
        return Permit(at, at - now)

    def slow_down(self, operation: str, permit: Permit, retry_after: float | None) -> None:
        """Use a bucket at half its rate, because the service throttled a request of it.

        Args:
            operation: AWS's name of the operation.
            permit: that of the request. If the rate was halved after it, the rate stays as it is.
            retry_after: the seconds that the service asked to wait.
        """
        bucket = self._buckets.get(operation)
        if bucket is not None:
            bucket.slow_down(self._clock.monotonic(), permit.at, retry_after)


class _Bucket:
    """The requests that share a rate. The next one may be sent at `_next`."""

    def __init__(self, per_second: float) -> None:
        self._interval = 1 / (per_second * (1 - _MARGIN))
        self._next = float("-inf")
        self._share = 1.0
        self._slowed_at = float("-inf")
        self._lock = fork_safe_lock()

    def reserve(self, now: float) -> float:
        """Return the instant from which one request may be sent, and no other one before it."""
        with self._lock:
            at = max(now, self._next)
            self._next = at + self._interval / self._share_at(at)
            return at

    def slow_down(self, now: float, sent_at: float, retry_after: float | None) -> None:
        """Halve the rate, unless that was done after a request was sent at `sent_at`."""
        with self._lock:
            if sent_at > self._slowed_at:
                self._share = max(_SLOWEST, self._share_at(now) / 2)
                self._slowed_at = now
            wait = self._interval / self._share if retry_after is None else retry_after
            self._next = max(self._next, now + wait)

    def _share_at(self, now: float) -> float:
        minutes = max(0.0, now - self._slowed_at) / 60
        return min(1.0, self._share + minutes * _RECOVERED_PER_MINUTE)
