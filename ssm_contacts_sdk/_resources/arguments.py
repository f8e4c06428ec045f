"""The rules of what methods take besides values: references and tokens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._models.arns import arn_of, arn_violations
from ssm_contacts_sdk._models.rules import TextRule, check, fits_a_token

_TOKEN = TextRule(1, 2048, "letters a to z and A to Z, digits and \\ / _ + = -", fits_a_token)


def checked_arn(subject: str, name: str, ref: object, kind: str) -> str:
    """The ARN of a method's only argument, which is to be of this kind."""
    arn = arn_of(ref)
    check(subject, arn_violations(name, arn, kind))
    return arn


def token_violations(token: object) -> Iterator[Violation]:
    """What is wrong with the caller's own idempotency token, if there is one."""
    if token is not None:
        yield from _TOKEN.violations("idempotency_token", token)


def given(**members: object) -> dict[str, object]:
    """The members that are not None: what is not given is not sent."""
    return {name: value for name, value in members.items() if value is not None}


def in_whole_seconds(members: Mapping[str, object]) -> dict[str, object]:
    """The same members, instants without fractions of a second, which older boto3 drops itself."""
    return {
        name: value.replace(microsecond=0) if isinstance(value, datetime) else value
        for name, value in members.items()
    }


def tag_list(tags: Mapping[str, str] | None) -> list[dict[str, str]] | None:
    """Tags as AWS writes them; None if there are none."""
    return [{"Key": key, "Value": value} for key, value in tags.items()] if tags else None
