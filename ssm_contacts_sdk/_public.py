"""The public home of what a private module defines."""

from __future__ import annotations

from typing import TypeVar

_T = TypeVar("_T")

_LOCAL = "ssm_contacts_sdk.local"


def public(item: _T) -> _T:
    """Set the `__module__` of a class or function to its public module, and return it.

    Then `repr`, tracebacks, pickles and generated documentation do not mention a private module,
    which may be renamed at any time. It is the outermost decorator of everything that is exported.
    """
    home = _LOCAL if item.__module__.startswith(f"{_LOCAL}.") else "ssm_contacts_sdk"
    item.__module__ = home
    return item
