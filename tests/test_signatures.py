"""No public name, default or position of an argument changes unnoticed."""

from __future__ import annotations

from signatures import PATH, signatures


def test_the_public_signatures_are_those_that_were_reviewed() -> None:
    reviewed = PATH.read_text(encoding="utf-8").splitlines()
    assert signatures() == reviewed, "after a review of the change: python tests/signatures.py"
