"""Charts of calendars; tests/browser checks that nothing in them overlaps."""

from __future__ import annotations

import re
from typing import Any

import pytest
from attrs import evolve
from oncall.calendar_values import AKUA, DAY, MARY, MONDAY, NIGHT, WEB, calendar, lane, shift

from ssm_contacts_sdk import ContactsError, InvalidValueError, OnCallCalendar


def test_a_calendar_as_text() -> None:
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
    ("zones", "axis"),
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
def test_the_axis_names_the_time_zone(zones: tuple[str | None, ...], axis: str) -> None:
    lanes = [lane(f"r{number}", *WEB.shifts, zone=zone) for number, zone in enumerate(zones)]
    assert axis in calendar(*lanes).to_text(width=100).splitlines()


def test_a_deleted_rotation_is_marked() -> None:
    assert ">no such rotation<" in calendar(lane("gone", zone=None)).to_svg()


def test_people_with_equal_names_have_their_aliases_too() -> None:
    one = evolve(calendar(WEB), names={AKUA: "Akua Mansa", MARY: "Akua Mansa"})
    text = str(one)
    assert "Akua Mansa (akuam)" in text
    assert "Akua Mansa (marym)" in text


def test_an_override_without_people_is_a_separate_gap() -> None:
    one = calendar(lane("web", shift(0, 3, AKUA), shift(4, 5, instead=MARY)))
    drawn = one.to_svg()
    assert drawn.count("<title>nobody in web: ") == 3
    assert "Sat 11 Jan 2025 09:00, 1 d, an override instead of Mary Major</title>" in drawn


def styles(drawn: str) -> list[str]:
    return re.findall(r'<rect class="(gap|quiet)" x="[\d.]+" y=', drawn.partition("Times in")[0])


def test_a_gap_in_one_of_several_rotations_is_quiet() -> None:
    day, night = lane("day", shift(0, 3, AKUA)), lane("night", shift(3, 7, MARY))
    assert styles(calendar(day, night).to_svg()) == ["quiet", "quiet"]
    assert styles(calendar(day).to_svg()) == ["gap"]
    text = calendar(day, night).to_text(width=60)
    assert "!" not in text
    assert ".... nobody in this rotation" in text
    assert "!!!! nobody is on call" in calendar(day).to_text(width=60)


def test_the_legend_explains_what_is_not_known_if_something_is_not_known() -> None:
    text = "not known: a rotation could not be read"
    unreadable = evolve(NIGHT, shifts=(), error=ContactsError("no such rotation"))
    assert text in calendar(WEB, unreadable).to_svg()
    assert text in calendar(WEB, unreadable).to_text(width=100)
    assert text not in calendar(WEB, NIGHT).to_svg()


def test_an_override_without_people_is_a_gap_in_the_lane_of_its_rotation() -> None:
    day = lane("day", shift(0, 3, AKUA), shift(4, 5, instead=AKUA))
    drawn = calendar(day, lane("night", shift(3, 7, MARY))).to_svg()
    assert sorted(styles(drawn)) == ["gap", "quiet", "quiet", "quiet"]
    assert "nobody at all, or nobody because of an override" in drawn


def test_a_gap_in_all_rotations_has_a_separate_lane() -> None:
    day = lane("day", shift(0, 3, AKUA))
    drawn = calendar(day, lane("night", shift(4, 7, MARY))).to_svg()
    assert styles(drawn) == ["quiet", "quiet", "gap"]


FORTNIGHT = lane(
    "web", *(shift(at / 24, (at + 23) / 24, AKUA) for at in range(0, 14 * 24, 24)), zone="UTC"
)


def sentence(one: OnCallCalendar, zone: str | None = None) -> str:
    lines = one.to_text(width=300, time_zone=zone).splitlines()
    (found,) = (line for line in lines if "at all is on call" in line)
    return found


def test_gaps_that_repeat_daily_are_one_entry() -> None:
    assert sentence(calendar(FORTNIGHT, days=14)) == (
        "Nobody at all is on call 14 times, for 14 h in total: "
        "daily 08:00 to 09:00, 7 to 20 January 2025."
    )


def test_the_four_longest_groups_of_gaps_are_listed_and_the_others_counted() -> None:
    shifts = [each for at, each in enumerate(FORTNIGHT.shifts) if at not in (4, 7, 9, 10)]
    one = calendar(lane("web", *shifts), days=14)
    assert sentence(one) == (
        "Nobody at all is on call 10 times, for 4 d 10 h in total: "
        "Wed 15 Jan 2025 08:00 to Fri 17 Jan 2025 09:00, 2 d 1 h; "
        "Fri 10 Jan 2025 08:00 to Sat 11 Jan 2025 09:00, 1 d 1 h; "
        "Mon 13 Jan 2025 08:00 to Tue 14 Jan 2025 09:00, 1 d 1 h; "
        "daily 08:00 to 09:00, 7 to 9 January 2025, 3 times; and 4 more."
    )


def test_gaps_on_two_days_are_two_entries() -> None:
    assert sentence(calendar(lane("web", *FORTNIGHT.shifts[:2]), days=2)) == (
        "Nobody at all is on call 2 times, for 2 h in total: "
        "Tue 7 Jan 2025 08:00 to 09:00, 1 h; Wed 8 Jan 2025 08:00 to 09:00, 1 h."
    )


def test_all_times_are_in_the_given_time_zone() -> None:
    one = calendar(WEB, NIGHT)
    assert one.to_svg(time_zone="UTC") == one.to_svg()
    lines = one.to_text(width=100, time_zone="Asia/Kolkata").splitlines()
    assert "Times in Asia/Kolkata" in lines
    assert lines[1].startswith("Mon 6 Jan 2025 14:30 to Mon 13 Jan 2025 14:30, Asia/Kolkata.")
    assert "Thu 9 Jan 2025 02:30" in one.to_svg(time_zone="Asia/Kolkata")
    assert "8 Jan 2025 14:30 to Thu 9 Jan 2025 02:30, 12 h" in sentence(one, "Asia/Kolkata")
    assert one.to_text(width=100).splitlines()[1].endswith("UTC. 2 rotations, 2 people.")


def test_the_axis_does_not_explain_a_given_time_zone() -> None:
    one = calendar(lane("web", zone="Europe/Berlin"), lane("night", zone="Asia/Kolkata"))
    text = one.to_text(width=100, time_zone="Europe/Berlin")
    assert "Times in Europe/Berlin" in text.splitlines()


@pytest.mark.parametrize("zone", ["Europe/Nowhere", "", 7, "../etc/passwd"])
def test_an_unknown_time_zone_is_rejected(zone: Any) -> None:
    one = calendar(WEB)
    with pytest.raises(InvalidValueError) as drawn:
        one.to_svg(time_zone=zone)
    with pytest.raises(InvalidValueError) as written:
        one.to_text(width=80, time_zone=zone)
    for caught in (drawn, written):
        assert [violation.path for violation in caught.value.violations] == ["time_zone"]


def test_all_violations_are_reported_together() -> None:
    with pytest.raises(InvalidValueError) as caught:
        calendar(WEB).to_text(width=0, time_zone="Nowhere")
    assert [violation.path for violation in caught.value.violations] == ["width", "time_zone"]


@pytest.mark.parametrize("days", [0, 1e-9, 1 / 86_400, 1 / 1440])
def test_a_calendar_of_no_time_or_a_second_can_be_drawn(days: float) -> None:
    for each in (calendar(days=days), calendar(WEB, NIGHT, days=days)):
        assert each.to_text(width=40).startswith("On call: Web on call\n")
        assert each.to_svg().startswith("<svg")


def test_a_shift_that_ends_or_begins_at_an_end_of_a_calendar_is_not_drawn() -> None:
    before, after = shift(-1, 0, AKUA), shift(7, 8, MARY)
    drawn = calendar(lane("web", before, after))
    assert "Akua" not in drawn.to_svg()
    assert "Mary" not in drawn.to_svg()


@pytest.mark.parametrize("day", [0, 7])
def test_the_line_of_now_is_inside_a_calendar_that_begins_or_ends_now(day: float) -> None:
    now = evolve(calendar(WEB), now=MONDAY + day * DAY)
    assert "now" in now.to_text(width=40)
    assert ">now<" in now.to_svg()


def test_people_who_are_on_call_together_are_below_each_other() -> None:
    # Two people at first, and then one, whose bar is as high as both.
    text = calendar(lane("web", shift(0, 4, AKUA, MARY), shift(4, 7, MARY))).to_text(width=60)
    first, second = [line for line in text.splitlines() if "[" in line][:2]
    assert first.startswith("web")
    assert "[Akua" in first
    assert "[Mary" in second
    assert first.count("[") == second.count("[") == 2
