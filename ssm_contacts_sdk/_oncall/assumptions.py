"""How schedules and plans work where AWS documents no rule: assumptions as options."""

from typing import Any, Literal, get_args, get_origin

from attrs import Attribute, frozen

from ssm_contacts_sdk._errors import InvalidValueError, Violation
from ssm_contacts_sdk._public import public


def check_choices(_: type, fields: list[Any]) -> list[Any]:
    """Return the fields of a class of options; those of a Literal check their value.

    It is the `field_transformer` of the class, so the choices are written once, in the annotation.
    """
    return [
        each.evolve(validator=_is_choice)
        if get_origin(each.type) is Literal and each.validator is None
        else each
        for each in fields
    ]


def _is_choice(options: object, option: "Attribute[Any]", value: object) -> None:
    choices = get_args(option.type)
    # The types are compared too: for Python, True and 1 are equal.
    if (type(value), value) not in [(type(choice), choice) for choice in choices]:
        rule = f"must be one of {', '.join(map(repr, choices))}"
        violation = Violation(option.name, rule, "unknown_choice")
        raise InvalidValueError(type(options).__name__, [violation])


@public
@frozen(kw_only=True, field_transformer=check_choices)
class OnCallAssumptions:
    """How schedules and plans work where AWS documents no rule.

    >>> OnCallAssumptions(short_months="skip").turn_advance
    'number_on_call'
    """

    turn_advance: Literal["number_on_call", "one"] = "number_on_call"
    """With several people on call, the next turn begins that many members further on, or with the
    next member."""
    first_turn: Literal["start", "first_hand_off"] = "start"
    """The first member's turn begins at the start of the rotation and ends at the first hand-off
    after it; or that member's whole turn begins at the first hand-off at or after the start, and
    the time before it is that member's too. AWS's CloudFormation reference calculates the first
    shift from the start time. Where a rotation starts at a hand-off, both are the same."""
    multiplied: Literal["periods", "hand_offs"] = "periods"
    """With a multiplier of n, the hand-offs are all those of every n-th day, week or month, counted
    from that of the first hand-off; or they are every n-th hand-off."""
    short_months: Literal["last_day", "skip"] = "last_day"
    """In a month without the day of a hand-off, the hand-off is on the last day, or left out."""
    repeated_hour: Literal["first", "second"] = "first"
    """Which instant a time is that the clock shows twice. A time that the clock never shows is
    always later by as much as the clock is put forward."""
    coverage_end_before_start: Literal["next_day", "ignored"] = "next_day"
    """Covered hours that do not end after they start end on the next day, or are ignored."""
    empty_coverages: Literal["around_the_clock", "never"] = "around_the_clock"
    """A recurrence whose coverages name no day covers every hour, as without coverages, or none."""
    uncovered_time: Literal["no_shift", "empty_shift"] = "no_shift"
    """Time that is not covered has no shift, or a shift in which nobody is on call."""
    overlapping_overrides: Literal["latest_made", "earliest_made"] = "latest_made"
    """Which override counts where overrides overlap."""
    engagement_end: Literal["only_stopped", "everything_tried", "last_stage"] = "only_stopped"
    """What sets an engagement's StopTime. "only_stopped": StopEngagement alone, as AWS's own
    sample responses suggest; pages go out until an essential acknowledgement, or until the plan
    and those of all that it engaged are over, and StopTime stays unset. "everything_tried":
    that too, at the same instants. "last_stage": the engagement ends with the last stage of its
    own plan, and nobody is paged after that."""
    resend: Literal["after_failure", "until_acknowledged"] = "after_failure"
    """After the retry interval, within its stage, a page is sent again if it could not be sent,
    or also if nobody has acknowledged it."""
