from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import pytest
from arns import PREFIX, channel_arn, contact_arn, rotation_arn
from hypothesis import given
from hypothesis import strategies as st
from sentinels import PHONE

from ssm_contacts_sdk import (
    ChannelTarget,
    ContactTarget,
    InvalidValueError,
    Plan,
    Stage,
    from_response,
)

Rejected = Callable[..., list[tuple[str, str]]]
AKUA = contact_arn("akuam")
SMS = channel_arn("akuam", "beb25840")
ROTATION = rotation_arn("r1")

CHANNEL = ChannelTarget(contact_channel_id=SMS)
CONTACT = ContactTarget(contact_id=AKUA, is_essential=True)
EMPTY_STAGE = ("duration_in_minutes", "too_small")
NOT_BOTH = ("rotation_ids", "conflict")
NO_NUMBERS: list[tuple[Any, str]] = [
    (True, "bool"),
    (5.0, "float"),
    ("5", "str"),
    ({}, "dict"),
    ([5], "list"),
]


def no_arn(kind: str) -> str:
    return "not_an_arn"


# Targets ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("minutes", [None, 0, 1, 59, 60])
def test_a_channel_may_be_tried_again_after_0_to_60_minutes(minutes: int | None) -> None:
    target = ChannelTarget(contact_channel_id=SMS, retry_interval_in_minutes=minutes)
    assert target.retry_interval_in_minutes == minutes


def test_the_minutes_before_a_retry_are_optional() -> None:
    assert ChannelTarget(contact_channel_id=SMS).retry_interval_in_minutes is None


@pytest.mark.parametrize("minutes", [-1, 61, 1000])
def test_a_channel_is_tried_again_neither_before_nor_later(
    rejected: Rejected, minutes: int
) -> None:
    arguments: Any = {"contact_channel_id": SMS, "retry_interval_in_minutes": minutes}
    assert rejected(ChannelTarget, **arguments) == [
        ("retry_interval_in_minutes", "too_small" if minutes < 0 else "too_large")
    ]


@pytest.mark.parametrize(("value", "name"), NO_NUMBERS)
def test_the_minutes_before_a_retry_are_an_int(rejected: Rejected, value: Any, name: str) -> None:
    arguments: Any = {"contact_channel_id": SMS, "retry_interval_in_minutes": value}
    assert rejected(ChannelTarget, **arguments) == [("retry_interval_in_minutes", "wrong_type")]


def test_all_violations_of_a_channel_target_are_reported_at_once(rejected: Rejected) -> None:
    arguments: Any = {"contact_channel_id": "akuas sms", "retry_interval_in_minutes": 61}
    assert rejected(ChannelTarget, **arguments) == [
        ("contact_channel_id", no_arn("contact-channel")),
        ("retry_interval_in_minutes", "too_large"),
    ]


@pytest.mark.parametrize("essential", [True, False])
def test_a_contact_is_essential_or_not(essential: bool) -> None:
    target = ContactTarget(contact_id=AKUA, is_essential=essential)
    assert target.is_essential is essential


@pytest.mark.parametrize(
    ("value", "name"), [(None, "NoneType"), (0, "int"), (1, "int"), ("true", "str"), ({}, "dict")]
)
def test_whether_a_contact_is_essential_is_true_or_false(
    rejected: Rejected, value: Any, name: str
) -> None:
    assert rejected(ContactTarget, contact_id=AKUA, is_essential=value) == [
        ("is_essential", "wrong_type")
    ]


def test_is_essential_is_required() -> None:
    kind: Any = ContactTarget
    with pytest.raises(TypeError, match="'is_essential'"):
        kind(contact_id=AKUA)


def test_all_violations_of_a_contact_target_are_reported_at_once(rejected: Rejected) -> None:
    assert rejected(ContactTarget, contact_id="akuam", is_essential="yes") == [
        ("contact_id", no_arn("contact")),
        ("is_essential", "wrong_type"),
    ]


def test_a_contact_without_an_id_can_be_read_and_not_written(rejected: Rejected) -> None:
    read = from_response(ContactTarget, {"IsEssential": True})
    assert read.contact_id == ""
    assert rejected(ContactTarget, contact_id="", is_essential=True) == [
        ("contact_id", "too_short")
    ]
    assert rejected(attrs.evolve, read, is_essential=False) == [("contact_id", "too_short")]


# Stages -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("minutes", [1, 2, 29, 30])
@pytest.mark.parametrize("targets", [[], [CHANNEL], [CONTACT], [CHANNEL, CONTACT]])
def test_a_stage_lasts_up_to_30_minutes(minutes: int, targets: Any) -> None:
    stage = Stage(duration_in_minutes=minutes, targets=targets)
    assert (stage.duration_in_minutes, stage.targets) == (minutes, tuple(targets))


@pytest.mark.parametrize("minutes", [-1, 31, 1000])
@pytest.mark.parametrize("targets", [[], [CHANNEL]])
def test_a_duration_outside_of_0_to_30_minutes_is_rejected(
    rejected: Rejected, minutes: int, targets: Any
) -> None:
    assert rejected(Stage, duration_in_minutes=minutes, targets=targets) == [
        ("duration_in_minutes", "too_small" if minutes < 0 else "too_large")
    ]


@pytest.mark.parametrize("target", [CHANNEL, CONTACT])
def test_a_stage_with_a_target_may_last_zero_minutes(target: Any) -> None:
    assert Stage(duration_in_minutes=0, targets=[target]).duration_in_minutes == 0


def test_a_stage_without_targets_may_not_last_zero_minutes(rejected: Rejected) -> None:
    assert rejected(Stage, duration_in_minutes=0) == [EMPTY_STAGE]
    assert rejected(Stage, duration_in_minutes=0, targets=[]) == [EMPTY_STAGE]
    assert rejected(attrs.evolve, Stage(duration_in_minutes=1), duration_in_minutes=0) == [
        EMPTY_STAGE
    ]


def test_a_stage_only_waits_by_default() -> None:
    assert Stage(duration_in_minutes=5).targets == ()


def test_the_duration_of_a_stage_is_required() -> None:
    kind: Any = Stage
    with pytest.raises(TypeError, match="'duration_in_minutes'"):
        kind(targets=[CHANNEL])


@pytest.mark.parametrize(("value", "name"), [*NO_NUMBERS, (None, "NoneType"), (False, "bool")])
def test_the_minutes_of_a_stage_are_an_int(rejected: Rejected, value: Any, name: str) -> None:
    assert rejected(Stage, duration_in_minutes=value, targets=[CHANNEL]) == [
        ("duration_in_minutes", "wrong_type")
    ]


@pytest.mark.parametrize("make", [list, tuple, iter])
def test_targets_may_be_any_list(make: Callable[[list[ChannelTarget]], Any]) -> None:
    assert Stage(duration_in_minutes=1, targets=make([CHANNEL])).targets == (CHANNEL,)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "NoneType"),
        (5, "int"),
        ("", "str"),
        ({}, "dict"),
        ({CHANNEL}, "set"),
        (CHANNEL, "ChannelTarget"),
    ],
)
@pytest.mark.parametrize("minutes", [0, 1])
def test_targets_are_a_list(rejected: Rejected, value: Any, name: str, minutes: int) -> None:
    assert rejected(Stage, duration_in_minutes=minutes, targets=value) == [
        ("targets", "wrong_type")
    ]


def test_each_target_is_a_target(rejected: Rejected) -> None:
    targets: Any = [CHANNEL, SMS, CONTACT, None, {"contact_id": AKUA}, Stage(duration_in_minutes=1)]
    assert rejected(Stage, duration_in_minutes=1, targets=targets) == [
        (f"targets[{index}]", "wrong_type") for index in (1, 3, 4, 5)
    ]


def test_a_stage_does_not_change_with_the_list_it_was_built_from() -> None:
    targets = [CHANNEL]
    stage = Stage(duration_in_minutes=1, targets=targets)
    targets.append(CHANNEL)
    assert stage.targets == (CHANNEL,)


# Plans --------------------------------------------------------------------------------------------

STAGE = Stage(duration_in_minutes=5, targets=[CHANNEL])


def test_a_plan_may_engage_nobody_yet() -> None:
    assert (Plan().stages, Plan().rotation_ids) == ((), None)
    assert Plan(stages=[]) == Plan()
    assert Plan(rotation_ids=[]).rotation_ids == ()
    assert Plan(rotation_ids=[]) != Plan()


@pytest.mark.parametrize("make", [list, tuple, iter])
def test_stages_and_rotations_may_be_any_list(make: Callable[[Any], Any]) -> None:
    assert Plan(stages=make([STAGE])).stages == (STAGE,)
    assert Plan(rotation_ids=make([ROTATION])).rotation_ids == (ROTATION,)


def test_the_number_of_stages_is_left_to_the_service() -> None:
    assert len(Plan(stages=[STAGE] * 100).stages) == 100


@pytest.mark.parametrize(
    ("value", "name"),
    [(None, "NoneType"), (5, "int"), ("", "str"), ({}, "dict"), (STAGE, "Stage"), ({STAGE}, "set")],
)
def test_stages_are_a_list(rejected: Rejected, value: Any, name: str) -> None:
    assert rejected(Plan, stages=value) == [("stages", "wrong_type")]


def test_each_stage_is_a_stage(rejected: Rejected) -> None:
    stages: Any = [STAGE, None, {"duration_in_minutes": 5}, CHANNEL]
    assert rejected(Plan, stages=stages) == [
        ("stages[1]", "wrong_type"),
        ("stages[2]", "wrong_type"),
        ("stages[3]", "wrong_type"),
    ]


@pytest.mark.parametrize("count", [1, 24, 25])
def test_a_plan_has_up_to_25_rotations(count: int) -> None:
    assert Plan(rotation_ids=[ROTATION] * count).rotation_ids == (ROTATION,) * count


@pytest.mark.parametrize("count", [26, 100])
def test_a_plan_has_no_more_rotations(rejected: Rejected, count: int) -> None:
    expected = [("rotation_ids", "too_many")]
    assert rejected(Plan, rotation_ids=[ROTATION] * count) == expected
    assert rejected(Plan.on_call, *[ROTATION] * count) == expected


@pytest.mark.parametrize(
    ("value", "name"),
    [(ROTATION, "str"), (5, "int"), ({}, "dict"), ({ROTATION}, "set"), (True, "bool")],
)
def test_rotations_are_a_list(rejected: Rejected, value: Any, name: str) -> None:
    assert rejected(Plan, rotation_ids=value) == [("rotation_ids", "wrong_type")]


def test_each_rotation_is_the_arn_of_one(rejected: Rejected) -> None:
    rotations: Any = [ROTATION, AKUA, "", None, "web", f"{PREFIX}squad/1"]
    expected = [
        ("rotation_ids[1]", "wrong_kind_of_arn"),
        ("rotation_ids[2]", "too_short"),
        ("rotation_ids[3]", "wrong_type"),
        ("rotation_ids[4]", no_arn("rotation")),
    ]
    assert rejected(Plan, rotation_ids=rotations) == expected
    assert rejected(Plan.on_call, *rotations) == expected


@pytest.mark.parametrize("rotations", [[], [ROTATION]])
def test_a_plan_has_stages_or_rotations_and_not_both(rejected: Rejected, rotations: Any) -> None:
    assert rejected(Plan, stages=[STAGE], rotation_ids=rotations) == [NOT_BOTH]
    assert rejected(attrs.evolve, Plan(stages=[STAGE]), rotation_ids=rotations) == [NOT_BOTH]
    assert Plan(stages=[], rotation_ids=rotations).rotation_ids == tuple(rotations)


def test_all_violations_of_a_plan_are_reported_at_once(rejected: Rejected) -> None:
    rotations: Any = [*[ROTATION] * 25, 5]
    stages: Any = [STAGE, 5]
    assert rejected(Plan, stages=stages, rotation_ids=rotations) == [
        ("stages[1]", "wrong_type"),
        ("rotation_ids", "too_many"),
        ("rotation_ids[25]", "wrong_type"),
        NOT_BOTH,
    ]
    assert rejected(Plan, stages=None, rotation_ids=5) == [
        ("stages", "wrong_type"),
        ("rotation_ids", "wrong_type"),
    ]


def test_the_path_of_a_violation_leads_through_the_whole_plan(rejected: Rejected) -> None:
    sms: Any = {"ChannelTargetInfo": {"ContactChannelId": "sms", "RetryIntervalInMinutes": 99}}
    akua: Any = {"ContactTargetInfo": {"ContactId": PHONE, "IsEssential": False}}
    stages: Any = [
        {"DurationInMinutes": 5, "Targets": []},
        {"DurationInMinutes": 0, "Targets": []},
        {"DurationInMinutes": -1, "Targets": [sms, akua]},
    ]
    read = from_response(Plan, {"Stages": stages})
    assert rejected(Plan, stages=read.stages) == [
        ("stages[1].duration_in_minutes", "too_small"),
        ("stages[2].duration_in_minutes", "too_small"),
        ("stages[2].targets[0].contact_channel_id", no_arn("contact-channel")),
        ("stages[2].targets[0].retry_interval_in_minutes", "too_large"),
        ("stages[2].targets[1].contact_id", no_arn("contact")),
    ]
    assert rejected(Stage, duration_in_minutes=1, targets=read.stages[2].targets)[0] == (
        "targets[0].contact_channel_id",
        no_arn("contact-channel"),
    )


def test_the_plan_of_a_schedule_is_its_rotations() -> None:
    other = rotation_arn("r2")
    assert Plan.on_call() == Plan(rotation_ids=())
    assert Plan.on_call(ROTATION, other) == Plan(rotation_ids=[ROTATION, other])
    assert Plan.on_call(ROTATION).stages == ()


def test_a_mixed_plan_is_for_its_contact_to_reject() -> None:
    """A plan alone does not know whose it is."""
    assert Plan(stages=[Stage(duration_in_minutes=1, targets=[CHANNEL, CONTACT])]).stages


def test_a_plan_does_not_change_with_the_list_it_was_built_from() -> None:
    stages, rotations = [STAGE], [ROTATION]
    staged, scheduled = Plan(stages=stages), Plan(rotation_ids=rotations)
    stages.append(STAGE)
    rotations.append(ROTATION)
    assert staged.stages == (STAGE,)
    assert scheduled.rotation_ids == (ROTATION,)


def test_an_error_of_an_iterator_is_raised_unchanged() -> None:
    def failing() -> Any:
        yield STAGE
        raise KeyError("of the caller")

    with pytest.raises(KeyError, match="of the caller"):
        Plan(stages=failing())


def test_a_plan_has_a_repr_with_all_its_fields() -> None:
    assert repr(Plan(stages=[STAGE])) == (
        "Plan(stages=(Stage(duration_in_minutes=5, targets=(ChannelTarget("
        f"contact_channel_id={SMS!r}, retry_interval_in_minutes=None),)),), rotation_ids=None)"
    )


TARGETS = st.one_of(
    st.builds(
        ChannelTarget,
        contact_channel_id=st.just(SMS),
        retry_interval_in_minutes=st.none() | st.integers(0, 60),
    ),
    st.builds(ContactTarget, contact_id=st.just(AKUA), is_essential=st.booleans()),
)


@given(st.integers(-5, 35), st.lists(TARGETS, max_size=3))
def test_a_stage_is_valid_if_its_minutes_are_and_it_waits_or_engages(
    minutes: int, targets: list[ChannelTarget | ContactTarget]
) -> None:
    legal = 0 <= minutes <= 30 and (minutes > 0 or bool(targets))
    try:
        stage = Stage(duration_in_minutes=minutes, targets=targets)
    except InvalidValueError:
        assert not legal
    else:
        assert legal
        assert stage.targets == tuple(targets)


@given(st.lists(st.tuples(st.integers(1, 30), st.lists(TARGETS, max_size=3)), max_size=5))
def test_a_plan_of_legal_stages_is_legal_and_preserves_their_order(
    described: list[tuple[int, list[ChannelTarget | ContactTarget]]],
) -> None:
    plan = Plan(
        stages=[Stage(duration_in_minutes=minutes, targets=each) for minutes, each in described]
    )
    found = [(stage.duration_in_minutes, list(stage.targets)) for stage in plan.stages]
    assert found == described
    assert attrs.evolve(plan) == plan


@pytest.mark.parametrize("minutes", [False, 0.0])
def test_a_mistake_is_reported_once(rejected: Rejected, minutes: Any) -> None:
    (violation,) = rejected(Stage, duration_in_minutes=minutes)
    assert violation[1].startswith("wrong_type")
    (violation,) = rejected(Plan, stages=5, rotation_ids=[ROTATION])
    assert violation == ("stages", "wrong_type")
