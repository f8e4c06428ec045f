"""Every request that is made from accepted arguments passes botocore's validation.

Clients of this package do not let botocore validate such a request again, see
`ssm_contacts_sdk._parameter_validation`. This proves that nothing is lost: whatever a user passes,
either a check of this package rejects it, or botocore would accept it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import deepcopy
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, cast

import pytest
from amounts import amount
from arns import channel_arn, contact_arn, engagement_arn, page_arn, rotation_arn
from botocore.validate import ParamValidator
from hypothesis import given, settings
from hypothesis import strategies as st
from sentinels import CODE, PHONE, TOKEN

from ssm_contacts_sdk import (
    Channel,
    Contact,
    ContactPolicy,
    ContactRecord,
    ContactsClient,
    ContactsError,
    ContactType,
    Listing,
    Override,
    Plan,
    PreviewOverride,
    Recurrence,
    Rotation,
    RotationRecord,
    from_response,
    to_kwargs,
)
from ssm_contacts_sdk._resources.table import OPERATIONS
from ssm_contacts_sdk.local import LocalService

PERSON, SMS, ROTATION = contact_arn("akuam"), channel_arn("akuam"), rotation_arn("web")
NOW = datetime(2025, 1, 6, 9, tzinfo=timezone.utc)
WEEKLY = Recurrence.weekly(
    ("MON", "09:00"), ("FRI", "17:00"), coverage={"MON": [("09:00", "17:00")]}
)
END = NOW + timedelta(days=1)
PREVIEW = PreviewOverride(new_members=["akua"], start_time=NOW, end_time=END)
ENGAGING = Plan.engagement().stage(minutes=5).channel(SMS, retry_minutes=1).build()
LEGAL: dict[str, Any] = {
    "channel": SMS,
    "channels.create(channel)": Channel.sms("sms", PHONE),
    "code": CODE,
    "code_validation": "ENFORCE",
    "contact": PERSON,
    "contact_ids": [PERSON],
    "contacts.create(contact)": Contact(
        alias="akuam", display_name="Akua", type=ContactType.PERSONAL, plan=ENGAGING
    ),
    "content": "the web shop is down",
    "defer_activation": True,
    "delivery_address": PHONE,
    "display_name": "Akua",
    "alias_prefix": "a",
    "name_prefix": "w",
    "end_time": NOW + timedelta(days=2),
    "engagement": engagement_arn("akuam"),
    "idempotency_token": TOKEN,
    "incident_id": f"arn:aws:ssm-incidents::111122223333:incident-record/web/{'a' * 36}",
    "keys": ["team"],
    "members": ["akua", "bo"],
    "name": "pager",
    "next_token": "token",
    "note": "on it",
    "override": "0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f",
    "overrides": [PREVIEW],
    "overrides.create(override)": Override(new_contact_ids=[PERSON], start_time=NOW, end_time=END),
    "page": page_arn("akuam"),
    "page_size": 10,
    "plan": Plan.escalation().stage(minutes=5).contact(PERSON, essential=True).build(),
    "policy": ContactPolicy('{"Statement": []}'),
    "public_content": "down",
    "public_subject": "down",
    "reason": "solved",
    "recurrence": WEEKLY,
    "resource": PERSON,
    "rotation": ROTATION,
    "rotation_start_time": NOW,
    "rotations.create(rotation)": Rotation(
        name="web", contact_ids=[PERSON], start_time=NOW, time_zone_id="UTC", recurrence=WEEKLY
    ),
    "sender": "cli",
    "start_time": NOW,
    "subject": "down",
    "tags": {"team": "web"},
    "time_zone_id": "Europe/Paris",
    "contacts.list(type)": "PERSONAL",
    "pages.accept(type)": "READ",
}


class Word(str):
    __slots__ = ()


class Number(int):
    __slots__ = ()


JUNK: list[Any] = [
    *(None, True, 0, -1, 1, 2**70, 1.5, float("nan"), Decimal(1), Number(5)),
    *("", " ", "x", "\n", "a" * 5_000, Word("x"), b"x", PERSON, SMS, ROTATION),
    *(
        (),
        [],
        [""],
        [None],
        [5],
        [[]],
        {},
        {"": ""},
        {1: 1},
        {"a": None},
        set[str](),
        {"x"},
        object(),
    ),
    *(NOW, datetime(2025, 1, 6), timedelta(days=1)),  # noqa: DTZ001 - without a zone
    *(int, len, WEEKLY, ENGAGING, Plan(), Plan.on_call(), PREVIEW),
]
# The values that the service sends are checked when they are sent back, not when they are read.
READ: list[Any] = [
    *(value for value in LEGAL.values() if hasattr(value, "_aws_shape")),
    *(Plan.on_call(ROTATION), Recurrence.daily("09:00"), Recurrence.monthly((1, "09:00"))),
    PREVIEW,
]


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of each part of a JSON value."""
    parts: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        parts = cast("dict[str, Any]", value).items()
    if isinstance(value, list):
        parts = enumerate(cast("Sequence[Any]", value))
    for key, part in parts:
        yield (*path, key)
        yield from paths(part, (*path, key))


def replaced(value: object, path: tuple[Any, ...], new: object) -> Any:
    copied: Any = deepcopy(value)
    inner = copied
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = new
    return copied


def read_back(value: Any, response: dict[str, object]) -> Any:
    """Return the value of this kind that is read from a response, or None if it is unreadable."""
    try:
        return cast("Any", from_response)(type(value), response)
    except ContactsError:
        return None


@st.composite
def read_values(draw: st.DrawFn) -> object:
    """A value that was read from a response with one strange part."""
    value = draw(st.sampled_from(READ))
    response = to_kwargs(value)
    strange = replaced(response, draw(st.sampled_from([*paths(response)])), draw(strange_parts))
    read = read_back(value, strange)
    return value if read is None else read


strange_parts = st.sampled_from(JUNK)
strange_arguments = (
    strange_parts
    | read_values()
    | st.lists(strange_parts | read_values(), max_size=3)
    | st.dictionaries(st.sampled_from(["team", "", Word("a")]), strange_parts, max_size=2)
)


class Sent(BaseException):
    """What botocore's validator reports about a request that would be sent."""


def report(params: dict[str, object], model: Any, **_: object) -> None:
    raise Sent(ParamValidator().validate(params, model.input_shape).generate_report())


BOTO3_CLIENT: Any = LocalService().boto3_client()
BOTO3_CLIENT.meta.events.register_last("before-parameter-build", report)
CLIENT = ContactsClient(boto3_client=BOTO3_CLIENT)


def method_of(name: str) -> Callable[..., object]:
    resource, _, method = OPERATIONS[name].method.partition(".")
    bound: Callable[..., object] = getattr(getattr(CLIENT, resource), method)
    return bound


def legal_arguments(name: str) -> dict[str, Any]:
    method = OPERATIONS[name].method
    parameters = inspect.signature(method_of(name)).parameters
    return {each: LEGAL.get(f"{method}({each})", LEGAL.get(each)) for each in parameters}


def reported(name: str, arguments: dict[str, Any]) -> str | None:
    """Return what botocore reports about the request, or None if a check of ours rejects it."""
    try:
        result: Any = method_of(name)(**arguments)
        assert isinstance(result, Listing), "only a list is requested later"
        next(result.by_page())  # pyright: ignore[reportUnknownArgumentType]
    except Sent as sent:
        return str(sent)
    except ContactsError:
        return None
    raise AssertionError("it is sent or rejected")


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_request_with_legal_arguments_is_valid(name: str) -> None:
    arguments = legal_arguments(name)
    assert None not in arguments.values()
    assert reported(name, arguments) == ""


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_request_with_one_strange_argument_is_rejected_or_valid(name: str) -> None:
    arguments = legal_arguments(name)
    for each in arguments:
        for strange in JUNK:
            assert not reported(name, {**arguments, each: strange}), (each, strange)


@settings(deadline=None, max_examples=amount(quick=100, long=4_000))
@given(name=st.sampled_from([*OPERATIONS]), data=st.data())
def test_a_request_with_strange_arguments_is_rejected_or_valid(
    name: str, data: st.DataObject
) -> None:
    arguments = legal_arguments(name)
    changed = data.draw(st.lists(st.sampled_from([*arguments]), min_size=1, max_size=2))
    strange = {each: data.draw(strange_arguments) for each in changed}
    assert not reported(name, {**arguments, **strange})


def every_strange_response(value: Any) -> Iterator[dict[str, object]]:
    response = to_kwargs(value)
    for path in paths(response):
        for strange in JUNK:
            yield replaced(response, path, strange)


ARGUMENTS_OF_KIND: dict[type, list[tuple[str, str]]] = {
    Channel: [("CreateContactChannel", "channel")],
    Contact: [("CreateContact", "contact")],
    ContactPolicy: [("PutContactPolicy", "policy")],
    Override: [("CreateRotationOverride", "override")],
    Plan: [("UpdateContact", "plan")],
    PreviewOverride: [("ListPreviewRotationShifts", "overrides")],
    Recurrence: [("UpdateRotation", "recurrence"), ("ListPreviewRotationShifts", "recurrence")],
    Rotation: [("CreateRotation", "rotation")],
}


@pytest.mark.parametrize("value", READ, ids=lambda value: type(value).__name__)
def test_what_the_service_sends_is_rejected_or_valid_when_it_is_sent_back(value: Any) -> None:
    was_read = was_rejected = 0
    for response in every_strange_response(value):
        read = read_back(value, response)
        if read is None:
            continue
        was_read += 1
        for name, argument in ARGUMENTS_OF_KIND[type(value)]:
            passed: Any = [read] if argument == "overrides" else read
            found = reported(name, {**legal_arguments(name), argument: passed})
            was_rejected += found is None
            assert not found, response
    # Otherwise this would prove nothing.
    assert was_read > 0
    assert was_rejected > 0


@pytest.mark.parametrize("strange", JUNK)
def test_the_arn_of_a_record_is_rejected_or_valid(strange: object) -> None:
    contact = {**to_kwargs(LEGAL["contacts.create(contact)"]), "ContactArn": strange}
    rotation = {**to_kwargs(LEGAL["rotations.create(rotation)"]), "RotationArn": strange}
    for kind, response in ((ContactRecord, contact), (RotationRecord, rotation)):
        try:
            record = from_response(kind, response)
        except ContactsError:
            continue
        for name in OPERATIONS:
            arguments = legal_arguments(name)
            for each in arguments:
                assert not reported(name, {**arguments, each: record}), each
