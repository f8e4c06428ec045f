"""Engagements on the service's clock: what falls due is done at its very instant.

What is done when is `_oncall.simulation`'s, so that a preview says the same. Here is
what it meets in the service: the directory, the calendar, the pages and the outbox.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Literal

from attrs import evolve, frozen

from ssm_contacts_sdk._errors import CalendarTooLongError
from ssm_contacts_sdk._models.contacts import ContactType
from ssm_contacts_sdk._models.plans import Plan
from ssm_contacts_sdk._oncall.schedule.shifts import on_call_at
from ssm_contacts_sdk._oncall.simulation import Due, Path, SendDue, SkipReason, StageDue
from ssm_contacts_sdk.local import _journal as journal
from ssm_contacts_sdk.local._records import Engagement, Page, Receipt
from ssm_contacts_sdk.local._state import State
from ssm_contacts_sdk.local._values import calendar_of, instant, plan_from_json, seconds


def run_due(state: State, now: float) -> None:
    """Do all that has fallen due until `now`, in its order, each at its own instant."""
    while (entry := state.scheduler.take(now)) is not None:
        state.now = entry.at
        engagement = state.engagements[entry.engagement_arn]
        around = _around(state, engagement)
        engagement.progress.carry_out(entry.due, instant(entry.at), around, state.assumptions)
    state.now = now


def begin(state: State, engagement: Engagement) -> None:
    """Engage the contact; what is due at once is done when `run_due` is called next."""
    around = _around(state, engagement)
    engagement.progress.begin(engagement.contact_arn, instant(state.now), around)


def acknowledge(state: State, page: Page) -> None:
    """The person of a page has acknowledged."""
    engagement = state.engagements[page.engagement_arn]
    around = _around(state, engagement)
    state.record(journal.acknowledged(page.contact_arn))
    engagement.progress.acknowledge(page.path, instant(state.now), around)


def stop(state: State, engagement: Engagement) -> None:
    """Engage nobody any more. Unless the engagement has a StopTime, it is now."""
    engagement.progress.stop(instant(state.now), _around(state, engagement))
    if engagement.stop is None:
        engagement.stop = state.now


def _around(state: State, engagement: Engagement) -> _Around:
    # An engagement changes in place: setting it notes that it is to be written.
    state.engagements[engagement.arn] = engagement
    return _Around(state, engagement)


@frozen
class _Party:
    type: ContactType
    plan: Plan


@frozen
class _Around:
    """What one engagement finds around it; see `oncall.engaging.Surroundings`."""

    state: State
    engagement: Engagement

    def contact(self, arn: str) -> _Party | None:
        contact = self.state.contacts.get(arn)
        return (
            None
            if contact is None
            else _Party(ContactType(contact.type), plan_from_json(contact.plan))
        )

    def channel_problem(self, arn: str) -> Literal["deleted", "not_activated"] | None:
        if not self.state.has_channel(arn):
            return "deleted"
        return None if self.state.channel(arn).activated else "not_activated"

    def on_call(self, path: Path, rotation_arns: Sequence[str], at: datetime) -> Sequence[str]:
        state = self.state
        there = [state.rotations[arn] for arn in rotation_arns if arn in state.rotations]
        people: dict[str, None] = {}
        for rotation in there:
            # Too many hand-offs to tell: nobody, rather than no engagement at all.
            with suppress(CalendarTooLongError):
                on_call = on_call_at(
                    calendar_of(rotation, state.overrides_of(rotation.arn)), at, state.assumptions
                )
                people.update(dict.fromkeys(on_call))
        return list(people)

    def begin_stage(self, due: StageDue, at: datetime, until: datetime) -> None:
        self.state.record(journal.stage_started(due.path[-1].contact_arn, due.index))

    def send(self, due: SendDue, at: datetime) -> bool:
        state = self.state
        channel_arn = due.target.contact_channel_id
        page = self._page(due.path)
        now = seconds(at)
        channel = state.channel(channel_arn)
        # `delivers` counts its calls, so it is called only if the phone has not opted out.
        delivered = not channel.opted_out and state.delivery.delivers(channel_arn)
        receipt = Receipt(
            type="SENT" if delivered else "ERROR",
            channel_arn=channel_arn,
            info=state.ids.message_id() if delivered else "The message could not be sent.",
            time=now,
        )
        state.pages_sent[page.arn] = evolve(
            page, sent=now if delivered else page.sent, receipts=(*page.receipts, receipt)
        )
        if delivered:
            state.send(
                journal.page_message(
                    channel_type=channel.type,
                    channel_arn=channel_arn,
                    address=channel.address,
                    code=page.code,
                    page_arn=page.arn,
                    text=self.engagement.text,
                    sent_at=at,
                )
            )
        else:
            state.record(journal.not_delivered(channel.type, channel_arn))
        return delivered

    def skip(self, path: Path, arn: str, reason: SkipReason, at: datetime) -> None:
        self.state.record(journal.skipped(arn, reason))

    def later(self, at: datetime, due: Due) -> None:
        self.state.scheduler.add(seconds(at), self.engagement.arn, due)

    def end(self, at: datetime) -> None:
        if self.state.assumptions.engagement_end != "only_stopped":
            self.engagement.stop = seconds(at)
        self.state.record(journal.ended(self.engagement.arn))

    def _page(self, path: Path) -> Page:
        """The page of this way, which is made when something is first to be sent."""
        state = self.state
        for arn in self.engagement.pages:
            if state.pages_sent[arn].path == path:
                return state.pages_sent[arn]
        alias = path[-1].contact_arn.rpartition("/")[2]
        page = Page(
            arn=state.account.page_arn(alias, state.ids.uuid()),
            engagement_arn=self.engagement.arn,
            path=path,
            code=state.ids.code(),
            number=len(state.pages_sent) + 1,
        )
        self.engagement.pages.append(page.arn)
        return page
