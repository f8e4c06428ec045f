"""Open enumerations, and the conversions of what a user passes for fields and arguments.

A value of the wrong type is returned unchanged. The check of the field then reports it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Any, TypeVar, cast


class OpenEnum(str, Enum):
    """An enumeration that accepts unknown words when a response is read.

    A word that AWS adds later is a value of the same type, but not one of the members:

    >>> class Colour(OpenEnum):
    ...     RED = "RED"
    >>> Colour("MAUVE").is_known, Colour("MAUVE") == "MAUVE", list(Colour)
    (False, True, [<Colour.RED: 'RED'>])
    """

    @classmethod
    def _missing_(cls, value: object) -> OpenEnum | None:
        if not isinstance(value, str):
            return None
        word = str.__new__(cls, value)
        word._name_ = value
        word._value_ = value
        return word

    @property
    def is_known(self) -> bool:
        """Whether this is a word that the package knew when it was released."""
        return self.value in type(self)._value2member_map_

    def __str__(self) -> str:
        return str(self.value)


_T = TypeVar("_T")
_Choice = TypeVar("_Choice", bound=OpenEnum)


def as_tuple(values: Iterable[_T]) -> tuple[_T, ...]:
    """Return a list, a tuple or an iterator as a tuple, and any other value unchanged.

    >>> as_tuple([1, 2]), as_tuple("ab")
    ((1, 2), 'ab')
    """
    if isinstance(values, (list, tuple, Iterator)):
        return tuple(values)
    return cast("tuple[_T, ...]", values)


def as_choice(kind: type[_Choice], value: _Choice | str) -> _Choice:
    """Return the member of `kind` for a plain word, such as `ChannelType.SMS` for ``"SMS"``."""
    if type(value) is not str:
        return cast("_Choice", value)
    # A lookup in a dict is five times as fast as `kind(value)`.
    member: Any = kind._value2member_map_.get(value)
    return member or kind(value)
