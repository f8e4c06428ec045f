from __future__ import annotations

import pytest
from crews import over_at
from sentinels import told_by

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


@pytest.fixture
def akua(client: ContactsClient) -> ContactRecord:
    return client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))


@pytest.fixture
def sms(service: LocalService, client: ContactsClient, akua: ContactRecord) -> ChannelRecord:
    """A telephone to which pages go."""
    channel = client.channels.create(akua, Channel.sms("sms", "+15005550199"))
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
    arrived = len(codes(service))
    client.channels.send_activation_code(sms)
    assert len(codes(service)) == arrived + 1


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


def test_somebody_who_unsubscribes_gets_no_page(
    service: LocalService, client: ContactsClient, akua: ContactRecord, sms: ChannelRecord
) -> None:
    service.reply(sms, "UNSUBSCRIBE")
    client.engagements.start(akua, sender="a", subject="b", content="c")
    assert [message.kind for message in service.outbox] == ["activation"]


def codes(service: LocalService) -> list[str | None]:
    """The activation codes that arrived, the oldest first."""
    return [each.code for each in service.outbox if each.kind == "activation"]


def test_start_alone_lets_messages_through_again_and_a_code_activates_as_usual(
    service: LocalService, client: ContactsClient, sms: ChannelRecord
) -> None:
    service.reply(sms, "UNSUBSCRIBE")
    arrived = codes(service)
    client.channels.send_activation_code(sms)
    assert codes(service) == arrived
    assert "its person has unsubscribed" in service.journal[-1].text
    service.reply(sms, "Start")
    assert status(client, sms) == ActivationStatus.NOT_ACTIVATED
    assert len(codes(service)) == len(arrived) + 1
    client.channels.activate(sms, service.code_for(sms))
    assert status(client, sms) == ActivationStatus.ACTIVATED
    # Nothing to allow, nothing to activate: no code is sent.
    service.reply(sms, "START")
    assert len(codes(service)) == len(arrived) + 1


def test_start_sends_the_last_code_again_and_the_one_on_the_phone_stays_right(
    service: LocalService, client: ContactsClient, sms: ChannelRecord
) -> None:
    before = service.code_for(sms)
    service.reply(sms, "UNSUBSCRIBE")
    service.reply(sms, "START")
    assert service.code_for(sms) == before
    client.channels.activate(sms, before)
    assert status(client, sms) == ActivationStatus.ACTIVATED


def test_start_sends_a_first_code_where_none_was_sent(
    service: LocalService, client: ContactsClient, akua: ContactRecord
) -> None:
    silent = client.channels.create(
        akua, Channel.sms("silent", "+15005550100"), defer_activation=True
    )
    service.reply(silent, "START")
    client.channels.activate(silent, service.code_for(silent))
    assert status(client, silent) == ActivationStatus.ACTIVATED


def test_a_page_to_who_has_unsubscribed_does_not_arrive_though_the_channel_is_activated(
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


def test_another_number_has_not_unsubscribed(
    service: LocalService, client: ContactsClient, sms: ChannelRecord
) -> None:
    service.reply(sms, "UNSUBSCRIBE")
    client.channels.update(sms, delivery_address="+15005550111")
    client.channels.activate(sms, service.code_for(sms))
    assert status(client, sms) == ActivationStatus.ACTIVATED


def test_who_has_unsubscribed_still_has_after_a_snapshot(
    service: LocalService, client: ContactsClient, sms: ChannelRecord
) -> None:
    service.reply(sms, "UNSUBSCRIBE")
    service.restore(service.snapshot())
    arrived = codes(service)
    client.channels.send_activation_code(sms)
    assert codes(service) == arrived


@pytest.fixture
def voice(service: LocalService, client: ContactsClient, akua: ContactRecord) -> ChannelRecord:
    """A phone that rings when Akua is engaged."""
    channel = client.channels.create(akua, Channel.voice("voice", "+15005550198"))
    client.channels.activate(channel, service.code_for(channel))
    plan = Plan.engagement().stage(minutes=5).channel(channel).stage(minutes=5).channel(channel)
    client.contacts.update(akua, plan=plan.build())
    return channel


def test_a_call_is_acknowledged_by_the_key_1(
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
def test_any_other_key_is_refused_and_changes_nothing(
    service: LocalService,
    client: ContactsClient,
    akua: ContactRecord,
    voice: ChannelRecord,
    text: str,
) -> None:
    client.engagements.start(akua, sender="a", subject="b", content="c")
    with pytest.raises(InvalidValueError, match="text must be 1, the key") as caught:
        service.reply(voice, text.format(code=service.code_for(voice)))
    assert status(client, voice) == ActivationStatus.ACTIVATED
    assert [page.read_time for page in client.pages.list_by_contact(akua)] == [None]
    assert told_by(str(caught.value)) == []


def test_a_phone_that_has_not_rung_acknowledges_nothing(
    service: LocalService, voice: ChannelRecord
) -> None:
    with pytest.raises(InvalidValueError, match="the last page to this channel"):
        service.reply(voice, "1")


@pytest.mark.parametrize("text", ["{code}", "1", "START", "START {code}", "UNSUBSCRIBE"])
def test_an_e_mail_cannot_be_answered_and_its_code_is_entered(
    service: LocalService, client: ContactsClient, akua: ContactRecord, text: str
) -> None:
    mail = client.channels.create(akua, Channel.email("mail", "akua@example.com"))
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
def test_any_other_reply_is_refused_and_changes_nothing(
    service: LocalService, client: ContactsClient, sms: ChannelRecord, text: str
) -> None:
    with pytest.raises(InvalidValueError, match="text must be UNSUBSCRIBE") as caught:
        service.reply(sms, text)
    assert status(client, sms) == ActivationStatus.ACTIVATED
    assert told_by(str(caught.value)) == []


def test_the_code_of_a_page_to_another_telephone_is_refused(
    service: LocalService, client: ContactsClient, akua: ContactRecord, sms: ChannelRecord
) -> None:
    other = client.channels.create(akua, Channel.sms("other", "+15005550100"))
    client.engagements.start(akua, sender="a", subject="b", content="c")
    with pytest.raises(InvalidValueError, match="code of a page"):
        service.reply(other, service.code_for(sms))


def test_a_channel_that_is_not_there_is_told(service: LocalService) -> None:
    arn = "arn:aws:ssm-contacts:us-east-2:111122223333:contact-channel/akuam/1"
    with pytest.raises(
        InvalidValueError, match="channel must be the record or ARN of a channel of this service"
    ):
        service.reply(arn, "UNSUBSCRIBE")
