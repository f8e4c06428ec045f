"""The messages of an engagement, minute by minute on the service's clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from arns import contact_arn
from scenarios import over_at
from sentinels import EMAIL, PHONE, phone_number

from ssm_contacts_sdk import (
    AcceptType,
    Channel,
    Contact,
    ContactRecord,
    ContactsClient,
    ContactType,
    Engagement,
    Override,
    PageSummary,
    Plan,
    Recurrence,
    Rotation,
)
from ssm_contacts_sdk.local import Assumptions, LocalService, Message
from ssm_contacts_sdk.local._clock import DEFAULT_START


class Team:
    """People with phones, and the messages to them."""

    def __init__(self, service: LocalService, client: ContactsClient) -> None:
        self.service = service
        self.client = client
        self.numbers = 0

    def person(
        self, alias: str, *minutes: int, retry: int | None = None, activate: bool = True
    ) -> ContactRecord:
        """Create a person with a stage for each duration, and a channel for each stage."""
        person = self.client.contacts.create(Contact(alias=alias, type=ContactType.PERSONAL))
        plan = Plan.engagement()
        for place, wait in enumerate(minutes, start=1):
            self.numbers += 1
            channel = self.client.channels.create(
                person, Channel.sms(f"{alias} {place}", phone_number(self.numbers))
            )
            if activate:
                self.client.channels.activate(channel, self.service.code_for(channel))
            plan = plan.stage(minutes=wait).channel(channel, retry_minutes=retry)
        self.client.contacts.update(person, plan=plan.build())
        return person

    def escalation(self, *stages: tuple[int, ContactRecord, bool]) -> ContactRecord:
        plan = Plan.escalation()
        for wait, contact, essential in stages:
            plan = plan.stage(minutes=wait).contact(contact, essential=essential)
        return self.client.contacts.create(
            Contact(alias="escalation", type=ContactType.ESCALATION, plan=plan.build())
        )

    def schedule(self, *members: ContactRecord, alias: str = "schedule") -> ContactRecord:
        """Create a schedule whose members are on call for a day each, from 09:00."""
        rotation = self.client.rotations.create(
            Rotation(
                name=f"{alias} rotation",
                contact_ids=members,
                start_time=DEFAULT_START,
                time_zone_id="UTC",
                recurrence=Recurrence.daily("09:00"),
            )
        )
        return self.client.contacts.create(
            Contact(alias=alias, type=ContactType.ONCALL_SCHEDULE, plan=Plan.on_call(rotation))
        )

    def engage(self, contact: ContactRecord) -> Engagement:
        return self.client.engagements.start(
            contact, sender="cloudwatch", subject="disk", content="The disk is full."
        )

    def acknowledge(self, alias: str, how: AcceptType = AcceptType.READ) -> None:
        page = self.page(alias)
        message = next(each for each in self.sent() if each.page_arn == page.arn)
        assert message.code is not None
        self.client.pages.accept(page, message.code, type=how)

    def page(self, alias: str) -> PageSummary:
        arn = contact_arn(alias)
        return next(self.client.pages.list_by_contact(arn))

    def sent(self) -> Sequence[Message]:
        return [message for message in self.service.outbox if message.kind == "page"]

    def sends(self) -> list[tuple[int, str]]:
        """Return the minute and the person of each page."""
        return [
            (minute_of(message.sent_at), message.channel_arn.split("/")[1])
            for message in self.sent()
        ]

    def ended_after(self, engagement: Engagement) -> int | None:
        """Return when the engagement ends, whatever sets its StopTime."""
        over = over_at(self.service, engagement)
        return None if over is None else minute_of(over)


def minute_of(instant: datetime) -> int:
    minutes, rest = divmod(instant - DEFAULT_START, timedelta(minutes=1))
    assert rest == timedelta(0)
    return minutes


@pytest.fixture
def team(service: LocalService, client: ContactsClient) -> Team:
    return Team(service, client)


@pytest.fixture
def documented(team: Team) -> ContactRecord:
    """The escalation plan of AWS's examples."""
    return team.escalation(
        (5, team.person("akuam", 0), True),
        (5, team.person("alejr", 0), False),
        (0, team.person("anasi", 0), False),
    )


@pytest.mark.parametrize("step", [1, 7, 30])
def test_without_an_acknowledgement_everybody_is_paged_in_turn_whatever_the_step(
    team: Team, documented: ContactRecord, step: int
) -> None:
    engagement = team.engage(documented)
    assert team.sends() == [(0, "akuam")]
    for _ in range(30 // step + 1):
        team.service.clock.advance(minutes=step)
        team.service.outbox  # noqa: B018 - a look at every step must not change anything
    assert team.sends() == [(0, "akuam"), (5, "alejr"), (10, "anasi")]
    assert team.ended_after(engagement) == 10


def test_minute_by_minute_the_next_person_is_paged_at_the_minute_of_the_stage(
    team: Team, documented: ContactRecord
) -> None:
    team.engage(documented)
    seen: list[int] = []
    for _ in range(12):
        seen.append(len(team.sent()))
        team.service.clock.advance(minutes=1)
    assert seen == [1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3]


def test_an_essential_acknowledgement_stops_the_plan(team: Team, documented: ContactRecord) -> None:
    engagement = team.engage(documented)
    team.service.clock.advance(minutes=3)
    team.acknowledge("akuam")
    team.service.clock.advance(hours=1)
    assert team.sends() == [(0, "akuam")]
    assert team.ended_after(engagement) == 3


def test_an_acknowledgement_that_is_not_essential_does_not_stop_the_plan(
    team: Team, documented: ContactRecord
) -> None:
    engagement = team.engage(documented)
    team.service.clock.advance(minutes=7)
    team.acknowledge("alejr")
    team.service.clock.advance(hours=1)
    assert team.sends() == [(0, "akuam"), (5, "alejr"), (10, "anasi")]
    assert team.ended_after(engagement) == 10


def test_a_person_paged_earlier_can_still_acknowledge(
    team: Team, documented: ContactRecord
) -> None:
    team.engage(documented)
    team.service.clock.advance(minutes=6)
    team.acknowledge("akuam")
    assert team.page("alejr").read_time is None
    team.acknowledge("alejr")
    assert team.page("alejr").read_time == team.service.clock.now()


def test_delivered_is_not_an_acknowledgement(team: Team, documented: ContactRecord) -> None:
    team.engage(documented)
    team.acknowledge("akuam", AcceptType.DELIVERED)
    team.service.clock.advance(minutes=5)
    assert team.sends() == [(0, "akuam"), (5, "alejr")]


def test_a_person_is_paged_on_one_channel_after_the_other(team: Team) -> None:
    engagement = team.engage(team.person("akuam", 5, 10, 15))
    team.service.clock.advance(hours=1)
    assert team.sends() == [(0, "akuam"), (5, "akuam"), (15, "akuam")]
    assert len({message.channel_arn for message in team.sent()}) == 3
    assert team.ended_after(engagement) == 30


def test_a_person_who_acknowledges_is_not_paged_again(team: Team) -> None:
    engagement = team.engage(team.person("akuam", 5, 5))
    team.acknowledge("akuam")
    team.service.clock.advance(hours=1)
    assert team.sends() == [(0, "akuam")]
    assert team.ended_after(engagement) == 0


def test_a_non_essential_person_who_acknowledges_is_not_paged_again(
    team: Team,
) -> None:
    akua, alejandro = team.person("akuam", 5, 5, 5), team.person("alejr", 0)
    engagement = team.engage(team.escalation((3, akua, False), (1, alejandro, True)))
    team.acknowledge("akuam")
    team.service.clock.advance(hours=1)
    assert team.sends() == [(0, "akuam"), (3, "alejr")]
    assert team.ended_after(engagement) == 4


def test_plans_of_people_run_in_parallel_with_the_escalation_to_their_end(
    team: Team,
) -> None:
    akua, alejandro = team.person("akuam", 5, 5, 5), team.person("alejr", 2)
    engagement = team.engage(team.escalation((3, akua, True), (0, alejandro, True)))
    team.service.clock.advance(hours=1)
    assert team.sends() == [(0, "akuam"), (3, "alejr"), (5, "akuam"), (10, "akuam")]
    assert team.ended_after(engagement) == 15


def test_an_engagement_can_be_assumed_to_end_with_the_last_stage() -> None:
    service = LocalService(assumptions=Assumptions(engagement_end="last_stage"))
    team = Team(service, service.client())
    akua = team.person("akuam", 5, 5, 5)
    engagement = team.engage(team.escalation((7, akua, True)))
    team.service.clock.advance(hours=1)
    assert team.sends() == [(0, "akuam"), (5, "akuam")]
    assert team.ended_after(engagement) == 7


def test_the_person_on_call_is_engaged_through_a_schedule(team: Team) -> None:
    akua, alejandro = team.person("akuam", 0), team.person("alejr", 0)
    schedule = team.schedule(akua, alejandro)
    team.engage(schedule)
    team.service.clock.advance(days=1)
    team.engage(schedule)
    assert team.sends() == [(0, "akuam"), (24 * 60, "alejr")]


def test_a_schedule_is_read_when_its_stage_begins(team: Team) -> None:
    akua, alejandro = team.person("akuam", 0), team.person("alejr", 0)
    escalation = team.escalation(
        (30, team.person("anasi", 0), True), (0, team.schedule(akua, alejandro), True)
    )
    team.service.clock.advance(hours=23, minutes=30)
    team.engage(escalation)
    team.service.clock.advance(minutes=31)
    assert team.sends() == [(23 * 60 + 30, "anasi"), (24 * 60, "alejr")]


def test_an_acknowledgement_by_the_person_on_call_counts_for_the_schedule(team: Team) -> None:
    akua, alejandro = team.person("akuam", 0), team.person("alejr", 0)
    engagement = team.engage(team.escalation((5, team.schedule(akua), True), (0, alejandro, True)))
    team.service.clock.advance(minutes=1)
    team.acknowledge("akuam")
    team.service.clock.advance(hours=1)
    assert team.sends() == [(0, "akuam")]
    assert team.ended_after(engagement) == 1


def test_the_person_of_an_override_is_paged(team: Team) -> None:
    akua, alejandro = team.person("akuam", 0), team.person("alejr", 0)
    schedule = team.schedule(akua, alejandro)
    (rotation,) = team.client.rotations.list()
    team.client.overrides.create(
        rotation,
        Override(
            new_contact_ids=[alejandro],
            start_time=DEFAULT_START,
            end_time=DEFAULT_START + timedelta(hours=1),
        ),
    )
    team.engage(schedule)
    assert team.sends() == [(0, "alejr")]


def test_a_schedule_in_which_nobody_is_on_call_pages_nobody_and_ends(team: Team) -> None:
    schedule = team.client.contacts.create(
        Contact(alias="nobody", type=ContactType.ONCALL_SCHEDULE, plan=Plan.on_call())
    )
    engagement = team.engage(schedule)
    assert team.sends() == []
    assert team.ended_after(engagement) == 0


def test_a_person_without_a_plan_is_not_paged(team: Team) -> None:
    engagement = team.engage(team.person("akuam"))
    assert team.sends() == []
    assert list(team.client.pages.list_by_engagement(engagement)) == []
    assert team.ended_after(engagement) == 0


def test_a_channel_that_is_not_activated_is_skipped_but_its_stage_lasts(team: Team) -> None:
    akua = team.person("akuam", 5, activate=False)
    engagement = team.engage(team.escalation((2, akua, True), (0, team.person("alejr", 0), True)))
    team.service.clock.advance(hours=1)
    assert team.sends() == [(2, "alejr")]
    assert team.ended_after(engagement) == 5


def test_a_channel_that_was_deleted_is_skipped(team: Team) -> None:
    akua = team.person("akuam", 5, 5)
    first = next(team.client.channels.list(akua))
    team.client.channels.delete(first)
    team.engage(akua)
    team.service.clock.advance(hours=1)
    assert team.sends() == [(5, "akuam")]


def test_a_person_who_was_deleted_is_skipped(team: Team, documented: ContactRecord) -> None:
    team.client.contacts.delete(contact_arn("akuam"))
    team.engage(documented)
    team.service.clock.advance(hours=1)
    assert team.sends() == [(5, "alejr"), (10, "anasi")]


def test_a_channel_deactivated_during_the_engagement_is_skipped(team: Team) -> None:
    akua = team.person("akuam", 5, 5)
    second = list(team.client.channels.list(akua))[1]
    team.engage(akua)
    team.client.channels.deactivate(second)
    team.service.clock.advance(hours=1)
    assert team.sends() == [(0, "akuam")]


def test_a_plan_changed_during_the_engagement_runs_on_unchanged(
    team: Team, documented: ContactRecord
) -> None:
    team.engage(documented)
    team.client.contacts.update(documented, plan=Plan())
    team.service.clock.advance(hours=1)
    assert team.sends() == [(0, "akuam"), (5, "alejr"), (10, "anasi")]


def test_a_stopped_engagement_engages_nobody_else(team: Team, documented: ContactRecord) -> None:
    engagement = team.engage(documented)
    team.service.clock.advance(minutes=4)
    team.client.engagements.stop(engagement, reason="a false alarm")
    team.service.clock.advance(hours=1)
    assert team.sends() == [(0, "akuam")]
    assert team.ended_after(engagement) == 4


def test_a_page_that_could_not_be_sent_is_sent_again_within_its_stage(team: Team) -> None:
    akua = team.person("akuam", 5, 5, retry=2)
    first = next(team.client.channels.list(akua))
    team.service.delivery.fail(first)
    team.engage(akua)
    team.service.clock.advance(hours=1)
    assert team.sends() == [(5, "akuam")]
    receipts = [
        (str(receipt.type), minute_of(receipt.time))
        for receipt in team.client.pages.receipts(team.page("akuam"))
    ]
    assert receipts == [("ERROR", 0), ("ERROR", 2), ("ERROR", 4), ("SENT", 5)]


def test_a_sent_page_is_not_sent_again(team: Team) -> None:
    akua = team.person("akuam", 10, retry=2)
    team.service.delivery.fail(next(team.client.channels.list(akua)), times=1)
    team.engage(akua)
    team.service.clock.advance(hours=1)
    assert team.sends() == [(2, "akuam")]
    assert minute_of(team.page("akuam").sent_time or DEFAULT_START) == 2


def test_a_page_can_be_assumed_to_be_sent_again_until_it_is_acknowledged() -> None:
    service = LocalService(assumptions=Assumptions(resend="until_acknowledged"))
    team = Team(service, service.client())
    team.engage(team.person("akuam", 10, retry=2))
    service.clock.advance(minutes=5)
    team.acknowledge("akuam")
    service.clock.advance(hours=1)
    assert team.sends() == [(0, "akuam"), (2, "akuam"), (4, "akuam")]


def test_without_a_retry_interval_nothing_is_sent_again(team: Team) -> None:
    akua = team.person("akuam", 10, retry=0)
    team.service.delivery.fail(next(team.client.channels.list(akua)))
    team.engage(akua)
    team.service.clock.advance(hours=1)
    (receipt,) = team.client.pages.receipts(team.page("akuam"))
    assert receipt.type == "ERROR"


def test_an_escalation_plan_within_another_is_skipped(team: Team) -> None:
    inner = team.escalation((5, team.person("akuam", 0), True))
    outer = contact_arn("outer")
    service = team.service
    target = {"ContactTargetInfo": {"ContactId": inner.arn, "IsEssential": True}}
    service.load_resources(
        {
            "ContactArn": outer,
            "Alias": "outer",
            "Type": "ESCALATION",
            "Plan": {"Stages": [{"DurationInMinutes": 1, "Targets": [target]}]},
        }
    )
    team.engage(team.client.contacts.get(outer))
    service.clock.advance(hours=1)
    assert team.sends() == []


def test_an_sms_has_only_the_public_text(team: Team) -> None:
    akua = team.person("akuam", 0)
    team.client.engagements.start(
        akua,
        sender="cloudwatch",
        subject="secret",
        content="secret too",
        public_subject="disk",
        public_content="Have a look.",
    )
    team.engage(akua)
    first, second = team.sent()
    assert (first.subject, first.content) == ("disk", "Have a look.")
    assert "full" not in second.subject + second.content


def test_a_phone_call_and_an_email_have_the_whole_text(team: Team) -> None:
    akua = team.client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
    plan = Plan.engagement()
    for channel in (Channel.voice("v", PHONE), Channel.email("e", EMAIL)):
        created = team.client.channels.create(akua, channel)
        team.client.channels.activate(created, team.service.code_for(created))
        plan = plan.stage(minutes=1).channel(created)
    team.client.contacts.update(akua, plan=plan.build())
    team.engage(akua)
    team.service.clock.advance(minutes=1)
    assert [(each.channel_type, each.subject, each.content) for each in team.sent()] == [
        ("VOICE", "disk", "The disk is full."),
        ("EMAIL", "disk", "The disk is full."),
    ]
