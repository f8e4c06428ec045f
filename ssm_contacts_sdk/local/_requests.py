"""Requests as they arrive: parsed and validated before the service is locked."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, cast

from attrs import field, frozen

from ssm_contacts_sdk.local._contract import contract
from ssm_contacts_sdk.local._history import LARGEST_KEPT_BODY, LONGEST_KEPT_NAME
from ssm_contacts_sdk.local._responses import (
    constraint_error,
    serialization_error,
    unknown_operation,
    wrong_type,
)

_ATTEMPT = re.compile(r"(?:^|;)\s*attempt=(\d{1,9})\s*(?:;|$)", re.ASCII)
# Python's own limit, which the first versions of 3.10 do not have. To read a longer number takes
# seconds.
_MOST_DIGITS = 4_300


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
    """Parse and validate a request. What is wrong with it is its `problem`."""
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


def _int(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        raise ValueError("the number is too long")
    return int(text)


def _reject_constant(name: str) -> None:
    # Python reads NaN and Infinity, which are not JSON.
    raise ValueError(name)


_JSON = json.JSONDecoder(parse_int=_int, parse_constant=_reject_constant)
