"""The base class of resources: it makes requests of operations and their arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Generic, TypeVar, cast

from attrs import field, frozen

from ssm_contacts_sdk._errors import AmbiguousNameError
from ssm_contacts_sdk._operations import Operation
from ssm_contacts_sdk._privacy import hides_arguments
from ssm_contacts_sdk._resources.listing import Listing, ListingPage
from ssm_contacts_sdk._service_errors import ResourceNotFoundError
from ssm_contacts_sdk._transport import Request, Transport

T = TypeVar("T")


class Resource:
    """The base of the resources of a client.

    A method runs its operation in one line, by `_run` or `_listing`. A method with private
    arguments makes the request, deletes those arguments and then sends the request: an error
    reporter that is called during the call sees the variables of every running function.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        self._send = transport.send

    def _request(self, operation: Operation[T], /, **arguments: object) -> Request[T]:
        """Return the request for these arguments.

        Raises:
            InvalidValueError: with every rule that the arguments break.
        """
        checked = operation.checked(arguments)
        read = partial(operation.result, checked)
        return self._transport.checked_request(operation, operation.kwargs(checked), read)

    def _run(self, operation: Operation[T], /, **arguments: object) -> T:
        """Check the arguments, send the request and return the result."""
        return self._send(self._request(operation, **arguments))

    def _get_found(self, name: str, arns: Iterable[str], get: Callable[[str], T]) -> T | None:
        """Return the resource that was found by its name, or None.

        Raises:
            AmbiguousNameError: several resources have this name.
        """
        # A list that changes while it is read may contain a resource twice.
        found = tuple(dict.fromkeys(arns))
        if len(found) > 1:
            raise AmbiguousNameError(name, found)
        try:
            return get(found[0]) if found else None
        except ResourceNotFoundError:
            # It was deleted after it was listed.
            return None

    def _listing(self, operation: Operation[ListingPage[T]], /, **arguments: object) -> Listing[T]:
        """Check the arguments and return the list. Its pages are requested when needed."""
        request = self._request(operation, **arguments)
        kwargs = dict(request.kwargs)
        start = cast("str | None", kwargs.pop("NextToken", None))
        first = self._transport.checked_request(operation, kwargs, request.read)
        return Listing(_PageReader(self._transport, first).read, start)


@frozen
class _PageReader(Generic[T]):
    """Requests the pages of a list. It refers to the transport, so it cannot be pickled."""

    transport: Transport
    first: Request[ListingPage[T]] = field(repr=False)

    @hides_arguments
    def read(self, token: str | None) -> ListingPage[T]:
        """Request the page of `token`, or the first page for None."""
        request = self.first
        if token is not None:
            kwargs = {**request.kwargs, "NextToken": token}
            request = self.transport.checked_request(request.operation, kwargs, request.read)
        return self.transport.send(request)
