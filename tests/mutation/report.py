"""The results of a sample: a file from which a run goes on, and a report to read."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from mutation.runs import Verdict
from mutation.sample import Mutant

COLUMNS = ("killed", "time-out", "survived")


class Results:
    """The verdicts on mutants, written into a file one by one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._verdicts: dict[str, Verdict] = {}
        if path.exists():
            for each in json.loads(path.read_text(encoding="utf-8")):
                self._verdicts[each["diff"]] = Verdict(each["outcome"], each["by"])

    def __contains__(self, mutant: Mutant) -> bool:
        return mutant.diff in self._verdicts

    def __getitem__(self, mutant: Mutant) -> Verdict:
        return self._verdicts[mutant.diff]

    def add(self, mutant: Mutant, verdict: Verdict) -> None:
        # The difference identifies a mutant: after a change of the module it is another one.
        self._verdicts[mutant.diff] = verdict
        content = [
            {"diff": diff, "outcome": each.outcome, "by": each.by}
            for diff, each in self._verdicts.items()
        ]
        written = self._path.with_suffix(".new")
        written.write_text(json.dumps(content, indent=1), encoding="utf-8")
        written.replace(self._path)


def report(mutants: list[Mutant], results: Results) -> str:
    """Return the table of a sample by module, and its survivors, as Markdown."""
    rows = {module: Counter[str]() for module in sorted({each.module for each in mutants})}
    for mutant in mutants:
        rows[mutant.module][results[mutant].outcome] += 1
    total = sum(rows.values(), Counter[str]())
    dead = (total["killed"] + total["time-out"]) / len(mutants)
    return "\n".join([
        "| module | mutants | killed | by time-out | survived |",
        "|---|---|---|---|---|",
        *(_row(f"`{module}`", counts) for module, counts in rows.items()),
        _row("all", total),
        "",
        f"{dead:.1%} of {len(mutants)} mutants died.",
        *_survivors(mutants, results),
        "",
    ])  # fmt: skip


def _row(name: str, counts: Counter[str]) -> str:
    cells = [name, counts.total(), *(counts[column] for column in COLUMNS)]
    return f"| {' | '.join(map(str, cells))} |"


def _survivors(mutants: list[Mutant], results: Results) -> Iterator[str]:
    for mutant in mutants:
        if results[mutant].outcome == "survived":
            passed = results[mutant].by
            yield f"\n{mutant.name} ({passed} passed)\n\n```diff\n{mutant.diff}```"
