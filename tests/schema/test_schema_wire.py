from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from arns import channel_arn, contact_arn, rotation_arn
from botocore.model import StructureShape
from botocore.validate import ParamValidator
from hypothesis import given
from sentinels import EMAIL, PHONE
from strategies import AWS, sent_by_the_service, values

from ssm_contacts_sdk import (
    ActivationStatus,
    Channel,
    ChannelRecord,
    ChannelTarget,
    ChannelType,
    Contact,
    ContactRecord,
    ContactSummary,
    ContactTarget,
    ContactType,
    InvalidValueError,
    Plan,
    ResponseDecodeError,
    RetryPolicy,
    Stage,
    from_response,
    to_kwargs,
)
from ssm_contacts_sdk._schema import wire
from ssm_contacts_sdk._schema.reading import UNREADABLE as ERRORS_OF_READING
from ssm_contacts_sdk._schema.reading import Readers
from ssm_contacts_sdk._schema.wire import Writable, items_reader_of, writer_of

AKUA = contact_arn("akuam")
SMS = channel_arn("akuam", "beb25840-5ac8-4644-95cc-7a8de390fa65")
ROTATION = rotation_arn("0001")

PERSON: dict[str, Any] = {
    "ContactArn": AKUA,
    "Alias": "akuam",
    "Type": "PERSONAL",
    "Plan": {
        "Stages": [
            {"DurationInMinutes": 5, "Targets": [{"ChannelTargetInfo": {"ContactChannelId": SMS}}]}
        ]
    },
}
PHONE_CHANNEL: dict[str, Any] = {
    "ContactArn": AKUA,
    "ContactChannelArn": SMS,
    "Name": "akuas sms",
    "Type": "SMS",
    "DeliveryAddress": {"SimpleAddress": PHONE},
    "ActivationStatus": "ACTIVATED",
}


def test_a_person_without_a_plan_is_sent_with_an_empty_list_of_stages() -> None:
    contact = Contact(alias="akuam", display_name="Akua Mansa", type=ContactType.PERSONAL)
    assert to_kwargs(contact) == {
        "Alias": "akuam",
        "DisplayName": "Akua Mansa",
        "Type": "PERSONAL",
        "Plan": {"Stages": []},
    }


def test_a_field_of_none_is_not_sent() -> None:
    contact = Contact(alias="boss", type=ContactType.ESCALATION)
    assert "DisplayName" not in to_kwargs(contact)
    assert to_kwargs(ChannelTarget(contact_channel_id=SMS)) == {"ContactChannelId": SMS}


def test_an_empty_name_is_sent() -> None:
    contact = Contact(alias="boss", display_name="", type=ContactType.ESCALATION)
    assert to_kwargs(contact)["DisplayName"] == ""


def test_a_schedule_is_sent_with_rotations_and_no_stages() -> None:
    schedule = Contact(alias="oncall", type=ContactType.ONCALL_SCHEDULE)
    assert to_kwargs(schedule)["Plan"] == {"RotationIds": []}
    assert to_kwargs(Plan.on_call(ROTATION)) == {"RotationIds": [ROTATION]}


def test_each_target_is_sent_under_the_name_of_its_kind() -> None:
    stage = Stage(
        duration_in_minutes=0,
        targets=[
            ChannelTarget(contact_channel_id=SMS, retry_interval_in_minutes=0),
            ContactTarget(contact_id=AKUA, is_essential=False),
        ],
    )
    assert to_kwargs(stage) == {
        "DurationInMinutes": 0,
        "Targets": [
            {"ChannelTargetInfo": {"ContactChannelId": SMS, "RetryIntervalInMinutes": 0}},
            {"ContactTargetInfo": {"ContactId": AKUA, "IsEssential": False}},
        ],
    }


def test_an_address_is_sent_in_its_own_structure() -> None:
    assert to_kwargs(Channel.email("akuas email", EMAIL)) == {
        "Name": "akuas email",
        "Type": "EMAIL",
        "DeliveryAddress": {"SimpleAddress": EMAIL},
    }


def test_a_record_is_written_with_or_without_its_arns() -> None:
    record = from_response(ChannelRecord, PHONE_CHANNEL)
    assert to_kwargs(record) == PHONE_CHANNEL
    # Plain strs, and not members of the enumerations that are equal to them.
    assert {type(to_kwargs(record)[name]) for name in ("Type", "ActivationStatus")} == {str}
    assert writer_of(Channel)(record).keys() == {"Name", "Type", "DeliveryAddress"}


def test_all_fields_of_a_contact_are_read() -> None:
    contact = from_response(ContactRecord, {**PERSON, "DisplayName": "Akua Mansa"})
    assert contact == ContactRecord(
        arn=AKUA,
        alias="akuam",
        display_name="Akua Mansa",
        type=ContactType.PERSONAL,
        plan=Plan(
            stages=[
                Stage(duration_in_minutes=5, targets=[ChannelTarget(contact_channel_id=SMS)]),
            ]
        ),
    )


def test_unknown_members_of_a_response_are_ignored() -> None:
    answer = {**PERSON, "ResponseMetadata": {"RequestId": "x"}, "SomethingNew": [1]}
    assert from_response(ContactRecord, answer) == from_response(ContactRecord, PERSON)


PLANS: list[tuple[str, dict[str, Any], Plan]] = [
    ("PERSONAL", {}, Plan()),
    ("PERSONAL", {"Stages": []}, Plan()),
    ("PERSONAL", {"Stages": [], "RotationIds": []}, Plan()),
    ("ESCALATION", {"RotationIds": []}, Plan()),
    ("ONCALL_SCHEDULE", {}, Plan.on_call()),
    ("ONCALL_SCHEDULE", {"Stages": [], "RotationIds": []}, Plan.on_call()),
    ("ONCALL_SCHEDULE", {"Stages": [], "RotationIds": [ROTATION]}, Plan.on_call(ROTATION)),
    (
        "PERSONAL",
        {"Stages": [{"DurationInMinutes": 1, "Targets": []}], "RotationIds": []},
        Plan(stages=[Stage(duration_in_minutes=1)]),
    ),
]


@pytest.mark.parametrize(("kind", "plan", "expected"), PLANS)
def test_the_arm_of_a_plan_that_is_empty_is_passed_over(
    kind: str, plan: dict[str, Any], expected: Plan
) -> None:
    contact = from_response(ContactRecord, {**PERSON, "Type": kind, "Plan": plan})
    assert contact.plan == expected


def test_a_plan_with_both_arms_loses_neither() -> None:
    both: dict[str, Any] = {
        "Stages": [{"DurationInMinutes": 1, "Targets": []}],
        "RotationIds": [ROTATION],
    }
    assert to_kwargs(from_response(Plan, both)) == both


def test_a_response_that_breaks_rules_of_this_package_is_read() -> None:
    stage: dict[str, Any] = {"DurationInMinutes": 45, "Targets": []}
    answer: dict[str, Any] = {**PERSON, "Alias": "NOT AN ALIAS", "Plan": {"Stages": [stage] * 40}}
    contact = from_response(ContactRecord, answer)
    assert contact.alias == "NOT AN ALIAS"
    assert [stage.duration_in_minutes for stage in contact.plan.stages] == [45] * 40


def test_a_word_that_aws_added_later_is_preserved() -> None:
    contact = from_response(ContactRecord, {**PERSON, "Type": "TEAM"})
    assert (contact.type, contact.type.is_known) == ("TEAM", False)
    channel = from_response(ChannelRecord, {**PHONE_CHANNEL, "ActivationStatus": "PENDING"})
    assert isinstance(channel.activation_status, ActivationStatus)
    assert to_kwargs(channel)["ActivationStatus"] == "PENDING"


def test_members_that_aws_may_leave_out_may_be_missing() -> None:
    listed = {name: PHONE_CHANNEL[name] for name in PHONE_CHANNEL if name != "Type"}
    channel = from_response(ChannelRecord, listed)
    assert channel.type == ChannelType("")
    assert to_kwargs(channel) == listed
    got = {name: PHONE_CHANNEL[name] for name in PHONE_CHANNEL if name != "ActivationStatus"}
    assert from_response(ChannelRecord, got).activation_status is None
    nobody = from_response(ContactTarget, {"IsEssential": True})
    assert (nobody.contact_id, to_kwargs(nobody)) == ("", {"IsEssential": True})


NEITHER = "must have one of ChannelTargetInfo and ContactTargetInfo (got neither)"
TARGETED = "Plan.Stages[0].Targets[0]"


def stage_of(*targets: object) -> dict[str, Any]:
    return {"Plan": {"Stages": [{"DurationInMinutes": 5, "Targets": list(targets)}]}}


UNREADABLE: list[tuple[dict[str, Any], str, str]] = [
    ({"ContactArn": None}, "ContactArn", "is missing"),
    ({"Plan": None}, "Plan", "is missing"),
    ({"Alias": 7}, "Alias", "must be a str (got int)"),
    ({"Type": {}}, "Type", "must be a str (got dict)"),
    ({"Plan": []}, "Plan", "must be a structure (got list)"),
    ({"Plan": {"Stages": {}}}, "Plan.Stages", "must be a list (got dict)"),
    (
        {"Plan": {"Stages": [{"Targets": []}]}},
        "Plan.Stages[0].DurationInMinutes",
        "is missing",
    ),
    (
        {"Plan": {"Stages": [{"DurationInMinutes": 1}]}},
        "Plan.Stages[0].Targets",
        "is missing",
    ),
    (
        {"Plan": {"Stages": [{"DurationInMinutes": True, "Targets": []}]}},
        "Plan.Stages[0].DurationInMinutes",
        "must be an int (got bool)",
    ),
    (
        {"Plan": {"RotationIds": [ROTATION, 1]}},
        "Plan.RotationIds[1]",
        "must be a str (got int)",
    ),
    (
        stage_of({"ChannelTargetInfo": None}),
        TARGETED,
        NEITHER,
    ),
    (
        stage_of({}),
        TARGETED,
        NEITHER,
    ),
    (
        stage_of({"PagerTargetInfo": {}}),
        TARGETED,
        NEITHER,
    ),
    (stage_of("x"), TARGETED, "must be a structure (got str)"),
    (
        stage_of({"ChannelTargetInfo": {}}),
        f"{TARGETED}.ChannelTargetInfo.ContactChannelId",
        "is missing",
    ),
    (
        stage_of({"ContactTargetInfo": {"IsEssential": "yes"}}),
        f"{TARGETED}.ContactTargetInfo.IsEssential",
        "must be a bool (got str)",
    ),
    (
        stage_of(
            {
                "ChannelTargetInfo": {"ContactChannelId": SMS},
                "ContactTargetInfo": {"IsEssential": True},
            }
        ),
        TARGETED,
        "must have one of ChannelTargetInfo and ContactTargetInfo (got both)",
    ),
]


@pytest.mark.parametrize(("changed", "path", "problem"), UNREADABLE)
def test_a_response_that_cannot_be_read_is_rejected_with_the_path(
    changed: dict[str, Any], path: str, problem: str
) -> None:
    with pytest.raises(ResponseDecodeError) as caught:
        from_response(ContactRecord, {**PERSON, **changed})
    assert caught.value.path == path
    assert caught.value.problem.startswith(problem)
    assert str(caught.value).startswith(f"the response cannot be read: at {path}: {problem}")


@pytest.mark.parametrize("address", [None, {}, {"SimpleAddress": None}])
def test_a_channel_without_an_address_is_rejected(address: object) -> None:
    with pytest.raises(ResponseDecodeError) as caught:
        from_response(ChannelRecord, {**PHONE_CHANNEL, "DeliveryAddress": address})
    assert caught.value.path is not None
    assert caught.value.path.startswith("DeliveryAddress")


def test_a_response_that_is_not_a_structure_is_rejected() -> None:
    nothing: Any = []
    with pytest.raises(ResponseDecodeError, match=r"must be a structure \(got list\)") as caught:
        from_response(ContactRecord, nothing)
    assert caught.value.path is None


@pytest.mark.parametrize("wrong", [dict, str, "Contact", None, RetryPolicy])
def test_a_class_that_is_not_one_of_the_services_values_is_rejected(wrong: Any) -> None:
    with pytest.raises(InvalidValueError, match="from_response: kind must be one of the"):
        from_response(wrong, PERSON)
    with pytest.raises(InvalidValueError, match="to_kwargs: value must be one of the"):
        to_kwargs(wrong)


def test_the_path_of_an_error_has_the_index_of_the_item() -> None:
    summary = {"ContactArn": AKUA, "Alias": "akuam", "Type": "PERSONAL"}
    (read,) = items_reader_of(ContactSummary, "Contacts")({"Contacts": [summary]})
    assert read == ContactSummary(arn=AKUA, alias="akuam", type=ContactType.PERSONAL)
    with pytest.raises(ResponseDecodeError) as caught:
        items_reader_of(ContactSummary, "Contacts")({"Contacts": [summary, {}]})
    assert caught.value.path == "Contacts[1].ContactArn"


def test_a_list_that_must_be_there_is_missed() -> None:
    assert items_reader_of(ContactSummary, "Contacts", required=False)({}) == ()
    with pytest.raises(ResponseDecodeError, match="at Contacts: is missing"):
        items_reader_of(ContactSummary, "Contacts")({})


@given(values)
def test_every_valid_value_is_equal_after_a_round_trip(value: Writable) -> None:
    read = from_response(type(value), to_kwargs(value))
    assert read == value
    assert hash(read) == hash(value)


SHAPES: dict[type, str] = {
    ContactSummary: "Contact",
    Plan: "Plan",
    Stage: "Stage",
    ChannelTarget: "ChannelTargetInfo",
    ContactTarget: "ContactTargetInfo",
}


@given(values)
def test_every_valid_value_passes_the_validation_of_botocore(value: Writable) -> None:
    if isinstance(value, Contact):
        shape, sent = AWS.shape_for("CreateContactRequest"), writer_of(Contact)(value)
    elif isinstance(value, Channel):
        sent = {"ContactId": AKUA, **writer_of(Channel)(value)}
        shape = AWS.shape_for("CreateContactChannelRequest")
    else:
        shape, sent = AWS.shape_for(SHAPES[type(value)]), to_kwargs(value)
    assert ParamValidator().validate(sent, shape).generate_report() == ""


def output(operation: str) -> StructureShape:
    shape = AWS.operation_model(operation).output_shape
    assert shape is not None
    return shape


@given(sent_by_the_service(output("GetContact")))
def test_any_contact_of_the_service_is_read(answer: dict[str, Any]) -> None:
    contact = from_response(ContactRecord, answer)
    assert contact.alias == answer["Alias"]
    assert contact.type == answer["Type"]
    assert len(contact.plan.stages) == len(answer["Plan"].get("Stages", ()))


@given(sent_by_the_service(output("GetContactChannel")))
def test_any_channel_of_the_service_is_read_and_written_back(
    answer: dict[str, Any],
) -> None:
    assert to_kwargs(from_response(ChannelRecord, answer)) == answer


@given(sent_by_the_service(output("ListContacts")))
def test_any_list_of_contacts_of_the_service_is_read(answer: dict[str, Any]) -> None:
    read = items_reader_of(ContactSummary, "Contacts", required=False)(answer)
    assert [to_kwargs(contact) for contact in read] == answer.get("Contacts", [])


@given(sent_by_the_service(output("ListContactChannels")))
def test_any_list_of_channels_of_the_service_is_read(answer: dict[str, Any]) -> None:
    read = items_reader_of(ChannelRecord, "ContactChannels")(answer)
    assert [to_kwargs(channel) for channel in read] == answer["ContactChannels"]


FROZEN = """
import sys
from datetime import datetime, time, timezone
from ssm_contacts_sdk import Rotation, Shift, from_response, to_kwargs

class Frozen(type):
    def __instancecheck__(cls, value):
        return isinstance(value, datetime)

class FrozenDatetime(datetime, metaclass=Frozen):
    pass

class FrozenTime(time):
    pass

for name, module in list(sys.modules.items()):
    if name.startswith("ssm_contacts_sdk"):
        for other in (FrozenDatetime, FrozenTime):
            original = other.__base__
            if getattr(module, original.__name__, None) is original:
                setattr(module, original.__name__, other)

at = datetime(2025, 1, 6, 9, tzinfo=timezone.utc)
sent = {"StartTime": at, "EndTime": at}
shift = from_response(Shift, {"ContactIds": [], **sent})
print({**to_kwargs(shift), **sent} == to_kwargs(shift))
recurrence = {
    "NumberOfOnCalls": 1,
    "RecurrenceMultiplier": 1,
    "DailySettings": [{"HourOfDay": 9, "MinuteOfHour": 0}],
}
rotation = {
    "Name": "web",
    "ContactIds": [],
    "StartTime": at,
    "TimeZoneId": "UTC",
    "Recurrence": recurrence,
}
print(to_kwargs(from_response(Rotation, rotation)) == rotation)
"""


def test_values_are_read_and_written_while_a_test_replaces_the_classes_of_datetime() -> None:
    """freezegun does so, and a value's class may be read for the first time there."""
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", FROZEN],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.split(), done.stderr) == (["True", "True"], "")


@pytest.mark.parametrize("explains", [False, True])
def test_both_readers_return_the_same_value(explains: bool) -> None:
    readers = Readers(explains=explains)
    answer = {**PERSON, "DisplayName": None, "Unknown": 1}
    read = readers.of_kind(ContactRecord)(answer, None)
    assert read == from_response(ContactRecord, answer)
    assert read.display_name is None
    assert readers.of_kind(Plan)(PERSON["Plan"], None) == from_response(Plan, PERSON["Plan"])


def test_a_response_that_can_be_read_is_not_read_by_the_slower_functions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(wire, "_explaining", None)
    assert from_response(ChannelRecord, PHONE_CHANNEL).arn == SMS
    assert from_response(ContactRecord, PERSON).arn == PERSON["ContactArn"]
    assert from_response(Plan, PERSON["Plan"]) == from_response(ContactRecord, PERSON).plan


@pytest.mark.parametrize("explains", [False, True])
def test_the_function_that_reads_a_kind_is_made_once(explains: bool) -> None:
    readers = Readers(explains=explains)
    assert readers.of_kind(ContactRecord) is readers.of_kind(ContactRecord)
    assert readers.of(Plan) is readers.of_kind(Plan)


@pytest.mark.parametrize("explains", [False, True])
def test_neither_way_of_reading_accepts_a_member_of_another_type(explains: bool) -> None:
    readers = Readers(explains=explains)
    wrong: list[Any] = [{**PERSON, "Alias": 5}, {**PERSON, "Plan": []}, {}, "PERSONAL", [], 5]
    for answer in wrong:
        with pytest.raises(ERRORS_OF_READING):
            readers.of_kind(ContactRecord)(answer, None)
