"""The regular expressions of the service model, made fit for Python.

They are written for Java. Taken as they are, some do not compile here, one takes a minute over 30
characters, and all would let a newline pass at the end.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from unicodedata import category

_CATEGORIES = re.compile(r"\^\[((?:\\p\{[A-Z]\})+)(.+)\]\*\$")
_NESTED_REPEAT = re.compile(r"\((\[(?:[^\]\\]|\\.)*\])\+\)\*")


def compile_pattern(pattern: str) -> Callable[[str], bool]:
    r"""A function that tells whether the whole of a text fits `pattern`.

    >>> fits = compile_pattern(r"^[\p{L}\p{Z}\p{N}_.\-]*$")
    >>> fits("Akua Mansa"), fits("Akua!")
    (True, False)
    """
    by_category = _CATEGORIES.fullmatch(pattern)
    if by_category is not None:
        return _fits_categories(by_category[1], by_category[2])
    # ([X]+)* means [X]*, but lets the matcher split a text in exponentially many ways.
    linear = _NESTED_REPEAT.sub(r"\1*", pattern)
    # Our assumption: a dot takes a newline too, or no policy could be sent over several lines.
    match = re.compile(linear, re.ASCII | re.DOTALL).fullmatch
    return lambda text: match(text) is not None


def _fits_categories(names: str, rest: str) -> Callable[[str], bool]:
    # Python's re has no \p{L}. Written out as a character class it would take longer to compile
    # than everything else together.
    letters = frozenset(re.findall(r"[A-Z]", names))
    others = frozenset(character for character in map(chr, range(128)) if _is_in(character, rest))

    def fits(text: str) -> bool:
        return all(c in others or category(c)[0] in letters for c in text)

    return fits


def _is_in(character: str, characters: str) -> bool:
    return re.fullmatch(f"[{characters}]", character, re.ASCII) is not None
