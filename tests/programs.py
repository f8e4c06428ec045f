"""Programs that run in processes of their own, but need no start of Python.

An interpreter that has loaded all modules is forked for each program, because the imports would
take far longer than most programs.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final, final

from attrs import frozen

ROOT: Final = Path(__file__).parents[1]
# A program that hangs is killed after these seconds.
_TIMEOUT: Final = 60

_FORKS = """
import gc, json, os, signal, sys, traceback

exec(sys.argv[1])
# A collection would copy all of this memory in the child.
gc.freeze()
for line in sys.stdin:
    child = os.fork()
    if not child:
        break
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
else:
    sys.exit()

timeout, program, out, error, *sys.argv = json.loads(line)
signal.alarm(timeout)
for number, path in enumerate((os.devnull, out, error)):
    opened = os.open(path, os.O_WRONLY if number else os.O_RDONLY)
    os.dup2(opened, number)
    os.close(opened)
code = 1
try:
    exec(compile(program, "<program>", "exec"), {"__name__": "__main__"})
    code = 0
except BaseException:
    traceback.print_exc()
sys.stdout.flush()
# The end of Python would free each module, which takes far longer than most programs.
os._exit(code)
"""


@frozen
class Ended:
    """A program that has ended: its exit code, or the negative number of a signal, and output."""

    code: int
    out: str
    error: str


@final
class Interpreter:
    """An interpreter that has run `preparation`, and runs programs in forks of its process."""

    def __init__(self, preparation: str) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._process = subprocess.Popen(  # noqa: S603 - the program above
            [sys.executable, "-c", _FORKS, preparation],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Interpreter:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()
        self._folder.cleanup()

    def run(self, program: str, arguments: Sequence[str] = ()) -> Ended:
        """Run a program with these arguments, and return how it ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        out, error = (Path(self._folder.name) / name for name in ("out", "error"))
        for path in (out, error):
            path.write_bytes(b"")
        job = [_TIMEOUT, program, str(out), str(error), "-c", *arguments]
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        code = int(self._process.stdout.readline())
        return Ended(code, out.read_text(), error.read_text())
