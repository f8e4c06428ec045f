"""Text that people wrote, in any script: made safe to draw, measured, shortened and wrapped.

The widths are estimates, because the reader's browser chooses the font. They are those of DejaVu
Sans, the widest of the usual fonts, and rounded up. So a text that fits by these widths fits in the
browser.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from unicodedata import bidirectional, category, combining, east_asian_width, normalize

ELLIPSIS = "\u2026"
Measure = Callable[[str], float]
"""A function that returns the width of a text: in pixels, or in columns of a terminal."""

_ZERO_WIDTH_JOINER = "\u200d"
# They would change the direction of the text around them.
_DIRECTION_CONTROLS = dict.fromkeys(
    map(ord, "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067")
)
_ISOLATES = dict.fromkeys(map(ord, "\u2068\u2069"))
_SPACES = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
# They are not visible, but some terminals reserve a column for each.
_INVISIBLE = re.compile("[\u00ad\u180e\u200b\u2060-\u2064\ufeff\ufff9-\ufffb]")
# XML has no way to write them.
_NOT_IN_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")

# In thousandths of the font size.
_WIDTHS = {
    278: "ijlIJ'|",
    330: ".,:;/ \\!",
    400: '-()[]{}ft`r"\u00b7\u2013',
    540: "cszkvxyT_?\u2192",
    640: "abdeghnopqu0123456789LEFSPYBRAXKVZ<>+=~*$#",
    790: "CDGHNOQUM&\u2014",
    1000: "mwW@%\u2026",
}
_WIDTH_OF = {
    character: width / 1000 for width, characters in _WIDTHS.items() for character in characters
}
# The widest characters that fonts have: cuneiform, and words that are one character.
_WIDE_BLOCKS = ((0x12000, 0x1254F, 3.0), (0xFDF0, 0xFDFF, 10.0), (0x2E3A, 0x2E3B, 3.0))
_SAFETY_FACTOR = 1.06


def one_line(text: str) -> str:
    r"""Return a text as one line, without characters that affect the text around it.

    >>> one_line(" Akua\tMansa\u202e ")
    'Akua Mansa'
    """
    return sanitize(remove_isolates(text))


def sanitize(text: str) -> str:
    """Return a text as one line that XML can contain, without direction controls.

    Isolates are preserved: `isolate` adds them to names.
    """
    if text.isascii() and text.isprintable():
        # The general case is slow, and most text is ASCII.
        return " ".join(text.split())
    visible = _INVISIBLE.sub("", text).translate(_DIRECTION_CONTROLS)
    return _NOT_IN_XML.sub("\ufffd", _SPACES.sub(" ", visible).strip())


def isolate(name: str) -> str:
    """Return a name that can be part of a sentence: isolated if it is written right to left."""
    return f"\u2068{name}\u2069" if _is_right_to_left(name) else name


def _is_right_to_left(text: str) -> bool:
    return any(bidirectional(character) in ("R", "AL", "AN") for character in text)


def remove_isolates(text: str) -> str:
    """Return a text without isolates, for terminals: many of them display isolates."""
    return text.translate(_ISOLATES)


def is_encodable(text: str, encoding: str) -> bool:
    """Return whether an encoding has all characters of a text.

    >>> is_encodable("Zoë", "cp1252"), is_encodable("Zoë", "ascii")
    (True, False)
    """
    try:
        text.encode(encoding)
    except UnicodeError:
        return False
    return True


def escape_unencodable(text: str, encoding: str | None) -> str:
    r"""Return a text with an escape for each character that an encoding lacks.

    The escapes are those of Python's ``backslashreplace``, so that different names stay different.

    >>> print(escape_unencodable("Łucja, Zoë", "ascii"))
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


def pixel_width(text: str, size: float) -> float:
    """Return the largest width of a text in pixels, at a font size in pixels."""
    return sum(map(_relative_width, text)) * size * _SAFETY_FACTOR


@lru_cache(maxsize=4096)
def _relative_width(character: str) -> float:
    """Return the width of a character for a font size of 1."""
    known = _WIDTH_OF.get(character, _WIDTH_OF.get(normalize("NFD", character)[0]))
    if known is not None:
        return known
    if _has_no_width(character):
        return 0.0
    for first, last, width in _WIDE_BLOCKS:
        if first <= ord(character) <= last:
            return width
    return _default_width(character)


def _default_width(character: str) -> float:
    if category(character) == "So":
        return 1.5
    if east_asian_width(character) in "WF":
        return 1.1
    return 0.85 if character < "\u0600" else 1.25


def column_width(text: str) -> int:
    """Return the number of columns that a text occupies in a terminal."""
    # The general case is slow, and most text is ASCII.
    return len(text) if text.isascii() else sum(map(_columns_of, text))


@lru_cache(maxsize=4096)
def _columns_of(character: str) -> int:
    if _has_no_width(character):
        return 0
    return 2 if east_asian_width(character) in "WF" else 1


def _has_no_width(character: str) -> bool:
    return combining(character) != 0 or category(character) in ("Mn", "Me", "Cf")


def shorten(text: str, width: float, measure: Measure, ellipsis: str = ELLIPSIS) -> str:
    """Return a text, or as much of its beginning as fits; "" if only one character would fit."""
    if measure(text) <= width:
        return text
    width -= measure(ellipsis)
    end, used = 0, 0.0
    for at, character in enumerate(text):
        used += measure(character)
        if used > width:
            break
        end = at + 1
    while end > 0 and _is_inside_cluster(text, end):
        end -= 1
    beginning = text[:end].rstrip()
    return f"{beginning}{ellipsis}" if len(_remove_marks(beginning)) > 1 else ""


def wrap(text: str, width: float, measure: Measure, max_lines: int | None = None) -> list[str]:
    """Return the lines of a text; the last of `max_lines` lines is shortened if more is left."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if measure(longer) <= width:
            line = longer
            continue
        if line:
            lines.append(line)
        *whole, line = _split_word(word, width, measure)
        lines += whole
    lines.append(line)
    if max_lines is None or len(lines) <= max_lines:
        return lines
    return [*lines[: max_lines - 1], shorten(" ".join(lines[max_lines - 1 :]), width, measure)]


def _split_word(word: str, width: float, measure: Measure) -> list[str]:
    """Return a word in parts that fit."""
    parts: list[str] = []
    start, used = 0, 0.0
    for at, character in enumerate(word):
        wider = measure(character)
        if used + wider > width and at > start and not _is_inside_cluster(word, at):
            parts.append(word[start:at])
            start, used = at, 0.0
        used += wider
    return [*parts, word[start:]]


def _is_inside_cluster(text: str, at: int) -> bool:
    """Return whether the characters before and after a position are displayed as one."""
    if not 0 < at < len(text):
        return False
    after, before = text[at], text[at - 1]
    return (
        combining(after) != 0
        or category(after) in ("Mn", "Me", "Mc")
        or _ZERO_WIDTH_JOINER in (after, before)
        or "\U0001f3fb" <= after <= "\U0001f3ff"
    )


def _remove_marks(text: str) -> str:
    """Return the characters that have a width of their own."""
    return "".join(each for each in text if category(each) not in ("Mn", "Me", "Cf"))
