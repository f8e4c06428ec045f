from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from charts.charts import A_CHART, charts
from hypothesis import given, settings

from ssm_contacts_sdk._charts.chart import Bar, Chart, Lane, Line, Mark
from ssm_contacts_sdk._charts.svg import svg

SVG = "{http://www.w3.org/2000/svg}"


@settings(max_examples=60, deadline=None)
@given(charts)
def test_whatever_the_texts_it_is_xml_that_can_be_written_to_a_file(chart: Chart) -> None:
    drawn = svg(chart)
    ET.fromstring(drawn.encode("utf-8"))  # noqa: S314 - our own
    assert svg(chart) == drawn


@settings(max_examples=60, deadline=None)
@given(charts)
def test_all_styles_are_for_this_picture_alone(chart: Chart) -> None:
    root = ET.fromstring(svg(chart).encode())  # noqa: S314 - our own
    own = root.attrib["id"]
    rules = root.findtext(f"{SVG}style") or ""
    for rule in re.findall(r"([^{}]+)\{", re.sub(r"@media[^{]+\{", "", rules)):
        assert rule.startswith(f"#{own} ") or rule == f"#{own}"
    for element in root.iter():
        assert element.attrib.get("id", own).startswith(own)


def test_two_pictures_have_ids_of_their_own() -> None:
    other = Chart(title="Another", start=0, end=10, lanes=())
    ids = [set(re.findall(r'id="([^"]+)"', svg(chart))) for chart in (A_CHART, other)]
    assert ids[0]
    assert ids[0].isdisjoint(ids[1])


def test_a_screen_reader_is_told_what_it_is() -> None:
    root = ET.fromstring(svg(A_CHART))  # noqa: S314 - our own
    assert root.attrib["role"] == "img"
    told = {each.attrib.get("id"): each.text for each in root.iter()}
    assert [told[name] for name in root.attrib["aria-labelledby"].split()] == ["On call", None]


def test_it_loads_nothing_and_runs_nothing() -> None:
    drawn = svg(A_CHART)
    assert re.findall(r'https?://[^"]+', drawn) == ["http://www.w3.org/2000/svg"]
    assert "<script" not in drawn
    assert "@import" not in drawn


def test_a_bar_that_is_too_short_for_its_label_tells_it_in_its_tooltip() -> None:
    short = Bar(start=2, end=2.1, text="Akua: an hour", labels=("Akua",), key="a")
    drawn = svg(Chart(title="", start=0, end=10, lanes=(Lane(name="", bars=(short,)),)))
    assert "<title>Akua: an hour</title>" in drawn
    assert ">Akua<" not in drawn


def test_what_is_outside_of_the_axis_is_not_drawn() -> None:
    outside = Bar(start=11, end=12, text="later", labels=("later",))
    mark = Mark(at=-1, text="before")
    lane = Lane(name="web", bars=(outside,), marks=(mark,))
    line = Line(at=20, label="never")
    drawn = svg(Chart(title="", start=0, end=10, lanes=(lane,), lines=(line,)))
    assert not {"later", "before", "never"} & set(re.findall(r"\w+", drawn))


@pytest.mark.parametrize("at", [0, 1, 4, 8, 9.5, 10])
def test_a_label_begins_or_ends_at_its_line(at: float) -> None:
    label = "Emeka acknowledges at 4 min, and it ends"
    drawn = svg(Chart(title="", start=0, end=10, lanes=(), lines=(Line(at=at, label=label),)))
    (line,) = re.findall(r'class="line" d="M([\d.]+) ', drawn)
    ((x, look),) = re.findall(r'<text x="([\d.]+)" y="[\d.]+" class="(linetext[^"]*)"', drawn)
    assert look == ("linetext" if at < 5 else "linetext ending")
    assert abs(float(x) - float(line)) == pytest.approx(8)
    assert f">{label}</text>" in drawn


def test_what_does_not_matter_covers_nothing() -> None:
    quiet = Bar(start=1, end=1.1, text="quiet", style="quiet")
    shift = Bar(start=0, end=10, text="shift", key="a")
    drawn = svg(Chart(title="", start=0, end=10, lanes=(Lane(name="", bars=(shift, quiet)),)))
    assert drawn.index("<title>quiet") < drawn.index("<title>shift")


def test_what_is_short_is_drawn_over_what_is_long() -> None:
    long, short = (
        Bar(start=0, end=10, text="long", style="gap"),
        Bar(start=5, end=5.1, text="short", key="a"),
    )
    drawn = svg(Chart(title="", start=0, end=10, lanes=(Lane(name="", bars=(short, long)),)))
    assert drawn.index("<title>long") < drawn.index("<title>short")
