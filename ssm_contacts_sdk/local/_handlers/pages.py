"""Pages: what people get when they are engaged, and what they answer."""

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


def accept(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """AcceptPage: that it was read is an acknowledgement; that it was delivered is none.

    As in AWS's examples the receipts hold the code, and what was read was delivered too. Our
    assumptions: a note takes the place of the code in the READ receipt (`read_receipt_info`), the
    first time counts, and a page stays acceptable after its engagement has ended. Without a
    channel the receipts name the one to which the page was sent last.
    """
    page = state.page(asked["PageId"])
    channel_arn = _channel_arn(state, page, asked.get("ContactChannelId"))
    validation = asked.get("AcceptCodeValidation", state.assumptions.accept_code_validation)
    if validation == "ENFORCE" and asked["AcceptCode"] != page.code:
        raise wrong_code(state.assumptions, "Accept code does not match the one sent with the page")
    was_read = asked["AcceptType"] == "READ" and page.read is None
    receipt = partial(Receipt, channel_arn=channel_arn, time=state.now)
    code = asked["AcceptCode"]
    if page.delivered is None:
        receipts = (*page.receipts, receipt(type="DELIVERED", info=code))
        page = evolve(page, delivered=state.now, receipts=receipts)
    if was_read:
        keeps_note = state.assumptions.read_receipt_info == "note"
        info = asked.get("Note", code) if keeps_note else code
        receipts = (*page.receipts, receipt(type="READ", info=info))
        page = evolve(page, read=state.now, receipts=receipts)
    state.pages_sent[page.arn] = page
    if was_read:
        engine.acknowledge(state, page)
    return {}


def describe(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """DescribePage."""
    page = state.page(asked["PageId"])
    return {**_summary(state, page), **state.engagements[page.engagement_arn].text}


def list_of_contact(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """ListPagesByContact. Our assumption: the newest first, as engagements are."""
    contact = state.contact(asked["ContactId"])
    rows = (page for page in _newest(state) if page.contact_arn == contact.arn)
    return _listed(state, "ListPagesByContact", asked, list(rows))


def list_of_engagement(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """ListPagesByEngagement. Our assumption: the newest first, as engagements are."""
    engagement = state.engagement(asked["EngagementId"])
    rows = [state.pages_sent[arn] for arn in reversed(engagement.pages)]
    return _listed(state, "ListPagesByEngagement", asked, rows)


def list_receipts(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """ListPageReceipts: by type, as in AWS's example, then by time."""
    page = state.page(asked["PageId"])
    rows = sorted(enumerate(page.receipts), key=_type_and_time)
    if state.assumptions.page_receipts == "latest_of_each_type":
        rows = list({receipt.type: (number, receipt) for number, receipt in rows}.values())
    cut, onward = state.pages.cut("ListPageReceipts", asked, rows, _type_and_time)
    return {"Receipts": [_described(receipt) for _, receipt in cut], **onward}


def list_resolutions(state: State, asked: Mapping[str, Any]) -> dict[str, Any]:
    """ListPageResolutions: the way from whom was engaged to the person."""
    steps = list(enumerate(state.page(asked["PageId"]).path))
    cut, onward = state.pages.cut("ListPageResolutions", asked, steps, lambda step: step[0])
    first = state.assumptions.first_stage_index
    return {
        "PageResolutions": [
            {
                "ContactArn": step.contact_arn,
                "Type": step.type.value,
                **({} if step.stage_index is None else {"StageIndex": step.stage_index + first}),
            }
            for _, step in cut
        ],
        **onward,
    }


def _channel_arn(state: State, page: Page, given: str | None) -> str:
    """The channel on which a page is accepted. Our assumption: only one of the person's can be."""
    if given is None:
        sendings = (each for each in reversed(page.receipts) if each.type in _SENDINGS)
        return next(sendings).channel_arn
    channel = state.channel(given)
    if channel.contact_arn != page.contact_arn:
        raise validation_error("Contact channel is not one of the contact that was paged")
    return channel.arn


def _listed(
    state: State, operation: str, asked: Mapping[str, Any], rows: list[Page]
) -> dict[str, Any]:
    page, onward = state.pages.cut(operation, asked, rows, _newest_first)
    return {"Pages": [_summary(state, each) for each in page], **onward}


def _newest(state: State) -> list[Page]:
    return list(reversed(state.pages_sent.values()))


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
