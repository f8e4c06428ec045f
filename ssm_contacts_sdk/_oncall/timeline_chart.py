"""The chart of a timeline, in minutes after the start."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from attrs import define, evolve, field, frozen

from ssm_contacts_sdk._charts.chart import Bar, BarStyle, Chart, Lane, Line, Mark, MarkShape, Sample
from ssm_contacts_sdk._charts.dates import format_duration, format_instant
from ssm_contacts_sdk._charts.ticks import minute_ticks
from ssm_contacts_sdk._models.contacts import ContactType
from ssm_contacts_sdk._oncall.simulation import Path
from ssm_contacts_sdk._oncall.timeline_events import Event, PageSent, Skipped, StageStarted
from ssm_contacts_sdk._oncall.timeline_text import (
    KINDS,
    describe_no_page,
    describe_page,
    describe_skip,
    describe_stage,
    is_rotation,
    name_of,
    names_of,
    title,
)

if TYPE_CHECKING:
    from ssm_contacts_sdk._oncall.timeline import Timeline


_ONE_MINUTE = timedelta(minutes=1)


def timeline_lanes(timeline: Timeline) -> Iterator[Lane]:
    """Yield the lanes, in the order in which contacts are engaged."""
    entries = _entries(timeline)
    contacts = _contacts(timeline, entries)
    paths = {path: None for contact in contacts for path in contact.paths}
    return _Lanes(timeline, entries, contacts, paths).lanes()


@frozen
class _Entry:
    """An event, and whether it happens or is prevented by an acknowledgement."""

    event: Event
    is_reached: bool


@define
class _Contact:
    """A contact, the paths on which it is engaged, and the events that concern it."""

    arn: str
    type: ContactType | None = None
    paths: dict[Path, None] = field(factory=dict[Path, None])
    entries: list[_Entry] = field(factory=list[_Entry])


def _entries(timeline: Timeline) -> list[_Entry]:
    entries = [_Entry(event, is_reached=True) for event in timeline.events]
    entries += [_Entry(event, is_reached=False) for event in timeline.not_reached]
    return sorted(entries, key=lambda each: each.event.at)


def _contacts(timeline: Timeline, entries: Iterable[_Entry]) -> Sequence[_Contact]:
    """Return all contacts, in the order of their first events."""
    contacts: dict[str, _Contact] = {}

    def contact(arn: str) -> _Contact:
        return contacts.setdefault(arn, _Contact(arn))

    def add(path: Path) -> None:
        for at, step in enumerate(path):
            contact(step.contact_arn).type = step.type
            contact(step.contact_arn).paths[path[: at + 1]] = None

    for entry in entries:
        add(entry.event.path)
        contact(_subject(timeline, entry.event)).entries.append(entry)
    for path in timeline.paths:
        add(path)
    return tuple(contacts.values())


def _subject(timeline: Timeline, event: Event) -> str:
    """Return the ARN of the contact in whose lane an event is shown."""
    end = event.path[-1]
    if isinstance(event, Skipped) and end.type in KINDS:
        is_about_contact = event.reason in ("acknowledged", "deleted", "nested", "unreadable")
        if is_about_contact and not (event.reason == "unreadable" and is_rotation(timeline, event)):
            return event.arn
    return end.contact_arn


@frozen
class _RowKey:
    """The row of a channel on a path in the lane of a person; None for the path as a whole."""

    path: Path
    channel_arn: str | None


def _row_key(event: PageSent | Skipped) -> _RowKey:
    return _RowKey(event.path, event.channel_arn if isinstance(event, PageSent) else event.arn)


@frozen
class _Lanes:
    """Builds the lanes of a timeline."""

    timeline: Timeline
    entries: Sequence[_Entry]
    contacts: Sequence[_Contact]
    paths: Mapping[Path, None]

    def lanes(self) -> Iterator[Lane]:
        for contact in self.contacts:
            if contact.type == ContactType.ESCALATION:
                yield self._with_skips(contact, self._stages(contact))
            elif contact.type == ContactType.ONCALL_SCHEDULE:
                yield self._with_skips(contact, self._on_call(contact))
            else:
                if any(len(path) == 1 for path in contact.paths):
                    yield Lane(name="Stages", bars=tuple(self._stages(contact)))
                yield self._person(contact)

    # Plans and schedules.

    def _with_skips(self, contact: _Contact, bars: Iterator[Bar]) -> Lane:
        """Return the lane of a plan or schedule, with what is skipped in rows below its bars."""
        drawn = tuple(bars)
        first = max((bar.row for bar in drawn), default=-1) + 1
        marks: list[Mark] = []
        for entry in contact.entries:
            if isinstance(entry.event, Skipped):
                at = self._minutes(entry.event.at)
                row = first + sum(mark.at == at for mark in marks)
                marks.append(self._mark(entry.event, row, is_reached=entry.is_reached))
        last = max((mark.row for mark in marks), default=first - 1)
        return Lane(
            name=self._name(contact.arn),
            detail=KINDS[contact.type] if contact.type else "",
            rows=max(last + 1, 1),
            bars=drawn,
            marks=tuple(marks),
        )

    def _stages(self, contact: _Contact) -> Iterator[Bar]:
        for entry in contact.entries:
            event = entry.event
            if isinstance(event, StageStarted):
                number, length = event.stage_index + 1, format_duration(event.until - event.at)
                labels = (f"Stage {number}, {length}", f"Stage {number}", str(number))
                like = Bar(start=0, end=0, text=describe_stage(self.timeline, event), labels=labels)
                yield from self._stage(event, like, is_reached=entry.is_reached)

    def _stage(self, event: StageStarted, like: Bar, *, is_reached: bool) -> Iterator[Bar]:
        """Yield a stage: an outline from when its plan is no longer followed."""
        stop = self._followed_until(event.path) if is_reached else event.at
        yield from self._split(like, event.at, event.until, stop)

    def _followed_until(self, path: Path) -> datetime:
        """Return when the contact at the end of a path acknowledges, or else the end."""
        own = (
            each.at
            for each in self.timeline.acknowledgements
            if each.path[-1].contact_arn == path[-1].contact_arn
        )
        return min(own, default=self.timeline.end)

    def _split(self, like: Bar, start: datetime, end: datetime, stop: datetime) -> Iterator[Bar]:
        """Yield a bar that is filled until `stop`, and an outline after it."""
        is_whole = end <= stop
        if is_whole or start < stop:
            yield self._placed(like, start, min(end, stop), "shade")
        # What happens after the horizon is not known.
        if not is_whole and self.timeline.outcome != "horizon":
            rest = like if start >= stop else evolve(like, labels=())
            yield self._placed(rest, max(start, stop), end, "hollow")

    def _placed(self, like: Bar, start: datetime, end: datetime, style: BarStyle) -> Bar:
        return evolve(like, start=self._minutes(start), end=self._minutes(end), style=style)

    def _on_call(self, contact: _Contact) -> Iterator[Bar]:
        """Yield the people on call, from when the schedule is engaged until their plans end."""
        row = 0
        for path in contact.paths:
            people = [each for each in self.paths if each[:-1] == path]
            start = self._started(path)
            if not people or start is None:
                continue
            names = ", ".join(self._name(each[-1].contact_arn) for each in people)
            offset = format_duration(start - self.timeline.start)
            text = f"{offset}: on call in {self._name(contact.arn)}: {names}"
            labels = (f"on call: {names}", names)
            like = Bar(start=0, end=0, text=text, labels=labels, row=row)
            row += 1
            own = [each for each in self.entries if each.event.path in people]
            stages = (each.event for each in own if isinstance(each.event, StageStarted))
            end = max((stage.until for stage in stages), default=start)
            # There is no event of a person whose plan is empty.
            is_reached = start <= self.timeline.end or any(each.is_reached for each in own)
            yield from self._split(like, start, end, self.timeline.end if is_reached else start)

    def _started(self, path: Path) -> datetime | None:
        """Return when the stage that names the last contact of a path starts."""
        if len(path) == 1:
            return self.timeline.start
        *_, last = path
        if last.stage_index is None:
            return self._started(path[:-1])
        starts = (
            each.event.at
            for each in self.entries
            if isinstance(each.event, StageStarted)
            and each.event.path == path[:-1]
            and each.event.stage_index == last.stage_index
        )
        return next(starts, None)

    # People.

    def _person(self, contact: _Contact) -> Lane:
        rows = _rows(contact)
        marks = self._marks(contact, rows) or tuple(self._no_page(contact))
        schedules = dict.fromkeys(
            path[-2].contact_arn
            for path in contact.paths
            if path[1:] and path[-2].type == ContactType.ONCALL_SCHEDULE
        )
        return Lane(
            name=self._name(contact.arn),
            detail=f"on call in {names_of(self.timeline, schedules)}" if schedules else "",
            rows=max(len(rows), 1),
            bars=tuple(self._own_stages(contact, rows)),
            marks=marks,
        )

    def _own_stages(self, contact: _Contact, rows: Sequence[_RowKey]) -> Iterator[Bar]:
        for entry in contact.entries:
            event = entry.event
            if isinstance(event, StageStarted):
                own = [row for row, key in enumerate(rows) if key.path == event.path]
                text = describe_stage(self.timeline, event)
                like = Bar(start=0, end=0, text=text, row=own[0], span=len(own))
                yield from self._stage(event, like, is_reached=entry.is_reached)

    def _marks(self, contact: _Contact, rows: Sequence[_RowKey]) -> tuple[Mark, ...]:
        marks: list[Mark] = []
        labelled: set[int] = set()
        for entry in contact.entries:
            event, is_reached = entry.event, entry.is_reached
            if isinstance(event, (PageSent, Skipped)):
                row = rows.index(_row_key(event))
                mark = self._mark(event, row, is_reached=is_reached)
                # All marks in a row are of one channel: one label is enough.
                marks.append(evolve(mark, label="") if row in labelled else mark)
                labelled.add(row)
        return tuple(marks)

    def _mark(self, event: PageSent | Skipped, row: int, *, is_reached: bool) -> Mark:
        shape: MarkShape
        if isinstance(event, PageSent):
            described = describe_page(self.timeline, event, is_reached=is_reached)
            shape = "dot" if is_reached else "ring"
        else:
            described = describe_skip(self.timeline, event, is_reached=is_reached)
            shape = "cross"
        at = self._minutes(event.at)
        return Mark(at=at, text=described.text, label=described.label, shape=shape, row=row)

    def _no_page(self, contact: _Contact) -> Iterator[Mark]:
        """Yield a mark for a person who is engaged and gets no page."""
        path = next(iter(contact.paths), None)
        start = None if path is None else self._started(path)
        if start is not None:
            described = describe_no_page(self.timeline, contact.arn, start - self.timeline.start)
            yield Mark(
                at=self._minutes(start),
                text=described.text,
                label=described.label,
                shape="cross",
            )

    def _name(self, arn: str) -> str:
        return name_of(self.timeline, arn)

    def _minutes(self, at: datetime) -> float:
        return (at - self.timeline.start) / _ONE_MINUTE


def _rows(contact: _Contact) -> Sequence[_RowKey]:
    """Return the rows of a person's lane, those of one path next to each other.

    A path without pages has a row if it has stages.
    """
    events = [entry.event for entry in contact.entries]
    keys = {_row_key(each): None for each in events if isinstance(each, (PageSent, Skipped))}
    with_pages = {key.path for key in keys}
    for event in events:
        if isinstance(event, StageStarted) and event.path not in with_pages:
            keys[_RowKey(event.path, None)] = None
    order = {path: number for number, path in enumerate(contact.paths)}
    return sorted(keys, key=lambda each: order.get(each.path, len(order)))


_SAMPLES = (
    Sample(style="dot", text="a page is sent"),
    Sample(style="cross", text="skipped"),
    Sample(style="ring", text="a page if nobody acknowledged"),
    Sample(style="hollow", text="what would continue if nobody acknowledged"),
)


def timeline_chart(timeline: Timeline, time_zone: str | None) -> Chart:
    """Return the chart of a timeline, with its start in a time zone; None is UTC."""
    lanes = tuple(timeline_lanes(timeline))
    end = _end(timeline, lanes)
    return Chart(
        title=title(timeline),
        description=(timeline.summary,),
        start=0,
        end=end,
        lanes=lanes,
        lines=tuple(_lines(timeline)),
        ticks=minute_ticks(end),
        axis=f"Minutes after the start, {_start(timeline, time_zone)}",
        samples=tuple(_samples(timeline, lanes)),
        notes=tuple(_notes(lanes)),
    )


def _end(timeline: Timeline, lanes: Iterable[Lane]) -> float:
    ends = [bar.end for lane in lanes for bar in lane.bars]
    ends += [mark.at for lane in lanes for mark in lane.marks]
    return max([*ends, (timeline.end - timeline.start) / _ONE_MINUTE, 1.0])


def _start(timeline: Timeline, time_zone: str | None) -> str:
    if time_zone is None:
        return f"{format_instant(timeline.start, timezone.utc)} UTC"
    return f"{format_instant(timeline.start, ZoneInfo(time_zone))} {time_zone}"


def _lines(timeline: Timeline) -> Iterator[Line]:
    """Yield a line for each acknowledgement.

    One person has several acknowledgements at once if their pages came on several paths.
    """
    ends: dict[tuple[datetime, str], bool] = {}
    for each in timeline.acknowledgements:
        key = each.at, each.path[-1].contact_arn
        ends[key] = ends.get(key, False) or each.ends
    for (at, arn), is_end in ends.items():
        offset = at - timeline.start
        label = f"{name_of(timeline, arn)} acknowledges at {format_duration(offset)}"
        yield Line(
            at=offset / _ONE_MINUTE,
            label=f"{label}, and it ends" if is_end else label,
            is_dashed=not is_end,
        )


def _samples(timeline: Timeline, lanes: Iterable[Lane]) -> Iterator[Sample]:
    used: set[BarStyle | MarkShape] = set()
    for lane in lanes:
        used.update(mark.shape for mark in lane.marks)
        used.update(bar.style for bar in lane.bars)
    for sample in _SAMPLES:
        if sample.style == "cross" and timeline.unreadable:
            yield evolve(sample, text="skipped, or could not be read")
        elif sample.style in used:
            yield sample


def _notes(lanes: Iterable[Lane]) -> list[str]:
    """Return the descriptions of what is skipped."""
    skips = [mark for lane in lanes for mark in lane.marks if mark.shape == "cross"]
    return [mark.text for mark in sorted(skips, key=lambda each: each.at)]
