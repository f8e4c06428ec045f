"""The rules of an audit about rotations: their members and their overrides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ssm_contacts_sdk._dates import Interval
from ssm_contacts_sdk._models.contacts import ContactType
from ssm_contacts_sdk._models.rotations import OverrideRecord, RotationRecord, ShiftType
from ssm_contacts_sdk._oncall.audit.context import AuditContext, deleted_or_foreign
from ssm_contacts_sdk._oncall.audit.findings import Finding, Severity
from ssm_contacts_sdk._oncall.gaps import subtract
from ssm_contacts_sdk._oncall.phrases import from_until, in_intervals, listed


def rotation_findings(context: AuditContext) -> Iterator[Finding]:
    """Yield what is wrong with the members of rotations and with their overrides."""
    schedules_of: dict[str, list[str]] = {}
    for schedule in context.contacts(ContactType.ONCALL_SCHEDULE):
        for arn in schedule.plan.rotation_ids or ():
            schedules_of.setdefault(arn, []).append(schedule.arn)
    has_unreadable_schedules = _has_unreadable_schedules(context)
    for rotation in context.snapshot.rotations.values():
        schedules = schedules_of.get(rotation.arn, [])
        if not schedules and not has_unreadable_schedules:
            yield Finding(
                rule="rotation-in-no-schedule",
                severity=Severity.INFO,
                resource=rotation.arn,
                text=f"Nobody is engaged through {context.rotation(rotation.arn)}: "
                "it is in no on-call schedule.",
                advice="Add it to a schedule, or delete it.",
            )
        yield from _members(context, rotation)
        yield from _empty_overrides(context, rotation, schedules)
        yield from _overrides_of_deleted(context, rotation)
        yield from _unreachable_on_call(context, rotation)


def _has_unreadable_schedules(context: AuditContext) -> bool:
    """Return whether contacts that may be schedules could not be read."""
    snapshot = context.snapshot
    unreadable = [arn for part, arn in snapshot.unreadable if part == "contact"]
    types = (getattr(snapshot.summaries.get(arn), "type", None) for arn in unreadable)
    return any(kind in (None, ContactType.ONCALL_SCHEDULE) for kind in types)


def _members(context: AuditContext, rotation: RotationRecord) -> Iterator[Finding]:
    members = tuple(dict.fromkeys(rotation.contact_ids))
    for arn in members:
        if not context.exists(arn):
            yield Finding(
                rule="deleted-member",
                severity=Severity.ERROR,
                resource=rotation.arn,
                text=f"No page would reach {context.name(arn)} in their shifts in "
                f"{context.rotation(rotation.arn)}: that contact "
                f"{deleted_or_foreign(arn, rotation.arn)}.",
                advice="Remove them from the rotation.",
            )
    if len(members) == 1:
        yield Finding(
            rule="rotation-of-one",
            severity=Severity.WARNING,
            resource=rotation.arn,
            text=f"{context.name(members[0])} is always on call in "
            f"{context.rotation(rotation.arn)}: it has no other members.",
            advice="Add another member.",
        )


def _empty_overrides(
    context: AuditContext, rotation: RotationRecord, schedules: list[str]
) -> Iterator[Finding]:
    empty = list(overridden_by_nobody(context, rotation.arn))
    for schedule in schedules:
        # The gaps of a schedule are another finding.
        empty = subtract_all(empty, context.gaps_of[schedule])
    if empty:
        yield Finding(
            rule="empty-override",
            severity=Severity.WARNING,
            resource=rotation.arn,
            text=f"An override leaves nobody on call in {context.rotation(rotation.arn)} "
            f"{in_intervals(empty, 'intervals')}.",
            advice=replace_overrides(rotation.arn, empty_overrides(context, rotation.arn, empty)),
            intervals=tuple(empty),
        )


def _overrides_of_deleted(context: AuditContext, rotation: RotationRecord) -> Iterator[Finding]:
    for override in context.overrides(rotation.arn):
        deleted = [arn for arn in override.new_contact_ids if not context.exists(arn)]
        if deleted:
            names = listed(context.name(arn) for arn in deleted)
            has_others = len(deleted) < len(override.new_contact_ids)
            when = from_until((override.start_time, override.end_time))
            only = "" if has_others else ", and it names nobody else"
            yield Finding(
                rule="override-of-deleted",
                severity=Severity.WARNING if has_others else Severity.ERROR,
                resource=rotation.arn,
                text=f"No page would reach {names} {when} in {context.rotation(rotation.arn)}: "
                f"an override names contacts that do not exist{only}.",
                advice=replace_overrides(rotation.arn, [override]),
            )


def _unreachable_on_call(context: AuditContext, rotation: RotationRecord) -> Iterator[Finding]:
    # Other rules report members and people of overrides that do not exist.
    reported = {*rotation.contact_ids}.union(
        *(override.new_contact_ids for override in context.overrides(rotation.arn))
    )
    on_call: dict[str, list[Interval]] = {}
    for shift in context.shifts(rotation.arn):
        for arn in shift.contact_ids:
            is_reported = arn in reported and not context.exists(arn)
            if not is_reported and arn not in context.reachable:
                interval = context.clip(shift.start_time, shift.end_time)
                on_call.setdefault(arn, []).append(interval)
    for arn, intervals in on_call.items():
        yield Finding(
            rule="unreachable-on-call",
            severity=Severity.ERROR,
            resource=rotation.arn,
            text=f"No page would reach {context.name(arn)}, who is on call in "
            f"{context.rotation(rotation.arn)} {in_intervals(intervals, 'shifts')}.",
            advice="Let somebody else be on call, until they can be reached.",
        )


def overridden_by_nobody(context: AuditContext, rotation_arn: str) -> Iterator[Interval]:
    """Yield when an override replaces people by nobody."""
    for shift in context.shifts(rotation_arn):
        # The service decides which of several overrides counts, so its shifts are examined.
        is_empty = shift.type == ShiftType.OVERRIDDEN and not shift.contact_ids
        if is_empty and shift.overridden_contact_ids != ():
            yield context.clip(shift.start_time, shift.end_time)


def empty_overrides(
    context: AuditContext, rotation_arn: str, intervals: Sequence[Interval]
) -> list[OverrideRecord]:
    """Return the overrides without people that overlap some of the intervals."""
    return [
        override
        for override in context.overrides(rotation_arn)
        if not override.new_contact_ids
        and any(start < override.end_time and override.start_time < end for start, end in intervals)
    ]


def replace_overrides(rotation_arn: str, overrides: list[OverrideRecord]) -> str:
    """Return the advice to delete or replace overrides."""
    ids = [override.id for override in overrides]
    plural = "s" if ids[1:] else ""
    which = f" {listed(ids)}" if ids else ""
    replacement = "overrides with people" if plural else "an override with people"
    return f"Delete the override{plural}{which} of {rotation_arn}, or create {replacement} instead."


def subtract_all(intervals: Sequence[Interval], others: Sequence[Interval]) -> list[Interval]:
    """Return the parts of intervals that are in none of the others."""
    return [part for interval in intervals for part in subtract(interval, others)]
