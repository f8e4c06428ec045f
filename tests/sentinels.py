"""Private values for the tests, which no message, log line or recorded variable may contain.

`privacy_guard` searches every error that a test creates, and every line that it logs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from pathlib import Path
from traceback import format_exception, walk_tb
from types import FrameType
from typing import Any, cast

import attrs

import ssm_contacts_sdk

PHONE = "+15005550199"
OTHER_PHONE = "+15005550123"
EMAIL = "akua.mansa@example.com"
CODE = "271828"
TOKEN = "token-of-a-sentinel"
SUBJECT = "the core is on fire"

PRIVATE = (PHONE, OTHER_PHONE, EMAIL, CODE, TOKEN, SUBJECT)


def phone_number(number: int) -> str:
    """Return one of 10,000 other phone numbers."""
    return f"+1500555{number:04d}"


def email_address(name: str) -> str:
    return f"{name}@example.com"


def private_values_in(*texts: str) -> list[str]:
    """Return the private values that one of the texts contains."""
    return [private for private in PRIVATE if any(private in text for text in texts)]


def texts_of(error: BaseException) -> tuple[str, str, str]:
    """Return everything that people read of an error."""
    return str(error), repr(error), "".join(format_exception(error))


_PACKAGE = str(Path(ssm_contacts_sdk.__file__).parent)


def recorded_of(error: BaseException) -> Iterator[str]:
    """Yield what error reporters record of the variables in the frames of the package."""
    for each in chain_of(error):
        for frame, _ in walk_tb(each.__traceback__):
            yield from recorded_in(frame)


def recorded_in(frame: FrameType) -> Iterator[str]:
    """Yield what they record of a frame, if it belongs to the package."""
    if is_own(frame):
        for value in list(frame.f_locals.values()):
            yield from serialized(value)


def is_own(frame: FrameType) -> bool:
    """Return whether a frame belongs to the package or to code that was generated for it."""
    return frame.f_code.co_filename.startswith((_PACKAGE, "<attrs generated", "<cattrs generated"))


def has_left_the_package(error: BaseException) -> bool:
    """Return whether an error has left the package: its traceback begins in other code."""
    return error.__traceback__ is not None and not is_own(error.__traceback__.tb_frame)


def chain_of(error: BaseException | None) -> list[BaseException]:
    """Return the error, its causes and its contexts."""
    found: list[BaseException] = []
    left = [error]
    while left:
        each = left.pop()
        if each is not None and each not in found:
            found.append(each)
            left += (each.__cause__, each.__context__)
    return found


def serialized(value: object, depth: int = 0) -> Iterator[str]:
    """Yield what reporters record of a value: Sentry of mappings and sequences, rich of attrs."""
    if isinstance(value, str) or depth > 8:
        yield str(value)
        return
    for part in parts_of(value):
        yield from serialized(part, depth + 1)
    # An incomplete value may have no repr. Reporters ignore that.
    with suppress(AttributeError):
        yield repr(value)


def parts_of(value: object) -> list[Any]:
    if isinstance(value, Mapping):
        return [part for item in cast("Any", value).items() for part in item]
    if isinstance(value, (Sequence, AbstractSet)) and not isinstance(value, (bytes, bytearray)):
        return list(cast("Any", value))
    kind: Any = type(value)
    if not attrs.has(kind):
        return []
    # attrs and rich omit a field without a repr, and use the repr that a field declares.
    shown = [field for field in attrs.fields(kind) if field.repr]
    parts = [(field, getattr(value, field.name, None)) for field in shown]
    return [field.repr(part) if callable(field.repr) else part for field, part in parts]
