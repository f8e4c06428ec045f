from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from arns import contact_arn
from botocore.exceptions import ClientError

from ssm_contacts_sdk import Rates
from ssm_contacts_sdk.local import LocalClock, LocalService, throttle

if TYPE_CHECKING:
    from mypy_boto3_ssm_contacts import SSMContactsClient

Rejected = Callable[..., dict[str, Any]]
ARN = contact_arn("akuam")
PERSON: dict[str, Any] = {"Alias": "akuam", "Type": "PERSONAL", "Plan": {"Stages": []}}


@pytest.fixture
def service() -> LocalService:
    return LocalService(rates=Rates())


def throttled(method: Callable[..., object], times: int, **members: object) -> list[bool]:
    """Make some calls, and return which of them were throttled."""
    found: list[bool] = []
    for _ in range(times):
        try:
            method(**members)
        except ClientError as error:
            found.append(error.response.get("Error", {}).get("Code") == "ThrottlingException")
        else:
            found.append(False)
    return found


def test_a_service_has_no_rates_by_default() -> None:
    aws = LocalService().boto3_client()
    assert not any(throttled(aws.delete_contact, 100, ContactId=ARN))


def test_a_throttling_error_has_the_quota_and_no_retry_after(
    aws: SSMContactsClient, rejected: Rejected
) -> None:
    aws.create_contact(**PERSON)
    no = rejected(aws.create_contact, **PERSON)
    assert no["Code"] == "ThrottlingException"
    assert (no["QuotaCode"], no["ServiceCode"]) == ("L-53EDA07E", "ssm-contacts")
    assert "RetryAfterSeconds" not in no
    assert no["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_a_throttled_request_is_not_validated(
    service: LocalService, aws: SSMContactsClient
) -> None:
    aws.create_contact(**PERSON)
    assert throttled(aws.create_contact, 1, Alias="!", Type="PERSONAL", Plan={}) == [True]
    assert [request.status for request in service.requests] == [200, 400]


def test_a_rate_admits_as_many_requests_per_second(aws: SSMContactsClient) -> None:
    assert throttled(aws.get_contact, 22, ContactId=ARN) == [False] * 20 + [True] * 2


def test_all_mutations_share_one_bucket(service: LocalService, aws: SSMContactsClient) -> None:
    assert throttled(aws.delete_contact, 1, ContactId=ARN) == [False]
    assert throttled(aws.update_contact, 1, ContactId=ARN) == [True]
    assert throttled(aws.tag_resource, 1, ResourceARN=ARN, Tags=[]) == [True]
    service.clock.advance(seconds=1)
    assert throttled(aws.tag_resource, 1, ResourceARN=ARN, Tags=[]) == [False]
    assert throttled(aws.delete_contact, 1, ContactId=ARN) == [True]


def test_an_operation_with_its_own_rate_does_not_use_the_shared_bucket(
    aws: SSMContactsClient,
) -> None:
    arn = ARN.replace(":contact/", ":engagement/") + "/1"
    assert throttled(aws.stop_engagement, 11, EngagementId=arn) == [False] * 10 + [True]
    assert throttled(aws.get_contact, 20, ContactId=ARN) == [False] * 20
    assert throttled(aws.list_contacts, 20) == [False] * 20
    assert throttled(aws.delete_contact, 2, ContactId=ARN) == [False, True]


def test_each_mutation_can_have_its_own_bucket() -> None:
    aws = LocalService(rates=Rates(mutations="separate")).boto3_client()
    assert throttled(aws.delete_contact, 2, ContactId=ARN) == [False, True]
    assert throttled(aws.update_contact, 2, ContactId=ARN) == [False, True]


def test_the_shared_rate_can_be_raised_or_lifted() -> None:
    aws = LocalService(rates=Rates(mutations_per_second=3)).boto3_client()
    assert throttled(aws.delete_contact, 2, ContactId=ARN) == [False] * 2
    assert throttled(aws.update_contact, 2, ContactId=ARN) == [False, True]
    aws = LocalService(rates=Rates(mutations_per_second=None)).boto3_client()
    assert not any(throttled(aws.delete_contact, 50, ContactId=ARN))


def test_an_operation_with_a_changed_rate_leaves_the_shared_bucket() -> None:
    aws = LocalService(rates=Rates({"DeleteContact": 2})).boto3_client()
    assert throttled(aws.update_contact, 2, ContactId=ARN) == [False, True]
    assert throttled(aws.delete_contact, 3, ContactId=ARN) == [False, False, True]


def test_the_services_clock_refills_a_bucket(service: LocalService, aws: SSMContactsClient) -> None:
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


@pytest.mark.parametrize("years", [1, 10, 100])
@pytest.mark.parametrize("parts", [3, 7, 10])
def test_the_parts_of_a_second_are_a_second_however_long_the_clock_has_run(
    service: LocalService, aws: SSMContactsClient, years: int, parts: int
) -> None:
    service.clock.advance(days=365 * years)
    assert throttled(aws.create_contact, 1, **PERSON) == [False]
    for _ in range(parts - 1):
        service.clock.sleep(1 / parts)
        assert throttled(aws.create_contact, 1, **PERSON) == [True]
    service.clock.sleep(1 / parts)
    assert throttled(aws.create_contact, 1, **PERSON) == [False]


def test_a_rejected_request_takes_nothing_from_the_bucket(
    service: LocalService, aws: SSMContactsClient
) -> None:
    assert throttled(aws.delete_contact, 5, ContactId=ARN) == [False] + [True] * 4
    service.clock.advance(seconds=1)
    assert throttled(aws.delete_contact, 1, ContactId=ARN) == [False]


def test_a_request_with_a_fault_takes_nothing_from_the_bucket(
    service: LocalService, aws: SSMContactsClient, rejected: Rejected
) -> None:
    service.faults.add(throttle(retry_after_seconds=7))
    assert rejected(aws.create_contact, **PERSON)["RetryAfterSeconds"] == 7
    aws.create_contact(**PERSON)


def test_retries_on_the_services_clock_succeed(service: LocalService) -> None:
    from ssm_contacts_sdk import Contact, ContactType

    client = service.client()
    for number in range(5):
        client.contacts.create(Contact(alias=f"a{number}", type=ContactType.PERSONAL))
    assert service.clock.monotonic() >= 4
    assert [request.status for request in service.requests].count(200) == 5


def test_a_clock_that_is_set_back_does_not_stop_the_refill() -> None:
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


def test_a_rate_can_be_changed_or_removed() -> None:
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


@pytest.mark.parametrize(
    ("rate", "burst"), [(0.5, 1), (1, 1), (1.5, 1), (2.5, 2), (20.0, 20), (None, None)]
)
def test_burst_is_the_number_of_requests_at_once(rate: float | None, burst: int | None) -> None:
    rates = Rates({"DeleteContact": rate})
    assert rates.bucket_of("DeleteContact").burst == burst
    aws = LocalService(rates=rates).boto3_client()
    through = throttled(aws.delete_contact, 25, ContactId=ARN).count(False)
    assert through == (25 if burst is None else burst)
