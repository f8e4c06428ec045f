"""Create a person with three channels and an engagement plan.

Without arguments it runs on the embedded service. To run it on AWS::

    python examples/quickstart.py --region us-east-2 --alias akuam --display-name "Akua Mansa"
        --sms +15005550199 --voice +15005550199 --email akua@example.com
"""

from __future__ import annotations

from collections.abc import Sequence

from backend import Backend
from command_line import argument_parser, run

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
    parser = argument_parser("Create a person with three channels and an engagement plan.")
    parser.add_argument(
        "--alias", help="the short name, which is the end of the ARN (required on AWS)"
    )
    parser.add_argument("--display-name", metavar="NAME", help="the full name (required on AWS)")
    parser.add_argument(
        "--sms",
        metavar="PHONE",
        help="the phone number for SMS, such as +15005550199 (required on AWS)",
    )
    parser.add_argument(
        "--voice",
        metavar="PHONE",
        help="the phone number for calls, such as +15005550199 (required on AWS)",
    )
    parser.add_argument("--email", metavar="ADDRESS", help="an e-mail address (required on AWS)")
    chosen = parser.parse_args(argv)
    backend = Backend(chosen)

    # Values are validated when they are created, before any request.
    person = Contact(
        alias=backend.argument(chosen.alias, "akuam", "--alias"),
        display_name=backend.argument(chosen.display_name, "Akua Mansa", "--display-name"),
        type=ContactType.PERSONAL,
    )
    sms = backend.argument(chosen.sms, "+15005550199", "--sms")
    voice = backend.argument(chosen.voice, "+15005550199", "--voice")
    email = backend.argument(chosen.email, "akua@example.com", "--email")
    channels = [
        Channel.sms(f"{person.alias} sms", sms),
        Channel.voice(f"{person.alias} voice", voice),
        Channel.email(f"{person.alias} email", email),
    ]
    backend.before_writing(
        f"create the person {person.alias}",
        "create three channels; the service sends a code to each",
        "activate the channels with the codes",
        "update the person's plan: an SMS, a call after 5 minutes, an e-mail after 10 minutes",
    )

    with backend as client:
        contact = client.contacts.create(person)
        plan = Plan.engagement()
        for channel in channels:
            record = client.channels.create(contact, channel)
            backend.activate(record)
            plan = plan.stage(minutes=5).channel(record, retry_minutes=1)
        client.contacts.update(contact, plan=plan.build())
        show(client, client.contacts.get(contact))


def show(client: ContactsClient, contact: ContactRecord) -> None:
    """Print the person and the plan. It prints no phone numbers and addresses."""
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
