from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from ssm_contacts_sdk.errors import InvalidValueError
from ssm_contacts_sdk.local import (
    LocalService,
    internal_error,
    lost_answer,
    not_onboarded,
    raw_answer,
    refusal,
    throttle,
    unreachable,
)

if TYPE_CHECKING:
    from mypy_boto3_ssm_contacts import SSMContactsClient

Refused = Callable[..., dict[str, Any]]
PERSON: dict[str, Any] = {"Alias": "akuam", "Type": "PERSONAL", "Plan": {"Stages": []}}


def test_a_throttled_request_does_nothing(
    service: LocalService, aws: SSMContactsClient, refused: Refused
) -> None:
    service.faults.add(throttle(retry_after_seconds=3))
    no = refused(aws.create_contact, **PERSON)
    assert no["Code"] == "ThrottlingException"
    assert no["RetryAfterSeconds"] == 3
    assert no["QuotaCode"] == "L-53EDA07E"
    assert no["ServiceCode"] == "ssm-contacts"
    assert no["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert no["ResponseMetadata"]["HTTPHeaders"]["x-amz-retry-after"] == "3000"
    assert aws.list_contacts()["Contacts"] == []


def test_a_throttle_need_not_say_when_to_come_again(
    service: LocalService, aws: SSMContactsClient, refused: Refused
) -> None:
    service.faults.add(throttle())
    no = refused(aws.list_contacts)
    assert no["QuotaCode"] == "L-DBEB7593"
    assert "RetryAfterSeconds" not in no
    assert "x-amz-retry-after" not in no["ResponseMetadata"]["HTTPHeaders"]


def test_an_internal_error_is_a_500(
    service: LocalService, aws: SSMContactsClient, refused: Refused
) -> None:
    service.faults.add(internal_error(retry_after_seconds=1))
    no = refused(aws.create_contact, **PERSON)
    assert no["Code"] == "InternalServerException"
    assert no["RetryAfterSeconds"] == 1
    assert no["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert [request.status for request in service.requests] == [500]


def test_any_error_of_the_service_can_be_asked_for(
    service: LocalService, aws: SSMContactsClient, refused: Refused
) -> None:
    members: dict[str, Any] = {
        "ResourceId": "arn",
        "ResourceType": "contact",
        "DependentEntities": [],
    }
    service.faults.add(refusal("ConflictException", "in use", members))
    no = refused(aws.create_contact, **PERSON)
    assert (no["Code"], no["Message"]) == ("ConflictException", "in use")
    assert no["DependentEntities"] == []
    service.faults.add(refusal("AccessDeniedException", "not authorized"))
    assert refused(aws.create_contact, **PERSON)["Code"] == "AccessDeniedException"


def test_an_account_that_is_not_onboarded_meets_its_error_everywhere(
    service: LocalService, aws: SSMContactsClient, refused: Refused
) -> None:
    service.faults.add(not_onboarded(), times=None)
    for _ in range(3):
        no = refused(aws.list_contacts)
        assert no["Code"] == "ValidationException"
        assert no["Message"] == "Invalid value provided - Account not found for the request"


def test_a_lost_answer_was_carried_out(service: LocalService, aws: SSMContactsClient) -> None:
    service.faults.add(lost_answer())
    with pytest.raises(ReadTimeoutError):
        aws.create_contact(**PERSON)
    assert [contact["Alias"] for contact in aws.list_contacts()["Contacts"]] == ["akuam"]
    assert [request.status for request in service.requests] == [200, 200]


def test_a_request_repeated_with_its_token_after_a_lost_answer_creates_once(
    service: LocalService, aws: SSMContactsClient
) -> None:
    service.faults.add(lost_answer())
    with pytest.raises(ReadTimeoutError):
        aws.create_contact(**PERSON, IdempotencyToken="t")
    assert aws.create_contact(**PERSON, IdempotencyToken="t")["ContactArn"].endswith("/akuam")
    assert len(aws.list_contacts()["Contacts"]) == 1


def test_an_unreachable_service_sees_nothing(service: LocalService, aws: SSMContactsClient) -> None:
    service.faults.add(unreachable())
    with pytest.raises(EndpointConnectionError):
        aws.create_contact(**PERSON)
    assert service.requests == ()
    assert aws.list_contacts()["Contacts"] == []


@pytest.mark.parametrize("commit", [True, False])
def test_garbage_comes_in_the_place_of_an_answer(
    service: LocalService, aws: SSMContactsClient, commit: bool
) -> None:
    service.faults.add(raw_answer(502, b"<html>", commit=commit))
    with pytest.raises(ClientError) as caught:
        aws.create_contact(**PERSON)
    response: Any = caught.value.response
    metadata = response["ResponseMetadata"]
    assert metadata["HTTPStatusCode"] == 502
    assert metadata["HTTPHeaders"] == {"content-type": "text/html"}
    assert len(aws.list_contacts()["Contacts"]) == int(commit)


def test_garbage_may_look_as_if_it_came_from_aws(
    service: LocalService, aws: SSMContactsClient
) -> None:
    service.faults.add(raw_answer(200, b"{}", "application/x-amz-json-1.1", request_id=True))
    answer: Any = aws.get_contact(ContactId="arn:aws:ssm-contacts:us-east-2:111122223333:contact/a")
    assert len(answer["ResponseMetadata"]["RequestId"]) == 36
    assert "Alias" not in answer


def test_a_rule_is_about_one_operation_and_some_requests(
    service: LocalService, aws: SSMContactsClient, refused: Refused
) -> None:
    service.faults.add(throttle(), operation="ListContacts", nth=2, times=2)
    aws.create_contact(**PERSON)
    aws.list_contacts()
    assert refused(aws.list_contacts)["Code"] == "ThrottlingException"
    assert refused(aws.list_contacts)["Code"] == "ThrottlingException"
    aws.list_contacts()


def test_the_rule_that_was_added_first_takes_effect(
    service: LocalService, aws: SSMContactsClient, refused: Refused
) -> None:
    service.faults.add(throttle())
    service.faults.add(internal_error(), times=2)
    codes = [refused(aws.list_contacts)["Code"] for _ in range(2)]
    assert codes == ["ThrottlingException", "InternalServerException"]
    aws.list_contacts()


def test_cleared_rules_do_nothing(service: LocalService, aws: SSMContactsClient) -> None:
    service.faults.add(unreachable(), times=None)
    service.faults.clear()
    aws.list_contacts()


@pytest.mark.parametrize(
    ("rule", "path"),
    [
        ({"operation": "create_contact"}, "operation"),
        ({"times": 0}, "times"),
        ({"nth": 0}, "nth"),
    ],
)
def test_a_rule_that_could_never_hit_is_refused(
    service: LocalService, rule: dict[str, Any], path: str
) -> None:
    with pytest.raises(InvalidValueError) as caught:
        service.faults.add(throttle(), **rule)
    assert [fault.path for fault in caught.value.faults] == [path]


@pytest.mark.parametrize(
    "make",
    [
        lambda: throttle(-1),
        lambda: internal_error(-1),
        lambda: raw_answer(99, b""),
        lambda: refusal("X", "y", {"ResourceId": object()}),
    ],
)
def test_an_effect_that_makes_no_sense_is_refused(make: Callable[[], object]) -> None:
    with pytest.raises(InvalidValueError):
        make()


def test_what_is_no_effect_or_no_body_is_refused_at_once(service: LocalService) -> None:
    forgotten: Any = throttle
    with pytest.raises(InvalidValueError, match=r"effect must be an effect, such as throttle\(\)"):
        service.faults.add(forgotten)
    text: Any = "{}"
    with pytest.raises(InvalidValueError, match="body must be bytes, not str"):
        raw_answer(200, text)
