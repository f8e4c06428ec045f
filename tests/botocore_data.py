"""botocore's data, read once for all sessions of a test module."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.loaders import JSONFileLoader, Loader

_parse = JSONFileLoader.load_file
_list = Loader.list_available_services
_parsed: dict[str, Any] = {}
_services: dict[tuple[str, ...], list[str]] = {}


def read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make sessions share what botocore reads: six sevenths of the time to create a client."""

    def load_file(self: JSONFileLoader, file_path: str) -> Any:
        content = _parsed.get(file_path)
        if content is None:
            content = _parsed[file_path] = _parse(self, file_path)
        return content

    def list_available_services(self: Loader, type_name: str) -> list[str]:
        listed = (type_name, *self.search_paths)
        if listed not in _services:
            _services[listed] = _list(self, type_name)
        return _services[listed][:]

    monkeypatch.setattr(JSONFileLoader, "load_file", load_file)
    monkeypatch.setattr(Loader, "list_available_services", list_available_services)
