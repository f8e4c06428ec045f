"""The rules of an audit about people: whether pages reach them, and through which channels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from ssm_contacts_sdk._models.channels import ChannelRecord, ChannelType
from ssm_contacts_sdk._models.contacts import ContactRecord, ContactType
from ssm_contacts_sdk._models.plans import ChannelTarget
from ssm_contacts_sdk._oncall.account_snapshot import is_activated, targets_of
from ssm_contacts_sdk._oncall.audit.context import AuditContext, ChannelReason, channel_reason
from ssm_contacts_sdk._oncall.audit.findings import Finding, Severity
from ssm_contacts_sdk._oncall.phrases import listed, quoted, stages, without_line_breaks

_PHONES = (ChannelType.SMS, ChannelType.VOICE)

_CHANNEL_REASONS: Mapping[ChannelReason | None, str] = MappingProxyType(
    {
        "deleted": "was deleted",
        "not_activated": "is not activated",
        "other_person": "belongs to another person",
    }
)


def people_findings(context: AuditContext) -> Iterator[Finding]:
    """Yield who cannot be reached and, of everybody else, which channels are of no use."""
    planned = {
        target.contact_channel_id
        for person in context.contacts(ContactType.PERSONAL)
        for _, target in targets_of(person)
        if isinstance(target, ChannelTarget)
    }
    for person in context.contacts(ContactType.PERSONAL):
        if person.arn in context.unreachable:
            # This finding covers everything that is wrong with the channels.
            yield _unreachable(context, person)
        else:
            yield from _deleted_channels(context, person)
            for channel in context.channels_of.get(person.arn, ()):
                yield from _unused_channel(context, channel, is_planned=channel.arn in planned)
    yield from _shared_numbers(context)


def _unreachable(context: AuditContext, person: ContactRecord) -> Finding:
    reasons = {channel_reason(context.snapshot, person, target) for _, target in targets_of(person)}
    if not reasons:
        why = "their plan has no channels"
    elif reasons == {"not_activated"}:
        why = "no channel in their plan is activated"
    elif reasons <= _CHANNEL_REASONS.keys():
        found = [words for reason, words in _CHANNEL_REASONS.items() if reason in reasons]
        why = f"every channel in their plan {listed(found, 'or')}"
    elif "other_person" in reasons:
        why = "their plan names a channel of another person, and none of their own"
    else:
        why = "their plan names nothing that can be paged"
    return Finding(
        rule="unreachable-person",
        severity=Severity.ERROR,
        resource=person.arn,
        text=f"No page would reach {context.name(person.arn)}: {why}.",
        advice=_advice(context, person),
    )


def _advice(context: AuditContext, person: ContactRecord) -> str:
    own = context.channels_of.get(person.arn, ())
    in_plan = {getattr(target, "contact_channel_id", None) for _, target in targets_of(person)}
    if activated := [channel for channel in own if is_activated(channel)]:
        return f"Add {_any_of(activated)} to the plan."
    if planned := [channel for channel in own if channel.arn in in_plan]:
        return f"Activate {_any_of(planned)}."
    if own:
        return f"Activate {_any_of(own)}, and add it to the plan."
    return "Create a channel, activate it, and add it to the plan."


def _any_of(channels: Sequence[ChannelRecord]) -> str:
    return listed([_name(channel) for channel in channels], "or")


def _name_and_arn(channel: ChannelRecord) -> str:
    return f"{_name(channel)} ({channel.arn})"


def _name(channel: ChannelRecord) -> str:
    return quoted(without_line_breaks(channel.name))


def _deleted_channels(context: AuditContext, person: ContactRecord) -> Iterator[Finding]:
    reasons = [
        (index, channel_reason(context.snapshot, person, target))
        for index, target in targets_of(person)
    ]
    broken = [index for index, reason in reasons if reason == "deleted"]
    if not broken:
        return
    text = f"The plan of {context.name(person.arn)} names a deleted channel in {stages(broken)}"
    is_reached = any(reason is None and index not in broken for index, reason in reasons)
    yield Finding(
        rule="deleted-channel",
        severity=Severity.WARNING if is_reached else Severity.ERROR,
        resource=person.arn,
        text=f"{text}, and AWS documents that it ignores such a stage."
        if is_reached
        else f"{text}: if AWS ignores such a stage, as it documents, no page reaches them.",
        advice="Remove it from the plan, or replace it by another channel.",
    )


def _unused_channel(
    context: AuditContext, channel: ChannelRecord, *, is_planned: bool
) -> Iterator[Finding]:
    subject = f"The channel {_name(channel)} of {context.name(channel.contact_arn)}"
    if not is_activated(channel):
        where = "in a plan, but not" if is_planned else "neither in a plan nor"
        yield Finding(
            rule="channel-not-activated",
            severity=Severity.WARNING if is_planned else Severity.INFO,
            resource=channel.arn,
            text=f"{subject} gets no pages: it is {where} activated.",
            advice="Activate it with the code that is sent to it, or delete it.",
        )
    elif not is_planned:
        yield Finding(
            rule="channel-in-no-plan",
            severity=Severity.INFO,
            resource=channel.arn,
            text=f"{subject} gets no pages: it is activated, but in no plan.",
            advice="Add it to the plan, or delete it.",
        )


def _shared_numbers(context: AuditContext) -> Iterator[Finding]:
    by_number: dict[str, list[ChannelRecord]] = {}
    for person in context.contacts(ContactType.PERSONAL):
        for channel in context.channels_of.get(person.arn, ()):
            if channel.type in _PHONES:
                by_number.setdefault(channel.delivery_address, []).append(channel)
    # One finding for the same people: they often share a number for both SMS and voice.
    by_people: dict[tuple[str, ...], list[ChannelRecord]] = {}
    for channels in by_number.values():
        people = tuple(sorted({channel.contact_arn for channel in channels}))
        by_people.setdefault(people, []).extend(channels)
    for people, channels in by_people.items():
        if people[1:]:
            # The ARNs too: the resource is only one of the people.
            which = listed(dict.fromkeys(map(_name_and_arn, channels)))
            yield Finding(
                rule="shared-phone-number",
                severity=Severity.WARNING,
                resource=people[0],
                text=f"{listed(map(context.name, people))} have the same phone number, so one of "
                "them may get the pages of the others.",
                advice=f"Find out whose number it is, and correct the others: {which}.",
            )
