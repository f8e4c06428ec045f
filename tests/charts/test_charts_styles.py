from __future__ import annotations

from itertools import pairwise
from typing import get_args

import pytest

from ssm_contacts_sdk._charts.chart import Bar, BarStyle, Chart, Key, Lane, Mark, MarkShape
from ssm_contacts_sdk._charts.styles import Tone, colour, contrast, terminal_style
from ssm_contacts_sdk._charts.text import lines


@pytest.mark.parametrize("number", range(28))
def test_labels_are_readable_on_every_colour_and_its_stripes(number: int) -> None:
    own = colour(number)
    assert contrast(own.fill, own.ink) >= 4.5
    assert contrast(own.stripe, own.ink) >= 4.5


@pytest.mark.parametrize("number", range(28))
def test_stripes_are_visible(number: int) -> None:
    own = colour(number)
    assert contrast(own.fill, own.stripe) >= 1.25


def test_consecutive_colours_differ() -> None:
    assert all(colour(one).fill != colour(other).fill for one, other in pairwise(range(60)))


@pytest.mark.parametrize(
    ("tone", "style"),
    [
        ("", ""),
        ("title", "bold"),
        ("soft", "dim"),
        ("gap", "bold red"),
        ("shade", "cyan"),
        ("line", "bold green"),
        ("mark", "bold blue"),
        ("cross", "bold red"),
        (4, "#ffffff on #0072b2"),
    ],
)
def test_each_tone_has_a_style_in_terminals(tone: Tone, style: str) -> None:
    assert terminal_style(tone) == style


def test_bars_and_marks_have_the_tone_of_their_meaning() -> None:
    bars = [
        Lane(name=style, bars=(Bar(start=0, end=10, text="", key="a", style=style),))
        for style in get_args(BarStyle)
    ]
    marks = [
        Lane(name=shape, marks=(Mark(at=5, text="", shape=shape),)) for shape in get_args(MarkShape)
    ]
    keys = (Key(key="b", name="Mary"), Key(key="a", name="Akua"))
    chart = Chart(title="", start=0, end=10, lanes=(*bars, *marks), keys=keys)
    shown = [parts for parts in lines(chart, 40) if len(parts) > 1][: len(chart.lanes)]
    tones = {
        parts[0][0].strip(): {tone for part, tone in parts[1:] if part.strip()} for parts in shown
    }
    assert tones == {
        "plain": {1},
        "striped": {1},
        "gap": {"gap"},
        "quiet": {"soft"},
        "shade": {"shade"},
        "hollow": {"shade"},
        "dot": {"mark"},
        "ring": {"soft"},
        "cross": {"cross"},
    }
