"""What the examples share: where they run, asking before they write, and their arguments.

Without --profile, --region or --endpoint-url an example runs against the embedded service, which
needs no AWS account and forgets everything when the example ends.
"""

from __future__ import annotations

import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Sequence
from datetime import MAXYEAR, datetime, timedelta, timezone
from pathlib import Path

from ssm_contacts_sdk import (
    ChannelRecord,
    ConfigurationError,
    ContactsClient,
    ContactsError,
    InvalidValueError,
    ValidationError,
)
from ssm_contacts_sdk.local import LocalService

_MOST_DAYS = 366


def arguments(description: str | None, *, writes: bool = True) -> ArgumentParser:
    """A parser of the arguments that every example takes, also those that only read."""
    parser = ArgumentParser(description=description)
    real = parser.add_argument_group("to run on AWS instead of the embedded service")
    real.add_argument("--profile", help="a profile of your AWS configuration")
    real.add_argument("--region", help="such as us-east-2")
    real.add_argument("--endpoint-url", help="where to send requests instead of to AWS")
    if writes:
        real.add_argument("--yes", action="store_true", help="write without asking")
    return parser


def instant(text: str) -> datetime:
    """An argument that is a time with a zone."""
    try:
        # Python 3.10 does not know the Z.
        at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        raise ArgumentTypeError("must be like 2025-01-06T18:30+01:00") from None
    if at.utcoffset() is None:
        raise ArgumentTypeError("must have a time zone, as in 2025-01-06T18:30+01:00")
    if at.year == MAXYEAR:
        raise ArgumentTypeError("must leave some time until the end of the calendar")
    return at


def days(text: str) -> timedelta:
    """An argument that is a number of days."""
    # No longer text is a number of days, and Python refuses to read the longest.
    if not (text.isdecimal() and len(text) <= len("366") and 1 <= int(text) <= _MOST_DAYS):
        raise ArgumentTypeError(f"must be 1 to {_MOST_DAYS}")
    return timedelta(days=int(text))


def write(path: Path, content: bytes) -> None:
    """Write what an example made, and say where it is."""
    try:
        path.write_bytes(content)
    except OSError as error:
        sys.exit(f"{path} cannot be written: {error.strerror}")
    print(f"written: {path}")


class Place:
    """Where an example runs: AWS, or an embedded service of its own."""

    def __init__(self, chosen: Namespace) -> None:
        self._service: LocalService | None = None
        # Those that only read have no such argument.
        self._asks = not getattr(chosen, "yes", True)
        self._missing: list[str] = []
        if chosen.profile or chosen.region or chosen.endpoint_url:
            self.client = ContactsClient(
                profile_name=chosen.profile,
                region_name=chosen.region,
                endpoint_url=chosen.endpoint_url,
            )
        else:
            self._service = LocalService()
            self.client = self._service.client()

    @property
    def service(self) -> LocalService | None:
        """The embedded service, or None on AWS."""
        return self._service

    def now(self) -> datetime:
        """The time: the embedded service has its own."""
        if self._service is None:
            return datetime.now(timezone.utc)
        return self._service.clock.now()

    def argument(self, given: str | None, documented: str, option: str) -> str:
        """What was given or, on the embedded service, what AWS's documentation uses."""
        if given is None and self._service is None:
            self._missing.append(option)
        return documented if given is None else given

    def before_writing(self, *steps: str) -> None:
        """Say what is about to happen and, on AWS, ask whether it shall."""
        self._tell("do", steps)
        if self._service is None and self._asks:
            try:
                answer = input("Go on? [y/N] ")
            except EOFError:
                answer = ""
            if answer.strip().lower() not in ("y", "yes"):
                sys.exit("nothing was done")

    def before_reading(self, *steps: str) -> None:
        """Say what is about to be read. Nothing changes by it."""
        self._tell("read", steps)

    def _tell(self, act: str, steps: Sequence[str]) -> None:
        if self._missing:
            # In their order, each once.
            sys.exit(f"needed to run on AWS: {', '.join(dict.fromkeys(self._missing))}")
        where = "the embedded service"
        if self._service is None:
            where = self.client.boto3_client.meta.endpoint_url
        print(f"About to {act} this on {where}:")
        for step in steps:
            print(f"  - {step}")

    def activate(self, channel: ChannelRecord) -> None:
        """Activate a channel with the code that was sent to it."""
        while code := self._code(channel):
            try:
                self.client.channels.activate(channel, code)
            except (InvalidValueError, ValidationError) as error:
                print(f"that was not it: {error}")
            else:
                return
        print(f"{channel.name} is not activated: nobody is paged there until it is")

    def _code(self, channel: ChannelRecord) -> str:
        """What the person reads off their phone: here, out of the outbox."""
        if self._service is None:
            return input(f"The code sent to {channel.name} (Enter to leave it for later): ").strip()
        return self._service.code_for(channel)


def run(main: Callable[[Sequence[str] | None], None]) -> None:
    """Run an example; what goes wrong is told in a line."""
    try:
        main(None)
    except ConfigurationError as error:
        kind = type(error).__name__
        sys.exit(f"{kind}: {error} (here: --region, --profile, --endpoint-url)")
    except ContactsError as error:
        sys.exit(f"{type(error).__name__}: {error}")
    except (KeyboardInterrupt, EOFError):
        sys.exit("stopped")
