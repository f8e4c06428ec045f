"""A chart in colour, in a terminal: what rich prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen

from ssm_contacts_sdk._charts.chart import Chart
from ssm_contacts_sdk._charts.extras import extra
from ssm_contacts_sdk._charts.palette import colour
from ssm_contacts_sdk._charts.text import Tone, lines

_STYLES: Mapping[Tone, str] = {
    "title": "bold",
    "soft": "dim",
    "gap": "bold red",
    "shade": "cyan",
    "line": "bold green",
    "mark": "bold blue",
    "cross": "bold red",
}


@frozen
class InColour:
    """What rich prints, as wide as its console is."""

    chart: Chart

    def __rich_console__(self, console: Any, options: Any) -> Iterator[Any]:
        made = extra("rich.text", "colour in a terminal").Text
        for line in lines(self.chart, options.max_width, options.encoding):
            text = made(no_wrap=True, overflow="crop", end="\n")
            for part, tone in line:
                text.append(part, style=_style(tone))
            yield text


def _style(tone: Tone) -> str:
    if isinstance(tone, int):
        own = colour(tone)
        return f"{own.ink} on {own.fill}"
    return _STYLES.get(tone, "")
