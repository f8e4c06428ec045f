"""See who would be paged when, before anybody is: as text, and as a picture for a browser.

Without arguments for a made-up team on the embedded service, with them on AWS::

    python examples/preview_escalation.py
    python examples/preview_escalation.py --region us-east-2 --escalation ARN --svg friday.svg
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from connecting import Place, arguments, instant, run, write
from made_up_team import move_in


def main(argv: Sequence[str] | None = None) -> None:
    """Run the example."""
    parser = arguments("Show who would be paged when. Nobody is.", writes=False)
    parser.add_argument("--escalation", metavar="ARN", help="an escalation plan, or any contact")
    parser.add_argument("--at", type=instant, help="when, such as 2025-01-06T18:30+01:00; now")
    parser.add_argument(
        "--svg", type=Path, default=Path("preview.svg"), help="the picture; preview.svg"
    )
    chosen = parser.parse_args(argv)
    place = Place(chosen)
    # The made-up team, if it is there to be asked about.
    made_up = "" if place.service is None else move_in(place.service).escalation.arn
    what = place.argument(chosen.escalation, made_up, "--escalation")
    place.before_reading(f"all that {what} leads to: plans, channels and shifts")
    with place.client as client:
        timeline = client.preview(what, chosen.at)
    print(timeline.to_text())
    write(chosen.svg, timeline.to_svg().encode())


if __name__ == "__main__":
    run(main)
