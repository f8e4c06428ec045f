"""Lists, read page by page while somebody goes through them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Generic, TypeVar

from attrs import field, frozen

from ssm_contacts_sdk.caller import Answer, Run, call
from ssm_contacts_sdk.errors import Fault, ResponseDecodeError
from ssm_contacts_sdk.model.rules import TextRule, fits_a_token, whole_number_faults

T = TypeVar("T")

_MOST_ITEMS = 1024
_TOKEN = TextRule(1, 2048, "what an earlier page gave as its next_token", fits_a_token)


@frozen
class ListingPage(Generic[T]):
    """A page of a list: its items, and where the next page begins."""

    items: tuple[T, ...]
    next_token: str | None = field(repr=False)
    """Give this to the same list, with the same filters, to go on behind this page; None at the
    end."""


class Listing(Iterator[T]):
    """The items of a list, lazily: a page is asked for when its first item is wanted.

    It can be gone through once: afterwards it is empty. `by_page` gives whole pages, for who
    wants to stop and go on later.

    >>> from ssm_contacts_sdk import ContactsClient
    >>> client = ContactsClient.local()
    >>> [contact.alias for contact in client.contacts.list()]
    []
    >>> [page.next_token for page in client.contacts.list(page_size=50).by_page()]
    [None]
    """

    def __init__(self, ask: Callable[[str | None], ListingPage[T]], next_token: str | None) -> None:
        self._ask = ask
        self._next_token = next_token
        self._is_over = False
        self._seen: set[str | None] = set()
        self._items: Iterator[T] = iter(())

    def __next__(self) -> T:
        while True:
            for item in self._items:
                return item
            self._items = iter(self._next_page().items)

    def by_page(self) -> Iterator[ListingPage[T]]:
        """The pages that have not been asked for yet, each asked for when it is wanted."""
        while not self._is_over:
            yield self._next_page()

    def _next_page(self) -> ListingPage[T]:
        if self._is_over:
            raise StopIteration
        page = self._ask(self._next_token)
        self._seen.add(self._next_token)
        if page.next_token is not None and page.next_token in self._seen:
            raise ResponseDecodeError("the list goes round in a circle", path="NextToken")
        self._next_token = page.next_token
        self._is_over = page.next_token is None
        return page


def listing(
    run: Run,
    operation: str,
    kwargs: Mapping[str, object],
    read: Callable[[Answer], tuple[T, ...]],
    *,
    page_size: int | None,
    next_token: str | None,
) -> Listing[T]:
    """A list that an operation gives in pages; `read` gives the items of one answer."""
    asked = dict(kwargs)
    if page_size is not None:
        asked["MaxResults"] = page_size

    def read_page(answer: Answer) -> ListingPage[T]:
        token: object = answer.get("NextToken")
        if token is not None and not isinstance(token, str):
            raise ResponseDecodeError("it is no text", path="NextToken")
        # Some services end a list with an empty token.
        return ListingPage(read(answer), token or None)

    def ask(token: str | None) -> ListingPage[T]:
        onward = asked if token is None else {**asked, "NextToken": token}
        return run(call(operation, onward, read_page))

    return Listing(ask, next_token)


def paging_faults(page_size: object, next_token: object) -> Iterator[Fault]:
    """What is wrong with the size of a page and with where to begin."""
    if page_size is not None:
        yield from whole_number_faults("page_size", page_size, 1, _MOST_ITEMS)
    if next_token is not None:
        yield from _TOKEN.faults("next_token", next_token)
