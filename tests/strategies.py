"""Hypothesis strategies: whatever the model can build, and whatever the service may send."""

from __future__ import annotations

import string
from collections.abc import Mapping
from typing import Any, cast

from botocore.loaders import Loader
from botocore.model import ListShape, ServiceModel, Shape, StringShape, StructureShape
from hypothesis import strategies as st

from ssm_contacts_sdk import (
    ActivationStatus,
    Channel,
    ChannelRecord,
    ChannelTarget,
    Contact,
    ContactRecord,
    ContactSummary,
    ContactTarget,
    ContactType,
    Plan,
    Stage,
)

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
tags = st.dictionaries(
    st.text(string.ascii_letters + string.digits + "\\/_+=-", min_size=1, max_size=128),
    st.text(
        st.characters(categories=("L", "Z", "N"), include_characters="_.:/=+-@"),
        min_size=1,
        max_size=256,
    ),
    max_size=50,
)


def arns(*kinds: str) -> st.SearchStrategy[str]:
    """ARNs of these kinds, in any partition, Region and account."""
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
    """Stages of such targets; of 0 minutes only with one."""
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


def sent_by_the_service(shape: Shape) -> st.SearchStrategy[Any]:
    """Anything of this shape: enums, patterns and limits may have changed, types may not."""
    if shape.name == "Target":
        # By AWS's documentation one of the two, though the shape does not say so.
        arms = cast("StructureShape", shape).members
        return st.one_of(
            [st.fixed_dictionaries({arm: sent_by_the_service(arms[arm])}) for arm in arms]
        )
    if shape.name == "ContactChannelAddress":
        return st.fixed_dictionaries({"SimpleAddress": st.text()})
    if isinstance(shape, StructureShape):
        members = {name: sent_by_the_service(member) for name, member in shape.members.items()}
        needed = {name: members.pop(name) for name in shape.required_members}
        return st.fixed_dictionaries(needed, optional=members)
    if isinstance(shape, ListShape):
        return st.lists(sent_by_the_service(shape.member), max_size=3)
    if isinstance(shape, StringShape) and shape.enum:
        return st.text(min_size=1)
    plain: dict[str, st.SearchStrategy[Any]] = {
        "string": st.text(),
        "integer": st.integers(),
        "boolean": st.booleans(),
    }
    return plain[shape.type_name]
