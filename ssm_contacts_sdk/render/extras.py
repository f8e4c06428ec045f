"""Libraries that are installed only by those who want what they do."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from ssm_contacts_sdk.errors import ConfigurationError


def extra(module: str, name: str, wanted_for: str) -> Any:
    """A module of the library that the extra `name` installs.

    Raises:
        ConfigurationError: it is not installed.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != module.partition(".")[0]:
            raise
        raise ConfigurationError(
            f"{wanted_for} needs {error.name}: pip install 'ssm-contacts-sdk[{name}]'"
        ) from None
