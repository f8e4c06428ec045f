"""Drawings as a browser renders them: positions, colours and backgrounds of text and shapes."""

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
from clients.programs import skip_or_fail

Scheme = Literal["dark", "light"]
# No network, and no questions at the first start.
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
_TIMEOUT_SECONDS = 60
_SCRIPT = """
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
const backgroundOf = (rects, text) => {
  const [left, top, right, bottom] = boxOf(text);
  const x = (left + right) / 2, y = (top + bottom) / 2;
  const found = rects.filter(([, [l, t, r, b]]) => l <= x && x <= r && t <= y && y <= b);
  return fillsOf(found[found.length - 1][0]);
};
const shapesOf = (svg, selector) => Array.from(svg.querySelectorAll(selector))
  .filter((element) => element.closest("defs") === null && element.closest("g[transform]") === null)
  .map((element) => ({
    style: element.getAttribute("class"),
    box: boxOf(element),
    fill: getComputedStyle(element).fill,
  }));
const drawingOf = (svg, rects) => ({
  box: boxOf(svg),
  content: svg.textContent,
  tooltips: Array.from(svg.querySelectorAll("g > title"), (title) => title.textContent),
  texts: Array.from(svg.querySelectorAll("text"), (text) => ({
    text: text.textContent,
    box: boxOf(text),
    style: text.getAttribute("class") || "",
    colour: getComputedStyle(text).fill,
    background: backgroundOf(rects, text),
  })),
  lines: shapesOf(svg, "path.line"),
  bars: shapesOf(svg, "rect.bar, rect.gap"),
});
const drawings = Array.from(
  document.querySelectorAll("svg"), (svg) => drawingOf(svg, rectsOf(svg)));
const ids = Array.from(document.querySelectorAll("[id]"), (element) => element.id);
document.getElementById("rendered").textContent = JSON.stringify({drawings, ids});
"""

Box = tuple[float, float, float, float]


@frozen
class Text:
    """A text with its style classes, its colour, and the colours behind it."""

    text: str
    box: Box
    style: str
    colour: str
    background: Sequence[str]


@frozen
class Shape:
    """A line or a bar with its style classes and its colour."""

    style: str
    box: Box
    fill: str


@frozen
class Drawing:
    """A rendered SVG.

    Attributes:
        box: where it is on the page.
        content: all of its text, also the invisible one.
        tooltips: one for each element that has one.
        texts: the visible texts.
        lines: the lines across the lanes.
        bars: the bars and gaps, in the order of drawing.
    """

    box: Box
    content: str
    tooltips: Sequence[str]
    texts: Sequence[Text]
    lines: Sequence[Shape]
    bars: Sequence[Shape]


@frozen
class Page:
    """A rendered page: its drawings, and the ids of all its elements."""

    drawings: Sequence[Drawing]
    ids: Sequence[str]


def chromium() -> str:
    """Return the path of the browser; skip the test, or fail in CI, if there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        skip_or_fail("Chromium", "apt-get install --yes chromium")
    return found


def render(svgs: Iterable[str], scheme: Scheme, directory: Path) -> Page:
    """Return a page with all these SVGs as the browser renders it."""
    page = directory / f"{scheme}.html"
    page.write_text(
        '<!doctype html><meta charset="utf-8"><body>'
        f"{''.join(svgs)}<pre id=rendered></pre><script>{_SCRIPT}</script>",
        encoding="utf-8",
    )
    done = subprocess.run(  # noqa: S603 - Debian's
        [
            chromium(),
            *_OPTIONS,
            f"--blink-settings=preferredColorScheme={0 if scheme == 'dark' else 1}",
            f"--user-data-dir={directory / scheme}",
            "--dump-dom",
            page.as_uri(),
        ],
        capture_output=True,
        check=False,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        timeout=_TIMEOUT_SECONDS,
    )
    rendered = re.search(r'<pre id="rendered">(.+?)</pre>', done.stdout, re.DOTALL)
    assert rendered is not None, done.stderr
    found = json.loads(unescape(rendered[1]))
    return Page([_drawing(each) for each in found["drawings"]], found["ids"])


def _drawing(found: dict[str, object]) -> Drawing:
    texts = [Text(**each) for each in found.pop("texts")]  # type: ignore[attr-defined] # it is JSON
    lines = [Shape(**each) for each in found.pop("lines")]  # type: ignore[attr-defined] # as above
    bars = [Shape(**each) for each in found.pop("bars")]  # type: ignore[attr-defined] # as above
    return Drawing(**found, texts=texts, lines=lines, bars=bars)  # type: ignore[arg-type]
