"""The retry policy, and the one loop that sends the requests of a call.

What happened in an attempt decides whether there is another one:

- The service throttled the request, so it did nothing: always.
- The request was never sent, because the endpoint could not be reached: always.
- The request was sent and its outcome is unknown (no response, an unreadable one, any 5xx): only
  where repeating is safe, see `ssm_contacts_sdk._operations`.
- Anything else: never.

The boto3 clients that this package makes do not retry themselves.
"""

import logging
import random
from collections.abc import Callable, Sequence
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar

from attrs import define, field, frozen

from ssm_contacts_sdk._clock import Clock
from ssm_contacts_sdk._durations import as_seconds, duration_violations
from ssm_contacts_sdk._errors import Attempted, ContactsError, Violation
from ssm_contacts_sdk._operations import Operation
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._schema.constraints import Between, Constraint
from ssm_contacts_sdk._schema.values import Value
from ssm_contacts_sdk._schema.violations import wrong_type
from ssm_contacts_sdk._service_errors import InternalServerError, ThrottlingError, TransportError

if TYPE_CHECKING:
    from tenacity import RetryCallState

# The name is public, because programs configure the logger. See docs/retries.md.
_log = logging.getLogger("ssm_contacts_sdk.retry")
_T = TypeVar("_T")

# A delay that is doubled this often is still a float.
_MOST_ATTEMPTS = 1_000
# The service may request a wait of any length. This one is finite as a float, and longer than every
# deadline that is allowed.
_LONGEST_WAIT = 10**9 + 1


@public
@frozen(kw_only=True)
class RetryDetails:
    """A failed attempt that will be repeated: the argument of `RetryPolicy.on_retry`."""

    operation: str
    """AWS's name of the operation."""
    attempt: int
    """The number of the attempt that failed, from 1."""
    wait_for: float
    """The seconds until the next attempt."""
    elapsed: float
    """The seconds since the start of the first attempt."""
    cause: ContactsError
    """The error of the attempt."""


class _Seconds(Constraint):
    """A duration of at least 0 seconds. A converter has converted it to a number of seconds."""

    def check(self, value: float, /) -> Sequence[Violation]:
        return duration_violations("", value)

    def check_type(self, value: object, kind: type) -> Sequence[Violation]:
        # Without this method, an int would be rejected: the annotation is float.
        return duration_violations("", value)

    def describe(self) -> str:
        return "a timedelta or seconds, at least 0"


class _IsCallable(Constraint):
    """Something that can be called, and that is not asynchronous: nobody would await it."""

    expected = "callable"

    def check(self, value: object, /) -> Sequence[Violation]:
        if iscoroutinefunction(value):
            return wrong_type("callable and not async", value)
        return ()

    def describe(self) -> str:
        return self.expected


@public
@frozen(kw_only=True)
class RetryPolicy(Value):
    """How often, and for how long, a failed call is repeated.

    If the service reports how long to wait (``RetryAfterSeconds``), the client waits exactly that
    long. If that does not fit the deadline, the call fails at once. Otherwise the delay doubles
    with each attempt, from `base_delay` up to `max_delay`, and up to half of it is subtracted at
    random: clients that were throttled together do not all return together.

    The client waits on its own clock; see the argument `clock` of `ContactsClient`.

    Args:
        attempts: the number of requests for one call, with the first one: 1 to 1,000.
        deadline: how long after the start of the first attempt the last wait may end, as a
            `timedelta` or in seconds. It does not interrupt an attempt: that ends at the latest
            when the client's read timeout passes without a byte of the response.
        base_delay: the longest first delay, as a `timedelta` or in seconds.
        max_delay: the longest delay, as a `timedelta` or in seconds.
        random: returns a random float from 0 to 1 for each delay.
        on_retry: called with `RetryDetails` before each wait. **An error that it raises ends the
            call**, and is raised in place of the call's own error.

    Raises:
        InvalidValueError: with all violations.

    >>> policy = RetryPolicy(attempts=3, on_retry=lambda retry: print(retry.operation))
    >>> policy.deadline
    45.0
    """

    attempts: Annotated[int, Between(1, _MOST_ATTEMPTS)] = 5
    deadline: Annotated[float, _Seconds()] = field(default=45.0, converter=as_seconds)
    base_delay: Annotated[float, _Seconds()] = field(default=0.5, converter=as_seconds)
    max_delay: Annotated[float, _Seconds()] = field(default=20.0, converter=as_seconds)
    random: Annotated[Callable[[], float], _IsCallable()] = field(default=random.random, repr=False)
    on_retry: Annotated[Callable[[RetryDetails], None], _IsCallable()] | None = field(
        default=None, repr=False
    )

    @staticmethod
    def none() -> "RetryPolicy":
        """Return the policy of a single attempt.

        >>> RetryPolicy.none().attempts
        1
        """
        return RetryPolicy(attempts=1)


@define(eq=False)
class CallState(Generic[_T]):
    """The attempts of a call, and what is known of them so far. It exists after the first one."""

    operation: Operation[Any]
    send: "Callable[[CallState[_T]], _T]" = field(repr=False)
    """Sends one request and returns the response, or raises an error of this package."""
    token: str | None = field(repr=False)
    """The idempotency token that all attempts send."""
    policy: RetryPolicy
    clock: Clock
    started: float
    """When the first attempt started, on the clock, plus the later waits for a rate."""
    attempts: int = 1
    outcome_unknown: bool = False
    """Whether any of the requests may have been carried out although its response was lost."""
    last_error: ContactsError | None = None
    _last_outcome_unknown: bool = False
    _waited: float = 0.0

    def repeat(self) -> _T:
        """Repeat a request that has failed, until there is a response or no reason to repeat.

        Raises:
            ContactsError: the last error.
        """
        failed = self.last_error
        assert failed is not None, "only a failed attempt is repeated"
        try:
            if self.attempts >= self.policy.attempts or not self._is_repeatable(failed):
                raise failed
            return self._repeat(failed)
        finally:
            # The error's traceback refers to this frame.
            del failed

    def _repeat(self, first_error: ContactsError) -> _T:
        # Imported here: it loads in a few milliseconds, and most programs never need it.
        from tenacity import Retrying, retry_if_exception  # noqa: PLC0415

        loop = Retrying(
            retry=retry_if_exception(self._is_repeatable),
            wait=self._next_wait,
            stop=self._is_last,
            before_sleep=self._report,
            sleep=self.clock.sleep,
            reraise=True,
        )
        for attempt in loop:
            with attempt:
                if attempt.retry_state.attempt_number == 1:
                    # The first attempt has failed before the loop.
                    raise first_error
                return self._attempt()
        raise AssertionError("the loop returns or raises")

    def _attempt(self) -> _T:
        self.attempts += 1
        try:
            return self.send(self)
        except ContactsError as error:
            self.record(error)
            raise

    def record(self, error: ContactsError) -> None:
        """Record the error of an attempt, and set its attributes about all attempts."""
        self.last_error = error
        # The unknown outcome of an earlier attempt is not the outcome of this one.
        self._last_outcome_unknown = False
        if isinstance(error, Attempted):
            self._last_outcome_unknown = error.outcome_unknown
            self.outcome_unknown = self.outcome_unknown or error.outcome_unknown
            error.attempts = self.attempts
            error.idempotency_token = self.token
            # Even if this attempt did nothing, an earlier one may have been carried out.
            error.outcome_unknown = self.outcome_unknown and self.operation.changes_state

    def _is_repeatable(self, error: BaseException) -> bool:
        if error is not self.last_error:
            # An error of other code, such as an event handler of the boto3 client.
            return False
        if isinstance(error, ThrottlingError):
            return True
        if isinstance(error, TransportError) and not self._last_outcome_unknown:
            return True
        return self._last_outcome_unknown and self.operation.is_repeatable

    def _next_wait(self, _: "RetryCallState") -> float:
        error = self.last_error
        if isinstance(error, (ThrottlingError, InternalServerError)):
            requested = error.retry_after
            if requested is not None:
                return float(min(requested, _LONGEST_WAIT))
        doubled = self.policy.base_delay * 2 ** (self.attempts - 1)
        longest: float = min(self.policy.max_delay, doubled)
        return longest * (1 + self.policy.random()) / 2

    def _is_last(self, state: "RetryCallState") -> bool:
        if self.attempts >= self.policy.attempts:
            return True
        ends = self._elapsed() + state.upcoming_sleep
        # A comparison with NaN is False, so the call ends if `random` returns NaN.
        return not ends <= self.policy.deadline

    def _elapsed(self) -> float:
        # The clock may stop or go back. `max` returns its first argument if the second is not a
        # number.
        return max(self._waited, self.clock.monotonic() - self.started)

    def _report(self, state: "RetryCallState") -> None:
        error = self.last_error
        assert error is not None, "only a failed attempt is repeated"
        details = RetryDetails(
            operation=self.operation.name,
            attempt=self.attempts,
            wait_for=state.upcoming_sleep,
            elapsed=self._elapsed(),
            cause=error,
        )
        self._waited += state.upcoming_sleep
        _log.info(
            "%s: attempt %d failed (%s); the next one is in %.3g s",
            details.operation,
            details.attempt,
            type(error).__name__,
            details.wait_for,
        )
        if self.policy.on_retry is not None:
            self.policy.on_retry(details)
