from __future__ import annotations

import copy
import json
import pickle
import re
from collections.abc import Callable
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, cast

import pytest
from any_errors import any_error
from arns import contact_arn, rotation_arn
from attrs import asdict
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.session import Session
from sentinels import EMAIL, PHONE, SUBJECT, private_values_in
from strategies import AWS

import ssm_contacts_sdk
from ssm_contacts_sdk import (
    AccessDeniedError,
    AccountNotOnboardedError,
    ConfigurationError,
    ConflictError,
    Contact,
    ContactsClient,
    ContactsError,
    ContactType,
    CredentialsError,
    DataEncryptionError,
    DependentEntity,
    InternalServerError,
    InvalidField,
    InvalidValueError,
    Recurrence,
    ReentrantCallError,
    ResourceNotFoundError,
    ResponseDecodeError,
    Rotation,
    ServiceError,
    ServiceQuotaExceededError,
    ThrottlingError,
    TransportError,
    ValidationError,
    Violation,
)
from ssm_contacts_sdk.local import (
    LocalService,
    not_onboarded,
    raw_response,
    service_error,
    throttle,
)

if TYPE_CHECKING:
    from mypy_boto3_ssm_contacts import SSMContactsClient

ARN = contact_arn("akuam")
ROTATION = rotation_arn("0001")

# The errors in AWS's documentation of create_contact and update_contact, with all members.
LISTED: dict[str, tuple[type[ServiceError], dict[str, Any], dict[str, Any]]] = {
    "AccessDeniedException": (AccessDeniedError, {}, {}),
    "DataEncryptionException": (DataEncryptionError, {}, {}),
    "ConflictException": (
        ConflictError,
        {
            "ResourceId": ARN,
            "ResourceType": "contact",
            "DependentEntities": [
                {"RelationType": "member", "DependentResourceIds": [ROTATION, ARN]}
            ],
        },
        {
            "resource_id": ARN,
            "resource_type": "contact",
            # Without the contact itself, which the service lists as well.
            "dependents": (DependentEntity("member", (ROTATION,)),),
        },
    ),
    "InternalServerException": (
        InternalServerError,
        {"RetryAfterSeconds": 3600},
        {"retry_after": 3600},
    ),
    "ResourceNotFoundException": (
        ResourceNotFoundError,
        {"ResourceId": ARN, "ResourceType": "contact"},
        {"resource_id": ARN, "resource_type": "contact"},
    ),
    "ServiceQuotaExceededException": (
        ServiceQuotaExceededError,
        {
            "ResourceId": ARN,
            "ResourceType": "contact",
            "QuotaCode": "L-7DD2017D",
            "ServiceCode": "ssm-contacts",
        },
        {
            "resource_id": ARN,
            "resource_type": "contact",
            "quota_code": "L-7DD2017D",
            "service_code": "ssm-contacts",
        },
    ),
    "ThrottlingException": (
        ThrottlingError,
        {"QuotaCode": "L-53EDA07E", "ServiceCode": "ssm-contacts", "RetryAfterSeconds": 3600},
        {"retry_after": 3600, "quota_code": "L-53EDA07E", "service_code": "ssm-contacts"},
    ),
    "ValidationException": (
        ValidationError,
        {
            "Reason": "FIELD_VALIDATION_FAILED",
            "Fields": [{"Name": "plan", "Message": "too long"}],
        },
        {"reason": "FIELD_VALIDATION_FAILED", "fields": (InvalidField("plan", "too long"),)},
    ),
}


def raised(service: LocalService, code: str, members: dict[str, Any]) -> ServiceError:
    service.faults.add(service_error(code, "the message", members), times=None)
    with pytest.raises(ServiceError) as caught:
        service.client().contacts.get(ARN)
    service.faults.clear()
    return caught.value


def copies_of(error: ContactsError) -> list[ContactsError]:
    return [
        pickle.loads(pickle.dumps(error)),  # noqa: S301 - it was pickled a moment ago
        copy.copy(error),
        copy.deepcopy(error),
    ]


def test_all_errors_of_the_model_are_listed() -> None:
    shapes = {shape.name for name in AWS.operation_names for shape in errors_of(name)}
    assert shapes == LISTED.keys()


def errors_of(operation: str) -> list[Any]:
    shapes: Any = AWS.operation_model(operation).error_shapes
    return list(shapes)


@pytest.mark.parametrize("code", LISTED)
def test_a_listed_error_is_raised_as_its_own_class(service: LocalService, code: str) -> None:
    kind, members, attributes = LISTED[code]
    error = raised(service, code, members)
    status = 500 if code == "InternalServerException" else 400
    for each in [error, *copies_of(error)]:
        assert type(each) is kind
        assert {name: getattr(each, name) for name in attributes} == attributes
        assert isinstance(each, ServiceError)
        assert (each.operation, each.code, each.message) == ("GetContact", code, "the message")
        assert each.http_status == status
        assert each.request_id == error.request_id
        assert each.request_id is not None
        assert each.attempts == 1
        assert each.response == error.response
        assert str(each) == str(error)
        assert str(each).startswith(f"GetContact: {code} (HTTP {status}): the message")


@pytest.mark.parametrize("code", LISTED)
def test_missing_members_are_none(service: LocalService, code: str) -> None:
    _, _, attributes = LISTED[code]
    error = raised(service, code, {"RetryAfterSeconds": 3600})
    bare = {name: getattr(error, name) for name in attributes if name != "retry_after"}
    assert all(value in (None, ()) for value in bare.values())


@pytest.mark.parametrize("code", LISTED)
@pytest.mark.parametrize("nonsense", [7, "x", [3], [{}], {"a": 1}, True, -1])
def test_members_of_wrong_types_are_ignored(code: str, nonsense: object) -> None:
    kind, members, attributes = LISTED[code]
    error = kind(dict.fromkeys(members, nonsense), "GetContact")
    for name in attributes:
        assert isinstance(getattr(error, name), (int, str, tuple, type(None)))
    for response in ({}, {"Error": nonsense, "ResponseMetadata": nonsense}):
        bare = kind(response, "GetContact")
        assert (bare.code, bare.message, bare.http_status) == ("Unknown", "", 0)


def test_code_that_catches_client_error_still_works(client: ContactsClient) -> None:
    with pytest.raises(ClientError) as caught:
        client.contacts.get(ARN)
    response: Any = caught.value.response
    assert response["Error"]["Code"] == "ResourceNotFoundException"
    assert caught.value.operation_name == "GetContact"


def test_an_unknown_code_is_a_plain_service_error(service: LocalService) -> None:
    service.faults.add(any_error("BrandNewException", "the message"))
    with pytest.raises(ServiceError) as caught:
        service.client().contacts.get(ARN)
    assert type(caught.value) is ServiceError
    assert caught.value.code == "BrandNewException"


def test_a_request_that_the_service_cannot_read_is_not_repeated(
    service: LocalService,
) -> None:
    error = raised(service, "SerializationException", {})
    assert type(error) is ValidationError
    assert (error.code, error.reason, error.fields) == ("SerializationException", None, ())
    assert "repeating it does not help" in str(error)
    assert len(service.requests) == error.attempts == 1
    assert not error.outcome_unknown


def test_a_wrong_type_in_a_request_is_a_serialization_error(service: LocalService) -> None:
    # Otherwise botocore's validation would reject it first.
    config = Config(parameter_validation=False, retries={"total_max_attempts": 1})
    plain = Session().create_client(
        "ssm-contacts",
        region_name="us-east-2",
        aws_access_key_id="x",
        aws_secret_access_key="x",
        config=config,
    )
    aws = cast("SSMContactsClient", plain)
    service.connect(aws)
    client = ContactsClient(boto3_client=aws)
    stages: Any = [{"DurationInMinutes": "5", "Targets": []}]
    with pytest.raises(ValidationError) as caught:
        client.call("update_contact", ContactId=ARN, Plan={"Stages": stages})
    assert caught.value.code == "SerializationException"
    assert "Plan.Stages[0].DurationInMinutes: must be an integer" in str(caught.value)
    assert len(service.requests) == 1


@pytest.mark.parametrize("code", ["Throttling", "TooManyRequestsException", "RequestLimitExceeded"])
def test_other_codes_for_too_many_requests_are_throttling(service: LocalService, code: str) -> None:
    service.faults.add(service_error(code, "slower"))
    service.client().call("list_contacts")
    assert len(service.requests) == 2


def test_the_error_of_an_account_that_is_not_onboarded_explains_it(
    service: LocalService, client: ContactsClient
) -> None:
    service.faults.add(not_onboarded())
    with pytest.raises(
        ValidationError, match="closed to new customers since 7 November 2025"
    ) as caught:
        client.contacts.get(ARN)
    assert type(caught.value) is AccountNotOnboardedError
    assert caught.value.code == "ValidationException"


@pytest.mark.parametrize(
    "code",
    [
        "ExpiredTokenException",
        "UnrecognizedClientException",
        "InvalidSignatureException",
        "RequestTimeTooSkewed",
    ],
)
def test_rejected_credentials_are_a_credentials_error(
    service: LocalService, client: ContactsClient, code: str
) -> None:
    service.faults.add(service_error(code, "The security token is expired"), times=None)
    with pytest.raises(CredentialsError, match="set AWS_PROFILE.*this machine's clock") as caught:
        client.contacts.get(ARN)
    assert (caught.value.code, caught.value.operation) == (code, "GetContact")
    assert caught.value.request_id is not None
    assert len(service.requests) == 1
    assert [vars(each) for each in copies_of(caught.value)] == [vars(caught.value)] * 3


def test_an_error_of_another_service_is_a_credentials_error(
    client: ContactsClient,
) -> None:
    def assume_role(**_: object) -> None:
        response: Any = {"Error": {"Code": "AccessDenied", "Message": "no"}}
        raise ClientError(response, "AssumeRole")

    client.boto3_client.meta.events.register("before-sign.ssm-contacts", assume_role)
    with pytest.raises(CredentialsError, match="AssumeRole, which boto3 calls for credentials"):
        client.contacts.get(ARN)


def test_retry_after_is_read_from_the_header_too() -> None:
    response = {
        "Error": {"Code": "ThrottlingException", "Message": "m"},
        "ResponseMetadata": {"HTTPStatusCode": 400, "HTTPHeaders": {"retry-after": "7"}},
    }
    assert ThrottlingError(response, "GetContact").retry_after == 7


@pytest.mark.parametrize("header", ["", "soon", "-7", "٧", "9" * 5000])
def test_an_invalid_retry_after_header_is_ignored(header: str) -> None:
    response = {"ResponseMetadata": {"HTTPHeaders": {"retry-after": header}}}
    assert ThrottlingError(response, "GetContact").retry_after is None


def test_a_service_error_has_no_public_attributes_but_those_of_its_responses() -> None:
    for error in (ServiceError, *ServiceError.__subclasses__(), AccountNotOnboardedError):
        constants = {
            name
            for name, value in vars(error).items()
            if not name.startswith("_") and isinstance(value, str)
        }
        assert constants == set(), error


def test_an_error_message_has_advice_and_the_number_of_attempts(service: LocalService) -> None:
    service.faults.add(throttle(), times=None)
    with pytest.raises(ThrottlingError) as caught:
        service.client().contacts.get(ARN)
    assert str(caught.value) == (
        "GetContact: ThrottlingException (HTTP 400) after 5 attempts: The rate of requests is too "
        "high. [the rate is quota L-E86843F5 of ssm-contacts; call less often, or wait longer with "
        "RetryPolicy(attempts=..., deadline=...)]"
    )


def invalid() -> ContactsError:
    return InvalidValueError(
        "Stage", [Violation("duration_in_minutes", "must be 0 to 30", "too_large")]
    )


def transport() -> ContactsError:
    error = TransportError("CreateContact", "the response was lost", outcome_unknown=True)
    error.attempts, error.idempotency_token = 5, "x" * 36
    return error


def unreadable() -> ContactsError:
    return ResponseDecodeError("it is missing", path="Plan", operation="GetContact")


@pytest.mark.parametrize(
    "make",
    [
        invalid,
        transport,
        unreadable,
        lambda: ConfigurationError("there is no Region"),
        lambda: CredentialsError("there are none", operation="GetContact", code="X"),
        ReentrantCallError,
        lambda: ContactsError("anything"),
    ],
)
def test_every_error_survives_pickling_and_copying(make: Callable[[], ContactsError]) -> None:
    error = make()
    for each in copies_of(error):
        assert type(each) is type(error)
        assert (str(each), each.args, vars(each)) == (str(error), error.args, vars(error))


def test_every_error_is_a_contacts_error() -> None:
    errors = {
        name
        for name in ssm_contacts_sdk.__all__
        if isinstance(kind := getattr(ssm_contacts_sdk, name), type)
        and issubclass(kind, BaseException)
    }
    assert "ConflictError" in errors
    outside = {
        name for name in errors if not issubclass(getattr(ssm_contacts_sdk, name), ContactsError)
    }
    assert outside == {"StackedRetriesWarning"}


def test_violations_are_plain_values() -> None:
    assert asdict(Violation("a", "is empty", "too_short").under("b")) == {
        "path": "b.a",
        "rule": "is empty",
        "code": "too_short",
    }


def test_the_message_of_the_service_is_redacted(
    service: LocalService, client: ContactsClient
) -> None:
    message = f"ContactChannelAddress(simpleAddress={PHONE}) Contact channel address is invalid"
    service.faults.add(service_error("ValidationException", message, {"Reason": "OTHER"}))
    with pytest.raises(ValidationError) as caught:
        client.contacts.get(ARN)
    assert caught.value.message == (
        "ContactChannelAddress(simpleAddress=[redacted]) Contact channel address is invalid"
    )
    response: Any = caught.value.response
    assert PHONE in response["Error"]["Message"]


@pytest.mark.parametrize("body", [b"<html>slow down</html>", b"{}"])
def test_status_429_of_a_gateway_is_throttling(service: LocalService, body: bytes) -> None:
    service.faults.add(raw_response(429, body))
    service.client().call("list_contacts")
    assert len(service.requests) == 2


def test_status_403_of_a_gateway_is_not_reported_as_the_services(
    service: LocalService, client: ContactsClient
) -> None:
    service.faults.add(raw_response(403, b"<html>Forbidden</html>", commit=False))
    with pytest.raises(ServiceError, match="a proxy or gateway responded") as caught:
        client.contacts.get(ARN)
    assert (type(caught.value), caught.value.code, caught.value.attempts) == (
        ServiceError,
        "403",
        1,
    )


ADVICE: list[tuple[str, dict[str, Any], str]] = [
    (
        "ResourceNotFoundException",
        {"ResourceId": ARN, "ResourceType": "contact"},
        f"not found: contact {ARN}; check the ARN, and the account and Region of the client",
    ),
    ("ResourceNotFoundException", {}, "check the ARN, and the account and Region of the client"),
    (
        "ConflictException",
        LISTED["ConflictException"][1],
        f"contact {ARN} is used by {ROTATION} (member): change or delete these first",
    ),
    (
        "ConflictException",
        {"DependentEntities": [{"RelationType": "", "DependentResourceIds": [ROTATION, ARN]}]},
        f"the resource is used by {ROTATION}, {ARN}: change or delete these first",
    ),
    (
        "ConflictException",
        {
            "ResourceId": ARN,
            "ResourceType": "contact",
            "DependentEntities": [{"RelationType": "self", "DependentResourceIds": [ARN]}],
        },
        f"the resource in conflict is contact {ARN}",
    ),
    ("ConflictException", {}, "the service does not report what is in conflict"),
    (
        "ServiceQuotaExceededException",
        LISTED["ServiceQuotaExceededException"][1],
        f"over the quota: contact {ARN}; delete what is no longer used, or ask Service Quotas to "
        "raise quota L-7DD2017D of ssm-contacts",
    ),
    (
        "ServiceQuotaExceededException",
        {},
        "delete what is no longer used, or ask Service Quotas to raise the quota",
    ),
    (
        "ThrottlingException",
        LISTED["ThrottlingException"][1],
        "wait 3600 s; the rate is quota L-53EDA07E of ssm-contacts; call less "
        "often, or wait longer with RetryPolicy(attempts=..., deadline=...)",
    ),
    ("InternalServerException", {"RetryAfterSeconds": 3600}, "wait 3600 s"),
    (
        "ValidationException",
        {"Fields": [{"Name": "plan", "Message": "too long"}, {"Name": "alias", "Message": ""}]},
        "plan: too long; alias; change the request: repeating it does not help",
    ),
    (
        "ValidationException",
        {"Fields": [{"Name": "plan", "Message": "the message"}]},
        "change the request: repeating it does not help",
    ),
]


@pytest.mark.parametrize(("code", "members", "advice"), ADVICE)
def test_an_error_message_names_the_resource_quota_or_field(
    service: LocalService, code: str, members: dict[str, Any], advice: str
) -> None:
    error = raised(service, code, members)
    for each in [error, *copies_of(error)]:
        assert f"the message [{advice}]" in str(each)


def test_the_error_of_a_missing_resource_names_it(client: ContactsClient) -> None:
    with pytest.raises(ResourceNotFoundError) as caught:
        client.contacts.get(ARN)
    assert f"[not found: contact {ARN}; check the ARN" in str(caught.value)


def test_the_error_of_a_missing_rotation_names_it_although_the_service_does_not(
    service: LocalService, client: ContactsClient
) -> None:
    service.faults.add(service_error("ValidationException", "Invalid resource Arn", {}))
    with pytest.raises(ResourceNotFoundError) as caught:
        client.rotations.get(ROTATION)
    assert (caught.value.resource_id, caught.value.resource_type) == (ROTATION, "rotation")
    assert f"[not found: rotation {ROTATION}; check the ARN" in str(caught.value)


def test_only_an_arn_of_the_request_is_added_to_an_error(
    service: LocalService, client: ContactsClient
) -> None:
    service.faults.add(service_error("ValidationException", "Invalid resource Arn", {}))
    with pytest.raises(ResourceNotFoundError) as caught:
        client.call("get_rotation", RotationId=PHONE)
    assert caught.value.resource_id is None


def test_the_dependents_of_a_person_do_not_include_the_person(client: ContactsClient) -> None:
    akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
    rotation = client.rotations.create(
        Rotation(
            name="web",
            contact_ids=[akua.arn],
            start_time=datetime(2025, 1, 6, tzinfo=timezone.utc),
            time_zone_id="UTC",
            recurrence=Recurrence.daily("09:00"),
        )
    )
    with pytest.raises(ConflictError) as caught:
        client.contacts.delete(akua)
    assert [each.dependent_resource_ids for each in caught.value.dependents] == [(rotation.arn,)]
    assert f"contact {akua.arn} is used by {rotation.arn} (rotation)" in str(caught.value)


@pytest.mark.parametrize("code", LISTED)
def test_no_attribute_of_an_error_repeats_private_values(service: LocalService, code: str) -> None:
    _, members, attributes = LISTED[code]
    echo: Any = json.loads(re.sub(r'"([a-zA-Z]\S*)"(?!:)', f'"{PHONE}"', json.dumps(members)))
    service.faults.add(service_error(code, PHONE, echo), times=None)
    with pytest.raises(ServiceError) as caught:
        service.client().call(
            "create_contact_channel",
            ContactId=ARN,
            Name="x",
            Type="SMS",
            DeliveryAddress={"SimpleAddress": PHONE},
        )
    for each in [caught.value, *copies_of(caught.value)]:
        shown = [str(each), *(repr(getattr(each, name)) for name in attributes)]
        assert private_values_in(*shown) == []
    response: Any = caught.value.response
    assert PHONE in response["Error"]["Message"]


def test_only_a_code_of_the_service_is_shown() -> None:
    def redact(_: str) -> str:
        return "[redacted]"

    for code in ("ConflictException", "com.amazon.NewException", "403"):
        assert ServiceError({"Error": {"Code": code}}, "GetContact", redact=redact).code == code
    for code in (PHONE, EMAIL, SUBJECT):
        error = ServiceError({"Error": {"Code": code}}, "GetContact", redact=redact)
        assert error.code == "[redacted]"


@pytest.mark.parametrize("outcome_unknown", [True, False])
def test_the_earlier_name_of_outcome_unknown_is_deprecated(outcome_unknown: bool) -> None:
    error = TransportError("CreateContact", "lost", outcome_unknown=outcome_unknown)
    with pytest.warns(DeprecationWarning, match="version 1.0: use outcome_unknown") as caught:
        assert error.may_have_been_done is outcome_unknown
    assert caught[0].filename == __file__
    with pytest.raises(AttributeError):
        error.may_have_been_done = True  # type: ignore[misc]
