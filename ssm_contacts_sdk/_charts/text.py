"""A chart as text: plain, or in colour with rich."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import define, field, frozen

from ssm_contacts_sdk._charts.chart import Chart
from ssm_contacts_sdk._charts.extras import import_extra
from ssm_contacts_sdk._charts.styles import Symbols, Tone, terminal_style
from ssm_contacts_sdk._charts.text_layout import Parts, Row, Span, TextLayout, text_layout
from ssm_contacts_sdk._charts.typography import column_width


def text(chart: Chart, width: int, encoding: str | None = None, *, ascii_only: bool = False) -> str:
    """Return a chart as plain text; see `lines`."""
    drawn = lines(chart, width, encoding, ascii_only=ascii_only)
    return "\n".join("".join(part for part, _ in line).rstrip() for line in drawn)


def lines(
    chart: Chart, width: int, encoding: str | None = None, *, ascii_only: bool = False
) -> Iterator[Parts]:
    """Yield the lines of a chart, in parts with their styles.

    Args:
        chart: the chart.
        width: the maximum number of columns; at least 40 are used.
        encoding: the encoding of the text. If it lacks one of the symbols that charts are drawn
            with, ASCII symbols are used; characters of names that it lacks are escaped. None is
            any encoding.
        ascii_only: whether to use ASCII symbols in any case. Names are not affected.
    """
    symbols = Symbols.of(encoding, ascii_only=ascii_only)
    placed = text_layout(chart, width, symbols, encoding)
    yield from placed.heading
    yield []
    for row in placed.rows:
        yield _row(placed, row)
    yield []
    yield from placed.legend
    if placed.notes:
        yield []
    yield from placed.notes


@frozen
class RichText:
    """What rich prints: the text of a chart in colour, as wide as the console."""

    chart: Chart

    def __rich_console__(self, console: Any, options: Any) -> Iterator[Any]:
        new_text = import_extra("rich.text", "colour in a terminal").Text
        for line in lines(self.chart, options.max_width, options.encoding):
            printed = new_text(no_wrap=True, overflow="crop", end="\n")
            for part, tone in line:
                printed.append(part, style=terminal_style(tone))
            yield printed


def _row(placed: TextLayout, row: Row) -> Parts:
    canvas = _Canvas(placed.columns)
    for span in row.spans:
        canvas.write(span)
    padding = " " * (placed.names_width - column_width(row.name))
    return [(f"{row.name}{padding}", ""), *canvas.parts()]


@frozen
class _Cell:
    """A column of a row, with a character; "" is the second half of the one before it."""

    text: str = " "
    tone: Tone = ""

    @property
    def is_second_half(self) -> bool:
        return not self.text


@define
class _Canvas:
    """The columns of a row. What is written later covers what was written earlier."""

    columns: int
    cells: list[_Cell] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.cells = [_Cell()] * self.columns

    def write(self, span: Span) -> None:
        column = span.column
        for character in span.text:
            width = column_width(character)
            if width == 0:
                self._combine(column - 1, character)
                continue
            if column + width > self.columns:
                return
            if span.over is None or self.cells[column].text in span.over:
                self._put(column, width, _Cell(character, span.tone))
            column += width

    def _combine(self, column: int, mark: str) -> None:
        """Add a combining mark to the character before it."""
        while column > 0 and self.cells[column].is_second_half:
            column -= 1
        if column >= 0:
            cell = self.cells[column]
            self.cells[column] = _Cell(cell.text + mark, cell.tone)

    def _put(self, column: int, width: int, cell: _Cell) -> None:
        """Set the columns of a character. Half of a wide character is never left over."""
        end = column + width
        if self.cells[column].is_second_half:
            self._blank(column - 1)
        if end < self.columns and self.cells[end].is_second_half:
            self._blank(end)
        self.cells[column:end] = [cell, _Cell("", cell.tone)][:width]

    def _blank(self, column: int) -> None:
        self.cells[column] = _Cell(" ", self.cells[column].tone)

    def parts(self) -> Parts:
        """Return the text, in parts of one style each."""
        parts: Parts = []
        for cell in self.cells:
            if parts and parts[-1][1] == cell.tone:
                parts[-1] = (parts[-1][0] + cell.text, cell.tone)
            else:
                parts.append((cell.text, cell.tone))
        return parts
