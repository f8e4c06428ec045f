"""The parts of a recurrence: days, hand-offs and covered hours, and how pairs become parts."""

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
from ssm_contacts_sdk._schema.violations import violation, wrong_type

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
    """A hand-off on a day of the week."""

    _aws_shape: ClassVar[str] = "WeeklySetting"
    day_of_week: DayOfWeek = field(converter=_day)
    hand_off_time: HandOffTime = field(converter=_time)


@public
@frozen
class MonthlySetting(Value):
    """A hand-off on a day of the month, 1 to 31. Undocumented by AWS: shorter months."""

    _aws_shape: ClassVar[str] = "MonthlySetting"
    day_of_month: Annotated[int, Between(1, 31)]
    hand_off_time: HandOffTime = field(converter=_time)


@public
@frozen
class CoverageTime(Value):
    """From when to when somebody is on call, by the clock of the rotation's time zone.

    What an end that is not after the start means is undocumented by AWS: the service decides. The
    embedded service reads it as a time on the next day, so ``CoverageTime("20:00", "06:00")`` is a
    night (`Assumptions.coverage_end_before_start`). Both times are required; None only where the
    service leaves one out, as AWS's model allows it to.
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
                yield from violation("missing", "must be given", name)


def _coverage_times(values: Iterable[CoverageTime]) -> tuple[CoverageTime, ...]:
    return as_tuple(values)


@public
@frozen
class ShiftCoverage(Value):
    """The hours of one day of the week that a rotation covers."""

    day_of_week: DayOfWeek = field(converter=_day)
    coverage_times: tuple[CoverageTime, ...] = field(converter=_coverage_times)


Coverages = Union[
    Iterable[ShiftCoverage],
    Mapping[str, Iterable[tuple[TimeOfDay, TimeOfDay]]],
    Mapping[DayOfWeek, Iterable[tuple[TimeOfDay, TimeOfDay]]],
]
"""The covered hours, as `ShiftCoverage`s or like ``{"MON": [("08:00", "17:00")]}``."""

_DAYS = {day: number for number, day in enumerate(DayOfWeek)}
_TWO = 2
_Part = TypeVar("_Part", bound=Value)


def in_week_order(coverages: Iterable[ShiftCoverage]) -> tuple[ShiftCoverage, ...]:
    """Return the coverages by day.

    The service has no order of days. A fixed one makes equal what means the same.
    """
    return tuple(
        sorted(
            coverages,
            key=lambda each: (_DAYS.get(each.day_of_week, len(_DAYS)), each.day_of_week.value),
        )
    )


PairsByDay = Mapping[DayOfWeek, Iterable[object]]


def coverages_by_day(
    path: str, given: PairsByDay, violations: list[Violation]
) -> tuple[ShiftCoverage, ...]:
    """Return the coverages of a mapping, without those that add to `violations`."""
    built: list[ShiftCoverage] = []
    for index, (day, hours) in enumerate(given.items()):
        # A key that is not a day may be private.
        place = f"{path}[{day if day in _DAYS else index}]"
        pairs = as_tuple(hours)
        if isinstance(pairs, tuple) and pairs and not any(map(_is_list, pairs)):
            # The likeliest mistake: one pair, without a list around it.
            violations += violation("wrong_type", f"must be {_pairs_like(CoverageTime)}", place)
            pairs = ()
        times = parts_of_pairs(place, CoverageTime, pairs, violations)
        try:
            built.append(ShiftCoverage(day, times))
        except InvalidValueError as error:
            violations += (each.under(place) for each in error.violations)
    return tuple(built)


def parts_of_pairs(
    path: str, kind: Callable[..., _Part], pairs: Iterable[object], violations: list[Violation]
) -> list[_Part]:
    """Return a value of each pair, without those that add to `violations`."""
    if not isinstance(pairs, tuple):
        violations += wrong_type(_pairs_like(kind), pairs, path)
        return []
    built: list[_Part] = []
    for index, pair in enumerate(pairs):
        place = f"{path}[{index}]"
        if not _is_list(pair) or len(cast("tuple[object, ...]", pair)) != _TWO:
            violations += violation("wrong_type", f"must be a pair, such as {_PAIRS[kind]}", place)
            continue
        try:
            built.append(kind(*cast("tuple[object, object]", pair)))
        except InvalidValueError as error:
            violations += (each.under(place) for each in error.violations)
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
