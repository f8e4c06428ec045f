"""How schedules and plans work where AWS documents no rule: assumptions as options."""

from typing import Any, Literal, get_args, get_origin

from attrs import Attribute, frozen

from ssm_contacts_sdk._errors import InvalidValueError, Violation
from ssm_contacts_sdk._public import public


def check_choices(_: type, fields: list[Any]) -> list[Any]:
    """Return the fields of a class of options, with a validator for each Literal.

    It is the `field_transformer` of the class, so that the choices are declared once, in the
    annotation.
    """
    return [
        each.evolve(validator=_check_choice)
        if get_origin(each.type) is Literal and each.validator is None
        else each
        for each in fields
    ]


def _check_choice(options: object, option: "Attribute[Any]", value: object) -> None:
    choices = get_args(option.type)
    # The types are compared too: for Python, True and 1 are equal.
    if (type(value), value) not in [(type(choice), choice) for choice in choices]:
        rule = f"must be one of {', '.join(map(repr, choices))} (got {value!r})"
        violation = Violation(option.name, rule, "unknown_choice")
        raise InvalidValueError(type(options).__name__, [violation])


@public
@frozen(kw_only=True, field_transformer=check_choices)
class OnCallAssumptions:
    """How schedules and plans work where AWS documents no rule: one option for each question.

    >>> OnCallAssumptions(short_months="skip").turn_advance
    'number_on_call'

    Raises:
        InvalidValueError: an option has a value that is not one of its choices.
    """

    turn_advance: Literal["number_on_call", "one"] = "number_on_call"
    """By how many members each turn advances if several people are on call together.

    "number_on_call": by as many members as are on call. "one": by one member.
    """
    first_turn: Literal["start", "first_hand_off"] = "start"
    """When the turn of the first member ends.

    "start": at the first hand-off after the start of the rotation, as in AWS's CloudFormation
    reference. "first_hand_off": the turn begins at the first hand-off at or after the start, and
    lasts until the next one; before it, the first member is on call too. If a rotation starts at a
    hand-off, both are the same.
    """
    multiplied: Literal["periods", "hand_offs"] = "periods"
    """Which hand-offs count with a recurrence multiplier of n.

    "periods": all those of every n-th day, week or month, from that of the first hand-off on.
    "hand_offs": every n-th hand-off.
    """
    short_months: Literal["last_day", "skip"] = "last_day"
    """When a monthly hand-off is in a month that does not have its day.

    "last_day": on the last day of the month. "skip": there is none in that month.
    """
    repeated_hour: Literal["first", "second"] = "first"
    """At which instant a hand-off is whose time the clock shows twice: the first or the second.

    A hand-off whose time the clock never shows is always later by as much as the clock is put
    forward.
    """
    coverage_end_before_start: Literal["next_day", "ignored"] = "next_day"
    """What covered hours mean that do not end after they start.

    "next_day": they end on the next day. "ignored": they cover nothing.
    """
    empty_coverages: Literal["around_the_clock", "never"] = "around_the_clock"
    """Which hours a recurrence covers whose coverages name no day.

    "around_the_clock": all, as without coverages. "never": none.
    """
    uncovered_time: Literal["no_shift", "empty_shift"] = "no_shift"
    """What is returned for time that is not covered.

    "no_shift": nothing. "empty_shift": a shift without people.
    """
    overlapping_overrides: Literal["latest_created", "earliest_created"] = "latest_created"
    """Which override counts where overrides overlap: the one that was created last or first."""
    engagement_end: Literal["only_stopped", "everything_tried", "last_stage"] = "only_stopped"
    """When the StopTime of an engagement is set.

    "only_stopped": by StopEngagement alone, as AWS's sample responses suggest. Pages are sent until
    an essential contact acknowledges, or until the plan and those of all engaged contacts are over,
    but StopTime stays unset. "everything_tried": StopTime is set at these instants too.
    "last_stage": as "everything_tried", but at the latest when the last stage of the engagement's
    own plan is over; nobody is paged after it.
    """
    resend: Literal["after_failure", "until_acknowledged"] = "after_failure"
    """Which pages are sent again after the retry interval, within their stage.

    "after_failure": those that could not be sent. "until_acknowledged": also those that nobody has
    acknowledged.
    """
