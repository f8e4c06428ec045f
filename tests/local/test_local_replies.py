from __future__ import annotations

import pytest
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


def test_the_code_of_a_page_acknowledges_it(
    service: LocalService, client: ContactsClient, akua: ContactRecord, sms: ChannelRecord
) -> None:
    engagement = client.engagements.start(akua, sender="a", subject="b", content="c")
    service.clock.advance(minutes=1)
    service.reply(sms, service.code_for(sms))
    (page,) = client.pages.list_by_engagement(engagement)
    assert page.read_time == service.clock.now()
    assert client.engagements.describe(engagement).stop_time == service.clock.now()
    service.clock.advance(hours=1)
    assert len([message for message in service.outbox if message.kind == "page"]) == 1


def test_somebody_who_unsubscribes_gets_no_page(
    service: LocalService, client: ContactsClient, akua: ContactRecord, sms: ChannelRecord
) -> None:
    service.reply(sms, "UNSUBSCRIBE")
    client.engagements.start(akua, sender="a", subject="b", content="c")
    assert [message.kind for message in service.outbox] == ["activation"]


@pytest.mark.parametrize("text", ["", "START", "START 1", "START 000000 1", "hello", "000000"])
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
    with pytest.raises(InvalidValueError, match="channel must be one that is there"):
        service.reply(arn, "UNSUBSCRIBE")
