"""What can go wrong, as a family of exceptions.

::

    ContactsError
    |-- InvalidValueError (ValueError)      refused before anything was sent
    |-- ConfigurationError                  no Region, no such profile, a bad endpoint
    |   `-- CredentialsError                none, incomplete or expired
    |-- ResponseDecodeError                 an answer that cannot be read
    |-- CalendarTooLongError (ValueError)   too many hand-offs to calculate one answer
    |-- FollowTimeoutError (TimeoutError)   an engagement that goes on longer than one wanted
    |-- NotPicklableError (TypeError)       a client that was to be pickled or deep-copied
    |-- StateFileError                      a file of the embedded service that cannot be used
    |-- ReentrantCallError (RuntimeError)   a signal handler that calls the embedded service
    |-- TransportError                      no answer                        (service_errors)
    `-- ServiceError (ClientError)          the service said no              (service_errors)
        |-- AccessDeniedError
        |-- ConflictError
        |-- DataEncryptionError
        |-- InternalServerError
        |-- ResourceNotFoundError
        |-- ServiceQuotaExceededError
        |-- ThrottlingError
        `-- ValidationError
            `-- AccountNotOnboardedError

Every one can be pickled and copied with all its attributes. No text holds a phone number, an
address, a message, a code or a token. The classes in this room need no botocore.
"""

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
    """The root: everything that this package raises on purpose is one of these.

    >>> issubclass(InvalidValueError, ContactsError)
    True
    """

    def __reduce__(self) -> tuple[object, ...]:
        # BaseException's own would call the class with the text alone and lose the attributes.
        return _revive, (type(self), self.args, dict(vars(self)))


def _revive(cls: type[E], args: tuple[object, ...], attributes: Mapping[str, object]) -> E:
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
"""The kinds of violations."""


@public
@frozen
class Violation:
    """One thing that is wrong with a value: where it stands, and the rule that it breaks.

    `path` is the field's name, with the way to it in front when the value is a part of another
    (``plan.stages[2].targets[0].contact_channel_id``). `rule` never repeats the value.
    """

    path: str
    rule: str
    code: ViolationCode = "wrong_format"
    """What kind of rule it is, for programs."""

    def __str__(self) -> str:
        return f"{self.path} {self.rule}" if self.path else self.rule

    def under(self, parent: str) -> "Violation":
        """Return the same violation of a value that `parent` is a part of.

        >>> str(Violation("alias", "is empty", "too_short").under("contact"))
        'contact.alias is empty'
        >>> Violation("[0]", "must be a str (got int)", "wrong_type").under("members").path
        'members[0]'
        """
        separator = "." if self.path and not self.path.startswith("[") else ""
        return Violation(f"{parent}{separator}{self.path}", self.rule, self.code)


@public
class InvalidValueError(ContactsError, ValueError):
    """A value that was refused before anything was sent, with all that is wrong with it.

    >>> error = InvalidValueError("Stage", [Violation("duration_in_minutes", "must be 0 to 30")])
    >>> print(error)
    Stage: duration_in_minutes must be 0 to 30
    >>> error.violations[0].path
    'duration_in_minutes'
    """

    subject: str
    """What was being built or called, such as ``Stage`` or ``contacts.create``."""
    violations: tuple[Violation, ...]

    def __init__(self, subject: str, violations: Iterable[Violation]) -> None:
        self.subject = subject
        self.violations = tuple(violations)
        super().__init__(f"{subject}: {'; '.join(map(str, self.violations))}")


class Attempted:
    """What every error of a call tells of the requests that were sent for it."""

    attempts: int = 1
    """How many requests were tried."""
    idempotency_token: str | None = None
    """The token that all of them carried, if the operation takes one."""
    outcome_unknown: bool = False
    """Whether one of them may have been carried out although the call failed. False for reads."""

    def _tried(self) -> str:
        return f" after {self.attempts} attempts" if self.attempts > 1 else ""

    def _doubt(self) -> str:
        if not self.outcome_unknown:
            return ""
        if self.idempotency_token is None:
            return " [it may have been done: look before you repeat it]"
        return " [it may have been done: to repeat it safely, pass error.idempotency_token]"


@public
class ConfigurationError(Attempted, ContactsError):
    """The client cannot be made, or cannot call: no Region, no such profile, a bad endpoint.

    The text says what to set. If it happens in a later attempt of a call, such as when credentials
    expire meanwhile, `attempts`, `idempotency_token` and `outcome_unknown` tell of the others.
    """

    def __str__(self) -> str:
        return f"{super().__str__()}{self._doubt()}"


@public
class CredentialsError(ConfigurationError):
    """There are no credentials, or they are incomplete, expired or refused.

    `code` and `request_id` are set when the service itself refused them.
    """

    operation: str | None
    code: str | None
    request_id: str | None

    def __init__(
        self,
        text: str,
        *,
        operation: str | None = None,
        code: str | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(text)
        self.operation = operation
        self.code = code
        self.request_id = request_id


@public
class ResponseDecodeError(Attempted, ContactsError):
    """An answer arrived that cannot be read, so nobody knows what the service did.

    A half-read plan must never be written back, so what cannot be read whole is not read at all.

    Attributes:
        problem: what is wrong with the answer.
        path: the member that could not be read, if it was one.
        operation: AWS's name of the operation, if the answer came from a call.
        request_id: what AWS's support asks for, if there was one.
        attempts: how many requests were sent.
        idempotency_token: the token that they carried, if the operation takes one.
        outcome_unknown: whether the request may have been carried out.
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
        where = f"{self.operation}: " if self.operation else ""
        member = f"at {self.path}: " if self.path else ""
        text = f"the answer cannot be read{self._tried()}: {member}{self.problem}"
        return f"{where}{text}{self._doubt()}"


@public
class CalendarTooLongError(ContactsError, ValueError):
    """Too many hand-offs would have to be calculated for one answer.

    How long ago the rotation began does not matter: its turns are counted without calculating each.

    Attributes:
        most: how many hand-offs are calculated at most.
    """

    most: int

    def __init__(self, most: int) -> None:
        self.most = most
        super().__init__(
            f"more than {most:,} hand-offs would have to be calculated for one answer: ask for a "
            "shorter time, or give the rotation fewer hand-offs"
        )


@public
class FollowTimeoutError(ContactsError, TimeoutError):
    """An engagement that was followed is not known to be over after the timeout.

    Before it, the iterator gives a last event: a `FollowEnded` with the reason "timeout".

    Attributes:
        engagement_arn: the engagement.
        timeout: how long it was followed.
    """

    engagement_arn: str
    timeout: timedelta

    def __init__(self, engagement_arn: str, timeout: timedelta) -> None:
        self.engagement_arn = engagement_arn
        self.timeout = timeout
        super().__init__(str(self))

    def __str__(self) -> str:
        # By itself: a TimeoutError takes two arguments for an errno and its text.
        within = f" within {_in_words(self.timeout)}" if self.timeout else ""
        return f"{self.engagement_arn} has not ended{within}: follow it again"


def _in_words(duration: timedelta) -> str:
    """How long it is, in the units that it has.

    >>> _in_words(timedelta(minutes=12)), _in_words(timedelta(days=1, hours=2, seconds=0.5))
    ('12 min', '1 d 2 h 0.5 s')
    """
    told: list[str] = []
    for unit, word in _UNITS:
        count, duration = divmod(duration, unit)
        if count:
            told.append(f"{count} {word}")
    seconds = duration / timedelta(seconds=1)
    return " ".join([*told, f"{seconds:.10g} s"] if seconds else told)


@public
class StateFileError(ContactsError):
    """A file with the state of the embedded service cannot be used. It is left as it is.

    Attributes:
        path: the file.
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
    """A signal handler called the embedded service while it was answering in the same thread.

    The service cannot answer before the call that was interrupted goes on. Its requests, outbox,
    journal and transcript can be read at any time.
    """

    def __init__(self) -> None:
        super().__init__(
            "the embedded service is answering a request in this thread, which a signal handler "
            "interrupted: let the handler set a flag, and call the service after it has returned"
        )


@public
class NotPicklableError(ContactsError, TypeError):
    """A client was to be pickled or deep-copied, or a `LocalService` to be pickled or copied.

    A client holds connections and credentials, and an embedded service holds locks. The text says
    what to do instead.
    """


@public
class StackedRetriesWarning(UserWarning):
    """A boto3 client was handed in that retries by itself, beneath this package's own retries."""
