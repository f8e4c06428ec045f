"""The embedded service as a program, for clients in any language.

Its console is the telephone: what the service sends to people is printed there.
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
from ssm_contacts_sdk.local._clock import LocalClock
from ssm_contacts_sdk.local._journal import JournalEntry
from ssm_contacts_sdk.local._limits import Rates
from ssm_contacts_sdk.local._persistence.recorder import StateFile
from ssm_contacts_sdk.local._server.http import LocalServer
from ssm_contacts_sdk.local._service import LocalService

_PROGRAM = "python -m ssm_contacts_sdk.local"
_DEFAULT_PORT = 4583
_DEFAULT_HISTORY = 10_000
_LOOK_SECONDS = 0.2
_TIME = "%Y-%m-%d %H:%M:%SZ"
_LONG_AGO = datetime(1970, 1, 1, tzinfo=timezone.utc)


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until Ctrl-C or SIGTERM; the exit code.

    Args:
        arguments: Those of the command line, if they are not Python's own.
    """
    asked = _parser().parse_args(arguments)
    try:
        with _told_to_stop() as stop:
            _run(asked, stop)
    except ContactsError as error:
        _complain(error)
        return 2
    return 0


class _Parser(ArgumentParser):
    def error(self, message: str) -> NoReturn:
        # In one line: the usage, which argparse puts in front, hides what is wrong.
        self.exit(2, f"{self.prog}: {message}; --help tells more\n")


def _parser() -> ArgumentParser:
    parser = _Parser(
        prog=_PROGRAM,
        description="AWS's ssm-contacts on this machine, with no AWS account.",
        allow_abbrev=False,
    )
    add = parser.add_argument
    add(
        "--port",
        type=int,
        default=_DEFAULT_PORT,
        help="0 is any that is free; %(default)s unless told otherwise",
    )
    add(
        "--host",
        default="127.0.0.1",
        help="the address to listen on; %(default)s unless told otherwise",
    )
    add(
        "--open-to-network",
        action="store_true",
        help="let --host be one that other machines reach; they can read and change everything",
    )
    add(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="a name by which clients may call it, apart from localhost; can be repeated",
    )
    add("--account-id", default="111122223333", help="the account of every ARN")
    add("--region", default="us-east-2", help="the Region of every ARN")
    add("--seed", type=int, default=0, help="what ids and codes are drawn from")
    add(
        "--speed",
        type=float,
        default=1.0,
        help="how many times as fast as real time it runs; once unless told otherwise",
    )
    add(
        "--start",
        type=_instant,
        metavar="TIME",
        help="where the clock begins, such as 2025-01-13T10:00+01:00, unless --state is later; "
        "now unless told otherwise",
    )
    add("--state", type=Path, metavar="PATH", help="a file to go on with, and to keep all in")
    add("--rates", action="store_true", help="throttle at the rates that AWS publishes")
    add(
        "--history-limit",
        type=int,
        default=_DEFAULT_HISTORY,
        metavar="COUNT",
        help="how many requests, messages and journal entries it keeps (default: %(default)s)",
    )
    add("--quiet", action="store_true", help="do not print what is sent to people")
    return parser


def _instant(text: str) -> datetime:
    """An ISO instant, also in the spelling that Python 3.10 does not read."""
    try:
        instant = datetime.fromisoformat(text[:-1] + "+00:00" if text[-1:] in "Zz" else text)
    except ValueError:
        instant = None
    if instant is None or instant.utcoffset() is None:
        like = "2025-01-13T10:00+01:00"
        raise ArgumentTypeError(f"must be a date and time with a zone, such as {like}")
    return instant


def _run(asked: Namespace, stop: _Stop) -> None:
    # It stands in the past until it is known how far a service that goes on had come.
    clock = LocalClock(min(asked.start or _LONG_AGO, _LONG_AGO), speed=asked.speed)
    service = LocalService(
        account_id=asked.account_id,
        region_name=asked.region,
        clock=clock,
        seed=asked.seed,
        rates=Rates() if asked.rates else None,
        history_limit=asked.history_limit,
    )
    with _persisted(service, asked.state) as file:
        console = _Console(service, file)
        clock.return_to(max(clock.now(), asked.start or datetime.now(timezone.utc)))
        with service.serve(
            host=asked.host,
            port=asked.port,
            open_to_network=asked.open_to_network,
            allowed_hosts=asked.allow_host,
        ) as server:
            stop.say(_greeting(server, asked, clock))
            while not stop.is_wanted:
                sleep(_LOOK_SECONDS)
                for line in console.news():
                    if not asked.quiet:
                        stop.say(line)
    if asked.state is not None:
        stop.say(f"saved to {asked.state}")


@contextmanager
def _persisted(service: LocalService, path: Path | None) -> Generator[StateFile | None]:
    if path is None:
        yield None
    else:
        with service.persist(path) as file:
            yield file


class _Console:
    """What the service does by itself from now on."""

    def __init__(self, service: LocalService, file: StateFile | None) -> None:
        self._service = service
        self._file = file
        self._has_complained = False
        _, self._seen = service.journal_since(0)

    def news(self) -> Iterator[str]:
        """A line for each note since the last look."""
        seen = self._seen
        notes: Sequence[JournalEntry] = ()
        with suppress(StateFileError):
            # To look lets the service do what has fallen due meanwhile.
            notes, self._seen = self._service.journal_since(seen)
        self._complain_once()
        missed = self._seen - seen - len(notes)
        if missed:
            yield f"({missed} earlier lines are not shown: --history-limit is too small for them)"
        yield from map(line_of, notes)

    def _complain_once(self) -> None:
        """Report that the state file cannot be written, until it can be written again."""
        problem = None if self._file is None else self._file.problem
        if problem is not None and not self._has_complained:
            _complain(problem)
        self._has_complained = problem is not None


def _greeting(server: LocalServer, asked: Namespace, clock: LocalClock) -> str:
    lines = [
        f"ssm-contacts is served at {server.url}, account {asked.account_id}. Ctrl-C ends it.",
        _time_told(clock.now(), asked.speed),
        "",
        "Clients need:",
        "",
        server.exports(),
        "",
    ]
    if asked.open_to_network:
        lines.append("Whoever reaches this machine can read and change everything in it.")
    if not asked.quiet:
        lines.append("What is sent to people is printed here:")
    return "\n".join(lines)


def _time_told(now: datetime, speed: float) -> str:
    pace = f"runs {speed:g} times as fast as real time"
    if speed in (0, 1):
        pace = "runs as fast as real time" if speed else "stands still"
    ahead = timedelta(seconds=round((now - datetime.now(timezone.utc)).total_seconds()))
    lead = f" It is ahead of this machine's by {ahead}." if ahead > timedelta() else ""
    return f"Its clock shows {now:{_TIME}} and {pace}.{lead}"


def line_of(note: JournalEntry) -> str:
    """What the service did as a line; a message with all that is in it.

    Its text comes from whoever calls the service, and must not command the terminal.
    """
    message = note.message
    if message is None:
        return f"{note.at:{_TIME}} {note.text}"
    code = "" if message.code is None else f", code {message.code}"
    said = (
        f"{message.sent_at:{_TIME}} {message.kind} by {message.channel_type} to "
        f"{message.address}{code} ({message.channel_arn}): {message.subject}: {message.content}"
    )
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape").decode() for each in said
    )


def _complain(error: ContactsError) -> None:
    text = printable(f"{_PROGRAM}: {error}", sys.stderr)
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - a program says so


class _Interrupted(Exception):
    """Nobody reads what is printed, and the program is to stop."""


class _Stop:
    """What Ctrl-C and SIGTERM ask for. They interrupt nothing, such as a file half written.

    The exception is a console that nobody reads, as when a pipe is full: printing would wait for
    ever, and the program could not be ended.
    """

    def __init__(self) -> None:
        self.is_wanted = False
        self._is_printing = False

    def handle(self, number: int, frame: object) -> None:
        self.is_wanted = True
        if self._is_printing and _is_full(sys.stdout):
            raise _Interrupted

    def say(self, text: str) -> None:
        try:
            self._is_printing = True
            if self.is_wanted and _is_full(sys.stdout):
                # The signal came before this was to be printed.
                raise _Interrupted
            # Not every console can show what people write.
            print(printable(text), flush=True)  # noqa: T201 - the console is the telephone
        except (BrokenPipeError, _Interrupted):
            # The service goes on, or ends, and Python must not fail or wait in its last flush.
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, sys.stdout.fileno())
            os.close(nowhere)
        finally:
            self._is_printing = False


def _is_full(stream: TextIO) -> bool:
    """Whether who writes to a stream has to wait for its reader, as far as the system can tell."""
    try:
        _, writable, _ = select([], [stream], [], 0)
    except (OSError, ValueError):
        # Windows tells it of sockets only.
        return False
    return not writable


@contextmanager
def _told_to_stop() -> Generator[_Stop]:
    stop = _Stop()
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(each, stop.handle) for each in signals]
    try:
        yield stop
    finally:
        for each, handler in zip(signals, before, strict=True):
            signal.signal(each, handler)
