from __future__ import annotations

import json
from typing import Any

from arns import contact_arn
from botocore.model import ServiceModel
from hypothesis import given, settings
from hypothesis import strategies as st
from sentinels import PHONE

from ssm_contacts_sdk.local import LocalService
from ssm_contacts_sdk.local._contract import contract
from ssm_contacts_sdk.local._handlers import HANDLERS
from ssm_contacts_sdk.local._ids import Ids

MODEL = ServiceModel(contract().loader.load_service_model("ssm-contacts", "service-2"))
OPERATIONS = sorted(contract().operations)
ARN = contact_arn("akuam")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
ALIASES = ["akuam", "boss"]
CONTACTS = [f"{ARN.rpartition('/')[0]}/{alias}" for alias in ALIASES]
# The id of the first channel, rotation or override of a service with the seed 0.
FIRST_ID = Ids(0).uuid()
CHANNEL = f"{ARN.replace(':contact/', ':contact-channel/')}/{FIRST_ID}"
LOADED_CHANNEL = ARN.replace(":contact/", ":contact-channel/") + "/filled"
ROTATION = ARN.replace("contact/akuam", f"rotation/{FIRST_ID}")
LOADED_ROTATION = ARN.replace("contact/akuam", "rotation/filled")
HAND_OFF = {"HourOfDay": 9, "MinuteOfHour": 0}
DAILY = {"NumberOfOnCalls": 1, "RecurrenceMultiplier": 1, "DailySettings": [HAND_OFF]}
LOADED: list[dict[str, Any]] = [
    {"ContactArn": ARN, "Alias": "akuam", "Type": "PERSONAL", "Plan": {}},
    {
        "ContactArn": ARN,
        "ContactChannelArn": LOADED_CHANNEL,
        "Name": "akuas mail",
        "Type": "EMAIL",
        "DeliveryAddress": {"SimpleAddress": "a@b"},
    },
    {
        "RotationArn": LOADED_ROTATION,
        "Name": "akuas rotation",
        "ContactIds": [ARN],
        "StartTime": 0,
        "TimeZoneId": "UTC",
        "Recurrence": DAILY,
    },
]
TARGETS: list[dict[str, Any]] = [
    {},
    {"ChannelTargetInfo": {"ContactChannelId": CHANNEL}},
    {"ContactTargetInfo": {"ContactId": ARN, "IsEssential": True}},
    {"ContactTargetInfo": {"IsEssential": False}},
]
STAGES = [
    {"DurationInMinutes": minutes, "Targets": TARGETS[:n]} for minutes in (0, 31) for n in range(4)
]
A_TAG = {"Key": "a", "Value": "b"}
MANY_TAGS, MORE_TAGS = ([{**A_TAG, "Key": f"{key}{n}"} for n in range(50)] for key in "ab")
# Values that are valid or nearly valid. The first one of each member is the most frequent.
LIKELY: dict[str, list[Any]] = {
    "ActivationCode": ["000000", "123456", "1", 123456],
    "Alias": [*ALIASES, "Akua", "a\n"],
    "AliasPrefix": ["a", "", "akuam"],
    "ContactArn": [*CONTACTS, CHANNEL],
    "ContactChannelId": [LOADED_CHANNEL, CHANNEL, ARN],
    "ContactId": [*CONTACTS, "akuam"],
    "ContactIds": [[ARN], [ARN, ARN], CONTACTS, [], [ARN] * 31, [ROTATION]],
    "DeferActivation": [True, False, 1],
    "DeliveryAddress": [*({"SimpleAddress": a} for a in (PHONE, "a@b", "\ud800@b")), {}],
    "DisplayName": ["Akua", "", "\ud800"],
    "EndTime": [3600, 0.0014, 10**400, True],
    "IdempotencyToken": ["", "t", "u"],
    "MaxResults": [0, 1, 2, 1024, 1025, True],
    "Name": ["akuas sms", "!"],
    "NewContactIds": [[], [ARN], CONTACTS, [ARN] * 31, [ROTATION]],
    "NextToken": ["", "AAAA", "\\/+=", "A" * 2048],
    "Plan": [
        {},
        {"RotationIds": [ARN]},
        {"RotationIds": [ROTATION, LOADED_ROTATION]},
        *({"Stages": [stage]} for stage in STAGES),
    ],
    "Policy": ["{}", '{"Version": "\\ud800"}', "[]", "{", "[" * 100_000, " "],
    "Recurrence": [DAILY, {**DAILY, "WeeklySettings": []}, {**DAILY, "NumberOfOnCalls": 10**400}],
    "ResourceARN": [*CONTACTS, ROTATION, LOADED_ROTATION, CHANNEL, "!", "\ud800"],
    "RotationId": [LOADED_ROTATION, ROTATION, ARN],
    "RotationNamePrefix": ["akua", "a", ""],
    "RotationOverrideId": [FIRST_ID, "x", "00000000-0000-4000-8000-000000000000"],
    "StartTime": [0, -0.0, 7200, 1e-9, -(10**400), 1e300],
    "TagKeys": [[], ["a"], ["a", "a"], ["!"], ["a"] * 51],
    "Tags": [[], [A_TAG], [A_TAG, A_TAG], [{}], [{"Key": "a"}], MANY_TAGS, MORE_TAGS],
    "TimeZoneId": ["UTC", "Europe/Berlin", "../etc/passwd", "Mars", "/"],
    "Type": ["PERSONAL", "ESCALATION", "ONCALL_SCHEDULE", "SMS", "EMAIL"],
}


def likely_body(operation: str) -> st.SearchStrategy[bytes]:
    shape = MODEL.operation_model(operation).input_shape
    names = [] if shape is None else [name for name in shape.members if name in LIKELY]
    members = {name: st.just(LIKELY[name][0]) | st.sampled_from(LIKELY[name]) for name in names}
    invalid = dict.fromkeys(names, JSON)
    return st.one_of(
        st.fixed_dictionaries(members),
        st.fixed_dictionaries({}, optional=members),
        st.fixed_dictionaries({}, optional=invalid),
    ).map(lambda body: json.dumps(body).encode())


ANY_REQUEST = st.tuples(st.sampled_from(OPERATIONS) | st.text(), st.binary())
LIKELY_REQUEST = st.sampled_from(sorted(HANDLERS)).flatmap(
    lambda operation: st.tuples(st.just(operation), likely_body(operation))
)


@settings(deadline=None)
@given(
    st.lists(LIKELY_REQUEST | LIKELY_REQUEST | ANY_REQUEST, max_size=12),
    st.dictionaries(st.text(), st.text(), max_size=2),
    st.booleans(),
)
def test_no_requests_make_the_service_fail(
    requests: list[tuple[str, bytes]], headers: dict[str, str], is_loaded: bool
) -> None:
    service = LocalService()
    service.load_resources(*(LOADED if is_loaded else []))
    for operation, body in requests:
        response = service.handle(f"SSMContacts.{operation}", headers, body)
        content = json.loads(response.body)
        if response.status == 200:
            continue
        assert response.status == 400
        assert content["Message"]
        known = {"SerializationException", "UnknownOperationException"}
        if operation in HANDLERS:
            # Each error must be one that AWS's model lists for the operation.
            shapes = MODEL.operation_model(operation).error_shapes
            known |= {shape.name for shape in shapes}
        assert content["__type"] in known
    assert len(service.requests) == len(requests)
