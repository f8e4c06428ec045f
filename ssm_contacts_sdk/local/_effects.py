"""Effects: what a rule of fault injection does to a request.

An effect can act before the service reads the request, and after the service has responded. In
between, the service carries the request out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import timedelta

from attrs import evolve, field, frozen

from ssm_contacts_sdk._durations import Duration, as_seconds, duration_violations
from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._rates import rate_code
from ssm_contacts_sdk.local._arguments import (
    check,
    int_violations,
    type_violations,
    wrong_type,
)
from ssm_contacts_sdk.local._contract import contract
from ssm_contacts_sdk.local._limits import SERVICE_CODE
from ssm_contacts_sdk.local._responses import (
    Response,
    ServiceErrorResponse,
    error_response,
    validation_error,
)


class RequestLost(Exception):
    """The transport must behave as if the request never reached the service."""


class ResponseLost(Exception):
    """The transport must withhold the response of the service."""


class ConnectionReset(Exception):
    """The transport must reset the connection and send no response."""


_A_DAY = timedelta(days=1)
# What AWS responds with for every service, before it calls the service.
_COMMON_CODES = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "IncompleteSignatureException",
        "InternalFailure",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "MissingAuthenticationToken",
        "MissingAuthenticationTokenException",
        "NotAuthorized",
        "OptInRequired",
        "RequestExpired",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestTimeTooSkewed",
        "SerializationException",
        "ServiceUnavailable",
        "SignatureDoesNotMatch",
        "ThrottledException",
        "Throttling",
        "TooManyRequestsException",
        "UnknownOperationException",
        "UnrecognizedClientException",
    }
)
_STATUSES = {"InternalFailure": 500, "InternalServerException": 500, "ServiceUnavailable": 503}


@public
@frozen
class Effect:
    """What fault injection does to a request, such as `throttle`; the base class has no effect.

    Pass an effect to `LocalService.faults.add`, with the requests that it applies to.
    """

    def before(self, operation: str, request_id: str) -> Response | None:
        """Return the response to send instead of carrying the request out, if any."""
        return None

    def after(self, response: Response, request_id: str) -> Response:
        """Return the response to send in place of the service's own."""
        return response


@frozen
class _Throttle(Effect):
    retry_after_seconds: int | None

    def before(self, operation: str, request_id: str) -> Response:
        error = ServiceErrorResponse(
            "ThrottlingException",
            "The rate of requests is too high.",
            {
                "QuotaCode": rate_code(operation),
                "ServiceCode": SERVICE_CODE,
                **_retry_member(self.retry_after_seconds),
            },
            headers=_retry_header(self.retry_after_seconds),
        )
        return error_response(error, request_id)


@frozen
class _ServiceError(Effect):
    code: str
    message: str = field(repr=False)
    members: Mapping[str, object] = field(repr=False)

    def before(self, operation: str, request_id: str) -> Response:
        status = _STATUSES.get(self.code, 400)
        error = ServiceErrorResponse(self.code, self.message, self.members, status=status)
        return error_response(error, request_id)


@frozen
class _Unreachable(Effect):
    def before(self, operation: str, request_id: str) -> Response:
        raise RequestLost


@frozen
class _Delay(Effect):
    seconds: float

    def after(self, response: Response, request_id: str) -> Response:
        return evolve(response, delay=self.seconds)


@frozen
class _InternalError(Effect):
    retry_after_seconds: int | None
    commit: bool

    def before(self, operation: str, request_id: str) -> Response | None:
        return None if self.commit else _internal_error(request_id, self.retry_after_seconds)

    def after(self, response: Response, request_id: str) -> Response:
        return _internal_error(request_id, self.retry_after_seconds)


@frozen
class _NoResponse(Effect):
    signal: type[ResponseLost | ConnectionReset]
    commit: bool

    def before(self, operation: str, request_id: str) -> Response | None:
        # The request is recorded with a response, although the client never receives it.
        return None if self.commit else _internal_error(request_id)

    def after(self, response: Response, request_id: str) -> Response:
        raise self.signal


@frozen
class _RawResponse(Effect):
    status: int
    body: bytes = field(repr=False)
    content_type: str
    request_id: bool
    commit: bool

    def before(self, operation: str, request_id: str) -> Response | None:
        return None if self.commit else self._response(request_id)

    def after(self, response: Response, request_id: str) -> Response:
        return self._response(request_id)

    def _response(self, request_id: str) -> Response:
        headers = {"Content-Type": self.content_type}
        if self.request_id:
            headers["x-amzn-RequestId"] = request_id
        return Response(self.status, headers, self.body)


@public
def throttle(retry_after_seconds: int | None = None) -> Effect:
    """Return the effect that rejects a request with a ThrottlingException, status 400.

    The request is not carried out.

    >>> throttle(retry_after_seconds=2)
    _Throttle(retry_after_seconds=2)

    Args:
        retry_after_seconds: AWS's RetryAfterSeconds, at least 0. It is sent in the body and, in
            milliseconds, in the header ``x-amz-retry-after``, which botocore obeys. None sends
            neither.

    Raises:
        InvalidValueError: `retry_after_seconds` is neither None nor an int of at least 0.
    """
    check("throttle", _retry_violations(retry_after_seconds))
    return _Throttle(retry_after_seconds)


@public
def internal_error(retry_after_seconds: int | None = None, *, commit: bool = False) -> Effect:
    """Return the effect that responds with an InternalServerException, status 500.

    Args:
        retry_after_seconds: AWS's RetryAfterSeconds, at least 0; see `throttle`.
        commit: whether the service carries the request out first. The client cannot know it.

    Raises:
        InvalidValueError: `retry_after_seconds` is neither None nor an int of at least 0.
    """
    check("internal_error", _retry_violations(retry_after_seconds))
    return _InternalError(retry_after_seconds, commit)


@public
def service_error(code: str, message: str, members: Mapping[str, object] | None = None) -> Effect:
    """Return the effect that responds with an error of the service.

    The request is not carried out.

    >>> effect = service_error("AccessDeniedException", "not authorized")

    Args:
        code: an error of ``ssm-contacts``, or one with which AWS responds for every service, such
            as ExpiredTokenException. For any other code, use `raw_response`.
        message: the message of the error.
        members: further members of the error, such as ResourceId.

    Raises:
        InvalidValueError: the service has no such code, `message` is not a str, or `members` cannot
            be written as JSON.
    """
    violations = [
        *_code_violations(code),
        *type_violations("message", message, str),
        *_members_violations(members),
    ]
    check("service_error", violations)
    return _ServiceError(code, message, {} if members is None else dict(members))


@public
def not_onboarded() -> Effect:
    """Return the effect that rejects a request as AWS does in an account without Incident Manager.

    AWS was seen to respond with a ValidationException in such an account.
    """
    error = validation_error("Account not found for the request")
    return _ServiceError(error.code, error.message, error.members)


@public
def delay(duration: Duration) -> Effect:
    """Return the effect that carries a request out and delays its response.

    In-process, no real time passes: the service's clock moves forward by `duration`. If that is
    longer than the client's read timeout, it moves forward by the timeout, and the client gets a
    timeout error. Over HTTP, the client waits in real time.

    Args:
        duration: a timedelta or seconds, at most a day.

    Raises:
        InvalidValueError: `duration` is out of range.
    """
    check("delay", duration_violations("duration", duration, most=_A_DAY))
    return _Delay(as_seconds(duration))


@public
def lost_response(*, commit: bool = True) -> Effect:
    """Return the effect that sends no response, so that the client waits until its timeout.

    In-process, the client gets a timeout error at once. Over HTTP, it waits in real time.

    Args:
        commit: whether the service carries the request out. The client cannot know it.
    """
    return _NoResponse(ResponseLost, commit)


@public
def connection_reset(*, commit: bool = True) -> Effect:
    """Return the effect that resets the connection before there is a response.

    Args:
        commit: whether the service carries the request out. The client cannot know it.
    """
    return _NoResponse(ConnectionReset, commit)


@public
def unreachable() -> Effect:
    """Return the effect of a service that cannot be reached: the request does not arrive.

    Over HTTP the connection is already accepted. It is reset, and the client cannot know whether
    the request arrived.
    """
    return _Unreachable()


@public
def raw_response(
    status: int,
    body: bytes,
    content_type: str = "text/html",
    *,
    request_id: bool = False,
    commit: bool = True,
) -> Effect:
    """Return the effect that responds with any status and body, as a proxy before AWS could.

    >>> raw_response(502, b"<html>Bad Gateway</html>", commit=False)
    _RawResponse(status=502, content_type='text/html', request_id=False, commit=False)

    Args:
        status: the HTTP status, between 200 and 599.
        body: the body, as bytes.
        content_type: the header Content-Type.
        request_id: whether the response has the header ``x-amzn-RequestId``, as those of AWS have.
        commit: whether the service carries the request out first. The client cannot know it.

    Raises:
        InvalidValueError: `status` is out of range, `body` is not bytes, or `content_type` is not a
            str.
    """
    violations = [*int_violations("status", status, least=200, most=599)]
    if not isinstance(body, bytes):
        violations.append(wrong_type("body", "bytes", body))
    violations += type_violations("content_type", content_type, str)
    check("raw_response", violations)
    return _RawResponse(status, body, content_type, request_id, commit)


def _retry_violations(seconds: object) -> Iterable[Violation]:
    return int_violations("retry_after_seconds", seconds, least=0, optional=True)


def _code_violations(code: object) -> Iterable[Violation]:
    if not isinstance(code, str):
        yield wrong_type("code", "a str", code)
    elif code not in (own := contract().error_codes) and code not in _COMMON_CODES:
        rule = (
            f"must be an error code of ssm-contacts ({', '.join(sorted(own))}) or of AWS in "
            f"general ({', '.join(sorted(_COMMON_CODES))}) (got {code!r}); raw_response can send "
            "any other"
        )
        yield Violation("code", rule, "unknown_choice")


def _members_violations(members: Mapping[str, object] | None) -> Iterable[Violation]:
    try:
        json.dumps({} if members is None else dict(members))
    except (TypeError, ValueError):
        # Without the error's text, which can repeat a value.
        rule = f"must be a mapping that can be written as JSON (got {type(members).__name__})"
        yield Violation("members", rule, "wrong_type")


def _internal_error(request_id: str, retry_after_seconds: int | None = None) -> Response:
    error = ServiceErrorResponse(
        "InternalServerException",
        "A rule of fault injection made this request fail.",
        _retry_member(retry_after_seconds),
        status=500,
        headers=_retry_header(retry_after_seconds),
    )
    return error_response(error, request_id)


def _retry_member(seconds: int | None) -> dict[str, object]:
    return {} if seconds is None else {"RetryAfterSeconds": seconds}


def _retry_header(seconds: int | None) -> dict[str, str]:
    return {} if seconds is None else {"x-amz-retry-after": str(seconds * 1000)}
