"""Engagements: contacts that are asked to see to something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ssm_contacts_sdk.local import _engine as engine
from ssm_contacts_sdk.local._records import Engagement
from ssm_contacts_sdk.local._responses import validation_error
from ssm_contacts_sdk.local._state import State

_TEXTS = ("Subject", "Content", "PublicSubject", "PublicContent")


def start(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """StartEngagement.

    Our assumption: a contact whose plan reaches nobody can be engaged, and nothing comes of it.
    """
    contact = state.contact(asked["ContactId"])
    engagement = Engagement(
        arn=state.account.engagement_arn(contact.alias, state.ids.uuid()),
        contact_arn=contact.arn,
        sender=asked["Sender"],
        text={name: asked[name] for name in _TEXTS if name in asked},
        incident_id=asked.get("IncidentId"),
        start=state.now,
        number=len(state.engagements) + 1,
    )
    state.engagements[engagement.arn] = engagement
    engine.begin(state, engagement)
    return {"EngagementArn": engagement.arn}


def stop(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """StopEngagement: nobody else is engaged. The reason is not kept, for nothing tells it."""
    engagement = state.engagement(asked["EngagementId"])
    if engagement.stop is not None and state.assumptions.stop_of_ended == "rejected":
        raise validation_error("The engagement has ended")
    engine.stop(state, engagement)
    return {}


def describe(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """DescribeEngagement."""
    engagement = state.engagement(asked["EngagementId"])
    return {**_summary(engagement), **engagement.text}


def list_all(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """ListEngagements: the newest first, as in AWS's example.

    Our assumption: the time that is asked for is that of the start, both its ends included.
    """
    incident_id, window = asked.get("IncidentId"), asked.get("TimeRangeValue", {})
    first, last = window.get("StartTime"), window.get("EndTime")
    if first is not None and last is not None and last < first:
        raise validation_error("EndTime must not be before StartTime")
    rows = [
        engagement
        for engagement in reversed(state.engagements.values())
        if incident_id in (None, engagement.incident_id)
        and (first is None or engagement.start >= first)
        and (last is None or engagement.start <= last)
    ]
    page, onward = state.pages.cut("ListEngagements", asked, rows, _newest_first)
    return {"Engagements": [_summary(engagement) for engagement in page], **onward}


def _newest_first(engagement: Engagement) -> int:
    return -engagement.number


def _summary(engagement: Engagement) -> dict[str, Any]:
    summary: dict[str, Any] = {
        "EngagementArn": engagement.arn,
        "ContactArn": engagement.contact_arn,
        "Sender": engagement.sender,
        "StartTime": engagement.start,
    }
    if engagement.incident_id is not None:
        summary["IncidentId"] = engagement.incident_id
    if engagement.stop is not None:
        summary["StopTime"] = engagement.stop
    return summary
