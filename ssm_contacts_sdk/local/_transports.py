"""The transports of the embedded service: boto3 clients of this process, and HTTP."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from typing import TypeVar

from botocore.session import Session as BotocoreSession

# For annotations that name what the package loads on first use, such as `sdk.ContactsClient`.
import ssm_contacts_sdk as sdk
from ssm_contacts_sdk import _boto3_types as boto3_types
from ssm_contacts_sdk._privacy import hides_all_arguments
from ssm_contacts_sdk.local._arguments import check, type_violations
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

        Waiting moves the clock forward and takes no real time.

        >>> from ssm_contacts_sdk.local import LocalService
        >>> client = LocalService().client()
        >>> list(client.contacts.list())
        []

        Args:
            retry: the retry policy of the client; None is the default.
        """
        # Loaded only here, because the client is above the service.
        from ssm_contacts_sdk._botocore import CONNECT_SECONDS, READ_SECONDS  # noqa: PLC0415
        from ssm_contacts_sdk._client import ContactsClient  # noqa: PLC0415
        from ssm_contacts_sdk._needless_work import leave_out_needless_work  # noqa: PLC0415

        # The same timeouts as on AWS, so that `delay` has the same effect on a program.
        boto3_client = self._boto3_client(
            connect_timeout=CONNECT_SECONDS, read_timeout=READ_SECONDS
        )
        leave_out_needless_work(boto3_client)
        return ContactsClient(boto3_client=boto3_client, retry=retry, clock=self._core.clock)

    def boto3_client(self) -> boto3_types.SSMContactsClient:
        """Return a boto3 client, without retries, that sends its requests to this service.

        It ignores the AWS configuration of the machine: profiles, files, credentials and endpoints.

        >>> from ssm_contacts_sdk.local import LocalService
        >>> LocalService().boto3_client().list_contacts()["Contacts"]
        []
        """
        return self._boto3_client()

    def _boto3_client(self, **timeouts: float) -> boto3_types.SSMContactsClient:
        client = new_boto3_client(self._core.account.region_name, **timeouts)
        self.connect(client)
        return client

    def connect(
        self, target: boto3_types.SSMContactsClient | boto3_types.Boto3Session | BotocoreSession
    ) -> None:
        """Connect a boto3 client, or all later clients of a session, to this service.

        The configuration of a client does not change, and botocore's retries apply. If the client
        was connected to another service, it is now connected to this one only.

        Later clients of a boto3 or botocore session need no credentials. Clients with an
        ``endpoint_url``, also from the environment, are not connected.

        >>> import boto3
        >>> from ssm_contacts_sdk.local import LocalService
        >>> session = boto3.Session(region_name="us-east-2")
        >>> LocalService().connect(session)
        >>> session.client("ssm-contacts").list_contacts()["Contacts"]
        []

        Args:
            target: a boto3 client of ``ssm-contacts``, or a session of boto3 or botocore.

        Raises:
            ConfigurationError: the target is neither a client of ``ssm-contacts`` nor a session.
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
        to boto3's default session. These clients stay connected permanently. Clients that are
        created after the context call AWS again. While the contexts of two services are active, new
        clients are connected to the service whose context was entered last.
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
            host: the address to listen on.
            port: the port, between 0 and 65535; 0 is any free port.
            open_to_network: must be True for an address that other machines can reach. Everybody
                who can reach it can read and change everything.
            allowed_hosts: host names that clients may use, in addition to localhost and IP
                addresses. Requests with other names are rejected, because a web page could send
                them (DNS rebinding).

        Returns:
            The server, which runs until it is closed.

        Raises:
            ConfigurationError: the port is in use, the address is not available, an argument is
                wrong, or other machines can reach the address and `open_to_network` is not True.
        """
        return serve(
            self._core,
            host=host,
            port=port,
            open_to_network=open_to_network,
            allowed_hosts=allowed_hosts,
            region_name=self._core.account.region_name,
        )

    def handle(self, target: str, headers: Mapping[str, str], body: bytes) -> Response:
        """Return the response to one request, as it is sent over HTTP.

        Use it to write a transport of your own.

        >>> from ssm_contacts_sdk.local import LocalService
        >>> LocalService().handle("SSMContacts.ListContacts", {}, b"{}").body
        b'{"Contacts": []}'

        Args:
            target: the ``X-Amz-Target`` header, such as ``SSMContacts.GetContact``.
            headers: all headers.
            body: the body, a JSON object.

        Raises:
            RequestLost: the effect of a rule is `unreachable`.
            ResponseLost: the effect of a rule is `lost_response`.
            ConnectionReset: the effect of a rule is `connection_reset`.
            ReentrantCallError: a signal handler interrupts this thread in the middle of a change.
            InvalidValueError: an argument is of the wrong type.
        """
        violations = [
            *type_violations("target", target, str),
            *type_violations("headers", headers, Mapping),
            *type_violations("body", body, bytes),
        ]
        check("LocalService.handle", violations)
        return self._core.handle(target, headers, body)
