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
    """This test's own service, over HTTP."""
    with serve(service) as server:
        yield server


@pytest.fixture(scope="session")
def aws_cli(tmp_path_factory: pytest.TempPathFactory) -> Program:
    return programs.aws_cli(home_of_its_own(tmp_path_factory))


@pytest.fixture(scope="session")
def node(tmp_path_factory: pytest.TempPathFactory) -> Program:
    return programs.node(home_of_its_own(tmp_path_factory))


def home_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    (home / ".aws").mkdir()
    # AWS's examples were printed by version 2 of the CLI. Version 1 prints seconds unless told.
    settings = "[default]\ncli_timestamp_format = iso8601\n"
    (home / ".aws" / "config").write_text(settings, encoding="utf-8")
    return home
