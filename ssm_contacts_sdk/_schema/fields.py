"""AWS's name of a field and its form in requests and responses, as its annotation declares them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, Union, cast, get_args, get_origin

import attrs

if TYPE_CHECKING:
    Field = attrs.Attribute[Any]
else:
    # The class has no parameters at run time.
    Field = attrs.Attribute

_F = TypeVar("_F", bound=Callable[..., Any])
_PACKAGE = __name__.partition(".")[0]


def cached(function: _F) -> _F:
    """Decorate a function whose result is calculated once for each type, by `functools.cache`.

    Unlike with `functools.cache` alone, type checkers know the signature of the function.
    """
    return cast("_F", cache(function))


class AwsName:
    """AWS's name of a field, if it is not the field's own name in CamelCase.

    Two names are those of a structure and of its only member: ``AwsName("DeliveryAddress",
    "SimpleAddress")``.
    """

    def __init__(self, *path: str) -> None:
        self.path = path


class WhenAbsent:
    """The value of a field without a default, if AWS's model allows to leave it out."""

    def __init__(self, value: object) -> None:
        self.value = value


class KeyedBy:
    """A tuple that is a map in requests and responses, with this field of its items as the key."""

    def __init__(self, field: str) -> None:
        self.field = field


class OneOf:
    """A union that is a structure with exactly one of these members in requests and responses."""

    def __init__(self, **members: type) -> None:
        self.members: Mapping[str, type] = members


def metadata_of(annotation: Any) -> tuple[Any, ...]:
    """Return the metadata that `Annotated` adds to a type, without that of its parts."""
    return getattr(annotation, "__metadata__", ())


def bare_type(annotation: Any) -> Any:
    """Return the type without the metadata that `Annotated` adds to it. Its parts do not change.

    >>> bare_type(Annotated[int, "minutes"])
    <class 'int'>
    """
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def is_union(annotation: Any) -> bool:
    """Return whether it is a union, in any spelling."""
    return get_origin(annotation) in {Union, UnionType}


def choices_of(union: Any) -> list[Any]:
    """Return the types of a union, without None."""
    return [each for each in get_args(union) if each is not type(None)]


def is_optional(annotation: Any) -> bool:
    """Return whether None is a valid value."""
    bare = bare_type(annotation)
    return is_union(bare) and type(None) in get_args(bare)


def without_none(annotation: Any) -> Any:
    """Return the annotation without None as a valid value.

    >>> without_none(int | None), without_none(int)
    (<class 'int'>, <class 'int'>)
    """
    if not is_optional(annotation):
        return annotation
    kind: Any = Union[tuple(choices_of(bare_type(annotation)))]
    parameters = (kind, *metadata_of(annotation))
    return Annotated[parameters] if len(parameters) > 1 else kind


@cached
def declaring_class(kind: type) -> type:
    """Return the class of this package that declares the fields of `kind`.

    It is `kind` itself, or the nearest base of a class that a user has derived from one of ours.
    """
    ours = (base for base in kind.__mro__ if base.__module__.partition(".")[0] == _PACKAGE)
    return next(filter(attrs.has, ours), kind)


def fields_of(kind: type) -> tuple[Field, ...]:
    """Return the fields of an attrs class, without those that a user's subclass adds.

    The service does not know the latter, and their annotations may be of any kind.
    """
    fields: tuple[Field, ...] = attrs.fields(declaring_class(kind))
    return fields


def aws_path(field: Field) -> tuple[str, ...]:
    """Return AWS's name of a field; two names if it is the only member of a structure."""
    for each in metadata_of(field.type):
        if isinstance(each, AwsName):
            return each.path
    return ("".join(word.capitalize() for word in field.name.split("_")),)


def absent_value(field: Field) -> Any:
    """Return the value of a field that the service leaves out; `attrs.NOTHING` if it is required.

    A calculated default applies only to values that a user builds.
    """
    for each in metadata_of(field.type):
        if isinstance(each, WhenAbsent):
            return each.value
    return None if field.default is None else attrs.NOTHING
