"""Which tests run a line, from one run of the suite with coverage, and how long each test takes.

The result is kept in a file, because the run takes minutes. If a module was changed since, its
lines are compared with those of the run, and a new line counts as its neighbours.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable
from difflib import SequenceMatcher
from itertools import accumulate
from pathlib import Path, PurePosixPath

from attrs import define
from coverage import CoverageData
from mutation.sample import Mutant

# What is declared when a module is imported, no test runs. These tests read the declarations.
READS_DECLARATIONS = (
    "tests/schema/",
    "tests/test_all_operations.py",
    "tests/test_annotations.py",
    "tests/test_docs",
    "tests/test_operations.py",
    "tests/test_public_api.py",
)


@define
class Covering:
    """The tests of a suite, and which lines each of them runs."""

    tests: list[tuple[str, float]]
    """The id of each test, and its time in seconds."""
    sources: dict[str, str]
    lines: dict[str, dict[int, list[int]]]
    """By module and line: the positions of the tests in `tests`."""

    @classmethod
    def read(cls, path: Path) -> Covering:
        content = json.loads(path.read_text(encoding="utf-8"))
        lines = {
            module: {int(line): tests for line, tests in by_line.items()}
            for module, by_line in content["lines"].items()
        }
        return cls([tuple(each) for each in content["tests"]], content["sources"], lines)

    def write(self, path: Path) -> None:
        content = {"tests": self.tests, "sources": self.sources, "lines": self.lines}
        path.write_text(json.dumps(content), encoding="utf-8")

    @classmethod
    def measured(cls, data: Path, seconds: dict[str, float], root: Path) -> Covering:
        """Return what a run with coverage found.

        Args:
            data: the file of coverage.
            seconds: the time of each test that passed.
            root: the folder in which the tests were run.
        """
        tests = sorted(seconds.items())
        positions = {test: number for number, (test, _) in enumerate(tests)}
        coverage = CoverageData(basename=str(data))
        coverage.read()
        sources: dict[str, str] = {}
        lines: dict[str, dict[int, list[int]]] = {}
        for name in coverage.measured_files():
            module = Path(name).relative_to(root).as_posix()
            sources[module] = Path(name).read_text(encoding="utf-8")
            lines[module] = {
                line: sorted(
                    # A context is the id of a test and "|run", "|setup" or "|teardown".
                    {
                        positions[test]
                        for each in contexts
                        if (test := each.rpartition("|")[0]) in positions
                    }
                )
                for line, contexts in coverage.contexts_by_lineno(name).items()
            }
        return cls(tests, sources, lines)

    def tests_of(self, mutant: Mutant) -> list[str]:
        """Return the tests that run a mutant, those first that are likely to kill it soon."""
        module = mutant.module
        old = self._old_lines(module, mutant.source, mutant.mutation.line)
        found = {test for line in old for test in self.lines.get(module, {}).get(line, ())}
        if mutant.mutation.at_import or not found:
            found |= self._tests_of_functions(module)
            found |= {n for n, (test, _) in enumerate(self.tests) if _is_about(test, module)}
        tests = [self.tests[number] for number in found]
        return [
            test for test, _ in sorted(tests, key=lambda each: (distance(each[0], module), each[1]))
        ]

    def seconds(self, tests: Iterable[str]) -> float:
        """Return how long tests take, and all tests of the files among them."""
        chosen = {*tests}
        return sum(
            seconds
            for test, seconds in self.tests
            if test in chosen or test.partition("::")[0] in chosen
        )

    def quickest(self, tests: list[str], seconds: float) -> list[str]:
        """Return the first tests, which take so many seconds together, at least one."""
        known = dict(self.tests)
        sums = accumulate(known[test] for test in tests)
        return [test for test, total in zip(tests, sums, strict=True) if total <= seconds] or tests[
            :1
        ]

    def _tests_of_functions(self, module: str) -> set[int]:
        """Return the tests that run a function of a module."""
        by_line = self.lines.get(module, {})
        bodies = (
            range(node.body[0].lineno, (node.end_lineno or 0) + 1)
            for node in ast.walk(ast.parse(self.sources.get(module, "")))
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        )
        return {test for body in bodies for line in body for test in by_line.get(line, ())}

    def _old_lines(self, module: str, source: str, line: int) -> list[int]:
        """Return the lines of the measured source that a line of today's source stands for."""
        old = self.sources.get(module, "")
        if old == source:
            return [line]
        matcher = SequenceMatcher(None, old.splitlines(), source.splitlines(), autojunk=False)
        for _, old_start, old_end, start, end in matcher.get_opcodes():
            if start < line <= end:
                if old_end - old_start == end - start:
                    return [old_start + line - start]
                return list(range(old_start, old_end + 2))
        return []


def _is_about(test: str, module: str) -> bool:
    """Return whether the file of a test is named after a module, or reads all declarations."""
    if test.startswith((*READS_DECLARATIONS, module)):
        return True
    return distance(test, module) == 0


def distance(test: str, module: str) -> int:
    """Return whether a file of tests has the name of a module (0), of its package (1) or none."""
    path, file = PurePosixPath(module), test.partition("::")[0]
    if path.stem.strip("_") in PurePosixPath(file).stem:
        return 0
    return 1 if path.parent.name.strip("_") in file else 2
