"""``client.contacts``: people, escalation plans and on-call schedules."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._models.arguments import Tags
from ssm_contacts_sdk._models.arns import ContactArn
from ssm_contacts_sdk._models.contacts import (
    Alias,
    Contact,
    ContactRecord,
    ContactRef,
    ContactSummary,
    ContactType,
    ContactTypeName,
    DisplayName,
    misplaced_plan_violations,
)
from ssm_contacts_sdk._models.plans import Plan
from ssm_contacts_sdk._models.policies import ContactPolicy
from ssm_contacts_sdk._operations import Arguments, Operation, Repeat, Response, Rule
from ssm_contacts_sdk._privacy import hides_all_arguments
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._resources.declarations import (
    PAGE_SIZE,
    at_least_one_of,
    changes,
    choice,
    creates,
    fields_of,
    gets,
    key_value_list,
    lists,
    plain,
    reference,
    str_in,
    structure,
)
from ssm_contacts_sdk._resources.listing import Listing
from ssm_contacts_sdk._resources.resource import Resource
from ssm_contacts_sdk._schema.values import check_of, record_of
from ssm_contacts_sdk._schema.violations import raise_violations, under
from ssm_contacts_sdk._schema.wire import reader_of
from ssm_contacts_sdk._service_errors import ResourceNotFoundError

_EMPTY_OBJECT = re.compile(r"\s*\{\s*\}\s*")


def _created(arguments: Arguments, response: Response) -> ContactRecord:
    return record_of(ContactRecord, arguments["contact"], arn=str_in(response, "ContactArn"))


def _policy(_: Arguments, response: Response) -> ContactPolicy | None:
    if response.get("Policy") is None:
        return None
    policy = reader_of(ContactPolicy)(response)
    return None if _EMPTY_OBJECT.fullmatch(policy.text) else policy


def _plan_fits_contact(contact: ContactRef, plan: Plan | None) -> Iterator[Violation]:
    # The type is known if the record or the summary of the contact is passed.
    if plan is not None and isinstance(contact, (ContactRecord, ContactSummary)):
        violations = misplaced_plan_violations(plan, contact.type)
        yield from under("plan", violations)


_CONTACT = reference("ContactId", ContactArn)
_OWNER = reference("ContactArn", ContactArn)

CREATE = creates(
    "CreateContact",
    "contacts.create",
    _created,
    ContactRecord,
    contact=fields_of(Contact),
    tags=key_value_list("Tags", Tags, optional=True),
)
GET = gets("GetContact", "contacts.get", ContactRecord, contact=_CONTACT)
UPDATE = changes(
    "UpdateContact",
    "contacts.update",
    Repeat.SETS,
    contact=_CONTACT,
    display_name=plain("DisplayName", DisplayName, optional=True),
    plan=structure("Plan", Plan, optional=True),
    rules=(
        Rule(
            "contact",
            "plan",
            description="the plan is one for contacts of this type, if its record is passed",
            check=_plan_fits_contact,
        ),
        at_least_one_of("display_name", "plan"),
    ),
)
DELETE = changes("DeleteContact", "contacts.delete", Repeat.DELETES, contact=_CONTACT)
LIST = lists(
    "ListContacts",
    "contacts.list",
    ContactSummary,
    "Contacts",
    alias_prefix=plain("AliasPrefix", Alias, optional=True),
    type=choice("Type", ContactType, optional=True),
    page_size=PAGE_SIZE,
)
GET_POLICY = Operation(
    "GetContactPolicy",
    "contacts.get_policy",
    Repeat.READS,
    {"contact": _OWNER},
    _policy,
    ContactPolicy,
)
PUT_POLICY = changes(
    "PutContactPolicy",
    "contacts.put_policy",
    Repeat.SETS,
    contact=_OWNER,
    policy=fields_of(ContactPolicy),
)


@public
@hides_all_arguments
class Contacts(Resource):
    """People, escalation plans and on-call schedules.

    Every method may raise `ServiceError` and its subclasses, `TransportError`,
    `ResponseDecodeError` and `ConfigurationError`, in addition to the errors listed below.
    """

    def create(
        self,
        contact: Contact,
        *,
        tags: Mapping[str, str] | None = None,
        idempotency_token: str | None = None,
    ) -> ContactRecord:
        """Create a contact and return its record (CreateContact).

        >>> from ssm_contacts_sdk import Contact, ContactsClient, ContactType
        >>> client = ContactsClient.local()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> akua.arn
        'arn:aws:ssm-contacts:us-east-2:111122223333:contact/akuam'

        Args:
            contact: the new contact. The ARN of a record is ignored.
            tags: at most 50 keys of 1 to 128 characters with values of 1 to 256 (AWS's model). AWS
                accepts tags only in the first Region of the replication set (its user guide).
            idempotency_token: 1 to 2,048 characters. Calls with the same token create one contact.
                By default each call has a new token, which all its attempts share.

        Returns:
            What was sent, with the ARN that the service assigned. The contact is not read again.

        Raises:
            InvalidValueError: an argument breaks a rule; nothing was sent.
            ConflictError: the alias is in use, or the token was used with other arguments.
            ServiceQuotaExceededError: the account has too many contacts, or the plan has too many
                stages.
            DataEncryptionError: the service cannot use its KMS key.
        """
        request = self._request(
            CREATE, contact=contact, tags=tags, idempotency_token=idempotency_token
        )
        del idempotency_token
        return self._send(request)

    def get(self, contact: ContactRef) -> ContactRecord:
        """Return a contact with its plan (GetContact).

        >>> from ssm_contacts_sdk import Contact, ContactsClient, ContactType
        >>> client = ContactsClient.local()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> client.contacts.get(akua.arn) == akua
        True

        Args:
            contact: its record, summary or ARN.

        Raises:
            InvalidValueError: `contact` is not the ARN of a contact.
            ResourceNotFoundError: the contact does not exist.
            DataEncryptionError: the service cannot use its KMS key.
        """
        return self._run(GET, contact=contact)

    def update(
        self,
        contact: ContactRef,
        *,
        display_name: str | None = None,
        plan: Plan | None = None,
    ) -> None:
        """Change the display name of a contact, its plan or both (UpdateContact).

        >>> from ssm_contacts_sdk import Contact, ContactsClient, ContactType, Plan
        >>> client = ContactsClient.local()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> client.contacts.update(akua, plan=Plan.engagement().stage(minutes=5).build())
        >>> client.contacts.get(akua).plan.stages
        (Stage(duration_in_minutes=5, targets=()),)

        Args:
            contact: its record, summary or ARN. The plan is checked against the type of a record
                or summary.
            display_name: the new name, at most 255 characters; an empty str removes the name. None
                does not change it.
            plan: the whole new plan, which replaces the old one. None does not change it.

        Raises:
            InvalidValueError: an argument breaks a rule, or there is nothing to update.
            ResourceNotFoundError: the contact does not exist.
            ServiceQuotaExceededError: the plan has too many stages.
            DataEncryptionError: the service cannot use its KMS key.
        """
        self._run(UPDATE, contact=contact, display_name=display_name, plan=plan)

    def delete(self, contact: ContactRef) -> None:
        """Delete a contact (DeleteContact).

        Plans still contain its ARN, but do not engage it any more (AWS's model).

        >>> from ssm_contacts_sdk import Contact, ContactsClient, ContactType
        >>> client = ContactsClient.local()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> client.contacts.delete(akua)
        >>> list(client.contacts.list())
        []

        Args:
            contact: its record, summary or ARN.

        Raises:
            InvalidValueError: `contact` is not the ARN of a contact.
            ResourceNotFoundError: the contact does not exist.
            ConflictError: other resources depend on it, such as a rotation that it is in.
        """
        self._run(DELETE, contact=contact)

    def list(
        self,
        *,
        alias_prefix: str | None = None,
        type: ContactType | ContactTypeName | None = None,  # noqa: A002 - the service's word
        page_size: int | None = None,
        next_token: str | None = None,
    ) -> Listing[ContactSummary]:
        """Return the contacts of the account, which are read lazily (ListContacts).

        >>> from ssm_contacts_sdk import Contact, ContactsClient, ContactType
        >>> client = ContactsClient.local()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> [contact.alias for contact in client.contacts.list(alias_prefix="aku")]
        ['akuam']

        Args:
            alias_prefix: only contacts whose alias begins with these 1 to 255 characters.
            type: only contacts of this type, such as `ContactType.PERSONAL` or ``"PERSONAL"``.
            page_size: the number of contacts to request at a time, 1 to 1,024. By default the
                service decides.
            next_token: the `next_token` of a page of an earlier list with the same filters. The
                list starts after that page.

        Returns:
            A `Listing` of summaries, without plans; its `by_page` returns whole pages.

        Raises:
            InvalidValueError: an argument breaks a rule.
        """
        return self._listing(
            LIST, alias_prefix=alias_prefix, type=type, page_size=page_size, next_token=next_token
        )

    def find(self, alias: str) -> ContactRecord | None:
        """Return the contact with an alias, or None (ListContacts and GetContact).

        >>> from ssm_contacts_sdk import Contact, ContactsClient, ContactType
        >>> client = ContactsClient.local()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> client.contacts.find("akuam") == akua, client.contacts.find("akua")
        (True, None)

        Args:
            alias: the whole alias, 1 to 255 characters.

        Raises:
            InvalidValueError: `alias` breaks a rule.
            AmbiguousNameError: another account shares a contact that has the same alias.
            DataEncryptionError: the service cannot use its KMS key.
        """
        raise_violations("contacts.find", under("alias", check_of(Alias)(alias)))
        found = self.list(alias_prefix=alias)
        return self._get_found(
            alias, (contact.arn for contact in found if contact.alias == alias), self.get
        )

    def get_policy(self, contact: ContactRef) -> ContactPolicy | None:
        """Return the policy that shares a contact, or None if it has none (GetContactPolicy).

        >>> from ssm_contacts_sdk import Contact, ContactsClient, ContactType
        >>> client = ContactsClient.local()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> client.contacts.get_policy(akua) is None
        True

        Args:
            contact: its record, summary or ARN.

        Returns:
            The policy, with its text as the service returns it. AWS does not document the response
            for a contact without a policy: an empty JSON object, no policy, and a policy that is
            not found all mean None.

        Raises:
            InvalidValueError: `contact` is not the ARN of a contact.
            ResourceNotFoundError: the contact does not exist.
        """
        try:
            return self._run(GET_POLICY, contact=contact)
        except ResourceNotFoundError as error:
            # The type shows whether the contact or its policy is missing.
            if "policy" in (error.resource_type or "").lower():
                return None
            raise

    def put_policy(self, contact: ContactRef, policy: ContactPolicy) -> None:
        """Set the policy that shares a contact; it replaces an earlier one (PutContactPolicy).

        >>> from ssm_contacts_sdk import Contact, ContactPolicy, ContactsClient, ContactType
        >>> client = ContactsClient.local()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> policy = ContactPolicy.sharing(akua, with_accounts=["222233334444"])
        >>> client.contacts.put_policy(akua, policy)
        >>> client.contacts.get_policy(akua) == policy
        True

        AWS's API has no operation that removes a policy.

        Args:
            contact: its record, summary or ARN.
            policy: such as `ContactPolicy.sharing` returns, or any other policy.

        Raises:
            InvalidValueError: `contact` is not the ARN of a contact, or `policy` is not a
                `ContactPolicy`.
            ResourceNotFoundError: the contact does not exist.
            ConflictError: the policy conflicts with the state of the contact.
        """
        self._run(PUT_POLICY, contact=contact, policy=policy)
