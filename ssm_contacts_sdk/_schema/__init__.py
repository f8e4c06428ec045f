"""Each field declared once: its type, its rules, AWS's name for it, and what its absence means.

A field is declared on its attrs class, with `typing.Annotated`::

    duration_in_minutes: Annotated[int, Between(0, 30)]

From the declarations follow the checks of constructors and arguments (`values`), reading and
writing of what boto3 returns and accepts (`wire`), and the tables of the documentation
(`descriptions`). Only `wire` loads cattrs.
"""
