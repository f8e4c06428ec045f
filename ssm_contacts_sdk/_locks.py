"""Locks that are never held by a missing thread in the child of a fork."""

from __future__ import annotations

import os

# `threading.RLock` is a function in some versions of Python.
from _thread import RLock as LockType
from collections.abc import Sequence
from itertools import count
from threading import RLock
from weakref import WeakValueDictionary

# The limits of what a fork waits for: seconds for a lock, and rounds for all locks.
_TIMEOUT, _ROUNDS = 5.0, 1_000


class _Locks:
    """All locks that `fork_safe_lock` returned and that still exist."""

    def __init__(self) -> None:
        self._all: WeakValueDictionary[int, LockType] = WeakValueDictionary()
        self._numbers = count()
        # It is held during a fork, so that no lock is added. It is re-entrant, because a signal
        # handler may fork in the middle of `new`.
        self._own = RLock()
        self._acquired: Sequence[LockType] = ()

    def new(self) -> LockType:
        lock = RLock()
        with self._own:
            self._all[next(self._numbers)] = lock
        return lock

    def before_fork(self) -> None:
        self._own.acquire()
        self._acquired = _acquire_all(list(self._all.values()))

    def after_in_parent(self) -> None:
        self._release()

    def after_in_child(self) -> None:
        acquired = {id(lock) for lock in self._acquired}
        for lock in list(self._all.values()):
            if id(lock) not in acquired:
                # The thread that holds it does not exist in the child.
                getattr(lock, "_at_fork_reinit", lambda: None)()
        self._release()

    def _release(self) -> None:
        acquired, self._acquired = self._acquired, ()
        for lock in acquired:
            lock.release()
        self._own.release()


def _acquire_all(locks: Sequence[LockType]) -> Sequence[LockType]:
    """Acquire all locks and return them, or none of them if that takes too long.

    It never holds a lock while it waits for another one, so the order of the locks is not relevant.
    """
    for _ in range(_ROUNDS):
        if not locks or not locks[0].acquire(timeout=_TIMEOUT):
            break
        for index, lock in enumerate(locks[1:], start=1):
            if not lock.acquire(blocking=False):
                for each in locks[:index]:
                    each.release()
                # Wait for this one next.
                locks = [*locks[index:], *locks[:index]]
                break
        else:
            return locks
    return ()


_locks = _Locks()
if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_locks.before_fork,
        after_in_parent=_locks.after_in_parent,
        after_in_child=_locks.after_in_child,
    )


def fork_safe_lock() -> LockType:
    """Return a re-entrant lock that a fork waits for, so that the child sees consistent data.

    A fork waits a few seconds at most. A lock that is still held then is released in the child, in
    which the thread that holds it does not exist.
    """
    return _locks.new()
