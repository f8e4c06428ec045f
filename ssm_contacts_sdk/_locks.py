"""Locks that a fork cannot leave taken for ever in the child."""

from __future__ import annotations

import os

# `threading.RLock` is a function in some versions of Python.
from _thread import RLock as LockType
from collections.abc import Sequence
from itertools import count
from threading import RLock
from weakref import WeakValueDictionary

# So long, in seconds, and so often: a fork must not wait for ever.
_PATIENCE, _ROUNDS = 5.0, 1_000


class _Locks:
    """All locks that `fork_safe_lock` made and that are still in use."""

    def __init__(self) -> None:
        self._all: WeakValueDictionary[int, LockType] = WeakValueDictionary()
        self._numbers = count()
        # Held during a fork, so that no lock is added meanwhile. A fork may happen in a signal
        # handler, in the middle of `new`.
        self._own = RLock()
        self._taken: Sequence[LockType] = ()

    def new(self) -> LockType:
        lock = RLock()
        with self._own:
            self._all[next(self._numbers)] = lock
        return lock

    def before_fork(self) -> None:
        self._own.acquire()
        self._taken = _take_all(list(self._all.values()))

    def after_in_parent(self) -> None:
        self._release()

    def after_in_child(self) -> None:
        taken = {id(lock) for lock in self._taken}
        for lock in list(self._all.values()):
            if id(lock) not in taken:
                # The thread that holds it does not exist in the child.
                getattr(lock, "_at_fork_reinit", lambda: None)()
        self._release()

    def _release(self) -> None:
        taken, self._taken = self._taken, ()
        for lock in taken:
            lock.release()
        self._own.release()


def _take_all(locks: Sequence[LockType]) -> Sequence[LockType]:
    """Take all locks, or none if that takes too long.

    It never holds one lock while it waits for another, so it needs to know no order.
    """
    for _ in range(_ROUNDS):
        if not locks or not locks[0].acquire(timeout=_PATIENCE):
            break
        for place, lock in enumerate(locks[1:], start=1):
            if not lock.acquire(blocking=False):
                for each in locks[:place]:
                    each.release()
                # It waits for this one next.
                locks = [*locks[place:], *locks[:place]]
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
    """Return a re-entrant lock that a fork waits for, so that what it guards is whole in the child.

    A fork waits a few seconds at most. A lock that is not free by then is free in the child all the
    same, since a child that waited for it would wait for ever.
    """
    return _locks.new()
