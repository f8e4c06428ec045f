"""An audit of a whole account: who would not be reached, and when nobody is on call."""

from __future__ import annotations

from datetime import datetime

from ssm_contacts_sdk._models.times import as_instant
from ssm_contacts_sdk._oncall.account_snapshot import AccountSnapshot
from ssm_contacts_sdk._oncall.audit.context import Audited
from ssm_contacts_sdk._oncall.audit.findings import Finding
from ssm_contacts_sdk._oncall.audit.people import people_findings
from ssm_contacts_sdk._oncall.audit.plans import plan_findings
from ssm_contacts_sdk._oncall.audit.quotas import quota_findings
from ssm_contacts_sdk._oncall.audit.rotations import rotation_findings, schedule_findings
from ssm_contacts_sdk._oncall.audit.unreadable import unreadable_findings

_SUBJECTS = (
    unreadable_findings,
    people_findings,
    plan_findings,
    schedule_findings,
    rotation_findings,
    quota_findings,
)


def audit(snapshot: AccountSnapshot, since: datetime, until: datetime) -> tuple[Finding, ...]:
    """Look for all that would go wrong in an account.

    Args:
        snapshot: everything in the account, with the shifts and overrides of that time.
        since: From when to look for gaps, and at who is on call.
        until: Until when.

    Returns:
        What was found: the worst first, then by rule and resource.
    """
    account = Audited.of(snapshot, as_instant(since), as_instant(until))
    found = [finding for subject in _SUBJECTS for finding in subject(account)]
    return tuple(sorted(found, key=_order))


def _order(finding: Finding) -> tuple[bool, bool, str, str, str]:
    at_least = (finding.severity < "error", finding.severity < "warning")
    return *at_least, finding.rule, finding.resource, finding.text
