"""Charts in which something is exactly at an end of the axis, has no length, or is missing."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from attrs import evolve
from charts.charts import A_CHART

from ssm_contacts_sdk._charts.chart import Bar, BarStyle, Chart, Key, Lane, Line, Mark, Tick
from ssm_contacts_sdk._charts.lanes import MARGIN, WIDTH
from ssm_contacts_sdk._charts.layout import layout
from ssm_contacts_sdk._charts.shapes import Box, Stroke, Symbol
from ssm_contacts_sdk._charts.svg import svg
from ssm_contacts_sdk._charts.text import text

# The narrowest text has 40 columns, of which the name takes five.
COLUMNS = 35
RIGHT = WIDTH - MARGIN


def chart(lane: Lane, *lines: Line, ticks: tuple[Tick, ...] = ()) -> Chart:
    return Chart(
        title="",
        start=0,
        end=10,
        lanes=(evolve(lane, name="web"),),
        lines=lines,
        ticks=ticks,
        keys=(Key(key="a", name="Akua"),),
    )


def row_of(drawn: Chart) -> str:
    """Return the lane as text, 35 columns wide."""
    (row,) = [line for line in text(drawn, 40).splitlines() if line.startswith("web")]
    return row[5:].ljust(COLUMNS)


def above(drawn: Chart) -> str:
    """Return the line of labels above the lane."""
    lines = text(drawn, 40).splitlines()
    (number,) = [number for number, line in enumerate(lines) if line.startswith("web")]
    return lines[number - 1][5:]


def extents(drawn: Chart) -> list[tuple[float, float]]:
    """Return the left and the right end of each bar in the picture, in pixels."""
    shapes = [shape for group in layout(drawn).lanes for shape in group.shapes]
    return sorted((each.x, each.x + each.width) for each in shapes if isinstance(each, Box))


def bar(start: float, end: float, style: BarStyle = "plain") -> Bar:
    return Bar(start=start, end=end, text="", labels=("Akua",), key="a", style=style)


@pytest.mark.parametrize(("at", "column"), [(0, 0), (5, 17), (10, COLUMNS - 1)])
def test_a_bar_of_no_length_is_visible_on_the_whole_axis(at: float, column: int) -> None:
    drawn = chart(Lane(name="", bars=(bar(at, at),)))
    assert row_of(drawn) == "A".rjust(column + 1).ljust(COLUMNS)
    ((left, right),) = extents(drawn)
    assert right - left == 2
    assert left <= layout_x(drawn, at) <= right


def layout_x(drawn: Chart, at: float) -> float:
    """Return where the picture has a line at a position on the axis."""
    (line,) = layout(evolve(drawn, lines=(Line(at=at, label=""),))).lines
    (stroke,) = line.shapes
    assert isinstance(stroke, Stroke)
    return stroke.segments[0].x1


@pytest.mark.parametrize("length", [0.01, 5])
@pytest.mark.parametrize("style", ["plain", "gap", "quiet", "hollow"])
def test_a_bar_that_ends_where_the_axis_begins_is_not_drawn(style: BarStyle, length: float) -> None:
    drawn = chart(Lane(name="", bars=(bar(-length, 0, style), bar(10, 10 + length, style))))
    assert row_of(drawn).strip() == ""
    assert extents(drawn) == []


def test_bars_that_touch_have_nothing_between_them_and_nothing_in_common() -> None:
    drawn = chart(Lane(name="", bars=(bar(0, 4), bar(4, 10, "gap"))))
    assert row_of(drawn) == "[Akua────────]!nobody!!!!!!!!!!!!!!".replace("nobody", "Akua!!")
    (left, middle), (following, right) = extents(drawn)
    assert (left, middle, right) == (layout_x(drawn, 0), following, RIGHT)


@pytest.mark.parametrize(("at", "column"), [(0, 0), (10, COLUMNS - 1)])
def test_a_mark_and_a_line_at_an_end_are_inside(at: float, column: int) -> None:
    drawn = chart(Lane(name="", marks=(Mark(at=at, text="", label="page"),)))
    assert row_of(drawn) == "●".rjust(column + 1).ljust(COLUMNS)
    crossed = chart(Lane(name=""), Line(at=at, label="now"))
    assert row_of(crossed) == "│".rjust(column + 1).ljust(COLUMNS)
    assert above(crossed) == ("▼ now" if at == 0 else "now ▼".rjust(COLUMNS))
    symbols = [
        shape
        for group in (*layout(drawn).lanes, *layout(crossed).line_labels)
        for shape in group.shapes
        if isinstance(shape, Symbol)
    ]
    assert len(symbols) == 2
    assert all(layout_x(drawn, 0) <= symbol.x <= RIGHT for symbol in symbols)


@pytest.mark.parametrize("at", [-0.001, 10.001])
def test_a_mark_and_a_line_beyond_an_end_are_not_drawn(at: float) -> None:
    drawn = chart(Lane(name="", marks=(Mark(at=at, text="a page"),)), Line(at=at, label="now"))
    assert row_of(drawn).strip() == ""
    assert "now" not in svg(drawn)
    assert layout(drawn).lines == ()


def test_the_labels_of_ticks_are_those_of_intervals_inside_the_axis() -> None:
    ticks = (
        Tick(at=-2, until=0, label="too early"),
        Tick(at=0, until=5, label="first"),
        Tick(at=5, until=10, label="second"),
        Tick(at=10, until=12, label="too late"),
    )
    drawn = chart(Lane(name=""), ticks=ticks)
    assert above(drawn).split() == ["first", "second"]
    assert [label.text for label in layout(drawn).tick_labels] == ["first", "second"]


def test_ticks_at_the_ends_of_the_axis_are_inside_it() -> None:
    ticks = tuple(Tick(at=at, label=str(at)) for at in (-1, 0, 10, 11))
    drawn = chart(Lane(name=""), ticks=ticks)
    # In text, a label begins at its tick: there is no column for the last one.
    assert above(drawn).split() == ["0"]
    assert [label.text for label in layout(drawn).tick_labels] == ["0", "10"]


def test_a_chart_without_lanes_has_its_title_and_its_lines() -> None:
    drawn = evolve(A_CHART, lanes=(), lines=(Line(at=10, label="now"),))
    assert text(drawn, 40).splitlines() == [
        "On call",
        "",
        "now ▼".rjust(40),
        "",
        "A Akua Mansa",
    ]
    assert ET.fromstring(svg(drawn)).tag.endswith("svg")  # noqa: S314 - our own


def test_the_narrowest_text_has_40_columns() -> None:
    assert text(A_CHART, 39) == text(A_CHART, 40) != text(A_CHART, 41)


@pytest.mark.parametrize("label", ["now", "sixteen letters."])
def test_the_arrow_is_above_its_line_on_either_side_of_its_label(label: str) -> None:
    drawn = chart(Lane(name=""), Line(at=5, label=label))
    assert above(drawn).index("▼") == 18
