"""The current state of a service, and the state file that it is persisted in."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from ssm_contacts_sdk._errors import StateFileError
from ssm_contacts_sdk.local._pagination import Paginator
from ssm_contacts_sdk.local._persistence.format import SavedState, damaged
from ssm_contacts_sdk.local._persistence.snapshot import (
    restore_from_file,
    restore_members,
    saved_state,
    state_members,
    to_json,
)
from ssm_contacts_sdk.local._persistence.state_file import OpenStateFile
from ssm_contacts_sdk.local._persistence.tracking import Tracker
from ssm_contacts_sdk.local._state import State


class StateStore:
    """The state of a service, whose changes are written to a state file, if there is one.

    If a change cannot be written, the state is read from the file again. So the two never differ.

    Args:
        new_state: returns an empty state.
    """

    def __init__(self, new_state: Callable[[], State]) -> None:
        self._new_state = new_state
        self._file: OpenStateFile | None = None
        self.state: State
        """The current state. Its changes are in the file only after `commit`."""
        self._tracker: Tracker | None
        # Whether the state may differ from the file, and must be read again.
        self._is_stale: bool
        # The number of journal entries, those no longer kept included, when it was last written.
        self._entries_written: int
        self._use(new_state())

    def saved(self) -> SavedState:
        """Return the current state, in the form in which it is saved."""
        return saved_state(self.state)

    def replace(self, state: State) -> None:
        """Replace the state, in the file first.

        Raises:
            StateFileError: it cannot be written. Nothing is replaced.
        """
        if self._file is not None:
            self._file.append([["set", [], state_members(state)]])
        self._use(state)

    def commit(self, *, with_time: bool = False) -> None:
        """Write what has changed since the last call.

        Args:
            with_time: whether to write the time if nothing else has changed.

        Raises:
            StateFileError: it cannot be written. The changes are undone.
        """
        if self._file is None or self._tracker is None:
            return
        try:
            if changes := self._tracker.take(with_time=with_time):
                self._file.append(changes)
            elif time := self._tracker.take_time():
                # Nothing depends on it, so reads work also with a full disk.
                with suppress(StateFileError):
                    self._file.append(time)
        except BaseException:
            # Set first: reading may fail too, and is then repeated before the next request.
            self._is_stale = True
            self._read_again(self._file)
            raise
        self._entries_written = self.state.entries_total

    def refresh(self) -> None:
        """Read the state from the file again, if changes could not be undone before.

        Raises:
            StateFileError: the file cannot be read.
        """
        if self._is_stale and self._file is not None:
            self._read_again(self._file)

    def open(self, path: Path) -> OpenStateFile:
        """Open a state file, which is created with the current state if it does not exist.

        Raises:
            StateFileError: the file cannot be used, or another file is in use.
        """
        if self._file is not None:
            raise StateFileError(path, "the service is persisted in another file already")
        return OpenStateFile(path, self.saved())

    def persist_in(self, file: OpenStateFile) -> None:
        """Write each change to `file`, which contains the current state."""
        self._file = file
        self._use(self.state)

    def close(self) -> None:
        """Close the file, and write no more changes."""
        file, self._file, self._tracker = self._file, None, None
        self._is_stale = False
        if file is not None:
            file.close()

    def from_snapshot(self, text: str) -> State:
        """Return the state in a snapshot of this process."""
        state = self._new_state()
        restore_members(json.loads(text), state)
        return _with_page_tokens(state)

    def from_file(self, saved: SavedState, path: Path) -> State:
        """Return the state in a file, with all checks.

        Raises:
            StateFileError: it is of another account or Region, or this version does not write it.
        """
        state = self._new_state()
        if not saved.belongs_to(state.account):
            scope = f"of account {saved.account_id} in {saved.region_name}"
            raise StateFileError(path, f"it is {scope}: start the service with these")
        try:
            restore_from_file(saved.text, state)
        except ValueError:
            raise damaged(path) from None
        return _with_page_tokens(state)

    def _read_again(self, file: OpenStateFile) -> None:
        state = self.from_file(file.read_again(), file.path)
        state.entries_dropped = self._entries_written - len(state.journal)
        self._use(state)

    def _use(self, state: State) -> None:
        self.state, self._is_stale = state, False
        self._entries_written = state.entries_total
        self._tracker = None if self._file is None else Tracker(state, to_json)


def _with_page_tokens(state: State) -> State:
    # Page tokens stay valid, even if this service has another seed.
    state.paginator = Paginator(state.ids.seed, state.assumptions.page_size)
    return state
