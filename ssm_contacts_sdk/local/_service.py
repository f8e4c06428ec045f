"""LocalService, the embedded service: one account in one Region, in memory."""

from __future__ import annotations

import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from os import PathLike
from typing import NoReturn, SupportsIndex

# For annotations that name what the package loads on first use, such as `sdk.ContactsClient`.
import ssm_contacts_sdk as sdk
from ssm_contacts_sdk._errors import InvalidValueError, NotPicklableError, Violation
from ssm_contacts_sdk._privacy import hides_all_arguments
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._rates import Rates
from ssm_contacts_sdk.local._arguments import as_path, check, int_violations, type_violations
from ssm_contacts_sdk.local._assumptions import Assumptions
from ssm_contacts_sdk.local._clock import LocalClock
from ssm_contacts_sdk.local._core import Core, Snapshot
from ssm_contacts_sdk.local._fault_injection import Faults
from ssm_contacts_sdk.local._history import Request, transcript
from ssm_contacts_sdk.local._ids import Account
from ssm_contacts_sdk.local._journal import Delivery, JournalEntry, Message
from ssm_contacts_sdk.local._limits import Quotas
from ssm_contacts_sdk.local._loading import load_resources
from ssm_contacts_sdk.local._persistence.state_file import StateFile, load, save
from ssm_contacts_sdk.local._replies import reply
from ssm_contacts_sdk.local._transports import ServiceTransports


@public
@hides_all_arguments
class LocalService(ServiceTransports):
    """AWS's ``ssm-contacts``, embedded: without network and AWS account, the same in every run.

    >>> service = LocalService()
    >>> aws = service.boto3_client()
    >>> aws.create_contact(Alias="akuam", Type="PERSONAL", Plan={"Stages": []})["ContactArn"]
    'arn:aws:ssm-contacts:us-east-2:111122223333:contact/akuam'

    Threads may share it: requests are carried out one after the other. It cannot be copied or
    pickled: other processes call it over HTTP (`serve`).

    Args:
        account_id: the account in all ARNs, 12 digits.
        region_name: the Region in all ARNs, such as ``us-east-2``.
        clock: the clock; None is a new `LocalClock`.
        seed: the int from which ids and codes are calculated. Equal seeds and requests lead to
            equal ids and codes.
        quotas: the quotas on resources; None is AWS's defaults.
        rates: the limits on requests per second; None is no limits. `Rates()` is AWS's limits.
        assumptions: the behaviour that AWS does not document; None is the defaults.
        history_limit: how many requests, messages of the outbox and journal entries to keep, at
            least 1. Of a request, the service then keeps only the members that its operation has,
            and no body that is larger than 16 KiB or cannot be read. Of idempotency tokens, it
            keeps ten times as many for each operation. None keeps everything.

    Raises:
        InvalidValueError: an argument is of the wrong type or out of range.
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
        violations = [
            *type_violations("account_id", account_id, str),
            *type_violations("region_name", region_name, str),
            *type_violations("clock", clock, LocalClock, optional=True),
            *type_violations("seed", seed, int),
            *type_violations("quotas", quotas, Quotas, optional=True),
            *type_violations("rates", rates, Rates, optional=True),
            *type_violations("assumptions", assumptions, Assumptions, optional=True),
            *int_violations("history_limit", history_limit, least=1, optional=True),
        ]
        check("LocalService", violations)
        core = Core(
            account=Account(account_id, region_name),
            clock=LocalClock() if clock is None else clock,
            seed=seed,
            quotas=Quotas() if quotas is None else quotas,
            rates=rates,
            assumptions=Assumptions() if assumptions is None else assumptions,
            history_limit=history_limit,
        )
        super().__init__(core)

    def __reduce_ex__(self, protocol: SupportsIndex, /) -> NoReturn:
        raise NotPicklableError(
            "a LocalService cannot be copied or pickled, because it has locks and connected "
            "clients: let other processes call it over HTTP (LocalService.serve), or "
            "restore its snapshot() in another LocalService"
        )

    def __repr__(self) -> str:
        return f"LocalService({self._core.account.account_id}, {self.region_name})"

    @property
    def region_name(self) -> str:
        """The Region of the service."""
        return self._core.account.region_name

    @property
    def clock(self) -> LocalClock:
        """The clock of the service, which a test can move forward."""
        return self._core.clock

    @property
    def faults(self) -> Faults:
        """The rules of fault injection, which make requests fail."""
        return self._core.faults

    @property
    def delivery(self) -> Delivery:
        """The delivery of pages to channels, which can be made to fail."""
        return self._core.delivery

    @property
    def assumptions(self) -> Assumptions:
        """The behaviour that AWS does not document."""
        return self._core.assumptions

    @property
    def requests(self) -> tuple[Request, ...]:
        """The requests that the service received, oldest first; see also `history_limit`."""
        requests, _ = self._core.requests()
        return requests

    @property
    def requests_received(self) -> int:
        """How many requests the service received, including those that it no longer keeps.

        >>> service = LocalService(history_limit=1)
        >>> _ = service.boto3_client().list_contacts(), service.boto3_client().list_rotations()
        >>> [request.operation for request in service.requests], service.requests_received
        (['ListRotations'], 2)
        """
        requests, dropped = self._core.requests()
        return dropped + len(requests)

    @property
    def outbox(self) -> tuple[Message, ...]:
        """The messages that the service sent, oldest first; see also `history_limit`."""
        return self._core.outbox()

    @property
    def journal(self) -> tuple[JournalEntry, ...]:
        """What the service did, such as sending pages, oldest first; see also `history_limit`."""
        entries, _ = self._core.journal()
        return entries

    def journal_since(self, count: int) -> tuple[tuple[JournalEntry, ...], int]:
        """Return the journal entries after the first `count`, and how many there have been.

        With the number from the previous call as `count`, each call returns the new entries.

        >>> LocalService().journal_since(0)
        ((), 0)

        Args:
            count: how many entries to omit from the beginning, at least 0. Entries that are no
                longer kept are counted too.

        Raises:
            InvalidValueError: `count` is not an int of at least 0.
        """
        check("LocalService.journal_since", int_violations("count", count, least=0))
        entries, dropped = self._core.journal()
        return entries[max(0, count - dropped) :], dropped + len(entries)

    def transcript(self, *, skip: int = 0) -> str:
        """Return the requests and the journal as text, with a line for each.

        The text contains no addresses, message texts, codes or tokens.

        >>> service = LocalService()
        >>> akua = {"Alias": "akuam", "Type": "PERSONAL", "Plan": {"Stages": []}}
        >>> created = service.boto3_client().create_contact(**akua)
        >>> print(service.transcript())
        2025-01-06 09:00:00.000Z  CreateContact  akuam  200

        Args:
            skip: how many requests to omit from the beginning, with the journal entries that they
                caused, at least 0. Requests that are no longer kept are counted too.

        Raises:
            InvalidValueError: `skip` is not an int of at least 0.
        """
        check("LocalService.transcript", int_violations("skip", skip, least=0))
        requests, requests_dropped = self._core.requests()
        entries, entries_dropped = self._core.journal()
        return transcript(
            requests,
            entries,
            skip,
            requests_dropped=requests_dropped,
            entries_dropped=entries_dropped,
        )

    def code_for(self, channel: sdk.ChannelRef) -> str:
        """Return the latest code that was sent to a channel: an activation code or that of a page.

        >>> from ssm_contacts_sdk import Channel, Contact, ContactType
        >>> service = LocalService()
        >>> client = service.client()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> sms = client.channels.create(akua, Channel.sms("akuas sms", "+15005550199"))
        >>> client.channels.activate(sms, service.code_for(sms))

        Args:
            channel: the record or ARN of the channel.

        Raises:
            InvalidValueError: no code was sent to the channel.
        """
        arn = str(getattr(channel, "arn", channel))
        for message in reversed(self.outbox):
            if message.channel_arn == arn and message.code is not None:
                return message.code
        # The message may no longer be kept.
        code = self._core.activation_code(arn)
        if code is not None:
            return code
        rule = "must be the record or ARN of a channel that was sent a code: see service.outbox"
        raise InvalidValueError("LocalService.code_for", [Violation("channel", rule, "missing")])

    def reply(self, channel: sdk.ChannelRef, text: str) -> None:
        """Reply to the latest message on a channel, as its person does.

        SMS, as in AWS's user guide: the code of a page acknowledges it. UNSUBSCRIBE deactivates
        the channel, and no message is sent to it. START allows messages again; the activation code
        is sent again, and activates the channel as usual. START with that code does both at once,
        which AWS does not offer.

        VOICE: 1 acknowledges the page of the latest call. Nobody can reply to an e-mail: its code
        is entered in AWS's console, which corresponds to `client.pages.accept`.

        >>> from ssm_contacts_sdk import Channel, Contact, ContactType
        >>> service = LocalService()
        >>> client = service.client()
        >>> akua = client.contacts.create(Contact(alias="akuam", type=ContactType.PERSONAL))
        >>> sms = client.channels.create(akua, Channel.sms("akuas sms", "+15005550199"))
        >>> service.reply(sms, f"START {service.code_for(sms)}")
        >>> client.channels.get(sms).activation_status
        <ActivationStatus.ACTIVATED: 'ACTIVATED'>

        Args:
            channel: the record or ARN of a channel of the type SMS or VOICE.
            text: the text of the SMS in upper or lower case, or the key that is pressed in the
                call.

        Raises:
            InvalidValueError: the channel does not exist or is an e-mail address, or the service
                does not understand the reply.
        """
        check("LocalService.reply", type_violations("text", text, str))
        arn = str(getattr(channel, "arn", channel))
        with self._core.state() as state:
            reply(state, arn, text)

    def reset(self) -> None:
        """Delete all resources, the history and the faults, and start ids and codes again.

        The time does not change, and clients stay connected.

        Raises:
            StateFileError: the service is persisted in a file that cannot be written. Nothing is
                deleted.
        """
        self._core.reset()

    def load_resources(self, *responses: Mapping[str, object]) -> None:
        """Add resources from responses of GetContact, GetContactChannel and GetRotation.

        Times are datetimes, as boto3 returns them, or epoch seconds. A resource replaces one with
        the same ARN. If a response is invalid, nothing is added. No codes are sent: to activate a
        channel, call SendActivationCode first.

        >>> service = LocalService()
        >>> arn = "arn:aws:ssm-contacts:us-east-2:111122223333:contact/akuam"
        >>> akua = {"ContactArn": arn, "Alias": "akuam", "Type": "PERSONAL", "Plan": {}}
        >>> service.load_resources(akua)
        >>> service.boto3_client().get_contact(ContactId=arn)["Alias"]
        'akuam'

        Args:
            *responses: the responses, in any order. The members are in AWS's spelling.

        Raises:
            InvalidValueError: a response is not valid by AWS's model, names a contact that does not
                exist, or is of another account or Region.
        """
        with self._core.state() as state:
            load_resources(state, responses)

    def snapshot(self) -> Snapshot:
        """Return a snapshot of the whole service, for `restore`.

        >>> service = LocalService()
        >>> empty = service.snapshot()
        >>> akua = {"Alias": "akuam", "Type": "PERSONAL", "Plan": {"Stages": []}}
        >>> created = service.boto3_client().create_contact(**akua)
        >>> service.restore(empty)
        >>> service.boto3_client().list_contacts()["Contacts"]
        []
        """
        return self._core.snapshot()

    def restore(self, snapshot: Snapshot) -> None:
        """Restore all resources, the time and the history from a snapshot. Faults do not change.

        Args:
            snapshot: a snapshot of this service, or of another one with its account and Region.

        Raises:
            InvalidValueError: `snapshot` is not a Snapshot, or is of another account or Region.
            StateFileError: the service is persisted in a file that cannot be written. Nothing is
                restored.
        """
        check("LocalService.restore", type_violations("snapshot", snapshot, Snapshot))
        if Account(snapshot.account_id, snapshot.region_name) != self._core.account:
            rule = "must be of this service's account and Region"
            check("LocalService.restore", [Violation("snapshot", rule, "conflict")])
        self._core.restore(snapshot)

    def save(self, path: str | PathLike[str]) -> None:
        """Write the whole service to a file, which only its owner can read.

        The file contains addresses, texts and codes. An existing file is replaced in one step.

        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "oncall.json")
        ...     LocalService().save(path)
        ...     LocalService().load(path)

        Args:
            path: the file. Symbolic links are followed.

        Raises:
            InvalidValueError: the path is neither a str nor os.PathLike.
            StateFileError: the file cannot be written.
        """
        file = as_path("LocalService.save", path)
        save(self._core.saved(), file)

    def load(self, path: str | PathLike[str]) -> None:
        """Continue from the file of a saved service.

        The clock is moved to the time of saving, unless it is later. Events that were due in
        between run at their own time.

        Args:
            path: a file that `save` or `persist` has written, also with an earlier version.

        Raises:
            InvalidValueError: the path is neither a str nor os.PathLike.
            StateFileError: the file cannot be read, is damaged, of a later version, or of another
                account or Region. The file and the service are unchanged.
        """
        file = as_path("LocalService.load", path)
        self._core.continue_from(load(file), file)

    @contextmanager
    def persist(self, path: str | PathLike[str]) -> Generator[StateFile]:
        """Persist the service in a file: each change is written before its response is sent.

        If the file exists, the service continues from it, as after `load`. Otherwise the file is
        created with the current state. At the end, the file is as `save` writes it.

        Changes survive the end of the process, even if it is killed. They may not survive a power
        failure: the operating system writes them to the disk within seconds. If changes cannot be
        written, they are undone, and the request gets a response with status 500.

        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> akua = {"Alias": "akuam", "Type": "PERSONAL", "Plan": {"Stages": []}}
        >>> with TemporaryDirectory() as folder:
        ...     path = Path(folder, "oncall.json")
        ...     service = LocalService()
        ...     with service.persist(path) as file:
        ...         created = service.boto3_client().create_contact(**akua)
        ...         "akuam" in path.read_text()
        True
        >>> file.problem is None
        True

        Args:
            path: the file. Symbolic links are followed. Only one service at a time can use it.

        Yields:
            The file. Its `problem` is why the last change could not be written, or None.

        Raises:
            InvalidValueError: the path is neither a str nor os.PathLike.
            StateFileError: the file cannot be read or written, is damaged, of a later version, of
                another account or Region, not a regular file, or used by another service.
        """
        file = self._core.persist_in(as_path("LocalService.persist", path))
        try:
            yield file
        finally:
            # While Python ends, its modules cannot be used safely. Each change is in the file.
            if not sys.is_finalizing():
                self._core.stop_persisting()
