from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from itertools import accumulate
from typing import Any, TypeVar

import pytest

from ssm_contacts_sdk import (
    Contact,
    ContactsClient,
    ContactSummary,
    ContactType,
    Listing,
    ListingIterator,
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


def test_no_page_is_requested_before_it_is_needed(
    service: LocalService, client: ContactsClient
) -> None:
    client.contacts.list()
    client.contacts.list().by_page()
    assert lists(service) == []


def test_a_page_is_requested_when_its_first_item_is_needed(
    service: LocalService, client: ContactsClient
) -> None:
    listing = client.contacts.list(page_size=3)
    assert [next(listing).alias for _ in range(3)] == ALIASES[:3]
    assert len(lists(service)) == 1
    assert next(listing).alias == ALIASES[3]
    assert len(lists(service)) == 2
    assert [contact.alias for contact in listing] == ALIASES[4:]
    assert [each["MaxResults"] for each in lists(service)] == [3, 3, 3]


def test_each_loop_reads_the_list_from_the_start(
    service: LocalService, client: ContactsClient
) -> None:
    listing = client.contacts.list(page_size=3)
    assert [contact.alias for contact in listing] == ALIASES
    assert [contact.alias for contact in listing] == ALIASES
    assert [aliases(page) for page in listing.by_page()] == [ALIASES[:3], ALIASES[3:6], ALIASES[6:]]
    assert len(lists(service)) == 9
    client.contacts.create(Contact(alias="b", type=ContactType.PERSONAL))
    assert [contact.alias for contact in listing] == [*ALIASES, "b"]


def test_a_loop_that_ended_early_does_not_shorten_the_next(client: ContactsClient) -> None:
    listing = client.contacts.list(page_size=3)
    for alias in (ALIASES[5], ALIASES[1]):
        assert any(contact.alias == alias for contact in listing)
    next(listing.by_page())
    assert len(list(listing)) == 7


def test_nested_loops_have_separate_positions(client: ContactsClient) -> None:
    listing = client.contacts.list(page_size=3)
    pairs = [(one.alias, other.alias) for one in listing for other in listing]
    assert pairs == [(one, other) for one in ALIASES for other in ALIASES]


def test_the_start_is_the_page_of_the_next_token_argument(client: ContactsClient) -> None:
    token = next(client.contacts.list(page_size=3).by_page()).next_token
    listing = client.contacts.list(page_size=3, next_token=token)
    assert [contact.alias for contact in listing] == ALIASES[3:]
    assert [contact.alias for contact in listing] == ALIASES[3:]
    assert [aliases(page) for page in listing.by_page()] == [ALIASES[3:6], ALIASES[6:]]


def test_a_loop_continues_after_next_and_the_loop_after_it_reads_from_the_start(
    client: ContactsClient,
) -> None:
    listing = client.contacts.list(page_size=3)
    assert [next(listing).alias for _ in range(2)] == ALIASES[:2]
    assert [contact.alias for contact in listing] == ALIASES[2:]
    assert [contact.alias for contact in listing] == ALIASES


@pytest.mark.parametrize("way", ["next", "iter", "by_page"])
def test_an_exhausted_iterator_stays_exhausted(
    service: LocalService, client: ContactsClient, way: str
) -> None:
    listing = client.contacts.list()
    ways: dict[str, Iterator[Any]] = {
        "next": listing,
        "iter": iter(listing),
        "by_page": listing.by_page(),
    }
    iterator = ways[way]
    while next(iterator, None) is not None:
        pass
    assert next(iterator, None) is None
    assert len(lists(service)) == 1


def read_on(iterator: Iterator[T]) -> tuple[list[T], int]:
    """Return the items of an iterator that is used again after each error, and the error count."""
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
def test_an_iterator_requests_the_page_that_failed_again(
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


def test_the_repr_of_a_listing_explains_how_to_read_it(
    service: LocalService, client: ContactsClient
) -> None:
    before = len(service.requests)
    shown = repr(client.contacts.list(alias_prefix="private"))
    assert shown == "<Listing: loop over it, or call first() or by_page()>"
    assert len(service.requests) == before


def test_a_listing_is_an_iterator_too(client: ContactsClient) -> None:
    iterator: Iterator[ContactSummary] = client.contacts.list()
    assert isinstance(iterator, Iterator)
    assert [contact.alias for contact in iterator] == ALIASES


def test_a_list_can_be_resumed_after_a_page(client: ContactsClient) -> None:
    first = next(client.contacts.list(page_size=3).by_page())
    assert aliases(first) == ALIASES[:3]
    rest = client.contacts.list(page_size=100, next_token=first.next_token).by_page()
    (second,) = rest
    assert aliases(second) == ALIASES[3:]
    assert second.next_token is None


def test_by_page_reads_from_the_start_also_after_next(
    client: ContactsClient,
) -> None:
    listing = client.contacts.list(page_size=3)
    next(listing)
    pages = [aliases(page) for page in listing.by_page()]
    assert pages == [ALIASES[:3], ALIASES[3:6], ALIASES[6:]]
    assert next(listing).alias == ALIASES[1]


def test_a_filter_is_sent_with_every_page(service: LocalService, client: ContactsClient) -> None:
    list(client.contacts.list(alias_prefix="a", page_size=4))
    assert [each["AliasPrefix"] for each in lists(service)] == ["a", "a"]


def test_a_page_whose_response_is_lost_is_requested_again(
    service: LocalService, client: ContactsClient
) -> None:
    service.faults.add(lost_response(), operation="ListContacts", nth=2)
    assert [contact.alias for contact in client.contacts.list(page_size=3)] == ALIASES


def test_an_iteration_that_failed_continues_where_it_was(
    service: LocalService, client: ContactsClient
) -> None:
    listing = client.contacts.list(page_size=3)
    first = [next(listing).alias for _ in range(3)]
    service.faults.add(raw_response(200, b'{"Contacts": 7}', JSON, request_id=True), times=None)
    with pytest.raises(ResponseDecodeError):
        next(listing)
    service.faults.clear()
    assert first + [contact.alias for contact in listing] == ALIASES


def test_the_token_of_another_list_is_rejected(client: ContactsClient) -> None:
    page = next(client.contacts.list(page_size=3).by_page())
    with pytest.raises(ValidationError):
        list(client.contacts.list(alias_prefix="a", next_token=page.next_token))


def respond(service: LocalService, *bodies: dict[str, Any]) -> None:
    for nth, body in enumerate(bodies, start=1):
        sent = raw_response(200, json.dumps(body).encode(), JSON, request_id=True)
        service.faults.add(sent, operation="ListContacts", nth=nth)


def test_first_is_the_first_item_or_none(service: LocalService, client: ContactsClient) -> None:
    first = client.contacts.list(page_size=3).first()
    assert first is not None
    assert first.alias == ALIASES[0]
    assert len(lists(service)) == 1
    assert client.contacts.list(alias_prefix="b").first() is None
    assert len(lists(service)) == 2


def test_first_requests_further_pages_only_while_they_are_empty(
    service: LocalService, client: ContactsClient
) -> None:
    contact = {"ContactArn": "x", "Alias": "akuam", "Type": "PERSONAL"}
    respond(
        service,
        {"Contacts": [], "NextToken": "b"},
        {"Contacts": [contact], "NextToken": "c"},
        {"Contacts": []},
    )
    first = client.contacts.list().first()
    assert first is not None
    assert first.alias == "akuam"
    assert len(lists(service)) == 2


def test_first_does_not_change_the_position_of_next(client: ContactsClient) -> None:
    listing = client.contacts.list(page_size=3)
    assert next(listing).alias == ALIASES[0]
    for _ in range(2):
        first = listing.first()
        assert first is not None
        assert first.alias == ALIASES[0]
    assert next(listing).alias == ALIASES[1]


@pytest.mark.parametrize("way", ["iter", "by_page"])
def test_a_closed_iterator_requests_nothing_and_ends(
    service: LocalService, client: ContactsClient, way: str
) -> None:
    listing = client.contacts.list(page_size=3)
    iterator: ListingIterator[Any] = iter(listing) if way == "iter" else listing.by_page()
    with closing(iterator) as opened:
        next(opened)
    assert next(iterator, None) is None
    iterator.close()
    assert next(iterator, None) is None
    assert len(lists(service)) == 1
    assert [contact.alias for contact in listing] == ALIASES


@pytest.mark.parametrize("way", ["iter", "by_page"])
def test_an_iterator_that_is_closed_during_a_request_ends(
    service: LocalService, client: ContactsClient, way: str
) -> None:
    """A signal handler may close it, or a function that is called before a retry."""
    policy = RetryPolicy(on_retry=lambda _: iterator.close())
    listing = client.with_options(retry=policy).contacts.list(page_size=3)
    iterator: ListingIterator[Any] = iter(listing) if way == "iter" else listing.by_page()
    next(iterator)
    service.faults.add(throttle())
    assert len(list(iterator)) == (2 if way == "iter" else 0)
    assert next(iterator, None) is None
    # The first page, and both requests of the second one.
    assert len(lists(service)) == 3


def test_a_closed_iterator_that_next_began_ends_next_too(client: ContactsClient) -> None:
    listing = client.contacts.list(page_size=3)
    next(listing)
    iter(listing).close()
    assert next(listing, None) is None
    assert [contact.alias for contact in listing] == ALIASES


def test_an_empty_page_does_not_end_a_list(service: LocalService, client: ContactsClient) -> None:
    contact = {"ContactArn": "x", "Alias": "akuam", "Type": "PERSONAL"}
    respond(
        service, {"Contacts": [], "NextToken": "b"}, {"NextToken": "c"}, {"Contacts": [contact]}
    )
    assert [contact.alias for contact in client.contacts.list()] == ["akuam"]


@pytest.mark.parametrize(
    ("page_size", "lengths"), [(1, [1] * 7), (3, [3, 3, 1]), (6, [6, 1]), (7, [7]), (8, [7])]
)
def test_no_page_is_requested_after_the_last_one_even_if_that_is_full(
    service: LocalService, client: ContactsClient, page_size: int, lengths: list[int]
) -> None:
    pages = list(client.contacts.list(page_size=page_size).by_page())
    assert [len(page.items) for page in pages] == lengths
    assert [alias for page in pages for alias in aliases(page)] == ALIASES
    assert len(lists(service)) == len(lengths)
    *others, last = [page.next_token for page in pages]
    assert last is None
    for read, token in zip(accumulate(lengths), others, strict=False):
        rest = client.contacts.list(page_size=page_size, next_token=token)
        assert [contact.alias for contact in rest] == ALIASES[read:]


def test_a_list_without_items_is_one_empty_page(
    service: LocalService, client: ContactsClient
) -> None:
    nobody = client.contacts.list(alias_prefix="b")
    assert [(page.items, page.next_token) for page in nobody.by_page()] == [((), None)]
    assert list(nobody) == []
    assert len(lists(service)) == 2


def test_an_empty_page_after_a_full_one_ends_a_list(
    service: LocalService, client: ContactsClient
) -> None:
    contact = {"ContactArn": "x", "Alias": "akuam", "Type": "PERSONAL"}
    respond(service, {"Contacts": [contact], "NextToken": "b"}, {"Contacts": []})
    pages = list(client.contacts.list(page_size=1).by_page())
    assert [(aliases(page), page.next_token) for page in pages] == [(["akuam"], "b"), ([], None)]
    assert [each.get("NextToken") for each in lists(service)] == [None, "b"]


def test_a_listing_without_a_token_begins_at_the_start(client: ContactsClient) -> None:
    *_, last = client.contacts.list(page_size=3).by_page()
    again = client.contacts.list(page_size=3, next_token=last.next_token)
    assert [contact.alias for contact in again] == ALIASES


def test_an_empty_token_ends_a_list(service: LocalService, client: ContactsClient) -> None:
    respond(service, {"Contacts": [], "NextToken": ""})
    assert list(client.contacts.list()) == []
    assert len(lists(service)) == 1


def test_a_list_whose_token_does_not_change_ends(
    service: LocalService, client: ContactsClient
) -> None:
    service.faults.add(
        raw_response(200, b'{"Contacts": [], "NextToken": "again"}', JSON, request_id=True),
        times=None,
    )
    with pytest.raises(
        ResponseDecodeError, match="at NextToken: the token leads back to an earlier page"
    ):
        list(client.contacts.list())
    assert len(lists(service)) == 2


def test_a_list_whose_tokens_form_a_longer_circle_ends(
    service: LocalService, client: ContactsClient
) -> None:
    for nth in range(1, 12):
        body = json.dumps({"NextToken": "ab"[nth % 2]}).encode()
        sent = raw_response(200, body, JSON, request_id=True)
        service.faults.add(sent, operation="ListContacts", nth=nth)
    with pytest.raises(ResponseDecodeError, match="the token leads back"):
        list(client.contacts.list())
    assert len(lists(service)) == 3


@pytest.mark.parametrize("token", [7, True, {"a": 1}])
def test_a_token_that_is_not_a_str_cannot_be_read(
    service: LocalService, client: ContactsClient, token: object
) -> None:
    respond(service, {"Contacts": [], "NextToken": token})
    with pytest.raises(ResponseDecodeError, match="at NextToken: must be a str"):
        list(client.contacts.list())
