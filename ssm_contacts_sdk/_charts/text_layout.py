"""The layout of a chart for text: what is in which row and column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from unicodedata import normalize

from attrs import frozen

from ssm_contacts_sdk._charts.chart import Bar, Chart, Lane, Line, Sample, Tick
from ssm_contacts_sdk._charts.styles import BAR_TONES, BARE_WIDTH, MARK_TONES, Symbols, Tone
from ssm_contacts_sdk._charts.typography import (
    column_width,
    escape_unencodable,
    is_encodable,
    one_line,
    shorten,
    wrap,
)

_MAX_NAMES_WIDTH = 20
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
# Terminals may display the letters after it with another width, or from right to left.
_LAST_INITIAL = "\u058f"
# Rounds half a column up in spite of errors in binary fractions.
_HALF = 0.5 + 1e-9


@frozen
class Span:
    """Text in a row, from a column on.

    If `over` is given, the text is only visible where it covers one of these characters.
    """

    column: int
    text: str
    tone: Tone
    over: frozenset[str] | None = None


@frozen
class Row:
    """A row of the chart: the name of a lane, and spans of which later ones cover earlier ones."""

    name: str
    spans: tuple[Span, ...]


@frozen
class Grid:
    """The columns of a chart, and how to write text in them."""

    chart: Chart
    width: int
    symbols: Symbols
    encoding: str | None
    names_width: int
    columns: int
    scale: float
    letters: Mapping[str | None, str]
    colours: Mapping[str | None, int]

    @classmethod
    def of(cls, chart: Chart, width: int, symbols: Symbols, encoding: str | None) -> Grid:
        """Return the columns, with space for the longest name of a lane as far as possible."""
        names = (escape_unencodable(one_line(lane.name), encoding) for lane in chart.lanes)
        widest = max(map(column_width, names), default=0)
        names_width = min(widest, _MAX_NAMES_WIDTH, width // 3) + 2
        columns, scale = _columns_and_scale(chart, width - names_width)
        letters = _letters(chart, encoding)
        colours = chart.colour_numbers()
        return cls(chart, width, symbols, encoding, names_width, columns, scale, letters, colours)

    def exact_column(self, at: float) -> float:
        """Return where a position on the axis is, in columns."""
        return (self.chart.clamp(at) - self.chart.start) * self.scale

    def column(self, at: float) -> int:
        """Return the nearest edge of a column. Bars, marks and ticks are all rounded to it."""
        return int(self.exact_column(at) + _HALF)

    def column_inside(self, at: float) -> int:
        """Return the same, but never the edge behind the last column."""
        return min(self.column(at), self.columns - 1)

    def clean(self, text: str) -> str:
        """Return a text in one line that the encoding can encode."""
        return escape_unencodable(one_line(text), self.encoding)

    def shorten(self, text: str, width: int) -> str:
        """Return as much of a text as fits, in one line that the encoding can encode."""
        return shorten(self.clean(text), width, column_width, self.symbols.ellipsis)


def _columns_and_scale(chart: Chart, width: int) -> tuple[int, float]:
    """Return the number of columns, and the number of columns for each unit of the axis."""
    length = chart.end - chart.start
    if chart.period is not None:
        of_a_period = int(width * chart.period / length)
        if of_a_period > 0:
            scale = of_a_period / chart.period
            return int(length * scale + _HALF), scale
    return width, width / length


def _letters(chart: Chart, encoding: str | None) -> Mapping[str | None, str]:
    """Return a letter for each key, in their order: the first letter of its name that is free."""
    letters: dict[str | None, str] = {}
    used: set[str] = set()
    for key in chart.keys:
        initials = _initials(one_line(key.name), encoding)
        letter = next((each for each in (*initials, *_LETTERS) if each not in used), "#")
        used.add(letter)
        letters[key.key] = letter
    return letters


def _initials(name: str, encoding: str | None) -> Iterator[str]:
    """Yield the letters of a name as capitals without accents, if all terminals have them."""
    for letter in name.upper():
        plain = normalize("NFD", letter)[0]
        is_common = plain in _LETTERS or (plain.isalpha() and plain <= _LAST_INITIAL)
        if is_common and (encoding is None or is_encodable(plain, encoding)):
            yield plain


def lane_rows(grid: Grid) -> Iterator[Row]:
    """Yield the rows of all lanes."""
    for lane in grid.chart.lanes:
        name = grid.shorten(lane.name, grid.names_width - 2)
        for number, rows in enumerate(_merged_rows(grid, lane)):
            yield Row("" if number else name, tuple(_spans(grid, lane, rows)))


def _spans(grid: Grid, lane: Lane, rows: set[int]) -> Iterator[Span]:
    """Yield the bars, lines and marks of some rows of a lane, in the order of drawing."""
    for bar in sorted(lane.bars, key=lambda each: each.drawing_order(1 / grid.scale)):
        if _occupies(bar, rows):
            yield from _bar(grid, bar, is_first=bar.row in rows)
    # A line does not cover a gap: that would hide what needs attention.
    fills = (fill for style, fill in grid.symbols.fills.items() if style != "gap")
    crossed = frozenset((" ", *fills))
    for line in grid.chart.lines:
        if grid.chart.contains(line.at):
            yield Span(grid.column_inside(line.at), grid.symbols.line, "line", over=crossed)
    for mark in lane.marks:
        if mark.row in rows and grid.chart.contains(mark.at):
            symbol, tone = grid.symbols.marks[mark.shape], MARK_TONES[mark.shape]
            yield Span(grid.column_inside(mark.at), symbol, tone)


def _bar(grid: Grid, bar: Bar, *, is_first: bool) -> Iterator[Span]:
    extent = _bar_columns(grid, bar)
    if extent is None:
        return
    start, end = extent
    width = end - start
    tone = BAR_TONES.get(bar.style, grid.colours.get(bar.key, ""))
    yield Span(start, grid.symbols.bar(bar.style, width), tone)
    if is_first:
        column, label = _bar_label(grid, bar, width)
        yield Span(start + column, label, tone)


def _bar_columns(grid: Grid, bar: Bar) -> tuple[int, int] | None:
    """Return the first column of a bar and the one after it; None if it is not drawn."""
    chart = grid.chart
    if not chart.shows(bar):
        return None
    start, end = grid.column(bar.start), grid.column(bar.end)
    if start < end:
        return start, end
    # A bar that is too short for a column gets the one that it is in. Quiet bars do not, nor those
    # that would be long enough if they did not continue outside of the chart.
    length = (bar.end - bar.start) * grid.scale
    is_cut = bar.start < chart.start or bar.end > chart.end
    if bar.style == "quiet" or (is_cut and length >= _HALF):
        return None
    middle = (grid.exact_column(bar.start) + grid.exact_column(bar.end)) / 2
    start = min(int(middle), grid.columns - 1)
    return start, start + 1


def _bar_label(grid: Grid, bar: Bar, width: int) -> tuple[int, str]:
    """Return the first label that fits in a bar, or else its letter, with the column in the bar."""
    letter = grid.letters.get(bar.key, "")
    if width <= BARE_WIDTH:
        return 0, letter
    # The ends of a gap are no brackets: a label can cover them.
    space, first = (width, 0) if bar.style == "gap" else (width - 2, 1)
    labels = map(grid.clean, bar.labels)
    label = next((label for label in labels if column_width(label) <= space), letter)
    return (first if column_width(label) == space else 1), label


def _merged_rows(grid: Grid, lane: Lane) -> list[set[int]]:
    """Return the rows of a lane; rows with marks share a row of text where that is unambiguous."""
    merged: list[set[int]] = []
    for row in range(lane.rows):
        can_share = (rows for rows in merged if _can_share(grid, lane, rows, row))
        rows = next(can_share, None)
        if rows is None:
            merged.append({row})
        else:
            rows.add(row)
    return merged


def _can_share(grid: Grid, lane: Lane, rows: set[int], row: int) -> bool:
    """Return whether all have marks, in different columns, and no bars that overlap."""
    marks, others = _mark_columns(grid, lane, rows), _mark_columns(grid, lane, {row})
    if not (marks and others and marks.isdisjoint(others)):
        return False
    bars, added = _bars_in(lane, rows), _bars_in(lane, {row})
    # A bar that is in both is drawn once.
    only_there = [bar for bar in bars if bar not in added]
    only_here = [bar for bar in added if bar not in bars]
    return not _overlap(only_there, only_here)


def _mark_columns(grid: Grid, lane: Lane, rows: set[int]) -> set[int]:
    marks = (mark for mark in lane.marks if mark.row in rows and grid.chart.contains(mark.at))
    return {grid.column_inside(mark.at) for mark in marks}


def _bars_in(lane: Lane, rows: set[int]) -> list[Bar]:
    return [bar for bar in lane.bars if _occupies(bar, rows)]


def _occupies(bar: Bar, rows: set[int]) -> bool:
    return not rows.isdisjoint(range(bar.row, bar.row + bar.span))


def _overlap(bars: Sequence[Bar], others: Sequence[Bar]) -> bool:
    return any(one.start < other.end and other.start < one.end for one in bars for other in others)


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
            if tick.is_major != is_major or not _is_inside(grid.chart, tick):
                continue
            column, label = grid.column(tick.at), grid.clean(tick.label)
            end = column + column_width(label)
            if used <= column and end <= grid.columns:
                spans.append(Span(column, label, "soft"))
                used = end + 1
        if spans:
            yield Row("", tuple(spans))


def _is_inside(chart: Chart, tick: Tick) -> bool:
    """Return whether there is a column for the label of a tick; at the end there is none."""
    if tick.until is None:
        return chart.start <= tick.at < chart.end
    return tick.until > chart.start and tick.at < chart.end


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
