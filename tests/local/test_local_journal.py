from __future__ import annotations

from ssm_contacts_sdk import Channel, Contact, ContactsClient, ContactType, Plan
from ssm_contacts_sdk.local import LocalService


def test_a_message_has_the_alias_of_its_person(
    service: LocalService, client: ContactsClient
) -> None:
    for alias in ("akuam", "contact-channel"):
        person = client.contacts.create(Contact(alias=alias, type=ContactType.PERSONAL))
        email = client.channels.create(person, Channel.email("mail", f"{alias}@example.com"))
        client.channels.activate(email, service.code_for(email))
        plan = Plan.engagement().stage(minutes=0).channel(email).build()
        client.contacts.update(person, plan=plan)
        client.engagements.start(person, sender="me", subject="disk", content="full")
    assert [(message.kind, message.alias) for message in service.outbox] == [
        ("activation", "akuam"),
        ("page", "akuam"),
        ("activation", "contact-channel"),
        ("page", "contact-channel"),
    ]
