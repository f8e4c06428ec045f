"""The parts of a recurrence: days, hand-offs and covered hours, and their short form as pairs."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import time
from typing import Annotated, ClassVar, Literal, TypeAlias, TypeVar, Union, cast

from attrs import field, frozen

from ssm_contacts_sdk._errors import InvalidValueError, Violation
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._schema.constraints import Between
from ssm_contacts_sdk._schema.converters import OpenEnum, as_choice, as_tuple
from ssm_contacts_sdk._schema.fields import WhenAbsent
from ssm_contacts_sdk._schema.times import HandOffTime, as_time_of_day
from ssm_contacts_sdk._schema.values import Value, rule
from ssm_contacts_sdk._schema.violations import under, violation, wrong_type

TimeOfDay = Union[time, str]
"""A time of day: ``time(9, 0)`` or ``"09:00"``."""


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


DayName: TypeAlias = Literal["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"]
"""A `DayOfWeek` as a plain str."""


def _day(value: DayOfWeek | DayName) -> DayOfWeek:
    return as_choice(DayOfWeek, value)


def _time(value: TimeOfDay) -> time:
    return as_time_of_day(value)


def _time_or_none(value: TimeOfDay | None) -> time | None:
    return None if value is None else as_time_of_day(value)


@public
@frozen
class WeeklySetting(Value):
    """A hand-off on a day of the week.

    Args:
        day_of_week: a `DayOfWeek`, or its name such as ``"MON"``.
        hand_off_time: the time of day in the rotation's time zone, ``time(9, 0)`` or ``"09:00"``.

    Raises:
        InvalidValueError: with every rule that is broken.

    >>> WeeklySetting("MON", "09:00").hand_off_time
    datetime.time(9, 0)
    """

    _aws_shape: ClassVar[str] = "WeeklySetting"
    day_of_week: DayOfWeek = field(converter=_day)
    hand_off_time: HandOffTime = field(converter=_time)


@public
@frozen
class MonthlySetting(Value):
    """A hand-off on a day of the month.

    Args:
        day_of_month: 1 to 31. AWS does not document what happens in shorter months.
        hand_off_time: the time of day in the rotation's time zone, ``time(9, 0)`` or ``"09:00"``.

    Raises:
        InvalidValueError: with every rule that is broken.

    >>> MonthlySetting(20, "08:00").day_of_month
    20
    """

    _aws_shape: ClassVar[str] = "MonthlySetting"
    day_of_month: Annotated[int, Between(1, 31)]
    hand_off_time: HandOffTime = field(converter=_time)


@public
@frozen
class CoverageTime(Value):
    """Hours of a day in which somebody is on call, in the rotation's time zone.

    AWS does not document the meaning of an end that is not after the start. The embedded service
    reads it as a time on the next day, so ``CoverageTime("20:00", "06:00")`` is a night
    (`Assumptions.coverage_end_before_start`).

    Args:
        start: the time of day at which the coverage begins, ``time(9, 0)`` or ``"09:00"``.
        end: the time of day at which it ends.

    Both are required. One is None only if the service leaves it out, as AWS's model allows.

    Raises:
        InvalidValueError: with every rule that is broken.

    >>> CoverageTime("08:00", "17:00").end
    datetime.time(17, 0)
    """

    _aws_shape: ClassVar[str] = "CoverageTime"
    start: Annotated[HandOffTime | None, WhenAbsent(None)] = field(
        default=None, converter=_time_or_none
    )
    end: Annotated[HandOffTime | None, WhenAbsent(None)] = field(
        default=None, converter=_time_or_none
    )

    @rule()
    def _has_both(self) -> Iterator[Violation]:
        for name in ("start", "end"):
            if getattr(self, name) is None:
                yield from violation("missing", "must be passed", name)


def _coverage_times(values: Iterable[CoverageTime]) -> tuple[CoverageTime, ...]:
    return as_tuple(values)


@public
@frozen
class ShiftCoverage(Value):
    """The hours of one day of the week that a rotation covers.

    Args:
        day_of_week: a `DayOfWeek`, or its name such as ``"MON"``.
        coverage_times: the hours.

    Raises:
        InvalidValueError: with every rule that is broken.

    >>> ShiftCoverage("MON", [CoverageTime("08:00", "17:00")]).day_of_week
    <DayOfWeek.MON: 'MON'>
    """

    day_of_week: DayOfWeek = field(converter=_day)
    coverage_times: tuple[CoverageTime, ...] = field(converter=_coverage_times)


Coverages = Union[
    Iterable[ShiftCoverage],
    Mapping[str, Iterable[tuple[TimeOfDay, TimeOfDay]]],
    Mapping[DayOfWeek, Iterable[tuple[TimeOfDay, TimeOfDay]]],
]
"""The covered hours, as `ShiftCoverage`s or like ``{"MON": [("08:00", "17:00")]}``."""

_DAYS = {day: number for number, day in enumerate(DayOfWeek)}
_LENGTH_OF_A_PAIR = 2
_Part = TypeVar("_Part", bound=Value)


def in_week_order(coverages: Iterable[ShiftCoverage]) -> tuple[ShiftCoverage, ...]:
    """Return the coverages in the order of the days of the week.

    The service returns them in any order. In a fixed order, equal coverages compare as equal.
    """
    return tuple(
        sorted(
            coverages,
            key=lambda each: (_DAYS.get(each.day_of_week, len(_DAYS)), each.day_of_week.value),
        )
    )


PairsByDay = Mapping[DayOfWeek, Iterable[object]]


def coverages_by_day(
    path: str, hours_by_day: PairsByDay, violations: list[Violation]
) -> tuple[ShiftCoverage, ...]:
    """Return the coverages of a mapping. Violations are added to `violations`."""
    built: list[ShiftCoverage] = []
    for index, (day, hours) in enumerate(hours_by_day.items()):
        # A key that is not a day may be private.
        place = f"{path}[{day if day in _DAYS else index}]"
        pairs = as_tuple(hours)
        if isinstance(pairs, tuple) and pairs and not any(map(_is_list, pairs)):
            # The most likely mistake is a pair that is not in a list.
            violations += violation("wrong_type", f"must be {_pairs_like(CoverageTime)}", place)
            pairs = ()
        times = parts_of_pairs(place, CoverageTime, pairs, violations)
        try:
            built.append(ShiftCoverage(day, times))
        except InvalidValueError as error:
            violations += under(place, error.violations)
    return tuple(built)


def parts_of_pairs(
    path: str, kind: Callable[..., _Part], pairs: Iterable[object], violations: list[Violation]
) -> list[_Part]:
    """Return one `kind` for each pair. Violations are added to `violations`."""
    if not isinstance(pairs, tuple):
        violations += wrong_type(_pairs_like(kind), pairs, path)
        return []
    built: list[_Part] = []
    for index, pair in enumerate(pairs):
        place = f"{path}[{index}]"
        if not _is_list(pair) or len(cast("tuple[object, ...]", pair)) != _LENGTH_OF_A_PAIR:
            violations += violation("wrong_type", f"must be a pair, such as {_PAIRS[kind]}", place)
            continue
        try:
            built.append(kind(*cast("tuple[object, object]", pair)))
        except InvalidValueError as error:
            violations += under(place, error.violations)
    return built


_PAIRS: Mapping[Callable[..., Value], str] = {
    WeeklySetting: '("MON", "09:00")',
    MonthlySetting: '(20, "08:00")',
    CoverageTime: '("08:00", "20:00")',
}


def _pairs_like(kind: Callable[..., Value]) -> str:
    return f"a list of pairs, such as [{_PAIRS[kind]}]"


def _is_list(value: object) -> bool:
    return isinstance(value, (tuple, list))
