"""Audit a whole account: who cannot be paged, and when nobody is on call.

Without arguments it uses a sample team on the embedded service. To run it on AWS::

    python examples/audit_account.py --region us-east-2 --days 30 --fail-on error

The exit status is 0 whatever it finds, which suits cron: the output is the message to send. With
--fail-on it is 3 if there is a finding of that severity or a worse one, so that a build fails.
Status 1 means that the account could not be read, and 2 that an argument is invalid.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import timedelta

from backend import Backend
from command_line import argument_parser, days, run
from sample_team import create_team

FOUND = 3
"""The exit status if there are findings. It differs from that of an audit that failed."""


def main(argv: Sequence[str] | None = None) -> None:
    """Run the example."""
    parser = argument_parser("Audit an account. It changes nothing in the account.", writes=False)
    parser.add_argument(
        "--days",
        metavar="NUMBER",
        type=days,
        default=timedelta(days=90),
        help="how many days ahead to check, 1 to 366 (default: 90)",
    )
    parser.add_argument(
        "--fail-on",
        choices=["error", "warning", "never"],
        default="never",
        help=f"exit with status {FOUND} if there is a finding of this severity or a worse one "
        "(default: never)",
    )
    chosen = parser.parse_args(argv)
    backend = Backend(chosen)
    if backend.service is not None:
        create_team(backend.service)
    backend.before_reading(
        "every contact, channel and rotation",
        f"the shifts and overrides of the next {chosen.days.days} days",
    )
    with backend as client:
        findings = client.audit(horizon=chosen.days)
    for finding in findings:
        print(finding)
    print(f"findings: {len(findings)}")
    if chosen.fail_on != "never" and any(each.severity >= chosen.fail_on for each in findings):
        sys.exit(FOUND)


if __name__ == "__main__":
    run(main)
