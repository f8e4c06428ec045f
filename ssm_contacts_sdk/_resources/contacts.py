"""``client.contacts``: people, escalation plans and on-call schedules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._models.arns import CONTACT, arn_of, arn_violations
from ssm_contacts_sdk._models.contacts import (
    ALIAS,
    CONTACT_NAME,
    Contact,
    ContactRecord,
    ContactRef,
    ContactSummary,
    ContactType,
    misplaced_plan_violations,
)
from ssm_contacts_sdk._models.plans import Plan
from ssm_contacts_sdk._models.policies import ContactPolicy
from ssm_contacts_sdk._models.rules import as_choice, check, choice_violations, part_violations
from ssm_contacts_sdk._models.tags import tag_violations
from ssm_contacts_sdk._privacy import hides_all_arguments
from ssm_contacts_sdk._resources.arguments import checked_arn, given, tag_list, token_violations
from ssm_contacts_sdk._resources.listing import Listing, listing, paging_violations
from ssm_contacts_sdk._service_errors import ResourceNotFoundError
from ssm_contacts_sdk._transport import Request, Response, Transport, discard
from ssm_contacts_sdk._wire import from_response, items_of, to_kwargs, written_as

_EMPTY_OBJECT = re.compile(r"\s*\{\s*\}\s*")


@hides_all_arguments
class Contacts:
    """People, escalation plans and on-call schedules.

    Every method may raise `ServiceError` and its kin, `TransportError`, `ResponseDecodeError` and
    `ConfigurationError`; what is said below comes on top.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(
        self,
        contact: Contact,
        *,
        tags: Mapping[str, str] | None = None,
        idempotency_token: str | None = None,
    ) -> ContactRecord:
        """Create a contact (CreateContact).

        >>> from ssm_contacts_sdk import Contact, ContactsClient, ContactType
        >>> client = ContactsClient.local()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> akua.arn
        'arn:aws:ssm-contacts:us-east-2:111122223333:contact/akuam'

        Args:
            contact: what it is to be. Of a record, the ARN is left out.
            tags: at most 50 keys of 1 to 128 characters with values of 1 to 256 (AWS's model),
                and only in the first Region of the replication set (AWS's user guide).
            idempotency_token: 1 to 2,048 characters. The same token creates once; left out, each
                call has a new one, which all its attempts share.

        Returns:
            What was sent, with the ARN that the service gave it. Nothing is read back.

        Raises:
            InvalidValueError: a value that breaks a rule; nothing was sent.
            ConflictError: the alias is taken, or the token was used for something else.
            ServiceQuotaExceededError: there are too many contacts, or stages in the plan.
            DataEncryptionError: the service cannot use its KMS key.
        """
        check("contacts.create", _create_violations(contact, tags, idempotency_token))
        described = written_as(Contact, contact)
        kwargs = {**described, **given(Tags=tag_list(tags))}

        def read(response: Response) -> ContactRecord:
            return from_response(ContactRecord, {**response, **described})

        creation = Request.of("CreateContact", kwargs, read, idempotency_token)
        del idempotency_token
        return self._transport.send(creation)

    def get(self, contact: ContactRef) -> ContactRecord:
        """Read a contact with its plan (GetContact).

        Args:
            contact: its record, summary or ARN.

        Raises:
            InvalidValueError: `contact` is not a contact's ARN.
            ResourceNotFoundError: there is no such contact.
            DataEncryptionError: the service cannot use its KMS key.
        """
        arn = checked_arn("contacts.get", "contact", contact, CONTACT)
        return self._transport.send(Request.of("GetContact", {"ContactId": arn}, _read_record))

    def update(
        self,
        contact: ContactRef,
        *,
        display_name: str | None = None,
        plan: Plan | None = None,
    ) -> None:
        """Give a contact another name, another plan, or both (UpdateContact).

        >>> from ssm_contacts_sdk import Contact, ContactsClient, ContactType, Plan
        >>> client = ContactsClient.local()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> client.contacts.update(akua, plan=Plan.engagement().stage(minutes=5).build())
        >>> client.contacts.get(akua).plan.stages
        (Stage(duration_in_minutes=5, targets=()),)

        Args:
            contact: its record, summary or ARN.
            display_name: the new name; None leaves it as it is, the empty text takes it away.
            plan: the whole new plan, not a change to the old one; None leaves it as it is.

        Raises:
            InvalidValueError: a value that breaks a rule, or neither a name nor a plan.
            ResourceNotFoundError: there is no such contact.
            ServiceQuotaExceededError: there are too many stages in the plan.
            DataEncryptionError: the service cannot use its KMS key.
        """
        arn = arn_of(contact)
        check("contacts.update", _update_violations(contact, display_name, plan))
        written = None if plan is None else to_kwargs(plan)
        kwargs = given(ContactId=arn, DisplayName=display_name, Plan=written)
        self._transport.send(Request.of("UpdateContact", kwargs, discard))

    def delete(self, contact: ContactRef) -> None:
        """Delete a contact (DeleteContact).

        Plans that name it keep its ARN, and engage nobody there any more (AWS's model).

        Args:
            contact: its record, summary or ARN.

        Raises:
            InvalidValueError: `contact` is not a contact's ARN.
            ResourceNotFoundError: there is no such contact.
            ConflictError: others depend on it, such as a rotation that it is a member of.
        """
        arn = checked_arn("contacts.delete", "contact", contact, CONTACT)
        self._transport.send(Request.of("DeleteContact", {"ContactId": arn}, discard))

    def list(
        self,
        *,
        alias_prefix: str | None = None,
        type: ContactType | None = None,  # noqa: A002 - the service's word
        page_size: int | None = None,
        next_token: str | None = None,
    ) -> Listing[ContactSummary]:
        """List the contacts of the account, lazily (ListContacts).

        Args:
            alias_prefix: only those whose alias begins so: 1 to 255 characters of an alias.
            type: only those of this type.
            page_size: 1 to 1,024 contacts are asked for at a time; the service decides when left
                out.
            next_token: where an earlier list with the same filters stopped.

        Returns:
            A `Listing` of summaries, without plans; its `by_page` gives whole pages.

        Raises:
            InvalidValueError: a filter that breaks a rule.
        """
        kind = None if type is None else as_choice(ContactType, type)
        check("contacts.list", _list_violations(alias_prefix, kind, page_size, next_token))
        return listing(
            self._transport,
            "ListContacts",
            given(AliasPrefix=alias_prefix, Type=kind and kind.value),
            _read_summaries,
            page_size=page_size,
            next_token=next_token,
        )

    def get_policy(self, contact: ContactRef) -> ContactPolicy | None:
        """Read the policy by which a contact is shared (GetContactPolicy).

        Args:
            contact: its record, summary or ARN.

        Returns:
            The policy, its text as the service gives it; None if there is none. AWS does not
            document what it then answers: an empty JSON object, no policy and a policy that is
            not found are all read as None.

        Raises:
            InvalidValueError: `contact` is not a contact's ARN.
            ResourceNotFoundError: there is no such contact.

        >>> from ssm_contacts_sdk import Contact, ContactsClient, ContactType
        >>> client = ContactsClient.local()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> client.contacts.get_policy(akua) is None
        True
        """
        arn = checked_arn("contacts.get_policy", "contact", contact, CONTACT)
        try:
            return self._transport.send(
                Request.of("GetContactPolicy", {"ContactArn": arn}, _read_policy)
            )
        except ResourceNotFoundError as error:
            # The type tells whether the contact or its policy is missing.
            if "policy" in (error.resource_type or "").lower():
                return None
            raise

    def put_policy(self, contact: ContactRef, policy: ContactPolicy) -> None:
        """Set the policy by which a contact is shared, in place of any other (PutContactPolicy).

        >>> from ssm_contacts_sdk import Contact, ContactPolicy, ContactsClient, ContactType
        >>> client = ContactsClient.local()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> policy = ContactPolicy.sharing(akua, with_accounts=["222233334444"])
        >>> client.contacts.put_policy(akua, policy)
        >>> client.contacts.get_policy(akua) == policy
        True

        The API has no way to take a policy away again.

        Args:
            contact: its record, summary or ARN.
            policy: such as `ContactPolicy.sharing` writes, or any other.

        Raises:
            InvalidValueError: `contact` is not a contact's ARN, or `policy` is no policy.
            ResourceNotFoundError: there is no such contact.
            ConflictError: the policy does not go together with something else.
        """
        arn = arn_of(contact)
        check("contacts.put_policy", _policy_violations(arn, policy))
        kwargs = {"ContactArn": arn, "Policy": policy.text}
        self._transport.send(Request.of("PutContactPolicy", kwargs, discard))


def _read_record(response: Response) -> ContactRecord:
    return from_response(ContactRecord, response)


def _read_policy(response: Response) -> ContactPolicy | None:
    if response.get("Policy") is None:
        return None
    policy = from_response(ContactPolicy, response)
    return None if _EMPTY_OBJECT.fullmatch(policy.text) else policy


def _read_summaries(response: Response) -> tuple[ContactSummary, ...]:
    return items_of(ContactSummary, response, "Contacts", always_there=False)


def _create_violations(contact: object, tags: object, token: object) -> Iterator[Violation]:
    yield from part_violations("contact", contact, (Contact,))
    if tags is not None:
        yield from tag_violations("tags", tags)
    yield from token_violations(token)


def _update_violations(contact: object, display_name: object, plan: object) -> Iterator[Violation]:
    yield from arn_violations("contact", arn_of(contact), CONTACT)
    if display_name is not None:
        yield from CONTACT_NAME.violations("display_name", display_name)
    if plan is not None:
        yield from part_violations("plan", plan, (Plan,))
        if isinstance(plan, Plan) and isinstance(contact, (Contact, ContactSummary)):
            found = misplaced_plan_violations(plan, contact.type)
            yield from (each.under("plan") for each in found)
    if display_name is None and plan is None:
        yield Violation("display_name", "or plan must be given: there is nothing to change")


def _list_violations(
    alias_prefix: object, kind: object, page_size: object, next_token: object
) -> Iterator[Violation]:
    if alias_prefix is not None:
        yield from ALIAS.violations("alias_prefix", alias_prefix)
    if kind is not None:
        yield from choice_violations("type", kind, ContactType)
    yield from paging_violations(page_size, next_token)


def _policy_violations(contact: object, policy: object) -> Iterator[Violation]:
    yield from arn_violations("contact", contact, CONTACT)
    yield from part_violations("policy", policy, (ContactPolicy,))
