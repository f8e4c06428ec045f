"""Texts that people wrote, made safe to draw: names in any script, and whatever came with them."""

from __future__ import annotations

import re
from unicodedata import bidirectional, category, combining

_JOINER = "\u200d"
# They would turn around what stands beside them.
_TURNING = str.maketrans("", "", "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067")
_ISOLATES = str.maketrans("", "", "\u2068\u2069")
_SPACES = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
# Nobody sees them, and some terminals count them all the same.
_INVISIBLE = re.compile("[\u00ad\u180e\u200b\u2060-\u2064\ufeff\ufff9-\ufffb]")
# XML has no way to write them.
_UNWRITABLE = re.compile("[\ud800-\udfff\ufffe\uffff]")


def one_line(text: str) -> str:
    r"""A text as a part of a line, with nothing in it that acts on what surrounds it.

    >>> one_line(" Akua\tMansa\u202e ")
    'Akua Mansa'
    """
    return without_isolates(drawable(text))


def drawable(text: str) -> str:
    """The same, with the isolates that keep a name from turning its sentence around."""
    seen = _INVISIBLE.sub("", text).translate(_TURNING)
    return _UNWRITABLE.sub("\ufffd", _SPACES.sub(" ", seen).strip())


def within_a_sentence(name: str) -> str:
    """A name as a part of a sentence, isolated if it is written from right to left."""
    return f"\u2068{name}\u2069" if reads_leftwards(name) else name


def reads_leftwards(text: str) -> bool:
    """Whether there is something in it that is written from right to left."""
    return any(bidirectional(letter) in ("R", "AL", "AN") for letter in text)


def without_isolates(text: str) -> str:
    """A sentence for where isolates would be seen, such as a terminal."""
    return text.translate(_ISOLATES)


def is_encodable(text: str, encoding: str) -> bool:
    """Whether an encoding has all of its characters.

    >>> is_encodable("Zoë", "cp1252"), is_encodable("Zoë", "ascii")
    (True, False)
    """
    try:
        text.encode(encoding)
    except UnicodeError:
        return False
    return True


def encodable(text: str, encoding: str | None) -> str:
    r"""The text, with an escape for each character that an encoding lacks.

    The escapes are those of Python's own ``backslashreplace``, so that names that differ still do.

    >>> print(encodable("Łucja, Zoë", "ascii"))
    \u0141ucja, Zo\xeb
    """
    if encoding is None or is_encodable(text, encoding):
        return text
    return "".join(
        each
        if is_encodable(each, encoding)
        else each.encode("ascii", "backslashreplace").decode("ascii")
        for each in text
    )


def is_joined(text: str, at: int) -> bool:
    """Whether what stands before and after that place is one letter for the eye."""
    if not 0 < at < len(text):
        return False
    after, before = text[at], text[at - 1]
    return (
        combining(after) != 0
        or category(after) in ("Mn", "Me", "Mc")
        or _JOINER in (after, before)
        or "\U0001f3fb" <= after <= "\U0001f3ff"
    )


def without_marks(text: str) -> str:
    """The letters that take room."""
    return "".join(letter for letter in text if category(letter) not in ("Mn", "Me", "Cf"))
