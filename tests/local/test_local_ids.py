from __future__ import annotations

import re
from uuid import UUID

from ssm_contacts_sdk.local._ids import Ids


def test_ids_and_codes_follow_from_the_seed() -> None:
    one, same, other = Ids(7), Ids(7), Ids(8)
    drawn = [one.uuid(), one.code()]
    assert drawn == [same.uuid(), same.code()]
    assert drawn != [other.uuid(), other.code()]


def test_the_kinds_of_ids_are_independent() -> None:
    one, other = Ids(0), Ids(0)
    one.code()
    one.message_id()
    assert one.uuid() == other.uuid()
    other.uuid()
    drawn = [one.code(), one.message_id()]
    assert drawn != [other.code(), other.message_id()] == [Ids(0).code(), Ids(0).message_id()]


def test_ids_continue_from_the_attributes() -> None:
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


def test_an_id_has_the_form_of_a_random_uuid() -> None:
    drawn = UUID(Ids(0).uuid())
    assert drawn.version == 4
    assert drawn.variant == "specified in RFC 4122"


def test_a_message_id_has_the_form_of_a_carriers_id() -> None:
    first, second = (ids := Ids(0)).message_id(), ids.message_id()
    assert first != second
    assert re.fullmatch("SM[0-9a-f]{32}", first)


def test_a_reserved_id_is_not_drawn() -> None:
    first, second = Ids(0), Ids(0)
    second.reserve(first.uuid())
    assert second.uuid() == first.uuid()


def test_no_id_is_drawn_twice() -> None:
    ids = Ids(0)
    assert len({ids.uuid() for _ in range(5000)}) == 5000


def test_a_code_is_never_the_one_that_it_replaces() -> None:
    first = Ids(0).code()
    assert Ids(0).code(unlike=first) != first
    assert len(first) == 6
    assert first.isdigit()
