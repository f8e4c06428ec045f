"""Print who is on call, until when, and who takes over.

Without arguments it uses a sample team on the embedded service. To run it on AWS::

    python examples/who_is_on_call.py --region us-east-2 --on-call ARN --at 2025-03-10T07:30+01:00
"""

from __future__ import annotations

from collections.abc import Sequence

from backend import Backend
from command_line import AT, argument_parser, instant, run
from sample_team import create_team

from ssm_contacts_sdk import OnCall, OnCallAssignment


def main(argv: Sequence[str] | None = None) -> None:
    """Run the example."""
    parser = argument_parser(
        "Print who is on call. It changes nothing in the account.", writes=False
    )
    parser.add_argument(
        "--on-call",
        metavar="ARN",
        help="a rotation, an on-call schedule or an escalation plan (required on AWS)",
    )
    parser.add_argument("--at", metavar="TIME", type=instant, help=AT)
    chosen = parser.parse_args(argv)
    backend = Backend(chosen)
    sample = "" if backend.service is None else create_team(backend.service).escalation.arn
    target = backend.argument(chosen.on_call, sample, "--on-call")
    backend.before_reading(f"who is on call for {target}")
    with backend as client:
        on_call = client.on_call(target, at=chosen.at)
    # print(on_call) prints a similar text.
    print(f"{on_call.at:%a %d %b %Y %H:%M} UTC")
    for assignment in on_call.assignments:
        print_assignment(on_call, assignment)
    change = on_call.next_change
    if change is not None:
        people = names_of(on_call, change.contact_ids)
        print(f"others take over: {people} from {change.at:%a %d %b %H:%M}")
    elif on_call.covers_a_year:
        print("others take over: not within a year")
    else:
        print(f"others take over: not known after {on_call.examined_until:%a %d %b %H:%M}")


def print_assignment(on_call: OnCall, assignment: OnCallAssignment) -> None:
    """Print who is on call in one rotation, or as a person whom the plan names."""
    stage = "" if assignment.stage_index is None else f"stage {assignment.stage_index + 1}, "
    people = names_of(on_call, assignment.contact_ids)
    arn = assignment.rotation_arn or assignment.target_arn
    name = "" if arn is None else on_call.name_of(arn)
    if not assignment.is_known:
        print(f"  {stage}{name}: could not be read ({assignment.error})")
    elif assignment.rotation_arn is None:
        print(f"  {stage}always: {people}")
    else:
        until = "" if assignment.until is None else f" until {assignment.until:%a %H:%M}"
        print(f"  {stage}{name}: {people}{until}")
    if assignment.next_shift is not None:
        people = names_of(on_call, assignment.next_shift.contact_ids)
        print(f"    next: {people} from {assignment.next_shift.start_time:%a %d %b %H:%M}")


def names_of(on_call: OnCall, arns: Sequence[str]) -> str:
    """Return the names of people."""
    return ", ".join(map(on_call.name_of, arns)) or "nobody"


if __name__ == "__main__":
    run(main)
