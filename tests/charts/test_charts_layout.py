"""Where things stand in an SVG, by the measures that it was drawn with; see also tests/browser."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from attrs import frozen
from charts.charts import charts
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ssm_contacts_sdk._charts.chart import Bar, Chart, Key, Lane, Line, Mark
from ssm_contacts_sdk._charts.svg import svg
from ssm_contacts_sdk._charts.typography import pixel_width

SVG = "{http://www.w3.org/2000/svg}"
# What a number in the file may be rounded by.
ROUNDED = 0.11
LINE = 1.6
SIZES = {"title": 17.0, "name": 13.0, "small": 11.0}


@frozen
class Box:
    """Something that is drawn: from where to where, and what it is."""

    left: float
    right: float
    top: float
    bottom: float
    what: str


def drawn(chart: Chart) -> ET.Element:
    return ET.fromstring(svg(chart).encode())  # noqa: S314 - our own


def looks(element: ET.Element) -> list[str]:
    return element.get("class", "").split()


def bars(root: ET.Element, look: str) -> list[Box]:
    return [
        Box(x, x + width, float(rect.attrib["y"]), 0, group.findtext(f"{SVG}title") or "")
        # Those of the legend have none of their own.
        for group in root.iter(f"{SVG}g")
        if group.find(f"{SVG}title") is not None
        for rect in group.findall(f"{SVG}rect")
        if look in looks(rect)
        for x, width in [(float(rect.attrib["x"]), float(rect.attrib["width"]))]
    ]


def labels(root: ET.Element) -> list[Box]:
    """The texts that stand in lanes: those of bars and marks."""
    found: list[Box] = []
    for text in root.iter(f"{SVG}text"):
        if "on" in looks(text):
            size = next((SIZES[look] for look in looks(text) if look in SIZES), 12.0)
            x, y, told = float(text.attrib["x"]), float(text.attrib["y"]), text.text or ""
            found.append(Box(x, x + pixel_width(told, size), y - size, y, told))
    return found


def lines(root: ET.Element) -> list[float]:
    return [
        float(path.attrib["d"].removeprefix("M").split(" ")[0])
        for path in root.iter(f"{SVG}path")
        if "line" in looks(path)
    ]


def chart(*lanes: Lane, lines: tuple[float, ...] = (), end: float = 100) -> Chart:
    return Chart(
        title="",
        start=0,
        end=end,
        lanes=lanes,
        lines=tuple(Line(at=at, label="now") for at in lines),
        keys=(Key(key="a", name="Akua"),),
    )


def shift(start: float, end: float, *names: str) -> Bar:
    return Bar(start=start, end=end, text="shift", labels=names, key="a")


def gap(start: float, end: float) -> Bar:
    return Bar(start=start, end=end, text="gap", labels=("nobody", ""), style="gap")


# The root


def test_no_size_of_the_root_is_left_to_styles_that_converters_read() -> None:
    """cairosvg takes a height of "auto" for 0, in a style of the root and in a rule for it."""
    root = drawn(chart())
    assert "style" not in root.attrib
    assert root.attrib["viewBox"] == f"0 0 {root.attrib['width']} {root.attrib['height']}"
    rules = root.findtext(f"{SVG}style") or ""
    outside, _, within = rules.partition("@media")
    assert "height" not in outside
    assert f"all{{#{root.attrib['id']}{{max-width:100%;height:auto}}}}" in within


# Labels and lines


@settings(max_examples=150, deadline=None)
@given(charts)
def test_no_label_is_crossed_by_a_line(chart: Chart) -> None:
    root = drawn(chart)
    crossed = [
        (label.what, line)
        for label in labels(root)
        for line in lines(root)
        if label.left - LINE / 2 + ROUNDED < line < label.right + LINE / 2 - ROUNDED
    ]
    assert crossed == []


@pytest.mark.parametrize("at", [0.2, 0.6, 2, 3, 5, 10, 30, 60])
def test_a_label_of_a_bar_stands_before_a_line_or_behind_it(at: float) -> None:
    root = drawn(chart(Lane(name="", bars=(shift(0, 60, "Alejandro Rosalez"),)), lines=(at,)))
    (label,), (line,) = labels(root), lines(root)
    assert label.what == "Alejandro Rosalez"
    assert line < label.left - LINE or line > label.right + LINE


def test_the_best_label_that_fits_beside_a_line_is_taken() -> None:
    bar = shift(0, 20, "Alejandro Rosalez of the second line", "Rosalez", "AR")
    (label,) = labels(drawn(chart(Lane(name="", bars=(bar,)), lines=(10,))))
    assert label.what == "Rosalez"


@pytest.mark.parametrize("at", [10.1, 11, 12, 15, 19])
def test_a_label_of_a_mark_is_not_far_from_it(at: float) -> None:
    mark = Mark(at=10, text="", label="text message")
    root = drawn(chart(Lane(name="", marks=(mark,)), lines=(at,)))
    (circle,) = (each for each in root.iter(f"{SVG}circle") if "dot" in looks(each))
    (label,), (line,) = labels(root), lines(root)
    assert 0 < label.left - float(circle.attrib["cx"]) < 40
    assert line < label.left or line > label.right


def test_a_label_is_not_under_a_bar_that_is_drawn_over_its_own() -> None:
    for over in (gap(0, 0.1), gap(3, 4), shift(1, 1.1), shift(0.5, 6)):
        root = drawn(chart(Lane(name="", bars=(shift(0, 40, "Akua Mansa"), over))))
        (label,) = (each for each in labels(root) if each.what == "Akua Mansa")
        (box,) = (
            each
            for each in (*bars(root, "gap"), *bars(root, "bar"))
            if each.what == over.text and each.right - each.left < 100
        )
        assert label.right <= box.left or label.left >= box.right


# What is short


@pytest.mark.parametrize("length", [0.0, 1e-6, 0.01, 0.1, 0.4])
@pytest.mark.parametrize("start", [0.0, 0.01, 33.3, 99.99, 100.0])
def test_a_gap_of_any_length_can_be_seen(start: float, length: float) -> None:
    end = min(start + length, 100)
    lane = Lane(name="", bars=(shift(0, start), gap(start, end), shift(end, 100)))
    root = drawn(chart(lane))
    (box,) = bars(root, "gap")
    assert box.right - box.left >= 5 - ROUNDED
    # Dashes of an outline cannot be recognized at this width.
    assert bars(root, "filled") == [box]


def many_gaps(count: int) -> list[Box]:
    """As many short gaps, each followed by a shift, as they are drawn."""
    step = 100 / count
    pieces = [(at * step, (at + 0.1) * step, (at + 1) * step) for at in range(count)]
    shown = tuple(bar for a, b, c in pieces for bar in (gap(a, b), shift(b, c)))
    found = bars(drawn(chart(Lane(name="", bars=shown))), "gap")
    return sorted(found, key=lambda each: each.left)


@pytest.mark.parametrize(
    ("count", "least"), [(1, 5), (10, 5), (60, 5), (135, 3), (365, 1), (2000, 1)]
)
def test_of_many_short_gaps_each_can_be_seen(count: int, least: float) -> None:
    boxes = many_gaps(count)
    assert len(boxes) == count
    assert min(each.right - each.left for each in boxes) >= least - ROUNDED


@pytest.mark.parametrize("count", [10, 60, 135, 365])
def test_many_short_gaps_do_not_look_like_one_long_gap(count: int) -> None:
    boxes = many_gaps(count)
    first, last = boxes[0].left, boxes[-1].right
    assert seen(first, last, [(each.left, each.right) for each in boxes]) >= (last - first) * 0.4


def test_a_gap_that_is_wide_enough_is_an_outline() -> None:
    root = drawn(chart(Lane(name="", bars=(gap(10, 40),))))
    assert len(bars(root, "gap")) == 1
    assert bars(root, "filled") == []


def test_short_gaps_stand_in_their_middle_and_inside_of_the_lane() -> None:
    width: dict[int, tuple[float, float]] = {}
    for at in (0, 50, 100):
        root = drawn(chart(Lane(name="", bars=(shift(0, 100), gap(at, at)))))
        (box,), (whole,) = bars(root, "gap"), bars(root, "bar")
        width[at] = box.left - whole.left, whole.right - box.right
    assert width[0][0] == pytest.approx(0, abs=ROUNDED)
    assert width[50][0] == pytest.approx(width[50][1], abs=2 * ROUNDED)
    assert width[100][1] == pytest.approx(0, abs=ROUNDED)


@pytest.mark.parametrize("style", ["plain", "striped", "shade", "hollow"])
def test_a_bar_of_any_length_can_be_seen(style: str) -> None:
    bar = Bar(start=7, end=7.001, text="short", key="a", style=style)  # type: ignore[arg-type]
    root = drawn(chart(Lane(name="", bars=(bar,))))
    (box,) = (each for look in ("bar", style) for each in bars(root, look))
    assert box.right - box.left >= 2 - ROUNDED


@settings(max_examples=150, deadline=None)
@given(st.lists(st.floats(0, 100), min_size=2, max_size=12, unique=True))
@example([0.0, 0.125, 0.375, 0.5])
def test_no_gap_is_covered_by_shifts_whatever_their_lengths(times: list[float]) -> None:
    steps = list(pairwise(sorted(times)))
    lane = Lane(
        name="",
        bars=tuple(gap(*step) if number % 2 else shift(*step) for number, step in enumerate(steps)),
    )
    root = drawn(chart(lane))
    order = [
        (look, float(rect.attrib["x"]), float(rect.attrib["x"]) + float(rect.attrib["width"]))
        for rect in root.iter(f"{SVG}rect")
        for look in looks(rect)
        if look in ("bar", "gap") and float(rect.attrib["height"]) > 15
    ]
    for number, (look, left, right) in enumerate(order):
        if look == "gap":
            covers = sorted((a, b) for each, a, b in order[number + 1 :] if each == "bar")
            # A shift that is drawn wider than it lasts takes one pixel of each end at most.
            assert seen(left, right, covers) >= 3 - 2 * ROUNDED


def seen(left: float, right: float, covers: list[tuple[float, float]]) -> float:
    """How much of it is not covered."""
    at, found = left, 0.0
    for start, end in covers:
        found += max(0.0, min(start, right) - at)
        at = max(at, min(end, right))
    return found + max(0.0, right - at)


# The edges


@settings(max_examples=100, deadline=None)
@given(charts)
def test_bars_marks_and_labels_stay_in_the_picture(chart: Chart) -> None:
    root = drawn(chart)
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    for circle in root.iter(f"{SVG}circle"):
        assert float(circle.attrib["cx"]) - 4.5 >= 0
        assert float(circle.attrib["cx"]) + 4.5 <= width
    for box in [each for look in ("bar", "gap", "quiet", "hollow") for each in bars(root, look)]:
        assert box.left >= 0
        assert box.right <= width
    for label in labels(root):
        assert label.left >= 0
        assert label.right <= width
        assert label.bottom <= height
