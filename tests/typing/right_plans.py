from __future__ import annotations

import typing

x: typing.Any = 5
reveal_type(typing.cast("int", x))
