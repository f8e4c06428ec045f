"""The history of the service: recorded requests, how much is kept, and the transcript.

A service for tests keeps everything. A server that runs for weeks keeps only the latest part;
otherwise each request would use memory permanently.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from attrs import field, frozen

from ssm_contacts_sdk._public import public
from ssm_contacts_sdk.local._journal import JournalEntry, short

LARGEST_KEPT_BODY = 16 * 1024
"""The size in bytes up to which a limited history contains the body of a request."""

LONGEST_KEPT_NAME = 200
"""The number of characters after which invocation ids and unknown targets are cut off."""

TOKENS_PER_REQUEST = 10
"""How many idempotency tokens of each operation a limited history keeps for each request.

A token must be kept for longer than its call is retried. Otherwise a retry creates a second
resource.
"""

# Members that identify what a request is about, and are not private.
_SUBJECTS = (
    "ContactChannelId",
    "ContactId",
    "ContactArn",
    "RotationId",
    "EngagementId",
    "PageId",
    "ResourceARN",
    "Alias",
)
# In a rejected request, these members may contain anything.
_NAME = re.compile(r"(?:arn:[a-z-]+:ssm-contacts:[a-z0-9-]*:[0-9]*:)?[a-z0-9_/-]+", re.ASCII)


@public
@frozen(kw_only=True)
class Request:
    """A request that the service received, in `LocalService.requests`.

    Its `repr` omits the body, which may contain private values.
    """

    operation: str
    """The operation in AWS's spelling; the beginning of the target header if it names none."""
    body: Mapping[str, Any] = field(repr=False)
    """The body as it was sent; empty if it is not a JSON object. See also `history_limit`."""
    attempt: int | None
    """The number of botocore's attempt, from 1; None if the headers do not contain it."""
    invocation_id: str | None
    """The id that botocore's attempts of one call share."""
    received_at: datetime
    """When it was received, on the service's clock."""
    status: int
    """The HTTP status of the service's response, even if a fault lost or replaced it."""
    error: str | None = None
    """The code of the error that the service responded with, such as ``ValidationException``."""
    entries_before: int = 0
    """How many journal entries there had been when the request was received."""
    entries_after: int = 0
    """How many journal entries there had been when the service responded."""


def drop_oldest(items: list[Any], limit: int | None) -> int:
    """Remove the oldest items above `limit`, and return how many were removed."""
    excess = 0 if limit is None else max(0, len(items) - limit)
    if excess:
        del items[:excess]
    return excess


def transcript(
    requests: Sequence[Request],
    entries: Sequence[JournalEntry],
    skip: int = 0,
    *,
    requests_dropped: int = 0,
    entries_dropped: int = 0,
) -> str:
    """Return a line for each request and each journal entry, in their order.

    The text contains no address, message text, code or token.

    Args:
        requests: the requests that are kept.
        entries: the journal entries that are kept.
        skip: how many requests to omit from the beginning, with the entries that they caused.
        requests_dropped: how many requests came before `requests`; `skip` counts them too.
        entries_dropped: how many entries came before `entries`.
    """
    missing = requests_dropped - skip
    skip = min(max(0, -missing), len(requests))
    journal = _Journal(entries, entries_dropped)
    begin = requests[skip - 1].entries_after if skip else 0
    if requests_dropped and missing == 0 and requests:
        # The entries before belong to the last request that is skipped, which is not kept.
        begin = requests[0].entries_before
    lines = [
        f"{formatted_instant(at)}  {text}" for at, text in _lines(requests[skip:], journal, begin)
    ]
    if missing > 0:
        lines.insert(0, f"({missing} earlier request{'s' if missing > 1 else ''} not kept)")
    return "\n".join(lines)


def formatted_instant(at: datetime) -> str:
    """Return an instant in UTC, to the millisecond."""
    return f"{at.replace(tzinfo=None).isoformat(' ', 'milliseconds')}Z"


@frozen
class _Journal:
    entries: Sequence[JournalEntry]
    dropped: int

    def lines(self, begin: int, end: int | None = None) -> Iterator[tuple[datetime, str]]:
        """Yield the entries from `begin` to `end`, counted from the first one ever made."""
        last = None if end is None else max(0, end - self.dropped)
        return map(_entry_line, self.entries[max(0, begin - self.dropped) : last])


def _lines(
    requests: Iterable[Request], journal: _Journal, begin: int
) -> Iterator[tuple[datetime, str]]:
    for request in requests:
        yield from journal.lines(begin, request.entries_before)
        yield request.received_at, _request_line(request)
        yield from journal.lines(request.entries_before, request.entries_after)
        begin = request.entries_after
    yield from journal.lines(begin)


def _request_line(request: Request) -> str:
    named = [str(request.body[name]) for name in _SUBJECTS if name in request.body]
    subject = next((each if _NAME.fullmatch(each) else "?" for each in named), "")
    parts = [request.operation, subject, str(request.status), request.error or ""]
    if (request.attempt or 1) > 1:
        parts.append(f"(attempt {request.attempt})")
    return "  ".join(short(part) for part in parts if part)


def _entry_line(entry: JournalEntry) -> tuple[datetime, str]:
    return entry.at, f"  -> {entry.text}"
