"""Preview who would be paged, and when: print it, and draw it as an SVG picture.

Without arguments it uses a sample team on the embedded service. To run it on AWS::

    python examples/preview_escalation.py --region us-east-2 --escalation ARN --svg friday.svg
        --acknowledge akuam=12
"""

from __future__ import annotations

from argparse import ArgumentTypeError
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from backend import Backend
from command_line import AT, argument_parser, instant, run
from output_files import OutputFiles
from sample_team import create_team

from ssm_contacts_sdk import printable

_MOST_DIGITS = 4


def main(argv: Sequence[str] | None = None) -> None:
    """Run the example."""
    parser = argument_parser("Print who would be paged. It pages nobody.", writes=False)
    parser.add_argument(
        "--escalation",
        metavar="ARN",
        help="an escalation plan or another contact (required on AWS)",
    )
    parser.add_argument("--at", metavar="TIME", type=instant, help=AT)
    parser.add_argument(
        "--acknowledge",
        metavar="ALIAS=MINUTES",
        type=acknowledgement,
        action="append",
        default=[],
        help="who would acknowledge, and how long after the start; can be repeated "
        "(default: nobody)",
    )
    parser.add_argument(
        "--svg",
        metavar="FILE",
        type=Path,
        default=Path("preview.svg"),
        help="the file of the picture, or - for standard output (default: preview.svg)",
    )
    files = OutputFiles(parser)
    chosen = parser.parse_args(argv)
    with files.reserved(chosen, chosen.svg):
        backend = Backend(chosen)
        sample = "" if backend.service is None else create_team(backend.service).escalation.arn
        target = backend.argument(chosen.escalation, sample, "--escalation")
        backend.before_reading(
            f"what {target} involves: plans, channels and shifts",
            then=[files.step("a picture", chosen.svg)],
        )
        # The ARNs of the contacts of an account differ only in the alias.
        prefix = target.rpartition("/")[0]
        acknowledge = {f"{prefix}/{alias}": after for alias, after in chosen.acknowledge}
        with backend as client:
            timeline = client.preview(target, at=chosen.at, acknowledge=acknowledge)
        files.write(chosen.svg, timeline.to_svg().encode())
        print(printable(timeline))
        for arn, after in timeline.not_counted:
            alias, minutes = arn.rpartition("/")[2], after // timedelta(minutes=1)
            print(f"{alias} cannot acknowledge after {minutes} min: not paged by then")


def acknowledgement(value: str) -> tuple[str, timedelta]:
    """Parse an argument that says who acknowledges, and how long after the start."""
    alias, _, minutes = value.partition("=")
    # Python cannot convert a str with thousands of digits.
    if not (alias and minutes.isdecimal() and len(minutes) <= _MOST_DIGITS):
        raise ArgumentTypeError("must be like akuam=12, in whole minutes")
    return alias, timedelta(minutes=int(minutes))


if __name__ == "__main__":
    run(main)
