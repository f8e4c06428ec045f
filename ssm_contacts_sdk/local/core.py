"""What answers requests, one after the other, whichever door they come in by."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import datetime
from threading import Lock
from typing import Any

from attrs import define, field, frozen

from ssm_contacts_sdk.local.answers import Answer
from ssm_contacts_sdk.local.arns import Account
from ssm_contacts_sdk.local.assumptions import Assumptions
from ssm_contacts_sdk.local.carrier import Carrier
from ssm_contacts_sdk.local.clock import LocalClock
from ssm_contacts_sdk.local.contract import contract
from ssm_contacts_sdk.local.effects import Effect
from ssm_contacts_sdk.local.engine import run_due
from ssm_contacts_sdk.local.faults import Faults
from ssm_contacts_sdk.local.handlers import HANDLERS
from ssm_contacts_sdk.local.ids import Ids
from ssm_contacts_sdk.local.keeping import Kept, kept, put_back
from ssm_contacts_sdk.local.paging import Pages
from ssm_contacts_sdk.local.quotas import Quotas
from ssm_contacts_sdk.local.rates import Rates, Throttling
from ssm_contacts_sdk.local.refusals import (
    Refusal,
    malformed,
    mistake,
    unknown_operation,
    unreadable,
)
from ssm_contacts_sdk.local.requests import Request, attempt_of, json_object
from ssm_contacts_sdk.local.state import State
from ssm_contacts_sdk.local.values import seconds


@frozen
class Snapshot:
    """What a service kept at a time. `repr` tells only the time."""

    now: datetime
    kept: Kept = field(repr=False)
    requests: tuple[Request, ...] = field(repr=False)


@define(kw_only=True, eq=False)
class Core:
    """What is kept of one account in one Region, and the order in which a request is seen to."""

    account: Account
    clock: LocalClock
    seed: int
    quotas: Quotas
    rates: Rates | None
    assumptions: Assumptions
    carrier: Carrier = field(init=False)
    faults: Faults = field(init=False)
    requests: list[Request] = field(init=False)
    _throttling: Throttling = field(init=False)
    _request_ids: Ids = field(init=False)
    _state: State = field(init=False)
    _lock: Lock = field(factory=Lock, init=False)

    def __attrs_post_init__(self) -> None:
        self.faults = Faults(self.seed)
        self.carrier = Carrier(self.look)
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        with self._lock:
            self.faults.clear()
            self.carrier.forget()
            self.requests = []
            self._throttling = Throttling(self.rates, self.clock)
            # Of their own, so that one request more does not change the ids of resources.
            self._request_ids = Ids(f"requests {self.seed}")
            self._state = self._empty()

    def look(self) -> None:
        """Do what has fallen due."""
        with self._lock:
            self._catch_up()

    @contextmanager
    def state(self) -> Generator[State]:
        """What is kept, while nobody else looks. What had fallen due has been done."""
        with self._lock:
            self._catch_up()
            yield self._state

    def snapshot(self) -> Snapshot:
        """All that is kept, the time and the requests."""
        with self._lock:
            now = self._catch_up()
            return Snapshot(now, kept(self._state), tuple(self.requests))

    def restore(self, snapshot: Snapshot) -> None:
        """Put all of a snapshot back, the time too."""
        state = self._filled(snapshot.kept)
        with self._lock:
            self._state = state
            self.requests = list(snapshot.requests)
            self.clock.return_to(snapshot.now)

    def go_on_with(self, found: Kept) -> None:
        """Put back what was kept; a clock that stands before that time is moved to it.

        Raises:
            ValueError: It is not what this version writes.
        """
        state = self._filled(found)
        with self._lock:
            behind = state.now - seconds(self.clock.now())
            # First what can fail.
            self.clock.advance(seconds=max(behind, 0.0))
            self._state = state
            self.requests = []

    def handle(self, target: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Answer one request, whatever it is."""
        operation = target.removeprefix(contract().target_prefix)
        known = operation != target and operation in contract().operations
        headers = {name.lower(): value for name, value in headers.items()}
        sent = json_object(body)
        attempt = attempt_of(headers)
        with self._lock:
            now = self._catch_up()
            notes_before = len(self._state.journal)
            request_id = self._request_ids.uuid()
            effect = self.faults.due(operation, attempt) if known else Effect()
            answer = effect.before(operation, request_id)
            if answer is None and known:
                answer = self._throttling.before(operation, request_id)
            if answer is None:
                answer = self._answered(operation if known else None, sent, request_id)
            request = Request(
                operation=operation,
                body={} if sent is None else sent,
                attempt=attempt,
                invocation_id=headers.get("amz-sdk-invocation-id"),
                received_at=now,
                status=answer.status,
                error=answer.error,
                notes_before=notes_before,
                notes_after=len(self._state.journal),
            )
            self.requests.append(request)
            return effect.after(answer, request_id)

    def wait(self, seconds: float) -> None:
        """Let `seconds` go by on the service's clock: how a door keeps a caller waiting."""
        self.clock.sleep(seconds)

    def _answered(
        self, operation: str | None, sent: Mapping[str, Any] | None, request_id: str
    ) -> Answer:
        try:
            return Answer.done(self._carried_out(operation, sent), request_id)
        except Refusal as refusal:
            return Answer.refused(refusal, request_id)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next request is answered
            return Answer.refused(mistake(error), request_id)

    def _carried_out(
        self, operation: str | None, sent: Mapping[str, Any] | None
    ) -> Mapping[str, Any]:
        if operation is None:
            raise unknown_operation("The target names no operation of ssm-contacts.")
        if sent is None:
            raise unreadable("The body is not a JSON object.")
        asked, violations = contract().judge_request(operation, sent)
        if violations:
            raise malformed(violations)
        state = self._state
        answered = state.tokens.recall(operation, asked, state.assumptions)
        if answered is None:
            answered = HANDLERS[operation](state, asked)
            state.tokens.remember(operation, asked, answered)
            # What an engagement does at once is done before its answer is given.
            run_due(state, state.now)
        return answered

    def _catch_up(self) -> datetime:
        """Do what has fallen due since the last look; the time that it is."""
        now = self.clock.now()
        run_due(self._state, seconds(now))
        return now

    def _empty(self) -> State:
        return State(
            account=self.account,
            assumptions=self.assumptions,
            quotas=self.quotas,
            ids=Ids(self.seed),
            pages=Pages(self.seed, self.assumptions.page_size),
            carrier=self.carrier,
        )

    def _filled(self, found: Kept) -> State:
        state = self._empty()
        put_back(found.text, state)
        # Tokens of pages go on, whatever seed this service has.
        state.pages = Pages(state.ids.seed, self.assumptions.page_size)
        return state
