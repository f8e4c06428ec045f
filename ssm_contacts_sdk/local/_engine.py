"""Engagements on the service's clock: each step happens at the instant when it is due.

The steps are those of `_oncall.simulation`, so that a preview predicts the same. This module
provides their environment in the service: contacts, calendars, pages and the outbox.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Literal

from attrs import evolve, frozen

from ssm_contacts_sdk._errors import CalendarTooLongError
from ssm_contacts_sdk._oncall.schedule.shifts import on_call_at
from ssm_contacts_sdk._oncall.simulation import Due, Path, SendDue, SkipReason, StageDue
from ssm_contacts_sdk.local import _journal as journal
from ssm_contacts_sdk.local._records import Channel, Engagement, Page, Receipt
from ssm_contacts_sdk.local._state import State
from ssm_contacts_sdk.local._values import (
    PlannedContact,
    calendar_of,
    instant,
    planned_contact,
    seconds,
)


def run_due(state: State, now: float) -> None:
    """Run the events that are due by `now`, in order, each at its own instant."""
    while (event := state.scheduler.take(now)) is not None:
        state.now = event.at
        engagement = state.engagements[event.engagement_arn]
        env = _environment(state, engagement)
        engagement.progress.run(event.due, instant(event.at), env, state.assumptions)
    state.now = now


def begin(state: State, engagement: Engagement) -> None:
    """Begin an engagement. The next `run_due` runs its first events."""
    env = _environment(state, engagement)
    engagement.progress.begin(engagement.contact_arn, instant(state.now), env)


def acknowledge(state: State, page: Page) -> None:
    """Record that the person of a page has acknowledged."""
    engagement = state.engagements[page.engagement_arn]
    env = _environment(state, engagement)
    state.record(journal.acknowledged(page.contact_arn))
    engagement.progress.acknowledge(page.path, instant(state.now), env)


def stop(state: State, engagement: Engagement) -> None:
    """Stop an engagement: page nobody else. The StopTime is now, unless there is one."""
    engagement.progress.stop(instant(state.now), _environment(state, engagement))
    if engagement.stop is None:
        engagement.stop = state.now


def _environment(state: State, engagement: Engagement) -> _Environment:
    # An engagement changes in place. The assignment marks it as changed for the state file.
    state.engagements[engagement.arn] = engagement
    return _Environment(state, engagement)


@frozen
class _Environment:
    """The environment of one engagement in the service, for `_oncall.simulation`."""

    state: State
    engagement: Engagement

    def contact(self, arn: str) -> PlannedContact | None:
        contact = self.state.contacts.get(arn)
        return None if contact is None else planned_contact(contact)

    def channel_problem(self, arn: str) -> Literal["deleted", "not_activated"] | None:
        if not self.state.has_channel(arn):
            return "deleted"
        return None if self.state.channel(arn).activated else "not_activated"

    def on_call(self, path: Path, rotation_arns: Sequence[str], at: datetime) -> Sequence[str]:
        state = self.state
        rotations = [state.rotations[arn] for arn in rotation_arns if arn in state.rotations]
        people: dict[str, None] = {}
        for rotation in rotations:
            calendar = calendar_of(rotation, state.overrides_of(rotation.arn))
            # With too many hand-offs to calculate, nobody is engaged, and the engagement goes on.
            with suppress(CalendarTooLongError):
                people.update(dict.fromkeys(on_call_at(calendar, at, state.assumptions)))
        return list(people)

    def start_stage(self, due: StageDue, at: datetime, until: datetime) -> None:
        self.state.record(journal.stage_started(due.path[-1].contact_arn, due.index))

    def send(self, due: SendDue, at: datetime) -> bool:
        state, channel_arn = self.state, due.target.contact_channel_id
        page, channel = self._page(due.path), state.channel(channel_arn)
        # `delivers` counts its calls, so it is called only if the phone has not opted out.
        delivered = not channel.opted_out and state.delivery.delivers(channel_arn)
        receipt = Receipt(
            type="SENT" if delivered else "ERROR",
            channel_arn=channel_arn,
            info=state.ids.message_id() if delivered else "The message could not be sent.",
            time=seconds(at),
        )
        state.pages_sent[page.arn] = evolve(
            page,
            sent=receipt.time if delivered else page.sent,
            receipts=(*page.receipts, receipt),
        )
        if delivered:
            state.send(self._message(page, channel, at))
        else:
            state.record(journal.not_delivered(channel.type, channel_arn))
        return delivered

    def skip(self, path: Path, arn: str, reason: SkipReason, at: datetime) -> None:
        self.state.record(journal.skipped(arn, reason))

    def schedule(self, at: datetime, due: Due) -> None:
        self.state.scheduler.add(seconds(at), self.engagement.arn, due)

    def end(self, at: datetime) -> None:
        if self.state.assumptions.engagement_end != "only_stopped":
            self.engagement.stop = seconds(at)
        self.state.record(journal.ended(self.engagement.arn))

    def _message(self, page: Page, channel: Channel, at: datetime) -> journal.Message:
        return journal.page_message(
            channel_type=channel.type,
            channel_arn=channel.arn,
            address=channel.address,
            code=page.code,
            page_arn=page.arn,
            text=self.engagement.text,
            sent_at=at,
        )

    def _page(self, path: Path) -> Page:
        """Return the page of a path, which is created when something is first sent."""
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
