"""What people really want to know: who is on call, and who will be paged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Union, cast

from ssm_contacts_sdk.errors import Fault, InvalidValueError
from ssm_contacts_sdk.model.arns import CONTACT, ROTATION, arn_faults, arn_of
from ssm_contacts_sdk.model.contacts import ContactRecord, ContactRef, ContactSummary, ContactType
from ssm_contacts_sdk.model.plans import Plan
from ssm_contacts_sdk.model.rotations import RotationRecord, RotationRef, RotationSummary
from ssm_contacts_sdk.model.rules import check, part_faults, wrong_type
from ssm_contacts_sdk.model.times import as_instant, instant_faults
from ssm_contacts_sdk.oncall.assumptions import OnCallAssumptions
from ssm_contacts_sdk.oncall.duty import Duty, OnCall
from ssm_contacts_sdk.oncall.timeline import Timeline, timeline
from ssm_contacts_sdk.resources.channels import Channels
from ssm_contacts_sdk.resources.contacts import Contacts
from ssm_contacts_sdk.resources.overrides import Overrides
from ssm_contacts_sdk.resources.reach import Reader
from ssm_contacts_sdk.resources.rotations import Rotations

OnCallRef = Union[ContactRef, RotationRef]
"""What somebody can be on call for: a rotation, an on-call schedule or an escalation plan."""

Acknowledgements = Union[
    Mapping[ContactRecord, timedelta], Mapping[ContactSummary, timedelta], Mapping[str, timedelta]
]
"""Who acknowledges, and how long after the start: people by their records, summaries or ARNs."""


class Foresight:
    """Questions that take several calls to answer. None of them changes anything."""

    contacts: Contacts
    """People, escalation plans and on-call schedules."""
    channels: Channels
    """The phones and mailboxes through which people are reached."""
    rotations: Rotations
    """People who take turns, and their shifts."""
    overrides: Overrides
    """Other people for a part of a rotation's time."""
    _now: Callable[[], datetime]

    def on_call(self, what: OnCallRef, at: datetime | None = None) -> OnCall:
        """Tell who is on call, through which rotation and shift, until when, and who is next.

        The shifts are those that the service tells, overrides included.

        >>> from ssm_contacts_sdk import Contact, ContactsClient, ContactType, Plan
        >>> client = ContactsClient.local()
        >>> nobody = Contact(alias="web", type=ContactType.ONCALL_SCHEDULE, plan=Plan.on_call())
        >>> client.on_call(client.contacts.create(nobody)).contact_ids
        ()

        Args:
            what: a rotation, an on-call schedule or an escalation plan, by record, summary or
                ARN.
            at: when, with a time zone; now when left out.

        Raises:
            InvalidValueError: an argument that breaks a rule, or `what` is a person.
            ResourceNotFoundError: there is no such contact.
            ValidationError: there is no such rotation.
        """
        arn = arn_of(what)
        check("on_call", _on_call_faults(what, arn), _at_faults(at))
        when = self._now() if at is None else as_instant(at)
        reader = self._reader()
        if any(arn_faults("what", arn, CONTACT)):
            return OnCall(at=when, duties=(reader.duty(arn, when, None, None),))
        contact = self.contacts.get(arn)
        if contact.type == ContactType.PERSONAL:
            rule = "must be a rotation, an on-call schedule or an escalation plan, not a person"
            raise InvalidValueError("on_call", [Fault("what", rule)])
        if contact.type == ContactType.ONCALL_SCHEDULE:
            duties = _duties_of_schedule(reader, arn, contact.plan, when, None)
        else:
            duties = _duties_of_escalation(reader, contact.plan, when)
        return OnCall(at=when, duties=tuple(duties))

    def preview(
        self,
        what: ContactRef | Plan,
        at: datetime | None = None,
        *,
        acknowledge: Acknowledgements | None = None,
        horizon: timedelta | None = None,
        assumptions: OnCallAssumptions | None = None,
    ) -> Timeline:
        """Tell who would be paged, and when, if somebody were engaged.

        Nothing is sent. What AWS does not say of plans is `assumptions`; the embedded service
        does just what a preview tells.

        >>> from ssm_contacts_sdk import ContactsClient, Plan
        >>> channel = "arn:aws:ssm-contacts:us-east-2:111122223333:contact-channel/akuam/1"
        >>> plan = Plan.engagement().stage(minutes=5).channel(channel).build()
        >>> timeline = ContactsClient.local().preview(plan)
        >>> [(skipped.reason, str(skipped.offset)) for skipped in timeline.skipped]
        [('deleted', '0:00:00')]

        Args:
            what: a person, an escalation plan or an on-call schedule, by record, summary or ARN;
                or a plan that exists nowhere yet.
            at: when the engagement would start, with a time zone; now when left out.
            acknowledge: who would acknowledge, and how long after the start. Somebody who has not
                been paged by then does not.
            horizon: how long after the start to stop looking; to the end when left out.
            assumptions: how plans are read where AWS does not say.

        Raises:
            InvalidValueError: an argument that breaks a rule.
            ResourceNotFoundError: there is no such contact.
        """
        given: Acknowledgements = {} if acknowledge is None else acknowledge
        check(
            "preview",
            _preview_faults(what),
            _at_faults(at),
            _acknowledge_faults(given),
            _span_faults("horizon", horizon),
            _assumptions_faults(assumptions),
        )
        start = self._now() if at is None else as_instant(at)
        reader = self._reader()
        if isinstance(what, Plan):
            reader.follow_plan(what, start)
            root: str | Plan = what
        else:
            root = arn_of(what)
            reader.follow(self.contacts.get(root), start)
        return timeline(
            root,
            reader.reach(),
            start,
            acknowledge={arn_of(person): offset for person, offset in given.items()},
            horizon=horizon,
            assumptions=OnCallAssumptions() if assumptions is None else assumptions,
        )

    def _reader(self) -> Reader:
        return Reader(self.contacts, self.channels, self.rotations, self.overrides)


def _duties_of_schedule(
    reader: Reader, schedule_arn: str, plan: Plan, at: datetime, stage_index: int | None
) -> Iterator[Duty]:
    for rotation_arn in plan.rotation_ids or ():
        yield reader.duty(rotation_arn, at, schedule_arn, stage_index)


def _duties_of_escalation(reader: Reader, plan: Plan, at: datetime) -> Iterator[Duty]:
    for index, stage in enumerate(plan.stages):
        for target in stage.targets:
            arn = getattr(target, "contact_id", None)
            contact = None if arn is None else reader.contact(arn)
            if contact is None:
                continue
            if contact.type == ContactType.ONCALL_SCHEDULE:
                yield from _duties_of_schedule(reader, contact.arn, contact.plan, at, index)
            elif contact.type == ContactType.PERSONAL:
                yield Duty(contact_ids=(contact.arn,), stage_index=index)


def _on_call_faults(what: object, arn: object) -> Iterator[Fault]:
    if isinstance(what, (RotationRecord, RotationSummary)):
        yield from arn_faults("what", arn, ROTATION)
    # A rotation's ARN is one, and so is a contact's: only both refusing it is a fault.
    elif any(arn_faults("what", arn, CONTACT)) and any(arn_faults("what", arn, ROTATION)):
        yield Fault("what", "must be a rotation or a contact: its record, its summary or its ARN")


def _preview_faults(what: object) -> Iterator[Fault]:
    if isinstance(what, Plan):
        yield from part_faults("what", what, (Plan,))
    else:
        yield from arn_faults("what", arn_of(what), CONTACT)


def _assumptions_faults(assumptions: object) -> Iterator[Fault]:
    if assumptions is not None and not isinstance(assumptions, OnCallAssumptions):
        yield wrong_type("assumptions", "an OnCallAssumptions", assumptions)


def _at_faults(at: object) -> Iterator[Fault]:
    if at is not None:
        yield from instant_faults("at", at)


def _acknowledge_faults(given: object) -> Iterator[Fault]:
    if not isinstance(given, Mapping):
        yield wrong_type("acknowledge", "a mapping of contacts to timedeltas", given)
        return
    for person, offset in cast("Mapping[object, object]", given).items():
        yield from arn_faults("acknowledge", arn_of(person), CONTACT)
        yield from _span_faults("acknowledge", offset)


def _span_faults(path: str, span: object) -> Iterator[Fault]:
    if span is None:
        return
    if not isinstance(span, timedelta):
        yield wrong_type(path, "a timedelta", span)
    elif span < timedelta(0):
        yield Fault(path, "must not be negative")
