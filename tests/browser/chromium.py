"""A browser that looks at pictures: where each text stands, on what, and in which colours."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from html import unescape
from pathlib import Path
from typing import Literal

from attrs import frozen
from clients.programs import miss

Scheme = Literal["dark", "light"]
# So that it asks nobody anything, and leaves nothing behind.
_OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1000,800",
)
_PATIENCE_SECONDS = 60
_LOOK = """
const fillsOf = (element) => {
  const fill = getComputedStyle(element).fill;
  const pattern = fill.match(/url\\("?#([^")]+)"?\\)/);
  if (!pattern) return [fill];
  const rects = document.getElementById(pattern[1]).querySelectorAll("rect");
  return Array.from(rects, (rect) => getComputedStyle(rect).fill);
};
const boxOf = (element) => {
  const box = element.getBoundingClientRect();
  return [box.left, box.top, box.right, box.bottom];
};
const rectsOf = (svg) => Array.from(svg.querySelectorAll("rect"))
  .filter((rect) => rect.closest("defs") === null && getComputedStyle(rect).fill !== "none")
  .map((rect) => [rect, boxOf(rect)]);
const beneath = (rects, text) => {
  const [left, top, right, bottom] = boxOf(text);
  const x = (left + right) / 2, y = (top + bottom) / 2;
  const found = rects.filter(([, [l, t, r, b]]) => l <= x && x <= r && t <= y && y <= b);
  return fillsOf(found[found.length - 1][0]);
};
const thingsOf = (svg, selector) => Array.from(svg.querySelectorAll(selector))
  .filter((element) => element.closest("defs") === null && element.closest("g[transform]") === null)
  .map((element) => ({
    look: element.getAttribute("class"),
    box: boxOf(element),
    fill: getComputedStyle(element).fill,
  }));
const look = (svg, rects) => ({
  box: boxOf(svg),
  told: svg.textContent,
  titles: Array.from(svg.querySelectorAll("g > title"), (title) => title.textContent),
  texts: Array.from(svg.querySelectorAll("text"), (text) => ({
    text: text.textContent,
    box: boxOf(text),
    look: text.getAttribute("class") || "",
    ink: getComputedStyle(text).fill,
    paper: beneath(rects, text),
  })),
  lines: thingsOf(svg, "path.line"),
  bars: thingsOf(svg, "rect.bar, rect.gap"),
});
const looks = Array.from(document.querySelectorAll("svg"), (svg) => look(svg, rectsOf(svg)));
const ids = Array.from(document.querySelectorAll("[id]"), (element) => element.id);
document.getElementById("seen").textContent = JSON.stringify({looks, ids});
"""

Box = tuple[float, float, float, float]


@frozen
class Text:
    """A text that can be seen: where, in which colour, and on which ones."""

    text: str
    box: Box
    look: str
    ink: str
    paper: Sequence[str]


@frozen
class Thing:
    """A line or a bar: its classes, where it is, and its colour."""

    look: str
    box: Box
    fill: str


@frozen
class Look:
    """A picture as it is seen. `told` is all of its text, `titles` its tooltips.

    `bars` are in the order in which they are drawn.
    """

    box: Box
    told: str
    titles: Sequence[str]
    texts: Sequence[Text]
    lines: Sequence[Thing]
    bars: Sequence[Thing]


@frozen
class Page:
    looks: Sequence[Look]
    ids: Sequence[str]


def chromium() -> str:
    """The browser, or this test ends here."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        miss("Chromium", "apt-get install --yes chromium")
    return found


def looked_at(pictures: Iterable[str], scheme: Scheme, within: Path) -> Page:
    """What a browser makes of a page with all these pictures."""
    page = within / f"{scheme}.html"
    page.write_text(
        '<!doctype html><meta charset="utf-8"><body>'
        f"{''.join(pictures)}<pre id=seen></pre><script>{_LOOK}</script>",
        encoding="utf-8",
    )
    done = subprocess.run(  # noqa: S603 - Debian's
        [
            chromium(),
            *_OPTIONS,
            f"--blink-settings=preferredColorScheme={0 if scheme == 'dark' else 1}",
            f"--user-data-dir={within / scheme}",
            "--dump-dom",
            page.as_uri(),
        ],
        capture_output=True,
        check=False,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        timeout=_PATIENCE_SECONDS,
    )
    seen = re.search(r'<pre id="seen">(.+?)</pre>', done.stdout, re.DOTALL)
    assert seen is not None, done.stderr
    found = json.loads(unescape(seen[1]))
    return Page([_look(each) for each in found["looks"]], found["ids"])


def _look(seen: dict[str, object]) -> Look:
    texts = [Text(**each) for each in seen.pop("texts")]  # type: ignore[attr-defined] # it is JSON
    lines = [Thing(**each) for each in seen.pop("lines")]  # type: ignore[attr-defined] # as above
    bars = [Thing(**each) for each in seen.pop("bars")]  # type: ignore[attr-defined] # as above
    return Look(**seen, texts=texts, lines=lines, bars=bars)  # type: ignore[arg-type]
