"""The picture of a timeline: stages over a lane for each person, in minutes after the start."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from attrs import define, evolve, field, frozen

from ssm_contacts_sdk._charts.chart import (
    Bar,
    BarStyle,
    Chart,
    Lane,
    Line,
    Mark,
    MarkShape,
    Sample,
)
from ssm_contacts_sdk._charts.dates import format_duration, format_instant, minute_ticks
from ssm_contacts_sdk._charts.typography import isolate, one_line
from ssm_contacts_sdk._errors import ContactsError
from ssm_contacts_sdk._models.contacts import ContactType
from ssm_contacts_sdk._oncall.phrases import not_read
from ssm_contacts_sdk._oncall.simulation import Path, SkipReason
from ssm_contacts_sdk._oncall.timeline import Timeline
from ssm_contacts_sdk._oncall.timeline_events import Event, PageSent, Skipped, StageStarted

_A_MINUTE = timedelta(minutes=1)
_REASONS: dict[SkipReason, str] = {
    "acknowledged": "has acknowledged already",
    "nested": "is an escalation plan within another, and engages nobody",
    "nobody_on_call": "nobody is on call",
    "not_activated": "is not activated",
}
_WRONG_KINDS: dict[ContactType, str] = {
    ContactType.ESCALATION: "is a channel, which an escalation plan does not engage",
    ContactType.ONCALL_SCHEDULE: "is no person, and nobody else is engaged for being on call",
}
_NO_CHANNEL = "is no channel, and the plan of a person engages nothing else"
_NO_CHANNELS = "has a plan that names no channels"
_KINDS: dict[ContactType, str] = {
    ContactType.ESCALATION: "escalation plan",
    ContactType.ONCALL_SCHEDULE: "on-call schedule",
}
_SAMPLES = (
    Sample(style="dot", text="a page is sent"),
    Sample(style="cross", text="skipped"),
    Sample(style="ring", text="a page if nobody acknowledged"),
    Sample(style="hollow", text="what would go on if nobody acknowledged"),
)


def picture(timeline: Timeline, time_zone: str | None = None) -> Chart:
    """What a timeline looks like, its start by the clock of a zone if it is told."""
    lanes = _Lanes(timeline)
    lanes.fill()
    shown = tuple(lanes.lanes())
    looks: set[BarStyle | MarkShape] = {mark.shape for lane in shown for mark in lane.marks}
    looks |= {bar.style for lane in shown for bar in lane.bars}
    ends = [bar.end for lane in shown for bar in lane.bars]
    ends += [mark.at for lane in shown for mark in lane.marks]
    last = max([*ends, (timeline.end - timeline.start) / _A_MINUTE, 1.0])
    return Chart(
        title=_title(timeline),
        description=(timeline.summary,),
        start=0,
        end=last,
        lanes=shown,
        lines=tuple(_lines(timeline)),
        ticks=minute_ticks(last),
        axis=f"Minutes after the start, {_start(timeline, time_zone)}",
        samples=tuple(_samples(timeline, looks)),
        notes=tuple(_notes(shown)),
    )


def _samples(timeline: Timeline, looks: set[BarStyle | MarkShape]) -> Iterator[Sample]:
    for sample in _SAMPLES:
        if sample.style == "cross" and timeline.unreadable:
            yield evolve(sample, text="skipped, or could not be read")
        elif sample.style in looks:
            yield sample


def summary(timeline: Timeline) -> str:
    """How it comes out, in words."""
    return " ".join((_outcome(timeline), *_not_counted(timeline), *_not_known(timeline)))


def _not_known(timeline: Timeline) -> Iterator[str]:
    hidden = {each.arn: each.error for each in timeline.unreadable}
    if hidden:
        told = [f"{_name(timeline, arn)} {_why(error)}" for arn, error in hidden.items()]
        yield f"Others may be paged: {_listed(told)}."


def _why(error: ContactsError | None) -> str:
    return "could not be read" if error is None else not_read(error)


def _not_counted(timeline: Timeline) -> Iterator[str]:
    for arn, offset in timeline.not_counted:
        who = f"The acknowledgement of {_name(timeline, arn)} after {format_duration(offset)}"
        yield f"{who} does not count: no page had been sent to them."


def _outcome(timeline: Timeline) -> str:
    sends = timeline.sends
    people = dict.fromkeys(each.path[-1].contact_arn for each in sends)
    if not sends:
        paged = "Nobody is paged" if not timeline.unreadable else "Nobody is known to be paged"
    else:
        pages = "1 page goes" if len(sends) == 1 else f"{len(sends)} pages go"
        paged = f"{pages} to {_listed(_name(timeline, arn) for arn in people)}"
    length = format_duration(timeline.end - timeline.start)
    ending = [each for each in timeline.acknowledgements if each.ends]
    if ending:
        who = _name(timeline, ending[0].path[-1].contact_arn)
        return f"{paged}. {who} acknowledges after {length}, which ends the engagement."
    if timeline.outcome == "acknowledged":
        return f"{paged}. After {length} somebody is essential who has acknowledged: that ends it."
    others = dict.fromkeys(each.path[-1].contact_arn for each in timeline.acknowledgements)
    if others:
        answered = (
            f"{_listed(_name(timeline, arn) for arn in others)} acknowledging does not end it"
        )
    else:
        answered = "Nobody acknowledges"
    if timeline.outcome == "horizon":
        return f"{paged}. {answered}, and it is not over after {length}, where this preview stops."
    after = f"after {length} " if timeline.end > timeline.start else ""
    both = f"{paged}. {answered}" if sends else paged
    what = "all that could be read" if timeline.unreadable else "everything"
    return f"{both}: {after}{what} has been tried."


def _start(timeline: Timeline, time_zone: str | None) -> str:
    if time_zone is None:
        return f"{format_instant(timeline.start, timezone.utc)} UTC"
    return f"{format_instant(timeline.start, ZoneInfo(time_zone))} {time_zone}"


def _title(timeline: Timeline) -> str:
    path = next(iter(_all_paths(timeline)), None)
    return f"Who is paged: {_name(timeline, path[0].contact_arn)}" if path else "Who is paged"


def _all_paths(timeline: Timeline) -> Iterator[Path]:
    yield from timeline.paths
    for entry in (*timeline.events, *timeline.not_reached):
        yield entry.path


def _name(timeline: Timeline, arn: str) -> str:
    return isolate(one_line(timeline.name_of(arn)) or arn.rpartition("/")[2])


def _listed(words: Iterable[str]) -> str:
    told = list(words)
    return " and ".join([", ".join(told[:-1]), told[-1]] if told[1:] else told)


@frozen
class _Told:
    """An entry, and whether it comes about."""

    entry: Event
    is_reached: bool


@define
class _Row:
    """A lane on its way: who it is, on which ways they are engaged, and what happens to them."""

    arn: str
    type: ContactType | None
    paths: dict[Path, None] = field(factory=dict[Path, None])
    told: list[_Told] = field(factory=list[_Told])


@frozen
class _Place:
    """A row within a lane: a channel on one way, or what concerns the person as a whole."""

    path: Path
    channel_arn: str | None


@define
class _Lanes:
    timeline: Timeline
    rows: dict[str, _Row] = field(factory=dict[str, _Row], init=False)

    def fill(self) -> None:
        for told in self._in_order():
            self._enter(told.entry.path)
            self._row_of(told.entry).told.append(told)
        for path in self.timeline.paths:
            self._enter(path)

    def _in_order(self) -> list[_Told]:
        told = [_Told(entry, is_reached=True) for entry in self.timeline.events]
        told += [_Told(entry, is_reached=False) for entry in self.timeline.not_reached]
        return sorted(told, key=lambda each: each.entry.at)

    def _enter(self, path: Path) -> None:
        for at, step in enumerate(path):
            row = self._row(step.contact_arn, step.type)
            row.type = step.type
            row.paths[path[: at + 1]] = None

    def _row(self, arn: str, kind: ContactType | None) -> _Row:
        return self.rows.setdefault(arn, _Row(arn, kind))

    def _row_of(self, entry: Event) -> _Row:
        """The lane of whom an entry is about."""
        end = entry.path[-1]
        if isinstance(entry, Skipped) and (
            entry.reason in ("acknowledged", "deleted", "nested")
            or (entry.reason == "unreadable" and not self._is_rotation(entry))
        ):
            is_channel = end.type not in _KINDS
            return self._row(end.contact_arn if is_channel else entry.arn, None)
        return self._row(end.contact_arn, end.type)

    def _is_rotation(self, entry: Skipped) -> bool:
        return self.timeline.snapshot.is_unreadable("shifts", entry.arn)

    def lanes(self) -> Iterator[Lane]:
        for row in self.rows.values():
            if row.type == ContactType.ESCALATION:
                yield self._over(row, self._stages(row))
            elif row.type == ContactType.ONCALL_SCHEDULE:
                yield self._over(row, self._on_call(row))
            else:
                if any(len(path) == 1 for path in row.paths):
                    yield Lane(name="Stages", bars=tuple(self._stages(row)))
                yield self._person(row)

    def _over(self, row: _Row, bars: Iterator[Bar]) -> Lane:
        """A lane of a plan or a schedule: its bars, and beneath them what is skipped."""
        drawn = tuple(bars)
        first = max((bar.row for bar in drawn), default=-1) + 1
        marks: list[Mark] = []
        for told in row.told:
            if isinstance(told.entry, Skipped):
                at = self._minutes(told.entry.at)
                beside = sum(mark.at == at for mark in marks)
                marks.append(self._skip_mark(told, first + beside))
        last = max((mark.row for mark in marks), default=first - 1)
        return Lane(
            name=self._name(row.arn),
            detail=_KINDS[row.type] if row.type else "",
            rows=max(last + 1, 1),
            bars=drawn,
            marks=tuple(marks),
        )

    def _stages(self, row: _Row) -> Iterator[Bar]:
        for told in row.told:
            if isinstance(told.entry, StageStarted):
                number = told.entry.stage_index + 1
                length = format_duration(told.entry.until - told.entry.at)
                labels = (f"Stage {number}, {length}", f"Stage {number}", str(number))
                yield from self._stage(told, told.entry, labels)

    def _stage(
        self, told: _Told, entry: StageStarted, labels: tuple[str, ...], row: int = 0, rows: int = 1
    ) -> Iterator[Bar]:
        """A stage, and what of it is left when its plan is followed no further."""
        whose = self._name(entry.path[-1].contact_arn)
        length, when = format_duration(entry.until - entry.at), format_duration(entry.offset)
        text = f"{when}: stage {entry.stage_index + 1} of {whose}, {length}"
        yield from self._stretch(
            entry.at,
            entry.until,
            self._followed_until(entry.path) if told.is_reached else entry.at,
            Bar(start=0, end=0, text=text, labels=labels, row=row, span=rows),
        )

    def _stretch(self, start: datetime, end: datetime, stop: datetime, like: Bar) -> Iterator[Bar]:
        """A bar that is solid until `stop`, and an outline from there."""
        is_whole = end <= stop
        if is_whole or start < stop:
            yield self._placed(like, start, min(end, stop), "shade")
        # Behind the horizon nobody looks.
        if not is_whole and self.timeline.outcome != "horizon":
            left = like if start >= stop else evolve(like, labels=())
            yield self._placed(left, max(start, stop), end, "hollow")

    def _placed(self, like: Bar, start: datetime, end: datetime, style: BarStyle) -> Bar:
        return evolve(like, start=self._minutes(start), end=self._minutes(end), style=style)

    def _followed_until(self, path: Path) -> datetime:
        """When a plan is followed no further: its person has acknowledged, or all is over."""
        return min(
            (
                each.at
                for each in self.timeline.acknowledgements
                if each.path[-1].contact_arn == path[-1].contact_arn
            ),
            default=self.timeline.end,
        )

    def _on_call(self, row: _Row) -> Iterator[Bar]:
        """Who is on call in a schedule, from when it is engaged until their plans are over."""
        number = 0
        for path in row.paths:
            people = [each for each in self._all_paths() if each[:-1] == path]
            start = self._begun(path)
            if not people or start is None:
                continue
            stages = [
                each.entry.until
                for each in self._in_order()
                if isinstance(each.entry, StageStarted) and each.entry.path in people
            ]
            end = max(stages, default=start)
            named = ", ".join(self._name(each[-1].contact_arn) for each in people)
            text = f"{self._offset(start)}: on call in {self._name(row.arn)}: {named}"
            labels = (f"on call: {named}", named)
            like = Bar(start=0, end=0, text=text, labels=labels, row=number)
            number += 1
            is_reached = any(
                each.entry.path in people and each.is_reached for each in self._in_order()
            )
            # Somebody whose plan is empty leaves no trace of their own.
            stop = self.timeline.end if is_reached or start <= self.timeline.end else start
            yield from self._stretch(start, end, stop, like)

    def _all_paths(self) -> dict[Path, None]:
        return {path: None for row in self.rows.values() for path in row.paths}

    def _begun(self, path: Path) -> datetime | None:
        """When the last one of a way is engaged: with the stage that names them."""
        if len(path) == 1:
            return self.timeline.start
        if path[-1].stage_index is None:
            return self._begun(path[:-1])
        return next(
            (
                each.entry.at
                for each in self._in_order()
                if isinstance(each.entry, StageStarted)
                and each.entry.path == path[:-1]
                and each.entry.stage_index == path[-1].stage_index
            ),
            None,
        )

    def _person(self, row: _Row) -> Lane:
        places = self._places(row)
        bars = [
            bar
            for told in row.told
            if isinstance(told.entry, StageStarted)
            for bar in self._own_stage(told, told.entry, places)
        ]
        marks: list[Mark] = []
        labelled: set[int] = set()
        for told in row.told:
            if not isinstance(told.entry, (PageSent, Skipped)):
                continue
            at = places.index(_place(told.entry))
            mark = self._mark(told, at)
            # The others in a row are of the same channel.
            marks.append(mark if at not in labelled else evolve(mark, label=""))
            labelled.add(at)
        if not marks:
            marks += self._nothing(row)
        schedules = dict.fromkeys(
            path[-2].contact_arn
            for path in row.paths
            if path[1:] and path[-2].type == ContactType.ONCALL_SCHEDULE
        )
        return Lane(
            name=self._name(row.arn),
            detail=f"on call in {_listed(map(self._name, schedules))}" if schedules else "",
            rows=max(len(places), 1),
            bars=tuple(bars),
            marks=tuple(marks),
        )

    @staticmethod
    def _places(row: _Row) -> list[_Place]:
        """The rows of a lane, those of a way beside each other; a stage needs one, too."""
        found: dict[_Place, None] = {}
        for told in row.told:
            if isinstance(told.entry, (PageSent, Skipped)):
                found[_place(told.entry)] = None
        ways = {place.path for place in found}
        for told in row.told:
            if isinstance(told.entry, StageStarted) and told.entry.path not in ways:
                found[_Place(told.entry.path, None)] = None
        order = list(row.paths)
        return sorted(
            found, key=lambda each: order.index(each.path) if each.path in order else len(order)
        )

    def _own_stage(self, told: _Told, entry: StageStarted, places: list[_Place]) -> Iterator[Bar]:
        own = [at for at, place in enumerate(places) if place.path == entry.path]
        yield from self._stage(told, entry, (), own[0], len(own))

    def _mark(self, told: _Told, row: int) -> Mark:
        if isinstance(told.entry, Skipped):
            return self._skip_mark(told, row)
        entry = told.entry
        assert isinstance(entry, PageSent)
        whom, channel = self._name(entry.path[-1].contact_arn), self._channel(entry.channel_arn)
        when = format_duration(entry.offset)
        text = f"{when}{_condition(told)}: a page to {whom} by {_quoted(channel)}"
        shape: MarkShape = "dot" if told.is_reached else "ring"
        return Mark(at=self._minutes(entry.at), text=text, label=channel, shape=shape, row=row)

    def _skip_mark(self, told: _Told, row: int) -> Mark:
        entry = told.entry
        assert isinstance(entry, Skipped)
        end, when = entry.path[-1], format_duration(entry.offset)
        result = "not known" if entry.reason == "unreadable" else "skipped"
        if entry.reason == "wrong_kind":
            is_channel = end.type == ContactType.ESCALATION
            what = _quoted(self._channel(entry.arn)) if is_channel else self._name(entry.arn)
            label = text = f"{what} {_WRONG_KINDS.get(end.type, _NO_CHANNEL)}"
        elif entry.reason == "deleted":
            label, text = self._not_there(entry)
        elif entry.reason == "unreadable":
            label, text = self._not_readable(entry)
        elif entry.reason == "nobody_on_call":
            label, text = "nobody is on call", f"nobody is on call in {self._name(entry.arn)}"
        elif end.type in _KINDS:
            label = _REASONS[entry.reason]
            text = f"{self._name(entry.arn)} {label}"
        else:
            channel = self._channel(entry.arn)
            label = f"{channel} {_REASONS[entry.reason]}"
            whose = self._name(end.contact_arn)
            text = f"{_quoted(channel)} of {whose} {_REASONS[entry.reason]}"
        return Mark(
            at=self._minutes(entry.at),
            text=f"{when}{_condition(told)}: {result}, because {text}",
            label=label,
            shape="cross",
            row=row,
        )

    def _not_there(self, entry: Skipped) -> tuple[str, str]:
        """What a plan names that is not there, and may never have been."""
        end = entry.path[-1]
        if end.type in _KINDS:
            label = f"there is no contact {self._name(entry.arn)}"
            return label, label
        label = f"there is no {self._channel(entry.arn)}"
        return label, f"{label} of {self._name(end.contact_arn)}"

    def _not_readable(self, entry: Skipped) -> tuple[str, str]:
        end, why = entry.path[-1], _why(entry.error)
        if self._is_rotation(entry):
            label = f"the rotation {self._name(entry.arn)} {why}"
            return label, f"{label}: it is not known who is on call in it"
        if end.type in _KINDS:
            label = f"{self._name(entry.arn)} {why}"
            return label, f"{label}: it is not known whom it would page"
        channel = self._channel(entry.arn)
        return f"{channel} {why}", f"{_quoted(channel)} of {self._name(end.contact_arn)} {why}"

    def _nothing(self, row: _Row) -> Iterator[Mark]:
        """Somebody who is engaged and gets no page."""
        for path in list(row.paths)[:1]:
            at = self._begun(path)
            if at is not None:
                yield Mark(
                    at=self._minutes(at),
                    text=f"{self._offset(at)}: no page, because {self._name(row.arn)} "
                    f"{_NO_CHANNELS}",
                    label=_NO_CHANNELS,
                    shape="cross",
                )

    def _channel(self, arn: str) -> str:
        if arn in self.timeline.snapshot.channels:
            return self._name(arn)
        return f"channel {self._name(arn)}"

    def _name(self, arn: str) -> str:
        return _name(self.timeline, arn)

    def _minutes(self, at: datetime) -> float:
        return (at - self.timeline.start) / _A_MINUTE

    def _offset(self, at: datetime) -> str:
        return format_duration(at - self.timeline.start)


def _quoted(name: str) -> str:
    """The name of a channel, which could be any words."""
    return f'"{name}"'


def _condition(told: _Told) -> str:
    return "" if told.is_reached else ", if nobody acknowledged"


def _place(entry: PageSent | Skipped) -> _Place:
    if isinstance(entry, PageSent):
        return _Place(entry.path, entry.channel_arn)
    return _Place(entry.path, entry.arn)


def _lines(timeline: Timeline) -> Iterator[Line]:
    """The acknowledgements, each once: somebody may have got pages on several ways."""
    found: dict[tuple[datetime, str], bool] = {}
    for each in timeline.acknowledgements:
        who = (each.at, each.path[-1].contact_arn)
        found[who] = found.get(who, False) or each.ends
    for (at, arn), ends in found.items():
        yield Line(
            at=(at - timeline.start) / _A_MINUTE,
            label=f"{_name(timeline, arn)} acknowledges at {format_duration(at - timeline.start)}"
            f"{', and it ends' if ends else ''}",
            is_dashed=not ends,
        )


def _notes(lanes: Iterable[Lane]) -> Iterator[str]:
    """What is skipped, in words."""
    marks = [mark for lane in lanes for mark in lane.marks if mark.shape == "cross"]
    for mark in sorted(marks, key=lambda each: each.at):
        yield mark.text
