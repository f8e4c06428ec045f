"""How often each operation may be called."""

import math
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal

from attrs import Attribute, field, frozen

from ssm_contacts_sdk._errors import InvalidValueError, Violation
from ssm_contacts_sdk._oncall.assumptions import one_of
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk.local._clock import LocalClock
from ssm_contacts_sdk.local._contract import contract
from ssm_contacts_sdk.local._effects import throttle
from ssm_contacts_sdk.local._responses import Response

# In requests a second; what is not here is a read or one of "all other operations".
_PUBLISHED = {
    "AcceptPage": 20.0,
    "DescribeEngagement": 5.0,
    "DescribePage": 5.0,
    "ListEngagements": 2.0,
    "ListPageReceipts": 1.0,
    "ListPagesByContact": 1.0,
    "ListPagesByEngagement": 2.0,
    "StartEngagement": 20.0,
    "StopEngagement": 10.0,
}
_READS = ("Get", "List")
_EVERY_OTHER_READ = 20.0
_EVERY_OTHER_OPERATION = 1.0
# Ten times 0.1 is less than 1, and the seconds of a clock that has run for years are less exact.
_A_WHOLE_ONE = 1 - 1e-5


def _pairs(changed: Mapping[str, float | None]) -> tuple[tuple[str, float | None], ...]:
    # Unlike a mapping, it can be pickled, copied and hashed, and nobody can change it.
    return tuple(sorted(dict(changed).items()))


def _valid(_: "Rates", __: "Attribute[Any]", changed: tuple[tuple[str, float | None], ...]) -> None:
    violations: list[Violation] = []
    for operation, rate in changed:
        if operation not in contract().operations:
            violations.append(Violation(operation, "must be an operation in AWS's spelling"))
        if not _is_rate(rate):
            violations.append(Violation(operation, "must be more than 0 a second, or None"))
    if violations:
        raise InvalidValueError("Rates", violations)


def _a_rate(_: "Rates", option: "Attribute[Any]", rate: float | None) -> None:
    if not _is_rate(rate):
        violations = [Violation(option.name, "must be more than 0 a second, or None")]
        raise InvalidValueError("Rates", violations)


def _is_rate(rate: object) -> bool:
    if rate is None:
        return True
    if not isinstance(rate, (int, float)) or isinstance(rate, bool):
        return False
    return math.isfinite(rate) and rate > 0


@public
@frozen
class RateBucket:
    """Operations that share one rate: together they may be called so often.

    >>> bucket = Rates().bucket_of("GetContact")
    >>> bucket.per_second, bucket.operations
    (20.0, ('GetContact',))
    """

    operations: tuple[str, ...]
    """In AWS's spelling and in the order of the alphabet."""
    per_second: float | None
    """The requests a second of all of them together; None is no limit."""

    @property
    def burst(self) -> int | None:
        """How many requests may come at once when none came for a while; None is no limit."""
        return None if self.per_second is None else max(1, math.floor(self.per_second))


@public
@frozen
class Rates:
    """How many requests a second the service carries out, of which operations.

    The defaults are the published rates. AWS lists "all other operations" with 1 a second: these
    are most operations that change something, and they share that rate (our assumption).

    Further assumptions: every other operation has a bucket of its own, as AWS says of some. A
    bucket is full at first and holds the requests of one second, at least one. A request that is
    refused takes nothing out of it.

    >>> rates = Rates({"StartEngagement": 5, "GetContact": None})
    >>> rates.of("StartEngagement"), rates.of("GetContact"), rates.of("UpdateContact")
    (5, None, 1.0)
    >>> rates.bucket_of("UpdateContact") == rates.bucket_of("DeleteContact")
    True

    Args:
        changed: The requests a second of single operations, in AWS's spelling; None is no limit.
            An operation that is named has a bucket of its own.
        mutations: Whether "all other operations" share one bucket, or have one each.
        mutations_per_second: The rate of that bucket, or of each of them; None is no limit.

    Raises:
        InvalidValueError: There is no such operation, or a rate is not more than 0.
    """

    _changed: tuple[tuple[str, float | None], ...] = field(
        default=(),
        alias="changed",
        converter=_pairs,
        validator=_valid,
    )
    mutations: Literal["shared", "separate"] = one_of("shared", "separate")
    mutations_per_second: float | None = field(
        default=_EVERY_OTHER_OPERATION, validator=_a_rate, kw_only=True
    )

    def __repr__(self) -> str:
        more = f", mutations={self.mutations!r}, mutations_per_second={self.mutations_per_second!r}"
        return f"Rates({dict(self._changed)!r}{more})"

    @property
    def changed(self) -> Mapping[str, float | None]:
        """The rates of single operations that differ from the published ones."""
        return MappingProxyType(dict(self._changed))

    @property
    def buckets(self) -> tuple[RateBucket, ...]:
        """All buckets, by the names of their operations; each operation is in one of them."""
        return _buckets(self)

    def bucket_of(self, operation: str) -> RateBucket:
        """Return the bucket of an operation, in AWS's spelling.

        Raises:
            InvalidValueError: There is no such operation.
        """
        for bucket in self.buckets:
            if operation in bucket.operations:
                return bucket
        violations = [Violation("operation", "must be an operation in AWS's spelling")]
        raise InvalidValueError("Rates.bucket_of", violations)

    def of(self, operation: str) -> float | None:
        """Return the requests a second of the bucket of an operation; None is no limit.

        Raises:
            InvalidValueError: There is no such operation.
        """
        return self.bucket_of(operation).per_second


@lru_cache(maxsize=16)
def _buckets(rates: Rates) -> tuple[RateBucket, ...]:
    changed = rates.changed
    found: list[RateBucket] = []
    others: list[str] = []
    for operation in sorted(contract().operations):
        if operation in changed:
            found.append(RateBucket((operation,), changed[operation]))
        elif operation in _PUBLISHED or operation.startswith(_READS):
            rate = _PUBLISHED.get(operation, _EVERY_OTHER_READ)
            found.append(RateBucket((operation,), rate))
        else:
            others.append(operation)
    if rates.mutations == "separate":
        found += [RateBucket((operation,), rates.mutations_per_second) for operation in others]
    elif others:
        found.append(RateBucket(tuple(others), rates.mutations_per_second))
    return tuple(sorted(found, key=_first_name))


def _first_name(bucket: RateBucket) -> str:
    return bucket.operations[0]


class Throttling:
    """What is left of the rates, on the service's clock."""

    def __init__(self, rates: Rates | None, clock: LocalClock) -> None:
        self._clock = clock
        # By operation.
        self._buckets: dict[str, RateBucket] = {}
        for bucket in () if rates is None else rates.buckets:
            self._buckets.update(dict.fromkeys(bucket.operations, bucket))
        # What was in a bucket, and when.
        self._left: dict[RateBucket, tuple[float, float]] = {}

    def before(self, operation: str, request_id: str) -> Response | None:
        """The refusal of a request that is one too many, else None. The request is counted."""
        bucket = self._buckets.get(operation)
        if bucket is None or bucket.per_second is None:
            return None
        rate, now = bucket.per_second, self._clock.monotonic()
        capacity = max(1.0, rate)
        left, then = self._left.get(bucket, (capacity, now))
        left = min(capacity, left + (now - then) * rate)
        refused = left < _A_WHOLE_ONE
        self._left[bucket] = (left if refused else left - 1, now)
        return throttle().before(operation, request_id) if refused else None
