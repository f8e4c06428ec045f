"""Contacts: people, escalation plans and on-call schedules."""

from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal, TypeAlias, Union

from attrs import Factory, field, frozen

from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._models.arns import ContactArn
from ssm_contacts_sdk._models.plans import ChannelTarget, ContactTarget, Plan
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._schema.constraints import Text
from ssm_contacts_sdk._schema.converters import OpenEnum, as_choice
from ssm_contacts_sdk._schema.fields import AwsName
from ssm_contacts_sdk._schema.values import Value, after_reading, record_of, rule
from ssm_contacts_sdk._schema.violations import under, violation

Alias: TypeAlias = Annotated[
    str,
    Text(
        1,
        255,
        r"^[a-z0-9_\-]*$",
        "may contain only the lower-case letters a to z, digits, _ and -",
    ),
]
DisplayName: TypeAlias = Annotated[
    str,
    Text(
        0, 255, r"^[\p{L}\p{Z}\p{N}_.\-]*$", "may contain only letters, digits, spaces, _ . and -"
    ),
]


@public
class ContactType(OpenEnum):
    """What a contact is: a person, an escalation plan or an on-call schedule."""

    PERSONAL = "PERSONAL"
    """One person, with channels and an engagement plan."""
    ESCALATION = "ESCALATION"
    """An escalation plan: people and schedules in stages."""
    ONCALL_SCHEDULE = "ONCALL_SCHEDULE"
    """An on-call schedule: rotations."""


ContactTypeName: TypeAlias = Literal["PERSONAL", "ESCALATION", "ONCALL_SCHEDULE"]
"""A `ContactType` as a plain str."""


def contact_type(value: ContactType | ContactTypeName) -> ContactType:
    """Return the `ContactType` of a plain str."""
    return as_choice(ContactType, value)


# Plans are frozen, so all contacts can have the same ones.
_NO_STAGES, _NO_ROTATIONS = Plan(), Plan.on_call()


def _default_plan(contact: "Contact") -> Plan:
    return _NO_ROTATIONS if contact.type == ContactType.ONCALL_SCHEDULE else _NO_STAGES


@public
@frozen(kw_only=True)
class Contact(Value):
    """A contact as a user describes it: a person, an escalation plan or an on-call schedule.

    Args:
        alias: the short name, unique in the account and Region, which becomes the end of the ARN:
            1 to 255 of ``a`` to ``z``, digits, ``_`` and ``-`` (AWS's model).
        display_name: the full name: up to 255 letters, digits, spaces, ``_``, ``.`` and ``-``.
        type: a `ContactType`, or its name such as ``"PERSONAL"``.
        plan: an empty plan of the right kind by default. The plan of a person has channels, that
            of an escalation plan has contacts (AWS's user guide), and that of a schedule has
            rotations.

    Raises:
        InvalidValueError: with every rule that is broken.

    >>> contact = Contact(alias="akuam", display_name="Akua Mansa", type="PERSONAL")
    >>> contact.plan
    Plan(stages=(), rotation_ids=None)
    """

    _aws_shape: ClassVar[str] = "CreateContactRequest"
    alias: Alias
    display_name: DisplayName | None = None
    type: ContactType = field(converter=contact_type)
    plan: Plan = field(default=Factory(_default_plan, takes_self=True))

    @rule("plan")
    def _plan_of_this_type(self) -> Sequence[Violation]:
        found = misplaced_plan_violations(self.plan, self.type)
        return under("plan", found) if found else ()

    @after_reading
    def _with_plan_of_this_type(self) -> "Contact":
        plan = self.plan
        if plan.stages or plan.rotation_ids:
            return self
        # The service may send both lists empty: which one the plan has follows from the type.
        return record_of(type(self), self, plan=_default_plan(self))


@public
@frozen(kw_only=True)
class ContactRecord(Contact):
    """A contact as the service stores it.

    Attributes:
        arn: the ARN of the contact.
        alias: the short name, unique in the account and Region.
        display_name: the full name; None or empty if there is none.
        type: what the contact is.
        plan: the whole plan.
    """

    _aws_shape: ClassVar[str] = "GetContactResult"
    arn: Annotated[ContactArn, AwsName("ContactArn")]


@public
@frozen(kw_only=True)
class ContactSummary(Value):
    """A contact as a list returns it: without its plan, which `client.contacts.get` returns.

    Attributes:
        arn: the ARN of the contact.
        alias: the short name, unique in the account and Region.
        display_name: the full name; None or empty if there is none.
        type: what the contact is.
    """

    _aws_shape: ClassVar[str] = "Contact"
    arn: Annotated[ContactArn, AwsName("ContactArn")]
    alias: Alias
    display_name: DisplayName | None = None
    type: ContactType = field(converter=contact_type)


ContactRef = Union[ContactRecord, ContactSummary, str]
"""A contact, by its record, its summary or its ARN."""


def misplaced_plan_violations(plan: Plan, contact_type: object) -> Sequence[Violation]:
    """Return a violation for each part of `plan` that a contact of this type cannot have.

    The service rejects the stages of a schedule. The user guide of AWS describes the stages of a
    person as channels, and those of an escalation plan as contacts.
    """
    if contact_type == ContactType.ONCALL_SCHEDULE and plan.rotation_ids is None:
        rule = "must be a plan of rotations for an on-call schedule: use Plan.on_call(...)"
        return violation("misplaced", rule)
    if contact_type == ContactType.PERSONAL:
        return _misplaced(plan, ContactTarget, "a person's plan", "a channel", "engagement")
    if contact_type == ContactType.ESCALATION:
        return _misplaced(plan, ChannelTarget, "an escalation plan", "a contact", "escalation")
    return ()


def _misplaced(
    plan: Plan, misplaced: type[Value], owner: str, expected: str, builder: str
) -> Sequence[Violation]:
    found: list[Violation] = []
    if plan.rotation_ids is not None:
        found += violation("misplaced", f"must be None: {owner} has stages", "rotation_ids")
    for i, stage in enumerate(plan.stages):
        for j, target in enumerate(stage.targets):
            if isinstance(target, misplaced):
                rule = f"must be {expected} in {owner}: see Plan.{builder}()"
                found += violation("misplaced", rule, f"stages[{i}].targets[{j}]")
    return found
