"""Engagements of contacts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ssm_contacts_sdk.local import _engine as engine
from ssm_contacts_sdk.local._records import Engagement
from ssm_contacts_sdk.local._responses import validation_error
from ssm_contacts_sdk.local._state import State

_TEXTS = ("Subject", "Content", "PublicSubject", "PublicContent")


def start(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle StartEngagement.

    Our assumption: a contact whose plan reaches nobody can be engaged, and nothing is sent.
    """
    contact = state.contact(request["ContactId"])
    engagement = Engagement(
        arn=state.account.engagement_arn(contact.alias, state.ids.uuid()),
        contact_arn=contact.arn,
        sender=request["Sender"],
        text={name: request[name] for name in _TEXTS if name in request},
        incident_id=request.get("IncidentId"),
        start=state.now,
        number=len(state.engagements) + 1,
    )
    state.engagements[engagement.arn] = engagement
    engine.begin(state, engagement)
    return {"EngagementArn": engagement.arn}


def stop(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle StopEngagement: page nobody else.

    The reason is not stored, because no operation returns it.
    """
    engagement = state.engagement(request["EngagementId"])
    if engagement.stop is not None and state.assumptions.stop_of_ended == "rejected":
        raise validation_error("The engagement has ended")
    engine.stop(state, engagement)
    return {}


def describe(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle DescribeEngagement."""
    engagement = state.engagement(request["EngagementId"])
    return {**_summary(engagement), **engagement.text}


def list_all(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle ListEngagements: the newest come first, as in AWS's example.

    Our assumption: the requested time range is that of the start time, and includes both its ends.
    """
    incident_id, time_range = request.get("IncidentId"), request.get("TimeRangeValue", {})
    first, last = time_range.get("StartTime"), time_range.get("EndTime")
    if first is not None and last is not None and last < first:
        raise validation_error("EndTime must not be before StartTime")
    rows = [
        engagement
        for engagement in reversed(state.engagements.values())
        if incident_id in (None, engagement.incident_id)
        and (first is None or engagement.start >= first)
        and (last is None or engagement.start <= last)
    ]
    page, next_page = state.paginator.page("ListEngagements", request, rows, _newest_first)
    return {"Engagements": [_summary(engagement) for engagement in page], **next_page}


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
