"""``client.pages``: the pages that people receive, and their acknowledgements."""

from __future__ import annotations

from ssm_contacts_sdk._models.arns import ChannelArn, ContactArn, EngagementArn, PageArn
from ssm_contacts_sdk._models.channels import ChannelRef
from ssm_contacts_sdk._models.contacts import ContactRef
from ssm_contacts_sdk._models.engagements import (
    AcceptCode,
    AcceptCodeValidation,
    AcceptCodeValidationName,
    AcceptType,
    AcceptTypeName,
    EngagementRef,
    Note,
    Page,
    PageRef,
    PageSummary,
    Receipt,
    Resolution,
)
from ssm_contacts_sdk._operations import Repeat
from ssm_contacts_sdk._privacy import hides_all_arguments
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._resources.declarations import (
    PAGE_SIZE,
    changes,
    choice,
    gets,
    lists,
    plain,
    reference,
)
from ssm_contacts_sdk._resources.listing import Listing
from ssm_contacts_sdk._resources.resource import Resource

_PAGE = reference("PageId", PageArn)

ACCEPT = changes(
    "AcceptPage",
    "pages.accept",
    Repeat.ACTS,
    page=_PAGE,
    code=plain("AcceptCode", AcceptCode),
    type=choice("AcceptType", AcceptType),
    channel=reference("ContactChannelId", ChannelArn, optional=True),
    note=plain("Note", Note, optional=True),
    code_validation=choice("AcceptCodeValidation", AcceptCodeValidation, optional=True),
)
DESCRIBE = gets("DescribePage", "pages.describe", Page, page=_PAGE)
LIST_BY_CONTACT = lists(
    "ListPagesByContact",
    "pages.list_by_contact",
    PageSummary,
    "Pages",
    required=True,
    contact=reference("ContactId", ContactArn),
    page_size=PAGE_SIZE,
)
LIST_BY_ENGAGEMENT = lists(
    "ListPagesByEngagement",
    "pages.list_by_engagement",
    PageSummary,
    "Pages",
    required=True,
    engagement=reference("EngagementId", EngagementArn),
    page_size=PAGE_SIZE,
)
RECEIPTS = lists(
    "ListPageReceipts", "pages.receipts", Receipt, "Receipts", page=_PAGE, page_size=PAGE_SIZE
)
RESOLUTIONS = lists(
    "ListPageResolutions",
    "pages.resolutions",
    Resolution,
    "PageResolutions",
    required=True,
    page=_PAGE,
)


@public
@hides_all_arguments
class Pages(Resource):
    """The pages that people receive, and their acknowledgements.

    Every method may raise `ServiceError` and its subclasses, `TransportError`,
    `ResponseDecodeError` and `ConfigurationError`, in addition to the errors listed below.
    """

    def accept(
        self,
        page: PageRef,
        code: str,
        *,
        type: AcceptType | AcceptTypeName = AcceptType.READ,  # noqa: A002 - the service's word
        channel: ChannelRef | None = None,
        note: str | None = None,
        code_validation: AcceptCodeValidation | AcceptCodeValidationName | None = None,
    ) -> None:
        """Acknowledge a page (AcceptPage).

        The request is sent once and not repeated if there is no response: check with `describe`
        before you try again.

        >>> from ssm_contacts_sdk import Channel, Contact, ContactType, Plan
        >>> from ssm_contacts_sdk.local import LocalService
        >>> service = LocalService()
        >>> client = service.client()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> sms = client.channels.create(akua, Channel.sms("akuas sms", "+15005550199"))
        >>> client.channels.activate(sms, service.code_for(sms))
        >>> plan = Plan.engagement().stage(minutes=5).channel(sms).build()
        >>> client.contacts.update(akua, plan=plan)
        >>> texts = {"sender": "cli", "subject": "down", "content": "the web shop is down"}
        >>> engagement = client.engagements.start(akua, **texts)
        >>> [page] = client.pages.list_by_engagement(engagement)
        >>> client.pages.accept(page, service.code_for(sms))
        >>> client.pages.describe(page).read_time is None
        False

        Args:
            page: its record, summary or ARN.
            code: the 6 to 10 digits that came with the page (AWS's model).
            type: an `AcceptType`, or its name such as ``"DELIVERED"``: whether the page was read,
                or only delivered.
            channel: the channel that received the page, by record or ARN.
            note: a remark of 1 to 2,048 characters. The service probably stores it as the `info`
                of the READ receipt, in place of the code (our assumption).
            code_validation: an `AcceptCodeValidation`, or its name. ``"ENFORCE"`` compares the code
                with the one that was sent; ``"IGNORE"`` accepts any code. AWS does not document
                the default, which is probably IGNORE.

        Raises:
            InvalidValueError: an argument breaks a rule.
            ValidationError: it is not the code that was sent, and the service compares codes (our
                assumption).
            ResourceNotFoundError: the page does not exist.
        """
        request = self._request(
            ACCEPT,
            page=page,
            code=code,
            type=type,
            channel=channel,
            note=note,
            code_validation=code_validation,
        )
        del code, note
        self._send(request)

    def describe(self, page: PageRef) -> Page:
        """Return a page with its message (DescribePage).

        Args:
            page: its record, summary or ARN.

        Raises:
            InvalidValueError: `page` is not the ARN of a page.
            ResourceNotFoundError: the page does not exist.
            DataEncryptionError: the service cannot use its KMS key.
        """
        return self._run(DESCRIBE, page=page)

    def list_by_contact(
        self,
        contact: ContactRef,
        *,
        page_size: int | None = None,
        next_token: str | None = None,
    ) -> Listing[PageSummary]:
        """Return the pages that a person received, read lazily (ListPagesByContact).

        Args:
            contact: the person, by record, summary or ARN.
            page_size: the number of pages to request at a time, 1 to 1,024. By default the service
                decides.
            next_token: the `next_token` of a page of an earlier list of the same contact. The list
                starts after that page.

        Returns:
            A `Listing` of summaries, without messages; its `by_page` returns several at a time.

        Raises:
            InvalidValueError: an argument breaks a rule.
            ResourceNotFoundError: the contact does not exist (when the list is read).
        """
        return self._listing(
            LIST_BY_CONTACT, contact=contact, page_size=page_size, next_token=next_token
        )

    def list_by_engagement(
        self,
        engagement: EngagementRef,
        *,
        page_size: int | None = None,
        next_token: str | None = None,
    ) -> Listing[PageSummary]:
        """Return the pages of an engagement, read lazily (ListPagesByEngagement).

        Args:
            engagement: its record, summary or ARN.
            page_size: the number of pages to request at a time, 1 to 1,024. By default the service
                decides.
            next_token: the `next_token` of a page of an earlier list of the same engagement. The
                list starts after that page.

        Returns:
            A `Listing` of summaries, without messages; its `by_page` returns several at a time.

        Raises:
            InvalidValueError: an argument breaks a rule.
            ResourceNotFoundError: the engagement does not exist (when the list is read).
        """
        return self._listing(
            LIST_BY_ENGAGEMENT, engagement=engagement, page_size=page_size, next_token=next_token
        )

    def receipts(
        self,
        page: PageRef,
        *,
        page_size: int | None = None,
        next_token: str | None = None,
    ) -> Listing[Receipt]:
        """Return what happened to a page on each channel, read lazily (ListPageReceipts).

        Args:
            page: its record, summary or ARN.
            page_size: the number of receipts to request at a time, 1 to 1,024. By default the
                service decides.
            next_token: the `next_token` of a page of an earlier list of the same receipts. The
                list starts after that page.

        Returns:
            A `Listing` of receipts, whose order AWS does not document; its `by_page` returns
            several at a time.

        Raises:
            InvalidValueError: an argument breaks a rule.
            ResourceNotFoundError: the page does not exist (when the list is read).
        """
        return self._listing(RECEIPTS, page=page, page_size=page_size, next_token=next_token)

    def resolutions(self, page: PageRef, *, next_token: str | None = None) -> Listing[Resolution]:
        """Return the escalation path from a contact to the person, lazily (ListPageResolutions).

        The path begins with the contact that was engaged, such as an escalation plan, and ends
        with the person who was paged. AWS's API has no page size for it.

        Args:
            page: its record, summary or ARN.
            next_token: the `next_token` of a page of an earlier list of the same path. The list
                starts after that page.

        Returns:
            A `Listing` of steps; its `by_page` returns several at a time.

        Raises:
            InvalidValueError: an argument breaks a rule.
            ResourceNotFoundError: the page does not exist (when the list is read).
        """
        return self._listing(RESOLUTIONS, page=page, next_token=next_token)
