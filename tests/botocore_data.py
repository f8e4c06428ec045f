"""botocore's data, parsed once for all sessions of a test module."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.loaders import JSONFileLoader

_parse = JSONFileLoader.load_file
_parsed: dict[str, Any] = {}


def parse_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make sessions share what botocore parses: six sevenths of the time to create a client."""

    def load_file(self: JSONFileLoader, file_path: str) -> Any:
        content = _parsed.get(file_path)
        if content is None:
            content = _parsed[file_path] = _parse(self, file_path)
        return content

    monkeypatch.setattr(JSONFileLoader, "load_file", load_file)
