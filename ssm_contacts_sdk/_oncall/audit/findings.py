"""The findings of an audit: what would happen, how bad that is, and what to do about it."""

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
"""All rules of an audit."""


@public
class Severity(str, Enum):
    """How bad a finding is. Severities can be compared with each other and with their words.

    >>> Severity.INFO < Severity.WARNING < Severity.ERROR, Severity.ERROR >= "warning"
    (True, True)
    """

    INFO = "info"
    """No page is missed because of it."""
    WARNING = "warning"
    """A page may be missed, or something does not work as it seems to."""
    ERROR = "error"
    """A page does not reach somebody."""

    def __str__(self) -> str:
        return self.value

    # Without these, the words would be compared, in alphabetical order.
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
    """A problem in an account, or a fact that is worth knowing.

    Its `str` has three lines: the severity and the text; the advice; the resource and the rule.

    Attributes:
        rule: the rule of the audit, such as ``nobody-on-call``.
        severity: how bad it is.
        resource: the ARN of the resource that it is about.
        text: what would happen, in a sentence with names but without phone numbers and addresses.
        advice: what to do about it.
        intervals: the gaps in order, each from its start to its end, if it is about gaps.
        error: the error, if the rule is ``unreadable``. Its message may contain the caller's role,
            which `text` never does.
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
