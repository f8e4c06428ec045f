"""Responses to the requests of a boto3 client, by a function that botocore calls before it sends.

They cost little, and the same for every client: what a benchmark compares is the rest of a call.
"""

from __future__ import annotations

import json
from typing import Any, cast

from botocore.awsrequest import AWSResponse

ARN = "arn:aws:ssm-contacts:us-east-2:111122223333:contact/akuam"
CONTACTS, PAGE_SIZE = 10_000, 100
_HEADERS = {"x-amzn-RequestId": "1", "content-type": "application/x-amz-json-1.1"}


class Response(AWSResponse):
    """A response of the service with the members in `body`."""

    def __init__(self, url: str, body: bytes) -> None:
        super().__init__(url, 200, cast("Any", _HEADERS), cast("Any", None))
        self._body = body

    @property
    def content(self) -> bytes:
        return self._body


def answer(client: Any) -> Any:
    """Make a boto3 client take its responses from this module, and return it."""
    bodies = {"CreateContact": _created(), "GetContact": _contact()}
    pages: list[bytes] = []

    def respond(request: Any, **_: object) -> Response:
        operation = request.headers["X-Amz-Target"].decode().partition(".")[2]
        if operation == "ListContacts":
            pages[:] = pages or _pages()
            body = pages[int(json.loads(request.body).get("NextToken", 0))]
        else:
            body = bodies[operation]
        return Response(request.url, body)

    client.meta.events.register("before-send.ssm-contacts", cast("Any", respond))
    return client


def _created() -> bytes:
    return json.dumps({"ContactArn": ARN}).encode()


def _contact() -> bytes:
    channel = ARN.replace(":contact/", ":contact-channel/")
    targets = [{"ChannelTargetInfo": {"ContactChannelId": f"{channel}/{i}"}} for i in range(3)]
    for target in targets:
        target["ChannelTargetInfo"]["RetryIntervalInMinutes"] = cast("Any", 1)
    stages = [{"DurationInMinutes": 5, "Targets": [target]} for target in targets]
    contact = {"Alias": "akuam", "DisplayName": "Akua Mansa", "Type": "PERSONAL"}
    return json.dumps({"ContactArn": ARN, **contact, "Plan": {"Stages": stages}}).encode()


def _pages() -> list[bytes]:
    starts = range(0, CONTACTS, PAGE_SIZE)
    pages: list[dict[str, Any]] = [
        {
            "Contacts": [
                {
                    "ContactArn": f"{ARN}{number}",
                    "Alias": f"akuam{number}",
                    "DisplayName": f"Akua Mansa {number}",
                    "Type": "PERSONAL",
                }
                for number in range(start, start + PAGE_SIZE)
            ]
        }
        for start in starts
    ]
    for number, page in enumerate(pages[:-1]):
        page["NextToken"] = str(number + 1)
    return [json.dumps(page).encode() for page in pages]
