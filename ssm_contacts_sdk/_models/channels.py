"""Contact channels: the phones and mailboxes through which a person is reached."""

from collections.abc import Iterator
from typing import Union

from attrs import field, frozen

from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._models.arns import CHANNEL, CONTACT, arn_violations
from ssm_contacts_sdk._models.rules import (
    Checked,
    TextRule,
    as_choice,
    choice_violations,
    letters_spaces_digits_and,
    matching,
    wrong_type,
)
from ssm_contacts_sdk._privacy import hides_all_arguments
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._schema.enums import OpenEnum

CHANNEL_NAME = TextRule(
    1, 255, "letters, digits, spaces, _ . and -", letters_spaces_digits_and("_.-")
)
ACTIVATION_CODE = TextRule(6, 10, "the digits 0 to 9", matching("[0-9]*"))
_E164 = matching(r"\+[1-9][0-9]{1,14}")
_MOST_ADDRESS_CHARACTERS = 320


@public
class ChannelType(OpenEnum):
    """How a channel reaches its person."""

    SMS = "SMS"
    VOICE = "VOICE"
    EMAIL = "EMAIL"


@public
class ActivationStatus(OpenEnum):
    """Whether a channel may be paged: the service skips one that is not activated."""

    ACTIVATED = "ACTIVATED"
    NOT_ACTIVATED = "NOT_ACTIVATED"


def _type(value: ChannelType) -> ChannelType:
    return as_choice(ChannelType, value)


def _status(value: ActivationStatus | None) -> ActivationStatus | None:
    return None if value is None else as_choice(ActivationStatus, value)


@public
@hides_all_arguments
@frozen(kw_only=True)
class Channel(Checked):
    """A contact channel as one describes it.

    Args:
        name: 1 to 255 letters, digits, spaces, ``_``, ``.`` and ``-`` (AWS's model).
        type: `ChannelType.SMS`, `.VOICE` or `.EMAIL`.
        delivery_address: for SMS and VOICE a phone number in E.164 form, ``+`` and 2 to 15 digits
            (AWS's user guide); for EMAIL anything of the form ``something@something``, at most
            320 characters (AWS's model). It never appears in the `repr`.

    Raises:
        InvalidValueError: with every rule that is broken.

    >>> Channel.sms("akuas sms", "+15005550199")
    Channel(name='akuas sms', type=<ChannelType.SMS: 'SMS'>, delivery_address=...)
    """

    name: str
    type: ChannelType = field(converter=_type)
    delivery_address: str = field(repr=lambda _: "...")

    @staticmethod
    def sms(name: str, phone_number: str) -> "Channel":
        """A channel that sends text messages to a phone, as ``Channel.sms("sms", "+1500...")``."""
        return Channel(name=name, type=ChannelType.SMS, delivery_address=phone_number)

    @staticmethod
    def voice(name: str, phone_number: str) -> "Channel":
        """A channel that calls a phone."""
        return Channel(name=name, type=ChannelType.VOICE, delivery_address=phone_number)

    @staticmethod
    def email(name: str, address: str) -> "Channel":
        """A channel that sends e-mail."""
        return Channel(name=name, type=ChannelType.EMAIL, delivery_address=address)

    def violations(self) -> Iterator[Violation]:
        yield from CHANNEL_NAME.violations("name", self.name)
        yield from choice_violations("type", self.type, ChannelType)
        yield from address_violations("delivery_address", self.delivery_address, self.type)


@public
@frozen(kw_only=True)
class ChannelRecord(Channel):
    """A contact channel as the service holds it.

    `type` is an empty `ChannelType` (not `is_known`) where a list leaves it out, and
    `activation_status` is None where the service does: AWS's model allows both.
    """

    arn: str
    contact_arn: str
    activation_status: ActivationStatus | None = field(default=None, converter=_status)

    def violations(self) -> Iterator[Violation]:
        yield from super().violations()
        yield from arn_violations("arn", self.arn, CHANNEL)
        yield from arn_violations("contact_arn", self.contact_arn, CONTACT)
        if self.activation_status is not None:
            yield from choice_violations(
                "activation_status", self.activation_status, ActivationStatus
            )


ChannelRef = Union[ChannelRecord, str]
"""A channel, by its record or its ARN."""


def address_violations(path: str, value: object, channel_type: object) -> Iterator[Violation]:
    """What is wrong with `value` as the address of such a channel, or of any, if none is known."""
    if not isinstance(value, str):
        yield wrong_type(path, "a text", value)
    elif channel_type == ChannelType.EMAIL:
        local_part, _, domain = value.rpartition("@")
        if not (local_part and domain and len(value) <= _MOST_ADDRESS_CHARACTERS):
            yield Violation(
                path,
                f"must be an e-mail address, something@something, "
                f"of at most {_MOST_ADDRESS_CHARACTERS} characters",
            )
    elif channel_type in (ChannelType.SMS, ChannelType.VOICE):
        if not _E164(value):
            yield Violation(
                path,
                "must be a phone number in E.164 form, +, the country code and the number, "
                "without spaces or dashes: such as +12065550100",
            )
    elif not 1 <= len(value) <= _MOST_ADDRESS_CHARACTERS:
        yield Violation(path, f"must have 1 to {_MOST_ADDRESS_CHARACTERS} characters")
