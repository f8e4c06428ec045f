"""Pages that engagements send to people, their receipts and their resolutions."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from attrs import evolve

from ssm_contacts_sdk.local import _engine as engine
from ssm_contacts_sdk.local._records import Page, Receipt
from ssm_contacts_sdk.local._responses import validation_error, wrong_code
from ssm_contacts_sdk.local._state import State

_SENDINGS = ("SENT", "ERROR")


def accept(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle AcceptPage: READ acknowledges the page, DELIVERED does not.

    As in AWS's examples, the receipts contain the code, and a page that was read was delivered
    too. Our assumptions: in the READ receipt a note replaces the code (`read_receipt_info`), only
    the first acceptance counts, and a page can be accepted after its engagement has ended. Without
    a channel in the request, the receipts name the channel to which the page was sent last.
    """
    page = state.page(request["PageId"])
    channel_arn = _channel_arn(state, page, request.get("ContactChannelId"))
    return accept_on(state, page, channel_arn, request)


def accept_on(
    state: State, page: Page, channel_arn: str, request: Mapping[str, Any]
) -> dict[str, Any]:
    """Accept a page on a channel to which it was sent, or which belongs to its person."""
    validation = request.get("AcceptCodeValidation", state.assumptions.accept_code_validation)
    if validation == "ENFORCE" and request["AcceptCode"] != page.code:
        raise wrong_code(state.assumptions, "Accept code does not match the one sent with the page")
    is_acknowledged = request["AcceptType"] == "READ" and page.read is None
    receipt = partial(Receipt, channel_arn=channel_arn, time=state.now)
    code = request["AcceptCode"]
    if page.delivered is None:
        receipts = (*page.receipts, receipt(type="DELIVERED", info=code))
        page = evolve(page, delivered=state.now, receipts=receipts)
    if is_acknowledged:
        shows_note = state.assumptions.read_receipt_info == "note"
        info = request.get("Note", code) if shows_note else code
        receipts = (*page.receipts, receipt(type="READ", info=info))
        page = evolve(page, read=state.now, receipts=receipts)
    state.pages_sent[page.arn] = page
    if is_acknowledged:
        engine.acknowledge(state, page)
    return {}


def describe(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle DescribePage."""
    page = state.page(request["PageId"])
    return {**_summary(state, page), **state.engagements[page.engagement_arn].text}


def list_of_contact(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle ListPagesByContact. Our assumption: the newest come first, as for engagements."""
    contact = state.contact(request["ContactId"])
    newest = reversed(state.pages_sent.values())
    rows = [page for page in newest if page.contact_arn == contact.arn]
    return _listed(state, "ListPagesByContact", request, rows)


def list_of_engagement(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle ListPagesByEngagement. Our assumption: the newest come first, as for engagements."""
    engagement = state.engagement(request["EngagementId"])
    rows = [state.pages_sent[arn] for arn in reversed(engagement.pages)]
    return _listed(state, "ListPagesByEngagement", request, rows)


def list_receipts(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle ListPageReceipts: sort by type, as in AWS's example, then by time."""
    page = state.page(request["PageId"])
    rows = sorted(enumerate(page.receipts), key=_type_and_time)
    if state.assumptions.page_receipts == "latest_of_each_type":
        rows = list({receipt.type: (number, receipt) for number, receipt in rows}.values())
    listed, next_page = state.paginator.page("ListPageReceipts", request, rows, _type_and_time)
    return {"Receipts": [_described(receipt) for _, receipt in listed], **next_page}


def list_resolutions(state: State, request: Mapping[str, Any]) -> dict[str, Any]:
    """Handle ListPageResolutions: return the path from the engaged contact to the person."""
    steps = list(enumerate(state.page(request["PageId"]).path))
    listed, next_page = state.paginator.page(
        "ListPageResolutions", request, steps, lambda step: step[0]
    )
    first = state.assumptions.first_stage_index
    return {
        "PageResolutions": [
            {
                "ContactArn": step.contact_arn,
                "Type": step.type.value,
                **({} if step.stage_index is None else {"StageIndex": step.stage_index + first}),
            }
            for _, step in listed
        ],
        **next_page,
    }


def _channel_arn(state: State, page: Page, given: str | None) -> str:
    """Return the channel on which a page is accepted.

    Our assumption: it must be a channel of the person who was paged.
    """
    if given is None:
        sendings = (each for each in reversed(page.receipts) if each.type in _SENDINGS)
        return next(sendings).channel_arn
    channel = state.channel(given)
    if channel.contact_arn != page.contact_arn:
        raise validation_error("Contact channel is not one of the contact that was paged")
    return channel.arn


def _listed(
    state: State, operation: str, request: Mapping[str, Any], rows: list[Page]
) -> dict[str, Any]:
    listed, next_page = state.paginator.page(operation, request, rows, _newest_first)
    return {"Pages": [_summary(state, each) for each in listed], **next_page}


def _newest_first(page: Page) -> int:
    return -page.number


def _type_and_time(numbered: tuple[int, Receipt]) -> tuple[str, float, int]:
    number, receipt = numbered
    return receipt.type, receipt.time, number


def _summary(state: State, page: Page) -> dict[str, Any]:
    engagement = state.engagements[page.engagement_arn]
    times = {"SentTime": page.sent, "DeliveryTime": page.delivered, "ReadTime": page.read}
    return {
        "PageArn": page.arn,
        "EngagementArn": engagement.arn,
        "ContactArn": page.contact_arn,
        "Sender": engagement.sender,
        **({} if engagement.incident_id is None else {"IncidentId": engagement.incident_id}),
        **{name: at for name, at in times.items() if at is not None},
    }


def _described(receipt: Receipt) -> dict[str, Any]:
    return {
        "ContactChannelArn": receipt.channel_arn,
        "ReceiptType": receipt.type,
        "ReceiptInfo": receipt.info,
        "ReceiptTime": receipt.time,
    }
