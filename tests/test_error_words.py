"""Every code, status and exception by which an error of the client is chosen.

The tables are written from their sources, so that a word that is lost in the package fails a test.
"""

from __future__ import annotations

import json
from typing import Any

import botocore.exceptions
import pytest
from arns import contact_arn

from ssm_contacts_sdk import (
    Contact,
    ContactsClient,
    ContactsError,
    ContactType,
    CredentialsError,
    ResponseDecodeError,
    ServiceError,
    ThrottlingError,
    TransportError,
)
from ssm_contacts_sdk._error_mapping import translate
from ssm_contacts_sdk.local import LocalService, raw_response

AKUA = Contact(alias="akuam", type=ContactType.PERSONAL)
JSON = "application/x-amz-json-1.1"

# botocore's `ThrottlingErrorDetector` (botocore/retries/standard.py), as boto3's guide "Retries"
# lists them, without the codes that only one other service has.
THROTTLING = [
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "ThrottledException",
    "Throttling",
    "ThrottlingException",
    "TooManyRequestsException",
]
# "Common error types" of AWS's API references, in the spellings of the JSON and the query protocol,
# and the codes of Signature Version 4 ("Troubleshoot Signature Version 4 signing").
REJECTED_CREDENTIALS = [
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "IncompleteSignatureException",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "RequestExpired",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
]


def error_response(status: int, code: str) -> Any:
    """Return the effect of an error of AWS's front end, which the service has not carried out."""
    body = json.dumps({"__type": code, "Message": "no"}).encode()
    return raw_response(status, body, JSON, request_id=True, commit=False)


@pytest.mark.parametrize("status", [400, 503])
@pytest.mark.parametrize("code", THROTTLING)
def test_a_throttled_request_is_repeated_and_did_nothing(
    service: LocalService, client: ContactsClient, code: str, status: int
) -> None:
    service.faults.add(error_response(status, code), times=None)
    with pytest.raises(ThrottlingError) as caught:
        client.contacts.create(AKUA)
    error = caught.value
    assert (error.code, error.attempts, error.outcome_unknown) == (code, 5, False)


@pytest.mark.parametrize("code", REJECTED_CREDENTIALS)
def test_a_request_with_rejected_credentials_is_not_repeated(
    service: LocalService, client: ContactsClient, code: str
) -> None:
    service.faults.add(error_response(403, code), times=None)
    with pytest.raises(CredentialsError) as caught:
        client.contacts.create(AKUA)
    error = caught.value
    assert (error.code, error.attempts, error.outcome_unknown) == (code, 1, False)


@pytest.mark.parametrize("body", [b"<html>Gateway</html>", b"", b"{}"])
@pytest.mark.parametrize(
    ("status", "kind", "attempts"),
    [
        (200, ResponseDecodeError, 5),
        (204, ResponseDecodeError, 5),
        (299, ResponseDecodeError, 5),
        (300, ServiceError, 1),
        (302, ServiceError, 1),
        (400, ServiceError, 1),
        (407, ServiceError, 1),
        (428, ServiceError, 1),
        (429, ThrottlingError, 5),
        (430, ServiceError, 1),
        (499, ServiceError, 1),
        (500, TransportError, 5),
        (502, TransportError, 5),
        (599, TransportError, 5),
    ],
)
def test_a_response_that_does_not_come_from_the_service(
    service: LocalService,
    client: ContactsClient,
    body: bytes,
    status: int,
    kind: type[ContactsError],
    attempts: int,
) -> None:
    service.faults.add(raw_response(status, body, commit=False), times=None)
    with pytest.raises(ContactsError) as caught:
        client.contacts.create(AKUA)
    error = caught.value
    assert type(error) is kind
    assert isinstance(error, (ResponseDecodeError, ServiceError, TransportError))
    assert error.attempts == attempts
    # A server that fails, or a success that cannot be read, may follow a request that was made.
    assert error.outcome_unknown is (attempts == 5 and status != 429)


@pytest.mark.parametrize("status", [200, 300, 429, 499, 500])
@pytest.mark.parametrize("body", [b"[]", b"7", b"null"])
def test_json_that_is_no_object_cannot_be_read_with_any_status(
    service: LocalService, client: ContactsClient, body: bytes, status: int
) -> None:
    service.faults.add(raw_response(status, body, JSON, commit=False), times=None)
    with pytest.raises(ResponseDecodeError) as caught:
        client.contacts.create(AKUA)
    assert (caught.value.attempts, caught.value.outcome_unknown) == (5, True)


@pytest.mark.parametrize(("status", "outcome_unknown"), [(400, False), (499, False), (500, True)])
def test_the_outcome_is_unknown_from_status_500_on(
    service: LocalService, client: ContactsClient, status: int, outcome_unknown: bool
) -> None:
    service.faults.add(error_response(status, "SomethingElseException"), times=None)
    with pytest.raises(ServiceError) as caught:
        client.contacts.create(AKUA)
    assert type(caught.value) is ServiceError
    assert caught.value.outcome_unknown is outcome_unknown
    assert caught.value.attempts == (5 if outcome_unknown else 1)


@pytest.mark.parametrize("status", [400, 429, 500])
def test_the_status_of_a_code_of_the_service_is_not_decisive_except_429(
    service: LocalService, client: ContactsClient, status: int
) -> None:
    service.faults.add(error_response(status, "AccessDeniedException"), times=None)
    with pytest.raises(ServiceError) as caught:
        client.contacts.get(contact_arn("akuam"))
    expected = "ThrottlingError" if status == 429 else "AccessDeniedError"
    assert type(caught.value).__name__ == expected


# botocore's exceptions, by their docstrings: what cannot be had are credentials or a token.
WITHOUT_CREDENTIALS: list[tuple[str, dict[str, Any]]] = [
    ("CredentialRetrievalError", {"provider": "p", "error_msg": "m"}),
    ("MetadataRetrievalError", {"error_msg": "m"}),
    ("NoAuthTokenError", {}),
    ("NoCredentialsError", {}),
    ("PartialCredentialsError", {"provider": "p", "cred_var": "v"}),
    ("RefreshWithMFAUnsupportedError", {}),
    ("SSOTokenLoadError", {"error_msg": "m"}),
    ("TokenRetrievalError", {"provider": "p", "error_msg": "m"}),
    ("UnauthorizedSSOTokenError", {}),
    ("UnknownCredentialError", {"name": "n"}),
]
OUTCOME_UNKNOWN: list[tuple[str, dict[str, Any]]] = [
    ("ConnectionClosedError", {"endpoint_url": "u"}),
    ("ConnectionError", {"error": "e"}),
    ("HTTPClientError", {"error": "e"}),
    ("IncompleteReadError", {"actual_bytes": 1, "expected_bytes": 2}),
    ("ProxyConnectionError", {"proxy_url": "u"}),
    ("ReadTimeoutError", {"endpoint_url": "u"}),
    ("ResponseStreamingError", {"error": "e"}),
    ("SSLError", {"endpoint_url": "u", "error": "e"}),
]


@pytest.mark.parametrize(("name", "details"), WITHOUT_CREDENTIALS)
def test_an_exception_about_credentials_is_a_credentials_error(
    name: str, details: dict[str, Any]
) -> None:
    error = getattr(botocore.exceptions, name)(**details)
    assert type(translate(error, "GetContact", {})) is CredentialsError


@pytest.mark.parametrize(("name", "details"), OUTCOME_UNKNOWN)
def test_an_exception_without_a_response_is_a_transport_error(
    name: str, details: dict[str, Any]
) -> None:
    error = getattr(botocore.exceptions, name)(**details)
    translated = translate(error, "GetContact", {})
    assert isinstance(translated, TransportError)
    assert translated.outcome_unknown


@pytest.mark.parametrize("name", ["ConnectTimeoutError", "EndpointConnectionError"])
def test_a_request_to_an_endpoint_that_is_not_reached_was_never_sent(name: str) -> None:
    error = getattr(botocore.exceptions, name)(endpoint_url="u")
    translated = translate(error, "GetContact", {})
    assert isinstance(translated, TransportError)
    assert not translated.outcome_unknown
