"""No part of a drawing changes unnoticed."""

from __future__ import annotations

import pytest
from charts.drawings import FOLDER, drawings


@pytest.mark.parametrize("name", drawings())
def test_a_chart_with_everything_is_drawn_as_it_was_reviewed(name: str) -> None:
    reviewed = (FOLDER / name).read_text(encoding="utf-8")
    assert drawings()[name] == reviewed, "after a review: python tests/charts/drawings.py"
