"""What an audit could not read, so that it does not know what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from ssm_contacts_sdk._errors import ContactsError
from ssm_contacts_sdk._models.contacts import ContactType
from ssm_contacts_sdk._oncall.account_snapshot import SnapshotPart
from ssm_contacts_sdk._oncall.audit.context import Audited, hidden_rotations
from ssm_contacts_sdk._oncall.audit.findings import Finding, Severity
from ssm_contacts_sdk._oncall.phrases import listed, not_read
from ssm_contacts_sdk._service_errors import (
    AccessDeniedError,
    ConflictError,
    DataEncryptionError,
)

_SUBJECTS: Mapping[SnapshotPart, tuple[str, str]] = MappingProxyType(
    {
        "channel": ("The channel {}", "whether a page would reach anybody through it"),
        "channels": ("The list of the channels of {}", "whether some of them get no pages"),
        "contact": ("The contact {}", "whether a page would reach anybody through it"),
        "overrides": (
            "The list of the overrides of the rotation {}",
            "whether one of them names somebody who was deleted",
        ),
        "rotation": ("The rotation {}", "who is in it"),
        "rotations": ("The list of all rotations", "what is wrong with those in no schedule"),
        "shifts": ("The shifts of the rotation {}", "who is on call in it"),
    }
)
"""What could not be read, and what is therefore not known."""

_ADVICE: tuple[tuple[type[ContactsError], str], ...] = (
    (AccessDeniedError, "Grant the caller the ssm-contacts action {} on it."),
    (
        DataEncryptionError,
        "Check the KMS key of the replication set, and that the caller may use it.",
    ),
    (ConflictError, "It is being changed: run the audit again."),
)


def unreadable_findings(account: Audited) -> Iterator[Finding]:
    """A finding for each record and each list that the service did not give."""
    for (part, arn), error in account.snapshot.unreadable.items():
        subject, unknown = _SUBJECTS[part]
        name = account.name(arn)
        also = _schedules(account, arn) if part == "shifts" else ""
        yield Finding(
            rule="unreadable",
            severity=Severity.ERROR,
            resource=arn,
            text=f"{subject.format(name)} {not_read(error)}: it is not known {unknown}{also}.",
            advice=_advice(error),
            error=error,
        )


def _schedules(account: Audited, rotation_arn: str) -> str:
    """The schedules of which the gaps are therefore not known."""
    schedules = sorted(
        account.name(schedule.arn)
        for schedule in account.contacts(ContactType.ONCALL_SCHEDULE)
        if rotation_arn in hidden_rotations(account.snapshot, schedule)
    )
    several = "s" if schedules[1:] else ""
    return f", nor when nobody is in the schedule{several} {listed(schedules)}" if schedules else ""


def _advice(error: ContactsError) -> str:
    operation = str(getattr(error, "operation", None) or "of this list")
    for kind, advice in _ADVICE:
        if isinstance(error, kind):
            return advice.format(operation)
    return f"Call {operation} for it alone: the error has the details."
