"""Who is on call in one rotation, or by the name in an escalation plan, and how that changes."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta, timezone

from attrs import Factory, define, field, frozen

from ssm_contacts_sdk._dates import LAST_YEAR
from ssm_contacts_sdk._errors import ContactsError
from ssm_contacts_sdk._models.rotations import Shift
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._schema.times import Instant
from ssm_contacts_sdk._schema.values import check_of
from ssm_contacts_sdk._schema.violations import raise_violations, under

_YEAR = timedelta(days=366)
_LAST_DAY = datetime(LAST_YEAR, 12, 31, tzinfo=timezone.utc)
_MINUTE = timedelta(minutes=1)
_check_instant = check_of(Instant)


def _both_shifts(assignment: "OnCallAssignment") -> tuple[Shift, ...]:
    return tuple(each for each in (assignment.shift, assignment.next_shift) if each is not None)


def _end_of_shifts(assignment: "OnCallAssignment") -> datetime | None:
    return max((shift.end_time for shift in assignment.shifts), default=None)


@public
@frozen(kw_only=True)
class OnCallAssignment:
    """Who is on call in one rotation, or by the name in an escalation plan.

    Attributes:
        contact_ids: the ARNs of the people; nobody, if it is empty and `is_known`.
        rotation_arn: the rotation; None for a person whom an escalation plan names.
        schedule_arn: the on-call schedule that contains the rotation, if one was examined.
        target_arn: the contact that the escalation plan names, if one was examined.
        stage_index: the stage of the escalation plan, from 0, if one was examined.
        shift: the shift at this time; None outside of all shifts, and without a rotation.
        next_shift: the next shift of this rotation with people in it, if there is one before
            `examined_until`. It may be the same person's, for example after a night without
            coverage.
        shifts: all shifts of the rotation that were read, from `shift` on.
        examined_until: until when the shifts of the rotation are known, at most 366 days ahead.
        error: why the shifts could not be read, or not after `examined_until`; for a contact that
            an escalation plan names, why it could not be read.
    """

    contact_ids: tuple[str, ...]
    rotation_arn: str | None = None
    schedule_arn: str | None = None
    target_arn: str | None = None
    stage_index: int | None = None
    shift: Shift | None = None
    next_shift: Shift | None = None
    # By default, they follow from the two shifts above.
    shifts: tuple[Shift, ...] = field(default=Factory(_both_shifts, takes_self=True), repr=False)
    examined_until: datetime | None = Factory(_end_of_shifts, takes_self=True)
    error: ContactsError | None = field(default=None, eq=False)

    @property
    def is_known(self) -> bool:
        """Whether it is known who is on call here; False if that could not be read."""
        return self.error is None or self.examined_until is not None

    @property
    def until(self) -> datetime | None:
        """When the assignment changes: at the end of `shift`, or at the start of `next_shift`.

        None if neither is known.
        """
        if self.shift is not None:
            return self.shift.end_time
        return None if self.next_shift is None else self.next_shift.start_time

    def people_at(self, at: datetime) -> tuple[str, ...]:
        """Return the ARNs of the people on call by this assignment, before `examined_until`.

        Args:
            at: the instant, with a time zone.

        Raises:
            InvalidValueError: `at` is not a datetime with a time zone.
        """
        violations = under("at", _check_instant(at))
        raise_violations("OnCallAssignment.people_at", violations)
        return _people_at(self, at)


def _people_at(assignment: OnCallAssignment, at: datetime) -> tuple[str, ...]:
    if assignment.rotation_arn is None:
        return assignment.contact_ids
    shifts = (shift for shift in assignment.shifts if shift.start_time <= at < shift.end_time)
    return tuple(dict.fromkeys(arn for shift in shifts for arn in shift.contact_ids))


def year_after(at: datetime) -> datetime:
    """Return the end of the time for which shifts are read: 366 days, or the last day of AWS."""
    since = at.replace(microsecond=0)
    return since + min(_YEAR, max(_LAST_DAY - since, _MINUTE))


def people_of(assignments: Iterable[OnCallAssignment]) -> tuple[str, ...]:
    """Return the ARNs of all people of the assignments, each once."""
    return tuple(dict.fromkeys(arn for each in assignments for arn in each.contact_ids))


def by_stage(assignments: Sequence[OnCallAssignment]) -> list[list[OnCallAssignment]]:
    """Return the assignments of each stage, in order; those without a stage are one stage."""
    stages: dict[int, list[OnCallAssignment]] = {}
    for assignment in assignments:
        stages.setdefault(assignment.stage_index or 0, []).append(assignment)
    return [stages[index] for index in sorted(stages)]


def missing_at(assignments: Sequence[OnCallAssignment], at: datetime) -> list[OnCallAssignment]:
    """Return the unknown assignments because of which it is not known who is engaged first."""
    for stage in by_stage(assignments):
        missing = [assignment for assignment in stage if not _is_known_at(assignment, at)]
        if missing or any(_people_at(assignment, at) for assignment in stage):
            return missing
    return []


def _is_known_at(assignment: OnCallAssignment, at: datetime) -> bool:
    if assignment.rotation_arn is None:
        return assignment.is_known
    return assignment.examined_until is not None and at < assignment.examined_until


def engaged_over_time(
    assignments: Sequence[OnCallAssignment], since: datetime
) -> Iterator[tuple[datetime, tuple[str, ...] | None]]:
    """Yield who is engaged first at `since`, and at each later instant at which that may change.

    The last ones are None if it is not known who they are from then on.
    """
    stages = [[_People(assignment) for assignment in stage] for stage in by_stage(assignments)]
    every = [each for stage in stages for each in stage]
    edges = {since, *(edge for each in every for edge in each.edges if edge > since)}
    for at in sorted(edges):
        for each in every:
            each.move_to(at)
        people = _engaged_first(stages, at)
        yield at, people
        if people is None:
            return


def _engaged_first(stages: "Iterable[Sequence[_People]]", at: datetime) -> tuple[str, ...] | None:
    for stage in stages:
        if not all(_is_known_at(each.assignment, at) for each in stage):
            return None
        people = tuple(dict.fromkeys(arn for each in stage for arn in each.on_call))
        if people:
            return people
    return ()


@define
class _People:
    """The people of an assignment at an instant that only moves forward."""

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

    def move_to(self, at: datetime) -> None:
        while self._waiting and self._waiting[-1].start_time <= at:
            self._begun.append(self._waiting.pop())
        self._begun = [shift for shift in self._begun if shift.end_time > at]

    @property
    def on_call(self) -> Iterable[str]:
        if self.assignment.rotation_arn is None:
            return self.assignment.contact_ids
        return (arn for shift in self._begun for arn in shift.contact_ids)


def _start(shift: Shift) -> datetime:
    return shift.start_time
