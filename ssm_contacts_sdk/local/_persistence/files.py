"""Operations on files: regular files only, read and replaced as a whole, and locked."""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import mkstemp

from ssm_contacts_sdk._errors import StateFileError

if sys.platform != "win32":
    # Not in the function: it may be called while Python ends, when nothing can be imported.
    import fcntl

_KINDS = {
    stat.S_IFDIR: "a directory",
    stat.S_IFIFO: "a FIFO",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}
# Opening must neither wait nor make a terminal the controlling one. Not every system has all of
# these flags.
_FLAGS = sum(getattr(os, name, 0) for name in ("O_BINARY", "O_CLOEXEC", "O_NONBLOCK", "O_NOCTTY"))

OWNER_ONLY = 0o600
"""The mode of a state file, which contains addresses, texts and codes."""

_TEMPORARY = r"[a-z0-9_]{8}\.tmp"


class FileInUseError(OSError):
    """Another process, or another part of this one, has locked the file."""


@contextmanager
def state_file_errors(path: Path, attempt: str) -> Generator[None]:
    """Raise errors of the operating system as `StateFileError`.

    Args:
        path: the file.
        attempt: the beginning of the message, such as "it cannot be read".
    """
    try:
        yield
    except FileInUseError:
        problem = "another server is using it: end that one, or choose another file"
        raise StateFileError(path, problem) from None
    except (OSError, ValueError, MemoryError) as error:
        # Errors that Python itself raises, such as for a NUL, have no strerror.
        why = getattr(error, "strerror", None) or "no file can have this name or size"
        raise StateFileError(path, f"{attempt} ({why}): choose another file") from error


def target_of_links(path: Path) -> Path:
    """Return the target of `path`, which must be a regular file or not exist.

    Raises:
        StateFileError: it is not a regular file.
        OSError: it cannot be examined.
    """
    with suppress(FileNotFoundError):
        _reject_special(path, path.stat())
    return Path(os.path.realpath(path))


def open_regular(path: Path, *, writing: bool = False) -> int:
    """Open a regular file, and return its descriptor. It does not wait, even if it is a FIFO.

    Raises:
        StateFileError: it is not a regular file.
        OSError: it cannot be opened.
    """
    # Opening a device can have an effect, so the file is examined before and after.
    _reject_special(path, path.stat())
    file = os.open(path, (os.O_RDWR if writing else os.O_RDONLY) | _FLAGS)
    try:
        _reject_special(path, os.fstat(file))
    except BaseException:
        os.close(file)
        raise
    return file


def read_all(file: int) -> bytes:
    """Return all bytes of an open file; only the first ones if it cannot be a state file."""
    parts: list[bytes] = []
    os.lseek(file, 0, os.SEEK_SET)
    while part := os.read(file, 1 << 20):
        is_text = b"\0" not in part and (parts or part.lstrip().startswith(b"{"))
        parts.append(part)
        if not is_text:
            # It is not a state file, and may be huge.
            break
    return b"".join(parts)


def write_all(file: int, data: bytes) -> None:
    """Write all bytes at the position of an open file.

    Raises:
        OSError: a part may have been written.
    """
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]


def lock(file: int) -> None:
    """Lock an open file until it is closed, also in processes that inherit it.

    Without support by the operating system or the file system, nothing is locked.

    Raises:
        FileInUseError: another process, or another part of this one, has locked it.
    """
    if sys.platform == "win32":
        return
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise FileInUseError from None
    except OSError:
        # A file system without locks.
        pass


def replace(path: Path, data: bytes) -> int:
    """Replace a file as a whole, or create it, and return the open and locked new one.

    Only its owner can read the new one. `path` must not be a symbolic link.

    Raises:
        OSError: it could not be written. The file is unchanged.
    """
    return _write_new(path, data, replaces=True)


def create(path: Path, data: bytes) -> int:
    """Create a file as a whole, and return it open and locked.

    Raises:
        FileExistsError: the file exists.
        OSError: it could not be written.
    """
    return _write_new(path, data, replaces=False)


def remove_leftovers(path: Path) -> None:
    """Remove temporary files of processes that were killed while they wrote `path`."""
    if sys.platform == "win32":
        # Without locks, one of them may still be in use.
        return
    pattern = re.compile(re.escape(f".{path.name}.") + _TEMPORARY)
    with suppress(OSError):
        found = [entry.path for entry in os.scandir(path.parent) if pattern.fullmatch(entry.name)]
        for each in found:
            _remove_unless_locked(Path(each))


def is_at(file: int, path: Path) -> bool:
    """Return whether an open file is the one at `path`."""
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except OSError:
        return False


def _remove_unless_locked(path: Path) -> None:
    with suppress(OSError, StateFileError):
        if path.is_symlink():
            return
        file = open_regular(path)
        try:
            lock(file)
            path.unlink()
        finally:
            os.close(file)


def _write_new(path: Path, data: bytes, *, replaces: bool) -> int:
    remove_leftovers(path)
    file, temporary = _new_temporary(path)
    try:
        write_all(file, data)
        os.fsync(file)
        if replaces:
            temporary.replace(path)
        else:
            _move_to_free_name(temporary, path)
    except BaseException:
        os.close(file)
        temporary.unlink(missing_ok=True)
        raise
    return file


def _new_temporary(path: Path) -> tuple[int, Path]:
    """Create a file beside `path`, locked so that no other process removes it as a leftover."""
    while True:
        # It belongs to the owner alone, and is on the same file system, so that it can replace
        # `path` in one step.
        file, name = mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
        try:
            lock(file)
        except FileInUseError:
            # Another process found it before it was locked, and is removing it.
            os.close(file)
            continue
        except BaseException:
            os.close(file)
            Path(name).unlink(missing_ok=True)
            raise
        if is_at(file, Path(name)):
            return file, Path(name)
        os.close(file)


def _move_to_free_name(temporary: Path, path: Path) -> None:
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links.
        if path.exists():
            raise FileExistsError from None
        temporary.replace(path)
    else:
        temporary.unlink()


def _reject_special(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        kind = _KINDS.get(stat.S_IFMT(status.st_mode), "something else")
        raise StateFileError(path, f"must be a regular file (got {kind}): choose another")
