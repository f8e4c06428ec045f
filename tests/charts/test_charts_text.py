from __future__ import annotations

import pytest
from amounts import amount
from charts.charts import A_CHART, charts
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from ssm_contacts_sdk._charts.chart import Bar, Chart, Key, Lane, Line, Mark
from ssm_contacts_sdk._charts.styles import Symbols
from ssm_contacts_sdk._charts.text import RichText, text
from ssm_contacts_sdk._charts.text_layout import text_layout
from ssm_contacts_sdk._charts.typography import column_width


@given(charts, st.integers(40, 120))
def test_no_line_is_wider_than_the_maximum(chart: Chart, width: int) -> None:
    for line in text(chart, width).splitlines():
        assert column_width(line) <= width


@given(charts)
def test_rich_prints_the_same_text(chart: Chart) -> None:
    # rich cuts lines that are too wide by its own table of widths.
    assume(all(cell_len(line) <= 80 for line in text(chart, 80).split("\n")))
    console = Console(width=80, force_terminal=False, legacy_windows=False)
    with console.capture() as captured:
        console.print(RichText(chart))
    shown = [line.rstrip() for line in captured.get().split("\n")]
    assert shown[:-1] == text(chart, 80).split("\n")


def test_rich_prints_colours_if_the_terminal_has_them() -> None:
    console = Console(width=80, force_terminal=True, color_system="truecolor")
    with console.capture() as captured:
        console.print(RichText(A_CHART))
    assert "48;2;86;180;233" in captured.get()


def test_a_chart_as_text() -> None:
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
        "web    [Akua───────────│──][Mary//]!nobody!!!!!",
        "pages          ●       │                   ×",
        "",
        "A Akua Mansa   M Mary Major",
        "",
        "● a page",
        "× none",
        "And that is all.",
    ]


A_TEAM = Chart(
    title="Łucja & Zoë",
    start=0,
    end=10,
    lanes=(
        Lane(
            name="web",
            bars=(
                Bar(start=0, end=6, text="", labels=("Łucja",), key="l"),
                Bar(start=6, end=9, text="", labels=("nobody",), style="gap"),
            ),
        ),
        Lane(
            name="pages",
            bars=(Bar(start=0, end=7, text="", style="hollow"),),
            marks=(Mark(at=2, text="one"), Mark(at=4, text="two", shape="ring")),
        ),
    ),
    lines=(Line(at=5, label="now"),),
    keys=(Key(key="l", name="Łucja"), Key(key="z", name="Zoë")),
)


def test_in_ascii_other_symbols_are_used_and_names_are_escaped() -> None:
    assert text(A_TEAM, 47, "ascii").splitlines() == [
        "\\u0141ucja & Zo\\xeb",
        "",
        "                           v now",
        "web    [\\u0141ucja---------|--]!nobody!!!!!",
        "pages  [~~~~~~~*~~~~~~~o~~~|~~~~~~]",
        "",
        "U \\u0141ucja   Z Zo\\xeb",
        "",
        "* one",
        "o two",
    ]


def test_ascii_symbols_can_be_used_without_escaping_names() -> None:
    shown = text(A_TEAM, 47, ascii_only=True)
    assert shown.splitlines()[0] == "Łucja & Zoë"
    assert shown.replace("Ł", "").replace("ë", "").isascii()


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "cp437", "cp1250"])
@settings(max_examples=amount(quick=10, long=40))
@given(charts, st.integers(40, 120))
def test_the_encoding_can_encode_the_text_and_no_line_is_too_wide(
    encoding: str, chart: Chart, width: int
) -> None:
    shown = text(chart, width, encoding)
    assert shown.encode(encoding).decode(encoding) == shown
    assert all(column_width(line) <= width for line in shown.splitlines())


def test_a_shortened_name_ends_with_an_ellipsis_that_the_encoding_has() -> None:
    chart = Chart(title="", start=0, end=1, lanes=(Lane(name="Alejandro" * 9),))
    assert text(chart, 40).splitlines()[2] == "AlejandroAle\u2026"
    assert text(chart, 40, "ascii").splitlines()[2] == "AlejandroA..."


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030", None])
def test_a_unicode_encoding_changes_nothing(encoding: str | None) -> None:
    assert text(A_TEAM, 47, encoding) == text(A_TEAM, 47)
    assert "\u2500" in text(A_TEAM, 47)


def test_a_bar_too_short_for_a_name_has_a_letter() -> None:
    bars = tuple(
        Bar(start=at, end=at + 1, text="", labels=(name,), key=name)
        for at, name in enumerate(("Akua", "Alejandro", "Adam"))
    )
    keys = tuple(Key(key=bar.labels[0], name=bar.labels[0]) for bar in bars)
    chart = Chart(title="", start=0, end=40, lanes=(Lane(name="", bars=bars),), keys=keys)
    shown = text(chart, 42)
    assert "ALD" in shown
    assert "A Akua   L Alejandro   D Adam" in shown


@pytest.mark.parametrize(
    ("names", "letters"),
    [
        (["Çağla Demir", "Akua Mansa", "Cem"], "CAE"),
        (["akuam", "Alejandro", "Łucja", "Ευα", "Юлия"], "ALŁΕЮ"),
        (["山田", "דוד", "अनन्या", "김민준", "A1", "a"], "ABCD1E"),
        (["Éa", "e\u0301b", "E"], "EBA"),
    ],
)
def test_letters_are_initials_while_these_are_free(names: list[str], letters: str) -> None:
    keys = tuple(Key(key=str(at), name=name) for at, name in enumerate(names))
    bars = tuple(Bar(start=at, end=at + 1, text="", key=key.key) for at, key in enumerate(keys))
    chart = Chart(title="", start=0, end=40, lanes=(Lane(name="", bars=bars),), keys=keys)
    assert letters in text(chart, 42).splitlines()[2]


def test_equal_periods_look_the_same() -> None:
    """Each day has equally many columns, even if a little more would fit."""
    bars = [Bar(start=day + 0.3, end=day + 0.7, text="", key="a") for day in range(28)]
    bars += [Bar(start=day + 0.7, end=day + 1.3, text="", style="quiet") for day in range(-1, 28)]
    chart = Chart(
        title="",
        start=0,
        end=28,
        lanes=(Lane(name="web", bars=tuple(bars)),),
        keys=(Key(key="a", name="Akua"),),
        period=1,
    )
    for width in range(61, 89):
        (line,) = (each for each in text(chart, width).splitlines() if each.startswith("web"))
        assert line == f"web  {'.A' * 28}"
    (line,) = (each for each in text(chart, 89).splitlines() if each.startswith("web"))
    assert line == f"web  {'.A.' * 28}"


def test_bars_that_the_edge_cuts_are_rounded_like_others() -> None:
    cut = [Bar(start=at, end=at + 1, text="", key="a") for at in (-0.7, 29.8)]
    short = Bar(start=4.1, end=4.2, text="", key="a")
    quiet = Bar(start=6, end=6.2, text="", style="quiet")
    chart = Chart(
        title="",
        start=0,
        end=30,
        lanes=(Lane(name="web", bars=(*cut, short, quiet)),),
        keys=(Key(key="a", name="Akua"),),
        period=1,
    )
    assert text(chart, 40).splitlines()[2] == "web      A"


def test_a_line_does_not_hide_a_gap() -> None:
    gap = Bar(start=5, end=5.1, text="", style="gap")
    lines = (Line(at=5, label="now"),)
    chart = Chart(title="", start=0, end=10, lanes=(Lane(name="", bars=(gap,)),), lines=lines)
    assert text(chart, 42).splitlines()[3].strip() == "!"


def test_a_shorter_shift_does_not_hide_a_gap() -> None:
    bars = (
        Bar(start=0, end=5, text="", labels=("Akua",), key="a"),
        Bar(start=5, end=5.1, text="", style="gap"),
        Bar(start=5.1, end=5.15, text="", labels=("Mary",), key="m"),
        Bar(start=5.15, end=10, text="", labels=("Akua",), key="a"),
    )
    keys = (Key(key="a", name="Akua"), Key(key="m", name="Mary"))
    chart = Chart(title="", start=0, end=10, lanes=(Lane(name="", bars=bars),), keys=keys)
    assert text(chart, 42).splitlines()[2].strip() == f"[Akua{'─' * 14}]![Akua{'─' * 13}]"


def test_rows_with_marks_in_different_columns_share_a_line() -> None:
    stage = Bar(start=0, end=5, text="", style="shade", span=3)
    marks = tuple(Mark(at=at, text="", row=row) for at, row in ((0, 0), (4, 1), (4, 2)))
    lane = Lane(name="Akua", rows=3, bars=(stage,), marks=marks)
    chart = Chart(title="", start=0, end=5, lanes=(lane,))
    assert text(chart, 46).splitlines()[2:4] == [
        f"Akua  ●{'─' * 31}●{'─' * 6}]",
        f"      [{'─' * 31}●{'─' * 6}]",
    ]


def test_rows_with_overlapping_bars_do_not_share_a_line() -> None:
    stages = tuple(Bar(start=row, end=5, text="", style="shade", row=row) for row in range(2))
    marks = (Mark(at=0, text="", row=0), Mark(at=1, text="", row=1))
    lane = Lane(name="Akua", rows=2, bars=stages, marks=marks)
    chart = Chart(title="", start=0, end=5, lanes=(lane,))
    assert sum("●─" in line for line in text(chart, 46).splitlines()) == 2


@pytest.mark.parametrize("name", ["山田太郎", "e\u0301e\u0301", "\u2068محمد\u2069"])
def test_characters_of_any_width_do_not_move_the_rest(name: str) -> None:
    bar = Bar(start=0, end=5, text="", labels=(name,), key="a")
    chart = Chart(title="", start=0, end=10, lanes=(Lane(name=name, bars=(bar,)),))
    (line,) = (each for each in text(chart, 60).splitlines() if "]" in each)
    named = column_width(name) + 2
    assert column_width(line) == named + (60 - named) // 2


@pytest.mark.parametrize("at", range(12))
def test_half_of_a_wide_character_is_never_left_over(at: int) -> None:
    named = Bar(start=0, end=40, text="", labels=("山田e\u0301太郎",), style="shade")
    short = Bar(start=at, end=at + 1, text="", key="a")
    lane = Lane(name="", bars=(named, short), marks=(Mark(at=at + 2, text=""),))
    chart = Chart(title="", start=0, end=40, lanes=(lane,), keys=(Key(key="a", name="Akua"),))
    (line,) = (each for each in text(chart, 42).splitlines() if each.endswith("]"))
    assert column_width(line) == 42
    assert line.count("A") == 1


def test_the_layout_of_a_lane_has_spans_in_the_order_of_drawing() -> None:
    bars = (
        Bar(start=5, end=6, text="", style="gap"),
        Bar(start=0, end=10, text="", labels=("Akua",), key="a"),
    )
    lane = Lane(name="web", bars=bars, marks=(Mark(at=2, text="a page"),))
    chart = Chart(
        title="",
        start=0,
        end=10,
        lanes=(lane,),
        lines=(Line(at=8, label="now"),),
        keys=(Key(key="a", name="Akua"),),
    )
    placed = text_layout(chart, 45, Symbols.of(None, ascii_only=True), None)
    labels, row = placed.rows
    assert (placed.names_width, placed.columns) == (5, 40)
    assert [(span.column, span.text) for span in labels.spans] == [(32, "v now")]
    assert (row.name, [(span.column, span.text) for span in row.spans]) == (
        "web",
        [(0, f"[{'-' * 38}]"), (1, "Akua"), (20, "!!!!"), (21, ""), (32, "|"), (8, "*")],
    )
