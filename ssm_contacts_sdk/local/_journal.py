"""What the service did by itself: whom it sent something to, whom it left out and why."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from attrs import field, frozen

from ssm_contacts_sdk._oncall.simulation import SkipReason
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk.local._outbox import Message

_REASONS: Mapping[SkipReason, str] = MappingProxyType(
    {
        "acknowledged": "has acknowledged already",
        "deleted": "is not there any more",
        "nested": "is an escalation plan within another",
        "nobody_on_call": "nobody is on call",
        "not_activated": "is not activated",
        "wrong_kind": "does not belong into this plan",
    }
)


@public
@frozen
class JournalEntry:
    """Something that the service did. `text` and `repr` hold nobody's address, text or code."""

    at: datetime
    """On the service's clock."""
    text: str
    message: Message | None = field(default=None, repr=False)
    """The message that went out, if it is about one."""


def sent(message: Message) -> str:
    """A message has gone out."""
    return f"{message.kind} by {message.channel_type} to {short(message.channel_arn)}"


def not_carried(channel_type: str, channel_arn: str) -> str:
    """A page has not."""
    return f"page by {channel_type} to {short(channel_arn)} could not be sent"


def unsubscribed(channel_type: str, channel_arn: str) -> str:
    """An activation code was not sent: its person wants no messages."""
    channel = short(channel_arn)
    return f"activation by {channel_type} to {channel} was not sent: its person has unsubscribed"


def stage_begun(contact_arn: str, index: int) -> str:
    """A stage of somebody's plan has begun."""
    return f"stage {index + 1} of {short(contact_arn)} begins"


def skipped(arn: str, reason: SkipReason) -> str:
    """Somebody, or a channel, is not engaged."""
    return f"skipped {short(arn)}: {_REASONS[reason]}"


def acknowledged(contact_arn: str) -> str:
    """Somebody has read a page."""
    return f"acknowledged by {short(contact_arn)}"


def ended(engagement_arn: str) -> str:
    """An engagement is over."""
    return f"{short(engagement_arn)} has ended"


def short(name: str) -> str:
    """The part of an ARN that differs, on one line whatever it is."""
    text = name.split(":", 5)[-1][:120]
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else "?" for each in text)
