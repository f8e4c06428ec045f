"""``client.channels``: the phones and e-mail addresses through which people are reached."""

from __future__ import annotations

from collections.abc import Iterator

from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._models.arns import ChannelArn, ContactArn
from ssm_contacts_sdk._models.channels import (
    ActivationCode,
    ActivationStatus,
    Channel,
    ChannelName,
    ChannelRecord,
    ChannelRef,
    DeliveryAddress,
    address_violations,
)
from ssm_contacts_sdk._models.contacts import ContactRef
from ssm_contacts_sdk._operations import Arguments, Repeat, Response, Rule
from ssm_contacts_sdk._privacy import hides_all_arguments
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._resources.declarations import (
    PAGE_SIZE,
    at_least_one_of,
    changes,
    creates,
    fields_of,
    flag,
    gets,
    lists,
    plain,
    reference,
    str_in,
)
from ssm_contacts_sdk._resources.listing import Listing
from ssm_contacts_sdk._resources.resource import Resource
from ssm_contacts_sdk._schema.values import record_of
from ssm_contacts_sdk._schema.violations import under


def _created(arguments: Arguments, response: Response) -> ChannelRecord:
    return record_of(
        ChannelRecord,
        arguments["channel"],
        arn=str_in(response, "ContactChannelArn"),
        contact_arn=arguments["contact"],
        activation_status=ActivationStatus.NOT_ACTIVATED,
    )


def _address_fits_channel(channel: ChannelRef, address: str | None) -> Iterator[Violation]:
    # The type is known if the record of the channel is passed.
    if address is not None and isinstance(channel, Channel):
        violations = address_violations(address, channel.type)
        yield from under("delivery_address", violations)


_CHANNEL = reference("ContactChannelId", ChannelArn)
_CONTACT = reference("ContactId", ContactArn)

CREATE = creates(
    "CreateContactChannel",
    "channels.create",
    _created,
    ChannelRecord,
    contact=_CONTACT,
    channel=fields_of(Channel),
    defer_activation=flag("DeferActivation"),
)
GET = gets("GetContactChannel", "channels.get", ChannelRecord, channel=_CHANNEL)
UPDATE = changes(
    "UpdateContactChannel",
    "channels.update",
    Repeat.SETS,
    channel=_CHANNEL,
    name=plain("Name", ChannelName, optional=True),
    delivery_address=plain("DeliveryAddress.SimpleAddress", DeliveryAddress, optional=True),
    rules=(
        Rule(
            "channel",
            "delivery_address",
            description="the address is one for channels of this type, if a record is passed",
            check=_address_fits_channel,
        ),
        at_least_one_of("name", "delivery_address"),
    ),
)
DELETE = changes("DeleteContactChannel", "channels.delete", Repeat.DELETES, channel=_CHANNEL)
LIST = lists(
    "ListContactChannels",
    "channels.list",
    ChannelRecord,
    "ContactChannels",
    required=True,
    contact=_CONTACT,
    page_size=PAGE_SIZE,
)
ACTIVATE = changes(
    "ActivateContactChannel",
    "channels.activate",
    Repeat.ACTS,
    channel=_CHANNEL,
    code=plain("ActivationCode", ActivationCode),
)
DEACTIVATE = changes(
    "DeactivateContactChannel", "channels.deactivate", Repeat.SETS, channel=_CHANNEL
)
SEND_ACTIVATION_CODE = changes(
    "SendActivationCode", "channels.send_activation_code", Repeat.ACTS, channel=_CHANNEL
)


@public
@hides_all_arguments
class Channels(Resource):
    """The phones and e-mail addresses through which people are reached.

    Every method may raise `ServiceError` and its subclasses, `TransportError`,
    `ResponseDecodeError` and `ConfigurationError`, in addition to the errors listed below.
    """

    def create(
        self,
        contact: ContactRef,
        channel: Channel,
        *,
        defer_activation: bool = False,
        idempotency_token: str | None = None,
    ) -> ChannelRecord:
        """Add a channel to a contact and return its record (CreateContactChannel).

        The service sends an activation code to the channel. It pages the channel only after
        `activate` was called with that code.

        >>> from ssm_contacts_sdk import Channel, Contact, ContactsClient, ContactType
        >>> client = ContactsClient.local()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> sms = client.channels.create(akua, Channel.sms("akuas sms", "+15005550199"))
        >>> sms.activation_status
        <ActivationStatus.NOT_ACTIVATED: 'NOT_ACTIVATED'>

        Args:
            contact: the person who gets the channel, by record, summary or ARN.
            channel: the new channel. The ARNs and the status of a record are ignored.
            defer_activation: if True, the service sends a code only when `send_activation_code` is
                called.
            idempotency_token: 1 to 2,048 characters. Calls with the same token create one channel.
                By default each call has a new token, which all its attempts share.

        Returns:
            What was sent, with the ARN that the service assigned. The channel is not read again:
            every new channel is not activated (AWS's user guide).

        Raises:
            InvalidValueError: an argument breaks a rule; nothing was sent.
            ConflictError: the channel exists already, or the token was used with other arguments.
            DataEncryptionError: the service cannot use its KMS key.
        """
        request = self._request(
            CREATE,
            contact=contact,
            channel=channel,
            defer_activation=defer_activation,
            idempotency_token=idempotency_token,
        )
        del idempotency_token
        return self._send(request)

    def get(self, channel: ChannelRef) -> ChannelRecord:
        """Return a channel (GetContactChannel).

        >>> from ssm_contacts_sdk import Channel, Contact, ContactsClient, ContactType
        >>> client = ContactsClient.local()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> sms = client.channels.create(akua, Channel.sms("akuas sms", "+15005550199"))
        >>> client.channels.get(sms.arn) == sms
        True

        Args:
            channel: its record or ARN.

        Raises:
            InvalidValueError: `channel` is not the ARN of a channel.
            ResourceNotFoundError: the channel does not exist.
            DataEncryptionError: the service cannot use its KMS key.
        """
        return self._run(GET, channel=channel)

    def update(
        self,
        channel: ChannelRef,
        *,
        name: str | None = None,
        delivery_address: str | None = None,
    ) -> None:
        """Change the name of a channel, its address or both (UpdateContactChannel).

        AWS does not document whether an activated channel stays activated when its address
        changes: check with `get`.

        >>> from ssm_contacts_sdk import Channel, Contact, ContactsClient, ContactType
        >>> client = ContactsClient.local()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> sms = client.channels.create(akua, Channel.sms("akuas sms", "+15005550199"))
        >>> client.channels.update(sms, name="akuas phone")
        >>> client.channels.get(sms).name
        'akuas phone'

        Args:
            channel: its record or ARN. The address is checked against the type of a record.
            name: the new name, 1 to 255 characters. None does not change it.
            delivery_address: the new phone number or e-mail address. None does not change it.

        Raises:
            InvalidValueError: an argument breaks a rule, or there is nothing to update.
            ResourceNotFoundError: the channel does not exist.
            ConflictError: another channel has these values.
            DataEncryptionError: the service cannot use its KMS key.
        """
        request = self._request(
            UPDATE, channel=channel, name=name, delivery_address=delivery_address
        )
        del delivery_address
        self._send(request)

    def delete(self, channel: ChannelRef) -> None:
        """Delete a channel (DeleteContactChannel).

        Plans still contain its ARN, and **the service ignores a stage that contains it** (AWS's
        model).

        >>> from ssm_contacts_sdk import Channel, Contact, ContactsClient, ContactType
        >>> client = ContactsClient.local()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> sms = client.channels.create(akua, Channel.sms("akuas sms", "+15005550199"))
        >>> client.channels.delete(sms)
        >>> list(client.channels.list(akua))
        []

        Args:
            channel: its record or ARN.

        Raises:
            InvalidValueError: `channel` is not the ARN of a channel.
            ResourceNotFoundError: the channel does not exist.
        """
        self._run(DELETE, channel=channel)

    def list(
        self,
        contact: ContactRef,
        *,
        page_size: int | None = None,
        next_token: str | None = None,
    ) -> Listing[ChannelRecord]:
        """Return the channels of a contact, which are read lazily (ListContactChannels).

        >>> from ssm_contacts_sdk import Channel, Contact, ContactsClient, ContactType
        >>> client = ContactsClient.local()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> sms = client.channels.create(akua, Channel.sms("akuas sms", "+15005550199"))
        >>> [channel.name for channel in client.channels.list(akua)]
        ['akuas sms']

        Args:
            contact: its record, summary or ARN.
            page_size: the number of channels to request at a time, 1 to 1,024. By default the
                service decides.
            next_token: the `next_token` of a page of an earlier list of the same contact. The list
                starts after that page.

        Returns:
            A `Listing` of records; its `by_page` returns whole pages.

        Raises:
            InvalidValueError: an argument breaks a rule.
            ResourceNotFoundError: the contact does not exist (when a page is read).
            DataEncryptionError: the service cannot use its KMS key (when a page is read).
        """
        return self._listing(LIST, contact=contact, page_size=page_size, next_token=next_token)

    def activate(self, channel: ChannelRef, code: str) -> None:
        """Activate a channel with the code that it received (ActivateContactChannel).

        The request is sent once and not repeated if there is no response: check with `get` before
        you try again.

        >>> from ssm_contacts_sdk import Channel, Contact, ContactType
        >>> from ssm_contacts_sdk.local import LocalService
        >>> service = LocalService()
        >>> client = service.client()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> sms = client.channels.create(akua, Channel.sms("akuas sms", "+15005550199"))
        >>> client.channels.activate(sms, service.code_for(sms))
        >>> client.channels.get(sms).activation_status
        <ActivationStatus.ACTIVATED: 'ACTIVATED'>

        Args:
            channel: its record or ARN.
            code: the 6 to 10 digits that the service sent to the channel (AWS's model).

        Raises:
            InvalidValueError: an argument breaks a rule.
            ValidationError: it is not the code that was sent (our assumption).
            ResourceNotFoundError: the channel does not exist.
        """
        request = self._request(ACTIVATE, channel=channel, code=code)
        del code
        self._send(request)

    def deactivate(self, channel: ChannelRef) -> None:
        """Stop paging a channel, until `activate` is called again (DeactivateContactChannel).

        >>> from ssm_contacts_sdk import Channel, Contact, ContactsClient, ContactType
        >>> client = ContactsClient.local()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> sms = client.channels.create(akua, Channel.sms("akuas sms", "+15005550199"))
        >>> client.channels.deactivate(sms)
        >>> client.channels.get(sms).activation_status
        <ActivationStatus.NOT_ACTIVATED: 'NOT_ACTIVATED'>

        Args:
            channel: its record or ARN.

        Raises:
            InvalidValueError: `channel` is not the ARN of a channel.
            ResourceNotFoundError: the channel does not exist.
        """
        self._run(DEACTIVATE, channel=channel)

    def send_activation_code(self, channel: ChannelRef) -> None:
        """Send an activation code to a channel (SendActivationCode).

        The request is sent once and not repeated if there is no response: each request may send
        another message with another code.

        >>> from ssm_contacts_sdk import Channel, Contact, ContactType
        >>> from ssm_contacts_sdk.local import LocalService
        >>> service = LocalService()
        >>> client = service.client()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> sms = client.channels.create(akua, Channel.sms("akuas sms", "+15005550199"))
        >>> client.channels.send_activation_code(sms)
        >>> len(service.outbox)
        2

        Args:
            channel: its record or ARN.

        Raises:
            InvalidValueError: `channel` is not the ARN of a channel.
            ResourceNotFoundError: the channel does not exist.
            ServiceQuotaExceededError: too many codes were sent.
            DataEncryptionError: the service cannot use its KMS key.
        """
        self._run(SEND_ACTIVATION_CODE, channel=channel)
