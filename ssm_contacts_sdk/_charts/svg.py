"""A chart as SVG: one text, which opens anywhere and needs nothing else.

It is dark where the reader prefers that. What there is no room for is in the tooltips. Its ids
begin with one of its own, made of what it shows: two pictures on one page do not meet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from hashlib import sha256
from html import escape

from attrs import define, field, frozen

from ssm_contacts_sdk._charts.chart import Bar, Chart, Lane, Line, Mark, Sample, Tick
from ssm_contacts_sdk._charts.metrics import shortened, width_of, wrapped
from ssm_contacts_sdk._charts.palette import Colour, colour
from ssm_contacts_sdk._charts.sanitizing import drawable, one_line

_WIDTH = 960
_EDGE = 24
_GUTTER = 14
_NAMES_AT_LEAST, _NAMES_AT_MOST = 70.0, 190.0
_LANE_PADDING = 5
_ROW, _ONE_OF_ROWS = 26, 20
_TITLE, _NAME, _PLAIN, _SMALL = 17, 13, 12, 11
_LEADING = 1.4
_RADIUS = 4.5
_SWATCH = 13
# The least width of a bar, so that a short shift, and above all a short gap, stays visible.
_THINNEST = {"striped": 3.0, "gap": 5.0, "hollow": 4.0}
_THIN = 2.0
# Many short gaps are narrower: together they may widen to no more than this part of a lane, so that
# they do not look like one long gap.
_WIDENED = 0.5
_THINNEST_OF_MANY = 1.0
# A narrower gap is filled: dashes cannot be recognized at that size.
_FILLED_GAP = 12.0
_ROOM_BESIDE = 3.0
# How far a label stays away from a line or a bar that would cover it.
_CLEARANCE = 3.0
# How far from its mark a label may begin, to stand behind a line.
_FARTHEST = 24.0
# The arrows above lines: half of their width, and where what they say begins.
_ARROW, _BESIDE_ARROW = 4, 8

_LIGHT = """
text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;\
font-size:12px;fill:#1f2328}
.title{font-size:17px;font-weight:600}
.name{font-size:13px}
.small{font-size:11px}
.soft{fill:#59636e}
.paper{fill:#fff}
.weekend{fill:#f5f7f9}
.grid{stroke:#e4e8ec}
.major{stroke:#c3cad1}
.bar{stroke:#000;stroke-opacity:.28}
.shade{fill:#dfe6ee;stroke:#b3becb}
.hollow{fill:none;stroke:#7a8692;stroke-dasharray:4 3}
.quiet{fill:#eceff2}
.gap{fill:#fff;stroke:#b84000;stroke-width:1.5;stroke-dasharray:5 3}
.filled{fill:#b84000;stroke:none}
.gaptext{fill:#a33800;font-style:italic}
.dot{fill:#0072b2;stroke:#fff}
.ring{fill:#fff;stroke:#5c6873;stroke-width:1.5;stroke-dasharray:2 1.5}
.cross{fill:none;stroke:#b84000;stroke-width:2.2}
.line{stroke:#007a5a;stroke-width:1.6}
.dashed{stroke-dasharray:4 3}
.linetext{fill:#006b4f;font-weight:600}
.ending{text-anchor:end}
.arrow{fill:#007a5a}
.dark{fill:#111}
.light{fill:#fff}
.on{pointer-events:none}
"""
_DARK = """
text{fill:#e6edf3}
.soft{fill:#9ba6b2}
.paper{fill:#0d1117}
.weekend{fill:#141a22}
.grid{stroke:#21272f}
.major{stroke:#3b444e}
.bar{stroke:#fff;stroke-opacity:.4}
.shade{fill:#2b3440;stroke:#4d5866}
.hollow{stroke:#7d8996}
.quiet{fill:#1a212a}
.gap{fill:#0d1117;stroke:#ff8a4c}
.filled{fill:#ff8a4c}
.gaptext{fill:#ff9d68}
.dot{fill:#56b4e9;stroke:#0d1117}
.ring{fill:#0d1117;stroke:#a5b0bb}
.cross{stroke:#ff8a4c}
.line{stroke:#3ecf9f}
.linetext{fill:#5bdcb0}
.arrow{fill:#3ecf9f}
"""
# Narrow pages shrink the picture. This is not set on the root itself, nor outside of a media query:
# converters such as cairosvg take "auto" for a height of 0 there, and draw nothing.
_SHRINKS = "@media all{{#{id}{{max-width:100%;height:auto}}}}"
# No name of a person can hold it.
_ID = "\x00"


def svg(chart: Chart) -> str:
    """Draw it. The same chart is always the same text."""
    drawing = _Drawing.of(chart)
    inside = "\n".join(drawing.pieces())
    name = f"p{sha256(inside.encode()).hexdigest()[:7]}"
    return inside.replace(_ID, name)


_Extent = tuple[float, float]
"""From where to where, in pixels from the left."""


@frozen
class _Placed:
    lane: Lane
    top: float
    height: float
    name: Sequence[str]

    @property
    def row_height(self) -> float:
        return (self.height - 2 * _LANE_PADDING) / self.lane.rows

    def row(self, number: int) -> float:
        return self.top + _LANE_PADDING + number * self.row_height


@define
class _Drawing:
    """A picture on its way from the top down."""

    chart: Chart
    left: float
    numbers: dict[str | None, int]
    right: float = _WIDTH - _EDGE
    y: float = _EDGE
    stripes: dict[int, Colour] = field(factory=dict[int, Colour], init=False)
    # The labels of bars and marks, which stand over the lines.
    labels: list[str] = field(factory=list[str], init=False)

    @classmethod
    def of(cls, chart: Chart) -> _Drawing:
        widest = max(
            (
                width_of(one_line(text), size)
                for lane in chart.lanes
                for text, size in ((lane.name, _NAME), (lane.detail, _SMALL))
            ),
            default=0.0,
        )
        names = min(max(widest + 1, _NAMES_AT_LEAST), _NAMES_AT_MOST)
        numbers: dict[str | None, int] = {each.key: at for at, each in enumerate(chart.keys)}
        return cls(chart, _EDGE + names + _GUTTER, numbers)

    def pieces(self) -> Iterator[str]:
        head = list(self._head())
        labels = list(self._line_labels())
        ticks = list(self._tick_labels())
        top = self.y
        lanes = list(self._places())
        ground = [*self._shades(top), *self._grid(top, lanes)]
        drawn = [piece for lane in lanes for piece in self._lane(lane)]
        lines = list(self._lines(top))
        foot = [*self._axis(), *self._legend(), *self._notes()]
        height = _number(self.y + _EDGE - 8)
        told = " ".join((*self.chart.description, *self.chart.notes))
        yield (
            f'<svg xmlns="http://www.w3.org/2000/svg" id="{_ID}" role="img" direction="ltr" '
            f'aria-labelledby="{_ID}-title {_ID}-desc" viewBox="0 0 {_WIDTH} {height}" '
            f'width="{_WIDTH}" height="{height}">'
        )
        yield f'<title id="{_ID}-title">{_escaped(self.chart.title)}</title>'
        yield f'<desc id="{_ID}-desc">{_escaped(told)}</desc>'
        yield f"<style>{_styles()}</style>"
        yield from self._patterns()
        yield f'<rect class="paper" width="{_WIDTH}" height="{height}" rx="8"/>'
        yield from (*head, *ground, *drawn, *lines, *self.labels, *labels, *ticks, *foot, "</svg>")

    def _x(self, at: float) -> float:
        start, end = self.chart.start, self.chart.end
        inside = min(max(at, start), end)
        return self.left + (inside - start) / (end - start) * (self.right - self.left)

    def _is_inside(self, at: float) -> bool:
        return self.chart.start <= at <= self.chart.end

    # Above the lanes.

    def _head(self) -> Iterator[str]:
        room = self.right - _EDGE
        yield from self._paragraph(self.chart.title, _TITLE, "title", room, most=2)
        self.y += 2
        for sentence in self.chart.description:
            yield from self._paragraph(sentence, _PLAIN, "soft", room)
        self.y += 12

    def _paragraph(
        self, text: str, size: int, look: str, room: float, most: int | None = None
    ) -> Iterator[str]:
        # A heavier font is wider.
        measured = partial(width_of, size=size * (1.12 if look == "title" else 1))
        for line in wrapped(drawable(text), room, measured, most):
            self.y += size * _LEADING
            yield _text(_EDGE, self.y - size * 0.35, line, look)

    def _line_labels(self) -> Iterator[str]:
        """The labels of the lines, in as many rows as keep them apart."""
        ends: list[float] = []
        placed: list[tuple[float, int, Line, str]] = []
        for line in sorted(self.chart.lines, key=lambda each: each.at):
            if not self._is_inside(line.at):
                continue
            measured = partial(width_of, size=_PLAIN * 1.12)
            at = self._x(line.at)
            # To the right of its arrow, or to the left where that leaves more of it.
            on_right, on_left = self.right - at - _BESIDE_ARROW, at - _BESIDE_ARROW - _EDGE
            label = drawable(line.label)
            is_right = measured(label) <= on_right or on_left <= on_right
            label = shortened(label, on_right if is_right else on_left, measured)
            width = measured(label)
            first, last = at - _ARROW, at + _ARROW
            if is_right:
                x, last = at + _BESIDE_ARROW, at + _BESIDE_ARROW + width
            else:
                x, first = at - _BESIDE_ARROW, at - _BESIDE_ARROW - width
            row = next((row for row, end in enumerate(ends) if end + 10 <= first), len(ends))
            ends[row:] = [last, *ends[row + 1 :]]
            placed.append((x, row, line, label))
        for x, row, line, label in placed:
            y = self.y + (row + 1) * _PLAIN * _LEADING - 4
            at = self._x(line.at)
            d = f"M{_number(at - _ARROW)} {_number(y - 8)}h{2 * _ARROW}l-{_ARROW} 8z"
            look = "linetext" if x > at else "linetext ending"
            yield _group(line.label, f'<path class="arrow" d="{d}"/>', _text(x, y, label, look))
        self.y += len(ends) * _PLAIN * _LEADING

    def _tick_labels(self) -> Iterator[str]:
        for is_major in (True, False):
            ticks = [tick for tick in self.chart.ticks if tick.is_major == is_major]
            if not ticks:
                continue
            self.y += _SMALL * _LEADING
            taken = 0.0
            for tick in ticks:
                found = self._tick_label(tick, taken)
                if found is not None:
                    x, taken = found
                    look = "small" if is_major else "small soft"
                    yield _text(x, self.y - 3, tick.label, look)
        self.y += 3

    def _tick_label(self, tick: Tick, taken: float) -> tuple[float, float] | None:
        """Where a label stands and ends, if there is room for it."""
        width = width_of(drawable(tick.label), _SMALL)
        if tick.until is None:
            if not self._is_inside(tick.at):
                return None
            x = min(self._x(tick.at) - width / 2, _WIDTH - _EDGE / 2 - width)
        else:
            if tick.until <= self.chart.start or tick.at >= self.chart.end:
                return None
            start, end = self._x(tick.at), self._x(tick.until)
            x = start + 3 if tick.is_major else (start + end - width) / 2
            if x < start or x + width > end:
                return None
        return None if x < taken + 2 else (x, x + width)

    # The lanes.

    def _places(self) -> Iterator[_Placed]:
        room = self.left - _GUTTER - _EDGE
        for lane in self.chart.lanes:
            name = wrapped(drawable(lane.name), room, partial(width_of, size=_NAME), most=2)
            rows = _ROW if lane.rows == 1 else lane.rows * _ONE_OF_ROWS
            lines = len(name) * _NAME * _LEADING + (_SMALL * _LEADING if lane.detail else 0)
            height = max(rows, lines) + 2 * _LANE_PADDING
            yield _Placed(lane, self.y, height, name)
            self.y += height

    def _shades(self, top: float) -> Iterator[str]:
        for start, end in self.chart.shades:
            if end > self.chart.start and start < self.chart.end:
                x = self._x(start)
                yield _rect("weekend", x, top, self._x(end) - x, self.y - top)

    def _grid(self, top: float, lanes: Sequence[_Placed]) -> Iterator[str]:
        majors = {tick.at for tick in self.chart.ticks if tick.is_major}
        for look, places in (
            ("grid", {tick.at for tick in self.chart.ticks} - majors),
            ("major", majors),
        ):
            paths = [
                f"M{_number(self._x(at))} {_number(top)}V{_number(self.y)}"
                for at in sorted(places)
                if self._is_inside(at)
            ]
            if paths:
                yield f'<path class="{look}" d="{"".join(paths)}"/>'
        edges = [top, *(lane.top + lane.height for lane in lanes)]
        d = "".join(f"M{_EDGE} {_number(y)}H{_number(self.right)}" for y in edges)
        yield f'<path class="major" d="{d}"/>'

    def _lane(self, placed: _Placed) -> Iterator[str]:
        yield from self._lane_name(placed)
        shown = [
            bar
            for bar in placed.lane.bars
            if bar.end >= self.chart.start and bar.start <= self.chart.end
        ]
        thinnest = {**_THINNEST, "gap": self._thinnest_gap(shown)}
        length = (self.chart.end - self.chart.start) / (self.right - self.left)
        shown.sort(key=lambda each: each.rank(thinnest["gap"] * length))
        bars = [(bar, self._extent(bar, thinnest.get(bar.style, _THIN))) for bar in shown]
        for number, (bar, extent) in enumerate(bars):
            yield self._bar(placed, bar, extent, bars[number + 1 :])
        by_row: dict[int, list[Mark]] = {}
        for mark in placed.lane.marks:
            if self._is_inside(mark.at):
                by_row.setdefault(mark.row, []).append(mark)
        for marks in by_row.values():
            marks.sort(key=lambda each: each.at)
            for mark, following in zip(marks, [*marks[1:], None], strict=True):
                end = self.right if following is None else self._x(following.at) - 2 * _RADIUS
                yield self._mark(placed, mark, end)

    def _lane_name(self, placed: _Placed) -> Iterator[str]:
        lane = placed.lane
        lines = len(placed.name) * _NAME + (_SMALL if lane.detail else 0)
        y = placed.top + (placed.height - lines * _LEADING) / 2
        texts: list[str] = []
        for line in placed.name:
            y += _NAME * _LEADING
            texts.append(_text(_EDGE, y - 5, line, "name"))
        if lane.detail:
            room = self.left - _GUTTER - _EDGE
            detail = shortened(drawable(lane.detail), room, partial(width_of, size=_SMALL))
            texts.append(_text(_EDGE, y + _SMALL * _LEADING - 5, detail, "small soft"))
        full = f"{lane.name}, {lane.detail}" if lane.detail else lane.name
        yield _group(full, *texts)

    def _thinnest_gap(self, bars: Sequence[Bar]) -> float:
        least = _THINNEST["gap"]
        gaps = [bar for bar in bars if bar.style == "gap"]
        short = sum(self._x(bar.end) - self._x(bar.start) < least for bar in gaps)
        each = (self.right - self.left) * _WIDENED / max(short, 1)
        return min(max(each, _THINNEST_OF_MANY), least)

    def _extent(self, bar: Bar, thinnest: float) -> _Extent:
        """From where to where a bar is drawn, which is wider than it lasts if that is too thin."""
        start, end = self._x(bar.start), self._x(bar.end)
        if end - start >= thinnest:
            return start, end
        start = min(max((start + end - thinnest) / 2, self.left), self.right - thinnest)
        return start, start + thinnest

    def _bar(
        self, placed: _Placed, bar: Bar, extent: _Extent, over: Sequence[tuple[Bar, _Extent]]
    ) -> str:
        (x, end), y = extent, placed.row(bar.row) + 1
        width, height = end - x, bar.span * placed.row_height - 2
        look, fill, ink = self._looks(bar)
        if bar.style == "gap" and width < _FILLED_GAP:
            look = "gap filled"
        drawn = _rect(look, x, y, width, height, fill=fill, rounded=width > 2 * _ROOM_BESIDE)
        inside = x + _ROOM_BESIDE + 1, end - _ROOM_BESIDE - 1
        if bar.labels and inside[0] < inside[1]:
            covered = [each for other, each in over if _share_a_row(bar, other)]
            free = list(_left_free(inside, [*self._line_extents(), *covered]))
            at, label = _placed_label(bar.labels, free, _PLAIN)
            if label:
                baseline = y + height / 2 + _PLAIN * 0.36
                self.labels.append(_text(at, baseline, label, f"on {ink}".rstrip()))
        return _group(bar.text, drawn)

    def _line_extents(self) -> Iterator[_Extent]:
        for line in self.chart.lines:
            if self._is_inside(line.at):
                yield self._x(line.at), self._x(line.at)

    def _looks(self, bar: Bar) -> tuple[str, str, str]:
        """The class of a bar, its fill if it has one of its own, and the class of its label."""
        if bar.style in ("plain", "striped"):
            number = self.numbers.get(bar.key, 0)
            own = colour(number)
            ink = "light" if own.ink == "#ffffff" else "dark"
            if bar.style == "plain":
                return "bar", own.fill, ink
            self.stripes[number] = own
            return "bar", f"url(#{_ID}-{number})", ink
        return bar.style, "", {"gap": "gaptext", "hollow": "soft"}.get(bar.style, "")

    def _mark(self, placed: _Placed, mark: Mark, end: float) -> str:
        x, y = self._x(mark.at), placed.row(mark.row) + placed.row_height / 2
        # A mark at the very end stays whole.
        x = min(x, self.right - _RADIUS)
        drawn = _shape(mark.shape, x, y)
        first = x + _RADIUS + 4
        free = [
            each
            for each in _left_free((first, end - 4), self._line_extents())
            if each[0] <= first + _FARTHEST
        ]
        at, label = _placed_label([mark.label], free, _SMALL)
        if label:
            look = "on small soft" if mark.shape == "ring" else "on small"
            self.labels.append(_text(at, y + _SMALL * 0.36, label, look))
        return _group(mark.text, drawn)

    def _lines(self, top: float) -> Iterator[str]:
        for line in self.chart.lines:
            if self._is_inside(line.at):
                look = "line dashed" if line.is_dashed else "line"
                d = f"M{_number(self._x(line.at))} {_number(top)}V{_number(self.y)}"
                yield _group(line.label, f'<path class="{look}" d="{d}"/>')

    # Beneath the lanes.

    def _axis(self) -> Iterator[str]:
        if self.chart.axis:
            room = self.right - _EDGE
            self.y += 4
            yield from self._paragraph(self.chart.axis, _SMALL, "small soft", room)
        self.y += 10

    def _legend(self) -> Iterator[str]:
        items = [*self._keys(), *map(self._sample, self.chart.samples)]
        if not items:
            return
        x, step = float(_EDGE), _SWATCH + 6.0
        room = self.right - _EDGE - step
        for swatch, text in items:
            label = shortened(drawable(text), room, partial(width_of, size=_PLAIN))
            width = step + width_of(label, _PLAIN)
            if x + width > self.right and x > _EDGE:
                x = _EDGE
                self.y += _SWATCH + 8
            drawn = f'<g transform="translate({_number(x)} {_number(self.y)})">{swatch}</g>'
            yield _group(text, drawn, _text(x + step, self.y + 11, label, ""))
            x += width + 18
        self.y += _SWATCH + 10

    def _keys(self) -> Iterator[tuple[str, str]]:
        for number, key in enumerate(self.chart.keys):
            own = colour(number).fill
            yield _rect("bar", 0, 0, _SWATCH, _SWATCH, fill=own, rounded=True), key.name

    def _sample(self, sample: Sample) -> tuple[str, str]:
        if sample.look == "striped":
            self.stripes.setdefault(0, colour(0))
            fill = f"url(#{_ID}-{min(self.stripes)})"
            return _rect("bar", 0, 0, _SWATCH, _SWATCH, fill=fill, rounded=True), sample.text
        if sample.look in ("dot", "cross", "ring"):
            return _shape(sample.look, _SWATCH / 2, _SWATCH / 2), sample.text
        drawn = _rect(sample.look, 0, 0, _SWATCH, _SWATCH, rounded=True)
        if sample.look == "gap":
            # Short ones are drawn as this bar.
            thin = _THINNEST["gap"]
            drawn += _rect("gap filled", (_SWATCH - thin) / 2, 0, thin, _SWATCH)
        return drawn, sample.text

    def _notes(self) -> Iterator[str]:
        for note in self.chart.notes:
            yield from self._paragraph(note, _PLAIN, "", self.right - _EDGE)

    def _patterns(self) -> Iterator[str]:
        if not self.stripes:
            return
        yield "<defs>"
        for number, own in sorted(self.stripes.items()):
            yield (
                f'<pattern id="{_ID}-{number}" width="8" height="8" '
                'patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
                f'<rect width="8" height="8" fill="{own.fill}"/>'
                f'<rect width="4" height="8" fill="{own.stripe}"/></pattern>'
            )
        yield "</defs>"


def _share_a_row(one: Bar, other: Bar) -> bool:
    return one.row < other.row + other.span and other.row < one.row + one.span


def _left_free(within: _Extent, covered: Iterable[_Extent]) -> Iterator[_Extent]:
    """The parts of an extent that keep clear of what is covered, from the left."""
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


def _placed_label(labels: Sequence[str], free: Sequence[_Extent], size: float) -> tuple[float, str]:
    """Where a label begins, and which: the first that fits, or else the first of all, shortened."""
    measured = partial(width_of, size=size)
    told = [drawable(label) for label in labels]
    for label in told:
        for start, end in free:
            if measured(label) <= end - start:
                return start, label
    start, end = max(free, key=lambda each: each[1] - each[0], default=(0.0, 0.0))
    return start, shortened(told[0], end - start, measured) if told else ""


def _styles() -> str:
    shrinks = _SHRINKS.format(id=_ID)
    return f"{_own(_LIGHT)}{shrinks}@media(prefers-color-scheme:dark){{{_own(_DARK)}}}"


def _own(rules: str) -> str:
    """The rules, for what is within this picture."""
    return "".join(f"#{_ID} {rule}" for rule in rules.strip().split("\n"))


def _group(text: str, *pieces: str) -> str:
    return f"<g><title>{_escaped(text)}</title>{''.join(pieces)}</g>"


def _rect(
    look: str,
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    fill: str = "",
    rounded: bool = False,
) -> str:
    parts = [f'<rect class="{look}" x="{_number(x)}" y="{_number(y)}"']
    parts.append(f' width="{_number(width)}" height="{_number(height)}"')
    parts += [' rx="3"'] if rounded else []
    parts += [f' fill="{fill}"'] if fill else []
    return f"{''.join(parts)}/>"


def _shape(shape: str, x: float, y: float) -> str:
    if shape == "cross":
        d = f"M{_number(x - 4)} {_number(y - 4)}l8 8m0-8l-8 8"
        return f'<path class="cross" d="{d}"/>'
    return f'<circle class="{shape}" cx="{_number(x)}" cy="{_number(y)}" r="{_RADIUS}"/>'


def _text(x: float, y: float, text: str, look: str) -> str:
    named = f' class="{look}"' if look else ""
    return f'<text x="{_number(x)}" y="{_number(y)}"{named}>{_escaped(text)}</text>'


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _escaped(text: str) -> str:
    return escape(drawable(text), quote=False)
