"""ARNs: what one names, and the places that take a record instead.

A full ARN is wanted wherever the API says ``...Id``: an alias never works there (AWS's model).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, TypeAlias, cast

import attrs
from attrs import evolve

from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._models.rules import Checked, wrong_type
from ssm_contacts_sdk._schema import violations
from ssm_contacts_sdk._schema.constraints import Constraint
from ssm_contacts_sdk._schema.converters import as_tuple
from ssm_contacts_sdk._schema.violations import violation, with_article

# AWS's model names three partitions; others of the same make are let through to the service.
# The model's own last group, ([...]+)*, takes exponential time on a hostile text: this is linear.
_ARN = re.compile(
    r"arn:aws(?:-[a-z0-9]+)*:ssm-contacts:[-\w+=/,.@]*:[0-9]+:(?P<resource>[\w+=/,.@:-]*)",
    re.ASCII,
)
_MOST_CHARACTERS = 2048
_MOST_TAGGED_CHARACTERS = 1011

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
        # What a user has described and not created yet has no ARN.
        hint = ": create it first" if attrs.has(type(value)) else ""
        return violations.wrong_type(self.expected, value, hint=hint)

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


class TaggableArn(Arn):
    """The ARN of a resource that can have tags."""

    most = 1011
    # AWS's model has no pattern for it.
    aws_pattern = ""


ContactArn: TypeAlias = Annotated[str, Arn(CONTACT)]
ChannelArn: TypeAlias = Annotated[str, Arn(CHANNEL)]
RotationArn: TypeAlias = Annotated[str, Arn(ROTATION)]
EngagementArn: TypeAlias = Annotated[str, Arn(ENGAGEMENT)]
PageArn: TypeAlias = Annotated[str, Arn(PAGE)]
TaggedArn: TypeAlias = Annotated[str, TaggableArn(CONTACT, ROTATION)]


def arn_of(ref: object) -> str:
    """The ARN itself, of an ARN or of a record.

    >>> arn_of("arn:aws:ssm-contacts:us-east-2:111122223333:contact/akuam")
    'arn:aws:ssm-contacts:us-east-2:111122223333:contact/akuam'
    """
    # What has no ARN at all is left as it is: the check names field and type.
    return cast("str", getattr(ref, "arn", ref))


def arns_of(refs: Iterable[object]) -> tuple[str, ...]:
    """Return the ARNs of a list of records and ARNs."""
    arns = as_tuple(refs)
    return tuple(map(arn_of, arns)) if isinstance(arns, tuple) else cast("tuple[str, ...]", arns)


def arns_or_none(refs: Iterable[object] | None) -> tuple[str, ...] | None:
    """Return the same as `arns_of`, or None for None."""
    return None if refs is None else arns_of(refs)


def account_in(arn: str) -> str:
    """The account that an ARN names."""
    return "".join(arn.split(":")[4:5])


def is_of_account(arn: str, of: str) -> bool:
    """Whether two ARNs name one account."""
    return account_in(arn) == account_in(of)


def arn_violations(path: str, value: object, wanted: str) -> Iterator[Violation]:
    """What is wrong with `value` as the ARN of a `wanted` resource.

    An ARN that is plainly of another kind is refused; a kind that nobody knows yet passes.
    """
    if not isinstance(value, str):
        wrong = wrong_type(path, f"the ARN of {_a(wanted)}, or its record", value)
        # What was described but not created yet has none.
        described = isinstance(value, Checked)
        yield evolve(wrong, rule=f"{wrong.rule}: create it first") if described else wrong
        return
    if not 1 <= len(value) <= _MOST_CHARACTERS:
        yield Violation(path, f"must have 1 to {_MOST_CHARACTERS} characters, and has {len(value)}")
        return
    match = _ARN.fullmatch(value)
    if match is None:
        yield Violation(
            path,
            f"must be the full ARN of {_a(wanted)} "
            f"(arn:aws:ssm-contacts:REGION:ACCOUNT:{wanted}/...), not an alias or a name",
            "not_an_arn",
        )
        return
    kind = _KINDS.get(match["resource"].partition("/")[0])
    if kind is not None and kind != wanted:
        yield Violation(
            path, f"must be the ARN of {_a(wanted)}, not of {_a(kind)}", "wrong_kind_of_arn"
        )


def _a(kind: str) -> str:
    return f"{'an' if kind == ENGAGEMENT else 'a'} {kind}"


def tagged_arn_violations(path: str, value: object) -> Iterator[Violation]:
    """What is wrong with `value` as the ARN of what can have tags: a contact or a rotation."""
    # A rotation's ARN is one, and so is a contact's: only both refusing it is a violation.
    as_contact = list(arn_violations(path, value, CONTACT))
    if as_contact and list(arn_violations(path, value, ROTATION)):
        yield Violation(path, "must be the ARN of a contact or of a rotation, or a record of one")
    elif isinstance(value, str) and len(value) > _MOST_TAGGED_CHARACTERS:
        yield Violation(path, f"must have at most {_MOST_TAGGED_CHARACTERS} characters")
