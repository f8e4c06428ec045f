"""The sample of mutants: drawn from all modules by a seed, in proportion to what can be mutated."""

from __future__ import annotations

import difflib
import random
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from mutation.operators import Mutation, is_change, mutations_of


class Mutant(NamedTuple):
    """A module of the package with a mutation."""

    module: str
    """The path of the module from the root of the project."""
    mutation: Mutation
    source: str
    """The source of the module without the mutation."""

    @property
    def name(self) -> str:
        return f"{self.module}:{self.mutation.line} {self.mutation.operator}"

    @property
    def diff(self) -> str:
        """The mutation as a difference of the two sources."""
        before, after = (
            text.splitlines(keepends=True)
            for text in (self.source, self.mutation.apply(self.source))
        )
        lines = difflib.unified_diff(before, after, self.module, self.module, n=2)
        return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def read_package(root: Path) -> dict[str, str]:
    """Return the sources of all modules by their paths."""
    paths = sorted((root / "ssm_contacts_sdk").rglob("*.py"))
    return {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for path in paths
        if path.name != "_version.py"
    }


def draw(sources: Mapping[str, str], seed: int, count: int) -> Iterator[Mutant]:
    """Yield `count` mutants, at most one for each line, in any order.

    The lines of all modules stand in one row, and every n-th of them is drawn. So each package has
    its part of the sample, and also of the part of it for which there is time. The seed decides
    where the row begins, and how a line is changed.
    """
    drawing = random.Random(seed)  # noqa: S311 - a sample is no secret
    lines = [
        (module, list(mutations))
        for module, source in sources.items()
        for _, mutations in groupby(mutations_of(source), key=lambda each: each.line)
    ]
    step = len(lines) / count
    start = drawing.random() * step
    for number in drawing.sample(range(count), count):
        module, mutations = lines[int(start + number * step)]
        yield _drawn(drawing, module, mutations, sources[module])


def _drawn(drawing: random.Random, module: str, mutations: list[Mutation], source: str) -> Mutant:
    while True:
        # An operator with many mutations of a line is no likelier than the others.
        operator = drawing.choice(sorted({each.operator for each in mutations}))
        mutation = drawing.choice([each for each in mutations if each.operator == operator])
        if is_change(mutation, source):
            return Mutant(module, mutation, source)
        mutations = [each for each in mutations if each != mutation]
