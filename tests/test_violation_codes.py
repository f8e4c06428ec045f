"""The table of `ViolationCode` in docs/errors.md: every code, with a violation that has it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, get_args

import pytest
from arns import contact_arn, rotation_arn

from ssm_contacts_sdk import (
    Channel,
    Contact,
    ContactsClient,
    CoverageTime,
    InvalidValueError,
    Override,
    Plan,
    Recurrence,
    RetryPolicy,
    Rotation,
    ShiftCoverage,
    Stage,
    Violation,
    ViolationCode,
)

PAGE = Path(__file__).parents[1] / "docs" / "errors.md"
ROW = re.compile(r"^\| `([a-z_]+)` \| .+ \| `(.+)` \|$", re.MULTILINE)
AKUA, WEB = contact_arn("akuam"), rotation_arn("0001")
START = datetime(2025, 1, 6, 9, 0, tzinfo=timezone.utc)
ANY: Any = 1
"""A value of a wrong type, for type checkers as well."""


def client() -> ContactsClient:
    return ContactsClient.local()


def contact(alias: str = "akuam", plan: Plan = Plan(stages=[])) -> Contact:  # noqa: B008 - frozen
    return Contact(alias=alias, type="PERSONAL", plan=plan)


def override(people: int, start: datetime = START, end: datetime = START) -> Override:
    return Override(new_contact_ids=[AKUA] * people, start_time=start, end_time=end)


def rotation(people: int = 1, zone: str = "Europe/Berlin") -> Rotation:
    return Rotation(
        name="web",
        contact_ids=[AKUA] * people,
        start_time=START,
        time_zone_id=zone,
        recurrence=Recurrence.daily("09:00"),
    )


def monday() -> ShiftCoverage:
    hours = CoverageTime(start="08:00", end="18:00")
    return ShiftCoverage(day_of_week="MON", coverage_times=[hours])


EXAMPLES: Mapping[ViolationCode, Callable[[], object]] = {
    "conflict": lambda: override(1, START, START - timedelta(hours=1)),
    "duplicate": lambda: Recurrence.daily("09:00", coverage=[monday(), monday()]),
    "misplaced": lambda: contact(plan=Plan.on_call(WEB)),
    "missing": lambda: client().contacts.update(AKUA),
    "no_time_zone": lambda: override(1, START.replace(tzinfo=None)),
    "not_an_arn": lambda: client().contacts.get("akuam"),
    "not_encodable": lambda: client().call(
        "list_engagements", TimeRangeValue={"StartTime": float("inf")}
    ),
    "too_few": lambda: rotation(people=0),
    "too_large": lambda: Stage(duration_in_minutes=31),
    "too_long": lambda: contact(alias="a" * 256),
    "too_many": lambda: override(31, START, START + timedelta(hours=1)),
    "too_short": lambda: contact(alias=""),
    "too_small": lambda: RetryPolicy(attempts=0),
    "unknown_choice": lambda: Contact(alias="akuam", type="TEAM"),  # type: ignore[arg-type]
    "unknown_time_zone": lambda: rotation(zone="Europe/Nowhere"),
    "wrong_characters": lambda: contact(alias="Akua"),
    "wrong_format": lambda: Channel.email("mail", "akua"),
    "wrong_kind_of_arn": lambda: client().contacts.get(WEB),
    "wrong_type": lambda: contact(alias=ANY),
}


def violation_of(code: ViolationCode) -> Violation:
    with pytest.raises(InvalidValueError) as caught:
        EXAMPLES[code]()
    (violation,) = caught.value.violations
    return violation


@pytest.mark.parametrize("code", EXAMPLES)
def test_the_example_of_a_code_is_a_violation_with_it(code: ViolationCode) -> None:
    violation = violation_of(code)
    assert violation.code == code
    assert dict(ROW.findall(PAGE.read_text(encoding="utf-8")))[code] == str(violation)


def test_the_table_has_every_code_once() -> None:
    codes = [code for code, _ in ROW.findall(PAGE.read_text(encoding="utf-8"))]
    assert codes == list(get_args(ViolationCode))
    assert codes == list(EXAMPLES)
