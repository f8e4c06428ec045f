"""What an audit looks for in people: whether pages reach them, and by which channels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from ssm_contacts_sdk._models.channels import ChannelRecord, ChannelType
from ssm_contacts_sdk._models.contacts import ContactRecord, ContactType
from ssm_contacts_sdk._models.plans import ChannelTarget
from ssm_contacts_sdk._oncall.account_snapshot import is_activated, targets_of
from ssm_contacts_sdk._oncall.audit.context import Audited, ChannelTrouble, channel_trouble
from ssm_contacts_sdk._oncall.audit.findings import Finding, Severity
from ssm_contacts_sdk._oncall.phrases import listed, quoted, stages, without_line_breaks

_PHONES = (ChannelType.SMS, ChannelType.VOICE)

_OF_CHANNELS: Mapping[ChannelTrouble | None, str] = MappingProxyType(
    {
        "deleted": "was deleted",
        "not_activated": "is not activated",
        "other_person": "is another person's",
    }
)


def people_findings(account: Audited) -> Iterator[Finding]:
    """Who cannot be reached; and of everybody else, which channels do not serve."""
    planned = {
        target.contact_channel_id
        for person in account.contacts(ContactType.PERSONAL)
        for _, target in targets_of(person)
        if isinstance(target, ChannelTarget)
    }
    for person in account.contacts(ContactType.PERSONAL):
        if person.arn in account.unreached:
            # All that is wrong with the channels is told in this one.
            yield _unreachable(account, person)
        else:
            yield from _deleted_channels(account, person)
            for channel in account.channels_of.get(person.arn, ()):
                yield from _idle_channel(account, channel, is_planned=channel.arn in planned)
    yield from _shared_numbers(account)


def _unreachable(account: Audited, person: ContactRecord) -> Finding:
    troubles = {
        channel_trouble(account.snapshot, person, target) for _, target in targets_of(person)
    }
    if not troubles:
        why = "their plan has no channels"
    elif troubles == {"not_activated"}:
        why = "no channel in their plan is activated"
    elif troubles <= _OF_CHANNELS.keys():
        told = [words for trouble, words in _OF_CHANNELS.items() if trouble in troubles]
        why = f"every channel in their plan {listed(told, 'or')}"
    elif "other_person" in troubles:
        why = "their plan names another person's channel, and none of theirs"
    else:
        why = "their plan names nothing that can be paged"
    return Finding(
        rule="unreachable-person",
        severity=Severity.ERROR,
        resource=person.arn,
        text=f"No page would reach {account.name(person.arn)}: {why}.",
        advice=_remedy(account, person),
    )


def _remedy(account: Audited, person: ContactRecord) -> str:
    own = account.channels_of.get(person.arn, ())
    in_plan = {getattr(target, "contact_channel_id", None) for _, target in targets_of(person)}
    if ready := [channel for channel in own if is_activated(channel)]:
        return f"Put {_either(ready)} into the plan."
    if waiting := [channel for channel in own if channel.arn in in_plan]:
        return f"Activate {_either(waiting)}."
    if own:
        return f"Activate {_either(own)}, and put it into the plan."
    return "Create a channel, activate it, and put it into the plan."


def _either(channels: Sequence[ChannelRecord]) -> str:
    return listed([_name(channel) for channel in channels], "or")


def _which(channel: ChannelRecord) -> str:
    """The name, and the ARN: the finding is of one person, and the channels are of several."""
    return f"{_name(channel)} ({channel.arn})"


def _name(channel: ChannelRecord) -> str:
    return quoted(without_line_breaks(channel.name))


def _deleted_channels(account: Audited, person: ContactRecord) -> Iterator[Finding]:
    troubles = [
        (index, target, channel_trouble(account.snapshot, person, target))
        for index, target in targets_of(person)
    ]
    broken = [index for index, _, trouble in troubles if trouble == "deleted"]
    if not broken:
        return
    text = f"The plan of {account.name(person.arn)} names a deleted channel in {stages(broken)}"
    is_left = any(trouble is None and index not in broken for index, _, trouble in troubles)
    yield Finding(
        rule="deleted-channel",
        severity=Severity.WARNING if is_left else Severity.ERROR,
        resource=person.arn,
        text=f"{text}, and AWS says that it ignores a stage which does."
        if is_left
        else f"{text}: if AWS ignores a stage which does, as it says, no page reaches them.",
        advice="Take it out of the plan, or put another channel in its place.",
    )


def _idle_channel(
    account: Audited, channel: ChannelRecord, *, is_planned: bool
) -> Iterator[Finding]:
    whose = f"The channel {_name(channel)} of {account.name(channel.contact_arn)}"
    if not is_activated(channel):
        where = "is in a plan" if is_planned else "is in no plan"
        yield Finding(
            rule="channel-not-activated",
            severity=Severity.WARNING if is_planned else Severity.INFO,
            resource=channel.arn,
            text=f"{whose} gets no page: it {where}, and not activated.",
            advice="Activate it with the code that is sent to it, or delete it.",
        )
    elif not is_planned:
        yield Finding(
            rule="channel-in-no-plan",
            severity=Severity.INFO,
            resource=channel.arn,
            text=f"{whose} gets no page: it is activated, and in no plan.",
            advice="Put it into the plan, or delete it.",
        )


def _shared_numbers(account: Audited) -> Iterator[Finding]:
    by_number: dict[str, list[ChannelRecord]] = {}
    for person in account.contacts(ContactType.PERSONAL):
        for channel in account.channels_of.get(person.arn, ()):
            if channel.type in _PHONES:
                by_number.setdefault(channel.delivery_address, []).append(channel)
    # Two people with one number mostly have it twice, for messages and for calls.
    by_people: dict[tuple[str, ...], list[ChannelRecord]] = {}
    for channels in by_number.values():
        people = tuple(sorted({channel.contact_arn for channel in channels}))
        by_people.setdefault(people, []).extend(channels)
    for people, channels in by_people.items():
        if people[1:]:
            yield Finding(
                rule="shared-phone-number",
                severity=Severity.WARNING,
                resource=people[0],
                text=f"{listed(map(account.name, people))} have one telephone number, "
                "so one of them may get the pages of the others.",
                advice=f"Look at their channels {listed(dict.fromkeys(map(_which, channels)))}: "
                "who is at that number, and who is not?",
            )
