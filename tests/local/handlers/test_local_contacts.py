from __future__ import annotations

import json
from collections.abc import Callable
from itertools import chain
from typing import TYPE_CHECKING, Any

import pytest
from arns import PREFIX, channel_arn, contact_arn, rotation_arn

from ssm_contacts_sdk.local import LocalService, Quotas

if TYPE_CHECKING:
    from mypy_boto3_ssm_contacts import SSMContactsClient

Rejected = Callable[..., dict[str, Any]]
AKUA = contact_arn("akuam")


def channel(number: int = 1, **more: Any) -> dict[str, Any]:
    arn = channel_arn("akuam", f"00000000-0000-4000-8000-{number:012}")
    return {"ChannelTargetInfo": {"ContactChannelId": arn, **more}}


def contact(alias: str = "akuam", *, essential: bool = True) -> dict[str, Any]:
    return {"ContactTargetInfo": {"ContactId": contact_arn(alias), "IsEssential": essential}}


def stage(minutes: int, *targets: dict[str, Any]) -> dict[str, Any]:
    return {"DurationInMinutes": minutes, "Targets": list(targets)}


PERSONAL_PLAN = {"Stages": [stage(5, channel(n, RetryIntervalInMinutes=1)) for n in range(3)]}
ESCALATION_PLAN = {
    "Stages": [
        stage(5, contact("akuam")),
        stage(5, contact("alejr", essential=False)),
        stage(0, contact("anasi", essential=False)),
    ]
}


def without_metadata(response: Any) -> dict[str, Any]:
    return {name: value for name, value in response.items() if name != "ResponseMetadata"}


def test_the_documented_person_is_returned_as_written(aws: SSMContactsClient) -> None:
    created = aws.create_contact(
        Alias="akuam", DisplayName="Akua Mansa", Type="PERSONAL", Plan={"Stages": []}
    )
    assert created["ContactArn"] == AKUA
    request: Any = {"ContactId": AKUA, "Plan": PERSONAL_PLAN}
    assert without_metadata(aws.update_contact(**request)) == {}
    assert without_metadata(aws.get_contact(ContactId=AKUA)) == {
        "ContactArn": AKUA,
        "Alias": "akuam",
        "DisplayName": "Akua Mansa",
        "Type": "PERSONAL",
        "Plan": PERSONAL_PLAN,
    }


def test_the_documented_escalation_plan_is_returned_as_written(aws: SSMContactsClient) -> None:
    request: Any = {
        "Alias": "example_escalation",
        "DisplayName": "Example Escalation Plan",
        "Type": "ESCALATION",
        "Plan": ESCALATION_PLAN,
    }
    arn = aws.create_contact(**request)["ContactArn"]
    assert without_metadata(aws.get_contact(ContactId=arn)) == {"ContactArn": arn, **request}


@pytest.mark.parametrize("plan", [{}, {"RotationIds": []}, {"RotationIds": [rotation_arn("1")]}])
def test_a_schedule_has_rotations(aws: SSMContactsClient, plan: Any) -> None:
    arn = aws.create_contact(Alias="oncall", Type="ONCALL_SCHEDULE", Plan=plan)["ContactArn"]
    assert aws.get_contact(ContactId=arn)["Plan"] == plan


@pytest.mark.parametrize("kind", ["PERSONAL", "ESCALATION"])
@pytest.mark.parametrize("plan", [{}, {"Stages": []}, {"Stages": [stage(1), stage(30)]}])
def test_a_plan_can_be_empty_or_only_wait(aws: SSMContactsClient, kind: Any, plan: Any) -> None:
    arn = aws.create_contact(Alias="a", Type=kind, Plan=plan)["ContactArn"]
    assert aws.get_contact(ContactId=arn)["Plan"] == plan


BOTH = {**channel(), **contact()}
NAMELESS = {"ContactTargetInfo": {"IsEssential": True}}


@pytest.mark.parametrize(
    ("kind", "plan", "detail"),
    [
        ("ONCALL_SCHEDULE", {"Stages": []}, "ONCALL SCHEDULE contact cannot have stages in plan"),
        (
            "ONCALL_SCHEDULE",
            {"Stages": [], "RotationIds": []},
            "ONCALL SCHEDULE contact cannot have stages in plan",
        ),
        ("PERSONAL", {"RotationIds": []}, "PERSONAL contact cannot have rotations in plan"),
        (
            "ESCALATION",
            {"Stages": [], "RotationIds": []},
            "ESCALATION contact cannot have rotations in plan",
        ),
        (
            "PERSONAL",
            {"Stages": [stage(1, contact())]},
            "Stage 1 of a plan of type PERSONAL cannot have a contact as a target",
        ),
        (
            "ESCALATION",
            {"Stages": [stage(1), stage(1, channel())]},
            "Stage 2 of a plan of type ESCALATION cannot have a channel as a target",
        ),
        (
            "PERSONAL",
            {"Stages": [stage(1, BOTH)]},
            "Stage 1 has a target that is not exactly one of a channel and a contact",
        ),
        (
            "ESCALATION",
            {"Stages": [stage(1, {})]},
            "Stage 1 has a target that is not exactly one of a channel and a contact",
        ),
        (
            "ESCALATION",
            {"Stages": [stage(1, NAMELESS)]},
            "Stage 1 has a contact target without a ContactId",
        ),
        ("PERSONAL", {"Stages": [stage(0)]}, "Stage 1 has a duration of 0 and no targets"),
    ],
)
def test_a_plan_that_does_not_suit_the_type_is_rejected(
    aws: SSMContactsClient, rejected: Rejected, kind: Any, plan: Any, detail: str
) -> None:
    error = rejected(aws.create_contact, Alias="a", Type=kind, Plan=plan)
    assert error["Code"] == "ValidationException"
    assert error["Message"] == f"Invalid value provided - {detail}"
    assert error["Reason"] == "OTHER"
    arn = aws.create_contact(Alias="a", Type=kind, Plan={})["ContactArn"]
    assert rejected(aws.update_contact, ContactId=arn, Plan=plan)["Message"] == error["Message"]
    assert aws.get_contact(ContactId=arn)["Plan"] == {}


@pytest.mark.parametrize(
    ("kind", "plan", "code"),
    [
        ("PERSONAL", {"Stages": [stage(1)] * 11}, "L-5AE11799"),
        ("PERSONAL", {"Stages": [stage(1, *[channel()] * 11)]}, "L-F338226A"),
        ("ONCALL_SCHEDULE", {"RotationIds": [rotation_arn("1")] * 9}, "L-00000000"),
    ],
)
def test_a_plan_beyond_a_quota_is_rejected(
    aws: SSMContactsClient, rejected: Rejected, kind: Any, plan: Any, code: str
) -> None:
    error = rejected(aws.create_contact, Alias="a", Type=kind, Plan=plan)
    assert error["Code"] == "ServiceQuotaExceededException"
    assert (error["QuotaCode"], error["ServiceCode"]) == (code, "ssm-contacts")
    free = LocalService(quotas=Quotas.none()).boto3_client()
    free.create_contact(Alias="a", Type=kind, Plan=plan)


def test_a_plan_can_reach_its_quotas(aws: SSMContactsClient) -> None:
    full: Any = {"Stages": [stage(1, *[channel()] * 10)] * 10}
    aws.create_contact(Alias="a", Type="PERSONAL", Plan=full)


def test_only_the_channels_of_a_stage_count(aws: SSMContactsClient) -> None:
    many: Any = {"Stages": [stage(1, *[contact()] * 11)]}
    aws.create_contact(Alias="a", Type="ESCALATION", Plan=many)


def test_contacts_beyond_the_quota_are_rejected(rejected: Rejected) -> None:
    aws = LocalService(quotas=Quotas(contacts=1)).boto3_client()
    aws.create_contact(Alias="a", Type="PERSONAL", Plan={})
    error = rejected(aws.create_contact, Alias="b", Type="PERSONAL", Plan={})
    assert error["Code"] == "ServiceQuotaExceededException"
    assert error["QuotaCode"] == "L-7DD2017D"


def test_contacts_of_all_types_share_one_quota(rejected: Rejected) -> None:
    aws = LocalService(quotas=Quotas(contacts=3)).boto3_client()
    kinds: list[Any] = ["PERSONAL", "ESCALATION", "ONCALL_SCHEDULE"]
    for kind in kinds:
        aws.create_contact(Alias=kind.lower(), Type=kind, Plan={})
    for kind in kinds:
        error = rejected(aws.create_contact, Alias="more", Type=kind, Plan={})
        assert (error["Code"], error["QuotaCode"]) == (
            "ServiceQuotaExceededException",
            "L-7DD2017D",
        )
    assert Quotas().contacts == 1_000


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:ssm-contacts:us-east-2:444455556666:contact/akuam",
        "arn:aws:ssm-contacts:eu-west-1:444455556666:contact/akuam",
        "arn:aws:ssm-contacts:us-east-2:11112222333:contact/akuam",
    ],
)
def test_a_contact_of_another_account_is_rejected(
    aws: SSMContactsClient, akua: str, rejected: Rejected, arn: str
) -> None:
    theirs: Any = {"ContactTargetInfo": {"ContactId": arn, "IsEssential": False}}
    plan: Any = {"Stages": [stage(1, contact("akuam")), stage(1, contact("akuam"), theirs)]}
    error = rejected(aws.create_contact, Alias="a", Type="ESCALATION", Plan=plan)
    assert (error["Code"], error["Reason"]) == ("ValidationException", "OTHER")
    assert error["Message"] == "Invalid value provided - Stage 2 has a contact of another account"
    created = aws.create_contact(Alias="a", Type="ESCALATION", Plan={})["ContactArn"]
    assert rejected(aws.update_contact, ContactId=created, Plan=plan)["Message"] == error["Message"]
    assert aws.get_contact(ContactId=created)["Plan"] == {}


def test_a_contact_in_another_region_is_allowed(
    aws: SSMContactsClient,
) -> None:
    # A replication set has several Regions, but nothing is replicated here.
    arn = AKUA.replace("us-east-2", "eu-west-1")
    there: Any = {"ContactTargetInfo": {"ContactId": arn, "IsEssential": False}}
    plan: Any = {"Stages": [stage(1, there)]}
    aws.create_contact(Alias="a", Type="ESCALATION", Plan=plan)


def test_an_alias_can_be_used_once(aws: SSMContactsClient, akua: str, rejected: Rejected) -> None:
    error = rejected(aws.create_contact, Alias="akuam", Type="ESCALATION", Plan={})
    assert error["Code"] == "ConflictException"
    assert (error["ResourceId"], error["ResourceType"]) == (akua, "contact")


def test_an_update_changes_only_the_given_members(aws: SSMContactsClient, akua: str) -> None:
    assert "DisplayName" not in aws.get_contact(ContactId=akua)
    aws.update_contact(ContactId=akua, DisplayName="Akua Mansa")
    aws.update_contact(ContactId=akua, Plan={"Stages": [{"DurationInMinutes": 1, "Targets": []}]})
    aws.update_contact(ContactId=akua)
    kept: Any = aws.get_contact(ContactId=akua)
    assert kept["DisplayName"] == "Akua Mansa"
    assert len(kept["Plan"]["Stages"]) == 1
    aws.update_contact(ContactId=akua, DisplayName="", Plan={"Stages": []})
    emptied = aws.get_contact(ContactId=akua)
    assert emptied["DisplayName"] == ""
    assert emptied["Plan"] == {"Stages": []}


@pytest.mark.parametrize(
    "arn",
    [
        contact_arn("nobody"),
        "arn:aws:ssm-contacts:us-east-1:111122223333:contact/akuam",
        "arn:aws:ssm-contacts:us-east-2:444455556666:contact/akuam",
    ],
)
@pytest.mark.parametrize("method", ["get_contact", "update_contact", "delete_contact"])
@pytest.mark.usefixtures("akua")
def test_an_unknown_contact_is_not_found(
    aws: SSMContactsClient, rejected: Rejected, arn: str, method: str
) -> None:
    error = rejected(getattr(aws, method), ContactId=arn)
    assert error["Code"] == "ResourceNotFoundException"
    assert (error["ResourceId"], error["ResourceType"]) == (arn, "contact")
    assert error["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_deleting_a_contact_deletes_its_channels_but_changes_no_plans(
    aws: SSMContactsClient, akua: str, sms: str, rejected: Rejected
) -> None:
    plan: Any = {"Stages": [stage(0, contact("akuam"))]}
    boss = aws.create_contact(Alias="boss", Type="ESCALATION", Plan=plan)["ContactArn"]
    aws.delete_contact(ContactId=akua)
    for method, name, arn in (
        (aws.get_contact, "ContactId", akua),
        (aws.delete_contact, "ContactId", akua),
        (aws.get_contact_channel, "ContactChannelId", sms),
        (aws.list_contact_channels, "ContactId", akua),
    ):
        assert rejected(method, **{name: arn})["Code"] == "ResourceNotFoundException"
    assert aws.get_contact(ContactId=boss)["Plan"] == plan


def test_the_same_token_returns_the_first_response_even_after_a_deletion(
    aws: SSMContactsClient,
) -> None:
    request: Any = {"Alias": "a", "Type": "PERSONAL", "Plan": {}, "IdempotencyToken": "t"}
    first = aws.create_contact(**request)["ContactArn"]
    assert aws.create_contact(**request)["ContactArn"] == first
    aws.delete_contact(ContactId=first)
    assert aws.create_contact(**request)["ContactArn"] == first
    assert aws.list_contacts()["Contacts"] == []


def test_the_same_token_with_other_content_is_a_conflict(
    aws: SSMContactsClient, rejected: Rejected
) -> None:
    request: Any = {"Alias": "a", "Type": "PERSONAL", "Plan": {}, "IdempotencyToken": "t"}
    first = aws.create_contact(**request)["ContactArn"]
    error = rejected(aws.create_contact, **{**request, "Alias": "b"})
    assert error["Code"] == "ConflictException"
    assert (error["ResourceId"], error["ResourceType"]) == (first, "contact")


def test_a_rejected_request_does_not_use_its_token(
    aws: SSMContactsClient, akua: str, rejected: Rejected
) -> None:
    request: Any = {"Type": "PERSONAL", "Plan": {}, "IdempotencyToken": "t"}
    rejected(aws.create_contact, Alias="akuam", **request)
    aws.create_contact(Alias="b", **request)


def test_an_empty_token_is_ignored(aws: SSMContactsClient) -> None:
    for alias in "ab":
        aws.create_contact(Alias=alias, Type="PERSONAL", Plan={}, IdempotencyToken="")


@pytest.fixture
def crowd(aws: SSMContactsClient) -> SSMContactsClient:
    """Create five people and a schedule, in no order."""
    for alias in ("web-2", "db-1", "web-3", "web-1", "db-2"):
        aws.create_contact(Alias=alias, Type="PERSONAL", Plan={})
    aws.create_contact(Alias="web-oncall", Type="ONCALL_SCHEDULE", Plan={})
    return aws


def aliases(response: Any) -> list[str]:
    return [each["Alias"] for each in response["Contacts"]]


def test_contacts_are_listed_by_alias(crowd: SSMContactsClient) -> None:
    listed = crowd.list_contacts()
    assert aliases(listed) == ["db-1", "db-2", "web-1", "web-2", "web-3", "web-oncall"]
    assert "NextToken" not in listed
    assert listed["Contacts"][0] == {
        "ContactArn": contact_arn("db-1"),
        "Alias": "db-1",
        "Type": "PERSONAL",
    }


def test_a_list_can_be_filtered(crowd: SSMContactsClient) -> None:
    assert aliases(crowd.list_contacts(AliasPrefix="web-o")) == ["web-oncall"]
    assert aliases(crowd.list_contacts(Type="ONCALL_SCHEDULE")) == ["web-oncall"]
    assert aliases(crowd.list_contacts(AliasPrefix="db", Type="ESCALATION")) == []
    assert aliases(crowd.list_contacts(AliasPrefix="oncall")) == []


@pytest.mark.parametrize("size", [1, 2, 3, 5, 6, 7])
def test_pages_of_any_size_are_the_whole_list(crowd: SSMContactsClient, size: int) -> None:
    pages = crowd.get_paginator("list_contacts").paginate(PaginationConfig={"PageSize": size})
    found = [aliases(page) for page in pages]
    assert list(chain.from_iterable(found)) == aliases(crowd.list_contacts())
    assert len(found) == -(-6 // size)


@pytest.mark.parametrize("size", [{}, {"MaxResults": 0}])
def test_the_default_page_size(aws: SSMContactsClient, size: Any) -> None:
    for number in range(51):
        aws.create_contact(Alias=f"a{number:02}", Type="PERSONAL", Plan={})
    first: Any = aws.list_contacts(**size)
    assert len(first["Contacts"]) == 50
    assert aliases(aws.list_contacts(NextToken=first["NextToken"])) == ["a50"]


def test_changes_between_pages_neither_repeat_nor_hide_items(crowd: SSMContactsClient) -> None:
    first: Any = crowd.list_contacts(MaxResults=2)
    crowd.delete_contact(ContactId=contact_arn("db-2"))
    crowd.create_contact(Alias="aa", Type="PERSONAL", Plan={})
    rest = crowd.list_contacts(NextToken=first["NextToken"])
    assert aliases(rest) == ["web-1", "web-2", "web-3", "web-oncall"]


def test_a_page_token_is_valid_for_its_own_query_only(
    crowd: SSMContactsClient, rejected: Rejected
) -> None:
    first: Any = crowd.list_contacts(MaxResults=1, AliasPrefix="web")
    token = first["NextToken"]
    narrowed = crowd.list_contacts(NextToken=token, AliasPrefix="web", MaxResults=9)
    assert len(narrowed["Contacts"]) == 3
    for request in ({}, {"AliasPrefix": "we"}, {"AliasPrefix": "web", "Type": "PERSONAL"}):
        error = rejected(crowd.list_contacts, NextToken=token, **request)
        assert error["Code"] == "ValidationException"
        assert error["Message"] == "Invalid value provided - NextToken is not a token of this query"


SPOILS: list[Callable[[str], str]] = [
    lambda token: token[:-1],
    lambda token: token + "A",
    lambda token: "A" + token[1:] if token[0] != "A" else "B" + token[1:],
    lambda _: "x",
    lambda _: "a\\b/",
    lambda _: "AAAA",
]


@pytest.mark.parametrize("spoil", SPOILS)
def test_a_modified_page_token_is_rejected(
    crowd: SSMContactsClient, rejected: Rejected, spoil: Callable[[str], str]
) -> None:
    first: Any = crowd.list_contacts(MaxResults=1)
    error = rejected(crowd.list_contacts, NextToken=spoil(first["NextToken"]))
    assert error["Code"] == "ValidationException"


def test_a_hostile_arn_is_rejected_quickly(service: LocalService) -> None:
    body = json.dumps({"ContactId": PREFIX + "a" * 1900 + "!"}).encode()
    assert service.handle("SSMContacts.GetContact", {}, body).status == 400
