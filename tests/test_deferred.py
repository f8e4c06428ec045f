"""Attributes that are created when they are first used, and what a client loads for them."""

from __future__ import annotations

import os
import subprocess
import sys
from threading import Barrier, Thread
from typing import ClassVar

from ssm_contacts_sdk import Contacts, ContactsClient
from ssm_contacts_sdk._deferred import created_when_used


def test_all_threads_get_the_same_value() -> None:
    both_create = Barrier(2, timeout=60)

    class Slow:
        @created_when_used
        def value(self) -> object:
            both_create.wait()
            return object()

    slow, found = Slow(), list[object]()
    threads = [Thread(target=lambda: found.append(slow.value)) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert found[0] is found[1] is slow.value


def test_the_resources_of_a_copy_are_its_own() -> None:
    client = ContactsClient.local()
    contacts = client.contacts
    copied = client.with_options(read_timeout=2)
    assert isinstance(copied.contacts, Contacts)
    assert copied.contacts is not contacts
    assert copied.contacts is copied.contacts
    assert client.contacts is contacts


def test_the_resources_of_a_copy_of_a_subclass_are_its_own() -> None:
    class Client(ContactsClient):
        names: ClassVar = ("a", "b")

    client = Client(boto3_client=ContactsClient.local().boto3_client)
    contacts = client.contacts
    assert client.with_options(read_timeout=2).contacts is not contacts


_FIRST_CALL = """
import sys
from ssm_contacts_sdk import Contact, ContactsClient, ContactsError, ContactType, RetryPolicy
settings = dict(region_name="us-east-2", endpoint_url="http://127.0.0.1:1")
with ContactsClient(retry=RetryPolicy.none(), **settings) as client:
    try:
        client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
    except ContactsError:
        print("called")
parts = ("_charts", "_oncall", "_queries", "local")
resources = ("channels", "rotations", "overrides", "engagements", "pages", "tags", "table")
unwanted = (*parts, *[f"_resources.{each}" for each in resources], "_models.rotations")
print([each for each in unwanted if f"ssm_contacts_sdk.{each}" in sys.modules])
_ = client.rotations
print([each for each in unwanted if f"ssm_contacts_sdk.{each}" in sys.modules])
"""


def test_a_call_loads_its_own_resource_only() -> None:
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", _FIRST_CALL],
        env={**os.environ, "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == [
        "called",
        "[]",
        "['_resources.rotations', '_models.rotations']",
    ]
