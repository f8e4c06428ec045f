"""Who is on call at an instant, until when, and who takes over in the year after it."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Annotated

from attrs import field, frozen

from ssm_contacts_sdk._charts.dates import weekday
from ssm_contacts_sdk._charts.typography import one_line
from ssm_contacts_sdk._oncall.assignment import (
    OnCallAssignment,
    by_stage,
    engaged_over_time,
    people_of,
    year_after,
)
from ssm_contacts_sdk._oncall.phrases import not_read
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._schema.constraints import Between
from ssm_contacts_sdk._schema.values import check_of
from ssm_contacts_sdk._schema.violations import raise_violations, under

MOST_CHANGES = 1_000
"""The largest number of changes that can be requested."""

_check_count = check_of(Annotated[int, Between(1, MOST_CHANGES)])


@public
@frozen(kw_only=True)
class OnCallChange:
    """A change of who is on call.

    Attributes:
        at: when they begin to be on call.
        contact_ids: the ARNs of the people; empty if nobody is on call from then on.
    """

    at: datetime
    contact_ids: tuple[str, ...]


@public
@frozen(kw_only=True)
class OnCall:
    """Who is on call at an instant. Its `str` has a line for each assignment.

    It contains what was read, and its methods send no requests.

    Attributes:
        at: the instant.
        assignments: one for each rotation, and for each person whom an escalation plan names.
        names: the names of the contacts and rotations, by ARN.
    """

    at: datetime
    assignments: tuple[OnCallAssignment, ...]
    names: Mapping[str, str] = field(factory=dict[str, str], repr=False)

    @property
    def contact_ids(self) -> tuple[str, ...]:
        """The ARNs of all who are on call, each once.

        For an escalation plan these are the people of all stages; see `engaged_first`. If an
        assignment is not known, there may be others: see `unreadable`.
        """
        return people_of(self.assignments)

    @property
    def engaged_first(self) -> tuple[str, ...]:
        """The ARNs of those whom a page would reach first: of the first stage with people in it.

        For a rotation or a schedule, these are all who are on call. A stage that could not be read
        counts as the first one, since somebody may be on call there.
        """
        for stage in by_stage(self.assignments):
            if any(each.contact_ids or not each.is_known for each in stage):
                return people_of(stage)
        return ()

    @property
    def unreadable(self) -> tuple[OnCallAssignment, ...]:
        """The assignments of which it is not known who is on call, each with its `error`."""
        return tuple(each for each in self.assignments if not each.is_known)

    @property
    def until(self) -> datetime | None:
        """When the first of the assignments changes; None if no change is known."""
        ends = (each.until for each in self.assignments)
        return min((end for end in ends if end is not None), default=None)

    @property
    def next_change(self) -> OnCallChange | None:
        """Who takes over from those who are engaged first, over all rotations together, and when.

        For an escalation plan, these are the people of the first stage with people in it at that
        time. Hours in which nobody is on call do not count, nor do later shifts of the same people:
        `upcoming(1, gaps=True)` includes the next gap. None if nobody else is engaged first until
        `examined_until`; that is a year if `covers_a_year`.
        """
        return next(self._changes(gaps=False), None)

    def upcoming(self, count: int, *, gaps: bool = False) -> tuple[OnCallChange, ...]:
        """Return the next changes of those who are engaged first, in order.

        The first one is `next_change`. Only changes before `examined_until` are known, so there may
        be fewer than `count`: pass as many `changes` to `client.on_call` to read more shifts.

        >>> from datetime import datetime, timezone
        >>> from ssm_contacts_sdk import OnCall
        >>> OnCall(at=datetime(2025, 1, 6, tzinfo=timezone.utc), assignments=()).upcoming(3)
        ()

        Args:
            count: how many at most, between 1 and 1,000.
            gaps: whether to include the instants from which on nobody is on call, and those from
                which on the same people are again.

        Raises:
            InvalidValueError: `count` is not an int between 1 and 1,000.
        """
        violations = under("count", _check_count(count))
        raise_violations("OnCall.upcoming", violations)
        return tuple(islice(self._changes(gaps=gaps), count))

    @property
    def examined_until(self) -> datetime:
        """Until when it is known who is engaged first: at most 366 days after `at`.

        It is less if a rotation has very many shifts, or if the service did not return them all.
        """
        return next(
            (at for at, people in engaged_over_time(self.assignments, self.at) if people is None),
            year_after(self.at),
        )

    @property
    def covers_a_year(self) -> bool:
        """Whether it is known for a year (366 days) who is engaged first.

        If it is, a `next_change` of None means that nobody takes over within a year. Otherwise it
        means that nobody does before `examined_until`.
        """
        return self.examined_until >= year_after(self.at)

    def name_of(self, arn: str) -> str:
        """Return the name of a contact or rotation; the last part of the ARN if it is not known."""
        return self.names.get(arn, arn.rpartition("/")[2])

    def _changes(self, *, gaps: bool) -> Iterator[OnCallChange]:
        last: set[str] | None = None
        for at, people in engaged_over_time(self.assignments, self.at):
            if people is None:
                return
            is_first = last is None
            if is_first or (set(people) != last and (people or gaps)):
                last = set(people)
                if not is_first:
                    yield OnCallChange(at=at, contact_ids=people)

    def __str__(self) -> str:
        lines = [f"On call at {_format(self.at)}:", *map(self._line, self.assignments)]
        if self.assignments:
            lines += self._outlook()
        return "\n".join(lines)

    def _line(self, assignment: OnCallAssignment) -> str:
        stage = "" if assignment.stage_index is None else f"stage {assignment.stage_index + 1}, "
        until = "" if assignment.until is None else f" until {_format(assignment.until)}"
        who = f"{self._names(assignment.contact_ids)}{until}"
        if not assignment.is_known and assignment.error is not None:
            who = not_read(assignment.error)
        if assignment.rotation_arn is not None:
            return f"  {stage}{one_line(self.name_of(assignment.rotation_arn))}: {who}"
        target = one_line(self.name_of(assignment.target_arn or ""))
        return f"  {stage}{'always' if assignment.is_known else target}: {who}"

    def _outlook(self) -> Iterator[str]:
        """Yield lines about the next gap and the next change."""
        change = self.next_change
        ahead = self.upcoming(2, gaps=True)
        if ahead and not ahead[0].contact_ids:
            end = "".join(f" until {_format(each.at)}" for each in ahead[1:])
            yield f"Nobody from {_format(ahead[0].at)}{end}"
        if change is not None:
            yield f"Next: {self._names(change.contact_ids)} from {_format(change.at)}"
        elif self.examined_until == self.at:
            yield "Next: not known, because not everything could be read"
        elif self.covers_a_year:
            yield "Next: nobody else within a year"
        else:
            yield f"Next: nobody else until {_format(self.examined_until)}, not examined after that"

    def _names(self, arns: Sequence[str]) -> str:
        return ", ".join(one_line(self.name_of(arn)) for arn in arns) or "nobody"


def _format(at: datetime) -> str:
    # strftime's %a would be a word in the language of the machine.
    return f"{weekday(at)} {at:%Y-%m-%d %H:%M} UTC"
