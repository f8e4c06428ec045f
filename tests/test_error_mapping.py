from __future__ import annotations

from typing import Any

import botocore.exceptions
import pytest
from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    HTTPClientError,
    IncompleteReadError,
    ProxyConnectionError,
    ReadTimeoutError,
    SSLError,
    SSOTokenLoadError,
    UnauthorizedSSOTokenError,
)
from hypothesis import given
from hypothesis import strategies as st
from sentinels import CODE, EMAIL, PHONE, SUBJECT, TOKEN

from ssm_contacts_sdk import (
    ConfigurationError,
    ContactsError,
    CredentialsError,
    InvalidValueError,
    TransportError,
)
from ssm_contacts_sdk._error_mapping import misconfigured, param_violations, redactor, translate

URL = "https://ssm-contacts.us-east-2.amazonaws.com"


@pytest.mark.parametrize(
    ("error", "outcome_unknown"),
    [
        (EndpointConnectionError(endpoint_url=URL), False),
        (ConnectTimeoutError(endpoint_url=URL), False),
        # It may come after the whole request has left.
        (ProxyConnectionError(proxy_url=URL), True),
        (ReadTimeoutError(endpoint_url=URL), True),
        (ConnectionClosedError(endpoint_url=URL), True),
        (HTTPClientError(error=RuntimeError()), True),
        (SSLError(endpoint_url=URL, error=OSError()), True),
        (IncompleteReadError(actual_bytes=1, expected_bytes=2), True),
    ],
)
def test_what_was_never_sent_and_what_outcome_unknown_are_told_apart(
    error: Exception, outcome_unknown: bool
) -> None:
    told = translate(error, "CreateContact", {})
    assert isinstance(told, TransportError)
    assert told.outcome_unknown is outcome_unknown
    assert type(error).__name__ in str(told)


@pytest.mark.parametrize("error", [SSOTokenLoadError(error_msg="x"), UnauthorizedSSOTokenError()])
def test_being_logged_out_is_about_credentials(error: Exception) -> None:
    told = translate(error, "GetContact", {})
    assert isinstance(told, CredentialsError)
    assert "aws sso login" in str(told)


@pytest.mark.parametrize(
    "name",
    sorted(
        name
        for name, kind in vars(botocore.exceptions).items()
        if isinstance(kind, type) and issubclass(kind, botocore.exceptions.BotoCoreError)
    ),
)
def test_no_botocore_exception_comes_through(name: str) -> None:
    kind: Any = getattr(botocore.exceptions, name)
    error = kind.__new__(kind)
    error.args = ("said",)
    error.kwargs = {"report": "", "profile": "p"}
    told = translate(error, "GetContact", {})
    assert isinstance(told, ContactsError)
    assert isinstance(misconfigured(error), ConfigurationError)


def test_what_is_nobodys_to_translate_is_left() -> None:
    assert translate(KeyError("x"), "GetContact", {}) is None


SENT: dict[str, Any] = {
    "DeliveryAddress": {"SimpleAddress": EMAIL},
    "ActivationCode": CODE,
    "IdempotencyToken": TOKEN,
    "Subject": SUBJECT,
    "Tags": [{"Key": "k", "Value": "v"}, {"Content": "ab"}],
    "Alias": "akuam",
}


def test_private_values_are_taken_out_wherever_they_are_repeated() -> None:
    redact = redactor(SENT)
    for private in (EMAIL, CODE, TOKEN, SUBJECT):
        assert (
            redact(f"Value '{private}' at x: {private}!") == "Value '[redacted]' at x: [redacted]!"
        )


def test_what_is_not_private_stays() -> None:
    assert redactor(SENT)("Value 'akuam' at 'alias' and k=v") == "Value 'akuam' at 'alias' and k=v"


def test_a_short_private_value_is_taken_out_as_a_word_and_not_inside_of_words() -> None:
    assert redactor(SENT)("about 'ab' in the cab") == "about '[redacted]' in the cab"


def test_a_private_value_is_known_in_the_spelling_of_json() -> None:
    redact = redactor({"Subject": 'the "core" is brännt'})
    assert redact(r'{"Subject": "the \"core\" is br\u00e4nnt"}') == '{"Subject": "[redacted]"}'
    assert redact(r'{"Subject": "the \"core\" is brännt"}') == '{"Subject": "[redacted]"}'


def test_an_address_is_taken_out_in_whatever_form_the_service_has_it() -> None:
    redact = redactor({})
    assert redact(f"(simpleAddress={PHONE[1:]})") == "(simpleAddress=[redacted])"


@given(st.text("+019.@é\\\"'\n(", min_size=5), st.text("abc "), st.text("abc "))
def test_no_long_private_value_is_left(private: str, before: str, after: str) -> None:
    told = redactor({"Content": private})(f"{before}{private}{after}")
    assert told == f"{before}[redacted]{after}"


def test_arguments_are_told_by_name_and_never_by_value() -> None:
    report = "\n".join(
        [
            'Missing required parameter in Plan.Stages[0]: "Targets"',
            'Unknown parameter in input: "Nme", must be one of: Name, Type',
            f"Invalid type for parameter Name, value: {EMAIL}, type: <class 'str'>, valid types: x",
            "Invalid length for parameter Alias, value: 0, valid min length: 1",
            f"Invalid nonsense {PHONE}",
        ]
    )
    assert [str(violation) for violation in param_violations(report)] == [
        "Plan.Stages[0].Targets must be passed",
        "input.Nme must be one of Name, Type",
        "Name must have a valid type",
        "Alias must have a valid length",
    ]


def test_a_report_that_nobody_can_read_is_still_a_fault() -> None:
    error = botocore.exceptions.ParamValidationError(report=f"{PHONE} is wrong")
    told = translate(error, "CreateContact", {})
    assert isinstance(told, InvalidValueError)
    assert str(told) == "CreateContact: input must fit botocore's model of it"


@pytest.mark.parametrize(
    "member",
    [
        "AcceptCode",
        "ActivationCode",
        "Content",
        "IdempotencyToken",
        "Note",
        "PublicContent",
        "PublicSubject",
        "Reason",
        "SimpleAddress",
        "Subject",
    ],
)
def test_every_private_member_is_known(member: str) -> None:
    assert redactor({"x": [{member: "secret"}]})("a secret") == "a [redacted]"
    # botocore takes a tuple for a list.
    assert redactor({"x": ({member: "secret"},)})("a secret") == "a [redacted]"


def test_of_two_private_values_the_longer_is_taken_out_whole() -> None:
    sent = {"Subject": "12345", "Content": "123456789", "Note": "1234567"}
    assert redactor(sent)("123456789 1234567 12345") == "[redacted] [redacted] [redacted]"


def test_a_login_that_is_over_is_about_credentials() -> None:
    class LoginRefreshRequired(botocore.exceptions.BotoCoreError):
        fmt = "log in"

    assert isinstance(translate(LoginRefreshRequired(), "GetContact", {}), CredentialsError)


def test_a_certificate_that_is_not_trusted_is_configuration() -> None:
    error = SSLError(
        endpoint_url=URL, error=OSError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed")
    )
    told = translate(error, "GetContact", {})
    assert isinstance(told, ConfigurationError)
    assert "AWS_CA_BUNDLE" in str(told)


@pytest.mark.parametrize("cause", [OSError("no such bundle"), ValueError(f"header {TOKEN}")])
def test_a_request_that_cannot_be_made_never_left(cause: Exception) -> None:
    told = translate(HTTPClientError(error=cause), "GetContact", {})
    assert isinstance(told, ConfigurationError)
    assert told.__cause__ is None


def test_an_address_is_taken_out_whatever_is_in_it() -> None:
    redact = redactor({"SimpleAddress": "akua)mansa@example@secret.com"})
    said = "(simpleAddress=akua)mansa@example@secret.com) is invalid"
    assert redact(said) == "(simpleAddress=[redacted]) is invalid"
    assert redactor({"SimpleAddress": PHONE})(f"value {PHONE[1:]} bad") == "value [redacted] bad"
