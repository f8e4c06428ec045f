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
# What the service takes for an incident is left to it.
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
    """How far a page got: SENT, DELIVERED, READ; ERROR and STOP are not documented by AWS."""

    DELIVERED = "DELIVERED"
    ERROR = "ERROR"
    READ = "READ"
    SENT = "SENT"
    STOP = "STOP"


ReceiptTypeName: TypeAlias = Literal["DELIVERED", "ERROR", "READ", "SENT", "STOP"]
"""A `ReceiptType` as a plain str."""


@public
class AcceptType(OpenEnum):
    """What is acknowledged: that the page arrived, or that it was read."""

    DELIVERED = "DELIVERED"
    READ = "READ"


AcceptTypeName: TypeAlias = Literal["DELIVERED", "READ"]
"""An `AcceptType` as a plain str."""


@public
class AcceptCodeValidation(OpenEnum):
    """Whether the service compares the code with the one that it sent, or takes any code."""

    IGNORE = "IGNORE"
    ENFORCE = "ENFORCE"


AcceptCodeValidationName: TypeAlias = Literal["IGNORE", "ENFORCE"]
"""An `AcceptCodeValidation` as a plain str."""


@public
@frozen(kw_only=True)
class EngagementSummary(Value):
    """An engagement as a list returns it: a contact that is being paged, or was.

    `stop_time` is when it was stopped. AWS seems to leave it out of one that was acknowledged or
    has run out: `client.engagements.follow` reports when such a one is over.
    `incident_id` is the ARN of an incident, or empty.
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
    """An engagement with its messages, which do not appear in the `repr`.

    `subject` and `content` go to channels that are secure (voice, e-mail), `public_subject` and
    `public_content` to those that are not (SMS).
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
    """A page as a list returns it: one person who is asked to answer.

    `contact_arn` is the person, also where an escalation or a schedule was engaged. The times are
    None until the page gets so far. Its receipts name the channels that it was sent through.
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
    """A page with its messages, which do not appear in the `repr`."""

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

    `info` is what the channel's provider reports, such as a message's id, or the code or the note
    that a page was accepted with; it does not appear in the `repr`.
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

    `stage_index` is the stage of the escalation plan that led here, where there was one.
    """

    _aws_shape: ClassVar[str] = "ResolutionContact"
    contact_arn: ContactArn
    type: ContactType = field(converter=contact_type)
    stage_index: Annotated[int, Between(0, 100)] | None = None
