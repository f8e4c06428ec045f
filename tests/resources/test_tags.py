from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

import pytest
from arns import channel_arn, contact_arn
from rejecting import Wrong, assert_rejected

from ssm_contacts_sdk import (
    Contact,
    ContactPolicy,
    ContactRecord,
    ContactsClient,
    ContactType,
    Recurrence,
    ResourceNotFoundError,
    ResponseDecodeError,
    Rotation,
)
from ssm_contacts_sdk.local import LocalService, raw_response

GONE = contact_arn("gone")
SMS = channel_arn("akuam")
JSON = "application/x-amz-json-1.1"


@pytest.fixture
def akua(client: ContactsClient) -> ContactRecord:
    return client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))


def test_tags_are_added_read_and_removed(client: ContactsClient, akua: ContactRecord) -> None:
    assert client.tags.list(akua) == {}
    client.tags.add(akua, {"team": "web", "tier": "1"})
    client.tags.add(akua.arn, {"tier": "2"})
    assert client.tags.list(akua.arn) == {"team": "web", "tier": "2"}
    client.tags.remove(akua, ["team", "nothing"])
    (summary,) = client.contacts.list()
    assert client.tags.list(summary) == {"tier": "2"}


def test_a_rotation_has_tags_too(client: ContactsClient, akua: ContactRecord) -> None:
    web = client.rotations.create(
        Rotation(
            name="web",
            contact_ids=[akua],
            start_time=datetime(2025, 1, 6, tzinfo=timezone.utc),
            time_zone_id="UTC",
            recurrence=Recurrence.daily("08:00"),
        ),
        tags={"team": "web"},
    )
    client.tags.add(web, {"tier": "1"})
    assert client.tags.list(web) == {"team": "web", "tier": "1"}


def test_a_resource_that_does_not_exist_has_no_tags(client: ContactsClient) -> None:
    for act in (
        lambda: client.tags.list(GONE),
        lambda: client.tags.add(GONE, {"team": "web"}),
        lambda: client.tags.remove(GONE, ["team"]),
    ):
        with pytest.raises(ResourceNotFoundError):
            act()


@pytest.mark.parametrize(
    ("tags", "expected"),
    [(None, {}), ([], {}), ([{"Key": "a"}], {"a": ""}), ([{"Key": "a", "Value": "b"}], {"a": "b"})],
)
def test_members_that_the_service_may_leave_out_may_be_missing(
    service: LocalService, client: ContactsClient, tags: Any, expected: dict[str, str]
) -> None:
    body = {} if tags is None else {"Tags": tags}
    service.faults.add(raw_response(200, json.dumps(body).encode(), JSON, request_id=True))
    assert client.tags.list(GONE) == expected


def test_a_tag_without_a_key_cannot_be_read(service: LocalService, client: ContactsClient) -> None:
    body = b'{"Tags": [{"Key": "a"}, {"Value": "b"}]}'
    service.faults.add(raw_response(200, body, JSON, request_id=True))
    with pytest.raises(ResponseDecodeError, match=r"at Tags\[1\].Key: is missing"):
        client.tags.list(GONE)


def test_a_policy_is_stored_unchanged(client: ContactsClient, akua: ContactRecord) -> None:
    assert client.contacts.get_policy(akua) is None
    policy = ContactPolicy('{ "Version":"2012-10-17",\n "Statement":[] }')
    client.contacts.put_policy(akua, policy)
    assert client.contacts.get_policy(akua) == policy
    sharing = ContactPolicy.sharing(akua, with_accounts=["222233334444"])
    client.contacts.put_policy(akua.arn, sharing)
    assert client.contacts.get_policy(akua) == sharing


def test_a_policy_that_is_not_json_can_be_read(
    service: LocalService, client: ContactsClient
) -> None:
    service.faults.add(raw_response(200, b'{"Policy": "whatever"}', JSON, request_id=True))
    policy = client.contacts.get_policy(GONE)
    assert policy is not None
    assert policy.text == "whatever"


WRONG: Wrong = [
    ("tags.list", (SMS,), {}, [("resource", "wrong_kind_of_arn")]),
    ("tags.list", ("akuam",), {}, [("resource", "not_an_arn")]),
    ("tags.list", (GONE + "a" * 1000,), {}, [("resource", "too_long")]),
    ("tags.add", (GONE, {}), {}, [("tags", "too_few")]),
    ("tags.add", (None, ["a"]), {}, [("resource", "wrong_type"), ("tags", "wrong_type")]),
    ("tags.remove", (GONE, []), {}, [("keys", "too_few")]),
    ("tags.remove", (GONE, "team"), {}, [("keys", "wrong_type")]),
    ("tags.remove", (GONE, ["a:b"]), {}, [("keys[0]", "wrong_characters")]),
    ("contacts.get_policy", (SMS,), {}, [("contact", "wrong_kind_of_arn")]),
    (
        "contacts.put_policy",
        (SMS, "{}"),
        {},
        [("contact", "wrong_kind_of_arn"), ("policy", "wrong_type")],
    ),
]


@pytest.mark.parametrize(("method", "arguments", "named", "expected"), WRONG)
def test_all_violations_are_raised_at_once_and_nothing_is_sent(
    method: str,
    arguments: tuple[Any, ...],
    named: dict[str, Any],
    expected: list[tuple[str, str]],
) -> None:
    assert_rejected(method, arguments, named, expected)
