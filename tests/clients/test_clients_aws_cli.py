"""The AWS CLI against the embedded service: its examples, pagination, errors and retries."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from arns import contact_arn
from attrs import frozen
from clients.cli_examples import Example, examples_in, examples_of_the_cli
from clients.cli_setups import MISPRINTS, SETUPS, Setup, documented
from clients.programs import Program, Result

from ssm_contacts_sdk.local import LocalService, throttle
from ssm_contacts_sdk.local._server.http import LocalServer, serve

# JSON values that differ in every account.
GENERATED = [
    (r'"(arn:[^"]+:(?:engagement|page|contact-channel)/[^"]+/)[0-9a-f-]{36}"', r'"\1<id>"'),
    (r'"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00"', '"<time>"'),
    (r'"SM[0-9a-f]{32}"', '"<id of a message>"'),
]


@frozen
class Outcome:
    """The result of an example."""

    ran: Result
    documented: Any
    last_request: tuple[str, int]
    """The operation of the last request, and the status of its response."""


def outcome_of(example: Example, aws_cli: Program) -> Outcome:
    account_id, region_name = example.place
    service = LocalService(account_id=account_id, region_name=region_name)
    setup = Setup(service, service.boto3_client())
    SETUPS[example.name](setup, example)
    _, *arguments = [setup.substitutes.get(word, word) for word in example.command]
    with serve(service, region_name=region_name) as server:
        ran = aws_cli.run(server, *arguments)
    last = service.requests[-1]
    texts = {
        json.dumps(documented_value): json.dumps(real)
        for documented_value, real in setup.substitutes.items()
    }
    expected = rewritten(documented(example), texts)
    return Outcome(ran, expected, (last.operation, last.status))


def rewritten(value: Any, texts: Mapping[str, str]) -> Any:
    """Return `value` with some of its texts replaced."""
    changed = json.dumps(value)
    for text, other in texts.items():
        changed = changed.replace(text, other)
    return json.loads(changed)


def without_generated(value: Any) -> Any:
    """Return `value` with placeholders for the ids and times that the service generates."""
    changed = json.dumps(value)
    for pattern, shown in GENERATED:
        changed = re.sub(pattern, shown, changed)
    return json.loads(changed)


@pytest.fixture(scope="session")
def examples(aws_cli: Program) -> dict[str, Example]:
    return examples_of_the_cli()


@pytest.fixture(scope="session")
def outcomes(
    aws_cli: Program, examples: dict[str, Example], request: pytest.FixtureRequest
) -> Iterator[dict[str, Future[Outcome]]]:
    """The results of the examples that are to be tested.

    Each has its own service, so two run at a time, because the program starts slowly.
    """
    selected = {item.name for item in request.session.items}
    name_of_test = test_an_example_of_the_cli_runs.__name__
    with ThreadPoolExecutor(2) as pool:
        yield {
            name: pool.submit(outcome_of, example, aws_cli)
            for name, example in examples.items()
            if f"{name_of_test}[{name}]" in selected
        }
        pool.shutdown(cancel_futures=True)


@pytest.mark.parametrize("name", SETUPS)
def test_an_example_of_the_cli_runs(
    name: str, examples: dict[str, Example], outcomes: dict[str, Future[Outcome]]
) -> None:
    outcome = outcomes[name].result()
    assert without_generated(outcome.ran.printed) == without_generated(outcome.documented)
    assert outcome.last_request == (examples[name].operation, 200)


def test_all_examples_have_a_setup(examples: dict[str, Example]) -> None:
    # There are 28 files. One of them, command-name, is a leftover template that deletes a contact.
    files = {name.removesuffix("-2") for name in examples}
    named = {"".join(map(str.capitalize, name.split("-"))) for name in files - {"command-name"}}
    assert len(files) == 28
    assert {example.operation for example in examples.values()} == named
    assert examples.keys() == SETUPS.keys()
    assert examples.keys() >= MISPRINTS.keys()


def test_examples_are_read_from_both_kinds_of_literal_blocks(tmp_path: Path) -> None:
    text = """An example. ::

    aws ssm-contacts get-contact \\
        --contact-id 'a b'

Output::

    {
        "A": "\\"::"
    }

.. code-block:: bash

    aws ssm-contacts list-contacts

This command produces no output."""
    path = tmp_path / "get-contact.rst"
    path.write_text(text, encoding="utf-8")
    first, second = examples_in(path)
    assert (first.name, second.name) == ("get-contact", "get-contact-2")
    assert first.command == ["aws", "ssm-contacts", "get-contact", "--contact-id", "a b"]
    assert first.output == {"A": '"::'}
    assert second.command == ["aws", "ssm-contacts", "list-contacts"]
    assert not second.printed


def test_the_paginator_gets_every_page(
    service: LocalService, server: LocalServer, aws_cli: Program
) -> None:
    aliases = [f"person{number}" for number in range(5)]
    service.load_resources(*map(person, aliases))
    command = ("list-contacts", "--page-size", "2", "--query", "Contacts[].Alias")
    assert run(aws_cli, server, *command).printed == aliases
    assert [request.body.get("MaxResults") for request in service.requests] == [2, 2, 2]


def test_an_error_has_its_name_in_the_model(server: LocalServer, aws_cli: Program) -> None:
    ran = run(aws_cli, server, "get-contact", "--contact-id", contact_arn("nobody"))
    # 255 in version 1, 254 in version 2.
    assert ran.exit_code in {254, 255}
    assert "(ResourceNotFoundException) when calling the GetContact operation" in ran.errors
    assert not ran.output


def test_a_throttled_request_is_retried(
    service: LocalService, server: LocalServer, aws_cli: Program
) -> None:
    service.faults.add(throttle(), operation="ListContacts")
    assert run(aws_cli, server, "list-contacts").printed == {"Contacts": []}
    assert [request.status for request in service.requests] == [400, 200]


def test_text_of_every_script_is_returned(
    service: LocalService, server: LocalServer, aws_cli: Program
) -> None:
    service.load_resources(person("akuam"))
    name, arn = "Ákua 曼萨 Аня 𐌰", contact_arn("akuam")
    changed = run(aws_cli, server, "update-contact", "--contact-id", arn, "--display-name", name)
    assert changed.printed is None
    assert run(aws_cli, server, "list-contacts").printed["Contacts"][0]["DisplayName"] == name


def run(aws_cli: Program, server: LocalServer, *arguments: str) -> Result:
    return aws_cli.run(server, "ssm-contacts", *arguments)


def person(alias: str) -> dict[str, object]:
    arn = contact_arn(alias)
    return {"ContactArn": arn, "Alias": alias, "Type": "PERSONAL", "Plan": {}}
