"""`printable`, `print` and rich on streams that cannot encode all characters."""

from __future__ import annotations

import io
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import TextIO

import pytest
from rich.console import Console
from sentinels import PHONE

from ssm_contacts_sdk import (
    Channel,
    Contact,
    ContactType,
    InvalidValueError,
    Plan,
    Recurrence,
    Rotation,
    printable,
)
from ssm_contacts_sdk._charts.typography import is_encodable
from ssm_contacts_sdk.local import LocalService

ENCODINGS = ["ascii", "cp1252", "cp437", "latin-1"]
SYMBOLS = "\u2500\u254c\u2502\u25bc\u25cf\u25cb\u00d7\u2026"

METHODS: dict[str, Callable[[object], object]] = {
    "print": print,
    "printable": lambda value: print(printable(value)),  # noqa: T201 - into a stream of the test
    # rich uses the encoding of standard output.
    "rich": lambda value: Console(width=80).print(value),
}
DRAWN = ("calendar", "timeline")
NAME = "Łucja Zoë"


@cache
def values(name: str) -> dict[str, object]:
    """Return a value of each kind that has a text. One of the people has this name."""
    service = LocalService()
    client = service.client()
    monday = datetime(2025, 1, 6, 9, 0, tzinfo=timezone.utc)
    people = [
        client.contacts.create(Contact(alias=alias, display_name=each, type=ContactType.PERSONAL))
        for alias, each in (("first", name), ("akuam", "Akua Mansa"))
    ]
    sms = client.channels.create(people[0], Channel.sms(f"phone of {name}", PHONE))
    client.channels.activate(sms, service.code_for(sms))
    voice = client.channels.create(people[0], Channel.voice("call", PHONE))
    stages = Plan.engagement().stage(minutes=5).channel(sms).channel(voice)
    client.contacts.update(people[0], plan=stages.build())
    rotation = client.rotations.create(
        Rotation(
            name="web",
            contact_ids=people,
            start_time=monday,
            time_zone_id="UTC",
            recurrence=Recurrence.daily("09:00"),
        )
    )
    schedule = client.contacts.create(
        Contact(
            alias="web",
            display_name=name,
            type=ContactType.ONCALL_SCHEDULE,
            plan=Plan.on_call(rotation),
        )
    )
    plan = Plan.escalation().stage(minutes=5).contact(people[0], essential=True).build()
    with pytest.raises(InvalidValueError) as caught:
        client.channels.create(people[0], Channel.sms("phone", name))
    return {
        "calendar": client.calendar(schedule, since=monday, until=monday + timedelta(days=7)),
        "timeline": client.preview(plan, at=monday, acknowledge={people[0]: timedelta(minutes=1)}),
        "summary": client.preview(plan, at=monday).summary,
        "on_call": client.on_call(schedule, at=monday),
        "finding": next(each for each in client.audit() if name in each.text),
        "transcript": service.transcript(),
        "error": caught.value,
    }


def printed(method: str, value: object, encoding: str) -> str:
    """Return what is printed of a value if standard output has this encoding."""
    output = io.BytesIO()
    with redirect_stdout(io.TextIOWrapper(output, encoding, write_through=True)):
        METHODS[method](value)
        return output.getvalue().decode(encoding)


def test_print_works_on_an_ascii_stream_if_the_names_are_ascii() -> None:
    for kind, value in values("Maria Nowak").items():
        assert printed("print", value, "ascii").strip(), kind


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("ascii", "\\u0141ucja Zo\\xeb"),
        ("cp1252", "\\u0141ucja Zoë"),
        ("cp437", "\\u0141ucja Zoë"),
        ("cp1250", NAME),
        ("utf-8", NAME),
    ],
)
def test_characters_that_the_stream_cannot_encode_are_escaped(encoding: str, name: str) -> None:
    texts = {kind: printed("printable", value, encoding) for kind, value in values(NAME).items()}
    # They have no names of people.
    for kind in ("transcript", "error"):
        assert texts.pop(kind).isascii()
    for kind, text in texts.items():
        assert name in " ".join(text.split()), kind


@pytest.mark.parametrize("kind", DRAWN)
def test_lines_are_drawn_if_the_stream_can_encode_them(kind: str) -> None:
    value = values(NAME)[kind]
    assert set(SYMBOLS) & set(printed("printable", value, "utf-8"))
    for encoding in ("ascii", "cp1252", "cp437", "cp1250"):
        assert not set(SYMBOLS) & set(printed("printable", value, encoding))


@pytest.mark.parametrize("kind", DRAWN)
def test_rich_prints_only_what_its_console_can_encode(kind: str) -> None:
    value = values("Łucja")[kind]
    for encoding in ("ascii", "cp1252"):
        text = printed("rich", value, encoding)
        assert "\\u0141ucja" in text
        assert not set(SYMBOLS) & set(text)
    assert "Łucja" in printed("rich", value, "utf-8")


IN_ANOTHER_PROCESS = """
import pickle, sys
from rich.console import Console
from ssm_contacts_sdk import printable

value = pickle.load(sys.stdin.buffer)
print(printable(value))
Console(width=80).print(value)
"""


def test_the_encoding_of_the_interpreter_is_that_of_its_standard_output() -> None:
    value = values(NAME)["calendar"]
    done = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-c", IN_ANOTHER_PROCESS],
        input=pickle.dumps(value),
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},
    )
    expected = printed("printable", value, "cp1252") + printed("rich", value, "cp1252")
    assert done.stdout.decode("cp1252").replace(os.linesep, "\n") == expected


def stream(encoding: str) -> TextIO:
    return io.TextIOWrapper(io.BytesIO(), encoding=encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_printable_takes_any_value(encoding: str) -> None:
    text = printable(["Łucja", "日本", "\U0001f680"], stream=stream(encoding))
    assert text == "['\\u0141ucja', '\\u65e5\\u672c', '\\U0001f680']"
    assert is_encodable(text, encoding)


def test_characters_that_the_stream_can_encode_are_not_changed() -> None:
    assert printable("Zoë, 日本", stream=stream("cp932")) == "Zo\\xeb, 日本"
    assert printable("Łucja, Zoë", stream=stream("cp1250")) == "Łucja, Zoë"
    assert (
        printable("half a character: \ud800", stream=stream("utf-8")) == "half a character: \\ud800"
    )


def test_different_names_have_different_escapes() -> None:
    assert printable("山田", stream=stream("ascii")) != printable("김민", stream=stream("ascii"))


def test_a_stream_without_an_encoding_can_encode_all_characters() -> None:
    assert printable("Łucja", stream=io.StringIO()) == "Łucja"


def test_the_default_stream_is_the_current_standard_output(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", stream("ascii"))
    assert printable("Łucja") == "\\u0141ucja"
    monkeypatch.setattr(sys, "stdout", None)
    assert printable("Łucja") == "Łucja"
