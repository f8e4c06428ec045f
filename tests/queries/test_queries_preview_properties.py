"""A preview reports what the embedded service then does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from arns import contact_arn
from hypothesis import given, settings
from hypothesis import strategies as st
from random_accounts import PEOPLE, RandomAccount
from scenarios import over_at

from ssm_contacts_sdk import ContactsClient, Engagement
from ssm_contacts_sdk.local import Assumptions, LocalService


def acknowledge_all(
    client: ContactsClient, service: LocalService, engagement: Engagement, person: str
) -> None:
    """Acknowledge every page of a person in this engagement, the oldest first."""
    pages = [
        page for page in client.pages.list_by_engagement(engagement) if page.contact_arn == person
    ]
    codes = {message.page_arn: message.code for message in service.outbox}
    for page in reversed(pages):
        client.pages.accept(page, codes[page.arn] or "")


def engage(
    service: LocalService,
    client: ContactsClient,
    who: str,
    acknowledgements: Mapping[str, timedelta],
) -> tuple[list[tuple[datetime, str]], datetime | None, datetime | None]:
    """Return what the service sends, when the engagement is over, and its StopTime."""
    start = service.clock.now()
    engagement = client.engagements.start(who, sender="a", subject="b", content="c")
    # As in a preview, two acknowledgements at the same time are in the order of the mapping.
    for person, offset in sorted(acknowledgements.items(), key=lambda each: each[1]):
        passed = (service.clock.now() - start).total_seconds()
        service.clock.advance(seconds=offset.total_seconds() - passed)
        acknowledge_all(client, service, engagement, person)
    service.clock.advance(days=1)
    sent = [(each.sent_at, each.channel_arn) for each in service.outbox]
    stop_time = client.engagements.describe(engagement).stop_time
    return sent, over_at(service, engagement), stop_time


offsets = st.integers(0, 40).map(lambda minutes: timedelta(minutes=minutes))


@settings(max_examples=150, deadline=None)
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
    seed: int,
    start: int,
    acknowledgements: Mapping[str, timedelta],
    assumptions: Assumptions,
) -> None:
    service = LocalService(assumptions=assumptions)
    account = RandomAccount.of(seed)
    account.load_into(service)
    service.clock.advance(minutes=start)
    client = service.client()
    who = account.contact_to_engage()
    timeline = client.preview(who, acknowledge=acknowledgements, assumptions=assumptions)
    sent, over, stop_time = engage(service, client, who, acknowledgements)
    assert [(each.at, each.channel_arn) for each in timeline.sends] == sent
    assert timeline.end == over
    assert stop_time == (None if assumptions.engagement_end == "only_stopped" else over)


def test_a_preview_pages_nobody_and_changes_nothing() -> None:
    service = LocalService()
    service.load_resources(
        {"ContactArn": contact_arn("a"), "Alias": "a", "Type": "PERSONAL", "Plan": {}}
    )
    before = service.snapshot()
    service.client().preview(contact_arn("a"))
    assert service.snapshot().state == before.state
