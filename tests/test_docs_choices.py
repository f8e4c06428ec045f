"""The choices that pages of docs/ list: assumptions, rules of an audit, and reasons."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

import attrs
import pytest

from ssm_contacts_sdk._models.events import FollowEndReason, PlanUnknownReason
from ssm_contacts_sdk._oncall.audit.findings import Rule
from ssm_contacts_sdk._oncall.simulation import SkipReason
from ssm_contacts_sdk._oncall.timeline import Outcome
from ssm_contacts_sdk.local import Assumptions

DOCS = Path(__file__).parents[1] / "docs"
OPTIONS = attrs.fields_dict(Assumptions)
OPTION_ROW = re.compile(r"^\| `(\w+)` \| .+ \| (.+?) \| (.+) \|$", re.MULTILINE)
RULE = re.compile(r"^\*\*`([a-z-]+)`\*\* \((?:error|warning|info)", re.MULTILINE)


def text(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def options() -> dict[str, tuple[str, str]]:
    """Return the cells about the default and the other choices of each option."""
    _, _, after = text("local-service.md").partition("| option | what is known |")
    table, _, _ = after.partition("\n\n")
    return {name: (default, other) for name, default, other in OPTION_ROW.findall(table)}


def as_written(choice: object) -> str:
    return f'`"{choice}"`' if isinstance(choice, str) else f"`{choice}`"


@pytest.mark.parametrize("name", OPTIONS)
def test_an_assumption_is_documented_with_its_default_and_its_choices(name: str) -> None:
    default, other = options()[name]
    option: Any = OPTIONS[name]
    assert default.startswith(as_written(option.default))
    others = [each for each in get_args(option.type) if each != option.default]
    assert [each for each in others if as_written(each) not in other] == []


def test_the_table_has_no_other_assumption() -> None:
    assert set(options()) == set(OPTIONS)


def test_each_rule_of_an_audit_is_documented_once() -> None:
    assert sorted(RULE.findall(text("audit.md"))) == sorted(get_args(Rule))


@pytest.mark.parametrize(
    ("page", "choices"),
    [
        ("following.md", FollowEndReason),
        ("following.md", PlanUnknownReason),
        ("previews.md", Outcome),
        ("previews.md", SkipReason),
    ],
)
def test_every_reason_is_documented(page: str, choices: object) -> None:
    written = text(page)
    assert [each for each in get_args(choices) if f'`"{each}"`' not in written] == []
