"""Where a client program is not installed, its tests are skipped, and fail in CI."""

from __future__ import annotations

from pathlib import Path

import pytest
from clients import programs

MISSING = {
    "aws_cli": "the aws CLI is not installed. In the repository's root: python3 -m venv ",
    "node": "the JavaScript SDK is not installed. In the repository's root: npm ci ",
}


@pytest.fixture(autouse=True)
def nothing_is_installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(programs, "AWS_CLI", tmp_path / "aws")
    monkeypatch.setattr(programs, "JS_SDK", tmp_path / "client-ssm-contacts")


@pytest.mark.parametrize("program", MISSING)
def test_a_test_without_its_program_is_skipped(
    program: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SSM_CONTACTS_CLIENTS", raising=False)
    with pytest.raises(pytest.skip.Exception) as caught:
        getattr(programs, program)(tmp_path)
    assert str(caught.value).startswith(MISSING[program])


@pytest.mark.parametrize("program", MISSING)
def test_a_test_without_its_program_fails_where_all_are_required(
    program: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSM_CONTACTS_CLIENTS", "required")
    with pytest.raises(pytest.fail.Exception) as caught:
        getattr(programs, program)(tmp_path)
    assert str(caught.value).startswith(MISSING[program])
