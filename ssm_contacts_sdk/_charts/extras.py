"""Libraries that are installed only by those who want what they do."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ssm_contacts_sdk._errors import ConfigurationError


def extra(module: str, wanted_for: str) -> Any:
    """A module of a library that may not be there.

    Raises:
        ConfigurationError: it is not installed.
    """
    library = module.partition(".")[0]
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != library:
            raise
        # By its own name: that works wherever this package was installed from.
        raise ConfigurationError(f"{wanted_for} needs {library}: pip install {library}") from None
