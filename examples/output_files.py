"""The files that examples write."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Generator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

_STDOUT = Path("-")


class OutputFiles:
    """The files that an example writes. The path - is standard output; None is no file."""

    def __init__(self, parser: ArgumentParser) -> None:
        self._parser = parser
        self._force = False
        self._written: list[Path] = []
        self._stdout = sys.stdout
        parser.add_argument("--force", action="store_true", help="overwrite existing files")

    @contextmanager
    def reserved(self, chosen: Namespace, *paths: Path | None) -> Generator[None, None, None]:
        """Exit if a file exists already. Print to standard error if a file is standard output."""
        self._force, self._stdout = chosen.force, sys.stdout
        named = [path for path in paths if path is not None]
        if len({*named}) < len(named):
            self._parser.error("two files cannot have the same name")
        for path in named:
            if path != _STDOUT and path.exists() and not self._force:
                sys.exit(f"{path} already exists: choose another name, or use --force")
        with redirect_stdout(sys.stderr if _STDOUT in named else sys.stdout):
            try:
                yield
            finally:
                for path in self._written:
                    print(f"written: {path}")

    def step(self, content: str, path: Path) -> str:
        """Describe what the example is going to write."""
        if path == _STDOUT:
            return f"Then it writes {content} to standard output."
        overwriting = ", and overwrites the existing file" if path.exists() else ""
        return f"Then it writes {content} to {path}{overwriting}."

    def write(self, path: Path, content: bytes) -> None:
        """Write a file.

        Call it before printing: printing fails if nobody reads the output any more.
        """
        if path == _STDOUT:
            self._stdout.buffer.write(content)
            self._stdout.flush()
            return
        try:
            # Another program may have created it since `reserved` checked.
            with path.open("wb" if self._force else "xb") as file:
                file.write(content)
        except OSError as error:
            sys.exit(f"{path} cannot be written: {error.strerror}")
        self._written.append(path)
