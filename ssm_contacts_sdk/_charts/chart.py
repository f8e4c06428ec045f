"""A chart as a value: lanes with bars and marks, and lines across all lanes.

Positions on the axis are plain numbers, such as seconds. A row is a part of a lane, counted from 0.
"""

from __future__ import annotations

from math import inf
from typing import Literal

from attrs import frozen

BarStyle = Literal["plain", "striped", "gap", "quiet", "shade", "hollow"]
"""How a bar is drawn.

- ``plain``: in the colour of its key.
- ``striped``: in the colour of its key, with stripes.
- ``gap``: a time without anything, which needs attention.
- ``quiet``: a time without anything, which is normal.
- ``shade``: grey.
- ``hollow``: an outline.
"""
MarkShape = Literal["dot", "ring", "cross"]

_DRAWING_ORDER = ("quiet", "shade", "hollow", "plain", "striped", "gap")


@frozen(kw_only=True)
class Bar:
    """An interval in a lane.

    Attributes:
        start: where it begins. Only the part inside the chart is drawn.
        end: where it ends.
        text: the full description, which is shown as a tooltip.
        labels: what to write on it, the preferred label first. The first label that fits is used.
        key: bars of one key have one colour.
        style: how it is drawn.
        row: the first row that it occupies.
        span: how many rows it occupies.
    """

    start: float
    end: float
    text: str
    labels: tuple[str, ...] = ()
    key: str | None = None
    style: BarStyle = "plain"
    row: int = 0
    span: int = 1

    def drawing_order(self, shortest_gap: float) -> tuple[bool, float, int]:
        """Return the sort key for drawing: later bars cover earlier ones.

        Long bars come first, so that they do not cover short ones. Quiet bars cover nothing.
        Gaps shorter than `shortest_gap` come last: they are drawn longer than they are, and so is
        a short bar next to them, which would cover them.
        """
        length = self.end - self.start
        is_last = self.style == "gap" and length < shortest_gap
        is_quiet = self.style == "quiet"
        return is_last, -(inf if is_quiet else length), _DRAWING_ORDER.index(self.style)


@frozen(kw_only=True)
class Mark:
    """A point in a lane: `label` is written next to it if it fits, `text` is the tooltip."""

    at: float
    text: str
    label: str = ""
    shape: MarkShape = "dot"
    row: int = 0


@frozen(kw_only=True)
class Lane:
    """A horizontal band of the chart. `detail` is written below its name."""

    name: str
    detail: str = ""
    rows: int = 1
    bars: tuple[Bar, ...] = ()
    marks: tuple[Mark, ...] = ()


@frozen(kw_only=True)
class Line:
    """A vertical line across all lanes, with a label above them."""

    at: float
    label: str
    is_dashed: bool = False


@frozen(kw_only=True)
class Tick:
    """A position on the axis, with a label.

    `until` is the end of the interval that the label names, if it names one; the label is then
    placed inside the interval. Labels of major ticks have a row of their own, above the others.
    """

    at: float
    label: str
    until: float | None = None
    is_major: bool = False


@frozen(kw_only=True)
class Key:
    """A legend entry for the colour of the bars with this key."""

    key: str
    name: str


@frozen(kw_only=True)
class Sample:
    """A legend entry for a style of bars or a shape of marks."""

    style: BarStyle | MarkShape
    text: str


@frozen(kw_only=True)
class Chart:
    """A chart that can be drawn as SVG and as text.

    Attributes:
        title: what it shows.
        description: sentences below the title.
        start: where the axis begins.
        end: where the axis ends; it must be after `start`.
        lanes: from top to bottom.
        lines: vertical lines across all lanes.
        ticks: in the order of the axis.
        axis: a description of the axis, such as its time zone.
        shades: intervals with another background, such as weekends.
        keys: the meaning of the colours. There are 28 colours, assigned in this order; after them
            the first one is used again.
        samples: the other legend entries.
        notes: sentences below the chart.
        period: the length of an interval that repeats along the axis, such as a day. In text, each
            period has the same number of columns, so that equal periods look the same.
    """

    title: str
    description: tuple[str, ...] = ()
    start: float
    end: float
    lanes: tuple[Lane, ...]
    lines: tuple[Line, ...] = ()
    ticks: tuple[Tick, ...] = ()
    axis: str = ""
    shades: tuple[tuple[float, float], ...] = ()
    keys: tuple[Key, ...] = ()
    samples: tuple[Sample, ...] = ()
    notes: tuple[str, ...] = ()
    period: float | None = None

    def contains(self, at: float) -> bool:
        """Return whether a position is on the axis."""
        return self.start <= at <= self.end

    def shows(self, bar: Bar) -> bool:
        """Return whether a part of a bar is on the axis; a bar of no length may be at its ends."""
        if bar.start == bar.end:
            return self.contains(bar.start)
        return bar.end > self.start and bar.start < self.end

    def clamp(self, at: float) -> float:
        """Return the position on the axis that is closest to `at`."""
        return min(max(at, self.start), self.end)

    def colour_numbers(self) -> dict[str | None, int]:
        """Return the number of each key's colour."""
        return {key.key: number for number, key in enumerate(self.keys)}
