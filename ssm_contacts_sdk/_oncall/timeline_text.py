"""A timeline in words: its summary, and descriptions of its events for charts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from attrs import frozen

from ssm_contacts_sdk._charts.dates import format_duration
from ssm_contacts_sdk._charts.typography import isolate, one_line
from ssm_contacts_sdk._errors import ContactsError
from ssm_contacts_sdk._models.contacts import ContactType
from ssm_contacts_sdk._oncall.phrases import listed, not_read, quoted
from ssm_contacts_sdk._oncall.simulation import Path, SkipReason
from ssm_contacts_sdk._oncall.timeline_events import PageSent, Skipped, StageStarted

if TYPE_CHECKING:
    from ssm_contacts_sdk._oncall.timeline import Timeline

KINDS: dict[ContactType, str] = {
    ContactType.ESCALATION: "escalation plan",
    ContactType.ONCALL_SCHEDULE: "on-call schedule",
}
"""The names of the types of contacts that are not people."""

_REASONS: dict[SkipReason, str] = {
    "acknowledged": "has acknowledged already",
    "nested": "is an escalation plan within another one, and engages nobody",
    "not_activated": "is not activated",
}
_WRONG_KINDS: dict[ContactType, str] = {
    ContactType.ESCALATION: "is a channel: an escalation plan engages only contacts",
    ContactType.ONCALL_SCHEDULE: "is not a person: only people can be on call",
}
_NO_CHANNEL = "is not a channel: the plan of a person engages only channels"
_NO_CHANNELS = "has a plan without channels"


@frozen
class Description:
    """A description of an event, and a shorter label for it."""

    text: str
    label: str


# The summary.


def summary(timeline: Timeline) -> str:
    """Return who is paged and how the engagement ends, in sentences."""
    sentences = (_pages_and_end(timeline), *_not_counted(timeline), *_unknown(timeline))
    return " ".join(sentences)


def _pages_and_end(timeline: Timeline) -> str:
    paged = _pages(timeline)
    length = format_duration(timeline.end - timeline.start)
    ending = next((each for each in timeline.acknowledgements if each.ends), None)
    if ending is not None:
        who = name_of(timeline, ending.path[-1].contact_arn)
        return f"{paged}. {who} acknowledges after {length}, which ends the engagement."
    if timeline.outcome == "acknowledged":
        engaged = "an essential contact is engaged who has already acknowledged"
        return f"{paged}. After {length} {engaged}, which ends the engagement."
    answered = _acknowledgements_without_effect(timeline)
    if timeline.outcome == "horizon":
        return f"{paged}. {answered}, and it is not over after {length}, where this preview stops."
    after = f"after {length} " if timeline.end > timeline.start else ""
    both = f"{paged}. {answered}" if timeline.sends else paged
    tried = "all that could be read" if timeline.unreadable else "everything"
    return f"{both}: {after}{tried} has been tried."


def _pages(timeline: Timeline) -> str:
    sends = timeline.sends
    if not sends:
        return "Nobody is known to be paged" if timeline.unreadable else "Nobody is paged"
    people = dict.fromkeys(each.path[-1].contact_arn for each in sends)
    pages = "1 page goes" if len(sends) == 1 else f"{len(sends)} pages go"
    return f"{pages} to {names_of(timeline, people)}"


def _acknowledgements_without_effect(timeline: Timeline) -> str:
    people = dict.fromkeys(each.path[-1].contact_arn for each in timeline.acknowledgements)
    if not people:
        return "Nobody acknowledges"
    return f"{names_of(timeline, people)} acknowledging does not end it"


def _not_counted(timeline: Timeline) -> Iterator[str]:
    for arn, offset in timeline.not_counted:
        what = f"The acknowledgement of {name_of(timeline, arn)} after {format_duration(offset)}"
        yield f"{what} does not count: {_why_not_counted(timeline, arn, offset)}."


def _why_not_counted(timeline: Timeline, arn: str, offset: timedelta) -> str:
    sent = (each for each in timeline.sends if each.offset <= offset)
    if not any(step.contact_arn == arn for each in sent for step in each.path):
        return "no page had been sent to them"
    if timeline.outcome == "horizon":
        return "this preview stops before it"
    return "the engagement was over by then"


def _unknown(timeline: Timeline) -> Iterator[str]:
    errors = {each.arn: each.error for each in timeline.unreadable}
    if errors:
        causes = (f"{name_of(timeline, arn)} {_cause(error)}" for arn, error in errors.items())
        yield f"Others may be paged: {listed(causes, most=None)}."


# Events.


def describe_stage(timeline: Timeline, event: StageStarted) -> str:
    """Return when a stage starts, whose it is and how long it lasts."""
    whose = name_of(timeline, event.path[-1].contact_arn)
    length = format_duration(event.until - event.at)
    return f"{format_duration(event.offset)}: stage {event.stage_index + 1} of {whose}, {length}"


def describe_page(timeline: Timeline, event: PageSent, *, is_reached: bool) -> Description:
    """Return when a page is sent, to whom and by which channel."""
    whom = name_of(timeline, event.path[-1].contact_arn)
    channel = _channel(timeline, event.channel_arn)
    when = f"{format_duration(event.offset)}{_condition(is_reached=is_reached)}"
    return Description(f"{when}: a page to {whom} by {quoted(channel)}", channel)


def describe_skip(timeline: Timeline, event: Skipped, *, is_reached: bool) -> Description:
    """Return when something is skipped, and why."""
    when = f"{format_duration(event.offset)}{_condition(is_reached=is_reached)}"
    result = "not known" if event.reason == "unreadable" else "skipped"
    reason = _skip_reason(timeline, event)
    return Description(f"{when}: {result}, because {reason.text}", reason.label)


def describe_no_page(timeline: Timeline, arn: str, offset: timedelta) -> Description:
    """Return that a person is engaged and gets no page."""
    text = f"no page, because {name_of(timeline, arn)} {_NO_CHANNELS}"
    return Description(f"{format_duration(offset)}: {text}", _NO_CHANNELS)


def is_rotation(timeline: Timeline, event: Skipped) -> bool:
    """Return whether what could not be read is the shifts of a rotation."""
    return timeline.snapshot.is_unreadable("shifts", event.arn)


def _condition(*, is_reached: bool) -> str:
    return "" if is_reached else ", if nobody acknowledged"


def _skip_reason(timeline: Timeline, event: Skipped) -> Description:
    if event.reason == "wrong_kind":
        return _wrong_kind(timeline, event)
    if event.reason == "deleted":
        return _deleted(timeline, event)
    if event.reason == "unreadable":
        return _unreadable(timeline, event)
    name = name_of(timeline, event.arn)
    if event.reason == "nobody_on_call":
        return Description(f"nobody is on call in {name}", "nobody is on call")
    reason, end = _REASONS[event.reason], event.path[-1]
    if end.type in KINDS:
        return Description(f"{name} {reason}", reason)
    channel, whose = _channel(timeline, event.arn), name_of(timeline, end.contact_arn)
    return Description(f"{quoted(channel)} of {whose} {reason}", f"{channel} {reason}")


def _wrong_kind(timeline: Timeline, event: Skipped) -> Description:
    kind = event.path[-1].type
    is_channel = kind == ContactType.ESCALATION
    name = quoted(_channel(timeline, event.arn)) if is_channel else name_of(timeline, event.arn)
    text = f"{name} {_WRONG_KINDS.get(kind, _NO_CHANNEL)}"
    return Description(text, text)


def _deleted(timeline: Timeline, event: Skipped) -> Description:
    """Return that a plan names something that does not exist, and may never have existed."""
    end = event.path[-1]
    if end.type in KINDS:
        text = f"there is no contact {name_of(timeline, event.arn)}"
        return Description(text, text)
    label = f"there is no {_channel(timeline, event.arn)}"
    return Description(f"{label} of {name_of(timeline, end.contact_arn)}", label)


def _unreadable(timeline: Timeline, event: Skipped) -> Description:
    end, cause, name = event.path[-1], _cause(event.error), name_of(timeline, event.arn)
    if is_rotation(timeline, event):
        label = f"the rotation {name} {cause}"
        return Description(f"{label}: it is not known who is on call in it", label)
    if end.type in KINDS:
        label = f"{name} {cause}"
        return Description(f"{label}: it is not known whom it would page", label)
    channel, whose = _channel(timeline, event.arn), name_of(timeline, end.contact_arn)
    return Description(f"{quoted(channel)} of {whose} {cause}", f"{channel} {cause}")


# Names.


def title(timeline: Timeline) -> str:
    """Return a title that names the contact that is engaged."""
    path = next(_paths(timeline), None)
    if path is None:
        return "Who is paged"
    return f"Who is paged: {name_of(timeline, path[0].contact_arn)}"


def name_of(timeline: Timeline, arn: str) -> str:
    """Return the name of a contact, channel or rotation, for a sentence in one line."""
    return isolate(one_line(timeline.name_of(arn)) or arn.rpartition("/")[2])


def names_of(timeline: Timeline, arns: Iterable[str]) -> str:
    """Return all names as a list in a sentence."""
    return listed((name_of(timeline, arn) for arn in arns), most=None)


def _paths(timeline: Timeline) -> Iterator[Path]:
    yield from timeline.paths
    for event in (*timeline.events, *timeline.not_reached):
        yield event.path


def _channel(timeline: Timeline, arn: str) -> str:
    name = name_of(timeline, arn)
    return name if arn in timeline.snapshot.channels else f"channel {name}"


def _cause(error: ContactsError | None) -> str:
    return "could not be read" if error is None else not_read(error)
