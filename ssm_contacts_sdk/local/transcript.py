"""What was asked of the service and what it sent, for people to read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from ssm_contacts_sdk.local.outbox import Message
from ssm_contacts_sdk.local.requests import Request

# Members that say what a request is about, and are nobody's address, text or code.
_ABOUT = (
    "ContactChannelId",
    "ContactId",
    "ContactArn",
    "RotationId",
    "EngagementId",
    "PageId",
    "ResourceARN",
    "Alias",
    "Name",
)


def transcript(requests: Iterable[Request], messages: Sequence[Message]) -> str:
    """A line for each request and each message, in their order.

    It has no address, no text of a message, no code and no token.
    """
    return "\n".join(f"{_shown(at)}  {text}" for at, text in _lines(requests, messages))


def _lines(
    requests: Iterable[Request], messages: Sequence[Message]
) -> Iterator[tuple[datetime, str]]:
    told = 0
    for request in requests:
        yield from map(_of_message, messages[told : request.messages_before])
        yield request.received_at, _of_request(request)
        yield from map(_of_message, messages[request.messages_before : request.messages_after])
        told = request.messages_after
    yield from map(_of_message, messages[told:])


def _shown(at: datetime) -> str:
    return at.isoformat(" ", "milliseconds").removesuffix("+00:00")


def _of_request(request: Request) -> str:
    about = next((str(request.body[name]) for name in _ABOUT if name in request.body), "")
    parts = [request.operation, about, str(request.status), request.error or ""]
    if (request.attempt or 1) > 1:
        parts.append(f"(attempt {request.attempt})")
    return "  ".join(_short(part) for part in parts if part)


def _of_message(message: Message) -> tuple[datetime, str]:
    to = f"by {message.channel_type} to {_short(message.channel_arn)}"
    return message.sent_at, f"  -> {message.kind} {to}"


def _short(name: str) -> str:
    """The part of an ARN that differs, on one line whatever it is."""
    text = name.split(":", 5)[-1][:120]
    return "".join(each if each.isprintable() else "?" for each in text)
