"""How a rotation recurs: its hand-offs, how many are on call, and the hours that it covers."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import time
from typing import Annotated, Any, ClassVar, cast

from attrs import field, frozen

from ssm_contacts_sdk._errors import InvalidValueError, Violation
from ssm_contacts_sdk._models.recurrence_parts import (
    Coverages,
    DayName,
    DayOfWeek,
    MonthlySetting,
    PairsByDay,
    ShiftCoverage,
    TimeOfDay,
    WeeklySetting,
    coverages_by_day,
    in_week_order,
    parts_of_pairs,
)
from ssm_contacts_sdk._privacy import hides_all_arguments
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._schema.constraints import Between, Count
from ssm_contacts_sdk._schema.converters import as_tuple
from ssm_contacts_sdk._schema.fields import KeyedBy
from ssm_contacts_sdk._schema.times import HandOffTime, as_time_of_day
from ssm_contacts_sdk._schema.values import Value, after_reading, record_of, rule, violations_of
from ssm_contacts_sdk._schema.violations import raise_violations, violation

_HAND_OFFS = Count(1, items="hand-offs")
_HAND_OFF_FIELDS = ("daily_settings", "weekly_settings", "monthly_settings")
# The arguments of `daily`, `weekly` and `monthly`, by the fields that they become.
_ARGUMENTS: Mapping[str, str] = {
    **dict.fromkeys(_HAND_OFF_FIELDS, "hand_offs"),
    "number_of_on_calls": "on_call",
    "recurrence_multiplier": "multiplier",
    "shift_coverages": "coverage",
}


def _times(values: Iterable[TimeOfDay] | None) -> tuple[time, ...] | None:
    items = None if values is None else as_tuple(values)
    return tuple(map(as_time_of_day, items)) if isinstance(items, tuple) else items


def _weekly(values: Iterable[WeeklySetting] | None) -> tuple[WeeklySetting, ...] | None:
    return None if values is None else as_tuple(values)


def _monthly(values: Iterable[MonthlySetting] | None) -> tuple[MonthlySetting, ...] | None:
    return None if values is None else as_tuple(values)


def _is_coverage(value: object) -> bool:
    return isinstance(value, ShiftCoverage)


class _InvalidCoverages:
    """Takes the place of a mapping that breaks rules, until the other fields are checked too."""

    def __init__(self, violations: Sequence[Violation]) -> None:
        self.violations = violations


def _coverages(values: Coverages | None) -> tuple[ShiftCoverage, ...] | None:
    if values is None:
        return None
    if isinstance(values, Mapping):
        violations: list[Violation] = []
        coverages = coverages_by_day("shift_coverages", cast("PairsByDay", values), violations)
        if violations:
            return cast("tuple[ShiftCoverage, ...]", _InvalidCoverages(violations))
    else:
        coverages = as_tuple(values)
    if not (isinstance(coverages, tuple) and all(map(_is_coverage, coverages))):
        # The check of the field reports it.
        return coverages
    return in_week_order(coverages)


@public
@hides_all_arguments
@frozen(kw_only=True)
class Recurrence(Value):
    """When the turns of a rotation begin, and when somebody is on call.

    `daily`, `weekly` and `monthly` are the shortest ways to create one. Exactly one is required of
    `daily_settings`, `weekly_settings` and `monthly_settings`, each a list of hand-offs (AWS's
    CloudFormation reference). An empty list beside another that has hand-offs is None, and so are
    empty `shift_coverages`: neither is sent.

    Args:
        daily_settings: the times of day of the hand-offs.
        weekly_settings: their days of the week and times.
        monthly_settings: their days of the month and times.
        number_of_on_calls: how many people are on call at a time; at least 1.
        recurrence_multiplier: the days, weeks or months that a turn lasts, 1 to 100.
        shift_coverages: the hours that are covered, by day of the week; all hours if it is left
            out or empty. If there are any, a day that is not named is not covered. A night is
            one entry of the day on which it begins, such as 20:00 to 06:00. What AWS does with
            empty coverages is undocumented, so they are preserved only where AWS sends them.

    Raises:
        InvalidValueError: with every rule that is broken.

    >>> Recurrence(weekly_settings=[WeeklySetting("MON", "09:00")]) == Recurrence.weekly(
    ...     ("MON", "09:00")
    ... )
    True
    """

    _aws_shape: ClassVar[str] = "RecurrenceSettings"
    daily_settings: Annotated[tuple[HandOffTime, ...] | None, _HAND_OFFS] = field(
        default=None, converter=_times
    )
    weekly_settings: Annotated[tuple[WeeklySetting, ...] | None, _HAND_OFFS] = field(
        default=None, converter=_weekly
    )
    monthly_settings: Annotated[tuple[MonthlySetting, ...] | None, _HAND_OFFS] = field(
        default=None, converter=_monthly
    )
    number_of_on_calls: Annotated[int, Between(1)] = 1
    recurrence_multiplier: Annotated[int, Between(1, 100)] = 1
    shift_coverages: Annotated[tuple[ShiftCoverage, ...] | None, KeyedBy("day_of_week")] = field(
        default=None, converter=_coverages
    )

    @staticmethod
    def daily(
        *hand_offs: TimeOfDay,
        multiplier: int = 1,
        on_call: int = 1,
        coverage: Coverages | None = None,
    ) -> "Recurrence":
        """Return a recurrence with hand-offs every day.

        >>> Recurrence.daily("09:00").daily_settings
        (datetime.time(9, 0),)

        Args:
            *hand_offs: the times of day.
            multiplier: the days that a turn lasts, 1 to 100.
            on_call: how many people are on call at a time; at least 1.
            coverage: the hours that are covered; all hours if it is left out or empty.

        Raises:
            InvalidValueError: with every rule that is broken.
        """
        return _from_hand_offs(
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
        """Return a recurrence with hand-offs on days of the week.

        >>> Recurrence.weekly(("WED", "04:25"), ("FRI", "15:57")).weekly_settings[1].day_of_week
        <DayOfWeek.FRI: 'FRI'>

        Args:
            *hand_offs: the days and times of day.
            multiplier: the weeks that a turn lasts, 1 to 100.
            on_call: how many people are on call at a time; at least 1.
            coverage: the hours that are covered; all hours if it is left out or empty.

        Raises:
            InvalidValueError: with every rule that is broken.
        """
        return _from_hand_offs(
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
        """Return a recurrence with hand-offs on days of the month.

        >>> Recurrence.monthly((20, "08:00")).monthly_settings[0].day_of_month
        20

        Args:
            *hand_offs: the days of the month and times of day.
            multiplier: the months that a turn lasts, 1 to 100.
            on_call: how many people are on call at a time; at least 1.
            coverage: the hours that are covered; all hours if it is left out or empty.

        Raises:
            InvalidValueError: with every rule that is broken.
        """
        return _from_hand_offs(
            "monthly_settings",
            MonthlySetting,
            hand_offs,
            multiplier=multiplier,
            on_call=on_call,
            coverage=coverage,
        )

    def __attrs_post_init__(self) -> None:
        for name in self._empty_lists():
            object.__setattr__(self, name, None)
        coverages: object = self.shift_coverages
        if isinstance(coverages, _InvalidCoverages):
            others = (each for each in violations_of(self) if each.path != "shift_coverages")
            raise_violations(type(self).__name__, others, coverages.violations)
        super().__attrs_post_init__()

    @after_reading
    def _without_empty_lists(self) -> "Recurrence":
        changes: dict[str, object] = {
            name: None for name in self._empty_lists() if name in _HAND_OFF_FIELDS
        }
        if self.shift_coverages is not None:
            changes["shift_coverages"] = in_week_order(self.shift_coverages)
        return record_of(Recurrence, self, **changes) if changes else self

    def _empty_lists(self) -> set[str]:
        """Return the names of the empty lists that mean the same as None."""
        lists = {name: getattr(self, name) for name in (*_HAND_OFF_FIELDS, "shift_coverages")}
        empty = {name for name, value in lists.items() if isinstance(value, tuple) and not value}
        if not any(isinstance(lists[name], tuple) for name in {*_HAND_OFF_FIELDS} - empty):
            # Without any hand-off, the check reports the empty lists.
            empty -= {*_HAND_OFF_FIELDS}
        return empty

    @rule()
    def _has_one_kind_of_hand_off(self) -> Iterator[Violation]:
        given = [name for name in _HAND_OFF_FIELDS if getattr(self, name) is not None]
        if not given:
            problem = f"must be passed, unless {_HAND_OFF_FIELDS[1]} or {_HAND_OFF_FIELDS[2]} is"
            yield from violation("missing", problem, _HAND_OFF_FIELDS[0])
        for name in given[1:]:
            problem = f"cannot be combined with {given[0]}: a rotation has one kind of hand-off"
            yield from violation("conflict", problem, name)

    @rule("shift_coverages")
    def _has_each_day_once(self) -> Iterator[Violation]:
        given: Sequence[object] = self.shift_coverages or ()
        days = [each.day_of_week for each in given if isinstance(each, ShiftCoverage)]
        for day in sorted({day for day in days if days.count(day) > 1 and day.is_known}):
            problem = f"must have each day once, with all its hours (got {day} twice)"
            yield from violation("duplicate", problem, "shift_coverages")


def _from_hand_offs(
    field_name: str,
    kind: Callable[..., Value] | None,
    hand_offs: tuple[object, ...],
    *,
    multiplier: int,
    on_call: int,
    coverage: Coverages | None,
) -> Recurrence:
    """Return a recurrence of the arguments of `daily`, `weekly` or `monthly`.

    All violations are raised together, by the names of these arguments.
    """
    violations: list[Violation] = []
    fields: dict[str, Any] = {
        field_name: hand_offs
        if kind is None
        else parts_of_pairs("hand_offs", kind, hand_offs, violations),
        "number_of_on_calls": on_call,
        "recurrence_multiplier": multiplier,
        "shift_coverages": coverage,
    }
    if isinstance(coverage, Mapping):
        fields["shift_coverages"] = coverages_by_day(
            "coverage", cast("PairsByDay", coverage), violations
        )
    return _valid_recurrence(fields, violations)


def _valid_recurrence(fields: Mapping[str, Any], violations: Sequence[Violation]) -> Recurrence:
    """Return the recurrence with these fields.

    Raises:
        InvalidValueError: with `violations`, and those of the other arguments.
    """
    try:
        recurrence = Recurrence(**fields)
    except InvalidValueError as error:
        # A part that was left out may cause further violations, such as that there is no hand-off.
        reported = {_first_name(each) for each in violations}
        renamed = map(_with_name_of_argument, error.violations)
        others = (each for each in renamed if _first_name(each) not in reported)
        raise InvalidValueError("Recurrence", [*violations, *others]) from None
    raise_violations("Recurrence", violations)
    return recurrence


def _first_name(violation: Violation) -> str:
    return violation.path.partition("[")[0]


def _with_name_of_argument(violation: Violation) -> Violation:
    name = _first_name(violation)
    path = f"{_ARGUMENTS[name]}{violation.path.removeprefix(name)}"
    return Violation(path, violation.rule, violation.code)
