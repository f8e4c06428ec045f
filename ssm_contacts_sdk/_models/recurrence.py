"""How a rotation recurs: its hand-offs, how many are on call, and the hours that it covers."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import time
from typing import Any, Literal, TypeVar, Union, cast

from attrs import field, frozen

from ssm_contacts_sdk._errors import InvalidValueError, Violation
from ssm_contacts_sdk._models.rules import (
    Checked,
    as_choice,
    as_tuple,
    check,
    choice_violations,
    list_violations,
    parts_violations,
    whole_number_violations,
    wrong_type,
)
from ssm_contacts_sdk._models.times import as_time_of_day, time_of_day_violations
from ssm_contacts_sdk._privacy import hides_all_arguments
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._schema.enums import OpenEnum

TimeOfDay = Union[time, str]
"""A time of day: ``time(9, 0)`` or ``"09:00"``."""

_TOO_FEW_DIGITS = re.compile("[0-9]:[0-9]{1,2}|[0-9]{2}:[0-9]")


def _time_violations(path: str, value: object) -> Iterator[Violation]:
    if isinstance(value, str) and _TOO_FEW_DIGITS.fullmatch(value):
        yield Violation(
            path, 'must have two digits for the hour and two for the minute, as in "09:00"'
        )
    elif value == "24:00":
        yield Violation(path, 'must be "00:00" for midnight (got "24:00")')
    else:
        yield from time_of_day_violations(path, value)


@public
class DayOfWeek(OpenEnum):
    """A day of the week, in AWS's spelling."""

    MON = "MON"
    TUE = "TUE"
    WED = "WED"
    THU = "THU"
    FRI = "FRI"
    SAT = "SAT"
    SUN = "SUN"


DayName = Literal["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]
"""A day of the week as a plain text."""


def _day(value: DayOfWeek | DayName) -> DayOfWeek:
    return as_choice(DayOfWeek, cast("DayOfWeek", value))


def _time(value: TimeOfDay) -> time:
    return as_time_of_day(value)


def _time_or_none(value: TimeOfDay | None) -> time | None:
    return None if value is None else as_time_of_day(value)


@public
@frozen
class WeeklySetting(Checked):
    """A hand-off on a day of the week."""

    day_of_week: DayOfWeek = field(converter=_day)
    hand_off_time: time = field(converter=_time)

    def violations(self) -> Iterator[Violation]:
        yield from choice_violations("day_of_week", self.day_of_week, DayOfWeek)
        yield from _time_violations("hand_off_time", self.hand_off_time)


@public
@frozen
class MonthlySetting(Checked):
    """A hand-off on a day of the month, 1 to 31. What AWS does in shorter months is not known."""

    day_of_month: int
    hand_off_time: time = field(converter=_time)

    def violations(self) -> Iterator[Violation]:
        yield from whole_number_violations("day_of_month", self.day_of_month, 1, 31)
        yield from _time_violations("hand_off_time", self.hand_off_time)


@public
@frozen
class CoverageTime(Checked):
    """From when to when somebody is on call, by the clock of the rotation's zone.

    What an end that is not after the start means is undocumented by AWS: the service decides. The
    embedded service reads it as a time on the next day, so ``CoverageTime("20:00", "06:00")`` is a
    night (`Assumptions.coverage_end_before_start`). Both times must be given; None only where the
    service leaves one out, as AWS's model allows it to.
    """

    start: time | None = field(default=None, converter=_time_or_none)
    end: time | None = field(default=None, converter=_time_or_none)

    def violations(self) -> Iterator[Violation]:
        yield from _time_violations("start", self.start)
        yield from _time_violations("end", self.end)


def _coverage_times(values: Iterable[CoverageTime]) -> tuple[CoverageTime, ...]:
    return as_tuple(values)


@public
@frozen
class ShiftCoverage(Checked):
    """The hours of one day of the week that a rotation covers."""

    day_of_week: DayOfWeek = field(converter=_day)
    coverage_times: tuple[CoverageTime, ...] = field(converter=_coverage_times)

    def violations(self) -> Iterator[Violation]:
        yield from choice_violations("day_of_week", self.day_of_week, DayOfWeek)
        yield from parts_violations("coverage_times", self.coverage_times, CoverageTime)


def _times(values: Iterable[TimeOfDay] | None) -> tuple[time, ...] | None:
    items = None if values is None else as_tuple(values)
    return tuple(map(as_time_of_day, items)) if isinstance(items, tuple) else items


def _weekly(values: Iterable[WeeklySetting] | None) -> tuple[WeeklySetting, ...] | None:
    return None if values is None else as_tuple(values)


def _monthly(values: Iterable[MonthlySetting] | None) -> tuple[MonthlySetting, ...] | None:
    return None if values is None else as_tuple(values)


Coverages = Union[
    Iterable[ShiftCoverage],
    Mapping[str, Iterable[tuple[TimeOfDay, TimeOfDay]]],
    Mapping[DayOfWeek, Iterable[tuple[TimeOfDay, TimeOfDay]]],
]
"""The covered hours, as `ShiftCoverage`s or like ``{"MON": [("08:00", "17:00")]}``."""

_DAYS = {day: number for number, day in enumerate(DayOfWeek)}
_TWO = 2
_ARMS = ("daily_settings", "weekly_settings", "monthly_settings")
_Part = TypeVar("_Part", bound=Checked)


def _coverages(values: Coverages | None) -> tuple[ShiftCoverage, ...] | None:
    if values is None:
        return None
    if isinstance(values, Mapping):
        violations: list[Violation] = []
        coverages = _by_day("shift_coverages", cast("_ByDay", values), violations)
        check("Recurrence", violations)
    else:
        coverages = as_tuple(values)
    if not isinstance(coverages, tuple) or {*map(type, coverages)} - {ShiftCoverage}:
        # Left for the check to name.
        return coverages
    return in_week_order(coverages)


def in_week_order(coverages: Iterable[ShiftCoverage]) -> tuple[ShiftCoverage, ...]:
    """The coverages by day: the service has no order, and a fixed one makes equal what is equal."""
    return tuple(
        sorted(
            coverages,
            key=lambda each: (_DAYS.get(each.day_of_week, len(_DAYS)), each.day_of_week.value),
        )
    )


_ByDay = Mapping[DayOfWeek, Iterable[object]]


def _by_day(path: str, given: _ByDay, violations: list[Violation]) -> tuple[ShiftCoverage, ...]:
    """The coverages of a mapping. What is wrong goes to `violations`, and is left out."""
    built: list[ShiftCoverage] = []
    for day, hours in given.items():
        # A key that is no day may be private.
        place = f"{path}[{day if day in _DAYS else '...'}]"
        pairs = as_tuple(hours)
        if isinstance(pairs, tuple) and pairs and not any(map(_is_list, pairs)):
            # The likeliest slip: one pair, and no list around it.
            violations.append(Violation(place, f"must be {_pairs_like(CoverageTime)}"))
            pairs = ()
        times = _pairs(place, CoverageTime, pairs, violations)
        try:
            built.append(ShiftCoverage(day, times))
        except InvalidValueError as error:
            violations.extend(violation.under(place) for violation in error.violations)
    return tuple(built)


def _pairs(
    path: str, kind: Callable[..., _Part], pairs: Iterable[object], violations: list[Violation]
) -> list[_Part]:
    """A part of each pair. What is wrong goes to `violations`, and is left out."""
    if not isinstance(pairs, tuple):
        violations.append(wrong_type(path, _pairs_like(kind), pairs))
        return []
    built: list[_Part] = []
    for index, pair in enumerate(pairs):
        place = f"{path}[{index}]"
        if not _is_list(pair) or len(cast("tuple[object, ...]", pair)) != _TWO:
            violations.append(Violation(place, f"must be a pair, such as {_PAIRS[kind]}"))
            continue
        try:
            built.append(kind(*cast("tuple[object, object]", pair)))
        except InvalidValueError as error:
            violations.extend(violation.under(place) for violation in error.violations)
    return built


_PAIRS: Mapping[Callable[..., Checked], str] = {
    WeeklySetting: '("MON", "09:00")',
    MonthlySetting: '(20, "08:00")',
    CoverageTime: '("08:00", "20:00")',
}


def _pairs_like(kind: Callable[..., Checked]) -> str:
    return f"a list of pairs, such as [{_PAIRS[kind]}]"


def _is_list(value: object) -> bool:
    return isinstance(value, (tuple, list))


@public
@hides_all_arguments
@frozen(kw_only=True)
class Recurrence(Checked):
    """When the people of a rotation take turns, and when somebody is on call.

    Written most easily with `daily`, `weekly` and `monthly`. There must be exactly one of
    `daily_settings`, `weekly_settings` and `monthly_settings`, each a list of hand-offs (AWS's
    CloudFormation reference). An empty list beside another that has hand-offs is None, and so are
    empty `shift_coverages`: neither is sent.

    Args:
        daily_settings: the times of day of the hand-offs.
        weekly_settings: their days of the week and times.
        monthly_settings: their days of the month and times.
        number_of_on_calls: how many people are on call at a time; at least 1.
        recurrence_multiplier: the days, weeks or months that a turn lasts, 1 to 100.
        shift_coverages: the hours that are covered, by day of the week; around the clock when
            left out or empty. If there are any, a day that is not named is not covered. A night is
            one entry of the day on which it begins, such as 20:00 to 06:00. What AWS
            does with empty coverages is undocumented, so they are kept only where AWS sends them.

    Raises:
        InvalidValueError: with every rule that is broken.
    """

    daily_settings: tuple[time, ...] | None = field(default=None, converter=_times)
    weekly_settings: tuple[WeeklySetting, ...] | None = field(default=None, converter=_weekly)
    monthly_settings: tuple[MonthlySetting, ...] | None = field(default=None, converter=_monthly)
    number_of_on_calls: int = 1
    recurrence_multiplier: int = 1
    shift_coverages: tuple[ShiftCoverage, ...] | None = field(default=None, converter=_coverages)

    @staticmethod
    def daily(
        *hand_offs: TimeOfDay,
        multiplier: int = 1,
        on_call: int = 1,
        coverage: Coverages | None = None,
    ) -> "Recurrence":
        """Hand-offs every day.

        >>> Recurrence.daily("09:00").daily_settings
        (datetime.time(9, 0),)

        Args:
            *hand_offs: the times of day.
            multiplier: the days that a turn lasts, 1 to 100.
            on_call: how many people are on call at a time.
            coverage: the hours that are covered; around the clock when left out or empty.
        """
        return _short(
            "daily_settings",
            None,
            hand_offs,
            multiplier=multiplier,
            on_call=on_call,
            coverage=coverage,
        )

    @staticmethod
    def weekly(
        *hand_offs: tuple[DayOfWeek | DayName, TimeOfDay],
        multiplier: int = 1,
        on_call: int = 1,
        coverage: Coverages | None = None,
    ) -> "Recurrence":
        """Hand-offs on days of the week.

        >>> Recurrence.weekly(("WED", "04:25"), ("FRI", "15:57")).weekly_settings[1].day_of_week
        <DayOfWeek.FRI: 'FRI'>

        Args:
            *hand_offs: the days and times of day.
            multiplier: the weeks that a turn lasts, 1 to 100.
            on_call: how many people are on call at a time.
            coverage: the hours that are covered; around the clock when left out or empty.
        """
        return _short(
            "weekly_settings",
            WeeklySetting,
            hand_offs,
            multiplier=multiplier,
            on_call=on_call,
            coverage=coverage,
        )

    @staticmethod
    def monthly(
        *hand_offs: tuple[int, TimeOfDay],
        multiplier: int = 1,
        on_call: int = 1,
        coverage: Coverages | None = None,
    ) -> "Recurrence":
        """Hand-offs on days of the month.

        >>> Recurrence.monthly((20, "08:00")).monthly_settings[0].day_of_month
        20

        Args:
            *hand_offs: the days of the month and times of day.
            multiplier: the months that a turn lasts, 1 to 100.
            on_call: how many people are on call at a time.
            coverage: the hours that are covered; around the clock when left out or empty.
        """
        return _short(
            "monthly_settings",
            MonthlySetting,
            hand_offs,
            multiplier=multiplier,
            on_call=on_call,
            coverage=coverage,
        )

    def __attrs_post_init__(self) -> None:
        given = {name: getattr(self, name) for name in (*_ARMS, "shift_coverages")}
        empty = {name for name, value in given.items() if isinstance(value, tuple) and not value}
        if not any(isinstance(given[name], tuple) for name in {*_ARMS} - empty):
            # Without any hand-off, the check names the empty lists.
            empty -= {*_ARMS}
        for name in empty:
            object.__setattr__(self, name, None)
        super().__attrs_post_init__()

    def violations(self) -> Iterator[Violation]:
        arms = [name for name in _ARMS if getattr(self, name) is not None]
        if not arms:
            yield Violation(_ARMS[0], "or weekly_settings or monthly_settings must be given")
        for name in arms[1:]:
            yield Violation(name, f"cannot stand beside {arms[0]}: there is one kind of hand-off")
        yield from _arm_violations("daily_settings", self.daily_settings, None)
        yield from _arm_violations("weekly_settings", self.weekly_settings, WeeklySetting)
        yield from _arm_violations("monthly_settings", self.monthly_settings, MonthlySetting)
        yield from whole_number_violations("number_of_on_calls", self.number_of_on_calls, 1, None)
        yield from whole_number_violations(
            "recurrence_multiplier", self.recurrence_multiplier, 1, 100
        )
        if self.shift_coverages is not None:
            yield from parts_violations("shift_coverages", self.shift_coverages, ShiftCoverage)
            yield from _double_violations(self.shift_coverages)


def _short(
    arm: str,
    kind: Callable[..., Checked] | None,
    hand_offs: tuple[object, ...],
    *,
    multiplier: int,
    on_call: int,
    coverage: Coverages | None,
) -> Recurrence:
    """Written in short; all that is wrong is told at once, by the names of what was written."""
    names = {
        arm: "hand_offs",
        "number_of_on_calls": "on_call",
        "recurrence_multiplier": "multiplier",
        "shift_coverages": "coverage",
    }
    violations: list[Violation] = []
    given: dict[str, Any] = {
        arm: hand_offs if kind is None else _pairs("hand_offs", kind, hand_offs, violations),
        "number_of_on_calls": on_call,
        "recurrence_multiplier": multiplier,
        "shift_coverages": coverage,
    }
    if isinstance(coverage, Mapping):
        given["shift_coverages"] = _by_day("coverage", cast("_ByDay", coverage), violations)
    told = {_argument(violation) for violation in violations}
    try:
        recurrence = Recurrence(**given)
    except InvalidValueError as error:
        # What is left out may lead to others, such as that there is no hand-off.
        others = (_renamed(violation, names) for violation in error.violations)
        violations.extend(violation for violation in others if _argument(violation) not in told)
        raise InvalidValueError("Recurrence", violations) from None
    check("Recurrence", violations)
    return recurrence


def _argument(violation: Violation) -> str:
    return violation.path.partition("[")[0]


def _renamed(violation: Violation, names: Mapping[str, str]) -> Violation:
    name = _argument(violation)
    return Violation(f"{names[name]}{violation.path.removeprefix(name)}", violation.rule)


def _arm_violations(path: str, values: object, kind: type[Checked] | None) -> Iterator[Violation]:
    if values is None:
        return
    if values == ():
        yield Violation(path, "must have a hand-off")
    if kind is not None:
        yield from parts_violations(path, values, kind)
    else:
        yield from list_violations(path, values, "times of day", _time_violations)


def _double_violations(coverages: object) -> Iterator[Violation]:
    given = cast("tuple[object, ...]", coverages) if isinstance(coverages, tuple) else ()
    days = [each.day_of_week for each in given if isinstance(each, ShiftCoverage)]
    for day in sorted({day for day in days if days.count(day) > 1}):
        yield Violation("shift_coverages", f"names {day} twice: give all its hours together")
