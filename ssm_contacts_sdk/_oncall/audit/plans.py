"""The rules of an audit about plans: their targets, their stages, and whether they can end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from ssm_contacts_sdk._models.contacts import ContactRecord, ContactType
from ssm_contacts_sdk._models.plans import ChannelTarget, ContactTarget, Target
from ssm_contacts_sdk._oncall.account_snapshot import targets_of
from ssm_contacts_sdk._oncall.audit.context import AuditContext, ContactReason, channel_reason
from ssm_contacts_sdk._oncall.audit.findings import Finding, Rule, Severity
from ssm_contacts_sdk._oncall.phrases import capitalized, listed, minutes, stages

_LONGEST_STAGE = 30

_WHY: Mapping[ContactReason, tuple[str, str]] = MappingProxyType(
    {
        "deleted": ("was deleted", "were deleted"),
        "misplaced": ("is not a contact", "are not contacts"),
        "nested": ("is an escalation plan itself", "are escalation plans themselves"),
        "other_account": ("belongs to another account", "belong to another account"),
        "unstaffed": (
            "has nobody on call whom a page can reach",
            "have nobody on call whom a page can reach",
        ),
        "unreachable": ("cannot be reached", "cannot be reached"),
    }
)
"""What a text says of one target, and of several."""

_RULES: Mapping[ContactReason, tuple[Rule, Severity, str]] = MappingProxyType(
    {
        "deleted": ("deleted-contact", Severity.ERROR, "Remove it from the plan."),
        "misplaced": (
            "misplaced-target",
            Severity.WARNING,
            "Name the person whose channel it is, or remove it from the plan.",
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
"""The rules about targets. The other reasons are findings about the person or the schedule."""

_REPLACE_CHANNEL = "Replace it by a channel of this person."


def plan_findings(context: AuditContext) -> Iterator[Finding]:
    """Yield what is wrong with people's plans and with escalation plans."""
    for person in context.contacts(ContactType.PERSONAL):
        # If no page reaches a person, details of the plan do not matter.
        if person.arn not in context.unreachable:
            yield from _late_retries(context, person)
            yield from _wrong_targets(context, person)
            yield from _empty_stages(context, person)
    for escalation in context.contacts(ContactType.ESCALATION):
        reached = [
            target
            for _, target in targets_of(escalation)
            if context.contact_reason(target, escalation) is None
        ]
        if reached:
            yield from _skipped_targets(context, escalation)
            yield from _nothing_essential(context, escalation, reached)
            yield from _empty_stages(context, escalation)
        else:
            yield _unreachable(context, escalation)


def _late_retries(context: AuditContext, person: ContactRecord) -> Iterator[Finding]:
    for index, target in targets_of(person):
        if not isinstance(target, ChannelTarget):
            continue
        duration = person.plan.stages[index].duration_in_minutes
        exists = target.contact_channel_id in context.snapshot.channels
        retry = target.retry_interval_in_minutes
        if exists and retry and retry >= duration:
            where = f"{stages([index])} of {context.plan_of(person)}"
            yield Finding(
                rule="late-retry",
                severity=Severity.WARNING,
                resource=person.arn,
                text=f"A page to {context.name(target.contact_channel_id)} in {where} would never "
                f"be sent again: its retry interval is {minutes(retry)}, and the stage lasts "
                f"{minutes(duration)}.",
                advice="Make the retry interval shorter than the stage.",
            )


def _wrong_targets(context: AuditContext, person: ContactRecord) -> Iterator[Finding]:
    """Yield the targets of a person's plan that are not channels of that person."""
    for index, target in targets_of(person):
        where = f"in {stages([index])} of {context.plan_of(person)}"
        reason = channel_reason(context.snapshot, person, target)
        arn = _arn_of(target)
        name = context.name(arn)
        if reason == "misplaced":
            yield Finding(
                rule="misplaced-target",
                severity=Severity.WARNING,
                resource=person.arn,
                text=f"Nobody is engaged for the contact {name} {where}: it is not a channel.",
                advice=_REPLACE_CHANNEL,
            )
        elif reason == "other_account":
            yield Finding(
                rule="other-account",
                severity=Severity.ERROR,
                resource=person.arn,
                text=f"No page goes to the channel {name} {where}: it belongs to another account.",
                advice=_REPLACE_CHANNEL,
            )
        elif reason == "other_person":
            owner = context.name(context.snapshot.channels[arn].contact_arn)
            yield Finding(
                rule="channel-of-another-person",
                severity=Severity.WARNING,
                resource=person.arn,
                text=f"A page to {name} {where} goes to {owner}, whose channel it is.",
                advice=_REPLACE_CHANNEL,
            )


def _empty_stages(context: AuditContext, contact: ContactRecord) -> Iterator[Finding]:
    empty = list(_unintended_empty(contact))
    if empty:
        verb = "only wait: they have" if empty[1:] else "only waits: it has"
        yield Finding(
            rule="empty-stage",
            severity=Severity.INFO,
            resource=contact.arn,
            text=f"{capitalized(stages(empty))} of {context.plan_of(contact)} {verb} no targets.",
            advice="Add a target, or remove the stage and make another one longer.",
        )


def _unintended_empty(contact: ContactRecord) -> Iterator[int]:
    """Yield the empty stages, except those that are the only way to wait."""
    all_stages = contact.plan.stages
    with_targets = [index for index, stage in enumerate(all_stages) if stage.targets]
    for index, stage in enumerate(all_stages):
        if stage.targets:
            continue
        is_first = contact.type == ContactType.PERSONAL and index < min(with_targets, default=0)
        is_longer = index > 0 and all_stages[index - 1].duration_in_minutes >= _LONGEST_STAGE
        is_followed = index < max(with_targets, default=0)
        if not (is_followed and (is_first or is_longer)):
            yield index


def _skipped_targets(context: AuditContext, escalation: ContactRecord) -> Iterator[Finding]:
    where: dict[tuple[ContactReason, str], list[int]] = {}
    for index, target in targets_of(escalation):
        reason = context.contact_reason(target, escalation)
        if reason is not None and reason in _RULES:
            where.setdefault((reason, _arn_of(target)), []).append(index)
    for (reason, arn), indices in where.items():
        rule, severity, advice = _RULES[reason]
        is_itself = arn == escalation.arn
        why = "is this plan itself" if is_itself else _WHY[reason][0]
        yield Finding(
            rule=rule,
            severity=severity,
            resource=escalation.arn,
            text=f"Nobody is engaged for {context.name(arn)} in {stages(indices)} of "
            f"{context.plan_of(escalation)}: it {why}.",
            advice="Remove it from the plan." if is_itself else advice,
        )


def _nothing_essential(
    context: AuditContext, escalation: ContactRecord, reached: list[Target]
) -> Iterator[Finding]:
    def essential(targets: list[Target]) -> list[str]:
        return [_arn_of(each) for each in targets if getattr(each, "is_essential", False)]

    if essential(reached):
        return
    named = essential([target for _, target in targets_of(escalation)])
    names = listed(map(context.name, dict.fromkeys(named)), "or")
    why = (
        f"no page reaches {names}, and no other target is essential"
        if named
        else "none of its targets is essential"
    )
    yield Finding(
        rule="nothing-essential",
        severity=Severity.WARNING,
        resource=escalation.arn,
        text=f"No acknowledgement would end {context.plan_of(escalation)}: {why}.",
        advice="Make a target essential that can be reached.",
    )


def _unreachable(context: AuditContext, escalation: ContactRecord) -> Finding:
    names: dict[ContactReason, dict[str, None]] = {}
    for _, target in targets_of(escalation):
        reason = context.contact_reason(target, escalation)
        if reason is not None:
            names.setdefault(reason, {})[context.name(_arn_of(target))] = None
    reasons = [f"{listed(found)} {_WHY[reason][len(found) > 1]}" for reason, found in names.items()]
    return Finding(
        rule="unreachable-escalation",
        severity=Severity.ERROR,
        resource=escalation.arn,
        text=f"{capitalized(context.plan_of(escalation))} would page nobody: "
        f"{listed(reasons) if reasons else 'it has no targets'}.",
        advice="Name somebody whom a page can reach.",
    )


def _arn_of(target: Target) -> str:
    return target.contact_id if isinstance(target, ContactTarget) else target.contact_channel_id
