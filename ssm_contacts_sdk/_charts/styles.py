"""Colours, style sheets and symbols: of SVGs in light and dark, and of text in terminals.

The colours are those of Okabe and Ito, which people with colour blindness can distinguish.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Union

from attrs import astuple, frozen

from ssm_contacts_sdk._charts.chart import BarStyle
from ssm_contacts_sdk._charts.typography import ELLIPSIS, is_encodable

LIGHT_RULES = """
text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;\
font-size:12px;fill:#1f2328}
.title{font-size:17px;font-weight:600}
.name{font-size:13px}
.small{font-size:11px}
.soft{fill:#59636e}
.paper{fill:#fff}
.weekend{fill:#f5f7f9}
.grid{stroke:#e4e8ec}
.major{stroke:#c3cad1}
.bar{stroke:#000;stroke-opacity:.28}
.shade{fill:#dfe6ee;stroke:#b3becb}
.hollow{fill:none;stroke:#7a8692;stroke-dasharray:4 3}
.quiet{fill:#eceff2}
.gap{fill:#fff;stroke:#b84000;stroke-width:1.5;stroke-dasharray:5 3}
.filled{fill:#b84000;stroke:none}
.gaptext{fill:#a33800;font-style:italic}
.dot{fill:#0072b2;stroke:#fff}
.ring{fill:#fff;stroke:#5c6873;stroke-width:1.5;stroke-dasharray:2 1.5}
.cross{fill:none;stroke:#b84000;stroke-width:2.2}
.line{stroke:#007a5a;stroke-width:1.6}
.dashed{stroke-dasharray:4 3}
.linetext{fill:#006b4f;font-weight:600}
.ending{text-anchor:end}
.arrow{fill:#007a5a}
.dark{fill:#111}
.light{fill:#fff}
.on{pointer-events:none}
"""
DARK_RULES = """
text{fill:#e6edf3}
.soft{fill:#9ba6b2}
.paper{fill:#0d1117}
.weekend{fill:#141a22}
.grid{stroke:#21272f}
.major{stroke:#3b444e}
.bar{stroke:#fff;stroke-opacity:.4}
.shade{fill:#2b3440;stroke:#4d5866}
.hollow{stroke:#7d8996}
.quiet{fill:#1a212a}
.gap{fill:#0d1117;stroke:#ff8a4c}
.filled{fill:#ff8a4c}
.gaptext{fill:#ff9d68}
.dot{fill:#56b4e9;stroke:#0d1117}
.ring{fill:#0d1117;stroke:#a5b0bb}
.cross{stroke:#ff8a4c}
.line{stroke:#3ecf9f}
.linetext{fill:#5bdcb0}
.arrow{fill:#3ecf9f}
"""

Tone = Union[Literal["", "title", "soft", "gap", "shade", "line", "mark", "cross"], int]
"""The style of a part of a line of text. An int is the number of a colour."""

_TERMINAL_STYLES: Mapping[Tone, str] = {
    "title": "bold",
    "soft": "dim",
    "gap": "bold red",
    "shade": "cyan",
    "line": "bold green",
    "mark": "bold blue",
    "cross": "bold red",
}

BAR_TONES: Mapping[BarStyle, Tone] = {
    "gap": "gap",
    "quiet": "soft",
    "shade": "shade",
    "hollow": "shade",
}
MARK_TONES: Mapping[str, Tone] = {"dot": "mark", "cross": "cross", "ring": "soft"}

_OKABE_ITO = ("#56b4e9", "#e69f00", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7")
_BLACK, _WHITE = "#111111", "#ffffff"
_MIN_STRIPE_CONTRAST = 1.25


@frozen
class Colour:
    """A fill colour, the text colour for it, and a stripe colour on which that is as readable."""

    fill: str
    ink: str
    stripe: str

    @property
    def is_ink_light(self) -> bool:
        """Whether the text on it is white; it is black otherwise."""
        return self.ink == _WHITE


def colour(number: int) -> Colour:
    """Return the colour with this number. There are 28; after them the first one is used again.

    >>> colour(0) == colour(28), len({colour(number).fill for number in range(28)})
    (True, 28)
    """
    return _COLOURS[number % len(_COLOURS)]


def terminal_style(tone: Tone) -> str:
    """Return rich's name for a style.

    >>> terminal_style("gap"), terminal_style(0)
    ('bold red', '#111111 on #56b4e9')
    """
    if isinstance(tone, int):
        own = colour(tone)
        return f"{own.ink} on {own.fill}"
    return _TERMINAL_STYLES.get(tone, "")


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours as WCAG defines it: 1 to 21.

    >>> round(contrast("#ffffff", "#000000"))
    21
    """
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    if channel <= 0.04045:  # noqa: PLR2004 - sRGB's
        return channel / 12.92
    linear: float = ((channel + 0.055) / 1.055) ** 2.4
    return linear


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


def _mix(colour: str, other: str, share: float) -> str:
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _with_ink_and_stripe(fill: str) -> Colour:
    is_light = contrast(fill, _BLACK) >= contrast(fill, _WHITE)
    ink, opposite, share = (_BLACK, _WHITE, 0.5) if is_light else (_WHITE, _BLACK, 0.35)
    # A stripe differs from the ink even more than the fill does. On a pale fill it would not be
    # visible, but there a darker stripe is still readable.
    stripe = _mix(fill, opposite, share)
    if contrast(fill, stripe) < _MIN_STRIPE_CONTRAST:
        stripe = _mix(fill, ink, 0.2)
    return Colour(fill, ink, stripe)


_COLOURS = tuple(
    _with_ink_and_stripe(_mix(base, towards, share))
    for towards, share in ((_WHITE, 0.0), (_WHITE, 0.55), (_BLACK, 0.45), (_WHITE, 0.78))
    for base in _OKABE_ITO
)


BARE_WIDTH = 2
"""The largest width of a bar, in columns, that has no space for a label between its ends."""
_WITHOUT_BRACKETS = ("gap", "quiet")


@frozen
class Symbols:
    """The characters that a chart is drawn with."""

    plain: str
    hollow: str
    line: str
    arrow: str
    dot: str
    ring: str
    cross: str
    ellipsis: str

    @classmethod
    def of(cls, encoding: str | None, *, ascii_only: bool) -> Symbols:
        """Return lines and dots, or ASCII symbols if an encoding lacks one of them."""
        can_draw = encoding is None or is_encodable("".join(astuple(_UNICODE)), encoding)
        return _UNICODE if can_draw and not ascii_only else _ASCII

    def bar(self, style: str, width: int) -> str:
        """Return a bar; one of at most `BARE_WIDTH` columns has no ends."""
        fill = self.fills[style]
        if width <= BARE_WIDTH:
            return fill * width
        opening, closing = (fill, fill) if style in _WITHOUT_BRACKETS else ("[", "]")
        return f"{opening}{fill * (width - 2)}{closing}"

    @property
    def fills(self) -> Mapping[str, str]:
        """The characters that fill bars."""
        return {
            "plain": self.plain,
            "shade": self.plain,
            "hollow": self.hollow,
            "striped": "/",
            "gap": "!",
            "quiet": ".",
        }

    @property
    def marks(self) -> Mapping[str, str]:
        """The characters of marks."""
        return {"dot": self.dot, "ring": self.ring, "cross": self.cross}


_UNICODE = Symbols("\u2500", "\u254c", "\u2502", "\u25bc", "\u25cf", "\u25cb", "\u00d7", ELLIPSIS)
_ASCII = Symbols("-", "~", "|", "v", "*", "o", "x", "...")
