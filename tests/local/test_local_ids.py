from __future__ import annotations

from ssm_contacts_sdk.local.ids import Ids


def test_the_seed_decides_every_id_and_code() -> None:
    one, same, other = Ids(7), Ids(7), Ids(8)
    drawn = [one.uuid(), one.code()]
    assert drawn == [same.uuid(), same.code()]
    assert drawn != [other.uuid(), other.code()]


def test_an_id_that_came_from_outside_is_never_given() -> None:
    first, second = Ids(0), Ids(0)
    second.take(first.uuid())
    assert second.uuid() == first.uuid()


def test_no_id_comes_twice() -> None:
    ids = Ids(0)
    assert len({ids.uuid() for _ in range(5000)}) == 5000


def test_a_code_is_never_the_one_that_it_replaces() -> None:
    first = Ids(0).code()
    assert Ids(0).code(unlike=first) != first
    assert len(first) == 6
    assert first.isdigit()
