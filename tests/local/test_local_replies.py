from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from arns import channel_arn
from rejecting import violations_of
from scenarios import over_at
from sentinels import EMAIL, PHONE, phone_number, private_values_in

from ssm_contacts_sdk import (
    ActivationStatus,
    Channel,
    ChannelRecord,
    Contact,
    ContactRecord,
    ContactsClient,
    ContactType,
    InvalidValueError,
    Plan,
)
from ssm_contacts_sdk.local import LocalService

UNKNOWN_REPLY = [("text", "unknown_choice")]


@pytest.fixture
def akua(client: ContactsClient) -> ContactRecord:
    return client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))


@pytest.fixture
def sms(service: LocalService, client: ContactsClient, akua: ContactRecord) -> ChannelRecord:
    """Return a phone that receives pages by SMS."""
    channel = client.channels.create(akua, Channel.sms("sms", PHONE))
    service.reply(channel, f"START {service.code_for(channel)}")
    plan = Plan.engagement().stage(minutes=5).channel(channel).stage(minutes=5).channel(channel)
    client.contacts.update(akua, plan=plan.build())
    return channel


def status(client: ContactsClient, channel: ChannelRecord) -> ActivationStatus | None:
    return client.channels.get(channel).activation_status


def test_start_with_the_code_activates_and_unsubscribe_deactivates(
    service: LocalService, client: ContactsClient, sms: ChannelRecord
) -> None:
    assert status(client, sms) == ActivationStatus.ACTIVATED
    service.reply(sms, " unsubscribe ")
    assert status(client, sms) == ActivationStatus.NOT_ACTIVATED
    service.reply(sms.arn, f"start {service.code_for(sms)}")
    assert status(client, sms) == ActivationStatus.ACTIVATED
    before = len(codes(service))
    client.channels.send_activation_code(sms)
    assert len(codes(service)) == before + 1


def test_the_code_of_a_page_acknowledges_it(
    service: LocalService, client: ContactsClient, akua: ContactRecord, sms: ChannelRecord
) -> None:
    engagement = client.engagements.start(akua, sender="a", subject="b", content="c")
    service.clock.advance(minutes=1)
    service.reply(sms, service.code_for(sms))
    (page,) = client.pages.list_by_engagement(engagement)
    assert page.read_time == service.clock.now()
    assert over_at(service, engagement) == service.clock.now()
    service.clock.advance(hours=1)
    assert len([message for message in service.outbox if message.kind == "page"]) == 1


@pytest.mark.parametrize("kind", [Channel.sms, Channel.voice])
def test_a_reply_on_the_phone_of_somebody_else_acknowledges_the_page_that_was_sent_to_it(
    service: LocalService,
    client: ContactsClient,
    akua: ContactRecord,
    kind: Callable[[str, str], Channel],
) -> None:
    other = client.contacts.create(Contact(alias="other", type=ContactType.PERSONAL))
    phone = client.channels.create(other, kind("phone", phone_number(198)))
    client.channels.activate(phone, service.code_for(phone))
    plan = Plan.engagement().stage(minutes=5).channel(phone).build()
    client.contacts.update(akua, plan=plan)
    engagement = client.engagements.start(akua, sender="a", subject="b", content="c")
    service.reply(phone, "1" if phone.type == "VOICE" else service.code_for(phone))
    (page,) = client.pages.list_by_engagement(engagement)
    assert (page.contact_arn, page.read_time) == (akua.arn, service.clock.now())
    receipts = client.pages.receipts(page)
    assert {receipt.channel_arn for receipt in receipts} == {phone.arn}


def test_no_page_is_sent_after_unsubscribe(
    service: LocalService, client: ContactsClient, akua: ContactRecord, sms: ChannelRecord
) -> None:
    service.reply(sms, "UNSUBSCRIBE")
    client.engagements.start(akua, sender="a", subject="b", content="c")
    assert [message.kind for message in service.outbox] == ["activation"]


def codes(service: LocalService) -> list[str | None]:
    """Return the activation codes that were sent, the oldest first."""
    return [each.code for each in service.outbox if each.kind == "activation"]


def test_start_allows_messages_again_and_a_code_activates_the_channel(
    service: LocalService, client: ContactsClient, sms: ChannelRecord
) -> None:
    service.reply(sms, "UNSUBSCRIBE")
    before = codes(service)
    client.channels.send_activation_code(sms)
    assert codes(service) == before
    assert "its person has unsubscribed" in service.journal[-1].text
    service.reply(sms, "Start")
    assert status(client, sms) == ActivationStatus.NOT_ACTIVATED
    assert len(codes(service)) == len(before) + 1
    client.channels.activate(sms, service.code_for(sms))
    assert status(client, sms) == ActivationStatus.ACTIVATED
    # The channel is activated already, so no code is sent.
    service.reply(sms, "START")
    assert len(codes(service)) == len(before) + 1


def test_start_sends_the_latest_code_again(
    service: LocalService, client: ContactsClient, sms: ChannelRecord
) -> None:
    before = service.code_for(sms)
    service.reply(sms, "UNSUBSCRIBE")
    service.reply(sms, "START")
    assert service.code_for(sms) == before
    client.channels.activate(sms, before)
    assert status(client, sms) == ActivationStatus.ACTIVATED


def test_start_sends_a_first_code_if_none_was_sent(
    service: LocalService, client: ContactsClient, akua: ContactRecord
) -> None:
    silent = client.channels.create(
        akua, Channel.sms("silent", phone_number(100)), defer_activation=True
    )
    service.reply(silent, "START")
    client.channels.activate(silent, service.code_for(silent))
    assert status(client, silent) == ActivationStatus.ACTIVATED


def test_no_page_is_sent_to_an_activated_channel_after_unsubscribe(
    service: LocalService, client: ContactsClient, akua: ContactRecord, sms: ChannelRecord
) -> None:
    service.reply(sms, "UNSUBSCRIBE")
    client.channels.activate(sms, service.code_for(sms))
    client.engagements.start(akua, sender="a", subject="b", content="c")
    (page,) = client.pages.list_by_contact(akua)
    assert [each.type.value for each in client.pages.receipts(page)] == ["ERROR"]
    service.reply(sms, "START")
    service.clock.advance(minutes=5)
    assert [message.kind for message in service.outbox] == ["activation", "page"]


def test_a_page_that_is_not_sent_after_unsubscribe_is_not_a_failed_delivery(
    service: LocalService, client: ContactsClient, akua: ContactRecord, sms: ChannelRecord
) -> None:
    service.delivery.fail(sms, times=1)
    service.reply(sms, "UNSUBSCRIBE")
    client.channels.activate(sms, service.code_for(sms))
    client.engagements.start(akua, sender="a", subject="b", content="c")
    service.reply(sms, "START")
    # The page of the second stage is the one whose delivery fails.
    service.clock.advance(minutes=5)
    assert [message.kind for message in service.outbox] == ["activation"]


def test_unsubscribe_applies_to_one_channel(
    service: LocalService, client: ContactsClient, sms: ChannelRecord
) -> None:
    service.reply(sms, "UNSUBSCRIBE")
    client.channels.update(sms, delivery_address=phone_number(111))
    client.channels.activate(sms, service.code_for(sms))
    assert status(client, sms) == ActivationStatus.ACTIVATED


def test_a_snapshot_contains_unsubscribe(
    service: LocalService, client: ContactsClient, sms: ChannelRecord
) -> None:
    service.reply(sms, "UNSUBSCRIBE")
    service.restore(service.snapshot())
    before = codes(service)
    client.channels.send_activation_code(sms)
    assert codes(service) == before


@pytest.fixture
def voice(service: LocalService, client: ContactsClient, akua: ContactRecord) -> ChannelRecord:
    """Return a phone that is called when Akua is engaged."""
    channel = client.channels.create(akua, Channel.voice("voice", phone_number(198)))
    client.channels.activate(channel, service.code_for(channel))
    plan = Plan.engagement().stage(minutes=5).channel(channel).stage(minutes=5).channel(channel)
    client.contacts.update(akua, plan=plan.build())
    return channel


def test_the_key_1_acknowledges_a_call(
    service: LocalService, client: ContactsClient, akua: ContactRecord, voice: ChannelRecord
) -> None:
    older, engagement = (
        client.engagements.start(akua, sender="a", subject="b", content="c") for _ in range(2)
    )
    service.reply(voice, " 1 ")
    (page,) = client.pages.list_by_engagement(engagement)
    assert page.read_time == service.clock.now()
    (unread,) = client.pages.list_by_engagement(older)
    assert unread.read_time is None
    read = [each for each in client.pages.receipts(page) if each.type == "READ"]
    assert [each.channel_arn for each in read] == [voice.arn]


@pytest.mark.parametrize("text", ["2", "11", "", "UNSUBSCRIBE", "START", "START {code}", "{code}"])
def test_another_key_has_no_effect(
    service: LocalService,
    client: ContactsClient,
    akua: ContactRecord,
    voice: ChannelRecord,
    text: str,
) -> None:
    client.engagements.start(akua, sender="a", subject="b", content="c")
    with pytest.raises(InvalidValueError) as caught:
        service.reply(voice, text.format(code=service.code_for(voice)))
    assert [(each.path, each.code) for each in caught.value.violations] == UNKNOWN_REPLY
    assert status(client, voice) == ActivationStatus.ACTIVATED
    assert [page.read_time for page in client.pages.list_by_contact(akua)] == [None]
    assert private_values_in(str(caught.value)) == []


def test_without_a_call_the_key_1_has_no_effect(
    service: LocalService, voice: ChannelRecord
) -> None:
    assert violations_of(lambda: service.reply(voice, "1")) == UNKNOWN_REPLY


@pytest.mark.parametrize("text", ["{code}", "1", "START", "START {code}", "UNSUBSCRIBE"])
def test_nobody_can_reply_to_an_e_mail(
    service: LocalService, client: ContactsClient, akua: ContactRecord, text: str
) -> None:
    mail = client.channels.create(akua, Channel.email("mail", EMAIL))
    client.channels.activate(mail, service.code_for(mail))
    plan = Plan.engagement().stage(minutes=5).channel(mail)
    client.contacts.update(akua, plan=plan.build())
    client.engagements.start(akua, sender="a", subject="b", content="c")
    code = service.code_for(mail)
    with pytest.raises(InvalidValueError, match=r"\(got EMAIL\).* client\.pages\.accept"):
        service.reply(mail, text.format(code=code))
    assert status(client, mail) == ActivationStatus.ACTIVATED
    (page,) = client.pages.list_by_contact(akua)
    assert page.read_time is None
    client.pages.accept(page, code)
    assert client.pages.describe(page).read_time == service.clock.now()


@pytest.mark.parametrize("text", ["", "1", "START 1", "START 000000 1", "hello", "000000"])
def test_another_reply_has_no_effect(
    service: LocalService, client: ContactsClient, sms: ChannelRecord, text: str
) -> None:
    with pytest.raises(InvalidValueError) as caught:
        service.reply(sms, text)
    assert [(each.path, each.code) for each in caught.value.violations] == UNKNOWN_REPLY
    assert status(client, sms) == ActivationStatus.ACTIVATED
    assert private_values_in(str(caught.value)) == []


def test_the_code_of_a_page_to_another_phone_has_no_effect(
    service: LocalService, client: ContactsClient, akua: ContactRecord, sms: ChannelRecord
) -> None:
    other = client.channels.create(akua, Channel.sms("other", phone_number(100)))
    client.engagements.start(akua, sender="a", subject="b", content="c")
    code = service.code_for(sms)
    assert violations_of(lambda: service.reply(other, code)) == UNKNOWN_REPLY


def test_the_channel_of_a_reply_must_exist(service: LocalService) -> None:
    arn = channel_arn("akuam")
    expected = [("channel", "missing")]
    assert violations_of(lambda: service.reply(arn, "UNSUBSCRIBE")) == expected


def test_a_reply_must_be_a_str(service: LocalService, sms: ChannelRecord) -> None:
    wrong: Any = 1
    assert violations_of(lambda: service.reply(sms, wrong)) == [("text", "wrong_type")]
