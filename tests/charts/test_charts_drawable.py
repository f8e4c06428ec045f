"""The modules that creating and drawing a calendar or a timeline imports."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
from datetime import datetime, timedelta, timezone

from ssm_contacts_sdk import OnCallCalendar, Timeline

def loaded():
    modules = ("_charts.chart", "_charts.layout", "_charts.svg", "_charts.text",
               "_oncall.calendar_chart", "_oncall.timeline_chart", "_oncall.ics", "rich")
    print([name for name in modules
           if name in sys.modules or f"ssm_contacts_sdk.{name}" in sys.modules])

monday = datetime(2025, 1, 6, tzinfo=timezone.utc)
calendar = OnCallCalendar(name="web", since=monday, until=monday + timedelta(days=7), lanes=())
loaded()
str(calendar), calendar.__rich__()
loaded()
calendar.to_svg()
loaded()
"""


def test_values_import_what_draws_them_when_they_are_drawn() -> None:
    done = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-c", PROGRAM], capture_output=True, check=True, text=True
    )
    as_text = ["_charts.chart", "_charts.text", "_oncall.calendar_chart"]
    as_svg = ["_charts.chart", "_charts.layout", "_charts.svg", "_charts.text"]
    assert done.stdout.splitlines() == [
        "[]",
        str(as_text),
        str([*as_svg, "_oncall.calendar_chart"]),
    ]
