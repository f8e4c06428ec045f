"""How much of the past the service keeps: requests, messages, entries and idempotency tokens.

A service for tests keeps all of it. A server that runs for weeks keeps only the latest, or every
request would cost memory for ever.
"""

from __future__ import annotations

from typing import Any

LARGEST_KEPT_BODY = 16 * 1024
"""In bytes: with a limit, the body of a larger request is not kept."""

LONGEST_KEPT_NAME = 200
"""In characters: no more is kept of an invocation id, or of a target that names no operation."""

TOKENS_PER_REQUEST = 10
"""With a limit, each operation keeps this many times as many tokens as there are requests.

A token must outlive the retries of its call: to forget it early would create something twice.
"""


def drop_oldest(kept: list[Any], limit: int | None) -> int:
    """Remove the oldest items above `limit`, and return how many those were."""
    over = 0 if limit is None else max(0, len(kept) - limit)
    if over:
        del kept[:over]
    return over
