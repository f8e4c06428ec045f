"""Values as dicts, compared with the TypedDicts of mypy-boto3-ssm-contacts by both type checkers.

Each value is converted to a dict, and the dict is written as a literal of the TypedDict of boto3's
stubs. The checkers must accept every literal, and reject it if a required key is missing or a word
is changed. So the keys, which of them are required, and the words agree.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, cast, get_args

import pytest
from mypy_boto3_ssm_contacts import literals, type_defs

from ssm_contacts_sdk import (
    AcceptCodeValidation,
    AcceptType,
    ActivationStatus,
    Channel,
    ChannelRecord,
    ChannelTarget,
    ChannelType,
    Contact,
    ContactSummary,
    ContactTarget,
    ContactType,
    DayOfWeek,
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

ACCOUNT = "arn:aws:ssm-contacts:us-east-2:111122223333"
AKUA = f"{ACCOUNT}:contact/akuam"
SMS = f"{ACCOUNT}:contact-channel/akuam/1"
WEB = f"{ACCOUNT}:rotation/1"
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
ENGAGEMENT = f"{ACCOUNT}:engagement/akuam/1"

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
                arn=f"{ACCOUNT}:page/akuam/1",
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
# Members that are arguments of a method, and not fields of a value.
ARGUMENTS = {
    "CreateContactRequest": {"IdempotencyToken", "Tags"},
    "CreateContactChannelRequest": {"DeferActivation", "IdempotencyToken"},
    "CreateRotationRequest": {"IdempotencyToken", "Tags"},
    "CreateRotationOverrideRequest": {"IdempotencyToken"},
}
WORDS = {
    AcceptCodeValidation: literals.AcceptCodeValidationType,
    AcceptType: literals.AcceptTypeType,
    ActivationStatus: literals.ActivationStatusType,
    ChannelType: literals.ChannelTypeType,
    ContactType: literals.ContactTypeType,
    DayOfWeek: literals.DayOfWeekType,
    ReceiptType: literals.ReceiptTypeType,
    ShiftType: literals.ShiftTypeType,
}


def typed_dict(name: str) -> Any:
    return getattr(type_defs, f"{name}TypeDef")


@pytest.mark.parametrize("words", WORDS)
def test_every_literal_is_a_word_and_every_word_a_literal(words: Any) -> None:
    assert {word.value for word in words} == set(get_args(WORDS[words]))


@pytest.mark.parametrize("name", sorted({name for name, _ in FULL}))
def test_every_key_of_the_stubs_is_written_or_an_argument(name: str) -> None:
    written = {key for other, each in FULL if other == name for key in each}
    keys = set(typed_dict(name).__annotations__)
    assert keys == written | ARGUMENTS.get(name, set())


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
HEAD = [
    "from datetime import datetime, timezone",
    "from mypy_boto3_ssm_contacts import type_defs as T",
    "AT = datetime(2025, 1, 6, tzinfo=timezone.utc)",
]


def checked(tool: str, within: Path) -> set[int]:
    """Return the lines that a type checker rejects."""
    file = within / "uses.py"
    body = [f"def use_{n}() -> None: {line}" for n, (line, _) in enumerate(LINES)]
    file.write_text("\n".join([*HEAD, *body]).replace(repr(object), "object"), encoding="utf-8")
    (within / "pyrightconfig.json").write_text('{"typeCheckingMode": "basic"}', encoding="utf-8")
    arguments = {
        "mypy": ["--no-incremental", "--config-file=", "--output=json", str(file)],
        "pyright": ["--outputjson", "--pythonpath", sys.executable, "--project", str(within)],
    }
    done = subprocess.run(  # noqa: S603 - our own tools
        [sys.executable, "-m", tool, *arguments[tool]],
        cwd=within,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), f"{done.stdout}\n{done.stderr}"
    if tool == "mypy":
        errors = [json.loads(line) for line in done.stdout.splitlines()]
        lines = {error["line"] for error in errors if error["severity"] == "error"}
    else:
        answer = json.loads(done.stdout)
        assert answer["summary"]["filesAnalyzed"] == 1
        lines = {
            error["range"]["start"]["line"] + 1
            for error in answer["generalDiagnostics"]
            if error["severity"] == "error"
        }
    return {line - len(HEAD) - 1 for line in lines}


@pytest.mark.parametrize("tool", ["mypy", "pyright"])
def test_the_stubs_accept_the_right_lines_and_reject_the_wrong_ones(
    tool: str, tmp_path: Path
) -> None:
    rejected = checked(tool, tmp_path)
    wrong = [line for n, (line, accepted) in enumerate(LINES) if (n in rejected) == accepted]
    assert wrong == []
