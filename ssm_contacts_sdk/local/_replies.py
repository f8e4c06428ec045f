"""Replies of people to messages, as AWS's user guide describes them."""

from __future__ import annotations

from attrs import evolve

from ssm_contacts_sdk._errors import InvalidValueError, Violation
from ssm_contacts_sdk.local._engine import run_due
from ssm_contacts_sdk.local._handlers import channels, pages
from ssm_contacts_sdk.local._records import Channel
from ssm_contacts_sdk.local._responses import ServiceErrorResponse
from ssm_contacts_sdk.local._state import State

_ACKNOWLEDGING_KEY = "1"
_UNKNOWN_CHANNEL = Violation(
    "channel", "must be the record or ARN of a channel of this service", "missing"
)
_EMAIL_CHANNEL = Violation(
    "channel",
    "must be of the type SMS or VOICE (got EMAIL): nobody can reply to these e-mails. The code of "
    "a page is entered in AWS's console; here, call client.pages.accept",
    "wrong_kind_of_arn",
)
_UNKNOWN_SMS = Violation(
    "text",
    "must be UNSUBSCRIBE, START, START with the last activation code, or the code of a page that "
    "was sent to this channel",
    "unknown_choice",
)
_UNKNOWN_KEY = Violation(
    "text", "must be 1, the key that acknowledges the last page to this channel", "unknown_choice"
)


def reply(state: State, channel_arn: str, text: str) -> None:
    """Carry out the reply to the latest message on a channel.

    Our assumption: a reply with other words has no effect.

    Raises:
        InvalidValueError: the channel does not exist, or the reply has no effect.
    """
    if not state.has_channel(channel_arn):
        raise _error(_UNKNOWN_CHANNEL)
    channel = state.channel(channel_arn)
    words = text.upper().split()
    if channel.type == "EMAIL":
        raise _error(_EMAIL_CHANNEL)
    if channel.type == "VOICE":
        _press_key(state, channel, words)
    else:
        _reply_by_sms(state, channel, words)
    run_due(state, state.now)


def _press_key(state: State, channel: Channel, words: list[str]) -> None:
    """Acknowledge the page of the latest call, if the key is the one that does so."""
    if words != [_ACKNOWLEDGING_KEY] or not _accept_page(state, channel, None):
        raise _error(_UNKNOWN_KEY)


def _reply_by_sms(state: State, channel: Channel, words: list[str]) -> None:
    if words == ["UNSUBSCRIBE"]:
        state.set_channel(evolve(channel, activated=False, opted_out=True))
    elif words == ["START"]:
        _subscribe(state, channel)
    elif len(words) == len(("START", "code")) and words[0] == "START":
        _activate(state, channel, words[1])
    elif len(words) != 1 or not _accept_page(state, channel, words[0]):
        raise _error(_UNKNOWN_SMS)


def _subscribe(state: State, channel: Channel) -> None:
    """Allow messages again. As AWS's user guide says, a code then activates the channel.

    Our assumption: it is the latest code, sent again. An activated channel is sent none.
    """
    channel = evolve(channel, opted_out=False)
    state.set_channel(channel)
    if not channel.activated:
        state.send_code_again(channel)


def _activate(state: State, channel: Channel, code: str) -> None:
    """Allow messages again, and activate the channel: a shortcut that AWS does not offer."""
    try:
        channels.activate(state, {"ContactChannelId": channel.arn, "ActivationCode": code})
    except ServiceErrorResponse:
        raise _error(_UNKNOWN_SMS) from None
    state.set_channel(evolve(state.channel(channel.arn), opted_out=False))


def _accept_page(state: State, channel: Channel, code: str | None) -> bool:
    """Acknowledge the latest page to a channel, with this code if one is given.

    Returns:
        Whether there is such a page.
    """
    for message in reversed(state.outbox):
        if message.channel_arn != channel.arn or message.page_arn is None or message.code is None:
            continue
        if code in {None, message.code}:
            # A plan can page a person through a channel of somebody else. AcceptPage rejects such
            # a channel, but here the page was sent to it.
            members = {"AcceptCode": message.code, "AcceptType": "READ"}
            pages.accept_on(state, state.page(message.page_arn), channel.arn, members)
            return True
    return False


def _error(violation: Violation) -> InvalidValueError:
    return InvalidValueError("LocalService.reply", [violation])
