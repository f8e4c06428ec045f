"""All of botocore's own examples, through the typed methods and back.

The typed methods send the same bodies as the examples, and read their outputs. The engagements and
pages of the examples also happen in the embedded service.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, cast

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.loaders import Loader
from botocore.model import ListShape, Shape, StructureShape
from sentinels import phone_number
from strategies import AWS

from ssm_contacts_sdk import (
    AcceptType,
    Channel,
    Contact,
    ContactPolicy,
    ContactsClient,
    Plan,
    RetryPolicy,
    from_response,
    to_kwargs,
)
from ssm_contacts_sdk._resources.table import OPERATIONS
from ssm_contacts_sdk.local import LocalClock, LocalService
from ssm_contacts_sdk.local._botocore_hooks import Stream

Typed = Callable[[ContactsClient, dict[str, Any]], Any]


def tags(sent: Mapping[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in sent["Tags"]}


# The calls of this package that correspond to the examples.
TYPED: dict[str, Typed] = {
    "AcceptPage": lambda client, sent: client.pages.accept(
        sent["PageId"], sent["AcceptCode"], type=AcceptType(sent["AcceptType"])
    ),
    "ActivateContactChannel": lambda client, sent: client.channels.activate(
        sent["ContactChannelId"], sent["ActivationCode"]
    ),
    "CreateContact": lambda client, sent: client.contacts.create(from_response(Contact, sent)),
    "CreateContactChannel": lambda client, sent: client.channels.create(
        sent["ContactId"], from_response(Channel, sent)
    ),
    "DeactivateContactChannel": lambda client, sent: client.channels.deactivate(
        sent["ContactChannelId"]
    ),
    "DeleteContact": lambda client, sent: client.contacts.delete(sent["ContactId"]),
    "DeleteContactChannel": lambda client, sent: client.channels.delete(sent["ContactChannelId"]),
    "DescribeEngagement": lambda client, sent: client.engagements.describe(sent["EngagementId"]),
    "DescribePage": lambda client, sent: client.pages.describe(sent["PageId"]),
    "GetContact": lambda client, sent: client.contacts.get(sent["ContactId"]),
    "GetContactChannel": lambda client, sent: client.channels.get(sent["ContactChannelId"]),
    "GetContactPolicy": lambda client, sent: client.contacts.get_policy(sent["ContactArn"]),
    "ListContactChannels": lambda client, sent: list(client.channels.list(sent["ContactId"])),
    "ListContacts": lambda client, _: list(client.contacts.list()),
    "ListEngagements": lambda client, _: list(client.engagements.list()),
    "ListPageReceipts": lambda client, sent: list(client.pages.receipts(sent["PageId"])),
    "ListPagesByContact": lambda client, sent: list(
        client.pages.list_by_contact(sent["ContactId"])
    ),
    "ListPagesByEngagement": lambda client, sent: list(
        client.pages.list_by_engagement(sent["EngagementId"])
    ),
    "ListTagsForResource": lambda client, sent: client.tags.list(sent["ResourceARN"]),
    "PutContactPolicy": lambda client, sent: client.contacts.put_policy(
        sent["ContactArn"], ContactPolicy(sent["Policy"])
    ),
    "SendActivationCode": lambda client, sent: client.channels.send_activation_code(
        sent["ContactChannelId"]
    ),
    "StartEngagement": lambda client, sent: client.engagements.start(
        sent["ContactId"],
        sender=sent["Sender"],
        subject=sent["Subject"],
        content=sent["Content"],
        public_subject=sent["PublicSubject"],
        public_content=sent["PublicContent"],
    ),
    "StopEngagement": lambda client, sent: client.engagements.stop(sent["EngagementId"]),
    "TagResource": lambda client, sent: client.tags.add(sent["ResourceARN"], tags(sent)),
    "UntagResource": lambda client, sent: client.tags.remove(sent["ResourceARN"], sent["TagKeys"]),
    "UpdateContact": lambda client, sent: client.contacts.update(
        sent["ContactId"], plan=from_response(Plan, sent["Plan"])
    ),
    "UpdateContactChannel": lambda client, sent: client.channels.update(
        sent["ContactChannelId"],
        name=sent["Name"],
        delivery_address=sent["DeliveryAddress"]["SimpleAddress"],
    ),
}


def examples() -> list[Any]:
    found: Any = Loader().load_service_model("ssm-contacts", "examples-1")
    return [
        pytest.param(operation, example["input"], example.get("output", {}), id=example["id"])
        for operation, each in found["examples"].items()
        for example in each
    ]


def as_sent(shape: Shape | None, value: Any) -> Any:
    """Return the output of an example as the service sends it, with instants in seconds."""
    if isinstance(shape, StructureShape):
        members = cast("dict[str, Any]", value)
        return {name: as_sent(shape.members[name], each) for name, each in members.items()}
    if isinstance(shape, ListShape):
        return [as_sent(shape.member, each) for each in cast("list[Any]", value)]
    if shape is not None and shape.type_name == "timestamp":
        return datetime.fromisoformat(value).timestamp()
    return value


class Recorded:
    """A client that records its requests and receives the output of an example."""

    def __init__(self, output: dict[str, Any]) -> None:
        self.bodies: list[dict[str, Any]] = []
        self._output = output
        self.client = ContactsClient.local().with_options(retry=RetryPolicy.none())
        events = self.client.boto3_client.meta.events
        events.register_first("before-send.ssm-contacts", cast("Any", self._answer))

    def _answer(self, request: Any, **_: object) -> AWSResponse:
        operation = request.headers["X-Amz-Target"].decode().partition(".")[2]
        self.bodies.append(json.loads(request.body))
        sent = as_sent(AWS.operation_model(operation).output_shape, self._output)
        headers = {"x-amzn-RequestId": "r", "Content-Type": "application/x-amz-json-1.1"}
        body = Stream(json.dumps(sent).encode())
        return AWSResponse(request.url, 200, HTTPHeaders.from_pairs(list(headers.items())), body)


def test_every_operation_with_an_example_has_a_typed_call() -> None:
    assert TYPED.keys() == {example.values[0] for example in examples()}


@pytest.mark.parametrize(("operation", "sent", "output"), examples())
def test_an_example_is_sent_as_it_is_written_and_its_output_is_read(
    operation: str, sent: dict[str, Any], output: dict[str, Any]
) -> None:
    recorded = Recorded(output)
    result = TYPED[operation](recorded.client, sent)
    (body,) = recorded.bodies
    if OPERATIONS[operation].takes_token:
        assert len(body.pop("IdempotencyToken")) == 32
    assert body == sent
    # A result need not repeat the members of the request.
    assert_contains(result, {name: each for name, each in output.items() if sent.get(name) != each})


def assert_contains(result: Any, output: dict[str, Any]) -> None:
    """Assert that a result has every member of the output of an example."""
    if isinstance(result, dict):
        assert result == tags(output)
    elif isinstance(result, list):
        (items,) = output.values()
        values = cast("list[Any]", result)  # type: ignore[redundant-cast]
        assert [to_kwargs(each) for each in values] == [with_instants(item) for item in items]
    elif result is None:
        assert output == {}
    else:
        expected = with_instants(output)
        returned = to_kwargs(result)
        assert {name: returned[name] for name in expected} == expected


def with_instants(item: dict[str, Any]) -> dict[str, Any]:
    return {
        name: datetime.fromisoformat(each) if name.endswith("Time") else each
        for name, each in item.items()
    }


# The examples again, as events in the embedded service


def outputs(operation: str) -> list[dict[str, Any]]:
    """Return the outputs of the examples of an operation, in order."""
    return [example.values[2] for example in examples() if example.values[0] == operation]


def without_metadata(answer: Any) -> dict[str, Any]:
    return {name: each for name, each in answer.items() if name != "ResponseMetadata"}


ENGAGEMENTS: list[dict[str, Any]] = [
    {**each, "StartTime": datetime.fromisoformat(each["StartTime"])}
    for each in outputs("ListEngagements")[0]["Engagements"]
]


@pytest.fixture
def service() -> LocalService:
    """Return a service with the people of the examples, at the time of the first engagement."""
    service = LocalService(clock=LocalClock(ENGAGEMENTS[-1]["StartTime"]))
    contacts = outputs("GetContact")
    (channel,) = outputs("GetContactChannel")
    (akua,) = (each for each in contacts if each["Alias"] == "akuam")
    channels = [
        {
            **channel,
            "ContactChannelArn": stage["Targets"][0]["ChannelTargetInfo"]["ContactChannelId"],
            "DeliveryAddress": {"SimpleAddress": phone_number(100 + place)},
        }
        for place, stage in enumerate(akua["Plan"]["Stages"])
    ]
    service.load_resources(*contacts, *channels)
    return service


@pytest.fixture
def made(service: LocalService, client: ContactsClient) -> list[dict[str, Any]]:
    """Start the engagements of the examples at their times; the newest is the first."""
    found: list[dict[str, Any]] = []
    for engagement in reversed(ENGAGEMENTS):
        wait = engagement["StartTime"] - service.clock.now()
        service.clock.advance(seconds=wait.total_seconds())
        arn = client.engagements.start(
            engagement["ContactArn"],
            sender=engagement["Sender"],
            subject="test",
            content="Testing engagements",
            public_subject="test",
            public_content="Testing engagements",
        ).arn
        found.insert(0, {**engagement, "EngagementArn": arn})
    return found


def test_the_list_of_engagements_is_that_of_the_example(
    service: LocalService, client: ContactsClient, made: list[dict[str, Any]]
) -> None:
    listed: Any = client.boto3_client.list_engagements()["Engagements"]
    # In the examples no engagement has ended.
    running = [{k: v for k, v in each.items() if k != "StopTime"} for each in listed]
    assert running == made


def test_an_engagement_is_described_as_in_the_example(
    client: ContactsClient, made: list[dict[str, Any]]
) -> None:
    (output,) = outputs("DescribeEngagement")
    (arn,) = (
        each["EngagementArn"]
        for each, old in zip(made, ENGAGEMENTS, strict=True)
        if old["EngagementArn"] == output["EngagementArn"]
    )
    returned = without_metadata(client.boto3_client.describe_engagement(EngagementId=arn))
    returned.pop("StopTime", None)
    # The examples do not agree on who sent it.
    assert returned == {**with_instants(output), "EngagementArn": arn, "Sender": "cli"}


def test_a_page_and_its_receipts_are_those_of_the_examples(
    service: LocalService, client: ContactsClient, made: list[dict[str, Any]]
) -> None:
    aws = client.boto3_client
    (page,) = aws.list_pages_by_engagement(EngagementId=made[0]["EngagementArn"])["Pages"]
    assert page.keys() == outputs("ListPagesByEngagement")[0]["Pages"][0].keys()
    code = service.code_for(service.outbox[-1].channel_arn)
    client.pages.accept(page["PageArn"], code, type=AcceptType.READ)

    described = without_metadata(aws.describe_page(PageId=page["PageArn"]))
    assert described.keys() == outputs("DescribePage")[0].keys()
    listed = aws.list_pages_by_contact(ContactId=described["ContactArn"])["Pages"][0]
    assert listed.keys() == outputs("ListPagesByContact")[0]["Pages"][0].keys()

    receipts: Any = aws.list_page_receipts(PageId=page["PageArn"])["Receipts"]
    expected = outputs("ListPageReceipts")[0]["Receipts"]
    assert [each.keys() for each in receipts] == [each.keys() for each in expected]
    kinds = [each["ReceiptType"] for each in receipts]
    assert kinds == [each["ReceiptType"] for each in expected]
    delivered, read, sent = (each["ReceiptInfo"] for each in receipts)
    assert (delivered, read) == (code, code)
    assert len(sent) == len(expected[-1]["ReceiptInfo"])


def test_an_engagement_is_stopped_as_in_the_example(
    client: ContactsClient, made: list[dict[str, Any]]
) -> None:
    TYPED["StopEngagement"](client, {"EngagementId": made[0]["EngagementArn"]})
    described = client.engagements.describe(made[0]["EngagementArn"])
    assert described.stop_time == ENGAGEMENTS[0]["StartTime"]
