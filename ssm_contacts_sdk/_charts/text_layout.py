"""The layout of a chart for text: what is in which row and column."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from ssm_contacts_sdk._charts.chart import Chart, Line, Sample
from ssm_contacts_sdk._charts.styles import Symbols, Tone
from ssm_contacts_sdk._charts.text_lanes import Grid, Row, Span, lane_rows
from ssm_contacts_sdk._charts.typography import column_width, wrap

Parts = list[tuple[str, Tone]]
"""A line of text, in parts with their styles."""

_MIN_WIDTH = 40
_LEGEND_GAP = "   "
_INDENT = "  "
_SAMPLE_WIDTH = 4


@frozen(kw_only=True)
class TextLayout:
    """A chart as rows of text.

    Attributes:
        names_width: the number of columns for names of lanes.
        columns: the number of columns for everything else in `rows`.
        heading: the title and the description.
        rows: labels of ticks and lines, and the lanes.
        legend: the description of the axis and the legend.
        notes: the descriptions of marks and the notes.
    """

    names_width: int
    columns: int
    heading: tuple[Parts, ...]
    rows: tuple[Row, ...]
    legend: tuple[Parts, ...]
    notes: tuple[Parts, ...]


def text_layout(chart: Chart, width: int, symbols: Symbols, encoding: str | None) -> TextLayout:
    """Return where everything in the text of a chart is.

    Args:
        chart: the chart.
        width: the maximum number of columns; at least 40 are used.
        symbols: the characters to draw with.
        encoding: names are escaped so that this encoding can encode them; None is any encoding.
    """
    grid = Grid.of(chart, max(width, _MIN_WIDTH), symbols, encoding)
    return TextLayout(
        names_width=grid.names_width,
        columns=grid.columns,
        heading=tuple(_heading(grid)),
        rows=(*_tick_labels(grid), *_line_labels(grid), *lane_rows(grid)),
        legend=(*_axis(grid), *_legend(grid)),
        notes=tuple(_notes(grid)),
    )


# Above and below the lanes.


def _heading(grid: Grid) -> Iterator[Parts]:
    yield from _paragraph(grid, grid.chart.title, "title")
    for sentence in grid.chart.description:
        yield from _paragraph(grid, sentence, "soft")


def _axis(grid: Grid) -> Iterator[Parts]:
    if grid.chart.axis:
        yield from _paragraph(grid, grid.chart.axis, "soft")


def _paragraph(grid: Grid, text: str, tone: Tone, indent: str = "") -> Iterator[Parts]:
    lines = wrap(grid.clean(text), grid.width - len(indent), column_width)
    for number, line in enumerate(lines):
        yield [(f"{indent if number else ''}{line}", tone)]


def _tick_labels(grid: Grid) -> Iterator[Row]:
    """Yield a row for major ticks and a row for the others, with the labels that fit."""
    for is_major in (True, False):
        spans: list[Span] = []
        used = 0
        for tick in grid.chart.ticks:
            until = tick.at if tick.until is None else tick.until
            is_inside = until >= grid.chart.start and tick.at < grid.chart.end
            if tick.is_major != is_major or not is_inside:
                continue
            column, label = grid.column(tick.at), grid.clean(tick.label)
            end = column + column_width(label)
            if used <= column and end <= grid.columns:
                spans.append(Span(column, label, "soft"))
                used = end + 1
        if spans:
            yield Row("", tuple(spans))


def _line_labels(grid: Grid) -> Iterator[Row]:
    """Yield as many rows as are needed to separate the labels of lines."""
    rows: list[list[Span]] = []
    ends: list[int] = []
    for line in _lines_inside(grid.chart):
        span = _line_label(grid, line)
        row = next((row for row, end in enumerate(ends) if end < span.column), len(ends))
        if row == len(ends):
            ends.append(0)
            rows.append([])
        ends[row] = span.column + column_width(span.text)
        rows[row].append(span)
    for spans in rows:
        yield Row("", tuple(spans))


def _lines_inside(chart: Chart) -> list[Line]:
    lines = (line for line in chart.lines if chart.contains(line.at))
    return sorted(lines, key=lambda each: each.at)


def _line_label(grid: Grid, line: Line) -> Span:
    """Return the label of a line, to the right of its arrow, or to the left near the end."""
    arrow, at = grid.symbols.arrow, grid.column_inside(line.at)
    label = grid.shorten(line.label, grid.columns - 2)
    width = column_width(label) + 2
    if at + width <= grid.columns:
        return Span(at, f"{arrow} {label}", "line")
    return Span(max(at - width + 1, 0), f"{label} {arrow}", "line")


def _legend(grid: Grid) -> Iterator[Parts]:
    line: Parts = []
    used = 0
    for symbol, tone, text in _legend_entries(grid):
        label = f" {grid.shorten(text, grid.width - column_width(symbol) - 1)}"
        width = column_width(symbol) + column_width(label)
        if line and used + len(_LEGEND_GAP) + width > grid.width:
            yield line
            line, used = [], 0
        if line:
            line.append((_LEGEND_GAP, ""))
            used += len(_LEGEND_GAP)
        line.append((symbol, tone))
        line.append((label, ""))
        used += width
    if line:
        yield line


def _legend_entries(grid: Grid) -> Iterator[tuple[str, Tone, str]]:
    for number, key in enumerate(grid.chart.keys):
        yield grid.letters[key.key], number, key.name
    for sample in grid.chart.samples:
        yield _sample(grid.symbols, sample), "", sample.text


def _sample(symbols: Symbols, sample: Sample) -> str:
    style = sample.style
    if style in ("dot", "cross", "ring"):
        return symbols.marks[style]
    return symbols.bar(style, _SAMPLE_WIDTH)


def _notes(grid: Grid) -> Iterator[Parts]:
    """Yield the descriptions of all marks, and the notes that are not among them."""
    marks = [mark for lane in grid.chart.lanes for mark in lane.marks]
    for mark in sorted(marks, key=lambda each: each.at):
        text = f"{grid.symbols.marks[mark.shape]} {mark.text}"
        yield from _paragraph(grid, text, "", _INDENT)
    described = {mark.text for mark in marks}
    for note in grid.chart.notes:
        if note not in described:
            yield from _paragraph(grid, note, "", _INDENT)
