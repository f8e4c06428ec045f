"""The pictures of the docs are what docs/make_pictures.py writes."""

from __future__ import annotations

import make_pictures
import pytest

PICTURES = make_pictures.pictures()


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_of_the_docs_is_up_to_date(name: str) -> None:
    written = (make_pictures.PICTURES / name).read_text(encoding="utf-8")
    assert written == PICTURES[name], "run python docs/make_pictures.py"


def test_the_docs_have_no_other_pictures() -> None:
    assert {path.name for path in make_pictures.PICTURES.iterdir()} == set(PICTURES)
