"""Enumerations that stay open when they are read."""

from __future__ import annotations

from enum import Enum


class OpenEnum(str, Enum):
    """An enumeration that stays open when it is read.

    A word that AWS adds later is a value of the same type, which is not one of the members:

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
