"""Write who is on call as a calendar that others can subscribe to, and as a picture if wanted.

It needs the package icalendar: ``pip install 'ssm-contacts-sdk[ics]'``. Put the file where calendar
programs find it: every time it is written anew, with --force, events keep their identity.

Without arguments for a made-up team on the embedded service, with them on AWS::

    python examples/publish_calendar.py
    python examples/publish_calendar.py --region us-east-2 --on-call ARN --days 60 --ics team.ics
        --svg team.svg --force
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from connecting import Files, Place, arguments, days, instant, need, run
from made_up_team import move_in

from ssm_contacts_sdk import printable


def main(argv: Sequence[str] | None = None) -> None:
    """Run the example."""
    parser = arguments("Write who is on call as a calendar file.", writes=False)
    parser.add_argument("--on-call", metavar="ARN", help="an on-call schedule or a rotation")
    parser.add_argument(
        "--since", type=instant, help="from when, such as 2025-01-06T00:00+01:00 (default: now)"
    )
    parser.add_argument(
        "--days",
        type=days,
        default=timedelta(days=28),
        help="how many days, 1 to 366 (default: 28)",
    )
    parser.add_argument(
        "--ics",
        type=Path,
        default=Path("on_call.ics"),
        help="the calendar's file, or - for standard output (default: on_call.ics)",
    )
    parser.add_argument(
        "--svg", type=Path, help="a picture's file, or - for standard output (default: no picture)"
    )
    files = Files(parser)
    chosen = parser.parse_args(argv)
    need("icalendar", "ics")
    with files.guarded(chosen, chosen.ics, chosen.svg):
        place = Place(chosen)
        # The made-up team, if it is there to be asked about.
        made_up = "" if place.service is None else move_in(place.service).schedule.arn
        what = place.argument(chosen.on_call, made_up, "--on-call")
        then = [files.step("the calendar", chosen.ics)]
        if chosen.svg is not None:
            then.append(files.step("a picture of it", chosen.svg))
        place.before_reading(f"who is on call for {what} in {chosen.days.days} days", then=then)
        with place as client:
            since = place.now() if chosen.since is None else chosen.since
            calendar = client.calendar(what, since=since, until=since + chosen.days)
        files.write(chosen.ics, calendar.to_ics())
        if chosen.svg is not None:
            files.write(chosen.svg, calendar.to_svg().encode())
        print(printable(calendar))


if __name__ == "__main__":
    run(main)
