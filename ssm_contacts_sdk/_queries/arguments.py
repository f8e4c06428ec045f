"""The arguments that the queries take: their types and checks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Union, cast

from ssm_contacts_sdk._dates import FIRST_YEAR, LAST_YEAR
from ssm_contacts_sdk._durations import Duration, duration_violations
from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._models.arns import CONTACT, ROTATION, arn_of, arn_violations
from ssm_contacts_sdk._models.contacts import ContactRecord, ContactRef, ContactSummary
from ssm_contacts_sdk._models.plans import Plan
from ssm_contacts_sdk._models.rotations import RotationRecord, RotationRef, RotationSummary
from ssm_contacts_sdk._models.rules import part_violations, wrong_type
from ssm_contacts_sdk._models.times import instant_violations
from ssm_contacts_sdk._oncall.assumptions import OnCallAssumptions

OnCallRef = Union[ContactRef, RotationRef]
"""A rotation, an on-call schedule or an escalation plan, by record, summary or ARN."""

Acknowledgements = Union[
    Mapping[ContactRecord, Duration], Mapping[ContactSummary, Duration], Mapping[str, Duration]
]
"""Who acknowledges, and how long after the start: people by their records, summaries or ARNs."""

_LONGEST_AUDIT = timedelta(days=366)
_LONGEST_CALENDAR = timedelta(days=366)
# Outside of these years, an instant has no date in some time zones.


def is_contact(arn: str) -> bool:
    """Return whether `arn` can be the ARN of a contact."""
    return not any(arn_violations("target", arn, CONTACT))


def on_call_violations(target: object) -> Iterator[Violation]:
    """Yield a violation if `target` is neither a contact nor a rotation."""
    arn = arn_of(target)
    if isinstance(target, (RotationRecord, RotationSummary)):
        yield from arn_violations("target", arn, ROTATION)
    elif not is_contact(arn):
        for violation in arn_violations("target", arn, ROTATION):
            yield Violation(
                "target",
                "must be a rotation or a contact: its record, its summary or its full ARN "
                "(arn:aws:ssm-contacts:REGION:ACCOUNT:contact/...), not an alias or a name",
                violation.code,
            )


def preview_violations(target: object) -> Iterator[Violation]:
    """Yield what is wrong with `target` as a contact or a plan."""
    if isinstance(target, Plan):
        yield from part_violations("target", target, (Plan,))
    else:
        yield from arn_violations("target", arn_of(target), CONTACT)


def assumptions_violations(assumptions: object) -> Iterator[Violation]:
    """Yield a violation if `assumptions` is neither None nor an `OnCallAssumptions`."""
    if assumptions is not None and not isinstance(assumptions, OnCallAssumptions):
        yield wrong_type("assumptions", "an OnCallAssumptions", assumptions)


def optional_instant_violations(path: str, value: object) -> Iterator[Violation]:
    """Yield what is wrong with `value` as a datetime with a time zone, unless it is None."""
    if value is not None:
        yield from instant_violations(path, value)


def year_violations(path: str, at: datetime) -> Iterator[Violation]:
    """Yield a violation if `at` has no date in some time zones."""
    if at.year < FIRST_YEAR or at.year > LAST_YEAR:
        yield Violation(
            path,
            f"must be in the years {FIRST_YEAR} to {LAST_YEAR} (got {at.year})",
            "too_small" if at.year < FIRST_YEAR else "too_large",
        )


def calendar_length_violations(since: datetime, until: datetime) -> Iterator[Violation]:
    """Yield a violation if the calendar is empty or too long."""
    if until <= since:
        yield Violation("until", "must be after since", "conflict")
    elif until - since > _LONGEST_CALENDAR:
        yield Violation("until", "must be at most 366 days after since", "too_large")


def acknowledge_violations(given: object) -> Iterator[Violation]:
    """Yield what is wrong with `given` as people and when they acknowledge."""
    if not isinstance(given, Mapping):
        yield wrong_type("acknowledge", "a mapping of contacts to durations", given)
        return
    for person, offset in cast("Mapping[object, object]", given).items():
        yield from arn_violations("acknowledge", arn_of(person), CONTACT)
        yield from duration_violations("acknowledge", offset, most=timedelta.max)


def preview_horizon_violations(horizon: object) -> Iterable[Violation]:
    """Return what is wrong with `horizon` as the end of a timeline, unless it is None."""
    if horizon is None:
        return ()
    return duration_violations("horizon", horizon, most=timedelta.max)


def audit_horizon_violations(horizon: object) -> Iterable[Violation]:
    """Return what is wrong with `horizon` as how far ahead an audit checks."""
    return duration_violations("horizon", horizon, most=_LONGEST_AUDIT, is_exclusive=True)
