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

measured = partial(pixel_width, size=12)


@given(st.text(), st.floats(0, 300))
def test_what_is_shortened_fits_and_begins_as_the_text_does(text: str, room: float) -> None:
    short = shorten(text, room, measured)
    assert measured(short) <= room
    assert text.startswith(short.removesuffix("\u2026"))


@given(st.text(), st.integers(30, 300))
def test_what_is_wrapped_fits_and_nothing_of_it_is_lost(text: str, room: int) -> None:
    lines = wrap(one_line(text), room, column_width)
    assert all(column_width(line) <= room for line in lines)
    assert "".join(lines).replace(" ", "") == one_line(text).replace(" ", "")


def test_at_most_so_many_lines_are_made_and_what_is_left_over_is_cut_off() -> None:
    assert wrap("one two three four", 5, column_width, max_lines=2) == ["one", "two\u2026"]


def test_letters_are_not_cut_apart_from_what_belongs_to_them() -> None:
    family = "\N{WOMAN}\N{ZERO WIDTH JOINER}\N{ROCKET}"
    assert shorten(f"ab{family}cdef", 5, column_width) == "ab\u2026"
    assert shorten("abe\u0301fgh", 4, column_width) == "abe\u0301\u2026"


@pytest.mark.parametrize("text", ["a\x00b", "a\nb", "a\u2028b", "a\tb", " a  b "])
def test_a_text_is_one_line(text: str) -> None:
    assert one_line(text) == "a b"


@pytest.mark.parametrize("text", ["a\u202eb", "a\u2067b\u2069", "\u200fab", "\u2066ab"])
def test_nothing_turns_around_what_stands_beside_it(text: str) -> None:
    assert one_line(text) == "ab"


@pytest.mark.parametrize("text", ["a\u00adb", "\ufeffab", "a\u200bb", "a\u2060b"])
def test_what_nobody_sees_is_taken_out(text: str) -> None:
    assert one_line(text) == "ab"


@pytest.mark.parametrize("text", ["\ud800", "\uffff", "\ufffe"])
def test_what_xml_cannot_write_is_shown_as_unknown(text: str) -> None:
    assert sanitize(text) == "\ufffd"


def test_a_name_that_reads_leftwards_is_isolated_and_another_one_is_left_as_it_is() -> None:
    assert isolate("דוד") == "\u2068דוד\u2069"
    assert isolate("Akua") == "Akua"
