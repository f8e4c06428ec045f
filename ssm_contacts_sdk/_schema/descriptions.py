"""The fields of a class as rows of a table, for the documentation and for comparisons."""

from __future__ import annotations

from typing import Any, NamedTuple, get_args, get_origin

import attrs

from ssm_contacts_sdk._schema.constraints import Constraint
from ssm_contacts_sdk._schema.converters import OpenEnum
from ssm_contacts_sdk._schema.fields import (
    aws_path,
    bare_type,
    choices_of,
    fields_of,
    is_optional,
    is_union,
    metadata_of,
    without_none,
)


class FieldDescription(NamedTuple):
    """One field of a class of values."""

    name: str
    aws_name: str
    """AWS's name; with a dot if the field is the only member of a structure."""
    type: str
    rule: str
    """The constraints in words; empty if there are none besides the type."""
    is_required: bool
    """Whether a user has to pass it."""


def describe(kind: type) -> list[FieldDescription]:
    """Return the fields of `kind`, in their order.

    >>> from ssm_contacts_sdk import Stage
    >>> describe(Stage)[0].rule
    'between 0 and 30'
    """
    return [
        FieldDescription(
            field.name,
            ".".join(aws_path(field)),
            type_name(field.type),
            "; ".join(rules_of(field.type)),
            field.default is attrs.NOTHING,
        )
        for field in fields_of(kind)
    ]


def constraints_of(annotation: Any) -> list[Constraint]:
    """Return the constraints of the value itself, and none of its items."""
    inner = without_none(annotation)
    return [each for each in metadata_of(inner) if isinstance(each, Constraint)]


def type_name(annotation: Any) -> str:
    """Return the type as the documentation names it, such as ``list of Stage``."""
    bare = bare_type(without_none(annotation))
    if is_union(bare):
        name = " or ".join(map(type_name, choices_of(bare)))
    elif get_origin(bare) is tuple:
        name = f"list of {type_name(get_args(bare)[0])}"
    else:
        name = bare.__name__
    return f"{name}, or None" if is_optional(annotation) else name


def rules_of(annotation: Any) -> list[str]:
    """Return the constraints of a type in words, with those of its items."""
    rules = [each.describe() for each in constraints_of(annotation)]
    bare = bare_type(without_none(annotation))
    if get_origin(bare) is tuple:
        return [*rules, *(f"each {rule}" for rule in rules_of(get_args(bare)[0]))]
    if isinstance(bare, type) and issubclass(bare, OpenEnum):
        return [f"one of {', '.join(bare.__members__)}"]
    return rules
