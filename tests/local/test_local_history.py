"""The history of the service: everything, or the latest part with a limit."""

from __future__ import annotations

import gc
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from arns import contact_arn
from rejecting import violations_of
from sentinels import PHONE, phone_number

from ssm_contacts_sdk import Channel, Contact, ContactType, InvalidValueError
from ssm_contacts_sdk.local import Assumptions, LocalService

ARN = contact_arn("akuam")


def send(service: LocalService, operation: str, **body: object) -> dict[str, Any]:
    response = service.handle(f"SSMContacts.{operation}", {}, json.dumps(body).encode())
    members: dict[str, Any] = json.loads(response.body)
    return members


def person(service: LocalService, alias: str, **more: object) -> str:
    members = send(service, "CreateContact", Alias=alias, Type="PERSONAL", Plan={}, **more)
    return str(members["ContactArn"])


def phone_of(service: LocalService, contact: str, address: str = PHONE) -> str:
    members = send(
        service,
        "CreateContactChannel",
        ContactId=contact,
        Name="phone",
        Type="SMS",
        DeliveryAddress={"SimpleAddress": address},
    )
    return str(members["ContactChannelArn"])


def objects_after(service: LocalService, body: bytes, times: int) -> int:
    """Return the number of objects after `times` requests that the service rejects."""
    for _ in range(times):
        service.handle("SSMContacts.Nonsense", {}, body)
        service.handle("SSMContacts.CreateContact", {}, body)
    gc.collect()
    return len(gc.get_objects())


def test_a_service_without_a_limit_keeps_everything() -> None:
    service = LocalService()
    for _ in range(300):
        send(service, "ListContacts", Unknown="x")
    assert len(service.requests) == service.requests_received == 300
    send(service, "Nonsense", a=1)
    send(service, "GetContact", ContactId="akuam")
    assert [request.body for request in service.requests[-2:]] == [{"a": 1}, {"ContactId": "akuam"}]


def test_a_limited_service_keeps_the_latest_requests() -> None:
    service = LocalService(history_limit=3)
    for number in range(10):
        person(service, f"a{number}")
    assert [request.body["Alias"] for request in service.requests] == ["a7", "a8", "a9"]
    assert service.requests_received == 10
    assert len(send(service, "ListContacts")["Contacts"]) == 10


def test_a_limited_service_keeps_no_invalid_body() -> None:
    service = LocalService(history_limit=10)
    send(service, "Nonsense", a=1)
    send(service, "GetContact", ContactId="akuam")
    send(service, "GetContact", ContactId=1)
    send(service, "GetContact", ContactId=ARN)
    assert [request.body for request in service.requests] == [{}, {}, {}, {"ContactId": ARN}]
    assert [request.error for request in service.requests] == [
        "UnknownOperationException",
        "ValidationException",
        "SerializationException",
        "ResourceNotFoundException",
    ]


def test_a_limited_service_keeps_the_members_of_the_operation() -> None:
    service = LocalService(history_limit=10)
    person(service, "akuam")
    other: list[list[str]] = [[]] * 1_000
    send(service, "GetContact", ContactId=ARN, Other=other)
    assert service.requests[-1].status == 200
    assert service.requests[-1].body == {"ContactId": ARN}
    # Without a limit, the whole body is kept.
    service = LocalService()
    send(service, "GetContact", ContactId=ARN, Other=[])
    assert service.requests[-1].body == {"ContactId": ARN, "Other": []}


@pytest.mark.parametrize("limit", [None, 10])
def test_long_names_from_clients_are_cut_off(limit: int | None) -> None:
    service = LocalService(history_limit=limit)
    headers = {"amz-sdk-invocation-id": "i" * 30_000}
    service.handle("x" * 30_000, headers, b"{}")
    (request,) = service.requests
    assert (request.operation, request.invocation_id) == ("x" * 200, "i" * 200)


@pytest.mark.parametrize(("size", "is_kept"), [(16_384, True), (16_385, False)])
def test_a_limited_service_keeps_no_large_body(size: int, is_kept: bool) -> None:
    service = LocalService(history_limit=10)
    arn = person(service, "akuam")
    smallest = len(json.dumps({"ContactArn": arn, "Policy": json.dumps({"a": ""})}))
    policy = json.dumps({"a": "x" * (size - smallest)})
    send(service, "PutContactPolicy", ContactArn=arn, Policy=policy)
    assert ("Policy" in service.requests[-1].body) == is_kept
    assert send(service, "GetContactPolicy", ContactArn=arn)["Policy"] == policy


def test_rejected_requests_do_not_use_more_and_more_memory() -> None:
    body = json.dumps({"Alias": "!", "Tags": [{"Key": "!"}] * 50}).encode()
    service = LocalService(history_limit=10)
    before = objects_after(service, body, 10)
    assert objects_after(service, body, 100) <= before + 10
    # Without a limit, it does.
    service = LocalService()
    before = objects_after(service, body, 10)
    assert objects_after(service, body, 100) > before + 500


def test_a_limited_service_keeps_the_latest_messages_and_journal_entries() -> None:
    service = LocalService(history_limit=3)
    phone = phone_of(service, person(service, "akuam"))
    for _ in range(9):
        send(service, "SendActivationCode", ContactChannelId=phone)
    assert len(service.outbox) == len(service.journal) == 3
    assert service.code_for(phone) == service.outbox[-1].code


def test_code_for_works_after_the_message_was_dropped() -> None:
    service = LocalService(history_limit=1)
    akua = person(service, "akuam")
    phone = phone_of(service, akua)
    code = service.code_for(phone)
    phone_of(service, akua, phone_number(198))
    assert service.outbox[0].channel_arn != phone
    assert service.code_for(phone) == code
    with pytest.raises(InvalidValueError, match="a channel that was sent a code"):
        service.code_for(phone + "x")


def test_journal_since_returns_each_entry_once() -> None:
    service = LocalService(history_limit=3)
    phone = phone_of(service, person(service, "akuam"))
    entries, seen = service.journal_since(0)
    assert (len(entries), seen) == (1, 1)
    send(service, "SendActivationCode", ContactChannelId=phone)
    entries, seen = service.journal_since(seen)
    assert (entries, seen) == (service.journal[-1:], 2)
    assert service.journal_since(seen) == ((), 2)
    for _ in range(7):
        send(service, "SendActivationCode", ContactChannelId=phone)
    assert service.journal_since(seen) == (service.journal, 9)
    assert service.journal_since(8) == (service.journal[-1:], 9)


# The transcript


def crowded(limit: int | None, requests: int) -> LocalService:
    """Return a service in which each request after the second one sends a code."""
    service = LocalService(history_limit=limit)
    phone = phone_of(service, person(service, "akuam"))
    for _ in range(requests - 2):
        send(service, "SendActivationCode", ContactChannelId=phone)
    return service


def shown(service: LocalService, skip: int = 0) -> list[str]:
    return [line[26:].split(" to ")[0] for line in service.transcript(skip=skip).splitlines()]


SENT = ["SendActivationCode  contact-channel/akuam/", "  -> activation by SMS"]


def test_the_transcript_counts_the_requests_that_are_not_kept() -> None:
    service = crowded(3, 10)
    lines = service.transcript().splitlines()
    assert lines[0] == "(7 earlier requests not kept)"
    assert [line.split("  ")[1] for line in lines[1:]] == ["SendActivationCode", ""] * 3
    assert crowded(3, 4).transcript().startswith("(1 earlier request not kept)\n")
    assert "not kept" not in crowded(3, 3).transcript()


@pytest.mark.parametrize("skip", range(12))
def test_skip_counts_requests_that_are_not_kept(skip: int) -> None:
    whole, limited = crowded(None, 10), crowded(3, 10)
    expected = whole.transcript(skip=max(skip, 7))
    found = limited.transcript(skip=skip)
    if skip < 7:
        line, _, found = found.partition("\n")
        count = 7 - skip
        assert line == f"({count} earlier request{'s' if count > 1 else ''} not kept)"
    assert found == expected


def test_the_entries_of_a_skipped_request_are_omitted() -> None:
    service = LocalService(history_limit=3)
    phone_of(service, person(service, "akuam"))
    for _ in range(4):
        send(service, "ListContacts")
    # The only entry belongs to the second request, and is still kept.
    assert len(service.journal) == 1
    assert shown(service, skip=3) == ["ListContacts  200"] * 3
    assert shown(service, skip=4) == ["ListContacts  200"] * 2
    assert service.transcript().startswith("(3 earlier requests not kept)\n")
    assert shown(service)[1:] == ["  -> activation by SMS", *["ListContacts  200"] * 3]


def test_a_reset_resets_the_counts() -> None:
    service = crowded(3, 10)
    service.reset()
    send(service, "ListContacts")
    assert service.requests_received == 1
    assert shown(service) == ["ListContacts  200"]


def test_a_snapshot_restores_the_counts() -> None:
    service = crowded(3, 10)
    before = service.transcript(), service.journal_since(0)
    snapshot = service.snapshot()
    service.reset()
    service.restore(snapshot)
    assert service.requests_received == 10
    assert (service.transcript(), service.journal_since(0)) == before
    send(service, "ListContacts")
    assert service.transcript().splitlines()[0] == "(8 earlier requests not kept)"


# Idempotency tokens


def token(number: int) -> str:
    return f"{number:036}"


def test_a_limited_service_keeps_the_latest_tokens_of_each_operation() -> None:
    service = LocalService(history_limit=1)
    for number in range(11):
        person(service, f"a{number}", IdempotencyToken=token(number))
    again = person(service, "a1", IdempotencyToken=token(1))
    assert again.endswith(":contact/a1")
    rejected = send(
        service,
        "CreateContact",
        Alias="a0",
        Type="PERSONAL",
        Plan={},
        IdempotencyToken=token(0),
    )
    # The oldest of eleven tokens was dropped, so this is a new request for an existing alias.
    assert rejected["Message"] == "A contact with this alias already exists."


def test_tokens_are_limited_for_each_operation() -> None:
    service = LocalService(history_limit=1)
    akua = person(service, "akuam", IdempotencyToken=token(1))
    for number in range(20):
        started = send(
            service,
            "StartEngagement",
            ContactId=akua,
            Sender="s",
            Subject="s",
            Content="c",
            IdempotencyToken=token(number),
        )
        assert "EngagementArn" in started
    assert person(service, "akuam", IdempotencyToken=token(1)) == akua


def test_a_service_without_a_limit_keeps_every_token() -> None:
    service = LocalService()
    for number in range(50):
        person(service, f"a{number}", IdempotencyToken=token(number))
    assert person(service, "a0", IdempotencyToken=token(0)).endswith("/a0")


def test_the_order_of_a_map_does_not_matter_for_tokens() -> None:
    service = LocalService()
    hours = [
        {"Start": {"HourOfDay": 9, "MinuteOfHour": 0}, "End": {"HourOfDay": 17, "MinuteOfHour": 0}}
    ]
    recurrence: dict[str, Any] = {
        "NumberOfOnCalls": 1,
        "RecurrenceMultiplier": 1,
        "DailySettings": [{"HourOfDay": 9, "MinuteOfHour": 0}],
    }
    created: list[str] = []
    akua = person(service, "akuam")
    for days in (("MON", "TUE"), ("TUE", "MON")):
        recurrence["ShiftCoverages"] = dict.fromkeys(days, hours)
        response = send(
            service,
            "CreateRotation",
            Name="web",
            ContactIds=[akua],
            TimeZoneId="UTC",
            Recurrence=recurrence,
            IdempotencyToken=token(1),
        )
        created.append(response["RotationArn"])
    assert created[0] == created[1]


def test_the_order_of_members_does_not_matter_for_tokens() -> None:
    service = LocalService()
    body: dict[str, Any] = {
        "Alias": "akuam",
        "Type": "PERSONAL",
        "Plan": {"Stages": [{"DurationInMinutes": 1, "Targets": []}]},
        "IdempotencyToken": token(1),
    }
    created = send(service, "CreateContact", **body)
    assert send(service, "CreateContact", **dict(reversed(body.items()))) == created
    other: dict[str, Any] = {**body, "Plan": {"Stages": [{"DurationInMinutes": 2, "Targets": []}]}}
    assert send(service, "CreateContact", **other)["__type"] == "ConflictException"
    careless = LocalService(assumptions=Assumptions(reused_token="first_response"))
    assert send(careless, "CreateContact", **body) == send(careless, "CreateContact", **other)


def test_a_token_does_not_keep_the_request(tmp_path: Path) -> None:
    service = LocalService()
    akua = person(service, "akuam")
    phone = send(
        service,
        "CreateContactChannel",
        ContactId=akua,
        Name="phone",
        Type="SMS",
        DeliveryAddress={"SimpleAddress": PHONE},
        DeferActivation=True,
        IdempotencyToken=token(1),
    )["ContactChannelArn"]
    send(service, "DeleteContactChannel", ContactChannelId=phone)
    service.save(tmp_path / "state")
    assert PHONE not in (tmp_path / "state").read_text()


# The option itself


@pytest.mark.parametrize(
    ("limit", "code"),
    [
        (0, "too_small"),
        (-1, "too_small"),
        (True, "wrong_type"),
        (1.5, "wrong_type"),
        ("10", "wrong_type"),
    ],
)
def test_history_limit_must_be_an_int_of_at_least_1(limit: Any, code: str) -> None:
    expected = [("history_limit", code)]
    assert violations_of(lambda: LocalService(history_limit=limit)) == expected


@pytest.mark.parametrize(("number", "code"), [(-1, "too_small"), ("1", "wrong_type")])
def test_a_number_of_requests_or_entries_must_be_an_int_of_at_least_0(
    number: Any, code: str
) -> None:
    service = LocalService()
    assert violations_of(lambda: service.transcript(skip=number)) == [("skip", code)]
    assert violations_of(lambda: service.journal_since(number)) == [("count", code)]


def test_a_limit_may_be_as_large_as_an_int_can_be() -> None:
    service = LocalService(history_limit=sys.maxsize)
    client = service.client()
    akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
    client.channels.create(akua, Channel.sms("phone", PHONE))
    assert len(service.requests) == 2


# In a file


def test_a_limited_service_continues_from_its_file(tmp_path: Path) -> None:
    path = tmp_path / "state"
    service = LocalService(history_limit=3)
    with service.persist(path):
        phone = phone_of(service, person(service, "akuam"))
        for number in range(40):
            send(service, "SendActivationCode", ContactChannelId=phone)
            person(service, f"a{number}", IdempotencyToken=token(number))
    again = LocalService(history_limit=3)
    with again.persist(path):
        assert (again.outbox, again.journal) == (service.outbox, service.journal)
        assert len(again.outbox) == 3
        assert person(again, "a39", IdempotencyToken=token(39)).endswith(":contact/a39")
        send(again, "SendActivationCode", ContactChannelId=phone)
        assert again.outbox[:2] == service.outbox[1:]
