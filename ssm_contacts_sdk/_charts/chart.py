"""What a picture shows: lanes with bars and marks, and lines through all of them.

Places along the axis are plain numbers, such as seconds. A row is a part of a lane, from 0.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf
from typing import Literal

from attrs import field, frozen

BarStyle = Literal["plain", "striped", "gap", "quiet", "shade", "hollow"]
"""In its key's colour, the same with stripes, an emptiness that matters, one that does not, grey,
or an outline."""
MarkShape = Literal["dot", "ring", "cross"]
_ORDER = ("quiet", "shade", "hollow", "plain", "striped", "gap")


@frozen(kw_only=True)
class Bar:
    """A stretch of a lane.

    Attributes:
        start: where it begins; what lies outside of the chart is not drawn.
        end: where it ends.
        text: what it is, in full; the tooltip.
        labels: what to write on it, the best first: the first that there is room for is written.
        key: bars of one key have one colour.
        style: how it is drawn.
        row: the first row that it takes.
        span: how many rows it takes.
    """

    start: float
    end: float
    text: str
    labels: tuple[str, ...] = ()
    key: str | None = None
    style: BarStyle = "plain"
    row: int = 0
    span: int = 1

    def rank(self, least: float) -> tuple[bool, float, int]:
        """When to draw it: what is short is not covered by what is long.

        Gaps shorter than `least` come last of all, because they are drawn longer than they are,
        and a shift beside one of them, which is drawn longer as well, would cover it. An emptiness
        that does not matter covers nothing.
        """
        length = self.end - self.start
        is_last = self.style == "gap" and length < least
        return is_last, -(inf if self.style == "quiet" else length), _ORDER.index(self.style)


@frozen(kw_only=True)
class Mark:
    """A point in a lane; `label` stands beside it if there is room, and `text` is the tooltip."""

    at: float
    text: str
    label: str = ""
    shape: MarkShape = "dot"
    row: int = 0


@frozen(kw_only=True)
class Lane:
    """A strip of the picture. `detail` stands beneath its name."""

    name: str
    detail: str = ""
    rows: int = 1
    bars: tuple[Bar, ...] = ()
    marks: tuple[Mark, ...] = ()


@frozen(kw_only=True)
class Line:
    """A line through all lanes, with a label above."""

    at: float
    label: str
    is_dashed: bool = False


@frozen(kw_only=True)
class Tick:
    """A place on the axis.

    `until` is where the stretch that it names ends, if it names one: the label stands within.
    Major ones are labelled a row higher up.
    """

    at: float
    label: str
    until: float | None = None
    is_major: bool = False


@frozen(kw_only=True)
class Key:
    """What a colour stands for."""

    key: str
    name: str


@frozen(kw_only=True)
class Sample:
    """What a way of drawing stands for, in the legend."""

    look: BarStyle | MarkShape
    text: str


@frozen(kw_only=True)
class Chart:
    """A picture.

    Attributes:
        title: what it shows.
        description: sentences beneath the title.
        start: where the axis begins.
        end: where it ends, after it begins.
        lanes: from the top down.
        lines: through all of them.
        ticks: in their order.
        axis: what the axis is, such as its time zone.
        shades: stretches with another background, such as weekends.
        keys: what the colours stand for. There are 28 colours, given out in this order, and then
            the first one again.
        samples: what else the legend explains.
        notes: sentences beneath the picture.
        period: after how much of the axis things repeat, such as a day. Text has the same number
            of columns for each, so that what repeats looks the same each time.
        by_clock_of: the same picture by the clock of a time zone, by its IANA name.
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
    by_clock_of: Callable[[str], Chart] | None = field(default=None, eq=False, repr=False)
