"""The one seam through which every request goes.

A resource describes what it wants as a `Call`; whoever runs it mints the token, sends it until
there is an answer, and reads that answer or raises an error of this package.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from sys import exc_info
from typing import Any, Generic, NoReturn, Protocol, SupportsIndex, TypeVar
from uuid import uuid4

from attrs import field, frozen
from botocore.parsers import ResponseParserError

from ssm_contacts_sdk import _boto3_types as boto3_types
from ssm_contacts_sdk._clock import Waiting
from ssm_contacts_sdk._error_mapping import translate, unreadable
from ssm_contacts_sdk._errors import (
    ContactsError,
    NotPicklableError,
    ResponseDecodeError,
)
from ssm_contacts_sdk._operations import OPERATIONS, Operation, Repeat
from ssm_contacts_sdk._privacy import clear_frames
from ssm_contacts_sdk._retry import RetryLoop, RetryPolicy
from ssm_contacts_sdk._service_errors import ResourceNotFoundError

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

Answer = Mapping[str, Any]
"""What boto3 gives back, as it is."""

_ERRORS_BEGIN = 300
_FOREIGN = "it looks like a success, but does not come from the service: is there a proxy?"
TOKEN_MEMBER = "IdempotencyToken"  # noqa: S105 - a name


@frozen
class Call(Generic[T_co]):
    """One call, described: nothing has been sent yet."""

    operation: Operation
    kwargs: Mapping[str, object] = field(repr=False)
    """What boto3 takes, without the idempotency token."""
    read: Callable[[Answer], T_co] = field(repr=False)
    """Makes the result of the answer."""
    token: str | None = field(default=None, repr=False)
    """The caller's own idempotency token."""


class Run(Protocol):
    """Carries a call out."""

    def __call__(self, call: Call[T], /) -> T: ...


def call(
    operation: str,
    kwargs: Mapping[str, object],
    read: Callable[[Answer], T],
    token: str | None = None,
) -> Call[T]:
    """A call of an operation, by AWS's name for it."""
    return Call(OPERATIONS[operation], kwargs, read, token)


def nothing(_: Answer) -> None:
    """Reads the answer of an operation that has none."""


def not_picklable() -> NoReturn:
    """Raise the error for a client, or a part of one, that is to be pickled or deep-copied."""
    raise NotPicklableError(
        "a ContactsClient cannot be pickled or deep-copied, because it holds connections and "
        "credentials: pass its settings, and make a client in the process that needs one"
    )


class Caller:
    """Runs calls through one boto3 client, under one retry policy. Threads may share it."""

    def __init__(
        self, boto3_client: boto3_types.SSMContactsClient, retry: RetryPolicy, waiting: Waiting
    ) -> None:
        self._boto3_client = boto3_client
        self._loop = RetryLoop(retry, waiting)
        # Once for each boto3 client, however many callers it has.
        boto3_client.meta.events.register(
            "after-call.ssm-contacts", _refuse_garbage, unique_id="ssm_contacts_sdk._transport"
        )

    def __reduce_ex__(self, protocol: SupportsIndex, /) -> NoReturn:
        # All nouns of a client hold its caller.
        not_picklable()

    def run(self, call: Call[T]) -> T:
        """Carry `call` out, and give what it reads of the answer.

        Raises:
            ContactsError: whatever went wrong, as one of its kinds.
        """
        operation, request = call.operation, self._request(call)
        trial = self._loop.trial(operation, request.send, request.token)
        try:
            answer = self._loop.run(trial)
        except ContactsError as error:
            if error is not trial.last_error:
                # Not the call's own, but raised by who was told of a retry.
                raise
            deleted = operation.repeat is Repeat.DELETES and trial.in_doubt
            if deleted and isinstance(error, ResourceNotFoundError):
                # The first request may have deleted it, and nobody heard of that.
                return call.read({})
            # Without the frames of the loop, which tell a reader nothing.
            raise error.with_traceback(None) from error.__cause__
        try:
            return call.read(answer)
        except ResponseDecodeError as error:
            error.operation = operation.name
            error.request_id = _metadata(answer).get("RequestId")
            error.outcome_unknown = True
            trial.note(error)
            raise error from None

    def _request(self, call: Call[T]) -> _Request:
        operation, kwargs, token = call.operation, dict(call.kwargs), None
        if operation.takes_token:
            # Once, before the first attempt: a retry with another token would create twice.
            token = kwargs[TOKEN_MEMBER] = str(uuid4()) if call.token is None else call.token
        return _Request(operation, getattr(self._boto3_client, operation.boto3_name), kwargs, token)


def _refuse_garbage(http_response: Any, parsed: Answer, **_: object) -> None:
    """Look at what botocore parsed: it takes a body that is no JSON for an answer without members.

    Raises botocore's own error, for who uses the boto3 client directly.
    """
    if parsed.keys() - {"ResponseMetadata"}:
        # It has read members, so it was a JSON object.
        return
    if http_response.status_code >= _ERRORS_BEGIN or getattr(http_response, "raw", None) is None:
        # botocore's Stubber has no body at all.
        return
    try:
        whole = isinstance(json.loads(http_response.content), dict)
    except ValueError:
        whole = False
    if not whole:
        raise ResponseParserError("The body is not a JSON object.")


@frozen
class _Request:
    """What is sent each time. Its `repr` shows nothing of it: it is a variable of frames."""

    operation: Operation
    method: Callable[..., Answer] = field(repr=False)
    kwargs: Mapping[str, object] = field(repr=False)
    token: str | None = field(repr=False)

    def send(self) -> Answer:
        """One request, as botocore sends it, and its answer if it is one."""
        handled = exc_info()[1]
        try:
            answer = self.method(**self.kwargs)
        except Exception as error:
            # Before the frames are cleared: they tell which provider of credentials failed.
            translated = translate(error, self.operation.name, self.kwargs)
            # Already here: `on_retry` may report this error.
            clear_frames(error, handled)
            if translated is None:
                raise
        else:
            if _is_from_the_service(answer):
                return answer
            translated = unreadable(self.operation.name, _FOREIGN)
            del answer
        # Out here, botocore's error, whose text may repeat what was sent, is not its context.
        raise translated from translated.__cause__


def _is_from_the_service(answer: Answer) -> bool:
    # botocore takes HTTP 200 with a proxy's page for a success without members.
    metadata = _metadata(answer)
    if not metadata:
        # botocore's Stubber, which has asked nobody, gives none at all.
        return True
    content_type = metadata.get("HTTPHeaders", {}).get("content-type", "")
    return bool(metadata.get("RequestId")) and "html" not in content_type


def _metadata(answer: Answer) -> Mapping[str, Any]:
    metadata: Mapping[str, Any] = answer.get("ResponseMetadata", {})
    return metadata
