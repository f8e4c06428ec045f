"""Idempotency: requests with the same token create one resource."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import blake2b
from itertools import islice
from typing import Any

from attrs import field, frozen

from ssm_contacts_sdk.local._assumptions import Assumptions
from ssm_contacts_sdk.local._contract import contract
from ssm_contacts_sdk.local._responses import ServiceErrorResponse, conflict, validation_error

_MEMBER = "IdempotencyToken"


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


def _used_before(operation: str, first: FirstUse) -> ServiceErrorResponse:
    if not contract().has_error(operation, "ConflictException"):
        return validation_error("IdempotencyToken was used before for another request")
    (arn,) = first.result.values()
    return conflict("The idempotency token was used before for another request.", arn)
