from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from arns import contact_arn, rotation_arn
from attrs import evolve
from rejecting import Wrong, assert_rejected

from ssm_contacts_sdk import (
    Contact,
    ContactRecord,
    ContactsClient,
    ContactType,
    Override,
    OverrideRecord,
    Recurrence,
    ResourceNotFoundError,
    Rotation,
    RotationRecord,
)
from ssm_contacts_sdk.local import LocalService, lost_response

GONE = rotation_arn("gone")
AKUA = contact_arn("akuam")
SOME_ID = "0a1b2c3d-0000-4000-8000-000000000000"
START = datetime(2025, 1, 6, 8, 0, tzinfo=timezone.utc)
NAIVE = datetime(2025, 1, 6, 8, 0)  # noqa: DTZ001 - that is what is wrong with it
WEEK: dict[str, Any] = {"start_time": START, "end_time": START + timedelta(days=7)}


@pytest.fixture
def akua(client: ContactsClient) -> ContactRecord:
    return client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))


@pytest.fixture
def web(client: ContactsClient, akua: ContactRecord) -> RotationRecord:
    return client.rotations.create(
        Rotation(
            name="web",
            contact_ids=[akua],
            start_time=START,
            time_zone_id="UTC",
            recurrence=Recurrence.daily("08:00"),
        )
    )


@pytest.fixture
def day_off(client: ContactsClient, web: RotationRecord) -> OverrideRecord:
    """Return an override with which nobody is on call for a day."""
    override = Override(new_contact_ids=[], start_time=START, end_time=START + timedelta(days=1))
    return client.overrides.create(web, override)


def test_create_returns_what_was_sent_with_its_id(
    service: LocalService, client: ContactsClient, web: RotationRecord, day_off: OverrideRecord
) -> None:
    assert day_off.rotation_arn == web.arn
    assert len(day_off.id) == 36
    assert (day_off.new_contact_ids, day_off.create_time) == ((), None)
    assert service.requests[-1].body["NewContactIds"] == []
    read = client.overrides.get(web, day_off)
    assert read == evolve(day_off, create_time=service.clock.now())
    assert client.overrides.get(web.arn, day_off.id) == read
    assert list(client.overrides.list(web, **WEEK)) == [read]


def test_a_create_whose_response_is_lost_creates_once(
    service: LocalService, client: ContactsClient, web: RotationRecord, akua: ContactRecord
) -> None:
    service.faults.add(lost_response(), operation="CreateRotationOverride", times=2)
    override = Override(
        new_contact_ids=[akua], start_time=START, end_time=START + timedelta(hours=1)
    )
    made = client.overrides.create(web, override)
    sent = [each for each in service.requests if each.operation == "CreateRotationOverride"]
    assert len(sent) == 3
    assert len({each.body["IdempotencyToken"] for each in sent}) == 1
    assert [each.id for each in client.overrides.list(web, **WEEK)] == [made.id]


def test_create_ignores_the_id_and_the_rotation_of_a_record(
    client: ContactsClient, web: RotationRecord, day_off: OverrideRecord
) -> None:
    assert client.overrides.create(web, day_off).id != day_off.id


def test_delete_succeeds_if_its_first_response_is_lost(
    service: LocalService, client: ContactsClient, web: RotationRecord, day_off: OverrideRecord
) -> None:
    service.faults.add(lost_response(), operation="DeleteRotationOverride")
    client.overrides.delete(web, day_off)
    assert list(client.overrides.list(web, **WEEK)) == []
    with pytest.raises(ResourceNotFoundError) as caught:
        client.overrides.get(web, day_off)
    assert caught.value.code == "ResourceNotFoundException"


def test_a_rotation_that_does_not_exist_is_not_found_with_the_message_of_the_service(
    client: ContactsClient, akua: ContactRecord
) -> None:
    override = Override(new_contact_ids=[akua], **WEEK)
    for act in (
        lambda: client.overrides.create(GONE, override),
        lambda: client.overrides.get(GONE, SOME_ID),
        lambda: client.overrides.delete(GONE, SOME_ID),
        lambda: list(client.overrides.list(GONE, **WEEK)),
    ):
        with pytest.raises(ResourceNotFoundError, match="Invalid resource Arn") as caught:
            act()
        assert caught.value.code == "ValidationException"


OTHERS = OverrideRecord(new_contact_ids=[], rotation_arn=rotation_arn("other"), id=SOME_ID, **WEEK)
WRONG: Wrong = [
    (
        "overrides.create",
        (AKUA, {}),
        {},
        [("rotation", "wrong_kind_of_arn"), ("override", "wrong_type")],
    ),
    ("overrides.get", (GONE, OTHERS), {}, [("override", "conflict")]),
    (
        "overrides.get",
        ("web", "1"),
        {},
        [("rotation", "not_an_arn"), ("override", "too_short"), ("override", "wrong_format")],
    ),
    ("overrides.delete", (GONE, 7), {}, [("override", "wrong_type")]),
    (
        "overrides.list",
        (AKUA,),
        {"start_time": NAIVE, "end_time": "now", "page_size": 0},
        [
            ("rotation", "wrong_kind_of_arn"),
            ("start_time", "no_time_zone"),
            ("end_time", "wrong_type"),
            ("page_size", "too_small"),
        ],
    ),
    ("overrides.list", (GONE,), WEEK | {"end_time": START}, [("end_time", "conflict")]),
]


@pytest.mark.parametrize(("method", "arguments", "named", "expected"), WRONG)
def test_all_violations_are_raised_at_once_and_nothing_is_sent(
    method: str,
    arguments: tuple[Any, ...],
    named: dict[str, Any],
    expected: list[tuple[str, str]],
) -> None:
    assert_rejected(method, arguments, named, expected)
