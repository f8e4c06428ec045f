"""The audit of an account: all rules, and those about the account as a whole."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from ssm_contacts_sdk._errors import ContactsError
from ssm_contacts_sdk._models.contacts import ContactRecord, ContactType
from ssm_contacts_sdk._models.plans import ChannelTarget
from ssm_contacts_sdk._oncall.account_snapshot import AccountSnapshot, SnapshotPart
from ssm_contacts_sdk._oncall.audit.context import AuditContext, unreadable_rotations
from ssm_contacts_sdk._oncall.audit.findings import Finding, Severity
from ssm_contacts_sdk._oncall.audit.people import people_findings
from ssm_contacts_sdk._oncall.audit.plans import plan_findings
from ssm_contacts_sdk._oncall.audit.rotations import rotation_findings
from ssm_contacts_sdk._oncall.audit.schedules import schedule_findings
from ssm_contacts_sdk._oncall.phrases import capitalized, listed, not_read
from ssm_contacts_sdk._schema.times import as_instant
from ssm_contacts_sdk._service_errors import (
    AccessDeniedError,
    ConflictError,
    DataEncryptionError,
)

# The share of a quota from which on it is reported.
_NEAR = 0.9
# AWS's published quotas.
_CONTACTS = 1_000
_ROTATIONS = 500
_STAGES_PER_PLAN = 10
_CHANNELS_PER_STAGE = 10
_ROTATIONS_PER_SCHEDULE = 8

_SUBJECTS: Mapping[SnapshotPart, tuple[str, str]] = MappingProxyType(
    {
        "channel": ("The channel {}", "whether a page would reach anybody through it"),
        "channels": ("The list of the channels of {}", "whether some of them get no pages"),
        "contact": ("The contact {}", "whether a page would reach anybody through it"),
        "overrides": (
            "The list of the overrides of the rotation {}",
            "whether one of them names somebody who was deleted",
        ),
        "rotation": ("The rotation {}", "who is in it"),
        "rotations": ("The list of all rotations", "what is wrong with those in no schedule"),
        "shifts": ("The shifts of the rotation {}", "who is on call in it"),
    }
)
"""What could not be read, and what is not known because of that."""

_ADVICE: tuple[tuple[type[ContactsError], str], ...] = (
    (AccessDeniedError, "Grant the caller the ssm-contacts action {} on it."),
    (
        DataEncryptionError,
        "Check the KMS key of the replication set, and that the caller may use it.",
    ),
    (ConflictError, "It is being changed: run the audit again."),
)


def audit(snapshot: AccountSnapshot, since: datetime, until: datetime) -> tuple[Finding, ...]:
    """Return the findings of all rules: the worst first, then by rule and resource.

    Args:
        snapshot: everything in the account, with the shifts and overrides of the time in question.
        since: when the time begins in which gaps and the people on call are examined.
        until: when it ends.
    """
    context = AuditContext.of(snapshot, as_instant(since), as_instant(until))
    rules = (
        unreadable_findings,
        people_findings,
        plan_findings,
        schedule_findings,
        rotation_findings,
        quota_findings,
    )
    return tuple(sorted((finding for rule in rules for finding in rule(context)), key=_order))


def _order(finding: Finding) -> tuple[bool, bool, str, str, str]:
    severity = (finding.severity < "error", finding.severity < "warning")
    return *severity, finding.rule, finding.resource, finding.text


# What could not be read ---------------------------------------------------------------------------


def unreadable_findings(context: AuditContext) -> Iterator[Finding]:
    """Yield a finding for each record and each list that could not be read."""
    for (part, arn), error in context.snapshot.unreadable.items():
        subject, unknown = _SUBJECTS[part]
        also = _unknown_gaps(context, arn) if part == "shifts" else ""
        yield Finding(
            rule="unreadable",
            severity=Severity.ERROR,
            resource=arn,
            text=f"{subject.format(context.name(arn))} {not_read(error)}: it is not known "
            f"{unknown}{also}.",
            advice=_advice(error),
            error=error,
        )


def _unknown_gaps(context: AuditContext, rotation_arn: str) -> str:
    """Return the schedules whose gaps are not known because of a rotation."""
    schedules = sorted(
        context.name(schedule.arn)
        for schedule in context.contacts(ContactType.ONCALL_SCHEDULE)
        if rotation_arn in unreadable_rotations(context.snapshot, schedule)
    )
    plural = "s" if schedules[1:] else ""
    return f", nor when nobody is in the schedule{plural} {listed(schedules)}" if schedules else ""


def _advice(error: ContactsError) -> str:
    operation = str(getattr(error, "operation", None) or "of this list")
    for kind, advice in _ADVICE:
        if isinstance(error, kind):
            return advice.format(operation)
    return f"Call {operation} for it alone: the error has the details."


# Quotas -------------------------------------------------------------------------------------------


def quota_findings(context: AuditContext) -> Iterator[Finding]:
    """Yield a finding for each quota of which 90 % or more is used; AWS may have raised it."""
    snapshot = context.snapshot
    yield from _of_account(_all(context, "contact", snapshot.contacts), "contact", _CONTACTS)
    yield from _of_account(_all(context, "rotation", snapshot.rotations), "rotation", _ROTATIONS)
    for contact in snapshot.contacts.values():
        if contact.type == ContactType.ONCALL_SCHEDULE:
            yield from _of_schedule(context, contact)
        else:
            yield from _of_plan(context, contact)


def _all(context: AuditContext, part: SnapshotPart, read: Collection[str]) -> Collection[str]:
    """Return the ARNs of those that were read, and of those that exist and could not be read."""
    return {*read, *(arn for each, arn in context.snapshot.unreadable if each == part)}


def _of_account(arns: Collection[str], kind: str, quota: int) -> Iterator[Finding]:
    if _is_near(len(arns), quota):
        # All of them together have no ARN except the one that policies use.
        resource = f"{min(arns).partition(f':{kind}/')[0]}:{kind}/*"
        text = f"The account has {len(arns):,} {kind}s, and AWS's quota is {quota:,} in an account."
        yield _near(resource, text)


def _of_schedule(context: AuditContext, schedule: ContactRecord) -> Iterator[Finding]:
    count = len(schedule.plan.rotation_ids or ())
    if _is_near(count, _ROTATIONS_PER_SCHEDULE):
        yield _near(
            schedule.arn,
            f"{capitalized(context.schedule(schedule.arn))} has {count} rotations, and AWS allows "
            f"{_ROTATIONS_PER_SCHEDULE} in a schedule.",
            "This quota cannot be raised: use a second schedule.",
        )


def _of_plan(context: AuditContext, contact: ContactRecord) -> Iterator[Finding]:
    name, stages = context.plan_of(contact), contact.plan.stages
    if _is_near(len(stages), _STAGES_PER_PLAN):
        yield _near(
            contact.arn,
            f"{capitalized(name)} has {len(stages)} stages, and AWS's quota is "
            f"{_STAGES_PER_PLAN} in a plan.",
        )
    for number, stage in enumerate(stages, start=1):
        count = sum(isinstance(target, ChannelTarget) for target in stage.targets)
        if _is_near(count, _CHANNELS_PER_STAGE):
            yield _near(
                contact.arn,
                f"Stage {number} of {name} has {count} channels, and AWS's quota is "
                f"{_CHANNELS_PER_STAGE} in a stage.",
            )


def _is_near(count: int, quota: int) -> bool:
    return count >= _NEAR * quota


def _near(
    arn: str, text: str, advice: str = "AWS raises this quota on request, if it has not yet."
) -> Finding:
    return Finding(
        rule="near-quota", severity=Severity.INFO, resource=arn, text=text, advice=advice
    )
