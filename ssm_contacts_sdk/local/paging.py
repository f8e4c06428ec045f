"""Lists in pages, by tokens that say nothing to anybody else."""

from __future__ import annotations

import binascii
import json
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b
from itertools import islice
from typing import Any, TypeVar, cast

from ssm_contacts_sdk.local.refusals import invalid

_SEAL_SIZE = 16

T = TypeVar("T")
Key = TypeVar(
    "Key", str, int, float, tuple[str, str], tuple[float, float, str], tuple[str, float, int]
)


class Pages:
    """Cuts lists into pages.

    A token holds the key of the last item, not a position: what is created or deleted between
    two pages neither repeats nor hides an item. It is sealed together with the query that it came
    from. Our assumption: only the page size may change from page to page.
    """

    def __init__(self, seed: int | str, page_size: int) -> None:
        self._page_size = page_size
        self._secret = blake2b(f"pages {seed}".encode(), digest_size=32).digest()

    def cut(
        self, operation: str, asked: Mapping[str, Any], rows: Iterable[T], key: Callable[[T], Key]
    ) -> tuple[list[T], dict[str, str]]:
        """The page that is `asked` for, and the members that lead to the next one.

        `rows` stand in the order of their keys, and no two have the same.
        """
        query = json.dumps(
            [operation, {k: v for k, v in asked.items() if k not in ("NextToken", "MaxResults")}],
            sort_keys=True,
        ).encode()
        token = asked.get("NextToken")
        if token:
            last: Any = self._opened(token, query)
            rows = (row for row in rows if key(row) > last)
        size = asked.get("MaxResults") or self._page_size
        # One more than the page tells whether there is a next one.
        found = list(islice(rows, size + 1))
        if len(found) <= size:
            return found, {}
        page = found[:size]
        return page, {"NextToken": self._sealed(json.dumps(key(page[-1])).encode(), query)}

    def _sealed(self, last: bytes, query: bytes) -> str:
        seal = blake2b(last + b"\0" + query, key=self._secret, digest_size=_SEAL_SIZE).digest()
        return urlsafe_b64encode(seal + last).decode()

    def _opened(self, token: str, query: bytes) -> object:
        try:
            last = b64decode(token, altchars=b"-_", validate=True)[_SEAL_SIZE:]
        except binascii.Error:
            last = b""
        # Sealing anew also refuses another spelling of the same bytes.
        if self._sealed(last, query) != token:
            raise invalid("NextToken is not a token of this query")
        key: object = json.loads(last)
        # JSON makes a list of a tuple, and the two cannot be compared.
        return tuple(cast("list[object]", key)) if isinstance(key, list) else key
