"""Fault injection: the rules that select the requests which an effect hits."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from types import EllipsisType
from typing import overload

from attrs import define, field

from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._locks import fork_safe_lock
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk.local._arguments import check, int_violations, wrong_type
from ssm_contacts_sdk.local._contract import operation_violations
from ssm_contacts_sdk.local._effects import Effect


@define
class _Rule:
    effect: Effect
    operation: str | None
    attempt: int | None
    first: int
    probability: float
    times: int | None
    random: Random
    seen: int = field(default=0, init=False)
    hits: int = field(default=0, init=False)

    def hits_request(self, operation: str, attempt: int | None) -> bool:
        """Count a request that the rule matches, and return whether the effect hits it."""
        if self.operation not in (None, operation) or self.attempt not in (None, attempt):
            return False
        self.seen += 1
        if self.seen < self.first or (self.times is not None and self.hits >= self.times):
            return False
        if self.random.random() >= self.probability:
            return False
        self.hits += 1
        return True


@public
class Faults:
    """The rules of fault injection of one service, in the order in which they were added.

    Every rule counts every request that it matches, from when it was added. If several rules hit
    the same request, the effect of the rule that was added first applies. Two rules for one
    operation therefore hit the same request, and the second has no effect, unless its `nth` starts
    it after the first.

    >>> from ssm_contacts_sdk.local import LocalService, throttle
    >>> service = LocalService()
    >>> service.faults.add(throttle(), operation="CreateContact", times=2)
    >>> service.faults.add(throttle(), operation="GetContact", probability=0.1)

    Args:
        seed: the seed of the random numbers for rules with a probability.
    """

    def __init__(self, seed: int = 0) -> None:
        self._seed = seed
        self._rules: list[_Rule] = []
        self._lock = fork_safe_lock()

    def __repr__(self) -> str:
        rules = (
            f"{rule.operation or 'any operation'}: {rule.hits} of {rule.seen} requests hit"
            for rule in tuple(self._rules)
        )
        return f"Faults({', '.join(rules)})"

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
        times: int | EllipsisType | None = ...,
    ) -> None:
        """Add a rule: from now on, `effect` hits the requests that the rule selects.

        Args:
            effect: what the service does to these requests, such as `throttle()`.
            operation: only requests for this operation, in AWS's spelling (``CreateContact``);
                None is every operation.
            attempt: only requests that botocore counts as this attempt at a call, at least 1.
                Without botocore's own retries, every request is the first attempt.
            nth: the first matching request that can be hit: 1 or None is the next one, 2 the one
                after it.
            probability: the probability that a request is hit, from 0 to 1. The draws depend on
                the service's seed only, so every run hits the same requests.
            times: how many requests are hit, at least 1; None is all of them. The default is 1 or,
                with a probability, None.

        Raises:
            InvalidValueError: an argument is of the wrong type or out of range, or there is no such
                operation.
        """
        # None has a meaning of its own.
        if isinstance(times, EllipsisType):
            times = 1 if probability is None else None
        violations = [
            *_effect_violations(effect),
            *operation_violations("operation", operation, optional=True),
            *int_violations("attempt", attempt, least=1, optional=True),
            *int_violations("nth", nth, least=1, optional=True),
            *int_violations("times", times, least=1, optional=True),
            *_probability_violations(probability),
        ]
        check("faults.add", violations)
        with self._lock:
            # Each rule has its own stream: a further rule does not change what the others hit.
            random = Random(f"faults {self._seed} {len(self._rules)}")  # noqa: S311 - no secret
            self._rules.append(
                _Rule(
                    effect,
                    operation,
                    attempt,
                    first=1 if nth is None else nth,
                    probability=1.0 if probability is None else probability,
                    times=times,
                    random=random,
                )
            )

    def clear(self) -> None:
        """Remove all rules. New rules get the same random numbers as the first ones got."""
        with self._lock:
            self._rules.clear()

    def effect_on(self, operation: str, attempt: int | None) -> Effect:
        """Return the effect that hits a request, and count the request. Call it once for each."""
        with self._lock:
            # A signal handler can add a rule during the loop: it applies to later requests.
            rules = tuple(self._rules)
            effects = [rule.effect for rule in rules if rule.hits_request(operation, attempt)]
        return effects[0] if effects else Effect()


def _effect_violations(effect: object) -> Iterator[Violation]:
    if not isinstance(effect, Effect):
        yield wrong_type("effect", "an Effect, such as throttle()", effect)


def _probability_violations(probability: object) -> Iterator[Violation]:
    if probability is None:
        return
    if not isinstance(probability, (int, float)) or isinstance(probability, bool):
        yield wrong_type("probability", "a number or None", probability)
    elif not 0 <= probability <= 1:
        rule = f"must be between 0 and 1, or None (got {probability})"
        yield Violation("probability", rule, "too_small" if probability < 0 else "too_large")
