"""What the CLI's examples presume, put into a service in the account and Region that they name.

Contacts and channels are filled in under the documented ARNs. Engagements and pages cannot be, and
codes are drawn: these are made, and what the example calls them stands for them. `World.meant` is
the whole of that mapping.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from attrs import field, frozen
from clients.cli_examples import Example

from ssm_contacts_sdk.local import LocalService

if TYPE_CHECKING:
    from mypy_boto3_ssm_contacts import SSMContactsClient

# As the examples of start-engagement have it.
TEXT: Mapping[str, str] = MappingProxyType(
    {
        "Subject": "cli-test",
        "Content": "Testing engagements via CLI",
        "PublicSubject": "cli-test",
        "PublicContent": "Testing engagements va CLI",
    }
)

CHANNEL_ID = "fc7405c4-46b2-48b7-87b2-93e2f225b90d"
"""That of the channel in AWS's examples."""


@frozen
class Misprint:
    """An output that AWS prints wrongly, with what is wrong with it, and what must be meant."""

    reason: str
    wrong: Sequence[tuple[str, str]]

    def corrected(self, printed: str) -> str:
        """What must be meant; the misprint must still be there."""
        for wrong, right in self.wrong:
            assert printed.count(wrong) == 1, "the misprint is not there any more"
            printed = printed.replace(wrong, right)
        return printed


MISPRINTS: Mapping[str, Misprint] = MappingProxyType(
    {
        "list-contact-channels": Misprint(
            "The object has a list without a name, so it is no JSON. Its first channel has no "
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
    """What the example prints, as it is meant; None, if it prints nothing."""
    misprint = MISPRINTS.get(example.name)
    if misprint is not None:
        example = Example(example.name, example.command, misprint.corrected(example.printed))
    return example.output if example.printed else None


@frozen
class World:
    """A service, and what the words of an example mean in it."""

    service: LocalService
    aws: SSMContactsClient
    meant: dict[str, str] = field(factory=dict[str, str], init=False)
    """By what the example says: what is to be said here in its place."""

    def contact(self, arn: str, *channel_arns: str, kind: str = "PERSONAL") -> None:
        """A contact that is engaged for five minutes, on these channels."""
        targets = [{"ChannelTargetInfo": {"ContactChannelId": each}} for each in channel_arns]
        plan = {"Stages": [{"DurationInMinutes": 5, "Targets": targets}]}
        alias = arn.rpartition("/")[2]
        self.service.load_resources({"ContactArn": arn, "Alias": alias, "Type": kind, "Plan": plan})

    def channel(self, arn: str) -> None:
        """An activated channel of a contact that is there."""
        self.service.load_resources(
            {
                "ContactChannelArn": arn,
                "ContactArn": owner_of(arn),
                "Name": "a channel",
                "Type": "SMS",
                "DeliveryAddress": {"SimpleAddress": "+15005550100"},
                "ActivationStatus": "ACTIVATED",
            }
        )

    def engagement(self, contact_arn: str) -> str:
        """The ARN of an engagement that begins now."""
        started = self.aws.start_engagement(ContactId=contact_arn, Sender="cli", **TEXT)
        return started["EngagementArn"]

    def page(self, contact_arn: str) -> tuple[str, str]:
        """The ARN and the code of a page that was sent to a contact that is not there yet."""
        channel_arn = f"{contact_arn.replace(':contact/', ':contact-channel/')}/{CHANNEL_ID}"
        self.contact(contact_arn, channel_arn)
        self.channel(channel_arn)
        self.engagement(contact_arn)
        (message,) = self.service.outbox
        assert message.page_arn is not None
        assert message.code is not None
        return message.page_arn, message.code

    def read_page(self, contact_arn: str, code: str | None = None) -> str:
        """The ARN of a page that has been read."""
        page_arn, sent = self.page(contact_arn)
        if code is not None:
            self.meant[code] = sent
        self.aws.accept_page(PageId=page_arn, AcceptType="READ", AcceptCode=sent)
        return page_arn


def owner_of(arn: str) -> str:
    """The ARN of the contact of a channel, an engagement or a page."""
    place, _, rest = arn.rpartition(":")
    return f"{place}:contact/{rest.split('/')[1]}"


def nothing(world: World, example: Example) -> None:
    pass


def the_contact(world: World, example: Example) -> None:
    option = "--resource-arn" if "--resource-arn" in example.command else "--contact-id"
    world.contact(example.option(option))


def the_contact_to_share(world: World, example: Example) -> None:
    world.contact(example.option("--contact-arn"))


def a_tagged_contact(world: World, example: Example) -> None:
    the_contact(world, example)
    tags: Any = [{"Key": "group1", "Value": "1"}]
    world.aws.tag_resource(ResourceARN=example.option("--resource-arn"), Tags=tags)


def a_shared_contact(world: World, example: Example) -> None:
    the_contact_to_share(world, example)
    world.aws.put_contact_policy(**documented(example))


def the_channel(world: World, example: Example) -> None:
    arn = example.option("--contact-channel-id")
    world.contact(owner_of(arn))
    world.channel(arn)


def a_channel_that_was_sent_a_code(world: World, example: Example) -> None:
    the_channel(world, example)
    arn = example.option("--contact-channel-id")
    world.aws.send_activation_code(ContactChannelId=arn)
    world.meant[example.option("--activation-code")] = world.service.code_for(arn)


def what_it_prints(world: World, example: Example) -> None:
    answer = documented(example)
    if "ContactChannelArn" in answer:
        world.contact(answer["ContactArn"])
    world.service.load_resources(answer)


def the_contacts_that_it_prints(world: World, example: Example) -> None:
    plan: dict[str, object] = {}
    world.service.load_resources(
        *({**each, "Plan": plan} for each in documented(example)["Contacts"])
    )


def the_channels_that_it_prints(world: World, example: Example) -> None:
    the_contact(world, example)
    world.service.load_resources(*documented(example)["ContactChannels"])


def an_engagement(world: World, example: Example) -> None:
    arn = example.option("--engagement-id")
    world.contact(owner_of(arn), kind="ESCALATION")
    world.meant[arn] = world.engagement(owner_of(arn))


def the_engagements_that_it_prints(world: World, example: Example) -> None:
    # The newest comes first.
    for each in reversed(documented(example)["Engagements"]):
        world.contact(each["ContactArn"])
        world.engagement(each["ContactArn"])


def a_page(world: World, example: Example) -> None:
    arn = example.option("--page-id")
    world.meant[arn], world.meant[example.option("--accept-code")] = world.page(owner_of(arn))


def a_read_page(world: World, example: Example) -> None:
    arn = example.option("--page-id")
    world.meant[arn] = world.read_page(owner_of(arn))


def a_page_that_was_read_with_a_code(world: World, example: Example) -> None:
    arn = example.option("--page-id")
    code = documented(example)["Receipts"][0]["ReceiptInfo"]
    world.meant[arn] = world.read_page(owner_of(arn), code)


def a_contact_that_has_read_a_page(world: World, example: Example) -> None:
    world.read_page(example.option("--contact-id"))


def an_engagement_with_a_page(world: World, example: Example) -> None:
    arn = example.option("--engagement-id")
    page_arn, _ = world.page(owner_of(arn))
    world.meant[arn] = world.aws.describe_page(PageId=page_arn)["EngagementArn"]


PRESUMED: Mapping[str, Callable[[World, Example], None]] = MappingProxyType(
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
        "get-contact": what_it_prints,
        "get-contact-2": what_it_prints,
        "get-contact-channel": what_it_prints,
        "get-contact-policy": a_shared_contact,
        "list-contact-channels": the_channels_that_it_prints,
        "list-contacts": the_contacts_that_it_prints,
        "list-engagements": the_engagements_that_it_prints,
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
