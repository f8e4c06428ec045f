"""Conversions of what a user passes, for fields and arguments.

A value of the wrong type is returned as it is: the check of the field names it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar, cast

from ssm_contacts_sdk._schema.enums import OpenEnum

_T = TypeVar("_T")
_Choice = TypeVar("_Choice", bound=OpenEnum)


def as_tuple(values: Iterable[_T]) -> tuple[_T, ...]:
    """Return a list, a tuple or an iterator as a tuple.

    >>> as_tuple([1, 2]), as_tuple("ab")
    ((1, 2), 'ab')
    """
    if isinstance(values, (list, tuple, Iterator)):
        return tuple(values)
    return cast("tuple[_T, ...]", values)


def as_choice(kind: type[_Choice], value: _Choice | str) -> _Choice:
    """Return the member of `kind` for a plain word, such as `ChannelType.SMS` for ``"SMS"``."""
    return kind(value) if type(value) is str else cast("_Choice", value)
