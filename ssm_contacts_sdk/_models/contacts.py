"""Contacts: people, escalation plans and on-call schedules."""

from collections.abc import Iterator
from typing import Union

from attrs import Factory, field, frozen

from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._models.arns import CONTACT, arn_violations
from ssm_contacts_sdk._models.plans import ChannelTarget, ContactTarget, Plan
from ssm_contacts_sdk._models.rules import (
    Checked,
    TextRule,
    as_choice,
    choice_violations,
    letters_spaces_digits_and,
    matching,
    part_violations,
)
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._schema.enums import OpenEnum

ALIAS = TextRule(
    1, 255, "the lower-case letters a to z, digits, _ and -", matching(r"[a-z0-9_\-]*")
)
CONTACT_NAME = TextRule(
    0, 255, "letters, digits, spaces, _ . and -", letters_spaces_digits_and("_.-")
)


@public
class ContactType(OpenEnum):
    """What a contact is."""

    PERSONAL = "PERSONAL"
    """One person, with channels and an engagement plan."""
    ESCALATION = "ESCALATION"
    """An escalation plan: people and schedules in stages."""
    ONCALL_SCHEDULE = "ONCALL_SCHEDULE"
    """An on-call schedule: rotations."""


def _type(value: ContactType) -> ContactType:
    return as_choice(ContactType, value)


def _default_plan(contact: "Contact") -> Plan:
    return Plan.on_call() if contact.type == ContactType.ONCALL_SCHEDULE else Plan()


@public
@frozen(kw_only=True)
class Contact(Checked):
    """A contact as one describes it: a person, an escalation plan or an on-call schedule.

    Args:
        alias: the short name, unique in the account and Region, which becomes the end of the ARN:
            1 to 255 of ``a`` to ``z``, digits, ``_`` and ``-`` (AWS's model).
        display_name: the full name: up to 255 letters, digits, spaces, ``_``, ``.`` and ``-``.
        type: a `ContactType`.
        plan: an empty plan of the right kind when left out. A person's plan holds channels, an
            escalation's contacts (AWS's user guide), a schedule's rotations.

    Raises:
        InvalidValueError: with every rule that is broken.

    >>> contact = Contact(alias="akuam", display_name="Akua Mansa", type=ContactType.PERSONAL)
    >>> contact.plan
    Plan(stages=(), rotation_ids=None)
    """

    alias: str
    display_name: str | None = None
    type: ContactType = field(converter=_type)
    plan: Plan = field(default=Factory(_default_plan, takes_self=True))

    def violations(self) -> Iterator[Violation]:
        yield from ALIAS.violations("alias", self.alias)
        if self.display_name is not None:
            yield from CONTACT_NAME.violations("display_name", self.display_name)
        yield from choice_violations("type", self.type, ContactType)
        yield from part_violations("plan", self.plan, (Plan,))
        yield from misplaced_plan_violations("plan", self.plan, self.type)


@public
@frozen(kw_only=True)
class ContactRecord(Contact):
    """A contact as the service holds it."""

    arn: str

    def violations(self) -> Iterator[Violation]:
        yield from super().violations()
        yield from arn_violations("arn", self.arn, CONTACT)


@public
@frozen(kw_only=True)
class ContactSummary(Checked):
    """What a list tells of a contact; `client.contacts.get` gives the rest."""

    arn: str
    alias: str
    display_name: str | None = None
    type: ContactType = field(converter=_type)

    def violations(self) -> Iterator[Violation]:
        yield from arn_violations("arn", self.arn, CONTACT)
        yield from ALIAS.violations("alias", self.alias)
        if self.display_name is not None:
            yield from CONTACT_NAME.violations("display_name", self.display_name)
        yield from choice_violations("type", self.type, ContactType)


ContactRef = Union[ContactRecord, ContactSummary, str]
"""A contact, by its record, its summary or its ARN."""


def misplaced_plan_violations(path: str, plan: object, contact_type: object) -> Iterator[Violation]:
    """What in `plan` has no place in the plan of such a contact.

    That a schedule takes no stages is known from the service's own words; that a person's stages
    hold channels and an escalation's hold contacts is how AWS's user guide describes them.
    """
    if not isinstance(plan, Plan):
        return
    if contact_type == ContactType.ONCALL_SCHEDULE:
        if plan.rotation_ids is None:
            yield Violation(path, "of an on-call schedule names rotations: use Plan.on_call(...)")
    elif contact_type == ContactType.PERSONAL:
        yield from _staged_violations(path, plan, ContactTarget, "a person's plan", "a channel")
    elif contact_type == ContactType.ESCALATION:
        yield from _staged_violations(path, plan, ChannelTarget, "an escalation plan", "a contact")


def _staged_violations(
    path: str, plan: Plan, misplaced: type[Checked], owner: str, wanted: str
) -> Iterator[Violation]:
    if plan.rotation_ids is not None:
        yield Violation(f"{path}.rotation_ids", f"must be None: {owner} has stages")
    for i, stage in enumerate(plan.stages):
        for j, target in enumerate(stage.targets):
            if isinstance(target, misplaced):
                yield Violation(
                    f"{path}.stages[{i}].targets[{j}]",
                    f"must be {wanted}: see Plan.engagement() and Plan.escalation()",
                )
