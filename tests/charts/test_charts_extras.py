from __future__ import annotations

import sys

import pytest

from ssm_contacts_sdk import ConfigurationError
from ssm_contacts_sdk._charts.extras import import_extra


@pytest.mark.parametrize(("module", "library"), [("icalendar", "icalendar"), ("rich.text", "rich")])
def test_the_error_names_the_library_to_install(
    monkeypatch: pytest.MonkeyPatch, module: str, library: str
) -> None:
    monkeypatch.delitem(sys.modules, "rich.text", raising=False)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ConfigurationError) as caught:
        import_extra(module, "the picture")
    assert str(caught.value) == f"the picture needs {library}: pip install {library}"


def test_a_missing_dependency_of_an_installed_library_is_its_own_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "attrs", None)
    monkeypatch.delitem(sys.modules, "ssm_contacts_sdk._charts.chart", raising=False)
    with pytest.raises(ModuleNotFoundError, match="attrs"):
        import_extra("ssm_contacts_sdk._charts.chart", "to_ics")
