"""``client.tags``: the tags of contacts and rotations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Union

from ssm_contacts_sdk._models import arguments as models
from ssm_contacts_sdk._models.arns import TaggableArn
from ssm_contacts_sdk._models.contacts import ContactRef
from ssm_contacts_sdk._models.rotations import RotationRef
from ssm_contacts_sdk._operations import Arguments, Operation, Repeat, Response
from ssm_contacts_sdk._privacy import hides_all_arguments
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._resources.declarations import (
    changes,
    items,
    key_value_list,
    reference,
)
from ssm_contacts_sdk._resources.resource import Resource
from ssm_contacts_sdk._schema.constraints import Count
from ssm_contacts_sdk._schema.wire import items_reader_of

TaggedRef = Union[ContactRef, RotationRef]
"""A resource that can have tags: a contact or a rotation, by its record, summary or ARN."""


def _read(_: Arguments, response: Response) -> dict[str, str]:
    tags = items_reader_of(models.Tag, "Tags", required=False)(response)
    return {tag.key: tag.value for tag in tags}


_RESOURCE = reference("ResourceARN", TaggableArn)

LIST = Operation(
    "ListTagsForResource",
    "tags.list",
    Repeat.READS,
    {"resource": _RESOURCE},
    _read,
    models.Tag,
    "Tags",
)
ADD = changes(
    "TagResource",
    "tags.add",
    Repeat.SETS,
    resource=_RESOURCE,
    tags=key_value_list("Tags", Annotated[models.Tags, Count(1, items="tags")]),
)
REMOVE = changes(
    "UntagResource",
    "tags.remove",
    Repeat.SETS,
    resource=_RESOURCE,
    keys=items("TagKeys", models.TagKeys),
)


@public
@hides_all_arguments
class Tags(Resource):
    """The tags of contacts and rotations.

    AWS accepts tags only in the first Region of the replication set (its user guide).

    Every method may raise `ServiceError` and its subclasses, `TransportError`,
    `ResponseDecodeError` and `ConfigurationError`, in addition to the errors listed below.
    """

    def list(self, resource: TaggedRef) -> dict[str, str]:
        """Return the tags of a contact or a rotation (ListTagsForResource).

        >>> from ssm_contacts_sdk import Contact, ContactsClient, ContactType
        >>> client = ContactsClient.local()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> client.tags.list(akua)
        {}

        Args:
            resource: its record, summary or ARN.

        Raises:
            InvalidValueError: `resource` is not the ARN of a contact or a rotation.
            ResourceNotFoundError: the resource does not exist.
        """
        return self._run(LIST, resource=resource)

    def add(self, resource: TaggedRef, tags: Mapping[str, str]) -> None:
        """Add tags to a contact or a rotation; an existing key gets the new value (TagResource).

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
            InvalidValueError: an argument breaks a rule.
            ResourceNotFoundError: the resource does not exist.
            ServiceQuotaExceededError: the resource would have too many tags.
        """
        self._run(ADD, resource=resource, tags=tags)

    def remove(self, resource: TaggedRef, keys: Iterable[str]) -> None:
        """Remove tags from a contact or a rotation (UntagResource).

        >>> from ssm_contacts_sdk import Contact, ContactsClient, ContactType
        >>> client = ContactsClient.local()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> client.tags.add(akua, {"team": "web"})
        >>> client.tags.remove(akua, ["team"])
        >>> client.tags.list(akua)
        {}

        Args:
            resource: its record, summary or ARN.
            keys: 1 to 50 keys. A key that the resource does not have is ignored.

        Raises:
            InvalidValueError: an argument breaks a rule.
            ResourceNotFoundError: the resource does not exist.
        """
        self._run(REMOVE, resource=resource, keys=keys)
