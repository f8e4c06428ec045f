from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

import pytest
from arns import contact_arn
from attrs import evolve
from botocore.exceptions import ClientError
from rejecting import violations_of

from ssm_contacts_sdk._errors import InvalidValueError
from ssm_contacts_sdk.local import LocalClock, LocalService, Rates, throttle
from ssm_contacts_sdk.local._contract import contract
from ssm_contacts_sdk.local._limits import rate_code

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


def test_an_operation_has_the_code_that_aws_publishes_for_its_rate() -> None:
    rotation_reads = {
        *("GetRotation", "GetRotationOverride", "ListPreviewRotationShifts", "ListRotations"),
        *("ListRotationOverrides", "ListRotationShifts"),
    }
    own = {
        "AcceptPage": "L-D35B01ED",
        "DescribeEngagement": "L-0C2999E2",
        "DescribePage": "L-977ABCD7",
        "GetContact": "L-E86843F5",
        "ListEngagements": "L-8F6873DD",
        "ListPageReceipts": "L-E25E885A",
        "ListPagesByContact": "L-05EEDCEB",
        "ListPagesByEngagement": "L-70D46058",
        "StartEngagement": "L-254D300C",
        "StopEngagement": "L-F890E288",
        **dict.fromkeys(rotation_reads, "L-0ECD1CFA"),
    }
    for operation in contract().operations:
        other = "L-DBEB7593" if operation.startswith(("Get", "List")) else "L-53EDA07E"
        assert rate_code(operation) == own.get(operation, other)


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


# The rates as data


def test_every_operation_is_in_one_bucket() -> None:
    for rates in (Rates(), Rates({"GetContact": 5}), Rates(mutations="separate")):
        named = [operation for bucket in rates.buckets for operation in bucket.operations]
        assert sorted(named) == sorted(contract().operations)
        for bucket in rates.buckets:
            for operation in bucket.operations:
                assert rates.bucket_of(operation) == bucket
                assert rates.of(operation) == bucket.per_second


def test_buckets_list_the_mutations_that_share_one() -> None:
    rates = Rates()
    (shared,) = [bucket for bucket in rates.buckets if len(bucket.operations) > 1]
    assert (shared.per_second, shared.burst) == (1.0, 1)
    reads = {name for name in contract().operations if name.startswith(("Get", "List", "Desc"))}
    own = {"AcceptPage", "StartEngagement", "StopEngagement"}
    assert shared.operations == tuple(sorted(contract().operations - reads - own))
    assert all(len(bucket.operations) == 1 for bucket in Rates(mutations="separate").buckets)
    changed = Rates({"CreateContact": None}, mutations_per_second=4)
    left = changed.bucket_of("DeleteContact").operations
    assert left == tuple(name for name in shared.operations if name != "CreateContact")
    assert changed.of("DeleteContact") == 4
    assert changed.of("CreateContact") is changed.bucket_of("CreateContact").burst is None
    # If each mutation has its own rate, there is no shared bucket.
    alone = Rates(dict.fromkeys(shared.operations, 2.0))
    assert {len(bucket.operations) for bucket in alone.buckets} == {1}


@pytest.mark.parametrize(
    ("rate", "burst"), [(0.5, 1), (1, 1), (1.5, 1), (2.5, 2), (20.0, 20), (None, None)]
)
def test_burst_is_the_number_of_requests_at_once(rate: float | None, burst: int | None) -> None:
    rates = Rates({"DeleteContact": rate})
    assert rates.bucket_of("DeleteContact").burst == burst
    aws = LocalService(rates=rates).boto3_client()
    through = throttled(aws.delete_contact, 25, ContactId=ARN).count(False)
    assert through == (25 if burst is None else burst)


def test_an_unknown_operation_has_no_bucket() -> None:
    expected = [("operation", "unknown_choice")]
    assert violations_of(lambda: Rates().bucket_of("get_contact")) == expected
    assert violations_of(lambda: Rates().of("get_contact")) == expected


def test_rates_are_immutable() -> None:
    rates = Rates({"GetContact": 5}, mutations="separate", mutations_per_second=2)
    assert rates.changed == {"GetContact": 5}
    assert repr(rates) == "Rates({'GetContact': 5}, mutations='separate', mutations_per_second=2)"
    for name in ("changed", "mutations", "mutations_per_second", "buckets"):
        with pytest.raises(AttributeError):
            setattr(rates, name, None)
    with pytest.raises(TypeError):
        cast("dict[str, float]", rates.changed)["GetContact"] = 1
    assert hash(rates) == hash(evolve(rates))
    assert evolve(rates, mutations="shared") == Rates({"GetContact": 5}, mutations_per_second=2)


@pytest.mark.parametrize(
    ("rate", "code"),
    [
        (0, "too_small"),
        (-1, "too_small"),
        (float("nan"), "too_small"),
        (float("inf"), "too_large"),
        (True, "wrong_type"),
        ("1", "wrong_type"),
    ],
)
def test_a_rate_must_be_a_finite_number_above_0(rate: Any, code: str) -> None:
    expected = [("mutations_per_second", code)]
    assert violations_of(lambda: Rates(mutations_per_second=rate)) == expected
    expected = [("changed['GetContact']", code)]
    assert violations_of(lambda: Rates({"GetContact": rate})) == expected


def test_mutations_is_shared_or_separate() -> None:
    words: Any = {"mutations": "together"}
    with pytest.raises(InvalidValueError, match="must be one of 'shared', 'separate'"):
        Rates(**words)


def test_rates_do_not_change_with_their_argument() -> None:
    changed: dict[str, float | None] = {"GetContact": 5}
    rates = Rates(changed)
    changed.clear()
    assert rates.of("GetContact") == 5
    assert rates == Rates({"GetContact": 5}) != Rates()


@pytest.mark.parametrize("changed", [5, None, "GetContact", ["GetContact"]])
def test_changed_rates_must_be_a_mapping(changed: Any) -> None:
    assert violations_of(lambda: Rates(changed)) == [("changed", "wrong_type")]


def test_operations_with_changed_rates_must_be_strs() -> None:
    wrong: Any = {1: 1.0, "get_contact": 1.0}
    assert violations_of(lambda: Rates(wrong)) == [
        ("changed['get_contact']", "unknown_choice"),
        ("changed[1]", "wrong_type"),
    ]


def test_all_wrong_rates_are_reported_at_once() -> None:
    wrong = {"get_contact": 1, "GetContact": 0, "ListContacts": float("inf"), "StopEngagement": -1}
    assert violations_of(lambda: Rates(wrong)) == [
        ("changed['GetContact']", "too_small"),
        ("changed['ListContacts']", "too_large"),
        ("changed['StopEngagement']", "too_small"),
        ("changed['get_contact']", "unknown_choice"),
    ]
