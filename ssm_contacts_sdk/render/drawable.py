"""What can be drawn, in every way that there is."""

from __future__ import annotations

from ssm_contacts_sdk.errors import Fault, InvalidValueError
from ssm_contacts_sdk.render.chart import Chart
from ssm_contacts_sdk.render.svg import svg
from ssm_contacts_sdk.render.terminal import InColour
from ssm_contacts_sdk.render.text import NARROWEST, text

_USUAL_WIDTH = 80


class Drawable:
    """A value with a picture. Notebooks show it by themselves, and so does `rich.print`."""

    __slots__ = ()

    def _chart(self) -> Chart:
        raise NotImplementedError

    def to_svg(self) -> str:
        """The picture as SVG: a text to write into a file, or into a page as it is.

        It needs nothing else, is dark where the reader prefers that, and tells the whole story in
        tooltips and to screen readers. The same value is always the same text.
        """
        return svg(self._chart())

    def to_text(self, width: int = _USUAL_WIDTH) -> str:
        """The picture as plain text, for a terminal, a log or a mail.

        Args:
            width: at most so many columns, 40 or more.

        Raises:
            InvalidValueError: that is too narrow.
        """
        if not isinstance(width, int) or isinstance(width, bool) or width < NARROWEST:
            rule = f"must be a whole number of columns, at least {NARROWEST}"
            raise InvalidValueError(f"{type(self).__name__}.to_text", [Fault("width", rule)])
        return text(self._chart(), width)

    def __str__(self) -> str:
        return self.to_text()

    def _repr_svg_(self) -> str:
        return self.to_svg()

    def __rich__(self) -> InColour:
        return InColour(self._chart())
