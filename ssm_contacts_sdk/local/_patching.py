"""Clients of the tested code, whenever it makes them: what the fixture of pytest needs."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager

from botocore.awsrequest import AWSPreparedRequest, AWSRequest, AWSResponse
from botocore.httpsession import URLLib3Session

from ssm_contacts_sdk._errors import ConfigurationError
from ssm_contacts_sdk.local._botocore_hooks import answer_to, is_of_aws, patch_all_clients
from ssm_contacts_sdk.local._responses import Response
from ssm_contacts_sdk.local._service import LocalService


class Relay:
    """Hands requests on to the service of the running test.

    The tested code may keep a client from one test to the next. It is answered by the service of
    the test that is running, and never by AWS.
    """

    def __init__(self) -> None:
        self._service: LocalService | None = None

    @contextmanager
    def to(self, service: LocalService) -> Generator[None]:
        """Hand on to `service` meanwhile."""
        before, self._service = self._service, service
        try:
            yield
        finally:
            self._service = before

    def handle(self, target: str, headers: Mapping[str, str], body: bytes) -> Response:
        """Answer one request."""
        return self._at_hand().handle(target, headers, body)

    def wait(self, seconds: float) -> None:
        """Let `seconds` go by on the clock of the service at hand."""
        self._at_hand().clock.sleep(seconds)

    def _at_hand(self) -> LocalService:
        if self._service is None:
            raise ConfigurationError(
                "this client was created in a test with contacts_patch_all_clients and is used "
                "outside of such a test: no service is active that could respond to it"
            )
        return self._service


@contextmanager
def patch_every_client(service: LocalService, relay: Relay) -> Generator[None]:
    """Answer every client meanwhile, also those that were made before.

    New ones are bound to `relay` for good. Those that were made before have their requests caught
    where botocore hands them to the network, and are free again afterwards.
    """
    send = URLLib3Session.send

    def caught(session: URLLib3Session, request: AWSRequest | AWSPreparedRequest) -> AWSResponse:
        if isinstance(request, AWSPreparedRequest) and is_of_aws(request.url):
            return answer_to(request, relay, None)
        return send(session, request)

    with relay.to(service), patch_all_clients(relay):
        URLLib3Session.send = caught  # type: ignore[method-assign, assignment]
        try:
            yield
        finally:
            URLLib3Session.send = send  # type: ignore[method-assign]
