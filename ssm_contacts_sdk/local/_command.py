"""The embedded service as a command, for clients in any language.

The command prints the messages that the service sends to people.
"""

from __future__ import annotations

import os
import signal
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path
from select import select
from time import sleep
from typing import NoReturn, TextIO

from ssm_contacts_sdk._charts.drawable import printable
from ssm_contacts_sdk._errors import ContactsError, StateFileError
from ssm_contacts_sdk._rates import Rates
from ssm_contacts_sdk.local._clock import LocalClock
from ssm_contacts_sdk.local._journal import JournalEntry
from ssm_contacts_sdk.local._persistence.state_file import StateFile
from ssm_contacts_sdk.local._server.http import LocalServer
from ssm_contacts_sdk.local._service import LocalService

_PROGRAM = "python -m ssm_contacts_sdk.local"
_DEFAULT_PORT = 4583
_DEFAULT_HISTORY = 10_000
_POLL_SECONDS = 0.2
_TIME_FORMAT = "%Y-%m-%d %H:%M:%SZ"
_EARLY = datetime(1970, 1, 1, tzinfo=timezone.utc)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until Ctrl-C or SIGTERM, and return the exit code.

    Args:
        arguments: the command-line arguments; None is those of this process.
    """
    options = _parser().parse_args(arguments)
    try:
        with _stop_on_signals() as console:
            _run(options, console)
    except ContactsError as error:
        _print_error(error)
        return 2
    return 0


class _Parser(ArgumentParser):
    def error(self, message: str) -> NoReturn:
        # Without the usage, which argparse prints first and which would hide the error.
        self.exit(2, f"{self.prog}: {message}; see --help\n")


def _parser() -> ArgumentParser:
    parser = _Parser(
        prog=_PROGRAM,
        description="Serve AWS's ssm-contacts on this machine, without an AWS account.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add(
        "--port",
        type=int,
        default=_DEFAULT_PORT,
        help="the port to listen on; 0 is any free port (default: %(default)s)",
    )
    add("--host", default="127.0.0.1", help="the address to listen on (default: %(default)s)")
    add(
        "--open-to-network",
        action="store_true",
        help="allow a --host that other machines can reach; they can read and change everything",
    )
    add(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a name by which clients may call the server, besides localhost; can be repeated",
    )
    add(
        "--account-id",
        default="111122223333",
        help="the account in every ARN (default: %(default)s)",
    )
    add("--region", default="us-east-2", help="the Region in every ARN (default: %(default)s)")
    add("--seed", type=int, default=0, help="the seed of ids and codes (default: %(default)s)")
    add(
        "--speed",
        type=float,
        default=1.0,
        help="the speed of the clock, as a multiple of real time (default: %(default)g)",
    )
    add(
        "--start",
        type=_instant,
        metavar="TIME",
        help="the time at which the clock starts, such as 2025-01-13T10:00+01:00, unless --state "
        "is later (default: now)",
    )
    add("--state", type=Path, metavar="PATH", help="a file to load the state from and save it to")
    add("--rates", action="store_true", help="throttle at the rates that AWS publishes")
    add(
        "--history-limit",
        type=int,
        default=_DEFAULT_HISTORY,
        metavar="COUNT",
        help="how many requests, messages and journal entries to keep (default: %(default)s)",
    )
    add("--quiet", action="store_true", help="do not print messages to people")
    return parser


def _instant(text: str) -> datetime:
    try:
        # Python 3.10 cannot parse the Z.
        instant = datetime.fromisoformat(text[:-1] + "+00:00" if text[-1:] in "Zz" else text)
    except ValueError:
        instant = None
    if instant is None or instant.utcoffset() is None:
        example = "2025-01-13T10:00+01:00"
        raise ArgumentTypeError(f"must be a date and time with a time zone, such as {example}")
    return instant


def _run(options: Namespace, console: _Console) -> None:
    # The clock starts early, because the time of a saved state is not known yet.
    clock = LocalClock(min(options.start or _EARLY, _EARLY), speed=options.speed)
    service = _service(options, clock)
    with _persisted(service, options.state) as file:
        new_entries = _NewEntries(service, file)
        clock.return_to(max(clock.now(), options.start or datetime.now(timezone.utc)))
        with service.serve(
            host=options.host,
            port=options.port,
            open_to_network=options.open_to_network,
            allowed_hosts=options.allow_host,
        ) as server:
            console.print(_startup_text(server, options, clock))
            _print_until_stopped(new_entries, console, is_quiet=options.quiet)
    if options.state is not None:
        console.print(f"Saved to {options.state}")


def _service(options: Namespace, clock: LocalClock) -> LocalService:
    return LocalService(
        account_id=options.account_id,
        region_name=options.region,
        clock=clock,
        seed=options.seed,
        rates=Rates() if options.rates else None,
        history_limit=options.history_limit,
    )


def _print_until_stopped(new_entries: _NewEntries, console: _Console, *, is_quiet: bool) -> None:
    while not console.is_stopping:
        sleep(_POLL_SECONDS)
        # Also if nothing is printed: reading the entries runs the events that are due.
        for line in new_entries.lines():
            if not is_quiet:
                console.print(line)


@contextmanager
def _persisted(service: LocalService, path: Path | None) -> Generator[StateFile | None]:
    if path is None:
        yield None
    else:
        with service.persist(path) as file:
            yield file


class _NewEntries:
    """The journal entries that are added from now on, as lines."""

    def __init__(self, service: LocalService, file: StateFile | None) -> None:
        self._service = service
        self._file = file
        self._has_printed_problem = False
        _, self._seen = service.journal_since(0)

    def lines(self) -> Iterator[str]:
        """Yield a line for each new journal entry."""
        seen = self._seen
        entries: Sequence[JournalEntry] = ()
        with suppress(StateFileError):
            # This also runs the events that are due.
            entries, self._seen = self._service.journal_since(seen)
        self._print_problem_once()
        missed = self._seen - seen - len(entries)
        if missed:
            yield f"({missed} earlier lines are not shown: increase --history-limit)"
        yield from map(line_of, entries)

    def _print_problem_once(self) -> None:
        """Print that the state file cannot be written, once until it can be written again."""
        problem = None if self._file is None else self._file.problem
        if problem is not None and not self._has_printed_problem:
            _print_error(problem)
        self._has_printed_problem = problem is not None


def _startup_text(server: LocalServer, options: Namespace, clock: LocalClock) -> str:
    lines = [
        f"Serving ssm-contacts at {server.url}, account {options.account_id}. Ctrl-C stops it.",
        _clock_line(clock.now(), options.speed),
        "",
        "Clients need these environment variables:",
        "",
        server.exports(),
        "",
    ]
    if options.open_to_network:
        lines.append("All machines that can reach this address can read and change everything.")
    if not options.quiet:
        lines.append("Messages to people:")
    return "\n".join(lines)


def _clock_line(now: datetime, speed: float) -> str:
    pace = f"runs {speed:g} times as fast as real time"
    if speed in (0, 1):
        pace = "runs in real time" if speed else "does not run"
    difference = timedelta(seconds=round((now - datetime.now(timezone.utc)).total_seconds()))
    is_ahead = difference > timedelta()
    ahead = f" It is {difference} ahead of this machine's clock." if is_ahead else ""
    return f"The clock shows {now:{_TIME_FORMAT}} and {pace}.{ahead}"


def line_of(entry: JournalEntry) -> str:
    """Return a journal entry as a line. A message is shown with its address, code and text.

    The text is that of a request, so control characters are escaped.
    """
    message = entry.message
    if message is None:
        return f"{entry.at:{_TIME_FORMAT}} {entry.text}"
    code = "" if message.code is None else f", code {message.code}"
    line = (
        f"{message.sent_at:{_TIME_FORMAT}} {message.kind} by {message.channel_type} to "
        f"{message.address}{code} ({message.channel_arn}): {message.subject}: {message.content}"
    )
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in line
    )


def _print_error(error: ContactsError) -> None:
    text = printable(f"{_PROGRAM}: {error}", stream=sys.stderr)
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - the command's error output


class _OutputBlocked(Exception):
    """The command must stop, and nothing reads its output."""


class _Console:
    """Standard output, and the signals that stop the command.

    A signal does not interrupt what the command does, such as writing a file. The exception is
    printing to output that nothing reads, such as a full pipe: it would wait forever.
    """

    def __init__(self) -> None:
        self.is_stopping = False
        self._is_printing = False

    def stop(self, number: int, frame: object) -> None:
        """Handle a signal."""
        self.is_stopping = True
        if self._is_printing and _is_full(sys.stdout):
            raise _OutputBlocked

    def print(self, text: str) -> None:
        try:
            self._is_printing = True
            if self.is_stopping and _is_full(sys.stdout):
                # The signal came before this call.
                raise _OutputBlocked
            # Not every encoding has all characters of the messages.
            print(printable(text), flush=True)  # noqa: T201 - the command's output
        except (BrokenPipeError, _OutputBlocked):
            # The command continues or stops. Python's last flush must neither fail nor wait.
            devnull = os.open(os.devnull, os.O_WRONLY)
            os.dup2(devnull, sys.stdout.fileno())
            os.close(devnull)
        finally:
            self._is_printing = False


def _is_full(stream: TextIO) -> bool:
    """Return whether writing to a stream would wait for its reader, if the system reports it."""
    try:
        _, writable, _ = select([], [stream], [], 0)
    except (OSError, ValueError):
        # Windows reports it for sockets only.
        return False
    return not writable


@contextmanager
def _stop_on_signals() -> Generator[_Console]:
    console = _Console()
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(each, console.stop) for each in signals]
    try:
        yield console
    finally:
        for each, handler in zip(signals, before, strict=True):
            signal.signal(each, handler)
