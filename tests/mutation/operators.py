"""Mutations of a source: which small changes of it a test should notice.

A mutation replaces the text of one node of the syntax tree. Everything else keeps its place, so a
report can show it as a difference of one line or a few.

These are left out, because no test should depend on them: docstrings, the code that is there for
type checkers only (annotations, `cast`, `TypeVar`, overloads, protocols, `__all__`, asserts),
texts of logs, and the decorators of caches and of attrs. Annotations with `Annotated` declare the
rules of a field, so their metadata is in. The wording of errors is in too, as a whole: it becomes
empty. Tests compare path and code, but every message should be read by one of them.
"""

from __future__ import annotations

import ast
import re
import warnings
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import NamedTuple

COMPARISONS: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Is: ("is", "is not"),
    ast.IsNot: (r"is\s+not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: (r"not\s+in", "in"),
}
ARITHMETIC: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "//"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "*"),
    ast.BitOr: ("|", "&"),
    ast.BitAnd: ("&", "|"),
}
FUNCTIONS = {"min": "max", "max": "min", "any": "all", "all": "any"}
# Their arguments are types.
TYPE_FUNCTIONS = {"TypeVar", "ParamSpec", "NewType", "NamedTuple", "TypedDict"}
# What they change, no caller can see, or nothing works without them.
UNSEEN_DECORATORS = {
    "abstractmethod", "attrs.define", "attrs.frozen", "cache", "cached", "dataclass", "define",
    "final", "frozen", "lru_cache", "overload", "override", "runtime_checkable",
}  # fmt: skip
WORDS = re.compile(r"\S+\s+\S+")


class Mutation(NamedTuple):
    """The replacement of a part of a source."""

    operator: str
    line: int
    start: int
    """The position of the first byte that is replaced, in the source as UTF-8."""
    end: int
    text: str
    at_import: bool
    """Whether the code runs when the module is imported, and not in a function."""

    def apply(self, source: str) -> str:
        """Return the mutated source."""
        return apply([self], source)


def apply(mutations: Iterable[Mutation], source: str) -> str:
    """Return the source with several mutations, which do not overlap."""
    content = source.encode()
    for each in sorted(mutations, key=lambda each: each.start, reverse=True):
        content = content[: each.start] + each.text.encode() + content[each.end :]
    return content.decode()


def mutations_of(source: str) -> list[Mutation]:
    """Return the mutations of a source, of which some change nothing: see `is_change`."""
    finder = _Finder(source)
    finder.visit(ast.parse(source))
    found = {(each.line, each.start, each.end, each.text): each for each in finder.found}
    return [found[key] for key in sorted(found)]


def is_change(mutation: Mutation, source: str) -> bool:
    """Return whether the mutated source can be compiled, and has another syntax tree."""
    return _compiled(mutation.apply(source)) not in (None, _compiled(source))


def _compiled(source: str) -> str | None:
    with warnings.catch_warnings():
        # Such as `"is" with a literal`.
        warnings.simplefilter("ignore", SyntaxWarning)
        try:
            compile(source, "mutant", "exec")
        except (SyntaxError, ValueError):
            return None
        return ast.dump(ast.parse(source))


class _Finder(ast.NodeVisitor):
    """Walks through a syntax tree, and finds the mutations of each node."""

    def __init__(self, source: str) -> None:
        self.found: list[Mutation] = []
        self._content = source.encode()
        lines = self._content.splitlines(keepends=True)
        self._lines = [0, *accumulate(map(len, lines))]
        self._functions = 0

    def visit_all(self, nodes: Iterable[ast.AST | None]) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    # Definitions

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        if "overload" not in map(_name, node.decorator_list):
            self._decorators(node)
            self.visit(node.args)
            self._functions += 1
            self.visit_all(node.body)
            self._functions -= 1

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815 - a name of ast

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        if "Protocol" not in map(_name, node.bases):
            self._decorators(node)
            self.visit_all([*node.keywords, *node.body])

    def visit_arguments(self, node: ast.arguments) -> None:
        self.visit_all([*node.defaults, *node.kw_defaults])

    def _decorators(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        for each in node.decorator_list:
            if _name(each) not in UNSEEN_DECORATORS:
                start, end = self._span(each)
                at = self._content.rindex(b"@", 0, start)
                self._add("decorator removed", at, end, "")
            self.generic_visit(each)

    # Statements

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self._metadata(node.annotation)
        if node.value:
            self._assigned(node, [node.target], node.value)

    def visit_Assign(self, node: ast.Assign) -> None:
        if "__all__" not in map(_name, node.targets):
            self._assigned(node, node.targets, node.value)

    def _assigned(self, node: ast.stmt, targets: list[ast.expr], value: ast.expr) -> None:
        if any(isinstance(each, (ast.Attribute, ast.Subscript)) for each in targets):
            self._replace("statement deleted", node, "pass")
        self.visit_all([*targets, value])

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self._replace("statement deleted", node, "pass")
        if type(node.op) in ARITHMETIC:
            old, new = ARITHMETIC[type(node.op)]
            self._between("arithmetic", node.target, node.value, f"{old}=", f"{new}=")
        self.generic_visit(node)

    def visit_Assert(self, node: ast.Assert) -> None:
        """An assert is there for type checkers."""

    def visit_Expr(self, node: ast.Expr) -> None:
        # A constant is a docstring, or the body of an abstract method.
        if not isinstance(node.value, ast.Constant):
            self._replace("statement deleted", node, "pass")
            self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        self._replace("statement deleted", node, "pass")
        self.generic_visit(node)

    def visit_Delete(self, node: ast.Delete) -> None:
        self._replace("statement deleted", node, "pass")

    def visit_Return(self, node: ast.Return) -> None:
        if node.value and not _is_none(node.value):
            self._replace("return None", node.value, "None")
            self.visit(node.value)

    def visit_Break(self, node: ast.Break) -> None:
        self._replace("break and continue", node, "continue")

    def visit_Continue(self, node: ast.Continue) -> None:
        self._replace("break and continue", node, "break")

    def visit_If(self, node: ast.If) -> None:
        if "TYPE_CHECKING" in _name(node.test):
            self.visit_all(node.orelse)
            return
        self._condition(node.test)
        if not (node.orelse and self._content[self._span(node.orelse[0])[0] :].startswith(b"elif")):
            self._emptied("else removed", node.orelse)
        self.generic_visit(node)

    def visit_For(self, node: ast.For) -> None:
        self._emptied("else removed", node.orelse)
        self.generic_visit(node)

    def visit_While(self, node: ast.While) -> None:
        # A loop that never ends says little.
        self._replace("condition forced", node.test, "False")
        self._emptied("else removed", node.orelse)
        self.generic_visit(node)

    def visit_Try(self, node: ast.Try) -> None:
        self._emptied("else removed", node.orelse)
        self._emptied("finally removed", node.finalbody)
        self.generic_visit(node)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.type:
            self._replace("except narrowed", node.type, "()")
        self.visit_all(node.body)

    def _emptied(self, operator: str, body: list[ast.stmt]) -> None:
        if body:
            self._add(operator, self._span(body[0])[0], self._span(body[-1])[1], "pass")

    # Expressions

    def visit_Constant(self, node: ast.Constant) -> None:
        for text in _changed_constants(node.value):
            self._replace(type(node.value).__name__, node, text)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        # Python 3.11 does not know the positions of the parts of an f-string.
        self._replace("str", node, '""')

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if _name(node.value) == "Annotated":
            self._metadata(node)
        elif not _is_type(node.value):
            self.generic_visit(node)

    def _metadata(self, annotation: ast.expr) -> None:
        """Mutate what annotations declare with `Annotated`."""
        for node in ast.walk(annotation):
            match node:
                case ast.Subscript(value=value, slice=ast.Tuple(elts=[_, *rules])) if (
                    _name(value) == "Annotated"
                ):
                    self._elements([(each, each) for each in rules])
                    self.visit_all(rules)
                case _:
                    pass

    def visit_Call(self, node: ast.Call) -> None:
        name = _name(node.func)
        if name in TYPE_FUNCTIONS:
            return
        if name in FUNCTIONS:
            self._replace("function", node.func, FUNCTIONS[name])
        # The first argument is a type, or the text of a log.
        is_first_unseen = name == "cast" or name.startswith("_log.")
        self.visit_all([node.func, *node.args[is_first_unseen:], *node.keywords])

    def visit_keyword(self, node: ast.keyword) -> None:
        if node.arg:
            self._without("keyword removed", node, node)
        self.visit(node.value)

    def visit_Compare(self, node: ast.Compare) -> None:
        operands = [node.left, *node.comparators]
        for left, op, right in zip(operands, node.ops, operands[1:], strict=False):
            old, new = COMPARISONS[type(op)]
            self._between("comparison", left, right, old, new, is_pattern=True)
        self.visit_all(each for each in operands if not _is_none(each))

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        old, new = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for left, right in zip(node.values, node.values[1:], strict=False):
            self._between("and, or", left, right, old, new)
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not):
            start = self._span(node)[0]
            self._add("not removed", start, start + len("not"), "")
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if type(node.op) in ARITHMETIC:
            old, new = ARITHMETIC[type(node.op)]
            self._between("arithmetic", node.left, node.right, old, new)
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self._condition(node.test)
        self.generic_visit(node)

    def visit_comprehension(self, node: ast.comprehension) -> None:
        for test in node.ifs:
            self._replace("condition forced", test, "True")
        self.visit_all([node.iter, *node.ifs])

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._replace("return None", node.body, "None")
        self.generic_visit(node)

    def visit_Tuple(self, node: ast.Tuple | ast.List | ast.Set) -> None:
        if not isinstance(getattr(node, "ctx", None), ast.Store):
            self._elements([(each, each) for each in node.elts])
        self.generic_visit(node)

    visit_List = visit_Set = visit_Tuple  # noqa: N815 - names of ast

    def visit_Dict(self, node: ast.Dict) -> None:
        pairs = zip(node.keys, node.values, strict=True)
        # What is unpacked has no key, and begins before its value.
        self._elements([(key, value) for key, value in pairs if key])
        self.generic_visit(node)

    def visit_Slice(self, node: ast.Slice) -> None:
        for edge in (node.lower, node.upper, node.step):
            if edge:
                self._replace("edge of a slice", edge, "")
        self.generic_visit(node)

    def _elements(self, elements: list[tuple[ast.expr, ast.expr]]) -> None:
        for first, last in elements:
            self._without("element removed", first, last)

    def _condition(self, test: ast.expr) -> None:
        for forced in ("True", "False"):
            self._replace("condition forced", test, forced)

    # Positions

    def _span(self, node: ast.AST) -> tuple[int, int]:
        assert isinstance(node, (ast.stmt, ast.expr, ast.keyword))
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start = self._lines[node.lineno - 1] + node.col_offset
        return start, self._lines[node.end_lineno - 1] + node.end_col_offset

    def _add(self, operator: str, start: int, end: int, text: str) -> None:
        line = bisect_right(self._lines, start)
        self.found.append(Mutation(operator, line, start, end, text, self._functions == 0))

    def _replace(self, operator: str, node: ast.AST, text: str) -> None:
        self._add(operator, *self._span(node), text)

    def _without(self, operator: str, first: ast.AST, last: ast.AST) -> None:
        """Remove a part of a list, with the comma after it."""
        start, end = self._span(first)[0], self._span(last)[1]
        comma = re.compile(rb"\s*,\s*").match(self._content, end)
        self._add(operator, start, comma.end() if comma else end, "")

    def _between(
        self,
        operator: str,
        left: ast.AST,
        right: ast.AST,
        old: str,
        new: str,
        *,
        is_pattern: bool = False,
    ) -> None:
        """Replace what is between two nodes, without parentheses and comments."""
        begin, until = self._span(left)[1], self._span(right)[0]
        pattern = old if is_pattern else re.escape(old)
        if found := re.search(pattern.encode(), self._content[begin:until]):
            self._add(operator, begin + found.start(), begin + found.end(), new)


def _is_none(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _changed_constants(value: object) -> Iterator[str]:
    match value:
        case bool():
            yield str(not value)
        case int() | float():
            yield f"{value + 1!r}"
            yield f"{value - 1!r}"
        case str():
            if value:
                yield '""'
            if not WORDS.search(value):
                yield repr(f"{value}~")
        case bytes():
            yield repr(value + b"~")
        case None:
            yield "0"
        case _:
            pass


def _name(node: ast.AST) -> str:
    """Return the dotted name of a node, or that of what it calls or subscripts."""
    match node:
        case ast.Name():
            return node.id
        case ast.Attribute():
            return f"{_name(node.value)}.{node.attr}"
        case ast.Call():
            return _name(node.func)
        case ast.Subscript():
            return _name(node.value)
        case _:
            return ""


def _is_type(node: ast.expr) -> bool:
    """Return whether what is subscripted is a generic type, such as in an alias."""
    name = _name(node)
    return name in {"dict", "frozenset", "list", "set", "tuple", "type"} or (
        name[:1].isupper() and not name.isupper()
    )
