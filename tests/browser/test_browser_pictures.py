"""A browser looks at pictures: everything is there, and everything can be read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations
from pathlib import Path

import pytest
from browser.chromium import Box, Look, Page, Scheme, Text, Thing, looked_at
from browser.gallery import Case, gallery
from make_pictures import Team

from ssm_contacts_sdk._charts.styles import contrast
from ssm_contacts_sdk._charts.typography import remove_isolates

SCHEMES: tuple[Scheme, ...] = ("light", "dark")
# WCAG's for texts of any size.
READABLE = 4.5
# Browsers round.
TOLERANCE = 0.5


@pytest.fixture(scope="module")
def cases() -> Sequence[Case]:
    return list(gallery())


@pytest.fixture(scope="module")
def pages(cases: Sequence[Case], tmp_path_factory: pytest.TempPathFactory) -> dict[Scheme, Page]:
    within = tmp_path_factory.mktemp("browser")
    svgs = [case.svg for case in cases]
    return {scheme: looked_at(svgs, scheme, within) for scheme in SCHEMES}


@pytest.fixture(params=SCHEMES)
def scheme(request: pytest.FixtureRequest) -> Scheme:
    chosen: Scheme = request.param
    return chosen


@pytest.fixture
def seen(
    cases: Sequence[Case], pages: dict[Scheme, Page], scheme: Scheme
) -> list[tuple[Case, Look]]:
    return list(zip(cases, pages[scheme].looks, strict=True))


def test_every_person_is_named(seen: list[tuple[Case, Look]]) -> None:
    missing = [
        (case.name, name)
        for case, look in seen
        for name in case.people
        if name not in remove_isolates(look.told)
    ]
    assert missing == []


def test_every_gap_and_every_override_is_told(seen: list[tuple[Case, Look]]) -> None:
    for case, look in seen:
        gaps = [title for title in look.titles if title.startswith("nobody in ")]
        assert len(gaps) >= case.gaps, case.name
        overrides = [title for title in look.titles if ", an override" in title]
        assert len([title for title in overrides if title not in gaps]) == case.overrides, case.name


def test_every_skip_is_told_in_words_that_are_seen(seen: list[tuple[Case, Look]]) -> None:
    for case, look in seen:
        told = " ".join(each.text for each in look.texts)
        assert told.count(": skipped, because ") >= case.skips, case.name


def test_no_two_texts_overlap(seen: list[tuple[Case, Look]]) -> None:
    assert [
        (case.name, one.text, other.text)
        for case, look in seen
        for one, other in overlapping(look.texts)
    ] == []


def overlapping(texts: Sequence[Text]) -> Iterator[tuple[Text, Text]]:
    for one, other in combinations(texts, 2):
        left, top = (max(one.box[at], other.box[at]) for at in (0, 1))
        right, bottom = (min(one.box[at], other.box[at]) for at in (2, 3))
        if right - left > TOLERANCE and bottom - top > TOLERANCE:
            yield one, other


def test_no_label_is_crossed_by_a_line(seen: list[tuple[Case, Look]]) -> None:
    crossed = [
        (case.name, text.text)
        for case, look in seen
        for text in look.texts
        for line in look.lines
        # Those of bars and marks: the others stand above and below the lanes.
        if "on" in text.look.split()
        and text.box[0] + TOLERANCE < line.box[0] < text.box[2] - TOLERANCE
    ]
    assert crossed == []
    assert any(look.lines for _, look in seen)


def test_every_gap_can_be_seen(seen: list[tuple[Case, Look]]) -> None:
    """A gap is 5 pixels wide, or 1 among many, and those that dashes would not show are filled."""
    gaps: list[Thing] = []
    for case, look in seen:
        own = [each for each in look.bars if "gap" in each.look.split()]
        least = 5 if len(own) < 80 else 1
        assert all(each.box[2] - each.box[0] >= least - TOLERANCE for each in own), case.name
        gaps += own
    assert len(gaps) > 100
    papers = {each.fill for each in gaps if each.look == "gap"}
    filled = {each.fill for each in gaps if each.look == "gap filled"}
    assert len(papers) == len(filled) == 1
    assert contrast(hexadecimal(*papers), hexadecimal(*filled)) >= 3


def test_a_page_that_is_narrower_shrinks_a_picture(cases: Sequence[Case], tmp_path: Path) -> None:
    svg = cases[0].svg
    page = looked_at([svg, f'<div style="width:480px">{svg}</div>'], "light", tmp_path)
    (whole, half) = ((look.box[2] - look.box[0], look.box[3] - look.box[1]) for look in page.looks)
    assert whole[0] == pytest.approx(960)
    assert half == pytest.approx((480, whole[1] / 2), abs=1)


def test_nothing_stands_outside_of_its_picture(seen: list[tuple[Case, Look]]) -> None:
    outside = [
        (case.name, text.text)
        for case, look in seen
        for text in look.texts
        if not is_within(text.box, look.box)
    ]
    assert outside == []


def is_within(inner: Box, outer: Box) -> bool:
    return (
        inner[0] >= outer[0] - TOLERANCE
        and inner[1] >= outer[1] - TOLERANCE
        and inner[2] <= outer[2] + TOLERANCE
        and inner[3] <= outer[3] + TOLERANCE
    )


def test_every_text_can_be_read_on_what_it_stands_on(seen: list[tuple[Case, Look]]) -> None:
    found = {(text.ink, paper) for _, look in seen for text in look.texts for paper in text.paper}
    assert len(found) > 20
    assert {
        pair for pair in found if contrast(hexadecimal(pair[0]), hexadecimal(pair[1])) < READABLE
    } == set()


def hexadecimal(colour: str) -> str:
    parts = re.findall(r"\d+", colour)
    assert len(parts) == 3, colour
    return "#" + "".join(f"{int(part):02x}" for part in parts)


def test_the_dark_and_the_light_one_differ_in_colour_alone(pages: dict[Scheme, Page]) -> None:
    light, dark = pages["light"], pages["dark"]
    assert [look.told for look in light.looks] == [look.told for look in dark.looks]
    assert [look.texts[0].ink for look in light.looks] != [look.texts[0].ink for look in dark.looks]


def test_pictures_on_one_page_have_no_id_in_common(pages: dict[Scheme, Page]) -> None:
    ids = pages["light"].ids
    assert len(ids) == len(set(ids))


def test_the_pictures_of_the_docs_hold_too(tmp_path: Path) -> None:
    team = Team()
    page = looked_at(
        [team.escalation_timeline().to_svg(), team.month().to_svg()], "light", tmp_path
    )
    for look in page.looks:
        assert list(overlapping(look.texts)) == []
        assert {"Akua Mansa", "Mary Major"} <= {text.text for text in look.texts}
