"""What was asked of the service and what it did, for people to read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from attrs import frozen

from ssm_contacts_sdk.local._journal import JournalEntry, short
from ssm_contacts_sdk.local._requests import Request

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


def transcript(
    requests: Sequence[Request],
    entries: Sequence[JournalEntry],
    skip: int = 0,
    *,
    requests_dropped: int = 0,
    entries_dropped: int = 0,
) -> str:
    """A line for each request, and for what the service did by itself, in their order.

    It has no address, no text of a message, no code and no token.

    Args:
        requests: The requests.
        entries: What the service did.
        skip: How many requests at the beginning are left out, with what came of them.
        requests_dropped: How many requests came before `requests`; `skip` counts them too.
        entries_dropped: How many entries came before `entries`.
    """
    missing = requests_dropped - skip
    skip = min(max(0, -missing), len(requests))
    journal = _Journal(entries, entries_dropped)
    told = requests[skip - 1].entries_after if skip else 0
    if requests_dropped and missing == 0 and requests:
        # What came of the last request that was skipped, and is no longer kept.
        told = requests[0].entries_before
    lines = [f"{shown(at)}  {text}" for at, text in _lines(requests[skip:], journal, told)]
    if missing > 0:
        lines.insert(0, f"({missing} earlier request{'s' if missing > 1 else ''} not kept)")
    return "\n".join(lines)


def shown(at: datetime) -> str:
    """An instant in UTC, to the millisecond."""
    return f"{at.replace(tzinfo=None).isoformat(' ', 'milliseconds')}Z"


@frozen
class _Journal:
    entries: Sequence[JournalEntry]
    dropped: int

    def lines(self, begin: int, end: int | None = None) -> Iterator[tuple[datetime, str]]:
        """Those from the entry `begin` to the entry `end`, as the requests count them."""
        last = None if end is None else max(0, end - self.dropped)
        return map(_of_entry, self.entries[max(0, begin - self.dropped) : last])


def _lines(
    requests: Iterable[Request], journal: _Journal, told: int
) -> Iterator[tuple[datetime, str]]:
    for request in requests:
        yield from journal.lines(told, request.entries_before)
        yield request.received_at, _of_request(request)
        yield from journal.lines(request.entries_before, request.entries_after)
        told = request.entries_after
    yield from journal.lines(told)


def _of_request(request: Request) -> str:
    named = [str(request.body[name]) for name in _ABOUT if name in request.body]
    about = next((each if _A_NAME.fullmatch(each) else "?" for each in named), "")
    parts = [request.operation, about, str(request.status), request.error or ""]
    if (request.attempt or 1) > 1:
        parts.append(f"(attempt {request.attempt})")
    return "  ".join(short(part) for part in parts if part)


def _of_entry(entry: JournalEntry) -> tuple[datetime, str]:
    return entry.at, f"  -> {entry.text}"
