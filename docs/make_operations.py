"""Write docs/operations.md from the declared operations and from botocore's model.

``python docs/make_operations.py`` writes it again; a test compares it with the code.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from botocore.loaders import Loader
from botocore.model import ServiceModel

from ssm_contacts_sdk._operations import Argument, Operation, Repeat
from ssm_contacts_sdk._resources.table import OPERATIONS
from ssm_contacts_sdk._schema.descriptions import rules_of, type_name

PAGE = Path(__file__).parent / "operations.md"
EVERYWHERE = frozenset({"AccessDenied", "InternalServer", "Throttling", "Validation"})
ARGUMENTS_OF_MANY = ("idempotency_token", "page_size", "next_token")
REPEATED = {
    Repeat.READS: "yes, it reads",
    Repeat.CREATES: "yes, by its token",
    Repeat.SETS: "yes, it sets a state",
    Repeat.DELETES: "yes, a not-found error is then a success",
    Repeat.ACTS: "**no**",
}
HEAD = """# Operations

All 39 operations of the service: the method that calls each, whether it is repeated, its errors and
its arguments. This page is written by `docs/make_operations.py`.

*Token*: an idempotency token is sent with every attempt. *Repeated*: whether a request is sent
again when its outcome is unknown. If the service was never reached, or throttled the request, it is
always sent again. Every operation can raise `AccessDeniedError`, `InternalServerError`,
`ThrottlingError` and `ValidationError`; the table has the other errors of AWS's model.

| operation | method of the client | token | repeated | pages | errors |
|---|---|---|---|---|---|
"""
ARGUMENTS_HEAD = """
## Arguments

The arguments of each method, AWS's names for them, and their rules. In place of an ARN, a record or
a summary can be passed. All violations of one call are raised together, as one `InvalidValueError`,
before anything is sent. Methods that create something also take `idempotency_token` (1 to 2,048
characters), and lists take `page_size` (1 to 1,024; not `pages.resolutions`) and `next_token`.

| method | argument | AWS's name | rule |
|---|---|---|---|
"""


def rows() -> Iterator[str]:
    """Yield a row for each operation."""
    described = Loader().load_service_model("ssm-contacts", "service-2")
    model = ServiceModel(cast("Mapping[str, Any]", described), "ssm-contacts")
    for name in sorted(OPERATIONS):
        operation = OPERATIONS[name]
        shapes: Any = model.operation_model(name).error_shapes
        errors = sorted({shape.name.removesuffix("Exception") for shape in shapes} - EVERYWHERE)
        yield row(
            name,
            f"`{operation.method}`",
            "yes" if operation.takes_token else "",
            REPEATED[operation.repeat],
            "yes" if operation.is_paged else "",
            ", ".join(f"`{error}Error`" for error in errors),
        )


def argument_rows() -> Iterator[str]:
    """Yield a row for each argument, and for each rule about several of them."""
    for operation in sorted(OPERATIONS.values(), key=lambda each: each.method):
        yield from rows_of(operation)


def rows_of(operation: Operation[Any]) -> Iterator[str]:
    """Yield the rows of the arguments of one operation."""
    method = f"`{operation.method}`"
    for name, argument in operation.arguments.items():
        if name not in ARGUMENTS_OF_MANY:
            member = argument.member or "one for each field"
            yield row(method, f"`{name}`", member, rule(argument))
    for each in operation.rules:
        names = ", ".join(f"`{name}`" for name in each.arguments)
        yield row(method, names, "", each.description)


def rule(argument: Argument) -> str:
    """Return the rules of an argument in words, or its type if it has none."""
    words = "; ".join(rules_of(argument.annotation)) or f"`{type_name(argument.annotation)}`"
    return f"optional; {words}" if argument.is_optional else words


def row(*cells: str) -> str:
    """Return one row of a table."""
    return f"| {' | '.join(each.replace('|', chr(92) + '|') for each in cells)} |\n".replace(
        "|  |", "| |"
    )


def page() -> str:
    """Return the whole page."""
    return "".join((HEAD, *rows(), ARGUMENTS_HEAD, *argument_rows()))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
