"""The client: what calls go through, and the nouns that they are made with."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Final, NoReturn, SupportsIndex, cast

from botocore.config import Config
from botocore.hooks import BaseEventHooks
from botocore.session import Session

# Calendars, timelines and findings are loaded by the query that returns them. Annotations name them
# as `sdk.Timeline`, which is loaded when it is first used.
import ssm_contacts_sdk as sdk
from ssm_contacts_sdk import _boto3_types as boto3_types
from ssm_contacts_sdk._botocore import is_asynchronous, own_connections
from ssm_contacts_sdk._clock import CheckedClock, Clock, SystemClock, is_clock
from ssm_contacts_sdk._durations import Duration
from ssm_contacts_sdk._error_mapping import not_made, without_password
from ssm_contacts_sdk._errors import ConfigurationError, StackedRetriesWarning, Violation
from ssm_contacts_sdk._locks import fork_safe_lock
from ssm_contacts_sdk._models.contacts import ContactRef
from ssm_contacts_sdk._models.plans import Plan
from ssm_contacts_sdk._models.rules import check, wrong_type
from ssm_contacts_sdk._oncall.assignment import OnCall
from ssm_contacts_sdk._oncall.assumptions import OnCallAssumptions
from ssm_contacts_sdk._operations import BY_BOTO3_NAME
from ssm_contacts_sdk._privacy import hides_all_arguments, hides_arguments
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._queries.arguments import Acknowledgements, OnCallRef
from ssm_contacts_sdk._queries.queries import Queries
from ssm_contacts_sdk._resources.channels import Channels
from ssm_contacts_sdk._resources.contacts import Contacts
from ssm_contacts_sdk._resources.engagements import Engagements
from ssm_contacts_sdk._resources.overrides import Overrides
from ssm_contacts_sdk._resources.pages import Pages
from ssm_contacts_sdk._resources.rotations import Rotations
from ssm_contacts_sdk._resources.tags import Tags
from ssm_contacts_sdk._retry import RetryPolicy
from ssm_contacts_sdk._transport import TOKEN_MEMBER, Request, Transport, not_picklable
from ssm_contacts_sdk._version import __version__

if sys.version_info >= (3, 11):
    from typing import Self
else:
    from typing_extensions import Self

_SERVICE: Final = "ssm-contacts"
_USER_AGENT = f"ssm-contacts-sdk/{__version__}"
# More threads than this would wait for each other's connections.
_MOST_CONNECTIONS = 50
_SECONDS_TO_CONNECT, _SECONDS_TO_READ = 5, 15
_ASYNCHRONOUS = "an asynchronous one of aioboto3 or aiobotocore: make it with boto3"

# botocore's sessions, which a caller may share, do not make clients in two threads at once.
_making = fork_safe_lock()


@public
@hides_all_arguments
class ContactsClient:
    """AWS Incident Manager Contacts: its nouns are the client's attributes.

    >>> from ssm_contacts_sdk import Contact, ContactsClient, ContactType
    >>> with ContactsClient.local() as client:
    ...     akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
    ...     client.contacts.get(akua).alias
    'akuam'

    Region, credentials and endpoint come from boto3's own chain (arguments, AWS_ variables, the
    profile, the machine's role) unless they are given here.

    Threads may share a client: one boto3 client is made, under a lock, with a pool of 50
    connections. It is a context manager, which closes the connections at the end.

    Args:
        region_name: the Region, such as ``us-east-2``.
        profile_name: a profile of the AWS configuration files.
        endpoint_url: where to send requests, instead of to AWS.
        session: make the boto3 client with this boto3 session.
        boto3_client: use this client of ``ssm-contacts`` with its own settings. If it retries by
            itself there is a `StackedRetriesWarning`: the loops multiply, and what must not be
            repeated is.
        retry: when calls are made again; see `RetryPolicy`.
        clock: what the client waits on, and takes the current time from; see `Clock`. The default
            is `SystemClock`.

    Raises:
        ConfigurationError: there is no Region, no such profile, or something else that keeps
            boto3 from making a client; or `boto3_client` is none of ``ssm-contacts``.
        CredentialsError: a provider of credentials fails while the client is made, such as a
            ``credential_process``. That there are no credentials shows in the first call.
        InvalidValueError: arguments that do not go together.
    """

    contacts: Contacts
    """People, escalation plans and on-call schedules."""
    channels: Channels
    """The phone numbers and e-mail addresses at which people are paged."""
    rotations: Rotations
    """People who are on call in turn, and their shifts."""
    overrides: Overrides
    """Other people for a part of a rotation's time."""
    engagements: Engagements
    """Calling a person, an escalation or a schedule to help."""
    pages: Pages
    """What people get when they are engaged, and their answers."""
    tags: Tags
    """Labels on contacts and rotations."""

    # An endpoint may have a password in it.
    @hides_arguments
    def __init__(
        self,
        *,
        region_name: str | None = None,
        profile_name: str | None = None,
        endpoint_url: str | None = None,
        session: boto3_types.Boto3Session | None = None,
        boto3_client: boto3_types.SSMContactsClient | None = None,
        retry: RetryPolicy | None = None,
        clock: Clock | None = None,
    ) -> None:
        settings = {
            "region_name": region_name,
            "profile_name": profile_name,
            "endpoint_url": endpoint_url,
        }
        policy = RetryPolicy() if retry is None else retry
        check(
            "ContactsClient",
            _violations(settings, session, boto3_client, policy),
            _clock_violations(clock),
        )
        self._owns_boto3_client = boto3_client is None
        if boto3_client is None:
            boto3_client = _made(session, profile_name, region_name, endpoint_url)
        else:
            _inspect(boto3_client)
        own_connections(boto3_client, is_new=self._owns_boto3_client)
        self._use(boto3_client, policy, SystemClock() if clock is None else clock)

    def _use(
        self, boto3_client: boto3_types.SSMContactsClient, retry: RetryPolicy, clock: Clock
    ) -> None:
        self._boto3_client = boto3_client
        self._policy = retry
        self._clock = clock
        checked = CheckedClock(clock)
        self._transport = Transport(boto3_client, retry, checked)
        self.contacts = Contacts(self._transport)
        self.channels = Channels(self._transport)
        self.rotations = Rotations(self._transport)
        self.overrides = Overrides(self._transport)
        self.engagements = Engagements(self._transport, checked)
        self.pages = Pages(self._transport)
        self.tags = Tags(self._transport)
        self._queries = Queries(
            self.contacts, self.channels, self.rotations, self.overrides, checked
        )

    @classmethod
    def local(cls) -> ContactsClient:
        """A client of an embedded service of its own: empty, in memory, with no AWS account.

        `ssm_contacts_sdk.local.LocalService` is the way to a service that one can also look into,
        whose clock one can move, and that several clients share.

        >>> list(ContactsClient.local().contacts.list())
        []
        """
        # The one import upwards, and only for who wants the service as well.
        from ssm_contacts_sdk.local import LocalService  # noqa: PLC0415

        return LocalService().client()

    @property
    def boto3_client(self) -> boto3_types.SSMContactsClient:
        """The boto3 client that calls go through. What it is asked directly is not retried."""
        return self._boto3_client

    def with_options(
        self, *, retry: RetryPolicy | None = None, clock: Clock | None = None
    ) -> ContactsClient:
        """Return a copy with other options. It shares the boto3 client with the original.

        >>> impatient = ContactsClient.local().with_options(retry=RetryPolicy.none())

        Args:
            retry: when calls are repeated.
            clock: what the client waits on, and takes the current time from.

        Raises:
            InvalidValueError: an argument is invalid.
        """
        check(
            "ContactsClient.with_options",
            () if retry is None else _retry_violations(retry),
            _clock_violations(clock),
        )
        return self._copy(
            self._policy if retry is None else retry, self._clock if clock is None else clock
        )

    def _copy(self, retry: RetryPolicy, clock: Clock) -> ContactsClient:
        copy = object.__new__(type(self))
        copy._owns_boto3_client = self._owns_boto3_client
        copy._use(self._boto3_client, retry, clock)
        return copy

    def call(self, method: str, /, **kwargs: object) -> dict[str, Any]:
        """Make any call in boto3's own terms, with this package's tokens, retries and errors.

        >>> client = ContactsClient.local()
        >>> client.call("list_contacts", MaxResults=10)["Contacts"]
        []

        Args:
            method: boto3's name of the operation, such as ``"create_contact"``.
            **kwargs: what boto3's method takes. An ``IdempotencyToken`` is minted if the
                operation takes one and none is given.

        Returns:
            What boto3 gives: plain dicts and lists.

        Raises:
            InvalidValueError: there is no such operation, or botocore's model says that the
                arguments cannot be sent.
        """
        check("ContactsClient.call", _method_violations(method))
        operation = BY_BOTO3_NAME[method]
        token = kwargs.pop(TOKEN_MEMBER, None) if operation.takes_token else None
        request: Request[dict[str, Any]] = Request(
            operation, kwargs, dict, cast("str | None", token)
        )
        del kwargs, token
        return self._transport.send(request)

    def on_call(self, target: OnCallRef, *, at: datetime | None = None, changes: int = 1) -> OnCall:
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
        target: ContactRef | Plan,
        *,
        at: datetime | None = None,
        acknowledge: Acknowledgements | None = None,
        horizon: Duration | None = None,
        assumptions: OnCallAssumptions | None = None,
    ) -> sdk.Timeline:
        """Return who would be paged, and when, if `target` were engaged. It pages nobody.

        `assumptions` says how to read plans where AWS does not document it. The embedded service
        follows the same assumptions and does exactly what the preview reports. A resource that
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
                seconds: a person, or whoever is on call in an on-call schedule. Somebody who has
                not been paged by then does not count: see `Timeline.not_counted`.
            horizon: how long after the start the timeline ends, as a timedelta or in seconds. By
                default it has everything.
            assumptions: how to read plans where AWS does not document it.

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

    def audit(self, *, horizon: Duration = timedelta(days=30)) -> tuple[sdk.Finding, ...]:
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
        target: OnCallRef,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> sdk.OnCallCalendar:
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
        """Close the connections, also of copies that `with_options` made; a later call opens new
        ones. A boto3 client that was handed in is left open, for it is not this client's own.
        """
        if self._owns_boto3_client:
            self._boto3_client.close()

    def __copy__(self) -> ContactsClient:
        return self._copy(self._policy, self._clock)

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


def _made(
    session: boto3_types.Boto3Session | None,
    profile_name: str | None,
    region_name: str | None,
    endpoint_url: str | None,
) -> boto3_types.SSMContactsClient:
    if session is None and profile_name is None:
        session = _default_session()
    if is_asynchronous(session):
        raise ConfigurationError(f"session must be one of boto3, not {_ASYNCHRONOUS}")
    try:
        with _making:
            return _made_by_botocore(session, profile_name, region_name, endpoint_url)
    except Exception as error:  # noqa: BLE001 - it is raised below, as one of this package
        # botocore lets whatever it stumbles over in a configuration out: FileNotFoundError, ...
        failed = not_made(error)
    # Out here, botocore's error, whose text may repeat a secret, is not its context.
    raise failed from failed.__cause__


def _made_by_botocore(
    session: boto3_types.Boto3Session | None,
    profile_name: str | None,
    region_name: str | None,
    endpoint_url: str | None,
) -> boto3_types.SSMContactsClient:
    if session is not None:
        made = session.client(  # pyright: ignore[reportUnknownMemberType]
            _SERVICE,
            region_name=region_name,
            endpoint_url=endpoint_url,
            config=_config(user_agent_extra=_USER_AGENT),
        )
        if (problem := _client_problem(made)) is not None:
            raise ConfigurationError(f"session must make clients of {_SERVICE}, not {problem}")
        return made
    # botocore's session is what a boto3 session is made of, and is there in half the time.
    own = Session(profile=profile_name)
    client = own.create_client(
        _SERVICE,
        region_name=region_name,
        endpoint_url=endpoint_url,
        config=_config(**_user_agent(own)),
    )
    return cast("boto3_types.SSMContactsClient", client)


def _default_session() -> boto3_types.Boto3Session | None:
    # What boto3.setup_default_session made, if this program has called it.
    boto3_module = sys.modules.get("boto3")
    return getattr(boto3_module, "DEFAULT_SESSION", None)


def _config(**user_agent: str) -> Config:
    return Config(
        # This package's loop is the only one. Set here, it also beats AWS_MAX_ATTEMPTS.
        retries={"mode": "standard", "total_max_attempts": 1},
        max_pool_connections=_MOST_CONNECTIONS,
        # botocore's 60 s are longer than all retries together may take.
        connect_timeout=_SECONDS_TO_CONNECT,
        read_timeout=_SECONDS_TO_READ,
        **user_agent,  # type: ignore[arg-type]
    )


def _user_agent(session: Session) -> dict[str, str]:
    if session.get_config_variable("user_agent_appid"):
        return {"user_agent_extra": _USER_AGENT}
    # A fixed text spares botocore from putting its own together twice for each call.
    return {"user_agent": f"{session.user_agent()} {_USER_AGENT}"}


def _client_problem(value: object) -> str | None:
    """What `value` is instead of a client of this service that can be called; None if it is one.

    What counts is what calls need, so a proxy that passes everything on to a client is one.
    """
    if isinstance(value, type):
        return f"the class {value.__name__}: make a client of it"
    if is_asynchronous(value):
        return _ASYNCHRONOUS
    meta = getattr(value, "meta", None)
    service = getattr(getattr(meta, "service_model", None), "service_name", None)
    events = getattr(meta, "events", None)
    if isinstance(service, str) and isinstance(events, BaseEventHooks):
        return None if service == _SERVICE else f"one of {service}"
    return (
        f"{type(value).__name__}: make one with boto3.client({_SERVICE!r}); for tests there are "
        "ContactsClient.local(), and botocore's Stubber for such a client"
    )


def _inspect(boto3_client: boto3_types.SSMContactsClient) -> None:
    if (problem := _client_problem(boto3_client)) is not None:
        raise ConfigurationError(f"boto3_client must be a client of {_SERVICE}, not {problem}")
    retries: dict[str, object] = getattr(boto3_client.meta.config, "retries", None) or {}
    if retries.get("total_max_attempts") != 1:
        warnings.warn(
            "this boto3 client retries by itself, and each of this package's attempts may become "
            'several: make it with Config(retries={"mode": "standard", "total_max_attempts": 1})',
            StackedRetriesWarning,
            # The caller is above the constructor and what hides its arguments.
            stacklevel=4,
        )


def _violations(
    settings: dict[str, str | None], session: object, boto3_client: object, retry: object
) -> Iterator[Violation]:
    for name, value in settings.items():
        if value is None:
            continue
        if not isinstance(value, str):
            yield wrong_type(name, "a text", value)
        elif not value:
            yield Violation(name, "is empty: leave it out to have boto3's own")
        if boto3_client is not None:
            yield Violation(name, "cannot be given with boto3_client, which has its own")
    if session is not None and not callable(getattr(session, "client", None)):
        yield wrong_type("session", "a boto3 Session", session)
    if session is not None and boto3_client is not None:
        yield Violation("session", "cannot be given with boto3_client, which came from one")
    if session is not None and settings["profile_name"] is not None:
        yield Violation("profile_name", "cannot be given with session, which has its own")
    yield from _retry_violations(retry)


def _clock_violations(clock: object) -> Iterator[Violation]:
    if clock is not None and not is_clock(clock):
        yield wrong_type("clock", "a Clock, with the methods now, monotonic and sleep", clock)


def _retry_violations(retry: object) -> Iterator[Violation]:
    if not isinstance(retry, RetryPolicy):
        yield wrong_type("retry", "a RetryPolicy", retry)


def _method_violations(method: object) -> Iterator[Violation]:
    if not isinstance(method, str):
        yield wrong_type("method", "a text", method)
    elif method not in BY_BOTO3_NAME:
        yield Violation("method", "must be boto3's name of an operation, such as 'create_contact'")
