"""What an audit finds: what would happen, how bad that is, and what to do about it."""

from enum import Enum
from typing import Literal, get_args

from attrs import field, frozen

from ssm_contacts_sdk._dates import Interval
from ssm_contacts_sdk._errors import ContactsError
from ssm_contacts_sdk._public import public

Rule = Literal[
    "channel-in-no-plan",
    "channel-not-activated",
    "channel-of-another-person",
    "deleted-channel",
    "deleted-contact",
    "deleted-member",
    "deleted-rotation",
    "empty-override",
    "empty-stage",
    "late-retry",
    "misplaced-target",
    "near-quota",
    "nested-escalation",
    "nobody-on-call",
    "nothing-essential",
    "other-account",
    "override-of-deleted",
    "rotation-in-no-schedule",
    "rotation-of-one",
    "schedule-without-rotations",
    "shared-phone-number",
    "unreachable-escalation",
    "unreachable-on-call",
    "unreachable-person",
    "unreadable",
]
RULES: tuple[Rule, ...] = get_args(Rule)
"""All that an audit looks for."""


@public
class Severity(str, Enum):
    """How bad it is. Severities are compared by that, with each other and with their words.

    >>> Severity.INFO < Severity.WARNING < Severity.ERROR, Severity.ERROR >= "warning"
    (True, True)
    """

    INFO = "info"
    """Worth knowing: nobody is missed for it."""
    WARNING = "warning"
    """Somebody may be missed, or it does something else than it seems to."""
    ERROR = "error"
    """Somebody who is called for help is not reached."""

    def __str__(self) -> str:
        return self.value

    # The order of the words themselves would be that of the alphabet.
    def __lt__(self, other: str, /) -> bool:
        return _rank(self) < _rank(other) if _is_word(other) else NotImplemented

    def __le__(self, other: str, /) -> bool:
        return _rank(self) <= _rank(other) if _is_word(other) else NotImplemented

    def __gt__(self, other: str, /) -> bool:
        return _rank(self) > _rank(other) if _is_word(other) else NotImplemented

    def __ge__(self, other: str, /) -> bool:
        return _rank(self) >= _rank(other) if _is_word(other) else NotImplemented


def _is_word(other: object) -> bool:
    return isinstance(other, str)


def _rank(severity: str) -> int:
    return list(Severity).index(Severity(severity))


@public
@frozen(kw_only=True)
class Finding:
    """Something in an account that would go wrong, or that should be known.

    As a string it is three lines, to print: how bad it is and the text; the advice; the resource
    and the rule.

    Attributes:
        rule: which of the audit's rules it is, such as ``nobody-on-call``.
        severity: how bad it is.
        resource: the ARN of what it is about.
        text: what would happen, in a sentence. It has names in it, and no phone number or address.
        advice: what to do about it.
        intervals: the gaps, where it is about gaps: from when until when, in order.
        error: of the rule ``unreadable``, what the service answered. Its text may name the
            caller's role, and `text` leaves that out.
    """

    rule: Rule
    severity: Severity
    resource: str
    text: str
    advice: str
    intervals: tuple[Interval, ...] = ()
    error: ContactsError | None = field(default=None, eq=False, repr=False)

    def __str__(self) -> str:
        lines = (
            f"{self.severity}: {self.text}",
            f"    {self.advice}",
            f"    {self.resource} ({self.rule})",
        )
        return "\n".join(lines)
