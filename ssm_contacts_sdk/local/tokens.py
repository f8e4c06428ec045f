"""Idempotency: the same token creates once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import field, frozen

from ssm_contacts_sdk.local.assumptions import Assumptions
from ssm_contacts_sdk.local.contract import contract
from ssm_contacts_sdk.local.refusals import Refusal, conflict, invalid

_MEMBER = "IdempotencyToken"


@frozen
class FirstUse:
    """What was asked for under a token when it was first used, and answered."""

    asked: Mapping[str, Any] = field(repr=False)
    answered: Mapping[str, Any]


@frozen
class Tokens:
    """What was answered under which token.

    Our assumptions: tokens belong to an operation and are kept for ever; the same content gets
    the first answer, even if the resource has been deleted since; other content is a conflict
    with the resource that the token made, or an invalid value where the operation's model has no
    conflicts; an empty token is none.
    """

    used: dict[str, dict[str, FirstUse]] = field(factory=dict[str, dict[str, FirstUse]], repr=False)
    """By the operation, then by the token."""

    def recall(
        self, operation: str, asked: Mapping[str, Any], assumptions: Assumptions
    ) -> Mapping[str, Any] | None:
        """The answer that was given under this token, or None if it is the first time."""
        kept = self.used.get(operation, {}).get(asked.get(_MEMBER, ""))
        if kept is None:
            return None
        is_other = kept.asked != asked
        if is_other and assumptions.reused_token != "first_answer":  # noqa: S105 - no password
            raise _used_before(operation, kept)
        return kept.answered

    def remember(
        self, operation: str, asked: Mapping[str, Any], answered: Mapping[str, Any]
    ) -> None:
        """Keep the answer, if the request has a token."""
        token = asked.get(_MEMBER)
        if token:
            self.used.setdefault(operation, {})[token] = FirstUse(asked, answered)


def _used_before(operation: str, kept: FirstUse) -> Refusal:
    if not contract().has_error(operation, "ConflictException"):
        return invalid("IdempotencyToken was used before for another request")
    (arn,) = kept.answered.values()
    return conflict("The idempotency token was used before for another request.", arn)
