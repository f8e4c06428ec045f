"""What a fault rule does to a request.

An effect has two chances: before the service looks at the request, and after the service has
answered it. In between the request is carried out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from attrs import evolve, field, frozen

from ssm_contacts_sdk._errors import InvalidValueError, Violation
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk.local._limits import SERVICE_CODE, rate_code
from ssm_contacts_sdk.local._responses import Response, ServiceErrorResponse, validation_error


class NeverArrived(Exception):
    """Tells the door that the request cannot have reached the service."""


class ResponseLost(Exception):
    """Tells the door that the service has answered and nobody is to hear it."""


class ConnectionReset(Exception):
    """Tells the door that the connection is to break off instead of an answer."""


_A_DAY = 86_400


@public
@frozen
class Effect:
    """Nothing; the base of all that a fault can do."""

    def before(self, operation: str, request_id: str) -> Response | None:
        """An answer to give instead of carrying the request out."""
        return None

    def after(self, answer: Response, request_id: str) -> Response:
        """The answer to give for the service's own."""
        return answer


@frozen
class _Throttle(Effect):
    retry_after_seconds: int | None

    def before(self, operation: str, request_id: str) -> Response:
        refusal = ServiceErrorResponse(
            "ThrottlingException",
            "The rate of requests is too high.",
            {
                "QuotaCode": rate_code(operation),
                "ServiceCode": SERVICE_CODE,
                **_retry_member(self.retry_after_seconds),
            },
            headers=_retry_header(self.retry_after_seconds),
        )
        return Response.from_error(refusal, request_id)


@frozen
class _ServiceError(Effect):
    code: str
    message: str = field(repr=False)
    members: Mapping[str, object] = field(repr=False)
    status: int = 400

    def before(self, operation: str, request_id: str) -> Response:
        refusal = ServiceErrorResponse(self.code, self.message, self.members, status=self.status)
        return Response.from_error(refusal, request_id)


@frozen
class _Unreachable(Effect):
    def before(self, operation: str, request_id: str) -> Response:
        raise NeverArrived


@frozen
class _Delay(Effect):
    seconds: float

    def after(self, answer: Response, request_id: str) -> Response:
        return evolve(answer, delay=self.seconds)


@frozen
class _Fail(Effect):
    retry_after_seconds: int | None
    commit: bool

    def before(self, operation: str, request_id: str) -> Response | None:
        return None if self.commit else _failed(request_id, self.retry_after_seconds)

    def after(self, answer: Response, request_id: str) -> Response:
        return _failed(request_id, self.retry_after_seconds)


@frozen
class _BreakOff(Effect):
    signal: type[ResponseLost | ConnectionReset]
    commit: bool

    def before(self, operation: str, request_id: str) -> Response | None:
        # The request is there all the same: it is noted, with the answer that nobody hears.
        return None if self.commit else _failed(request_id)

    def after(self, answer: Response, request_id: str) -> Response:
        raise self.signal


@frozen
class _RawResponse(Effect):
    status: int
    body: bytes = field(repr=False)
    content_type: str
    request_id: bool
    commit: bool

    def before(self, operation: str, request_id: str) -> Response | None:
        return None if self.commit else self._answer(request_id)

    def after(self, answer: Response, request_id: str) -> Response:
        return self._answer(request_id)

    def _answer(self, request_id: str) -> Response:
        headers = {"Content-Type": self.content_type}
        if self.request_id:
            headers["x-amzn-RequestId"] = request_id
        return Response(self.status, headers, self.body)


@public
def throttle(retry_after_seconds: int | None = None) -> Effect:
    """The service turns the request away because there are too many, and has done nothing.

    `retry_after_seconds` stands in the body and, in milliseconds, in the header that botocore
    obeys.
    """
    return _Throttle(_checked_seconds("throttle", retry_after_seconds))


@public
def internal_error(retry_after_seconds: int | None = None, *, commit: bool = False) -> Effect:
    """The service fails with status 500.

    It has done nothing, or with `commit` what it was asked for; the caller cannot know which.
    """
    return _Fail(_checked_seconds("internal_error", retry_after_seconds), commit)


@public
def service_error(code: str, message: str, members: Mapping[str, object] | None = None) -> Effect:
    """Any error of the service, with its further members, and nothing is done.

    >>> effect = service_error("AccessDeniedException", "not authorized")
    """
    try:
        json.dumps({} if members is None else dict(members))
    except (TypeError, ValueError):
        violations = [Violation("members", "must be what JSON can say")]
        raise InvalidValueError("service_error", violations) from None
    status = 500 if code == "InternalServerException" else 400
    return _ServiceError(code, message, {} if members is None else dict(members), status=status)


@public
def not_onboarded() -> Effect:
    """Incident Manager was never set up in this account: what every call to AWS then meets."""
    said = validation_error("Account not found for the request")
    return _ServiceError(said.code, said.message, said.members)


@public
def delay(seconds: float) -> Effect:
    """The service carries the request out, and answers late.

    In-process nobody waits: the service's clock moves on by that much or, if the client does not
    have that much patience, by its read timeout, after which it gives up. Over HTTP the client
    really waits, and the service's clock does as it does.

    Args:
        seconds: How late, from 0 to 86,400.
    """
    if not 0 <= seconds <= _A_DAY:
        raise InvalidValueError(
            "delay", [Violation("seconds", f"must be a number from 0 to {_A_DAY}")]
        )
    return _Delay(seconds)


@public
def lost_response(*, commit: bool = True) -> Effect:
    """The caller waits for the answer in vain.

    The service has carried the request out, unless `commit` is False.
    """
    return _BreakOff(ResponseLost, commit)


@public
def connection_reset(*, commit: bool = True) -> Effect:
    """The connection breaks off before there is an answer.

    The service has carried the request out, unless `commit` is False.
    """
    return _BreakOff(ConnectionReset, commit)


@public
def unreachable() -> Effect:
    """The request does not reach the service.

    Over HTTP the connection has been accepted by then: it is reset, and the client cannot know
    whether the request arrived.
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
    """Something else answers in the service's place, such as a proxy.

    The service has carried the request out, unless `commit` is False. `request_id` tells whether
    the answer looks as if it came from AWS.
    """
    violations: list[Violation] = []
    if not 200 <= status <= 599:  # noqa: PLR2004 - what HTTP calls a final answer
        violations.append(Violation("status", "must be 200 to 599"))
    if not isinstance(body, bytes):
        violations.append(Violation("body", f"must be bytes, not {type(body).__name__}"))
    if violations:
        raise InvalidValueError("raw_response", violations)
    return _RawResponse(status, body, content_type, request_id, commit)


def _checked_seconds(subject: str, seconds: int | None) -> int | None:
    if seconds is not None and seconds < 0:
        raise InvalidValueError(subject, [Violation("retry_after_seconds", "must be at least 0")])
    return seconds


def _failed(request_id: str, retry_after_seconds: int | None = None) -> Response:
    refusal = ServiceErrorResponse(
        "InternalServerException",
        "The local service was told to fail.",
        _retry_member(retry_after_seconds),
        status=500,
        headers=_retry_header(retry_after_seconds),
    )
    return Response.from_error(refusal, request_id)


def _retry_member(seconds: int | None) -> dict[str, object]:
    return {} if seconds is None else {"RetryAfterSeconds": seconds}


def _retry_header(seconds: int | None) -> dict[str, str]:
    return {} if seconds is None else {"x-amz-retry-after": str(seconds * 1000)}
