"""The exceptions of the package.

::

    ContactsError
    |-- InvalidValueError (ValueError)      an invalid value, rejected before a request
    |-- ConfigurationError                  no Region, no such profile, an invalid endpoint
    |   `-- CredentialsError                no credentials, or incomplete or expired ones
    |-- ResponseDecodeError                 a response that cannot be read
    |-- AmbiguousNameError (LookupError)    a name that several resources have
    |-- CalendarTooLongError (ValueError)   a query that needs too many hand-offs
    |-- FollowTimeoutError (TimeoutError)   an engagement that lasts longer than the timeout
    |-- NotPicklableError (TypeError)       pickling or copying of a client
    |-- StateFileError                      a state file of the embedded service is unusable
    |-- ReentrantCallError (RuntimeError)   a signal handler calls the busy embedded service
    |-- TransportError                      no response                 (_service_errors)
    `-- ServiceError (ClientError)          an error response           (_service_errors)
        |-- AccessDeniedError
        |-- ConflictError
        |-- DataEncryptionError
        |-- InternalServerError
        |-- ResourceNotFoundError
        |-- ServiceQuotaExceededError
        |-- ThrottlingError
        `-- ValidationError
            `-- AccountNotOnboardedError

Each one can be pickled and copied with all its attributes. No message contains a phone number, an
address, the text of a page, a code or a token. The classes of this module need no botocore.
"""

import warnings
from collections.abc import Iterable, Mapping
from datetime import timedelta
from os import PathLike, fspath
from typing import Literal, TypeVar

from attrs import frozen

from ssm_contacts_sdk._public import public

E = TypeVar("E", bound="ContactsError")

_UNITS = ((timedelta(days=1), "d"), (timedelta(hours=1), "h"), (timedelta(minutes=1), "min"))


@public
class ContactsError(Exception):
    """The base class of all errors that this package raises.

    >>> issubclass(InvalidValueError, ContactsError)
    True
    """

    def __reduce__(self) -> tuple[object, ...]:
        # BaseException's own method would call the class with the message only.
        return _restore, (type(self), self.args, dict(vars(self)))


def _restore(cls: type[E], args: tuple[object, ...], attributes: Mapping[str, object]) -> E:
    error = cls.__new__(cls)
    error.args = args
    vars(error).update(attributes)
    return error


ViolationCode = Literal[
    "conflict",
    "duplicate",
    "misplaced",
    "missing",
    "no_time_zone",
    "not_an_arn",
    "not_encodable",
    "too_few",
    "too_large",
    "too_long",
    "too_many",
    "too_short",
    "too_small",
    "unknown_choice",
    "unknown_time_zone",
    "wrong_characters",
    "wrong_format",
    "wrong_kind_of_arn",
    "wrong_type",
]
"""The kinds of violations. docs/errors.md explains each of them, with an example."""


@public
@frozen
class Violation:
    """One rule that a value breaks.

    Attributes:
        path: the field, with the path to it when the value is a part of another
            (``plan.stages[2].targets[0].contact_channel_id``). It is empty if the rule is about
            all that was passed.
        rule: the rule in words. It never repeats a private value.
        code: the kind of the rule, for programs.
    """

    path: str
    rule: str
    code: ViolationCode

    def __str__(self) -> str:
        return f"{self.path} {self.rule}" if self.path else self.rule

    def under(self, parent: str) -> "Violation":
        """Return the same violation, with `parent` in front of its path.

        >>> str(Violation("alias", "is empty", "too_short").under("contact"))
        'contact.alias is empty'
        >>> Violation("[0]", "must be a str (got int)", "wrong_type").under("members").path
        'members[0]'

        Args:
            parent: the field or argument that contains the value.
        """
        separator = "." if self.path and not self.path.startswith("[") else ""
        return Violation(f"{parent}{separator}{self.path}", self.rule, self.code)


@public
class InvalidValueError(ContactsError, ValueError):
    """A value or an argument is invalid. It is raised before a request, with all violations.

    >>> rule = "must be between 0 and 30 (got 31)"
    >>> error = InvalidValueError("Stage", [Violation("duration_in_minutes", rule, "too_large")])
    >>> print(error)
    Stage: duration_in_minutes must be between 0 and 30 (got 31)
    >>> error.violations[0].path
    'duration_in_minutes'
    """

    subject: str
    """The class or method that was called, such as ``Stage`` or ``contacts.create``."""
    violations: tuple[Violation, ...]
    """Every rule that is broken."""

    def __init__(self, subject: str, violations: Iterable[Violation]) -> None:
        self.subject = subject
        self.violations = tuple(violations)
        super().__init__(f"{subject}: {'; '.join(map(str, self.violations))}")


class Attempted:
    """What the errors of a call report about the requests that were sent for it."""

    attempts: int = 1
    """The number of requests."""
    idempotency_token: str | None = None
    """The idempotency token of all requests, if the operation has one."""
    outcome_unknown: bool = False
    """Whether a request may have been carried out although the call failed. False for reads."""

    @property
    def may_have_been_done(self) -> bool:
        """Return `outcome_unknown`. This is its earlier name."""
        warnings.warn(
            "may_have_been_done is deprecated and will be removed in version 1.0: "
            "use outcome_unknown",
            DeprecationWarning,
            stacklevel=2,
        )
        return self.outcome_unknown

    def _attempts_note(self) -> str:
        return f" after {self.attempts} attempts" if self.attempts > 1 else ""

    def _outcome_note(self) -> str:
        if not self.outcome_unknown:
            return ""
        if self.idempotency_token is None:
            return " [the outcome is unknown: check the resource before you repeat the call]"
        return (
            " [the outcome is unknown: to repeat the call safely, pass "
            "idempotency_token=error.idempotency_token]"
        )


@public
class ConfigurationError(Attempted, ContactsError):
    """The client cannot be created or cannot call: no Region, no such profile, a wrong endpoint.

    The message contains what to set. If it happens in a later attempt of a call, for example
    because credentials expire, then `attempts`, `idempotency_token` and `outcome_unknown` describe
    the earlier requests.
    """

    def __str__(self) -> str:
        return f"{super().__str__()}{self._outcome_note()}"


@public
class CredentialsError(ConfigurationError):
    """There are no credentials, or they are incomplete, expired or rejected.

    `code` and `request_id` are set if the service rejected them.
    """

    operation: str | None
    code: str | None
    request_id: str | None

    def __init__(
        self,
        message: str,
        *,
        operation: str | None = None,
        code: str | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.operation = operation
        self.code = code
        self.request_id = request_id


@public
class ResponseDecodeError(Attempted, ContactsError):
    """A response cannot be read, so it is unknown what the service did.

    A response is read completely or not at all: a plan that was read in part must never be
    written back.

    Attributes:
        problem: what is wrong with the response.
        path: the member that cannot be read, if it is a single one.
        operation: AWS's name of the operation, if the response is that of a call.
        request_id: the id of the request for AWS Support, if the response has one.
        attempts: the number of requests.
        idempotency_token: the idempotency token of all requests, if the operation has one.
        outcome_unknown: whether a request may have been carried out. False for reads.
    """

    problem: str
    path: str | None
    operation: str | None
    request_id: str | None

    def __init__(
        self,
        problem: str,
        *,
        path: str | None = None,
        operation: str | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.path = path
        self.operation = operation
        self.request_id = request_id

    def __str__(self) -> str:
        operation = f"{self.operation}: " if self.operation else ""
        member = f"at {self.path}: " if self.path else ""
        message = f"the response cannot be read{self._attempts_note()}: {member}{self.problem}"
        return f"{operation}{message}{self._outcome_note()}"


@public
class AmbiguousNameError(ContactsError, LookupError):
    """Several resources have the name that was searched for: use the ARN of one of them.

    Attributes:
        name: the name.
        arns: the ARNs of the resources that have it, in the order in which the service lists them.
    """

    name: str
    arns: tuple[str, ...]

    def __init__(self, name: str, arns: Iterable[str]) -> None:
        self.name = name
        self.arns = tuple(arns)
        count = len(self.arns)
        super().__init__(
            f"{count} resources are named {name!r}: use the ARN of one of them: "
            f"{', '.join(self.arns)}"
        )


@public
class CalendarTooLongError(ContactsError, ValueError):
    """A query needs too many hand-offs to be calculated: query a shorter time.

    It does not matter how long ago the rotation began: the hand-offs before the queried time are
    counted without calculating each of them.

    Attributes:
        most: the largest number of hand-offs.
    """

    most: int

    def __init__(self, most: int) -> None:
        self.most = most
        super().__init__(
            f"the query needs more than {most:,} hand-offs: query a shorter time, or a rotation "
            "with fewer hand-offs"
        )


@public
class FollowTimeoutError(ContactsError, TimeoutError):
    """An engagement that was followed has not ended within the timeout, as far as is known.

    The iterator yields a last event before it: a `FollowEnded` with the reason "timeout".

    Attributes:
        engagement_arn: the ARN of the engagement.
        timeout: how long it was followed.
    """

    engagement_arn: str
    timeout: timedelta

    def __init__(self, engagement_arn: str, timeout: timedelta) -> None:
        self.engagement_arn = engagement_arn
        self.timeout = timeout
        super().__init__(str(self))

    def __str__(self) -> str:
        # A method of its own: with two arguments, TimeoutError shows an errno and its message.
        within = f" within {_in_words(self.timeout)}" if self.timeout else ""
        return f"{self.engagement_arn} has not ended{within}: follow it again"


def _in_words(duration: timedelta) -> str:
    """Return a duration in days, hours, minutes and seconds.

    >>> _in_words(timedelta(minutes=12)), _in_words(timedelta(days=1, hours=2, seconds=0.5))
    ('12 min', '1 d 2 h 0.5 s')
    """
    words: list[str] = []
    for unit, name in _UNITS:
        count, duration = divmod(duration, unit)
        if count:
            words.append(f"{count} {name}")
    seconds = duration / timedelta(seconds=1)
    return " ".join([*words, f"{seconds:.10g} s"] if seconds else words)


@public
class StateFileError(ContactsError):
    """A state file of the embedded service cannot be used. The file stays as it is.

    Attributes:
        path: the path of the file.
        problem: what is wrong with it, and what to do.
    """

    path: str
    problem: str

    def __init__(self, path: str | PathLike[str], problem: str) -> None:
        self.path = fspath(path)
        self.problem = problem
        super().__init__(f"{self.path}: {problem}")


@public
class ReentrantCallError(ContactsError, RuntimeError):
    """A signal handler called the embedded service during a request in the same thread.

    The service cannot respond before the interrupted request continues. Its requests, outbox,
    journal and transcript can be read at any time.
    """

    def __init__(self) -> None:
        super().__init__(
            "a signal handler cannot call the embedded service while it interrupts a request to it "
            "in the same thread: set a flag in the handler, and call the service later"
        )


@public
class NotPicklableError(ContactsError, TypeError):
    """A client or an embedded service cannot be pickled or deep-copied.

    A client has connections and credentials, and an embedded service has locks. The message
    contains what to do instead.
    """


@public
class StackedRetriesWarning(UserWarning):
    """The boto3 client that you passed has retries of its own, beside those of this package."""
