"""Drawings in a browser: they are complete and readable."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

import pytest
from browser.chromium import Box, Drawing, Page, Scheme, Shape, Text, render
from browser.gallery import Case, gallery
from make_pictures import Team

from ssm_contacts_sdk._charts.styles import contrast
from ssm_contacts_sdk._charts.typography import remove_isolates

SCHEMES: tuple[Scheme, ...] = ("light", "dark")
# The minimum contrast of WCAG for text of any size.
MIN_CONTRAST = 4.5
# Browsers round coordinates.
TOLERANCE = 0.5


@pytest.fixture(scope="module")
def cases() -> Sequence[Case]:
    return list(gallery())


@pytest.fixture(scope="module")
def pages(cases: Sequence[Case], tmp_path_factory: pytest.TempPathFactory) -> dict[Scheme, Page]:
    directory = tmp_path_factory.mktemp("browser")
    svgs = [case.svg for case in cases]
    return {scheme: render(svgs, scheme, directory) for scheme in SCHEMES}


@pytest.fixture(params=SCHEMES)
def scheme(request: pytest.FixtureRequest) -> Scheme:
    chosen: Scheme = request.param
    return chosen


@pytest.fixture
def rendered(
    cases: Sequence[Case], pages: dict[Scheme, Page], scheme: Scheme
) -> list[tuple[Case, Drawing]]:
    return list(zip(cases, pages[scheme].drawings, strict=True))


def test_every_person_is_named(rendered: list[tuple[Case, Drawing]]) -> None:
    missing = [
        (case.name, name)
        for case, drawing in rendered
        for name in case.people
        if name not in remove_isolates(drawing.content)
    ]
    assert missing == []


def test_every_gap_and_every_override_has_a_tooltip(rendered: list[tuple[Case, Drawing]]) -> None:
    for case, drawing in rendered:
        gaps = [title for title in drawing.tooltips if title.startswith("nobody in ")]
        assert len(gaps) >= case.gaps, case.name
        overrides = [title for title in drawing.tooltips if ", an override" in title]
        assert len([title for title in overrides if title not in gaps]) == case.overrides, case.name


def test_every_skip_has_a_visible_description(rendered: list[tuple[Case, Drawing]]) -> None:
    for case, drawing in rendered:
        visible = " ".join(each.text for each in drawing.texts)
        assert visible.count(": skipped, because ") >= case.skips, case.name


def test_no_two_texts_overlap(rendered: list[tuple[Case, Drawing]]) -> None:
    assert [
        (case.name, one.text, other.text)
        for case, drawing in rendered
        for one, other in overlapping(drawing.texts)
    ] == []


def overlapping(texts: Sequence[Text]) -> Iterator[tuple[Text, Text]]:
    for one, other in combinations(texts, 2):
        left, top = (max(one.box[at], other.box[at]) for at in (0, 1))
        right, bottom = (min(one.box[at], other.box[at]) for at in (2, 3))
        if right - left > TOLERANCE and bottom - top > TOLERANCE:
            yield one, other


def test_no_label_is_crossed_by_a_line(rendered: list[tuple[Case, Drawing]]) -> None:
    crossed = [
        (case.name, text.text)
        for case, drawing in rendered
        for text in drawing.texts
        for line in drawing.lines
        # Labels of bars and marks: all other text is above or below the lanes.
        if "on" in text.style.split()
        and text.box[0] + TOLERANCE < line.box[0] < text.box[2] - TOLERANCE
    ]
    assert crossed == []
    assert any(drawing.lines for _, drawing in rendered)


def test_every_gap_is_visible(rendered: list[tuple[Case, Drawing]]) -> None:
    """A gap is at least 5 pixels wide, or 1 among many; narrow ones are filled."""
    gaps: list[Shape] = []
    for case, drawing in rendered:
        own = [each for each in drawing.bars if "gap" in each.style.split()]
        least = 5 if len(own) < 80 else 1
        assert all(each.box[2] - each.box[0] >= least - TOLERANCE for each in own), case.name
        gaps += own
    assert len(gaps) > 100
    backgrounds = {each.fill for each in gaps if each.style == "gap"}
    filled = {each.fill for each in gaps if each.style == "gap filled"}
    assert len(backgrounds) == len(filled) == 1
    assert contrast(hexadecimal(*backgrounds), hexadecimal(*filled)) >= 3


def test_a_narrow_page_shrinks_a_drawing(cases: Sequence[Case], tmp_path: Path) -> None:
    svg = cases[0].svg
    page = render([svg, f'<div style="width:480px">{svg}</div>'], "light", tmp_path)
    (whole, half) = (
        (drawing.box[2] - drawing.box[0], drawing.box[3] - drawing.box[1])
        for drawing in page.drawings
    )
    assert whole[0] == pytest.approx(960)
    assert half == pytest.approx((480, whole[1] / 2), abs=1)


def test_no_text_is_outside_its_drawing(rendered: list[tuple[Case, Drawing]]) -> None:
    outside = [
        (case.name, text.text)
        for case, drawing in rendered
        for text in drawing.texts
        if not is_within(text.box, drawing.box)
    ]
    assert outside == []


def is_within(inner: Box, outer: Box) -> bool:
    return (
        inner[0] >= outer[0] - TOLERANCE
        and inner[1] >= outer[1] - TOLERANCE
        and inner[2] <= outer[2] + TOLERANCE
        and inner[3] <= outer[3] + TOLERANCE
    )


def test_every_text_is_readable_on_its_background(rendered: list[tuple[Case, Drawing]]) -> None:
    found = {
        (text.colour, background)
        for _, drawing in rendered
        for text in drawing.texts
        for background in text.background
    }
    assert len(found) > 20
    assert {
        pair
        for pair in found
        if contrast(hexadecimal(pair[0]), hexadecimal(pair[1])) < MIN_CONTRAST
    } == set()


def hexadecimal(colour: str) -> str:
    parts = re.findall(r"\d+", colour)
    assert len(parts) == 3, colour
    return "#" + "".join(f"{int(part):02x}" for part in parts)


def test_the_dark_and_the_light_variant_have_the_same_text(pages: dict[Scheme, Page]) -> None:
    light, dark = pages["light"], pages["dark"]
    assert [drawing.content for drawing in light.drawings] == [
        drawing.content for drawing in dark.drawings
    ]
    assert [drawing.texts[0].colour for drawing in light.drawings] != [
        drawing.texts[0].colour for drawing in dark.drawings
    ]


def test_drawings_on_one_page_have_no_id_in_common(pages: dict[Scheme, Page]) -> None:
    ids = pages["light"].ids
    assert len(ids) == len(set(ids))


def test_text_in_the_pictures_of_the_docs_does_not_overlap(tmp_path: Path) -> None:
    team = Team()
    page = render([team.escalation_timeline().to_svg(), team.month().to_svg()], "light", tmp_path)
    for drawing in page.drawings:
        assert list(overlapping(drawing.texts)) == []
        assert {"Akua Mansa", "Mary Major"} <= {text.text for text in drawing.texts}
