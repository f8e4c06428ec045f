"""Limits of the service: quotas on resources, and rates of requests."""

import math
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal

from attrs import Attribute, asdict, field, frozen

from ssm_contacts_sdk._errors import InvalidValueError, Violation
from ssm_contacts_sdk._oncall.assumptions import check_choices
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk.local._arguments import check, int_violations, wrong_type
from ssm_contacts_sdk.local._clock import LocalClock
from ssm_contacts_sdk.local._contract import contract, operation_violations

SERVICE_CODE = "ssm-contacts"
"""The service's code in Service Quotas."""

CONTACTS_CODE = "L-7DD2017D"
STAGES_CODE = "L-5AE11799"
CHANNELS_CODE = "L-F338226A"
ROTATIONS_CODE = "L-4EA3AB3A"
FIXED_CODE = "L-00000000"
"""Our assumption for quotas that cannot be raised: AWS publishes no code for them."""

# All other operations have one of the two codes below.
_RATE_CODES = {
    "AcceptPage": "L-D35B01ED",
    "StartEngagement": "L-254D300C",
    "StopEngagement": "L-F890E288",
    "GetContact": "L-E86843F5",
    "DescribeEngagement": "L-0C2999E2",
    "DescribePage": "L-977ABCD7",
    "ListEngagements": "L-8F6873DD",
    "ListPagesByEngagement": "L-70D46058",
    "ListPagesByContact": "L-05EEDCEB",
    "ListPageReceipts": "L-E25E885A",
    "GetRotation": "L-0ECD1CFA",
    "GetRotationOverride": "L-0ECD1CFA",
    "ListPreviewRotationShifts": "L-0ECD1CFA",
    "ListRotationOverrides": "L-0ECD1CFA",
    "ListRotationShifts": "L-0ECD1CFA",
    "ListRotations": "L-0ECD1CFA",
}
_OTHER_READS_CODE = "L-DBEB7593"
_OTHER_WRITES_CODE = "L-53EDA07E"

# In requests per second, where AWS publishes a rate for the operation itself.
_PUBLISHED_RATES = {
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
_OTHER_READS_RATE = 20.0
_OTHER_WRITES_RATE = 1.0
# Ten times 0.1 is less than 1, and a clock that has run for years has coarser seconds.
_ONE_REQUEST = 1 - 1e-5
_RATE_RULE = "must be a finite number of requests per second above 0, or None"


def rate_code(operation: str) -> str:
    """Return the code of the quota for the rate of `operation`.

    >>> rate_code("GetContact"), rate_code("ListContacts"), rate_code("CreateContact")
    ('L-E86843F5', 'L-DBEB7593', 'L-53EDA07E')
    """
    is_read = operation.startswith(_READS)
    return _RATE_CODES.get(operation, _OTHER_READS_CODE if is_read else _OTHER_WRITES_CODE)


@public
@frozen(kw_only=True)
class Quotas:
    """The service's quotas on resources, by default as AWS publishes them; None is no limit.

    Our assumptions: contacts of all three types count together, and of a stage's targets only
    the channels count.

    >>> Quotas(contacts=2).stages_per_plan
    10

    Raises:
        InvalidValueError: a quota is not an int of at least 0.
    """

    contacts: int | None = 1_000
    """The contacts of an account in a Region, of all types together."""
    stages_per_plan: int | None = 10
    """The stages of the plan of a person or of an escalation plan."""
    channels_per_stage: int | None = 10
    """The channels that a stage of a person's plan engages."""
    rotations_per_schedule: int | None = 8
    """The rotations of an on-call schedule."""
    rotations: int | None = 500
    """The rotations of an account in a Region."""

    def __attrs_post_init__(self) -> None:
        violations = (
            violation
            for name, quota in asdict(self).items()
            for violation in int_violations(name, quota, least=0, optional=True)
        )
        check("Quotas", violations)

    @classmethod
    def none(cls) -> "Quotas":
        """Return quotas without any limit.

        >>> Quotas.none().contacts is None
        True
        """
        return cls(
            contacts=None,
            stages_per_plan=None,
            channels_per_stage=None,
            rotations_per_schedule=None,
            rotations=None,
        )


def exceeds(count: int, quota: int | None) -> bool:
    """Return whether `count` is above a quota."""
    return quota is not None and count > quota


def _pairs(changed: Mapping[str, float | None]) -> tuple[tuple[str, float | None], ...]:
    try:
        pairs = dict(changed).items()
    except (TypeError, ValueError):
        raise InvalidValueError("Rates", [wrong_type("changed", "a mapping", changed)]) from None
    # Unlike a mapping, a tuple of pairs can be hashed, and nobody can change it. The keys are
    # checked later, so they may be of several types.
    return tuple(sorted(pairs, key=str))


def _check_changed(
    _: "Rates", __: "Attribute[Any]", changed: tuple[tuple[str, float | None], ...]
) -> None:
    violations: list[Violation] = []
    for operation, rate in changed:
        violations += operation_violations(f"changed[{operation!r}]", operation)
        violations += _rate_violations(f"changed[{operation!r}]", rate)
    check("Rates", violations)


def _check_rate(_: "Rates", option: "Attribute[Any]", rate: float | None) -> None:
    check("Rates", _rate_violations(option.name, rate))


def _rate_violations(path: str, rate: object) -> Iterator[Violation]:
    if rate is None:
        return
    if not isinstance(rate, (int, float)) or isinstance(rate, bool):
        yield wrong_type(path, "a number or None", rate)
    elif not rate > 0:
        yield Violation(path, f"{_RATE_RULE} (got {rate})", "too_small")
    elif not math.isfinite(rate):
        yield Violation(path, f"{_RATE_RULE} (got {rate})", "too_large")


@public
@frozen
class RateBucket:
    """Operations that share one rate.

    >>> bucket = Rates().bucket_of("GetContact")
    >>> bucket.per_second, bucket.operations
    (20.0, ('GetContact',))
    """

    operations: tuple[str, ...]
    """The operations in AWS's spelling, in alphabetical order."""
    per_second: float | None
    """The rate of all of them together, in requests per second; None is no limit."""

    @property
    def burst(self) -> int | None:
        """The number of requests that a full bucket admits at once; None is no limit."""
        return None if self.per_second is None else max(1, math.floor(self.per_second))


@public
@frozen(field_transformer=check_choices)
class Rates:
    """The service's limits on requests per second, by default as AWS publishes them.

    AWS lists "all other operations" with 1 request per second. These are most of the operations
    that change something. Our assumption: they share that rate.

    Further assumptions: each of the remaining operations has a bucket of its own, which AWS
    confirms for some. A bucket is a token bucket: it is full at first, and its capacity is the
    number of requests of one second, at least 1. A rejected request uses no token.

    >>> rates = Rates({"StartEngagement": 5, "GetContact": None})
    >>> rates.of("StartEngagement"), rates.of("GetContact"), rates.of("UpdateContact")
    (5, None, 1.0)
    >>> rates.bucket_of("UpdateContact") == rates.bucket_of("DeleteContact")
    True

    Args:
        changed: rates of single operations, in requests per second; None is no limit. The keys
            are in AWS's spelling. Each of these operations has a bucket of its own.
        mutations: whether "all other operations" share one bucket, or have one each.
        mutations_per_second: the rate of that bucket, or of each of them; None is no limit.

    Raises:
        InvalidValueError: an operation does not exist, or a rate is not more than 0.
    """

    _changed: tuple[tuple[str, float | None], ...] = field(
        default=(),
        alias="changed",
        converter=_pairs,
        validator=_check_changed,
    )
    mutations: Literal["shared", "separate"] = "shared"
    mutations_per_second: float | None = field(
        default=_OTHER_WRITES_RATE, validator=_check_rate, kw_only=True
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
        """All buckets, in alphabetical order; each operation is in one of them."""
        return _buckets(self)

    def bucket_of(self, operation: str) -> RateBucket:
        """Return the bucket of an operation, in AWS's spelling.

        Raises:
            InvalidValueError: the operation does not exist.
        """
        for bucket in self.buckets:
            if operation in bucket.operations:
                return bucket
        raise InvalidValueError("Rates.bucket_of", operation_violations("operation", operation))

    def of(self, operation: str) -> float | None:
        """Return the rate of an operation's bucket, in requests per second; None is no limit.

        Raises:
            InvalidValueError: the operation does not exist.
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
        elif operation in _PUBLISHED_RATES or operation.startswith(_READS):
            rate = _PUBLISHED_RATES.get(operation, _OTHER_READS_RATE)
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
    """Token buckets that refill on the service's clock."""

    def __init__(self, rates: Rates | None, clock: LocalClock) -> None:
        self._clock = clock
        # By operation.
        self._buckets: dict[str, RateBucket] = {}
        for bucket in () if rates is None else rates.buckets:
            self._buckets.update(dict.fromkeys(bucket.operations, bucket))
        # The tokens in a bucket, and the time at which they were counted.
        self._left: dict[RateBucket, tuple[float, float]] = {}

    def admits(self, operation: str) -> bool:
        """Count a request, and return whether it is within its rate."""
        bucket = self._buckets.get(operation)
        if bucket is None or bucket.per_second is None:
            return True
        rate, now = bucket.per_second, self._clock.monotonic()
        capacity = max(1.0, rate)
        left, then = self._left.get(bucket, (capacity, now))
        left = min(capacity, left + (now - then) * rate)
        admitted = left >= _ONE_REQUEST
        self._left[bucket] = (left - 1 if admitted else left, now)
        return admitted
