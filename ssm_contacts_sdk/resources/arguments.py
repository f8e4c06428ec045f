"""The rules of what methods take besides values: references and tokens."""

from __future__ import annotations

from collections.abc import Iterator

from ssm_contacts_sdk.errors import Fault
from ssm_contacts_sdk.model.arns import CHANNEL, CONTACT, arn_faults, arn_of
from ssm_contacts_sdk.model.channels import ChannelRef
from ssm_contacts_sdk.model.contacts import ContactRef
from ssm_contacts_sdk.model.rules import TextRule, check, matching

_TOKEN = TextRule(
    1, 2048, "letters a to z, digits and \\ / _ + = -", matching(r"[\\/a-zA-Z0-9_+=\-]*")
)


def contact_arn(subject: str, contact: ContactRef) -> str:
    """The ARN of the only argument of a method, a contact."""
    arn = arn_of(contact)
    check(subject, arn_faults("contact", arn, CONTACT))
    return arn


def channel_arn(subject: str, channel: ChannelRef) -> str:
    """The ARN of the only argument of a method, a channel."""
    arn = arn_of(channel)
    check(subject, arn_faults("channel", arn, CHANNEL))
    return arn


def token_faults(token: object) -> Iterator[Fault]:
    """What is wrong with the caller's own idempotency token, if there is one."""
    if token is not None:
        yield from _TOKEN.faults("idempotency_token", token)
