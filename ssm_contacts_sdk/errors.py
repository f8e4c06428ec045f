"""What can go wrong, as a family of exceptions.

::

    ContactsError
    |-- InvalidValueError (ValueError)      refused before anything was sent
    |-- ConfigurationError                  no Region, no such profile, a bad endpoint
    |   `-- CredentialsError                none, incomplete or expired
    |-- ResponseDecodeError                 an answer that cannot be read
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

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from attrs import frozen

E = TypeVar("E", bound="ContactsError")


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


@frozen
class Fault:
    """One thing that is wrong with a value: where it stands, and the rule that it breaks.

    `path` is the field's name, with the way to it in front when the value is a part of another
    (``plan.stages[2].targets[0].contact_channel_id``). `rule` never repeats the value.
    """

    path: str
    rule: str

    def __str__(self) -> str:
        return f"{self.path} {self.rule}"

    def under(self, parent: str) -> Fault:
        """The same fault, seen from one level further out.

        >>> str(Fault("alias", "is empty").under("contact"))
        'contact.alias is empty'
        """
        return Fault(f"{parent}.{self.path}", self.rule)


class InvalidValueError(ContactsError, ValueError):
    """A value that was refused before anything was sent, with all that is wrong with it.

    >>> error = InvalidValueError("Stage", [Fault("duration_in_minutes", "must be 0 to 30")])
    >>> print(error)
    Stage: duration_in_minutes must be 0 to 30
    >>> error.faults[0].path
    'duration_in_minutes'
    """

    subject: str
    """What was being built or called, such as ``Stage`` or ``contacts.create``."""
    faults: tuple[Fault, ...]

    def __init__(self, subject: str, faults: Iterable[Fault]) -> None:
        self.subject = subject
        self.faults = tuple(faults)
        super().__init__(f"{subject}: {'; '.join(map(str, self.faults))}")


class ConfigurationError(ContactsError):
    """The client cannot be made, or cannot call: no Region, no such profile, a bad endpoint."""


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


class ResponseDecodeError(ContactsError):
    """An answer arrived that cannot be read, so nobody knows what the service did.

    `path` is the member that could not be read, if it was one. A write whose answer cannot be
    read may have been done: with `idempotency_token` a create can be sent again.
    """

    problem: str
    operation: str | None
    path: str | None
    request_id: str | None
    attempts: int
    idempotency_token: str | None

    def __init__(
        self,
        problem: str,
        *,
        operation: str | None = None,
        path: str | None = None,
        request_id: str | None = None,
        attempts: int = 1,
        idempotency_token: str | None = None,
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.operation = operation
        self.path = path
        self.request_id = request_id
        self.attempts = attempts
        self.idempotency_token = idempotency_token

    def __str__(self) -> str:
        where = f"{self.operation}: " if self.operation else ""
        member = f"at {self.path}: " if self.path else ""
        return f"{where}the answer cannot be read: {member}{self.problem}"


class StackedRetriesWarning(UserWarning):
    """A boto3 client was handed in that retries by itself, beneath this package's own retries."""
