"""A chart as text of a fixed width, for terminals, log files and mails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, Union
from unicodedata import normalize

from attrs import astuple, define, frozen

from ssm_contacts_sdk._charts.chart import Bar, Chart, Lane, Mark, Sample
from ssm_contacts_sdk._charts.metrics import ELLIPSIS, cells_of, shortened, wrapped
from ssm_contacts_sdk._charts.sanitizing import encodable, is_encodable, one_line, without_isolates

Tone = Union[Literal["", "title", "soft", "gap", "shade", "line", "mark", "cross"], int]
"""How a part of a line is meant; a number is that of a colour."""
Parts = list[tuple[str, Tone]]

NARROWEST = 40
_MOST_FOR_NAMES = 20
_BRACKETS = ("[", "]")
_ENDS = {"gap": ("!", "!"), "quiet": (".", ".")}
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
# Behind it are letters that a terminal may give another width, or write from right to left.
_LAST_INITIAL = "\u058f"
# So that what is half a column away is so in spite of what binary fractions make of it.
_A_HALF = 0.5 + 1e-9
_measure = cells_of


@frozen
class _Signs:
    """The characters that a picture is drawn with."""

    plain: str
    hollow: str
    line: str
    arrow: str
    dot: str
    ring: str
    cross: str
    ellipsis: str

    @property
    def all(self) -> str:
        return "".join(astuple(self))

    @property
    def fills(self) -> Mapping[str, str]:
        own = {"plain": self.plain, "shade": self.plain, "hollow": self.hollow}
        return {**own, "striped": "/", "gap": "!", "quiet": "."}

    @property
    def marks(self) -> Mapping[str, str]:
        return {"dot": self.dot, "ring": self.ring, "cross": self.cross}


_DRAWN = _Signs("\u2500", "\u254c", "\u2502", "\u25bc", "\u25cf", "\u25cb", "\u00d7", ELLIPSIS)
_ASCII = _Signs("-", "~", "|", "v", "*", "o", "x", "...")


def text(
    chart: Chart, width: int, encoding: str | None = None, *, ascii_signs: bool = False
) -> str:
    """Draw it, at most so many columns wide, with characters that an encoding has."""
    drawn = lines(chart, width, encoding, ascii_signs=ascii_signs)
    return "\n".join("".join(part for part, _ in line).rstrip() for line in drawn)


def lines(
    chart: Chart, width: int, encoding: str | None = None, *, ascii_signs: bool = False
) -> Iterator[Parts]:
    """Draw it, line by line, in parts that tell how they are meant.

    Args:
        chart: What is drawn.
        width: At most so many columns.
        encoding: What must be able to encode it. The picture is drawn with ASCII signs if it
            lacks any of the others, and what texts have beyond it is escaped. None is anything.
        ascii_signs: Whether to draw with ASCII signs in any case; texts stay as they are.
    """
    is_plain = ascii_signs or not (encoding is None or is_encodable(_DRAWN.all, encoding))
    signs = _ASCII if is_plain else _DRAWN
    return _Drawing.of(chart, max(width, NARROWEST), signs, encoding).lines()


@frozen
class _Cell:
    letter: str = " "
    tone: Tone = ""

    @property
    def is_second_half(self) -> bool:
        """Whether the letter before it stands here, too."""
        return not self.letter


_EMPTY = _Cell()


@define
class _Drawing:
    chart: Chart
    width: int
    signs: _Signs
    encoding: str | None
    names: int
    columns: int
    scale: float
    letter_of: dict[str | None, str]
    numbers: dict[str | None, int]

    @classmethod
    def of(cls, chart: Chart, width: int, signs: _Signs, encoding: str | None) -> _Drawing:
        names = [encodable(_clean(lane.name), encoding) for lane in chart.lanes]
        widest = max(map(cells_of, names), default=0)
        most = min(_MOST_FOR_NAMES, width // 3)
        taken = min(widest, most) + 2
        numbers: dict[str | None, int] = {each.key: at for at, each in enumerate(chart.keys)}
        columns, scale = _grid(chart, width - taken)
        letters = _letters(chart, encoding)
        return cls(chart, width, signs, encoding, taken, columns, scale, letters, numbers)

    def lines(self) -> Iterator[Parts]:
        yield from self._paragraph(self.chart.title, "title")
        for sentence in self.chart.description:
            yield from self._paragraph(sentence, "soft")
        yield []
        yield from self._tick_labels()
        yield from self._line_labels()
        for lane in self.chart.lanes:
            yield from self._lane(lane)
        yield []
        if self.chart.axis:
            yield from self._paragraph(self.chart.axis, "soft")
        yield from self._legend()
        yield from self._told()

    def _paragraph(self, told: str, tone: Tone, indent: str = "") -> Iterator[Parts]:
        room = self.width - len(indent)
        for number, line in enumerate(wrapped(self._clean(told), room, _measure)):
            yield [(f"{indent if number else ''}{line}", tone)]

    def _column(self, at: float) -> int:
        """The edge of a column that is the nearest. Bars, marks and ticks all go by it."""
        return int(self._place(at) + _A_HALF)

    def _place(self, at: float) -> float:
        return (min(max(at, self.chart.start), self.chart.end) - self.chart.start) * self.scale

    def _is_inside(self, at: float) -> bool:
        return self.chart.start <= at <= self.chart.end

    def _tick_labels(self) -> Iterator[Parts]:
        for is_major in (True, False):
            places: list[tuple[int, str]] = []
            taken = 0
            for tick in self.chart.ticks:
                ends = tick.at if tick.until is None else tick.until
                if tick.is_major != is_major or not (
                    ends >= self.chart.start and tick.at < self.chart.end
                ):
                    continue
                column, label = self._column(tick.at), self._clean(tick.label)
                if column >= taken and column + cells_of(label) <= self.columns:
                    places.append((column, label))
                    taken = column + cells_of(label) + 1
            if places:
                yield self._row_of(places, "soft")

    def _row_of(self, places: Sequence[tuple[int, str]], tone: Tone) -> Parts:
        cells = [_EMPTY] * self.columns
        for column, label in places:
            _write(cells, column, label, tone)
        return [(" " * self.names, ""), *_parts(cells)]

    def _line_labels(self) -> Iterator[Parts]:
        rows: list[list[tuple[int, str]]] = []
        ends: list[int] = []
        for line in sorted(self.chart.lines, key=lambda each: each.at):
            if not self._is_inside(line.at):
                continue
            at = min(self._column(line.at), self.columns - 1)
            room = self.columns - 2
            label = self._shortened(line.label, room)
            width = cells_of(label) + 2
            # To the right of its arrow, or to the left where the line ends.
            is_right = at + width <= self.columns
            column = at if is_right else max(at - width + 1, 0)
            told = f"{self.signs.arrow} {label}" if is_right else f"{label} {self.signs.arrow}"
            row = next((row for row, end in enumerate(ends) if end < column), len(ends))
            if row == len(ends):
                ends.append(0)
                rows.append([])
            ends[row] = column + width
            rows[row].append((column, told))
        for places in rows:
            yield self._row_of(places, "line")

    def _lane(self, lane: Lane) -> Iterator[Parts]:
        named = self._shortened(lane.name, self.names - 2)
        # What a line may stand on: one that hid a gap would hide what matters.
        crossed = {" ", *(fill for style, fill in self.signs.fills.items() if style != "gap")}
        for number, rows in enumerate(self._rows(lane)):
            cells = [_EMPTY] * self.columns
            for bar in sorted(lane.bars, key=lambda each: each.rank(1 / self.scale)):
                if not rows.isdisjoint(range(bar.row, bar.row + bar.span)):
                    self._bar(cells, bar, is_first=bar.row in rows)
            for line in self.chart.lines:
                if self._is_inside(line.at):
                    at = min(self._column(line.at), self.columns - 1)
                    if cells[at].letter in crossed:
                        cells[at] = _Cell(self.signs.line, "line")
            for mark in lane.marks:
                if mark.row in rows and self._is_inside(mark.at):
                    self._mark(cells, mark)
            name = named if number == 0 else ""
            yield [(f"{name}{' ' * (self.names - cells_of(name))}", ""), *_parts(cells)]

    def _rows(self, lane: Lane) -> list[set[int]]:
        """The rows of a lane, those in one line whose marks do not meet there."""
        found: list[set[int]] = []
        for row in range(lane.rows):
            own = self._marked(lane, {row})
            line = next((each for each in found if own and self._share(lane, each, row)), None)
            if line is None:
                found.append({row})
            else:
                line.add(row)
        return found

    def _share(self, lane: Lane, rows: set[int], row: int) -> bool:
        """Whether there is room in a line with marks for those of another row."""
        there, own = self._marked(lane, rows), self._marked(lane, {row})
        bars, others = _bars_in(lane, rows), _bars_in(lane, {row})
        # A bar of both is one.
        alone = [bar for bar in bars if bar not in others]
        added = [bar for bar in others if bar not in bars]
        return bool(there) and there.isdisjoint(own) and not _overlap(alone, added)

    def _marked(self, lane: Lane, rows: set[int]) -> set[int]:
        return {
            min(self._column(mark.at), self.columns - 1)
            for mark in lane.marks
            if mark.row in rows and self._is_inside(mark.at)
        }

    def _bar(self, cells: list[_Cell], bar: Bar, *, is_first: bool) -> None:
        if bar.end < self.chart.start or bar.start > self.chart.end:
            return
        start, end = self._column(bar.start), self._column(bar.end)
        if start >= end:
            # Too short for a column: it gets the one that it is in. That is not so for what does
            # not matter, nor for what would be long enough if it were not cut at an edge.
            length = (bar.end - bar.start) * self.scale
            is_cut = bar.start < self.chart.start or bar.end > self.chart.end
            if bar.style == "quiet" or (is_cut and length >= _A_HALF):
                return
            middle = (self._place(bar.start) + self._place(bar.end)) / 2
            start = min(int(middle), self.columns - 1)
            end = start + 1
        fill, (opening, closing) = self.signs.fills[bar.style], _ENDS.get(bar.style, _BRACKETS)
        tone = self._tone(bar)
        for at in range(start, end):
            _put(cells, at, _Cell(fill, tone))
        width = end - start
        letter = self.letter_of.get(bar.key, "")
        if width <= 2:  # noqa: PLR2004 - a letter for whom, and one for what it is
            if letter and is_first:
                _write(cells, start, letter, tone)
            return
        cells[start], cells[end - 1] = _Cell(opening, tone), _Cell(closing, tone)
        if is_first:
            labels = [self._clean(label) for label in bar.labels]
            # The ends of a gap are no brackets, and may be written over.
            room, at = (width, start) if bar.style == "gap" else (width - 2, start + 1)
            label = next((label for label in labels if cells_of(label) <= room), letter)
            _write(cells, at if cells_of(label) == room else start + 1, label, tone)

    def _tone(self, bar: Bar) -> Tone:
        if bar.style == "gap":
            return "gap"
        if bar.style == "quiet":
            return "soft"
        if bar.style in ("shade", "hollow"):
            return "shade"
        return self.numbers.get(bar.key, "")

    def _mark(self, cells: list[_Cell], mark: Mark) -> None:
        at = min(self._column(mark.at), self.columns - 1)
        tones: dict[str, Tone] = {"dot": "mark", "cross": "cross"}
        _put(cells, at, _Cell(self.signs.marks[mark.shape], tones.get(mark.shape, "soft")))

    def _legend(self) -> Iterator[Parts]:
        line: Parts = []
        taken = 0
        for sign, tone, name in self._legend_items():
            told = f" {self._shortened(name, self.width - cells_of(sign) - 1)}"
            width = cells_of(sign) + cells_of(told)
            if line and taken + 3 + width > self.width:
                yield line
                line, taken = [], 0
            if line:
                line.append(("   ", ""))
                taken += 3
            line.append((sign, tone))
            line.append((told, ""))
            taken += width
        if line:
            yield line

    def _legend_items(self) -> Iterator[tuple[str, Tone, str]]:
        for number, key in enumerate(self.chart.keys):
            yield self.letter_of[key.key], number, key.name
        for sample in self.chart.samples:
            yield self._sample(sample), "", sample.text

    def _told(self) -> Iterator[Parts]:
        """What the marks are, one by one, and what else there is to tell."""
        marks = [mark for lane in self.chart.lanes for mark in lane.marks]
        told = {mark.text for mark in marks}
        notes = [note for note in self.chart.notes if note not in told]
        if marks or notes:
            yield []
        for mark in sorted(marks, key=lambda each: each.at):
            sign = self.signs.marks[mark.shape]
            yield from self._paragraph(f"{sign} {mark.text}", "", indent="  ")
        for note in notes:
            yield from self._paragraph(note, "", indent="  ")

    def _sample(self, sample: Sample) -> str:
        if sample.look in ("dot", "cross", "ring"):
            return self.signs.marks[sample.look]
        fill = self.signs.fills[sample.look]
        opening, closing = _ENDS.get(sample.look, _BRACKETS)
        return f"{opening}{fill * 2}{closing}"

    def _clean(self, told: str) -> str:
        return encodable(_clean(told), self.encoding)

    def _shortened(self, told: str, room: int) -> str:
        return shortened(self._clean(told), room, _measure, self.signs.ellipsis)


def _letters(chart: Chart, encoding: str | None) -> dict[str | None, str]:
    """A letter for each colour, in their order: the first of its name that is free."""
    found: dict[str | None, str] = {}
    taken: set[str] = set()
    for key in chart.keys:
        own = _initials(_clean(key.name), encoding)
        letter = next((each for each in (*own, *_LETTERS) if each not in taken), "#")
        taken.add(letter)
        found[key.key] = letter
    return found


def _initials(name: str, encoding: str | None) -> Iterator[str]:
    """The letters of a name as capitals without accents, as far as all terminals have them."""
    for letter in name.upper():
        plain = normalize("NFD", letter)[0]
        is_known = plain in _LETTERS or (plain.isalpha() and plain <= _LAST_INITIAL)
        if is_known and encodable(plain, encoding) == plain:
            yield plain


def _grid(chart: Chart, room: int) -> tuple[int, float]:
    """How many columns there are, and how many for what the axis counts."""
    length = chart.end - chart.start
    if chart.period is not None:
        each = int(room * chart.period / length)
        if each > 0:
            scale = each / chart.period
            return int(length * scale + _A_HALF), scale
    return room, room / length


def _bars_in(lane: Lane, rows: set[int]) -> list[Bar]:
    return [bar for bar in lane.bars if not rows.isdisjoint(range(bar.row, bar.row + bar.span))]


def _overlap(bars: Sequence[Bar], others: Sequence[Bar]) -> bool:
    return any(one.start < other.end and other.start < one.end for one in bars for other in others)


def _write(cells: list[_Cell], column: int, told: str, tone: Tone) -> None:
    """Write a text into the cells from there; what stands in two has an empty one after it."""
    for letter in told:
        width = cells_of(letter)
        if width == 0:
            last = column - 1
            while last > 0 and cells[last].is_second_half:
                last -= 1
            if last >= 0:
                cells[last] = _Cell(cells[last].letter + letter, cells[last].tone)
            continue
        if column + width > len(cells):
            return
        for at, each in enumerate((letter, "")[:width]):
            _put(cells, column + at, _Cell(each, tone), is_alone=at + 1 == width)
        column += width


def _put(cells: list[_Cell], at: int, cell: _Cell, *, is_alone: bool = True) -> None:
    """Set a cell. Of a letter that stood in two of them nothing is left."""
    if cells[at].is_second_half and not cell.is_second_half:
        cells[at - 1] = _Cell(" ", cells[at - 1].tone)
    if is_alone and at + 1 < len(cells) and cells[at + 1].is_second_half:
        cells[at + 1] = _Cell(" ", cells[at + 1].tone)
    cells[at] = cell


def _parts(cells: Sequence[_Cell]) -> Parts:
    found: Parts = []
    for cell in cells:
        if found and found[-1][1] == cell.tone:
            found[-1] = (found[-1][0] + cell.letter, cell.tone)
        else:
            found.append((cell.letter, cell.tone))
    return found


def _clean(told: str) -> str:
    return one_line(without_isolates(told))
