"""ARNs and addresses in the tests come from `arns` and `sentinels`, and nothing else spells them.

So a search for private values finds them all, and an account or a number is changed in one place.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from arns import PREFIX

TESTS = Path(__file__).parent
ARN = re.compile(re.escape(PREFIX.rstrip(":")))
ADDRESS = re.compile(r"\+\d{7,}|\b1?500555\d|@[\w-]+\.(com|org|net)\b")

# They run alone, without the modules of this folder.
SCRIPTS = "benchmarks"
# In these files, the literal is the subject.
WITH_ARNS = {
    "arns.py",
    "clients/cli_setups.py",
    "models/test_models_arns.py",
    "typing/right_plans.py",
    "typing/wrong_plans.py",
}
WITH_ADDRESSES = {
    "local/handlers/test_local_channels.py",
    "models/test_models_channels.py",
    "sentinels.py",
    "test_error_mapping.py",
}


@pytest.mark.parametrize(
    ("literal", "allowed"),
    [(ARN, WITH_ARNS), (ADDRESS, WITH_ADDRESSES)],
    ids=["arns", "addresses"],
)
def test_arns_and_addresses_are_not_spelled_out(
    literal: re.Pattern[str], allowed: set[str]
) -> None:
    found = {
        path.relative_to(TESTS).as_posix()
        for path in TESTS.rglob("*.py")
        if not {SCRIPTS, "node_modules"} & {*path.parts}
        and literal.search(path.read_text(encoding="utf-8"))
    }
    # A file without the literal does not stay in the list.
    assert found == allowed
