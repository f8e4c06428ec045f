"""Rotations: people who take turns, their shifts, and overrides of them."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Union

from attrs import field, frozen

from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._models.arns import CONTACT, ROTATION, arn_of, arn_violations
from ssm_contacts_sdk._models.contacts import ContactRef
from ssm_contacts_sdk._models.recurrence import Recurrence
from ssm_contacts_sdk._models.rules import (
    Checked,
    TextRule,
    as_choice,
    as_tuple,
    choice_violations,
    list_violations,
    matching,
    part_violations,
)
from ssm_contacts_sdk._models.times import (
    as_instant,
    as_instant_or_none,
    instant_violations,
    interval_violations,
    time_zone_violations,
)
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._schema.enums import OpenEnum

ROTATION_NAME = TextRule(
    1,
    255,
    "letters a to z and A to Z, digits, white space, _ . and -",
    matching(r"[a-zA-Z0-9_\-\s\.]*"),
)
OVERRIDE_ID = TextRule(
    36,
    39,
    "the digits and dashes of a UUID",
    matching(r"[a-fA-Z0-9]{8,11}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{12}"),
)
MEMBER = TextRule(1, 512, "one line of text that is not blank", matching(r".*\S.*"))
_MOST_PEOPLE = 30


def contact_arns(refs: Iterable[ContactRef]) -> tuple[str, ...]:
    arns = as_tuple(refs)
    return tuple(map(arn_of, arns)) if isinstance(arns, tuple) else arns


def _contact_arns_or_none(refs: Iterable[ContactRef] | None) -> tuple[str, ...] | None:
    return None if refs is None else contact_arns(refs)


def people_violations(path: str, values: object, least: int) -> Iterator[Violation]:
    """What is wrong with `values` as the people of a rotation or an override: at most 30."""
    return list_violations(
        path,
        values,
        "people",
        lambda place, value: arn_violations(place, value, CONTACT),
        least=least,
        most=_MOST_PEOPLE,
    )


@public
@frozen(kw_only=True)
class Rotation(Checked):
    """People who are on call in turns, as one describes it.

    A rotation becomes a part of an on-call schedule by `Plan.on_call(rotation)`.

    Args:
        name: 1 to 255 of ``a`` to ``z``, ``A`` to ``Z``, digits, white space, ``_``, ``.`` and
            ``-`` (AWS's model). Nothing forbids two rotations of one name.
        contact_ids: 1 to 30 people, records or ARNs, in the order of their turns (AWS's model);
            only people can be in a rotation (AWS's user guide).
        start_time: when the rotation goes into effect, with a time zone; it is kept in UTC. Turns
            are counted from it, so it must be given. None leaves it to the service, which probably
            takes the time at which the rotation is created (our assumption).
        time_zone_id: the zone by whose clock hands are changed, by its IANA name.
        recurrence: when, as in ``Recurrence.weekly(("MON", "09:00"))``.

    Raises:
        InvalidValueError: with every rule that is broken.

    >>> from datetime import datetime, timezone
    >>> rotation = Rotation(
    ...     name="web",
    ...     contact_ids=["arn:aws:ssm-contacts:us-east-2:111122223333:contact/akuam"],
    ...     start_time=datetime(2025, 1, 6, 9, 0, tzinfo=timezone.utc),
    ...     time_zone_id="Europe/Berlin",
    ...     recurrence=Recurrence.weekly(("MON", "09:00")),
    ... )
    """

    name: str
    contact_ids: tuple[str, ...] = field(converter=contact_arns)
    start_time: datetime | None = field(converter=as_instant_or_none)
    time_zone_id: str
    recurrence: Recurrence

    def violations(self) -> Iterator[Violation]:
        yield from ROTATION_NAME.violations("name", self.name)
        yield from people_violations("contact_ids", self.contact_ids, 1)
        if self.start_time is not None:
            yield from instant_violations("start_time", self.start_time)
        yield from time_zone_violations("time_zone_id", self.time_zone_id)
        yield from part_violations("recurrence", self.recurrence, (Recurrence,))


@public
@frozen(kw_only=True)
class RotationRecord(Rotation):
    """A rotation as the service holds it.

    `start_time` is None if the service does not say when the rotation went into effect: it probably
    leaves that out of a rotation that was created without a start time. AWS's model requires it.
    Who is on call can be asked all the same, as by ``client.rotations.shifts``: the service knows.
    A rotation that is created from such a record starts anew, with the first person.
    """

    arn: str

    def violations(self) -> Iterator[Violation]:
        yield from super().violations()
        yield from arn_violations("arn", self.arn, ROTATION)


@public
@frozen(kw_only=True)
class RotationSummary(Checked):
    """What a list tells of a rotation; AWS's model lets it leave out all but ARN and name."""

    arn: str
    name: str
    contact_ids: tuple[str, ...] | None = field(default=None, converter=_contact_arns_or_none)
    start_time: datetime | None = field(default=None, converter=as_instant_or_none)
    time_zone_id: str | None = None
    recurrence: Recurrence | None = None

    def violations(self) -> Iterator[Violation]:
        yield from arn_violations("arn", self.arn, ROTATION)
        yield from ROTATION_NAME.violations("name", self.name)
        if self.contact_ids is not None:
            yield from people_violations("contact_ids", self.contact_ids, 0)
        if self.start_time is not None:
            yield from instant_violations("start_time", self.start_time)
        if self.time_zone_id is not None:
            yield from time_zone_violations("time_zone_id", self.time_zone_id)
        if self.recurrence is not None:
            yield from part_violations("recurrence", self.recurrence, (Recurrence,))


RotationRef = Union[RotationRecord, RotationSummary, str]
"""A rotation, by its record, its summary or its ARN."""


@public
@frozen(kw_only=True)
class Override(Checked):
    """Other people for a part of a rotation's time, as one describes it.

    Args:
        new_contact_ids: at most 30 people, records or ARNs (AWS's model), who are on call then
            instead of those whose turn it is. **None at all means that nobody is on call.**
        start_time: from when, with a time zone; it is kept in UTC.
        end_time: until when, with a time zone; it is kept in UTC.

    Raises:
        InvalidValueError: with every rule that is broken.
    """

    new_contact_ids: tuple[str, ...] = field(converter=contact_arns)
    start_time: datetime = field(converter=as_instant)
    end_time: datetime = field(converter=as_instant)

    def violations(self) -> Iterator[Violation]:
        yield from people_violations("new_contact_ids", self.new_contact_ids, 0)
        yield from instant_violations("start_time", self.start_time)
        yield from instant_violations("end_time", self.end_time)
        yield from interval_violations("end_time", self.start_time, self.end_time)


@public
@frozen(kw_only=True)
class OverrideRecord(Override):
    """An override as the service holds it. It has an id, and no ARN of its own.

    `create_time` is None in what `create` gives, for the service does not tell it then.
    """

    rotation_arn: str
    id: str
    create_time: datetime | None = field(default=None, converter=as_instant_or_none)

    def violations(self) -> Iterator[Violation]:
        yield from super().violations()
        yield from arn_violations("rotation_arn", self.rotation_arn, ROTATION)
        yield from OVERRIDE_ID.violations("id", self.id)
        if self.create_time is not None:
            yield from instant_violations("create_time", self.create_time)


OverrideRef = Union[OverrideRecord, str]
"""An override of a known rotation, by its record or its id."""


def _members(values: Iterable[str]) -> tuple[str, ...]:
    return as_tuple(values)


@public
@frozen(kw_only=True)
class PreviewOverride(Checked):
    """An override in a preview, whose members are any texts, as those of the preview are."""

    new_members: tuple[str, ...] = field(converter=_members)
    start_time: datetime = field(converter=as_instant)
    end_time: datetime = field(converter=as_instant)

    def violations(self) -> Iterator[Violation]:
        yield from members_violations("new_members", self.new_members, 0)
        yield from instant_violations("start_time", self.start_time)
        yield from instant_violations("end_time", self.end_time)
        yield from interval_violations("end_time", self.start_time, self.end_time)


def members_violations(path: str, values: object, least: int) -> Iterator[Violation]:
    """What is wrong with `values` as the members of a preview: at most 30 texts."""
    return list_violations(
        path, values, "members", MEMBER.violations, least=least, most=_MOST_PEOPLE
    )


@public
class ShiftType(OpenEnum):
    """Whether a shift is as the rotation has it, or an override's."""

    REGULAR = "REGULAR"
    OVERRIDDEN = "OVERRIDDEN"


def _shift_type(value: ShiftType | None) -> ShiftType | None:
    return None if value is None else as_choice(ShiftType, value)


@public
@frozen(kw_only=True)
class Shift(Checked):
    """Who is on call, from when to when.

    `contact_ids` may be empty: then nobody is on call. They are ARNs, or in a preview the members
    that it was asked with. `overridden_contact_ids` are those whose turn it would have been.
    """

    contact_ids: tuple[str, ...] = field(default=(), converter=_members)
    start_time: datetime = field(converter=as_instant)
    end_time: datetime = field(converter=as_instant)
    type: ShiftType | None = field(default=None, converter=_shift_type)
    overridden_contact_ids: tuple[str, ...] | None = field(
        default=None, converter=_contact_arns_or_none
    )

    def violations(self) -> Iterator[Violation]:
        yield from members_violations("contact_ids", self.contact_ids, 0)
        yield from instant_violations("start_time", self.start_time)
        yield from instant_violations("end_time", self.end_time)
        if self.type is not None:
            yield from choice_violations("type", self.type, ShiftType)
        if self.overridden_contact_ids is not None:
            yield from members_violations("overridden_contact_ids", self.overridden_contact_ids, 0)
