"""What an audit looks for in schedules and rotations: when somebody is on call, and who that is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from math import ceil

from attrs import frozen

from ssm_contacts_sdk._dates import Interval
from ssm_contacts_sdk._models.arns import is_of_account
from ssm_contacts_sdk._models.contacts import ContactRecord, ContactType
from ssm_contacts_sdk._models.rotations import OverrideRecord, RotationRecord, ShiftType
from ssm_contacts_sdk._oncall.audit.context import Audited
from ssm_contacts_sdk._oncall.audit.findings import Finding, Severity
from ssm_contacts_sdk._oncall.audit.time_zones import Seam, seams
from ssm_contacts_sdk._oncall.gaps import subtract
from ssm_contacts_sdk._oncall.phrases import from_until, in_intervals, listed, minutes


def schedule_findings(account: Audited) -> Iterator[Finding]:
    """Schedules without rotations, and the hours in which nobody is on call."""
    for schedule in account.contacts(ContactType.ONCALL_SCHEDULE):
        named = tuple(dict.fromkeys(schedule.plan.rotation_ids or ()))
        there = [arn for arn in named if account.is_there(arn)]
        if not there:
            yield _without_rotations(account, schedule, named)
            continue
        for arn in named:
            if arn not in there:
                yield _deleted_rotation(account, schedule, arn)
        yield from _nobody_on_call(account, schedule, there)


def rotation_findings(account: Audited) -> Iterator[Finding]:
    """Who is in rotations, and in overrides of them."""
    schedules_of: dict[str, list[str]] = {}
    for schedule in account.contacts(ContactType.ONCALL_SCHEDULE):
        for arn in schedule.plan.rotation_ids or ():
            schedules_of.setdefault(arn, []).append(schedule.arn)
    may_be_named = _has_hidden_schedules(account)
    for rotation in account.snapshot.rotations.values():
        schedules = schedules_of.get(rotation.arn, [])
        if not schedules and not may_be_named:
            yield Finding(
                rule="rotation-in-no-schedule",
                severity=Severity.INFO,
                resource=rotation.arn,
                text=f"Nobody is engaged through {_rotation(account, rotation.arn)}: "
                "it is in no on-call schedule.",
                advice="Put it into a schedule, or delete it.",
            )
        yield from _members(account, rotation)
        yield from _empty_overrides(account, rotation, schedules)
        yield from _overrides_of_deleted(account, rotation)
        yield from _unreachable_on_call(account, rotation)


def _has_hidden_schedules(account: Audited) -> bool:
    """Whether there may be schedules that could not be read, so that what they name is unknown."""
    hidden = [arn for part, arn in account.snapshot.unreadable if part == "contact"]
    types = (getattr(account.snapshot.summaries.get(arn), "type", None) for arn in hidden)
    return any(kind in (None, ContactType.ONCALL_SCHEDULE) for kind in types)


def _without_rotations(
    account: Audited, schedule: ContactRecord, named: tuple[str, ...]
) -> Finding:
    gone = all(is_of_account(arn, schedule.arn) for arn in named)
    why = f"were {'deleted' if gone else 'deleted or are of another account'}"
    return Finding(
        rule="schedule-without-rotations",
        severity=Severity.ERROR,
        resource=schedule.arn,
        text=f"Nobody is ever on call in {_schedule(account, schedule)}: "
        + (f"all rotations that it names {why}." if named else "it has no rotations."),
        advice="Put a rotation into its plan.",
        intervals=((account.since, account.until),),
    )


def _deleted_rotation(account: Audited, schedule: ContactRecord, arn: str) -> Finding:
    is_ours = is_of_account(arn, schedule.arn)
    return Finding(
        rule="deleted-rotation" if is_ours else "other-account",
        severity=Severity.ERROR,
        resource=schedule.arn,
        text=f"Nobody is engaged through {_rotation(account, arn)}, which "
        f"{_schedule(account, schedule)} names: it {_gone(arn, schedule.arn)}.",
        advice=f"Take {arn} out of the schedule's plan.",
    )


def _nobody_on_call(
    account: Audited, schedule: ContactRecord, rotations: list[str]
) -> Iterator[Finding]:
    gaps = account.gaps_of[schedule.arn]
    if not gaps:
        return
    told = f"Nobody is on call in {_schedule(account, schedule)} {in_intervals(gaps, 'gaps')}"
    causes = [*_causes(account, rotations, gaps)]
    if causes[1:]:
        reasons = [
            f"{in_intervals(cause.intervals, 'gaps')}{',' if cause.intervals[1:] else ''} "
            f"because {cause.why}"
            for cause in causes
        ]
        told = f"{told}: {'; '.join(reasons)}"
    elif not causes[0].is_usual:
        told = f"{told}; {causes[0].why}"
    yield Finding(
        rule="nobody-on-call",
        severity=Severity.ERROR,
        resource=schedule.arn,
        text=f"{told}.",
        advice=" ".join(advice for cause in causes for advice in cause.advice),
        intervals=gaps,
    )


@frozen
class _Cause:
    """Why nobody is on call in some of the gaps, and what helps."""

    why: str
    intervals: Sequence[Interval]
    advice: Sequence[str]
    is_usual: bool = False
    """Whether it goes without saying."""


def _causes(account: Audited, rotations: list[str], gaps: Sequence[Interval]) -> Iterator[_Cause]:
    """Each part of the gaps has one cause."""
    left: Sequence[Interval] = gaps
    culprits: list[str] = []
    advice: list[str] = []
    for arn in rotations:
        emptied = list(_emptied(account, arn))
        if _left_of_all(emptied, gaps) != emptied:
            culprits.append(account.name(arn))
            advice.append(_instead_of(arn, _overrides_within(account, arn, gaps)))
            left = _left_of_all(left, emptied)
    if culprits:
        why = f"an override leaves nobody on call in {listed(culprits)}"
        yield _Cause(why, _left_of_all(gaps, left), advice)
    if apart := seams(account, rotations, left):
        zones = {each.time_zone_id for seam in apart for each in (seam.before, seam.after)}
        torn = sorted(gap for seam in apart for gap in seam.gaps)
        yield _Cause(
            f"clocks are changed on different days in {listed(sorted(zones))}",
            torn,
            [_overlap(account, seam) for seam in apart],
        )
        left = _left_of_all(left, torn)
    if left:
        which = "the other hours" if culprits or apart else "these hours"
        yield _Cause(
            "no rotation has anybody for it",
            left,
            [f"Add people for {which}: longer coverage, or another rotation."],
            is_usual=True,
        )


def _overlap(account: Audited, seam: Seam) -> str:
    before, after = (f"{account.name(each.arn)} ({each.arn})" for each in (seam.before, seam.after))
    wanted = minutes(ceil(seam.longest / timedelta(minutes=1)))
    return (
        f"Let the hours of {before} end {wanted} later, or those of {after} begin {wanted} earlier."
    )


def _members(account: Audited, rotation: RotationRecord) -> Iterator[Finding]:
    members = tuple(dict.fromkeys(rotation.contact_ids))
    for arn in members:
        if not account.is_there(arn):
            yield Finding(
                rule="deleted-member",
                severity=Severity.ERROR,
                resource=rotation.arn,
                text=f"No page would reach {account.name(arn)} in their turns in "
                f"{_rotation(account, rotation.arn)}: that contact {_gone(arn, rotation.arn)}.",
                advice="Take them out of the rotation.",
            )
    if len(members) == 1:
        yield Finding(
            rule="rotation-of-one",
            severity=Severity.WARNING,
            resource=rotation.arn,
            text=f"{account.name(members[0])} is always on call in "
            f"{_rotation(account, rotation.arn)}: nobody else is in it.",
            advice="Add somebody to take turns with.",
        )


def _empty_overrides(
    account: Audited, rotation: RotationRecord, schedules: list[str]
) -> Iterator[Finding]:
    # What is a gap in a schedule was told there.
    empty = list(_emptied(account, rotation.arn))
    for schedule in schedules:
        empty = _left_of_all(empty, account.gaps_of[schedule])
    if empty:
        yield Finding(
            rule="empty-override",
            severity=Severity.WARNING,
            resource=rotation.arn,
            text=f"An override leaves nobody on call in {_rotation(account, rotation.arn)} "
            f"{in_intervals(empty, 'intervals')}.",
            advice=_instead_of(rotation.arn, _overrides_within(account, rotation.arn, empty)),
            intervals=tuple(empty),
        )


def _overrides_of_deleted(account: Audited, rotation: RotationRecord) -> Iterator[Finding]:
    for override in _overrides(account, rotation.arn):
        gone = [arn for arn in override.new_contact_ids if not account.is_there(arn)]
        if gone:
            names = listed(account.name(arn) for arn in gone)
            is_left = len(gone) < len(override.new_contact_ids)
            when = from_until((override.start_time, override.end_time))
            yield Finding(
                rule="override-of-deleted",
                severity=Severity.WARNING if is_left else Severity.ERROR,
                resource=rotation.arn,
                text=f"No page would reach {names} {when} in "
                f"{_rotation(account, rotation.arn)}: an override puts them on call, "
                f"and they are not there{'' if is_left else ', nor is anybody else in it'}.",
                advice=_instead_of(rotation.arn, [override]),
            )


def _unreachable_on_call(account: Audited, rotation: RotationRecord) -> Iterator[Finding]:
    # That these are not there is told by other rules.
    told = {*rotation.contact_ids}.union(
        *(override.new_contact_ids for override in _overrides(account, rotation.arn))
    )
    hours: dict[str, list[Interval]] = {}
    for shift in account.shifts(rotation.arn):
        for arn in shift.contact_ids:
            is_news = account.is_there(arn) or arn not in told
            if is_news and arn not in account.reached:
                interval = account.within(shift.start_time, shift.end_time)
                hours.setdefault(arn, []).append(interval)
    for arn, intervals in hours.items():
        yield Finding(
            rule="unreachable-on-call",
            severity=Severity.ERROR,
            resource=rotation.arn,
            text=f"No page would reach {account.name(arn)}, who is on call in "
            f"{_rotation(account, rotation.arn)} {in_intervals(intervals, 'shifts')}.",
            advice="Let somebody else be on call, until they can be reached.",
        )


def _overrides(account: Audited, rotation_arn: str) -> Iterator[OverrideRecord]:
    for override in account.snapshot.overrides.get(rotation_arn, ()):
        if override.start_time < account.until and override.end_time > account.since:
            yield override


def _overrides_within(
    account: Audited, rotation_arn: str, intervals: Sequence[Interval]
) -> list[OverrideRecord]:
    """The overrides that leave nobody on call in some of that time."""
    return [
        override
        for override in _overrides(account, rotation_arn)
        if not override.new_contact_ids
        and any(start < override.end_time and override.start_time < end for start, end in intervals)
    ]


def _emptied(account: Audited, rotation_arn: str) -> Iterator[Interval]:
    """When an override takes somebody's turn away and gives it to nobody."""
    for shift in account.shifts(rotation_arn):
        # Which of several overrides counts is the service's to say.
        is_emptied = shift.type == ShiftType.OVERRIDDEN and not shift.contact_ids
        if is_emptied and shift.overridden_contact_ids != ():
            yield account.within(shift.start_time, shift.end_time)


def _left_of_all(intervals: Sequence[Interval], gaps: Sequence[Interval]) -> list[Interval]:
    return [left for interval in intervals for left in subtract(interval, gaps)]


def _instead_of(rotation_arn: str, overrides: list[OverrideRecord]) -> str:
    ids = [override.id for override in overrides]
    several = ids[1:]
    which = f" {listed(ids)}" if ids else ""
    return (
        f"Delete the override{'s' if several else ''}{which} of {rotation_arn}, or make "
        f"{'others with people in their' if several else 'one with people in its'} place."
    )


def _gone(arn: str, owner_arn: str) -> str:
    return "was deleted" if is_of_account(arn, owner_arn) else "is of another account"


def _schedule(account: Audited, schedule: ContactRecord) -> str:
    return f"the schedule {account.name(schedule.arn)}"


def _rotation(account: Audited, arn: str) -> str:
    return f"the rotation {account.name(arn)}"
