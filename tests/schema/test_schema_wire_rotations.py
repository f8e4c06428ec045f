"""Rotations, engagements and their parts are read and written, with instants and times of day.

test_schema_wire.py has contacts, plans and channels.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone, tzinfo
from itertools import permutations
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from arns import channel_arn, contact_arn, engagement_arn, page_arn, rotation_arn
from attrs import evolve
from botocore.model import StructureShape
from botocore.validate import ParamValidator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sentinels import CODE, SUBJECT
from strategies import AWS, instants, more_values, sent_by_the_service, times_of_day

from ssm_contacts_sdk import (
    ContactPolicy,
    ContactType,
    CoverageTime,
    DayOfWeek,
    Engagement,
    EngagementSummary,
    Override,
    OverrideRecord,
    Page,
    PageSummary,
    PreviewOverride,
    Receipt,
    ReceiptType,
    Recurrence,
    Resolution,
    ResponseDecodeError,
    Rotation,
    RotationRecord,
    RotationSummary,
    Shift,
    ShiftCoverage,
    ShiftType,
    from_response,
    to_kwargs,
)
from ssm_contacts_sdk._models.arguments import Tag
from ssm_contacts_sdk._schema.values import Value
from ssm_contacts_sdk._schema.wire import Writable, items_reader_of, writer_of

AKUA = contact_arn("akuam")
ALEX = contact_arn("alex")
SMS = channel_arn("akuam", "beb25840-5ac8-4644-95cc-7a8de390fa65")
WEB = rotation_arn("0001")
ENGAGED = engagement_arn("akuam")
PAGED = page_arn("akuam")
UUID = "a8f4e2c0-1b3d-4e5f-8a9b-0c1d2e3f4a5b"
MAY_BE_LARGE = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])

START = datetime(2025, 1, 6, 8, 0, tzinfo=timezone.utc)
END = datetime(2025, 1, 6, 16, 0, tzinfo=timezone.utc)
NAIVE = datetime(2025, 1, 6, 8, 0)  # noqa: DTZ001 - it is what is rejected
NINE: dict[str, Any] = {"HourOfDay": 9, "MinuteOfHour": 0}
HALF_PAST_FIVE: dict[str, Any] = {"HourOfDay": 17, "MinuteOfHour": 30}
DAILY: dict[str, Any] = {
    "DailySettings": [NINE],
    "NumberOfOnCalls": 1,
    "RecurrenceMultiplier": 1,
}
ROTATION: dict[str, Any] = {
    "RotationArn": WEB,
    "Name": "web",
    "ContactIds": [AKUA, ALEX],
    "StartTime": START,
    "TimeZoneId": "Europe/Berlin",
    "Recurrence": DAILY,
}
SHIFT: dict[str, Any] = {"ContactIds": [AKUA], "StartTime": START, "EndTime": END}
ENGAGEMENT: dict[str, Any] = {
    "EngagementArn": ENGAGED,
    "ContactArn": AKUA,
    "Sender": "web",
    "Subject": SUBJECT,
    "Content": "it is down",
}
PAGE: dict[str, Any] = {**ENGAGEMENT, "PageArn": PAGED}


def rotation(recurrence: Recurrence) -> Rotation:
    return Rotation(
        name="web",
        contact_ids=[AKUA, ALEX],
        start_time=START,
        time_zone_id="Europe/Berlin",
        recurrence=recurrence,
    )


# Writing ------------------------------------------------------------------------------------------


def test_a_daily_rotation_is_sent_with_its_times_of_day() -> None:
    recurrence = Recurrence.daily("09:00", time(17, 30), on_call=2)
    assert to_kwargs(rotation(recurrence)) == {
        "Name": "web",
        "ContactIds": [AKUA, ALEX],
        "StartTime": START,
        "TimeZoneId": "Europe/Berlin",
        "Recurrence": {
            "DailySettings": [NINE, HALF_PAST_FIVE],
            "NumberOfOnCalls": 2,
            "RecurrenceMultiplier": 1,
        },
    }


def test_a_start_of_none_is_not_sent() -> None:
    described = Rotation(
        name="web",
        contact_ids=[AKUA],
        start_time=None,
        time_zone_id="UTC",
        recurrence=Recurrence.daily("09:00"),
    )
    expected = {"Name": "web", "ContactIds": [AKUA], "TimeZoneId": "UTC", "Recurrence": DAILY}
    assert to_kwargs(described) == expected
    assert "StartTime" not in writer_of(Rotation)(evolve(described, name="db"))


@pytest.mark.parametrize("kind", [RotationRecord, RotationSummary])
@pytest.mark.parametrize("missing", [{}, {"StartTime": None}])
def test_a_rotation_without_a_start_is_read_and_written_back_without_one(
    kind: type[RotationRecord], missing: dict[str, Any]
) -> None:
    response = {name: value for name, value in ROTATION.items() if name != "StartTime"}
    record = from_response(kind, {**response, **missing})
    assert record.start_time is None
    assert to_kwargs(record) == response


def test_empty_lists_of_a_recurrence_are_not_sent() -> None:
    empty = Recurrence(
        daily_settings=["09:00"], weekly_settings=[], monthly_settings=[], shift_coverages={}
    )
    assert to_kwargs(empty) == DAILY


def test_empty_coverages_that_were_read_are_sent_back_as_they_were() -> None:
    response: dict[str, Any] = {**DAILY, "ShiftCoverages": {}}
    assert to_kwargs(from_response(Recurrence, response)) == response


def test_a_weekly_rotation_is_sent_with_its_days_and_the_hours_that_it_covers() -> None:
    recurrence = Recurrence.weekly(
        ("FRI", "17:30"),
        ("MON", "09:00"),
        multiplier=2,
        coverage=[
            ShiftCoverage("TUE", []),
            ShiftCoverage("MON", [CoverageTime("09:00", "17:30"), CoverageTime("17:30", "00:00")]),
        ],
    )
    sent = to_kwargs(rotation(recurrence))["Recurrence"]
    assert sent == {
        "WeeklySettings": [
            {"DayOfWeek": "FRI", "HandOffTime": HALF_PAST_FIVE},
            {"DayOfWeek": "MON", "HandOffTime": NINE},
        ],
        "NumberOfOnCalls": 1,
        "RecurrenceMultiplier": 2,
        "ShiftCoverages": {
            "MON": [
                {"Start": NINE, "End": HALF_PAST_FIVE},
                {"Start": HALF_PAST_FIVE, "End": {"HourOfDay": 0, "MinuteOfHour": 0}},
            ],
            "TUE": [],
        },
    }


def test_a_monthly_rotation_is_sent_with_its_days_and_no_hours_when_it_covers_all() -> None:
    recurrence = Recurrence.monthly((1, "09:00"), (31, "17:30"), multiplier=100)
    assert to_kwargs(recurrence) == {
        "MonthlySettings": [
            {"DayOfMonth": 1, "HandOffTime": NINE},
            {"DayOfMonth": 31, "HandOffTime": HALF_PAST_FIVE},
        ],
        "NumberOfOnCalls": 1,
        "RecurrenceMultiplier": 100,
    }


def strs_in(sent: object) -> list[str]:
    """Return every str in what was written, with the keys."""
    if isinstance(sent, dict):
        structure = cast("dict[str, object]", sent)
        return [*structure, *strs_in(list(structure.values()))]
    if isinstance(sent, list):
        return [word for each in cast("list[object]", sent) for word in strs_in(each)]
    return [sent] if isinstance(sent, str) else []


def test_words_are_sent_as_plain_strs() -> None:
    weekly = Recurrence.weekly(("MON", "09:00"), coverage={"TUE": [("09:00", "17:30")]})
    shift = Shift(start_time=START, end_time=END, type=ShiftType.REGULAR)
    for value, word in ((rotation(weekly), "MON"), (rotation(weekly), "TUE"), (shift, "REGULAR")):
        words = strs_in(to_kwargs(value))
        assert word in words
        assert {type(each) for each in words} == {str}


def test_a_record_is_written_with_or_without_its_arn() -> None:
    record = from_response(RotationRecord, ROTATION)
    assert to_kwargs(record) == ROTATION
    described = {name: ROTATION[name] for name in ROTATION if name != "RotationArn"}
    assert writer_of(Rotation)(record) == described
    assert to_kwargs(from_response(RotationSummary, ROTATION)) == ROTATION


def test_an_override_with_nobody_is_sent_with_an_empty_list() -> None:
    override = Override(new_contact_ids=[], start_time=START, end_time=END)
    assert to_kwargs(override) == {"NewContactIds": [], "StartTime": START, "EndTime": END}
    preview = PreviewOverride(new_members=[], start_time=START, end_time=END)
    assert to_kwargs(preview) == {"NewMembers": [], "StartTime": START, "EndTime": END}


def test_an_override_is_written_with_or_without_its_id() -> None:
    described = {"NewContactIds": [AKUA], "StartTime": START, "EndTime": END}
    structure = {**described, "RotationOverrideId": UUID, "RotationArn": WEB, "CreateTime": START}
    record = from_response(OverrideRecord, structure)
    assert record.id == UUID
    assert to_kwargs(record) == structure
    assert writer_of(Override)(record) == described


def test_a_shift_of_an_override_is_written_with_its_details() -> None:
    shift = Shift(
        contact_ids=[AKUA],
        start_time=START,
        end_time=END,
        type=ShiftType.OVERRIDDEN,
        overridden_contact_ids=[ALEX],
    )
    sent = {**SHIFT, "Type": "OVERRIDDEN", "ShiftDetails": {"OverriddenContactIds": [ALEX]}}
    assert to_kwargs(shift) == sent
    assert from_response(Shift, sent) == shift


def test_a_field_of_none_is_not_sent() -> None:
    assert to_kwargs(Shift(start_time=START, end_time=END)) == {"StartTime": START, "EndTime": END}
    summary = RotationSummary(arn=WEB, name="web")
    assert to_kwargs(summary) == {"RotationArn": WEB, "Name": "web"}
    receipt = Receipt(type=ReceiptType.SENT, time=START)
    assert to_kwargs(receipt) == {"ReceiptType": "SENT", "ReceiptTime": START}
    resolution = Resolution(contact_arn=AKUA, type=ContactType.PERSONAL)
    assert to_kwargs(resolution) == {"ContactArn": AKUA, "Type": "PERSONAL"}


def test_an_empty_list_of_people_means_nobody_and_none_of_overridden_people_is_not_sent() -> None:
    details: dict[str, Any] = {"OverriddenContactIds": []}
    bare: dict[str, Any] = {"StartTime": START, "EndTime": END, "ShiftDetails": details}
    assert to_kwargs(from_response(Shift, {**bare, "ContactIds": []})) == bare


# Reading ------------------------------------------------------------------------------------------


def test_all_fields_of_a_rotation_are_read() -> None:
    assert from_response(RotationRecord, ROTATION) == RotationRecord(
        arn=WEB,
        name="web",
        contact_ids=[AKUA, ALEX],
        start_time=START,
        time_zone_id="Europe/Berlin",
        recurrence=Recurrence.daily("09:00"),
    )


def test_each_kind_of_hand_off_is_read() -> None:
    often = {"NumberOfOnCalls": 3, "RecurrenceMultiplier": 2}
    weekly = {"WeeklySettings": [{"DayOfWeek": "MON", "HandOffTime": NINE}], **often}
    monthly = {"MonthlySettings": [{"DayOfMonth": 31, "HandOffTime": NINE}], **often}
    arguments: Any = {"on_call": 3, "multiplier": 2}
    assert from_response(Recurrence, weekly) == Recurrence.weekly(("MON", "09:00"), **arguments)
    assert from_response(Recurrence, monthly) == Recurrence.monthly((31, "09:00"), **arguments)
    daily = {"DailySettings": [HALF_PAST_FIVE, NINE], **often}
    assert from_response(Recurrence, daily) == Recurrence.daily("17:30", "09:00", **arguments)


def test_all_fields_of_an_engagement_and_a_page_are_read() -> None:
    times = {"StartTime": START, "StopTime": END}
    messages = {"PublicSubject": "down", "PublicContent": "see the console"}
    assert from_response(Engagement, {**ENGAGEMENT, **times, **messages}) == Engagement(
        arn=ENGAGED,
        contact_arn=AKUA,
        sender="web",
        subject=SUBJECT,
        content="it is down",
        public_subject="down",
        public_content="see the console",
        start_time=START,
        stop_time=END,
    )
    sent = {"SentTime": START, "DeliveryTime": START, "ReadTime": END, "IncidentId": ""}
    assert from_response(Page, {**PAGE, **sent}) == Page(
        arn=PAGED,
        engagement_arn=ENGAGED,
        contact_arn=AKUA,
        sender="web",
        subject=SUBJECT,
        content="it is down",
        incident_id="",
        sent_time=START,
        delivery_time=START,
        read_time=END,
    )


def test_members_that_aws_may_leave_out_may_be_missing() -> None:
    engaged, paged = from_response(Engagement, ENGAGEMENT), from_response(Page, PAGE)
    assert (engaged.start_time, engaged.stop_time, engaged.incident_id) == (None, None, None)
    assert (paged.sent_time, paged.read_time, paged.public_subject) == (None, None, None)
    summary = from_response(RotationSummary, {"RotationArn": WEB, "Name": "web"})
    assert summary == RotationSummary(arn=WEB, name="web")
    shift = from_response(Shift, {"StartTime": START, "EndTime": END})
    assert shift == Shift(start_time=START, end_time=END)
    assert from_response(Recurrence, {**DAILY, "ShiftCoverages": None}).shift_coverages is None


def test_hours_without_an_end_are_read_and_written_back_as_they_were() -> None:
    coverages: dict[str, Any] = {"MON": [{}, {"Start": NINE}, {"End": NINE}]}
    read = from_response(Recurrence, {**DAILY, "ShiftCoverages": coverages})
    assert read.shift_coverages is not None
    (monday,) = read.shift_coverages
    hours = [(each.start, each.end) for each in monday.coverage_times]
    assert hours == [(None, None), (time(9, 0), None), (None, time(9, 0))]
    assert to_kwargs(read)["ShiftCoverages"] == coverages


def test_a_response_that_breaks_rules_of_this_package_is_read() -> None:
    weekly = [{"DayOfWeek": "HOLIDAY", "HandOffTime": NINE}]
    recurrence = {**DAILY, "WeeklySettings": weekly, "NumberOfOnCalls": 0}
    response: dict[str, Any] = {**ROTATION, "Name": "", "TimeZoneId": "PST", "ContactIds": []}
    read = from_response(RotationRecord, {**response, "Recurrence": recurrence})
    assert (read.name, read.time_zone_id, read.contact_ids) == ("", "PST", ())
    assert read.recurrence.number_of_on_calls == 0
    assert read.recurrence.daily_settings == (time(9, 0),)
    assert to_kwargs(read.recurrence) == recurrence
    backwards = {**SHIFT, "StartTime": END, "EndTime": START}
    assert to_kwargs(from_response(Shift, backwards)) == backwards


def test_a_word_that_aws_added_later_is_preserved() -> None:
    coverages: dict[str, Any] = {"HOLIDAY": [], "SUN": []}
    weekly = [{"DayOfWeek": "HOLIDAY", "HandOffTime": NINE}]
    response = {**DAILY, "WeeklySettings": weekly, "ShiftCoverages": coverages}
    read = from_response(Recurrence, response)
    assert read.weekly_settings is not None
    assert read.shift_coverages is not None
    words = [
        read.weekly_settings[0].day_of_week,
        *(each.day_of_week for each in read.shift_coverages),
    ]
    assert words == ["HOLIDAY", "SUN", "HOLIDAY"]
    assert [type(word) for word in words] == [DayOfWeek] * 3
    assert [word.is_known for word in words] == [False, True, False]
    assert to_kwargs(read) == response
    kinds = [
        from_response(Shift, {**SHIFT, "Type": "SWAPPED"}).type,
        from_response(Receipt, {"ReceiptType": "LOST", "ReceiptTime": START}).type,
        from_response(Resolution, {"ContactArn": AKUA, "Type": "TEAM"}).type,
    ]
    assert kinds == [ShiftType("SWAPPED"), ReceiptType("LOST"), ContactType("TEAM")]


def coverages_of(response: dict[str, Any]) -> Any:
    return from_response(Recurrence, {**DAILY, "ShiftCoverages": response}).shift_coverages


def test_days_are_read_in_the_order_of_the_week() -> None:
    days = {"SUN": [], "TUE": [{"Start": NINE, "End": NINE}], "MON": [], "HOLIDAY": []}
    for order in permutations(days):
        read = coverages_of({day: days[day] for day in order})
        assert [each.day_of_week for each in read] == ["MON", "TUE", "SUN", "HOLIDAY"]
    built = Recurrence.daily("09:00", coverage={"SUN": [], "MON": [("09:00", "09:00")]})
    assert built.shift_coverages == coverages_of({"MON": [{"Start": NINE, "End": NINE}], "SUN": []})


def test_unknown_days_are_ordered_by_their_word() -> None:
    assert coverages_of({"EVE": [], "HOLIDAY": []}) == coverages_of({"HOLIDAY": [], "EVE": []})


def written_hours(start: time, end: time) -> dict[str, dict[str, int]]:
    ends = (("Start", start), ("End", end))
    return {name: {"HourOfDay": at.hour, "MinuteOfHour": at.minute} for name, at in ends}


@MAY_BE_LARGE
@given(st.data())
def test_coverages_that_are_read_in_any_order_are_equal(data: st.DataObject) -> None:
    hours = st.lists(st.builds(written_hours, times_of_day, times_of_day), max_size=2)
    days = data.draw(st.dictionaries(st.sampled_from([day.value for day in DayOfWeek]), hours))
    order = data.draw(st.permutations(list(days)))
    one, other = coverages_of(days), coverages_of({day: days[day] for day in order})
    assert one == other
    assert hash(one) == hash(other)


# Instants -----------------------------------------------------------------------------------------

TOKYO = timezone(timedelta(hours=9))


def test_instants_are_read_in_utc() -> None:
    there = START.astimezone(TOKYO)
    read: list[Any] = [
        from_response(RotationRecord, {**ROTATION, "StartTime": there}).start_time,
        from_response(Shift, {"StartTime": there, "EndTime": there}).end_time,
        from_response(Receipt, {"ReceiptType": "SENT", "ReceiptTime": there}).time,
        from_response(Engagement, {**ENGAGEMENT, "StopTime": there}).stop_time,
        from_response(Page, {**PAGE, "ReadTime": there}).read_time,
    ]
    assert read == [START] * 5
    assert [at.tzinfo for at in read] == [timezone.utc] * 5
    assert read[0].hour == 8


@given(instants)
def test_an_instant_stays_the_same_in_utc(at: datetime) -> None:
    read = from_response(Receipt, {"ReceiptType": "SENT", "ReceiptTime": at}).time
    assert read == at
    assert read.tzinfo is timezone.utc


def test_a_rotation_that_starts_in_the_repeated_hour_is_equal_after_a_round_trip() -> None:
    twice = datetime(2025, 10, 26, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Berlin"))
    built = RotationRecord(
        arn=WEB,
        name="web",
        contact_ids=[AKUA],
        start_time=twice,
        time_zone_id="Europe/Berlin",
        recurrence=Recurrence.daily("09:00"),
    )
    read = from_response(RotationRecord, to_kwargs(built))
    assert read.start_time == datetime(2025, 10, 26, 1, 30, tzinfo=timezone.utc)
    assert read == built


class Nowhere(tzinfo):
    """A time zone without an offset, which tzinfo allows."""

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        return None

    def dst(self, dt: datetime | None) -> timedelta | None:
        return None

    def tzname(self, dt: datetime | None) -> str | None:
        return None


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (NAIVE, "datetime"),
        (NAIVE.replace(tzinfo=Nowhere()), "datetime"),
        (date(2025, 1, 6), "date"),
        (1736150400, "int"),
        (1736150400.5, "float"),
        ("2025-01-06T08:00:00Z", "str"),
        (True, "bool"),
        ({}, "dict"),
    ],
)
@pytest.mark.parametrize(
    ("kind", "response", "member"),
    [
        (RotationRecord, ROTATION, "StartTime"),
        (RotationSummary, ROTATION, "StartTime"),
        (Shift, SHIFT, "EndTime"),
        (Engagement, ENGAGEMENT, "StopTime"),
        (PageSummary, PAGE, "DeliveryTime"),
        (Receipt, {"ReceiptType": "SENT"}, "ReceiptTime"),
    ],
)
def test_a_response_with_an_invalid_instant_is_rejected_with_the_path(
    kind: Any, response: dict[str, Any], member: str, value: object, name: str
) -> None:
    with pytest.raises(ResponseDecodeError) as caught:
        from_response(kind, {**response, member: value})
    assert caught.value.path == member
    assert caught.value.problem == f"must be a datetime with a time zone (got {name})"


@pytest.mark.parametrize(
    "at",
    [
        datetime(1, 1, 1, tzinfo=TOKYO),
        datetime(9999, 12, 31, 23, tzinfo=timezone(-timedelta(hours=9))),
    ],
)
def test_an_instant_outside_the_years_of_utc_is_rejected(at: datetime) -> None:
    with pytest.raises(ResponseDecodeError) as caught:
        from_response(Shift, {**SHIFT, "EndTime": at})
    assert caught.value.path == "EndTime"


# Unreadable responses -----------------------------------------------------------------------------


def recurrences_with_time(at: object) -> list[tuple[dict[str, Any], str]]:
    """Return recurrences with the time of day `at` in different members, and its path in each."""
    weekly = [{"DayOfWeek": "MON", "HandOffTime": at}]
    monthly = [
        {"DayOfMonth": 1, "HandOffTime": NINE},
        {"DayOfMonth": 2, "HandOffTime": at},
    ]
    coverages = {"SUN": [], "MON": [{"Start": NINE, "End": NINE}, {"Start": at, "End": NINE}]}
    return [
        ({"DailySettings": [NINE, at]}, "DailySettings[1]"),
        ({"WeeklySettings": weekly}, "WeeklySettings[0].HandOffTime"),
        ({"MonthlySettings": monthly}, "MonthlySettings[1].HandOffTime"),
        ({"ShiftCoverages": coverages}, "ShiftCoverages[MON][1].Start"),
        ({"ShiftCoverages": {"HOLIDAY": [{"End": at}]}}, "ShiftCoverages[HOLIDAY][0].End"),
    ]


@pytest.mark.parametrize(
    ("at", "member", "problem"),
    [
        ({"HourOfDay": 24, "MinuteOfHour": 0}, "HourOfDay", "must be between 0 and 23"),
        ({"HourOfDay": -1, "MinuteOfHour": 0}, "HourOfDay", "must be between 0 and 23"),
        ({"HourOfDay": 9, "MinuteOfHour": 60}, "MinuteOfHour", "must be between 0 and 59"),
        ({"HourOfDay": 9, "MinuteOfHour": -1}, "MinuteOfHour", "must be between 0 and 59"),
        ({"HourOfDay": 9}, "MinuteOfHour", "is missing"),
        ({"MinuteOfHour": 0}, "HourOfDay", "is missing"),
        ({"HourOfDay": None, "MinuteOfHour": 0}, "HourOfDay", "is missing"),
        ({"HourOfDay": True, "MinuteOfHour": 0}, None, "must be an int (got bool)"),
        ({"HourOfDay": 9, "MinuteOfHour": "0"}, None, "must be an int (got str)"),
        ([9, 0], "", "must be a structure (got list)"),
        ("09:00", "", "must be a structure (got str)"),
        (time(9, 0), "", "must be a structure (got time)"),
    ],
)
def test_a_response_with_an_invalid_time_of_day_is_rejected_with_the_path(
    at: object, member: str | None, problem: str
) -> None:
    for changed, path in recurrences_with_time(at):
        with pytest.raises(ResponseDecodeError) as caught:
            from_response(RotationRecord, {**ROTATION, "Recurrence": {**DAILY, **changed}})
        assert caught.value.problem == problem
        path_found = caught.value.path or ""
        assert path_found.startswith(f"Recurrence.{path}")
        if member is not None:
            assert path_found == f"Recurrence.{path}{member and f'.{member}'}"


def test_a_number_of_another_type_is_rejected_with_its_full_path() -> None:
    recurrence = {**DAILY, "DailySettings": [{"HourOfDay": "9", "MinuteOfHour": 0}]}
    with pytest.raises(ResponseDecodeError) as caught:
        from_response(Recurrence, recurrence)
    assert caught.value.path == "DailySettings[0].HourOfDay"


UNREADABLE: list[tuple[type[Any], dict[str, Any], str, str]] = [
    *(
        (RotationRecord, {**ROTATION, member: None}, member, "is missing")
        for member in ("RotationArn", "Name", "ContactIds", "TimeZoneId", "Recurrence")
    ),
    *(
        (Recurrence, {**DAILY, member: None}, member, "is missing")
        for member in ("NumberOfOnCalls", "RecurrenceMultiplier")
    ),
    (
        RotationRecord,
        {**ROTATION, "Recurrence": []},
        "Recurrence",
        "must be a structure (got list)",
    ),
    (
        RotationRecord,
        {**ROTATION, "Recurrence": {**DAILY, "NumberOfOnCalls": True}},
        "Recurrence.NumberOfOnCalls",
        "must be an int (got bool)",
    ),
    (
        RotationSummary,
        {**ROTATION, "Recurrence": {"NumberOfOnCalls": 1}},
        "Recurrence.RecurrenceMultiplier",
        "is missing",
    ),
    (RotationSummary, {"Name": "web"}, "RotationArn", "is missing"),
    (
        Recurrence,
        {**DAILY, "WeeklySettings": [{"HandOffTime": NINE}]},
        "WeeklySettings[0].DayOfWeek",
        "is missing",
    ),
    (
        Recurrence,
        {**DAILY, "WeeklySettings": [{"DayOfWeek": 1, "HandOffTime": NINE}]},
        "WeeklySettings[0].DayOfWeek",
        "must be a str (got int)",
    ),
    (
        Recurrence,
        {**DAILY, "MonthlySettings": [{"DayOfMonth": "1", "HandOffTime": NINE}]},
        "MonthlySettings[0].DayOfMonth",
        "must be an int (got str)",
    ),
    (Recurrence, {**DAILY, "DailySettings": {}}, "DailySettings", "must be a list (got dict)"),
    (
        Recurrence,
        {**DAILY, "ShiftCoverages": []},
        "ShiftCoverages",
        "must be a structure (got list)",
    ),
    (
        Recurrence,
        {**DAILY, "ShiftCoverages": {"MON": {}}},
        "ShiftCoverages[MON]",
        "must be a list (got dict)",
    ),
    (
        Recurrence,
        {**DAILY, "ShiftCoverages": {"MON": ["09:00"]}},
        "ShiftCoverages[MON][0]",
        "must be a structure (got str)",
    ),
    (Shift, {**SHIFT, "StartTime": None}, "StartTime", "is missing"),
    (Shift, {**SHIFT, "Type": 1}, "Type", "must be a str (got int)"),
    (Shift, {**SHIFT, "ContactIds": [AKUA, 1]}, "ContactIds[1]", "must be a str (got int)"),
    (
        Shift,
        {**SHIFT, "ShiftDetails": [AKUA]},
        "ShiftDetails",
        "must be a structure (got list)",
    ),
    (
        Shift,
        {**SHIFT, "ShiftDetails": {}},
        "ShiftDetails.OverriddenContactIds",
        "is missing",
    ),
    (Engagement, {**ENGAGEMENT, "Subject": None}, "Subject", "is missing"),
    (EngagementSummary, {**ENGAGEMENT, "Sender": None}, "Sender", "is missing"),
    (Page, {**PAGE, "EngagementArn": None}, "EngagementArn", "is missing"),
    (Page, {**PAGE, "Content": 5}, "Content", "must be a str (got int)"),
    (Receipt, {"ReceiptType": "SENT"}, "ReceiptTime", "is missing"),
    (Receipt, {"ReceiptTime": START}, "ReceiptType", "is missing"),
    (Resolution, {"Type": "PERSONAL"}, "ContactArn", "is missing"),
    (
        Resolution,
        {"ContactArn": AKUA, "Type": "PERSONAL", "StageIndex": 1.0},
        "StageIndex",
        "must be an int (got float)",
    ),
    (Tag, {"Value": "web"}, "Key", "is missing"),
    (ContactPolicy, {"ContactArn": AKUA}, "Policy", "is missing"),
]


@pytest.mark.parametrize(("kind", "response", "path", "problem"), UNREADABLE)
def test_a_response_that_cannot_be_read_is_rejected_with_the_path(
    kind: type[Any], response: dict[str, Any], path: str, problem: str
) -> None:
    with pytest.raises(ResponseDecodeError) as caught:
        from_response(kind, response)
    assert (caught.value.path, caught.value.problem) == (path, problem)
    assert str(caught.value) == f"the response cannot be read: at {path}: {problem}"


@pytest.mark.parametrize("member", ["OverriddenContactIds", "ContactIds"])
@pytest.mark.parametrize(("given_list", "name"), [({}, "dict"), (AKUA, "str"), (5, "int")])
def test_people_are_read_from_a_list(member: str, given_list: object, name: str) -> None:
    details = {"ShiftDetails": {"OverriddenContactIds": given_list}}
    changed = details if member == "OverriddenContactIds" else {member: given_list}
    with pytest.raises(ResponseDecodeError) as caught:
        from_response(Shift, {**SHIFT, **changed})
    assert (caught.value.path or "").startswith("ShiftDetails" if changed is details else member)
    assert caught.value.problem == f"must be a list (got {name})"


def test_one_of_the_overridden_people_that_cannot_be_read_has_its_full_path() -> None:
    details = {"OverriddenContactIds": [AKUA, 1]}
    with pytest.raises(ResponseDecodeError) as caught:
        from_response(Shift, {**SHIFT, "ShiftDetails": details})
    assert caught.value.path == "ShiftDetails.OverriddenContactIds[1]"


@pytest.mark.parametrize("part", [DayOfWeek, ShiftCoverage, Value, time])
def test_a_class_without_a_structure_of_aws_is_rejected(part: Any) -> None:
    with pytest.raises(ValueError, match="from_response: kind must be one of the service's values"):
        from_response(part, {})


def test_the_items_of_a_list_are_read_with_known_members() -> None:
    listed: dict[str, Any] = {
        "RotationOverrideId": UUID,
        "NewContactIds": [],
        "StartTime": START,
        "EndTime": END,
        "CreateTime": START,
    }
    response = {"RotationOverrides": [listed, {**listed, "RotationArn": f"{WEB}0"}]}
    known = {"RotationArn": WEB}
    first, second = items_reader_of(OverrideRecord, "RotationOverrides")(response, known)
    assert first == OverrideRecord(
        rotation_arn=WEB,
        id=UUID,
        new_contact_ids=[],
        start_time=START,
        end_time=END,
        create_time=START,
    )
    # The members of the response override those that are known.
    assert second.rotation_arn == f"{WEB}0"
    with pytest.raises(ResponseDecodeError) as caught:
        items_reader_of(OverrideRecord, "RotationOverrides")(response)
    assert caught.value.path == "RotationOverrides[0].RotationArn"


def test_no_error_repeats_what_it_could_not_read() -> None:
    for kind, response in (
        (Engagement, {**ENGAGEMENT, "Content": [SUBJECT]}),
        (Receipt, {"ReceiptType": "READ", "ReceiptInfo": [CODE], "ReceiptTime": START}),
        (Receipt, {"ReceiptType": "READ", "ReceiptInfo": CODE, "ReceiptTime": CODE}),
    ):
        with pytest.raises(ResponseDecodeError) as caught:
            from_response(kind, response)
        assert SUBJECT not in str(caught.value)
        assert CODE not in str(caught.value)


# Any valid value ----------------------------------------------------------------------------------


@MAY_BE_LARGE
@given(more_values)
def test_every_valid_value_is_equal_after_a_round_trip(value: Writable) -> None:
    read = from_response(type(value), to_kwargs(value))
    assert read == value
    assert hash(read) == hash(value)


SHAPES: dict[type, str] = {
    ContactPolicy: "GetContactPolicyResult",
    Engagement: "DescribeEngagementResult",
    EngagementSummary: "Engagement",
    OverrideRecord: "GetRotationOverrideResult",
    Page: "DescribePageResult",
    PageSummary: "Page",
    PreviewOverride: "PreviewOverride",
    Receipt: "Receipt",
    Recurrence: "RecurrenceSettings",
    Resolution: "ResolutionContact",
    RotationRecord: "GetRotationResult",
    RotationSummary: "Rotation",
    Shift: "RotationShift",
    Tag: "Tag",
}


def is_accepted_by_botocore(shape: str, sent: dict[str, object]) -> bool:
    """Return whether botocore accepts `sent`, which has only members of the shape."""
    described = AWS.shape_for(shape)
    assert isinstance(described, StructureShape)
    assert sent.keys() <= described.members.keys()
    return not ParamValidator().validate(sent, described).has_errors()


@MAY_BE_LARGE
@given(more_values)
def test_every_valid_value_passes_the_validation_of_botocore(value: Writable) -> None:
    if isinstance(value, Rotation):
        assert is_accepted_by_botocore("CreateRotationRequest", writer_of(Rotation)(value))
    if isinstance(value, Override):
        sent = {"RotationId": WEB, **writer_of(Override)(value)}
        assert is_accepted_by_botocore("CreateRotationOverrideRequest", sent)
    if isinstance(value, ContactPolicy):
        assert is_accepted_by_botocore(
            "PutContactPolicyRequest", {"ContactArn": AKUA, **to_kwargs(value)}
        )
    if type(value) not in (Rotation, Override):
        written = to_kwargs(value)
        if isinstance(value, RotationRecord):
            # The service probably leaves it out sometimes, although its model requires it.
            written = {"StartTime": START, **written}
        assert is_accepted_by_botocore(SHAPES[type(value)], written)


# Any possible response ----------------------------------------------------------------------------


def output(operation: str) -> StructureShape:
    shape = AWS.operation_model(operation).output_shape
    assert shape is not None
    return shape


def responses(operation: str) -> st.SearchStrategy[dict[str, Any]]:
    return sent_by_the_service(output(operation))


@MAY_BE_LARGE
@given(responses("GetRotation"))
def test_any_rotation_of_the_service_is_read_and_written_back(
    response: dict[str, Any],
) -> None:
    rotation_record = from_response(RotationRecord, response)
    assert rotation_record.start_time is not None
    assert rotation_record.start_time.tzinfo is timezone.utc
    assert to_kwargs(rotation_record) == without_empty_hand_offs(response)


HAND_OFF_MEMBERS = ("DailySettings", "WeeklySettings", "MonthlySettings")


def without_empty_hand_offs(response: dict[str, Any]) -> dict[str, Any]:
    """Return a rotation without its empty lists of hand-offs, if another list has hand-offs."""
    recurrence = response.get("Recurrence", {})
    if not any(recurrence.get(member) for member in HAND_OFF_MEMBERS):
        return response
    remaining = {
        name: each for name, each in recurrence.items() if name not in HAND_OFF_MEMBERS or each
    }
    return {**response, "Recurrence": remaining}


def test_an_empty_list_of_hand_offs_is_passed_over() -> None:
    empty: dict[str, Any] = {"WeeklySettings": [], "MonthlySettings": []}
    assert from_response(Recurrence, {**DAILY, **empty}) == from_response(Recurrence, DAILY)


@MAY_BE_LARGE
@given(responses("ListRotations"))
def test_any_list_of_rotations_of_the_service_is_read(response: dict[str, Any]) -> None:
    read = items_reader_of(RotationSummary, "Rotations")(response)
    assert [to_kwargs(each) for each in read] == [
        without_empty_hand_offs(each) for each in response["Rotations"]
    ]


@MAY_BE_LARGE
@given(responses("ListRotationShifts"))
def test_any_list_of_shifts_of_the_service_is_read(response: dict[str, Any]) -> None:
    read = items_reader_of(Shift, "RotationShifts", required=False)(response)
    # An absent list of people and an empty one mean the same.
    nobody: dict[str, Any] = {"ContactIds": []}
    written_back = [{**nobody, **to_kwargs(shift)} for shift in read]
    assert written_back == [{**nobody, **shift} for shift in response.get("RotationShifts", [])]


@MAY_BE_LARGE
@given(responses("ListRotationOverrides"))
def test_any_list_of_overrides_of_the_service_is_read(response: dict[str, Any]) -> None:
    read = items_reader_of(OverrideRecord, "RotationOverrides", required=False)(
        response, {"RotationArn": WEB}
    )
    assert [to_kwargs(each) for each in read] == [
        {**each, "RotationArn": WEB} for each in response.get("RotationOverrides", [])
    ]


@MAY_BE_LARGE
@given(responses("DescribeEngagement"))
def test_any_engagement_of_the_service_is_read_and_written_back(
    response: dict[str, Any],
) -> None:
    assert to_kwargs(from_response(Engagement, response)) == response


@MAY_BE_LARGE
@given(responses("DescribePage"))
def test_any_page_of_the_service_is_read_and_written_back(
    response: dict[str, Any],
) -> None:
    assert to_kwargs(from_response(Page, response)) == response


LISTS: list[tuple[str, type[Any], str, bool]] = [
    ("ListEngagements", EngagementSummary, "Engagements", True),
    ("ListPagesByContact", PageSummary, "Pages", True),
    ("ListPagesByEngagement", PageSummary, "Pages", True),
    ("ListPageReceipts", Receipt, "Receipts", False),
    ("ListPageResolutions", Resolution, "PageResolutions", True),
]


@MAY_BE_LARGE
@given(st.data())
@pytest.mark.parametrize(("operation", "kind", "name", "always_there"), LISTS)
def test_any_list_of_the_service_is_read_and_written_back(
    operation: str, kind: type[Any], name: str, always_there: bool, data: st.DataObject
) -> None:
    response = data.draw(responses(operation))
    read = items_reader_of(kind, name, required=always_there)(response)
    assert {type(each) for each in read} <= {kind}
    assert [to_kwargs(each) for each in read] == response.get(name, [])


@MAY_BE_LARGE
@given(responses("ListTagsForResource"))
def test_any_tags_of_the_service_are_read(response: dict[str, Any]) -> None:
    read = items_reader_of(Tag, "Tags", required=False)(response)
    assert [(tag.key, tag.value) for tag in read] == [
        (tag["Key"], tag.get("Value", "")) for tag in response.get("Tags", [])
    ]
