"""Attributes that are created when they are first used."""

from __future__ import annotations

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
