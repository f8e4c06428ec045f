"""Rules that make the service fail on purpose."""

from __future__ import annotations

from enum import Enum
from random import Random
from typing import Final, overload

from attrs import define, field

from ssm_contacts_sdk._errors import InvalidValueError, Violation
from ssm_contacts_sdk._locks import fork_safe_lock
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk.local._contract import contract
from ssm_contacts_sdk.local._effects import Effect


class _Unsaid(Enum):
    """Tells an argument that was left out from one that is None."""

    UNSAID = 0


_UNSAID: Final = _Unsaid.UNSAID


@define
class _Rule:
    effect: Effect
    operation: str | None
    attempt: int | None
    first: int
    probability: float
    times: int | None
    draws: Random
    seen: int = field(default=0, init=False)
    hits: int = field(default=0, init=False)

    def is_due(self, operation: str, attempt: int | None) -> bool:
        """Count the request if it is of this rule's kind, and tell whether it is hit."""
        if self.operation not in (None, operation) or self.attempt not in (None, attempt):
            return False
        self.seen += 1
        if self.seen < self.first or (self.times is not None and self.hits >= self.times):
            return False
        if self.draws.random() >= self.probability:
            return False
        self.hits += 1
        return True


@public
class Faults:
    """The rules of one service, in the order in which they were added.

    Every rule counts every request that it is about, from when it was added; of those that are
    due, the one that was added first takes effect. So two rules for one operation hit the same
    request, and the second is not seen, unless `nth` sets it behind the first.

    >>> from ssm_contacts_sdk.local import LocalService, throttle
    >>> service = LocalService()
    >>> service.faults.add(throttle(), operation="CreateContact", times=2)
    >>> service.faults.add(throttle(), operation="GetContact", probability=0.1)

    Args:
        seed: What the draws of rules with a probability come from.
    """

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self._rules: list[_Rule] = []
        self._lock = fork_safe_lock()

    @overload
    def add(
        self,
        effect: Effect,
        *,
        operation: str | None = None,
        attempt: int | None = None,
        nth: int | None = None,
        times: int | None = 1,
    ) -> None: ...

    @overload
    def add(
        self,
        effect: Effect,
        *,
        probability: float,
        operation: str | None = None,
        attempt: int | None = None,
        nth: int | None = None,
        times: int | None = None,
    ) -> None: ...

    def add(
        self,
        effect: Effect,
        *,
        operation: str | None = None,
        attempt: int | None = None,
        nth: int | None = None,
        probability: float | None = None,
        times: int | _Unsaid | None = _UNSAID,
    ) -> None:
        """From now on, let `effect` hit requests.

        Args:
            effect: What happens to them, such as `throttle()`.
            operation: Only this one, in AWS's spelling (``CreateContact``); None is every one.
            attempt: Only those that botocore counts as this attempt at a call, from 1. With its
                own retries off every request is the first.
            nth: Where to begin: 1 or None is the next such request, 2 the one after it.
            probability: How likely each of them is to be hit, from 0 to 1. It is drawn, from what
                the service's seed decides, so the same ones are hit in every run.
            times: How many are hit; None is all of them. If it is left out, one is or, with a
                probability, all that are drawn.
        """
        if times is _UNSAID:
            times = 1 if probability is None else None
        violations: list[Violation] = []
        if not isinstance(effect, Effect):
            violations.append(Violation("effect", "must be an effect, such as throttle()"))
        if operation is not None and operation not in contract().operations:
            rule = "must be an operation in AWS's spelling, such as CreateContact"
            violations.append(Violation("operation", rule))
        for name, count in (("attempt", attempt), ("nth", nth), ("times", times)):
            if count is not None and count < 1:
                violations.append(Violation(name, "must be at least 1, or None"))
        if probability is not None and not 0 <= probability <= 1:
            violations.append(Violation("probability", "must be 0 to 1, or None"))
        if violations:
            raise InvalidValueError("faults.add", violations)
        with self._lock:
            # A stream for each rule: one rule more does not change what the others hit.
            draws = Random(f"faults {self._seed} {len(self._rules)}")  # noqa: S311 - no secret
            self._rules.append(
                _Rule(
                    effect,
                    operation,
                    attempt,
                    first=1 if nth is None else nth,
                    probability=1.0 if probability is None else probability,
                    times=times,
                    draws=draws,
                )
            )

    def clear(self) -> None:
        """Remove every rule. Those that come next draw as the first ones did."""
        with self._lock:
            self._rules.clear()

    def due(self, operation: str, attempt: int | None) -> Effect:
        """What happens to the request that is here now; the service asks this once for each."""
        with self._lock:
            # A signal handler may add a rule meanwhile: it is for the requests after this one.
            rules = tuple(self._rules)
            hit = [rule.effect for rule in rules if rule.is_due(operation, attempt)]
        return hit[0] if hit else Effect()
