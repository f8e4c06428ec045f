"""``client.tags``: labels on contacts and rotations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Union

from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._models.arns import arn_of, tagged_arn_violations
from ssm_contacts_sdk._models.contacts import ContactRef
from ssm_contacts_sdk._models.rotations import RotationRef
from ssm_contacts_sdk._models.rules import as_tuple, check, list_violations
from ssm_contacts_sdk._models.tags import TAG_KEY, Tag, tag_violations
from ssm_contacts_sdk._privacy import hides_all_arguments
from ssm_contacts_sdk._resources.arguments import tag_list
from ssm_contacts_sdk._transport import Request, Response, Transport, discard
from ssm_contacts_sdk._wire import items_of

Tagged = Union[ContactRef, RotationRef]
"""What can have tags: a contact or a rotation, by its record, its summary or its ARN."""

_MOST_KEYS = 50


@hides_all_arguments
class Tags:
    """Labels on contacts and rotations.

    AWS takes them only in the first Region of the replication set (its user guide). Every method
    may raise `ServiceError` and its kin, `TransportError`, `ResponseDecodeError` and
    `ConfigurationError`; what is said below comes on top.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(self, resource: Tagged) -> dict[str, str]:
        """Read the tags of a contact or a rotation (ListTagsForResource).

        Args:
            resource: its record, summary or ARN.

        Raises:
            InvalidValueError: `resource` is not the ARN of one.
            ResourceNotFoundError: there is no such resource.
        """
        arn = arn_of(resource)
        check("tags.list", tagged_arn_violations("resource", arn))
        return self._transport.send(
            Request.of("ListTagsForResource", {"ResourceARN": arn}, _read_tags)
        )

    def add(self, resource: Tagged, tags: Mapping[str, str]) -> None:
        """Add tags to a contact or a rotation; a key that is there gets the value (TagResource).

        >>> from ssm_contacts_sdk import Contact, ContactsClient, ContactType
        >>> client = ContactsClient.local()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> client.tags.add(akua, {"team": "web"})
        >>> client.tags.list(akua)
        {'team': 'web'}

        Args:
            resource: its record, summary or ARN.
            tags: 1 to 50 keys of 1 to 128 characters with values of 1 to 256 (AWS's model).

        Raises:
            InvalidValueError: an argument that breaks a rule.
            ResourceNotFoundError: there is no such resource.
            ServiceQuotaExceededError: it would have too many tags.
        """
        arn = arn_of(resource)
        check("tags.add", _add_violations(arn, tags))
        self._transport.send(
            Request.of("TagResource", {"ResourceARN": arn, "Tags": tag_list(tags)}, discard)
        )

    def remove(self, resource: Tagged, keys: Iterable[str]) -> None:
        """Take tags away from a contact or a rotation (UntagResource).

        Args:
            resource: its record, summary or ARN.
            keys: 1 to 50 keys; one that is not there does no harm.

        Raises:
            InvalidValueError: an argument that breaks a rule.
            ResourceNotFoundError: there is no such resource.
        """
        arn, wanted = arn_of(resource), as_tuple(keys)
        check("tags.remove", _remove_violations(arn, wanted))
        kwargs = {"ResourceARN": arn, "TagKeys": list(wanted)}
        self._transport.send(Request.of("UntagResource", kwargs, discard))


def _read_tags(response: Response) -> dict[str, str]:
    tags = items_of(Tag, response, "Tags", always_there=False)
    return {tag.key: tag.value for tag in tags}


def _add_violations(arn: object, tags: object) -> Iterator[Violation]:
    yield from tagged_arn_violations("resource", arn)
    yield from tag_violations("tags", tags)
    if isinstance(tags, Mapping) and not tags:
        yield Violation("tags", "must have a tag: there is nothing to add")


def _remove_violations(arn: object, keys: object) -> Iterator[Violation]:
    yield from tagged_arn_violations("resource", arn)
    yield from list_violations("keys", keys, "keys", TAG_KEY.violations, least=1, most=_MOST_KEYS)
