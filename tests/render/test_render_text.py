from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from render.charts import A_CHART, charts
from rich.console import Console

from ssm_contacts_sdk.render.chart import Bar, Chart, Key, Lane, Line, Mark
from ssm_contacts_sdk.render.measure import cells_of
from ssm_contacts_sdk.render.terminal import InColour
from ssm_contacts_sdk.render.text import text


@settings(max_examples=100, deadline=None)
@given(charts, st.integers(40, 120))
def test_no_line_is_wider_than_it_may_be(chart: Chart, width: int) -> None:
    for line in text(chart, width).splitlines():
        assert cells_of(line) <= width


@settings(max_examples=50, deadline=None)
@given(charts)
def test_in_colour_it_is_the_same_text(chart: Chart) -> None:
    console = Console(width=80, force_terminal=False, legacy_windows=False)
    with console.capture() as captured:
        console.print(InColour(chart))
    shown = [line.rstrip() for line in captured.get().split("\n")]
    assert shown[:-1] == text(chart, 80).split("\n")


def test_colours_are_used_where_there_are_any() -> None:
    console = Console(width=80, force_terminal=True, color_system="truecolor")
    with console.capture() as captured:
        console.print(InColour(A_CHART))
    assert "48;2;86;180;233" in captured.get()


def test_a_picture() -> None:
    chart = Chart(
        title="Who is on call",
        start=0,
        end=10,
        lanes=(
            Lane(
                name="web",
                bars=(
                    Bar(start=0, end=5, text="", labels=("Akua",), key="a"),
                    Bar(start=5, end=7, text="", labels=("Mary",), key="m", style="striped"),
                    Bar(start=7, end=10, text="", labels=("nobody",), style="gap"),
                ),
            ),
            Lane(
                name="pages",
                marks=(Mark(at=2, text="a page"), Mark(at=9, text="none", shape="cross")),
            ),
        ),
        lines=(Line(at=4, label="now"),),
        keys=(Key(key="a", name="Akua Mansa"), Key(key="m", name="Mary Major")),
        notes=("none", "And that is all."),
    )
    assert text(chart, 47).splitlines() == [
        "Who is on call",
        "",
        "                       ▼ now",
        "web    [Akua───────────│──][Mary//].nobody.....",
        "pages          ●       │                   ×",
        "",
        "A Akua Mansa   M Mary Major",
        "",
        "● a page",
        "× none",
        "And that is all.",
    ]


def test_a_bar_too_short_for_a_name_has_a_letter_of_its_own() -> None:
    bars = tuple(
        Bar(start=at, end=at + 1, text="", labels=(name,), key=name)
        for at, name in enumerate(("Akua", "Alejandro", "Adam"))
    )
    keys = tuple(Key(key=bar.labels[0], name=bar.labels[0]) for bar in bars)
    chart = Chart(title="", start=0, end=40, lanes=(Lane(name="", bars=bars),), keys=keys)
    shown = text(chart, 42)
    assert "ALD" in shown
    assert "A Akua   L Alejandro   D Adam" in shown


@pytest.mark.parametrize("name", ["山田太郎", "e\u0301e\u0301", "\u2068محمد\u2069"])
def test_letters_of_any_width_leave_the_rest_in_its_place(name: str) -> None:
    bar = Bar(start=0, end=5, text="", labels=(name,), key="a")
    chart = Chart(title="", start=0, end=10, lanes=(Lane(name=name, bars=(bar,)),))
    (line,) = (each for each in text(chart, 60).splitlines() if "]" in each)
    named = cells_of(name) + 2
    assert cells_of(line) == named + (60 - named) // 2


@pytest.mark.parametrize("at", range(12))
def test_half_of_a_letter_is_never_left_over(at: int) -> None:
    named = Bar(start=0, end=40, text="", labels=("山田e\u0301太郎",), style="shade")
    short = Bar(start=at, end=at + 1, text="", key="a")
    lane = Lane(name="", bars=(named, short), marks=(Mark(at=at + 2, text=""),))
    chart = Chart(title="", start=0, end=40, lanes=(lane,), keys=(Key(key="a", name="Akua"),))
    (line,) = (each for each in text(chart, 42).splitlines() if each.endswith("]"))
    assert cells_of(line) == 42
    assert line.count("A") == 1
