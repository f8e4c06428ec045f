"""Look through a whole account for what would go wrong: gaps, dead ends, channels without a code.

Without arguments for a made-up team on the embedded service, with them on AWS::

    python examples/audit_account.py
    python examples/audit_account.py --region us-east-2 --days 30 --fail-on error

It ends with 0 whatever it finds, unless --fail-on is given: then with 3 if something is that bad or
worse, so that a build fails. For cron leave it out, and send what is printed to whoever is to read
it. 1 means that the account could not be looked at, and 2 that an argument makes no sense.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import timedelta

from connecting import Place, arguments, days, run
from made_up_team import move_in

FOUND = 3
"""Another exit status than that of an audit that could not be made."""


def main(argv: Sequence[str] | None = None) -> None:
    """Run the example."""
    parser = arguments("Tell what would go wrong. Nothing changes by it.", writes=False)
    parser.add_argument(
        "--days",
        type=days,
        default=timedelta(days=90),
        help="how many days to look ahead, 1 to 366 (default: 90)",
    )
    parser.add_argument(
        "--fail-on",
        choices=["error", "warning", "never"],
        default="never",
        help=f"end with status {FOUND} if something that bad, or worse, is found (default: never)",
    )
    chosen = parser.parse_args(argv)
    place = Place(chosen)
    if place.service is not None:
        move_in(place.service)
    place.before_reading(
        "every contact, channel and rotation",
        f"the shifts and overrides of the next {chosen.days.days} days",
    )
    with place as client:
        findings = client.audit(horizon=chosen.days)
    for finding in findings:
        print(finding)
    print(f"found: {len(findings)}")
    if chosen.fail_on != "never" and any(each.severity >= chosen.fail_on for each in findings):
        sys.exit(FOUND)


if __name__ == "__main__":
    run(main)
