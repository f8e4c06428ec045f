"""The base class of values that can be drawn, and `printable`.

The modules that draw are imported when a value is drawn: most values never are.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, TextIO

from ssm_contacts_sdk._charts.typography import escape_unencodable
from ssm_contacts_sdk._errors import Violation
from ssm_contacts_sdk._public import public
from ssm_contacts_sdk._schema.constraints import Between, Constraint
from ssm_contacts_sdk._schema.times import TimeZoneId
from ssm_contacts_sdk._schema.values import check_of
from ssm_contacts_sdk._schema.violations import raise_violations, under, violation

if TYPE_CHECKING:
    from ssm_contacts_sdk._charts.chart import Chart

_DEFAULT_WIDTH = 80


class _EncodingName(Constraint):
    """The name of a text encoding that Python knows."""

    def check(self, value: str, /) -> Sequence[Violation]:
        try:
            "".encode(value)
        except (LookupError, ValueError):
            return violation("unknown_choice", f"must be {self.describe()}, such as 'ascii'")
        return ()

    def describe(self) -> str:
        return "a text encoding that Python knows"


_check_width = check_of(Annotated[int, Between(40)])
_check_time_zone = check_of(TimeZoneId | None)
_check_encoding = check_of(Annotated[str | None, _EncodingName()])


class Drawable:
    """A value that can be drawn as a chart. Notebooks and `rich.print` show the chart."""

    __slots__ = ()

    def _chart(self, time_zone: str | None = None) -> Chart:
        """Return the chart, with times in a time zone; None is the default time zone."""
        raise NotImplementedError

    def to_svg(self, *, time_zone: str | None = None) -> str:
        """Return the chart as SVG, for a file or to be embedded in an HTML page.

        The SVG refers to no other file. It has a dark variant, which browsers choose by the
        reader's preference, and tooltips and a description for screen readers. Equal values have
        equal SVGs.

        Args:
            time_zone: the IANA name of the time zone of all times, such as ``Europe/Berlin``. By
                default, the time zone of a calendar's rotations if all have the same one, and UTC
                otherwise.

        Raises:
            InvalidValueError: the time zone is unknown.
        """
        subject = f"{type(self).__name__}.to_svg"
        raise_violations(subject, under("time_zone", _check_time_zone(time_zone)))
        from ssm_contacts_sdk._charts.svg import svg  # noqa: PLC0415 - see above

        return svg(self._chart(time_zone))

    def to_text(
        self,
        *,
        width: int = _DEFAULT_WIDTH,
        time_zone: str | None = None,
        encoding: str | None = None,
    ) -> str:
        r"""Return the chart as plain text, for a terminal, a log or an e-mail.

        `str` returns the same chart with ASCII symbols: ``-`` and ``*`` instead of lines and dots.

        Args:
            width: the maximum number of columns, 40 or more.
            time_zone: the IANA name of the time zone of all times; see `to_svg`.
            encoding: the encoding that the text will be written in, such as ``ascii`` or
                ``cp1252``. If it lacks lines and dots, ASCII symbols are used. Characters of names
                that it lacks are replaced by escapes, such as ``\u0141``. By default, all
                characters are used. `printable` uses the encoding of a stream.

        Raises:
            InvalidValueError: the width is too small, or the time zone or encoding is unknown.
        """
        raise_violations(
            f"{type(self).__name__}.to_text",
            under("width", _check_width(width)),
            under("time_zone", _check_time_zone(time_zone)),
            under("encoding", _check_encoding(encoding)),
        )
        from ssm_contacts_sdk._charts.text import text  # noqa: PLC0415 - see above

        return text(self._chart(time_zone), width, encoding)

    def __str__(self) -> str:
        from ssm_contacts_sdk._charts.text import text  # noqa: PLC0415 - see above

        # `str` does not know the stream: every encoding has the ASCII symbols.
        return text(self._chart(), _DEFAULT_WIDTH, ascii_only=True)

    def _repr_svg_(self) -> str:
        return self.to_svg()

    def __rich__(self) -> object:
        from ssm_contacts_sdk._charts.text import RichText  # noqa: PLC0415 - see above

        return RichText(self._chart())


@public
def printable(value: object, *, stream: TextIO | None = None) -> str:
    r"""Return a value as text that a stream can encode, so that printing it does not fail.

    Many streams cannot encode every name: a Windows console or a redirected file may have some 200
    characters, and the output of a cron job only ASCII. There, `print` raises UnicodeEncodeError.

    >>> import io
    >>> ascii_only = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    >>> print(printable("On call: Łucja", stream=ascii_only))
    On call: \u0141ucja

    Args:
        value: the value to print: a calendar, a timeline, an on-call assignment, a finding, an
            error, or any other value. Calendars and timelines are drawn with lines if the stream
            can encode them, and with ASCII symbols otherwise. For other values, it is their `str`.
        stream: the stream to print to; standard output by default.

    Returns:
        The text. Each character that the stream's encoding lacks is replaced by an escape, such as
        ``\u0141``. A stream without an encoding, such as io.StringIO, can encode all characters.
    """
    encoding = getattr(sys.stdout if stream is None else stream, "encoding", None)
    if isinstance(value, Drawable):
        return value.to_text(encoding=encoding)
    return escape_unencodable(str(value), encoding)
