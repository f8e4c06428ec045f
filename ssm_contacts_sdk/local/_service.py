"""The service itself: one account in one Region, in memory."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import NoReturn, SupportsIndex

from botocore.session import Session as BotocoreSession

# As annotations name what is loaded when it is asked for: `sdk.ContactsClient`.
import ssm_contacts_sdk as sdk
from ssm_contacts_sdk import _boto3_types as boto3_types
from ssm_contacts_sdk._errors import InvalidValueError, NotPicklableError, Violation
from ssm_contacts_sdk._privacy import hides_all_arguments
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk.local._assumptions import Assumptions
from ssm_contacts_sdk.local._botocore_hooks import connect, new_boto3_client
from ssm_contacts_sdk.local._clock import LocalClock
from ssm_contacts_sdk.local._core import Core, Snapshot
from ssm_contacts_sdk.local._fault_injection import Faults
from ssm_contacts_sdk.local._history import Request, transcript
from ssm_contacts_sdk.local._ids import Account
from ssm_contacts_sdk.local._journal import Delivery, JournalEntry, Message
from ssm_contacts_sdk.local._limits import Quotas, Rates
from ssm_contacts_sdk.local._loading import load_resources
from ssm_contacts_sdk.local._patching import patch_new_clients
from ssm_contacts_sdk.local._persistence.recorder import StateFile
from ssm_contacts_sdk.local._persistence.snapshot import load, save
from ssm_contacts_sdk.local._replies import reply
from ssm_contacts_sdk.local._responses import Response
from ssm_contacts_sdk.local._server.http import LocalServer, serve


@public
@hides_all_arguments
class LocalService:
    """AWS's ``ssm-contacts``, embedded: no network, no AWS account, the same in every run.

    >>> service = LocalService()
    >>> aws = service.boto3_client()
    >>> aws.create_contact(Alias="akuam", Type="PERSONAL", Plan={"Stages": []})["ContactArn"]
    'arn:aws:ssm-contacts:us-east-2:111122223333:contact/akuam'

    Args:
        account_id: The account of every ARN.
        region_name: The Region of every ARN.
        clock: The time; a clock of its own, if there is none to share.
        seed: What ids and codes are drawn from.
        quotas: How much there may be; AWS's defaults unless told otherwise.
        rates: How often it may be called; without limits unless told otherwise. `Rates()` is as
            AWS says.
        assumptions: What it does where AWS does not say.
        history_limit: How many requests, messages of the outbox and journal entries it keeps,
            at least 1: the latest ones. It then keeps no body of a request that it cannot read, or
            that is larger than 16 KiB; of others it keeps the members that the operation has. Of
            each operation it keeps ten times as many idempotency tokens.
            None keeps everything, which is what tests want; the command has a limit.

    Raises:
        InvalidValueError: An argument that is of the wrong type, no account or no Region.

    It may be used from many threads: requests are carried out one after the other. It cannot be
    copied or pickled: other processes call it over HTTP (`serve`).
    """

    def __init__(
        self,
        *,
        account_id: str = "111122223333",
        region_name: str = "us-east-2",
        clock: LocalClock | None = None,
        seed: int = 0,
        quotas: Quotas | None = None,
        rates: Rates | None = None,
        assumptions: Assumptions | None = None,
        history_limit: int | None = None,
    ) -> None:
        _refuse_wrong_types(
            account_id=(account_id, str),
            region_name=(region_name, str),
            clock=(clock, LocalClock),
            seed=(seed, int),
            quotas=(quotas, Quotas),
            rates=(rates, Rates),
            assumptions=(assumptions, Assumptions),
        )
        if history_limit is not None:
            _check_history_limit(history_limit)
        self._core = Core(
            account=Account(account_id, region_name),
            clock=LocalClock() if clock is None else clock,
            seed=seed,
            quotas=Quotas() if quotas is None else quotas,
            rates=rates,
            assumptions=Assumptions() if assumptions is None else assumptions,
            history_limit=history_limit,
        )

    def __reduce_ex__(self, protocol: SupportsIndex, /) -> NoReturn:
        raise NotPicklableError(
            "a LocalService cannot be copied or pickled, because it holds locks and is connected "
            "to its clients: let other processes call it over HTTP (LocalService.serve), or "
            "restore its snapshot() in another LocalService"
        )

    def __repr__(self) -> str:
        return f"LocalService({self._core.account.account_id}, {self.region_name})"

    @property
    def region_name(self) -> str:
        """The Region in whose name it answers."""
        return self._core.account.region_name

    @property
    def clock(self) -> LocalClock:
        """The service's time, which the test moves."""
        return self._core.clock

    @property
    def faults(self) -> Faults:
        """The rules that make the service fail on purpose."""
        return self._core.faults

    @property
    def delivery(self) -> Delivery:
        """What carries pages to channels, or is told to fail."""
        return self._core.delivery

    @property
    def assumptions(self) -> Assumptions:
        """What the service does where AWS does not say."""
        return self._core.assumptions

    @property
    def requests(self) -> tuple[Request, ...]:
        """What reached the service, oldest first; with a `history_limit` the latest only."""
        requests, _ = self._core.requests()
        return requests

    @property
    def requests_received(self) -> int:
        """How many requests have reached the service, those included that it no longer keeps.

        >>> service = LocalService(history_limit=1)
        >>> _ = service.boto3_client().list_contacts(), service.boto3_client().list_rotations()
        >>> [request.operation for request in service.requests], service.requests_received
        (['ListRotations'], 2)
        """
        requests, dropped = self._core.requests()
        return dropped + len(requests)

    @property
    def outbox(self) -> tuple[Message, ...]:
        """What the service sent to channels, oldest first.

        With a `history_limit` it is the latest only.
        """
        return self._core.outbox()

    def transcript(self, *, skip: int = 0) -> str:
        """What reached the service and what it did by itself, a line each, for people to read.

        It holds no addresses, texts, codes or tokens.

        >>> service = LocalService()
        >>> akua = {"Alias": "akuam", "Type": "PERSONAL", "Plan": {"Stages": []}}
        >>> made = service.boto3_client().create_contact(**akua)
        >>> print(service.transcript())
        2025-01-06 09:00:00.000Z  CreateContact  akuam  200

        Args:
            skip: How many requests at the beginning are left out, with what came of them. They
                are counted from the first one that reached the service, even if it is no longer
                kept.
        """
        requests, requests_dropped = self._core.requests()
        entries, entries_dropped = self._core.entries()
        return transcript(
            requests,
            entries,
            skip,
            requests_dropped=requests_dropped,
            entries_dropped=entries_dropped,
        )

    @property
    def journal(self) -> tuple[JournalEntry, ...]:
        """What the service did by itself: pages sent, whom it left out and why, what has ended.

        With a `history_limit` it is the latest only.
        """
        entries, _ = self._core.entries()
        return entries

    def journal_since(self, count: int) -> tuple[tuple[JournalEntry, ...], int]:
        """Return the entries after the first `count`, and how many there have been altogether.

        A reader that looks again and again passes in the number that it got the last time, and
        misses nothing that is still kept.

        >>> LocalService().journal_since(0)
        ((), 0)
        """
        entries, dropped = self._core.entries()
        return entries[max(0, count - dropped) :], dropped + len(entries)

    def code_for(self, channel: sdk.ChannelRef) -> str:
        """The code that was sent last to a channel: what its person reads off the phone.

        >>> from ssm_contacts_sdk import Channel, Contact, ContactType
        >>> service = LocalService()
        >>> client = service.client()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> sms = client.channels.create(akua, Channel.sms("akuas sms", "+15005550199"))
        >>> client.channels.activate(sms, service.code_for(sms))

        Args:
            channel: The record or ARN of the channel.

        Raises:
            InvalidValueError: No code was sent to this channel.
        """
        arn = str(getattr(channel, "arn", channel))
        for message in reversed(self.outbox):
            if message.channel_arn == arn and message.code is not None:
                return message.code
        code = self._core.activation_code(str(arn))
        if code is not None:
            # The message is no longer kept.
            return code
        rule = "must be the record or ARN of a channel that was sent a code: see service.outbox"
        raise InvalidValueError("LocalService.code_for", [Violation("channel", rule)])

    def reply(self, channel: sdk.ChannelRef, text: str) -> None:
        """Answer the last message on a channel, as its person would.

        SMS (AWS's user guide): the code of a page acknowledges it. UNSUBSCRIBE deactivates the
        channel, and no message reaches it any more. START lets messages through again; the
        activation code is sent again, and activates the channel as usual. START with that code
        does both at once, which is ours and not AWS's.

        VOICE: 1 acknowledges the page that the phone rang for last. An e-mail cannot be answered:
        its code is entered in AWS's console, which here is `client.pages.accept`.

        >>> from ssm_contacts_sdk import Channel, Contact, ContactType
        >>> service = LocalService()
        >>> client = service.client()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> sms = client.channels.create(akua, Channel.sms("akuas sms", "+15005550199"))
        >>> service.reply(sms, f"START {service.code_for(sms)}")
        >>> client.channels.get(sms).activation_status
        <ActivationStatus.ACTIVATED: 'ACTIVATED'>

        Args:
            channel: The record or ARN of the channel, of the type SMS or VOICE.
            text: The text of the SMS in any case, or the key that is pressed in the call.

        Raises:
            InvalidValueError: There is no such channel, it is an e-mail address, or the service
                does not understand this reply.
        """
        arn = str(getattr(channel, "arn", channel))
        with self._core.state() as state:
            reply(state, arn, text)

    def reset(self) -> None:
        """Forget everything, faults too, and start ids and codes again. Time goes on.

        Clients stay connected.

        Raises:
            StateFileError: The service is kept in a file that cannot be written. Nothing is
                forgotten.
        """
        self._core.reset()

    def load_resources(self, *responses: Mapping[str, object]) -> None:
        """Put resources in as they are, in the words of the service's own answers.

        They are what GetContact, GetContactChannel and GetRotation answer, with times as boto3
        reads them or in epoch seconds.

        An ARN that is there already is replaced. All are put in or, if anything is wrong with
        one, none. No codes are sent: a channel that is to be activated needs
        SendActivationCode first.

        >>> service = LocalService()
        >>> arn = "arn:aws:ssm-contacts:us-east-2:111122223333:contact/akuam"
        >>> akua = {"ContactArn": arn, "Alias": "akuam", "Type": "PERSONAL", "Plan": {}}
        >>> service.load_resources(akua)
        >>> service.boto3_client().get_contact(ContactId=arn)["Alias"]
        'akuam'

        Raises:
            InvalidValueError: An answer that this service could not have given, with path and
                rule of each fault.
        """
        with self._core.state() as state:
            load_resources(state, responses)

    def snapshot(self) -> Snapshot:
        """All that the service keeps, to be restored later, and the time that it is.

        >>> service = LocalService()
        >>> empty = service.snapshot()
        >>> akua = {"Alias": "akuam", "Type": "PERSONAL", "Plan": {"Stages": []}}
        >>> made = service.boto3_client().create_contact(**akua)
        >>> service.restore(empty)
        >>> service.boto3_client().list_contacts()["Contacts"]
        []
        """
        return self._core.snapshot()

    def restore(self, snapshot: Snapshot) -> None:
        """Put everything back as it was, the time and the requests too; faults stay.

        Raises:
            InvalidValueError: The snapshot is of another account or Region.
            StateFileError: The service is kept in a file that cannot be written. Nothing is
                put back.
        """
        if not snapshot.kept.belongs_to(self._core.account):
            violations = [Violation("snapshot", "must be of this service's account and Region")]
            raise InvalidValueError("LocalService.restore", violations)
        self._core.restore(snapshot)

    def save(self, path: str | PathLike[str]) -> None:
        """Write all that the service keeps to a file, which only its owner can read.

        The file holds addresses, texts and codes. One that is there is replaced at once, when the
        new one is whole.

        Raises:
            StateFileError: It cannot be written.
        """
        save(self._core.snapshot().kept, Path(path))

    def load(self, path: str | PathLike[str]) -> None:
        """Go on with what was saved. What fell due meanwhile is done at its time.

        A clock that stands before the time of saving is moved to it.

        Raises:
            StateFileError: The file cannot be read, is damaged, of a later version, or of another
                account or Region. The file and the service are as they were.
        """
        self._core.go_on_with(load(Path(path)), Path(path))

    @contextmanager
    def persist(self, path: str | PathLike[str]) -> Generator[StateFile]:
        """Keep the service in a file: every change is there before its request is answered.

        If the file exists, the service goes on with what it contains, as after `load`. Otherwise
        it is created with what the service has now. In the end it is what `save` writes.

        What was answered survives the end of the process, however it ends. It may not survive a
        power failure: the operating system writes it to the disk within seconds. A request whose
        changes cannot be written is answered with status 500, and nothing of it is done.

        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> akua = {"Alias": "akuam", "Type": "PERSONAL", "Plan": {"Stages": []}}
        >>> with TemporaryDirectory() as home:
        ...     path = Path(home, "oncall.json")
        ...     service = LocalService()
        ...     with service.persist(path) as file:
        ...         made = service.boto3_client().create_contact(**akua)
        ...         "akuam" in path.read_text()
        True
        >>> file.problem is None
        True

        Args:
            path: The file. Symbolic links are followed. Only one service at a time can use it.

        Yields:
            The file. Its `problem` is why the last change could not be written, or None.

        Raises:
            StateFileError: The file cannot be read or written, is damaged, of a later version, of
                another account or Region, no regular file, or used by another service.
        """
        file = self._core.keep_in(Path(path))
        try:
            yield file
        finally:
            self._core.stop_keeping()

    def client(self, *, retry: sdk.RetryPolicy | None = None) -> sdk.ContactsClient:
        """Return a client of this package. It waits on the service's clock, which takes no time.

        Args:
            retry: another retry policy.
        """
        # The client stands above this room: only who asks for one loads it.
        from ssm_contacts_sdk._client import ContactsClient  # noqa: PLC0415

        return ContactsClient(boto3_client=self.boto3_client(), retry=retry, clock=self.clock)

    def boto3_client(self) -> boto3_types.SSMContactsClient:
        """A client as boto3 makes it, without retries, that only this service answers.

        It is made apart from the machine's AWS settings: no profile, configuration file,
        credential or endpoint of the environment takes part.
        """
        client = new_boto3_client(self.region_name)
        self.connect(client)
        return client

    def connect(
        self, target: boto3_types.SSMContactsClient | boto3_types.Boto3Session | BotocoreSession
    ) -> None:
        """Answer what a client would send to AWS, or every client that a session makes.

        A client keeps its settings, its own retries among them. One that another local service
        answered is answered by this one from now on.

        With a session, of boto3 or of botocore, it is the clients that are made from it from now
        on, and they need no credentials. Those with an endpoint of their own, by ``endpoint_url``
        or the environment, are left alone.

        Raises:
            ConfigurationError: The client is not one of ``ssm-contacts``, or it is no client and
                no session.
        """
        connect(target, self._core)

    @contextmanager
    def patch_all_clients(self) -> Generator[LocalService]:
        """Answer the clients that other code makes meanwhile, as `connect` does for a session.

        >>> import boto3
        >>> with LocalService().patch_all_clients() as service:
        ...     client = boto3.Session(region_name="us-east-2").client("ssm-contacts")
        >>> client.list_contacts()["Contacts"]
        []

        It catches clients of sessions that are made meanwhile, in any thread, and of boto3's
        default session. A client that was caught is answered by this service for good, also when
        this is over; clients that are made afterwards go to AWS again. Where two services do this
        at once, the one that began last answers.
        """
        with patch_new_clients(self._core):
            yield self

    def serve(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        open_to_network: bool = False,
        allowed_hosts: Iterable[str] = (),
    ) -> LocalServer:
        """Answer over HTTP too, so that the aws CLI and SDKs of other languages can call.

        >>> service = LocalService()
        >>> with service.serve() as server:
        ...     server.environment["AWS_ENDPOINT_URL_SSM_CONTACTS"] == server.url
        True

        Args:
            host: The address to listen on.
            port: The port; 0 is any that is free.
            open_to_network: Must be True for an address that other machines can reach. Whoever
                can reach it can read and do everything.
            allowed_hosts: The names under which others may call it, beside localhost and literal
                addresses. It keeps web pages from calling it by a name of their own.

        Returns:
            The server, which runs until it is closed.

        Raises:
            ConfigurationError: The port is in use, or the address cannot be listened on, or others
                can reach it and `open_to_network` does not say so.
        """
        return serve(
            self._core,
            host=host,
            port=port,
            open_to_network=open_to_network,
            allowed_hosts=tuple(allowed_hosts),
            region_name=self.region_name,
        )

    def handle(self, target: str, headers: Mapping[str, str], body: bytes) -> Response:
        """Answer one request, whatever it is. Every door leads here.

        Args:
            target: The ``X-Amz-Target`` header, such as ``SSMContacts.GetContact``.
            headers: All headers.
            body: What was sent.

        Nothing is raised, except by a fault that keeps the answer from the caller: `RequestLost`,
        `ResponseLost` or `ConnectionReset` of `ssm_contacts_sdk.local._effects`.
        """
        return self._core.handle(target, headers, body)


def _check_history_limit(limit: object) -> None:
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 1:
        violations = [Violation("history_limit", "must be an int of at least 1, or None")]
        raise InvalidValueError("LocalService", violations)


def _refuse_wrong_types(**given: tuple[object, type]) -> None:
    violations = [
        Violation(name, f"must be of the type {kind.__name__}, not {type(value).__name__}")
        for name, (value, kind) in given.items()
        if not isinstance(value, kind) and not (value is None and kind not in (str, int))
    ]
    if violations:
        raise InvalidValueError("LocalService", violations)
