"""Every way to fail, with private values in it: none of them is told.

The autouse fixture in conftest.py looks at each error and each log line; these tests make them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from traceback import format_exception
from typing import Any

import pytest
from sentinels import CODE, EMAIL, OTHER_PHONE, PHONE, PRIVATE, SUBJECT, TOKEN

from ssm_contacts_sdk import (
    Channel,
    Contact,
    ContactsClient,
    ContactsError,
    ContactType,
    InvalidValueError,
)
from ssm_contacts_sdk.local import (
    Effect,
    LocalService,
    internal_error,
    lost_answer,
    raw_answer,
    refusal,
    throttle,
    unreachable,
)

ACCOUNT = "arn:aws:ssm-contacts:us-east-2:111122223333"
ECHO = " ".join(PRIVATE)
EFFECTS: list[Effect] = [
    throttle(),
    internal_error(),
    lost_answer(),
    unreachable(),
    raw_answer(200, ECHO.encode()),
    raw_answer(403, ECHO.encode()),
    raw_answer(502, ECHO.encode()),
    raw_answer(502, b"<html>" + ECHO.encode()),
]


def calls(client: ContactsClient) -> Iterator[tuple[set[str], Callable[[], object]]]:
    """Calls, each with the private values that it sends."""
    akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
    sms = client.channels.create(akua, Channel.sms("sms", OTHER_PHONE))
    yield (
        {PHONE, TOKEN},
        lambda: client.channels.create(akua, Channel.sms("x", PHONE), idempotency_token=TOKEN),
    )
    yield {EMAIL}, lambda: client.channels.create(akua, Channel.email("x", EMAIL))
    yield {CODE}, lambda: client.channels.activate(sms, CODE)
    yield (
        {SUBJECT, TOKEN},
        lambda: client.call(
            "start_engagement",
            ContactId=akua.arn,
            Sender="s",
            Subject=SUBJECT,
            Content=SUBJECT,
            IdempotencyToken=TOKEN,
        ),
    )


@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: type(effect).__name__)
def test_no_failure_tells_what_was_sent(
    service: LocalService, client: ContactsClient, effect: Effect
) -> None:
    made = list(calls(client))
    service.faults.add(effect, times=None)
    for _, act in made:
        with pytest.raises(ContactsError):
            act()


@pytest.mark.parametrize(
    "code", ["ValidationException", "ConflictException", "AccessDeniedException", "NewException"]
)
def test_no_refusal_tells_what_it_repeats(
    service: LocalService, client: ContactsClient, code: str
) -> None:
    for private, act in list(calls(client)):
        said = f"Value '{' and '.join(private)}' at 'x'"
        fields = [{"Name": "x", "Message": said}]
        members = {"Reason": "OTHER", "Fields": fields} if code == "ValidationException" else {}
        service.faults.add(refusal(code, said, members), times=None)
        with pytest.raises(ContactsError) as caught:
            act()
        error: Any = caught.value
        assert error.message == f"Value '{' and '.join(['[redacted]'] * len(private))}' at 'x'"
        assert [field.message for field in getattr(error, "fields", ())] in ([], [error.message])
        # The answer itself is left as it was, for who asks for it.
        assert said in error.response["Error"]["Message"]
        service.faults.clear()


WRONG: list[Callable[[], object]] = [
    lambda: Channel.sms(PHONE, EMAIL),
    lambda: Channel.voice("x" * 300, PHONE + "x"),
    lambda: Channel.email(EMAIL, PHONE),
    lambda: Contact(alias=EMAIL, display_name=PHONE, type=ContactType.PERSONAL),
    lambda: Contact(alias=PHONE, type=PHONE),  # type: ignore[arg-type]
]


@pytest.mark.parametrize("build", WRONG)
def test_no_value_that_is_refused_is_told(build: Callable[[], object]) -> None:
    with pytest.raises(InvalidValueError):
        build()


def test_no_argument_that_is_refused_is_told(client: ContactsClient) -> None:
    channel = f"{ACCOUNT}:contact-channel/akuam/1"
    for act in (
        lambda: client.contacts.get(PHONE),
        lambda: client.contacts.list(alias_prefix=PHONE, next_token=EMAIL),
        lambda: client.channels.activate(channel, CODE * 2),
        lambda: client.channels.activate(PHONE, EMAIL),
        lambda: client.call(PHONE),
        lambda: client.call("create_contact", Alias={PHONE: EMAIL}, **{PHONE: CODE}),
        lambda: client.call("activate_contact_channel", ContactChannelId=[CODE, "a\nb"]),
    ):
        with pytest.raises(InvalidValueError):
            act()


def test_the_guard_of_this_suite_sees_what_is_told(caplog: pytest.LogCaptureFixture) -> None:
    # Else all the tests above could pass for another reason.
    error = ContactsError(PHONE)
    assert PHONE in "".join(format_exception(error))
    error.args = ()
    logging.getLogger("ssm_contacts_sdk.retry").debug("something")
    assert "something" in caplog.text
