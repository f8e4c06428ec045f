"""`typing.get_type_hints` works on what is public, as containers for dependency injection need."""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType
from typing import Any, Union, get_type_hints

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
# Loaded by Python or pytest alone.
NOT_PUBLIC = ("__main__", "pytest_plugin")
SPECIAL = {"__init__", "__enter__", "__call__", "__iter__", "__next__"}


def modules() -> Iterator[ModuleType]:
    for found in walk_packages(ssm_contacts_sdk.__path__, "ssm_contacts_sdk."):
        if not found.name.endswith(NOT_PUBLIC):
            yield import_module(found.name)


def annotated() -> Iterator[tuple[str, Callable[..., Any]]]:
    """The public classes and functions of all modules, and the public methods of the classes."""
    for public in (ssm_contacts_sdk, ssm_contacts_sdk.local):
        for name in public.__all__:
            getattr(public, name)
    for module in (ssm_contacts_sdk, *modules()):
        names: dict[str, Any] = dict(vars(module))
        for name, value in names.items():
            where = f"{module.__name__}.{name}"
            if name.startswith("_") or getattr(value, "__module__", None) != module.__name__:
                continue
            if inspect.isfunction(value):
                yield where, value
            if isinstance(value, type):
                yield where, value
                yield from ((f"{where}.{each}", method) for each, method in methods(value))


def methods(kind: type) -> Iterator[tuple[str, Callable[..., Any]]]:
    members: dict[str, Any] = dict(vars(kind))
    for name, value in members.items():
        if name.startswith("_") and name not in SPECIAL:
            continue
        # Of a class method, a property and a cached property.
        inner = [getattr(value, each, None) for each in ("__func__", "fget", "func")]
        function = next((each for each in inner if each is not None), value)
        if inspect.isfunction(function):
            yield name, function


ANNOTATED = dict(annotated())


@pytest.mark.parametrize("name", ANNOTATED)
def test_the_annotations_of_what_is_public_can_be_resolved(name: str) -> None:
    get_type_hints(ANNOTATED[name])


def test_all_nouns_and_names_are_among_what_is_asked() -> None:
    """So the test above looks at more than a few."""
    found = {name.removeprefix("ssm_contacts_sdk.") for name in ANNOTATED}
    assert {
        "ContactsClient.__init__",
        "ContactsClient.call",
        "_resources.contacts.Contacts.create",
        "_resources.engagements.Engagements.follow",
        "Listing.by_page",
        "local.LocalService.connect",
        "ChannelTarget.__init__",
    } <= found
    public = [getattr(ssm_contacts_sdk, name) for name in ssm_contacts_sdk.__all__]
    classes = {f"{each.__module__}.{each.__name__}" for each in public if inspect.isclass(each)}
    assert classes <= ANNOTATED.keys()


def test_annotations_resolve_to_the_classes_themselves() -> None:
    client = get_type_hints(ContactsClient.__init__)
    assert client["session"] == Union[boto3.session.Session, None]
    # boto3 makes the class of a client when it makes the client.
    assert client["boto3_client"] == Union[BaseClient, None]
    assert client["retry"] == Union[RetryPolicy, None]
    assert get_type_hints(ContactsClient.preview)["return"] is Timeline
    assert get_type_hints(ContactsClient.audit)["return"] == tuple[Finding, ...]
    assert get_type_hints(ContactsClient.calendar)["return"] is OnCallCalendar
    assert get_type_hints(Plan.engagement)["return"] is EngagementPlan
    assert get_type_hints(Plan.on_call)["rotations"] == RotationRef
    assert get_type_hints(LocalService.client)["return"] is ContactsClient
    assert get_type_hints(Contact)["plan"] == Plan


LIGHT = """
import sys
{first}
heavy = ("boto3", "mypy_boto3_ssm_contacts", "ssm_contacts_sdk._oncall.audit.rules",
         "ssm_contacts_sdk._oncall.timeline_chart", "ssm_contacts_sdk._oncall.calendar_chart",
         "ssm_contacts_sdk._charts.svg", "ssm_contacts_sdk._charts.text",
         "ssm_contacts_sdk._charts.chart")
print([name for name in heavy if name in sys.modules])
import typing
hints = typing.get_type_hints(ContactsClient.__init__), typing.get_type_hints(ContactsClient.audit)
print([name for name in heavy[:2] if name in sys.modules])
"""


@pytest.mark.parametrize(
    "first",
    [
        "from ssm_contacts_sdk import ContactsClient; ContactsClient(region_name='us-east-2')",
        "from ssm_contacts_sdk import ContactsClient; ContactsClient.local()",
    ],
    ids=["aws", "local"],
)
def test_a_client_loads_what_annotations_name_when_it_is_asked_for(first: str) -> None:
    """And needs no stubs for it: they are for type checkers."""
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", LIGHT.format(first=first)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["[]", "['boto3']"]


def test_an_unknown_type_of_boto3_is_a_plain_attribute_error() -> None:
    from ssm_contacts_sdk import _boto3_types as boto3_types

    name = "Client"
    with pytest.raises(AttributeError, match="boto3_types' has no attribute 'Client'"):
        getattr(boto3_types, name)
