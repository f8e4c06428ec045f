"""Tell who is on call, until when, and who is next: for a rotation, a schedule or an escalation.

Without arguments for a made-up team on the embedded service, with them on AWS::

    python examples/who_is_on_call.py
    python examples/who_is_on_call.py --region us-east-2 --on-call ARN --at 2025-03-10T07:30+01:00
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from connecting import AT, Place, arguments, instant, run
from made_up_team import move_in

from ssm_contacts_sdk import ContactsClient


def main(argv: Sequence[str] | None = None) -> None:
    """Run the example."""
    parser = arguments("Tell who is on call. Nothing changes by it.", writes=False)
    parser.add_argument("--on-call", metavar="ARN", help="a rotation, schedule or escalation plan")
    parser.add_argument("--at", type=instant, help=AT)
    chosen = parser.parse_args(argv)
    place = Place(chosen)
    # The made-up team, if it is there to be asked about.
    made_up = "" if place.service is None else move_in(place.service).escalation.arn
    what = place.argument(chosen.on_call, made_up, "--on-call")
    place.before_reading(f"who is on call for {what}")
    with place as client:
        show(client, what, chosen.at)


def show(client: ContactsClient, what: str, at: datetime | None) -> None:
    """Print a line for each rotation, and for each person whom the plan itself names."""
    on_call = client.on_call(what, at=at)

    def names_of(arns: Sequence[str]) -> str:
        return ", ".join(map(on_call.name_of, arns)) or "nobody"

    print(f"{on_call.at:%a %d %b %Y %H:%M} UTC")
    for assignment in on_call.assignments:
        place = "" if assignment.stage_index is None else f"stage {assignment.stage_index + 1}, "
        if not assignment.is_known:
            where = on_call.name_of(assignment.rotation_arn or assignment.target_arn or what)
            print(f"  {place}{where}: could not be read ({assignment.error})")
        elif assignment.rotation_arn is None:
            print(f"  {place}always: {names_of(assignment.contact_ids)}")
        else:
            until = "" if assignment.until is None else f" until {assignment.until:%a %H:%M}"
            rotation = on_call.name_of(assignment.rotation_arn)
            print(f"  {place}{rotation}: {names_of(assignment.contact_ids)}{until}")
        if assignment.next_shift is not None:
            following = names_of(assignment.next_shift.contact_ids)
            print(f"    next: {following} from {assignment.next_shift.start_time:%a %d %b %H:%M}")
    change = on_call.next_change
    if change is not None:
        print(f"others take over: {names_of(change.contact_ids)} from {change.at:%a %d %b %H:%M}")
    elif on_call.covers_a_year:
        print("others take over: not within a year")
    else:
        print(f"others take over: not known after {on_call.examined_until:%a %d %b %H:%M}")


if __name__ == "__main__":
    run(main)
