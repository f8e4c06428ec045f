from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from arns import PREFIX, channel_arn, contact_arn, rotation_arn
from hypothesis import assume, given
from hypothesis import strategies as st
from sentinels import EMAIL, PHONE

from ssm_contacts_sdk import (
    ChannelRecord,
    ChannelType,
    Contact,
    ContactRecord,
    ContactSummary,
    ContactType,
    DayOfWeek,
    Plan,
    Recurrence,
    Rotation,
    RotationRecord,
    RotationSummary,
    WeeklySetting,
    from_response,
)
from ssm_contacts_sdk._schema.values import trusted_constructor

Rejected = Callable[..., list[tuple[str, str]]]
AKUA = contact_arn("akuam")
ALEX = contact_arn("alex")
SMS = channel_arn("akuam", "beb25840")
WEB = rotation_arn("web")

START = datetime(2025, 1, 6, 8, 0, tzinfo=timezone.utc)
NAIVE = datetime(2025, 1, 6, 8, 0)  # noqa: DTZ001 - it is what is rejected
MONDAYS = Recurrence.weekly(("MON", "09:00"))
DESCRIBED: dict[str, Any] = {
    "name": "web",
    "contact_ids": [AKUA],
    "start_time": START,
    "time_zone_id": "Europe/Berlin",
    "recurrence": MONDAYS,
}

RECORD = ContactRecord(alias="akuam", type=ContactType.PERSONAL, arn=AKUA)
SUMMARY = ContactSummary(alias="alex", type=ContactType.PERSONAL, arn=ALEX)
CHANNEL = ChannelRecord(
    name="akuas sms",
    type=ChannelType.SMS,
    delivery_address=PHONE,
    arn=SMS,
    contact_arn=AKUA,
)

NAME_LETTERS = ("name", "wrong_characters")
NO_ZONE = "no_time_zone"
UNKNOWN_ZONE = (
    "time_zone_id",
    "unknown_time_zone",
)
NO_CONTACT = "not_an_arn"


def rotation(**changed: Any) -> Rotation:
    return Rotation(**{**DESCRIBED, **changed})


def record(**changed: Any) -> RotationRecord:
    arguments: Any = {**DESCRIBED, "arn": WEB}
    return RotationRecord(**{**arguments, **changed})


def summary(**changed: Any) -> RotationSummary:
    arguments: Any = {**DESCRIBED, "arn": WEB}
    return RotationSummary(**{**arguments, **changed})


each_kind = pytest.mark.parametrize("make", [rotation, record, summary])
each_described_kind = pytest.mark.parametrize("make", [rotation, record])


# Names --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["w", "Web team_1.-", " ", "\t\n\r\f\v", "0", "w" * 255])
@each_kind
def test_a_name_may_contain_ascii_letters_digits_white_space_and_three_signs(
    make: Any, name: str
) -> None:
    assert make(name=name).name == name


@pytest.mark.parametrize(
    "name",
    ["web!", "web/1", "a:b", "a@b", "é", "\u0430", "\u0661", "a\u00a0b", "a\u2028b", "🔥", "\0"],
)
@each_kind
def test_a_name_may_contain_nothing_else(rejected: Rejected, make: Any, name: str) -> None:
    assert rejected(make, name=name) == [NAME_LETTERS]


@pytest.mark.parametrize("length", [0, 256, 5000])
@each_kind
def test_a_name_has_1_to_255_characters(rejected: Rejected, make: Any, length: int) -> None:
    expected = ("name", "too_long" if length else "too_short")
    assert rejected(make, name="w" * length) == [expected]


@given(st.text(max_size=20) | st.text("aZ9_-. \t\n\x1fé", max_size=20))
def test_a_name_matches_the_pattern_of_aws_model(rejected: Rejected, name: str) -> None:
    assume(name)
    if re.fullmatch(r"[a-zA-Z0-9_\-\s\.]*", name, re.ASCII):
        assert rotation(name=name).name == name
    else:
        assert rejected(rotation, name=name) == [NAME_LETTERS]


# People -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 2, 29, 30])
@each_kind
def test_a_rotation_has_1_to_30_people(make: Any, count: int) -> None:
    people = [f"{AKUA}-{number}" for number in range(count)]
    assert make(contact_ids=people).contact_ids == tuple(people)


@pytest.mark.parametrize("count", [0, 31, 100])
@each_described_kind
def test_a_rotation_has_neither_fewer_nor_more_people(
    rejected: Rejected, make: Any, count: int
) -> None:
    expected = ("contact_ids", "too_many" if count else "too_few")
    assert rejected(make, contact_ids=[AKUA] * count) == [expected]


def test_a_summary_may_have_no_people(rejected: Rejected) -> None:
    assert summary(contact_ids=[]).contact_ids == ()
    assert summary(contact_ids=None).contact_ids is None
    expected = ("contact_ids", "too_many")
    assert rejected(summary, contact_ids=[AKUA] * 31) == [expected]


@each_kind
def test_people_are_records_summaries_or_arns(make: Any) -> None:
    people = make(contact_ids=[RECORD, SUMMARY, AKUA, f"{PREFIX}squad/1"]).contact_ids
    assert people == (AKUA, ALEX, AKUA, f"{PREFIX}squad/1")


@pytest.mark.parametrize("gather", [list, tuple, iter])
@each_kind
def test_people_may_be_any_list_and_preserve_their_order(make: Any, gather: Any) -> None:
    assert make(contact_ids=gather([ALEX, RECORD])).contact_ids == (ALEX, AKUA)
    assert make(contact_ids=[ALEX, AKUA]) != make(contact_ids=[AKUA, ALEX])


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (5, "int"),
        (True, "bool"),
        (AKUA, "str"),
        ({AKUA: 1}, "dict"),
        ({AKUA}, "set"),
        (RECORD, "ContactRecord"),
    ],
)
@each_kind
def test_people_are_a_list(rejected: Rejected, make: Any, value: Any, name: str) -> None:
    expected = ("contact_ids", "wrong_type")
    assert rejected(make, contact_ids=value) == [expected]


@each_described_kind
def test_people_are_required(rejected: Rejected, make: Any) -> None:
    expected = ("contact_ids", "wrong_type")
    assert rejected(make, contact_ids=None) == [expected]


@each_kind
def test_each_of_the_people_is_a_contact(rejected: Rejected, make: Any) -> None:
    people: list[Any] = [AKUA, None, "akuam", CHANNEL, WEB, record(), "", 5, PHONE]
    assert rejected(make, contact_ids=people) == [
        ("contact_ids[1]", "wrong_type"),
        ("contact_ids[2]", NO_CONTACT),
        ("contact_ids[3]", "wrong_kind_of_arn"),
        ("contact_ids[4]", "wrong_kind_of_arn"),
        ("contact_ids[5]", "wrong_kind_of_arn"),
        ("contact_ids[6]", "too_short"),
        ("contact_ids[7]", "wrong_type"),
        ("contact_ids[8]", NO_CONTACT),
    ]


@each_kind
def test_a_contact_that_was_not_created_yet_is_rejected_in_a_rotation(
    rejected: Rejected, make: Any
) -> None:
    contact = Contact(alias="akuam", type=ContactType.PERSONAL)
    ((path, rule),) = rejected(make, contact_ids=[AKUA, contact])
    assert path == "contact_ids[1]"
    assert rule.startswith("wrong_type")


# Start, zone and recurrence -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "zone", [timezone.utc, timezone(timedelta(hours=-9)), ZoneInfo("Asia/Tokyo")]
)
@each_kind
def test_a_rotation_starts_at_an_instant_of_any_zone(make: Any, zone: Any) -> None:
    made = make(start_time=START.astimezone(zone))
    assert made.start_time == START
    assert made == make()
    assert hash(made) == hash(make())


@each_kind
def test_a_naive_start_of_a_rotation_is_rejected(rejected: Rejected, make: Any) -> None:
    assert rejected(make, start_time=NAIVE) == [("start_time", NO_ZONE)]


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (5, "int"),
        (True, "bool"),
        ("2025-01-06T09:00:00Z", "str"),
        ({}, "dict"),
        (date(2025, 1, 6), "date"),
    ],
)
@each_kind
def test_a_rotation_starts_at_a_datetime(
    rejected: Rejected, make: Any, value: Any, name: str
) -> None:
    assert rejected(make, start_time=value) == [("start_time", "wrong_type")]


@pytest.mark.parametrize("name", ["", "PST", "../etc/passwd", "Berlin", "europe/berlin", PHONE])
@each_kind
def test_an_unknown_time_zone_is_rejected(rejected: Rejected, make: Any, name: str) -> None:
    assert rejected(make, time_zone_id=name) == [UNKNOWN_ZONE]


@pytest.mark.parametrize(
    ("value", "name"), [(5, "int"), (True, "bool"), ({}, "dict"), (timezone.utc, "timezone")]
)
@each_kind
def test_the_time_zone_of_a_rotation_is_an_iana_name(
    rejected: Rejected, make: Any, value: Any, name: str
) -> None:
    expected = ("time_zone_id", "wrong_type")
    assert rejected(make, time_zone_id=value) == [expected]


@pytest.mark.parametrize(
    ("value", "name"),
    [(5, "int"), (True, "bool"), ("daily", "str"), ({}, "dict"), (Plan(), "Plan")],
)
@each_kind
def test_a_recurrence_is_one(rejected: Rejected, make: Any, value: Any, name: str) -> None:
    expected = ("recurrence", "wrong_type")
    assert rejected(make, recurrence=value) == [expected]


@each_described_kind
def test_all_fields_of_a_rotation_are_required(rejected: Rejected, make: Any) -> None:
    nothing = dict.fromkeys(DESCRIBED)
    assert rejected(make, **nothing) == [
        ("name", "wrong_type"),
        ("contact_ids", "wrong_type"),
        ("time_zone_id", "wrong_type"),
        ("recurrence", "wrong_type"),
    ]


@each_described_kind
def test_a_rotation_may_leave_its_start_to_the_service(make: Any) -> None:
    assert make(start_time=None).start_time is None


@pytest.mark.parametrize("name", DESCRIBED)
@pytest.mark.parametrize("kind", [Rotation, RotationRecord])
def test_all_fields_of_a_rotation_are_required_too(kind: Any, name: str) -> None:
    arguments = {field: value for field, value in DESCRIBED.items() if field != name}
    with pytest.raises(TypeError, match=f"'{name}'"):
        kind(**arguments, **({} if kind is Rotation else {"arn": WEB}))


def test_only_arn_and_name_of_a_summary_are_required(rejected: Rejected) -> None:
    bare = RotationSummary(arn=WEB, name="web")
    shown = (bare.contact_ids, bare.start_time, bare.time_zone_id, bare.recurrence)
    assert shown == (None, None, None, None)
    assert rejected(summary, arn=None, name=None) == [
        ("arn", "wrong_type"),
        ("name", "wrong_type"),
    ]
    kind: Any = RotationSummary
    for arguments, missed in (({"arn": WEB}, "name"), ({"name": "web"}, "arn")):
        with pytest.raises(TypeError, match=f"'{missed}'"):
            kind(**arguments)


# Records ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [record, summary])
def test_a_record_has_the_arn_of_a_rotation(rejected: Rejected, make: Any) -> None:
    assert make().arn == WEB
    assert rejected(make, arn=AKUA) == [
        ("arn", "wrong_kind_of_arn"),
    ]
    assert rejected(make, arn=5) == [
        ("arn", "wrong_type"),
    ]
    ((path, rule),) = rejected(make, arn="web")
    assert path == "arn"
    assert rule.startswith("not_an_arn")


def test_a_record_is_a_rotation_and_a_summary_is_none() -> None:
    assert isinstance(record(), Rotation)
    assert not isinstance(summary(), Rotation)
    assert record() != rotation()


def test_a_rotation_becomes_a_part_of_a_schedule() -> None:
    assert Plan.on_call(record(), summary(), WEB) == Plan(rotation_ids=[WEB, WEB, WEB])


def test_a_rotation_that_was_not_created_yet_is_rejected_in_a_schedule(rejected: Rejected) -> None:
    undone: Any = rotation()
    ((path, rule),) = rejected(Plan.on_call, WEB, undone)
    assert path == "rotation_ids[1]"
    assert rule.startswith("wrong_type")


def read_invalid_rotation(**changed: Any) -> RotationRecord:
    """Return a rotation that the service sent, and that breaks rules of this package."""
    nine = {"HourOfDay": 9, "MinuteOfHour": 0}
    weekly = [{"DayOfWeek": day, "HandOffTime": nine} for day in ("MON", "HOLIDAY")]
    recurrence = {"WeeklySettings": weekly, "NumberOfOnCalls": 0, "RecurrenceMultiplier": 101}
    response: dict[str, Any] = {
        "RotationArn": WEB,
        "Name": "web!",
        "ContactIds": [],
        "StartTime": START,
        "TimeZoneId": "PST",
        "Recurrence": {**recurrence, **changed},
    }
    return from_response(RotationRecord, response)


NO_DAY = "unknown_choice"


@pytest.mark.parametrize("make", [record, summary])
def test_all_violations_of_a_rotation_are_reported_at_once(rejected: Rejected, make: Any) -> None:
    read = read_invalid_rotation(ShiftCoverages={"MON": [{}], "HOLIDAY": []})
    arguments: Any = {
        "name": "web!" * 100,
        "contact_ids": [AKUA, "akuam"],
        "start_time": NAIVE,
        "time_zone_id": "PST",
        "recurrence": read.recurrence,
        "arn": AKUA,
    }
    expected = [
        ("name", "too_long"),
        NAME_LETTERS,
        ("contact_ids[1]", NO_CONTACT),
        ("start_time", NO_ZONE),
        UNKNOWN_ZONE,
        ("recurrence.weekly_settings[1].day_of_week", NO_DAY),
        ("recurrence.number_of_on_calls", "too_small"),
        ("recurrence.recurrence_multiplier", "too_large"),
        (
            "recurrence.shift_coverages[0].coverage_times[0].start",
            "missing",
        ),
        (
            "recurrence.shift_coverages[0].coverage_times[0].end",
            "missing",
        ),
        ("recurrence.shift_coverages[1].day_of_week", NO_DAY),
    ]
    arn = ("arn", "wrong_kind_of_arn")
    assert rejected(make, **arguments) == (
        [arn, *expected] if make is summary else [*expected, arn]
    )


def test_a_time_of_day_that_is_wrong_is_found_inside_a_rotation(rejected: Rejected) -> None:
    # It is read from a response: the constructor would reject the setting.
    wrong = trusted_constructor(WeeklySetting)(day_of_week=DayOfWeek.TUE, hand_off_time="9:00")
    hand_offs = (WeeklySetting(DayOfWeek.MON, time(9)), wrong)
    recurrence = trusted_constructor(Recurrence)(weekly_settings=hand_offs)
    assert rejected(rotation, recurrence=recurrence) == [
        (
            "recurrence.weekly_settings[1].hand_off_time",
            "wrong_format",
        )
    ]


def test_a_value_that_was_read_is_checked_when_it_is_evolved(rejected: Rejected) -> None:
    read = read_invalid_rotation()
    paths = [path for path, _ in rejected(attrs.evolve, read, contact_ids=[AKUA])]
    assert paths == [
        "name",
        "time_zone_id",
        "recurrence.weekly_settings[1].day_of_week",
        "recurrence.number_of_on_calls",
        "recurrence.recurrence_multiplier",
    ]
    mended = attrs.evolve(
        read, name="web", contact_ids=[AKUA], time_zone_id="Europe/Berlin", recurrence=MONDAYS
    )
    assert mended == record()


@pytest.mark.parametrize(
    ("field", "wrong", "rule"),
    [
        ("name", "", "too_short"),
        ("contact_ids", [], "too_few"),
        ("start_time", NAIVE, NO_ZONE),
        ("time_zone_id", "PST", UNKNOWN_ZONE[1]),
        ("recurrence", None, "wrong_type"),
    ],
)
@each_described_kind
def test_a_rotation_is_checked_again_when_it_is_evolved(
    rejected: Rejected, make: Any, field: str, wrong: Any, rule: str
) -> None:
    assert rejected(attrs.evolve, make(), **{field: wrong}) == [(field, rule)]


@pytest.mark.parametrize("private", [PHONE, EMAIL])
@each_kind
def test_a_error_never_repeats_its_input(rejected: Rejected, make: Any, private: str) -> None:
    arguments: Any = {
        "name": f"{private}!",
        "contact_ids": [private],
        "start_time": private,
        "time_zone_id": private,
        "recurrence": private,
    }
    violations = rejected(make, **arguments)
    assert [path for path, _ in violations] == [
        "name",
        "contact_ids[0]",
        "start_time",
        "time_zone_id",
        "recurrence",
    ]
    assert private not in str(violations)


def test_a_rotation_does_not_change_with_the_list_it_was_built_from() -> None:
    people: list[Any] = [AKUA]
    made = rotation(contact_ids=people)
    people.append(ALEX)
    assert made.contact_ids == (AKUA,)


def test_a_rotation_has_a_repr_with_all_its_fields() -> None:
    assert repr(rotation()) == (
        f"Rotation(name='web', contact_ids=({AKUA!r},), "
        "start_time=datetime.datetime(2025, 1, 6, 8, 0, tzinfo=datetime.timezone.utc), "
        f"time_zone_id='Europe/Berlin', recurrence={MONDAYS!r})"
    )
