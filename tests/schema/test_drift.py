"""The declarations of values and operations are compared with AWS's model, as botocore has it.

Each intended difference is listed in `model_differences` with its reason. For any other difference
a test fails, and names what AWS changed: a member, a type, a limit, a pattern, a word. The last
tests change a copy of the model in each of these ways, at every place.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from amounts import amount
from botocore.loaders import Loader
from model_differences import MEANT, differences, kinds

import ssm_contacts_sdk
from ssm_contacts_sdk import _models
from ssm_contacts_sdk._schema.values import Value

MODEL: dict[str, Any] = Loader().load_service_model("ssm-contacts", "service-2")
Shapes = dict[str, Any]


def test_the_declarations_differ_from_the_model_only_where_it_is_intended() -> None:
    assert differences(MODEL) == MEANT


def test_every_public_class_of_values_is_compared() -> None:
    public = {getattr(ssm_contacts_sdk, name) for name in ssm_contacts_sdk.__all__}
    values = {
        each
        for each in public
        if isinstance(each, type) and issubclass(each, Value) and _is_of_the_models(each)
    }
    # ShiftCoverage is an entry of a map, which has no structure of its own.
    assert {each.__name__ for each in values - set(kinds())} == {"ShiftCoverage"}


def _is_of_the_models(kind: type) -> bool:
    return any(
        kind.__name__ in vars(import_module(module.name))
        for module in iter_modules(_models.__path__, "ssm_contacts_sdk._models.")
    )


def _new_member(shapes: dict[str, Any]) -> None:
    shapes["Stage"]["members"]["Colour"] = {"shape": "Subject"}


def _removed_member(shapes: dict[str, Any]) -> None:
    del shapes["Page"]["members"]["ReadTime"]


def _required_member(shapes: dict[str, Any]) -> None:
    shapes["CreateContactRequest"]["required"].append("DisplayName")


def _optional_member(shapes: dict[str, Any]) -> None:
    shapes["ResolutionContact"]["required"].remove("Type")


def _limit(shapes: dict[str, Any]) -> None:
    shapes["StageDurationInMins"]["max"] = 60


def _length(shapes: dict[str, Any]) -> None:
    shapes["ContactAlias"]["min"] = 2


def _count(shapes: dict[str, Any]) -> None:
    shapes["RotationContactsArnList"]["max"] = 40


def _pattern(shapes: dict[str, Any]) -> None:
    shapes["ContactAlias"]["pattern"] = r"^[a-z0-9_\-.]*$"


def _pattern_that_is_not_checked(shapes: dict[str, Any]) -> None:
    shapes["Policy"]["pattern"] = r".*\S\S.*"


def _word(shapes: dict[str, Any]) -> None:
    shapes["ChannelType"]["enum"].append("PUSH")


def _target(shapes: dict[str, Any]) -> None:
    shapes["Target"]["members"]["TeamTargetInfo"] = {"shape": "ContactTargetInfo"}


CHANGES: list[tuple[Callable[[dict[str, Any]], None], str]] = [
    (_new_member, "Stage: Colour is not declared"),
    (_removed_member, "PageSummary: ReadTime is not in AWS's model"),
    (_required_member, "Contact.display_name: AWS requires it, and it may be absent"),
    (
        _optional_member,
        "Resolution.type: AWS does not require it, and its absence is not declared",
    ),
    (_limit, "Stage.duration_in_minutes: most 30, and AWS has 60"),
    (_length, "ContactSummary.alias: least 1, and AWS has 2"),
    (_count, "Rotation.contact_ids: most 30, and AWS has 40"),
    (
        _pattern,
        r"Contact.alias: pattern '^[a-z0-9_\\-]*$', and AWS has '^[a-z0-9_\\-.]*$'",
    ),
    (
        _pattern_that_is_not_checked,
        r"ContactPolicy.text: pattern '.*\\S.*', and AWS has '.*\\S\\S.*'",
    ),
    (
        _word,
        "Channel.type: ['EMAIL', 'SMS', 'VOICE'], and AWS has ['EMAIL', 'PUSH', 'SMS', 'VOICE']",
    ),
    (
        _target,
        "Stage.targets[]: one of ['ChannelTargetInfo', 'ContactTargetInfo'], and AWS has "
        "['ChannelTargetInfo', 'ContactTargetInfo', 'TeamTargetInfo']",
    ),
]


@pytest.mark.parametrize(
    ("change", "expected"), CHANGES, ids=[each.__name__.strip("_") for each, _ in CHANGES]
)
def test_a_changed_model_is_named(change: Callable[[dict[str, Any]], None], expected: str) -> None:
    model = copy.deepcopy(MODEL)
    change(model["shapes"])
    assert expected in differences(model) - MEANT


def used(name: str, found: set[str]) -> set[str]:
    """Add a shape, and the shapes of which it consists, to those that were found."""
    if name not in found:
        found.add(name)
        shape = MODEL["shapes"][name]
        parts = [*shape.get("members", {}).values()]
        parts += [shape[part] for part in ("member", "key", "value") if part in shape]
        for part in parts:
            used(part["shape"], found)
    return found


def everywhere() -> set[str]:
    """Return the names of all shapes of requests and responses."""
    found: set[str] = set()
    for operation in MODEL["operations"].values():
        used(operation["input"]["shape"], found)
        used(operation["output"]["shape"], found)
    return found


def changed(shape: dict[str, Any], **members: object) -> dict[str, Any]:
    return {name: value for name, value in {**shape, **members}.items() if value is not None}


def changes_of(shape: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield a shape with each change that AWS could make to it, and what the change is."""
    kind = shape["type"]
    if kind in {"string", "integer", "list"}:
        yield "another min", changed(shape, min=shape.get("min", 0) + 2)
        yield "another max", changed(shape, max=shape.get("max", 500) + 1)
    if shape.get("min"):
        yield "no min", changed(shape, min=None)
    if "max" in shape:
        yield "no max", changed(shape, max=None)
    if "pattern" in shape:
        yield "no pattern", changed(shape, pattern=None)
    if "enum" in shape:
        yield "another word", changed(shape, enum=[*shape["enum"], "NEW"])
        yield "a word less", changed(shape, enum=shape["enum"][1:])
    elif kind == "string":
        yield "another pattern", changed(shape, pattern=shape.get("pattern", "") + "x?")
    if kind == "list":
        yield "other items", changed(shape, member={"shape": "StageIndex"})
    if kind == "structure":
        yield from changed_members(shape)
    else:
        yield "another type", {"type": "integer" if kind == "string" else "string"}


def changed_members(shape: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    members, required = shape["members"], shape.get("required", [])
    yield "a new member", changed(shape, members={**members, "New": {"shape": "Subject"}})
    for name in members:
        others = {each: value for each, value in members.items() if each != name}
        rest = [each for each in required if each != name]
        renamed = {**others, f"{name}2": members[name]}
        yield f"no {name}", changed(shape, members=others, required=rest)
        yield f"{name} renamed", changed(shape, members=renamed, required=rest)
        if name in required:
            yield f"{name} not required", changed(shape, required=rest)
        else:
            yield f"{name} required", changed(shape, required=[*required, name])


CHANGED = [
    pytest.param(name, shape, id=f"{name}: {what}")
    for name in sorted(everywhere())
    for what, shape in changes_of(MODEL["shapes"][name])
]


def test_there_are_changes_of_every_kind_of_shape() -> None:
    assert len(CHANGED) > 1000
    kinds_of_shapes = {MODEL["shapes"][name]["type"] for name in everywhere()}
    assert kinds_of_shapes == {
        *("string", "integer", "boolean", "timestamp", "list", "map", "structure")
    }


@pytest.mark.parametrize(("name", "shape"), CHANGED if amount(quick=0, long=1) else CHANGED[::25])
def test_every_change_of_the_model_is_named(name: str, shape: dict[str, Any]) -> None:
    model = {**MODEL, "shapes": {**MODEL["shapes"], name: shape}}
    assert differences(model) != MEANT
