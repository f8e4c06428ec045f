"""Snapshots of accounts, written by hand, for tests of the audit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta, timezone
from typing import Union

from arns import PREFIX
from attrs import field, frozen
from sentinels import phone_number

from ssm_contacts_sdk import (
    AccessDeniedError,
    ActivationStatus,
    Channel,
    ChannelRecord,
    ChannelTarget,
    ContactRecord,
    ContactTarget,
    ContactType,
    OverrideRecord,
    Plan,
    Recurrence,
    RotationRecord,
    Shift,
    ShiftType,
    Stage,
)
from ssm_contacts_sdk._oncall.account_snapshot import AccountSnapshot, SnapshotPart
from ssm_contacts_sdk._schema.values import trusted_constructor

ELSEWHERE = "arn:aws:ssm-contacts:us-east-2:444455556666:"
SINCE = datetime(2025, 1, 6, 9, 0, tzinfo=timezone.utc)
UNTIL = SINCE + timedelta(days=30)
OVERRIDE_ID = "6b0e3a2b-1d9c-4b57-9d3c-3c1d0a1f0a11"


def arn(place: str) -> str:
    return PREFIX + place


def hour(number: int) -> datetime:
    return SINCE + timedelta(hours=number)


def person(alias: str, *stages: Stage, name: str | None = None) -> ContactRecord:
    return _contact(
        alias,
        name,
        ContactType.PERSONAL,
        trusted_constructor(Plan)(stages=stages, rotation_ids=None),
    )


def escalation(alias: str, *stages: Stage) -> ContactRecord:
    return _contact(
        alias,
        None,
        ContactType.ESCALATION,
        trusted_constructor(Plan)(stages=stages, rotation_ids=None),
    )


def schedule(alias: str, *rotations: str) -> ContactRecord:
    plan = Plan.on_call(*(_full_arn("rotation", each) for each in rotations))
    return _contact(alias, None, ContactType.ONCALL_SCHEDULE, plan)


def _contact(alias: str, name: str | None, kind: ContactType, plan: Plan) -> ContactRecord:
    # Without validation: a plan that was read may contain wrong targets.
    return trusted_constructor(ContactRecord)(
        alias=alias, display_name=name, type=kind, plan=plan, arn=arn(f"contact/{alias}")
    )


def stage(minutes: int, *targets: ChannelTarget | ContactTarget) -> Stage:
    return Stage(duration_in_minutes=minutes, targets=targets)


def to_channel(channel: str, retry: int | None = None) -> ChannelTarget:
    """Return a channel as a target, as in ``to_channel("akuam/1")``."""
    return ChannelTarget(
        contact_channel_id=_full_arn("contact-channel", channel), retry_interval_in_minutes=retry
    )


def to_contact(alias: str, *, essential: bool = True) -> ContactTarget:
    return ContactTarget(contact_id=_full_arn("contact", alias), is_essential=essential)


def _full_arn(kind: str, name: str) -> str:
    return name if name.startswith("arn:") else arn(f"{kind}/{name}")


def channel(
    place: str,
    *,
    activated: bool = True,
    address: str | None = None,
    described: Channel | None = None,
) -> ChannelRecord:
    """Return a channel, as in ``channel("akuam/1")``: of akuam, with the name sms 1."""
    alias, _, number = place.partition("/")
    digits = sum(map(ord, place))
    made = described or Channel.sms(f"sms {number}", address or phone_number(digits))
    return ChannelRecord(
        arn=arn(f"contact-channel/{place}"),
        contact_arn=arn(f"contact/{alias}"),
        name=made.name,
        type=made.type,
        delivery_address=made.delivery_address,
        activation_status=(
            ActivationStatus.ACTIVATED if activated else ActivationStatus.NOT_ACTIVATED
        ),
    )


def reachable(alias: str, name: str | None = None) -> list[Record]:
    """Return a person without problems."""
    return [person(alias, stage(5, to_channel(f"{alias}/1")), name=name), channel(f"{alias}/1")]


@frozen
class RotationWithShifts:
    """A rotation, its shifts and its overrides."""

    rotation: RotationRecord
    shifts: list[Shift]
    overrides: list[OverrideRecord] = field(factory=list[OverrideRecord])


def calendar(
    name: str,
    members: str,
    shifts: Iterable[Shift] | None = None,
    overrides: Iterable[OverrideRecord] = (),
) -> RotationWithShifts:
    """Return a rotation; by default its first member is on call all the time."""
    people = [arn(f"contact/{member}") for member in members.split()]
    rotation = RotationRecord(
        arn=arn(f"rotation/{name}"),
        name=name,
        contact_ids=people,
        start_time=SINCE,
        time_zone_id="UTC",
        recurrence=Recurrence.daily("09:00"),
    )
    always = Shift(contact_ids=people[:1], start_time=SINCE, end_time=UNTIL)
    return RotationWithShifts(
        rotation, [always] if shifts is None else list(shifts), list(overrides)
    )


def shift(members: str, start: int, end: int, *, instead_of: str | None = None) -> Shift:
    """Return a shift between two hours; the shift of an override, if it replaces somebody."""
    return Shift(
        contact_ids=[arn(f"contact/{member}") for member in members.split()],
        start_time=hour(start),
        end_time=hour(end),
        type=ShiftType.REGULAR if instead_of is None else ShiftType.OVERRIDDEN,
        overridden_contact_ids=(
            None
            if instead_of is None
            else [arn(f"contact/{member}") for member in instead_of.split()]
        ),
    )


def override(name: str, members: str, start: int, end: int) -> OverrideRecord:
    return OverrideRecord(
        rotation_arn=arn(f"rotation/{name}"),
        id=OVERRIDE_ID,
        new_contact_ids=[arn(f"contact/{member}") for member in members.split()],
        start_time=hour(start),
        end_time=hour(end),
    )


@frozen
class Hidden:
    """What could not be read, as in ``Hidden("contact", "contact/akua")``."""

    part: SnapshotPart
    place: str


Record = Union[ContactRecord, ChannelRecord, RotationWithShifts, Hidden]


def read(*records: Record | list[Record]) -> AccountSnapshot:
    """Return a snapshot of all records, without those that are hidden."""
    flat: list[Record] = []
    for each in records:
        flat += each if isinstance(each, list) else [each]
    hidden: set[tuple[SnapshotPart, str]] = {
        (each.part, arn(each.place)) for each in flat if isinstance(each, Hidden)
    }
    rotations = [each for each in flat if isinstance(each, RotationWithShifts)]
    return AccountSnapshot(
        contacts={
            each.arn: each
            for each in flat
            if isinstance(each, ContactRecord) and ("contact", each.arn) not in hidden
        },
        channels={
            each.arn: each
            for each in flat
            if isinstance(each, ChannelRecord) and ("channel", each.arn) not in hidden
        },
        rotations={
            each.rotation.arn: each.rotation
            for each in rotations
            if ("rotation", each.rotation.arn) not in hidden
        },
        overrides={each.rotation.arn: each.overrides for each in rotations},
        shifts={
            each.rotation.arn: each.shifts
            for each in rotations
            if ("shifts", each.rotation.arn) not in hidden
        },
        unreadable={place: AccessDeniedError({}, "Get") for place in hidden},
    )
