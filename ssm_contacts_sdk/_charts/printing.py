"""What is printed, in characters that the stream can encode."""

from __future__ import annotations

import sys
from typing import TextIO

from ssm_contacts_sdk._charts.drawable import Drawable
from ssm_contacts_sdk._charts.sanitizing import encodable
from ssm_contacts_sdk._public import public


@public
def printable(value: object, stream: TextIO | None = None) -> str:
    r"""Return the value as text that a stream can encode, so that printing it does not fail.

    Not every stream can encode every name: that of a Windows console or a redirected file may
    know some 200 letters, and that of a cron job only ASCII. There, `print` raises
    UnicodeEncodeError.

    >>> import io
    >>> ascii_only = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    >>> print(printable("On call: Łucja", ascii_only))
    On call: \u0141ucja

    Args:
        value: what to print: a calendar, a timeline, who is on call, a finding, an error, or any
            other value. A calendar and a timeline are drawn with lines where the stream has
            them, and with ASCII signs where it does not; of others it is `str` of them.
        stream: where it will be printed; standard output when left out.

    Returns:
        The text. A character that the stream's encoding lacks is written as an escape, such as
        ``\u0141``. A stream without an encoding, such as io.StringIO, takes everything.
    """
    encoding = getattr(sys.stdout if stream is None else stream, "encoding", None)
    if isinstance(value, Drawable):
        return value.to_text(encoding=encoding)
    return encodable(str(value), encoding)
