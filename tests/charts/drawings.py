"""Drawings of a chart that has everything, as they were reviewed.

``python tests/charts/drawings.py`` writes them beside this file. So a review shows each change of
a drawing.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import get_args

from ssm_contacts_sdk._charts.chart import (
    Bar,
    BarStyle,
    Chart,
    Key,
    Lane,
    Line,
    Mark,
    MarkShape,
    Sample,
    Tick,
)
from ssm_contacts_sdk._charts.svg import svg
from ssm_contacts_sdk._charts.text import lines, text

_BAR_STYLES: tuple[BarStyle, ...] = get_args(BarStyle)
_SHAPES: tuple[MarkShape, ...] = get_args(MarkShape)
_KEYS = tuple(Key(key=f"k{number}", name=f"Person {number}") for number in range(30))


def _bars(row: int, span: int, length: float) -> tuple[Bar, ...]:
    """Return a bar of each style, one after the other."""
    return tuple(
        Bar(
            start=number * 1.5,
            end=number * 1.5 + length,
            text=f"{style}, {length:g} long",
            labels=(f"a {style} bar", style),
            key=_KEYS[number].key if number % 2 else None,
            style=style,
            row=row,
            span=span,
        )
        for number, style in enumerate(_BAR_STYLES)
    )


def _marks(row: int) -> tuple[Mark, ...]:
    return tuple(
        Mark(at=number * 2.5, text=f"a {shape}", label=shape, shape=shape, row=row)
        for number, shape in enumerate(_SHAPES)
    )


EVERYTHING = Chart(
    title="A chart with everything",
    description=("Two sentences are", "below the title."),
    start=0,
    end=10,
    lanes=(
        Lane(
            name="A name that is too long for one line of its column",
            detail="a detail",
            bars=_bars(0, 1, 1.4),
        ),
        Lane(name="three rows", rows=3, bars=(*_bars(0, 2, 1.2), *_bars(2, 1, 0.01))),
        Lane(name="short bars", bars=_bars(0, 1, 0.35)),
        Lane(name="marks", detail="of each shape", rows=2, marks=(*_marks(0), *_marks(1))),
    ),
    lines=tuple(
        Line(at=number * 0.5, label="acknowledged by Akua", is_dashed=bool(number % 2))
        for number in range(21)
    ),
    ticks=(
        *(Tick(at=number, label=str(number), until=number + 1) for number in range(10)),
        *(Tick(at=number, label=f"half {number}", is_major=True) for number in (0, 5)),
        Tick(at=10, label="the end"),
    ),
    axis="Times in UTC",
    shades=((2, 3), (7.5, 8)),
    keys=_KEYS,
    samples=tuple(Sample(style=style, text=style) for style in (*_BAR_STYLES, *_SHAPES)),
    notes=("A note below the chart.", "And one more that is so long that it needs lines. " * 3),
)


def drawings() -> Mapping[str, str]:
    """Return the texts of the files, by their names."""
    return {
        "everything.svg": svg(EVERYTHING),
        "everything-100.txt": text(EVERYTHING, 100) + "\n",
        "everything-60-ascii.txt": text(EVERYTHING, 60, ascii_only=True) + "\n",
        # The parts of each line with their styles, for terminals with colours.
        "everything-80-parts.txt": "".join(f"{line}\n" for line in lines(EVERYTHING, 80)),
    }


FOLDER = Path(__file__).parent

if __name__ == "__main__":
    for name, drawn in drawings().items():
        (FOLDER / name).write_text(drawn, encoding="utf-8")
