"""When an engagement is over, as its plan and its pages tell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from heapq import heappop, heappush
from typing import Union

from attrs import define, field, frozen

from ssm_contacts_sdk._oncall.assumptions import OnCallAssumptions
from ssm_contacts_sdk._oncall.simulation import (
    Due,
    Engaging,
    Party,
    Path,
    SendDue,
    SkipReason,
    StageDue,
    ends_with,
)


@frozen
class PagedPerson:
    """A person who is paged by an engagement, as the service reports it.

    Attributes:
        path: the ARNs of escalation plan, on-call schedule and person.
        stage_index: the stage of the escalation plan that led there, if one did, as AWS counts.
        read_at: when the page was read; None if it was not.
    """

    path: tuple[str, ...]
    stage_index: int | None = None
    read_at: datetime | None = None


@frozen
class EngagementEnd:
    """When an engagement is over.

    Attributes:
        at: when nobody else is engaged: the plan has been played through, or an acknowledgement
            has stopped it.
        begun: the paths on which the plan leads to somebody, if nobody acknowledges, and when each
            begins.
        acknowledged: whose acknowledgement is the end, also if it came after everything had been
            tried; None if there is none.
        acknowledged_at: when that acknowledgement was the end: when the page was read or, where
            only a later stage calls the person essential, when that stage began.
        unexpected: people to whom this plan does not lead.
    """

    at: datetime
    begun: tuple[tuple[Path, datetime], ...]
    acknowledged: PagedPerson | None = None
    acknowledged_at: datetime | None = None
    unexpected: tuple[PagedPerson, ...] = ()


@frozen
class Directory:
    """Looks up contacts, and who is on call in rotations at an instant."""

    contact: Callable[[str], Party | None]
    on_call: Callable[[Sequence[str], datetime], Sequence[str]]


def engagement_end(
    contact_arn: str, start: datetime, directory: Directory, people: Iterable[PagedPerson]
) -> EngagementEnd:
    """Play an engagement through, with the acknowledgements that its pages tell of.

    Args:
        contact_arn: who was engaged.
        start: when.
        directory: the plans, as they were then.
        people: everybody who is paged by the engagement.
    """
    people = tuple(people)
    unanswered = _Run(directory)
    at = unanswered.play(contact_arn, start, ())
    counts_from_0 = any(person.stage_index == 0 for person in people)
    unexpected: list[PagedPerson] = []
    reads: list[tuple[datetime, PagedPerson, Path]] = []
    for person in people:
        path = _planned_path(person, unanswered.begun, counts_from_0=counts_from_0)
        if path is None:
            unexpected.append(person)
        elif person.read_at is not None:
            reads.append((person.read_at, person, path))
    run = _Run(directory)
    return EngagementEnd(
        at=run.play(contact_arn, start, reads) if reads else at,
        begun=tuple(unanswered.begun.items()),
        acknowledged=run.acknowledged,
        acknowledged_at=run.acknowledged_at,
        unexpected=tuple(unexpected),
    )


def _planned_path(
    person: PagedPerson, begun: Iterable[Path], *, counts_from_0: bool
) -> Path | None:
    """The path on which the plan leads to a person; None if it does not.

    AWS does not say whether its first stage is 0 or 1. Where that leaves two paths, and only one
    of them calls the person essential, it is the other one: too late an end is better than a
    wrong one.
    """
    fitting = [
        path
        for path in begun
        if tuple(step.contact_arn for step in path) == person.path
        and _is_stage(person.stage_index, _stage_of(path), counts_from_0=counts_from_0)
    ]
    return min(fitting, key=ends_with, default=None)


def _stage_of(path: Path) -> int | None:
    return next((step.stage_index for step in path if step.stage_index is not None), None)


def _is_stage(told: int | None, planned: int | None, *, counts_from_0: bool) -> bool:
    if told is None or planned is None:
        return True
    return told == planned or (not counts_from_0 and told == planned + 1)


_Event = Union[Due, tuple[PagedPerson, Path]]


@define
class _Run:
    """A run through an engagement, and its surroundings; see `engaging.Surroundings`.

    It sends to every channel, for how long a plan takes does not depend on its channels.
    """

    directory: Directory
    begun: dict[Path, datetime] = field(factory=dict[Path, datetime], init=False)
    acknowledged: PagedPerson | None = field(default=None, init=False)
    acknowledged_at: datetime | None = field(default=None, init=False)
    _readers: dict[str, PagedPerson] = field(factory=dict[str, PagedPerson], init=False)
    # By instant, then what is due before who reads, then as it was entered.
    _waiting: list[tuple[datetime, bool, int, _Event]] = field(
        factory=list[tuple[datetime, bool, int, _Event]], init=False
    )
    _count: int = field(default=0, init=False)
    _skipped: str = field(default="", init=False)
    _ended: datetime | None = field(default=None, init=False)

    def play(
        self,
        contact_arn: str,
        start: datetime,
        reads: Iterable[tuple[datetime, PagedPerson, Path]],
    ) -> datetime:
        """Play it through, and return when nobody else is engaged."""
        engaging, assumptions = Engaging(), OnCallAssumptions()
        engaging.begin(contact_arn, start, self)
        for at, person, path in reads:
            self._enter(at, (person, path), is_due=False)
        while self._waiting and not self.acknowledged:
            at, _, _, event = heappop(self._waiting)
            if isinstance(event, tuple):
                self._read(*event, at, engaging)
            else:
                engaging.carry_out(event, at, self, assumptions)
                if engaging.was_acknowledged:
                    # A person who had acknowledged before is essential from this stage on.
                    self.acknowledged, self.acknowledged_at = self._readers[self._skipped], at
        return start if self._ended is None else self._ended

    def _read(self, person: PagedPerson, path: Path, at: datetime, engaging: Engaging) -> None:
        self._readers.setdefault(path[-1].contact_arn, person)
        was_over = engaging.has_ended
        if engaging.acknowledge(path, at, self) or (was_over and ends_with(path)):
            self.acknowledged, self.acknowledged_at = person, at

    def contact(self, arn: str) -> Party | None:
        return self.directory.contact(arn)

    def channel_problem(self, arn: str) -> None:
        return None

    def on_call(self, path: Path, rotation_arns: Sequence[str], at: datetime) -> Sequence[str]:
        return self.directory.on_call(rotation_arns, at)

    def begin_stage(self, due: StageDue, at: datetime, until: datetime) -> None:
        pass

    def send(self, due: SendDue, at: datetime) -> bool:
        return True

    def skip(self, path: Path, arn: str, reason: SkipReason, at: datetime) -> None:
        self._skipped = arn

    def later(self, at: datetime, due: Due) -> None:
        self.begun.setdefault(due.path, at)
        self._enter(at, due, is_due=True)

    def end(self, at: datetime) -> None:
        self._ended = at

    def _enter(self, at: datetime, event: _Event, *, is_due: bool) -> None:
        self._count += 1
        heappush(self._waiting, (at, not is_due, self._count, event))
