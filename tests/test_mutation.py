"""Tests of the tool that draws mutants; see CONTRIBUTING.md."""

from __future__ import annotations

import ast
from textwrap import dedent
from types import SimpleNamespace
from typing import Any

import pytest
from mutation.operators import apply, is_change, mutations_of
from mutation.plugin import Choice
from mutation.sample import draw

# For each operator: a source, and the lines or parts of it that a mutation gives.
MUTATED = [
    ("comparison", "a < b", "a <= b"),
    ("comparison", "a >= b", "a > b"),
    ("comparison", "a is not None", "a is None"),
    ("comparison", "a not in (b)", "a in (b)"),
    ("and, or", "(a) and (b)", "(a) or (b)"),
    ("not removed", "b = not a", "b =  a"),
    ("arithmetic", "a + b", "a - b"),
    ("arithmetic", "a // (b)", "a * (b)"),
    ("arithmetic", "a -= 1", "a += 1"),
    ("int", "a = 3", "a = 4"),
    ("int", "a = 3", "a = 2"),
    ("bool", "a = True", "a = False"),
    ("str", "a = 'é', 'é'", "a = 'é', ''"),
    ("str", "a = 'é', 'é'", "a = 'é', 'é~'"),
    ("str", "a = f'{b} c'", "a = ''"),
    ("NoneType", "a = None", "a = 0"),
    ("return None", "def f():\n    return 1", "def f():\n    return None"),
    ("return None", "lambda: a", "lambda: None"),
    ("statement deleted", "if a: f(b)", "if a: pass"),
    ("statement deleted", "a.b = c", "pass"),
    ("statement deleted", "raise a", "pass"),
    ("condition forced", "if a: b = 1", "if True: b = 1"),
    ("condition forced", "b if a else c", "b if False else c"),
    ("condition forced", "[a for a in b if a]", "[a for a in b if True]"),
    ("keyword removed", "f(a, b=c, d=e)", "f(a, d=e)"),
    ("keyword removed", "f(a, b=c, d=e)", "f(a, b=c, )"),
    ("element removed", "a = (b, c)", "a = (b, )"),
    ("element removed", "a = (b, c)", "a = (c)"),
    ("element removed", "{'a': b, **c}", "{**c}"),
    ("element removed", "a: Annotated[int, Count(1), Name(b)]", "a: Annotated[int, Name(b)]"),
    ("break and continue", "while a: break", "while a: continue"),
    ("else removed", "for a in b: c\nelse: d = 1", "for a in b: c\nelse: pass"),
    ("finally removed", "try: a\nfinally: b = 1", "try: a\nfinally: pass"),
    ("except narrowed", "try: a\nexcept (B, C): d", "try: a\nexcept (): d"),
    ("edge of a slice", "a[b:c]", "a[:c]"),
    ("decorator removed", "@a.b(c)\ndef f(): d", "\ndef f(): d"),
    ("function", "min(a, b)", "max(a, b)"),
]


def mutated(source: str, operator: str | None = None) -> list[str]:
    return [
        each.apply(source)
        for each in mutations_of(source)
        if operator in {None, each.operator} and is_change(each, source)
    ]


@pytest.mark.parametrize(("operator", "source", "expected"), MUTATED)
def test_an_operator_changes_one_node(operator: str, source: str, expected: str) -> None:
    found = [ast.unparse(ast.parse(each)) for each in mutated(source, operator)]
    assert ast.unparse(ast.parse(expected)) in found


@pytest.mark.parametrize(
    "source",
    [
        '"""A docstring."""',
        "import a",
        "a: int",
        "def f(a: Callable[[int], str]) -> Literal['b']: '''A docstring.'''",
        "A = Union[int, Literal['b']]",
        "A = TypeVar('A', bound=B)",
        "if TYPE_CHECKING:\n    a = 1",
        "@overload\ndef f(a=1): ...",
        "class A(Protocol):\n    def f(self, a=1): ...",
        "__all__ = ['a']",
        "assert a > 1",
        "@frozen\nclass A: ...",
    ],
)
def test_code_for_type_checkers_and_docstrings_are_not_mutated(source: str) -> None:
    assert mutated(source) == []


def test_a_mutation_knows_its_line_and_whether_it_runs_at_import() -> None:
    source = dedent("""
        A = 1
        def f(b=2):
            return (
                b,
                3)
    """)
    found = {
        (each.line, source.encode()[each.start : each.end].decode(), each.at_import)
        for each in mutations_of(source)
        if each.operator == "int"
    }
    assert found == {(2, "1", True), (3, "2", True), (6, "3", False)}


def test_mutations_of_one_source_are_applied_together() -> None:
    source = "é = 1 < 2"
    found = [each for each in mutations_of(source) if each.text in {"<=", "2", "3"}]
    assert apply(found, source) == "é = 2 <= 3"


def test_a_seed_draws_one_mutant_a_line_from_all_modules_in_proportion() -> None:
    sources = {
        "a": "\n".join(f"a = f({n}, '{n}')" for n in range(90)),
        "b": "\n".join(f"b = {n} < b" for n in range(30)),
    }
    drawn = list(draw(sources, 1, 40))
    assert sorted(each.module for each in drawn) == ["a"] * 30 + ["b"] * 10
    assert len({(each.module, each.mutation.line) for each in drawn}) == 40
    assert drawn == list(draw(sources, 1, 40))
    assert drawn != list(draw(sources, 2, 40))
    assert all(each.mutation.apply(each.source) != each.source for each in drawn)


def test_a_choice_runs_tests_and_whole_files_in_its_order() -> None:
    names = ["a.py::one", "b.py::one", "b.py::two", "c.py::one", "c.py::two"]
    items: Any = [SimpleNamespace(nodeid=name) for name in names]
    Choice(["c.py::two", "b.py"]).pytest_collection_modifyitems(items)
    assert [each.nodeid for each in items] == ["c.py::two", "b.py::one", "b.py::two"]


def test_a_mutant_shows_its_difference() -> None:
    mutant = next(draw({"a.py": "a = [\n    1]"}, 1, 1))
    assert mutant.diff.startswith("--- a.py\n+++ a.py\n@@ ")
    assert "\n+" in mutant.diff
