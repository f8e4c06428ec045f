"""The arguments of the queries: their types and checks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Annotated, TypeAlias, Union, cast

from ssm_contacts_sdk._dates import FIRST_YEAR, LAST_YEAR
from ssm_contacts_sdk._durations import Duration, duration_violations
from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._models.arns import CONTACT, ROTATION, Arn, ContactArn, arn_of
from ssm_contacts_sdk._models.contacts import ContactRecord, ContactRef, ContactSummary
from ssm_contacts_sdk._models.plans import Plan
from ssm_contacts_sdk._models.rotations import RotationRef
from ssm_contacts_sdk._oncall.assumptions import OnCallAssumptions
from ssm_contacts_sdk._oncall.on_call import MOST_CHANGES
from ssm_contacts_sdk._schema.constraints import Between
from ssm_contacts_sdk._schema.times import Instant, as_instant
from ssm_contacts_sdk._schema.values import check_of
from ssm_contacts_sdk._schema.violations import under, wrong_type

OnCallRef = Union[ContactRef, RotationRef]
"""A rotation, an on-call schedule or an escalation plan, by record, summary or ARN."""

# The keys of a Mapping are invariant, so each type of keys is listed, and then their union.
Acknowledgements = Union[
    Mapping[ContactRecord, Duration],
    Mapping[ContactSummary, Duration],
    Mapping[str, Duration],
    Mapping[ContactRef, Duration],
]
"""Who acknowledges, and how long after the start: people by their records, summaries or ARNs."""

_OnCallArn: TypeAlias = Annotated[str, Arn(CONTACT, ROTATION)]
_Changes: TypeAlias = Annotated[int, Between(1, MOST_CHANGES)]

_LONGEST_AUDIT = timedelta(days=366)
_LONGEST_CALENDAR = timedelta(days=366)


def is_contact(arn: str) -> bool:
    """Return whether `arn` can be the ARN of a contact."""
    return not check_of(ContactArn)(arn)


def on_call_violations(target: object, at: object, changes: object) -> Iterator[Violation]:
    """Yield the violations of the arguments of `on_call`."""
    yield from under("target", check_of(_OnCallArn)(arn_of(target)))
    yield from _instant_violations("at", at)
    yield from under("changes", check_of(_Changes)(changes))


def preview_violations(
    target: object, at: object, acknowledge: object, horizon: object, assumptions: object
) -> Iterator[Violation]:
    """Yield the violations of the arguments of `preview`."""
    if isinstance(target, Plan):
        yield from under("target", check_of(Plan)(target))
    elif hasattr(target, "build"):
        # The most likely mistake is a builder, which is not a plan yet.
        yield from wrong_type("a contact or a Plan", target, "target", ": call .build()")
    else:
        yield from under("target", check_of(ContactArn)(arn_of(target)))
    yield from _instant_violations("at", at)
    if acknowledge is not None:
        yield from _acknowledge_violations(acknowledge)
    if horizon is not None:
        yield from duration_violations("horizon", horizon, most=timedelta.max)
    yield from under("assumptions", check_of(OnCallAssumptions | None)(assumptions))


def _acknowledge_violations(acknowledge: object) -> Iterator[Violation]:
    if not isinstance(acknowledge, Mapping):
        yield from wrong_type("a mapping of contacts to durations", acknowledge, "acknowledge")
        return
    items = cast("Mapping[object, object]", acknowledge).items()
    for index, (person, offset) in enumerate(items):
        yield from under(f"acknowledge[{index}].key", check_of(ContactArn)(arn_of(person)))
        yield from duration_violations(f"acknowledge[{index}].value", offset, most=timedelta.max)


def audit_violations(horizon: object) -> Iterator[Violation]:
    """Yield the violations of the arguments of `audit`."""
    yield from duration_violations("horizon", horizon, most=_LONGEST_AUDIT, is_exclusive=True)


def calendar_violations(target: object, since: object, until: object) -> Iterator[Violation]:
    """Yield the violations of each argument of `calendar`."""
    yield from under("target", check_of(_OnCallArn)(arn_of(target)))
    yield from _instant_violations("since", since)
    yield from _instant_violations("until", until)


def calendar_length_violations(since: datetime, until: datetime) -> Iterator[Violation]:
    """Yield the violations of the length of a calendar."""
    if until <= since:
        yield Violation("until", "must be after since", "conflict")
    elif until - since > _LONGEST_CALENDAR:
        days = _LONGEST_CALENDAR.days
        yield Violation("until", f"must be at most {days} days after since", "too_large")


def year_violations(path: str, at: datetime) -> Iterator[Violation]:
    """Yield a violation if an instant has no date in some time zones."""
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        rule = f"must be in the years {FIRST_YEAR} to {LAST_YEAR} (got {at.year})"
        yield Violation(path, rule, "too_small" if at.year < FIRST_YEAR else "too_large")


def _instant_violations(path: str, value: object) -> Iterator[Violation]:
    found = tuple(under(path, check_of(Instant | None)(value)))
    yield from found
    if isinstance(value, datetime) and not found:
        yield from year_violations(path, as_instant(value))
