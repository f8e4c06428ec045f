"""The examples that the aws CLI brings along, one file for an operation."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Sequence
from pathlib import Path
from textwrap import dedent
from typing import Any

from attrs import field, frozen
from clients.programs import AWS_CLI

# What introduces a literal block: a paragraph that ends so, or the directive.
_INTRODUCES = re.compile(r".*::$|\.\. code(-block)?::")
_ARN = re.compile(r"arn:aws:ssm-contacts:([a-z0-9-]+):([0-9]{12}):")


@frozen
class Example:
    """A command, and what the CLI's authors saw it print."""

    name: str
    """That of its file; with a number, if it is not the first in there."""
    command: Sequence[str]
    """The words, as a shell takes them."""
    printed: str = field(repr=False)
    """The block of output; empty, if the command prints nothing."""

    @property
    def operation(self) -> str:
        """In AWS's spelling."""
        return "".join(word.capitalize() for word in self.command[2].split("-"))

    @property
    def output(self) -> Any:
        """The block of output as JSON.

        Raises:
            ValueError: It is no JSON.
        """
        return json.loads(self.printed)

    @property
    def place(self) -> tuple[str, str]:
        """The account and the Region that its ARNs tell."""
        found = _ARN.search(" ".join([*self.command, self.printed]))
        return (found[2], found[1]) if found else ("111122223333", "us-east-2")

    def option(self, name: str) -> str:
        """What the command says for ``--name``."""
        return self.command[self.command.index(name) + 1]


def examples_of_the_cli() -> dict[str, Example]:
    """All of ssm-contacts, by name; those that are read from the CLI's own package."""
    (folder,) = AWS_CLI.parents[1].glob("lib/python3*/site-packages/awscli/examples/ssm-contacts")
    return {
        example.name: example
        for path in sorted(folder.glob("*.rst"))
        for example in examples_in(path)
    }


def examples_in(path: Path) -> list[Example]:
    """The commands of a file in turn, each with the block of output that follows it."""
    found: list[Example] = []
    for block in literal_blocks(path.read_text(encoding="utf-8")):
        if block.startswith("aws "):
            name = f"{path.stem}-{len(found) + 1}" if found else path.stem
            # shlex knows no lines that go on.
            command = shlex.split(block.replace("\\\n", " "))
            found.append(Example(name, command, ""))
        else:
            last = found[-1]
            assert not last.printed, f"{path.name} has a block too many"
            found[-1] = Example(last.name, last.command, block)
    assert found, f"{path.name} has no command"
    return found


def literal_blocks(text: str) -> list[str]:
    """The literal blocks of reStructuredText, without their indentation."""
    blocks: list[str] = []
    taken: list[str] | None = None
    for line in [*text.splitlines(), "."]:
        is_inside = not line or line[0].isspace()
        if taken is not None and is_inside:
            taken.append(line.rstrip())
            continue
        if taken is not None:
            blocks.append(dedent("\n".join(taken)).strip())
        taken = [] if _INTRODUCES.match(line.rstrip()) else None
    return blocks
