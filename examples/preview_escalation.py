"""See who would be paged when, before anybody is: as text, and as a picture for a browser.

Without arguments for a made-up team on the embedded service, with them on AWS::

    python examples/preview_escalation.py
    python examples/preview_escalation.py --region us-east-2 --escalation ARN --svg friday.svg
        --acknowledge akuam=12
"""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from connecting import AT, Files, Place, arguments, instant, run
from made_up_team import move_in

from ssm_contacts_sdk import printable

_MOST_DIGITS = 4


def main(argv: Sequence[str] | None = None) -> None:
    """Run the example."""
    parser = arguments("Show who would be paged when. Nobody is.", writes=False)
    parser.add_argument("--escalation", metavar="ARN", help="an escalation plan, or any contact")
    parser.add_argument("--at", type=instant, help=AT)
    parser.add_argument(
        "--acknowledge",
        metavar="ALIAS=MINUTES",
        type=acknowledgement,
        action="append",
        default=[],
        help="who would acknowledge, and how long after the start; may be repeated "
        "(default: nobody)",
    )
    parser.add_argument(
        "--svg",
        type=Path,
        default=Path("preview.svg"),
        help="the picture's file, or - for standard output (default: preview.svg)",
    )
    files = Files(parser)
    chosen = parser.parse_args(argv)
    with files.guarded(chosen, chosen.svg):
        place = Place(chosen)
        # The made-up team, if it is there to be asked about.
        made_up = "" if place.service is None else move_in(place.service).escalation.arn
        what = place.argument(chosen.escalation, made_up, "--escalation")
        place.before_reading(
            f"all that {what} leads to: plans, channels and shifts",
            then=[files.step("a picture of it", chosen.svg)],
        )
        # Contacts of one account have one ARN, but for the alias.
        whose = what.rpartition("/")[0]
        acknowledge = {f"{whose}/{alias}": after for alias, after in chosen.acknowledge}
        with place as client:
            timeline = client.preview(what, at=chosen.at, acknowledge=acknowledge)
        files.write(chosen.svg, timeline.to_svg().encode())
        print(printable(timeline))
        for arn, after in timeline.not_counted:
            alias, passed = arn.rpartition("/")[2], after // timedelta(minutes=1)
            print(f"{alias} would not acknowledge after {passed} min: not paged by then")


def acknowledgement(text: str) -> tuple[str, timedelta]:
    """An argument that says who acknowledges, and how long after the start."""
    alias, _, minutes = text.partition("=")
    # No longer text is a number of minutes within which an engagement ends.
    if not (alias and minutes.isdecimal() and len(minutes) <= _MOST_DIGITS):
        raise ArgumentTypeError("must be like akuam=12, in whole minutes")
    return alias, timedelta(minutes=int(minutes))


if __name__ == "__main__":
    run(main)
