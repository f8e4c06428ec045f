from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from arns import PREFIX, contact_arn, engagement_arn, page_arn

if TYPE_CHECKING:
    from mypy_boto3_ssm_contacts import SSMContactsClient

    from ssm_contacts_sdk.local import LocalService

Rejected = Callable[..., dict[str, Any]]


def tag(key: str, value: str = "v") -> Any:
    return {"Key": key, "Value": value}


def listed(aws: SSMContactsClient, arn: str) -> list[Any]:
    return list(aws.list_tags_for_resource(ResourceARN=arn)["Tags"])


def rotation_for(aws: SSMContactsClient, rotation: str, **more: Any) -> Any:
    """Return a request for another rotation like this one."""
    got: Any = aws.get_rotation(RotationId=rotation)
    kept = ("Name", "ContactIds", "TimeZoneId", "Recurrence")
    return {**{name: got[name] for name in kept}, **more}


def test_a_create_can_have_tags(aws: SSMContactsClient, rotation: str) -> None:
    tags = [tag("team", "web"), tag("cost-center", "a.b:c/d=e+f-g@h ü")]
    contact = aws.create_contact(Alias="a", Type="ESCALATION", Plan={}, Tags=tags)
    created = aws.create_rotation(**rotation_for(aws, rotation, Tags=tags))
    for arn in (contact["ContactArn"], created["RotationArn"]):
        # Sorted by key, whatever the order in the request.
        assert listed(aws, arn) == tags[::-1]


@pytest.mark.parametrize("kind", ["PERSONAL", "ESCALATION", "ONCALL_SCHEDULE"])
def test_a_contact_of_any_type_can_be_tagged(aws: SSMContactsClient, kind: Any) -> None:
    arn = aws.create_contact(Alias="a", Type=kind, Plan={})["ContactArn"]
    assert listed(aws, arn) == []
    aws.tag_resource(ResourceARN=arn, Tags=[tag("b"), tag("a")])
    assert listed(aws, arn) == [tag("a"), tag("b")]


def test_a_tag_replaces_the_one_with_the_same_key(aws: SSMContactsClient, rotation: str) -> None:
    aws.tag_resource(ResourceARN=rotation, Tags=[tag("a", "old"), tag("b")])
    aws.tag_resource(ResourceARN=rotation, Tags=[tag("a", "new"), tag("A")])
    assert listed(aws, rotation) == [tag("A"), tag("a", "new"), tag("b")]
    aws.tag_resource(ResourceARN=rotation, Tags=[])
    assert len(listed(aws, rotation)) == 3


def test_untag_ignores_keys_that_do_not_exist(aws: SSMContactsClient, akua: str) -> None:
    aws.untag_resource(ResourceARN=akua, TagKeys=["a"])
    aws.tag_resource(ResourceARN=akua, Tags=[tag("a"), tag("b"), tag("c")])
    aws.untag_resource(ResourceARN=akua, TagKeys=["a", "a", "d", "c"])
    assert listed(aws, akua) == [tag("b")]
    aws.untag_resource(ResourceARN=akua, TagKeys=[])
    assert listed(aws, akua) == [tag("b")]


def test_contacts_and_rotations_are_returned_without_tags(
    service: LocalService, aws: SSMContactsClient, akua: str, rotation: str
) -> None:
    for arn in (akua, rotation):
        aws.tag_resource(ResourceARN=arn, Tags=[tag("a")])
    assert "Tags" not in aws.get_contact(ContactId=akua)
    assert "Tags" not in aws.get_rotation(RotationId=rotation)


def test_a_resource_has_at_most_fifty_tags(
    aws: SSMContactsClient, akua: str, rejected: Rejected
) -> None:
    aws.tag_resource(ResourceARN=akua, Tags=[tag(f"k{n}") for n in range(50)])
    aws.tag_resource(ResourceARN=akua, Tags=[tag(f"k{n}", "new") for n in range(50)])
    error = rejected(aws.tag_resource, ResourceARN=akua, Tags=[tag("k0", "newer"), tag("one-more")])
    assert error["Code"] == "ServiceQuotaExceededException"
    assert (error["QuotaCode"], error["ServiceCode"]) == ("L-00000000", "ssm-contacts")
    assert {each["Value"] for each in listed(aws, akua)} == {"new"}
    assert len(listed(aws, akua)) == 50


BAD_TAGS: list[tuple[Any, str]] = [
    ([tag("a"), tag("b"), tag("a")], "Two tags have the same Key"),
    ([tag("a"), tag("a")], "Two tags have the same Key"),
    ([tag("a"), {"Key": "b"}], "A tag has no Key or no Value"),
    ([{"Value": "v"}], "A tag has no Key or no Value"),
    ([{}], "A tag has no Key or no Value"),
]


@pytest.mark.parametrize(("tags", "detail"), BAD_TAGS)
def test_invalid_tags_are_rejected(
    aws: SSMContactsClient, rotation: str, rejected: Rejected, tags: list[Any], detail: str
) -> None:
    for error in (
        rejected(aws.tag_resource, ResourceARN=rotation, Tags=tags),
        rejected(aws.create_contact, Alias="a", Type="PERSONAL", Plan={}, Tags=tags),
        rejected(aws.create_rotation, **rotation_for(aws, rotation, Tags=tags)),
    ):
        assert error["Code"] == "ValidationException"
        assert error["Message"] == f"Invalid value provided - {detail}"
    assert listed(aws, rotation) == []
    assert len(aws.list_contacts()["Contacts"]) == 1
    assert len(aws.list_rotations()["Rotations"]) == 1


@pytest.mark.parametrize("key", ["aws:x", "a b", "a.b", "", "k" * 129])
def test_keys_follow_the_model(
    aws: SSMContactsClient, akua: str, rejected: Rejected, key: str
) -> None:
    with pytest.raises(Exception, match=r"failed to satisfy|Invalid length") as caught:
        aws.tag_resource(ResourceARN=akua, Tags=[tag(key)])
    assert type(caught.value).__name__ in {"ValidationException", "ParamValidationError"}


CALLS: list[tuple[str, dict[str, Any]]] = [
    ("tag_resource", {"Tags": [tag("a")]}),
    ("untag_resource", {"TagKeys": ["a"]}),
    ("list_tags_for_resource", {}),
]


@pytest.mark.parametrize(("method", "more"), CALLS)
@pytest.mark.parametrize("name", ["contact/nobody", "rotation/1", "rotation/", "contact/a\nb"])
def test_unknown_resources_cannot_be_tagged(
    aws: SSMContactsClient, rejected: Rejected, method: str, more: dict[str, Any], name: str
) -> None:
    error = rejected(getattr(aws, method), ResourceARN=PREFIX + name, **more)
    assert error["Code"] == "ResourceNotFoundException"
    assert error["ResourceId"] == PREFIX + name
    assert error["ResourceType"] == name.partition("/")[0]


@pytest.mark.parametrize(("method", "more"), CALLS)
def test_only_contacts_and_rotations_have_tags(
    aws: SSMContactsClient,
    akua: str,
    sms: str,
    rejected: Rejected,
    method: str,
    more: dict[str, Any],
) -> None:
    for arn in (
        sms,
        engagement_arn("akuam"),
        page_arn("akuam"),
        akua.replace("ssm-contacts", "ssm-incidents"),
        "contact/akuam",
        "akuam",
        "!",
    ):
        error = rejected(getattr(aws, method), ResourceARN=arn, **more)
        assert error["Code"] == "ValidationException"
        assert error["Message"] == "Invalid value provided - Only contacts and rotations have tags"


def test_deleting_a_resource_deletes_its_tags(
    service: LocalService, aws: SSMContactsClient, akua: str, rotation: str, rejected: Rejected
) -> None:
    got = aws.get_rotation(RotationId=rotation)
    for arn in (akua, rotation):
        aws.tag_resource(ResourceARN=arn, Tags=[tag("a")])
    aws.delete_rotation(RotationId=rotation)
    aws.delete_contact(ContactId=akua)
    for arn in (akua, rotation):
        error = rejected(aws.list_tags_for_resource, ResourceARN=arn)
        assert error["Code"] == "ResourceNotFoundException"
    assert aws.create_contact(Alias="akuam", Type="PERSONAL", Plan={})["ContactArn"] == akua
    service.load_resources(got)
    for arn in (akua, rotation):
        assert listed(aws, arn) == []


def test_loaded_resources_can_be_tagged(service: LocalService, aws: SSMContactsClient) -> None:
    arn = contact_arn("akuam")
    service.load_resources({"ContactArn": arn, "Alias": "akuam", "Type": "PERSONAL", "Plan": {}})
    assert listed(aws, arn) == []
    aws.untag_resource(ResourceARN=arn, TagKeys=["a"])
    aws.tag_resource(ResourceARN=arn, Tags=[tag("a")])
    assert listed(aws, arn) == [tag("a")]
