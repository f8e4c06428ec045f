"""The old names of `_schema.wire`, until their users use the new ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from ssm_contacts_sdk._schema.values import Value
from ssm_contacts_sdk._schema.wire import (
    Writable,
    from_response,
    items_reader_of,
    to_kwargs,
    writer_of,
)

__all__ = ["Writable", "from_response", "items_of", "to_kwargs", "written_as"]

_T = TypeVar("_T", bound=Value)


def items_of(
    kind: type[_T],
    response: Mapping[str, object],
    name: str,
    *,
    always_there: bool = True,
    known: Mapping[str, object] | None = None,
) -> tuple[_T, ...]:
    return items_reader_of(kind, name, required=always_there)(response, known)


def written_as(kind: type[_T], value: _T) -> dict[str, object]:
    return writer_of(kind)(value)
