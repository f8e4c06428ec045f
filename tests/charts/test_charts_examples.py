"""The pictures of the docs are what the code draws."""

from __future__ import annotations

import make_pictures
import pytest

PICTURES = make_pictures.pictures()


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_of_the_docs_is_what_is_drawn(name: str) -> None:
    written = (make_pictures.PICTURES / name).read_text(encoding="utf-8")
    assert written == PICTURES[name], "run python docs/make_pictures.py"


def test_there_are_no_others() -> None:
    assert {path.name for path in make_pictures.PICTURES.iterdir()} == set(PICTURES)
