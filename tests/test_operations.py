"""The declarations of the operations against botocore's model.

A member that AWS adds to a newer botocore fails here, by name. One line in the entry of the
operation declares it. `tests/schema/test_drift.py` compares the types and the limits.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, cast

import pytest
from botocore import xform_name
from botocore.model import ListShape, StructureShape
from strategies import AWS

from ssm_contacts_sdk import ContactsClient
from ssm_contacts_sdk._operations import TOKEN_MEMBER, Argument, Operation, Repeat
from ssm_contacts_sdk._resources.table import BY_BOTO3_NAME, OPERATIONS
from ssm_contacts_sdk._schema.fields import aws_path, fields_of

CLIENT = ContactsClient.local()


def input_of(operation: str) -> StructureShape:
    shape = AWS.operation_model(operation).input_shape
    assert shape is not None
    return shape


def output_of(operation: str) -> StructureShape:
    shape = AWS.operation_model(operation).output_shape
    assert shape is not None
    return shape


def method_of(operation: Operation[Any]) -> Callable[..., Any]:
    resource, _, name = operation.method.partition(".")
    method: Callable[..., Any] = getattr(getattr(CLIENT, resource), name)
    return method


def members_of(name: str, argument: Argument) -> dict[str, bool]:
    """Return the members that an argument becomes, and whether it always sends each."""
    if argument.member:
        return {argument.member: not argument.is_optional or argument.is_filled_in}
    return {
        ".".join(aws_path(field)): field.default is not None
        for field in fields_of(argument.annotation)
    }


def declared_members(operation: Operation[Any]) -> dict[str, bool]:
    found: dict[str, bool] = {}
    for name, argument in operation.arguments.items():
        found |= members_of(name, argument)
    return found


def outer(members: Mapping[str, object]) -> set[str]:
    return {member.partition(".")[0] for member in members}


def test_each_operation_of_the_model_has_one_entry() -> None:
    assert OPERATIONS.keys() == set(AWS.operation_names)
    assert len(OPERATIONS) == len({each.method for each in OPERATIONS.values()}) == 39


@pytest.mark.parametrize("name", OPERATIONS)
def test_each_operation_is_found_by_its_boto3_name(name: str) -> None:
    assert OPERATIONS[name].boto3_name == xform_name(name)
    assert BY_BOTO3_NAME[xform_name(name)] is OPERATIONS[name]


@pytest.mark.parametrize("name", OPERATIONS)
def test_reads_are_the_operations_that_are_named_so(name: str) -> None:
    is_read = name.startswith(("Get", "List", "Describe"))
    assert (OPERATIONS[name].repeat is Repeat.READS) == is_read


def test_operations_that_act_each_time_are_not_repeatable() -> None:
    never = {name for name, operation in OPERATIONS.items() if not operation.is_repeatable}
    assert never == {"AcceptPage", "ActivateContactChannel", "SendActivationCode"}


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_entry_declares_every_input_member(name: str) -> None:
    declared = outer(declared_members(OPERATIONS[name]))
    assert declared ^ set(input_of(name).members) == set()


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_entry_declares_every_member_of_a_structure_that_arguments_share(name: str) -> None:
    inner: dict[str, set[str]] = {}
    for member in declared_members(OPERATIONS[name]):
        structure, _, part = member.partition(".")
        if part:
            inner.setdefault(structure, set()).add(part)
    for structure, parts in inner.items():
        shape = input_of(name).members[structure]
        assert isinstance(shape, StructureShape)
        assert parts ^ set(shape.members) == set()


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_member_that_aws_requires_is_always_sent(name: str) -> None:
    declared = declared_members(OPERATIONS[name])
    always = outer({member: None for member, is_sent in declared.items() if is_sent})
    assert set(input_of(name).required_members) - always == set()


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_token_is_declared_where_the_model_has_one(name: str) -> None:
    assert OPERATIONS[name].takes_token == (TOKEN_MEMBER in input_of(name).members)


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_parameters_of_a_method_are_its_declared_arguments(name: str) -> None:
    operation = OPERATIONS[name]
    parameters = inspect.signature(method_of(operation)).parameters
    assert parameters.keys() == operation.arguments.keys()
    for each, argument in operation.arguments.items():
        may_be_none = parameters[each].default is None
        assert may_be_none == argument.is_optional, each


@pytest.mark.parametrize("name", OPERATIONS)
def test_optional_arguments_are_keyword_only(name: str) -> None:
    parameters = inspect.signature(method_of(OPERATIONS[name])).parameters.values()
    optional = [each for each in parameters if each.default is not inspect.Parameter.empty]
    assert {each.kind for each in optional} <= {inspect.Parameter.KEYWORD_ONLY}


@pytest.mark.parametrize("name", OPERATIONS)
def test_the_docstring_of_a_method_names_its_operation(name: str) -> None:
    first_line = (inspect.getdoc(method_of(OPERATIONS[name])) or "").partition("\n")[0]
    assert first_line.endswith(f"({name}).")


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_entry_declares_every_output_member(name: str) -> None:
    operation, there = OPERATIONS[name], set(output_of(name).members)
    if operation.kind is None:
        assert there == set()
    elif operation.list_member:
        next_token = {"NextToken"} if operation.is_paged else set[str]()
        assert there == {operation.list_member} | next_token
    else:
        declared = {aws_path(field)[0] for field in fields_of(operation.kind)}
        # The service need not return what was sent.
        assert there - declared - set(input_of(name).members) == set()


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_entry_declares_the_list_of_the_response(name: str) -> None:
    operation, shape = OPERATIONS[name], output_of(name)
    assert operation.is_paged == ("NextToken" in shape.members)
    if operation.list_member:
        items = shape.members[operation.list_member]
        assert isinstance(items, ListShape)
        assert operation.kind is not None
        fields = {aws_path(field)[0] for field in fields_of(operation.kind)}
        assert set(cast("StructureShape", items.member).members) - fields == set()
        assert operation.is_list_required == (operation.list_member in shape.required_members)
