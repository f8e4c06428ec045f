"""Write an on-call calendar as an iCalendar file, and optionally as a picture.

It needs the package icalendar: ``pip install 'ssm-contacts-sdk[ics]'``. Publish the file where
calendar programs can subscribe to it. Write it again regularly, with --force: the events keep their
UIDs.

Without arguments it uses a sample team on the embedded service. To run it on AWS::

    python examples/publish_calendar.py --region us-east-2 --on-call ARN --days 60 --ics team.ics
        --svg team.svg --force
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from backend import Backend
from command_line import argument_parser, days, instant, require_package, run
from output_files import OutputFiles
from sample_team import create_team

from ssm_contacts_sdk import printable


def main(argv: Sequence[str] | None = None) -> None:
    """Run the example."""
    parser = argument_parser(
        "Write an on-call calendar. It changes nothing in the account.", writes=False
    )
    parser.add_argument(
        "--on-call", metavar="ARN", help="an on-call schedule or a rotation (required on AWS)"
    )
    parser.add_argument(
        "--since",
        metavar="TIME",
        type=instant,
        help="the start, such as 2025-01-06T00:00+01:00 (default: now)",
    )
    parser.add_argument(
        "--days",
        metavar="NUMBER",
        type=days,
        default=timedelta(days=28),
        help="how many days, 1 to 366 (default: 28)",
    )
    parser.add_argument(
        "--ics",
        metavar="FILE",
        type=Path,
        default=Path("on_call.ics"),
        help="the file of the calendar, or - for standard output (default: on_call.ics)",
    )
    parser.add_argument(
        "--svg",
        metavar="FILE",
        type=Path,
        help="the file of a picture, or - for standard output (default: no picture)",
    )
    files = OutputFiles(parser)
    chosen = parser.parse_args(argv)
    require_package("icalendar", "ics")
    with files.reserved(chosen, chosen.ics, chosen.svg):
        backend = Backend(chosen)
        sample = "" if backend.service is None else create_team(backend.service).schedule.arn
        target = backend.argument(chosen.on_call, sample, "--on-call")
        then = [files.step("the calendar", chosen.ics)]
        if chosen.svg is not None:
            then.append(files.step("a picture", chosen.svg))
        backend.before_reading(f"who is on call for {target} in {chosen.days.days} days", then=then)
        with backend as client:
            since = backend.now() if chosen.since is None else chosen.since
            calendar = client.calendar(target, since=since, until=since + chosen.days)
        files.write(chosen.ics, calendar.to_ics())
        if chosen.svg is not None:
            files.write(chosen.svg, calendar.to_svg().encode())
        print(printable(calendar))


if __name__ == "__main__":
    run(main)
