from __future__ import annotations

import json
from typing import Any

import pytest

from ssm_contacts_sdk import (
    Contact,
    ContactsClient,
    ContactType,
    ListingPage,
    ResponseDecodeError,
    ValidationError,
)
from ssm_contacts_sdk.local import LocalService, lost_answer, raw_answer

ALIASES = [f"a{number}" for number in range(7)]
JSON = "application/x-amz-json-1.1"


@pytest.fixture(autouse=True)
def seven(client: ContactsClient) -> None:
    for alias in ALIASES:
        client.contacts.create(Contact(alias=alias, type=ContactType.PERSONAL))


def lists(service: LocalService) -> list[dict[str, Any]]:
    return [dict(each.body) for each in service.requests if each.operation == "ListContacts"]


def aliases(page: ListingPage[Any]) -> list[str]:
    return [contact.alias for contact in page.items]


def test_nothing_is_asked_before_somebody_looks(
    service: LocalService, client: ContactsClient
) -> None:
    client.contacts.list()
    client.contacts.list().by_page()
    assert lists(service) == []


def test_a_page_is_asked_for_when_its_first_item_is_wanted(
    service: LocalService, client: ContactsClient
) -> None:
    listing = client.contacts.list(page_size=3)
    assert [next(listing).alias for _ in range(3)] == ALIASES[:3]
    assert len(lists(service)) == 1
    assert next(listing).alias == ALIASES[3]
    assert len(lists(service)) == 2
    assert [contact.alias for contact in listing] == ALIASES[4:]
    assert [each["MaxResults"] for each in lists(service)] == [3, 3, 3]


def test_a_list_that_is_over_stays_over(service: LocalService, client: ContactsClient) -> None:
    listing = client.contacts.list()
    assert len(list(listing)) == 7
    assert list(listing) == []
    assert list(listing.by_page()) == []
    assert len(lists(service)) == 1


def test_pages_come_whole_and_can_be_gone_on_from(client: ContactsClient) -> None:
    first = next(client.contacts.list(page_size=3).by_page())
    assert aliases(first) == ALIASES[:3]
    rest = client.contacts.list(page_size=100, next_token=first.next_token).by_page()
    (second,) = rest
    assert aliases(second) == ALIASES[3:]
    assert second.next_token is None


def test_pages_after_items_are_those_not_asked_for_yet(client: ContactsClient) -> None:
    listing = client.contacts.list(page_size=3)
    next(listing)
    assert [aliases(page) for page in listing.by_page()] == [ALIASES[3:6], ALIASES[6:]]


def test_a_filter_goes_with_every_page(service: LocalService, client: ContactsClient) -> None:
    list(client.contacts.list(alias_prefix="a", page_size=4))
    assert [each["AliasPrefix"] for each in lists(service)] == ["a", "a"]


def test_a_page_whose_answer_is_lost_is_asked_for_again(
    service: LocalService, client: ContactsClient
) -> None:
    service.faults.add(lost_answer(), operation="ListContacts", nth=2)
    assert [contact.alias for contact in client.contacts.list(page_size=3)] == ALIASES


def test_an_iteration_that_failed_goes_on_where_it_was(
    service: LocalService, client: ContactsClient
) -> None:
    listing = client.contacts.list(page_size=3)
    first = [next(listing).alias for _ in range(3)]
    service.faults.add(raw_answer(200, b'{"Contacts": 7}', JSON, request_id=True), times=None)
    with pytest.raises(ResponseDecodeError):
        next(listing)
    service.faults.clear()
    assert first + [contact.alias for contact in listing] == ALIASES


def test_a_token_of_another_list_is_refused(client: ContactsClient) -> None:
    page = next(client.contacts.list(page_size=3).by_page())
    with pytest.raises(ValidationError):
        list(client.contacts.list(alias_prefix="a", next_token=page.next_token))


def answer(service: LocalService, *bodies: dict[str, Any]) -> None:
    for nth, body in enumerate(bodies, start=1):
        sent = raw_answer(200, json.dumps(body).encode(), JSON, request_id=True)
        service.faults.add(sent, operation="ListContacts", nth=nth)


def test_an_empty_page_does_not_end_a_list(service: LocalService, client: ContactsClient) -> None:
    contact = {"ContactArn": "x", "Alias": "akuam", "Type": "PERSONAL"}
    answer(service, {"Contacts": [], "NextToken": "b"}, {"NextToken": "c"}, {"Contacts": [contact]})
    assert [contact.alias for contact in client.contacts.list()] == ["akuam"]


def test_an_empty_token_ends_a_list(service: LocalService, client: ContactsClient) -> None:
    answer(service, {"Contacts": [], "NextToken": ""})
    assert list(client.contacts.list()) == []
    assert len(lists(service)) == 1


def test_a_list_that_goes_round_in_a_circle_ends(
    service: LocalService, client: ContactsClient
) -> None:
    service.faults.add(
        raw_answer(200, b'{"Contacts": [], "NextToken": "again"}', JSON, request_id=True),
        times=None,
    )
    with pytest.raises(ResponseDecodeError, match="at NextToken: .*circle"):
        list(client.contacts.list())
    assert len(lists(service)) == 2


def test_a_list_that_goes_round_a_longer_circle_ends(
    service: LocalService, client: ContactsClient
) -> None:
    for nth in range(1, 12):
        body = json.dumps({"NextToken": "ab"[nth % 2]}).encode()
        sent = raw_answer(200, body, JSON, request_id=True)
        service.faults.add(sent, operation="ListContacts", nth=nth)
    with pytest.raises(ResponseDecodeError, match="circle"):
        list(client.contacts.list())
    assert len(lists(service)) == 3


@pytest.mark.parametrize("token", [7, True, {"a": 1}])
def test_a_token_that_is_no_text_cannot_be_read(
    service: LocalService, client: ContactsClient, token: object
) -> None:
    answer(service, {"Contacts": [], "NextToken": token})
    with pytest.raises(ResponseDecodeError, match="at NextToken: it is no text"):
        list(client.contacts.list())
