"""What was asked of the service and what it did, for people to read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from ssm_contacts_sdk.local.journal import Note, short
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
)
# Whatever else stands there, where it was refused, may be anything.
_A_NAME = re.compile(r"(?:arn:[a-z-]+:ssm-contacts:[a-z0-9-]*:[0-9]*:)?[a-z0-9_/-]+", re.ASCII)


def transcript(requests: Sequence[Request], notes: Sequence[Note], skip: int = 0) -> str:
    """A line for each request, and for what the service did by itself, in their order.

    It has no address, no text of a message, no code and no token.

    Args:
        requests: The requests.
        notes: What the service did.
        skip: How many requests at the beginning are left out, with what came of them.
    """
    told = requests[skip - 1].notes_after if skip else 0
    lines = list(_lines(requests[skip:], notes, told))
    return "\n".join(f"{shown(at)}  {text}" for at, text in lines)


def shown(at: datetime) -> str:
    """An instant in UTC, to the millisecond."""
    return f"{at.replace(tzinfo=None).isoformat(' ', 'milliseconds')}Z"


def _lines(
    requests: Iterable[Request], notes: Sequence[Note], told: int
) -> Iterator[tuple[datetime, str]]:
    for request in requests:
        yield from map(_of_note, notes[told : request.notes_before])
        yield request.received_at, _of_request(request)
        yield from map(_of_note, notes[request.notes_before : request.notes_after])
        told = request.notes_after
    yield from map(_of_note, notes[told:])


def _of_request(request: Request) -> str:
    named = [str(request.body[name]) for name in _ABOUT if name in request.body]
    about = next((each if _A_NAME.fullmatch(each) else "?" for each in named), "")
    parts = [request.operation, about, str(request.status), request.error or ""]
    if (request.attempt or 1) > 1:
        parts.append(f"(attempt {request.attempt})")
    return "  ".join(short(part) for part in parts if part)


def _of_note(note: Note) -> tuple[datetime, str]:
    return note.at, f"  -> {note.text}"
