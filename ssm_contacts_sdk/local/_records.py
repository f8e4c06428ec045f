"""What the service keeps, in its own words. All times are epoch seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import define, field, frozen

from ssm_contacts_sdk._oncall.simulation import Engaging, Path


@frozen(kw_only=True)
class Contact:
    """A person, an escalation plan or an on-call schedule, in the service's own words."""

    arn: str
    alias: str
    display_name: str | None
    type: str
    plan: Mapping[str, Any]


@frozen(kw_only=True)
class Channel:
    """A way to reach a contact."""

    arn: str
    contact_arn: str
    name: str
    type: str
    address: str = field(repr=False)
    activated: bool = False
    code: str | None = field(default=None, repr=False)
    """The last code that was sent, which stays good for activating again."""
    number: int = 0
    """Its place in the order in which channels were added, from 1."""
    opted_out: bool = False
    """Whether its person has unsubscribed: no message gets there until START is answered."""


@frozen(kw_only=True)
class Rotation:
    """People who take turns."""

    arn: str
    name: str
    contact_ids: Sequence[str]
    start: float
    time_zone_id: str
    recurrence: Mapping[str, Any]
    start_is_given: bool = True
    """Whether somebody has said when it starts; if not, it starts when it was created."""


@frozen(kw_only=True)
class Override:
    """Other people for a part of a rotation's time, from its start to before its end."""

    id: str
    rotation_arn: str
    contact_ids: Sequence[str]
    start: float
    end: float
    created: float


@define(kw_only=True)
class Engagement:
    """A contact that is being engaged, or was, and how far it has come."""

    arn: str
    contact_arn: str
    sender: str
    text: Mapping[str, str] = field(repr=False)
    """Subject, Content and what else of the text was given."""
    incident_id: str | None
    start: float
    number: int
    """Its place in the order in which engagements were started, from 1."""
    stop: float | None = None
    progress: Engaging = field(factory=Engaging)
    pages: list[str] = field(factory=list[str])
    """The ARNs of its pages."""


@frozen(kw_only=True)
class Receipt:
    """What became of a page."""

    type: str
    channel_arn: str
    info: str = field(repr=False)
    time: float


@frozen(kw_only=True)
class Page:
    """A person who is asked to answer, once for each time that an engagement came to them."""

    arn: str
    engagement_arn: str
    path: Path
    code: str = field(repr=False)
    number: int
    """Its place in the order in which pages were made, from 1."""
    sent: float | None = None
    """When it was sent last."""
    delivered: float | None = None
    read: float | None = None
    receipts: tuple[Receipt, ...] = ()

    @property
    def contact_arn(self) -> str:
        """The person."""
        return self.path[-1].contact_arn
