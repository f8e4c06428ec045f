"""The example of AWS's update_contact page: a plan of three stages, with a channel in each.

Without arguments on the embedded service, with them on AWS::

    python examples/update_contact.py
    python examples/update_contact.py --region us-east-2 --contact ARN --channel ARN ARN ARN
"""

from __future__ import annotations

from collections.abc import Sequence

from connecting import Place, arguments, run

from ssm_contacts_sdk import Plan

ACCOUNT = "arn:aws:ssm-contacts:us-east-2:111122223333"
AKUA = f"{ACCOUNT}:contact/akuam"
SMS = f"{ACCOUNT}:contact-channel/akuam/beb25840-5ac8-4644-95cc-7a8de390fa65"
VOICE = f"{ACCOUNT}:contact-channel/akuam/49f3c24d-5f9f-4638-ae25-3f49e04229ad"
EMAIL = f"{ACCOUNT}:contact-channel/akuam/77d4f447-f619-4954-afff-85551e369c2a"


def main(argv: Sequence[str] | None = None) -> None:
    """Run the example."""
    parser = arguments("Give a person a plan of one stage for each of their channels.")
    parser.add_argument("--contact", metavar="ARN", help="whose plan")
    parser.add_argument("--channel", metavar="ARN", nargs="+", help="the channels, in their order")
    chosen = parser.parse_args(argv)
    place = Place(chosen)
    if place.service is not None:
        # The documented person, with the documented ARNs, is already there.
        place.service.load_resources(*documented())
    contact = place.argument(chosen.contact, AKUA, "--contact")
    channels = chosen.channel or [
        place.argument(None, documented_arn, "--channel") for documented_arn in (SMS, VOICE, EMAIL)
    ]

    draft = Plan.engagement()
    for channel in channels:
        draft = draft.stage(minutes=5).channel(channel, retry_minutes=1)
    plan = draft.build()
    place.before_writing(
        f"replace the plan of {contact} by one of {len(plan.stages)} stages of 5 minutes"
    )
    with place as client:
        client.contacts.update(contact, plan=plan)
        for stage in client.contacts.get(contact).plan.stages:
            print(stage)


def documented() -> list[dict[str, object]]:
    """The person and the channels that AWS's page presumes, as the service would tell of them."""
    akua: dict[str, object] = {
        "ContactArn": AKUA,
        "Alias": "akuam",
        "DisplayName": "Akua Mansa",
        "Type": "PERSONAL",
        "Plan": {"Stages": []},
    }
    channels = [
        (SMS, "SMS", "akuas sms", "+15005550199"),
        (VOICE, "VOICE", "akuas voice", "+15005550199"),
        (EMAIL, "EMAIL", "akuas email", "akua@example.com"),
    ]
    return [akua, *(as_read(*channel) for channel in channels)]


def as_read(arn: str, kind: str, name: str, address: str) -> dict[str, object]:
    """A channel of Akua's, as GetContactChannel tells of it."""
    return {
        "ContactArn": AKUA,
        "ContactChannelArn": arn,
        "Name": name,
        "Type": kind,
        "DeliveryAddress": {"SimpleAddress": address},
        "ActivationStatus": "ACTIVATED",
    }


if __name__ == "__main__":
    run(main)
