"""Lists in pages, by tokens that say nothing to anybody else."""

from __future__ import annotations

import binascii
import json
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b
from itertools import islice
from typing import Any, TypeVar, cast

from attrs import frozen

from ssm_contacts_sdk.local._responses import validation_error

_SEAL_SIZE = 16

T = TypeVar("T")
Key = TypeVar(
    "Key", str, int, float, tuple[str, str], tuple[float, float, str], tuple[str, float, int]
)


@frozen
class Mark:
    """Where a page ended: what the token of the next one says."""

    last: Any
    """The key of its last item."""
    now: float | None
    """The time of the first page, in epoch seconds, where the list depends on it."""


class Pages:
    """Cuts lists into pages.

    A token holds the key of the last item, not a position: what is created or deleted between
    two pages neither repeats nor hides an item. It is sealed together with the query that it came
    from. Our assumption: only the page size may change from page to page.

    A list that depends on the present time, such as the shifts from now on, keeps the time of its
    first page in its tokens: all pages are parts of one list, however much time passes.
    """

    def __init__(self, seed: int | str, page_size: int) -> None:
        self._page_size = page_size
        self._secret = blake2b(f"page marks {seed}".encode(), digest_size=32).digest()

    def mark(self, operation: str, asked: Mapping[str, Any]) -> Mark | None:
        """Where the page before the one that is `asked` for ended; None for the first page."""
        token = asked.get("NextToken")
        return self._opened(token, _query(operation, asked)) if token else None

    def cut(
        self,
        operation: str,
        asked: Mapping[str, Any],
        rows: Iterable[T],
        key: Callable[[T], Key],
        *,
        now: float | None = None,
    ) -> tuple[list[T], dict[str, str]]:
        """The page that is `asked` for, and the members that lead to the next one.

        Args:
            operation: its name.
            asked: the request.
            rows: the items in the order of their keys, of which no two are the same. Those that
                lie before the page may be left out.
            key: gives the key of an item.
            now: the time of the first page, in epoch seconds, for the mark of the next one.
        """
        mark = self.mark(operation, asked)
        if mark is not None:
            rows = (row for row in rows if key(row) > mark.last)
        size = asked.get("MaxResults") or self._page_size
        # One more than the page tells whether there is a next one.
        found = list(islice(rows, size + 1))
        if len(found) <= size:
            return found, {}
        page = found[:size]
        content = json.dumps({"last": key(page[-1]), "now": now}).encode()
        return page, {"NextToken": self._sealed(content, _query(operation, asked))}

    def _sealed(self, content: bytes, query: bytes) -> str:
        seal = blake2b(content + b"\0" + query, key=self._secret, digest_size=_SEAL_SIZE).digest()
        return urlsafe_b64encode(seal + content).decode()

    def _opened(self, token: str, query: bytes) -> Mark:
        try:
            content = b64decode(token, altchars=b"-_", validate=True)[_SEAL_SIZE:]
        except binascii.Error:
            content = b""
        # Sealing anew also refuses another spelling of the same bytes.
        if self._sealed(content, query) != token:
            raise validation_error("NextToken is not a token of this query")
        told = cast("dict[str, Any]", json.loads(content))
        last: object = told["last"]
        # JSON makes a list of a tuple, and the two cannot be compared.
        return Mark(
            tuple(cast("list[object]", last)) if isinstance(last, list) else last, told["now"]
        )


def _query(operation: str, asked: Mapping[str, Any]) -> bytes:
    """What a list is asked for by, on all of its pages."""
    members = {k: v for k, v in asked.items() if k not in ("NextToken", "MaxResults")}
    return json.dumps([operation, members], sort_keys=True).encode()
