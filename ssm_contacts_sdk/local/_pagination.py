"""Pagination: lists are divided into pages, which opaque tokens connect."""

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

_SIGNATURE_SIZE = 16

T = TypeVar("T")
Key = TypeVar(
    "Key", str, int, float, tuple[str, str], tuple[float, float, str], tuple[str, float, int]
)


@frozen
class Position:
    """Where a page ended: the content of the token for the next page."""

    last: Any
    """The key of the last item."""
    now: float | None
    """The time of the first page, in epoch seconds, where the list depends on it."""


class Paginator:
    """Divides lists into pages.

    A token contains the key of the last item and not an index, so an item that is created or
    deleted between two pages neither repeats nor hides another. The token is signed together with
    the query. Our assumption: only the page size may change from page to page.

    A list that depends on the current time, such as the shifts from now on, stores the time of its
    first page in its tokens. All pages are then parts of one list, however much time passes.
    """

    def __init__(self, seed: int | str, page_size: int) -> None:
        self._page_size = page_size
        self._secret = blake2b(f"page marks {seed}".encode(), digest_size=32).digest()

    def position(self, operation: str, request: Mapping[str, Any]) -> Position | None:
        """Return where the page before the requested one ended; None for the first page.

        Raises:
            ServiceErrorResponse: the token does not belong to this query.
        """
        token = request.get("NextToken")
        return self._decoded(token, _query(operation, request)) if token else None

    def page(
        self,
        operation: str,
        request: Mapping[str, Any],
        rows: Iterable[T],
        key: Callable[[T], Key],
        *,
        now: float | None = None,
    ) -> tuple[list[T], dict[str, str]]:
        """Return the items of the requested page, and the NextToken member if there is a next page.

        Args:
            operation: the name of the operation.
            request: the request.
            rows: all items in the order of their keys, which are unique. Items that belong to
                earlier pages may be left out.
            key: returns the key of an item.
            now: the time of the first page, in epoch seconds, for the token of the next page.

        Raises:
            ServiceErrorResponse: the token does not belong to this query.
        """
        position = self.position(operation, request)
        if position is not None:
            rows = (row for row in rows if key(row) > position.last)
        size = request.get("MaxResults") or self._page_size
        # One item more than the page has shows whether there is a next page.
        found = list(islice(rows, size + 1))
        if len(found) <= size:
            return found, {}
        page = found[:size]
        content = json.dumps({"last": key(page[-1]), "now": now}).encode()
        return page, {"NextToken": self._signed(content, _query(operation, request))}

    def _signed(self, content: bytes, query: bytes) -> str:
        signed = content + b"\0" + query
        signature = blake2b(signed, key=self._secret, digest_size=_SIGNATURE_SIZE).digest()
        return urlsafe_b64encode(signature + content).decode()

    def _decoded(self, token: str, query: bytes) -> Position:
        try:
            content = b64decode(token, altchars=b"-_", validate=True)[_SIGNATURE_SIZE:]
        except binascii.Error:
            content = b""
        # Comparing whole tokens also rejects another spelling of the same bytes.
        if self._signed(content, query) != token:
            raise validation_error("NextToken is not a token of this query")
        members = cast("dict[str, Any]", json.loads(content))
        last: object = members["last"]
        if isinstance(last, list):
            # JSON makes a list of a tuple, and the two cannot be compared.
            last = tuple(cast("list[object]", last))
        return Position(last, members["now"])


def _query(operation: str, request: Mapping[str, Any]) -> bytes:
    """Return the operation and the members that are the same for all pages of a list."""
    members = {k: v for k, v in request.items() if k not in ("NextToken", "MaxResults")}
    return json.dumps([operation, members], sort_keys=True).encode()
