"""Requests: parsing, validation and idempotency tokens."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from hashlib import blake2b
from itertools import islice
from typing import Any, cast

from attrs import field, frozen

from ssm_contacts_sdk.local._assumptions import Assumptions
from ssm_contacts_sdk.local._contract import contract
from ssm_contacts_sdk.local._history import LARGEST_KEPT_BODY, LONGEST_KEPT_NAME
from ssm_contacts_sdk.local._responses import (
    ServiceErrorResponse,
    conflict,
    constraint_error,
    serialization_error,
    unknown_operation,
    validation_error,
    wrong_type,
)

_ATTEMPT = re.compile(r"(?:^|;)\s*attempt=(\d{1,9})\s*(?:;|$)", re.ASCII)
# Python's own limit, which the first versions of 3.10 do not have. To read a longer number takes
# seconds.
_MOST_DIGITS = 4_300
_MEMBER = "IdempotencyToken"


@frozen
class IncomingRequest:
    """A request that was parsed and validated, without knowledge of the service's state."""

    operation: str
    """The name in the target, even if it is not an operation."""
    is_known: bool
    """Whether it is an operation."""
    sent: Mapping[str, Any] | None = field(repr=False)
    """The body, or None if it is not a JSON object."""
    members: Mapping[str, Any] = field(repr=False)
    """The members of the body that the operation reads."""
    problem: Exception | None
    """Why the request must be rejected, whatever the state of the service."""
    size: int
    """The size of the body in bytes."""
    attempt: int | None
    invocation_id: str | None

    def kept_body(self, history_limit: int | None) -> Mapping[str, Any]:
        """Return the body, or what a limited history keeps of it."""
        if history_limit is None:
            return self.sent or {}
        if self.problem is not None or self.size > LARGEST_KEPT_BODY:
            return {}
        return self.members


def read_request(target: str, headers: Mapping[str, str], body: bytes) -> IncomingRequest:
    """Return a request, parsed and validated without the state. An error is its `problem`."""
    operation = target.removeprefix(contract().target_prefix)
    is_known = operation != target and operation in contract().operations
    headers = {name.lower(): value for name, value in headers.items()}
    sent = json_object(body)
    invocation_id = headers.get("amz-sdk-invocation-id")
    members: Mapping[str, Any] = {}
    problem: Exception | None = None
    try:
        members = _validated(operation if is_known else None, sent)
    except Exception as error:  # noqa: BLE001 - a fault may respond in its place
        problem = error
    return IncomingRequest(
        operation=operation,
        is_known=is_known,
        sent=sent,
        members=members,
        problem=problem,
        size=len(body),
        attempt=attempt_of(headers),
        invocation_id=None if invocation_id is None else invocation_id[:LONGEST_KEPT_NAME],
    )


def attempt_of(headers: Mapping[str, str]) -> int | None:
    """Return the number of the attempt from lower-cased headers, or None.

    >>> attempt_of({"amz-sdk-request": "ttl=20250106T090000Z; attempt=2; max=5"})
    2
    """
    found = _ATTEMPT.search(headers.get("amz-sdk-request", ""))
    return None if found is None else int(found[1])


def json_object(text: str | bytes) -> dict[str, Any] | None:
    """Return the JSON object in `text`, or None if it is something else.

    >>> json_object('{"MaxResults": 7}'), json_object("[]"), json_object('{"MaxResults": NaN}')
    ({'MaxResults': 7}, None, None)
    """
    try:
        value: object = _JSON.decode(text if isinstance(text, str) else text.decode())
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


@frozen
class FirstUse:
    """The first request with a token, and its result."""

    digest: str = field(repr=False)
    """The digest of the request, which itself may be large and contains addresses."""
    result: Mapping[str, Any]


@frozen
class Tokens:
    """The idempotency tokens that were used.

    Our assumptions: tokens belong to an operation. They do not expire, but a service with a
    limited history keeps only the latest ones. A request with the same content gets the first
    response, even if the resource has been deleted. A request with other content is a conflict
    with the resource that the token created, or a ValidationException if the model of the
    operation has no conflict. An empty token counts as none.
    """

    used: dict[str, dict[str, FirstUse]] = field(
        factory=dict[str, "dict[str, FirstUse]"], repr=False
    )
    """By the operation, then by the token."""

    def recall(
        self, operation: str, members: Mapping[str, Any], assumptions: Assumptions
    ) -> Mapping[str, Any] | None:
        """Return the result of the first request with this token, or None if this is the first."""
        first = self.used.get(operation, {}).get(members.get(_MEMBER, ""))
        if first is None:
            return None
        is_other = first.digest != digest(members)
        if is_other and assumptions.reused_token != "first_response":  # noqa: S105 - no password
            raise _used_before(operation, first)
        return first.result

    def remember(
        self,
        operation: str,
        members: Mapping[str, Any],
        result: Mapping[str, Any],
        most: int | None,
    ) -> None:
        """Keep the result of a request with a token, and the `most` latest of its operation."""
        token = members.get(_MEMBER)
        if token:
            used = self.used.setdefault(operation, {})
            used[token] = FirstUse(digest(members), result)
            if most is not None:
                for oldest in list(islice(used, max(0, len(used) - most))):
                    del used[oldest]


def digest(members: Mapping[str, Any]) -> str:
    """Return a short str that differs between different requests."""
    text = json.dumps(members, sort_keys=True).encode()
    return blake2b(text, digest_size=16).hexdigest()


def _validated(operation: str | None, sent: Mapping[str, Any] | None) -> Mapping[str, Any]:
    if operation is None:
        raise unknown_operation("The target names no operation of ssm-contacts.")
    if sent is None:
        raise serialization_error("The body is not a JSON object.")
    members, violations = contract().validate_request(operation, sent)
    if violations.wrong_type is not None:
        raise wrong_type(violations.wrong_type)
    if violations.count:
        raise constraint_error(violations)
    return members


def _used_before(operation: str, first: FirstUse) -> ServiceErrorResponse:
    if not contract().has_error(operation, "ConflictException"):
        return validation_error("IdempotencyToken was used before for another request")
    (arn,) = first.result.values()
    return conflict("The idempotency token was used before for another request.", arn)


def _int(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        raise ValueError("the number is too long")
    return int(text)


def _reject_constant(name: str) -> None:
    # Python reads NaN and Infinity, which are not JSON.
    raise ValueError(name)


_JSON = json.JSONDecoder(parse_int=_int, parse_constant=_reject_constant)
