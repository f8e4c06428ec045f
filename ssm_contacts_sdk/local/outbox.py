"""What the service would have sent to people's telephones and mailboxes."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from attrs import field, frozen


@frozen(kw_only=True)
class Message:
    """One message to one channel. `repr` leaves out whom it is for and what it says."""

    kind: Literal["activation", "page"]
    channel_arn: str
    address: str = field(repr=False)
    """The telephone number or e-mail address."""
    code: str | None = field(repr=False)
    """The code that the message asks to be given back."""
    subject: str = field(repr=False)
    content: str = field(repr=False)
    sent_at: datetime
    """On the service's clock."""


def activation(*, channel_arn: str, address: str, code: str, sent_at: datetime) -> Message:
    """The message that proves that an address is the contact's own. The text is ours."""
    return Message(
        kind="activation",
        channel_arn=channel_arn,
        address=address,
        code=code,
        subject="Activate your contact channel",
        content=f"Your activation code is {code}.",
        sent_at=sent_at,
    )
