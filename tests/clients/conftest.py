from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from clients import programs
from clients.programs import Program

from ssm_contacts_sdk.local import LocalService
from ssm_contacts_sdk.local._server.http import LocalServer, serve


@pytest.fixture
def server(service: LocalService) -> Iterator[LocalServer]:
    """The service of this test, over HTTP."""
    with serve(service) as server:
        yield server


@pytest.fixture(scope="session")
def aws_cli(tmp_path_factory: pytest.TempPathFactory) -> Program:
    return programs.aws_cli(separate_home(tmp_path_factory))


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Program:
    return programs.node(separate_home(tmp_path_factory))


def separate_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    (home / ".aws").mkdir()
    # AWS's examples show the output of version 2 of the CLI. By default, version 1 prints seconds.
    settings = "[default]\ncli_timestamp_format = iso8601\n"
    (home / ".aws" / "config").write_text(settings, encoding="utf-8")
    return home
