"""When an engagement is over, by its plan and the pages that were read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Union

from attrs import define, field, frozen

from ssm_contacts_sdk._oncall.assumptions import OnCallAssumptions
from ssm_contacts_sdk._oncall.simulation import (
    Due,
    EngagementProgress,
    EventQueue,
    Path,
    PlannedContact,
    SendDue,
    SkipReason,
    StageDue,
    is_essential,
)


@frozen
class PagedPerson:
    """A person whom an engagement pages, as the service reports it.

    Attributes:
        path: the ARNs of escalation plan, on-call schedule and person.
        stage_index: the stage of the escalation plan that names the contact, as AWS counts stages;
            None without an escalation plan.
        read_at: when the page was read; None if it was not.
    """

    path: tuple[str, ...]
    stage_index: int | None
    read_at: datetime | None


@frozen
class EngagementEnd:
    """When an engagement is over.

    Attributes:
        at: from when on nobody else is engaged: all stages are over, or an acknowledgement has
            ended the engagement.
        begun: the paths to everybody who is engaged if nobody acknowledges, and when each begins.
        acknowledged: the person whose acknowledgement is the end, also if everything had been tried
            before it; None if there is none.
        acknowledged_at: when that acknowledgement became the end: when the page was read or, if
            only a later stage makes the person essential, when that stage began.
        unexpected: people who were paged although this plan does not lead to them.
    """

    at: datetime
    begun: tuple[tuple[Path, datetime], ...]
    acknowledged: PagedPerson | None
    acknowledged_at: datetime | None
    unexpected: tuple[PagedPerson, ...]


@frozen
class Directory:
    """The plans and the people on call that a simulation needs.

    Attributes:
        contact: returns a contact by its ARN; None if it does not exist.
        on_call: returns the ARNs of the people on call in some rotations at an instant.
    """

    contact: Callable[[str], PlannedContact | None]
    on_call: Callable[[Sequence[str], datetime], Sequence[str]]


def engagement_end(
    contact_arn: str, start: datetime, directory: Directory, people: Iterable[PagedPerson]
) -> EngagementEnd:
    """Return when an engagement is over, by a simulation with the acknowledgements of its pages.

    Args:
        contact_arn: the contact that was engaged.
        start: when it was engaged.
        directory: the plans as they were then.
        people: everybody whom the engagement pages.
    """
    people = tuple(people)
    unacknowledged = _Simulation(directory)
    at = unacknowledged.run(contact_arn, start, ())
    counts_from_0 = any(person.stage_index == 0 for person in people)
    unexpected: list[PagedPerson] = []
    reads: list[tuple[datetime, PagedPerson, Path]] = []
    for person in people:
        path = _planned_path(person, unacknowledged.begun, counts_from_0=counts_from_0)
        if path is None:
            unexpected.append(person)
        elif person.read_at is not None:
            reads.append((person.read_at, person, path))
    simulation = _Simulation(directory)
    return EngagementEnd(
        at=simulation.run(contact_arn, start, reads) if reads else at,
        begun=tuple(unacknowledged.begun.items()),
        acknowledged=simulation.acknowledged,
        acknowledged_at=simulation.acknowledged_at,
        unexpected=tuple(unexpected),
    )


def _planned_path(
    person: PagedPerson, begun: Iterable[Path], *, counts_from_0: bool
) -> Path | None:
    """Return the path on which the plan leads to a person; None if it does not.

    AWS does not document whether the first stage is 0 or 1. If two paths fit, and the person is
    essential on one of them only, the other one is returned: a late end is better than a wrong one.
    """
    fitting = [
        path
        for path in begun
        if tuple(step.contact_arn for step in path) == person.path
        and _is_stage(person.stage_index, _stage_of(path), counts_from_0=counts_from_0)
    ]
    return min(fitting, key=is_essential, default=None)


def _stage_of(path: Path) -> int | None:
    return next((step.stage_index for step in path if step.stage_index is not None), None)


def _is_stage(reported: int | None, planned: int | None, *, counts_from_0: bool) -> bool:
    if reported is None or planned is None:
        return True
    return reported == planned or (not counts_from_0 and reported == planned + 1)


_Event = Union[Due, tuple[PagedPerson, Path]]


@define
class _Simulation:
    """A simulation, and its environment: see `simulation.Environment`.

    It assumes that every page can be sent: the length of a plan does not depend on its channels.
    """

    directory: Directory
    begun: dict[Path, datetime] = field(factory=dict[Path, datetime], init=False)
    acknowledged: PagedPerson | None = field(default=None, init=False)
    acknowledged_at: datetime | None = field(default=None, init=False)
    _readers: dict[str, PagedPerson] = field(factory=dict[str, PagedPerson], init=False)
    _queue: EventQueue[_Event] = field(factory=EventQueue[_Event], init=False)
    _skipped: str = field(default="", init=False)
    _ended: datetime | None = field(default=None, init=False)

    def run(
        self,
        contact_arn: str,
        start: datetime,
        reads: Iterable[tuple[datetime, PagedPerson, Path]],
    ) -> datetime:
        """Simulate the engagement, and return from when on nobody else is engaged."""
        progress, assumptions = EngagementProgress(), OnCallAssumptions()
        progress.begin(contact_arn, start, self)
        for at, person, path in reads:
            self._queue.add(at, (person, path), is_due=False)
        while self._queue and not self.acknowledged:
            at, event = self._queue.take()
            if isinstance(event, tuple):
                self._read(*event, at, progress)
            else:
                progress.run(event, at, self, assumptions)
                if progress.was_acknowledged:
                    # A person who acknowledged before is essential from this stage on.
                    self.acknowledged, self.acknowledged_at = self._readers[self._skipped], at
        return start if self._ended is None else self._ended

    def _read(
        self, person: PagedPerson, path: Path, at: datetime, progress: EngagementProgress
    ) -> None:
        self._readers.setdefault(path[-1].contact_arn, person)
        was_over = progress.has_ended
        if progress.acknowledge(path, at, self) or (was_over and is_essential(path)):
            self.acknowledged, self.acknowledged_at = person, at

    def contact(self, arn: str) -> PlannedContact | None:
        return self.directory.contact(arn)

    def channel_problem(self, arn: str) -> None:
        return None

    def on_call(self, path: Path, rotation_arns: Sequence[str], at: datetime) -> Sequence[str]:
        return self.directory.on_call(rotation_arns, at)

    def start_stage(self, due: StageDue, at: datetime, until: datetime) -> None:
        pass

    def send(self, due: SendDue, at: datetime) -> bool:
        return True

    def skip(self, path: Path, arn: str, reason: SkipReason, at: datetime) -> None:
        self._skipped = arn

    def schedule(self, at: datetime, due: Due) -> None:
        self.begun.setdefault(due.path, at)
        self._queue.add(at, due, is_due=True)

    def end(self, at: datetime) -> None:
        self._ended = at
