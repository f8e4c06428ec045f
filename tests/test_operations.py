from __future__ import annotations

from typing import Any

import pytest
from botocore import xform_name
from strategies import AWS

from ssm_contacts_sdk._operations import BY_BOTO3_NAME, OPERATIONS, Repeat


def test_the_operations_are_those_of_the_model() -> None:
    assert OPERATIONS.keys() == set(AWS.operation_names)
    assert len(OPERATIONS) == 39


@pytest.mark.parametrize("name", OPERATIONS)
def test_each_is_known_by_boto3s_name_too(name: str) -> None:
    assert OPERATIONS[name].boto3_name == xform_name(name)
    assert BY_BOTO3_NAME[xform_name(name)] is OPERATIONS[name]


@pytest.mark.parametrize("name", OPERATIONS)
def test_those_that_take_a_token_are_those_of_the_model(name: str) -> None:
    shape: Any = AWS.operation_model(name).input_shape
    assert OPERATIONS[name].takes_token == ("IdempotencyToken" in shape.members)


@pytest.mark.parametrize("name", OPERATIONS)
def test_reads_are_those_that_are_named_so(name: str) -> None:
    reads = name.startswith(("Get", "List", "Describe"))
    assert (OPERATIONS[name].repeat is Repeat.READS) == reads


def test_what_acts_each_time_may_not_be_repeated() -> None:
    never = {name for name, operation in OPERATIONS.items() if not operation.is_repeatable}
    assert never == {"AcceptPage", "ActivateContactChannel", "SendActivationCode"}
