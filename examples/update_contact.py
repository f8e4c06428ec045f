"""Update a person's plan to three stages with a channel each, as in AWS's update_contact example.

Without arguments it runs on the embedded service. To run it on AWS::

    python examples/update_contact.py --region us-east-2 --contact ARN --channel ARN ARN ARN
"""

from __future__ import annotations

from collections.abc import Sequence

from backend import Backend
from command_line import argument_parser, run

from ssm_contacts_sdk import Plan

ACCOUNT = "arn:aws:ssm-contacts:us-east-2:111122223333"
AKUA = f"{ACCOUNT}:contact/akuam"
SMS = f"{ACCOUNT}:contact-channel/akuam/beb25840-5ac8-4644-95cc-7a8de390fa65"
VOICE = f"{ACCOUNT}:contact-channel/akuam/49f3c24d-5f9f-4638-ae25-3f49e04229ad"
EMAIL = f"{ACCOUNT}:contact-channel/akuam/77d4f447-f619-4954-afff-85551e369c2a"


def main(argv: Sequence[str] | None = None) -> None:
    """Run the example."""
    parser = argument_parser("Update a person's plan to one stage for each channel.")
    parser.add_argument("--contact", metavar="ARN", help="the person (required on AWS)")
    parser.add_argument(
        "--channel", metavar="ARN", nargs="+", help="the channels, in order (required on AWS)"
    )
    chosen = parser.parse_args(argv)
    backend = Backend(chosen)
    if backend.service is not None:
        # AWS's example updates a person who exists already, with these ARNs.
        backend.service.load_resources(*aws_sample())
    contact = backend.argument(chosen.contact, AKUA, "--contact")
    channels = chosen.channel or [
        backend.argument(None, sample, "--channel") for sample in (SMS, VOICE, EMAIL)
    ]

    builder = Plan.engagement()
    for channel in channels:
        builder = builder.stage(minutes=5).channel(channel, retry_minutes=1)
    plan = builder.build()
    backend.before_writing(
        f"replace the plan of {contact} with one of {len(plan.stages)} stages of 5 minutes"
    )
    with backend as client:
        client.contacts.update(contact, plan=plan)
        for stage in client.contacts.get(contact).plan.stages:
            print(stage)


def aws_sample() -> list[dict[str, object]]:
    """Return the person and the channels of AWS's example, in the form of AWS's responses."""
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
    return [akua, *(channel_response(*channel) for channel in channels)]


def channel_response(arn: str, kind: str, name: str, address: str) -> dict[str, object]:
    """Return a channel in the form of a GetContactChannel response."""
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
