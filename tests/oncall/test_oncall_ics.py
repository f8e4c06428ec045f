"""Calendars as iCalendar files (RFC 5545)."""

from __future__ import annotations

import re
import sys
from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import icalendar
import pytest
from arns import contact_arn
from attrs import evolve
from oncall.calendar_values import (
    AKUA,
    DAY,
    MARY,
    MONDAY,
    NIGHT,
    WEB,
    calendar,
    lane,
    shift,
)

from ssm_contacts_sdk import ConfigurationError, InvalidValueError
from ssm_contacts_sdk._oncall.calendar import CalendarLane


def events(file: bytes) -> list[Any]:
    read: Any = icalendar.Calendar.from_ical(file.decode())
    return list(read.walk("VEVENT"))


def test_there_is_an_event_for_each_shift_with_people() -> None:
    first, second = events(calendar(WEB).to_ics())
    assert first["summary"] == "Akua Mansa on call: web"
    assert first.decoded("dtstart") == MONDAY - DAY
    assert first.decoded("dtend") == MONDAY + 2 * DAY
    assert first["transp"] == "TRANSPARENT"
    assert second["summary"] == "Mary Major on call: web"
    assert first["description"] == "Rotation: web\nSchedule: Web on call"
    assert second["description"] == (
        "Rotation: web\nSchedule: Web on call\nAn override instead of Akua Mansa."
    )


def test_the_events_of_a_single_rotation_do_not_name_a_schedule() -> None:
    one = evolve(calendar(lane("web", shift(0, 1, AKUA))), name="web")
    (event,) = events(one.to_ics())
    assert event["description"] == "Rotation: web"
    two = evolve(calendar(lane("web", shift(0, 1, AKUA)), lane("night")), name="web")
    (event,) = events(two.to_ics())
    assert event["description"] == "Rotation: web\nSchedule: web"


def test_the_file_has_the_required_properties_and_folded_lines() -> None:
    file = evolve(calendar(WEB), names={AKUA: "Łucja, der " * 20, MARY: "a;b\\c\nd"}).to_ics()
    lines = file.decode().split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert {
        "PRODID:-//ssm-contacts-sdk//on-call calendar//EN",
        "VERSION:2.0",
        "X-WR-CALNAME:Web on call",
        "DTSTART:20250105T090000Z",
        "DTSTAMP:19700101T000000Z",
    } <= set(lines)
    # METHOD would require an ORGANIZER.
    assert not any(line.startswith("METHOD") for line in lines)
    assert max(len(line.encode()) for line in lines) <= 75
    assert events(file)[1]["summary"] == "a;b\\c d on call: web"


def test_equal_calendars_are_equal_files() -> None:
    assert calendar(WEB, NIGHT).to_ics() == calendar(WEB, NIGHT).to_ics()


def uids(*lanes: CalendarLane) -> list[str]:
    return [str(event["uid"]) for event in events(calendar(*lanes).to_ics())]


def test_the_uid_does_not_depend_on_the_people_and_the_end_of_a_shift() -> None:
    assert uids(lane("web", shift(0, 1, AKUA))) == uids(lane("web", shift(0, 2, MARY)))


def test_shifts_rotations_and_overrides_have_different_uids() -> None:
    found = uids(
        lane("web", shift(0, 1, AKUA), shift(0, 1, MARY, instead=AKUA), shift(1, 2, AKUA)),
        lane("night", shift(0, 1, AKUA), shift(0, 1, MARY)),
    )
    assert len(set(found)) == 5
    assert all(uid.endswith("@ssm-contacts-sdk") for uid in found)
    assert not any("111122223333" in uid for uid in found)


def test_uids_stay_the_same_from_version_to_version() -> None:
    """Calendar apps find the event to update by its UID."""
    web, night = lane("web", shift(0, 1, AKUA), shift(2, 3, MARY, instead=AKUA)), lane("night")
    both = evolve(calendar(web, night), arn=None)
    rotations = f"{web.rotation_arn} {night.rotation_arn}"
    second, third = ((MONDAY + days * DAY).isoformat() for days in (1, 2))
    subjects = [
        f"{web.rotation_arn} shift {MONDAY.isoformat()}",
        f"{web.rotation_arn} override {third}",
        # The first gap ends when the override begins, the second one at an unknown time.
        f"{rotations} nobody {third}",
        f"{rotations} nobody open",
    ]
    found = events(both.to_ics(gaps=True))
    assert [each.decoded("dtstart").isoformat() for each in found[2:3]] == [second]
    assert {str(each["uid"]) for each in found} == {
        f"{uuid5(NAMESPACE_URL, subject)}@ssm-contacts-sdk" for subject in subjects
    }


def test_an_override_of_a_whole_shift_has_another_uid() -> None:
    (before,) = uids(lane("web", shift(0, 1, AKUA)))
    (after,) = uids(lane("web", shift(0, 1, MARY, instead=AKUA)))
    assert before != after


def test_a_shift_that_does_not_end_after_its_start_has_no_event() -> None:
    strange = lane("web", shift(2, 1, AKUA), shift(2, 2, AKUA), shift(2, 3, MARY))
    assert uids(strange) == uids(lane("web", shift(2, 3, MARY)))


NOBODY = [[], [lane("web")], [lane("web", shift(0, 1))], [lane("a"), lane("b", shift(2, 1, AKUA))]]


@pytest.mark.parametrize("lanes", NOBODY)
def test_a_calendar_without_shifts_has_one_event(lanes: list[CalendarLane]) -> None:
    """RFC 5545, 3.6: a calendar has at least one component."""
    file = calendar(*lanes).to_ics()
    read: Any = icalendar.Calendar.from_ical(file)
    assert (read["version"], read["x-wr-calname"]) == ("2.0", "Web on call")
    (event,) = events(file)
    assert event["summary"] == "Nobody on call: Web on call"
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (MONDAY, MONDAY + 7 * DAY)
    assert event["transp"] == "TRANSPARENT"
    rotations = ", ".join(each.name for each in lanes)
    reason = f"Rotations without anybody: {rotations}." if lanes else "There is no rotation."
    assert event["description"].startswith(reason)


def test_the_event_of_an_empty_calendar_has_a_stable_uid() -> None:
    """Subscribers see it move along with the calendar, and never see two of them."""
    empty = evolve(calendar(lane("web")), arn=contact_arn("web"))
    later = evolve(empty, since=MONDAY + DAY, until=MONDAY + 9 * DAY, name="Web", lanes=())
    (before,), (after,) = events(empty.to_ics()), events(later.to_ics())
    assert before["uid"] == after["uid"]
    (shift_of_akua,) = events(evolve(empty, lanes=(lane("web", shift(0, 1, AKUA)),)).to_ics())
    assert shift_of_akua["summary"] == "Akua Mansa on call: web"
    assert shift_of_akua["uid"] != before["uid"]
    other = evolve(empty, arn=contact_arn("other"))
    assert events(other.to_ics())[0]["uid"] != before["uid"]


def test_gaps_are_events_on_request() -> None:
    both = calendar(WEB, NIGHT)
    shifts, with_gaps = events(both.to_ics()), events(both.to_ics(gaps=True))
    assert [each["uid"] for each in with_gaps[:3]] == [each["uid"] for each in shifts]
    nobody = with_gaps[3:]
    assert {each["summary"] for each in nobody} == {"Nobody on call: Web on call"}
    times = [(each.decoded("dtstart"), each.decoded("dtend")) for each in nobody]
    assert times == [(each.start_time, each.end_time) for each in both.gaps]
    reason = "Rotations without anybody: web, night."
    assert [str(each["description"]) for each in nobody] == [reason, reason]
    assert len({str(each["uid"]) for each in with_gaps}) == 5


def test_the_uid_of_a_gap_does_not_depend_on_the_start_of_the_calendar() -> None:
    def gaps(since: float, until: float) -> list[str]:
        part = evolve(calendar(WEB, NIGHT), since=MONDAY + since * DAY, until=MONDAY + until * DAY)
        nobody = [each for each in events(part.to_ics(gaps=True)) if "Nobody" in each["summary"]]
        return [str(each["uid"]) for each in nobody]

    first, second = gaps(0, 7)
    assert gaps(2.2, 7) == [first, second]
    assert gaps(2.6, 8) == [second]
    # The end of the last gap is not known: its UID is always the same.
    assert gaps(0, 3.7)[0] == first
    assert gaps(0, 3.7)[1:] == gaps(0, 3.8)[1:] == gaps(3.6, 3.9)


def test_every_event_is_at_least_one_second_long() -> None:
    moment = timedelta(milliseconds=1) / DAY
    for each in (
        calendar(lane("web", shift(1, 1 + moment, AKUA))),
        calendar(lane("web"), days=moment),
        evolve(calendar(), until=MONDAY),
    ):
        (event,) = events(each.to_ics())
        assert event.decoded("dtend") - event.decoded("dtstart") == timedelta(seconds=1)


NAMES = [
    "Łucja",
    "日本" * 60,
    'a;b,c\\d:e"f',
    "x\r\nBEGIN:VEVENT\r\n\x00\x1b\x7f\u2028y",
    "\ud800",
    "e\u0301" * 90,
]


@pytest.mark.parametrize("name", NAMES)
def test_every_file_conforms_to_the_standard(name: str) -> None:
    """RFC 5545: 3.1, lines; 3.3.11, texts; 3.6, components; 3.6.1, events."""
    with_people = calendar(
        evolve(lane("web", shift(0, 1, AKUA), shift(2, 3, MARY, instead=AKUA)), name=name)
    )
    without = calendar(evolve(lane("web"), name=name))
    for each in (with_people, without):
        named = evolve(each, name=name, names={AKUA: name, MARY: name})
        for file in (named.to_ics(), named.to_ics(gaps=True, stamp=MONDAY)):
            assert_conforms(file)


def assert_conforms(file: bytes) -> None:
    assert file.endswith(b"\r\n")
    assert b"\n" not in file.replace(b"\r\n", b"")
    assert b"\r" not in file.replace(b"\r\n", b"")
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", file)
    lines = file.split(b"\r\n")[:-1]
    assert max(map(len, lines)) <= 75
    # A character is never split between two lines.
    for line in lines:
        line.decode()
    unfolded = file.decode().replace("\r\n ", "").splitlines()
    names = [re.split("[:;]", line)[0] for line in unfolded]
    assert names[:3] == ["BEGIN", "VERSION", "PRODID"]
    assert unfolded.count("BEGIN:VEVENT") == unfolded.count("END:VEVENT") > 0
    for text in unfolded:
        if text.startswith(("SUMMARY", "DESCRIPTION", "X-WR-CALNAME")):
            # Commas and semicolons in a text are escaped.
            assert not re.search(r"(?<!\\)(?:\\\\)*[,;]", text.split(":", 1)[1])
    for event in events(file):
        # Each of these exactly once, and the end is after the start.
        counts = Counter(name for name, _ in event.property_items())
        for name in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "TRANSP"):
            assert counts[name] == 1
        assert event.decoded("dtend") > event.decoded("dtstart")
    uids = [str(event["uid"]) for event in events(file)]
    assert len(uids) == len({*uids})


def test_the_stamp_can_be_given() -> None:
    (event, _) = events(calendar(WEB).to_ics(stamp=MONDAY))
    assert event.decoded("dtstamp") == MONDAY


def test_a_stamp_without_a_time_zone_is_rejected() -> None:
    with pytest.raises(InvalidValueError) as caught:
        calendar(WEB).to_ics(stamp=datetime(2025, 1, 6))  # noqa: DTZ001 - on purpose
    assert [(each.path, each.code) for each in caught.value.violations] == [
        ("stamp", "no_time_zone")
    ]


def test_the_error_for_a_missing_library_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)
    with pytest.raises(ConfigurationError, match=r"needs icalendar: pip install icalendar$"):
        calendar(WEB).to_ics()
