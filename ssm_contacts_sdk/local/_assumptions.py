"""What AWS does not document about the service, and what is assumed here."""

from typing import Any, Literal

from attrs import Attribute, field, frozen

from ssm_contacts_sdk._oncall.assumptions import OnCallAssumptions, check_choices
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk.local._arguments import check, int_violations

_LARGEST_PAGE = 1_024


def _check_page_size(_: "Assumptions", option: "Attribute[Any]", given: object) -> None:
    check("Assumptions", int_violations(option.name, given, least=1, most=_LARGEST_PAGE))


@public
@frozen(kw_only=True, field_transformer=check_choices)
class Assumptions(OnCallAssumptions):
    """How the embedded service behaves where AWS does not document its behaviour.

    There is one option for each open question. The defaults are what we think most likely. Where
    AWS's documentation or examples decide a question, there is no option.

    >>> from ssm_contacts_sdk.local import LocalService
    >>> assumptions = Assumptions(accept_code_validation="ENFORCE", short_months="skip")
    >>> LocalService(assumptions=assumptions).assumptions.page_size
    50

    Raises:
        InvalidValueError: an option has a value that is not one of its choices, or `page_size` is
            out of range.
    """

    reused_token: Literal["rejected", "first_response"] = "rejected"  # noqa: S105
    """A request whose IdempotencyToken was used before with other content: it is rejected, or gets
    the first response."""
    changed_address: Literal["deactivated", "unchanged"] = "deactivated"
    """A channel that gets a new address: it must be activated again and is sent a code, or it
    stays activated."""
    duplicate_channel: Literal["rejected", "allowed"] = "rejected"
    """A second channel of a contact with the same type and address: it is a ConflictException, or
    it is created."""
    wrong_code: Literal["ValidationException", "AccessDeniedException"] = "ValidationException"
    """The error for a wrong code, in ActivateContactChannel and AcceptPage."""
    accept_code_validation: Literal["IGNORE", "ENFORCE"] = "IGNORE"
    """What AcceptPage does with the code when AcceptCodeValidation is left out. AWS added that
    member later, to enforce the code. So without it, AWS probably does not compare the code."""
    read_receipt_info: Literal["note", "code"] = "note"
    """The ReceiptInfo of a READ receipt: AcceptPage's Note, or the code if there is no Note; or
    always the code."""
    page_receipts: Literal["every_send", "latest_of_each_type"] = "every_send"
    """What ListPageReceipts returns: a receipt for every message sent, or only the latest receipt
    of each type."""
    shift_bounds: Literal["whole", "clipped"] = "whole"
    """Whether shifts are returned with their own bounds, or clipped to the requested interval."""
    missing_policy: Literal["empty_json", "empty_response", "not_found"] = "empty_json"
    """What GetContactPolicy returns for a contact without a policy: the policy ``{}``, a response
    without a policy, or a ResourceNotFoundException."""
    nested_escalation: Literal["skipped", "rejected"] = "skipped"
    """An escalation plan whose target is an escalation plan: it is accepted, and the inner plan is
    skipped in engagements; or it is a ValidationException."""
    stop_of_ended: Literal["accepted", "rejected"] = "accepted"
    """StopEngagement of an engagement that has a StopTime: it changes nothing, or it is a
    ValidationException."""
    first_region: Literal[True, False] = True
    """Whether this Region is the first of its replication set. In other Regions AWS rejects the
    operations on tags with a ValidationException."""
    unset_start_time: Literal["left_out", "creation_time"] = "left_out"
    """The StartTime in the responses for a rotation that was created without one: none, or the time
    of its creation. The rotation starts at its creation in both cases."""
    duplicate_rotation_name: Literal["allowed", "rejected"] = "allowed"
    """A second rotation with the same name: it is created, or it is a ValidationException."""
    first_stage_index: Literal[0, 1] = 0
    """The index of the first stage in the responses of ListPageResolutions. The index of an
    escalation plan's stage is in the step of the contact that it engages."""
    page_size: int = field(default=50, validator=_check_page_size)
    """The number of items of a page when `MaxResults` is 0 or left out, between 1 and 1,024."""
