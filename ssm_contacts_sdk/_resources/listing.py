"""Lists, read page by page while somebody goes through them."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Generic, TypeVar

from attrs import field, frozen

from ssm_contacts_sdk._errors import ResponseDecodeError, Violation
from ssm_contacts_sdk._models.rules import TextRule, fits_a_token, whole_number_violations
from ssm_contacts_sdk._privacy import hides_arguments
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._transport import Request, Response, Transport

T = TypeVar("T")

LARGEST_PAGE = 1024
"""As many items as AWS's model lets a page have."""

_TOKEN = TextRule(1, 2048, "what an earlier page gave as its next_token", fits_a_token)


@public
@frozen
class ListingPage(Generic[T]):
    """A page of a list: its items, and where the next page begins."""

    items: tuple[T, ...]
    next_token: str | None = field(repr=False)
    """Give this to the same list, with the same filters, to go on behind this page; None at the
    end."""


@public
class Listing(Iterable[T]):
    """The items of a list, read page by page. A page is asked for when its first item is wanted.

    Each loop reads the list from its beginning, so ``list(listing)`` is always the whole list, and
    asks the service anew. `by_page` returns whole pages, also from the beginning. The beginning is
    the first page, or the page of the `next_token` that the list was asked for with.

    ``next(listing)`` reads single items. A loop that follows goes on behind them, and the next one
    starts at the beginning again.

    An error ends a loop, but not an iterator: the next ``next(iterator)`` asks for the same page
    again, so that no item is lost or read twice. Keep the iterator for that, which is
    ``iter(listing)`` or ``listing.by_page()``. Each iterator is for one thread at a time; loops in
    several threads have iterators of their own.

    >>> from ssm_contacts_sdk import Contact, ContactsClient, ContactType
    >>> client = ContactsClient.local()
    >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
    >>> contacts = client.contacts.list(page_size=50)
    >>> [contact.alias for contact in contacts], [contact.alias for contact in contacts]
    (['akuam'], ['akuam'])
    >>> [page.next_token for page in contacts.by_page()]
    [None]
    """

    def __init__(self, ask: Callable[[str | None], ListingPage[T]], next_token: str | None) -> None:
        self._ask = ask
        self._begins_at = next_token
        self._begun: _Items[T] | None = None

    def __iter__(self) -> Iterator[T]:
        if self._begun is not None and not self._begun.is_over:
            return self._begun
        return self._items()

    def __next__(self) -> T:
        if self._begun is None:
            self._begun = self._items()
        return next(self._begun)

    def by_page(self) -> Iterator[ListingPage[T]]:
        """Return an iterator over the whole pages, each asked for when it is wanted.

        To stop and resume later, keep the `next_token` of the last page, and pass it to the method
        that returned this list.
        """
        return _Pages(self._ask, self._begins_at)

    def _items(self) -> "_Items[T]":
        return _Items(_Pages(self._ask, self._begins_at))


# Neither is a generator: what raises in a generator ends it, and `next` would say that the list is
# over.
class _Pages(Iterator[ListingPage[T]]):
    def __init__(self, ask: Callable[[str | None], ListingPage[T]], next_token: str | None) -> None:
        self._ask = ask
        self._next_token = next_token
        self._seen: set[str | None] = set()
        self.is_over = False

    def __next__(self) -> ListingPage[T]:
        if self.is_over:
            raise StopIteration
        page = self._ask(self._next_token)
        self._seen.add(self._next_token)
        if page.next_token is not None and page.next_token in self._seen:
            raise ResponseDecodeError("the list goes round in a circle", path="NextToken")
        self._next_token = page.next_token
        self.is_over = page.next_token is None
        return page


class _Items(Iterator[T]):
    def __init__(self, pages: _Pages[T]) -> None:
        self._pages = pages
        self._of_page: Iterator[T] = iter(())
        self.is_over = False

    def __next__(self) -> T:
        while True:
            for item in self._of_page:
                return item
            try:
                self._of_page = iter(next(self._pages).items)
            except StopIteration:
                self.is_over = True
                raise


def listing(
    transport: Transport,
    operation: str,
    kwargs: Mapping[str, object],
    read: Callable[[Response], tuple[T, ...]],
    *,
    page_size: int | None,
    next_token: str | None,
) -> Listing[T]:
    """A list that an operation gives in pages; `read` gives the items of one response."""
    asked = dict(kwargs)
    if page_size is not None:
        asked["MaxResults"] = page_size
    return Listing(_Question(transport, operation, asked, read).page, next_token)


@frozen
class _Question(Generic[T]):
    """What a list asks. It holds the transport of the client, so it cannot be pickled."""

    transport: Transport
    operation: str
    kwargs: Mapping[str, object] = field(repr=False)
    read: Callable[[Response], tuple[T, ...]] = field(repr=False)

    @hides_arguments
    def page(self, token: str | None) -> ListingPage[T]:
        """Ask for the page of `token`; for the first one, if it is None."""
        onward = self.kwargs if token is None else {**self.kwargs, "NextToken": token}
        return self.transport.send(Request.of(self.operation, onward, self._read))

    def _read(self, response: Response) -> ListingPage[T]:
        token: object = response.get("NextToken")
        if token is not None and not isinstance(token, str):
            raise ResponseDecodeError("it is no text", path="NextToken")
        # Some services end a list with an empty token.
        return ListingPage(self.read(response), token or None)


def paging_violations(page_size: object, next_token: object) -> Iterator[Violation]:
    """What is wrong with the size of a page and with where to begin."""
    if page_size is not None:
        yield from whole_number_violations("page_size", page_size, 1, LARGEST_PAGE)
    if next_token is not None:
        yield from _TOKEN.violations("next_token", next_token)
