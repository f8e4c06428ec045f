"""The layout of lanes for SVG: where their names, bars, marks and labels are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain

from attrs import evolve, frozen

from ssm_contacts_sdk._charts.chart import Bar, BarStyle, Chart, Lane, Mark
from ssm_contacts_sdk._charts.shapes import SYMBOL_RADIUS, Box, Group, Symbol, Text
from ssm_contacts_sdk._charts.styles import colour
from ssm_contacts_sdk._charts.typography import one_line, pixel_width, sanitize, shorten, wrap

WIDTH = 960
MARGIN = 24
LEADING = 1.4
"""The height of a line of text, relative to its font size."""
NAME_SIZE, PLAIN_SIZE, SMALL_SIZE = 13, 12, 11

_GUTTER = 14
_MIN_NAMES_WIDTH, _MAX_NAMES_WIDTH = 70.0, 190.0
_PADDING = 5
_ONLY_ROW_HEIGHT, _ROW_HEIGHT = 26, 20
# Short shifts, and above all short gaps, must be visible.
_MIN_WIDTHS: dict[BarStyle, float] = {"striped": 3.0, "gap": 5.0, "hollow": 4.0}
_MIN_WIDTH = 2.0
MIN_GAP_WIDTH = _MIN_WIDTHS["gap"]
# Many short gaps must not look like one long gap: each is narrower, so that all of them together
# are widened to at most this part of the lane.
_WIDENED_SHARE = 0.5
_MIN_WIDTH_AMONG_MANY = 1.0
# Dashes of an outline are not recognizable below this width: narrower gaps are filled.
_MIN_OUTLINE_WIDTH = 12.0
_MIN_ROUNDED_WIDTH = 6.0
_LABEL_PADDING = 4.0
# The distance of a label from a line or bar that would cover it.
_CLEARANCE = 3.0
# The distance between a mark and its label is at most this, where a line is between them.
_MAX_LABEL_DISTANCE = 24.0
# From the middle of a line of text down to its baseline, relative to the font size.
_BASELINE = 0.36

Extent = tuple[float, float]
"""The left and the right end, in pixels."""


@frozen
class Frame:
    """The horizontal dimensions of a drawing."""

    chart: Chart
    left: float
    right: float = WIDTH - MARGIN

    @classmethod
    def of(cls, chart: Chart) -> Frame:
        """Return the dimensions, with space for the longest name of a lane as far as possible."""
        widths = (
            pixel_width(one_line(text), size)
            for lane in chart.lanes
            for text, size in ((lane.name, NAME_SIZE), (lane.detail, SMALL_SIZE))
        )
        names = min(max(max(widths, default=0.0) + 1, _MIN_NAMES_WIDTH), _MAX_NAMES_WIDTH)
        return cls(chart, MARGIN + names + _GUTTER)

    @property
    def names_width(self) -> float:
        """The space for names of lanes."""
        return self.left - _GUTTER - MARGIN

    @property
    def text_width(self) -> float:
        """The space for text above and below the lanes."""
        return self.right - MARGIN

    def x(self, at: float) -> float:
        """Return where a position on the axis is."""
        start, end = self.chart.start, self.chart.end
        return self.left + (self.chart.clamp(at) - start) / (end - start) * (self.right - self.left)


@frozen
class LaneFrame:
    """The vertical dimensions of a lane, and the lines of its name."""

    lane: Lane
    top: float
    height: float
    name: Sequence[str]

    @classmethod
    def of(cls, lane: Lane, frame: Frame, top: float) -> LaneFrame:
        """Return the dimensions of a lane that begins at `top`."""
        measure = partial(pixel_width, size=NAME_SIZE)
        name = wrap(sanitize(lane.name), frame.names_width, measure, max_lines=2)
        rows = _ONLY_ROW_HEIGHT if lane.rows == 1 else lane.rows * _ROW_HEIGHT
        detail = SMALL_SIZE * LEADING if lane.detail else 0
        text = len(name) * NAME_SIZE * LEADING + detail
        return cls(lane, top, max(rows, text) + 2 * _PADDING, name)

    @property
    def bottom(self) -> float:
        """Where the next lane begins."""
        return self.top + self.height

    @property
    def row_height(self) -> float:
        """The height of each row."""
        return (self.height - 2 * _PADDING) / self.lane.rows

    def row_top(self, row: int) -> float:
        """Return where a row begins."""
        return self.top + _PADDING + row * self.row_height


def lane_shapes(frame: Frame, lane: LaneFrame) -> Iterator[tuple[Group, Text | None]]:
    """Yield the name of a lane, its bars and its marks in the order of drawing, with labels."""
    yield _name(frame, lane), None
    yield from _bars(frame, lane)
    yield from _marks(frame, lane)


def _name(frame: Frame, placed: LaneFrame) -> Group:
    lane = placed.lane
    lines = len(placed.name) * NAME_SIZE + (SMALL_SIZE if lane.detail else 0)
    y = placed.top + (placed.height - lines * LEADING) / 2
    texts: list[Text] = []
    for line in placed.name:
        y += NAME_SIZE * LEADING
        texts.append(Text(MARGIN, y - 5, line, "name"))
    if lane.detail:
        measure = partial(pixel_width, size=SMALL_SIZE)
        detail = shorten(sanitize(lane.detail), frame.names_width, measure)
        texts.append(Text(MARGIN, y + SMALL_SIZE * LEADING - 5, detail, "small soft"))
    tooltip = f"{lane.name}, {lane.detail}" if lane.detail else lane.name
    return Group(tooltip, tuple(texts))


def _bars(frame: Frame, lane: LaneFrame) -> Iterator[tuple[Group, Text | None]]:
    chart = frame.chart
    bars = [bar for bar in lane.lane.bars if chart.shows(bar)]
    widths = {**_MIN_WIDTHS, "gap": _min_gap_width(frame, bars)}
    shortest_gap = widths["gap"] * ((chart.end - chart.start) / (frame.right - frame.left))
    bars.sort(key=lambda each: each.drawing_order(shortest_gap))
    placed = [(bar, _extent(frame, bar, widths.get(bar.style, _MIN_WIDTH))) for bar in bars]
    colours = chart.colour_numbers()
    for number, (bar, extent) in enumerate(placed):
        box = _box(lane, bar, extent, colours.get(bar.key, 0))
        # Not a list: most bars are too short for a label, and then nothing needs to be compared.
        covered = (each for other, each in placed[number + 1 :] if _share_a_row(bar, other))
        yield Group(bar.text, (box,)), _bar_label(bar, box, chain(_line_extents(frame), covered))


def _min_gap_width(frame: Frame, bars: Iterable[Bar]) -> float:
    gaps = (bar for bar in bars if bar.style == "gap")
    short = sum(frame.x(bar.end) - frame.x(bar.start) < MIN_GAP_WIDTH for bar in gaps)
    each = (frame.right - frame.left) * _WIDENED_SHARE / max(short, 1)
    return min(max(each, _MIN_WIDTH_AMONG_MANY), MIN_GAP_WIDTH)


def _extent(frame: Frame, bar: Bar, min_width: float) -> Extent:
    """Return where a bar is drawn: around its middle if it is shorter than `min_width`."""
    start, end = frame.x(bar.start), frame.x(bar.end)
    if end - start >= min_width:
        return start, end
    start = min(max((start + end - min_width) / 2, frame.left), frame.right - min_width)
    return start, start + min_width


def _box(lane: LaneFrame, bar: Bar, extent: Extent, colour_number: int) -> Box:
    x, end = extent
    width, height = end - x, bar.span * lane.row_height - 2
    is_rounded = width > _MIN_ROUNDED_WIDTH
    box = Box(x, lane.row_top(bar.row) + 1, width, height, bar.style, colour_number, is_rounded)
    is_filled = bar.style == "gap" and width < _MIN_OUTLINE_WIDTH
    return evolve(box, style="gap filled") if is_filled else box


def _share_a_row(one: Bar, other: Bar) -> bool:
    return one.row < other.row + other.span and other.row < one.row + one.span


def _bar_label(bar: Bar, box: Box, covered: Iterable[Extent]) -> Text | None:
    inside = box.x + _LABEL_PADDING, box.x + box.width - _LABEL_PADDING
    if not bar.labels or inside[0] >= inside[1]:
        return None
    y = box.y + box.height / 2 + PLAIN_SIZE * _BASELINE
    style = f"on {_label_style(box)}".rstrip()
    return _label(bar.labels, list(_free_extents(inside, covered)), y, style, PLAIN_SIZE)


def _label_style(box: Box) -> str:
    if box.style in ("plain", "striped"):
        return "light" if colour(box.colour).is_ink_light else "dark"
    return {"gap": "gaptext", "gap filled": "gaptext", "hollow": "soft"}.get(box.style, "")


def _marks(frame: Frame, lane: LaneFrame) -> Iterator[tuple[Group, Text | None]]:
    by_row: dict[int, list[Mark]] = {}
    for mark in lane.lane.marks:
        if frame.chart.contains(mark.at):
            by_row.setdefault(mark.row, []).append(mark)
    for marks in by_row.values():
        marks.sort(key=lambda each: each.at)
        for mark, following in zip(marks, [*marks[1:], None], strict=True):
            # A mark at the right end is not cut off.
            x = min(frame.x(mark.at), frame.right - SYMBOL_RADIUS)
            y = lane.row_top(mark.row) + lane.row_height / 2
            end = frame.x(following.at) - 2 * SYMBOL_RADIUS if following else frame.right
            symbol = Symbol(x, y, mark.shape)
            yield Group(mark.text, (symbol,)), _mark_label(frame, mark, symbol, end)


def _mark_label(frame: Frame, mark: Mark, symbol: Symbol, end: float) -> Text | None:
    first = symbol.x + SYMBOL_RADIUS + 4
    free = [
        each
        for each in _free_extents((first, end - 4), _line_extents(frame))
        if each[0] <= first + _MAX_LABEL_DISTANCE
    ]
    style = "on small soft" if mark.shape == "ring" else "on small"
    return _label([mark.label], free, symbol.y + SMALL_SIZE * _BASELINE, style, SMALL_SIZE)


def _line_extents(frame: Frame) -> Iterator[Extent]:
    for line in frame.chart.lines:
        if frame.chart.contains(line.at):
            yield frame.x(line.at), frame.x(line.at)


def _free_extents(within: Extent, covered: Iterable[Extent]) -> Iterator[Extent]:
    """Yield the parts of an extent that are not covered, from left to right."""
    at, last = within
    for start, end in sorted(covered):
        if end + _CLEARANCE <= at:
            continue
        if start - _CLEARANCE >= last:
            break
        if start - _CLEARANCE > at:
            yield at, start - _CLEARANCE
        at = max(at, end + _CLEARANCE)
    if at < last:
        yield at, last


def _label(
    labels: Sequence[str], free: Sequence[Extent], y: float, style: str, size: float
) -> Text | None:
    """Return the first label that fits, in the first place for it; or the first one, shortened."""
    measure = partial(pixel_width, size=size)
    clean = [sanitize(label) for label in labels]
    for label in clean:
        for start, end in free:
            if measure(label) <= end - start:
                return Text(start, y, label, style) if label else None
    start, end = max(free, key=lambda each: each[1] - each[0], default=(0.0, 0.0))
    label = shorten(clean[0], end - start, measure)
    return Text(start, y, label, style) if label else None
