"""Idempotency: the same token creates once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import blake2b
from itertools import islice
from typing import Any

from attrs import field, frozen

from ssm_contacts_sdk.local._assumptions import Assumptions
from ssm_contacts_sdk.local._contract import contract
from ssm_contacts_sdk.local._persistence.changes import Table
from ssm_contacts_sdk.local._responses import ServiceErrorResponse, conflict, validation_error

_MEMBER = "IdempotencyToken"


@frozen
class FirstUse:
    """What was asked for under a token when it was first used, and answered."""

    asked: str = field(repr=False)
    """A digest of what was asked: the request itself may be large, and holds addresses."""
    answered: Mapping[str, Any]


@frozen
class Tokens:
    """What was answered under which token.

    Our assumptions: tokens belong to an operation and are kept for ever, unless the service was
    told to keep a limited history; the same content gets the first answer, even if the resource
    has been deleted since; other content is a conflict with the resource that the token made, or
    an invalid value where the operation's model has no conflicts; an empty token is none.
    """

    used: dict[str, dict[str, FirstUse]] = field(factory=Table["dict[str, FirstUse]"], repr=False)
    """By the operation, then by the token."""

    def recall(
        self, operation: str, asked: Mapping[str, Any], assumptions: Assumptions
    ) -> Mapping[str, Any] | None:
        """The answer that was given under this token, or None if it is the first time."""
        kept = self.used.get(operation, {}).get(asked.get(_MEMBER, ""))
        if kept is None:
            return None
        is_other = kept.asked != digest(asked)
        if is_other and assumptions.reused_token != "first_response":  # noqa: S105 - no password
            raise _used_before(operation, kept)
        return kept.answered

    def remember(
        self,
        operation: str,
        asked: Mapping[str, Any],
        answered: Mapping[str, Any],
        most: int | None,
    ) -> None:
        """Keep the answer, if the request has a token, and of each operation the `most` latest."""
        token = asked.get(_MEMBER)
        if token:
            used = self.used.setdefault(operation, {})
            used[token] = FirstUse(digest(asked), answered)
            if most is not None:
                for oldest in list(islice(used, max(0, len(used) - most))):
                    del used[oldest]


def digest(asked: Mapping[str, Any]) -> str:
    """What tells one request from another, and is small whatever its size."""
    text = json.dumps(asked, sort_keys=True).encode()
    return blake2b(text, digest_size=16).hexdigest()


def _used_before(operation: str, kept: FirstUse) -> ServiceErrorResponse:
    if not contract().has_error(operation, "ConflictException"):
        return validation_error("IdempotencyToken was used before for another request")
    (arn,) = kept.answered.values()
    return conflict("The idempotency token was used before for another request.", arn)
