"""State files: saved, loaded, and kept open by a service that writes each change.

What `OpenStateFile.append` has written survives the end of the process, even if it is killed,
because the operating system has it. It is not flushed to the disk each time, so a power failure can
lose the last seconds. A snapshot that replaces the file is flushed, so a whole file is never lost.
"""

import os
import weakref
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from ssm_contacts_sdk._errors import StateFileError
from ssm_contacts_sdk._public import public
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
    SavedState,
    read_content,
    record_bytes,
    snapshot_bytes,
)

_LEAST_RECORDS = 1 << 20
"""In bytes. With fewer records after its snapshot, a file is not rewritten."""


def save(saved: SavedState, path: Path) -> None:
    """Write a file, or replace it as a whole. Only its owner can read it.

    Raises:
        StateFileError: it cannot be written, is not a regular file, or a server is using it.
    """
    with state_file_errors(path, "it cannot be written"):
        # Symbolic links are followed, so that they stay.
        target = target_of_links(path)
        with _locked(target):
            os.close(replace(target, snapshot_bytes(saved)[0]))


def load(path: Path) -> SavedState:
    """Return the content of a file, which does not change.

    Raises:
        StateFileError: it cannot be read, is damaged, is of a later version, or is not a regular
            file.
    """
    with state_file_errors(path, "it cannot be read"):
        file = open_regular(path)
        try:
            data = read_all(file)
        finally:
            os.close(file)
    return read_content(path, data).saved


@public
class StateFile:
    """The state file of a persisted service, from `LocalService.persist`."""

    path: Path
    """The path that was passed to `persist`."""
    problem: StateFileError | None = None
    """Why the last attempt to write or read the file failed; None if it succeeded."""


class OpenStateFile(StateFile):
    """An open state file, which no other server can open at the same time.

    Args:
        path: the file. Symbolic links are followed.
        new: the content of the file if it does not exist.

    Raises:
        StateFileError: it cannot be read or written, is damaged, or another server is using it.
    """

    def __init__(self, path: Path, new: SavedState) -> None:
        self.path = path
        self.is_new: bool = False
        """Whether the file did not exist."""
        self._pid = os.getpid()
        with state_file_errors(path, "it cannot be written"):
            self._path = target_of_links(path)
            remove_leftovers(self._path)
            self._file = self._open(new)
        try:
            content = self.read()
            self._begin(content.checksum, content.length, content.snapshot_length)
        except BaseException:
            os.close(self._file)
            raise
        if hasattr(os, "register_at_fork"):
            # Otherwise the file would stay locked by a child process after its parent has ended.
            os.register_at_fork(after_in_child=partial(_release, weakref.ref(self)))

    @property
    def saved(self) -> SavedState:
        """The state in the file."""
        return self.read().saved

    def read(self) -> Content:
        """Return the content of the file, without a line that was not written completely.

        Raises:
            StateFileError: it cannot be read, or is damaged.
        """
        try:
            self._check_is_usable()
            with state_file_errors(self.path, "it cannot be read"):
                return read_content(self.path, read_all(self._file))
        except StateFileError as error:
            self.problem = error
            raise

    def read_again(self) -> SavedState:
        """Return the state in the file, and append after it from now on.

        Raises:
            StateFileError: it cannot be read, or is damaged.
        """
        content = self.read()
        self._checksum, self._length = content.checksum, content.length
        return content.saved

    def append(self, changes: Sequence[Change]) -> None:
        """Write changes. Afterwards they survive the end of the process.

        Raises:
            StateFileError: they are not written. The file is unchanged.
        """
        try:
            self._check_is_usable()
            with state_file_errors(self.path, "it cannot be written"):
                self._write(changes)
        except StateFileError as error:
            self.problem = error
            raise
        self.problem = None
        if self._length - self._snapshot_length > max(_LEAST_RECORDS, self._rewrite_threshold):
            self.rewrite()

    def rewrite(self) -> None:
        """Replace the file by a snapshot of its content. If that fails, it does not change."""
        # If this attempt fails, the next one is made only after as many records again.
        self._rewrite_threshold = 2 * (self._length - self._snapshot_length)
        with suppress(OSError, StateFileError):
            has_one_name = os.fstat(self._file).st_nlink == 1
            if self._length > self._snapshot_length and has_one_name and self._is_in_place():
                self._replace(self.read().saved)

    def close(self) -> None:
        """Rewrite the file, and release it. Closing a closed file does nothing."""
        if self._file >= 0:
            self.rewrite()
            self.release()

    def release(self) -> None:
        """Close the file without rewriting it."""
        file, self._file = self._file, -1
        if file >= 0:
            os.close(file)

    def _open(self, new: SavedState) -> int:
        while True:
            try:
                file = open_regular(self._path, writing=True)
            except FileNotFoundError:
                with suppress(FileExistsError):
                    # It is complete when it appears, so nobody reads it empty.
                    file = create(self._path, snapshot_bytes(new)[0])
                    self.is_new = True
                    return file
                continue
            try:
                lock(file)
                _restrict_to_owner(file)
            except BaseException:
                os.close(file)
                raise
            if self._is_in_place(file):
                return file
            # It was replaced between opening and locking.
            os.close(file)

    def _begin(self, checksum: str, length: int, snapshot_length: int) -> None:
        self._checksum, self._length, self._snapshot_length = checksum, length, snapshot_length
        # With this limit, rewriting costs as much as the changes before it, so that the cost of a
        # change does not grow with the state.
        self._rewrite_threshold = snapshot_length

    def _write(self, changes: Sequence[Change]) -> None:
        status = os.fstat(self._file)
        if status.st_size != self._length:
            self._check_is_unchanged()
        if status.st_nlink == 0:
            self._create_again()
        data, checksum = record_bytes(changes, self._checksum)
        if self._length == self._snapshot_length:
            # The line of the snapshot has no end yet.
            data = b"\n" + data
        try:
            # An earlier attempt may have left a part of a line.
            self._cut()
            os.lseek(self._file, self._length, os.SEEK_SET)
            write_all(self._file, data)
        except BaseException:
            with suppress(OSError):
                self._cut()
            raise
        self._checksum = checksum
        self._length += len(data)

    def _cut(self) -> None:
        """Remove a line that was not written completely."""
        with state_file_errors(self.path, "it cannot be written"):
            if os.fstat(self._file).st_size != self._length:
                os.ftruncate(self._file, self._length)

    def _check_is_unchanged(self) -> None:
        """Reject a file that another program has changed.

        A part of a line, which an earlier attempt has left, is not a change.
        """
        if self.read().checksum != self._checksum:
            problem = "another program has changed it: the service continues with its content"
            raise StateFileError(self.path, problem)

    def _create_again(self) -> None:
        """Write a deleted file again, unless another file has its name now."""
        data, checksum = snapshot_bytes(self.read().saved)
        try:
            file = create(self._path, data)
        except FileExistsError:
            problem = "another file has taken its place: remove that, or restart the server"
            raise StateFileError(self.path, problem) from None
        self._continue_in(file, checksum, len(data))

    def _replace(self, saved: SavedState) -> None:
        data, checksum = snapshot_bytes(saved)
        self._continue_in(replace(self._path, data), checksum, len(data))

    def _continue_in(self, file: int, checksum: str, length: int) -> None:
        """Replace the open file by a new one, which contains a snapshot alone."""
        os.close(self._file)
        self._file = file
        self._begin(checksum, length, length)

    def _is_in_place(self, file: int | None = None) -> bool:
        return is_at(self._file if file is None else file, self._path)

    def _check_is_usable(self) -> None:
        if self._file < 0 or self._pid != os.getpid():
            problem = "it is closed, or it was opened before a fork: only the parent can write it"
            raise StateFileError(self.path, problem)


def _restrict_to_owner(file: int) -> None:
    """Set the permissions that a new state file has: only the owner can read and write it."""
    if os.chmod in os.supports_fd:
        with suppress(OSError):
            os.chmod(file, OWNER_ONLY)


def _release(file: "weakref.ref[OpenStateFile]") -> None:
    found = file()
    if found is not None:
        found.release()


@contextmanager
def _locked(path: Path) -> Generator[None]:
    """Lock a file while it is replaced.

    Raises:
        FileInUseError: a server is using it.
    """
    try:
        file = open_regular(path)
    except OSError:
        # It does not exist or cannot be read. `replace` finds out whether it can be replaced.
        yield
        return
    try:
        lock(file)
        yield
    finally:
        os.close(file)
