"""How much room a text takes, without a browser to ask.

The widths are those of DejaVu Sans, the widest of the fonts that a picture may be shown in, and
rather more than less: what is thought to fit does fit.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from unicodedata import category, combining, east_asian_width, normalize

from ssm_contacts_sdk._charts.sanitizing import is_joined, without_marks

ELLIPSIS = "\u2026"
# In thousandths of the size of the font.
_WIDTHS = {
    278: "ijlIJ'|",
    330: ".,:;/ \\!",
    400: '-()[]{}ft`r"\u00b7\u2013',
    540: "cszkvxyT_?\u2192",
    640: "abdeghnopqu0123456789LEFSPYBRAXKVZ<>+=~*$#",
    790: "CDGHNOQUM&\u2014",
    1000: "mwW@%\u2026",
}
_WIDTH_OF = {letter: width / 1000 for width, letters in _WIDTHS.items() for letter in letters}
# The widest letters of all scripts that fonts have: cuneiform, and words that are one letter.
_WIDE_BLOCKS = ((0x12000, 0x1254F, 3.0), (0xFDF0, 0xFDFF, 10.0), (0x2E3A, 0x2E3B, 3.0))
_SAFETY = 1.06


def width_of(text: str, size: float) -> float:
    """How wide a text is at most, in pixels."""
    return sum(map(_width_of_letter, text)) * size * _SAFETY


@lru_cache(maxsize=4096)
def _width_of_letter(letter: str) -> float:
    known = _WIDTH_OF.get(letter, _WIDTH_OF.get(normalize("NFD", letter)[0]))
    if known is not None:
        return known
    if _takes_no_room(letter):
        return 0.0
    for first, last, width in _WIDE_BLOCKS:
        if first <= ord(letter) <= last:
            return width
    return _usual_width(letter)


def _usual_width(letter: str) -> float:
    if category(letter) == "So":
        return 1.5
    if east_asian_width(letter) in "WF":
        return 1.1
    return 0.85 if letter < "\u0600" else 1.25


def cells_of(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(_cells_of_letter(letter) for letter in text)


def _cells_of_letter(letter: str) -> int:
    if _takes_no_room(letter):
        return 0
    return 2 if east_asian_width(letter) in "WF" else 1


def _takes_no_room(letter: str) -> bool:
    return combining(letter) != 0 or category(letter) in ("Mn", "Me", "Cf")


Measure = Callable[[str], float]


def shortened(text: str, room: float, measure: Measure, ellipsis: str = ELLIPSIS) -> str:
    """The text, or as much of its beginning as there is room for; nothing, if that says nothing."""
    if measure(text) <= room:
        return text
    room -= measure(ellipsis)
    end, taken = 0, 0.0
    for at, letter in enumerate(text):
        taken += measure(letter)
        if taken > room:
            break
        end = at + 1
    while end > 0 and is_joined(text, end):
        end -= 1
    beginning = text[:end].rstrip()
    return f"{beginning}{ellipsis}" if len(without_marks(beginning)) > 1 else ""


def wrapped(text: str, room: float, measure: Measure, most: int | None = None) -> list[str]:
    """The text in lines, at most so many; what is left over is cut off."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if measure(longer) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        *whole, line = _broken(word, room, measure)
        lines += whole
    lines.append(line)
    if most is None or len(lines) <= most:
        return lines
    return [*lines[: most - 1], shortened(" ".join(lines[most - 1 :]), room, measure)]


def _broken(word: str, room: float, measure: Measure) -> list[str]:
    """A word in pieces that there is room for."""
    pieces: list[str] = []
    begun, taken = 0, 0.0
    for at, letter in enumerate(word):
        width = measure(letter)
        if taken + width > room and at > begun and not is_joined(word, at):
            pieces.append(word[begun:at])
            begun, taken = at, 0.0
        taken += width
    return [*pieces, word[begun:]]
