"""Lists: items and pages, each page requested when it is needed."""

from collections.abc import Callable, Iterable, Iterator
from typing import Generic, TypeVar

from attrs import field, frozen

from ssm_contacts_sdk._errors import ResponseDecodeError
from ssm_contacts_sdk._public import public

T = TypeVar("T")


@public
@frozen
class ListingPage(Generic[T]):
    """One page of a list: its items, and the token of the next page."""

    items: tuple[T, ...]
    next_token: str | None = field(repr=False)
    """Pass it to the same method, with the same filters, to continue after this page; None on the
    last page."""


ReadPage = Callable[[str | None], ListingPage[T]]
"""Requests the page of a token, or the first page for None."""


@public
class ListingIterator(Iterator[T]):
    """An iterator over the items or the pages of a `Listing`, which can be closed.

    An error does not end it: the next ``next(iterator)`` requests the same page again, so that no
    item is lost or repeated. It is for one thread at a time.

    >>> from contextlib import closing
    >>> from ssm_contacts_sdk import ContactsClient
    >>> with closing(iter(ContactsClient.local().contacts.list())) as contacts:
    ...     next(contacts, None) is None
    True
    """

    def close(self) -> None:
        """End the iteration: no page is requested any more, and ``next`` raises StopIteration."""
        raise NotImplementedError


@public
class Listing(Iterable[T]):
    """The items of a list. A page is requested when its first item is needed.

    Each loop reads the list from its start and sends new requests, so ``list(listing)`` is always
    the whole list. `first` and `by_page` also read from the start. The start is the first page, or
    the page of the `next_token` that was passed to the method.

    ``next(listing)`` reads single items. The next loop continues after them, and the loops after
    that one read from the start.

    An error ends a loop, but not an iterator; see `ListingIterator`. To continue after an error,
    keep the iterator that ``iter(listing)`` or ``listing.by_page()`` returns. Several threads can
    read one listing, each with an iterator of its own.

    >>> from ssm_contacts_sdk import Contact, ContactsClient, ContactType
    >>> client = ContactsClient.local()
    >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
    >>> contacts = client.contacts.list(page_size=50)
    >>> [contact.alias for contact in contacts], [contact.alias for contact in contacts]
    (['akuam'], ['akuam'])
    >>> [page.next_token for page in contacts.by_page()]
    [None]
    """

    def __init__(self, read_page: ReadPage[T], next_token: str | None) -> None:
        self._read_page = read_page
        self._start = next_token
        self._current: _Items[T] | None = None

    def __iter__(self) -> ListingIterator[T]:
        if self._current is not None and not self._current.is_over:
            return self._current
        return self._items()

    def __repr__(self) -> str:
        return "<Listing: loop over it, or call first() or by_page()>"

    def __next__(self) -> T:
        if self._current is None:
            self._current = self._items()
        return next(self._current)

    def first(self) -> T | None:
        """Return the first item of the list, or None if the list is empty.

        It requests one page, and further ones only while they are empty. It neither uses nor
        changes the position of ``next(listing)``.

        >>> from ssm_contacts_sdk import ContactsClient
        >>> ContactsClient.local().contacts.list().first() is None
        True
        """
        return next(self._items(), None)

    def by_page(self) -> ListingIterator[ListingPage[T]]:
        """Return an iterator over whole pages, each requested when it is needed.

        To stop and resume later, keep the `next_token` of the last page, and pass it to the method
        that returned this listing.
        """
        return _Pages(self._read_page, self._start)

    def _items(self) -> "_Items[T]":
        return _Items(_Pages(self._read_page, self._start))


# Neither is a generator: an exception ends a generator, and the next item would be StopIteration.
class _Pages(ListingIterator[ListingPage[T]]):
    def __init__(self, read_page: ReadPage[T], next_token: str | None) -> None:
        self._read_page = read_page
        self._next_token = next_token
        self._used_tokens: set[str | None] = set()
        self._is_over = False

    def __next__(self) -> ListingPage[T]:
        if self._is_over:
            raise StopIteration
        page = self._read_page(self._next_token)
        if self._is_over:
            # It was closed during the request, for example by a signal handler.
            raise StopIteration
        self._used_tokens.add(self._next_token)
        if page.next_token in self._used_tokens and page.next_token is not None:
            raise ResponseDecodeError("the token leads back to an earlier page", path="NextToken")
        self._next_token = page.next_token
        self._is_over = page.next_token is None
        return page

    def close(self) -> None:
        self._is_over = True


class _Items(ListingIterator[T]):
    def __init__(self, pages: ListingIterator[ListingPage[T]]) -> None:
        self._pages = pages
        self._page: Iterator[T] = iter(())
        self.is_over = False

    def __next__(self) -> T:
        while True:
            for item in self._page:
                return item
            try:
                self._page = iter(next(self._pages).items)
            except StopIteration:
                self.is_over = True
                raise

    def close(self) -> None:
        self._pages.close()
        self._page = iter(())
        self.is_over = True
