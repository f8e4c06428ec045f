"""Which fields the `repr` of a value shows: all but those that are private or too long."""

from __future__ import annotations

from inspect import isclass
from typing import Any

import attrs
import pytest
from attrs import frozen

import ssm_contacts_sdk
from ssm_contacts_sdk import local

# In place of these, a `repr` shows "...".
PRIVATE = {
    "Channel": {"delivery_address"},
    "ChannelRecord": {"delivery_address"},
    "Engagement": {"subject", "content", "public_subject", "public_content"},
    "Page": {"subject", "content", "public_subject", "public_content"},
    "PageEvent": {"info"},
    "Receipt": {"info"},
}
# These are private, or as long as an account, or have no useful repr.
LEFT_OUT = {
    "Finding": {"error"},
    "JournalEntry": {"message"},
    "ListingPage": {"next_token"},
    "Message": {"address", "code", "subject", "content"},
    "OnCall": {"names"},
    "OnCallAssignment": {"shifts"},
    "PlanUnknown": {"error"},
    "Request": {"body"},
    "Response": {"body"},
    "RetryPolicy": {"random", "on_retry"},
    "Skipped": {"error"},
    "Snapshot": {"account_id", "region_name", "state", "requests"},
    "Timeline": {"paths", "snapshot"},
}


def public_values() -> dict[str, type[Any]]:
    """Return the public classes of attrs, without those that write their `repr` by themselves."""
    found = {
        name: getattr(module, name)
        for module in (ssm_contacts_sdk, local)
        for name in module.__all__
    }
    return {
        name: kind
        for name, kind in found.items()
        if isclass(kind) and attrs.has(kind) and kind is not ssm_contacts_sdk.Rates
    }


VALUES = public_values()


@frozen(repr=False)
class Marker:
    """What a field contains, recognizable in a `repr`."""

    field: str

    def __repr__(self) -> str:
        return f"<{self.field}>"


@pytest.mark.parametrize("name", VALUES)
def test_a_repr_shows_all_fields_but_those_that_are_hidden(name: str) -> None:
    kind = VALUES[name]
    # A constructor would reject the markers.
    value = object.__new__(kind)
    fields = [field.name for field in attrs.fields(kind)]
    for field in fields:
        object.__setattr__(value, field, Marker(field))
    shown = [
        f"{field}=..." if field in PRIVATE.get(name, ()) else f"{field}=<{field}>"
        for field in fields
        if field not in LEFT_OUT.get(name, ())
    ]
    assert repr(value) == f"{name}({', '.join(shown)})"


def test_only_fields_that_exist_are_hidden() -> None:
    for name, hidden in (*PRIVATE.items(), *LEFT_OUT.items()):
        assert hidden <= {field.name for field in attrs.fields(VALUES[name])}, name
