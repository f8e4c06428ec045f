"""Failures of all kinds with private values: no error and no log line contains one.

The plugin privacy_guard.py checks each error and each log line that these tests cause.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from importlib import import_module
from inspect import currentframe, getmembers, isfunction, ismethod, signature
from pathlib import Path
from pkgutil import walk_packages
from traceback import walk_tb
from types import FrameType, FunctionType
from typing import Any, NoReturn

import attrs
import pytest
from any_errors import any_error
from arns import channel_arn, contact_arn, engagement_arn, page_arn
from attrs import frozen
from botocore.exceptions import ReadTimeoutError
from cattrs import Converter
from clocks import ChangedClock
from sentinels import (
    CODE,
    EMAIL,
    OTHER_PHONE,
    PHONE,
    PRIVATE,
    SUBJECT,
    TOKEN,
    chain_of,
    email_address,
    phone_number,
    private_values_in,
    recorded_in,
    recorded_of,
    serialized,
)

import ssm_contacts_sdk
from ssm_contacts_sdk import (
    Channel,
    ChannelRecord,
    Contact,
    ContactPolicy,
    ContactRecord,
    ContactsClient,
    ContactsError,
    ContactType,
    InternalServerError,
    InvalidValueError,
    Override,
    Plan,
    Recurrence,
    ResponseDecodeError,
    RetryDetails,
    RetryPolicy,
    Rotation,
    RotationRecord,
    TransportError,
    from_response,
    to_kwargs,
)
from ssm_contacts_sdk._privacy import clear_frames
from ssm_contacts_sdk._resources.resource import Resource
from ssm_contacts_sdk._schema.values import Value, trusted_constructor
from ssm_contacts_sdk.local import (
    Effect,
    LocalService,
    internal_error,
    lost_response,
    raw_response,
    throttle,
    unreachable,
)
from ssm_contacts_sdk.local._handlers import HANDLERS

ECHO = " ".join(PRIVATE)
NOW = datetime(2025, 1, 6, 9, tzinfo=timezone.utc)
EFFECTS: list[Effect] = [
    throttle(),
    internal_error(),
    lost_response(),
    unreachable(),
    raw_response(200, ECHO.encode()),
    raw_response(403, ECHO.encode()),
    raw_response(502, ECHO.encode()),
    raw_response(502, b"<html>" + ECHO.encode()),
]


def calls(client: ContactsClient) -> Iterator[tuple[set[str], Callable[[], object]]]:
    """Return calls that send private values."""
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
def test_no_failure_shows_what_was_sent(
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
def test_no_error_response_shows_what_it_repeats(
    service: LocalService, client: ContactsClient, code: str
) -> None:
    for private, act in list(calls(client)):
        message = f"Value '{' and '.join(private)}' at 'x'"
        fields = [{"Name": "x", "Message": message}]
        members = {"Reason": "OTHER", "Fields": fields} if code == "ValidationException" else {}
        service.faults.add(any_error(code, message, members), times=None)
        with pytest.raises(ContactsError) as caught:
            act()
        error: Any = caught.value
        assert error.message == f"Value '{' and '.join(['[redacted]'] * len(private))}' at 'x'"
        assert [field.message for field in getattr(error, "fields", ())] in ([], [error.message])
        # The response itself is not redacted.
        assert message in error.response["Error"]["Message"]
        service.faults.clear()


WRONG: list[Callable[[], object]] = [
    lambda: Channel.sms(PHONE, EMAIL),
    lambda: Channel.voice("x" * 300, PHONE + "x"),
    lambda: Channel.email(EMAIL, PHONE),
    lambda: Contact(alias=EMAIL, display_name=PHONE, type=ContactType.PERSONAL),
    lambda: Contact(alias=PHONE, type=PHONE),  # type: ignore[arg-type]
]


@pytest.mark.parametrize("build", WRONG)
def test_no_rejected_value_is_shown(build: Callable[[], object]) -> None:
    with pytest.raises(InvalidValueError):
        build()


def test_no_rejected_argument_is_shown(client: ContactsClient) -> None:
    channel = channel_arn("akuam")
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


# Every method with private arguments, and its private values.
SENDING: dict[str, tuple[set[str], Callable[[ContactsClient, Account], object]]] = {
    "channels.create": (
        {PHONE, TOKEN},
        lambda client, account: client.channels.create(
            account.akua, Channel.sms("x", PHONE), idempotency_token=TOKEN
        ),
    ),
    "channels.update": (
        {PHONE},
        lambda client, account: client.channels.update(account.sms, delivery_address=PHONE),
    ),
    "channels.activate": (
        {CODE},
        lambda client, account: client.channels.activate(account.sms, CODE),
    ),
    "contacts.create": (
        {TOKEN},
        lambda client, _: client.contacts.create(
            Contact(alias="bob", type=ContactType.PERSONAL), idempotency_token=TOKEN
        ),
    ),
    "rotations.create": (
        {TOKEN},
        lambda client, account: client.rotations.create(account.rotation, idempotency_token=TOKEN),
    ),
    "overrides.create": (
        {TOKEN},
        lambda client, account: client.overrides.create(
            account.rotation.arn,
            Override(
                new_contact_ids=[account.akua],
                start_time=NOW + timedelta(days=1),
                end_time=NOW + timedelta(days=2),
            ),
            idempotency_token=TOKEN,
        ),
    ),
    "engagements.start": (
        {PHONE, EMAIL, SUBJECT, CODE, TOKEN},
        lambda client, account: client.engagements.start(
            account.akua,
            sender="cli",
            subject=SUBJECT,
            content=PHONE,
            public_subject=EMAIL,
            public_content=CODE,
            idempotency_token=TOKEN,
        ),
    ),
    "engagements.stop": (
        {SUBJECT},
        lambda client, account: client.engagements.stop(account.engagement, reason=SUBJECT),
    ),
    "pages.accept": (
        {CODE, SUBJECT},
        lambda client, account: client.pages.accept(account.page, CODE, note=SUBJECT),
    ),
    "call": (
        {PHONE, TOKEN},
        lambda client, account: client.call(
            "create_contact_channel",
            ContactId=account.akua.arn,
            Name="x",
            Type="SMS",
            DeliveryAddress={"SimpleAddress": PHONE},
            IdempotencyToken=TOKEN,
        ),
    ),
}
# Responses contain private values too. These responses cannot be read.
READING: dict[str, Callable[[ContactsClient, Account], object]] = {
    "channels.get": lambda client, account: client.channels.get(account.sms),
    "channels.list": lambda client, account: list(client.channels.list(account.akua)),
    "engagements.describe": lambda client, account: client.engagements.describe(account.engagement),
    "pages.describe": lambda client, account: client.pages.describe(account.page),
    "pages.receipts": lambda client, account: list(client.pages.receipts(account.page)),
    "engagements.follow": lambda client, account: list(
        client.engagements.follow(account.engagement)
    ),
}


@frozen
class Account:
    """The resources of the calls."""

    akua: ContactRecord
    sms: ChannelRecord
    rotation: RotationRecord
    engagement: str
    page: str


@pytest.fixture
def account(client: ContactsClient) -> Account:
    akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
    rotation = Rotation(
        name="web",
        contact_ids=[akua],
        start_time=NOW,
        time_zone_id="UTC",
        recurrence=Recurrence.daily("09:00"),
    )
    return Account(
        akua=akua,
        sms=client.channels.create(akua, Channel.sms("sms", OTHER_PHONE)),
        rotation=client.rotations.create(rotation),
        engagement=engagement_arn("akuam", "0001"),
        page=page_arn("akuam", "0001"),
    )


def test_every_method_with_private_arguments_is_tested() -> None:
    private = {
        "accept_code",
        "code",
        "content",
        "delivery_address",
        "idempotency_token",
        "note",
        "public_content",
        "public_subject",
        "reason",
        "subject",
    }
    with_private_arguments = {
        f"{resource}.{name}"
        for resource in ("channels", "contacts", "engagements", "overrides", "pages", "rotations")
        for name, method in getmembers(getattr(ContactsClient.local(), resource), ismethod)
        if not name.startswith("_") and private & signature(method).parameters.keys()
    }
    assert {*with_private_arguments, "call"} == SENDING.keys()


def recorded_by(act: Callable[[], object]) -> BaseException:
    """Return the error that `act` raises, after a check of the variables in its frames."""
    try:
        act()
    except BaseException as error:  # noqa: BLE001 - also one that ends the program
        caught = error
    else:
        pytest.fail("nothing was raised")
    assert private_values_in(*recorded_of(caught)) == []
    return caught


@pytest.mark.parametrize("name", SENDING)
@pytest.mark.parametrize("effect", EFFECTS, ids=lambda effect: type(effect).__name__)
def test_no_frame_of_a_failed_call_has_private_variables(
    service: LocalService, client: ContactsClient, account: Account, effect: Effect, name: str
) -> None:
    service.faults.add(effect, times=None)
    assert isinstance(recorded_by(lambda: SENDING[name][1](client, account)), ContactsError)


@pytest.mark.parametrize("name", SENDING)
@pytest.mark.parametrize(
    "code", ["ValidationException", "ConflictException", "ExpiredTokenException", "NewException"]
)
def test_no_frame_of_a_rejected_call_has_private_variables(
    service: LocalService, client: ContactsClient, account: Account, code: str, name: str
) -> None:
    private, act = SENDING[name]
    echo = " and ".join(private)
    members = {"ResourceId": echo} if code == "ConflictException" else {}
    service.faults.add(any_error(code, echo, members), times=None)
    assert isinstance(recorded_by(lambda: act(client, account)), ContactsError)


def replace_handlers(monkeypatch: pytest.MonkeyPatch, handler: Callable[..., object]) -> None:
    """Replace all operations of the embedded service."""
    monkeypatch.setattr("ssm_contacts_sdk.local._core.HANDLERS", dict.fromkeys(HANDLERS, handler))


@pytest.mark.parametrize("name", ["channels.create", "engagements.start", "contacts.create"])
def test_no_frame_that_reads_a_response_has_variables_of_the_request(
    client: ContactsClient, account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def echo(_: object, request: object) -> dict[str, object]:
        return {"Echo": request}

    replace_handlers(monkeypatch, echo)
    error = recorded_by(lambda: SENDING[name][1](client, account))
    assert isinstance(error, ResponseDecodeError)
    assert error.path is not None


@pytest.mark.parametrize("name", READING)
def test_no_frame_that_reads_a_response_has_its_private_values(
    client: ContactsClient, account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = {"DeliveryAddress": {"SimpleAddress": PHONE}, "Subject": SUBJECT, "ReceiptInfo": CODE}
    lists = {name: [item] for name in ("ContactChannels", "Receipts", "Pages")}
    replace_handlers(monkeypatch, lambda *_: {**item, **lists})
    error = recorded_by(lambda: READING[name](client, account))
    assert isinstance(error, ResponseDecodeError)
    assert error.path is not None


@pytest.mark.parametrize("name", SENDING)
def test_no_frame_of_an_error_in_the_embedded_service_has_private_variables(
    client: ContactsClient, account: Account, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: object, request: object) -> NoReturn:
        raise KeyError(request)

    replace_handlers(monkeypatch, fail)
    assert isinstance(recorded_by(lambda: SENDING[name][1](client, account)), InternalServerError)


@pytest.mark.parametrize("name", SENDING)
def test_no_frame_below_an_error_of_other_code_has_private_variables(
    service: LocalService, client: ContactsClient, account: Account, name: str
) -> None:
    def on_retry(_: RetryDetails) -> None:
        raise KeyError

    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    def handler(**_: object) -> None:
        raise OverflowError

    service.faults.add(throttle(), times=None)
    for other, kind in (
        (client.with_options(retry=RetryPolicy(on_retry=on_retry)), KeyError),
        (
            client.with_options(clock=ChangedClock(service.clock, sleep=interrupt)),
            KeyboardInterrupt,
        ),
    ):
        error = recorded_by(lambda other=other: SENDING[name][1](other, account))  # type: ignore[misc]
        assert type(error) is kind
    client.boto3_client.meta.events.register("before-parameter-build.ssm-contacts", handler)
    assert type(recorded_by(lambda: SENDING[name][1](client, account))) is OverflowError


def wrong_calls(function: Callable[..., object]) -> Iterator[Callable[[], object]]:
    """Yield calls with an address as an argument: as every one, then as one more at a time."""
    taken = signature(function).parameters.values()
    named = [each for each in taken if each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)]
    needed = {each.name: EMAIL for each in named if each.default is each.empty}
    for given in [needed, *({**needed, each.name: EMAIL} for each in named)]:
        yield lambda given=given: function(**given)  # type: ignore[misc]
    yield lambda: function(*[EMAIL] * (len(named) + 1))
    yield lambda: function(**{**needed, "nonsense": EMAIL})


@pytest.mark.parametrize("name", SENDING)
def test_no_running_frame_has_private_variables_during_a_wait(
    service: LocalService, client: ContactsClient, account: Account, name: str
) -> None:
    shown: list[str] = []

    def report(retry: RetryDetails) -> None:
        # A reporter that is called here records the error so far, and the running frames.
        shown.extend(recorded_of(retry.cause))
        frame: FrameType | None = currentframe()
        while frame is not None:
            shown.extend(recorded_in(frame))
            frame = frame.f_back

    private, act = SENDING[name]
    members = ("ContactArn", "ContactChannelArn", "EngagementArn", "RotationArn")
    echo = json.dumps(dict.fromkeys((*members, "RotationOverrideId"), " ".join(private))).encode()
    reporting = client.with_options(retry=RetryPolicy(on_retry=report))
    for effect in (throttle(), unreachable(), internal_error(), raw_response(200, echo)):
        service.faults.add(effect, times=None)
        with pytest.raises(ContactsError):
            act(reporting, account)
        service.faults.clear()
    assert shown
    assert private_values_in(*shown) == []


def test_frames_of_boto3_have_no_private_variables(
    service: LocalService, client: ContactsClient, account: Account
) -> None:
    def report(retry: RetryDetails) -> None:
        shown.extend(recorded_everywhere(retry.cause))

    shown: list[str] = []
    service.faults.add(unreachable(), times=None)
    reporting = client.with_options(retry=RetryPolicy(on_retry=report))
    with pytest.raises(TransportError) as caught:
        reporting.channels.activate(account.sms, CODE)
    shown.extend(recorded_everywhere(caught.value.__cause__))
    assert shown
    assert private_values_in(*shown) == []


def recorded_everywhere(error: BaseException | None) -> Iterator[str]:
    for each in chain_of(error):
        for frame, _ in walk_tb(each.__traceback__):
            for value in frame.f_locals.values():
                yield from serialized(value)


def functions_of(thing: object) -> list[Callable[..., object]]:
    methods = getmembers(thing, lambda member: isfunction(member) or ismethod(member))
    return [method for name, method in methods if not name.startswith("_")]


def wrongly_used() -> list[Callable[..., object]]:
    """Return everything that accepts private values: methods, values, builders and functions."""
    service = LocalService()
    client = service.client()
    resources = [each for _, each in getmembers(client, lambda each: isinstance(each, Resource))]
    assert len(resources) == 7
    values = [
        kind
        for name in ssm_contacts_sdk.__all__
        if isinstance(kind := getattr(ssm_contacts_sdk, name), type) and issubclass(kind, Value)
    ]
    builders = [
        Plan.engagement(),
        Plan.engagement().stage(minutes=1),
        Plan.escalation(),
        Plan.escalation().stage(minutes=1),
    ]
    owners = (client, *resources, *builders)
    found = [function for each in owners for function in functions_of(each)]
    found += [Channel.sms, Channel.voice, Channel.email, Plan.on_call, ContactPolicy.sharing]
    found += [Recurrence.daily, Recurrence.weekly, Recurrence.monthly]
    found += [service.reply, service.code_for, service.load_resources, service.restore]
    found += [*values, to_kwargs, from_response]
    return [each for each in found if signature(each).parameters]


@pytest.mark.parametrize("function", wrongly_used(), ids=lambda function: function.__qualname__)
def test_no_frame_has_a_rejected_argument(function: Callable[..., object]) -> None:
    raised: list[Exception] = []
    for act in wrong_calls(function):
        try:
            act()
        except Exception as error:  # noqa: BLE001 - whatever it is
            raised.append(error)
    assert raised
    assert private_values_in(*(text for error in raised for text in recorded_of(error))) == []


def shown_fields() -> Iterator[tuple[str, str]]:
    """Yield the fields of all attrs classes of the package that a `repr` shows."""
    for module in walk_packages(ssm_contacts_sdk.__path__, "ssm_contacts_sdk."):
        if not module.name.endswith("__main__"):
            for kind in vars(import_module(module.name)).values():
                if isinstance(kind, type) and attrs.has(kind):
                    shown = (field.name for field in attrs.fields(kind) if field.repr is True)
                    yield from ((kind.__name__, name.lstrip("_")) for name in shown)


def test_no_repr_shows_a_field_that_may_be_private() -> None:
    private = {
        "address",
        "body",
        "content",
        "delivery_address",
        "info",
        "kwargs",
        "members",
        "note",
        "public_content",
        "public_subject",
        "sent",
        "subject",
        "token",
    }
    shown = set(shown_fields())
    assert ("Channel", "name") in shown
    # Names of people, times of pages and ids of calendar events are not private.
    harmless = {
        ("RotationCalendar", "members"),
        ("OverrideSegment", "members"),
        ("Page", "sent"),
        ("_Event", "subject"),
    }
    assert {each for each in shown if each[1] in private} == harmless


def test_frames_of_an_undecorated_function_have_its_variables(client: ContactsClient) -> None:
    # Otherwise the tests above could pass for another reason.
    bare: Any = type(client.channels).activate
    with pytest.raises(InvalidValueError) as caught:
        bare.__wrapped__(client.channels, EMAIL, CODE)
    assert private_values_in(*recorded_of(caught.value)) == [EMAIL, CODE]
    tests_own, below = caught.tb, caught.tb.tb_next
    clear_frames(caught.value.with_traceback(below))
    assert private_values_in(*recorded_of(caught.value.with_traceback(tests_own))) == []


def test_no_frame_of_cattrs_has_variables() -> None:
    with pytest.raises(ValueError, match="invalid literal") as caught:
        Converter(detailed_validation=False).structure([EMAIL], list[int])
    below = caught.tb.tb_next
    assert any(EMAIL in str(frame.f_locals) for frame, _ in walk_tb(below))
    clear_frames(caught.value.with_traceback(below))
    assert not any(frame.f_locals for frame, _ in walk_tb(below))


def test_no_frame_of_generated_code_has_private_variables() -> None:
    # Only a value that was never checked fails at this point.
    unfit = trusted_constructor(Channel)(name=EMAIL, type=7, delivery_address=PHONE)
    with pytest.raises(AttributeError) as caught:
        to_kwargs(unfit)
    assert private_values_in(*recorded_of(caught.value)) == []


class Evil(str):
    """A str that fails in the middle of a check."""

    __slots__ = ()

    def __len__(self) -> int:
        raise OverflowError


def test_no_frame_of_an_interrupted_check_has_private_variables() -> None:
    with pytest.raises(OverflowError) as caught:
        Channel.sms(Evil(EMAIL), PHONE)
    assert private_values_in(*recorded_of(caught.value)) == []


def test_frames_of_the_caller_are_not_cleared(
    service: LocalService, client: ContactsClient
) -> None:
    def on_retry(_: RetryDetails) -> None:
        clue = 7
        raise KeyError(clue)

    service.faults.add(throttle(), times=None)
    raising = client.with_options(retry=RetryPolicy(on_retry=on_retry))
    with pytest.raises(KeyError) as caught:
        list(raising.contacts.list())
    frames = [frame for frame, _ in walk_tb(caught.value.__traceback__)]
    clues = [frame.f_locals for frame in frames if frame.f_code is on_retry.__code__]
    assert [each["clue"] for each in clues] == [7]


def test_frames_below_a_function_of_the_caller_are_not_cleared(
    service: LocalService, client: ContactsClient
) -> None:
    def on_retry(_: RetryDetails) -> None:
        json.loads("[no JSON")

    service.faults.add(throttle(), times=None)
    raising = client.with_options(retry=RetryPolicy(on_retry=on_retry))
    with pytest.raises(json.JSONDecodeError) as caught:
        list(raising.contacts.list())
    frames = [frame for frame, _ in walk_tb(caught.value.__traceback__)]
    assert frames[-1].f_locals["s"] == "[no JSON"


class Waiting:
    """A generator of a library that is suspended in the handling of an error."""

    def __init__(self) -> None:
        self.error = KeyError()

        def numbers() -> Iterator[int]:
            try:
                raise self.error
            except KeyError:
                yield 1
            yield 2

        # Its module has the name of a library.
        library = {**globals(), "__name__": "json"}
        code, closure = numbers.__code__, numbers.__closure__
        self.numbers: Iterator[int] = FunctionType(code, library, None, None, closure)()
        assert next(self.numbers) == 1


def test_a_generator_that_is_suspended_in_an_older_error_continues(client: ContactsClient) -> None:
    waiting = Waiting()
    try:
        raise waiting.error
    except KeyError:
        with pytest.raises(InvalidValueError):
            client.contacts.get(PHONE)
    assert next(waiting.numbers) == 2


@pytest.mark.parametrize("how", ["itself", "its cause", "its context"])
def test_a_generator_continues_whose_error_a_function_of_the_caller_raises_again(
    service: LocalService, client: ContactsClient, how: str
) -> None:
    waiting = Waiting()

    def on_retry(_: RetryDetails) -> None:
        if how == "itself":
            raise waiting.error
        error = LookupError()
        if how == "its cause":
            raise error from waiting.error
        error.__context__ = waiting.error
        raise error

    service.faults.add(throttle(), times=None)
    raising = client.with_options(retry=RetryPolicy(on_retry=on_retry))
    with pytest.raises(LookupError):
        list(raising.contacts.list())
    assert next(waiting.numbers) == 2


def test_no_frame_of_this_package_has_the_body_of_a_connected_boto3_client(
    service: LocalService,
) -> None:
    plain: Any = service.boto3_client()
    service.faults.add(lost_response(), times=None)
    with pytest.raises(ReadTimeoutError) as caught:
        plain.create_contact_channel(
            ContactId=contact_arn("akuam"),
            Name="x",
            Type="SMS",
            DeliveryAddress={"SimpleAddress": PHONE},
        )
    assert private_values_in(*recorded_of(caught.value)) == []


# The values are calculated, so that no line of this source contains one.
FAILING = """
import pytest
import ssm_contacts_sdk
from ssm_contacts_sdk import Channel, Contact, ContactType, RetryPolicy
from ssm_contacts_sdk.local import lost_response, throttle, unreachable

HIDDEN = {hidden}
CHANNEL, CONTACT, PAGE = {arns}


def private(name):
    return bytes.fromhex(HIDDEN[name]).decode()


def test_a_value():
    Channel.sms("sms", private("PHONE") + "x")


def test_a_constructor():
    Channel(name=private("EMAIL"), type="SMS", delivery_address=private("PHONE"))


def test_what_is_not_there(contacts_client):
    contacts_client.channels.create(
        CONTACT, Channel.sms("sms", private("PHONE")), idempotency_token=private("TOKEN")
    )


def test_a_code(contacts_client):
    contacts_client.channels.activate(CHANNEL, private("CODE"))


def test_a_text(contacts_client):
    contacts_client.engagements.start(
        CONTACT, sender="cli", subject=private("SUBJECT"), content=private("PHONE")
    )


def test_a_note(contacts_client):
    contacts_client.pages.accept(PAGE, private("CODE"), note=private("SUBJECT"))


@pytest.mark.parametrize("effect", [throttle, lost_response, unreachable])
def test_a_call_in_boto3s_terms(contacts_client, contacts_service, effect):
    contacts_service.faults.add(effect(), times=None)
    contacts_client.call(
        "create_contact_channel",
        ContactId=CONTACT,
        Name="sms",
        Type="SMS",
        DeliveryAddress=dict(SimpleAddress=private("PHONE")),
    )


def test_a_call_that_botocore_refuses(contacts_client):
    contacts_client.call("activate_contact_channel", ActivationCode=[private("CODE")])


def test_an_argument_without_a_place(contacts_client):
    contacts_client.contacts.get(private("EMAIL"))


def test_somebody_elses_error(contacts_client, contacts_service):
    def on_retry(retry):
        raise KeyError

    contacts_service.faults.add(throttle(), times=None)
    client = contacts_client.with_options(retry=RetryPolicy(on_retry=on_retry))
    client.channels.update(CHANNEL, delivery_address=private("PHONE"))
"""


# What pytest shows by default, and the most that it shows: all frames with their variables.
@pytest.mark.parametrize("options", [["--tb=auto"], ["--tb=long", "-l"]], ids=" ".join)
def test_pytest_shows_nothing_private_of_a_failed_test(tmp_path: Path, options: list[str]) -> None:
    # Other values than in the docstrings, which pytest shows.
    values = {
        "PHONE": phone_number(178),
        "EMAIL": email_address("kofi.mansa"),
        "CODE": "577215",
        "TOKEN": "token-of-this-test",
        "SUBJECT": "the moon is on fire",
    }
    hidden = {name: value.encode().hex() for name, value in values.items()}
    arns = (channel_arn("akuam"), contact_arn("akuam"), page_arn("akuam"))
    code = FAILING.replace("{hidden}", repr(hidden)).replace("{arns}", repr(arns))
    (tmp_path / "test_failing.py").write_text(code)
    done = subprocess.run(  # noqa: S603 - our own test
        [sys.executable, "-m", "pytest", *options, "--rootdir", str(tmp_path), str(tmp_path)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTEST_ADDOPTS": "-p no:cacheprovider -p no:hypothesispytest"},
    )
    assert "12 failed" in done.stdout.splitlines()[-1]
    assert [value for value in values.values() if value in done.stdout + done.stderr] == []
    # The frame of the decorator is not shown either.
    assert "privacy.py" not in done.stdout


GUARDED = """
from sentinels import PHONE
from ssm_contacts_sdk import ContactsClient, ContactsError
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

def test_a_frame():
    client = ContactsClient.local()
    try:
        type(client.channels).activate.__wrapped__(client.channels, PHONE, "x")
    except ContactsError:
        pass

def test_nothing():
    ContactsError("x")
"""


def test_the_guard_of_this_suite_fails_a_test_that_shows_private_values(tmp_path: Path) -> None:
    # Otherwise the tests above could pass for another reason.
    (tmp_path / "test_guarded.py").write_text(GUARDED)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rE", "-p", "privacy_guard", "--rootdir", "."],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    failed = set(re.findall(r"^ERROR \S+::(\w+)", done.stdout, re.MULTILINE))
    assert failed == {"test_an_error", "test_a_text", "test_a_log", "test_a_frame"}
