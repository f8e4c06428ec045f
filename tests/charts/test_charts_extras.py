from __future__ import annotations

import sys

import pytest

from ssm_contacts_sdk import ConfigurationError
from ssm_contacts_sdk._charts.extras import import_extra


@pytest.mark.parametrize(("module", "library"), [("icalendar", "icalendar"), ("rich.text", "rich")])
def test_a_library_that_is_not_installed_is_named_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, module: str, library: str
) -> None:
    monkeypatch.delitem(sys.modules, "rich.text", raising=False)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ConfigurationError) as caught:
        import_extra(module, "the picture")
    assert str(caught.value) == f"the picture needs {library}: pip install {library}"


def test_a_part_of_it_that_is_missing_is_no_question_of_installing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "attrs", None)
    monkeypatch.delitem(sys.modules, "ssm_contacts_sdk._charts.chart", raising=False)
    with pytest.raises(ModuleNotFoundError, match="attrs"):
        import_extra("ssm_contacts_sdk._charts.chart", "to_ics")
