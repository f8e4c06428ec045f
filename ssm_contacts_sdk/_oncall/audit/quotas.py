"""What an audit looks for in numbers: how near an account is to AWS's quotas."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ssm_contacts_sdk._models.contacts import ContactType
from ssm_contacts_sdk._models.plans import ChannelTarget
from ssm_contacts_sdk._oncall.account_snapshot import SnapshotPart
from ssm_contacts_sdk._oncall.audit.context import Audited
from ssm_contacts_sdk._oncall.audit.findings import Finding, Severity

_NEAR = 0.9
_CONTACTS = 1_000
_ROTATIONS = 500
_STAGES = 10
_CHANNELS = 10
_ROTATIONS_OF_A_SCHEDULE = 8


def quota_findings(account: Audited) -> Iterator[Finding]:
    """What is 90 % of a quota or more; AWS may have raised it."""
    snapshot = account.snapshot
    yield from _of_account(_all(account, "contact", snapshot.contacts), "contact", _CONTACTS)
    yield from _of_account(_all(account, "rotation", snapshot.rotations), "rotation", _ROTATIONS)
    for contact in snapshot.contacts.values():
        plan = contact.plan
        if contact.type == ContactType.ONCALL_SCHEDULE:
            count = len(plan.rotation_ids or ())
            if _is_near(count, _ROTATIONS_OF_A_SCHEDULE):
                yield _near(
                    contact.arn,
                    f"The schedule {account.name(contact.arn)} has {count} rotations, and AWS "
                    f"allows {_ROTATIONS_OF_A_SCHEDULE} in a schedule.",
                    "This quota cannot be raised: use a second schedule.",
                )
            continue
        whose = account.plan_of(contact)
        if _is_near(len(plan.stages), _STAGES):
            yield _near(
                contact.arn,
                f"{whose[0].upper()}{whose[1:]} has {len(plan.stages)} stages, and AWS's quota is "
                f"{_STAGES} in a plan.",
            )
        for number, stage in enumerate(plan.stages, start=1):
            count = sum(isinstance(target, ChannelTarget) for target in stage.targets)
            if _is_near(count, _CHANNELS):
                yield _near(
                    contact.arn,
                    f"Stage {number} of {whose} has {count} channels, and AWS's quota is "
                    f"{_CHANNELS} in a stage.",
                )


def _all(account: Audited, kind: SnapshotPart, read: Collection[str]) -> Collection[str]:
    """Those that were read, and those that are there and could not be read."""
    return {*read, *(arn for part, arn in account.snapshot.unreadable if part == kind)}


def _of_account(arns: Collection[str], kind: str, quota: int) -> Iterator[Finding]:
    if _is_near(len(arns), quota):
        # All of them have no ARN but the one that policies write for them.
        everything = f"{min(arns).partition(f':{kind}/')[0]}:{kind}/*"
        text = f"The account has {len(arns):,} {kind}s, and AWS's quota is {quota:,} in an account."
        yield _near(everything, text)


def _is_near(count: int, quota: int) -> bool:
    return count >= _NEAR * quota


def _near(
    arn: str, text: str, advice: str = "AWS raises this quota on request, if it has not yet."
) -> Finding:
    return Finding(
        rule="near-quota", severity=Severity.INFO, resource=arn, text=text, advice=advice
    )
