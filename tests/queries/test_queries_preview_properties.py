"""A preview reports what the embedded service then does."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import product
from random import Random
from typing import Any, Union

from amounts import amount
from arns import contact_arn
from attrs import frozen
from hypothesis import given, settings
from hypothesis import strategies as st
from random_accounts import PEOPLE, RandomAccount
from scenarios import over_at

from ssm_contacts_sdk import (
    Acknowledged,
    ContactsClient,
    ContactType,
    Engagement,
    PageSent,
    Skipped,
    StageStarted,
    Timeline,
)
from ssm_contacts_sdk.local import Assumptions, LocalService, service_error

# The words of the service's journal.
REASONS = {
    "acknowledged": "has already acknowledged",
    "deleted": "does not exist any more",
    "nested": "is an escalation plan within another",
    "nobody_on_call": "nobody is on call",
    "not_activated": "is not activated",
    "wrong_kind": "is of a type that this plan does not allow",
}
Path = tuple[tuple[str, str, Union[int, None], bool], ...]
"""The ARN, the type, the stage and whether it is essential, for each step."""
Line = tuple[datetime, str]
Acknowledgements = Mapping[str, timedelta]


@frozen
class Report:
    """What happens during an engagement: according to a preview, or in the service."""

    lines: Sequence[Line]
    """The stages, pages, skips and acknowledgements in their order, in the journal's words."""
    ends: Sequence[bool]
    """Whether each acknowledgement ends the engagement."""
    paths: Sequence[Path]
    """The path of each page that is sent."""
    pages: Mapping[Path, tuple[datetime, datetime | None]]
    """When the page of each path was sent last, and when it was acknowledged."""
    over: datetime | None
    was_acknowledged: bool
    not_counted: Sequence[str]
    """The people whose acknowledgements have no effect."""


def short(arn: str) -> str:
    return arn.split(":", 5)[-1]


def report_of(timeline: Timeline) -> Report:
    pages: dict[Path, tuple[datetime, datetime | None]] = {}
    for sent in timeline.sends:
        pages[path_of(sent)] = sent.at, None
    for each in timeline.acknowledgements:
        pages[path_of(each)] = pages[path_of(each)][0], each.at
    return Report(
        lines=[(event.at, words(event)) for event in timeline.events],
        ends=[each.ends for each in timeline.acknowledgements],
        paths=[path_of(sent) for sent in timeline.sends],
        pages=pages,
        over=timeline.end,
        was_acknowledged=timeline.outcome == "acknowledged",
        not_counted=[arn for arn, _ in timeline.not_counted],
    )


def path_of(event: PageSent | Acknowledged) -> Path:
    return tuple(
        (step.contact_arn, step.type.value, step.stage_index, step.is_essential)
        for step in event.path
    )


def words(event: StageStarted | PageSent | Skipped | Acknowledged) -> str:
    if isinstance(event, StageStarted):
        return f"stage {event.stage_index + 1} of {short(event.path[-1].contact_arn)} begins"
    if isinstance(event, PageSent):
        return f"page by SMS to {short(event.channel_arn)}"
    if isinstance(event, Skipped):
        return f"skipped {short(event.arn)}: {REASONS[event.reason]}"
    return f"acknowledged by {short(event.path[-1].contact_arn)}"


def report_of_service(
    service: LocalService, engagement: Engagement, not_counted: Sequence[str]
) -> Report:
    state: Any = json.loads(service.snapshot().state)
    progress = state["engagements"][engagement.arn]["progress"]
    page_paths: dict[str, Path] = {
        arn: tuple(tuple(step.values()) for step in page["path"])
        for arn, page in state["pages_sent"].items()
    }
    ended = f"{short(engagement.arn)} has ended"
    texts = [entry.text for entry in service.journal]
    return Report(
        lines=[(entry.at, entry.text) for entry in service.journal if entry.text != ended],
        ends=[
            progress["was_acknowledged"] and following == ended
            for text, following in zip(texts, [*texts[1:], ""], strict=True)
            if text.startswith("acknowledged by ")
        ],
        paths=[page_paths[message.page_arn or ""] for message in service.outbox],
        pages={
            page_paths[page.arn]: (page.sent_time, page.read_time)
            for page in service.client().pages.list_by_engagement(engagement)
            if page.sent_time is not None
        },
        over=over_at(service, engagement),
        was_acknowledged=progress["was_acknowledged"],
        not_counted=not_counted,
    )


def acknowledge_all(
    client: ContactsClient, service: LocalService, engagement: Engagement, person: str
) -> bool:
    """Acknowledge every page of a person, the oldest first; return whether there is one."""
    pages = [
        page for page in client.pages.list_by_engagement(engagement) if page.contact_arn == person
    ]
    codes = {message.page_arn: message.code for message in service.outbox}
    for page in reversed(pages):
        client.pages.accept(page, codes[page.arn] or "")
    return bool(pages)


def engage(
    service: LocalService, client: ContactsClient, who: str, acknowledgements: Acknowledgements
) -> tuple[Report, datetime | None]:
    """Return what the service does, and the StopTime."""
    start = service.clock.now()
    engagement = client.engagements.start(who, sender="a", subject="b", content="c")
    not_counted = dict.fromkeys(acknowledgements)
    # As in a preview, two acknowledgements at the same time are in the order of the mapping.
    for person, offset in sorted(acknowledgements.items(), key=lambda each: each[1]):
        passed = (service.clock.now() - start).total_seconds()
        service.clock.advance(seconds=offset.total_seconds() - passed)
        if over_at(service, engagement) is None and acknowledge_all(
            client, service, engagement, person
        ):
            del not_counted[person]
    service.clock.advance(days=1)
    stop_time = client.engagements.describe(engagement).stop_time
    return report_of_service(service, engagement, [*not_counted]), stop_time


def previewed(
    seed: int, start: int, acknowledgements: Acknowledgements, assumptions: Assumptions
) -> Timeline:
    """Return the preview of an engagement in a random account, which the service confirms."""
    service = LocalService(assumptions=assumptions)
    account = RandomAccount.of(seed)
    account.load_into(service)
    service.clock.advance(minutes=start)
    client = service.client()
    who = account.contact_to_engage()
    timeline = client.preview(who, acknowledge=acknowledgements, assumptions=assumptions)
    done, stop_time = engage(service, client, who, acknowledgements)
    assert report_of(timeline) == done
    assert stop_time == (None if assumptions.engagement_end == "only_stopped" else timeline.end)
    return timeline


offsets = st.integers(0, 40).map(lambda minutes: timedelta(minutes=minutes))


@settings(max_examples=amount(quick=20, long=150))
@given(
    seed=st.integers(0, 10**9),
    start=st.integers(0, 3000),
    acknowledgements=st.dictionaries(st.sampled_from(PEOPLE).map(contact_arn), offsets, max_size=3),
    assumptions=st.builds(
        Assumptions,
        engagement_end=st.sampled_from(["only_stopped", "everything_tried", "last_stage"]),
        resend=st.sampled_from(["after_failure", "until_acknowledged"]),
        turn_advance=st.sampled_from(["number_on_call", "one"]),
        uncovered_time=st.sampled_from(["no_shift", "empty_shift"]),
    ),
)
def test_the_service_does_what_a_preview_reports(
    seed: int, start: int, acknowledgements: Acknowledgements, assumptions: Assumptions
) -> None:
    previewed(seed, start, acknowledgements, assumptions)


def world(seed: int) -> Timeline:
    """Return the preview of a world that follows from its seed, which the service confirms."""
    random = Random(seed)  # noqa: S311 - the same for each seed
    people = random.sample(PEOPLE, 2)
    acknowledgements = {
        contact_arn(each): timedelta(minutes=random.randrange(20)) for each in people
    }
    return previewed(seed, random.randrange(3000), acknowledgements, Assumptions())


# In these worlds together, everything happens that the next test names.
EVENTFUL = (21, 26, 184, 185, 294)
OF_PERSON, OF_ESCALATION = ContactType.PERSONAL, ContactType.ESCALATION
OF_SCHEDULE = ContactType.ONCALL_SCHEDULE


def test_the_random_worlds_have_every_reason_of_a_skip_and_of_an_end() -> None:
    timelines = [world(seed) for seed in EVENTFUL]
    skipped = [each for timeline in timelines for each in timeline.skipped]
    assert {(each.reason, each.path[-1].type) for each in skipped} == {
        ("acknowledged", OF_ESCALATION),
        ("acknowledged", OF_SCHEDULE),
        ("deleted", OF_ESCALATION),
        ("deleted", OF_PERSON),
        ("deleted", OF_SCHEDULE),
        ("nested", OF_ESCALATION),
        ("nobody_on_call", OF_SCHEDULE),
        ("not_activated", OF_PERSON),
        ("wrong_kind", OF_ESCALATION),
        ("wrong_kind", OF_PERSON),
        ("wrong_kind", OF_SCHEDULE),
    }
    ends = {
        (timeline.outcome, any(each.ends for each in timeline.acknowledgements))
        for timeline in timelines
    }
    # An acknowledgement may end the engagement only when the person becomes essential.
    assert ends == {("everything_tried", False), ("acknowledged", True), ("acknowledged", False)}
    assert any(not each.ends for timeline in timelines for each in timeline.acknowledgements)
    assert any(timeline.not_counted for timeline in timelines)


def test_all_that_a_preview_can_read_happens_in_the_service() -> None:
    unreadable: set[str] = set()
    for seed, (operation, first) in product(
        EVENTFUL[:2], [("GetContact", 2), ("GetContactChannel", 1), ("ListRotationShifts", 1)]
    ):
        service = LocalService()
        RandomAccount.of(seed).load_into(service)
        client = service.client()
        denied = service_error("AccessDeniedException", "no")
        # The contact that is engaged is always read.
        service.faults.add(denied, operation=operation, nth=first, times=None)
        timeline = client.preview(contact_arn("e"))
        unreadable |= {short(each.arn).partition("/")[0] for each in timeline.unreadable}
        service.faults.clear()
        done, _ = engage(service, client, contact_arn("e"), {})
        known = [event for event in timeline.events if event not in timeline.unreadable]
        assert Counter((event.at, words(event)) for event in known) <= Counter(done.lines)
        assert timeline.unreadable or len(known) == len(done.lines)
    assert unreadable == {"contact", "contact-channel", "rotation"}


def test_a_horizon_excludes_what_happens_at_its_instant_and_later() -> None:
    for seed in EVENTFUL[:2]:
        service = LocalService()
        RandomAccount.of(seed).load_into(service)
        client = service.client()
        whole = client.preview(contact_arn("e"))
        for instant in sorted({event.at for event in whole.events} | {whole.end}):
            horizon = instant - whole.start
            timeline = client.preview(contact_arn("e"), horizon=horizon)
            assert timeline.events == tuple(each for each in whole.events if each.at < instant)
            assert (timeline.end, timeline.outcome) == (instant, "horizon")
        beyond = client.preview(
            contact_arn("e"), horizon=whole.end - whole.start + timedelta(seconds=1)
        )
        assert (beyond.events, beyond.end, beyond.outcome) == (
            whole.events,
            whole.end,
            "everything_tried",
        )


def test_a_preview_pages_nobody_and_changes_nothing() -> None:
    service = LocalService()
    service.load_resources(
        {"ContactArn": contact_arn("a"), "Alias": "a", "Type": "PERSONAL", "Plan": {}}
    )
    before = service.snapshot()
    service.client().preview(contact_arn("a"))
    assert service.snapshot().state == before.state
