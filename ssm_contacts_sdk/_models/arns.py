"""ARNs: which kind of resource each one names, and the conversion of records to their ARNs.

A full ARN is required wherever AWS's API has a ``...Id``: an alias never works there (AWS's model).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Annotated, TypeAlias, cast

import attrs

from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._schema.constraints import Constraint
from ssm_contacts_sdk._schema.converters import as_tuple
from ssm_contacts_sdk._schema.violations import violation, with_article, wrong_type

# AWS's model names three partitions; others of the same form are left to the service. The last
# group of the model's own pattern, ([...]+)*, needs exponential time for a hostile str: this one
# needs linear time.
_ARN = re.compile(
    r"arn:aws(?:-[a-z0-9]+)*:ssm-contacts:[-\w+=/,.@]*:[0-9]+:(?P<resource>[\w+=/,.@:-]*)",
    re.ASCII,
)

CONTACT = "contact"
CHANNEL = "contact-channel"
ROTATION = "rotation"
ENGAGEMENT = "engagement"
PAGE = "page"
# Older spellings of a channel are still found in AWS's own samples.
_KINDS = {
    "contact": CONTACT,
    "contact-channel": CHANNEL,
    "contactchannel": CHANNEL,
    "device": CHANNEL,
    "rotation": ROTATION,
    "engagement": ENGAGEMENT,
    "page": PAGE,
}


class Arn(Constraint):
    """The ARN of a resource of one of these kinds. An ARN of an unknown kind is left to AWS."""

    least = 1
    most = 2048
    aws_pattern = r"arn:(aws|aws-cn|aws-us-gov):ssm-contacts:[-\w+=\/,.@]*:[0-9]+:([\w+=\/,.@:-]+)*"

    def __init__(self, *kinds: str) -> None:
        self.kinds = kinds
        self.names = " or ".join(map(with_article, kinds))
        self.expected = f"the ARN of {self.names}, or its record"

    def check_type(self, value: object, kind: type) -> Sequence[Violation]:
        # A value that a user has described but not created yet has no ARN.
        hint = ": create it first" if attrs.has(type(value)) else ""
        return wrong_type(self.expected, value, hint=hint)

    def check(self, value: str, /) -> Sequence[Violation]:
        length = len(value)
        if not self.least <= length <= self.most:
            rule = f"must have {self.least} to {self.most} characters (got {length})"
            return violation("too_long" if length else "too_short", rule)
        match = _ARN.fullmatch(value)
        if match is None:
            form = f"arn:aws:ssm-contacts:REGION:ACCOUNT:{self.kinds[0]}/..."
            rule = f"must be the full ARN of {self.names} ({form}), not an alias or a name"
            return violation("not_an_arn", rule)
        kind = _KINDS.get(match["resource"].partition("/")[0])
        if kind is None or kind in self.kinds:
            return ()
        rule = f"must be the ARN of {self.names} (got that of {with_article(kind)})"
        return violation("wrong_kind_of_arn", rule)

    def describe(self) -> str:
        return f"the ARN of {self.names}"


class _TaggableArn(Arn):
    """The ARN of a resource that can have tags."""

    most = 1011
    # AWS's model has no pattern for it.
    aws_pattern = ""


ContactArn: TypeAlias = Annotated[str, Arn(CONTACT)]
ChannelArn: TypeAlias = Annotated[str, Arn(CHANNEL)]
RotationArn: TypeAlias = Annotated[str, Arn(ROTATION)]
EngagementArn: TypeAlias = Annotated[str, Arn(ENGAGEMENT)]
PageArn: TypeAlias = Annotated[str, Arn(PAGE)]
TaggableArn: TypeAlias = Annotated[str, _TaggableArn(CONTACT, ROTATION)]


def arn_of(ref: object) -> str:
    """Return the ARN of a record or summary. Any other value is returned unchanged.

    The check of the field then reports a value that is not an ARN.

    >>> arn_of("arn:aws:ssm-contacts:us-east-2:111122223333:contact/akuam")
    'arn:aws:ssm-contacts:us-east-2:111122223333:contact/akuam'
    """
    return ref if type(ref) is str else cast("str", getattr(ref, "arn", ref))


def arns_of(refs: Iterable[object]) -> tuple[str, ...]:
    """Return the ARNs of records, summaries and ARNs. A value that is not a list is unchanged."""
    arns = as_tuple(refs)
    return tuple(map(arn_of, arns)) if isinstance(arns, tuple) else cast("tuple[str, ...]", arns)


def arns_or_none(refs: Iterable[object] | None) -> tuple[str, ...] | None:
    """Return the same as `arns_of`, or None for None."""
    return None if refs is None else arns_of(refs)


def account_in(arn: str) -> str:
    """Return the account id in an ARN; empty if the ARN has none."""
    return "".join(arn.split(":")[4:5])


def in_same_account(arn: str, other: str) -> bool:
    """Return whether two ARNs have the same account id."""
    return account_in(arn) == account_in(other)
