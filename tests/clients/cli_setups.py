"""The resources that the CLI's examples require, in a service of their account and Region.

Contacts and channels are loaded with the documented ARNs. Engagements, pages and codes cannot be
loaded. The set-up creates them, and `Setup.substitutes` maps the documented values to real ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from attrs import field, frozen
from clients.cli_examples import Example
from sentinels import phone_number

from ssm_contacts_sdk.local import LocalService

if TYPE_CHECKING:
    from mypy_boto3_ssm_contacts import SSMContactsClient

# The texts in the examples of start-engagement.
TEXT: Mapping[str, str] = MappingProxyType(
    {
        "Subject": "cli-test",
        "Content": "Testing engagements via CLI",
        "PublicSubject": "cli-test",
        "PublicContent": "Testing engagements va CLI",
    }
)

CHANNEL_ID = "fc7405c4-46b2-48b7-87b2-93e2f225b90d"
"""The id of the channel in AWS's examples."""


@frozen
class Misprint:
    """An output with mistakes in AWS's documentation, and their corrections."""

    reason: str
    wrong: Sequence[tuple[str, str]]

    def corrected(self, printed: str) -> str:
        """Return the corrected output; it must still contain the mistakes."""
        for wrong, right in self.wrong:
            assert printed.count(wrong) == 1, "the misprint does not exist any more"
            printed = printed.replace(wrong, right)
        return printed


MISPRINTS: Mapping[str, Misprint] = MappingProxyType(
    {
        "list-contact-channels": Misprint(
            "The object has a list without a name, so it is not JSON. Its first channel has no "
            "ContactChannelArn, which AWS's model requires.",
            [
                ("{\n    [", '{\n    "ContactChannels": ['),
                (
                    '        {\n            "ContactArn"',
                    "        {\n"
                    '            "ContactChannelArn": "arn:aws:ssm-contacts:us-east-2:111122223333:'
                    'contact-channel/akuam/eb7e9a6f-2b4d-4d4c-9f3a-0b0a4a0f6f77",\n'
                    '            "ContactArn"',
                ),
            ],
        )
    }
)


def documented(example: Example) -> Any:
    """Return the corrected output of an example; None if it has none."""
    misprint = MISPRINTS.get(example.name)
    if misprint is not None:
        example = Example(example.name, example.command, misprint.corrected(example.printed))
    return example.output if example.printed else None


@frozen
class Setup:
    """A service with the resources that an example requires."""

    service: LocalService
    aws: SSMContactsClient
    substitutes: dict[str, str] = field(factory=dict[str, str], init=False)
    """The real values, by the values in the example."""

    def contact(self, arn: str, *channel_arns: str, kind: str = "PERSONAL") -> None:
        """Load a contact with a stage of five minutes that has these channels."""
        targets = [{"ChannelTargetInfo": {"ContactChannelId": each}} for each in channel_arns]
        plan = {"Stages": [{"DurationInMinutes": 5, "Targets": targets}]}
        alias = arn.rpartition("/")[2]
        self.service.load_resources({"ContactArn": arn, "Alias": alias, "Type": kind, "Plan": plan})

    def channel(self, arn: str) -> None:
        """Load an activated channel of a contact that exists."""
        self.service.load_resources(
            {
                "ContactChannelArn": arn,
                "ContactArn": owner_of(arn),
                "Name": "a channel",
                "Type": "SMS",
                "DeliveryAddress": {"SimpleAddress": phone_number(100)},
                "ActivationStatus": "ACTIVATED",
            }
        )

    def engagement(self, contact_arn: str) -> str:
        """Start an engagement, and return its ARN."""
        started = self.aws.start_engagement(ContactId=contact_arn, Sender="cli", **TEXT)
        return started["EngagementArn"]

    def page(self, contact_arn: str) -> tuple[str, str]:
        """Load a contact, page it, and return the ARN and the code of the page."""
        channel_arn = f"{contact_arn.replace(':contact/', ':contact-channel/')}/{CHANNEL_ID}"
        self.contact(contact_arn, channel_arn)
        self.channel(channel_arn)
        self.engagement(contact_arn)
        (message,) = self.service.outbox
        assert message.page_arn is not None
        assert message.code is not None
        return message.page_arn, message.code

    def read_page(self, contact_arn: str, code: str | None = None) -> str:
        """Page a contact, acknowledge the page, and return its ARN."""
        page_arn, sent = self.page(contact_arn)
        if code is not None:
            self.substitutes[code] = sent
        self.aws.accept_page(PageId=page_arn, AcceptType="READ", AcceptCode=sent)
        return page_arn


def owner_of(arn: str) -> str:
    """Return the ARN of the contact of a channel, an engagement or a page."""
    place, _, rest = arn.rpartition(":")
    return f"{place}:contact/{rest.split('/')[1]}"


def nothing(setup: Setup, example: Example) -> None:
    pass


def the_contact(setup: Setup, example: Example) -> None:
    option = "--resource-arn" if "--resource-arn" in example.command else "--contact-id"
    setup.contact(example.option(option))


def the_contact_to_share(setup: Setup, example: Example) -> None:
    setup.contact(example.option("--contact-arn"))


def a_tagged_contact(setup: Setup, example: Example) -> None:
    the_contact(setup, example)
    tags: Any = [{"Key": "group1", "Value": "1"}]
    setup.aws.tag_resource(ResourceARN=example.option("--resource-arn"), Tags=tags)


def a_shared_contact(setup: Setup, example: Example) -> None:
    the_contact_to_share(setup, example)
    setup.aws.put_contact_policy(**documented(example))


def the_channel(setup: Setup, example: Example) -> None:
    arn = example.option("--contact-channel-id")
    setup.contact(owner_of(arn))
    setup.channel(arn)


def a_channel_that_was_sent_a_code(setup: Setup, example: Example) -> None:
    the_channel(setup, example)
    arn = example.option("--contact-channel-id")
    setup.aws.send_activation_code(ContactChannelId=arn)
    setup.substitutes[example.option("--activation-code")] = setup.service.code_for(arn)


def its_output(setup: Setup, example: Example) -> None:
    response = documented(example)
    if "ContactChannelArn" in response:
        setup.contact(response["ContactArn"])
    setup.service.load_resources(response)


def contacts_of_its_output(setup: Setup, example: Example) -> None:
    plan: dict[str, object] = {}
    setup.service.load_resources(
        *({**each, "Plan": plan} for each in documented(example)["Contacts"])
    )


def channels_of_its_output(setup: Setup, example: Example) -> None:
    the_contact(setup, example)
    setup.service.load_resources(*documented(example)["ContactChannels"])


def an_engagement(setup: Setup, example: Example) -> None:
    arn = example.option("--engagement-id")
    setup.contact(owner_of(arn), kind="ESCALATION")
    setup.substitutes[arn] = setup.engagement(owner_of(arn))


def engagements_of_its_output(setup: Setup, example: Example) -> None:
    # The newest engagement comes first in the output.
    for each in reversed(documented(example)["Engagements"]):
        setup.contact(each["ContactArn"])
        setup.engagement(each["ContactArn"])


def a_page(setup: Setup, example: Example) -> None:
    arn = example.option("--page-id")
    setup.substitutes[arn], setup.substitutes[example.option("--accept-code")] = setup.page(
        owner_of(arn)
    )


def a_read_page(setup: Setup, example: Example) -> None:
    arn = example.option("--page-id")
    setup.substitutes[arn] = setup.read_page(owner_of(arn))


def a_page_that_was_read_with_a_code(setup: Setup, example: Example) -> None:
    arn = example.option("--page-id")
    code = documented(example)["Receipts"][0]["ReceiptInfo"]
    setup.substitutes[arn] = setup.read_page(owner_of(arn), code)


def a_contact_that_has_read_a_page(setup: Setup, example: Example) -> None:
    setup.read_page(example.option("--contact-id"))


def an_engagement_with_a_page(setup: Setup, example: Example) -> None:
    arn = example.option("--engagement-id")
    page_arn, _ = setup.page(owner_of(arn))
    setup.substitutes[arn] = setup.aws.describe_page(PageId=page_arn)["EngagementArn"]


SETUPS: Mapping[str, Callable[[Setup, Example], None]] = MappingProxyType(
    {
        "accept-page": a_page,
        "activate-contact-channel": a_channel_that_was_sent_a_code,
        "command-name": the_contact,
        "create-contact": nothing,
        "create-contact-channel": the_contact,
        "deactivate-contact-channel": the_channel,
        "delete-contact": the_contact,
        "delete-contact-channel": the_channel,
        "describe-engagement": an_engagement,
        "describe-page": a_read_page,
        "get-contact": its_output,
        "get-contact-2": its_output,
        "get-contact-channel": its_output,
        "get-contact-policy": a_shared_contact,
        "list-contact-channels": channels_of_its_output,
        "list-contacts": contacts_of_its_output,
        "list-engagements": engagements_of_its_output,
        "list-page-receipts": a_page_that_was_read_with_a_code,
        "list-pages-by-contact": a_contact_that_has_read_a_page,
        "list-pages-by-engagement": an_engagement_with_a_page,
        "list-tags-for-resource": a_tagged_contact,
        "put-contact-policy": the_contact_to_share,
        "send-activation-code": the_channel,
        "start-engagement": the_contact,
        "start-engagement-2": the_contact,
        "stop-engagement": an_engagement,
        "tag-resource": the_contact,
        "untag-resource": a_tagged_contact,
        "update-contact": the_contact,
        "update-contact-channel": the_channel,
    }
)
