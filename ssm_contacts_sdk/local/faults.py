"""Rules that make the service fail on purpose."""

from __future__ import annotations

from threading import Lock

from attrs import define, field

from ssm_contacts_sdk.errors import Fault, InvalidValueError
from ssm_contacts_sdk.local.contract import contract
from ssm_contacts_sdk.local.effects import Effect


@define
class _Rule:
    effect: Effect
    operation: str | None
    last: int | None
    first: int
    seen: int = field(default=0, init=False)

    def is_due(self, operation: str) -> bool:
        """Count the request if it is of this rule's kind, and tell whether it is hit."""
        if self.operation not in (None, operation):
            return False
        self.seen += 1
        return self.seen >= self.first and (self.last is None or self.seen <= self.last)


class Faults:
    """The rules of one service, in the order in which they were added.

    Every rule counts every request that it is about, from when it was added; of those that are
    due, the one that was added first takes effect. So two rules for one operation hit the same
    request, and the second is not seen, unless `nth` sets it behind the first.

    >>> from ssm_contacts_sdk.local import LocalService, throttle
    >>> service = LocalService()
    >>> service.faults.add(throttle(), operation="CreateContact", times=2)
    """

    def __init__(self) -> None:
        self._rules: list[_Rule] = []
        self._lock = Lock()

    def add(
        self,
        effect: Effect,
        *,
        operation: str | None = None,
        times: int | None = 1,
        nth: int | None = None,
    ) -> None:
        """From now on, let `effect` hit requests.

        Args:
            effect: What happens to them, such as `throttle()`.
            operation: Only this one, in AWS's spelling (``CreateContact``); None is every one.
            times: How many in a row; None is all of them.
            nth: Where to begin: 1 or None is the next such request, 2 the one after it.
        """
        faults: list[Fault] = []
        if not isinstance(effect, Effect):
            faults.append(Fault("effect", "must be an effect, such as throttle()"))
        if operation is not None and operation not in contract().operations:
            rule = "must be an operation in AWS's spelling, such as CreateContact"
            faults.append(Fault("operation", rule))
        if times is not None and times < 1:
            faults.append(Fault("times", "must be at least 1, or None"))
        if nth is not None and nth < 1:
            faults.append(Fault("nth", "must be at least 1, or None"))
        if faults:
            raise InvalidValueError("faults.add", faults)
        first = 1 if nth is None else nth
        last = None if times is None else first + times - 1
        with self._lock:
            self._rules.append(_Rule(effect, operation, last, first))

    def clear(self) -> None:
        """Remove every rule."""
        with self._lock:
            self._rules.clear()

    def due(self, operation: str) -> Effect:
        """What happens to the request that is here now; the service asks this once for each."""
        with self._lock:
            hit = [rule.effect for rule in self._rules if rule.is_due(operation)]
        return hit[0] if hit else Effect()
