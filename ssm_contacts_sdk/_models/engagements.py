"""Engagements, and the pages that they send."""

from typing import Annotated, ClassVar, Literal, TypeAlias, Union

from attrs import field, frozen

from ssm_contacts_sdk._models.arns import ChannelArn, ContactArn, EngagementArn, PageArn
from ssm_contacts_sdk._models.contacts import ContactType, contact_type
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._schema.constraints import Between, Text
from ssm_contacts_sdk._schema.converters import OpenEnum, as_choice
from ssm_contacts_sdk._schema.fields import AwsName
from ssm_contacts_sdk._schema.times import Instant, as_instant, as_instant_or_none
from ssm_contacts_sdk._schema.values import Value

_ANY = r"^[.\s\S]*$"
_SENDER = r"^[\\a-zA-Z0-9_@#%*+=:?.\/!\s-]*$"
_SENDER_RULE = (
    "may contain only letters a to z and A to Z, digits, white space and "
    "\\ _ @ # % * + = : ? . / ! -"
)
Sender: TypeAlias = Annotated[str, Text(0, 255, _SENDER, _SENDER_RULE)]
# The service decides which str is an incident, so the pattern of AWS's model is not checked.
IncidentId: TypeAlias = Annotated[str, Text(0, 1024, _SENDER, checks_pattern=False)]
Subject: TypeAlias = Annotated[str, Text(1, 2048, _ANY)]
Content: TypeAlias = Annotated[str, Text(1, 8192, _ANY)]
StopReason: TypeAlias = Annotated[str, Text(0, 255, _ANY)]
Note: TypeAlias = Annotated[str, Text(1, 2048, _ANY)]
AcceptCode: TypeAlias = Annotated[
    str, Text(6, 10, "^[0-9]*$", "may contain only the digits 0 to 9")
]


def hidden(_: object) -> str:
    """Return what a `repr` shows in place of a private value."""
    return "..."


@public
class ReceiptType(OpenEnum):
    """What became of a page on a channel. AWS documents SENT, DELIVERED and READ only."""

    DELIVERED = "DELIVERED"
    """The page arrived."""
    ERROR = "ERROR"
    """The page could not be sent (our assumption)."""
    READ = "READ"
    """The page was acknowledged."""
    SENT = "SENT"
    """The page was sent."""
    STOP = "STOP"
    """The meaning is unknown."""


ReceiptTypeName: TypeAlias = Literal["DELIVERED", "ERROR", "READ", "SENT", "STOP"]
"""A `ReceiptType` as a plain str."""


@public
class AcceptType(OpenEnum):
    """What `client.pages.accept` reports about a page."""

    DELIVERED = "DELIVERED"
    """The page arrived."""
    READ = "READ"
    """The page was read: this is an acknowledgement."""


AcceptTypeName: TypeAlias = Literal["DELIVERED", "READ"]
"""An `AcceptType` as a plain str."""


@public
class AcceptCodeValidation(OpenEnum):
    """Whether the service compares the code of an acknowledgement with the one that it sent."""

    IGNORE = "IGNORE"
    """The service accepts any code."""
    ENFORCE = "ENFORCE"
    """The service accepts only the code that it sent."""


AcceptCodeValidationName: TypeAlias = Literal["IGNORE", "ENFORCE"]
"""An `AcceptCodeValidation` as a plain str."""


@public
@frozen(kw_only=True)
class EngagementSummary(Value):
    """An engagement as a list returns it: without its messages.

    Attributes:
        arn: the ARN of the engagement.
        contact_arn: the contact that was engaged.
        sender: who started the engagement.
        incident_id: the ARN of the incident; empty or None if there is none.
        start_time: when the engagement started, in UTC.
        stop_time: when the engagement was stopped, in UTC. AWS seems to set it for StopEngagement
            only, and not when somebody acknowledges or everybody has been tried: use
            `client.engagements.follow` to find out when an engagement is over.
    """

    _aws_shape: ClassVar[str] = "Engagement"
    arn: Annotated[EngagementArn, AwsName("EngagementArn")]
    contact_arn: ContactArn
    sender: Sender
    incident_id: IncidentId | None = None
    start_time: Instant | None = field(default=None, converter=as_instant_or_none)
    stop_time: Instant | None = field(default=None, converter=as_instant_or_none)


@public
@frozen(kw_only=True)
class Engagement(EngagementSummary):
    """An engagement with its messages, which the `repr` does not show.

    Attributes:
        arn: the ARN of the engagement.
        contact_arn: the contact that was engaged.
        sender: who started the engagement.
        incident_id: the ARN of the incident; empty or None if there is none.
        start_time: when the engagement started, in UTC.
        stop_time: when the engagement was stopped, in UTC; see `EngagementSummary`.
        subject: the subject on channels that are secure: voice and e-mail.
        content: the message on channels that are secure.
        public_subject: the subject on channels that are not secure: SMS.
        public_content: the message on channels that are not secure.
    """

    _aws_shape: ClassVar[str] = "DescribeEngagementResult"
    subject: Subject = field(repr=hidden)
    content: Content = field(repr=hidden)
    public_subject: Subject | None = field(default=None, repr=hidden)
    public_content: Content | None = field(default=None, repr=hidden)


EngagementRef = Union[Engagement, EngagementSummary, str]
"""An engagement, by its record, its summary or its ARN."""


@public
@frozen(kw_only=True)
class PageSummary(Value):
    """A page as a list returns it: without its messages.

    Its receipts (`client.pages.receipts`) name the channels through which it was sent.

    Attributes:
        arn: the ARN of the page.
        engagement_arn: the engagement that sent the page.
        contact_arn: the person who is paged, also if an escalation plan or an on-call schedule was
            engaged.
        sender: who started the engagement.
        incident_id: the ARN of the incident; empty or None if there is none.
        sent_time: when the page was sent, in UTC; None until then.
        delivery_time: when the page was delivered, in UTC; None until then.
        read_time: when the page was read, in UTC; None until then.
    """

    _aws_shape: ClassVar[str] = "Page"
    arn: Annotated[PageArn, AwsName("PageArn")]
    engagement_arn: EngagementArn
    contact_arn: ContactArn
    sender: Sender
    incident_id: IncidentId | None = None
    sent_time: Instant | None = field(default=None, converter=as_instant_or_none)
    delivery_time: Instant | None = field(default=None, converter=as_instant_or_none)
    read_time: Instant | None = field(default=None, converter=as_instant_or_none)


@public
@frozen(kw_only=True)
class Page(PageSummary):
    """A page with its messages, which the `repr` does not show.

    Attributes:
        arn: the ARN of the page.
        engagement_arn: the engagement that sent the page.
        contact_arn: the person who is paged.
        sender: who started the engagement.
        incident_id: the ARN of the incident; empty or None if there is none.
        sent_time: when the page was sent, in UTC; None until then.
        delivery_time: when the page was delivered, in UTC; None until then.
        read_time: when the page was read, in UTC; None until then.
        subject: the subject on channels that are secure: voice and e-mail.
        content: the message on channels that are secure.
        public_subject: the subject on channels that are not secure: SMS.
        public_content: the message on channels that are not secure.
    """

    _aws_shape: ClassVar[str] = "DescribePageResult"
    subject: Subject = field(repr=hidden)
    content: Content = field(repr=hidden)
    public_subject: Subject | None = field(default=None, repr=hidden)
    public_content: Content | None = field(default=None, repr=hidden)


PageRef = Union[Page, PageSummary, str]
"""A page, by its record, its summary or its ARN."""


def _receipt_type(value: ReceiptType | ReceiptTypeName) -> ReceiptType:
    return as_choice(ReceiptType, value)


@public
@frozen(kw_only=True)
class Receipt(Value):
    """What became of a page on one of its channels.

    Attributes:
        channel_arn: the channel; None if the service does not report it.
        type: what happened.
        info: what the channel's provider reports, such as the id of a message, or the code or note
            with which the page was accepted. The `repr` does not show it.
        time: when it happened, in UTC.
    """

    _aws_shape: ClassVar[str] = "Receipt"
    channel_arn: Annotated[ChannelArn | None, AwsName("ContactChannelArn")] = None
    type: Annotated[ReceiptType, AwsName("ReceiptType")] = field(converter=_receipt_type)
    info: Annotated[Note | None, AwsName("ReceiptInfo")] = field(default=None, repr=hidden)
    time: Annotated[Instant, AwsName("ReceiptTime")] = field(converter=as_instant)


@public
@frozen(kw_only=True)
class Resolution(Value):
    """A step of the escalation path from the contact that was engaged to the person.

    Attributes:
        contact_arn: the contact of this step.
        type: what the contact is.
        stage_index: the stage of the escalation plan that engaged the contact; None if no
            escalation plan did. AWS does not document whether it counts from 0 or from 1.
    """

    _aws_shape: ClassVar[str] = "ResolutionContact"
    contact_arn: ContactArn
    type: ContactType = field(converter=contact_type)
    stage_index: Annotated[int, Between(0, 100)] | None = None
