"""Engagements, and the pages that they send."""

from collections.abc import Iterator
from datetime import datetime
from typing import Union

from attrs import field, frozen

from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._models.arns import (
    CHANNEL,
    CONTACT,
    ENGAGEMENT,
    PAGE,
    arn_violations,
)
from ssm_contacts_sdk._models.contacts import ContactType
from ssm_contacts_sdk._models.rules import (
    Checked,
    TextRule,
    as_choice,
    choice_violations,
    matching,
    whole_number_violations,
)
from ssm_contacts_sdk._models.times import as_instant, as_instant_or_none, instant_violations
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._schema.enums import OpenEnum

SENDER = TextRule(
    0,
    255,
    "letters a to z and A to Z, digits, white space and \\ _ @ # % * + = : ? . / ! -",
    matching(r"[\\a-zA-Z0-9_@#%*+=:?.\/!\s-]*"),
)


def _anything(_: str) -> bool:
    return True


SUBJECT = TextRule(1, 2048, "any characters", _anything)
CONTENT = TextRule(1, 8192, "any characters", _anything)
INCIDENT_ID = TextRule(0, 1024, "any characters", _anything)
STOP_REASON = TextRule(0, 255, "any characters", _anything)
NOTE = TextRule(1, 2048, "any characters", _anything)
ACCEPT_CODE = TextRule(6, 10, "the digits 0 to 9", matching("[0-9]*"))
_MOST_STAGES = 100


def hidden(_: object) -> str:
    """What stands in a `repr` for what people wrote."""
    return "..."


@public
class ReceiptType(OpenEnum):
    """How far a page got: SENT, DELIVERED, READ; ERROR and STOP are not documented by AWS."""

    DELIVERED = "DELIVERED"
    ERROR = "ERROR"
    READ = "READ"
    SENT = "SENT"
    STOP = "STOP"


@public
class AcceptType(OpenEnum):
    """What is acknowledged: that the page arrived, or that it was read."""

    DELIVERED = "DELIVERED"
    READ = "READ"


@public
class AcceptCodeValidation(OpenEnum):
    """Whether the service compares the code with the one that it sent, or takes any."""

    IGNORE = "IGNORE"
    ENFORCE = "ENFORCE"


@public
@frozen(kw_only=True)
class EngagementSummary(Checked):
    """What a list tells of an engagement: a contact that is being paged, or was.

    `stop_time` tells when it was stopped. AWS seems to leave it out of one that was acknowledged or
    has run out: `client.engagements.follow` tells when such a one is over.
    `incident_id` is the ARN of an incident, or empty.
    """

    arn: str
    contact_arn: str
    sender: str
    incident_id: str | None = None
    start_time: datetime | None = field(default=None, converter=as_instant_or_none)
    stop_time: datetime | None = field(default=None, converter=as_instant_or_none)

    def violations(self) -> Iterator[Violation]:
        yield from arn_violations("arn", self.arn, ENGAGEMENT)
        yield from arn_violations("contact_arn", self.contact_arn, CONTACT)
        yield from SENDER.violations("sender", self.sender)
        yield from _optional("incident_id", self.incident_id, INCIDENT_ID)
        for name in ("start_time", "stop_time"):
            yield from _instant_or_none(name, getattr(self, name))


@public
@frozen(kw_only=True)
class Engagement(EngagementSummary):
    """An engagement with what it says. The texts do not appear in the `repr`.

    `subject` and `content` go to channels that are secure (voice, e-mail), `public_subject` and
    `public_content` to those that are not (SMS).
    """

    subject: str = field(repr=hidden)
    content: str = field(repr=hidden)
    public_subject: str | None = field(default=None, repr=hidden)
    public_content: str | None = field(default=None, repr=hidden)

    def violations(self) -> Iterator[Violation]:
        yield from super().violations()
        yield from _message_violations(self)


EngagementRef = Union[Engagement, EngagementSummary, str]
"""An engagement, by its record, its summary or its ARN."""


@public
@frozen(kw_only=True)
class PageSummary(Checked):
    """What a list tells of a page: one person being asked to answer.

    `contact_arn` is the person, also where an escalation or a schedule was engaged. The times are
    None until it is so. Through which channels it went is told by its receipts.
    """

    arn: str
    engagement_arn: str
    contact_arn: str
    sender: str
    incident_id: str | None = None
    sent_time: datetime | None = field(default=None, converter=as_instant_or_none)
    delivery_time: datetime | None = field(default=None, converter=as_instant_or_none)
    read_time: datetime | None = field(default=None, converter=as_instant_or_none)

    def violations(self) -> Iterator[Violation]:
        yield from arn_violations("arn", self.arn, PAGE)
        yield from arn_violations("engagement_arn", self.engagement_arn, ENGAGEMENT)
        yield from arn_violations("contact_arn", self.contact_arn, CONTACT)
        yield from SENDER.violations("sender", self.sender)
        yield from _optional("incident_id", self.incident_id, INCIDENT_ID)
        for name in ("sent_time", "delivery_time", "read_time"):
            yield from _instant_or_none(name, getattr(self, name))


@public
@frozen(kw_only=True)
class Page(PageSummary):
    """A page with what it says. The texts do not appear in the `repr`."""

    subject: str = field(repr=hidden)
    content: str = field(repr=hidden)
    public_subject: str | None = field(default=None, repr=hidden)
    public_content: str | None = field(default=None, repr=hidden)

    def violations(self) -> Iterator[Violation]:
        yield from super().violations()
        yield from _message_violations(self)


PageRef = Union[Page, PageSummary, str]
"""A page, by its record, its summary or its ARN."""


def _receipt_type(value: ReceiptType) -> ReceiptType:
    return as_choice(ReceiptType, value)


@public
@frozen(kw_only=True)
class Receipt(Checked):
    """What became of a page on one of its ways.

    `info` is what the way's provider says, such as a message's id, or the code or the note that a
    page was accepted with; it does not appear in the `repr`.
    """

    channel_arn: str | None = None
    type: ReceiptType = field(converter=_receipt_type)
    info: str | None = field(default=None, repr=hidden)
    time: datetime = field(converter=as_instant)

    def violations(self) -> Iterator[Violation]:
        if self.channel_arn is not None:
            yield from arn_violations("channel_arn", self.channel_arn, CHANNEL)
        yield from choice_violations("type", self.type, ReceiptType)
        yield from _optional("info", self.info, NOTE)
        yield from instant_violations("time", self.time)


def _contact_type(value: ContactType) -> ContactType:
    return as_choice(ContactType, value)


@public
@frozen(kw_only=True)
class Resolution(Checked):
    """A step of the way on which a page came to its person: escalation, schedule, person.

    `stage_index` is the stage of the escalation plan that led here, where there was one.
    """

    contact_arn: str
    type: ContactType = field(converter=_contact_type)
    stage_index: int | None = None

    def violations(self) -> Iterator[Violation]:
        yield from arn_violations("contact_arn", self.contact_arn, CONTACT)
        yield from choice_violations("type", self.type, ContactType)
        if self.stage_index is not None:
            yield from whole_number_violations("stage_index", self.stage_index, 0, _MOST_STAGES)


def _message_violations(message: Engagement | Page) -> Iterator[Violation]:
    yield from SUBJECT.violations("subject", message.subject)
    yield from CONTENT.violations("content", message.content)
    yield from _optional("public_subject", message.public_subject, SUBJECT)
    yield from _optional("public_content", message.public_content, CONTENT)


def _optional(path: str, value: object, rule: TextRule) -> Iterator[Violation]:
    if value is not None:
        yield from rule.violations(path, value)


def _instant_or_none(path: str, value: object) -> Iterator[Violation]:
    if value is not None:
        yield from instant_violations(path, value)
