"""Where an example runs: on AWS, or on the embedded service, which needs no AWS account.

Without --profile, --region or --endpoint-url an example runs on the embedded service. It is in
memory, so everything is gone when the example ends.
"""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from datetime import datetime, timezone
from ipaddress import ip_address
from types import TracebackType
from urllib.parse import urlsplit

from command_line import error_line

from ssm_contacts_sdk import (
    ChannelRecord,
    ContactsClient,
    CredentialsError,
    InvalidValueError,
    ValidationError,
)
from ssm_contacts_sdk.local import LocalService


class Backend:
    """AWS or a new embedded service, with a client of it.

    As a context manager it returns the client and closes it at the end.
    """

    def __init__(self, chosen: Namespace) -> None:
        self.service: LocalService | None = None
        """The embedded service; None on AWS."""
        # Examples that do not write have no --yes.
        self._asks_before_writing = not getattr(chosen, "yes", True)
        self._missing: list[str] = []
        self._is_local_endpoint = chosen.endpoint_url is not None and _is_local(chosen.endpoint_url)
        if chosen.profile or chosen.region or chosen.endpoint_url:
            self.client = ContactsClient(
                profile_name=chosen.profile,
                region_name=chosen.region,
                endpoint_url=chosen.endpoint_url,
            )
        else:
            self.service = LocalService()
            self.client = self.service.client()

    def __enter__(self) -> ContactsClient:
        return self.client.__enter__()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.client.__exit__(kind, error, trace)
        # Without a code, no service rejected the credentials: there are none.
        if self._is_local_endpoint and isinstance(error, CredentialsError) and error.code is None:
            example = "AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any"
            sys.exit(f"{error_line(error)} (the embedded server accepts any: {example})")

    def now(self) -> datetime:
        """Return the current time. The embedded service has its own clock."""
        if self.service is None:
            return datetime.now(timezone.utc)
        return self.service.clock.now()

    def argument(self, value: str | None, sample: str, option: str) -> str:
        """Return an argument or, if it is missing on the embedded service, a sample value."""
        if value is None and self.service is None:
            self._missing.append(option)
        return sample if value is None else value

    def before_writing(self, *steps: str) -> None:
        """Print what the example is going to do and, on AWS, ask for a confirmation."""
        self._announce("do", steps)
        if self.service is None and self._asks_before_writing:
            try:
                answer = input("Continue? [y/N] ")
            except EOFError:
                answer = ""
            if answer.strip().lower() not in ("y", "yes"):
                sys.exit("nothing was changed")

    def before_reading(self, *steps: str, then: Sequence[str] = ()) -> None:
        """Print what the example is going to read, and which files it then writes."""
        self._announce("read", steps, then)

    def _announce(self, verb: str, steps: Sequence[str], then: Sequence[str] = ()) -> None:
        if self._missing:
            sys.exit(f"required on AWS: {', '.join(dict.fromkeys(self._missing))}")
        where = "the embedded service"
        if self.service is None:
            where = self.client.boto3_client.meta.endpoint_url
        lines = [f"About to {verb} this on {where}:", *(f"  - {step}" for step in steps), *then]
        # Printed at once: with `| head -1`, a second print would fail before the files are written.
        print("".join(f"{line}\n" for line in lines), end="")

    def activate(self, channel: ChannelRecord) -> None:
        """Activate a channel with the code that the service sends to it."""
        while code := self._code_for(channel):
            try:
                self.client.channels.activate(channel, code)
            except (InvalidValueError, ValidationError) as error:
                print(f"the code was not accepted: {error}")
            else:
                return
        print(f"{channel.name} is not activated: it gets no pages until it is")

    def _code_for(self, channel: ChannelRecord) -> str:
        """Return the code: on AWS the user types it in, here it is in the outbox."""
        if self.service is None:
            return input(f"The code sent to {channel.name} (Enter to activate it later): ").strip()
        return self.service.code_for(channel)


def _is_local(endpoint_url: str) -> bool:
    """Return whether an endpoint is on this machine."""
    try:
        host = urlsplit(endpoint_url).hostname or ""
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
