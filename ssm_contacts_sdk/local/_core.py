"""The core of the service: carries out one request after the other, from every transport."""

from collections.abc import Generator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from threading import get_ident
from typing import Any

from attrs import define, field, frozen

from ssm_contacts_sdk._errors import ReentrantCallError, StateFileError
from ssm_contacts_sdk._locks import fork_safe_lock
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._rates import Rates
from ssm_contacts_sdk.local._assumptions import Assumptions
from ssm_contacts_sdk.local._clock import LocalClock
from ssm_contacts_sdk.local._effects import Effect, throttle
from ssm_contacts_sdk.local._engine import run_due
from ssm_contacts_sdk.local._fault_injection import Faults
from ssm_contacts_sdk.local._handlers import HANDLERS
from ssm_contacts_sdk.local._history import (
    LONGEST_KEPT_NAME,
    TOKENS_PER_REQUEST,
    Request,
    drop_oldest,
)
from ssm_contacts_sdk.local._ids import Account, Ids
from ssm_contacts_sdk.local._journal import Delivery, JournalEntry, Message
from ssm_contacts_sdk.local._limits import Quotas, Throttling
from ssm_contacts_sdk.local._pagination import Paginator
from ssm_contacts_sdk.local._persistence.format import SavedState
from ssm_contacts_sdk.local._persistence.state_file import OpenStateFile
from ssm_contacts_sdk.local._persistence.store import StateStore
from ssm_contacts_sdk.local._requests import IncomingRequest, read_request
from ssm_contacts_sdk.local._responses import (
    Response,
    ServiceErrorResponse,
    error_response,
    internal_server_error,
    not_written,
)
from ssm_contacts_sdk.local._state import State
from ssm_contacts_sdk.local._values import instant, seconds


@public
@frozen
class Snapshot:
    """The state of a service at an instant, from `LocalService.snapshot`.

    It can be pickled. Its `repr` shows only the instant, because the rest contains private values.
    """

    now: datetime
    """The instant, on the service's clock."""
    account_id: str = field(repr=False)
    """The account of the service."""
    region_name: str = field(repr=False)
    """The Region of the service."""
    state: str = field(repr=False)
    """The resources, the outbox and the journal as JSON."""
    requests: tuple[Request, ...] = field(repr=False)
    """The requests that were recorded, oldest first."""
    requests_dropped: int = 0
    """How many requests came before those that were kept."""
    entries_dropped: int = 0
    """How many journal entries came before those that were kept."""


@define(kw_only=True, eq=False)
class Core:
    """The service of one account in one Region, without transports.

    A lock lets one thread at a time read or change the state. It is reentrant: a signal handler
    may read the state while it interrupts the thread that is changing it.
    """

    account: Account
    clock: LocalClock
    seed: int
    quotas: Quotas
    rates: Rates | None
    assumptions: Assumptions
    history_limit: int | None = None
    delivery: Delivery = field(init=False)
    faults: Faults = field(init=False)
    _store: StateStore = field(init=False)
    _requests: list[Request] = field(init=False)
    _requests_dropped: int = field(init=False)
    _throttling: Throttling = field(init=False)
    _request_ids: Ids = field(init=False)
    _lock: AbstractContextManager[bool] = field(factory=fork_safe_lock, init=False)
    _changing_thread: int | None = field(default=None, init=False)
    """The thread that is changing the state. After a fork, it may not exist in the child."""

    def __attrs_post_init__(self) -> None:
        self.faults = Faults(self.seed)
        self.delivery = Delivery(self.run_due_events)
        self._store = StateStore(self._new_state)
        self.reset()

    def reset(self) -> None:
        """Delete all resources, the history and the faults, and start ids and codes again.

        Raises:
            StateFileError: the state file cannot be written. Nothing is deleted.
        """
        with self._exclusive():
            # This can fail, so it comes before the changes that cannot.
            self._store.replace(self._new_state())
            self.faults.clear()
            self.delivery.reset()
            self._requests, self._requests_dropped = [], 0
            self._throttling = Throttling(self.rates, self.clock)
            # A stream of their own, so that the ids of resources do not depend on the number of
            # requests.
            self._request_ids = Ids(f"requests {self.seed}")

    def run_due_events(self) -> None:
        """Carry out the scheduled events that are due."""
        with self._reading():
            pass

    @contextmanager
    def state(self) -> Generator[State]:
        """Yield the state for changes. Due events are carried out first.

        Raises:
            ReentrantCallError: a signal handler interrupts this thread in the middle of a change.
        """
        with self._exclusive():
            self._run_due_events()
            try:
                yield self._store.state
            finally:
                self._store.commit()

    def outbox(self) -> tuple[Message, ...]:
        """Return the messages that are kept, oldest first."""
        with self._reading() as state:
            return tuple(state.outbox)

    def journal(self) -> tuple[tuple[JournalEntry, ...], int]:
        """Return the journal entries that are kept, oldest first, and how many came before."""
        with self._reading() as state:
            return tuple(state.journal), state.entries_dropped

    def activation_code(self, channel_arn: str) -> str | None:
        """Return the code that activates a channel; None if there is no channel or no code."""
        with self._reading() as state:
            return state.channel(channel_arn).code if state.has_channel(channel_arn) else None

    def requests(self) -> tuple[tuple[Request, ...], int]:
        """Return the requests that are kept, oldest first, and how many came before."""
        with self._lock:
            return tuple(self._requests), self._requests_dropped

    def snapshot(self) -> Snapshot:
        """Return a snapshot of the state, the time and the requests."""
        with self._exclusive():
            now = self._run_due_events()
            saved = self._store.saved()
            return Snapshot(
                now,
                saved.account_id,
                saved.region_name,
                saved.text,
                tuple(self._requests),
                self._requests_dropped,
                self._store.state.entries_dropped,
            )

    def restore(self, snapshot: Snapshot) -> None:
        """Restore the state, the time and the requests of a snapshot."""
        state = self._store.from_snapshot(snapshot.state)
        state.entries_dropped = snapshot.entries_dropped
        with self._exclusive():
            self._store.replace(state)
            self._requests = list(snapshot.requests)
            self._requests_dropped = snapshot.requests_dropped
            self.clock.return_to(snapshot.now)

    def saved(self) -> SavedState:
        """Return the state as it is saved in a file."""
        with self._exclusive():
            self._run_due_events()
            return self._store.saved()

    def continue_from(self, saved: SavedState, path: Path) -> None:
        """Continue from the state in a file, and move the clock to its time unless it is later.

        Raises:
            StateFileError: it is of another account or Region, or this version does not write it.
        """
        with self._exclusive():
            self._continue_from(saved, path)

    def persist_in(self, path: Path) -> OpenStateFile:
        """Write each change to a file from now on. If the file exists, continue from its state.

        Raises:
            StateFileError: the file cannot be used, or another file is in use.
        """
        with self._exclusive():
            self._run_due_events()
            file = self._store.open(path)
            try:
                if not file.is_new:
                    self._continue_from(file.saved, path)
            except BaseException:
                file.release()
                raise
            self._store.persist_in(file)
            return file

    def stop_persisting(self) -> None:
        """Write the last changes and the time to the file, and close it.

        Raises:
            StateFileError: they cannot be written.
        """
        with self._exclusive():
            try:
                self._run_due_events()
                self._store.commit(with_time=True)
            finally:
                self._store.close()

    def handle(self, target: str, headers: Mapping[str, str], body: bytes) -> Response:
        """Return the response to one request, whatever it contains.

        The request is parsed and validated before the lock is taken, because that can take a
        second for a body of 1 MiB, and does not need the state. The result counts only if neither
        a fault nor a rate limit responds first.

        Raises:
            ReentrantCallError: a signal handler interrupts this thread in the middle of a change.
        """
        incoming = read_request(target, headers, body)
        with self._exclusive():
            request_id = self._request_ids.uuid()
            now, response = self._start(request_id)
            entries_before = self._store.state.entries_total
            effect = Effect()
            if response is None and incoming.is_known:
                effect = self.faults.effect_on(incoming.operation, incoming.attempt)
                response = effect.before(incoming.operation, request_id)
                if response is None and not self._throttling.admits(incoming.operation):
                    response = throttle().before(incoming.operation, request_id)
            if response is None:
                response = self._response(incoming, request_id)
            self._record_request(incoming, response, now, entries_before)
            return effect.after(response, request_id)

    def wait(self, seconds: float) -> None:
        """Move the service's clock forward by the `seconds` for which a response is delayed."""
        self.clock.sleep(seconds)

    @contextmanager
    def _exclusive(self) -> Generator[None]:
        """Acquire the lock for a change of the state."""
        with self._lock:
            if self._changing_thread == get_ident():
                raise ReentrantCallError
            try:
                self._changing_thread = get_ident()
                yield
            finally:
                self._changing_thread = None

    @contextmanager
    def _reading(self) -> Generator[State]:
        """Acquire the lock, and yield the state for reading. Due events are carried out first.

        A signal handler that interrupts a change reads the state as it is at that moment.
        """
        with self._lock:
            if self._changing_thread != get_ident():
                with self._exclusive():
                    self._run_due_events()
            yield self._store.state

    def _start(self, request_id: str) -> tuple[datetime, Response | None]:
        """Carry out the events that are due, and return the time, or an error as the response."""
        try:
            return self._run_due_events(), None
        except StateFileError as error:
            return self.clock.now(), error_response(not_written(error), request_id)

    def _response(self, incoming: IncomingRequest, request_id: str) -> Response:
        try:
            response = Response.from_result(self._result(incoming), request_id)
        except ServiceErrorResponse as error:
            response = error_response(error, request_id)
        except ReentrantCallError:
            # It is for the signal handler that made the call.
            raise
        except Exception as error:  # noqa: BLE001 - the service must survive its own bugs
            response = error_response(internal_server_error(error), request_id)
        try:
            # A rejected request may have changed something too.
            self._store.commit()
        except StateFileError as error:
            response = error_response(not_written(error), request_id)
        return response

    def _result(self, incoming: IncomingRequest) -> Mapping[str, Any]:
        if incoming.problem is not None:
            raise incoming.problem
        state, operation, members = self._store.state, incoming.operation, incoming.members
        result = state.tokens.recall(operation, members, state.assumptions)
        if result is None:
            result = HANDLERS[operation](state, members)
            state.tokens.remember(operation, members, result, self._most_tokens())
            # The first events of an engagement are due at once, before the response.
            run_due(state, state.now)
        return result

    def _most_tokens(self) -> int | None:
        return None if self.history_limit is None else self.history_limit * TOKENS_PER_REQUEST

    def _record_request(
        self, incoming: IncomingRequest, response: Response, now: datetime, entries_before: int
    ) -> None:
        request = Request(
            operation=incoming.operation[:LONGEST_KEPT_NAME],
            body=incoming.kept_body(self.history_limit),
            attempt=incoming.attempt,
            invocation_id=incoming.invocation_id,
            received_at=now,
            status=response.status,
            error=response.error,
            entries_before=entries_before,
            entries_after=self._store.state.entries_total,
        )
        self._requests.append(request)
        self._requests_dropped += drop_oldest(self._requests, self.history_limit)

    def _run_due_events(self) -> datetime:
        """Carry out the scheduled events that are due, and return the time.

        Raises:
            StateFileError: the changes cannot be written, and are undone.
        """
        self._store.refresh()
        now = self.clock.now()
        run_due(self._store.state, seconds(now))
        self._store.commit()
        return now

    def _continue_from(self, saved: SavedState, path: Path) -> None:
        state = self._store.from_file(saved, path)
        now = instant(state.now)
        self._store.replace(state)
        if self.clock.now() < now:
            self.clock.return_to(now)
        self._requests, self._requests_dropped = [], 0

    def _new_state(self) -> State:
        return State(
            account=self.account,
            assumptions=self.assumptions,
            quotas=self.quotas,
            ids=Ids(self.seed),
            paginator=Paginator(self.seed, self.assumptions.page_size),
            delivery=self.delivery,
            history_limit=self.history_limit,
        )
