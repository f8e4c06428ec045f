"""Mutation testing: changes the package in small ways, and looks whether a test notices.

``cd tests && python -m mutation --seed 7 --count 150`` draws a sample of mutants, runs the tests on
each, and prints a table by module and the mutants that survived. Everything is kept in the folder
``.mutation`` of the project: a run that was interrupted goes on where it was, and the tests that
run a line are measured once (``--measure`` measures again). No file of the project is changed.

A mutant is first given to the tests that run its line, the quickest first. Those that survive are
given to the whole suite, several at once: only if a test fails then are they divided.

mutmut 3 and cosmic-ray do less here. mutmut mutates the bodies of functions without decorators
only, but this package consists of declarations: fields, constraints and operations at the level of
modules and classes. Its trampolines also add frames, in which tests look for private values.
cosmic-ray has neither changed strs nor deleted statements nor arguments, and runs one command of
tests for every mutant, here the whole suite. Neither draws a sample.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from queue import SimpleQueue
from time import monotonic

from mutation.covering import Covering, distance
from mutation.operators import apply
from mutation.report import Results, report
from mutation.runs import Tree, Verdict
from mutation.sample import Mutant, draw, read_package

PROJECT = Path(__file__).resolve().parents[2]
KEPT = PROJECT / ".mutation"
# The first tests of a line kill most mutants. Where thousands of tests run it, not all of them are
# run for it alone.
FIRST_SECONDS, NEXT_SECONDS = 5, 60
COVERED = Verdict("survived", "covering tests")


def main() -> None:
    """Print the report on a sample."""
    parser = argparse.ArgumentParser(
        prog="python -m mutation", description="Run the tests on a sample of mutants."
    )
    parser.add_argument("--seed", type=int, default=1, help="draws another sample")
    parser.add_argument("--count", type=int, default=150, help="how many mutants there are")
    parser.add_argument("--jobs", type=int, default=2, help="how many processes run tests")
    parser.add_argument("--measure", action="store_true", help="measure again what tests run")
    parser.add_argument("--minutes", type=float, help="stop after so many minutes, to go on later")
    parser.add_argument(
        "--again",
        nargs="*",
        metavar="FILE",
        help="run the survivors again, with all tests of files that were changed for them",
    )
    parser.add_argument(
        "--covering", action="store_true", help="do not run the whole suite on the survivors"
    )
    options = parser.parse_args()
    KEPT.mkdir(exist_ok=True)
    (KEPT / ".gitignore").write_text("*\n")
    with tempfile.TemporaryDirectory() as folder:
        trees = [Tree(PROJECT, Path(folder, f"tree{number}")) for number in range(options.jobs)]
        path = KEPT / "covering.json"
        if options.measure or not path.exists():
            print("Measuring which tests run each line ...", file=sys.stderr)
            trees[0].measure(options.jobs).write(path)
        mutants = list(draw(read_package(PROJECT), options.seed, options.count))
        results = Results(KEPT / f"seed-{options.seed}-{options.count}.json")
        until = monotonic() + options.minutes * 60 if options.minutes else float("inf")
        left = [
            each
            for each in mutants
            if each not in results
            or (options.again is not None and results[each].outcome == "survived")
        ]
        session = Session(trees, Covering.read(path), results, until, options.again or [])
        session.run_covering_tests(left)
        if not options.covering:
            session.run_all_tests(
                [each for each in mutants if each in results and results[each] == COVERED]
            )
    text = report([each for each in mutants if each in results], results)
    (KEPT / f"seed-{options.seed}-{options.count}.md").write_text(text, encoding="utf-8")
    print(text)


class Session:
    """Runs the tests of mutants in several copies of the project."""

    def __init__(
        self,
        trees: Sequence[Tree],
        covering: Covering,
        results: Results,
        until: float,
        changed: Sequence[str],
    ) -> None:
        self._trees: SimpleQueue[Tree] = SimpleQueue()
        for tree in trees:
            self._trees.put(tree)
        self._jobs = len(trees)
        self._covering = covering
        self._results = results
        self._until = until
        self._changed = changed
        started = monotonic()
        quick = covering.quickest([test for test, _ in sorted(covering.tests, key=_seconds)], 1)
        _require_success(trees[0], quick)
        # How slow the machine is now, with all that a process needs before its first test.
        self._slow = monotonic() - started
        if changed:
            _require_success(trees[0], changed)

    def run_covering_tests(self, mutants: Sequence[Mutant]) -> None:
        """Run the tests that run the line of each mutant."""
        with ThreadPoolExecutor(self._jobs) as pool:
            running = {pool.submit(self._by_covering_tests, each): each for each in mutants}
            for done in as_completed(running):
                if verdict := done.result():
                    self._add(running[done], verdict)

    def run_all_tests(self, survivors: list[Mutant]) -> None:
        """Run the other tests of the suite on mutants that survived."""
        for mutant, verdict in self._by_all_tests(survivors):
            self._add(mutant, verdict)

    def _add(self, mutant: Mutant, verdict: Verdict) -> None:
        print(mutant.name, *verdict, file=sys.stderr, flush=True)
        self._results.add(mutant, verdict)

    def _by_covering_tests(self, mutant: Mutant) -> Verdict | None:
        if monotonic() > self._until:
            return None
        tests = self._covering.tests_of(mutant)
        first = self._covering.quickest(tests, FIRST_SECONDS)
        verdict = Verdict("survived")
        following = self._covering.quickest(tests[len(first) :], NEXT_SECONDS)
        # Their tests may be newer than what was measured. Most kill mutants of their own subject.
        near = [each for each in self._changed if distance(each, mutant.module) == 0]
        far = [each for each in self._changed if each not in near]
        for part in (near, first, far, following):
            if part and verdict.outcome == "survived":
                verdict = self._tested([mutant], part)
        return COVERED if verdict.outcome == "survived" else verdict

    def _by_all_tests(self, mutants: list[Mutant]) -> Iterator[tuple[Mutant, Verdict]]:
        if not mutants:
            return
        by_seconds = sorted(self._covering.tests, key=_seconds)
        verdict = self._tested(mutants, [test for test, _ in by_seconds])
        if len(mutants) == 1 or verdict.outcome == "survived":
            if verdict.outcome == "survived":
                verdict = Verdict("survived", "all tests")
            yield from ((each, verdict) for each in mutants)
            return
        half = len(mutants) // 2
        yield from self._by_all_tests(mutants[:half])
        yield from self._by_all_tests(mutants[half:])

    def _tested(self, mutants: list[Mutant], tests: list[str]) -> Verdict:
        sources = {
            module: apply([each.mutation for each in mutants if each.module == module], source)
            for module, source in {each.module: each.source for each in mutants}.items()
        }
        tree = self._trees.get()
        try:
            allowed = 60 + 5 * self._slow + 10 * self._covering.seconds(tests)
            return tree.run(sources, tests, allowed)
        finally:
            self._trees.put(tree)


def _require_success(tree: Tree, tests: Sequence[str]) -> None:
    if (verdict := tree.run({}, tests, 600)).outcome != "survived":
        raise SystemExit(f"{tree.output}\nTests fail without a mutation: {verdict.by}")


def _seconds(test: tuple[str, float]) -> float:
    return test[1]


if __name__ == "__main__":
    main()
