"""Every way to fail, with private values in it: none of them is told.

The autouse fixture in conftest.py looks at each error and each log line; these tests make them.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
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


GUARDED = """
from sentinels import PHONE
from ssm_contacts_sdk.errors import ContactsError
import logging

def test_an_error():
    try:
        raise KeyError(PHONE)
    except KeyError as error:
        try:
            raise ContactsError("x") from error
        except ContactsError:
            pass

def test_a_text():
    ContactsError(PHONE)

def test_a_log():
    logging.getLogger("ssm_contacts_sdk.retry").debug(PHONE)

def test_nothing():
    ContactsError("x")
"""


def test_the_guard_of_this_suite_fails_a_test_that_tells(tmp_path: Path) -> None:
    # Else all the tests above could pass for another reason.
    tests = Path(__file__).parent
    for name in ("conftest.py", "sentinels.py"):
        (tmp_path / name).write_text((tests / name).read_text())
    (tmp_path / "test_guarded.py").write_text(GUARDED)
    done = subprocess.run(  # noqa: S603 - our own test
        [sys.executable, "-m", "pytest", "-q", "-rE", "--rootdir", str(tmp_path), str(tmp_path)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    failed = set(re.findall(r"^ERROR \S+::(\w+)", done.stdout, re.MULTILINE))
    assert failed == {"test_an_error", "test_a_text", "test_a_log"}
