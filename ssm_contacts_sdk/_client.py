"""`ContactsClient`: its resources, its options, and its queries."""

import sys
from collections.abc import Container, Iterator
from datetime import datetime, timedelta
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, SupportsIndex

from attrs import frozen

# Resources, and the values of queries, are loaded when they are first used: a program rarely needs
# them all. Annotations name them as `sdk.Timeline`, which is loaded when it is resolved.
import ssm_contacts_sdk as sdk
from ssm_contacts_sdk import _boto3_types as boto3_types
from ssm_contacts_sdk._botocore import create_boto3_client, inspect_boto3_client
from ssm_contacts_sdk._clock import Clock, SystemClock, checked_clock, is_clock
from ssm_contacts_sdk._connections import Boto3Clients, Timeouts, timeout_violations
from ssm_contacts_sdk._deferred import created_when_used, forget_created
from ssm_contacts_sdk._durations import Duration, as_seconds
from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._privacy import hides_all_arguments, hides_arguments
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._redaction import without_password
from ssm_contacts_sdk._retry import RetryPolicy
from ssm_contacts_sdk._schema.violations import raise_violations, wrong_type
from ssm_contacts_sdk._transport import (
    Request,
    Transport,
    not_picklable,
    reject_foreign_responses,
)

if sys.version_info >= (3, 11):
    from typing import Self
else:
    from typing_extensions import Self

if TYPE_CHECKING:
    from ssm_contacts_sdk._pacing import Pacer
    from ssm_contacts_sdk._queries.queries import Queries

_CLOCK = "a Clock, with the methods now, monotonic and sleep, none of which is async"


@public
@hides_all_arguments
class ContactsClient:
    """A client of AWS Incident Manager Contacts. Each attribute is a kind of resource.

    >>> from ssm_contacts_sdk import Contact, ContactsClient, ContactType
    >>> with ContactsClient.local() as client:
    ...     akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
    ...     client.contacts.get(akua).alias
    'akuam'

    Region, credentials and endpoint are those that boto3 finds (``AWS_`` variables, the profile,
    the role of the machine), unless they are passed.

    Threads may share a client, which has up to 50 connections. It is a context manager that closes
    the connections at the end.

    Args:
        region_name: the Region, such as ``us-east-2``.
        profile_name: a profile of the AWS configuration files.
        endpoint_url: where to send requests, in place of AWS.
        session: the boto3 session that creates the boto3 client.
        boto3_client: a boto3 client of ``ssm-contacts``, which is used with its own settings. A
            client that retries causes a `StackedRetriesWarning`: its retries multiply the
            requests, and repeat requests that must not be repeated.
        retry: when calls are repeated; see `RetryPolicy`.
        clock: the clock on which the client waits, and which returns the current time; see
            `Clock`. The default is `SystemClock`.
        connect_timeout: how long to wait for a connection, as a `timedelta` or in seconds: at most
            a day. The default is 5 seconds, or that of `boto3_client`.
        read_timeout: how long to wait for each part of a response, as a `timedelta` or in
            seconds: at most a day. The default is 15 seconds, or that of `boto3_client`.
        rates: the rates to which the client keeps, such as ``Rates()`` for those that AWS
            publishes: a request waits until its rate admits it. All threads, and copies of the
            client, share them. The default is no limit. See docs/retries.md.

    Raises:
        ConfigurationError: there is no Region or no such profile, or boto3 cannot create a client
            for another reason; or `boto3_client` is not a client of ``ssm-contacts``, or only
            forwards calls to one and a timeout is passed.
        CredentialsError: a provider of credentials fails, such as a ``credential_process``. If
            there are no credentials, the first call raises it.
        InvalidValueError: an argument is invalid, or arguments cannot be combined.
    """

    # An endpoint may contain a password.
    @hides_arguments
    def __init__(
        self,
        *,
        region_name: str | None = None,
        profile_name: str | None = None,
        endpoint_url: str | None = None,
        session: "boto3_types.Boto3Session | None" = None,
        boto3_client: "boto3_types.SSMContactsClient | None" = None,
        retry: RetryPolicy | None = None,
        clock: Clock | None = None,
        connect_timeout: Duration | None = None,
        read_timeout: Duration | None = None,
        rates: "sdk.Rates | None" = None,
    ) -> None:
        settings = {
            "region_name": region_name,
            "profile_name": profile_name,
            "endpoint_url": endpoint_url,
        }
        raise_violations(
            "ContactsClient",
            _settings_violations(settings, session, boto3_client),
            _option_violations(retry, clock, connect_timeout, read_timeout, rates),
        )
        timeouts = Timeouts(_optional_seconds(connect_timeout), _optional_seconds(read_timeout))
        is_owned = boto3_client is None
        if boto3_client is None:
            boto3_client = create_boto3_client(
                session, profile_name, region_name, endpoint_url, timeouts
            )
        else:
            # The caller is above the constructor and the function that hides its arguments.
            inspect_boto3_client(boto3_client, stacklevel=3)
        reject_foreign_responses(boto3_client)
        self._boto3_clients = Boto3Clients(boto3_client, is_owned=is_owned)
        self._pacer: Pacer | None = None
        self._configure(
            _Options(
                retry=RetryPolicy() if retry is None else retry,
                clock=SystemClock() if clock is None else clock,
                timeouts=timeouts,
                rates=rates,
            )
        )

    def _configure(self, options: "_Options") -> None:
        self._options = options
        self._boto3_client = self._boto3_clients.with_timeouts(options.timeouts)
        self._clock = checked_clock(options.clock)
        self._pacer = self._pacer_of(options.rates)
        self._transport = Transport(self._boto3_client, options.retry, self._clock, self._pacer)
        # A copy must not use the resources of the original.
        forget_created(self)

    def _pacer_of(self, rates: "sdk.Rates | None") -> "Pacer | None":
        if rates is None:
            return None
        if self._pacer is not None and self._pacer.is_for(rates, self._clock):
            # A copy shares the rates with its original.
            return self._pacer
        # Only clients with rates load it.
        from ssm_contacts_sdk._pacing import Pacer  # noqa: PLC0415

        return Pacer(rates, self._clock)

    @created_when_used
    def contacts(self) -> "sdk.Contacts":
        """People, escalation plans and on-call schedules."""
        return sdk.Contacts(self._transport)

    @created_when_used
    def channels(self) -> "sdk.Channels":
        """The phone numbers and e-mail addresses at which people are paged."""
        return sdk.Channels(self._transport)

    @created_when_used
    def rotations(self) -> "sdk.Rotations":
        """People who are on call in turn, and their shifts."""
        return sdk.Rotations(self._transport)

    @created_when_used
    def overrides(self) -> "sdk.Overrides":
        """Other people for a part of a rotation's time."""
        return sdk.Overrides(self._transport)

    @created_when_used
    def engagements(self) -> "sdk.Engagements":
        """Engagements: they page people by their plans until somebody acknowledges."""
        return sdk.Engagements(self._transport, self._clock)

    @created_when_used
    def pages(self) -> "sdk.Pages":
        """Pages: the messages of engagements, their receipts and acknowledgements."""
        return sdk.Pages(self._transport)

    @created_when_used
    def tags(self) -> "sdk.Tags":
        """Tags of contacts and rotations."""
        return sdk.Tags(self._transport)

    @created_when_used
    def _queries(self) -> "Queries":
        from ssm_contacts_sdk._queries.queries import Queries  # noqa: PLC0415

        return Queries(self.contacts, self.channels, self.rotations, self.overrides, self._clock)

    @classmethod
    def local(cls) -> "ContactsClient":
        """Return a client of a new embedded service: empty, in memory, without an AWS account.

        Use `ssm_contacts_sdk.local.LocalService` to inspect the service, to move its clock, or to
        share it among several clients.

        >>> list(ContactsClient.local().contacts.list())
        []
        """
        # This is the only import of a higher layer. Only callers that use the service need it.
        from ssm_contacts_sdk.local import LocalService  # noqa: PLC0415

        return LocalService().client()

    @property
    def boto3_client(self) -> "boto3_types.SSMContactsClient":
        """The boto3 client that sends the requests. Direct calls of it are not repeated."""
        return self._boto3_client

    def with_options(
        self,
        *,
        retry: RetryPolicy | None = None,
        clock: Clock | None = None,
        connect_timeout: Duration | None = None,
        read_timeout: Duration | None = None,
        rates: "sdk.Rates | None" = None,
    ) -> Self:
        """Return a copy of the client with other options. What is left out stays as it is.

        The copy shares credentials, endpoint and event handlers with the original, and the boto3
        client unless a timeout differs. A copy takes a few microseconds, so it is also the way to
        set the options of a single call:

        >>> client = ContactsClient.local()
        >>> list(client.with_options(retry=RetryPolicy.none(), read_timeout=2).contacts.list())
        []

        Connections belong to a pair of timeouts, and copies with equal timeouts share them. Those
        of the last 8 pairs stay open.

        Args:
            retry: when calls are repeated.
            clock: the clock on which the client waits, and which returns the current time.
            connect_timeout: how long to wait for a connection, as a `timedelta` or in seconds.
            read_timeout: how long to wait for each part of a response, as a `timedelta` or in
                seconds.
            rates: the rates to which the copy keeps. ``Rates.none()`` is no limit.

        Raises:
            InvalidValueError: an argument is invalid.
            ConfigurationError: a timeout differs, and the client's `boto3_client` is an object that
                only forwards calls to a boto3 client.
        """
        raise_violations(
            "ContactsClient.with_options",
            _option_violations(retry, clock, connect_timeout, read_timeout, rates),
        )
        options = self._options
        timeouts = Timeouts(
            options.timeouts.connect if connect_timeout is None else as_seconds(connect_timeout),
            options.timeouts.read if read_timeout is None else as_seconds(read_timeout),
        )
        return self._copy_with(
            _Options(
                retry=options.retry if retry is None else retry,
                clock=options.clock if clock is None else clock,
                timeouts=timeouts,
                rates=options.rates if rates is None else rates,
            )
        )

    def _copy_with(self, options: "_Options") -> Self:
        client = object.__new__(type(self))
        # A subclass may have attributes of its own.
        vars(client).update(vars(self))
        client._configure(options)
        return client

    def call(self, method: str, /, **kwargs: object) -> dict[str, Any]:
        """Call an operation with boto3's own arguments, and return boto3's own response.

        The call has an idempotency token, retries and errors like every other call. Its options
        are those of the client: ``client.with_options(read_timeout=2).call(...)``.

        >>> client = ContactsClient.local()
        >>> client.call("list_contacts", MaxResults=10)["Contacts"]
        []

        Args:
            method: boto3's name of the operation, such as ``"create_contact"``.
            **kwargs: the arguments of boto3's method. If the operation has an
                ``IdempotencyToken`` and none is passed, the client creates one.

        Returns:
            The response as boto3 returns it: dicts and lists.

        Raises:
            InvalidValueError: there is no such operation, or the arguments do not fit botocore's
                model of it.
        """
        # The table loads all resources.
        from ssm_contacts_sdk._resources.table import BY_BOTO3_NAME  # noqa: PLC0415

        raise_violations("ContactsClient.call", _method_violations(method, BY_BOTO3_NAME))
        operation = BY_BOTO3_NAME[method]
        request: Request[dict[str, Any]] = Request(operation, operation.with_token(kwargs), dict)
        del kwargs
        return self._transport.send(request)

    def on_call(
        self, target: "sdk.OnCallRef", *, at: datetime | None = None, changes: int = 1
    ) -> "sdk.OnCall":
        """Return who is on call, through which shift, until when, and who takes over.

        The shifts come from the service, with overrides. They are read page by page, up to 366
        days ahead, until `changes` changes are known: `OnCall.examined_until` is how far they are
        known, and `OnCall.covers_a_year` whether that is the whole year.

        A rotation or contact that cannot be read (see docs/audit.md) is an assignment with an
        `error`. The others are returned all the same.

        >>> from ssm_contacts_sdk import Contact, ContactsClient, ContactType, Plan
        >>> client = ContactsClient.local()
        >>> empty = Contact(alias="web", type=ContactType.ONCALL_SCHEDULE, plan=Plan.on_call())
        >>> client.on_call(client.contacts.create(empty)).contact_ids
        ()

        Args:
            target: a rotation, an on-call schedule or an escalation plan: its record, summary or
                ARN.
            at: an instant, with a time zone. The default is now.
            changes: how many changes to find for `OnCall.upcoming`: 1 to 1,000. At least the
                first 100 shifts of each rotation are read, and at most 16 more pages of up to
                1,024 shifts.

        Raises:
            InvalidValueError: an argument is invalid, or `target` is a person.
            ResourceNotFoundError: there is no such contact or rotation.
        """
        return self._queries.on_call(target, at=at, changes=changes)

    def preview(
        self,
        target: "sdk.ContactRef | sdk.Plan",
        *,
        at: datetime | None = None,
        acknowledge: "sdk.Acknowledgements | None" = None,
        horizon: Duration | None = None,
        assumptions: "sdk.OnCallAssumptions | None" = None,
    ) -> "sdk.Timeline":
        """Return who would be paged, and when, if `target` were engaged. It pages nobody.

        `assumptions` are about what AWS does not document. The embedded service follows the same
        assumptions and does exactly what the preview reports. A resource that
        cannot be read is an entry with the reason "unreadable" and the error: see
        `Timeline.unreadable`.

        >>> from ssm_contacts_sdk import ContactsClient, Plan
        >>> channel = "arn:aws:ssm-contacts:us-east-2:111122223333:contact-channel/akuam/1"
        >>> plan = Plan.engagement().stage(minutes=5).channel(channel).build()
        >>> timeline = ContactsClient.local().preview(plan)
        >>> [(skipped.reason, str(skipped.offset)) for skipped in timeline.skipped]
        [('deleted', '0:00:00')]

        Args:
            target: a person, an escalation plan or an on-call schedule: the record, summary or
                ARN; or a `Plan`, which need not exist in the account.
            at: when the engagement would start, with a time zone. The default is now.
            acknowledge: who would acknowledge, and how long after the start, as a timedelta or in
                seconds: a person, also one who is on call in an on-call schedule. Somebody who has
                not been paged by then does not count, and nor does anybody after the end: see
                `Timeline.not_counted`.
            horizon: how long after the start the timeline ends, as a timedelta or in seconds. The
                default is no limit.
            assumptions: how plans work where AWS does not document it.

        Raises:
            InvalidValueError: an argument is invalid.
            ResourceNotFoundError: there is no such contact.
        """
        return self._queries.preview(
            target,
            at=at,
            acknowledge=acknowledge,
            horizon=horizon,
            assumptions=assumptions,
        )

    def audit(self, *, horizon: Duration = timedelta(days=30)) -> "tuple[sdk.Finding, ...]":
        """Return who cannot be paged, and when nobody is on call, in the whole account.

        It makes two requests for each person, one for every other contact, three for each
        rotation, and those for the lists. Each resource is read once.

        A resource that cannot be read is a finding of the rule ``unreadable``, with the error. An
        error that would affect every further request is raised (see docs/audit.md).

        >>> from ssm_contacts_sdk import Contact, ContactsClient, ContactType
        >>> client = ContactsClient.local()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> for finding in client.audit():
        ...     print(finding.severity, finding.text)
        error No page would reach akuam: their plan has no channels.

        Args:
            horizon: how far ahead to check shifts and overrides, as a timedelta or in seconds: at
                most 366 days.

        Returns:
            The findings: errors first, then by rule and resource.

        Raises:
            InvalidValueError: `horizon` is invalid.
        """
        return self._queries.audit(horizon)

    def calendar(
        self,
        target: "sdk.OnCallRef",
        *,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> "sdk.OnCallCalendar":
        """Return who is on call between `since` and `until`, as a calendar.

        It can be drawn, and published as iCalendar. The shifts come from the service, with
        overrides. The name of each person is read once. A rotation whose shifts cannot be read is
        a lane with an `error`.

        >>> from datetime import datetime, timezone
        >>> from ssm_contacts_sdk import Contact, ContactsClient, ContactType, Plan
        >>> client = ContactsClient.local()
        >>> empty = Contact(alias="web", type=ContactType.ONCALL_SCHEDULE, plan=Plan.on_call())
        >>> monday = datetime(2025, 1, 6, tzinfo=timezone.utc)
        >>> calendar = client.calendar(client.contacts.create(empty), since=monday)
        >>> [str(gap.duration) for gap in calendar.gaps]
        ['28 days, 0:00:00']

        Args:
            target: a rotation or an on-call schedule: its record, summary or ARN.
            since: the start, with a time zone, rounded down to a second. The default is now.
            until: the end, with a time zone: at most 366 days after `since`. The default is 28
                days after it.

        Raises:
            InvalidValueError: an argument is invalid, or `target` is another contact.
            ResourceNotFoundError: there is no such contact or rotation.
        """
        return self._queries.calendar(target, since=since, until=until)

    def close(self) -> None:
        """Close the connections of this client and of its copies. A later call opens new ones.

        A boto3 client that was passed as `boto3_client` stays open.
        """
        self._boto3_clients.close()

    def __copy__(self) -> Self:
        return self._copy_with(self._options)

    def __reduce_ex__(self, protocol: SupportsIndex, /) -> NoReturn:
        not_picklable()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        meta = self._boto3_client.meta
        where = without_password(str(meta.endpoint_url))
        return f"ContactsClient(region_name={meta.region_name!r}, endpoint_url={where!r})"


@frozen
class _Options:
    """What can differ between a client and its copies."""

    retry: RetryPolicy
    clock: Clock
    timeouts: Timeouts
    rates: "sdk.Rates | None"


def _optional_seconds(duration: Duration | None) -> float | None:
    return None if duration is None else as_seconds(duration)


def _settings_violations(
    settings: dict[str, str | None], session: object, boto3_client: object
) -> Iterator[Violation]:
    for name, value in settings.items():
        if value is None:
            continue
        if not isinstance(value, str):
            yield from wrong_type("a str", value, name)
        elif not value:
            yield Violation(
                name, "must not be empty: leave it out for boto3's default", "too_short"
            )
        if boto3_client is not None:
            rule = "cannot be combined with boto3_client, which has its own"
            yield Violation(name, rule, "conflict")
    if session is not None and not callable(getattr(session, "client", None)):
        yield from wrong_type("a boto3 Session", session, "session")
    if session is not None and boto3_client is not None:
        rule = "cannot be combined with boto3_client, which was created by a session"
        yield Violation("session", rule, "conflict")
    if session is not None and settings["profile_name"] is not None:
        rule = "cannot be combined with session, which has its own"
        yield Violation("profile_name", rule, "conflict")


def _option_violations(
    retry: object, clock: object, connect_timeout: object, read_timeout: object, rates: object
) -> Iterator[Violation]:
    if retry is not None and not isinstance(retry, RetryPolicy):
        yield from wrong_type("a RetryPolicy", retry, "retry")
    if clock is not None and not is_clock(clock):
        yield from wrong_type(_CLOCK, clock, "clock")
    yield from timeout_violations(connect_timeout=connect_timeout, read_timeout=read_timeout)
    if rates is not None and not isinstance(rates, sdk.Rates):
        yield from wrong_type("Rates", rates, "rates")


def _method_violations(method: object, names: Container[str]) -> Iterator[Violation]:
    if not isinstance(method, str):
        yield from wrong_type("a str", method, "method")
    elif method not in names:
        rule = "must be boto3's name of an operation, such as 'create_contact'"
        yield Violation("method", rule, "unknown_choice")
