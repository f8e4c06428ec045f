"""The names that the service gives to what is kept in one account and Region."""

from __future__ import annotations

import re

from attrs import field, frozen

from ssm_contacts_sdk._errors import InvalidValueError, Violation

_ACCOUNT_ID = re.compile(r"[0-9]{12}")
# botocore would fail with this in a client's host name; it is told here, where it was typed.
_REGION_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}


@frozen
class Account:
    """An account in a Region, which is the scope of every name and quota.

    >>> Account("111122223333", "us-east-2").contact_arn("akuam")
    'arn:aws:ssm-contacts:us-east-2:111122223333:contact/akuam'
    """

    account_id: str
    region_name: str
    _prefix: str = field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        violations: list[Violation] = []
        if not _ACCOUNT_ID.fullmatch(self.account_id):
            violations.append(Violation("account_id", "must be 12 digits"))
        if not _REGION_NAME.fullmatch(self.region_name):
            violations.append(
                Violation("region_name", "must be a Region's name, such as us-east-2")
            )
        if violations:
            raise InvalidValueError("LocalService", violations)
        partition = next(
            (name for start, name in _PARTITIONS.items() if self.region_name.startswith(start)),
            "aws",
        )
        prefix = f"arn:{partition}:ssm-contacts:{self.region_name}:{self.account_id}:"
        object.__setattr__(self, "_prefix", prefix)

    def contact_arn(self, alias: str) -> str:
        """The ARN of a contact, an escalation plan or an on-call schedule."""
        return f"{self._prefix}contact/{alias}"

    def channel_arn(self, alias: str, channel_id: str) -> str:
        """The ARN of a channel of the contact `alias`."""
        return f"{self._prefix}contact-channel/{alias}/{channel_id}"

    def rotation_arn(self, rotation_id: str) -> str:
        """The ARN of a rotation."""
        return f"{self._prefix}rotation/{rotation_id}"

    def engagement_arn(self, alias: str, engagement_id: str) -> str:
        """The ARN of an engagement of the contact `alias`."""
        return f"{self._prefix}engagement/{alias}/{engagement_id}"

    def page_arn(self, alias: str, page_id: str) -> str:
        """The ARN of a page to the person `alias`."""
        return f"{self._prefix}page/{alias}/{page_id}"

    def place_fault(self, arn: str) -> str | None:
        """The rule that `arn` breaks if it names something of elsewhere, else None."""
        if arn.startswith(self._prefix):
            return None
        _, partition, _, region_name, account_id, _ = arn.split(":", 5)
        if account_id != self.account_id:
            return f"must be of this service's account, {self.account_id}"
        if region_name != self.region_name:
            return f"must be of this service's Region, {self.region_name}"
        return f"must be of this Region's partition, not {partition}"


def resource_type(arn: str) -> str:
    """What an ARN names, in the service's word.

    >>> resource_type("arn:aws:ssm-contacts:us-east-2:111122223333:contact-channel/akuam/1")
    'contact-channel'
    """
    return arn.split(":", 5)[-1].partition("/")[0]
