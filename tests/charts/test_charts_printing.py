"""What the library prints, on streams that cannot encode everything."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from functools import cache
from typing import TextIO

import pytest

from ssm_contacts_sdk import printable
from ssm_contacts_sdk._charts.typography import is_encodable

ENCODINGS = ["ascii", "cp1252", "cp437", "latin-1"]
DRAWN = "\u2500\u254c\u2502\u25bc\u25cf\u25cb\u00d7\u2026"

PRINTED = ["calendar", "timeline", "summary", "on_call", "finding", "transcript", "error"]
# All that can be printed, of people one of whom has the given name: a section for each.
PROGRAM = """
import sys
from datetime import datetime, timedelta, timezone

from rich.console import Console
from ssm_contacts_sdk import *
from ssm_contacts_sdk.local import LocalService

how, name = sys.argv[1:]
service = LocalService()
client = service.client()
monday = datetime(2025, 1, 6, 9, 0, tzinfo=timezone.utc)
people = [
    client.contacts.create(Contact(alias=alias, display_name=each, type=ContactType.PERSONAL))
    for alias, each in (("first", name), ("akuam", "Akua Mansa"))
]
sms = client.channels.create(people[0], Channel.sms(f"phone of {name}", "+15005550199"))
client.channels.activate(sms, service.code_for(sms))
voice = client.channels.create(people[0], Channel.voice("call", "+15005550199"))
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
# It asks the stream for its encoding, as it asks a terminal.
show["rich"] = Console(width=80).print
for what, value in {
    "calendar": client.calendar(schedule, since=monday, until=monday + timedelta(days=7)),
    "timeline": timeline,
    "summary": timeline.summary,
    "on_call": client.on_call(schedule, at=monday),
    "finding": next(each for each in client.audit() if name in each.text),
    "transcript": service.transcript(),
    "error": error,
}.items():
    if how != "rich" or what in ("calendar", "timeline"):
        print("==", what)
        show[how](value)
"""


@cache
def printed(how: str, name: str, encoding: str) -> dict[str, str]:
    """What a program prints on a stream of that encoding, by what it is."""
    done = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-c", PROGRAM, how, name],
        capture_output=True,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": encoding},
    )
    assert (done.returncode, done.stderr.decode("utf-8", "replace")) == (0, "")
    sections = done.stdout.decode(encoding).replace(os.linesep, "\n").split("== ")[1:]
    return {what: told for what, _, told in (section.partition("\n") for section in sections)}


@pytest.mark.parametrize("what", PRINTED)
def test_print_itself_works_on_an_ascii_stream_where_the_names_are_ascii(what: str) -> None:
    assert printed("print", "Maria Nowak", "ascii")[what].strip()


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("ascii", "\\u0141ucja Zo\\xeb"),
        ("cp1252", "\\u0141ucja Zoë"),
        ("cp437", "\\u0141ucja Zoë"),
        ("cp1250", "Łucja Zoë"),
        ("utf-8", "Łucja Zoë"),
    ],
)
@pytest.mark.parametrize("what", PRINTED)
def test_a_stream_gets_only_what_it_can_encode(what: str, encoding: str, told: str) -> None:
    shown = printed("printable", "Łucja Zoë", encoding)[what]
    if what in ("transcript", "error"):
        # Nobody's name is in them.
        assert shown.isascii()
    else:
        assert told in " ".join(shown.split())


@pytest.mark.parametrize("what", ["calendar", "timeline"])
def test_lines_are_drawn_where_the_stream_has_them(what: str) -> None:
    assert set(DRAWN) & set(printed("printable", "Łucja Zoë", "utf-8")[what])
    for encoding in ("ascii", "cp1252", "cp437", "cp1250"):
        assert not set(DRAWN) & set(printed("printable", "Łucja Zoë", encoding)[what])


@pytest.mark.parametrize("what", ["calendar", "timeline"])
def test_rich_gets_only_what_its_console_can_encode(what: str) -> None:
    for encoding in ("ascii", "cp1252"):
        shown = printed("rich", "Łucja", encoding)[what]
        assert "\\u0141ucja" in shown
        assert not set(DRAWN) & set(shown)
    assert "Łucja" in printed("rich", "Łucja", "utf-8")[what]


def stream(encoding: str) -> TextIO:
    return io.TextIOWrapper(io.BytesIO(), encoding=encoding)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_any_value_can_be_made_printable(encoding: str) -> None:
    told = printable(["Łucja", "日本", "\U0001f680"], stream(encoding))
    assert told == "['\\u0141ucja', '\\u65e5\\u672c', '\\U0001f680']"
    assert is_encodable(told, encoding)


def test_what_a_stream_knows_is_left_as_it_is() -> None:
    assert printable("Zoë, 日本", stream("cp932")) == "Zo\\xeb, 日本"
    assert printable("Łucja, Zoë", stream("cp1250")) == "Łucja, Zoë"
    assert printable("half a letter: \ud800", stream("utf-8")) == "half a letter: \\ud800"


def test_names_that_differ_still_differ() -> None:
    assert printable("山田", stream("ascii")) != printable("김민", stream("ascii"))


def test_a_stream_without_an_encoding_takes_everything() -> None:
    assert printable("Łucja", io.StringIO()) == "Łucja"


def test_standard_output_is_asked_when_it_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", stream("ascii"))
    assert printable("Łucja") == "\\u0141ucja"
    monkeypatch.setattr(sys, "stdout", None)
    assert printable("Łucja") == "Łucja"
