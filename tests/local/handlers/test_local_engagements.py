from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

import pytest
from arns import PREFIX, contact_arn, rotation_arn

from ssm_contacts_sdk.local import Assumptions
from ssm_contacts_sdk.local._clock import DEFAULT_START

if TYPE_CHECKING:
    from mypy_boto3_ssm_contacts import SSMContactsClient

    from ssm_contacts_sdk.local import LocalService

Rejected = Callable[..., dict[str, Any]]
ELSEWHERE = "arn:aws:ssm-contacts:us-west-2:111122223333:"
NOBODY = contact_arn("nobody")
INCIDENT = "arn:aws:ssm-incidents::111122223333:incident-record/web/1"
whose_end_sets_its_stop_time = pytest.mark.parametrize(
    "service", [Assumptions(engagement_end="everything_tried")], indirect=True
)


def request_for(contact: str, **more: Any) -> Any:
    request = {"ContactId": contact, "Sender": "cli", "Subject": "disk", "Content": "It is full."}
    return {**request, **more}


def after(minutes: float) -> datetime:
    return DEFAULT_START + timedelta(minutes=minutes)


def without_metadata(response: Any) -> dict[str, Any]:
    return {name: value for name, value in response.items() if name != "ResponseMetadata"}


def described(aws: SSMContactsClient, engagement: str) -> dict[str, Any]:
    return without_metadata(aws.describe_engagement(EngagementId=engagement))


def ended_at(aws: SSMContactsClient, engagement: str) -> datetime | None:
    return described(aws, engagement).get("StopTime")


def start(aws: SSMContactsClient, contact: str, **more: Any) -> str:
    return aws.start_engagement(**request_for(contact, **more))["EngagementArn"]


def code_of(service: LocalService) -> str:
    """Return the code of the last message."""
    return str(service.outbox[-1].code)


def arns(response: Any) -> list[str]:
    return [each["EngagementArn"] for each in response["Engagements"]]


@pytest.fixture
def crowd(service: LocalService, aws: SSMContactsClient, akua: str) -> list[str]:
    """Start five engagements, a minute apart; the second and the fourth have the same incident."""
    created: list[str] = []
    for number in range(5):
        more = {"IncidentId": INCIDENT} if number in (1, 3) else {}
        created.insert(0, start(aws, akua, **more))
        service.clock.advance(minutes=1)
    return created


# Start and describe


def test_describe_returns_what_start_described(
    service: LocalService, aws: SSMContactsClient, paged_by_sms: str
) -> None:
    request = request_for(
        paged_by_sms, PublicSubject="look", PublicContent="mail", IncidentId=INCIDENT
    )
    started = without_metadata(aws.start_engagement(**request))
    assert started.keys() == {"EngagementArn"}
    arn = str(started["EngagementArn"])
    assert arn.startswith(f"{PREFIX}engagement/akuam/")
    assert len(arn.rpartition("/")[2]) == 36
    service.clock.advance(minutes=1)
    result = described(aws, arn)
    assert result == {
        "EngagementArn": arn,
        "ContactArn": paged_by_sms,
        "Sender": "cli",
        "Subject": "disk",
        "Content": "It is full.",
        "PublicSubject": "look",
        "PublicContent": "mail",
        "IncidentId": INCIDENT,
        "StartTime": DEFAULT_START,
    }
    texts = {"Subject", "Content", "PublicSubject", "PublicContent"}
    (listed,) = aws.list_engagements()["Engagements"]
    assert listed == {name: value for name, value in result.items() if name not in texts}


def test_members_that_were_not_given_are_left_out(
    aws: SSMContactsClient, engagement: str, akua: str
) -> None:
    result = described(aws, engagement)
    members = {"EngagementArn", "ContactArn", "Sender", "Subject", "Content", "StartTime"}
    assert result.keys() == members
    (listed,) = aws.list_engagements()["Engagements"]
    assert listed.keys() == members - {"Subject", "Content"}


def test_times_have_milliseconds(
    service: LocalService, aws: SSMContactsClient, paged_by_sms: str
) -> None:
    service.clock.advance(seconds=0.3014)
    arn = start(aws, paged_by_sms)
    service.clock.advance(seconds=1.2)
    aws.stop_engagement(EngagementId=arn)
    for result in (described(aws, arn), *aws.list_engagements()["Engagements"]):
        assert result.get("StartTime") == DEFAULT_START + timedelta(seconds=0.301)
        assert result.get("StopTime") == DEFAULT_START + timedelta(seconds=1.501)


@pytest.mark.parametrize("contact", [NOBODY, f"{ELSEWHERE}contact/akuam", rotation_arn("1")])
def test_an_unknown_contact_cannot_be_engaged(
    aws: SSMContactsClient, akua: str, rejected: Rejected, contact: str
) -> None:
    error = rejected(aws.start_engagement, **request_for(contact))
    assert error["Code"] == "ResourceNotFoundException"
    assert (error["ResourceId"], error["ResourceType"]) == (contact, "contact")
    assert aws.list_engagements()["Engagements"] == []


@pytest.mark.parametrize(
    ("member", "wrong"),
    [
        ("contactId", "akuam"),
        ("sender", "s" * 256),
        ("sender", "sënder"),
        ("subject", "s" * 2049),
        ("content", "c" * 8193),
        ("publicSubject", "s" * 2049),
        ("publicContent", "c" * 8193),
        ("incidentId", "i" * 1025),
        ("idempotencyToken", "a token"),
    ],
)
def test_an_invalid_request_starts_nothing(
    aws: SSMContactsClient, akua: str, rejected: Rejected, member: str, wrong: str
) -> None:
    request = request_for(akua, **{member[0].upper() + member[1:]: wrong})
    error = rejected(aws.start_engagement, **request)
    assert (error["Code"], error["Reason"]) == ("ValidationException", "FIELD_VALIDATION_FAILED")
    assert [each["Name"] for each in error["Fields"]] == [member]
    assert aws.list_engagements()["Engagements"] == []


def test_the_longest_texts_are_returned(aws: SSMContactsClient, akua: str) -> None:
    texts = {
        "Sender": "s" * 255,
        "Subject": "ü\n" * 1024,
        "Content": "字" * 8192,
        "PublicSubject": "s" * 2048,
        "PublicContent": "\u0000" * 8192,
        "IncidentId": "i" * 1024,
    }
    result = described(aws, start(aws, akua, **texts))
    assert {name: result[name] for name in texts} == texts


def test_the_same_token_engages_once(
    service: LocalService, aws: SSMContactsClient, paged_by_sms: str, rejected: Rejected
) -> None:
    request = request_for(paged_by_sms, IdempotencyToken="t")
    first = aws.start_engagement(**request)["EngagementArn"]
    sent = len(service.outbox)
    aws.stop_engagement(EngagementId=first)
    assert aws.start_engagement(**request)["EngagementArn"] == first
    assert len(service.outbox) == sent
    assert arns(aws.list_engagements()) == [first]
    # Not a conflict: AWS's model has none for this operation.
    error = rejected(aws.start_engagement, **{**request, "Subject": "core"})
    assert error["Code"] == "ValidationException"
    assert error["Message"] == (
        "Invalid value provided - IdempotencyToken was used before for another request"
    )


def test_two_requests_without_a_token_start_two_engagements(
    aws: SSMContactsClient, akua: str
) -> None:
    first, second = (start(aws, akua) for _ in range(2))
    assert first != second
    assert arns(aws.list_engagements()) == [second, first]


def test_an_escalation_plan_or_a_schedule_has_one_engagement(
    aws: SSMContactsClient, paged_by_sms: str, rotation: str
) -> None:
    schedule = aws.create_contact(
        Alias="schedule", Type="ONCALL_SCHEDULE", Plan={"RotationIds": [rotation]}
    )["ContactArn"]
    target: Any = {"ContactTargetInfo": {"ContactId": schedule, "IsEssential": True}}
    escalation = aws.create_contact(
        Alias="escalation",
        Type="ESCALATION",
        Plan={"Stages": [{"DurationInMinutes": 1, "Targets": [target]}]},
    )["ContactArn"]
    for contact, alias in ((schedule, "schedule"), (escalation, "escalation")):
        arn = start(aws, contact)
        assert arn.startswith(f"{PREFIX}engagement/{alias}/")
        (newest, *_) = aws.list_engagements()["Engagements"]
        assert (newest["EngagementArn"], newest["ContactArn"]) == (arn, contact)
        (page,) = aws.list_pages_by_engagement(EngagementId=arn)["Pages"]
        assert page["ContactArn"] == paged_by_sms
    assert len(aws.list_engagements()["Engagements"]) == 2


def test_an_engagement_stays_when_its_contact_is_deleted(
    aws: SSMContactsClient, akua: str, engagement: str
) -> None:
    before = described(aws, engagement)
    aws.delete_contact(ContactId=akua)
    assert described(aws, engagement) == before
    assert arns(aws.list_engagements()) == [engagement]


# The end


def test_a_stopped_engagement_has_a_stop_time(
    service: LocalService, aws: SSMContactsClient, engagement: str
) -> None:
    before = described(aws, engagement)
    service.clock.advance(minutes=3)
    request: Any = {"EngagementId": engagement, "Reason": "r" * 255}
    assert without_metadata(aws.stop_engagement(**request)) == {}
    assert described(aws, engagement) == {**before, "StopTime": after(3)}
    assert aws.list_engagements()["Engagements"][0].get("StopTime") == after(3)


def test_stopping_again_changes_nothing(
    service: LocalService, aws: SSMContactsClient, engagement: str
) -> None:
    for _ in range(2):
        service.clock.advance(minutes=1)
        aws.stop_engagement(EngagementId=engagement)
    assert ended_at(aws, engagement) == after(1)


@whose_end_sets_its_stop_time
def test_an_engagement_that_has_ended_can_be_stopped(
    service: LocalService, aws: SSMContactsClient, engagement: str
) -> None:
    service.clock.advance(minutes=4, seconds=59)
    assert ended_at(aws, engagement) is None
    service.clock.advance(minutes=2)
    assert ended_at(aws, engagement) == after(5)
    aws.stop_engagement(EngagementId=engagement, Reason="at last")
    assert ended_at(aws, engagement) == after(5)


@whose_end_sets_its_stop_time
def test_an_acknowledgement_ends_an_engagement(
    service: LocalService, aws: SSMContactsClient, engagement: str, page: str
) -> None:
    service.clock.advance(minutes=2)
    aws.accept_page(PageId=page, AcceptType="READ", AcceptCode=code_of(service))
    assert ended_at(aws, engagement) == after(2)


@whose_end_sets_its_stop_time
def test_an_engagement_that_reaches_nobody_is_over_at_once(
    aws: SSMContactsClient, akua: str
) -> None:
    assert ended_at(aws, start(aws, akua)) == DEFAULT_START


def test_a_reason_has_at_most_255_characters(
    aws: SSMContactsClient, engagement: str, rejected: Rejected
) -> None:
    error = rejected(aws.stop_engagement, EngagementId=engagement, Reason="r" * 256)
    assert error["Code"] == "ValidationException"
    assert [each["Name"] for each in error["Fields"]] == ["reason"]
    assert ended_at(aws, engagement) is None


@pytest.mark.parametrize("prefix", [PREFIX, ELSEWHERE])
def test_an_unknown_engagement_is_not_found(
    aws: SSMContactsClient, engagement: str, rejected: Rejected, prefix: str
) -> None:
    gone = f"{engagement.replace(PREFIX, prefix)}0"
    for error in (
        rejected(aws.describe_engagement, EngagementId=gone),
        rejected(aws.stop_engagement, EngagementId=gone),
    ):
        assert error["Code"] == "ResourceNotFoundException"
        assert (error["ResourceId"], error["ResourceType"]) == (gone, "engagement")


# Lists


def test_engagements_are_listed_newest_first(aws: SSMContactsClient, crowd: list[str]) -> None:
    listed: Any = aws.list_engagements()
    assert arns(listed) == crowd
    assert "NextToken" not in listed
    starts = [each["StartTime"] for each in listed["Engagements"]]
    assert starts == [after(minutes) for minutes in (4, 3, 2, 1, 0)]
    assert arns(aws.list_engagements(MaxResults=0)) == crowd


def test_of_engagements_that_start_together_the_later_comes_first(
    aws: SSMContactsClient, akua: str
) -> None:
    created = [start(aws, akua) for _ in range(3)]
    assert paged(aws, 1) == [[arn] for arn in reversed(created)]


def paged(aws: SSMContactsClient, size: int, **request: Any) -> list[list[str]]:
    pages: Iterable[Any] = aws.get_paginator("list_engagements").paginate(
        PaginationConfig={"PageSize": size}, **request
    )
    return [arns(page) for page in pages]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 6])
def test_pages_of_any_size_are_the_whole_list(
    aws: SSMContactsClient, crowd: list[str], size: int
) -> None:
    found = paged(aws, size)
    assert list(chain.from_iterable(found)) == crowd
    assert len(found) == -(-5 // size)


def test_new_engagements_between_two_pages_neither_repeat_nor_hide_items(
    aws: SSMContactsClient, akua: str, crowd: list[str]
) -> None:
    first: Any = aws.list_engagements(MaxResults=2)
    start(aws, akua)
    rest = aws.list_engagements(MaxResults=9, NextToken=first["NextToken"])
    assert arns(first) + arns(rest) == crowd


def test_engagements_are_filtered_by_incident(aws: SSMContactsClient, crowd: list[str]) -> None:
    assert arns(aws.list_engagements(IncidentId=INCIDENT)) == [crowd[1], crowd[3]]
    assert paged(aws, 1, IncidentId=INCIDENT) == [[crowd[1]], [crowd[3]]]
    # Only exact matches count, not a part or an empty id.
    for other in (INCIDENT[:-1], INCIDENT + "0", ""):
        assert arns(aws.list_engagements(IncidentId=other)) == []


@pytest.mark.parametrize(
    ("since", "until", "found"),
    [
        (None, None, (4, 3, 2, 1, 0)),
        (2, None, (4, 3, 2)),
        (None, 2, (2, 1, 0)),
        (1, 3, (3, 2, 1)),
        (2, 2, (2,)),
        (2.5, 2.75, ()),
        (5, None, ()),
        (None, -1, ()),
    ],
)
def test_engagements_are_filtered_by_start_with_both_ends_included(
    aws: SSMContactsClient,
    crowd: list[str],
    since: float | None,
    until: float | None,
    found: tuple[int, ...],
) -> None:
    ends = {"StartTime": since, "EndTime": until}
    window: Any = {name: after(minutes) for name, minutes in ends.items() if minutes is not None}
    listed = aws.list_engagements(TimeRangeValue=window)
    assert arns(listed) == [crowd[4 - minute] for minute in found]


def test_engagements_are_filtered_by_incident_and_start(
    aws: SSMContactsClient, crowd: list[str]
) -> None:
    window: Any = {"StartTime": after(2), "EndTime": after(4)}
    assert paged(aws, 1, TimeRangeValue=window) == [[crowd[0]], [crowd[1]], [crowd[2]]]
    assert arns(aws.list_engagements(IncidentId=INCIDENT, TimeRangeValue=window)) == [crowd[1]]


def test_a_time_range_must_not_end_before_it_starts(
    aws: SSMContactsClient, crowd: list[str], rejected: Rejected
) -> None:
    window = {"StartTime": after(2), "EndTime": after(1)}
    error = rejected(aws.list_engagements, TimeRangeValue=window)
    assert error["Code"] == "ValidationException"
    assert error["Message"] == "Invalid value provided - EndTime must not be before StartTime"


@pytest.mark.parametrize(
    "changed", [{"IncidentId": INCIDENT}, {"TimeRangeValue": {"StartTime": DEFAULT_START}}]
)
def test_a_page_token_is_valid_for_its_own_query_only(
    aws: SSMContactsClient, crowd: list[str], rejected: Rejected, changed: dict[str, Any]
) -> None:
    first: Any = aws.list_engagements(MaxResults=1)
    for request in ({**changed, "NextToken": first["NextToken"]}, {"NextToken": "made-up"}):
        error = rejected(aws.list_engagements, **request)
        assert error["Code"] == "ValidationException"
        assert error["Message"] == (
            "Invalid value provided - NextToken is not a token of this query"
        )


def test_a_page_has_at_most_1024_engagements(aws: SSMContactsClient, rejected: Rejected) -> None:
    error = rejected(aws.list_engagements, MaxResults=1025)
    assert [each["Name"] for each in error["Fields"]] == ["maxResults"]
