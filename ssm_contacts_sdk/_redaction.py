"""Removes private values from the messages of the service and of botocore."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import cast

_USER_OF_URL = re.compile(r"(?<=//)[^/\s\"']*@")


def without_password(text: str) -> str:
    """Return `text` without the users and passwords of the URLs in it.

    >>> without_password("http://user:password@localhost:4583")
    'http://[redacted]@localhost:4583'
    """
    return _USER_OF_URL.sub("[redacted]@", text)


def redactor(sent: Mapping[str, object]) -> Callable[[str], str]:
    """Return a function that removes the private values of a request from messages of the service.

    >>> redact = redactor({"DeliveryAddress": {"SimpleAddress": "+15005550199"}})
    >>> redact("ContactChannelAddress(simpleAddress=+15005550199) is invalid")
    'ContactChannelAddress(simpleAddress=[redacted]) is invalid'
    """
    spellings = {
        spelling
        for value in _private_values(sent)
        for spelling in (value, *(json.dumps(value, ensure_ascii=a)[1:-1] for a in (True, False)))
    }
    # The longest is first, because one may be a part of another. A short one is only replaced as a
    # whole word, because it may be a part of an unrelated word.
    patterns = [
        re.escape(value) if len(value) >= _SURE_LENGTH else rf"(?<!\w){re.escape(value)}(?!\w)"
        for value in sorted(spellings, key=len, reverse=True)
    ]
    private = re.compile("|".join([*patterns, r"(?<=simpleAddress=)[^)]*"]))
    return lambda message: private.sub("[redacted]", message)


_PRIVATE_MEMBERS = frozenset(
    {
        "AcceptCode",
        "ActivationCode",
        "Content",
        "IdempotencyToken",
        "Note",
        "PublicContent",
        "PublicSubject",
        "Reason",
        "SimpleAddress",
        "Subject",
    }
)
_SURE_LENGTH = 5


def _private_values(sent: object) -> Iterator[str]:
    if isinstance(sent, Mapping):
        for name, value in cast("Mapping[object, object]", sent).items():
            if name in _PRIVATE_MEMBERS and isinstance(value, str) and value:
                yield value
                if len(value) > _SURE_LENGTH:
                    # The service may repeat a phone number without its plus sign.
                    yield value.lstrip("+")
            else:
                yield from _private_values(value)
    elif isinstance(sent, (list, tuple)):
        # botocore accepts a tuple as a list.
        for item in cast("Iterable[object]", sent):
            yield from _private_values(item)
