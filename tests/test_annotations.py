"""`typing.get_type_hints` works for public names, as dependency injection needs."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, Union, cast, get_type_hints

import boto3
import pytest
from botocore.client import BaseClient

import ssm_contacts_sdk
import ssm_contacts_sdk.local
from ssm_contacts_sdk import (
    Contact,
    ContactsClient,
    EngagementPlan,
    Finding,
    OnCallCalendar,
    Plan,
    RetryPolicy,
    RotationRef,
    Timeline,
)
from ssm_contacts_sdk.local import LocalService

ROOT = Path(__file__).parents[1]
SPECIAL = {"__init__", "__enter__", "__call__", "__iter__", "__next__"}


def annotated() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield the public classes and functions, the resources, and the methods of the classes."""
    public = {
        f"{module.__name__}.{name}": getattr(module, name)
        for module in (ssm_contacts_sdk, ssm_contacts_sdk.local)
        for name in module.__all__
    }
    resources = {
        name: get_type_hints(member.func)["return"]
        for name, member in vars(ContactsClient).items()
        if isinstance(member, cached_property) and not name.startswith("_")
    }
    for where, value in {**public, **resources}.items():
        if inspect.isfunction(value):
            yield where, value
        if isinstance(value, type):
            yield where, value
            yield from ((f"{where}.{each}", method) for each, method in methods(value))


def methods(kind: type) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield the methods and properties of a class, and those of its bases in this package."""
    ours = [base for base in reversed(kind.__mro__) if base.__module__.startswith("ssm_contacts")]
    members: dict[str, Any] = {name: value for base in ours for name, value in vars(base).items()}
    for name, value in members.items():
        if name.startswith("_") and name not in SPECIAL:
            continue
        # The function of a class method, a property or a cached property.
        inner = [getattr(value, each, None) for each in ("__func__", "fget", "func")]
        function = next((each for each in inner if each is not None), value)
        if inspect.isfunction(function):
            yield name, function


ANNOTATED = dict(annotated())


def test_the_annotations_of_public_names_can_be_resolved() -> None:
    for name, value in ANNOTATED.items():
        assert get_type_hints(value) is not None, name


def test_all_kinds_of_public_names_are_tested() -> None:
    assert {
        "ssm_contacts_sdk.ContactsClient",
        "ssm_contacts_sdk.ContactsClient.__init__",
        "ssm_contacts_sdk.ContactsClient.call",
        "ssm_contacts_sdk.Listing.by_page",
        "ssm_contacts_sdk.local.LocalService.connect",
        "ssm_contacts_sdk.ChannelTarget.__init__",
        "contacts.create",
        "engagements.follow",
        "tags.list",
    } <= ANNOTATED.keys()


def test_annotations_resolve_to_the_classes_themselves() -> None:
    contacts = get_type_hints(ContactsClient.contacts.func)["return"]
    assert contacts is type(ContactsClient.local().contacts)
    client = get_type_hints(ContactsClient.__init__)
    assert client["session"] == Union[boto3.session.Session, None]
    # boto3 creates the class of a client together with the client.
    assert client["boto3_client"] == Union[BaseClient, None]
    assert client["retry"] == Union[RetryPolicy, None]
    assert get_type_hints(ContactsClient.preview)["return"] is Timeline
    assert get_type_hints(ContactsClient.audit)["return"] == tuple[Finding, ...]
    assert get_type_hints(ContactsClient.calendar)["return"] is OnCallCalendar
    assert get_type_hints(Plan.engagement)["return"] is EngagementPlan
    assert get_type_hints(Plan.on_call)["rotations"] == RotationRef
    assert get_type_hints(LocalService.client)["return"] is ContactsClient
    assert get_type_hints(Contact)["plan"] == Plan


def test_an_unknown_type_of_boto3_is_a_plain_attribute_error() -> None:
    from ssm_contacts_sdk import _boto3_types as boto3_types

    name = "Client"
    with pytest.raises(AttributeError, match="boto3_types' has no attribute 'Client'"):
        getattr(boto3_types, name)


def nodes_in_code(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what a module consists of, without its annotations."""
    yield node
    for name, value in ast.iter_fields(node):
        values = cast("list[object]", value) if isinstance(value, list) else [value]
        for each in values:
            if name not in {"annotation", "returns"} and isinstance(each, ast.AST):
                yield from nodes_in_code(each)


def uses_the_public_package(path: Path) -> bool:
    """Return whether a module uses a public name by ``sdk.NAME`` in its code."""
    return any(
        isinstance(node, ast.Name) and node.id == "sdk"
        for node in nodes_in_code(ast.parse(path.read_text(encoding="utf-8")))
    )


def test_only_a_client_uses_the_public_package_outside_annotations() -> None:
    """The embedded service must not validate by the checks of the public values."""
    package = Path(ssm_contacts_sdk.__file__).parent
    users = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if uses_the_public_package(path)
    }
    assert users == {"_client.py"}
