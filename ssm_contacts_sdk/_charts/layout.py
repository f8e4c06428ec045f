"""The layout of a chart for SVG: every section is placed below the one before it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from attrs import frozen

from ssm_contacts_sdk._charts.chart import Chart, Line, Sample, Tick
from ssm_contacts_sdk._charts.lanes import (
    LEADING,
    MARGIN,
    MIN_GAP_WIDTH,
    PLAIN_SIZE,
    SMALL_SIZE,
    WIDTH,
    Frame,
    LaneFrame,
    lane_shapes,
)
from ssm_contacts_sdk._charts.shapes import (
    ARROW_RADIUS,
    Box,
    Group,
    Item,
    Layout,
    LegendEntry,
    Segment,
    Shape,
    Stroke,
    Symbol,
    Text,
)
from ssm_contacts_sdk._charts.typography import pixel_width, sanitize, shorten, wrap

_TITLE_SIZE = 17
_BOTTOM_MARGIN = 16
# Bold text is wider.
_BOLD = 1.12
# From the baseline of a paragraph down to the next line, relative to the font size.
_DESCENT = 0.35
_ARROW_GAP = 8
_LINE_LABEL_GAP = 10
_SAMPLE_SIZE = 13
_SAMPLE_GAP = 6.0
_LEGEND_GAP = 18


def layout(chart: Chart) -> Layout:
    """Return where everything in the drawing of a chart is."""
    frame = Frame.of(chart)
    heading, heading_bottom = _heading(frame, MARGIN)
    line_labels, line_labels_bottom = _line_labels(frame, heading_bottom)
    tick_labels, top = _tick_labels(frame, line_labels_bottom)
    lanes = tuple(_lane_frames(frame, top))
    bottom = lanes[-1].bottom if lanes else top
    shapes = [each for lane in lanes for each in lane_shapes(frame, lane)]
    footer, footer_bottom = _footer(frame, bottom)
    return Layout(
        width=WIDTH,
        height=footer_bottom + _BOTTOM_MARGIN,
        heading=heading,
        background=(*_shades(frame, top, bottom), *_grid(frame, top, lanes)),
        lanes=tuple(group for group, _ in shapes),
        lines=tuple(_lines(frame, top, bottom)),
        labels=tuple(label for _, label in shapes if label is not None),
        line_labels=line_labels,
        tick_labels=tick_labels,
        footer=footer,
    )


def _paragraph(
    text: str, top: float, width: float, style: str, *, size: int, max_lines: int | None = None
) -> tuple[tuple[Text, ...], float]:
    """Return the lines of a paragraph, and where it ends."""
    measure = partial(pixel_width, size=size * (_BOLD if style == "title" else 1))
    lines: list[Text] = []
    bottom = top
    for line in wrap(sanitize(text), width, measure, max_lines):
        bottom += size * LEADING
        lines.append(Text(MARGIN, bottom - size * _DESCENT, line, style))
    return tuple(lines), bottom


def _paragraphs(
    texts: Iterable[str], top: float, width: float, style: str
) -> tuple[tuple[Text, ...], float]:
    lines: list[Text] = []
    for text in texts:
        paragraph, top = _paragraph(text, top, width, style, size=PLAIN_SIZE)
        lines += paragraph
    return tuple(lines), top


# Above the lanes.


def _heading(frame: Frame, top: float) -> tuple[tuple[Text, ...], float]:
    chart, width = frame.chart, frame.text_width
    title, bottom = _paragraph(chart.title, top, width, "title", size=_TITLE_SIZE, max_lines=2)
    description, bottom = _paragraphs(chart.description, bottom + 2, width, "soft")
    return (*title, *description), bottom + 12


@frozen
class _LineLabel:
    """The label of a line, beside its arrow."""

    text: str
    x: float
    left: float
    right: float
    is_right: bool


def _line_labels(frame: Frame, top: float) -> tuple[tuple[Group, ...], float]:
    """Place the labels of lines, in as many rows as are needed to separate them."""
    groups: list[Group] = []
    row_ends: list[float] = []
    for line in sorted(frame.chart.lines, key=lambda each: each.at):
        if not frame.chart.contains(line.at):
            continue
        label = _line_label(frame, line)
        free = (row for row, end in enumerate(row_ends) if end + _LINE_LABEL_GAP <= label.left)
        row = next(free, len(row_ends))
        row_ends[row:] = [label.right, *row_ends[row + 1 :]]
        y = top + (row + 1) * PLAIN_SIZE * LEADING - 4
        style = "linetext" if label.is_right else "linetext ending"
        text = Text(label.x, y, label.text, style)
        groups.append(Group(line.label, (Symbol(frame.x(line.at), y, "arrow"), text)))
    return tuple(groups), top + len(row_ends) * PLAIN_SIZE * LEADING


def _line_label(frame: Frame, line: Line) -> _LineLabel:
    """Place a label to the right of its arrow, or to the left if more of it fits there."""
    measure = partial(pixel_width, size=PLAIN_SIZE * _BOLD)
    at = frame.x(line.at)
    text = sanitize(line.label)
    width_right, width_left = frame.right - at - _ARROW_GAP, at - _ARROW_GAP - MARGIN
    if measure(text) <= width_right or width_left <= width_right:
        text, x = shorten(text, width_right, measure), at + _ARROW_GAP
        return _LineLabel(text, x, at - ARROW_RADIUS, x + measure(text), is_right=True)
    text, x = shorten(text, width_left, measure), at - _ARROW_GAP
    return _LineLabel(text, x, x - measure(text), at + ARROW_RADIUS, is_right=False)


def _tick_labels(frame: Frame, top: float) -> tuple[tuple[Text, ...], float]:
    """Place the labels of ticks: of major ones in a row, and of the others in a row below it."""
    labels: list[Text] = []
    bottom = top
    for is_major in (True, False):
        ticks = [tick for tick in frame.chart.ticks if tick.is_major == is_major]
        if ticks:
            bottom += SMALL_SIZE * LEADING
            style = "small" if is_major else "small soft"
            labels += (Text(x, bottom - 3, text, style) for x, text in _tick_row(frame, ticks))
    return tuple(labels), bottom + 3


def _tick_row(frame: Frame, ticks: Iterable[Tick]) -> Iterator[tuple[float, str]]:
    """Yield the labels that fit, with their places."""
    used = 0.0
    for tick in ticks:
        width = pixel_width(sanitize(tick.label), SMALL_SIZE)
        x = _tick_label_x(frame, tick, width)
        if x is not None and x >= used + 2:
            yield x, tick.label
            used = x + width


def _tick_label_x(frame: Frame, tick: Tick, width: float) -> float | None:
    """Return where the label of a tick begins; None if it is not in the chart or does not fit."""
    chart = frame.chart
    if tick.until is None:
        if not chart.contains(tick.at):
            return None
        return min(frame.x(tick.at) - width / 2, WIDTH - MARGIN / 2 - width)
    if tick.until <= chart.start or tick.at >= chart.end:
        return None
    start, end = frame.x(tick.at), frame.x(tick.until)
    x = start + 3 if tick.is_major else (start + end - width) / 2
    return x if start <= x and x + width <= end else None


# Behind and across the lanes.


def _lane_frames(frame: Frame, top: float) -> Iterator[LaneFrame]:
    for lane in frame.chart.lanes:
        placed = LaneFrame.of(lane, frame, top)
        top = placed.bottom
        yield placed


def _shades(frame: Frame, top: float, bottom: float) -> Iterator[Box]:
    for start, end in frame.chart.shades:
        if end > frame.chart.start and start < frame.chart.end:
            x = frame.x(start)
            yield Box(x, top, frame.x(end) - x, bottom - top, "weekend")


def _grid(frame: Frame, top: float, lanes: Sequence[LaneFrame]) -> Iterator[Stroke]:
    edges = [top, *(lane.bottom for lane in lanes)]
    chart = frame.chart
    majors = {tick.at for tick in chart.ticks if tick.is_major}
    for style, places in (("grid", {tick.at for tick in chart.ticks} - majors), ("major", majors)):
        segments = tuple(
            Segment(frame.x(at), top, frame.x(at), edges[-1])
            for at in sorted(places)
            if chart.contains(at)
        )
        if segments:
            yield Stroke(segments, style)
    yield Stroke(tuple(Segment(MARGIN, y, frame.right, y) for y in edges), "major")


def _lines(frame: Frame, top: float, bottom: float) -> Iterator[Group]:
    for line in frame.chart.lines:
        if frame.chart.contains(line.at):
            x = frame.x(line.at)
            style = "line dashed" if line.is_dashed else "line"
            yield Group(line.label, (Stroke((Segment(x, top, x, bottom),), style),))


# Below the lanes.


def _footer(frame: Frame, top: float) -> tuple[tuple[Item, ...], float]:
    chart, width = frame.chart, frame.text_width
    axis: tuple[Text, ...] = ()
    bottom = top
    if chart.axis:
        axis, bottom = _paragraph(chart.axis, top + 4, width, "small soft", size=SMALL_SIZE)
    legend, bottom = _legend(frame, bottom + 10)
    notes, bottom = _paragraphs(chart.notes, bottom, width, "")
    return (*axis, *legend, *notes), bottom


def _legend(frame: Frame, top: float) -> tuple[tuple[LegendEntry, ...], float]:
    """Place the entries in rows."""
    chart = frame.chart
    samples = [*_colour_samples(chart), *((_sample(each), each.text) for each in chart.samples)]
    if not samples:
        return (), top
    measure = partial(pixel_width, size=PLAIN_SIZE)
    entries: list[LegendEntry] = []
    x, y, indent = float(MARGIN), top, _SAMPLE_SIZE + _SAMPLE_GAP
    for sample, text in samples:
        label = shorten(sanitize(text), frame.text_width - indent, measure)
        width = indent + measure(label)
        if x + width > frame.right and x > MARGIN:
            x = MARGIN
            y += _SAMPLE_SIZE + 8
        entries.append(LegendEntry(x, y, text, sample, Text(x + indent, y + 11, label)))
        x += width + _LEGEND_GAP
    return tuple(entries), y + _SAMPLE_SIZE + 10


def _colour_samples(chart: Chart) -> Iterator[tuple[tuple[Shape, ...], str]]:
    for number, key in enumerate(chart.keys):
        box = Box(0, 0, _SAMPLE_SIZE, _SAMPLE_SIZE, "plain", number, is_rounded=True)
        yield (box,), key.name


def _sample(sample: Sample) -> tuple[Shape, ...]:
    style = sample.style
    if style in ("dot", "cross", "ring"):
        return (Symbol(_SAMPLE_SIZE / 2, _SAMPLE_SIZE / 2, style),)
    box = Box(0, 0, _SAMPLE_SIZE, _SAMPLE_SIZE, style, is_rounded=True)
    if style != "gap":
        return (box,)
    # Short gaps are filled.
    x = (_SAMPLE_SIZE - MIN_GAP_WIDTH) / 2
    return box, Box(x, 0, MIN_GAP_WIDTH, _SAMPLE_SIZE, "gap filled")
