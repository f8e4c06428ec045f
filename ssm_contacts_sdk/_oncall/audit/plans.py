"""What an audit looks for in plans: whom they name, in which stages, and whether they end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from ssm_contacts_sdk._models.contacts import ContactRecord, ContactType
from ssm_contacts_sdk._models.plans import ChannelTarget, ContactTarget, Target
from ssm_contacts_sdk._oncall.account_snapshot import targets_of
from ssm_contacts_sdk._oncall.audit.context import (
    Audited,
    ContactTrouble,
    channel_trouble,
)
from ssm_contacts_sdk._oncall.audit.findings import Finding, Rule, Severity
from ssm_contacts_sdk._oncall.phrases import listed, minutes, stages

_LONGEST_STAGE = 30

_WHY: Mapping[ContactTrouble, tuple[str, str]] = MappingProxyType(
    {
        "deleted": ("was deleted", "were deleted"),
        "misplaced": ("is no contact", "are no contacts"),
        "nested": ("is an escalation plan itself", "are escalation plans themselves"),
        "other_account": ("is of another account", "are of another account"),
        "unmanned": (
            "has nobody on call whom a page can reach",
            "have nobody on call whom a page can reach",
        ),
        "unreached": ("cannot be reached", "cannot be reached"),
    }
)
"""Of one and of several."""

_RULES: Mapping[ContactTrouble, tuple[Rule, Severity, str]] = MappingProxyType(
    {
        "deleted": ("deleted-contact", Severity.ERROR, "Take it out of the plan."),
        "misplaced": (
            "misplaced-target",
            Severity.WARNING,
            "Name the person whose channel it is, or take it out of the plan.",
        ),
        "nested": (
            "nested-escalation",
            Severity.WARNING,
            "Name the people and schedules of that plan here.",
        ),
        "other_account": (
            "other-account",
            Severity.ERROR,
            "Name contacts of this account: AWS lets plans use no others.",
        ),
    }
)
"""What else is wrong with a target is told of the person or the schedule."""


def plan_findings(account: Audited) -> Iterator[Finding]:
    """What is wrong with people's plans, and with escalation plans."""
    for person in account.contacts(ContactType.PERSONAL):
        # Where no page reaches them, it does not matter when.
        if person.arn not in account.unreached:
            yield from _late_retries(account, person)
            yield from _strange_targets(account, person)
            yield from _empty_stages(account, person)
    for escalation in account.contacts(ContactType.ESCALATION):
        reached = [
            target
            for _, target in targets_of(escalation)
            if account.contact_trouble(target, escalation) is None
        ]
        if reached:
            yield from _useless_targets(account, escalation)
            yield from _nothing_essential(account, escalation, reached)
            yield from _empty_stages(account, escalation)
        else:
            yield _unreachable(account, escalation)


def _late_retries(account: Audited, person: ContactRecord) -> Iterator[Finding]:
    for index, target in targets_of(person):
        if not isinstance(target, ChannelTarget):
            continue
        lasts = person.plan.stages[index].duration_in_minutes
        is_there = target.contact_channel_id in account.snapshot.channels
        retry = target.retry_interval_in_minutes
        if is_there and retry and retry >= lasts:
            where = f"{stages([index])} of {account.plan_of(person)}"
            yield Finding(
                rule="late-retry",
                severity=Severity.WARNING,
                resource=person.arn,
                text=f"A page to {account.name(target.contact_channel_id)} in {where} would "
                f"never be sent again: that would be after {minutes(retry)}, and the stage "
                f"lasts {minutes(lasts)}.",
                advice="Make the retry interval shorter than the stage.",
            )


def _strange_targets(account: Audited, person: ContactRecord) -> Iterator[Finding]:
    """What a person's plan names that is no channel of that person."""
    for index, target in targets_of(person):
        where = f"in {stages([index])} of {account.plan_of(person)}"
        trouble = channel_trouble(account.snapshot, person, target)
        arn = _arn_of(target)
        name = account.name(arn)
        if trouble == "misplaced":
            yield Finding(
                rule="misplaced-target",
                severity=Severity.WARNING,
                resource=person.arn,
                text=f"Nobody is engaged for the contact {name} {where}: it is no channel.",
                advice="Put a channel of this person in its place.",
            )
        elif trouble == "other_account":
            yield Finding(
                rule="other-account",
                severity=Severity.ERROR,
                resource=person.arn,
                text=f"No page goes to the channel {name} {where}: it is of another account.",
                advice="Put a channel of this person in its place.",
            )
        elif trouble == "other_person":
            owner = account.name(account.snapshot.channels[arn].contact_arn)
            yield Finding(
                rule="channel-of-another-person",
                severity=Severity.WARNING,
                resource=person.arn,
                text=f"A page to {name} {where} goes to {owner}, whose channel it is.",
                advice="Put a channel of this person in its place.",
            )


def _empty_stages(account: Audited, contact: ContactRecord) -> Iterator[Finding]:
    idle = list(_idle(contact))
    if idle:
        several = bool(idle[1:])
        told = stages(idle)
        yield Finding(
            rule="empty-stage",
            severity=Severity.INFO,
            resource=contact.arn,
            text=f"{told[0].upper()}{told[1:]} of {account.plan_of(contact)} "
            f"only wait{'' if several else 's'}: nobody is in {'them' if several else 'it'}.",
            advice="Put somebody in, or take it out and let another stage wait.",
        )


def _idle(contact: ContactRecord) -> Iterator[int]:
    """The empty stages, less those by which one says how long to wait."""
    all_stages = contact.plan.stages
    taken = [index for index, stage in enumerate(all_stages) if stage.targets]
    for index, stage in enumerate(all_stages):
        if stage.targets:
            continue
        comes_first = contact.type == ContactType.PERSONAL and index < min(taken, default=0)
        goes_on = index > 0 and all_stages[index - 1].duration_in_minutes >= _LONGEST_STAGE
        if not (index < max(taken, default=0) and (comes_first or goes_on)):
            yield index


def _useless_targets(account: Audited, escalation: ContactRecord) -> Iterator[Finding]:
    where: dict[tuple[ContactTrouble, str], list[int]] = {}
    for index, target in targets_of(escalation):
        trouble = account.contact_trouble(target, escalation)
        if trouble is not None and trouble in _RULES:
            where.setdefault((trouble, _arn_of(target)), []).append(index)
    for (trouble, arn), indices in where.items():
        rule, severity, advice = _RULES[trouble]
        is_itself = arn == escalation.arn
        why = "is this plan itself" if is_itself else _WHY[trouble][0]
        yield Finding(
            rule=rule,
            severity=severity,
            resource=escalation.arn,
            text=f"Nobody is engaged for {account.name(arn)} in {stages(indices)} of "
            f"{account.plan_of(escalation)}: it {why}.",
            advice="Take it out of the plan." if is_itself else advice,
        )


def _nothing_essential(
    account: Audited, escalation: ContactRecord, reached: list[Target]
) -> Iterator[Finding]:
    def essential(targets: list[Target]) -> list[str]:
        return [_arn_of(each) for each in targets if getattr(each, "is_essential", False)]

    if essential(reached):
        return
    named = essential([target for _, target in targets_of(escalation)])
    names = listed(map(account.name, dict.fromkeys(named)), "or")
    why = (
        f"no page reaches {names}, and nothing else in it is essential"
        if named
        else "none of its targets is essential"
    )
    yield Finding(
        rule="nothing-essential",
        severity=Severity.WARNING,
        resource=escalation.arn,
        text=f"No acknowledgement would end {account.plan_of(escalation)}: {why}.",
        advice="Make somebody essential who can be reached.",
    )


def _unreachable(account: Audited, escalation: ContactRecord) -> Finding:
    names: dict[ContactTrouble, dict[str, None]] = {}
    for _, target in targets_of(escalation):
        trouble = account.contact_trouble(target, escalation)
        if trouble is not None:
            names.setdefault(trouble, {})[account.name(_arn_of(target))] = None
    reasons = [f"{listed(told)} {_WHY[trouble][len(told) > 1]}" for trouble, told in names.items()]
    plan = account.plan_of(escalation)
    return Finding(
        rule="unreachable-escalation",
        severity=Severity.ERROR,
        resource=escalation.arn,
        text=f"{plan[0].upper()}{plan[1:]} would page nobody: "
        f"{listed(reasons) if reasons else 'it names nobody'}.",
        advice="Name somebody whom a page can reach.",
    )


def _arn_of(target: Target) -> str:
    return target.contact_id if isinstance(target, ContactTarget) else target.contact_channel_id
