"""Rotations: people who are on call in turns, their shifts, and their overrides."""

from collections.abc import Iterable, Sequence
from typing import Annotated, ClassVar, Literal, TypeAlias, Union

from attrs import field, frozen

from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._models.arns import ContactArn, RotationArn, arns_of, arns_or_none
from ssm_contacts_sdk._models.contacts import ContactRef
from ssm_contacts_sdk._models.recurrence import Recurrence
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._schema.constraints import Count, Text
from ssm_contacts_sdk._schema.converters import OpenEnum, as_choice, as_tuple
from ssm_contacts_sdk._schema.fields import AwsName, WhenAbsent
from ssm_contacts_sdk._schema.times import (
    Instant,
    TimeZoneId,
    as_instant,
    as_instant_or_none,
    interval_violations,
)
from ssm_contacts_sdk._schema.values import Value, rule

RotationName: TypeAlias = Annotated[
    str,
    Text(
        1,
        255,
        r"^[a-zA-Z0-9_\-\s\.]*$",
        "may contain only letters a to z and A to Z, digits, white space, _ . and -",
    ),
]
OverrideId: TypeAlias = Annotated[
    str,
    Text(
        36,
        39,
        r"([a-fA-Z0-9]{8,11}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{12}){1}",
        "must be a UUID",
        code="wrong_format",
    ),
]
Member: TypeAlias = Annotated[
    str,
    Text(1, 512, r".*\S.*", "must be one line and not blank", code="wrong_format"),
]
# A rotation has at least one person; an override may have none.
People: TypeAlias = Annotated[tuple[ContactArn, ...], Count(1, 30, "people")]
OverridingPeople: TypeAlias = Annotated[tuple[ContactArn, ...], Count(0, 30, "people")]
Members: TypeAlias = Annotated[tuple[Member, ...], Count(1, 30, "members")]
OverridingMembers: TypeAlias = Annotated[tuple[Member, ...], Count(0, 30, "members")]


def contact_arns(refs: Iterable[ContactRef]) -> tuple[str, ...]:
    """Return the ARNs of contacts, which may be records, summaries and ARNs."""
    return arns_of(refs)


def _contact_arns_or_none(refs: Iterable[ContactRef] | None) -> tuple[str, ...] | None:
    return arns_or_none(refs)


@public
@frozen(kw_only=True)
class Rotation(Value):
    """People who are on call in turns, as a user describes them.

    A rotation becomes a part of an on-call schedule by `Plan.on_call(rotation)`.

    Args:
        name: 1 to 255 of ``a`` to ``z``, ``A`` to ``Z``, digits, white space, ``_``, ``.`` and
            ``-`` (AWS's model). Two rotations may have the same name.
        contact_ids: 1 to 30 people in the order of their turns, by record, summary or ARN (AWS's
            model). Only people can be in a rotation (AWS's user guide).
        start_time: when the rotation goes into effect, with a time zone; it is stored in UTC.
            Turns are counted from it, so it is required. With None, the service decides: it
            probably uses the time at which the rotation is created (our assumption).
        time_zone_id: the time zone of the hand-offs, by its IANA name.
        recurrence: when the turns begin, as in ``Recurrence.weekly(("MON", "09:00"))``.

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

    _aws_shape: ClassVar[str] = "CreateRotationRequest"
    name: RotationName
    contact_ids: People = field(converter=contact_arns)
    start_time: Annotated[Instant | None, WhenAbsent(None)] = field(converter=as_instant_or_none)
    time_zone_id: TimeZoneId
    recurrence: Recurrence


@public
@frozen(kw_only=True)
class RotationRecord(Rotation):
    """A rotation as the service stores it.

    Attributes:
        arn: the ARN of the rotation.
        name: the name.
        contact_ids: the ARNs of the people in the order of their turns.
        start_time: when the rotation goes into effect, in UTC. None if the service does not return
            it, although AWS's model requires it: it probably leaves it out for a rotation that was
            created without a start time. ``client.rotations.shifts`` works all the same. A rotation
            that is created from such a record starts again with the first person.
        time_zone_id: the time zone of the hand-offs, by its IANA name.
        recurrence: when the turns begin, and when somebody is on call.
    """

    _aws_shape: ClassVar[str] = "GetRotationResult"
    arn: Annotated[RotationArn, AwsName("RotationArn")]


@public
@frozen(kw_only=True)
class RotationSummary(Value):
    """A rotation as a list returns it. AWS's model requires only its ARN and name.

    Attributes:
        arn: the ARN of the rotation.
        name: the name.
        contact_ids: the ARNs of the people in the order of their turns.
        start_time: when the rotation goes into effect, in UTC.
        time_zone_id: the time zone of the hand-offs, by its IANA name.
        recurrence: when the turns begin, and when somebody is on call.
    """

    _aws_shape: ClassVar[str] = "Rotation"
    arn: Annotated[RotationArn, AwsName("RotationArn")]
    name: RotationName
    contact_ids: OverridingPeople | None = field(default=None, converter=_contact_arns_or_none)
    start_time: Instant | None = field(default=None, converter=as_instant_or_none)
    time_zone_id: TimeZoneId | None = None
    recurrence: Recurrence | None = None


RotationRef = Union[RotationRecord, RotationSummary, str]
"""A rotation, by its record, its summary or its ARN."""


@public
@frozen(kw_only=True)
class Override(Value):
    """Other people for a part of a rotation's time, as a user describes it.

    Args:
        new_contact_ids: at most 30 people, by record, summary or ARN (AWS's model), who are on call
            in place of the person whose turn it is. **With an empty list, nobody is on call.**
        start_time: the start, with a time zone; it is stored in UTC.
        end_time: the end, with a time zone, after the start; it is stored in UTC.

    Raises:
        InvalidValueError: with every rule that is broken.

    >>> from datetime import datetime, timezone
    >>> override = Override(
    ...     new_contact_ids=["arn:aws:ssm-contacts:us-east-2:111122223333:contact/akuam"],
    ...     start_time=datetime(2025, 1, 6, 9, 0, tzinfo=timezone.utc),
    ...     end_time=datetime(2025, 1, 6, 17, 0, tzinfo=timezone.utc),
    ... )
    """

    _aws_shape: ClassVar[str] = "CreateRotationOverrideRequest"
    new_contact_ids: OverridingPeople = field(converter=contact_arns)
    start_time: Instant = field(converter=as_instant)
    end_time: Instant = field(converter=as_instant)

    @rule("start_time", "end_time")
    def _ends_after_its_start(self) -> Sequence[Violation]:
        return interval_violations(self.start_time, self.end_time, "end_time")


@public
@frozen(kw_only=True)
class OverrideRecord(Override):
    """An override as the service stores it. It has an id, and no ARN of its own.

    Attributes:
        rotation_arn: the ARN of the rotation.
        id: the id of the override, a UUID.
        new_contact_ids: the ARNs of the people who are on call. If it is empty, nobody is.
        start_time: the start, in UTC.
        end_time: the end, in UTC.
        create_time: when the override was created, in UTC. None if the service does not return it:
            for example, `client.overrides.create` does not know it.
    """

    _aws_shape: ClassVar[str] = "RotationOverride"
    rotation_arn: RotationArn
    id: Annotated[OverrideId, AwsName("RotationOverrideId")]
    create_time: Instant | None = field(default=None, converter=as_instant_or_none)


OverrideRef = Union[OverrideRecord, str]
"""An override of a known rotation, by its record or its id."""


def _members(values: Iterable[str]) -> tuple[str, ...]:
    return as_tuple(values)


@public
@frozen(kw_only=True)
class PreviewOverride(Value):
    """An override in ``client.rotations.preview_shifts``.

    Args:
        new_members: at most 30 str of 1 to 512 characters (AWS's model), like the members of the
            preview. With an empty list, nobody is on call.
        start_time: the start, with a time zone; it is stored in UTC.
        end_time: the end, with a time zone, after the start; it is stored in UTC.

    Raises:
        InvalidValueError: with every rule that is broken.

    >>> from datetime import datetime, timezone
    >>> override = PreviewOverride(
    ...     new_members=["somebody else"],
    ...     start_time=datetime(2025, 1, 6, 9, 0, tzinfo=timezone.utc),
    ...     end_time=datetime(2025, 1, 6, 17, 0, tzinfo=timezone.utc),
    ... )
    """

    _aws_shape: ClassVar[str] = "PreviewOverride"
    new_members: OverridingMembers = field(converter=_members)
    start_time: Instant = field(converter=as_instant)
    end_time: Instant = field(converter=as_instant)

    @rule("start_time", "end_time")
    def _ends_after_its_start(self) -> Sequence[Violation]:
        return interval_violations(self.start_time, self.end_time, "end_time")


@public
class ShiftType(OpenEnum):
    """Whether a shift follows from the recurrence or from an override."""

    REGULAR = "REGULAR"
    """The shift follows from the recurrence."""
    OVERRIDDEN = "OVERRIDDEN"
    """The shift follows from an override."""


ShiftTypeName: TypeAlias = Literal["REGULAR", "OVERRIDDEN"]
"""A `ShiftType` as a plain str."""


def _shift_type(value: ShiftType | ShiftTypeName | None) -> ShiftType | None:
    return None if value is None else as_choice(ShiftType, value)


@public
@frozen(kw_only=True)
class Shift(Value):
    """An interval in which certain people are on call in a rotation.

    Attributes:
        contact_ids: the ARNs of the people; in a preview, the members that were passed to it. If it
            is empty, nobody is on call.
        start_time: the start, in UTC.
        end_time: the end, in UTC. It is not part of the shift.
        type: whether the shift follows from an override; None if the service leaves it out.
        overridden_contact_ids: the people whose turn it would be without the override.
    """

    _aws_shape: ClassVar[str] = "RotationShift"
    contact_ids: Annotated[OverridingMembers, WhenAbsent(())] = field(
        default=(), converter=_members
    )
    start_time: Instant = field(converter=as_instant)
    end_time: Instant = field(converter=as_instant)
    type: ShiftType | None = field(default=None, converter=_shift_type)
    overridden_contact_ids: Annotated[
        OverridingMembers | None, AwsName("ShiftDetails", "OverriddenContactIds")
    ] = field(default=None, converter=_contact_arns_or_none)
