"""The requests that botocore sends for create_contact and update_contact, as in AWS's examples."""

from __future__ import annotations

import json
from typing import Any, cast

import pytest
from arns import channel_arn, contact_arn

from ssm_contacts_sdk import Contact, ContactsClient, ContactType, Plan
from ssm_contacts_sdk.local import LocalService

AKUA = contact_arn("akuam")
CHANNELS = [
    channel_arn("akuam", "beb25840-5ac8-4644-95cc-7a8de390fa65"),
    channel_arn("akuam", "49f3c24d-5f9f-4638-ae25-3f49e04229ad"),
    channel_arn("akuam", "77d4f447-f619-4954-afff-85551e369c2a"),
]


@pytest.fixture
def bodies(client: ContactsClient) -> list[dict[str, Any]]:
    """Return the bodies of the HTTP requests that botocore sends."""
    sent: list[dict[str, Any]] = []

    def look(request: Any, **_: object) -> None:
        sent.append(json.loads(request.body))

    client.boto3_client.meta.events.register_first("before-send.ssm-contacts", cast("Any", look))
    return sent


def test_create_contact(client: ContactsClient, bodies: list[dict[str, Any]]) -> None:
    akua = client.contacts.create(
        Contact(alias="akuam", display_name="Akua Mansa", type=ContactType.PERSONAL)
    )
    (body,) = bodies
    assert len(body.pop("IdempotencyToken")) == 32
    assert body == {
        "Alias": "akuam",
        "DisplayName": "Akua Mansa",
        "Plan": {"Stages": []},
        "Type": "PERSONAL",
    }
    assert akua.arn == AKUA


def test_update_contact(
    service: LocalService, client: ContactsClient, bodies: list[dict[str, Any]]
) -> None:
    service.load_resources(
        {"ContactArn": AKUA, "Alias": "akuam", "Type": "PERSONAL", "Plan": {"Stages": []}}
    )
    draft = Plan.engagement()
    for channel in CHANNELS:
        draft = draft.stage(minutes=5).channel(channel, retry_minutes=1)
    client.contacts.update(AKUA, plan=draft.build())
    assert bodies == [
        {
            "ContactId": AKUA,
            "Plan": {
                "Stages": [
                    {
                        "DurationInMinutes": 5,
                        "Targets": [
                            {
                                "ChannelTargetInfo": {
                                    "ContactChannelId": channel,
                                    "RetryIntervalInMinutes": 1,
                                }
                            }
                        ],
                    }
                    for channel in CHANNELS
                ]
            },
        }
    ]
