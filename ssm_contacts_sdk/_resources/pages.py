"""``client.pages``: what people get when they are engaged, and their answers."""

from __future__ import annotations

from collections.abc import Iterator

from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._models.arns import CHANNEL, CONTACT, ENGAGEMENT, PAGE, arn_of, arn_violations
from ssm_contacts_sdk._models.channels import ChannelRef
from ssm_contacts_sdk._models.contacts import ContactRef
from ssm_contacts_sdk._models.engagements import (
    ACCEPT_CODE,
    NOTE,
    AcceptCodeValidation,
    AcceptType,
    EngagementRef,
    Page,
    PageRef,
    PageSummary,
    Receipt,
    Resolution,
)
from ssm_contacts_sdk._models.rules import as_choice, check, choice_violations
from ssm_contacts_sdk._privacy import hides_all_arguments
from ssm_contacts_sdk._resources.arguments import checked_arn, given
from ssm_contacts_sdk._resources.listing import Listing, listing, paging_violations
from ssm_contacts_sdk._transport import Request, Response, Transport, discard
from ssm_contacts_sdk._wire import from_response, items_of


@hides_all_arguments
class Pages:
    """What people get when they are engaged, and their answers.

    Every method may raise `ServiceError` and its kin, `TransportError`, `ResponseDecodeError` and
    `ConfigurationError`; what is said below comes on top.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def accept(
        self,
        page: PageRef,
        code: str,
        *,
        type: AcceptType = AcceptType.READ,  # noqa: A002 - the service's word
        channel: ChannelRef | None = None,
        note: str | None = None,
        code_validation: AcceptCodeValidation | None = None,
    ) -> None:
        """Acknowledge a page (AcceptPage).

        Sent once, also if no response comes: look with `describe` before you repeat it.

        Args:
            page: its record, summary or ARN.
            code: the 6 to 10 digits that came with the page (AWS's model).
            type: that it was read, or only that it was delivered.
            channel: on which channel, by its record or ARN.
            note: a remark, 1 to 2,048 characters. It is probably kept as the `info` of the READ
                receipt, in place of the code (our assumption).
            code_validation: ENFORCE compares the code with the one that was sent; IGNORE accepts
                any code. What AWS does when this is left out is undocumented, and probably IGNORE.

        Raises:
            InvalidValueError: an argument that breaks a rule.
            ValidationError: it is not the code that was sent, and the service compares them (our
                assumption).
            ResourceNotFoundError: there is no such page.
        """
        arn, way = arn_of(page), None if channel is None else arn_of(channel)
        kind = as_choice(AcceptType, type)
        validation = None
        if code_validation is not None:
            validation = as_choice(AcceptCodeValidation, code_validation)
        check(
            "pages.accept",
            arn_violations("page", arn, PAGE),
            ACCEPT_CODE.violations("code", code),
            choice_violations("type", kind, AcceptType),
            _optional_accept_violations(way, note, validation),
        )
        acceptance = _acceptance(
            PageId=arn,
            ContactChannelId=way,
            AcceptType=kind.value,
            Note=note,
            AcceptCode=code,
            AcceptCodeValidation=validation and validation.value,
        )
        del code, note
        self._transport.send(acceptance)

    def describe(self, page: PageRef) -> Page:
        """Read a page (DescribePage).

        Args:
            page: its record, summary or ARN.

        Raises:
            InvalidValueError: `page` is not a page's ARN.
            ResourceNotFoundError: there is no such page.
            DataEncryptionError: the service cannot use its KMS key.
        """
        arn = checked_arn("pages.describe", "page", page, PAGE)
        return self._transport.send(Request.of("DescribePage", {"PageId": arn}, _read_page))

    def list_by_contact(
        self,
        contact: ContactRef,
        *,
        page_size: int | None = None,
        next_token: str | None = None,
    ) -> Listing[PageSummary]:
        """List the pages that a person got, lazily (ListPagesByContact).

        Args:
            contact: the person, by record, summary or ARN.
            page_size: 1 to 1,024 are asked for at a time; the service decides when left out.
            next_token: where an earlier list of the same contact stopped.

        Returns:
            A `Listing` of summaries, without texts; its `by_page` gives them in whole pages.

        Raises:
            InvalidValueError: an argument that breaks a rule.
            ResourceNotFoundError: there is no such contact (once a page is asked for).
        """
        arn = arn_of(contact)
        check(
            "pages.list_by_contact",
            arn_violations("contact", arn, CONTACT),
            paging_violations(page_size, next_token),
        )
        return listing(
            self._transport,
            "ListPagesByContact",
            {"ContactId": arn},
            _read_summaries,
            page_size=page_size,
            next_token=next_token,
        )

    def list_by_engagement(
        self,
        engagement: EngagementRef,
        *,
        page_size: int | None = None,
        next_token: str | None = None,
    ) -> Listing[PageSummary]:
        """List the pages of an engagement, lazily (ListPagesByEngagement).

        Args:
            engagement: its record, summary or ARN.
            page_size: 1 to 1,024 are asked for at a time; the service decides when left out.
            next_token: where an earlier list of the same engagement stopped.

        Returns:
            A `Listing` of summaries, without texts; its `by_page` gives them in whole pages.

        Raises:
            InvalidValueError: an argument that breaks a rule.
            ResourceNotFoundError: there is no such engagement (once a page is asked for).
        """
        arn = arn_of(engagement)
        check(
            "pages.list_by_engagement",
            arn_violations("engagement", arn, ENGAGEMENT),
            paging_violations(page_size, next_token),
        )
        return listing(
            self._transport,
            "ListPagesByEngagement",
            {"EngagementId": arn},
            _read_summaries,
            page_size=page_size,
            next_token=next_token,
        )

    def receipts(
        self,
        page: PageRef,
        *,
        page_size: int | None = None,
        next_token: str | None = None,
    ) -> Listing[Receipt]:
        """List what became of a page on each of its ways, lazily (ListPageReceipts).

        Args:
            page: its record, summary or ARN.
            page_size: 1 to 1,024 are asked for at a time; the service decides when left out.
            next_token: where an earlier list of the same page stopped.

        Returns:
            A `Listing` of receipts, in no promised order; its `by_page` gives them in whole pages.

        Raises:
            InvalidValueError: an argument that breaks a rule.
            ResourceNotFoundError: there is no such page (once receipts are asked for).
        """
        arn = arn_of(page)
        check(
            "pages.receipts",
            arn_violations("page", arn, PAGE),
            paging_violations(page_size, next_token),
        )
        return listing(
            self._transport,
            "ListPageReceipts",
            {"PageId": arn},
            _read_receipts,
            page_size=page_size,
            next_token=next_token,
        )

    def resolutions(self, page: PageRef, *, next_token: str | None = None) -> Listing[Resolution]:
        """List the way on which a page came to its person, lazily (ListPageResolutions).

        It begins with the contact that was engaged, such as an escalation plan, and ends with the
        person. The service does not let one choose how many are asked for at a time.

        Args:
            page: its record, summary or ARN.
            next_token: where an earlier list of the same page stopped.

        Returns:
            A `Listing` of steps; its `by_page` gives them in whole pages.

        Raises:
            InvalidValueError: an argument that breaks a rule.
            ResourceNotFoundError: there is no such page (once steps are asked for).
        """
        arn = arn_of(page)
        check(
            "pages.resolutions",
            arn_violations("page", arn, PAGE),
            paging_violations(None, next_token),
        )
        return listing(
            self._transport,
            "ListPageResolutions",
            {"PageId": arn},
            _read_resolutions,
            page_size=None,
            next_token=next_token,
        )


def _acceptance(**members: str | None) -> Request[None]:
    return Request.of("AcceptPage", given(**members), discard)


def _read_page(response: Response) -> Page:
    return from_response(Page, response)


def _read_summaries(response: Response) -> tuple[PageSummary, ...]:
    return items_of(PageSummary, response, "Pages")


def _read_receipts(response: Response) -> tuple[Receipt, ...]:
    return items_of(Receipt, response, "Receipts", always_there=False)


def _read_resolutions(response: Response) -> tuple[Resolution, ...]:
    return items_of(Resolution, response, "PageResolutions")


def _optional_accept_violations(
    channel: object, note: object, validation: object
) -> Iterator[Violation]:
    if channel is not None:
        yield from arn_violations("channel", channel, CHANNEL)
    if note is not None:
        yield from NOTE.violations("note", note)
    if validation is not None:
        yield from choice_violations("code_validation", validation, AcceptCodeValidation)
