from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from arns import contact_arn

if TYPE_CHECKING:
    from mypy_boto3_ssm_contacts import SSMContactsClient

Rejected = Callable[..., dict[str, Any]]
POLICY = """{
    "Version": "2012-10-17",
    "Statement": [{
        "Sid": "Ours", "Effect": "Allow",
        "Principal": {"AWS": "222233334444"},
        "Action": ["ssm-contacts:GetContact"],
        "Resource": ["arn:aws:ssm-contacts:*:111122223333:contact/akuam"]
    }]
}"""
NOBODY = contact_arn("nobody")


def without_metadata(response: Any) -> dict[str, Any]:
    return {name: value for name, value in response.items() if name != "ResponseMetadata"}


def policy(aws: SSMContactsClient, contact: str) -> dict[str, Any]:
    return without_metadata(aws.get_contact_policy(ContactArn=contact))


def test_a_policy_is_returned_character_by_character(aws: SSMContactsClient, akua: str) -> None:
    assert without_metadata(aws.put_contact_policy(ContactArn=akua, Policy=POLICY)) == {}
    assert policy(aws, akua) == {"ContactArn": akua, "Policy": POLICY}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028"])
def test_a_policy_can_have_several_lines(aws: SSMContactsClient, akua: str, end: str) -> None:
    text = POLICY.replace("\n", end) if end != "\u2028" else f'{{"a": "b{end}c"}}\n'
    aws.put_contact_policy(ContactArn=akua, Policy=text)
    assert policy(aws, akua)["Policy"] == text


def test_a_policy_replaces_the_previous_one(aws: SSMContactsClient, akua: str) -> None:
    aws.put_contact_policy(ContactArn=akua, Policy=POLICY)
    aws.put_contact_policy(ContactArn=akua, Policy=" {} ")
    assert policy(aws, akua) == {"ContactArn": akua, "Policy": " {} "}


def test_a_contact_without_a_policy_has_an_empty_one(aws: SSMContactsClient, akua: str) -> None:
    assert policy(aws, akua) == {"ContactArn": akua, "Policy": "{}"}


@pytest.mark.parametrize("kind", ["PERSONAL", "ESCALATION", "ONCALL_SCHEDULE"])
def test_a_contact_of_any_type_can_have_a_policy(aws: SSMContactsClient, kind: Any) -> None:
    arn = aws.create_contact(Alias="a", Type=kind, Plan={})["ContactArn"]
    aws.put_contact_policy(ContactArn=arn, Policy=POLICY)
    assert policy(aws, arn)["Policy"] == POLICY


@pytest.mark.parametrize(
    "text", ["allow everything", "[]", "null", '"{}"', "{", '{"a": NaN}', "[" * 100_000]
)
def test_a_policy_must_be_a_json_object(
    aws: SSMContactsClient, akua: str, rejected: Rejected, text: str
) -> None:
    aws.put_contact_policy(ContactArn=akua, Policy=POLICY)
    error = rejected(aws.put_contact_policy, ContactArn=akua, Policy=text)
    assert error["Code"] == "ValidationException"
    assert error["Message"] == "Invalid value provided - Policy is not a JSON object"
    assert policy(aws, akua)["Policy"] == POLICY


def test_the_policy_of_an_unknown_contact_is_not_found(
    aws: SSMContactsClient, akua: str, rejected: Rejected
) -> None:
    for error in (
        rejected(aws.put_contact_policy, ContactArn=NOBODY, Policy=POLICY),
        rejected(aws.get_contact_policy, ContactArn=NOBODY),
    ):
        assert error["Code"] == "ResourceNotFoundException"
        assert (error["ResourceId"], error["ResourceType"]) == (NOBODY, "contact")


def test_deleting_a_contact_deletes_its_policy(
    aws: SSMContactsClient, akua: str, rejected: Rejected
) -> None:
    aws.put_contact_policy(ContactArn=akua, Policy=POLICY)
    aws.delete_contact(ContactId=akua)
    error = rejected(aws.get_contact_policy, ContactArn=akua)
    assert error["Code"] == "ResourceNotFoundException"
    aws.create_contact(Alias="akuam", Type="PERSONAL", Plan={})
    assert policy(aws, akua) == {"ContactArn": akua, "Policy": "{}"}
