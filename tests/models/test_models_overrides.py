from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from arns import contact_arn, rotation_arn
from hypothesis import given
from hypothesis import strategies as st
from sentinels import EMAIL, PHONE
from strategies import instants, override_ids

from ssm_contacts_sdk import (
    ContactRecord,
    ContactSummary,
    ContactType,
    Override,
    OverrideRecord,
    PreviewOverride,
    Shift,
    ShiftType,
    from_response,
)

Rejected = Callable[..., list[tuple[str, str]]]
AKUA = contact_arn("akuam")
ALEX = contact_arn("alex")
WEB = rotation_arn("web")
UUID = "a8f4e2c0-1b3d-4e5f-8a9b-0c1d2e3f4a5b"

START = datetime(2025, 1, 6, 8, 0, tzinfo=timezone.utc)
END = START + timedelta(hours=8)
NAIVE = datetime(2025, 1, 6, 8, 0)  # noqa: DTZ001 - it is what is rejected
TOKYO = ZoneInfo("Asia/Tokyo")
NEW_YORK = ZoneInfo("America/New_York")

RECORD = ContactRecord(alias="akuam", type=ContactType.PERSONAL, arn=AKUA)
SUMMARY = ContactSummary(alias="alex", type=ContactType.PERSONAL, arn=ALEX)

NO_ZONE = "no_time_zone"
TOO_EARLY = ("end_time", "conflict")
BLANK = "wrong_format"
NO_CONTACT = "not_an_arn"


def override(**changed: Any) -> Override:
    arguments: Any = {"new_contact_ids": [AKUA], "start_time": START, "end_time": END}
    return Override(**{**arguments, **changed})


def record(**changed: Any) -> OverrideRecord:
    arguments: Any = {
        "new_contact_ids": [AKUA],
        "start_time": START,
        "end_time": END,
        "rotation_arn": WEB,
        "id": UUID,
    }
    return OverrideRecord(**{**arguments, **changed})


def preview(**changed: Any) -> PreviewOverride:
    arguments: Any = {"new_members": ["akua"], "start_time": START, "end_time": END}
    return PreviewOverride(**{**arguments, **changed})


def shift(**changed: Any) -> Shift:
    arguments: Any = {"contact_ids": [AKUA], "start_time": START, "end_time": END}
    return Shift(**{**arguments, **changed})


each_override = pytest.mark.parametrize("make", [override, record])
each_interval = pytest.mark.parametrize("make", [override, record, preview])
each_kind = pytest.mark.parametrize("make", [override, record, preview, shift])


# Intervals ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["start_time", "end_time"])
@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "NoneType"),
        (5, "int"),
        (True, "bool"),
        ("2025-01-06T09:00:00Z", "str"),
        (PHONE, "str"),
        ({}, "dict"),
        (date(2025, 1, 6), "date"),
    ],
)
@each_kind
def test_the_ends_are_datetimes(
    rejected: Rejected, make: Any, name: str, value: Any, kind: str
) -> None:
    assert rejected(make, **{name: value}) == [(name, "wrong_type")]


@pytest.mark.parametrize("name", ["start_time", "end_time"])
@each_kind
def test_naive_ends_are_rejected(rejected: Rejected, make: Any, name: str) -> None:
    assert rejected(make, **{name: NAIVE}) == [(name, NO_ZONE)]


@each_kind
def test_both_naive_ends_are_reported_and_not_compared(rejected: Rejected, make: Any) -> None:
    assert rejected(make, start_time=NAIVE, end_time=NAIVE) == [
        ("start_time", NO_ZONE),
        ("end_time", NO_ZONE),
    ]


@each_interval
def test_the_end_is_after_the_start(rejected: Rejected, make: Any) -> None:
    assert make(end_time=START + timedelta(microseconds=1)).end_time > START
    assert rejected(make, end_time=START) == [TOO_EARLY]
    assert rejected(make, end_time=START - timedelta(days=1)) == [TOO_EARLY]


@each_interval
def test_the_ends_are_compared_as_instants_and_not_by_their_clocks(
    rejected: Rejected, make: Any
) -> None:
    # 17:00 in Tokyo comes before 12:00 in New York.
    asia, america = START.astimezone(TOKYO), END.astimezone(NEW_YORK)
    assert asia.replace(tzinfo=None) > america.replace(tzinfo=None)
    made = make(start_time=asia, end_time=america)
    assert (made.start_time, made.end_time) == (START, END)
    assert made == make()
    assert rejected(make, start_time=america, end_time=asia) == [TOO_EARLY]
    assert rejected(make, start_time=asia, end_time=START.astimezone(NEW_YORK)) == [TOO_EARLY]


@each_kind
def test_the_ends_are_kept_in_utc(make: Any) -> None:
    made = make(start_time=START.astimezone(TOKYO), end_time=END.astimezone(NEW_YORK))
    assert (made.start_time, made.end_time) == (START, END)
    assert (made.start_time.tzinfo, made.end_time.tzinfo) == (timezone.utc, timezone.utc)


def test_a_shift_has_the_fields_that_the_service_sends() -> None:
    assert shift(end_time=START).end_time == START
    assert shift(end_time=START - timedelta(1)).end_time < START


@given(instants, instants)
def test_an_override_lasts_from_one_instant_to_a_later_one(
    rejected: Rejected, start: datetime, end: datetime
) -> None:
    if start.astimezone(timezone.utc) < end.astimezone(timezone.utc):
        assert override(start_time=start, end_time=end).end_time == end
    else:
        assert rejected(override, start_time=start, end_time=end) == [TOO_EARLY]


# Overrides ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 2, 29, 30])
@each_override
def test_an_override_names_up_to_30_people(make: Any, count: int) -> None:
    people = [f"{AKUA}-{number}" for number in range(count)]
    assert make(new_contact_ids=people).new_contact_ids == tuple(people)


@pytest.mark.parametrize("count", [31, 100])
@each_override
def test_an_override_has_no_more_people(rejected: Rejected, make: Any, count: int) -> None:
    expected = ("new_contact_ids", "too_many")
    assert rejected(make, new_contact_ids=[AKUA] * count) == [expected]


@pytest.mark.parametrize("gather", [list, tuple, iter])
@each_override
def test_people_are_any_list_of_records_summaries_or_arns(make: Any, gather: Any) -> None:
    assert make(new_contact_ids=gather([SUMMARY, RECORD, ALEX])).new_contact_ids == (
        ALEX,
        AKUA,
        ALEX,
    )


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "NoneType"),
        (5, "int"),
        (True, "bool"),
        (AKUA, "str"),
        ({}, "dict"),
        ({AKUA}, "set"),
        (RECORD, "ContactRecord"),
    ],
)
@each_override
def test_people_are_a_list(rejected: Rejected, make: Any, value: Any, name: str) -> None:
    expected = ("new_contact_ids", "wrong_type")
    assert rejected(make, new_contact_ids=value) == [expected]


@each_override
def test_each_of_the_people_is_a_contact(rejected: Rejected, make: Any) -> None:
    people: list[Any] = [AKUA, WEB, "akuam", None, EMAIL]
    assert rejected(make, new_contact_ids=people) == [
        ("new_contact_ids[1]", "wrong_kind_of_arn"),
        ("new_contact_ids[2]", NO_CONTACT),
        ("new_contact_ids[3]", "wrong_type"),
        ("new_contact_ids[4]", NO_CONTACT),
    ]


@pytest.mark.parametrize("name", ["new_contact_ids", "start_time", "end_time"])
def test_all_fields_of_an_override_are_required(name: str) -> None:
    arguments: Any = {"new_contact_ids": [], "start_time": START, "end_time": END}
    del arguments[name]
    with pytest.raises(TypeError, match=f"'{name}'"):
        Override(**arguments)


@pytest.mark.parametrize(
    "text",
    [
        UUID,
        UUID.upper(),
        f"0{UUID}",
        f"01{UUID}",
        f"012{UUID}",
        # In the first group of AWS's pattern, Z is allowed and g is not.
        f"ZYXWGHIJ{UUID[8:]}",
        f"ZYXWGHIJKLM{UUID[8:]}",
    ],
)
def test_the_id_of_an_override_has_36_to_39_characters(text: str) -> None:
    assert 36 <= len(text) <= 39
    assert record(id=text).id == text


NO_UUID = ("id", "wrong_format")


@pytest.mark.parametrize(
    "text",
    [
        f"ghijklmn{UUID[8:]}",
        f"{UUID[:-1]}Z",
        f"{UUID[:9]}zzzz{UUID[13:]}",
        f"{UUID[:9]}ZZZZ{UUID[13:]}",
        UUID.replace("-", "0"),
        f"{UUID}0",
        f"{UUID}\n",
        f"\n{UUID}",
        f" {UUID} ",
        f"{{{UUID}}}",
        UUID.replace("1", "\u0661"),
        "0" * 36,
        "-" * 39,
    ],
)
def test_no_other_str_is_an_id(rejected: Rejected, text: str) -> None:
    assert 36 <= len(text) <= 39
    assert rejected(record, id=text) == [NO_UUID]


@pytest.mark.parametrize("text", ["", "1", UUID[1:], f"0123{UUID}", UUID * 100, PHONE])
def test_an_id_is_neither_shorter_nor_longer(rejected: Rejected, text: str) -> None:
    expected = ("id", "too_long" if len(text) > 39 else "too_short")
    assert rejected(record, id=text) == [expected, NO_UUID]


@pytest.mark.parametrize(
    ("value", "name"), [(None, "NoneType"), (5, "int"), (True, "bool"), ({}, "dict")]
)
def test_an_id_is_a_str(rejected: Rejected, value: Any, name: str) -> None:
    assert rejected(record, id=value) == [("id", "wrong_type")]


@given(override_ids)
def test_every_id_that_the_model_of_aws_allows_is_valid(text: str) -> None:
    assert record(id=text).id == text


@given(st.text("aZ0-", min_size=36, max_size=39))
def test_an_id_that_the_model_of_aws_does_not_allow_is_rejected(
    rejected: Rejected, text: str
) -> None:
    if re.fullmatch(r"[a-fA-Z0-9]{8,11}(-[a-fA-F0-9]{4}){3}-[a-fA-F0-9]{12}", text):
        assert record(id=text).id == text
    else:
        assert rejected(record, id=text) == [NO_UUID]


def test_the_create_time_of_an_override_is_optional(rejected: Rejected) -> None:
    assert record().create_time is None
    assert record(create_time=END).create_time == END
    assert rejected(record, create_time=NAIVE) == [("create_time", NO_ZONE)]
    assert rejected(record, create_time=date(2025, 1, 6)) == [("create_time", "wrong_type")]


def test_all_violations_of_an_override_are_reported_at_once(rejected: Rejected) -> None:
    arguments: Any = {
        "new_contact_ids": ["akuam", AKUA],
        "start_time": END,
        "end_time": START,
        "rotation_arn": AKUA,
        "id": "1",
        "create_time": 5,
    }
    assert rejected(record, **arguments) == [
        ("new_contact_ids[0]", NO_CONTACT),
        TOO_EARLY,
        ("rotation_arn", "wrong_kind_of_arn"),
        ("id", "too_short"),
        NO_UUID,
        ("create_time", "wrong_type"),
    ]
    assert rejected(override, new_contact_ids=None, start_time=None, end_time=NAIVE) == [
        ("new_contact_ids", "wrong_type"),
        ("start_time", "wrong_type"),
        ("end_time", NO_ZONE),
    ]


def test_a_record_is_an_override_and_equal_to_none() -> None:
    assert isinstance(record(), Override)
    assert record() != override()


@each_override
def test_an_override_is_checked_again_when_it_is_evolved(rejected: Rejected, make: Any) -> None:
    made = make()
    assert attrs.evolve(made, new_contact_ids=[]) == make(new_contact_ids=[])
    assert rejected(attrs.evolve, made, start_time=END) == [TOO_EARLY]
    expected = ("new_contact_ids", "too_many")
    assert rejected(attrs.evolve, made, new_contact_ids=[AKUA] * 31) == [expected]


def test_an_override_has_a_repr_with_all_its_fields() -> None:
    assert repr(override(new_contact_ids=[])) == (
        "Override(new_contact_ids=(), "
        "start_time=datetime.datetime(2025, 1, 6, 8, 0, tzinfo=datetime.timezone.utc), "
        "end_time=datetime.datetime(2025, 1, 6, 16, 0, tzinfo=datetime.timezone.utc))"
    )


# Members of a preview, and of a shift -------------------------------------------------------------

MEMBERS: list[tuple[Callable[..., Any], str]] = [(preview, "new_members"), (shift, "contact_ids")]
each_list = pytest.mark.parametrize(("make", "name"), MEMBERS)


@pytest.mark.parametrize("count", [0, 1, 29, 30])
@each_list
def test_there_are_up_to_30_members(make: Any, name: str, count: int) -> None:
    texts = [f"member {number}" for number in range(count)]
    assert getattr(make(**{name: texts}), name) == tuple(texts)


@pytest.mark.parametrize("count", [31, 100])
@each_list
def test_more_members_are_rejected(rejected: Rejected, make: Any, name: str, count: int) -> None:
    assert rejected(make, **{name: ["akua"] * count}) == [(name, "too_many")]


@pytest.mark.parametrize(
    "text",
    ["a", "Akua Mansa", " a ", "山田 太郎", "🔥", AKUA, "a" * 512, " " * 511 + "a", "\u00a0"],
)
@each_list
def test_a_member_is_any_str(make: Any, name: str, text: str) -> None:
    assert getattr(make(**{name: iter([text])}), name) == (text,)


@pytest.mark.parametrize("text", [" ", "\t", " " * 512, "\r\f\v", "\n", "a\nb", "a\n"])
@each_list
def test_a_member_is_one_line_and_not_blank(
    rejected: Rejected, make: Any, name: str, text: str
) -> None:
    assert rejected(make, **{name: ["akua", text]}) == [(f"{name}[1]", BLANK)]


@pytest.mark.parametrize("length", [513, 5000])
@each_list
def test_a_member_has_1_to_512_characters(
    rejected: Rejected, make: Any, name: str, length: int
) -> None:
    assert rejected(make, **{name: ["a" * length, ""]}) == [
        (f"{name}[0]", "too_long"),
        (f"{name}[1]", "too_short"),
        (f"{name}[1]", BLANK),
    ]


@each_list
def test_each_member_is_a_str(rejected: Rejected, make: Any, name: str) -> None:
    assert rejected(make, **{name: ["akua", None, 5, True, {}, b"akua"]}) == [
        (f"{name}[{index}]", "wrong_type") for index in range(1, 6)
    ]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "NoneType"),
        (5, "int"),
        (True, "bool"),
        ("akua", "str"),
        ({}, "dict"),
        ({"akua"}, "set"),
    ],
)
@each_list
def test_members_are_a_list(
    rejected: Rejected, make: Any, name: str, value: Any, kind: str
) -> None:
    assert rejected(make, **{name: value}) == [(name, "wrong_type")]


def test_all_violations_of_an_override_of_a_preview_are_reported_at_once(
    rejected: Rejected,
) -> None:
    assert rejected(preview, new_members=[" ", "a", 5], start_time=END, end_time=START) == [
        ("new_members[0]", BLANK),
        ("new_members[2]", "wrong_type"),
        TOO_EARLY,
    ]
    kind: Any = PreviewOverride
    for name in ("new_members", "start_time", "end_time"):
        arguments: Any = {"new_members": [], "start_time": START, "end_time": END}
        del arguments[name]
        with pytest.raises(TypeError, match=f"'{name}'"):
            kind(**arguments)


# Shifts -------------------------------------------------------------------------------------------


def test_a_shift_may_have_nobody_on_call() -> None:
    bare = Shift(start_time=START, end_time=END)
    assert bare.contact_ids == ()
    assert bare == shift(contact_ids=[])
    assert (bare.type, bare.overridden_contact_ids) == (None, None)


@pytest.mark.parametrize("kind", list(ShiftType))
def test_a_shift_is_the_rotations_or_an_overrides(kind: ShiftType) -> None:
    plain: Any = kind.value
    assert shift(type=kind).type is kind
    assert shift(type=plain).type is kind


@pytest.mark.parametrize("word", ["", "regular", "REGULAR ", ShiftType("SWAPPED"), PHONE])
def test_no_other_word_is_a_type_of_a_shift(rejected: Rejected, word: Any) -> None:
    assert rejected(shift, type=word) == [("type", "unknown_choice")]


@pytest.mark.parametrize(
    ("value", "name"),
    [(5, "int"), (True, "bool"), ({}, "dict"), (ContactType.PERSONAL, "ContactType")],
)
def test_a_type_of_another_type_is_rejected(rejected: Rejected, value: Any, name: str) -> None:
    assert rejected(shift, type=value) == [("type", "wrong_type")]


def test_overridden_people_are_records_or_strs(rejected: Rejected) -> None:
    overridden: Any = [RECORD, SUMMARY, "akua"]
    assert shift(overridden_contact_ids=overridden).overridden_contact_ids == (AKUA, ALEX, "akua")
    assert shift(overridden_contact_ids=[]).overridden_contact_ids == ()
    assert rejected(shift, overridden_contact_ids=["akua"] * 31) == [
        ("overridden_contact_ids", "too_many")
    ]
    assert rejected(shift, overridden_contact_ids=["akua", " ", None]) == [
        ("overridden_contact_ids[1]", BLANK),
        ("overridden_contact_ids[2]", "wrong_type"),
    ]
    assert rejected(shift, overridden_contact_ids=5) == [("overridden_contact_ids", "wrong_type")]


def test_all_violations_of_a_shift_are_reported_at_once(rejected: Rejected) -> None:
    arguments: Any = {
        "contact_ids": None,
        "start_time": NAIVE,
        "end_time": 5,
        "type": "SWAPPED",
        "overridden_contact_ids": [""],
    }
    assert rejected(shift, **arguments) == [
        ("contact_ids", "wrong_type"),
        ("start_time", NO_ZONE),
        ("end_time", "wrong_type"),
        ("type", "unknown_choice"),
        ("overridden_contact_ids[0]", "too_short"),
        ("overridden_contact_ids[0]", BLANK),
    ]


def test_a_shift_that_was_read_is_checked_when_it_is_evolved(rejected: Rejected) -> None:
    read = from_response(
        Shift, {"StartTime": START, "EndTime": END, "Type": "SWAPPED", "ContactIds": [" "]}
    )
    assert rejected(attrs.evolve, read) == [
        ("contact_ids[0]", BLANK),
        ("type", "unknown_choice"),
    ]
    assert attrs.evolve(read, type=None, contact_ids=[AKUA]) == shift()


@pytest.mark.parametrize("private", [PHONE, EMAIL])
def test_a_error_never_repeats_its_input(rejected: Rejected, private: str) -> None:
    for make, name in ((override, "new_contact_ids"), *MEMBERS):
        violations = rejected(
            make, **{name: [f"{private}\n"]}, start_time=private, end_time=private
        )
        assert [path for path, _ in violations] == [f"{name}[0]", "start_time", "end_time"]
        assert private not in str(violations)
