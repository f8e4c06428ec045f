"""What all public classes have in common."""

from __future__ import annotations

import attrs
import pytest

import ssm_contacts_sdk
import ssm_contacts_sdk.local

PUBLIC = [
    (module.__name__, getattr(module, name))
    for module in (ssm_contacts_sdk, ssm_contacts_sdk.local)
    for name in module.__all__
]

# All other fields are keywords, so a later version may add one anywhere.
POSITIONAL = {
    "ContactPolicy": ["text"],
    "CoverageTime": ["start", "end"],
    "DependentEntity": ["relation_type", "dependent_resource_ids"],
    "InvalidField": ["name", "message"],
    "JournalEntry": ["at", "text", "message"],
    "ListingPage": ["items", "next_token"],
    "MonthlySetting": ["day_of_month", "hand_off_time"],
    "PathStep": ["contact_arn", "type", "stage_index", "is_essential"],
    "RateBucket": ["operations", "per_second"],
    "Rates": ["_changed", "mutations"],
    "Response": ["status", "headers", "body", "delay", "error"],
    "ShiftCoverage": ["day_of_week", "coverage_times"],
    "Snapshot": [
        *("now", "account_id", "region_name", "state"),
        *("requests", "requests_dropped", "entries_dropped"),
    ],
    "Violation": ["path", "rule", "code"],
    "WeeklySetting": ["day_of_week", "hand_off_time"],
}


@pytest.mark.parametrize(
    ("module", "public"),
    [each for each in PUBLIC if isinstance(each[1], type) or callable(each[1])],
)
def test_a_public_name_has_its_public_module(module: str, public: object) -> None:
    # Types such as a Union belong to typing.
    assert public.__module__ in {module, "typing"}


@pytest.mark.parametrize(
    "public", [each for _, each in PUBLIC if isinstance(each, type) and attrs.has(each)]
)
def test_fields_are_keywords_except_in_small_values(public: type[attrs.AttrsInstance]) -> None:
    fields = attrs.fields(public)
    positional = [each.name for each in fields if each.init and not each.kw_only]
    assert positional == POSITIONAL.get(public.__name__, [])
