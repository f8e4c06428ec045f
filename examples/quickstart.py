"""Describe a person, create them with three channels, and give them an engagement plan.

Without arguments on the embedded service, with them on AWS::

    python examples/quickstart.py
    python examples/quickstart.py --region us-east-2 --alias akuam --display-name "Akua Mansa"
        --sms +15005550199 --voice +15005550199 --email akua@example.com
"""

from __future__ import annotations

from collections.abc import Sequence

from connecting import Place, arguments, run

from ssm_contacts_sdk import (
    Channel,
    ChannelTarget,
    Contact,
    ContactRecord,
    ContactsClient,
    ContactType,
    Plan,
)


def main(argv: Sequence[str] | None = None) -> None:
    """Run the example."""
    parser = arguments("Create a person with three channels and an engagement plan.")
    parser.add_argument("--alias", help="the short name, which ends the ARN")
    parser.add_argument("--display-name", help="the full name")
    parser.add_argument("--sms", help="a phone number for text messages, such as +15005550199")
    parser.add_argument("--voice", help="a phone number for calls")
    parser.add_argument("--email", help="an e-mail address")
    chosen = parser.parse_args(argv)
    place = Place(chosen)

    # Values check themselves: what is wrong shows here, before anything is sent.
    person = Contact(
        alias=place.argument(chosen.alias, "akuam", "--alias"),
        display_name=place.argument(chosen.display_name, "Akua Mansa", "--display-name"),
        type=ContactType.PERSONAL,
    )
    name = person.alias
    channels = [
        Channel.sms(f"{name} sms", place.argument(chosen.sms, "+15005550199", "--sms")),
        Channel.voice(f"{name} voice", place.argument(chosen.voice, "+15005550199", "--voice")),
        Channel.email(f"{name} email", place.argument(chosen.email, "akua@example.com", "--email")),
    ]
    place.before_writing(
        f"create the person {person.alias}",
        "add three channels; the service sends a code to each",
        "activate them with the codes",
        "give the person a plan: SMS, five minutes later a call, five minutes later e-mail",
    )

    with place as client:
        contact = client.contacts.create(person)
        plan = Plan.engagement()
        for channel in channels:
            record = client.channels.create(contact, channel)
            place.activate(record)
            plan = plan.stage(minutes=5).channel(record, retry_minutes=1)
        client.contacts.update(contact, plan=plan.build())
        show(client, client.contacts.get(contact))


def show(client: ContactsClient, contact: ContactRecord) -> None:
    """Print what the service holds; addresses are nobody's business in a terminal."""
    print(f"{contact.arn}\n{contact.display_name} ({contact.type})")
    channels = {channel.arn: channel for channel in client.channels.list(contact)}
    for number, stage in enumerate(contact.plan.stages, start=1):
        print(f"  stage {number}, {stage.duration_in_minutes} minutes")
        for target in stage.targets:
            if isinstance(target, ChannelTarget):
                channel = channels[target.contact_channel_id]
                retry = target.retry_interval_in_minutes
                print(
                    f"    {channel.type} to {channel.name}, {channel.activation_status}, "
                    f"sent again after {retry} minute if it fails"
                )


if __name__ == "__main__":
    run(main)
