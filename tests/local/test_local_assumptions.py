"""The effect of each choice of each assumption, seen by a caller."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

import attrs
import pytest
from botocore.exceptions import ClientError
from rejecting import violations_of
from sentinels import OTHER_PHONE, PHONE

from ssm_contacts_sdk import ContactPolicy, InvalidValueError, ResourceNotFoundError
from ssm_contacts_sdk.local import Assumptions, LocalService
from ssm_contacts_sdk.local._clock import DEFAULT_START

if TYPE_CHECKING:
    from mypy_boto3_ssm_contacts import SSMContactsClient

DOCS = Path(__file__).parents[2] / "docs" / "local-service.md"
NAMES = [option.name for option in attrs.fields(Assumptions)]
# Each choice of each option, except for the one that is a number.
CHOICES = {
    name: get_args(hint) for name, hint in get_type_hints(Assumptions).items() if get_args(hint)
}
NINE: Any = {"HourOfDay": 9, "MinuteOfHour": 0}
NINE_AT_NIGHT: Any = {"HourOfDay": 21, "MinuteOfHour": 0}
# The service never draws such a code, because its codes have six digits.
WRONG = "0000000"

tested: list[str] = []


def each_choice(option: str, results: Mapping[Any, object]) -> pytest.MarkDecorator:
    """Parametrize a test with a service for each choice of an option, and the expected result.

    Args:
        option: the name of the option.
        results: the expected result by the choice. The default choice is the first one.
    """
    tested.append(option)
    default, *others = results
    assert getattr(Assumptions(), option) == default
    cases = [pytest.param(Assumptions(), results[default], id=f"default-{default}")]
    for choice in others:
        changed = attrs.evolve(Assumptions(), **{option: choice})
        cases.append(pytest.param(changed, results[choice], id=str(choice)))
    return pytest.mark.parametrize(("service", "expected"), cases, indirect=["service"])


def after(hours: float) -> datetime:
    """Return an instant some hours after the clock's start, a Monday at 09:00."""
    return DEFAULT_START + timedelta(hours=hours)


def code_of(call: Callable[..., object], **request: object) -> str:
    """Return the code of the error in the response, or "done"."""
    try:
        call(**request)
    except ClientError as error:
        return str(error.response.get("Error", {}).get("Code"))
    return "done"


# The options themselves


def test_every_option_has_a_test_in_this_file() -> None:
    assert set(tested) == set(NAMES)


def test_every_option_except_page_size_is_a_choice() -> None:
    assert CHOICES.keys() == set(NAMES) - {"page_size"}
    assert all(len(words) > 1 for words in CHOICES.values())


@pytest.mark.parametrize("name", CHOICES)
def test_the_first_choice_is_the_default_and_every_choice_is_valid(name: str) -> None:
    assert getattr(Assumptions(), name) == CHOICES[name][0]
    for word in CHOICES[name]:
        assert getattr(attrs.evolve(Assumptions(), **{name: word}), name) == word


@pytest.mark.parametrize("name", CHOICES)
@pytest.mark.parametrize("wrong", ["", "perhaps", None, 7, []])
def test_an_unknown_choice_is_rejected_with_the_list_of_choices(name: str, wrong: object) -> None:
    options: Any = {name: wrong}
    with pytest.raises(InvalidValueError) as caught:
        Assumptions(**options)
    assert caught.value.subject == "Assumptions"
    (violation,) = caught.value.violations
    assert violation.path == name
    choices = ", ".join(map(repr, CHOICES[name]))
    assert violation.rule == f"must be one of {choices} (got {wrong!r})"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (0, "too_small"),
        (-1, "too_small"),
        (1025, "too_large"),
        (True, "wrong_type"),
        (1.0, "wrong_type"),
        ("50", "wrong_type"),
        (None, "wrong_type"),
    ],
)
def test_page_size_must_be_an_int_between_1_and_1024(wrong: Any, code: str) -> None:
    assert violations_of(lambda: Assumptions(page_size=wrong)) == [("page_size", code)]


@pytest.mark.parametrize("name", NAMES)
def test_the_docs_name_every_option(name: str) -> None:
    assert f"`{name}`" in DOCS.read_text(encoding="utf-8")


def test_a_service_has_its_assumptions() -> None:
    assert LocalService().assumptions == Assumptions()
    careful = Assumptions(short_months="skip")
    assert LocalService(assumptions=careful).assumptions is careful


# The calendar


def previewed(
    aws: SSMContactsClient, settings: dict[str, Any], since: datetime, until: datetime, **more: Any
) -> list[tuple[str, float, float]]:
    """Return the people on call with their first and last hours."""
    recurrence: Any = {"NumberOfOnCalls": 1, "RecurrenceMultiplier": 1, **settings}
    request: Any = {
        "Members": ["a", "b", "c", "d"],
        "RotationStartTime": DEFAULT_START,
        "TimeZoneId": "UTC",
        "Recurrence": recurrence,
        "StartTime": since,
        "EndTime": until,
        **more,
    }
    an_hour = timedelta(hours=1)
    return [
        (
            "".join(shift.get("ContactIds", [])),
            (shift["StartTime"] - DEFAULT_START) / an_hour,
            (shift["EndTime"] - DEFAULT_START) / an_hour,
        )
        for shift in aws.list_preview_rotation_shifts(**request)["RotationShifts"]
    ]


@each_choice(
    "turn_advance",
    {
        "number_on_call": [("ab", 0, 24), ("cd", 24, 48), ("ab", 48, 72)],
        "one": [("ab", 0, 24), ("bc", 24, 48), ("cd", 48, 72)],
    },
)
def test_turn_advance_with_two_people_on_call(aws: SSMContactsClient, expected: object) -> None:
    settings = {"NumberOfOnCalls": 2, "DailySettings": [NINE]}
    assert previewed(aws, settings, after(0), after(72)) == expected


@each_choice(
    "first_turn",
    {
        "start": [("a", 0, 12), ("b", 12, 36), ("c", 36, 60)],
        "first_hand_off": [("a", 0, 12), ("a", 12, 36), ("b", 36, 60)],
    },
)
def test_first_turn(aws: SSMContactsClient, expected: object) -> None:
    settings = {"DailySettings": [NINE_AT_NIGHT]}
    assert previewed(aws, settings, after(0), after(60)) == expected


@each_choice(
    "multiplied",
    {
        "periods": [("a", 0, 12), ("b", 12, 48), ("c", 48, 60)],
        "hand_offs": [("a", 0, 24), ("b", 24, 48), ("c", 48, 72)],
    },
)
def test_a_multiplier_counts_periods_or_hand_offs(aws: SSMContactsClient, expected: object) -> None:
    settings = {"RecurrenceMultiplier": 2, "DailySettings": [NINE, NINE_AT_NIGHT]}
    assert previewed(aws, settings, after(0), after(60)) == expected


@each_choice("short_months", {"last_day": [31, 28, 31, 30], "skip": [31, 31, 31]})
def test_short_months_without_a_31st(aws: SSMContactsClient, expected: object) -> None:
    settings: Any = {
        "NumberOfOnCalls": 1,
        "RecurrenceMultiplier": 1,
        "MonthlySettings": [{"DayOfMonth": 31, "HandOffTime": NINE}],
    }
    shifts = aws.list_preview_rotation_shifts(
        Members=["a", "b"],
        TimeZoneId="UTC",
        Recurrence=settings,
        EndTime=datetime(2025, 4, 30, 9, 0, tzinfo=timezone.utc),
    )["RotationShifts"]
    assert [shift["EndTime"].astimezone(timezone.utc).day for shift in shifts] == expected


@each_choice("repeated_hour", {"first": 5, "second": 6})
def test_repeated_hour_is_the_first_or_the_second(aws: SSMContactsClient, expected: object) -> None:
    put_back = datetime(2025, 11, 2, tzinfo=timezone.utc)
    settings: Any = {
        "NumberOfOnCalls": 1,
        "RecurrenceMultiplier": 1,
        "DailySettings": [{"HourOfDay": 1, "MinuteOfHour": 30}],
    }
    shifts = aws.list_preview_rotation_shifts(
        Members=["a", "b"],
        TimeZoneId="America/New_York",
        Recurrence=settings,
        StartTime=put_back + timedelta(hours=7),
        EndTime=put_back + timedelta(hours=8),
    )["RotationShifts"]
    starts = [shift["StartTime"].astimezone(timezone.utc) for shift in shifts]
    assert [(at.day, at.hour, at.minute) for at in starts] == [(2, expected, 30)]


@each_choice("coverage_end_before_start", {"next_day": [("a", 12, 24)], "ignored": []})
def test_coverage_that_ends_before_it_starts(aws: SSMContactsClient, expected: object) -> None:
    coverages = {"MON": [{"Start": NINE_AT_NIGHT, "End": NINE}]}
    settings = {"DailySettings": [NINE], "ShiftCoverages": coverages}
    assert previewed(aws, settings, after(0), after(72)) == expected


@each_choice(
    "uncovered_time",
    {
        "no_shift": [("a", 0, 12)],
        "empty_shift": [("a", 0, 12), ("", 12, 24), ("", 24, 48)],
    },
)
def test_uncovered_time_has_no_shift_or_an_empty_shift(
    aws: SSMContactsClient, expected: object
) -> None:
    coverages = {"MON": [{"Start": NINE, "End": NINE_AT_NIGHT}]}
    settings = {"DailySettings": [NINE], "ShiftCoverages": coverages}
    assert previewed(aws, settings, after(0), after(48)) == expected


@each_choice("empty_coverages", {"around_the_clock": [("a", 0, 24), ("b", 24, 48)], "never": []})
def test_empty_coverages_are_around_the_clock_or_never(
    aws: SSMContactsClient, expected: object
) -> None:
    settings: dict[str, Any] = {"DailySettings": [NINE], "ShiftCoverages": {}}
    assert previewed(aws, settings, after(0), after(48)) == expected


@each_choice(
    "overlapping_overrides",
    {
        "latest_created": [("x", 1, 3), ("y", 3, 6)],
        "earliest_created": [("x", 1, 4), ("y", 4, 6)],
    },
)
def test_overlapping_overrides(aws: SSMContactsClient, expected: object) -> None:
    overrides = [
        {"NewMembers": ["x"], "StartTime": after(1), "EndTime": after(4)},
        {"NewMembers": ["y"], "StartTime": after(3), "EndTime": after(6)},
    ]
    settings = {"DailySettings": [NINE]}
    assert previewed(aws, settings, after(1), after(6), Overrides=overrides) == expected


@each_choice(
    "shift_bounds",
    {"whole": [("a", 0, 24), ("b", 24, 48)], "clipped": [("a", 1, 24), ("b", 24, 25)]},
)
def test_shift_bounds_of_a_preview(aws: SSMContactsClient, expected: object) -> None:
    settings = {"DailySettings": [NINE]}
    assert previewed(aws, settings, after(1), after(25)) == expected


@each_choice("shift_bounds", {"whole": (after(0), after(23)), "clipped": (after(1), after(2))})
def test_shift_bounds_of_a_rotation(
    aws: SSMContactsClient, rotation: str, expected: object
) -> None:
    request: Any = {"RotationId": rotation, "StartTime": after(1), "EndTime": after(2)}
    (shift,) = aws.list_rotation_shifts(**request)["RotationShifts"]
    assert (shift["StartTime"], shift["EndTime"]) == expected


@pytest.mark.parametrize("service", [Assumptions(shift_bounds="clipped")], indirect=True)
@pytest.mark.parametrize("size", [1, 2, 3])
def test_clipped_shifts_are_paginated(aws: SSMContactsClient, rotation: str, size: int) -> None:
    pages = aws.get_paginator("list_rotation_shifts").paginate(
        RotationId=rotation,
        StartTime=after(1),
        EndTime=after(60),
        PaginationConfig={"PageSize": size},
    )
    starts = [each["StartTime"] for page in pages for each in page["RotationShifts"]]
    assert starts == [after(1), after(23), after(47)]


@pytest.mark.parametrize("service", [Assumptions(shift_bounds="clipped")], indirect=True)
def test_a_clipped_shift_is_not_repeated_on_a_later_page(
    service: LocalService, aws: SSMContactsClient, rotation: str
) -> None:
    request: Any = {"RotationId": rotation, "EndTime": after(60), "MaxResults": 1}
    service.clock.advance(hours=1)
    first: Any = aws.list_rotation_shifts(**request)
    service.clock.advance(hours=1)
    second = aws.list_rotation_shifts(**request, NextToken=first["NextToken"])
    shown = (*first["RotationShifts"], *second["RotationShifts"])
    assert [each["StartTime"] for each in shown] == [after(1), after(23)]


# Plans


def engage(aws: SSMContactsClient, contact: str) -> str:
    started = aws.start_engagement(ContactId=contact, Sender="cli", Subject="s", Content="c")
    return started["EngagementArn"]


@pytest.fixture
def escalation(aws: SSMContactsClient, paged_by_sms: str) -> str:
    """Return the ARN of an escalation plan that engages Akua and waits for a minute."""
    target: Any = {"ContactTargetInfo": {"ContactId": paged_by_sms, "IsEssential": True}}
    stages: Any = [{"DurationInMinutes": 1, "Targets": [target]}]
    created = aws.create_contact(Alias="escalation", Type="ESCALATION", Plan={"Stages": stages})
    return created["ContactArn"]


@each_choice("engagement_end", {"only_stopped": None, "everything_tried": 5, "last_stage": 1})
def test_engagement_end(
    service: LocalService, aws: SSMContactsClient, escalation: str, expected: float | None
) -> None:
    engagement = engage(aws, escalation)
    service.clock.advance(hours=1)
    ended = None if expected is None else DEFAULT_START + timedelta(minutes=expected)
    assert aws.describe_engagement(EngagementId=engagement).get("StopTime") == ended
    aws.stop_engagement(EngagementId=engagement)
    stopped = aws.describe_engagement(EngagementId=engagement).get("StopTime")
    assert stopped == (after(1) if ended is None else ended)


@each_choice("engagement_end", {"only_stopped": None, "everything_tried": 0, "last_stage": 0})
def test_an_essential_acknowledgement_stops_the_stages_with_every_engagement_end(
    service: LocalService, aws: SSMContactsClient, page: str, expected: int | None
) -> None:
    code = str(service.outbox[-1].code)
    sent = len(service.outbox)
    aws.accept_page(PageId=page, AcceptType="READ", AcceptCode=code)
    service.clock.advance(hours=1)
    assert len(service.outbox) == sent
    (listed,) = aws.list_engagements()["Engagements"]
    assert listed.get("StopTime") == (None if expected is None else after(expected))


@each_choice("resend", {"after_failure": [0], "until_acknowledged": [0, 1, 2]})
def test_resend_after_a_failure_or_until_acknowledged(
    service: LocalService, aws: SSMContactsClient, page: str, expected: object
) -> None:
    service.clock.advance(minutes=2, seconds=30)
    code = service.outbox[-1].code
    aws.accept_page(PageId=page, AcceptType="READ", AcceptCode=str(code))
    service.clock.advance(hours=1)
    receipts = aws.list_page_receipts(PageId=page)["Receipts"]
    sent = [each["ReceiptTime"] for each in receipts if each["ReceiptType"] == "SENT"]
    assert [(at - DEFAULT_START) / timedelta(minutes=1) for at in sent] == expected


# Tokens, channels and codes


@each_choice(
    "reused_token", {"rejected": ("ConflictException",) * 2, "first_response": ("done",) * 2}
)
def test_a_reused_token_is_rejected_or_gets_the_first_response(
    aws: SSMContactsClient, akua: str, expected: object
) -> None:
    person: Any = {"Type": "PERSONAL", "Plan": {}, "IdempotencyToken": "t"}
    channel: Any = {"ContactId": akua, "Name": "n", "Type": "SMS", "IdempotencyToken": "t"}
    first = aws.create_contact(Alias="first", **person)
    phone: Any = {"SimpleAddress": PHONE}
    aws.create_contact_channel(**channel, DeliveryAddress=phone)
    other: Any = {"SimpleAddress": OTHER_PHONE}
    assert expected == (
        code_of(aws.create_contact, Alias="second", **person),
        code_of(aws.create_contact_channel, **channel, DeliveryAddress=other),
    )
    aliases = [each["Alias"] for each in aws.list_contacts()["Contacts"]]
    assert aliases == ["akuam", "first"]
    assert len(aws.list_contact_channels(ContactId=akua)["ContactChannels"]) == 1
    # The same content gets the first response with every choice.
    again = aws.create_contact(Alias="first", **person)
    assert again["ContactArn"] == first["ContactArn"]


@each_choice("reused_token", {"rejected": "ValidationException", "first_response": "done"})
def test_a_reused_token_if_the_model_has_no_conflict(
    aws: SSMContactsClient, akua: str, expected: object
) -> None:
    request: Any = {"ContactId": akua, "Sender": "cli", "Content": "c", "IdempotencyToken": "t"}
    aws.start_engagement(**request, Subject="first")
    assert code_of(aws.start_engagement, **request, Subject="second") == expected
    assert len(aws.list_engagements()["Engagements"]) == 1


@each_choice(
    "changed_address", {"deactivated": ("NOT_ACTIVATED", 2), "unchanged": ("ACTIVATED", 1)}
)
def test_a_changed_address_deactivates_the_channel_or_does_not(
    service: LocalService, aws: SSMContactsClient, sms: str, expected: object
) -> None:
    aws.activate_contact_channel(ContactChannelId=sms, ActivationCode=service.code_for(sms))
    new: Any = {"SimpleAddress": OTHER_PHONE}
    aws.update_contact_channel(ContactChannelId=sms, DeliveryAddress=new)
    got = aws.get_contact_channel(ContactChannelId=sms)
    assert got["DeliveryAddress"] == new
    assert (got["ActivationStatus"], len(service.outbox)) == expected


@each_choice("duplicate_channel", {"rejected": ("ConflictException", 1), "allowed": ("done", 2)})
def test_a_duplicate_channel_is_rejected_or_allowed(
    aws: SSMContactsClient, akua: str, sms: str, expected: object
) -> None:
    same: Any = {
        "ContactId": akua,
        "Name": "again",
        "Type": "SMS",
        "DeliveryAddress": {"SimpleAddress": PHONE},
    }
    code = code_of(aws.create_contact_channel, **same)
    assert (code, len(aws.list_contact_channels(ContactId=akua)["ContactChannels"])) == expected


@each_choice(
    "wrong_code",
    {
        "ValidationException": "ValidationException",
        "AccessDeniedException": "AccessDeniedException",
    },
)
def test_the_error_for_a_wrong_code(
    aws: SSMContactsClient, sms: str, page: str, expected: object
) -> None:
    wrong = {"PageId": page, "AcceptType": "READ", "AcceptCode": WRONG}
    assert code_of(aws.accept_page, **wrong, AcceptCodeValidation="ENFORCE") == expected
    request = {"ContactChannelId": sms, "ActivationCode": WRONG}
    assert code_of(aws.activate_contact_channel, **request) == expected


@each_choice("accept_code_validation", {"IGNORE": "done", "ENFORCE": "ValidationException"})
def test_accept_code_validation_by_default(
    aws: SSMContactsClient, page: str, expected: object
) -> None:
    wrong = {"PageId": page, "AcceptType": "READ", "AcceptCode": WRONG}
    # A given AcceptCodeValidation takes precedence.
    assert code_of(aws.accept_page, **wrong, AcceptCodeValidation="ENFORCE") != "done"
    assert code_of(aws.accept_page, **wrong) == expected
    assert code_of(aws.accept_page, **wrong, AcceptCodeValidation="IGNORE") == "done"


@each_choice("read_receipt_info", {"note": "on it", "code": "the code"})
def test_a_read_receipt_has_the_note_or_the_code(
    service: LocalService, aws: SSMContactsClient, page: str, expected: str
) -> None:
    code = str(service.outbox[-1].code)
    request: Any = {"PageId": page, "AcceptType": "READ", "AcceptCode": code, "Note": "on it"}
    aws.accept_page(**request)
    shown = {
        each["ReceiptType"]: each.get("ReceiptInfo")
        for each in aws.list_page_receipts(PageId=page)["Receipts"]
    }
    assert shown["READ"] == (code if expected == "the code" else expected)
    assert shown["DELIVERED"] == code


@each_choice(
    "page_receipts",
    {
        "every_send": [("ERROR", 0), ("ERROR", 1), ("SENT", 2), ("SENT", 5)],
        "latest_of_each_type": [("ERROR", 1), ("SENT", 5)],
    },
)
def test_page_receipts_are_all_or_the_latest_of_each_type(
    service: LocalService, aws: SSMContactsClient, paged_by_sms: str, sms: str, expected: object
) -> None:
    target: Any = {"ChannelTargetInfo": {"ContactChannelId": sms, "RetryIntervalInMinutes": 1}}
    stages: Any = [{"DurationInMinutes": 5, "Targets": [target]}] * 2
    aws.update_contact(ContactId=paged_by_sms, Plan={"Stages": stages})
    service.delivery.fail(sms, times=2)
    engage(aws, paged_by_sms)
    service.clock.advance(hours=1)
    (page,) = aws.list_pages_by_contact(ContactId=paged_by_sms)["Pages"]
    listed = [
        receipt
        for page in aws.get_paginator("list_page_receipts").paginate(
            PageId=page["PageArn"], PaginationConfig={"PageSize": 1}
        )
        for receipt in page["Receipts"]
    ]
    minute = timedelta(minutes=1)
    assert expected == [
        (each["ReceiptType"], (each["ReceiptTime"] - DEFAULT_START) / minute) for each in listed
    ]
    # Without a channel, the page is accepted on the channel of the latest message.
    aws.accept_page(PageId=page["PageArn"], AcceptType="READ", AcceptCode=WRONG)
    read = aws.list_page_receipts(PageId=page["PageArn"])["Receipts"]
    assert {each.get("ContactChannelArn") for each in read} == {sms}


# Policies, engagements, tags, rotations and lists


@each_choice(
    "missing_policy",
    {
        "empty_json": ("done", "{}"),
        "empty_response": ("done", None),
        "not_found": ("ResourceNotFoundException", None),
    },
)
def test_the_response_without_a_policy(
    service: LocalService, aws: SSMContactsClient, akua: str, expected: tuple[str, str | None]
) -> None:
    code, text = expected
    assert code_of(aws.get_contact_policy, ContactArn=akua) == code
    if code == "done":
        assert aws.get_contact_policy(ContactArn=akua).get("Policy") == text
    # The client of this package returns None with every choice.
    assert service.client().contacts.get_policy(akua) is None
    policy = '{"Statement": []}'
    aws.put_contact_policy(ContactArn=akua, Policy=policy)
    assert aws.get_contact_policy(ContactArn=akua).get("Policy") == policy
    assert service.client().contacts.get_policy(akua) == ContactPolicy(policy)
    with pytest.raises(ResourceNotFoundError):
        service.client().contacts.get_policy(akua + "x")


@each_choice("nested_escalation", {"skipped": "done", "rejected": "ValidationException"})
@pytest.mark.parametrize("named", ["inner", "itself"])
def test_a_nested_escalation_plan_is_skipped_or_rejected(
    aws: SSMContactsClient, akua: str, expected: str, named: str
) -> None:
    def plan(arn: str) -> Any:
        target = {"ContactTargetInfo": {"ContactId": arn, "IsEssential": True}}
        return {"Stages": [{"DurationInMinutes": 1, "Targets": [target]}]}

    inner = aws.create_contact(Alias="inner", Type="ESCALATION", Plan=plan(akua))["ContactArn"]
    outer = inner.replace("inner", "outer")
    target = plan(inner if named == "inner" else outer)
    request: dict[str, Any] = {"Alias": "outer", "Type": "ESCALATION", "Plan": target}
    assert code_of(aws.create_contact, **request) == expected
    if expected != "done":
        aws.create_contact(**{**request, "Plan": plan(akua)})
    assert code_of(aws.update_contact, ContactId=outer, Plan=target) == expected
    # Other targets are accepted with every choice.
    aws.create_contact(Alias="desk", Type="ONCALL_SCHEDULE", Plan={"RotationIds": []})
    for alias in ("akuam", "desk", "nobody"):
        other = plan(inner.replace("inner", alias))
        assert code_of(aws.update_contact, ContactId=outer, Plan=other) == "done"


@each_choice("stop_of_ended", {"accepted": "done", "rejected": "ValidationException"})
def test_an_ended_engagement_can_be_stopped_or_not(
    service: LocalService, aws: SSMContactsClient, engagement: str, expected: object
) -> None:
    assert code_of(aws.stop_engagement, EngagementId=engagement) == "done"
    ended = aws.describe_engagement(EngagementId=engagement).get("StopTime")
    service.clock.advance(minutes=1)
    assert code_of(aws.stop_engagement, EngagementId=engagement) == expected
    assert aws.describe_engagement(EngagementId=engagement).get("StopTime") == ended


@each_choice("first_region", {True: ["done"] * 6, False: ["ValidationException"] * 6})
def test_tags_need_the_first_region(
    aws: SSMContactsClient, akua: str, rotation: str, expected: object
) -> None:
    assert expected == [
        code
        for arn in (akua, rotation)
        for code in (
            code_of(aws.tag_resource, ResourceARN=arn, Tags=[{"Key": "k", "Value": "v"}]),
            code_of(aws.untag_resource, ResourceARN=arn, TagKeys=["k"]),
            code_of(aws.list_tags_for_resource, ResourceARN=arn),
        )
    ]


@each_choice("unset_start_time", {"left_out": [None, None], "creation_time": [after(0), after(0)]})
def test_an_unset_start_time_is_left_out_or_the_creation_time(
    service: LocalService, aws: SSMContactsClient, rotation: str, expected: object
) -> None:
    service.clock.advance(hours=1)
    (listed,) = aws.list_rotations()["Rotations"]
    responses: list[Any] = [aws.get_rotation(RotationId=rotation), listed]
    assert [response.get("StartTime") for response in responses] == expected


@each_choice(
    "duplicate_rotation_name", {"allowed": ("done", 2), "rejected": ("ValidationException", 1)}
)
def test_a_duplicate_rotation_name_is_allowed_or_rejected(
    aws: SSMContactsClient, rotation: str, expected: object
) -> None:
    got: Any = aws.get_rotation(RotationId=rotation)
    again = {name: got[name] for name in ("Name", "ContactIds", "TimeZoneId", "Recurrence")}
    code = code_of(aws.create_rotation, **again)
    assert (code, len(aws.list_rotations()["Rotations"])) == expected
    assert code_of(aws.create_rotation, **{**again, "Name": "another"}) == "done"


def test_a_rejected_rotation_name_is_the_reason() -> None:
    service = LocalService(assumptions=Assumptions(duplicate_rotation_name="rejected"))
    aws = service.boto3_client()
    akua = aws.create_contact(Alias="akuam", Type="PERSONAL", Plan={})["ContactArn"]
    web: Any = {
        "Name": "web",
        "ContactIds": [akua],
        "TimeZoneId": "UTC",
        "Recurrence": {
            "NumberOfOnCalls": 1,
            "RecurrenceMultiplier": 1,
            "DailySettings": [{"HourOfDay": 9, "MinuteOfHour": 0}],
        },
    }
    aws.create_rotation(**web)
    with pytest.raises(ClientError, match="A rotation with this name already exists"):
        aws.create_rotation(**web)


@each_choice("first_stage_index", {0: [None, 0], 1: [None, 1]})
def test_the_first_stage_is_number_0_or_1(
    aws: SSMContactsClient, escalation: str, expected: object
) -> None:
    engagement = engage(aws, escalation)
    (page,) = aws.list_pages_by_engagement(EngagementId=engagement)["Pages"]
    resolutions = aws.list_page_resolutions(PageId=page["PageArn"])["PageResolutions"]
    assert [each.get("StageIndex") for each in resolutions] == expected


@each_choice("page_size", {50: [50, 1], 1: [1] * 51, 1024: [51]})
def test_page_size_is_the_default_of_max_results(
    aws: SSMContactsClient, akua: str, expected: object
) -> None:
    for number in range(50):
        aws.create_contact(Alias=f"{number}", Type="PERSONAL", Plan={})
    sizes = [len(page["Contacts"]) for page in aws.get_paginator("list_contacts").paginate()]
    assert sizes == expected
    assert len(aws.list_contacts(MaxResults=0)["Contacts"]) == sizes[0]
    assert len(aws.list_contacts(MaxResults=51)["Contacts"]) == 51
