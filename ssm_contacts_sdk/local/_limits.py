"""Limits of the service: quotas on resources, and the buckets that throttle requests."""

from attrs import asdict, frozen

from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._rates import RateBucket, Rates
from ssm_contacts_sdk.local._arguments import check, int_violations
from ssm_contacts_sdk.local._clock import LocalClock

SERVICE_CODE = "ssm-contacts"
"""The service's code in Service Quotas."""

CONTACTS_CODE = "L-7DD2017D"
STAGES_CODE = "L-5AE11799"
CHANNELS_CODE = "L-F338226A"
ROTATIONS_CODE = "L-4EA3AB3A"
FIXED_CODE = "L-00000000"
"""Our assumption for quotas that cannot be raised: AWS publishes no code for them."""

# Ten times 0.1 is less than 1, and a clock that has run for years has coarser seconds.
_ONE_REQUEST = 1 - 1e-5


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
