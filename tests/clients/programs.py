"""Programs that nobody here wrote, and how they are started.

They come from the package indexes and are not needed for anything else, so whoever did not install
them has these tests skipped, and is told what to run. CI sets SSM_CONTACTS_CLIENTS=required: there
they fail instead.
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
# Longer than any of them takes on a machine that has other things to do.
_PATIENCE_SECONDS = 60


@frozen
class Ran:
    """What came of a program."""

    exit_code: int
    output: str
    errors: str

    @property
    def lines(self) -> list[Any]:
        """Each line of the output, which is JSON."""
        self.check()
        return [json.loads(line) for line in self.output.splitlines()]

    @property
    def printed(self) -> Any:
        """The output, which is JSON, or None if there is none."""
        self.check()
        return json.loads(self.output) if self.output else None

    def check(self) -> None:
        """Fail, with what the program complained of, unless it went well."""
        assert self.exit_code == 0, self.errors


@frozen
class Program:
    """A program in an environment that has what the server asks for, and nothing of the machine."""

    command: Sequence[str]
    home: Path

    def run(self, server: LocalServer, *arguments: str) -> Ran:
        """Run it against `server`, to its end."""
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
        return Ran(done.returncode, done.stdout, done.stderr)


def aws_cli(home: Path) -> Program:
    """The aws CLI, or this test ends here."""
    if not AWS_CLI.exists():
        miss("the aws CLI", INSTALL_AWS_CLI)
    return Program([str(AWS_CLI)], home)


def node(home: Path) -> Program:
    """Node with the JavaScript SDK, or this test ends here."""
    found = shutil.which("node")
    if found is None or not JS_SDK.exists():
        miss("the JavaScript SDK", f"{INSTALL_JS_SDK} (Node 20 or newer)")
    return Program([found, str(HERE / "behaviours.mjs")], home)


def miss(what: str, install: str) -> NoReturn:
    """End this test, for `what` is not installed: as a failure where all must be there."""
    told = f"{what} is not installed. In the repository's root: {install}"
    if os.environ.get("SSM_CONTACTS_CLIENTS") == "required":
        pytest.fail(told, pytrace=False)
    pytest.skip(told)
