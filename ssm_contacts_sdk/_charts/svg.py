"""A layout as SVG, which refers to no other file.

It has a dark variant for readers who prefer that. Everything that did not fit is in tooltips. All
ids in it begin with a prefix that depends on its content, so that two of them can be on one page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from html import escape

from ssm_contacts_sdk._charts.chart import Chart
from ssm_contacts_sdk._charts.layout import layout
from ssm_contacts_sdk._charts.shapes import (
    ARROW_RADIUS,
    SYMBOL_RADIUS,
    Box,
    Group,
    Item,
    Layout,
    LegendEntry,
    Segment,
    Shape,
    Stroke,
    Symbol,
    Text,
)
from ssm_contacts_sdk._charts.styles import DARK_RULES, LIGHT_RULES, colour
from ssm_contacts_sdk._charts.typography import sanitize

# The drawing shrinks on a narrow page. The rule is neither on the root element nor outside of a
# media query: converters such as cairosvg interpret "auto" as a height of 0 there and draw nothing.
_SHRINKS = "@media all{{#{id}{{max-width:100%;height:auto}}}}"
# A placeholder for the prefix. `sanitize` removes it from all text.
_ID = "\x00"


def svg(chart: Chart) -> str:
    """Return a chart as SVG. Equal charts have equal SVGs."""
    content = "\n".join(_elements(chart, layout(chart)))
    return content.replace(_ID, f"p{sha256(content.encode()).hexdigest()[:7]}")


def _elements(chart: Chart, placed: Layout) -> Iterator[str]:
    width, height = _number(placed.width), _number(placed.height)
    description = " ".join((*chart.description, *chart.notes))
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" id="{_ID}" role="img" direction="ltr" '
        f'aria-labelledby="{_ID}-title {_ID}-desc" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}">'
    )
    yield f'<title id="{_ID}-title">{_escaped(chart.title)}</title>'
    yield f'<desc id="{_ID}-desc">{_escaped(description)}</desc>'
    yield f"<style>{_styles()}</style>"
    yield from _patterns(placed)
    yield f'<rect class="paper" width="{width}" height="{height}" rx="8"/>'
    yield from map(_element, placed.items)
    yield "</svg>"


def _styles() -> str:
    shrinks = _SHRINKS.format(id=_ID)
    light, dark = _scoped(LIGHT_RULES), _scoped(DARK_RULES)
    return f"{light}{shrinks}@media(prefers-color-scheme:dark){{{dark}}}"


def _scoped(rules: str) -> str:
    """Return the rules, limited to this SVG: other elements of the page are not affected."""
    return "".join(f"#{_ID} {rule}" for rule in rules.strip().split("\n"))


def _patterns(placed: Layout) -> Iterator[str]:
    """Yield the definitions of the stripes that are used."""
    numbers = {
        shape.colour
        for item in placed.items
        for shape in _shapes_of(item)
        if isinstance(shape, Box) and shape.style == "striped"
    }
    if not numbers:
        return
    yield "<defs>"
    for number in sorted(numbers):
        own = colour(number)
        yield (
            f'<pattern id="{_ID}-{number}" width="8" height="8" '
            'patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
            f'<rect width="8" height="8" fill="{own.fill}"/>'
            f'<rect width="4" height="8" fill="{own.stripe}"/></pattern>'
        )
    yield "</defs>"


def _shapes_of(item: Item) -> Iterable[Shape]:
    if isinstance(item, Group):
        return item.shapes
    if isinstance(item, LegendEntry):
        return item.sample
    return (item,)


def _element(item: Item) -> str:
    if isinstance(item, Group):
        return _group(item.tooltip, *map(_shape, item.shapes))
    if isinstance(item, LegendEntry):
        sample = "".join(map(_shape, item.sample))
        moved = f'<g transform="translate({_number(item.x)} {_number(item.y)})">{sample}</g>'
        return _group(item.tooltip, moved, _text(item.text))
    return _shape(item)


def _group(tooltip: str, *elements: str) -> str:
    return f"<g><title>{_escaped(tooltip)}</title>{''.join(elements)}</g>"


def _shape(shape: Shape) -> str:
    if isinstance(shape, Text):
        return _text(shape)
    if isinstance(shape, Box):
        return _rect(shape)
    if isinstance(shape, Stroke):
        return f'<path class="{shape.style}" d="{"".join(map(_segment, shape.segments))}"/>'
    return _symbol(shape)


def _text(text: Text) -> str:
    style = f' class="{text.style}"' if text.style else ""
    return f'<text x="{_number(text.x)}" y="{_number(text.y)}"{style}>{_escaped(text.text)}</text>'


def _rect(box: Box) -> str:
    style, fill = _style_and_fill(box)
    corners = ' rx="3"' if box.is_rounded else ""
    filled = f' fill="{fill}"' if fill else ""
    return (
        f'<rect class="{style}" x="{_number(box.x)}" y="{_number(box.y)}"'
        f' width="{_number(box.width)}" height="{_number(box.height)}"{corners}{filled}/>'
    )


def _style_and_fill(box: Box) -> tuple[str, str]:
    if box.style == "plain":
        return "bar", colour(box.colour).fill
    if box.style == "striped":
        return "bar", f"url(#{_ID}-{box.colour})"
    return box.style, ""


def _segment(segment: Segment) -> str:
    start = f"M{_number(segment.x1)} {_number(segment.y1)}"
    if segment.x1 == segment.x2:
        return f"{start}V{_number(segment.y2)}"
    return f"{start}H{_number(segment.x2)}"


def _symbol(symbol: Symbol) -> str:
    x, y = symbol.x, symbol.y
    if symbol.shape == "arrow":
        d = f"M{_number(x - ARROW_RADIUS)} {_number(y - 2 * ARROW_RADIUS)}"
        d += f"h{2 * ARROW_RADIUS}l-{ARROW_RADIUS} {2 * ARROW_RADIUS}z"
        return f'<path class="arrow" d="{d}"/>'
    if symbol.shape == "cross":
        return f'<path class="cross" d="M{_number(x - 4)} {_number(y - 4)}l8 8m0-8l-8 8"/>'
    place = f'cx="{_number(x)}" cy="{_number(y)}"'
    return f'<circle class="{symbol.shape}" {place} r="{SYMBOL_RADIUS}"/>'


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _escaped(text: str) -> str:
    return escape(sanitize(text), quote=False)
