"""What answers requests, one after the other, whichever door they come in by."""

from collections.abc import Generator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from threading import get_ident
from typing import Any

from attrs import define, field, frozen

from ssm_contacts_sdk._errors import ReentrantCallError, StateFileError
from ssm_contacts_sdk._locks import fork_safe_lock
from ssm_contacts_sdk._public import public
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
from ssm_contacts_sdk.local._limits import Quotas, Rates, Throttling
from ssm_contacts_sdk.local._pagination import Paginator
from ssm_contacts_sdk.local._persistence.format import Kept, damaged
from ssm_contacts_sdk.local._persistence.recorder import StateFile
from ssm_contacts_sdk.local._persistence.snapshot import (
    kept,
    members,
    put_back,
    put_back_from_file,
    to_json,
)
from ssm_contacts_sdk.local._persistence.tracking import Tracker
from ssm_contacts_sdk.local._requests import IncomingRequest, read_request
from ssm_contacts_sdk.local._responses import (
    Response,
    ServiceErrorResponse,
    internal_server_error,
    not_written,
)
from ssm_contacts_sdk.local._state import State
from ssm_contacts_sdk.local._values import instant, seconds


@public
@frozen
class Snapshot:
    """What a service kept at a time. `repr` tells only the time."""

    now: datetime
    kept: Kept = field(repr=False)
    requests: tuple[Request, ...] = field(repr=False)
    requests_dropped: int = 0
    """How many requests came before those, and were no longer kept."""
    entries_dropped: int = 0
    """How many journal entries came before those that are kept."""


@define(kw_only=True, eq=False)
class Core:
    """What is kept of one account in one Region, and the order in which a request is seen to."""

    account: Account
    clock: LocalClock
    seed: int
    quotas: Quotas
    rates: Rates | None
    assumptions: Assumptions
    history_limit: int | None = None
    delivery: Delivery = field(init=False)
    faults: Faults = field(init=False)
    _requests: list[Request] = field(init=False)
    _requests_dropped: int = field(init=False)
    _throttling: Throttling = field(init=False)
    _request_ids: Ids = field(init=False)
    _state: State = field(init=False)
    # A signal handler runs in the thread that it interrupts, which may hold the lock.
    _lock: AbstractContextManager[bool] = field(factory=fork_safe_lock, init=False)
    _changing_thread: int | None = field(default=None, init=False)
    """The thread that is in the middle of a change. In a child of a fork, it may not exist."""
    _file: StateFile | None = field(default=None, init=False)
    """Where each change is written before anybody hears of it."""
    _tracker: Tracker | None = field(default=None, init=False)
    _is_stale: bool = field(default=False, init=False)
    """Whether the state may differ from the file, and must be read from it again."""
    _entries_written: int = field(default=0, init=False)
    """How many journal entries there have been, as far as the file knows."""

    def __attrs_post_init__(self) -> None:
        self.faults = Faults(self.seed)
        self.delivery = Delivery(self.look)
        self.reset()

    def reset(self) -> None:
        """Forget everything.

        Raises:
            StateFileError: It cannot be written to the file. Nothing is forgotten.
        """
        with self._alone():
            # First what can fail.
            self._replace_state(self._empty())
            self.faults.clear()
            self.delivery.reset()
            self._requests, self._requests_dropped = [], 0
            self._throttling = Throttling(self.rates, self.clock)
            # Of their own, so that one request more does not change the ids of resources.
            self._request_ids = Ids(f"requests {self.seed}")

    def look(self) -> None:
        """Do what has fallen due."""
        with self._seen():
            pass

    @contextmanager
    def state(self) -> Generator[State]:
        """What is kept, to be changed while nobody else looks. What had fallen due has been done.

        Raises:
            ReentrantCallError: This thread is changing it already, and was interrupted.
        """
        with self._alone():
            self._catch_up()
            try:
                yield self._state
            finally:
                self._commit()

    def outbox(self) -> tuple[Message, ...]:
        """The messages that are kept, oldest first."""
        with self._seen() as state:
            return tuple(state.outbox)

    def entries(self) -> tuple[tuple[JournalEntry, ...], int]:
        """The entries that are kept, oldest first, and how many came before them."""
        with self._seen() as state:
            return tuple(state.journal), state.entries_dropped

    def activation_code(self, channel_arn: str) -> str | None:
        """The code that activates a channel, or None if there is none."""
        with self._seen() as state:
            return state.channel(channel_arn).code if state.has_channel(channel_arn) else None

    def requests(self) -> tuple[tuple[Request, ...], int]:
        """The requests that are kept, oldest first, and how many came before them."""
        with self._lock:
            return tuple(self._requests), self._requests_dropped

    def snapshot(self) -> Snapshot:
        """All that is kept, the time and the requests."""
        with self._alone():
            now = self._catch_up()
            return Snapshot(
                now,
                kept(self._state),
                tuple(self._requests),
                self._requests_dropped,
                self._state.entries_dropped,
            )

    def restore(self, snapshot: Snapshot) -> None:
        """Put all of a snapshot back, the time too."""
        state = self._filled(snapshot.kept)
        state.entries_dropped = snapshot.entries_dropped
        with self._alone():
            self._replace_state(state)
            self._requests = list(snapshot.requests)
            self._requests_dropped = snapshot.requests_dropped
            self.clock.return_to(snapshot.now)

    def go_on_with(self, found: Kept, path: Path) -> None:
        """Put back what was kept; a clock that stands before that time is moved to it.

        Raises:
            StateFileError: It is of another account or Region, or not what this version writes.
        """
        with self._alone():
            self._go_on_with(found, path)

    def keep_in(self, path: Path) -> StateFile:
        """Write each change to a file from now on. If it exists, first go on with its content.

        Raises:
            StateFileError: The file cannot be used, or the state is kept in one already.
        """
        with self._alone():
            if self._file is not None:
                raise StateFileError(path, "the service is kept in another file already")
            self._catch_up()
            file = StateFile(path, kept(self._state))
            try:
                if not file.is_new:
                    self._go_on_with(file.kept, path)
            except BaseException:
                file.leave()
                raise
            self._file = file
            self._use(self._state)
            return file

    def stop_keeping(self) -> None:
        """Write the last changes and the time to the file, and no more after that.

        Raises:
            StateFileError: They cannot be written.
        """
        with self._alone():
            try:
                self._catch_up()
                self._commit(with_time=True)
            finally:
                file, self._file, self._tracker = self._file, None, None
                self._is_stale = False
                if file is not None:
                    file.close()

    def handle(self, target: str, headers: Mapping[str, str], body: bytes) -> Response:
        """Answer one request, whatever it is.

        The request is read and judged before the lock is taken: that can take a second for a body
        of 1 MiB, and needs nothing of the service. Its outcome counts only if no fault and no rate
        answers first.

        Raises:
            ReentrantCallError: This thread is answering a request already, and was interrupted.
        """
        asked = read_request(target, headers, body)
        with self._alone():
            request_id = self._request_ids.uuid()
            now, answer = self._caught_up(request_id)
            entries_before = self._state.entries_total
            effect = Effect()
            if answer is None and asked.is_known:
                effect = self.faults.effect_on(asked.operation, asked.attempt)
                answer = effect.before(asked.operation, request_id)
                if answer is None and not self._throttling.admits(asked.operation):
                    answer = throttle().before(asked.operation, request_id)
            if answer is None:
                answer = self._answered(asked, request_id)
            self._record_request(asked, answer, now, entries_before)
            return effect.after(answer, request_id)

    def wait(self, seconds: float) -> None:
        """Let `seconds` go by on the service's clock: how a door keeps a caller waiting."""
        self.clock.sleep(seconds)

    @contextmanager
    def _alone(self) -> Generator[None]:
        """Be the only one who looks at the state and changes it."""
        with self._lock:
            if self._changing_thread == get_ident():
                raise ReentrantCallError
            try:
                self._changing_thread = get_ident()
                yield
            finally:
                self._changing_thread = None

    @contextmanager
    def _seen(self) -> Generator[State]:
        """What is kept, to be read. What had fallen due has been done.

        A signal handler that interrupts a change sees the state as it is then.
        """
        with self._lock:
            if self._changing_thread != get_ident():
                with self._alone():
                    self._catch_up()
            yield self._state

    def _record_request(
        self, asked: IncomingRequest, answer: Response, now: datetime, entries_before: int
    ) -> None:
        request = Request(
            operation=asked.operation[:LONGEST_KEPT_NAME],
            body=asked.kept_body(self.history_limit),
            attempt=asked.attempt,
            invocation_id=asked.invocation_id,
            received_at=now,
            status=answer.status,
            error=answer.error,
            entries_before=entries_before,
            entries_after=self._state.entries_total,
        )
        self._requests.append(request)
        self._requests_dropped += drop_oldest(self._requests, self.history_limit)

    def _most_tokens(self) -> int | None:
        return None if self.history_limit is None else self.history_limit * TOKENS_PER_REQUEST

    def _answered(self, asked: IncomingRequest, request_id: str) -> Response:
        try:
            answer = Response.from_result(self._carried_out(asked), request_id)
        except ServiceErrorResponse as error:
            answer = Response.from_error(error, request_id)
        except ReentrantCallError:
            # Of a signal handler's own call, which has to hear of it.
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the next request is answered
            answer = Response.from_error(internal_server_error(error), request_id)
        try:
            # The commit point. Also a request that was refused may have changed something.
            self._commit()
        except StateFileError as error:
            answer = Response.from_error(not_written(error), request_id)
        return answer

    def _carried_out(self, asked: IncomingRequest) -> Mapping[str, Any]:
        if asked.problem is not None:
            raise asked.problem
        state, operation = self._state, asked.operation
        answered = state.tokens.recall(operation, asked.members, state.assumptions)
        if answered is None:
            answered = HANDLERS[operation](state, asked.members)
            state.tokens.remember(operation, asked.members, answered, self._most_tokens())
            # What an engagement does at once is done before its answer is given.
            run_due(state, state.now)
        return answered

    def _caught_up(self, request_id: str) -> tuple[datetime, Response | None]:
        """The time that it is, and the answer if what has fallen due could not be written."""
        try:
            return self._catch_up(), None
        except StateFileError as error:
            return self.clock.now(), Response.from_error(not_written(error), request_id)

    def _catch_up(self) -> datetime:
        """Do what has fallen due since the last look; the time that it is.

        Raises:
            StateFileError: It cannot be written to the file, and is still to be done.
        """
        if self._is_stale:
            self._read_again()
        now = self.clock.now()
        run_due(self._state, seconds(now))
        self._commit()
        return now

    def _commit(self, *, with_time: bool = False) -> None:
        """Write what has changed to the file, if the state is kept in one.

        Raises:
            StateFileError: It cannot be written. The state is what the file contains.
        """
        if self._file is None or self._tracker is None:
            return
        try:
            if changes := self._tracker.take(with_time=with_time):
                self._file.append(changes)
            elif time := self._tracker.take_time():
                # Nothing depends on it, so a full disk does not keep anybody from reading.
                with suppress(StateFileError):
                    self._file.append(time)
        except BaseException:
            # First of all: to read it again may fail too, and is then left to the next request.
            self._is_stale = True
            self._read_again()
            raise
        self._entries_written = self._state.entries_total

    def _read_again(self) -> None:
        """Go back to what the file contains."""
        assert self._file is not None
        found = self._file.read_again()
        self._check_whose(found, self._file.path)
        state = self._filled_from_file(found, self._file.path)
        state.entries_dropped = self._entries_written - len(state.journal)
        self._use(state)

    def _check_whose(self, found: Kept, path: Path) -> None:
        if not found.belongs_to(self.account):
            whose = f"of account {found.account_id} in {found.region_name}"
            raise StateFileError(path, f"it is {whose}: start the service with these")

    def _go_on_with(self, found: Kept, path: Path) -> None:
        self._check_whose(found, path)
        state = self._filled_from_file(found, path)
        now = instant(state.now)
        self._replace_state(state)
        if self.clock.now() < now:
            self.clock.return_to(now)
        self._requests, self._requests_dropped = [], 0

    def _replace_state(self, state: State) -> None:
        if self._file is not None:
            self._file.append([["set", [], members(state)]])
        self._use(state)

    def _use(self, state: State) -> None:
        self._state, self._is_stale = state, False
        self._entries_written = state.entries_total
        self._tracker = None if self._file is None else Tracker(state, to_json)

    def _empty(self) -> State:
        return State(
            account=self.account,
            assumptions=self.assumptions,
            quotas=self.quotas,
            ids=Ids(self.seed),
            paginator=Paginator(self.seed, self.assumptions.page_size),
            delivery=self.delivery,
            history_limit=self.history_limit,
        )

    def _filled(self, found: Kept) -> State:
        state = self._empty()
        put_back(found.text, state)
        return self._with_pages(state)

    def _filled_from_file(self, found: Kept, path: Path) -> State:
        state = self._empty()
        try:
            put_back_from_file(found.text, state)
        except ValueError:
            raise damaged(path) from None
        return self._with_pages(state)

    def _with_pages(self, state: State) -> State:
        # Tokens of pages go on, whatever seed this service has.
        state.paginator = Paginator(state.ids.seed, self.assumptions.page_size)
        return state
