"""``client.channels``: the phones and mailboxes through which people are reached."""

from __future__ import annotations

from collections.abc import Iterator

from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._models.arns import CHANNEL, CONTACT, arn_of, arn_violations
from ssm_contacts_sdk._models.channels import (
    ACTIVATION_CODE,
    CHANNEL_NAME,
    ActivationStatus,
    Channel,
    ChannelRecord,
    ChannelRef,
    address_violations,
)
from ssm_contacts_sdk._models.contacts import ContactRef
from ssm_contacts_sdk._models.rules import check, part_violations, wrong_type
from ssm_contacts_sdk._privacy import hides_all_arguments
from ssm_contacts_sdk._resources.arguments import checked_arn, given, token_violations
from ssm_contacts_sdk._resources.listing import Listing, listing, paging_violations
from ssm_contacts_sdk._transport import Request, Response, Transport, discard
from ssm_contacts_sdk._wire import from_response, items_of, written_as


@hides_all_arguments
class Channels:
    """The phones and mailboxes through which people are reached.

    Every method may raise `ServiceError` and its kin, `TransportError`, `ResponseDecodeError` and
    `ConfigurationError`; what is said below comes on top.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(
        self,
        contact: ContactRef,
        channel: Channel,
        *,
        defer_activation: bool = False,
        idempotency_token: str | None = None,
    ) -> ChannelRecord:
        """Add a channel to a contact (CreateContactChannel).

        The service sends an activation code to the channel, and pages it only after `activate`
        was called with that code.

        >>> from ssm_contacts_sdk import Channel, Contact, ContactsClient, ContactType
        >>> client = ContactsClient.local()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> sms = client.channels.create(akua, Channel.sms("akuas sms", "+15005550199"))
        >>> sms.activation_status
        <ActivationStatus.NOT_ACTIVATED: 'NOT_ACTIVATED'>

        Args:
            contact: the record, summary or ARN of whose channel it is.
            channel: what it is to be. Of a record, the ARNs and the status are left out.
            defer_activation: send no code now, but when `send_activation_code` asks for it.
            idempotency_token: 1 to 2,048 characters. The same token creates once; left out, each
                call has a new one, which all its attempts share.

        Returns:
            What was sent, with the ARN that the service gave it. Nothing is read back: every new
            channel is not activated (AWS's user guide).

        Raises:
            InvalidValueError: a value that breaks a rule; nothing was sent.
            ConflictError: there is such a channel already, or the token was used for something
                else.
            DataEncryptionError: the service cannot use its KMS key.
        """
        arn = arn_of(contact)
        check(
            "channels.create",
            _create_violations(arn, channel, defer_activation, idempotency_token),
        )
        creation = _creation(
            arn, channel, defer_activation=defer_activation, token=idempotency_token
        )
        del idempotency_token
        return self._transport.send(creation)

    def get(self, channel: ChannelRef) -> ChannelRecord:
        """Read a channel (GetContactChannel).

        Args:
            channel: its record or ARN.

        Raises:
            InvalidValueError: `channel` is not a channel's ARN.
            ResourceNotFoundError: there is no such channel.
            DataEncryptionError: the service cannot use its KMS key.
        """
        arn = checked_arn("channels.get", "channel", channel, CHANNEL)
        return self._transport.send(
            Request.of("GetContactChannel", {"ContactChannelId": arn}, _read_record)
        )

    def update(
        self,
        channel: ChannelRef,
        *,
        name: str | None = None,
        delivery_address: str | None = None,
    ) -> None:
        """Give a channel another name, another address, or both (UpdateContactChannel).

        Whether an activated channel stays so with another address is not known: look with `get`.

        Args:
            channel: its record or ARN. Of a record the type is known, and the address checked.
            name: the new name, 1 to 255 characters; None leaves it as it is.
            delivery_address: the new phone number or e-mail address; None leaves it as it is.

        Raises:
            InvalidValueError: an argument that breaks a rule, or neither a name nor an address.
            ResourceNotFoundError: there is no such channel.
            ConflictError: there is such a channel already.
            DataEncryptionError: the service cannot use its KMS key.
        """
        arn = arn_of(channel)
        check("channels.update", _update_violations(channel, name, delivery_address))
        update = _update(arn, name, delivery_address)
        del delivery_address
        self._transport.send(update)

    def delete(self, channel: ChannelRef) -> None:
        """Delete a channel (DeleteContactChannel).

        Plans that name it keep its ARN; **the stage that names it is ignored** (AWS's model).

        Args:
            channel: its record or ARN.

        Raises:
            InvalidValueError: `channel` is not a channel's ARN.
            ResourceNotFoundError: there is no such channel.
        """
        arn = checked_arn("channels.delete", "channel", channel, CHANNEL)
        self._transport.send(Request.of("DeleteContactChannel", {"ContactChannelId": arn}, discard))

    def list(
        self,
        contact: ContactRef,
        *,
        page_size: int | None = None,
        next_token: str | None = None,
    ) -> Listing[ChannelRecord]:
        """List a contact's channels, lazily (ListContactChannels).

        Args:
            contact: the record, summary or ARN of whose channels.
            page_size: 1 to 1,024 channels are asked for at a time; the service decides when left
                out.
            next_token: where an earlier list of the same contact stopped.

        Returns:
            A `Listing` of records; its `by_page` gives whole pages.

        Raises:
            InvalidValueError: an argument that breaks a rule.
            ResourceNotFoundError: there is no such contact (once a page is asked for).
            DataEncryptionError: the service cannot use its KMS key.
        """
        arn = arn_of(contact)
        check("channels.list", _list_violations(arn, page_size, next_token))
        return listing(
            self._transport,
            "ListContactChannels",
            {"ContactId": arn},
            _read_records,
            page_size=page_size,
            next_token=next_token,
        )

    def activate(self, channel: ChannelRef, code: str) -> None:
        """Prove that a channel reaches its person, so that it is paged (ActivateContactChannel).

        Sent once and not repeated when no response comes: look with `get` before you try again.

        Args:
            channel: its record or ARN.
            code: the 6 to 10 digits that the service sent to the channel (AWS's model).

        Raises:
            InvalidValueError: no channel's ARN, or no such code.
            ValidationError: it is not the code that was sent (our assumption).
            ResourceNotFoundError: there is no such channel.
        """
        arn = arn_of(channel)
        check("channels.activate", _activate_violations(arn, code))
        activation = _activation(arn, code)
        del code
        self._transport.send(activation)

    def deactivate(self, channel: ChannelRef) -> None:
        """Stop paging a channel (DeactivateContactChannel). `activate` brings it back.

        Args:
            channel: its record or ARN.

        Raises:
            InvalidValueError: `channel` is not a channel's ARN.
            ResourceNotFoundError: there is no such channel.
        """
        arn = checked_arn("channels.deactivate", "channel", channel, CHANNEL)
        self._transport.send(
            Request.of("DeactivateContactChannel", {"ContactChannelId": arn}, discard)
        )

    def send_activation_code(self, channel: ChannelRef) -> None:
        """Send a code to a channel, for `activate` (SendActivationCode).

        Sent once and not repeated when no response comes: each time may mean another message, and
        another code.

        Args:
            channel: its record or ARN.

        Raises:
            InvalidValueError: `channel` is not a channel's ARN.
            ResourceNotFoundError: there is no such channel.
            ServiceQuotaExceededError: too many codes were sent.
            DataEncryptionError: the service cannot use its KMS key.
        """
        arn = checked_arn("channels.send_activation_code", "channel", channel, CHANNEL)
        self._transport.send(Request.of("SendActivationCode", {"ContactChannelId": arn}, discard))


def _creation(
    contact: str, channel: Channel, *, defer_activation: bool, token: str | None
) -> Request[ChannelRecord]:
    described = written_as(Channel, channel)
    kwargs = {"ContactId": contact, **described}
    if defer_activation:
        kwargs["DeferActivation"] = True

    def read(response: Response) -> ChannelRecord:
        status = ActivationStatus.NOT_ACTIVATED.value
        known = {**described, "ContactArn": contact, "ActivationStatus": status}
        return from_response(ChannelRecord, {**response, **known})

    return Request.of("CreateContactChannel", kwargs, read, token)


def _update(channel: str, name: str | None, address: str | None) -> Request[None]:
    written = None if address is None else {"SimpleAddress": address}
    kwargs = given(ContactChannelId=channel, Name=name, DeliveryAddress=written)
    return Request.of("UpdateContactChannel", kwargs, discard)


def _activation(channel: str, code: str) -> Request[None]:
    kwargs = {"ContactChannelId": channel, "ActivationCode": code}
    return Request.of("ActivateContactChannel", kwargs, discard)


def _read_record(response: Response) -> ChannelRecord:
    return from_response(ChannelRecord, response)


def _read_records(response: Response) -> tuple[ChannelRecord, ...]:
    return items_of(ChannelRecord, response, "ContactChannels")


def _create_violations(
    contact: object, channel: object, defer_activation: object, token: object
) -> Iterator[Violation]:
    yield from arn_violations("contact", contact, CONTACT)
    yield from part_violations("channel", channel, (Channel,))
    if not isinstance(defer_activation, bool):
        yield wrong_type("defer_activation", "True or False", defer_activation)
    yield from token_violations(token)


def _update_violations(channel: object, name: object, address: object) -> Iterator[Violation]:
    yield from arn_violations("channel", arn_of(channel), CHANNEL)
    if name is not None:
        yield from CHANNEL_NAME.violations("name", name)
    if address is not None:
        kind = channel.type if isinstance(channel, Channel) else None
        found = address_violations(address, kind)
        yield from (each.under("delivery_address") for each in found)
    if name is None and address is None:
        yield Violation("name", "or delivery_address must be given: there is nothing to change")


def _list_violations(contact: object, page_size: object, next_token: object) -> Iterator[Violation]:
    yield from arn_violations("contact", contact, CONTACT)
    yield from paging_violations(page_size, next_token)


def _activate_violations(channel: object, code: object) -> Iterator[Violation]:
    yield from arn_violations("channel", channel, CHANNEL)
    yield from ACTIVATION_CODE.violations("code", code)
