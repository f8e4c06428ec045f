"""The positions in a drawing, by calculated widths of text; tests/browser measures the widths."""

from __future__ import annotations

from itertools import pairwise

import pytest
from amounts import amount
from attrs import evolve, frozen
from charts.charts import charts
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ssm_contacts_sdk._charts.chart import (
    Bar,
    BarStyle,
    Chart,
    Key,
    Lane,
    Line,
    Mark,
    MarkShape,
    Tick,
)
from ssm_contacts_sdk._charts.layout import layout
from ssm_contacts_sdk._charts.shapes import (
    SYMBOL_RADIUS,
    Box,
    Group,
    Item,
    Layout,
    LegendEntry,
    Stroke,
    Symbol,
    Text,
)
from ssm_contacts_sdk._charts.styles import colour
from ssm_contacts_sdk._charts.typography import pixel_width

# For floating-point errors: everything that is compared is at least a tenth of a pixel.
EPSILON = 1e-6
LINE_WIDTH = 1.6
SIZES = {"title": 17.0, "name": 13.0, "small": 11.0}


@frozen
class PlacedBar:
    """A bar of a lane with its tooltip."""

    box: Box
    tooltip: str

    @property
    def left(self) -> float:
        return self.box.x

    @property
    def right(self) -> float:
        return self.box.x + self.box.width


def placed_bars(placed: Layout) -> list[PlacedBar]:
    return [
        PlacedBar(shape, group.tooltip)
        for group in placed.lanes
        for shape in group.shapes
        if isinstance(shape, Box)
    ]


def gaps(placed: Layout) -> list[PlacedBar]:
    return [bar for bar in placed_bars(placed) if bar.box.style in ("gap", "gap filled")]


def only_label(placed: Layout) -> Text:
    (label,) = placed.labels
    return label


def right_of(text: Text) -> float:
    size = next((SIZES[style] for style in text.style.split() if style in SIZES), 12.0)
    return text.x + pixel_width(text.text, size)


def lines_of(placed: Layout) -> list[float]:
    strokes = (shape for group in placed.lines for shape in group.shapes)
    return [stroke.segments[0].x1 for stroke in strokes if isinstance(stroke, Stroke)]


def chart(*lanes: Lane, lines: tuple[float, ...] = (), end: float = 100) -> Chart:
    return Chart(
        title="",
        start=0,
        end=end,
        lanes=lanes,
        lines=tuple(Line(at=at, label="now") for at in lines),
        keys=(Key(key="a", name="Akua"),),
    )


def bars_layout(*bars: Bar, lines: tuple[float, ...] = ()) -> Layout:
    return layout(chart(Lane(name="", bars=bars), lines=lines))


def shift(start: float, end: float, *names: str) -> Bar:
    return Bar(start=start, end=end, text="shift", labels=names, key="a")


def gap(start: float, end: float) -> Bar:
    return Bar(start=start, end=end, text="gap", labels=("nobody", ""), style="gap")


# Lanes and the lines behind them


def test_there_is_space_above_and_below_the_rows_of_a_lane() -> None:
    lanes = [Lane(name=name, bars=(shift(0, 100),)) for name in "ab"]
    above, below = placed_bars(layout(chart(*lanes)))
    # A row is 26 high, and has 5 on each side.
    assert below.box.y - above.box.y == 36


def test_the_lines_of_major_ticks_differ_from_others() -> None:
    ticks = (Tick(at=20, label="a", is_major=True), Tick(at=40, label="b"))
    placed = layout(evolve(chart(Lane(name="")), ticks=ticks))
    drawn = [
        (stroke.style, segment.x1)
        for stroke in placed.background
        if isinstance(stroke, Stroke)
        for segment in stroke.segments
        if segment.x1 == segment.x2
    ]
    assert [style for style, _ in sorted(drawn, key=lambda each: each[1])] == ["major", "grid"]


# Sections


@given(charts)
def test_sections_follow_each_other_from_top_to_bottom(chart: Chart) -> None:
    placed = layout(chart)
    sections = [
        [text.y for text in placed.heading],
        [text.y for item in placed.line_labels for text in texts_of(item)],
        [text.y for text in placed.tick_labels],
        [bar.box.y for bar in placed_bars(placed)],
        [text.y for item in placed.footer for text in texts_of(item)],
    ]
    for upper, lower in pairwise([section for section in sections if section]):
        assert max(upper) <= min(lower)
    assert max(max(section, default=0) for section in sections) <= placed.height


def test_a_layout_has_all_parts_in_the_order_of_drawing() -> None:
    tick = Tick(at=2, label="2")
    mark = Mark(at=1, text="a page", label="sms")
    lane = Lane(name="web", bars=(shift(0, 5, "Akua"),), marks=(mark,))
    placed = layout(
        Chart(
            title="Title",
            description=("Description",),
            start=0,
            end=10,
            lanes=(lane,),
            lines=(Line(at=8, label="now"),),
            ticks=(tick,),
            axis="Axis",
            keys=(Key(key="a", name="Akua"),),
            notes=("Note",),
        )
    )
    texts = [text.text for item in placed.items for text in texts_of(item)]
    assert texts == [
        "Title",
        "Description",
        "web",
        "Akua",
        "sms",
        "now",
        "2",
        "Axis",
        "Akua",
        "Note",
    ]


def texts_of(item: Item) -> list[Text]:
    if isinstance(item, Group):
        return [shape for shape in item.shapes if isinstance(shape, Text)]
    if isinstance(item, LegendEntry):
        return [item.text]
    return [item] if isinstance(item, Text) else []


# Labels and lines


@settings(max_examples=amount(quick=20, long=150))
@given(charts)
def test_no_label_is_crossed_by_a_line(chart: Chart) -> None:
    placed = layout(chart)
    crossed = [
        (label.text, line)
        for label in placed.labels
        for line in lines_of(placed)
        if label.x - LINE_WIDTH / 2 < line < right_of(label) + LINE_WIDTH / 2
    ]
    assert crossed == []


@pytest.mark.parametrize("at", [0.2, 0.6, 2, 3, 5, 10, 30, 60])
def test_the_label_of_a_bar_is_before_or_after_a_line(at: float) -> None:
    placed = bars_layout(shift(0, 60, "Alejandro Rosalez"), lines=(at,))
    label, (line,) = only_label(placed), lines_of(placed)
    assert label.text == "Alejandro Rosalez"
    assert line < label.x - LINE_WIDTH or line > right_of(label) + LINE_WIDTH


def test_the_first_label_that_fits_next_to_a_line_is_used() -> None:
    bar = shift(0, 20, "Alejandro Rosalez of the second line", "Rosalez", "AR")
    assert only_label(bars_layout(bar, lines=(10,))).text == "Rosalez"


@pytest.mark.parametrize("at", [10.1, 11, 12, 15, 19])
def test_the_label_of_a_mark_is_near_the_mark(at: float) -> None:
    mark = Mark(at=10, text="", label="text message")
    placed = layout(chart(Lane(name="", marks=(mark,)), lines=(at,)))
    (symbol,) = (
        shape for group in placed.lanes for shape in group.shapes if isinstance(shape, Symbol)
    )
    label, (line,) = only_label(placed), lines_of(placed)
    assert 0 < label.x - symbol.x < 40
    assert line < label.x or line > right_of(label)


@pytest.mark.parametrize("over", [gap(0, 0.1), gap(3, 4), shift(1, 1.1), shift(0.5, 6)])
def test_a_label_is_not_covered_by_another_bar(over: Bar) -> None:
    placed = bars_layout(shift(0, 40, "Akua Mansa"), over)
    (label,) = (each for each in placed.labels if each.text == "Akua Mansa")
    (cover,) = (
        each for each in placed_bars(placed) if each.tooltip == over.text and each.box.width < 100
    )
    assert right_of(label) <= cover.left or label.x >= cover.right


# Short bars


@pytest.mark.parametrize("length", [0.0, 1e-6, 0.01, 0.1, 0.4])
@pytest.mark.parametrize("start", [0.0, 0.01, 33.3, 99.99, 100.0])
def test_a_short_gap_is_filled_and_at_least_5_pixels_wide(start: float, length: float) -> None:
    end = min(start + length, 100)
    (bar,) = gaps(bars_layout(shift(0, start), gap(start, end), shift(end, 100)))
    assert bar.box.width >= 5 - EPSILON
    # The dashes of an outline are not recognizable at this width.
    assert bar.box.style == "gap filled"


def many_gaps(count: int) -> list[PlacedBar]:
    """Return that many short gaps, each of which is followed by a shift, as they are drawn."""
    step = 100 / count
    times = [(at * step, (at + 0.1) * step, (at + 1) * step) for at in range(count)]
    bars = (bar for a, b, c in times for bar in (gap(a, b), shift(b, c)))
    return sorted(gaps(bars_layout(*bars)), key=lambda each: each.left)


@pytest.mark.parametrize(
    ("count", "least"), [(1, 5), (10, 5), (60, 5), (135, 3), (365, 1), (2000, 1)]
)
def test_each_of_many_short_gaps_is_visible(count: int, least: float) -> None:
    found = many_gaps(count)
    assert len(found) == count
    assert min(each.box.width for each in found) >= least - EPSILON


@pytest.mark.parametrize("count", [10, 60, 135, 365])
def test_many_short_gaps_do_not_look_like_one_long_gap(count: int) -> None:
    found = many_gaps(count)
    first, last = found[0].left, found[-1].right
    covers = [(each.left, each.right) for each in found]
    assert visible_width(first, last, covers) >= (last - first) * 0.4


def test_a_wide_gap_is_an_outline() -> None:
    (bar,) = gaps(bars_layout(gap(10, 40)))
    assert bar.box.style == "gap"


def test_short_gaps_are_drawn_around_their_middle_and_inside_the_lane() -> None:
    margins: dict[int, tuple[float, float]] = {}
    for at in (0, 50, 100):
        placed = bars_layout(shift(0, 100), gap(at, at))
        (short,) = gaps(placed)
        (whole,) = (each for each in placed_bars(placed) if each.tooltip == "shift")
        margins[at] = short.left - whole.left, whole.right - short.right
    assert margins[0][0] == pytest.approx(0)
    assert margins[50][0] == pytest.approx(margins[50][1])
    assert margins[100][1] == pytest.approx(0)


@pytest.mark.parametrize("style", ["plain", "striped", "shade", "hollow"])
def test_a_bar_of_any_length_is_visible(style: BarStyle) -> None:
    bar = Bar(start=7, end=7.001, text="short", key="a", style=style)
    (placed,) = placed_bars(bars_layout(bar))
    assert placed.box.width >= 2 - EPSILON


@settings(max_examples=amount(quick=20, long=150))
@given(st.lists(st.floats(0, 100), min_size=2, max_size=12, unique=True))
@example([0.0, 0.125, 0.375, 0.5])
def test_shifts_of_any_length_do_not_cover_a_gap(times: list[float]) -> None:
    steps = list(pairwise(sorted(times)))
    bars = (gap(*step) if number % 2 else shift(*step) for number, step in enumerate(steps))
    order = placed_bars(bars_layout(*bars))
    for number, bar in enumerate(order):
        if bar.tooltip == "gap":
            above = (each for each in order[number + 1 :] if each.tooltip == "shift")
            covers = sorted((each.left, each.right) for each in above)
            # A shift that is drawn wider than it is covers at most one pixel of each end.
            assert visible_width(bar.left, bar.right, covers) >= 3 - EPSILON


def visible_width(left: float, right: float, covers: list[tuple[float, float]]) -> float:
    """Return the total width between `left` and `right` that is not covered."""
    at, found = left, 0.0
    for start, end in covers:
        found += max(0.0, min(start, right) - at)
        at = max(at, min(end, right))
    return found + max(0.0, right - at)


# The edges


@given(charts)
def test_bars_marks_and_labels_are_inside_the_drawing(chart: Chart) -> None:
    placed = layout(chart)
    for symbol in (shape for group in placed.lanes for shape in group.shapes):
        if isinstance(symbol, Symbol):
            assert symbol.x - SYMBOL_RADIUS >= 0
            assert symbol.x + SYMBOL_RADIUS <= placed.width
    for bar in placed_bars(placed):
        assert bar.left >= 0
        assert bar.right <= placed.width
    for label in placed.labels:
        assert label.x >= 0
        assert right_of(label) <= placed.width
        assert label.y <= placed.height


# Styles of labels


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("plain", "on dark"),
        ("striped", "on dark"),
        ("gap", "on gaptext"),
        ("quiet", "on"),
        ("shade", "on"),
        ("hollow", "on soft"),
    ],
)
def test_the_style_of_a_label_follows_from_its_bar(style: BarStyle, expected: str) -> None:
    bar = Bar(start=10, end=90, text="", labels=("Akua",), key="a", style=style)
    assert only_label(bars_layout(bar)).style == expected


def test_a_label_is_light_on_dark_colours_only() -> None:
    keys = [Key(key=f"{number}", name="") for number in range(8)]
    bars = [
        Bar(start=10, end=90, text="", labels=(each.key,), key=each.key, row=row)
        for row, each in enumerate(keys)
    ]
    lane = Lane(name="", bars=tuple(bars), rows=len(bars))
    placed = layout(Chart(title="", start=0, end=100, lanes=(lane,), keys=tuple(keys)))
    boxes = [bar.box for bar in placed_bars(placed)]
    styles = [label.style for label in placed.labels]
    assert len({box.colour for box in boxes}) == 8
    assert styles == ["on light" if colour(box.colour).is_ink_light else "on dark" for box in boxes]
    assert {*styles} == {"on light", "on dark"}


@pytest.mark.parametrize(
    ("shape", "expected"), [("dot", "on small"), ("ring", "on small soft"), ("cross", "on small")]
)
def test_the_style_of_a_label_follows_from_its_mark(shape: MarkShape, expected: str) -> None:
    mark = Mark(at=20, text="", label="sms", shape=shape)
    assert only_label(layout(chart(Lane(name="", marks=(mark,))))).style == expected


def test_only_a_gap_that_is_shorter_than_the_shortest_is_drawn_last() -> None:
    def is_last(style: BarStyle, length: float) -> bool:
        bar = Bar(start=0, end=length, text="", style=style)
        return bar.drawing_order(shortest_gap=5)[0]

    assert [is_last("gap", length) for length in (4, 5, 6)] == [True, False, False]
    assert not is_last("plain", 4)
