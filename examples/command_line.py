"""Command-line arguments of the examples, and how an example ends when it fails."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Sequence
from datetime import MAXYEAR, datetime, timedelta
from importlib.util import find_spec
from io import TextIOWrapper
from typing import cast

from ssm_contacts_sdk import ConfigurationError, ContactsError

_MOST_DAYS = 366
AT = "the time, such as 2025-01-06T18:30+01:00 (default: now)"
"""The help text of an argument that `instant` parses."""


def argument_parser(description: str, *, writes: bool = True) -> ArgumentParser:
    """Return a parser with the arguments of all examples.

    Args:
        description: what the example does.
        writes: whether the example changes the account, so that it has a `--yes`.
    """
    parser = ArgumentParser(description=description)
    aws = parser.add_argument_group(
        "AWS",
        "With one of the first three options the example uses AWS, otherwise the embedded service.",
    )
    aws.add_argument("--profile", metavar="NAME", help="a profile of your AWS configuration")
    aws.add_argument("--region", metavar="REGION", help="an AWS Region, such as us-east-2")
    aws.add_argument("--endpoint-url", metavar="URL", help="where to send the requests")
    if writes:
        aws.add_argument("--yes", action="store_true", help="do not ask before writing")
    return parser


def instant(value: str) -> datetime:
    """Parse an argument that is a date and time with a time zone."""
    try:
        # Python 3.10 cannot parse the Z.
        at = datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        raise ArgumentTypeError("must be like 2025-01-06T18:30+01:00") from None
    if at.utcoffset() is None:
        raise ArgumentTypeError("must have a time zone, as in 2025-01-06T18:30+01:00")
    if at.year == MAXYEAR:
        raise ArgumentTypeError(f"must be before the year {MAXYEAR}")
    return at


def days(value: str) -> timedelta:
    """Parse an argument that is a number of days."""
    # Python cannot convert a str with thousands of digits.
    if not (value.isdecimal() and len(value) <= len("366") and 1 <= int(value) <= _MOST_DAYS):
        raise ArgumentTypeError(f"must be between 1 and {_MOST_DAYS}")
    return timedelta(days=int(value))


def require_package(name: str, extra: str) -> None:
    """Exit with a message if a package of an extra is not installed."""
    if find_spec(name) is None:
        sys.exit(f"this example needs {name}: pip install 'ssm-contacts-sdk[{extra}]'")


def error_line(error: ContactsError) -> str:
    """Return an error in one line."""
    return f"{type(error).__name__}: {error}"


def run(main: Callable[[Sequence[str] | None], None]) -> None:
    """Run an example. If it fails, exit with a message of one line.

    If nobody reads its output any more, as in ``| head -1``, it exits without a message.
    """
    # It is None if the standard output is closed.
    out = cast("TextIOWrapper | None", sys.stdout)
    if out is not None:
        # A terminal may not support every character of a name. Those are printed as escapes.
        out.reconfigure(errors="backslashreplace")
    try:
        main(None)
    except ConfigurationError as error:
        sys.exit(f"{error_line(error)} (here: --region, --profile, --endpoint-url)")
    except ContactsError as error:
        sys.exit(error_line(error))
    except (KeyboardInterrupt, EOFError):
        sys.exit("stopped")
    except BrokenPipeError:
        # The example may not be complete.
        sys.exit(1)
    finally:
        if out is not None:
            _flush(out)


def _flush(out: TextIOWrapper) -> None:
    try:
        out.flush()
    except BrokenPipeError:
        # Python flushes once more at exit, which must not fail.
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, out.fileno())
        os.close(nowhere)
