"""Look through a whole account for what would go wrong: gaps, dead ends, channels without a code.

Without arguments for a made-up team on the embedded service, with them on AWS::

    python examples/audit_account.py
    python examples/audit_account.py --region us-east-2 --days 30
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from connecting import Place, arguments, days, run
from made_up_team import move_in


def main(argv: Sequence[str] | None = None) -> None:
    """Run the example."""
    parser = arguments("Tell what would go wrong. Nothing changes by it.", writes=False)
    parser.add_argument(
        "--days", type=days, default=timedelta(days=90), help="how far to look ahead; 90"
    )
    chosen = parser.parse_args(argv)
    place = Place(chosen)
    if place.service is not None:
        move_in(place.service)
    place.before_reading(
        "every contact, channel and rotation",
        f"the shifts and overrides of the next {chosen.days.days} days",
    )
    with place.client as client:
        findings = client.audit(horizon=chosen.days)
    for finding in findings:
        print(f"{finding.severity}: {finding.text}")
        print(f"    {finding.advice}")
        print(f"    {finding.resource} ({finding.rule})")
    print(f"found: {len(findings)}")


if __name__ == "__main__":
    run(main)
