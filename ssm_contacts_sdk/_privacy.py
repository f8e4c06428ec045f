"""Keep private arguments out of the frames that error reporters record.

Error reporters (Sentry, rich, structlog, cgitb, ``pytest -l``) show the local variables of every
frame that an exception passed through. An argument such as a phone number is a local variable of
the function that has the parameter, and of every function that it is passed on to.

A function that is decorated with `hides_arguments` removes such variables. If it raises, it clears
the frames of libraries below it (``frame.clear()``), up to the first frame of other code, and
deletes its own arguments. The exception, its traceback and its line numbers do not change.

Reporters can also record frames that are still running, for example if they are called from
``RetryPolicy(on_retry=...)``. So the methods that make a call have no private variables during the
call: they delete their private arguments after they have created the `Request`, which hides them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from inspect import isfunction, isgeneratorfunction
from traceback import walk_tb
from types import FrameType, FunctionType
from typing import Any, ParamSpec, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")

# The frames of other code, such as a function that a caller passed, are not cleared.
_LIBRARIES = sys.stdlib_module_names | {
    "attr",
    "attrs",
    "boto3",
    "botocore",
    "cattrs",
    "ssm_contacts_sdk",
    "tenacity",
    "urllib3",
}
_GENERATED = "<cattrs generated"


class _HiddenArguments:
    """The arguments of a function. Its `repr` does not show them."""

    __slots__ = ("args", "kwargs")
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


def clear_frames(error: BaseException, handled: BaseException | None = None) -> None:
    """Clear the local variables of the finished frames of libraries that `error` passed through.

    In each traceback it stops at the first frame of other code, such as a function that a caller
    passed. That code may have raised an older error, whose frames may still be in use.

    Args:
        error: the exception. Its causes and contexts are included, unless other code raised it.
        handled: an older exception, at which to stop, because it does not belong to this call.
    """
    seen: set[int] = set()
    left: list[BaseException | None] = [error]
    while left:
        each = left.pop()
        if each is None or each is handled or id(each) in seen:
            continue
        seen.add(id(each))
        for frame, _ in walk_tb(each.__traceback__):
            if frame.f_code is _GUARD:
                # It has no private variables.
                continue
            if not _is_of_a_library(frame):
                # This frame, and earlier errors, belong to other code.
                break
            # Python does not clear a frame that is still running.
            with suppress(RuntimeError):
                frame.clear()
        else:
            left += (each.__cause__, each.__context__)


def hides_arguments(function: Callable[P, R]) -> Callable[P, R]:
    """Decorate a function whose arguments may be private, so that its errors do not show them.

    >>> @hides_arguments
    ... def divide(secret: int) -> float:
    ...     return secret / 0
    >>> try:
    ...     divide(271828)
    ... except ZeroDivisionError as error:
    ...     any(271828 in frame.f_locals.values() for frame, _ in walk_tb(error.__traceback__))
    False
    """
    # Closure variables, because the guard has the globals of the function.
    clear, current, hidden = clear_frames, sys.exc_info, _HiddenArguments

    def guard(*args: Any, **kwargs: Any) -> Any:
        # pytest does not show this frame.
        __tracebackhide__ = True
        handled, arguments = current()[1], hidden()
        # A constructor with parameters would be one more function call for each call.
        arguments.args, arguments.kwargs = args, kwargs
        del args, kwargs
        try:
            return function(*arguments.args, **arguments.kwargs)
        except BaseException as error:
            clear(error, handled)
            raise
        finally:
            del handled, arguments

    plain = cast("FunctionType", function)
    # doctest only finds functions with the globals of the module that it tests.
    own = FunctionType(guard.__code__, plain.__globals__, plain.__name__, None, guard.__closure__)
    return cast("Callable[P, R]", wraps(plain)(own))


def hides_all_arguments(kind: type[T]) -> type[T]:
    """Decorate each public method of a class with `hides_arguments`.

    It must be above ``@frozen``, because attrs creates a new class.
    """
    members: dict[str, Any] = dict(vars(kind))
    for name, member in members.items():
        if name.startswith("_"):
            continue
        if type(member) in (classmethod, staticmethod):
            setattr(kind, name, type(member)(hides_arguments(member.__func__)))
        elif isfunction(member) and not isgeneratorfunction(member):
            setattr(kind, name, hides_arguments(member))
    return kind


# The code of all guards is the same.
_GUARD = cast("FunctionType", hides_arguments(clear_frames)).__code__


def _is_of_a_library(frame: FrameType) -> bool:
    module = str(frame.f_globals.get("__name__", ""))
    return module.partition(".")[0] in _LIBRARIES or frame.f_code.co_filename.startswith(_GENERATED)
