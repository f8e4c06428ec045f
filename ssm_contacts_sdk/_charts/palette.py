"""Okabe and Ito's colours, which the colour-blind can tell apart, and what shows on each."""

from __future__ import annotations

from attrs import frozen

_OKABE_ITO = ("#56b4e9", "#e69f00", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7")
_DARK, _LIGHT = "#111111", "#ffffff"
_SEEN = 1.25


@frozen
class Colour:
    """A fill, the ink for what stands on it, and the stripes that leave the ink as readable."""

    fill: str
    ink: str
    stripe: str


def colour(index: int) -> Colour:
    """The colour of this number. After 28 they begin anew.

    >>> colour(0) == colour(28), len({colour(index).fill for index in range(28)})
    (True, 28)
    """
    return _COLOURS[index % len(_COLOURS)]


def contrast(one: str, other: str) -> float:
    """How well two colours can be told apart, from 1 to 21, as WCAG has it.

    >>> round(contrast("#ffffff", "#000000"))
    21
    """
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004


def _parts(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


def _mixed(colour: str, other: str, share: float) -> str:
    pairs = zip(_parts(colour), _parts(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _coloured(fill: str) -> Colour:
    ink = max(_DARK, _LIGHT, key=lambda each: contrast(fill, each))
    # Away from the ink, unless that would be too little: a pale fill leaves enough for darker ones.
    away, share = (_LIGHT, 0.5) if ink == _DARK else (_DARK, 0.35)
    stripe = _mixed(fill, away, share)
    if contrast(fill, stripe) < _SEEN:
        stripe = _mixed(fill, ink, 0.2)
    return Colour(fill, ink, stripe)


_COLOURS = tuple(
    _coloured(_mixed(base, towards, share))
    for towards, share in ((_LIGHT, 0.0), (_LIGHT, 0.55), (_DARK, 0.45), (_LIGHT, 0.78))
    for base in _OKABE_ITO
)
