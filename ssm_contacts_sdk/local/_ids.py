"""Ids, codes and ARNs: how the service names the resources of one account and Region."""

from __future__ import annotations

import re
from hashlib import blake2b
from uuid import UUID

from attrs import define, field, frozen

from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk.local._arguments import check

_CODES = 10**6
_ACCOUNT_ID = re.compile(r"[0-9]{12}")
# A name that no host can have would only fail later, when botocore makes a client.
_REGION_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}


@define(eq=False)
class Ids:
    """Ids and codes that look random but depend on the seed alone; no id is drawn twice.

    Each value is calculated from the seed and its number. A service that is restored needs only
    the attributes to continue.

    >>> Ids(0).uuid() == Ids(0).uuid()
    True
    """

    seed: int | str
    uuids: int = field(default=0, kw_only=True)
    """The number of ids drawn so far."""
    codes: int = field(default=0, kw_only=True)
    """The number of codes drawn so far."""
    message_ids: int = field(default=0, kw_only=True)
    """The number of message ids drawn so far."""
    taken: set[str] = field(factory=set[str], kw_only=True)
    """Ids of resources that were loaded."""

    def uuid(self) -> str:
        """Return an id that was neither drawn nor reserved before."""
        while True:
            self.uuids += 1
            drawn = str(UUID(bytes=self._bytes("uuid", self.uuids), version=4))
            if drawn not in self.taken:
                return drawn

    def reserve(self, used: str) -> None:
        """Never draw `used`: another service with the same seed may have drawn it."""
        self.taken.add(used)

    def code(self, *, unlike: str | None = None) -> str:
        """Return a code of six digits that differs from `unlike`, the code that it replaces."""
        while True:
            self.codes += 1
            drawn = f"{int.from_bytes(self._bytes('code', self.codes), 'big') % _CODES:06d}"
            if drawn != unlike:
                return drawn

    def message_id(self) -> str:
        """Return an id for a message that was sent: SM and 32 hexadecimal digits."""
        self.message_ids += 1
        return f"SM{self._bytes('message', self.message_ids).hex()}"

    def _bytes(self, kind: str, number: int) -> bytes:
        return blake2b(f"{self.seed!r} {kind} {number}".encode(), digest_size=16).digest()


@frozen
class Account:
    """An account in a Region: the scope of every name and quota.

    >>> Account("111122223333", "us-east-2").contact_arn("akuam")
    'arn:aws:ssm-contacts:us-east-2:111122223333:contact/akuam'
    """

    account_id: str
    region_name: str
    _prefix: str = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        violations: list[Violation] = []
        if not _ACCOUNT_ID.fullmatch(self.account_id):
            rule = f"must be 12 digits (got {self.account_id!r})"
            violations.append(Violation("account_id", rule, "wrong_format"))
        if not _REGION_NAME.fullmatch(self.region_name):
            rule = f"must be the name of a Region, such as us-east-2 (got {self.region_name!r})"
            violations.append(Violation("region_name", rule, "wrong_format"))
        check("LocalService", violations)
        partition = next(
            (name for start, name in _PARTITIONS.items() if self.region_name.startswith(start)),
            "aws",
        )
        prefix = f"arn:{partition}:ssm-contacts:{self.region_name}:{self.account_id}:"
        object.__setattr__(self, "_prefix", prefix)

    def contact_arn(self, alias: str) -> str:
        """Return the ARN of a person, an escalation plan or an on-call schedule."""
        return f"{self._prefix}contact/{alias}"

    def channel_arn(self, alias: str, channel_id: str) -> str:
        """Return the ARN of a channel of the contact `alias`."""
        return f"{self._prefix}contact-channel/{alias}/{channel_id}"

    def rotation_arn(self, rotation_id: str) -> str:
        """Return the ARN of a rotation."""
        return f"{self._prefix}rotation/{rotation_id}"

    def engagement_arn(self, alias: str, engagement_id: str) -> str:
        """Return the ARN of an engagement of the contact `alias`."""
        return f"{self._prefix}engagement/{alias}/{engagement_id}"

    def page_arn(self, alias: str, page_id: str) -> str:
        """Return the ARN of a page to the person `alias`."""
        return f"{self._prefix}page/{alias}/{page_id}"

    def foreign_arn_rule(self, arn: str) -> str | None:
        """Return the rule that `arn` breaks if it is of another account or Region, else None."""
        if arn.startswith(self._prefix):
            return None
        _, partition, _, region_name, account_id, _ = arn.split(":", 5)
        if account_id != self.account_id:
            return f"must be of this service's account, {self.account_id}"
        if region_name != self.region_name:
            return f"must be of this service's Region, {self.region_name}"
        return f"must be of this Region's partition, not {partition}"


def resource_type(arn: str) -> str:
    """Return the service's word for the kind of resource that an ARN names.

    >>> resource_type("arn:aws:ssm-contacts:us-east-2:111122223333:contact-channel/akuam/1")
    'contact-channel'
    """
    return arn.split(":", 5)[-1].partition("/")[0]
