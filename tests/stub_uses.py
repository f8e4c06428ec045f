"""Lines of code that assign values, as dicts, to the TypedDicts of mypy-boto3-ssm-contacts.

Each value is converted to a dict, and the dict is written as a literal of the TypedDict of boto3's
stubs. The checkers must accept every literal, and reject it if a required key is missing or a word
is changed. So the keys, which of them are required, and the words agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any, cast

from arns import channel_arn, contact_arn, engagement_arn, page_arn, rotation_arn
from mypy_boto3_ssm_contacts import type_defs

from ssm_contacts_sdk import (
    ActivationStatus,
    Channel,
    ChannelRecord,
    ChannelTarget,
    ChannelType,
    Contact,
    ContactSummary,
    ContactTarget,
    ContactType,
    EngagementSummary,
    Override,
    OverrideRecord,
    PageSummary,
    Plan,
    PreviewOverride,
    Receipt,
    ReceiptType,
    Recurrence,
    Resolution,
    Rotation,
    RotationSummary,
    Shift,
    ShiftType,
    Stage,
    to_kwargs,
)
from ssm_contacts_sdk._models.arguments import Tag
from ssm_contacts_sdk._schema.wire import writer_of

AKUA = contact_arn("akuam")
SMS = channel_arn("akuam")
WEB = rotation_arn(1)
AT = datetime(2025, 1, 6, 8, 0, tzinfo=timezone.utc)
SPAN: dict[str, Any] = {"start_time": AT, "end_time": AT.replace(day=7)}

TARGETS = (
    ChannelTarget(contact_channel_id=SMS, retry_interval_in_minutes=1),
    ContactTarget(contact_id=AKUA, is_essential=True),
)
PLAN = Plan(stages=[Stage(duration_in_minutes=5, targets=TARGETS)])
RECURRENCES = (
    Recurrence.daily("09:00"),
    Recurrence.weekly(("WED", "04:25"), coverage={"MON": [("08:00", "17:00")]}),
    Recurrence.monthly((20, "08:00")),
)
ROTATION: dict[str, Any] = {
    "name": "web",
    "contact_ids": [AKUA],
    "start_time": AT,
    "time_zone_id": "UTC",
    "recurrence": RECURRENCES[1],
}
ENGAGED: dict[str, Any] = {"contact_arn": AKUA, "sender": "cli", "incident_id": "i"}
ENGAGEMENT = engagement_arn("akuam")

# A value in the form that the stubs declare, with all its fields.
FULL: list[tuple[str, dict[str, object]]] = [
    ("ChannelTargetInfo", to_kwargs(TARGETS[0])),
    ("ContactTargetInfo", to_kwargs(TARGETS[1])),
    ("Stage", to_kwargs(PLAN.stages[0])),
    ("Plan", to_kwargs(PLAN)),
    ("Plan", to_kwargs(Plan.on_call(WEB))),
    (
        "CreateContactRequest",
        to_kwargs(Contact(alias="a", display_name="A", type=ContactType.PERSONAL, plan=Plan())),
    ),
    (
        "Contact",
        to_kwargs(ContactSummary(arn=AKUA, alias="a", display_name="A", type=ContactType.PERSONAL)),
    ),
    (
        "CreateContactChannelRequest",
        {"ContactId": AKUA, **to_kwargs(Channel.email("mail", "a@b"))},
    ),
    (
        "ContactChannel",
        to_kwargs(
            ChannelRecord(
                arn=SMS,
                contact_arn=AKUA,
                name="mail",
                type=ChannelType.EMAIL,
                delivery_address="a@b",
                activation_status=ActivationStatus.ACTIVATED,
            )
        ),
    ),
    *(("RecurrenceSettings", to_kwargs(each)) for each in RECURRENCES),
    ("CreateRotationRequest", to_kwargs(Rotation(**ROTATION))),
    ("Rotation", to_kwargs(RotationSummary(arn=WEB, **ROTATION))),
    (
        "CreateRotationOverrideRequest",
        {"RotationId": WEB, **to_kwargs(Override(new_contact_ids=[AKUA], **SPAN))},
    ),
    (
        "RotationOverride",
        {
            name: each
            for name, each in to_kwargs(
                OverrideRecord(
                    new_contact_ids=[AKUA],
                    rotation_arn=WEB,
                    id="0a1b2c3d-0000-4000-8000-000000000000",
                    create_time=AT,
                    **SPAN,
                )
            ).items()
            # An item of the list does not contain the ARN of its parent.
            if name != "RotationArn"
        },
    ),
    ("PreviewOverride", to_kwargs(PreviewOverride(new_members=["a"], **SPAN))),
    (
        "RotationShift",
        to_kwargs(
            Shift(
                contact_ids=[AKUA],
                type=ShiftType.OVERRIDDEN,
                overridden_contact_ids=[AKUA],
                **SPAN,
            )
        ),
    ),
    (
        "Engagement",
        to_kwargs(EngagementSummary(arn=ENGAGEMENT, start_time=AT, stop_time=AT, **ENGAGED)),
    ),
    (
        "Page",
        to_kwargs(
            PageSummary(
                arn=page_arn("akuam"),
                engagement_arn=ENGAGEMENT,
                sent_time=AT,
                delivery_time=AT,
                read_time=AT,
                **ENGAGED,
            )
        ),
    ),
    ("Receipt", to_kwargs(Receipt(channel_arn=SMS, type=ReceiptType.READ, info="x", time=AT))),
    (
        "ResolutionContact",
        to_kwargs(Resolution(contact_arn=AKUA, type=ContactType.PERSONAL, stage_index=0)),
    ),
    ("Tag", writer_of(Tag)(Tag("k", "v"))),
]


def typed_dict(name: str) -> Any:
    return getattr(type_defs, f"{name}TypeDef")


def literal(value: object) -> str:
    """Return the source code of a value."""
    if isinstance(value, dict):
        members = cast("dict[str, object]", value).items()
        return f"{{{', '.join(f'{key!r}: {literal(each)}' for key, each in members)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(literal, cast('list[object]', value)))}]"
    return "AT" if isinstance(value, datetime) else repr(value)


def uses() -> Iterator[tuple[str, bool]]:
    """Yield lines of code, and whether a type checker should accept each."""
    for name, full in FULL:
        yield f"_: T.{name}TypeDef = {literal(full)}", True
        for key, value in full.items():
            fewer = {other: each for other, each in full.items() if other != key}
            # Their annotations are strs, so Python does not know which members are optional.
            optional = "NotRequired" in str(typed_dict(name).__annotations__[key])
            yield f"_: T.{name}TypeDef = {literal(fewer)}", optional
            yield f"_: T.{name}TypeDef = {literal(full | {key: object})}", False
            if isinstance(value, str) and key in ("Type", "ReceiptType", "ActivationStatus"):
                yield f"_: T.{name}TypeDef = {literal(full | {key: 'SOMETHING'})}", False


LINES = list(uses())
