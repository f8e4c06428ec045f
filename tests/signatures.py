"""The signatures of everything public, one on each line, without annotations.

``python tests/signatures.py`` writes them to ``tests/signatures.txt``. So a review shows each
change of a name, of a default, and of what may be passed by position.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any

import ssm_contacts_sdk
import ssm_contacts_sdk.local

PATH = Path(__file__).with_suffix(".txt")
_MODULES = (ssm_contacts_sdk, ssm_contacts_sdk.local)
_SHOWN = (bool, int, float, str, bytes, datetime, timedelta, type(None))


def signatures() -> list[str]:
    """Return a line for each public function, class and method."""
    return sorted(line for module in _MODULES for line in _of_module(module))


def _of_module(module: Any) -> Iterator[str]:
    for name in module.__all__:
        public: object = getattr(module, name)
        path = f"{module.__name__}.{name}"
        if inspect.isclass(public):
            yield from _of_class(path, public)
        elif inspect.isfunction(public):
            yield _line(path, public)


def _of_class(path: str, kind: type[Any]) -> Iterator[str]:
    if inspect.isfunction(kind.__init__) and not issubclass(kind, Enum):
        # Not of the class: it may have a `__new__` that accepts anything.
        yield _line(path, partial(kind.__init__, None))
    for name, member in inspect.getmembers(kind):
        is_ours = str(getattr(member, "__module__", "")).startswith(ssm_contacts_sdk.__name__)
        if not name.startswith("_") and is_ours and callable(member):
            yield _line(f"{path}.{name}", member)


def _line(path: str, public: Callable[..., object]) -> str:
    parameters = [
        each.replace(annotation=inspect.Parameter.empty, default=_default(each.default))
        for each in inspect.signature(public).parameters.values()
    ]
    return f"{path}{inspect.Signature(parameters)}"


def _default(value: object) -> object:
    if value is inspect.Parameter.empty or isinstance(value, _SHOWN):
        return value
    return _Described(value)


class _Described:
    """A default whose `repr` is the same in each version of Python: its type."""

    def __init__(self, value: object) -> None:
        self._value = value

    def __repr__(self) -> str:
        return f"<{type(self._value).__name__}>"


if __name__ == "__main__":
    PATH.write_text("".join(f"{line}\n" for line in signatures()), encoding="utf-8")
