"""The tables of changed names in CHANGELOG.md name what the package has now."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pytest

import ssm_contacts_sdk as sdk
from ssm_contacts_sdk import InvalidValueError, local, pytest_plugin
from ssm_contacts_sdk.local import Assumptions

CHANGELOG = (Path(__file__).parents[1] / "CHANGELOG.md").read_text(encoding="utf-8")
SECTION = CHANGELOG.partition("### Changed names\n")[2].partition("\n### ")[0]
ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
CODE = re.compile(r"`([^`]+)`")
NAME = re.compile(r"[A-Za-z_]\w*(?:\.[a-z_]\w*)*")
ARGUMENT = re.compile(r"[(,] ?([a-z_]\w*)(?=[=,)])")
OPTION = re.compile(r'Assumptions\((\w+)="(\w+)"\)')
VARIABLES = {
    "calendar": sdk.OnCallCalendar,
    "client": sdk.ContactsClient,
    "clock": local.LocalClock,
    "error": sdk.TransportError,
    "service": local.LocalService,
    "timeline": sdk.Timeline,
}
"""The variables of the tables, and their classes."""
NOT_OURS = {"DeprecationWarning", "str", "timedelta", "ssm_contacts_sdk.retry"}
MEMBERS = {
    "clock",
    "code",
    "connect_timeout",
    "follow",
    "monotonic",
    "now",
    "read_timeout",
    "sleep",
}
"""Parameters and methods that a row names beside their class or method."""


def spans(column: int) -> list[str]:
    """Return the code that begins with a name, in one column of the tables of two columns."""
    found = [span for row in ROW.findall(SECTION) for span in CODE.findall(row[column])]
    return [span for span in found if NAME.match(span) and not span.startswith("from ")]


def resolve(dotted: str) -> object:
    """Return the public object of a name, such as `client.on_call` or `lost_response`."""
    first, *rest = dotted.split(".")
    homes = (sdk, local, pytest_plugin)
    found = VARIABLES.get(first) or next(
        (getattr(home, first) for home in homes if hasattr(home, first)), None
    )
    assert found is not None, f"{first} is not public"
    for name in rest:
        declared: dict[str, object] = {}
        if inspect.isclass(found):
            for base in found.__mro__:
                declared |= inspect.get_annotations(base)
        assert hasattr(found, name) or name in declared, f"{dotted} does not exist"
        found = getattr(found, name, None)
    return found


def test_the_tables_are_found() -> None:
    assert len(spans(0)) > 40
    assert "client.on_call(target, at=...)" in spans(1)


@pytest.mark.parametrize("span", sorted({*spans(1)}))
def test_a_name_of_the_column_now_exists(span: str) -> None:
    name = NAME.match(span)
    assert name is not None
    if name.group() in NOT_OURS | MEMBERS:
        return
    found = resolve(name.group())
    if callable(found) and (arguments := ARGUMENT.findall(span)):
        assert {*arguments} <= {*inspect.signature(found).parameters}


@pytest.mark.parametrize("span", sorted({span for span in spans(0) if span.isidentifier()}))
def test_a_name_of_the_column_before_is_gone(span: str) -> None:
    assert not any(hasattr(home, span) for home in (sdk, local, pytest_plugin))


@pytest.mark.parametrize(("option", "value"), OPTION.findall(" ".join(spans(1))))
def test_a_value_of_an_option_is_accepted(option: str, value: Any) -> None:
    options: dict[str, Any] = {option: value}
    assert getattr(Assumptions(**options), option) == value


@pytest.mark.parametrize(("option", "value"), OPTION.findall(" ".join(spans(0))))
def test_an_earlier_value_of_an_option_is_rejected(option: str, value: Any) -> None:
    options: dict[str, Any] = {option: value}
    with pytest.raises(InvalidValueError):
        Assumptions(**options)


def test_new_public_names_exist() -> None:
    listed = SECTION.partition("New public names: ")[2].partition("\n\n")[0]
    names = [name.removeprefix("local.") for name in CODE.findall(listed)]
    assert names
    for name in names:
        resolve(name)
