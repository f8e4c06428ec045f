"""Private values that the whole suite uses, and that must never show up where people read.

conftest.py looks for them in every error that a test makes and in every line that is logged.
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


def told_by(*texts: str) -> list[str]:
    """The private values that stand in one of the texts."""
    return [private for private in PRIVATE if any(private in text for text in texts)]


def texts_of(error: BaseException) -> tuple[str, str, str]:
    """All that people read of an error."""
    return str(error), repr(error), "".join(format_exception(error))


_PACKAGE = str(Path(ssm_contacts_sdk.__file__).parent)


def recorded_of(error: BaseException) -> Iterator[str]:
    """All that error reporters record of the variables in the package's own frames."""
    for each in chain_of(error):
        for frame, _ in walk_tb(each.__traceback__):
            yield from recorded_in(frame)


def recorded_in(frame: FrameType) -> Iterator[str]:
    """All that they record of one frame, if it is the package's own."""
    if is_own(frame):
        for value in list(frame.f_locals.values()):
            yield from serialized(value)


def is_own(frame: FrameType) -> bool:
    """Whether a frame is the package's own, code that is generated for it included."""
    return frame.f_code.co_filename.startswith((_PACKAGE, "<attrs generated", "<cattrs generated"))


def has_got_out(error: BaseException) -> bool:
    """Whether an error left the package: its traceback begins with who caught it."""
    return error.__traceback__ is not None and not is_own(error.__traceback__.tb_frame)


def chain_of(error: BaseException | None) -> list[BaseException]:
    """The error, its causes and its contexts."""
    found: list[BaseException] = []
    left = [error]
    while left:
        each = left.pop()
        if each is not None and each not in found:
            found.append(each)
            left += (each.__cause__, each.__context__)
    return found


def serialized(value: object, depth: int = 0) -> Iterator[str]:
    """What a reporter makes of a value: Sentry walks mappings and sequences, rich also attrs."""
    if isinstance(value, str) or depth > 8:
        yield str(value)
        return
    for part in parts_of(value):
        yield from serialized(part, depth + 1)
    # A value that was never finished may have none; reporters pass over that.
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
    # attrs and rich leave out a field without a repr, and take the repr that a field has.
    shown = [field for field in attrs.fields(kind) if field.repr]
    parts = [(field, getattr(value, field.name, None)) for field in shown]
    return [field.repr(part) if callable(field.repr) else part for field, part in parts]
