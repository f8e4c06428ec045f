"""What the service would have sent to people's telephones and mailboxes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from attrs import field, frozen

from ssm_contacts_sdk._public import public


@public
@frozen(kw_only=True)
class Message:
    """One message to one channel. `repr` leaves out whom it is for and what it says."""

    kind: Literal["activation", "page"]
    channel_type: str
    """SMS, VOICE or EMAIL."""
    channel_arn: str
    address: str = field(repr=False)
    """The telephone number or e-mail address."""
    code: str | None = field(repr=False)
    """The code that the message asks to be given back."""
    subject: str = field(repr=False)
    content: str = field(repr=False)
    sent_at: datetime
    """On the service's clock."""
    page_arn: str | None = None
    """The page that the message is about, if it is about one."""

    @property
    def alias(self) -> str:
        """The alias of the person to whom the channel belongs."""
        return self.channel_arn.split("/")[1]


def activation(
    *, channel_type: str, channel_arn: str, address: str, code: str, sent_at: datetime
) -> Message:
    """The message that proves that an address is the contact's own. The text is ours."""
    return Message(
        kind="activation",
        channel_type=channel_type,
        channel_arn=channel_arn,
        address=address,
        code=code,
        subject="Activate your contact channel",
        content=f"Your activation code is {code}.",
        sent_at=sent_at,
    )


def page(
    *,
    channel_type: str,
    channel_arn: str,
    address: str,
    code: str,
    page_arn: str,
    text: Mapping[str, str],
    sent_at: datetime,
) -> Message:
    """The message that asks a person to answer.

    A telephone's short messages may be read by others: they have the public text. Our assumption:
    where none was given they say so, in words of our own, and never hold the other text.
    """
    if channel_type == "SMS":
        subject = text.get("PublicSubject", "You are being paged")
        content = text.get("PublicContent", "This page has no text for SMS.")
    else:
        subject, content = text["Subject"], text["Content"]
    return Message(
        kind="page",
        channel_type=channel_type,
        channel_arn=channel_arn,
        address=address,
        code=code,
        subject=subject,
        content=content,
        sent_at=sent_at,
        page_arn=page_arn,
    )
