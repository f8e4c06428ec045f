"""The examples of the AWS CLI, one file for each operation."""

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

# A literal block follows a paragraph with this end, or the directive.
_INTRODUCES = re.compile(r".*::$|\.\. code(-block)?::")
_ARN = re.compile(r"arn:aws:ssm-contacts:([a-z0-9-]+):([0-9]{12}):")


@frozen
class Example:
    """A command, and its output as the CLI's authors recorded it."""

    name: str
    """The name of its file; with a number if it is not the first one in the file."""
    command: Sequence[str]
    """The words of the command, as a shell splits them."""
    printed: str = field(repr=False)
    """The block of output; empty if the command prints nothing."""

    @property
    def operation(self) -> str:
        """The name of the operation, in AWS's spelling."""
        return "".join(word.capitalize() for word in self.command[2].split("-"))

    @property
    def output(self) -> Any:
        """The block of output as JSON.

        Raises:
            ValueError: The output is not JSON.
        """
        return json.loads(self.printed)

    @property
    def place(self) -> tuple[str, str]:
        """The account and the Region of its ARNs."""
        found = _ARN.search(" ".join([*self.command, self.printed]))
        return (found[2], found[1]) if found else ("111122223333", "us-east-2")

    def option(self, name: str) -> str:
        """Return the value of an option of the command."""
        return self.command[self.command.index(name) + 1]


def examples_of_the_cli() -> dict[str, Example]:
    """Return all examples of ssm-contacts in the CLI's package, by name."""
    (folder,) = AWS_CLI.parents[1].glob("lib/python3*/site-packages/awscli/examples/ssm-contacts")
    return {
        example.name: example
        for path in sorted(folder.glob("*.rst"))
        for example in examples_in(path)
    }


def examples_in(path: Path) -> list[Example]:
    """Return the commands of a file in order, each with the block of output that follows it."""
    found: list[Example] = []
    for block in literal_blocks(path.read_text(encoding="utf-8")):
        if block.startswith("aws "):
            name = f"{path.stem}-{len(found) + 1}" if found else path.stem
            # shlex does not join continued lines.
            command = shlex.split(block.replace("\\\n", " "))
            found.append(Example(name, command, ""))
        else:
            last = found[-1]
            assert not last.printed, f"{path.name} has an extra block"
            found[-1] = Example(last.name, last.command, block)
    assert found, f"{path.name} has no command"
    return found


def literal_blocks(text: str) -> list[str]:
    """Return the literal blocks of reStructuredText, without their indentation."""
    blocks: list[str] = []
    block_lines: list[str] | None = None
    for line in [*text.splitlines(), "."]:
        is_inside = not line or line[0].isspace()
        if block_lines is not None and is_inside:
            block_lines.append(line.rstrip())
            continue
        if block_lines is not None:
            blocks.append(dedent("\n".join(block_lines)).strip())
        block_lines = [] if _INTRODUCES.match(line.rstrip()) else None
    return blocks
