"""`printable`, `print` and rich on streams that cannot encode all characters."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from functools import cache
from typing import TextIO

import pytest
from sentinels import PHONE

from ssm_contacts_sdk import printable
from ssm_contacts_sdk._charts.typography import is_encodable

ENCODINGS = ["ascii", "cp1252", "cp437", "latin-1"]
SYMBOLS = "\u2500\u254c\u2502\u25bc\u25cf\u25cb\u00d7\u2026"

KINDS = ["calendar", "timeline", "summary", "on_call", "finding", "transcript", "error"]
# Prints all kinds of values, each after a heading. One of the people has the name of the argument.
PROGRAM = """
import sys
from datetime import datetime, timedelta, timezone

from rich.console import Console
from ssm_contacts_sdk import *
from ssm_contacts_sdk.local import LocalService

method, name, phone = sys.argv[1:]
service = LocalService()
client = service.client()
monday = datetime(2025, 1, 6, 9, 0, tzinfo=timezone.utc)
people = [
    client.contacts.create(Contact(alias=alias, display_name=each, type=ContactType.PERSONAL))
    for alias, each in (("first", name), ("akuam", "Akua Mansa"))
]
sms = client.channels.create(people[0], Channel.sms(f"phone of {name}", phone))
client.channels.activate(sms, service.code_for(sms))
voice = client.channels.create(people[0], Channel.voice("call", phone))
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
timeline = client.preview(plan, at=monday, acknowledge={people[0]: timedelta(minutes=1)})
try:
    client.channels.create(people[0], Channel.sms("phone", name))
except InvalidValueError as caught:
    error = caught
show = {"print": print, "printable": lambda value: print(printable(value))}
# rich uses the encoding of standard output.
show["rich"] = Console(width=80).print
for kind, value in {
    "calendar": client.calendar(schedule, since=monday, until=monday + timedelta(days=7)),
    "timeline": timeline,
    "summary": timeline.summary,
    "on_call": client.on_call(schedule, at=monday),
    "finding": next(each for each in client.audit() if name in each.text),
    "transcript": service.transcript(),
    "error": error,
}.items():
    if method != "rich" or kind in ("calendar", "timeline"):
        print("==", kind)
        show[method](value)
"""


@cache
def printed(method: str, name: str, encoding: str) -> dict[str, str]:
    """Return what the program prints on a stream with this encoding, by the kind of value."""
    done = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-c", PROGRAM, method, name, PHONE],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": encoding},
    )
    assert (done.returncode, done.stderr.decode("utf-8", "replace")) == (0, "")
    sections = done.stdout.decode(encoding).replace(os.linesep, "\n").split("== ")[1:]
    return {kind: text for kind, _, text in (section.partition("\n") for section in sections)}


@pytest.mark.parametrize("kind", KINDS)
def test_print_works_on_an_ascii_stream_if_the_names_are_ascii(kind: str) -> None:
    assert printed("print", "Maria Nowak", "ascii")[kind].strip()


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("ascii", "\\u0141ucja Zo\\xeb"),
        ("cp1252", "\\u0141ucja Zoë"),
        ("cp437", "\\u0141ucja Zoë"),
        ("cp1250", "Łucja Zoë"),
        ("utf-8", "Łucja Zoë"),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_characters_that_the_stream_cannot_encode_are_escaped(
    kind: str, encoding: str, name: str
) -> None:
    text = printed("printable", "Łucja Zoë", encoding)[kind]
    if kind in ("transcript", "error"):
        # They have no names of people.
        assert text.isascii()
    else:
        assert name in " ".join(text.split())


@pytest.mark.parametrize("kind", ["calendar", "timeline"])
def test_lines_are_drawn_if_the_stream_can_encode_them(kind: str) -> None:
    assert set(SYMBOLS) & set(printed("printable", "Łucja Zoë", "utf-8")[kind])
    for encoding in ("ascii", "cp1252", "cp437", "cp1250"):
        assert not set(SYMBOLS) & set(printed("printable", "Łucja Zoë", encoding)[kind])


@pytest.mark.parametrize("kind", ["calendar", "timeline"])
def test_rich_prints_only_what_its_console_can_encode(kind: str) -> None:
    for encoding in ("ascii", "cp1252"):
        text = printed("rich", "Łucja", encoding)[kind]
        assert "\\u0141ucja" in text
        assert not set(SYMBOLS) & set(text)
    assert "Łucja" in printed("rich", "Łucja", "utf-8")[kind]


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
