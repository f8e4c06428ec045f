"""What all values have in common.

At the end: what can have tags, and the address of a channel whose type is not known.
"""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from datetime import datetime, time, timedelta, timezone
from functools import partial
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from arns import PREFIX, channel_arn, contact_arn, engagement_arn, page_arn, rotation_arn
from attrs.exceptions import FrozenInstanceError
from hypothesis import given
from hypothesis import strategies as st
from sentinels import CODE, EMAIL, PHONE, PRIVATE, SUBJECT

from ssm_contacts_sdk import (
    ActivationStatus,
    Channel,
    ChannelRecord,
    ChannelTarget,
    ChannelType,
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
    InvalidValueError,
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
    from_response,
)
from ssm_contacts_sdk._models.arguments import Tag
from ssm_contacts_sdk._models.arns import TaggableArn
from ssm_contacts_sdk._models.channels import address_violations
from ssm_contacts_sdk._schema.values import Value, check_of
from ssm_contacts_sdk._schema.wire import reader_of

Rejected = Callable[..., list[tuple[str, str]]]
AKUA = contact_arn("akuam")
SMS = channel_arn("akuam", "beb25840")
WEB = rotation_arn("web")
ENGAGED = engagement_arn("akuam")
PAGED = page_arn("akuam")
UUID = "a8f4e2c0-1b3d-4e5f-8a9b-0c1d2e3f4a5b"

NINE = time(9, 0)
START = datetime(2025, 1, 6, 8, 0, tzinfo=timezone.utc)
END = START.astimezone(timezone(timedelta(hours=9))) + timedelta(hours=8)
ENDS: dict[str, datetime] = {"start_time": START, "end_time": END}
ROTATION: dict[str, Any] = {
    "name": "web",
    "contact_ids": [AKUA],
    "start_time": START,
    "time_zone_id": "Europe/Berlin",
    "recurrence": Recurrence.weekly(("MON", "09:00"), coverage=[ShiftCoverage("MON", [])]),
}
OVERRIDE: dict[str, Any] = {"new_contact_ids": [AKUA], **ENDS}
MESSAGES: dict[str, Any] = {"subject": SUBJECT, "content": SUBJECT, "public_subject": PHONE}
ENGAGEMENT: dict[str, Any] = {
    "arn": ENGAGED,
    "contact_arn": AKUA,
    "sender": "web",
    "start_time": START,
}
PAGE: dict[str, Any] = {
    "arn": PAGED,
    "engagement_arn": ENGAGED,
    "contact_arn": AKUA,
    "sender": "web",
    "read_time": END,
}

MAKERS: list[Callable[[], Value]] = [
    lambda: ChannelTarget(contact_channel_id=SMS, retry_interval_in_minutes=1),
    lambda: ContactTarget(contact_id=AKUA, is_essential=True),
    lambda: Stage(
        duration_in_minutes=5, targets=[ContactTarget(contact_id=AKUA, is_essential=False)]
    ),
    lambda: Plan(
        stages=[Stage(duration_in_minutes=0, targets=[ChannelTarget(contact_channel_id=SMS)])]
    ),
    lambda: Plan(rotation_ids=[WEB]),
    lambda: Contact(alias="akuam", display_name="Akua Mansa", type=ContactType.PERSONAL),
    lambda: ContactRecord(alias="akuam", type=ContactType.ONCALL_SCHEDULE, arn=AKUA),
    lambda: ContactSummary(alias="akuam", type=ContactType.ESCALATION, arn=AKUA),
    lambda: Channel.sms("akuas sms", PHONE),
    lambda: ChannelRecord(
        name="akuas mail",
        type=ChannelType.EMAIL,
        delivery_address=EMAIL,
        arn=SMS,
        contact_arn=AKUA,
        activation_status=ActivationStatus.ACTIVATED,
    ),
    lambda: Recurrence.daily("09:00", coverage=[ShiftCoverage("MON", [])]),
    lambda: Recurrence.weekly(("MON", "09:00"), multiplier=2),
    lambda: Recurrence.monthly((1, "09:00"), on_call=3),
    lambda: Rotation(**ROTATION),
    lambda: RotationRecord(arn=WEB, **ROTATION),
    lambda: RotationSummary(arn=WEB, **ROTATION),
    lambda: Override(**OVERRIDE),
    lambda: OverrideRecord(rotation_arn=WEB, id=UUID, create_time=END, **OVERRIDE),
    lambda: PreviewOverride(new_members=["akua"], **ENDS),
    lambda: Shift(
        contact_ids=[AKUA], type=ShiftType.OVERRIDDEN, overridden_contact_ids=[AKUA], **ENDS
    ),
    lambda: EngagementSummary(**ENGAGEMENT),
    lambda: Engagement(**ENGAGEMENT, **MESSAGES),
    lambda: PageSummary(**PAGE),
    lambda: Page(**PAGE, **MESSAGES),
    lambda: Receipt(channel_arn=SMS, type=ReceiptType.READ, info=CODE, time=START),
    lambda: Resolution(contact_arn=AKUA, type=ContactType.ESCALATION, stage_index=1),
]
BY_PLACE: list[Callable[[], Value]] = [
    lambda: WeeklySetting(DayOfWeek.MON, NINE),
    lambda: MonthlySetting(1, NINE),
    lambda: CoverageTime(NINE, time(17, 0)),
    lambda: ShiftCoverage(DayOfWeek.MON, [CoverageTime(NINE, NINE)]),
    lambda: ContactPolicy("{}"),
    lambda: Tag("team", "web"),
]
ALL = [*MAKERS, *BY_PLACE]


def kind_of(make: Any) -> str:
    return type(make()).__name__


each_value = pytest.mark.parametrize("make", ALL, ids=kind_of)


def fields(value: Value) -> list[str]:
    kind: Any = type(value)
    return [field.name for field in attrs.fields(kind)]


def pickled(protocol: int, value: object) -> Any:
    return pickle.loads(pickle.dumps(value, protocol))  # noqa: S301 - our own


ROUND_TRIPS: list[Callable[[Any], Any]] = [
    copy.copy,
    copy.deepcopy,
    *(partial(pickled, protocol) for protocol in range(pickle.HIGHEST_PROTOCOL + 1)),
]


@each_value
def test_a_value_survives_pickling_and_copying(make: Callable[[], Value]) -> None:
    value = make()
    for round_trip in ROUND_TRIPS:
        again = round_trip(value)
        assert type(again) is type(value)
        assert again == value
        assert hash(again) == hash(value)
        assert repr(again) == repr(value)


def test_a_value_that_breaks_a_rule_and_was_read_survives_it_too() -> None:
    read = from_response(Shift, {"StartTime": END, "EndTime": START, "Type": "SWAPPED"})
    for round_trip in ROUND_TRIPS:
        again = round_trip(read)
        assert again == read
        assert again.type == "SWAPPED"
        assert isinstance(again.type, ShiftType)


@each_value
def test_a_value_is_frozen_has_slots_and_can_be_a_key(make: Callable[[], Value]) -> None:
    """Each class declares it anew, and one that is not frozen could break its rules later."""
    value = make()
    with pytest.raises(FrozenInstanceError):
        setattr(value, fields(value)[0], None)
    assert not hasattr(value, "__dict__")
    assert {value: 1}[make()] == 1


@pytest.mark.parametrize("make", MAKERS, ids=kind_of)
def test_a_value_accepts_its_fields_by_name_only(make: Callable[[], Value]) -> None:
    value = make()
    kind: Any = type(value)
    given_fields = {name: getattr(value, name) for name in fields(value)}
    assert kind(**given_fields) == value
    with pytest.raises(TypeError):
        kind(*given_fields.values())


@pytest.mark.parametrize("make", BY_PLACE, ids=kind_of)
def test_a_value_of_one_or_two_fields_accepts_them_by_position_too(
    make: Callable[[], Value],
) -> None:
    value = make()
    kind: Any = type(value)
    given_fields = {name: getattr(value, name) for name in fields(value)}
    assert kind(**given_fields) == kind(*given_fields.values()) == value
    with pytest.raises(TypeError):
        kind(*given_fields.values(), None)


@pytest.mark.parametrize("make", MAKERS, ids=kind_of)
def test_a_value_stores_its_instants_in_utc(make: Callable[[], Value]) -> None:
    value: Any = make()
    twice = datetime(2025, 10, 26, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Berlin"))
    for name in fields(value):
        if isinstance(getattr(value, name), datetime):
            assert getattr(value, name).tzinfo is timezone.utc
            # An end stays after its start.
            later = {"end_time": twice + timedelta(days=1)} if name == "start_time" else {}
            arguments = {field: at for field, at in later.items() if hasattr(value, field)}
            stored = getattr(attrs.evolve(value, **arguments, **{name: twice}), name)
            assert stored == datetime(2025, 10, 26, 1, 30, tzinfo=timezone.utc)
            assert (stored.tzinfo, stored.fold) == (timezone.utc, 0)


@each_value
def test_a_value_is_checked_again_when_it_is_evolved(
    rejected: Rejected, make: Callable[[], Value]
) -> None:
    value = make()
    for name in fields(value):
        assert (name, "wrong_type") in rejected(attrs.evolve, value, **{name: 1.5})


@each_value
def test_an_error_names_the_kind_of_value_that_was_rejected(make: Callable[[], Value]) -> None:
    kind: Any = type(make())
    with pytest.raises(InvalidValueError) as caught:
        kind(**dict.fromkeys(fields(make()), 1.5))
    assert caught.value.subject == kind.__name__
    assert str(caught.value).startswith(f"{kind.__name__}: ")


@each_value
def test_each_field_of_a_wrong_type_is_named_in_one_error(
    rejected: Rejected, make: Callable[[], Value]
) -> None:
    value = make()
    names = fields(value)
    violations = rejected(type(value), **dict.fromkeys(names, 1.5))
    assert [path for path, code in violations if code == "wrong_type"] == names


NO_ASCII = st.text(st.characters(min_codepoint=128), min_size=1, max_size=20)
ANY_VALUE: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.binary(),
    st.datetimes(),
    st.times(),
    NO_ASCII,
    st.lists(NO_ASCII, max_size=3),
    st.lists(st.tuples(NO_ASCII, NO_ASCII), max_size=3),
    st.dictionaries(NO_ASCII, NO_ASCII | st.lists(NO_ASCII, max_size=3), max_size=3),
    st.dictionaries(
        st.sampled_from(["MON", "TUE"]), st.lists(st.tuples(NO_ASCII, NO_ASCII), max_size=3)
    ),
)


@given(st.data())
@pytest.mark.parametrize("kind", sorted({type(make()) for make in ALL}, key=str))
def test_a_constructor_accepts_or_rejects_any_input_without_repeating_it(
    kind: Any, data: st.DataObject
) -> None:
    given_values = {
        field.name: data.draw(ANY_VALUE, label=field.name) for field in attrs.fields(kind)
    }
    try:
        kind(**given_values)
    except InvalidValueError as error:
        # Rules contain only ASCII characters, and these strs contain none.
        assert str(error).isascii()  # noqa: PT017 - some are valid
        assert repr(error).isascii()  # noqa: PT017 - as above
        assert error.violations  # noqa: PT017 - as above


@given(st.lists(ANY_VALUE, max_size=3), ANY_VALUE)
@pytest.mark.parametrize("short", [Recurrence.daily, Recurrence.weekly, Recurrence.monthly])
def test_a_factory_accepts_or_rejects_any_input_without_repeating_it(
    short: Any, hand_offs: list[Any], coverage: Any
) -> None:
    try:
        short(*hand_offs, coverage=coverage)
    except InvalidValueError as error:
        assert str(error).isascii()  # noqa: PT017 - some are valid
        assert error.subject == "Recurrence"  # noqa: PT017 - as above


REPEATS: list[Callable[[str], object]] = [
    "{}\n!".format,
    lambda secret: [secret],
    lambda secret: {secret: secret},
    str.encode,
    lambda secret: ("\n", secret),
]


@each_value
def test_an_error_never_repeats_its_input(make: Callable[[], Value]) -> None:
    value = make()
    kind: Any = type(value)
    for secret, repeats in product(PRIVATE, REPEATS):
        wrong = repeats(secret)
        with pytest.raises(InvalidValueError) as caught:
            kind(**dict.fromkeys(fields(value), wrong))
        assert secret not in str(caught.value)
        assert secret not in repr(caught.value)
        assert secret not in repr(caught.value.violations)


@pytest.mark.parametrize("short", [Recurrence.daily, Recurrence.weekly, Recurrence.monthly])
def test_a_factory_never_repeats_its_input(short: Any) -> None:
    for secret in PRIVATE:
        hand_offs: list[Any] = [secret, (secret, secret), [secret], {secret: secret}]
        hours = [(secret, secret)]
        coverages: list[Any] = [None, secret, {secret: hours}, {"MON": hours}]
        for wrong, coverage in product(hand_offs, coverages):
            with pytest.raises(InvalidValueError) as caught:
                short(wrong, coverage=coverage)
            assert secret not in str(caught.value)
            assert secret not in repr(caught.value.violations)


# Tags, and what can have them ---------------------------------------------------------------------


@pytest.mark.parametrize(("key", "value"), [("k", "v"), ("k" * 128, "v" * 256), ("a\\/_+=-", "é ")])
def test_a_tag_is_a_key_and_a_value(key: str, value: str) -> None:
    tag = Tag(key, value)
    assert (tag.key, tag.value) == (key, value)
    assert tag == Tag(key=key, value=value)


def test_a_tag_follows_the_rules_of_tags(rejected: Rejected) -> None:
    letters = "wrong_characters"
    assert rejected(Tag, "a b", "\n") == [
        ("key", letters),
        ("value", "wrong_characters"),
    ]
    assert rejected(Tag, "", "v" * 257) == [
        ("key", "too_short"),
        ("value", "too_long"),
    ]
    assert rejected(Tag, None, 5) == [
        ("key", "wrong_type"),
        ("value", "wrong_type"),
    ]


def test_an_absent_value_of_a_tag_is_empty() -> None:
    read = reader_of(Tag)({"Key": "team"})
    assert (read.key, read.value) == ("team", "")


def padded(arn: str, length: int) -> str:
    return arn + "a" * (length - len(arn))


def codes(value: object) -> list[str]:
    return [violation.code for violation in check_of(TaggableArn)(value)]


@pytest.mark.parametrize(
    "arn",
    [AKUA, WEB, f"{PREFIX}something-new/1", padded(AKUA, 1011), padded(WEB, 1011)],
)
def test_contacts_and_rotations_can_have_tags(arn: str) -> None:
    assert codes(arn) == []


@pytest.mark.parametrize(
    ("value", "code"),
    [
        *[(arn, "wrong_kind_of_arn") for arn in (SMS, ENGAGED, PAGED)],
        *[(word, "not_an_arn") for word in ("akuam", PHONE)],
        *[(value, "wrong_type") for value in [None, 5, True, b"", Rotation(**ROTATION)]],
        ("", "too_short"),
    ],
)
def test_nothing_else_can_have_tags(value: object, code: str) -> None:
    assert codes(value) == [code]


@pytest.mark.parametrize("arn", [AKUA, WEB])
@pytest.mark.parametrize("length", [1012, 2048, 2049])
def test_the_arn_of_what_has_tags_is_shorter_than_others(arn: str, length: int) -> None:
    assert codes(padded(arn, length)) == ["too_long"]


# Addresses of channels with an unknown type ------------------------------------------------------


@pytest.mark.parametrize("channel_type", [None, ChannelType(""), ChannelType("PIGEON")])
def test_of_an_address_of_an_unknown_type_only_the_length_is_checked(channel_type: object) -> None:
    def codes(address: object) -> list[str]:
        return [violation.code for violation in address_violations(address, channel_type)]

    for address in ("a", "loft 3", PHONE, "a" * 320):
        assert codes(address) == []
    assert codes("") == ["too_short"]
    assert codes("a" * 321) == ["too_long"]
    assert codes(None) == ["wrong_type"]
