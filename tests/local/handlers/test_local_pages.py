from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

import pytest
from arns import PREFIX
from botocore.exceptions import ParamValidationError
from sentinels import phone_number

from ssm_contacts_sdk.local import Assumptions, LocalService
from ssm_contacts_sdk.local._clock import DEFAULT_START

if TYPE_CHECKING:
    from mypy_boto3_ssm_contacts import SSMContactsClient

Rejected = Callable[..., dict[str, Any]]
ELSEWHERE = "arn:aws:ssm-contacts:us-west-2:111122223333:"
INCIDENT = "arn:aws:ssm-incidents::111122223333:incident-record/web/1"
# Never a code of the service, because these have six digits.
WRONG = "0000000"
whose_end_sets_its_stop_time = pytest.mark.parametrize(
    "service", [Assumptions(engagement_end="everything_tried")], indirect=True
)


def after(minutes: float) -> datetime:
    return DEFAULT_START + timedelta(minutes=minutes)


def without_metadata(response: Any) -> dict[str, Any]:
    return {name: value for name, value in response.items() if name != "ResponseMetadata"}


def described(aws: SSMContactsClient, page: str) -> dict[str, Any]:
    return without_metadata(aws.describe_page(PageId=page))


def receipts(aws: SSMContactsClient, page: str) -> list[Any]:
    return list(aws.list_page_receipts(PageId=page)["Receipts"])


def kinds(aws: SSMContactsClient, page: str) -> list[str]:
    return [each["ReceiptType"] for each in receipts(aws, page)]


def engage(aws: SSMContactsClient, contact: str, **more: Any) -> str:
    request: Any = {"Sender": "cli", "Subject": "disk", "Content": "It is full.", **more}
    return aws.start_engagement(ContactId=contact, **request)["EngagementArn"]


def pages_of(aws: SSMContactsClient, engagement: str) -> list[str]:
    listed = aws.list_pages_by_engagement(EngagementId=engagement)["Pages"]
    return [each["PageArn"] for each in listed]


def code_of(service: LocalService, page: str) -> str:
    """Return the code that was sent with a page."""
    return next(str(each.code) for each in service.outbox if each.page_arn == page)


def accept(service: LocalService, aws: SSMContactsClient, page: str, **more: Any) -> None:
    request: Any = {"AcceptType": "READ", "AcceptCode": code_of(service, page), **more}
    assert without_metadata(aws.accept_page(PageId=page, **request)) == {}


def contact_target(arn: str) -> Any:
    return {"ContactTargetInfo": {"ContactId": arn, "IsEssential": True}}


def channel_target(arn: str) -> Any:
    return {"ChannelTargetInfo": {"ContactChannelId": arn, "RetryIntervalInMinutes": 1}}


def channel_of(service: LocalService, aws: SSMContactsClient, contact: str, number: int) -> str:
    """Create an activated channel, and return its ARN."""
    created = aws.create_contact_channel(
        ContactId=contact,
        Name=f"channel {number}",
        Type="SMS",
        DeliveryAddress={"SimpleAddress": phone_number(number)},
    )["ContactChannelArn"]
    aws.activate_contact_channel(ContactChannelId=created, ActivationCode=service.code_for(created))
    return created


@pytest.fixture
def alejandro(service: LocalService, aws: SSMContactsClient) -> str:
    """The ARN of another person who is paged by SMS."""
    arn = aws.create_contact(Alias="alejr", Type="PERSONAL", Plan={})["ContactArn"]
    target = channel_target(channel_of(service, aws, arn, 7))
    aws.update_contact(
        ContactId=arn, Plan={"Stages": [{"DurationInMinutes": 5, "Targets": [target]}]}
    )
    return arn


@pytest.fixture
def second(service: LocalService, aws: SSMContactsClient, paged_by_sms: str, sms: str) -> str:
    """The ARN of a channel that Akua is paged on five minutes later."""
    created = channel_of(service, aws, paged_by_sms, 8)
    stages: Any = [
        {"DurationInMinutes": 5, "Targets": [channel_target(arn)]} for arn in (sms, created)
    ]
    aws.update_contact(ContactId=paged_by_sms, Plan={"Stages": stages})
    return created


# Descriptions


def test_a_page_has_the_whole_text_and_its_contact(
    service: LocalService, aws: SSMContactsClient, paged_by_sms: str
) -> None:
    service.clock.advance(seconds=0.3014)
    engagement = engage(
        aws, paged_by_sms, PublicSubject="look", PublicContent="mail", IncidentId=INCIDENT
    )
    (page,) = pages_of(aws, engagement)
    assert page.startswith(f"{PREFIX}page/akuam/")
    assert len(page.rpartition("/")[2]) == 36
    result = described(aws, page)
    assert result == {
        "PageArn": page,
        "EngagementArn": engagement,
        "ContactArn": paged_by_sms,
        "Sender": "cli",
        "Subject": "disk",
        "Content": "It is full.",
        "PublicSubject": "look",
        "PublicContent": "mail",
        "IncidentId": INCIDENT,
        "SentTime": DEFAULT_START + timedelta(seconds=0.301),
    }
    texts = {"Subject", "Content", "PublicSubject", "PublicContent"}
    summary = {name: value for name, value in result.items() if name not in texts}
    assert aws.list_pages_by_engagement(EngagementId=engagement)["Pages"] == [summary]
    assert aws.list_pages_by_contact(ContactId=paged_by_sms)["Pages"] == [summary]


def test_members_that_were_not_given_are_left_out(
    aws: SSMContactsClient, engagement: str, page: str
) -> None:
    summary = {"PageArn", "EngagementArn", "ContactArn", "Sender", "SentTime"}
    assert described(aws, page).keys() == summary | {"Subject", "Content"}
    (listed,) = aws.list_pages_by_engagement(EngagementId=engagement)["Pages"]
    assert listed.keys() == summary


def test_a_page_belongs_to_the_person(aws: SSMContactsClient, paged_by_sms: str) -> None:
    plan: Any = {"Stages": [{"DurationInMinutes": 0, "Targets": [contact_target(paged_by_sms)]}]}
    created = aws.create_contact(Alias="escalation", Type="ESCALATION", Plan=plan)
    engagement = engage(aws, created["ContactArn"])
    (page,) = pages_of(aws, engagement)
    assert page.startswith(f"{PREFIX}page/akuam/")
    result = described(aws, page)
    assert (result["ContactArn"], result["EngagementArn"]) == (paged_by_sms, engagement)


def test_a_page_of_several_sends_has_the_time_of_the_last(
    service: LocalService, aws: SSMContactsClient, second: str, akua: str
) -> None:
    engagement = engage(aws, akua)
    (page,) = pages_of(aws, engagement)
    service.clock.advance(minutes=6)
    assert pages_of(aws, engagement) == [page]
    assert described(aws, page)["SentTime"] == after(5)


def test_a_page_that_could_not_be_sent_has_no_sent_time(
    service: LocalService, aws: SSMContactsClient, paged_by_sms: str, sms: str
) -> None:
    service.delivery.fail(sms, times=2)
    (page,) = pages_of(aws, engage(aws, paged_by_sms))
    assert "SentTime" not in described(aws, page)
    service.clock.advance(minutes=2)
    assert described(aws, page)["SentTime"] == after(2)
    assert kinds(aws, page) == ["ERROR", "ERROR", "SENT"]


def test_a_page_stays_when_contact_and_channel_are_deleted(
    aws: SSMContactsClient, akua: str, page: str, rejected: Rejected
) -> None:
    before = (described(aws, page), receipts(aws, page))
    aws.delete_contact(ContactId=akua)
    assert (described(aws, page), receipts(aws, page)) == before
    error = rejected(aws.list_pages_by_contact, ContactId=akua)
    assert (error["Code"], error["ResourceType"]) == ("ResourceNotFoundException", "contact")


def test_a_new_contact_with_an_old_alias_has_the_old_pages_and_engagements(
    service: LocalService, aws: SSMContactsClient, akua: str, engagement: str, page: str
) -> None:
    aws.delete_contact(ContactId=akua)
    created = aws.create_contact(Alias="akuam", Type="PERSONAL", Plan={})["ContactArn"]
    assert created == akua
    (listed,) = aws.list_pages_by_contact(ContactId=created)["Pages"]
    assert listed["PageArn"] == page
    assert aws.describe_engagement(EngagementId=engagement)["ContactArn"] == created
    # A running escalation engages the contact that has the alias when its stage begins.
    target = contact_target(created)
    wait: Any = {"DurationInMinutes": 1, "Targets": []}
    stages: Any = [wait, {"DurationInMinutes": 1, "Targets": [target]}]
    plan: Any = {"Stages": stages}
    escalation = aws.create_contact(Alias="escalation", Type="ESCALATION", Plan=plan)
    started = engage(aws, escalation["ContactArn"])
    aws.delete_contact(ContactId=created)
    aws.create_contact(Alias="akuam", Type="PERSONAL", Plan={})
    theirs = channel_of(service, aws, created, 9)
    theirs_at_once: Any = [{"DurationInMinutes": 0, "Targets": [channel_target(theirs)]}]
    aws.update_contact(ContactId=created, Plan={"Stages": theirs_at_once})
    service.clock.advance(minutes=1)
    assert service.outbox[-1].channel_arn == theirs
    assert len(pages_of(aws, started)) == 1


@pytest.mark.parametrize(
    ("method", "more"),
    [
        ("describe_page", {}),
        ("list_page_receipts", {}),
        ("list_page_resolutions", {}),
        ("accept_page", {"AcceptType": "READ", "AcceptCode": "123456"}),
    ],
)
@pytest.mark.parametrize("prefix", [PREFIX, ELSEWHERE])
def test_an_unknown_page_is_not_found(
    aws: SSMContactsClient,
    page: str,
    rejected: Rejected,
    prefix: str,
    method: str,
    more: dict[str, str],
) -> None:
    gone = f"{page.replace(PREFIX, prefix)}0"
    error = rejected(getattr(aws, method), PageId=gone, **more)
    assert error["Code"] == "ResourceNotFoundException"
    assert (error["ResourceId"], error["ResourceType"]) == (gone, "page")


# Acceptance


def test_read_records_delivered_too(
    service: LocalService, aws: SSMContactsClient, page: str, sms: str
) -> None:
    before = described(aws, page)
    service.clock.advance(minutes=2, seconds=0.3014)
    accept(service, aws, page)
    then = after(2) + timedelta(seconds=0.301)
    assert described(aws, page) == {**before, "DeliveryTime": then, "ReadTime": then}
    code = code_of(service, page)
    delivered, read, sent = receipts(aws, page)
    for kind, receipt in (("DELIVERED", delivered), ("READ", read)):
        assert receipt == {
            "ContactChannelArn": sms,
            "ReceiptType": kind,
            "ReceiptInfo": code,
            "ReceiptTime": then,
        }
    assert sent["ReceiptType"] == "SENT"


@whose_end_sets_its_stop_time
def test_delivered_can_come_before_read(
    service: LocalService, aws: SSMContactsClient, engagement: str, page: str
) -> None:
    service.clock.advance(minutes=1)
    accept(service, aws, page, AcceptType="DELIVERED")
    result = described(aws, page)
    assert (result["DeliveryTime"], result.get("ReadTime")) == (after(1), None)
    assert kinds(aws, page) == ["DELIVERED", "SENT"]
    assert "StopTime" not in aws.describe_engagement(EngagementId=engagement)
    service.clock.advance(minutes=1)
    accept(service, aws, page, AcceptType="READ")
    result = described(aws, page)
    assert (result["DeliveryTime"], result["ReadTime"]) == (after(1), after(2))
    assert kinds(aws, page) == ["DELIVERED", "READ", "SENT"]
    assert aws.describe_engagement(EngagementId=engagement).get("StopTime") == after(2)


@pytest.mark.parametrize("kind", ["DELIVERED", "READ"])
@pytest.mark.parametrize("again", ["DELIVERED", "READ"])
def test_accepting_twice_changes_nothing(
    service: LocalService, aws: SSMContactsClient, page: str, kind: str, again: str
) -> None:
    for each in dict.fromkeys((kind, again)):
        accept(service, aws, page, AcceptType=each)
    before = (described(aws, page), receipts(aws, page))
    service.clock.advance(minutes=1)
    for each in (kind, again):
        accept(service, aws, page, AcceptType=each)
    assert (described(aws, page), receipts(aws, page)) == before


@pytest.mark.parametrize("note", ["on it", "n" * 2048, "ü\n"])
def test_a_note_is_in_the_read_receipt_only(
    service: LocalService, aws: SSMContactsClient, page: str, note: str
) -> None:
    accept(service, aws, page, AcceptType="DELIVERED", Note="arrived")
    accept(service, aws, page, Note=note)
    code = code_of(service, page)
    accept(service, aws, page, Note="again")
    result = {each["ReceiptType"]: each["ReceiptInfo"] for each in receipts(aws, page)}
    assert (result["DELIVERED"], result["READ"]) == (code, note)
    assert "on it" not in repr(service.journal)


@pytest.mark.parametrize("kind", ["DELIVERED", "READ"])
def test_a_wrong_accept_code_is_rejected_and_not_repeated(
    service: LocalService, aws: SSMContactsClient, page: str, rejected: Rejected, kind: str
) -> None:
    before = (described(aws, page), receipts(aws, page))
    request = {"PageId": page, "AcceptType": kind, "AcceptCode": WRONG}
    request["AcceptCodeValidation"] = "ENFORCE"
    error = rejected(aws.accept_page, **request)
    assert error["Code"] == "ValidationException"
    assert error["Reason"] == "OTHER"
    assert WRONG not in error["Message"]
    assert code_of(service, page) not in error["Message"]
    assert (described(aws, page), receipts(aws, page)) == before


def test_an_ignored_wrong_code_is_recorded(
    service: LocalService, aws: SSMContactsClient, page: str
) -> None:
    accept(service, aws, page, AcceptCode=WRONG, AcceptCodeValidation="IGNORE")
    assert described(aws, page)["ReadTime"] == DEFAULT_START
    result = {each["ReceiptType"]: each["ReceiptInfo"] for each in receipts(aws, page)}
    assert (result["DELIVERED"], result["READ"]) == (WRONG, WRONG)


def test_a_code_is_not_compared_by_default(
    service: LocalService, aws: SSMContactsClient, page: str
) -> None:
    accept(service, aws, page, AcceptCode=WRONG)
    assert described(aws, page)["ReadTime"] == DEFAULT_START


@pytest.mark.parametrize("validation", ["ENFORCE", "IGNORE"])
def test_the_right_code_is_always_accepted(
    service: LocalService, aws: SSMContactsClient, page: str, validation: str
) -> None:
    accept(service, aws, page, AcceptCodeValidation=validation)
    assert "ReadTime" in described(aws, page)


def test_codes_of_other_pages_and_channels_are_rejected(
    service: LocalService,
    aws: SSMContactsClient,
    page: str,
    akua: str,
    sms: str,
    rejected: Rejected,
) -> None:
    activation = str(service.outbox[0].code)
    (other,) = pages_of(aws, engage(aws, akua))
    for code in (activation, code_of(service, other)):
        request = {"PageId": page, "AcceptType": "READ", "AcceptCode": code}
        request["AcceptCodeValidation"] = "ENFORCE"
        assert rejected(aws.accept_page, **request)["Code"] == "ValidationException"


def test_a_page_that_is_sent_again_has_the_same_code(
    service: LocalService, aws: SSMContactsClient, second: str, akua: str
) -> None:
    engage(aws, akua)
    service.clock.advance(minutes=5)
    one, two = service.outbox[-2:]
    assert (one.code, one.page_arn) == (two.code, two.page_arn)
    assert one.channel_arn != two.channel_arn


@pytest.mark.parametrize(
    ("member", "wrong"),
    [
        ("pageId", "a page"),
        ("acceptType", "SEEN"),
        ("acceptCode", "12345x"),
        ("acceptCode", "1" * 11),
        ("acceptCodeValidation", "SOMETIMES"),
        ("note", "n" * 2049),
        ("contactChannelId", "sms"),
    ],
)
def test_an_invalid_request_accepts_nothing(
    aws: SSMContactsClient, page: str, rejected: Rejected, member: str, wrong: str
) -> None:
    right = {
        "PageId": page,
        "AcceptType": "READ",
        "AcceptCode": "123456",
        "AcceptCodeValidation": "IGNORE",
    }
    error = rejected(aws.accept_page, **{**right, member[0].upper() + member[1:]: wrong})
    assert (error["Code"], error["Reason"]) == ("ValidationException", "FIELD_VALIDATION_FAILED")
    assert [each["Name"] for each in error["Fields"]] == [member]
    assert "ReadTime" not in described(aws, page)


def test_botocore_rejects_a_code_that_is_too_short(aws: SSMContactsClient, page: str) -> None:
    with pytest.raises(ParamValidationError, match="Invalid length for parameter AcceptCode"):
        aws.accept_page(PageId=page, AcceptType="READ", AcceptCode="12345")


def test_receipts_have_the_channel_of_the_acceptance(
    service: LocalService, aws: SSMContactsClient, second: str, akua: str, sms: str
) -> None:
    (page,) = pages_of(aws, engage(aws, akua))
    accept(service, aws, page, AcceptType="DELIVERED", ContactChannelId=second)
    accept(service, aws, page, AcceptType="READ", ContactChannelId=sms)
    assert channels(aws, page) == [("DELIVERED", second), ("READ", sms), ("SENT", sms)]


def test_without_a_channel_receipts_have_the_channel_of_the_last_send(
    service: LocalService, aws: SSMContactsClient, second: str, akua: str, sms: str
) -> None:
    (page,) = pages_of(aws, engage(aws, akua))
    service.clock.advance(minutes=5)
    accept(service, aws, page)
    assert channels(aws, page) == [
        ("DELIVERED", second),
        ("READ", second),
        ("SENT", sms),
        ("SENT", second),
    ]


def test_without_a_channel_receipts_do_not_have_the_channel_of_the_delivery(
    service: LocalService, aws: SSMContactsClient, second: str, akua: str, sms: str
) -> None:
    (page,) = pages_of(aws, engage(aws, akua))
    accept(service, aws, page, AcceptType="DELIVERED", ContactChannelId=second)
    accept(service, aws, page, AcceptType="READ")
    assert channels(aws, page) == [("DELIVERED", second), ("READ", sms), ("SENT", sms)]


def channels(aws: SSMContactsClient, page: str) -> list[tuple[str, str]]:
    return [(each["ReceiptType"], each["ContactChannelArn"]) for each in receipts(aws, page)]


def test_without_a_channel_receipts_have_the_channel_of_the_last_send_even_if_it_failed(
    service: LocalService, aws: SSMContactsClient, paged_by_sms: str, sms: str
) -> None:
    service.delivery.fail(sms)
    (page,) = pages_of(aws, engage(aws, paged_by_sms))
    aws.accept_page(PageId=page, AcceptType="READ", AcceptCode=WRONG, AcceptCodeValidation="IGNORE")
    assert channels(aws, page) == [("DELIVERED", sms), ("ERROR", sms), ("READ", sms)]


def test_a_page_can_be_accepted_on_a_channel_that_is_not_activated(
    service: LocalService, aws: SSMContactsClient, page: str, sms: str
) -> None:
    aws.deactivate_contact_channel(ContactChannelId=sms)
    accept(service, aws, page, ContactChannelId=sms)
    assert channels(aws, page) == [("DELIVERED", sms), ("READ", sms), ("SENT", sms)]


def test_the_channel_of_another_person_is_rejected(
    service: LocalService, aws: SSMContactsClient, page: str, alejandro: str, rejected: Rejected
) -> None:
    (theirs,) = aws.list_contact_channels(ContactId=alejandro)["ContactChannels"]
    request = {
        "PageId": page,
        "AcceptType": "READ",
        "AcceptCode": code_of(service, page),
        "ContactChannelId": theirs["ContactChannelArn"],
    }
    error = rejected(aws.accept_page, **request)
    assert error["Code"] == "ValidationException"
    assert error["Message"] == (
        "Invalid value provided - Contact channel is not one of the contact that was paged"
    )
    assert "ReadTime" not in described(aws, page)


def test_a_deleted_channel_is_rejected_and_can_be_left_out(
    service: LocalService, aws: SSMContactsClient, page: str, sms: str, rejected: Rejected
) -> None:
    aws.delete_contact_channel(ContactChannelId=sms)
    request = {"PageId": page, "AcceptType": "READ", "AcceptCode": code_of(service, page)}
    error = rejected(aws.accept_page, **request, ContactChannelId=sms)
    assert error["Code"] == "ResourceNotFoundException"
    assert (error["ResourceId"], error["ResourceType"]) == (sms, "contact-channel")
    accept(service, aws, page)
    assert channels(aws, page) == [("DELIVERED", sms), ("READ", sms), ("SENT", sms)]


@whose_end_sets_its_stop_time
@pytest.mark.parametrize("stopped", [True, False])
def test_a_page_can_be_accepted_after_the_end(
    service: LocalService, aws: SSMContactsClient, engagement: str, page: str, *, stopped: bool
) -> None:
    service.clock.advance(minutes=4)
    if stopped:
        aws.stop_engagement(EngagementId=engagement)
    service.clock.advance(hours=1)
    ended = aws.describe_engagement(EngagementId=engagement).get("StopTime")
    assert ended == (after(4) if stopped else after(5))
    accept(service, aws, page)
    assert described(aws, page)["ReadTime"] == after(64)
    assert aws.describe_engagement(EngagementId=engagement).get("StopTime") == ended


# Receipts


def test_receipts_are_sorted_by_type_then_by_time(
    service: LocalService, aws: SSMContactsClient, second: str, akua: str, sms: str
) -> None:
    service.delivery.fail(sms, times=2)
    (page,) = pages_of(aws, engage(aws, akua))
    service.clock.advance(minutes=6)
    accept(service, aws, page, AcceptType="DELIVERED")
    service.clock.advance(minutes=1)
    accept(service, aws, page)
    result = [(each["ReceiptType"], each["ReceiptTime"]) for each in receipts(aws, page)]
    assert result == [
        ("DELIVERED", after(6)),
        ("ERROR", after(0)),
        ("ERROR", after(1)),
        ("READ", after(7)),
        ("SENT", after(2)),
        ("SENT", after(5)),
    ]


def test_a_sent_receipt_has_the_message_id(
    service: LocalService, aws: SSMContactsClient, second: str, akua: str, sms: str
) -> None:
    (page,) = pages_of(aws, engage(aws, akua))
    service.clock.advance(minutes=5)
    first, last = receipts(aws, page)
    assert first["ReceiptInfo"] != last["ReceiptInfo"]
    for receipt, channel, minute in ((first, sms, 0), (last, second, 5)):
        prefix, digits = receipt["ReceiptInfo"][:2], receipt["ReceiptInfo"][2:]
        assert (prefix, len(bytes.fromhex(digits))) == ("SM", 16)
        assert receipt == {
            "ContactChannelArn": channel,
            "ReceiptType": "SENT",
            "ReceiptInfo": receipt["ReceiptInfo"],
            "ReceiptTime": after(minute),
        }


def test_an_error_receipt_states_that_the_page_could_not_be_sent(
    service: LocalService, aws: SSMContactsClient, paged_by_sms: str, sms: str
) -> None:
    service.delivery.fail(sms)
    (page,) = pages_of(aws, engage(aws, paged_by_sms))
    (receipt,) = receipts(aws, page)
    assert receipt == {
        "ContactChannelArn": sms,
        "ReceiptType": "ERROR",
        "ReceiptInfo": "The message could not be sent.",
        "ReceiptTime": DEFAULT_START,
    }


@pytest.mark.parametrize("size", [1, 2, 4, 5, 6])
def test_receipts_in_pages_of_any_size(
    service: LocalService, aws: SSMContactsClient, second: str, akua: str, sms: str, size: int
) -> None:
    service.delivery.fail(sms, times=2)
    (page,) = pages_of(aws, engage(aws, akua))
    service.clock.advance(minutes=5)
    accept(service, aws, page)
    paginator = aws.get_paginator("list_page_receipts")
    found = [
        list(each["Receipts"])
        for each in paginator.paginate(PageId=page, PaginationConfig={"PageSize": size})
    ]
    whole = receipts(aws, page)
    assert len(whole) == 6
    assert list(chain.from_iterable(found)) == whole
    assert len(found) == -(-6 // size)


# Resolutions


def resolutions(aws: SSMContactsClient, page: str) -> list[Any]:
    return list(aws.list_page_resolutions(PageId=page)["PageResolutions"])


def test_the_path_of_an_engaged_person_is_the_person(
    aws: SSMContactsClient, page: str, akua: str
) -> None:
    assert resolutions(aws, page) == [{"ContactArn": akua, "Type": "PERSONAL"}]


@pytest.fixture
def escalation(
    aws: SSMContactsClient, paged_by_sms: str, alejandro: str, rotation: str
) -> dict[str, str]:
    """Create an escalation plan for Alejandro, then a schedule with Akua; return ARNs by alias."""
    schedule = aws.create_contact(
        Alias="schedule", Type="ONCALL_SCHEDULE", Plan={"RotationIds": [rotation]}
    )["ContactArn"]
    stages: Any = [
        {"DurationInMinutes": 5, "Targets": [contact_target(arn)]} for arn in (alejandro, schedule)
    ]
    created = aws.create_contact(Alias="escalation", Type="ESCALATION", Plan={"Stages": stages})
    return {
        "akuam": paged_by_sms,
        "alejr": alejandro,
        "schedule": schedule,
        "escalation": created["ContactArn"],
    }


def test_the_path_from_an_escalation_plan_to_a_person(
    aws: SSMContactsClient, escalation: dict[str, str]
) -> None:
    (page,) = pages_of(aws, engage(aws, escalation["escalation"]))
    assert resolutions(aws, page) == [
        {"ContactArn": escalation["escalation"], "Type": "ESCALATION"},
        {"ContactArn": escalation["alejr"], "Type": "PERSONAL", "StageIndex": 0},
    ]


def test_the_path_through_a_schedule_has_the_index_of_its_stage(
    service: LocalService, aws: SSMContactsClient, escalation: dict[str, str]
) -> None:
    engagement = engage(aws, escalation["escalation"])
    service.clock.advance(minutes=5)
    page, _ = pages_of(aws, engagement)
    assert resolutions(aws, page) == [
        {"ContactArn": escalation["escalation"], "Type": "ESCALATION"},
        {"ContactArn": escalation["schedule"], "Type": "ONCALL_SCHEDULE", "StageIndex": 1},
        {"ContactArn": escalation["akuam"], "Type": "PERSONAL"},
    ]


def test_the_path_from_a_schedule_to_the_person_on_call(
    aws: SSMContactsClient, escalation: dict[str, str]
) -> None:
    (page,) = pages_of(aws, engage(aws, escalation["schedule"]))
    assert resolutions(aws, page) == [
        {"ContactArn": escalation["schedule"], "Type": "ONCALL_SCHEDULE"},
        {"ContactArn": escalation["akuam"], "Type": "PERSONAL"},
    ]


def test_the_path_stays_when_the_plans_are_changed(
    aws: SSMContactsClient, escalation: dict[str, str]
) -> None:
    (page,) = pages_of(aws, engage(aws, escalation["escalation"]))
    before = resolutions(aws, page)
    for alias in ("escalation", "alejr"):
        aws.delete_contact(ContactId=escalation[alias])
    assert resolutions(aws, page) == before


@pytest.mark.parametrize("service", [Assumptions(page_size=2)], indirect=True)
def test_resolutions_have_no_page_size_but_pages(
    service: LocalService, aws: SSMContactsClient, escalation: dict[str, str]
) -> None:
    engagement = engage(aws, escalation["escalation"])
    service.clock.advance(minutes=5)
    page, _ = pages_of(aws, engagement)
    pages = aws.get_paginator("list_page_resolutions").paginate(PageId=page)
    found = [[each["Type"] for each in result["PageResolutions"]] for result in pages]
    assert found == [["ESCALATION", "ONCALL_SCHEDULE"], ["PERSONAL"]]


# Lists of pages


@pytest.fixture
def crowd(
    service: LocalService, aws: SSMContactsClient, paged_by_sms: str, alejandro: str
) -> list[str]:
    """Page Akua five times, with pages of Alejandro in between; return the ARNs, newest first."""
    created: list[str] = []
    for _ in range(5):
        engage(aws, alejandro)
        created = pages_of(aws, engage(aws, paged_by_sms)) + created
        service.clock.advance(minutes=1)
    return created


def listed_by_contact(aws: SSMContactsClient, contact: str, **more: Any) -> list[str]:
    return [
        each["PageArn"] for each in aws.list_pages_by_contact(ContactId=contact, **more)["Pages"]
    ]


def test_pages_of_a_contact_are_listed_newest_first(
    aws: SSMContactsClient, crowd: list[str], paged_by_sms: str, alejandro: str
) -> None:
    listed = listed_by_contact(aws, paged_by_sms)
    assert listed == crowd == listed_by_contact(aws, paged_by_sms, MaxResults=0)
    assert len(listed_by_contact(aws, alejandro)) == 5


@pytest.mark.parametrize("size", [1, 2, 3, 5, 6])
def test_pages_of_a_contact_in_pages_of_any_size(
    aws: SSMContactsClient, crowd: list[str], paged_by_sms: str, size: int
) -> None:
    paginator = aws.get_paginator("list_pages_by_contact")
    found = [
        [each["PageArn"] for each in page["Pages"]]
        for page in paginator.paginate(ContactId=paged_by_sms, PaginationConfig={"PageSize": size})
    ]
    assert list(chain.from_iterable(found)) == crowd
    assert len(found) == -(-5 // size)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_of_an_engagement_in_pages_of_any_size(
    service: LocalService,
    aws: SSMContactsClient,
    paged_by_sms: str,
    escalation: dict[str, str],
    size: int,
) -> None:
    engagement = engage(aws, escalation["escalation"])
    engage(aws, paged_by_sms)
    service.clock.advance(minutes=5)
    paginator = aws.get_paginator("list_pages_by_engagement")
    found = [
        [(each["ContactArn"], each.get("SentTime")) for each in page["Pages"]]
        for page in paginator.paginate(EngagementId=engagement, PaginationConfig={"PageSize": size})
    ]
    assert list(chain.from_iterable(found)) == [
        (escalation["akuam"], after(5)),
        (escalation["alejr"], after(0)),
    ]
    assert len(found) == -(-2 // size)


def test_a_contact_that_was_never_paged_has_no_pages(aws: SSMContactsClient, akua: str) -> None:
    assert listed_by_contact(aws, akua) == []
    assert pages_of(aws, engage(aws, akua)) == []


def test_pages_of_unknown_resources_are_not_found(
    aws: SSMContactsClient, akua: str, engagement: str, rejected: Rejected
) -> None:
    for error, arn, kind in (
        (rejected(aws.list_pages_by_contact, ContactId=akua + "0"), akua, "contact"),
        (
            rejected(aws.list_pages_by_engagement, EngagementId=engagement + "0"),
            engagement,
            "engagement",
        ),
    ):
        assert error["Code"] == "ResourceNotFoundException"
        assert (error["ResourceId"], error["ResourceType"]) == (arn + "0", kind)


def test_a_page_token_is_valid_for_its_own_query_only(
    aws: SSMContactsClient, crowd: list[str], paged_by_sms: str, alejandro: str, rejected: Rejected
) -> None:
    first: Any = aws.list_pages_by_contact(ContactId=paged_by_sms, MaxResults=2)
    token = first["NextToken"]
    rest = listed_by_contact(aws, paged_by_sms, NextToken=token)
    assert [each["PageArn"] for each in first["Pages"]] + rest == crowd
    for method, request in (
        (aws.list_pages_by_contact, {"ContactId": alejandro}),
        (aws.list_pages_by_engagement, {"EngagementId": first["Pages"][0]["EngagementArn"]}),
        (aws.list_page_receipts, {"PageId": crowd[0]}),
        (aws.list_page_resolutions, {"PageId": crowd[0]}),
    ):
        error = rejected(method, **request, NextToken=token)
        assert error["Code"] == "ValidationException"
        assert "NextToken" in error["Message"]
