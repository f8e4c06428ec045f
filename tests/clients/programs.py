"""Client programs of AWS, and how the tests run them.

Only these tests need the programs, which come from package indexes. Where a program is not
installed, its tests are skipped with the command that installs it. CI sets
SSM_CONTACTS_CLIENTS=required, and then they fail instead.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import pytest
from attrs import frozen

from ssm_contacts_sdk.local._server.http import LocalServer

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
AWS_CLI = ROOT / ".venv-awscli" / "bin" / "aws"
JS_SDK = HERE / "node_modules" / "@aws-sdk" / "client-ssm-contacts"
INSTALL_AWS_CLI = "python3 -m venv .venv-awscli && .venv-awscli/bin/pip install awscli"
INSTALL_JS_SDK = "npm ci --prefix tests/clients"
# Longer than any program runs on a busy machine.
_PATIENCE_SECONDS = 60


@frozen
class Result:
    """The result of a program."""

    exit_code: int
    output: str
    errors: str

    @property
    def lines(self) -> list[Any]:
        """The lines of the output, parsed as JSON."""
        self.check()
        return [json.loads(line) for line in self.output.splitlines()]

    @property
    def printed(self) -> Any:
        """The output, parsed as JSON; None if there is none."""
        self.check()
        return json.loads(self.output) if self.output else None

    def check(self) -> None:
        """Fail with the program's errors if it failed."""
        assert self.exit_code == 0, self.errors


@frozen
class Program:
    """A program with the environment of the server, and no settings of the machine."""

    command: Sequence[str]
    home: Path

    def run(self, server: LocalServer, *arguments: str) -> Result:
        """Run the program against `server` to its end."""
        done = subprocess.run(
            [*self.command, *arguments],
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.home),
                "LC_ALL": "C.UTF-8",
                **server.environment,
            },
            capture_output=True,
            check=False,
            encoding="utf-8",
            stdin=subprocess.DEVNULL,
            timeout=_PATIENCE_SECONDS,
        )
        return Result(done.returncode, done.stdout, done.stderr)


def aws_cli(home: Path) -> Program:
    """Return the AWS CLI, or skip or fail this test."""
    if not AWS_CLI.exists():
        skip_or_fail("the aws CLI", INSTALL_AWS_CLI)
    return Program([str(AWS_CLI)], home)


def node(home: Path) -> Program:
    """Return Node with the JavaScript SDK, or skip or fail this test."""
    found = shutil.which("node")
    if found is None or not JS_SDK.exists():
        skip_or_fail("the JavaScript SDK", f"{INSTALL_JS_SDK} (Node 20 or newer)")
    return Program([found, str(HERE / "behaviours.mjs")], home)


def skip_or_fail(program: str, install: str) -> NoReturn:
    """Skip this test because `program` is not installed, or fail it where all are required."""
    message = f"{program} is not installed. In the repository's root: {install}"
    if os.environ.get("SSM_CONTACTS_CLIENTS") == "required":
        pytest.fail(message, pytrace=False)
    pytest.skip(message)
