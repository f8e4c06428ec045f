"""botocore's loader of data files, in less time: a client needs few of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from gzip import open as open_gzip
from pathlib import Path
from typing import Any, Final

from botocore.loaders import JSONFileLoader, Loader, create_loader

SERVICE_NAME: Final = "ssm-contacts"


class ServiceLoader(Loader):
    """A loader that does not list all services, and that parses files as dicts.

    botocore lists the directories of all services to reject unknown names, and parses each file,
    also the large one of all endpoints, as an OrderedDict. Both would be most of the time in which
    a client is created. Other services, such as those of credential providers, can be loaded too.
    """

    def __init__(self, data_path: str | None = None) -> None:
        # `create_loader` is botocore's interpretation of the setting.
        paths = create_loader(data_path).search_paths
        super().__init__(paths, _FileLoader(), include_default_search_paths=False)

    def list_available_services(self, type_name: str) -> Any:
        """Return the names of all services that have a file of this type."""
        return _ServiceNames(lambda: super(ServiceLoader, self).list_available_services(type_name))


class _ServiceNames:
    """The names of all services. Only a search for another service than this one lists them."""

    def __init__(self, list_all: Callable[[], list[str]]) -> None:
        self._list_all = list_all

    def __contains__(self, name: object) -> bool:
        return name == SERVICE_NAME or name in self._list_all()

    def __iter__(self) -> Iterator[str]:
        return iter(self._list_all())


class _FileLoader(JSONFileLoader):
    def load_file(self, file_path: str) -> Any:
        """Return the data of a file, whose path has no extension, or None if it does not exist."""
        openers: dict[str, Callable[..., Any]] = {".json": open, ".json.gz": open_gzip}
        for extension, open_file in openers.items():
            path = Path(file_path + extension)
            if path.is_file():
                with open_file(path, "rb") as file:
                    return json.loads(file.read().decode("utf-8"))
        # A later version of botocore may have files of other kinds.
        return super().load_file(file_path)
