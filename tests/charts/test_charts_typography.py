from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssm_contacts_sdk._charts.typography import (
    column_width,
    isolate,
    one_line,
    pixel_width,
    sanitize,
    shorten,
    wrap,
)

measure = partial(pixel_width, size=12)


@given(st.text(), st.floats(0, 300))
def test_a_shortened_text_fits_and_has_the_same_beginning(text: str, width: float) -> None:
    short = shorten(text, width, measure)
    assert measure(short) <= width
    assert text.startswith(short.removesuffix("\u2026"))


@given(st.text(), st.integers(30, 300))
def test_wrapped_lines_fit_and_have_all_characters(text: str, width: int) -> None:
    lines = wrap(one_line(text), width, column_width)
    assert all(column_width(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == one_line(text).replace(" ", "")


def test_wrap_shortens_the_last_of_the_maximum_number_of_lines() -> None:
    assert wrap("one two three four", 5, column_width, max_lines=2) == ["one", "two\u2026"]


def test_combined_characters_are_not_split() -> None:
    family = "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{ROCKET}"
    assert shorten(f"ab{family}cdef", 5, column_width) == "ab\u2026"
    assert shorten("abe\u0301fgh", 4, column_width) == "abe\u0301\u2026"


@pytest.mark.parametrize("text", ["a\x00b", "a\nb", "a\u2028b", "a\tb", " a  b "])
def test_one_line_has_no_other_white_space_than_single_spaces(text: str) -> None:
    assert one_line(text) == "a b"


@pytest.mark.parametrize("text", ["a\u202eb", "a\u2067b\u2069", "\u200fab", "\u2066ab"])
def test_one_line_has_no_direction_controls(text: str) -> None:
    assert one_line(text) == "ab"


@pytest.mark.parametrize("text", ["a\u00adb", "\ufeffab", "a\u200bb", "a\u2060b"])
def test_one_line_has_no_invisible_characters(text: str) -> None:
    assert one_line(text) == "ab"


@pytest.mark.parametrize("text", ["\ud800", "\uffff", "\ufffe"])
def test_characters_that_xml_cannot_contain_are_replaced(text: str) -> None:
    assert sanitize(text) == "\ufffd"


def test_only_names_written_right_to_left_are_isolated() -> None:
    assert isolate("דוד") == "\u2068דוד\u2069"
    assert isolate("Akua") == "Akua"


def test_wrapped_lines_are_not_empty_before_a_word_that_is_split() -> None:
    lines = wrap("averylongnamewithoutspaces b", 60, measure)
    assert len(lines) > 2
    assert all(lines)


@pytest.mark.parametrize("character", sorted(set(map(chr, range(33, 127))) - set("mwW@%")))
def test_the_width_of_a_printable_character_is_known(character: str) -> None:
    # An unknown letter may be as wide as the widest letters.
    assert pixel_width(character, 1) < pixel_width("m", 1)
