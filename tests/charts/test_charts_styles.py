from __future__ import annotations

from itertools import pairwise

import pytest

from ssm_contacts_sdk._charts.styles import colour, contrast


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
