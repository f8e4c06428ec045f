"""What people answer from their phones, as AWS's user guide lets them."""

from __future__ import annotations

from attrs import evolve

from ssm_contacts_sdk._errors import InvalidValueError, Violation
from ssm_contacts_sdk.local._engine import run_due
from ssm_contacts_sdk.local._handlers import channels, pages
from ssm_contacts_sdk.local._records import Channel
from ssm_contacts_sdk.local._responses import ServiceErrorResponse
from ssm_contacts_sdk.local._state import State

_KEY_THAT_ACKNOWLEDGES = "1"
_NO_CHANNEL = Violation("channel", "must be the record or ARN of a channel of this service")
_NO_REPLY = Violation(
    "channel",
    "must be of the type SMS or VOICE (got EMAIL): nobody can reply to these e-mails. The code of "
    "a page is entered in AWS's console; here, call client.pages.accept",
)
_NO_SMS = Violation(
    "text",
    "must be UNSUBSCRIBE, START, START with the last activation code, or the code of a page that "
    "was sent to this channel",
)
_NO_KEY = Violation("text", "must be 1, the key that acknowledges the last page to this channel")


def reply(state: State, channel_arn: str, text: str) -> None:
    """Carry out what a person answers to the last message on a channel.

    Our assumption: more words, or other ones, are nothing.

    Raises:
        InvalidValueError: There is no such channel, or nothing to answer so.
    """
    if not state.has_channel(channel_arn):
        raise _refused(_NO_CHANNEL)
    channel = state.channel(channel_arn)
    words = text.upper().split()
    if channel.type == "EMAIL":
        raise _refused(_NO_REPLY)
    if channel.type == "VOICE":
        _press(state, channel, words)
    else:
        _answer_sms(state, channel, words)
    run_due(state, state.now)


def _press(state: State, channel: Channel, words: list[str]) -> None:
    """Answer a call: it acknowledges the page that the channel was called for last."""
    if words != [_KEY_THAT_ACKNOWLEDGES] or not _accepted(state, channel, None):
        raise _refused(_NO_KEY)


def _answer_sms(state: State, channel: Channel, words: list[str]) -> None:
    if words == ["UNSUBSCRIBE"]:
        state.set_channel(evolve(channel, activated=False, opted_out=True))
    elif words == ["START"]:
        _allow_messages(state, channel)
    elif len(words) == len(("START", "code")) and words[0] == "START":
        _activate(state, channel, words[1])
    elif len(words) != 1 or not _accepted(state, channel, words[0]):
        raise _refused(_NO_SMS)


def _allow_messages(state: State, channel: Channel) -> None:
    """Let messages through again. As AWS's user guide says, a code then activates the channel.

    Our assumption: it is the last code, sent again, and an activated channel is sent none.
    """
    channel = evolve(channel, opted_out=False)
    state.set_channel(channel)
    if not channel.activated:
        state.send_code_again(channel)


def _activate(state: State, channel: Channel, code: str) -> None:
    """START, and the code as if it were entered in AWS's console: a shorthand of ours."""
    try:
        channels.activate(state, {"ContactChannelId": channel.arn, "ActivationCode": code})
    except ServiceErrorResponse:
        raise _refused(_NO_SMS) from None
    state.set_channel(evolve(state.channel(channel.arn), opted_out=False))


def _accepted(state: State, channel: Channel, code: str | None) -> bool:
    """Acknowledge the last page that went to a channel, with this code if one is given.

    False if there is none.
    """
    for message in reversed(state.outbox):
        if message.channel_arn != channel.arn or message.page_arn is None or message.code is None:
            continue
        if code in {None, message.code}:
            asked = {"PageId": message.page_arn, "ContactChannelId": channel.arn}
            asked |= {"AcceptCode": message.code, "AcceptCodeValidation": "ENFORCE"}
            pages.accept(state, {**asked, "AcceptType": "READ"})
            return True
    return False


def _refused(fault: Violation) -> InvalidValueError:
    return InvalidValueError("LocalService.reply", [fault])
