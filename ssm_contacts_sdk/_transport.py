"""`Transport`: the one way in which requests are sent.

A resource describes a call as a `Request`. `Transport.send` sends the request until there is a
response, and reads the response or raises an error of this package.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from sys import exc_info
from typing import TYPE_CHECKING, Any, Generic, NoReturn, SupportsIndex, TypeVar, cast

from attrs import define, field
from botocore.parsers import ResponseParserError

from ssm_contacts_sdk import _boto3_types as boto3_types
from ssm_contacts_sdk._clock import Clock
from ssm_contacts_sdk._error_mapping import translate, unreadable_response
from ssm_contacts_sdk._errors import (
    ContactsError,
    NotPicklableError,
    ResponseDecodeError,
)
from ssm_contacts_sdk._operations import TOKEN_MEMBER, Operation, Repeat, Response
from ssm_contacts_sdk._parameter_validation import (
    CheckedParameters,
    checked_parameters,
    leaves_out_checked,
)
from ssm_contacts_sdk._privacy import clear_frames
from ssm_contacts_sdk._retry import CallState, RetryPolicy
from ssm_contacts_sdk._service_errors import ResourceNotFoundError, ThrottlingError

if TYPE_CHECKING:
    from ssm_contacts_sdk._pacing import Pacer, Permit

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

_ERRORS_BEGIN = 300
_FOREIGN = "it reports success, but does not come from the service: check for a proxy"


# Not frozen: a frozen object takes twice as long to create.
@define
class Request(Generic[T_co]):
    """The description of one call. Nothing has been sent yet."""

    operation: Operation[Any]
    kwargs: Mapping[str, object] = field(repr=False)
    """The keyword arguments of the boto3 method, with the idempotency token of all attempts."""
    read: Callable[[Response], T_co] = field(repr=False)
    """Converts the response to the result of the call."""
    checked: CheckedParameters | None = field(default=None, repr=False)
    """`kwargs`, if they were checked and botocore need not validate them."""

    @property
    def token(self) -> str | None:
        """The idempotency token, if the operation takes one."""
        if not self.operation.takes_token:
            return None
        return cast("str", self.kwargs[TOKEN_MEMBER])


def not_picklable() -> NoReturn:
    """Raise the error for pickling or deep-copying a client, or a part of one."""
    raise NotPicklableError(
        "a ContactsClient cannot be pickled or deep-copied, because it has connections and "
        "credentials: pass its settings, and create a client in the other process"
    )


class Transport:
    """Sends requests through one boto3 client, under one retry policy. Threads may share it."""

    def __init__(
        self,
        boto3_client: boto3_types.SSMContactsClient,
        retry: RetryPolicy,
        clock: Clock,
        pacer: Pacer | None,
    ) -> None:
        self._boto3_client = boto3_client
        self._retry = retry
        self._clock = clock
        self._pacer = pacer
        self._leaves_out_checked = leaves_out_checked(boto3_client)

    def __reduce_ex__(self, protocol: SupportsIndex, /) -> NoReturn:
        # All resources of a client refer to its transport.
        not_picklable()

    def checked_request(
        self, operation: Operation[Any], kwargs: Mapping[str, object], read: Callable[[Response], T]
    ) -> Request[T]:
        """Return a request whose arguments the checks of this package have accepted."""
        if not self._leaves_out_checked:
            return Request(operation, kwargs, read)
        return Request(operation, kwargs, read, CheckedParameters(operation.name, kwargs))

    def send(self, request: Request[T]) -> T:
        """Send `request` until there is a response, and return what it reads of the response.

        Raises:
            ContactsError: the call failed; each kind of failure is one of its subclasses.
        """
        response: Response = {}
        permit = None if self._pacer is None else self._pacer.wait(request.operation.name)
        started, state = self._clock.monotonic(), None
        try:
            response = self._attempt(request, permit)
        except ContactsError as error:
            state = self._state_after_one_attempt(request, started)
            state.record(error)
        if state is not None:
            try:
                response = state.repeat()
            except ContactsError as error:
                if error is not state.last_error:
                    # `on_retry` raised it.
                    raise
                if not _is_deleted(request.operation, state, error):
                    # The frames of the loop are removed, because they do not help a reader.
                    raise error.with_traceback(None) from error.__cause__
        try:
            return request.read(response)
        except ResponseDecodeError as error:
            error.operation = request.operation.name
            error.request_id = response.get("ResponseMetadata", {}).get("RequestId")
            error.outcome_unknown = True
            state = state or self._state_after_one_attempt(request, started)
            state.record(error)
            raise error from None

    def _state_after_one_attempt(
        self, request: Request[Any], started: float
    ) -> CallState[Response]:
        send = partial(self._attempt_again, request)
        return CallState(request.operation, send, request.token, self._retry, self._clock, started)

    def _attempt_again(self, request: Request[Any], state: CallState[Response]) -> Response:
        if self._pacer is None:
            return self._attempt(request, None)
        permit = self._pacer.wait(request.operation.name)
        # The deadline limits the waits after errors. This wait has another reason.
        state.started += permit.waited
        return self._attempt(request, permit)

    def _attempt(self, request: Request[Any], permit: Permit | None) -> Response:
        """Send one request through botocore, and return its response."""
        handled, operation = exc_info()[1], request.operation
        outer = checked_parameters.set(request.checked)
        try:
            response: Response = getattr(self._boto3_client, operation.boto3_name)(**request.kwargs)
        except Exception as error:
            # It reads the frames, before they are cleared, to find the provider of credentials.
            translated = translate(error, operation.name, request.kwargs)
            # The frames are cleared before `on_retry`, which may report this error.
            clear_frames(error, handled)
            if translated is None:
                raise
            if permit is not None and isinstance(translated, ThrottlingError):
                self._slow_down(operation, permit, translated)
        else:
            if _is_from_the_service(response):
                return response
            translated = unreadable_response(operation.name, _FOREIGN)
            del response
        finally:
            checked_parameters.reset(outer)
        # Raised outside of the except clause: otherwise botocore's error, whose message may repeat
        # private values, would be its context.
        raise translated from translated.__cause__

    def _slow_down(
        self, operation: Operation[Any], permit: Permit, throttled: ThrottlingError
    ) -> None:
        assert self._pacer is not None, "only a pacer gives permits"
        self._pacer.slow_down(operation.name, permit, throttled.retry_after)


def reject_foreign_responses(boto3_client: boto3_types.SSMContactsClient) -> None:
    """Make a boto3 client reject a body that is not a JSON object, also in direct calls."""
    # It has no effect for a client that has the handler already.
    boto3_client.meta.events.register(
        "after-call.ssm-contacts", _reject_foreign_body, unique_id="ssm_contacts_sdk._transport"
    )


def _reject_foreign_body(http_response: Any, parsed: Response, **_: object) -> None:
    # botocore parses a body that is not JSON as a response without members.
    if parsed.keys() - {"ResponseMetadata"}:
        # It has members, so it was a JSON object.
        return
    if http_response.status_code >= _ERRORS_BEGIN or getattr(http_response, "raw", None) is None:
        # A response of botocore's Stubber has no body.
        return
    try:
        is_object = isinstance(json.loads(http_response.content), dict)
    except ValueError:
        is_object = False
    if not is_object:
        # An exception of botocore, for callers that use the boto3 client directly.
        raise ResponseParserError("The body is not a JSON object.")


def _is_deleted(operation: Operation[Any], state: CallState[Any], error: ContactsError) -> bool:
    # An earlier request may have deleted it, and its response was lost.
    is_missing = isinstance(error, ResourceNotFoundError)
    return is_missing and operation.repeat is Repeat.DELETES and state.outcome_unknown


def _is_from_the_service(response: Response) -> bool:
    # botocore parses HTTP 200 with a page of a proxy as a success without members.
    metadata = response.get("ResponseMetadata")
    if not metadata:
        # A response of botocore's Stubber has none.
        return True
    content_type = metadata.get("HTTPHeaders", {}).get("content-type", "")
    return bool(metadata.get("RequestId")) and "html" not in content_type
