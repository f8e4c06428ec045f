"""Writes docs/operations.md from the code and from botocore's model.

``python docs/make_operations.py`` writes it anew; the tests compare.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from botocore.loaders import Loader
from botocore.model import ServiceModel

from ssm_contacts_sdk import ContactsClient
from ssm_contacts_sdk._operations import OPERATIONS, Repeat

PAGE = Path(__file__).parent / "operations.md"
NOUNS = ("contacts", "channels", "rotations", "overrides", "engagements", "pages", "tags")
EVERYWHERE = frozenset({"AccessDenied", "InternalServer", "Throttling", "Validation"})
REPEATED = {
    Repeat.READS: "yes, it reads",
    Repeat.CREATES: "yes, by its token",
    Repeat.SETS: "yes, it sets a state",
    Repeat.DELETES: "yes, a not-found is then success",
    Repeat.ACTS: "**no**",
}
HEAD = """# Operations

All 39 operations of the service. This page is written by `docs/make_operations.py`.

*Token*: an idempotency token is sent with every attempt. *Repeated*: whether a request is sent
again when nobody knows what became of the first one; where the service was never reached, or did
nothing because it was throttled, it is always sent again. Every operation can raise
`AccessDeniedError`, `InternalServerError`, `ThrottlingError` and `ValidationError`; the table has
the errors that AWS's model gives it beyond these.

| operation | method of the client | token | repeated | pages | errors |
|---|---|---|---|---|---|
"""


def methods() -> dict[str, str]:
    """The method of each operation, which its docstring names."""
    client = ContactsClient.local()
    found: dict[str, str] = {}
    for noun in NOUNS:
        for verb, method in inspect.getmembers(getattr(client, noun), inspect.ismethod):
            summary = (inspect.getdoc(method) or "").partition("\n\n")[0]
            named = re.search(r"\(([A-Z]\w+)\)", summary)
            if named is not None and not verb.startswith("_"):
                found[named[1]] = f"{noun}.{verb}"
    return found


def rows() -> Iterator[str]:
    """A row for each operation."""
    described = Loader().load_service_model("ssm-contacts", "service-2")
    model = ServiceModel(cast("Mapping[str, Any]", described), "ssm-contacts")
    method_of = methods()
    for name in sorted(OPERATIONS):
        operation = OPERATIONS[name]
        shapes: Any = model.operation_model(name).error_shapes
        errors = sorted({shape.name.removesuffix("Exception") for shape in shapes} - EVERYWHERE)
        cells = (
            name,
            f"`{method_of[name]}`",
            "yes" if operation.takes_token else "",
            REPEATED[operation.repeat],
            "yes" if operation.is_paged else "",
            ", ".join(f"`{error}Error`" for error in errors),
        )
        yield f"| {' | '.join(cells)} |\n".replace("|  |", "| |").replace("|  |", "| |")


def page() -> str:
    """The whole page."""
    return HEAD + "".join(rows())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
