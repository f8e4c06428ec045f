"""Attributes that are created when they are first used."""

from __future__ import annotations

from functools import cached_property
from typing import Any, TypeVar, cast, overload

T = TypeVar("T")


# The name is that of a decorator, such as `property`.
class created_when_used(cached_property[T]):  # noqa: N801
    """A `cached_property` of which all threads get the same value, without a lock.

    In Python 3.10 and 3.11, the original holds a lock while it creates the value. If another thread
    forks in the meantime, the lock stays locked in the child.

    >>> class Circle:
    ...     radius = 1
    ...
    ...     @created_when_used
    ...     def area(self) -> float:
    ...         return self.radius**2 * 3.14
    >>> Circle().area
    3.14
    """

    @overload
    def __get__(self, instance: None, owner: type[Any] | None = None) -> created_when_used[T]: ...

    @overload
    def __get__(self, instance: object, owner: type[Any] | None = None) -> T: ...

    def __get__(self, instance: object, owner: type[Any] | None = None) -> created_when_used[T] | T:
        if instance is None:
            return self
        value = self.func(instance)
        # Another thread may have been faster.
        return cast("T", vars(instance).setdefault(self.func.__name__, value))


def forget_created(instance: object) -> None:
    """Make an object create its attributes again, for example because it is a copy of another."""
    values = vars(instance)
    for kind in type(instance).__mro__:
        for name, attribute in vars(kind).items():
            if isinstance(attribute, created_when_used):
                values.pop(name, None)
