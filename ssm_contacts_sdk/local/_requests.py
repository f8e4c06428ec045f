"""What is asked of the service: read at the door, and kept for tests to look at."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from attrs import field, frozen

from ssm_contacts_sdk._public import public

_ATTEMPT = re.compile(r"(?:^|;)\s*attempt=(\d{1,9})\s*(?:;|$)", re.ASCII)
# Python's own limit, which the first versions of 3.10 do not have: a longer number takes seconds.
_MOST_DIGITS = 4_300


@public
@frozen(kw_only=True)
class Request:
    """One request that reached the service. `repr` leaves out what may be private."""

    operation: str
    """In AWS's spelling; the beginning of the target header, if it named no operation."""
    body: Mapping[str, Any] = field(repr=False)
    """As it was sent; empty if it was no JSON object. See also `history_limit`."""
    attempt: int | None
    """Which attempt botocore counted it as, from 1; None if the headers do not say."""
    invocation_id: str | None
    """What botocore's attempts at one call have in common."""
    received_at: datetime
    """On the service's clock."""
    status: int
    """The HTTP status of the service's own answer, even if a fault then lost or replaced it."""
    error: str | None = None
    """The code of the error that it answered with, such as ``ValidationException``."""
    entries_before: int = 0
    """How much the service had noted in its journal when the request came."""
    entries_after: int = 0
    """How much it had when it answered."""


def attempt_of(headers: Mapping[str, str]) -> int | None:
    """The number of the attempt, from lower-cased headers.

    >>> attempt_of({"amz-sdk-request": "ttl=20250106T090000Z; attempt=2; max=5"})
    2
    """
    found = _ATTEMPT.search(headers.get("amz-sdk-request", ""))
    return None if found is None else int(found[1])


def json_object(text: str | bytes) -> dict[str, Any] | None:
    """The JSON object that `text` is, or None if it is something else.

    >>> json_object('{"MaxResults": 7}'), json_object("[]"), json_object('{"MaxResults": NaN}')
    ({'MaxResults': 7}, None, None)
    """
    try:
        value: object = _JSON.decode(text if isinstance(text, str) else text.decode())
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def _int(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        raise ValueError("the number is too long")
    return int(text)


def _refuse_constant(name: str) -> None:
    # Python reads NaN and Infinity, which are no JSON.
    raise ValueError(name)


_JSON = json.JSONDecoder(parse_int=_int, parse_constant=_refuse_constant)
