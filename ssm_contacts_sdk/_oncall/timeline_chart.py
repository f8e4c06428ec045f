"""The chart of a timeline, in minutes after the start."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from attrs import evolve

from ssm_contacts_sdk._charts.chart import BarStyle, Chart, Lane, Line, MarkShape, Sample
from ssm_contacts_sdk._charts.dates import format_duration, format_instant
from ssm_contacts_sdk._charts.ticks import minute_ticks
from ssm_contacts_sdk._oncall.timeline_lanes import timeline_lanes
from ssm_contacts_sdk._oncall.timeline_text import name_of, title

if TYPE_CHECKING:
    from ssm_contacts_sdk._oncall.timeline import Timeline

_ONE_MINUTE = timedelta(minutes=1)
_SAMPLES = (
    Sample(style="dot", text="a page is sent"),
    Sample(style="cross", text="skipped"),
    Sample(style="ring", text="a page if nobody acknowledged"),
    Sample(style="hollow", text="what would continue if nobody acknowledged"),
)


def timeline_chart(timeline: Timeline, time_zone: str | None = None) -> Chart:
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
