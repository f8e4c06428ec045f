"""What can be drawn, in every way that there is."""

from __future__ import annotations

from collections.abc import Iterator

from ssm_contacts_sdk._charts.chart import Chart
from ssm_contacts_sdk._charts.svg import svg
from ssm_contacts_sdk._charts.terminal import InColour
from ssm_contacts_sdk._charts.text import NARROWEST, text
from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._models.rules import check, wrong_type
from ssm_contacts_sdk._models.times import time_zone_violations

_USUAL_WIDTH = 80


class Drawable:
    """A value with a picture. Notebooks show it by themselves, and so does `rich.print`."""

    __slots__ = ()

    def _chart(self) -> Chart:
        raise NotImplementedError

    def to_svg(self, time_zone: str | None = None) -> str:
        """The picture as SVG: a text to write into a file, or into a page as it is.

        It needs nothing else, is dark where the reader prefers that, and tells the whole story in
        tooltips and to screen readers. The same value is always the same text.

        Args:
            time_zone: by whose clock to tell times, by its IANA name such as ``Europe/Berlin``.
                When left out, that of the rotations of a calendar, if they have one together, and
                UTC otherwise: instants do not tell in which zone they were given.

        Raises:
            InvalidValueError: there is no such zone.
        """
        check(f"{type(self).__name__}.to_svg", _zone_violations(time_zone))
        return svg(self._chart_in(time_zone))

    def to_text(
        self,
        width: int = _USUAL_WIDTH,
        time_zone: str | None = None,
        *,
        encoding: str | None = None,
    ) -> str:
        r"""The picture as plain text, for a terminal, a log or a mail.

        `str` draws the same picture with ASCII signs: ``-`` and ``*`` instead of lines and dots.

        Args:
            width: at most so many columns, 40 or more.
            time_zone: by whose clock to tell times, by its IANA name; see `to_svg`.
            encoding: an encoding that the text must fit into, such as ``ascii`` or ``cp1252``. If
                it lacks the lines and dots, ASCII signs are drawn instead; what names have
                beyond it is written as an escape, such as ``\u0141``. When left out, all
                characters may be used. `printable` chooses the encoding of a stream.

        Raises:
            InvalidValueError: that is too narrow, or there is no such zone or encoding.
        """
        check(
            f"{type(self).__name__}.to_text",
            _width_violations(width),
            _zone_violations(time_zone),
            encoding_violations(encoding),
        )
        return text(self._chart_in(time_zone), width, encoding)

    def _chart_in(self, time_zone: str | None) -> Chart:
        chart = self._chart()
        if time_zone is None or chart.by_clock_of is None:
            return chart
        return chart.by_clock_of(time_zone)

    def __str__(self) -> str:
        # A string does not know where it is printed: the signs are those that every stream has.
        return text(self._chart(), _USUAL_WIDTH, ascii_signs=True)

    def _repr_svg_(self) -> str:
        return self.to_svg()

    def __rich__(self) -> InColour:
        return InColour(self._chart())


def _width_violations(width: object) -> Iterator[Violation]:
    if not isinstance(width, int) or isinstance(width, bool) or width < NARROWEST:
        yield Violation("width", f"must be a whole number of columns, at least {NARROWEST}")


def encoding_violations(encoding: object) -> Iterator[Violation]:
    """Whether it is an encoding of text that Python knows; None is none."""
    if encoding is None:
        return
    if not isinstance(encoding, str):
        yield wrong_type("encoding", "a str", encoding)
        return
    try:
        "".encode(encoding)
    except (LookupError, ValueError):
        yield Violation(
            "encoding", "must be an encoding of text that Python knows, such as 'ascii'"
        )


def _zone_violations(time_zone: object) -> Iterator[Violation]:
    if time_zone is not None:
        yield from time_zone_violations("time_zone", time_zone)
