"""Contact channels: the phones and e-mail addresses through which a person is reached."""

from collections.abc import Callable, Sequence
from re import compile as re_compile
from typing import Annotated, ClassVar, Literal, TypeAlias, Union, cast

from attrs import field, frozen

from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._models.arns import ChannelArn, ContactArn
from ssm_contacts_sdk._privacy import hides_all_arguments
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._schema.constraints import Text
from ssm_contacts_sdk._schema.converters import OpenEnum, as_choice
from ssm_contacts_sdk._schema.fields import AwsName, WhenAbsent
from ssm_contacts_sdk._schema.values import Value, check_of, rule
from ssm_contacts_sdk._schema.violations import violation

ChannelName: TypeAlias = Annotated[
    str,
    Text(
        1, 255, r"^[\p{L}\p{Z}\p{N}_.\-]*$", "may contain only letters, digits, spaces, _ . and -"
    ),
]
ActivationCode: TypeAlias = Annotated[
    str, Text(6, 10, "^[0-9]*$", "may contain only the digits 0 to 9")
]
DeliveryAddress: TypeAlias = Annotated[str, Text(1, 320)]
_is_phone_number: Callable[[str], object] = re_compile(r"\+[1-9][0-9]{1,14}").fullmatch


@public
class ChannelType(OpenEnum):
    """How a channel reaches its person."""

    SMS = "SMS"
    """A text message to a phone."""
    VOICE = "VOICE"
    """A call to a phone."""
    EMAIL = "EMAIL"
    """A message to an e-mail address."""


ChannelTypeName: TypeAlias = Literal["SMS", "VOICE", "EMAIL"]
"""A `ChannelType` as a plain str."""


@public
class ActivationStatus(OpenEnum):
    """Whether a channel is paged."""

    ACTIVATED = "ACTIVATED"
    """The service pages the channel."""
    NOT_ACTIVATED = "NOT_ACTIVATED"
    """The service skips the channel (AWS's user guide)."""


ActivationStatusName: TypeAlias = Literal["ACTIVATED", "NOT_ACTIVATED"]
"""An `ActivationStatus` as a plain str."""


def _type(value: ChannelType | ChannelTypeName) -> ChannelType:
    return as_choice(ChannelType, value)


def _status(value: ActivationStatus | ActivationStatusName | None) -> ActivationStatus | None:
    return None if value is None else as_choice(ActivationStatus, value)


@public
@hides_all_arguments
@frozen(kw_only=True)
class Channel(Value):
    """A contact channel as a user describes it.

    Args:
        name: 1 to 255 letters, digits, spaces, ``_``, ``.`` and ``-`` (AWS's model).
        type: a `ChannelType`, or its name such as ``"SMS"``.
        delivery_address: for SMS and VOICE a phone number in E.164 form, ``+`` and 2 to 15 digits
            (AWS's user guide); for EMAIL anything of the form ``something@something``, at most
            320 characters (AWS's model). It never appears in the `repr`.

    Raises:
        InvalidValueError: with every rule that is broken.

    >>> Channel.sms("akuas sms", "+15005550199")
    Channel(name='akuas sms', type=<ChannelType.SMS: 'SMS'>, delivery_address=...)
    """

    _aws_shape: ClassVar[str] = "CreateContactChannelRequest"
    name: ChannelName
    # AWS's model allows a list to leave it out.
    type: Annotated[ChannelType, WhenAbsent(ChannelType(""))] = field(converter=_type)
    delivery_address: Annotated[DeliveryAddress, AwsName("DeliveryAddress", "SimpleAddress")] = (
        field(repr=lambda _: "...")
    )

    @staticmethod
    def sms(name: str, phone_number: str) -> "Channel":
        """Return a channel that sends SMS to a phone.

        >>> Channel.sms("akuas sms", "+15005550199").type
        <ChannelType.SMS: 'SMS'>

        Args:
            name: 1 to 255 letters, digits, spaces, ``_``, ``.`` and ``-``.
            phone_number: in E.164 form, ``+`` and 2 to 15 digits.

        Raises:
            InvalidValueError: with every rule that is broken.
        """
        return Channel(name=name, type=ChannelType.SMS, delivery_address=phone_number)

    @staticmethod
    def voice(name: str, phone_number: str) -> "Channel":
        """Return a channel that calls a phone.

        >>> Channel.voice("akuas phone", "+15005550199").type
        <ChannelType.VOICE: 'VOICE'>

        Args:
            name: 1 to 255 letters, digits, spaces, ``_``, ``.`` and ``-``.
            phone_number: in E.164 form, ``+`` and 2 to 15 digits.

        Raises:
            InvalidValueError: with every rule that is broken.
        """
        return Channel(name=name, type=ChannelType.VOICE, delivery_address=phone_number)

    @staticmethod
    def email(name: str, address: str) -> "Channel":
        """Return a channel that sends e-mail.

        >>> Channel.email("akuas e-mail", "akua@example.com").type
        <ChannelType.EMAIL: 'EMAIL'>

        Args:
            name: 1 to 255 letters, digits, spaces, ``_``, ``.`` and ``-``.
            address: of the form ``something@something``, at most 320 characters.

        Raises:
            InvalidValueError: with every rule that is broken.
        """
        return Channel(name=name, type=ChannelType.EMAIL, delivery_address=address)

    @rule("type", "delivery_address")
    def _address_of_this_type(self) -> Sequence[Violation]:
        found = _format_violations(self.delivery_address, self.type)
        return [each.under("delivery_address") for each in found]


@public
@frozen(kw_only=True)
class ChannelRecord(Channel):
    """A contact channel as the service stores it.

    Attributes:
        arn: the ARN of the channel.
        contact_arn: the ARN of the person.
        name: the name.
        type: how the channel reaches the person. AWS's model allows a list to leave it out: then it
            is an empty `ChannelType` (not `is_known`).
        delivery_address: the phone number or e-mail address. The `repr` does not show it.
        activation_status: whether the channel is paged. None if the service leaves it out, as AWS's
            model allows.
    """

    _aws_shape: ClassVar[str] = "ContactChannel"
    arn: Annotated[ChannelArn, AwsName("ContactChannelArn")]
    contact_arn: ContactArn
    activation_status: ActivationStatus | None = field(default=None, converter=_status)


ChannelRef = Union[ChannelRecord, str]
"""A channel, by its record or its ARN."""


def address_violations(address: object, channel_type: object) -> Sequence[Violation]:
    """Return the violations of an address of a channel of this type, or of an unknown type."""
    found = check_of(DeliveryAddress)(address)
    if found or not isinstance(channel_type, ChannelType) or not channel_type.is_known:
        return found
    return _format_violations(cast("str", address), channel_type)


def _format_violations(address: str, channel_type: ChannelType) -> Sequence[Violation]:
    if channel_type == ChannelType.EMAIL:
        local_part, _, domain = address.rpartition("@")
        if local_part and domain:
            return ()
        return violation("wrong_format", "must be an e-mail address: something@something")
    if _is_phone_number(address):
        return ()
    rule = (
        "must be a phone number in E.164 form: +, the country code and the number, without spaces "
        "or dashes, such as +12065550100"
    )
    return violation("wrong_format", rule)
