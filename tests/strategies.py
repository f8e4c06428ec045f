"""Hypothesis strategies: values that a user can build, and responses that the service may send."""

from __future__ import annotations

import json
import string
from collections.abc import Mapping
from datetime import datetime, time, timedelta, timezone
from typing import Any, cast
from zoneinfo import ZoneInfo

import attrs
from botocore.loaders import Loader
from botocore.model import ListShape, MapShape, ServiceModel, Shape, StringShape, StructureShape
from hypothesis import strategies as st

from ssm_contacts_sdk import (
    ActivationStatus,
    Channel,
    ChannelRecord,
    ChannelTarget,
    Contact,
    ContactPolicy,
    ContactRecord,
    ContactSummary,
    ContactTarget,
    ContactType,
    CoverageTime,
    DayOfWeek,
    Engagement,
    EngagementSummary,
    MonthlySetting,
    Override,
    OverrideRecord,
    Page,
    PageSummary,
    Plan,
    PreviewOverride,
    Receipt,
    ReceiptType,
    Recurrence,
    Resolution,
    Rotation,
    RotationRecord,
    RotationSummary,
    Shift,
    ShiftCoverage,
    ShiftType,
    Stage,
    WeeklySetting,
)
from ssm_contacts_sdk._models.arguments import Tag
from ssm_contacts_sdk._schema.fields import aws_path
from ssm_contacts_sdk._schema.values import Value

AWS = ServiceModel(
    cast("Mapping[str, Any]", Loader().load_service_model("ssm-contacts", "service-2")),
    "ssm-contacts",
)

_ALIAS = string.ascii_lowercase + string.digits + "_-"
_LETTERS_SPACES_DIGITS = st.characters(categories=("L", "Z", "N"), include_characters="_.-")

aliases = st.text(_ALIAS, min_size=1, max_size=255)
contact_names = st.text(_LETTERS_SPACES_DIGITS, max_size=255)
channel_names = st.text(_LETTERS_SPACES_DIGITS, min_size=1, max_size=255)
phones = st.from_regex(r"\+[1-9][0-9]{1,14}", fullmatch=True, alphabet=string.digits + "+")
emails = st.tuples(st.text(min_size=1, max_size=150), st.text(min_size=1, max_size=150)).map(
    "@".join
)
_tag_keys = st.text(string.ascii_letters + string.digits + "\\/_+=-", min_size=1, max_size=128)
_tag_values = st.text(
    st.characters(categories=("L", "Z", "N"), include_characters="_.:/=+-@"),
    min_size=1,
    max_size=256,
)
tags = st.dictionaries(_tag_keys, _tag_values, max_size=50)


def arns(*kinds: str) -> st.SearchStrategy[str]:
    """Return a strategy for ARNs of these kinds, in any partition, Region and account."""
    return st.builds(
        "arn:{}:ssm-contacts:{}:{}:{}/{}".format,
        st.sampled_from(["aws", "aws-cn", "aws-us-gov"]),
        st.sampled_from(["us-east-2", "eu-north-1", ""]),
        st.from_regex(r"[0-9]{1,12}", fullmatch=True, alphabet=string.digits),
        st.sampled_from(kinds),
        st.text(string.ascii_letters + string.digits + "_+=/,.@:-", max_size=60),
    )


contact_arns = arns("contact", "something-new")
channel_arns = arns("contact-channel", "device", "something-new")
rotation_arns = arns("rotation", "something-new")

channel_targets = st.builds(
    ChannelTarget,
    contact_channel_id=channel_arns,
    retry_interval_in_minutes=st.none() | st.integers(0, 60),
)
contact_targets = st.builds(ContactTarget, contact_id=contact_arns, is_essential=st.booleans())


def stages(targets: st.SearchStrategy[Any]) -> st.SearchStrategy[Stage]:
    """Return a strategy for stages of such targets; a stage of 0 minutes has one."""
    return st.builds(
        Stage, duration_in_minutes=st.integers(1, 30), targets=st.lists(targets, max_size=4)
    ) | st.builds(
        Stage,
        duration_in_minutes=st.integers(0, 30),
        targets=st.lists(targets, min_size=1, max_size=4),
    )


engagement_plans = st.builds(Plan, stages=st.lists(stages(channel_targets), max_size=5))
escalation_plans = st.builds(Plan, stages=st.lists(stages(contact_targets), max_size=5))
schedule_plans = st.builds(Plan, rotation_ids=st.lists(rotation_arns, max_size=25))
any_plans = (
    engagement_plans
    | escalation_plans
    | schedule_plans
    | st.builds(Plan, stages=st.lists(stages(channel_targets | contact_targets), max_size=5))
)
_PLANS = {
    ContactType.PERSONAL: engagement_plans,
    ContactType.ESCALATION: escalation_plans,
    ContactType.ONCALL_SCHEDULE: schedule_plans,
}
contacts = st.sampled_from(list(ContactType)).flatmap(
    lambda kind: st.builds(
        Contact,
        alias=aliases,
        display_name=st.none() | contact_names,
        type=st.just(kind),
        plan=_PLANS[kind],
    )
)


def _with_arn(contact: Contact, arn: str) -> ContactRecord:
    return ContactRecord(
        arn=arn,
        alias=contact.alias,
        display_name=contact.display_name,
        type=contact.type,
        plan=contact.plan,
    )


contact_records = st.builds(_with_arn, contacts, contact_arns)
contact_summaries = st.builds(
    ContactSummary,
    arn=contact_arns,
    alias=aliases,
    display_name=st.none() | contact_names,
    type=st.sampled_from(list(ContactType)),
)
channels = (
    st.builds(Channel.sms, channel_names, phones)
    | st.builds(Channel.voice, channel_names, phones)
    | st.builds(Channel.email, channel_names, emails)
)


def _with_arns(
    channel: Channel, arn: str, contact_arn: str, status: ActivationStatus | None
) -> ChannelRecord:
    return ChannelRecord(
        arn=arn,
        contact_arn=contact_arn,
        name=channel.name,
        type=channel.type,
        delivery_address=channel.delivery_address,
        activation_status=status,
    )


channel_records = st.builds(
    _with_arns,
    channels,
    channel_arns,
    contact_arns,
    st.none() | st.sampled_from(list(ActivationStatus)),
)
values = st.one_of(
    contacts,
    contact_records,
    contact_summaries,
    any_plans,
    stages(channel_targets | contact_targets),
    channel_targets,
    contact_targets,
    channels,
    channel_records,
)


# Rotations, and who is on call when ---------------------------------------------------------------

engagement_arns = arns("engagement", "something-new")
page_arns = arns("page", "something-new")
times_of_day = st.builds(time, st.integers(0, 23), st.integers(0, 59))
days_of_week = st.sampled_from(list(DayOfWeek))
zones = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"])


def _occurs_once(at: datetime) -> bool:
    # In an hour that the clock skips or repeats, no datetime of another time zone is equal.
    return at.utcoffset() == at.replace(fold=1 - at.fold).utcoffset()


instants = st.datetimes(
    min_value=datetime(1971, 1, 1),  # noqa: DTZ001 - its zone is drawn
    max_value=datetime(9000, 1, 1),  # noqa: DTZ001 - as above
    timezones=st.sampled_from(
        [
            timezone.utc,
            timezone(timedelta(hours=-9, minutes=-30)),
            timezone(timedelta(hours=14)),
            ZoneInfo("Europe/Berlin"),
            ZoneInfo("America/New_York"),
        ]
    ),
).filter(_occurs_once)


def _in_utc(at: datetime) -> datetime:
    return at.astimezone(timezone.utc)


intervals = (
    st.tuples(instants, instants)
    .map(lambda ends: (min(ends, key=_in_utc), max(ends, key=_in_utc)))
    .filter(lambda ends: ends[0] != ends[1])
)
_hours = st.lists(st.tuples(times_of_day, times_of_day), max_size=3)
_by_day = st.dictionaries(days_of_week, _hours, max_size=7)


def _as_values(by_day: Mapping[DayOfWeek, list[tuple[time, time]]]) -> list[ShiftCoverage]:
    return [
        ShiftCoverage(day, [CoverageTime(start, end) for start, end in hours])
        for day, hours in by_day.items()
    ]


_how_often = {
    "number_of_on_calls": st.integers(1, 1000),
    "recurrence_multiplier": st.integers(1, 100),
    "shift_coverages": st.none() | _by_day | _by_day.map(_as_values),
}
daily_recurrences = st.builds(
    Recurrence, daily_settings=st.lists(times_of_day, min_size=1, max_size=3), **_how_often
)
weekly_recurrences = st.builds(
    Recurrence,
    weekly_settings=st.lists(
        st.builds(WeeklySetting, days_of_week, times_of_day), min_size=1, max_size=3
    ),
    **_how_often,
)
monthly_recurrences = st.builds(
    Recurrence,
    monthly_settings=st.lists(
        st.builds(MonthlySetting, st.integers(1, 31), times_of_day), min_size=1, max_size=3
    ),
    **_how_often,
)
recurrences = daily_recurrences | weekly_recurrences | monthly_recurrences

rotation_names = st.text(
    string.ascii_letters + string.digits + "_-. \t\n", min_size=1, max_size=255
)
_described = {
    "name": rotation_names,
    "contact_ids": st.lists(contact_arns, min_size=1, max_size=30),
    "start_time": st.none() | instants,
    "time_zone_id": zones,
    "recurrence": recurrences,
}
rotations = st.builds(Rotation, **_described)
rotation_records = st.builds(RotationRecord, arn=rotation_arns, **_described)
rotation_summaries = st.builds(
    RotationSummary,
    arn=rotation_arns,
    name=rotation_names,
    contact_ids=st.none() | st.lists(contact_arns, max_size=30),
    start_time=st.none() | instants,
    time_zone_id=st.none() | zones,
    recurrence=st.none() | recurrences,
)


def _override(new_contact_ids: list[str], ends: tuple[datetime, datetime]) -> Override:
    return Override(new_contact_ids=new_contact_ids, start_time=ends[0], end_time=ends[1])


def _override_record(
    override: Override, arn: str, override_id: str, create_time: datetime | None
) -> OverrideRecord:
    return OverrideRecord(
        new_contact_ids=override.new_contact_ids,
        start_time=override.start_time,
        end_time=override.end_time,
        rotation_arn=arn,
        id=override_id,
        create_time=create_time,
    )


overrides = st.builds(_override, st.lists(contact_arns, max_size=30), intervals)
override_ids = st.uuids().map(str) | st.from_regex(
    r"[a-fA-Z0-9]{8,11}(-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}", fullmatch=True
)
override_records = st.builds(
    _override_record, overrides, rotation_arns, override_ids, st.none() | instants
)
_ASCII_BLANKS = " \t\r\f\v"
members = st.text(st.characters(exclude_characters="\n"), min_size=1, max_size=512).filter(
    lambda text: text.strip(_ASCII_BLANKS)
)


def _preview_override(new_members: list[str], ends: tuple[datetime, datetime]) -> PreviewOverride:
    return PreviewOverride(new_members=new_members, start_time=ends[0], end_time=ends[1])


preview_overrides = st.builds(_preview_override, st.lists(members, max_size=30), intervals)
shifts = st.builds(
    Shift,
    contact_ids=st.lists(members, max_size=30),
    start_time=instants,
    end_time=instants,
    type=st.none() | st.sampled_from(list(ShiftType)),
    overridden_contact_ids=st.none() | st.lists(contact_arns, max_size=30),
)

# Engagements, and the pages that they send --------------------------------------------------------

senders = st.text(string.ascii_letters + string.digits + "\\_@#%*+=:?./!- \t\n", max_size=255)
_paged = {
    "contact_arn": contact_arns,
    "sender": senders,
    "incident_id": st.none() | st.text(max_size=1024),
}
_said = {
    "subject": st.text(min_size=1, max_size=2048),
    "content": st.text(min_size=1, max_size=8192),
    "public_subject": st.none() | st.text(min_size=1, max_size=2048),
    "public_content": st.none() | st.text(min_size=1, max_size=8192),
}
_engaged = {
    "arn": engagement_arns,
    "start_time": st.none() | instants,
    "stop_time": st.none() | instants,
    **_paged,
}
_sent = {
    "arn": page_arns,
    "engagement_arn": engagement_arns,
    "sent_time": st.none() | instants,
    "delivery_time": st.none() | instants,
    "read_time": st.none() | instants,
    **_paged,
}
engagement_summaries = st.builds(EngagementSummary, **_engaged)
engagements = st.builds(Engagement, **_engaged, **_said)
page_summaries = st.builds(PageSummary, **_sent)
pages = st.builds(Page, **_sent, **_said)
receipts = st.builds(
    Receipt,
    channel_arn=st.none() | channel_arns,
    type=st.sampled_from(list(ReceiptType)),
    info=st.none() | st.text(min_size=1, max_size=2048),
    time=instants,
)
resolutions = st.builds(
    Resolution,
    contact_arn=contact_arns,
    type=st.sampled_from(list(ContactType)),
    stage_index=st.none() | st.integers(0, 100),
)
contact_policies = st.dictionaries(st.text(), st.text() | st.integers(), max_size=3).map(
    lambda policy: ContactPolicy(json.dumps(policy))
)
more_values = st.one_of(
    recurrences,
    rotations,
    rotation_records,
    rotation_summaries,
    overrides,
    override_records,
    preview_overrides,
    shifts,
    engagement_summaries,
    engagements,
    page_summaries,
    pages,
    receipts,
    resolutions,
    contact_policies,
    st.builds(Tag, _tag_keys, _tag_values),
)

# What the service sends ---------------------------------------------------------------------------


def _values(base: type) -> set[type]:
    return {base}.union(*map(_values, base.__subclasses__()))


# A member that AWS adds to a newer botocore is named by schema/test_drift.py.
_KNOWN = {
    aws_path(field)[0] for kind in _values(Value) if attrs.has(kind) for field in attrs.fields(kind)
} | {"NextToken"}


def sent_by_the_service(shape: Shape) -> st.SearchStrategy[Any]:
    """Return a strategy for values of this shape with any enums, patterns and limits."""
    documented = _as_documented(shape)
    if documented is not None:
        return documented
    if isinstance(shape, StructureShape):
        members = {
            name: sent_by_the_service(member)
            for name, member in shape.members.items()
            if name in _KNOWN or isinstance(member, ListShape)
        }
        needed = {name: members.pop(name) for name in shape.required_members if name in members}
        return st.fixed_dictionaries(needed, optional=members)
    if isinstance(shape, ListShape):
        return st.lists(sent_by_the_service(shape.member), max_size=3)
    if isinstance(shape, MapShape):
        keys, held = cast("StringShape", shape.key), sent_by_the_service(shape.value)
        words = st.sampled_from(keys.enum) | sent_by_the_service(keys)
        return st.dictionaries(words, held, max_size=3)
    if isinstance(shape, StringShape) and shape.enum:
        return st.text(min_size=1)
    plain: dict[str, st.SearchStrategy[Any]] = {
        "string": st.text(),
        "integer": st.integers(),
        "boolean": st.booleans(),
        "timestamp": instants,
    }
    return plain[shape.type_name]


def _as_documented(shape: Shape) -> st.SearchStrategy[Any] | None:
    """Return a strategy for a shape whose documentation has more rules than the shape itself."""
    if shape.name == "Target":
        # A target has exactly one of the two members.
        members = cast("StructureShape", shape).members
        return st.one_of(
            [
                st.fixed_dictionaries({member: sent_by_the_service(members[member])})
                for member in members
            ]
        )
    if shape.name == "ContactChannelAddress":
        return st.fixed_dictionaries({"SimpleAddress": st.text()})
    if shape.name == "HandOffTime":
        # Python has no time of day past 23:59, and AWS's model allows none.
        return st.fixed_dictionaries(
            {"HourOfDay": st.integers(0, 23), "MinuteOfHour": st.integers(0, 59)}
        )
    if shape.name == "Tag":
        # A tag without a key cannot be read.
        return st.fixed_dictionaries({"Key": st.text()}, optional={"Value": st.text()})
    return None
