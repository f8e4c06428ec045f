from __future__ import annotations

import re
from uuid import UUID

from ssm_contacts_sdk.local._ids import Ids


def test_the_seed_decides_every_id_and_code() -> None:
    one, same, other = Ids(7), Ids(7), Ids(8)
    drawn = [one.uuid(), one.code()]
    assert drawn == [same.uuid(), same.code()]
    assert drawn != [other.uuid(), other.code()]


def test_what_is_drawn_of_one_kind_does_not_change_what_is_drawn_of_another() -> None:
    one, other = Ids(0), Ids(0)
    one.code()
    one.message_id()
    assert one.uuid() == other.uuid()
    other.uuid()
    drawn = [one.code(), one.message_id()]
    assert drawn != [other.code(), other.message_id()] == [Ids(0).code(), Ids(0).message_id()]


def test_a_stream_goes_on_where_another_was_left() -> None:
    ids = Ids(7)
    ids.reserve(Ids(7).uuid())
    drawn = [ids.uuid(), ids.uuid(), ids.code(), ids.message_id()]
    onward = Ids(
        ids.seed,
        uuids=ids.uuids,
        codes=ids.codes,
        message_ids=ids.message_ids,
        taken=set(ids.taken),
    )
    more = [onward.uuid(), onward.code(), onward.message_id()]
    assert more == [ids.uuid(), ids.code(), ids.message_id()]
    assert not set(more) & set(drawn)


def test_an_id_is_a_random_uuid_by_its_looks() -> None:
    drawn = UUID(Ids(0).uuid())
    assert drawn.version == 4
    assert drawn.variant == "specified in RFC 4122"


def test_the_id_of_a_message_is_what_a_carrier_would_give() -> None:
    first, second = (ids := Ids(0)).message_id(), ids.message_id()
    assert first != second
    assert re.fullmatch("SM[0-9a-f]{32}", first)


def test_an_id_that_came_from_outside_is_never_given() -> None:
    first, second = Ids(0), Ids(0)
    second.reserve(first.uuid())
    assert second.uuid() == first.uuid()


def test_no_id_comes_twice() -> None:
    ids = Ids(0)
    assert len({ids.uuid() for _ in range(5000)}) == 5000


def test_a_code_is_never_the_one_that_it_replaces() -> None:
    first = Ids(0).code()
    assert Ids(0).code(unlike=first) != first
    assert len(first) == 6
    assert first.isdigit()
