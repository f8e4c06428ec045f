"""What nobody outside AWS knows of the calendar and of plans, and what is assumed here."""

from typing import Any, Literal

from attrs import Attribute, field, frozen

from ssm_contacts_sdk._errors import InvalidValueError, Violation
from ssm_contacts_sdk._public import public


def one_of(*words: object) -> Any:
    """A field that holds one of `words`; the first one unless told otherwise."""

    def judge(value: object, option: "Attribute[Any]", given: object) -> None:
        # The type too: Python calls True and 1 equal.
        if (type(given), given) not in [(type(word), word) for word in words]:
            rule = f"must be one of {', '.join(map(repr, words))}"
            raise InvalidValueError(type(value).__name__, [Violation(option.name, rule)])

    return field(default=words[0], validator=judge)


@public
@frozen(kw_only=True)
class OnCallAssumptions:
    """How the calendar and the plans are read where AWS does not say.

    >>> OnCallAssumptions(short_months="skip").turn_advance
    'number_on_call'
    """

    turn_advance: Literal["number_on_call", "one"] = one_of("number_on_call", "one")
    """With several on call, the next turn begins that many people further on, or with the next."""
    first_turn: Literal["start", "first_hand_off"] = one_of("start", "first_hand_off")
    """The first person's turn begins at the start and ends at the first hand-off after it; or that
    person's whole turn begins at the first hand-off at or after the start, and the time before it
    is that person's too. AWS's CloudFormation reference calculates the first shift from the start
    time. Where a rotation starts at a hand-off, both are the same."""
    multiplied: Literal["periods", "hand_offs"] = one_of("periods", "hand_offs")
    """With a multiplier of n, hands are changed in every n-th day, week or month, at all its
    hand-offs, counted from that of the first one; or at every n-th hand-off."""
    short_months: Literal["last_day", "skip"] = one_of("last_day", "skip")
    """Where a month has no such day, hands are changed on its last one, or not at all."""
    repeated_hour: Literal["first", "second"] = one_of("first", "second")
    """Which one a time is that the clock shows twice. One that it never shows is always moved on
    by as much as the clock is."""
    coverage_end_before_start: Literal["next_day", "ignored"] = one_of("next_day", "ignored")
    """Covered hours that do not end after they start end on the next day, or are none."""
    empty_coverages: Literal["around_the_clock", "never"] = one_of("around_the_clock", "never")
    """A recurrence whose coverages name no day covers every hour, as if they were left out, or
    none."""
    uncovered_time: Literal["no_shift", "empty_shift"] = one_of("no_shift", "empty_shift")
    """Time that is not covered has no shift, or one in which nobody is on call."""
    overlapping_overrides: Literal["latest_made", "earliest_made"] = one_of(
        "latest_made", "earliest_made"
    )
    """Which override counts where there are several."""
    engagement_end: Literal["only_stopped", "everything_tried", "last_stage"] = one_of(
        "only_stopped", "everything_tried", "last_stage"
    )
    """What sets an engagement's StopTime. "only_stopped": StopEngagement alone, as AWS's own
    sample answers suggest; pages go out until an essential acknowledgement, or until the plan
    and those of all that it engaged are over, and StopTime stays unset. "everything_tried":
    that too, at the same instants. "last_stage": the engagement ends with the last stage of its
    own plan, and nobody is paged after that."""
    resend: Literal["after_failure", "until_acknowledged"] = one_of(
        "after_failure", "until_acknowledged"
    )
    """After the retry interval, within its stage, a page is sent again if it could not be sent,
    or also if nobody has acknowledged it."""
