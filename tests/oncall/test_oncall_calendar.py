from __future__ import annotations

import re
import sys
from collections import Counter
from datetime import datetime, timedelta, timezone
from typing import Any

import icalendar
import pytest
from attrs import evolve

from ssm_contacts_sdk import (
    ConfigurationError,
    InvalidValueError,
    OnCallCalendar,
    Shift,
    ShiftType,
)
from ssm_contacts_sdk._oncall.calendar import CalendarLane
from ssm_contacts_sdk._oncall.gaps import Gap

MONDAY = datetime(2025, 1, 6, 9, 0, tzinfo=timezone.utc)
DAY = timedelta(days=1)
PREFIX = "arn:aws:ssm-contacts:us-east-2:111122223333:"
AKUA, MARY = f"{PREFIX}contact/akuam", f"{PREFIX}contact/marym"


def shift(first: float, last: float, *people: str, instead: str | None = None) -> Shift:
    return Shift(
        contact_ids=people,
        start_time=MONDAY + first * DAY,
        end_time=MONDAY + last * DAY,
        type=ShiftType.REGULAR if instead is None else ShiftType.OVERRIDDEN,
        overridden_contact_ids=None if instead is None else [instead],
    )


def lane(name: str, *shifts: Shift, zone: str | None = "UTC") -> CalendarLane:
    return CalendarLane(
        rotation_arn=f"{PREFIX}rotation/{name}", name=name, time_zone_id=zone, shifts=shifts
    )


def calendar(*lanes: CalendarLane, days: float = 7) -> OnCallCalendar:
    return OnCallCalendar(
        name="Web on call",
        since=MONDAY,
        until=MONDAY + days * DAY,
        lanes=lanes,
        names={AKUA: "Akua Mansa", MARY: "Mary Major"},
    )


def gap(first: float, last: float) -> Gap:
    return Gap(start_time=MONDAY + first * DAY, end_time=MONDAY + last * DAY)


WEB = lane("web", shift(-1, 2, AKUA), shift(2, 3), shift(4, 9, MARY, instead=AKUA))
NIGHT = lane("night", shift(2.5, 3.5, AKUA))


def test_gaps_are_when_nobody_is_on_call_in_any_rotation() -> None:
    both = calendar(WEB, NIGHT)
    assert both.gaps == (gap(2, 2.5), gap(3.5, 4))
    assert both.gaps_in(WEB) == (gap(2, 4),)
    assert both.gaps_in(NIGHT) == (gap(0, 2.5), gap(3.5, 7))
    assert both.gaps[0].duration == DAY / 2


def test_without_a_rotation_nobody_is_on_call() -> None:
    assert calendar().gaps == (gap(0, 7),)
    assert "Nobody at all is on call once" in str(calendar())
    # It is drawn as well, though there is no rotation with a lane.
    assert re.search(r"^Nobody at all +!nobody!{50}", str(calendar()), re.MULTILINE)


def test_shifts_that_overlap_leave_no_gap() -> None:
    assert calendar(lane("web", shift(0, 5, AKUA), shift(1, 2, MARY), shift(5, 7, AKUA))).gaps == ()


def test_gaps_end_where_the_calendar_does() -> None:
    beyond = lane("web", shift(0, 5, AKUA), shift(9, 10, MARY), shift(11, 12, AKUA))
    assert calendar(beyond).gaps == (gap(5, 7),)


def test_a_shift_that_ends_before_it_starts_makes_no_gap() -> None:
    one = calendar(lane("web", shift(0, 4, AKUA), shift(5, 3, MARY), shift(4, 7, AKUA)))
    assert one.gaps == ()
    late = calendar(lane("web", shift(5, 3, MARY)))
    assert late.gaps == (gap(0, 7),)


def test_overrides_are_told_apart() -> None:
    assert WEB.overrides == (WEB.shifts[2],)
    assert NIGHT.overrides == ()


def test_people_are_called_what_they_are_called_and_by_their_alias_otherwise() -> None:
    one = calendar(WEB)
    assert one.contact_ids == (AKUA, MARY)
    assert one.name_of(AKUA) == "Akua Mansa"
    assert one.name_of(f"{PREFIX}contact/gone") == "gone"
    assert evolve(one, names={AKUA: " "}).name_of(AKUA) == "akuam"


def test_as_text() -> None:
    assert calendar(WEB, NIGHT).to_text(width=60).splitlines() == [
        "On call: Web on call",
        "Mon 6 Jan 2025 09:00 to Mon 13 Jan 2025 09:00, UTC. 2",
        "rotations, 2 people.",
        "",
        "               January 2025",
        "               Mon 6 Jan Wed 8 Jan   Fri 10 Jan",
        "web            [Akua──────]............[Mary////////////]",
        "night          ...............[Akua].....................",
        "Nobody at all              !!!      !!!",
        "",
        "Times in UTC",
        "A Akua Mansa   M Mary Major   [//] an override",
        "!!!! nobody at all, or nobody because of an override",
        ".... nobody in this rotation",
        "",
        "Nobody at all is on call 2 times, for 1 d in total: Wed 8",
        "  Jan 2025 09:00 to 21:00, 12 h; Thu 9 Jan 2025 21:00 to Fri",
        "  10 Jan 2025 09:00, 12 h.",
    ]


@pytest.mark.parametrize(
    ("zones", "told"),
    [
        (("Europe/Berlin", "Europe/Berlin"), "Times in Europe/Berlin"),
        (
            ("Europe/Berlin", "Asia/Kolkata"),
            "Times in UTC (the rotations are in several time zones)",
        ),
        (("Nowhere/Atall", "Nowhere/Atall"), "Times in UTC"),
        (("Europe/Berlin", None), "Times in Europe/Berlin"),
        ((None, None), "Times in UTC"),
    ],
)
def test_the_axis_says_whose_clock_it_is(zones: tuple[str | None, ...], told: str) -> None:
    lanes = [lane(f"r{number}", *WEB.shifts, zone=zone) for number, zone in enumerate(zones)]
    assert told in calendar(*lanes).to_text(width=100).splitlines()


def test_a_rotation_that_is_not_there_is_marked() -> None:
    assert ">no such rotation<" in calendar(lane("gone", zone=None)).to_svg()


def test_two_of_one_name_are_told_apart() -> None:
    one = evolve(calendar(WEB), names={AKUA: "Akua Mansa", MARY: "Akua Mansa"})
    told = str(one)
    assert "Akua Mansa (akuam)" in told
    assert "Akua Mansa (marym)" in told


def test_an_override_that_puts_nobody_on_call_is_a_gap_of_its_own() -> None:
    one = calendar(lane("web", shift(0, 3, AKUA), shift(4, 5, instead=MARY)))
    drawn = one.to_svg()
    assert drawn.count("<title>nobody in web: ") == 3
    assert "Sat 11 Jan 2025 09:00, 1 d, an override instead of Mary Major</title>" in drawn


def styles(drawn: str) -> list[str]:
    return re.findall(r'<rect class="(gap|quiet)" x="[\d.]+" y=', drawn.partition("Times in")[0])


def test_hours_that_one_of_several_rotations_leaves_to_the_others_are_no_alarm() -> None:
    day, night = lane("day", shift(0, 3, AKUA)), lane("night", shift(3, 7, MARY))
    assert styles(calendar(day, night).to_svg()) == ["quiet", "quiet"]
    assert styles(calendar(day).to_svg()) == ["gap"]
    text = calendar(day, night).to_text(width=60)
    assert "!" not in text
    assert ".... nobody in this rotation" in text
    assert "!!!! nobody is on call" in calendar(day).to_text(width=60)


def test_an_override_that_leaves_nobody_is_an_alarm_in_its_own_lane() -> None:
    day = lane("day", shift(0, 3, AKUA), shift(4, 5, instead=AKUA))
    drawn = calendar(day, lane("night", shift(3, 7, MARY))).to_svg()
    assert sorted(styles(drawn)) == ["gap", "quiet", "quiet", "quiet"]
    assert "nobody at all, or nobody because of an override" in drawn


def test_when_nobody_at_all_is_on_call_is_an_alarm_in_a_lane_of_its_own() -> None:
    day = lane("day", shift(0, 3, AKUA))
    drawn = calendar(day, lane("night", shift(4, 7, MARY))).to_svg()
    assert styles(drawn) == ["quiet", "quiet", "gap"]


FORTNIGHT = lane(
    "web", *(shift(at / 24, (at + 23) / 24, AKUA) for at in range(0, 14 * 24, 24)), zone="UTC"
)


def sentence(one: OnCallCalendar, zone: str | None = None) -> str:
    (told,) = (
        line
        for line in one.to_text(width=300, time_zone=zone).splitlines()
        if "at all is on call" in line
    )
    return told


def test_gaps_that_repeat_daily_are_told_once() -> None:
    assert sentence(calendar(FORTNIGHT, days=14)) == (
        "Nobody at all is on call 14 times, for 14 h in total: "
        "daily 08:00 to 09:00, 7 to 20 January 2025."
    )


def test_gaps_are_told_the_longest_first_and_those_that_are_too_many_are_counted() -> None:
    shifts = [each for at, each in enumerate(FORTNIGHT.shifts) if at not in (4, 7, 9, 10)]
    one = calendar(lane("web", *shifts), days=14)
    assert sentence(one) == (
        "Nobody at all is on call 10 times, for 4 d 10 h in total: "
        "Wed 15 Jan 2025 08:00 to Fri 17 Jan 2025 09:00, 2 d 1 h; "
        "Fri 10 Jan 2025 08:00 to Sat 11 Jan 2025 09:00, 1 d 1 h; "
        "Mon 13 Jan 2025 08:00 to Tue 14 Jan 2025 09:00, 1 d 1 h; "
        "daily 08:00 to 09:00, 7 to 9 January 2025, 3 times; and 4 more."
    )


def test_two_days_are_no_habit() -> None:
    assert sentence(calendar(lane("web", *FORTNIGHT.shifts[:2]), days=2)) == (
        "Nobody at all is on call 2 times, for 2 h in total: "
        "Tue 7 Jan 2025 08:00 to 09:00, 1 h; Wed 8 Jan 2025 08:00 to 09:00, 1 h."
    )


def test_a_time_zone_can_be_chosen() -> None:
    one = calendar(WEB, NIGHT)
    assert one.to_svg(time_zone="UTC") == one.to_svg()
    told = one.to_text(width=100, time_zone="Asia/Kolkata").splitlines()
    assert "Times in Asia/Kolkata" in told
    assert told[1].startswith("Mon 6 Jan 2025 14:30 to Mon 13 Jan 2025 14:30, Asia/Kolkata.")
    assert "Thu 9 Jan 2025 02:30" in one.to_svg(time_zone="Asia/Kolkata")
    assert "8 Jan 2025 14:30 to Thu 9 Jan 2025 02:30, 12 h" in sentence(one, "Asia/Kolkata")
    assert one.to_text(width=100).splitlines()[1].endswith("UTC. 2 rotations, 2 people.")


def test_a_chosen_zone_needs_no_excuse() -> None:
    one = calendar(lane("web", zone="Europe/Berlin"), lane("night", zone="Asia/Kolkata"))
    assert (
        "Times in Europe/Berlin" in one.to_text(width=100, time_zone="Europe/Berlin").splitlines()
    )


@pytest.mark.parametrize("zone", ["Europe/Nowhere", "", 7, "../etc/passwd"])
def test_a_time_zone_that_there_is_not_is_refused(zone: Any) -> None:
    one = calendar(WEB)
    with pytest.raises(InvalidValueError) as drawn:
        one.to_svg(time_zone=zone)
    with pytest.raises(InvalidValueError) as written:
        one.to_text(width=80, time_zone=zone)
    for caught in (drawn, written):
        assert [violation.path for violation in caught.value.violations] == ["time_zone"]


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(InvalidValueError) as caught:
        calendar(WEB).to_text(width=0, time_zone="Nowhere")
    assert [violation.path for violation in caught.value.violations] == ["width", "time_zone"]


# iCalendar


def events(file: bytes) -> list[Any]:
    read: Any = icalendar.Calendar.from_ical(file.decode())
    return list(read.walk("VEVENT"))


def test_an_event_for_each_shift_with_people() -> None:
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


def test_the_events_of_one_rotation_name_no_schedule() -> None:
    one = evolve(calendar(lane("web", shift(0, 1, AKUA))), name="web")
    (event,) = events(one.to_ics())
    assert event["description"] == "Rotation: web"
    two = evolve(calendar(lane("web", shift(0, 1, AKUA)), lane("night")), name="web")
    (event,) = events(two.to_ics())
    assert event["description"] == "Rotation: web\nSchedule: web"


def test_the_file_says_what_it_is_and_is_written_as_the_standard_wants_it() -> None:
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
    # It would need an ORGANIZER, and there is none.
    assert not any(line.startswith("METHOD") for line in lines)
    assert max(len(line.encode()) for line in lines) <= 75
    assert events(file)[1]["summary"] == "a;b\\c d on call: web"


def test_the_same_shifts_are_the_same_file() -> None:
    assert calendar(WEB, NIGHT).to_ics() == calendar(WEB, NIGHT).to_ics()


def uids(*lanes: CalendarLane) -> list[str]:
    return [str(event["uid"]) for event in events(calendar(*lanes).to_ics())]


def test_an_event_keeps_its_uid_whoever_is_on_call_and_for_however_long() -> None:
    assert uids(lane("web", shift(0, 1, AKUA))) == uids(lane("web", shift(0, 2, MARY)))


def test_other_shifts_other_rotations_and_overrides_have_other_uids() -> None:
    found = uids(
        lane("web", shift(0, 1, AKUA), shift(0, 1, MARY, instead=AKUA), shift(1, 2, AKUA)),
        lane("night", shift(0, 1, AKUA), shift(0, 1, MARY)),
    )
    assert len(set(found)) == 5
    assert all(uid.endswith("@ssm-contacts-sdk") for uid in found)
    assert not any("111122223333" in uid for uid in found)


def test_an_override_of_a_whole_shift_is_another_event() -> None:
    (before,) = uids(lane("web", shift(0, 1, AKUA)))
    (after,) = uids(lane("web", shift(0, 1, MARY, instead=AKUA)))
    assert before != after


def test_a_shift_that_does_not_end_after_its_start_is_no_event() -> None:
    strange = lane("web", shift(2, 1, AKUA), shift(2, 2, AKUA), shift(2, 3, MARY))
    assert uids(strange) == uids(lane("web", shift(2, 3, MARY)))


NOBODY = [[], [lane("web")], [lane("web", shift(0, 1))], [lane("a"), lane("b", shift(2, 1, AKUA))]]


@pytest.mark.parametrize("lanes", NOBODY)
def test_a_calendar_in_which_nobody_is_on_call_says_so(lanes: list[CalendarLane]) -> None:
    """RFC 5545, 3.6: a calendar has at least one component."""
    file = calendar(*lanes).to_ics()
    read: Any = icalendar.Calendar.from_ical(file)
    assert (read["version"], read["x-wr-calname"]) == ("2.0", "Web on call")
    (event,) = events(file)
    assert event["summary"] == "Nobody on call: Web on call"
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (MONDAY, MONDAY + 7 * DAY)
    assert event["transp"] == "TRANSPARENT"
    rotations = ", ".join(each.name for each in lanes)
    told = f"Rotations without anybody: {rotations}." if lanes else "There is no rotation."
    assert event["description"].startswith(told)


def test_that_event_keeps_its_uid_and_goes_when_somebody_is_on_call() -> None:
    """Whoever subscribes sees it move along with the calendar, and never two of them."""
    empty = evolve(calendar(lane("web")), arn=f"{PREFIX}contact/web")
    later = evolve(empty, since=MONDAY + DAY, until=MONDAY + 9 * DAY, name="Web", lanes=())
    (before,), (after,) = events(empty.to_ics()), events(later.to_ics())
    assert before["uid"] == after["uid"]
    (shift_of_akua,) = events(evolve(empty, lanes=(lane("web", shift(0, 1, AKUA)),)).to_ics())
    assert shift_of_akua["summary"] == "Akua Mansa on call: web"
    assert shift_of_akua["uid"] != before["uid"]
    other = evolve(empty, arn=f"{PREFIX}contact/other")
    assert events(other.to_ics())[0]["uid"] != before["uid"]


def test_gaps_are_events_if_one_wants_them() -> None:
    both = calendar(WEB, NIGHT)
    shifts, all_of_it = events(both.to_ics()), events(both.to_ics(gaps=True))
    assert [each["uid"] for each in all_of_it[:3]] == [each["uid"] for each in shifts]
    nobody = all_of_it[3:]
    assert {each["summary"] for each in nobody} == {"Nobody on call: Web on call"}
    times = [(each.decoded("dtstart"), each.decoded("dtend")) for each in nobody]
    assert times == [(each.start_time, each.end_time) for each in both.gaps]
    told = "Rotations without anybody: web, night."
    assert [str(each["description"]) for each in nobody] == [told, told]
    assert len({str(each["uid"]) for each in all_of_it}) == 5


def test_a_gap_keeps_its_uid_wherever_the_calendar_begins_and_ends() -> None:
    def gaps(since: float, until: float) -> list[str]:
        part = evolve(calendar(WEB, NIGHT), since=MONDAY + since * DAY, until=MONDAY + until * DAY)
        nobody = [each for each in events(part.to_ics(gaps=True)) if "Nobody" in each["summary"]]
        return [str(each["uid"]) for each in nobody]

    first, second = gaps(0, 7)
    assert gaps(2.2, 7) == [first, second]
    assert gaps(2.6, 8) == [second]
    # Nobody knows where the last one ends.
    assert gaps(0, 3.7)[0] == first
    assert gaps(0, 3.7)[1:] == gaps(0, 3.8)[1:] == gaps(3.6, 3.9)


def test_no_event_is_without_length_in_the_seconds_that_the_format_has() -> None:
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
def test_every_file_keeps_the_rules_of_the_standard(name: str) -> None:
    """RFC 5545: 3.1, lines; 3.3.11, texts; 3.6, components; 3.6.1, events."""
    with_people = calendar(
        evolve(lane("web", shift(0, 1, AKUA), shift(2, 3, MARY, instead=AKUA)), name=name)
    )
    without = calendar(evolve(lane("web"), name=name))
    for each in (with_people, without):
        named = evolve(each, name=name, names={AKUA: name, MARY: name})
        for file in (named.to_ics(), named.to_ics(gaps=True, stamp=MONDAY)):
            keeps_the_rules(file)


def keeps_the_rules(file: bytes) -> None:
    assert file.endswith(b"\r\n")
    assert b"\n" not in file.replace(b"\r\n", b"")
    assert b"\r" not in file.replace(b"\r\n", b"")
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]", file)
    lines = file.split(b"\r\n")[:-1]
    assert max(map(len, lines)) <= 75
    # A fold may not cut a character apart.
    for line in lines:
        line.decode()
    unfolded = file.decode().replace("\r\n ", "").splitlines()
    names = [re.split("[:;]", line)[0] for line in unfolded]
    assert names[:3] == ["BEGIN", "VERSION", "PRODID"]
    assert unfolded.count("BEGIN:VEVENT") == unfolded.count("END:VEVENT") > 0
    for text in unfolded:
        if text.startswith(("SUMMARY", "DESCRIPTION", "X-WR-CALNAME")):
            # In a text, these two are escaped.
            assert not re.search(r"(?<!\\)(?:\\\\)*[,;]", text.split(":", 1)[1])
    for event in events(file):
        # All of them once, and an end after the start.
        counts = Counter(name for name, _ in event.property_items())
        for name in ("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "TRANSP"):
            assert counts[name] == 1
        assert event.decoded("dtend") > event.decoded("dtstart")
    uids = [str(event["uid"]) for event in events(file)]
    assert len(uids) == len({*uids})


def test_the_stamp_is_what_one_gives() -> None:
    (event, _) = events(calendar(WEB).to_ics(stamp=MONDAY))
    assert event.decoded("dtstamp") == MONDAY


def test_a_stamp_needs_a_time_zone() -> None:
    with pytest.raises(InvalidValueError, match="stamp must have a time zone"):
        calendar(WEB).to_ics(stamp=datetime(2025, 1, 6))  # noqa: DTZ001 - on purpose


def test_without_the_library_one_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)
    with pytest.raises(ConfigurationError, match=r"needs icalendar: pip install icalendar$"):
        calendar(WEB).to_ics()
