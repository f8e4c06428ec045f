"""Who is on call at an instant, until when, and who takes over in the year after it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from itertools import islice

from attrs import Factory, define, field, frozen

from ssm_contacts_sdk._charts.dates import weekday
from ssm_contacts_sdk._charts.typography import one_line
from ssm_contacts_sdk._dates import LAST_YEAR
from ssm_contacts_sdk._errors import ContactsError
from ssm_contacts_sdk._models.rotations import Shift
from ssm_contacts_sdk._models.rules import check, whole_number_violations
from ssm_contacts_sdk._oncall.phrases import not_read
from ssm_contacts_sdk._public import public

MOST_CHANGES = 1_000
"""The largest number of changes that can be asked for."""

_A_YEAR = timedelta(days=366)
_LAST_DAY = datetime(LAST_YEAR, 12, 31, tzinfo=timezone.utc)
_A_MINUTE = timedelta(minutes=1)


# For an assignment that is built with no more than its two shifts.
def _both_shifts(assignment: "OnCallAssignment") -> tuple[Shift, ...]:
    return tuple(each for each in (assignment.shift, assignment.next_shift) if each is not None)


def _end_of_shifts(assignment: "OnCallAssignment") -> datetime | None:
    return max((shift.end_time for shift in assignment.shifts), default=None)


@public
@frozen(kw_only=True)
class OnCallAssignment:
    """Who is on call at one place: in a rotation, or by the name in an escalation plan.

    Attributes:
        contact_ids: the ARNs of the people; nobody, if it is empty and `is_known`.
        rotation_arn: the rotation; None for a person whom an escalation plan names.
        schedule_arn: the on-call schedule that contains the rotation, if one was examined.
        target_arn: the contact that the escalation plan names, if one was asked for.
        stage_index: the stage of the escalation plan, from 0, if one was asked for.
        shift: the shift at this time; None outside of all shifts, and without a rotation.
        next_shift: the next one of this rotation with somebody in it, if there is one before
            `examined_until`. It may be the same person's, as after a night that is not covered.
        shifts: all shifts of the rotation that were read, from `shift` on.
        examined_until: until when the shifts of the rotation are known, at most 366 days ahead.
        error: why the service did not give the shifts, or none after `examined_until`; of a
            contact that an escalation plan names, why it could not be read.
    """

    contact_ids: tuple[str, ...]
    rotation_arn: str | None = None
    schedule_arn: str | None = None
    target_arn: str | None = None
    stage_index: int | None = None
    shift: Shift | None = None
    next_shift: Shift | None = None
    shifts: tuple[Shift, ...] = field(default=Factory(_both_shifts, takes_self=True), repr=False)
    examined_until: datetime | None = Factory(_end_of_shifts, takes_self=True)
    error: ContactsError | None = field(default=None, eq=False)

    @property
    def is_known(self) -> bool:
        """Whether it is known who is on call here: False if that could not be read."""
        return self.error is None or self.examined_until is not None

    @property
    def until(self) -> datetime | None:
        """When this changes: the end of the shift, or the beginning of the next one."""
        if self.shift is not None:
            return self.shift.end_time
        return None if self.next_shift is None else self.next_shift.start_time

    def people_at(self, at: datetime) -> tuple[str, ...]:
        """Who is on call here at an instant before `examined_until`."""
        if self.rotation_arn is None:
            return self.contact_ids
        shifts = (shift for shift in self.shifts if shift.start_time <= at < shift.end_time)
        return tuple(dict.fromkeys(arn for shift in shifts for arn in shift.contact_ids))


@public
@frozen(kw_only=True)
class OnCallChange:
    """From `at` on, others are on call: `contact_ids`. It is empty when nobody is."""

    at: datetime
    contact_ids: tuple[str, ...]


@public
@frozen(kw_only=True)
class OnCall:
    """Who is on call at an instant, place by place. Printed, it is a line for each.

    It is what was read when it was asked for, and sends no requests.

    Attributes:
        at: the instant.
        assignments: one for each rotation, and for each person whom an escalation plan names.
        names: what people call the contacts and rotations in it, by ARN.
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
        return _people(self.assignments)

    @property
    def engaged_first(self) -> tuple[str, ...]:
        """The ARNs of those whom a page would reach first: of the first stage with anybody in it.

        Of a rotation or a schedule they are all who are on call. If something in an earlier stage
        could not be read, that stage counts as the first one: somebody may be on call there.
        """
        for stage in _stages(self.assignments):
            if any(assignment.contact_ids or not assignment.is_known for assignment in stage):
                return _people(stage)
        return ()

    @property
    def unreadable(self) -> tuple[OnCallAssignment, ...]:
        """The assignments of which it is not known who is on call: each has its `error`."""
        return tuple(assignment for assignment in self.assignments if not assignment.is_known)

    @property
    def until(self) -> datetime | None:
        """When the first of the assignments changes."""
        return min(
            (assignment.until for assignment in self.assignments if assignment.until is not None),
            default=None,
        )

    @property
    def next_change(self) -> OnCallChange | None:
        """Who takes over from those who are engaged first, over all rotations together, and when.

        Of an escalation plan, these are the people of the first stage with anybody in it at that
        time. Hours in which nobody is on call are passed over, as are later shifts of the same
        people: `upcoming(1, gaps=True)` has the next gap. None if nobody else is engaged first
        until `examined_until`: that is a year if `covers_a_year`.
        """
        return next(self._changes(gaps=False), None)

    def upcoming(self, count: int, *, gaps: bool = False) -> tuple[OnCallChange, ...]:
        """Return the next changes of those who are engaged first, in order.

        The first one is `next_change`. They are those before `examined_until`, so there may be
        fewer than `count`: ask `client.on_call` for so many `changes` to have it look for them.

        >>> from datetime import datetime, timezone
        >>> from ssm_contacts_sdk import OnCall
        >>> OnCall(at=datetime(2025, 1, 6, tzinfo=timezone.utc), assignments=()).upcoming(3)
        ()

        Args:
            count: at most how many: 1 to 1,000.
            gaps: whether to include the times from which on nobody is on call, and those from
                which on the same people are again.

        Raises:
            InvalidValueError: `count` is not an int between 1 and 1,000.
        """
        check("OnCall.upcoming", whole_number_violations("count", count, 1, MOST_CHANGES))
        return tuple(islice(self._changes(gaps=gaps), count))

    @property
    def examined_until(self) -> datetime:
        """Until when it is known who is engaged first: at most 366 days after `at`.

        It is less if a rotation has very many shifts, or if the service did not give them all.
        """
        return next(
            (at for at, people in engaged_over_time(self.assignments, self.at) if people is None),
            year_after(self.at),
        )

    @property
    def covers_a_year(self) -> bool:
        """Whether it is known for a year (366 days) who is engaged first.

        If so, no `next_change` means that nobody takes over within a year. Otherwise it means
        that nobody does before `examined_until`.
        """
        return self.examined_until >= year_after(self.at)

    def name_of(self, arn: str) -> str:
        """What people call a contact or a rotation."""
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
        lines = [f"On call at {_told(self.at)}:", *map(self._line, self.assignments)]
        if self.assignments:
            lines += self._outlook()
        return "\n".join(lines)

    def _line(self, assignment: OnCallAssignment) -> str:
        stage = "" if assignment.stage_index is None else f"stage {assignment.stage_index + 1}, "
        until = "" if assignment.until is None else f" until {_told(assignment.until)}"
        who = f"{self._names(assignment.contact_ids)}{until}"
        if not assignment.is_known and assignment.error is not None:
            who = not_read(assignment.error)
        if assignment.rotation_arn is not None:
            return f"  {stage}{one_line(self.name_of(assignment.rotation_arn))}: {who}"
        where = (
            "always" if assignment.is_known else one_line(self.name_of(assignment.target_arn or ""))
        )
        return f"  {stage}{where}: {who}"

    def _outlook(self) -> Iterator[str]:
        """Who takes over, and whether somebody is on call until then."""
        change = self.next_change
        ahead = self.upcoming(2, gaps=True)
        if ahead and not ahead[0].contact_ids:
            end = "".join(f" until {_told(each.at)}" for each in ahead[1:])
            yield f"Nobody from {_told(ahead[0].at)}{end}"
        if change is not None:
            yield f"Next: {self._names(change.contact_ids)} from {_told(change.at)}"
        elif self.examined_until == self.at:
            yield "Next: not known, because not everything could be read"
        elif self.covers_a_year:
            yield "Next: nobody else within a year"
        else:
            yield f"Next: nobody else until {_told(self.examined_until)}, not examined after that"

    def _names(self, arns: Sequence[str]) -> str:
        return ", ".join(one_line(self.name_of(arn)) for arn in arns) or "nobody"


def year_after(at: datetime) -> datetime:
    """Until when shifts are read: 366 days, or to the end of the calendar."""
    since = at.replace(microsecond=0)
    return since + min(_A_YEAR, max(_LAST_DAY - since, _A_MINUTE))


def _people(assignments: Iterable[OnCallAssignment]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(arn for assignment in assignments for arn in assignment.contact_ids))


def _stages(assignments: Sequence[OnCallAssignment]) -> list[list[OnCallAssignment]]:
    """The assignments of each stage, in order; all of them, if there are no stages."""
    stages: dict[int, list[OnCallAssignment]] = {}
    for assignment in assignments:
        stages.setdefault(assignment.stage_index or 0, []).append(assignment)
    return [stages[index] for index in sorted(stages)]


def missing_at(assignments: Sequence[OnCallAssignment], at: datetime) -> list[OnCallAssignment]:
    """Return the unknown assignments because of which it is not known who is engaged first."""
    for stage in _stages(assignments):
        missing = [assignment for assignment in stage if not _is_known_at(assignment, at)]
        if missing or any(assignment.people_at(at) for assignment in stage):
            return missing
    return []


def _is_known_at(assignment: OnCallAssignment, at: datetime) -> bool:
    if assignment.rotation_arn is None:
        return assignment.is_known
    return assignment.examined_until is not None and at < assignment.examined_until


def engaged_over_time(
    assignments: Sequence[OnCallAssignment], since: datetime
) -> Iterator[tuple[datetime, tuple[str, ...] | None]]:
    """Who is engaged first at `since`, and at each later instant at which that may be others.

    None, from which on it is not known, is the last one.
    """
    stages = [[_OnCallNow(assignment) for assignment in stage] for stage in _stages(assignments)]
    every = [each for stage in stages for each in stage]
    edges = {since, *(edge for each in every for edge in each.edges if edge > since)}
    for at in sorted(edges):
        for each in every:
            each.move_on(at)
        people = _engaged_first(stages, at)
        yield at, people
        if people is None:
            return


def _engaged_first(
    stages: "Iterable[Sequence[_OnCallNow]]", at: datetime
) -> tuple[str, ...] | None:
    for stage in stages:
        if not all(_is_known_at(each.assignment, at) for each in stage):
            return None
        people = tuple(dict.fromkeys(arn for each in stage for arn in each.people))
        if people:
            return people
    return ()


@define
class _OnCallNow:
    """Who is on call in an assignment while time goes on."""

    assignment: OnCallAssignment
    edges: list[datetime] = field(init=False)
    _waiting: list[Shift] = field(init=False)
    """The shifts that have not begun, the next one last."""
    _begun: list[Shift] = field(factory=list[Shift], init=False)

    def __attrs_post_init__(self) -> None:
        # A shift that was read may end before it starts.
        shifts = [each for each in self.assignment.shifts if each.start_time < each.end_time]
        self._waiting = sorted(shifts, key=_start, reverse=True)
        self.edges = [at for each in shifts for at in (each.start_time, each.end_time)]
        if self.assignment.examined_until is not None:
            self.edges.append(self.assignment.examined_until)

    def move_on(self, at: datetime) -> None:
        while self._waiting and self._waiting[-1].start_time <= at:
            self._begun.append(self._waiting.pop())
        self._begun = [shift for shift in self._begun if shift.end_time > at]

    @property
    def people(self) -> Iterable[str]:
        if self.assignment.rotation_arn is None:
            return self.assignment.contact_ids
        return (arn for shift in self._begun for arn in shift.contact_ids)


def _start(shift: Shift) -> datetime:
    return shift.start_time


def _told(at: datetime) -> str:
    # %a would be a word of the machine's language.
    return f"{weekday(at)} {at:%Y-%m-%d %H:%M} UTC"
