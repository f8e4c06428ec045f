"""The messages that the service sends, their delivery, and the journal of its actions."""

from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from attrs import field, frozen

# For quoted annotations, whose names are loaded on first use: `sdk.ChannelRef`.
import ssm_contacts_sdk as sdk
from ssm_contacts_sdk._locks import fork_safe_lock
from ssm_contacts_sdk._oncall.simulation import SkipReason
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk.local._arguments import check, int_violations

_REASONS: Mapping[SkipReason, str] = MappingProxyType(
    {
        "acknowledged": "has already acknowledged",
        "deleted": "does not exist any more",
        "nested": "is an escalation plan within another",
        "nobody_on_call": "nobody is on call",
        "not_activated": "is not activated",
        "wrong_kind": "is of a type that this plan does not allow",
    }
)


@public
@frozen(kw_only=True)
class Message:
    """A message that the service sent to a channel, in `LocalService.outbox`.

    Its `repr` omits the address, the code and the text.
    """

    kind: Literal["activation", "page"]
    """Whether it contains an activation code or pages a person."""
    channel_type: str
    """SMS, VOICE or EMAIL."""
    channel_arn: str
    """The ARN of the channel."""
    address: str = field(repr=False)
    """The phone number or e-mail address."""
    code: str | None = field(repr=False)
    """The code in the message, which activates the channel or acknowledges the page."""
    subject: str = field(repr=False)
    """The subject of the message; of an SMS, the public subject."""
    content: str = field(repr=False)
    """The text of the message; of an SMS, the public content."""
    sent_at: datetime
    """When it was sent, on the service's clock."""
    page_arn: str | None = None
    """The ARN of the page; None for an activation code."""

    @property
    def alias(self) -> str:
        """The alias of the channel's contact."""
        return self.channel_arn.split("/")[1]


@public
@frozen
class JournalEntry:
    """One action of the service, in `LocalService.journal`.

    `text` and `repr` contain no address, message text or code.
    """

    at: datetime
    """When it happened, on the service's clock."""
    text: str
    """What happened, as one line."""
    message: Message | None = field(default=None, repr=False)
    """The message, if one was sent."""


@public
class Delivery:
    """The delivery of pages to the channels of one service, which can be made to fail.

    A page that is not delivered leaves a receipt of the type ERROR and no message in the outbox. It
    is sent again after the retry interval of the plan. Activation codes are always delivered.

    >>> from ssm_contacts_sdk.local import LocalService
    >>> service = LocalService()
    >>> arn = "arn:aws:ssm-contacts:us-east-2:111122223333:contact-channel/akuam/1"
    >>> service.delivery.fail(arn, times=2)
    """

    def __init__(self, run_due: Callable[[], None]) -> None:
        # Called before each change, which must not affect pages that were due earlier.
        self._run_due = run_due
        self._failures: dict[str, int | None] = {}
        self._lock = fork_safe_lock()

    def fail(self, channel: "sdk.ChannelRef", *, times: int | None = None) -> None:
        """Deliver no pages to a channel from now on.

        Args:
            channel: the record or ARN of the channel.
            times: how many pages are not delivered, at least 1; None is all of them.

        Raises:
            InvalidValueError: `times` is neither None nor an int of at least 1.
        """
        check("delivery.fail", int_violations("times", times, least=1, optional=True))
        self._run_due()
        with self._lock:
            self._failures[str(getattr(channel, "arn", channel))] = times

    def clear(self) -> None:
        """Deliver all pages again."""
        self._run_due()
        self.reset()

    def reset(self) -> None:
        """Deliver all pages again, without running due events first."""
        with self._lock:
            self._failures.clear()

    def delivers(self, channel_arn: str) -> bool:
        """Return whether the next page to a channel is delivered. Call it once for each page."""
        with self._lock:
            left = self._failures.get(channel_arn, 0)
            if left == 0:
                return True
            if left == 1:
                self._failures.pop(channel_arn, None)
            elif left is not None:
                self._failures[channel_arn] = left - 1
            return False


def activation_message(
    *, channel_type: str, channel_arn: str, address: str, code: str, sent_at: datetime
) -> Message:
    """Return the message with the activation code of a channel. The text is ours, not AWS's."""
    return Message(
        kind="activation",
        channel_type=channel_type,
        channel_arn=channel_arn,
        address=address,
        code=code,
        subject="Activate your contact channel",
        content=f"Your activation code is {code}.",
        sent_at=sent_at,
    )


def page_message(
    *,
    channel_type: str,
    channel_arn: str,
    address: str,
    code: str,
    page_arn: str,
    text: Mapping[str, str],
    sent_at: datetime,
) -> Message:
    """Return the message that pages a person.

    An SMS contains the public text, because other people may read it. Our assumption: if there is
    no public text, the SMS contains a fixed sentence. It never contains the private text.
    """
    if channel_type == "SMS":
        subject = text.get("PublicSubject", "You are being paged")
        content = text.get("PublicContent", "This page has no SMS text.")
    else:
        subject, content = text["Subject"], text["Content"]
    return Message(
        kind="page",
        channel_type=channel_type,
        channel_arn=channel_arn,
        address=address,
        code=code,
        subject=subject,
        content=content,
        sent_at=sent_at,
        page_arn=page_arn,
    )


def sent(message: Message) -> str:
    """Return the journal's text for a message that was sent."""
    return f"{message.kind} by {message.channel_type} to {short(message.channel_arn)}"


def not_delivered(channel_type: str, channel_arn: str) -> str:
    """Return the journal's text for a page that could not be sent."""
    return f"page by {channel_type} to {short(channel_arn)} could not be sent"


def unsubscribed(channel_type: str, channel_arn: str) -> str:
    """Return the journal's text for an activation code that was not sent."""
    channel = short(channel_arn)
    return f"activation by {channel_type} to {channel} was not sent: its person has unsubscribed"


def stage_started(contact_arn: str, index: int) -> str:
    """Return the journal's text for the start of a stage of a contact's plan."""
    return f"stage {index + 1} of {short(contact_arn)} begins"


def skipped(arn: str, reason: SkipReason) -> str:
    """Return the journal's text for a contact or channel that is not engaged."""
    return f"skipped {short(arn)}: {_REASONS[reason]}"


def acknowledged(contact_arn: str) -> str:
    """Return the journal's text for an acknowledgement."""
    return f"acknowledged by {short(contact_arn)}"


def ended(engagement_arn: str) -> str:
    """Return the journal's text for the end of an engagement."""
    return f"{short(engagement_arn)} has ended"


def short(name: str) -> str:
    """Return the distinctive part of an ARN, with unprintable characters replaced."""
    text = name.split(":", 5)[-1][:120]
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else "?" for each in text)
