"""The public home of what a private module defines."""

from __future__ import annotations

from typing import TypeVar

_T = TypeVar("_T")

_LOCAL = "ssm_contacts_sdk.local"


def public(item: _T) -> _T:
    """Name the public module of a class or function as its `__module__`, and return it.

    So that `repr`, tracebacks, pickles and generated documentation do not mention a private module,
    which may be renamed at any time. It is the outermost decorator of whatever is exported.
    """
    home = _LOCAL if item.__module__.startswith(f"{_LOCAL}.") else "ssm_contacts_sdk"
    item.__module__ = home
    return item
