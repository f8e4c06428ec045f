"""When a call is made again, after how long, and how often.

What happened decides, not the kind of error alone:

- throttled: the service did nothing; the call is made again.
- never sent: the endpoint could not be reached; the call is made again.
- sent, and the outcome unknown (no answer, an unreadable one, any 5xx): the call is made again
  only where that is safe, see `ssm_contacts_sdk._operations`.
- anything else is the caller's to mend.

This package's clients have no other retries: botocore's own are off.
"""

import logging
import random
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar, cast

from attrs import define, evolve, field, frozen
from tenacity import RetryCallState, Retrying

from ssm_contacts_sdk._clock import Waiting
from ssm_contacts_sdk._errors import Attempted, ContactsError, Violation
from ssm_contacts_sdk._models.rules import Checked, whole_number_violations, wrong_type
from ssm_contacts_sdk._operations import Operation
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._service_errors import InternalServerError, ThrottlingError, TransportError

_log = logging.getLogger(__name__)
_T = TypeVar("_T")

# A delay that is doubled this often is still a float.
_MOST_ATTEMPTS = 1_000
# Python's whole numbers have no limit, its floats do.
_FOR_EVER = 10**9


@public
@frozen(kw_only=True)
class RetryDetails:
    """What is known when a call has failed and is about to be made again."""

    operation: str
    """AWS's name of the operation."""
    attempt: int
    """The number of the attempt that failed, from 1."""
    wait_for: float
    """The seconds until the next attempt."""
    elapsed: float
    """The seconds since the first attempt began."""
    cause: ContactsError
    """How the attempt failed."""


@public
@frozen(kw_only=True)
class RetryPolicy(Checked):
    """How often, and for how long, a call is made again.

    When the service says how long to wait (``RetryAfterSeconds``), that is obeyed exactly; if it
    does not fit the deadline, the call fails at once. Otherwise the delay doubles from
    `base_delay` up to `max_delay`, and half of it is left to chance, so that many callers who
    were turned away together do not come back together.

    Args:
        attempts: the requests sent for one call, the first one included: 1 to 1,000.
        deadline: no wait that would end later than this many seconds after the first attempt
            began is started. An attempt that is under way is not cut short; it ends when no byte
            of the answer comes for the client's read timeout, 15 seconds.
        base_delay: the longest first delay, in seconds.
        max_delay: the longest delay, in seconds.
        sleep: waits for so many seconds; None is the client's own way to wait. A client of AWS
            waits in real time, a client of the embedded service on the service's clock.
        clock: returns seconds that never go back; None is the client's own, as for `sleep`.
        random: what gives chance, from 0 to 1.
        on_retry: called before each wait. **What it raises ends the call**, in place of the
            call's own error.

    Raises:
        InvalidValueError: with every rule that is broken.

    >>> policy = RetryPolicy(attempts=3, on_retry=lambda retry: print(retry.operation))
    >>> RetryPolicy.none().attempts
    1
    """

    attempts: int = 5
    deadline: float = 45.0
    base_delay: float = 0.5
    max_delay: float = 20.0
    sleep: Callable[[float], None] | None = field(default=None, repr=False)
    clock: Callable[[], float] | None = field(default=None, repr=False)
    random: Callable[[], float] = field(default=random.random, repr=False)
    on_retry: Callable[[RetryDetails], None] | None = field(default=None, repr=False)

    @staticmethod
    def none() -> "RetryPolicy":
        """The policy of one attempt."""
        return RetryPolicy(attempts=1)

    def violations(self) -> Iterator[Violation]:
        yield from whole_number_violations("attempts", self.attempts, 1, _MOST_ATTEMPTS)
        for name in ("deadline", "base_delay", "max_delay"):
            yield from _seconds_violations(name, getattr(self, name))
        for name in ("sleep", "clock", "random", "on_retry"):
            value = getattr(self, name)
            if not callable(value) and (name == "random" or value is not None):
                yield wrong_type(name, "a function", value)


def waiting_under(policy: RetryPolicy, own: Waiting) -> Waiting:
    """Return how a client waits under `policy`: in its own way where the policy has None."""
    return evolve(
        own,
        sleep=own.sleep if policy.sleep is None else policy.sleep,
        clock=own.clock if policy.clock is None else policy.clock,
    )


def _seconds_violations(path: str, value: object) -> Iterator[Violation]:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        yield wrong_type(path, "a number of seconds", value)
    elif not 0 <= value <= _FOR_EVER:
        yield Violation(path, "must be a number of seconds of at least 0")


@define
class CallState(Generic[_T]):
    """One call on its way: what is sent each time, and what is known of it so far."""

    operation: Operation
    send: Callable[[], _T] = field(repr=False)
    token: str | None = field(repr=False)
    started: float
    attempts: int = 0
    waited: float = 0.0
    outcome_unknown: bool = False
    """Whether a request may have been carried out although nobody heard of it."""
    last_error: ContactsError | None = None
    last_is_unknown: bool = False
    """Whether that is so of the last request."""

    def attempt(self) -> _T:
        """Send it once more."""
        self.attempts += 1
        try:
            return self.send()
        except ContactsError as error:
            self.note(error)
            raise

    def note(self, error: ContactsError) -> None:
        """Take in how an attempt failed, and tell the error of all of them."""
        self.last_error = error
        if isinstance(error, Attempted):
            self.last_is_unknown = error.outcome_unknown
            self.outcome_unknown = self.outcome_unknown or self.last_is_unknown
            error.attempts = self.attempts
            error.idempotency_token = self.token
            # The last error may be harmless, and an earlier one not.
            error.outcome_unknown = self.outcome_unknown and self.operation.changes_state

    def elapsed(self, now: float) -> float:
        """The seconds since it began, at least those that it was told to wait."""
        # In this order: a clock that is not a number is passed over.
        return max(self.waited, now - self.started)


class RetryLoop:
    """The one loop of a policy, on tenacity. Threads may share it."""

    def __init__(self, policy: RetryPolicy, waiting: Waiting) -> None:
        self._policy = policy
        self._clock = waiting.clock
        # One for all calls: to make one costs more than to use it.
        self._retrying = Retrying(
            retry=self._is_worth_repeating,
            wait=self._next_wait,
            stop=self._is_the_end,
            sleep=waiting.sleep,
            before_sleep=self._tell,
            reraise=True,
        )

    def begin(
        self, operation: Operation, send: Callable[[], _T], token: str | None
    ) -> CallState[_T]:
        """A call that has not begun."""
        return CallState(operation, send, token, self._clock())

    def run(self, call: CallState[_T]) -> _T:
        """Send until there is an answer, or no more reason to go on. Raises the last error."""
        # tenacity hands the call on to what it asks below.
        return self._retrying(CallState[_T].attempt, call)

    def _is_worth_repeating(self, state: RetryCallState) -> bool:
        error, call = _error(state), _call(state)
        if error is not call.last_error or error is None:
            # Not an error of the call.
            return False
        if isinstance(error, ThrottlingError):
            return True
        if isinstance(error, TransportError) and not call.last_is_unknown:
            return True
        return call.last_is_unknown and call.operation.is_repeatable

    def _next_wait(self, state: RetryCallState) -> float:
        error = _error(state)
        if isinstance(error, (ThrottlingError, InternalServerError)):
            asked = error.retry_after
            if asked is not None:
                return float(min(asked, _FOR_EVER))
        policy = self._policy
        doubled = policy.base_delay * 2 ** (_call(state).attempts - 1)
        longest: float = min(policy.max_delay, doubled)
        return longest * (1 + policy.random()) / 2

    def _is_the_end(self, state: RetryCallState) -> bool:
        call = _call(state)
        if call.attempts >= self._policy.attempts:
            return True
        ends = call.elapsed(self._clock()) + state.upcoming_sleep
        return not ends <= self._policy.deadline

    def _tell(self, state: RetryCallState) -> None:
        call, error = _call(state), _error(state)
        details = RetryDetails(
            operation=call.operation.name,
            attempt=call.attempts,
            wait_for=state.upcoming_sleep,
            elapsed=call.elapsed(self._clock()),
            cause=cast("ContactsError", error),
        )
        call.waited += state.upcoming_sleep
        _log.info(
            "%s: attempt %d failed (%s); the next one is in %.3g s",
            details.operation,
            details.attempt,
            type(error).__name__,
            details.wait_for,
        )
        if self._policy.on_retry is not None:
            self._policy.on_retry(details)


def _call(state: RetryCallState) -> CallState[object]:
    return cast("CallState[object]", state.args[0])


def _error(state: RetryCallState) -> BaseException | None:
    return None if state.outcome is None else state.outcome.exception()
