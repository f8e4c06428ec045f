"""Optional libraries: the extras of this package."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ssm_contacts_sdk._errors import ConfigurationError


def import_extra(module: str, feature: str) -> Any:
    """Return a module of a library that may not be installed.

    Raises:
        ConfigurationError: it is not installed; the message names `feature` and the library.
    """
    library = module.partition(".")[0]
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != library:
            raise
        # The library's own name works wherever this package was installed from.
        raise ConfigurationError(f"{feature} needs {library}: pip install {library}") from None
