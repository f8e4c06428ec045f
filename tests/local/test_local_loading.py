from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest
from arns import PREFIX, channel_arn, contact_arn, rotation_arn
from rejecting import violations_of
from sentinels import PHONE

from ssm_contacts_sdk._errors import InvalidValueError
from ssm_contacts_sdk.local import LocalService, Quotas

if TYPE_CHECKING:
    from mypy_boto3_ssm_contacts import SSMContactsClient

AKUA: dict[str, Any] = {
    "ContactArn": contact_arn("akuam"),
    "Alias": "akuam",
    "DisplayName": "Akua Mansa",
    "Type": "PERSONAL",
    "Plan": {"Stages": []},
}
SMS: dict[str, Any] = {
    "ContactArn": contact_arn("akuam"),
    "ContactChannelArn": channel_arn("akuam", "fc7405c4-46b2-48b7-87b2-93e2f225b90d"),
    "Name": "akuas sms",
    "Type": "SMS",
    "DeliveryAddress": {"SimpleAddress": PHONE},
    "ActivationStatus": "ACTIVATED",
}
SCHEDULE: dict[str, Any] = {
    "ContactArn": contact_arn("oncall"),
    "Alias": "oncall",
    "Type": "ONCALL_SCHEDULE",
    "Plan": {"Stages": [], "RotationIds": [rotation_arn("1")]},
}

ROTATION: dict[str, Any] = {
    "RotationArn": rotation_arn("example-rotation"),
    "Name": "web",
    "ContactIds": [contact_arn("akuam")],
    "StartTime": 1736154000.301,
    "TimeZoneId": "Europe/Berlin",
    "Recurrence": {
        "NumberOfOnCalls": 1,
        "RecurrenceMultiplier": 1,
        "DailySettings": [{"HourOfDay": 9, "MinuteOfHour": 0}],
    },
}


def members(response: Any) -> dict[str, Any]:
    return {name: value for name, value in response.items() if name != "ResponseMetadata"}


def test_a_contact_and_a_channel_can_be_copied_to_another_service(
    aws: SSMContactsClient, sms: str
) -> None:
    contact = aws.get_contact(ContactId=AKUA["ContactArn"])
    channel = aws.get_contact_channel(ContactChannelId=sms)
    other = LocalService()
    # The order does not matter: the channel's contact comes after it.
    other.load_resources(channel, contact)
    copy = other.boto3_client()
    assert members(copy.get_contact(ContactId=AKUA["ContactArn"])) == members(contact)
    assert members(copy.get_contact_channel(ContactChannelId=sms)) == members(channel)
    assert other.outbox == ()
    # Both services have the same seed, but the id is not drawn again.
    arguments: Any = {**members(channel), "ContactId": channel["ContactArn"], "Type": "VOICE"}
    for name in ("ContactArn", "ContactChannelArn", "ActivationStatus"):
        del arguments[name]
    assert copy.create_contact_channel(**arguments)["ContactChannelArn"] != sms


def test_a_loaded_channel_has_its_status_and_no_code(
    service: LocalService, aws: SSMContactsClient
) -> None:
    unknown = {**SMS, "ContactChannelArn": channel_arn("akuam", 2)}
    del unknown["ActivationStatus"]
    service.load_resources(AKUA)
    service.load_resources(SMS, unknown)
    listed = aws.list_contact_channels(ContactId=AKUA["ContactArn"])["ContactChannels"]
    assert [each["ActivationStatus"] for each in listed] == ["ACTIVATED", "NOT_ACTIVATED"]
    aws.send_activation_code(ContactChannelId=channel_arn("akuam", 2))
    (message,) = service.outbox
    assert message.address == PHONE


def test_a_loaded_resource_replaces_one_with_the_same_arn(
    service: LocalService, aws: SSMContactsClient
) -> None:
    second = {**SMS, "ContactChannelArn": channel_arn("akuam", 2)}
    service.load_resources(AKUA, SMS, second)
    service.load_resources({**AKUA, "DisplayName": "Akua"}, {**SMS, "Name": "renamed"})
    arn = AKUA["ContactArn"]
    assert aws.get_contact(ContactId=arn)["DisplayName"] == "Akua"
    listed = aws.list_contact_channels(ContactId=arn)["ContactChannels"]
    assert [each["Name"] for each in listed] == ["renamed", "akuas sms"]


@pytest.mark.parametrize("reloaded", [1, 2, 3])
def test_a_channel_that_is_loaded_again_keeps_its_place(
    service: LocalService, aws: SSMContactsClient, reloaded: int
) -> None:
    channels = [{**SMS, "ContactChannelArn": channel_arn("akuam", n)} for n in (1, 2, 3)]
    service.load_resources(AKUA, *channels)
    service.load_resources(channels[reloaded - 1])
    listed = aws.list_contact_channels(ContactId=AKUA["ContactArn"])["ContactChannels"]
    assert [each["ContactChannelArn"] for each in listed] == [
        channel_arn("akuam", n) for n in (1, 2, 3)
    ]


def test_a_loaded_schedule_has_rotations_and_no_stages(
    service: LocalService, aws: SSMContactsClient
) -> None:
    service.load_resources(SCHEDULE)
    plan = aws.get_contact(ContactId=SCHEDULE["ContactArn"])["Plan"]
    assert plan == {"RotationIds": [rotation_arn("1")]}


def test_a_rotation_can_be_copied_to_another_service(aws: SSMContactsClient, rotation: str) -> None:
    contact = aws.get_contact(ContactId=AKUA["ContactArn"])
    # boto3 returns its StartTime as a datetime.
    got = aws.get_rotation(RotationId=rotation)
    other = LocalService()
    other.load_resources(got, contact)
    copy = other.boto3_client()
    assert members(copy.get_rotation(RotationId=rotation)) == members(got)
    # Both services have the same seed, but the id is not drawn again.
    arguments: Any = {
        name: got[name] for name in ("Name", "ContactIds", "TimeZoneId", "Recurrence")
    }
    assert copy.create_rotation(**arguments)["RotationArn"] != rotation
    with pytest.raises(copy.exceptions.ConflictException):
        copy.delete_contact(ContactId=AKUA["ContactArn"])


def test_a_loaded_rotation_may_have_any_id_and_a_number_as_start_time(
    service: LocalService, aws: SSMContactsClient
) -> None:
    service.load_resources(AKUA)
    service.load_resources(ROTATION)
    got = aws.get_rotation(RotationId=ROTATION["RotationArn"])
    assert got["StartTime"] == datetime(2025, 1, 6, 9, 0, 0, 301_000, tzinfo=timezone.utc)
    service.load_resources({**ROTATION, "Name": "renamed"})
    assert [each["Name"] for each in aws.list_rotations()["Rotations"]] == ["renamed"]


@pytest.mark.parametrize(
    ("fraction", "milliseconds"), [(0.3004, 300), (0.3006, 301), (0.9994, 999), (0.9996, 1000)]
)
def test_a_start_time_is_rounded_to_milliseconds(
    service: LocalService, aws: SSMContactsClient, fraction: float, milliseconds: int
) -> None:
    rotation = {**ROTATION, "StartTime": 1736154000 + fraction}
    service.load_resources(AKUA, rotation)
    start = datetime(2025, 1, 6, 9, tzinfo=timezone.utc) + timedelta(milliseconds=milliseconds)
    arn = ROTATION["RotationArn"]
    shifts = aws.list_rotation_shifts(RotationId=arn, EndTime=start + timedelta(days=1))
    assert aws.get_rotation(RotationId=arn)["StartTime"] == start
    assert shifts["RotationShifts"][0]["StartTime"] == start


def test_a_rotation_without_a_start_time_starts_when_it_is_loaded(
    service: LocalService, aws: SSMContactsClient
) -> None:
    service.clock.advance(hours=1)
    rotation = {name: value for name, value in ROTATION.items() if name != "StartTime"}
    service.load_resources(AKUA, rotation)
    assert members(aws.get_rotation(RotationId=ROTATION["RotationArn"])) == rotation
    end = service.clock.now() + timedelta(days=1)
    shifts = aws.list_rotation_shifts(RotationId=ROTATION["RotationArn"], EndTime=end)
    assert shifts["RotationShifts"][0]["StartTime"] == service.clock.now()


def test_a_start_time_must_be_an_instant(service: LocalService) -> None:
    wrong = {**ROTATION, "StartTime": "soon"}
    expected = [("responses[0].StartTime", "wrong_type")]
    assert violations_of(lambda: service.load_resources(wrong, AKUA)) == expected


def test_unused_kinds_of_hand_off_may_be_empty(
    service: LocalService, aws: SSMContactsClient
) -> None:
    recurrence: Any = {**ROTATION["Recurrence"], "WeeklySettings": [], "MonthlySettings": []}
    service.load_resources(AKUA, {**ROTATION, "Recurrence": recurrence})
    got = aws.get_rotation(RotationId=ROTATION["RotationArn"])
    assert got["Recurrence"] == ROTATION["Recurrence"]


def test_quotas_do_not_apply_to_loaded_resources() -> None:
    service = LocalService(quotas=Quotas(contacts=1, rotations=0))
    service.load_resources(AKUA, SCHEDULE, ROTATION)
    assert len(service.boto3_client().list_contacts()["Contacts"]) == 2
    assert len(service.boto3_client().list_rotations()["Rotations"]) == 1


def edited(response: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**response, **changes}


def moved(response: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    return {k: v.replace(old, new) if isinstance(v, str) else v for k, v in response.items()}


PEOPLE = [contact_arn(alias) for alias in ("nobody", "akuam", "oncall")]
NINE = {"HourOfDay": 9, "MinuteOfHour": 0}
TWO_KINDS = {
    **ROTATION["Recurrence"],
    "MonthlySettings": [{"DayOfMonth": 1, "HandOffTime": NINE}],
}
NO_KIND: Any = {"NumberOfOnCalls": 1, "RecurrenceMultiplier": 1, "DailySettings": []}
NAIVE = datetime(2025, 1, 6)  # noqa: DTZ001 - it must have no time zone
STAGE: dict[str, Any] = {"DurationInMinutes": 31, "Targets": []}


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (
            dict[str, Any],
            [(name, "missing") for name in ("ContactArn", "Alias", "Type", "Plan")],
        ),
        (
            lambda: edited(AKUA, Plan={"Stages": [STAGE]}),
            [("Plan.Stages[0].DurationInMinutes", "too_large")],
        ),
        (lambda: edited(AKUA, Alias="other"), [("Alias", "conflict")]),
        (lambda: moved(AKUA, "us-east-2", "us-east-1"), [("ContactArn", "conflict")]),
        (lambda: moved(AKUA, "111122223333", "444455556666"), [("ContactArn", "conflict")]),
        (lambda: moved(AKUA, "arn:aws:", "arn:aws-cn:"), [("ContactArn", "conflict")]),
        (
            lambda: moved(SMS, "us-east-2", "us-east-1"),
            [("ContactChannelArn", "conflict"), ("ContactArn", "conflict")],
        ),
        (lambda: moved(SMS, "akuam", "nobody"), [("ContactArn", "missing")]),
        (
            lambda: edited(SMS, ContactChannelArn=channel_arn("other")),
            [("ContactChannelArn", "wrong_kind_of_arn")],
        ),
        (
            lambda: edited(SMS, ContactChannelArn=f"{PREFIX}contact-channel/akuam/"),
            [("ContactChannelArn", "wrong_kind_of_arn")],
        ),
        (lambda: edited(SMS, DeliveryAddress={}), [("DeliveryAddress.SimpleAddress", "missing")]),
        (lambda: edited(SMS, Type="FAX"), [("Type", "unknown_choice")]),
        (
            lambda: {"RotationArn": ROTATION["RotationArn"], "StartTime": NAIVE},
            [
                ("Name", "missing"),
                ("ContactIds", "missing"),
                ("StartTime", "wrong_type"),
                ("TimeZoneId", "missing"),
                ("Recurrence", "missing"),
            ],
        ),
        (
            lambda: edited(ROTATION, RotationArn=f"{PREFIX}rotation/"),
            [("RotationArn", "wrong_kind_of_arn")],
        ),
        (
            lambda: edited(ROTATION, RotationArn=contact_arn("akuam")),
            [("RotationArn", "wrong_kind_of_arn")],
        ),
        (lambda: moved(ROTATION, "us-east-2", "us-east-1"), [("RotationArn", "conflict")]),
        (
            lambda: edited(ROTATION, ContactIds=PEOPLE),
            [("ContactIds[0]", "missing"), ("ContactIds[2]", "wrong_kind_of_arn")],
        ),
        (
            lambda: edited(ROTATION, TimeZoneId="../etc/passwd"),
            [("TimeZoneId", "unknown_time_zone")],
        ),
        (lambda: edited(ROTATION, Recurrence=TWO_KINDS), [("Recurrence", "conflict")]),
        (lambda: edited(ROTATION, Recurrence=NO_KIND), [("Recurrence", "conflict")]),
    ],
)
def test_if_one_response_is_invalid_nothing_is_loaded(
    service: LocalService,
    aws: SSMContactsClient,
    make: Callable[[], dict[str, Any]],
    expected: list[tuple[str, str]],
) -> None:
    violations = violations_of(lambda: service.load_resources(AKUA, make(), SCHEDULE))
    assert violations == [(f"responses[1].{path}", code) for path, code in expected]
    assert aws.list_contacts()["Contacts"] == []
    assert aws.list_rotations()["Rotations"] == []


@pytest.mark.parametrize("wrong", ["akuam", ["ContactArn"], None])
def test_a_response_must_be_a_mapping(service: LocalService, wrong: Any) -> None:
    expected = [("responses[1]", "wrong_type")]
    assert violations_of(lambda: service.load_resources(AKUA, wrong)) == expected


def test_the_text_of_a_violation_does_not_contain_the_value(service: LocalService) -> None:
    with pytest.raises(InvalidValueError) as caught:
        service.load_resources(edited(SMS, DeliveryAddress={"SimpleAddress": "+1" * 200}))
    assert "+1" not in str(caught.value)
    assert "must have length less than or equal to 320" in str(caught.value)


def test_an_invalid_contact_causes_no_violations_of_what_refers_to_it(
    service: LocalService,
) -> None:
    arn = contact_arn("akuam")
    stage: dict[str, Any] = {"DurationInMinutes": 31, "Targets": []}
    plan = {"Stages": [stage]}
    akua = {"ContactArn": arn, "Alias": "akuam", "Type": "PERSONAL", "Plan": plan}
    channel = {
        "ContactArn": arn,
        "ContactChannelArn": arn.replace("contact/akuam", "contact-channel/akuam/1"),
        "Name": "sms",
        "Type": "SMS",
        "DeliveryAddress": {"SimpleAddress": PHONE},
    }
    rotation = {
        "RotationArn": arn.replace("contact/akuam", "rotation/web"),
        "Name": "web",
        "ContactIds": [arn],
        "StartTime": 1_736_154_000,
        "TimeZoneId": "UTC",
        "Recurrence": {
            "NumberOfOnCalls": 1,
            "RecurrenceMultiplier": 1,
            "DailySettings": [{"HourOfDay": 9, "MinuteOfHour": 0}],
        },
    }
    assert violations_of(lambda: service.load_resources(akua, channel, rotation)) == [
        ("responses[0].Plan.Stages[0].DurationInMinutes", "too_large")
    ]
