"""The service itself: one account in one Region, in memory."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from threading import Lock
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from attrs import evolve
from botocore.config import Config
from botocore.session import Session

from ssm_contacts_sdk.errors import Fault, InvalidValueError
from ssm_contacts_sdk.local.answers import Answer
from ssm_contacts_sdk.local.arns import Account
from ssm_contacts_sdk.local.clock import LocalClock
from ssm_contacts_sdk.local.contract import SERVICE_NAME, contract
from ssm_contacts_sdk.local.doors import open_in_process
from ssm_contacts_sdk.local.effects import Effect
from ssm_contacts_sdk.local.faults import Faults
from ssm_contacts_sdk.local.filling import fill
from ssm_contacts_sdk.local.handlers import HANDLERS
from ssm_contacts_sdk.local.ids import Ids
from ssm_contacts_sdk.local.outbox import Message
from ssm_contacts_sdk.local.paging import Pages
from ssm_contacts_sdk.local.quotas import Quotas
from ssm_contacts_sdk.local.refusals import Refusal, malformed, unknown_operation, unreadable
from ssm_contacts_sdk.local.requests import Request, attempt_of, json_object
from ssm_contacts_sdk.local.state import State

if TYPE_CHECKING:
    from mypy_boto3_ssm_contacts import SSMContactsClient

    from ssm_contacts_sdk.client import ContactsClient
    from ssm_contacts_sdk.model.channels import ChannelRef
    from ssm_contacts_sdk.retry import RetryPolicy

# A profile that is not there or a file that does not parse would stop botocore, and the defaults
# mode "auto" would ask the network for a Region.
_APART_FROM_THE_MACHINE: Mapping[str, object] = MappingProxyType(
    {
        "profile": None,
        "config_file": os.devnull,
        "credentials_file": os.devnull,
        "defaults_mode": "legacy",
        "ignore_configured_endpoint_urls": True,
    }
)


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

    It may be used from many threads: requests are carried out one after the other.
    """

    def __init__(
        self,
        *,
        account_id: str = "111122223333",
        region_name: str = "us-east-2",
        clock: LocalClock | None = None,
        seed: int = 0,
        quotas: Quotas | None = None,
    ) -> None:
        self._account = Account(account_id, region_name)
        self._clock = LocalClock() if clock is None else clock
        self._seed = seed
        self._quotas = Quotas() if quotas is None else quotas
        self._faults = Faults()
        self._lock = Lock()
        self.reset()

    def __repr__(self) -> str:
        return f"LocalService({self._account.account_id}, {self._account.region_name})"

    @property
    def clock(self) -> LocalClock:
        """The service's time, which the test moves."""
        return self._clock

    @property
    def faults(self) -> Faults:
        """The rules that make the service fail on purpose."""
        return self._faults

    @property
    def requests(self) -> tuple[Request, ...]:
        """What reached the service, oldest first."""
        with self._lock:
            return tuple(self._requests)

    @property
    def outbox(self) -> tuple[Message, ...]:
        """What the service sent to channels, oldest first."""
        with self._lock:
            return tuple(self._state.outbox)

    def code_for(self, channel: ChannelRef) -> str:
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
        arn = getattr(channel, "arn", channel)
        for message in reversed(self.outbox):
            if message.channel_arn == arn and message.code is not None:
                return message.code
        faults = [Fault("channel", "was sent no code: see the outbox")]
        raise InvalidValueError("LocalService.code_for", faults)

    def reset(self) -> None:
        """Forget everything, faults too, and start ids and codes again. Time goes on.

        Clients stay connected.
        """
        with self._lock:
            self._faults.clear()
            self._requests: list[Request] = []
            # Of their own, so that one request more does not change the ids of resources.
            self._request_ids = Ids(f"requests {self._seed}")
            self._state = State(
                account=self._account,
                clock=self._clock,
                quotas=self._quotas,
                ids=Ids(self._seed),
                pages=Pages(self._seed),
            )

    def fill(self, *answers: Mapping[str, object]) -> None:
        """Put resources in as they are, in the words of the service's own answers.

        They are what GetContact, GetContactChannel and GetRotation answer, with times as boto3
        reads them or in epoch seconds.

        An ARN that is there already is replaced. All are put in or, if anything is wrong with
        one, none. No codes are sent: a channel that is to be activated needs
        SendActivationCode first.

        >>> service = LocalService()
        >>> arn = "arn:aws:ssm-contacts:us-east-2:111122223333:contact/akuam"
        >>> akua = {"ContactArn": arn, "Alias": "akuam", "Type": "PERSONAL", "Plan": {}}
        >>> service.fill(akua)
        >>> service.boto3_client().get_contact(ContactId=arn)["Alias"]
        'akuam'

        Raises:
            InvalidValueError: An answer that this service could not have given, with path and
                rule of each fault.
        """
        with self._lock:
            fill(self._state, answers)

    def client(self, *, retry: RetryPolicy | None = None) -> ContactsClient:
        """A client of this package. Its retries wait on the service's clock, so not at all.

        Args:
            retry: Another policy. Where it has Python's own `sleep` and `clock`, it gets the
                service's; what was put in by hand stays.
        """
        # The client stands above this room: only who asks for one loads it.
        from ssm_contacts_sdk.client import ContactsClient  # noqa: PLC0415
        from ssm_contacts_sdk.retry import RetryPolicy  # noqa: PLC0415

        if retry is None:
            retry = RetryPolicy()
        if retry.sleep is time.sleep:
            retry = evolve(retry, sleep=self._clock.sleep)
        if retry.clock is time.monotonic:
            retry = evolve(retry, clock=self._clock.monotonic)
        return ContactsClient(boto3_client=self.boto3_client(), retry=retry)

    def boto3_client(self) -> SSMContactsClient:
        """A client as boto3 makes it, without retries, that only this service answers.

        It is made apart from the machine's AWS settings: no profile, configuration file,
        credential or endpoint of the environment takes part.
        """
        session = Session()
        # The store, not the session's own set_config_variable: None must win as well.
        settings = session.get_component("config_store")
        for name, value in _APART_FROM_THE_MACHINE.items():
            settings.set_config_variable(name, value)
        session.register_component("data_loader", contract().loader)
        client = session.create_client(
            SERVICE_NAME,
            region_name=self._account.region_name,
            aws_access_key_id="local",
            aws_secret_access_key="local",  # noqa: S106 - nobody looks at it
            config=Config(
                retries={"mode": "standard", "total_max_attempts": 1},
                max_pool_connections=64,
                user_agent_extra="lib/ssm_contacts_sdk.local",
            ),
        )
        client = cast("SSMContactsClient", client)
        self.connect(client)
        return client

    def connect(self, boto3_client: SSMContactsClient) -> None:
        """Answer what this client would send to AWS.

        The client keeps its settings, its own retries among them. A client that another local
        service answered is answered by this one from now on.

        Raises:
            ConfigurationError: The client is not one of ``ssm-contacts``.
        """
        open_in_process(boto3_client, self)

    def handle(self, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer one request, whatever it is. Every door leads here.

        Args:
            target: The ``X-Amz-Target`` header, such as ``SSMContacts.GetContact``.
            headers: All headers.
            body: What was sent.

        Nothing is raised, except by a fault that keeps the answer from the caller: `NeverArrived`
        or `AnswerLost` of `ssm_contacts_sdk.local.effects`.
        """
        operation = target.removeprefix(contract().target_prefix)
        known = operation != target and operation in contract().operations
        sent = json_object(body)
        with self._lock:
            request_id = self._request_ids.uuid()
            effect = self._faults.due(operation) if known else Effect()
            answer = effect.before(operation, request_id)
            if answer is None:
                answer = self._answered(operation if known else None, sent, request_id)
            self._requests.append(self._noted(operation, headers, sent, answer.status))
            return effect.after(answer, request_id)

    def _answered(
        self, operation: str | None, sent: Mapping[str, Any] | None, request_id: str
    ) -> Answer:
        try:
            return Answer.done(self._carried_out(operation, sent), request_id)
        except Refusal as refusal:
            return Answer.refused(refusal, request_id)

    def _carried_out(
        self, operation: str | None, sent: Mapping[str, Any] | None
    ) -> Mapping[str, Any]:
        if operation is None:
            raise unknown_operation("The target names no operation of ssm-contacts.")
        if operation not in HANDLERS:
            detail = f"ssm-contacts has {operation}, but this local service does not have it yet."
            raise unknown_operation(detail)
        if sent is None:
            raise unreadable("The body is not a JSON object.")
        asked, violations = contract().judge_request(operation, sent)
        if violations:
            raise malformed(violations)
        answered = self._state.tokens.recall(operation, asked)
        if answered is None:
            answered = HANDLERS[operation](self._state, asked)
            self._state.tokens.remember(operation, asked, answered)
        return answered

    def _noted(
        self,
        operation: str,
        headers: Mapping[str, str],
        sent: Mapping[str, Any] | None,
        status: int,
    ) -> Request:
        lowered = {name.lower(): value for name, value in headers.items()}
        return Request(
            operation=operation,
            body={} if sent is None else sent,
            attempt=attempt_of(lowered),
            invocation_id=lowered.get("amz-sdk-invocation-id"),
            received_at=self._clock.now(),
            status=status,
        )
