"""What people answer from their telephones, as AWS's user guide lets them."""

from __future__ import annotations

from attrs import evolve

from ssm_contacts_sdk.local.engine import run_due
from ssm_contacts_sdk.local.handlers import channels, pages
from ssm_contacts_sdk.local.records import Page
from ssm_contacts_sdk.local.refusals import invalid
from ssm_contacts_sdk.local.state import State


def reply(state: State, channel_arn: str, text: str) -> None:
    """Carry out what a person answers to the last message on a channel, or raise a `Refusal`.

    Our assumption: more words, or other ones, are nothing.
    """
    channel = state.channel(channel_arn)
    words = text.upper().split()
    if words == ["UNSUBSCRIBE"]:
        state.keep_channel(evolve(channel, activated=False))
    elif len(words) == len(("START", "code")) and words[0] == "START":
        asked = {"ContactChannelId": channel_arn, "ActivationCode": words[1]}
        channels.activate(state, asked)
    elif len(words) == 1:
        page = _page_of(state, channel_arn, words[0])
        asked = {"PageId": page.arn, "ContactChannelId": channel_arn, "AcceptCode": words[0]}
        pages.accept(state, {**asked, "AcceptType": "READ", "AcceptCodeValidation": "ENFORCE"})
    else:
        raise invalid("The reply is none of UNSUBSCRIBE, START and a code, and the code of a page")
    run_due(state, state.now)


def _page_of(state: State, channel_arn: str, code: str) -> Page:
    """The page that went to this channel with that code."""
    for message in reversed(state.outbox):
        if (message.channel_arn, message.code) == (channel_arn, code) and message.page_arn:
            return state.page(message.page_arn)
    raise invalid("No page was sent to this channel with that code")
