"""Functions that are generated from the fields of a class, in the way attrs generates constructors.

A loop over the fields would be three times as slow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any


def generate(
    name: str, parameters: str, lines: Iterable[str], names: dict[str, Any]
) -> Callable[..., Any]:
    """Return the function with these lines, which can use these names.

    >>> generate("double", "number", ["return factor * number"], {"factor": 2})(21)
    42
    """
    source = "\n".join([f"def {name}({parameters}):", *(f"  {line}" for line in lines)])
    # `hides_arguments` reads the name of the module.
    known = {"__name__": __name__, **names}
    exec(compile(source, f"<ssm_contacts_sdk generated {name}>", "exec"), known)  # noqa: S102 - of names of fields
    return known[name]  # type: ignore[no-any-return]
