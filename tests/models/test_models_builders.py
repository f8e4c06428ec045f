from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest
from arns import channel_arn, contact_arn, rotation_arn
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st
from sentinels import EMAIL, PHONE

from ssm_contacts_sdk import (
    ChannelRecord,
    ChannelTarget,
    ChannelType,
    Contact,
    ContactRecord,
    ContactSummary,
    ContactTarget,
    ContactType,
    EngagementPlan,
    EngagementStage,
    EscalationPlan,
    EscalationStage,
    InvalidValueError,
    Plan,
    Stage,
)

Rejected = Callable[..., list[tuple[str, str]]]
AKUA = contact_arn("akuam")
ALEJANDRO = contact_arn("alejr")
SMS = channel_arn("akuam", "beb25840")
VOICE = channel_arn("akuam", "77d4f447")

RECORD = ContactRecord(alias="akuam", type=ContactType.PERSONAL, arn=AKUA)
SUMMARY = ContactSummary(alias="akuam", type=ContactType.PERSONAL, arn=AKUA)
CHANNEL_RECORD = ChannelRecord(
    name="akuas sms", type=ChannelType.SMS, delivery_address=PHONE, arn=SMS, contact_arn=AKUA
)
STARTS: list[Any] = [Plan.engagement, Plan.escalation]
each_start = pytest.mark.parametrize("start", STARTS)
BUILDERS: list[Any] = [
    Plan.engagement(),
    Plan.engagement().stage(minutes=5),
    Plan.engagement().stage(minutes=5).channel(SMS, retry_minutes=1),
    Plan.escalation(),
    Plan.escalation().stage(minutes=5),
    Plan.escalation().stage(minutes=5).contact(AKUA, essential=True),
]
each_builder = pytest.mark.parametrize("builder", BUILDERS)


def test_an_engagement_plan_is_written_in_its_order() -> None:
    plan = (
        Plan.engagement()
        .stage(minutes=5)
        .channel(SMS, retry_minutes=1)
        .channel(VOICE)
        .stage(minutes=10)
        .stage(minutes=0)
        .channel(VOICE, retry_minutes=0)
        .build()
    )
    assert plan == Plan(
        stages=[
            Stage(
                duration_in_minutes=5,
                targets=[
                    ChannelTarget(contact_channel_id=SMS, retry_interval_in_minutes=1),
                    ChannelTarget(contact_channel_id=VOICE),
                ],
            ),
            Stage(duration_in_minutes=10),
            Stage(
                duration_in_minutes=0,
                targets=[ChannelTarget(contact_channel_id=VOICE, retry_interval_in_minutes=0)],
            ),
        ]
    )


def test_an_escalation_plan_is_written_in_its_order() -> None:
    plan = (
        Plan.escalation()
        .stage(minutes=5)
        .contact(AKUA, essential=True)
        .contact(ALEJANDRO, essential=False)
        .stage(minutes=30)
        .stage(minutes=0)
        .contact(ALEJANDRO, essential=True)
        .build()
    )
    assert plan == Plan(
        stages=[
            Stage(
                duration_in_minutes=5,
                targets=[
                    ContactTarget(contact_id=AKUA, is_essential=True),
                    ContactTarget(contact_id=ALEJANDRO, is_essential=False),
                ],
            ),
            Stage(duration_in_minutes=30),
            Stage(
                duration_in_minutes=0,
                targets=[ContactTarget(contact_id=ALEJANDRO, is_essential=True)],
            ),
        ]
    )


@each_start
def test_a_plan_without_stages_is_an_empty_one(start: Any) -> None:
    assert start().build() == Plan()


def test_each_builder_has_its_own_type() -> None:
    assert [type(builder) for builder in BUILDERS] == [
        EngagementPlan,
        EngagementStage,
        EngagementStage,
        EscalationPlan,
        EscalationStage,
        EscalationStage,
    ]


def test_only_an_open_stage_accepts_a_target() -> None:
    engagement, escalation = Plan.engagement(), Plan.escalation()
    assert not hasattr(engagement, "channel")
    assert not hasattr(escalation, "contact")
    assert hasattr(engagement.stage(minutes=1), "channel")
    assert hasattr(escalation.stage(minutes=1), "contact")


def test_an_engagement_plan_has_no_contact_and_an_escalation_no_channel() -> None:
    assert not hasattr(Plan.engagement().stage(minutes=1), "contact")
    assert not hasattr(Plan.escalation().stage(minutes=1), "channel")


def test_every_method_returns_a_new_builder_and_does_not_change_the_old_one() -> None:
    start = Plan.engagement()
    opened = start.stage(minutes=5)
    filled = opened.channel(SMS)
    waiting = filled.stage(minutes=1)
    assert len({id(each) for each in (start, opened, filled, waiting)}) == 4
    assert start.build() == Plan()
    assert opened.build() == Plan(stages=[Stage(duration_in_minutes=5)])
    target = ChannelTarget(contact_channel_id=SMS)
    assert filled.build() == Plan(stages=[Stage(duration_in_minutes=5, targets=[target])])
    assert waiting.build().stages == (*filled.build().stages, Stage(duration_in_minutes=1))


def test_two_plans_can_share_a_beginning() -> None:
    shared = Plan.escalation().stage(minutes=5).contact(AKUA, essential=True)
    with_one_more = shared.contact(ALEJANDRO, essential=False)
    with_another_stage = shared.stage(minutes=10).contact(ALEJANDRO, essential=True)
    (first,) = with_one_more.build().stages
    assert [target.is_essential for target in contacts(first)] == [True, False]
    before, after = with_another_stage.build().stages
    assert before == shared.build().stages[0]
    assert [target.contact_id for target in contacts(after)] == [ALEJANDRO]
    assert len(contacts(shared.build().stages[0])) == 1


def contacts(stage: Stage) -> list[ContactTarget]:
    return [target for target in stage.targets if isinstance(target, ContactTarget)]


def test_stages_can_be_written_in_a_loop() -> None:
    engagement = Plan.engagement()
    for minutes in (1, 5, 10):
        engagement = engagement.stage(minutes=minutes).channel(SMS)
    assert [stage.duration_in_minutes for stage in engagement.build().stages] == [1, 5, 10]


def test_targets_can_be_written_in_a_loop() -> None:
    stage = Plan.escalation().stage(minutes=5)
    for contact in (RECORD, SUMMARY, ALEJANDRO):
        stage = stage.contact(contact, essential=contact is RECORD)
    (built,) = stage.build().stages
    assert [(target.contact_id, target.is_essential) for target in contacts(built)] == [
        (AKUA, True),
        (AKUA, False),
        (ALEJANDRO, False),
    ]


def test_a_plan_can_be_built_more_than_once() -> None:
    builder = BUILDERS[2]
    assert builder.build() == builder.build()
    assert builder.build() is not builder.build()


@pytest.mark.parametrize("contact", [RECORD, SUMMARY, AKUA])
def test_a_contact_is_its_record_its_summary_or_its_arn(contact: Any) -> None:
    plan = Plan.escalation().stage(minutes=0).contact(contact, essential=False).build()
    assert plan.stages[0].targets == (ContactTarget(contact_id=AKUA, is_essential=False),)


@pytest.mark.parametrize("channel", [CHANNEL_RECORD, SMS])
def test_a_channel_is_its_record_or_its_arn(channel: Any) -> None:
    plan = Plan.engagement().stage(minutes=0).channel(channel).build()
    assert plan.stages[0].targets == (ChannelTarget(contact_channel_id=SMS),)


@pytest.mark.parametrize(
    ("plan", "contact_type"),
    [
        (BUILDERS[2].build(), ContactType.PERSONAL),
        (BUILDERS[5].build(), ContactType.ESCALATION),
        (Plan.on_call(rotation_arn("r1")), ContactType.ONCALL_SCHEDULE),
    ],
)
def test_a_built_plan_is_valid_for_its_type_of_contact_only(
    plan: Plan, contact_type: ContactType
) -> None:
    for each in ContactType:
        if each is contact_type:
            assert Contact(alias="akuam", type=each, plan=plan).plan is plan
        else:
            with pytest.raises(InvalidValueError):
                Contact(alias="akuam", type=each, plan=plan)


# Rejected arguments -------------------------------------------------------------------------------

FULL_ARN = "not_an_arn"


@pytest.mark.parametrize("minutes", [0, 1, 29, 30])
@each_start
def test_a_stage_may_be_opened_for_0_to_30_minutes(start: Any, minutes: int) -> None:
    assert isinstance(start().stage(minutes=minutes), (EngagementStage, EscalationStage))


@pytest.mark.parametrize(
    ("minutes", "rule"),
    [
        (-1, "too_small"),
        (31, "too_large"),
        (10**9, "too_large"),
        (True, "wrong_type"),
        (None, "wrong_type"),
        ("5", "wrong_type"),
        (5.0, "wrong_type"),
        ({}, "wrong_type"),
    ],
)
@each_start
def test_a_stage_of_other_minutes_is_rejected_when_it_is_opened(
    rejected: Rejected, start: Any, minutes: Any, rule: str
) -> None:
    expected = [("plan.stages[0].duration_in_minutes", rule)]
    assert rejected(start().stage, minutes=minutes) == expected
    third = start().stage(minutes=1).stage(minutes=1)
    expected = [("plan.stages[2].duration_in_minutes", rule)]
    assert rejected(third.stage, minutes=minutes) == expected


@each_start
def test_the_minutes_are_required_and_keyword_only(start: Any) -> None:
    with pytest.raises(TypeError):
        start().stage()
    with pytest.raises(TypeError):
        start().stage(5)


def test_essential_is_required_and_keyword_only() -> None:
    stage: Any = Plan.escalation().stage(minutes=5)
    with pytest.raises(TypeError):
        stage.contact(AKUA)
    with pytest.raises(TypeError):
        stage.contact(AKUA, True)


def test_a_channel_that_is_rejected_is_named_by_its_path(rejected: Rejected) -> None:
    stage = Plan.engagement().stage(minutes=1).stage(minutes=1).channel(SMS).channel(VOICE)
    assert rejected(stage.channel, "akuas sms", retry_minutes=61) == [
        (
            "plan.stages[1].targets[2].contact_channel_id",
            FULL_ARN,
        ),
        (
            "plan.stages[1].targets[2].retry_interval_in_minutes",
            "too_large",
        ),
    ]
    assert rejected(Plan.engagement().stage(minutes=1).channel, RECORD) == [
        (
            "plan.stages[0].targets[0].contact_channel_id",
            "wrong_kind_of_arn",
        )
    ]


def test_a_contact_that_is_rejected_is_named_by_its_path(rejected: Rejected) -> None:
    stage = Plan.escalation().stage(minutes=1).contact(AKUA, essential=True)
    assert rejected(stage.contact, "akuam", essential="yes") == [
        (
            "plan.stages[0].targets[1].contact_id",
            FULL_ARN,
        ),
        ("plan.stages[0].targets[1].is_essential", "wrong_type"),
    ]
    assert rejected(stage.stage(minutes=0).contact, CHANNEL_RECORD, essential=False) == [
        (
            "plan.stages[1].targets[0].contact_id",
            "wrong_kind_of_arn",
        )
    ]


@pytest.mark.parametrize("retry_minutes", [None, 0, 60])
def test_a_channel_may_be_tried_again_after_0_to_60_minutes(retry_minutes: int | None) -> None:
    stage = Plan.engagement().stage(minutes=1).channel(SMS, retry_minutes=retry_minutes)
    (target,) = stage.build().stages[0].targets
    assert isinstance(target, ChannelTarget)
    assert target.retry_interval_in_minutes == retry_minutes


@pytest.mark.parametrize("retry_minutes", [-1, 61, True, "1"])
def test_other_minutes_before_a_retry_are_rejected(rejected: Rejected, retry_minutes: Any) -> None:
    stage = Plan.engagement().stage(minutes=1)
    ((path, _),) = rejected(stage.channel, SMS, retry_minutes=retry_minutes)
    assert path == "plan.stages[0].targets[0].retry_interval_in_minutes"


@each_start
def test_a_stage_of_0_minutes_without_a_target_is_rejected_when_the_plan_is_built(
    rejected: Rejected, start: Any
) -> None:
    draft = start().stage(minutes=0).stage(minutes=5).stage(minutes=0)
    rule = "too_small"
    assert rejected(draft.build) == [
        ("plan.stages[0].duration_in_minutes", rule),
        ("plan.stages[2].duration_in_minutes", rule),
    ]


def test_an_error_of_a_builder_is_about_the_plan_and_has_no_context() -> None:
    stage: Any = Plan.engagement().stage(minutes=0)
    wrong: list[Callable[[], Any]] = [
        lambda: stage.stage(minutes=31),
        lambda: stage.channel(None),
        stage.build,
    ]
    for step in wrong:
        with pytest.raises(InvalidValueError) as caught:
            step()
        assert caught.value.subject == "Plan"
        assert str(caught.value).startswith("Plan: plan.stages[")
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__ or caught.value.__context__ is None


@pytest.mark.parametrize("private", [PHONE, EMAIL])
def test_an_error_of_a_builder_never_repeats_its_input(private: str) -> None:
    engagement: Any = Plan.engagement().stage(minutes=1)
    escalation: Any = Plan.escalation().stage(minutes=1)
    wrong: list[Callable[[], Any]] = [
        lambda: engagement.stage(minutes=private),
        lambda: engagement.channel(private, retry_minutes=private),
        lambda: escalation.stage(minutes=int(PHONE)),
        lambda: escalation.contact(private, essential=private),
        lambda: escalation.contact([private], essential=[private]),
    ]
    for step in wrong:
        with pytest.raises(InvalidValueError) as caught:
            step()
        assert private not in str(caught.value)
        assert PHONE[1:] not in str(caught.value)


def test_a_rejected_step_leaves_the_builder_as_it_was(rejected: Rejected) -> None:
    stage = Plan.engagement().stage(minutes=5).channel(SMS)
    before = stage.build()
    rejected(stage.channel, "akuas sms")
    rejected(stage.stage, minutes=31)
    assert stage.build() == before


# Properties of builders ---------------------------------------------------------------------------


@each_builder
def test_a_builder_cannot_be_changed(builder: Any) -> None:
    before = builder.build()
    with pytest.raises(FrozenInstanceError):
        builder._stages = ()
    with pytest.raises(AttributeError):
        builder.mistyped = 1
    assert not hasattr(builder, "__dict__")
    assert builder.build() == before


@each_builder
def test_a_builder_survives_pickling_and_copying(builder: Any) -> None:
    for again in (
        pickle.loads(pickle.dumps(builder)),  # noqa: S301 - our own
        copy.copy(builder),
        copy.deepcopy(builder),
    ):
        assert type(again) is type(builder)
        assert again == builder
        assert hash(again) == hash(builder)
        assert again.stage(minutes=1).build() == builder.stage(minutes=1).build()


def test_builders_of_different_kinds_are_never_equal() -> None:
    assert Plan.engagement() == EngagementPlan()
    assert len(set(BUILDERS)) == len(BUILDERS)


def test_the_repr_of_a_builder_has_no_address() -> None:
    stage = Plan.engagement().stage(minutes=1).channel(CHANNEL_RECORD)
    assert SMS in repr(stage)
    assert PHONE not in repr(stage)


DESCRIBED = st.lists(
    st.tuples(
        st.integers(1, 30),
        st.lists(st.tuples(st.sampled_from([SMS, VOICE]), st.none() | st.integers(0, 60))),
    ),
    max_size=4,
)


@given(DESCRIBED)
def test_a_built_plan_equals_one_that_is_written_by_hand(
    described: list[tuple[int, list[tuple[str, int | None]]]],
) -> None:
    draft: EngagementPlan = Plan.engagement()
    for minutes, channels in described:
        stage = draft.stage(minutes=minutes)
        for channel, retry_minutes in channels:
            stage = stage.channel(channel, retry_minutes=retry_minutes)
        draft = stage
    assert draft.build() == Plan(
        stages=[
            Stage(
                duration_in_minutes=minutes,
                targets=[
                    ChannelTarget(contact_channel_id=channel, retry_interval_in_minutes=each)
                    for channel, each in channels
                ],
            )
            for minutes, channels in described
        ]
    )


@given(
    st.lists(st.integers(0, 30), max_size=3),
    st.lists(st.booleans(), max_size=3),
    st.lists(st.booleans(), max_size=3),
)
def test_steps_after_a_shared_beginning_do_not_change_it(
    minutes: list[int], one: list[bool], other: list[bool]
) -> None:
    beginning = Plan.escalation().stage(minutes=1)
    for each in minutes:
        beginning = beginning.stage(minutes=each).contact(AKUA, essential=True)
    before = beginning.build()
    ends: list[Plan] = []
    for flags in (one, other):
        stage = beginning
        for essential in flags:
            stage = stage.contact(ALEJANDRO, essential=essential)
        ends.append(stage.build())
    assert beginning.build() == before
    assert (ends[0] == ends[1]) == (one == other)
    for end, flags in zip(ends, (one, other), strict=True):
        kept = len(before.stages[-1].targets)
        assert [target.is_essential for target in contacts(end.stages[-1])[kept:]] == flags


@pytest.mark.parametrize("phase", [EngagementStage, EscalationStage])
def test_an_open_stage_cannot_be_created_without_a_plan(phase: Callable[[], object]) -> None:
    with pytest.raises(InvalidValueError, match=r"stage must be opened by Plan\.e.*\.stage"):
        phase()


@pytest.mark.parametrize(
    ("draft", "name", "hint"),
    [
        (Plan.engagement(), "channel", "Plan.engagement().stage(minutes=...)"),
        (Plan.escalation(), "contact", "Plan.escalation().stage(minutes=...)"),
        (Plan.escalation().stage(minutes=5), "channel", "Plan.engagement().stage(minutes=...)"),
    ],
)
def test_a_method_of_another_phase_is_reported_with_the_phase_that_has_it(
    draft: Any, name: str, hint: str
) -> None:
    with pytest.raises(AttributeError) as caught:
        getattr(draft, name)
    assert str(caught.value).endswith(hint)
    assert not hasattr(draft, "anything")


def test_a_builder_is_rejected_as_a_plan_with_a_hint() -> None:
    unfinished: Any = Plan.engagement().stage(minutes=5)
    with pytest.raises(
        InvalidValueError, match=r"plan must be a Plan \(got .*\): call \.build\(\)"
    ):
        Contact(alias="akuam", type=ContactType.PERSONAL, plan=unfinished)
