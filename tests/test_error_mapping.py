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
from ssm_contacts_sdk._configuration_errors import configuration_error
from ssm_contacts_sdk._error_mapping import param_violations, translate
from ssm_contacts_sdk._redaction import redactor

URL = "https://ssm-contacts.us-east-2.amazonaws.com"


@pytest.mark.parametrize(
    ("error", "outcome_unknown"),
    [
        (EndpointConnectionError(endpoint_url=URL), False),
        (ConnectTimeoutError(endpoint_url=URL), False),
        # It may be raised after the whole request was sent.
        (ProxyConnectionError(proxy_url=URL), True),
        (ReadTimeoutError(endpoint_url=URL), True),
        (ConnectionClosedError(endpoint_url=URL), True),
        (HTTPClientError(error=RuntimeError()), True),
        (SSLError(endpoint_url=URL, error=OSError()), True),
        (IncompleteReadError(actual_bytes=1, expected_bytes=2), True),
    ],
)
def test_the_outcome_of_a_request_is_unknown_unless_it_was_never_sent(
    error: Exception, outcome_unknown: bool
) -> None:
    translated = translate(error, "CreateContact", {})
    assert isinstance(translated, TransportError)
    assert translated.outcome_unknown is outcome_unknown
    assert type(error).__name__ in str(translated)


@pytest.mark.parametrize("error", [SSOTokenLoadError(error_msg="x"), UnauthorizedSSOTokenError()])
def test_a_missing_login_is_a_credentials_error(error: Exception) -> None:
    translated = translate(error, "GetContact", {})
    assert isinstance(translated, CredentialsError)
    assert "aws sso login" in str(translated)


@pytest.mark.parametrize(
    "name",
    sorted(
        name
        for name, kind in vars(botocore.exceptions).items()
        if isinstance(kind, type) and issubclass(kind, botocore.exceptions.BotoCoreError)
    ),
)
def test_every_botocore_exception_is_translated(name: str) -> None:
    kind: Any = getattr(botocore.exceptions, name)
    error = kind.__new__(kind)
    error.args = ("message",)
    error.kwargs = {"report": "", "profile": "p"}
    translated = translate(error, "GetContact", {})
    assert isinstance(translated, ContactsError)
    assert isinstance(configuration_error(error), ConfigurationError)


def test_exceptions_of_other_code_are_not_translated() -> None:
    assert translate(KeyError("x"), "GetContact", {}) is None


SENT: dict[str, Any] = {
    "DeliveryAddress": {"SimpleAddress": EMAIL},
    "ActivationCode": CODE,
    "IdempotencyToken": TOKEN,
    "Subject": SUBJECT,
    "Tags": [{"Key": "k", "Value": "v"}, {"Content": "ab"}],
    "Alias": "akuam",
}


def test_repeated_private_values_are_redacted() -> None:
    redact = redactor(SENT)
    for private in (EMAIL, CODE, TOKEN, SUBJECT):
        assert (
            redact(f"Value '{private}' at x: {private}!") == "Value '[redacted]' at x: [redacted]!"
        )


def test_other_values_are_not_redacted() -> None:
    assert redactor(SENT)("Value 'akuam' at 'alias' and k=v") == "Value 'akuam' at 'alias' and k=v"


def test_a_short_private_value_is_redacted_only_as_a_whole_word() -> None:
    assert redactor(SENT)("about 'ab' in the cab") == "about '[redacted]' in the cab"


def test_private_values_are_redacted_in_json_spelling_too() -> None:
    redact = redactor({"Subject": 'the "core" is brännt'})
    assert redact(r'{"Subject": "the \"core\" is br\u00e4nnt"}') == '{"Subject": "[redacted]"}'
    assert redact(r'{"Subject": "the \"core\" is brännt"}') == '{"Subject": "[redacted]"}'


def test_an_address_is_redacted_in_the_services_own_form() -> None:
    redact = redactor({})
    assert redact(f"(simpleAddress={PHONE[1:]})") == "(simpleAddress=[redacted])"


@given(st.text("+019.@é\\\"'\n(", min_size=5), st.text("abc "), st.text("abc "))
def test_every_long_private_value_is_redacted(private: str, before: str, after: str) -> None:
    redacted = redactor({"Content": private})(f"{before}{private}{after}")
    assert redacted == f"{before}[redacted]{after}"


def test_violations_have_the_names_of_arguments_and_not_their_values() -> None:
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
        "input.Nme is unknown: must be one of Name, Type",
        "Name must have a valid type",
        "Alias must have a valid length",
    ]


def test_an_unknown_report_is_one_violation() -> None:
    error = botocore.exceptions.ParamValidationError(report=f"{PHONE} is wrong")
    translated = translate(error, "CreateContact", {})
    assert isinstance(translated, InvalidValueError)
    assert str(translated) == "CreateContact: input must fit botocore's model of it"


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
def test_every_private_member_is_redacted(member: str) -> None:
    assert redactor({"x": [{member: "secret"}]})("a secret") == "a [redacted]"
    # botocore accepts a tuple as a list.
    assert redactor({"x": ({member: "secret"},)})("a secret") == "a [redacted]"


def test_the_longer_of_two_private_values_is_redacted_completely() -> None:
    sent = {"Subject": "12345", "Content": "123456789", "Note": "1234567"}
    assert redactor(sent)("123456789 1234567 12345") == "[redacted] [redacted] [redacted]"


def test_an_expired_login_is_a_credentials_error() -> None:
    class LoginRefreshRequired(botocore.exceptions.BotoCoreError):
        fmt = "log in"

    assert isinstance(translate(LoginRefreshRequired(), "GetContact", {}), CredentialsError)


def test_an_untrusted_certificate_is_a_configuration_error() -> None:
    error = SSLError(
        endpoint_url=URL, error=OSError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed")
    )
    translated = translate(error, "GetContact", {})
    assert isinstance(translated, ConfigurationError)
    assert "AWS_CA_BUNDLE" in str(translated)


@pytest.mark.parametrize("cause", [OSError("no such bundle"), ValueError(f"header {TOKEN}")])
def test_a_request_that_cannot_be_created_is_a_configuration_error(cause: Exception) -> None:
    translated = translate(HTTPClientError(error=cause), "GetContact", {})
    assert isinstance(translated, ConfigurationError)
    assert translated.__cause__ is None


def test_an_address_is_redacted_with_any_characters() -> None:
    redact = redactor({"SimpleAddress": "akua)mansa@example@secret.com"})
    message = "(simpleAddress=akua)mansa@example@secret.com) is invalid"
    assert redact(message) == "(simpleAddress=[redacted]) is invalid"
    assert redactor({"SimpleAddress": PHONE})(f"value {PHONE[1:]} bad") == "value [redacted] bad"
