"""Runs examples as a user does, on a machine without AWS configuration: in this process or not."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path
from subprocess import CompletedProcess

import pytest

EXAMPLES = Path(__file__).parent.parent / "examples"
WITHOUT_CONFIGURATION = {
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
}


def run(
    name: str,
    *arguments: str,
    stdin: str = "",
    encoding: str = "utf-8",
    within: Path | None = None,
    **variables: str,
) -> CompletedProcess[str]:
    """Run an example in this process, with its own streams, arguments and environment."""
    command = [str(EXAMPLES / f"{name}.py"), *arguments]
    out, err = (
        TextIOWrapper(BytesIO(), encoding, errors) for errors in ("strict", "backslashreplace")
    )
    with pytest.MonkeyPatch.context() as patch:
        for variable in os.environ:
            if variable.startswith("AWS_"):
                patch.delenv(variable)
        for variable, value in {**WITHOUT_CONFIGURATION, **variables}.items():
            patch.setenv(variable, value)
        patch.setattr(sys, "path", [str(EXAMPLES), *sys.path])
        patch.setattr(sys, "argv", command)
        patch.setattr(sys, "stdin", TextIOWrapper(BytesIO(stdin.encode()), "utf-8"))
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        if within is not None:
            patch.chdir(within)
        status = _status_of(command[0])
    return CompletedProcess(command, status, _written_to(out), _written_to(err))


def _status_of(script: str) -> int:
    """Run a script, and return its exit status."""
    try:
        runpy.run_path(script, run_name="__main__")
    except SystemExit as end:
        # Python prints a status that is no int.
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)  # noqa: T201 - that is standard error
            return 1
        return end.code or 0
    return 0


def _written_to(stream: TextIOWrapper) -> str:
    stream.seek(0)
    stream.reconfigure(newline=None)
    return stream.read()


def run_process(
    name: str,
    *arguments: str,
    stdout: int = subprocess.PIPE,
    within: Path | None = None,
    **variables: str,
) -> CompletedProcess[str]:
    """Run an example in a process of its own, as its real command line does."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
    return subprocess.run(  # noqa: S603 - our own example
        [sys.executable, str(EXAMPLES / f"{name}.py"), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        cwd=within,
        env={**environment, **WITHOUT_CONFIGURATION, **variables},
    )
