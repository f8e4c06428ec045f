"""A service that is kept in a file: every change is there before anybody hears of it.

What `StateFile.append` has written survives the end of the process, however it ends: it is with the
operating system. It is not flushed to the disk each time, so a power failure can take the last
seconds. A snapshot that replaces the file is flushed, so the file is never lost as a whole.
"""

from __future__ import annotations

import os
import weakref
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path

from ssm_contacts_sdk._errors import StateFileError
from ssm_contacts_sdk.local._persistence.files import (
    OWNER_ONLY,
    create,
    is_at,
    lock,
    open_regular,
    read_all,
    remove_leftovers,
    replace,
    state_file_errors,
    target_of_links,
    write_all,
)
from ssm_contacts_sdk.local._persistence.format import (
    Change,
    Content,
    Kept,
    read_content,
    record_bytes,
    snapshot_bytes,
)

_LEAST_RECORDS = 1 << 20
"""In bytes: with fewer records behind the snapshot the file is not rewritten."""


class StateFile:
    """An open state file, which no other server can open.

    Args:
        path: The file; symbolic links are followed.
        new: What it contains at first, if it does not exist.

    Raises:
        StateFileError: It cannot be read or written, is damaged, or is used by another server.
    """

    def __init__(self, path: Path, new: Kept) -> None:
        self.path = path
        """As it was given."""
        self.problem: StateFileError | None = None
        """Why the file could not be written or read, or None since it could be written."""
        self.is_new = False
        """Whether the file did not exist."""
        self._pid = os.getpid()
        with state_file_errors(path, "it cannot be written"):
            self._path = target_of_links(path)
            remove_leftovers(self._path)
            self._file = self._open(new)
        try:
            content = self.read()
            self._begin(content.check, content.length, content.snapshot_length)
        except BaseException:
            os.close(self._file)
            raise
        if hasattr(os, "register_at_fork"):
            # A child would keep the file locked after its parent's end.
            os.register_at_fork(after_in_child=partial(_leave, weakref.ref(self)))

    @property
    def kept(self) -> Kept:
        """What the file contains."""
        return self.read().kept

    def read(self) -> Content:
        """Return the content of the file, without what was not written completely.

        Raises:
            StateFileError: It cannot be read, or is damaged.
        """
        try:
            self._check_is_ours()
            with state_file_errors(self.path, "it cannot be read"):
                return read_content(self.path, read_all(self._file))
        except StateFileError as error:
            self.problem = error
            raise

    def read_again(self) -> Kept:
        """Return what the file contains, and go on behind that, whatever was interrupted.

        Raises:
            StateFileError: It cannot be read, or is damaged.
        """
        content = self.read()
        self._check, self._length = content.check, content.length
        return content.kept

    def append(self, changes: Sequence[Change]) -> None:
        """Write changes. When this returns, they survive the end of the process.

        Raises:
            StateFileError: They are not written, and the file is as it was.
        """
        try:
            self._check_is_ours()
            with state_file_errors(self.path, "it cannot be written"):
                self._write(changes)
        except StateFileError as error:
            self.problem = error
            raise
        self.problem = None
        if self._length - self._snapshot_length > max(_LEAST_RECORDS, self._worth_rewriting):
            self.rewrite()

    def rewrite(self) -> None:
        """Replace the file by a snapshot of what it contains. If that fails, it stays as it is."""
        # Until there is as much again, the next attempt would cost more than it spares.
        self._worth_rewriting = 2 * (self._length - self._snapshot_length)
        with suppress(OSError, StateFileError):
            has_one_name = os.fstat(self._file).st_nlink == 1
            if self._length > self._snapshot_length and has_one_name and self._is_in_place():
                self._replace(self.read().kept)

    def close(self) -> None:
        """Rewrite the file, and let others open it. To close twice does nothing."""
        if self._file >= 0:
            self.rewrite()
            self.leave()

    def leave(self) -> None:
        """Close the file without a change to it."""
        file, self._file = self._file, -1
        if file >= 0:
            os.close(file)

    def _open(self, new: Kept) -> int:
        while True:
            try:
                file = open_regular(self._path, writing=True)
            except FileNotFoundError:
                with suppress(FileExistsError):
                    # Complete from the first moment: it is never seen empty.
                    file = create(self._path, snapshot_bytes(new)[0])
                    self.is_new = True
                    return file
                continue
            try:
                lock(file)
                _hide_from_others(file)
            except BaseException:
                os.close(file)
                raise
            if self._is_in_place(file):
                return file
            # It was replaced after it was opened, and before it was locked.
            os.close(file)

    def _begin(self, check: str, length: int, snapshot_length: int) -> None:
        self._check, self._length, self._snapshot_length = check, length, snapshot_length
        # Then rewriting costs as much as was written since, so the cost for each change is even.
        self._worth_rewriting = snapshot_length

    def _write(self, changes: Sequence[Change]) -> None:
        status = os.fstat(self._file)
        if status.st_size != self._length:
            self._check_is_unchanged()
        if status.st_nlink == 0:
            self._create_again()
        data, check = record_bytes(changes, self._check)
        if self._length == self._snapshot_length:
            # The snapshot's own line has no end yet.
            data = b"\n" + data
        try:
            # Also what an earlier attempt may have left.
            self._cut()
            os.lseek(self._file, self._length, os.SEEK_SET)
            write_all(self._file, data)
        except BaseException:
            with suppress(OSError):
                self._cut()
            raise
        self._check = check
        self._length += len(data)

    def _cut(self) -> None:
        """Remove what was not written completely."""
        with state_file_errors(self.path, "it cannot be written"):
            if os.fstat(self._file).st_size != self._length:
                os.ftruncate(self._file, self._length)

    def _check_is_unchanged(self) -> None:
        """Refuse a file that was written by another program.

        It is no change if a part of a line is left from an earlier attempt.
        """
        if self.read().check != self._check:
            problem = "another program has changed it: the service goes on with what it contains"
            raise StateFileError(self.path, problem)

    def _create_again(self) -> None:
        """The file was deleted: write it again, unless another has its name now."""
        data, check = snapshot_bytes(self.read().kept)
        try:
            file = create(self._path, data)
        except FileExistsError:
            problem = "another file has taken its place: remove that, or restart the server"
            raise StateFileError(self.path, problem) from None
        self._go_on_with(file, check, len(data))

    def _replace(self, kept: Kept) -> None:
        data, check = snapshot_bytes(kept)
        self._go_on_with(replace(self._path, data), check, len(data))

    def _go_on_with(self, file: int, check: str, length: int) -> None:
        """Write to a new file from now on, of which this is the snapshot."""
        os.close(self._file)
        self._file = file
        self._begin(check, length, length)

    def _is_in_place(self, file: int | None = None) -> bool:
        return is_at(self._file if file is None else file, self._path)

    def _check_is_ours(self) -> None:
        if self._file < 0 or self._pid != os.getpid():
            problem = "it is closed, or it was opened before a fork: only the parent can write it"
            raise StateFileError(self.path, problem)


def _hide_from_others(file: int) -> None:
    """Let only the owner read a file, as if it had been created here."""
    if os.chmod in os.supports_fd:
        with suppress(OSError):
            os.chmod(file, OWNER_ONLY)


def _leave(file: weakref.ref[StateFile]) -> None:
    found = file()
    if found is not None:
        found.leave()
