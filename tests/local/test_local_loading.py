from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from ssm_contacts_sdk._errors import InvalidValueError
from ssm_contacts_sdk.local import LocalService, Quotas

if TYPE_CHECKING:
    from mypy_boto3_ssm_contacts import SSMContactsClient

PREFIX = "arn:aws:ssm-contacts:us-east-2:111122223333:"
AKUA: dict[str, Any] = {
    "ContactArn": f"{PREFIX}contact/akuam",
    "Alias": "akuam",
    "DisplayName": "Akua Mansa",
    "Type": "PERSONAL",
    "Plan": {"Stages": []},
}
SMS: dict[str, Any] = {
    "ContactArn": f"{PREFIX}contact/akuam",
    "ContactChannelArn": f"{PREFIX}contact-channel/akuam/fc7405c4-46b2-48b7-87b2-93e2f225b90d",
    "Name": "akuas sms",
    "Type": "SMS",
    "DeliveryAddress": {"SimpleAddress": "+15005550199"},
    "ActivationStatus": "ACTIVATED",
}
SCHEDULE: dict[str, Any] = {
    "ContactArn": f"{PREFIX}contact/oncall",
    "Alias": "oncall",
    "Type": "ONCALL_SCHEDULE",
    "Plan": {"Stages": [], "RotationIds": [f"{PREFIX}rotation/1"]},
}

ROTATION: dict[str, Any] = {
    "RotationArn": f"{PREFIX}rotation/example-rotation",
    "Name": "web",
    "ContactIds": [f"{PREFIX}contact/akuam"],
    "StartTime": 1736154000.301,
    "TimeZoneId": "Europe/Berlin",
    "Recurrence": {
        "NumberOfOnCalls": 1,
        "RecurrenceMultiplier": 1,
        "DailySettings": [{"HourOfDay": 9, "MinuteOfHour": 0}],
    },
}


def said(answer: Any) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "ResponseMetadata"}


def test_what_was_read_from_one_service_fills_another(aws: SSMContactsClient, sms: str) -> None:
    contact = aws.get_contact(ContactId=AKUA["ContactArn"])
    channel = aws.get_contact_channel(ContactChannelId=sms)
    other = LocalService()
    # In any order: the channel's contact comes after it.
    other.load_resources(channel, contact)
    there = other.boto3_client()
    assert said(there.get_contact(ContactId=AKUA["ContactArn"])) == said(contact)
    assert said(there.get_contact_channel(ContactChannelId=sms)) == said(channel)
    assert other.outbox == ()
    # The same seed, but not the same id again.
    asked: Any = {**said(channel), "ContactId": channel["ContactArn"], "Type": "VOICE"}
    for name in ("ContactArn", "ContactChannelArn", "ActivationStatus"):
        del asked[name]
    assert there.create_contact_channel(**asked)["ContactChannelArn"] != sms


def test_a_channel_keeps_its_status_and_needs_a_code_to_be_activated(
    service: LocalService, aws: SSMContactsClient
) -> None:
    unknown = {**SMS, "ContactChannelArn": f"{PREFIX}contact-channel/akuam/2"}
    del unknown["ActivationStatus"]
    service.load_resources(AKUA)
    service.load_resources(SMS, unknown)
    listed = aws.list_contact_channels(ContactId=AKUA["ContactArn"])["ContactChannels"]
    assert [each["ActivationStatus"] for each in listed] == ["ACTIVATED", "NOT_ACTIVATED"]
    aws.send_activation_code(ContactChannelId=f"{PREFIX}contact-channel/akuam/2")
    (message,) = service.outbox
    assert message.address == "+15005550199"


def test_what_is_there_already_is_replaced_in_its_place(
    service: LocalService, aws: SSMContactsClient
) -> None:
    second = {**SMS, "ContactChannelArn": f"{PREFIX}contact-channel/akuam/2"}
    service.load_resources(AKUA, SMS, second)
    service.load_resources({**AKUA, "DisplayName": "Akua"}, {**SMS, "Name": "renamed"})
    arn = AKUA["ContactArn"]
    assert aws.get_contact(ContactId=arn)["DisplayName"] == "Akua"
    listed = aws.list_contact_channels(ContactId=arn)["ContactChannels"]
    assert [each["Name"] for each in listed] == ["renamed", "akuas sms"]


def test_of_a_schedule_only_the_rotations_are_told(
    service: LocalService, aws: SSMContactsClient
) -> None:
    service.load_resources(SCHEDULE)
    plan = aws.get_contact(ContactId=SCHEDULE["ContactArn"])["Plan"]
    assert plan == {"RotationIds": [f"{PREFIX}rotation/1"]}


def test_a_rotation_that_was_read_from_one_service_fills_another(
    aws: SSMContactsClient, rotation: str
) -> None:
    contact = aws.get_contact(ContactId=AKUA["ContactArn"])
    # With a datetime, as boto3 reads it.
    got = aws.get_rotation(RotationId=rotation)
    other = LocalService()
    other.load_resources(got, contact)
    there = other.boto3_client()
    assert said(there.get_rotation(RotationId=rotation)) == said(got)
    # The same seed, but not the same id again.
    asked: Any = {name: got[name] for name in ("Name", "ContactIds", "TimeZoneId", "Recurrence")}
    assert there.create_rotation(**asked)["RotationArn"] != rotation
    with pytest.raises(there.exceptions.ConflictException):
        there.delete_contact(ContactId=AKUA["ContactArn"])


def test_a_rotation_may_have_any_id_and_its_time_as_a_number(
    service: LocalService, aws: SSMContactsClient
) -> None:
    service.load_resources(AKUA)
    service.load_resources(ROTATION)
    got = aws.get_rotation(RotationId=ROTATION["RotationArn"])
    assert got["StartTime"] == datetime(2025, 1, 6, 9, 0, 0, 301_000, tzinfo=timezone.utc)
    service.load_resources({**ROTATION, "Name": "renamed"})
    assert [each["Name"] for each in aws.list_rotations()["Rotations"]] == ["renamed"]


def test_a_rotation_without_a_start_goes_into_effect_when_it_is_put_in(
    service: LocalService, aws: SSMContactsClient
) -> None:
    service.clock.advance(hours=1)
    answer = {name: value for name, value in ROTATION.items() if name != "StartTime"}
    service.load_resources(AKUA, answer)
    assert said(aws.get_rotation(RotationId=ROTATION["RotationArn"])) == answer
    end = service.clock.now() + timedelta(days=1)
    shifts = aws.list_rotation_shifts(RotationId=ROTATION["RotationArn"], EndTime=end)
    assert shifts["RotationShifts"][0]["StartTime"] == service.clock.now()


def test_a_start_that_is_no_time_is_refused(service: LocalService) -> None:
    with pytest.raises(InvalidValueError, match=r"responses\[0\]\.StartTime"):
        service.load_resources({**ROTATION, "StartTime": "soon"}, AKUA)


def test_kinds_of_hand_off_that_are_not_used_may_be_empty(
    service: LocalService, aws: SSMContactsClient
) -> None:
    recurrence: Any = {**ROTATION["Recurrence"], "WeeklySettings": [], "MonthlySettings": []}
    service.load_resources(AKUA, {**ROTATION, "Recurrence": recurrence})
    got = aws.get_rotation(RotationId=ROTATION["RotationArn"])
    assert got["Recurrence"] == ROTATION["Recurrence"]


def test_quotas_do_not_apply() -> None:
    service = LocalService(quotas=Quotas(contacts=1, rotations=0))
    service.load_resources(AKUA, SCHEDULE, ROTATION)
    assert len(service.boto3_client().list_contacts()["Contacts"]) == 2
    assert len(service.boto3_client().list_rotations()["Rotations"]) == 1


def edited(answer: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**answer, **changes}


def moved(answer: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    return {k: v.replace(old, new) if isinstance(v, str) else v for k, v in answer.items()}


PEOPLE = [f"{PREFIX}contact/{alias}" for alias in ("nobody", "akuam", "oncall")]
NINE = {"HourOfDay": 9, "MinuteOfHour": 0}
TWO_KINDS = {
    **ROTATION["Recurrence"],
    "MonthlySettings": [{"DayOfMonth": 1, "HandOffTime": NINE}],
}
NO_KIND: Any = {"NumberOfOnCalls": 1, "RecurrenceMultiplier": 1, "DailySettings": []}
NAIVE = datetime(2025, 1, 6)  # noqa: DTZ001 - that is the point
STAGE: dict[str, Any] = {"DurationInMinutes": 31, "Targets": []}


@pytest.mark.parametrize(
    ("make", "faults"),
    [
        (dict[str, Any], ["ContactArn", "Alias", "Type", "Plan"]),
        (lambda: edited(AKUA, Plan={"Stages": [STAGE]}), ["Plan.Stages[0].DurationInMinutes"]),
        (lambda: edited(AKUA, Alias="other"), ["Alias"]),
        (lambda: moved(AKUA, "us-east-2", "us-east-1"), ["ContactArn"]),
        (lambda: moved(AKUA, "111122223333", "444455556666"), ["ContactArn"]),
        (lambda: moved(AKUA, "arn:aws:", "arn:aws-cn:"), ["ContactArn"]),
        (lambda: moved(SMS, "us-east-2", "us-east-1"), ["ContactChannelArn", "ContactArn"]),
        (lambda: moved(SMS, "akuam", "nobody"), ["ContactArn"]),
        (
            lambda: edited(SMS, ContactChannelArn=f"{PREFIX}contact-channel/other/1"),
            ["ContactChannelArn"],
        ),
        (
            lambda: edited(SMS, ContactChannelArn=f"{PREFIX}contact-channel/akuam/"),
            ["ContactChannelArn"],
        ),
        (lambda: edited(SMS, DeliveryAddress={}), ["DeliveryAddress.SimpleAddress"]),
        (lambda: edited(SMS, Type="FAX"), ["Type"]),
        (
            lambda: {"RotationArn": ROTATION["RotationArn"], "StartTime": NAIVE},
            ["Name", "ContactIds", "StartTime", "TimeZoneId", "Recurrence"],
        ),
        (lambda: edited(ROTATION, RotationArn=f"{PREFIX}rotation/"), ["RotationArn"]),
        (lambda: edited(ROTATION, RotationArn=f"{PREFIX}contact/akuam"), ["RotationArn"]),
        (lambda: moved(ROTATION, "us-east-2", "us-east-1"), ["RotationArn"]),
        (lambda: edited(ROTATION, ContactIds=PEOPLE), ["ContactIds[0]", "ContactIds[2]"]),
        (lambda: edited(ROTATION, TimeZoneId="../etc/passwd"), ["TimeZoneId"]),
        (lambda: edited(ROTATION, Recurrence=TWO_KINDS), ["Recurrence"]),
        (lambda: edited(ROTATION, Recurrence=NO_KIND), ["Recurrence"]),
    ],
)
def test_one_wrong_answer_keeps_all_of_them_out(
    service: LocalService,
    aws: SSMContactsClient,
    make: Callable[[], dict[str, Any]],
    faults: list[str],
) -> None:
    with pytest.raises(InvalidValueError) as caught:
        service.load_resources(AKUA, make(), SCHEDULE)
    paths = [fault.path for fault in caught.value.violations]
    assert paths == [f"responses[1].{path}" for path in faults]
    assert aws.list_contacts()["Contacts"] == []
    assert aws.list_rotations()["Rotations"] == []


def test_what_is_wrong_is_told_without_the_values(service: LocalService) -> None:
    with pytest.raises(InvalidValueError) as caught:
        service.load_resources(edited(SMS, DeliveryAddress={"SimpleAddress": "+1" * 200}))
    assert "+1" not in str(caught.value)
    assert "must have length less than or equal to 320" in str(caught.value)


def test_what_belongs_to_a_contact_with_a_fault_is_not_told_of_as_well(
    service: LocalService,
) -> None:
    arn = "arn:aws:ssm-contacts:us-east-2:111122223333:contact/akuam"
    stage: dict[str, Any] = {"DurationInMinutes": 31, "Targets": []}
    plan = {"Stages": [stage]}
    akua = {"ContactArn": arn, "Alias": "akuam", "Type": "PERSONAL", "Plan": plan}
    channel = {
        "ContactArn": arn,
        "ContactChannelArn": arn.replace("contact/akuam", "contact-channel/akuam/1"),
        "Name": "sms",
        "Type": "SMS",
        "DeliveryAddress": {"SimpleAddress": "+15005550199"},
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
    with pytest.raises(InvalidValueError) as caught:
        service.load_resources(akua, channel, rotation)
    assert [fault.path for fault in caught.value.violations] == [
        "responses[0].Plan.Stages[0].DurationInMinutes"
    ]
