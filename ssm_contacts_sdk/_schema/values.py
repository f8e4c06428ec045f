"""Values that check themselves when a user builds them, and the checks that annotations declare."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar, cast, get_args, get_origin

import attrs

from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._privacy import hides_arguments
from ssm_contacts_sdk._schema.constraints import Constraint, Count
from ssm_contacts_sdk._schema.converters import OpenEnum
from ssm_contacts_sdk._schema.fields import (
    Field,
    absent_value,
    bare_type,
    cached,
    choices_of,
    declaring_class,
    fields_of,
    is_optional,
    is_union,
    metadata_of,
    without_none,
)
from ssm_contacts_sdk._schema.violations import (
    Check,
    raise_violations,
    violation,
    with_article,
    wrong_type,
)


class Value:
    """The base of all values: a value checks itself when a user builds it.

    What the service sends is read without these checks: a rule of ours must never make an existing
    contact unreadable.

    `_is_checked` is set once a value has passed its checks. A frozen value cannot break a rule
    later, so it is not checked again as a part of another value or as an argument. A value that
    was read is checked then.
    """

    __slots__ = ("_is_checked",)

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        # attrs creates a second class, which has the constructor.
        if "__attrs_attrs__" in vars(cls):
            constructor: Callable[..., None] = vars(cls)["__init__"]
            setattr(cls, "__init__", hides_arguments(constructor))  # noqa: B010 - not an instance's

    def __attrs_post_init__(self) -> None:
        if found := _find_violations(self):
            raise_violations(type(self).__name__, found)


# A frozen value rejects assignments, so the slot is set through its descriptor.
_set_checked: Callable[[Value, bool], None] = vars(Value)["_is_checked"].__set__

_Value = TypeVar("_Value", bound=Value)
_Read = TypeVar("_Read", bound=Callable[[Any], Value])
_Written = TypeVar("_Written", bound=Callable[[Any, dict[str, Any]], dict[str, Any]])
_Rule = TypeVar("_Rule", bound=Callable[[Any], Iterable[Violation]])
_RULE_FIELDS = "_rule_fields"
_AFTER_READING = "_after_reading"
_AFTER_WRITING = "_after_writing"


def rule(*fields: str) -> Callable[[_Rule], _Rule]:
    """Declare a method as a rule about several fields of a value.

    The method returns violations, whose paths begin at the value. It is only called if each of
    `fields` is valid by itself. Parts of a field may be invalid.
    """

    def mark(method: _Rule) -> _Rule:
        setattr(method, _RULE_FIELDS, frozenset(fields))
        return method

    return mark


def after_reading(method: _Read) -> _Read:
    """Declare a method that returns the value to use for one that was read from a response."""
    setattr(method, _AFTER_READING, True)
    return method


def after_writing(method: _Written) -> _Written:
    """Declare a method that returns the members to send, from those that were written."""
    setattr(method, _AFTER_WRITING, True)
    return method


def reading_hook(kind: type[_Value]) -> Callable[[_Value], _Value] | None:
    """Return the method of `kind` that is declared with `after_reading`."""
    return next(iter(_methods_with(_AFTER_READING, kind)), None)


def writing_hook(kind: type[Value]) -> Callable[[Any, dict[str, Any]], dict[str, Any]] | None:
    """Return the method of `kind` that is declared with `after_writing`."""
    return next(iter(_methods_with(_AFTER_WRITING, kind)), None)


def _methods_with(mark: str, kind: type) -> list[Callable[..., Any]]:
    # A method of a subclass replaces that of its base.
    names = dict.fromkeys(name for base in reversed(kind.__mro__) for name in vars(base))
    methods = (getattr(kind, name, None) for name in names)
    return [method for method in methods if callable(method) and hasattr(method, mark)]


class _Checks(NamedTuple):
    fields: tuple[tuple[str, Check], ...]
    rules: tuple[tuple[frozenset[str], Callable[[Any], Iterable[Violation]]], ...]


@cached
def _checks_of(kind: type) -> _Checks:
    fields = tuple((field.name, check_of(field.type)) for field in fields_of(kind))
    methods = _methods_with(_RULE_FIELDS, kind)
    rules = tuple((getattr(method, _RULE_FIELDS), method) for method in methods)
    return _Checks(fields, rules)


def violations_of(value: Value) -> Sequence[Violation]:
    """Return every rule that `value` breaks, with the paths of its parts."""
    return () if getattr(value, "_is_checked", False) else _find_violations(value)


def _find_violations(value: Value) -> Sequence[Violation]:
    checks = _checks_of(type(value))
    # Nearly all values are valid. Those need no paths and no order.
    for name, check in checks.fields:
        if check(getattr(value, name)):
            return _all_violations(value, checks)
    for _, method in checks.rules:
        for _ in method(value):
            return _all_violations(value, checks)
    _set_checked(value, True)
    return ()


def _all_violations(value: Value, checks: _Checks) -> Sequence[Violation]:
    found: list[Violation] = []
    broken: set[str] = set()
    for name, check in checks.fields:
        if of_field := check(getattr(value, name)):
            found += [each.under(name) for each in of_field]
            if any(not each.path for each in of_field):
                broken.add(name)
    for fields, method in checks.rules:
        if broken.isdisjoint(fields):
            found += method(value)
    order = [name for name, _ in checks.fields]
    return sorted(found, key=lambda each: _position(each.path, order))


def _position(path: str, order: Sequence[str]) -> int:
    """Return the position of the field that a path begins with; the value itself is last."""
    name = path.partition(".")[0].partition("[")[0]
    return order.index(name) if name in order else len(order)


@cached
def check_of(annotation: Any) -> Check:
    """Return the check that an annotation declares.

    >>> from typing import Annotated
    >>> from ssm_contacts_sdk._schema.constraints import Between
    >>> check_minutes = check_of(Annotated[int, Between(0, 60)] | None)
    >>> check_minutes(5), check_minutes(None), check_minutes(75)[0].rule
    ((), (), 'must be between 0 and 60 (got 75)')
    """
    if is_optional(annotation):
        return _or_none(check_of(without_none(annotation)))
    constraints = [each for each in metadata_of(annotation) if isinstance(each, Constraint)]
    bare = bare_type(annotation)
    if is_union(bare):
        return _check_part(tuple(choices_of(bare)))
    if get_origin(bare) is tuple:
        return _check_items(get_args(bare)[0], constraints)
    kind: type[Any] = get_origin(bare) or bare
    if issubclass(kind, OpenEnum):
        return _check_word(kind)
    return _check_part((kind,)) if issubclass(kind, Value) else _check_plain(kind, constraints)


def _or_none(check: Check) -> Check:
    return lambda value: () if value is None else check(value)


def _check_plain(kind: type, constraints: Sequence[Constraint]) -> Check:
    check_type = constraints[0].check_type if constraints else Constraint().check_type

    def check(value: object) -> Sequence[Violation]:
        # Python's bool is an int too.
        if type(value) is not kind and (isinstance(value, bool) or not isinstance(value, kind)):
            return check_type(value, kind)
        return check_value(value)

    check_value = _first_of([constraint.check for constraint in constraints])
    return check


def _first_of(checks: Sequence[Check]) -> Check:
    if len(checks) == 1:
        return checks[0]

    def check(value: object) -> Sequence[Violation]:
        return next(filter(None, (each(value) for each in checks)), ())

    return check


def _check_items(item: Any, constraints: Sequence[Constraint]) -> Check:
    check_item = check_of(item)
    named = next((each.expected for each in constraints if isinstance(each, Count)), None)
    expected = named or _list_of(item)

    def check(values: object) -> Sequence[Violation]:
        if not isinstance(values, tuple):
            return wrong_type(expected, values)
        found = [each for constraint in constraints for each in constraint.check(values)]
        for index, value in enumerate(cast("tuple[object, ...]", values)):
            if of_item := check_item(value):
                found += [each.under(f"[{index}]") for each in of_item]
        return found

    return check


def _list_of(item: Any) -> str:
    bare = bare_type(item)
    kinds = choices_of(bare) if is_union(bare) else [bare]
    return f"a list of {' or '.join(kind.__name__ for kind in kinds)}"


def _check_word(kind: type[OpenEnum]) -> Check:
    members = tuple(kind)
    rule_of_kind = f"must be one of {', '.join(kind.__members__)}"

    def check(value: object) -> Sequence[Violation]:
        if not isinstance(value, kind):
            return wrong_type(with_article(kind.__name__), value)
        return () if value in members else violation("unknown_choice", rule_of_kind)

    return check


def _check_part(kinds: tuple[type, ...]) -> Check:
    expected = " or ".join(with_article(kind.__name__) for kind in kinds)

    def check(value: Any) -> Sequence[Violation]:
        if not isinstance(value, kinds):
            # The most likely mistake is a builder, which is not a plan yet.
            hint = ": call .build()" if hasattr(value, "build") else ""
            return wrong_type(expected, value, hint=hint)
        # Most parts have been checked before, and then cost no call.
        if getattr(value, "_is_checked", False):
            return ()
        return _find_violations(cast("Value", value))

    return check


@cached
def trusted_constructor(kind: type[_Value]) -> Callable[..., _Value]:
    """Return a constructor of `kind` that fills the fields and neither converts nor checks.

    It is for what the service sent, and for what was calculated from that. Its arguments are the
    fields, by name. A field with a default, or that the service may leave out, is optional.

    For a user's subclass with additional fields, it constructs the base class of this package: the
    values of those fields are unknown.
    """
    return constructor_from_parts(kind, {}, None)


def constructor_from_parts(
    kind: type[_Value],
    exact: Mapping[str, type],
    hook: Callable[[_Value], _Value] | None,
) -> Callable[..., _Value]:
    """Return a `trusted_constructor` that raises a TypeError for a part of a wrong type.

    Args:
        kind: the class of the values.
        exact: the types of some fields, by name. An optional field can be None too.
        hook: a function that returns the value to use for the constructed one.
    """
    declares_all = len(attrs.fields(cast("Any", kind))) == len(fields_of(kind))
    made = kind if declares_all else declaring_class(kind)
    known: dict[str, Any] = {
        "__name__": __name__,
        "new": object.__new__,
        "kind": made,
        "hook": hook,
    }
    parameters: list[str] = []
    lines: list[str] = []
    for field in fields_of(kind):
        name, default = field.name, _trusted_default(field)
        known[f"default_{name}"] = default
        known[f"set_{name}"] = getattr(declaring_class(kind), name).__set__
        parameters.append(name if default is attrs.NOTHING else f"{name}=default_{name}")
        if name in exact:
            known[f"type_{name}"] = exact[name]
            unless = f"{name} is not None and " if is_optional(field.type) else ""
            lines.append(f"  if {unless}{name}.__class__ is not type_{name}: raise TypeError")
        lines.append(f"  set_{name}(_made, {name})")
    head = [f"def {kind.__name__}(*, {', '.join(parameters)}):", "  _made = new(kind)"]
    # attrs generates its constructors in the same way. A loop over the fields would be three times
    # as slow.
    lines.append("  return _made" if hook is None else "  return hook(_made)")
    exec("\n".join([*head, *lines]), known)  # noqa: S102 - of names of fields
    return cast("Callable[..., _Value]", known[kind.__name__])


def _trusted_default(field: Field) -> Any:
    absent = absent_value(field)
    is_calculated = isinstance(field.default, cast("type", attrs.Factory))
    return field.default if absent is attrs.NOTHING and not is_calculated else absent


def record_of(kind: type[_Value], value: Value, **others: object) -> _Value:
    """Return the record of a value that was sent: its fields, and what the service added."""
    fields = {name: getattr(value, name) for name in _common_fields(kind, type(value))}
    fields.update(others)
    return trusted_constructor(kind)(**fields)


@cached
def _common_fields(kind: type[Value], other: type[Value]) -> tuple[str, ...]:
    names = {field.name for field in fields_of(other)}
    return tuple(field.name for field in fields_of(kind) if field.name in names)
