"""The rates of the service as values: the published ones, changed ones, and those of an account."""

from __future__ import annotations

import json
import os
import pickle
from collections.abc import Callable, Mapping
from copy import copy, deepcopy
from pathlib import Path
from typing import Any, cast

import boto3
import pytest
from attrs import evolve
from botocore.awsrequest import AWSResponse
from botocore.exceptions import EndpointConnectionError
from rejecting import violations_of

from ssm_contacts_sdk import (
    AccessDeniedError,
    ConfigurationError,
    CredentialsError,
    InvalidValueError,
    Rates,
    TransportError,
)
from ssm_contacts_sdk._rates import rate_code
from ssm_contacts_sdk.local._contract import contract


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


# The rates of an account


class _Response(AWSResponse):
    def __init__(self, status: int, body: Mapping[str, object]) -> None:
        super().__init__("https://quotas", status, cast("Any", {}), cast("Any", None))
        self._body = json.dumps(body).encode()

    @property
    def content(self) -> bytes:
        return self._body


def answered_by(respond: Callable[[Any], AWSResponse]) -> Any:
    """Return a boto3 session whose clients of Service Quotas get these responses."""
    session: Any = boto3.Session("a", "b", region_name="us-east-2")

    def handle(request: Any, **_: object) -> AWSResponse:
        return respond(request)

    session.events.register("before-send.service-quotas", handle)
    return session


class Quotas:
    """Responses with quotas, page by page."""

    def __init__(self, *pages: list[dict[str, object]]) -> None:
        self.session = answered_by(self._respond)
        self.hosts: list[str] = []
        self.services: list[str] = []
        self._pages = pages

    def _respond(self, request: Any) -> AWSResponse:
        sent = json.loads(request.body)
        self.hosts.append(request.url)
        self.services.append(sent["ServiceCode"])
        page = int(sent.get("NextToken", 0))
        more = {"NextToken": str(page + 1)} if page + 1 < len(self._pages) else {}
        return _Response(200, {"Quotas": self._pages[page], **more})


def test_the_rates_of_an_account_are_those_that_aws_granted() -> None:
    granted = Quotas(
        [{"QuotaCode": "L-53EDA07E", "Value": 5.0}, {"QuotaCode": "L-E86843F5", "Value": 50.0}],
        # The number of contacts is no rate, and this rate is the published one.
        [{"QuotaCode": "L-7DD2017D", "Value": 2000.0}, {"QuotaCode": "L-D35B01ED", "Value": 20.0}],
        [{"QuotaCode": "L-0ECD1CFA", "Value": 30}, {"QuotaCode": "L-254D300C"}, {"Value": 7}],
    )
    rates = Rates.from_service_quotas(granted.session)
    rotation_reads = {
        *("GetRotation", "GetRotationOverride", "ListPreviewRotationShifts", "ListRotations"),
        *("ListRotationOverrides", "ListRotationShifts"),
    }
    changed = {"GetContact": 50.0, **dict.fromkeys(rotation_reads, 30.0)}
    assert rates == Rates(changed, mutations_per_second=5)
    assert granted.services == ["ssm-contacts"] * 3


def test_an_account_without_changed_quotas_has_the_published_rates() -> None:
    assert Rates.from_service_quotas(Quotas([]).session) == Rates()


def test_the_quotas_are_those_of_the_region() -> None:
    granted = Quotas([])
    Rates.from_service_quotas(granted.session, region_name="eu-west-1")
    assert granted.hosts == ["https://servicequotas.eu-west-1.amazonaws.com/"]


def test_a_missing_permission_is_an_access_denied_error() -> None:
    denied = {"__type": "AccessDeniedException", "Message": "not allowed"}
    session = answered_by(lambda _: _Response(400, denied))
    with pytest.raises(AccessDeniedError) as caught:
        Rates.from_service_quotas(session)
    assert caught.value.operation == "ListServiceQuotas"


def test_an_unreachable_endpoint_is_a_transport_error() -> None:
    def fail(request: Any) -> AWSResponse:
        raise EndpointConnectionError(endpoint_url=request.url)

    with pytest.raises(TransportError):
        Rates.from_service_quotas(answered_by(fail))


def test_without_a_region_or_credentials_no_quotas_are_read(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(ConfigurationError, match="Region"):
        Rates.from_service_quotas()
    with pytest.raises(CredentialsError):
        Rates.from_service_quotas(region_name="us-east-2")


def test_rates_without_limits_have_none_for_every_operation() -> None:
    rates = Rates.none()
    assert {rates.of(operation) for operation in contract().operations} == {None}


@pytest.mark.parametrize("rates", [Rates(), Rates({"GetContact": None}, mutations="separate")])
def test_rates_can_be_copied_and_pickled(rates: Rates) -> None:
    for again in (copy(rates), deepcopy(rates), pickle.loads(pickle.dumps(rates))):  # noqa: S301
        assert again == rates
        assert again.buckets == rates.buckets


def test_an_error_of_other_code_is_raised_unchanged() -> None:
    def fail(request: Any) -> AWSResponse:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Rates.from_service_quotas(answered_by(fail))
