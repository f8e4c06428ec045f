"""How much the service lets an account have, and the codes of its quotas."""

from typing import Any

from attrs import Attribute, field, frozen

from ssm_contacts_sdk._errors import InvalidValueError, Violation
from ssm_contacts_sdk._public import public

SERVICE_CODE = "ssm-contacts"
"""The service's code in Service Quotas."""

CONTACTS_CODE = "L-7DD2017D"
STAGES_CODE = "L-5AE11799"
CHANNELS_CODE = "L-F338226A"
ROTATIONS_CODE = "L-4EA3AB3A"
FIXED_CODE = "L-00000000"
"""Our assumption: a quota that cannot be raised has no published code, yet the answer needs one."""

# Each of these is a rate of its own; the reads and the rest share a code, though not a bucket.
_RATE_CODES = {
    "AcceptPage": "L-D35B01ED",
    "StartEngagement": "L-254D300C",
    "StopEngagement": "L-F890E288",
    "GetContact": "L-E86843F5",
    "DescribeEngagement": "L-0C2999E2",
    "DescribePage": "L-977ABCD7",
    "ListEngagements": "L-8F6873DD",
    "ListPagesByEngagement": "L-70D46058",
    "ListPagesByContact": "L-05EEDCEB",
    "ListPageReceipts": "L-E25E885A",
    "GetRotation": "L-0ECD1CFA",
    "GetRotationOverride": "L-0ECD1CFA",
    "ListPreviewRotationShifts": "L-0ECD1CFA",
    "ListRotationOverrides": "L-0ECD1CFA",
    "ListRotationShifts": "L-0ECD1CFA",
    "ListRotations": "L-0ECD1CFA",
}
_OTHER_READS_CODE = "L-DBEB7593"
_OTHER_WRITES_CODE = "L-53EDA07E"


def rate_code(operation: str) -> str:
    """The code of the quota on how often `operation` may be called.

    >>> rate_code("GetContact"), rate_code("ListContacts"), rate_code("CreateContact")
    ('L-E86843F5', 'L-DBEB7593', 'L-53EDA07E')
    """
    reads = operation.startswith(("Get", "List"))
    return _RATE_CODES.get(operation, _OTHER_READS_CODE if reads else _OTHER_WRITES_CODE)


def _at_least_nothing(_: "Quotas", limit: "Attribute[Any]", value: int | None) -> None:
    if value is not None and value < 0:
        raise InvalidValueError("Quotas", [Violation(limit.name, "must be at least 0, or None")])


@public
@frozen(kw_only=True)
class Quotas:
    """The published quotas on resources; None is no limit.

    Our assumptions: contacts of all three types count together, and of a stage's targets only
    the channels count.

    >>> Quotas(contacts=2).stages_per_plan
    10
    """

    contacts: int | None = field(default=1_000, validator=_at_least_nothing)
    stages_per_plan: int | None = field(default=10, validator=_at_least_nothing)
    channels_per_stage: int | None = field(default=10, validator=_at_least_nothing)
    rotations_per_schedule: int | None = field(default=8, validator=_at_least_nothing)
    rotations: int | None = field(default=500, validator=_at_least_nothing)

    @classmethod
    def none(cls) -> "Quotas":
        """No quotas at all."""
        return cls(
            contacts=None,
            stages_per_plan=None,
            channels_per_stage=None,
            rotations_per_schedule=None,
            rotations=None,
        )


def exceeds(count: int, quota: int | None) -> bool:
    """Whether `count` is more than the quota allows."""
    return quota is not None and count > quota
