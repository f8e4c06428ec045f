from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TypeVar

import pytest

from ssm_contacts_sdk import (
    Contact,
    ContactsClient,
    ContactSummary,
    ContactType,
    Listing,
    ListingPage,
    ResponseDecodeError,
    RetryPolicy,
    ThrottlingError,
    ValidationError,
)
from ssm_contacts_sdk.local import LocalService, lost_response, raw_response, throttle

T = TypeVar("T")

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


def test_each_loop_reads_the_list_from_its_beginning(
    service: LocalService, client: ContactsClient
) -> None:
    listing = client.contacts.list(page_size=3)
    assert [contact.alias for contact in listing] == ALIASES
    assert [contact.alias for contact in listing] == ALIASES
    assert [aliases(page) for page in listing.by_page()] == [ALIASES[:3], ALIASES[3:6], ALIASES[6:]]
    assert len(lists(service)) == 9
    client.contacts.create(Contact(alias="b", type=ContactType.PERSONAL))
    assert [contact.alias for contact in listing] == [*ALIASES, "b"]


def test_a_loop_that_was_left_does_not_shorten_the_next(client: ContactsClient) -> None:
    listing = client.contacts.list(page_size=3)
    for alias in (ALIASES[5], ALIASES[1]):
        assert any(contact.alias == alias for contact in listing)
    next(listing.by_page())
    assert len(list(listing)) == 7


def test_loops_within_each_other_have_positions_of_their_own(client: ContactsClient) -> None:
    listing = client.contacts.list(page_size=3)
    pairs = [(one.alias, other.alias) for one in listing for other in listing]
    assert pairs == [(one, other) for one in ALIASES for other in ALIASES]


def test_the_beginning_is_where_the_list_was_asked_for(client: ContactsClient) -> None:
    token = next(client.contacts.list(page_size=3).by_page()).next_token
    listing = client.contacts.list(page_size=3, next_token=token)
    assert [contact.alias for contact in listing] == ALIASES[3:]
    assert [contact.alias for contact in listing] == ALIASES[3:]
    assert [aliases(page) for page in listing.by_page()] == [ALIASES[3:6], ALIASES[6:]]


def test_a_loop_goes_on_behind_what_next_has_read_and_the_one_after_it_starts_anew(
    client: ContactsClient,
) -> None:
    listing = client.contacts.list(page_size=3)
    assert [next(listing).alias for _ in range(2)] == ALIASES[:2]
    assert [contact.alias for contact in listing] == ALIASES[2:]
    assert [contact.alias for contact in listing] == ALIASES


@pytest.mark.parametrize("way", ["next", "iter", "by_page"])
def test_an_iterator_that_is_over_stays_over(
    service: LocalService, client: ContactsClient, way: str
) -> None:
    listing = client.contacts.list()
    ways = {"next": listing, "iter": iter(listing), "by_page": listing.by_page()}
    iterator: Iterator[Any] = ways[way]
    while next(iterator, None) is not None:
        pass
    assert next(iterator, None) is None
    assert len(lists(service)) == 1


def read_on(iterator: Iterator[T]) -> tuple[list[T], int]:
    """What an iterator gives when it is asked again after each error, and how many there were."""
    found: list[T] = []
    errors = 0
    while True:
        try:
            found.append(next(iterator))
        except ThrottlingError:
            errors += 1
        except StopIteration:
            return found, errors


@pytest.mark.parametrize("failing", [1, 2, 3])
def test_an_iterator_asks_again_for_the_page_that_failed(
    service: LocalService, client: ContactsClient, failing: int
) -> None:
    once = client.with_options(retry=RetryPolicy.none())

    def listing() -> Listing[ContactSummary]:
        service.faults.clear()
        service.faults.add(throttle(), operation="ListContacts", nth=failing)
        return once.contacts.list(page_size=3)

    pages, errors = read_on(listing().by_page())
    assert ([alias for page in pages for alias in aliases(page)], errors) == (ALIASES, 1)
    found, errors = read_on(iter(listing()))
    assert ([contact.alias for contact in found], errors) == (ALIASES, 1)
    found, errors = read_on(listing())
    assert ([contact.alias for contact in found], errors) == (ALIASES, 1)


def test_a_listing_can_be_used_wherever_an_iterator_is_asked_for(client: ContactsClient) -> None:
    iterator: Iterator[ContactSummary] = client.contacts.list()
    assert isinstance(iterator, Iterator)
    assert [contact.alias for contact in iterator] == ALIASES


def test_pages_come_whole_and_can_be_gone_on_from(client: ContactsClient) -> None:
    first = next(client.contacts.list(page_size=3).by_page())
    assert aliases(first) == ALIASES[:3]
    rest = client.contacts.list(page_size=100, next_token=first.next_token).by_page()
    (second,) = rest
    assert aliases(second) == ALIASES[3:]
    assert second.next_token is None


def test_pages_are_from_the_beginning_also_when_items_have_been_read(
    client: ContactsClient,
) -> None:
    listing = client.contacts.list(page_size=3)
    next(listing)
    pages = [aliases(page) for page in listing.by_page()]
    assert pages == [ALIASES[:3], ALIASES[3:6], ALIASES[6:]]
    assert next(listing).alias == ALIASES[1]


def test_a_filter_goes_with_every_page(service: LocalService, client: ContactsClient) -> None:
    list(client.contacts.list(alias_prefix="a", page_size=4))
    assert [each["AliasPrefix"] for each in lists(service)] == ["a", "a"]


def test_a_page_whose_answer_is_lost_is_asked_for_again(
    service: LocalService, client: ContactsClient
) -> None:
    service.faults.add(lost_response(), operation="ListContacts", nth=2)
    assert [contact.alias for contact in client.contacts.list(page_size=3)] == ALIASES


def test_an_iteration_that_failed_goes_on_where_it_was(
    service: LocalService, client: ContactsClient
) -> None:
    listing = client.contacts.list(page_size=3)
    first = [next(listing).alias for _ in range(3)]
    service.faults.add(raw_response(200, b'{"Contacts": 7}', JSON, request_id=True), times=None)
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
        sent = raw_response(200, json.dumps(body).encode(), JSON, request_id=True)
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
        raw_response(200, b'{"Contacts": [], "NextToken": "again"}', JSON, request_id=True),
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
        sent = raw_response(200, body, JSON, request_id=True)
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
