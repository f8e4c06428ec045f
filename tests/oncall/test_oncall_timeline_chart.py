"""Charts of timelines; tests/browser checks that nothing in them overlaps."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from arns import channel_arn, contact_arn
from attrs import evolve
from rich.console import Console
from sentinels import PHONE

from ssm_contacts_sdk import (
    Channel,
    ChannelRecord,
    Contact,
    ContactRecord,
    ContactsClient,
    ContactsError,
    ContactType,
    InvalidValueError,
    Plan,
    Recurrence,
    Rotation,
    Timeline,
)
from ssm_contacts_sdk._oncall.account_snapshot import AccountSnapshot
from ssm_contacts_sdk._oncall.simulation import PathStep
from ssm_contacts_sdk._oncall.timeline_events import Skipped
from ssm_contacts_sdk.local import LocalService

MONDAY = datetime(2025, 1, 6, 9, 0, tzinfo=timezone.utc)
MINUTE = timedelta(minutes=1)


def person(client: ContactsClient, alias: str, name: str) -> ContactRecord:
    return client.contacts.create(
        Contact(alias=alias, display_name=name, type=ContactType.PERSONAL)
    )


def reachable(service: LocalService, who: ContactRecord, minutes: int = 5) -> ChannelRecord:
    client = service.client()
    channel = client.channels.create(who, Channel.sms("text message", PHONE))
    client.channels.activate(channel, service.code_for(channel))
    plan = Plan.engagement().stage(minutes=minutes).channel(channel, retry_minutes=1).build()
    client.contacts.update(who, plan=plan)
    return channel


@pytest.fixture
def akua(service: LocalService, client: ContactsClient) -> ContactRecord:
    akua = person(client, "akuam", "Akua Mansa")
    reachable(service, akua)
    return akua


@pytest.fixture
def mary(client: ContactsClient) -> ContactRecord:
    """She has no plan."""
    return person(client, "marym", "Mary Major")


def tooltips_of(timeline: Timeline) -> list[str]:
    return re.findall(r"<g><title>(.*?)</title>", timeline.to_svg())


def styles(timeline: Timeline) -> list[str]:
    return re.findall(r'class="(shade|hollow|dot|ring|cross)"', timeline.to_svg())


def escalation(akua: ContactRecord, mary: ContactRecord) -> Plan:
    return (
        Plan.escalation()
        .stage(minutes=10)
        .contact(akua, essential=True)
        .stage(minutes=5)
        .contact(mary, essential=True)
        .build()
    )


def test_the_chart_of_a_person_has_stages_and_pages(
    client: ContactsClient, akua: ContactRecord
) -> None:
    timeline = client.preview(akua, at=MONDAY)
    assert timeline.to_text().splitlines() == [
        "Who is paged: Akua Mansa",
        "1 page goes to Akua Mansa. Nobody acknowledges: after 5 min everything has been",
        "tried.",
        "",
        "            0             1            2             3            4",
        "Stages      [Stage 1, 5 min────────────────────────────────────────────────────]",
        "Akua Mansa  ●──────────────────────────────────────────────────────────────────]",
        "",
        "Minutes after the start, Mon 6 Jan 2025 09:00 UTC",
        "● a page is sent",
        "",
        '● 0 min: a page to Akua Mansa by "text message"',
    ]
    drawn = timeline.to_text().translate(str.maketrans("\u2500\u25cf", "-*"))
    assert str(timeline) == drawn


def test_the_start_is_shown_in_the_given_time_zone(
    client: ContactsClient, akua: ContactRecord
) -> None:
    timeline = client.preview(akua, at=MONDAY)
    axis = "Minutes after the start, Mon 6 Jan 2025 14:30 Asia/Kolkata"
    assert axis in timeline.to_text(width=80, time_zone="Asia/Kolkata").splitlines()
    assert f">{axis}</text>" in timeline.to_svg(time_zone="Asia/Kolkata")
    with pytest.raises(
        InvalidValueError, match=r"^Timeline\.to_svg: time_zone must be a time zone"
    ):
        timeline.to_svg(time_zone="Mars/Olympus")


def test_two_channels_share_a_line_if_their_pages_are_at_different_times(
    client: ContactsClient, service: LocalService, akua: ContactRecord
) -> None:
    (sms,) = client.channels.list(akua)
    call = client.channels.create(akua, Channel.voice("call", PHONE))
    client.channels.activate(call, service.code_for(call))
    plan = Plan.engagement().stage(minutes=5).channel(sms).stage(minutes=5).channel(call)
    client.contacts.update(akua, plan=plan.build())
    lines = client.preview(akua, at=MONDAY).to_text().splitlines()
    assert sum("●─" in line for line in lines) == 1
    at_once = Plan.engagement().stage(minutes=5).channel(sms).channel(call).build()
    client.contacts.update(akua, plan=at_once)
    lines = client.preview(akua, at=MONDAY).to_text().splitlines()
    assert sum("●─" in line for line in lines) == 2


def test_a_person_with_an_empty_plan_has_a_lane(
    client: ContactsClient, akua: ContactRecord, mary: ContactRecord
) -> None:
    timeline = client.preview(escalation(akua, mary), at=MONDAY)
    assert "10 min: no page, because Mary Major has a plan without channels" in tooltips_of(
        timeline
    )
    assert ">Mary Major</text>" in timeline.to_svg()


def test_what_an_acknowledgement_prevents_is_drawn_with_dashes(
    client: ContactsClient, service: LocalService, akua: ContactRecord, mary: ContactRecord
) -> None:
    reachable(service, mary)
    timeline = client.preview(escalation(akua, mary), at=MONDAY, acknowledge={akua: 2 * MINUTE})
    assert timeline.summary == (
        "1 page goes to Akua Mansa. Akua Mansa acknowledges after 2 min, which ends the engagement."
    )
    tooltips = tooltips_of(timeline)
    assert '10 min, if nobody acknowledged: a page to Mary Major by "text message"' in tooltips
    assert "Akua Mansa acknowledges at 2 min, and it ends" in tooltips
    assert {"hollow", "ring", "dot"} <= set(styles(timeline))
    assert {"a page if nobody acknowledged", "what would continue if nobody acknowledged"} <= set(
        tooltips
    )
    assert [each.channel_arn for each in timeline.sends] == [
        each.arn for each in client.channels.list(akua)
    ]
    assert {each.path[-1].contact_arn for each in timeline.not_reached} >= {mary.arn}


def test_without_an_acknowledgement_nothing_is_drawn_with_dashes(
    client: ContactsClient, akua: ContactRecord, mary: ContactRecord
) -> None:
    timeline = client.preview(escalation(akua, mary), at=MONDAY)
    assert timeline.not_reached == ()
    assert not {"hollow", "ring"} & set(styles(timeline))


def test_an_acknowledgement_that_ends_nothing_is_a_dashed_line(
    client: ContactsClient, service: LocalService, akua: ContactRecord, mary: ContactRecord
) -> None:
    reachable(service, mary)
    plan = (
        Plan.escalation()
        .stage(minutes=3)
        .contact(akua, essential=False)
        .contact(mary, essential=True)
        .build()
    )
    timeline = client.preview(plan, at=MONDAY, acknowledge={akua: MINUTE})
    assert timeline.summary.startswith("2 pages go to Akua Mansa and Mary Major. Akua Mansa ack")
    assert "does not end it: after 5 min everything has been tried." in timeline.summary
    assert 'class="line dashed"' in timeline.to_svg()


def test_the_summary_of_a_preview_that_stops_at_a_horizon_reports_it(
    client: ContactsClient, akua: ContactRecord, mary: ContactRecord
) -> None:
    timeline = client.preview(escalation(akua, mary), at=MONDAY, horizon=3 * MINUTE)
    assert "it is not over after 3 min, where this preview stops" in timeline.summary
    assert "hollow" not in styles(timeline)


def test_the_lane_of_a_schedule_shows_who_is_on_call(
    client: ContactsClient, akua: ContactRecord
) -> None:
    rotation = client.rotations.create(
        Rotation(
            name="web",
            contact_ids=[akua],
            start_time=MONDAY,
            time_zone_id="UTC",
            recurrence=Recurrence.daily("09:00"),
        )
    )
    schedule = client.contacts.create(
        Contact(alias="web", type=ContactType.ONCALL_SCHEDULE, plan=Plan.on_call(rotation))
    )
    assert "0 min: on call in web: Akua Mansa" in tooltips_of(client.preview(schedule, at=MONDAY))
    before = client.preview(schedule, at=MONDAY - timedelta(days=1))
    assert "0 min: skipped, because nobody is on call in web" in tooltips_of(before)
    assert not any("on call in web:" in tooltip for tooltip in tooltips_of(before))
    assert before.summary == "Nobody is paged: everything has been tried."


def a_skip(reason: str, arn: str, *path: PathStep) -> str:
    skipped = Skipped(at=MONDAY, offset=0 * MINUTE, path=path, arn=arn, reason=reason)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    timeline = Timeline(
        start=MONDAY,
        end=MONDAY,
        outcome="everything_tried",
        events=(skipped,),
        snapshot=AccountSnapshot(),
    )
    (tooltip,) = (each for each in tooltips_of(timeline) if ": skipped, because" in each)
    assert tooltip in timeline.to_text(width=200)
    return tooltip.removeprefix("0 min: skipped, because ")


PERSON = PathStep(contact_arn("akuam"), ContactType.PERSONAL)
PLAN = PathStep(contact_arn("web"), ContactType.ESCALATION)
SCHEDULE = PathStep(contact_arn("primary"), ContactType.ONCALL_SCHEDULE)
CHANNEL = channel_arn("akuam")


@pytest.mark.parametrize(
    ("description", "skip"),
    [
        ('"channel 1" of akuam is not activated', lambda: a_skip("not_activated", CHANNEL, PERSON)),
        ("there is no channel 1 of akuam", lambda: a_skip("deleted", CHANNEL, PERSON)),
        ("there is no contact marym", lambda: a_skip("deleted", contact_arn("marym"), PLAN)),
        (
            "akuam has acknowledged already",
            lambda: a_skip("acknowledged", PERSON.contact_arn, PLAN, SCHEDULE),
        ),
        (
            "web is an escalation plan within another one, and engages nobody",
            lambda: a_skip("nested", PLAN.contact_arn, PLAN),
        ),
        (
            "nobody is on call in primary",
            lambda: a_skip("nobody_on_call", SCHEDULE.contact_arn, PLAN, SCHEDULE),
        ),
        (
            '"channel 1" is a channel: an escalation plan engages only contacts',
            lambda: a_skip("wrong_kind", CHANNEL, PLAN),
        ),
        (
            "primary is not a channel: the plan of a person engages only channels",
            lambda: a_skip("wrong_kind", SCHEDULE.contact_arn, PERSON),
        ),
        (
            "web is not a person: only people can be on call",
            lambda: a_skip("wrong_kind", PLAN.contact_arn, SCHEDULE),
        ),
    ],
)
def test_every_skip_has_a_description(description: str, skip: Callable[[], str]) -> None:
    assert skip() == description


def test_notebooks_and_rich_show_the_chart(client: ContactsClient, akua: ContactRecord) -> None:
    timeline = client.preview(akua, at=MONDAY)
    assert getattr(timeline, "_repr_svg_")() == timeline.to_svg()  # noqa: B009 - what notebooks do
    console = Console(width=60)
    with console.capture() as captured:
        console.print(timeline)
    assert captured.get().splitlines()[0] == "Who is paged: Akua Mansa"


@pytest.mark.parametrize(
    ("arguments", "violation"),
    [
        ({"width": 39}, ("width", "too_small")),
        ({"width": 0}, ("width", "too_small")),
        ({"width": True}, ("width", "wrong_type")),
        ({"width": "80"}, ("width", "wrong_type")),
        ({"width": 80.0}, ("width", "wrong_type")),
        ({"encoding": "no such"}, ("encoding", "unknown_choice")),
        ({"encoding": "hex"}, ("encoding", "unknown_choice")),
        ({"encoding": "a\x00b"}, ("encoding", "unknown_choice")),
        ({"encoding": 7}, ("encoding", "wrong_type")),
        ({"encoding": b"ascii"}, ("encoding", "wrong_type")),
        ({"time_zone": "Mars/Olympus"}, ("time_zone", "unknown_time_zone")),
    ],
)
def test_invalid_arguments_of_to_text_are_rejected(
    client: ContactsClient,
    akua: ContactRecord,
    arguments: dict[str, Any],
    violation: tuple[str, str],
) -> None:
    with pytest.raises(InvalidValueError) as caught:
        client.preview(akua, at=MONDAY).to_text(**arguments)
    assert [(each.path, each.code) for each in caught.value.violations] == [violation]


def test_the_message_names_the_method_and_the_limit(
    client: ContactsClient, akua: ContactRecord
) -> None:
    with pytest.raises(InvalidValueError) as caught:
        client.preview(akua, at=MONDAY).to_text(width=39)
    assert str(caught.value) == "Timeline.to_text: width must be at least 40 (got 39)"


def test_a_name_written_right_to_left_is_isolated(
    client: ContactsClient, service: LocalService
) -> None:
    david = person(client, "david", "דוד כהן")
    reachable(service, david)
    timeline = client.preview(david, at=MONDAY)
    assert "1 page goes to \u2068דוד כהן\u2069. Nobody" in timeline.summary
    assert "\u2068" not in timeline.to_text()


def test_no_address_is_shown(client: ContactsClient, akua: ContactRecord) -> None:
    timeline = client.preview(akua, at=MONDAY)
    assert PHONE[-7:] not in timeline.to_svg() + timeline.to_text()


def test_a_skipped_target_has_no_error_unless_it_was_unreadable() -> None:
    skipped = Skipped(at=MONDAY, offset=0 * MINUTE, path=(), arn="a", reason="deleted")
    assert skipped.error is None


def test_the_error_of_a_skipped_target_is_not_part_of_its_value() -> None:
    skipped = Skipped(at=MONDAY, offset=0 * MINUTE, path=(), arn="a", reason="unreadable")
    other = evolve(skipped, error=ContactsError("no access"))
    assert other.error is not None
    assert (other, hash(other), repr(other)) == (skipped, hash(skipped), repr(skipped))
    assert evolve(skipped, reason="deleted") != skipped
