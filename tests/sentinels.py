"""Private values that the whole suite uses, and that must never show up where people read.

conftest.py looks for them in every error that a test makes and in every line that is logged.
"""

from __future__ import annotations

PHONE = "+15005550199"
OTHER_PHONE = "+15005550123"
EMAIL = "akua.mansa@example.com"
CODE = "271828"
TOKEN = "token-of-a-sentinel"
SUBJECT = "the core is on fire"

PRIVATE = (PHONE, OTHER_PHONE, EMAIL, CODE, TOKEN, SUBJECT)
