from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from ssm_contacts_sdk.errors import InvalidValueError
from ssm_contacts_sdk.local import LocalClock, LocalService, Rates, throttle
from ssm_contacts_sdk.local.contract import contract

if TYPE_CHECKING:
    from mypy_boto3_ssm_contacts import SSMContactsClient

Refused = Callable[..., dict[str, Any]]
ARN = "arn:aws:ssm-contacts:us-east-2:111122223333:contact/akuam"
PERSON: dict[str, Any] = {"Alias": "akuam", "Type": "PERSONAL", "Plan": {"Stages": []}}


@pytest.fixture
def service() -> LocalService:
    return LocalService(rates=Rates())


def throttled(method: Callable[..., object], times: int, **asked: object) -> list[bool]:
    """Which of so many calls were throttled, whatever became of the others."""
    found: list[bool] = []
    for _ in range(times):
        try:
            method(**asked)
        except ClientError as error:
            found.append(error.response.get("Error", {}).get("Code") == "ThrottlingException")
        else:
            found.append(False)
    return found


def test_a_service_has_no_limits_unless_it_is_told() -> None:
    aws = LocalService().boto3_client()
    assert not any(throttled(aws.delete_contact, 100, ContactId=ARN))


def test_one_request_too_many_is_told_of_its_quota_and_not_when_to_come_again(
    aws: SSMContactsClient, refused: Refused
) -> None:
    aws.create_contact(**PERSON)
    no = refused(aws.create_contact, **PERSON)
    assert no["Code"] == "ThrottlingException"
    assert (no["QuotaCode"], no["ServiceCode"]) == ("L-53EDA07E", "ssm-contacts")
    assert "RetryAfterSeconds" not in no
    assert no["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_a_throttled_request_is_not_even_looked_at(
    service: LocalService, aws: SSMContactsClient
) -> None:
    aws.create_contact(**PERSON)
    assert throttled(aws.create_contact, 1, Alias="!", Type="PERSONAL", Plan={}) == [True]
    assert [request.status for request in service.requests] == [200, 400]


def test_a_second_has_as_many_requests_as_its_rate(aws: SSMContactsClient) -> None:
    assert throttled(aws.get_contact, 22, ContactId=ARN) == [False] * 20 + [True] * 2


def test_every_operation_has_a_bucket_of_its_own(aws: SSMContactsClient) -> None:
    assert throttled(aws.delete_contact, 2, ContactId=ARN) == [False, True]
    assert throttled(aws.update_contact, 2, ContactId=ARN) == [False, True]


def test_the_services_clock_fills_the_bucket_again(
    service: LocalService, aws: SSMContactsClient
) -> None:
    assert throttled(aws.get_contact, 21, ContactId=ARN)[-1]
    service.clock.advance(seconds=0.1)
    assert throttled(aws.get_contact, 3, ContactId=ARN) == [False, False, True]


def test_a_bucket_never_holds_more_than_a_second(
    service: LocalService, aws: SSMContactsClient
) -> None:
    service.clock.advance(hours=1)
    assert throttled(aws.get_contact, 21, ContactId=ARN) == [False] * 20 + [True]


def test_ten_tenths_of_a_second_are_a_second(service: LocalService, aws: SSMContactsClient) -> None:
    assert throttled(aws.delete_contact, 2, ContactId=ARN) == [False, True]
    for _ in range(10):
        service.clock.sleep(0.1)
    assert throttled(aws.delete_contact, 2, ContactId=ARN) == [False, True]


def test_a_refused_request_does_not_put_off_the_next(
    service: LocalService, aws: SSMContactsClient
) -> None:
    assert throttled(aws.delete_contact, 5, ContactId=ARN) == [False] + [True] * 4
    service.clock.advance(seconds=1)
    assert throttled(aws.delete_contact, 1, ContactId=ARN) == [False]


def test_a_request_that_a_fault_answers_takes_nothing(
    service: LocalService, aws: SSMContactsClient, refused: Refused
) -> None:
    service.faults.add(throttle(retry_after_seconds=7))
    assert refused(aws.create_contact, **PERSON)["RetryAfterSeconds"] == 7
    aws.create_contact(**PERSON)


def test_retries_on_the_services_clock_get_through(service: LocalService) -> None:
    from ssm_contacts_sdk import Contact, ContactType

    client = service.client()
    for number in range(5):
        client.contacts.create(Contact(alias=f"a{number}", type=ContactType.PERSONAL))
    assert service.clock.monotonic() >= 4
    assert [request.status for request in service.requests].count(200) == 5


def test_a_clock_that_goes_back_to_a_date_does_not_stop_the_filling() -> None:
    clock = LocalClock()
    aws = LocalService(clock=clock, rates=Rates()).boto3_client()
    clock.advance(hours=1)
    assert throttled(aws.delete_contact, 2, ContactId=ARN) == [False, True]
    clock.return_to(LocalClock().now())
    clock.advance(seconds=1)
    assert throttled(aws.delete_contact, 1, ContactId=ARN) == [False]


def test_a_reset_fills_every_bucket(service: LocalService, aws: SSMContactsClient) -> None:
    aws.create_contact(**PERSON)
    service.reset()
    aws.create_contact(**PERSON)


def test_a_rate_can_be_another_or_none_at_all() -> None:
    rates = Rates({"DeleteContact": 3, "UpdateContact": None, "TagResource": 0.5})
    service = LocalService(rates=rates)
    aws = service.boto3_client()
    assert throttled(aws.delete_contact, 4, ContactId=ARN) == [False] * 3 + [True]
    assert not any(throttled(aws.update_contact, 100, ContactId=ARN))
    tag: dict[str, Any] = {"ResourceARN": ARN, "Tags": []}
    assert throttled(aws.tag_resource, 2, **tag) == [False, True]
    service.clock.advance(seconds=1)
    assert throttled(aws.tag_resource, 1, **tag) == [True]
    service.clock.advance(seconds=1)
    assert throttled(aws.tag_resource, 1, **tag) == [False]
    assert rates.of("CreateContact") == 1


def test_every_operation_has_the_published_rate() -> None:
    rates = Rates()
    found: dict[float | None, set[str]] = {}
    for operation in contract().operations:
        found.setdefault(rates.of(operation), set()).add(operation)
    assert found.keys() == {1.0, 2.0, 5.0, 10.0, 20.0}
    assert found[2.0] == {"ListEngagements", "ListPagesByEngagement"}
    assert found[5.0] == {"DescribeEngagement", "DescribePage"}
    assert found[10.0] == {"StopEngagement"}
    changing = {name for name in found[20.0] if not name.startswith(("Get", "List"))}
    assert changing == {"AcceptPage", "StartEngagement"}
    reading = {name for name in found[1.0] if name.startswith(("Get", "List", "Describe"))}
    assert reading == {"ListPageReceipts", "ListPagesByContact"}


def test_rates_do_not_change_with_what_they_were_made_of() -> None:
    changed: dict[str, float | None] = {"GetContact": 5}
    rates = Rates(changed)
    changed.clear()
    assert rates.of("GetContact") == 5
    assert rates == Rates({"GetContact": 5}) != Rates()


def test_rates_that_cannot_be_are_refused_all_at_once() -> None:
    with pytest.raises(InvalidValueError) as caught:
        Rates(
            {"get_contact": 1, "GetContact": 0, "ListContacts": float("inf"), "StopEngagement": -1}
        )
    paths = [fault.path for fault in caught.value.faults]
    assert paths == ["get_contact", "GetContact", "ListContacts", "StopEngagement"]
