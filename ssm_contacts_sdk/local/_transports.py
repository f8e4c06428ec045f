"""The ways in which clients reach the embedded service."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from typing import TypeVar

from botocore.session import Session as BotocoreSession

# For annotations that name what the package loads on first use, such as `sdk.ContactsClient`.
import ssm_contacts_sdk as sdk
from ssm_contacts_sdk import _boto3_types as boto3_types
from ssm_contacts_sdk._privacy import hides_all_arguments
from ssm_contacts_sdk.local._botocore_hooks import connect, new_boto3_client
from ssm_contacts_sdk.local._core import Core
from ssm_contacts_sdk.local._patching import patch_new_clients
from ssm_contacts_sdk.local._responses import Response
from ssm_contacts_sdk.local._server.http import LocalServer, serve

_Service = TypeVar("_Service", bound="ServiceTransports")


@hides_all_arguments
class ServiceTransports:
    """A service with its transports: boto3 clients of this process, and HTTP."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def client(self, *, retry: sdk.RetryPolicy | None = None) -> sdk.ContactsClient:
        """Return a client of this package whose retries wait on the service's clock.

        Args:
            retry: The retry policy of the client; None is the default.
        """
        # Loaded only here, because the client is above the service.
        from ssm_contacts_sdk._client import ContactsClient  # noqa: PLC0415

        return ContactsClient(boto3_client=self.boto3_client(), retry=retry, clock=self._core.clock)

    def boto3_client(self) -> boto3_types.SSMContactsClient:
        """Return a boto3 client, without retries, that sends its requests to this service.

        It ignores the AWS configuration of the machine: profiles, files, credentials and endpoints.
        """
        client = new_boto3_client(self._core.account.region_name)
        self.connect(client)
        return client

    def connect(
        self, target: boto3_types.SSMContactsClient | boto3_types.Boto3Session | BotocoreSession
    ) -> None:
        """Connect a boto3 client, or all later clients of a session, to this service.

        A client keeps its configuration, including its own retries. If it was connected to another
        service, this one takes its place.

        Later clients of a boto3 or botocore session need no credentials. Clients with an
        ``endpoint_url``, also from the environment, are not connected.

        Raises:
            ConfigurationError: The target is neither a client of ``ssm-contacts`` nor a session.
        """
        connect(target, self._core)

    @contextmanager
    # Python 3.10 has no typing.Self.
    def patch_all_clients(self: _Service) -> Generator[_Service]:  # noqa: PYI019
        """Connect all boto3 clients that any code creates while the context is active.

        >>> import boto3
        >>> from ssm_contacts_sdk.local import LocalService
        >>> with LocalService().patch_all_clients() as service:
        ...     client = boto3.Session(region_name="us-east-2").client("ssm-contacts")
        >>> client.list_contacts()["Contacts"]
        []

        This applies to all threads: to sessions that are created while the context is active, and
        to boto3's default session. These clients stay connected permanently; clients created
        afterwards call AWS again. If two services do this at the same time, the later one applies.
        """
        with patch_new_clients(self._core):
            yield self

    def serve(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        open_to_network: bool = False,
        allowed_hosts: Iterable[str] = (),
    ) -> LocalServer:
        """Serve HTTP, so that the AWS CLI and SDKs of other languages can call the service.

        >>> from ssm_contacts_sdk.local import LocalService
        >>> service = LocalService()
        >>> with service.serve() as server:
        ...     server.environment["AWS_ENDPOINT_URL_SSM_CONTACTS"] == server.url
        True

        Args:
            host: The address to listen on.
            port: The port; 0 is any free port.
            open_to_network: Must be True for an address that other machines can reach. Everybody
                who can reach it can read and change everything.
            allowed_hosts: Host names that clients may use, in addition to localhost and literal
                addresses. They prevent calls by web pages through a name of their own.

        Returns:
            The server, which runs until it is closed.

        Raises:
            ConfigurationError: The port is in use, the address is not available, or other machines
                can reach it and `open_to_network` is not True.
        """
        return serve(
            self._core,
            host=host,
            port=port,
            open_to_network=open_to_network,
            allowed_hosts=tuple(allowed_hosts),
            region_name=self._core.account.region_name,
        )

    def handle(self, target: str, headers: Mapping[str, str], body: bytes) -> Response:
        """Return the response to one request. All transports call this method.

        Args:
            target: The ``X-Amz-Target`` header, such as ``SSMContacts.GetContact``.
            headers: All headers.
            body: The body.

        Raises only for a fault that withholds the response: `RequestLost`, `ResponseLost` or
        `ConnectionReset` of `ssm_contacts_sdk.local._effects`.
        """
        return self._core.handle(target, headers, body)
