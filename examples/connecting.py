"""What the examples share: where they run, asking before they write, and their arguments.

Without --profile, --region or --endpoint-url an example runs against the embedded service, which
needs no AWS account and forgets everything when the example ends.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, redirect_stdout
from datetime import MAXYEAR, datetime, timedelta, timezone
from importlib.util import find_spec
from io import TextIOWrapper
from ipaddress import ip_address
from pathlib import Path
from types import TracebackType
from typing import cast
from urllib.parse import urlsplit

from ssm_contacts_sdk import (
    ChannelRecord,
    ConfigurationError,
    ContactsClient,
    ContactsError,
    CredentialsError,
    InvalidValueError,
    ValidationError,
)
from ssm_contacts_sdk.local import LocalService

_MOST_DAYS = 366
_STDOUT = Path("-")
AT = "when, such as 2025-01-06T18:30+01:00 (default: now)"
"""What `instant` takes."""


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


def need(module: str, extra: str) -> None:
    """End the example if a package is not there that an extra installs."""
    if find_spec(module) is None:
        sys.exit(f"this example needs {module}: pip install 'ssm-contacts-sdk[{extra}]'")


class Files:
    """The files that an example makes. The name - is standard output; None is no file."""

    def __init__(self, parser: ArgumentParser) -> None:
        self._parser = parser
        self._force = False
        self._written: list[Path] = []
        self._stdout = sys.stdout
        parser.add_argument(
            "--force", action="store_true", help="overwrite files that are there already"
        )

    @contextmanager
    def guarded(self, chosen: Namespace, *paths: Path | None) -> Generator[None, None, None]:
        """Refuse to overwrite any; if one is standard output, all else goes to standard error."""
        self._force, self._stdout = chosen.force, sys.stdout
        named = [path for path in paths if path is not None]
        if len({*named}) < len(named):
            self._parser.error("two files cannot have one name")
        for path in named:
            if path != _STDOUT and path.exists() and not self._force:
                sys.exit(f"{path} is there already: choose another name, or --force")
        with redirect_stdout(sys.stderr if _STDOUT in named else sys.stdout):
            try:
                yield
            finally:
                for path in self._written:
                    print(f"written: {path}")

    def step(self, what: str, path: Path) -> str:
        """What is about to be written."""
        if path == _STDOUT:
            return f"Then {what} is written to standard output."
        over = ", over the one that is there" if path.exists() else ""
        return f"Then {what} is written to {path}{over}."

    def write(self, path: Path, content: bytes) -> None:
        """Write what the example made; at the end it says where.

        It should be written before anything is printed of it: whoever reads that may stop.
        """
        if path == _STDOUT:
            self._stdout.buffer.write(content)
            self._stdout.flush()
            return
        try:
            # Somebody else may have made one meanwhile.
            with path.open("wb" if self._force else "xb") as file:
                file.write(content)
        except OSError as error:
            sys.exit(f"{path} cannot be written: {error.strerror}")
        self._written.append(path)


class Place:
    """Where an example runs: AWS, or an embedded service of its own.

    As a context it gives the client, and says what would help where there are no credentials.
    """

    def __init__(self, chosen: Namespace) -> None:
        self._service: LocalService | None = None
        # Those that only read have no such argument.
        self._asks = not getattr(chosen, "yes", True)
        self._missing: list[str] = []
        self._is_here = chosen.endpoint_url is not None and _is_here(chosen.endpoint_url)
        if chosen.profile or chosen.region or chosen.endpoint_url:
            self.client = ContactsClient(
                profile_name=chosen.profile,
                region_name=chosen.region,
                endpoint_url=chosen.endpoint_url,
            )
        else:
            self._service = LocalService()
            self.client = self._service.client()

    def __enter__(self) -> ContactsClient:
        return self.client.__enter__()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.client.__exit__(kind, error, trace)
        if self._is_here and isinstance(error, CredentialsError) and error.code is None:
            any_will_do = "AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any"
            sys.exit(f"{_told(error)} (any will do for the embedded server: {any_will_do})")

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

    def before_reading(self, *steps: str, then: Sequence[str] = ()) -> None:
        """Say what is about to be read, and which files are made of it. Nothing else changes."""
        self._tell("read", steps, then)

    def _tell(self, act: str, steps: Sequence[str], then: Sequence[str] = ()) -> None:
        if self._missing:
            # In their order, each once.
            sys.exit(f"needed to run on AWS: {', '.join(dict.fromkeys(self._missing))}")
        where = "the embedded service"
        if self._service is None:
            where = self.client.boto3_client.meta.endpoint_url
        told = [f"About to {act} this on {where}:", *(f"  - {step}" for step in steps), *then]
        # All at once: whoever reads no further than here gets the files all the same.
        print("".join(f"{line}\n" for line in told), end="")

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


def _is_here(endpoint_url: str) -> bool:
    """Whether an endpoint is on this very machine."""
    try:
        host = urlsplit(endpoint_url).hostname or ""
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _told(error: ContactsError) -> str:
    return f"{type(error).__name__}: {error}"


def run(main: Callable[[Sequence[str] | None], None]) -> None:
    """Run an example; what goes wrong is told in a line.

    If nobody reads what it prints any more, as behind ``| head -1``, it ends without a word.
    """
    # Python has none where it was closed.
    out = cast("TextIOWrapper | None", sys.stdout)
    if out is not None:
        # A terminal may not know all the letters that names have: they are printed as escapes.
        out.reconfigure(errors="backslashreplace")
    try:
        main(None)
    except ConfigurationError as error:
        sys.exit(f"{_told(error)} (here: --region, --profile, --endpoint-url)")
    except ContactsError as error:
        sys.exit(_told(error))
    except (KeyboardInterrupt, EOFError):
        sys.exit("stopped")
    except BrokenPipeError:
        # It may not have come to its end.
        sys.exit(1)
    finally:
        if out is not None:
            _flush(out)


def _flush(out: TextIOWrapper) -> None:
    try:
        out.flush()
    except BrokenPipeError:
        # Nobody reads any more, and Python must not fail in its last flush.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, out.fileno())
        os.close(nowhere)
