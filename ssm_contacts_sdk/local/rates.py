"""How often each operation may be called."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from attrs import Attribute, field, frozen

from ssm_contacts_sdk.errors import Fault, InvalidValueError
from ssm_contacts_sdk.local.answers import Answer
from ssm_contacts_sdk.local.clock import LocalClock
from ssm_contacts_sdk.local.contract import contract
from ssm_contacts_sdk.local.effects import throttle

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
# Sums of tenths do not come to a whole one.
_A_WHOLE_ONE = 1 - 1e-9


def _frozen(changed: Mapping[str, float | None]) -> Mapping[str, float | None]:
    return MappingProxyType(dict(changed))


def _can_be_kept(_: Rates, __: Attribute[Any], changed: Mapping[str, float | None]) -> None:
    faults: list[Fault] = []
    for operation, rate in changed.items():
        if operation not in contract().operations:
            faults.append(Fault(operation, "is no operation in AWS's spelling"))
        if rate is not None and not (math.isfinite(rate) and rate > 0):
            faults.append(Fault(operation, "must be more than 0 a second, or None"))
    if faults:
        raise InvalidValueError("Rates", faults)


@frozen
class Rates:
    """How many requests a second of each operation the service carries out.

    They are the published rates; `changed` names those that differ, and None is no limit.

    Our assumptions: each operation has a bucket of its own, as AWS says of some. It is full at
    first and holds the requests of one second, at least one. A request that is refused takes
    nothing out of it.

    >>> rates = Rates({"CreateContact": 5, "GetContact": None})
    >>> rates.of("CreateContact"), rates.of("GetContact"), rates.of("UpdateContact")
    (5, None, 1.0)
    """

    changed: Mapping[str, float | None] = field(
        factory=dict[str, "float | None"], converter=_frozen, validator=_can_be_kept
    )

    def of(self, operation: str) -> float | None:
        """The requests a second of an operation, in AWS's spelling; None is no limit."""
        if operation in self.changed:
            return self.changed[operation]
        others = _EVERY_OTHER_READ if operation.startswith(_READS) else _EVERY_OTHER_OPERATION
        return _PUBLISHED.get(operation, others)


class Throttling:
    """What is left of the rates, on the service's clock."""

    def __init__(self, rates: Rates | None, clock: LocalClock) -> None:
        self._rates = rates
        self._clock = clock
        # What was in an operation's bucket, and when.
        self._buckets: dict[str, tuple[float, float]] = {}

    def before(self, operation: str, request_id: str) -> Answer | None:
        """The refusal of a request that is one too many, else None. The request is counted."""
        rate = None if self._rates is None else self._rates.of(operation)
        if rate is None:
            return None
        capacity, now = max(1.0, rate), self._clock.monotonic()
        left, then = self._buckets.get(operation, (capacity, now))
        left = min(capacity, left + (now - then) * rate)
        refused = left < _A_WHOLE_ONE
        self._buckets[operation] = (left if refused else left - 1, now)
        return throttle().before(operation, request_id) if refused else None
