"""The tables of the state: dicts that record which keys change."""

from __future__ import annotations

from ssm_contacts_sdk.local._persistence.tracking import Table


def test_pop_of_an_absent_key_returns_the_default() -> None:
    table: Table[int] = Table({"akuam": 1})
    assert table.pop("alejr", 5) == 5
    assert table.pop("alejr", None) is None
    assert table.pop("akuam", 5) == 1
    assert table == {}
