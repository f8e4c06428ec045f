"""What a drawing consists of: text and shapes with their coordinates.

Coordinates are pixels from the left and the top edge of the drawing. A `style` is one or more class
names of the style sheets in `styles`.
"""

from __future__ import annotations

from typing import Literal, Union

from attrs import frozen

from ssm_contacts_sdk._charts.chart import MarkShape

SYMBOL_RADIUS = 4.5
"""Half of the width of the symbol of a mark."""
ARROW_RADIUS = 4
"""Half of the width of an arrow, which is twice as high."""


@frozen
class Text:
    """One line of text; `y` is its baseline, and `x` its beginning, or its end by the style."""

    x: float
    y: float
    text: str
    style: str = ""


@frozen
class Box:
    """A rectangle; `style` is a `BarStyle`, "gap filled" or "weekend".

    The number of the colour applies to plain and striped boxes.
    """

    x: float
    y: float
    width: float
    height: float
    style: str
    colour: int = 0
    is_rounded: bool = False


@frozen
class Segment:
    """A horizontal or vertical line between two points."""

    x1: float
    y1: float
    x2: float
    y2: float


@frozen
class Stroke:
    """Line segments of one style."""

    segments: tuple[Segment, ...]
    style: str


@frozen
class Symbol:
    """The symbol of a mark, around its centre; or an arrow that points to `x`, `y` from above."""

    x: float
    y: float
    shape: MarkShape | Literal["arrow"]


Shape = Union[Text, Box, Stroke, Symbol]


@frozen
class Group:
    """Shapes with one tooltip."""

    tooltip: str
    shapes: tuple[Shape, ...]


@frozen
class LegendEntry:
    """A sample and its text. The coordinates of the sample are relative to `x` and `y`."""

    x: float
    y: float
    tooltip: str
    sample: tuple[Shape, ...]
    text: Text


Item = Union[Shape, Group, LegendEntry]


@frozen(kw_only=True)
class Layout:
    """A drawing, in layers: what comes later covers what comes earlier.

    Attributes:
        width: in pixels.
        height: in pixels.
        heading: the title and the description.
        background: shades, and the lines of the grid.
        lanes: the names of the lanes, their bars and their marks.
        lines: the lines across all lanes.
        labels: the labels of bars and marks.
        line_labels: the labels of the lines, with arrows.
        tick_labels: the labels of the axis.
        footer: the description of the axis, the legend and the notes.
    """

    width: float
    height: float
    heading: tuple[Text, ...]
    background: tuple[Item, ...]
    lanes: tuple[Group, ...]
    lines: tuple[Group, ...]
    labels: tuple[Text, ...]
    line_labels: tuple[Group, ...]
    tick_labels: tuple[Text, ...]
    footer: tuple[Item, ...]

    @property
    def items(self) -> tuple[Item, ...]:
        """All of it, in the order of drawing."""
        return (
            *self.heading,
            *self.background,
            *self.lanes,
            *self.lines,
            *self.labels,
            *self.line_labels,
            *self.tick_labels,
            *self.footer,
        )
