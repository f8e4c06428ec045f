"""What is true of each of the service's 39 operations.

Whether a request may be repeated when nobody knows what became of it, and whether it carries an
idempotency token. The tokens are in AWS's model; what may be repeated is our reading of what each
operation does.
"""

from __future__ import annotations

import re
from enum import Enum

from attrs import field, frozen


class Repeat(Enum):
    """What repeating a request does when the first one may have been done."""

    READS = "reads"
    """Changes nothing: may be repeated."""
    CREATES = "creates"
    """Creates once a token: may be repeated with the same token."""
    SETS = "sets"
    """Sets a state: a second time, it sets the same."""
    DELETES = "deletes"
    """May be repeated; a not-found then means that the first one did it."""
    ACTS = "acts"
    """Does something each time, or fails the second time: never repeated."""


@frozen
class Operation:
    """One operation, by AWS's name for it."""

    name: str
    """In AWS's spelling: ``CreateContact``."""
    repeat: Repeat
    boto3_name: str = field(init=False)
    """In boto3's spelling: ``create_contact``."""

    def __attrs_post_init__(self) -> None:
        name = re.sub(r"(?<!^)(?=[A-Z])", "_", self.name).lower()
        object.__setattr__(self, "boto3_name", name)

    @property
    def takes_token(self) -> bool:
        """Whether the request carries an idempotency token."""
        return self.repeat is Repeat.CREATES

    @property
    def changes_state(self) -> bool:
        """Whether it is more than a read."""
        return self.repeat is not Repeat.READS

    @property
    def is_paged(self) -> bool:
        """Whether the answer comes in pages; botocore's model has all lists so but one."""
        return self.name.startswith("List") and self.name != "ListTagsForResource"

    @property
    def is_repeatable(self) -> bool:
        """Whether to repeat it is safe, even if the first request was carried out."""
        return self.repeat is not Repeat.ACTS


_OPERATIONS = {
    Repeat.READS: (
        "DescribeEngagement",
        "DescribePage",
        "GetContact",
        "GetContactChannel",
        "GetContactPolicy",
        "GetRotation",
        "GetRotationOverride",
        "ListContactChannels",
        "ListContacts",
        "ListEngagements",
        "ListPageReceipts",
        "ListPageResolutions",
        "ListPagesByContact",
        "ListPagesByEngagement",
        "ListPreviewRotationShifts",
        "ListRotationOverrides",
        "ListRotationShifts",
        "ListRotations",
        "ListTagsForResource",
    ),
    Repeat.CREATES: (
        "CreateContact",
        "CreateContactChannel",
        "CreateRotation",
        "CreateRotationOverride",
        "StartEngagement",
    ),
    Repeat.SETS: (
        "DeactivateContactChannel",
        "PutContactPolicy",
        "StopEngagement",
        "TagResource",
        "UntagResource",
        "UpdateContact",
        "UpdateContactChannel",
        "UpdateRotation",
    ),
    Repeat.DELETES: (
        "DeleteContact",
        "DeleteContactChannel",
        "DeleteRotation",
        "DeleteRotationOverride",
    ),
    Repeat.ACTS: ("AcceptPage", "ActivateContactChannel", "SendActivationCode"),
}

OPERATIONS = {
    name: Operation(name, repeat) for repeat, names in _OPERATIONS.items() for name in names
}
"""Every operation, by AWS's name."""

BY_BOTO3_NAME = {operation.boto3_name: operation for operation in OPERATIONS.values()}
"""Every operation, by boto3's name."""
