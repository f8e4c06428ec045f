"""Private values that the whole suite uses, and that must never show up where people read.

conftest.py looks for them in every error that a test makes and in every line that is logged.
"""

from __future__ import annotations

from traceback import format_exception

PHONE = "+15005550199"
OTHER_PHONE = "+15005550123"
EMAIL = "akua.mansa@example.com"
CODE = "271828"
TOKEN = "token-of-a-sentinel"
SUBJECT = "the core is on fire"

PRIVATE = (PHONE, OTHER_PHONE, EMAIL, CODE, TOKEN, SUBJECT)


def told_by(*texts: str) -> list[str]:
    """The private values that stand in one of the texts."""
    return [private for private in PRIVATE if any(private in text for text in texts)]


def texts_of(error: BaseException) -> tuple[str, str, str]:
    """All that people read of an error."""
    return str(error), repr(error), "".join(format_exception(error))
