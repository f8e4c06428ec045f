from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from charts.charts import A_CHART, charts
from hypothesis import given

from ssm_contacts_sdk._charts.chart import Bar, Chart, Lane, Line, Mark
from ssm_contacts_sdk._charts.svg import svg

SVG = "{http://www.w3.org/2000/svg}"


def test_the_size_of_the_root_element_is_not_in_styles_that_converters_read() -> None:
    """cairosvg takes a height of "auto" for 0, in a style of the root and in a rule for it."""
    root = ET.fromstring(svg(A_CHART))  # noqa: S314 - our own
    assert "style" not in root.attrib
    assert root.attrib["viewBox"] == f"0 0 {root.attrib['width']} {root.attrib['height']}"
    rules = root.findtext(f"{SVG}style") or ""
    outside, _, within = rules.partition("@media")
    assert "height" not in outside
    assert f"all{{#{root.attrib['id']}{{max-width:100%;height:auto}}}}" in within


@given(charts)
def test_any_chart_is_valid_xml_that_utf_8_can_encode(chart: Chart) -> None:
    drawn = svg(chart)
    ET.fromstring(drawn.encode("utf-8"))  # noqa: S314 - our own
    assert svg(chart) == drawn


@given(charts)
def test_style_rules_apply_to_this_drawing_only(chart: Chart) -> None:
    root = ET.fromstring(svg(chart).encode())  # noqa: S314 - our own
    own = root.attrib["id"]
    rules = root.findtext(f"{SVG}style") or ""
    for rule in re.findall(r"([^{}]+)\{", re.sub(r"@media[^{]+\{", "", rules)):
        assert rule.startswith(f"#{own} ") or rule == f"#{own}"
    for element in root.iter():
        assert element.attrib.get("id", own).startswith(own)


def test_two_drawings_have_no_id_in_common() -> None:
    other = Chart(title="Another", start=0, end=10, lanes=())
    ids = [set(re.findall(r'id="([^"]+)"', svg(chart))) for chart in (A_CHART, other)]
    assert ids[0]
    assert ids[0].isdisjoint(ids[1])


def test_screen_readers_get_the_title_and_the_description() -> None:
    root = ET.fromstring(svg(A_CHART))  # noqa: S314 - our own
    assert root.attrib["role"] == "img"
    texts = {each.attrib.get("id"): each.text for each in root.iter()}
    assert [texts[name] for name in root.attrib["aria-labelledby"].split()] == ["On call", None]


def test_a_drawing_refers_to_no_file_and_has_no_script() -> None:
    drawn = svg(A_CHART)
    assert re.findall(r'https?://[^"]+', drawn) == ["http://www.w3.org/2000/svg"]
    assert "<script" not in drawn
    assert "@import" not in drawn


def test_a_bar_that_is_too_short_for_its_label_has_a_tooltip() -> None:
    short = Bar(start=2, end=2.1, text="Akua: an hour", labels=("Akua",), key="a")
    drawn = svg(Chart(title="", start=0, end=10, lanes=(Lane(name="", bars=(short,)),)))
    assert "<title>Akua: an hour</title>" in drawn
    assert ">Akua<" not in drawn


def test_bars_marks_and_lines_outside_the_axis_are_not_drawn() -> None:
    outside = Bar(start=11, end=12, text="later", labels=("later",))
    mark = Mark(at=-1, text="before")
    lane = Lane(name="web", bars=(outside,), marks=(mark,))
    line = Line(at=20, label="never")
    drawn = svg(Chart(title="", start=0, end=10, lanes=(lane,), lines=(line,)))
    assert not {"later", "before", "never"} & set(re.findall(r"\w+", drawn))


@pytest.mark.parametrize("at", [0, 1, 4, 8, 9.5, 10])
def test_the_label_of_a_line_begins_or_ends_at_its_arrow(at: float) -> None:
    label = "Emeka acknowledges at 4 min, and it ends"
    drawn = svg(Chart(title="", start=0, end=10, lanes=(), lines=(Line(at=at, label=label),)))
    (line,) = re.findall(r'class="line" d="M([\d.]+) ', drawn)
    ((x, style),) = re.findall(r'<text x="([\d.]+)" y="[\d.]+" class="(linetext[^"]*)"', drawn)
    assert style == ("linetext" if at < 5 else "linetext ending")
    assert abs(float(x) - float(line)) == pytest.approx(8)
    assert f">{label}</text>" in drawn


def test_quiet_bars_cover_nothing() -> None:
    quiet = Bar(start=1, end=1.1, text="quiet", style="quiet")
    shift = Bar(start=0, end=10, text="shift", key="a")
    drawn = svg(Chart(title="", start=0, end=10, lanes=(Lane(name="", bars=(shift, quiet)),)))
    assert drawn.index("<title>quiet") < drawn.index("<title>shift")


def test_short_bars_are_drawn_over_long_ones() -> None:
    long, short = (
        Bar(start=0, end=10, text="long", style="gap"),
        Bar(start=5, end=5.1, text="short", key="a"),
    )
    drawn = svg(Chart(title="", start=0, end=10, lanes=(Lane(name="", bars=(short, long)),)))
    assert drawn.index("<title>long") < drawn.index("<title>short")
