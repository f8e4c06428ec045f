"""What nobody outside AWS knows of the service, and what is assumed here."""

from typing import Any, Literal

from attrs import Attribute, field, frozen

from ssm_contacts_sdk._errors import InvalidValueError, Violation
from ssm_contacts_sdk._oncall.assumptions import OnCallAssumptions, one_of
from ssm_contacts_sdk._public import public

_LARGEST_PAGE = 1_024


def _a_page_size(_: "Assumptions", option: "Attribute[Any]", given: object) -> None:
    if not isinstance(given, int) or isinstance(given, bool) or not 1 <= given <= _LARGEST_PAGE:
        rule = f"must be a whole number from 1 to {_LARGEST_PAGE}"
        raise InvalidValueError("Assumptions", [Violation(option.name, rule)])


@public
@frozen(kw_only=True)
class Assumptions(OnCallAssumptions):
    """How the embedded service behaves where AWS does not say: an option for each point.

    What AWS's texts or examples decide is no option. The defaults are guesses.

    >>> from ssm_contacts_sdk.local import LocalService
    >>> careful = Assumptions(accept_code_validation="ENFORCE", short_months="skip")
    >>> LocalService(assumptions=careful).assumptions.page_size
    50
    """

    reused_token: Literal["rejected", "first_answer"] = one_of("rejected", "first_answer")
    """The same token with other content is refused, or gets the first answer."""
    changed_address: Literal["deactivated", "unchanged"] = one_of("deactivated", "unchanged")
    """A channel with a new address must be activated again and is sent a code, or stays as it
    was."""
    duplicate_channel: Literal["rejected", "allowed"] = one_of("rejected", "allowed")
    """A contact cannot have an address twice for one type, or it can."""
    wrong_code: Literal["ValidationException", "AccessDeniedException"] = one_of(
        "ValidationException", "AccessDeniedException"
    )
    """The error for a code that is not the one that was sent."""
    accept_code_validation: Literal["IGNORE", "ENFORCE"] = one_of("IGNORE", "ENFORCE")
    """What AcceptPage does with the code when AcceptCodeValidation is left out. AWS added that
    member later, as the way to enforce the code: so without it, the code was probably not
    compared, and still is not."""
    read_receipt_info: Literal["note", "code"] = one_of("note", "code")
    """The ReceiptInfo of a READ receipt is AcceptPage's Note, and the code where no note was
    given; or it is always the code."""
    page_receipts: Literal["every_send", "latest_of_each_type"] = one_of(
        "every_send", "latest_of_each_type"
    )
    """ListPageReceipts answers a receipt for every send, or for each type only the latest."""
    shift_bounds: Literal["whole", "clipped"] = one_of("whole", "clipped")
    """Shifts are told whole, or only as much of them as lies in the time that is asked for."""
    missing_policy: Literal["empty_json", "empty_answer", "not_found"] = one_of(
        "empty_json", "empty_answer", "not_found"
    )
    """What GetContactPolicy answers where there is none: the policy ``{}``, no policy, or a
    ResourceNotFoundException."""
    nested_escalation: Literal["skipped", "rejected"] = one_of("skipped", "rejected")
    """An escalation plan that names an escalation plan is accepted, and the inner one is skipped
    when it is engaged; or it is a ValidationException."""
    stop_of_ended: Literal["accepted", "rejected"] = one_of("accepted", "rejected")
    """StopEngagement of one that has a StopTime changes nothing, or is a ValidationException."""
    first_region: Literal[True, False] = one_of(True, False)
    """Whether this Region is the first of its replication set, in which alone AWS lets one tag;
    elsewhere the operations on tags are a ValidationException."""
    unset_start_time: Literal["left_out", "creation_time"] = one_of("left_out", "creation_time")
    """What is answered as the StartTime of a rotation that was created without one: nothing, or the
    time at which it was created. It goes into effect then either way."""
    duplicate_rotation_name: Literal["allowed", "rejected"] = one_of("allowed", "rejected")
    """Two rotations may have one name, or may not."""
    first_stage_index: Literal[0, 1] = one_of(0, 1)
    """The number of the first stage in what ListPageResolutions answers; it stands with whom the
    escalation plan's stage led to."""
    page_size: int = field(default=50, validator=_a_page_size)
    """The items of a page when `MaxResults` is 0 or left out."""
